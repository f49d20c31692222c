"""Run coroutines side by side; the first error ends them all and is raised as it is.

A TaskGroup wraps errors in an ExceptionGroup; callers here want the one error that stopped the run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

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


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    flat = _flat(errors)
    return next((e for e in flat if not isinstance(e, AutoevolError)), flat[0])


def _flat(errors: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    found: list[BaseException] = []
    for error in errors.exceptions:
        found += _flat(error) if isinstance(error, BaseExceptionGroup) else [error]
    return found
