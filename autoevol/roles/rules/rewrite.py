"""Rules on the rewrite as a piece of writing: is there one, is it whole, is it of a size.

Each takes an `Exhibit` and gives a `Failure`, or None where it has nothing to say. Whether the
rewrite still asks what the seed asked is left to `task`, words of the evolving prompt in it to
`prompted`, what its answer tells to `answer`, the order of the rules to `eliminator`.
"""

from __future__ import annotations

import re

from autoevol.roles.rules import refusing, reworked
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.text import structure as t
from autoevol.text.lexicon import STOP, wordset
from autoevol.types import Evolution, Failure

# One round is asked for 10 to 20 more words; four times the upper end is no mere slip.
BLOAT_WORDS, BLOAT_FACTOR = 80, 2
MOSTLY = 0.6
"""Of a seed's words: who declines repeats fewer of them."""

A_REFUSAL = 40

NO_TASK = "INVALID"

# Scaffolding of a method that stands where the instruction should be.
SCAFFOLD = re.compile(
    r"[\W_]{0,6}(?:(?:methods?|ways?)(?: list)?|list of (?:methods|ways)|plan|review|preparation|"
    r"(?:step|rule) 1|(?:final(?:ly)?|re-?written|evolved|revised|new|harder)[\w ]{0,20}"
    r"(?:instruction|prompt|task|problem|question|version))[\W_]{0,4}(?:[:：]|\n)"
    r"|\s{0,4}\{\s{0,4}\"(?:evolved|final|instruction|rewritten|prompt|result)\w{0,20}\"\s?:",
    re.I,
)
# No sentence ends in one of these.
DANGLING = wordset(
    "the a an and or of with which whose because if than every each your its their while whether "
    "as "
    "from using such also at by would could may might including without although though "
    "whereas is are was were be been has have must should will can when where "
    "that who unless until so but into onto between among through during per via not both either "
    "neither nor to for in on about does do did it they he she we i my our his her this these "
    "und oder der die das ein eine einen einem mit dass wenn weil deren dessen den dem des für von "
    "zu "
    "im auf bei y o el los las una con que para por como si cuando donde cuyo sin pero del al de "
    "et "
    "ou le les des avec pour par dans sur dont quand mais du au aux il lo gli che di per con e do "
    "da "
    "os em no na se и в на с по к из у за от до для что который которая которые если когда чтобы а "
    "och som att även till av ett oraz który która które że aby dla przy ve ile için veya van "
    "het voor "
    "но को में से का की के पर और कि जो जिसमें ने في من على إلى التي الذي أن عن مع"
)
# Where the seed closes no sentence either, these may end one; a lone letter may be spoken of.
OBJECTS = wordset(
    "it this these they he she we my our his her i do does did can will is are was be on off of in "
    "for from by to with at via per as so no"
)
# And no sentence at all ends in one of these, however carelessly it was typed.
LEADING = wordset(
    "which because whose than whether must would should unless until although whereas their every "
    "weil deren dessen porque parce perché perchè omdat która który które чтобы которая который"
)
LEFT = DANGLING - OBJECTS
# Japanese particles and Chinese words that something has to follow.
DANGLING_SIGNS = "はがをにでとのへも的和在把对与或并将是及如因"
ENDS = ".!?。！？؟।…)]}>\"'”’»」`*_:：|$~"
BARE_MARK = re.compile(r"\s*(?:[-*•]|\(?\d{1,2}[.)])\s*")
LEFT_OPEN = re.compile(r"\s[\"“(\[«]$")
STOPS = ".!?。！？؟।…"
LONG_LINE = 10
OPENERS = ",(—–"
# "One thing he agrees to", "and no series either".
STRANDED = re.compile(
    r"\b(?:i|you|he|she|it|we|they) (?:\w+ )?\w+ (?:to|with|for|about|at|on|in|from|of|by)$|"
    r"\b(?:no|not|n't|never|nor)\b[^.!?]{0,40} either$",
    re.I,
)
# Apart from what is before them: "C++", "A-" and a path may end a sentence.
SUM = re.compile(r"\d\s?[-+−×·*/÷:]\s?\d+\s?=$")
OPERATOR = re.compile(r"\s[-+/=&<>≥≤−×÷·≈≠∈]$")
# A heading, or the letter of a point, with nothing behind it.
BARE_HEAD = re.compile(r"(?:\*\*[^*\n]{2,40}(?::\*\*|\*\*:)|[,;:] \(?[b-h]\))$")


