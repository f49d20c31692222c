"""How fast and how small: ratios and times, all from one run on one machine.

    python benchmarks/speed.py [--out FILE] [--concurrency 8] [--latency 0.2]

Measures `optimize` on a loopback endpoint against its critical path, a ledger hit, the command's
start, the first answer after a start, and the size of the core install. Writes one JSON document.

The critical path at a concurrency is the time that the very same run takes when nothing but calls
takes time: it is run again on a clock that stands still while Python works and jumps to the next
answer when it waits, each call taking exactly the endpoint's latency. Beside it stand two bounds
that hold for any schedule: the work bound (calls x latency / concurrency) and the depth (the same
clock with no bound on concurrency).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import selectors
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the loopback server lives among the tests

from autoevol import __version__  # noqa: E402
from autoevol.door import Door, open_client  # noqa: E402
from autoevol.llm.ledger import Ledger  # noqa: E402
from autoevol.llm.messages import Message, Request, Response  # noqa: E402
from autoevol.progress import Silent  # noqa: E402
from autoevol.simulation import planted  # noqa: E402
from benchmarks.machine import machine  # noqa: E402

MODEL = "openai/m"
HITS = 1000
STARTS = 5
RUNS = 3
Json = dict[str, Any]

FIRST_ANSWER = """
import asyncio, sys, tempfile, time
from pathlib import Path
from autoevol.door import Door, open_client
from autoevol.llm.messages import Message, Request
from autoevol.progress import Silent
async def ask(model, address):
    with tempfile.TemporaryDirectory() as folder:
        door = Door(base_url=address or None)
        async with open_client(door, Path(folder, "l"), Path(folder, "log"), Silent()) as client:
            await client.complete(Request(model, (Message("user", "hello"),), "probe", 8))
            print(time.time())
asyncio.run(ask(*sys.argv[1:]))
"""


class _Clock(selectors.DefaultSelector):
    """Waits for nothing but threads: where a loop would wait for a timer, time jumps to it."""

    now = 0.0
    writing = 0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None or (timeout > 0 and self.writing):
            return super().select(None)  # the ledger's thread will call
        if timeout > 0:
            self.now += timeout
        return super().select(0)


class _VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self, clock: _Clock) -> None:
        super().__init__(clock)
        self._clock = clock

    def time(self) -> float:
        return self._clock.now


def virtual_run(latency: float, concurrency: int) -> tuple[float, Json]:
    """Seconds that a run takes on the virtual clock, and what it found."""
    clock = _Clock()
    put = Ledger.put

    async def counted(self: Ledger, *what: Any) -> None:
        clock.writing += 1
        try:
            await put(self, *what)
        finally:
            clock.writing -= 1

    async def answer(request: Request) -> Response:
        await asyncio.sleep(latency)
        return planted(replace(request, sample=0))  # samples do not travel over a wire either

    Ledger.put = counted  # type: ignore[method-assign]
    try:
        with asyncio.Runner(loop_factory=lambda: _VirtualLoop(clock)) as runner:
            door = Door(concurrency=concurrency, scripts={"w": answer})
            found = runner.run(_learn("fake/w", door))
    finally:
        Ledger.put = put  # type: ignore[method-assign]
    return clock.now, found


async def _learn(model: str, door: Door) -> Json:
    from autoevol import optimize

    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder, "run")
        result = await optimize("code", preset="quick", model=model, run=run, door=door)
    return dict(result.summary)


def calls_in(summary: Mapping[str, Any]) -> int:
    return sum(row["calls"] for row in summary["bill"])


@contextmanager
def endpoint(latency: float) -> Iterator[str]:
    """The address of a planted endpoint in a process of its own."""
    command = [sys.executable, __file__, "--serve", "--latency", str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


async def serve(latency: float) -> None:
    from tests.planted import served
    from tests.server import LoopbackServer

    async with LoopbackServer(served(), latency=latency) as server:
        print(server.url, flush=True)
        await asyncio.Event().wait()


def learn_once(latency: float, concurrency: int) -> tuple[float, Json]:
    """Seconds of a run on an endpoint in a process of its own, and what it found."""
    with endpoint(latency) as address:
        door = Door(base_url=f"{address}/v1", concurrency=concurrency)
        start = time.perf_counter()
        found = asyncio.run(_learn(MODEL, door))
        return time.perf_counter() - start, found


def optimize_speed(latency: float, concurrency: int) -> Json:
    """Real runs (their median) against the critical path. Runs before them, on a virtual clock and
    without latency, load what a process loads once; what a start costs stands under first_answer.
    """
    path, expected = virtual_run(latency, concurrency)
    depth, _ = virtual_run(latency, 10_000)
    learn_once(0.0, concurrency)
    runs = [learn_once(latency, concurrency) for _ in range(RUNS)]
    seconds = statistics.median(took for took, _ in runs)
    found = runs[0][1]
    if found["texts"] != expected["texts"] or calls_in(found) != calls_in(expected):
        raise SystemExit("the run on the endpoint differs from the one on the virtual clock")
    calls = calls_in(found)
    return {
        "latency_s": latency,
        "concurrency": concurrency,
        "calls": calls,
        "runs": RUNS,
        "seconds": round(seconds, 3),
        "critical_path_s": round(path, 3),
        "ratio": round(seconds / path, 3),
        "work_bound_s": round(calls * latency / concurrency, 3),
        "depth_s": round(depth, 3),
    }


async def ledger_hit() -> Json:
    """Milliseconds of one answer from the ledger, through the whole door."""
    text = "Write a function that merges overlapping intervals and explains each step. " * 30
    asked = [
        Request("fake/w", (Message("system", text), Message("user", f"{n}")), "evolver", 256)
        for n in range(HITS)
    ]

    def say(_: Request) -> str:
        return text[:600]

    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder, "ledger.sqlite"), Path(folder, "log")
        door = Door(scripts={"w": say}, concurrency=64)
        async with open_client(door, *files, Silent()) as client:
            await asyncio.gather(*(client.complete(one) for one in asked))
            times = []
            for one in asked:
                start = time.perf_counter()
                answer = await client.complete(one)
                times.append(1000 * (time.perf_counter() - start))
                assert answer.cached
    return {"hits": HITS, "median_ms": round(statistics.median(times), 4)}


def seconds_of(start: Callable[[], float]) -> Json:
    """Median and best of several starts, after one that fills the file cache."""
    start()
    times = [start() for _ in range(STARTS)]
    return {"median_s": round(statistics.median(times), 3), "best_s": round(min(times), 3)}


def process(*words: str, **more: str) -> tuple[float, str]:
    """Seconds until a Python process has ended, and what it printed."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), **more}
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *words], env=env, capture_output=True, text=True, check=True
    )
    return time.perf_counter() - began, done.stdout


