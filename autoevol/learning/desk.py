"""The desk of a run: its roles, made ready.

Decides who takes part in learning and with what caps; who measures is left to `yardstick`. What the
roles are asked to do, and in what order, is left to the verbs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autoevol.caps import rewrite_cap
from autoevol.casting import Models
from autoevol.domain import Domain
from autoevol.forms import EMPTY, Pool
from autoevol.learning.presets import Preset
from autoevol.llm.client import Client
from autoevol.measure import Observation, Yardstick, check_unknown
from autoevol.progress import Watcher
from autoevol.prompts import load_meanings, load_prompt
from autoevol.roles.analyzer import Analyzer
from autoevol.roles.calibration import Calibration
from autoevol.roles.optimizer import STANCES, Optimizer
from autoevol.roles.proxies import GAIN, Own
from autoevol.roles.rules.own import OwnRule, meanings
from autoevol.together import together
from autoevol.types import Feedback, Instruction, Measurement, Method
from autoevol.yardstick import calibrate, make_yardstick


@dataclass(frozen=True, slots=True)
class Desk:
    """Everyone who takes part in learning a method."""

    sizes: Preset
    watcher: Watcher
    yardstick: Yardstick
    analyzer: Analyzer
    optimizer: Optimizer

    async def calibrate(self) -> Calibration:
        """Trust the judge only when it orders pairs of known order. Raises as `calibrate`."""
        return await calibrate(self.yardstick.scorer, self.watcher)

    async def first_look(
        self, method: Method, dev: Sequence[Instruction], batch: Sequence[Instruction]
    ) -> tuple[Measurement, list[Observation]]:
        """A method on all dev items and on a minibatch, side by side."""
        measured, seen = await together(
            self.yardstick.observe(method, items, self.watcher.advance) for items in (dev, batch)
        )
        whole = Measurement(method.digest, tuple(o.outcome for o in measured))
        check_unknown(whole, method.name)
        return whole, seen

    async def analyze(self, method: Method, seen: Sequence[Observation], step: int) -> Feedback:
        """Feedback on what the method did to a minibatch; the worst cases are shown first."""
        ordered = sorted(
            seen, key=lambda o: -1.0 if o.outcome.utility is None else o.outcome.utility
        )
        gains = {o.trajectory.seed.id: o.outcome.score for o in seen}
        return await self.analyzer.analyze(method, [o.trajectory for o in ordered], gains, step)


def make_desk(
    client: Client,
    models: Models,
    domain: Domain,
    sizes: Preset,
    watcher: Watcher,
    score: str | Own = GAIN,
    pool: Pool = EMPTY,
    rules: Sequence[OwnRule] = (),
) -> Desk:
    """All roles of one run. Raises UsageError where there is no such score."""
    optimizer = models.optimizer
    return Desk(
        sizes=sizes,
        watcher=watcher,
        yardstick=make_yardstick(client, models, domain, score, pool, rules),
        analyzer=Analyzer(
            client,
            models.analyzer,
            load_prompt("analyzer"),
            {**load_meanings(), **meanings(rules)},
            analyses=sizes.analyses,
            max_tokens=2 * rewrite_cap(models.analyzer),
        ),
        optimizer=Optimizer(
            client,
            optimizer,
            load_prompt("optimizer"),
            {stance: load_prompt(f"stance-{stance}") for stance in STANCES},
            max_tokens=rewrite_cap(optimizer),
        ),
    )
