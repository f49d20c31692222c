"""Near-duplicates: joined across case, spaces and scripts; exact; fast on many seeds."""

from __future__ import annotations

import random
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.data.clusters import clusters
from autoevol.data.diversity import grams

texts_of_few_words = st.lists(st.sampled_from("abcd"), max_size=9).map(" ".join)


def test_near_duplicates_share_a_cluster_and_strangers_do_not() -> None:
    seeds = [
        "Write a Python function that reverses a string without slicing.",
        "Explain how a bloom filter works.",
        "write a python function that reverses a string,  without SLICING",
        "Write a Python function that reverses a given string without slicing.",
    ]
    assert clusters(seeds) == [0, 1, 0, 0]


def test_a_common_opening_does_not_join() -> None:
    seeds = [f"Write a Python function that {rest}" for rest in (
        "merges two sorted lists into one", "counts vowels in every line of a file",
    )]  # fmt: skip
    assert clusters(seeds) == [0, 1]


def test_texts_without_spaces_are_compared_by_character() -> None:
    seeds = ["写一个函数来反转字符串", "写一个函数,来反转字符串。", "解释布隆过滤器的原理"]
    assert clusters(seeds) == [0, 0, 1]


def test_short_and_wordless_texts_keep_their_own_clusters() -> None:
    assert clusters(["Hi", "hi!", "+ -", "+ *", "", " "]) == [0, 0, 1, 2, 3, 3]
    assert clusters([]) == []


@given(st.lists(texts_of_few_words, max_size=12))
@settings(max_examples=150)
def test_clusters_equal_those_of_comparing_all_pairs(texts: list[str]) -> None:
    sets = [grams(text) for text in texts]
    labels = list(range(len(texts)))
    for i, mine in enumerate(sets):
        for j, theirs in enumerate(sets[:i]):
            if 2 * len(mine & theirs) >= len(mine | theirs):
                labels = [labels[j] if label == labels[i] else label for label in labels]
    numbers: dict[int, int] = {}
    assert clusters(texts) == [numbers.setdefault(label, len(numbers)) for label in labels]


def test_thousands_of_seeds_with_one_opening_take_seconds() -> None:
    source = random.Random(0)
    seeds = [
        "Write a Python function that "
        + " ".join(f"w{source.randrange(3000)}" for _ in range(source.randint(6, 25)))
        for _ in range(5_000)
    ]
    start = time.perf_counter()
    found = clusters(seeds + seeds)
    assert time.perf_counter() - start < 4
    assert found[:5_000] == found[5_000:]
    assert max(found) > 4_900
