"""Run coroutines side by side; the first error ends them all and is raised as it is.

A TaskGroup wraps errors in an ExceptionGroup; callers here want the one error that stopped the run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar, cast

from autoevol.errors import AutoevolError

T = TypeVar("T")


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


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    flat = _flat(errors)
    return next((e for e in flat if not isinstance(e, AutoevolError)), flat[0])


def _flat(errors: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    found: list[BaseException] = []
    for error in errors.exceptions:
        found += _flat(error) if isinstance(error, BaseExceptionGroup) else [error]
    return found
