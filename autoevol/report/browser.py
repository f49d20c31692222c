"""The trajectories one can look through: which are on the page, and how each is shown.

Decides what fits: every failure class gets its share of the room, and what is left out is counted.
Searching and filtering is left to the page's script.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autoevol.report.changes import Piece, marked
from autoevol.report.figures import plain
from autoevol.report.seen import Seen
from autoevol.report.source import Source

ROOM = 900_000
"""Characters of text: with its markup about 1.2 MB of a page that should stay below 2."""
LONGEST = 4_000
"""Characters of one text; what goes beyond is cut and said."""
MOST = 1_000
SOUND = "no failure"


@dataclass(frozen=True, slots=True)
class Shown:
    """One trajectory on the page."""

    place: str
    item: str
    failure: str
    score: str
    round: int
    before: Sequence[Piece]
    after: Sequence[Piece]
    response: str
    evidence: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Browser:
    """What is shown of `total` trajectories; `classes` and `places` are the filters' choices."""

    shown: list[Shown]
    total: int
    classes: list[tuple[str, int]]
    places: list[str]

    @property
    def whole(self) -> bool:
        return len(self.shown) == self.total


def browser(source: Source, seen: Sequence[Seen]) -> Browser:
    """As many trajectories as there is room for, in turns from every place and class."""
    chosen = [_shown(one) for one in _fitting(seen)]
    counted = Counter(one.failure for one in chosen)
    samples = (source.trajectories, source.confirmed, source.measured, source.kept, source.dropped)
    unread = sum(sample.total - len(sample.rows) for sample in samples)
    places = list(dict.fromkeys(one.place for one in seen))
    return Browser(chosen, len(seen) + unread, counted.most_common(), places)


def _fitting(seen: Sequence[Seen]) -> list[Seen]:
    pools: dict[tuple[str, str], list[int]] = {}
    for number, one in enumerate(seen):
        pools.setdefault((one.place, one.failure), []).append(number)
    room, chosen, turn = ROOM, list[int](), 0
    while len(chosen) < MOST and (left := [p for p in pools.values() if len(p) > turn]):
        for pool in left:
            one = seen[pool[turn]]
            room -= 300 + sum(min(len(t), LONGEST) for t in (one.before, one.after, one.response))
            if room < 0 or len(chosen) == MOST:
                return [seen[n] for n in sorted(chosen)]
            chosen.append(pool[turn])
        turn += 1
    return [seen[n] for n in sorted(chosen)]


def _shown(one: Seen) -> Shown:
    before, after = marked(_cut(one.before), _cut(one.after))
    evidence = list(one.failures)
    if one.unknown:
        evidence.append(("unknown", one.unknown))
    return Shown(
        place=one.place,
        item=one.item,
        failure=one.failure or SOUND,
        score="" if one.score is None else plain(one.score),
        round=one.round,
        before=before,
        after=after if one.after else [],
        response=_cut(one.response),
        evidence=[(rule, _cut(words)) for rule, words in evidence],
    )


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}… [{len(text) - LONGEST:,} more characters]"
