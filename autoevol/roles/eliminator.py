"""Rules out evolutions that are worthless on sight, without asking a model.

Decides which round fails, as what, and on which words. How hard or useful a surviving round is,
is left to `scorer`. Each rule is one small function from an `Exhibit` to its evidence, '' where it
has nothing to say; `RULES` at the foot holds them, gravest first. Sources: Auto Evol-Instruct
(arXiv 2406.00770, Table 5) and WizardLM (arXiv 2304.12244, elimination), narrowed to the real start
and end of a text, because a phrase anywhere in it also condemns good answers; the guards against
degenerate methods are our own.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from autoevol.roles import text as t
from autoevol.types import Evolution, Failure

# A chat reaction, a question back and a refusal are short; a long answer that uses the same words
# is work. 80 words is WizardLM's bound.
SHORT = 80
SHORT_REACTION = 60
# One round is asked for 10 to 20 more words. Three times that, or twice the seed, is generous;
# beyond 200 words no seed is long enough to excuse the growth.
BLOAT_FLOOR, BLOAT_FACTOR, BLOAT_CEILING = 60, 2, 200
# Evolution by constraints stacks about two a round; six new ones in one round are a heap.
PILE = 6
# Eight words in a row are not shared by chance.
SHINGLE = 8

LEAKS = (
    *("rewritten instruction", "rewritten prompt", "given prompt", "created prompt"),
    *("evolved instruction", "evolved prompt", "original instruction", "methods list"),
)

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
DEMAND = re.compile(
    r"\b(?:must|should|shall|ensure|also|additionally|furthermore|moreover|besides|without|"
    r"debe\w*|además|asegúr\w+|muss|müssen|sollte\w*|außerdem|zusätzlich|ohne)\b",
    re.I,
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

STAGNANT = re.compile(
    r"(?:understood|got it|thank you|thanks|that(?:'s| is) (?:correct|right|great)|i understand|"
    r"great[,!.]|great (?:question|job|work|idea|point|to)|what an? \w+ (?:idea|question|task)|"
    r"entendido|gracias|verstanden|danke|明白|了解|谢谢|分かりました|ありがとう)",
    re.I,
)
EAGER = re.compile(
    r"(?:sure|certainly|of course|absolutely|okay|ok|happy to|i(?:'d| would) be (?:happy|glad)|"
    r"i can help|claro|por supuesto|natürlich|gerne|klar|bien sûr|好的|当然|もちろん|はい)",
    re.I,
)
TO_USER = re.compile(
    r"\b(?:you|your|usted|tu|te|Sie|Ihnen|du|dir|vous)\b|[您你]|ますか|anything else", re.I
)
ASKED_FOR_QUESTION = re.compile(
    r"\b(?:write|generate|create|compose|suggest|draft|give|tell|make|come up|pose|formulate|ask|"
    r"reply|respond|escribe|schreib\w*)\b.{0,80}\b(?:question|riddle|quiz|joke|interview|dialog|"
    r"conversation|survey|slogan|tagline|headline|e-?mail|letter|message|tweet|post|poem|script|"
    r"pregunta|frage)|\b(?:role-?play|act as|pretend|interviewer|tutor|therapist|chatbot)\b",
    re.I,
)
MISSING = re.compile(
    r"please (?:provide|share|paste|send|supply|attach|give me|specify)"
    r"|(?:could|can|would) you (?:please |kindly )?(?:provide|share|paste|send|attach|specify)"
    r"|you (?:haven't|have not|didn't|did not|forgot to) (?:provide|include|attach|share|specif)"
    r"|i (?:don't|do not|can't|cannot) see (?:any|the|an?) (?:text|code|list|table|data|file)"
    r"|(?:bitte|könnten sie|kannst du)\b.{0,60}\b(?:geben|teilen|mit|senden|bereit|zur verfügung)"
    r"|(?:por favor,? |podrías |puedes )(?:proporci\w+|compart\w+|envía\w*|indica\w*)"
    r"|veuillez (?:fournir|partager|préciser)|请(?:您)?(?:提供|分享|给出)"
    r"|(?:提供して|教えて|共有して)ください",
    re.I,
)
CORRESPONDENCE = re.compile(
    r"\b(?:e-?mail|letter|message|notice|survey|reply|announcement|script|template|prompt|policy|"
    r"ad|flyer|invitation|memo|faq|dialog\w*|questionnaire|application form|correo|carta)\b",
    re.I,
)
HELP = "assist|help|provide|fulfil|comply|do (?:that|this)|create|generate|write|answer|complete|"
HELP += "discuss|support|engage|continue|respond|offer|produce|process|access|browse"
REFUSAL = re.compile(
    r"(?:i(?:'m| am) (?:very |truly |so )?sorry|sorry|unfortunately|i apologi[sz]e|my apologies)\b"
    rf".{{0,60}}\b(?:can't|cannot|can not|unable|not able|won't)\b.{{0,20}}\b(?:{HELP})"
    rf"|i(?:'m| am)? (?:can't|cannot|can not|won't|unable to|not able to) (?:{HELP})"
    r"|as an ai\b(?: language)?(?: model| assistant)?,? i (?:can't|cannot|am|do not|don't)\b"
    r"|lo siento,? (?:pero )?no (?:puedo|me es posible)"
    r"|(?:es )?tut mir (?:sehr )?leid,? (?:aber )?.{0,40}\b(?:nicht|kein)"
    r"|(?:je suis désolé|désolé)e?,? (?:mais )?je ne (?:peux|suis)"
    r"|(?:很)?(?:抱歉|对不起|對不起).{0,8}(?:不能|无法|無法)"
    r"|申し訳.{0,30}(?:できません|できかねます|いたしかね)|عذر[اً]+.{0,20}لا (?:أستطيع|يمكنني)"
    r"|(?:क्षमा|माफ़).{0,30}(?:नहीं|असमर्थ)",
    re.I,
)


@dataclass(frozen=True)
class Exhibit:
    """One evolution and what rules ask of it more than once. Costly views are made on demand."""

    evolution: Evolution
    method_text: str = ""
    contract_words: tuple[str, ...] = ()

    @cached_property
    def before(self) -> t.Reading:
        return t.Reading(self.evolution.before.text)

    @cached_property
    def after(self) -> t.Reading:
        return t.Reading(self.evolution.after.text)

    @cached_property
    def response(self) -> t.Reading:
        """The answer with one kind of apostrophe, without the space around it."""
        return t.Reading(self.evolution.response.strip().replace("’", "'").replace("＇", "'"))

    @cached_property
    def opening(self) -> str:
        return t.Reading(self.response.text[:600]).prose.strip().lstrip("*_#> ")

    @property
    def whole(self) -> bool:
        """The answer ended by itself; one that was cut at its cap says nothing by its end."""
        return self.evolution.response_finish != "length"


def overflow(e: Exhibit) -> str:
    """The rewrite, or its answer, did not fit the model's context."""
    if e.evolution.evolver_finish == "overflow":
        return "the evolver's prompt did not fit the context"
    fits = e.evolution.response_finish != "overflow"
    return "" if fits else "the rewritten instruction did not fit the context"


