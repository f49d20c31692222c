"""What the columns and messages of a row are taken for, and what stays as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autoevol.data.dataset import Fields, Verifier, instructions, read_rows
from autoevol.errors import BadInput
from tests.rows import a_file, as_csv, one


@pytest.mark.parametrize(
    ("row", "instruction"),
    [
        ({"prompt": "Say hi."}, "Say hi."),
        ({"question": "Why?"}, "Why?"),
        ({"instruction": "Add up.", "input": "1 2 3"}, "Add up.\n\n1 2 3"),
        ({"instruction": "Add up.", "input": "  "}, "Add up."),
        ({"instruction": "", "prompt": "Say hi."}, "Say hi."),
        ({"messages": [{"role": "user", "content": "Say hi."}]}, "Say hi."),
        ({"prompt": [{"role": "user", "content": "Say hi."}]}, "Say hi."),
        ({"conversations": [{"from": "human", "value": "Say hi."}]}, "Say hi."),
        (
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "Say hi."}]}]},
            "Say hi.",
        ),
    ],
)
def test_the_usual_columns_are_found(
    tmp_path: Path, row: dict[str, object], instruction: str
) -> None:
    found = one(tmp_path, row)
    assert found.instruction == instruction
    assert set(found.extra) <= {"instruction"}


def test_a_conversation_keeps_its_turns_and_evolves_the_last_question(tmp_path: Path) -> None:
    turns = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "One?"},
        {"role": "assistant", "content": "1"},
        {"role": "user", "content": "Two?"},
        {"role": "assistant", "content": "2"},
    ]
    found = one(tmp_path, {"messages": turns, "instruction": "Two?", "source": "x"})
    assert (found.instruction, found.response) == ("Two?", "2")
    assert [{"role": m.role, "content": m.content} for m in found.messages] == turns
    assert found.extra == {"source": "x"}


def test_messages_in_a_table_cell_are_read(tmp_path: Path) -> None:
    cell = json.dumps([{"role": "user", "content": "Say\n“hi”, now."}])
    (row,) = read_rows(a_file(tmp_path, "m.csv", as_csv([{"messages": cell}])))
    assert row.instruction == "Say\n“hi”, now."


def test_named_fields_go_before_the_usual_ones(tmp_path: Path) -> None:
    row = {"instruction": "no", "task": "yes", "key": 7, "gold": "42", "reply": "It is 42."}
    fields = Fields.of({"instruction": "task", "id": "key", "answer": "gold", "response": "reply"})
    found = one(tmp_path, row, fields)
    assert (found.id, found.instruction, found.response) == ("7", "yes", "It is 42.")
    assert found.verifier == Verifier("answer", "42")
    assert found.extra == {"instruction": "no"}


def test_an_unknown_field_names_the_known_ones() -> None:
    with pytest.raises(BadInput, match="'instructions'") as caught:
        Fields.of({"instructions": "q"})
    assert "instruction" in caught.value.hint


@pytest.mark.parametrize(
    "row",
    [
        {"id": "an-id-that-is-long", "instruction": ""},
        {"sample_id": "an-id-that-is-long", "license": "apache-2.0", "instruction": None},
        {"uuid": "an-id-that-is-long", "output": "An answer."},
    ],
)
def test_a_name_or_an_answer_is_not_offered_as_the_instruction(
    tmp_path: Path, row: dict[str, object]
) -> None:
    with pytest.raises(BadInput) as caught:
        one(tmp_path, row)
    assert "no text: none of" in caught.value.message
    assert "is the instruction" not in caught.value.message
    with pytest.raises(BadInput, match="--field instruction=task"):
        one(tmp_path, {**row, "task": "Sort."})


def test_unknown_columns_are_carried_unchanged(tmp_path: Path) -> None:
    extra = {"score": 0.5, "tags": ["a", {"b": None}], "topic": "", "meta": {"split": "train"}}
    found = one(tmp_path, {"instruction": "Go.", "lang": "en", "domain": "code", **extra})
    assert found.extra == extra
    assert (found.lang, found.domain, found.line) == ("en", "code", 1)


def test_licence_and_checks_under_meta_are_recognised(tmp_path: Path) -> None:
    tests = ["assert f(1) == 1"]
    meta = {"license": "MIT", "test_list": tests, "task_id": 9, "test_setup_code": ""}
    found = one(tmp_path, {"instruction": "Go.", "meta": meta})
    assert found.license == "MIT"
    assert found.verifier == Verifier("tests", tests)
    assert found.extra == {"meta": {"task_id": 9, "test_setup_code": ""}}
    answer = one(tmp_path, {"instruction": "Go.", "meta": {"answer": "105"}})
    assert answer.verifier == Verifier("answer", "105")
    assert one(tmp_path, {"instruction": "Go.", "meta": {"test_list": []}}).verifier is None


def test_a_worked_answer_is_split_into_response_and_answer(tmp_path: Path) -> None:
    found = one(tmp_path, {"question": "How many?", "answer": "3 + 4 = 7\n#### 7"})
    assert found.verifier == Verifier("answer", "7")
    assert found.response == "3 + 4 = 7\n#### 7"


def test_a_stale_check_stays_stale(tmp_path: Path) -> None:
    verifier = {"kind": "answer", "answer": "7", "status": "stale"}
    found = one(tmp_path, {"instruction": "Go.", "verifier": verifier})
    assert found.verifier == Verifier("answer", "7", "stale")
    none = {"kind": "answer", "status": "none"}
    assert one(tmp_path, {"instruction": "Go.", "verifier": none}).verifier is None


IMAGE = {"type": "image_url", "image_url": {"url": "data:,"}}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"messages": [{"role": "user", "content": [IMAGE]}]}, "images"),
        ({"instruction": "Look.", "image": {"bytes": "abc"}}, "images"),
        ({"messages": [{"role": "user", "content": "Go."}, {"role": "tool", "content": "1"}]},
         "tool calls"),
        ({"messages": [{"role": "user", "content": "Go."},
                       {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]}]},
         "tool calls"),
        ({"instruction": "Go.", "tools": [{"name": "search"}]}, "tool calls"),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_evolved_come_out_with_their_reason(
    tmp_path: Path, row: dict[str, object], reason: str
) -> None:
    found = one(tmp_path, row)
    assert found.unsupported == reason
    assert instructions([found]) == []
    # Nothing of it is lost: the original is in the extra columns or in the messages.
    assert found.extra or found.messages
