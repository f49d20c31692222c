"""`merge`: shards as one, every record once, in an order that a seed decides."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from autoevol.cli.app import main
from autoevol.errors import UsageError
from autoevol.evolving.filters.choice import Dedup, Filters
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


@pytest.mark.parametrize("dedup", ["minhash", "rouge", "none"])
async def test_what_is_like_a_record_of_another_shard_is_dropped(
    tmp_path: Path, dedup: Dedup
) -> None:
    # One and the same task in every row: the first shard keeps one, and so does the second.
    data = [{**row, "instruction": rows(1)[0]["instruction"]} for row in rows(6)]
    path, parts = write_rows(tmp_path / "seeds.jsonl", data), [tmp_path / "1", tmp_path / "2"]
    for number, part in enumerate(parts, start=1):
        chosen = {"shard": f"{number}/2", "filters": Filters(dedup=dedup)}
        await all_records(path, part, Model(), **chosen)
    merged = merge(parts, tmp_path / "all")
    found = lines(tmp_path / "all" / "kept.jsonl")
    if dedup == "none":
        assert (merged.kept, merged.dropped, merged.alike) == (6, 0, 0)
        return
    assert (merged.kept, merged.dropped, merged.alike) == (1, 5, 1)
    last = lines(tmp_path / "all" / "dropped.jsonl")[-1]
    assert found == lines(parts[0] / "kept.jsonl")
    assert last["id"] == lines(parts[1] / "kept.jsonl")[0]["id"]
    said = [{"rule": "duplicate", "evidence": f"the same words as {found[0]['id']}"}]
    assert last["verdict"]["failures"] == said
    assert {file.name for file in (tmp_path / "all").iterdir()} == {
        *(".lock", "run.toml", "kept.jsonl", "dropped.jsonl", "summary.json")
    }
