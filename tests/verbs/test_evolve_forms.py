"""`evolve` with methods that draw: the same for a row whenever it is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from autoevol.errors import BadInput
from autoevol.evolving import job
from autoevol.verbs.evolve import evolve
from tests.verbs.evolving import MODEL, Json, Model, door, records_in, rows, settled, write_rows


async def applied(method: str, data: object, out: Path, model: Model, **more: object) -> list[Json]:
    words = settled({"respond": False, **more})
    found = evolve(method, data, out=out, model=MODEL, door=door(model), **words)  # type: ignore[arg-type]
    return [record async for record in found]


def _between(text: str, tag: str) -> str:
    return text.split(f"<{tag}>\n")[1].split(f"\n</{tag}>")[0]


def partners(model: Model) -> dict[str, str]:
    """The second instruction that came with each first one."""
    texts = (request.messages[-1].content for request in model.asked)
    return {_between(text, "instruction"): _between(text, "second") for text in texts}


async def test_partners_come_from_the_data_and_stay_when_a_run_goes_on(tmp_path: Path) -> None:
    data, cut, uncut = write_rows(tmp_path / "seeds.jsonl", rows(12)), Model(), Model()
    await applied("any/fusion", data, tmp_path / "cut", cut, limit=5)
    await applied("any/fusion", data, tmp_path / "cut", cut)
    await applied("any/fusion", data, tmp_path / "uncut", uncut)
    assert partners(cut) == partners(uncut)
    known = {row["instruction"] for row in rows(12)}
    assert set(partners(cut)) == known
    assert set(partners(cut).values()) <= known
    assert all(first != second for first, second in partners(cut).items())
    assert set(records_in(tmp_path / "cut")) == set(records_in(tmp_path / "uncut"))


async def test_rows_behind_those_read_ahead_are_done_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "PARTNERS", 3)
    model = Model()
    assert len(await applied("any/fusion", rows(8), tmp_path / "out", model)) == 8
    assert set(partners(model).values()) <= {row["instruction"] for row in rows(3)}


async def test_one_row_has_nothing_to_be_joined_to(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no second one"):
        await applied("any/fusion", rows(1), tmp_path / "out", Model())


async def test_every_round_of_a_method_of_tags_starts_from_the_seed(tmp_path: Path) -> None:
    model = Model()
    records = await applied("code/tag-evol", rows(3), tmp_path / "out", model, rounds=3)
    seeds = {row["id"]: row["instruction"] for row in rows(3)}
    assert sorted((r["seed_id"], r["round"]) for r in records) == [
        (seed, number) for seed in sorted(seeds) for number in (1, 2, 3)
    ]
    assert all(r["before"] == seeds[r["seed_id"]] for r in records)
    assert all(r["parent_id"] == r["seed_id"] for r in records)
    budgets = [request.messages[-1].content.split("choose ")[1][0] for request in model.asked]
    assert sorted(budgets) == ["3"] * 3 + ["5"] * 3 + ["7"] * 3
