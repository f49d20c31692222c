"""Which seeds teach, which select, which confirm.

Decides that train, dev and confirm never share a near-duplicate cluster, that dev and confirm hold
one item a cluster (so items count as independent), and that languages are spread evenly. How large
the parts are is left to the presets; what a near-duplicate is to `clusters`.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from autoevol.data.clusters import clusters
from autoevol.errors import BadInput
from autoevol.types import Instruction

Languages = Literal["en", "all"]
Items = tuple[Instruction, ...]

SPLITS = "splits.json"
"""The file of a run folder that holds the ids of each part."""


@dataclass(frozen=True, slots=True)
class Split:
    """Three disjoint lists of items in a fixed order; blocks are consecutive slices of `dev`."""

    train: Items
    dev: Items
    confirm: Items


def split(
    items: Sequence[Instruction],
    *,
    train: int,
    dev: int,
    confirm: int,
    seed: int,
    languages: Languages = "all",
) -> Split:
    """Divide `items` into parts of exactly the given sizes.

    The result depends on the ids, texts and languages of the items and on `seed`, not on the order
    of `items`. With `languages="en"` only items whose language is English or not stated take part;
    with "all" every stretch of each part mixes the languages in their overall proportion.

    Raises:
        BadInput: an id occurs twice, or there are too few seeds (or too few distinct ones).
    """
    repeated = [name for name, count in Counter(item.id for item in items).items() if count > 1]
    if repeated:
        raise BadInput(f"The seed id {repeated[0]!r} occurs more than once.", "Make ids unique.")
    fit = [item for item in items if languages == "all" or item.lang in ("", "en")]
    groups = _mixed(_groups(sorted(fit, key=lambda item: _draw(seed, item.id))))
    # Clusters of several items are spent on train only when a plain draw leaves it short.
    for ordered in (groups, sorted(groups, key=len)):
        held = tuple(group[0] for group in ordered[: dev + confirm])
        rest = tuple(item for group in ordered[dev + confirm :] for item in group)
        if len(held) == dev + confirm and len(rest) >= train:
            return Split(train=rest[:train], dev=held[confirm:], confirm=held[:confirm])
    raise _too_few(len(items), len(fit), len(groups), train, dev, confirm)


def minibatches(
    train: Sequence[Instruction], size: int, steps: int, seed: int
) -> tuple[Items, ...]:
    """`steps` minibatches of `size` items: all of `train` once, reshuffled, and so on.

    No item stands twice in one minibatch. A larger `steps` continues a smaller one.

    Raises:
        BadInput: `train` holds fewer than `size` items.
    """
    if len(train) < size:
        raise BadInput(
            f"A minibatch needs {size} training seeds and there are {len(train)}.",
            "Give more seeds with --data or take a smaller --preset.",
        )
    source = random.Random(seed)
    waiting: list[Instruction] = []
    batches: list[Items] = []
    for _ in range(steps):
        if len(waiting) < size:
            fresh = [item for item in train if item not in waiting]
            source.shuffle(fresh)
            again = list(waiting)
            source.shuffle(again)
            # Leftovers of the last pass come first, so nothing waits longer than two passes; they
            # come again at the end of the new one.
            waiting = waiting + fresh + again
        batches.append(tuple(waiting[:size]))
        waiting = waiting[size:]
    return tuple(batches)


def _draw(seed: int, name: str) -> str:
    """A sort key that shuffles: adding an item leaves the order of the others as it was."""
    return hashlib.sha256(f"{seed}\n{name}".encode("utf-8", "surrogatepass")).hexdigest()


def _groups(items: Sequence[Instruction]) -> list[list[Instruction]]:
    found: dict[int, list[Instruction]] = {}
    for item, number in zip(items, clusters([item.text for item in items]), strict=True):
        found.setdefault(number, []).append(item)
    return list(found.values())


def _mixed(groups: Sequence[list[Instruction]]) -> list[list[Instruction]]:
    """The groups in an order of which every stretch has the languages in proportion."""
    sizes = Counter(group[0].lang for group in groups)
    seen: Counter[str] = Counter()
    placed: list[tuple[float, int, list[Instruction]]] = []
    for number, group in enumerate(groups):
        lang = group[0].lang
        placed.append(((seen[lang] + 0.5) / sizes[lang], number, group))
        seen[lang] += 1
    return [group for _, _, group in sorted(placed, key=lambda place: place[:2])]


def _too_few(given: int, fit: int, groups: int, train: int, dev: int, confirm: int) -> BadInput:
    needed = train + dev + confirm
    there = f"there are {given}"
    if fit < given:
        there = f"there are {fit} in English (of {given})"
    if groups < fit:
        there += f", in {groups} groups of near-duplicates, of which dev and confirm take one each"
    return BadInput(
        f"The splits need {needed} seeds (train {train}, dev {dev}, confirm {confirm}); {there}.",
        "Give more seeds with --data or take a smaller --preset, such as quick.",
    )
