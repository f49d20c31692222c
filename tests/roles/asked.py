"""A client whose only model is a function: what roles are tested on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from autoevol.door import Door, open_client
from autoevol.llm.client import Client
from autoevol.llm.messages import Request, Response
from autoevol.progress import Silent

MODEL = "fake/m"


@asynccontextmanager
async def answering(say: Callable[[Request], Response | str]) -> AsyncIterator[Client]:
    """A client for `MODEL`, which answers what `say` says."""
    with TemporaryDirectory() as folder:
        files = Path(folder, "ledger.sqlite"), Path(folder, "log")
        async with open_client(Door(scripts={"m": say}), *files, Silent()) as client:
            yield client
