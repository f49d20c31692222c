"""The run folder: one folder a run, one process a folder.

Decides where a run's files lie, how they are written (whole and atomically), what makes two
invocations the same run, and that only one process works in a folder. What is in the files is left
to the verbs; the ledger to `llm.ledger`.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import shlex
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from autoevol.errors import BadInput, FolderBusy, StorageFailed, UsageError

SETTINGS = "run.toml"
LEDGER = "ledger.sqlite"
Scalar = str | int | float | bool

# What may differ when a run goes on: it changes what the run may spend, not what it finds.
FREE = frozenset({"budget", "concurrency", "max_minutes", "verbose"})
FREE_TABLES = frozenset({"versions", "invocation"})  # for who reads or goes on; never compared


@dataclass(frozen=True, slots=True)
class RunFolder:
    """An opened run folder. `resumed` is True when it held this run already."""

    path: Path
    resumed: bool

    @property
    def ledger(self) -> Path:
        return self.path / LEDGER

    @property
    def name(self) -> str:
        return self.path.name

    def write(self, name: str, text: str, elsewhere: str = "") -> Path:
        """Replace one file of the folder atomically. Raises StorageFailed (see `storage`)."""
        path = self.path / name
        with storage(path, elsewhere or FOLDER):
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f".{path.name}.new")
            with draft.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, path)
        return path

    def write_json(self, name: str, document: object) -> Path:
        return self.write(name, json.dumps(document, indent=2, ensure_ascii=False) + "\n")

    def write_lines(self, name: str, rows: Iterable[Mapping[str, Any]]) -> Path:
        lines = (json.dumps(row, ensure_ascii=False) for row in rows)
        return self.write(name, "".join(f"{line}\n" for line in lines))


def new_path(verb: str, root: Path = Path("runs")) -> Path:
    """A folder name that is not taken: `runs/<date>-<verb>-<6 letters>`."""
    while True:
        letters = "".join(secrets.choice("abcdefghijkmnpqrstuvwxyz") for _ in range(6))
        path = root / f"{date.today():%Y%m%d}-{verb}-{letters}"
        if not path.exists():
            return path


@contextmanager
def open_run(
    path: Path, verb: str, settings: Mapping[str, Mapping[str, Scalar]]
) -> Iterator[RunFolder]:
    """Hold a run folder for this process.

    Args:
        path: the folder; made (0700) when it is not there.
        verb: what runs in it.
        settings: tables of scalars that make the run what it is; written as `run.toml` at the
            first start, compared at every later one. Names in `FREE` may differ.

    Raises:
        FolderBusy: another process holds it.
        UsageError: it holds another run, or this one with other settings (all are named).
        StorageFailed: it cannot be made or written.
    """
    wanted = {"run": {"verb": verb}, **settings}
    with storage(path):
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(path / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        hold_lock(lock, path)
        there = path / SETTINGS
        resumed = there.exists()
        if resumed:
            _compare(there, wanted)
        elif any(p.name != ".lock" for p in path.iterdir()):
            raise UsageError(
                f"{path} holds other files and no {SETTINGS}.", "Name a new or empty folder."
            )
        folder = RunFolder(path, resumed)
        if not resumed:
            folder.write(SETTINGS, _toml(wanted))
        yield folder
    finally:
        os.close(lock)


def read_settings(path: Path) -> dict[str, dict[str, Scalar]]:
    """The settings of a run folder. Raises BadInput when it is none."""
    file = path / SETTINGS
    try:
        tables: dict[str, dict[str, Scalar]] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise BadInput(
            f"{path} is not a run folder ({SETTINGS}: {why}).", "Name a folder made by a verb."
        ) from error
    return tables


FOLDER = "Name another folder, one that can be written."
FILE = "Name a file that can be written, with --out."


@contextmanager
def storage(path: Path, elsewhere: str = FOLDER) -> Iterator[None]:
    """Turn an operating system's refusal to store into StorageFailed, naming the file.

    Args:
        path: what is stored.
        elsewhere: the hint on where it could be.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            way_out = "Free some space and start again on the same folder."
        else:
            way_out = elsewhere
        raise StorageFailed(f"{path}: {error.strerror or error}.", way_out) from error


def hold_lock(lock: int, path: Path) -> None:
    """Hold a lock file for this process. Raises FolderBusy where another one does."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise FolderBusy(
            f"{path} is in use by another process.", "Wait for it, or name another folder."
        ) from error


def _compare(file: Path, wanted: Mapping[str, Mapping[str, Scalar]]) -> None:
    held = read_settings(file.parent)
    plain, digests = list[str](), list[str]()
    for table in sorted(held.keys() | wanted.keys()):
        there, now = held.get(table, {}), wanted.get(table, {})
        for name in sorted(there.keys() | now.keys()):
            was, wants = there.get(name, "not set"), now.get(name, "not set")
            if name in FREE or table in FREE_TABLES or was == wants:
                continue
            if all(str(one).startswith("sha256:") for one in (was, wants)):
                digests.append(f"{table}.{name} (of other content)")
            else:
                plain.append(f"{table}.{name} ({was!r} there, {wants!r} now)")
    # What a person may have typed stands first; digests follow from it.
    if differing := [*plain, *digests]:
        hint = "Use the same settings, or another folder."
        if any(name.startswith("data.digest ") for name in differing):
            hint = (
                "The data changed since that run began. Name another folder and add --reuse "
                f"{shlex.quote(str(file.parent))}: what is the same is not asked or paid for again."
            )
        raise UsageError(
            f"{file.parent} holds a run with other settings: {'; '.join(differing)}.", hint
        )


def _toml(tables: Mapping[str, Mapping[str, Scalar]]) -> str:
    """Tables of scalars as TOML."""
    lines: list[str] = []
    for name, table in tables.items():
        lines.append(f"[{name}]")
        for key, value in table.items():
            # JSON's strings are TOML's basic strings, but for pairs of escaped surrogates.
            text = json.dumps(value, ensure_ascii=False)
            lines.append(f"{key} = {text}".replace("\x7f", "\\u007f"))
        lines.append("")
    return "\n".join(lines)
