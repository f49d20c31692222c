"""Rules on the task: does the rewrite still ask for something, and for more.

Decides what is a demand, an answer given away, code that is a solution, the same again. Each rule
takes an `Exhibit` and gives a `Failure`, or None where it has nothing to say. Whether the rewrite
is whole is left to `rewrite`, what became of the material to `material`, what its answer tells to
`answer`, the order of the rules to `eliminator`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from autoevol.roles import language
from autoevol.roles import text as t
from autoevol.roles.lexicon import ENGLISH, FILLERS, LANGUAGES, NUMBER_WORDS, STOP, VERBS, roots
from autoevol.roles.rules import material
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.types import Failure

# So many roots a seed must have, and more than so many of them must be gone, for another task.
FEW_ROOTS, STRAYED = 4, 0.66
# A restatement: so many words came for each that went, so large a part of the seed was
# exchanged, so many words longer.
SWAPPED, SAME, WORDIER = 2.0, 0.45, 5
# How a model opens when it comments on the rewrite instead of giving it.
PREFACE = re.compile(
    r"(sure|certainly|of course|absolutely|okay|ok|great|understood|no problem|claro|por supuesto|"
    r"natürlich|gerne|klar|bien sûr|好的|当然|もちろん|承知)\s*[,!.:，！。、：]"
    r"|here(?:'s| is) (?:the|a|an|my|your|one)\b.{0,40}\b(?:version|rewrite|instruction|prompt)"
    r"|i(?:'ve| have) (?:rewritten|revised|updated|modified|made)\b",
    re.I,
)
# A sentence that orders: an imperative at its start, behind a word that leads on, or behind the
# clause that sets the scene. "To sort it, call sorted" is advice, so that clause needs an order
# that no advice would give.
IMPERATIVE = re.compile(
    r"[\s*_#>(\"'“‘\d.)•-]{0,12}(?:\w+: )?(?:(?:please|then|also|next|now|first|finally|second|"
    r"secondly|third|"
    r"additionally|lastly|in addition|furthermore|moreover|afterwards|kindly|carefully|briefly|"
    r"instead|otherwise|and|but|or|again|for each \w+|for this|for that),? ){0,2}"
    rf"(?:{VERBS})\b(?!['’])",
    re.I,
)
SCENE = re.compile(
    r"\W{0,6}(?:given|if|suppose|assuming|assume|for|in|using|with|without|from|after|before|when|"
    r"once|"
    r"as|based on|considering|starting|let|while|at|on|by|during|under|imagine|you|i|we|there|"
    r"here)\b[^\n]{0,400}[,:;–—-] ?(?:and |then |please )?"
    r"(?:find|calculate|compute|determine|write|explain|describe|create|list|show|prove|design|"
    r"implement|solve|how|what|which|who|where|why|derive|estimate|compare|summari[sz]e|"
    r"translate|analy[sz]e|outline|draft|compose|suggest|recommend|evaluate|state|name|tell|is|are|"
    r"does|do|can|count|sort|give)\b",
    re.I,
)
# A first word with an object behind it orders, whatever it means: "Boil this down".
UNKNOWN_ORDER = re.compile(
    r"\W{0,6}(?!(?:"
    + "|".join(sorted(ENGLISH | {"not", "no", "all", "only", "even", "just", "here", "there"}))
    + r")\b)[a-z]+(?<!ing)(?<!ly)(?<!s) (?:up |down |out |off )?"
    r"(?:this|these|those|the|an?|my|me|it|them|each|every|our|your|us)\b",
    re.I,
)
# Scripts whose ways of asking are in WANTED: Chinese, Japanese, Korean, Russian, Arabic, Hindi.
ENDING_SCRIPT = re.compile(
    "[\u0400-\u04ff\u0600-\u06ff\u0900-\u097f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
MILD = re.compile(r"\b(?:give|show|list|sort|count|name|state|tell|do|is|are|can)$", re.I)
WANTED = re.compile(
    r"\b(?:please|your (?:task|goal|job) (?:is|:)|you (?:need|are (?:asked|required|given|to)|"
    r"have been asked) "
    r"?(?:to)?|i(?:'d| would)? (?:need|want|like)|i'm looking for|we (?:need|want)|help me|can you|"
    r"could you|will you|would you|how (?:many|much|long|far)|"
    r"calcula|halla|determina|escrib\w+|explica|encuentra|describe|crea|indica|por favor|diseña|"
    r"haz|dame|dime|resuelve|traduce|ordena|compara|muestra|demuestra|resume|"
    r"berechne\w*|bestimme\w*|schreib\w*|erklär\w*|finde\w*|gib|nenne\w*|erstell\w*|bitte|"
    r"beschreib\w*|zeige\w*|vergleich\w*|ermittle\w*|löse\w*|übersetz\w*|fasse|sortier\w*|"
    r"calcule[rz]?|écri\w+|expliqu\w+|trouve[rz]?|détermine[rz]?|donne[rz]?|montre[rz]?|"
    r"compare[rz]?|"
    r"rédige\w*|décri\w+|traduis\w*|résou\w+|trie[rz]?|"
    r"scrivi|calcola|trova|spiega|descrivi|elenca|escreva|calcule|encontre|explique|descreva|liste|"
    r"schrijf|bereken|leg|geef|vind)\b"
    r"|_{2,}|请|求|写|计算|编写|设计|给出|证明|翻译|多少|什么|如何|解释|列出|描述|比较|か(?:[。\n]|$)|"
    r"ください|なさい|せよ|求め|書い|説明し|하세요|하시오|십시오|напиши\w*|найди\w*|объясни\w*|вычисли\w*|"
    r"опиши\w*|докажи\w*|состав\w*|اكتب|احسب|اشرح|أوجد|صف|बताइए|लिखिए|लिखें|कीजिए|करें|बताओ|ज्ञात",
    re.I,
)
QUESTION = re.compile(
    r"[?？؟¿]|^\W{0,6}(?:what|which|who|whose|why|when|where|how)(?:'s|'re)?(?: \w+){0,2}? (?:is|"
    r"are|was|were|"
    r"do|does|did|can|could|should|would|will|has|have|to|many|much)\b",
    re.I,
)
ANSWER = re.compile(
    r"(?:(?:^|[.!?\n(]\s{0,3}+)\W{0,4}+(?:(?:so|thus|hence|therefore),? )?(?:the )?|"
    r"\b(?:since|because|as)\b[^.!?\n]{1,100}, (?:so )?the )"
    r"(?:final |correct |right )?answer\W{0,3}(?:\bis\b|:|=)\W{0,6}"
    r"(?:-?\d[\d.,/]*+|(?:yes|no|true|false)\b)\W{0,3}+(?!\s?(?:words?|sentences?|digits?|"
    r"decimals?|"
    r"lines?|steps?|paragraphs?|points?|char\w*|or (?:no|false)|significant|longer)\b)",
    re.I,
)
# Results: of a calculation, in words, and the value of an unknown.
RESULT = re.compile(
    r"(?:[\d)!%][ )]{0,3}=|\b(?:which|that|this) (?:is|gives|makes|equals|comes to|leaves)|\bgives|"
    r"\bgiving|\bmak(?:es|ing)|\bi\.e\.|\bnamely|"
    r"\b(?:answer|result|solution|hint|total|sum)(?: is| of|:)|"
    r"\b(?:es decir|o sea|son|ergibt|also|donc|soit|cioè|ou seja))"
    r"[^\w.?!\n-]{1,6}(-?\d+(?:[.,]\d+)*)",
    re.I,
)
UNKNOWN = re.compile(
    r"(?<!\bif )(?<!\blet )(?<!\bfor )(?<!\bwith )(?<!\bwhen )(?<!\bat )(?<!\bse )(?<!\bsi )"
    r"(?<![\w^²³(+*/·×-])([a-z]) ?= ?(-?\d+(?:[.,]\d+)*)(?! ?[+*/·×^-])\b",
    re.I,
)
DIGITS = re.compile(r"\d+")
LONG_ANSWER = 2000
SOLUTION = re.compile(
    r"^\W{0,4}+(?:final )?(?:solution|answer)\W{0,4}[:：]|^#### ?-?\d", re.I | re.M
)
SOLVED = re.compile(r"\W{0,6}(?:-?\d|def |class |function |```|we |first,)", re.I)
CODE_GIVEN = re.compile(
    r"\b(?:following|below|above|given|starter|skeleton|template|snippet|signature|existing|buggy|"
    r"broken|legacy|fix|debug|refactor|review|optimi[sz]e|starting|usage|called|tests?|stub|"
    r"complete|"
    r"fill in|extend|my (?:code|function|class|attempt)|i (?:have|wrote)|we have|currently|so far|"
    r"this (?:code|function|class|program|script))\b",
    re.I,
)
CODE_DONE = re.compile(
    r"^[ \t]{0,40}(?:def \w+ ?\(|class \w+ ?[:({]|(?:async )?function\b.{0,40}\(|func \w+\(|"
    r"public (?:static|class)\b|(?:int|void) \w+\(|SELECT\b.{1,200}\bFROM\b|#include\b)",
    re.M,
)
STUB = re.compile(r"\bpass\b\s*$|\.\.\.|TODO|NotImplemented|your code|…", re.M | re.I)
CODE_SIGNS = ("def ", "class ", "function", "func ", "public ", "int ", "void ", "SELECT", "#incl")
TRANSLATION = re.compile(
    r"translat|tradu[cz]|traduire|übersetz|翻译|翻譯|翻訳|通訳|訳し|перев[оеё]д|ترجم|अनुवाद|번역|"
    r"\b(?:english|spanish|german|french|chinese|mandarin|japanese|korean|arabic|hindi|russian|"
    r"italian|portuguese|latin|greek|hebrew|thai|inglés|español|alemán|francés|deutsch|englisch|"
    r"spanisch|französisch)\b|英语|英文|中文|日语|英語|日本語|中国語",
    re.I,
)


def language_change(e: Exhibit) -> Failure | None:
    """The rewrite is in another language or script; a task about languages may be."""
    shown = language.change(e.old, e.new)
    return found("language_change", shown) if shown and not translates(e.before.text) else None


def translates(text: str) -> bool:
    """Whether a text asks for a translation or speaks of languages."""
    return bool(TRANSLATION.search(text))


def answer_leaked(e: Exhibit) -> Failure | None:
    """The rewrite states its own answer, so that nothing is left to solve.

    Auto Evol-Instruct (arXiv 2406.00770), Tables 6 and 7, decrease of complexity.
    """
    return found("answer_leaked", _stated(e) or _worked_out(e) or _code_appended(e))


def _stated(e: Exhibit) -> str:
    text = e.after.text
    if "nswer" not in text and "olution" not in text and "####" not in text:
        return ""
    shown = ANSWER.search(text)
    if shown and not ANSWER.search(e.before.text):
        return shown.group().strip()
    shown = SOLUTION.search(text)
    if shown and not SOLUTION.search(e.before.text):
        # "Answer: <number>" asks for a format; only what looks worked out is a leak.
        worked = shown.group().startswith("####") or SOLVED.match(text, shown.end())
        if worked:
            return text[shown.start() :]
    return ""


def _worked_out(e: Exhibit) -> str:
    """The number that the answer comes to, told beforehand as a result."""
    if not e.response or len(e.response) > LONG_ANSWER or not DIGITS.search(e.response):
        return ""
    fresh = e.new.vocabulary - e.old.vocabulary
    if "=" not in e.after.text and not any(word[0].isdigit() for word in fresh):
        return ""
    known = material.numbers(e.before.text)
    told = [m for m in RESULT.finditer(e.after.text) if material.plain(m[1]) not in known]
    fixed = [m for m in UNKNOWN.finditer(e.after.text) if m.group() not in e.before.text]
    if not told and not fixed:
        return ""
    figures = [material.plain(n) for n in t.NUMBER.findall(e.response)]
    ends = figures[:1] + figures[-1:] if e.whole else figures[:1]
    for shown in told:
        if material.plain(shown[1]) in ends:
            return shown.group()
    said = {(m[1], m[2]) for m in UNKNOWN.finditer(e.response)}
    own = {(m[1], m[2]) for m in UNKNOWN.finditer(e.before.text)}
    return next((m.group() for m in fixed if (m[1], m[2]) in said - own), "")


def _code_appended(e: Exhibit) -> str:
    """Finished code in a rewrite whose seed had none and that does not speak of working on it."""
    text = e.after.text
    if not any(sign in text for sign in CODE_SIGNS):
        return ""
    new, around = e.new.parts
    if e.old.fences or CODE_DONE.search(e.before.text):
        return ""
    bare = CODE_DONE.search(around)
    if bare:
        given = CODE_GIVEN.search(around, 0, bare.start())
        return "" if given else around[bare.start() :]
    done = new and CODE_DONE.search(new[-1].text) and new[-1].text.strip().count("\n")
    stub = done and STUB.search(new[-1].text)
    return new[-1].text if done and not stub and not CODE_GIVEN.search(around) else ""


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
    if asks(e.new) or not asks(e.old) or _opens_alike(e):
        return None
    # Where the text is in a language the lists do not know, silence proves nothing.
    known = {language.common(e.new), language.common(e.old)} & LANGUAGES.keys()
    if not known and not ENDING_SCRIPT.search(e.after.text):
        return None
    return found("question_lost", e.after.text)


def _opens_alike(e: Exhibit) -> bool:
    return e.old.words[:3] == e.new.words[:3] and not t.unspaced(e.new.words)


def asks(reading: t.Reading) -> bool:
    """Whether a text orders or asks something, in the writer's own words."""
    if "?" in reading.outside or IMPERATIVE.match(reading.outside):
        return True
    return any(
        IMPERATIVE.match(s)
        or UNKNOWN_ORDER.match(s)
        or QUESTION.search(s)
        or WANTED.search(s)
        or _set_scene(s)
        for s in t.sentences(reading.outside)
    )


