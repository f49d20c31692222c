"""The zoo: its rows have their form, lie in their half, and no two are alike."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from autoevol.prompts import load_meanings
from autoevol.verbs.check import read_pairs

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("zoo_rows", BENCHMARKS / "zoo_rows.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["zoo_rows"] = module
    spec.loader.exec_module(module)
    return module


zoo = _load()
FILES = sorted(zoo.ZOO.glob("*.jsonl"))
ROWS: list[dict[str, Any]] = zoo.read()

GOOD = {
    "id": "zoo-code-w001",
    "domain": "code",
    "origin": "written",
    "method": None,
    "seed": "Sort a list.",
    "evolved": "Sort a list so that equal items keep their order.",
    "raw": None,
    "finish": None,
    "response": None,
    "response_finish": None,
    "label": "good",
    "classes": [],
    "rule": False,
    "trap": None,
    "note": "Asks for a stable sort.",
}


def test_every_row_has_its_form() -> None:
    assert {row["id"]: found for row in ROWS if (found := zoo.faults(row))} == {}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"label": "failed"}, "classes"),
        ({"classes": ["identity"]}, "classes"),
        ({"label": "failed", "classes": ["no_such"]}, "classes"),
        ({"label": "failed", "classes": ["identity", "identity"]}, "class named twice"),
        ({"rule": True}, "rule"),
        ({"label": "failed", "classes": ["identity"], "trap": "x"}, "trap"),
        ({"id": "zoo-math-w001"}, "id"),
        ({"id": "zoo-code-r001"}, "id"),
        ({"finish": "stop"}, "finish"),
        ({"response": "Sorted."}, "response_finish"),
        ({"evolved": None}, "neither evolved nor raw"),
        ({"note": "two\nlines"}, "note"),
        ({"seed": None}, "fields: seed"),
        ({"extra": 1}, "fields: ['extra']"),
    ],
)
def test_a_row_out_of_form_is_told(change: dict[str, Any], fault: str) -> None:
    assert zoo.faults(GOOD) == []
    assert fault in zoo.faults(GOOD | change)


def test_ids_are_unique_and_the_halves_share_no_seed() -> None:
    assert [name for name, n in Counter(row["id"] for row in ROWS).items() if n > 1] == []
    for path in FILES:
        rows = zoo.read_file(path)
        assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
        assert {row["domain"] for row in rows} == {path.stem.split("-")[0]}
    train, test = ({zoo.plain(r["seed"]) for r in zoo.read(half)} for half in zoo.HALVES)
    assert train & test == set()


def test_no_two_rows_are_alike() -> None:
    def plain(text: str | None) -> str:
        return " ".join((text or "").casefold().split())

    seen = Counter(
        (
            plain(r["seed"]),
            plain(r["evolved"]),
            plain(r["response"])[:100],
            not r["evolved"] and r["raw"],
        )
        for r in ROWS
    )
    assert [key for key, n in seen.items() if n > 1] == []


def test_classes_are_those_of_the_eliminator_and_those_that_need_a_reader() -> None:
    assert set(zoo.PLAIN) <= set(load_meanings())
    assert not set(zoo.PLAIN) & set(zoo.DEEP)
    text = (zoo.ZOO / "README.md").read_text(encoding="utf-8")
    assert [name for name in sorted(zoo.CLASSES) if f"`{name}`" not in text] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_check_reads_the_files(path: Path) -> None:
    assert len(list(read_pairs(path))) == len(zoo.read_file(path))


def test_rows_are_put_into_the_files_of_a_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zoo, "ZOO", tmp_path)
    zoo.put([GOOD, GOOD | {"id": "zoo-math-w001", "domain": "math"}], "train")
    zoo.put([GOOD | {"id": "zoo-code-w000", "note": "A stable\u2028sort."}], "train")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["code-train.jsonl", "math-train.jsonl"]
    assert [r["id"] for r in zoo.read("train")][:2] == ["zoo-code-w000", "zoo-code-w001"]
    assert zoo.read()[0]["note"] == "A stable\u2028sort."
    assert zoo.read("test") == []


def test_no_row_takes_the_place_of_another_and_no_seed_is_in_both_halves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zoo, "ZOO", tmp_path)
    zoo.put([GOOD], "train")
    for row, fault in (
        (GOOD | {"seed": "Add."}, "zoo-code-w001: the id is taken"),
        (GOOD | {"id": "zoo-code-w002", "seed": " SORT  a list."}, "its seed is in train"),
    ):
        with pytest.raises(ValueError, match=fault):
            zoo.put([row], "test")
    assert zoo.read() == [GOOD]


def test_there_are_enough_rows_and_real_and_good_ones_among_them() -> None:
    real = [row for row in ROWS if row["origin"] != "written"]
    assert len(real) >= 160
    assert {row["domain"] for row in real} == set(zoo.DOMAINS)
    assert sum(row["label"] == "good" for row in real) / len(real) >= 0.2
    assert len(ROWS) >= 400
    assert sum(row["label"] == "good" for row in ROWS) / len(ROWS) >= 0.4
    for half in zoo.HALVES:
        assert {row["label"] for row in zoo.read(half)} == {"good", "failed"}
