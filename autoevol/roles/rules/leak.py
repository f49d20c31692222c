"""The rule on answers given away: a rewrite that states its own result, or holds finished code.

Decides what is a stated answer, a result of a calculation, code that is a solution. Gives a
`Failure`, or None where it has nothing to say. Whether the answer is right is nobody's matter here.
"""

from __future__ import annotations

import re

from autoevol.roles.rules import material, owed
from autoevol.roles.rules.answer import OFFERED
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.roles.rules.solved import given_away
from autoevol.text import structure as t
from autoevol.text.lexicon import wordset
from autoevol.text.phrases import Phrases
from autoevol.types import Failure

ANSWER = Phrases(
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
    r"(\w+ )?(?<![\w^²³(+*/·×-])([a-z]) ?= ?(-?\d+(?:[.,]\d+)*)(?! ?[+*/·×^-])\b", re.I
)
LEFT_SIDE = re.compile(
    r"(?<![A-Za-z])[A-Za-z]\)?[²³]? ?[-+−*·×/^][ \d]{0,6}$|\d[A-Za-z] ?[-+−][ \d]{0,6}$"
)
# "f(0) = 1" defines a function, "T(1) = 1" a sequence.
DEFINED = re.compile(r"(?<![^\W_])[^\W\d_]'*\([^()\n]{1,12}\)? ?=?$")
# An unknown that is only supposed to have a value, and lines that are called by an equation.
SUPPOSED = wordset(
    "if let for with when at se si where wenn line lines axis plane gerade geraden recta droite "
    "retta"
)
# Where functions are looked at, whatever the answer is.
ANYWHERE = ("0", "1")
DIGITS = re.compile(r"\d+")
OUTCOME = re.compile(
    r"(?:^|[=≈:]|\b(?:is|are|takes?|makes?|gives?|costs?|leaves?|about|equals|total|after|ist|sind|"
    r"es|son|est|é)) {0,2}\W?(-?\d+(?:[.,]\d+)*)[^\d\n]{0,24}$",
    re.I,
)
CLAUSE_END = re.compile(r"[.;,:!\n]\s|\s(?:because|since|weil|porque|car|denn)\s")
CODE_SIGN = re.compile(r"[()\[\]{}=<>+*/:;]")
EQUALS = re.compile(r"(?:\b(?:is|are|equals|ist|beträgt|es|est)|=)\s?$")
NAMING = re.compile(
    r"(?:\b(?:which|that|who|it|this) (?:is|are|was|were)|\bnamely|\bi\.e\.|\banswer(?: is|:)|"
    r"\bcalled|"
    r"\busing|\bhint:|\bsolution(?: is|:)|=|[?.!]\s?\()[\s`\"'(*:]{0,4}$"
)
# A name, and what asks for one.
PROPER = re.compile(r"[A-ZÀ-Þ][^\W\d_]+(?:[ '’-](?:[a-z]{1,3} )?[A-ZÀ-Þ][^\W\d_]+){0,3}")
WHO = re.compile(
    r"\W*(?:who|whom|what(?:'s| is| was)? the (?:capital|name)|which|where|wer|wo|welche\w*|qui|où|"
    r"quel\w*|"
    r"quién|dónde|cuál|chi|dove|qual\w*|quem|onde|name)\b",
    re.I,
)
# What is to be proved holds its figures itself.
PROOF = Phrases(
    r"\b(?:prov[ei]|proof|show (?:that|why)|beweis\w*|demuestr\w*|demonstr\w*|démontr\w*|"
    r"dimostr\w*|bewijs|udowodni\w*|kanıtla\w*|buktikan|chứng minh|bevisa)|докаж|довед|证明|"
    r"証明|증명|أثبت|सिद्ध",
    re.I,
)
LONG_ANSWER = 2000
SPAN = re.compile(r"\b\d+ ?[^\W\d_]{1,8} (?:and |und |y |et )?\d+ ?[^\W\d_]{1,8}\b")
# An answer of so few words, with one figure, comes to it.
CURT = 12
# At the start or at the end of an answer stands what it comes to.
ENDS = 120
SOLUTION = Phrases(r"^\W{0,4}+(?:final )?(?:solution|answer)\W{0,4}[:：]|^#### ?-?\d", re.I | re.M)
# The same in other languages, in brackets or at the start of a sentence, and mended code.
TOLD = Phrases(
    r"[(（]\W{0,3}(?:answer|solution|antwort|lösung|respuesta|solución|réponse|risposta|soluzione|"
    r"resposta|"
    r"solução|ответ|решение|答案?|解|正解|答え|الجواب|الحل|उत्तर|हल)\s?[:：]\s?[^<\s]"
    r"|(?:^|[.!?。？\n]\s{0,2})(?:解|答|答案|正解|答え|lösung|antwort|ergebnis|respuesta|solución|resultado|"
    r"réponse|"
    r"résultat|risposta|soluzione|resposta|solução|ответ|решение|الجواب|الحل|उत्तर|"
    r"हल)\s?[:：]\s?[^<\s]"
    r"|\b(?:corrected|fixed|right|correct) (?:version|code|line|form|statement) is\b|"
    r"\bthe fix is\b|\b\w ?= ?-?[\d.,]+ is the (?:answer|solution|result)\b",
    re.I,
)
# So many signs are not written twice by chance; what is nearly all of the task says it back.
VERBATIM, NEARLY_ALL = 40, 0.9
VERBATIM_WANTED = Phrases(
    r"\b(?:repeat|copy|verbatim|echo|quote|unchanged|as it is|proofread|correct|mistakes?|"
    r"wiederhol\w*|"
    r"abschreib\w*|repite|répète|ripeti|korrigier\w*|corrige\w*)\b",
    re.I,
)
# The answer in brackets, or for checking.
NOTED = Phrases(
    r"[\[(]\s?ans(?:wer)?[.:]\s?[^\])\n]{1,60}[\])]|"
    r"\b(?:zur (?:kontrolle|probe)|for checking|to check yourself|check value|para comprobar|"
    r"pour vérifier|per controllo)\s?:[^?!\n]{0,60}\d",
    re.I,
)
RIDDLE = Phrases(
    r"\b(?:what|who) am i\? (?:an?|the) \w+\b|\b(?:was|wer) bin ich\? (?:ein|eine|der|die|"
    r"das) \w+\b|"
    r"\bqu[eé] soy\? (?:un|una|el|la) \w+\b|\b(?:qui|que) suis-je ?\? (?:un|une|le|la) \w+\b|"
    r"\bchi sono\? (?:un|una|il|la) \w+\b|\bquem sou eu\? (?:um|uma|o|a) \w+\b",
    re.I,
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
    r"\b(?:const|let|var) \w+ ?= ?(?:async )?\(?[\w, ]*\)? ?=>|^[ \t]{0,40}(?:def \w+ ?\(|"
    r"class \w+ ?[:({]|(?:async )?function\b.{0,40}\(|func \w+\(|"
    r"(?:struct|char|bool|double|float|size_t|static) [\w *]{1,40}\([^;{}\n]*\) ?\{|"
    r"public (?:static|class)\b|(?:int|void) \w+\(|#include\b)|\bSELECT\b[^\n]{1,200}\bFROM\b",
    re.M,
)
STATEMENT = re.compile(r"[;{]\s*$|^\s*(?:return|if|for|while|let|const|var|import|echo)\b|=>", re.M)
STUB = re.compile(r"\bpass\b\s*$|\.\.\.|TODO|NotImplemented|your code|…", re.M | re.I)
ONE_LINE = re.compile(r"\b(?:one-?liner|one line|single line|regex|command|expression)\b", re.I)
CODE_SIGNS = (
    "```",
    "=>",
    "def ",
    "class ",
    "function",
    "func ",
    "public ",
    "int ",
    "void ",
    "SELECT",
    "#incl",
)


