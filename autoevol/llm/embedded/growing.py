"""A model file on its way to the cache, from its first byte to its verified last.

Decides how bytes are kept across cuts and when they become the model's file. Where they come from
is left to `hub` and `index`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from autoevol.errors import AutoevolError, ModelFileRefused
from autoevol.llm.embedded.cache import note_of, storage, write_note
from autoevol.llm.embedded.manifest import ModelEntry

CHUNK = 1 << 20


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
        """Append. Raises ModelFileRefused for more bytes than the manifest says."""
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
