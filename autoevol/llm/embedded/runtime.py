"""A model file being served: the process that does it, from start to stop.

Decides how the server's process is started, watched and stopped. How the runtime is set up is left
to `serve`, asking it to `llm.local`.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import json
import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from autoevol.errors import ModelFileRefused, StorageFailed, UsageError

LOG_TAIL = 2000
"""Bytes of the log that are looked at when the server does not come up."""


def runtime_version() -> str:
    """xllamacpp's version, without importing it. Raises UsageError where it is not installed."""
    try:
        return importlib.metadata.version("xllamacpp")
    except importlib.metadata.PackageNotFoundError:
        raise UsageError(
            "Embedded models need the package xllamacpp, which is not installed.",
            "Install it with `pip install 'autoevol[local]'`, or name another model by --model.",
        ) from None


def cores() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class EmbeddedServer:
    """One GGUF file served on a loopback port that the system chooses.

    Args:
        path: the weights, verified by the caller.
        slots: answers made at once, by continuous batching.
        context_per_slot: tokens of prompt and answer together that one of them may have.
        log_file: where the runtime's warnings go, appended; None keeps them to explain a failure.
    """

    def __init__(
        self, path: Path, slots: int, context_per_slot: int, log_file: Path | None = None
    ) -> None:
        self.path = path
        self.slots = slots
        self.context_per_slot = context_per_slot
        self.address = ""
        self.api_key = secrets.token_urlsafe(24)
        self._log_file = log_file
        self._log: IO[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    async def start(self) -> str:
        """Load the weights (seconds) and return the address, `http://127.0.0.1:PORT`.

        Raises:
            ModelFileRefused: the runtime cannot load the file.
            UsageError: xllamacpp is not installed.
            StorageFailed: the log file cannot be written.
        """
        runtime_version()
        stdin, stdout = self._launch()
        settings = {
            "model": str(self.path.absolute()),
            "slots": self.slots,
            "context": self.context_per_slot,
            "threads": cores(),
            "key": self.api_key,
        }
        try:
            # The key goes through the pipe: a command line can be read by every user.
            stdin.write(json.dumps(settings).encode() + b"\n")
            stdin.flush()
            line = await asyncio.to_thread(stdout.readline)
        except OSError:
            line = b""
        except BaseException:
            self.stop()
            raise
        if not line:
            raise self._failure()
        self.address = str(json.loads(line)["address"])
        return self.address

    def stop(self) -> None:
        """End the process at once, answers under way included. May be called twice."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
        if self._log is not None:
            self._log.close()
            self._log = None

    def log_tail(self) -> str:
        """The last lines the runtime wrote, '' if none."""
        if self._log is None:
            return ""
        self._log.seek(0, os.SEEK_END)
        self._log.seek(max(0, self._log.tell() - LOG_TAIL))
        return self._log.read().decode("utf-8", "replace").strip()

    def _launch(self) -> tuple[IO[bytes], IO[bytes]]:
        try:
            if self._log_file is None:
                self._log = tempfile.TemporaryFile()  # noqa: SIM115  # closed by stop
            else:
                self._log_file.parent.mkdir(parents=True, exist_ok=True)
                self._log = self._log_file.open("a+b")
        except OSError as error:
            raise StorageFailed(
                f"The log {self._log_file} cannot be written: {error.strerror or error}."
            ) from error
        # -P keeps this folder's own modules out of the child's import path. A session of its own
        # keeps the terminal's Ctrl-C from it: the parent decides when it ends.
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(Path(__file__).with_name("serve.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            start_new_session=True,
        )
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None  # both are pipes
        assert stdout is not None
        return stdin, stdout

    def _failure(self) -> ModelFileRefused:
        said = self.log_tail().splitlines()
        self.stop()
        reason = said[-1][:300] if said else "it ended without a word"
        where = f" The log is {self._log_file}." if self._log_file else ""
        return ModelFileRefused(
            f"The runtime cannot serve {self.path}: {reason}.{where}",
            "Give a GGUF file of a chat model that fits into memory, or fewer answers at once.",
        )
