"""The analyzer: reads a minibatch of trajectories and says what the method does wrong.

Decides what an analysis is (cases with class, evidence and lesson, and what to keep) and how
several analyses of one minibatch become one Feedback. A DSPy program; its wording is
`prompts/analyzer.md`. What is done about it is left to `optimizer`.
Source: Auto Evol-Instruct (arXiv 2406.00770), section 3.2; aggregation after BReAD (2507.09839).
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import dspy
from pydantic import BaseModel, Field

from autoevol.errors import Unavailable
from autoevol.llm.client import Client
from autoevol.llm.engine import ask_program
from autoevol.llm.messages import Request
from autoevol.methods import quotation
from autoevol.prompts import Prompt
from autoevol.types import Case, Feedback, Method, Trajectory

_CLIP = 400
"""Characters of one text that an analysis is shown: enough to judge, and a 1 MB seed stays
small."""
_QUOTE = 5
"""A lesson that shares so many words in a row with a case is about that case, not a lesson."""


class CaseFound(BaseModel):
    case: str = Field(max_length=24)
    failure_class: str = Field(max_length=40)
    evidence: str = Field(max_length=120)
    lesson: str = Field(max_length=240)


class Analysis(BaseModel):
    cases: list[CaseFound] = Field(max_length=4)
    keep: list[str] = Field(max_length=3)


@dataclass(frozen=True, slots=True)
class Analyzer:
    """`analyses` independent readings of each minibatch are aggregated. `meanings` says in one
    sentence what each check of the eliminator found when it fires."""

    client: Client
    model: str
    prompt: Prompt
    meanings: Mapping[str, str]
    analyses: int = 2
    max_tokens: int = 1200
    temperature: float | None = 0.7
    effort: str | None = None

    async def analyze(
        self,
        method: Method,
        trajectories: Sequence[Trajectory],
        gains: Mapping[str, float | None],
        step: int,
    ) -> Feedback:
        """One Feedback for one minibatch.

        Args:
            method: the method that made the trajectories.
            trajectories: the minibatch, failures and successes.
            gains: by seed id, the proxy score where one was measured.
            step: the step of the loop; keeps equal minibatches of different steps apart.

        A reading that cannot be had or parsed is left out; with none at all the Feedback rests on
        the rules' verdicts alone.
        """
        seen = Counter(f.rule for t in trajectories for e in t.evolutions for f in e.failures[:1])
        texts = [
            x for t in trajectories for e in t.evolutions for x in (e.before.text, e.after.text)
        ]
        readings = await asyncio.gather(
            *(self._read(method, trajectories, gains, step, n) for n in range(self.analyses))
        )
        known = [r for r in readings if r is not None]
        return aggregate(known, seen, self.meanings, texts, len(trajectories))

    async def _read(
        self,
        method: Method,
        trajectories: Sequence[Trajectory],
        gains: Mapping[str, float | None],
        step: int,
        number: int,
    ) -> Analysis | None:
        signature = dspy.Signature(
            {
                "method": (str, dspy.InputField(desc="the method's rules")),
                "cases_seen": (str, dspy.InputField(desc="the minibatch, as JSON")),
                "cases": (list[CaseFound], dspy.OutputField(desc="the bad cases, gravest first")),
                "keep": (list[str], dspy.OutputField(desc="what the method does well")),
            },
            self.prompt.text,
        )
        form = Request(
            model=self.model,
            messages=(),
            role="analyzer",
            max_tokens=self.max_tokens,
            temperature=self.temperature,
            schema=json.dumps(Analysis.model_json_schema(), sort_keys=True),
            effort=self.effort,
            sample=step * 100 + number,
        )
        try:
            found = await ask_program(
                dspy.Predict(signature),
                self.client,
                form,
                method=method.text,
                cases_seen=show_cases(trajectories, gains),
            )
        except Unavailable:
            return None
        return Analysis(cases=list(found.cases), keep=list(found.keep))


def show_cases(trajectories: Sequence[Trajectory], gains: Mapping[str, float | None]) -> str:
    """A minibatch as JSON text, long texts clipped."""
    shown = []
    for trajectory in trajectories:
        for stage, evolution in enumerate(trajectory.evolutions, start=1):
            gain = gains.get(trajectory.seed.id)
            shown.append(
                {
                    "case": trajectory.seed.id,
                    "stage": stage,
                    "before": _clip(evolution.before.text),
                    "after": _clip(evolution.after.text or evolution.raw),
                    "reply": _clip(evolution.response)[:200],
                    "failure": [f"{f.rule}: {f.evidence}" for f in evolution.failures[:2]],
                    "harder": None if gain is None else round(gain, 2),
                }
            )
    return json.dumps(shown, ensure_ascii=False, indent=0)


def aggregate(
    readings: Sequence[Analysis],
    seen: Mapping[str, int],
    meanings: Mapping[str, str],
    texts: Sequence[str],
    size: int,
) -> Feedback:
    """Several readings as one: what a majority saw, or the rules saw, the gravest first.

    Args:
        readings: the analyses that could be had.
        seen: how many cases each check of the eliminator failed.
        meanings: what a check's failure means.
        texts: the instructions of the minibatch; lessons that quote them are left out.
        size: cases in the minibatch.
    """
    cases = [
        Case(c.case, _fold(c.failure_class), c.evidence, " ".join(c.lesson.split()))
        for reading in readings
        for c in reading.cases
        if c.lesson.strip() and not quotation(c.lesson, texts, _QUOTE)
    ]
    votes: Counter[str] = Counter()
    for reading in readings:
        votes.update({c.case for c in reading.cases})
    majority = len(readings) / 2
    trusted = [c for c in cases if votes[c.case] >= majority]
    weight = Counter(c.failure_class for c in trusted)
    trusted.sort(key=lambda c: -weight[c.failure_class])
    counted = [
        f"{n} of {size} cases failed the check {rule!r}: {meanings.get(rule, 'see its evidence')}"
        for rule, n in _by_count(seen)
    ]
    lessons = _distinct([c.lesson for c in trusted])
    said = [" ".join(k.split()) for r in readings for k in r.keep if k.strip()]
    keep = _distinct([k for k in said if not quotation(k, texts, _QUOTE)])
    return Feedback(tuple(trusted), tuple(counted + lessons), tuple(keep), dict(seen))


def _by_count(seen: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(seen.items(), key=lambda pair: (-pair[1], pair[0]))


def _distinct(texts: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for text in texts:
        words = set(re.findall(r"\w+", text.lower()))
        if all(_overlap(words, other) < 0.7 for other in kept):
            kept.append(text)
    return kept


def _overlap(words: set[str], other: str) -> float:
    theirs = set(re.findall(r"\w+", other.lower()))
    return len(words & theirs) / max(1, len(words | theirs))


def _fold(name: str) -> str:
    return " ".join(name.lower().replace("_", " ").split())


def _clip(text: str) -> str:
    return text if len(text) <= _CLIP else text[: _CLIP - 80] + " […] " + text[-70:]
