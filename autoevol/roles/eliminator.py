"""Rules out evolutions that are worthless on sight, without asking a model.

Decides which rules there are, which failure is graver, and that an unknown round is not judged.
What each rule catches is left to `rules`: `rewrite` (the text), `task` (what it asks) and `answer`
(what came of it). How hard or useful a surviving round is, is left to `scorer`. Sources: Auto
Evol-Instruct (arXiv 2406.00770, Table 5) and WizardLM (arXiv 2304.12244, elimination), narrowed so
that good answers pass; the guards against degenerate methods are our own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from autoevol.roles.rules import (
    answer,
    clarifying,
    heap,
    leak,
    looping,
    material,
    missing,
    prompted,
    reaction,
    refusing,
    restated,
    rewrite,
    task,
)
from autoevol.roles.rules.exhibit import Exhibit, Rule, Wording, wording
from autoevol.together import Aside
from autoevol.types import Evolution, Failure

__all__ = ["RULES", "Eliminator", "Exhibit", "Rule"]

# These look at no answer, so that a rewrite which passed them passes them when it is answered.
_FORM: tuple[Rule, ...] = (
    rewrite.length,
    rewrite.format_break,
    rewrite.empty,
    rewrite.declined,
    prompted.prompt_leak,
    looping.repetition,
    task.language_change,
)
_TASK: tuple[Rule, ...] = (
    task.question_lost,
    task.task_changed,
    material.dropped_block,
    restated.identity,
    rewrite.unfinished,
    rewrite.bloat,
    heap.pile_up,
)
OF_REWRITE = frozenset((rewrite.refused, *_FORM, *_TASK))

# Gravest first: no rewrite at all, then a rewrite that is another task, then one that is no better,
# then what the answer tells. A rule is named as its function is.
RULES: tuple[Rule, ...] = (
    rewrite.refused,
    rewrite.overflow,
    *_FORM,
    leak.answer_leaked,
    *_TASK,
    missing.missing_input,
    refusing.refusal,
    reaction.stagnant,
    clarifying.asks_back,
    answer.empty_response,
    answer.trivial,
    answer.answer_loops,
    answer.answer_unclosed,
)


@dataclass(frozen=True, slots=True)
class Eliminator:
    """Inspects evolutions of one method by `rules`.

    Args:
        told: what the evolver was told, the method at least; eight words in a row of it in a
            rewrite are a leak.
        contract_words: tags and headings of the output contract. They are looked for with their
            marks; a single bare word only as a tag.
        rules: functions from an evolution (an `Exhibit` is one) to a failure, or None where they
            are content.
        own: those of `rules` that are the user's. What they use may be bound to the thread of the
            event loop, so that they are called nowhere else.
    """

    told: str = ""
    contract_words: Sequence[str] = ()
    rules: tuple[Rule, ...] = RULES
    own: frozenset[Rule] = frozenset()
    _wording: Wording = field(init=False, repr=False)
    _of_answer: tuple[Rule, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_wording", wording(self.told, tuple(self.contract_words)))
        of_answer = tuple(rule for rule in self.rules if rule not in OF_REWRITE)
        object.__setattr__(self, "_of_answer", of_answer)

    def inspect(self, evolution: Evolution) -> tuple[Failure, ...]:
        """Every rule that fires, gravest first. Nothing is said of an unknown round."""
        return self._verdicts(evolution, self.rules)

    def inspect_answered(self, evolution: Evolution) -> tuple[Failure, ...]:
        """As `inspect`, of a round that passed it before it was answered: what is told by the
        rewrite alone is not asked again."""
        return self._verdicts(evolution, self._of_answer)

    async def inspect_aside(
        self, evolution: Evolution, aside: Aside, *, answered: bool = False
    ) -> tuple[Failure, ...]:
        """As `inspect`, or `inspect_answered`, while other rows go on."""
        if evolution.unknown:
            return ()
        rules = self._of_answer if answered else self.rules
        exhibit = Exhibit.of(evolution, self._wording)
        ours = [rule for rule in rules if rule not in self.own]
        size = sum(map(len, (exhibit.before.text, exhibit.after.text, exhibit.raw)))
        said = await aside.do(
            size + len(exhibit.response), lambda: {rule: rule(exhibit) for rule in ours}
        )
        found = [rule(exhibit) if rule in self.own else said[rule] for rule in rules]
        return tuple(filter(None, found))

    def _verdicts(self, evolution: Evolution, rules: tuple[Rule, ...]) -> tuple[Failure, ...]:
        if evolution.unknown:
            return ()
        exhibit = Exhibit.of(evolution, self._wording)
        return tuple(filter(None, [rule(exhibit) for rule in rules]))
