"""Rules on the task: does the rewrite still ask for something, of the same material, and more.

Decides what is a demand, an answer given away, code that is a solution. Each rule takes an
`Exhibit` and gives its evidence, '' where it has nothing to say. Whether the rewrite is whole is
left to `rewrite`, what its answer tells to `answer`, the order of the rules to `eliminator`.
"""

from __future__ import annotations

import re

from autoevol.roles import text as t
from autoevol.roles.rules.exhibit import Exhibit

# How a model opens when it comments on the rewrite instead of giving it.
PREFACE = re.compile(
    r"(sure|certainly|of course|absolutely|okay|ok|great|understood|no problem|claro|por supuesto|"
    r"natürlich|gerne|klar|bien sûr|好的|当然|もちろん|承知)\s*[,!.:，！。、：]"
    r"|here(?:'s| is) (?:the|a|an|my|your|one)\b.{0,40}\b(?:version|rewrite|instruction|prompt)"
    r"|i(?:'ve| have) (?:rewritten|revised|updated|modified|made)\b",
    re.I,
)
# An imperative stands at the start of a clause; in the middle the same word may be a noun.
VERBS = (
    "write find calculate compute determine solve create implement explain list describe show "
    "prove give design build develop generate make use provide convert translate summari[sz]e "
    "rewrite compare analy[sz]e identify suggest discuss return evaluate estimate fix debug sort "
    "print add name tell state classify propose outline draft compose modify edit answer choose "
    "select verify simplify derive express plan arrange extract rank sketch examine investigate "
    "trace predict count display remove replace merge split parse validate optimi[sz]e construct "
    "brainstorm imagine suppose assume consider think let read rephrase paraphrase correct improve "
    "elaborate illustrate categori[sz]e match fill complete continue act pretend recommend define "
    "delete update insert set get check query concatenate reverse filter group transform change "
    "rearrange organi[sz]e connect combine expand shorten reword revise format highlight map draw "
    "plot justify argue critique review assess interpret infer tokeni[sz]e detect swap round apply "
    "ask alter restate adapt come produce share submit reformulate retell reimagine re-phrase link "
    "put turn take try output decide differentiate resolve restore enrich unscramble given "
    "refactor send open fit call initiali[sz]e sum multiply iterate craft prepare introduce "
    "visuali[sz]e demonstrate recreate segment include avoid keep handle ensure install "
    "configure"
).replace(" ", "|")
DIRECTIVE = re.compile(
    rf"(?:^[ \t>*#\d.)(\"'“-]{{0,8}}+|[.!?:;,(]\s{{0,4}}+[\"'“*]{{0,2}}+|"
    rf"\b(?:and|then|to|also|now|must|or|should|finally|first|next|carefully|instead|briefly|"
    rf"clearly) )(?:{VERBS})\b"
    r"|(?:^[ \t*#\d.)-]{0,8}+|[.!?:]\s{1,4}+)"
    r"(?:what|which|who|whose|why|when|where|how|is|are|do|does)\b"
    r"|\b(?:please|your (?:task|goal|job)|you (?:need|must|should|are|have) (?:to|asked|given)|"
    r"i (?:need|want|would like)|help me|can you|could you|how (?:to|many|much|long|far)|"
    r"calcula|halla|determina|escribe|explica|encuentra|describe|crea|indica|por favor|diseña|"
    r"berechne|bestimme|schreib\w*|erklär\w*|finde|gib|nenne|erstell\w*|bitte|beschreib\w*|"
    r"calcule[rz]?|écri\w+|expliqu\w+|trouve[rz]?|détermine[rz]?|donne[rz]?)\b"
    r"|[?？؟¿]|_{2,}|请|求|写|计算|多少|什么|如何|解释|列出|か(?:[。\n]|$)|ください|なさい|せよ|求め",
    re.I | re.M,
)
ANSWER = re.compile(
    r"(?:^|[.!?\n(]\s{0,3}+)\W{0,4}+(?:(?:so|thus|hence|therefore),? )?(?:the )?"
    r"(?:final |correct |right )?answer\W{0,3}(?:\bis\b|:|=)\W{0,6}"
    r"(?:-?\d[\d.,/]*+|(?:yes|no|true|false)\b)\W{0,3}+(?!\s?(?:words?|sentences?|digits?|decimals?|"
    r"lines?|steps?|paragraphs?|points?|char\w*|or (?:no|false)|significant|longer)\b)",
    re.I,
)
SOLUTION = re.compile(
    r"^\W{0,4}+(?:final )?(?:solution|answer)\W{0,4}[:：]|^#### ?-?\d", re.I | re.M
)
SOLVED = re.compile(r"\W{0,6}(?:-?\d|def |class |function |```|we |first,)", re.I)
CODE_GIVEN = re.compile(
    r"\b(?:following|below|above|given|starter|skeleton|template|snippet|signature|existing|buggy|"
    r"broken|legacy|examples?|inputs?|outputs?|fix|debug|refactor|review|optimi[sz]e|starting|"
    r"this (?:code|function|class|program|script))\b",
    re.I,
)
CODE_DONE = re.compile(
    r"^[ \t]{0,40}(?:def \w+ ?\(|class \w+ ?[:({]|(?:async )?function\b.{0,40}\(|func \w+\(|"
    r"public (?:static|class)\b|(?:int|void) \w+\(|SELECT\b.{1,200}\bFROM\b|#include\b)",
    re.M,
)
TRANSLATION = re.compile(
    r"translat|tradu[cz]|traduire|übersetz|翻译|翻譯|翻訳|通訳|訳し|перев[оеё]д|ترجم|अनुवाद|번역|"
    r"\b(?:english|spanish|german|french|chinese|mandarin|japanese|korean|arabic|hindi|russian|"
    r"italian|portuguese|latin|greek|hebrew|thai|inglés|español|alemán|francés|deutsch|englisch|"
    r"spanisch|französisch)\b|英语|英文|中文|日语|英語|日本語|中国語",
    re.I,
)


