"""Intervals and tests: known values, laws, and coverage on utilities with many zeros."""

from __future__ import annotations

import json
import random
from itertools import product
from math import inf, isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.statistics import (
    contrasts,
    holm,
    items_needed,
    mean_interval,
    one_sided_lower,
    paired_bootstrap,
    paired_differences,
    proportion_interval,
    sign_flip_p,
    two_sided_p,
)

units = st.floats(-1, 1, allow_nan=False).map(lambda x: round(x, 3))


def test_pairs_are_the_items_both_have_in_order_of_id() -> None:
    assert paired_differences({"b": 3.0, "a": 1.0, "x": 9.0}, {"a": 0.5, "b": 1.0}) == [0.5, 2.0]


@given(st.dictionaries(st.text(max_size=3), units, min_size=2, max_size=20), st.randoms())
@settings(max_examples=30, deadline=None)
def test_interval_does_not_depend_on_the_order_of_items(
    a: dict[str, float], source: random.Random
) -> None:
    b = {item: value / 2 for item, value in a.items()}
    shuffled = list(a.items())
    source.shuffle(shuffled)
    first = paired_bootstrap(a, b, seed=1, draws=200)
    assert first == paired_bootstrap(dict(shuffled), b, seed=1, draws=200)
    assert first.low <= first.mean + 1e-9
    assert first.mean - 1e-9 <= first.high


def test_interval_changes_with_the_seed_and_widens_with_the_level() -> None:
    source = random.Random(3)
    values = [source.random() for _ in range(25)]
    one, other = (mean_interval(values, seed=seed) for seed in (1, 2))
    assert one != other
    assert isclose(one.low, other.low, abs_tol=0.03)
    wide = mean_interval(values, seed=1, level=0.99)
    assert wide.low < one.low
    assert one.high < wide.high


def test_paired_bootstrap_is_antisymmetric_up_to_resampling() -> None:
    source = random.Random(5)
    a = {str(i): source.random() for i in range(40)}
    b = {str(i): source.random() for i in range(40)}
    there, back = paired_bootstrap(a, b, seed=1), paired_bootstrap(b, a, seed=1)
    assert isclose(there.mean, -back.mean)
    assert isclose(there.low, -back.high, abs_tol=1e-9)


@pytest.mark.parametrize(("values", "mean"), [([], 0.0), ([0.4], 0.4)])
def test_with_fewer_than_two_items_nothing_is_known_of_the_spread(
    values: list[float], mean: float
) -> None:
    interval = mean_interval(values, seed=1)
    assert (interval.mean, interval.low, interval.high, interval.items) == (
        mean, -inf, inf, len(values),
    )  # fmt: skip
    assert json.loads(json.dumps(interval.as_json()))["low"] is None
    pairs = {str(place): value for place, value in enumerate(values)}
    assert one_sided_lower(pairs, dict.fromkeys(pairs, 0.0), 0.05, 1) == -inf


def test_equal_values_give_an_interval_without_width() -> None:
    interval = mean_interval([0.25] * 7, seed=1)
    assert (interval.low, interval.high) == (0.25, 0.25)


def test_one_sided_bound_is_the_lower_end_at_twice_the_error() -> None:
    source = random.Random(2)
    a = {str(i): source.random() for i in range(30)}
    b = {str(i): source.random() for i in range(30)}
    assert one_sided_lower(a, b, 0.025, 1) == paired_bootstrap(a, b, seed=1, level=0.95).low
    bounds = [one_sided_lower(a, b, alpha, 1) for alpha in (0.1, 0.05, 0.0125, 0.00625)]
    assert bounds == sorted(bounds, reverse=True)
    assert len(set(bounds)) == 4


def test_interval_covers_the_true_mean_at_few_items_with_many_zeros() -> None:
    source = random.Random(11)
    runs, missed = 500, 0
    for run in range(runs):
        values = [
            (0.0 if source.random() < 0.3 else source.random())
            - (0.0 if source.random() < 0.3 else source.random())
            for _ in range(12)
        ]
        interval = mean_interval(values, seed=run, draws=1_000)
        missed += not interval.low <= 0 <= interval.high
    assert 0.02 <= missed / runs <= 0.08  # the plain percentile interval misses .09


@given(st.lists(units, max_size=8))
@settings(max_examples=40, deadline=None)
def test_sign_flip_is_the_share_of_all_sign_patterns(differences: list[float]) -> None:
    observed = sum(differences)
    sums = [
        sum(sign * abs(size) for sign, size in zip(signs, differences, strict=True))
        for signs in product((-1, 1), repeat=len(differences))
    ]
    share = sum(total <= observed + 1e-9 for total in sums) / len(sums)
    assert isclose(sign_flip_p(differences, 1), share)


