"""The rows of a run on Ray, seen from the process of the run.

Decides how Ray is kept apart: in a process of its own (`ray_driver`), to which the run hands its
job and which hands back the rows that were walked. For where Ray's own processes die, on a machine
that is overloaded or out of memory, the process that called `ray.init` ends in the midst of native
code, without an exception, and what it last had to say goes to stdout: here that is an error with
a way out, the records are written by who did not die, and the words are in `ray.log`. What a worker
is given is `parts`' matter.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import re
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import autoevol
from autoevol.door import Cluster, Door, admitted
from autoevol.errors import AutoevolError, BudgetReached, FolderBusy, UsageError
from autoevol.evolving.job import Job
from autoevol.evolving.parts import FOLDER, LET_GO_S, STOP, End, Landed, Start, Walked, gather_parts
from autoevol.llm.endpoint import Endpoint
from autoevol.progress import Watcher
from autoevol.runs import RunFolder, storage

DRIVER = (
    "import sys; sys.path.append(sys.argv[1])\n"
    "from autoevol.evolving.ray_driver import drive\ndrive()"
)
LOG = "ray.log"
AGAIN = "Start again on the same folder: only what is missing is asked for."
HEAD = 8
"""Bytes that say how long a message between the two processes is."""
_TELLING = re.compile(r"terminated\.|marked dead|[Oo]ut ?[Oo]f ?[Mm]emory|Failed to connect to GCS")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Orders:
    """What the driver is told. `door` asks nobody; `endpoints` are admitted."""

    job: Job
    door: Door
    endpoints: dict[str, Endpoint]
    folder: RunFolder
    start: Start
    ordered: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """The driver has Ray, and so many workers will be started."""

    workers: int
    version: str


@dataclass(frozen=True, slots=True)
class Over:
    """The driver has nothing more to say; `error` says why, None if all is done."""

    error: AutoevolError | None = None


Told = Ready | Landed | End | Over


def check_ray(job: Job, door: Door) -> None:
    """Say before anything is made that Ray cannot be used this way.

    Raises:
        UsageError: it is not installed, or cannot do what is asked.
    """
    workers = door.cluster.workers if door.cluster is not None else None
    if workers is not None and workers < 1:
        raise UsageError(f"{workers} workers are below 1.", "Give at least 1.")
    if not job.lasting:
        raise UsageError("Ray reads the rows itself.", "Name a file or a folder of rows.")
    if door.batch:
        raise UsageError("Batches gather in one process.", "Use --batch with the local engine.")
    _pickler()


async def walked(
    job: Job,
    door: Door,
    folder: RunFolder,
    start: Start,
    watcher: Watcher,
    ordered: bool = False,
) -> AsyncGenerator[Walked, None]:
    """Rows that were walked up their ladder, as they land; as `flow.as_they_land` ends on errors.

    Args:
        door: how models are reached, and where Ray is.
        folder: workers keep their ledgers in it; all machines see it under the same path.
        start: what was read and done before.
        ordered: rows come in the order of the source.

    Raises:
        BudgetReached: a worker has used up its share.
        AutoevolError: Ray gave up or died, or as the local engine.
    """
    ended: AutoevolError | None = None
    shares: list[int] = []
    whole = False
    with _gathered(folder):
        orders = _orders(job, door, folder, start, ordered)
        async with _driven(orders) as told, aclosing(told):
            async for item in told:
                if isinstance(item, Ready):
                    shares = [0] * item.workers
                    watcher.note(f"{item.workers} workers on Ray {item.version}.")
                elif isinstance(item, Over):
                    ended = ended or item.error
                elif isinstance(item, End):
                    whole = True
                    job.skipped.count += item.skipped.count
                    job.skipped.repeated += item.skipped.repeated
                    job.skipped.reasons[:] = [*job.skipped.reasons, *item.skipped.reasons][:5]
                    watcher.advance(item.passed)
                    ended = ended or item.error
                else:
                    _tell(watcher, item)
                    shares[item.part] += len(item.rows)
                    for one in item.rows:
                        yield one
                    ended = ended or item.error
        watcher.note(f"Rows by worker: {', '.join(map(str, shares))}.")
    if isinstance(ended, BudgetReached):
        raise BudgetReached(
            f"a worker's share of {door.budget} is used up ({ended.message})",
            "Start again on the same folder, which divides what is left anew, or raise --budget.",
        )
    if ended is None and not whole:
        ended = AutoevolError("Ray handed over less than all rows.", AGAIN)
    if ended is not None:
        raise ended


def _pickler() -> Any:
    """Ray's own, which takes functions of a script or a notebook along. Loading it takes seconds
    and starts nothing."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        pickler = import_module("ray.cloudpickle")
    except ImportError:
        pickler = None
    if pickler is None or find_spec("pyarrow") is None:
        raise UsageError("The Ray engine needs Ray.", "Install it: pip install 'autoevol[ray]'.")
    return pickler


