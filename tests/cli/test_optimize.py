"""`autoevol optimize` as a person uses it, on a scripted endpoint."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from autoevol.cli.run import settled
from autoevol.errors import UsageError
from autoevol.methods import read_method
from tests.cli.conftest import Autoevol, at
from tests.cli.learner import RULE
from tests.server import LoopbackServer


def test_a_method_of_another_domain_is_allowed_and_said(autoevol: Autoevol) -> None:
    words = ["--preset", "quick", "--model", "fake/flat", "--run", "r"]
    done = autoevol("optimize", "--domain", "code", "--initial", "math/direct", *words)
    assert done.code == 0
    assert "math/direct was made for math, not for code." in done.err


def test_the_table_says_what_was_shown_and_what_to_do_next(
    autoevol: Autoevol, learner: LoopbackServer, finished: Path
) -> None:
    done = autoevol("optimize", "--resume", finished)
    assert done.code == 0
    for words in (
        "A better method was learned, and is frozen.",
        "score, learned - initial: +",
        "failure rate",
        "0 % (0–",
        "a million rows",
        "evolver",
        f"+ {RULE}",
        f"autoevol evolve {finished}/method.md --data",
    ):
        assert words in done.out
    widest = max(len(line) for line in done.out.splitlines() if str(finished) not in line)
    assert widest <= 80


def test_a_resumed_run_asks_nothing_again(
    autoevol: Autoevol, learner: LoopbackServer, finished: Path
) -> None:
    before = len(learner.requests)
    done = autoevol("optimize", "--resume", finished, "--json")
    assert len(learner.requests) == before
    assert done.document["better"] is True
    assert done.document["folder"] == str(finished)


def test_json_is_one_document_and_progress_goes_elsewhere(
    autoevol: Autoevol, finished: Path, tmp_path: Path
) -> None:
    done = autoevol("optimize", "--replay", finished, "--run", tmp_path / "r", "--json")
    assert done.document["confirm"]["arms"]["learned"]["failure_rate"]["mean"] == 0
    assert done.document["saved_as"] is None
    assert "autoevol optimize: domain code, preset quick" in done.err
    assert "step 1: candidate" in done.err


def test_a_replay_sends_nothing_and_finds_the_same(
    autoevol: Autoevol, learner: LoopbackServer, finished: Path, tmp_path: Path
) -> None:
    before = len(learner.requests)
    done = autoevol("optimize", "--replay", finished, "--run", tmp_path / "again", "-q")
    assert done.code == 0
    assert len(learner.requests) == before
    first = json.loads((finished / "summary.json").read_text())
    second = json.loads((tmp_path / "again" / "summary.json").read_text())
    for summary in (first, second):  # what was learned is called after its run's folder
        del summary["confirm"]["arms"]["learned"]["name"]
    assert first["confirm"] == second["confirm"]
    assert first["texts"] == second["texts"]


def test_a_replay_of_other_settings_says_what_is_missing(
    autoevol: Autoevol, finished: Path, tmp_path: Path
) -> None:
    done = autoevol("optimize", "--replay", finished, "--run", tmp_path / "r", "--seed", "5")
    assert done.code == 4
    assert "the ledger holds no such call" in done.err


def test_quiet_means_that_only_the_result_is_printed(autoevol: Autoevol, finished: Path) -> None:
    done = autoevol("optimize", "--resume", finished, "-q")
    assert done.err == ""
    assert done.out


def test_the_folder_remembers_how_it_was_called_and_keeps_a_log(finished: Path) -> None:
    kept = tomllib.loads((finished / "run.toml").read_text())["invocation"]
    assert (kept["preset"], kept["model"], kept["seed"]) == ("quick", "openai/m", 0)
    log = (finished / "run.log").read_text()
    assert "calibrating the judge" in log
    assert "<instruction>" not in log


def test_other_settings_on_a_folder_are_refused_by_name(autoevol: Autoevol, finished: Path) -> None:
    done = autoevol("optimize", "--resume", finished, "--seed", "4")
    assert done.code == 2
    assert "settings.seed (0 there, 4 now)" in done.err


def test_another_address_on_a_folder_is_refused(autoevol: Autoevol, finished: Path) -> None:
    done = autoevol("optimize", "--resume", finished, "--base-url", "http://127.0.0.1:1/v1")
    assert done.code == 2
    assert "not at http://127.0.0.1:1/v1" in done.err


def test_a_method_is_put_on_the_shelf_and_never_replaced_by_another(
    autoevol: Autoevol, finished: Path
) -> None:
    again = ("optimize", "--resume", finished, "-q", "--save-as")
    assert autoevol(*again, "mine").code == 0
    path = Path("methods/code/mine.md")
    saved = read_method(path)
    assert (saved.name, saved.kind) == ("mine", "learned")
    assert saved.digest == read_method(finished / "method.md").digest
    assert autoevol(*again, "mine").code == 0
    path.write_text("---\nname: mine\ndomain: code\nkind: handwritten\n---\n1. Other.\n")
    done = autoevol(*again, "mine")
    assert done.code == 2
    assert "holds another method" in done.err
    assert "Other" in path.read_text()


@pytest.mark.parametrize("name", ["../up", "Big", "a/b", "", ".hidden", "-dash"])
def test_a_name_with_tricks_is_no_method_name(
    autoevol: Autoevol, finished: Path, name: str
) -> None:
    done = autoevol("optimize", "--resume", finished, f"--save-as={name}", "-q")
    assert done.code == 2
    assert "is not a method name" in done.err


def test_the_models_that_are_used_are_said(
    autoevol: Autoevol, finished: Path, tmp_path: Path
) -> None:
    done = autoevol("optimize", "--replay", finished, "--run", tmp_path / "r")
    assert "openai/m judges its own rewrites" in done.err


def test_without_a_better_method_the_initial_one_is_kept_and_that_is_done(
    autoevol: Autoevol,
) -> None:
    from tests.cli.learner import script
    from tests.server import serve_in_thread

    with serve_in_thread(script(learnable=False)) as server:
        done = autoevol("optimize", *at(server), "--preset", "quick", "--run", "r", "-q")
    assert done.code == 0
    assert "No better method shown: the initial method is kept." in done.out
    assert "a larger --preset" in done.out
    assert read_method(Path("r/method.md")).kind == "handwritten"


def test_a_budget_ends_the_run_in_good_order_and_more_of_it_goes_on(
    autoevol: Autoevol, learner: LoopbackServer
) -> None:
    words = ("optimize", *at(learner), "--preset", "quick", "--run", "r", "--json")
    done = autoevol(*words, "--budget", "150calls")
    assert done.code == 3
    assert done.document["error"]["code"] == "budget_reached"
    assert "Go on: autoevol optimize --resume r --budget MORE" in done.document["error"]["hint"]
    assert autoevol("cost", "r", "--json").document["total"]["calls"] <= 150
    assert autoevol("optimize", "--resume", "r", "--budget", "5000calls", "-q").code == 0


def test_own_data_needs_no_domain_file(autoevol: Autoevol, learner: LoopbackServer) -> None:
    topics = ["joins", "windows", "indexes", "views", "dates", "nulls", "unions", "locks"]
    verbs = [
        "Explain",
        "Write a query about",
        "Compare two designs for",
        "Debug a case of",
        "Estimate the cost of",
    ]
    rows = [
        f"{verb} {topic} in a ledger of {topic} number {n * 7919}"
        for n, (verb, topic) in enumerate((v, t) for v in verbs for t in topics)
    ]
    lines = [json.dumps({"task": row, "key": n}) for n, row in enumerate(rows)]
    Path("my.jsonl").write_text("\n".join([*lines[:20], "{oops", *lines[20:]]))
    words = ["optimize", "--data", "my.jsonl", "--domain", "code", *at(learner)]
    words += ["--describe", "SQL questions"]
    words += ["--field", "instruction=task", "--field", "id=key", "--preset", "quick", "--run", "r"]
    refused = autoevol(*words)
    assert refused.code == 2
    assert "my.jsonl, line 21: not JSON" in refused.err
    assert not Path("r").exists()
    done = autoevol(*words, "--skip-bad-rows", "--json")
    assert done.code == 0, done.err
    table = tomllib.loads(Path("r/run.toml").read_text())
    assert table["settings"]["describe"] == "SQL questions"
    assert table["data"]["items"] == 40


def test_a_dry_run_makes_and_sends_nothing(autoevol: Autoevol, learner: LoopbackServer) -> None:
    before = len(learner.requests)
    done = autoevol("optimize", "--dry-run", *at(learner), "--preset", "quick", "--json")
    assert done.code == 0
    assert len(learner.requests) == before
    assert list(Path.cwd().iterdir()) == []
    plan = done.document
    assert 0 < plan["calls"]["low"] <= plan["calls"]["high"]
    assert plan["reasoning_tokens"]["low"] == 0 < plan["reasoning_tokens"]["high"]
    assert plan["usd"] is None
    assert {role["role"] for role in plan["roles"]} >= {"evolver", "judge", "optimizer"}


def test_the_plan_holds_for_the_run_that_follows(autoevol: Autoevol, finished: Path) -> None:
    plan = autoevol("optimize", "--dry-run", "--preset", "quick", "--json").document
    bill = autoevol("cost", finished, "--json").document
    assert plan["calls"]["low"] * 0.5 <= bill["total"]["calls"] <= plan["calls"]["high"]


def test_a_plan_for_a_listed_model_has_a_price(autoevol: Autoevol) -> None:
    done = autoevol("optimize", "--dry-run", "--model", "openai/gpt-4o-mini", "--preset", "quick")
    assert done.code == 0
    assert "A dry run: nothing was sent" in done.out
    assert "$" in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_a_function_that_a_folder_names_is_not_loaded(tmp_path: Path) -> None:
    (tmp_path / "run.toml").write_text(
        '[run]\nverb = "optimize"\n[invocation]\nscore = "os:getpid"\n', encoding="utf-8"
    )
    with pytest.raises(UsageError, match="no file may name") as refused:
        settled("optimize", {}, resume=tmp_path, replay=None, defaults={}, say=print)
    assert "--score os:getpid" in refused.value.hint
    given = {"score": "os:getpid"}
    assert settled("optimize", given, resume=tmp_path, replay=None, defaults={}, say=print) == given
