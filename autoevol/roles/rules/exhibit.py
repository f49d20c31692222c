"""What a rule looks at: one evolution, its texts taken apart once for all rules.

Decides what views rules share, and what of the evolving prompt can be recognised. Which of them
tell of a failure is left to the rules beside it, how a text is taken apart to `text`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from operator import attrgetter

from autoevol.text import structure as t
from autoevol.text import tongues
from autoevol.text.lexicon import ENGLISH, roots, wordset
from autoevol.types import Evolution, Failure

CLOSED_TAG = re.compile(r"</([a-z][\w-]*)>")
# What a section of the evolver's answer is called, where no task is called so.
SECTION = r"[\W\d_]{0,8}([^\W\d_](?:[^\W\d_]|[ '’-]){2,30}?)[*#_]*\s?[:：]"
LABEL = re.compile("^" + SECTION, re.M)
PLAIN = wordset(
    "task tasks problem question instruction prompt request input output example examples note "
    "exercise message text answer instructions given rules rule domain topic language format hint "
    "code data seed context constraints requirements role goal aufgabe frage pregunta tarea"
)
# Seven words in a row are not shared by chance.
RUN = 7


@dataclass(frozen=True, slots=True)
class Wording:
    """What can be recognised of an evolving prompt.

    `runs` are its runs of `size` words, `hints` the shorter runs that each of these holds, `marks`
    its tags and headings in lower case, `labels` the words that its lines put before a colon,
    `roots` those of its words, `flat` its words in a row.
    """

    marks: tuple[str, ...] = ()
    labels: frozenset[str] = frozenset()
    size: int = RUN
    runs: frozenset[tuple[str, ...]] = frozenset()
    hints: frozenset[tuple[str, ...]] = frozenset()
    roots: frozenset[str] = frozenset()
    flat: str = ""
    told: str = ""

    def offers(self, word: str) -> bool:
        """Whether the evolver was told of this word."""
        return word in self.told


@lru_cache(maxsize=64)
def wording(told: str, contract_words: tuple[str, ...]) -> Wording:
    """The wording of what an evolver was told."""
    found = t.words(told)
    # A run in a script without spaces is counted in characters, two a word.
    size = 2 * RUN if t.unspaced(found) else RUN
    return Wording(
        marks=tuple(_marks(told, contract_words)),
        labels=frozenset(map(str.casefold, LABEL.findall(told))) - PLAIN,
        size=size,
        runs=frozenset(t.ngrams(found, size)),
        hints=frozenset(t.ngrams(found, size // 2)),
        roots=frozenset(roots(found, ENGLISH)),
        flat=f" {' '.join(found)} ",
        told=told,
    )


def _marks(told: str, contract_words: Sequence[str]) -> Iterator[str]:
    """Contract words and marked headings.

    A bare word ("evolved") may be part of any task, so it counts only as a tag.
    """
    for word in contract_words:
        plain = word.strip().casefold()
        if plain.isalnum():
            yield from (f"<{plain}>", f"</{plain}>", f"<{plain}-", f"</{plain}-")
        elif plain:
            yield plain
    for tag in CLOSED_TAG.findall(told.casefold()):
        yield from (f"<{tag}>", f"</{tag}>")
    for line in told.split("\n"):
        heading = line.strip()
        if heading.startswith("#") and " " in heading.strip("# "):
            yield heading.casefold()


@dataclass(frozen=True)
class Exhibit(Evolution):
    """An evolution with views that rules ask for more than once, each made on demand.

    `old` and `new` are the instruction before and after, `answer` is the response to the latter.
    """

    wording: Wording = field(default_factory=Wording)

    @classmethod
    def of(cls, evolution: Evolution, wording: Wording) -> Exhibit:
        # Slot by slot: the constructor of a frozen dataclass takes ten times as long.
        made = cls.__new__(cls)
        for write, value in zip(_WRITERS, _FIELDS(evolution), strict=True):
            write(made, value)
        made.__dict__["wording"] = wording
        return made

    @t.view
    def old(self) -> t.Reading:
        return t.Reading(self.before.text)

    @t.view
    def new(self) -> t.Reading:
        return t.Reading(self.after.text)

    @t.view
    def came(self) -> frozenset[str]:
        """The words of the rewrite that the seed does not have."""
        return self.new.vocabulary - self.old.vocabulary

    @t.view
    def answer(self) -> t.Reading:
        """The answer with one kind of apostrophe, without the space around it."""
        return t.Reading(self.response.strip().replace("’", "'").replace("＇", "'"))

    @t.view
    def said(self) -> list[str]:
        """The sentences of the answer in the answerer's own voice."""
        return t.sentences(self.answer.prose)

    @t.view
    def spoken(self) -> int:
        """What words do in the answer, all its sentences together."""
        return tongues.of_words(self.answer.vocabulary, self.answer.text)

    @t.view
    def opening(self) -> str:
        """How the answer starts, on one line."""
        return self.answer.text[:300].lstrip("*_#> \n").replace("\n", " ")

    @property
    def whole(self) -> bool:
        """The answer ended by itself; one that was cut at its cap says nothing by its end."""
        return self.response_finish != "length"


_NAMES = tuple(f.name for f in fields(Evolution))
_FIELDS = attrgetter(*_NAMES)
_WRITERS = tuple(getattr(Evolution, name).__set__ for name in _NAMES)

Rule = Callable[[Exhibit], Failure | None]


def found(rule: str, evidence: str) -> Failure | None:
    """The failure that `evidence` shows, clipped to one short line; None where there is none."""
    return Failure(rule, t.clip(evidence)) if evidence else None
