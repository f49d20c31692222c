"""The one `asyncio.run`, and what signals do to it.

Decides that the first Ctrl-C or SIGTERM closes everything in order, calls in flight included, and
the second ends at once.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn, TypeVar

from autoevol.cli.ending import Stopped
from autoevol.llm.brake import Brake

T = TypeVar("T")


def wait_for(
    work: Callable[[], Coroutine[Any, Any, T]],
    told: Callable[[str], None],
    brake: Brake | None = None,
) -> T:
    """Run `work()` to its end.

    Args:
        work: called inside the event loop, so that its imports can be interrupted in order too.
        told: given a line when a signal arrives.
        brake: pulled when a signal arrives, so that calls in flight may land.

    Raises:
        Stopped: a signal arrived; what `work` holds open has been closed.
    """
    caught: list[int] = []

    async def main() -> T:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None  # this is one

        def stop(number: int) -> None:
            if brake is not None:
                brake.pull()
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
