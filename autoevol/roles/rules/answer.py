"""Rules on the answer: what it tells of the rewrite that it was given to.

Each takes an `Exhibit` and gives a `Failure`, or None where it has nothing to say. Phrases count
only at the real start or end of a text, because anywhere in it they also condemn good answers; an
answer that holds something of its own is work, however it opens and ends. Whether the answer is
right is left to those who can check it, what it says of missing material to `material`.
"""

from __future__ import annotations

import re
import unicodedata

from autoevol.roles import text as t
from autoevol.roles.lexicon import STOP, wordset
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.roles.rules.task import translates
from autoevol.types import Failure

# A chat reaction, a question back and a refusal are short; a long answer that uses the same words
# is work. 80 words is WizardLM's bound.
SHORT = 80
SHORT_REACTION = 60
# So many words that neither the task nor politeness brought are an answer of some kind.
SUBSTANCE = 4

STAGNANT = re.compile(
    r"(?:understood|got it|noted|thank you|thanks|that(?:'s| is) (?:correct|right|great|good|a )|"
    r"i understand|i see\b|great[,!. ]|good (?:question|point|idea)|wonderful|excellent|perfect|"
    r"interesting|nice|awesome|you(?:'re| are) (?:right|welcome)|what an? \w+ (?:idea|question|"
    r"task)|"
    r"entendido|gracias|verstanden|danke|compris|merci|明白|了解|谢谢|分かりました|ありがとう)",
    re.I,
)
ACKNOWLEDGED = re.compile(
    r"(?:understood|got it|noted|thank you for|thanks for|i understand|i(?:'ll| will) keep|"
    r"entendido|verstanden|compris|明白|了解|分かりました)",
    re.I,
)
TO_USER = re.compile(
    r"\b(?:you|your|usted|tu|te|Sie|Ihnen|du|dir|vous)\b|[您你]|ますか|anything else|\bshould i\b|"
    r"\bshall i\b",
    re.I,
)
CLARIFYING = re.compile(
    r"\b(?:could|can|would|will|do|are|have) you\b|\b(?:should|shall|may|can) i\b|"
    r"\b(?:which|what|how|where|who)\b.{0,80}\b(?:you|your|i)\b|anything else|[您你]|"
    r"ますか|\b(?:usted|tu|te|"
    r"sie|ihnen|du|dir|vous|quieres|quiere|prefieres|möchten|möchtest|soll ich|voulez|souhaitez)\b",
    re.I,
)
EAGER = re.compile(
    r"(?:sure|certainly|of course|absolutely|okay|ok|happy to|glad to|i(?:'d| would) (?:be |love)|"
    r"yes|hi|hello|"
    r"i can|claro|por supuesto|natürlich|gerne|gern|klar|bien sûr|好的|当然|もちろん|はい|"
    r"to (?:help|answer|give|do))",
    re.I,
)
TELLERS = frozenset(("please", "let", "tell", "need"))
TELL_ME = re.compile(
    r"\b(?:please (?:tell me|let me know|clarify|specify|confirm|choose|elaborate|advise)|"
    r"let me know|tell me (?:which|what|how|more)|i(?:'d| would)? need (?:to know|more|"
    r"a bit more))\b",
    re.I,
)
ASKED_FOR_QUESTION = re.compile(
    r"\b(?:write|generate|create|compose|suggest|draft|give|tell|make|come up|pose|formulate|ask|"
    r"put|"
    r"paraphrase|shorten|summari[sz]e|edit|improve|fix|reword|simplify|translate|soften|polish|say|"
    r"reply|respond|turn|convert|rewrite|rephrase|correct|complete|continue|escribe|schreib\w*)\b"
    r".{0,80}\b(?:questions?|riddle|quiz|joke|interview\w*|dialog\w*|"
    r"conversation|survey|slogan|tagline|headline|e-?mail|letter|message|tweet|post|poem|script|"
    r"story|opening|line|caption|greeting|reply|preguntas?|fragen?)|"
    r"\b(?:role-?play|act as|pretend|interviewer|tutor|therapist|chatbot|you are an?)\b",
    re.I | re.S,
)
CANNOT = (
    r"(?:can't|cannot|can not|won't|will not|(?:am |'m )?(?:unable|not able|not allowed|"
    r"not permitted)|"
    r"(?:can(?:no|')t|cannot) and will not|am not going to|'m not going to|(?:must|have to|need to|"
    r"will have to|'ll have to) decline|"
    r"do not feel comfortable|don't feel comfortable|refuse)"
)
# What a model says it will not do. An author of letters cannot come, a model cannot write.
MODEL_WORK = (
    r"(?:assist|help(?! but)|comply|fulfil|write|draft|compose|create|generate|produce|provide|"
    r"answer|complete|"
    r"discuss|support|engage|participate|continue|respond|offer|process|access|browse|share|give|"
    r"do "
    r"(?:that|this|so)|perform|predict|recommend|advise|verify|carry out|run|execute|open|view|"
    r"look|"
    r"walk you|show you|tell you|teach|explain|make)"
)
REFUSAL = re.compile(
    rf"(?:i understand|thank you|thanks|i appreciate|i know|i'm sorry|i am sorry|sorry|"
    rf"unfortunately|"
    rf"regrettably|i'm afraid|i apologi[sz]e|my apologies|apologies)?\b.{{0,80}}?"
    rf"\bi(?:'m| am|'d|'ll)? ?(?:really |just |simply )?{CANNOT}(?: be able)?(?: to| from)? "
    rf"(?:\w+ly )?(?:to )?{MODEL_WORK}"
    r"|(?:that|this)(?:'s| is|'s simply| is simply)?(?: not|n't) something (?:i|that i)\b"
    r"|i(?:'m| am) not comfortable|i(?:'d| would) (?:rather|prefer) not"
    rf"|i (?:must|have to|will have to|need to|respectfully|would rather) (?:respectfully )?decline"
    r"|as an? (?:ai|language model|large language model|artificial intelligence)\b"
    r"(?: language)?(?: model| assistant| system)?.{0,60}\b"
    r"(?:can't|cannot|can not|am not|am unable|do not|don't|not able|not have)\b"
    r"|i(?:'m| am) (?:just |only )?an ai\b.{0,60}\b(?:can't|cannot|not able|unable|don't|do not)\b"
    r"|(?:it is|it's) against my (?:guidelines|policy|programming)|this (?:request|"
    r"content) violates"
    r"|.{0,60}\bno (?:puedo|voy a|me es posible) (?:ayudar|escribir|redactar|crear|generar|cumplir|"
    r"hacer|proporcionar|dar|responder|asistir|facilitar|explicar)"
    r"|.{0,60}\bich\b.{0,40}\bnicht (?:\w+ ){0,2}?(?:helfen|schreiben|formulieren|verfassen|machen|"
    r"tun|"
    r"beantworten|erstellen|unterstützen|behilflich|liefern|geben|erklären)"
    r"|.{0,60}\bje ne (?:peux|vais|suis|saurais|souhaite)(?: pas)?.{0,30}\b(?:aider|écrire|rédiger|"
    r"créer|"
    r"fournir|répondre|faire|assister|générer|donner|expliquer)"
    r"|.{0,60}\bnon posso (?:aiutar|scriver|creare|fornir|far|rispond|generar)"
    r"|.{0,60}\bnão (?:posso|vou) (?:te |lhe )?(?:ajudar|escrever|criar|fazer|fornecer|responder|"
    r"gerar|redigir)"
    r"|.{0,60}\bik kan\b.{0,40}\bniet (?:helpen|schrijven|maken|doen|beantwoorden)"
    r"|.{0,20}(?:不能|无法|無法|不可以|没办法)(?:为您|为你|帮|协助|提供|回答|完成|生成|写|撰写|满足|給|给)"
    r"|.{0,40}(?:できません|できかねます|いたしかね|お手伝いすることはできま|お答えできま|書けません)"
    r"|.{0,40}(?:도와드릴 수 없|도울 수 없|작성할 수 없|제공할 수 없|답변할 수 없|할 수 없습니다)"
    r"|.{0,60}не (?:могу|буду|смогу|в состоянии) (?:\w+ )?(?:помо\w+|напис\w+|созда\w+|"
    r"предостав\w+|"
    r"ответ\w+|выполн\w+|сдела\w+|писать|дать)"
    r"|.{0,40}لا (?:أستطيع|يمكنني|أقدر)|.{0,40}لن (?:أكتب|أساعد|أقدم)"
    r"|.{0,60}(?:मदद|सहायता|उत्तर|लिख|प्रदान|कर).{0,20}नहीं (?:कर|दे|लिख|सक)",
    re.I,
)
SORRY = re.compile(
    r"(?:i(?:'m| am) (?:very |truly |so |really )?sorry|sorry|unfortunately|regrettably|i'm afraid|"
    r"i apologi[sz]e|my apologies|apologies)\b.{0,40}?\b"
    rf"(?:{CANNOT}|not possible for me|not appropriate|don't have|do not have)"
    r"|lo siento\b.{0,30}\bno\b|(?:es )?tut mir (?:sehr )?leid\b.{0,50}\b(?:nicht|kein)"
    r"|(?:je suis (?:vraiment )?)?désolée?\b.{0,30}\bje ne|mi dispiace\b.{0,30}\bnon"
    r"|(?:desculpe|sinto muito|lamento)\b.{0,30}\bnão|het spijt me\b.{0,40}\bniet"
    r"|(?:很)?(?:抱歉|对不起|對不起).{0,12}(?:不能|无法|無法)|申し訳.{0,30}(?:ません|かね)"
    r"|죄송.{0,30}(?:없습니다|어렵)|(?:извините|к сожалению|простите).{0,40}\bне\b"
    r"|(?:عذر|آسف|أعتذر).{0,30}لا|(?:क्षमा|माफ़).{0,40}(?:नहीं|असमर्थ)",
    re.I,
)
# Said of a part of the task only, anywhere.
LINE_DRAWN = re.compile(
    r"\bwhere i draw the line|\bi(?:'ll| will| would| have to| must)? (?:leave|left) (?:that|this|"
    r"the) ?\w{0,12} out\b|"
    r"\bi(?:'ll| will) (?:skip|pass on) (?:that|this)\b|"
    r"\bi (?:cannot|can't|won't|will not)(?: and will not)? (?:help|assist|support) (?:with|you)\b",
    re.I,
)
# How each of them starts.
REFUSING = re.compile(
    r"(?:i|i'm|i'd|sorry|unfortunately|regrettably|my|apologies|as|it|it's|this|that|that's|thank|"
    r"thanks|"
    r"lo|no|es|tut|leider|kann|das|so|dabei|ich|je|mi|non|desculpe|sinto|lamento|het|ik|dat)\b"
    r"|[^\x00-\x7f]|\w*[^\x00-\x7f]",
    re.I,
)
FICTION = re.compile(
    r"\b(?:story|poem|novel|scene|dialog\w*|play|script|e-?mail|letter|reply|message|apolog\w+|"
    r"monologue|character|role-?play|lyrics|song|joke|note|cuento|carta|correo)\b",
    re.I,
)
# What answers say before or instead of saying something.
PLEASANTRIES = wordset(
    "sure certainly course absolutely okay ok happy glad help assist great understood got thank "
    "thanks correct right question good idea love d ll m let start begin happy need more "
    "information details know before proceed provide yes definitely gladly please understand "
    "noted wonderful excellent perfect interesting nice awesome welcome details context like "
    "further anything else next new ready point just me us can do done request task instruction "
    "instructions problem keep mind want follow up today way bit some any it's i'd let's ask "
    "asked asking answer clear confirm claro puedo ayudar verstanden danke gerne helfen feel free "
    "glad pleasure be"
)
# A whole answer of nothing but these has no content, where no yes or no was asked for.
EMPTY_WORDS = wordset(
    "ok okay sure done understood thanks thank great certainly hello hi n a none null undefined "
    "nan tbd todo answer response output result follows here"
)


