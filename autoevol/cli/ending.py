"""How a command ends badly: what is said, where, and with which exit code.

Decides the words on stderr (or, under --json, the document on stdout). Which errors there are is
left to `errors`, signals to `waiting`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback

from autoevol.cli.plain import one_line, plain
from autoevol.errors import AutoevolError

INTERNAL = 1
USAGE = 2
INTERRUPTED = 130


class Stopped(Exception):
    """A signal ended the verb, and everything is closed in order."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.exit_status = 128 + number
        self.code = "interrupted" if number == signal.SIGINT else "terminated"


def say_error(error: BaseException, *, as_json: bool, verbose: bool) -> int:
    """Say what went wrong and return the exit code."""
    code, status, message, hint = _facts(error)
    more = [plain(note) for note in getattr(error, "__notes__", ())]
    if as_json:
        document = {
            "code": code,
            "message": message,
            "hint": "\n".join(filter(None, [hint, *more])),
        }
        print(json.dumps({"error": document}, ensure_ascii=False), flush=True)
        return status
    lines = [f"{'' if isinstance(error, Stopped) else 'Error: '}{message}", hint, *more]
    if verbose and code == "internal":
        lines[1] = ""
        lines.append(plain("".join(traceback.format_exception(error))))
    print("\n".join(line for line in lines if line), file=sys.stderr, flush=True)
    return status


def say_usage(message: str, *, as_json: bool) -> int:
    """Say that the command line cannot be read; the message is the parser's."""
    if as_json:
        document = {"code": "usage", "message": plain(message), "hint": "See --help."}
        print(json.dumps({"error": document}, ensure_ascii=False), flush=True)
    else:
        print(f"Error: {plain(message)}\nSee --help.", file=sys.stderr, flush=True)
    return USAGE


def hush_stdout() -> None:
    """Whoever read our output has left: let the interpreter's last flush find a place."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _facts(error: BaseException) -> tuple[str, int, str, str]:
    if isinstance(error, AutoevolError):
        message, hint = one_line(error.message), one_line(error.hint)
        return error.code, error.exit_status, message, hint
    if isinstance(error, Stopped):
        return error.code, error.exit_status, error.code.capitalize() + ".", ""
    if isinstance(error, KeyboardInterrupt):
        return "interrupted", INTERRUPTED, "Interrupted.", ""
    message = f"{type(error).__name__}: {one_line(str(error), 300)}"
    return "internal", INTERNAL, f"a bug in autoevol: {message}", "Run again with -v to see where."
