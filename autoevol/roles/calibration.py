"""Is a judge of difficulty any good? Its verdicts on pairs of known order.

Decides when a judge may be trusted. How it judges is left to the proxy scores: `scorer`,
`pairwise`, or a user's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from autoevol.domain import Domain, Pair
from autoevol.errors import NothingUsable
from autoevol.together import together

TRUST = 0.75
"""Share of pairs of known order that a judge must order right; ties count half."""
TIE = 0.05
"""Gains closer to zero than this are ties: about the spread of restated tasks of equal
difficulty."""


FIRST = 6
"""So many pairs without a rating before any with one: there will be none."""


class Proxy(Protocol):
    """A proxy score: how much better did a rewrite make an instruction?

    `name` says by whom; `order_bias` is that of `Calibration`, so far.
    """

    @property
    def name(self) -> str: ...

    @property
    def domain(self) -> Domain: ...

    @property
    def order_bias(self) -> float | None: ...

    async def gain(self, before: str, after: str) -> float | None:
        """Signed; None is unknown."""

    async def score(self, before: str, after: str) -> float | None:
        """In [0, 1]; None is unknown, never zero."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a judge did on pairs of known order. `unknown` pairs could not be rated.

    `order_bias`, in [-1, 1], is how much oftener a judge that compares two texts chose the first
    than the second; None where nothing is compared.
    """

    judge: str
    pairs: int
    accuracy: float
    ties: int
    unknown: int
    restated_gain: float
    order_bias: float | None = None

    @property
    def trusted(self) -> bool:
        return self.pairs > 0 and self.accuracy >= TRUST


async def judge_pairs(proxy: Proxy, done: Callable[[], None]) -> Calibration:
    """Judge the domain's pairs of known order; `done` is called after each.

    Raises:
        NothingUsable: not a single pair could be judged, or none of the first few.
    """
    came: list[bool] = []

    async def one(pair: Pair) -> float | None:
        gain = await proxy.gain(pair.before, pair.after)
        came.append(gain is not None)
        if len(came) >= FIRST and not any(came):
            raise NothingUsable(
                f"The judge {proxy.name} rated none of the first {len(came)} calibration pairs.",
                "Name another judge with --judge, or see the run's log for what it answered.",
            )
        done()
        return gain

    pairs = proxy.domain.pairs
    gains = await together(one(pair) for pair in pairs)
    result = summary_of(proxy.name, pairs, gains, proxy.order_bias)
    if not result.pairs:
        raise NothingUsable(
            f"The judge {proxy.name} could not rate any of {len(pairs)} calibration pairs.",
            "Name another judge with --judge.",
        )
    return result


def summary_of(
    judge: str, pairs: Sequence[Pair], gains: Sequence[float | None], order_bias: float | None
) -> Calibration:
    """What the gains on pairs of known order say of who gave them."""
    right, known, ties, unknown = 0.0, 0, 0, 0
    restated: list[float] = []
    for pair, gain in zip(pairs, gains, strict=True):
        if gain is None:
            unknown += 1
        elif pair.harder is None:
            restated.append(gain)
        else:
            known += 1
            tied = abs(gain) < TIE
            ties += tied
            right += 0.5 if tied else float((gain > 0) == pair.harder)
    return Calibration(
        judge=judge,
        pairs=known,
        accuracy=right / known if known else 0.0,
        ties=ties,
        unknown=unknown,
        restated_gain=sum(restated) / len(restated) if restated else 0.0,
        order_bias=order_bias,
    )
