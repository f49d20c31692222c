"""`--config FILE`: whose word counts, and what no file may say."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autoevol.cli.config import SETTABLE, unsaid
from autoevol.door import Door, check_door
from autoevol.errors import BadInput, UsageError
from autoevol.runs import LEDGER
from tests.cli.conftest import Autoevol
from tests.planted import served
from tests.server import LoopbackServer, Reply, serve_in_thread
from tests.verbs.evolving import answer, rows, write_rows

FLAGS = (*SETTABLE, "score", "base_url", "data", "redact")


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with serve_in_thread(lambda asked: Reply(answer(asked["messages"]))) as server:
        yield server


def written(text: str, name: str = "mine.toml") -> Path:
    Path(name).write_text(text, encoding="utf-8")
    return Path(name)


def told(text: str, env: dict[str, str] | None = None) -> dict[str, tuple[object, str]]:
    found = unsaid("evolve", FLAGS, written(text), env or {})
    return {one.flag: (one.value, one.source) for one in found}


def test_the_environment_stands_before_the_file() -> None:
    text = '[evolve]\nmodel = "fake/file"\nbudget = "5calls"\ntemperature = { evolver = 0.5 }\n'
    env = {"AUTOEVOL_EVOLVE_MODEL": "fake/env", "AUTOEVOL_EVOLVE_CONCURRENCY": "3"}
    assert told(text, {**env, "AUTOEVOL_OPTIMIZE_BUDGET": "1usd"}) == {
        "model": ("fake/env", "AUTOEVOL_EVOLVE_MODEL"),
        "concurrency": (3, "AUTOEVOL_EVOLVE_CONCURRENCY"),
        "budget": ("5calls", "mine.toml"),
        "temperature": ("evolver=0.5", "mine.toml"),
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[evlove]\nmodel = 'x/y'", "unknown key 'evlove'. Did you mean evolve? Known: [endpoints"),
        ("model = 'x/y'", "unknown key 'model'. Known: [endpoints.NAME], [optimize]"),
        ("[evolve]\nmodle = 'x/y'", "unknown key 'modle'. Did you mean model?"),
        ("[evolve]\nscore = 'm:f'", "score may not come from a file. Give it as a flag: --score."),
        ("[evolve]\nrule = ['m:f']", "rule may not come from a file."),
        ("[evolve]\nredact = 'm:f'", "redact may not come from a file."),
        ("[evolve]\ndata = '/etc'", "data may not come from a file."),
        ("[evolve]\nbase_url = 'http://x'", "base_url may not come from a file. Write [endpoints."),
        ("[evolve]\nconcurrency = 0", "concurrency cannot be 0. It must be 1 or more."),
        ("[evolve]\nbatch = 'yes'", "batch cannot be 'yes'. It must be true or false."),
        ("[evolve]\nbudget = 5", "budget cannot be 5."),
        ("evolve = 3", "'evolve' must hold a table."),
        ("[evolve", "cannot be read"),
    ],
)
def test_what_a_file_may_not_hold_is_named(text: str, said: str) -> None:
    with pytest.raises(BadInput) as met:
        told(text)
    assert said in str(met.value)
    assert met.value.exit_status == 2


def test_a_variable_that_cannot_be_meant_is_named() -> None:
    with pytest.raises(UsageError, match="AUTOEVOL_EVOLVE_CONCURRENCY cannot be 'many'"):
        told("", {"AUTOEVOL_EVOLVE_CONCURRENCY": "many"})


def test_a_flag_stands_before_both_and_what_the_file_sets_is_said(
    autoevol: Autoevol, server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(
        f'[endpoints.farm]\nbase_url = "{server.openai_url}"\napi_key_env = "FARM_KEY"\n'
        '[evolve]\nmodel = "farm/tiny"\nbudget = "1calls"\nmax_tokens = { evolver = 70 }\n'
        '[optimize]\nmodel = "fake/flat"\n'
    )
    monkeypatch.setenv("FARM_KEY", "the-farms-own")
    monkeypatch.setenv("OPENAI_API_KEY", "never-sent-there")
    write_rows(Path("seeds.jsonl"), rows(2))
    words = ("evolve", "code/direct", "--data", "seeds.jsonl", "--config", "mine.toml")
    unasked = autoevol(*words, "--out", "out")
    assert unasked.code == 2
    assert "127.0.0.1" in unasked.err
    assert "--trust-config" in unasked.err
    done = autoevol(*words, "--out", "a", "--trust-config", "--budget", "9calls")
    assert done.code == 0
    assert "model farm/tiny comes from mine.toml." in done.err
    assert "budget" not in done.err.partition("evolving")[0]
    assert {one.headers["Authorization"] for one in server.requests} == {"Bearer the-farms-own"}
    kept = tomllib.loads(Path("a/run.toml").read_text())
    assert kept["caps"]["evolver"] == 70
    assert kept["invocation"]["budget"] == "9calls"


def test_a_run_that_goes_on_keeps_to_what_it_remembers(
    autoevol: Autoevol, server: LoopbackServer, tmp_path: Path
) -> None:
    table = f'[endpoints.farm]\nbase_url = "{server.openai_url}"\n'
    config = written(f'{table}[evolve]\nmodel = "farm/tiny"\n', "a.toml")
    write_rows(Path("seeds.jsonl"), rows(1))
    words = ("evolve", "code/direct", "--data", "seeds.jsonl", "--config", "a.toml", "--out", "out")
    assert autoevol(*words, "--trust-config", "-q").code == 0
    config.write_text(f'{table}[evolve]\nmodel = "farm/other"\n')
    sent = len(server.requests)
    assert autoevol("evolve", "--resume", "out", "--trust-config", "-q").code == 0
    assert len(server.requests) == sent
    assert autoevol(*words, "--trust-config", "-q").code == 2


def test_the_command_to_go_on_goes_on_and_never_at_another_host(
    autoevol: Autoevol, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve_in_thread(served()) as server, serve_in_thread(served()) as elsewhere:
        table = f'[endpoints.farm]\nbase_url = "{server.openai_url}"\n'
        written(table, "a.toml")
        words = ("compare", "direct", "--items", "2", "--model", "farm/m", "--no-seeds", "-q")
        cut = autoevol(
            *(*words, "--config", "a.toml", "--run", "r", "--trust-config", "--budget", "104calls")
        )
        assert cut.code == 3
        line = next(one for one in cut.err.splitlines() if one.startswith("Go on: autoevol "))
        go_on = line.removeprefix("Go on: autoevol ").replace("MORE", "999calls").split()
        other = written(table, "b.toml")
        for config in ("b.toml", str(other.absolute())):
            unasked = autoevol(*words, "--config", config, "--run", "b")
            assert (unasked.code, "is not confirmed" in unasked.err) == (2, True)
        written(table.replace(server.openai_url, elsewhere.openai_url), "a.toml")
        moved = autoevol(*go_on, "-q")
        assert (moved.code, "is not confirmed" in moved.err) == (2, True)
        written(f'{table}api_key_env = "OTHER_KEY"\n', "a.toml")
        monkeypatch.setenv("OTHER_KEY", "of-something-else")
        assert "is not confirmed" in autoevol(*go_on, "-q").err
        written(table, "a.toml")
        done = autoevol(*go_on, "-q")
        assert done.code == 0, done.err
        assert elsewhere.requests == []
        assert not Path("b").exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--trust-config", "--budget", "1usd"), "no price is known for farm/m"),
        (("--trust-config", "--budget", "5"), "budget '5' cannot be read"),
        ((), "is not confirmed"),
    ],
)
@pytest.mark.parametrize("verb", ["compare", "optimize", "evolve"])
def test_bad_usage_makes_no_folder_and_names_none(
    autoevol: Autoevol, server: LoopbackServer, verb: str, more: tuple[str, ...], said: str
) -> None:
    written(f'[endpoints.farm]\nbase_url = "{server.openai_url}"\n', "autoevol.toml")
    write_rows(Path("seeds.jsonl"), rows(2))
    words = {
        "compare": ("direct", "--items", "2"),
        "optimize": ("--preset", "quick"),
        "evolve": ("code/direct", "--data", "seeds.jsonl", "--out", "runs/out"),
    }[verb]
    done = autoevol(verb, *words, "--model", "farm/m", *more)
    assert (done.code, said in done.err) == (2, True), done.err
    assert not Path("runs").exists()
    assert "runs/" not in done.err
    assert server.requests == []


def test_a_price_that_is_known_lets_a_cap_in_money_through(tmp_path: Path) -> None:
    def door(table: str, **more: Any) -> Door:
        written(table, "autoevol.toml")
        return Door(confirm=lambda _: True, **{"budget": "1usd", **more})

    models, folder = ["slow/gpt-4o-mini"], tmp_path / "run"
    check_door(door("[endpoints.slow]\nservice_tier = 'flex'\n"), models, folder)
    own = "[endpoints.slow]\nbase_url = 'http://127.0.0.1:1/v1'\n"
    check_door(door(own + "price = { input = 1, output = 2 }\n"), models, folder)
    check_door(door(own, budget="9calls"), models, folder)
    check_door(door(own, reuse=[tmp_path]), models, folder)
    with pytest.raises(UsageError, match="no price is known for slow/gpt-4o-mini"):
        check_door(door(own), models, folder)
    folder.mkdir()
    (folder / LEDGER).touch()
    check_door(door(own), models, folder)


def test_a_providers_key_never_goes_where_a_file_leads(
    autoevol: Autoevol, server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-mine-and-only-mine")
    table = f'[endpoints.bad]\nbase_url = "{server.openai_url}"\napi_key_env = "OPENAI_API_KEY"\n'
    written(table, "autoevol.toml")
    done = autoevol("optimize", "--model", "bad/m", "--trust-config", "--run", "r")
    assert done.code == 2
    assert "would send OPENAI_API_KEY" in done.err
    assert server.requests == []
    assert not Path("r").exists()
