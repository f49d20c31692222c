"""Work through a source of any length: so many pieces at once, refilled as they land.

Decides how many pieces are under way and how an error ends the flow. What a piece is, and what
becomes of its result, is left to the caller.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from typing import Any, TypeVar

from autoevol.errors import AutoevolError

S = TypeVar("S")
T = TypeVar("T")


async def as_they_land(
    source: Iterator[S], work: Callable[[S], Coroutine[Any, Any, T]], at_once: int
) -> AsyncGenerator[T, None]:
    """Results of `work` on every piece of `source`, in the order in which they land.

    The source is read only as fast as pieces land and results are taken, so memory is bounded by
    `at_once` pieces. When the source or one piece raises an error of ours, nothing new is begun,
    the pieces under way land (they are paid for), and then it is raised. Anything else, closing and
    cancelling included, calls off what is under way.

    Raises:
        The first error that ended it; a bug before an error of ours, so that it is not hidden.
    """
    under_way: set[asyncio.Task[T]] = set()
    ended: AutoevolError | None = None
    dry = False
    try:
        while True:
            while ended is None and not dry and len(under_way) < at_once:
                try:
                    piece = next(source)
                except StopIteration:
                    dry = True
                except AutoevolError as error:
                    ended = error
                else:
                    under_way.add(asyncio.create_task(work(piece)))
            if not under_way:
                break
            await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            for task in [task for task in under_way if task.done()]:
                under_way.remove(task)
                try:
                    result = task.result()
                except AutoevolError as error:
                    ended = ended or error
                else:
                    yield result
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
    if ended is not None:
        raise ended
