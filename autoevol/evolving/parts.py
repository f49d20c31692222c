"""One run divided over workers: each has its part of the calls, the rates and the budget.

Decides what a worker may spend and how fast, where it keeps its answers, and how a run ends when
one worker meets an error that is everybody's. A worker has a ledger of its own, since SQLite is
written by one machine at a time and an answer must be safe before the next call; the folder's one
ledger takes them over at the end, or at the next start of either engine. How rows get to workers
and back is left to `ray_engine`.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from pathlib import Path

from autoevol.data.dataset import Row, Skipped
from autoevol.data.seen import Seen
from autoevol.door import Door, open_client
from autoevol.errors import AutoevolError, FolderBusy
from autoevol.evolving.done import Done
from autoevol.evolving.job import Job
from autoevol.evolving.rounds import Rounds, Step
from autoevol.llm.budget import Budget, Unit
from autoevol.llm.endpoint import Endpoint
from autoevol.llm.events import CallEvent
from autoevol.llm.ledger_parts import take_over
from autoevol.progress import Silent
from autoevol.runs import LEDGER, hold_lock, storage

FOLDER = "ledgers"
STOP = "stop"
PIECES = 8
"""Pieces that a worker has under way: when one lands, the rest still fill its calls in flight."""
REPLACED = 3
"""So often is a worker replaced that died; Ray's own way is for ever and without a word."""
LET_GO_S = 20.0
"""Workers of a driver that was killed hear of it within seconds."""

Walked = tuple[int, Row, tuple[Step, ...]]


