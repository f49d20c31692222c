"""Numbers as they are read: signs, percentages, intervals, sizes.

Decides digits and units for the whole report.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MINUS = "\u2212"
GAP = "\u00a0"
"""Between a number and its unit: no line ends there."""


def plain(value: object, digits: int = 2) -> str:
    """`0.25`; a dash where there is nothing."""
    if not isinstance(value, int | float):
        return "–"
    return f"{value:,.{digits}f}".replace("-", MINUS)


def signed(value: object, digits: int = 2) -> str:
    """`+0.25`, `−0.03`."""
    if not isinstance(value, int | float):
        return "–"
    return f"{value:+.{digits}f}".replace("-", MINUS)


def percent(value: object) -> str:
    """`38 %` of a share in [0, 1]."""
    return f"{100 * value:.0f}{GAP}%" if isinstance(value, int | float) else "–"


def spread(found: Mapping[str, Any] | None, *, share: bool = False, sign: bool = False) -> str:
    """A mean with its bounds: `0.26 (0.18 to 0.34)`, `38 % (27 to 51)`."""
    if not isinstance(found, Mapping) or not isinstance(found.get("mean"), int | float):
        return "–"
    show = signed if sign else percent if share else plain
    said, low, high = show(found["mean"]), found.get("low"), found.get("high")
    if low is None or high is None:
        return said
    if share:
        return f"{said} ({100 * low:.0f} to {100 * high:.0f})"
    return f"{said} ({show(low)} to {show(high)})"


def told(found: Mapping[str, Any]) -> str:
    """A difference in a sentence: `+0.50, 95 % interval +0.33 to +0.65`."""
    said = signed(found["mean"])
    if found.get("low") is None or found.get("high") is None:
        return said
    return f"{said}, 95{GAP}% interval {signed(found['low'])} to {signed(found['high'])}"


def money(value: object) -> str:
    """US dollars with as many digits as say something; `free` for nothing."""
    try:
        amount = float(str(value))
    except ValueError:
        return "unknown"
    if amount == 0:
        return "free"
    return f"${amount:,.2f}" if amount >= 1 else f"${amount:.3g}"


def chance(value: object) -> str:
    """A p-value: `0.012`, `< 0.001`."""
    if isinstance(value, int | float) and value < 0.001:
        return "< 0.001"
    return plain(value, 3)


def count(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else "–"


def size(number: int | float) -> str:
    """`220M`, `1.2k`: tokens at a glance."""
    for unit, name in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= unit:
            return f"{number / unit:.3g}{name}"
    return f"{number:.0f}"
