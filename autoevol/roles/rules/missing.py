"""The rule on material that is not there: an answer says so, or the rewrite points at nothing.

Decides what tells that something was to come along and did not: a word for material, that it is
missing or not seen, and the message or the writer it should have come from; or a request to send
it. In a rewrite, words that point ("the following table") with nothing to point at. Gives a
`Failure`, or None where it has nothing to say. Material of the seed that was lost is left to
`material`.
"""

from __future__ import annotations

import re

from autoevol.roles.rules import pointing, reworked
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.text import structure as t
from autoevol.text import tongues as g
from autoevol.text.phrases import Phrases
from autoevol.types import Failure

# An answer that asks for material is short; 80 words is WizardLM's bound for refusals.
SHORT, REACH = 80, 10
# It says so where it begins, or where it ends.
OPENING, CLOSING = 2, 1

# Something of the message did not arrive, without a word for what it is.
NOT_THERE = Phrases(
    r"\b(?:i have nothing to \w+|(?:did not|didn't|won't|doesn't) (?:load|open|upload|show up) "
    r"(?:on|at|for) "
    r"(?:my|me)|nothing (?:is|was|has been|seems to be) (?:attached|provided|given|included|shared|"
    r"pasted|"
    r"uploaded|sent)|none (?:is|are|was|were) (?:given|provided|attached|included|shown)|"
    r"(?:did not|didn't|does not seem to have|doesn't seem to have|hasn't|has not) (?:come|go|come "
    r"across|make it|made it|made) through|(?:did not|didn't|hasn't|has not) (?:reach(?:ed)? me|"
    r"arrived?)|forgot(?:ten)? to (?:attach|include|paste|add|send|share|provide)|"
    r"(?:seems?|appears?) to (?:be missing|have been (?:left out|cut off|lost))|got (?:lost|"
    r"cut off)|"
    r"neither\b[^.!?\n]{1,60}\b(?:came|went|made it|got) through|(?:isn't|is not|aren't|are not) "
    r"visible to me|no\b[^.!?\n]{1,40}\bin (?:the|this|our|your) (?:chat|message|conversation|"
    r"thread)|"
    r"missing from (?:your|the) (?:message|question|prompt|request|problem|instruction))\b",
    re.I,
)
# What is needed is not there, and nobody is asked for it.
TOO_LITTLE = Phrases(
    r"\b(?:(?:isn't|is not|not|is) (?:enough|insufficient|too little) (?:information|data|"
    r"details?)|"
    r"insufficient (?:information|data)|(?:cannot|can't|can not) be (?:determined|solved|answered) "
    r"(?:from|without|with) (?:what|the|this|these|more|only)|impossible to (?:determine|say|tell|"
    r"solve|answer|"
    r"find) [^.!?\n]{0,40}without (?:knowing|more|the))\b",
    re.I,
)
# Whether it can be told is asked.
DECIDABLE = re.compile(
    r"\b(?:enough|sufficient|determined?|possible|impossible|whether|undecid\w+|can(?:not|'t)?)\b",
    re.I,
)
GONE, ARRIVED = g.NO | g.LOST, g.SEE | g.SENT | g.MESSAGE


def missing_input(e: Exhibit) -> Failure | None:
    """The rewrite points to material that is not there, or the answer asks for it.

    Auto Evol-Instruct (arXiv 2406.00770), Table 5, loss of key information.
    """
    return found("missing_input", _asked_for(e) or pointing.pointed_at(e))


def _asked_for(e: Exhibit) -> str:
    answer = e.answer
    if not answer.text or len(answer.text) > 12 * SHORT or answer.length >= SHORT:
        return ""
    if "```" in answer.text:
        return ""
    if not e.spoken & (GONE | g.GIVE | g.NEED) or not _may_lack(e):
        return ""
    said = e.said
    places = dict.fromkeys((*range(len(said))[:OPENING], *range(len(said))[-CLOSING:]))
    for place in places:
        sentence = said[place]
        tags = g.read(sentence)
        behind = said[place + 1] if place == 0 and len(said) > 1 else ""
        wants = _lacks(sentence, tags, place == 0) or _then_asks(tags, behind)
        wants = wants or (bool(place) and _wants_it(e, sentence, said[place - 1]))
        if not wants and not (place < OPENING and _too_little(e, sentence)):
            continue
        if reworked.reworks(e):
            return ""
        # A letter may ask for papers; not so one that is to be written from papers.
        if pointing.CORRESPONDENCE.search(e.after.text) and not pointing.DEICTIC.search(
            e.after.text
        ):
            return ""
        # A rewrite that itself says "please provide" is echoed by good answers.
        return "" if sentence.casefold() in e.after.text.casefold() else sentence
    return ""


def _then_asks(tags: int, behind: str) -> bool:
    """ "The guide was not included. Please paste it": whatever it is, it is asked for."""
    if not g.fills(tags, GONE, g.SENT) or not PLEASE.search(behind):
        return False
    return bool(g.read(behind) & g.GIVE) and t.length(behind) <= REACH


# To be sent, whatever it is: a page is posted to somebody, too, so that it takes who needs it.
SENDS = Phrases(
    r"(?:^|[,;.!?:—–-] )(?:so |then |please )?(?:paste|post|upload|attach|share|send)(?: me)? "
    r"(?:it|them|its|your|those|these|that)\b|\b(?:could|can|would|will) you (?:please )?"
    r"(?:paste|post|upload|attach|share|send)\b",
    re.I,
)


def _too_little(e: Exhibit, sentence: str) -> bool:
    """ "There isn't enough information", though nobody asked whether there is."""
    if e.answer.length > SHORT // 2 or not TOO_LITTLE.search(sentence):
        return False
    return not DECIDABLE.search(e.after.text)


