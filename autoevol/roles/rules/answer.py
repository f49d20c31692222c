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
from autoevol.roles.phrases import Phrases
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
    r"entendido|gracias|verstanden|danke|compris|merci|entendi|obrigad|capito|grazie|ottim|"
    r"perfetto|begrepen|"
    r"понял|спасибо|отлично|فهمت|شكر|समझ|धन्यवाद|알겠습니다|감사합니다|太好了|很好|なるほど|そうですね|明白|了解|谢谢|分かりました|"
    r"ありがとう)",
    re.I,
)
# Praise, good wishes and agreement, which are no work.
PRAISE = Phrases(
    r"\b(?:wow|bravo|good luck|i love (?:how|that|this|it)|well done|keep (?:it )?up|that sounds|"
    r"sounds (?:like|great|good)|"
    r"(?:beautiful|fantastic|great|wonderful|lovely|interesting|fascinating|exciting|nice|good|"
    r"excellent|awesome|"
    r"amazing|cool|clever|thoughtful|brilliant|neat) (?:\w+ )?(?:question|challenge|idea|task|"
    r"statement|problem|topic|"
    r"point|project|exercise|prompt|thought|request|puzzle|choice|observation)|"
    r"das klingt|klingt (?:nach|gut|toll|spannend)|spannend\w*|tolle? \w+|gute (?:frage|idee)|"
    r"daumen|viel (?:erfolg|glück)|"
    r"richtig|stimmt|bonne (?:idée|question|chance)|belle (?:idée|question)|excellente? \w+|"
    r"très intéressant|exact|"
    r"buena (?:idea|pregunta|suerte)|qué (?:interesante|bien|buen\w*)|sigue así|suerte|correcto|"
    r"exacto|muy bien|"
    r"boa (?:ideia|pergunta|sorte)|que (?:legal|interessante|ideia)|parabéns|bella (?:idea|"
    r"domanda)|ottim\w+ \w+|"
    r"buona fortuna|che bell\w+|leuk\w*|goede vraag|succes|хорош\w+ (?:вопрос|задача|идея)|"
    r"отличн\w+|прекрасн\w+|"
    r"интересн\w+ (?:вопрос|задача|идея)|удачи|верно|правильно)\b"
    r"|बढ़िया|वाह|सराहनीय|अच्छा (?:सवाल|प्रश्न)|शुभकामना|सही कहा|很好|真棒|太棒|有意思|"
    r"加油|祝你|祝您|好问题|没错|頑張|"
    r"応援|素晴らしい|"
    r"面白い(?:質問|課題|です)|大変ですね|いい(?:質問|ですね)|おっしゃるとおり|رائع|ممتاز|"
    r"سؤال (?:جيد|جميل)|"
    r"بالتوفيق|أحسنت|صحيح|"
    r"(?:좋은|멋진|훌륭한) (?:질문|생각|아이디어)|화이팅|응원",
    re.I,
)
CHEER = 28
SHOWN = frozenset("`=:|")
# What was asked for may itself be praise, a wish, or a text in somebody's voice.
COMPOSED = Phrases(
    r"\b(?:compliment|praise|congratulat\w+|wish(?:es)?|toast|greeting|slogan|review|translat\w+|"
    r"tradu\w+|übersetz\w*|"
    r"caption|motto|headline|title|name|comment|feedback|sentiment|classif\w+|paraphras\w+|"
    r"rephras\w+|reply|message|"
    r"letter|story|poem|dialog\w*|true|false|right|correct|sentence|phrase|synonym|wunsch|"
    r"glückwunsch|nachricht|brief|"
    r"mensaje|carta|frase|lettre|lettera|mensagem|сообщени\w*|поздрав\w*|письм\w*)\b|祝福|翻译|信|メール|"
    r"手紙|訳|رسالة|ترجم|"
    r"अनुवाद|संदेश|पत्र|번역|편지",
    re.I,
)
ACKNOWLEDGED = re.compile(
    r"(?:understood|got it|noted|thank you for|thanks for|i understand|i(?:'ll| will) keep|"
    r"entendido|verstanden|compris|明白|了解|分かりました)",
    re.I,
)
TO_USER = re.compile(
    r"\b(?:you|your|usted|tu|te|Sie|Ihnen|du|dir|vous)\b|[您你]|\bвы\b|\bвам\b|\bты\b|\bтебе\b|आप|"
    r"تريد|تفضل|원하시|하시겠|ますか|anything else|\bshould i\b|"
    r"\bshall i\b",
    re.I,
)
CLARIFYING = re.compile(
    r"\b(?:could|can|would|will|do|are|have) you\b|\b(?:should|shall|may|can) i\b|"
    r"\b(?:which|what|how|where|who)\b.{0,80}\b(?:you|your|i)\b|anything else|[您你]|"
    r"\bвы\b|\bвам\b|"
    r"\bты\b|\bтебе\b|आप|تريد|تفضل|원하시|하시겠|"
    r"ますか|\b(?:usted|tu|te|"
    r"sie|ihnen|du|dir|vous|você|voce|lei|vuoi|desideri|preferisci|quieres|quiere|prefieres|"
    r"möchten|möchtest|soll ich|voulez|souhaitez)\b",
    re.I,
)
OF_ME = re.compile(r"\b(?:like me to|want me to|should i|shall i|did you mean|do you mean)\b", re.I)
EAGER = re.compile(
    r"(?:sure|certainly|of course|absolutely|okay|ok|happy to|glad to|i(?:'d| would) (?:be |love)|"
    r"yes|hi|hello|"
    r"i can|claro|por supuesto|natürlich|gerne|gern|klar|bien sûr|好的|当然|もちろん|はい|"
    r"claro que|avec plaisir|con gusto|con piacere|com prazer|com certeza|certo|volentieri|graag|"
    r"конечно|с удовольствием|с радостью|بالطبع|"
    r"بالتأكيد|"
    r"ज़रूर|बिल्कुल|물론|네[,. ]|to (?:help|answer|give|do))",
    re.I,
)
TELLERS = frozenset(("please", "let", "tell", "need"))
TELL_ME = Phrases(
    r"\b(?:(?:please )?tell me (?:the|which|what|how|more|your)|please (?:tell me|let me know|"
    r"clarify|specify|confirm|choose|elaborate|advise)|"
    r"let me know|tell me (?:which|what|how|more)|i(?:'d| would)? need (?:to know|more|"
    r"a bit more))\b",
    re.I,
)
ASKED_FOR_QUESTION = Phrases(
    r"\b(?:questions?|fragen|preguntas|perguntas|domande|vragen)\b|вопрос|问题|質問|أسئلة|सवाल|"
    r"\b(?:ask|quiz|interview|test) (?:me|us|him|her|them|your)\b|\b(?:write|generate|create|"
    r"compose|suggest|draft|give|tell|make|come up|pose|formulate|ask|"
    r"put|"
    r"paraphrase|shorten|summari[sz]e|edit|improve|fix|reword|simplify|translate|soften|polish|say|"
    r"reply|respond|turn|convert|rewrite|rephrase|correct|complete|continue|escribe|schreib\w*)\b"
    r".{0,80}\b(?:questions?|riddle|quiz|joke|interview\w*|dialog\w*|"
    r"conversation|survey|slogan|tagline|headline|e-?mail|letter|message|tweet|post|poem|script|"
    r"story|opening|line|caption|greeting|reply|preguntas?|fragen?)|"
    r"\b(?:role-?play|act as|pretend|interviewer|tutor|therapist|chatbot|you are an?)\b",
    re.I | re.S,
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
    "nan tbd todo answer response output result follows here go going there hope hopefully helps "
    "enjoy luck"
)