def language_change(e: Exhibit) -> str:
    """The rewrite is in another language or script; a task about languages may be."""
    if TRANSLATION.search(e.before.text):
        return ""
    old, new = e.before.prose, e.after.prose
    was, now = e.before.language, e.after.language
    # A few words in Chinese characters alone may be Japanese.
    unsure = {was, now} == {"han", "kana"} and t.length(new) <= 5
    if was and now and was != now and not unsure:
        return f"{was} became {now}: {t.clip(new, 80)}"
    had = t.scripts(old)
    for name, share in t.scripts(new).items():
        # Formulas bring Greek letters, so only a share that carries sentences counts.
        if had and name not in had and share >= 0.3 and {name, was} != {"kana", "han"}:
            return f"{share:.0%} of the letters are {name}: {t.clip(new, 60)}"
    return ""


def answer_leaked(e: Exhibit) -> str:
    """The rewrite states its own answer, so that nothing is left to solve."""
    found = ANSWER.search(e.after.text)
    if found and not ANSWER.search(e.before.text):
        return t.clip(found.group().strip())
    found = SOLUTION.search(e.after.text)
    if found and not SOLUTION.search(e.before.text):
        # "Answer: <number>" asks for a format; only what looks worked out is a leak.
        worked = found.group().startswith("####") or SOLVED.match(e.after.text, found.end())
        if worked:
            return t.clip(e.after.text[found.start() :])
    return code_appended(e)


def code_appended(e: Exhibit) -> str:
    """Finished code in a rewrite whose seed had none and that does not speak of working on it."""
    new, around = e.after.parts
    if e.before.fences or CODE_DONE.search(e.before.text):
        return ""
    bare = CODE_DONE.search(around)
    if bare:
        given = CODE_GIVEN.search(around, 0, bare.start())
        return "" if given else t.clip(around[bare.start() :])
    done = new and CODE_DONE.search(new[-1].text) and "\n" in new[-1].text.strip()
    last = not new or not new[-1].closed or e.after.text.rstrip().endswith(("```", "~~~"))
    return t.clip(new[-1].text) if done and last and not CODE_GIVEN.search(around) else ""


def question_lost(e: Exhibit) -> str:
    """The seed asks for something; the rewrite is a comment on it, or only states things."""
    start = e.after.text.lstrip()[:200].lstrip("*_#> \"'")
    found = PREFACE.match(start)
    if found and not PREFACE.match(e.before.text.lstrip()):
        return t.clip(start)
    asks = DIRECTIVE.search(e.before.text)
    # Where neither text is in a language the list knows, silence proves nothing.
    if not e.after.words or not asks or DIRECTIVE.search(e.after.text):
        return ""
    first = e.before.words[0] if e.before.words else ""
    known = {e.after.language, e.before.language} & t.LANGUAGES.keys()
    return t.clip(e.after.text) if known and first not in e.after.words[:1] else ""


def dropped_block(e: Exhibit) -> str:
    """Code, a table, data or a passage of the seed is gone and nothing of its kind took its place.

    Gone means that less than half of its words are left anywhere in the rewrite.
    """
    old = e.before.blocks
    if not old or not e.after.words:
        return ""
    left = set(e.after.words)
    new = e.after.blocks
    for block in old:
        found = set(t.words(block.text))
        if not found or 2 * len(found & left) >= len(found):
            continue
        if not any(b.kind == block.kind and 2 * len(b.text) >= len(block.text) for b in new):
            numbers = t.quantities(block.text).total() if block.kind == "data" else 0
            # New data may stand within a sentence.
            if not 0 < numbers <= 2 * e.after.quantities.total():
                return t.clip(f"{block.kind}: {block.text}")
    return ""


def identity(e: Exhibit) -> str:
    """The seed again: other case, punctuation, order or one exchanged word, no new quantity.

    In a short seed a single word can be a real demand ("recursively"), so there none is spared.
    """
    if not e.after.words:
        return ""
    old, new = t.content_words(e.before.words), t.content_words(e.after.words)
    spared = 1 if old.total() >= 8 and not t.unspaced(e.before.words) else 0
    changed = max((old - new).total(), (new - old).total())
    same = changed <= spared and e.before.quantities == e.after.quantities
    return t.clip(e.after.text) if same else ""
