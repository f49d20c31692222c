"""What an `optimize` run learned: its course, its races, its tree, and the method line by line.

Decides how steps.json and summary.json are told as a story of candidates. How methods compare on
untouched items is left to `arms`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autoevol.counted import several
from autoevol.report.changes import Row, side_by_side
from autoevol.report.charts import Node, Point, Runner, course, race, tree
from autoevol.report.drawing import Drawing
from autoevol.report.figures import percent, plain, signed, spread
from autoevol.report.source import Source

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Course:
    """Score and failure rate from step to step; a picture is None where the folder has no numbers
    for it."""

    score: Drawing
    failures: Drawing | None
    rows: list[tuple[str, str, str, str]]


def learning_course(source: Source) -> Course | None:
    """The method that held, on the dev items, before the first step and after each."""
    points: list[tuple[str, str, Json]] = []
    beside: list[list[Json]] = []
    for number, step in enumerate(source.steps):
        points.append((_when(number), _name(source, step["incumbent"]), _dev(step)))
        beside.append([_dev(candidate) for candidate in step["candidates"]])
    if not points:
        return None
    last = source.steps[-1]
    winner = _winner(last)
    held = points[-1] if winner is None else ("", _name(source, winner["digest"]), _dev(winner))
    points.append((_when(len(source.steps)), *held[1:]))
    score = [Point.of(when, dev["score"]) for when, _, dev in points]
    failed = [
        Point.of(when, dev["failure_rate"]) for when, _, dev in points if "failure_rate" in dev
    ]
    dots = [[Point.of("candidate", d["score"]) for d in some if "score" in d] for some in beside]
    lost = [
        [Point.of("candidate", d["failure_rate"]) for d in some if "failure_rate" in d]
        for some in beside
    ]
    rows = [
        (
            when,
            name,
            spread(dev["score"]),
            spread(dev.get("failure_rate"), share=True),
        )
        for when, name, dev in points
    ]
    whole = len(failed) == len(points)
    return Course(
        course(score, dots, "Score of the method that held, from step to step"),
        course(failed, lost, "Failure rate from step to step", share=True) if whole else None,
        rows,
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One candidate in words."""

    number: int
    stance: str
    edits: Sequence[str]
    score: str
    failures: str
    ending: str
    why: str


@dataclass(frozen=True, slots=True)
class Race:
    """One step's race. `wasted` proposals brought no candidate."""

    step: int
    picture: Drawing | None
    entries: list[Entry]
    wasted: int
    lessons: Sequence[str]


def races(source: Source) -> list[Race]:
    """Every step's race, with the reason for each ending."""
    asked = int(source.tables.get("preset", {}).get("candidates", 0))
    dev = int(source.tables.get("preset", {}).get("dev", 0))
    found: list[Race] = []
    for step in source.steps:
        candidates = step["candidates"]
        runners = [
            Runner(
                c["number"],
                [(lap["items"], lap["estimate"]) for lap in _laps(step, c["number"])],
                str(c["ending"]),
            )
            for c in candidates
        ]
        said = f"Step {step['step']}: estimates after each block of items"
        drawn = race(runners, step["incumbent_score"], dev, said) if candidates else None
        found.append(
            Race(
                step=step["step"],
                picture=drawn,
                entries=[_entry(step, c, dev) for c in candidates],
                wasted=max(0, asked - len(candidates)),
                lessons=[str(lesson) for lesson in step.get("lessons", ())],
            )
        )
    return found


def lineage(source: Source) -> Drawing | None:
    """The tree of methods."""
    if not source.steps:
        return None
    steps = [[Node(c["number"], str(c["ending"])) for c in s["candidates"]] for s in source.steps]
    won = [str(w["number"]) for s in source.steps if (w := _winner(s)) is not None]
    said = f"candidates {', '.join(won)} took the method's place" if won else "none took its place"
    return tree(steps, f"Tree of methods over {several(len(steps), 'step')}: {said}")


@dataclass(frozen=True, slots=True)
class Change:
    """What brought a link of the chain of methods, and what it did to the numbers."""

    place: int
    title: str
    edits: Sequence[str]
    effect: str


@dataclass(frozen=True, slots=True)
class Difference:
    """The initial method against another one. `accepted`: the other one is what was learned; else
    it is the candidate that came closest."""

    title: str
    accepted: bool
    rows: list[Row]
    changes: list[Change]


