"""What `evolve` says before it does all rows: `--preview`, `--dry-run`, and a ladder overruled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autoevol.cli.run import Pausable
from tests.cli.conftest import Autoevol, at
from tests.server import Json, LoopbackServer, Reply, serve_in_thread
from tests.verbs.evolving import answer, lines, rows, write_rows

WORDS = ("evolve", "code/direct", "--data", "seeds.jsonl", "--out", "out")
TAGS = ("evolve", "code/tag-evol", "--data", "seeds.jsonl", "--out", "out")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    """Rows 0 to 2 are refused."""

    def script(asked: Json) -> Reply:
        last = str(asked["messages"][-1]["content"])
        ill = "<instruction>" in last and any(f"number {n} " in last for n in range(3))
        return Reply("I'm sorry, but I can't help with that." if ill else answer(asked["messages"]))

    with serve_in_thread(script) as one:
        yield one


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """The person's answers, in turn."""
    answers: list[bool] = []
    monkeypatch.setattr(Pausable, "go_on_with_all", lambda self, silent: answers.pop(0))
    return answers


def test_a_preview_of_which_nothing_was_kept_asks_all_the_same(
    autoevol: Autoevol, server: LoopbackServer, asked: list[bool]
) -> None:
    write_rows(Path("seeds.jsonl"), rows(6))
    words = [*WORDS, *at(server), "--preview", "3"]
    asked[:] = [False]
    done = autoevol(*words)
    assert (done.code, asked) == (4, [])
    assert "0 of 3 kept" in done.out
    assert "Not one of 3 rows was kept" in done.err
    assert "Go on with all rows: autoevol evolve --resume out" in done.err
    asked[:] = [True]
    done = autoevol(*words)
    assert (done.code, asked) == (0, [])
    assert "3 kept, 3 dropped" in done.out


def test_a_preview_that_did_all_rows_asks_nothing_and_ends_as_any_run(
    autoevol: Autoevol, server: LoopbackServer, asked: list[bool]
) -> None:
    write_rows(Path("seeds.jsonl"), rows(6))
    done = autoevol(*WORDS, *at(server), "--preview", "20")  # nobody could answer
    assert done.code == 0
    assert "3 of 6 kept" in done.out
    assert "3 kept, 3 dropped" in done.out
    assert "evolver" in done.out.split("3 kept, 3 dropped")[1]  # the bill
    assert "Go on with all rows" not in done.err
    few = autoevol(*WORDS[:-1], "few", *at(server), "--preview", "3", "--limit", "3")
    assert (few.code, "Go on with all rows" in few.err) == (4, False)
    asked[:] = [False]
    some = autoevol(*WORDS[:-1], "some", *at(server), "--preview", "5")
    assert (some.code, asked) == (0, [])
    assert "2 kept, 3 dropped" in some.out
    assert "Go on with all rows: autoevol evolve --resume some" in some.err


def test_a_preview_under_json_is_one_document_however_it_ends(
    autoevol: Autoevol, server: LoopbackServer
) -> None:
    write_rows(Path("seeds.jsonl"), rows(6))
    none = autoevol(*WORDS, *at(server), "--json", "--preview", "3")
    assert (none.code, none.document["error"]["code"]) == (4, "nothing_usable")
    assert "Go on with all rows: " in none.document["error"]["hint"]
    every = autoevol(*WORDS, *at(server), "--json", "--preview", "9")
    assert (every.code, len(every.document["records"])) == (0, 6)


def test_a_preview_shows_the_second_instruction_and_rows_that_nobody_was_asked_for(
    autoevol: Autoevol, server: LoopbackServer
) -> None:
    seeds = [
        {"id": "a", "instruction": "Write a function that draws a maze."},
        {"id": "b", "instruction": "Parse a ledger of old coins."},
        {"id": "p", "instruction": "Describe this picture.", "image": "cat.png"},
    ]
    write_rows(Path("seeds.jsonl"), seeds)
    words = ("evolve", "any/fusion", "--data", "seeds.jsonl", "--out", "out")
    done = autoevol(*words, *at(server), "--preview", "3")
    table = done.out.split("Before and after")[1]
    assert "+ Parse a ledger" in table
    assert "+ Write a function" in table
    picture = next(line for line in table.splitlines() if "Describe this picture." in line)
    assert picture.index("Describe") < len(picture) // 2 - 5


