"""The yardstick: what one method does to one item, as a utility in [0, 1].

Decides the order of the looks (rules on the text, a short answer, rules on the answer, the score)
and what counts as unknown. u = 0 if a rule fires, else the score. Whom the numbers make win is left
to `race`. The same items, order, sample numbers and response settings for every method: common
random numbers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from autoevol.data.diversity import added_text, words
from autoevol.errors import NothingUsable
from autoevol.forms import form_of
from autoevol.roles.calibration import Proxy
from autoevol.roles.eliminator import RULES, Eliminator, Rule
from autoevol.roles.evolver import TAGS, Evolver
from autoevol.roles.responder import Responder
from autoevol.together import together
from autoevol.types import Evolution, Instruction, Measurement, Method, Outcome, Trajectory

PROBE_TOKENS = 32
"""Cap of an answer in selection. The failure detector reads how a model reacts (asks back, refuses,
takes it as chat), and such reactions are short: about 24 words hold most of them whole."""
MAX_UNKNOWN = 0.05


@dataclass(frozen=True, slots=True)
class Observation:
    """One item as seen: its trajectory and what is made of it."""

    trajectory: Trajectory
    outcome: Outcome

    @property
    def texts(self) -> list[str]:
        """The instructions in it: the seed and what became of it."""
        return [self.trajectory.seed.text, *(e.after.text for e in self.trajectory.evolutions)]


@dataclass(frozen=True, slots=True)
class Yardstick:
    """The four roles that look at a method's work. `responder` None skips the probe."""

    evolver: Evolver
    responder: Responder | None
    scorer: Proxy
    rounds: int = 1
    rules: tuple[Rule, ...] = RULES

    async def measure(
        self, method: Method, items: Sequence[Instruction], done: Callable[[], None]
    ) -> Measurement:
        """The method on the items, all at once through the door; `done` is called after each."""
        seen = await self.observe(method, items, done)
        return Measurement(method.digest, tuple(o.outcome for o in seen))

    async def observe(
        self, method: Method, items: Sequence[Instruction], done: Callable[[], None]
    ) -> list[Observation]:
        """As `measure`, with the texts."""

        async def one(item: Instruction) -> Observation:
            seen = await self._item(method, item)
            done()
            return seen

        return await together(one(item) for item in items)

    async def _item(self, method: Method, seed: Instruction) -> Observation:
        evolutions: list[Evolution] = []
        score: float | None = None
        before, from_seed = seed, form_of(method).from_seed
        for number in range(1, self.rounds + 1):
            last = number == self.rounds
            evolution, score = await self._round(method, before, number, scored=last)
            evolutions.append(evolution)
            if evolution.unknown or evolution.failures:
                break
            before = seed if from_seed else evolution.after
        trajectory = Trajectory(seed, method.digest, tuple(evolutions))
        return Observation(trajectory, _outcome(seed, evolutions, score))

    async def _round(
        self, method: Method, before: Instruction, number: int, *, scored: bool
    ) -> tuple[Evolution, float | None]:
        evolution = await self.evolver.evolve(before, method, round=number)
        evolution = stamp(evolution, method, self.rules)
        if evolution.unknown or evolution.failures:
            return evolution, None
        answered, score = await asyncio.gather(
            self._answer(evolution, method), self._score(evolution) if scored else _nothing()
        )
        if answered.failures or answered.unknown:
            return answered, None
        if scored and score is None:
            return replace(answered, unknown="judge: no rating"), None
        return answered, score

    async def _answer(self, evolution: Evolution, method: Method) -> Evolution:
        if self.responder is None:
            return evolution
        answered = await self.responder.respond(evolution)
        eliminator = Eliminator(method.text, TAGS, self.rules)
        return replace(answered, failures=eliminator.inspect_answered(answered))

    async def _score(self, evolution: Evolution) -> float | None:
        return await self.scorer.score(evolution.before.text, evolution.after.text)


def stamp(evolution: Evolution, method: Method, rules: tuple[Rule, ...] = RULES) -> Evolution:
    """The evolution with every rule's verdict on it."""
    eliminator = Eliminator(method.text, TAGS, rules)
    return replace(evolution, failures=eliminator.inspect(evolution))


def check_unknown(measurement: Measurement, name: str) -> None:
    """Raise NothingUsable when too much of an arm is unknown to compare it fairly."""
    unknown = [o for o in measurement.outcomes if o.utility is None]
    if len(unknown) > max(1.0, MAX_UNKNOWN * len(measurement.outcomes)):
        raise NothingUsable(
            f"{len(unknown)} of {len(measurement.outcomes)} items could not be measured "
            f"for {name}.",
            "See the run's log for why; start again on the same folder to go on.",
        )


async def _nothing() -> None:
    return None


def _outcome(seed: Instruction, evolutions: Sequence[Evolution], score: float | None) -> Outcome:
    last = evolutions[-1]
    failed = last.failure.rule if last.failure else ""
    added = "" if failed else added_text(seed.text, last.after.text)
    utility = None if last.unknown else 0.0 if failed else score
    return Outcome(
        item=seed.id,
        utility=utility,
        failure="" if last.unknown else failed,
        score=None if failed else score,
        added=added,
        added_words=len(words(added)),
        output_tokens=sum(e.output_tokens for e in evolutions),
        input_tokens=sum(e.input_tokens for e in evolutions),
        lang=seed.lang,
    )
