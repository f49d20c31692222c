"""A record says where everything in it comes from, and never presents an old answer as truth."""

from __future__ import annotations

import datetime
import json
import os
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autoevol.data.dataset import Row, Verifier, read_rows
from autoevol.errors import BadInput, StorageFailed
from autoevol.evolving.records import (
    Appender,
    Origin,
    Record,
    make_record,
    read_records,
    record_id,
    to_line,
)
from autoevol.llm.messages import Message
from autoevol.types import Evolution, Failure, Instruction, Spent

ORIGIN = Origin(
    method="code/initial",
    method_digest="sha256:m",
    prompt_digest="sha256:p",
    models={"evolver": "fake/a", "responder": "fake/b"},
)
ROW = Row(
    id="seed-1",
    instruction="How many legs do 3 hens have?",
    messages=(
        Message("system", "Be brief."),
        Message("user", "Hello."),
        Message("assistant", "Hello!"),
        Message("user", "How many legs do 3 hens have?"),
        Message("assistant", "6"),
    ),
    response="6",
    verifier=Verifier("answer", "6"),
    license="MIT",
    lang="en",
    domain="math",
    extra={"topic": "animals", "tags": [1, None]},
)


def evolved(before: str, after: str, response: str = "Done.", **rest: object) -> Evolution:
    made = Evolution(Instruction(before, "b"), Instruction(after, "a"), response=response)
    for name, value in rest.items():
        object.__setattr__(made, name, value)
    return made


HARDER = evolved(
    ROW.instruction,
    "How many legs do 3 hens and 2 cows have?",
    "14",
    reasoning="6 and 8",
    spent=Spent(10, 20, 5, 2, Decimal("0.001")),
)


def test_a_record_has_the_fields_of_the_contract() -> None:
    record = make_record(ROW, HARDER, ORIGIN, score=0.5, scorer="difficulty")
    assert set(record) == set(Record.__annotations__)
    assert record["instruction"] == HARDER.after.text
    assert record["before"] == ROW.instruction
    assert (record["seed_id"], record["parent_id"], record["round"]) == ("seed-1", "seed-1", 1)
    assert (record["response"], record["reasoning"]) == ("14", "6 and 8")
    assert record["method"] == {
        "name": "code/initial", "digest": "sha256:m", "prompt_digest": "sha256:p"
    }  # fmt: skip
    assert record["models"] == {"evolver": "fake/a", "responder": "fake/b"}
    assert record["usage"] == {
        "input": 10, "output": 20, "reasoning": 5, "cached": 2, "cost": "0.001"
    }  # fmt: skip
    assert record["verdict"] == {
        "kept": True, "reason": "", "failures": [], "score": 0.5, "scorer": "difficulty"
    }  # fmt: skip
    assert (record["license"], record["lang"], record["domain"]) == ("MIT", "en", "math")
    assert record["extra"] == {**ROW.extra, "seed_response": "6"}


def test_the_evolved_turn_stands_in_its_place_with_the_new_answer_last() -> None:
    assert make_record(ROW, HARDER, ORIGIN)["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello."},
        {"role": "assistant", "content": "Hello!"},
        {"role": "user", "content": HARDER.after.text},
        {"role": "assistant", "content": "14"},
    ]


def test_an_evolution_without_an_answer_leaves_the_old_one_out() -> None:
    record = make_record(ROW, evolved(ROW.instruction, "Why hens?", ""), ORIGIN)
    assert record["messages"][-1] == {"role": "user", "content": "Why hens?"}


def test_the_old_answer_becomes_stale() -> None:
    verifier = make_record(ROW, HARDER, ORIGIN)["verifier"]
    assert verifier == {"kind": "answer", "answer": "6", "status": "stale"}
    same = make_record(ROW, evolved(ROW.instruction, ROW.instruction), ORIGIN)["verifier"]
    assert same == {"kind": "answer", "answer": "6", "status": "valid"}


def test_a_row_without_checks_has_none() -> None:
    bare = Row("s", "Go.", (Message("user", "Go."),))
    assert make_record(bare, HARDER, ORIGIN)["verifier"] == {"kind": "", "status": "none"}


