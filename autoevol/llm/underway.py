"""Calls under way, in a small file beside the ledger: what a kill leaves of them is known.

Decides how a call that was sent and is not yet booked stands on the disk: in a place of its own, of
fixed length, overwritten when the call is booked, so that a call costs two writes of some hundred
bytes and the file never grows beyond the calls in flight. Nothing is forced to the disk: it is for
processes that are killed, not for power cuts. When a call is booked is left to `ledger`.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from autoevol.errors import StorageFailed
from autoevol.llm.ledger_file import naming, version_of
from autoevol.llm.ledger_rows import Value, add_totals, billed, spelled

PLACE = 512
"""Bytes of a place; a divisor of every page size, so that a write is there as a whole or not."""
SUFFIX = ".sent"
KILLED = "killed"
"""The reason of such a lost call."""

_ANSWERED = "SELECT 1 FROM calls WHERE key = ?"
_KNOWN = "SELECT 1 FROM attempts WHERE key = ? AND created = ? AND seconds = ?"
_LOSE = "INSERT INTO attempts VALUES (NULL,?,?,?,?,?,?,?,?,?,?,?)"


class Underway:
    """The file of one ledger, made by the first call; several threads may end calls.

    Args:
        ledger: the ledger's file, behind which nothing is left (see `book_left`); ":memory:" for
            one that no start finds again, beside which there is no file.
    """

    def __init__(self, ledger: str) -> None:
        self._path = None if ledger == ":memory:" else Path(ledger + SUFFIX)
        self._turn = threading.Lock()
        self._file: BinaryIO | None = None
        self._by_key: dict[str, int] = {}
        self._free: list[int] = []
        self._places = 0

    def begin(self, key: str, row: tuple[Value, ...]) -> None:
        """Note a call that is about to be sent, by the row that would book it as lost.

        Raises StorageFailed.
        """
        with self._turn:
            place = self._free.pop() if self._free else self._places
            self._places = max(self._places, place + 1)
            self._by_key[key] = place
            error = self._write(place, _line(row))
        if error is not None:
            raise error

    def take(self, key: str) -> int | None:
        """The place to `end` once the call is booked; from now on the key may begin anew. None
        where it did not begin."""
        return self._by_key.pop(key, None)

    def end(self, place: int | None) -> StorageFailed | None:
        """The call is booked, or was never sent. Gives what went wrong."""
        if place is None:
            return None
        with self._turn:
            error = self._write(place, b"\n".rjust(PLACE))
            if error is None:
                self._free.append(place)
        return error

    def close(self) -> None:
        """Remove the file, unless a call in it was not booked."""
        with self._turn:
            if self._file is not None and self._path is not None:
                self._file.close()
                if len(self._free) == self._places:
                    self._path.unlink(missing_ok=True)

    def _write(self, place: int, line: bytes) -> StorageFailed | None:
        if self._path is None:
            return None
        try:
            if self._file is None:
                self._file = self._path.open("wb", buffering=0)
            self._file.seek(place * PLACE)
            self._file.write(line)
        except OSError as error:
            return StorageFailed(
                f"{self._path}: {error.strerror or error}.",
                "Free space or permit writing, then start again on the same folder.",
            )
        return None


def book_left(ledger: str, connection: sqlite3.Connection) -> None:
    """Book as lost what a killed process had under way, and remove its file. Whoever was killed
    here, too, does it again at the next start, and nothing is booked twice.

    Raises:
        StorageFailed, FolderBusy: the ledger cannot be written.
    """
    path, version = Path(ledger + SUFFIX), version_of(connection)
    if not path.exists():
        return
    with naming(ledger):
        connection.execute("BEGIN IMMEDIATE")
        new = []
        for key, *rest in _left(path):
            row = (spelled(str(key), version), *rest)
            booked = connection.execute(_ANSWERED, row[:1]).fetchone()
            booked = booked or connection.execute(_KNOWN, (row[0], row[-1], row[-2])).fetchone()
            if booked is None:
                connection.execute(_LOSE, row)
                new.append(row)
        if version > 1:
            add_totals(connection, [billed(True, row) for row in new])
        connection.execute("COMMIT")
    path.unlink(missing_ok=True)


def _left(path: Path) -> Iterator[list[Value]]:
    content = path.read_bytes()
    for at in range(0, len(content), PLACE):
        place = content[at : at + PLACE].strip()
        try:
            row = json.loads(place) if place else None
        except ValueError:
            continue  # no kill leaves this; and a disk that lost it must not stop the folder
        if row is not None:
            yield row


def _line(row: tuple[Value, ...]) -> bytes:
    key, role, model, *rest = row
    hexed = key.hex() if isinstance(key, bytes) else key
    line = b""
    for most in (200, 40):  # only a model's name may be of any length
        shown = [hexed, role, str(model)[:most], *rest]
        line = json.dumps(shown, separators=(",", ":")).encode()
        if len(line) < PLACE:
            break
    return line[: PLACE - 1].ljust(PLACE - 1) + b"\n"
