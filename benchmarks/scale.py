"""`evolve` over very many rows: memory, bytes on disk, and the time to go on.

    python benchmarks/scale.py [--rows 100000] [--out FILE] [--keep FOLDER]

A scripted model rewrites and answers in texts of usual length (about 250 bytes of seed, 380 of
rewrite, 1,500 of answer), so that nothing but our own work takes time and memory. Three processes:
one makes the rows, the second evolves them, the third goes on for the last row and says when it
made its first new call. Memory is the resident set, read while rows land.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autoevol.llm.messages import Request  # noqa: E402
from autoevol.progress import Silent  # noqa: E402

Json = dict[str, Any]
TEXTS = (*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md")
WORDS = sorted({word for path in TEXTS for word in path.read_text().split() if word.isalpha()})
AT_ONCE = 64
AIMS = {"peak_mb": 300, "disk_of_text": 3.0, "first_call_s": 10.0}


def sentence(name: str, words: int) -> str:
    """Words of our own documents, drawn by the name alone."""
    draw = random.Random(hashlib.sha256(name.encode()).digest())
    return " ".join(draw.choices(WORDS, k=words))


def seed(number: int) -> str:
    return f"Write a function number {number} in Python that handles {sentence(str(number), 32)}."


def script(request: Request) -> str:
    last = request.messages[-1].content
    if request.role != "evolver":
        return (
            f"The solution walks the parts in order. {sentence(last, 240)}. It then returns them."
        )
    text = last.split("<instruction>\n", 1)[1].rsplit("\n</instruction>", 1)[0]
    return f"<evolved>{text} Also reject {sentence(text, 18)} with a clear error.</evolved>"


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class Meter(Silent):
    """Reads the resident set every so many rows."""

    def __init__(self, every: int) -> None:
        self.every, self.rows, self.largest = every, 0, 0.0
        self.at: list[tuple[int, float, float]] = []
        self.first_call = 0.0
        self.began = time.perf_counter()

    def advance(self, parts: int = 1) -> None:
        self.rows += parts
        if self.rows % 500 == 0:
            self.largest = max(self.largest, resident_mb())
        if self.rows % self.every == 0:
            seconds = time.perf_counter() - self.began
            self.at.append((self.rows, round(seconds, 1), round(resident_mb(), 1)))
            print(f"  {self.at[-1]}", file=sys.stderr, flush=True)

    def call(self, event: Any) -> None:
        if event.kind == "done" and not event.cached and not self.first_call:
            self.first_call = time.time()


async def evolved(data: Path, out: Path, limit: int) -> Meter:
    from autoevol.data.seeds import Reading
    from autoevol.door import Door
    from autoevol.verbs.evolve import evolve_all

    meter = Meter(max(1, limit // 20))
    await evolve_all(
        "code/direct",
        data,
        out=out,
        model="fake/scale",
        door=Door(concurrency=AT_ONCE, scripts={"scale": script}),
        reading=Reading(limit=limit),
        watcher=meter,
    )
    return meter


def step(name: str, folder: Path, rows: int) -> Json:
    """One step in a process of its own."""
    words = [sys.executable, __file__, "--step", name, str(folder), str(rows)]
    began = time.time()
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
    found: Json = json.loads(done.stdout.splitlines()[-1])
    if first := found.pop("first_call", 0.0):
        found["first_call_s"] = round(first - began, 2)
    return found


def take(name: str, folder: Path, rows: int) -> Json:
    data, out = folder / "seeds.jsonl", folder / "out"
    if name == "make":
        with data.open("w", encoding="utf-8") as file:
            for number in range(rows + 1):
                row = {"id": f"row-{number}", "instruction": seed(number)}
                file.write(json.dumps(row) + "\n")
        return {"bytes": data.stat().st_size}
    limit = rows if name == "run" else rows + 1
    meter = asyncio.run(evolved(data, out, limit))
    if name == "more":
        return {"first_call": meter.first_call, "peak_mb": round(meter.largest or resident_mb(), 1)}
    text = sum(
        len(record[field].encode())
        for record in map(json.loads, (out / "kept.jsonl").open(encoding="utf-8"))
        for field in ("before", "instruction", "response")
    )
    sizes = {path.name: path.stat().st_size for path in out.iterdir()}
    last = meter.at[-1]
    return {
        "seconds": last[1],
        "rows_per_s": round(rows / last[1], 1),
        "peak_mb": round(meter.largest, 1),
        "at": meter.at,
        "text_bytes": text,
        "bytes": sizes,
        "disk_of_text": round(sum(sizes.values()) / text, 3),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/scale.json")
    options.add_argument("--step", nargs=3, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.step:
        name, folder, rows = given.step
        print(json.dumps(take(name, Path(folder), int(rows))))
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        found: Json = {"date": date.today().isoformat(), "rows": given.rows, "aims": AIMS}
        found |= {name: step(name, folder, given.rows) for name in ("make", "run", "more")}
    given.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    run, more = found["run"], found["more"]
    print(f"{given.rows:,} rows, {run['rows_per_s']} a second")
    print(f"  resident at most   {run['peak_mb']} MB (aim {AIMS['peak_mb']})")
    print(f"  disk over text     {run['disk_of_text']} (aim {AIMS['disk_of_text']})")
    print(f"  first new call     {more['first_call_s']} s (aim {AIMS['first_call_s']})")


if __name__ == "__main__":
    main()
