"""The cast of a run: which model plays which role.

Decides which roles there are and who plays one that nobody is named for. What a role does is left
to `roles`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from autoevol.door import EMBEDDED
from autoevol.errors import UsageError


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
