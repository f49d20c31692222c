"""Hundreds of ways in which models fail, and of good rows that look like it, in fifteen languages.

`cases/failed.jsonl` holds [rule, language, answer] for answers to the task of that language in
`cases/tasks.json`, or [rule, seed, rewrite, answer]; `cases/good.jsonl` holds [seed, rewrite,
answer]. They were written before it was known whether a rule sees them.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.roles.evolutions import fired

CASES = Path(__file__).parent / "cases"
TASKS: dict[str, list[str]] = json.loads((CASES / "tasks.json").read_text(encoding="utf-8"))


def read(name: str) -> list[list[str]]:
    lines = (CASES / name).read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


FAILED, GOOD = read("failed.jsonl"), read("good.jsonl")


def rules(before: str, after: str, answer: str = "") -> list[str]:
    return fired(before, after, answer, response_finish="stop" if answer else "")


@pytest.mark.parametrize("case", FAILED, ids=lambda case: f"{case[0]}: {case[-1][:40]}")
def test_a_failure_in_many_words(case: list[str]) -> None:
    rule, *row = case
    if row[0] in TASKS:
        row[:1] = TASKS[row[0]]
    assert rule in rules(*row)


@pytest.mark.parametrize("row", GOOD, ids=lambda row: row[1][:40])
def test_a_good_row_passes(row: list[str]) -> None:
    assert rules(*row) == []


def test_every_language_and_every_class_is_there() -> None:
    tongues = Counter(case[1] for case in FAILED if case[1] in TASKS)
    assert tongues.keys() == TASKS.keys()
    assert min(Counter(case[0] for case in FAILED).values()) >= 10
