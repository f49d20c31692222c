"""Words that more than one message needs.

Decides how a number of things is said. What is said is left to who says it.
"""

from __future__ import annotations


def counted(number: int, one: str, several: str = "") -> str:
    """`1 row`, `2 rows`, `1,000 rows`; `several` where it is not `one` with an s."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"
