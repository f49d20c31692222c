"""Calls that wait for each other: gathered by model, until a batch is full or nobody else comes.

Decides when a batch leaves. Sending it is left to `carrier`, what a call costs to `batches`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from autoevol.llm.attempts import Line
from autoevol.llm.batches.api import Item
from autoevol.llm.batches.kept import Posted
from autoevol.llm.budget import Amount, Hold
from autoevol.llm.messages import Request, Response


@dataclass(slots=True, eq=False)
class Entry:
    """One request that waits for its batch or in it.

    `request` and `answer` are None while nobody in this process asks (it was sent by an earlier
    one); `item` is None once the batch was taken, or where it was sent by another process.
    """

    posted: Posted
    worst: Amount
    hold: Hold
    request: Request | None = None
    item: Item | None = None
    answer: asyncio.Future[Response] | None = None
    sent: bool = False

    def claim(self, request: Request) -> asyncio.Future[Response]:
        """The answer to come; whoever asked before is gone."""
        if self.answer is None or self.answer.done():
            self.request = request
            self.answer = asyncio.get_running_loop().create_future()
        return self.answer

    @property
    def claimed(self) -> bool:
        return self.answer is not None and not self.answer.done()


@dataclass(slots=True)
class _Group:
    line: Line
    entries: dict[str, Entry] = field(default_factory=dict)
    size: int = 0
    last: float = 0.0
    timer: asyncio.TimerHandle | None = None


class Gathering:
    """Gathers entries by model.

    Args:
        leave: told what leaves together; called from the event loop.
        gather_s: so long nobody else must have come.
        busy: True while answers are coming in, whose askers will soon ask for the next thing.
    """

    def __init__(
        self,
        leave: Callable[[Line, str, list[Entry]], None],
        gather_s: float,
        busy: Callable[[], bool],
    ) -> None:
        self._leave = leave
        self._busy = busy
        self._gather_s = gather_s
        self._groups: dict[str, _Group] = {}
        self._news = 0.0

    def news(self) -> None:
        """An answer was given to someone who may soon ask for the next thing."""
        self._news = asyncio.get_running_loop().time()

    def add(self, line: Line, model: str, entry: Entry) -> None:
        """Gather one more; sends what is gathered where it would not fit."""
        assert line.batches is not None
        assert entry.item is not None
        limits, size = line.batches.limits, len(entry.item.line) + 2
        group = self._groups.get(model)
        if group is not None and (
            len(group.entries) >= limits.requests or group.size + size > limits.bytes
        ):
            self._go(model)
            group = None
        if group is None:
            group = self._groups[model] = _Group(line)
        group.entries[entry.posted.name] = entry
        group.size += size
        loop = asyncio.get_running_loop()
        group.last = loop.time()
        if group.timer is None:
            group.timer = loop.call_later(self._gather_s, self._look, model)

    def drop(self, model: str, entry: Entry) -> None:
        """Take back one that has not left."""
        group = self._groups.get(model)
        if group is not None:
            group.entries.pop(entry.posted.name, None)

    def close(self) -> list[Entry]:
        """Nothing leaves any more; returns what was waiting."""
        groups, self._groups = self._groups, {}
        for group in groups.values():
            if group.timer is not None:
                group.timer.cancel()
        return [entry for group in groups.values() for entry in group.entries.values()]

    def _look(self, model: str) -> None:
        group = self._groups.get(model)
        if group is None:
            return
        loop = asyncio.get_running_loop()
        rest = max(group.last, self._news) + self._gather_s - loop.time()
        rest = self._gather_s if self._busy() else rest
        if rest > 0.001:
            group.timer = loop.call_later(rest, self._look, model)
        else:
            self._go(model)

    def _go(self, model: str) -> None:
        group = self._groups.pop(model)
        if group.timer is not None:
            group.timer.cancel()
        if group.entries:
            self._leave(group.line, model, list(group.entries.values()))
