"""Writes into a ledger for ever and tells each key after its acknowledgement; to be killed."""

from __future__ import annotations

import asyncio
import os
import sys
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from autoevol.llm.ledger import Ledger
from autoevol.llm.messages import Message, Request, Response, Usage


async def write(ledger: Ledger, key: str) -> None:
    request = Request("fake/echo", (Message("user", key),), "evolver", 10)
    await ledger.put(key, request, Response("x" * 500, "stop", Usage(1, 1)), 0.1)
    print(key, flush=True)


async def main(path: str) -> None:
    ledger = Ledger(path)
    for start in count(0, 4):
        await asyncio.gather(*(write(ledger, f"{os.getpid()}-{start + n}") for n in range(4)))


asyncio.run(main(sys.argv[1]))
