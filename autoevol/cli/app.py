"""The program `autoevol`: its commands, and from errors to exit codes. Typer's doorkeeper.

Decides which commands there are. What each does is left to the file of its name.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, NoReturn

import typer

from autoevol import __version__
from autoevol.cli import ending, models
from autoevol.cli import methods as shelf
from autoevol.cli.batches import batches
from autoevol.cli.check import check
from autoevol.cli.compare import compare
from autoevol.cli.cost import cost
from autoevol.cli.evolve import evolve
from autoevol.cli.export import export
from autoevol.cli.export_data import export_data
from autoevol.cli.merge import merge
from autoevol.cli.optimize import optimize
from autoevol.cli.report import report
from autoevol.errors import AutoevolError

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

UNREADABLE: type[Exception] = typer.BadParameter.__mro__[1]
"""The parser's own error for every command line that cannot be read; typer does not export it."""

app = typer.Typer(
    name="autoevol",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=SETTINGS,
)


def show_version(wanted: bool) -> None:
    if wanted:
        print(f"autoevol {__version__}")
        raise typer.Exit


@app.callback()
def program(
    version: Annotated[
        bool,
        typer.Option("--version", callback=show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Learn how to evolve instructions: methods are learned, proven and frozen as files.

    \b
    Example:
      autoevol optimize --domain code --preset quick
    """


def group(about: str, example: str, **commands: Callable[..., None]) -> typer.Typer:
    """Commands under one word."""
    about = f"{about}\n\n\b\nExample:\n  {example}"
    inner = typer.Typer(help=about, rich_markup_mode=None, context_settings=SETTINGS)
    for name, command in commands.items():
        inner.command(name)(command)
    return inner


for command in (
    optimize,
    compare,
    evolve,
    merge,
    export,
    export_data,
    report,
    check,
    cost,
    batches,
):
    app.command()(command)
app.add_typer(
    group(
        "Look at the shelf of methods.",
        "autoevol methods show code/initial",
        list=shelf.list_,
        show=shelf.show,
        diff=shelf.diff,
        lint=shelf.lint,
        **{"import": shelf.import_},
    ),
    name="methods",
)
app.add_typer(
    group(
        "Look at and fetch the embedded models.",
        "autoevol models pull qwen2.5-coder-0.5b",
        list=models.list_,
        pull=models.pull,
    ),
    name="models",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; nothing is raised."""
    words = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    as_json = "--json" in words
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # not every encoding has a dash
            stream.reconfigure(errors="backslashreplace")
    verbose = "-v" in words or "--verbose" in words
    try:
        ended = app(words, prog_name="autoevol", standalone_mode=False)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # typer ends the process where a reader left early
        ending.hush_stdout()
        return 0
    except UNREADABLE as error:
        said = getattr(error, "format_message", error.__str__)()
        return ending.say_usage(str(said), as_json=as_json)
    except typer.Abort:
        return ending.say_error(KeyboardInterrupt(), as_json=as_json, verbose=verbose)
    except typer.Exit as error:
        return error.exit_code
    except (AutoevolError, ending.Stopped, KeyboardInterrupt, Exception) as error:
        return ending.say_error(error, as_json=as_json, verbose=verbose)
    return ended if isinstance(ended, int) else 0


def run() -> NoReturn:
    """The console script."""
    sys.exit(main())
