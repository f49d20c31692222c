"""The charts of the report: courses with intervals, races, trees, histograms, comparisons.

Decides what each picture shows of the numbers it is given. Every picture has its numbers beside it
in a table, so nothing is known from colour or place alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from autoevol.report.drawing import Drawing, Frame, nice_ticks
from autoevol.report.figures import MINUS, percent, plain, spread

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Point:
    """A mean with its 95 % bounds (None where not known), under a name."""

    name: str
    mean: float
    low: float | None = None
    high: float | None = None

    @classmethod
    def of(cls, name: str, found: Json) -> Point:
        return cls(name, float(found["mean"]), found.get("low"), found.get("high"))

    def said(self, share: bool) -> str:
        found = {"mean": self.mean, "low": self.low, "high": self.high}
        return f"{self.name}: {spread(found, share=share)}"


def course(
    points: Sequence[Point], beside: Sequence[Sequence[Point]], label: str, *, share: bool = False
) -> Drawing:
    """A value from step to step. `beside[i]` are others at the step between points i and i + 1."""
    drawing = Drawing(420, 220, label)
    every = [*points, *(p for some in beside for p in some)]
    tops = [p.high if p.high is not None else p.mean for p in every]
    frame = Frame(drawing, 0, min(1.0, max([0.1, *tops])), share=share)
    gap = 1 / max(1, len(points))
    xs = [frame.x((n + 0.5) * gap) for n in range(len(points))]
    for n, some in enumerate(beside):
        for place, one in enumerate(some):
            x = frame.x((n + 0.5 + (place + 1) / (len(some) + 1)) * gap)
            drawing.dot(x, frame.y(one.mean), 3, "dim dot", one.said(share))
    drawing.path([(x, frame.y(p.mean)) for x, p in zip(xs, points, strict=True)], "s1 stroke")
    every_nth = -(-len(points) // 9)
    for n, (x, point) in enumerate(zip(xs, points, strict=True)):
        if point.low is not None and point.high is not None:
            drawing.line(x, frame.y(point.low), x, frame.y(point.high), "s1 whisker")
        drawing.dot(x, frame.y(point.mean), 4.5, "s1 dot", point.said(share))
        if n % every_nth == 0:
            drawing.text(x, drawing.height - 8, point.name, "middle")
    return drawing


@dataclass(frozen=True, slots=True)
class Runner:
    """A candidate in a race: where it stood after so many items, and how it ended."""

    number: int
    laps: Sequence[tuple[int, float]]
    ending: str


def race(runners: Sequence[Runner], incumbent: float, items: int, label: str) -> Drawing:
    """The estimates of one step's candidates after each block, against the incumbent's mean."""
    drawing = Drawing(360, 200, label)
    values = [value for runner in runners for _, value in runner.laps] + [incumbent]
    pad = max(0.05, 0.1 * (max(values) - min(values)))
    frame = Frame(drawing, max(0.0, min(values) - pad), max(values) + pad)
    right = 0.93
    y = frame.y(incumbent)
    drawing.line(frame.left, y, frame.right, y, "s0 dashed")
    for runner in runners:
        kind = {"accepted": "good", "dropped": "bad"}.get(runner.ending, "s1")
        at = [(frame.x(right * n / max(1, items)), frame.y(v)) for n, v in runner.laps]
        drawing.path(at, f"{kind} stroke thin")
        for (x, y), (n, v) in zip(at, runner.laps, strict=True):
            drawing.dot(x, y, 2.5, f"{kind} dot", f"candidate {runner.number}, {n} items: {v:.2f}")
        if at:
            _end(drawing, at[-1], kind)
            drawing.text(at[-1][0] + 8, at[-1][1] + 4, str(runner.number))
    for n in sorted({n for runner in runners for n, _ in runner.laps}):
        drawing.text(frame.x(right * n / max(1, items)), drawing.height - 8, str(n), "middle")
    return drawing


def _end(drawing: Drawing, at: tuple[float, float], kind: str) -> None:
    x, y = at
    if kind == "bad":
        drawing.line(x - 4, y - 4, x + 4, y + 4, "bad stroke")
        drawing.line(x - 4, y + 4, x + 4, y - 4, "bad stroke")
    else:
        drawing.dot(x, y, 4.5, f"{kind} dot")


@dataclass(frozen=True, slots=True)
class Node:
    """A method in the tree: a candidate of a step, and what became of it."""

    number: int
    ending: str


def tree(steps: Sequence[Sequence[Node]], label: str) -> Drawing:
    """Methods from left to right: each step's candidates branch off the method that held."""
    wide, high = 58, 30
    rows = max([1, *(sum(n.ending != "accepted" for n in step) for step in steps)])
    drawing = Drawing(90 + wide * len(steps), 64 + high * rows, label, rigid=True)
    x, y = 46.0, 30.0
    trunk = (x, y)
    nodes: list[tuple[float, float, Node, str]] = []
    for number, step in enumerate(steps, start=1):
        here = 46 + wide * number
        winner = next((n for n in step if n.ending == "accepted"), None)
        others = [n for n in step if n is not winner]
        for row, node in enumerate(others, start=1):
            kind = "bad" if node.ending == "dropped" else "dim"
            drawing.path([(here - wide / 2, y), (here, y + high * row)], "dim stroke thin")
            nodes.append((here, y + high * row, node, kind))
        drawing.line(*trunk, here, y, "s1 stroke" if winner else "s0 stroke thin")
        if winner:
            nodes.append((here, y, winner, "good"))
        trunk = (here, y)
        drawing.text(here, drawing.height - 8, f"step {number}", "middle")
    for left, top, node, kind in nodes:
        _node(drawing, left, top, node, kind)
    drawing.dot(x, y, 11, "s0 dot", "the initial method")
    drawing.text(x, y - 16, "initial", "middle")
    return drawing


