"""The one door: each call is sent once, paid once, kept, and given up in good order."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.errors import (
    BudgetReached,
    NotInLedger,
    Rejected,
    Unauthorised,
    Unavailable,
    Unreachable,
    UsageError,
)
from autoevol.llm.brake import Brake
from autoevol.llm.budget import Budget
from autoevol.llm.client import CallEvent, Client
from autoevol.llm.clockwork import Clockwork
from autoevol.llm.fake import FakeProvider, Script, echo
from autoevol.llm.ledger import Ledger
from autoevol.llm.messages import Message, Request, Response, Usage
from autoevol.llm.prices import EndpointPrice, Prices, Rate, Rates
from autoevol.llm.provider import Provider, TryAgain


def request(text: str = "hello", **more: object) -> Request:
    fields: dict[str, object] = {
        "model": "fake/echo",
        "role": "evolver",
        "max_tokens": 20,
        **more,
    }
    return Request(messages=(Message("user", text),), **fields)  # type: ignore[arg-type]


@dataclass
class Time:
    """A clock that only sleeping moves."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


@dataclass
class Door:
    """A client over one fake provider, with everything a test wants to look at."""

    client: Client
    provider: FakeProvider
    ledger: Ledger
    budget: Budget
    time: Time
    events: list[CallEvent]
    opened: list[str]


@asynccontextmanager
async def door(
    script: Script = echo,
    *,
    path: Path | str = ":memory:",
    latency: float = 0.0,
    budget: str | None = None,
    prices: Prices | None = None,
    max_inflight: int | None = None,
    on_call: Callable[[CallEvent], None] | None = None,
    **more: object,
) -> AsyncIterator[Door]:
    provider = FakeProvider(script, latency, max_inflight=max_inflight)
    time, events, opened = Time(), list[CallEvent](), list[str]()

    async def open_provider(model: str) -> Provider:
        opened.append(model)
        await asyncio.sleep(0)
        return provider

    cap = Budget.parse(budget)
    with Ledger(path) as ledger:
        async with Client(
            open_provider=open_provider,
            ledger=ledger,
            budget=cap,
            prices=prices or Prices(),
            on_call=on_call or events.append,
            clockwork=Clockwork(time.sleep, time.clock, random.Random(1)),
            **more,  # type: ignore[arg-type]
        ) as client:
            yield Door(client, provider, ledger, cap, time, events, opened)


def failing(times: int, error: Callable[[], Exception]) -> Script:
    """A script that fails so many times before it echoes."""
    left = iter(range(times))

    def script(asked: Request) -> str:
        if next(left, None) is not None:
            raise error()
        return echo(asked)

    return script


# Ledger, single flight, gate


async def test_a_stored_call_is_free_and_counted_as_cached(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    async with door(path=path) as first:
        answer = await first.client.complete(request())
        assert (answer.text, answer.cached, answer.cost) == ("hello", False, Decimal(0))
    async with door(path=path, budget="1calls") as second:
        again = await second.client.complete(request(role="judge"))
        assert (again.text, again.cached) == ("hello", True)
        assert second.provider.calls == 0
        (row,) = second.client.usage.rows()
        assert (row.role, row.calls, row.cached_calls, row.input) == ("judge", 0, 1, 0)
        assert [event.cached for event in second.events] == [True]


async def test_an_answer_is_handed_on_only_after_it_is_stored() -> None:
    async with door() as it:
        answer = await it.client.complete(request())
        row = it.ledger._writer.execute("SELECT count(*) FROM calls").fetchone()
        assert row == (1,)
        assert not answer.cached


async def test_equal_calls_in_the_air_share_one() -> None:
    async with door(latency=0.02) as it:
        answers = await asyncio.gather(*(it.client.complete(request()) for _ in range(9)))
        assert it.provider.calls == 1
        assert it.opened == ["fake/echo"]
        assert sorted(answer.cached for answer in answers) == [False] + 8 * [True]
        (row,) = it.client.usage.rows()
        assert (row.calls, row.cached_calls) == (1, 8)


async def test_different_samples_are_different_calls() -> None:
    async with door() as it:
        await asyncio.gather(*(it.client.complete(request(sample=n)) for n in range(3)))
        assert it.provider.calls == 3


async def test_a_waiter_who_leaves_does_not_take_the_answer_from_others() -> None:
    async with door(latency=0.03) as it:
        first, *others = [asyncio.create_task(it.client.complete(request())) for _ in range(3)]
        await asyncio.sleep(0.01)
        first.cancel()
        answers = await asyncio.gather(*others)
        assert {answer.text for answer in answers} == {"hello"}
        assert first.cancelled()
        assert it.provider.calls == 1


async def test_a_call_nobody_waits_for_is_called_off_and_counts_as_spent() -> None:
    async with door(latency=5, budget="2calls") as it:
        task = asyncio.create_task(it.client.complete(request()))
        await asyncio.sleep(0.01)
        assert it.provider.in_flight == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0.01)
        assert it.provider.in_flight == 0
        assert it.budget.spent.calls == 1
        assert it.client.usage.total().lost_calls == 1
        late = asyncio.create_task(it.client.complete(request()))
        await asyncio.sleep(0.01)
        assert it.provider.calls == 2
        late.cancel()


