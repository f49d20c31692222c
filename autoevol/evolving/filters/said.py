"""What a filter says of a text that is like an earlier one.

Decides the words between the filters and `screen`; each filter's measure is its own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """`name` is the earlier text's; `evidence` says how alike the two are."""

    name: str
    evidence: str
