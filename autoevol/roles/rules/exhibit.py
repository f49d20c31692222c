"""What a rule looks at: one evolution, its texts taken apart once for all rules.

Decides what views rules share. Which of them tell of a failure is left to the rules beside it, how
a text is taken apart to `roles.text`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from autoevol.roles import text as t
from autoevol.types import Evolution


@dataclass(frozen=True)
class Exhibit:
    """One evolution and what rules ask of it more than once. Costly views are made on demand."""

    evolution: Evolution
    method_text: str = ""
    contract_words: tuple[str, ...] = ()

    @cached_property
    def before(self) -> t.Reading:
        return t.Reading(self.evolution.before.text)

    @cached_property
    def after(self) -> t.Reading:
        return t.Reading(self.evolution.after.text)

    @cached_property
    def response(self) -> t.Reading:
        """The answer with one kind of apostrophe, without the space around it."""
        return t.Reading(self.evolution.response.strip().replace("’", "'").replace("＇", "'"))

    @cached_property
    def opening(self) -> str:
        return t.Reading(self.response.text[:600]).prose.strip().lstrip("*_#> ")

    @property
    def whole(self) -> bool:
        """The answer ended by itself; one that was cut at its cap says nothing by its end."""
        return self.evolution.response_finish != "length"


def tail(text: str, limit: int = 120) -> str:
    return t.clip(text.rstrip()[-limit:], limit)
