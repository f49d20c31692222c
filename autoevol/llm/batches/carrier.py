"""One batch on its way: sent, looked at until it ended, fetched, and every answer kept.

Decides how long a provider that cannot be reached is waited for, what is done about a batch that is
refused, and that an answer is in the ledger before anyone hears of it. Which calls go together is
left to `gathering`, what they wait for to `batches`.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from autoevol.errors import AutoevolError, RefusesAll, Unavailable, Unreachable
from autoevol.llm.attempts import Attempts, Line, address_of
from autoevol.llm.batches.api import BatchApi, Cancelled, Looked, Result
from autoevol.llm.batches.gathering import Entry
from autoevol.llm.batches.kept import Kept, done, fresh, read_all, remove, write
from autoevol.llm.budget import Amount
from autoevol.llm.events import CallEvent
from autoevol.llm.messages import Request, Response
from autoevol.llm.prices import BATCH
from autoevol.llm.provider import TryAgain

T = TypeVar("T")

SEND_PATIENCE_S = 60.0
WAIT_PATIENCE_S = 3600.0
"""A batch takes hours: a network that is away for a while ends no run that waits for one."""
LONGEST_RETRY_S = 60.0
FULL_WAIT_S = 60.0
"""Before a batch that was too large for the account's queue is sent again, in halves."""
AT_ONCE = 500
"""Answers that are read before they are written: bounds memory."""


class Otherwise(Exception):
    """The request should be made anew, for no fault of its own. Private to this folder."""