def _set_scene(sentence: str) -> bool:
    shown = SCENE.match(sentence)
    if shown is None:
        return False
    # "When you clear it out, give away …" speaks to who asked.
    return not (MILD.search(shown.group()) and " you " in shown.group().lower())


def task_changed(e: Exhibit) -> Failure | None:
    """Hardly a word of the seed is left: whatever this is, it is another task.

    Auto Evol-Instruct (arXiv 2406.00770), Tables 6 and 7, original instruction changed.
    """
    if not e.new.words or 2 * len(e.old.vocabulary & e.new.vocabulary) > len(e.old.vocabulary):
        return None
    stop = _stop_words(e.old)
    was = frozenset(roots(e.old.words, stop))
    lost = was - frozenset(roots(e.new.words, stop))
    if len(was) < FEW_ROOTS or len(lost) <= STRAYED * len(was) or e.before.text in e.after.text:
        return None
    return found("task_changed", f"{len(lost)} of {len(was)} words gone: {', '.join(sorted(lost))}")


def identity(e: Exhibit) -> Failure | None:
    """The seed again: other case, punctuation, order, or words exchanged for others one by one.

    WizardLM (arXiv 2304.12244), elimination 1, as far as it can be seen without a model.
    """
    old, new = e.old, e.new
    if not new.words:
        return None
    stop = _stop_words(old)
    fresh = new.vocabulary - old.vocabulary - stop - FILLERS
    gone = old.vocabulary - new.vocabulary - stop
    if len(fresh) > len(gone) + 2:
        return None
    was, now = Counter(_said(old, stop)), Counter(_said(new, stop))
    added, lost = (now - was).total(), (was - now).total()
    if _counted(old) != _counted(new):
        return None
    # Words that came for words that went exchange them; words that only came ask for more.
    # In a short text each word may be the task.
    enough = was.total() >= FEW_ROOTS + 2
    swapped = enough and added <= SWAPPED * lost and added <= min(lost + 2, SAME * was.total())
    longer = new.length - old.length
    again = frozenset(now) <= frozenset(was) and longer <= WORDIER - 2
    same = not added or again or (swapped and longer <= WORDIER)
    return found("identity", e.after.text) if same else None


def _said(reading: t.Reading, stop: frozenset[str]) -> Iterator[str]:
    """The roots of its words; a sentence that comes again says nothing."""
    once = dict.fromkeys(reading.sentences)
    if len(once) == len(reading.sentences):
        return roots(reading.words, stop)
    return roots(t.words("\n".join(once)), stop)


def _stop_words(reading: t.Reading) -> frozenset[str]:
    # Those of every language only where the text is not English, where "plus" is no such word.
    return ENGLISH if len(reading.vocabulary & ENGLISH) >= 2 else STOP


def _counted(reading: t.Reading) -> Counter[str]:
    """Numbers, in digits or words, and mathematical signs."""
    spelled = Counter(NUMBER_WORDS[w] for w in reading.words if w in NUMBER_WORDS)
    return reading.quantities + spelled
