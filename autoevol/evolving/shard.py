"""Shards: one run's rows divided over several processes or machines.

Decides which rows are whose: every n-th, so that each shard is a like part of the whole and reads
the file by itself. Putting shards together again is left to `verbs.merge`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from autoevol.errors import UsageError


@dataclass(frozen=True, slots=True)
class Shard:
    """Part `number` (from 1) of `of`."""

    number: int = 1
    of: int = 1

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read `3/8`; '' is the whole. Raises UsageError."""
        if not text:
            return cls()
        found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
        if found is None or not 1 <= int(found[1]) <= int(found[2]):
            raise UsageError(f"shard {text!r} cannot be read.", "Write it as 3/8: part 3 of 8.")
        return cls(int(found[1]), int(found[2]))

    def has(self, row: int) -> bool:
        """Whether row `row` (from 0) of the source belongs to it."""
        return row % self.of == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"
