"""The nouns: frozen records that every other file speaks in.

Decides the words. What happens to them is left to `roles`, `measure` and the verbs. Sources: Auto
Evol-Instruct (arXiv 2406.00770, section 3) for trajectory, feedback and failure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Literal


def digest_of(text: str) -> str:
    """`sha256:` digest of a text with its line ends normalised to LF."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "sha256:" + hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


# As `digest_of`, kept: every row asks for the digest of the same few methods and prompts.
digest_of_few = lru_cache(maxsize=16)(digest_of)


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: a seed, or an evolved one. `lang` is an ISO 639-1 code, '' if not known."""

    text: str
    id: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Second:
    """An instruction that is joined to another one: its text, the seed it is of, and that seed's
    licence, each '' where it is not known."""

    text: str
    id: str = ""
    license: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an evolution is worthless: the rule that fired and the words it fired on."""

    rule: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Spent:
    """What calls took, whoever paid: tokens, and US dollars (None where a price is not known).

    `output` includes `reasoning`; `input` includes `cached`.
    """

    input: int = 0
    output: int = 0
    reasoning: int = 0
    cached: int = 0
    cost: Decimal | None = Decimal(0)

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            self.input + other.input,
            self.output + other.output,
            self.reasoning + other.reasoning,
            self.cached + other.cached,
            None if self.cost is None or other.cost is None else self.cost + other.cost,
        )


@dataclass(frozen=True, slots=True)
class Evolution:
    """One round: `before` was rewritten to `after`, and `response` answers it.

    `raw` is the evolver's whole answer. `failures` holds every rule that fired, gravest first.
    `unknown` is not empty when nothing can be said of the method (transport gave out, cut while
    thinking): such a round is neither good nor bad and is left out of comparisons. `lasting` is the
    class of what happened (see `errors.lasting`) where asking again would end alike, else ''.
    `evolver_finish` and `response_finish` are `llm.messages.Finish` values, '' where not asked.
    Tokens are the evolver's; `spent` is what all calls of the round took. `joined` are the second
    instructions that came with the first. `marks` are a judge's by name, each None where it gave
    none that could be read; there are none where no judge was asked.
    """

    before: Instruction
    after: Instruction
    raw: str = ""
    response: str = ""
    reasoning: str = ""
    failures: tuple[Failure, ...] = ()
    unknown: str = ""
    lasting: str = ""
    evolver_finish: str = ""
    response_finish: str = ""
    output_tokens: int = 0
    input_tokens: int = 0
    spent: Spent = Spent()
    joined: tuple[Second, ...] = ()
    marks: tuple[tuple[str, float | None], ...] = ()

    @property
    def failure(self) -> Failure | None:
        return self.failures[0] if self.failures else None


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The paper's evol trajectory: one seed through l rounds of one method (by digest)."""

    seed: Instruction
    method: str
    evolutions: tuple[Evolution, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One case in an analysis: which item failed, as what, on what evidence, and the lesson."""

    case: str
    failure_class: str
    evidence: str
    lesson: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the analyzer learned from a minibatch. Lessons stand gravest first.

    `counts` says how often each failure class occurred in the minibatch.
    """

    cases: tuple[Case, ...]
    lessons: tuple[str, ...]
    keep: tuple[str, ...]
    counts: Mapping[str, int] = field(default_factory=dict)


Kind = Literal["handwritten", "learned"]


WIRING = ("aim", "budget", "operations", "seeds", "start")
"""Keys of a method's head that change what is sent; what they mean is told in `forms`."""


@dataclass(frozen=True, slots=True)
class Method:
    """An evolution method: the text that tells an evolver how to rewrite an instruction.

    `head` carries the rest of a method file's front matter (reference, models, scores, …). The
    digest is the text's, and covers those keys of the head that change what is sent.
    """

    name: str
    domain: str
    text: str
    kind: Kind = "handwritten"
    parent: str = ""
    head: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        wired = "".join(f"{key}: {self.head[key]}\n" for key in WIRING if key in self.head)
        return digest_of_few(f"{wired}---\n{self.text}" if wired else self.text)


Stance = Literal["repair", "extend", "compress", "rewrite", "cross"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """How the optimizer is asked for one candidate: the fixed space that Optuna searches."""

    stance: Stance
    temperature: float
    findings: int
    trajectories: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A living method in the race. `number` is its Optuna trial's; it is frozen when it wins."""

    method: Method
    number: int
    step: int
    proposal: Proposal | None = None
    edits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One item under one method. `utility` is in [0, 1], None where unknown.

    `failure` names the first rule that fired ('' if none), `score` the proxy score of an evolution
    that passed, None where it was not asked. `added` is the text the method added to the seed.
    """

    item: str
    utility: float | None
    failure: str = ""
    score: float | None = None
    added: str = ""
    added_words: int = 0
    output_tokens: int = 0
    input_tokens: int = 0
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A method on a list of items, in that order: the input of every comparison."""

    method: str
    outcomes: tuple[Outcome, ...]

    def utilities(self) -> dict[str, float]:
        return {o.item: o.utility for o in self.outcomes if o.utility is not None}

    @property
    def failure_rate(self) -> float:
        known = [o for o in self.outcomes if o.utility is not None]
        return sum(1 for o in known if o.failure) / len(known) if known else 0.0

    @property
    def mean(self) -> float:
        known = self.utilities()
        return sum(known.values()) / len(known) if known else 0.0
