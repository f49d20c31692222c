"""What can go wrong on the command line: each with its message, its exit code, and no litter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Autoevol, at
from tests.server import LoopbackServer


def seeds(count: int) -> Path:
    path = Path("seeds.jsonl")
    rows = [{"instruction": f"Explain topic {n * 7919} of area {n}."} for n in range(count)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--domain", "codex"], 2, "Unknown domain 'codex'. Did you mean 'code'?"),
        (["--preset", "huge"], 2, "Known: quick, standard, thorough, paper."),
        (["--model", "acme/x"], 2, "Unknown provider 'acme'"),
        (["--model", "openai/"], 2, "lacks a name"),
        (["--model", "fake/nobody"], 2, "There is no model fake/nobody."),
        (["--model", "local/nothing"], 2, "There is no embedded model 'nothing'."),
        (["--model", "openai/gpt-5-mini"], 4, "OPENAI_API_KEY is not set"),
        (["--model", "anthropic/claude-x"], 4, "ANTHROPIC_API_KEY is not set"),
        (["--model", "openai/m", "--base-url", "nowhere"], 2, "is no address"),
        (["--model", "fake/echo", "--budget", "much"], 2, "budget 'much' cannot be read"),
        (["--initial", "code/nothing"], 2, "No method 'code/nothing'."),
        (["--initial", "../../etc/passwd"], 2, "is not a method name"),
        (["--data", "nothing.jsonl"], 2, "nothing.jsonl"),
        (["--field", "instruction"], 2, "names no column"),
        (["--resume", "nothing"], 2, "is not a run folder"),
        (["--replay", "nothing"], 2, "is not a run folder"),
        (["--reuse", "nothing"], 2, "holds no ledger.sqlite"),
        (["--run", "a", "--resume", "b"], 2, "name two folders"),
        (["--concurrency", "0"], 2, "--concurrency"),
        (["--nonsense"], 2, "No such option"),
    ],
)
def test_a_command_that_cannot_be_meant_is_refused(
    autoevol: Autoevol, words: list[str], code: int, said: str
) -> None:
    done = autoevol("optimize", *words)
    assert done.code == code
    assert said in done.err
    assert done.out == ""
    assert not [path for path in Path.cwd().rglob("*") if path.name == "run.toml"]
    document = autoevol("optimize", *words, "--json")
    assert document.code == code
    assert document.document["error"]["message"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no rows"),
        (b'{"instruction": "a"}\n{oops\n', "seeds.jsonl, line 2: not JSON"),
        (b'{"instruction": "a"}\n{"other": 1}\n', "seeds.jsonl, line 2"),
        (b'{"instruction": "\xff"}\n', "seeds.jsonl, line 1: not UTF-8"),
    ],
)
def test_a_seed_file_that_cannot_be_read_is_named_with_its_line(
    autoevol: Autoevol, learner: LoopbackServer, content: bytes, said: str
) -> None:
    Path("seeds.jsonl").write_bytes(content)
    done = autoevol("optimize", "--data", "seeds.jsonl", *at(learner), "--preset", "quick")
    assert done.code == 2
    assert said in done.err


def test_too_few_seeds_for_the_splits_are_said_before_a_folder_is_made(
    autoevol: Autoevol, learner: LoopbackServer
) -> None:
    words = ("--data", seeds(10), *at(learner), "--preset", "quick", "--run", "r")
    done = autoevol("optimize", *words)
    assert done.code == 2
    assert "there are 10" in done.err
    assert not Path("r").exists()


@pytest.mark.parametrize("budget", ["20calls", "500tokens"])
def test_a_budget_too_small_for_one_block_is_said_before_anything_is_sent(
    autoevol: Autoevol, learner: LoopbackServer, budget: str
) -> None:
    before = len(learner.requests)
    words = (*at(learner), "--preset", "quick", "--run", "r", "--budget", budget)
    done = autoevol("optimize", *words)
    assert done.code == 2
    assert "is too small" in done.err
    assert len(learner.requests) == before
    assert not Path("r").exists()


def test_a_budget_in_money_needs_a_price(autoevol: Autoevol, learner: LoopbackServer) -> None:
    words = (*at(learner), "--preset", "quick", "--run", "r", "--budget", "5usd")
    done = autoevol("optimize", *words)
    assert done.code == 2
    assert "price" in done.err


def test_a_wrong_key_ends_with_four_and_is_not_shown(autoevol: Autoevol) -> None:
    from tests.server import always, refused, serve_in_thread

    with serve_in_thread(always(refused(401, "Incorrect key sk-secret"))) as server:
        done = autoevol("optimize", *at(server), "--preset", "quick", "--run", "r")
    assert done.code == 4
    assert not [p for p in Path("r").iterdir() if b"sk-secret" in p.read_bytes()]


def test_an_unwritable_place_is_a_storage_error(
    autoevol: Autoevol, learner: LoopbackServer
) -> None:
    Path("file").write_text("")
    done = autoevol("optimize", *at(learner), "--preset", "quick", "--run", "file/r")
    assert done.code == 2
    assert "one that can be written" in done.err


def test_a_folder_of_other_files_is_left_alone(autoevol: Autoevol, learner: LoopbackServer) -> None:
    Path("r").mkdir()
    Path("r/precious.txt").write_text("mine")
    done = autoevol("optimize", *at(learner), "--preset", "quick", "--run", "r")
    assert done.code == 2
    assert [p.name for p in Path("r").iterdir() if p.name != ".lock"] == ["precious.txt"]


def test_a_hand_edited_frozen_method_is_refused(autoevol: Autoevol, finished: Path) -> None:
    text = (finished / "method.md").read_text()
    Path("edited.md").write_text(text + "9. One more rule.\n")
    for words in (["optimize", "--initial", "edited.md"], ["methods", "show", "edited.md"]):
        done = autoevol(*words)
        assert done.code == 2
        assert "does not match its digest" in done.err


def test_an_address_from_a_file_is_not_used_unasked(
    autoevol: Autoevol, learner: LoopbackServer
) -> None:
    table = f'[endpoints.mine]\nbase_url = "{learner.openai_url}"\n'
    Path("autoevol.toml").write_text(table)
    words = ("optimize", "--model", "mine/m", "--preset", "quick", "--run", "r", "-q")
    done = autoevol(*words)
    assert done.code == 2
    assert "--trust-config" in done.err
    assert autoevol(*words, "--trust-config").code == 0


def test_hostile_words_in_an_error_do_not_reach_the_terminal(autoevol: Autoevol) -> None:
    done = autoevol("optimize", "--domain", "x\x1b[2J[red]y")
    assert "\x1b" not in done.err
    assert "[red]" in done.err


def test_evolve_never_picks_a_model_silently(autoevol: Autoevol) -> None:
    done = autoevol("evolve", "code/initial", "--data", seeds(2), "--out", "out")
    assert done.code == 2
    assert "No model for the evolver" in done.err
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "evolve needs METHOD"),
        (["code/initial"], "evolve needs --data FILE"),
        (["code/initial", "--data", "x.jsonl"], "evolve needs --out DIR"),
        (["--resume", "nothing"], "is not a run folder"),
    ],
)
def test_evolve_says_what_it_lacks(autoevol: Autoevol, words: list[str], said: str) -> None:
    done = autoevol("evolve", *words)
    assert done.code == 2
    assert said in done.err


def test_a_benchmark_file_that_is_not_there_is_refused_at_once(autoevol: Autoevol) -> None:
    words = ("code/direct", "--data", seeds(2), "--model", "fake/echo", "--out", "out")
    for more in ([], ["--dry-run"]):
        done = autoevol("evolve", *words, "--decontaminate", "nope.txt", *more)
        assert done.code == 2
        assert "There is no file nope.txt" in done.err
    assert not Path("out").exists()
