"""The rule on answers that react to a statement, as if nothing had been asked.

Decides what is a mere reaction: short, whole, and with nothing of the work in it, so that each
sentence praises, agrees, thanks or wishes well. An answer that holds something of its own is work,
however it opens and ends. Gives a `Failure`, or None where it has nothing to say. Who asks what is
wanted is left to `clarifying`.
"""

from __future__ import annotations

import re

from autoevol.roles.rules import owed, reworked
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.text import structure as t
from autoevol.text import tongues as g
from autoevol.text.phrases import Phrases
from autoevol.types import Failure

# A reaction is short; a sentence of it, too. One that ends in an offer may take more words.
CHEER, CHEER_SENTENCE, ECHOES = 60, 24, 1
TALK = 70
REACTS = g.PRAISE | g.AGREE | g.THANKS | g.LUCK
# Work looks like this, whatever it opens with.
WORK_SIGNS = frozenset("`=|<{")
FIGURE = re.compile(r"(?<!\w)\d")
# Said to somebody who asked for nothing.
REACTION = Phrases(
    r"\b(?:you're (?:so |very |most |quite |absolutely )?(?:welcome|right)|"
    r"i'm (?:so |very |really )?(?:glad|happy|pleased) (?:that|it|this|you|to hear)|"
    r"thank(?:s| you) for (?:making|the laugh|sharing|asking|bringing)|"
    r"understood|got it|noted|good to know|i(?:'ll| will) (?:keep|bear|remember)|i see\b|"
    r"keep (?:it )?up|well done|way to go|on the right track|sounds? \w+|"
    r"i (?:love|like|enjoy) (?:how|that|this|it|your)|how (?:nice|lovely|true|interesting)|"
    r"couldn't agree more|couldn't have said|(?:que|muito) legal|legal!|"
    r"makes sense|fair (?:point|enough)|no doubt|"
    r"das merke|gut zu wissen|sehe ich (?:auch )?so|bueno saberlo|bon à savoir|così è)\b"
    r"|同感|なるほど|そうですね|大変ですね|記憶|记住了|明白您|समझ गया",
    re.I,
)
# What was asked for may itself be praise, a wish, or a text in somebody's voice.
COMPOSED = Phrases(
    r"\bway to\b|\b(?:say|saying|compliment|praise|congratulat\w+|wish(?:es)?|toast|greeting|"
    r"slogan|review|translat\w+|"
    r"tradu\w+|übersetz\w*|thank\w*|dank\w*|merci|remerci\w+|agradec\w+|gracias|"
    r"caption|motto|headline|title|name|comment|feedback|sentiment|classif\w+|paraphras\w+|"
    r"rephras\w+|notes?|invitations?|speech|repl(?:y|ies)|respond|message|card|tweet|post|line|"
    r"letter|story|poem|dialog\w*|true|false|right|correct|sentence|phrase|synonym|wunsch|"
    r"glückwunsch|nachricht|brief|role|play|pretend|"
    r"bilhete|biglietto|tarjeta|karte|zettel|gruß|briefje|kaartje|bericht|kartk\w*|życze\w+|"
    r"wiadomość|mesaj\w*|kutlama\w*|annuncio|anúncio|anuncio|annonce|anzeige|dedica\w*|"
    r"mensaje|carta|frase|correo|e-?mail|mail|courriel|lettre|lettera|mensagem|сообщени\w*|поздрав\w*|письм\w*)\b|祝福|翻译|信|メール|メッセージ|お礼|感謝|"
    r"婉拒|谢绝|回复|怎么说|手紙|訳|رسالة|ترجم|"
    r"अनुवाद|संदेश|पत्र|번역|편지",
    re.I,
)
ASKED_FOR_QUESTION = Phrases(
    r"\b(?:questions?|fragen|preguntas|perguntas|domande|vragen|pytania|soru\w*)\b|вопрос|问题|質問|أسئلة|"
    r"सवाल|질문|\b(?:ask|asks|quiz|interview\w*|test) (?:me|us|him|her|them|your|at|for|an?|"
    r"the|in)\b|"
    r"\b(?:should|do|can|could|to|i) ask\b|"
    r"\b(?:write|generate|create|compose|suggest|draft|give|tell|make|come up|pose|formulate|ask|"
    r"put|"
    r"paraphrase|shorten|summari[sz]e|edit|improve|fix|reword|simplify|translate|soften|polish|say|"
    r"reply|respond|turn|convert|rewrite|rephrase|correct|complete|continue|escribe|schreib\w*)\b"
    r".{0,80}\b(?:questions?|riddle|quiz|joke|interview\w*|dialog\w*|"
    r"conversation|survey|slogan|tagline|headline|e-?mail|letter|message|tweet|post|poem|script|"
    r"story|opening|line|caption|greeting|reply|preguntas?|fragen?)|"
    r"\b(?:role-?play|act as|pretend|interviewer|tutor|therapist|chatbot|you are an?|play an?|"
    r"rätsel|adivinanza|devinette|riddle|asking|socratic|icebreakers?|starters?|openers?|trivia|poll|brainteasers?)\b|загадк|谜语|なぞなぞ|रोल|भूमिका|扮演|演じ",
    re.I | re.S,
)
YES_OR_NO = re.compile(
    r"是否|かどうか|吗|هل|\bли\b|क्या .{0,60}है|yes or no|true or false|true,? false|"
    r"\b(?:tell|say|check|"
    r"decide|judge|see|state)(?: me|"
    r" us)? if\b|"
    r"\bwhether\b|\bonly (?:yes|no|true|false)\b|\bone word\b|sí o no|"
    r"ja oder nein|oui ou non|(?:^|[.!?,;]\s|\n)(?:is|are|does|do|did|can|could|will|would|was|"
    r"were|has|"
    r"have|should|ist|sind|kann|hat|es|est-ce|é|può)\b",
    re.I,
)
TRUTH = frozenset(("true", "false"))
ASKS_END = ("?", "？", "؟", "か。", "か", "呢", "呢。", "吗。")
TAIL = "*_\"' )）"


