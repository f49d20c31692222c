"""The desk of a run: its roles, made ready.

Decides which model plays which role and with what caps. What the roles are asked to do, and in what
order, is left to the verbs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from autoevol.caps import rewrite_cap
from autoevol.domain import Domain
from autoevol.door import EMBEDDED
from autoevol.errors import NothingUsable, UsageError
from autoevol.learning.presets import Preset
from autoevol.llm.client import Client
from autoevol.measure import PROBE_TOKENS, Observation, Yardstick, check_unknown
from autoevol.progress import Watcher
from autoevol.prompts import load_meanings, load_prompt
from autoevol.roles.analyzer import Analyzer
from autoevol.roles.evolver import Evolver
from autoevol.roles.optimizer import STANCES, Optimizer
from autoevol.roles.responder import Responder
from autoevol.roles.scorer import TRUST, Calibration, Scorer
from autoevol.together import together
from autoevol.types import Feedback, Instruction, Measurement, Method


@dataclass(frozen=True, slots=True)
class Models:
    """Which model plays which role, as PROVIDER/NAME."""

    evolver: str = EMBEDDED
    responder: str = EMBEDDED
    analyzer: str = EMBEDDED
    optimizer: str = EMBEDDED
    judge: str = EMBEDDED

    @classmethod
    def choose(cls, model: str | None, roles: Mapping[str, str | None]) -> Models:
        """`model` for every role, but for those named in `roles`.

        Raises:
            UsageError: `roles` names a role that there is not.
        """
        known = [field.name for field in fields(cls)]
        for role in roles:
            if role not in known:
                raise UsageError(f"Unknown role {role!r}.", f"Roles: {', '.join(known)}.")
        return cls(**{role: roles.get(role) or model or EMBEDDED for role in known})

    def as_table(self) -> dict[str, str]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class Desk:
    """Everyone who takes part in learning a method."""

    sizes: Preset
    watcher: Watcher
    yardstick: Yardstick
    analyzer: Analyzer
    optimizer: Optimizer

    async def calibrate(self) -> Calibration:
        """Trust the judge only when it orders pairs of known order.

        Raises:
            NothingUsable: it does not.
        """
        scorer = self.yardstick.scorer
        self.watcher.stage(
            "calibrating the judge on pairs of known order", len(scorer.domain.pairs)
        )
        found = await scorer.calibrate(self.watcher.advance)
        said = f"The judge {found.judge} orders {found.accuracy:.0%} of {found.pairs} pairs right"
        if not found.trusted:
            raise NothingUsable(
                f"{said}; below {TRUST:.0%} its scores are not trusted.",
                "Name a better judge with --judge.",
            )
        self.watcher.note(f"{said}.")
        return found

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


def make_yardstick(client: Client, models: Models, domain: Domain) -> Yardstick:
    """The roles that measure a method."""
    prompt, judge = load_prompt("evolver"), models.judge
    return Yardstick(
        evolver=Evolver(client, models.evolver, prompt, max_tokens=rewrite_cap(models.evolver)),
        responder=Responder(client, models.responder, max_tokens=PROBE_TOKENS),
        # Anthropic's endpoint gives no log-probabilities; asking for them would waste a call.
        scorer=Scorer(
            client, judge, load_prompt("judge"), domain, repeated=judge.startswith("anthropic/")
        ),
    )


def make_desk(
    client: Client, models: Models, domain: Domain, sizes: Preset, watcher: Watcher
) -> Desk:
    """All roles of one run."""
    optimizer = models.optimizer
    return Desk(
        sizes=sizes,
        watcher=watcher,
        yardstick=make_yardstick(client, models, domain),
        analyzer=Analyzer(
            client,
            models.analyzer,
            load_prompt("analyzer"),
            load_meanings(),
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
