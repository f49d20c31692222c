"""The doorkeeper's own console of Rich, which never reads markup out of text.

Decides the console's settings. What is printed on it is left to its users. Loaded only where
something is drawn: it takes a tenth of a second.
"""

from __future__ import annotations

from typing import TextIO

from rich.console import Console

WIDTH = 80
"""Where nobody says how wide a line may be."""


class Paper(Console):
    """A console that leaves a reader's early leave to the program, as `print` does."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def open_console(stream: TextIO, *, colours: bool) -> Console:
    """A console on a stream. Markup, emoji codes and highlighting are off: text is text."""
    return Paper(
        file=stream,
        markup=False,
        emoji=False,
        highlight=False,
        no_color=not colours,
        force_terminal=None if colours else False,
        width=None if colours else WIDTH,
    )