def stagnant(e: Exhibit) -> Failure | None:
    """The answer reacts to a statement, and has nothing of its own to say.

    Auto Evol-Instruct (arXiv 2406.00770), Table 5, stagnant complexity.
    """
    reacts = (_reacts(e) or _chats(e)) and not (reworked.reworks(e) or reworked.reshapes(e))
    return found("stagnant", e.answer.text) if reacts else None


def _reacts(e: Exhibit) -> bool:
    """A whole, curt answer whose first sentence reacts, and hardly another does anything else."""
    text = e.answer.text
    if not e.whole or not text or len(text) > 12 * CHEER or e.answer.length > CHEER:
        return False
    if not WORK_SIGNS.isdisjoint(text) or FIGURE.search(text) or text.count("\n") > 3:
        return False
    if e.answer.vocabulary <= TRUTH:
        return False
    said = e.said
    if not said or not (e.spoken & REACTS or REACTION.search(text)):
        return False
    judged = bool(YES_OR_NO.search(e.after.text))
    reacting = [_reaction(s, judged) for s in said]
    talk = (r or asking(s) or exclaims(s) for r, s in zip(reacting, said, strict=True))
    others = sum(not fine for fine in talk)
    cheer = exclaims(said[0]) and t.length(said[0]) <= CHEER_SENTENCE // 4 and any(reacting)
    if (
        not reacting[0]
        and not cheer
        and not (reacting[-1] and g.read(said[-1]) & (g.THANKS | g.LUCK))
    ):
        return False
    # Praise at the start and good wishes at the end: what stands between is talk, too.
    framed = reacting[0] and reacting[-1] and len(said) > 2
    if others > ECHOES + framed or ASKED_FOR_QUESTION.search(e.after.text):
        return False
    return not COMPOSED.search(e.after.text)


