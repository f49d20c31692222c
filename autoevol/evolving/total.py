"""How many rows there are, told beside the work where that is cheap.

Decides that nobody waits for it. What a line is, is left to `data.files`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from autoevol.data.files import count_lines
from autoevol.evolving.job import Job
from autoevol.progress import Watcher


@asynccontextmanager
async def counted(job: Job, watcher: Watcher) -> AsyncGenerator[None, None]:
    """The watcher hears of it as soon as it is known; blank lines are taken for rows."""

    async def count() -> None:
        lines = await asyncio.to_thread(count_lines, Path(str(job.data)))
        if lines is not None:
            limit = job.reading.limit
            watcher.expect(lines if limit is None else min(lines, limit))

    counting = asyncio.create_task(count()) if job.lasting else None
    try:
        yield
    finally:
        if counting is not None:
            counting.cancel()
            with suppress(asyncio.CancelledError):
                await counting
