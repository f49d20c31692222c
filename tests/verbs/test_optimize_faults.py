"""`optimize` when something gives out: budget, disk, endpoint, judge; and how it goes on."""

from __future__ import annotations

import errno
import functools
import inspect
import json
import os
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autoevol.door import Door
from autoevol.errors import (
    BudgetReached,
    NothingUsable,
    StorageFailed,
    Unauthorised,
    Unavailable,
    Unreachable,
)
from autoevol.llm.client import Client
from autoevol.llm.fake import Answer
from autoevol.llm.ledger import Ledger
from autoevol.llm.messages import Request, Response
from tests.planted import served
from tests.server import LoopbackServer, always, refused
from tests.verbs.optimizing import World, found, learn


@pytest.fixture(scope="module")
def uncut(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a run finds that nothing disturbs."""
    import asyncio

    run = tmp_path_factory.mktemp("uncut") / "run"
    asyncio.run(learn(run, model="fake/w", door=through(World())))
    return found(run)


def through(world: Callable[[Request], Answer], **more: Any) -> Door:
    return Door(scripts={"w": world}, **more)


@pytest.mark.parametrize(
    ("small", "large"), [("150calls", "9000calls"), ("60000tokens", "1e8tokens")]
)
async def test_a_run_ends_at_its_budget_and_goes_on_with_a_larger_one(
    tmp_path: Path, uncut: Any, small: str, large: str
) -> None:
    run, world = tmp_path / "run", World()
    with pytest.raises(BudgetReached, match="budget reached"):
        await learn(run, model="fake/w", door=through(world, budget=small))
    with Ledger(run / "ledger.sqlite") as ledger:
        spent = ledger.spent()
    assert 0 < spent.calls <= (150 if "calls" in small else 10**6)
    assert 0 < spent.tokens <= (60_000 if "tokens" in small else 10**9)
    with pytest.raises(BudgetReached):
        await learn(run, model="fake/w", door=through(world, budget=small))
    await learn(run, model="fake/w", door=through(world, budget=large))
    assert found(run) == uncut


async def test_a_budget_in_money_is_kept_and_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINE_KEY", "k")
    async with LoopbackServer(served()) as server:
        table = tmp_path / "autoevol.toml"
        table.write_text(
            f"[endpoints.mine]\nbase_url = '{server.openai_url}'\napi_key_env = 'MINE_KEY'\n"
            "price = { input = 10, output = 30 }\n"
        )
        runs = [tmp_path / name / "run" for name in ("cut", "uncut")]

        def door(budget: str) -> Door:
            return Door(config=table, confirm=lambda _: True, budget=budget)

        with pytest.raises(BudgetReached, match="usd spent"):
            await learn(runs[0], model="mine/m", door=door("0.5usd"))
        with Ledger(runs[0] / "ledger.sqlite") as ledger:
            spent = ledger.spent().money
        assert spent is not None
        assert 0 < spent <= 0.5
        await learn(runs[0], model="mine/m", door=door("500usd"))
        await learn(runs[1], model="mine/m", door=door("500usd"))
    assert found(runs[0]) == found(runs[1])


async def test_too_many_unknown_items_pause_the_run_and_it_goes_on(
    tmp_path: Path, uncut: Any
) -> None:
    evolved: list[Request] = []

    def odd(request: Request) -> Answer | None:
        if request.role == "evolver":
            evolved.append(request)
            if len(evolved) % 3 == 0:
                raise Unavailable("the endpoint is tired.")
        return None

    run = tmp_path / "run"
    with pytest.raises(NothingUsable, match="could not be measured for initial") as caught:
        await learn(run, model="fake/w", door=through(World(odd=odd)))
    assert caught.value.exit_status == 4
    await learn(run, model="fake/w", door=through(World()))
    assert found(run) == uncut


async def test_one_unknown_item_is_left_out_and_counted(tmp_path: Path) -> None:
    failed: list[Request] = []

    def odd(request: Request) -> Answer | None:
        if request.role == "evolver" and (not failed or failed[0] == request):
            failed.append(request)
            raise Unavailable("the endpoint is tired.")
        return None

    result = await learn(tmp_path / "run", model="fake/w", door=through(World(odd=odd)))
    assert failed
    assert result.summary["confirm"]["arms"]["initial"]["unknown"] == 0
    first = failed[0].messages[-1].content
    shown = (tmp_path / "run" / "trajectories.jsonl").read_text()
    assert "unknown" in shown
    assert first not in shown


@pytest.mark.parametrize("digit", ["3", "no"])
async def test_a_judge_that_cannot_be_trusted_ends_the_run_by_name(
    tmp_path: Path, digit: str
) -> None:
    def odd(request: Request) -> Answer | None:
        if request.role != "judge":
            return None
        return Response(digit, "stop", World()(request).usage, logprobs=(((digit, 0.0),),))  # type: ignore[union-attr]

    world = World(odd=odd)
    with pytest.raises(NothingUsable, match="fake/w") as caught:
        await learn(tmp_path / "run", model="fake/w", door=through(world))
    assert caught.value.exit_status == 4
    assert "--judge" in caught.value.hint
    assert set(world.asked) == {"judge"}


async def test_an_address_where_nobody_answers_is_given_up_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    assert inspect.signature(Client).parameters["patience_s"].default <= 30
    monkeypatch.setattr("autoevol.door.Client", functools.partial(Client, patience_s=1.0))
    async with LoopbackServer() as server:
        address = server.openai_url
    with pytest.raises(Unreachable, match="nobody answers") as caught:
        await learn(tmp_path / "run", model="openai/m", door=Door(base_url=address))
    assert caught.value.exit_status == 4


async def test_a_wrong_key_ends_the_run_without_a_second_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "sk-planted-27182818"
    monkeypatch.setenv("OPENAI_API_KEY", key)
    wrong = always(refused(401, f"Incorrect API key provided: {key}"))
    async with LoopbackServer(wrong) as server:
        door = Door(base_url=server.openai_url, concurrency=4)
        with pytest.raises(Unauthorised) as caught:
            await learn(tmp_path / "run", model="openai/m", door=door)
        assert len(server.requests) <= 4
    assert key not in str(caught.value)
    files = [path for path in (tmp_path / "run").iterdir() if path.is_file()]
    assert not [path for path in files if key.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    "name",
    ["run.toml", "trajectories.jsonl", "000.md", "study.sqlite3", "method.md", "summary.json"],
)
async def test_a_full_disk_is_a_storage_error_whichever_file_meets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uncut: Any, name: str
) -> None:
    replace = os.replace

    def full(source: Any, target: Any, **more: Any) -> None:
        if Path(target).name == name:
            raise OSError(errno.ENOSPC, "No space left on device", str(target))
        replace(source, target, **more)

    run = tmp_path / "run"
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        with pytest.raises(StorageFailed, match="No space left") as caught:
            await learn(run, model="fake/w", door=through(World()))
    assert caught.value.exit_status == 2
    for path in run.rglob("*.json*"):
        for line in path.read_text().splitlines() if path.suffix == ".jsonl" else ():
            json.loads(line)
    if name == "run.toml":
        for litter in run.glob(".run.toml*"):
            litter.unlink()
    await learn(run, model="fake/w", door=through(World()))
    assert found(run) == uncut


@pytest.mark.parametrize("most", [70_000, 250_000])
async def test_a_file_that_may_not_grow_is_a_storage_error_and_the_run_goes_on(
    tmp_path: Path, uncut: Any, most: int
) -> None:
    run = tmp_path / "run"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        with pytest.raises(StorageFailed) as caught:
            await learn(run, model="fake/w", door=through(World()))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.hint
    await learn(run, model="fake/w", door=through(World()))
    assert found(run) == uncut


async def test_a_folder_that_may_not_be_written_is_a_storage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def denied(path: Any, *flags: Any, **more: Any) -> int:
        if str(path).endswith(".lock"):
            raise PermissionError(errno.EROFS, "Read-only file system", str(path))
        return opened(path, *flags, **more)

    world = World()
    monkeypatch.setattr(os, "open", denied)
    with pytest.raises(StorageFailed, match="Read-only file system") as caught:
        await learn(tmp_path / "run", model="fake/w", door=through(world))
    assert "Name another folder" in caught.value.hint
    assert not world.asked
