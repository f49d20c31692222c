"""What becomes of a run where Ray dies: told of a process that stands in for the one that speaks to
Ray, so that no Ray is needed."""

from __future__ import annotations

import asyncio
import pickle
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from autoevol.door import Cluster
from autoevol.errors import AutoevolError, BudgetReached, UsageError
from autoevol.evolving import ray_engine
from autoevol.evolving.filters.choice import Filters
from autoevol.evolving.parts import FOLDER
from autoevol.llm.ledger import read_bill
from autoevol.runs import LEDGER
from autoevol.verbs.evolve import EvolveResult, evolve, evolve_all
from tests.verbs import rayless
from tests.verbs.evolving import (
    METHOD,
    MODEL,
    Model,
    Notes,
    door,
    records_in,
    rows,
    summary_of,
    write_rows,
)

ROWS = 12


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "seeds.jsonl", rows(ROWS))


@pytest.fixture
def stands_in(monkeypatch: pytest.MonkeyPatch) -> Any:
    def does(what: str) -> None:
        monkeypatch.setattr(ray_engine, "DRIVER", rayless.code(what))

    monkeypatch.setattr(ray_engine, "_pickler", lambda: pickle)
    return does


async def run(data: Path, out: Path, notes: Notes | None = None, **more: Any) -> EvolveResult:
    on_ray = Cluster(workers=2) if more.pop("on_ray", True) else None
    reach = door(Model(), concurrency=2, cluster=on_ray, **more)
    filters = Filters(dedup="none")
    return await evolve_all(
        METHOD, data, out=out, model=MODEL, door=reach, filters=filters, watcher=notes or Notes()
    )


async def test_rows_come_back_from_the_other_process_as_from_this_one(
    tmp_path: Path, seeds: Path, stands_in: Any
) -> None:
    stands_in("whole")
    notes = Notes()
    result = await run(seeds, tmp_path / "there", notes)
    await run(seeds, tmp_path / "here", on_ray=False)
    assert result.kept == ROWS
    assert records_in(tmp_path / "there") == records_in(tmp_path / "here")
    assert read_bill(tmp_path / "there" / LEDGER) == read_bill(tmp_path / "here" / LEDGER)
    assert "2 workers on Ray 0." in notes.notes
    assert len(notes.calls) == 2 * ROWS
    assert "state-dump" in (tmp_path / "there" / "ray.log").read_text()


@pytest.mark.parametrize(
    ("does", "ended"), [("dies 4", "with status 1"), ("killed 4", "by signal 9")]
)
async def test_where_ray_dies_the_run_says_so_and_goes_on_at_the_next_start(
    tmp_path: Path, seeds: Path, stands_in: Any, does: str, ended: str
) -> None:
    stands_in(does)
    out = tmp_path / "out"
    with pytest.raises(AutoevolError, match=f"which ended {ended}: Raylet is terminated") as met:
        await run(seeds, out)
    assert met.value.exit_status == 1
    assert "same folder" in met.value.hint
    assert "ray.log" in met.value.hint
    made = len(records_in(out))
    assert 0 < made < ROWS
    assert summary_of(out)["complete"] is False
    assert summary_of(out)["kept"] == made
    assert not (out / FOLDER).exists()  # what the lost workers had answered is in the one ledger
    result = await run(seeds, out, on_ray=False)
    assert result.summary["complete"]
    assert len(records_in(out)) == ROWS
    assert sum(row.calls for row in read_bill(out / LEDGER)) == 2 * ROWS


async def test_less_than_all_rows_is_no_end(tmp_path: Path, seeds: Path, stands_in: Any) -> None:
    stands_in("short 5")
    with pytest.raises(AutoevolError, match="less than all rows"):
        await run(seeds, tmp_path / "out")
    assert summary_of(tmp_path / "out")["complete"] is False


async def test_what_ended_the_driver_is_raised_here(
    tmp_path: Path, seeds: Path, stands_in: Any
) -> None:
    stands_in("fails")
    with pytest.raises(UsageError, match="no room") as met:
        await run(seeds, tmp_path / "out")
    assert met.value.hint == "Make room."


async def test_the_cap_holds_over_there(tmp_path: Path, seeds: Path, stands_in: Any) -> None:
    stands_in("whole")
    with pytest.raises(BudgetReached, match="share"):
        await run(seeds, tmp_path / "out", budget="9calls")
    assert 0 < sum(row.calls for row in read_bill(tmp_path / "out" / LEDGER)) <= 9


async def test_who_leaves_early_ends_the_other_process(
    tmp_path: Path, seeds: Path, stands_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stands_in("whole")
    started: list[asyncio.subprocess.Process] = []
    start = asyncio.create_subprocess_exec

    async def remembered(*words: Any, **more: Any) -> asyncio.subprocess.Process:
        started.append(await start(*words, **more))
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", remembered)
    reach = door(Model(), concurrency=2, cluster=Cluster(workers=2))
    records = evolve(METHOD, seeds, out=tmp_path / "out", model=MODEL, door=reach)
    async with aclosing(records):
        await anext(records)
    (process,) = started
    assert process.returncode is not None
    assert not (tmp_path / "out" / FOLDER).exists()
