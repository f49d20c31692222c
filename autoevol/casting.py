"""The cast of a run: which model plays which role, how warm, and with how many tokens.

Decides which roles there are, who plays one that nobody is named for, and which temperatures and
caps can be meant. What a role does is left to `roles`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields

from autoevol.door import EMBEDDED
from autoevol.errors import UsageError, near
from autoevol.llm.tuning import Tuning

WARMEST = 2.0
"""No provider takes a higher temperature."""


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
        check_roles(roles, ROLES)
        return cls(**{role: roles.get(role) or model or EMBEDDED for role in ROLES})

    def as_table(self) -> dict[str, str]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


ROLES = tuple(field.name for field in fields(Models))


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays which role, and how: what the verbs take where one model's name is not enough.

    `model` plays every role that nobody is named for; None is the verb's own choice. A model is
    PROVIDER/NAME. `temperature` (0 to 2) and `max_tokens` (of one answer, reasoning included at
    most providers) are by role, and hold for all calls of the role but those that read token
    probabilities; a role that is not named keeps its own.
    """

    model: str | None = None
    evolver: str | None = None
    responder: str | None = None
    analyzer: str | None = None
    optimizer: str | None = None
    judge: str | None = None
    temperature: Mapping[str, float] = field(default_factory=dict)
    max_tokens: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, given: str | Cast | None) -> Cast:
        """One model's name as the cast that it is."""
        return given if isinstance(given, Cast) else cls(given)

    @property
    def named(self) -> dict[str, str]:
        """The roles that somebody is named for."""
        found = {role: getattr(self, role) for role in ROLES}
        return {role: model for role, model in found.items() if model}

    @property
    def models(self) -> Models:
        """All roles; the embedded model plays those that nobody is named for."""
        return Models.choose(self.model, dict(self.named))

    def tuning(self, roles: Collection[str] = ROLES) -> Tuning:
        """Temperatures and caps, checked; `roles` are those that take part.

        Raises:
            UsageError: a role that does not take part, or a number that cannot be meant.
        """
        for name, table in (("temperature", self.temperature), ("max_tokens", self.max_tokens)):
            check_roles(table, roles, name)
        for role, warmth in self.temperature.items():
            if not _number(warmth) or not 0 <= warmth <= WARMEST:
                raise UsageError(
                    f"temperature of the {role} cannot be {warmth!r}.",
                    f"Give a number from 0 to {WARMEST:g}.",
                )
        for role, most in self.max_tokens.items():
            if not isinstance(most, int) or isinstance(most, bool) or most < 1:
                raise UsageError(
                    f"max_tokens of the {role} cannot be {most!r}.", "Give a whole number above 0."
                )
        warmths = {role: float(warmth) for role, warmth in self.temperature.items()}
        return Tuning(warmths, dict(self.max_tokens))


def check_roles(named: Collection[str], roles: Collection[str], where: str = "") -> None:
    """Raise UsageError, with near names, for the first that is no role that takes part."""
    for role in named:
        if role not in roles:
            asked, known = f" for {where}" if where else "", ", ".join(roles)
            raise UsageError(
                f"Unknown role {role!r}{asked}.", f"{near(role, roles)}Roles: {known}."
            )


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
