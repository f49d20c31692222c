"""Ledgers of several processes become the one ledger of their folder.

Decides what is taken over, and that a hand-over that was cut can be done again. Who writes the
parts, and when nobody does any more, is left to the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autoevol.llm.ledger_file import naming, open_ledger

_CALLS = "INSERT OR IGNORE INTO main.calls SELECT * FROM part.calls"
_COLUMNS = "key, role, model, reason, input, output, reasoning, cached, cost, seconds, created"
# A part that was taken over and not yet removed is met again: its attempts are known by their time.
_ATTEMPTS = (
    f"INSERT INTO main.attempts ({_COLUMNS}) SELECT {_COLUMNS} FROM part.attempts AS lost "
    "WHERE NOT EXISTS (SELECT 1 FROM main.attempts AS known WHERE known.key = lost.key "
    "AND known.created = lost.created AND known.seconds = lost.seconds)"
)


def take_over(ledger: Path, parts: Sequence[Path]) -> None:
    """Put everything that `parts` hold into `ledger` and remove them. Nobody may write to either.

    Raises:
        BadInput: a file is not a ledger that can be read.
        StorageFailed, FolderBusy: a file cannot be read or written.
    """
    for part in parts:
        open_ledger(str(part)).close()  # says whether it is a ledger, and reads its journal
        connection = open_ledger(str(ledger))
        try:
            with naming(str(ledger)):
                connection.execute("ATTACH ? AS part", (str(part),))
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(_CALLS)
                connection.execute(_ATTEMPTS)
                connection.execute("COMMIT")
        finally:
            connection.close()
        for suffix in ("-wal", "-shm", ""):
            Path(f"{part}{suffix}").unlink(missing_ok=True)
