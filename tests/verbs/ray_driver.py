"""Runs `evolve` on Ray in a process of its own, which may be killed: `python -m … RUNS.json`.

RUNS.json holds a list of runs {data, out, url, calls, and budget, local if wanted}. Ray is started
once for several of them, and by the engine itself for a single one. Prints what became of each as
JSON; a run's seconds do not count the start of Ray where there are several.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from autoevol.door import Cluster, Door
from autoevol.errors import AutoevolError
from autoevol.evolving.ray_driver import PATIENT
from autoevol.llm.ledger import read_bill
from autoevol.runs import LEDGER
from autoevol.verbs.evolve import evolve_all
from tests.verbs.evolving import Notes

METHOD, MODEL, WORKERS = "code/direct", "openai/m", 2


async def one(run: dict[str, Any]) -> dict[str, Any]:
    cluster = None if run.get("local") else Cluster(workers=WORKERS)
    reach = Door(
        base_url=run["url"],
        concurrency=run["calls"],
        budget=run.get("budget"),
        cluster=cluster,
    )
    began, notes = time.monotonic(), Notes()
    try:
        result = await evolve_all(
            METHOD,
            run["data"],
            out=Path(run["out"]),
            model=MODEL,
            door=reach,
            watcher=notes,
        )
    except AutoevolError as error:
        spent = sum(row.calls + row.lost_calls for row in read_bill(Path(run["out"], LEDGER)))
        told = {"error": error.code, "message": str(error), "spent": spent}
        return {**told, "notes": notes.notes}
    seconds = time.monotonic() - began
    return {"kept": result.kept, "seconds": seconds, "notes": notes.notes}


async def main(runs: list[dict[str, Any]]) -> None:
    print(json.dumps([await one(run) for run in runs]))


if __name__ == "__main__":
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if len(asked) > 1:
        os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", **PATIENT}  # as where the engine starts it
        import ray

        ray.init("local", num_cpus=WORKERS + 1, include_dashboard=False, log_to_driver=False)
    asyncio.run(main(asked))
