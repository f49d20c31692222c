"""The rows of a run on Ray Data. The doorkeeper of ray.

Decides what Ray is told: one task that reads, a pool of workers that walk, pieces of rows between
them, and nothing written but by the driver, which gets the rows back as the local engine does. Ray
holds back the reading when workers are behind. What a worker is given is `parts`' matter.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from autoevol.door import Cluster, Door, admitted
from autoevol.errors import AutoevolError, BudgetReached, FolderBusy, UsageError
from autoevol.evolving.job import Job
from autoevol.evolving.parts import (
    FOLDER,
    PIECES,
    STOP,
    End,
    Errand,
    Landed,
    Start,
    Walked,
    Worker,
    divided,
    gather_parts,
    pieces,
)
from autoevol.llm.budget import Budget
from autoevol.llm.ledger import Ledger
from autoevol.progress import Watcher
from autoevol.runs import RunFolder, storage

OBJECTS = 256 * 2**20
"""Bytes of Ray's object store where Ray is started here: it bounds what is read ahead."""


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
    _ray()


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
        AutoevolError: Ray gave up, or as the local engine.
    """
    ended: AutoevolError | None = None
    cluster = door.cluster or Cluster()
    with _gathered(folder), _started(cluster) as ray:
        errand = _errand(job, door, folder, _workers(cluster, door, ray))
        shares = [0] * len(errand.shares)
        watcher.note(f"{len(shares)} workers on Ray {ray.__version__}.")
        landing = iter(_dataset(ray, errand, start, ordered).iter_rows())
        try:
            while item := await asyncio.to_thread(_next, landing):
                if isinstance(item, End):
                    job.skipped.count += item.skipped.count
                    job.skipped.reasons[:] = [*job.skipped.reasons, *item.skipped.reasons][:5]
                    watcher.advance(item.passed)
                else:
                    _tell(watcher, item)
                    shares[item.part] += len(item.rows)
                    for one in item.rows:
                        yield one
                ended = ended or item.error
            watcher.note(f"Rows by worker: {', '.join(map(str, shares))}.")
        finally:
            # Whoever leaves early: no worker begins anything more, and Ray ends the pool.
            errand.stop()
            del landing
    if isinstance(ended, BudgetReached):
        raise BudgetReached(
            f"a worker's share of {door.budget} is used up ({ended.message})",
            "Start again on the same folder, which divides what is left anew, or raise --budget.",
        )
    if ended is not None:
        raise ended


def _ray() -> Any:
    """Ray itself; it takes seconds to load. Its own telemetry stays off."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        ray = import_module("ray")
        import_module("ray.data")
    except ImportError as error:
        raise UsageError(
            "The Ray engine needs Ray.", "Install it: pip install 'autoevol[ray]'."
        ) from error
    return ray


@contextmanager
def _started(cluster: Cluster) -> Iterator[Any]:
    """Ray, connected; what was started here is ended here."""
    ray, ours = _ray(), False
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
    if not ray.is_initialized():
        ours = True
        try:
            if cluster.address:
                ray.init(address=cluster.address, **quiet)
            else:
                cpus = (cluster.workers or os.cpu_count() or 1) + 1  # one of them reads
                ray.init(
                    "local",
                    num_cpus=cpus,
                    include_dashboard=False,
                    object_store_memory=OBJECTS,
                    **quiet,
                )
        except (ConnectionError, ValueError, RuntimeError) as error:
            where = cluster.address or "this machine"
            raise UsageError(
                f"Ray at {where} cannot be used: {error}", "See that it runs; name its address."
            ) from error
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    try:
        yield ray
    except ray.exceptions.RayError as error:
        raise AutoevolError(
            f"Ray gave up: {str(error).strip().splitlines()[-1]}",
            "Start again on the same folder: only what is missing is asked for.",
        ) from error
    finally:
        if ours:
            ray.shutdown()


@contextmanager
def _gathered(folder: RunFolder) -> Iterator[None]:
    """In the end the folder has one ledger again; where a worker lingers, at the next start."""
    try:
        yield
    finally:
        with suppress(FolderBusy):
            gather_parts(folder.path)


def _workers(cluster: Cluster, door: Door, ray: Any) -> int:
    if cluster.workers is not None:
        return min(cluster.workers, door.calls)
    return max(1, min(int(ray.cluster_resources().get("CPU", 1)) - 1, door.calls))


def _errand(job: Job, door: Door, folder: RunFolder, workers: int) -> Errand:
    """What every worker is told, and a clean place for their ledgers."""
    home = folder.path.absolute() / FOLDER
    with storage(home):
        home.mkdir(exist_ok=True)
        (home / STOP).unlink(missing_ok=True)
    budget = Budget.parse(door.budget)
    reuse = [one.absolute() for one in door.reuse]
    if folder.ledger.exists():
        with Ledger(folder.ledger) as ledger:
            budget.start_from(ledger.spent())
        reuse.append(home.parent)
    part, endpoints = divided(door, admitted(door, job.models.values()), workers)
    data = job.data
    if isinstance(data, str | Path) and Path(data).exists():
        data = Path(data).absolute()
    return Errand(
        replace(job, data=data),
        # Nobody is there to be asked, and what may be spent stands in the shares.
        replace(part, reuse=reuse, confirm=None, budget=None, cluster=None),
        endpoints,
        home.parent,
        budget.shares(workers),
        budget.unit,
    )


def _dataset(ray: Any, errand: Errand, start: Start, ordered: bool) -> Any:
    """Pieces read by one task and walked by a fixed pool of workers."""
    arrow, data = import_module("pyarrow"), ray.data
    context = data.DataContext.get_current()
    context.enable_progress_bars = False
    # A piece is one row of Ray's: a block is handed on when it holds one, not when it is large.
    context.target_max_block_size = context.target_min_block_size = 1
    context.execution_options.preserve_order = ordered
    block = import_module("ray.data.block")

    class Pieces(data.Datasource):  # type: ignore[misc,name-defined]
        def estimate_inmemory_data_size(self) -> int | None:
            return None

        def get_read_tasks(self, parallelism: int, *more: Any, **named: Any) -> list[Any]:
            unknown = block.BlockMetadata(None, None, None, None)

            def read() -> Iterator[Any]:
                for piece in pieces(errand, start):
                    yield arrow.table({"piece": [piece]})

            return [data.ReadTask(read, unknown)]

    class Walker:
        def __init__(self) -> None:
            self.worker = Worker(errand)

        async def __call__(self, batch: dict[str, Any]) -> dict[str, list[bytes]]:
            return {"landed": [await self.worker.walk(piece) for piece in batch["piece"]]}

    pool = data.ActorPoolStrategy(
        size=len(errand.shares),
        max_tasks_in_flight_per_actor=2 * PIECES,
        max_concurrent_calls_per_actor=PIECES,
    )
    # Steps that want unlike processors are not fused into one, which would leave one worker.
    read = data.read_datasource(Pieces(), override_num_blocks=1, num_cpus=0.5)
    return read.map_batches(Walker, batch_size=None, batch_format="numpy", compute=pool, num_cpus=1)


def _next(landing: Iterator[dict[str, bytes]]) -> Landed | End | None:
    row = next(landing, None)
    return None if row is None else pickle.loads(row["landed"])


def _tell(watcher: Watcher, landed: Landed) -> None:
    for event in landed.calls:
        watcher.call(event)
    for note in landed.notes:
        watcher.note(note)
