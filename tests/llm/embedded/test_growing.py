"""A file that comes in parts is whole or refused, wherever it was cut."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.errors import ModelFileRefused
from autoevol.llm.embedded.cache import find_in_cache
from autoevol.llm.embedded.growing import GrowingFile
from tests.llm.embedded.sources import WEIGHTS, entry_for

ENTRY = entry_for(WEIGHTS)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 20_000), max_size=12))
def test_a_file_cut_off_anywhere_and_gone_on_with_is_whole(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("grow")
    for cut in cuts:
        with GrowingFile(ENTRY, folder) as growing:
            growing.write(WEIGHTS[growing.size :][:cut])
    with GrowingFile(ENTRY, folder) as growing:
        assert growing.size == min(sum(cuts), len(WEIGHTS))
        growing.write(WEIGHTS[growing.size :])
        assert growing.finish().read_bytes() == WEIGHTS
    assert find_in_cache(ENTRY, folder)
    assert not growing.path.exists()


def test_wrong_bytes_are_deleted_and_refused(tmp_path: Path) -> None:
    with GrowingFile(ENTRY, tmp_path) as growing:
        growing.write(bytes(len(WEIGHTS)))
        with pytest.raises(ModelFileRefused, match=f"not {ENTRY.sha256}"):
            growing.finish()
        assert growing.size == 0
    assert not (tmp_path / ENTRY.file).exists()
    assert growing.path.stat().st_size == 0


def test_too_many_bytes_are_refused_before_they_are_written(tmp_path: Path) -> None:
    with GrowingFile(ENTRY, tmp_path) as growing:
        growing.write(WEIGHTS)
        with pytest.raises(ModelFileRefused, match="longer than"):
            growing.write(b"x")
        assert growing.finish().read_bytes() == WEIGHTS


def write_too_much(growing: GrowingFile) -> None:
    with growing.all_or_nothing():
        growing.write(bytes(len(WEIGHTS) - 100))
        growing.write(b"x")


def test_a_block_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    with GrowingFile(ENTRY, tmp_path) as growing:
        growing.write(WEIGHTS[:100])
        with pytest.raises(ModelFileRefused, match="longer"):
            write_too_much(growing)
        assert growing.size == 100
        growing.write(WEIGHTS[100:])
        assert growing.finish().read_bytes() == WEIGHTS
