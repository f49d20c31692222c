"""Length, language and licence, and choices that make no sense."""

from __future__ import annotations

from pathlib import Path

import pytest

from autoevol.errors import UsageError
from autoevol.evolving.filters.bounds import (
    forbidden,
    language_rule,
    length_rule,
    strange,
)
from autoevol.evolving.filters.choice import Filters
from autoevol.evolving.filters.sieve import Filtering
from autoevol.types import Evolution, Instruction

ENGLISH = "Write a function that sorts the customers by the date of their last order."
GERMAN = "Schreibe eine Funktion, die alle Kunden nach dem Datum ihrer letzten Bestellung ordnet."
CHINESE = "编写一个函数,按客户最后一次订单的日期对客户进行排序,并返回结果。"


def evolved(text: str) -> Evolution:
    return Evolution(Instruction("seed", "s"), Instruction(text, "e"))


@pytest.mark.parametrize(
    ("least", "most", "rule"),
    [(4, 4, ""), (5, None, "too_short"), (None, 3, "too_long"), (None, 4, ""), (0, 9, "")],
)
def test_length_is_in_words(least: int | None, most: int | None, rule: str) -> None:
    failure = length_rule(least, most)(evolved("Sort a long list."))
    assert (failure.rule if failure else "") == rule


def test_two_signs_of_chinese_are_a_word() -> None:
    failure = length_rule(None, 5)(evolved("编写一个排序函数的程序"))
    assert failure is not None
    assert failure.evidence == "6 words, more than 5"


@pytest.mark.parametrize(
    ("text", "wanted", "rule"),
    [
        (ENGLISH, {"en"}, ""),
        (GERMAN, {"de"}, ""),
        (CHINESE, {"zh"}, ""),
        (GERMAN, {"en", "fr"}, "other_language"),
        (CHINESE, {"en"}, "other_language"),
        (ENGLISH, {"de"}, "other_language"),
        ("Sort it.", {"de"}, ""),  # too little to tell
        (f"```\n{GERMAN}\n```", {"en"}, ""),  # a block is not the writer's own voice
        ("", {"en"}, ""),
    ],
)
def test_only_a_language_that_is_surely_another_is_one(
    text: str, wanted: set[str], rule: str
) -> None:
    failure = language_rule(wanted)(evolved(text))
    assert (failure.rule if failure else "") == rule
    assert failure == strange(text, wanted)


def test_licences_are_compared_without_their_signs() -> None:
    allowed = ("MIT", "Apache-2.0")
    assert forbidden("apache 2.0", allowed) is None
    assert forbidden("mit", allowed) is None
    for license, said in (("CC-BY-NC-4.0", "CC-BY-NC-4.0"), ("", "no licence is given")):
        failure = forbidden(license, allowed)
        assert failure is not None
        assert (failure.rule, failure.evidence) == ("license", said)


@pytest.mark.parametrize(
    "wrong",
    [
        Filters(dedup="fuzzy"),  # type: ignore[arg-type]
        Filters(min_words=9, max_words=8),
        Filters(max_words=0),
        Filters(min_words=-1),
        Filters(languages=("English",)),
        Filters(languages=("xx",)),
        Filters(redact="no_such_module:function"),
    ],
)
def test_choices_that_cannot_be_meant_are_refused(wrong: Filters) -> None:
    with pytest.raises(UsageError):
        Filtering(wrong)


def test_a_language_that_nobody_can_tell_is_refused_with_those_that_can() -> None:
    with pytest.raises(UsageError, match="'xx'") as met:
        Filters(languages=("en", "xx")).check()
    assert "de, el, en, es" in met.value.hint


def test_what_is_chosen_is_what_a_run_is_known_by(tmp_path: Path) -> None:
    bench = tmp_path / "bench.jsonl"
    bench.write_text("{}")
    assert Filters().settings() == {"dedup": "minhash"}
    chosen = Filters("none", (bench,), 1, 9, ("en", "de"), ("MIT",), str.upper)
    told = chosen.settings()
    assert told.pop("decontaminate_digest").startswith("sha256:")  # type: ignore[union-attr]
    assert told == {
        "dedup": "none",
        "decontaminate": "bench.jsonl",
        "min_words": 1,
        "max_words": 9,
        "languages": "en, de",
        "licenses": "MIT",
        "redact": "str.upper",
    }
    assert [Filters().ordered, chosen.ordered] == [True, False]
