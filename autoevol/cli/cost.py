"""`autoevol cost` as it is typed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from autoevol.cli import options as opt
from autoevol.cli.screen import Screen

Run = Annotated[Path, typer.Argument(help="A run folder, also one that is still at work.")]


def cost(
    run: Run, json: opt.Json = False, quiet: opt.Quiet = False, verbose: opt.Verbose = False
) -> None:
    """Show what a run spent, by role and model.

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

    screen.show(bill_table([asdict(row) for row in found.rows]))
    if found.total.unpriced:
        screen.say(f"{found.total.unpriced} calls have no known price; their money is left out.")
