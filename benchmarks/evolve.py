"""`evolve` against plain AsyncOpenAI behind a semaphore: ratios, both sides in one run.

    python benchmarks/evolve.py [--rounds 5] [--out FILE] [--only fast,slow] [--peers DIR]

An endpoint in a process of its own answers after a fixed time. Each side is a fresh process that
takes every row through two calls, the rewrite and the answer, one after the other, with so many
calls in flight at most. The plain side sends the very same messages, keeps the texts in a list and
writes nothing; ours inspects, keeps its ledger, its log and its records. A third side is the plain
one over the SDK's aiohttp transport, which ours uses, too. Sides alternate; what is reported is the
median of the rounds' ratios, since absolute times are of whatever else the machine did. Seconds and
CPU count from after the imports to the last row.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the rows and the answers live among the tests

Json = dict[str, Any]
METHOD = "code/direct"
MODEL = "m"
CAPS = (4096, 8192)


@dataclass(frozen=True, slots=True)
class Setting:
    """`rows` rows of two calls each, `at_once` in flight, every answer after `latency` seconds."""

    name: str
    rows: int
    at_once: int
    latency: float


SETTINGS = (
    Setting("64 in flight, 200 ms", 2000, 64, 0.2),
    Setting("512 in flight, 50 ms", 4000, 512, 0.05),
)
AIMS = {SETTINGS[0].name: 0.97, SETTINGS[1].name: 1.0}
CPU_AIM = 1.3


def write_seeds(path: Path, count: int) -> Path:
    from tests.verbs.evolving import rows, write_rows

    return write_rows(path, rows(count))


async def tuned_side(url: str, data: Path, at_once: int) -> Json:
    """The plain side over aiohttp."""
    return await plain_side(url, data, at_once, tuned=True)


async def plain_side(url: str, data: Path, at_once: int, *, tuned: bool = False) -> Json:
    """AsyncOpenAI, one client, a semaphore, two calls a row."""
    from openai import AsyncOpenAI, DefaultAioHttpClient

    from autoevol.methods import load_method
    from autoevol.prompts import load_prompt
    from autoevol.roles.evolver import TAG, final_section, framed

    method, prompt = load_method(METHOD).text, load_prompt("evolver")
    seeds = [json.loads(line)["instruction"] for line in data.read_text().splitlines()]
    gate = asyncio.Semaphore(at_once)
    clock = Clock()
    transport = DefaultAioHttpClient() if tuned else None
    async with AsyncOpenAI(
        base_url=url, api_key="none", max_retries=0, http_client=transport
    ) as client:

        async def call(messages: list[dict[str, str]], cap: int) -> str:
            async with gate:
                answer = await client.chat.completions.create(
                    model=MODEL,
                    messages=messages,  # type: ignore[arg-type]
                    max_tokens=cap,
                    temperature=0.0,
                )
                return answer.choices[0].message.content or ""

        async def row(seed: str) -> tuple[str, str]:
            asked = framed(prompt, method, seed, beside="", aim="harder", tag=TAG)
            given = [{"role": one.role, "content": one.content} for one in asked]
            evolved = final_section(await call(given, CAPS[0]))
            return evolved, await call([{"role": "user", "content": evolved}], CAPS[1])

        made = await asyncio.gather(*(row(seed) for seed in seeds))
        return clock.read(sum(bool(one[1]) for one in made))


async def our_side(url: str, data: Path, at_once: int) -> Json:
    """`evolve` as the command runs it, with its progress lines and its log."""
    import openai  # noqa: F401

    from autoevol.cli.tally import Tally
    from autoevol.cli.watch import Lines, RunLog, Several
    from autoevol.door import Door
    from autoevol.verbs.evolve import evolve_all

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out")
        watcher = Several([Lines(Tally(), lambda line: None), RunLog(out)])
        clock = Clock()
        result = await evolve_all(
            METHOD,
            data,
            out=out,
            model=f"openai/{MODEL}",
            door=Door(base_url=url, concurrency=at_once),
            watcher=watcher,
        )
        return clock.read(result.kept)


SIDES = {"plain": plain_side, "ours": our_side, "tuned": tuned_side}


class Clock:
    """Seconds and CPU seconds of this process since it was made."""

    def __init__(self) -> None:
        self._began, self._cpu = time.perf_counter(), time.process_time()

    def read(self, rows: int) -> Json:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {
            "rows": rows,
            "seconds": round(time.perf_counter() - self._began, 4),
            "cpu_s": round(time.process_time() - self._cpu, 4),
            "peak_mb": round(peak, 1),
        }


def run_side(side: str, url: str, data: Path, at_once: int) -> Json:
    """One side in a fresh process; `total_s` is its time from start to end."""
    words = [sys.executable, __file__, "--side", side, url, str(data), str(at_once)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OPENAI_API_KEY": "none"}
    began = time.perf_counter()
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{side}: {done.stderr[-2000:]}")
    found: Json = json.loads(done.stdout.splitlines()[-1])
    return {**found, "total_s": round(time.perf_counter() - began, 3)}


def compare(setting: Setting, rounds: int) -> Json:
    """Alternating runs of all sides, and the medians of their ratios."""
    runs: dict[str, list[Json]] = {side: [] for side in SIDES}
    with tempfile.TemporaryDirectory() as folder, endpoint(setting.latency) as url:
        data = write_seeds(Path(folder, "seeds.jsonl"), setting.rows)
        run_side("plain", url, write_seeds(Path(folder, "few.jsonl"), 50), 8)  # fills file caches
        for number in range(rounds):
            for side in sorted(SIDES, reverse=number % 2 == 0):
                found = run_side(side, url, data, setting.at_once)
                if found["rows"] != setting.rows:
                    raise SystemExit(f"{side}: {found['rows']} rows of {setting.rows}")
                runs[side].append(found)
                print(f"  {setting.name}: {side} {found}", file=sys.stderr, flush=True)
    floor = 2 * setting.rows * setting.latency / setting.at_once
    return {
        **asdict(setting),
        "floor_s": round(floor, 3),
        "rate_aim": AIMS[setting.name],
        "cpu_aim": CPU_AIM,
        **{f"of_{side}": ratios(runs[side], runs["ours"]) for side in ("plain", "tuned")},
        "ms_cpu_per_row": {
            side: round(1000 * statistics.median(r["cpu_s"] for r in found) / setting.rows, 3)
            for side, found in runs.items()
        },
        "runs": runs,
    }


def ratios(other: Sequence[Json], ours: Sequence[Json]) -> Json:
    """Our rate and our CPU time against another side's: each round's ratio, and the median."""
    both = list(zip(other, ours, strict=True))
    rates = [them["seconds"] / us["seconds"] for them, us in both]
    cpus = [us["cpu_s"] / them["cpu_s"] for them, us in both]
    return {
        "rate": round(statistics.median(rates), 3),
        "rates": [round(one, 3) for one in rates],
        "cpu": round(statistics.median(cpus), 3),
        "cpus": [round(one, 3) for one in cpus],
    }


@contextmanager
def endpoint(latency: float) -> Iterator[str]:
    """The address of an endpoint in a process of its own."""
    command = [sys.executable, __file__, "--serve", str(latency)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


async def serve(latency: float) -> None:
    """Chat completions as cheaply as they can be served; what is said is the tests' model's."""
    from aiohttp import web

    from tests.verbs.evolving import answer

    async def handle(request: web.BaseRequest) -> web.Response:
        asked = json.loads(await request.read())
        text = answer(asked["messages"])
        await asyncio.sleep(latency)
        taken = sum(len(message["content"]) for message in asked["messages"]) // 4
        said = len(text) // 4
        message = {"role": "assistant", "content": text, "refusal": None}
        choice = {"index": 0, "finish_reason": "stop", "logprobs": None, "message": message}
        shape = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1700000000,
            "model": asked["model"],
            "choices": [choice],
            "usage": {
                "prompt_tokens": taken,
                "completion_tokens": said,
                "total_tokens": taken + said,
            },
        }
        return web.Response(body=json.dumps(shape).encode(), content_type="application/json")

    runner = web.ServerRunner(web.Server(handle, access_log=None))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=2048)
    await site.start()
    host, port = runner.addresses[0][:2]
    print(f"http://{host}:{port}/v1", flush=True)
    await asyncio.Event().wait()


def machine() -> Json:
    from importlib.metadata import version

    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "openai": version("openai"),
    }


def table(found: Mapping[str, Any]) -> str:
    head = f"{'setting':<24}{'against':<22}{'our rate':>10}{'aim':>8}{'our CPU':>10}{'aim':>6}"
    lines = ["", head]
    names = {"plain": "plain AsyncOpenAI", "tuned": "the same over aiohttp"}
    for one in found["settings"]:
        for side, name in names.items():
            of = one[f"of_{side}"]
            aims = (f"{one['rate_aim']:.0%}", f"{one['cpu_aim']:.1f}") if side == "plain" else "--"
            lines.append(
                f"{one['name']:<24}{name:<22}{of['rate']:>10.1%}{aims[0]:>8}"
                f"{of['cpu']:>10.2f}{aims[1]:>6}"
            )
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/evolve.json")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--only", default="", help="the beginning of a setting's name")
    options.add_argument("--side", nargs=4, help=argparse.SUPPRESS)
    options.add_argument("--serve", type=float, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.serve is not None:
        asyncio.run(serve(given.serve))
    elif given.side:
        side, url, data, at_once = given.side
        print(json.dumps(asyncio.run(SIDES[side](url, Path(data), int(at_once)))))
    else:
        chosen = [one for one in SETTINGS if one.name.startswith(given.only)]
        found: Json = {"date": date.today().isoformat(), "machine": machine()}
        found["settings"] = [compare(one, given.rounds) for one in chosen]
        given.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        print(table(found))


if __name__ == "__main__":
    main()
