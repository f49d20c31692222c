"""The second instructions of a method that joins two: which rows they come from, and under which
licences what they are in stands.

Decides that only a row that may be evolved itself is ever joined to another, that each text counts
once, and that they are the first of the source, whatever limit or shard a start has: so every start
on a folder joins the same two. Which of them a row gets is drawn by `forms`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from autoevol.data.dataset import Row
from autoevol.evolving.filters.sieve import Filtering
from autoevol.types import Second

PARTNERS = 1000
"""So many different ones are enough to draw from."""
LOOKED_AT = 20 * PARTNERS
"""Rows that are read for them: a file may begin with rows that may not be used."""


def seconds_of(rows: Iterable[Row], filtering: Filtering) -> tuple[Second, ...]:
    """What rows may be joined to. Rows that cannot be evolved, or that a filter bars, are none."""
    found: dict[str, Second] = {}
    for row in map(filtering.row, islice(rows, LOOKED_AT)):
        if not row.unsupported:
            found.setdefault(row.instruction, Second(row.instruction, row.id, row.license))
            if len(found) == PARTNERS:
                break
    return tuple(found.values())


def license_of(own: str, joined: Sequence[Second]) -> str:
    """What a text stands under that is made of several: an SPDX expression where they differ, ''
    where one is not known. Names are the same whatever their case; the first spelling stands."""
    names = dict[str, str]()
    for name in (own, *(one.license for one in joined)):
        names.setdefault(name.strip().casefold(), name)
    parts = list(names.values())
    if len(parts) == 1:
        return own
    spelled = [f"({one})" if " " in one else one for one in parts]
    return " AND ".join(spelled) if all(parts) else ""
