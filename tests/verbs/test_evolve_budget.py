"""`evolve` near the end of its budget: rows that are begun are finished first."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from autoevol.door import Door
from autoevol.errors import BudgetReached
from autoevol.evolving.filters.choice import Filters
from autoevol.verbs.evolve import evolve_all
from tests.server import Json, LoopbackServer, Reply
from tests.verbs.evolving import (
    METHOD,
    Model,
    Notes,
    all_records,
    answer,
    door,
    records_in,
    rows,
    summary_of,
    write_rows,
)

ROWS = 40


def asks_for_rewrite(asked: Json) -> bool:
    return "<instruction>" in str(asked["messages"][-1]["content"])


async def run(
    tmp_path: Path, server: LoopbackServer, budget: str, notes: Notes | None = None
) -> None:
    """At 1 and 2 dollars a million tokens an answer of 8,192 may cost 0.016, a rewrite 0.008."""
    data = write_rows(tmp_path / "seeds.jsonl", rows(ROWS))
    config = tmp_path / "farm.toml"
    config.write_text(
        f'[endpoints.farm]\nbase_url = "{server.openai_url}"\nprice = {{ input = 1, output = 2 }}\n'
    )
    reach = Door(config=config, confirm=lambda _: True, budget=budget)
    out = tmp_path / "out"
    await evolve_all(METHOD, data, out=out, model="farm/m", door=reach, watcher=notes)


async def test_what_a_small_budget_in_money_spends_makes_records(tmp_path: Path) -> None:
    notes = Notes()
    async with LoopbackServer(lambda asked: Reply(answer(asked["messages"]))) as server:
        with pytest.raises(BudgetReached) as met:
            await run(tmp_path, server, "0.02usd", notes)
        rewrites = sum(asks_for_rewrite(seen.json) for seen in server.requests)
        answers = len(server.requests) - rewrites
        assert answers >= 5
        assert rewrites - answers <= 1
        assert server.peak == 1
    assert summary_of(tmp_path / "out")["kept"] == answers
    assert "the responder's cap of 8,192 tokens" in met.value.message
    assert "Raise --budget" in met.value.hint
    assert "--max-tokens responder=N" in met.value.hint
    said = [note for note in notes.notes if "The budget lets 1 row be under way" in note]
    assert len(said) == 1


async def test_a_larger_budget_shrinks_the_rows_under_way_and_loses_none_of_them(
    tmp_path: Path,
) -> None:
    async with LoopbackServer(lambda a: Reply(answer(a["messages"])), latency=0.005) as server:
        try:
            await run(tmp_path, server, "0.09usd")
        except BudgetReached:
            pytest.fail("0.09usd are enough for all rows")
        assert 1 < server.peak <= 3
    assert summary_of(tmp_path / "out")["kept"] == ROWS


async def test_where_no_answer_can_be_reserved_no_rewrite_is_paid(tmp_path: Path) -> None:
    async with LoopbackServer(lambda asked: Reply(answer(asked["messages"]))) as server:
        with pytest.raises(BudgetReached, match=r"the next row may need 0\.016"):
            await run(tmp_path, server, "0.016usd")
        assert server.requests == []


async def test_of_a_budget_in_calls_none_goes_to_a_row_that_cannot_be_finished(
    tmp_path: Path,
) -> None:
    model = Model()
    with pytest.raises(BudgetReached, match="8 of 9 calls spent, and the next row may need 2"):
        await all_records(rows(12), tmp_path / "out", model, door=door(model, budget="9calls"))
    assert sorted(model.roles()) == ["evolver"] * 4 + ["responder"] * 4
    assert len(records_in(tmp_path / "out")) == 4


async def test_rows_that_are_answered_already_need_no_budget(tmp_path: Path) -> None:
    model, data = Model(), write_rows(tmp_path / "seeds.jsonl", rows(6))
    await all_records(data, tmp_path / "out", model)
    for name in ("kept.jsonl", "reading.json", "texts.sqlite"):
        (tmp_path / "out" / name).unlink(missing_ok=True)
    again = await all_records(
        data, tmp_path / "out", model, door=door(model, budget="12calls", concurrency=2)
    )
    assert len(again) == 6
    assert len(model.asked) == 12


async def test_rows_of_the_same_text_wait_for_each_other_and_are_paid_once(tmp_path: Path) -> None:
    """Those that wait for room join none of the calls of those that have it."""
    model, same = Model(), [{**rows(1)[0], "id": f"r{n}"} for n in range(8)]
    work = all_records(
        same,
        tmp_path / "out",
        model,
        door=door(model, budget="5calls", concurrency=4),
        filters=Filters(dedup="none"),
        rounds=2,
    )
    records = await asyncio.wait_for(work, 20)
    assert len(records) == 16
    assert len(model.asked) == 4
