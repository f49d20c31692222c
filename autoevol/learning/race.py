"""The race: candidates of one step against the incumbent, block by block of dev items.

Decides when decisions fall (at block barriers, in trial-number order, never in completion order)
and who is left at the end. The test for dropping is `study`'s, acceptance `acceptance`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autoevol.learning.desk import Desk
from autoevol.learning.study import Study
from autoevol.measure import check_unknown
from autoevol.together import together
from autoevol.types import Candidate, Instruction, Measurement


@dataclass(frozen=True, slots=True)
class Lap:
    """One candidate after one block: where it stood, and whether it was dropped there."""

    number: int
    items: int
    estimate: float
    failure_rate: float
    dropped: bool


@dataclass(frozen=True, slots=True)
class Race:
    """What a step's race found. `finished` are those measured on every dev item."""

    finished: dict[int, Measurement]
    dropped: dict[int, Measurement]
    laps: tuple[Lap, ...]

    @property
    def measured(self) -> dict[int, Measurement]:
        return self.finished | self.dropped


async def run_race(
    candidates: Sequence[Candidate],
    incumbent: Measurement,
    dev: Sequence[Instruction],
    desk: Desk,
    study: Study,
) -> Race:
    """Measure candidates side by side, dropping the hopeless.

    Args:
        candidates: this step's, at most one per trial number.
        incumbent: the incumbent on all of `dev`.
        dev: the dev items in their fixed order; a look follows every block of them.
        desk: who measures.
        study: who decides on dropping.

    Raises:
        NothingUsable: too many items of an arm could not be measured.
    """
    yardstick, watcher, block = desk.yardstick, desk.watcher, desk.sizes.block
    running = {c.number: c for c in sorted(candidates, key=lambda c: c.number)}
    seen = {number: Measurement(c.method.digest, ()) for number, c in running.items()}
    dropped: dict[int, Measurement] = {}
    laps: list[Lap] = []
    for start in range(0, len(dev), block):
        watcher.racing(len(running), len(candidates))
        items = dev[start : start + block]
        arms = list(running)
        measured = await together(
            yardstick.measure(running[number].method, items, watcher.advance) for number in arms
        )
        for number, part in zip(arms, measured, strict=True):
            whole = Measurement(part.method, seen[number].outcomes + part.outcomes)
            seen[number] = whole
            check_unknown(whole, f"candidate {number}")
            estimate = study.report(number, whole, incumbent)
            gone = not desk.sizes.paper and study.dropped(number)
            laps.append(Lap(number, len(whole.outcomes), estimate, whole.failure_rate, gone))
            if gone:
                dropped[number] = whole
                del running[number]
                watcher.note(
                    f"candidate {number} dropped after {len(whole.outcomes)} items "
                    f"({estimate:.2f} against {incumbent.mean:.2f})"
                )
                watcher.advance(len(dev) - len(whole.outcomes))
        if not running:
            break
    return Race({number: seen[number] for number in running}, dropped, tuple(laps))
