"""A frozen method over 200 real programming tasks on an embedded model, two rounds: what came out.

    AUTOEVOL_SHARED_DATA=DIR python benchmarks/real_evolve.py --method FILE --run runs/evolve-code

The seeds are MBPP and ODEX rows of the folder of public data that `--shared` or the variable names
(`seeds/code.jsonl`, a licence in each row's `meta`), and our own ones; which, depends on `--seed`
alone. Rows under other licences than those of LICENSES are not read further. Without that folder
the run is skipped, and says so.

It may be stopped at any moment, or stops by itself after `--max-minutes`, and goes on by the same
command; no answer is computed twice. What is written in the end holds counts, tokens, minutes and
the ids of the seeds, and no text of a row, evolved or not.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import platform
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autoevol import __version__  # noqa: E402
from autoevol.door import Door  # noqa: E402
from autoevol.errors import AutoevolError, NothingUsable  # noqa: E402
from autoevol.evolving.filters.choice import Filters  # noqa: E402
from autoevol.evolving.ladder import Ladder  # noqa: E402
from autoevol.llm.events import CallEvent  # noqa: E402
from autoevol.llm.fake import Script  # noqa: E402
from autoevol.progress import Silent  # noqa: E402
from autoevol.verbs.evolve import DROPPED, KEPT, EvolveResult, evolve_all  # noqa: E402

Json = dict[str, Any]
SHARED = "AUTOEVOL_SHARED_DATA"
OWN = "autoevol"
LICENSES = ("Apache-2.0", "MIT", "CC-BY-4.0", "CC-BY-SA-4.0")
SHARES = {"mbpp": 0.4, "odex": 0.3, OWN: 0.3}
BEAT_S = 10.0


def picked(shared: Path, count: int, seed: int) -> list[Json]:
    """So many rows, each source's part of them, in an order that depends on `seed` and ids."""
    own = ROOT / "autoevol" / "domains" / "code" / "seeds.jsonl"
    rows = [
        *(row for row in _lines(shared / "seeds" / "code.jsonl") if row["source"] in SHARES),
        *({**row, "source": OWN, "meta": {"license": "Apache-2.0"}} for row in _lines(own)),
    ]
    rows = [row for row in rows if row["meta"].get("license") in LICENSES]
    rows.sort(key=lambda row: hashlib.sha256(f"{seed} {row['id']}".encode()).digest())
    wanted = {source: round(share * count) for source, share in SHARES.items()}
    wanted[OWN] = count - wanted["mbpp"] - wanted["odex"]
    found: list[Json] = []
    for row in rows:
        if wanted[row["source"]] > 0:
            wanted[row["source"]] -= 1
            found.append(row)
    if len(found) < count:
        raise SystemExit(f"there are {len(found)} such rows, and {count} are wanted")
    return found


class Watch(Silent):
    """A line a minute, and the minutes of all starts in a file."""

    def __init__(self, log: Path) -> None:
        self.calls = self.tokens = self.rows = 0
        self._log = log
        self._before = float(log.read_text()) if log.exists() else 0.0
        self._began = self._beat = self._said = time.monotonic()

    @property
    def minutes(self) -> float:
        return self._before + (time.monotonic() - self._began) / 60

    def note(self, text: str) -> None:
        print(f"  {text}", flush=True)

    def advance(self, parts: int = 1) -> None:
        self.rows += parts

    def call(self, event: CallEvent) -> None:
        if event.kind == "done" and not event.cached:
            self.calls += 1
            self.tokens += event.usage.output
        now = time.monotonic()
        if now - self._beat > BEAT_S:
            self.keep()
        if now - self._said > 60:
            self._said = now
            print(
                f"  {self.minutes:.1f} min; {self.rows} rows, {self.calls} calls and "
                f"{self.tokens} tokens out in this start",
                flush=True,
            )

    def keep(self) -> None:
        self._beat = time.monotonic()
        self._log.write_text(f"{self.minutes:.3f}")


async def evolved(given: argparse.Namespace, watch: Watch, data: Path, door: Door) -> EvolveResult:
    limit = None if given.max_minutes is None else 60 * given.max_minutes
    async with asyncio.timeout(limit):
        return await evolve_all(
            given.method,
            data,
            out=given.run / "evolved",
            model=given.model,
            door=door,
            ladder=Ladder(rounds=given.rounds),
            filters=Filters(licenses=LICENSES),
            watcher=watch,
        )


