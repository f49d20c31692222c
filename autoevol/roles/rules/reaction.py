"""Rules on answers that talk back: to a statement, or about what is wanted.

Decides what is a mere reaction and what asks the user back. Both are short, whole, and hold nothing
of the work: each sentence praises, agrees, thanks, wishes well, asks, or leads up to a question.
An answer that holds something of its own is work, however it opens and ends. Each rule takes an
`Exhibit` and gives a `Failure`, or None where it has nothing to say. What an answer says of missing
material is left to `missing`.
"""

from __future__ import annotations

import re

from autoevol.roles.rules import owed, reworked
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.roles.rules.refusing import FICTION
from autoevol.text import structure as t
from autoevol.text import tongues as g
from autoevol.text.lexicon import STOP, wordset
from autoevol.text.phrases import Phrases
from autoevol.types import Failure

# A reaction is short; a sentence of it, too. A question back may take more words.
CHEER, CHEER_SENTENCE, ECHOES = 60, 24, 1
TALK, LEAD, CURT = 70, 14, 3
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
QUOTES = tuple('"“”„«»「」')
TRUTH = frozenset(("true", "false"))
ASKS_END = ("?", "？", "؟", "か。", "か", "呢", "呢。", "吗。")
TAIL = "*_\"' )）"
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
    talk = (r or _asking(s) or _exclaims(s) for r, s in zip(reacting, said, strict=True))
    others = sum(not fine for fine in talk)
    cheer = _exclaims(said[0]) and t.length(said[0]) <= CHEER_SENTENCE // 4 and any(reacting)
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
        return bool(_exclaims(sentence) or spoken or THAT.match(sentence) or _opens_with(sentence))
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


def _exclaims(sentence: str) -> bool:
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


def _asking(sentence: str) -> bool:
    return sentence.rstrip(TAIL).endswith(ASKS_END)


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
        if _asking(sentence):
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
    if not asked or (ASKED_FOR_QUESTION.search(e.after.text) and not CLARIFYING.search(text)):
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


POLITE = STOP | wordset(
    "sure gladly lovely happy nice great okay ok course certainly absolutely thing things question "
    "questions first two three few couple quick good fine right perfect alright gerne natürlich "
    "klar claro por supuesto encantado volontiers bien certo volentieri com prazer graag natuurlijk"
)


def _curt(sentence: str) -> bool:
    found = t.words(sentence)
    return len(found) <= CURT and POLITE.issuperset(found)


def _of_what_came(e: Exhibit, sentence: str) -> bool:
    """ "Which list?", where the rewrite brought the list in."""
    return not frozenset(t.words(sentence)).isdisjoint(e.came - STOP)


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
    if place == 0 and (_exclaims(sentence) or _curt(sentence)):
        return True
    return place == 0 and bool(tags & (g.HEARD | g.PRAISE | g.THANKS | g.HELP | g.SORRY | g.AGREE))
