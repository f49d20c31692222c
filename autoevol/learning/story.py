"""What a run leaves behind: the files of its folder, derived from what happened.

Decides what `trajectories.jsonl`, `feedback.jsonl`, `candidates/`, `method.md` and `summary.json`
hold. All are replaced atomically after every step, so a cut run leaves whole files and a resumed
one rebuilds them. How they look to a person is left to `cli`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from autoevol.casting import Models
from autoevol.domain import Domain
from autoevol.learning.acceptance import (
    Confirmation,
    added_overlap,
    estimate,
    tokens_per_kept,
    utility_interval,
)
from autoevol.learning.judging import Choice
from autoevol.learning.presets import Preset
from autoevol.learning.race import Race
from autoevol.llm.client import Client
from autoevol.llm.ledger import read_bill
from autoevol.llm.messages import Usage
from autoevol.measure import Observation
from autoevol.methods import write_method
from autoevol.prompts import load_prompt
from autoevol.roles.scorer import Calibration
from autoevol.runs import RunFolder
from autoevol.statistics import Interval, proportion_interval
from autoevol.types import Candidate, Feedback, Measurement, Method

VERSION = 1
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


@dataclass(frozen=True, slots=True)
class Final:
    """The named methods on the confirm items. `confirmation` None: nothing was learned to
    confirm."""

    learned: Method
    mine: Measurement
    initial: Measurement
    rival: Measurement
    confirmation: Confirmation | None

    @property
    def better(self) -> bool:
        return self.confirmation is not None and self.confirmation.better


@dataclass(frozen=True, slots=True)
class Result:
    """What `optimize` hands back: the frozen method, whether it is a learned one that was shown to
    be better, the folder, and the summary that `summary.json` holds."""

    method: Method
    better: bool
    folder: Path
    summary: Mapping[str, Any]


@dataclass(slots=True)
class Story:
    """One run's record while it is written."""

    folder: RunFolder
    domain: Domain
    sizes: Preset
    models: Models
    initial: Method
    rival: Method
    seed: int
    client: Client
    calibration: Calibration | None = None
    first: Measurement | None = None
    steps: list[Step] = field(default_factory=list)

    def add(self, step: Step) -> None:
        """Take a finished step over and bring all files up to it, but for the study's."""
        self.steps.append(step)
        self.folder.write_lines("trajectories.jsonl", [row for s in self.steps for row in _seen(s)])
        self.folder.write_lines("feedback.jsonl", [_feedback(s) for s in self.steps])
        for candidate in step.candidates:
            number = f"{candidate.number:03d}"
            write_method(
                replace(candidate.method, name=f"candidate-{number}", head=_facts(step, candidate)),
                self.folder.path / "candidates" / f"{number}.md",
            )

    async def end(self, final: Final) -> Result:
        """Freeze the winner and write the summary."""
        method = replace(final.learned if final.better else self.initial)
        named = f"auto-{self.folder.name}".lower()
        name = "".join(c if c.isalnum() and c.isascii() else "-" for c in named).strip("-")
        arms = {
            "initial": await self._arm(self.initial, final.initial),
            "learned": await self._arm(final.learned, final.mine),
            "rival": await self._arm(self.rival, final.rival),
        }
        head = self._head(arms["learned" if final.better else "initial"])
        if final.better:
            parent = f"{self.initial.domain}/{self.initial.name}"
            method = replace(
                method,
                name=name,
                domain=self.domain.name,
                kind="learned",
                parent=parent,
                head=head,
            )
        else:
            method = replace(method, head={**method.head, **head})
        path = self.folder.path / "method.md"
        write_method(method, path)
        self.folder.write_lines("confirm.jsonl", _confirmed(final, self))
        summary = self._summary(final, method, arms)
        self.folder.write_json("summary.json", summary)
        return Result(method, final.better, self.folder.path, summary)

    def _head(self, arm: Json) -> dict[str, str]:
        failed, score = arm["failure_rate"], arm["score"]
        return {
            "run": self.folder.name,
            **self.models.as_table(),
            "evolver_prompt": load_prompt("evolver").digest,
            "confirm_items": str(score["items"]),
            "failure_rate": _range(failed),
            "score": _range(score),
        }

    async def _arm(self, method: Method, measured: Measurement) -> Json:
        known = [o for o in measured.outcomes if o.utility is not None]
        kept = [o for o in known if not o.failure]
        failures = len(known) - len(kept)
        arm: Json = {
            "name": f"{method.domain}/{method.name}",
            "digest": method.digest,
            "failure_rate": proportion_interval(failures, len(known)).as_json(),
            "score": utility_interval(measured, seed=self.seed).as_json(),
            "failures": dict(Counter(o.failure for o in known if o.failure).most_common()),
            "unknown": len(measured.outcomes) - len(known),
            "overlap": round(added_overlap(measured), 4),
            "added_words": _mean([o.added_words for o in kept]),
            "output_tokens_per_kept": _finite(tokens_per_kept(measured)),
        }
        arm["million"] = await self._million(known, len(kept))
        return arm

    async def _million(self, known: list[Any], kept: int) -> Json | None:
        """What a million kept rows take of the evolver: tokens, and money where a price is known.

        Batch endpoints ask half. Answers to the instructions come on top.
        """
        if not kept:
            return None
        row = Usage(
            input=round(sum(o.input_tokens for o in known) / kept),
            output=round(sum(o.output_tokens for o in known) / kept),
        )
        # One row is priced and multiplied: the sum would fall into a tier for long contexts.
        money = await self.client.price(self.models.evolver, row)
        usd = None if money is None else float(money) * 1_000_000
        return {
            "input_tokens": row.input * 1_000_000,
            "output_tokens": row.output * 1_000_000,
            "usd": None if usd is None else round(usd, 2),
            "usd_batch": None if usd is None else round(usd / 2, 2),
        }

    def _summary(self, final: Final, method: Method, arms: Json) -> Json:
        return {
            "version": VERSION,
            "verb": "optimize",
            "run": self.folder.name,
            "domain": self.domain.name,
            "preset": asdict(self.sizes),
            "seed": self.seed,
            "models": self.models.as_table(),
            "better": final.better,
            "method": {"name": method.name, "digest": method.digest, "file": "method.md"},
            "calibration": None if self.calibration is None else asdict(self.calibration),
            "confirm": {"arms": arms, "differences": _differences(final.confirmation)},
            "steps": [_step(s) for s in self.steps],
            "texts": {
                "initial": self.initial.text,
                "learned": None if final.confirmation is None else final.learned.text,
            },
            "bill": [row.as_json() for row in read_bill(self.folder.ledger)],
        }


