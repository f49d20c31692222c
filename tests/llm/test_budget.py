"""The cap holds for any interleaving, and waits rather than refuses where that is enough."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.errors import BudgetReached, UsageError
from autoevol.llm.budget import Amount, Budget


def calls(number: int) -> Amount:
    return Amount(calls=number)


@pytest.mark.parametrize(
    ("text", "unit", "cap"),
    [
        ("5usd", "usd", "5"),
        ("0.25 USD", "usd", "0.25"),
        ("2000calls", "calls", "2000"),
        ("1e6tokens", "tokens", "1000000"),
        (" 12tokens ", "tokens", "12"),
    ],
)
def test_a_budget_is_read(text: str, unit: str, cap: str) -> None:
    budget = Budget.parse(text)
    assert (budget.unit, budget.cap) == (unit, Decimal(cap))


@pytest.mark.parametrize(
    "text",
    [
        *("", "5", "usd", "-5usd", "5eur", "nanusd", "infcalls", "1.5calls", "1..2usd"),
        *("1e40calls", "5usd 5usd", "1e-3tokens", "٥usd"),
    ],
)
def test_a_budget_that_cannot_be_meant_is_named(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        Budget.parse(text)
    assert repr(text) in caught.value.message
    assert "5usd" in caught.value.hint


async def test_without_a_cap_nothing_waits() -> None:
    budget = Budget.parse(None)
    holds = [await budget.hold(calls(10**9)) for _ in range(3)]
    for hold in holds:
        hold.settle(calls(1))
    assert budget.spent == calls(3)


async def test_a_hold_waits_for_settlement_and_not_longer() -> None:
    budget = Budget.parse("10calls")
    first = await budget.hold(calls(8))
    second = asyncio.create_task(budget.hold(calls(8)))
    await asyncio.sleep(0)
    assert budget.must_wait(calls(1))
    assert not second.done()
    first.settle(calls(2))
    (await second).settle(calls(8))
    assert budget.spent == calls(10)


async def test_what_cannot_fit_any_more_is_refused_though_others_are_held() -> None:
    budget = Budget.parse("10calls")
    held = await budget.hold(calls(5))
    with pytest.raises(BudgetReached):
        await budget.hold(calls(11))
    waiting = asyncio.create_task(budget.hold(calls(6)))
    await asyncio.sleep(0)
    held.settle(calls(5))
    with pytest.raises(BudgetReached) as caught:
        await waiting
    assert "5 of 10 calls" in caught.value.message
    assert "--budget" in caught.value.hint


async def test_a_small_call_does_not_overtake_a_large_one_for_ever() -> None:
    budget = Budget.parse("10calls")
    held = await budget.hold(calls(5))
    large = asyncio.create_task(budget.hold(calls(9)))
    await asyncio.sleep(0)
    small = asyncio.create_task(budget.hold(calls(1)))
    await asyncio.sleep(0)
    assert not small.done()
    held.settle(calls(0))
    (await large).settle(calls(0))
    (await small).settle(calls(0))
    assert budget.spent == calls(0)


async def test_settling_twice_counts_once() -> None:
    budget = Budget.parse("10calls")
    hold = await budget.hold(calls(4))
    hold.settle(calls(3))
    hold.settle(calls(3))
    assert budget.spent == calls(3)
    assert not budget.must_wait(calls(7))


async def test_money_without_a_price_cannot_be_held() -> None:
    with pytest.raises(UsageError):
        await Budget.parse("1usd").hold(Amount(1, 10, None))
    (await Budget.parse("1calls").hold(Amount(1, 10, None))).settle(Amount(1, 10, None))


async def test_the_lifetime_of_a_folder_counts_and_is_never_lowered() -> None:
    budget = Budget.parse("10calls")
    budget.start_from(calls(9))
    budget.start_from(calls(4))
    with pytest.raises(BudgetReached):
        await budget.hold(calls(2))


STEP = st.tuples(
    st.integers(0, 6),  # worst case
    st.integers(0, 6),  # true cost, never above the worst case
    st.integers(0, 4),  # turns of the loop before it asks
    st.integers(0, 4),  # turns between hold and settlement
    st.one_of(st.none(), st.integers(0, 8)),  # the turn in which it is cancelled
)


@settings(max_examples=120, deadline=None)
@given(cap=st.integers(0, 15), steps=st.lists(STEP, max_size=12))
def test_spent_and_held_never_pass_the_cap(
    cap: int, steps: list[tuple[int, int, int, int, int | None]]
) -> None:
    asyncio.run(_play(cap, steps))


async def _play(cap: int, steps: list[tuple[int, int, int, int, int | None]]) -> None:
    budget = Budget(Decimal(cap), "tokens")
    held = spent = 0

    async def one(worst: int, actual: int, before: int, after: int) -> None:
        nonlocal held, spent
        for _ in range(before):
            await asyncio.sleep(0)
        hold = await budget.hold(Amount(tokens=worst))
        held += worst
        assert spent + held <= cap
        took = worst  # what is cut off counts as its worst case
        try:
            for _ in range(after):
                await asyncio.sleep(0)
            took = min(actual, worst)
        finally:
            held -= worst
            spent += took
            hold.settle(Amount(tokens=took))
            assert spent + held <= cap

    tasks = [asyncio.create_task(one(*step[:4])) for step in steps]
    for turn in range(9):
        for task, step in zip(tasks, steps, strict=True):
            if step[4] == turn:
                task.cancel()
        await asyncio.sleep(0)
    ends = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
    bad = [e for e in ends if e is not None and not isinstance(e, BudgetReached)]
    assert all(isinstance(e, asyncio.CancelledError) for e in bad)
    assert budget.spent.tokens == spent <= cap
    # Nothing leaked: all that is left can be held at once, and no more than that.
    assert not budget.must_wait(Amount(tokens=cap - spent))
    assert budget.must_wait(Amount(tokens=cap - spent + 1))
