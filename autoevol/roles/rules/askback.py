"""The rule on answers that ask back: what is wanted, instead of the work.

Decides what asks the user: in a short, whole answer each sentence asks or leads up to that, and
none holds anything of the work. A question that was asked for, or that is part of a given text, is
none. Gives a `Failure`, or None where it has nothing to say. What an answer says of missing
material is left to `missing`.
"""

from __future__ import annotations

import re

from autoevol.roles import text as t
from autoevol.roles import tongues as g
from autoevol.roles.phrases import Phrases
from autoevol.roles.rules import reworked
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.roles.rules.reaction import (
    ASKED_FOR_QUESTION,
    COMPOSED,
    LEAD,
    TALK,
    asking,
    exclaims,
)
from autoevol.roles.rules.refusing import FICTION
from autoevol.types import Failure

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
    r"glad to|with pleasure|of course|sure|i'd (?:love|like|be)|to (?:help|give|answer|do|plan|"
    r"write|make)|in order to|es kommt|"
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
    r"\bbefore i (?:start|begin)\b",
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


# What else it would like to be told: "a word on the style would help".
WOULD_HELP = Phrases(
    r"\b(?:(?:would|will|might) (?:also |really |already |certainly )?(?:help\b|be (?:very |"
    r"really |also |most )?(?:helpful|useful|good to know|great to know))|"
    r"(?:würde|hilft|hülfe) (?:mir )?(?:\w+ )?(?:helfen|weiter|auch|sehr)|(?:wäre|wären) "
    r"(?:\w+ )?(?:hilfreich|nützlich|gut zu wissen)|(?:me )?ayudaría\w*|(?:sería|serían) "
    r"(?:\w+ )?útil(?:es)?|vendría bien|m'aider(?:ait|aient)|(?:serait|seraient) (?:\w+ )?utiles?|"
    r"(?:me )?ajudari\w+|(?:seria|seriam) (?:\w+ )?(?:útil|úteis)|aiuterebb\w+|"
    r"(?:sarebbe|sarebbero) (?:\w+ )?util[ei]|zou(?:den)? (?:\w+ )?(?:helpen|handig)|"
    r"pomogł(?:oby|aby|yby)|(?:byłoby|byłaby) (?:\w+ )?(?:pomocn\w+|przydatn\w+)|przydał\w+|"
    r"yardımcı olur|işime yarar|iyi olur|помогло бы|помог(?:ла|ли) бы|(?:было|была|были) бы "
    r"(?:\w+ )?полезн\w+|не помешал\w*|допомогл[оаи] б|(?:було|була) б (?:\w+ )?корисн\w+|"
    r"skulle (?:\w+ )?(?:hjälpa|underlätta)|(?:vore|hade varit) (?:\w+ )?(?:bra|till hjälp)|"
    r"ville (?:\w+ )?(?:hjælpe|hjelpe)|akan (?:sangat )?membantu|sẽ (?:rất )?(?:giúp|hữu ích)|"
    r"pomohl[oay])\b|会(?:更|很)?有帮助|会更好|助かります|参考になります|سيساعد|سيفيد|मदद मिलेगी|"
    r"मददगार|"
    r"도움이 (?:될|되)",
    re.I,
)
# What is to be said to somebody else.
TO_SAY = Phrases(
    r"\b(?:say|tell|reply|answer|sagen?|sag|antworten|decir\w*|digo|dire|répondre|dizer|dico|"
    r"zeggen|"
    r"powiedzieć|söyle\w*|säga|svara|mengatakan|katakan)\b|сказать|ответить|сказати|відповісти|nói|"
    r"怎么说|なんと言|何と言|뭐라고|أقول|कहूँ|कहें",
    re.I,
)


