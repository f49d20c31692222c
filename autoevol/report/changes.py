"""What changed between two texts, and when: word by word, rule by rule, step by step.

Decides how methods are compared (by rule, whatever their numbers) and which step a rule of the
final method came from. What a step did to the numbers is left to `learned`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from re import findall

from autoevol.rulelist import split_rules

MOST_WORDS = 1_500
"""Longer texts are not compared word by word: a text that loops would take seconds."""
LITTLE_IN_COMMON = 0.5
"""Of words and spaces; below, two texts are shown as two and not as one with holes."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `fresh` where it stands in one of two texts alone."""

    text: str
    fresh: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a side-by-side view. `kind` is same, changed, added or gone; `since` is the place
    in the chain of methods where the new side came in (or the old one left)."""

    kind: str
    old: Sequence[Piece]
    new: Sequence[Piece]
    since: int = 0


def marked(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, those of one text alone marked."""
    old, new = findall(r"\s+|\w+|[^\w\s]", before), findall(r"\s+|\w+|[^\w\s]", after)
    if len(old) + len(new) > 2 * MOST_WORDS:
        return [Piece(before, False)], [Piece(after, False)]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < LITTLE_IN_COMMON:
        return _whole(before), _whole(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        _put(left, "".join(old[i:j]), tag != "equal")
        _put(right, "".join(new[k:m]), tag != "equal")
    return left, right


def _whole(text: str) -> list[Piece]:
    return [Piece(text, True)] if text else []


def _put(pieces: list[Piece], text: str, fresh: bool) -> None:
    """Append a piece; what was changed on both sides of a mere space is one change."""
    if fresh and len(pieces) > 1 and pieces[-2].fresh and not pieces[-1].text.strip():
        text = pieces.pop(-2).text + pieces.pop().text + text
    if text:
        pieces.append(Piece(text, fresh))


def side_by_side(chain: Sequence[str]) -> list[Row]:
    """The first text of a chain of methods against the last, rule by rule, with the place in the
    chain where each change came in. A chain of one text has nothing but same rows."""
    texts = [_units(text) for text in chain]
    first, last = texts[0], texts[-1]
    born, died = _born(texts), _died(texts)
    rows: list[Row] = []
    for tag, i, j, k, m in SequenceMatcher(None, first, last, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [Row("same", _all(u), _all(u)) for u in first[i:j]]
            continue
        pairs = min(j - i, m - k)
        for place in range(pairs):
            old, new = marked(first[i + place], last[k + place])
            rows.append(Row("changed", old, new, born[k + place]))
        rows += [Row("gone", _all(first[n]), [], died[n]) for n in range(i + pairs, j)]
        rows += [Row("added", [], _all(last[n]), born[n]) for n in range(k + pairs, m)]
    return rows


def _all(text: str) -> list[Piece]:
    return [Piece(text, False)]


def _units(text: str) -> list[str]:
    opening, rules = split_rules(text)
    return [line for line in opening.split("\n") if line.strip()] + rules


def _born(texts: Sequence[list[str]]) -> list[int]:
    """For every unit of the last text, the first text from which on it stands unchanged."""
    since = [0] * len(texts[0])
    for place, (old, new) in enumerate(_steps(texts), start=1):
        kept = dict(_kept(old, new))
        since = [since[kept[n]] if n in kept else place for n in range(len(new))]
    return since


def _died(texts: Sequence[list[str]]) -> list[int]:
    """For every unit of the first text, the text in which it no longer stands (0: it stays)."""
    died = [0] * len(texts[0])
    alive = {n: n for n in range(len(texts[0]))}
    for place, (old, new) in enumerate(_steps(texts), start=1):
        moved = {before: after for after, before in _kept(old, new)}
        for first, now in list(alive.items()):
            if now in moved:
                alive[first] = moved[now]
            else:
                died[first] = place
                del alive[first]
    return died


def _steps(texts: Sequence[list[str]]) -> Iterator[tuple[list[str], list[str]]]:
    return pairwise(texts)


def _kept(old: list[str], new: list[str]) -> Iterator[tuple[int, int]]:
    """Pairs (place in new, place in old) of the units that stayed."""
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        for n in range(block.size):
            yield block.b + n, block.a + n
