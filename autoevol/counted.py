"""How a number of things is said: `1 step`, `1,200 steps`.

Decides nothing else; tables and figures have digits of their own.
"""

from __future__ import annotations


def several(number: int, noun: str, many: str = "") -> str:
    """`1 step`, `3 steps`; `many` where it is not the noun with an s."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"
