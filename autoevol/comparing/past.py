"""What learned methods have seen: the items that they were learned and chosen on.

Decides that such items take no part in a comparison, near-duplicates included, and what is said
where a method's past is not known. Which of the others are drawn is left to `lineup`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from autoevol.data.clusters import clusters
from autoevol.data.splits import SPLITS
from autoevol.methods import read_method
from autoevol.types import Instruction, Method

CANDIDATES = "candidates"
"""Where a run folder keeps the methods that were tried on the way."""


def seen_by(wanted: Iterable[str | Method]) -> frozenset[str]:
    """Ids of what the named files were learned and chosen on (train and dev), as the run folders
    that they lie in tell. Confirmation items are untouched by both and stay."""
    return frozenset().union(*(_seen(one) or () for one in wanted))


def _seen(one: str | Method) -> set[str] | None:
    """None where no run folder tells: a file of no use tells nothing."""
    if not isinstance(one, str):
        return None
    beside = Path(one).parent
    folder = beside.parent if beside.name == CANDIDATES else beside
    try:
        shares = json.loads((folder / SPLITS).read_text(encoding="utf-8"))
        return {*map(str, shares["train"]), *map(str, shares["dev"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def unseen(items: Sequence[Instruction], seen: frozenset[str]) -> list[Instruction]:
    """The items that are neither seen nor near-duplicates of a seen one, in their order."""
    if not seen.intersection(item.id for item in items):
        return list(items)
    numbers = clusters([item.text for item in items])
    touched = {n for item, n in zip(items, numbers, strict=True) if item.id in seen}
    return [item for item, n in zip(items, numbers, strict=True) if n not in touched]


def untraced(wanted: Iterable[str | Method], methods: Iterable[Method]) -> list[str]:
    """Names of learned methods of which no run folder tells what they have seen."""
    known = {read_method(Path(str(one))).digest for one in wanted if _seen(one) is not None}
    learned = [m for m in methods if m.kind == "learned" and m.digest not in known]
    return [f"{method.domain}/{method.name}" for method in learned]
