"""Edits of a method: numbers mean the list as it was, and no edit empties it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.roles.edits import MAX_RULE_WORDS, Edit, apply_edits, is_repeat, replace_rules
from autoevol.rulelist import split_rules

TEXT = "Open.\n\n1. One.\n2. Two.\n3. Three.\n"
EDITS = st.lists(
    st.builds(
        Edit,
        st.sampled_from(["add", "change", "drop"]),
        st.integers(-2, 6),
        st.text(st.sampled_from("ab1. -\n"), max_size=12),
    ),
    max_size=8,
)


def rules_after(*edits: Edit) -> list[str]:
    return split_rules(apply_edits(TEXT, edits)[0])[1]


def test_numbers_mean_the_list_as_it_was() -> None:
    edits = (
        Edit("drop", 1),
        Edit("change", 2, "Zwei."),
        Edit("add", 3, "Four."),
        Edit("add", 0, "Zero."),
    )
    assert rules_after(*edits) == ["Zero.", "Zwei.", "Three.", "Four."]


def test_a_number_past_the_end_adds_at_the_end() -> None:
    assert rules_after(Edit("add", 99, "Last.")) == ["One.", "Two.", "Three.", "Last."]


@pytest.mark.parametrize(
    "edit",
    [
        Edit("change", 9, "No such rule."),
        Edit("drop", 0),
        Edit("add", 1, "  "),
        Edit("change", 1, "- "),
        Edit("add", 3, "One."),
    ],
)
def test_an_edit_that_says_nothing_is_left_out(edit: Edit) -> None:
    text, kept = apply_edits(TEXT, [edit])
    assert kept == ()
    assert split_rules(text) == split_rules(TEXT)


def test_the_last_rule_cannot_be_dropped() -> None:
    assert rules_after(Edit("drop", 1), Edit("drop", 2), Edit("drop", 3)) == ["Three."]


def test_a_rule_is_one_line_without_its_number_and_of_bounded_length() -> None:
    long = "7. more\nwords " + "x " * 200
    added = rules_after(Edit("add", 0, long))[0]
    assert added.startswith("more words x")
    assert len(added.split()) == MAX_RULE_WORDS


@given(edits=EDITS)
@settings(max_examples=200)
def test_no_edits_empty_a_method_or_lose_its_opening(edits: list[Edit]) -> None:
    text, kept = apply_edits(TEXT, edits)
    opening, rules = split_rules(text)
    assert opening == "Open."
    assert rules
    assert len(kept) <= len(edits)


@given(edits=EDITS)
@settings(max_examples=100)
def test_the_edits_that_took_effect_do_the_same_again(edits: list[Edit]) -> None:
    text, kept = apply_edits(TEXT, edits)
    assert apply_edits(TEXT, kept) == (text, kept)


def test_bullets_upon_bullets_are_no_words_of_a_rule() -> None:
    assert rules_after(Edit("add", 0, "- 2. - Add one demand."))[0] == "Add one demand."
    assert apply_edits(TEXT, [Edit("add", 0, "- -")])[1] == ()


def test_a_method_but_for_a_word_is_a_repeat_and_another_is_none() -> None:
    long = "Open.\n\n1. " + " ".join(f"word{n}" for n in range(60)) + "\n"
    assert is_repeat(long.replace("word59", "other"), [TEXT, long])
    assert is_repeat(long.replace("Open.", "Opened otherwise."), [long])
    assert not is_repeat(replace_rules(long, ["Add one case.", "Keep the code."]), [TEXT, long])
    assert not is_repeat(long, [])


def test_half_of_a_surrogate_pair_in_a_rule_does_not_reach_a_file() -> None:
    text, _ = apply_edits("1. Old rule.", [Edit("add", 1, "Add one demand \ud83d here.")])
    assert text.encode("utf-8")
    assert "Add one demand ? here." in text