@dataclass(slots=True)
class Carrier:
    """Carries batches for one client.

    Args:
        folder: where their files lie.
        attempts: the client's budget, prices, ledger and bill, its clock and its listener.
        note: told what becomes of batches.
        looks: seconds before the first look at a batch, and the longest between two.
    """

    folder: Path
    attempts: Attempts
    note: Callable[[str], None]
    looks: tuple[float, float]
    landed: Callable[[Entry], None]
    open: dict[str, Kept] = field(default_factory=dict)
    fetching: int = 0

    async def carry(self, line: Line, model: str, entries: Sequence[Entry]) -> None:
        """Send a batch of entries and see each of them answered, one way or another."""
        left = {entry.posted.name: entry for entry in entries}
        try:
            await self._send(line, model, left)
        except (AutoevolError, TryAgain) as error:
            self._fail(left, error)
        except Exception as error:
            self._fail(left, error)
            raise

    async def adopt(self, line: Line, kept: Kept, entries: Sequence[Entry]) -> None:
        """See a batch through that an earlier process sent, or may have sent."""
        left = {entry.posted.name: entry for entry in entries}
        api = _api(line)
        try:
            if kept.state == "sending":
                known = {one.batch for one in read_all(self.folder)}
                find = partial(api.find, kept.tag, kept.since, frozenset(left), frozenset(known))
                found = await self._patiently(line, find, WAIT_PATIENCE_S)
                if found is None:
                    remove(self.folder, kept)
                    self._fail(left, Otherwise())
                    return
                kept = replace(kept, state="open", batch=found)
                write(self.folder, kept)
            self.open[kept.tag] = kept
            self.note(f"{kept.batch}: {len(left):,} calls were sent earlier; waiting for them")
            await self._follow(line, kept, left, mine=False)
        except (AutoevolError, TryAgain) as error:
            self._fail(left, error)
        except Exception as error:
            self._fail(left, error)
            raise

    async def _send(self, line: Line, model: str, left: dict[str, Entry]) -> None:
        api, items = _api(line), [entry.item.line for entry in left.values() if entry.item]
        posted = [entry.posted for entry in left.values()]
        kept = fresh(secrets.token_hex(8), model, line.provider.identity, posted)
        write(self.folder, kept)
        self.open[kept.tag] = kept
        tries = 0

        async def submit() -> str:
            nonlocal tries
            tries += 1
            if tries > 1:  # the answer to the first may be what was lost
                known = frozenset(one.batch for one in self.open.values())
                found = await api.find(kept.tag, kept.since, frozenset(left), known)
                if found is not None:
                    return found
            return await api.submit(items, kept.tag)

        try:
            batch = await self._patiently(line, submit, SEND_PATIENCE_S)
        except AutoevolError as error:
            del self.open[kept.tag]
            # Where nobody answered it may lie there all the same; the next start looks for it.
            if not isinstance(error, Unreachable):
                remove(self.folder, kept)
            raise
        kept = replace(kept, state="open", batch=batch)
        write(self.folder, kept)
        self.open[kept.tag] = kept
        for entry in left.values():
            entry.sent = True
        self.note(f"{batch}: {len(left):,} calls to {model} sent")
        await self._follow(line, kept, left, mine=True)

    async def _follow(self, line: Line, kept: Kept, left: dict[str, Entry], *, mine: bool) -> None:
        """Look at it until it is over, then fetch what there is."""
        api, wait, stage, told = _api(line), self.looks[0], "", ""
        while True:
            await self.attempts.sleep(wait)
            wait = min(self.looks[1], wait * 1.6)
            look = partial(api.look, kept.batch)
            looked = await self._patiently(line, look, WAIT_PATIENCE_S)
            if looked.stage != stage:
                self.note(f"{kept.batch}: {said(looked, kept.requests)}")
            elif said(looked, kept.requests) != told:
                self._tell(kept, looked)
            stage, told = looked.stage, said(looked, kept.requests)
            if looked.stage in ("ended", "refused"):
                break
        if looked.stage == "refused":
            write(self.folder, done(kept, 0, kept.requests))
            del self.open[kept.tag]
            await self._refused(line, kept.model, left, looked)
            return
        began = len(left)
        fetch = partial(self._fetch, line, kept, looked, left, mine)
        self.fetching += 1
        try:
            await self._patiently(line, fetch, WAIT_PATIENCE_S)
        finally:
            self.fetching -= 1
        failed = len(left)
        missing = TryAgain(f"{kept.batch} ended without it", sent=False)
        self._fail(left, missing)
        write(self.folder, done(kept, began - failed, failed))
        del self.open[kept.tag]

    async def _fetch(
        self, line: Line, kept: Kept, looked: Looked, left: dict[str, Entry], mine: bool
    ) -> None:
        """Take what is there out of `left`, and keep it."""
        piece: list[tuple[Entry, Result]] = []
        async for result in _api(line).results(kept.batch, looked):
            if result.name in left:
                piece.append((left[result.name], result))
            if len(piece) >= AT_ONCE:
                await self._land(line, kept, piece, left, mine)
                piece = []
        await self._land(line, kept, piece, left, mine)

    async def _land(
        self,
        line: Line,
        kept: Kept,
        piece: Sequence[tuple[Entry, Result]],
        left: dict[str, Entry],
        mine: bool,
    ) -> None:
        attempts = self.attempts
        good: list[tuple[Entry, Response]] = []
        for entry, result in piece:
            if left.pop(result.name, None) is None:
                continue  # named twice
            outcome = self._read(line, kept, entry, result, mine)
            if isinstance(outcome, Response):
                good.append((entry, outcome))
            else:
                charged = isinstance(outcome, TryAgain) and outcome.garbled
                self._fail({result.name: entry}, outcome, charged=kept.model if charged else "")
        took = max(0.0, (datetime.now(UTC) - kept.since).total_seconds())
        puts = [
            attempts.ledger.put(entry.posted.key, _asked(entry, kept.model), response, took)
            for entry, response in good
            if response.finish != "thinking"
        ]
        try:
            await asyncio.gather(*puts)
        except AutoevolError as error:
            for entry, _ in good:
                self._fail({"": entry}, error)
            raise
        for entry, response in good:
            used = response.usage
            entry.hold.settle(Amount(1, used.input + used.output, response.cost))
            self.landed(entry)
            if entry.claimed and entry.answer is not None:
                entry.answer.set_result(response)
                continue
            asked = _asked(entry, kept.model)
            if response.finish == "thinking":
                attempts.lose(entry.posted.key, asked, used, response.cost, "thinking", 0.0)
            else:
                attempts.bill.paid(asked.role, asked.model, used, response.cost)

    def _read(
        self, line: Line, kept: Kept, entry: Entry, result: Result, mine: bool
    ) -> Response | Exception:
        asked = _asked(entry, kept.model)
        sent = entry.item.sent if entry.item else None
        try:
            response = _api(line).read(result.line, asked, sent)
        except Cancelled as error:
            if not mine:
                return error  # it was cancelled before this start, which asks for it again
            return Unavailable(
                f"{kept.batch} was cancelled before this call was made.",
                "Start again on the same folder to ask for what is missing.",
            )
        except (AutoevolError, TryAgain) as error:
            return error
        if response is None:
            return Otherwise()
        provider = line.provider
        cost = self.attempts.prices.price(
            provider.name, kept.model, response.usage, address_of(provider), BATCH
        )
        return replace(response, cost=cost, tier=BATCH)

    async def _refused(
        self, line: Line, model: str, left: dict[str, Entry], looked: Looked
    ) -> None:
        """A batch that was turned down as a whole: too large a one goes again in halves."""
        ready = all(entry.item is not None for entry in left.values())
        if not looked.full or len(left) < 2 or not ready:
            why = looked.why or "no reason given"
            error: Exception = RefusesAll(f"{line.provider.name} refuses the batch: {why}")
            self._fail(left, TryAgain(why, sent=False) if looked.full else error)
            return
        self.note(f"the queue of {model} is full ({looked.why}): sending it in halves, later")
        await self.attempts.sleep(FULL_WAIT_S)
        names = list(left)
        halves = (names[: len(names) // 2], names[len(names) // 2 :])
        for half in halves:
            part = [left.pop(name) for name in half]
            await self.carry(line, model, part)

    def _fail(self, left: dict[str, Entry], error: Exception, charged: str = "") -> None:
        """Tell everyone in `left` that no answer came; what a model `charged` counts as spent."""
        for entry in left.values():
            entry.hold.settle(entry.worst if charged else Amount())
            if charged:
                posted = entry.posted
                asked = entry.request or posted.request(charged)
                self.attempts.lose(
                    posted.key, asked, posted.most, entry.worst.money, str(error), 0.0
                )
            self.landed(entry)
            if entry.claimed and entry.answer is not None:
                entry.answer.set_exception(error)
        left.clear()

    async def _patiently(
        self, line: Line, call: Callable[[], Awaitable[T]], patience_s: float
    ) -> T:
        began, failed = self.attempts.clock(), 0
        while True:
            try:
                return await call()
            except TryAgain as error:
                failed += 1
                wait = min(LONGEST_RETRY_S, 0.25 * 2.0 ** min(failed, 10))
                wait = max(wait, error.retry_after or 0.0)
                if self.attempts.clock() + wait - began > patience_s:
                    raise Unreachable(
                        f"{line.provider.name}: its batches cannot be reached ({error.reason}).",
                        "Start again on the same folder: what was sent is fetched then.",
                    ) from error
                note = f"waiting {wait:.0f} s: {error.reason}"
                self.attempts.tell(CallEvent("retry", "batch", "", attempt=failed, note=note))
                await self.attempts.sleep(wait)

    def _tell(self, kept: Kept, looked: Looked) -> None:
        waiting = sum(one.requests for one in self.open.values())
        note = f"{kept.batch}: {said(looked, kept.requests)}"
        self.attempts.tell(CallEvent("wait", "batch", kept.model, in_flight=waiting, note=note))


def said(looked: Looked, requests: int) -> str:
    """`running, 120 of 500 answered, 2 failed`."""
    failed = f", {looked.failed:,} failed" if looked.failed else ""
    counts = f", {looked.answered:,} of {requests:,} answered{failed}"
    if looked.stage == "refused":
        return f"refused: {looked.why or 'no reason given'}"
    if looked.stage == "finalizing":
        return f"finalizing (the provider is writing the results){counts}"
    return looked.stage + (counts if looked.answered or looked.failed else "")


def _api(line: Line) -> BatchApi:
    if line.batches is None:
        raise RuntimeError(f"{line.provider.name} has no batches")
    return line.batches


def _asked(entry: Entry, model: str) -> Request:
    return entry.request or entry.posted.request(model)
