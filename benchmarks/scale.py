"""`evolve` over very many rows: memory, bytes on disk, and the time to go on.

    python benchmarks/scale.py [--rows 100000] [--out FILE] [--folder FOLDER]

A scripted model rewrites and answers in texts of usual length (about 250 bytes of seed, 380 of
rewrite, 1,500 of answer), so that nothing but our own work takes time and memory. Steps, each in a
process of its own: `make` writes the rows, `run` evolves them, `weigh` reads what came out, `more`
goes on for one more row and says when it made its first new call. Memory is the resident set, read
while rows land.

A million rows take an hour and 8 GB. With `--folder` it may be stopped at any moment and started
again by the same command: steps that are done are skipped, `run` goes on where it was, and figures
of earlier starts are kept. Every 30 seconds a line says how it goes.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autoevol.evolving.filters.choice import Filters  # noqa: E402
from autoevol.llm.messages import Request  # noqa: E402
from autoevol.progress import Silent  # noqa: E402
from benchmarks.machine import machine  # noqa: E402

Json = dict[str, Any]
# Texts that do not change between two starts of one measurement.
TEXTS = (*sorted((ROOT / "docs" / "decisions").glob("*.md")), ROOT / "LICENSE")
AT_ONCE = 64
SPARE = 100
"""Rows behind those that are run: each start of `more` takes one."""
LINE_S = 30
MARKS = (100_000, 300_000, 1_000_000)
FLAT_FROM = 100_000
AIMS = {"peak_mb": 300, "flat": 1.1, "ledger_and_records_of_text": 3.0, "first_call_s": 10.0}
RECORDS = ("kept.jsonl", "dropped.jsonl", "ledger.sqlite", "ledger.sqlite-wal")
STEPS = ("make", "run", "weigh", "more")


def words() -> list[str]:
    return sorted({word for path in TEXTS for word in path.read_text().split() if word.isalpha()})


class Script:
    """The model, and the seeds that it is asked about: words drawn by the name alone."""

    def __init__(self) -> None:
        self._words = words()

    def sentence(self, name: str, words: int) -> str:
        draw = random.Random(hashlib.sha256(name.encode()).digest())
        return " ".join(draw.choices(self._words, k=words))

    def seed(self, number: int) -> str:
        said = self.sentence(str(number), 32)
        return f"Write a function number {number} in Python that handles {said}."

    def __call__(self, request: Request) -> str:
        last = request.messages[-1].content
        if request.role != "evolver":
            said = self.sentence(last, 240)
            return f"The solution walks the parts in order. {said}. It then returns them."
        text = last.split("<instruction>\n", 1)[1].rsplit("\n</instruction>", 1)[0]
        return (
            f"<evolved>{text} Also reject {self.sentence(text, 18)} with a clear error.</evolved>"
        )


def memory_mb(what: str) -> float:
    """`VmRSS` now, or `VmHWM` at most, of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(what)).split()[1]) / 1024


def disk(folder: Path) -> dict[str, int]:
    found = {}
    for path in folder.iterdir() if folder.exists() else ():
        try:
            found[path.name] = path.stat().st_size
        except OSError:
            continue  # it was a file of the moment
    return found


class Meter(Silent):
    """Counts rows, reads the resident set at every twentieth of them and at `MARKS`, and keeps
    what it read in a file that outlives it."""

    def __init__(self, rows: int, out: Path, log: Path) -> None:
        self.rows, self.first_call = 0, 0.0
        self._of, self._out, self._log = rows, out, log
        self._every = max(1, rows // 20)
        self._began, self._passed = time.perf_counter(), 0
        self._start = f"{time.time():.0f}"
        self._over = threading.Event()

    def advance(self, parts: int = 1) -> None:
        self.rows += parts
        if parts > 1:
            self._passed += parts  # behind the bookmark of an earlier start
        elif self.rows % self._every == 0 or self.rows in MARKS:
            self._keep()

    def call(self, event: Any) -> None:
        if event.kind == "done" and not event.cached and not self.first_call:
            self.first_call = time.time()

    @contextmanager
    def telling(self) -> Iterator[None]:
        """A line every so many seconds, as long as it lasts."""
        teller = threading.Thread(target=self._tell, daemon=True)
        teller.start()
        try:
            yield
        finally:
            self._over.set()
            teller.join()
            self._keep(end=True)

    def _tell(self) -> None:
        while not self._over.wait(LINE_S):
            seconds = time.perf_counter() - self._began
            rate = (self.rows - self._passed) / seconds
            left = (self._of - self.rows) / rate / 60 if rate else float("inf")
            held = sum(disk(self._out).values()) / 1e6
            print(
                f"  {self.rows:,} of {self._of:,} rows, {rate:.0f} a second, "
                f"{memory_mb('VmRSS'):.0f} MB resident, {held:,.0f} MB on disk, "
                f"{seconds / 60:.1f} min gone, {left:.0f} min left",
                file=sys.stderr,
                flush=True,
            )
            self._keep()

    def _keep(self, *, end: bool = False) -> None:
        """`end`: rows land no more, and the report is written, which takes memory of its own."""
        found = {
            "start": self._start,
            "end": end,
            "rows": self.rows,
            "seconds": round(time.perf_counter() - self._began, 1),
            "mb": round(memory_mb("VmRSS"), 1),
            "peak_mb": round(memory_mb("VmHWM"), 1),
        }
        with self._log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(found) + "\n")


async def evolved(folder: Path, rows: int, log: Path) -> Meter:
    from autoevol.data.seeds import Reading
    from autoevol.door import Door
    from autoevol.verbs.evolve import evolve_all

    meter = Meter(rows, folder / "out", log)
    with meter.telling():
        await evolve_all(
            "code/direct",
            folder / "seeds.jsonl",
            out=folder / "out",
            model="fake/scale",
            door=Door(concurrency=AT_ONCE, scripts={"scale": Script()}),
            reading=Reading(limit=rows),
            watcher=meter,
        )
    return meter


