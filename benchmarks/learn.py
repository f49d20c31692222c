"""Learn a method for real and write down what came of it.

    python benchmarks/learn.py --domain code --model local/qwen2.5-coder-1.5b --run runs/learn-code

Sizes lie between `quick` and `standard`: what two processor cores can do in about an hour. Writes a
row per (method, item) to `benchmarks/results/learn-DOMAIN-items.jsonl` and the summary beside it.
Started again on the same --run it goes on; the ledger answers what was asked before.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from datetime import date
from pathlib import Path

from autoevol import __version__, optimize
from autoevol.door import Door
from autoevol.learning.course import Course
from autoevol.learning.presets import Preset
from autoevol.llm.events import CallEvent
from autoevol.progress import Silent

RESULTS = Path(__file__).parent / "results"
SIZES = Preset("hour", 8, 4, 3, dev=60, block=10, confirm=60, patience=3, analyses=2)


class Lines(Silent):
    """One line a stage and a note, with the minutes since the start."""

    def __init__(self) -> None:
        self.start = time.monotonic()
        self.tokens = 0

    def say(self, text: str) -> None:
        minutes = (time.monotonic() - self.start) / 60
        print(f"{minutes:6.1f} min  {self.tokens:7d} tokens  {text}", flush=True)

    def stage(self, title: str, total: int) -> None:
        self.say(f"{title} ({total})" if total else title)

    def note(self, text: str) -> None:
        self.say(f"  {text}")

    def call(self, event: CallEvent) -> None:
        if event.kind == "done" and not event.cached:
            self.tokens += event.usage.output


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--domain", default="code")
    options.add_argument("--model", default="local/qwen2.5-coder-1.5b")
    options.add_argument("--run", type=Path, required=True)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--max-minutes", type=float)
    options.add_argument("--concurrency", type=int, default=4)
    options.add_argument("--reuse", type=Path, action="append", default=[])
    given = options.parse_args()
    lines = Lines()
    result = asyncio.run(
        optimize(
            given.domain,
            preset=SIZES,
            model=given.model,
            course=Course(seed=given.seed),
            run=given.run,
            door=Door(concurrency=given.concurrency, reuse=given.reuse),
            max_minutes=given.max_minutes,
            watcher=lines,
        )
    )
    facts = {
        "command": "python " + " ".join(sys.argv),
        "autoevol": __version__,
        "date": date.today().isoformat(),
        "minutes": round((time.monotonic() - lines.start) / 60, 1),
    }
    RESULTS.mkdir(exist_ok=True)
    named = RESULTS / f"learn-{given.domain}"
    document = {**facts, **result.summary}
    named.with_suffix(".json").write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    rows = (given.run / "confirm.jsonl").read_text(encoding="utf-8").splitlines()
    with (RESULTS / f"learn-{given.domain}-items.jsonl").open("w", encoding="utf-8") as file:
        for row in rows:
            known = {"date": facts["date"], "model": given.model, "seed": given.seed}
            file.write(json.dumps({**known, **json.loads(row)}, ensure_ascii=False) + "\n")
    print(f"{'better' if result.better else 'no better method shown'}: {result.folder}")


if __name__ == "__main__":
    main()
