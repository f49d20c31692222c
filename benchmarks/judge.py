"""What the judge says of the zoo: marks and gain of every row, one line each.

    python benchmarks/judge.py --half train --model local/qwen2.5-coder-1.5b [--limit 60]

Appends to `benchmarks/results/judge-verdicts-MODEL.jsonl`; rows that stand there are left out. Rows
come in a fixed random order, those first that a program could not see through (good ones and those
that need a reader), so that a run cut short has a fair sample of them. What the marks are worth
beside the rules is told by `benchmarks/eliminator.py`; here one line of agreement with the labels
is printed.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from autoevol import __version__
from autoevol.domain import Domain, load_domain
from autoevol.door import Door, open_client
from autoevol.progress import Silent
from autoevol.prompts import load_prompt
from autoevol.roles.judge import PASS_MARK, Judge
from autoevol.roles.proxies import GAIN, make_proxy
from autoevol.types import Evolution, Instruction

HERE = Path(__file__).parent
DOMAINS = ("code", "math", "chat")
Row = Mapping[str, Any]


def zoo(half: str) -> Iterator[Row]:
    for domain in DOMAINS:
        with (HERE / "zoo" / f"{domain}-{half}.jsonl").open(encoding="utf-8") as file:
            yield from map(json.loads, file)


def turn(row: Row) -> tuple[bool, str]:
    plain = row["label"] == "failed" and row["rule"]
    return plain, hashlib.sha256(row["id"].encode()).hexdigest()


def lines_of(path: Path) -> list[Row]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


async def judge(rows: list[Row], half: str, model: str, path: Path, until: float) -> None:
    """Judge rows until the time is up; each is written as it comes."""
    packs: dict[str, Domain] = {name: load_domain(name) for name in DOMAINS}
    waiting = iter(rows)
    with TemporaryDirectory() as folder:
        files = Path(folder, "ledger.sqlite"), Path(folder, "log")
        async with open_client(Door(), *files, Silent()) as client:
            reader = Judge(client, model, load_prompt("review"))

            async def work() -> None:
                for row in waiting:
                    if time.monotonic() > until:
                        return
                    proxy = make_proxy(GAIN, client, model, packs[row["domain"]])
                    pair = Evolution(
                        Instruction(row["seed"], "s"), Instruction(row["evolved"], "e")
                    )
                    marks = await reader.mark(pair)
                    gain = await proxy.gain(row["seed"], row["evolved"])
                    said = {
                        "id": row["id"],
                        "half": half,
                        "model": model,
                        "faithful": _rounded(marks.faithful),
                        "doable": _rounded(marks.doable),
                        "gain": _rounded(gain),
                        "autoevol": __version__,
                        "prompt": load_prompt("review").digest,
                        "date": date.today().isoformat(),
                    }
                    with path.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(said) + "\n")

            async with asyncio.TaskGroup() as group:
                for _ in range(4):
                    group.create_task(work())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--half", choices=("train", "test"), default="test")
    options.add_argument("--model", default="local/qwen2.5-coder-1.5b")
    options.add_argument("--minutes", type=float, default=600.0)
    options.add_argument("--limit", type=int, help="rows at most, those present included")
    given = options.parse_args()
    path = HERE / "results" / f"judge-verdicts-{given.model.replace('/', '-')}.jsonl"
    digest = load_prompt("review").digest
    labelled = sorted((row for row in zoo(given.half) if row["evolved"]), key=turn)[: given.limit]
    present = {row["id"] for row in lines_of(path) if row["prompt"] == digest}
    rows = [row for row in labelled if row["id"] not in present]
    until = time.monotonic() + 60 * given.minutes
    asyncio.run(judge(rows, given.half, given.model, path, until))
    verdicts = {row["id"]: row for row in lines_of(path) if row["prompt"] == digest}
    seen = [(row, verdicts[row["id"]]) for row in labelled if row["id"] in verdicts]
    flagged = [_flagged(said) for _, said in seen]
    failed = [row["label"] == "failed" for row, _ in seen]
    hits = sum(f and t for f, t in zip(flagged, failed, strict=True))
    print(
        f"{given.half}: {len(seen)} of {len(labelled)} rows judged; marks below {PASS_MARK} flag "
        f"{sum(flagged)}, {hits} of them rightly; {sum(failed)} failed"
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _flagged(said: Row) -> bool:
    marks = [said["faithful"], said["doable"]]
    return any(mark is not None and mark < PASS_MARK for mark in marks)


if __name__ == "__main__":
    main()