YES_NO = wordset(
    "yes no true false sí si oui non ja nein sim não да нет نعم لا 是 否 不 对 "
    "はい いいえ हाँ हां नहीं 네 "
    "예 아니요"
)
# Words that ask for more than yes or no; the instruction must not also leave it at that.
MORE = re.compile(
    r"\b(?:how|why|what|which|who|where|when|explain|describe|write|list|compare|suggest|plan|"
    r"design|"
    r"cómo|qué|por qué|cuál\w*|escribe|wie|warum|welche\w*|was|erklär\w*|comment|pourquoi|quel\w*|"
    r"come|perché|quale|como|qual|hoe|waarom|как|почему|какой|что)\b"
    r"|كيف|لماذا|ما |اكتب|怎么|如何|为什么|什么|写|どう|なぜ|何|कैसे|क्यों|क्या|어떻게|왜",
    re.I,
)
YES_OR_NO = re.compile(
    r"yes or no|true or false|true,? false|\b(?:tell|say|check|decide|judge|see|state)(?: me|"
    r" us)? if\b|"
    r"\bwhether\b|\bonly (?:yes|no|true|false)\b|\bone word\b|sí o no|"
    r"ja oder nein|oui ou non|(?:^|[.!?,;]\s)(?:is|are|does|do|did|can|could|will|would|was|were|"
    r"has|"
    r"have|should|ist|sind|kann|hat|es|est-ce|é|può)\b",
    re.I,
)


