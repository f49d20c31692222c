"""The ledger's file: opening it, its tables and version, and what SQLite's complaints mean.

Decides which files are ledgers. What is read and written is left to `ledger`.
"""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path
from types import TracebackType

from autoevol.errors import BadInput, FolderBusy, StorageFailed

VERSIONS = (1, 2)
"""Of a file that can be gone on with; a new one has the last."""
_SCHEMA = Path(__file__).with_name("ledger.sql")


class naming:
    """Turns what SQLite says into our errors, naming the file."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        refused = isinstance(error, sqlite3.OperationalError)
        # The bare class is SQLite's word for a file that is damaged or none of its own.
        if type(error) is sqlite3.DatabaseError or (refused and "no such" in str(error)):
            raise BadInput(
                f"{self._path}: not a ledger that can be read ({error}).",
                "Move the file away, or name another run folder.",
            ) from error
        if not refused:
            return
        if "locked" in str(error):
            raise FolderBusy(f"{self._path}: another process is writing to it.") from error
        raise StorageFailed(
            f"{self._path}: cannot be read or written ({error}).",
            "Free space or permit writing, then start again on the same folder.",
        ) from error


@cache
def sql(part: str) -> str:
    """One named part of ledger.sql."""
    parts = _SCHEMA.read_text(encoding="utf-8").split("-- part: ")
    return next(text.removeprefix(part) for text in parts if text.startswith(part + "\n"))


def open_ledger(path: str) -> sqlite3.Connection:
    with naming(path):
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            new = _check_version(connection, path) == 0
            if new:
                # Answers of about a kilobyte leave a tenth of the usual 4 KiB pages empty.
                connection.execute("PRAGMA page_size = 16384")
            connection.execute("PRAGMA journal_mode = WAL")
            # FULL, not NORMAL: an answer that was handed on survives a power cut too.
            connection.execute("PRAGMA synchronous = FULL")
            if new:
                connection.executescript(sql("tables"))
        except BaseException:
            connection.close()
            raise
    return connection


def open_readonly(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise BadInput(f"{path}: there is no ledger to reuse.", "Name a run folder that has one.")
    address = path.absolute().as_uri()
    # A WAL file in a folder that cannot be written opens only as immutable.
    for mode in ("mode=ro", "immutable=1"):
        with naming(str(path)):
            connection = sqlite3.connect(f"{address}?{mode}", uri=True, isolation_level=None)
            try:
                if _check_version(connection, str(path)) == 0:
                    raise BadInput(f"{path}: not a ledger, the file is empty.")
            except sqlite3.OperationalError:
                connection.close()
                if mode == "immutable=1":
                    raise
            except BaseException:
                connection.close()
                raise
            else:
                return connection
    raise AssertionError("unreachable: the last mode returns or raises")


def version_of(connection: sqlite3.Connection) -> int:
    """The version of an opened ledger."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _check_version(connection: sqlite3.Connection, path: str) -> int:
    """The file's version, 0 for an empty one. Raises BadInput for any other than ours."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if version in VERSIONS or (version == 0 and tables == 0):
        return int(version)
    known = " and ".join(map(str, VERSIONS))
    raise BadInput(
        f"{path}: a ledger of version {version}, and this program reads version {known}.",
        "Use the version of autoevol that wrote it, or another run folder.",
    )
