"""Where model files lie, and when one on disk is trusted.

Decides the cache folder, the note that spares a second hashing, the lock of a file being fetched, and
how a file grows from its first byte to its verified last. Where the bytes come from is left to `pull`.
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
from types import TracebackType
from typing import IO, Self

from autoevol.errors import AutoevolError, ModelFileRefused, StorageFailed
from autoevol.llm.embedded.manifest import ModelEntry

CHUNK = 1 << 20


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


class GrowingFile:
    """A model file on its way: always a prefix of the whole, hashed while it is written.

    Because it is a prefix, any source can go on where any other was cut off. `size` is in bytes.
    """

    def __init__(self, entry: ModelEntry, folder: Path) -> None:
        self.entry = entry
        self.folder = folder
        self.path = folder / (entry.file + ".partial")
        self.size = 0
        self._hash = hashlib.sha256()

    def __enter__(self) -> Self:
        with storage(self.folder):
            self._file = self.path.open("a+b")
            self._file.seek(0)
            while chunk := self._file.read(CHUNK):
                self._hash.update(chunk)
                self.size += len(chunk)
        if self.size > self.entry.bytes:
            self.restart()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def complete(self) -> bool:
        return self.size == self.entry.bytes

    def write(self, chunk: bytes) -> None:
        """Append. Raises ModelFileRefused where there would be more bytes than the manifest says."""
        if self.size + len(chunk) > self.entry.bytes:
            raise self.refusal(f"it is longer than {self.entry.bytes} bytes")
        with storage(self.folder):
            self._file.write(chunk)
        self._hash.update(chunk)
        self.size += len(chunk)

    def restart(self) -> None:
        """Throw everything away."""
        with storage(self.folder):
            self._file.truncate(0)
        self._hash = hashlib.sha256()
        self.size = 0

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """What is written inside stays only if the block ends well."""
        size, known = self.size, self._hash.copy()
        try:
            yield
        except AutoevolError:
            with storage(self.folder):
                self._file.truncate(size)
            self.size, self._hash = size, known
            raise

    def finish(self) -> Path:
        """Verify, note and move into place. Raises ModelFileRefused, having deleted the bytes."""
        digest = self._hash.hexdigest()
        if digest != self.entry.sha256:
            self.restart()
            raise self.refusal(f"its sha256 is {digest}, not {self.entry.sha256}")
        target = self.folder / self.entry.file
        with storage(self.folder):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self.path.replace(target)
            write_note(note_of(target), os.stat(target), digest)
        return target

    def refusal(self, reason: str) -> ModelFileRefused:
        return ModelFileRefused(
            f"The file for {self.entry.name} is not the one in the manifest: {reason}.",
            "It was deleted and never loaded; pull again, or from another network.",
        )
