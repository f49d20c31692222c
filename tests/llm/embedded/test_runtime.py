"""The server's process: it says why it cannot serve, and never outlives its owner."""

from __future__ import annotations

import importlib.metadata
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import autoevol
from autoevol.errors import ModelFileRefused, StorageFailed, UsageError
from autoevol.llm.embedded import runtime
from autoevol.llm.embedded.runtime import EmbeddedServer, runtime_version

needs_runtime = pytest.mark.skipif(
    not any(importlib.metadata.distributions(name="xllamacpp")), reason="xllamacpp is not installed"
)

STUB = """
import json, sys
settings = json.loads(sys.stdin.readline())
print("a warning", file=sys.stderr, flush=True)
print(json.dumps({"address": "http://127.0.0.1:" + str(settings["slots"])}), flush=True)
sys.stdin.read()
"""

OWNER = """
import asyncio, os, signal, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from autoevol.llm.embedded import runtime
runtime.__file__ = {runtime!r}
runtime.runtime_version = lambda: "0"
server = runtime.EmbeddedServer(Path("w.gguf"), 1, 128)
asyncio.run(server.start())
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in place of `serve` that holds the same conversation without any weights."""
    program = tmp_path / "stub" / "serve.py"
    program.parent.mkdir()
    program.write_text(STUB)
    monkeypatch.setattr(runtime, "__file__", str(program.with_name("runtime.py")))
    monkeypatch.setattr(runtime, "runtime_version", lambda: "0")
    return program


async def test_a_server_says_where_it_listens_and_stops_at_once(stub: Path, tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / "w.gguf", 8, 128, tmp_path / "logs" / "server.log")
    assert await server.start() == "http://127.0.0.1:8"
    assert server.alive
    assert server.log_tail() == "a warning"
    server.stop()
    server.stop()
    assert not server.alive
    assert (tmp_path / "logs" / "server.log").read_text() == "a warning\n"


async def test_the_key_is_not_on_the_command_line(stub: Path, tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / "w.gguf", 1, 128)
    await server.start()
    try:
        assert server._process is not None
        assert server.api_key not in " ".join(map(str, server._process.args))  # type: ignore[arg-type]
        assert len(server.api_key) >= 32
    finally:
        server.stop()


def test_a_server_ends_when_its_owner_is_killed(stub: Path, tmp_path: Path) -> None:
    end = tmp_path / "end"
    stub.write_text(f"{STUB}\nopen({str(end)!r}, 'w').close()\n")
    root = Path(autoevol.__file__).parents[1]
    owner = OWNER.format(runtime=str(stub.with_name("runtime.py")), root=str(root))
    done = subprocess.run([sys.executable, "-c", owner], capture_output=True, timeout=10)
    assert done.returncode == -signal.SIGKILL, done.stderr
    for _ in range(100):
        if end.exists():
            break
        time.sleep(0.05)
    assert end.exists()


async def test_a_log_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file")
    with pytest.raises(StorageFailed, match="logs"):
        await EmbeddedServer(tmp_path / "w.gguf", 1, 128, tmp_path / "logs" / "x.log").start()


def test_a_missing_runtime_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    with pytest.raises(UsageError, match=r"autoevol\[local\]"):
        runtime_version()


@needs_runtime
async def test_a_file_the_runtime_cannot_load_is_refused_with_its_reason(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(200))
    log = tmp_path / "server.log"
    server = EmbeddedServer(broken, 1, 128, log)
    with pytest.raises(ModelFileRefused, match=r"cannot serve .*broken\.gguf.*server\.log"):
        await server.start()
    assert not server.alive
    assert "failed to load model" in log.read_text()
