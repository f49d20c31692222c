"""Rules on the rewrite as a piece of writing: is there one, is it whole, is it the evolver's own.

Each takes an `Exhibit` and gives a `Failure`, or None where it has nothing to say. Whether the
rewrite still asks what the seed asked is left to `task`, what its answer tells to `answer`, the
order of the rules to `eliminator`.
"""

from __future__ import annotations

import re

from autoevol.roles import text as t
from autoevol.roles.lexicon import wordset
from autoevol.roles.phrases import Phrases
from autoevol.roles.rules import reworked
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.types import Failure

# One round is asked for 10 to 20 more words; four times the upper end is no mere slip.
BLOAT_WORDS, BLOAT_FACTOR = 80, 2

NO_TASK = "INVALID"

# Words about rewriting that an instruction on another subject has no use for (WizardLM,
# elimination 4; here only beside the words of the method itself).
LEAKS = (
    "harder version of",
    "more challenging version",
    "more difficult version",
    "rewritten version",
    "evolved version",
    "rewritten task",
    "10 to 20 words",
    "ten to twenty words",
    "10-20 words",
    "given instruction",
    "new instruction",
    "increase the difficulty",
    "increase the complexity",
    "make the task harder",
    "make the instruction",
    "rewritten instruction",
    "rewritten prompt",
    "given prompt",
    "created prompt",
    "evolved prompt",
    "evolved instruction",
    "original instruction",
    "original prompt",
    "methods list",
    "more complex version",
    "finally rewritten",
    "instruction rewriter",
    "harder instruction",
    "words longer, no solution",
    "in the language of the problem",
    "in the language of the instruction",
    "in the language of the original",
    "überarbeitete anfrage",
    "überarbeitete aufgabe",
    "überarbeitete anweisung",
    "instrucción reescrita",
    "instruction réécrite",
    "instrução reescrita",
    "переписанная инструкция",
    "改写后的指令",
    "書き直した指示",
    "chosen tags:",
    "chosen methods:",
)
ABOUT_PROMPTS = Phrases(r"\b(?:prompt|instruction|rewrit)", re.I)
# How many words are to be added, in any language that counts so.
WORDS_MORE = Phrases(
    r"\b(?:10|ten|zehn|diez|dix|dez|dieci|tien|десять)\s?(?:to|bis|a|à|al|tot|до|–|-|e|and|und|y|et)\s?"
    r"(?:20|twenty|zwanzig|veinte|vingt|vinte|venti|twintig|двадцать)\s(?:\w+ )?"
    r"(?:words|wörter|palabras|mots|palavras|parole|woorden|слов)",
    re.I,
)
# What a method tells its writer: not to solve, to hand in the rewritten text alone.
REWRITTEN = (
    r"(?:re-?writ|umgeschrieb|überarbeitet|umformuliert|reescri[tb]|réécri|reformul|riscri|herschrev|"
    r"przepisan|przeredag|yeniden yaz|переписан|переформулир|uudelleenkirjoit|omskriv)"
)
ORDERS_WRITER = Phrases(
    rf"\b(?:only|just|nur|solo|sólo|seulement|uniquement|apenas|somente|alleen|tylko|yalnızca|только|"
    rf"mention|erwähne|mainitse|menciones|mentionne)\b[^.!?\n]{{0,60}}{REWRITTEN}"
    rf"|{REWRITTEN}\w*[^.!?\n]{{0,40}}\b(?:only|alone|aus\b|ausgeben)"
    r"|\b(?:do not|don't|never) (?:solve|answer) (?:it|the (?:task|problem|question|instruction))\b"
    r"|\blöse (?:sie|die aufgabe) nicht\b|\bno (?:la|lo) resuelvas\b|\bne (?:la|le) résous pas\b|"
    r"\bne pas (?:la|le) résoudre\b|\bnão (?:a|o) resolva\b|\bnon risolver\w*\b|\bне решай\w*\b|"
    r"\bnie rozwiązuj\w*\b|\bçözümü gösterme\w*\b|不要解答|解かないで"
    r"|\b(?:strategy|technique|approach|method|operator)s? (?:chosen|used|applied):"
    r"|\bkeep everything (?:that was |that is )?given\b",
    re.I,
)
SPECIAL = (
    "<|im_",
    "<|end",
    "[inst]",
    "[/inst]",
    "<s>",
    "</s>",
    "### instruction",
    "### response",
    "#instruction#",
)
SLOTS = ("{instruction}", "$instruction", "{{instruction}}", "[instruction]", "{prompt}")
# What a rewriter says of his work.
COMMENTS = wordset(
    "i this changes rationale explanation added additional extra new complexity difficulty depth "
    "original initial previous harder challenging difficult complex demanding here"
)
COMMENT = Phrases(
    r"(?:^|[\n(.!?:]\s?)\W{0,4}(?:changes(?: made)?:|rationale:|explanation of (?:the )?changes|"
    r"this (?:version|rewrite|revision|revised|rewritten) \w+|"
    r"i(?:'ve| have)? (?:added|rewrote|rewritten|reworded|modified|increased|extended|made (?:it|"
    r"the|this)|raised the|introduced))\b"
    r"(?!.{0,60}\?)|\b(?:added|extra) (?:constraints?|requirements?|twist|challenge|layer):|"
    r"\b(?:complexity|difficulty|depth)(?: level)? (?:has been |was |is )?(?:increased|raised|"
    r"added)\b|\bthe (?:original|initial|previous) (?:task|question|instruction|prompt|version|"
    r"problem)(?: was| is| has| asked|,? but)|\b(?:to (?:make|render) (?:it|this|the (?:task|"
    r"question|"
    r"problem|instruction)) (?:harder|more (?:challenging|difficult|complex|demanding)))\b|"
    r"\bthis (?:makes|keeps|renders) (?:it|the (?:task|question|problem|instruction|prompt)) "
    r"(?:\w+ )?(?:harder|more (?:challenging|difficult|complex|demanding))\b|"
    r"\bhere(?:'s| is) (?:a|the|my|your) (?:harder|more \w+|revised|new|evolved|improved|"
    r"upgraded) ",
    re.I,
)
# A heading or a note about the rewriting.
REWORKED = Phrases(
    r"(?:^|[\n(（])[^\n:：]{0,40}(?:rework|rewrit|re-?phrased|revised|überarbeit|umgeschrieb|"
    r"umformulier|(?:improved|mejorad\w|verbesserte|amélioré\w?|melhorad\w|migliorat\w|"
    r"улучшенн\w+) "
    r"\w*(?: \w+){0,2} ?(?:instruc\w+|prompt|task|question|version|anweisung|aufgabe|consigne|"
    r"pregunta|tarefa|tarea)|reformul|réécri|"
    r"reescri|riscri|riformul|herschrev|переписан|переформулир|改写|改寫|改编|書き換え|書き直し|صياغ|المعدل|"
    r"पुनर्लिख|"
    r"संशोधित)[^\n:：]{0,100}[:：]",
    re.I,
)
STEP = Phrases(
    r"^\W{0,4}(?:step|schritt|paso|étape|passo|stap|шаг|步骤|第|ステップ|الخطوة|चरण)\s?(\d)",
    re.I | re.M,
)
# Scaffolding of a method that stands where the instruction should be.
SCAFFOLD = re.compile(
    r"[\W_]{0,6}(?:(?:methods?|ways?)(?: list)?|list of (?:methods|ways)|plan|review|preparation|"
    r"(?:step|rule) 1|(?:final(?:ly)?|re-?written|evolved|revised|new|harder)[\w ]{0,20}"
    r"(?:instruction|prompt|task|problem|question|version))[\W_]{0,4}(?:[:：]|\n)",
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
# Japanese particles and Chinese words that something has to follow.
DANGLING_SIGNS = "はがをにでとのへも的和在把对与或并将是及如因"
ENDS = ".!?。！？؟।…)]}>\"'”’»」`*_:：|$~"
BARE_MARK = re.compile(r"\s*(?:[-*•]|\(?\d{1,2}[.)])\s*")
LEFT_OPEN = re.compile(r"\s[\"“(\[«]$")
STOPS = ".!?。！？؟।…"
LONG_LINE = 10
OPENERS = ",(—–-/+=&"


def refused(e: Exhibit) -> Failure | None:
    """The evolver would not rewrite."""
    if e.evolver_finish != "refusal":
        return None
    return found("refused", e.raw.strip() or "the evolver's answer was refused")


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
    if not e.raw or e.evolver_finish not in ("", "stop"):
        return None  # the ways it may have been cut go first
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


def prompt_leak(e: Exhibit) -> Failure | None:
    """Words of the evolving prompt in the rewrite: its contract, its headings, its sentences.

    WizardLM (arXiv 2304.12244), elimination 4; what the seed itself brought is no leak.
    """
    new = e.after.text.casefold()
    for mark in filter(new.__contains__, (*e.wording.marks, *SLOTS, *SPECIAL)):
        if mark not in e.before.text.casefold():
            return found("prompt_leak", mark)
    for phrase in filter(new.__contains__, LEAKS):
        # A seed about prompts may come to speak of rewritten prompts by itself.
        if not ABOUT_PROMPTS.search(e.before.text):
            return found("prompt_leak", phrase)
    text = e.after.text
    shown = WORDS_MORE.search(text)
    if shown and not WORDS_MORE.search(e.before.text) and not ABOUT_PROMPTS.search(e.before.text):
        return found("prompt_leak", shown.group())
    shown = ORDERS_WRITER.search(text)
    if (
        shown
        and not ORDERS_WRITER.search(e.before.text)
        and not ABOUT_PROMPTS.search(e.before.text)
    ):
        return found("prompt_leak", shown.group())
    shown = REWORKED.search(text) if ":" in text or "：" in text else None
    if shown and not REWORKED.search(e.before.text) and not ABOUT_PROMPTS.search(e.before.text):
        return found("prompt_leak", shown.group())
    shown = STEP.search(e.after.text)
    # A later step without a first one is left over from the preparation.
    if shown and "1" not in STEP.findall(e.after.text) and not STEP.search(e.before.text):
        return found("prompt_leak", e.after.text[shown.start() :])
    shown = None if COMMENTS.isdisjoint(e.new.vocabulary) else COMMENT.search(text)
    if shown and not COMMENT.search(e.before.text):
        return found("prompt_leak", e.after.text[shown.start() :])
    return found("prompt_leak", _copied(e))


def _copied(e: Exhibit) -> str:
    """The first run of words that the rewrite shares with the evolving prompt, not with the seed.

    A run of `size` words holds a hint that starts at one of any size - size // 2 + 1 places in a
    row, so only those places are looked at first.
    """
    known, words = e.wording, e.new.words
    half = known.size // 2
    step = known.size - half + 1
    if known.hints.isdisjoint(t.ngrams(words, half, step)):
        return ""
    own = known.runs - frozenset(t.ngrams(e.old.words, known.size))
    return " ".join(next((run for run in t.ngrams(words, known.size) if run in own), ()))


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
    if (
        not text
        or (text[-1] in ENDS and not LEFT_OPEN.search(text[-3:]))
        or e.old.words[-2:] == e.new.words[-2:]
    ):
        return ""
    closed = seed[-1:] in STOPS
    last = e.new.words[-1] if e.new.words else ""
    hanging = last in DANGLING and text.endswith(last)
    if (
        text[-1] in OPENERS
        or LEFT_OPEN.search(text[-3:])
        or (hanging and (closed or len(last) < 4))
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
        hangs = words and words[-1] in DANGLING and said.casefold().endswith(words[-1])
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
