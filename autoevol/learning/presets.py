"""The sizes of a run: quick, standard, thorough, paper.

Decides how much is measured. What is done with the sizes is left to the verbs.
"""

from __future__ import annotations

from dataclasses import dataclass

from autoevol.errors import UsageError


@dataclass(frozen=True, slots=True)
class Preset:
    """`batch` items a minibatch, `candidates` a step, `steps` at most; `dev` items to select on, in
    blocks of `block`; `confirm` items to confirm on; `patience` steps without acceptance end it.

    `paper` follows the published rule: every candidate is measured on all dev items and the one
    with the lowest failure rate always becomes the next method.
    """

    name: str
    batch: int
    candidates: int
    steps: int
    dev: int
    block: int
    confirm: int
    patience: int
    analyses: int = 2
    paper: bool = False


PRESETS = (
    Preset("quick", 4, 2, 2, dev=8, block=4, confirm=12, patience=2, analyses=1),
    Preset("standard", 10, 4, 8, dev=60, block=12, confirm=100, patience=3),
    Preset("thorough", 10, 6, 16, dev=120, block=15, confirm=200, patience=4, analyses=3),
    # Auto Evol-Instruct, appendix F.2: minibatch 10, dev 50, 10 steps, m = 5.
    Preset("paper", 10, 5, 10, dev=50, block=50, confirm=100, patience=10, analyses=1, paper=True),
)


def preset(name: str) -> Preset:
    """The preset of that name. Raises UsageError naming the known ones."""
    for known in PRESETS:
        if known.name == name:
            return known
    names = ", ".join(p.name for p in PRESETS)
    raise UsageError(f"Unknown preset {name!r}.", f"Known: {names}.")