def _orders(job: Job, door: Door, folder: RunFolder, start: Start, ordered: bool) -> Orders:
    """What the driver is told, and a clean place for the workers' ledgers."""
    home = folder.path.absolute() / FOLDER
    with storage(home):
        home.mkdir(exist_ok=True)
        (home / STOP).unlink(missing_ok=True)
    data = job.data
    if isinstance(data, str | Path) and Path(data).exists():
        data = Path(data).absolute()
    cluster = door.cluster or Cluster()
    if not cluster.address:
        cluster = replace(cluster, address=_running())
    return Orders(
        replace(job, data=data),
        # Nobody is there to be asked.
        replace(door, confirm=None, cluster=cluster),
        admitted(door, job.models.values()),
        replace(folder, path=folder.path.absolute()),
        start,
        ordered,
    )


def _running() -> str:
    """The address of a Ray that this process has started already, '' if it has not."""
    ray = sys.modules.get("ray")
    if ray is None or not ray.is_initialized():
        return ""
    return str(ray.get_runtime_context().gcs_address)


@contextmanager
def _gathered(folder: RunFolder) -> Iterator[None]:
    """In the end the folder has one ledger again; where a worker lingers, at the next start."""
    try:
        yield
    finally:
        with suppress(FolderBusy):
            gather_parts(folder.path)


@asynccontextmanager
async def _driven(orders: Orders) -> AsyncIterator[AsyncGenerator[Told, None]]:
    """What the driver says, until it is over or the block is left, which ends it."""
    log = orders.folder.path / LOG
    words = message(pickle.dumps(sys.path)) + message(_pickler().dumps(orders))
    with storage(log), log.open("wb") as noise:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", DRIVER, str(Path(autoevol.__file__).parents[1])),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=noise,
        )
    assert process.stdin is not None
    try:
        with suppress(ConnectionError):  # it is dead already, which its silence will tell
            process.stdin.write(words)
            await process.stdin.drain()
        yield _told(process, log)
    finally:
        # Whoever leaves early: no worker begins anything more, and the driver ends Ray.
        with suppress(OSError):
            (orders.folder.path / FOLDER / STOP).touch()
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), LET_GO_S)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _told(process: asyncio.subprocess.Process, log: Path) -> AsyncGenerator[Told, None]:
    """Raises AutoevolError where the driver falls silent before it is over."""
    assert process.stdout is not None
    while True:
        try:
            size = int.from_bytes(await process.stdout.readexactly(HEAD), "big")
            said: Told = pickle.loads(await process.stdout.readexactly(size))
        except asyncio.IncompleteReadError:
            break
        yield said
        if isinstance(said, Over):
            return
    status = await process.wait()
    how = f"by signal {-status}" if status < 0 else f"with status {status}"
    raise AutoevolError(
        f"Ray died and took its driver along, which ended {how}: {_last_words(log)}",
        f"{AGAIN} What Ray said is in {log}; --engine local does without it.",
    )


def _last_words(log: Path) -> str:
    """The first line of the log that tells a reason; Ray says much after it."""
    with suppress(OSError), log.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if _TELLING.search(line):
                return " ".join(_COLOUR.sub("", line).split())[:300]
    return "it gave no reason."


def message(content: bytes) -> bytes:
    """A message as it goes from one process to the other."""
    return len(content).to_bytes(HEAD, "big") + content


def _tell(watcher: Watcher, landed: Landed) -> None:
    for event in landed.calls:
        watcher.call(event)
    for note in landed.notes:
        watcher.note(note)
