"""The table at the end of `optimize`: what was shown, and what to do with it.

Decides the words and the order. The numbers are those of `summary.json` (see `story`), the
judgement is the verb's: this file only says it.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from autoevol.cli.bill import bill_table
from autoevol.cli.lists import difference, plain_table
from autoevol.cli.plain import one_line
from autoevol.cli.tally import dollars, tenths

Json = Mapping[str, Any]


def result_parts(summary: Json, folder: Path, saved: Path | None) -> Iterator[object]:
    """Everything a person is shown at the end, top to bottom; fits 80 columns."""
    learned = summary["texts"]["learned"] is not None
    arms = summary["confirm"]["arms"]
    yield Text()
    yield _verdict(summary, learned)
    yield from _differences(summary["confirm"]["differences"], learned)
    yield Text()
    yield _arms({name: arm for name, arm in arms.items() if learned or name != "learned"})
    yield Text(
        "Brackets hold 95 % intervals; the score is 0 where a rule fired, else the gain in "
        "difficulty, 0 to 1. Money for a million rows is the evolver's alone.",
        style="dim",
    )
    yield Text()
    yield bill_table(summary["bill"])
    if learned:
        yield Text()
        yield Text("From the initial method to the learned one", style="bold")
        yield from difference(summary["texts"]["initial"], summary["texts"]["learned"])
    yield Text()
    yield from _next(summary, folder, saved)


def _verdict(summary: Json, learned: bool) -> Text:
    if summary["better"]:
        return Text("A better method was learned, and is frozen.", style="bold green")
    if learned:
        said = "No better method shown: the learned one may be better, but not beyond doubt on the "
        return Text(f"{said}untouched items. The initial method is kept.", style="bold yellow")
    return Text("No better method shown: the initial method is kept.", style="bold yellow")


def _differences(found: Json | None, learned: bool) -> Iterator[Text]:
    mine = "learned" if learned else "initial"
    for other in ("initial", "rival"):
        gap = found and found.get(other)
        if gap:
            line = f"score, {mine} - {other}: {signed(gap)}"
            line += f", p {gap['p']:.3f}" if gap.get("p") is not None else ""
            yield Text(f"  {line}, paired over {gap['items']} items")


def _arms(arms: Mapping[str, Json]) -> Table:
    table = plain_table("on untouched items", *arms)
    table.columns[0].style = "dim"

    def row(title: str, cells: list[str]) -> None:
        if any(cells):
            table.add_row(Text(title), *(Text(one_line(cell)) for cell in cells))

    every = list(arms.values())
    row("method", [str(arm["name"]) for arm in every])
    row("failure rate", [percent(arm["failure_rate"]) for arm in every])
    row("commonest failures", [_commonest(arm["failures"]) for arm in every])
    row("score", [interval(arm["score"]) for arm in every])
    row("overlap of added text", [number(arm["overlap"]) for arm in every])
    row("words added", [number(arm["added_words"], 1) for arm in every])
    row("tokens out per kept row", [number(arm["output_tokens_per_kept"], 0) for arm in every])
    row("a million rows", [_tokens(arm["million"]) for arm in every])
    row("  online", [_money(arm["million"], "usd") for arm in every])
    row("  by batch", [_money(arm["million"], "usd_batch") for arm in every])
    row("unknown", [str(arm["unknown"] or "") for arm in every])
    return table


def _next(summary: Json, folder: Path, saved: Path | None) -> Iterator[Text]:
    method = saved or folder / "method.md"
    yield Text("Where it lies", style="bold")
    yield Text(f"  {folder}", no_wrap=True)
    yield Text("  report.html (open it), method.md (frozen), summary.json, candidates/, run.log")
    if saved is not None:
        yield Text(f"  {saved}")
    yield Text("What to do next", style="bold")
    command = f"autoevol evolve {shlex.quote(str(method))} --data seeds.jsonl --out evolved"
    yield Text(f"  {command}", no_wrap=True)
    if not summary["better"]:
        yield Text("  To look further: a larger --preset, more seeds, or a stronger --optimizer.")


def interval(found: Json) -> str:
    """`0.39 (0.13–0.65)`."""
    low, high = found["low"], found["high"]
    bounds = "" if low is None or high is None else f" ({low:.2f}–{high:.2f})"
    return f"{found['mean']:.2f}{bounds}"


def signed(found: Json) -> str:
    """`+0.39 (+0.13 to +0.65)`."""
    low, high = found["low"], found["high"]
    bounds = "" if low is None or high is None else f" ({low:+.2f} to {high:+.2f})"
    return f"{found['mean']:+.2f}{bounds}"


def percent(found: Json) -> str:
    """`50 % (25–75)`."""
    low, high = found["low"], found["high"]
    bounds = "" if low is None or high is None else f" ({100 * low:.0f}–{100 * high:.0f})"
    return f"{100 * found['mean']:.0f} %{bounds}"


def number(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _commonest(failures: Mapping[str, int]) -> str:
    first = sorted(failures.items(), key=lambda pair: -pair[1])[:2]
    return ", ".join(f"{name} {count}" for name, count in first)


def _tokens(million: Json | None) -> str:
    if million is None:
        return "-"
    return f"{tenths(million['input_tokens'])} in, {tenths(million['output_tokens'])} out"


def _money(million: Json | None, unit: str) -> str:
    if million is None or million[unit] is None:
        return "price unknown" if million is not None and unit == "usd" else ""
    return dollars(million[unit]) if million[unit] else "free" if unit == "usd" else ""
