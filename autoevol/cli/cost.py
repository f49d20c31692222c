"""`autoevol cost` as it is typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autoevol.cli import options as opt
from autoevol.cli.screen import Screen
from autoevol.counted import several

if TYPE_CHECKING:
    from rich.table import Table

    from autoevol.llm.habits import Habit

Run = Annotated[Path, typer.Argument(help="A run folder, also one that is still at work.")]


def cost(
    run: Run, json: opt.Json = False, quiet: opt.Quiet = False, verbose: opt.Verbose = False
) -> None:
    """Show what a run spent, by role and model, and how long answers are.

    From 100 answers of a role on it says which cap would do in a next run.
    Of a merged folder it adds up the runs in it.

    \b
    Example:
      autoevol cost runs/first
    """
    from autoevol.verbs.cost import cost as verb

    screen, found = Screen(json, quiet, verbose), verb(run)
    if json:
        screen.document(found.as_json())
        return
    from autoevol.cli.bill import bill_table

    parts: list[object] = [bill_table([asdict(row) for row in found.rows])]
    if found.habits:
        parts += ["", _habits(found.habits)]
    screen.show(*parts)
    advised = [f"{one.role}={one.cap}" for one in found.habits if one.cap is not None]
    if advised:
        screen.say(f"Caps that would do in a next run: --max-tokens {','.join(advised)}")
    if found.merged:
        runs = several(len(found.merged), "run")
        screen.say(f"This is the sum of {runs} as merged: {', '.join(found.merged)}")
    for folder in found.unknown:
        screen.say(f"Not in it, since no bill of it was there: {folder}")
    if found.total.unpriced:
        screen.say(f"{found.total.unpriced} calls have no known price; their money is left out.")


def _habits(habits: Iterable[Habit]) -> Table:
    from rich.text import Text

    from autoevol.cli.lists import plain_table
    from autoevol.cli.plain import one_line

    table = plain_table("role", "model", "answers", "99 % end within", "cut by a cap")
    for column in table.columns[2:]:
        column.justify = "right"
    for one in habits:
        names = (Text(one_line(one.role)), Text(one_line(one.model)))
        table.add_row(*names, f"{one.answers:,}", f"{one.usual:,}", f"{one.cut:,}")
    return table
