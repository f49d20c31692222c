"""What a learned method has seen takes no part in its own proof."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autoevol.comparing.past import seen_by, unseen, untraced
from autoevol.data.splits import SPLITS
from autoevol.methods import load_method, write_method
from autoevol.types import Instruction, Method

LEARNED = Method("auto", "code", "Open.\n\n1. Add one demand.", kind="learned")
ITEMS = [
    Instruction("Sort a list of integers in place without a helper.", "a"),
    Instruction("Sort a list of integers in place, without a helper!", "b"),
    Instruction("Explain why a deadlock arises between two database sessions.", "c"),
    Instruction("Write a shell script that rotates log files every night.", "d"),
]


def run_folder(folder: Path, text: str) -> str:
    write_method(LEARNED, folder / "method.md")
    (folder / SPLITS).write_text(text, encoding="utf-8")
    return str(folder / "method.md")


def test_train_and_dev_items_and_their_near_copies_are_left_out(tmp_path: Path) -> None:
    shares = {"train": ["a"], "dev": ["c"], "confirm": ["d"]}
    seen = seen_by([run_folder(tmp_path, json.dumps(shares)), "code/direct", LEARNED])
    assert seen == {"a", "c"}
    assert [item.id for item in unseen(ITEMS, seen)] == ["d"]


def test_where_nothing_was_seen_all_items_stay() -> None:
    assert unseen(ITEMS, frozenset()) == ITEMS
    assert unseen(ITEMS, frozenset({"elsewhere"})) == ITEMS


@pytest.mark.parametrize("text", ["", "{", "[]", '{"train": ["a"]}', '{"train": 3, "dev": []}'])
def test_a_file_of_no_use_tells_nothing(tmp_path: Path, text: str) -> None:
    assert seen_by([run_folder(tmp_path, text)]) == frozenset()


def test_a_learned_method_without_its_run_folder_is_named(tmp_path: Path) -> None:
    direct = load_method("code/direct")
    assert untraced(["code/direct", LEARNED], [direct, LEARNED]) == ["code/auto"]
    known = run_folder(tmp_path, '{"train": [], "dev": [], "confirm": []}')
    assert untraced([known], [direct, load_method(known)]) == []


def test_a_candidate_in_its_run_folder_has_seen_what_the_run_has(tmp_path: Path) -> None:
    run_folder(tmp_path, '{"train": ["a"], "dev": ["c"], "confirm": []}')
    (tmp_path / "candidates").mkdir()
    tried = str(tmp_path / "candidates" / "001.md")
    write_method(LEARNED, Path(tried))
    assert seen_by([tried]) == {"a", "c"}
    assert untraced([tried], [load_method(tried)]) == []
