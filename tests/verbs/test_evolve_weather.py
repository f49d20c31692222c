"""`evolve` in bad weather: endpoints that talk rubbish, die and come back, and clocks that jump."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle
from pathlib import Path

import pytest

from autoevol.door import Door
from autoevol.errors import BadInput, Unreachable
from autoevol.llm import ledger_rows, retry
from autoevol.llm.client import Client
from autoevol.llm.clockwork import Clockwork
from autoevol.runs import LEDGER
from autoevol.verbs.evolve import EvolveResult, evolve_all
from tests.llm.test_ledger import as_version_1
from tests.server import CUT, GARBLED, HTML, TRUNCATED, Json, LoopbackServer, Reply, refused
from tests.verbs.evolving import (
    METHOD,
    Model,
    Notes,
    all_records,
    answer,
    door,
    lines,
    records_in,
    rows,
    summary_of,
    write_rows,
)

ROWS = 12
RUBBISH = (
    GARBLED,
    HTML,
    CUT,
    TRUNCATED,
    Reply(body=b"data: \xff\xfe{\n\n" * 3000, content_type="text/event-stream"),
    Reply(body=b"\x00" * 2**20),
    Reply(body=b"[[" * 5000),
    Reply(body=b'{"choices": 7, "content": {"a": []}}'),
)
"""Bodies under status 200 that are no answer."""


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits between attempts are short."""
    monkeypatch.setattr(retry, "_FIRST_WAIT_S", 0.002)
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")


def sane(asked: Json) -> Reply:
    return Reply(answer(asked["messages"]))


async def run(data: Path, out: Path, model: str, server: LoopbackServer) -> EvolveResult:
    """The model's kind is in its name; endpoints of a file take any."""
    kind = model.partition("/")[0]
    address = server.openai_url if kind == "openai" else server.url
    config = data.with_name(f"{kind}.toml")
    config.write_text(f'[endpoints.{kind}-here]\nkind = "{kind}"\nbase_url = "{address}"\n')
    reach = Door(config=config, confirm=lambda _: True, concurrency=4)
    return await evolve_all(METHOD, data, out=out, model=f"{kind}-here/m", door=reach)


@pytest.mark.parametrize("model", ["openai/m", "anthropic/m"])
async def test_rows_answered_with_rubbish_are_dropped_and_those_cut_off_asked_again(
    tmp_path: Path, model: str
) -> None:
    data = write_rows(tmp_path / "seeds.jsonl", rows(ROWS))
    rubbish, cut = cycle(one for one in RUBBISH if one is not CUT), ["number 9 that"]

    def script(asked: Json) -> Reply:
        text = str(asked["messages"][-1]["content"])
        if any(mark in text for mark in cut):
            return CUT
        return next(rubbish) if "number 4 that" in text or "number 7 that" in text else sane(asked)

    async with LoopbackServer(script) as server:
        first = await run(data, tmp_path / "out", model, server)
        assert first.kept == ROWS - 3
        assert first.dropped == {"garbled": 2}
        assert first.summary["unknown"]["rows"] == 1
        cut.clear()
        server.requests.clear()
        again = await run(data, tmp_path / "out", model, server)
        assert len(server.requests) == 2
    assert again.kept == ROWS - 2
    assert again.summary["complete"]
    for record in lines(tmp_path / "out" / "dropped.jsonl"):
        assert "garbled answer" in record["verdict"]["failures"][0]["evidence"]


async def test_an_endpoint_that_only_talks_rubbish_is_given_up_and_nothing_is_made_of_it(
    tmp_path: Path,
) -> None:
    data, rubbish = write_rows(tmp_path / "seeds.jsonl", rows(ROWS)), cycle(RUBBISH)
    async with LoopbackServer(lambda asked: next(rubbish)) as server:
        with pytest.raises(Unreachable, match="does not speak the protocol") as met:
            await run(data, tmp_path / "out", "openai/m", server)
        assert met.value.exit_status == 4
        assert len(server.requests) <= 20
        assert records_in(tmp_path / "out") == {}
        server.script = sane
        assert (await run(data, tmp_path / "out", "openai/m", server)).kept == ROWS


@asynccontextmanager
async def mortal(calls: int) -> AsyncIterator[LoopbackServer]:
    """A server that talks rubbish at its last calls, dies, and comes back at the same place."""
    async with AsyncExitStack() as stack:
        left = [calls]

        def script(asked: Json) -> Reply:
            left[0] -= 1
            if left[0] == 0:
                killing.append(asyncio.create_task(die()))
            return CUT if left[0] < 3 else sane(asked)

        async def die() -> None:
            await first.__aexit__()
            await asyncio.sleep(0.2)
            second = LoopbackServer(sane, port=first.port)
            second.requests = first.requests
            await stack.enter_async_context(second)

        killing: list[asyncio.Task[None]] = []
        first = LoopbackServer(script)
        await first.__aenter__()
        yield first
        await asyncio.gather(*killing)


async def test_an_endpoint_that_dies_and_comes_back_within_patience_costs_nothing_but_time(
    tmp_path: Path,
) -> None:
    data = write_rows(tmp_path / "seeds.jsonl", rows(ROWS))
    async with mortal(ROWS) as server:
        result = await run(data, tmp_path / "out", "openai/m", server)
    assert result.kept == ROWS
    assert result.summary["complete"]
    texts = [str(seen.json["messages"]) for seen in server.requests]
    assert len(set(texts)) == 2 * ROWS
    assert len(texts) <= 2 * ROWS + 8  # those that were in flight, and those that were cut


