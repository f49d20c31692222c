"""The process that speaks to Ray. The doorkeeper of ray; run as a process, never imported by one.

Decides what Ray is told: one task that reads, a pool of workers that walk, pieces of rows between
them, and nothing written but by the run, which gets the rows back as the local engine does. Ray
holds back the reading when workers are behind. It reads two messages on stdin (the run's search
path, its `Orders`), answers on what was its stdout, and ends when stdin is closed, which the system
does even when the run is killed. Why it is a process of its own stands in `ray_engine`.
"""

from __future__ import annotations

import logging
import os
import pickle
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib import import_module
from typing import IO, Any

from autoevol.door import Cluster
from autoevol.errors import AutoevolError, UsageError
from autoevol.evolving.parts import PIECES, Errand, Start, Worker, divided, pieces
from autoevol.evolving.ray_engine import AGAIN, HEAD, Orders, Over, Ready, Told, message
from autoevol.llm.budget import Budget
from autoevol.llm.ledger import Ledger

OBJECTS = 256 * 2**20
"""Bytes of Ray's object store where Ray is started here: it bounds what is read ahead."""
STARTS = 3
"""Ray gives its processes 30 s to come up, which a busy machine may not make."""
PATIENT = {
    # Ray has workers give way to all else (nice 15): beside other work they starve, for minutes.
    "RAY_worker_niceness": "0",
    # And it takes a node for dead, and ends with it, where it is only slow.
    "RAY_health_check_failure_threshold": "20",  # times 3 s for a dead one, 10 s for a slow one
    "RAY_agent_register_timeout_ms": "600000",
    "RAY_raylet_start_wait_time_s": "300",
}
GO_S = 15.0


def drive() -> None:
    """Walk the rows of one run, and end the process."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # Ray writes to stdout at will, which is the run's
    sys.path[:] = pickle.loads(_read(sys.stdin.buffer))
    orders: Orders = pickle.loads(_read(sys.stdin.buffer))
    threading.Thread(target=_go_with_the_run, daemon=True).start()
    error: AutoevolError | None = None
    try:
        for said in _landing(orders):
            _say(replies, said)
    except AutoevolError as ended:
        error = ended
    except Exception as bug:
        traceback.print_exc()
        error = AutoevolError(f"The driver of Ray failed: {bug!r}.", AGAIN)
    _say(replies, _pickled(Over(error)))
    os._exit(0)  # nothing is left to save, and a thread that waits for stdin would abort the end


def _landing(orders: Orders) -> Iterator[bytes]:
    """`Ready`, and then what comes back from the workers, as it is."""
    cluster = orders.door.cluster or Cluster()
    with _started(cluster) as ray:
        errand = errand_of(orders, _workers(orders, cluster, ray))
        yield _pickled(Ready(len(errand.shares), ray.__version__))
        try:
            for row in _dataset(ray, errand, orders.start, orders.ordered).iter_rows():
                yield row["landed"]
        except ray.exceptions.RayError as error:
            raise AutoevolError(f"Ray gave up: {_line(error)}", AGAIN) from error


def errand_of(orders: Orders, workers: int) -> Errand:
    """What every worker is told: its part of the calls, the rates and the budget that is left."""
    door, ledger = orders.door, orders.folder.ledger
    budget = Budget.parse(door.budget)
    reuse = [one.absolute() for one in door.reuse]
    if ledger.exists():
        with Ledger(ledger) as held:
            budget.start_from(held.spent())
        reuse.append(orders.folder.path)
    part, endpoints = divided(door, orders.endpoints, workers)
    return Errand(
        orders.job,
        # What may be spent stands in the shares.
        replace(part, reuse=reuse, budget=None, cluster=None),
        endpoints,
        orders.folder.path,
        budget.shares(workers),
        budget.unit,
    )


@contextmanager
def _started(cluster: Cluster) -> Iterator[Any]:
    """Ray, connected; what was started here is ended here."""
    if not cluster.address:
        for name, value in PATIENT.items():
            os.environ.setdefault(name, value)
    ray = import_module("ray")
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
    for left in reversed(range(1 if cluster.address else STARTS)):
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
            break
        except Exception as error:  # Ray raises the bare class where its processes are late
            traceback.print_exc()
            with suppress(Exception):
                ray.shutdown()
            if not left:
                where = cluster.address or "this machine"
                raise UsageError(
                    f"Ray at {where} cannot be used: {_line(error)}",
                    "See that it runs and that the machine has room for it, or name its address.",
                ) from error
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    try:
        yield ray
    finally:
        ray.shutdown()


def _workers(orders: Orders, cluster: Cluster, ray: Any) -> int:
    calls = orders.door.calls
    if cluster.workers is not None:
        return min(cluster.workers, calls)
    return max(1, min(int(ray.cluster_resources().get("CPU", 1)) - 1, calls))


def _dataset(ray: Any, errand: Errand, start: Start, ordered: bool) -> Any:
    """Pieces read by one task and walked by a fixed pool of workers."""
    arrow, data = import_module("pyarrow"), import_module("ray.data")
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


def _go_with_the_run() -> None:
    """End when stdin is closed: the run was left, or killed."""
    sys.stdin.buffer.read()
    late = threading.Timer(GO_S, os._exit, [1])
    late.daemon = True
    late.start()
    if (ray := sys.modules.get("ray")) is not None:
        with suppress(Exception):
            ray.shutdown()
    os._exit(0)


def _read(stream: IO[bytes]) -> bytes:
    return stream.read(int.from_bytes(stream.read(HEAD), "big"))


def _say(replies: IO[bytes], content: bytes) -> None:
    replies.write(message(content))
    replies.flush()


def _pickled(said: Told) -> bytes:
    return pickle.dumps(said)


def _line(error: Exception) -> str:
    """An error's last line, which says what is behind those before."""
    return (str(error).strip().splitlines() or [repr(error)])[-1][:300]
