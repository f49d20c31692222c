"""Work through a source of any length: so many pieces at once, refilled as they land.

Decides how many pieces are under way, in which order results come, and how an error ends the flow.
What a piece is, and what becomes of its result, is left to the caller.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from typing import Any, Generic, TypeVar

from autoevol.errors import AutoevolError

S = TypeVar("S")
T = TypeVar("T")

AHEAD = 16
"""In order: so many times the pieces under way may wait for one that is late, as a row of megabytes
is."""


async def as_they_land(
    source: Iterator[S],
    work: Callable[[S], Coroutine[Any, Any, T]],
    at_once: int,
    *,
    ordered: bool = False,
) -> AsyncGenerator[T, None]:
    """Results of `work` on every piece of `source`, in the order in which they land.

    The source is read only as fast as pieces land and results are taken, so memory is bounded by
    `at_once` pieces. When the source or one piece raises an error of ours, nothing new is begun,
    the pieces under way land (they are paid for), and then it is raised. Anything else, closing and
    cancelling included, calls off what is under way.

    Args:
        ordered: results come in the order of the source. One late piece then holds up the others
            once `AHEAD` times `at_once` results wait for it; and what stands behind a piece that
            raised is not handed on, so that the results are always the beginning of all.

    Raises:
        The first error that ended it; a bug before an error of ours, so that it is not hidden.
    """
    flow, ready = _Flow[T](), deque[asyncio.Task[T]]()
    early: dict[int, asyncio.Task[T]] = {}
    ended: AutoevolError | None = None
    begun = handed = 0
    dry = cut = False

    def room() -> bool:
        if ordered:
            return len(flow.under_way) < at_once and begun - handed < AHEAD * at_once
        return begun - handed < at_once

    try:
        while True:
            while ended is None and not dry and room():
                try:
                    piece = next(source)
                except StopIteration:
                    dry = True
                except AutoevolError as error:
                    ended = error
                else:
                    flow.begin(begun, work(piece))
                    begun += 1
            if handed == begun:
                break
            if not ready and not flow.landed:
                await flow.landing()
            while flow.landed:
                number, task = flow.landed.popleft()
                if ordered:
                    early[number] = task
                else:
                    ready.append(task)
            while ordered and handed + len(ready) in early:
                ready.append(early.pop(handed + len(ready)))
            if not ready:
                continue
            handed += 1
            try:
                result = ready.popleft().result()
            except AutoevolError as error:
                ended, cut = ended or error, ordered
            else:
                if not cut:
                    yield result
    finally:
        await flow.call_off()
    if ended is not None:
        raise ended


class _Flow(Generic[T]):
    """The pieces under way. Each landing costs the same, however many are in the air."""

    def __init__(self) -> None:
        self.under_way: set[asyncio.Task[T]] = set()
        self.landed: deque[tuple[int, asyncio.Task[T]]] = deque()
        self._news = asyncio.Event()

    def begin(self, number: int, piece: Coroutine[Any, Any, T]) -> None:
        task = asyncio.create_task(piece)
        self.under_way.add(task)
        task.add_done_callback(lambda done: self._land(number, done))

    async def landing(self) -> None:
        """Return when something has landed."""
        self._news.clear()
        await self._news.wait()

    async def call_off(self) -> None:
        for task in self.under_way:
            task.cancel()
        await asyncio.gather(*self.under_way, return_exceptions=True)

    def _land(self, number: int, task: asyncio.Task[T]) -> None:
        self.under_way.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, so that asyncio does not complain of one left in the end
        self.landed.append((number, task))
        self._news.set()
