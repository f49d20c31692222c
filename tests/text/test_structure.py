"""How texts are taken apart: the fast ways find what the plain ones say."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.roles.rules.exhibit import Exhibit, Wording
from autoevol.text import structure as t
from autoevol.types import Instruction
from tests.roles.evolutions import HARDER, SEED, round_of

# The same as alternatives, one after the other.
SENTENCE_END = re.compile(r"""(?<=[.!?])["'”)*]*\s+|(?<=[。！？؟।])|\n+""")
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)*")
OPERATOR = re.compile(r"[<>](?![a-zA-Z/])|[+/^=%≤≥≠÷×−]|(?<=\w)\*(?=\w)|(?<= )\*(?= )")
QUOTED = re.compile(
    r'"[^"\n]{2,600}"|“[^“”\n]{2,600}”|«[^«»\n]{2,600}»|「[^「」\n]{2,600}」|„[^„“”\n]{2,600}[“”]'
    r"|(?:(?<=[\s(:])|^)'[^'\n]{1,600}'(?=[\s.,;:!?)]|$)|(?:(?<=[\s(:])|^)‘[^‘\n]{1,600}’(?!\w)"
)
SIGNS = "aZ_é写 \n\t\x1c\u2028.,;:!?()*-+/^=%<>≤−\"'“”‘’«»「」„。！؟।0١²\u0301\u0345İſ"
TEXTS = st.text(st.sampled_from(SIGNS), max_size=30) | st.text(max_size=30)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_sentences_end_at_stops_and_lines(text: str) -> None:
    plain = [part.strip() for part in SENTENCE_END.split(text)]
    assert t.sentences(text) == [part for part in plain if part]


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_quotes_numbers_and_signs_are_found_where_they_are(text: str) -> None:
    assert [m.span() for m in t.QUOTED.finditer(text)] == [m.span() for m in QUOTED.finditer(text)]
    assert t.NUMBER.findall(text) == NUMBER.findall(text)
    numbers = [n.replace(",", "").rstrip(".") for n in NUMBER.findall(text)]
    assert t.quantities(text) == Counter([*OPERATOR.findall(text), *numbers])


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_words_are_runs_of_letters_with_their_marks(text: str) -> None:
    assert t.words(text) == t.WORD.findall(text.casefold())


@pytest.mark.parametrize("size", [3, 4, 7])
def test_every_so_manieth_run_of_words(size: int) -> None:
    words = HARDER.split()
    assert list(t.ngrams(words, size, 5)) == list(t.ngrams(words, size))[::5]


def test_what_is_given_away_may_be_changed() -> None:
    t.words(SEED).clear()
    t.sentences(SEED).clear()
    assert t.words(SEED)
    assert t.sentences(SEED)


def test_an_exhibit_is_the_evolution_it_shows() -> None:
    evolution = round_of(SEED, HARDER, "max(xs)", raw="<evolved>", response_finish="stop")
    exhibit = Exhibit.of(evolution, Wording())
    assert exhibit.before == Instruction(SEED, "s")
    assert exhibit == Exhibit(
        **{name: getattr(evolution, name) for name in evolution.__slots__}, wording=Wording()
    )
