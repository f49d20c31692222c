"""The rule on refusals: an answer that declines what the rewrite asks for.

Decides what declines, in a dozen languages: at the start of a short answer, or of a part of the
task anywhere. An apology inside a letter or a story that was asked for declines nothing. Gives a
`Failure`, or None where it has nothing to say.
"""

from __future__ import annotations

import re

from autoevol.roles import text as t
from autoevol.roles.lexicon import wordset
from autoevol.roles.phrases import Phrases
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.types import Failure

# A refusal is short; 80 words is WizardLM's bound (arXiv 2304.12244, elimination 2).
SHORT = 80
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
    r"walk you|show you|tell you|teach|explain)"
)
REFUSAL = Phrases(
    rf"(?:i understand|thank you|thanks|i appreciate|i know|i'm sorry|i am sorry|sorry|"
    rf"unfortunately|"
    rf"regrettably|i'm afraid|i apologi[sz]e|my apologies|apologies)?\b.{{0,80}}?"
    rf"\bi(?:'m| am|'d|'ll)? ?(?:really |just |simply )?{CANNOT}(?: be able)?(?: to| from)? "
    rf"(?:\w+ly )?(?:to )?{MODEL_WORK}"
    r"|(?:that|this)(?:'s| is|'s simply| is simply)?(?: not|n't) something (?:i|that i)\b"
    r"|.{0,40}\bsit (?:this |that |it )?(?:one )?out\b|i(?:'ll| will)(?: have to)? pass on (?:this|"
    r"that)"
    r"|.{0,20}\b(?:préfère ne pas|ne souhaite pas|refuse de)|.{0,20}\b(?:prefiero no|"
    r"preferisco non|prefiro não)"
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
    r"|.{0,60}\bik kan\b.{0,40}\bniet (?:\w+ ){0,2}(?:helpen|schrijven|maken|doen|beantwoorden)"
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
SORRY = Phrases(
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
LINE_DRAWN = Phrases(
    r"\bwhere i draw the line|\bi(?:'ll| will| would| have to| must)? (?:leave|left) (?:that|this|"
    r"the) ?\w{0,12} out\b|"
    r"\bi(?:'ll| will) (?:skip|pass on) (?:that|this)\b|"
    r"\bi (?:cannot|can't|won't|will not)(?: and will not)? (?:help|assist|support) (?:with|you)\b|"
    r"\bi (?:must|have to|will have to) decline\b|\b(?:isn't|is not|not) something (?:i'm|i am|"
    r"i'll|i will|i can|"
    r"that i)\b|\bfora do meu alcance|\bm'est impossible|"
    r"\bne donnerai pas suite|写不了|办不到|帮不了|无能为力|"
    r"お断り|できかね|いたしかね|応じられま|не в моих силах|вне моих возможностей",
    re.I,
)
# A first sentence with a no, and an offer of something else behind it, in whatever words.
NO = re.compile(
    r"\b(?:no|not|won't|can't|cannot|don't|isn't|wouldn't|shouldn't|nicht|kein\w*|pas|non|não|niet|"
    r"geen|не|"
    r"нельзя)\b|不|没|ません|ない|않|없|못|\bلا\b|\bلن\b|नहीं",
    re.I,
)
OFFER = Phrases(
    r"\b(?:i can|i could|i'd be (?:happy|glad)|i'm happy to|happy to help|i'll gladly|"
    r"i will gladly|instead|"
    r"puedo|podría|si quiere\w*|en cambio|gern\w*|stattdessen|ich kann|je peux|volontiers|"
    r"en revanche|"
    r"à la place|posso|se quiser|em vez|se vuoi|invece|ik kan|graag|in plaats|могу|вместо|помогу)\b"
    r"|可以(?:帮|为|給|给|提供)|代わりに|お手伝い|대신|بدلا|بدلًا|"
    r"يمكنني|أستطيع|(?:इसके )?बजाय|सकता हूँ|सकती हूँ",
    re.I,
)
WILLING = re.compile(
    r"\b(?:i|i'm|i'd|i'll|my|me|ich|mir|je|j'|me|eu|io|ik|я|мне|puedo|quiero|voy|posso|vou)\b|我|私|"
    r"저|أ|मैं",
    re.I,
)
# "I" and a no in one sentence.
SELF_NO = Phrases(
    r"^\W*(?:sorry|no)\W+(?:no\W*)?$|\bi(?:'m| am|'d|'ll)?\b[^.!?\n]{0,40}\b(?:not|won't|can't|"
    r"cannot|don't|"
    r"wouldn't|shouldn't|never)\b|\bsomething i (?:won't|will not|can't|cannot)|\bstop short of\b|"
    r"\bich\b[^.!?\n]{0,60}\b(?:nicht|kein\w*)\b|\bno (?:lo |la |les? |te )?(?:voy|puedo|pienso|"
    r"debo|quiero|"
    r"escribiré|haré|ayudaré)\b|\bje n(?:e |')\w+[^.!?\n]{0,30}\bpas\b|\bnon (?:posso|voglio|"
    r"intendo|scriverò|"
    r"aiuterò|lo farò)\b|\bnão (?:posso|vou|quero|devo|escreverei)\b|\bik\b[^.!?\n]{0,40}\b(?:niet|"
    r"geen)\b|"
    r"\bя не\b|\bне (?:буду|могу|стану)\b|我(?:不会|不能|无法|没法|拒绝|不便|不可以)|"
    r"(?:書|でき|応じ|答え|提供|作成|手伝)\w{0,8}ません|없(?:어요|습니다|네요|음)|않겠|"
    r"(?:^|\s)لن |لا (?:أستطيع|يمكنني)|"
    r"मैं [^।]{0,60}(?:नहीं|न )",
    re.I,
)
UNSURE = re.compile(
    r"\b(?:not sure|don't know|not certain|not only|help but|nicht sicher|no sé|je ne sais)\b", re.I
)
CURT = 30
SHOWN = frozenset('`"“=')
# How each of them starts.
REFUSING = re.compile(
    r"(?:i|i'm|i'd|sorry|unfortunately|regrettably|my|apologies|as|it|it's|this|that|that's|thank|"
    r"thanks|"
    r"lo|no|es|tut|leider|kann|das|so|dabei|ich|je|mi|non|desculpe|sinto|lamento|het|ik|dat)\b"
    r"|[^\x00-\x7f]|\w*[^\x00-\x7f]",
    re.I,
)
# One of these is in every refusal that is written in ASCII.
DECLINING = wordset(
    "t not no cannot unable decline refuse refuso refusa never nicht kein keine keinen pas "
    "non niet geen against sorry unfortunately regrettably afraid apologies apologize "
    "apologise line out skip pass violates impossible alcance short beyond rather comfortable "
    "leider siento spijt dispiace"
)
FICTION = Phrases(
    r"translat|tradu[cz]|traduire|übersetz|翻译|翻譯|訳|перевед|ترجم|अनुवाद|번역|رسالة|اعتذار|сообщени|"
    r"письм|メール|手紙|返事|"
    r"看板|邮件|短信|便条|편지|메일|पत्र|संदेश|\b(?:mensaje|mensagem|messaggio|lettera|lettre|courriel|"
    r"nachricht|"
    r"absage|entschuldigung|bericht|disculpa|excuse|decline|declin\w+|sign|notice|post|caption|"
    r"line|speech|toast|"
    r"story|poem|novel|scene|dialog\w*|play|script|e-?mail|letter|reply|message|apolog\w+|"
    r"monologue|character|role-?play|lyrics|song|joke|note|cuento|carta|correo)\b",
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
    if text.isascii() and DECLINING.isdisjoint(e.answer.vocabulary):
        return None
    own_voice = "'ll" in text or " I " in text or " i " in text or len(text) < 6 * CURT
    if not (own_voice or REFUSING.match(e.opening)) or e.answer.length >= SHORT:
        return None
    start = e.opening[:200]
    declines = (
        REFUSAL.match(start)
        or LINE_DRAWN.search(e.answer.prose)
        or (SORRY.match(start) and not FICTION.search(e.new.prose))
        or _turns_down(e)
        or _no_of_mine(e)
    )
    return found("refusal", text) if declines else None


def _no_of_mine(e: Exhibit) -> bool:
    """A short answer that opens with what "I" do not do, and holds nothing of the work."""
    text = e.answer.text
    if e.answer.length > CURT or not SHOWN.isdisjoint(text) or any(map(str.isdigit, text)):
        return False
    said = t.sentences(e.answer.prose)
    start = said[0] if said else ""
    mine = SELF_NO.search(start) and not UNSURE.search(start)
    return bool(mine) and not FICTION.search(e.new.prose)


def _turns_down(e: Exhibit) -> bool:
    """No to what was asked, then an offer of something else."""
    said = t.sentences(e.answer.prose)
    if len(said) < 2 or "```" in e.answer.text or FICTION.search(e.new.prose):
        return False
    return bool(NO.search(said[0]) and WILLING.search(said[0]) and OFFER.search(" ".join(said[1:])))
