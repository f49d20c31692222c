"""`autoevol models list` and `pull`: the embedded models.

Decides what is shown of them. Which there are is the manifest's matter, fetching them `pull`'s.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from autoevol.cli import options as opt
from autoevol.cli.screen import Screen

Name = Annotated[str, typer.Argument(help="A name of `autoevol models list`.")]


def list_(json: opt.Json = False) -> None:
    """Show the embedded models.

    With their size and licence, and whether they are on this machine.

    \b
    Example:
      autoevol models list
    """
    from autoevol.llm.embedded.cache import models_folder
    from autoevol.llm.embedded.manifest import known_models

    folder, screen = models_folder(), Screen(json)
    rows = []
    for entry in known_models().values():
        file = folder / entry.file
        there = file.is_file() and file.stat().st_size == entry.bytes
        row: dict[str, Any] = {
            "name": f"local/{entry.name}",
            "bytes": entry.bytes,
            "licence": entry.licence,
            "quantisation": entry.quantisation,
            "context": entry.context,
            "tokens_per_second": entry.speed,
            "base": entry.base,
            "sha256": entry.sha256,
            "cached": there,
        }
        rows.append(row)
    if json:
        screen.document({"models": rows, "folder": str(folder)})
        return
    from autoevol.cli.lists import plain_table

    table = plain_table("model", "size", "licence", "tokens/s", "context", "here")
    for row in rows:
        size = f"{row['bytes'] / 1e6:,.0f} MB"
        here = "yes" if row["cached"] else "no"
        cells = (row["name"], size, row["licence"], row["tokens_per_second"], row["context"], here)
        table.add_row(*map(str, cells))
    screen.show(table, "", f"They lie in {folder}; tokens/s as tried on 2 cores, 8 at once.")


def pull(
    name: Name, json: opt.Json = False, quiet: opt.Quiet = False, verbose: opt.Verbose = False
) -> None:
    """Fetch an embedded model and verify it.

    Goes on where an earlier pull stopped.

    \b
    Example:
      autoevol models pull qwen2.5-coder-0.5b
    """
    from autoevol.cli.run import display
    from autoevol.cli.tally import Tally
    from autoevol.cli.waiting import wait_for
    from autoevol.llm.embedded.cache import models_folder
    from autoevol.llm.embedded.manifest import find_model
    from autoevol.llm.embedded.pull import pull as fetch

    screen, folder = Screen(json, quiet, verbose), models_folder()
    entry = find_model(name.removeprefix("local/"))
    screen.say(f"autoevol models pull: {entry.name}, {entry.bytes / 1e6:,.0f} MB, into {folder}")
    with display(screen, Tally()) as watcher:
        path = wait_for(lambda: fetch(entry, folder, watcher.pull), watcher.note)
    if json:
        screen.document({"name": f"local/{entry.name}", "file": str(path), "bytes": entry.bytes})
    else:
        print(path)
