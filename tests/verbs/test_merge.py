"""`merge`: shards as one, every record once, in an order that a seed decides."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from autoevol.cli.app import main
from autoevol.errors import BadInput, UsageError
from autoevol.evolving.filters.choice import Dedup, Filters
from autoevol.report.writing import write_report
from autoevol.training.formats import FORMATS
from autoevol.verbs.cost import cost
from autoevol.verbs.merge import merge
from tests.report.runs import read
from tests.verbs.evolving import (
    Model,
    all_records,
    lines,
    records_in,
    rows,
    summary_of,
    write_rows,
)


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
    with pytest.raises(UsageError, match=r"merge\.seed"):
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
        *(".lock", "run.toml", "kept.jsonl", "dropped.jsonl", "summary.json", "method.md")
    }
    assert summary_of(tmp_path / "all")["dropped"] == {"duplicate": 5}


# What can be done with the whole


async def test_the_whole_is_exported_in_every_format(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pyarrow", reason="needs the extra parquet")
    folders = await shards(tmp_path, 3)
    merge(folders, tmp_path / "all", seed=7)
    for folder in folders:
        shutil.rmtree(folder)
    for to in FORMATS:
        out = tmp_path / f"x-{to}{FORMATS[to][1]}"
        assert main(["export-data", str(tmp_path / "all"), "--to", to, "--out", str(out)]) == 0
        assert out.exists()
        assert "not at its end" not in capsys.readouterr().err
    card = (tmp_path / "x-hf" / "README.md").read_text(encoding="utf-8")
    assert "39 rows: 26 instructions that a language model rewrote" in card
    assert "and 13 seeds as they came" in card
    assert "| `code/direct` | `sha256:" in card
    assert "| `fake/model` | `fake/model` | 26 |" in card
    assert "| none | none | none | `fake/model` | 13 |" in card
    assert "Merged from 3 folders" in card
    assert "| `part2` | 2/3 | 12 | 0 |" in card
    assert "--shard 3/3 --out evolved/3" in card
    assert "autoevol merge evolved/* --out whole --seed 7" in card


async def test_a_whole_that_lacks_a_shard_says_so_when_it_is_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, _ = await shards(tmp_path, 2)
    merge([one], tmp_path / "all")
    assert main(["export-data", str(tmp_path / "all"), "--to", "messages"]) == 0
    assert "A shard is missing or not at its end" in capsys.readouterr().err


async def test_the_whole_has_a_report(tmp_path: Path) -> None:
    folders = await shards(tmp_path, 3)
    merge(folders, tmp_path / "all")
    for folder in folders:
        shutil.rmtree(folder)
    made = write_report(tmp_path / "all")
    assert made.gaps == ()
    found = read(made.path.read_text(encoding="utf-8"))
    assert "could not be" not in found.text
    assert "3 folders merged: 39 of 39 evolved rows were kept" in found.text
    assert "The sum of the bills of 3 merged runs" in found.sections["cost"]
    assert "fake/model" in found.sections["cost"]
    assert "autoevol merge" in found.sections["settings"]
    assert "--replay" not in found.sections["settings"]
    assert "holds no text of a method" not in found.sections["method"]
    assert "All 39 of the run" in found.sections["trajectories"]


async def test_the_bill_of_the_whole_is_that_of_its_parts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = await shards(tmp_path, 3)
    bills = [cost(folder).total for folder in folders]
    (folders[0] / "ledger.sqlite").unlink()  # its summary tells, too
    (folders[2] / "ledger.sqlite").unlink()
    (folders[2] / "summary.json").unlink()
    merge(folders, tmp_path / "all")
    known = bills[0] + bills[1]
    assert cost(tmp_path / "all").total == known
    assert summary_of(tmp_path / "all")["tokens"]["input"] == known.input > 0
    assert main(["cost", str(tmp_path / "all")]) == 0
    said = capsys.readouterr().err
    assert "the sum of 2 runs" in said
    assert f"Not in it, since no bill of it was there: {folders[2]}" in said
    assert main(["cost", str(tmp_path / "all"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["merged"] == [str(folder) for folder in folders[:2]]


async def test_without_bills_the_folders_are_named(tmp_path: Path) -> None:
    folders = await shards(tmp_path, 2)
    for folder in folders:
        (folder / "ledger.sqlite").unlink()
        (folder / "summary.json").unlink()
    merge(folders, tmp_path / "all")
    with pytest.raises(BadInput, match="merged folder, which holds no") as error:
        cost(tmp_path / "all")
    assert all(str(folder) in error.value.hint for folder in folders)
    found = read(write_report(tmp_path / "all").path.read_text(encoding="utf-8"))
    assert "holds no bill of theirs" in found.sections["cost"]


async def test_out_must_be_a_new_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = await shards(tmp_path, 2)
    before = (one / "kept.jsonl").read_bytes()
    assert main(["merge", str(one), str(two), "--out", str(one)]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert f"--out must be a new folder, and {one} is one of those" in said
    assert main(["merge", str(one), "--out", str(two)]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert f"--out must be a new folder, and {two} holds a run of evolve" in said
    assert "--reuse" not in said
    assert (one / "kept.jsonl").read_bytes() == before
    first = merge([one, two], tmp_path / "all")
    assert merge([one, two], tmp_path / "all") == first  # a cut merge is done again
