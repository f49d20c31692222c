"""Rows that an endpoint refuses or answers with rubbish: are they at fault, or is it?

Decides that such a row is at fault once others are answered behind it, or the rows have ended, and
that the endpoint is after too many in a row; then none of them is judged, and the next start asks
for them again. What becomes of a row that is at fault is left to the verb.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator

from autoevol.errors import BudgetReached
from autoevol.evolving.harvest import Harvest
from autoevol.evolving.parts import Walked
from autoevol.evolving.rounds import Step


async def beyond_doubt(
    landed: AsyncGenerator[Walked, None], harvest: Harvest
) -> AsyncGenerator[Walked, None]:
    """The rows as they land, those that were not answered once it is known whose fault that is.

    Raises:
        NothingUsable: too many in a row were not answered.
        AutoevolError: as `landed` does.
    """
    doubtful: list[Walked] = []
    try:
        async for one in landed:
            steps = one[2]
            asked = [s for s in steps if s.rung.number or s.evolution.lasting]
            if asked and all(step.evolution.lasting for step in asked):
                doubtful.append(one)
                harvest.doubt(_why(steps))
                continue
            if doubtful and not steps:  # nobody was asked; it keeps its place
                doubtful.append(one)
                continue
            if not _unknown(steps):  # an outage tells nothing of the rows before it
                while doubtful:
                    yield doubtful.pop(0)
            yield one
    except BudgetReached:
        for one in doubtful:
            yield one
        raise
    for one in doubtful:
        yield one


def _unknown(steps: tuple[Step, ...]) -> bool:
    return any(step.evolution.unknown for step in steps)


def _why(steps: tuple[Step, ...]) -> str:
    return next(f.evidence for step in steps for f in step.evolution.failures)
