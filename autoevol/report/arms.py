"""Methods against each other: the table of arms, differences, ranking, failure classes.

Decides how the arms of an `optimize` run's confirmation and those of a comparison are shown in one
form. Their figures are summary.json's; nothing is measured here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autoevol.comparing.account import SEEN, SEEN_SAID, UNSTATED
from autoevol.counted import several
from autoevol.report.charts import Point, comparison
from autoevol.report.drawing import Drawing
from autoevol.report.figures import MINUS, chance, count, money, plain, size, spread
from autoevol.report.seen import ARMS, Seen
from autoevol.report.source import Source

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Board:
    """The arms side by side. `lines` are a title and a cell for each arm."""

    names: list[str]
    lines: list[tuple[str, list[str]]]
    score: Drawing
    failures: Drawing


def arms_of(source: Source) -> list[tuple[str, Json]]:
    """Every arm by the name it has on the page; of methods that were not told apart, one. Those of
    a comparison stand as they are ranked, what is not ranked behind them."""
    if source.verb == "compare":
        arms, places = source.summary.get("arms", []), _places(source)
        named = [(str(arm["name"]), arm) for arm in arms]
        return sorted(named, key=lambda one: places.get(one[0], len(places)))
    confirm = source.summary.get("confirm") or {}
    arms = confirm.get("arms") or {}
    learned = bool((confirm.get("differences") or {}).get("initial"))
    return [
        (ARMS[role], arms[role]) for role in ARMS if role in arms and (learned or role != "learned")
    ]


def _places(source: Source) -> dict[str, int]:
    """By name, where a comparison's arms are ranked, from 0."""
    ranked = source.summary.get("ranking") or []
    return {str(one["name"]): place for place, one in enumerate(ranked)}


def board(source: Source) -> Board | None:
    """The table and its two pictures; None before there is a summary."""
    arms = [(name, arm) for name, arm in arms_of(source) if _known(arm)]
    if not arms:
        return None
    lines = [(title, [cell(arm) for _, arm in arms]) for title, cell in _LINES]
    points = [Point.of(name, arm["score"]) for name, arm in arms]
    failed = [Point.of(name, arm["failure_rate"]) for name, arm in arms]
    return Board(
        names=[name for name, _ in arms],
        lines=[(title, cells) for title, cells in lines if any(c not in ("", "–") for c in cells)],
        score=comparison(points, "Score of each method with its 95 % interval"),
        failures=comparison(failed, "Failure rate of each method", share=True),
    )


def _known(arm: Json) -> bool:
    return bool(arm.get("score") and arm["score"].get("items"))


def _million(arm: Json, unit: str) -> str:
    found = arm.get("million")
    if not found:
        return "–"
    if unit == "tokens":
        return f"{size(found['input_tokens'])} in, {size(found['output_tokens'])} out"
    return money(found[unit]) if unit in found else "–"


def _per_kept(arm: Json) -> str:
    return plain(arm.get("output_tokens_per_kept"), 0)


_LINES = (
    ("method", lambda arm: "" if "kind" in arm else str(arm["name"])),
    ("score", lambda arm: spread(arm["score"])),
    ("failure rate", lambda arm: spread(arm["failure_rate"], share=True)),
    ("overlap of what is added", lambda arm: plain(arm.get("overlap"))),
    ("words added", lambda arm: plain(arm.get("added_words"), 1)),
    ("tokens out per kept row", _per_kept),
    ("tokens for a million rows", lambda arm: _million(arm, "tokens")),
    ("money for them, online", lambda arm: _million(arm, "usd")),
    ("money for them, by batch", lambda arm: _million(arm, "usd_batch")),
    ("items without a verdict", lambda arm: count(arm["unknown"]) if arm.get("unknown") else ""),
)


def made_equal(source: Source) -> list[str]:
    """What a best-of method's draws cost beside the dearest other method, a sentence each."""
    return [
        f"{name} takes {_each(found, 'spent')} an item, its judge's choice included: "
        f"{plain(found['spent'] / found['dearest'])} times the {_each(found, 'dearest')} of the "
        "dearest other method."
        for name, arm in arms_of(source)
        if (found := arm.get("equal")) and found["dearest"]
    ]


