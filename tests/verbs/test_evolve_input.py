"""`evolve` on bad places and odd input: it stops cleanly, says so, and goes on later."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import zstandard

from autoevol.errors import BadInput, NothingUsable, StorageFailed, Unreachable, UsageError
from autoevol.evolving import records as record_files
from autoevol.llm.fake import Answer
from autoevol.verbs.evolve import evolve_all
from tests.verbs.evolving import (
    METHOD,
    MODEL,
    Model,
    Notes,
    all_records,
    door,
    lines,
    records_in,
    rows,
    summary_of,
    write_rows,
)

LOADED = """
import asyncio, sys, tempfile
from pathlib import Path
from autoevol.door import Door
from autoevol.verbs.evolve import evolve_all
def script(request):
    if request.role == "evolver":
        return "<evolved>Sort a list of integers in place, within three swaps.</evolved>"
    return "def sort(values): ..."
async def run():
    with tempfile.TemporaryDirectory() as folder:
        rows = [{"instruction": "Sort a list of integers in place."}]
        door = Door(scripts={"s": script})
        await evolve_all("code/direct", rows, out=Path(folder, "o"), model="fake/s", door=door)
asyncio.run(run())
heavy = ("dspy", "optuna", "torch", "litellm", "numpy", "pandas", "sqlalchemy", "rich", "typer")
print(*(name for name in heavy if name in sys.modules))
"""


def test_a_whole_run_loads_nothing_that_only_learning_needs() -> None:
    top = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        env={"PYTHONPATH": top, "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


async def test_a_full_disk_ends_the_run_in_order_and_space_lets_it_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, uncut = Model(), Model()
    room = [3000]

    class Full(record_files.Appender):
        def write(self, record: object) -> None:
            if not room or room[0] <= 0:
                with record_files.storage(self.path):
                    raise OSError(28, os.strerror(28))
            room[0] -= 1000
            super().write(record)  # type: ignore[arg-type]

    monkeypatch.setattr("autoevol.verbs.evolve.Appender", Full)
    with pytest.raises(StorageFailed, match="No space left") as met:
        await all_records(rows(9), tmp_path / "out", model)
    assert met.value.exit_status == 2
    assert "same folder" in met.value.hint
    assert len(lines(tmp_path / "out" / "kept.jsonl")) == 3
    room[0] = 10**9
    asked = len(model.asked)
    await all_records(rows(9), tmp_path / "out", model)
    await all_records(rows(9), tmp_path / "uncut", uncut)
    assert records_in(tmp_path / "out") == records_in(tmp_path / "uncut")
    assert len(model.asked) == len(uncut.asked)
    assert asked <= len(uncut.asked)


async def test_a_place_that_cannot_be_written_is_refused_before_a_call(tmp_path: Path) -> None:
    model = Model()
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageFailed):
        await all_records(rows(2), tmp_path / "file" / "out", model)
    assert not model.asked


@pytest.mark.parametrize("ending", [".gz", ".zst"])
async def test_packed_seeds_are_read_and_gone_on_with(tmp_path: Path, ending: str) -> None:
    text = "".join(json.dumps(row) + "\n" for row in rows(6)).encode()
    packed = gzip.compress(text) if ending == ".gz" else zstandard.compress(text)
    data = tmp_path / f"seeds.jsonl{ending}"
    data.write_bytes(packed)
    model = Model()
    await all_records(data, tmp_path / "out", model, limit=3)
    assert len(await all_records(data, tmp_path / "out", model)) == 6
    assert len(model.asked) == 12


async def test_a_row_of_ten_megabytes_goes_its_way(tmp_path: Path) -> None:
    long = {"id": "long", "instruction": "Count the words of this text: " + "word and " * 1_200_000}
    data = write_rows(tmp_path / "seeds.jsonl", [long, *rows(2)])
    records = await all_records(data, tmp_path / "out", Model(), respond=False)
    assert {r["seed_id"] for r in records} == {"long", "seed-0", "seed-1"}


MIXED = (
    {"id": "alpaca", "instruction": "Sort the words.", "input": "pear fig", "output": "fig pear"},
    {"uid": "chat", "messages": [{"role": "user", "content": "Reverse a queue in place."}]},
    {"conversations": [{"from": "human", "value": "Draw a maze of 9 by 9."}], "id": "sharegpt"},
    {"prompt": "Write a parser for dates.", "completion": "def parse(): ...", "id": 7},
    {"question": "How many bats are 3 pairs?", "answer": "2 each #### 6", "id": "math"},
    {"id": "extra", "instruction": "Write a cache of 4 slots.", "meta": {"deep": [1, {"a": None}]}},
    {"id": "null", "instruction": "Plan a calendar week.", "response": None, "tests": None},
)


async def test_rows_of_many_shapes_in_files_of_many_kinds_are_one_run(tmp_path: Path) -> None:
    folder, model, out = tmp_path / "data", Model(), tmp_path / "out"
    folder.mkdir()
    write_rows(folder / "a.jsonl", MIXED)
    (folder / "b.csv").write_text("id,prompt,output\ncsv,Write a bank ledger.,x\n")
    (folder / "c.json").write_text(json.dumps([{"id": "json", "instruction": "Solve a maze."}]))
    gzipped = gzip.compress(b'{"id": "gz", "instruction": "Steer a robot home."}\n')
    (folder / "d.jsonl.gz").write_bytes(gzipped)
    records = await all_records(folder, out, model, limit=5)
    assert len(records) == 5
    records = await all_records(folder, out, model)
    wanted = {"alpaca", "chat", "sharegpt", "7", "math", "extra", "null", "csv", "json", "gz"}
    assert {record["seed_id"] for record in records} == wanted
    assert all(record["verdict"]["kept"] for record in records)
    assert all(record["response"].startswith("It checks") for record in records)
    assert len({tuple(record) for record in records}) == 1  # one shape goes out
    assert len(model.asked) == 2 * len(wanted)


@pytest.mark.parametrize(
    "row", ['{"id": 1}', '{"instruction": 7}', "[1]", '"x"', '{"messages": 1}']
)
async def test_a_row_of_no_known_shape_among_others_is_named_or_left_out(
    tmp_path: Path, row: str
) -> None:
    data = write_rows(tmp_path / "seeds.jsonl", MIXED)
    data.write_text(data.read_text() + row + "\n" + json.dumps(rows(1)[0]) + "\n")
    with pytest.raises(BadInput, match=rf"seeds\.jsonl, line {len(MIXED) + 1}"):
        await all_records(data, tmp_path / "strict", Model())
    records = await all_records(data, tmp_path / "out", Model(), skip_bad=True)
    assert len(records) == len(MIXED) + 1
    assert summary_of(tmp_path / "out")["skipped"]["count"] == 1


async def test_a_text_under_another_name_and_a_file_that_grew_have_their_way_out(
    tmp_path: Path,
) -> None:
    named = write_rows(tmp_path / "named.jsonl", [{"id": "a", "text": "Draw a maze of 9 by 9."}])
    with pytest.raises(BadInput, match="--field instruction=text"):
        await all_records(named, tmp_path / "named", Model())
    data = write_rows(tmp_path / "seeds.jsonl", rows(3))
    await all_records(data, tmp_path / "out", Model())
    write_rows(data, rows(4))
    with pytest.raises(UsageError) as met:
        await all_records(data, tmp_path / "out", Model())
    assert "The data changed" in met.value.hint
    assert f"--reuse {tmp_path / 'out'}" in met.value.hint
    model = Model()
    reused = door(model, reuse=[tmp_path / "out"])
    assert len(await all_records(data, tmp_path / "new", model, door=reused)) == 4
    assert len(model.asked) == 2


async def test_equal_ids_are_rows_of_their_own(tmp_path: Path) -> None:
    twice = [{**row, "id": "same"} for row in rows(3)]
    model = Model()
    watcher = Notes()
    records = await all_records(twice, tmp_path / "out", model, watcher=watcher)
    assert any("2 rows have the id of an earlier row" in note for note in watcher.notes)
    assert summary_of(tmp_path / "out")["skipped"]["repeated"] == 2
    assert sorted(r["seed_id"] for r in records) == ["same", "same#2", "same#3"]
    assert len(records_in(tmp_path / "out")) == 3


async def test_an_endpoint_that_died_half_way_comes_back(tmp_path: Path) -> None:
    alive = [8]

    def odd(role: str, text: str) -> Answer | None:
        if alive and alive[0] <= 0:
            raise Unreachable("nobody answers")
        if alive:
            alive[0] -= 1
        return None

    model, uncut = Model(odd), Model()
    data = write_rows(tmp_path / "seeds.jsonl", rows(10))
    with pytest.raises(Unreachable):
        await all_records(data, tmp_path / "out", model, door=door(model, concurrency=2))
    assert summary_of(tmp_path / "out")["complete"] is False
    alive.clear()
    result = await evolve_all(
        METHOD, data, out=tmp_path / "out", model=MODEL, door=door(model, concurrency=2)
    )
    await all_records(data, tmp_path / "uncut", uncut)
    assert result.summary["complete"] is True
    assert records_in(tmp_path / "out") == records_in(tmp_path / "uncut")


async def test_no_kept_row_is_no_success(tmp_path: Path) -> None:
    with pytest.raises(NothingUsable, match="Not one of 3 rows") as met:
        await all_records(rows(3), tmp_path / "out", Model(lambda role, text: "no tags"))
    assert met.value.exit_status == 4
    assert len(lines(tmp_path / "out" / "dropped.jsonl")) == 3
