"""Streaming with refill: how many are under way, how far the source is read, how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.errors import BadInput, BudgetReached
from autoevol.evolving.flow import AHEAD, as_they_land


async def take(results: AsyncIterator[int], landed: list[int]) -> None:
    async for number in results:
        landed.append(number)


@given(
    waits=st.lists(st.integers(0, 5), max_size=25),
    at_once=st.integers(1, 6),
)
@settings(max_examples=40, deadline=None)
def test_every_piece_lands_once_and_few_are_under_way(waits: list[int], at_once: int) -> None:
    under_way, peak, read, landed = 0, 0, 0, list[int]()

    def source() -> Iterator[int]:
        nonlocal read
        for number in range(len(waits)):
            read += 1
            assert read <= len(landed) + at_once + 1  # one more has landed and is handed over
            yield number

    async def work(number: int) -> int:
        nonlocal under_way, peak
        under_way += 1
        peak = max(peak, under_way)
        for _ in range(waits[number]):
            await asyncio.sleep(0)
        under_way -= 1
        return number

    async def run() -> None:
        async for number in as_they_land(source(), work, at_once):
            landed.append(number)

    asyncio.run(run())
    assert sorted(landed) == list(range(len(waits)))
    assert peak <= at_once


async def test_a_piece_that_ends_early_makes_room_at_once() -> None:
    slow, begun = asyncio.Event(), list[int]()

    async def work(number: int) -> int:
        begun.append(number)
        if number == 0:
            await slow.wait()
        return number

    landed = []
    async with aclosing(as_they_land(iter(range(6)), work, 2)) as results:
        async for number in results:
            landed.append(number)
            if len(landed) == 5:
                slow.set()
    assert landed == [1, 2, 3, 4, 5, 0]


async def test_an_error_of_ours_lets_what_is_under_way_land() -> None:
    begun, landed = list[int](), list[int]()

    async def work(number: int) -> int:
        begun.append(number)
        if number == 1:
            raise BudgetReached("spent")
        await asyncio.sleep(0.01)
        return number

    with pytest.raises(BudgetReached):
        await take(as_they_land(iter(range(100)), work, 4), landed)
    assert begun == [0, 1, 2, 3]
    assert sorted(landed) == [0, 2, 3]


async def test_a_source_that_breaks_lets_what_is_under_way_land() -> None:
    def source() -> Iterator[int]:
        yield from (1, 2)
        raise BadInput("line 3")

    async def work(number: int) -> int:
        await asyncio.sleep(0)
        return number

    landed = list[int]()
    with pytest.raises(BadInput, match="line 3"):
        await take(as_they_land(source(), work, 8), landed)
    assert sorted(landed) == [1, 2]


async def test_a_bug_calls_off_what_is_under_way() -> None:
    called_off = []

    async def work(number: int) -> int:
        if number == 1:
            raise ZeroDivisionError
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            called_off.append(number)
            raise
        return number

    with pytest.raises(ZeroDivisionError):
        await take(as_they_land(iter(range(3)), work, 3), [])
    assert sorted(called_off) == [0, 2]


async def test_leaving_early_calls_off_what_is_under_way() -> None:
    called_off = []

    async def work(number: int) -> int:
        try:
            await asyncio.sleep(60 if number else 0)
        except asyncio.CancelledError:
            called_off.append(number)
            raise
        return number

    async with aclosing(as_they_land(iter(range(3)), work, 3)) as results:
        async for _ in results:
            break
    assert sorted(called_off) == [1, 2]


@given(
    waits=st.lists(st.integers(0, 8), max_size=40),
    at_once=st.integers(1, 5),
)
@settings(max_examples=40, deadline=None)
def test_in_order_results_come_as_the_source_has_them(waits: list[int], at_once: int) -> None:
    read = 0
    landed: list[int] = []

    def source() -> Iterator[int]:
        nonlocal read
        for number in range(len(waits)):
            read += 1
            assert read <= len(landed) + AHEAD * at_once + 1
            yield number

    async def work(number: int) -> int:
        for _ in range(waits[number]):
            await asyncio.sleep(0)
        return number

    async def run() -> None:
        async for number in as_they_land(source(), work, at_once, ordered=True):
            landed.append(number)

    asyncio.run(run())
    assert landed == list(range(len(waits)))


async def test_in_order_many_go_ahead_of_one_that_is_late() -> None:
    enough = asyncio.Event()

    async def work(number: int) -> int:
        if number == 0:
            await enough.wait()
        elif number == 40:
            enough.set()
        return number

    async with asyncio.timeout(20):
        landed = [one async for one in as_they_land(iter(range(60)), work, 3, ordered=True)]
    assert landed == list(range(60))
