"""How well are failed evolutions seen? The zoo's labels against the rules of others and our own.

    python benchmarks/eliminator.py                 the frozen test half, figures only
    python benchmarks/eliminator.py --half train    the half that rules are written on
    python benchmarks/eliminator.py --half train --misses    and the rows that ours get wrong

Writes `results/eliminator-HALF.json`. A detector is right when it flags a failed row, whatever it
calls the failure. For every file of a judge's marks, `results/judge-verdicts-*.jsonl` (written by
`benchmarks/judge.py`), rules alone and with the judge are compared on the rows that it judged.
The speed is processor time of one core, the best of several rounds over the rows.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autoevol import __version__  # noqa: E402
from autoevol.roles.eliminator import Eliminator  # noqa: E402
from autoevol.roles.judge import PASS_MARK  # noqa: E402
from autoevol.statistics import Interval, proportion_interval  # noqa: E402
from autoevol.types import Evolution  # noqa: E402
from autoevol.verbs.check import eliminator_for, evolution_of  # noqa: E402
from benchmarks import zoo_rows  # noqa: E402
from benchmarks.baselines import evolkit, paper, paper_extended, wizardlm  # noqa: E402

RESULTS = Path(__file__).parent / "results"
BASELINES = (paper, paper_extended, evolkit, wizardlm)
RULES = "our rules"
DRAWS, SEED = 4000, 0
ROUNDS, ENOUGH = 7, 2000
Row = Mapping[str, Any]
Flags = Mapping[str, bool]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figures:
    """`visible` counts the failed rows that a program could see, by the label `rule`."""

    rows: int
    flagged: int
    precision: Interval
    recall_visible: Interval
    f1_visible: Interval
    recall: Interval
    f1: Interval


def figures(rows: Sequence[Row], flags: Flags) -> Figures:
    """Precision over all that was flagged, recall over the visible and over all failed rows."""
    failed = [row for row in rows if row["label"] == "failed"]
    visible = [row for row in failed if row["rule"]]
    hits = sum(flags[row["id"]] for row in failed)
    seen = sum(flags[row["id"]] for row in visible)
    flagged = sum(flags[row["id"]] for row in rows)
    return Figures(
        rows=len(rows),
        flagged=flagged,
        precision=proportion_interval(hits, flagged),
        recall_visible=proportion_interval(seen, len(visible)),
        f1_visible=f1(rows, flags, visible=True),
        recall=proportion_interval(hits, len(failed)),
        f1=f1(rows, flags, visible=False),
    )


def f1(rows: Sequence[Row], flags: Flags, *, visible: bool) -> Interval:
    """F1 with a percentile bootstrap over rows. Failed rows that no program could see count as
    found where they were, and else only without `visible`."""
    counts = [0, 0, 0, 0]  # found, false alarm, missed, neither
    for row in rows:
        flagged, failed = flags[row["id"]], row["label"] == "failed"
        missed = failed and not flagged and (row["rule"] or not visible)
        counts[0 if flagged and failed else 1 if flagged else 2 if missed else 3] += 1
    drawn = numpy.random.default_rng(SEED).multinomial(
        len(rows), numpy.array(counts) / max(1, len(rows)), size=DRAWS
    )
    found, alarms, missed_rows = drawn[:, 0], drawn[:, 1], drawn[:, 2]
    values = 2 * found / numpy.maximum(1, 2 * found + alarms + missed_rows)
    low, high = (float(x) for x in numpy.quantile(values, (0.025, 0.975)))
    whole = 2 * counts[0] + counts[1] + counts[2]
    return Interval(2 * counts[0] / whole if whole else 0.0, low, high, len(rows))


def by_rules(rows: Sequence[Row]) -> dict[str, list[str]]:
    """What our rules say of each row, by its id."""
    return {
        row["id"]: [
            f"{f.rule}: {f.evidence}"
            for f in eliminator_for(row.get("method") or "").inspect(evolution_of(row))
        ]
        for row in rows
    }


def detectors(rows: Sequence[Row]) -> dict[str, Flags]:
    """Every detector's flags, by its name."""
    said = by_rules(rows)
    ours = {name: bool(rules) for name, rules in said.items()}
    found: dict[str, Flags] = {}
    for other in BASELINES:
        found[other.NAME] = {row["id"]: other.inspect(evolution_of(row)) for row in rows}
    found[RULES] = ours
    return found


def judged(rows: Sequence[Row], ours: Flags) -> Iterator[tuple[str, list[Row], dict[str, Flags]]]:
    """For each file of a judge's marks: its model, the rows it judged, and the flags on these of
    our rules alone, with its marks, and with its marks and gain (not above zero is a failure)."""
    for path in sorted(RESULTS.glob("judge-verdicts-*.jsonl")):
        lines = path.read_text(encoding="utf-8").splitlines()
        verdicts = {said["id"]: said for said in map(json.loads, lines)}
        some = [row for row in rows if row["id"] in verdicts]
        if not some:
            continue
        alone = {row["id"]: ours[row["id"]] for row in some}
        marks, gain = dict(alone), dict(alone)
        for name in alone:
            said = verdicts[name]
            low = any(
                mark is not None and mark < PASS_MARK for mark in (said["faithful"], said["doable"])
            )
            marks[name] |= low
            gain[name] |= low or (said["gain"] is not None and said["gain"] <= 0)
        model = str(next(iter(verdicts.values()))["model"])
        yield (
            model,
            some,
            {RULES: alone, f"{RULES} + marks": marks, f"{RULES} + marks and gain": gain},
        )