def test_a_dropped_row_names_its_first_failure() -> None:
    failures = (Failure("identity", "the same"), Failure("refusal", "I can't"))
    verdict = make_record(ROW, evolved("x", "x", failures=failures), ORIGIN)["verdict"]
    assert (verdict["kept"], verdict["reason"]) == (False, "identity")
    assert verdict["failures"] == [
        {"rule": "identity", "evidence": "the same"},
        {"rule": "refusal", "evidence": "I can't"},
    ]


def test_an_unsupported_row_is_dropped_with_everything_it_brought() -> None:
    row = Row("s", "Look.", (Message("user", "Look."),), unsupported="images", extra={"image": "x"})
    record = make_record(row, (), ORIGIN)
    assert record["verdict"]["reason"] == "unsupported"
    assert record["verdict"]["failures"] == [{"rule": "unsupported", "evidence": "images"}]
    assert (record["before"], record["instruction"]) == ("Look.", "")
    assert record["messages"] == [{"role": "user", "content": "Look."}]
    assert record["extra"] == {"image": "x"}


def test_an_unknown_round_is_not_kept() -> None:
    verdict = make_record(ROW, evolved("x", "y", unknown="reset"), ORIGIN)["verdict"]
    assert (verdict["kept"], verdict["reason"]) == (False, "unknown")


def test_a_row_that_was_not_evolved_for_no_reason_is_a_bug() -> None:
    with pytest.raises(ValueError, match="seed-1"):
        make_record(ROW, (), ORIGIN)


def test_rounds_are_chained_by_their_parents() -> None:
    second = evolved(HARDER.after.text, "And with a spider?")
    first, last = make_record(ROW, HARDER, ORIGIN), make_record(ROW, (HARDER, second), ORIGIN)
    assert last["parent_id"] == first["id"]
    assert (last["round"], last["seed_id"]) == (2, "seed-1")
    assert last["before"] == first["instruction"]


def test_a_name_is_known_before_the_call_and_follows_all_it_is_made_of() -> None:
    assert make_record(ROW, HARDER, ORIGIN)["id"] == ORIGIN.record_id("seed-1")
    models = {"evolver": "e", "responder": "r"}
    names = {
        record_id("s", "m", "p", models, 1, 0, 0),
        record_id("t", "m", "p", models, 1, 0, 0),
        record_id("s", "n", "p", models, 1, 0, 0),
        record_id("s", "m", "q", models, 1, 0, 0),
        record_id("s", "m", "p", {**models, "responder": "x"}, 1, 0, 0),
        record_id("s", "m", "p", models, 2, 0, 0),
        record_id("s", "m", "p", models, 1, "tag", 0),
        record_id("s", "m", "p", models, 1, 0, 1),
    }
    assert len(names) == 8
    backwards = dict(reversed(models.items()))
    assert record_id("s", "m", "p", backwards, 1) == record_id("s", "m", "p", models, 1)


TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=12)
VERIFIERS = st.none() | st.builds(
    Verifier,
    st.sampled_from(["answer", "tests", "regex"]),
    TEXT,
    st.sampled_from(["valid", "stale"]),
)


@settings(max_examples=200, deadline=None)
@given(
    seed=TEXT, rounds=st.lists(TEXT, min_size=1, max_size=3), verifier=VERIFIERS, back=st.booleans()
)
def test_no_check_is_valid_once_the_instruction_differs(
    seed: str, rounds: list[str], verifier: Verifier | None, back: bool
) -> None:
    row = Row("s", seed, (Message("user", seed),), verifier=verifier)
    texts = [seed, *rounds, *([seed] if back else [])]
    chain = [evolved(a, b) for a, b in pairwise(texts)]
    status = make_record(row, chain, ORIGIN)["verifier"]["status"]
    assert status != "valid" or texts[-1] == seed
    assert (status == "none") == (verifier is None)
    if verifier and verifier.status == "stale":
        assert status == "stale"


