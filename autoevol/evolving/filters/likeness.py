"""What the filters say of a text that is like an earlier one, and of which texts it may be.

Decides that being much alike is not held against a text and what it was made from; the same words
are, whoever had them first. How alike two texts are, each filter measures in its own way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Line:
    """A line of descent: `branch` tells apart the chains that start from one `seed`, '' is the seed
    itself. Rounds of one chain resemble each other by design, and all resemble their seed; they
    say the same only where nothing was done."""

    seed: str = ""
    branch: str = ""

    def akin(self, other: Line) -> bool:
        """Whether likeness of the two says nothing. Lines without a seed are akin to none."""
        if not self.seed or self.seed != other.seed:
            return False
        return self.branch == other.branch or not self.branch or not other.branch


NOBODY = Line()


@dataclass(frozen=True, slots=True)
class Hit:
    """`rule` names the kind of likeness, `evidence` the earlier text and how alike the two are."""

    rule: str
    evidence: str


class Memory(Protocol):
    """Texts that were admitted. Nothing is added by asking."""

    def ready(self, text: str) -> None:
        """Take a text apart that is asked about next. Fit for a thread: it touches no file."""

    def like(self, text: str, line: Line = NOBODY) -> Hit | None:
        """An earlier text that this one is too much like, if there is one."""

    def add(self, text: str, name: str = "", line: Line = NOBODY) -> None:
        """A text that was kept, under the name by which later ones are told of it."""


def admit(memory: Memory, text: str, name: str = "", line: Line = NOBODY) -> Hit | None:
    """What the text is like; None where it is like no earlier one, and is one of them now."""
    hit = memory.like(text, line)
    if hit is None:
        memory.add(text, name, line)
    return hit