def asks_back(e: Exhibit) -> Failure | None:
    """The answer wants to know what is wanted.

    Auto Evol-Instruct (arXiv 2406.00770), Table 5, insufficient qualification.
    """
    asks = _asks_user(e) and not reworked.asks_too(e)
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
            asked = asked or _to_user(sentence, tags, said)
        elif _requests(sentence, tags) and not (not tags & g.SELF and TO_SAY.search(e.after.text)):
            asked = True
            listed = listed or sentence.endswith((":", "："))
        elif not (
            listed
            or _leads(sentence, tags, place)
            or (asked and (_offers(sentence, tags) or WOULD_HELP.search(sentence)))
        ):
            return False
    if len(said) == 1 and REWORDS.search(e.after.text) and GIVEN.search(e.after.text):
        return False
    if not asked or (ASKED_FOR_QUESTION.search(e.after.text) and not CLARIFYING.search(text)):
        return False
    # A message that was asked for may end in a question to its reader.
    wants = any(g.read(s) & (g.CLARIFY | g.NEED | g.DETAIL) or UNCLEAR.search(s) for s in said)
    if wants or WOULD_HELP.search(said[-1]) or _about_it(e, said):
        return True
    return not (COMPOSED.search(e.after.text) or FICTION.search(e.new.prose))


def _about_it(e: Exhibit, said: list[str]) -> bool:
    """Gladly, and then a question that names what is to be written: no caption says "caption"."""
    opening = t.words(said[0])[:2]
    gladly = g.of_words(opening, said[0][:4]) & g.HEARD or LEADS.match(said[0])
    shown = COMPOSED.search(e.after.text)
    if not gladly or not shown:
        return False
    named = shown.group().casefold()
    return any(named in sentence.casefold() for sentence in said if asking(sentence))


GIVEN = re.compile(r"[:：]\s*\S|[\"“„«「']")
# "Put it politely: let me know when." The answer may be the question.
REWORDS = Phrases(
    r"\b(?:re-?phras\w+|re-?word\w*|paraphras\w+|polite\w*|friendli\w+|\w*formulier\w*|höflich\w*|"
    r"freundlich\w*|reformul\w+|parafrase\w*|amable\w*|cortés\w*|poli\w{0,5}|educad\w+|riformul\w+|"
    r"gentil\w*|herschrijf\w*|beleefd\w*|przeformuł\w+|uprzejm\w+|переформулир\w+|вежлив\w+|"
    r"переформулю\w+|ввічлив\w+|nazik\w*|kibar\w*|omformulera\w*|artig\w*|sopan\w*|lịch sự)\b|"
    r"改写|礼貌|客气|丁寧|言い換え|공손|정중|بأدب|مهذب|विनम्र",
    re.I,
)


def _reported(sentence: str) -> bool:
    """ "They ask: where does it hurt?" tells of a question."""
    lead, colon, _ = sentence.partition(": ")
    told = g.read(lead) & (g.SELF | g.YOU | g.NEED | g.DETAIL | g.CLARIFY | g.HEARD)
    return bool(colon) and not told and not LEADS.search(lead)


def _to_user(sentence: str, tags: int, said: list[str]) -> bool:
    """A question to the user; where nothing but questions is said, any that asks for something."""
    if tags & g.YOU or len(said) == 1:
        return True
    # Gladly, and then one question behind the other.
    if not asking(said[0]) and sum(map(asking, said)) > 1:
        return True
    return bool(tags & (g.ASK | g.SELF | g.CLARIFY))


# What somebody has to do, or is about to say, is no request.
TO_DO = Phrases(
    r"\b(?:i|we) (?:\w+ )?need to (?!(?:know|see|understand|ask|check|clarify|have|get|learn|"
    r"confirm|find|be)\b)|\bi(?:'ll|'d| will| would| can| could)? (?:just |only |also )?"
    r"(?:will |would )?(?:say|mention|describe) that\b",
    re.I,
)


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
    if place == 0 and exclaims(sentence):
        return True
    return place == 0 and bool(tags & (g.HEARD | g.PRAISE | g.THANKS | g.HELP | g.SORRY | g.AGREE))
