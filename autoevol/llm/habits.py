"""How long the answers of a role are, and which cap would do: read off a ledger.

Decides what is advised, between runs. Within a run a cap never moves, since it is part of a call's
key (docs/decisions/014).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

ENOUGH = 100
"""Below so many answers their 99th percentile is one of the longest few, and nothing is advised."""
SPARE = 1.5
"""Times the 99th percentile: the next rows may bring longer answers."""
FLOOR = 128
"""No lower cap is advised: less holds back next to nothing."""
STEP = 64
MOST_CUT = 0.01
"""From this share of cut answers on the 99th percentile is the cap itself."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Of one answer: who gave it, its tokens, reasoning included, and whether a cap cut it."""

    role: str
    model: str
    tokens: int
    cut: bool


@dataclass(frozen=True, slots=True)
class Habit:
    """One role on one model. `usual` is the 99th percentile of its tokens an answer; `cut` counts
    answers that ran into their cap."""

    role: str
    model: str
    answers: int
    usual: int
    cut: int

    @property
    def cap(self) -> int | None:
        """Tokens that would do, None where too little is known: few answers, or many cut ones."""
        if self.answers < ENOUGH or self.cut > MOST_CUT * self.answers:
            return None
        return max(FLOOR, STEP * ceil(SPARE * self.usual / STEP))

    def as_json(self) -> dict[str, str | int | None]:
        return {
            "role": self.role,
            "model": self.model,
            "answers": self.answers,
            "tokens_99": self.usual,
            "cut": self.cut,
            "cap": self.cap,
        }


def habits(answers: Iterable[Answer]) -> tuple[Habit, ...]:
    """Habits by role and model, in that order."""
    found: dict[tuple[str, str], list[Answer]] = {}
    for one in answers:
        found.setdefault((one.role, one.model), []).append(one)
    return tuple(_habit(*place, found[place]) for place in sorted(found))


def _habit(role: str, model: str, answers: list[Answer]) -> Habit:
    tokens = sorted(one.tokens for one in answers)
    usual = tokens[ceil(0.99 * len(tokens)) - 1]
    return Habit(role, model, len(answers), usual, sum(one.cut for one in answers))
