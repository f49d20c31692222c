"""What a run tells while it goes on.

Decides the few things a watcher is told. How they look (a live table, plain lines, JSON) is left to
`cli`; scripts and notebooks may pass a Watcher of their own.
"""

from __future__ import annotations

from typing import Protocol

from autoevol.llm.embedded.pull import PullProgress
from autoevol.llm.events import CallEvent


class Watcher(Protocol):
    """Told of stages, steps within them, calls, and things worth a line."""

    def stage(self, title: str, total: int) -> None:
        """A new stage began, of `total` parts (0: not known)."""

    def advance(self, parts: int = 1) -> None:
        """So many parts of the stage are done."""

    def expect(self, total: int) -> None:
        """The stage turns out to have so many parts."""

    def came_of_it(self, kept: int, dropped: int) -> None:
        """So many records are kept and dropped by now."""

    def racing(self, left: int, entered: int) -> None:
        """So many of the candidates that entered the race are still in it."""

    def note(self, text: str) -> None:
        """Something worth a line: a decision, a notice, a wait."""

    def call(self, event: CallEvent) -> None:
        """A call was answered, is retried, or waits."""

    def pull(self, progress: PullProgress) -> None:
        """An embedded model's weights are being fetched."""


class Silent:
    """A watcher that looks away."""

    def expect(self, total: int) -> None:
        return None

    def came_of_it(self, kept: int, dropped: int) -> None:
        return None

    def stage(self, title: str, total: int) -> None:
        return None

    def advance(self, parts: int = 1) -> None:
        return None

    def racing(self, left: int, entered: int) -> None:
        return None

    def note(self, text: str) -> None:
        return None

    def call(self, event: CallEvent) -> None:
        return None

    def pull(self, progress: PullProgress) -> None:
        return None
