"""`autoevol methods …` as it is typed: flags and help. What is shown is left to `shelved`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autoevol.cli import options as opt
from autoevol.cli.screen import Screen

Reference = Annotated[str, typer.Argument(help="domain/name, a bare name, or a file.")]
References = Annotated[
    list[str] | None, typer.Argument(help="Methods to look at [default: all on the shelves].")
]
FOUND = 1
"""Exit code of `lint` where there is something to mend."""


def list_(methods: opt.Methods = None, json: opt.Json = False) -> None:
    """Show every method on the shelves.

    With where it comes from and, once it was measured, how it did.

    \b
    Example:
      autoevol methods list
    """
    from autoevol.cli.shelved import show_all

    show_all(Screen(json), methods)


def show(method: Reference, methods: opt.Methods = None, json: opt.Json = False) -> None:
    """Show one method: its head and its text.

    \b
    Example:
      autoevol methods show code/initial
    """
    from autoevol.cli.shelved import show_one

    show_one(Screen(json), method, methods)


def diff(
    first: Reference, second: Reference, methods: opt.Methods = None, json: opt.Json = False
) -> None:
    """Show how two methods differ, rule by rule.

    \b
    Example:
      autoevol methods diff code/initial runs/first/method.md
    """
    from autoevol.cli.shelved import show_difference

    show_difference(Screen(json), first, second, methods)


def lint(names: References = None, methods: opt.Methods = None, json: opt.Json = False) -> None:
    """Look for what is wrong with methods.

    The exit code is 1 where something is.

    \b
    Example:
      autoevol methods lint code/initial
    """
    from autoevol.cli.shelved import show_findings

    if show_findings(Screen(json), names or [], methods):
        raise typer.Exit(FOUND)


def import_(
    file: Annotated[Path, typer.Argument(help="A text, a JSON document or a method file.")],
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="Its name [default: its own, or the file's]."),
    ] = None,
    domain: Annotated[
        str | None,
        typer.Option("--domain", metavar="NAME", help="Its domain [default: its own, or any]."),
    ] = None,
    methods: opt.Methods = None,
    json: opt.Json = False,
) -> None:
    """Put a prompt from elsewhere on the shelf, as a hand-written method.

    A method file, or an export to json, keeps its name and its domain. Its text is taken as it is;
    what is found wrong with it is said, and not mended.

    \b
    Example:
      autoevol methods import evol_prompt.txt --name theirs --domain code
    """
    from autoevol.cli.exchanged import take_in

    take_in(Screen(json), file, name, domain, methods)