def refusal(e: Exhibit) -> Failure | None:
    """The answer declines, at its start; an apology inside a text that was asked for does not.

    WizardLM (arXiv 2304.12244), elimination 2.
    """
    text = e.answer.text
    if e.response_finish == "refusal":
        return found("refusal", t.clip(text) or "the answer was refused")
    if not text or len(text) > 12 * SHORT:
        return None
    own_voice = "'ll" in text or " I " in text or " i " in text
    if not (own_voice or REFUSING.match(e.opening)) or e.answer.length >= SHORT:
        return None
    start = e.opening[:200]
    declines = (
        REFUSAL.match(start)
        or LINE_DRAWN.search(e.answer.prose)
        or (SORRY.match(start) and not FICTION.search(e.new.prose))
    )
    return found("refusal", text) if declines else None


def stagnant(e: Exhibit) -> Failure | None:
    """The answer reacts to a statement, and has nothing of its own to say.

    Auto Evol-Instruct (arXiv 2406.00770), Table 5, stagnant complexity.
    """
    if not STAGNANT.match(e.opening):
        return None
    said = _asks_user(e) or (bool(ACKNOWLEDGED.match(e.opening)) and _empty_talk(e))
    return found("stagnant", e.answer.text) if said else None


def asks_back(e: Exhibit) -> Failure | None:
    """The answer wants to know what is wanted.

    Auto Evol-Instruct (arXiv 2406.00770), Table 5, insufficient qualification.
    """
    if STAGNANT.match(e.opening):
        return None
    return found("asks_back", e.answer.text) if _asks_user(e) else None


