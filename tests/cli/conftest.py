"""Commands as a person types them, and a finished run to look at."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autoevol.cli.app import main
from tests.cli.learner import script
from tests.server import LoopbackServer, serve_in_thread

CHECKOUT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


Autoevol = Callable[..., Done]


@pytest.fixture
def autoevol(capsys: pytest.CaptureFixture[str]) -> Autoevol:
    """Run a command in this process."""

    def run(*words: object) -> Done:
        capsys.readouterr()
        code = main([str(word) for word in words])
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def learner() -> Iterator[LoopbackServer]:
    """A scripted endpoint under which methods can be learned."""
    with serve_in_thread(script()) as server:
        yield server


def at(server: LoopbackServer) -> list[str]:
    """The flags that lead to a scripted endpoint."""
    return ["--model", "openai/m", "--base-url", server.openai_url]


def command(*words: object, **more: str) -> subprocess.Popen[str]:
    """Start a command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "autoevol", *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), **more},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="session")
def finished(learner: LoopbackServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an `optimize` that found a better method."""
    folder = tmp_path_factory.mktemp("runs") / "first"
    code = main(["optimize", *at(learner), "--preset", "quick", "--run", str(folder), "-q"])
    assert code == 0
    return folder
