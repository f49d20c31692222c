"""`evolve` with methods that draw: the same for a row whenever it is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from autoevol.errors import BadInput, UsageError
from autoevol.evolving.filters.choice import Filters
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
    monkeypatch.setattr("autoevol.evolving.partners.PARTNERS", 3)
    model = Model()
    assert len(await applied("any/fusion", rows(8), tmp_path / "out", model)) == 8
    assert set(partners(model).values()) <= {row["instruction"] for row in rows(3)}


async def test_a_row_that_a_filter_bars_is_joined_to_none(tmp_path: Path) -> None:
    data, model = rows(12), Model()
    for number, row in enumerate(data):
        row["license"] = ("MIT", "GPL-3.0", "")[number % 3]
    filters = Filters(licenses=("mit",))
    records = await applied("any/fusion", data, tmp_path / "out", model, filters=filters)
    allowed = {row["instruction"] for row in data if row["license"] == "MIT"}
    assert len(partners(model)) == 4
    assert set(partners(model).values()) <= allowed
    assert {r["license"] for r in records if r["joined"]} == {"MIT"}


async def test_the_rows_joined_to_another_are_looked_for_behind_those_barred(
    tmp_path: Path,
) -> None:
    data, model = rows(8), Model()
    for row in data[6:]:
        row["license"] = "MIT"
    filters = Filters(licenses=("MIT",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autoevol.evolving.partners.PARTNERS", 2)
        await applied("any/fusion", data, tmp_path / "out", model, filters=filters)
    assert set(partners(model).values()) == {row["instruction"] for row in data[6:]}


async def test_a_record_names_the_other_seeds_in_it_and_stands_under_all_licences(
    tmp_path: Path,
) -> None:
    data, model = rows(3), Model()
    for row, license in zip(data, ("MIT", "Apache-2.0 OR MIT", ""), strict=True):
        row["license"] = license
    records = await applied("any/fusion", data, tmp_path / "out", model, rounds=2, limit=2)
    texts = {row["instruction"]: row for row in data}
    for record in (r for r in records if r["round"] == 1):
        second = texts[partners(model)[record["before"]]]
        assert record["joined"] == [{"seed_id": second["id"], "license": second["license"]}]
    for record in (r for r in records if r["round"] == 2):
        first = next(r for r in records if r["id"] == record["parent_id"])
        assert record["joined"][:-1] == first["joined"]
        assert record["joined"][-1]["seed_id"] not in {
            record["seed_id"],
            first["joined"][0]["seed_id"],
        }
        assert record["license"] == ""  # the third row's is not known
    both = [
        r["license"] for r in records if {"seed_id": "seed-2", "license": ""} not in r["joined"]
    ]
    assert set(both) <= {"MIT AND (Apache-2.0 OR MIT)", "(Apache-2.0 OR MIT) AND MIT"}
    assert len(records) == 4


async def test_one_licence_in_two_spellings_is_one(tmp_path: Path) -> None:
    data = rows(2)
    for row, license in zip(data, ("mit", "MIT"), strict=True):
        row["license"] = license
    records = await applied("any/fusion", data, tmp_path / "out", Model())
    assert {r["seed_id"]: r["license"] for r in records} == {"seed-0": "mit", "seed-1": "MIT"}


async def test_what_is_not_joined_has_no_other_seed_in_it(tmp_path: Path) -> None:
    records = await applied("code/direct", rows(2), tmp_path / "out", Model())
    assert [r["joined"] for r in records] == [[], []]


@pytest.mark.parametrize("count", [2, 3, 6])
async def test_no_round_joins_a_row_to_itself(tmp_path: Path, count: int) -> None:
    model = Model()
    records = await applied("any/fusion", rows(count), tmp_path / "out", model, rounds=4)
    names = [[one["seed_id"] for one in r["joined"]] for r in records]
    assert all(r["seed_id"] not in found for r, found in zip(records, names, strict=True))
    # None comes in twice while others are left.
    assert all(len(set(found)) == min(len(found), count - 1) for found in names)
    assert {r["round"] for r in records} == {1, 2, 3, 4}


async def test_another_seed_of_randomness_draws_otherwise_and_is_another_run(
    tmp_path: Path,
) -> None:
    drawn, names = [], []
    for number, seed in enumerate((0, 7, 7)):
        model, out = Model(), tmp_path / f"{number}"
        records = await applied("any/fusion", rows(10), out, model, seed=seed)
        drawn.append(partners(model))
        names.append({r["id"] for r in records})
    assert drawn[1] == drawn[2] != drawn[0]
    assert names[1] == names[2]
    assert not names[0] & names[1]
    data = write_rows(tmp_path / "seeds.jsonl", rows(3))
    await applied("any/fusion", data, tmp_path / "out", Model(), seed=7)
    with pytest.raises(UsageError, match=r"settings\.seed"):
        await applied("any/fusion", data, tmp_path / "out", Model(), seed=8)


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