def difference(source: Source) -> Difference | None:
    """Initial and final method side by side, with the step that brought each rule."""
    digests = [str(source.tables.get("settings", {}).get("initial_digest", ""))]
    changes: list[Change] = []
    for place, step in enumerate(source.steps):
        if (winner := _winner(step)) is not None:
            after = source.steps[place + 1] if place + 1 < len(source.steps) else winner
            digests.append(winner["digest"])
            changes.append(_change(len(changes) + 1, step, winner, after))
    accepted = bool(changes)
    title = "The learned method"
    if not accepted:
        best = _closest(source)
        if best is None:
            return None
        step, candidate = best
        title = f"Candidate {candidate['number']}, which came closest and was not accepted"
        digests.append(candidate["digest"])
        changes = [_change(1, step, candidate, candidate)]
    chain = [source.texts.get(digest, "") for digest in digests]
    if not all(chain):
        return None
    return Difference(title, accepted, side_by_side(chain), changes)


def _change(place: int, step: Json, candidate: Json, after: Json) -> Change:
    decision = step.get("decision") or {}
    before, now = _dev(step), _dev(after)
    effect = f"score {spread(before.get('score'))} → {spread(now.get('score'))}"
    if decision:
        effect += (
            f", {signed(decision['difference'])} on the {decision['items']} items both met "
            f"(lower bound {signed(decision['lower'])})"
        )
    if "failure_rate" in before and "failure_rate" in now:
        failed = [percent(dev["failure_rate"]["mean"]) for dev in (before, now)]
        effect += f"; failures {failed[0]} → {failed[1]}"
    stance = (candidate.get("proposal") or {}).get("stance", "")
    title = f"Step {step['step']}, candidate {candidate['number']}"
    return Change(place, f"{title} ({stance})" if stance else title, candidate["edits"], effect)


def _closest(source: Source) -> tuple[Json, Json] | None:
    every = [(s, c) for s in source.steps for c in s["candidates"] if c.get("estimate")]
    return max(
        every,
        key=lambda pair: float(pair[1]["estimate"]) - pair[0]["incumbent_score"],
        default=None,
    )


def _entry(step: Json, candidate: Json, dev: int) -> Entry:
    measured = _dev(candidate)
    return Entry(
        number=candidate["number"],
        stance=str((candidate.get("proposal") or {}).get("stance", "")),
        edits=[str(edit) for edit in candidate["edits"]],
        score=spread(measured.get("score")),
        failures=spread(measured.get("failure_rate"), share=True),
        ending=str(candidate["ending"]),
        why=_why(step, candidate, dev),
    )


def _why(step: Json, candidate: Json, dev: int) -> str:
    """One sentence on how a candidate ended."""
    ending, laps = str(candidate["ending"]), _laps(step, candidate["number"])
    decision = step.get("decision") or {}
    bound = f"the lower bound of its gain is {signed(decision.get('lower'))}"
    if ending == "accepted":
        if not decision:
            return "took the method's place: the lowest failure rate of its step"
        return f"took the method's place: {signed(decision['difference'])}, {bound}"
    if ending == "dropped" and laps:
        gap = laps[-1]["estimate"] - step["incumbent_score"]
        return (
            f"dropped at block {len(laps)}, after {laps[-1]['items']} of {dev} items: "
            f"{signed(gap)} against the method on the same items"
        )
    if ending.startswith("broke"):
        return "refused: " + ", and ".join(_broken(candidate)) if _broken(candidate) else ending
    if step.get("front", candidate["number"]) == candidate["number"] and decision:
        return f"the best of its step, but {bound}"
    return "went all the way; another candidate of its step stood better"


def _broken(candidate: Json) -> list[str]:
    words = {
        "failures": "it fails more often than the initial method may, by {} of rows",
        "sameness": "it adds more of the same to every row than the initial method may, by {}",
    }
    found = (candidate.get("broken") or {}).items()
    return [words.get(name, name + " {}").format(plain(excess)) for name, excess in found]


def _winner(step: Json) -> Json | None:
    return next((c for c in step["candidates"] if c["number"] == step.get("winner")), None)


def _laps(step: Json, number: int) -> list[Json]:
    return [lap for lap in step.get("laps", ()) if lap["number"] == number]


def _dev(holder: Json) -> Json:
    """Score and failure rate on the dev items; bare means where a run kept no more."""
    if holder.get("dev"):
        found: Json = holder["dev"]
        return found
    bare: dict[str, Json] = {}
    score = holder.get("incumbent_score", holder.get("estimate"))
    for name, value in (("score", score), ("failure_rate", holder.get("failure_rate"))):
        if value is not None:
            bare[name] = {"mean": float(value)}
    return bare


def _when(number: int) -> str:
    return "start" if number == 0 else f"step {number}"


def _name(source: Source, digest: str) -> str:
    return source.names.get(digest, digest.removeprefix("sha256:")[:10])
