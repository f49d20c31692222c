"""The rule on material that is not there: an answer says so, or the rewrite points at nothing.

Decides what tells in an answer that something was to come along and did not: a word for material,
that it is missing or not seen, and the message or the writer it should have come from; or a request
to send it. Gives a `Failure`, or None where it has nothing to say. What points at nothing in a
rewrite is left to `pointing` and `handed`, material of the seed that was lost to `material`.
"""

from __future__ import annotations

import re

from autoevol.roles import text as t
from autoevol.roles import tongues as g
from autoevol.roles.lexicon import STOP
from autoevol.roles.phrases import Phrases
from autoevol.roles.rules import handed, pointing, reworked
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.roles.rules.pointing import CORRESPONDENCE, DEICTIC
from autoevol.types import Failure

# An answer that asks for material is short; 80 words is WizardLM's bound for refusals.
SHORT, REACH = 80, 10
# One that does what can be done without it may be longer.
LONG, STEM = 250, 5
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
    r"missing from (?:your|the) (?:message|question|prompt|request|problem|instruction))\b",
    re.I,
)
# What an answer leaves open in place of what it does not have.
GAPS = Phrases(
    r"placeholder|platzhalter|segnaposto|marcador(?:es)? de posición|espaces? réservés?|"
    r"marcadores? (?:de lugar|provisór)|yer tutucu|плейсхолдер|заполнител|заповнювач|"
    r"symbole zastępcze|platshållare|pladsholder|zástupn|tanda kurung|chỗ trống|占位|留空|"
    r"プレースホルダ|空欄|자리 ?표시|빈칸|عناصر نائبة|प्लेसहोल्डर|"
    r"\b(?:left|leave|put|used?) (?:\w+ )?(?:blanks?|gaps?|brackets|dummy|template)\b|"
    r"\blücken\b|\bhuecos?\b|entre (?:corchetes|crochets|colchetes)|tra parentesi quadre|"
    r"eckigen? klammern|"
    r"tussen haakjes|w nawiasach|köşeli parantez|в скобках|у дужках|方括号",
    re.I,
)
GONE, ARRIVED = g.NO | g.LOST, g.SEE | g.SENT | g.MESSAGE


def missing_input(e: Exhibit) -> Failure | None:
    """The rewrite points to material that is not there, or the answer asks for it.

    Auto Evol-Instruct (arXiv 2406.00770), Table 5, loss of key information.
    """
    return found("missing_input", _asked_for(e) or pointing.pointed_at(e) or handed.beside(e))


def _asked_for(e: Exhibit) -> str:
    answer = e.answer
    if not answer.text or len(answer.text) > 12 * LONG or answer.length >= LONG:
        return ""
    if not e.spoken & (GONE | g.GIVE | g.NEED) or not _may_lack(e):
        return ""
    said = e.said
    # What goes on to do the work may have said so first, or last, and in so many words.
    works = answer.length >= SHORT or "```" in answer.text
    places = dict.fromkeys((*range(len(said))[:OPENING], *range(len(said))[-CLOSING:]))
    for place in places:
        sentence: str = said[place]
        tags = g.read(sentence)
        behind = said[place + 1] if place == 0 and len(said) > 1 else ""
        if _left_gaps(e, sentence, tags, behind):
            return sentence
        unseen = _not_seen(e, sentence, tags)
        if works:
            lacks = unseen or _plainly(sentence, tags)
        else:
            lacks = unseen or _lacks(sentence, tags, place == 0) or _then_asks(tags, behind)
        if not lacks:
            continue
        if reworked.reworks(e):
            return ""
        # A letter may ask for papers; not so one that is to be written from papers.
        if CORRESPONDENCE.search(e.after.text) and not DEICTIC.search(e.after.text):
            return ""
        # A rewrite that itself says "please provide" is echoed by good answers.
        return "" if sentence.casefold() in e.after.text.casefold() else sentence
    return ""


def _plainly(sentence: str, tags: int) -> bool:
    """I do not see it in what you sent."""
    if not g.fills(tags, g.SELF, GONE, g.SEE | g.SENT, g.MATERIAL, g.YOU | g.MESSAGE):
        return False
    return t.length(sentence) < 3 * REACH and g.within(sentence, REACH, g.MATERIAL, GONE, ARRIVED)


