"""Every usual file gives the same rows, and a broken one is named."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autoevol.data.dataset import Row, digest_of_file, digest_of_source, read_rows
from autoevol.data.files import count_lines
from autoevol.errors import BadInput
from autoevol.llm.messages import Message
from tests.rows import ROWS, a_file, as_csv, jsonl


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


def test_long_cells_and_long_elements_are_read(tmp_path: Path) -> None:
    long = "word " * 200_000
    for name, content in (
        ("s.csv", as_csv([{"instruction": long}])),
        ("s.json", json.dumps([{"instruction": long}, {"instruction": "Go."}]).encode()),
    ):
        assert next(read_rows(a_file(tmp_path, name, content))).instruction == long


def test_a_digest_follows_content_and_names(tmp_path: Path) -> None:
    path = a_file(tmp_path, "s.jsonl", jsonl(ROWS))
    first, folder = digest_of_file(path), digest_of_source(tmp_path)
    assert first == digest_of_source(str(path))
    path.write_bytes(jsonl(ROWS[:1]))
    assert digest_of_file(path) != first
    assert digest_of_source(tmp_path) != folder
    with pytest.raises(BadInput, match="cannot be read"):
        digest_of_file(tmp_path / "gone.jsonl")


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


@pytest.mark.parametrize(
    ("name", "content", "lines"),
    [
        ("a.jsonl", b"", 0),
        ("a.jsonl", b"{}", 1),
        ("a.jsonl", b"{}\n{}\n", 2),
        ("a.ndjson", b"{}\n" * 200_000 + b"{}", 200_001),
        ("a.json", b"[]\n", None),
        ("a.jsonl.gz", b"{}\n", None),
    ],
)
def test_only_the_lines_of_a_plain_file_of_lines_are_counted(
    tmp_path: Path, name: str, content: bytes, lines: int | None
) -> None:
    (tmp_path / name).write_bytes(content)
    assert count_lines(tmp_path / name) == lines
    assert count_lines(tmp_path) is None
