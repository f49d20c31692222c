"""Train, dev and confirm: disjoint by cluster, in proportion by language, fixed by the seed."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.data.clusters import clusters
from autoevol.data.splits import Split, minibatches, split
from autoevol.errors import BadInput
from autoevol.types import Instruction


def seeds(count: int, *, copies: int = 1, german_every: int = 0) -> list[Instruction]:
    source = random.Random(count)
    made: list[Instruction] = []
    for number in range(count):
        text = " ".join(f"w{source.randrange(5000)}" for _ in range(12))
        lang = "de" if german_every and number % german_every == 0 else "en"
        made += [
            Instruction(text + "!" * copy, f"s{number}-{copy}", lang) for copy in range(copies)
        ]
    return made


def parts(found: Split) -> list[tuple[Instruction, ...]]:
    return [found.train, found.dev, found.confirm]


def test_parts_have_the_asked_sizes_and_share_no_cluster() -> None:
    items = seeds(60, copies=2)
    found = split(items, train=30, dev=15, confirm=20, seed=1)
    assert [len(part) for part in parts(found)] == [30, 15, 20]
    cluster = dict(zip([i.id for i in items], clusters([i.text for i in items]), strict=True))
    sides = [{cluster[item.id] for item in part} for part in parts(found)]
    assert sum(len(side) for side in sides) == len(set[int]().union(*sides))
    assert [len(sides[1]), len(sides[2])] == [15, 20], "dev and confirm: one item a cluster"


@given(st.randoms(), st.integers(0, 5))
@settings(max_examples=10, deadline=None)
def test_split_depends_on_the_seed_and_not_on_the_order_of_items(
    source: random.Random, seed: int
) -> None:
    items = seeds(40)
    first = split(items, train=10, dev=10, confirm=10, seed=seed)
    source.shuffle(items)
    assert split(items, train=10, dev=10, confirm=10, seed=seed) == first
    assert split(items, train=10, dev=10, confirm=10, seed=seed + 1) != first


def test_languages_stand_in_proportion_in_every_part() -> None:
    found = split(seeds(120, german_every=4), train=40, dev=40, confirm=40, seed=3)
    assert [Counter(i.lang for i in part)["de"] for part in parts(found)] == [10, 10, 10]
    for start in range(0, 40, 12):  # blocks of dev
        block = found.dev[start : start + 12]
        assert abs(sum(i.lang == "de" for i in block) - len(block) / 4) <= 1


def test_english_only_keeps_items_of_no_stated_language() -> None:
    items = [*seeds(20, german_every=2), Instruction("no language is stated here at all", "x")]
    found = split(items, train=5, dev=3, confirm=3, seed=1, languages="en")
    assert {i.lang for part in parts(found) for i in part} == {"en", ""}


def test_too_few_seeds_says_how_many_there_are_and_are_needed() -> None:
    with pytest.raises(BadInput, match=r"need 31 seeds.*there are 30") as caught:
        split(seeds(30), train=11, dev=10, confirm=10, seed=1)
    assert "--preset" in caught.value.hint
    with pytest.raises(BadInput, match=r"there are 15 in English \(of 30\)"):
        split(seeds(30, german_every=2), train=8, dev=4, confirm=4, seed=1, languages="en")


def test_seeds_that_are_all_near_duplicates_are_too_few() -> None:
    with pytest.raises(BadInput, match=r"there are 40, in 4 groups of near-duplicates"):
        split(seeds(4, copies=10), train=10, dev=3, confirm=3, seed=1)


def test_large_clusters_go_to_train_where_it_would_be_short() -> None:
    items = seeds(10)
    big = [Instruction("the very same seed " + "again " * 3 + "!" * n, f"b{n}") for n in range(20)]
    for seed in range(5):
        found = split(items + big, train=20, dev=5, confirm=5, seed=seed)
        assert {item.id[0] for item in found.train} == {"b"}


def test_an_id_that_occurs_twice_is_named() -> None:
    with pytest.raises(BadInput, match="'s0-0'"):
        split([*seeds(9), *seeds(1)], train=1, dev=1, confirm=1, seed=1)


@given(st.integers(1, 12), st.integers(0, 9), st.integers(0, 3), st.integers(0, 8))
@settings(max_examples=60)
def test_minibatches_repeat_nothing_within_one_and_use_all_items(
    size: int, steps: int, seed: int, spare: int
) -> None:
    train = tuple(Instruction(str(n), str(n)) for n in range(size + spare))
    batches = minibatches(train, size, steps, seed)
    assert [len({item.id for item in batch}) for batch in batches] == [size] * steps
    first_pass = [item for batch in batches for item in batch][: len(train)]
    assert len({item.id for item in first_pass}) == min(len(train), steps * size)
    assert minibatches(train, size, steps + 1, seed)[:steps] == batches


def test_a_minibatch_larger_than_train_is_refused() -> None:
    with pytest.raises(BadInput, match="10 training seeds and there are 4"):
        minibatches(seeds(4), 10, 1, 0)
