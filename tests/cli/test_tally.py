"""The numbers of a progress line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from autoevol.cli.tally import Tally, dollars, duration, pulled, short, tenths
from autoevol.llm.budget import Amount, Budget
from autoevol.llm.embedded.pull import PullProgress
from autoevol.llm.events import CallEvent
from autoevol.llm.messages import Usage


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def answered(cost: str | None = "0.01", cached: bool = False) -> CallEvent:
    price = None if cost is None else Decimal(cost)
    usage = Usage(input=10, output=5)
    return CallEvent("done", "judge", "m", cached=cached, usage=usage, cost=price, in_flight=3)


def test_answers_from_the_ledger_cost_nothing_and_are_counted_apart() -> None:
    tally = Tally()
    tally.call(answered())
    tally.call(answered(cached=True))
    assert tally.calls_line() == "1 answered, 1 asked before, 3 in flight"
    assert tally.tokens_line() == "10 in, 5 out"
    assert tally.money == Decimal("0.01")


def test_a_wait_is_no_answer() -> None:
    tally = Tally()
    tally.call(CallEvent("wait", "judge", "m", in_flight=2, note="budget"))
    assert tally.calls_line() == "0 answered, 2 in flight"


def test_time_left_follows_the_pace_of_the_stage() -> None:
    clock = Clock()
    tally = Tally(clock=clock)
    clock.now += 50
    tally.stage("racing", 10)
    assert tally.left is None
    clock.now += 8
    tally.advance(4)
    assert tally.left == pytest.approx(12)
    tally.advance(60)
    assert tally.left == 0


@pytest.mark.parametrize(
    ("budget", "line"),
    [
        (None, "$5.01"),
        ("9usd", "$5.01 of $9.00"),
        ("200calls", "41 of 200 calls"),
        ("1e6tokens", "715 of 1,000,000 tokens"),
    ],
)
def test_what_is_spent_counts_the_lifetime_of_the_folder(budget: str | None, line: str) -> None:
    tally = Tally(Budget.parse(budget), Amount(40, 700, Decimal(5)))
    tally.call(answered())
    assert tally.money_line() == line


def test_calls_of_unknown_price_are_said() -> None:
    tally = Tally()
    tally.call(answered(cost=None))
    assert tally.money_line() == "1 calls of unknown price"


def test_free_calls_have_no_money_line() -> None:
    tally = Tally()
    tally.call(answered(cost="0"))
    assert tally.money_line() == ""


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0"), (950, "950"), (1500, "1.5k"), (12_300, "12k"), (3.4e6, "3.4M")]
)
def test_large_numbers_are_short(number: float, said: str) -> None:
    assert short(number) == said


@pytest.mark.parametrize(
    ("number", "said"), [(950, "950"), (43.5e6, "43.5M"), (719e6, "719M"), (1.4e9, "1.4G")]
)
def test_sums_for_a_million_rows_keep_a_tenth(number: float, said: str) -> None:
    assert tenths(number) == said


@pytest.mark.parametrize(
    ("amount", "said"), [(0.0042, "$0.0042"), (1.2, "$1.20"), (1234, "$1,234")]
)
def test_money_shows_the_digits_that_matter(amount: float, said: str) -> None:
    assert dollars(amount) == said


@pytest.mark.parametrize(("seconds", "said"), [(45, "45s"), (185, "3m 05s"), (3720, "1h 02m")])
def test_durations_are_rounded_to_what_matters(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_a_pull_tells_its_bytes_and_its_source() -> None:
    said = pulled(PullProgress("tiny", "package index", 120_000_000, 491_000_000))
    assert said == "tiny: 120 of 491 MB (package index)"
