"""Caps that would do: what is advised from the answers seen, and when nothing is."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from autoevol.llm.habits import ENOUGH, FLOOR, Answer, habits
from autoevol.llm.ledger import Ledger, read_habits
from autoevol.llm.messages import Finish, Message, Request, Response, Usage


def answers(tokens: list[int], cut: int = 0) -> list[Answer]:
    return [Answer("evolver", "a/x", one, place < cut) for place, one in enumerate(tokens)]


@given(st.lists(st.integers(0, 100_000), min_size=ENOUGH, max_size=300))
def test_an_advised_cap_holds_all_but_one_in_a_hundred(tokens: list[int]) -> None:
    (habit,) = habits(answers(tokens))
    assert habit.cap is not None
    assert habit.cap >= max(FLOOR, habit.usual)
    assert sum(one > habit.usual for one in tokens) <= 0.01 * len(tokens)
    assert habits(answers(sorted(tokens))) == (habit,)


def test_one_odd_answer_in_a_hundred_moves_nothing() -> None:
    assert habits(answers([300] * 99 + [8000]))[0].cap == 512
    assert habits(answers([300] * 98 + [8000] * 2))[0].cap == 12032


def test_nothing_is_advised_from_few_answers_or_from_cut_ones() -> None:
    assert habits(answers([300] * (ENOUGH - 1)))[0].cap is None
    assert habits(answers([300] * 200, cut=2))[0].cap is not None
    assert habits(answers([300] * 200, cut=3))[0].cap is None


async def test_a_ledger_tells_roles_apart_and_leaves_out_what_reads_probabilities(
    tmp_path: Path,
) -> None:
    asked: list[tuple[str, int, Finish, bool]] = [
        ("evolver", 40, "stop", False),
        ("evolver", 9, "length", False),
        ("judge", 1, "length", True),
        ("judge", 12, "stop", False),
    ]
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        for number, (role, tokens, finish, reads) in enumerate(asked):
            request = Request("a/x", (Message("user", str(number)),), role, max_tokens=9)
            places = ((("5", 0.0),),) if reads else ()
            answer = Response("ok", finish, Usage(1, tokens), logprobs=places)
            await ledger.put(str(number), request, answer, 0.1)
    found = [(h.role, h.answers, h.usual, h.cut) for h in read_habits(tmp_path / "ledger.sqlite")]
    assert found == [("evolver", 2, 40, 1), ("judge", 1, 12, 0)]
