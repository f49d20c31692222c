"""Thinking is taken out of answers, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.llm.reasoning import cut_at_stop, cut_finish, sendable, split_thinking


@pytest.mark.parametrize(
    ("text", "reasoning", "answer"),
    [
        ("<think>hm</think>\n\neight", "hm", "eight"),
        ("\n<think>\nhm\n</think>eight", "hm", "eight"),
        ("<think></think>eight", "", "eight"),
        ("<think>hm", "hm", ""),
        ("eight <think>no</think>", "", "eight <think>no</think>"),
        ("hm</think>eight", "", "hm</think>eight"),
        ("<think>a</think>b<think>c</think>", "a", "b<think>c</think>"),
        ("", "", ""),
    ],
)
def test_only_a_block_at_the_start_is_thinking(text: str, reasoning: str, answer: str) -> None:
    assert split_thinking(text) == (reasoning, answer)


@given(st.text(), st.text(alphabet="abc <>"))
@settings(max_examples=100)
def test_an_answer_survives_any_thinking_before_it(answer: str, thought: str) -> None:
    assert split_thinking(f"<think>{thought}</think>{answer}") == (thought.strip(), answer.lstrip())


def test_cut_within_the_answer_is_an_outcome_even_after_thinking() -> None:
    assert cut_finish("eig", thought=True) == "length"
    assert cut_finish(" \n", thought=True) == "thinking"
    assert cut_finish("", thought=False) == "length"


@given(st.text(alphabet="abc"), st.lists(st.text(alphabet="abc", max_size=2), max_size=3))
@settings(max_examples=100)
def test_nothing_of_a_stop_sequence_is_left(text: str, stop: list[str]) -> None:
    cut = cut_at_stop(text, stop)
    assert text.startswith(cut)
    assert not any(word and word in cut for word in stop)


@given(st.text())
@settings(max_examples=50)
def test_what_can_be_sent_is_sent_unchanged(text: str) -> None:
    assert sendable(text) == text
    assert sendable(text + "\udc80") == text + "?"
