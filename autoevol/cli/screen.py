"""What is printed where.

Decides that results go to stdout and everything else to stderr, and when a terminal may be drawn
on. How things look is left to `tables`, `console` and `watch`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

from autoevol.cli.plain import plain


@dataclass(frozen=True, slots=True)
class Screen:
    """How a command speaks: `json` one document on stdout, `quiet` no progress, `verbose` more."""

    json: bool = False
    quiet: bool = False
    verbose: bool = False

    def say(self, text: str) -> None:
        """A line for the person, on stderr; -q leaves it away."""
        if not self.quiet:
            print(plain(text), file=sys.stderr, flush=True)

    def document(self, content: Mapping[str, object] | list[object]) -> None:
        """The JSON document of a verb, on stdout."""
        print(json.dumps(content, ensure_ascii=False, indent=2), flush=True)

    def show(self, *parts: object) -> None:
        """A result for the person, on stdout: Rich's renderables and lines of text."""
        from autoevol.cli.console import open_console

        console = open_console(sys.stdout, colours=draws(sys.stdout))
        for part in parts:
            console.print(part)
        sys.stdout.flush()


def draws(stream: TextIO) -> bool:
    """Whether a stream is a terminal that may be drawn on."""
    if any(os.environ.get(name) for name in ("CI", "NO_COLOR")) or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()
