"""The pace of an endpoint: limits a minute are kept, and calls at once follow what it can bear."""

from __future__ import annotations

import asyncio
import heapq
import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.llm.messages import Message, Request, Response, Usage
from autoevol.llm.pace import Bucket, Pace
from autoevol.llm.provider import Limits, TryAgain

ASKED = Request("m", (Message("user", "x" * 400),), "r", 1000)


class Time:
    """Seconds that pass only where everything sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._sleepers, (self.now + seconds, self._count, woken))
        await woken

    async def run(self, work: asyncio.Task[None]) -> None:
        while not work.done():
            for _ in range(50):
                await asyncio.sleep(0)
            if self._sleepers and not work.done():
                self.now, _, woken = heapq.heappop(self._sleepers)
                woken.set_result(None)
        await work


def most_in_a_minute(times: list[tuple[float, float]]) -> float:
    times.sort()
    return max(sum(a for at, a in times if start <= at < start + 60) for start, _ in times)


@given(
    per_minute=st.one_of(st.integers(1, 2000), st.floats(0.5, 50)),
    amounts=st.lists(st.floats(0.1, 5), min_size=1, max_size=200),
)
@settings(max_examples=60, deadline=None)
def test_no_minute_lets_more_through_than_its_limit(
    per_minute: float, amounts: list[float]
) -> None:
    time = Time()
    bucket, left = Bucket(per_minute, time), list[tuple[float, float]]()
    largest = max(amounts)
    for amount in amounts:
        for _ in range(100):
            wait = bucket.wait_s(amount)
            if wait <= 0:
                break
            time.now += wait
        bucket.take(amount)
        left.append((time.now, amount))
    assert most_in_a_minute(left) <= max(per_minute, 1) + largest + 1e-6


@given(
    per_minute=st.floats(1, 2000),
    amounts=st.lists(st.floats(0.1, 5), min_size=1, max_size=60),
    jumps=st.lists(st.floats(-20_000, 20_000), min_size=1, max_size=60),
)
@settings(max_examples=60, deadline=None)
def test_a_clock_that_jumps_by_hours_neither_holds_up_nor_lets_more_through(
    per_minute: float, amounts: list[float], jumps: list[float]
) -> None:
    real, off = 0.0, 0.0
    bucket, left = Bucket(per_minute, lambda: real + off), list[tuple[float, float]]()
    room = max(1.0, per_minute / 60)
    longest = 60 * (max(amounts) + max(room, 1)) / max(per_minute - room, per_minute / 2)
    ahead = 0
    for number, amount in enumerate(amounts):
        for _ in range(100):
            wait = bucket.wait_s(amount)
            assert 0 <= wait <= longest
            if wait <= 0:
                break
            real += wait
        bucket.take(amount)
        left.append((real, amount))
        jump = jumps[number % len(jumps)]
        off, ahead = off + jump, ahead + (jump > 0)
    # A jump ahead looks like so much time: what was owed is forgiven and the bucket full, once.
    most = max(per_minute, 1) + max(amounts) + ahead * (room + max(amounts))
    assert most_in_a_minute(left) <= most + 1e-6


async def drive(
    pace: Pace, time: Time, calls: int, answer: Callable[[int], tuple[float, int]]
) -> list[tuple[float, float]]:
    """So many calls at once as the pace lets through; `answer(in flight)` gives seconds and tokens,
    or raises. Returns when each left."""
    left: list[tuple[float, float]] = []

    async def one() -> None:
        while True:
            try:
                async with pace.leave(ASKED) as answered:
                    left.append((time.now, 1))
                    seconds, tokens = answer(pace.in_flight)
                    await time.sleep(seconds)
                    answered(Response("", "stop", Usage(100, tokens)))
                return
            except TryAgain:
                await time.sleep(1 + random.Random(len(left)).random())

    async def all_of_them() -> None:
        await asyncio.gather(*(one() for _ in range(calls)))

    await time.run(asyncio.create_task(all_of_them()))
    return left


async def test_requests_a_minute_are_kept_and_used() -> None:
    time = Time()
    pace = Pace(Limits(rpm=120), 64, time, time.sleep)
    left = await drive(pace, time, 300, lambda _: (0.5, 10))
    assert most_in_a_minute(left) <= 120
    assert 140 < time.now < 165


async def test_tokens_a_minute_follow_what_calls_really_take() -> None:
    time = Time()
    pace = Pace(Limits(tpm=6000), 64, time, time.sleep)
    left = await drive(pace, time, 120, lambda _: (0.5, 100))  # 200 tokens a call: 30 a minute
    assert most_in_a_minute(left[20:]) <= 36
    assert 200 < time.now < 300


async def test_a_refusal_shrinks_once_for_all_that_were_in_the_air_and_grows_back() -> None:
    time, said = Time(), list[str]()
    pace = Pace(Limits(), 100, time, time.sleep, said.append)

    def overrun(in_flight: int) -> tuple[float, int]:
        if in_flight > 40 and time.now < 30:
            raise TryAgain("429: slow down")
        return 1.0, 50

    await drive(pace, time, 3000, overrun)
    assert said
    assert all("overrun" in line for line in said)
    lowest = min(int(line.split(": ")[1].split()[0]) for line in said)
    assert 20 <= lowest <= 40
    assert pace.at_once > lowest


async def test_more_calls_that_bring_fewer_tokens_are_taken_back() -> None:
    time, said = Time(), list[str]()
    pace = Pace(Limits(), 64, time, time.sleep, said.append)
    pace.at_once = 16  # as after a refusal

    def thrashing(in_flight: int) -> tuple[float, int]:
        return (1.0, 50) if in_flight <= 32 else (1.0 + (in_flight - 32) / 4, 50)

    await drive(pace, time, 6000, thrashing)
    assert any("fewer tokens" in line for line in said)
    assert 16 <= pace.at_once <= 48


async def test_latency_that_rises_with_the_output_is_no_sign() -> None:
    time, said = Time(), list[str]()
    pace = Pace(Limits(), 64, time, time.sleep, said.append)
    pace.at_once = 16
    await drive(pace, time, 6000, lambda in_flight: (0.2 + in_flight / 100, 50))
    assert not said
    assert pace.at_once == 64


@pytest.mark.parametrize("reason", ["429: no", "503: no", "529: overloaded"])
async def test_an_embedded_model_keeps_its_number(reason: str) -> None:
    time, once = Time(), [True]
    pace = Pace(Limits(adaptive=False), 8, time, time.sleep)

    def answer(_: int) -> tuple[float, int]:
        if once:
            once.clear()
            raise TryAgain(reason)
        return 1.0, 5

    await drive(pace, time, 20, answer)
    assert pace.at_once == 8


async def test_a_cancelled_wait_leaves_its_place_to_others() -> None:
    time = Time()
    pace = Pace(Limits(), 1, time, time.sleep)
    held = pace.leave(ASKED)
    await held.__aenter__()
    places = [pace.leave(ASKED) for _ in range(2)]
    waiting = [asyncio.ensure_future(place.__aenter__()) for place in places]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    await held.__aexit__(None, None, None)
    await asyncio.wait_for(waiting[1], 1)
    assert pace.in_flight == 1