def answer_leaked(e: Exhibit) -> Failure | None:
    """The rewrite states its own answer, so that nothing is left to solve.

    Auto Evol-Instruct (arXiv 2406.00770), Tables 6 and 7, decrease of complexity.
    """
    shown = _stated(e) or _worked_out(e) or _named(e) or _code_appended(e) or given_away(e)
    return found("answer_leaked", shown)


def _stated(e: Exhibit) -> str:
    text = e.after.text
    for pattern in (RIDDLE, NOTED):
        shown = pattern.search(text)
        if shown and not pattern.search(e.before.text):
            return shown.group()
    whole = e.answer.text
    if (
        len(whole) > VERBATIM
        and whole in text
        and whole not in e.before.text
        and len(whole) < NEARLY_ALL * len(text)
    ):
        return "" if VERBATIM_WANTED.search(e.new.prose) else whole
    marked = ":" in text or "：" in text or " is" in text
    shown = TOLD.search(text) if marked else None
    if shown and not TOLD.search(e.before.text):
        return text[shown.start() :]
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
    # Tests and code set values; they tell no result.
    if "==" in e.after.text or any(map(e.response.__contains__, ("```", "def ", ";\n"))):
        return ""
    fresh = e.came
    if "=" not in e.after.text and not any(word[0].isdigit() for word in fresh):
        return ""
    known = material.numbers(e.old)
    told = [
        m
        for m in RESULT.finditer(e.after.text)
        if material.plain(m[1]) not in known and not _defined(e.after.text, m.start())
    ]
    fixed = _values(e.after.text) - _values(e.before.text)
    figures = [material.plain(n) for n in t.NUMBER.findall(e.response)]
    ends = figures[:1] + figures[-1:] if e.whole else figures[:1]
    # The figure that the answer comes to, if it is no small one.
    last = (
        OUTCOME.search(e.response.rstrip()) if e.whole and not PROOF.search(e.new.prose) else None
    )
    figure = material.plain(last[1]) if last else ""
    curt = e.whole and len(figures) == 1 and e.answer.length <= CURT
    if curt and not figure and owed.COMPUTED.search(e.old.prose):
        figure = figures[0]  # "She gets 84 km far"
    if len(figure) > 1 and figure not in known and figure in material.numbers(e.new):
        return figure
    # "2 h 24 min" has two figures.
    for span in SPAN.findall(e.response[:ENDS]) if owed.COMPUTED.search(e.old.prose) else ():
        if span in e.after.text and span not in e.before.text:
            return str(span)
    for shown in told:
        if material.plain(shown[1]) in ends and not _equation(e.after.text, shown.start()):
            return shown.group()
    # A value that the answer comes to, not one that it passes.
    both = fixed & _values(f"{e.response[:ENDS]}\n{e.response[-ENDS:]}") if fixed else frozenset()
    return " = ".join(min(both)) if both else ""