def _asks_user(e: Exhibit) -> bool:
    """A short answer that ends by asking the user, and says nothing else."""
    text = e.answer.text
    if not text or len(text) > 12 * SHORT_REACTION:
        return False
    if text.rstrip("*_\"' ").endswith(("?", "？", "؟", "か。")):
        last = t.sentences(text)[-1]
        led_up = EAGER.match(e.opening) or STAGNANT.match(e.opening)
        if not (CLARIFYING.search(last) or (led_up and TO_USER.search(last))):
            return False
    elif TELLERS.isdisjoint(e.answer.vocabulary) or not TELL_ME.search(text):
        return False
    return _empty_talk(e) and not ASKED_FOR_QUESTION.search(e.after.text)


def _empty_talk(e: Exhibit) -> bool:
    """A whole, short answer without anything that task and politeness did not bring."""
    text = e.answer.text
    if not e.whole or e.answer.length >= SHORT_REACTION or "```" in text:
        return False
    if translates(e.after.text):
        return False
    own = " ".join(
        s
        for s in t.sentences(text)
        if not s.rstrip("*_\"' ").endswith(("?", "？", "؟")) and not TELL_ME.search(s)
    )
    new = [
        w
        for w in t.words(own)
        if w not in STOP and w not in PLEASANTRIES and w not in e.new.vocabulary
    ]
    return len(new) < SUBSTANCE and not any(w.isdecimal() for w in new)


def empty_response(e: Exhibit) -> Failure | None:
    """The responder ended by itself without a word."""
    silent = not e.answer.text and e.response_finish == "stop"
    return found("empty_response", "the answer is blank") if silent else None


def _wants_more(e: Exhibit) -> bool:
    return bool(MORE.search(e.after.text)) and not YES_OR_NO.search(e.after.text)


def trivial(e: Exhibit) -> Failure | None:
    """Nothing but punctuation, stop words and set phrases. A lone letter may name a choice.

    WizardLM (arXiv 2304.12244), elimination 3.
    """
    text = e.answer.text
    if not text or not e.whole or len(text) > 200:
        return None
    words = e.answer.vocabulary
    if words and words <= YES_NO:
        return found("trivial", text) if _wants_more(e) else None
    if not words <= STOP and not words <= STOP | EMPTY_WORDS:
        return None
    bare = text.strip("().*_`'\"“”‘’ ")
    choice = len(bare) == 1 and bare.isalnum()
    signs = any(c > "\x7f" and unicodedata.category(c)[0] == "S" for c in text)
    return None if choice or signs else found("trivial", text)
