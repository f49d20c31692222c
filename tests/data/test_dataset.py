"""Rows come in one by one, each with an id of its own, and a bad one says where it is bad."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autoevol.data.dataset import Skipped, instructions, read_rows
from autoevol.errors import BadInput
from tests.rows import ROWS, a_file, as_csv, jsonl, one


@pytest.mark.parametrize(
    ("name", "content", "where", "why"),
    [
        ("s.jsonl", jsonl(ROWS) + b'{"instruction": ', "line 3", "not JSON"),
        ("s.jsonl", jsonl(ROWS) + b'"text"\n', "line 3", "not a JSON object"),
        ("s.jsonl", jsonl(ROWS) + b"[" * 100_000 + b"\n", "line 3", "not JSON"),
        ("s.jsonl", jsonl(ROWS) + '{"instruction": "é"}'.encode("latin-1"), "line 3", "not UTF-8"),
        ("s.jsonl", jsonl(ROWS) + b'{"instruction": " "}\n', "line 3", "no user turn with text"),
        ("s.jsonl", jsonl(ROWS) + b'{"title": "x"}\n', "line 3", "the row has title"),
        ("s.jsonl", jsonl(ROWS) + b'{"messages": [7]}\n', "line 3", "not an object"),
        ("s.jsonl", jsonl(ROWS) + b'{"messages": [{"role": "elf"}]}\n', "line 3", "'elf'"),
        ("s.csv", as_csv(ROWS) + b"1,2,3\n", "line 4", "more cells"),
        ("s.csv", as_csv(ROWS) + b'1,"open\n', "line 4", "not CSV"),
        ("s.csv", as_csv(ROWS) + b"1,\xe9\n", "line 4", "not UTF-8"),
        ("s.json", b"[\n" + jsonl(ROWS).replace(b"}\n", b"},\n") + b"7]", "line 4", "not a JSON"),
    ],
)
def test_a_bad_row_names_file_and_line_and_can_be_skipped(
    tmp_path: Path, name: str, content: bytes, where: str, why: str
) -> None:
    path = a_file(tmp_path, name, content)
    with pytest.raises(BadInput, match=where) as caught:
        list(read_rows(path))
    assert why in caught.value.message
    assert name in caught.value.message
    assert "--skip-bad-rows" in caught.value.hint
    skipped = Skipped()
    assert [r.id for r in read_rows(path, skip_bad=True, skipped=skipped)] == ["a", "b"]
    assert skipped.count == 1
    assert where in skipped.reasons[0]


def test_only_the_first_reasons_are_kept(tmp_path: Path) -> None:
    skipped = Skipped()
    path = a_file(tmp_path, "s.jsonl", b"x\n" * 50 + jsonl(ROWS))
    list(read_rows(path, skip_bad=True, skipped=skipped))
    assert (skipped.count, len(skipped.reasons)) == (50, 5)


def test_rows_come_one_by_one(tmp_path: Path) -> None:
    path = a_file(tmp_path, "s.jsonl", jsonl(ROWS) + b"broken\n")
    stream = read_rows(path)
    assert next(stream).id == "a"
    stream.close()  # type: ignore[attr-defined]


def test_ids_are_hashes_with_a_number_and_never_shared(tmp_path: Path) -> None:
    twice = [{"instruction": "Go."}, {"instruction": "Go."}, {"instruction": "Stop."}]
    first, second, other = (r.id for r in read_rows(a_file(tmp_path, "s.jsonl", jsonl(twice))))
    assert first.removesuffix("-0") == second.removesuffix("-1")
    assert first[:16] != other[:16]
    same = [{"id": "x", "instruction": "Go."}, {"id": "x", "instruction": "Stop."}]
    assert [r.id for r in read_rows(a_file(tmp_path, "t.jsonl", jsonl(same)))] == ["x", "x#2"]


def test_an_id_does_not_depend_on_the_rows_around_it(tmp_path: Path) -> None:
    alone = one(tmp_path, {"instruction": "Go."}).id
    rows = [{"instruction": "Stop."}, {"instruction": "Go."}]
    assert [r.id for r in read_rows(a_file(tmp_path, "s.jsonl", jsonl(rows)))][1] == alone


def test_rows_become_instructions(tmp_path: Path) -> None:
    (found,) = instructions([one(tmp_path, {"id": 1, "instruction": "Go.", "lang": "de"})])
    assert (found.text, found.id, found.lang) == ("Go.", "1", "de")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
COLUMNS = st.sampled_from(
    ["id", "instruction", "prompt", "messages", "conversations", "input", "meta", "answer", "x"]
) | st.sampled_from(["test", "verifier", "response", "license", "lang", "tools"])


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(row=st.dictionaries(COLUMNS, VALUES, max_size=6))
def test_any_json_object_is_a_row_or_a_bad_row(tmp_path: Path, row: dict[str, object]) -> None:
    path = a_file(tmp_path, "s.jsonl", jsonl([*ROWS, row]))
    found = list(read_rows(path, skip_bad=True, skipped=(skipped := Skipped())))
    assert len(found) + skipped.count == 3
    assert all(r.instruction.strip() or r.unsupported for r in found)
    assert len({r.id for r in found}) == len(found)
