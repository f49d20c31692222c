"""`optimize` killed anywhere: only calls in flight are sent again, and the result is the same."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from autoevol.door import Door
from autoevol.errors import FolderBusy
from tests.planted import served
from tests.server import LoopbackServer, Reply
from tests.verbs.optimizing import found, learn

AT_ONCE, MODEL, KEY = 8, "openai/m", "sk-planted-31415926"


class Nursery:
    """Starts runs in children and kills them (see `nursery`)."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def start(self) -> int:
        """A run's process id."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"go\n")
        return await self.said()

    async def said(self) -> int:
        assert self._process.stdout is not None
        return int(await asyncio.wait_for(self._process.stdout.readline(), 60))

    async def killed_after(self, server: LoopbackServer, calls: int) -> bool:
        """Start a run and kill it once it has sent so many calls; False where it ended before."""
        enough = len(server.requests) + calls
        child = await self.start()
        while len(server.requests) < enough:
            server.arrived.clear()
            await asyncio.wait_for(server.arrived.wait(), 60)
        os.kill(child, signal.SIGKILL)
        return await self.said() == -signal.SIGKILL


@asynccontextmanager
async def nursery(run: Path, server: LoopbackServer) -> AsyncIterator[Nursery]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.verbs.nursery"),
        *(str(run), server.openai_url, MODEL, str(AT_ONCE)),
        cwd=Path(__file__).parents[2],
        env={**os.environ, "OPENAI_API_KEY": KEY, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Nursery(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 20)
        except TimeoutError:
            process.kill()
            await process.wait()


def asked(server: LoopbackServer, start: int = 0, end: int | None = None) -> Counter[str]:
    return Counter(json.dumps(one.json, sort_keys=True) for one in server.requests[start:end])


async def test_a_killed_run_repeats_only_calls_in_flight_and_ends_as_an_uncut_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    cut, uncut = tmp_path / "cut" / "run", tmp_path / "uncut" / "run"
    async with LoopbackServer(served(), latency=0.03) as server:
        door = Door(base_url=server.openai_url, concurrency=AT_ONCE)
        await learn(uncut, model=MODEL, door=door)
        calls = len(server.requests)

        chance = random.Random(11)
        points = [chance.randint(1, calls // 6) for _ in range(5)]
        async with nursery(cut, server) as children:
            kills = [await children.killed_after(server, point) for point in points]
        assert all(kills)
        await learn(cut, model=MODEL, door=door)

        once, whole = asked(server, 0, calls), asked(server, calls)
        assert set(whole) == set(once), "a resumed run asks nothing else"
        assert all(whole[call] >= times for call, times in once.items())
        assert whole.total() - once.total() <= len(kills) * AT_ONCE
        assert found(cut) == found(uncut)

        before = len(server.requests)
        await learn(cut, model=MODEL, door=door)
        assert len(server.requests) == before
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 20
    assert not [path for path in files if KEY.encode() in path.read_bytes()]


async def test_a_second_process_is_refused_while_the_first_one_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    async with (
        LoopbackServer(lambda _: Reply(latency=60)) as server,
        nursery(tmp_path / "run", server) as children,
    ):
        child = await children.start()
        await asyncio.wait_for(server.arrived.wait(), 60)
        with pytest.raises(FolderBusy, match="in use by another process"):
            await learn(tmp_path / "run", model=MODEL, door=Door(base_url=server.openai_url))
        os.kill(child, signal.SIGKILL)
        assert await children.said() == -signal.SIGKILL