async def test_seconds_of_503_leave_no_row_without_an_answer(tmp_path: Path) -> None:
    """More of them than six attempts of every call take."""
    many, down = 4 * ROWS, 4 * 6 + 8
    data = write_rows(tmp_path / "seeds.jsonl", rows(many))
    turn = [0]

    def script(asked: Json) -> Reply:
        turn[0] += 1
        return refused(503, "not now") if 20 < turn[0] <= 20 + down else sane(asked)

    notes = Notes()
    async with LoopbackServer(script) as server:
        config = tmp_path / "here.toml"
        config.write_text(f'[endpoints.here]\nbase_url = "{server.openai_url}"\n')
        reach = Door(config=config, confirm=lambda _: True, concurrency=4)
        result = await evolve_all(
            METHOD, data, out=tmp_path / "out", model="here/m", door=reach, watcher=notes
        )
    assert result.kept == many
    assert result.summary["complete"]
    said = [note for note in notes.notes if "here" in note]
    assert said[0].startswith("here is away (503: not now). Waiting for it to come back")
    assert said[-1] == "here answers again."


# Clocks


class Clock:
    """A monotonic clock that is not: every so many looks it jumps by hours."""

    def __init__(self, hours: tuple[float, ...], every: int = 7) -> None:
        self._hours, self._every, self._looks, self._off = cycle(hours), every, 0, 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        self._looks += 1
        if self._looks % self._every == 0:
            self._off += 3600 * next(self._hours)
        return time.monotonic() + self._off

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(min(seconds, 0.001))


def texts_in(folder: Path) -> set[tuple[str, str]]:
    return {(one["instruction"], one["response"]) for one in records_in(folder).values()}


@pytest.mark.parametrize("hours", [(-5.0,), (5.0,), (-3.0, 7.0, -4.0)])
async def test_clocks_that_jump_by_hours_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: tuple[float, ...]
) -> None:
    clock = Clock(hours)
    works = Clockwork(clock.sleep, clock)
    monkeypatch.setattr("autoevol.door.Client", partial(Client, clockwork=works))
    wall = cycle(timedelta(hours=hour) for hour in (*hours, 0.0))
    monkeypatch.setattr(ledger_rows, "_now", lambda: (datetime.now(UTC) + next(wall)).isoformat())
    config = tmp_path / "autoevol.toml"
    data = write_rows(tmp_path / "seeds.jsonl", rows(ROWS))
    # One fewer than the attempts at a call: all of them may fall on the same one.
    broken = iter((*(Reply(status=503) for _ in range(3)), CUT, CUT))
    turn = {"n": 0}

    def script(asked: Json) -> Reply:
        turn["n"] += 1
        return next(broken, sane(asked)) if turn["n"] % 3 == 0 else sane(asked)

    async with LoopbackServer(script) as server:
        config.write_text(
            f'[endpoints.here]\nkind = "openai"\nbase_url = "{server.openai_url}"\n'
            "rpm = 1200\ntpm = 600000\n"
        )
        reach = Door(config=config, concurrency=4, confirm=lambda _: True)
        work = evolve_all(METHOD, data, out=tmp_path / "out", model="here/m", door=reach)
        result = await asyncio.wait_for(work, 30)
    await all_records(data, tmp_path / "calm", Model())
    assert result.summary["complete"]
    assert result.kept == ROWS
    assert texts_in(tmp_path / "out") == texts_in(tmp_path / "calm")
    assert clock.slept
    assert min(clock.slept) >= 0
    assert max(clock.slept) <= 60


# Ledgers of other versions


def versioned(out: Path, version: int) -> None:
    with closing(sqlite3.connect(out / LEDGER)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")


async def test_a_ledger_of_a_later_version_is_refused_and_nothing_is_asked_or_lost(
    tmp_path: Path,
) -> None:
    model, out = Model(), tmp_path / "out"
    data = write_rows(tmp_path / "seeds.jsonl", rows(ROWS))
    await all_records(data, out, model, limit=5)
    held = records_in(out)
    versioned(out, 99)
    with pytest.raises(BadInput, match="version 99") as met:
        await all_records(data, out, model)
    assert met.value.exit_status == 2
    assert "another run folder" in met.value.hint
    assert len(model.asked) == 10
    assert records_in(out) == held
    versioned(out, 2)
    await all_records(data, out, model)
    assert len(model.asked) == 2 * ROWS
    assert summary_of(out)["complete"]


async def test_a_ledger_of_version_1_is_gone_on_with_and_reused(tmp_path: Path) -> None:
    model, out = Model(), tmp_path / "out"
    data = write_rows(tmp_path / "seeds.jsonl", rows(ROWS))
    await all_records(data, out, model, limit=5)
    as_version_1(out / LEDGER)
    for name in ("kept.jsonl", "dropped.jsonl", "reading.json"):
        (out / name).unlink(missing_ok=True)  # so that every answer has to come from the ledger
    await all_records(data, out, model)
    assert len(model.asked) == 2 * ROWS
    reach = door(model, reuse=[out])
    await all_records(data, tmp_path / "other", model, door=reach)
    assert len(model.asked) == 2 * ROWS
    assert records_in(tmp_path / "other") == records_in(out)
