"""`optimize` whole, on worlds whose best method is known."""

from __future__ import annotations

import asyncio
import math
import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.casting import Cast
from autoevol.cli.result import result_parts
from autoevol.domain import load_domain
from autoevol.door import Door
from autoevol.errors import BadInput, NotInLedger, UsageError
from autoevol.learning.presets import PRESETS
from autoevol.llm.ledger import read_bill
from autoevol.llm.messages import Message, Request, Response
from autoevol.methods import load_method, read_method
from autoevol.simulation import expected_utility, planted
from autoevol.verbs.evolve import evolve_all
from tests.planted import served
from tests.server import LoopbackServer
from tests.verbs.evolving import records_in, rows, write_rows
from tests.verbs.optimizing import DERIVED, SMALL, World, found, learn, lines, summary


async def test_one_walk_from_the_first_call_to_the_frozen_file_and_through_evolve(
    tmp_path: Path,
) -> None:
    run = tmp_path / "run"
    result = await learn(run)

    kept = {path.name for path in run.iterdir()}
    assert kept >= {*DERIVED, "run.toml", "ledger.sqlite", "study.sqlite3", "summary.json"}
    seen = lines(run / "trajectories.jsonl")
    assert len(seen) == SMALL.batch * SMALL.steps
    assert {row["step"] for row in seen} == {1, 2}
    assert any(e["failures"] or e["after"] for row in seen for e in row["evolutions"])
    learned_from = lines(run / "feedback.jsonl")
    assert [row["step"] for row in learned_from] == [1, 2]
    assert all(row["lessons"] for row in learned_from)
    with closing(sqlite3.connect(run / "study.sqlite3")) as study:
        (trials,) = study.execute("SELECT count(*) FROM trials").fetchone()
    candidates = [c for step in result.summary["steps"] for c in step["candidates"]]
    assert trials == SMALL.candidates * SMALL.steps
    assert len(list((run / "candidates").glob("*.md"))) == len(candidates) > 0
    for candidate in candidates:
        file = run / "candidates" / f"{candidate['number']:03d}.md"
        assert read_method(file).digest == candidate["digest"]
    assert len(lines(run / "confirm.jsonl")) == 3 * SMALL.confirm
    roles = {row.role for row in read_bill(run / "ledger.sqlite")}
    assert roles == {"evolver", "responder", "judge", "analyzer", "optimizer"}

    data = write_rows(tmp_path / "seeds.jsonl", rows(6))
    ended = await evolve_all(
        str(run / "method.md"), data, out=tmp_path / "out", model="fake/planted"
    )
    assert ended.kept > 0
    assert len(records_in(tmp_path / "out")) == 6


@pytest.mark.parametrize("seed", [0, 1, 5])  # of seeds 0 to 7 all but 2 find it
async def test_a_better_method_that_is_planted_is_learned_and_frozen(
    tmp_path: Path, seed: int
) -> None:
    result = await learn(tmp_path / "run", seed=seed)
    assert result.better
    frozen = read_method(tmp_path / "run" / "method.md")
    assert frozen.kind == "learned"
    assert frozen.digest == result.method.digest == summary(result.folder)["method"]["digest"]
    start = load_method("code/initial")
    assert frozen.parent == f"{start.domain}/{start.name}"
    assert expected_utility(frozen.text) > expected_utility(start.text) + 0.15
    assert result.summary["confirm"]["differences"]["initial"]["low"] > 0


@pytest.mark.parametrize("seed", range(3))
async def test_where_no_better_method_exists_the_initial_one_is_frozen(
    tmp_path: Path, seed: int
) -> None:
    result = await learn(tmp_path / "run", seed=seed, model="fake/flat")
    assert not result.better
    frozen = read_method(tmp_path / "run" / "method.md")
    start = load_method("code/initial")
    assert (frozen.name, frozen.kind, frozen.digest) == (start.name, "handwritten", start.digest)


