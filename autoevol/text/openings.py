"""Where in a long text can a match begin? A regex looked for only at those places.

Decides with which signs a match may start, and whether only at the edge of a word: this is read off
the regex itself. Python tries a regex of many phrases at every place of a text, and in one call
that nothing else of the process can go on beside; place by place takes half the time on long texts
and lets others in between. Results are the regex's own. Which regexes are worth it is left to
`phrases`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple

SIGNS = frozenset(map(chr, range(128)))
"""Those told apart; all others may always start a match."""
SAMPLE, FEW = 10_000, 0.2
"""Where a larger part of a text's signs may start a match, the regex itself is faster."""


class Openings:
    """The places where a regex may match.

    Args:
        pattern, flags: the regex's own.
    """

    def __init__(self, pattern: str, flags: int) -> None:
        tree = import_module("re._parser").parse(pattern, flags)
        edged, free, empty = _first(tree, tree.state.flags, edge=False)
        self._places = None if empty else re.compile(_place(edged, free))

    @property
    def known(self) -> bool:
        """Whether anything can be told; a regex that may match nothing matches anywhere."""
        return self._places is not None

    def few(self, text: str) -> bool:
        """Whether to look there alone saves time, by the beginning of a text."""
        if self._places is None:
            return False
        sample = text[:SAMPLE]
        return sum(1 for _ in self._places.finditer(sample)) < FEW * len(sample)

    def search(self, regex: re.Pattern[str], text: str) -> re.Match[str] | None:
        """As `regex.search(text)`. Only where there are `few`."""
        assert self._places is not None
        match = regex.match
        # What is tied to the beginning of the text is in no set of signs.
        if (found := match(text)) is not None:
            return found
        for place in self._places.finditer(text, 1):
            if (found := match(text, place.start())) is not None:
                return found
        return None


class _First(NamedTuple):
    """Signs that a part may start with, behind the edge of a word alone and anywhere; whether it
    may match nothing, so that what follows counts too."""

    edged: frozenset[str]
    free: frozenset[str]
    empty: bool


NOTHING: frozenset[str] = frozenset()


def _place(edged: frozenset[str], free: frozenset[str]) -> str:
    if edged <= free:
        return _beside(free)
    # Python looks fastest for a set of signs; where it is, what is before it decides.
    return rf"{_beside(edged | free)}(?:(?<={_beside(free)})|(?<=\b.))"


def _beside(signs: frozenset[str]) -> str:
    """A set of these signs and of all that is not told apart."""
    others = "".join(map(re.escape, sorted(SIGNS - signs)))
    return f"[^{others}]" if others else r"[\s\S]"


def _first(tree: Sequence[tuple[Any, Any]], flags: int, *, edge: bool) -> _First:
    edged, free = NOTHING, NOTHING
    for operation, given in tree:
        name = str(operation)
        if name == "AT":
            edge = edge or str(given) == "AT_BOUNDARY"
            if str(given) == "AT_BEGINNING_STRING" or _at_start(str(given), flags):
                return _First(edged, free, False)
            continue
        if name in ("ASSERT", "ASSERT_NOT"):  # they only make it fewer
            continue
        part = _part(name, operation, given, flags, edge)
        edged, free = edged | part.edged, free | part.free
        if not part.empty:
            return _First(edged, free, False)
    return _First(edged, free, True)


def _at_start(place: str, flags: int) -> bool:
    return place == "AT_BEGINNING" and not flags & re.M


def _part(name: str, operation: Any, given: Any, flags: int, edge: bool) -> _First:
    if name in ("LITERAL", "NOT_LITERAL", "IN", "ANY"):
        signs = _signs(operation, given, flags)
        return _First(signs, NOTHING, False) if edge else _First(NOTHING, signs, False)
    if name == "SUBPATTERN" and not given[1] and not given[2]:
        return _first(given[3], flags, edge=edge)
    if name == "ATOMIC_GROUP":
        return _first(given, flags, edge=edge)
    if name == "BRANCH":
        found = [_first(branch, flags, edge=edge) for branch in given[1]]
        edged = NOTHING.union(*(one.edged for one in found))
        free = NOTHING.union(*(one.free for one in found))
        return _First(edged, free, any(one.empty for one in found))
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        once = _first(given[2], flags, edge=edge)
        return once if given[0] else once._replace(empty=True)
    return _First(NOTHING, SIGNS, True)  # flags of its own, a reference: nothing is known


def _signs(operation: Any, given: Any, flags: int) -> frozenset[str]:
    """The signs that a part of one sign matches, as the regex engine itself says."""
    parser, compiler = import_module("re._parser"), import_module("re._compiler")
    state = parser.State()
    state.flags, state.str = flags, ""
    one = compiler.compile(parser.SubPattern(state, [(operation, given)]), flags)
    return frozenset(filter(one.fullmatch, SIGNS))
