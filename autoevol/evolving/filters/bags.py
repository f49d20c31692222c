"""Which of many token lists share enough words with a new one? An upper bound, fast.

Decides how a bag of words is put into few bits so that no pair above the threshold is lost. How
similar the remaining pairs are is left to `rouge`. Of numpy it uses only operations on whole
arrays; a hundred thousand texts are looked through in a tenth of a millisecond each thousand.

The bound: a bag holds (token, 1), (token, 2), … for a token's occurrences, each falls on one of D
bits by a hash, and a signature holds each bit's parity. The signatures of two bags then differ in
at most as many bits as the bags differ in elements, |A| + |B| - 2·overlap. An F-measure of at least
f needs an LCS, hence an overlap, of f·(|A| + |B|)/2; so signatures that differ in more than
(1 - f)·(|A| + |B|) bits belong to no such pair.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Words = NDArray[Any]

BITS_PER_TOKEN = 4
LEAST_BITS = 128
BLOCK = 16384
"""Texts looked at in one go, so that what is between two steps stays in the processor's cache."""


def _steps() -> Iterator[int]:
    longest = 1
    while longest < 1 << 40:
        yield longest
        longest = max(longest + 1, longest * 5 // 4)


LONGEST = tuple(_steps())
"""The longest text of each shelf: texts of one shelf have about one length, hence one limit."""


class Bag:
    """One list of token ids, and its signatures in the widths that were asked for."""

    def __init__(self, tokens: Sequence[int]) -> None:
        self.tokens = tokens
        self._signatures: dict[int, Words] = {}

    def signature(self, bits: int) -> Words:
        if bits not in self._signatures:
            self._signatures[bits] = _signature(self.tokens, bits)
        return self._signatures[bits]


class Bags:
    """Bags under numbers 0, 1, 2, …, in the order in which they are added.

    Args:
        threshold: the F-measure that counts, 0 < threshold <= 1.
    """

    def __init__(self, threshold: Fraction) -> None:
        self._part, self._whole = threshold.numerator, threshold.denominator
        self._shelves: dict[int, _Shelf] = {}
        self._count = 0

    def add(self, bag: Bag) -> int:
        """Put a bag away, and name its number."""
        number, self._count = self._count, self._count + 1
        if length := len(bag.tokens):
            rank = bisect_left(LONGEST, length)
            shelf = self._shelves.get(rank)
            if shelf is None:
                shelf = self._shelves[rank] = _Shelf(LONGEST[rank])
            shelf.add(number, length, bag.signature(shelf.bits))
        return number

    def near(self, bag: Bag) -> Iterator[int]:
        """Numbers of all bags that may be as similar as the threshold, and few others."""
        mine = len(bag.tokens)
        if not mine:
            return
        part, whole = self._part, self._whole
        # The overlap is no longer than the shorter: part·(m + n) <= 2·whole·min(m, n).
        shortest = -(part * mine // -(2 * whole - part))
        longest = (2 * whole - part) * mine // part
        for rank in range(bisect_left(LONGEST, shortest), bisect_left(LONGEST, longest) + 1):
            shelf = self._shelves.get(rank)
            if shelf is None:
                continue
            limit = (whole - part) * (mine + shelf.longest) // whole
            for number, length, apart in shelf.within(bag.signature(shelf.bits), limit):
                if not shortest <= length <= longest:
                    continue
                if whole * apart <= (whole - part) * (mine + length):
                    yield number


class _Shelf:
    """Signatures of texts of about one length: a row of `_words` holds one word of each text's."""

    def __init__(self, longest: int) -> None:
        import numpy

        self.longest = longest
        self.bits = max(LEAST_BITS, 1 << (BITS_PER_TOKEN * longest - 1).bit_length())
        self._words = numpy.empty((self.bits // 64, 16), numpy.uint64)
        self._numbers: list[int] = []
        self._lengths: list[int] = []

    def add(self, number: int, length: int, signature: Words) -> None:
        import numpy

        count = len(self._numbers)
        if count == self._words.shape[1]:
            larger = numpy.empty((self._words.shape[0], 2 * count), numpy.uint64)
            larger[:, :count] = self._words
            self._words = larger
        self._words[:, count] = signature
        self._numbers.append(number)
        self._lengths.append(length)

    def within(self, signature: Words, limit: int) -> Iterator[tuple[int, int, int]]:
        """Number, length and differing bits of the texts that differ in at most `limit` bits.

        Half of the words settle most texts; the other half is looked at only for what is left.
        """
        import numpy

        half = max(1, len(signature) // 2)
        for start in range(0, len(self._numbers), BLOCK):
            block = self._words[:, start : min(start + BLOCK, len(self._numbers))]
            left = numpy.flatnonzero(_differing(block[:half], signature[:half]) <= limit)
            if not len(left):
                continue
            apart = _differing(block[:, left], signature)
            for place, bits in zip(left.tolist(), apart.tolist(), strict=True):
                if bits <= limit:
                    yield self._numbers[start + place], self._lengths[start + place], bits


def _differing(words: Words, signature: Words) -> Words:
    """In how many bits each text's words differ from the signature's."""
    import numpy

    kind = numpy.uint8 if len(signature) < 4 else numpy.uint32
    total: Words = numpy.bitwise_count(words[0] ^ signature[0]).astype(kind, copy=False)
    for row, word in zip(words[1:], signature[1:], strict=True):
        total += numpy.bitwise_count(row ^ word)
    return total


def _signature(tokens: Sequence[int], bits: int) -> Words:
    import numpy

    met: dict[int, int] = {}
    times = []
    for token in tokens:
        times.append(met.get(token, 0))
        met[token] = times[-1] + 1
    # A token's occurrences are spread by large odd multipliers (of SplitMix64); arrays wrap round.
    mixed = numpy.array(tokens, numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
    mixed += numpy.array(times, numpy.uint64) * numpy.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> numpy.uint64(31)
    mixed *= numpy.uint64(0x94D049BB133111EB)
    places = (mixed >> numpy.uint64(65 - bits.bit_length())).astype(numpy.int64)
    odd = numpy.bincount(places, minlength=bits) & 1
    signature: Words = numpy.packbits(odd.astype(numpy.uint8)).view(numpy.uint64)
    return signature
