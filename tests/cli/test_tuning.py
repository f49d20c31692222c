"""`--temperature ROLE=T` and `--max-tokens ROLE=N` as they are typed, up to the wire."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Autoevol, at
from tests.server import LoopbackServer, Reply, refused, serve_in_thread
from tests.verbs.evolving import answer, rows, write_rows

ASKED = ("--temperature", "evolver=0.3", "--max-tokens", "responder=900", "--max-tokens=evolver=77")


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with serve_in_thread(lambda asked: Reply(answer(asked["messages"]))) as server:
        yield server


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "seeds.jsonl", rows(2))


def caps(server: LoopbackServer) -> set[tuple[Any, Any]]:
    return {(one.json.get("max_tokens"), one.json.get("temperature")) for one in server.requests}


def test_they_are_sent_recorded_and_remembered(
    autoevol: Autoevol, server: LoopbackServer, data: Path
) -> None:
    words = ("evolve", "code/direct", "--data", data, *at(server), "-q")
    assert autoevol(*words, "--out", "out", *ASKED).code == 0
    assert caps(server) == {(77, 0.3), (900, 0.0)}
    kept = tomllib.loads(Path("out/run.toml").read_text())
    assert kept["caps"] == {"evolver": 77, "responder": 900}
    assert kept["temperature"] == {"evolver": 0.3}
    sent = len(server.requests)
    assert autoevol("evolve", "--resume", "out", "-q").code == 0
    assert len(server.requests) == sent
    other = autoevol("evolve", "--resume", "out", "--max-tokens", "evolver=78")
    assert other.code == 2
    assert "caps.evolver (77 there, 78 now)" in other.err
    assert "temperature.evolver" not in other.err


def test_a_plan_shows_them_and_counts_with_them(
    autoevol: Autoevol, server: LoopbackServer, data: Path
) -> None:
    words = ("evolve", "code/direct", "--data", data, *at(server), "--dry-run")
    shown = autoevol(*words, *ASKED)
    assert "temperature 0.3, at most 77 tokens an answer" in " ".join(shown.out.split())
    plain, capped = (autoevol(*words, *more, "--json").document for more in ((), ASKED))
    assert capped["output_tokens"]["high"] < plain["output_tokens"]["high"]
    assert [load["max_tokens"] for load in plain["roles"]] == [4096, 8192]
    loads = {load["role"]: load for load in capped["roles"]}
    assert (loads["evolver"]["temperature"], loads["responder"]["max_tokens"]) == (0.3, 900)
    assert server.requests == []


@pytest.mark.parametrize(
    ("flag", "value", "said"),
    [
        ("--temperature", "evolvr=0.2", "Did you mean evolver? Roles: evolver, responder"),
        ("--temperature", "evolver", "gives no number"),
        ("--temperature", "judge=hot", "gives no number"),
        ("--temperature", "judge=3", "Give a number from 0 to 2."),
        ("--max-tokens", "optimiser=9", "Did you mean optimizer?"),
        ("--max-tokens", "judge=1.5", "gives no whole number"),
        ("--max-tokens", "judge=0", "Give a whole number above 0."),
    ],
)
def test_what_cannot_be_meant_is_refused_before_a_folder_is_made(
    autoevol: Autoevol, flag: str, value: str, said: str
) -> None:
    done = autoevol("optimize", "--model", "fake/flat", "--run", "r", flag, value)
    assert done.code == 2
    assert said in done.err
    assert not Path("r").exists()


def test_a_role_of_another_verb_is_refused(autoevol: Autoevol, data: Path) -> None:
    words = ("evolve", "code/direct", "--data", data, "--model", "fake/echo", "--out", "out")
    done = autoevol(*words, "--temperature", "analyzer=0.2")
    assert done.code == 2
    assert "Roles: evolver, responder, judge." in done.err


def test_a_model_that_takes_no_temperature_gets_none_and_that_is_said_once(
    autoevol: Autoevol, server: LoopbackServer, data: Path
) -> None:
    server.script = lambda asked: (
        refused(400, "'temperature' is not supported.", param="temperature")
        if "temperature" in asked
        else Reply(answer(asked["messages"]))
    )
    words = ("evolve", "code/direct", "--data", data, *at(server), "--out", "out")
    done = autoevol(*words, "--temperature", "evolver=0.3", "--concurrency", "1")
    assert done.code == 0
    assert done.err.count("openai/m does not take temperature: left out.") == 1