async def test_nobody_joins_a_call_that_is_being_called_off() -> None:
    async with door(latency=0.02) as it:
        first = asyncio.create_task(it.client.complete(request()))
        await asyncio.sleep(0.005)
        first.cancel()
        second = asyncio.create_task(it.client.complete(request()))
        assert (await second).text == "hello"
        assert it.provider.calls == 2


async def test_closing_ends_what_is_in_the_air() -> None:
    async with door(latency=5) as it:
        task = asyncio.create_task(it.client.complete(request()))
        await asyncio.sleep(0.01)
        await it.client.aclose()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert it.provider.in_flight == 0


@pytest.mark.parametrize(("concurrency", "own", "peak"), [(3, None, 3), (8, 2, 2), (2, 9, 2)])
async def test_the_gate_is_the_smaller_of_two_caps(
    concurrency: int, own: int | None, peak: int
) -> None:
    async with door(latency=0.005, concurrency=concurrency, max_inflight=own) as it:
        await asyncio.gather(*(it.client.complete(request(str(n))) for n in range(12)))
        assert it.provider.peak == peak


async def test_two_providers_together_keep_the_one_concurrency() -> None:
    inside = peak = 0

    async def script(asked: Request) -> str:
        nonlocal inside, peak
        inside += 1
        peak = max(peak, inside)
        await asyncio.sleep(0.005)
        inside -= 1
        return "ok"

    async def open_provider(model: str) -> Provider:
        return FakeProvider(script, title=model)

    with Ledger(":memory:") as ledger:
        async with Client(
            open_provider=open_provider,
            ledger=ledger,
            budget=Budget(),
            prices=Prices(),
            concurrency=4,
        ) as client:
            calls = [request(str(n), model=f"fake/{n % 2}") for n in range(16)]
            await asyncio.gather(*(client.complete(call) for call in calls))
    assert peak == 4


async def test_a_provider_that_cannot_be_opened_is_asked_again_next_time() -> None:
    asked = 0

    async def open_provider(model: str) -> Provider:
        nonlocal asked
        asked += 1
        raise UsageError(f"no {model}")

    with Ledger(":memory:") as ledger:
        async with Client(
            open_provider=open_provider, ledger=ledger, budget=Budget(), prices=Prices()
        ) as client:
            for _ in range(2):
                with pytest.raises(UsageError, match="no fake/echo"):
                    await client.complete(request())
    assert asked == 2


# Replay


async def test_a_replay_sends_nothing_and_names_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    async with door(path=path) as it:
        await it.client.complete(request("known"))
    async with door(path=path, replay=True) as again:
        assert (await again.client.complete(request("known"))).text == "known"
        with pytest.raises(NotInLedger) as caught:
            await again.client.complete(request("new", role="judge"))
        assert "judge" in caught.value.message
        assert "fake/echo" in caught.value.message
        assert again.provider.calls == 0


