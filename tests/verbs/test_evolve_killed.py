"""`evolve` killed at any point: only calls in flight are sent again, and the result is the same."""

from __future__ import annotations

import asyncio
import random
import sys
from pathlib import Path

import pytest

from autoevol.door import Door
from autoevol.errors import BudgetReached, FolderBusy
from autoevol.llm.ledger import read_bill
from autoevol.verbs.evolve import evolve_all
from tests.server import LoopbackServer, Reply
from tests.verbs.evolving import METHOD, answer, records_in, rows, write_rows

ROWS, AT_ONCE, MODEL = 30, 4, "openai/m"

PROCESS = (
    "import asyncio, sys; from pathlib import Path; from autoevol.door import Door; "
    "from autoevol.verbs.evolve import evolve_all; "
    "method, data, out, url, model, budget = sys.argv[1:]; "
    "asyncio.run(evolve_all(method, data, out=Path(out), model=model, "
    f"door=Door(base_url=url, concurrency={AT_ONCE}, budget=budget or None)))"
)


async def start(
    data: Path, out: Path, server: LoopbackServer, budget: str = ""
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROCESS, METHOD, str(data), str(out), server.openai_url, MODEL),
        budget,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "OPENAI_API_KEY": "k", "PATH": ""},
        stderr=asyncio.subprocess.PIPE,
    )


async def killed_after(
    process: asyncio.subprocess.Process, server: LoopbackServer, calls: int
) -> None:
    """Kill it once it has sent so many calls in all."""
    enough = len(server.requests) + calls
    while len(server.requests) < enough and process.returncode is None:
        server.arrived.clear()
        await asyncio.wait_for(server.arrived.wait(), 20)
    process.kill()
    await process.wait()


async def test_a_killed_run_repeats_only_calls_in_flight_and_ends_as_an_uncut_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    data = write_rows(tmp_path / "seeds.jsonl", rows(ROWS))
    cut, uncut = tmp_path / "cut", tmp_path / "uncut"
    async with LoopbackServer(lambda a: Reply(answer(a["messages"])), latency=0.01) as server:
        reach = Door(base_url=server.openai_url, concurrency=AT_ONCE)
        await evolve_all(METHOD, data, out=uncut, model=MODEL, door=reach)
        calls = len(server.requests)
        assert calls == 2 * ROWS

        points = [random.Random(7).randint(1, 20) for _ in range(3)]
        for point in points:
            await killed_after(await start(data, cut, server), server, point)
        result = await evolve_all(METHOD, data, out=cut, model=MODEL, door=reach)
        assert result.kept == ROWS

        repeated = len(server.requests) - 2 * calls
        assert 0 <= repeated <= len(points) * AT_ONCE
        assert records_in(cut) == records_in(uncut)


async def test_calls_that_a_kill_cut_off_count_under_the_budget_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    data, out = write_rows(tmp_path / "seeds.jsonl", rows(ROWS)), tmp_path / "out"
    async with LoopbackServer(lambda a: Reply(answer(a["messages"])), latency=0.2) as server:
        reach = Door(base_url=server.openai_url, concurrency=AT_ONCE, budget="12calls")
        for point in (5, 3):
            await killed_after(await start(data, out, server, "12calls"), server, point)
        # A single call that is left is not spent on a row that needs two.
        with pytest.raises(BudgetReached, match=r"1[12] of 12 calls"):
            await evolve_all(METHOD, data, out=out, model=MODEL, door=reach)
        assert len(server.requests) <= 12
    bill = read_bill(out / "ledger.sqlite")
    assert sum(row.calls + row.lost_calls for row in bill) in (11, 12)
    assert not list(out.glob("*.sent"))


async def test_a_second_process_is_refused_while_the_first_one_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    data = write_rows(tmp_path / "seeds.jsonl", rows(3))
    async with LoopbackServer(lambda a: Reply(answer(a["messages"]), latency=20)) as server:
        process = await start(data, tmp_path / "out", server)
        try:
            await asyncio.wait_for(server.arrived.wait(), 20)
            with pytest.raises(FolderBusy):
                await evolve_all(
                    METHOD,
                    data,
                    out=tmp_path / "out",
                    model=MODEL,
                    door=Door(base_url=server.openai_url),
                )
        finally:
            process.kill()
            await process.communicate()
