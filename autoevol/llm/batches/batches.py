"""Calls by batch: the way of a call that may wait for hours and costs half.

Decides that a call is reserved before it is gathered, that what an earlier process sent is waited
for and not sent again, and when a call is given up. How batches leave is left to `gathering`, what
happens to them to `carrier`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from autoevol.counted import several
from autoevol.errors import BatchFailed, Garbled, Rejected, Unavailable
from autoevol.llm.attempts import Answered, Attempts, Line, address_of
from autoevol.llm.batches.api import Failed
from autoevol.llm.batches.carrier import Carrier, Otherwise
from autoevol.llm.batches.gathering import Entry, Gathering
from autoevol.llm.batches.kept import Posted, done, read_all, write
from autoevol.llm.budget import Amount
from autoevol.llm.messages import Request, Usage
from autoevol.llm.prices import BATCH, most_tokens, no_price
from autoevol.llm.provider import TryAgain

CALLS = 10_000
"""Calls that wait at once, where nothing is said: some 150 MB of rows under way."""
MOST_BATCHES = 3
"""Batches that one call may fail in before it is given up."""


def _quiet(_: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Post:
    """How batches are used.

    Args:
        folder: where what is known of them lies, in the run folder.
        sends: False only fetches what was sent before; then calls are made one by one.
        calls: calls that wait at once, at most.
        note: told of every batch.
        gather_s: a batch leaves when so long no other call came.
        looks: seconds before the first look at a batch, and the longest between two.
    """

    folder: Path
    sends: bool = True
    calls: int = CALLS
    note: Callable[[str], None] = _quiet
    gather_s: float = 0.25
    looks: tuple[float, float] = (0.25, 60.0)


class Batches:
    """The batches of one client, in one event loop."""

    def __init__(self, post: Post, attempts: Attempts) -> None:
        self.post = post
        self._attempts = attempts
        self._entries: dict[str, Entry] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._carrier = Carrier(post.folder, attempts, post.note, post.looks, self._landed)
        self._gathering = Gathering(self._leave, post.gather_s, lambda: self._carrier.fetching > 0)

    @property
    def waiting(self) -> int:
        """Calls that wait for a batch or in one."""
        return len(self._entries)

    async def resume(self, open_line: Callable[[str], Awaitable[Line]]) -> None:
        """Wait for what earlier processes sent; returns at once, or where nothing is to be sent
        any more by batch, when all of it is fetched.

        Raises:
            BadInput: a batch's file cannot be read.
        """
        for kept in read_all(self.post.folder):
            if not kept.waiting:
                continue
            line = await open_line(kept.model)
            if line.batches is None or line.provider.identity != kept.identity:
                self.post.note(f"{kept.batch or kept.tag} was sent to another endpoint: let go.")
                write(self.post.folder, done(kept, 0, kept.requests))
                continue
            entries = [self._adopted(line, kept.model, posted) for posted in kept.posted]
            self._run(self._carrier.adopt(line, kept, entries))
        if not self.post.sends:
            await asyncio.gather(*self._tasks)

    async def persist(self, line: Line, key: str, request: Request) -> Answered:
        """The answer to a call, however many batches it takes.

        Raises:
            BudgetReached, UsageError: as `Client.complete`.
            Unavailable: it failed in several batches, or its batch was cancelled.
            BatchFailed, Garbled: it failed in several batches by itself.
            Rejected, Unauthorised, Unreachable, StorageFailed: as `Client.complete`.
        """
        name, failed = request.key(line.provider.identity), list[TryAgain]()
        began = self._attempts.clock()
        while True:
            stored = self._attempts.ledger.get(key)
            if stored is not None:
                return Answered(stored, 0.0)  # it came back between the asking and now
            entry = self._entries.get(name) or await self._enter(line, name, key, request)
            try:
                response = await entry.claim(request)
                return Answered(response, self._attempts.clock() - began, stored=True)
            except Otherwise:
                continue
            except TryAgain as error:
                failed.append(error)
                if len(failed) >= MOST_BATCHES:
                    raise _given_up(request.model, failed) from error
            except asyncio.CancelledError:
                self._take_back(request.model, entry)
                raise

    async def aclose(self) -> None:
        """Stop waiting. What was sent stays with the provider and is found again."""
        for entry in self._gathering.close():
            entry.hold.settle(Amount())
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        left = list(self._carrier.open.values())
        if left:
            calls = several(sum(kept.requests for kept in left), "call")
            self.post.note(
                f"{several(len(left), 'batch', 'batches')} with {calls} still with the provider: "
                "the next start on this folder waits, and autoevol batches --cancel ends that."
            )

    def worst(self, line: Line, request: Request) -> Amount:
        """What a call by batch may cost at most. Raises UsageError where a price is missing."""
        most, priced = most_tokens(request), self._attempts.budget.needs_price()
        money = self._price(line, request, most) if priced else None
        if priced and money is None:
            raise no_price(request.model)
        return Amount(1, most.input + most.output, money or Amount().money)

    async def _enter(self, line: Line, name: str, key: str, request: Request) -> Entry:
        """Reserve a call and let it wait for others."""
        assert line.batches is not None
        most, worst = most_tokens(request), self.worst(line, request)
        hold = await self._attempts.hold(request, worst)
        try:
            item = line.batches.item(name, request)
            if len(item.line) + 2 > line.batches.limits.bytes:
                raise Rejected(f"{request.model}: a request of {len(item.line):,} bytes is too big")
        except BaseException:
            hold.settle(Amount())
            raise
        posted = Posted(
            name,
            key,
            request.role,
            request.sample,
            request.max_tokens,
            request.stop,
            most.input,
            request.top_logprobs,
        )
        entry = Entry(posted, worst, hold, request, item)
        self._entries[name] = entry
        self._gathering.add(line, request.model, entry)
        return entry

    def _adopted(self, line: Line, model: str, posted: Posted) -> Entry:
        most, asked = posted.most, posted.request(model)
        money = self._price(line, asked, most) if self._attempts.budget.needs_price() else None
        worst = Amount(1, most.input + most.output, money or Amount().money)
        entry = Entry(posted, worst, self._attempts.budget.hold_sent(worst), sent=True)
        self._entries[posted.name] = entry
        return entry

    def _price(self, line: Line, request: Request, most: Usage) -> Decimal | None:
        provider = line.provider
        prices = self._attempts.prices
        return prices.price(provider.name, request.model, most, address_of(provider), BATCH)

    def _take_back(self, model: str, entry: Entry) -> None:
        """Nobody waits any more: what has not left stays here, the rest comes back anyway."""
        entry.answer = None
        if not entry.sent:
            self._gathering.drop(model, entry)
            entry.hold.settle(Amount())
            self._landed(entry)

    def _leave(self, line: Line, model: str, entries: list[Entry]) -> None:
        for entry in entries:
            entry.sent = True
        self._run(self._carrier.carry(line, model, entries))

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # heard by those who waited; marks it as retrieved if nobody did

    def _landed(self, entry: Entry) -> None:
        self._entries.pop(entry.posted.name, None)
        self._gathering.news()


def _given_up(model: str, failed: Sequence[TryAgain]) -> Unavailable:
    kind = Unavailable
    if all(error.garbled for error in failed):
        kind = Garbled
    elif all(error.garbled or isinstance(error, Failed) for error in failed):
        kind = BatchFailed
    return kind(
        f"{model} gave no answer in {len(failed)} batches, the last time: {failed[-1].reason}.",
        "Start again on the same folder later.",
    )