# Retries


async def test_retry_after_is_honoured_and_said() -> None:
    script = failing(1, lambda: TryAgain("429", retry_after=4.0, sent=False))
    async with door(script, budget="1calls") as it:
        assert (await it.client.complete(request())).text == "hello"
        assert 4.0 <= it.time.slept[0] <= 4.4
        assert [event.kind for event in it.events] == ["retry", "done"]
        assert it.events[0].note == "waiting 4 s: 429"
        assert it.client.usage.total().lost_calls == 0


async def test_others_wait_out_a_retry_after_too() -> None:
    asked: list[tuple[str, float]] = []

    def script(it: Request) -> str:
        asked.append((it.messages[0].content, outer.time.now))
        if len(asked) == 1:
            raise TryAgain("429", retry_after=5.0, sent=False)
        return "ok"

    waits = asyncio.Event()
    tell = lambda event: waits.set() if event.kind == "retry" else None  # noqa: E731
    async with door(script, concurrency=2, on_call=tell) as outer:
        first = asyncio.create_task(outer.client.complete(request("a")))
        await asyncio.wait_for(waits.wait(), 1)
        outer.time.now = 1.0  # the first call is still waiting when the second comes
        await outer.client.complete(request("b"))
        await first
    assert all(moment >= 5.0 for _, moment in asked[1:])


async def test_waits_grow_and_are_spread() -> None:
    async with door(failing(5, lambda: TryAgain("500"))) as it:
        await it.client.complete(request())
    assert len(it.time.slept) == 5
    assert all(0.25 * 2**n <= wait <= 0.5 * 2**n for n, wait in enumerate(it.time.slept))


async def test_a_call_that_keeps_failing_is_given_up_but_others_are_not() -> None:
    script = failing(6, lambda: TryAgain("500", sent=False))
    async with door(script) as it:
        with pytest.raises(Unavailable, match=r"6 attempts.*500"):
            await it.client.complete(request("a"))
        assert it.provider.calls == 6
        assert (await it.client.complete(request("b"))).text == "b"
        assert it.ledger.spent().calls == 1


async def test_an_endpoint_that_wants_an_hour_is_not_waited_for() -> None:
    async with door(failing(1, lambda: TryAgain("429", retry_after=3600))) as it:
        with pytest.raises(Unavailable, match="3600 s"):
            await it.client.complete(request())
        assert it.time.slept == []


async def test_sent_and_lost_attempts_count_as_spent_in_this_run_and_the_next(
    tmp_path: Path,
) -> None:
    path = tmp_path / "l.sqlite"
    async with door(failing(2, lambda: TryAgain("no answer in time")), path=path) as it:
        await it.client.complete(request())
        assert it.budget.spent.calls == 3
        row = it.client.usage.total()
        assert (row.calls, row.lost_calls) == (1, 2)
        assert row.output == 41  # twice the cap of 20, and one word
    async with door(path=path, budget="3calls") as later:
        assert later.budget.spent == it.budget.spent
        with pytest.raises(BudgetReached):
            await later.client.complete(request("new"))


@pytest.mark.parametrize("error", [Rejected("400"), Unauthorised("401")])
async def test_what_cannot_be_mended_is_not_repeated_and_costs_nothing(error: Exception) -> None:
    async with door(failing(1, lambda: error), budget="1calls") as it:
        with pytest.raises(type(error)):
            await it.client.complete(request())
        assert it.provider.calls == 1
        assert it.budget.spent.calls == 0


async def test_after_one_refused_key_all_calls_fail_at_once_but_stored_ones() -> None:
    left = iter([False, True])

    def script(asked: Request) -> str:
        if next(left):
            raise Unauthorised("wrong key", "Check OPENAI_API_KEY.")
        return "stored"

    async with door(script) as it:
        await it.client.complete(request("a"))
        for _ in range(3):
            with pytest.raises(Unauthorised, match="OPENAI_API_KEY"):
                await it.client.complete(request("b"))
        assert it.provider.calls == 2
        assert (await it.client.complete(request("a"))).cached


