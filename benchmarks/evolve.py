"""`evolve` beside plain AsyncOpenAI, distilabel and curator: ratios, all sides in one run.

    python benchmarks/evolve.py [--rounds 5] [--rows 0] [--only 64] [--peers DIR] [--no-peers]

An endpoint in a process of its own answers after a fixed time. Each side is a fresh process that
takes every row through two calls, the rewrite and the answer, with so many calls in flight at most,
and sends the very same messages:

- `ours` inspects, drops near duplicates, keeps its ledger, its log and its records: the command as
  it is; `bare` is the same without the filter of near duplicates;
- `plain` is AsyncOpenAI behind a semaphore, which keeps the texts in a list and writes nothing;
- `tuned` is the plain one over the SDK's aiohttp transport, which ours uses, too;
- `distilabel` and `curator` are the tools of these names, each in an environment of its own that is
  made below DIR on the first run, and left out with a word where it cannot be made. distilabel's
  two tasks work at the same time and share the calls in flight; in `distilabel-wide` each has as
  many as all others have in all.

Sides alternate; what is reported is the median of the rounds' ratios, since absolute times are of
whatever else the machine did. Seconds and CPU count from after the imports to the last row;
`total_s` and `total_cpu_s` from the start of the process to its end, with all its children.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the rows and the answers live among the tests

from autoevol.evolving.filters.choice import Filters  # noqa: E402
from benchmarks import evolve_sides, peer_tools  # noqa: E402
from benchmarks.evolve_endpoint import endpoint, seen_at  # noqa: E402
from benchmarks.machine import machine  # noqa: E402
from tests.verbs.evolving import rows, write_rows  # noqa: E402

Json = dict[str, Any]
SIDE_S = 1200
"""A side that takes longer stands still."""


@dataclass(frozen=True, slots=True)
class Setting:
    """`rows` rows of two calls each, `at_once` in flight, every answer after `latency` seconds."""

    name: str
    rows: int
    at_once: int
    latency: float
    peers: bool


SETTINGS = (
    Setting("64 in flight, 200 ms", 2000, 64, 0.2, True),
    Setting("512 in flight, 50 ms", 4000, 512, 0.05, False),
)
AIMS = {SETTINGS[0].name: 0.97, SETTINGS[1].name: 1.0}
CPU_AIM = 1.3
PEER_AIMS = {"distilabel": ("rate", 2.0), "curator": ("total", 1.0)}
NAMES = {
    "plain": "plain AsyncOpenAI",
    "tuned": "the same over aiohttp",
    "bare": "ours, no duplicate filter",
    "distilabel": "distilabel Pipeline",
    "distilabel-wide": "distilabel, twice as many",
    "curator": "curator",
}


def run_side(side: str, url: str, data: Path, at_once: int, tools: Path | None) -> Json:
    """One side in a fresh process; RuntimeError where it fails."""
    with tempfile.TemporaryDirectory() as home:
        peer = next((one for one in peer_tools.PEERS if one.name == side), None)
        if peer is None or tools is None:
            words, env = evolve_sides.started(side)
        else:
            words, env = peer_tools.started(peer, tools, Path(home))
            at_once //= peer.parts
        seen_at(url)
        began, spent = time.perf_counter(), _children_cpu()
        words = [*words, url, str(data), str(at_once)]
        try:
            done = subprocess.run(
                words, env=env, capture_output=True, text=True, cwd=home, timeout=SIDE_S
            )
        except subprocess.TimeoutExpired as error:
            raise RuntimeError(f"{side}: no end within {SIDE_S} s") from error
        total, cpu = time.perf_counter() - began, _children_cpu() - spent
    if done.returncode:
        raise RuntimeError(f"{side}: {done.stderr[-2000:]}")
    found: Json = json.loads(done.stdout.splitlines()[-1])
    return {
        **found,
        "total_s": round(total, 3),
        "total_cpu_s": round(cpu, 3),
        **{f"endpoint_{name}": count for name, count in seen_at(url).items()},
    }


def _children_cpu() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def write_seeds(folder: Path, count: int) -> Path:
    """Rows for ours and the plain sides; beside them, with the messages of the first call, those
    for tools that have no method of ours."""
    folder.mkdir(exist_ok=True)
    seeds, asked = rows(count), evolve_sides.asking()
    asking = [{**seed, "asked": asked(str(seed["instruction"]))} for seed in seeds]
    write_rows(folder / "asked.jsonl", asking)
    return write_rows(folder / "seeds.jsonl", seeds)


def compare(setting: Setting, rounds: int, tools: Path | None, peers: Sequence[str]) -> Json:
    """Alternating runs of all sides, and the medians of their ratios."""
    sides = [*evolve_sides.SIDES, *(peers if setting.peers else ())]
    runs: dict[str, list[Json]] = {side: [] for side in sides}
    failed: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as place, endpoint(setting.latency) as url:
        data = write_seeds(Path(place, "all"), setting.rows)
        few = write_seeds(Path(place, "few"), min(50, setting.rows))
        for side in ("plain", *sides[len(evolve_sides.SIDES) :]):  # fills file caches
            _tried(failed, side, url, few, 8, tools)
        for number in range(rounds):
            for side in sorted(sides, reverse=number % 2 == 0):
                if side in failed:
                    continue
                found = _tried(failed, side, url, data, setting.at_once, tools)
                if found is not None:
                    runs[side].append(found)
                    print(f"  {setting.name}: {side} {found}", file=sys.stderr, flush=True)
    short = {
        side: one["rows"] for side in runs for one in runs[side] if one["rows"] != setting.rows
    }
    if short:
        raise SystemExit(f"not all of {setting.rows} rows came out: {short}")
    whole = {side: found for side, found in runs.items() if side not in failed}
    told = asdict(setting)
    del told["peers"]
    return {
        **told,
        "floor_s": round(2 * setting.rows * setting.latency / setting.at_once, 3),
        "rate_aim": AIMS[setting.name],
        "cpu_aim": CPU_AIM,
        **{f"of_{side}": ratios(whole[side], whole["ours"]) for side in whole if side != "ours"},
        "bare_of_plain": ratios(whole["plain"], whole["bare"]),
        "ms_cpu_per_row": {side: _ms(found, "cpu_s", setting) for side, found in whole.items()},
        "ms_total_cpu_per_row": {
            side: _ms(found, "total_cpu_s", setting) for side, found in whole.items()
        },
        "most_in_flight": {
            side: max(one["endpoint_peak"] for one in found) for side, found in whole.items()
        },
        **({"failed": failed} if failed else {}),
        "runs": runs,
    }


def _tried(
    failed: dict[str, str], side: str, url: str, data: Path, at_once: int, tools: Path | None
) -> Json | None:
    """A side's run. One of another tool that fails is left out; one of ours ends it all."""
    try:
        return run_side(side, url, data, at_once, tools)
    except (RuntimeError, ValueError, IndexError) as error:
        if side in evolve_sides.SIDES:
            raise SystemExit(str(error)) from error
        failed[side] = str(error)
        print(f"  {side} failed: {error}", file=sys.stderr, flush=True)
        return None


