"""Single flight: equal calls in the air share one task.

Decides who waits for whom and when a flight is called off: when nobody waits for it any more. What
a flight does is left to `client`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Landed(NamedTuple, Generic[T]):
    """What a flight brought, and whether this caller only joined it."""

    value: T
    joined: bool


@dataclass(slots=True)
class _Flight(Generic[T]):
    task: asyncio.Task[T]
    waiting: int = 0


class Flights(Generic[T]):
    """The flights of one client, by key.

    Args:
        lands: whether the flight of a key goes on when nobody waits for it any more.
    """

    def __init__(self, lands: Callable[[str], bool] = lambda _: False) -> None:
        self._air: dict[str, _Flight[T]] = {}
        self._lands = lands

    async def share(self, key: str, start: Callable[[], Coroutine[Any, Any, T]]) -> Landed[T]:
        """Wait for the flight of `key`, starting one if there is none.

        Cancelling a caller leaves the flight to the others; the last one to leave calls it off.
        """
        flight = self._air.get(key)
        joined = flight is not None
        if flight is None:
            flight = _Flight(asyncio.create_task(start()))
            self._air[key] = flight
            flight.task.add_done_callback(lambda task: self._land(key, task))
        flight.waiting += 1
        try:
            return Landed(await asyncio.shield(flight.task), joined)
        finally:
            flight.waiting -= 1
            if flight.waiting == 0 and not flight.task.done() and not self._lands(key):
                self._remove(key, flight.task)  # nobody may join what is being called off
                flight.task.cancel()

    def alone(self) -> list[asyncio.Task[T]]:
        """The flights that go on though nobody waits for them."""
        return [flight.task for flight in self._air.values() if not flight.waiting]

    async def call_off(self) -> None:
        """Cancel every flight and wait until all have ended."""
        tasks = [flight.task for flight in self._air.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _land(self, key: str, task: asyncio.Task[T]) -> None:
        self._remove(key, task)
        if not task.cancelled():
            task.exception()  # heard by those who wait; marks it as retrieved if nobody does

    def _remove(self, key: str, task: asyncio.Task[T]) -> None:
        flight = self._air.get(key)
        if flight is not None and flight.task is task:
            del self._air[key]
