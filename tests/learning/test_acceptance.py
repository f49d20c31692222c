"""Who takes whose place: estimates, constraints, acceptance and confirmation."""

from __future__ import annotations

import random
from math import inf

import pytest

from autoevol.learning.acceptance import (
    accept,
    added_overlap,
    confirm,
    estimate,
    failure_excess,
    front_runner,
    overlap_excess,
    tokens_per_kept,
    utility_interval,
)
from autoevol.types import Measurement, Outcome


def measured(
    utilities: list[float | None],
    *,
    failures: int = 0,
    added: list[str] | None = None,
    tokens: int = 10,
) -> Measurement:
    """A method on items i000, i001, …; the first `failures` of them failed."""
    outcomes = tuple(
        Outcome(
            item=f"i{n:03}",
            utility=value,
            failure="bloat" if n < failures else "",
            added=added[n] if added else "",
            output_tokens=tokens,
        )
        for n, value in enumerate(utilities)
    )
    return Measurement("sha256:0", outcomes)


def drawn(source: random.Random, items: int, zeros: float = 0.3) -> list[float | None]:
    return [0.0 if source.random() < zeros else source.random() for _ in range(items)]


def test_estimate_takes_the_luck_of_the_first_block_out() -> None:
    incumbent = measured([0.8, 0.8, 0.2, 0.2])
    assert estimate(measured([0.9, 0.9]), incumbent) == pytest.approx(0.6)
    assert estimate(measured([]), incumbent) == pytest.approx(0.5)


def test_unknown_items_are_left_out_of_both_sides() -> None:
    incumbent = measured([0.5, None, 0.5, 0.5])
    challenger = measured([0.6, 0.0, None, 0.6])
    assert estimate(challenger, incumbent) == pytest.approx(0.6)
    assert accept(challenger, incumbent, alpha=0.05, seed=1).items == 2


def test_front_runner_is_the_best_then_the_cheaper_then_the_first() -> None:
    incumbent = measured([0.5, 0.5])
    low, high = measured([0.5, 0.5]), measured([0.7, 0.7])
    cheap = measured([0.7, 0.7], tokens=4)
    assert front_runner({1: low, 2: high}, incumbent) == 2
    assert front_runner({1: low, 2: high, 3: cheap}, incumbent) == 3
    assert front_runner({5: high, 2: high}, incumbent) == 2
    assert front_runner({}, incumbent) is None


def test_tokens_are_counted_per_row_that_is_kept() -> None:
    assert tokens_per_kept(measured([0.0, 0.5, 0.5, None], failures=1, tokens=10)) == 15
    assert tokens_per_kept(measured([0.0], failures=1)) == inf


def test_a_clearly_better_method_is_accepted_and_its_equal_is_not() -> None:
    source = random.Random(4)
    base = drawn(source, 60)
    better = [min(1.0, (u or 0.0) + 0.2 * source.random()) for u in base]
    decision = accept(measured(list(better)), measured(base), alpha=0.0125, seed=1)
    assert decision.accepted
    assert 0 < decision.lower < decision.difference
    same = accept(measured(base), measured(base), alpha=0.0125, seed=1)
    assert (same.accepted, same.difference, same.lower) == (False, 0.0, 0.0)


def test_nothing_is_accepted_on_a_single_item() -> None:
    decision = accept(measured([1.0]), measured([0.0]), alpha=0.05, seed=1)
    assert (decision.accepted, decision.lower, decision.items) == (False, -inf, 1)


def test_an_equal_method_is_rarely_accepted_in_a_whole_run() -> None:
    source = random.Random(20)
    runs, steps, wrong = 200, 2, 0
    for run in range(runs):
        incumbent = measured(drawn(source, 40))
        wrong += any(
            accept(measured(drawn(source, 40)), incumbent, alpha=0.10 / steps, seed=run).accepted
            for _ in range(steps)
        )
    assert 0.02 <= wrong / runs <= 0.12


def test_confirmation_reports_both_and_rests_on_the_initial_method_alone() -> None:
    source = random.Random(6)
    initial = drawn(source, 100)
    learned = [min(1.0, (u or 0.0) + 0.3 * source.random()) for u in initial]
    rival = [min(1.0, u + 0.1) for u in learned]
    shown = confirm(measured(list(learned)), measured(initial), measured(list(rival)), seed=1)
    assert shown.better
    assert shown.initial is not None
    assert shown.initial.low > 0
    assert shown.initial.items == 100
    assert shown.rival is not None
    assert shown.rival.high < 0
    assert shown.rival_p is not None
    assert shown.rival_p < 0.01
    alone = confirm(measured(list(learned)), measured(initial), seed=1)
    assert alone.initial == shown.initial
    assert alone.rival is None
    assert alone.initial_p is not None
    assert shown.initial_p is not None
    assert alone.initial_p <= shown.initial_p, "one comparison needs no adjustment"
    stayed = confirm(measured(initial), None, measured(list(rival)), seed=1)
    assert (stayed.better, stayed.initial, stayed.initial_p) == (False, None, None)
    assert stayed.rival is not None
    assert stayed.rival.high < shown.rival.high, "the learned one is nearer to the rival"


def test_a_method_confirmed_against_itself_is_not_better() -> None:
    base = measured(drawn(random.Random(7), 50))
    shown = confirm(base, base, seed=1)
    assert (shown.better, shown.initial_p) == (False, 1.0)


def test_failures_may_pass_the_initial_ones_only_a_little() -> None:
    flat: list[float | None] = [0.5] * 20
    initial = measured(flat, failures=2)
    excess = failure_excess(measured(flat, failures=3), initial, alpha=0.05, seed=1)
    assert excess == pytest.approx(0.0)
    assert failure_excess(measured(flat, failures=5), initial, alpha=0.05, seed=1) > 0.09
    assert failure_excess(measured([]), initial, alpha=0.05, seed=1) < 0


def test_a_better_utility_makes_up_for_failures() -> None:
    initial = measured([0.1] * 20)
    challenger = measured([0.0] * 5 + [0.9] * 15, failures=5)
    assert failure_excess(challenger, initial, alpha=0.05, seed=1) == 0.0


def test_saying_the_same_in_every_row_breaks_the_overlap_constraint() -> None:
    varied = [f"w{n} x{n} y{n} z{n}" for n in range(12)]
    same = ["with time complexity of O(n)"] * 12
    initial = measured([0.3] * 12, added=varied)
    assert overlap_excess(measured([0.9] * 12, added=same), initial) == pytest.approx(0.9)
    assert overlap_excess(initial, initial) == pytest.approx(-0.1)


def test_overlap_counts_only_rows_that_are_kept() -> None:
    texts = ["same words here"] * 3 + ["a b c", "d e f"]
    assert added_overlap(measured([0.0] * 3 + [0.5, 0.5], failures=3, added=texts)) == 0.0
    assert added_overlap(measured([None] * 3 + [0.5, 0.5], added=texts)) == 0.0
    assert added_overlap(measured([0.5] * 5, added=texts)) == pytest.approx(0.3)


def test_mean_utility_is_shown_with_its_interval() -> None:
    interval = utility_interval(measured([0.2, None, 0.6, 0.7]), seed=1)
    assert interval.mean == pytest.approx(0.5)
    assert interval.items == 3
    assert interval.low < 0.5 < interval.high