def refused(e: Exhibit) -> Failure | None:
    """The evolver would not rewrite: so its endpoint says, or it says so in place of a section."""
    if e.evolver_finish != "refusal":
        if e.after.text:
            return found("refused", e.after.text) if _handed_in_a_refusal(e) else None
        return found("refused", e.raw) if _would_not(e) else None
    return found("refused", e.raw.strip() or "the evolver's answer was refused")


def _handed_in_a_refusal(e: Exhibit) -> bool:
    """ "I can't assist with that" in the section: it hardly has a word of the seed's."""
    new = e.new
    if new.length > A_REFUSAL or refusing.DECLINING.isdisjoint(new.vocabulary):
        return False
    shared = (e.old.vocabulary & new.vocabulary) - STOP
    return len(shared) < 2 and _declined(e, new.text)


def _would_not(e: Exhibit) -> bool:
    """Whether what was handed in without a section declines as an answer to the seed would. One
    that holds most of the seed's words is taken for a rewrite, and one that opens a tag breaks the
    form."""
    raw = e.raw.casefold()
    if not raw or e.evolver_finish not in ("", "stop") or any(m in raw for m in e.wording.marks):
        return False
    return _declined(e, e.raw)


def _declined(e: Exhibit, said: str) -> bool:
    told = Exhibit.of(Evolution(e.before, e.before, response=said), e.wording)
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
    if e.after.text and e.after.text in e.raw and not e.raw.rstrip().endswith(e.after.text):
        return None  # so it was, under whatever mark
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


def unfinished(e: Exhibit) -> Failure | None:
    """A fence stays open, or the text stops within a sentence, where the seed's did not."""
    if any(not b.closed for b in e.new.fences):
        ajar = any(not b.closed for b in e.old.fences)
        return None if ajar else found("unfinished", f"open fence: {t.tail(e.after.text, 100)}")
    return found("unfinished", _cut(e))


def _cut(e: Exhibit) -> str:
    text, seed = e.after.text.rstrip(), e.before.text.rstrip()
    if e.new.fences:
        return _cut_before(e)
    last = text[text.rfind("\n") + 1 :]
    if len(last) < 5 and "\n" in text and BARE_MARK.fullmatch(last):
        return t.tail(text, 100)
    if OPERATOR.search(text[-2:]) and text[-1] != seed[-1:] and not SUM.search(text[-40:]):
        return t.tail(text, 100)
    # A formula stays open, or an announcement has nothing behind it.
    opened = text.count("$") % 2 and not seed.count("$") % 2 and "\\" in text[text.rfind("$") :]
    led = text[-1:] in (":", "：") and text[-1] != seed[-1:] and "```" not in text
    if opened or led:
        return t.tail(text, 100)
    bare = BARE_HEAD.search(text[-48:])
    if bare and bare.group() not in seed:
        return t.tail(text, 100)
    if (
        not text
        or (text[-1] in ENDS and not LEFT_OPEN.search(text[-3:]))
        or e.old.words[-2:] == e.new.words[-2:]
    ):
        return ""
    closed = seed[-1:] in STOPS
    last = e.new.words[-1] if e.new.words else ""
    hanging = last in DANGLING and text.endswith(last) and not STRANDED.search(text[-60:])
    leading = last in LEADING and text.endswith(last)
    if (
        text[-1] in OPENERS
        or LEFT_OPEN.search(text[-3:])
        or leading
        or (hanging and (closed or (1 < len(last) < 4 and last not in OBJECTS)))
    ):
        return t.tail(text, 100)
    # A seed that ends its sentences, and a long sentence without an end.
    line = text[text.rfind("\n") + 1 :]
    plain = text[-1].isalpha() and not t.BULLET.match(line) and ":" not in line
    if closed and plain and reworked.ends_in_given(text, line):
        return ""
    if closed and plain and (t.length(line) >= LONG_LINE or text[-1] in DANGLING_SIGNS):
        return t.tail(text, 100)
    return ""


def _cut_before(e: Exhibit) -> str:
    """A paragraph of its own around the blocks that ends within a sentence."""
    for paragraph in t.BLANK_LINES.split(e.new.outside):
        said = paragraph.rstrip()
        words = t.words(said[-40:])
        hangs = words and words[-1] in LEFT and said.casefold().endswith(words[-1])
        if hangs and said not in e.before.text:
            return t.tail(said, 100)
    return ""


def bloat(e: Exhibit) -> Failure | None:
    """Far more words than one more demand needs."""
    if len(e.after.text) <= len(e.before.text):
        return None
    old, new = e.old.length, e.new.length
    if new - old <= BLOAT_WORDS or new <= BLOAT_FACTOR * old:
        return None
    return found("bloat", f"{new - old} words added to {old}")
