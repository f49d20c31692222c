"""A run divided over workers, without Ray: shares, pieces, ledgers that become one."""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoevol.casting import Cast
from autoevol.data.seeds import Reading
from autoevol.data.seen import Seen
from autoevol.door import Cluster, Door
from autoevol.errors import AutoevolError, BudgetReached, FolderBusy, UsageError
from autoevol.evolving.done import Done, look_through
from autoevol.evolving.filters.choice import Filters
from autoevol.evolving.job import Choice, Job, make_job
from autoevol.evolving.ladder import Ladder
from autoevol.evolving.parts import (
    FOLDER,
    REPLACED,
    End,
    Errand,
    Landed,
    Start,
    Worker,
    divided,
    gather_parts,
    pieces,
)
from autoevol.llm.budget import Amount, Budget
from autoevol.llm.endpoint import Endpoint
from autoevol.llm.ledger import Ledger, read_bill
from autoevol.llm.messages import Message, Request, Usage
from autoevol.runs import LEDGER
from autoevol.verbs.evolve import evolve_all
from tests.verbs.evolving import METHOD, MODEL, Model, door, rows, write_rows

ROWS = 12


def job_of(data: Path, reading: Reading | None = None) -> Job:
    return make_job(
        Choice(METHOD, data, Cast(MODEL), reading or Reading(), Ladder(), Filters(dedup="none"))
    )


def errand_of(job: Job, folder: Path, cap: str | None = None, workers: int = 2) -> Errand:
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    budget = Budget.parse(cap)
    part, endpoints = divided(door(Model(), concurrency=8), {}, workers)
    return Errand(job, part, endpoints, folder, budget.shares(workers), budget.unit)


def beginning(done: Done | None = None) -> Start:
    return Start(0, 0, Seen(), done or Done())


async def work_through(errand: Errand, start: Start) -> tuple[list[Any], list[Landed], End]:
    """Two workers take pieces by turns."""
    workers = [Worker(errand), Worker(errand)]
    landed, end = list[Landed](), None
    for number, piece in enumerate(pieces(errand, start)):
        found = pickle.loads(await workers[number % 2].walk(piece))
        if isinstance(found, End):
            end = found
        else:
            landed.append(found)
    for worker in workers:
        await worker._open.aclose()
        os.close(worker._lock)
    assert end is not None
    return [one for found in landed for one in found.rows], landed, end


async def test_workers_walk_every_row_once_and_leave_one_ledger(tmp_path: Path) -> None:
    data, folder = write_rows(tmp_path / "seeds.jsonl", rows(ROWS)), tmp_path / "out"
    walked, landed, end = await work_through(errand_of(job_of(data), folder), beginning())
    assert sorted(number for number, _, _ in walked) == list(range(ROWS))
    assert (end.passed, end.error) == (0, None)
    assert sum(len(one.calls) for one in landed) == 2 * ROWS
    assert len(list((folder / FOLDER).glob("*.sqlite"))) == 2
    gather_parts(folder)
    assert not (folder / FOLDER).exists()
    assert sum(row.calls for row in read_bill(folder / LEDGER)) == 2 * ROWS


async def test_rows_that_are_done_are_passed_over(tmp_path: Path) -> None:
    data, folder = write_rows(tmp_path / "seeds.jsonl", rows(ROWS)), tmp_path / "out"
    few, options = tmp_path / "few", {"model": MODEL, "door": door(Model())}
    await evolve_all(METHOD, data, out=few, reading=Reading(limit=5), **options)  # type: ignore[arg-type]
    done = look_through(few / "kept.jsonl", few / "dropped.jsonl")
    errand = errand_of(job_of(data, Reading(limit=9)), folder)
    walked, _, end = await work_through(errand, beginning(done))
    assert sorted(number for number, _, _ in walked) == [5, 6, 7, 8]
    assert end.passed == 5


async def test_a_used_up_share_stops_all_and_the_cap_holds(tmp_path: Path) -> None:
    data, folder = write_rows(tmp_path / "seeds.jsonl", rows(ROWS)), tmp_path / "out"
    errand = errand_of(job_of(data), folder, "9calls")
    assert errand.shares == (5, 4)
    walked, landed, _ = await work_through(errand, beginning())
    assert isinstance(next(one.error for one in landed if one.error), BudgetReached)
    assert errand.stopped()
    gather_parts(folder)
    assert 0 < 2 * len(walked) <= sum(row.calls for row in read_bill(folder / LEDGER)) <= 9


