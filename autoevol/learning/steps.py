"""One step as it is written down.

Decides what a step was and what its rows in the run folder say: trajectories, feedback, candidates
with their numbers, the race lap by lap. Which file holds them, and when, is left to `story`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from autoevol.learning.acceptance import estimate, utility_interval
from autoevol.learning.judging import Choice
from autoevol.learning.race import Race
from autoevol.measure import Observation
from autoevol.statistics import proportion_interval
from autoevol.types import Candidate, Feedback, Measurement, Method

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """All that happened in one step."""

    number: int
    incumbent: Method
    measured: Measurement
    seen: list[Observation]
    feedback: Feedback
    candidates: list[Candidate]
    race: Race
    choice: Choice


def trajectory_rows(seen: Iterable[Observation], **place: int | str) -> Iterator[Json]:
    """One row an observation. `place` says where it was made: a step, or an arm."""
    for one in seen:
        yield {
            **place,
            "item": one.trajectory.seed.id,
            "method": one.trajectory.method,
            "utility": one.outcome.utility,
            "score": one.outcome.score,
            "evolutions": [
                {
                    "before": e.before.text,
                    "after": e.after.text,
                    "raw": e.raw if not e.after.text else "",
                    "response": e.response,
                    "failures": [asdict(f) for f in e.failures],
                    "unknown": e.unknown,
                }
                for e in one.trajectory.evolutions
            ],
        }


def feedback_row(step: Step) -> Json:
    return {"step": step.number, "method": step.incumbent.digest, **asdict(step.feedback)}


def candidate_facts(step: Step, candidate: Candidate) -> dict[str, str]:
    """The head of a candidate's file: how it came about and how it fared."""
    number = candidate.number
    measured = step.race.measured.get(number)
    facts = {"step": str(step.number), "ending": _ending(step, number)}
    if candidate.proposal is not None:
        facts["stance"] = candidate.proposal.stance
    if measured is not None:
        facts["estimate"] = f"{estimate(measured, step.measured):.4f}"
        facts["failure_rate"] = f"{measured.failure_rate:.4f}"
        facts["items"] = str(len(measured.outcomes))
    return facts


def step_row(step: Step, seed: int) -> Json:
    """The whole step in numbers. `dev` holds score and failure rate with their 95 % intervals, of
    the incumbent on all dev items, of a candidate on those it met."""
    decision = step.choice.decision
    return {
        "step": step.number,
        "incumbent": step.incumbent.digest,
        "incumbent_score": round(step.measured.mean, 4),
        "dev": _on_dev(step.measured, seed),
        "minibatch": {"items": len(step.seen), "failures": dict(step.feedback.counts)},
        "lessons": list(step.feedback.lessons),
        "candidates": [_candidate(step, c, seed) for c in step.candidates],
        "laps": [asdict(lap) for lap in step.race.laps],
        "front": None if step.choice.front is None else step.choice.front.number,
        "winner": None if step.choice.winner is None else step.choice.winner.number,
        "decision": None if decision is None else finite_values(asdict(decision)),
    }


def finite_values(table: Json) -> Json:
    """The table with infinite numbers as None: JSON has none."""
    return {k: finite(v) if isinstance(v, float) else v for k, v in table.items()}


def finite(value: float) -> float | None:
    return round(value, 4) if abs(value) != float("inf") else None


def _candidate(step: Step, candidate: Candidate, seed: int) -> Json:
    measured = step.race.measured.get(candidate.number)
    return {
        "number": candidate.number,
        "digest": candidate.method.digest,
        "proposal": None if candidate.proposal is None else asdict(candidate.proposal),
        "edits": list(candidate.edits),
        **candidate_facts(step, candidate),
        "dev": None if measured is None else _on_dev(measured, seed),
        "broken": finite_values(dict(step.choice.broken.get(candidate.number, {}))),
    }


def _on_dev(measured: Measurement, seed: int) -> Json:
    known = [o for o in measured.outcomes if o.utility is not None]
    failed = sum(bool(o.failure) for o in known)
    return {
        "score": utility_interval(measured, seed=seed).as_json(),
        "failure_rate": proportion_interval(failed, len(known)).as_json(),
    }


def _ending(step: Step, number: int) -> str:
    choice = step.choice
    if choice.winner is not None and choice.winner.number == number:
        return "accepted"
    if number in step.race.dropped:
        return "dropped"
    if number in choice.broken:
        return "broke " + " and ".join(sorted(choice.broken[number]))
    return "not shown to be better"
