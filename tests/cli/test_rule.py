"""`--rule`: a failure rule of one's own, as a person names it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Autoevol

RULES = "from autoevol.types import Failure\n\n\n"
RULES += (
    "def shouting(e):\n    return Failure('', '!') if e.after.text.endswith('!') else None\n\n\n"
)
RULES += "def broken(e):\n    return e.nothing\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules_of_mine.py").write_text(RULES)
    row = {"seed": "Sort a list.", "evolved": "Sort a list of pairs by the second of each!"}
    (tmp_path / "pairs.jsonl").write_text(json.dumps(row) + "\n")
    (tmp_path / "seeds.jsonl").write_text('{"instruction": "Sort a list of names."}\n')
    yield tmp_path
    sys.modules.pop("rules_of_mine", None)


def test_an_own_rule_speaks_under_its_functions_name(autoevol: Autoevol, folder: Path) -> None:
    done = autoevol("check", "pairs.jsonl", "--rule", "rules_of_mine:shouting")
    assert done.code == 0
    assert done.document["rules"] == [{"rule": "shouting", "evidence": "!"}]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("rules_of_mine", "MODULE:FUNCTION"),
        ("nowhere_at_all:x", "nowhere_at_all"),
        ("rules_of_mine:missing", "no function 'missing'"),
        ("rules_of_mine:broken", "The rule rules_of_mine:broken failed"),
    ],
)
def test_a_rule_that_cannot_be_had_or_breaks_is_bad_usage(
    autoevol: Autoevol, folder: Path, name: str, words: str
) -> None:
    done = autoevol("check", "pairs.jsonl", "--rule", name)
    assert done.code == 2
    assert words in done.err


def test_a_run_with_an_own_rule_goes_on_only_with_it(autoevol: Autoevol, folder: Path) -> None:
    flags = ["--data", "seeds.jsonl", "--out", "out", "--model", "fake/echo"]
    mine = ["--rule", "rules_of_mine:shouting"]
    autoevol("evolve", "code/direct", *flags, *mine)
    without = autoevol("evolve", "--resume", "out")
    assert without.code == 2
    assert "rules_of_mine:shouting" in without.err
    assert autoevol("evolve", "--resume", "out", *mine).code != 2


def test_a_comparison_with_an_own_rule_is_replayed_only_with_it(
    autoevol: Autoevol, folder: Path
) -> None:
    words = ("compare", "any/harder", "--data", "seeds.jsonl", "--model", "fake/planted")
    mine = ("--rule", "rules_of_mine:shouting")
    first = autoevol(*words, *mine, "--run", "r")
    assert first.code == 0
    assert "Rules of your own: rules_of_mine:shouting." in first.out
    without = autoevol("compare", "--replay", "r", "--run", "again")
    assert without.code == 2
    assert "Give them again: --rule rules_of_mine:shouting" in " ".join(without.err.split())
    assert not Path("again").exists()
    assert autoevol("compare", "--resume", "r").code == 2
    assert autoevol("compare", "--resume", "r", *mine).code == 0
    assert autoevol("compare", "--replay", "r", "--run", "again", *mine).code == 0
    broken = autoevol(*words, "--rule", "rules_of_mine:broken", "--run", "b")
    assert broken.code == 2
    assert "The rule rules_of_mine:broken failed" in broken.err