async def test_the_rival_is_compared_with_the_initial_method_where_that_stays(
    tmp_path: Path,
) -> None:
    result = await learn(tmp_path / "run", model="fake/flat")
    assert result.summary["texts"]["learned"] is None
    arms, gaps = (result.summary["confirm"][part] for part in ("arms", "differences"))
    assert gaps["initial"] is None
    told = arms["initial"]["score"]["mean"] - arms["rival"]["score"]["mean"]
    assert gaps["rival"]["mean"] == pytest.approx(told)
    assert (gaps["rival"]["items"], 0 < gaps["rival"]["p"] <= 1) == (SMALL.confirm, True)
    shown = " ".join(str(part) for part in result_parts(result.summary, result.folder, None))
    assert "score, initial - rival: " in shown
    report = (result.folder / "report.html").read_text(encoding="utf-8")
    assert "initial method − hand-written rival" in report
    assert "against the hand-written rival the difference is" in report
    assert "learned method" not in report
    twins = await learn(tmp_path / "twins", model="fake/flat", initial="code/direct")
    assert twins.summary["confirm"]["differences"] is None, "nothing beside one text"


async def test_a_million_rows_are_reckoned_from_tokens_that_are_not_rounded(
    tmp_path: Path,
) -> None:
    result = await learn(tmp_path / "run")
    told = result.summary["confirm"]["arms"]["initial"]
    assert told["output_tokens_per_kept"] % 1
    million = told["million"]
    assert million["output_tokens"] / 1e6 == pytest.approx(told["output_tokens_per_kept"], abs=1e-4)


@pytest.mark.parametrize("domain", ["code", "math", "chat"])
def test_the_planted_judge_can_be_trusted_in_every_domain(domain: str) -> None:
    def rating(task: str) -> float:
        turns = (Message("system", "rate"), Message("user", f"Task: {task}\nRating:"))
        answer = planted(Request("fake/planted", turns, "judge", 1, top_logprobs=20))
        assert isinstance(answer, Response)
        return sum(int(digit) * math.exp(weight) for digit, weight in answer.logprobs[0])

    pairs = [pair for pair in load_domain(domain).pairs if pair.harder is not None]
    right = [(rating(p.after) > rating(p.before)) == p.harder for p in pairs]
    assert sum(right) >= 0.75 * len(pairs)


@settings(max_examples=2, deadline=None)
@given(chance=st.randoms(use_true_random=False))
def test_the_order_in_which_answers_arrive_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, chance: random.Random
) -> None:
    async def late(request: Request) -> Response:
        await asyncio.sleep(chance.choice((0, 0, 0.001, 0.004)))
        answer = planted(request)
        assert isinstance(answer, Response)
        return answer

    async def both() -> tuple[object, object]:
        ordered, mixed = (tmp_path_factory.mktemp("order") / "run" for _ in range(2))
        at_once = Door(scripts={"w": planted}, concurrency=1)
        await learn(ordered, model="fake/w", door=at_once)
        await learn(mixed, model="fake/w", door=Door(scripts={"w": late}, concurrency=16))
        return found(ordered), found(mixed)

    one, other = asyncio.run(both())
    assert one == other


def test_it_runs_by_asyncio_run_in_a_script(tmp_path: Path) -> None:
    result = asyncio.run(learn(tmp_path / "run"))
    assert (result.folder / "method.md").exists()


async def test_a_finished_run_is_replayed_and_reused_without_a_call(tmp_path: Path) -> None:
    first = tmp_path / "a" / "run"
    await learn(first, door=Door(scripts={"w": planted}), model="fake/w")
    world = World()
    for name, door in {
        "again": Door(scripts={"w": world}),
        "replay": Door(scripts={"w": world}, replay=True, reuse=[first]),
        "reuse": Door(scripts={"w": world}, reuse=[first]),
    }.items():
        run = first if name == "again" else tmp_path / name / "run"
        expected = found(first)
        await learn(run, door=door, model="fake/w")
        assert found(run) == expected
        assert not world.asked
        bill = read_bill(run / "ledger.sqlite")
        assert name == "again" or not any(row.calls for row in bill)


async def test_a_replay_that_needs_a_new_call_sends_none(tmp_path: Path) -> None:
    first, world = tmp_path / "run", World()
    await learn(first, door=Door(scripts={"w": planted}), model="fake/w")
    door = Door(scripts={"w": world}, replay=True, reuse=[first])
    with pytest.raises(NotInLedger):
        await learn(tmp_path / "other", door=door, model="fake/w", seed=7)
    assert not world.asked