def make(folder: Path, rows: int) -> Json:
    script, path = Script(), folder / "seeds.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(rows + SPARE):
            row = {"id": f"row-{number}", "instruction": script.seed(number)}
            file.write(json.dumps(row) + "\n")
    return {"bytes": path.stat().st_size}


def run(folder: Path, rows: int) -> Json:
    log = folder / "memory.jsonl"
    asyncio.run(evolved(folder, rows, log))
    at = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    last = {one["start"]: one for one in at}  # the last reading of each start
    seconds = sum(one["seconds"] for one in last.values())
    read = {mark: next((one["mb"] for one in at if one["rows"] == mark), None) for mark in MARKS}
    flat = read[FLAT_FROM]
    later = [one["mb"] for one in at if one["rows"] >= FLAT_FROM and not one["end"]]
    return {
        "starts": len(last),
        "seconds": round(seconds, 1),
        "rows_per_s": round(rows / seconds, 1),
        "peak_mb": max(one["peak_mb"] for one in at),
        "mb_at": {str(mark): mb for mark, mb in read.items() if mb is not None},
        # While rows land: the largest reading from there on over the reading there.
        "flat": round(max(later) / flat, 3) if flat else None,
        "mb_at_the_end": at[-1]["mb"],
        "at": [[one["rows"], one["seconds"], one["mb"]] for one in at if one["rows"]],
    }


def weigh(folder: Path, rows: int) -> Json:
    """Bytes of everything that lies there, beside those of the texts in it."""
    text = kept = 0
    with (folder / "out" / "kept.jsonl").open(encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            kept += 1
            text += sum(
                len(record[name].encode()) for name in ("before", "instruction", "response")
            )
    sizes = disk(folder / "out")
    return {
        "kept": kept,
        "text_bytes": text,
        "bytes": sizes,
        "ledger_and_records_of_text": round(sum(sizes.get(name, 0) for name in RECORDS) / text, 3),
        "all_of_text": round(sum(sizes.values()) / text, 3),
    }


def more(folder: Path, rows: int) -> Json:
    """One row more than ever before."""
    counter = folder / "more"
    further = int(counter.read_text()) + 1 if counter.exists() else 1
    counter.write_text(str(further))
    meter = asyncio.run(evolved(folder, rows + further, folder / "more.jsonl"))
    return {"first_call": meter.first_call, "peak_mb": round(memory_mb("VmHWM"), 1)}


def step(name: str, folder: Path, rows: int) -> Json:
    """One step in a process of its own, unless it was done before."""
    done = folder / "steps.json"
    found: Json = json.loads(done.read_text()) if done.exists() else {"rows": rows}
    if found["rows"] != rows:
        raise SystemExit(f"{folder} is for {found['rows']} rows; name another --folder.")
    if name in found:
        print(f"{name}: done before", file=sys.stderr)
        return dict(found[name])
    print(f"{name} …", file=sys.stderr, flush=True)
    words, began = [sys.executable, __file__, "--step", name, str(folder), str(rows)], time.time()
    ended = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
    told: Json = json.loads(ended.stdout.splitlines()[-1])
    if first := told.pop("first_call", 0.0):
        told["first_call_s"] = round(first - began, 2)
    draft = done.with_suffix(".new")
    draft.write_text(json.dumps({**found, name: told}, indent=2))
    draft.replace(done)
    return told


def measured(folder: Path, rows: int) -> Json:
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "date": date.today().isoformat(),
        "machine": machine(),
        "rows": rows,
        "at_once": AT_ONCE,
        "filters": Filters().settings(),
        "aims": AIMS,
        **{name: step(name, folder, rows) for name in STEPS},
    }


def table(found: Json) -> str:
    run, more, weigh, aims = found["run"], found["more"], found["weigh"], found["aims"]
    marks = ", ".join(f"{int(rows):,}: {mb} MB" for rows, mb in run["mb_at"].items())
    filters = ", ".join(f"{name} {value}" for name, value in found["filters"].items())
    lines = [
        f"{found['rows']:,} rows, {weigh['kept']:,} kept, {run['rows_per_s']} a second, "
        f"{run['starts']} starts; filters: {filters}",
        f"  resident at most           {run['peak_mb']} MB (aim {aims['peak_mb']})",
        f"  resident at                {marks or 'fewer rows than marks'}",
        f"  flat from {FLAT_FROM:,} on       {run['flat']} (aim {aims['flat']})",
        f"  ledger, records over text  {weigh['ledger_and_records_of_text']} "
        f"(aim {aims['ledger_and_records_of_text']})",
        f"  all of the folder          {weigh['all_of_text']}",
        f"  first new call             {more['first_call_s']} s (aim {aims['first_call_s']})",
    ]
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument(
        "--out", type=Path, help="[default: results/scale.json for a million rows]"
    )
    options.add_argument("--folder", type=Path, help="is kept, and gone on with")
    options.add_argument("--step", nargs=3, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.step:
        name, folder, rows = given.step
        does = {"make": make, "run": run, "weigh": weigh, "more": more}[name]
        print(json.dumps(does(Path(folder), int(rows))))
        return
    if given.folder:
        found = measured(given.folder, given.rows)
    else:
        with tempfile.TemporaryDirectory() as place:
            found = measured(Path(place), given.rows)
    name = "scale.json" if given.rows == MARKS[-1] else f"scale-{given.rows}.json"
    out = given.out or ROOT / "benchmarks" / "results" / name
    out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(table(found))


if __name__ == "__main__":
    main()