HEARD = re.compile(
    r"(?:(?:はい|わかりました|分かりました|承知(?:いた)?しました|了解(?:です|しました)?|かしこまりました|好的?|明白了?|收到|知道了|没问题|"
    r"네|알겠습니다|좋아요|хорошо|понятно|ладно|да|конечно|حسنا|حسنًا|نعم|تمام|ठीक है|जी|हाँ|समझ गया|"
    r"de acuerdo|vale|claro|"
    r"entendido|d'accord|entendu|bien sûr|va bene|certo|certamente|tudo bem|ok|okay|in ordnung|"
    r"alles klar|gerne?|"
    r"goed|prima)[\s,.!。、！，।؟…]*)+",
    re.I,
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
    r"是否|かどうか|吗|هل|\bли\b|क्या .{0,60}है|yes or no|true or false|true,? false|"
    r"\b(?:tell|say|check|"
    r"decide|judge|see|state)(?: me|"
    r" us)? if\b|"
    r"\bwhether\b|\bonly (?:yes|no|true|false)\b|\bone word\b|sí o no|"
    r"ja oder nein|oui ou non|(?:^|[.!?,;]\s)(?:is|are|does|do|did|can|could|will|would|was|were|"
    r"has|"
    r"have|should|ist|sind|kann|hat|es|est-ce|é|può)\b",
    re.I,
)


