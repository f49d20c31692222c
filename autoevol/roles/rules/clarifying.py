"""The rule on answers that ask what is wanted, instead of doing it.

Decides what asks the user back: a short, whole answer in which every sentence asks, or leads up to
that. A question that was asked for, or that ends a letter, does not. Gives a `Failure`, or None
where it has nothing to say. A request for material that did not come is left to `missing`, a mere
reaction to `reaction`.
"""

from __future__ import annotations

import re

from autoevol.roles.rules import owed, reworked
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.roles.rules.reaction import (
    ASKED_FOR_QUESTION,
    COMPOSED,
    TALK,
    asking,
    exclaims,
)
from autoevol.roles.rules.refusing import FICTION
from autoevol.text import structure as t
from autoevol.text import tongues as g
from autoevol.text.lexicon import STOP, wordset
from autoevol.text.phrases import Phrases
from autoevol.types import Failure

# So many words lead up to a question; so few may be mere politeness.
LEAD, CURT = 14, 3
# What follows a question back: what comes once it has been answered.
THEN = Phrases(
    r"\b(?:once|then|with (?:that|this|these|those)|without (?:it|that|them|this|those|these|"
    r"her|him)|after that|"
    r"so (?:that )?i can|dann|damit|sobald|ohne (?:das|diese)|con (?:eso|esos|esto)|así podré|sin "
    r"es[eo]|avec (?:cela|ça)|ensuite|sans (?:cela|ça)|assim|com isso|sem (?:isso|el[ae]s?|"
    r"ess[ae]s?)|sin (?:ell?[ao]s?|él)|sans (?:lui|elles?|eux|quoi)|ohne (?:sie|ihn)|без "
    r"(?:него|неё|них)|così|тогда|после "
    r"этого|без этого|dan kan|wtedy|o zaman)\b|这样|之后我|以后我|そうすれば|それから|"
    r"いただければ|عندها|بعد ذلك|इसके बिना|उसके बिना|तब|फिर मैं|그러면",
    re.I,
)
LEADS = Phrases(
    r"\b(?:before i|first|a few|a couple|some things|it depends|that depends|hard to say|happy to|"
    r"glad to|i'd (?:love|like|be)|to (?:help|give|answer|do|plan|write|make)|in order to|es kommt|"
    r"das hängt|kommt (?:ganz )?dr?auf an|kommt darauf an|depende|ça dépend|dipende|kilka|"
    r"зависит|чтобы)\b|取决于|要看|によって|場合によ|"
    r"为了|يعتمد|निर्भर",
    re.I,
)
LISTED = re.compile(r"^\s*(?:[-*•]|\(?\d{1,2}[.)])\s*")
# It refers to the instruction's own words as unclear.
TELL_ME = Phrases(
    r"\W*(?:please |just |so |then |also |bitte |por favor,? )?(?:tell me|let me know|specify|"
    r"clarify|elaborate|send me|"
    r"give me "
    r"(?:more|the|your|some)|dime|dígame|indícame|indíqueme|indica|indiquez|précisez|specifica|"
    r"especifica|cuénteme|dis-moi|dites-moi|sag(?:e|en sie)? mir|nenn\w* "
    r"(?:sie )?mir|diga-me|me diga|dimmi|vertel me|laat (?:me|maar) weten|powiedz mi|скажи\w*|"
    r"подскажи\w*|уточни\w*|сообщи\w*|lütfen)\b|请?告诉我|请说明|请提供|教えて|お知らせ|أخبرني|"
    r"बताइए|मुझे बताएँ|알려 ?주",
    re.I,
)
# No quiz and no letter says that to its reader first.
CLARIFYING = Phrases(
    r"\b(?:could|can|would) you (?:please |kindly )?(?:clarify|let me know|specify)\b|"
    r"\bbefore (?:i|we) (?:start|begin|do\b|can|write|go|answer|draft|get)|"
    r"\b(?:one|two|three|a few|a couple of|some) (?:quick )?(?:things?|questions?) first\b|"
    r"\b(?:zanim|bevor ich|antes de|avant de|prima di|voordat ik|прежде чем|tylko jeszcze jedno|"
    r"nur noch eine frage)\b",
    re.I,
)
UNCLEAR = Phrases(
    r"\b(?:not (?:quite |entirely |really )?(?:sure|clear)|unclear|ambiguous|what you mean|"
    r"don't know "
    r"(?:what|which|who|how)|unklar|nicht klar|no me queda claro|no está claro|pas clair|não "
    r"(?:está|ficou) claro|non è chiaro|niet duidelijk|неясно|непонятно|не ясно|niejasn\w*)\b"
    r"|不清楚|不明确|分かりません|不明|غير واضح|स्पष्ट नहीं",
    re.I,
)
POLITE = STOP | wordset(
    "sure gladly lovely happy nice great okay ok course certainly absolutely thing things question "
    "questions first two three few couple quick good fine right perfect alright gerne natürlich "
    "klar claro por supuesto encantado volontiers bien certo volentieri com prazer graag natuurlijk"
)
# No such text is one question.
LONG_FORM = Phrases(
    r"\b(?:letter|e-?mail|poem|card|speech|story|toast|report|recipe|plan|itinerary|essay|article|"
    r"brief|gedicht|karte|rede|geschichte|carta|poema|tarjeta|discurso|cuento|lettre|poème|carte|"
    r"discours|lettera|poesia|discorso|wiersz|list|письм\w*|стих\w*)\b",
    re.I,
)
# So many words of the task tell that a question is about it; words are told by their first letters.
ASKED_OF_IT = 2
STEM = 5
QUIZ = Phrases(
    r"\b(?:questions?|quiz|riddle|interview\w*|survey|asks?\w*|line|opening|title|subject|pregunta\w*|"
    r"fragen?|domand\w*)\b",
    re.I,
)
ILLUSTRATES = re.compile(
    r"\W*(?:for (?:example|instance)|e\.g\.|such as|say,|zum beispiel|por ejemplo|par exemple|"
    r"ad esempio|por exemplo|bijvoorbeeld|na przykład|örneğin|например)\b",
    re.I,
)
# What somebody has to do, or is about to say, is no request.
TO_DO = Phrases(
    r"\b(?:i|we) (?:\w+ )?need to (?!(?:know|see|understand|ask|check|clarify|have|get|learn|"
    r"confirm|find|be)\b)|\bi(?:'ll|'d| will| would| can| could)? (?:just |only |also )?"
    r"(?:will |would )?(?:say|mention|describe) that\b",
    re.I,
)
QUOTES = tuple('"“”„«»「」')