async def test_an_address_where_nobody_answers_is_given_up_within_patience() -> None:
    def script(asked: Request) -> str:
        raise TryAgain("connection refused", connected=False, sent=False)

    async with door(script) as it:
        calls = [it.client.complete(request(str(n))) for n in range(20)]
        ends = await asyncio.gather(*calls, return_exceptions=True)
        assert {type(end) for end in ends} == {Unreachable}
        sent = it.provider.calls
        with pytest.raises(Unreachable, match="connection refused"):
            await it.client.complete(request("later"))
        assert it.provider.calls == sent
    assert it.time.now <= 30
    assert it.budget.spent.calls == 0


async def test_an_attempt_that_would_end_after_patience_is_not_begun() -> None:
    async with door() as it:

        async def script(asked: Request) -> str:
            it.time.now += 10  # what a connection attempt takes before it is given up
            raise TryAgain("no connection in time", connected=False, sent=False)

        it.provider._script = script
        with pytest.raises(Unreachable):
            await it.client.complete(request())
        assert 10 < it.time.now <= 25


async def test_a_short_outage_is_waited_out_however_many_knocks_it_takes() -> None:
    def script(asked: Request) -> str:
        if it.time.now < 20:
            raise TryAgain("connection refused", connected=False, sent=False)
        return "back"

    async with door(script) as it:
        assert (await it.client.complete(request())).text == "back"
        assert it.provider.calls > 6


async def test_two_short_outages_are_not_one_long_one() -> None:
    answered: list[float] = []

    def script(asked: Request) -> str:
        if it.time.now < 10 or (answered and it.time.now < 28):
            raise TryAgain("connection refused", connected=False, sent=False)
        answered.append(it.time.now)
        if len(answered) == 1:
            raise TryAgain("500")
        return "back"

    async with door(script) as it:
        assert (await it.client.complete(request())).text == "back"


DOWN: dict[str, Callable[[], TryAgain]] = {
    "refused": lambda: TryAgain("connection refused", connected=False, sent=False),
    "503": lambda: TryAgain("503: not now", sent=False),
}


def away_between(it: Door, kind: str, begin: float, end: float) -> None:
    """Let the provider answer, but for the seconds between; an attempt takes one of them."""

    async def script(asked: Request) -> str:
        it.time.now += 1
        await asyncio.sleep(0)
        if begin <= it.time.now < end:
            raise DOWN[kind]()
        return "ok"

    it.provider._script = script


@pytest.mark.parametrize("kind", DOWN)
@pytest.mark.parametrize("seconds", [25, 75, 250])
async def test_an_endpoint_that_answered_is_waited_for_and_that_is_said(
    kind: str, seconds: float
) -> None:
    async with door(concurrency=4) as it:
        away_between(it, kind, 10, 10 + seconds)
        calls = [it.client.complete(request(str(n))) for n in range(40)]
        assert {answer.text for answer in await asyncio.gather(*calls)} == {"ok"}
        assert it.client.usage.total().lost_calls == 0
        notes = [event.note for event in it.events if event.kind == "note"]
        if seconds < 60 and not notes:
            return  # it was over before it was worth a line
        assert len(notes) == 2
        assert notes[0].startswith("fake is away (")
        assert "Waiting for it to come back, 5 minutes at most" in notes[0]
        assert notes[1] == "fake answers again."


@pytest.mark.parametrize("kind", DOWN)
async def test_an_endpoint_that_stays_away_is_given_up_after_five_minutes(kind: str) -> None:
    async with door(concurrency=4) as it:
        away_between(it, kind, 10, float("inf"))
        calls = [it.client.complete(request(str(n))) for n in range(40)]
        ends = await asyncio.gather(*calls, return_exceptions=True)
        bad = [end for end in ends if isinstance(end, BaseException)]
        assert bad
        assert all(isinstance(end, Unreachable) for end in bad)
        assert 290 < it.time.now < 400