def _chats(e: Exhibit) -> bool:
    """Agreement first, and at the end the offer to do something else, however much is between."""
    text = e.answer.text
    if not e.whole or len(text) > 12 * TALK or not text.rstrip(TAIL).endswith(ASKS_END):
        return False
    if owed.works_out(e):
        return False
    said = e.said
    if len(said) < 2 or e.answer.length > TALK or not OTHER.search(said[-1]):
        return False
    if reworked.spoken_by_others(e):
        return False
    tags = g.read(said[0])
    judged = "?" in e.after.text and YES_OR_NO.search(e.after.text)
    agrees = tags & (g.AGREE | g.PRAISE) and t.length(said[0]) <= CHEER_SENTENCE // 2
    return bool(agrees) and not judged and bool(g.read(said[-1]) & (g.YOU | g.SELF | g.HELP))


OTHER = Phrases(
    r"\b(?:other|another|else|more|next|further|specific|particular|weiter\w*|ander\w*|noch|otr[oa]s?|"
    r"más|algún|autres?|d'autre|outr[oa]s?|mais|altr[oiae]|andere|nog|inn\w+|jeszcze|başka|друг\w+|"
    r"ещё|еще)\b|其他|别的|更多|还想|还有|他に|ほか|もっと|أخرى|آخر|المزيد|और|कोई|다른|더",
    re.I,
)


def _reaction(sentence: str, judged: bool) -> bool:
    """Praise, thanks, good wishes, agreement; agreement answers where a yes or no was asked for."""
    if ":" in sentence or "：" in sentence or t.length(sentence) > CHEER_SENTENCE:
        return False
    tags = g.read(sentence)
    if tags & (g.PRAISE | g.THANKS | g.LUCK) or REACTION.search(sentence):
        # "A good start is a list" praises nothing: it opens with what is good, or to somebody.
        spoken = tags & (g.YOU | g.SELF | g.AGREE)
        return bool(exclaims(sentence) or spoken or THAT.match(sentence) or _opens_with(sentence))
    brief = t.length(sentence) <= CHEER_SENTENCE // 2 and not tags & g.NO
    addressed = brief or bool(tags & (g.YOU | g.SELF)) or bool(THAT.match(sentence))
    return bool(tags & g.AGREE) and addressed and ";" not in sentence and not judged


def _opens_with(sentence: str) -> bool:
    """A brief sentence that opens with praise or thanks: others tell of these."""
    if t.length(sentence) > CHEER_SENTENCE // 2:
        return False
    said = t.words(sentence)
    if t.unspaced(said) or REACTION.search(sentence):
        return True
    return bool(g.of_words(said[:5], "") & (g.PRAISE | g.THANKS | g.LUCK))


def exclaims(sentence: str) -> bool:
    return sentence.rstrip(TAIL).endswith(("!", "！"))


THAT = re.compile(
    r"\W{0,3}(?:that|this|it|what|how|such|das|es|eso|esa|es|qué|que|c'est|quel|quelle|isso|essa|è|"
    r"questa|questo|che|dat|to|это|какая|какой|как|bu|ne|very|so|truly|really|great|good|nice|"
    r"interesting|wonderful|well|buen|buena|bonne|belle|boa|bom|bella|ottim\w*|goed\w*|leuk\w*|"
    r"хорош\w*|отличн\w*|прекрасн\w*|интересн\w*|świetn\w*|dobr\w*|schöne?r?|gute?r?|tolle?r?)\b"
    r"|\W{0,3}(?:这|那|真|很|太|いい|とても|素|それは|هذ|فكرة|سؤال|ما |यह|बहुत|वाह|정말|좋은|"
    r"멋진|훌륭)",
    re.I,
)


def asking(sentence: str) -> bool:
    return sentence.rstrip(TAIL).endswith(ASKS_END)
