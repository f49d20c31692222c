"""Where the reading of the seeds stands, so that a run of a million rows goes on in seconds.

Decides when rows are behind the run for good: once every row before them has landed, their records
lie safely on the disk and none is owed an answer. Rows behind the bookmark are passed over unread
and their records not looked at; everything else is found by its record's name, so that a bookmark
that is missing or behind costs time and nothing else.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from pathlib import Path

from autoevol.data.dataset import Skipped
from autoevol.data.seen import Seen
from autoevol.evolving.done import Done
from autoevol.runs import RunFolder, storage

PLACE, INDEX = "reading.json", "reading.index"
VERSION = 1
EVERY = 1000
"""Rows between two bookmarks."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Before row `rows` (from 0) `values` values of the source were read, and the record files had
    `kept_bytes` and `dropped_bytes`, which held so many records, `unmarked` ones among them; values
    were `skipped`, and ids `repeated`; `unevolved` as in `Done`. `safe` are their bytes once all
    records of the rows before it were in them."""

    rows: int = 0
    values: int = 0
    kept_bytes: int = 0
    dropped_bytes: int = 0
    kept: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    skipped: int = 0
    reasons: tuple[str, ...] = ()
    safe: tuple[int, int] = (0, 0)
    unmarked: int = 0
    repeated: int = 0
    unevolved: dict[str, int] = field(default_factory=dict)

    @property
    def made(self) -> Done:
        """The records behind it."""
        return Done(self.kept, Counter(self.dropped), self.unmarked, Counter(self.unevolved))


@dataclass(slots=True)
class Bookmark:
    """One run's bookmark. `mark` is where an earlier start left it, `seen` the rows before it."""

    folder: RunFolder
    mark: Mark = field(default_factory=Mark)
    seen: Seen = field(default_factory=Seen)
    _marks: deque[Mark] = field(default_factory=deque)
    _landed: deque[bool] = field(default_factory=deque)
    _settled: int = 0
    _owed: bool = False
    _prints: array[int] = field(default_factory=lambda: array("Q"))

    @classmethod
    def find(cls, folder: RunFolder, sizes: tuple[int, int], skipped: Skipped) -> Bookmark:
        """The folder's bookmark; a new one where there is none that fits its files."""
        found = cls(folder)
        mark = _read(folder.path / PLACE)
        index = folder.path / INDEX
        with storage(index):
            held = index.stat().st_size // 8 if index.exists() else 0
            if mark is None or held < mark.rows or not _fits(mark, sizes):
                mark = Mark()
            prints = array("Q")
            if mark.rows:
                with index.open("rb") as file:
                    prints.fromfile(file, mark.rows)
            with index.open("ab") as file:
                file.truncate(8 * mark.rows)
        found.mark, found.seen = mark, Seen(prints)
        found._settled = mark.rows
        skipped.count, skipped.reasons[:] = mark.skipped, mark.reasons
        skipped.repeated = mark.repeated
        return found

    def begin(self, fingerprint: int) -> None:
        """The next row was read."""
        self._prints.append(fingerprint)
        self._landed.append(False)

    def due(self) -> bool:
        """Whether `mark_here` should be called, now that a row was read."""
        return (self._settled + len(self._landed)) % EVERY == 0

    def mark_here(self, mark: Mark) -> None:
        """The row that comes next may one day be the first that is not passed over."""
        self._marks.append(mark)

    def land(self, number: int, *, owed: bool = False) -> bool:
        """Row `number` (from 0) has its records, or is owed an answer. True: the bookmark can be
        moved on, once the records are safe."""
        if owed:
            self._owed = True  # the bookmark stays before this row: it has not landed
            return False
        self._landed[number - self._settled] = True
        while self._landed and self._landed[0]:
            self._landed.popleft()
            self._settled += 1
        return bool(self._marks) and self._marks[0].rows <= self._settled

    def move(self, sizes: tuple[int, int]) -> None:
        """Write the furthest mark that everything before it has passed, with the bytes that the
        record files have now. Raises StorageFailed."""
        while self._marks and self._marks[0].rows <= self._settled:
            self.mark = replace(self._marks.popleft(), safe=sizes)
        with storage(self.folder.path / INDEX), (self.folder.path / INDEX).open("ab") as file:
            self._prints.tofile(file)
        del self._prints[:]
        mark = self.mark
        self.folder.write_json(
            PLACE,
            {
                "version": VERSION,
                **{name: getattr(mark, name) for name in Mark.__slots__},
            },
        )


def mark_of(rows: int, values: int, sizes: tuple[int, int], made: Done, bad: Skipped) -> Mark:
    """The mark of this very moment; `made` counts the records that lie there."""
    return Mark(
        rows=rows,
        values=values,
        kept_bytes=sizes[0],
        dropped_bytes=sizes[1],
        kept=made.kept,
        dropped=dict(made.dropped),
        skipped=bad.count,
        reasons=tuple(bad.reasons),
        unmarked=made.unmarked,
        repeated=bad.repeated,
        unevolved=dict(made.unevolved),
    )


def _fits(mark: Mark, sizes: tuple[int, int]) -> bool:
    return mark.safe[0] <= sizes[0] and mark.safe[1] <= sizes[1]


def _read(path: Path) -> Mark | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found.pop("version") != VERSION:
            return None
        return Mark(**{**found, "reasons": tuple(found["reasons"]), "safe": tuple(found["safe"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