async def test_the_paper_preset_follows_the_published_rule(tmp_path: Path) -> None:
    sizes = replace(SMALL, name="paper", block=SMALL.dev, candidates=3, patience=9, paper=True)
    result = await learn(tmp_path / "run", preset=sizes, model="fake/flat")
    steps = result.summary["steps"]
    assert len(steps) == sizes.steps
    for step in steps:
        rates = {c["number"]: float(c["failure_rate"]) for c in step["candidates"]}
        assert step["winner"] == min(rates, key=lambda number: (rates[number], number))
        assert step["decision"] is None
        assert not any(lap["dropped"] for lap in step["laps"])
        assert {c["items"] for c in step["candidates"]} == {str(sizes.dev)}
    chain = {c["number"]: c["digest"] for step in steps for c in step["candidates"]}
    assert steps[1]["incumbent"] == chain[steps[0]["winner"]]


@pytest.mark.parametrize("preset", [preset.name for preset in PRESETS[1:]])
async def test_a_preset_too_large_for_the_seeds_is_refused_before_a_call(
    tmp_path: Path, preset: str
) -> None:
    data, world = write_rows(tmp_path / "seeds.jsonl", rows(20)), World()
    with pytest.raises(BadInput, match="The splits need"):
        await learn(
            tmp_path / "run",
            data=str(data),
            preset=preset,
            model="fake/w",
            door=Door(scripts={"w": world}),
        )
    assert not world.asked
    assert not (tmp_path / "run").exists()


async def test_settings_that_differ_on_resume_are_named(tmp_path: Path) -> None:
    world = World()
    door = Door(scripts={"w": world})
    await learn(tmp_path / "run", model="fake/w", door=door)
    asked = world.asked.total()
    with pytest.raises(UsageError) as caught:
        await learn(
            tmp_path / "run", model="fake/w", door=door, seed=3, preset=replace(SMALL, dev=7)
        )
    assert "settings.seed (0 there, 3 now)" in caught.value.message
    assert "preset.dev (8 there, 7 now)" in caught.value.message
    assert world.asked.total() == asked


async def test_a_whole_run_over_the_anthropic_protocol(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with LoopbackServer(served()) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
        result = await learn(tmp_path / "run", model="anthropic/m")
    assert (result.folder / "method.md").exists()
    assert result.summary["calibration"]["accuracy"] >= 0.75
    assert not any("logprobs" in seen.json for seen in server.requests)
    rated = [s for s in server.requests if s.json["messages"][-1]["content"].endswith("Rating:")]
    assert rated
    assert all("output_config" in s.json or "tools" in s.json for s in rated)


async def test_temperatures_and_caps_hold_for_all_calls_of_a_role(tmp_path: Path) -> None:
    asked: list[Request] = []
    world = World("planted", lambda request: asked.append(request))
    cast = Cast(
        "fake/w",
        temperature={"evolver": 0.3, "optimizer": 0.45, "judge": 1.0},
        max_tokens={"responder": 50, "judge": 4000},
    )
    door = Door(scripts={"w": world})
    await learn(tmp_path / "run", model=cast, door=door)
    seen = {(one.role, one.temperature, one.max_tokens) for one in asked}
    assert {(role, warmth) for role, warmth, _ in seen} == {
        ("evolver", 0.3),
        ("responder", 0.0),
        ("judge", 0.0),  # its log-probabilities are read
        ("analyzer", 0.7),
        ("optimizer", 0.45),
    }
    assert {most for role, _, most in seen if role == "responder"} == {50}
    assert {most for role, _, most in seen if role == "judge"} == {1}
    with closing(sqlite3.connect(tmp_path / "run" / "study.sqlite3")) as study:
        query = "SELECT DISTINCT param_value FROM trial_params WHERE param_name = 'temperature'"
        assert study.execute(query).fetchall() == [(0.45,)]
    sent = len(asked)
    await learn(tmp_path / "run", model=cast, door=door)
    assert len(asked) == sent
    with pytest.raises(UsageError, match=r"caps\.judge.*temperature\.optimizer"):
        await learn(tmp_path / "run", model="fake/w", door=door)
