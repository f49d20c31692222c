"""`compare` whole, in worlds where it is known which method is better, if any."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from autoevol import Terms
from autoevol import compare as public
from autoevol.casting import Cast
from autoevol.comparing.money import LEAST, MOST
from autoevol.data.seeds import read_seeds
from autoevol.data.splits import split
from autoevol.domain import load_domain
from autoevol.door import Door
from autoevol.errors import BadInput, BudgetReached, NothingUsable, UsageError
from autoevol.llm.ledger import read_bill
from autoevol.llm.messages import Request, Response, Usage
from autoevol.methods import load_method, methods_for, write_method
from autoevol.runs import LEDGER
from autoevol.simulation import GOOD
from autoevol.types import Evolution, Failure, Method
from autoevol.verbs.compare import compare, replay
from tests.verbs.comparing import (
    BETTER,
    EQUALS,
    MODEL,
    PLAIN,
    arm,
    found,
    method,
    on_disk,
    rows,
    run,
)
from tests.verbs.evolving import rows as seed_rows
from tests.verbs.evolving import write_rows
from tests.verbs.optimizing import World


async def test_a_planted_better_method_is_shown_to_be_the_best(tmp_path: Path) -> None:
    done = await run(tmp_path / "run", PLAIN, BETTER, "code/initial", items=30)
    summary = done.summary
    assert summary == on_disk(done.folder)
    assert summary["complete"]
    first = summary["ranking"][0]
    assert (first["name"], first["best"], first["worst"]) == ("code/better", 1, 1)
    assert sorted(first["ahead_of"]) == ["code/initial", "code/plain"]
    assert summary["verdict"]["best"] == "code/better"
    against = [pair for pair in summary["pairs"] if "code/better" in (pair["a"], pair["b"])]
    assert all(pair["shown"] and pair["p"] <= pair["p_holm"] < 0.05 for pair in against)
    pair = next(pair for pair in against if pair["a"] == "code/plain")
    assert pair["high"] < 0, "a - b: the plain one is behind"
    assert arm(summary, "code/better")["score"]["mean"] > 0.7
    power = summary["power"]
    assert power["least"]["items_needed"] <= power["most"]["items_needed"] < power["all_pairs"]


async def test_between_equal_methods_no_difference_is_shown(tmp_path: Path) -> None:
    done = await run(tmp_path / "run", *EQUALS, world=World("flat"), items=24)
    assert done.summary["verdict"]["said"] == "No difference shown between any two."
    assert done.summary["verdict"]["best"] is None
    assert {(one["best"], one["worst"]) for one in done.summary["ranking"]} == {(1, 3)}


async def test_every_rewrite_lies_in_the_folder_in_order(tmp_path: Path) -> None:
    done = await run(tmp_path / "run", PLAIN, BETTER)
    kept = rows(done.folder)
    items = [row["item"] for row in kept if row["arm"] == "code/plain"]
    assert Counter(row["arm"] for row in kept) == {"code/plain": 12, "code/better": 12, "seeds": 12}
    for name in ("code/better", "seeds"):
        assert [row["item"] for row in kept if row["arm"] == name] == items
    for row in kept:
        assert (row["utility"] == 0) >= bool(row["failures"])
        assert row["arm"] != "seeds" or row["after"] == row["before"]
    better = arm(done.summary, "code/better")
    passed = [row for row in kept if row["arm"] == "code/better" and not row["failure"]]
    assert better["rows_kept"] == len(passed)
    spent = sum(row["output_tokens"] for row in kept if row["arm"] == "code/better")
    assert better["output_tokens_per_kept"] == pytest.approx(spent / len(passed), abs=0.01)
    assert better["million"]["output_tokens"] == pytest.approx(1e6 * spent / len(passed), rel=1e-3)
    failed = Counter(row["failure"] for row in kept if row["arm"] == "code/better")
    del failed[""]
    assert better["failures"] == dict(failed)


async def test_items_are_those_that_optimize_keeps_for_its_confirmation(tmp_path: Path) -> None:
    done = await run(tmp_path / "run", PLAIN, seed=3)
    seeds = read_seeds(load_domain("code")).items
    kept = split(seeds, train=40, dev=60, confirm=60, seed=3).confirm
    assert [row["item"] for row in rows(done.folder)][:12] == [item.id for item in kept[:12]]


async def test_a_method_measured_before_costs_nothing(tmp_path: Path) -> None:
    world = World()
    first = await run(tmp_path / "a", PLAIN, BETTER, world=world)
    asked = world.asked.total()
    again = await run(tmp_path / "a", PLAIN, BETTER, world=world)
    door = Door(scripts={"w": world}, reuse=[tmp_path / "a"])
    other = await run(tmp_path / "b", BETTER, PLAIN, door=door)
    assert world.asked.total() == asked
    assert found(again.summary) == found(first.summary)
    for name in ("code/plain", "code/better"):
        assert arm(other.summary, name) == arm(first.summary, name)
    await run(tmp_path / "c", PLAIN, EQUALS[1], door=door, world=world)
    assert 0 < world.asked.total() - asked <= 3 * 12, "only the new method is paid for"


async def test_a_replay_needs_nothing_but_the_folder(tmp_path: Path) -> None:
    shelf, data = tmp_path / "shelf", write_rows(tmp_path / "seeds.jsonl", seed_rows(20))
    write_method(BETTER, shelf / "code" / "better.md")
    first = await run(
        tmp_path / "run",
        "better",
        PLAIN,
        data=str(data),
        domain="code",
        shelf=shelf,
        best_of=[PLAIN],
    )
    shutil.rmtree(shelf)
    data.unlink()
    moved = tmp_path / "elsewhere" / "sent"
    moved.parent.mkdir()
    shutil.copytree(tmp_path / "run", moved)
    again = await replay(moved, run=tmp_path / "again")
    assert found(again.summary) == found(first.summary)
    assert rows(again.folder) == rows(first.folder)
    assert not any(row.calls for row in read_bill(again.folder / LEDGER))
    third = await replay(again.folder, run=tmp_path / "third")
    assert found(third.summary) == found(first.summary)


async def test_rounds_are_chained_and_a_failure_ends_them(tmp_path: Path) -> None:
    done = await run(tmp_path / "run", "code/initial", items=24, rounds=3)
    by_item: dict[str, list[dict[str, object]]] = {}
    for row in rows(done.folder):
        if row["arm"] == "code/initial":
            by_item.setdefault(row["item"], []).append(row)
    assert {len(walked) for walked in by_item.values()} >= {1, 3}
    for walked in by_item.values():
        assert [row["round"] for row in walked] == list(range(1, len(walked) + 1))
        assert not any(row["failure"] for row in walked[:-1])
        assert all(b["before"] == a["after"] for a, b in pairwise(walked))
    figures = arm(done.summary, "code/initial")
    whole = sum(float(str(row["utility"])) for walked in by_item.values() for row in walked)
    assert figures["score"]["mean"] == pytest.approx(whole / 3 / 24)
    entered = [one["entered"] for one in figures["rounds"]]
    assert entered[0] == 24 > entered[-1]
    assert [one["kept"] for one in figures["rounds"]][:-1] == entered[1:]
    assert len(arm(done.summary, "seeds")["rounds"]) == 1


async def test_the_best_of_several_draws_gets_the_money_of_the_dearest_as_near_as_may_be(
    tmp_path: Path,
) -> None:
    seen: list[Request] = []

    def odd(request: Request) -> Response | None:
        if request.role != "evolver":
            return None
        seen.append(request)
        if request.sample == 1:  # one draw that no rule drops, for every item
            text = request.messages[-1].content.split("<instruction>\n")[1]
            seed = text.split("\n</instruction>")[0]
            more = ", even when group 7 is missing, even after unit 3 comes twice"
            return Response(
                f"<evolved>\n{seed}\n\nBesides, check the roles{more}.\n</evolved>",
                "stop",
                Usage(9, 9),
            )
        return None

    done = await run(tmp_path / "run", PLAIN, BETTER, best_of=[PLAIN], world=World(odd=odd))
    drawn = next(one for one in done.summary["arms"] if one["kind"] == "best-of")
    equal = drawn["equal"]
    assert equal["unit"] == "tokens"
    others = [abs(n * equal["a_draw"] - equal["dearest"]) for n in range(LEAST, MOST + 1)]
    assert abs(equal["spent"] - equal["dearest"]) == pytest.approx(min(others), abs=1e-5)
    assert equal["times"] == pytest.approx(equal["spent"] / equal["dearest"], abs=1e-3)
    assert drawn["draws"] == equal["draws"] >= 2
    assert {(one.sample, one.temperature) for one in seen} == {
        (0, 0.0),
        *((sample, 0.7) for sample in range(1, equal["draws"])),
    }
    alone = arm(done.summary, "code/plain")
    assert drawn["score"]["mean"] > alone["score"]["mean"]
    assert drawn["failure_rate"]["mean"] == 0
    assert drawn["output_tokens"] > alone["output_tokens"]
    assert any(drawn["name"] in (pair["a"], pair["b"]) for pair in done.summary["pairs"])


async def test_the_plain_seeds_are_a_measure_of_the_rules_and_are_not_ranked(
    tmp_path: Path,
) -> None:
    def odd(request: Request) -> Response | None:
        seed = request.role == "responder" and "Besides," not in request.messages[-1].content
        return (
            Response("I'm sorry, but I can't help with that.", "stop", Usage(5, 5))
            if seed
            else None
        )

    done = await run(tmp_path / "run", BETTER, world=World(odd=odd))
    seeds = arm(done.summary, "seeds")
    assert seeds["failures"] == {"refusal": 12}
    assert seeds["million"] is None
    assert [one["name"] for one in done.summary["ranking"]] == ["code/better"]
    assert done.summary["verdict"]["said"] == "There is nothing to compare with."
    bare = await run(tmp_path / "bare", BETTER, plain=False)
    assert [one["name"] for one in bare.summary["arms"]] == ["code/better"]


async def test_languages_have_figures_of_their_own(tmp_path: Path) -> None:
    done = await run(tmp_path / "run", PLAIN, items=60)
    parts = arm(done.summary, "code/plain")["languages"]
    assert len(parts) > 1
    assert sum(part["items"] for part in parts.values()) == 60


async def test_a_method_of_another_domain_is_allowed_and_said(tmp_path: Path) -> None:
    twin = Method("twin", "code", PLAIN.text)
    done = await run(tmp_path / "run", "math/direct", PLAIN, twin, PLAIN)
    assert [one["name"] for one in done.summary["arms"]] == [
        "math/direct",
        "code/plain",
        "seeds",
    ]
    assert done.summary["notes"] == [
        "math/direct was made for math, not for code.",
        "code/twin: the same text as code/plain, measured once under that name.",
    ]
    assert arm(done.summary, "math/direct")["stranger"]


async def test_all_is_the_shelf_and_a_bare_name_is_the_domains_own(tmp_path: Path) -> None:
    done = await run(tmp_path / "run", "direct", "all", items=2, plain=False)
    names = [one["name"] for one in done.summary["arms"]]
    assert names[0] == "code/direct"
    assert sorted(names) == sorted(f"{m.domain}/{m.name}" for m in methods_for("code"))


async def test_what_cannot_be_meant_is_refused_before_a_folder_is_made(tmp_path: Path) -> None:
    world, empty = World(), tmp_path / "empty.jsonl"
    empty.write_text("")
    for methods, more, said in (
        (["code/dirct"], {}, "code/direct"),
        ([], {}, "No method is named"),
        ([PLAIN, method("plain", GOOD[0])], {}, "both are called code/plain"),
        ([PLAIN], {"data": str(empty)}, "holds no rows"),
        ([PLAIN], {"items": 100_000}, "no near-duplicates"),
        ([PLAIN], {"items": 0}, "at least 1"),
        ([PLAIN], {"rounds": 0}, "at least 1"),
        ([PLAIN], {"domain": "cod"}, "Did you mean 'code'"),
    ):
        with pytest.raises((BadInput, UsageError), match=said):
            await run(tmp_path / "run", *methods, world=world, **more)
    assert not world.asked
    assert not (tmp_path / "run").exists()


async def test_few_items_are_taken_as_they_are(tmp_path: Path) -> None:
    data = write_rows(tmp_path / "seeds.jsonl", seed_rows(5))
    done = await run(tmp_path / "run", PLAIN, data=str(data), items=None)
    assert done.summary["data"]["items"] == 5
    with pytest.raises(BadInput, match="Ask for --items 5"):
        await run(tmp_path / "more", PLAIN, data=str(data), items=6)


async def test_other_settings_on_a_folder_are_refused_by_name(tmp_path: Path) -> None:
    await run(tmp_path / "run", PLAIN)
    with pytest.raises(UsageError, match=r"data\.items \(12 there, 9 now\)"):
        await run(tmp_path / "run", PLAIN, items=9)
    with pytest.raises(UsageError, match=r"methods\.method_1"):
        await run(tmp_path / "run", BETTER)


async def test_a_cut_by_the_budget_leaves_whole_files_and_goes_on(tmp_path: Path) -> None:
    world = World()
    cut, uncut = tmp_path / "cut", tmp_path / "uncut"
    whole = await run(uncut, PLAIN, BETTER, items=24)
    door = Door(scripts={"w": world}, budget="180calls")
    with pytest.raises(BudgetReached):
        await run(cut, PLAIN, BETTER, items=24, door=door)
    assert world.asked.total() <= 180
    summary = on_disk(cut)
    assert not summary["complete"]
    assert 0 < arm(summary, "code/plain")["items"] < 24
    assert len(rows(cut)) == sum(one["items"] for one in summary["arms"])
    with pytest.raises(BadInput, match="was cut before its end"):
        await replay(cut, run=tmp_path / "early")
    before = world.asked.total()
    done = await run(cut, PLAIN, BETTER, items=24, world=world)
    assert found(done.summary) == found(whole.summary)
    assert rows(cut) == rows(uncut)
    every = sum(row.calls for row in read_bill(uncut / LEDGER))
    assert world.asked.total() - before <= every - 180 + 12, "what was answered is not asked again"


async def test_a_cancelled_run_goes_on_where_it_was(tmp_path: Path) -> None:
    world, stop = World(), asyncio.Event()

    def odd(request: Request) -> None:
        if world.asked.total() == 150:
            stop.set()

    world.odd = odd
    task = asyncio.create_task(run(tmp_path / "run", PLAIN, BETTER, items=24, world=world))
    await stop.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not on_disk(tmp_path / "run")["complete"]
    done = await run(tmp_path / "run", PLAIN, BETTER, items=24, world=world)
    whole = await run(tmp_path / "whole", PLAIN, BETTER, items=24)
    assert found(done.summary) == found(whole.summary)


async def test_when_time_is_up_whole_columns_are_compared(tmp_path: Path) -> None:
    done = await run(tmp_path / "run", PLAIN, BETTER, items=24, max_minutes=0)
    assert not done.summary["complete"]
    assert {one["items"] for one in done.summary["arms"]} == {12}


async def test_items_without_a_verdict_are_left_out_and_too_many_end_it(tmp_path: Path) -> None:
    def silent(names: set[str]) -> World:
        def odd(request: Request) -> Response | None:
            text = request.messages[-1].content
            if request.role != "judge" or not any(f"number {name} that" in text for name in names):
                return None
            return Response("no", "stop", Usage(5, 1))

        return World(odd=odd)

    data = str(write_rows(tmp_path / "seeds.jsonl", seed_rows(20)))
    more = {"data": data, "domain": "code", "items": 20}
    done = await run(tmp_path / "one", PLAIN, BETTER, world=silent({"3"}), **more)
    assert arm(done.summary, "code/better")["unknown"] == 1
    assert done.summary["pairs"][0]["items"] == 19
    with pytest.raises(NothingUsable, match="code/"):
        await run(tmp_path / "many", PLAIN, BETTER, world=silent({"3", "4", "5"}), **more)
    assert arm(on_disk(tmp_path / "many"), "code/better")["unknown"] == 3


async def test_a_judge_that_cannot_order_pairs_ends_it(tmp_path: Path) -> None:
    def odd(request: Request) -> Response | None:
        if request.role != "judge":
            return None
        return Response("3", "stop", Usage(5, 1), logprobs=((("3", 0.0),),))

    with pytest.raises(NothingUsable, match="orders 50% of"):
        await run(tmp_path / "run", PLAIN, world=World(odd=odd))


async def test_a_replay_of_what_is_no_comparison_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no comparison"):
        await replay(tmp_path)
    await run(tmp_path / "run", PLAIN, items=2)
    (tmp_path / "run" / "materials.json").write_text('{"version": 1}')
    with pytest.raises(BadInput, match="damaged"):
        await replay(tmp_path / "run")


def test_it_is_part_of_the_public_face_and_runs_in_a_script(tmp_path: Path) -> None:
    done = asyncio.run(
        public(
            [load_method("code/direct")],
            terms=Terms(items=2),
            model="fake/planted",
            run=tmp_path / "run",
        )
    )
    assert public is compare
    assert done.folder == tmp_path / "run"
    assert MODEL not in str(done.summary["models"])


async def test_methods_that_draw_or_join_two_are_compared_and_replayed(tmp_path: Path) -> None:
    wanted = ("evol-mixed", "fusion", "tag-evol")
    first = await run(tmp_path / "run", *wanted, rounds=2, plain=False)
    walked = [row for row in rows(first.folder) if row["arm"] == "code/tag-evol"]
    seeds = {row["item"]: row["before"] for row in walked if row["round"] == 1}
    later = [row for row in walked if row["round"] == 2]
    assert later
    assert all(row["before"] == seeds[row["item"]] for row in later), "always from the seed"
    said = "any/fusion: two instructions in; aims at a new instruction; the score asks whether it"
    assert [note for note in first.summary["notes"] if note.startswith(said)]
    again = await replay(tmp_path / "run", run=tmp_path / "again")
    assert found(again.summary) == found(first.summary)


async def test_a_score_of_ones_own_is_asked(tmp_path: Path) -> None:
    def longer(before: str, after: str) -> float:
        return min(1.0, (len(after) - len(before)) / 200)

    done = await run(tmp_path / "run", PLAIN, BETTER, score=longer, best_of=[PLAIN])
    assert done.summary["score"].endswith(":test_a_score_of_ones_own_is_asked.<locals>.longer")
    assert done.summary["ranking"][0]["name"] == "code/better"
    assert "judge" not in {row.role for row in read_bill(tmp_path / "run" / LEDGER)}


def shouting(evolution: Evolution) -> Failure | None:
    """The rewrite names the second task."""
    return Failure("", "2") if "number 2 that" in evolution.after.text else None


async def test_rules_of_ones_own_rule_out_and_are_asked_for_again(tmp_path: Path) -> None:
    data = str(write_rows(tmp_path / "seeds.jsonl", seed_rows(20)))
    given = {"data": data, "domain": "code", "items": 20}
    done = await run(tmp_path / "run", PLAIN, BETTER, rules=[shouting], **given)
    named = f"{__name__}:shouting"
    assert done.summary["rules"] == named
    assert arm(done.summary, "code/better")["failures"]["shouting"] == 1
    again = await replay(tmp_path / "run", rules=[shouting], run=tmp_path / "again")
    assert found(again.summary) == found(done.summary)
    with pytest.raises(UsageError, match="shouting") as refused:
        await replay(tmp_path / "run", run=tmp_path / "without")
    assert refused.value.hint == f"Give them again: --rule {named}"
    with pytest.raises(UsageError, match=r"settings\.rules"):
        await run(tmp_path / "run", PLAIN, BETTER, **given)
    with pytest.raises(UsageError, match="two rules named shouting"):
        await run(tmp_path / "two", PLAIN, rules=[shouting, shouting], **given)
    assert not (tmp_path / "without").exists()
    assert not (tmp_path / "two").exists()


async def test_a_score_that_a_folder_names_is_not_loaded(tmp_path: Path) -> None:
    await run(tmp_path / "run", PLAIN, items=2)
    path = tmp_path / "run" / "materials.json"
    path.write_text(path.read_text().replace('"score": "gain"', '"score": "nowhere_at_all:x"'))
    with pytest.raises(UsageError, match="which no file may name"):
        await replay(tmp_path / "run", run=tmp_path / "again")


async def test_a_text_under_two_names_is_one_arm_also_where_draws_are_wanted(
    tmp_path: Path,
) -> None:
    world, abroad = World(), Method("twin", "math", PLAIN.text)
    done = await run(tmp_path / "run", abroad, PLAIN, BETTER, best_of=[abroad], world=world)
    names = [one["name"] for one in done.summary["arms"]]
    assert names[:3] == ["code/plain", "code/better", "seeds"], "the name made for the domain"
    assert names[3].startswith("best of ")
    assert names[3].endswith(" code/plain")
    assert arm(done.summary, "code/plain")["also"] == ["math/twin"]
    assert len(done.summary["pairs"]) == 3, "no pair of a text with itself"
    alone = await run(tmp_path / "alone", PLAIN, BETTER, best_of=[PLAIN])
    assert done.summary["ranking"] == alone.summary["ranking"]
    again = await replay(tmp_path / "run", run=tmp_path / "again")
    assert found(again.summary) == found(done.summary)


async def test_temperatures_and_caps_are_asked_for_and_replayed(tmp_path: Path) -> None:
    asked: list[Request] = []
    world = World(odd=lambda request: asked.append(request))
    cast = Cast(MODEL, temperature={"evolver": 0.3}, max_tokens={"responder": 50})
    first = await run(tmp_path / "a", PLAIN, world=world, model=cast, items=3)
    assert {one.temperature for one in asked if one.role == "evolver"} == {0.3}
    assert {one.max_tokens for one in asked if one.role == "responder"} == {50}
    again = await replay(tmp_path / "a", run=tmp_path / "b")
    assert found(again.summary) == found(first.summary)
    with pytest.raises(UsageError, match=r"caps\.responder.*temperature\.evolver"):
        await run(tmp_path / "a", PLAIN, world=world, items=3)
    cold = Cast(MODEL, temperature={"evolver": 0})
    with pytest.raises(UsageError, match="all draws of a best-of arm are alike"):
        await run(tmp_path / "cold", PLAIN, best_of=[PLAIN], model=cold)
