"""The ledger: every answered call of a run folder, in one SQLite file; cache, resume and bill.

Decides how answers are kept and when they count as kept: `put` returns after COMMIT. Reading is
synchronous (one indexed row); writing is one thread that gathers what is queued into one
transaction. Which calls are stored is left to `client`; the key of a call to `messages`.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import TracebackType

from autoevol.errors import AutoevolError, StorageFailed
from autoevol.llm.bill import BillRow
from autoevol.llm.budget import Amount
from autoevol.llm.habits import Answer, Habit, habits
from autoevol.llm.ledger_file import naming, open_ledger, open_readonly, version_of
from autoevol.llm.ledger_rows import (
    Value,
    add_totals,
    billed,
    call_row,
    copied_row,
    lost_row,
    read_answer,
    read_rows,
    spelled,
)
from autoevol.llm.messages import Request, Response, Usage
from autoevol.llm.underway import KILLED, Underway, book_left

_TELLING = 20_000  # answers that habits are read off; inflating them takes a second
_MOST_ROWS = 500  # in one transaction: bounds memory and how long a first waiter waits for a last
_RECENT = (
    500  # answers at hand: what all methods of a comparison ask of one item is asked again soon
)
_COPIED_S = 0.25  # copies gather for so long: a transaction each took longer than all else of them

_PUT = "INSERT OR IGNORE INTO calls VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
_LOSE = "INSERT INTO attempts VALUES (NULL,?,?,?,?,?,?,?,?,?,?,?)"
_GET = "SELECT answer FROM calls WHERE key = ?"
_LAST = "SELECT role, model, answer FROM calls ORDER BY rowid DESC LIMIT ?"
_COPY = "SELECT * FROM calls WHERE key = ?"


@dataclass(frozen=True, slots=True)
class _Write:
    """One row on its way to the file; `tell` hears of the COMMIT (None) or of the error."""

    statement: str
    values: tuple[Value, ...]
    tell: Callable[[AutoevolError | None], None]


class Ledger:
    """One ledger file, and others to fall back on.

    Args:
        path: the file, made if it is not there; ":memory:" for a ledger that is never kept.
        reuse: other runs' ledgers. They are only read; what is found there is copied.

    Raises:
        BadInput: a file is not a ledger, is corrupt, or has another version.
        StorageFailed: the file cannot be made or written.
        FolderBusy: another process is writing to it.
    """

    def __init__(self, path: Path | str, reuse: Sequence[Path] = ()) -> None:
        self.path = str(path)
        memory = self.path == ":memory:"
        self._writer = open_ledger(self.path)
        self._version = version_of(self._writer)
        self._underway = Underway(self.path)
        try:
            if not memory:
                book_left(self.path, self._writer)
            self._reader = self._writer if memory else open_ledger(self.path)
            others = [(str(other), open_readonly(other)) for other in reuse]
            self._reuse = [(path, other, version_of(other)) for path, other in others]
        except AutoevolError:
            self._writer.close()
            raise
        # A memory database has one connection, so that a reader must not see an open transaction.
        self._turn: AbstractContextManager[object] = threading.Lock() if memory else nullcontext()
        self._late: AutoevolError | None = None
        self._closed = False
        self._copies: dict[str, tuple[Response, _Write]] = {}
        self._copied_since = 0.0
        self._recent: dict[str, Response] = {}
        self._queue: queue.SimpleQueue[Sequence[_Write] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_all, name="ledger", daemon=True)
        self._thread.start()

    def get(self, key: str) -> Response | None:
        """The stored answer with `cached=True`, None where there is none.

        Raises BadInput when a file is damaged, StorageFailed when it cannot be read.
        """
        if key in self._recent:
            return self._recent[key]
        with naming(self.path), self._turn:
            row = self._reader.execute(_GET, (spelled(key, self._version),)).fetchone()
        if row is not None:
            answer = read_answer(row[0], self.path)
            if len(self._recent) == _RECENT:
                self._recent.clear()
            self._recent[key] = answer
            return answer
        if key in self._copies:
            return self._copies[key][0]
        for path, other, version in self._reuse:
            with naming(path):
                found = other.execute(_COPY, (spelled(key, version),)).fetchone()
            if found is not None:
                answer = read_answer(found[-1], path)
                self._copy(key, answer, copied_row(key, found, self._version))
                return answer
        return None

    async def put(self, key: str, request: Request, response: Response, seconds: float) -> None:
        """Keep an answer; returns when it is committed. The first answer of a key stays.

        Raises StorageFailed, FolderBusy or BadInput when it is not.
        """
        self._raise_late()
        loop = asyncio.get_running_loop()
        kept: asyncio.Future[None] = loop.create_future()
        place = self._underway.take(key)

        def tell(error: AutoevolError | None) -> None:
            error = error or self._underway.end(place)
            # The loop may be gone by now, and then nobody waits for the news.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_resolve, kept, error)

        self._send(_Write(_PUT, call_row(key, request, response, seconds, self._version), tell))
        await kept

    def lose(
        self,
        key: str,
        request: Request,
        usage: Usage,
        cost: Decimal | None,
        reason: str,
        seconds: float,
    ) -> None:
        """Note an attempt that was sent and brought nothing to keep, but counts as spent.

        Does not wait: it is also called while a task is being cancelled. An error in writing it is
        raised by the next `put` or by `close`.
        """
        known, place = spelled(key, self._version), self._underway.take(key)
        values = lost_row(known, request, usage, cost, reason, seconds)

        def tell(error: AutoevolError | None) -> None:
            self._remember(error or self._underway.end(place))

        self._send(_Write(_LOSE, values, tell))

    def sending(self, key: str, request: Request, most: Usage, cost: Decimal | None) -> None:
        """Note that a call is about to be sent, so that it counts as spent even if this process is
        killed. `put`, `lose` or `unsent` must follow. Raises StorageFailed."""
        known = spelled(key, self._version)
        self._underway.begin(key, lost_row(known, request, most, cost, KILLED, 0.0))

    def unsent(self, key: str) -> None:
        """What was about to be sent cost nothing. Raises StorageFailed."""
        if (error := self._underway.end(self._underway.take(key))) is not None:
            raise error

    def spent(self) -> Amount:
        """Everything this folder paid for in its lifetime; copied answers were paid elsewhere."""
        spent = Amount()
        for row in self.rows():
            calls = row.calls + row.lost_calls
            spent = spent + Amount(calls, row.input + row.output, row.cost)
        return spent

    def rows(self) -> tuple[BillRow, ...]:
        """What the folder spent, by role and model. Copied answers stand as cached calls."""
        self._settle()
        with naming(self.path), self._turn:
            return read_rows(self._reader)

    def served(self) -> dict[str, str]:
        """By model, who the endpoint last said had answered, as far as recent calls tell."""
        with naming(self.path), self._turn:
            recent = self._reader.execute(
                "SELECT model, served FROM calls WHERE copied = 0 ORDER BY rowid DESC LIMIT 1000"
            ).fetchall()
        return {model: served for model, served in reversed(recent) if served}

    def close(self) -> None:
        """Write what is queued and close all files. Raises what an unawaited write met."""
        if self._closed:
            return
        self._hand_over()
        self._closed = True
        self._queue.put(None)
        self._thread.join()
        for _, other, _ in self._reuse:
            other.close()
        self._reader.close()
        self._writer.close()
        self._underway.close()
        self._raise_late()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _send(self, write: _Write) -> None:
        if self._closed:
            raise RuntimeError(f"{self.path}: written to after close()")
        self._hand_over()
        self._queue.put([write])

    def _copy(self, key: str, answer: Response, row: tuple[Value, ...]) -> None:
        """A row of another ledger on its way here; what a kill loses of it is still there."""
        if not self._copies:
            self._copied_since = time.monotonic()
        self._copies[key] = answer, _Write(_PUT, row, self._remember)
        late = time.monotonic() - self._copied_since > _COPIED_S
        if late or len(self._copies) == _MOST_ROWS:
            self._hand_over()

    def _hand_over(self) -> None:
        if self._copies:
            self._queue.put([write for _, write in self._copies.values()])
            self._copies = {}

    def _settle(self) -> None:
        """Return when all that was sent is in the file, or is known not to be."""
        written = threading.Event()
        self._send(_Write("SELECT 1", (), lambda _: written.set()))
        written.wait()

    def _remember(self, error: AutoevolError | None) -> None:
        self._late = self._late or error

    def _raise_late(self) -> None:
        if self._late is not None:
            error, self._late = self._late, None
            raise error

    def _write_all(self) -> None:
        """The writer thread: everything queued, up to a bound, becomes one transaction."""
        going = True
        while going:
            batch: list[_Write] = []
            writes = self._queue.get()
            while writes is not None:
                batch += writes
                if len(batch) >= _MOST_ROWS or self._queue.empty():
                    break
                writes = self._queue.get()
            going = writes is not None
            error = self._commit(batch)
            for done in batch:
                done.tell(error)

    def _commit(self, batch: Sequence[_Write]) -> AutoevolError | None:
        try:
            with naming(self.path), self._turn:
                self._writer.execute("BEGIN IMMEDIATE")
                try:
                    self._write(batch)
                    self._writer.execute("COMMIT")
                except Exception:
                    # SQLite has rolled back by itself where the disk was full.
                    if self._writer.in_transaction:
                        self._writer.execute("ROLLBACK")
                    raise
        except AutoevolError as error:
            return error
        except Exception as error:  # whoever waits must hear of it: this thread has no caller
            return StorageFailed(f"{self.path}: cannot be written ({error!r}).")
        return None

    def _write(self, batch: Sequence[_Write]) -> None:
        written: list[BillRow] = []
        for write in batch:
            done = self._writer.execute(write.statement, write.values)
            if done.rowcount > 0:  # the first answer of a key stays, and is paid once
                written.append(billed(write.statement == _LOSE, write.values))
        if self._version > 1:
            add_totals(self._writer, written)


def read_bill(path: Path, *, lost: bool = True) -> tuple[BillRow, ...]:
    """What a folder's ledger spent, without the right or the wish to write to it; without `lost`,
    on what was answered."""
    connection = open_readonly(path)
    try:
        with naming(str(path)):
            return read_rows(connection, lost)
    finally:
        connection.close()


def read_habits(path: Path) -> tuple[Habit, ...]:
    """How long the last `_TELLING` answers of a folder's ledger are, by role and model. Calls that
    read token probabilities are left out: no cap of the user's touches them."""
    connection = open_readonly(path)
    try:
        with naming(str(path)):
            rows = connection.execute(_LAST, (_TELLING,)).fetchall()
    finally:
        connection.close()
    found = [(role, model, read_answer(answer, str(path))) for role, model, answer in rows]
    return habits(
        Answer(role, model, one.usage.output, one.finish == "length")
        for role, model, one in found
        if not one.logprobs
    )


def _resolve(waiter: asyncio.Future[None], error: AutoevolError | None) -> None:
    if waiter.done():
        return
    if error is None:
        waiter.set_result(None)
    else:
        waiter.set_exception(error)
