"""Rules on the rewrite as a piece of writing: is there one, is it of a size.

Each takes an `Exhibit` and gives a `Failure`, or None where it has nothing to say. Whether the
rewrite still asks what the seed asked is left to `task`, whether it breaks off to `cut`, words of
the evolving prompt in it to `prompted`, what its answer tells to `answer`, the order of the rules
to `eliminator`.
"""

from __future__ import annotations

import re

from autoevol.roles import text as t
from autoevol.roles.rules import refusing
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.types import Evolution, Failure

# One round is asked for 10 to 20 more words; four times the upper end is no mere slip.
BLOAT_WORDS, BLOAT_FACTOR = 80, 2
MOSTLY = 0.6
"""Of a seed's words: who declines repeats fewer of them."""

NO_TASK = "INVALID"

# Scaffolding of a method that stands where the instruction should be.
SCAFFOLD = re.compile(
    r"[\W_]{0,6}(?:(?:methods?|ways?)(?: list)?|list of (?:methods|ways)|plan|review|preparation|"
    r"(?:step|rule) 1|(?:final(?:ly)?|re-?written|evolved|revised|new|harder)[\w ]{0,20}"
    r"(?:instruction|prompt|task|problem|question|version))[\W_]{0,4}(?:[:：]|\n)",
    re.I,
)


def refused(e: Exhibit) -> Failure | None:
    """The evolver would not rewrite: so its endpoint says, or it says so in place of a section."""
    if e.evolver_finish != "refusal":
        return found("refused", e.raw) if not e.after.text and _would_not(e) else None
    return found("refused", e.raw.strip() or "the evolver's answer was refused")


def _would_not(e: Exhibit) -> bool:
    """Whether what was handed in without a section declines as an answer to the seed would. One
    that holds most of the seed's words is taken for a rewrite, and one that opens a tag breaks the
    form."""
    raw = e.raw.casefold()
    if not raw or e.evolver_finish not in ("", "stop") or any(m in raw for m in e.wording.marks):
        return False
    told = Exhibit.of(Evolution(e.before, e.before, response=e.raw), e.wording)
    seed = told.old.vocabulary
    if len(seed & told.answer.vocabulary) > MOSTLY * len(seed):
        return False
    return refusing.refusal(told) is not None


def overflow(e: Exhibit) -> Failure | None:
    """The rewrite, or its answer, did not fit the model's context."""
    if e.evolver_finish == "overflow":
        return found("overflow", "the evolver's prompt did not fit the context")
    if e.response_finish == "overflow":
        return found("overflow", "the rewritten instruction did not fit the context")
    return None


def length(e: Exhibit) -> Failure | None:
    """The evolver ran into its output cap before it closed a final section."""
    if e.evolver_finish != "length":
        return None
    closed = [mark for mark in e.wording.marks if mark.startswith("</")]
    if e.after.text and any(mark in e.raw.casefold() for mark in closed):
        return None  # the section was whole before the cap
    return found("length", t.tail(e.raw or e.after.text) or "the evolver reached its output cap")


def format_break(e: Exhibit) -> Failure | None:
    """No final section was handed in, or the method's scaffolding in its place."""
    if e.after.text:
        start = SCAFFOLD.match(e.after.text[:200])
        # "Plan a trip" may become "Plan: a trip".
        own = start and e.new.words[:1] != e.old.words[:1]
        own = own and not SCAFFOLD.match(e.before.text[:200])
        return found("format_break", e.after.text) if own else None
    if not e.raw or e.evolver_finish not in ("", "stop") or _would_not(e):
        return None  # the ways it may have been cut go first, and a refusal is none
    return found("format_break", t.tail(e.raw) or "blank answer")


def empty(e: Exhibit) -> Failure | None:
    """A final section without a single letter or digit, or no answer at all."""
    if e.after.text:
        nothing = not e.new.words
        return found("empty", t.clip(e.after.text) or "only space") if nothing else None
    silent = not e.raw and e.evolver_finish in ("", "stop")
    return found("empty", "the evolver wrote nothing") if silent else None


def declined(e: Exhibit) -> Failure | None:
    """The way out that a method names for what cannot be joined: the one word instead of a text.

    Source: Instruction Fusion (arXiv 2312.15692).
    """
    said = e.after.text.strip(" .`*\"'")
    return found("declined", said) if said == NO_TASK and e.wording.offers(NO_TASK) else None


def bloat(e: Exhibit) -> Failure | None:
    """Far more words than one more demand needs."""
    if len(e.after.text) <= len(e.before.text):
        return None
    old, new = e.old.length, e.new.length
    if new - old <= BLOAT_WORDS or new <= BLOAT_FACTOR * old:
        return None
    return found("bloat", f"{new - old} words added to {old}")