def first_answers() -> Json:
    """Seconds from the start of a process to its first answer, over both protocols."""
    with endpoint(0.0) as address:

        def ask(model: str, base_url: str) -> float:
            keys = {"OPENAI_API_KEY": "k", "ANTHROPIC_API_KEY": "k", "ANTHROPIC_BASE_URL": address}
            began = time.time()
            _, said = process("-c", FIRST_ANSWER, model, base_url, **keys)
            return float(said) - began

        return {
            "openai": seconds_of(lambda: ask(MODEL, f"{address}/v1")),
            "anthropic": seconds_of(lambda: ask("anthropic/m", "")),
        }


def core_size() -> Json:
    """Packages and megabytes that the core dependencies bring, as installed here."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    waiting = [_needed(line, ()) for line in table["project"]["dependencies"]]
    seen: dict[str, Distribution] = {}
    done: set[tuple[str, tuple[str, ...]]] = set()
    while waiting:
        asked = waiting.pop()
        if asked is None or asked in done:
            continue
        done.add(asked)
        name, extras = asked
        try:
            found = distribution(name)
        except PackageNotFoundError as error:
            raise SystemExit(f"{name} is not installed here") from error
        seen[name] = found
        waiting += [_needed(line, extras) for line in found.requires or ()]
    mine = [path for path in (ROOT / "autoevol").rglob("*") if "__pycache__" not in path.parts]
    own = sum(path.stat().st_size for path in mine if path.is_file())
    sizes = {name: _bytes(found) for name, found in seen.items()}
    largest = sorted(sizes, key=lambda name: -sizes[name])[:8]
    return {
        "packages": len(seen) + 1,
        "mb": round((own + sum(sizes.values())) / 1e6, 1),
        "largest_mb": {name: round(sizes[name] / 1e6, 1) for name in largest},
    }


def _needed(line: str, extras: tuple[str, ...]) -> tuple[str, tuple[str, ...]] | None:
    """The package that a requirement names, with its extras; None where it is not for here."""
    from packaging.requirements import Requirement

    wanted = Requirement(line)
    marker = wanted.marker
    if marker and not any(marker.evaluate({"extra": extra}) for extra in (*extras, "")):
        return None
    return re.sub(r"[-_.]+", "-", wanted.name).lower(), tuple(sorted(wanted.extras))


def _bytes(found: Distribution) -> int:
    files = [Path(str(found.locate_file(name))) for name in found.files or ()]
    return sum(path.stat().st_size for path in files if path.is_file() and path.suffix != ".pyc")


def measured(latency: float, concurrency: int) -> Json:
    return {
        "version": __version__,
        "date": date.today().isoformat(),
        "machine": machine(),
        "optimize": optimize_speed(latency, concurrency),
        "ledger_hit": asyncio.run(ledger_hit()),
        "help": seconds_of(lambda: process("-m", "autoevol", "--help")[0]),
        "bare_python": seconds_of(lambda: process("-c", "pass")[0]),
        "first_answer": first_answers(),
        "core_install": core_size(),
    }


def main() -> None:
    options = argparse.ArgumentParser(description="Measure speed and size.")
    options.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results" / "speed.json")
    options.add_argument("--latency", type=float, default=0.2, help="seconds of every answer")
    options.add_argument("--concurrency", type=int, default=8)
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.serve:
        asyncio.run(serve(given.latency))
        return
    os.environ["OPENAI_API_KEY"] = "none"  # the endpoint asks for none, and no real one is sent
    document = json.dumps(measured(given.latency, given.concurrency), indent=2) + "\n"
    given.out.write_text(document, encoding="utf-8")
    print(document, end="")


if __name__ == "__main__":
    main()