def by_class(rows: Sequence[Row], flags: Flags) -> dict[str, tuple[int, int]]:
    """Flagged and all failed rows of each class; a row counts for its gravest."""
    counts: dict[str, tuple[int, int]] = {}
    for row in rows:
        for name in row["classes"][:1]:
            hit, number = counts.get(name, (0, 0))
            counts[name] = (hit + flags[row["id"]], number + 1)
    return dict(sorted(counts.items(), key=lambda item: (-item[1][1], item[0])))


def speed(rows: Sequence[Row]) -> Json:
    """Evolutions a second of processor time, the best round and the median one."""
    work: list[tuple[Eliminator, Evolution]] = [
        (eliminator_for(row.get("method") or ""), evolution_of(row)) for row in rows
    ]
    work *= -(-ENOUGH // len(work))

    def seconds() -> float:
        start = time.process_time()
        for eliminator, evolution in work:
            eliminator.inspect(evolution)
        return time.process_time() - start

    seconds()  # the language model is loaded, if any row needs it
    taken = sorted(seconds() for _ in range(ROUNDS))
    words = [
        len(f"{e.before.text} {e.after.text} {e.response}".split()) for _, e in work[: len(rows)]
    ]
    return {
        "best": len(work) / taken[0],
        "median": len(work) / taken[len(taken) // 2],
        "words": sum(words) / len(words),
    }


def cell(interval: Interval) -> str:
    return f"{interval.mean:.2f} ({interval.low:.2f}–{interval.high:.2f})"


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rule = "|".join([" --- "] * len(head))
    return "\n".join(["| " + " | ".join(line) + " |" for line in (head, *lines)]).replace(
        "\n", f"\n|{rule}|\n", 1
    )


def show(rows: Sequence[Row], found: Mapping[str, Flags], fast: Json) -> None:
    """The tables, as Markdown."""
    head = ["detector", "flagged", "precision", "recall, visible", "F1, visible", "recall", "F1"]
    domains = sorted({row["domain"] for row in rows})
    parts = [
        (part, [r for r in rows if part in ("all", r["domain"])], found)
        for part in ("all", *domains)
    ]
    parts += [
        (f"judged by {model}", some, flags) for model, some, flags in judged(rows, found[RULES])
    ]
    for part, chosen, detected in parts:
        failed = [row for row in chosen if row["label"] == "failed"]
        visible = sum(row["rule"] for row in failed)
        print(f"\n{part}: {len(chosen)} rows, {len(failed)} failed, {visible} of these visible\n")
        lines = []
        for name, flags in detected.items():
            x = figures(chosen, flags)
            cells = (x.precision, x.recall_visible, x.f1_visible, x.recall, x.f1)
            lines.append([name, str(x.flagged), *map(cell, cells)])
        print(table(head, lines))
    print("\nfound, by class (flagged / failed)\n")
    classes = {name: by_class(rows, flags) for name, flags in found.items()}
    lines = [
        [kind, *(f"{counts[kind][0]}/{counts[kind][1]}" for counts in classes.values())]
        for kind in by_class(rows, found[RULES])
    ]
    print(table(["class", *found], lines))
    print(
        f"\n{fast['best']:.0f} evolutions a second on one core "
        f"(median round {fast['median']:.0f}), "
        f"of {fast['words']:.0f} words each"
    )


def show_misses(rows: Sequence[Row]) -> None:
    """Where our rules differ from the labels that they could have met."""
    said = by_rules(rows)
    for row in rows:
        failed = row["label"] == "failed"
        if bool(said[row["id"]]) != (failed and row["rule"]) and not (failed and said[row["id"]]):
            kind = "not seen" if failed else "false alarm"
            if failed and not row["rule"]:
                continue
            print(f"\n{row['id']} {kind}: {row['classes'] or said[row['id']]}\n  {row['note']}")


def document(half: str, rows: Sequence[Row], found: Mapping[str, Flags], fast: Json) -> Json:
    def parts(flags: Flags) -> Json:
        chosen: dict[str, Callable[[Row], bool]] = {"all": lambda _: True}
        for domain in sorted({row["domain"] for row in rows}):
            chosen[domain] = lambda row, domain=domain: row["domain"] == domain  # type: ignore[misc]
        return {
            name: asdict(figures([r for r in rows if f(r)], flags)) for name, f in chosen.items()
        }

    return {
        "command": f"python benchmarks/eliminator.py --half {half}",
        "autoevol": __version__,
        "date": date.today().isoformat(),
        "half": half,
        "rows": len(rows),
        "failed": sum(row["label"] == "failed" for row in rows),
        "visible": sum(row["rule"] for row in rows),
        "level": 0.95,
        "detectors": {name: parts(flags) for name, flags in found.items()},
        "judged": {
            model: {name: asdict(figures(some, flags)) for name, flags in detected.items()}
            for model, some, detected in judged(rows, found[RULES])
        },
        "by_class": {name: by_class(rows, flags) for name, flags in found.items()},
        "evolutions_per_second": fast,
    }


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--half", choices=zoo_rows.HALVES, default="test")
    options.add_argument("--misses", action="store_true", help="rows of the train half")
    given = options.parse_args()
    if given.misses and given.half == "test":
        options.error("rows of the test half are not shown: no rule is to be written on them")
    rows = zoo_rows.read(given.half)
    found, fast = detectors(rows), speed(rows)
    show(rows, found, fast)
    if given.misses:
        show_misses(rows)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"eliminator-{given.half}.json"
    text = json.dumps(document(given.half, rows, found, fast), indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    print(f"\nwritten: {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
