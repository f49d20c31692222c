"""What a person reads in odd cases: one of a thing, rows and functions of his own, nothing kept."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Autoevol
from tests.verbs.evolving import rows, write_rows

MODEL = ("--model", "fake/planted")
MINE = """
from autoevol import Failure

def longer(before, after):
    return min(1.0, (len(after) - len(before)) / 400)

def never(evolution):
    return Failure("never", "no row is good enough")

def odd(evolution):
    return "yes"
"""
TONGUES = {
    "en": "Write a short letter to the landlord about the broken heating in flat number {}.",
    "de": "Schreibe einen kurzen Brief an den Vermieter über die kaputte Heizung in Wohnung {}.",
    "fr": "Écris une courte lettre au propriétaire à propos du chauffage cassé du logement {}.",
}


@pytest.fixture(autouse=True)
def functions() -> Iterator[None]:
    Path("of_mine.py").write_text(MINE)
    yield
    sys.modules.pop("of_mine", None)


def test_a_comparison_that_kept_nothing_says_so_and_is_no_success(autoevol: Autoevol) -> None:
    words = ("compare", "direct", "any/harder", *MODEL, "--items", "4", "--rule", "of_mine:never")
    done = autoevol(*words, "--run", "r")
    nothing = "Nothing was kept: a rule dropped every rewrite of every method."
    assert done.code == 4
    assert nothing in " ".join(done.out.split())
    assert "No difference shown" not in done.out
    assert f"Error: {nothing}" in done.err
    summary = json.loads(Path("r/summary.json").read_text())
    assert summary["complete"] is True
    assert {arm["overlap"] for arm in summary["arms"]} == {None}, "there is nothing to be alike"
    as_json = autoevol("compare", "--resume", "r", "--rule", "of_mine:never", "--json")
    assert as_json.code == 4
    assert as_json.document["error"]["code"] == "nothing_usable"
    assert nothing in Path("r/report.html").read_text()


def test_one_of_a_thing_is_no_plural_and_own_functions_are_called_as_they_were_named(
    autoevol: Autoevol,
) -> None:
    write_rows(Path("my.jsonl"), rows(8))
    words = ("compare", "code/direct", "--data", "my.jsonl", *MODEL, "--items", "1", "--seed", "1")
    done = autoevol(*words, "--best-of", "code/direct", "--score", "of_mine:longer", "--run", "r")
    assert done.code == 0
    every = " ".join((done.out + done.err).split()) + Path("r/report.html").read_text()
    assert re.findall(r"(?<![\d,.])1 [a-z ]*(?:methods|items|arms|pairs|rows|calls)\b", every) == []
    assert "1 method on 1 item of my.jsonl" in done.err
    assert "corrected (Holm) over 1 pair." in " ".join(done.out.split())
    assert "judges its own rewrites" not in done.err, "no judge is asked"
    assert "orders" in done.err
    assert "which need not be what a score of your own measures" in done.err
    assert "code/direct was made for code, not for the rows of my.jsonl." in every
    again = autoevol("compare", "--replay", "r", "--score", "of_mine:longer", "--run", "again")
    assert "not for the rows of my.jsonl." in again.out
    odd = autoevol(*words, "--rule", "of_mine:odd")
    assert odd.code == 2
    assert "The rule of_mine:odd gave 'yes'." in odd.err


def test_the_pairs_that_a_judge_was_not_asked_to_order_are_said(autoevol: Autoevol) -> None:
    done = autoevol("compare", "code/direct", *MODEL, "--items", "1")
    every = int(re.search(r"pairs of known order \((\d+)\)", done.err)[1])  # type: ignore[index]
    ordered, alike = re.search(  # type: ignore[union-attr]
        r"of (\d+) pairs right; (\d+) more only restate a task\.", done.err
    ).groups()
    assert int(ordered) + int(alike) == every


def test_what_was_typed_stands_first_where_a_folder_holds_another_run(autoevol: Autoevol) -> None:
    words = ("compare", "code/direct", *MODEL, "--run", "r")
    assert autoevol(*words, "--items", "2").code == 0
    refused = autoevol(*words, "--items", "1")
    assert refused.code == 2
    assert "other settings: data.items (2 there, 1 now); data.drawn (of other content)" in (
        " ".join(refused.err.split())
    )
    assert "sha256" not in refused.err


def test_languages_of_rows_that_name_none_are_told_by_their_text(autoevol: Autoevol) -> None:
    given = [
        {"id": f"{lang}-{n}", "instruction": text.format(n), **({"lang": "en"} if n == 3 else {})}
        for lang, text in TONGUES.items()
        for n in (17, 3)
        if n != 3 or lang == "en"
    ]
    write_rows(Path("my.jsonl"), [*given, {"id": "s", "instruction": "Salut !"}])
    done = autoevol("compare", "any/harder", "--data", "my.jsonl", *MODEL, "--run", "r")
    assert done.code == 0
    summary = json.loads(Path("r/summary.json").read_text())
    seen = {"de (seen)", "fr (seen)", "unstated"}
    for arm in summary["arms"]:
        assert seen < set(arm["languages"]) <= seen | {"en", "en (seen)"}
        assert arm["languages"]["unstated"]["items"] == 1
    said = " ".join(done.out.split())
    assert "de (seen)" in said
    assert "(seen): where a row names no language, told by its text" in said
    report = Path("r/report.html").read_text()
    assert "<h3>By language</h3>" in report
    assert "(seen): where a row names no language, told by its text" in report


@pytest.mark.parametrize("command", ["export", "report"])
def test_the_hint_of_a_file_that_cannot_be_written_names_a_flag_there_is(
    autoevol: Autoevol, command: str
) -> None:
    Path("there").mkdir()
    words = ["export", "any/harder", "--to", "json"]
    if command == "report":
        Path("run").mkdir()
        Path("run/run.toml").write_text('[run]\nverb = "compare"\n')
        words = ["report", "run"]
    refused = autoevol(*words, "--out", "there")
    assert refused.code == 2
    assert "there" in refused.err
    assert "Name a file that can be written, with --out." in refused.err
    assert "--run" not in refused.err
