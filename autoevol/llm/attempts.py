"""One call on the wire: hold, send, settle, and again while patience lasts.

Decides what an attempt costs, however it ends, and that each one is booked. Whether an answer is
wanted at all, shared or kept is left to `client`; how long to wait to `retry`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from autoevol.counted import several
from autoevol.errors import BudgetReached, Garbled, Rejected, Unauthorised, Unavailable
from autoevol.llm.batches.api import BatchApi
from autoevol.llm.bill import Bill
from autoevol.llm.brake import Brake
from autoevol.llm.budget import Amount, Budget, Hold
from autoevol.llm.events import CallEvent, Listener
from autoevol.llm.ledger import Ledger
from autoevol.llm.messages import Request, Response, Usage
from autoevol.llm.pace import Pace
from autoevol.llm.prices import Prices, most_tokens, no_price
from autoevol.llm.promises import explained
from autoevol.llm.provider import Provider, TryAgain
from autoevol.llm.retry import Patience, Trouble


@dataclass(frozen=True, slots=True)
class Line:
    """An open provider, its gate, health and pace; `batches` where calls wait for each other."""

    provider: Provider
    gate: asyncio.Semaphore
    patience: Patience
    pace: Pace
    batches: BatchApi | None = None


class Answered(NamedTuple):
    """An answer with its cost, the seconds it took, and whether it is in the ledger already."""

    response: Response
    seconds: float
    stored: bool = False


class _Failed(NamedTuple):
    error: TryAgain
    seconds: float


@dataclass(slots=True)
class Attempts:
    """Makes attempts for one client.

    Args:
        budget, prices, ledger, bill: where an attempt is held, priced and booked.
        everywhere: the cap on attempts at once, over all providers.
        clock, sleep: monotonic seconds, and waiting some.
        tell: told of waits and retries.
        brake: pulled when nothing more may be sent.
    """

    budget: Budget
    prices: Prices
    ledger: Ledger
    bill: Bill
    everywhere: asyncio.Semaphore
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    tell: Listener
    brake: Brake = field(default_factory=Brake)
    in_flight: int = 0
    bound: bool = False
    sent: set[str] = field(default_factory=set)
    """Keys of the calls that are with an endpoint, or whose answer is being kept."""

    async def persist(self, line: Line, key: str, request: Request) -> Answered:
        """Attempt until there is an answer or patience ends. Raises as `Client.complete`."""
        trouble = Trouble()
        while True:
            async with line.patience.turn():
                outcome = await self._once(line, key, request)
            if isinstance(outcome, Answered):
                return outcome
            self._go_on()
            error, seconds = outcome
            try:
                wait = line.patience.wait_s(error, request.model, trouble, seconds)
            except Unavailable as end:
                if trouble.garbled == trouble.failed:
                    raise Garbled(end.message, end.hint) from error
                raise
            times = trouble.failed + trouble.unconnected
            self._tell("retry", request, wait, times, f"waiting {wait:.0f} s: {error}")
            await self.sleep(wait)

    def lose(
        self, key: str, request: Request, usage: Usage, cost: Decimal | None, why: str, secs: float
    ) -> None:
        """Book what was sent and brought no answer to keep."""
        self.bill.lost(request.role, request.model, usage, cost)
        self.ledger.lose(key, request, usage, cost, why, secs)

    async def _once(self, line: Line, key: str, request: Request) -> Answered | _Failed:
        most, worst = most_tokens(request), self.worst(line, request)
        hold = await self.hold(request, worst)
        spent, lost, kept = Amount(), "", False
        price: Decimal | None = None
        began = self.clock()
        try:
            async with line.pace.leave(request) as answered, self.everywhere:
                self._go_on()
                if self.budget.cap is not None:  # else a kill takes nothing that anyone keeps to
                    price = self._price(line, request, most, _asked_tier(line))
                    self.ledger.sending(key, request, most, price)
                began = self.clock()
                # From here on it may have been sent, whatever ends it: an error or a cancellation.
                spent, lost = worst, "cut off"
                self.in_flight += 1
                self.sent.add(key)
                try:
                    response = await line.provider.complete(request)
                finally:
                    self.in_flight -= 1
                answered(response)
            line.patience.answered()
            cost = self._price(line, request, response.usage, response.tier)
            spent, lost = Amount(1, response.usage.input + response.usage.output, cost), ""
            priced = response if cost is response.cost else replace(response, cost=cost)
            kept = True
            return Answered(priced, self.clock() - began)
        except TryAgain as error:
            spent, lost = (worst, error.reason) if error.sent else (Amount(), "")
            return _Failed(error, self.clock() - began)
        except Unauthorised as error:
            spent, lost = Amount(), ""
            line.patience.refused(error)
            raise
        except Rejected:
            spent, lost = Amount(), ""
            line.patience.connected()
            raise
        finally:
            hold.settle(spent)
            if lost:
                cost = price or self._price(line, request, most, _asked_tier(line))
                self.lose(key, request, most, cost, lost, self.clock() - began)
            elif not kept:
                self.ledger.unsent(key)
            if not kept:
                self.sent.discard(key)

    async def hold(self, request: Request, worst: Amount) -> Hold:
        """Reserve a call. Raises as `Budget.hold`, and says which cap makes it dear."""
        self._say_if_bound(worst)
        try:
            return await self.budget.hold(worst)
        except BudgetReached as error:
            raise explained(error, request, self.budget.unit) from None

    def _say_if_bound(self, worst: Amount) -> None:
        """Say once that the budget lets fewer calls out at a time than the cap on them does."""
        if self.bound or not self.budget.open or not self.budget.must_wait(worst):
            return
        self.bound = True
        note = (
            f"The budget holds {several(self.budget.open, 'call')} at once for now: each reserves "
            "its worst case until it is answered. More wait for room."
        )
        self.tell(CallEvent("note", "", "", note=note))

    def _go_on(self) -> None:
        """Raise CancelledError where nothing more may be sent."""
        if self.brake.pulled:
            raise asyncio.CancelledError

    def worst(self, line: Line, request: Request) -> Amount:
        """What to hold. Priced only under a cap in money: a first request waits for no price list.

        Raises UsageError where there is such a cap and no price is known.
        """
        if not self.budget.needs_price():
            most = most_tokens(request)
            return Amount(1, most.input + most.output)
        worst = self.prices.worst(
            line.provider.name, request, address_of(line.provider), ("", _asked_tier(line))
        )
        if worst.money is None:
            raise no_price(request.model)
        return worst

    def _price(self, line: Line, request: Request, usage: Usage, tier: str = "") -> Decimal | None:
        provider = line.provider
        return self.prices.price(provider.name, request.model, usage, address_of(provider), tier)

    def _tell(self, kind: str, request: Request, seconds: float, attempt: int, note: str) -> None:
        self.tell(
            CallEvent(
                "retry" if kind == "retry" else "wait",
                request.role,
                request.model,
                seconds=seconds,
                in_flight=self.in_flight,
                attempt=attempt,
                note=note,
            )
        )


def _asked_tier(line: Line) -> str:
    """The tier that is asked for, '' where it is the usual one."""
    return getattr(line.provider, "tier", "")


def address_of(provider: Provider) -> str:
    """The provider's URL, '' where its identity is not one."""
    return provider.identity if provider.identity.startswith("http") else ""
