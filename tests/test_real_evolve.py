"""`benchmarks/real_evolve.py` on a scripted model: which seeds it takes, how it goes on, and that
what it writes holds no text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autoevol.llm.messages import Request
from benchmarks import real_evolve
from tests.verbs.evolving import Model, rows, write_rows

Json = dict[str, Any]


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A folder like that of the public data; some of its rows are not for this."""
    folder = tmp_path / "shared"
    (folder / "seeds").mkdir(parents=True)
    texts = [str(row["instruction"]) for row in rows(60)]
    licenses = {"mbpp": "CC-BY-4.0", "odex": "CC-BY-SA-4.0", "codealpaca": "CC-BY-NC-4.0"}
    sources = list(licenses) * 20
    write_rows(
        folder / "seeds" / "code.jsonl",
        [
            {
                "id": f"{source}-{n}",
                "instruction": text,
                "source": source,
                # One row of a source that is usually permissive is not.
                "meta": {"license": "CC-BY-NC-4.0" if n == 0 else licenses[source]},
            }
            for n, (source, text) in enumerate(zip(sources, texts, strict=True))
        ],
    )
    return folder


def run(tmp_path: Path, model: Any, *more: object) -> tuple[int, Json]:
    out = tmp_path / "result.json"
    words = ["--method", "code/direct", "--model", "fake/m", "--run", tmp_path / "run"]
    words += ["--rows", 20, "--out", out, *more]
    ended = real_evolve.main([str(word) for word in words], {"m": model})
    return ended, json.loads(out.read_text()) if out.exists() else {}


def test_seeds_are_permissive_and_depend_on_the_number_alone(shared: Path) -> None:
    found = real_evolve.picked(shared, 20, 0)
    sources = [row["source"] for row in found]
    assert {name: sources.count(name) for name in set(sources)} == {
        "mbpp": 8,
        "odex": 6,
        "autoevol": 6,
    }
    assert {row["meta"]["license"] for row in found} <= set(real_evolve.LICENSES)
    assert not [row for row in found if row["id"] in ("mbpp-0", "codealpaca-2")]
    file = shared / "seeds" / "code.jsonl"
    file.write_text("".join(reversed(file.read_text().splitlines(keepends=True))))
    assert real_evolve.picked(shared, 20, 0) == found
    assert real_evolve.picked(shared, 20, 1) != found
    with pytest.raises(SystemExit, match="there are"):
        real_evolve.picked(shared, 200, 0)


def test_counts_and_no_text_are_written_and_nothing_is_asked_twice(
    shared: Path, tmp_path: Path
) -> None:
    def odd(role: str, text: str) -> str | None:
        return "no tags" if role == "evolver" and "that prints a" in text else None

    model = Model(odd)
    ended, found = run(tmp_path, model, "--shared", shared)
    assert ended == 0
    calls = len(model.asked)
    assert found["seeds"]["rows"] == 20
    assert sum(found["seeds"]["by_source_and_license"].values()) == 20
    whole = found["all"]
    assert whole["records"] == whole["kept"] + sum(whole["dropped"].values()) == 40
    assert whole["dropped"]["format_break"] == 2 * 14  # of both rounds: our own are worded unlike
    assert found["by_source"]["autoevol"]["kept"] > 0
    for parts in ("by_round", "by_source"):
        assert sum(part["kept"] for part in found[parts].values()) == whole["kept"]
    assert found["complete"]
    assert found["tokens"]["output"] > 0
    assert found["calls"]["evolver"]["calls"] == sum(r.role == "evolver" for r in model.asked)
    said = json.dumps(found)
    for row in real_evolve.picked(shared, 20, 0):
        assert str(row["instruction"])[:30] not in said
    assert str(tmp_path) not in said
    ended, again = run(tmp_path, model, "--shared", shared)
    assert ended == 0
    assert len(model.asked) == calls
    assert {**again, "minutes": 0} == {**found, "minutes": 0}


def test_a_run_out_of_time_writes_nothing_and_goes_on(shared: Path, tmp_path: Path) -> None:
    model = Model()
    script = model.__call__

    def slow(request: Request) -> Any:
        if len(model.asked) == 30:
            raise TimeoutError  # as the clock of the run does
        return script(request)

    ended, found = run(tmp_path, slow, "--shared", shared, "--max-minutes", 60)
    assert (ended, found) == (3, {})
    assert len(model.asked) == 30
    minutes = float((tmp_path / "run" / "minutes.txt").read_text())
    model.asked.append(model.asked[0])  # past the number at which it stops
    ended, found = run(tmp_path, slow, "--shared", shared)
    assert ended == 0
    assert found["all"]["records"] == 40
    assert found["minutes"] >= round(minutes, 1)


def test_without_the_shared_data_it_is_skipped_with_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(real_evolve.SHARED, raising=False)
    assert run(tmp_path, Model()) == (0, {})
    assert run(tmp_path, Model(), "--shared", tmp_path) == (0, {})
    assert capsys.readouterr().out.count("skipped: no seeds/code.jsonl") == 2
    assert not (tmp_path / "run").exists()
