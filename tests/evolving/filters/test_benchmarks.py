"""Words of a benchmark in a text."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoevol.errors import BadInput
from autoevol.evolving.filters.benchmarks import Benchmarks, Source, read_evidence

TASK = (
    "A farmer has seventeen sheep and sells all but nine of them at the market on Tuesday; how "
    "many sheep does the farmer still own when the evening comes?"
)
SHORT = "Write a function that finds the shared elements of two lists."  # 11 words
WORDS = TASK.split()


def write(path: Path, *rows: object) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.fixture
def bench(tmp_path: Path) -> Benchmarks:
    tests = {"cases": ["assert shared([1, 2, 3], [2, 3, 4]) == [2, 3] and shared([], [1]) == []"]}
    rows = [{"question": TASK}, {"prompt": SHORT, "tests": tests, "n": 7}, {"prompt": "Go."}]
    return Benchmarks([write(tmp_path / "bench.jsonl", *rows)])


def test_thirteen_words_in_a_row_are_found_whatever_their_signs(bench: Benchmarks) -> None:
    inside = "Once more: " + ", ".join(word.upper() for word in WORDS[3:16]) + " - and so on."
    hit = bench.hit(inside)
    assert hit is not None
    assert hit.rule == "contaminated"
    assert hit.evidence.startswith("13 words in a row of bench.jsonl, row 1: seventeen sheep and")


def test_a_common_phrase_is_no_contamination(bench: Benchmarks) -> None:
    twelve = "Tell me, " + " ".join(WORDS[3:15]) + " in the story?"
    assert bench.hit(twelve) is None
    assert bench.hit("Write a function that finds the largest of three numbers.") is None


def test_half_of_a_short_task_is_enough(bench: Benchmarks) -> None:
    hit = bench.hit("Now write a function that finds the shared elements of three sorted arrays.")
    assert hit is not None
    assert hit.evidence.startswith("9 words in a row, 9 of 11 in all, of bench.jsonl, row 2: ")


def test_answers_and_tests_are_looked_for_too(bench: Benchmarks) -> None:
    assert bench.hit("It holds: assert shared([1,2,3],[2,3,4])==[2,3] and shared([],[1])==[]")


def test_parts_of_a_task_add_up(bench: Benchmarks) -> None:
    # 8 and 9 words, not in a row, are more than half of the 29.
    text = " ".join(WORDS[:8]) + " something else entirely " + " ".join(WORDS[12:21])
    hit = bench.hit(text)
    assert hit is not None
    assert ", 17 of 29 in all," in hit.evidence


@given(
    st.lists(st.sampled_from([*WORDS[:6], "x", "y"]), max_size=30),
    st.lists(st.sampled_from([*WORDS[-6:], "x", "y"]), max_size=30),
    st.integers(0, len(WORDS) - 13),
)
def test_a_run_is_found_wherever_it_stands(before: list[str], after: list[str], at: int) -> None:
    bench = _held()
    assert bench.hit(" ".join([*before, *WORDS[at : at + 13], *after])) is not None
    assert bench.hit(" ".join([*before, "and-so", *after])) is None


def _held() -> Benchmarks:
    bench = Benchmarks([])
    bench._add("bench", 1, TASK)
    return bench


def test_texts_that_repeat_themselves_take_no_time(tmp_path: Path) -> None:
    bench = Benchmarks([write(tmp_path / "b.jsonl", {"x": "0 " * 3000})])
    assert bench.hit("0 " * 3000) is not None
    assert bench.hit("0 " * 7) is None


def test_what_was_read_is_counted_and_evidence_can_be_read_back(
    bench: Benchmarks, tmp_path: Path
) -> None:
    assert bench.sources == (Source("bench.jsonl", 3, 1),)
    other = Benchmarks([write(tmp_path / "o, row 3.jsonl.gz", {"q": "Go."}, {"q": [TASK]})])
    for found, name, row in ((bench, "bench.jsonl", 1), (other, "o, row 3.jsonl.gz", 2)):
        hit = found.hit(TASK)
        assert hit is not None
        assert read_evidence(hit.evidence) == (name, row, 29)
    assert read_evidence("something else") is None


@pytest.mark.parametrize("content", [b"", b'{"a": "few words"}\n', b"{broken\n"])
def test_a_file_that_is_no_benchmark_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bench.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"bench\.jsonl"):
        Benchmarks([path])
    with pytest.raises(BadInput):
        Benchmarks([tmp_path / "none.jsonl"])
