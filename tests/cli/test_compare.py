"""`autoevol compare` as a person uses it: planted models, a loopback endpoint, kills."""

from __future__ import annotations

import json
import os
import shlex
import signal
import time
import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from autoevol.cli.tally import dollars
from autoevol.methods import load_method, methods_for, write_method
from tests.cli.conftest import Autoevol, command
from tests.planted import served
from tests.server import LoopbackServer, serve_in_thread
from tests.verbs.comparing import BETTER, PLAIN, found

MODEL = ("--model", "fake/planted")
SMALL = (*MODEL, "--items", "12")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a comparison, and beside it the files of two methods."""
    from autoevol.cli.app import main

    here = tmp_path_factory.mktemp("compare")
    for method in (BETTER, PLAIN):
        write_method(method, here / f"{method.name}.md")
    words = ["compare", str(here / "better.md"), str(here / "plain.md"), "--best-of", "direct"]
    assert main([*words, "--items", "30", *MODEL, "--run", str(here / "run"), "-q"]) == 0
    return here / "run"


def test_the_tables_say_who_stands_where_and_fit_the_page(autoevol: Autoevol, done: Path) -> None:
    shown = autoevol("compare", "--resume", done)
    assert shown.code == 0
    for words in (
        "code/better is shown to be better than every other.",
        "code/plain",
        "best of 2 code/direct",
        "seeds",
        "difference in score",
        "To see a difference of 0.05 takes, by the pair, from about",
        "a million kept rows",
        "tokens an item, its judge's choice included",
        "summary.json, measured.jsonl",
    ):
        assert words in " ".join(shown.out.split())
    widest = max(len(line) for line in shown.out.splitlines() if str(done) not in line)
    assert widest <= 80


def test_json_is_the_summary_and_nothing_else(autoevol: Autoevol, done: Path) -> None:
    shown = autoevol("compare", "--resume", done, "--json")
    document = shown.document
    assert document.pop("folder") == str(done)
    assert document == json.loads((done / "summary.json").read_text())
    assert "calibrating the judge" in shown.err


def test_a_replay_is_rebuilt_from_the_folder_and_takes_no_other_flag(
    autoevol: Autoevol, done: Path, tmp_path: Path
) -> None:
    shown = autoevol("compare", "--replay", done, "--run", tmp_path / "r", "--json")
    assert shown.code == 0
    first = json.loads((done / "summary.json").read_text())
    assert found({**shown.document, "folder": 0}) == found({**first, "folder": 0})
    assert not any(row["calls"] for row in shown.document["bill"])
    refused = autoevol("compare", "direct", "--replay", done, "--items", "3")
    assert refused.code == 2
    assert "METHODS, items was given, too" in refused.err
    nothing = autoevol("compare", "--replay", tmp_path)
    assert nothing.code == 2
    assert "holds no ledger.sqlite" in nothing.err


def farm(server: LoopbackServer, price: str = "") -> Path:
    """A configuration whose endpoint is the server."""
    path = Path("farm.toml").absolute()
    path.write_text(f'[endpoints.farm]\nbase_url = "{server.openai_url}"\n{price}\n')
    return path


def test_a_replay_keeps_prices_draws_and_the_first_runs_bill(
    autoevol: Autoevol, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words = ["direct", "initial", "--best-of", "direct", "--items", "4", "--no-seeds"]
    with serve_in_thread(served()) as server:
        path = farm(server, "price = { input = 0.01, output = 100.0 }")
        words += ["--model", "farm/m", "--config", str(path), "--trust-config"]
        first = autoevol("compare", *words, "--run", tmp_path / "r", "--json")
    assert first.code == 0
    drawn = first.document["arms"][-1]
    assert drawn["equal"]["unit"] == "usd"
    alone = first.document["arms"][0]
    whole = (0.01 * alone["input_tokens"] + 100 * alone["output_tokens"]) / alone["rows_kept"]
    assert alone["million"]["usd"] == round(whole, 2), "to the cent, of tokens that are whole"
    million = drawn["million"]
    assert million["usd"] == pytest.approx(2 * million["usd_batch"], abs=0.02)
    assert million["usd"] > alone["million"]["usd"]
    first_bill = first.document["bill"]
    monkeypatch.chdir(tmp_path)
    path.unlink()
    for old, new in (("r", "again"), ("again", "third")):
        again = autoevol("compare", "--replay", old, "--run", new, "--json")
        assert again.code == 0, again.err
        assert found({**again.document, "folder": 0}) == found({**first.document, "folder": 0})
        assert again.document["first_bill"] == first_bill
        assert not any(row["calls"] for row in again.document["bill"])
    shown = autoevol("compare", "--replay", "again", "--run", "third")
    paid = sum(float(row["cost"]) for row in first_bill)
    assert f"in all {sum(row['calls'] for row in first_bill):,} " in " ".join(shown.out.split())
    assert dollars(paid) in shown.out.partition("The first run's bill; this one is a replay")[2]
    report = Path("third/report.html").read_text(encoding="utf-8")
    assert "This is the first run's bill." in report
    summary = Path("r/summary.json")
    summary.write_text(summary.read_text().replace(f'"draws": {drawn["draws"]}', '"draws": 999'))
    refused = autoevol("compare", "--replay", "r", "--run", "fourth")
    assert (refused.code, "is damaged" in refused.err) == (2, True)


def test_what_draws_cost_beside_the_dearest_is_said_wherever_money_is(
    autoevol: Autoevol, done: Path
) -> None:
    shown = " ".join(autoevol("compare", "--resume", done).out.split())
    equal = json.loads((done / "summary.json").read_text())["arms"][-1]["equal"]
    times = f"{equal['spent'] / equal['dearest']:.2f} times"
    assert f": {times} what the dearest other method takes" in shown
    assert "That of a best-of arm holds its judge's choices, too." in shown
    report = (done / "report.html").read_text(encoding="utf-8")
    assert f"its judge's choice included: {times} the" in report.replace("&#39;", "'")
    assert "but for a best-of method, whose judge has to choose" in report


def test_the_shelf_is_spelled_out_so_that_a_run_can_go_on(autoevol: Autoevol) -> None:
    words = ("compare", "direct", "--against", "all", *MODEL, "--items", "1", "--no-seeds")
    first = autoevol(*words, "--run", "r", "--json")
    assert first.code == 0
    names = sorted(arm["name"] for arm in first.document["arms"])
    assert names == sorted(f"{m.domain}/{m.name}" for m in methods_for("code"))
    kept = tomllib.loads(Path("r/run.toml").read_text())["invocation"]
    assert "all" not in kept["wanted"].split()
    write_method(replace(load_method("code/direct"), name="new"), Path("methods/code/new.md"))
    again = autoevol("compare", "--resume", "r", "--json")
    assert again.code == 0
    assert found(again.document) == found(first.document)


def test_what_cannot_be_meant_ends_with_2_and_makes_no_folder(autoevol: Autoevol) -> None:
    Path("empty.jsonl").write_text("")
    write_method(PLAIN, Path("a/direct.md"))
    text = Path("a/direct.md").read_text().replace("name: plain", "name: direct")
    Path("a/direct.md").write_text(text.partition("digest")[0] + "---\n1. Other.\n")
    for words, said in (
        (["code/dirct"], "code/direct"),
        ([], "No method is named"),
        (["direct", "a/direct.md"], "both are called code/direct"),
        (["direct", "--data", "empty.jsonl"], "holds no rows"),
        (["direct", "--items", "9999"], "near-duplicates"),
        (["direct", "--items", "0"], "items"),
        (["direct", "--score", "best"], "Unknown score"),
        (["direct", "--model", "fake/none"], "There is no model"),
        (["direct", "--reuse", "nowhere"], "holds no ledger"),
    ):
        shown = autoevol("compare", *words, *(() if "--model" in words else MODEL), "--run", "r")
        assert (shown.code, said in shown.err) == (2, True), (words, shown.err)
    assert not Path("r").exists()


def test_a_dry_run_sends_nothing_and_holds(autoevol: Autoevol) -> None:
    words = ("compare", "all", "--best-of", "direct", *SMALL)
    plan = autoevol(*words, "--dry-run", "--json")
    assert plan.code == 0
    assert list(Path.cwd().iterdir()) == []
    shown = autoevol(*words, "--dry-run")
    assert "A dry run: nothing was sent" in shown.out
    assert max(map(len, shown.out.splitlines())) <= 100
    autoevol(*words, "--run", "r", "-q")
    bill = autoevol("cost", "r", "--json").document["total"]
    assert plan.document["calls"]["low"] * 0.5 <= bill["calls"] <= plan.document["calls"]["high"]


def test_a_budget_ends_it_in_good_order_and_more_of_it_goes_on(autoevol: Autoevol) -> None:
    words = ("compare", "direct", "initial", *SMALL, "--run", "r", "--json")
    cut = autoevol(*words, "--budget", "120calls")
    assert cut.code == 3
    assert "Go on: autoevol compare --resume r --budget MORE" in cut.document["error"]["hint"]
    assert json.loads(Path("r/summary.json").read_text())["complete"] is False
    assert autoevol("cost", "r", "--json").document["total"]["calls"] <= 120
    assert autoevol("compare", "--resume", "r", "--budget", "9000calls", "-q").code == 0


def test_rounds_and_languages_have_tables_of_their_own(autoevol: Autoevol) -> None:
    shown = autoevol(
        "compare", "direct", "math/direct", *MODEL, "--items", "40", "--rounds", "2", "--run", "r"
    )
    assert shown.code == 0
    assert "round 2" in shown.out
    assert "en (" in shown.out
    assert "math/direct was made for math, not for code." in shown.out
    assert max(map(len, shown.out.splitlines())) <= 80


def test_a_killed_run_repeats_only_what_was_in_the_air(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    words = ["compare", "direct", "initial", "--items", "12", "--model", "openai/m", "-q"]
    words += ["--concurrency", "4", "--run", "r"]
    with serve_in_thread(served(), latency=0.02) as server:
        words += ["--base-url", server.openai_url]
        for enough in (60, 130):
            with command(*words) as process:
                _wait_for(server, enough)
                os.kill(process.pid, signal.SIGKILL)
        with command(*words) as process:
            assert process.wait(120) == 0
        asked = Counter(json.dumps(one.json, sort_keys=True) for one in server.requests)
        assert asked.total() - len(asked) <= 2 * 4
        before = len(server.requests)
        with command(*words) as process:
            assert process.wait(120) == 0
        assert len(server.requests) == before
    assert json.loads(Path("r/summary.json").read_text())["complete"] is True


def test_an_interrupt_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    with serve_in_thread(served(), latency=0.02) as server:
        words = ["compare", "direct", "--model", "openai/m", "--base-url", server.openai_url]
        with command(*words, "--run", "r") as process:
            _wait_for(server, 110)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Go on: autoevol compare --resume r" in said
    assert json.loads(Path("r/summary.json").read_text())["complete"] is False


def _wait_for(server: LoopbackServer, calls: int) -> None:
    until = time.monotonic() + 120
    while len(server.requests) < calls:
        assert time.monotonic() < until, "the run sends nothing"
        time.sleep(0.01)


def test_the_line_of_the_readme_ends_in_a_table_and_a_report(
    autoevol: Autoevol, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    line = next(one for one in text.splitlines() if one.startswith("autoevol compare runs/"))
    words = shlex.split(line)[1:]
    monkeypatch.setenv("AUTOEVOL_COMPARE_MODEL", "fake/planted")
    write_method(load_method("code/initial"), Path(words[1]))  # nothing better was shown
    shown = autoevol(*words)
    assert shown.code == 0
    table = shown.out.split("place  method")[1].split("Brackets hold")[0]
    for method in methods_for("code"):
        assert f"{method.domain}/{method.name} " in table
    assert "my-run/method.md holds code/initial and stands under that name." in shown.out
    (report,) = Path("runs").glob("*/report.html")
    assert "any/evol-mixed" in report.read_text(encoding="utf-8")
