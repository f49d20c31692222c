"""`export` and `methods import` as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autoevol.methods import load_method
from tests.cli.conftest import Autoevol


def test_an_export_goes_to_stdout_and_its_use_to_stderr(autoevol: Autoevol) -> None:
    done = autoevol("export", "any/harder", "--to", "text")
    assert (done.code, done.out) == (0, "1. Rewrite the instruction so that it is harder.\n")
    assert done.err.startswith("Use: ")
    fused = autoevol("export", "any/fusion", "--to", "dspy", "--out", "f.json")
    assert (fused.code, fused.out) == (0, "")
    assert 'dspy.Predict("instruction, second -> evolved_instruction").load("f.json")' in fused.err


def test_what_an_export_leaves_out_is_said(autoevol: Autoevol) -> None:
    done = autoevol("export", "any/evol-breadth", "--to", "text")
    assert "Not in it: aims at a new instruction." in done.err


def test_an_export_never_overwrites_another_file(autoevol: Autoevol) -> None:
    words = ["export", "any/harder", "--to", "python", "--out", "out/harder.py"]
    assert autoevol(*words).code == 0
    assert autoevol(*words).code == 0
    Path("out/harder.py").write_text("mine")
    refused = autoevol(*words)
    assert refused.code == 2
    assert "is there already" in refused.err
    assert Path("out/harder.py").read_text() == "mine"


def test_an_export_that_cannot_hold_the_method_is_bad_usage(autoevol: Autoevol) -> None:
    for words in (["any/evol-mixed", "--to", "dspy"], ["any/harder", "--to", "jsn"]):
        refused = autoevol("export", *words, "--json")
        assert refused.code == 2
        assert refused.document["error"]["code"] == "usage"
    assert autoevol("export", "any/hardr", "--to", "text").code == 2


def test_under_json_an_export_is_one_document(autoevol: Autoevol) -> None:
    document = autoevol("export", "any/harder", "--to", "json", "--json").document
    assert json.loads(document["document"])["digest"] == document["digest"]
    document = autoevol(
        "export", "any/harder", "--to", "json", "--out", "h.json", "--json"
    ).document
    assert json.loads(Path(document["file"]).read_text())["name"] == "harder"


def test_the_card_of_a_learned_method_says_which_step_brought_which_rule(
    autoevol: Autoevol, finished: Path
) -> None:
    done = autoevol("export", finished / "method.md", "--to", "json")
    card = json.loads(done.out)
    start, *steps = card["lineage"]
    assert start["name"] == card["parent"] == "code/initial"
    assert start["digest"] == load_method("code/initial").digest
    assert steps[-1]["digest"] == card["digest"]
    assert all(step["added"] or step["dropped"] for step in steps)
    assert steps[-1]["name"] == card["name"], "the last step made the method"
    for rule in steps[-1]["added"]:
        assert rule in card["text"]
    copied = Path("copy.md")
    copied.write_bytes((finished / "method.md").read_bytes())
    assert json.loads(autoevol("export", copied, "--to", "json").out)["lineage"] == []


def test_an_imported_prompt_is_on_the_shelf_and_works(autoevol: Autoevol) -> None:
    Path("Their Prompt (2).txt").write_text("Make {instruction} harder.\n")
    done = autoevol("methods", "import", "Their Prompt (2).txt")
    assert (done.code, done.out) == (
        0,
        "any/their-prompt-2 is in methods/any/their-prompt-2.md.\n",
    )
    assert "has a slot `{instruction}`" in done.err
    shown = autoevol("methods", "show", "any/their-prompt-2").out
    assert "imported from Their Prompt (2).txt" in shown
    seeds = ("Sort a list of names.", "Count the words of a file.", "Draw a maze of ten rooms.")
    rows = "".join(json.dumps({"instruction": seed}) + "\n" for seed in seeds)
    Path("seeds.jsonl").write_text(rows)
    words = ["--data", "seeds.jsonl", "--model", "fake/planted", "--out", "out"]
    assert autoevol("evolve", "any/their-prompt-2", *words).code == 0


@pytest.mark.parametrize("to", ["json", "markdown"])
def test_an_export_comes_back_under_its_own_name_and_domain(autoevol: Autoevol, to: str) -> None:
    file = f"d.{'md' if to == 'markdown' else to}"
    assert autoevol("export", "code/direct", "--to", to, "--out", file).code == 0
    done = autoevol("methods", "import", file)
    assert (done.code, done.out) == (0, "code/direct is in methods/code/direct.md.\n")
    assert "hides" not in done.err, "it is the same text"
    other = autoevol("methods", "import", file, "--name", "mine", "--domain", "math")
    assert other.out == "math/mine is in methods/math/mine.md.\n"
    odd = json.dumps({"text": "1. Ask for more.", "wiring": {}, "name": "../x", "domain": "A b"})
    Path("odd.json").write_text(odd)
    assert autoevol("methods", "import", "odd.json", "--json").document["method"] == "any/odd"


def test_an_import_that_hides_a_method_of_that_name_says_so(autoevol: Autoevol) -> None:
    Path("direct.txt").write_text("1. Ask for more.\n")
    done = autoevol("methods", "import", "direct.txt", "--domain", "code")
    assert done.code == 0
    assert "It hides another code/direct, which is of other text." in done.err
    Path("methods/code/broken.md").write_text("no head")
    elsewhere = autoevol(
        "methods", "import", "direct.txt", "--domain", "code", "--methods", "new", "--name", "b"
    )
    assert (elsewhere.code, elsewhere.out) == (0, "code/b is in new/code/b.md.\n")


def test_a_name_on_the_shelf_is_never_taken_twice(autoevol: Autoevol) -> None:
    Path("a.txt").write_text("1. Ask for more.\n")
    words = ["methods", "import", "a.txt", "--name", "theirs", "--domain", "code"]
    document = autoevol(*words, "--json").document
    assert document["method"] == "code/theirs"
    assert document["findings"] == []
    assert autoevol(*words).code == 0
    Path("a.txt").write_text("1. Ask for less.\n")
    refused = autoevol(*words)
    assert refused.code == 2
    assert "Choose another name with --name" in refused.err
    assert autoevol("methods", "import", "a.txt", "--name", "../x").code == 2
    assert autoevol("methods", "import", "none.txt").code == 2