def stagnant(e: Exhibit) -> Failure | None:
    """The answer reacts to a statement, and has nothing of its own to say.

    Auto Evol-Instruct (arXiv 2406.00770), Table 5, stagnant complexity.
    """
    if not STAGNANT.match(e.opening):
        return found("stagnant", e.answer.text) if _cheers(e) else None
    said = _cheers(e) or _asks_user(e) or (bool(ACKNOWLEDGED.match(e.opening)) and _empty_talk(e))
    return found("stagnant", e.answer.text) if said else None


def _cheers(e: Exhibit) -> bool:
    """A whole, curt answer that opens with praise or good wishes and has nothing to show."""
    text = e.answer.text
    if not e.whole or not text or len(text) > 12 * CHEER or e.answer.length > CHEER:
        return False
    said = t.sentences(e.answer.prose)
    if "\n" in text or not said or not SHOWN.isdisjoint(text) or any(map(str.isdigit, text)):
        return False
    praised = PRAISE.search(said[0]) or (len(said) > 1 and PRAISE.search(said[-1]))
    return (
        bool(praised)
        and not ASKED_FOR_QUESTION.search(e.after.text)
        and not COMPOSED.search(e.after.text)
    )


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
        said = t.sentences(text)
        led_up = EAGER.match(e.opening) or STAGNANT.match(e.opening)
        # Nothing but exclamations and questions is talk, in any language.
        talk = all(s.rstrip("*_\"' ").endswith(("?", "？", "؟", "!", "！")) for s in said)
        if not (talk or CLARIFYING.search(said[-1]) or (led_up and TO_USER.search(said[-1]))):
            return False
    elif TELLERS.isdisjoint(e.answer.vocabulary) or not TELL_ME.search(text):
        return False
    return _empty_talk(e) and not ASKED_FOR_QUESTION.search(e.after.text)


def _empty_talk(e: Exhibit) -> bool:
    """A whole, short answer without anything that task and politeness did not bring."""
    text = e.answer.text
    if not e.whole or e.answer.length >= SHORT_REACTION or "```" in text:
        return False
    if translates(e.after.text) and not OF_ME.search(text):
        return False
    led_up = EAGER.match(e.opening) or STAGNANT.match(e.opening)
    own = " ".join(
        s
        for s in t.sentences(text)
        if not s.rstrip("*_\"' ").endswith(("?", "？", "؟", "!", "！")) and not TELL_ME.search(s)
    )
    new = [
        w
        for w in t.words(own)
        if w not in STOP and w not in PLEASANTRIES and w not in e.new.vocabulary
    ]
    return t.weigh(new, own) < (SUBSTANCE if led_up else 1) and not any(w.isdecimal() for w in new)


def empty_response(e: Exhibit) -> Failure | None:
    """The responder ended by itself without a word."""
    silent = not e.answer.text and e.response_finish == "stop"
    return found("empty_response", "the answer is blank") if silent else None


def _wants_more(e: Exhibit) -> bool:
    text = e.after.text
    asked = "?" in text or "？" in text or "؟" in text
    return (not asked or bool(MORE.search(text))) and not YES_OR_NO.search(text)


def trivial(e: Exhibit) -> Failure | None:
    """Nothing but punctuation, stop words and set phrases. A lone letter may name a choice.

    WizardLM (arXiv 2304.12244), elimination 3.
    """
    text = e.answer.text
    if not text or not e.whole or len(text) > 200:
        return None
    words = e.answer.vocabulary
    if not words and text.strip(".,;:!?…-–—_*\"'`()[] \n"):
        return None  # signs that may be a formula
    if words and words <= YES_NO:
        return found("trivial", text) if _wants_more(e) else None
    if HEARD.fullmatch(text):
        return found("trivial", text)
    if not words <= STOP | EMPTY_WORDS | PLEASANTRIES:
        return None
    bare = text.strip("().*_`'\"“”‘’ ")
    choice = len(bare) == 1 and bare.isalnum()
    signs = any(c > "\x7f" and unicodedata.category(c)[0] == "S" for c in text)
    return None if choice or signs else found("trivial", text)