def _seen(step: Step) -> list[Json]:
    return [
        {
            "step": step.number,
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
        for one in step.seen
    ]


def _feedback(step: Step) -> Json:
    return {"step": step.number, "method": step.incumbent.digest, **asdict(step.feedback)}


def _facts(step: Step, candidate: Candidate) -> dict[str, str]:
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


def _ending(step: Step, number: int) -> str:
    choice = step.choice
    if choice.winner is not None and choice.winner.number == number:
        return "accepted"
    if number in step.race.dropped:
        return "dropped"
    if number in choice.broken:
        return "broke " + " and ".join(sorted(choice.broken[number]))
    return "not shown to be better"


def _step(step: Step) -> Json:
    decision = step.choice.decision
    return {
        "step": step.number,
        "incumbent": step.incumbent.digest,
        "incumbent_score": round(step.measured.mean, 4),
        "minibatch": {
            "items": len(step.seen),
            "failures": dict(step.feedback.counts),
        },
        "lessons": list(step.feedback.lessons),
        "candidates": [
            {
                "number": c.number,
                "digest": c.method.digest,
                "proposal": None if c.proposal is None else asdict(c.proposal),
                "edits": list(c.edits),
                **_facts(step, c),
            }
            for c in step.candidates
        ],
        "laps": [asdict(lap) for lap in step.race.laps],
        "winner": None if step.choice.winner is None else step.choice.winner.number,
        "decision": None if decision is None else _decision(asdict(decision)),
    }


def _decision(table: Json) -> Json:
    return {k: _finite(v) if isinstance(v, float) else v for k, v in table.items()}


def _differences(found: Confirmation | None) -> Json | None:
    if found is None:
        return None
    rival: Interval | None = found.rival
    return {
        "initial": {**found.initial.as_json(), "p": found.initial_p},
        "rival": None if rival is None else {**rival.as_json(), "p": found.rival_p},
    }


def _confirmed(final: Final, story: Story) -> list[Json]:
    arms = {"initial": final.initial, "rival": final.rival}
    if final.confirmation is not None:  # else nothing was learned, and its rows are the initial's
        arms["learned"] = final.mine
    return [
        {"arm": arm, **asdict(outcome)}
        for arm, measured in arms.items()
        for outcome in measured.outcomes
    ]


def _range(interval: Mapping[str, Any]) -> str:
    low, high = interval["low"], interval["high"]
    if low is None or high is None:
        return f"{interval['mean']:.3f}"
    return f"{interval['mean']:.3f} ({low:.3f} to {high:.3f})"


def _mean(values: list[int]) -> float | None:
    return round(sum(values) / len(values), 2) if values else None


def _finite(value: float) -> float | None:
    return round(value, 4) if abs(value) != float("inf") else None