@given(
    cap=st.integers(0, 10**9), spent=st.integers(0, 10**9), of=st.integers(1, 64), usd=st.booleans()
)
def test_shares_are_never_more_than_what_is_left(cap: int, spent: int, of: int, usd: bool) -> None:
    money = Decimal(spent) / 7
    budget = Budget(Decimal(cap), "usd" if usd else "calls")
    budget.start_from(Amount(spent, 0, money))
    shares = [share for share in budget.shares(of) if share is not None]
    left = max(Decimal(0), cap - (money if usd else spent))
    assert len(shares) == of
    assert all(share >= 0 for share in shares)
    assert left - Decimal("1e-9") <= sum(shares) <= left
    assert max(shares) - min(shares) <= 1


def test_rates_and_calls_at_once_are_divided() -> None:
    farm = Endpoint("farm", rpm=90.0, tpm=None, max_inflight=2)
    part, parted = divided(Door(concurrency=10), {"farm": farm}, 3)
    assert part.calls == 3
    assert (parted["farm"].rpm, parted["farm"].tpm, parted["farm"].max_inflight) == (30.0, None, 1)


async def test_ledgers_that_are_taken_over_twice_count_once(tmp_path: Path) -> None:
    home, asked = tmp_path / FOLDER, Request(MODEL, (Message("user", "a"),), "evolver", 5)
    home.mkdir()
    with Ledger(home / "0.sqlite") as part:
        part.lose("k", asked, Usage(3, 4), Decimal("0.5"), "cut off", 1.5)
    kept = (home / "0.sqlite").read_bytes()
    gather_parts(tmp_path)
    home.mkdir()
    (home / "0.sqlite").write_bytes(kept)  # it was killed before the part was removed
    gather_parts(tmp_path)
    (row,) = read_bill(tmp_path / LEDGER)
    assert (row.lost_calls, row.cost) == (1, Decimal("0.5"))


async def test_a_worker_that_is_still_at_work_is_not_robbed(tmp_path: Path) -> None:
    data = write_rows(tmp_path / "seeds.jsonl", rows(1))
    errand = errand_of(job_of(data), tmp_path / "out", workers=1)
    worker = Worker(errand)
    with pytest.raises(FolderBusy):
        gather_parts(errand.folder, patience_s=0.0)
    with pytest.raises(FolderBusy):
        Worker(errand)
    os.close(worker._lock)
    await asyncio.to_thread(gather_parts, errand.folder)


async def test_a_worker_that_died_is_replaced_with_a_note_and_not_for_ever(tmp_path: Path) -> None:
    data = write_rows(tmp_path / "seeds.jsonl", rows(3))
    errand = errand_of(job_of(data), tmp_path / "out", workers=1)
    piece, *_ = pieces(errand, beginning())
    told: list[tuple[str, ...]] = []
    for _ in range(REPLACED + 1):
        worker = Worker(errand)
        told.append(pickle.loads(await worker.walk(piece)).notes)
        await worker._open.aclose()
        os.close(worker._lock)  # as where the process is killed
    assert [len(notes) for notes in told] == [0, 1, 1, 1]
    assert "died and is replaced (1)" in told[1][0]
    with pytest.raises(AutoevolError, match=f"died {REPLACED + 1} times"):
        Worker(errand)
    gather_parts(errand.folder)
    assert sum(row.calls for row in read_bill(errand.folder / LEDGER)) == 2 * errand.piece
    (errand.folder / FOLDER).mkdir()
    os.close(Worker(errand)._lock)  # a new start counts anew


@pytest.mark.parametrize(
    ("cluster", "more", "said"),
    [
        (Cluster(workers=0), {}, "below 1"),
        (Cluster(), {"batch": True, "model": "openai/m"}, "local engine"),
        (Cluster(), {}, r"pip install 'autoevol\[ray\]'"),
    ],
)
async def test_what_ray_cannot_do_is_said_before_a_folder_is_made(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cluster: Cluster,
    more: dict[str, Any],
    said: str,
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    data = write_rows(tmp_path / "seeds.jsonl", rows(1))
    reach = door(Model(), cluster=cluster, batch=more.get("batch", False))
    with pytest.raises(UsageError, match=said):
        await evolve_all(
            METHOD, data, out=tmp_path / "out", model=more.get("model", MODEL), door=reach
        )
    assert not (tmp_path / "out").exists()