SHARED = os.environ.get("AUTOEVOL_SHARED_DATA", "")


@pytest.mark.skipif(not SHARED, reason="AUTOEVOL_SHARED_DATA does not name the shared data sets")
@pytest.mark.parametrize(("name", "checked"), [("code", 573), ("math", 1000)])
def test_no_check_of_a_real_seed_leaves_as_truth(name: str, checked: int) -> None:
    statuses: list[object] = []
    for row in read_rows(Path(SHARED, "seeds", f"{name}.jsonl")):
        made = make_record(row, evolved(row.instruction, row.instruction + " Say why."), ORIGIN)
        statuses.append(made["verifier"]["status"])
    assert statuses.count("stale") == checked
    assert "valid" not in statuses


@settings(max_examples=100, deadline=None)
@given(text=TEXT)
def test_any_text_survives_a_line(text: str) -> None:
    line = to_line({"id": "x", "instruction": text})
    assert line.count(b"\n") == 1
    assert len(line.decode().splitlines()) == 1
    assert json.loads(line)["instruction"] == text


def test_readable_text_stays_readable_beside_a_lone_surrogate() -> None:
    assert to_line({"id": "日本\ud83d語"}) == '{"id":"日本\\ud83d語"}\n'.encode()


def test_values_of_tables_become_plain() -> None:
    day = datetime.date(2024, 2, 29)
    line = to_line({"id": "x", "day": day, "price": Decimal("1.50"), "raw": b"\x00"})
    assert json.loads(line) == {"id": "x", "day": "2024-02-29", "price": "1.50", "raw": "AA=="}


def ids_in(path: Path) -> list[str]:
    return [record["id"] for record in read_records(path)]


def test_records_are_appended_and_found_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "kept.jsonl"
    assert ids_in(path) == []
    record = make_record(ROW, HARDER, ORIGIN)
    with Appender(path) as out:
        out.write(record)
        # On disk at once: another reader sees it before the file is closed.
        assert ids_in(path) == [record["id"]]
        out.write({**record, "id": "b"})
    assert ids_in(path) == [record["id"], "b"]
    assert next(read_records(path)) == json.loads(json.dumps(record))


LINES = b"".join(to_line({"id": str(n), "text": "é" * n}) for n in range(4))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cut=st.integers(0, len(LINES)))
def test_a_file_cut_at_any_byte_goes_on_with_its_whole_lines(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "kept.jsonl"
    path.write_bytes(LINES[:cut])
    whole = LINES[:cut].count(b"\n")
    assert ids_in(path) == [str(n) for n in range(whole)]
    with Appender(path) as out:
        assert path.read_bytes() == b"".join(LINES.splitlines(keepends=True)[:whole])
        out.write({"id": "new"})
    assert ids_in(path) == [*(str(n) for n in range(whole)), "new"]


def test_a_long_cut_line_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "kept.jsonl"
    path.write_bytes(LINES + b'{"id":"' + b"x" * 200_000)
    assert len(ids_in(path)) == 4
    with Appender(path):
        assert path.read_bytes() == LINES


def test_a_damaged_line_in_the_middle_is_named(tmp_path: Path) -> None:
    path = tmp_path / "kept.jsonl"
    path.write_bytes(b'{"id":"a"}\n{"id":\n{"id":"c"}\n')
    with pytest.raises(BadInput, match="line 2 is damaged"):
        ids_in(path)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_a_full_disk_is_said() -> None:
    with pytest.raises(StorageFailed, match="No space"), Appender(Path("/dev/full")) as out:
        out.write({"id": "x"})


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageFailed, match="file"):
        Appender(tmp_path / "file" / "kept.jsonl")


def test_the_answer_that_came_with_a_row_is_kept_apart_from_the_new_one() -> None:
    after = evolved(ROW.instruction, "How many legs do 4 hens have?", "8")
    record = make_record(ROW, after, ORIGIN)
    assert record["response"] == "8"
    assert record["extra"] == {"topic": "animals", "tags": [1, None], "seed_response": "6"}
