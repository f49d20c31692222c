"""Self-Instruct's filter: no text whose ROUGE-L with an earlier one is 0.7 or more.

Decides exactly as the rouge-score package does with its default tokenizer (lower case, runs of
a-z and 0-9; so texts in other scripts have no tokens and are never alike here), in a small part of
its time: lengths and bags of words rule out nearly all pairs (`bags`), and what is left is compared
by rapidfuzz's bit-parallel longest common subsequence. Memory and time grow with what was kept: it
is meant for up to a hundred thousand texts. Source: Self-Instruct (arXiv 2212.10560), section 2.2.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from fractions import Fraction

from autoevol.evolving.filters.bags import Bag, Bags
from autoevol.evolving.filters.likeness import NOBODY, Hit, Line

NEAR = "near_duplicate"
THRESHOLD = Fraction(7, 10)
TOKEN = re.compile("[a-z0-9]+")

LAST = sys.maxunicode
Sequence = str | list[int]
"""Token ids as a string of as many characters, which rapidfuzz compares fastest; beyond the last
character there is, as numbers."""


def tokens(text: str) -> list[str]:
    """What rouge-score's default tokenizer makes of a text (no stemming)."""
    return TOKEN.findall(text.lower())


def f_measure(common: int, one: int, other: int) -> float:
    """rouge-score's F-measure of two texts of `one` and `other` tokens, in its own arithmetic: at
    the threshold the last digit decides."""
    precision, recall = common / one, common / other
    if precision + recall == 0:
        return 0.0
    return 2 * precision * recall / (precision + recall)


def common_length() -> Callable[..., int]:
    """The function that tells the longest common subsequence's length of two sequences, and 0 where
    it is below a `score_cutoff`. Fastest on what `sequence` makes."""
    from rapidfuzz.distance import LCSseq

    return LCSseq.similarity


class RougeL:
    """Texts that were admitted, each under a name and a line of descent.

    Args:
        threshold: a text is like another when their F-measure is at least this, 0 < threshold <= 1.
    """

    def __init__(self, threshold: Fraction = THRESHOLD) -> None:
        self._common = common_length()
        self._threshold = threshold
        self._least = float(threshold)
        self._ids: dict[str, int] = {}
        self._bags = Bags(threshold)
        self._texts: list[tuple[Sequence, str, Line]] = []
        self._last: tuple[str, Bag, Sequence] = ("", Bag(()), "")

    def ready(self, text: str) -> None:
        self._read(text)

    def like(self, text: str, line: Line = NOBODY) -> Hit | None:
        """The first text found that is as similar as the threshold, those of `line` left out."""
        _, bag, sequence = self._read(text)
        mine = len(bag.tokens)
        for number in self._bags.near(bag):
            theirs, name, its_line = self._texts[number]
            if line.akin(its_line):
                continue
            # In whole numbers: which common length is enough, rounding left aside.
            least = -(self._threshold * (mine + len(theirs)) // -2)
            common = self._length(sequence, theirs, least)
            if common >= least:
                value = f_measure(common, mine, len(theirs))
                if value >= self._least:
                    return Hit(NEAR, f"ROUGE-L {value:.2f} with {name}")
        return None

    def add(self, text: str, name: str = "", line: Line = NOBODY) -> None:
        _, bag, sequence = self._read(text)
        self._bags.add(bag)
        self._texts.append((sequence, name, line))

    def _read(self, text: str) -> tuple[str, Bag, Sequence]:
        """The text taken apart; who adds what was just compared does not do it again."""
        if self._last[0] != text:
            ids = self._ids  # a token's number is its place of first appearance
            found = [ids.setdefault(token, len(ids)) for token in tokens(text)]
            self._last = text, Bag(found), sequence(found)
        return self._last

    def _length(self, one: Sequence, other: Sequence, least: int) -> int:
        """The longest common subsequence's length; less than `least` may come out as 0."""
        if type(one) is not type(other):
            one, other = _numbers(one), _numbers(other)
        return int(self._common(one, other, score_cutoff=least))


def sequence(ids: list[int]) -> Sequence:
    return "".join(map(chr, ids)) if max(ids, default=0) <= LAST else ids


def _numbers(sequence: Sequence) -> list[int]:
    return [ord(char) for char in sequence] if isinstance(sequence, str) else sequence
