"""`--dry-run`: a plan as a table.

Decides its look; the numbers and the formula are `plan`'s.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from autoevol.cli.tally import dollars, short
from autoevol.plan import Plan, Range


def plan_parts(plan: Plan) -> Iterator[object]:
    """Everything a person is shown of a plan; fits 80 columns."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("role", style="dim", no_wrap=True)
    for title in ("calls", "tokens in", "out", "reasoning", "money"):
        table.add_column(title, justify="right", no_wrap=True)
    every = plan.loads
    for load in every:
        cells = (load.calls, load.input, load.output, load.reasoning)
        table.add_row(load.role, *map(_span, cells), _money(load.usd))
    whole = [sum_of([getattr(load, name) for load in every]) for name in _COLUMNS]
    table.add_row("in all", *map(_span, whole), _money(plan.usd), style="bold")
    yield Text("A dry run: nothing was sent, and no folder was made.", style="bold")
    yield Text()
    yield table
    yield Text()
    for load in every:
        yield Text(f"{load.role} on {load.model}: calls = {load.formula}", style="dim")
    for note in plan.notes:
        yield Text(note, style="dim")
    yield Text("Money = calls × (mean tokens in × price + mean tokens out and reasoning × price).",
               style="dim")


_COLUMNS = ("calls", "input", "output", "reasoning")


def sum_of(ranges: list[Range]) -> Range:
    return Range(sum(r.low for r in ranges), sum(r.high for r in ranges))


def _span(found: Range) -> str:
    low, high = short(found.low), short(found.high)
    return low if low == high else f"{low}-{high}"


def _money(found: Range | None) -> str:
    if found is None:
        return "unknown"
    if not found.high:
        return "free"
    low, high = dollars(found.low), dollars(found.high)
    return low if low == high else f"{low}-{high}"
