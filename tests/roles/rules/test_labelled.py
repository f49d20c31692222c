"""Answers under a label of their own, and labels that hold a form, an order or an example.

`cases/labelled.jsonl` holds ["told" or "fine", seed, rewrite, answer] in many languages.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.roles.evolutions import fired

CASES = Path(__file__).parent / "cases" / "labelled.jsonl"
ROWS = [json.loads(line) for line in CASES.read_text(encoding="utf-8").split("\n") if line]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[2][-50:]}")
def test_a_labelled_answer_is_given_away_and_a_form_is_not(row: list[str]) -> None:
    kind, before, after, answer = row
    shown = fired(before, after, answer, response_finish="stop" if answer else "")
    assert ("answer_leaked" in shown) == (kind == "told")


def test_an_expected_output_counts_where_the_answer_says_it() -> None:
    seed = "Which word is the odd one out: oak, elm, carp?"
    after = f"{seed} Say it in German.\n\nExpected output: Karpfen"
    assert "answer_leaked" in fired(seed, after, "Karpfen, ein Fisch.", response_finish="stop")
    assert "answer_leaked" not in fired(seed, after, "Die Ulme.", response_finish="stop")


@pytest.mark.parametrize(
    ("before", "after", "answer"),
    [
        (
            "Muestra los 5 clientes. Tabla: pedidos(id, cliente_id, total).",
            "Muestra los 5 clientes. Tabla: pedidos(id, cliente_id, total). Si hay empate en el "
            "quinto puesto, tienen que salir todos.",
            "",
        ),
        (
            "Integriere x.",
            "Integriere x so, dass der Wert bei x = 0 gleich 1 ist.",
            "x = 0: C = 1.",
        ),
        ("xを積分して。", "xを積分し、x = 0 で値が 1 になる定数を求めよ。", "x = 0 より C = 1。"),
        ("Całkuj x.", "Całkuj x tak, by dla x = 2 wartość wynosiła 5.", "Dla x = 2: C = 3."),
    ],
)
def test_a_case_that_is_supposed_gives_nothing_away(before: str, after: str, answer: str) -> None:
    shown = fired(before, after, answer, response_finish="stop" if answer else "")
    assert "answer_leaked" not in shown
