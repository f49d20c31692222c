"""`merge`: shards as one, every record once, in an order that a seed decides."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from autoevol.cli.app import main
from autoevol.errors import UsageError
from autoevol.verbs.merge import merge
from tests.verbs.evolving import Model, all_records, lines, records_in, rows, write_rows


async def shards(tmp_path: Path, count: int) -> list[Path]:
    data = write_rows(tmp_path / "seeds.jsonl", rows(13))
    folders = [tmp_path / f"part{n}" for n in range(1, count + 1)]
    for number, folder in enumerate(folders, start=1):
        shard = {"shard": f"{number}/{count}"} if count > 1 else {}
        await all_records(data, folder, Model(), rounds=2, seeds=True, **shard)
    return folders


async def test_the_whole_of_all_shards_is_the_run_without_them(tmp_path: Path) -> None:
    folders = await shards(tmp_path, 3)
    (tmp_path / "one").mkdir()
    (whole,) = await shards(tmp_path / "one", 1)
    merged = merge(folders, tmp_path / "all", seed=7)
    assert records_in(tmp_path / "all") == records_in(whole)
    assert (merged.kept, merged.dropped) == (39, 0)
    assert (merged.missing, merged.unfinished) == ((), ())


async def test_the_order_is_mixed_and_depends_on_the_seed_alone(tmp_path: Path) -> None:
    folders = await shards(tmp_path, 2)
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        merge(folders, tmp_path / name, seed)
    first, again, other = (
        [r["id"] for r in lines(tmp_path / name / "kept.jsonl")] for name in "abc"
    )
    assert first == again != other
    rounds = [r["round"] for r in lines(tmp_path / "a" / "kept.jsonl")]
    assert rounds != sorted(rounds)
    assert set(rounds[:13]) == {0, 1, 2}


async def test_what_is_missing_or_unfinished_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two, _ = await shards(tmp_path, 3)
    summary = json.loads((two / "summary.json").read_text())
    (two / "summary.json").write_text(json.dumps({**summary, "complete": False}))
    assert main(["merge", str(one), str(two), "--out", str(tmp_path / "all")]) == 0
    said = capsys.readouterr()
    assert "27 kept, 0 dropped" in said.out
    assert "No folder holds shard 3/3." in said.err
    assert f"{two} is not finished" in said.err


async def test_what_does_not_belong_together_is_refused(tmp_path: Path) -> None:
    one, two = await shards(tmp_path, 2)
    with pytest.raises(UsageError, match="same record"):
        merge([one, shutil.copytree(one, tmp_path / "copy")], tmp_path / "all")
    other = tmp_path / "other"
    await all_records(tmp_path / "seeds.jsonl", other, Model(), rounds=1)
    with pytest.raises(UsageError, match=r"different runs \(\[settings\]"):
        merge([one, other], tmp_path / "not")
    merge([one, two], tmp_path / "taken", seed=1)
    with pytest.raises(UsageError, match=r"settings\.seed"):
        merge([one, two], tmp_path / "taken", seed=2)
