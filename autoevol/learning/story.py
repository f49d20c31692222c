"""What a run leaves behind: the files of its folder, derived from what happened.

Decides what `trajectories.jsonl`, `feedback.jsonl`, `candidates/`, `steps.json`, `method.md` and
`summary.json` hold. All are replaced atomically after every step, so a cut run leaves whole files
and a resumed one rebuilds them. What a step's rows say is left to `steps`, how it all looks to a
person to `cli` and `report`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from autoevol.casting import Models
from autoevol.data.diversity import overlap
from autoevol.domain import Domain
from autoevol.learning.acceptance import (
    Confirmation,
    tokens_per_kept,
    utility_interval,
)
from autoevol.learning.presets import Preset
from autoevol.learning.steps import (
    Step,
    candidate_facts,
    feedback_row,
    finite,
    step_row,
    trajectory_rows,
)
from autoevol.llm.client import Client
from autoevol.measure import Observation
from autoevol.methods import write_method
from autoevol.prompts import load_prompt
from autoevol.roles.calibration import Calibration
from autoevol.runs import RunFolder
from autoevol.statistics import Interval, proportion_interval
from autoevol.types import Measurement, Method

VERSION = 1
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Final:
    """The named methods on the confirm items; `learned` is the initial one where nothing took its
    place. `confirmation` None: all are one text. `seen` holds what was measured, by the method's
    digest."""

    learned: Method
    mine: Measurement
    initial: Measurement
    rival: Measurement
    confirmation: Confirmation | None
    seen: Mapping[str, list[Observation]]

    @property
    def changed(self) -> bool:
        """Whether there is another method than the initial one to be confirmed."""
        return self.mine.method != self.initial.method

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
    rows: list[Json] = field(default_factory=list)

    def add(self, step: Step) -> None:
        """Take a finished step over and bring all files up to it, but for the study's."""
        self.steps.append(step)
        self.rows.append(step_row(step, self.seed))
        seen = (row for s in self.steps for row in trajectory_rows(s.seen, step=s.number))
        self.folder.write_lines("trajectories.jsonl", seen)
        self.folder.write_lines("feedback.jsonl", [feedback_row(s) for s in self.steps])
        for candidate in step.candidates:
            write_method(
                replace(candidate.method, head=candidate_facts(step, candidate)),
                self.folder.path / "candidates" / f"{candidate.number:03d}.md",
            )
        texts = {"initial": self.initial.text}
        document = {"version": VERSION, "texts": texts, "steps": self.rows}
        self.folder.write_json("steps.json", document)

    async def end(self, final: Final) -> Result:
        """Freeze the winner and write the summary."""
        method = replace(final.learned if final.better else self.initial)
        named = f"auto-{self.folder.name}".lower()
        name = "".join(c if c.isalnum() and c.isascii() else "-" for c in named).strip("-")
        learned = final.learned
        if final.better:  # called as it is frozen
            learned = replace(learned, name=name, domain=self.domain.name)
        arms = {
            "initial": await self._arm(self.initial, final.initial),
            "learned": await self._arm(learned, final.mine),
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
        self.folder.write_lines("confirm.jsonl", _confirmed(final))
        self.folder.write_lines("confirm-trajectories.jsonl", _watched(final, self))
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
            "overlap": overlap([o.added for o in kept]),
            "added_words": _mean([o.added_words for o in kept]),
            "output_tokens_per_kept": finite(tokens_per_kept(measured)),
        }
        arm["million"] = await self._million(known, len(kept))
        return arm

    async def _million(self, known: list[Any], kept: int) -> Json | None:
        """What a million kept rows take of the evolver: tokens, and money where a price is known.

        Answers to the instructions come on top.
        """
        if not kept:
            return None
        read = 1e6 * sum(o.input_tokens for o in known) / kept
        said = 1e6 * sum(o.output_tokens for o in known) / kept
        rates = await self.client.rates(self.models.evolver)
        money, batch = (
            None if rate is None else round(rate.of(read, said), 2)
            for rate in (rates.online, rates.batch)
        )
        return {
            "input_tokens": round(read),
            "output_tokens": round(said),
            "usd": money,
            "usd_batch": batch,
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
            "steps": self.rows,
            "texts": {
                "initial": self.initial.text,
                "learned": final.learned.text if final.changed else None,
            },
            "bill": [row.as_json() for row in self.client.bill()],
        }


def _differences(found: Confirmation | None) -> Json | None:
    if found is None:
        return None

    def told(gap: Interval | None, p: float | None) -> Json | None:
        return None if gap is None else {**gap.as_json(), "p": p}

    return {
        "initial": told(found.initial, found.initial_p),
        "rival": told(found.rival, found.rival_p),
    }


def _confirmed(final: Final) -> list[Json]:
    return [
        {"arm": arm, **asdict(outcome)}
        for arm, measured in _measured(final).items()
        for outcome in measured.outcomes
    ]


def _watched(final: Final, story: Story) -> Iterator[Json]:
    digests = {
        "initial": story.initial.digest,
        "rival": story.rival.digest,
        "learned": final.learned.digest,
    }
    for arm in _measured(final):
        yield from trajectory_rows(final.seen[digests[arm]], arm=arm)


def _measured(final: Final) -> dict[str, Measurement]:
    arms = {"initial": final.initial, "rival": final.rival}
    if final.changed:  # else nothing was learned, and its rows are the initial's
        arms["learned"] = final.mine
    return arms


def _range(interval: Mapping[str, Any]) -> str:
    low, high = interval["low"], interval["high"]
    if low is None or high is None:
        return f"{interval['mean']:.3f}"
    return f"{interval['mean']:.3f} ({low:.3f} to {high:.3f})"


def _mean(values: list[int]) -> float | None:
    return round(sum(values) / len(values), 2) if values else None
