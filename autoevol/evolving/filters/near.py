"""Exact and near duplicates among any number of texts.

Decides what a duplicate is: a text with the same words is one; a text whose word 3-grams overlap
with an earlier text's by 0.7 or more (Jaccard) is a near one. The overlap is estimated by MinHash:
texts that agree in one of 16 bands of 6 hashes are compared by all 96: a pair at 0.5 passes, one at
0.8 is found in 98 of 100 cases, and in between the closer, the surer. Where keys and sketches lie
is left to `keys`; the hashes are rensa's. Sources: Broder 1997 (MinHash); Li and König 2010 (a few
bits of each hash tell enough: here four, so that a text takes 56 bytes).
"""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path

from autoevol.evolving.filters.keys import Keys
from autoevol.evolving.filters.likeness import NOBODY, Hit, Line
from autoevol.text.structure import words

EXACT, NEAR = "duplicate", "near_duplicate"
THRESHOLD = 0.7
BANDS, HASHES = 16, 6
WORDS = 8
"""Bytes that stand for a text's words: a million texts are mistaken once in 4e7."""
GRAM = 3
PACKED = struct.Struct(f">{BANDS * HASHES}I")
BAND_STARTS = tuple((band.to_bytes(2, "big"), 4 * HASHES * band) for band in range(BANDS))
"""Each band's salt, and where it starts in the packed hashes."""
SEED = 1


class Near:
    """Texts that were kept.

    Args:
        path: the file that remembers them; None is memory only.
        exact_only: find texts with the same words, and no others.
    """

    def __init__(self, path: Path | None = None, *, exact_only: bool = False) -> None:
        self._exact_only = exact_only
        kind = "same words"
        if not exact_only:
            from rensa import RMinHash

            self._sketch = RMinHash
            kind = f"rensa {RMinHash.ALGORITHM_VERSION}, {BANDS}x{HASHES}, by {GRAM} words"
        self.keys = Keys(path, kind)
        self._last: tuple[str | None, list[int], bytes] = (None, [], b"")

    def ready(self, text: str) -> None:
        self._read(text)

    def like(self, text: str, line: Line = NOBODY) -> Hit | None:
        """The likest earlier text, if it is a duplicate; texts of the same line are one only where
        they have the same words."""
        keys, sketch = self._read(text)
        best, name = 0.0, ""
        for entry in self.keys.find(keys):
            if entry.sketch[:WORDS] == sketch[:WORDS]:
                return Hit(EXACT, f"the same words as {entry.name}")
            if self._exact_only or line.akin(entry.line):
                continue
            alike = similarity(sketch[WORDS:], entry.sketch[WORDS:])
            if alike > best:
                best, name = alike, entry.name
        if best < THRESHOLD:
            return None
        return Hit(NEAR, f"word overlap about {best:.2f} with {name}")

    def add(self, text: str, name: str = "", line: Line = NOBODY) -> None:
        """Remember a text."""
        keys, sketch = self._read(text)
        self.keys.add(keys, name, line, sketch)

    def _read(self, text: str) -> tuple[list[int], bytes]:
        """Keys, and a sketch: 8 bytes for the words, then half a byte for each hash."""
        if self._last[0] != text:
            found = words(text)
            said = " ".join(found) or text.strip()
            same = hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()[:WORDS]
            keys, sketch = [_key(same)], same
            if not self._exact_only:
                packed = PACKED.pack(*self._hashes(found, said))
                for salt, start in BAND_STARTS:
                    content = packed[start : start + 4 * HASHES]
                    name = hashlib.blake2b(content, digest_size=4, salt=salt)
                    keys.append(_key(name.digest()))
                lows = packed[3::4]  # each hash's last byte, of which half is kept
                pairs = zip(lows[::2], lows[1::2], strict=True)
                sketch += bytes([(one & 0xF) << 4 | other & 0xF for one, other in pairs])
            self._last = text, keys, sketch
        return self._last[1], self._last[2]

    def _hashes(self, found: list[str], said: str) -> list[int]:
        grams = [" ".join(found[at : at + GRAM]) for at in range(len(found) - GRAM + 1)]
        hashed = self._sketch(num_perm=BANDS * HASHES, seed=SEED)
        # Lone surrogates are legal in JSON, not in what rensa takes.
        hashed.update([g.encode("utf-8", "surrogatepass") for g in grams or found or [said]])
        return list(hashed.digest())


def similarity(one: bytes, other: bytes) -> float:
    """The Jaccard overlap that two sketches of half a byte a hash speak for; unequal hashes agree
    in their half once in 16."""
    apart = bytes(a ^ b for a, b in zip(one, other, strict=True))
    agree = sum((not byte & 0xF0) + (not byte & 0xF) for byte in apart) / (2 * len(one))
    return max(0.0, (agree - 1 / 16) / (1 - 1 / 16))


def _key(digest: bytes) -> int:
    """Four bytes as a number, which SQLite stores in as many. Two texts that share one by chance
    are told apart by their sketches."""
    return int.from_bytes(digest[:4], "big", signed=True)
