"""Rules out evolutions that are worthless on sight, without asking a model.

Decides which rules there are, which failure is graver, and that an unknown round is not judged.
What each rule catches is left to `rules`: `rewrite` (the text), `task` (what it asks) and `answer`
(what came of it). How hard or useful a surviving round is, is left to `scorer`. Sources: Auto
Evol-Instruct (arXiv 2406.00770, Table 5) and WizardLM (arXiv 2304.12244, elimination), narrowed so
that good answers pass; the guards against degenerate methods are our own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from autoevol.roles import text as t
from autoevol.roles.rules import answer, rewrite, task
from autoevol.roles.rules.exhibit import Exhibit
from autoevol.types import Evolution, Failure

__all__ = ["RULES", "Eliminator", "Exhibit", "Rule"]


Rule = Callable[[Exhibit], str]

# Gravest first: no rewrite at all, then a rewrite that is another task, then one that is no better,
# then what the answer tells. A rule's name is its function's, but for `length`.
RULES: tuple[tuple[str, Rule], ...] = (
    ("refused", rewrite.refused),
    ("overflow", rewrite.overflow),
    ("length", rewrite.cut_at_length),
    ("format_break", rewrite.format_break),
    ("empty", rewrite.empty),
    ("declined", rewrite.declined),
    ("prompt_leak", rewrite.prompt_leak),
    ("repetition", rewrite.repetition),
    ("language_change", task.language_change),
    ("answer_leaked", task.answer_leaked),
    ("question_lost", task.question_lost),
    ("dropped_block", task.dropped_block),
    ("identity", task.identity),
    ("unfinished", rewrite.unfinished),
    ("bloat", rewrite.bloat),
    ("pile_up", rewrite.pile_up),
    ("refusal", answer.refusal),
    ("missing_input", answer.missing_input),
    ("stagnant", answer.stagnant),
    ("asks_back", answer.asks_back),
    ("empty_response", answer.empty_response),
    ("trivial", answer.trivial),
)


@dataclass(frozen=True, slots=True)
class Eliminator:
    """Inspects evolutions of one method by `rules`.

    Args:
        method_text: the method's own text; eight words in a row of it in a rewrite are a leak.
        contract_words: tags and headings of the output contract. They are looked for with their
            marks; a single bare word only as a tag.
        rules: pairs of a name and a function from `Exhibit` to evidence ('' where it is content).
    """

    method_text: str = ""
    contract_words: Sequence[str] = ()
    rules: tuple[tuple[str, Rule], ...] = field(default=RULES)

    def inspect(self, evolution: Evolution) -> tuple[Failure, ...]:
        """Every rule that fires, gravest first. Nothing is said of an unknown round."""
        if evolution.unknown:
            return ()
        exhibit = Exhibit(evolution, self.method_text, tuple(self.contract_words))
        said = ((name, rule(exhibit)) for name, rule in self.rules)
        return tuple(Failure(name, t.clip(words)) for name, words in said if words)
