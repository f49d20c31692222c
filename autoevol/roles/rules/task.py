"""Rules on the task: does the rewrite still ask for something, and for more.

Decides what is a demand, another task, the same again. Each rule takes an `Exhibit` and gives a
`Failure`, or None where it has nothing to say. Whether the rewrite is whole is left to `rewrite`,
what became of the material to `material`, an answer given away to `leak`, what its answer tells to
`answer` and `refusing`, the order of the rules to `eliminator`.
"""

from __future__ import annotations

import re

from autoevol.roles.rules.asking import ENDING_SCRIPT, asks
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.text import language
from autoevol.text import structure as t
from autoevol.text.lexicon import ENGLISH, FOREIGN, LANGUAGES, STOP, roots
from autoevol.text.phrases import Phrases
from autoevol.types import Failure

# So many roots a seed must have, and more than so many of them must be gone, for another task.
FEW_ROOTS, STRAYED = 4, 0.67
# Of the roots of the rewrite, so many from the seed are not by chance.
BORROWED = 0.4
# How a model opens when it comments on the rewrite instead of giving it.
PREFACE = re.compile(
    r"(sure|certainly|of course|absolutely|okay|ok|great|understood|no problem|claro|por supuesto|"
    r"natürlich|gerne|klar|bien sûr|好的|当然|もちろん|承知)\s*[,!.:，！。、：]"
    r"|here(?:'s| is) (?:the|a|an|my|your|one)\b.{0,40}\b(?:version|rewrite|instruction|prompt)"
    r"|i(?:'ve| have) (?:rewritten|revised|updated|modified|made)\b",
    re.I,
)
TRANSLATION = Phrases(
    r"translat|tradu[cz]|traduire|übersetz|翻译|翻譯|翻訳|通訳|訳し|перев[оеё]д|ترجم|अनुवाद|번역|"
    r"\b(?:english|spanish|german|french|chinese|mandarin|japanese|korean|arabic|hindi|russian|"
    r"italian|portuguese|latin|greek|hebrew|thai|inglés|español|alemán|francés|deutsch|englisch|"
    r"spanisch|französisch)\b|英语|英文|中文|日语|英語|日本語|中国語",
    re.I,
)


# "To replace it, you can use …" answers, whatever it orders later.
ADVISES = re.compile(
    r"(?:to|in order to) \w+ [^.?!:;\n]{2,120}, (?:you|one|we) (?:can|could|need|should|may|will|"
    r"have)\b",
    re.I,
)


def language_change(e: Exhibit) -> Failure | None:
    """The rewrite is in another language or script; a task about languages may be."""
    shown = language.change(e.old, e.new)
    return found("language_change", shown) if shown and not translates(e.before.text) else None


def translates(text: str) -> bool:
    """Whether a text asks for a translation or speaks of languages."""
    return bool(TRANSLATION.search(text))


def question_lost(e: Exhibit) -> Failure | None:
    """The seed asks for something; the rewrite is a comment on it, or only states things.

    Auto Evol-Instruct (arXiv 2406.00770), Tables 6 and 7, incorrect evolution.
    """
    start = e.after.text.lstrip()[:200].lstrip("*_#> \"'")
    shown = PREFACE.match(start)
    if shown and not PREFACE.match(e.before.text.lstrip()):
        return found("question_lost", start)
    if not e.new.words:
        return None
    if e.new.fences and not e.new.outside.strip() and e.old.outside.strip():
        return found("question_lost", e.after.text)
    if ADVISES.match(start) and "?" in e.before.text and "?" not in e.after.text:
        return found("question_lost", start)
    if asks(e.new) or not asks(e.old) or _still_asked(e):
        return None
    # Where the text is in a language the lists do not know, silence proves nothing.
    known = {language.common(e.new), language.common(e.old)} & LANGUAGES.keys()
    if not known and not ENDING_SCRIPT.search(e.after.text):
        return None
    return found("question_lost", e.after.text)


def _still_asked(e: Exhibit) -> bool:
    """Whether a whole sentence of the seed that asks is still there, whatever was hung on."""
    return any(
        len(bare) > 7 and bare in e.after.text and asks(t.Reading(s))
        for s in e.old.sentences
        if (bare := s.rstrip(" .!。！।*_\"'"))
    )


def task_changed(e: Exhibit) -> Failure | None:
    """Hardly a word of the seed is left: whatever this is, it is another task.

    Auto Evol-Instruct (arXiv 2406.00770), Tables 6 and 7, original instruction changed.
    """
    if not e.new.words or 2 * len(e.old.vocabulary & e.new.vocabulary) > len(e.old.vocabulary):
        return None
    stop = stop_words(e.old)
    was = frozenset(roots(e.old.words, stop))
    now = frozenset(roots(e.new.words, stop))
    lost = was - now
    if len(was) < FEW_ROOTS or len(lost) <= STRAYED * len(was) or e.before.text in e.after.text:
        return None
    if len(was) == FEW_ROOTS and was & now:
        return None
    figures = frozenset(t.NUMBER.findall(e.before.text))
    if len(figures) > 1 and figures <= frozenset(t.NUMBER.findall(e.after.text)):
        return None  # the same problem, told in other words or in signs
    # A long seed may be told in few words, most of which are its own.
    if len(was) > 2 * FEW_ROOTS and len(was & now) > BORROWED * len(now):
        return None
    words = sorted({w for w in e.old.words if not lost.isdisjoint(roots((w,), stop))})
    return found("task_changed", f"{len(lost)} of {len(was)} words gone: {', '.join(words)}")


def stop_words(reading: t.Reading) -> frozenset[str]:
    """The stop words of a text's language, as far as that is known."""
    # Those of every language only where the text is not English, where "plus" is no such word.
    known = len(reading.vocabulary & ENGLISH)
    plain = reading.text.isascii() and not reading.vocabulary & FOREIGN
    return ENGLISH if known >= 2 or (known and plain) else STOP
