"""Regexes of many phrases, run only on texts that hold a word they cannot do without.

Decides which words those are: they are read off the regex itself, so a phrase that is added to it
is looked for at once. Python tries every branch of an alternation at every place of a text, and
most texts hold none of the words; to ask for these takes a tenth of the time. What the phrases tell
is left to the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from autoevol.text.lexicon import ENGLISH, wordset
from autoevol.text.openings import Openings
from autoevol.text.structure import INTRICATE, PLAIN_WORD, words

# So many spellings of a phrase are told apart: "could you" and "can you" are two.
SPELLINGS = 48
# What a run of letters costs as a screen, by its length: the shorter, the oftener it is there by
# chance, and then the regex has to be run. A whole word costs nearly nothing to look for.
COSTS = (1000.0, 300.0, 100.0, 16.0, 4.0, 2.0, 1.5, 1.0)
WORD_COSTS = (1000.0, 100.0, 30.0, 6.0, 2.0, 1.0, 0.6, 0.3)
IN_MOST = 60.0
COMMON = ENGLISH | wordset(
    "give list write find make have been that this with what your will they only just alone "
    "given not don t never last here"
)
# A screen that costs more than that costs more than the regex.
MOST = 500.0
# The words of a longer text are not kept apart; that would take more memory than the text.
LONG = 5_000
# In a text of that length it pays to ask first where a match may begin.
VERY_LONG = 100_000
# Stands in what a regex spells where it asks for the edge of a word.
EDGE = "\0"
WHOLE = re.compile(r"(?<=\W)\w+(?=\W)")
EDGES = ("AT_BOUNDARY", "AT_BEGINNING", "AT_BEGINNING_STRING")
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
    def spelled(self) -> tuple[str, ...]:
        """Every match holds one of these, folded; edges of words are marked. ("",) if unknown."""
        return necessary(self.pattern, self.flags)

    @cached_property
    def _runs(self) -> Mapping[int, tuple[str, ...]]:
        """All phrases, by the block of their last sign in Unicode's order."""
        found: dict[int, set[str]] = {}
        for run in map(_letters, self.spelled):
            found.setdefault(_block(max(run, default="")), set()).add(run)
        return {block: tuple(sorted(some)) for block, some in found.items()}

    @cached_property
    def _openings(self) -> Openings:
        return Openings(self.pattern, self.flags)

    @cached_property
    def _screen(self) -> _Screen:
        words: dict[str, tuple[str, ...]] = {}
        runs = set[str]()
        for phrase in self.spelled:
            word, bare = _rarest(phrase), _letters(phrase)
            if word and (bare == word or words.get(word) == ()):
                words[word] = ()
            elif word:
                words[word] = (*words.get(word, ()), bare)
            elif not INTRICATE.search(bare):
                runs.add(bare)
        plain = tuple(sorted(run for run in runs if run.isascii()))
        return _Screen(words, frozenset(words), plain, tuple(sorted(runs)))

    def maybe(self, text: str) -> bool:
        """Whether a text may match: False only if it cannot."""
        folded, plain, found = _looked_at(text)
        if found is None:
            # A phrase is there only if its letters are.
            by_block = self._runs
            here = [by_block[block] for block in _blocks(folded) if block in by_block]
            return any(any(map(folded.__contains__, some)) for some in here)
        words, keys, plain_runs, runs = self._screen
        for word in found & keys:
            rest = words[word]
            if not rest or any(map(folded.__contains__, rest)):
                return True
        return any(map(folded.__contains__, plain_runs if plain else runs))

    def search(self, text: str) -> re.Match[str] | None:
        if not self.maybe(text):
            return None
        if len(text) > VERY_LONG and self._openings.few(text):
            return self._openings.search(self.regex, text)
        return self.regex.search(text)

    def match(self, text: str) -> re.Match[str] | None:
        return self.regex.match(text) if self.maybe(text) else None

    def findall(self, text: str) -> list[Any]:
        return self.regex.findall(text) if self.maybe(text) else []

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.regex.finditer(text) if self.maybe(text) else iter(())


class _Screen(NamedTuple):
    """For texts whose words stand apart.

    `words`: a whole word of each phrase, and the phrases themselves where they are more than that
    word; `keys` are these words. `runs`: phrases without a whole word, `plain` are those in ASCII.
    """

    words: Mapping[str, tuple[str, ...]]
    keys: frozenset[str]
    plain: tuple[str, ...]
    runs: tuple[str, ...]


# The last few are kept, since many regexes look at one text in turn.
@lru_cache(maxsize=16)
def _looked_at(text: str) -> tuple[str, bool, frozenset[str] | None]:
    """A text folded, whether it is ASCII, and its words; None where these do not stand apart."""
    if text.isascii():
        return text.lower(), True, frozenset(words(text)) if len(text) <= LONG else None
    folded = fold(text)
    if len(text) > LONG or INTRICATE.search(text):
        return folded, False, None
    found = PLAIN_WORD.findall(folded) if "İ" in text or "ı" in text else words(text)
    return folded, False, frozenset(found)


@lru_cache(maxsize=16)
def _blocks(folded: str) -> frozenset[int]:
    return frozenset((-1,)).union(map(_block, set(folded)))