def asks_back(e: Exhibit) -> Failure | None:
    """The answer wants to know what is wanted.

    Auto Evol-Instruct (arXiv 2406.00770), Table 5, insufficient qualification.
    """
    asks = _asks_user(e) and not (
        # What stands in quotes as a whole is a text that was asked for.
        (e.answer.text[:1] in QUOTES and e.answer.text[-1:] in QUOTES)
        or owed.works_out(e)
        or reworked.asks_too(e)
        or reworked.reshapes(e)
    )
    return found("asks_back", e.answer.text) if asks else None


def _asks_user(e: Exhibit) -> bool:
    """A short answer in which every sentence asks the user or leads up to that."""
    text = e.answer.text
    if not text or not e.whole or len(text) > 12 * TALK or e.answer.length > TALK or "```" in text:
        return False
    if not any(map(text.__contains__, "?？؟か呢吗")) and not e.spoken & (g.NEED | g.CLARIFY):
        return False
    said = [LISTED.sub("", s) for s in t.sentences(text)]
    said = [s for s in said if s]
    asked, listed = False, False
    for place, sentence in enumerate(said):
        tags = g.read(sentence)
        if asking(sentence):
            if _reported(sentence):
                return False
            asked = asked or _to_user(sentence, tags, said) or _of_what_came(e, sentence)
        elif _requests(sentence, tags):
            asked = True
            listed = listed or sentence.endswith((":", "："))
        elif asked and ILLUSTRATES.match(sentence):
            continue
        elif not (listed or _leads(sentence, tags, place) or (asked and _offers(sentence, tags))):
            return False
    if not asked:
        return False
    if LONG_FORM.search(e.new.prose) and _of_the_task(e, said):
        return True
    if ASKED_FOR_QUESTION.search(e.after.text) and not CLARIFYING.search(text):
        return False
    # A message that was asked for may end in a question to its reader.
    wants = any(g.read(s) & (g.CLARIFY | g.NEED | g.DETAIL) or UNCLEAR.search(s) for s in said)
    wants = wants or bool(CLARIFYING.search(text))
    return wants or not (COMPOSED.search(e.after.text) or FICTION.search(e.new.prose))


