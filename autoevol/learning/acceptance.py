"""What has to be shown before a method takes another one's place.

Decides how two methods are compared: estimate, constraints, front-runner, acceptance in the race,
confirmation at the end. All comparisons are paired over the items known for both. When a comparison
is made is left to the verbs; dropping early to `study`; the arithmetic to `statistics`.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from math import inf

from autoevol.data.diversity import mean_overlap
from autoevol.statistics import (
    Interval,
    holm,
    mean_interval,
    one_sided_lower,
    paired_bootstrap,
    paired_differences,
    two_sided_p,
)
from autoevol.types import Measurement

FAILURE_TOLERANCE = 0.05
OVERLAP_TOLERANCE = 0.10
SHOWN_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Decision:
    """The end of a step: `accepted` when the one-sided bound `lower` is above zero.

    `difference` is the mean paired difference of utility, challenger - incumbent, over `items`
    items; `lower` holds with confidence 1 - `alpha` and is -inf for fewer than two items.
    """

    accepted: bool
    difference: float
    lower: float
    items: int
    alpha: float


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The final comparison on untouched items; differences are final incumbent - other, in utility.

    `better` follows from the initial method alone: the lower end of its two-sided 95 % interval is
    above zero. Where the initial method is the incumbent still, there is no such difference. The
    rival is reported and decides nothing. p-values are two-sided sign-flip tests, adjusted (Holm)
    over the comparisons made.
    """

    better: bool
    initial: Interval | None
    initial_p: float | None
    rival: Interval | None = None
    rival_p: float | None = None


def estimate(challenger: Measurement, incumbent: Measurement) -> float:
    """Expected utility of the challenger: incumbent's mean + mean paired difference.

    Using all that is known of the incumbent takes the luck of the first blocks out. Without a
    common item it is the incumbent's mean.
    """
    differences = paired_differences(challenger.utilities(), incumbent.utilities())
    return incumbent.mean + (sum(differences) / len(differences) if differences else 0.0)


def tokens_per_kept(measurement: Measurement) -> float:
    """Output tokens that the method spends for one row it keeps; inf where it keeps none."""
    known = [outcome for outcome in measurement.outcomes if outcome.utility is not None]
    kept = sum(not outcome.failure for outcome in known)
    return sum(outcome.output_tokens for outcome in known) / kept if kept else inf


def front_runner(survivors: Mapping[int, Measurement], incumbent: Measurement) -> int | None:
    """The number of the survivor with the best estimate: the only one to be tested.

    Of equal ones the cheaper (output tokens per kept row), then the lower number. None if nobody
    is left.
    """
    return min(
        survivors,
        key=lambda number: (
            -estimate(survivors[number], incumbent),
            tokens_per_kept(survivors[number]),
            number,
        ),
        default=None,
    )


def accept(challenger: Measurement, incumbent: Measurement, *, alpha: float, seed: int) -> Decision:
    """Test the front-runner of a step: one-sided paired bootstrap on all items both have.

    `alpha` is the error of this one test; 0.10 / T in a run of T steps lets an equal challenger a
    step through in 0.10 of runs at most. Where the challenger is the best of m on the same items,
    luck is chosen too: with m equal arms simulated, 0.10 / T gave .17 (T 8, m 4, 60 items) and
    .18 (T 16, m 6, 120 items); 0.10 / (T m) gave .06 and .05. On equal utility the incumbent stays.
    """
    mine, theirs = challenger.utilities(), incumbent.utilities()
    differences = paired_differences(mine, theirs)
    lower = one_sided_lower(mine, theirs, alpha, seed)
    mean = sum(differences) / len(differences) if differences else 0.0
    return Decision(lower > 0, mean, lower, len(differences), alpha)


def confirm(
    incumbent: Measurement,
    initial: Measurement | None,
    rival: Measurement | None = None,
    *,
    seed: int,
) -> Confirmation:
    """Compare the methods that were named before the confirm items were opened. `initial` is None
    where it is the incumbent itself, `rival` where it is one of the two."""
    mine = incumbent.utilities()
    others = [one.utilities() for one in (initial, rival) if one is not None]
    shown = [paired_bootstrap(mine, other, seed=seed, level=SHOWN_LEVEL) for other in others]
    pvalues = holm([two_sided_p(paired_differences(mine, other), seed) for other in others])
    found = [*zip(shown, pvalues, strict=True)]
    first, first_p = found.pop(0) if initial is not None else (None, None)
    second, second_p = found.pop(0) if rival is not None else (None, None)
    better = first is not None and first.low > 0
    return Confirmation(better, first, first_p, second, second_p)


def utility_interval(measurement: Measurement, *, seed: int) -> Interval:
    """Mean utility of one method with its 95 % interval, for display."""
    utilities = measurement.utilities()
    values = [utilities[item] for item in sorted(utilities)]
    return mean_interval(values, seed=seed, level=SHOWN_LEVEL)


def failure_excess(
    challenger: Measurement, initial: Measurement, *, alpha: float, seed: int
) -> float:
    """Constraint on failures, kept when <= 0: rate - (the initial method's rate + 0.05).

    Over the items known for both. A challenger whose utility is better than the initial one's by
    its one-sided lower bound at `alpha` has kept it whatever its failures: then at most 0.
    """
    mine, theirs = challenger.utilities(), initial.utilities()
    common = mine.keys() & theirs.keys()
    excess = _failure_rate(challenger, common) - _failure_rate(initial, common) - FAILURE_TOLERANCE
    if excess > 0 and one_sided_lower(mine, theirs, alpha, seed) > 0:
        return 0.0
    return excess


def overlap_excess(challenger: Measurement, initial: Measurement) -> float:
    """Constraint on sameness, kept when <= 0: overlap - (the initial method's overlap + 0.10).

    Overlap is the mean pairwise 3-gram overlap of what each method added in the rows it keeps,
    among the items known for both.
    """
    common = challenger.utilities().keys() & initial.utilities().keys()
    return added_overlap(challenger, common) - added_overlap(initial, common) - OVERLAP_TOLERANCE


def added_overlap(measurement: Measurement, items: Set[str] | None = None) -> float:
    """Set-level sameness in [0, 1] of the texts added in kept rows, of `items` or of all."""
    return mean_overlap(
        [
            outcome.added
            for outcome in measurement.outcomes
            if outcome.utility is not None
            and not outcome.failure
            and (items is None or outcome.item in items)
        ]
    )


def _failure_rate(measurement: Measurement, items: Set[str]) -> float:
    failed = sum(bool(o.failure) for o in measurement.outcomes if o.item in items)
    return failed / len(items) if items else 0.0
