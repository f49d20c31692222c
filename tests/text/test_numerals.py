"""Figures that stand in a text in another dress, and figures that do not stand there at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoevol.text.numerals import Dress, shares


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("29", "and sells twenty-nine of them"),
        ("80", "eighty dollars"),
        ("480", "four hundred and eighty pages"),
        ("1,500", "one thousand five hundred rows"),
        ("2000000", "two million entries"),
        ("47", "轮子有四十七个"),
        ("20", "停着二十辆车"),
        ("350", "三百五十克"),
        ("12000", "一万二千元"),
        ("120", "१२० रुपये"),
        ("35", "٣٥ كتابا"),
        ("1.5", "in ninety minutes"),
        ("90", "in 1.5 hours"),
        ("1,5", "in 90 Minuten"),
        ("0.75", "¾ kg"),
        ("3", "z czego Kasia trzy razy tyle"),
        ("2", "İki dakikalık bir konuşma"),
        ("1000000", "below 10^6"),
    ],
)
def test_a_figure_in_another_dress(number: str, text: str) -> None:
    assert Dress(f"There are {number} of them.", text).holds(number)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("29", "and sells twenty of them"),
        ("80", "eighteen dollars"),
        ("47", "轮子有四十个"),
        ("120", "१२१ रुपये"),
        ("5", "several"),
        ("5", "twenty-five apples"),
        ("5", "five hundred apples"),
        ("5", "十五個"),
        ("12", "ein Dozent"),
        ("3", "at 15:00"),
        ("9" * 400, "7" * 400),
        ("3", "60 minutes"),
    ],
)
def test_a_figure_that_is_nowhere(number: str, text: str) -> None:
    assert not Dress(f"There are {number} of them.", text).holds(number)


def test_the_start_of_a_repeating_decimal_goes_on() -> None:
    assert Dress("What is 0.3636...?", "Write 0.363636... as a fraction.").holds("0.3636")
    assert not Dress("What is 0.36?", "What is 0.4?").holds("0.36")


def test_hours_and_minutes_are_minutes_and_an_afternoon_has_two_names() -> None:
    assert Dress("It runs 1 h 30.", "It runs 90 minutes.").holds("30")
    assert not Dress("It runs 1 h 30.", "It runs 80 minutes.").holds("30")
    assert Dress("We meet at 3 pm.", "We meet at 15:00.").holds("3")
    assert not Dress(f"It runs {'9' * 5000} h 30.", "It runs.").holds("30")


def test_a_share_stands_for_a_figure_only_where_no_figure_came() -> None:
    assert shares("A price falls by 25 %.", "A price falls by a quarter.") == 1
    assert shares("Sam has 48 marbles.", "Sam has 84 marbles and gives half away.") == 0
    assert shares("Half of 12 is lost.", "Half of them are lost.") == 0


@given(st.text(), st.text(), st.from_regex(r"-?\d+([.,]\d+)*", fullmatch=True))
def test_no_text_is_too_odd(seed: str, text: str, number: str) -> None:
    assert Dress(seed, text).holds(number) in (True, False)
    assert shares(seed, text) >= 0