def _ms(found: Sequence[Json], name: str, setting: Setting) -> float:
    return round(1000 * statistics.median(one[name] for one in found) / setting.rows, 3)


def ratios(other: Sequence[Json], ours: Sequence[Json]) -> Json:
    """Our rate and our CPU time against another side's, from after the imports and in all: each
    round's ratio, and the median."""
    both = list(zip(other, ours, strict=True))
    found: Json = {}
    for name, field in (("rate", "seconds"), ("total", "total_s")):
        found[f"{name}s"] = [round(them[field] / us[field], 3) for them, us in both]
    for name, field in (("cpu", "cpu_s"), ("total_cpu", "total_cpu_s")):
        found[f"{name}s"] = [round(us[field] / them[field], 3) for them, us in both]
    return {**{name[:-1]: statistics.median(found[name]) for name in found}, **found}


def environments(tools: Path | None) -> dict[str, Json]:
    """Every peer with its versions, or why it is not there."""
    found: dict[str, Json] = {}
    for peer in peer_tools.PEERS:
        if tools is None:
            found[peer.name] = {"missing": "left out by --no-peers"}
            continue
        try:
            found[peer.name] = {"versions": peer_tools.made(peer, tools)}
        except peer_tools.Missing as error:
            found[peer.name] = {"missing": str(error)}
    return found


