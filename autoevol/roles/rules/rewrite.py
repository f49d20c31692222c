"""Rules on the rewrite as a piece of writing: is there one, is it whole, is it the evolver's own.

Each takes an `Exhibit` and gives its evidence, '' where it has nothing to say. Whether the rewrite
still asks what the seed asked is left to `task`, what its answer tells to `answer`, the order of
the rules to `eliminator`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from autoevol.roles import text as t
from autoevol.roles.rules.exhibit import Exhibit, tail

# One round is asked for 10 to 20 more words. Three times that, or twice the seed, is generous;
# beyond 200 words no seed is long enough to excuse the growth.
BLOAT_FLOOR, BLOAT_FACTOR, BLOAT_CEILING = 60, 2, 200
# Evolution by constraints stacks about two a round; six new ones in one round are a heap.
PILE = 6
# Eight words in a row are not shared by chance.
SHINGLE = 8

NO_TASK = "INVALID"

LEAKS = (
    *("rewritten instruction", "rewritten prompt", "given prompt", "created prompt"),
    *("evolved instruction", "evolved prompt", "original instruction", "methods list"),
)
DEMAND = re.compile(
    r"\b(?:must|should|shall|ensure|also|additionally|furthermore|moreover|besides|without|"
    r"debe\w*|además|asegúr\w+|muss|müssen|sollte\w*|außerdem|zusätzlich|ohne)\b",
    re.I,
)


def refused(e: Exhibit) -> str:
    """The evolver would not rewrite."""
    if e.evolution.evolver_finish != "refusal":
        return ""
    return t.clip(e.evolution.raw) or "the evolver's answer was refused"


def overflow(e: Exhibit) -> str:
    """The rewrite, or its answer, did not fit the model's context."""
    if e.evolution.evolver_finish == "overflow":
        return "the evolver's prompt did not fit the context"
    fits = e.evolution.response_finish != "overflow"
    return "" if fits else "the rewritten instruction did not fit the context"


def cut_at_length(e: Exhibit) -> str:
    """The evolver ran into its output cap."""
    if e.evolution.evolver_finish != "length":
        return ""
    return tail(e.evolution.raw or e.after.text) or "the evolver reached its output cap"


def format_break(e: Exhibit) -> str:
    """The evolver answered, but closed no final section; the ways it may have been cut go first."""
    if e.after.text or not e.evolution.raw or e.evolution.evolver_finish not in ("", "stop"):
        return ""
    return tail(e.evolution.raw) or "blank answer"


def empty(e: Exhibit) -> str:
    """A final section without a single letter or digit, or no answer at all."""
    if e.after.text:
        return "" if e.after.words else t.clip(e.after.text) or "only space"
    silent = not e.evolution.raw and e.evolution.evolver_finish in ("", "stop")
    return "the evolver wrote nothing" if silent else ""


def declined(e: Exhibit) -> str:
    """The way out that a method names for what cannot be joined: the one word instead of a text.

    Source: Instruction Fusion (arXiv 2312.15692).
    """
    said = e.after.text.strip(" .`*\"'")
    return said if said == NO_TASK and NO_TASK in e.method_text else ""


def prompt_leak(e: Exhibit) -> str:
    """Words of the evolving prompt in the rewrite: its contract, its headings, its sentences."""
    old, new = e.before.text.casefold(), e.after.text.casefold()
    for mark in marks(e):
        if mark in new and mark not in old:
            return t.clip(mark)
    known = f" {' '.join(e.before.words)} "
    copied = f" {' '.join(e.after.words)} "
    # A seed about prompts may come to speak of rewritten prompts by itself.
    if " prompt" not in known and " instruction" not in known:
        for phrase in LEAKS:
            if f" {phrase} " in copied or f" {phrase}s " in copied:
                return phrase
    method = t.words(e.method_text)
    size = 2 * SHINGLE if t.unspaced(method) else SHINGLE
    own = t.ngrams(method, size).keys() - t.ngrams(e.before.words, size).keys()
    if not own:
        return ""
    shared = (gram for gram in t.ngrams(e.after.words, size) if gram in own)
    return t.clip(" ".join(next(shared, ())))


def marks(e: Exhibit) -> Iterator[str]:
    """Contract words and marked headings, casefolded.

    A bare word ("evolved") may be part of any task, so it counts only as a tag.
    """
    for word in e.contract_words:
        plain = word.strip().casefold()
        if plain.isalnum():
            yield from (f"<{plain}", f"</{plain}")
        elif plain:
            yield plain
    for line in e.method_text.split("\n"):
        heading = line.strip()
        if heading.startswith("#") and " " in heading.strip("# "):
            yield heading.casefold()


def repetition(e: Exhibit) -> str:
    """A loop: one line, or one run of six words, again and again beyond what the seed repeats."""
    lines = Counter(line.strip() for line in e.after.text.split("\n") if len(line.strip()) > 9)
    lines -= Counter(line.strip() for line in e.before.text.split("\n"))
    for line, times in lines.most_common(1):
        if times >= 4:
            return f"{times} times: {t.clip(line, 90)}"
    size = 12 if t.unspaced(e.after.words) else 6
    loops = t.ngrams([w for w in e.after.words if not w.isdecimal()], size)
    loops -= t.ngrams([w for w in e.before.words if not w.isdecimal()], size)
    for gram, times in loops.most_common(1):
        # A fifth of the text: a refrain or a repeated name stays below.
        if times >= 4 and size * times >= 0.2 * len(e.after.words):
            return f"{times} times: {t.clip(' '.join(gram), 90)}"
    return ""


def unfinished(e: Exhibit) -> str:
    """A fence that the seed closed, or did not have, stays open."""
    ajar = any(not b.closed for b in e.after.fences)
    was_ajar = any(not b.closed for b in e.before.fences)
    return f"open fence: {tail(e.after.text, 100)}" if ajar and not was_ajar else ""


def bloat(e: Exhibit) -> str:
    """Far more words than one more demand needs."""
    old, new = e.before.length, e.after.length
    bound = max(BLOAT_FLOOR, min(BLOAT_FACTOR * old, BLOAT_CEILING))
    return f"{new - old} words added to {old}, bound {bound}" if new - old > bound else ""


def pile_up(e: Exhibit) -> str:
    """Many demands stacked in one round: new list items and new 'must', 'also', 'without'."""

    added = demands(e.after) - demands(e.before)
    return f"{added} demands added at once" if added >= PILE else ""


def demands(reading: t.Reading) -> int:
    items = sum(1 for line in reading.outside.split("\n") if t.BULLET.match(line))
    return max(items, len(DEMAND.findall(reading.outside)))
