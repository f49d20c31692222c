"""Words of the evolving prompt in a rewrite, and rewrites that only ask for such things.

`cases/trade.jsonl` holds ["leak" or "none", seed, rewrite]: remarks on the rewriting in many
languages, and demands that add, keep, forbid and count as the remarks do.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.roles.evolutions import fired

CASES = Path(__file__).parent / "cases" / "trade.jsonl"
ROWS = [json.loads(line) for line in CASES.read_text(encoding="utf-8").split("\n") if line]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[2][-50:]}")
def test_a_remark_on_the_rewriting_is_a_leak_and_a_demand_is_none(row: list[str]) -> None:
    kind, before, after = row
    assert ("prompt_leak" in fired(before, after)) == (kind == "leak")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Name a river.", "Name a river that crosses four borders. Stage C: mend the text."),
        ("Назови реку.", "Назови реку на четырёх границах.\nЭтап 3: проверь текст."),
        ("Nenne einen Fluss.", "Nenne einen Fluss mit vier Grenzen. Schritt 4: Text prüfen."),
    ],
)
def test_a_later_stage_without_a_first_one_is_a_leak(before: str, after: str) -> None:
    assert "prompt_leak" in fired(before, after)


def test_stages_from_the_first_on_belong_to_the_task() -> None:
    after = "Brew tea in stages. Stage 1: heat the water. Stage 2: steep the leaves."
    assert "prompt_leak" not in fired("Brew tea in stages.", after)
    seed = "Carry on. Stage 2: steep the leaves."
    assert "prompt_leak" not in fired(seed, "Carry on. Stage 3: drink it. Stage 2: steep it well.")


def test_a_remark_that_the_seed_holds_is_no_leak() -> None:
    remark = "(One requirement added, numbers unchanged, no hints.)"
    assert "prompt_leak" in fired("Name a river.", f"Name a river in Asia. {remark}")
    assert "prompt_leak" not in fired(f"Is this odd? {remark}", f"Is this odd, or fair? {remark}")


@pytest.mark.parametrize(
    "unit", ["(one new requirement added ", "(no hints). ", "未超过", "新指令", "ngôn ngữ gốc "]
)
def test_the_time_is_linear_in_the_text(unit: str) -> None:
    def seconds(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        start = time.process_time()
        fired("Name a river.", text)
        return time.process_time() - start

    # Quadratic work would cost a hundred times as much; noise and caches cost a few times.
    assert seconds(40_000) < 40 * seconds(4_000) + 0.3