def test_sign_flip_of_many_differences_agrees_with_the_exact_one() -> None:
    differences = [-0.4, 0.1, -0.3, 0.2, -0.25, 0.15, -0.1, 0.35, -0.05, -0.2, 0.3, -0.45]
    exact = sign_flip_p(differences, 1)
    # A thirteenth difference too small to matter makes the test draw patterns.
    drawn = sign_flip_p([*differences, 1e-7], 1)
    assert isclose(drawn, exact, abs_tol=0.02)
    assert drawn == sign_flip_p([*differences, 1e-7], 1)


def test_sign_flip_of_a_plain_loss_is_small_and_of_a_plain_gain_near_one() -> None:
    assert sign_flip_p([-0.5] * 10, 1) == 2**-10
    assert sign_flip_p([-0.5] * 40, 1) < 0.001
    assert sign_flip_p([0.5] * 40, 1) > 0.999
    assert sign_flip_p([0.0] * 9, 1) == sign_flip_p([], 1) == 1.0
    assert two_sided_p([-0.5] * 10, 1) == two_sided_p([0.5] * 10, 1) == 2**-9
    assert two_sided_p([], 1) == 1.0


def test_zero_differences_do_not_change_the_sign_flip_test() -> None:
    assert sign_flip_p([-0.2, 0.0, -0.3, 0.1, 0.0], 1) == sign_flip_p([-0.2, -0.3, 0.1], 1)


def test_holm_multiplies_stepwise_and_keeps_the_order() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.06, 0.06))
    assert holm([0.9, 0.8]) == (1.0, 1.0)
    assert holm([]) == ()


@given(st.lists(st.floats(0, 1), max_size=8))
@settings(max_examples=50)
def test_holm_never_lowers_and_never_passes_bonferroni(pvalues: list[float]) -> None:
    for before, after in zip(pvalues, holm(pvalues), strict=True):
        assert before <= after <= min(1.0, before * len(pvalues)) + 1e-12


def test_wilson_interval_has_its_textbook_values() -> None:
    interval = proportion_interval(81, 263)
    assert (round(interval.low, 3), round(interval.high, 3)) == (0.255, 0.366)
    assert proportion_interval(0, 10).low == 0.0
    assert proportion_interval(0, 10).high == pytest.approx(0.2775, abs=1e-4)
    assert proportion_interval(10, 10).high == 1.0
    empty = proportion_interval(0, 0)
    assert (empty.low, empty.high, empty.items) == (0.0, 1.0, 0)


def test_items_needed_for_the_difference_seen_in_practice() -> None:
    assert items_needed(0.507, 0.145) == 96
    assert items_needed(0.5, 0.1, power=0.9) == 263
    assert items_needed(0.0, 0.1) == 2
    with pytest.raises(ValueError, match="0"):
        items_needed(0.5, 0.0)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), items=st.integers(0, 25), count=st.integers(2, 4))
def test_all_pairs_at_once_say_what_each_pair_says_alone(seed: int, items: int, count: int) -> None:
    chance = random.Random(seed)
    arms = {
        f"m{arm}": {f"i{n}": chance.choice((0.0, chance.random())) for n in range(items)}
        for arm in range(count)
    }
    if items > 3:
        del arms["m0"]["i1"]  # a pair is compared on what both have
    found = contrasts(arms, seed=seed)
    assert len(found) == count * (count - 1) // 2
    alone = [two_sided_p(paired_differences(arms[f.first], arms[f.second]), seed) for f in found]
    for one, p in zip(found, alone, strict=True):
        expected = paired_bootstrap(arms[one.first], arms[one.second], seed=seed)
        assert one.interval.items == expected.items
        for mine, other in zip(
            (one.interval.mean, one.interval.low, one.interval.high),
            (expected.mean, expected.low, expected.high),
            strict=True,
        ):
            assert mine == pytest.approx(other)
        # Both count among 10,000 random patterns: an error of .011, and the worst is searched for.
        assert one.p == pytest.approx(p, abs=0.06)
    assert [one.adjusted for one in found] == list(holm([one.p for one in found]))


def test_a_pair_among_many_can_still_be_shown() -> None:
    chance = random.Random(5)
    arms = {f"m{arm}": {f"i{n}": chance.random() for n in range(40)} for arm in range(24)}
    arms["m0"] = {item: value + 2 for item, value in arms["m1"].items()}
    found = {(one.first, one.second): one for one in contrasts(arms, seed=0)}
    assert found["m0", "m2"].adjusted < 0.05


def test_more_tests_take_more_items() -> None:
    assert (
        items_needed(0.4, 0.05)
        < items_needed(0.4, 0.05, tests=45)
        < items_needed(0.4, 0.04, tests=45)
    )
