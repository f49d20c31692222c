"""`evolve` on Ray with two local workers: the records of the local engine, under the cap, and a
killed driver repeats no more than was in flight.

Ray starts a dozen processes, so that this takes minutes on two cores, and runs where RAY_OUTCOME
names a file for what was measured (`make test-ray` does).
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import re
import signal
import sys
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from autoevol.llm.ledger import read_bill
from tests.server import LoopbackServer, Reply
from tests.verbs.evolving import answer, records_in, rows, write_rows

ROWS, CALLS, CAP, LATENCY = 40, 4, 31, 0.05
MANY = 600
"""Rows of a run that is still at work when a worker was killed and replaced."""
START_S = 900
TOP = Path(__file__).parents[2]
OUTCOME = os.environ.get("RAY_OUTCOME")

WHY_NOT = (
    "Ray is not installed: autoevol[ray]"
    if find_spec("ray") is None
    else ""
    if OUTCOME
    else "takes minutes: make test-ray"
)

pytestmark = [pytest.mark.ray, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]


async def start(file: Path, runs: list[dict[str, Any]]) -> asyncio.subprocess.Process:
    file.write_text(json.dumps(runs), encoding="utf-8")
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.verbs.ray_driver", str(file)),
        env={**os.environ, "PYTHONPATH": str(TOP), "OPENAI_API_KEY": "k"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


def calls_of(folder: Path) -> int:
    return sum(row.calls + row.lost_calls for row in read_bill(folder / "ledger.sqlite"))


def without_workers(folder: Path) -> bool:
    return not (folder / "ledgers").exists()


async def test_ray_makes_the_records_of_the_local_engine_within_the_budget(
    tmp_path: Path,
) -> None:
    data = write_rows(tmp_path / "seeds.jsonl", rows(ROWS))
    here, there, capped = tmp_path / "here", tmp_path / "there", tmp_path / "capped"
    async with LoopbackServer(lambda a: Reply(answer(a["messages"])), latency=LATENCY) as server:
        same = {"data": str(data), "url": server.openai_url, "calls": CALLS}
        runs = [
            {**same, "out": str(here), "local": True},
            {**same, "out": str(there)},
            {**same, "out": str(capped), "budget": f"{CAP}calls"},
            {**same, "out": str(capped), "budget": f"{2 * ROWS}calls", "local": True},
        ]
        driver = await start(tmp_path / "runs.json", runs)
        said, wrong = await asyncio.wait_for(driver.communicate(), START_S)
        assert driver.returncode == 0, wrong.decode()[-2000:]
        local, ray, cut, rest = json.loads(said.splitlines()[-1])
        assert local["kept"] == ray["kept"] == ROWS
        assert records_in(there) == records_in(here)
        shares = next(re.findall(r"\d+", one) for one in ray["notes"] if "by worker" in one)
        assert len(shares) == 2
        assert min(map(int, shares)) > 0
        assert read_bill(there / "ledger.sqlite") == read_bill(here / "ledger.sqlite")
        assert without_workers(there)
        # The cap held, and the local engine went on where Ray stopped, for no call twice.
        assert cut["error"] == "budget_reached"
        assert rest["kept"] == ROWS
        assert len(server.requests) == 3 * 2 * ROWS
        assert calls_of(capped) == 2 * ROWS
        assert records_in(capped) == records_in(here)
    note(
        {
            "rows": ROWS,
            "calls in flight": CALLS,
            "latency_s": LATENCY,
            "rows by worker": list(map(int, shares)),
            "records as the local engine's": True,
            "stopped at the cap of calls": CAP,
            "calls spent at that stop": cut["spent"],
            "local_s": round(local["seconds"], 2),
            "ray_s": round(ray["seconds"], 2),
            "ray / local": round(ray["seconds"] / local["seconds"], 2),
        }
    )
    assert 0 < cut["spent"] <= CAP


async def test_a_killed_driver_repeats_only_calls_in_flight(tmp_path: Path) -> None:
    data = write_rows(tmp_path / "seeds.jsonl", rows(ROWS))
    cut = tmp_path / "cut"
    async with LoopbackServer(lambda a: Reply(answer(a["messages"])), latency=LATENCY) as server:
        run = {"data": str(data), "url": server.openai_url, "calls": CALLS, "out": str(cut)}
        driver = await start(tmp_path / "runs.json", [run])
        while len(server.requests) < ROWS and driver.returncode is None:
            server.arrived.clear()
            await asyncio.wait_for(server.arrived.wait(), START_S)
        driver.kill()
        await driver.communicate()
        assert (cut / "ledgers").exists()
        again = await start(tmp_path / "again.json", [{**run, "local": True}])
        said, wrong = await asyncio.wait_for(again.communicate(), START_S)
        assert again.returncode == 0, wrong.decode()[-2000:]
        (rest,) = json.loads(said.splitlines()[-1])
        assert rest["kept"] == len(records_in(cut)) == ROWS
        repeated = len(server.requests) - 2 * ROWS
    note({"calls repeated after a killed driver": repeated})
    assert without_workers(cut)
    assert 0 <= repeated <= CALLS


async def test_a_lost_worker_is_replaced_and_a_dead_ray_is_an_error(tmp_path: Path) -> None:
    data, out = write_rows(tmp_path / "seeds.jsonl", rows(MANY)), tmp_path / "out"
    async with LoopbackServer(lambda a: Reply(answer(a["messages"])), latency=LATENCY) as server:
        run = {"data": str(data), "url": server.openai_url, "calls": CALLS, "out": str(out)}
        driver = await start(tmp_path / "runs.json", [run])

        async def next_call() -> None:
            server.arrived.clear()
            await asyncio.wait_for(server.arrived.wait(), START_S)

        def workers() -> list[int]:
            path = out / "ledgers" / "0.lock"
            return [int(line) for line in path.read_text().split()] if path.exists() else []

        while len(server.requests) < 10 or not workers():
            await next_call()
        os.kill(workers()[0], signal.SIGKILL)
        while len(workers()) < 2:
            await next_call()
        written = out / "kept.jsonl"
        then = written.stat().st_size
        while written.stat().st_size < then + 100_000:  # what the lost one had, and more
            await next_call()
        (raylet,) = (pid for pid in below(driver.pid) if "/raylet/raylet" in words_of(pid))
        os.kill(raylet, signal.SIGKILL)
        said, wrong = await asyncio.wait_for(driver.communicate(), START_S)
        assert driver.returncode == 0, wrong.decode()[-2000:]
        (ended,) = json.loads(said.splitlines()[-1])
        made = len(records_in(out))
        again = await start(tmp_path / "again.json", [{**run, "local": True}])
        rest, wrong = await asyncio.wait_for(again.communicate(), START_S)
        assert again.returncode == 0, wrong.decode()[-2000:]
        repeated = len(server.requests) - 2 * MANY
    assert ended["error"] == "internal"
    assert "Ray died" in ended["message"]
    assert "same folder" in ended["message"]
    assert "Worker 0 died and is replaced (1)." in ended["notes"]
    assert 0 < made < MANY
    assert json.loads(rest.splitlines()[-1])[0]["kept"] == len(records_in(out)) == MANY
    note(
        {
            "after a worker was killed and then Ray, the run ended with": ended["message"][:120],
            "calls repeated after these two": repeated,
        }
    )
    assert without_workers(out)
    assert 0 <= repeated <= 2 * CALLS


def words_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def below(pid: int) -> set[int]:
    """The processes that a process started, and those that they did."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(place.name)] = int(
                (place / "stat").read_text().rpartition(")")[2].split()[1]
            )
        except OSError:
            continue
    found, new = set[int](), {pid}
    while new := {child for child, parent in parents.items() if parent in new} - found:
        found |= new
    return found


def note(found: dict[str, Any]) -> None:
    """Add to the outcome, where one is wanted."""
    if OUTCOME is None:
        return
    file = TOP / OUTCOME
    held = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    about = {
        "date": date.today().isoformat(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "workers": 2,
        **{package: version(package) for package in ("ray", "pyarrow")},
    }
    file.write_text(json.dumps({**held, **about, **found}, indent=2) + "\n", encoding="utf-8")
