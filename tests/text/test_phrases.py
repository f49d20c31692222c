"""Phrases find what their regex finds, and look only where it can find something."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.roles.rules import asking, heap, leak, missing, reaction, refusing, rewrite, task
from autoevol.text.phrases import EDGE, Phrases, fold, necessary
from benchmarks.zoo_rows import read

ALL = [
    pytest.param(value, id=f"{module.__name__.rpartition('.')[2]}.{name}")
    for module in (asking, heap, leak, missing, reaction, refusing, rewrite, task)
    for name, value in vars(module).items()
    if isinstance(value, Phrases)
]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("cat|dog", ["cat", "dog"]),
        (r"\b(?:hand|pass) it (?:please )?(?:over|on)\b", ["|hand it ", "|pass it "]),
        # Two common words are in many texts, so longer phrases that hold them are rarer.
        (
            r"\b(?:can|could) you (?:please )?(?:send|share)\b",
            ["|can you please s", "|can you s", "|could you please s", "|could you s"],
        ),
        (r"\ba (?:red|blue)? ?balloon\w*", ["balloon"]),
        (r"\b(?:red|blue)\b balloon", ["|blue| balloon", "|red| balloon"]),
        (r"\b(?:\w+ly|often) around", [" around"]),
        (r"\b(?:scarlet|crimson|a \w+ vermilion)\b", [" vermilion|", "|crimson|", "|scarlet|"]),
        (r"colou?r", ["color", "colour"]),
        (r"(?:very )+good\b", ["very "]),
        (r"[bc]at(?:er)+", ["bat", "cat"]),
        (r"no \w+ around", [" around"]),
        (r"(?:Ärger|Straße)", ["strasse", "ärger"]),
        (r"maybe|\w+", [""]),
        (r"(?:sorry)?", [""]),
        (r"\b", [""]),
        (r"[a-z]+", [""]),
    ],
)
def test_the_words_of_a_regex_are_read_off_it(pattern: str, words: list[str]) -> None:
    found = necessary(pattern, re.I)
    assert sorted(word.replace(EDGE, "|") for word in found) == words


def test_letters_that_a_case_blind_regex_takes_for_each_other_are_one() -> None:
    # Sets of 1000 letters at a time: each is looked for among all the letters there are.
    letters = [chr(c) for c in range(sys.maxunicode + 1) if not 0xD800 <= c < 0xE000]
    cased = [c for c in letters if len({c.lower(), c.upper(), c.casefold(), c}) > 1 or c in "ıſ"]
    everything = "".join(cased)
    for letter in cased:
        alike = re.findall(re.escape(letter), everything, re.I)
        assert {fold(other) for other in alike} == {fold(letter)}, (letter, alike)


@pytest.mark.parametrize("phrases", ALL)
def test_every_list_of_phrases_has_a_screen(phrases: Phrases) -> None:
    assert "" not in phrases.spelled, "a plain regex is faster"


PIECES = st.sampled_from(
    ["can", "could", " you", "İ", "ı", "ſ", "K", "(?:please )?", "[bc]", "colou?r", "Ä", "ß", "\\b",
     r"\w{1,2}", "(?:go|went|have gone)", "(?:a|bb)+?", "(?!x)", " ", "ǰ", "\\W*",
     "\\b(?:may|might)\\b", "\\bn[oe]\\b", "\u0301", "看"]
)  # fmt: skip
PART = st.lists(PIECES, min_size=1, max_size=4).map("".join)
SMALL = st.lists(PART, min_size=1, max_size=3).map("|".join)


@settings(max_examples=150, deadline=None)
@given(pattern=SMALL, data=st.data())
def test_phrases_are_found_as_by_the_regex_alone(pattern: str, data: st.DataObject) -> None:
    phrases, regex = Phrases(pattern), re.compile(pattern, re.I)
    change = data.draw(st.sampled_from([str.lower, str.upper, str.title, str.swapcase]))
    for text in (data.draw(st.from_regex(regex)), data.draw(st.text(max_size=30))):
        text = change(text)
        assert [m.span() for m in phrases.finditer(text)] == [
            m.span() for m in regex.finditer(text)
        ]
        assert bool(phrases.search(text)) == bool(regex.search(text))
        assert bool(phrases.match(text)) == bool(regex.match(text))
        assert phrases.findall(text) == regex.findall(text)


@pytest.mark.parametrize("phrases", ALL)
def test_no_phrase_is_lost_in_what_people_write(phrases: Phrases) -> None:
    for row in read():
        for text in (row["seed"], row["evolved"] or "", (row["response"] or "")[:200]):
            if not phrases.maybe(text[:400]):
                assert phrases.regex.search(text[:400]) is None, text
