"""Which instructions are near-duplicates of one another?

Decides the threshold (word 3-gram Jaccard of at least a half) and that near-duplicates of
near-duplicates belong together. What a word is stands in `diversity`; keeping clusters on one side
of a split is left to `splits`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from autoevol.data.diversity import Gram, grams

THRESHOLD = Fraction(1, 2)


def clusters(texts: Sequence[str], threshold: Fraction = THRESHOLD) -> list[int]:
    """The cluster of each text, numbered from 0 in order of first appearance.

    Two texts are joined when the Jaccard overlap of their word 3-grams is at least `threshold`
    (0 < threshold <= 1); case, spaces and punctuation do not count. Exact, yet 20,000 texts take
    seconds: see `_near`. Texts without any content are joined only with each other.
    """
    sets = [grams(text) for text in texts]
    kinds = {found: number for number, found in enumerate(dict.fromkeys(sets))}
    leader = list(range(len(kinds)))
    for one, other in _near(list(kinds), threshold, leader):
        leader[_find(leader, one)] = _find(leader, other)
    numbers: dict[int, int] = {}
    return [numbers.setdefault(_find(leader, kinds[found]), len(numbers)) for found in sets]


def _find(leader: list[int], member: int) -> int:
    while leader[member] != member:
        leader[member] = leader[leader[member]]
        member = leader[member]
    return member


def _near(
    kinds: Sequence[frozenset[Gram]], threshold: Fraction, leader: list[int]
) -> Iterator[tuple[int, int]]:
    """Pairs at or above the threshold, but for those that `leader` already holds together.

    Prefix filtering (AllPairs, Bayardo et al. 2007; bounds as in PPJoin, Xiao et al. 2008): with
    each set's grams sorted from rare to common, two sets above the threshold must share a gram in
    their rare parts; when sets come by size, the part to be indexed is shorter than the part to be
    looked up. So "write a python function" never brings together thousands of strangers.
    """
    part, whole = threshold.numerator, threshold.denominator  # whole numbers: exact and fast
    frequency = Counter(gram for kind in kinds for gram in kind)
    index: dict[Gram, list[int]] = {}
    for number in sorted(range(len(kinds)), key=lambda n: len(kinds[n])):
        mine = kinds[number]
        ranked = sorted(mine, key=lambda gram: (frequency[gram], gram))
        least = -(part * len(mine) // -whole)
        lookup = ranked[: len(mine) - least + 1]
        candidates = _distinct(index.get(gram, ()) for gram in lookup)
        for other in candidates:
            theirs = kinds[other]
            if whole * len(theirs) < part * len(mine):
                continue
            if _find(leader, number) == _find(leader, other):
                continue
            common = len(mine & theirs)
            if whole * common >= part * (len(mine) + len(theirs) - common):
                yield number, other
        kept = -(2 * part * len(mine) // -(part + whole))
        for gram in ranked[: len(mine) - kept + 1]:
            index.setdefault(gram, []).append(number)


def _distinct(postings: Iterable[Sequence[int]]) -> list[int]:
    return list(dict.fromkeys(number for posting in postings for number in posting))