async def test_while_an_endpoint_is_away_one_call_knocks_for_all() -> None:
    async with door(concurrency=8) as it:
        away_between(it, "503", 10, 210)
        calls = [it.client.complete(request(str(n))) for n in range(40)]
        await asyncio.gather(*calls)
        # 8 calls fail 6 times at most before it is known; then a knock each ten seconds or less.
        assert it.provider.calls - 40 < 8 * 6 + 45


async def test_one_call_alone_that_is_refused_tells_nothing_of_the_endpoint() -> None:
    def script(asked: Request) -> str:
        if asked.messages[0].content == "odd":
            raise TryAgain("503: not now", sent=False)
        return "ok"

    async with door(script) as it:
        await it.client.complete(request("first"))
        with pytest.raises(Unavailable, match="6 attempts"):
            await it.client.complete(request("odd"))
        assert it.time.now < 60
        assert (await it.client.complete(request("later"))).text == "ok"


async def test_who_leaves_while_he_knocks_leaves_the_door_to_the_next() -> None:
    async with door(concurrency=4) as it:
        away_between(it, "503", 10, 150)
        inner, gone = it.provider._script, set[int]()

        async def script(asked: Request) -> Any:
            if it.time.now > 60 and not gone:
                gone.add(int(asked.messages[0].content))
                calls[min(gone)].cancel()
                await asyncio.sleep(0)
            return await inner(asked)  # type: ignore[misc]

        it.provider._script = script
        calls = [asyncio.create_task(it.client.complete(request(str(n)))) for n in range(12)]
        left = [call for n, call in enumerate(calls) if n not in gone]
        ends = await asyncio.gather(*left, return_exceptions=True)
        assert len(gone) == 1
        bad = [end for end in ends if isinstance(end, BaseException)]
        assert [type(end) for end in bad] == [asyncio.CancelledError]


async def test_a_crash_in_a_provider_counts_as_spent_and_is_not_hidden() -> None:
    async with door(failing(1, lambda: ZeroDivisionError("a bug"))) as it:
        with pytest.raises(ZeroDivisionError):
            await it.client.complete(request())
        assert it.budget.spent.calls == 1
        assert (await it.client.complete(request())).text == "hello"


# Thinking


def thinker(needs: int) -> Script:
    def script(asked: Request) -> Response:
        if asked.max_tokens < needs:
            usage = Usage(1, asked.max_tokens, asked.max_tokens)
            return Response("", "thinking", usage, reasoning="hm")
        return Response("thought", "stop", Usage(1, needs, needs - 1))

    return script


async def test_an_answer_cut_while_thinking_is_asked_again_with_a_larger_cap() -> None:
    async with door(thinker(80)) as it:
        answer = await it.client.complete(request())
        assert answer.text == "thought"
        assert it.provider.calls == 3
        row = it.client.usage.total()
        assert (row.calls, row.lost_calls, row.output) == (1, 2, 20 + 40 + 80)
        assert it.budget.spent == it.ledger.spent()
        assert (await it.client.complete(request())).cached  # under the key it was asked by


async def test_one_that_never_stops_thinking_is_unavailable_and_not_stored() -> None:
    async with door(thinker(1000)) as it:
        with pytest.raises(Unavailable, match="thinking"):
            await it.client.complete(request())
        assert it.provider.calls == 3
        assert it.ledger._writer.execute("SELECT count(*) FROM calls").fetchone() == (0,)
        assert it.budget.spent.tokens == 3 + 20 + 40 + 80


async def test_a_larger_cap_that_is_refused_leaves_the_call_cut_while_thinking() -> None:
    def script(asked: Request) -> Response:
        if asked.max_tokens > 20:
            raise Rejected("max_tokens is too large")
        return Response("", "thinking", Usage(1, 20, 20))

    async with door(script) as it:
        with pytest.raises(Unavailable, match="thinking"):
            await it.client.complete(request())