@dataclass(frozen=True, slots=True)
class Errand:
    """What every worker is told. Of `door`, calls at once are one worker's; `endpoints` have one
    worker's rates; `shares` are what each may spend, None without a cap."""

    job: Job
    door: Door
    endpoints: dict[str, Endpoint]
    folder: Path
    shares: tuple[Decimal | None, ...]
    unit: Unit

    @property
    def piece(self) -> int:
        """Rows of a piece: all pieces together fill the calls in flight, and some more."""
        return max(1, 2 * self.door.calls // PIECES)

    def stop(self) -> None:
        """Nothing new is begun from now on, by whomever."""
        with suppress(OSError):
            (self.folder / FOLDER / STOP).touch()

    def stopped(self) -> bool:
        return (self.folder / FOLDER / STOP).exists()


def divided(
    door: Door, endpoints: dict[str, Endpoint], workers: int
) -> tuple[Door, dict[str, Endpoint]]:
    """One worker's part of the calls at once and of each endpoint's limits."""
    parted = {
        name: replace(
            one,
            rpm=one.rpm and one.rpm / workers,
            tpm=one.tpm and one.tpm / workers,
            max_inflight=one.max_inflight and max(1, one.max_inflight // workers),
        )
        for name, one in endpoints.items()
    }
    return replace(door, concurrency=max(1, door.calls // workers)), parted


@dataclass(frozen=True, slots=True)
class Start:
    """Where reading begins: before row `rows`, behind `values` values, with what is there."""

    rows: int
    values: int
    seen: Seen
    done: Done


@dataclass(frozen=True, slots=True)
class End:
    """The last piece: nothing more is read. `passed` rows had their records already."""

    skipped: Skipped
    passed: int
    error: AutoevolError | None = None


@dataclass(frozen=True, slots=True)
class Landed:
    """What came of a piece, from which worker; rows that were not begun, or met an error, are not
    in it."""

    part: int
    rows: tuple[Walked, ...]
    calls: tuple[CallEvent, ...]
    notes: tuple[str, ...]
    error: AutoevolError | None = None


def pieces(errand: Errand, start: Start) -> Iterator[bytes]:
    """The rows that lack a record, a few at a time, and then an `End`."""
    job, piece, passed = errand.job, [], 0
    error: AutoevolError | None = None
    left = None if job.reading.limit is None else max(0, job.reading.limit - start.rows)
    try:
        reader = job.reader(start.values, start.seen)
        rows = map(job.filtering.row, islice(reader, left))
        for number, row in enumerate(rows, start=start.rows):
            if errand.stopped():
                break
            done = all(name in start.done for name in job.record_ids(row))
            if done or not job.shard.has(number):
                passed += 1
                continue
            piece.append((number, row))
            if len(piece) == errand.piece:
                yield pickle.dumps(piece)
                piece = []
    except AutoevolError as ended:
        error = ended
    if piece:
        yield pickle.dumps(piece)
    yield pickle.dumps(End(job.skipped, passed, error))


class Worker:
    """Walks pieces, in one event loop and one process, by a door of its own.

    Args:
        errand: the run's.

    Raises:
        FolderBusy: all parts are taken.
        AutoevolError: too many of those died that had this part.
    """

    def __init__(self, errand: Errand) -> None:
        self._errand = errand
        self._part, self._lock = _free_part(errand)
        self._heard = _Heard()
        if lost := _lives(self._lock):
            self._heard.note(f"Worker {self._part} died and is replaced ({lost}).")
        if lost > REPLACED:
            os.close(self._lock)
            raise AutoevolError(
                f"worker {self._part} died {lost} times.",
                "See that there is memory for it, and start again on the same folder.",
            )
        self._error: AutoevolError | None = None
        self._opening = asyncio.Lock()
        self._open = AsyncExitStack()
        self._rounds: Rounds | None = None

    async def walk(self, piece: bytes) -> bytes:
        """A `Landed` for a piece of rows; an `End` as it came."""
        rows = pickle.loads(piece)
        if isinstance(rows, End):
            return piece
        landed = await asyncio.gather(*(self._one(number, row) for number, row in rows))
        calls, notes = self._heard.take()
        walked = tuple(one for one in landed if one is not None)
        return pickle.dumps(Landed(self._part, walked, calls, notes, self._error))

    async def _one(self, number: int, row: Row) -> Walked | None:
        if self._error is not None or self._errand.stopped():
            return None
        try:
            rounds = await self._ready()
            return number, row, await rounds.walk(row)
        except AutoevolError as error:
            self._error = self._error or error
            self._errand.stop()
            return None

    async def _ready(self) -> Rounds:
        """The roles, once the door is open; it stays open until the process ends."""
        async with self._opening:
            if self._rounds is None:
                errand, home = self._errand, self._errand.folder / FOLDER
                client = await self._open.enter_async_context(
                    open_client(
                        errand.door,
                        home / f"{self._part}.sqlite",
                        home / f"{self._part}.log",
                        self._heard,
                        tuning=errand.job.tuning,
                        endpoints=errand.endpoints,
                        budget=Budget(errand.shares[self._part], errand.unit),
                    )
                )
                self._rounds = errand.job.rounds_at(client)
            return self._rounds


class _Heard(Silent):
    """Keeps what a worker would tell until it can be told where somebody watches."""

    def __init__(self) -> None:
        self._calls: list[CallEvent] = []
        self._notes: list[str] = []

    def call(self, event: CallEvent) -> None:
        self._calls.append(event)

    def note(self, text: str) -> None:
        self._notes.append(text)

    def take(self) -> tuple[tuple[CallEvent, ...], tuple[str, ...]]:
        calls, notes = tuple(self._calls), tuple(self._notes)
        self._calls.clear()
        self._notes.clear()
        return calls, notes


def _free_part(errand: Errand) -> tuple[int, int]:
    """The number of a part that nobody has, and its lock. The lock goes with the process, so that
    who takes a lost worker's place finds its ledger, and with it what was spent of its share."""
    for part in range(len(errand.shares)):
        path = errand.folder / FOLDER / f"{part}.lock"
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            hold_lock(lock, path)
        except FolderBusy:
            os.close(lock)
        else:
            return part, lock
    raise FolderBusy(
        f"all {len(errand.shares)} parts of {errand.folder} are taken.",
        "Start again on the same folder once its workers have ended.",
    )


def _lives(lock: int) -> int:
    """How many workers had this part before; a line with the process's number stands for each."""
    held = os.read(lock, 1 << 16)
    os.write(lock, f"{os.getpid()}\n".encode())
    return held.count(b"\n")


def gather_parts(folder: Path, patience_s: float = LET_GO_S) -> None:
    """Take the workers' ledgers over into the folder's, and remove what is left of the workers.

    Raises:
        FolderBusy: after `patience_s` a worker is still at work.
        BadInput, StorageFailed: a ledger cannot be read or written.
    """
    home, until = folder / FOLDER, time.monotonic() + patience_s
    if not home.is_dir():
        return
    with storage(home):
        held = []
        try:
            for path in sorted(home.glob("*.lock")):
                held.append(os.open(path, os.O_RDWR))
                _wait_for(held[-1], path, until)
            take_over(folder / LEDGER, sorted(home.glob("*.sqlite")))
        finally:
            for lock in held:
                os.close(lock)
        for path in home.iterdir():
            path.unlink()
        home.rmdir()


def _wait_for(lock: int, path: Path, until: float) -> None:
    while True:
        try:
            return hold_lock(lock, path)
        except FolderBusy:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
