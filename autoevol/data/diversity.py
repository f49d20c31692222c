"""How varied is what a method *adds*? Words, their n-grams, and their mean pairwise overlap.

Decides what a word is (for every comparison of texts in this package), what counts as added, and
how overlap is counted. Which overlap is too much is left to the selection.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TypeAlias

Gram: TypeAlias = tuple[str, ...]
"""n consecutive words, folded."""

# Scripts written without spaces: Thai, Lao, Myanmar, Khmer, kana, Han. One character is one word.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f"
)
# Vowel signs and joiners that `\w` leaves out but that sit inside words (Hebrew, Arabic, Indic).
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u200c\u200d"
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[\w{_MARKS}])+")
_ASCII_WORD = re.compile(r"\w+")

_DIFF_PAIRS = 50_000
"""Above this many pairs of equal words an aligned diff may take seconds, and words are counted."""


def fold(word: str) -> str:
    """`word` without differences of case and of Unicode form."""
    if word.isascii():  # most words are, and these have one form only
        return word.lower()
    return unicodedata.normalize("NFKC", word).casefold()


def words(text: str) -> list[str]:
    """The words of `text` in order, folded; punctuation and spaces fall away.

    A word is a run of letters, digits and marks; in scripts without spaces (Chinese, Japanese,
    Thai, …) it is one character.
    """
    if text.isascii():  # the same, a sign at a time less
        return _ASCII_WORD.findall(text.lower())
    return [fold(word) for word in _WORD.findall(text)]


def grams(text: str, n: int = 3) -> frozenset[Gram]:
    """The distinct word n-grams of `text`; those of a text shorter than n words are its words.

    A text without any word (only symbols) is one gram of its own; an empty text has none.
    """
    found = words(text)
    if len(found) >= n:
        return frozenset(zip(*(found[start:] for start in range(n)), strict=False))
    if not found and text.strip():
        return frozenset({(text.strip(),)})
    return frozenset((word,) for word in found)


def added_text(before: str, after: str) -> str:
    """What `after` says that `before` does not: the stretches of added words, in order.

    Words are aligned by difflib (a word that moved counts as added), whatever their case. Stretches
    are cut out of `after` as they stand there and joined by spaces. Where the alignment could take
    long (tens of thousands of pairs of equal words, as in a text that loops), words are counted
    instead: an occurrence is added when `before` has fewer of it. So the time is nearly linear.
    """
    old = words(before)
    places = [match.span() for match in _WORD.finditer(after)]
    new = [fold(after[start:end]) for start, end in places]
    old_count, new_count = Counter(old), Counter(new)
    pairs = sum(count * new_count[word] for word, count in old_count.items())
    if pairs <= _DIFF_PAIRS:
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        runs = [(j, k) for tag, _, _, j, k in matcher.get_opcodes() if tag in ("insert", "replace")]
    else:
        runs = _surplus(new, old_count)
    return " ".join(after[places[j][0] : places[k - 1][1]] for j, k in runs if k > j)


def _surplus(new: Sequence[str], old_count: Counter[str]) -> list[tuple[int, int]]:
    """Runs [j, k) of words in `new` that come after as many equal words as the old text has."""
    left = old_count.copy()
    runs: list[tuple[int, int]] = []
    for place, word in enumerate(new):
        if left[word] > 0:
            left[word] -= 1
        elif runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    return runs


def overlap(added: Sequence[str]) -> float | None:
    """`mean_overlap` to four digits; None where fewer than two texts say anything."""
    return round(mean_overlap(added), 4) if sum(bool(words(text)) for text in added) > 1 else None


def mean_overlap(added: Sequence[str], n: int = 3) -> float:
    """Mean Jaccard overlap of the word n-grams over all pairs of texts, in [0, 1].

    0: no two texts share an n-gram; 1: all say the same. Texts without content are left out; with
    fewer than two texts there is nothing to compare and the answer is 0. A text shorter than n
    words is compared by its words, and so only with other short ones. Exact: shared n-grams are
    counted through an inverted index, so only pairs that share something cost time (2,000 varied
    texts: well under a second; 1,000 nearly equal ones: about one). Equal texts are counted once,
    with their number.
    """
    sets = Counter(found for text in added if (found := grams(text, n)))
    total = sum(sets.values())
    if total < 2:
        return 0.0
    kinds = list(sets.items())
    postings: dict[Gram, list[int]] = {}
    overlap = 0.0
    for place, (mine, count) in enumerate(kinds):
        overlap += count * (count - 1) / 2
        shared: Counter[int] = Counter()
        for gram in sorted(mine):
            seen = postings.setdefault(gram, [])
            shared.update(seen)
            seen.append(place)
        # Summed in a fixed order: the last digit must not depend on the hash seed.
        for other in sorted(shared):
            theirs, their_count = kinds[other]
            common = shared[other]
            union = len(mine) + len(theirs) - common
            overlap += count * their_count * common / union
    return overlap / (total * (total - 1) / 2)
