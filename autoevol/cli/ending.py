"""How a command ends: the one `asyncio.run`, signals, errors, exit codes.

Decides what is said on stderr (or, under --json, on stdout) when a verb ends badly, and that the
first Ctrl-C or SIGTERM closes everything in order while the second ends at once. Which errors there
are is left to `errors`.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn, TypeVar

from autoevol.cli.plain import one_line, plain
from autoevol.errors import AutoevolError

T = TypeVar("T")

INTERNAL = 1
USAGE = 2
INTERRUPTED = 130


class Stopped(Exception):
    """A signal ended the verb, and everything is closed in order."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.exit_status = 128 + number
        self.code = "interrupted" if number == signal.SIGINT else "terminated"


def wait_for(work: Callable[[], Coroutine[Any, Any, T]], told: Callable[[str], None]) -> T:
    """Run `work()` to its end.

    Args:
        work: called inside the event loop, so that its imports can be interrupted in order too.
        told: given a line when a signal arrives.

    Raises:
        Stopped: a signal arrived; what `work` holds open has been closed.
    """
    caught: list[int] = []

    async def main() -> T:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None  # this is one

        def stop(number: int) -> None:
            told("Stopping; what is answered is kept. Press Ctrl-C again to end at once.")
            task.cancel()

        def signalled(number: int, _: FrameType | None) -> None:
            if caught:
                _end_at_once(128 + number)
            caught.append(number)
            loop.call_soon_threadsafe(stop, number)

        with _handlers(signalled):
            return await work()

    try:
        return asyncio.run(main())
    except (Exception, asyncio.CancelledError, KeyboardInterrupt):
        if caught:
            raise Stopped(caught[0]) from None
        raise


def say_error(error: BaseException, *, as_json: bool, verbose: bool) -> int:
    """Say what went wrong and return the exit code."""
    code, status, message, hint = _facts(error)
    more = [plain(note) for note in getattr(error, "__notes__", ())]
    if as_json:
        document = {"code": code, "message": message, "hint": "\n".join(filter(None, [hint, *more]))}
        print(json.dumps({"error": document}, ensure_ascii=False), flush=True)
        return status
    lines = [f"{'' if isinstance(error, Stopped) else 'Error: '}{message}", hint, *more]
    if verbose and status == INTERNAL:
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


def _end_at_once(status: int) -> NoReturn:
    if sys.stderr.isatty():
        os.write(2, b"\x1b[?25h\n")  # a live display may have hidden the cursor
    os._exit(status)


@contextmanager
def _handlers(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Our handler for both signals; threads other than the main one may set none."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {n: signal.signal(n, handler) for n in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
