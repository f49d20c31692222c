"""The end of a step: does one of the candidates take the incumbent's place?

Decides who is tested and what becomes of the others, and tells the study. The tests are
`acceptance`'s. With `paper` the published rule decides instead: the lowest failure rate on the dev
set becomes the next method, always (Auto Evol-Instruct, section 3.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autoevol.learning.acceptance import (
    Decision,
    accept,
    estimate,
    failure_excess,
    front_runner,
    overlap_excess,
)
from autoevol.learning.race import Race
from autoevol.learning.study import Study
from autoevol.roles.optimizer import Tried
from autoevol.types import Candidate, Measurement

ALPHA = 0.10
"""Chance that a whole run replaces its incumbent by an equal method; split over the steps."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What constraints refer to for the whole run: the initial method on the dev set."""

    initial: Measurement
    seed: int
    steps: int

    @property
    def alpha(self) -> float:
        return ALPHA / self.steps


@dataclass(frozen=True, slots=True)
class Choice:
    """`winner` replaces the incumbent. `front` was tested; `decision` is that test. `broken` names,
    by candidate, the constraints it broke, with the excess."""

    winner: Candidate | None
    front: Candidate | None
    decision: Decision | None
    broken: dict[int, dict[str, float]]

    def say(self, step: int) -> str:
        """One line for the person who waits."""
        if self.front is None:
            why = "every candidate broke a constraint" if self.broken else "no candidate left"
            return f"step {step}: {why}, the method stays"
        if self.decision is None:
            return f"step {step}: candidate {self.front.number} has the lowest failure rate"
        change = f"{self.decision.difference:+.2f} (lower bound {self.decision.lower:+.2f})"
        verdict = "accepted" if self.winner else "not shown to be better"
        return f"step {step}: candidate {self.front.number} {verdict}, {change}"

    def tried(
        self, race: Race, candidates: Sequence[Candidate], incumbent: Measurement
    ) -> list[Tried]:
        """What the optimizer is told of this step's candidates later."""
        return [
            Tried(
                candidate.edits,
                estimate(race.measured[candidate.number], incumbent),
                incumbent.mean,
                candidate is self.winner,
            )
            for candidate in candidates
            if candidate.number in race.measured
        ]


def choose(
    race: Race,
    candidates: Sequence[Candidate],
    incumbent: Measurement,
    reference: Reference,
    study: Study,
    *,
    paper: bool = False,
) -> Choice:
    """Test the best survivor and tell the study how every candidate ended."""
    by_number = {c.number: c for c in candidates}
    broken = {n: found for n in race.finished if (found := _broken(race.finished[n], reference))}
    for number, measured in sorted(race.finished.items()):
        for name in ("failures", "sameness"):
            study.constraint(number, name, broken.get(number, {}).get(name, 0.0))
        study.tell(number, measured.mean, "complete")
    for number in sorted(race.dropped):
        study.tell(number, None, "dropped")
    if paper:
        return _published(race, by_number, broken)
    fit = {n: m for n, m in race.finished.items() if n not in broken}
    best = front_runner(fit, incumbent)
    if best is None:
        return Choice(None, None, None, broken)
    decision = accept(fit[best], incumbent, alpha=reference.alpha, seed=reference.seed)
    front = by_number[best]
    return Choice(front if decision.accepted else None, front, decision, broken)


def _broken(measured: Measurement, reference: Reference) -> dict[str, float]:
    excess = {
        "failures": failure_excess(
            measured, reference.initial, alpha=reference.alpha, seed=reference.seed
        ),
        "sameness": overlap_excess(measured, reference.initial),
    }
    return {name: value for name, value in excess.items() if value > 0}


def _published(
    race: Race, by_number: dict[int, Candidate], broken: dict[int, dict[str, float]]
) -> Choice:
    ranked = sorted(race.finished, key=lambda n: (race.finished[n].failure_rate, n))
    winner = by_number[ranked[0]] if ranked else None
    return Choice(winner, winner, None, broken)
