"""The one door to models: `Client.complete`.

Decides the order of things for every call: ledger, single flight, gate, hold, provider with
retries, settle, store. Each step's own rules live in the file of its name (`ledger`, `flights`,
`budget`, `retry`); what is asked is left to the roles, and who answers to the providers.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import TracebackType
from typing import Literal

from autoevol.errors import NotInLedger, Rejected, Unauthorised, Unavailable, UsageError
from autoevol.llm.bill import Bill
from autoevol.llm.budget import Amount, Budget
from autoevol.llm.flights import Flights
from autoevol.llm.ledger import Ledger
from autoevol.llm.messages import Request, Response, Usage
from autoevol.llm.prices import Prices, most_tokens
from autoevol.llm.provider import Provider, TryAgain
from autoevol.llm.retry import Patience

_THINKING_CAPS = (1, 2, 4)  # times max_tokens: an answer cut while thinking is asked again twice


@dataclass(frozen=True, slots=True)
class CallEvent:
    """What a progress line can say about a call.

    kind: done (answered), wait (nothing is wrong, something must come free first), retry (an
    attempt failed, the next follows after a wait). `seconds` is the attempt's duration, or the wait
    to come where it is known. `attempt` counts from 1. `in_flight` counts attempts now being made.
    """

    kind: Literal["done", "wait", "retry"]
    role: str
    model: str
    cached: bool = False
    usage: Usage = field(default_factory=Usage)
    cost: Decimal | None = None
    seconds: float = 0.0
    in_flight: int = 0
    attempt: int = 1
    note: str = ""


@dataclass(slots=True)
class _Line:
    """An open provider with its gate and its health."""

    provider: Provider
    gate: asyncio.Semaphore
    patience: Patience


class Client:
    """The door. Use it as an async context manager, in one event loop.

    Args:
        open_provider: makes the provider of a model (PROVIDER/NAME), cheaply: it may not load
            weights or use the network. It may give one provider for several models.
        ledger: where answers are kept; closed by who opened it.
        budget: the hard cap; told here what the ledger's folder has spent in its lifetime.
        prices: what calls cost.
        concurrency: calls in flight at most, over all providers.
        replay: answer from the ledger alone.
        attempts: attempts at one call before it is given up.
        patience_s: seconds without any connection before a provider is given up.
        on_call: told of every call, wait and retry.
        sleep, clock, chance: time and dice, for tests.
    """

    def __init__(
        self,
        *,
        open_provider: Callable[[str], Awaitable[Provider]],
        ledger: Ledger,
        budget: Budget,
        prices: Prices,
        concurrency: int = 8,
        replay: bool = False,
        attempts: int = 6,
        patience_s: float = 25.0,
        on_call: Callable[[CallEvent], None] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
        chance: random.Random | None = None,
    ) -> None:
        if concurrency < 1:
            raise UsageError(f"concurrency {concurrency} is below 1.", "Give at least 1.")
        self.usage = Bill()
        self._open_provider = open_provider
        self._ledger = ledger
        self._budget = budget
        self._prices = prices
        self._concurrency = concurrency
        self._replay = replay
        self._attempts = attempts
        self._patience_s = patience_s
        self._on_call = on_call
        self._sleep = sleep
        self._clock = clock
        self._chance = chance or random.Random()
        self._everywhere = asyncio.Semaphore(concurrency)
        self._in_flight = 0
        self._openings: Flights[_Line] = Flights()
        self._lines: dict[str, _Line] = {}
        self._flights: Flights[Response] = Flights()
        budget.start_from(ledger.spent())

    async def complete(self, request: Request) -> Response:
        """The answer to `request`, from the ledger if it is there.

        Raises:
            NotInLedger: in a replay, the ledger does not hold the call.
            BudgetReached: the call's worst case does not fit under the cap.
            UsageError: a cap in money, and no price is known for the model.
            Unavailable: this one call kept failing, or was cut while thinking; others may not.
            Unreachable, Unauthorised: the provider is of no use, now or later in this process.
            Rejected: the endpoint refuses this request for good.
            StorageFailed: the answer could not be kept.
        """
        line = await self._line(request.model)
        key = request.key(line.provider.identity)
        stored = self._ledger.get(key)
        if stored is not None:
            return self._free(request, stored)
        if self._replay:
            raise NotInLedger(
                f"the ledger holds no such call of the {request.role} to {request.model}.",
                "Replay the very settings of the run, or run without --replay.",
            )
        landed = await self._flights.share(key, lambda: self._fly(line, key, request))
        if landed.joined:
            return self._free(request, replace(landed.value, cached=True))
        return landed.value

    async def aclose(self) -> None:
        """Call off what is in the air and close all providers. The ledger stays open."""
        await self._openings.call_off()
        await self._flights.call_off()
        providers = {id(line.provider): line.provider for line in self._lines.values()}
        self._lines.clear()
        for provider in providers.values():
            await provider.aclose()

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def _line(self, model: str) -> _Line:
        line = self._lines.get(model)
        if line is None:
            line = (await self._openings.share(model, lambda: self._open(model))).value
        return line

    async def _open(self, model: str) -> _Line:
        provider = await self._open_provider(model)
        for known in self._lines.values():
            if known.provider is provider:
                self._lines[model] = known
                return known
        cap = min(self._concurrency, provider.max_inflight or self._concurrency)
        patience = Patience(
            provider.name,
            self._attempts,
            self._patience_s,
            self._clock,
            self._sleep,
            self._chance,
        )
        line = self._lines[model] = _Line(provider, asyncio.Semaphore(cap), patience)
        return line

    async def _fly(self, line: _Line, key: str, request: Request) -> Response:
        """Gate, ask, store: the way of a call that the ledger does not hold."""
        async with line.gate:
            response, seconds = await self._ask(line, key, request)
            # Inside the gate: what a kill can lose is never more than the calls allowed in flight.
            await self._ledger.put(key, request, response, seconds)
        self.usage.paid(request.role, request.model, response.usage, response.cost)
        self._say("done", request, response=response, seconds=seconds)
        return response

    async def _ask(self, line: _Line, key: str, request: Request) -> tuple[Response, float]:
        """Ask until the answer is not one that was cut while thinking."""
        for times in _THINKING_CAPS:
            asked = replace(request, max_tokens=request.max_tokens * times)
            try:
                response, seconds = await self._persist(line, key, asked)
            except Rejected as error:
                if times == 1:
                    raise
                raise _cut_while_thinking(asked) from error  # the larger cap was refused
            if response.finish != "thinking":
                return response, seconds
            self._lose(key, asked, response.usage, response.cost, "thinking", seconds)
            self._say("retry", request, note=f"cut while thinking at {asked.max_tokens} tokens")
        raise _cut_while_thinking(asked)

    async def _persist(self, line: _Line, key: str, request: Request) -> tuple[Response, float]:
        """Attempt until there is an answer or patience ends."""
        failed = {True: 0, False: 0}
        while True:
            await line.patience.ready()
            outcome, seconds = await self._attempt(line, key, request)
            if isinstance(outcome, Response):
                return outcome, seconds
            failed[outcome.connected] += 1
            wait = line.patience.wait_s(outcome, request.model, failed[outcome.connected], seconds)
            note = f"waiting {wait:.0f} s: {outcome.reason}"
            self._say("retry", request, seconds=wait, attempt=sum(failed.values()), note=note)
            await self._sleep(wait)

    async def _attempt(
        self, line: _Line, key: str, request: Request
    ) -> tuple[Response | TryAgain, float]:
        """Hold, send once, settle."""
        worst = self._worst(line, request)
        if self._budget.must_wait(worst):
            self._say("wait", request, note="waiting for room in the budget")
        hold = await self._budget.hold(worst)
        spent, lost = Amount(), ""
        began = self._clock()
        try:
            async with self._everywhere:
                began = self._clock()
                # From here on it may have been sent, whatever ends it: an error or a cancellation.
                spent, lost = worst, "cut off"
                self._in_flight += 1
                try:
                    response = await line.provider.complete(request)
                finally:
                    self._in_flight -= 1
            line.patience.connected()
            cost = self._price(line, request, response.usage)
            spent, lost = Amount(1, response.usage.input + response.usage.output, cost), ""
            return replace(response, cost=cost), self._clock() - began
        except TryAgain as error:
            spent, lost = (worst, error.reason) if error.sent else (Amount(), "")
            return error, self._clock() - began
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
                most = most_tokens(request)
                cost = self._price(line, request, most)
                self._lose(key, request, most, cost, lost, self._clock() - began)

    def _worst(self, line: _Line, request: Request) -> Amount:
        """What to hold. Priced only under a cap in money: a first request waits for no price list.

        Raises UsageError where there is such a cap and no price is known.
        """
        most = most_tokens(request)
        if not self._budget.needs_price():
            return Amount(1, most.input + most.output)
        cost = self._price(line, request, most)
        if cost is None:
            raise UsageError(
                f"a budget in money cannot be kept: no price is known for {request.model}.",
                f"Give its price in [endpoints.{line.provider.name}], or cap tokens or calls.",
            )
        return Amount(1, most.input + most.output, cost)

    def _price(self, line: _Line, request: Request, usage: Usage) -> Decimal | None:
        identity = line.provider.identity
        address = identity if identity.startswith("http") else ""
        return self._prices.price(line.provider.name, request.model, usage, address)

    def _lose(
        self,
        key: str,
        request: Request,
        usage: Usage,
        cost: Decimal | None,
        reason: str,
        seconds: float,
    ) -> None:
        """Book what was sent and brought no answer to keep."""
        self.usage.lost(request.role, request.model, usage, cost)
        self._ledger.lose(key, request, usage, cost, reason, seconds)

    def _free(self, request: Request, response: Response) -> Response:
        self.usage.hit(request.role, request.model)
        self._say("done", request, response=response)
        return response

    def _say(
        self,
        kind: Literal["done", "wait", "retry"],
        request: Request,
        *,
        response: Response | None = None,
        seconds: float = 0.0,
        attempt: int = 1,
        note: str = "",
    ) -> None:
        if self._on_call is None:
            return
        self._on_call(
            CallEvent(
                kind,
                request.role,
                request.model,
                cached=response.cached if response else False,
                usage=response.usage if response else Usage(),
                cost=response.cost if response else None,
                seconds=seconds,
                in_flight=self._in_flight,
                attempt=attempt,
                note=note,
            )
        )


def _cut_while_thinking(asked: Request) -> Unavailable:
    return Unavailable(
        f"{asked.model} was cut off while thinking, at {asked.max_tokens} tokens at last.",
        "Give the role a larger token cap or less reasoning effort.",
    )
