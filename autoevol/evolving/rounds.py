"""One row through its rounds: evolve, rules on the text, respond, rules on the answer.

Decides the order of these and when a row's rounds end: at the first that fails or stays unknown.
What becomes of the rounds is left to the verb; each role has a file of its own. Source: Auto
Evol-Instruct (arXiv 2406.00770), section 3, for the rounds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from autoevol.data.dataset import Row
from autoevol.errors import Rejected
from autoevol.forms import form_of
from autoevol.llm.messages import Message
from autoevol.roles import text
from autoevol.roles.eliminator import RULES, Eliminator
from autoevol.roles.evolver import TAG, Evolver
from autoevol.roles.responder import Responder
from autoevol.types import Evolution, Failure, Instruction, Method

REJECTED = 3
"""So many rows refused for good before a role answered any: it is the model, not the rows."""


def answer_cut(e: Evolution) -> Failure | None:
    """The answer ran into its cap: enough for a probe, but half an answer trains nobody."""
    if e.response_finish != "length":
        return None
    return Failure("answer_cut", text.tail(e.response, 100) or "the answer reached its cap")


@dataclass(slots=True)
class Rounds:
    """Takes rows through at most `count` rounds of `method`. `responder` None: no answers."""

    method: Method
    evolver: Evolver
    responder: Responder | None
    count: int = 1
    _eliminator: Eliminator = field(init=False)
    _answered: set[str] = field(init=False, default_factory=set)
    _rejected: Counter[str] = field(init=False, default_factory=Counter)

    def __post_init__(self) -> None:
        rules = (*RULES, answer_cut)
        self._eliminator = Eliminator(self.method.text, (TAG,), rules)

    async def walk(self, row: Row) -> tuple[Evolution, ...]:
        """The row's rounds; a later one starts from the instruction of the one before it, or
        from the seed where the method says so.

        A row that cannot be evolved gives none, without a call. A row that the endpoint refuses
        for good is unknown: its text is at fault, not the method.

        Raises:
            Rejected: a role's endpoint refused several rows and answered none.
            AutoevolError: systemic errors of the door (budget, unreachable, unauthorised, …).
        """
        if row.unsupported:
            return ()
        seed, walked = Instruction(row.instruction, row.id, row.lang), list[Evolution]()
        before, from_seed = seed, form_of(self.method).from_seed
        for number in range(1, self.count + 1):
            evolution = await self._round(before, number, earlier_turns(row))
            walked.append(evolution)
            if evolution.unknown or evolution.failures:
                break
            before = seed if from_seed else evolution.after
        return tuple(walked)

    async def _round(self, before: Instruction, number: int, turns: Sequence[Message]) -> Evolution:
        evolution, role = Evolution(before, Instruction("", before.id, before.lang)), "evolver"
        try:
            evolution = await self.evolver.evolve(before, self.method, round=number)
            # What is kept is how the answer was reasoned, not how the rewrite was.
            evolution = self._inspected(replace(evolution, reasoning=""), role)
            if evolution.unknown or evolution.failures or self.responder is None:
                return evolution
            role = "responder"
            return self._inspected(await self.responder.respond(evolution, turns), role)
        except Rejected as error:
            self._rejected[role] += 1
            if role not in self._answered and self._rejected[role] >= REJECTED:
                raise
            return replace(evolution, unknown=f"{role}: {error.message}")

    def _inspected(self, evolution: Evolution, role: str) -> Evolution:
        if not evolution.unknown:
            self._answered.add(role)
        return replace(evolution, failures=self._eliminator.inspect(evolution))


def earlier_turns(row: Row) -> tuple[Message, ...]:
    """What stands before the user turn that is evolved, system message included."""
    asked = max((i for i, m in enumerate(row.messages) if m.role == "user"), default=0)
    return row.messages[:asked]
