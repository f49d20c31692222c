"""Other tools beside `evolve`: an environment of its own for each, made once, and how to start it.

What a peer does with the rows stands in `peers/`, in files that run in these environments and know
nothing of ours.
"""

from __future__ import annotations

import os
import subprocess
import venv
from dataclasses import dataclass
from pathlib import Path

RUNNERS = Path(__file__).resolve().parent / "peers"
INSTALL_S = 1800


@dataclass(frozen=True, slots=True)
class Peer:
    """`tool` names its environment and its file in `peers/`; `needs` are what pip is told; `told`
    are the packages whose versions stand in the result. `parts` work at the same time and share
    the calls in flight."""

    name: str
    tool: str
    needs: tuple[str, ...]
    told: tuple[str, ...]
    parts: int = 1


# Pinned, so that figures can be taken again. distilabel imports `requests`, which nothing that it
# requires brings in any more.
DISTILABEL = ("distilabel[openai]==1.5.3", "requests")
CURATOR = ("bespokelabs-curator==0.1.31",)
PEERS = (
    Peer("distilabel", "distilabel", DISTILABEL, ("distilabel", "openai", "datasets"), parts=2),
    Peer("distilabel-wide", "distilabel", DISTILABEL, ("distilabel", "openai", "datasets")),
    Peer("curator", "curator", CURATOR, ("bespokelabs-curator", "openai", "litellm")),
)


class Missing(Exception):
    """An environment that could not be made, and why."""


def made(peer: Peer, folder: Path) -> dict[str, str]:
    """Make a peer's environment unless it stands; the versions in it. Raises Missing."""
    place = folder.absolute() / peer.tool
    python = place / "bin" / "python"
    stamp = place / "installed"
    wanted = "\n".join(peer.needs)
    try:
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
            print(f"Installing {peer.tool} into {place}; this takes minutes, once.", flush=True)
            venv.create(place, with_pip=True, clear=True)
            pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            _run([*pip, *peer.needs], INSTALL_S)
            stamp.write_text(wanted, encoding="utf-8")
        code = (
            "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
        )
        found = _run([str(python), "-c", code, *peer.told], 60).split()
    except (OSError, subprocess.SubprocessError) as error:
        raise Missing(f"its environment cannot be made: {_last_line(error)}") from error
    return dict(zip(peer.told, found, strict=True))


def started(peer: Peer, folder: Path, home: Path) -> tuple[list[str], dict[str, str]]:
    """How a peer is started, and in which environment. Nothing is reported to anybody, and nothing
    is fetched; caches go below `home`."""
    env = {
        **os.environ,
        "HOME": str(home),
        "HF_HOME": str(home / "hf"),
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "TELEMETRY_ENABLED": "0",
        "CURATOR_VIEWER": "0",
        "OPENAI_API_KEY": "none",
        "NO_PROXY": "127.0.0.1",
    }
    env.pop("PYTHONPATH", None)
    python = folder.absolute() / peer.tool / "bin" / "python"
    return [str(python), str(RUNNERS / f"{peer.tool}_side.py")], env


def _run(words: list[str], seconds: float) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=seconds).stdout


def _last_line(error: Exception) -> str:
    said = getattr(error, "stderr", None) or str(error)
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return next((line for line in reversed(text.splitlines()) if line.strip()), repr(error))
