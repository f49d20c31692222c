"""`evolve` killed twenty times at random moments: what is sent again, and what comes out.

    python benchmarks/kills.py [--rows 1000] [--kills 20] [--at-once 16] [--out FILE]

One run on a loopback endpoint is left alone; another over the same rows is killed (SIGKILL) after a
random number of calls, again and again, and then goes on to its end. Calls that reach the endpoint
twice were in flight at a kill: at each there may be as many as calls at once, and no more. The
records of both runs must be the same.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
from bisect import bisect_right
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.server import LoopbackServer, Reply  # noqa: E402
from tests.verbs.evolving import answer, records_in, rows, write_rows  # noqa: E402

PROCESS = (
    "import asyncio, sys; from pathlib import Path; from autoevol.door import Door; "
    "from autoevol.verbs.evolve import evolve_all; data, out, url, at_once = sys.argv[1:]; "
    "asyncio.run(evolve_all('code/direct', data, out=Path(out), model='openai/m', "
    "door=Door(base_url=url, concurrency=int(at_once))))"
)


async def start(data: Path, out: Path, url: str, at_once: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROCESS, str(data), str(out), url, str(at_once)),
        env={**os.environ, "PYTHONPATH": str(ROOT), "OPENAI_API_KEY": "none"},
    )


def lost_at(asked: list[str], ends: list[int]) -> list[int]:
    """How many calls each kill cost: those sent before it that had to be sent again later."""
    lost, sent = [0] * len(ends), dict[str, int]()
    for number, text in enumerate(asked):
        if text in sent:
            lost[bisect_right(ends, sent[text])] += 1
        sent[text] = number
    return lost


async def measured(count: int, kills: int, at_once: int, latency: float) -> dict[str, Any]:
    dice = random.Random(5)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        data = write_rows(folder / "seeds.jsonl", rows(count))
        async with LoopbackServer(lambda a: Reply(answer(a["messages"])), latency) as server:
            whole = await start(data, folder / "uncut", server.openai_url, at_once)
            assert await whole.wait() == 0
            calls = len(server.requests)
            server.requests.clear()
            ends: list[int] = []
            for _ in range(kills):
                before = len(server.requests)
                target = before + dice.randint(1, max(2, 2 * calls // kills))
                process = await start(data, folder / "cut", server.openai_url, at_once)
                while len(server.requests) < target and process.returncode is None:
                    server.arrived.clear()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(server.arrived.wait(), 0.2)
                if process.returncode is None:
                    process.kill()
                await process.wait()
                ends.append(len(server.requests))
                print(f"  killed after {ends[-1] - before} calls", file=sys.stderr)
            last = await start(data, folder / "cut", server.openai_url, at_once)
            assert await last.wait() == 0
            lost = lost_at([str(seen.json["messages"]) for seen in server.requests], ends)
        same = records_in(folder / "cut") == records_in(folder / "uncut")
    return {
        "date": date.today().isoformat(),
        "rows": count,
        "calls": calls,
        "kills": kills,
        "at_once": at_once,
        "lost_at_each": lost,
        "lost": sum(lost),
        "most_at_a_kill": max(lost),
        "same_records": same,
    }


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--rows", type=int, default=1000)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--at-once", type=int, default=16)
    options.add_argument("--latency", type=float, default=0.02)
    options.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/kills.json")
    given = options.parse_args()
    found = asyncio.run(measured(given.rows, given.kills, given.at_once, given.latency))
    given.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found))
    if not found["same_records"] or found["most_at_a_kill"] > given.at_once:
        raise SystemExit("a kill cost more than it may")


if __name__ == "__main__":
    main()