def _defined(text: str, place: int) -> bool:
    """Whether the result that starts there is a function's value, which is given."""
    return DEFINED.search(text[max(0, place - 20) : place + 2]) is not None


def _equation(text: str, place: int) -> bool:
    """Whether the figure before "=" belongs to an equation with an unknown."""
    return LEFT_SIDE.search(text[max(0, place - 16) : place]) is not None


def _values(text: str) -> frozenset[tuple[str, str]]:
    """The unknowns that a text gives a value, with it."""
    if "=" not in text:
        return frozenset()
    told = UNKNOWN.finditer(text)
    return frozenset(
        (m[2], m[3])
        for m in told
        if (m[1] or "").strip().lower() not in SUPPOSED and m[3] not in ANYWHERE
    )


def _named(e: Exhibit) -> str:
    """A short answer that the rewrite names: "the capital, which is Canberra"."""
    if e.response.lstrip().startswith("```"):
        return ""  # code that is to be mended begins as it began
    first = CLAUSE_END.split(e.response[:200].strip(), maxsplit=1)[0]
    bare = e.answer.text.strip(" .!*_`\"'")
    if (
        PROPER.fullmatch(bare)
        and bare in e.after.text
        and bare.casefold() not in e.before.text.casefold()
        and WHO.match(e.before.text)
        and not (OFFERED.search(e.new.prose) or "\n" in e.after.text.strip())
    ):
        return bare
    for said in (e.response[:200], first):
        said = said.strip().strip(".!*_`\"'").casefold()
        if not 1 < len(said) <= 80 or len(said.split()) > 8 or said in e.before.text.casefold():
            continue
        told = e.after.text.casefold()
        place = told.find(said)
        if place < 0:
            continue
        lead = told[max(0, place - 24) : place]
        formula = len(said) > 9 and len(CODE_SIGN.findall(said)) > 2
        figure = said[0].isdigit() and len(said) > 2 and EQUALS.search(lead)
        if formula or figure or NAMING.search(lead):
            return e.after.text[max(0, place - 24) : place + len(said)]
    return ""


def _code_appended(e: Exhibit) -> str:
    """Finished code in a rewrite whose seed had none and that does not speak of working on it."""
    text = e.after.text
    if not any(map(text.__contains__, CODE_SIGNS)):
        return ""
    new, around = e.new.parts
    if e.old.fences or CODE_DONE.search(e.before.text):
        return ""
    # Code that came along may be laid out anew.
    seed = "".join(e.before.text.split())
    if any("".join(block.text.split()) in seed for block in new):
        return ""
    bare = CODE_DONE.search(around)
    if bare:
        given = CODE_GIVEN.search(around, 0, bare.start())
        return "" if given else around[bare.start() :]
    lines = new[-1].text.strip().count("\n") if new else 0
    short = bool(new) and not lines and ONE_LINE.search(e.before.text)
    done = new and (short or (lines and _looks_written(new[-1].text)))
    stub = done and STUB.search(new[-1].text)
    return new[-1].text if done and not stub and not CODE_GIVEN.search(around) else ""


def _looks_written(code: str) -> bool:
    """A definition, or statements; data and sample output have neither."""
    if CODE_DONE.search(code):
        return True
    return code.lstrip()[:1] not in "[{|" and len(STATEMENT.findall(code)) > 1
