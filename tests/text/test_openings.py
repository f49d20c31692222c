"""Where a match may begin: a regex looked for only there finds what it finds everywhere."""

from __future__ import annotations

import re
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.text.openings import Openings
from autoevol.text.phrases import Phrases
from benchmarks.zoo_rows import read
from tests.text.test_phrases import ALL

PATTERNS = [
    r"\b(?:please|can you)\b",
    r"\bplease|can(?: you)?",
    r"(?:^|[\n(.!?:]\s?)\W{0,4}(?:changes|rationale):",
    r"^\W{0,4}(?:answer|solution)",
    r"(?m)^\s*please",
    r"\s?\bplease",
    r"(?:\b|-)please",
    r"(?<=n )you|(?<!n )you",
    r"(?=c)\w+ y|(?!c)y",
    r"[^\W\d_]+ you",
    r"(?>please|plea) ",
    r"(?:pl?)++ease",
    r"(k|s)\1",
    r"(?-i:C)an|you",
    r"ſee|KAN|İ|ı",
    r"[ſ-ʀ]|Straße",
    r".lease",
    r"you$|\Bou",
    r"\Acan|\byou\Z",
]
WORDS = ["please", "Can you", "CAN", "you", "changes:", "(rationale:", "\n", " ", ".", "-", "kk"]
WORDS += [
    "ſee",
    "see",
    "K",
    "kan",
    "İ",
    "ı",
    "i",
    "ß",
    "SS",
    "ss",
    "answer",
    "ea",
    "lease",
    "“",
    "é",
]


@given(text=st.lists(st.sampled_from(WORDS), max_size=30).map("".join))
@settings(max_examples=150, deadline=None)
def test_looked_for_there_a_regex_finds_what_it_finds_everywhere(text: str) -> None:
    for pattern in PATTERNS:
        regex, openings = re.compile(pattern, re.I), Openings(pattern, re.I)
        if openings.known:
            found, everywhere = openings.search(regex, text), regex.search(text)
            assert (found and found.span()) == (everywhere and everywhere.span()), pattern


@pytest.mark.parametrize(
    ("pattern", "few"),
    [
        (r"\b(?:please|can you)\b", True),
        (r"(?:^|[\n(.!?:]\s?)(?:zebra|quail)", True),
        (r"^\W{0,4}(?:answer|solution)", True),  # nowhere but at the beginning
        (r"\w+ please", False),
        (r"(?:please)?", False),
        (r"(?i:p)lease", False),
    ],
)
def test_which_regexes_are_worth_it(pattern: str, few: bool) -> None:
    assert Openings(pattern, re.I).few("A sentence of usual words, as many are.\n" * 99) == few


@pytest.mark.parametrize("phrases", ALL)
def test_the_rules_phrases_find_the_same_in_a_very_long_text(
    phrases: Phrases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autoevol.text.phrases.VERY_LONG", 0)
    monkeypatch.setattr("autoevol.text.openings.FEW", 2.0)
    runs = [run.replace("\0", " ") for run in phrases.spelled]
    for row, run in zip(read()[::40], cycle(runs), strict=False):
        text = f"{row['evolved']} {run}. {row['seed']}\n{run}:{row['response']}"
        found, everywhere = phrases.search(text), phrases.regex.search(text)
        assert (found and found.span()) == (everywhere and everywhere.span())
