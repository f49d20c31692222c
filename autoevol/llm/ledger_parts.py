"""Ledgers of several processes become the one ledger of their folder.

Decides what is taken over, and that a hand-over that was cut can be done again. Who writes the
parts, and when nobody does any more, is left to the caller.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from autoevol.llm.ledger_file import naming, open_ledger, version_of
from autoevol.llm.ledger_rows import add_totals, billed, moved_row, spelled
from autoevol.llm.underway import book_left

_PUT = "INSERT OR IGNORE INTO calls VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
_LOSE = "INSERT INTO attempts VALUES (NULL,?,?,?,?,?,?,?,?,?,?,?)"
# A part that was taken over and not yet removed is met again: its attempts are known by their time.
_KNOWN = "SELECT 1 FROM attempts WHERE key = ? AND created = ? AND seconds = ?"
_AT_ONCE = 500


def take_over(ledger: Path, parts: Sequence[Path]) -> None:
    """Put everything that `parts` hold into `ledger` and remove them. Nobody may write to either.

    Raises:
        BadInput: a file is not a ledger that can be read.
        StorageFailed, FolderBusy: a file cannot be read or written.
    """
    for path in parts:
        part = open_ledger(str(path))
        whole = open_ledger(str(ledger))
        try:
            book_left(str(path), part)
            with naming(str(ledger)):
                whole.execute("BEGIN IMMEDIATE")
                _copy(part, whole)
                whole.execute("COMMIT")
        finally:
            whole.close()
            part.close()
        for suffix in ("-wal", "-shm", ""):
            Path(f"{path}{suffix}").unlink(missing_ok=True)


def _copy(part: sqlite3.Connection, whole: sqlite3.Connection) -> None:
    """All rows of a part, each counted once."""
    version = version_of(whole)
    found = part.execute("SELECT * FROM calls")
    while rows := found.fetchmany(_AT_ONCE):
        moved = [moved_row(_text(row[0]), row, version) for row in rows]
        new = [row for row in moved if whole.execute(_PUT, row).rowcount > 0]
        if version > 1:
            add_totals(whole, [billed(False, row) for row in new])
    lost = part.execute("SELECT * FROM attempts")
    while rows := lost.fetchmany(_AT_ONCE):
        attempts = [(spelled(_text(row[1]), version), *row[2:]) for row in rows]
        new = [a for a in attempts if whole.execute(_KNOWN, (a[0], a[10], a[9])).fetchone() is None]
        whole.executemany(_LOSE, new)
        if version > 1:
            add_totals(whole, [billed(True, row) for row in new])


def _text(key: str | bytes) -> str:
    """A key as calls know it, whichever version spelled it."""
    return key if isinstance(key, str) else key.hex()
