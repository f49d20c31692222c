"""`autoevol export` as it is typed: flags and help. Formats are `exchange.formats`' matter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autoevol.cli import options as opt
from autoevol.cli.screen import Screen

To = Annotated[
    str,
    typer.Option(
        "--to",
        metavar="FORMAT",
        help="text, markdown, json, dspy, distilabel, data-designer or python.",
    ),
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Where to [default: stdout].")
]


def export(
    method: Annotated[str, typer.Argument(help="domain/name, a bare name, or a file.")],
    to: To,
    out: Out = None,
    methods: opt.Methods = None,
    json: opt.Json = False,
) -> None:
    """Hand a method to another tool.

    Writes text, markdown, json, python, or a file that dspy, distilabel or Data Designer loads.

    \b
    Example:
      autoevol export runs/first/method.md --to python --out harder.py
    """
    from autoevol.cli.exchanged import hand_out

    hand_out(Screen(json), method, to, out, methods)
