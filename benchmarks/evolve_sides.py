"""The sides of `evolve.py` that run in our own environment, each in a fresh process.

    python benchmarks/evolve_sides.py SIDE URL SEEDS AT_ONCE

Prints what was measured from after the imports to the last row.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
Json = dict[str, Any]
METHOD = "code/direct"
MODEL = "m"
CAPS = (4096, 8192)
"""Tokens of a rewrite and of an answer at most, as `evolve` asks for them."""


def asking() -> Callable[[str], list[dict[str, str]]]:
    """What asks for the rewrite of a seed: the very messages that `evolve` sends."""
    from autoevol.methods import load_method
    from autoevol.prompts import load_prompt
    from autoevol.roles.evolver import TAG, framed

    method, prompt = load_method(METHOD).text, load_prompt("evolver")

    def asked(seed: str) -> list[dict[str, str]]:
        found = framed(prompt, method, seed, beside="", aim="harder", tag=TAG)
        return [{"role": one.role, "content": one.content} for one in found]

    return asked


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


async def tuned_side(url: str, data: Path, at_once: int) -> Json:
    """The plain side over aiohttp."""
    return await plain_side(url, data, at_once, tuned=True)


async def plain_side(url: str, data: Path, at_once: int, *, tuned: bool = False) -> Json:
    """AsyncOpenAI, one client, a semaphore, two calls a row; texts in a list, nothing written."""
    from openai import AsyncOpenAI, DefaultAioHttpClient

    from autoevol.roles.evolver import final_section

    seeds = [json.loads(line)["instruction"] for line in data.read_text().splitlines()]
    asked = asking()
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
            evolved = final_section(await call(asked(seed), CAPS[0]))
            return evolved, await call([{"role": "user", "content": evolved}], CAPS[1])

        made = await asyncio.gather(*(row(seed) for seed in seeds))
        return clock.read(sum(bool(one[1]) for one in made))


async def bare_side(url: str, data: Path, at_once: int) -> Json:
    """`evolve` that drops failures and nothing else."""
    return await our_side(url, data, at_once, dedup="none")


async def our_side(url: str, data: Path, at_once: int, *, dedup: Any = "minhash") -> Json:
    """`evolve` as the command runs it, with its progress lines and its log."""
    import openai  # noqa: F401

    from autoevol.cli.tally import Tally
    from autoevol.cli.watch import Lines, RunLog, Several
    from autoevol.door import Door
    from autoevol.evolving.filters.choice import Filters
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
            filters=Filters(dedup=dedup),
            watcher=watcher,
        )
        return clock.read(result.kept)


Side = Callable[[str, Path, int], Awaitable[Json]]
SIDES: dict[str, Side] = {
    "plain": plain_side,
    "tuned": tuned_side,
    "ours": our_side,
    "bare": bare_side,
}


def started(side: str) -> tuple[list[str], dict[str, str]]:
    """How a side is started, and in which environment."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OPENAI_API_KEY": "none"}
    return [sys.executable, __file__, side], env


async def measured(side: Side, url: str, data: Path, at_once: int) -> Json:
    return await side(url, data, at_once)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for name, kind in (("side", str), ("url", str), ("data", Path), ("at_once", int)):
        options.add_argument(name, type=kind)
    given = options.parse_args()
    found = asyncio.run(measured(SIDES[given.side], given.url, given.data, given.at_once))
    print(json.dumps(found))