def table(found: Mapping[str, Any]) -> str:
    columns = ("setting", "against", "our rate", "aim", "total", "aim", "our CPU", "aim", "total")
    lines = ["", _line(columns)]
    for one in found["settings"]:
        for side, name in NAMES.items():
            if (of := one.get(f"of_{side}")) is not None:
                lines.append(_line((one["name"], name, *_figures(one, side, of))))
        of = one["bare_of_plain"]
        lines.append(_line((one["name"], "bare to plain", *_figures(one, "", of))))
        said = (f"{side} {ms}" for side, ms in one["ms_total_cpu_per_row"].items())
        lines.append(f"  CPU a row in all, ms: {', '.join(said)}")
        said = (f"{side} {most}" for side, most in one["most_in_flight"].items())
        lines.append(f"  most in flight: {', '.join(said)}")
        lines += [f"  {side} failed: {why}" for side, why in one.get("failed", {}).items()]
    for name, peer in found["peers"].items():
        if "missing" in peer:
            lines.append(f"{name}: not measured; {peer['missing']}")
    for side, filters in found["filters"].items():
        lines.append(f"filters of {side}: {', '.join(f'{k} {v}' for k, v in filters.items())}")
    return "\n".join(lines)


def _figures(one: Mapping[str, Any], side: str, of: Mapping[str, Any]) -> tuple[str, ...]:
    kind, aim = PEER_AIMS.get(side, ("", 0.0))
    plain = side == "plain"
    rate_aim = one["rate_aim"] if plain else aim if kind == "rate" else None
    return (
        f"{of['rate']:.1%}",
        "-" if rate_aim is None else f"{rate_aim:.0%}",
        f"{of['total']:.1%}",
        f"{aim:.0%}" if kind == "total" else "-",
        f"{of['cpu']:.2f}",
        f"{one['cpu_aim']:.1f}" if plain else "-",
        f"{of['total_cpu']:.2f}",
    )


def _line(cells: Sequence[str]) -> str:
    widths = (22, 27, 10, 7, 10, 7, 9, 6, 8)
    first = "".join(f"{cell:<{width}}" for cell, width in zip(cells, widths[:2], strict=False))
    rest = zip(cells[2:], widths[2:], strict=True)
    return first + "".join(f"{cell:>{width}}" for cell, width in rest)


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/evolve.json")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--rows", type=int, default=0, help="of every setting; 0 is its own")
    options.add_argument(
        "--only",
        default="",
        help="the beginning of a setting's name; what --out has of others stays",
    )
    options.add_argument("--peers", type=Path, default=ROOT / "build" / "peers")
    options.add_argument("--no-peers", action="store_true")
    given = options.parse_args()
    chosen = [one for one in SETTINGS if one.name.startswith(given.only)]
    if not chosen:
        raise SystemExit(
            f"--only {given.only!r}: {', '.join(one.name for one in SETTINGS)} are known"
        )
    # Read first: a file that cannot be read must not cost the measurement.
    kept: list[Json] = []
    if given.only and given.out.exists():
        kept = json.loads(given.out.read_text(encoding="utf-8"))["settings"]
    tools: Path | None = None if given.no_peers else given.peers
    peers = environments(tools)
    there = [name for name, one in peers.items() if "missing" not in one]
    if given.rows:
        chosen = [replace(one, rows=given.rows) for one in chosen]
    found: Json = {
        "date": date.today().isoformat(),
        "machine": {**machine(), "openai": version("openai")},
        "filters": {
            "ours": Filters().settings(),
            "bare": Filters(dedup="none").settings(),
        },
        "peers": peers,
    }
    taken = {"date": date.today().isoformat(), "machine": found["machine"], "rounds": given.rounds}
    measured = {
        one.name: {**compare(one, given.rounds, tools, there), "taken": taken} for one in chosen
    }
    known = {**{one["name"]: one for one in kept}, **measured}
    found["settings"] = [known[one.name] for one in SETTINGS if one.name in known]
    given.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(table(found))


if __name__ == "__main__":
    main()
