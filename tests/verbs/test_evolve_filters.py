"""`evolve` with filters: what is dropped, why, and the same however often the run is cut."""

from __future__ import annotations

import asyncio
import random
import sys
from pathlib import Path
from typing import Any

import pytest

from autoevol.door import Door
from autoevol.errors import BadInput, BudgetReached, NothingUsable, UsageError
from autoevol.evolving.filters.choice import Filters
from autoevol.evolving.ladder import Ladder
from autoevol.llm.fake import Answer
from autoevol.verbs.evolve import evolve_all
from tests.server import LoopbackServer, Reply
from tests.verbs.evolving import (
    METHOD,
    Json,
    Model,
    all_records,
    answer,
    door,
    lines,
    records_in,
    rows,
    summary_of,
    write_rows,
)

PROCESS = (
    "import asyncio, sys; from pathlib import Path; from autoevol.door import Door; "
    "from autoevol.evolving.filters.choice import Filters; "
    "from autoevol.verbs.evolve import evolve_all; data, out, url, dedup = sys.argv[1:]; "
    f"asyncio.run(evolve_all('{METHOD}', data, out=Path(out), model='openai/m', "
    "filters=Filters(dedup=dedup), door=Door(base_url=url, concurrency=6)))"
)


def near_rows(count: int) -> list[Json]:
    """Seeds of which several are alike, so that which one is kept depends on which came first."""
    draw = random.Random(5)
    words = [f"word{n}" for n in range(400)]
    models = [draw.sample(words, 24) for _ in range(count // 4)]
    found = []
    for number in range(count):
        text = list(draw.choice(models))
        text[draw.randrange(24)] = f"other{number}"
        found.append({"id": f"s{number}", "instruction": f"Write a program on {' '.join(text)}."})
    return found


@pytest.mark.parametrize("dedup", ["minhash", "rouge", "exact"])
async def test_a_rung_that_says_what_another_one_said_is_a_duplicate(
    tmp_path: Path, dedup: str
) -> None:
    more: Json = {"rounds": 3, "kind": "seed", "filters": Filters(dedup=dedup)}  # type: ignore[arg-type]
    records = await all_records(rows(1), tmp_path / "out", Model(), **more)
    assert [r["verdict"]["reason"] for r in records] == ["", "duplicate", "duplicate"]
    for record in records[1:]:
        (failure,) = record["verdict"]["failures"]
        assert failure["evidence"] == f"the same words as {records[0]['id']}"


def dropped_by(folder: Path) -> dict[str, int]:
    return dict(summary_of(folder)["dropped"])


def order(folder: Path) -> list[str]:
    return [record["seed_id"] for record in lines(folder / "kept.jsonl")]


async def test_duplicates_are_dropped_in_the_order_of_the_rows(tmp_path: Path) -> None:
    data = [*rows(3), {**rows(1)[0], "id": "again"}]
    records = await all_records(data, tmp_path / "out", Model())
    last = records[-1]
    first = lines(tmp_path / "out" / "kept.jsonl")[0]
    assert last["verdict"] == {
        "kept": False,
        "reason": "duplicate",
        "failures": [{"rule": "duplicate", "evidence": f"the same words as {first['id']}"}],
        "score": None,
        "scorer": "",
    }
    assert lines(tmp_path / "out" / "dropped.jsonl") == [last]
    assert dropped_by(tmp_path / "out") == {"duplicate": 1}
    assert summary_of(tmp_path / "out")["filters"] == {"dedup": "minhash"}


@pytest.mark.parametrize("dedup", ["minhash", "rouge", "exact", "none"])
async def test_each_way_finds_what_it_is_for(tmp_path: Path, dedup: Any) -> None:
    data = near_rows(24)
    data.append({**data[0], "id": "same"})
    out = tmp_path / "out"
    await all_records(data, out, Model(), filters=Filters(dedup=dedup))
    found = dropped_by(out)
    assert found.get("duplicate", 0) == (dedup != "none")
    assert (found.get("near_duplicate", 0) > 9) is (dedup in ("minhash", "rouge"))


async def test_rounds_and_seeds_of_a_row_do_not_rule_each_other_out(tmp_path: Path) -> None:
    ladder = Ladder(rounds=2, variants=2, seeds=True, respond=False)

    def longer(role: str, text: str) -> Answer | None:
        more = "Then say which of them is met most often." if "Reject" in text else "Reject sizes"
        return f"<evolved>{text} {more} below one with a clear error.</evolved>"

    out, none = tmp_path / "out", tmp_path / "none"
    data = [{"id": "s", "instruction": near_rows(4)[0]["instruction"]}]
    await all_records(data, none, Model(longer), ladder=ladder, filters=Filters(dedup="none"))
    await all_records(data, out, Model(longer), ladder=ladder, filters=Filters(dedup="rouge"))
    chains = [(r["round"], r["variant"]) for r in lines(out / "kept.jsonl")]
    first = [(0, 0), *((number, 0) for number in (1, 2))]
    assert [chain for chain in chains if chain[1] == 0] == first
    kept = len(lines(none / "kept.jsonl"))
    # The other variant says the same here, and goes.
    assert dropped_by(out)["duplicate"] == kept - len(chains)


@pytest.mark.parametrize("dedup", ["minhash", "rouge"])
async def test_a_killed_run_decides_as_an_uncut_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dedup: Any
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    data = write_rows(tmp_path / "seeds.jsonl", near_rows(60))
    draw = random.Random(3)

    def late(asked: Json) -> Reply:  # answers land in another order than rows stand
        return Reply(answer(asked["messages"]), latency=draw.random() * 0.05)

    cut, uncut = tmp_path / "cut", tmp_path / "uncut"
    async with LoopbackServer(late) as server:
        reach = Door(base_url=server.openai_url, concurrency=6)
        chosen = {"model": "openai/m", "door": reach, "filters": Filters(dedup=dedup)}
        await evolve_all(METHOD, data, out=uncut, **chosen)  # type: ignore[arg-type]
        for calls in (9, 30, 25):
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", PROCESS, str(data), str(cut), server.openai_url, dedup),
                env={"PYTHONPATH": str(Path(__file__).parents[2]), "OPENAI_API_KEY": "k"},
            )
            enough = len(server.requests) + calls
            while len(server.requests) < enough and process.returncode is None:
                server.arrived.clear()
                await asyncio.wait_for(server.arrived.wait(), 30)
            process.kill()
            await process.wait()
        await evolve_all(METHOD, data, out=cut, **chosen)  # type: ignore[arg-type]
    assert records_in(cut) == records_in(uncut)
    assert order(cut) == order(uncut)
    assert dropped_by(cut)["near_duplicate"] > 20
    assert dropped_by(cut) == dropped_by(uncut)


async def test_a_budget_in_the_middle_does_not_change_who_is_the_duplicate(tmp_path: Path) -> None:
    data = write_rows(tmp_path / "seeds.jsonl", near_rows(40))
    cut, uncut = tmp_path / "cut", tmp_path / "uncut"
    await all_records(data, uncut, Model())
    for calls in (15, 31, 50):
        with pytest.raises(BudgetReached):
            await all_records(data, cut, Model(), door=door(Model(), budget=f"{calls}calls"))
        assert order(cut) == order(uncut)[: len(order(cut))]
    await all_records(data, cut, Model())
    assert records_in(cut) == records_in(uncut)


async def test_other_filters_are_another_run(tmp_path: Path) -> None:
    await all_records(rows(2), tmp_path / "out", Model())
    with pytest.raises(UsageError, match=r"filters\.dedup"):
        await all_records(rows(2), tmp_path / "out", Model(), filters=Filters(dedup="rouge"))


async def test_benchmark_words_are_found_in_seeds_rewrites_and_answers(tmp_path: Path) -> None:
    words = [f"w{n}" for n in range(80)]
    tasks = [{"task": " ".join(words[at : at + 20])} for at in (0, 20, 40)]
    bench = write_rows(tmp_path / "bench.jsonl", [*tasks, {"task": "Go."}])
    data = [{**row, "id": f"r{n}"} for n, row in enumerate(rows(4))]
    data[0]["instruction"] += " " + " ".join(words[2:16])

    def odd(role: str, text: str) -> Answer | None:
        if role == "evolver" and "number 1 " in text:
            return f"<evolved>{text} Then: {' '.join(words[21:35])}.</evolved>"
        if role == "responder" and "number 2 " in text:
            return f"`show()` walks the entries and prints {' '.join(words[40:60])}."
        return None

    model, out = Model(odd), tmp_path / "out"
    await all_records(data, out, model, filters=Filters(decontaminate=(bench,)))
    assert order(out) == ["r3"]
    assert dropped_by(out) == {"contaminated": 3}
    by_seed = {record["seed_id"]: record for record in lines(out / "dropped.jsonl")}
    said = {name: record["verdict"]["failures"][0]["evidence"] for name, record in by_seed.items()}
    for name, start in (("r0", "14 words"), ("r1", "14 words"), ("r2", "20 words")):
        row = int(name[1]) + 1
        assert said[name].startswith(f"{start} in a row of bench.jsonl, row {row}: w")
    # The seed cost nothing, the rewrite no answer.
    assert [r.role for r in model.asked].count("evolver") == 3
    assert [r.role for r in model.asked].count("responder") == 2
    assert summary_of(out)["benchmarks"] == [
        {
            "file": "bench.jsonl",
            "rows": 4,
            "too_short_to_find": 1,
            "records_dropped": 3,
            "rows_found": 3,
        }
    ]


async def test_licence_language_and_length(tmp_path: Path) -> None:
    data = [{**row, "id": f"r{n}", "license": "MIT"} for n, row in enumerate(rows(5))]
    data[0]["license"] = "CC-BY-NC-4.0"
    del data[1]["license"]
    data[2]["instruction"] = "Schreibe eine Funktion, die alle Kunden nach ihrem Namen ordnet."
    data[3]["instruction"] += " It takes no more than three arguments and returns a list." * 2
    chosen = Filters(licenses=("mit",), languages=("en",), min_words=3, max_words=40)
    model, out = Model(), tmp_path / "out"
    await all_records(data, out, model, filters=chosen)
    assert order(out) == ["r4"]
    reasons = {r["seed_id"]: r["verdict"]["reason"] for r in lines(out / "dropped.jsonl")}
    expected = {"r0": "license", "r1": "license", "r2": "other_language", "r3": "too_long"}
    assert reasons == expected
    assert sorted(r.role for r in model.asked) == ["evolver", "evolver", "responder"]


@pytest.mark.parametrize(
    ("chosen", "hint"),
    [
        ({"licenses": ("mit",)}, "--allow-license"),
        ({"languages": ("de",)}, "--lang"),
        ({"min_words": 300}, "--min-words"),
        ({"max_words": 3}, "--max-words"),
        ({"decontaminate": True}, "--decontaminate"),
    ],
)
async def test_where_a_filter_dropped_every_row_the_way_out_is_the_filter(
    tmp_path: Path, chosen: Json, hint: str
) -> None:
    data = rows(4)
    if "decontaminate" in chosen:
        chosen = {"decontaminate": (write_rows(tmp_path / "bench.jsonl", data),)}
    with pytest.raises(NothingUsable, match="Not one of 4 rows was kept") as met:
        await all_records(data, tmp_path / "out", Model(), filters=Filters(**chosen))
    assert hint in met.value.hint
    assert "stronger model" not in met.value.hint


async def test_a_benchmark_that_is_not_there_is_asked_of_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(name: str) -> None:
        raise AssertionError(name)

    monkeypatch.setattr("autoevol.data.files._data_set", asked)
    for name in ("nope.txt", "nope.jsonl", "bench/nope", "openai/gsm8k"):
        chosen = Filters(decontaminate=(Path(name),))
        with pytest.raises(BadInput, match=f"no file {name}") as met:
            await all_records(rows(1), tmp_path / "out", Model(), filters=chosen)
        assert met.value.exit_status == 2
    for name in ("nope.txt", "rows/nope.jsonl.bz2"):
        with pytest.raises(BadInput, match="cannot be read"):
            await all_records(name, tmp_path / "out", Model())
    assert not (tmp_path / "out").exists()


def hide(text: str) -> str:
    return text.replace("ann@example.org", "MAIL")


async def test_what_is_redacted_is_neither_sent_nor_stored(tmp_path: Path) -> None:
    data = rows(3)
    data[0]["instruction"] += " Mail it to ann@example.org."
    data[1]["id"] = "ann@example.org"
    data[2]["owner"] = {"mails": ["ann@example.org"]}
    path = write_rows(tmp_path / "seeds.jsonl", data)
    model, out = Model(), tmp_path / "out"
    await all_records(path, out, model, filters=Filters(redact=hide))
    assert any("MAIL" in m.content for request in model.asked for m in request.messages)
    assert not any("ann@" in m.content for request in model.asked for m in request.messages)
    assert {r["seed_id"] for r in lines(out / "kept.jsonl")} == {"seed-0", "MAIL", "seed-2"}
    assert lines(out / "kept.jsonl")[2]["extra"] == {"owner": {"mails": ["MAIL"]}}
    for file in out.rglob("*"):
        assert file.is_dir() or b"ann@" not in file.read_bytes(), file


@pytest.mark.parametrize("function", [lambda text: 1 / 0, lambda text: None])
async def test_a_redaction_that_fails_ends_the_run_before_it_begins(
    tmp_path: Path, function: Any
) -> None:
    with pytest.raises(BadInput, match="redact") as caught:
        await all_records(rows(1), tmp_path / "o", Model(), filters=Filters(redact=function))
    assert "Python" not in str(caught.value)  # nothing of the row
    assert not (tmp_path / "o").exists()


async def test_the_memory_lost_or_damaged_is_made_again(tmp_path: Path) -> None:
    data = write_rows(tmp_path / "seeds.jsonl", near_rows(40))
    uncut = tmp_path / "uncut"
    await all_records(data, uncut, Model())
    for name, damage in (("lost", None), ("damaged", b"no database" * 1000)):
        out = tmp_path / name
        await all_records(data, out, Model(), limit=20)
        memory = out / "texts.sqlite"
        assert memory.exists()
        memory.unlink() if damage is None else memory.write_bytes(damage)
        await all_records(data, out, Model())
        assert records_in(out) == records_in(uncut)


async def test_turns_of_a_conversation_are_compared_as_a_whole(tmp_path: Path) -> None:
    def talk(topic: str) -> Json:
        said = [
            ("user", f"Tell me about {topic} in three short sentences, please."),
            ("assistant", "Gladly."),
            ("user", "Go on with the second part of it, please."),
        ]
        return {"messages": [{"role": role, "content": text} for role, text in said]}

    def odd(role: str, text: str) -> Answer | None:
        return (
            (
                "<evolved>Go on with the second part of it, and name two sources that a "
                "sceptic would accept.</evolved>"
            )
            if role == "evolver"
            else None
        )

    data = [talk(topic) for topic in ("the moon and its long history", "bees", "bees")]
    out = tmp_path / "out"
    await all_records(data, out, Model(odd))
    assert len(lines(out / "kept.jsonl")) == 2
    assert dropped_by(out) == {"duplicate": 1}
