"""Edits of a method: add, change or drop one rule of its numbered list.

Decides how edits are applied and when a result is no new method. A small model asked to retype a
method returns it verbatim most of the time; asked for an edit it has to name something new. Who
writes the edits is left to `roles.optimizer`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from autoevol.rulelist import join_rules, split_rules

Action = Literal["add", "change", "drop"]

MAX_RULE_WORDS = 60
SAME = 0.9
"""Two methods whose words overlap at least this much (Jaccard over word pairs) count as one."""


@dataclass(frozen=True, slots=True)
class Edit:
    """`rule` is the 1-based number that is changed, dropped, or after which a rule is added."""

    action: Action
    rule: int
    text: str = ""

    def __str__(self) -> str:
        return (
            f"drop {self.rule}"
            if self.action == "drop"
            else (f"{self.action} {self.rule}: {self.text}")
        )


def apply_edits(text: str, edits: Sequence[Edit]) -> tuple[str, tuple[Edit, ...]]:
    """Apply edits to a method's text; numbers always mean the list as it was.

    Returns:
        The new text, and the edits that took effect: those that name a rule that does not exist,
        bring no text, or would leave no rule are left out.
    """
    opening, rules = split_rules(text)
    places: list[list[str]] = [[], *([rule] for rule in rules)]
    kept: list[Edit] = []
    for edit in edits:
        words = _clean(edit.text)
        if edit.action == "add":
            place = min(max(edit.rule, 0), len(rules))
            if not words or words in rules:
                continue
            places[place].append(words)
        elif not 1 <= edit.rule <= len(rules) or not places[edit.rule]:
            continue
        elif edit.action == "drop":
            if sum(map(len, places)) <= 1:
                continue
            places[edit.rule] = places[edit.rule][1:]
        else:
            if not words or words in rules:
                continue
            places[edit.rule][0] = words
        kept.append(Edit(edit.action, edit.rule, words))
    return join_rules(opening, [rule for place in places for rule in place]), tuple(kept)


def replace_rules(text: str, rules: Sequence[str]) -> str:
    """The method with a new list below its old opening."""
    opening, _ = split_rules(text)
    return join_rules(opening, [clean for rule in rules if (clean := _clean(rule))])


def is_repeat(text: str, known: Iterable[str]) -> bool:
    """Is this method, but for a word here and there, one that was measured already?"""
    own = _pairs(text)
    for other in known:
        theirs = _pairs(other)
        union = len(own | theirs)
        if not union or len(own & theirs) / union >= SAME:
            return True
    return False


def _pairs(text: str) -> set[tuple[str, str]]:
    words = re.findall(r"\w+", " ".join(split_rules(text)[1]).lower())
    return set(pairwise(words))


def _clean(text: str) -> str:
    """One line without leading numbers or bullets, at most MAX_RULE_WORDS words."""
    # Half of a surrogate pair, which JSON lets a model write, has no place in a file.
    whole = text.encode("utf-8", "replace").decode()
    line = " ".join(whole.split())
    line = re.sub(r"^(?:(?:\d+[.)]|[-*•])(?:\s+|$))+", "", line)
    return " ".join(line.split(" ")[:MAX_RULE_WORDS])
