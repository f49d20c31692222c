"""The rule on the evolving prompt in the rewrite: its marks, its sentences, notes on the work.

Decides which words only the evolver was told or would say of its work. Gives a `Failure`, or None
where it has nothing to say; what the seed itself brought is no leak. Whether the rewrite is whole
is left to `rewrite`.
"""

from __future__ import annotations

import re

from autoevol.roles.rules.asking import asks_something
from autoevol.roles.rules.exhibit import SECTION, Exhibit, found
from autoevol.text import structure as t
from autoevol.text.lexicon import ENGLISH, roots, wordset
from autoevol.text.phrases import Phrases
from autoevol.types import Failure

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
ABOUT_TAGS = Phrases(
    r"\b(?:prompts?|instructions?|rewrit\w*|llms?|chatbots?|xml|html|tags?|templates?|placeholders?)\b",
    re.I,
)
# How many words are to be added, in any language that counts so.
WORDS_MORE = Phrases(
    r"\b(?:10|ten|zehn|diez|dix|dez|dieci|tien|десять)\s?(?:to|bis|a|à|al|tot|до|–|-|e|and|und|y|et)\s?"
    r"(?:20|twenty|zwanzig|veinte|vingt|vinte|venti|twintig|двадцать)\s(?:\w+ )?"
    r"(?:words|wörter|palabras|mots|palavras|parole|woorden|слов)",
    re.I,
)
# What a method tells its writer: not to solve, to hand in the rewritten text alone.
REWRITTEN = (
    r"(?:re-?writ(?!ing)|umgeschrieb|überarbeitet|umformuliert|reescri[tb]|réécri|reformul|riscri|herschrev|"
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
    "evolved rewritten breadth i this changes rationale explanation added additional extra new "
    "complexity difficulty depth "
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
    r"[\[(](?:evolved|rewritten|depth|breadth|complexity|difficulty)\b[^\])\n]{0,80}[\])]|"
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


# So many words of the method tell of it; a heading of one word and what it says are enough.
ECHO = 3
LABELLED = re.compile(r"(?:^|[.!?\n])" + SECTION, re.M)
# Words of whoever reports on rules.
REPORT = frozenset(
    roots(
        t.words(
            "words numbers number kept changed unchanged added language names solution hint demand "
            "condition constraint requirement step rule"
        ),
        ENGLISH,
    )
)
HEADED = re.compile(r"\W{0,4}([^\W\d_][\w ,;'’/-]{2,60}): (?:[^\s.!?]+[.] )?")
BRACKETED = re.compile(r"\(([^()\n]{8,120})\)")


def prompt_leak(e: Exhibit) -> Failure | None:
    """Words of the evolving prompt in the rewrite: its contract, its headings, its sentences.

    WizardLM (arXiv 2304.12244), elimination 4; what the seed itself brought is no leak.
    """
    new = e.after.text.casefold()
    for mark in filter(new.__contains__, (*e.wording.marks, *SLOTS, *SPECIAL)):
        # A seed about prompts or markup may come to speak of tags, but not open or end with one.
        edge = new.lstrip().startswith(mark) or new.rstrip().endswith(mark)
        if mark not in e.before.text.casefold() and (edge or not ABOUT_TAGS.search(e.before.text)):
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
    return found("prompt_leak", _copied(e) or _labelled(e) or _echoed(e))


def _labelled(e: Exhibit) -> str:
    """A section's name from the method, with what the evolver wrote there."""
    labels = e.wording.labels
    if not labels or not (":" in e.after.text or "：" in e.after.text):
        return ""
    for shown in LABELLED.finditer(e.after.text):
        if (
            shown[1].casefold() in labels
            and f"{shown[1]}:".casefold() not in e.before.text.casefold()
        ):
            return e.after.text[shown.start() :].lstrip()
    return ""


def _echoed(e: Exhibit) -> str:
    """A heading, a remark or brackets that say nothing of the seed and are made of the method's
    words: a report on its rules."""
    told = e.wording.roots
    if len(told.intersection(roots(e.came, ENGLISH))) < ECHO - 1:
        return ""
    text = e.new.outside
    aside = BRACKETED.findall(text) if "(" in text else []
    headed = HEADED.match(text)
    for piece in (*aside, headed[1]) if headed else aside:
        said = t.words(piece)
        if len(said) > ECHO and f" {' '.join(said)} " in e.wording.flat:
            return str(piece)
    # What stands apart may report in anybody's words, of which a task has some, too.
    pieces = [(piece, ECHO, True) for piece in aside]
    pieces += [(sentence, ECHO, False) for sentence in e.new.sentences]
    if headed:
        pieces.append((headed.group(), ECHO - (headed[1].count(" ") < 2), True))
    topic = frozenset(roots(e.old.words, ENGLISH))
    for piece, least, apart in pieces:
        if piece in e.before.text:
            continue
        carrying = frozenset(roots(t.words(piece), ENGLISH))
        reporting, telling = (REPORT | told, told) if apart else (told, told - REPORT)
        strange = max(len(carrying - reporting), len(carrying & topic))
        few = len(carrying & telling) < least - 1 or len(carrying) < least
        if not (few or 4 * strange > len(carrying) or asks_something(piece)):
            return str(piece)
    return ""


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
