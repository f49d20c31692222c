"""One look at one item, whichever verb took it.

Decides what a row of trajectories.jsonl, confirm-trajectories.jsonl, measured.jsonl, kept.jsonl or
dropped.jsonl says about an evolution, in one form for all sections.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autoevol.report.source import Source

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """An item evolved once. `place` is the step, arm or fate it belongs to; `failures` are pairs of
    rule and evidence, gravest first; `score` is None where there is none. Round 0 is a seed as it
    was, only answered."""

    place: str
    item: str
    before: str
    after: str
    response: str
    failures: Sequence[tuple[str, str]]
    unknown: str
    score: float | None
    round: int = 1

    @property
    def failure(self) -> str:
        return "unknown" if self.unknown else self.failures[0][0] if self.failures else ""

    @property
    def sound(self) -> bool:
        return not self.failure and bool(self.after) and self.round > 0


ARMS = {"initial": "initial method", "learned": "learned method", "rival": "hand-written rival"}
"""What the arms of a confirmation are called on the page."""


def everything(source: Source) -> list[Seen]:
    """All looks that were read, in the order of the files."""
    return [*compared(source), *minibatches(source)]


def compared(source: Source) -> list[Seen]:
    """The looks by which methods are compared, or what an `evolve` run brought in."""
    if source.evolves:
        kept = [_record("kept", row) for row in source.kept.rows]
        return [*kept, *(_record("dropped", row) for row in source.dropped.rows)]
    if source.verb == "compare":
        return [_measured(row) for row in source.measured.rows]
    arms = [(ARMS.get(str(r.get("arm")), str(r.get("arm"))), r) for r in source.confirmed.rows]
    return [seen for place, row in arms for seen in _walked(place, row)]


def minibatches(source: Source) -> list[Seen]:
    """The looks from which an `optimize` run learned."""
    rows = source.trajectories.rows
    return [s for row in rows for s in _walked(f"minibatch of step {row.get('step', '?')}", row)]


def _walked(place: str, row: Json) -> Iterator[Seen]:
    rounds = row.get("evolutions") or []
    for number, e in enumerate(rounds, start=1):
        yield Seen(
            place=place,
            item=str(row.get("item", "")),
            before=str(e.get("before", "")),
            after=str(e.get("after") or e.get("raw") or ""),
            response=str(e.get("response", "")),
            failures=_failures(e),
            unknown=str(e.get("unknown") or ""),
            score=_number(row.get("score")) if number == len(rounds) else None,
            round=number,
        )


def _measured(row: Json) -> Seen:
    return Seen(
        place=str(row.get("arm", "")),
        item=str(row.get("item", "")),
        before=str(row.get("before", "")),
        after=str(row.get("after", "")),
        response=str(row.get("response", "")),
        failures=_failures(row),
        unknown=str(row.get("unknown") or ""),
        score=_number(row.get("score")),
        round=int(row.get("round", 1)),
    )


def _record(place: str, row: Json) -> Seen:
    verdict = row.get("verdict") or {}
    return Seen(
        place=place,
        item=str(row.get("seed_id", "")),
        before=str(row.get("before", "")),
        after=str(row.get("instruction", "")),
        response=str(row.get("response", "")),
        failures=_failures(verdict),
        unknown="",
        score=_number(verdict.get("score")),
        round=int(row.get("round", 1)),
    )


def _failures(holder: Json) -> list[tuple[str, str]]:
    found = holder.get("failures") or []
    return [(str(f.get("rule", "")), str(f.get("evidence", ""))) for f in found]


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
