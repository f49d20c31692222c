"""What a step's candidates are written from, and what is asked when one cannot be used."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from autoevol.learning.propose import Evidence, propose
from autoevol.learning.study import open_study
from autoevol.progress import Silent
from autoevol.roles.optimizer import Optimizer
from autoevol.types import Feedback, Method, Proposal

ITEM = "Ensure that the task is properly canceled if the user presses the Escape key twice."
PARENT = Method("initial", "code", "Open.\n\n1. Add one demand that belongs to the task.")


class Copyist:
    """Quotes an item whenever it is shown one, as small models do."""

    def __init__(self) -> None:
        self.asked: list[Proposal] = []

    async def rewrite(
        self, method: Method, feedback: Feedback, proposal: Proposal, **rest: Any
    ) -> tuple[str, tuple[str, ...]]:
        self.asked.append(proposal)
        rule = ITEM if proposal.trajectories else f"Demand a limit of kind {len(self.asked)}."
        return f"{method.text}\n2. {rule}", (f"add 1: {rule}",)


async def test_after_a_quotation_no_cases_are_shown_again(tmp_path: Path) -> None:
    study = open_study(tmp_path / "study.sqlite3", seed=0, name="s", dev=8, block=4)
    copyist = Copyist()
    evidence = Evidence(PARENT, Feedback((), (), ()), (), (), PARENT, [PARENT.text], [ITEM])
    made = await propose(
        evidence, 4, 1, optimizer=cast(Optimizer, copyist), study=study, watcher=Silent()
    )
    first, again = copyist.asked[:4], copyist.asked[4:]
    with_cases = [p for p in first if p.trajectories]
    assert with_cases, "this seed shows cases to nobody: the test would say nothing"
    assert [p.trajectories for p in again] == [0] * len(with_cases)
    assert [p.stance for p in again] == [p.stance for p in with_cases]
    assert len(made) == 4
    assert not any(ITEM in candidate.method.text for candidate in made)