def refused(e: Exhibit) -> str:
    """The evolver would not rewrite."""
    if e.evolution.evolver_finish != "refusal":
        return ""
    return t.clip(e.evolution.raw) or "the evolver's answer was refused"


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


def empty_response(e: Exhibit) -> str:
    """The responder ended by itself without a word."""
    silent = not e.response.text and e.evolution.response_finish == "stop"
    return "the answer is blank" if silent else ""


def refusal(e: Exhibit) -> str:
    """The answer declines, at its start; an apology inside a text that was asked for does not."""
    if e.evolution.response_finish == "refusal":
        return t.clip(e.response.text) or "the answer was refused"
    if not e.response.text or e.response.length >= SHORT:
        return ""
    found = REFUSAL.match(e.opening.replace("\n", " "))
    return t.clip(e.response.text) if found else ""


def stagnant(e: Exhibit) -> str:
    """Table 5, stagnant complexity: the answer reacts to a statement and asks what is wanted."""
    return t.clip(e.response.text) if STAGNANT.match(e.opening) and asks_at_end(e) else ""


def asks_back(e: Exhibit) -> str:
    """Table 5, insufficient qualification: willing, but the demand is not clear."""
    return t.clip(e.response.text) if EAGER.match(e.opening) and asks_at_end(e) else ""


def asks_at_end(e: Exhibit) -> bool:
    """A short answer that ends by asking the user, where no question was to be written."""
    if not e.whole or e.response.length >= SHORT_REACTION:
        return False
    if not e.response.text.rstrip("*_\"' ").endswith(("?", "？", "؟", "か。")):
        return False
    last = t.sentences(e.response.text)[-1]
    return bool(TO_USER.search(last)) and not ASKED_FOR_QUESTION.search(e.after.text)


def missing_input(e: Exhibit) -> str:
    """Table 5, loss of key information: the answer asks the user for the material."""
    if not e.response.text or e.response.length >= SHORT or CORRESPONDENCE.search(e.after.text):
        return ""
    found = MISSING.search(e.response.prose)
    # A rewrite that itself says "please provide" is echoed by good answers.
    echoed = found and found.group().lower() in e.after.text.lower()
    return t.clip(found.group()) if found and not echoed else ""


def trivial(e: Exhibit) -> str:
    """WizardLM 3: nothing but punctuation and stop words. A lone letter may name a choice."""
    text = e.response.text
    if not text or not e.whole or len(text) > 2000:
        return ""
    bare = text.strip("().*_` ")
    choice = len(bare) == 1 and bare.isalnum()
    signs = any(c > "\x7f" and unicodedata.category(c)[0] == "S" for c in text)
    said = choice or signs or any(w not in t.STOP for w in e.response.words)
    return "" if said else t.clip(text)


def tail(text: str, limit: int = 120) -> str:
    return t.clip(text.rstrip()[-limit:], limit)


Rule = Callable[[Exhibit], str]

# Gravest first: no rewrite at all, then a rewrite that is another task, then one that is no better,
# then what the answer tells. A rule's name is its function's, but for `length`.
RULES: tuple[tuple[str, Rule], ...] = (
    ("refused", refused),
    ("overflow", overflow),
    ("length", cut_at_length),
    ("format_break", format_break),
    ("empty", empty),
    ("prompt_leak", prompt_leak),
    ("repetition", repetition),
    ("language_change", language_change),
    ("answer_leaked", answer_leaked),
    ("question_lost", question_lost),
    ("dropped_block", dropped_block),
    ("identity", identity),
    ("unfinished", unfinished),
    ("bloat", bloat),
    ("pile_up", pile_up),
    ("refusal", refusal),
    ("missing_input", missing_input),
    ("stagnant", stagnant),
    ("asks_back", asks_back),
    ("empty_response", empty_response),
    ("trivial", trivial),
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
