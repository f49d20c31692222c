"""Stands in for the process that speaks to Ray: walks the pieces itself, or dies as that one does.

What it does is its second argument: `whole`; `dies N`, by itself after N pieces, as Ray's native
code ends a process; `killed N`, by the system; `short N`, an end too early that Ray takes for one;
`fails`, without Ray.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from autoevol.errors import UsageError
from autoevol.evolving import ray_driver
from autoevol.evolving.parts import Worker, pieces
from autoevol.evolving.ray_engine import Orders, Ready

WORKERS = 2
NOISE = "[state-dump] of no interest\n" * 1000
CODE = (
    "import sys; sys.path.insert(0, {top!r})\n"
    "from tests.verbs import rayless\nrayless.drive({does!r})"
)


def code(does: str) -> str:
    """What is run instead of the driver."""
    return CODE.format(top=str(Path(__file__).parents[2]), does=does)


def drive(does: str) -> None:
    kind, _, count = does.partition(" ")

    def landing(orders: Orders) -> Iterator[bytes]:
        if kind == "fails":
            raise UsageError("Ray at this machine cannot be used: no room.", "Make room.")
        os.write(1, NOISE.encode())  # Ray writes to stdout at will
        errand = ray_driver.errand_of(orders, WORKERS)
        yield pickle.dumps(Ready(WORKERS, "0"))
        with asyncio.Runner() as runner:
            workers = [Worker(errand) for _ in range(WORKERS)]
            for number, piece in enumerate(pieces(errand, orders.start)):
                if count and number == int(count):
                    if kind == "short":
                        break
                    last_words()
                    if kind == "killed":
                        os.kill(os.getpid(), signal.SIGKILL)
                    os._exit(1)
                yield runner.run(workers[number % WORKERS].walk(piece))
            for worker in workers:
                runner.run(worker._open.aclose())

    ray_driver._landing = landing
    ray_driver.drive()


def last_words() -> None:
    os.write(2, b"Raylet is terminated. Termination is unexpected.\n" + NOISE.encode())
    sys.stderr.flush()
