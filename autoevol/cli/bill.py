"""A bill as a table.

Decides its columns. The sums are those of `llm.bill`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from autoevol.cli.plain import one_line
from autoevol.cli.tally import dollars, short, tenths

COUNTS = ("calls", "lost_calls", "cached_calls", "input", "output", "reasoning", "unpriced")


def bill_table(rows: Iterable[Mapping[str, Any]]) -> Table:
    """Rows of a bill (see `llm.bill.BillRow`), and their sum where there are several."""
    every = list(rows)
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("role", style="dim", no_wrap=True)
    table.add_column("model", overflow="ellipsis", no_wrap=True, max_width=26)
    lost = any(row["lost_calls"] for row in every)
    reasoned = any(row["reasoning"] for row in every)
    for title in ("calls", *(["lost"] if lost else []), "reused", "in", "out"):
        table.add_column(title, justify="right", no_wrap=True)
    if reasoned:
        table.add_column("thought", justify="right", no_wrap=True)
    table.add_column("money", justify="right", no_wrap=True)

    def add(row: Mapping[str, Any], style: str = "") -> None:
        cells = [f"{row['calls']:,}"]
        cells += [f"{row['lost_calls']:,}"] if lost else []
        cells += [f"{row['cached_calls']:,}", short(row["input"]), short(row["output"])]
        cells += [short(row["reasoning"])] if reasoned else []
        names = (Text(one_line(str(row["role"]))), Text(one_line(str(row["model"]))))
        table.add_row(*names, *cells, _money(row), style=style)

    for row in every:
        add(row)
    if len(every) > 1:
        whole: dict[str, Any] = {name: sum(row[name] for row in every) for name in COUNTS}
        whole |= {"role": "in all", "model": ""}
        whole["cost"] = sum(float(row["cost"] or 0) for row in every)
        add(whole, "bold")
    return table


def million_line(found: Mapping[str, Any]) -> str:
    """`300M in, 500M out; $6,710 online, $3,355 by batch`, of a summary's `million`."""
    said = f"{tenths(found['input_tokens'])} in, {tenths(found['output_tokens'])} out"
    online, batch = found["usd"], found["usd_batch"]
    if online is None:
        return f"{said}; price unknown"
    if not online:
        return f"{said}; free"
    return f"{said}; {dollars(online)} online" + (f", {dollars(batch)} by batch" if batch else "")


def _money(row: Mapping[str, Any]) -> str:
    if row["unpriced"] and row["unpriced"] >= row["calls"] + row["lost_calls"]:
        return "unknown"
    cost = float(row["cost"] or 0)
    said = dollars(cost) if cost else "free"
    return f"{said} + {row['unpriced']} unpriced" if row["unpriced"] else said
