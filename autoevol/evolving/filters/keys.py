"""Kept texts by keys, in a file: what was met before, in little memory however many there are.

Decides how keys and sketches lie in SQLite, and that the file is only a copy of what the records
say: `covered` is the part of the records' file that it knows, so that after a cut the rest is read
again, and a file of another kind is made anew. What the keys are is left to `near`.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autoevol.errors import StorageFailed
from autoevol.evolving.filters.likeness import Line

MOST = 8
"""Texts under one key. A key that more share is a common phrase, and tells none of them apart."""
BATCH = 500
"""Texts between two commits: what a kill costs is to read so many records again."""

_HEX = re.compile("(?:[0-9a-f]{2})+")
_TABLES = (
    "CREATE TABLE about (kind TEXT, covered INTEGER)",
    "CREATE TABLE texts"
    " (number INTEGER PRIMARY KEY, name TEXT, seed TEXT, branch TEXT, sketch BLOB)",
    "CREATE TABLE keys (key INTEGER, number INTEGER, PRIMARY KEY (key, number)) WITHOUT ROWID",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A kept text. `shared` says how many of the keys that were asked for it has."""

    name: str
    line: Line
    sketch: bytes
    shared: int


class Keys:
    """Entries found by any of their keys (whole numbers). Close it; one process a file.

    Args:
        path: the file; None keeps all in memory.
        kind: what the keys are. A file of another kind is emptied.

    Raises:
        StorageFailed: the file cannot be read or written.
    """

    def __init__(self, path: Path | None, kind: str) -> None:
        self._path, self._kind = path, kind
        self._waiting = 0
        self._asked: Sequence[int] = ()
        self._holders: dict[int, int] = {}
        try:
            self._base = self._opened()
        except sqlite3.DatabaseError as error:
            if path is None or isinstance(error, sqlite3.OperationalError):
                raise self._failed(error) from error
            self._remove()  # not a database, or damaged: all of it is in the records
            self._base = self._opened()

    @property
    def covered(self) -> int:
        """Bytes of the records' file that are known here."""
        return int(self._base.execute("SELECT covered FROM about").fetchone()[0])

    def find(self, keys: Sequence[int]) -> list[Entry]:
        """The entries that share a key, those that share most first, else the oldest."""
        try:
            shared = self._sharing(keys)
            found = []
            for number in sorted(shared, key=lambda n: (-shared[n], n)):
                row = self._base.execute(
                    "SELECT name, seed, branch, sketch FROM texts WHERE number = ?", (number,)
                ).fetchone()
                found.append(Entry(_unpacked(row[0]), Line(row[1], row[2]), row[3], shared[number]))
        except sqlite3.Error as error:
            raise self._failed(error) from error
        return found

    def _sharing(self, keys: Sequence[int]) -> dict[int, int]:
        """By number of a text, how many of the keys it has."""
        marks = ",".join("?" * len(keys))
        question = f"SELECT number, key FROM keys WHERE key IN ({marks})"
        shared: dict[int, int] = {}
        self._asked, self._holders = keys, {}
        for number, key in self._base.execute(question, keys):
            shared[number] = shared.get(number, 0) + 1
            self._holders[key] = self._holders.get(key, 0) + 1
        return shared

    def add(self, keys: Sequence[int], name: str, line: Line, sketch: bytes) -> None:
        """Put a text under those of its keys that not too many have."""
        try:
            if self._asked != keys:
                self._sharing(keys)
            free = [key for key in keys if self._holders.get(key, 0) < MOST]
            self._asked = ()
            if not self._waiting:
                self._base.execute("BEGIN")
            self._waiting += 1
            made = self._base.execute(
                "INSERT INTO texts (name, seed, branch, sketch) VALUES (?, ?, ?, ?)",
                (_packed(name), line.seed, line.branch, sketch),
            )
            number = made.lastrowid
            self._base.executemany(
                "INSERT OR IGNORE INTO keys VALUES (?, ?)", [(key, number) for key in free]
            )
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def due(self) -> bool:
        """Whether it is time to `cover` what was added."""
        return self._waiting >= BATCH

    def cover(self, size: int) -> None:
        """Store what was added: the records' file is known up to `size` bytes."""
        try:
            self._base.execute("UPDATE about SET covered = ?", (size,))
            if self._waiting:
                self._base.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._failed(error) from error
        self._waiting = 0

    def clear(self) -> None:
        """Forget all."""
        self.close()
        self._remove()
        self._base = self._opened()

    def close(self) -> None:
        """What was not covered is dropped: the records have it."""
        self._base.close()
        self._waiting = 0

    def _opened(self) -> sqlite3.Connection:
        # Autocommit: a transaction is begun by the first text that is added after a commit.
        base = sqlite3.connect(self._path or ":memory:", isolation_level=None)
        try:
            base.execute("PRAGMA journal_mode = WAL")
            base.execute("PRAGMA synchronous = NORMAL")
            base.execute("PRAGMA cache_size = -32000")  # 32 MB, whatever the file's size
            there = base.execute("SELECT name FROM sqlite_master WHERE name = 'about'").fetchone()
            about = base.execute("SELECT kind FROM about").fetchone() if there else None
            if about is not None and about[0] != self._kind:
                base.close()
                self._remove()
                return self._opened()
            if about is None:
                base.execute("BEGIN")
                for table in _TABLES:
                    base.execute(table)
                base.execute("INSERT INTO about VALUES (?, 0)", (self._kind,))
                base.execute("COMMIT")
        except sqlite3.Error:
            base.close()
            raise
        return base

    def _remove(self) -> None:
        if self._path is not None:
            for ending in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + ending).unlink(missing_ok=True)

    def _failed(self, error: sqlite3.Error) -> StorageFailed:
        return StorageFailed(
            f"{self._path or 'the memory of texts'}: {error}.",
            "Free space or permit writing, then start again on the same folder.",
        )


def _packed(name: str) -> str | bytes:
    """Records are called by 32 hex digits: half the bytes."""
    return bytes.fromhex(name) if _HEX.fullmatch(name) else name


def _unpacked(name: str | bytes) -> str:
    return name.hex() if isinstance(name, bytes) else name