def _each(equal: Json, name: str) -> str:
    return money(equal[name]) if equal["unit"] == "usd" else f"{plain(equal[name], 0)} tokens"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two methods on the items both have. `shown` None where no test was made."""

    names: tuple[str, str]
    difference: str
    items: str
    p: str
    shown: bool | None


@dataclass(frozen=True, slots=True)
class Pairs:
    """All pairs, with a picture where they are few."""

    picture: Drawing | None
    rows: list[Pair]

    @property
    def tested(self) -> bool:
        return any(pair.shown is not None for pair in self.rows)


def pairs(source: Source) -> Pairs | None:
    """The paired differences; a picture where they are few."""
    found = list(_pairs(source))
    if not found:
        return None
    points = [Point.of(f"{a} {MINUS} {b}" if len(found) > 2 else b, gap) for (a, b), gap in found]
    drawn = (
        comparison(points, "Paired differences in score", zero=True) if len(found) < 13 else None
    )
    return Pairs(
        drawn,
        [
            Pair(
                names,
                spread(gap, sign=True),
                count(gap.get("items")),
                chance(gap.get("p_holm", gap.get("p"))),
                gap.get("shown"),
            )
            for names, gap in found
        ],
    )


def _pairs(source: Source) -> Iterator[tuple[tuple[str, str], Json]]:
    if source.verb == "compare":
        yield from _ranked_pairs(source)
        return
    gaps = (source.summary.get("confirm") or {}).get("differences") or {}
    incumbent = ARMS["learned" if gaps.get("initial") else "initial"]
    for role in ("initial", "rival"):
        if gaps.get(role):
            yield (incumbent, ARMS[role]), gaps[role]


def _ranked_pairs(source: Source) -> Iterator[tuple[tuple[str, str], Json]]:
    """The pairs of a comparison in the order of the ranking, the better placed first."""
    places, found = _places(source), []
    for pair in source.summary.get("pairs") or []:
        first, second = sorted((str(pair["a"]), str(pair["b"])), key=lambda n: places.get(n, 0))
        found.append(((first, second), pair if first == pair["a"] else _turned(pair)))
    yield from sorted(found, key=lambda one: [places.get(name, 0) for name in one[0]])


def _turned(pair: Json) -> Json:
    """The same difference the other way round; 0 - x leaves a zero without a sign."""
    low, high = pair.get("low"), pair.get("high")
    ends = {"low": None if high is None else 0 - high, "high": None if low is None else 0 - low}
    return {**pair, "mean": 0 - pair["mean"], **ends}


def ranking(source: Source) -> list[tuple[str, str, str]]:
    """Place, name and score of a comparison's methods, best first."""
    return [
        (
            str(one["best"]) if one["best"] == one["worst"] else f"{one['best']} to {one['worst']}",
            str(one["name"]),
            spread(one["score"]) if isinstance(one["score"], Mapping) else plain(one["score"]),
        )
        for one in source.summary.get("ranking") or []
    ]


def power(source: Source) -> str:
    """How many items a comparison would take to see a small difference."""
    found = source.summary.get("power") or {}
    return str(found.get("said", ""))  # older runs say nothing


def languages(source: Source) -> list[tuple[str, str, str, str, str]]:
    """Method, language, items, score, failure rate; empty where there is one language alone."""
    rows = [
        (
            name,
            lang,
            count(found["items"]),
            spread(found["score"]),
            spread(found["failure_rate"], share=True),
        )
        for name, arm in arms_of(source)
        for lang, found in (arm.get("languages") or {}).items()
    ]
    return rows if len({row[1] for row in rows} - {UNSTATED}) > 1 else []


def languages_said(source: Source) -> str:
    """What the mark beside a language means, '' where none is marked."""
    return SEEN_SAID if any(SEEN in row[1] for row in languages(source)) else ""


def later_rounds(source: Source) -> list[tuple[str, str, str, str, str]]:
    """Method, round, rows that entered, score, failure rate; empty for a single round."""
    rows = [
        (
            name,
            str(found["round"]),
            count(found["entered"]),
            spread(found["score"]),
            spread(found["failure_rate"], share=True),
        )
        for name, arm in arms_of(source)
        for found in arm.get("rounds") or []
    ]
    return rows if len({row[1] for row in rows}) > 1 else []


@dataclass(frozen=True, slots=True)
class Classes:
    """Failure classes by arm: a name, and for each arm how many rows and which share of all."""

    names: list[str]
    rows: list[tuple[str, list[tuple[int, float]]]]
    said: str


def failure_classes(source: Source, seen: Sequence[Seen]) -> Classes | None:
    """Failures before and after, the commonest first."""
    counted = {name: (_failures(arm), _items(arm)) for name, arm in arms_of(source)}
    said = "Of the untouched items, by the first rule that fired."
    if source.verb == "compare":
        said = "Of the items, by the first rule that fired."
    if source.evolves:
        dropped = source.drops
        rows = int(source.summary.get("kept", source.kept.total)) + sum(dropped.values())
        counted = {"dropped": (dict(dropped), rows)}
        said = f"Of {several(rows, 'row')}, by the first rule that fired."
    elif not counted:
        places = list(dict.fromkeys(one.place for one in seen))
        mine = {place: [one for one in seen if one.place == place] for place in places}
        counted = {
            p: (Counter(o.failure for o in of if o.failure), len(of)) for p, of in mine.items()
        }
        said = "Of the items seen so far, by the first rule that fired."
    total: Counter[str] = Counter()
    for failures, _ in counted.values():
        total.update(failures)
    if not counted:
        return None
    rows_ = [
        (name, [(f.get(name, 0), f.get(name, 0) / n if n else 0.0) for f, n in counted.values()])
        for name, _ in total.most_common()
    ]
    return Classes(list(counted), rows_, said)


def _failures(arm: Json) -> dict[str, int]:
    return {str(name): int(n) for name, n in (arm.get("failures") or {}).items()}


def _items(arm: Json) -> int:
    return int(arm["failure_rate"].get("items") or 0)
