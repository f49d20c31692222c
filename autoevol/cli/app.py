"""The program `autoevol`: its commands, and from errors to exit codes. Typer's doorkeeper.

Decides which commands there are. What each does is left to the file of its name.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated, NoReturn

import typer

from autoevol import __version__
from autoevol.cli import ending
from autoevol.cli.optimize import optimize
from autoevol.errors import AutoevolError

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

UNREADABLE: type[Exception] = typer.BadParameter.__mro__[1]
"""The parser's own error for every command line that cannot be read; typer does not export it."""

app = typer.Typer(
    name="autoevol",
    no_args_is_help=True,
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


app.command()(optimize)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; nothing is raised."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in words
    verbose = "-v" in words or "--verbose" in words
    try:
        ended = app(words, standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        ending.hush_stdout()
        return 0
    except UNREADABLE as error:
        return ending.say_usage(str(error), as_json=as_json)
    except typer.Abort:
        return ending.INTERRUPTED
    except typer.Exit as error:
        return error.exit_code
    except (AutoevolError, ending.Stopped, KeyboardInterrupt, Exception) as error:
        return ending.say_error(error, as_json=as_json, verbose=verbose)
    return ended if isinstance(ended, int) else 0


def run() -> NoReturn:
    """The console script."""
    sys.exit(main())
