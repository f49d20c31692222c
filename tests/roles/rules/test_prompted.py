"""Stages of the evolving prompt in a rewrite."""

from __future__ import annotations

import time

import pytest

from tests.roles.evolutions import fired


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


@pytest.mark.parametrize(
    "unit", ["Step 2: ", "this version ", "未超过", "新指令", "the original task "]
)
def test_the_time_is_linear_in_the_text(unit: str) -> None:
    def seconds(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        start = time.process_time()
        fired("Name a river.", text)
        return time.process_time() - start

    # Quadratic work would cost a hundred times as much; noise and caches cost a few times.
    assert seconds(40_000) < 40 * seconds(4_000) + 0.3
