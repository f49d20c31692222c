"""From feedback to this step's candidates.

Decides how many tries a proposal gets, and that no candidate enters the race that repeats a known
method or fails the linter. How one text is written is left to `roles.optimizer`; how it is asked
for to `study`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autoevol.errors import Unavailable
from autoevol.learning.study import Ending, Study
from autoevol.measure import Observation
from autoevol.methods import lint
from autoevol.progress import Watcher
from autoevol.roles.edits import is_repeat
from autoevol.roles.optimizer import Optimizer, Tried
from autoevol.together import together
from autoevol.types import Candidate, Feedback, Method, Proposal

TRIES = 3
"""Samples a proposal gets until one is new and sound; small models often return their parent."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What this step's candidates are written from."""

    parent: Method
    feedback: Feedback
    seen: Sequence[Observation]
    history: Sequence[Tried]
    donor: Method
    known: Sequence[str]
    shown: Sequence[str]


async def propose(
    evidence: Evidence,
    count: int,
    step: int,
    *,
    optimizer: Optimizer,
    study: Study,
    watcher: Watcher,
) -> list[Candidate]:
    """At most `count` new candidates, by trial number. A proposal that brings no new and sound text
    in `TRIES` samples is told to the study and left out."""
    asked = dict(study.ask() for _ in range(count))
    how = dict(asked)
    made: dict[int, Candidate] = {}
    ends: dict[int, Ending] = {}
    for attempt in range(TRIES):
        open_numbers = [number for number in asked if number not in made]
        answers = await together(
            _one(optimizer, evidence, how[number], number * TRIES + attempt)
            for number in open_numbers
        )
        for number, answer in zip(open_numbers, answers, strict=True):
            if answer is None:
                ends[number] = "failed"
                continue
            text, edits = answer
            method = replace(
                evidence.parent, name=f"candidate-{number:03d}", text=text, kind="learned", head={}
            )
            known = [*evidence.known, *(c.method.text for c in made.values())]
            findings = lint(method, evidence.shown)
            ends[number] = "repeat"
            if not edits or is_repeat(text, known):
                continue
            if findings:
                watcher.note(f"candidate {number}, try {attempt + 1}: refused, {findings[0]}")
                # A small model copies from what it sees; the lessons are clean of quotations.
                how[number] = replace(asked[number], trajectories=0)
                continue
            made[number] = Candidate(method, number, step, asked[number], edits)
    for number in asked:
        if number not in made:
            watcher.note(
                f"candidate {number}: no new text in {TRIES} tries ({asked[number].stance})"
            )
            study.tell(number, None, ends[number])
    return [made[number] for number in sorted(made)]


async def _one(
    optimizer: Optimizer, evidence: Evidence, proposal: Proposal, sample: int
) -> tuple[str, tuple[str, ...]] | None:
    try:
        return await optimizer.rewrite(
            evidence.parent,
            evidence.feedback,
            proposal,
            trajectories=[one.trajectory for one in evidence.seen],
            gains={one.outcome.item: one.outcome.score for one in evidence.seen},
            history=evidence.history,
            donor=evidence.donor,
            sample=sample,
        )
    except Unavailable:
        return None