def _not_seen(e: Exhibit, sentence: str, tags: int) -> bool:
    """I see the question and no reviews: what is denied is what the rewrite speaks of."""
    if not g.fills(tags, g.SELF, GONE, g.SEE, g.MESSAGE) or tags & g.ADVICE:
        return False
    words = t.words(sentence)
    if t.unspaced(words) or len(words) > 3 * REACH:
        return False
    had = {word[:STEM] for word in e.new.vocabulary - STOP if len(word) >= STEM - 1}
    for place, word in enumerate(words):
        if g.slots(word) & g.NO:
            near = words[max(0, place - 3) : place] + words[place + 1 : place + 4]
            if any(one[:STEM] in had and not g.slots(one) & g.MESSAGE for one in near):
                return True
    return False


def _left_gaps(e: Exhibit, sentence: str, tags: int, behind: str) -> bool:
    """I could not see it, so I left placeholders; nobody asked for a form with such."""
    if not g.fills(tags, g.SELF, GONE, ARRIVED | g.GIVE | g.MATERIAL) or GAPS.search(e.after.text):
        return False
    return bool(GAPS.search(sentence) or GAPS.search(behind))


def _then_asks(tags: int, behind: str) -> bool:
    """ "The guide was not included. Please paste it": whatever it is, it is asked for."""
    if not g.fills(tags, GONE, g.SENT) or not PLEASE.search(behind):
        return False
    return bool(g.read(behind) & g.GIVE) and t.length(behind) <= REACH


def _may_lack(e: Exhibit) -> bool:
    """Whether an answer as a whole holds what `_lacks` and `_then_asks` look for in sentences."""
    if t.UNSPACED_SIGN.search(e.answer.text):
        return True  # what words do there is told by patterns, which a piece may fill alone
    told = e.spoken
    return (
        bool(told & g.MATERIAL)
        or g.fills(told, g.SELF, GONE, g.SEE, g.MESSAGE)
        or g.fills(told, g.NO, g.SENT, g.MESSAGE)
        or g.fills(told, GONE, g.SENT, g.GIVE)
        or NOT_THERE.maybe(e.answer.prose)
        or GAPS.maybe(e.answer.prose)
    )


def _lacks(sentence: str, tags: int, opens: bool) -> bool:
    """Whether a sentence says that material did not come, or asks the writer to send it."""
    if NOT_THERE.search(sentence):
        return True
    if NO_REASON.search(sentence):
        return False
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
            return _not_conditional(sentence)
    if tags & g.LOST and (tags & g.SORRY or (tags & g.NEED and opens)) and not tags & g.GIVE:
        return t.length(sentence) <= REACH + 4
    if g.fills(tags, g.GIVE, g.YOU | g.SELF | g.CAN):
        asks = sentence.rstrip(" *_\"')）").endswith(("?", "？", "؟", "か。"))
        return ((asks and bool(tags & g.YOU)) or bool(PLEASE.search(sentence))) and g.within(
            sentence, REACH, g.GIVE, g.MATERIAL
        )
    if PLEASE.search(sentence) and tags & g.GIVE:
        return g.within(sentence, REACH, g.GIVE, g.MATERIAL)
    if tags & g.SELF and tags & g.NEED:
        return g.within(sentence, 8, g.SELF, g.NEED, g.MATERIAL)
    shown = WITHOUT.search(sentence) if tags & g.SELF else None
    behind = " ".join(sentence[shown.end() :].split()[:5]) if shown else ""
    return bool(g.read(behind) & g.MATERIAL)


NO_REASON = Phrases(r"\bno (?:reason|point|problem|harm|need|difference|doubt|way|error|mistake)\b")
PLEASE = Phrases(
    r"\bplease\b|\bbitte\b|por favor|s'il (?:vous|te) pla|veuillez|per favore|alsjeblieft|"
    r"alstublieft|"
    r"proszę|lütfen|пожалуйста|请|麻烦|ください|下さい|いただけ|يرجى|من فضلك|أرجو|कृपया|주세요|"
    r"주시|"
    r"\b(?:could|can|would|will) you\b",
    re.I,
)
WITHOUT = Phrases(r"\b(?:without|ohne|sans|sin|sem|senza|zonder|bez|без)\b|没有|بدون|बिना", re.I)
CONDITION = re.compile(
    r"\b(?:if|when|whenever|unless|as long as|so long as|solange|mientras|tant que|enquanto|finché|"
    r"zolang|dopóki|пока|поки|om|jika|kalau|nếu|pokud|якщо|коли|falls|wenn|si|cuando|quand|se|"
    r"quando|als|jeśli|eğer|если|когда)\b"
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
