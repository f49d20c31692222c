"""`evolve` by batch and by flex: the records of a plain run at half the price, whatever cuts."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from autoevol.cli.app import main
from autoevol.door import Door
from autoevol.errors import NothingUsable, Rejected, UsageError
from autoevol.verbs.batches import batches, cancel
from autoevol.verbs.evolve import evolve_all
from tests.batch_server import BatchServer
from tests.server import Json, Reply, refused
from tests.verbs.evolving import METHOD, Notes, answer, records_in, rows, settled, write_rows

ROWS = 12
KINDS = {"openai": "openai/m", "anthropic": "anthropic/m"}


@pytest.fixture(params=KINDS)
def model(request: pytest.FixtureRequest) -> str:
    return KINDS[str(request.param)]


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BatchServer]:
    async with BatchServer(lambda asked: Reply(answer(asked["messages"]))) as running:
        for name, address in (("OPENAI", running.openai_url), ("ANTHROPIC", running.url)):
            monkeypatch.setenv(f"{name}_API_KEY", "k")
            monkeypatch.setenv(f"{name}_BASE_URL", address)
        running.stages = lambda number: ["in_progress", "completed"]
        yield running


def ends(server: BatchServer, model: str) -> None:
    """Batches that are over at the first look."""
    end = "completed" if model.startswith("openai") else "ended"
    server.stages = lambda number: ["in_progress", end]


async def run(data: Path, out: Path, model: str, **more: Any) -> Any:
    door = {
        name: more.pop(name) for name in ("batch", "flex", "concurrency", "budget") if name in more
    }
    return await evolve_all(METHOD, data, out=out, model=model, door=Door(**door), **settled(more))


async def test_rounds_and_answers_are_batches_that_wait_for_each_other(
    server: BatchServer, model: str, tmp_path: Path
) -> None:
    ends(server, model)
    data, notes = write_rows(tmp_path / "seeds.jsonl", rows(ROWS)), Notes()
    await run(data, tmp_path / "plain", model, rounds=2)
    plain = len(server.requests)
    assert plain == 4 * ROWS
    result = await run(data, tmp_path / "batch", model, rounds=2, batch=True, watcher=notes)
    assert result.kept == 2 * ROWS
    assert len(server.requests) == plain
    assert [len(batch.requests) for batch in server.batches] == [ROWS] * 4
    assert records_in(tmp_path / "batch") == records_in(tmp_path / "plain")
    assert sum("calls to" in note for note in notes.notes) == 4


async def test_a_batch_run_goes_on_plainly_and_the_other_way_round(
    server: BatchServer, model: str, tmp_path: Path
) -> None:
    ends(server, model)
    data, out = write_rows(tmp_path / "seeds.jsonl", rows(ROWS)), tmp_path / "out"
    await run(data, out, model, limit=5, batch=True)
    await run(data, out, model, limit=8)
    await run(data, out, model, batch=True)
    assert len(records_in(out)) == ROWS
    assert len(server.requests) == 2 * 3
    assert len(server.requests_in_batches()) == 2 * (5 + 4)


async def test_rows_under_way_are_bounded(server: BatchServer, model: str, tmp_path: Path) -> None:
    ends(server, model)
    data = write_rows(tmp_path / "seeds.jsonl", rows(ROWS))
    result = await run(data, tmp_path / "out", model, batch=True, concurrency=4)
    assert result.kept == ROWS
    assert max(len(batch.requests) for batch in server.batches) <= 4


async def test_a_refused_row_is_a_record_and_sinks_no_batch(
    server: BatchServer, model: str, tmp_path: Path
) -> None:
    ends(server, model)

    def script(asked: Json) -> Reply:
        text = str(asked["messages"][-1]["content"])
        if "number 3 " in text:
            return refused(400, "flagged by the content_filter", code="content_filter")
        return Reply(answer(asked["messages"]))

    server.script = script
    data = write_rows(tmp_path / "seeds.jsonl", rows(ROWS))
    result = await run(data, tmp_path / "out", model, batch=True)
    assert (result.kept, dict(result.dropped)) == (ROWS - 1, {"refused": 1})


async def test_a_row_that_fails_in_every_batch_is_a_record_and_one_that_expires_is_asked_again(
    server: BatchServer, model: str, tmp_path: Path
) -> None:
    ends(server, model)

    def script(asked: Json) -> Reply:
        text = str(asked["messages"][-1]["content"])
        if "number 3 " in text:
            return refused(500, "the server had an error", type="api_error")
        return Reply(answer(asked["messages"]))

    late = [True]
    server.script = script
    server.fate = lambda batch, number, asked: (
        "expired" if late and "number 5 " in str(asked["messages"][-1]["content"]) else ""
    )
    data = write_rows(tmp_path / "seeds.jsonl", rows(ROWS))
    result = await run(data, tmp_path / "out", model, batch=True)
    assert (result.kept, dict(result.dropped)) == (ROWS - 2, {"batch_failed": 1})
    assert result.summary["unknown"]["rows"] == 1
    late.clear()
    server.batches.clear()
    again = await run(data, tmp_path / "out", model, batch=True)
    assert (again.kept, dict(again.dropped)) == (ROWS - 1, {"batch_failed": 1})
    assert len(server.requests_in_batches()) == 2


# Kills and cancels

PROCESS = (
    "import asyncio, sys; from pathlib import Path; from autoevol.door import Door; "
    "from autoevol.verbs.evolve import evolve_all; method, data, out, model = sys.argv[1:]; "
    "asyncio.run(evolve_all(method, data, out=Path(out), model=model, door=Door(batch=True)))"
)


async def killed_at(server: BatchServer, data: Path, out: Path, model: str, moment: str) -> None:
    """Start it as a process of its own and kill it as soon as the server has seen `moment`."""
    seen = len(server.calls)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROCESS, METHOD, str(data), str(out), model),
        env={
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PATH": "",
            **{f"{name}_API_KEY": "k" for name in ("OPENAI", "ANTHROPIC")},
            "OPENAI_BASE_URL": server.openai_url,
            "ANTHROPIC_BASE_URL": server.url,
        },
    )
    while not any(call.startswith(moment) for call in server.calls[seen:]):
        server.arrived.clear()
        await asyncio.wait_for(server.arrived.wait(), 60)
    process.kill()
    await process.wait()


async def test_kill_9_repeats_no_batch(server: BatchServer, model: str, tmp_path: Path) -> None:
    ends(server, model)
    data, out = write_rows(tmp_path / "seeds.jsonl", rows(ROWS)), tmp_path / "out"
    await run(data, tmp_path / "uncut", model)
    post, look = {
        "openai/m": ("POST /batches", "GET /batches/batch_1"),
        "anthropic/m": ("POST /messages/batches", "GET /messages/batches/batch_1"),
    }[model]
    await killed_at(server, data, out, model, post)  # the answer may not have been read yet
    await killed_at(server, data, out, model, look)
    result = await run(data, out, model, batch=True)
    assert result.kept == ROWS
    assert records_in(out) == records_in(tmp_path / "uncut")
    assert len(server.requests_in_batches()) == 2 * ROWS
    assert len({name for name, _ in server.requests_in_batches()}) == 2 * ROWS


async def test_a_batch_under_way_is_not_paid_a_second_time_by_a_plain_start(
    server: BatchServer, model: str, tmp_path: Path
) -> None:
    server.stages = lambda number: ["in_progress"]
    data, out = write_rows(tmp_path / "seeds.jsonl", rows(ROWS)), tmp_path / "out"
    first = asyncio.create_task(run(data, out, model, batch=True))
    while not server.batches or not server.batches[0].looks:
        server.arrived.clear()
        await asyncio.wait_for(server.arrived.wait(), 20)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    with pytest.raises(UsageError, match=r"(?i)still with the provider") as refusal:
        await run(data, out, model)
    assert f"autoevol batches {out} --cancel" in refusal.value.hint

    server.fate = lambda batch, number, asked: "answered" if number < 4 else ""
    [kept] = await cancel(out, Door())
    assert kept.state == "cancelled"
    result = await run(data, out, model)
    assert result.kept == ROWS
    assert len(server.requests) == 2 * ROWS - 4
    assert [one.state for one in batches(out)] == ["done"]


async def test_a_batch_cancelled_elsewhere_leaves_rows_for_the_next_start(
    server: BatchServer, model: str, tmp_path: Path
) -> None:
    server.stages = lambda number: ["in_progress"]
    data, out = write_rows(tmp_path / "seeds.jsonl", rows(ROWS)), tmp_path / "out"
    working = asyncio.create_task(run(data, out, model, batch=True))
    while not server.batches or not server.batches[0].looks:
        server.arrived.clear()
        await asyncio.wait_for(server.arrived.wait(), 20)
    await cancel(out, Door())
    with pytest.raises(NothingUsable, match="cancelled"):
        await working
    ends(server, model)
    assert (await run(data, out, model, batch=True)).kept == ROWS


# Ways that cannot be gone


@pytest.mark.parametrize(
    ("model", "way", "words"),
    [
        ("fake/echo", {"batch": True}, "batches"),
        ("fake/echo", {"flex": True}, "flex"),
        ("anthropic/m", {"flex": True}, "flex"),
        ("openai/m", {"batch": True, "flex": True}, "two ways"),
    ],
)
async def test_a_way_that_cannot_be_gone_is_refused_before_a_folder_is_made(
    tmp_path: Path, model: str, way: dict[str, bool], words: str
) -> None:
    data = write_rows(tmp_path / "seeds.jsonl", rows(1))
    with pytest.raises(UsageError, match=words):
        await run(data, tmp_path / "out", model, **way)
    assert not (tmp_path / "out").exists()


# Flex


async def test_flex_is_asked_for_and_booked_as_the_endpoint_says(
    server: BatchServer, tmp_path: Path
) -> None:
    data = write_rows(tmp_path / "seeds.jsonl", rows(2))
    result = await run(data, tmp_path / "out", "openai/m", flex=True)
    assert result.kept == 2
    assert {seen.json["service_tier"] for seen in server.requests} == {"flex"}
    await run(data, tmp_path / "plain", "openai/m")
    assert "service_tier" not in server.requests[-1].json
    assert records_in(tmp_path / "out") == records_in(tmp_path / "plain")


async def test_a_model_without_flex_is_not_asked_at_the_full_price(
    server: BatchServer, tmp_path: Path
) -> None:
    words = "Unsupported value: 'service_tier' does not support 'flex' with this model."
    server.script = lambda asked: refused(400, words, param="service_tier")
    data = write_rows(tmp_path / "seeds.jsonl", rows(4))
    with pytest.raises(Rejected, match="service_tier"):
        await run(data, tmp_path / "out", "openai/m", flex=True)
    assert {seen.json.get("service_tier") for seen in server.requests} == {"flex"}


# As it is typed


async def test_the_command_line(
    server: BatchServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = write_rows(tmp_path / "seeds.jsonl", rows(ROWS)), tmp_path / "out"
    words = ["evolve", METHOD, "--data", str(data), "--model", "openai/m", "--out", str(out)]
    server.stages = lambda number: ["validating", "finalizing", "completed"]
    assert await asyncio.to_thread(main, [*words, "--batch", "--limit", "8"]) == 0
    said = capsys.readouterr().err
    assert "8 calls to openai/m sent" in said
    assert "finalizing" in said
    # What was chosen is remembered, and can be taken back.
    assert await asyncio.to_thread(main, ["evolve", "--resume", str(out), "--limit", "10"]) == 0
    assert await asyncio.to_thread(main, [*words, "--no-batch"]) == 0
    assert len(server.requests_in_batches()) == 20
    assert len(server.requests) == 4
    capsys.readouterr()
    assert await asyncio.to_thread(main, ["batches", str(out), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)["batches"]
    assert [(one["state"], one["answered"]) for one in shown] == [("done", 8)] * 2 + [
        ("done", 2)
    ] * 2


@pytest.mark.parametrize("way", [[], ["--batch"], ["--flex"]])
def test_a_plan_knows_the_price_of_the_way(
    way: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    data = write_rows(tmp_path / "seeds.jsonl", rows(3))
    words = ["evolve", METHOD, "--data", str(data), "--model", "openai/gpt-5-mini", "--dry-run"]
    assert main([*words, "--json"]) == 0
    full = json.loads(capsys.readouterr().out)["usd"]["high"]
    assert main([*words, *way, "--json"]) == 0
    half = json.loads(capsys.readouterr().out)["usd"]["high"]
    assert half == pytest.approx(full / 2 if way else full)
