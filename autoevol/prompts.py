"""Prompt files: read and fill them.

A prompt is a Markdown file in `prompts/`. Slots are `$name` (and `$$` for a dollar), filled in one
pass, so braces of code and LaTeX pass untouched and a value is never read for slots again. What the
prompts say is left to the files; who asks them, to `roles`.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from functools import cached_property

from autoevol.assets import folder
from autoevol.errors import BadInput
from autoevol.types import digest_of


@dataclass(frozen=True)
class Prompt:
    name: str
    text: str

    @cached_property
    def digest(self) -> str:
        return digest_of(self.text)

    def fill(self, **values: str) -> str:
        """The text with every slot filled.

        Raises:
            BadInput: a slot has no value, or a value has no slot.
        """
        template = string.Template(self.text)
        slots = set(template.get_identifiers())
        if slots != set(values):
            wrong = ", ".join(sorted(slots ^ set(values)))
            raise BadInput(f"prompts/{self.name}.md: slots and values differ: {wrong}.")
        return template.substitute(values)


def load_prompt(name: str) -> Prompt:
    """The prompt `prompts/NAME.md`. Raises BadInput when there is none."""
    path = folder("prompts") / f"{name}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(f"No prompt {name!r} at {path}.", "Reinstall autoevol.") from error
    return Prompt(name, text.replace("\r\n", "\n").strip("\n") + "\n")