def _reported(sentence: str) -> bool:
    """ "They ask: where does it hurt?" tells of a question."""
    lead, colon, _ = sentence.partition(": ")
    told = g.read(lead) & (g.SELF | g.YOU | g.NEED | g.DETAIL | g.CLARIFY | g.HEARD)
    leads = LEADS.search(lead) or CLARIFYING.search(lead)
    return bool(colon) and not told and not leads


def _to_user(sentence: str, tags: int, said: list[str]) -> bool:
    """A question to the user; where nothing but questions is said, any that asks for something."""
    if tags & g.YOU:
        return True
    if len(said) == 1:
        return True
    return bool(tags & (g.ASK | g.SELF | g.CLARIFY))


def _curt(sentence: str) -> bool:
    found = t.words(sentence)
    return len(found) <= CURT and POLITE.issuperset(found)


def _of_the_task(e: Exhibit, said: list[str]) -> bool:
    """Whether nothing but one question is said, and a third of it is what the task speaks of."""
    questions = [s for s in said if asking(s)]
    if (
        "\n" in e.after.text.strip()
        or len(questions) != 1
        or len(said) > len(questions) + 1
        or QUIZ.search(e.after.text)
    ):
        return False
    about = frozenset(w[:STEM] for w in t.words(questions[0]) if w not in STOP)
    shared = about & {w[:STEM] for w in e.new.vocabulary}
    return len(shared) >= ASKED_OF_IT and 3 * len(shared) >= len(about)


def _of_what_came(e: Exhibit, sentence: str) -> bool:
    """ "Which list?", where the rewrite brought the list in."""
    return not frozenset(t.words(sentence)).isdisjoint(e.came - STOP)


def _requests(sentence: str, tags: int) -> bool:
    """ "I need to know", "please tell me", "which one is not clear"."""
    if UNCLEAR.search(sentence):
        return bool(tags & (g.YOU | g.MESSAGE | g.CLARIFY)) or '"' in sentence or "“" in sentence
    if TELL_ME.match(sentence):
        return True
    if tags & g.SELF and TO_DO.search(sentence):
        return False
    if g.fills(tags, g.NEED, g.SELF | g.YOU, g.DETAIL | g.CLARIFY | g.ASK):
        return g.within(sentence, 16, g.SELF | g.YOU, g.NEED, g.DETAIL | g.CLARIFY | g.ASK)
    if g.fills(tags, g.NEED, g.SELF) and not tags & g.NO:
        return g.within(sentence, 8, g.SELF, g.NEED)
    wants = tags & g.CLARIFY and tags & (g.ASK | g.DETAIL) and tags & (g.SELF | g.YOU | g.NEED)
    return bool(wants) and g.within(sentence, 10, g.CLARIFY, g.ASK | g.DETAIL)


def _offers(sentence: str, tags: int) -> bool:
    """ "I can do either", behind a question."""
    brief = t.length(sentence) <= LEAD // 2
    return brief and g.fills(tags, g.SELF, g.CAN) and not tags & g.NO


def _leads(sentence: str, tags: int, place: int) -> bool:
    """Politeness before a question, a colon before several, or what comes after the answer."""
    if THEN.search(sentence) or (LEADS.search(sentence) and t.length(sentence) <= 2 * LEAD):
        return True
    if t.length(sentence) > LEAD:
        return False
    if sentence.endswith((":", "：")):
        return bool(tags & (g.DETAIL | g.NEED | g.CLARIFY))
    if place == 0 and (exclaims(sentence) or _curt(sentence)):
        return True
    return place == 0 and bool(tags & (g.HEARD | g.PRAISE | g.THANKS | g.HELP | g.SORRY | g.AGREE))
