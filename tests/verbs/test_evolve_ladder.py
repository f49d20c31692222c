"""`evolve` up a ladder: rounds, tries, variants, easier siblings, seeds, conversations, shards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autoevol.errors import BadInput, NothingUsable, Unavailable, UsageError
from autoevol.evolving import bookmark
from autoevol.llm.fake import Answer
from autoevol.llm.messages import Request
from autoevol.types import Method
from autoevol.verbs.evolve import evolve_all
from tests.verbs.evolving import (
    MODEL,
    Json,
    Model,
    Notes,
    all_records,
    door,
    lines,
    records_in,
    rows,
    seed_in,
    summary_of,
    write_rows,
)

EASIER = Method("easy", "code", "1. Ask for one thing less.\n", head={"aim": "easier"})


def places(records: list[Json]) -> dict[tuple[Any, int], Json]:
    return {(record["variant"], record["round"]): record for record in records}


class Growing(Model):
    """Adds a demand of its own each time; `fails(request)` answers without tags."""

    def __init__(self, fails: Callable[[Request], bool] = lambda _: False) -> None:
        super().__init__()
        self._fails = fails

    def __call__(self, request: Request) -> Answer:
        answer = super().__call__(request)
        if request.role != "evolver":
            return answer
        if self._fails(request):
            return "no tags at all"
        text = seed_in(request.messages[-1].content)
        return f"<evolved>{text} Also log step {len(self.asked)} of the walk.</evolved>"


async def test_a_row_that_failed_is_tried_again_from_its_last_good_version(tmp_path: Path) -> None:
    def fails(request: Request) -> bool:
        second = request.messages[-1].content.count("Also log") == 1
        return second and request.sample == 0

    model = Growing(fails)
    records = places(await all_records(rows(1), tmp_path / "out", model, rounds=3))
    first, second, third = records[0, 1], records[0, 2], records[0, 3]
    assert [r["verdict"]["kept"] for r in (first, second, third)] == [True, False, True]
    assert third["parent_id"] == first["id"] == second["parent_id"]
    assert third["before"] == first["instruction"]
    assert (second["sample"], third["sample"]) == (0, 1)
    tried = [r for r in model.asked if r.role == "evolver"]
    assert [r.temperature for r in tried] == [0.0, 0.0, 0.7]


async def test_rounds_from_the_seed_ask_for_more_each_time(tmp_path: Path) -> None:
    model = Growing()
    records = places(await all_records(rows(1), tmp_path / "out", model, rounds=3, kind="seed"))
    seed = rows(1)[0]
    assert {r["before"] for r in records.values()} == {seed["instruction"]}
    assert {r["parent_id"] for r in records.values()} == {seed["id"]}
    asked = [r.messages[-1].content for r in model.asked if r.role == "evolver"]
    assert "Guidance" not in asked[0]
    assert "2 separate changes" in asked[1]
    assert "3 separate changes" in asked[2]


async def test_variants_are_chains_of_their_own(tmp_path: Path) -> None:
    model = Growing()
    found = await all_records(rows(2), tmp_path / "out", model, rounds=2, variants=3)
    assert len(found) == len({r["id"] for r in found}) == 12
    of_one = places([r for r in found if r["seed_id"] == "seed-1"])
    assert sorted(of_one) == [(v, n) for v in range(3) for n in (1, 2)]
    for variant in range(3):
        assert of_one[variant, 2]["parent_id"] == of_one[variant, 1]["id"]
    heat = {r.sample: r.temperature for r in model.asked if r.role == "evolver"}
    assert heat == {0: 0.0, 1000: 0.7, 2000: 0.7}


async def test_an_easier_sibling_stands_beside_the_chain(tmp_path: Path) -> None:
    model = Growing()
    found = places(await all_records(rows(1), tmp_path / "out", model, downward=EASIER))
    sibling = found["down", 1]
    assert sibling["method"]["name"] == "code/easy"
    assert sibling["parent_id"] == "seed-0"
    asked = [r for r in model.asked if r.role == "evolver"]
    assert "Ask for one thing less" in asked[1].messages[0].content
    assert "easier instruction" in asked[1].messages[1].content
    with pytest.raises(UsageError, match="does not aim at easier") as met:
        await all_records(rows(1), tmp_path / "no", model, downward="code/direct")
    assert "math/wizardmath-down" in met.value.hint


async def test_seeds_are_kept_with_their_own_answer_or_a_new_one(tmp_path: Path) -> None:
    seeds = [{**rows(1)[0], "response": "My own answer.", "answer": "42"}, rows(2)[1]]
    model = Model()
    found = await all_records(seeds, tmp_path / "out", model, seeds=True)
    of_seeds = {r["seed_id"]: r for r in found if r["round"] == 0}
    assert of_seeds["seed-0"]["response"] == "My own answer."
    assert of_seeds["seed-0"]["verifier"]["status"] == "valid"
    assert of_seeds["seed-0"]["messages"][-1]["content"] == "My own answer."
    assert of_seeds["seed-1"]["response"].startswith("It checks")
    assert all(r["verdict"]["kept"] for r in of_seeds.values())
    assert model.roles().count("responder") == 3
    assert model.roles().count("evolver") == 2
    # Nobody rewrote them, and who answered one of them is named.
    assert of_seeds["seed-0"]["models"] == {}
    assert of_seeds["seed-1"]["models"] == {"responder": MODEL}
    nobody = {"name": "", "digest": "", "prompt_digest": ""}
    assert all(r["method"] == nobody for r in of_seeds.values())
    made = [r for r in found if r["round"]]
    assert all(r["models"] == {"evolver": MODEL, "responder": MODEL} for r in made)
    assert all(r["method"]["name"] == "code/direct" for r in made)


async def test_every_user_turn_is_evolved_and_every_answer_made_anew(tmp_path: Path) -> None:
    turns = [
        {"role": "system", "content": "Answer as a librarian."},
        {"role": "user", "content": "List three old books about maps and their makers."},
        {"role": "assistant", "content": "OLD ONE"},
        {"role": "user", "content": "Sort these three books by the year of their print."},
        {"role": "assistant", "content": "OLD TWO"},
    ]
    model = Growing()
    found = await all_records(
        [{"id": "c", "messages": turns}], tmp_path / "out", model, turns="all"
    )
    (record,) = found
    said = record["messages"]
    assert [m["role"] for m in said] == ["system", "user", "assistant", "user", "assistant"]
    assert said[0] == turns[0]
    assert said[1]["content"].startswith(turns[1]["content"] + " Also log")
    assert said[3]["content"].startswith(turns[3]["content"] + " Also log")
    assert not {"OLD ONE", "OLD TWO"} & {m["content"] for m in said}
    second = [r for r in model.asked if r.role == "responder"][1]
    assert [m.content for m in second.messages] == [m["content"] for m in said[:-1]]


async def test_a_turn_that_cannot_be_evolved_stays_as_it_was(tmp_path: Path) -> None:
    turns = [
        {"role": "user", "content": "List three old books about maps and their makers."},
        {"role": "assistant", "content": "OLD"},
        {"role": "user", "content": "Sort these three books by the year of their print."},
    ]
    row = {"id": "c", "messages": turns}
    half = Growing(lambda r: "three old books" in r.messages[-1].content)
    (record,) = await all_records([row], tmp_path / "half", half, turns="all")
    assert record["verdict"]["kept"]
    assert record["messages"][0]["content"] == turns[0]["content"]
    (stayed,) = record["verdict"]["unevolved"]
    assert (stayed["turn"], stayed["rule"]) == (1, "format_break")
    assert summary_of(tmp_path / "half")["unevolved_turns"] == {"format_break": 1}
    none = Growing(lambda _: True)
    with pytest.raises(NothingUsable, match="Not one of 1 rows"):
        await all_records([row], tmp_path / "none", none, turns="all")
    (dropped,) = lines(tmp_path / "none" / "dropped.jsonl")
    assert dropped["verdict"]["reason"] == "format_break"
    assert [turn["turn"] for turn in dropped["verdict"]["unevolved"]] == [1]


async def test_a_row_whose_last_user_turn_is_refused_fails_and_names_the_turns_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bookmark, "EVERY", 1)

    class Refusing(Growing):
        def __call__(self, request: Request) -> Answer:
            last = request.messages[-1].content
            if request.role == "evolver" and ("year" in last or "shelf" in last):
                return "I'm sorry, but I can't help with that."
            return super().__call__(request)

    texts = ("List three old books about maps.", "Sort them by year of print.", "Name their shelf.")
    asked = [{"role": "user", "content": text} for text in texts]
    talks = [{"id": "c", "messages": asked}, {"id": "d", "messages": [*asked[:2], asked[0]]}]
    out, model = tmp_path / "out", Refusing()
    data = write_rows(tmp_path / "talks.jsonl", talks)
    found = await all_records(data, out, model, turns="all")
    refused, kept = sorted(found, key=lambda record: record["verdict"]["kept"])
    assert refused["verdict"]["reason"] == "refused"
    assert [(t["turn"], t["rule"]) for t in refused["verdict"]["unevolved"]] == [(2, "refused")]
    assert refused["verdict"]["unevolved"][0]["evidence"]
    assert kept["instruction"] != kept["before"]
    assert [t["turn"] for t in kept["verdict"]["unevolved"]] == [2]
    assert model.roles().count("responder") == 3  # the first two are alike; none for what failed
    assert summary_of(out)["unevolved_turns"] == {"refused": 2}
    # The next start counts them again, from the bookmark and from the records behind it.
    await all_records(data, out, Refusing(), turns="all")
    assert summary_of(out)["unevolved_turns"] == {"refused": 2}
    (out / bookmark.PLACE).unlink()
    await all_records(data, out, Refusing(), turns="all")
    assert summary_of(out)["unevolved_turns"] == {"refused": 2}


async def test_a_ladder_that_was_cut_goes_on_without_a_call_twice(tmp_path: Path) -> None:
    ladder = {"rounds": 2, "variants": 2, "downward": EASIER, "seeds": True}
    data = write_rows(tmp_path / "seeds.jsonl", rows(4))
    model, uncut = Model(), Model()
    await all_records(data, tmp_path / "cut", model, limit=2, **ladder)
    await all_records(data, tmp_path / "cut", model, **ladder)
    await all_records(data, tmp_path / "uncut", uncut, **ladder)
    assert len(model.asked) == len(uncut.asked)
    assert records_in(tmp_path / "cut") == records_in(tmp_path / "uncut")
    with pytest.raises(UsageError, match=r"settings\.variants"):
        await all_records(data, tmp_path / "cut", model, **{**ladder, "variants": 1})


async def test_shards_part_the_rows_and_make_the_same_records(tmp_path: Path) -> None:
    data = write_rows(tmp_path / "seeds.jsonl", [*rows(7), *rows(2)])
    whole = await all_records(data, tmp_path / "whole", Model())
    parts = [
        await all_records(data, tmp_path / f"part{n}", Model(), shard=f"{n}/3") for n in (1, 2, 3)
    ]
    ids = [{r["id"] for r in part} for part in parts]
    assert [len(part) for part in parts] == [3, 3, 3]
    assert set.union(*ids) == {r["id"] for r in whole}
    with pytest.raises(UsageError, match=r"data\.shard"):
        await all_records(data, tmp_path / "part1", Model(), shard="2/3")
    for wrong in ("4/3", "0/3", "x"):
        with pytest.raises(UsageError, match="shard"):
            await all_records(data, tmp_path / "no", Model(), shard=wrong)


async def test_ordered_records_stand_as_the_rows_do(tmp_path: Path) -> None:
    model = Model()
    await all_records(
        rows(40), tmp_path / "out", model, ordered=True, door=door(model, concurrency=8)
    )
    written = [r["seed_id"] for r in lines(tmp_path / "out" / "kept.jsonl")]
    assert written == [row["id"] for row in rows(40)]


async def test_rows_behind_the_bookmark_are_not_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bookmark, "EVERY", 5)
    values = [*rows(12), *rows(12)]  # every name twice: the second ones depend on the first
    data = write_rows(tmp_path / "seeds.jsonl", values)
    model, uncut, notes = Model(), Model(), Notes()
    await all_records(data, tmp_path / "cut", model, limit=17)
    place = tmp_path / "cut" / bookmark.PLACE
    assert '"rows": 15' in place.read_text()
    kept = tmp_path / "cut" / "kept.jsonl"
    # What is behind the bookmark is not even read: a line that is no record does not disturb.
    text = kept.read_bytes()
    first = text.index(b"\n")
    kept.write_bytes(b"x" * first + text[first:])
    more = {"model": "fake/model", "door": door(model), "watcher": notes}
    result = await evolve_all("code/direct", data, out=tmp_path / "cut", **more)
    await all_records(data, tmp_path / "uncut", uncut)
    assert (result.kept, result.dropped) == (12, {"duplicate": 12})
    assert notes.done == 24
    assert len(model.asked) == len(uncut.asked) == 24  # equal texts are asked once
    kept.write_bytes(text[: first + 1] + kept.read_bytes()[first + 1 :])
    assert records_in(tmp_path / "cut") == records_in(tmp_path / "uncut")


async def test_a_bookmark_that_does_not_fit_is_left_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bookmark, "EVERY", 5)
    data = write_rows(tmp_path / "seeds.jsonl", rows(12))
    model = Model()
    await all_records(data, tmp_path / "out", model)
    whole = records_in(tmp_path / "out")
    (tmp_path / "out" / "kept.jsonl").write_bytes(b"")
    await all_records(data, tmp_path / "out", model)
    assert records_in(tmp_path / "out") == whole
    (tmp_path / "out" / bookmark.PLACE).write_text("{")
    assert len(await all_records(data, tmp_path / "out", model)) == 12
    assert len(model.asked) == 24


async def test_a_row_without_an_answer_is_not_behind_the_bookmark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bookmark, "EVERY", 5)
    data = write_rows(tmp_path / "seeds.jsonl", rows(40))
    ill = [True]

    def odd(role: str, text: str) -> Answer | None:
        if ill and "number 7 that" in text:
            raise Unavailable("gave out")
        return None

    model = Model(odd)
    assert len(await all_records(data, tmp_path / "out", model)) == 39
    ill.clear()
    assert len(await all_records(data, tmp_path / "out", model)) == 40
    assert summary_of(tmp_path / "out")["complete"]


@pytest.mark.parametrize("how", ["grows", "changes", "is replaced", "is cut", "is gone"])
async def test_seeds_that_change_while_they_are_read_are_noticed(tmp_path: Path, how: str) -> None:
    data = write_rows(tmp_path / "seeds.jsonl", rows(6))
    sheep = '{"instruction": "Write one more function that counts sheep."}\n'

    def odd(role: str, text: str) -> Answer | None:
        if role == "evolver" and "number 2 that" in text:
            said = data.read_text()
            if how == "grows":
                data.write_text(said + sheep)
            elif how == "changes":  # in place, and as long as before
                data.write_text(said.replace("entries", "records"))
            elif how == "is replaced":
                new = tmp_path / "new.jsonl"
                new.write_text(said.replace("function", "program"))
                new.replace(data)
            elif how == "is cut":
                data.write_text(said[: len(said) // 2])
            else:
                data.unlink()
        return None

    out, model = tmp_path / "out", Model(odd)
    with pytest.raises(BadInput, match="changed while it was read") as met:
        await all_records(data, out, model)
    assert f"--reuse {out}" in met.value.hint
    made = records_in(out)
    assert len(made) >= 3
    assert summary_of(out)["complete"] is False
    # What the file holds now is another run; what was made is kept.
    with pytest.raises((UsageError, BadInput)):
        await all_records(data, out, model)
    assert records_in(out) == made
