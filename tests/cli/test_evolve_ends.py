"""How `evolve` ends: what its exit code, its last lines and its table say of the rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Autoevol, at
from tests.server import Json, Reply, refused, serve_in_thread
from tests.verbs.evolving import answer, rows, write_rows

WORDS = ("evolve", "code/direct", "--data", "seeds.jsonl", "--out", "out")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setattr("autoevol.llm.retry._FIRST_WAIT_S", 0.001)


@pytest.mark.parametrize("as_json", [False, True])
def test_rows_without_an_answer_end_with_4_and_the_command_that_goes_on(
    autoevol: Autoevol, *, as_json: bool
) -> None:
    ill = [True]

    def script(asked: Json) -> Reply:
        down = ill and "number 3 " in str(asked["messages"][-1]["content"])
        return refused(503, "not now") if down else Reply(answer(asked["messages"]))

    write_rows(Path("seeds.jsonl"), rows(8))
    more = ["--json"] if as_json else []
    with serve_in_thread(script) as server:
        done = autoevol(*WORDS, *at(server), *more)
        assert done.code == 4
        if as_json:
            error = done.document["error"]
            assert error["code"] == "rows_missing"
            said = error["message"] + error["hint"]
        else:
            assert "7 kept, 0 dropped" in done.out
            said = done.err
        assert "1 row got no answer, 7 records are there; the first: evolver:" in said
        assert "Go on: autoevol evolve --resume out" in said
        ill.clear()
        assert autoevol("evolve", "--resume", "out", "-q").code == 0


def test_a_run_whose_time_was_up_ends_with_3_and_the_command_that_goes_on(
    autoevol: Autoevol,
) -> None:
    write_rows(Path("seeds.jsonl"), rows(8))
    with serve_in_thread(lambda asked: Reply(answer(asked["messages"]))) as server:
        done = autoevol(*WORDS, *at(server), "--max-minutes", "0")
        assert done.code == 3
        assert "The time was up before all rows were through; 0 records are there." in done.err
        assert "Go on: autoevol evolve --resume out" in done.err
        assert autoevol("evolve", "--resume", "out", "--max-minutes", "9", "-q").code == 0


def test_a_run_at_an_endpoint_of_a_file_is_replayed_where_that_file_is_not(
    autoevol: Autoevol, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_rows(Path("seeds.jsonl"), rows(4))
    with serve_in_thread(lambda asked: Reply(answer(asked["messages"]))) as server:
        table = f'[endpoints.farm]\nbase_url = "{server.openai_url}"\nextra_body = {{top_k = 3}}\n'
        Path("mine.toml").write_text(table)
        words = [*WORDS, "--model", "farm/m", "--config", "mine.toml", "--trust-config", "-q"]
        assert autoevol(*words).code == 0
    Path("mine.toml").unlink()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    done = autoevol("evolve", "--replay", "../out", "--out", "again", "--json")
    assert done.code == 0, done.out
    assert done.document["kept"] == 4
    assert Path("again/kept.jsonl").read_bytes() == Path("../out/kept.jsonl").read_bytes()


def test_where_no_price_is_known_the_summary_names_no_sum(autoevol: Autoevol) -> None:
    write_rows(Path("seeds.jsonl"), rows(3))
    with serve_in_thread(lambda asked: Reply(answer(asked["messages"]))) as server:
        Path("autoevol.toml").write_text(f'[endpoints.farm]\nbase_url = "{server.openai_url}"\n')
        assert autoevol(*WORDS, "--model", "farm/m", "--trust-config").code == 0
    summary = json.loads(Path("out/summary.json").read_text())
    assert (summary["cost"], summary["unpriced_calls"]) == (None, 6)
    assert [row["cost"] for row in summary["bill"]] == [None, None]
    assert summary["tokens"]["input"] > 0


def test_what_a_million_rows_would_cost_is_said_before_and_after(autoevol: Autoevol) -> None:
    write_rows(Path("seeds.jsonl"), rows(8))

    def script(asked: Json) -> Reply:
        bad = "number 3 " in str(asked["messages"][-1]["content"])
        return Reply("no tags" if bad else answer(asked["messages"]))

    with serve_in_thread(script) as server:
        table = f'[endpoints.farm]\nbase_url = "{server.openai_url}"\n'
        Path("autoevol.toml").write_text(table + "price = { input = 2, output = 8 }\n")
        words = [*WORDS, "--model", "farm/m", "--trust-config"]
        planned = autoevol(*words, "--dry-run", "--json").document
        shown = autoevol(*words, "--dry-run")
        done = autoevol(*words)
        assert done.code == 0
    online, batch = planned["million"]["online"], planned["million"]["batch"]
    assert online["high"] == pytest.approx(planned["usd"]["high"] * 1e6 / 8)
    assert batch["high"] == pytest.approx(online["high"] / 2)
    assert "A million such rows: $" in shown.out

    summary = json.loads(Path("out/summary.json").read_text())
    million, bill = summary["million"], summary["bill"]
    assert summary["kept"] == 7
    assert million["usd"] == pytest.approx(1e6 * float(summary["cost"]) / 7, abs=0.01)
    assert million["usd_batch"] == pytest.approx(million["usd"] / 2, abs=0.01)
    assert million["input_tokens"] == round(1e6 * sum(row["input"] for row in bill) / 7)
    assert "A million kept rows: " in done.out
    assert "online" in done.out
    assert "A million kept rows would cost" in Path("out/report.html").read_text()