def _block(sign: str) -> int:
    """Letters of one script stand in few blocks of 256 signs; ASCII is one of its own."""
    return -1 if sign <= "\x7f" else ord(sign) >> 8


def fold(text: str) -> str:
    """A text without case: letters that a case-blind regex takes for each other are one."""
    if text.isascii():
        return text.lower()
    return text.replace("İ", "i").replace("ı", "i").casefold()


def necessary(pattern: str, flags: re.RegexFlag) -> tuple[str, ...]:
    """What every match holds one of, folded; ("",) if nothing, or too much, is known.

    As in RE2's filtered matching (Cox, "Regular Expression Matching with a Trigram Index", 2012),
    with whole words in place of trigrams.
    """
    found = _required(import_module("re._parser").parse(pattern, flags))
    return ("",) if not found or _cost(found) > MOST else tuple(sorted(found))


def _rarest(phrase: str) -> str:
    """The whole word in a phrase that fewest texts hold; '' where no word is surely whole."""
    found: list[str] = WHOLE.findall(phrase)
    return min(found, key=_word_cost, default="")


@lru_cache(maxsize=4096)
def _phrase_cost(phrase: str) -> float:
    word, bare = _rarest(phrase), _letters(phrase)
    return min(_run_cost(bare), _word_cost(word) if word else 1000.0)


def _run_cost(run: str) -> float:
    cost = COSTS[min(len(run.encode("utf-8", "replace")), len(COSTS) - 1)]
    found = PLAIN_WORD.findall(run)
    return max(cost, IN_MOST / 8 ** (len(found) - 1) if COMMON.issuperset(found) else 0)


def _word_cost(word: str) -> float:
    cost = WORD_COSTS[min(len(word.encode("utf-8", "replace")), len(WORD_COSTS) - 1)]
    return max(cost, IN_MOST if word in COMMON else 0)


def _cost(phrases: Iterable[str]) -> float:
    return sum(map(_phrase_cost, phrases))


def _required(tree: Sequence[tuple[Any, Any]]) -> Exact:
    """The best phrases that every match of a sequence holds one of; None if there are none."""
    # A text that matches holds one phrase of each of these; the cheapest are the best.
    found: list[Exact] = []
    runs: list[frozenset[str]] = []
    for place, (operation, given) in enumerate(tree):
        spelled = _exact(operation, given)
        if spelled is None or len(spelled) > 1 or not runs:
            found += runs
        if spelled is None:
            before, behind = _edges(tree[:place]), _edges(tree[place + 1 : place + 2])
            found.append(_inside(str(operation), given, before, behind))
            runs = [frozenset([EDGE])] if before and _apart(operation, given) else []
            continue
        fresh = [spelled] if len(spelled) > 1 or not runs else []
        runs = [*filter(None, (_joined(run, spelled) for run in runs)), *fresh]
    sound = [words for words in (*found, *runs) if words and all(map(_letters, words))]
    return _shortest(min(sound, key=_cost)) if sound else None


def _letters(phrase: str) -> str:
    return phrase.replace(EDGE, "")


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


def _edges(tree: Sequence[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """The edge of a word behind which a sequence holds no more than signs that are in no word."""
    for part in reversed(tree):
        if str(part[1]) in EDGES:
            return [part]
        if not _apart(*part):
            break
    return []


def _apart(operation: Any, given: Any) -> bool:
    """Whether a part matches only signs that are in no word, or nothing: `\\W*`."""
    if not str(operation).endswith("_REPEAT"):
        return False
    signs = [one for part in given[2] for one in (part[1] if str(part[0]) == "IN" else [part])]
    return len(given[2]) == 1 and all(
        str(sign[1]) in ("CATEGORY_NOT_WORD", "CATEGORY_SPACE")
        or (str(sign[0]) == "LITERAL" and not PLAIN_WORD.match(chr(sign[1])))
        for sign in signs
    )


def _inside(operation: str, given: Any, before: list[Any], behind: list[Any]) -> Exact:
    """What a part that has no few spellings holds in every case. `before` and `behind` are the
    edges of words next to it."""
    if operation == "SUBPATTERN":
        return _required([*before, *given[3], *behind])
    if operation == "ATOMIC_GROUP":
        return _required([*before, *given, *behind])
    if operation in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _required(given[2]) if given[0] else None
    if operation == "BRANCH":
        found = [_required([*before, *branch, *behind]) for branch in given[1]]
        return None if None in found else frozenset[str]().union(*filter(None, found))
    return None


def _exact(operation: Any, given: Any) -> Exact:
    """All that a part matches, folded, where that is a few words; None otherwise."""
    name = str(operation)
    if name == "LITERAL":
        letter, folded = chr(given), fold(chr(given))
        # A letter that comes apart when it is folded would change where words end.
        came_apart = INTRICATE.search(folded) and not INTRICATE.search(letter)
        return None if came_apart else frozenset([folded])
    if name in ("AT", "ASSERT", "ASSERT_NOT"):  # they take no room
        return frozenset([EDGE]) if str(given) in EDGES else EVERYTHING
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
