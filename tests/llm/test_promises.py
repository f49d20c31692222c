"""What is promised to rows under way is given back, however they end."""

from __future__ import annotations

import asyncio
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.errors import BudgetReached
from autoevol.llm.budget import Amount, Budget
from autoevol.llm.messages import Message, Request
from autoevol.llm.promises import Promises


def request(role: str, tokens: int) -> Request:
    return Request(
        model="fake/echo", messages=(Message("user", "x"),), role=role, max_tokens=tokens
    )


async def worst(asked: Request) -> Amount:
    return Amount(1, asked.max_tokens)


ROW = st.tuples(
    st.integers(1, 5),  # the first call's worst case
    st.integers(1, 5),  # the second one's
    st.integers(0, 3),  # turns of the loop before it asks
    st.integers(0, 4),  # turns that each call takes
    st.integers(0, 3),  # tokens that each call takes, never above the worst case
    st.one_of(st.none(), st.integers(0, 12)),  # the turn in which it is cancelled
)


@settings(max_examples=120, deadline=None)
@given(cap=st.integers(0, 20), drawn=st.lists(ROW, max_size=10))
def test_every_row_ends_and_those_beside_others_never_lack_room(
    cap: int, drawn: list[tuple[int, int, int, int, int, int | None]]
) -> None:
    asyncio.run(_play(cap, drawn))


async def _play(cap: int, drawn: list[tuple[int, int, int, int, int, int | None]]) -> None:
    budget = Budget(Decimal(cap), "tokens")
    promises = Promises(budget, worst, lambda line: None)
    late = 0  # rows that were begun and could not be finished

    async def one(first: int, second: int, before: int, turns: int, took: int) -> None:
        nonlocal late
        with promises.row(lambda: [request("responder", second)]):
            for _ in range(before):
                await asyncio.sleep(0)
            await promises.begin(request("evolver", first))
            for place, most in enumerate((first, second)):
                try:
                    hold = await budget.hold(Amount(1, most))
                except BudgetReached:
                    late += place
                    raise
                try:
                    for _ in range(turns):
                        await asyncio.sleep(0)
                finally:
                    hold.settle(Amount(1, min(took, most)))

    tasks = [asyncio.create_task(one(*row[:5])) for row in drawn]
    for turn in range(13):
        for task, row in zip(tasks, drawn, strict=True):
            if row[5] == turn:
                task.cancel()
        await asyncio.sleep(0)
    ends = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
    bad = [end for end in ends if end is not None and not isinstance(end, BudgetReached)]
    assert all(isinstance(end, asyncio.CancelledError) for end in bad)
    assert budget.spent.tokens <= cap
    # Only a row that is alone may begin on less than it may need.
    assert late <= 1 + sum(row[5] is not None for row in drawn)
    # Nothing leaked: a row that needs all that is left may begin.
    left = int(budget.left)
    if left >= 2:
        with promises.row(lambda: [request("responder", left - 1)]):
            assert not await promises.begin(request("evolver", 1))
