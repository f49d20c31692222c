"""Rows that are begun are finished first: what a row may need is kept free before its first call.

Decides when a row may begin under a hard cap: while what is promised to all rows under way fits it,
or alone, as long as its dearest call does. So what is spent makes records: no rewrite is paid for
whose answer could not be reserved any more. That no call passes the cap is kept to in `budget`;
what a row asks is left to who walks it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal

from autoevol.counted import several
from autoevol.errors import BudgetReached
from autoevol.llm.budget import Amount, Budget, Unit
from autoevol.llm.messages import Request
from autoevol.llm.prices import most_tokens

Following = Callable[[], Sequence[Request]]


@dataclass(slots=True, eq=False)
class _Row:
    """A row under way. `promised` is in the budget's unit, None until its first call is sent."""

    following: Following
    begun: bool = False
    promised: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Need:
    """`dearest` is the least that must be free for a row to begin, `whole` what is kept free for
    it where others are under way; `request` is its dearest call."""

    request: Request
    dearest: Decimal
    whole: Decimal


_ROW: ContextVar[_Row | None] = ContextVar("row", default=None)


class Promises:
    """The promises of one client, in one event loop.

    Args:
        budget: the hard cap; without one nothing is promised and nobody waits.
        worst: what a call may cost at most.
        tell: given a line when rows wait for the first time.
    """

    def __init__(
        self,
        budget: Budget,
        worst: Callable[[Request], Awaitable[Amount]],
        tell: Callable[[str], None],
    ) -> None:
        self._budget = budget
        self._worst = worst
        self._tell = tell
        self._promised = Decimal(0)
        self._open = 0
        self._queue: deque[tuple[_Row, _Need, asyncio.Future[None]]] = deque()
        self._said = False

    @contextmanager
    def row(self, following: Following) -> Iterator[None]:
        """What is asked inside is of one row, and `following` says which calls may come after its
        first: one for each role, about as long as they will be."""
        if self._budget.cap is None:
            yield
            return
        row = _Row(following)
        token = _ROW.set(row)
        try:
            yield
        finally:
            _ROW.reset(token)
            if row.promised is not None:
                self._promise(-row.promised, -1)
            self._wake()

    async def begin(self, request: Request) -> bool:
        """Return when a call may be sent: at once, but for the first one of a row. Whether that
        took time, in which another row may have asked the same.

        Raises:
            BudgetReached: a row's dearest call does not fit under the cap any more.
            UsageError: a cap in money, and no price is known for a model.
        """
        row = _ROW.get()
        if row is None or row.begun:
            return False
        row.begun = True
        try:
            return await self._begin(row, await self._need(row, request))
        except BudgetReached:
            row.begun = False  # it may be that the answer is there already, and the next one not
            raise

    async def _begin(self, row: _Row, need: _Need) -> bool:
        if not self._queue and self._may_begin(need):
            self._take(row, need)
            return False
        if self._hopeless(need):
            raise self._reached(need)
        if not self._said:
            self._said = True
            self._tell(
                f"The budget lets {several(self._open, 'row')} be under way at once for now: each "
                "keeps free what it may still cost. More wait for room."
            )
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append((row, need, turn))
        await turn
        return True

    async def _need(self, row: _Row, request: Request) -> _Need:
        after = [one for one in row.following() if one.role != request.role]
        worst = [(self._budget.in_unit(await self._worst(one)), one) for one in (request, *after)]
        whole = sum((cost for cost, _ in worst), Decimal(0))
        most, dearest = max(worst, key=lambda pair: pair[0])
        # A call always takes one of a cap in calls; in money and tokens it takes far less than it
        # may, so that after it there is nearly as much left as before.
        return _Need(dearest, whole if self._budget.unit == "calls" else most, whole)

    def _may_begin(self, need: _Need) -> bool:
        room = self._budget.left - self._promised
        return need.whole <= room or (not self._open and not self._hopeless(need))

    def _hopeless(self, need: _Need) -> bool:
        return need.dearest > self._budget.left

    def _take(self, row: _Row, need: _Need) -> None:
        row.promised = need.whole
        self._promise(need.whole, 1)

    def _promise(self, amount: Decimal, rows: int) -> None:
        self._promised += amount
        self._open += rows

    def _wake(self) -> None:
        while self._queue:
            row, need, turn = self._queue[0]
            if not turn.done():
                if self._may_begin(need):
                    self._take(row, need)
                    turn.set_result(None)
                elif self._hopeless(need):
                    turn.set_exception(self._reached(need))
                else:
                    return
            self._queue.popleft()

    def _reached(self, need: _Need) -> BudgetReached:
        error = self._budget.reached(need.dearest, "row")
        return explained(error, need.request, self._budget.unit)


def explained(error: BudgetReached, request: Request, unit: Unit) -> BudgetReached:
    """Where a cap on tokens is most of what did not fit, with that said, and how to lower it."""
    most = most_tokens(request)
    if unit == "calls" or most.output < most.input:
        return error
    role = request.role
    return BudgetReached(
        f"{error.message} Most of that is held back for the {role}'s cap of {most.output:,} "
        "tokens an answer; answers take less.",
        f"{error.hint} Or hold back less for each call: --max-tokens {role}=N with another folder, "
        "and --reuse of this one; autoevol cost says how long answers are.",
    )