def _wants_it(e: Exhibit, sentence: str, before: str) -> bool:
    """ "I'd have to see the function. Paste it here"."""
    told = g.read(before)
    needs = told & g.SELF and told & (g.NEED | g.SEE)
    return bool(needs) and bool(SENDS.search(sentence))


def _may_lack(e: Exhibit) -> bool:
    """Whether an answer as a whole holds what `_lacks` and `_then_asks` look for in sentences."""
    if t.UNSPACED_SIGN.search(e.answer.text):
        return True  # what words do there is told by patterns, which a piece may fill alone
    told = e.spoken
    return (
        bool(told & g.MATERIAL)
        or SENDS.maybe(e.answer.prose)
        or TOO_LITTLE.maybe(e.answer.prose)
        or g.fills(told, g.NO, g.SENT, g.MESSAGE)
        or g.fills(told, GONE, g.SENT, g.GIVE)
        or NOT_THERE.maybe(e.answer.prose)
    )


def _lacks(sentence: str, tags: int, opens: bool) -> bool:
    """Whether a sentence says that material did not come, or asks the writer to send it."""
    if NOT_THERE.search(sentence):
        return True
    if tags & g.MATERIAL and (WHERE.match(sentence) or (tags & g.YOU and FORGOT.search(sentence))):
        return True
    if not tags & g.MATERIAL:
        return g.fills(tags, g.NO, g.SENT, g.MESSAGE) and g.within(
            sentence, REACH // 2, g.NO, g.SENT, g.MESSAGE
        )
    if tags & GONE and tags & (ARRIVED | g.GIVE * bool(tags & g.YOU)):
        to_user = tags & (g.YOU | g.MESSAGE) or (tags & g.SELF and tags & g.SEE)
        brief = t.length(sentence) <= REACH + 4
        if (to_user or (tags & g.SENT and opens and brief)) and g.within(
            sentence, REACH, g.MATERIAL, GONE, ARRIVED | g.GIVE
        ):
            return _not_conditional(sentence) and not _free_of(sentence)
    if tags & g.LOST and (tags & g.SORRY or (tags & g.NEED and opens)) and not tags & g.GIVE:
        return t.length(sentence) <= REACH + 4
    if g.fills(tags, g.GIVE, g.YOU | g.SELF | g.CAN):
        asks = sentence.rstrip(" *_\"')）").endswith(("?", "？", "؟", "か。"))
        return ((asks and bool(tags & g.YOU)) or bool(PLEASE.search(sentence))) and g.within(
            sentence, REACH, g.GIVE, g.MATERIAL
        )
    if PLEASE.search(sentence) and tags & g.GIVE:
        return g.within(sentence, REACH, g.GIVE, g.MATERIAL)
    if tags & g.SELF and tags & g.NEED and not NEEDED.search(sentence):
        return g.within(sentence, 8, g.SELF, g.NEED, g.MATERIAL)
    shown = WITHOUT.search(sentence) if tags & g.SELF else None
    behind = " ".join(sentence[shown.end() :].split()[:5]) if shown else ""
    return bool(g.read(behind) & g.MATERIAL)


PLEASE = Phrases(
    r"\bplease\b|\bbitte\b|por favor|s'il (?:vous|te) pla|veuillez|per favore|alsjeblieft|"
    r"alstublieft|"
    r"proszę|lütfen|пожалуйста|请|麻烦|ください|下さい|いただけ|يرجى|من فضلك|أرجو|कृपया|주세요|주시|"
    r"\b(?:could|can|would|will) you\b",
    re.I,
)
WITHOUT = Phrases(r"\b(?:without|ohne|sans|sin|sem|senza|zonder|bez|без)\b|没有|بدون|बिना", re.I)
CONDITION = re.compile(
    r"\b(?:if|when|whenever|unless|falls|wenn|si|cuando|quand|se|quando|als|jeśli|eğer|если|когда)\b"
    r"|如果|若是|当.{1,12}时|場合|とき|إذا|عندما|यदि|अगर|만약",
    re.I,
)


def _not_conditional(sentence: str) -> bool:
    """ "It stops if no file is given" tells how something behaves."""
    shown = CONDITION.search(sentence)
    if shown is None:
        return True
    clause = CLAUSE_END.split(sentence[shown.end() :], maxsplit=1)[0]
    return not g.read(clause) & GONE


# "No mistake in the given code": that code is there.
FREE_OF = re.compile(
    r"\b(?:no|not an?y?|without|keine?n?|sin|ning[uú]n\w*|aucune?|nessun\w*|"
    r"nenhum\w*)\b([^.!?,;]{1,60}?)"
    r" (?:in|within|with|im|en|dans|nel\w*|n[oa]) ([^.!?,;]+)",
    re.I,
)
# Who needed something to be done tells of it.
NEEDED = re.compile(
    r"\bneeded\b|\bneed to (?!(?:know|see|have|look|read|check|get|first|actually|be)\b)", re.I
)


def _free_of(sentence: str) -> bool:
    shown = FREE_OF.search(sentence)
    return bool(shown and not g.read(shown[1]) & g.MATERIAL and g.read(shown[2]) & g.MATERIAL)


WHERE = re.compile(
    r"\W*(?:where(?:'s| is| are)|wo (?:ist|sind)|où (?:est|sont)|¿?dónde|onde "
    r"est|dov'è|где)\b",
    re.I,
)
FORGOT = Phrases(
    r"\b(?:forg[oe]t|vergessen|oublié|olvid|esquec|dimenticat|vergeten|zapomni|unuttu|забыл)"
    r"|忘|نسيت|भूल|잊",
    re.I,
)
CLAUSE_END = re.compile(r"[,;:，、]")
