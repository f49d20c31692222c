"""Rewrites that speak of material which nobody sees, and those that only sound like it.

`cases/handed.jsonl` holds ["nowhere" or "fine", seed, rewrite] in many languages.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.roles.evolutions import fired

CASES = Path(__file__).parent / "cases" / "handed.jsonl"
ROWS = [json.loads(line) for line in CASES.read_text(encoding="utf-8").split("\n") if line]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[2][-50:]}")
def test_what_was_handed_over_or_stands_beside_has_to_be_there(row: list[str]) -> None:
    kind, before, after = row
    assert ("missing_input" in fired(before, after)) == (kind == "nowhere")


def test_what_came_with_the_rewrite_may_be_pointed_at() -> None:
    seed = "Write a SQL query for open orders."
    after = f"{seed[:-1]}, using the schema I pasted above the query of last week."
    assert "missing_input" not in fired(seed, f"{after}\n\n```sql\ncreate table o (id int);\n```")
    after = f"{seed[:-1]}, using the schema I pasted."
    assert "missing_input" in fired(seed, after)


def test_numbers_of_the_seed_are_not_what_an_annex_holds() -> None:
    seed = "Find the mean of 4, 8, 9 and 11."
    assert "missing_input" in fired(seed, f"{seed[:-1]} with the weights listed overleaf.")
    assert "missing_input" not in fired(
        seed, f"{seed[:-1]} with the weights listed overleaf: 1, 2, 2, 5."
    )


@pytest.mark.parametrize(
    "unit", ["the a shown ", "in figure ", "ich dir ", "жив: ", "下方", "I pasted a "]
)
def test_the_time_is_linear_in_the_text(unit: str) -> None:
    def seconds(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        start = time.process_time()
        fired("Name a river.", text)
        return time.process_time() - start

    # Quadratic work would cost a hundred times as much; noise and caches cost a few times.
    assert seconds(40_000) < 40 * seconds(4_000) + 0.3
