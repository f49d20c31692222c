"""Processes to be killed: each run of `optimize` in a child of its own, forked after the imports.

    python -m tests.verbs.nursery FOLDER ADDRESS MODEL CONCURRENCY

A line on standard input starts a run in FOLDER; its process id, then how it ended, come back as
lines. Importing takes seconds and starting a child none, so that a run can be killed many times.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

# Loaded here, once, and not in each child.
from autoevol.door import Door
from tests.verbs.optimizing import learn


def main(folder: str, address: str, model: str, concurrency: str) -> None:
    door = Door(base_url=address, concurrency=int(concurrency))
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            try:
                asyncio.run(learn(Path(folder), model=model, door=door))
            except BaseException as error:
                print(repr(error), file=sys.stderr, flush=True)
                os._exit(1)
            os._exit(0)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
