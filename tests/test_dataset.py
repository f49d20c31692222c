"""Rows come in from every usual file, and a broken one says where it is broken."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autoevol.dataset import (
    Fields,
    Row,
    Skipped,
    Verifier,
    digest_of_file,
    digest_of_source,
    instructions,
    read_rows,
)
from autoevol.errors import BadInput
from autoevol.llm.messages import Message

ROWS = [{"id": "a", "instruction": "Sort a list."}, {"id": "b", "instruction": "Sum a list."}]


def jsonl(rows: Sequence[Mapping[str, object]]) -> bytes:
    return "".join(json.dumps(r) + "\n" for r in rows).encode()


def a_file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def one(folder: Path, row: Mapping[str, object], fields: Fields | None = None) -> Row:
    (found,) = read_rows(a_file(folder, "one.jsonl", jsonl([row])), fields=fields)
    return found


def as_csv(rows: Sequence[Mapping[str, str]], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("s.jsonl", jsonl(ROWS)),
        ("s.ndjson", b"\xef\xbb\xbf" + jsonl(ROWS)),
        ("s.jsonl", b"\n" + jsonl(ROWS).replace(b"\n", b"\r\n\r\n")),
        ("s.json", json.dumps(ROWS, indent=2).encode()),
        ("s.json", b"\xef\xbb\xbf " + json.dumps(ROWS).encode()),
        ("s.json", jsonl(ROWS)),
        ("s.csv", as_csv(ROWS)),
        ("s.csv", b"\xef\xbb\xbf" + as_csv(ROWS)),
        ("s.tsv", as_csv(ROWS, "\t")),
        ("s.jsonl.gz", gzip.compress(jsonl(ROWS))),
        ("s.csv.gz", gzip.compress(as_csv(ROWS))),
        ("s.json.gz", gzip.compress(json.dumps(ROWS).encode())),
    ],
)
def test_every_text_format_gives_the_same_rows(tmp_path: Path, name: str, content: bytes) -> None:
    rows = list(read_rows(a_file(tmp_path, name, content)))
    assert [(r.id, r.instruction) for r in rows] == [("a", "Sort a list."), ("b", "Sum a list.")]
    assert rows[0].messages == (Message("user", "Sort a list."),)
    assert all(not r.extra for r in rows)


def test_zst_and_parquet_give_the_same_rows(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet  # type: ignore[import-untyped,unused-ignore]

    packed = a_file(tmp_path, "s.jsonl.zst", zstandard.ZstdCompressor().compress(jsonl(ROWS)))
    parquet.write_table(pyarrow.Table.from_pylist(ROWS), tmp_path / "s.parquet")
    for path in (packed, tmp_path / "s.parquet"):
        assert [r.id for r in read_rows(path)] == ["a", "b"]
    with pytest.raises(BadInput, match="unpacked"):
        list(read_rows(a_file(tmp_path, "t.jsonl.zst", b"no archive at all")))
    with pytest.raises(BadInput, match="not a Parquet file"):
        list(read_rows(a_file(tmp_path, "t.parquet", b"no table at all")))


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [("s.parquet", "pyarrow.parquet", "parquet"), ("s.jsonl.zst", "zstandard", "zst")],
)
def test_a_missing_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(BadInput) as caught:
        list(read_rows(a_file(tmp_path, name, b"x")))
    assert f"autoevol[{extra}]" in caught.value.hint


def test_an_unknown_name_is_a_missing_file_or_data_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(BadInput, match="no file or folder 'tatsu-lab/alpaca'") as caught:
        list(read_rows("tatsu-lab/alpaca"))
    assert "autoevol[hf]" in caught.value.hint


def test_a_data_set_name_is_read_by_the_datasets_package(monkeypatch: pytest.MonkeyPatch) -> None:
    class Hub:
        @staticmethod
        def load_dataset(name: str, **options: object) -> list[dict[str, str]]:
            assert (name, options) == ("me/mine", {"split": "train", "streaming": True})
            return ROWS

    monkeypatch.setitem(sys.modules, "datasets", Hub)  # type: ignore[arg-type]
    assert [r.id for r in read_rows("me/mine")] == ["a", "b"]


def test_a_folder_gives_its_known_files_in_order(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / ".git").mkdir()
    a_file(tmp_path, "2.jsonl", jsonl([{"instruction": "second"}]))
    a_file(tmp_path, "1.csv", as_csv([{"instruction": "first"}]))
    a_file(tmp_path / "deep", "3.jsonl", jsonl([{"instruction": "third"}]))
    a_file(tmp_path / ".git", "4.jsonl", jsonl([{"instruction": "hidden"}]))
    a_file(tmp_path, "notes.txt", b"not data")
    assert [r.instruction for r in read_rows(tmp_path)] == ["first", "second", "third"]


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


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("s.jsonl", b"", "holds no rows"),
        ("s.json", b"[]", "holds no rows"),
        ("s.csv", b"instruction\n", "holds no rows"),
        ("s.json", b'[{"instruction": "a"},\n{"instr', "line 2: not JSON"),
        ("s.json", b'[{"instruction": "\xff"}]', "not UTF-8"),
        ("s.xlsx", b"PK", "not a known kind"),
        ("s.jsonl.gz", gzip.compress(jsonl(ROWS))[:-9], "cannot be unpacked"),
        ("s.jsonl.gz", b"plain", "cannot be unpacked"),
        ("s.jsonl", b"nonsense\n", "no usable row"),
    ],
)
def test_a_broken_file_stops_even_where_bad_rows_are_skipped(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    path = a_file(tmp_path, name, content)
    with pytest.raises(BadInput) as caught:
        list(read_rows(path, skip_bad=True))
    assert words in caught.value.message
    assert name in caught.value.message


def test_a_missing_file_and_an_empty_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"gone\.jsonl cannot be read"):
        list(read_rows(tmp_path / "gone.jsonl"))
    with pytest.raises(BadInput, match="holds no data file"):
        list(read_rows(tmp_path))


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    path = a_file(tmp_path, "s.jsonl", jsonl(ROWS))
    path.chmod(0)
    with pytest.raises(BadInput, match="cannot be read"):
        list(read_rows(path))


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


def test_long_cells_and_long_elements_are_read(tmp_path: Path) -> None:
    long = "word " * 200_000
    for name, content in (
        ("s.csv", as_csv([{"instruction": long}])),
        ("s.json", json.dumps([{"instruction": long}, {"instruction": "Go."}]).encode()),
    ):
        assert next(read_rows(a_file(tmp_path, name, content))).instruction == long


def test_rows_become_instructions(tmp_path: Path) -> None:
    (found,) = instructions([one(tmp_path, {"id": 1, "instruction": "Go.", "lang": "de"})])
    assert (found.text, found.id, found.lang) == ("Go.", "1", "de")


def test_a_digest_follows_content_and_names(tmp_path: Path) -> None:
    path = a_file(tmp_path, "s.jsonl", jsonl(ROWS))
    first, folder = digest_of_file(path), digest_of_source(tmp_path)
    assert first == digest_of_source(str(path))
    path.write_bytes(jsonl(ROWS[:1]))
    assert digest_of_file(path) != first
    assert digest_of_source(tmp_path) != folder
    with pytest.raises(BadInput, match="cannot be read"):
        digest_of_file(tmp_path / "gone.jsonl")


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


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cut=st.integers(0, 200), junk=st.binary(max_size=12), name=st.sampled_from(
    ["s.jsonl", "s.json", "s.csv", "s.jsonl.gz"]))  # fmt: skip
def test_a_file_damaged_anywhere_gives_rows_or_bad_input(
    tmp_path: Path, cut: int, junk: bytes, name: str
) -> None:
    whole = json.dumps(ROWS, indent=1).encode() if name == "s.json" else jsonl(ROWS)
    whole = as_csv(ROWS) if name == "s.csv" else whole
    whole = gzip.compress(whole) if name.endswith("gz") else whole
    path = a_file(tmp_path, name, whole[:cut] + junk + whole[cut + 3 :])
    # Anything but BadInput would come out of here.
    found: list[Row] = []
    with contextlib.suppress(BadInput):
        found.extend(read_rows(path, skip_bad=True))
    assert all(r.instruction.strip() for r in found)
