"""`autoevol batches` as it is typed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from autoevol.cli import options as opt
from autoevol.cli.screen import Screen

Run = Annotated[Path, typer.Argument(help="The --out folder of an evolve run.")]
Cancel = Annotated[
    bool, typer.Option("--cancel", help="Ask the providers to end them; answers so far are kept.")
]


def batches(
    run: Run,
    cancel: Cancel = False,
    base_url: opt.BaseUrl = None,
    trust_config: opt.TrustConfig = False,
    json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Show what a run has sent by batch, and end it if asked to.

    What was answered before a batch was ended is paid; the next start on the folder fetches it.

    \b
    Example:
      autoevol batches evolved --cancel
    """
    from autoevol.verbs import batches as verb

    screen, kept = Screen(json, quiet), verb.batches(run)
    if cancel:
        from autoevol.cli.reach import confirmation
        from autoevol.cli.run import Pausable, config_of, text
        from autoevol.cli.waiting import wait_for
        from autoevol.door import Door
        from autoevol.runs import read_settings

        held = read_settings(run).get("invocation", {})
        address = base_url or text(held, "base_url")
        asked = confirmation(trust_config, Pausable().ask, config_of(held))
        door = Door(base_url=address, config=config_of(held), confirm=asked)
        kept = wait_for(lambda: verb.cancel(run, door), screen.say)
    rows = [
        {name: value for name, value in asdict(one).items() if name != "posted"} for one in kept
    ]
    if json:
        screen.document({"run": run.name, "batches": rows})
        return
    from autoevol.cli.lists import plain_table
    from autoevol.cli.plain import one_line

    if not rows:
        screen.say(f"{run} has sent nothing by batch.")
        return
    table = plain_table("batch", "model", "sent (UTC)", "calls", "answered", "state")
    for one in kept:
        cells = (one.batch or "not known", one.model, one.sent[:16].replace("T", " "))
        counts = (f"{one.requests:,}", f"{one.answered:,}" if not one.waiting else "")
        table.add_row(*(one_line(cell) for cell in (*cells, *counts, one.state)))
    screen.show(table)
    waiting = sum(one.waiting for one in kept)
    if waiting:
        screen.say(f"{waiting} still to be fetched: start the run again on the same folder.")
