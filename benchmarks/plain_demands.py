"""How often rules fire on people's instructions with one plain demand more: mostly false alarms.

    AUTOEVOL_SHARED_DATA=DIR python benchmarks/plain_demands.py [--show asks_back]

Every row of DIR's seeds, dev sets, benchmarks and pools, but for those that are for non-commercial
use, gets one of three sentences hung on, and keeps the answer that it came with. Such a rewrite is
sound, so whatever fires on it is a false alarm; what fires on the answer may be right, where that
does not do what the sentence asks for.
Counts by rule go to `results/plain-demands.json`, without any text; `--show RULE` prints the rows.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autoevol.methods import load_method  # noqa: E402
from autoevol.roles.eliminator import Eliminator  # noqa: E402
from autoevol.roles.evolver import TAGS  # noqa: E402
from autoevol.types import Evolution, Instruction  # noqa: E402

METHOD = "math/initial"
DEMANDS = (
    " Make sure that it also handles the case of an empty input, and explain why your choice is "
    "right in one sentence.",
    " Also say which assumption matters most and what would change without it.",
    " In addition, give one counterexample and state how you would check the result.",
)
PARTS = ("dev/*.jsonl", "seeds/*.jsonl", "bench/*.jsonl", "full/*.jsonl.gz")


def rows(data: Path) -> Iterator[dict[str, Any]]:
    for part in PARTS:
        for path in sorted(data.glob(part)):
            opened = gzip.open if path.suffix == ".gz" else open
            with opened(path, "rt", encoding="utf-8") as file:
                read = map(json.loads, file)
                yield from (row for row in read if "NC" not in row["meta"]["license"])


def evolution(row: dict[str, Any], demand: str) -> Evolution:
    seed, answer = row["instruction"], row.get("response") or ""
    return Evolution(
        Instruction(seed, row["id"]),
        Instruction(seed + demand, row["id"]),
        raw=seed + demand,
        evolver_finish="stop",
        response=answer,
        response_finish="stop" if answer else "",
    )


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--show", default="", help="a rule whose rows are printed")
    given = options.parse_args()
    data = os.environ.get("AUTOEVOL_SHARED_DATA")
    if not data:
        raise SystemExit("AUTOEVOL_SHARED_DATA does not name the shared data sets.")
    eliminator = Eliminator(load_method(METHOD).text, TAGS)
    draw, fired, flagged, read = random.Random(1), Counter[str](), 0, 0
    for row in rows(Path(data)):
        one = evolution(row, draw.choice(DEMANDS))
        failures = eliminator.inspect(one)
        read, flagged = read + 1, flagged + bool(failures)
        for failure in failures:
            fired[failure.rule] += 1
            if failure.rule == given.show:
                print(f"{one.after.text!r}\n  {one.response!r}\n  {failure.evidence}\n")
    found = {
        "date": date.today().isoformat(),
        "method": METHOD,
        "rows": read,
        "flagged": flagged,
        "by_rule": dict(fired.most_common()),
    }
    out = ROOT / "benchmarks" / "results" / "plain-demands.json"
    out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
