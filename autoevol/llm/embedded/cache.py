"""Where model files lie, and when one on disk is trusted.

Decides the cache folder, the note that spares a second hashing and the lock of a file being
fetched. How a file comes there is left to `growing` and `pull`.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from autoevol.errors import StorageFailed
from autoevol.llm.embedded.manifest import ModelEntry


def models_folder(env: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """`AUTOEVOL_MODELS`, else `autoevol/models` in the platform's cache folder. Creates nothing."""
    if named := env.get("AUTOEVOL_MODELS"):
        return Path(named).expanduser()
    if platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    elif platform == "win32":
        base = Path(env.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(env.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "autoevol" / "models"


def note_of(path: Path) -> Path:
    """The note beside a cached model file."""
    return path.with_name(path.name + ".verified")


def digest_of_file(path: Path, note: Path) -> str:
    """The file's sha256 in hex, from `note` while the file's size and time of change are the noted.

    Hashing a gigabyte takes seconds, so it is done once per file and not at every start.
    """
    seen = os.stat(path)
    try:
        known = json.loads(note.read_text(encoding="utf-8"))
        if (known["bytes"], known["mtime_ns"]) == (seen.st_size, seen.st_mtime_ns):
            return str(known["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # no note, or not one of ours: the file itself is the truth
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    write_note(note, seen, digest)
    return digest


def write_note(note: Path, seen: os.stat_result, digest: str) -> None:
    """Remember a digest. A cache that may be read but not written keeps working, only slower."""
    fields = {"bytes": seen.st_size, "mtime_ns": seen.st_mtime_ns, "sha256": digest}
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        fresh = note.with_name(f"{note.name}.{os.getpid()}")
        fresh.write_text(json.dumps(fields) + "\n", encoding="utf-8")
        fresh.replace(note)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EROFS, errno.EPERM, errno.ENOSPC):
            raise


def find_in_cache(entry: ModelEntry, folder: Path) -> Path | None:
    """The model's file if it lies in the cache and is the one of the manifest, else None.

    A file of that name with other bytes is deleted: it can never become right.
    """
    path = folder / entry.file
    if not path.is_file():
        return None
    if path.stat().st_size == entry.bytes and digest_of_file(path, note_of(path)) == entry.sha256:
        return path
    with storage(folder):
        path.unlink()
        note_of(path).unlink(missing_ok=True)
    return None


@contextmanager
def storage(folder: Path) -> Iterator[None]:
    """Turn an error of the disk into StorageFailed with the way out."""
    try:
        yield
    except OSError as error:
        raise StorageFailed(
            f"The model cache {folder} cannot be written: {error.strerror or error}.",
            "Make room, or set AUTOEVOL_MODELS to a folder on another disk.",
        ) from error


@contextmanager
def locked(path: Path, wait: Callable[[], None]) -> Iterator[None]:
    """Hold the lock file `path`, which the system frees when its process dies.

    Args:
        wait: called while another process holds the lock; it pauses, or raises to give up.
    """
    with storage(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b")
    with file:
        while not _try_lock(file):
            wait()
        yield


def _try_lock(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        raise
    return True
