"""Progress without drawing: plain lines on stderr, and the log of the run folder.

Decides when a line is worth writing. Counting is left to `tally`, drawing at a terminal to `live`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from autoevol.cli.plain import one_line
from autoevol.cli.tally import Tally, duration, pulled
from autoevol.llm.embedded.pull import PullProgress
from autoevol.llm.events import CallEvent
from autoevol.progress import Silent, Watcher
from autoevol.runs import SETTINGS

FIRST_S = 2.0
"""Before the first status line: soon enough to see that it works."""
STATUS_S = 10.0
"""Between two status lines; a log of a long run stays readable."""
TICK_S = 0.5
"""Between two looks at whether a line is due, where nothing happens that would bring one."""


class Lines(Silent):
    """Plain lines: every stage and note, and the status once soon and then each `STATUS_S` seconds:
    `ticking`, also while nothing happens, else not before something does."""

    def __init__(
        self,
        tally: Tally,
        say: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
        every: float = STATUS_S,
    ) -> None:
        self._tally = tally
        self._say = say
        self._clock = clock
        self._every = every
        self._began = self._last = clock()
        self._first = True
        self._one = threading.Lock()
        self._over = threading.Event()
        self._paused = False

    @contextmanager
    def ticking(self, tick: float = TICK_S) -> Iterator[Lines]:
        """From a thread, since a large text may keep the event loop busy for a while."""

        def tell() -> None:
            while not self._over.wait(tick):
                if self._tally.title and not self._paused:
                    self._status()

        teller = threading.Thread(target=tell, name="status", daemon=True)
        teller.start()
        try:
            yield self
        finally:
            self._over.set()
            teller.join()

    def pause(self) -> None:
        """Say nothing unasked while something is asked."""
        self._paused = True

    def go_on(self) -> None:
        self._paused = False

    def stage(self, title: str, total: int) -> None:
        self._tally.stage(title, total)
        self._say(f"{one_line(title)}{f' ({total})' if total else ''}")

    def advance(self, parts: int = 1) -> None:
        self._tally.advance(parts)
        self._status()

    def expect(self, total: int) -> None:
        self._tally.total = total

    def came_of_it(self, kept: int, dropped: int) -> None:
        self._tally.records = (kept, dropped)

    def racing(self, left: int, entered: int) -> None:
        self._tally.racing = (left, entered)

    def note(self, text: str) -> None:
        self._say(f"  {one_line(text, 400)}")

    def call(self, event: CallEvent) -> None:
        self._tally.call(event)
        if event.kind != "done" and event.note:
            self._status(f"{event.role}: {one_line(event.note, 200)}")
        else:
            self._status()

    def pull(self, progress: PullProgress) -> None:
        if progress.step == "verified" or self._due():
            self._say(f"  {pulled(progress)}")

    def _due(self) -> bool:
        now = self._clock()
        if now - self._last < self._every:
            return False
        self._last = now
        return True

    def _status(self, more: str = "") -> None:
        with self._one:
            soon = self._first and self._clock() - self._began >= min(FIRST_S, self._every)
            if self._due() or soon:
                self._first = False
                self._say("  " + status(self._tally) + (f"; {more}" if more else ""))


def status(tally: Tally) -> str:
    """One line on where the run stands."""
    parts = []
    if tally.total:
        parts.append(f"{tally.done:,} of {tally.total:,}")
    parts.append(tally.records_line())
    if tally.racing[1]:
        parts.append("{} of {} candidates in the race".format(*tally.racing))
    parts += [tally.calls_line(), tally.tokens_line(), tally.money_line()]
    parts.append(f"{duration(tally.elapsed)} gone")
    if tally.left is not None:
        parts.append(f"{duration(tally.left)} left of this stage")
    return "; ".join(filter(None, parts))


class RunLog(Silent):
    """`run.log` in the run folder: stages, notes, waits and retries; no prompt, no answer, no key.

    The folder is the verb's to make, so that lines wait until its settings are there; a folder that
    never comes to be gets no log.
    """

    def __init__(self, folder: Path, *, verbose: bool = False) -> None:
        self._folder = folder
        self._verbose = verbose
        self._waiting: list[str] = []

    def stage(self, title: str, total: int) -> None:
        self.write("stage", f"{title} ({total})" if total else title)

    def note(self, text: str) -> None:
        self.write("note", text)

    def call(self, event: CallEvent) -> None:
        if event.kind != "done":
            said = f"{event.role} on {event.model}, attempt {event.attempt}: {event.note}"
            self.write(event.kind, said)
        elif self._verbose:
            source = "ledger" if event.cached else f"{event.seconds:.2f}s"
            used = f"{event.usage.input} in, {event.usage.output} out"
            self.write("call", f"{event.role} on {event.model}: {source}, {used}")

    def pull(self, progress: PullProgress) -> None:
        if progress.step == "verified":
            self.write("pull", pulled(progress))

    def write(self, level: str, text: str) -> None:
        """Append a line, once there is a folder to write in."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._waiting.append(f"{now} {level:<6} {one_line(text, 1000)}\n")
        if (self._folder / SETTINGS).is_file():
            try:
                with (self._folder / "run.log").open("a", encoding="utf-8") as file:
                    file.writelines(self._waiting)
            except OSError:
                return  # a full disk stops the run by the ledger, which says so better
            self._waiting.clear()


class Several(Silent):
    """Several watchers as one."""

    def __init__(self, watchers: Sequence[Watcher]) -> None:
        self._watchers = watchers

    def stage(self, title: str, total: int) -> None:
        for watcher in self._watchers:
            watcher.stage(title, total)

    def advance(self, parts: int = 1) -> None:
        for watcher in self._watchers:
            watcher.advance(parts)

    def expect(self, total: int) -> None:
        for watcher in self._watchers:
            watcher.expect(total)

    def came_of_it(self, kept: int, dropped: int) -> None:
        for watcher in self._watchers:
            watcher.came_of_it(kept, dropped)

    def racing(self, left: int, entered: int) -> None:
        for watcher in self._watchers:
            watcher.racing(left, entered)

    def note(self, text: str) -> None:
        for watcher in self._watchers:
            watcher.note(text)

    def call(self, event: CallEvent) -> None:
        for watcher in self._watchers:
            watcher.call(event)

    def pull(self, progress: PullProgress) -> None:
        for watcher in self._watchers:
            watcher.pull(progress)
