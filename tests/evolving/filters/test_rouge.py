"""ROUGE-L as fast as it is: every decision is rouge-score's own."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import LCSseq
from rouge_score import scoring
from rouge_score.rouge_scorer import RougeScorer
from rouge_score.tokenize import tokenize

from autoevol.evolving.filters import rouge
from autoevol.evolving.filters.bags import LEAST_BITS, LONGEST, Bag, Bags
from autoevol.evolving.filters.likeness import Line, admit
from autoevol.evolving.filters.rouge import RougeL, f_measure, tokens

SCORER = RougeScorer(["rougeL"])
# Few words, so that texts come close to the threshold; and what tokenizers stumble over.
WORDS = st.sampled_from([*"abcdef", "Sort", "sort", "don't", "İ", "K", "ﬁ", "für", "列", "x_y", ""])
TEXTS = st.lists(WORDS, max_size=14).map(" ".join)


def slowly(texts: list[str], threshold: float = 0.7) -> list[bool]:
    """Self-Instruct's loop with rouge-score: is a text admitted?"""
    pool: list[str] = []
    verdicts = []
    for text in texts:
        scores = [SCORER.score(earlier, text)["rougeL"].fmeasure for earlier in pool]
        verdicts.append(all(score < threshold for score in scores))
        if verdicts[-1]:
            pool.append(text)
    return verdicts


def quickly(texts: list[str], threshold: Fraction = rouge.THRESHOLD) -> list[bool]:
    memory = RougeL(threshold)
    return [admit(memory, text) is None for text in texts]


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS, max_size=8))
def test_decisions_are_those_of_rouge_score(texts: list[str]) -> None:
    assert quickly(texts) == slowly(texts)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, max_size=6), st.sampled_from([Fraction(1, 2), Fraction(9, 10), Fraction(1)]))
def test_other_thresholds_too(texts: list[str], threshold: Fraction) -> None:
    assert quickly(texts, threshold) == slowly(texts, float(threshold))


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_tokens_are_those_of_rouge_score(text: str) -> None:
    assert tokens(text) == tokenize(text, None)


def test_at_the_threshold_the_last_digit_decides_as_it_does_there() -> None:
    below = 0
    for one in range(1, 61):
        for other in range(1, 61):
            common, rest = divmod(7 * (one + other), 20)
            if rest or common > min(one, other):
                continue
            theirs = scoring.fmeasure(common / one, common / other)
            assert f_measure(common, one, other) == theirs
            first = [f"w{n}" for n in range(one)]
            second = first[:common] + [f"x{n}" for n in range(other - common)]
            assert quickly([" ".join(first), " ".join(second)])[1] is (theirs < 0.7)
            below += theirs < 0.7
    assert below  # what exact arithmetic would call 0.7 comes out below it in some places


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_no_pair_above_the_threshold_is_lost_by_the_bags(data: st.DataObject) -> None:
    """Long texts too: an edited copy of any of them, at any distance."""
    pool = [data.draw(st.lists(st.integers(0, 400), min_size=1, max_size=400)) for _ in range(4)]
    bags = Bags(rouge.THRESHOLD)
    for text in pool:
        bags.add(Bag(text))
    source = data.draw(st.sampled_from(pool))
    dropped = data.draw(st.sets(st.integers(0, len(source) - 1), max_size=len(source) // 2))
    text = [token for place, token in enumerate(source) if place not in dropped]
    text[len(text) // 2 :] += data.draw(st.lists(st.integers(0, 400), max_size=len(source) // 3))
    near = set(bags.near(Bag(text)))
    for number, other in enumerate(pool):
        if 20 * LCSseq.similarity(text, other) >= 7 * (len(text) + len(other)):
            assert number in near


def test_bags_rule_out_strangers() -> None:
    bags = Bags(rouge.THRESHOLD)
    for number in range(200):
        bags.add(Bag([number * 100 + token for token in range(50)]))
    assert list(bags.near(Bag([token + 20 for token in range(50)]))) == []
    assert list(bags.near(Bag(list(range(50))))) == [0]
    assert list(bags.near(Bag([]))) == []


def test_shelves_leave_no_length_out() -> None:
    assert LONGEST[0] == 1
    assert all(one < other <= max(one + 1, one * 5 // 4) for one, other in pairwise(LONGEST))
    assert LEAST_BITS % 64 == 0


def test_more_words_than_there_are_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["a b c d e f g", "h i j k l m n", "h i j k l m o", "a b c d e f o", "p q r"]
    monkeypatch.setattr(rouge, "LAST", 9)
    assert quickly(texts) == slowly(texts) == [True, True, False, False, True]


def test_the_evidence_names_the_earlier_text_and_the_score() -> None:
    memory = RougeL()
    assert admit(memory, "Sort a list of numbers in place.", "one") is None
    hit = admit(memory, "Sort a list of numbers in Python.", "two")
    assert hit is not None
    assert (hit.rule, hit.evidence) == ("near_duplicate", "ROUGE-L 0.86 with one")


def test_rounds_of_one_line_are_not_held_against_each_other() -> None:
    memory = RougeL()
    text = "Sort a list of numbers in place."
    assert admit(memory, text, "r1", Line("s1", "0")) is None
    assert admit(memory, text, "r2", Line("s1", "0")) is None
    assert memory.like(text, Line("s1", "")) is None  # the seed that all of them were made of
    assert memory.like(text, Line("s1", "1")) is not None
    assert memory.like(text, Line("s2", "0")) is not None
