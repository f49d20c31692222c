"""`autoevol export-data` as it is typed."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autoevol.cli import options as opt
from autoevol.cli.screen import Screen
from autoevol.counted import several


class Reasoning(StrEnum):
    keep = "keep"
    drop = "drop"


Run = Annotated[Path, typer.Argument(help="The --out folder of an evolve run or a merge.")]
To = Annotated[
    str,
    typer.Option(
        "--to", metavar="FORMAT", help="messages, alpaca, sharegpt, parquet, hf or llama-factory."
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="PATH", help="A new file or folder [default: beside the run]."),
]
Keep = Annotated[
    Reasoning, typer.Option("--reasoning", help="Keep the models' reasoning before the answers.")
]


def export_data(
    run: Run,
    to: To,
    out: Out = None,
    reasoning: Keep = Reasoning.drop,
    json: opt.Json = False,
    quiet: opt.Quiet = False,
) -> None:
    """Write what a run kept as training data.

    For TRL and OpenAI (messages), Alpaca, ShareGPT, Parquet, a Hugging Face data set with its
    card, or LLaMA-Factory. Answers and tests that came with the seeds are left out once stale.
    Parquet and Hugging Face carry lineage, method, models and licence, too, and as JSON in `extra`
    the seed's columns that no format knows; verdict and usage stay in the run's records. The other
    formats hold the texts alone.

    \b
    Example:
      autoevol export-data evolved --to hf --out my-data
    """
    from autoevol.training.formats import FORMATS
    from autoevol.verbs.export_data import export_data as verb

    screen = Screen(json, quiet)
    suffix = FORMATS[to][1] if to in FORMATS else ""
    here = run.absolute()
    place = out or here.parent / f"{here.name}-{to}{suffix}"
    done = verb(run, to, place, reasoning=reasoning is Reasoning.keep)
    use = FORMATS[to][2].replace("FILE", str(place))
    if json:
        about = {"run": here.name, "to": to, "out": str(place), "complete": done.complete}
        screen.document({**about, **done.counts.as_json(), "use": use})
        return
    counts = done.counts
    screen.show(f"{several(counts.rows, 'row')} in {place}")
    if counts.unanswered:
        unanswered = several(counts.unanswered, "record")
        screen.say(f"Left out without an answer: {unanswered}.")
    if counts.stale:
        stale = several(counts.stale, "row")
        screen.say(f"{stale} came with an answer or tests for the seed: left out.")
    if counts.reasoned and reasoning is Reasoning.drop:
        reasoned = several(counts.reasoned, "answer has", "answers have")
        screen.say(f"{reasoned} reasoning; --reasoning keep leaves it in.")
    if not done.complete:
        late = (
            "A shard is missing or not at its end" if done.merged else "The run is not at its end"
        )
        screen.say(f"{late}: these are the records so far.")
    screen.say(f"Use: {use}")