@pytest.mark.parametrize("finish", ["length", "refusal", "overflow"])
async def test_outcomes_are_stored(finish: str) -> None:
    async with door(lambda _: Response("", finish, Usage(1, 1))) as it:  # type: ignore[arg-type]
        await it.client.complete(request())
        assert (await it.client.complete(request())).finish == finish
        assert it.provider.calls == 1


# Money

GIVEN = Prices({"fake": EndpointPrice(Decimal(1), Decimal(10))})


async def test_the_true_cost_is_settled_stored_and_billed(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    async with door(path=path, prices=GIVEN, budget="1usd") as it:
        answer = await it.client.complete(request("one two"))
        assert answer.cost == Decimal("0.000022")
        assert it.budget.spent.money == it.client.usage.total().cost == answer.cost
    with Ledger(path) as ledger:
        assert ledger.spent().money == answer.cost


async def test_a_money_cap_needs_a_price_and_says_how_to_give_one() -> None:
    prices = Prices()
    async with door(prices=prices, budget="1usd") as it:
        it.provider.name = "mine"  # type: ignore[misc]
        with pytest.raises(UsageError) as caught:
            await it.client.complete(request(model="mine/secret-7b"))
        assert "mine/secret-7b" in caught.value.message
        assert "[endpoints.mine]" in caught.value.hint
        assert it.provider.calls == 0


async def test_without_a_money_cap_an_unknown_price_is_none_and_counted() -> None:
    async with door() as it:
        it.provider.name = "mine"  # type: ignore[misc]
        assert (await it.client.complete(request(model="mine/secret-7b"))).cost is None
        assert it.client.usage.total().unpriced == 1


async def test_what_calls_would_cost_is_told_without_sending_any() -> None:
    async with door(prices=GIVEN) as it:
        assert await it.client.rates("fake/echo") == Rates(Rate(1, 10), Rate(0.5, 5))
        assert it.provider.calls == 0


async def test_where_holds_bind_concurrency_shrinks_and_says_so() -> None:
    # Each call may take 20 + 64 + 16 + 1 tokens and takes 2: one can be held at a time.
    async with door(latency=0.002, budget="150tokens") as it:
        await asyncio.gather(*(it.client.complete(request(str(n))) for n in range(6)))
        assert it.provider.peak == 1
        assert any(event.kind == "note" and "budget" in event.note for event in it.events)
        assert it.budget.spent.tokens == 12


ENDS = st.sampled_from(["ok", "429", "timeout", "bug", "refused", "thinking"])


@settings(max_examples=40, deadline=None)
@given(cap=st.integers(0, 12), ends=st.lists(ENDS, max_size=24), cancel=st.sets(st.integers(0, 9)))
def test_no_flood_of_calls_passes_the_cap(cap: int, ends: list[str], cancel: set[int]) -> None:
    asyncio.run(_flood(cap, ends, cancel))


async def _flood(cap: int, ends: list[str], cancel: set[int]) -> None:
    left = iter(ends)
    paid = 0

    async def script(asked: Request) -> str | Response:
        nonlocal paid
        paid += 1  # as an endpoint would count that bills whatever it worked on
        end = next(left, "ok")
        if end in ("429", "refused"):
            paid -= 1
        await asyncio.sleep(0)
        if end == "thinking":
            return Response("", "thinking", Usage(1, 1, 1))
        errors = {
            "429": TryAgain("429", sent=False),
            "timeout": TryAgain("no answer in time"),
            "bug": ValueError("bug"),
            "refused": Rejected("400"),
        }
        if end in errors:
            raise errors[end]
        return "ok"

    async with door(script, budget=f"{cap}calls", concurrency=4) as it:
        tasks = [asyncio.create_task(it.client.complete(request(str(n)))) for n in range(10)]
        for _ in range(3):
            await asyncio.sleep(0)
        for number in cancel:
            tasks[number].cancel()
        results = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
        assert paid <= it.budget.spent.calls <= cap
        assert sum(isinstance(one, Response) for one in results) <= cap
        assert it.ledger.spent().calls <= cap


async def test_an_endpoint_that_only_garbles_is_given_up_soon() -> None:
    garbled = failing(10_000, lambda: TryAgain("garbled answer: no JSON", garbled=True))
    async with door(garbled) as tried:
        for sample in range(3):
            with pytest.raises((Unreachable, Unavailable)):
                await tried.client.complete(request(sample=sample))
        assert tried.provider.calls <= 12
        with pytest.raises(Unreachable, match="does not speak the protocol"):
            await tried.client.complete(request(sample=9))
        assert tried.provider.calls <= 12


async def test_garbled_answers_after_a_good_one_are_one_calls_trouble() -> None:
    def script(asked: Request) -> str:
        if asked.sample:
            raise TryAgain("garbled answer: no JSON", garbled=True)
        return echo(asked)

    async with door(script) as tried:
        await tried.client.complete(request())
        for sample in range(1, 5):
            with pytest.raises(Unavailable):
                await tried.client.complete(request(sample=sample))
        assert tried.provider.calls == 1 + 4 * 6


async def test_another_served_model_is_said_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    served = "model-a"

    def script(request: Request) -> Response:
        return Response("x", "stop", Usage(1, 1), served=served)

    async def ask(samples: range) -> list[str]:
        heard: list[str] = []

        async def opened(model: str) -> FakeProvider:
            return provider

        provider = FakeProvider(script)
        with Ledger(path) as ledger:
            async with Client(
                open_provider=opened,
                ledger=ledger,
                budget=Budget.parse(None),
                prices=Prices(),
                on_call=lambda event: heard.append(event.note),
            ) as client:
                for sample in samples:
                    await client.complete(
                        Request("fake/x", (Message("user", "?"),), "judge", 5, sample=sample)
                    )
        return [note for note in heard if note]

    assert await ask(range(2)) == []
    served = "model-b"
    assert await ask(range(2, 5)) == ["fake/x is now served as model-b, before as model-a"]


async def test_a_pulled_brake_lets_sent_calls_land_and_sends_nothing_more() -> None:
    brake, notes, asked = Brake(seconds=0.2), list[str](), list[str]()
    goes, all_sent = asyncio.Event(), asyncio.Event()

    class Slow(FakeProvider):
        async def complete(self, request: Request) -> Response:
            asked.append(request.messages[0].content)
            if len(asked) == 3:
                all_sent.set()
            if request.messages[0].content == "hangs":
                await asyncio.sleep(60)
            await goes.wait()
            if request.messages[0].content == "fails":
                raise TryAgain("503", sent=False)
            return await super().complete(request)

    async def opened(_: str) -> Provider:
        return Slow(echo)

    with Ledger(":memory:") as ledger:
        async with Client(
            open_provider=opened,
            ledger=ledger,
            budget=Budget(),
            prices=Prices(),
            concurrency=3,
            brake=brake,
            on_call=lambda event: notes.append(event.note) if event.kind == "note" else None,
        ) as client:
            texts = ("answered", "fails", "hangs", "waits")
            calls = [asyncio.create_task(client.complete(request(text))) for text in texts]
            await all_sent.wait()
            brake.pull()
            for call in calls:
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)
            goes.set()
        assert asked == ["answered", "fails", "hangs"]
        (row,) = ledger.rows()
        assert (row.calls, row.lost_calls) == (1, 1)
    assert notes == ["Waiting for 3 calls in flight, 0 s at most."]


async def test_a_budget_that_binds_is_said_once_with_the_calls_it_holds() -> None:
    async with door(budget="1500tokens", latency=0.001, concurrency=8) as it:
        asked = [request(f"number {n}", max_tokens=300) for n in range(10)]
        got = await asyncio.gather(*map(it.client.complete, asked), return_exceptions=True)
        assert sum(isinstance(one, Response) for one in got) > 3
    notes = [event.note for event in it.events if event.kind == "note"]
    assert len(notes) == 1
    assert notes[0].startswith("The budget holds 3 calls at once for now:")
    assert not [event for event in it.events if event.kind == "wait"]
