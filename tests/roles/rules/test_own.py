"""Rules of the user's own: how they join the others, and what becomes of broken ones."""

from __future__ import annotations

from typing import Any

import pytest

from autoevol.errors import UsageError
from autoevol.roles.eliminator import RULES, Eliminator
from autoevol.roles.rules.own import meanings, rule_names, with_own
from autoevol.types import Evolution, Failure
from tests.roles.evolutions import HARDER, SEED, round_of


def shouting(evolution: Evolution) -> Failure | None:
    """The rewrite shouts."""
    return Failure("noise", "!") if evolution.after.text.endswith("!") else None


def test_an_own_rule_stands_behind_the_shipped_ones_under_its_functions_name() -> None:
    rules = with_own([shouting])
    assert rules[:-1] == RULES
    found = Eliminator(rules=rules).inspect(round_of(SEED, HARDER + "!"))
    assert found == (Failure("shouting", "!"),)
    assert Eliminator(rules=rules).inspect(round_of(SEED, HARDER)) == ()


def test_settings_and_the_analyzer_know_it() -> None:
    assert rule_names([shouting]) == f"{__name__}:shouting"
    assert meanings([shouting, lambda e: None]) == {"shouting": "The rewrite shouts."}


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (lambda e: 1 / 0, "<lambda> failed on s: ZeroDivisionError"),
        (lambda e: True, "<lambda> gave True"),
        (lambda e: "words", "<lambda> gave 'words'"),
    ],
)
def test_a_broken_rule_stops_the_verb(broken: Any, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        Eliminator(rules=with_own([broken])).inspect(round_of(SEED, HARDER))


def test_two_rules_of_one_name_are_refused() -> None:
    def identity(evolution: Evolution) -> Failure | None:
        return None

    for rules in ([identity], [shouting, shouting]):
        with pytest.raises(UsageError, match="two rules named"):
            with_own(rules)
