"""Prompt files: read and fill them.

A prompt is a Markdown file in `prompts/`. Slots are `$name` (and `$$` for a dollar), filled in one
pass, so braces of code and LaTeX pass untouched and a value is never read for slots again. What the
prompts say is left to the files; who asks them, to `roles`.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, cast

from autoevol.assets import folder
from autoevol.errors import BadInput
from autoevol.types import digest_of_few

Turn = Literal["system", "user", "assistant"]

DIVIDER = "<!-- user -->"
_TURN = re.compile(r"^<!-- (user|assistant) -->$", re.MULTILINE)


@dataclass(frozen=True)
class Prompt:
    name: str
    text: str

    @cached_property
    def digest(self) -> str:
        return digest_of_few(self.text)

    @cached_property
    def _slots(self) -> frozenset[str]:
        return frozenset(string.Template(self.text).get_identifiers())

    @cached_property
    def _halves(self) -> tuple[Prompt, Prompt]:
        parts = self.text.split(f"\n{DIVIDER}\n")
        if len(parts) != 2:
            raise BadInput(f"prompts/{self.name}.md: not exactly one line {DIVIDER}.")
        return Prompt(self.name, parts[0].strip("\n")), Prompt(self.name, parts[1].strip("\n"))

    def fill(self, **values: str) -> str:
        """The text with every slot filled.

        Raises:
            BadInput: a slot has no value, or a value has no slot.
        """
        if self._slots != values.keys():
            wrong = ", ".join(sorted(self._slots ^ values.keys()))
            raise BadInput(f"prompts/{self.name}.md: slots and values differ: {wrong}.")
        return string.Template(self.text).substitute(values)

    def halves(self) -> tuple[Prompt, Prompt]:
        """What stands before and after the line `<!-- user -->`: a system and a user message.

        Raises:
            BadInput: there is not exactly one such line.
        """
        return self._halves

    def turns(self) -> list[tuple[Turn, Prompt]]:
        """(role, text) of a whole conversation: the system's words, then what follows each line
        `<!-- user -->` or `<!-- assistant -->`."""
        parts = _TURN.split(self.text)
        said: list[tuple[Turn, str]] = [("system", parts[0])]
        said += [(cast(Turn, r), t) for r, t in zip(parts[1::2], parts[2::2], strict=True)]
        return [(role, Prompt(self.name, text.strip("\n"))) for role, text in said]


def load_prompt(name: str) -> Prompt:
    """The prompt `prompts/NAME.md`. Raises BadInput when there is none."""
    path = folder("prompts") / f"{name}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(f"No prompt {name!r} at {path}.", "Reinstall autoevol.") from error
    return Prompt(name, text.replace("\r\n", "\n").strip("\n") + "\n")


def load_meanings() -> dict[str, str]:
    """What each check of the eliminator means, by its name: the list in `prompts/failures.md`."""
    pairs = (
        line.removeprefix("- ").partition(": ") for line in load_prompt("failures").text.split("\n")
    )
    return {name: meaning for name, found, meaning in pairs if found}
