"""Writes docs/cli.md from the program's own --help, or says that the two differ.

    python docs/write_cli.py            write it
    python docs/write_cli.py --check    exit 1 where the page is not what --help says

Decides how the page looks; what it says is left to the commands.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from typer import Typer
from typer.main import get_command
from typer.testing import CliRunner

from autoevol.cli.app import app

PAGE = Path(__file__).with_name("cli.md")
WIDTH = {"COLUMNS": "100", "TERMINAL_WIDTH": "100", "NO_COLOR": "1", "TERM": "dumb"}
HEAD = "# The command line\n\nWritten by `make docs` from the program's own `--help`.\n"


def commands(program: Typer) -> Iterator[tuple[str, ...]]:
    """Every command as the words one types, groups before what is in them."""
    pending: list[tuple[tuple[str, ...], object]] = [((), get_command(program))]
    while pending:
        words, command = pending.pop(0)
        yield words
        inside = getattr(command, "commands", {})
        pending = [((*words, name), below) for name, below in inside.items()] + pending


def help_of(words: tuple[str, ...]) -> str:
    """What `autoevol WORDS --help` prints."""
    shown = CliRunner().invoke(app, [*words, "--help"], prog_name="autoevol", env=WIDTH)
    if shown.exit_code:
        raise SystemExit(f"autoevol {' '.join(words)} --help: exit {shown.exit_code}")
    return "\n".join(line.rstrip() for line in shown.output.strip("\n").splitlines())


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for words in commands(app):
        title = " ".join(("autoevol", *words))
        parts.append(f"## {title}\n\n```text\n{help_of(words)}\n```\n")
    return "\n".join(parts)


def main() -> int:
    wanted = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(wanted, encoding="utf-8", newline="\n")
        return 0
    if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != wanted:
        print("docs/cli.md is not what --help says: run `make docs`.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
