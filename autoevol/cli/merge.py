"""`autoevol merge` as it is typed.

Decides the flags and what is said of the result. What is merged is `verbs.merge`'s.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autoevol.cli import options as opt
from autoevol.cli.screen import Screen

Folders = Annotated[
    list[Path], typer.Argument(metavar="DIR...", help="Folders of one run's shards.")
]
Out = Annotated[Path, typer.Option("--out", help="Folder for the whole; a new one.")]
Shuffle = Annotated[int, typer.Option("--seed", metavar="N", help="Seed of the order.")]


def merge(
    folders: Folders,
    out: Out,
    seed: Shuffle = 0,
    json: opt.Json = False,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> None:
    """Put the shards of one run together, shuffled for training.

    Takes one folder, too: its rounds, variants and seeds are mixed. The texts stay on the disk, so
    that millions of records need little memory. export-data, report and cost take the whole.

    \b
    Example:
      autoevol merge part1 part2 part3 --out whole --seed 7
    """
    from autoevol.verbs.merge import as_json
    from autoevol.verbs.merge import merge as run

    screen = Screen(json, quiet, verbose)
    merged = run(folders, out, seed)
    if json:
        screen.document(as_json(merged))
        return
    screen.show(f"{merged.kept:,} kept, {merged.dropped:,} dropped, in {merged.folder}")
    if merged.alike:
        screen.say(f"{merged.alike:,} of the dropped are like a record of an earlier folder.")
    if merged.missing:
        screen.say(f"No folder holds shard {', '.join(merged.missing)}.")
    for folder in merged.unfinished:
        screen.say(f"{folder} is not finished: autoevol evolve --resume {folder}")