def test_a_dry_run_leaves_out_what_is_done_and_what_is_filtered(
    autoevol: Autoevol, server: LoopbackServer
) -> None:
    seeds = [{**row, "license": "MIT" if n < 6 else "GPL-3.0"} for n, row in enumerate(rows(8))]
    write_rows(Path("seeds.jsonl"), seeds)
    words = [*WORDS, *at(server), "--allow-license", "MIT"]

    def calls(*more: str) -> float:
        found: float = autoevol(*words, *more, "--dry-run", "--json").document["calls"]["high"]
        return found

    assert calls() == 12
    assert calls("--rounds", "2") == 24
    assert not Path("out").exists()
    assert autoevol(*words, "--limit", "4", "-q").code == 0
    assert calls() == 4
    sent = len(server.requests)
    assert autoevol("evolve", "--resume", "out", "--limit", "8", "-q").code == 0
    assert len(server.requests) - sent == 4
    before = {path: path.read_bytes() for path in Path("out").iterdir()}
    done = autoevol("evolve", "--resume", "out", "--dry-run")
    assert "8 rows" not in done.out
    assert "4 rows have their records in out already." in done.out  # those of --limit 4
    assert before == {path: path.read_bytes() for path in Path("out").iterdir()}


def test_a_dry_run_counts_every_user_turn(autoevol: Autoevol, server: LoopbackServer) -> None:
    turns = [{"role": "user", "content": row["instruction"]} for row in rows(3)]
    write_rows(Path("seeds.jsonl"), [{"id": "c", "messages": turns}])
    plan = autoevol(*WORDS, *at(server), "--turns", "all", "--dry-run", "--json").document
    assert plan["roles"][0]["calls"] == {"low": 3, "high": 3}
    assert plan["roles"][0]["formula"] == "3 user turns of 1 row"


def test_a_dry_run_says_that_the_budget_ends_the_run(
    autoevol: Autoevol, server: LoopbackServer
) -> None:
    write_rows(Path("seeds.jsonl"), rows(8))
    priced = f'[endpoints.farm]\nbase_url = "{server.openai_url}"\n'
    Path("autoevol.toml").write_text(priced + "price = { input = 2, output = 8 }\n")
    words = [*WORDS, "--model", "farm/m", "--trust-config"]
    for budget, enough in [
        ("0.001usd", False),
        ("11calls", False),
        ("12calls", True),
        ("900tokens", False),
        ("50usd", True),
    ]:
        done = autoevol(*words, "--budget", budget, "--dry-run")
        assert done.code == 0
        assert ("ends the run before the rows are" in done.out) is not enough, budget
    assert autoevol(*words, "--limit", "4", "-q").code == 0
    sent = len(server.requests)
    spent = autoevol(
        "evolve", "--resume", "out", "--limit", "8", "--budget", "10calls", "--dry-run"
    )
    assert f"The budget of 10 calls, of which {sent} are spent already, ends the run" in spent.out
    other = autoevol(*WORDS[:-2], *at(server), "--budget", "1usd", "--dry-run")
    assert "cannot be kept without a price" in other.out


def test_a_ladder_that_is_named_and_the_method_overrules_is_said(
    autoevol: Autoevol, server: LoopbackServer
) -> None:
    write_rows(Path("seeds.jsonl"), rows(5)[3:])
    line = "code/tag-evol is headed start: seed: each round starts from the seed"
    words = [*TAGS, *at(server), "--rounds", "2"]
    assert line in autoevol(*words, "--ladder", "chain").err
    found = lines(Path("out/kept.jsonl")) + lines(Path("out/dropped.jsonl"))
    assert {record["parent_id"] for record in found} == {"seed-3", "seed-4"}
    plan = autoevol(*words, "--ladder", "chain", "--dry-run", "--json").document
    assert any(line in note for note in plan["notes"])
    assert line not in autoevol(*TAGS[:-1], "b", *at(server), "--rounds", "2").err
