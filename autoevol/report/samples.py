"""Rows of a file that may be too long to show: counted whole, read in part.

Decides how rows are drawn: for every failure class so many, each row of a class with equal chance,
the same for the same file. What a row means is left to `source` and `browser`.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Classify = Callable[[bytes], str]

_RULE = re.compile(rb'"rule": ?"([^"\\]*)"')
_REASON = re.compile(rb'"verdict": ?\{"kept": ?(?:true|false), ?"reason": ?"([^"\\]*)"')


@dataclass(frozen=True, slots=True)
class Sample:
    """`rows` in file order, of `total`; `classes` counts every row of the file by failure class
    ('' for a sound one); `damaged` were drawn and are not JSON."""

    rows: list[Json] = field(default_factory=list)
    total: int = 0
    classes: Mapping[str, int] = field(default_factory=dict)
    damaged: int = 0

    @property
    def whole(self) -> bool:
        return len(self.rows) + self.damaged == self.total


def first_rule(line: bytes) -> str:
    """The failure class of a trajectory's line. A quote in a text is escaped: it cannot mislead."""
    found = _RULE.search(line)
    return found[1].decode("utf-8", "replace") if found else ""


def reason(line: bytes) -> str:
    """The reason for which a record's line was dropped, '' if it was kept."""
    found = _REASON.search(line)
    return found[1].decode("utf-8", "replace") if found else ""


def sample_lines(path: Path, most: int, classify: Classify = first_rule) -> Sample:
    """At most `most` rows of every class. Only they are parsed: a million lines take seconds.

    A missing file is an empty sample; a last line without its end is left out, it is being written.
    """
    drawn: dict[str, list[tuple[int, bytes]]] = {}
    classes: Counter[str] = Counter()
    chance = random.Random(0)
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return Sample()
    with file:
        for number, line in enumerate(file):
            if not line.endswith(b"\n"):
                break
            name = classify(line)
            classes[name] += 1
            pool = drawn.setdefault(name, [])
            if len(pool) < most:
                pool.append((number, line))
            elif (place := chance.randrange(classes[name])) < most:
                pool[place] = (number, line)
    lines = sorted(one for pool in drawn.values() for one in pool)
    rows = [row for _, line in lines if (row := _parsed(line)) is not None]
    return Sample(rows, classes.total(), dict(classes.most_common()), len(lines) - len(rows))


def _parsed(line: bytes) -> Json | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None
