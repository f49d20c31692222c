"""How long a comparison takes of which every answer is known.

    python benchmarks/compare_speed.py [--methods 10] [--items 200] [--out FILE]

Fills a ledger once on the planted world, then times the command as it is typed, in processes of
their own: on the same folder again, into a new folder with --reuse, and as --replay. Wall time and
processor time, each the median of three. Byte code is kept between the processes, as an installed
package has it. Aim: 10 methods on 200 items under 5 s.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autoevol import __version__  # noqa: E402
from autoevol.methods import methods_for, write_method  # noqa: E402
from autoevol.simulation import GOOD, NEUTRAL  # noqa: E402

REPEATS = 3
AIM_S = 5.0
MODEL = "fake/planted"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--methods", type=int, default=10)
    options.add_argument("--items", type=int, default=200)
    options.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/compare_speed.json")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        words = [*_methods(here, given.methods), "--items", str(given.items), "--model", MODEL]
        first = _timed(here, [*words, "--run", "first"])
        known = {
            "same folder again": [_timed(here, [*words, "--run", "first"]) for _ in range(REPEATS)],
            "new folder with --reuse": [
                _timed(here, [*words, "--run", f"reuse{n}", "--reuse", "first"])
                for n in range(REPEATS)
            ],
            "--replay": [
                _timed(here, ["--replay", "first", "--run", f"replay{n}"]) for n in range(REPEATS)
            ],
        }
    document = {
        "command": f"python benchmarks/compare_speed.py --methods {given.methods} "
        f"--items {given.items}",
        "date": date.today().isoformat(),
        "autoevol": __version__,
        "processors": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "aim_s": AIM_S,
        "first, not known": {"wall_s": round(first[0], 2), "cpu_s": round(first[1], 2)},
        **{name: _median(times) for name, times in known.items()},
    }
    given.out.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(document, indent=2))


def _methods(folder: Path, count: int) -> list[str]:
    """Files of so many methods: the shelf's for code and, where they are too few, variants."""
    shelf = [method for method in methods_for("code") if "operations" not in method.head]
    found: list[str] = []
    for number in range(count):
        base = shelf[number % len(shelf)]
        rule = (*GOOD, *NEUTRAL)[number % (len(GOOD) + len(NEUTRAL))]
        text = base.text if number < len(shelf) else f"{base.text}9. {rule}\n"
        path = folder / f"m{number}.md"
        write_method(replace(base, name=f"m{number}", kind="handwritten", text=text, head={}), path)
        found.append(str(path))
    return found


def _timed(folder: Path, words: list[str]) -> tuple[float, float]:
    """Wall and processor seconds of one command."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "autoevol", "compare", *words, "-q"],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(folder / "pycache")},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, spent


def _median(times: list[tuple[float, float]]) -> dict[str, Any]:
    walls, spent = zip(*times, strict=True)
    return {
        "wall_s": round(statistics.median(walls), 2),
        "cpu_s": round(statistics.median(spent), 2),
        "under_aim": statistics.median(walls) < AIM_S,
    }


if __name__ == "__main__":
    main()
