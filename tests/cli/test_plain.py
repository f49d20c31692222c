"""Hostile text on its way to a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.cli.plain import one_line, plain


@given(st.text())
@settings(max_examples=300)
def test_no_character_that_steers_a_terminal_is_left(text: str) -> None:
    shown = plain(text)
    steering = [c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs")]
    assert set(steering) <= {"\n", "\t", "\u200c", "\u200d"}


@given(st.text())
@settings(max_examples=200)
def test_cleaning_twice_is_cleaning_once_and_adds_nothing(text: str) -> None:
    shown = plain(text)
    assert plain(shown) == shown
    assert set(shown) - {"\n"} <= set(text)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "M"]), max_size=60))
def test_ordinary_text_of_any_script_passes_unchanged(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("\x1b[2J\x1b[31mred", "[2J[31mred"),
        ("\x9b31mred", "31mred"),
        ("\x1b]0;title\x07after", "]0;titleafter"),
        ("abc\u202efdp.exe", "abcfdp.exe"),
        ("a\u2066b\u2069", "ab"),
        ("one\rtwo\r\nthree", "one\ntwo\nthree"),
        ("half \ud800 a pair", "half  a pair"),
        ("bell\x07 and \x7f", "bell and "),
    ],
)
def test_known_tricks_become_harmless(hostile: str, harmless: str) -> None:
    assert plain(hostile) == harmless


@given(st.text(), st.integers(1, 40))
def test_one_line_is_one_line_of_at_most_that_width(text: str, width: int) -> None:
    line = one_line(text, width)
    assert "\n" not in line
    assert "\t" not in line
    assert len(line) <= width
