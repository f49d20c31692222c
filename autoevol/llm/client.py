"""The one door to models: `Client.complete`.

Decides the order of things for every call: ledger, promise, single flight, gate, hold, provider
with retries, settle, store. Each step's own rules live in the file of its name (`ledger`,
`promises`, `flights`, `attempts`, `budget`, `retry`); what is asked is left to the roles, who
answers to the providers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from types import TracebackType

from autoevol.counted import several
from autoevol.errors import BudgetReached, CutThinking, NotInLedger, Rejected, UsageError
from autoevol.llm.attempts import Answered, Attempts, Line, address_of
from autoevol.llm.batches.apis import batch_api
from autoevol.llm.batches.batches import Batches, Post
from autoevol.llm.bill import Bill, BillRow
from autoevol.llm.brake import Brake
from autoevol.llm.budget import Amount, Budget
from autoevol.llm.clockwork import Clockwork
from autoevol.llm.events import CallEvent, Listener
from autoevol.llm.flights import Flights
from autoevol.llm.ledger import Ledger
from autoevol.llm.messages import Request, Response
from autoevol.llm.pace import Pace
from autoevol.llm.prices import Prices, Rates
from autoevol.llm.promises import Following, Promises
from autoevol.llm.provider import Provider
from autoevol.llm.retry import Patience
from autoevol.llm.tuning import AS_USUAL, Tuning

__all__ = ["CallEvent", "Client"]

ATTEMPTS = 6
"""At one call, before it is given up."""
_THINKING_CAPS = (1, 2, 4)  # times max_tokens: an answer cut while thinking is asked again twice


class Client:
    """The door. Use it as an async context manager, in one event loop.

    Args:
        open_provider: makes the provider of a model (PROVIDER/NAME), cheaply: it may not load
            weights or use the network. It may give one provider for several models.
        ledger: where answers are kept; closed by who opened it, after the client.
        budget: the hard cap; told here what the ledger's folder has spent in its lifetime.
        prices: what calls cost.
        concurrency: calls in flight at most, over all providers.
        replay: answer from the ledger alone.
        patience_s: seconds without any connection before a provider is given up that never
            answered.
        on_call: told of every call, wait and retry.
        batches: send what can go by batch that way; None makes every call by itself.
        tuning: temperatures and caps that the user asks for, by role.
        clockwork: waiting, seconds and dice; None is the world's.
        brake: pulled by who wants the run to end; then what was sent may land before it is closed.
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
        patience_s: float = 25.0,
        on_call: Listener | None = None,
        batches: Post | None = None,
        tuning: Tuning = AS_USUAL,
        clockwork: Clockwork | None = None,
        brake: Brake | None = None,
    ) -> None:
        if concurrency < 1:
            raise UsageError(f"concurrency {concurrency} is below 1.", "Give at least 1.")
        works = clockwork or Clockwork()
        budget.start_from(ledger.spent())
        self.usage = Bill()
        self._open_provider = open_provider
        self._ledger = ledger
        self._concurrency = concurrency
        self._replay = replay
        self._on_call = on_call
        self._tuning = tuning
        self._brake = brake or Brake()
        self._attempts = Attempts(
            budget,
            prices,
            ledger,
            self.usage,
            asyncio.Semaphore(concurrency),
            works.clock,
            works.sleep,
            self._tell,
            self._brake,
        )
        self._batches = None if batches is None else Batches(batches, self._attempts)
        self._promises = Promises(budget, self._worst, self._note)
        self._patience = partial(
            Patience,
            attempts=ATTEMPTS,
            patience_s=patience_s,
            clock=works.clock,
            sleep=works.sleep,
            chance=works.chance,
            told=self._note,
        )
        self._pace = partial(Pace, clock=works.clock, sleep=works.sleep)
        self._served = ledger.served()
        self._lines: dict[str, Line] = {}
        self._openings: Flights[Line] = Flights()
        self._flights: Flights[Response] = Flights(self._lands)

    async def complete(self, request: Request) -> Response:
        """The answer to `request`, from the ledger if it is there.

        Raises:
            NotInLedger: in a replay, the ledger does not hold the call.
            BudgetReached: the call's worst case does not fit under the cap.
            UsageError: a cap in money, and no price is known for the model.
            Unavailable: this one call kept failing; others may not. Hopeless: and it always will.
            Unreachable, Unauthorised: the provider is of no use, now or later in this process.
            Rejected: the endpoint refuses this request for good.
            StorageFailed: the answer could not be kept.
        """
        request, line = self._tuning.tuned(request), await self._line(request.model)
        key = request.key(line.provider.identity)
        stored = self._ledger.get(key)
        if stored is None and not self._replay:
            stored = await self._begin(key, request)
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

    def row(self, following: Following) -> AbstractContextManager[None]:
        """What is asked inside is of one row, which begins only where the budget lets it be
        finished (see `promises`)."""
        return self._promises.row(lambda: list(map(self._tuning.tuned, following())))

    async def rates(self, model: str) -> Rates:
        """What a model's calls come to per token, online and by batch."""
        provider = (await self._line(model)).provider
        return self._attempts.prices.rates(provider.name, model, address_of(provider))

    async def identity(self, model: str) -> str:
        """Who answers for a model, as the keys of its calls have it (see `llm.provider`)."""
        return (await self._line(model)).provider.identity

    def bill(self) -> tuple[BillRow, ...]:
        """What the folder spent up to now, by role and model."""
        return self._ledger.rows()

    async def aclose(self) -> None:
        """Call off what is in the air, or let it land where the brake was pulled, and close all
        providers. The ledger stays open."""
        await self._openings.call_off()
        if landing := self._flights.alone():
            calls = several(len(landing), "call")
            note = f"Waiting for {calls} in flight, {self._brake.seconds:.0f} s at most."
            self._note(note)
            await asyncio.wait(landing, timeout=self._brake.seconds)
        await self._flights.call_off()
        if self._batches is not None:
            await self._batches.aclose()
        providers = {id(line.provider): line.provider for line in self._lines.values()}
        self._lines.clear()
        for provider in providers.values():
            await provider.aclose()

    async def __aenter__(self) -> Client:
        if self._batches is not None and not self._replay:
            await self._batches.resume(self._line)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def _line(self, model: str) -> Line:
        line = self._lines.get(model)
        if line is None:
            line = (await self._openings.share(model, lambda: self._open(model))).value
        return line

    async def _open(self, model: str) -> Line:
        provider = await self._open_provider(model)
        line = next((one for one in self._lines.values() if one.provider is provider), None)
        if line is None:
            cap = min(self._concurrency, provider.max_inflight or self._concurrency)
            api = None if self._batches is None else batch_api(provider)
            if self._batches is not None and api is not None and self._batches.post.sends:
                cap = self._batches.post.calls
            pace = self._pace(
                provider.limits, cap, told=partial(self._notice, provider.name, model)
            )
            gate, patience = asyncio.Semaphore(cap), self._patience(provider.name)
            line = Line(provider, gate, patience, pace, api)
        self._lines[model] = line
        return line

    def _lands(self, key: str) -> bool:
        return self._brake.pulled and key in self._attempts.sent

    async def _fly(self, line: Line, key: str, request: Request) -> Response:
        """Gate, ask, store: the way of a call that the ledger does not hold."""
        async with line.gate:
            try:
                response, seconds, stored = await self._ask(line, key, request)
                if response.cached:
                    return self._free(request, response)
                # Inside the gate: a kill can never lose more than the calls allowed in flight.
                if not stored:
                    await self._ledger.put(key, request, response, seconds)
            finally:
                self._attempts.sent.discard(key)
        self.usage.paid(request.role, request.model, response.usage, response.cost)
        self._say(request, response, seconds)
        self._notice_change(request, response)
        return response

    async def _ask(self, line: Line, key: str, request: Request) -> Answered:
        """Ask until the answer is not one that was cut while thinking."""
        for times in _THINKING_CAPS:
            more = request.max_tokens * times
            asked = request if times == 1 else replace(request, max_tokens=more)
            try:
                answered = await self._persist(line, key, asked)
            except Rejected as error:
                if times == 1:
                    raise
                raise _cut_while_thinking(asked) from error  # the larger cap was refused
            response, seconds, _ = answered
            if response.finish != "thinking":
                return answered
            self._attempts.lose(key, asked, response.usage, response.cost, "thinking", seconds)
        raise _cut_while_thinking(asked)

    async def _persist(self, line: Line, key: str, asked: Request) -> Answered:
        batches = self._posted(line)
        if batches is None:
            return await self._attempts.persist(line, key, asked)
        return await batches.persist(line, key, asked)

    def _posted(self, line: Line) -> Batches | None:
        """The batches that calls to a model leave by, None where they leave one by one."""
        batches = self._batches
        return batches if batches and line.batches is not None and batches.post.sends else None

    async def _begin(self, key: str, request: Request) -> Response | None:
        """Wait until a call may be sent; its answer where another row brought it meanwhile."""
        try:
            waited = await self._promises.begin(request)
        except BudgetReached:
            if (stored := self._ledger.get(key)) is None:
                raise
            return stored
        return self._ledger.get(key) if waited else None

    async def _worst(self, request: Request) -> Amount:
        """What a call may cost at most, the way it leaves."""
        request, line = self._tuning.tuned(request), await self._line(request.model)
        return (self._posted(line) or self._attempts).worst(line, request)

    def _free(self, request: Request, response: Response) -> Response:
        self.usage.hit(request.role, request.model)
        self._say(request, response, 0.0)
        return response

    def _say(self, request: Request, response: Response, seconds: float) -> None:
        if self._on_call is None:
            return
        self._on_call(
            CallEvent(
                "done",
                request.role,
                request.model,
                cached=response.cached,
                usage=response.usage,
                cost=response.cost,
                seconds=seconds,
                in_flight=self._attempts.in_flight
                + (self._batches.waiting if self._batches is not None else 0),
            )
        )

    def _notice_change(self, request: Request, response: Response) -> None:
        """Say once when another model answers under the same name as before in this folder."""
        before = self._served.setdefault(request.model, response.served)
        if response.served and response.served != before:
            self._served[request.model] = response.served
            note = f"{request.model} is now served as {response.served}, before as {before}"
            self._tell(CallEvent("wait", request.role, request.model, note=note))

    def _note(self, line: str) -> None:
        self._tell(CallEvent("note", "", "", note=line))

    def _notice(self, name: str, model: str, line: str) -> None:
        self._tell(CallEvent("wait", name, model, note=line))

    def _tell(self, event: CallEvent) -> None:
        if self._on_call is not None:
            self._on_call(event)


def _cut_while_thinking(asked: Request) -> CutThinking:
    return CutThinking(
        f"{asked.model} was cut off while thinking, at {asked.max_tokens} tokens at last.",
        f"Give it more: --max-tokens {asked.role}=N, or a model that thinks less.",
    )
