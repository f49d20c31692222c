"""The course that learning takes: where it starts, what it is measured by, and its dice.

Decides what stands together in Python. The sizes of a run are `presets`', the roles `casting`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autoevol.roles.proxies import GAIN, Own
from autoevol.roles.rules.own import OwnRule
from autoevol.types import Method


@dataclass(frozen=True, slots=True)
class Course:
    """How a method is learned, beside the sizes.

    `initial` is the method to start from, or where it is; None is the domain's. `score` is the
    proxy score: `gain`, `pairwise` (for large judges), or a function of the instruction before and
    after, in Python or as MODULE:FUNCTION. `rules` are the user's own, from an evolution to a
    failure or None, beside the shipped ones. `seed` is that of all randomness.
    """

    initial: str | Method | None = None
    score: str | Own = GAIN
    rules: Sequence[OwnRule] = ()
    seed: int = 0
