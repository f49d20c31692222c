"""The ladder: how often a row is evolved, and from what.

Decides what a ladder may look like and in which order its rungs are climbed. Climbing is left to
`rounds`. Sources: WizardLM (arXiv 2304.12244) for rounds that start from the last one and for rows
that keep their last good version; Tag-Evol (arXiv 2505.24165) for rounds that all start from the
seed, with a growing budget; WizardMath (arXiv 2308.09583) for easier siblings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from autoevol.errors import UsageError
from autoevol.roles.rules.own import OwnRule, rule_names, with_own
from autoevol.types import Method

Kind = Literal["chain", "seed"]
KINDS: tuple[Kind, ...] = ("chain", "seed")
Turns = Literal["last", "all"]
DOWN = "down"
"""The variant of a row's easier sibling."""
MOST = 100
"""Of rounds and of variants: more is a slip of the finger, and a bill."""


class Rung(NamedTuple):
    """One round of one chain: `variant` tells a row's chains apart, `number` counts from 1. Round 0
    is the seed itself, answered."""

    variant: int | str
    number: int


@dataclass(frozen=True, slots=True)
class Ladder:
    """How a row is evolved.

    rounds: so many times. kind: each round from the last good one (`chain`), or each from the seed
    with one more demand (`seed`). variants: so many chains side by side. downward: also an easier
    sibling, by this method (a method or where it is). seeds: the seed itself is answered and kept,
    too. respond: what was evolved is answered. turns: of a conversation the `last` user turn is
    evolved, or `all` are, and everything after the first is answered anew. rules: the user's own,
    which each rewrite and its answer must pass beside the shipped ones. seed: of randomness; by it
    operation, tags and second instruction are drawn where the method asks for them.
    """

    rounds: int = 1
    kind: Kind = "chain"
    variants: int = 1
    downward: str | Method | None = None
    seeds: bool = False
    respond: bool = True
    turns: Turns = "last"
    rules: tuple[OwnRule, ...] = ()
    seed: int = 0

    def check(self) -> None:
        """Raise UsageError where a number or a word makes no sense."""
        for name, number in (("rounds", self.rounds), ("variants", self.variants)):
            if number < 1:
                raise UsageError(f"{name} {number} is below 1.", "Give at least 1.")
            if number > MOST:
                raise UsageError(f"{name} {number} is above {MOST}.", f"Give at most {MOST}.")
        if self.kind not in KINDS:
            raise UsageError(f"ladder {self.kind!r} is unknown.", f"Known: {', '.join(KINDS)}.")
        if self.turns not in ("last", "all"):
            raise UsageError(f"turns {self.turns!r} is unknown.", "Known: last, all.")
        if self.turns == "all" and not self.respond:
            raise UsageError("Turns that follow an answer need one.", "Answer the rows, too.")
        with_own(self.rules)

    def rungs(self) -> Iterator[Rung]:
        """All of a row's rungs, chain by chain."""
        if self.seeds:
            yield Rung(0, 0)
        for variant in range(self.variants):
            for number in range(1, self.rounds + 1):
                yield Rung(variant, number)
        if self.downward is not None:
            yield Rung(DOWN, 1)

    def settings(self) -> dict[str, str | int | bool]:
        """What two starts must share; what is as usual is left out."""
        found: dict[str, str | int | bool] = {"rounds": self.rounds, "respond": self.respond}
        usual = Ladder()
        for name in ("kind", "variants", "seeds", "turns", "seed"):
            if getattr(self, name) != getattr(usual, name):
                found["ladder" if name == "kind" else name] = getattr(self, name)
        if self.rules:
            found["rules"] = rule_names(self.rules)
        return found
