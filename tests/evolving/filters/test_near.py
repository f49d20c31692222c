"""Exact and near duplicates, and the file that remembers them."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.errors import StorageFailed
from autoevol.evolving.filters import keys
from autoevol.evolving.filters.keys import Keys
from autoevol.evolving.filters.likeness import Hit, Line, admit
from autoevol.evolving.filters.near import Near, similarity

WORDS = [f"word{n}" for n in range(5000)]


def a_text(seed: int, length: int = 60) -> list[str]:
    return random.Random(seed).choices(WORDS, k=length)


def at_overlap(seed: int, share: float, length: int = 400) -> tuple[str, str]:
    """Two texts whose word 3-grams overlap by about `share` (Jaccard)."""
    same = round(length * 2 * share / (1 + share))
    first = a_text(seed, length)
    return " ".join(first), " ".join([*first[:same], *a_text(seed + 10**6, length - same)])


def test_the_same_words_are_a_duplicate_whatever_stands_around_them() -> None:
    memory = Near()
    assert admit(memory, "Sort a list, in place!", "one") is None
    hit = admit(memory, "  sort a LIST in place.", "two")
    assert hit is not None
    assert (hit.rule, hit.evidence) == ("duplicate", "the same words as one")
    assert admit(memory, "Sort a list, out of place!", "three") is None


def test_near_ones_are_found_and_strangers_pass() -> None:
    found = dict.fromkeys((0.5, 0.8, 0.9), 0)
    for share in found:
        for seed in range(100):
            memory = Near()
            one, other = at_overlap(seed, share)
            assert admit(memory, one, "one") is None
            hit = admit(memory, other, "two")
            if hit is not None:
                found[share] += 1
                assert hit.rule == "near_duplicate"
                assert hit.evidence.endswith("with one")
    assert found[0.5] <= 1
    assert found[0.8] >= 95
    assert found[0.9] == 100


def test_only_the_same_words_count_where_that_was_chosen() -> None:
    memory = Near(exact_only=True)
    one, other = at_overlap(1, 0.95)
    assert admit(memory, one) is None
    assert admit(memory, other) is None
    assert admit(memory, one) is not None


@pytest.mark.parametrize("text", ["", " ", "!?", "\ud800", "a", "排序一个列表", "🙂"])
def test_any_text_is_taken(text: str) -> None:
    memory = Near()
    assert admit(memory, text) is None
    assert admit(memory, text) is not None
    assert admit(memory, "something else, of several words") is None


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(alphabet="ab \n.", max_size=12), max_size=8))
def test_what_was_kept_decides_the_same_when_it_is_read_again(texts: list[str]) -> None:
    """A run that was cut: the memory is made anew of what was kept, in the order of the file."""
    whole = Near()
    verdicts = [admit(whole, text, str(n)) for n, text in enumerate(texts)]
    for cut in range(len(texts)):
        again = Near()
        for n, text in enumerate(texts[:cut]):
            if verdicts[n] is None:
                again.add(text, str(n))
        rest = [admit(again, text, str(n)) for n, text in enumerate(texts) if n >= cut]
        assert rest == verdicts[cut:]


def test_lines_of_descent_may_be_alike_and_not_the_same() -> None:
    memory = Near()
    text = " ".join(a_text(3))
    assert admit(memory, text, "r1", Line("s", "0")) is None
    assert admit(memory, f"{text} more", "r2", Line("s", "0")) is None
    hit = admit(memory, f"{text} again", "v2", Line("s", "1"))
    assert hit is not None
    assert hit.rule == "near_duplicate"
    for line in (Line("s", "0"), Line("s", ""), Line("s", "1"), Line("t", "0")):
        assert admit(memory, f"{text.upper()}!", "r3", line) == Hit(
            "duplicate", "the same words as r1"
        )


def test_the_file_remembers_what_was_covered_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "texts.sqlite"
    memory = Near(path)
    one, two = " ".join(a_text(1)), " ".join(a_text(2))
    memory.add(one, "one")
    memory.keys.cover(100)
    memory.add(two, "two")
    memory.keys.close()  # cut before it was covered
    again = Near(path)
    assert again.keys.covered == 100
    assert again.like(one) is not None
    assert again.like(two) is None
    again.keys.clear()
    assert again.like(one) is None
    assert again.keys.covered == 0
    again.keys.close()


def test_another_kind_or_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "texts.sqlite"
    memory = Near(path)
    memory.add("a b c d", "one")
    memory.keys.cover(10)
    memory.keys.close()
    other = Near(path, exact_only=True)
    assert other.keys.covered == 0
    other.keys.close()
    path.write_bytes(b"no database" * 500)
    third = Near(path)
    assert third.like("a b c d") is None
    third.keys.close()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match=r"texts\.sqlite"):
        Near(tmp_path / "nowhere" / "texts.sqlite")


def test_a_common_phrase_does_not_grow_without_bound(tmp_path: Path) -> None:
    base = Keys(tmp_path / "k.sqlite", "test")
    for number in range(3 * keys.MOST):
        base.add([-7, number], f"n{number}", Line(), b"")
    assert [entry.name for entry in base.find([-7])] == [f"n{n}" for n in range(keys.MOST)]
    assert [entry.name for entry in base.find([3 * keys.MOST - 1])] == [f"n{3 * keys.MOST - 1}"]
    base.cover(1)
    base.close()
    held = sqlite3.connect(tmp_path / "k.sqlite").execute("SELECT COUNT(*) FROM keys")
    assert held.fetchone() == (4 * keys.MOST,)


def test_entries_that_share_most_come_first() -> None:
    base = Keys(None, "test")
    base.add([1, 2], "few", Line(), b"")
    base.add([1, 2, 3], "most", Line(), b"")
    assert [(e.name, e.shared) for e in base.find([1, 2, 3])] == [("most", 3), ("few", 2)]
    assert base.find([]) == []
    base.close()


def test_halves_that_agree_by_chance_are_discounted() -> None:
    assert similarity(bytes(48), bytes(48)) == 1.0
    assert similarity(bytes(256), bytes(range(256))) == pytest.approx(0.0)
    assert similarity(b"\x12\x34", b"\x12\x44") == pytest.approx((0.75 - 1 / 16) * 16 / 15)


@pytest.mark.parametrize("name", ["0" * 32, "ab12", "abc", "row 7", "", "AB"])
def test_names_come_back_as_they_were(name: str) -> None:
    base = Keys(None, "test")
    base.add([1], name, Line("s", "0"), b"x")
    (entry,) = base.find([1])
    assert (entry.name, entry.line, entry.sketch) == (name, Line("s", "0"), b"x")
    base.close()
