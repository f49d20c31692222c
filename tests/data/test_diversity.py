"""What counts as a word, as added, and as the same."""

from __future__ import annotations

import time
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.data.diversity import added_text, grams, mean_overlap, words

small_texts = st.lists(st.sampled_from("abcd"), max_size=8).map(" ".join)


def test_words_fold_case_and_punctuation_and_split_unspaced_scripts() -> None:
    assert words("Sort, THE list!") == ["sort", "the", "list"]
    assert words("写函数 quickly") == ["写", "函", "数", "quickly"]
    assert words("हिन्दी में।") == ["हिन्दी", "में"]
    assert words("الكَلِمة") == ["الكَلِمة"]
    assert words("ＡＢＣ") == ["abc"]
    assert words(" \n") == []


def test_added_text_is_cut_out_of_the_rewrite_as_it_stands() -> None:
    before = "Write a function that sorts a list."
    after = "Write a Python function that sorts a list in place, in O(n log n). Explain why."
    assert added_text(before, after) == "Python in place, in O(n log n). Explain why"
    assert added_text("排序列表", "快速排序列表并解释") == "快速 并解释"


def test_unchanged_and_shortened_texts_add_nothing() -> None:
    assert added_text("Sort a list.", "sort a LIST") == ""
    assert added_text("Sort a long list now", "Sort a list") == ""
    assert added_text("", "all is new") == "all is new"


@given(small_texts, small_texts)
@settings(max_examples=100)
def test_added_words_come_from_the_rewrite_in_order(before: str, after: str) -> None:
    rest = iter(words(after))
    assert all(word in rest for word in words(added_text(before, after)))
    assert added_text(before, before) == ""


def test_added_text_of_looping_megabytes_takes_little_time() -> None:
    before = "add a test and " * 3_000
    after = "add a test and " * 20_000 + "then stop"
    start = time.perf_counter()
    added = added_text(before, after)
    assert time.perf_counter() - start < 2
    assert added.endswith("then stop")
    assert len(words(added)) == 4 * 17_000 + 2


def test_overlap_is_the_mean_jaccard_of_word_trigrams() -> None:
    assert mean_overlap(["a b c d", "A, b, c, e"]) == pytest.approx(1 / 3)
    assert mean_overlap(["use constant space"] * 5) == 1.0
    assert mean_overlap(["a b c", "d e f", "a b c"]) == pytest.approx(1 / 3)


def test_overlap_needs_two_texts_and_leaves_empty_ones_out() -> None:
    assert mean_overlap([]) == mean_overlap(["one two three"]) == 0.0
    assert mean_overlap(["one two three", "", "  "]) == 0.0
    assert mean_overlap(["in place", "in place now please", "in place"]) == pytest.approx(1 / 3)


@given(st.lists(small_texts, max_size=10))
@settings(max_examples=100)
def test_overlap_through_the_index_equals_that_of_all_pairs(texts: list[str]) -> None:
    sets = [found for text in texts if (found := grams(text))]
    pairs = list(combinations(sets, 2))
    mean = sum(len(a & b) / len(a | b) for a, b in pairs) / len(pairs) if pairs else 0.0
    assert mean_overlap(texts) == pytest.approx(mean)


def test_overlap_sees_a_formula_added_to_every_row() -> None:
    rows = [f"row {i} on {i + 1} and topic {i * i}" for i in range(40)]
    same = [f"{row} with time complexity of O(n) and constant additional space" for row in rows]
    assert mean_overlap(rows) < 0.05
    assert mean_overlap(same) > mean_overlap(rows) + 0.10


@given(text=st.text(st.characters(max_codepoint=127)))
def test_words_in_ascii_are_those_of_any_text(text: str) -> None:
    assert words(f"{text} é")[:-1] == words(text)
