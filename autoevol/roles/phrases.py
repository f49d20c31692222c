"""Regexes of many phrases, run only on texts that hold a word they cannot do without.

Decides which words those are: they are read off the regex itself, so a phrase that is added to it
is looked for at once. Python tries every branch of an alternation at every place of a text, and
most texts hold none of the words; looking for these alone takes a tenth of the time. What the
phrases tell is left to the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from importlib import import_module
from typing import Any

from autoevol.roles.lexicon import ENGLISH, wordset

# So many spellings of a phrase are told apart: "could you" and "can you" are two.
SPELLINGS = 48
# What a word costs as a screen, by its letters, in units of looking for one in vain: the shorter,
# the oftener it is there by chance, and then the regex has to be run. Some are in most texts.
COSTS = (1000.0, 300.0, 100.0, 16.0, 4.0, 2.0, 1.5, 1.0)
IN_MOST = 60.0
COMMON = wordset("give list write find make have been that this with what your will they") | ENGLISH
# A screen that costs more than that costs more than the regex.
MOST = 400.0
EVERYTHING = frozenset([""])
Exact = frozenset[str] | None


class Phrases:
    """A regex that knows which texts cannot match. Results are the regex's own.

    It is compiled, and its words are read off it, when it is first needed: that takes milliseconds.
    """

    def __init__(self, pattern: str, flags: re.RegexFlag = re.I) -> None:
        self.pattern, self.flags = pattern, flags

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.pattern, self.flags)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Every match holds one of these, in folded letters; ("",) where none is known."""
        return necessary(self.pattern, self.flags)

    @cached_property
    def _plain(self) -> tuple[str, ...]:
        return tuple(word for word in self.words if word.isascii())

    def maybe(self, text: str) -> bool:
        """Whether a text may match: False only if it cannot."""
        words = self._plain if text.isascii() else self.words
        return any(map(fold(text).__contains__, words))

    def search(self, text: str) -> re.Match[str] | None:
        return self.regex.search(text) if self.maybe(text) else None

    def match(self, text: str) -> re.Match[str] | None:
        return self.regex.match(text) if self.maybe(text) else None

    def findall(self, text: str) -> list[Any]:
        return self.regex.findall(text) if self.maybe(text) else []

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.regex.finditer(text) if self.maybe(text) else iter(())


@lru_cache(maxsize=4)
def fold(text: str) -> str:
    """A text in letters without case: letters that a case-blind regex takes for each other are one.

    The last few are kept, since many regexes look at one text in turn.
    """
    if text.isascii():
        return text.lower()
    return text.replace("İ", "i").replace("ı", "i").casefold()


def necessary(pattern: str, flags: re.RegexFlag) -> tuple[str, ...]:
    """Words of which every match holds one, folded; ("",) if none, or too many, are known.

    As in RE2's filtered matching (Cox, "Regular Expression Matching with a Trigram Index", 2012),
    with whole words in place of trigrams.
    """
    found = _required(import_module("re._parser").parse(pattern, flags))
    return ("",) if not found or _cost(found) > MOST else tuple(sorted(found))


def _cost(words: Iterable[str]) -> float:
    return sum(
        max(
            COSTS[min(len(word.encode()), len(COSTS) - 1)],
            IN_MOST if word.strip() in COMMON else 0,
        )
        for word in words
    )


def _required(tree: Iterable[tuple[Any, Any]]) -> Exact:
    """The best words that every match of a sequence holds one of; None if there are none."""
    # A text that matches holds one word of each of these; the cheapest are the best.
    found: list[Exact] = []
    runs: list[frozenset[str]] = []
    for operation, given in tree:
        spelled = _exact(operation, given)
        if spelled is None or len(spelled) > 1 or not runs:
            found += runs
        if spelled is None:
            runs = []
            found.append(_inside(str(operation), given))
            continue
        fresh = [spelled] if len(spelled) > 1 or not runs else []
        runs = [*filter(None, (_joined(run, spelled) for run in runs)), *fresh]
    sound = [words for words in (*found, *runs) if words and "" not in words]
    return _shortest(min(sound, key=_cost)) if sound else None


def _joined(first: frozenset[str], then: frozenset[str]) -> Exact:
    if len(first) * len(then) > SPELLINGS:
        return None
    return frozenset(a + b for a in first for b in then)


def _shortest(words: Iterable[str]) -> frozenset[str]:
    """Those that hold no other one: a text with the longer one has the shorter one too."""
    kept: list[str] = []
    for word in sorted(words, key=len):
        if not any(other in word for other in kept):
            kept.append(word)
    return frozenset(kept)


def _inside(operation: str, given: Any) -> Exact:
    """What a part that has no few spellings holds in every case."""
    if operation == "SUBPATTERN":
        return _required(given[3])
    if operation == "ATOMIC_GROUP":
        return _required(given)
    if operation in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _required(given[2]) if given[0] else None
    if operation == "BRANCH":
        found = [_required(branch) for branch in given[1]]
        return None if None in found else frozenset[str]().union(*filter(None, found))
    return None


def _exact(operation: Any, given: Any) -> Exact:
    """All that a part matches, folded, where that is a few words; None otherwise."""
    name = str(operation)
    if name == "LITERAL":
        return frozenset([fold(chr(given))])
    if name in ("AT", "ASSERT", "ASSERT_NOT"):
        return EVERYTHING  # they take no room
    if name == "SUBPATTERN":
        return _sequence(given[3])
    if name == "ATOMIC_GROUP":
        return _sequence(given)
    if name == "BRANCH":
        return _either([_sequence(branch) for branch in given[1]])
    if name == "IN":
        return _either([_exact(*one) for one in given])
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and given[:2] in ((0, 1), (1, 1)):
        once = _sequence(given[2])
        return once if given[0] else _either([once, EVERYTHING])
    return None


def _sequence(tree: Sequence[tuple[Any, Any]]) -> Exact:
    run: Exact = EVERYTHING
    for part in tree:
        spelled = _exact(*part)
        run = run and spelled and _joined(run, spelled)
        if not run:
            return None
    return run


def _either(found: Sequence[Exact]) -> Exact:
    if None in found:
        return None
    words = frozenset[str]().union(*filter(None, found))
    return words if len(words) <= SPELLINGS else None
