"""How long, how hard, how varied: distributions of what evolving made.

Decides what is put side by side and over how many rows. Words are `data.diversity`'s, likeness is
`variety`'s, pictures are `charts`'s.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from autoevol.data.diversity import words
from autoevol.report.charts import histogram
from autoevol.report.drawing import Drawing
from autoevol.report.figures import percent, plain
from autoevol.report.seen import Seen
from autoevol.report.variety import nearest_overlaps, pairs

MOST_ARMS = 3
"""Beside the seeds: more colours would not be told apart."""
MOST_ROWS = 400
SEEDS = "seeds"


@dataclass(frozen=True, slots=True)
class Shape:
    """A picture and its numbers: name, rows, median, and the middle half's bounds."""

    title: str
    said: str
    picture: Drawing
    names: list[str]
    rows: list[tuple[str, int, str, str]]


@dataclass(frozen=True, slots=True)
class PairList:
    """The commonest verb-noun pairs of one set of texts."""

    name: str
    texts: int
    found: int
    distinct: int
    commonest: list[tuple[str, int]]


def chosen_places(seen: Sequence[Seen], wanted: Sequence[str] = ()) -> list[str]:
    """The arms that are shown: `wanted` first, then those with most rows."""
    counted = Counter(one.place for one in seen)
    ordered = [place for place in wanted if counted[place]]
    ordered += [place for place, _ in counted.most_common() if place not in ordered]
    return ordered[:MOST_ARMS]


def shapes(seen: Sequence[Seen], places: Sequence[str]) -> list[Shape]:
    """Lengths, difficulty and nearest overlap of sound rewrites, by place."""
    sound = {place: _drawn([s for s in seen if s.place == place and s.sound]) for place in places}
    sound = {place: some for place, some in sound.items() if some}
    if not sound:
        return []
    before = _seeds([s for some in sound.values() for s in some])
    texts = {place: [s.after for s in some] for place, some in sound.items()}
    texts[SEEDS] = before
    lengths = {name: [float(len(words(text))) for text in some] for name, some in texts.items()}
    scores = {p: [s.score for s in some if s.score is not None] for p, some in sound.items()}
    overlaps = {name: nearest_overlaps(some) for name, some in texts.items()}
    made = [
        _shape(
            "Length",
            "Words of the instructions, before and after; failed rewrites are left "
            "out. The longest two in a hundred stand in the last bin.",
            _capped(lengths),
            "words",
        ),
        _shape(
            "Difficulty",
            "Rise in difficulty of the rewrites that no rule dropped, as the judge "
            "rates it (0: no harder, 1: at least one point of five).",
            scores,
            "score",
        ),
        _shape(
            "Nearest neighbour",
            "ROUGE-L overlap of each instruction with the most similar "
            "other one, over at most 120 of each set: far right means near copies.",
            overlaps,
            "ROUGE-L F",
        ),
    ]
    return [shape for shape in made if shape is not None]


def _shape(title: str, said: str, series: dict[str, list[float]], axis: str) -> Shape | None:
    series = {name: values for name, values in series.items() if values}
    if not series:
        return None
    digits = 0 if axis == "words" else 2
    label = f"{title}: " + "; ".join(f"{n}, median {plain(median(v))}" for n, v in series.items())
    return Shape(
        title,
        said,
        histogram(series, label, axis),
        list(series),
        [
            (name, len(values), plain(median(values), digits), _middle(values, digits))
            for name, values in series.items()
        ],
    )


def _middle(values: Sequence[float], digits: int) -> str:
    ordered = sorted(values)
    low, high = (ordered[int(share * (len(ordered) - 1))] for share in (0.25, 0.75))
    return f"{plain(low, digits)} to {plain(high, digits)}"


def _capped(series: dict[str, list[float]]) -> dict[str, list[float]]:
    """One endless text would press all others into one bin."""
    every = sorted(v for values in series.values() for v in values)
    most = every[int(0.98 * (len(every) - 1))]
    return {name: [min(v, most) for v in values] for name, values in series.items()}


def pair_lists(seen: Sequence[Seen], places: Sequence[str]) -> list[PairList]:
    """Verb and noun of seeds and of sound rewrites, by place."""
    sound = {place: [s for s in seen if s.place == place and s.sound] for place in places}
    before = _seeds([s for some in sound.values() for s in some])
    sets = {SEEDS: before, **{place: [s.after for s in some] for place, some in sound.items()}}
    return [_pair_list(name, texts) for name, texts in sets.items() if texts]


def _pair_list(name: str, texts: Sequence[str]) -> PairList:
    found = pairs(texts)
    commonest = [(" ".join(pair), n) for pair, n in found.most_common(10)]
    return PairList(name, len(texts), found.total(), len(found), commonest)


def _seeds(seen: Sequence[Seen]) -> list[str]:
    """Every instruction that was evolved, once."""
    return list(dict.fromkeys(s.before for s in seen if s.round == 1 and s.before))


def _drawn(seen: list[Seen]) -> list[Seen]:
    return seen if len(seen) <= MOST_ROWS else random.Random(0).sample(seen, MOST_ROWS)


def share(part: int, whole: int) -> str:
    """A share of texts in words."""
    return percent(part / whole) if whole else "–"
