"""Rules on the answer: what it tells of the rewrite that it was given to.

Each takes an `Exhibit` and gives its evidence, '' where it has nothing to say. Phrases count only
at the real start or end of a text, because anywhere in it they also condemn good answers; sources
stand in `eliminator`. Whether the answer is right is left to those who can check it.
"""

from __future__ import annotations

import re
import unicodedata

from autoevol.roles import text as t
from autoevol.roles.rules.exhibit import Exhibit

# A chat reaction, a question back and a refusal are short; a long answer that uses the same words
# is work. 80 words is WizardLM's bound.
SHORT = 80
SHORT_REACTION = 60

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


def refusal(e: Exhibit) -> str:
    """The answer declines, at its start; an apology inside a text that was asked for does not."""
    if e.evolution.response_finish == "refusal":
        return t.clip(e.response.text) or "the answer was refused"
    if not e.response.text or e.response.length >= SHORT:
        return ""
    found = REFUSAL.match(e.opening.replace("\n", " "))
    return t.clip(e.response.text) if found else ""


def missing_input(e: Exhibit) -> str:
    """Table 5, loss of key information: the answer asks the user for the material."""
    if not e.response.text or e.response.length >= SHORT or CORRESPONDENCE.search(e.after.text):
        return ""
    found = MISSING.search(e.response.prose)
    # A rewrite that itself says "please provide" is echoed by good answers.
    echoed = found and found.group().lower() in e.after.text.lower()
    return t.clip(found.group()) if found and not echoed else ""


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


def empty_response(e: Exhibit) -> str:
    """The responder ended by itself without a word."""
    silent = not e.response.text and e.evolution.response_finish == "stop"
    return "the answer is blank" if silent else ""


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
