"""Progress at a terminal: a live block that is redrawn, with notes scrolling above it.

Decides how the numbers of a `Tally` look. Loaded only where something is drawn.
"""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Group
from rich.live import Live as RichLive
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from autoevol.cli.console import open_console
from autoevol.cli.plain import one_line
from autoevol.cli.tally import Tally, duration, pulled
from autoevol.llm.embedded.pull import PullProgress
from autoevol.llm.events import CallEvent
from autoevol.progress import Silent

PER_SECOND = 4
"""Redrawings; more would be felt on two cores that also run a model."""


class Live(Silent):
    """A watcher that draws. Use it as a context manager; the block goes when it ends."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._console = open_console(sys.stderr, colours=True)
        self._spinner = Spinner("dots")
        self._waiting = ""
        self._pull: PullProgress | None = None
        self._live = RichLive(
            get_renderable=self._block,
            console=self._console,
            refresh_per_second=PER_SECOND,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Live:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def pause(self) -> None:
        """Take the block away while something else is asked."""
        self._live.stop()

    def go_on(self) -> None:
        self._live.start()

    def stage(self, title: str, total: int) -> None:
        if self._tally.title:
            said = f"{one_line(self._tally.title)} ({duration(self._tally.stage_elapsed)})"
            self._console.print(Text(f"✓ {said}", style="dim"))
        self._tally.stage(title, total)

    def advance(self, parts: int = 1) -> None:
        self._tally.advance(parts)

    def expect(self, total: int) -> None:
        self._tally.total = total

    def came_of_it(self, kept: int, dropped: int) -> None:
        self._tally.records = (kept, dropped)

    def racing(self, left: int, entered: int) -> None:
        self._tally.racing = (left, entered)

    def note(self, text: str) -> None:
        self._console.print(Text(f"  {one_line(text, 400)}"))

    def call(self, event: CallEvent) -> None:
        self._tally.call(event)
        self._waiting = one_line(f"{event.role}: {event.note}", 200) if event.kind != "done" else ""

    def pull(self, progress: PullProgress) -> None:
        self._pull = None if progress.step == "verified" else progress
        if progress.step == "verified":
            self.note(pulled(progress))

    def _block(self) -> Group:
        tally = self._tally
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(overflow="ellipsis", no_wrap=True)
        if self._pull is not None:
            grid.add_row("model", Text(pulled(self._pull)))
            grid.add_row("", _bar(self._pull.done, self._pull.total))
        grid.add_row(self._spinner, Text(one_line(tally.title) or "starting", style="bold"))
        if tally.total:
            grid.add_row(
                f"{min(tally.done, tally.total)}/{tally.total}", _bar(tally.done, tally.total)
            )
        if records := tally.records_line():
            grid.add_row("records", Text(records))
        if tally.racing[1]:
            grid.add_row("race", Text("{} of {} candidates left".format(*tally.racing)))
        grid.add_row("calls", Text(tally.calls_line()))
        grid.add_row("tokens", Text(tally.tokens_line()))
        if money := tally.money_line():
            grid.add_row("spent", Text(money))
        left = "" if tally.left is None else f", about {duration(tally.left)} left of this stage"
        grid.add_row("time", Text(duration(tally.elapsed) + left))
        if self._waiting:
            grid.add_row("waits", Text(self._waiting, style="yellow"))
        return Group(grid)


def _bar(done: int, total: int) -> ProgressBar:
    return ProgressBar(total=max(1, total), completed=min(done, total), width=40)
