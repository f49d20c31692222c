"""Run coroutines side by side, and work on large texts beside them all.

Decides that the first error ends all and is raised as it is (a TaskGroup wraps errors in an
ExceptionGroup; callers here want the one error that stopped the run), and from which size on a text
is worth a thread. What is done is left to the callers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar, cast

from autoevol.errors import AutoevolError

T = TypeVar("T")

LARGE = 200_000
"""Characters that rules go through in a few tenths of a second: so long calls may wait."""


async def together(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Results in the order of `work`.

    Raises:
        The error that ended it; a bug before an error of ours, so that it is not hidden.
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except BaseExceptionGroup as errors:
        raise _first(errors) from errors
    return [task.result() for task in tasks]


async def beside(chore: Callable[[], None], work: Coroutine[Any, Any, T]) -> T:
    """`work`'s result, with a blocking chore done in a thread meanwhile.

    Raises:
        The error that ended either; the chore is never left half done by an error of the work's.
    """
    done, _ = await together([work, asyncio.to_thread(chore)])
    return cast(T, done)


class Aside:
    """Work on texts, which no call of another row has to wait for: what is `LARGE` is done in a
    thread, one at a time, since each may take many times its own size of memory."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def do(self, size: int, work: Callable[[], T]) -> T:
        """`work()`, which must be fit for a thread; `size` is in characters."""
        if size < LARGE:
            return work()
        async with self._turn:
            return await asyncio.to_thread(work)


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    flat = _flat(errors)
    return next((e for e in flat if not isinstance(e, AutoevolError)), flat[0])


def _flat(errors: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    found: list[BaseException] = []
    for error in errors.exceptions:
        found += _flat(error) if isinstance(error, BaseExceptionGroup) else [error]
    return found
