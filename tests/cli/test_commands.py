"""The other commands, and what holds for all of them."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autoevol import __version__
from autoevol.cli.app import app
from autoevol.llm.ledger import read_bill
from tests.cli.conftest import Autoevol, at, command
from tests.cli.learner import script
from tests.server import LoopbackServer, Reply, serve_in_thread
from tests.verbs.evolving import answer, rows, write_rows

EVERY = (
    [],
    ["optimize"],
    ["evolve"],
    ["export"],
    ["check"],
    ["cost"],
    ["report"],
    ["methods"],
    ["methods", "list"],
    ["methods", "show"],
    ["methods", "diff"],
    ["methods", "lint"],
    ["methods", "import"],
    ["models"],
    ["models", "list"],
    ["models", "pull"],
)


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_help_shows_one_worked_example(words: list[str]) -> None:
    shown = CliRunner().invoke(app, [*words, "--help"])
    assert shown.exit_code == 0
    assert "Example:\n    autoevol " in shown.stdout


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from autoevol.cli.app import main; main(['--help'])\n"
        "heavy = {'dspy', 'optuna', 'openai', 'anthropic', 'numpy', 'rich', 'asyncio', 'sqlite3'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    process = command("--help")
    assert process.wait(60) == 0
    process.communicate()
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], timeout=60)
    assert done.returncode == 0


def test_the_version_is_told(autoevol: Autoevol) -> None:
    assert autoevol("--version").out == f"autoevol {__version__}\n"


def test_no_words_show_the_help(autoevol: Autoevol) -> None:
    done = autoevol()
    assert done.code == 0
    assert "Commands:" in done.out


def test_the_shelf_is_listed_with_where_it_lies(autoevol: Autoevol) -> None:
    shown = autoevol("methods", "list")
    assert "code/initial" in shown.out
    assert "shipped" in shown.out
    rows = autoevol("methods", "list", "--json").document["methods"]
    assert {row["domain"] for row in rows} >= {"code", "math", "chat"}


def test_a_file_that_cannot_be_read_does_not_hide_the_others(autoevol: Autoevol) -> None:
    Path("methods/code").mkdir(parents=True)
    Path("methods/code/odd.md").write_text("no head at all")
    assert "unreadable" in autoevol("methods", "list").out
    found = autoevol("methods", "lint")
    assert found.code == 1
    assert found.out.startswith("methods/code/odd.md: no head.")
    document = autoevol("methods", "lint", "--json")
    assert document.code == 1
    assert document.document["sound"] is False


def test_a_shelf_that_is_not_there_is_not_taken_for_an_empty_one(autoevol: Autoevol) -> None:
    for words in (["list"], ["lint"], ["show", "code/initial"]):
        done = autoevol("methods", *words, "--methods", "nowhere")
        assert done.code == 2
        assert "nowhere: no such folder" in done.err


def test_the_form_of_a_method_is_listed_shown_and_refused_as_a_start(autoevol: Autoevol) -> None:
    rows = autoevol("methods", "list", "--json").document["methods"]
    forms = {f"{row['domain']}/{row['name']}": row["form"] for row in rows}
    assert forms["code/initial"] == ""
    assert forms["code/wizardcoder"] == "one of 5 operations per item"
    assert "form: two instructions in" in autoevol("methods", "show", "any/fusion").out
    refused = autoevol("optimize", "--initial", "code/wizardcoder", "--model", "fake/planted")
    assert refused.code == 2
    assert "one of 5 operations per item" in refused.err
    assert not Path("runs").exists()


def test_sound_methods_have_no_findings(autoevol: Autoevol) -> None:
    assert autoevol("methods", "lint").code == 0
    assert autoevol("methods", "lint", "code/initial", "--json").document["sound"] is True


def test_a_method_is_shown_without_what_could_steer_a_terminal(autoevol: Autoevol) -> None:
    Path("bad.md").write_text(
        "---\nname: bad\ndomain: code\nkind: handwritten\n---\n1. Say \x1b[2J[red]this.\n"
    )
    shown = autoevol("methods", "show", "bad.md")
    assert "[2J[red]this" in shown.out
    assert "\x1b" not in shown.out
    assert autoevol("methods", "show", "bad.md", "--json").document["text"].count("\x1b") == 1


def test_a_rule_put_in_is_the_only_difference(autoevol: Autoevol) -> None:
    head = "---\nname: {}\ndomain: code\nkind: handwritten\n---\n"
    Path("a.md").write_text(head.format("a") + "1. One.\n2. Two.\n")
    Path("b.md").write_text(head.format("b") + "1. New.\n2. One.\n3. Two.\n")
    lines = autoevol("methods", "diff", "a.md", "b.md").out.splitlines()
    assert [line.strip() for line in lines if line.strip()] == ["+ New.", "One.", "Two."]
    assert autoevol("methods", "diff", "a.md", "a.md").out == "The two are the same text.\n"


def test_operations_are_compared_one_by_one(autoevol: Autoevol) -> None:
    lines = autoevol("methods", "diff", "code/wizardcoder", "math/wizardmath-up").out
    assert "    ## constraints" in lines
    assert "  - ## rarer" in lines
    assert "  + ## concretize" in lines


def test_the_embedded_models_are_listed(
    autoevol: Autoevol, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOEVOL_MODELS", str(Path.cwd()))
    shown = autoevol("models", "list").out
    assert "local/qwen2.5-coder-0.5b" in shown
    assert "Apache-2.0" in shown
    rows = autoevol("models", "list", "--json").document["models"]
    assert [row["cached"] for row in rows] == [False] * len(rows)
    assert autoevol("models", "pull", "nothing").code == 2


def test_verdicts_are_json_lines(autoevol: Autoevol) -> None:
    rows = [{"seed": "Sort a list.", "evolved": "Sort a list."}, {"seed": "Say \ud800"}]
    Path("pairs.jsonl").write_text("\n".join(map(json.dumps, rows)))
    refused = autoevol("check", "pairs.jsonl", "--json")
    assert refused.code == 2
    done = autoevol("check", "pairs.jsonl", "--skip-bad-rows")
    assert done.code == 0
    assert [json.loads(line)["failed"] for line in done.out.splitlines()] == [True]
    assert "1 row could not be read" in done.err


def test_a_bill_is_a_table_or_a_document(autoevol: Autoevol, finished: Path) -> None:
    shown = autoevol("cost", finished)
    assert "in all" in shown.out
    assert "no known price" in shown.err
    assert autoevol("cost", finished, "--json").document["total"]["calls"] > 100
    assert autoevol("cost", "nothing").code == 2


def test_a_learned_method_is_applied_and_the_folder_goes_on(
    autoevol: Autoevol, finished: Path, learner: LoopbackServer
) -> None:
    rows = [{"id": n, "instruction": f"Write a parser for format {n * 7919}."} for n in range(6)]
    Path("seeds.jsonl").write_text("\n".join(map(json.dumps, rows)))
    words = ["evolve", finished / "method.md", "--data", "seeds.jsonl"]
    plan = autoevol(*words, "--dry-run", "--json", "--base-url", learner.openai_url)
    assert plan.document["calls"]["high"] == 12
    words += ["--out", "out", "--base-url", learner.openai_url]
    done = autoevol(*words)
    assert done.code == 0, done.err
    assert "kept" in done.out
    before = len(learner.requests)
    again = autoevol("evolve", "--resume", "out", "--json")
    assert len(learner.requests) == before
    assert again.document["kept"] + sum(again.document["dropped"].values()) == 6
    calls = sum(row["calls"] for row in again.document["bill"])
    assert autoevol("cost", "out", "--json").document["total"]["calls"] == calls > 0


def test_an_early_leaver_of_a_pipe_is_not_an_error() -> None:
    rows = ({"seed": f"Sort list {n}.", "evolved": "no"} for n in range(3000))
    Path("pairs.jsonl").write_text("\n".join(map(json.dumps, rows)))
    process = command("check", "pairs.jsonl", "-q")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 0
    assert said == ""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_run_says_how_to_go_on(number: signal.Signals, code: int) -> None:
    with serve_in_thread(script(), latency=0.05) as server:
        process = command("optimize", *at(server), "--preset", "quick", "--run", "r", "--json")
        deadline = time.monotonic() + 60
        while len(server.requests) < 30 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert err.startswith("autoevol optimize: domain code, preset quick, in r\n")
    hint = json.loads(out)["error"]["hint"]
    assert "Go on: autoevol optimize --resume r" in hint
    assert Path("r/run.toml").is_file()


def test_an_interrupted_run_waits_for_the_calls_in_flight_and_keeps_them() -> None:
    write_rows(Path("seeds.jsonl"), rows(20))
    with serve_in_thread(lambda a: Reply(answer(a["messages"])), latency=0.3) as server:
        words = ["evolve", "code/direct", "--data", "seeds.jsonl", "--out", "o"]
        process = command(*words, *at(server), "--concurrency", "3", OPENAI_API_KEY="k")
        deadline = time.monotonic() + 60
        while len(server.requests) < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Press Ctrl-C again to end at once" in err
    assert re.search(r"Waiting for [1-3] calls? in flight, 30 s at most\.", err)
    bill = read_bill(Path("o/ledger.sqlite"))
    assert sum(row.lost_calls for row in bill) == 0
    assert sum(row.calls for row in bill) == len(server.requests) < 40


@pytest.mark.parametrize("model", ["fake/planted", "fake/flat"])
def test_the_planted_worlds_are_models_that_anyone_can_name(autoevol: Autoevol, model: str) -> None:
    done = autoevol("optimize", "--preset", "quick", "--model", model, "--dry-run")
    assert done.code == 0, done.err