def _node(drawing: Drawing, x: float, y: float, node: Node, kind: str) -> None:
    drawing.dot(x, y, 11, f"{kind} dot", f"candidate {node.number}: {node.ending}")
    drawing.text(x, y + 4, str(node.number), "middle", "t on")


def histogram(
    series: Mapping[str, Sequence[float]], label: str, axis: str, bins: int = 10
) -> Drawing:
    """Shares of up to four sets of values by equal bins, side by side in each bin."""
    drawing = Drawing(420, 220, label)
    values = [v for some in series.values() for v in some]
    ticks = nice_ticks(min(0.0, min(values)), max(values), bins)
    edges = list(pairwise(ticks))
    shares = {
        name: [_within(some, low, high, high == ticks[-1]) for low, high in edges]
        for name, some in series.items()
    }
    frame = Frame(drawing, 0, max(max(row) for row in shares.values()), share=True, bottom=40)
    slot = (frame.right - frame.left) / len(edges)
    bar = (slot - 3) / len(series)
    for place, (name, row) in enumerate(shares.items()):
        for n, share in enumerate(row):
            x = frame.left + n * slot + 1.5 + place * bar
            low, high = edges[n]
            said = f"{name}, {low:g} to {high:g}: {percent(share)}"
            drawing.box(
                x,
                frame.y(share),
                max(1, bar - 0.5),
                frame.foot - frame.y(share),
                f"s{place} fill",
                said,
            )
    every = -(-len(ticks) // 8)
    for n, tick in enumerate(ticks):
        if n % every == 0:
            drawing.text(frame.left + n * slot, frame.foot + 15, f"{tick:g}", "middle")
    drawing.text(frame.right, drawing.height - 6, axis, "end")
    return drawing


def _within(values: Sequence[float], low: float, high: float, last: bool) -> float:
    found = sum(low <= v < high or (last and v == high) for v in values)
    return found / len(values) if values else 0.0


SIDE = 16
"""Letters of a name that fit beside its row; where one is longer, all stand above their rows."""
ACROSS = 52
"""Letters that fit across the picture."""


def comparison(
    rows: Sequence[Point], label: str, *, share: bool = False, zero: bool = False
) -> Drawing:
    """Means with intervals, one below the other. `zero`: around a line at zero, for differences."""
    above = any(len(point.name) > SIDE for point in rows)
    names = [_lines(point.name) if above else [point.name] for point in rows]
    left, right = 20.0 if above else 136.0, 20.0
    highs = [14.0 * len(lines) + 24 if above else 30.0 for lines in names]
    drawing = Drawing(420, 34 + sum(highs), label)
    lows = [p.low if p.low is not None else p.mean for p in rows]
    tops = [p.high if p.high is not None else p.mean for p in rows]
    ticks = nice_ticks(min([0.0, *lows]), max([0.05, *tops]), 5)
    span = ticks[-1] - ticks[0]

    def x(value: float) -> float:
        share_of = max(0.0, min(1.0, (value - ticks[0]) / span))
        return left + share_of * (drawing.width - left - right)

    foot = 6.0 + sum(highs)
    for tick in ticks:
        drawing.line(x(tick), 4, x(tick), foot, "grid")
        words = f"{100 * tick:.0f} %" if share else plain(tick, 2 if ticks[1] % 0.1 else 1)
        drawing.text(x(tick), foot + 18, words, "middle")
    if zero:
        drawing.line(x(0), 4, x(0), foot, "s0 dashed")
    top = 6.0
    for n, (point, lines, high) in enumerate(zip(rows, names, highs, strict=True)):
        y = top + (high - 18 if above else high / 2)
        kind = f"s{min(n, 3)}" if len(rows) <= 4 and not zero else "s1"
        for place, words in enumerate(lines):
            if above:
                drawing.text(0, top + 12 + 14 * place, words, kind="t over")
            else:
                drawing.text(left - 8, y + 4, words, "end")
        if point.low is not None and point.high is not None:
            drawing.line(x(point.low), y, x(point.high), y, f"{kind} whisker")
        drawing.dot(x(point.mean), y, 5, f"{kind} dot", point.said(share))
        top += high
    return drawing


def _lines(name: str) -> list[str]:
    """A name, or the two of a difference one below the other where they do not fit across."""
    if len(name) <= ACROSS:
        return [name]
    first, minus, second = name.partition(f" {MINUS} ")
    parts = [f"{first} {MINUS}", second] if minus else [name]
    return [part if len(part) <= ACROSS else f"{part[: ACROSS - 1]}…" for part in parts]
