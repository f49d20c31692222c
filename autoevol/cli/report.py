"""`autoevol report` as it is typed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autoevol.cli import options as opt
from autoevol.cli.screen import Screen

Run = Annotated[Path, typer.Argument(help="A run folder, also one that was cut or is at work.")]
Open = Annotated[bool, typer.Option("--open", help="Open the report in the browser.")]
NoText = Annotated[
    bool, typer.Option("--no-text", help="Leave out seeds, rewrites, answers and lessons.")
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Where to write it [default: RUN/report.html]."),
]


def report(
    run: Run,
    open_it: Open = False,
    no_text: NoText = False,
    out: Out = None,
    json: opt.Json = False,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> None:
    """Write a run's report: one HTML file that loads nothing.

    Every run writes one at its end. It holds what was learned, the race, the methods side by side,
    failures, costs, and trajectories to look through; a long run's trajectories are sampled.

    \b
    Example:
      autoevol report runs/first --open
    """
    from autoevol.verbs.report import report as verb

    screen, made = Screen(json, quiet, verbose), verb(run, out=out, texts=not no_text)
    for gap in made.gaps:
        screen.say(gap)
    if json:
        found = {"report": str(made.path), "bytes": made.size, "gaps": list(made.gaps)}
        counted = {"shown": made.shown, "trajectories": made.trajectories}
        screen.document({"run": run.name, **found, **counted})
    else:
        from rich.text import Text

        screen.show(Text(str(made.path), no_wrap=True))
        if made.shown < made.trajectories and not no_text:
            screen.say(f"{made.shown:,} of {made.trajectories:,} trajectories are on it, sampled.")
    if open_it:
        import webbrowser

        if not webbrowser.open(made.path.absolute().as_uri()):
            screen.say("No browser was found to open it.")