def counted(seeds: Sequence[Json], out: Path) -> Json:
    """What became of the rows, in numbers."""
    source = {row["id"]: row["source"] for row in seeds}
    records = [*_lines(out / KEPT), *_lines(out / DROPPED)]

    def tally(chosen: Iterable[Json]) -> Json:
        verdicts = [record["verdict"] for record in chosen]
        dropped = Counter(one["reason"] for one in verdicts if not one["kept"])
        return {
            "records": len(verdicts),
            "kept": sum(one["kept"] for one in verdicts),
            "dropped": dict(dropped.most_common()),
        }

    rounds = sorted({record["round"] for record in records})
    rows = {name for name, _ in Counter(r["seed_id"] for r in records).items()}
    good = {record["seed_id"] for record in records if record["verdict"]["kept"]}
    return {
        "all": tally(records),
        "by_round": {str(n): tally(r for r in records if r["round"] == n) for n in rounds},
        "by_source": {
            name: tally(r for r in records if source[r["seed_id"]] == name) for name in SHARES
        },
        "seeds_with_a_record": len(rows),
        "seeds_with_a_kept_record": len(good),
    }


def document(
    given: argparse.Namespace, seeds: Sequence[Json], summary: Json, minutes: float
) -> Json:
    licenses = Counter((row["source"], row["meta"]["license"]) for row in seeds)
    tokens = summary["tokens"]
    return {
        "date": date.today().isoformat(),
        "autoevol": __version__,
        "command": given.command,
        "machine": {"python": platform.python_version(), "cores": os.cpu_count()},
        "method": summary["method"],
        "models": summary["models"],
        "rounds": given.rounds,
        "seed": given.seed,
        "filters": summary["filters"],
        "seeds": {
            "rows": len(seeds),
            "by_source_and_license": {f"{a}, {b}": n for (a, b), n in sorted(licenses.items())},
            "ids": sorted(row["id"] for row in seeds),
        },
        **counted(seeds, given.run / "evolved"),
        "unknown_rows": summary["unknown"]["rows"],
        "complete": summary["complete"],
        "tokens": tokens,
        "tokens_out_per_kept_record": round(tokens["output"] / max(1, summary["kept"]), 1),
        "calls": {
            row["role"]: {name: row[name] for name in ("calls", "input", "output")}
            for row in summary["bill"]
        },
        "minutes": round(minutes, 1),
    }


def _lines(path: Path) -> Iterator[Json]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def main(words: Sequence[str] | None = None, scripts: dict[str, Script] | None = None) -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--method", required=True, help="domain/name, or a method's file")
    options.add_argument("--run", type=Path, required=True, help="is kept, and gone on with")
    options.add_argument("--shared", type=Path, default=os.environ.get(SHARED))
    options.add_argument("--model", default="local/qwen2.5-coder-1.5b")
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--rows", type=int, default=200)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--concurrency", type=int, default=4)
    options.add_argument("--max-minutes", type=float)
    options.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/evolve-code.json")
    given = options.parse_args(words)
    if given.shared is None or not (Path(given.shared) / "seeds" / "code.jsonl").is_file():
        print(f"skipped: no seeds/code.jsonl in --shared or {SHARED} ({given.shared})")
        return 0
    # Where the data and the method lie is nobody's business but this machine's.
    method = Path(given.method).name if Path(given.method).is_file() else given.method
    given.command = (
        f"python benchmarks/real_evolve.py --method {method} "
        f"--model {given.model} --rounds {given.rounds} --rows {given.rows} --seed {given.seed} "
        f"--concurrency {given.concurrency}"
    )
    seeds = picked(Path(given.shared), given.rows, given.seed)
    given.run.mkdir(parents=True, exist_ok=True)
    data, watch = given.run / "seeds.jsonl", Watch(given.run / "minutes.txt")
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in seeds)
    if not data.exists() or data.read_text(encoding="utf-8") != text:
        data.write_text(text, encoding="utf-8")
    door = Door(concurrency=given.concurrency, scripts=scripts or {})
    try:
        summary = asyncio.run(evolved(given, watch, data, door)).summary
    except (TimeoutError, KeyboardInterrupt):
        print(f"stopped after {watch.minutes:.1f} min in all; the same command goes on")
        return 3
    except NothingUsable as error:  # that is a result, too
        print(error)
        summary = json.loads((given.run / "evolved" / "summary.json").read_text(encoding="utf-8"))
    except AutoevolError as error:
        print(f"{error}; {error.hint}")
        return error.exit_status
    finally:
        watch.keep()
    found = document(given, seeds, dict(summary), watch.minutes)
    given.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    whole = found["all"]
    print(f"{whole['kept']} of {whole['records']} records kept, {found['minutes']} min")
    for reason, count in whole["dropped"].items():
        print(f"  {reason:<24}{count:>5}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
