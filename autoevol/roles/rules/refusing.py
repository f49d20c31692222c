"""The rule on refusals: an answer that declines what the rewrite asks for.

Decides what declines, in fifteen languages and whatever the words: somebody who speaks for himself
denies that he is able, allowed or willing, and speaks of the work or of a limit. That counts in a
short answer, at its start or of a part of the task; an apology inside a letter or a story that was
asked for declines nothing, and advice against something is an answer. Gives a `Failure`, or None
where it has nothing to say.
"""

from __future__ import annotations

import re

from autoevol.roles.rules import owed, reworked
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.text import structure as t
from autoevol.text import tongues as g
from autoevol.text.lexicon import STOP, wordset
from autoevol.text.phrases import Phrases
from autoevol.types import Failure

# A refusal is short; 80 words is WizardLM's bound (arXiv 2304.12244, elimination 2). One that says
# so at once may go on for longer.
SHORT, LONG = 80, 200
# So many words hold the denial and what is denied; so many sentences open an answer.
REACH, OPENING = 14, 2
# What is told behind a turn and a colon has so many words.
TOLD = 5
# So many signs of code do something.
CODE = 40
# A sentence of prose ends so; a line of a poem that was asked for may not.
ENDS = ".!?:。！？：।؟”\"')"
# "You did not answer me" denies nothing of one's own.
OBJECTS = wordset("me my mine")
DENIED = g.CAN | g.WISH
# One of these is in every refusal that is written in ASCII.
DECLINING = wordset(
    "t not no cannot unable decline declining refuse refuso refusa never nicht kein keine keinen "
    "pas non niet geen against sorry unfortunately regrettably afraid apologies apologize "
    "apologise line out skip pass violates impossible impossibile alcance short beyond outside "
    "rather prefer comfortable leider passen siento niego prefiero preferisco spijt dispiace "
    "turn down privacy lack lacks unwilling refrain nie weiger odmawiam stop clear"
)
# The answerer says what he is.
AS_MODEL = Phrases(
    r"\b(?:as|being|i'm|i am) (?:just |only )?an? [\w-]{0,12} ?[\w-]{0,12} ?(?:ai\b|model|"
    r"assistant)"
    r"|\bals (?:\w+ )?(?:ki\b|ki-|sprachmodell)|\bcomo (?:un |uma? )?(?:ia\b|modelo|asistente|"
    r"assist)"
    r"|\b(?:en tant qu|come (?:una? )?(?:ia|modello|assist)|als (?:taal|ai)|jako (?:model|ai|"
    r"asyst))"
    r"|как (?:\w+ )?(?:ии|модель|ассистент|нейросет)|作为.{0,12}(?:ai|模型|助手)|(?:ai|"
    r"モデル)(?:なので|です|である|のため)"
    r"|языковая модель|modelo de (?:lengua|linguagem)|modèle de lang|modello linguistic|taalmodel"
    r"|sprachmodell|language model|\bai assistant|بصفتي|كنموذج|एआई|भाषा मॉडल|yapay zek|"
    r"인공지능|ai(?:이|로|라)|언어 모델",
    re.I,
)
# Words that decline by themselves, also in answer to a task that wants a letter or a role.
BOWS_OUT = Phrases(
    r"\b(?:draw the line|crosses a line|cross that line|off the table for me|steer clear|"
    r"turn (?:this|that|it|your request|you) down|"
    r"sit (?:this|that|it)?(?: one)? ?out|stay away from (?:this|that)|stop short of|i(?:'d| "
    r"would) (?:rather|prefer)(?: not\b| to (?:leave|skip|avoid)| we (?:left|skipped|"
    r"didn't|avoided))|"
    r"(?:isn't|is not|not) (?:something|a (?:request|task|thing)) (?:that )?i\b|something "
    r"(?:that )?"
    r"i(?:'m not| am not| won't| will not| can't| cannot| don't)|"
    r"(?:not|don't feel) comfortable (?:with|writing|helping|doing|providing|creating)|"
    r"i (?:do not|don't) (?:think|believe) (?:that )?i (?:should|can|could)|"
    r"muss ich passen|donnerai pas suite|m'abst)|"
    r"\bi(?:'ll| will| would| have to| must|'d|'m going to| am going to)? (?:have to |must )?"
    r"(?:leave|left|skip|pass on|stay out of|stay away from) (?:that|this|it|"
    r"the \w{0,12})(?: one)?(?: \w{0,12})?(?: out)?\b",
    re.I,
)
DECLINES = Phrases(
    r"\bi(?:'ll| will| would| must|'d)? (?:respectfully |have to |must |need to |politely ){0,2}"
    r"(?:stop here|stop short|decline|refuse|abstain)\b|\b(?:do not|don't) take part|(?:must|"
    r"have to) pass\b|"
    r"\bich bitte um (?:ihr |dein )?verständnis\b|\bnehme ich (?:\w+ )?(?:nicht|keine) stellung\b|"
    r"\bpor favor,? (?:entiéndalo|compréndalo)\b|\bje vous prie de m'excuser\b",
    re.I,
)
NO_DENIAL = re.compile(r"\bhelp but\b|\bnot only\b|\bno problem\b|\bwhy not\b", re.I)
# "I can't draw here, so I'll tell every step".
TURN = re.compile(
    r"[,;] (?:so|but|yet|aber|also|daher|pero|así que|mais|donc|mas|então|ma|quindi|maar|dus|ale|"
    r"więc|ama|но|поэтому|але) ",
    re.I,
)
SORRY_BUT = re.compile(
    r"^\W*(?:(?:i'm|i am) (?:\w+ )?(?:sorry|afraid)|sorry|apologies|unfortunately|es tut mir leid|"
    r"tut mir leid|lo siento|désolée?|je suis désolée?|desculpe|sinto muito|mi dispiace|"
    r"het spijt me|przykro mi|üzgünüm|извините|к сожалению)[,;]? "
    r"(?:but|aber|pero|mais|mas|ma|maar|ale|ama|но) ",
    re.I,
)
BOLD = re.compile(r"\*\*([^*\n]{1,80})\*\*")
# Words that somebody else is to say.
SAYS = re.compile(
    r"\W*(?:say|tell|write|reply|answer|diga|di|dile|sag|sagen sie|dites|dis|dì|скажите|скажи|"
    r"可以说|说)\b"
    r"[^:：]{0,30}[:：]",
    re.I,
)
BLUNT = Phrases(
    r"\W*(?:(?:no can do|no way|nope|absolutely not|hard no|not happening|sorry|i'm sorry|no|"
    r"non|nein|não|nie|нет|hayır|لا|नहीं|不|不行|아니요)\W+){1,3}$",
    re.I,
)
FICTION = Phrases(
    r"translat|tradu[cz]|traduire|übersetz|翻译|翻譯|訳|перевед|ترجم|अनुवाद|번역|رسالة|اعتذار|сообщени|"
    r"письм|メール|手紙|返事|"
    r"看板|邮件|短信|便条|편지|메일|पत्र|संदेश|\b(?:mensaje|mensagem|messaggio|lettera|lettre|courriel|"
    r"nachricht|wiadomość|"
    r"absage|entschuldigung|bericht|disculpa|excuse|decline|declin\w+|sign|notice|post|caption|"
    r"line|speech|toast|"
    r"story|poem|novel|scene|dialog\w*|play|script|e-?mail|letter|reply|message|apolog\w+|"
    r"monologue|haiku|limerick|sonnet|verses?|rap|slogan|character|role-?play|lyrics|song|joke|"
    r"note|cuento|carta|correo|pretend|act as|"
    r"say|says|phrase|sentence|diary|voice of|absag\w*|ablehn\w+|rechaz\w+|recus\w+|refus\w+|"
    r"(?:soll|kann) ich (?:\w+ )?(?:antworten|sagen|schreiben|absagen|ablehnen)|"
    r"button|tooltip|placeholder|notification|banner|pop-?up|komunikat|fehlermeldung|"
    r"foutmelding|odmow\w+|reject\w*)\b|"
    r"отказ|拒绝信|"
    r"断り|거절",
    re.I,
)
ROLE = Phrases(
    r"\bwhat (?:would|might|could) (?:an?|the|my)\b|\b(?:play|act as|act like|pretend|"
    r"role-?play|speak (?:to me )?as|be a|you are an?|in the "
    r"voice|"
    r"spiel\w*|stell dir vor|actúa|haz de|interpreta|joue|fais comme|finja|faça de conta|recita|"
    r"speel|сыграй|представь|притворись)\b|扮演|演じ|なりきって|تخيل أنك|مثّل دور|अभिनय|बनकर|연기",
    re.I,
)


WAY_OUT = Phrases(r"\bor (?:else )?(?:show|prove|explain|say|tell|argue|state|demonstrate)\b", re.I)
DENIES_ONE = re.compile(
    r"\b(?:i|we|one) (?:cannot|can't|can not|am unable to|are unable to) \w+ (?:one|it|any|such)\b",
    re.I,
)


def refusal(e: Exhibit) -> Failure | None:
    """The answer declines, at its start; an apology inside a text that was asked for does not.

    WizardLM (arXiv 2304.12244), elimination 2.
    """
    text = e.answer.text
    if e.response_finish == "refusal":
        return found("refusal", t.clip(text) or "the answer was refused")
    if not text or len(text) > 12 * LONG:
        return None
    if text.isascii() and DECLINING.isdisjoint(e.answer.vocabulary):
        return None
    if e.answer.length >= LONG:
        return None
    if not text.isascii() and not e.spoken & (g.NO | g.UNABLE | g.SORRY | g.WISH | g.LIMIT):
        return None
    if not _may_decline(e):
        return None
    said = e.said
    if e.answer.length >= SHORT or "```" in text:
        said = said[:1]
    # "Name one, or show why there is none."
    if WAY_OUT.search(e.new.prose):
        said = [s for s in said if not DENIES_ONE.search(s)]
    declines = _declines(e, said) and not (reworked.denies_too(e) or reworked.reshapes(e))
    return found("refusal", text) if declines else None


def _may_decline(e: Exhibit) -> bool:
    """Whether an answer as a whole holds what `_declines` looks for in its sentences: words for
    himself, for regret or for a law, or one of the phrases that need none."""
    if t.UNSPACED_SIGN.search(e.answer.text):
        return True  # what words do there is told by patterns, which a piece may fill alone
    own = e.answer.prose
    told = e.spoken & (g.SELF | g.SORRY | g.LAW)
    return bool(told) or BOWS_OUT.maybe(own) or DECLINES.maybe(own)


def _declines(e: Exhibit, said: list[str]) -> bool:
    listed = "\n" in e.answer.text and bool(t.BULLET.search(e.answer.text))
    coded = any(block.closed and len(block.text) >= CODE for block in e.answer.fences)
    worked = coded or owed.works_out(e)
    voice = bool(FICTION.search(e.new.prose))
    role = voice and bool(ROLE.search(e.after.text))
    for place, sentence in enumerate(said):
        tags = g.read(sentence)
        if NO_DENIAL.search(sentence) or SAYS.match(sentence):
            continue
        if sentence.strip(" -–—.!\"'“”«»").casefold() in e.after.text.casefold():
            continue  # the task spoke of these words
        if worked or _does_it_after_all(sentence, listed):
            continue
        if tags & g.SELF and AS_MODEL.search(sentence) and tags & (g.NO | g.UNABLE) and not role:
            if not _chooses(e):
                return True
            continue
        if role:
            if place < OPENING and BOWS_OUT.search(sentence):
                return True
            continue
        opens = place < OPENING
        piece = voice and (place > 0 or sentence[-1] not in ENDS)
        if _denies_work(sentence, tags, opens, piece):
            return True
        if BOWS_OUT.search(sentence) and (opens or not voice):
            return True
        if not voice and (DECLINES.search(sentence) or (opens and _denies_act(sentence, tags))):
            return True
    return (
        not voice
        and not role
        and (
            _turns_down(said)
            or _forbids(said, bool(e.after.text.rstrip().endswith(("?", "？", "؟"))))
        )
    )


def _does_it_after_all(sentence: str, listed: bool) -> bool:
    """ "I can't draw here, so I'll tell every step: …"."""
    turn = TURN.search(SORRY_BUT.sub("", sentence))
    led = sentence.rstrip().endswith((":", "："))
    if turn is None or led:
        return listed and led
    told = turn.string[turn.end() :].partition(":")[2]
    return listed or "**" in told or t.length(told) >= TOLD


def _chooses(e: Exhibit) -> bool:
    """Whether the answer sets something in bold that the task speaks of."""
    bold = " ".join(BOLD.findall(e.answer.text))
    return not e.new.vocabulary.isdisjoint(frozenset(t.words(bold)) - STOP)


def _denies_work(sentence: str, tags: int, opens: bool, voice: bool) -> bool:
    """I, not able or willing, to write or to help; by its own words in any place of the answer."""
    if voice or tags & g.ADVICE or not g.fills(tags, g.SELF, g.MAKE | g.HELP):
        return False
    if tags & g.UNABLE and g.within(sentence, REACH, g.SELF, g.UNABLE, g.MAKE | g.HELP):
        return True
    if not g.fills(tags, g.NO, DENIED):
        # "Dabei helfe ich nicht": the verb itself is in the first person.
        words = frozenset(t.words(sentence))
        object = not words.isdisjoint(OBJECTS) and "i" not in words
        near = g.within(sentence, REACH // 2, g.SELF, g.NO, g.MAKE | g.HELP)
        return opens and near and not object
    return g.within(sentence, REACH, g.SELF, g.NO, DENIED, g.MAKE | g.HELP)


def _denies_act(sentence: str, tags: int) -> bool:
    """I, not able, to call, to look, to pay; or a limit of what I may do."""
    if tags & g.ADVICE:
        return False
    denied = tags & g.UNABLE or g.fills(tags, g.NO, DENIED)
    if denied and tags & g.SORRY:
        return True
    if tags & g.SELF and denied and g.within(sentence, REACH, g.SELF, g.NO | g.UNABLE, g.ACT):
        return True
    if tags & g.SELF and tags & g.WISH and tags & g.NO:
        return g.within(sentence, REACH // 2, g.SELF, g.NO, g.WISH)
    return g.fills(tags, g.SELF, g.LIMIT, g.NO | g.CAN | g.SORRY) and g.within(
        sentence, REACH, g.SELF, g.LIMIT, g.NO | g.CAN | g.SORRY
    )


def _turns_down(said: list[str]) -> bool:
    """No to what was asked, then an offer of something else."""
    if len(said) < 2:
        return False
    first = g.read(said[0])
    if not g.fills(first, g.SELF, g.NO | g.UNABLE) or first & g.ADVICE:
        return False
    for sentence in said[1:]:
        tags = g.read(sentence)
        if g.fills(tags, g.SELF, g.CAN | g.WISH | g.HEARD, g.MAKE | g.HELP) and not tags & g.NO:
            return True
    return False


def _forbids(said: list[str], judged: bool) -> bool:
    """A curt no or an apology, and that it would be wrong."""
    if not said or len(said) > 4:
        return False
    tags = g.read(said[0])
    if len(said) == 1 and BLUNT.match(said[0]):
        return bool(tags & g.SORRY)
    rest = " ".join(said[1:])
    wrong = g.read(rest) & g.LAW
    if BLUNT.match(said[0]) and wrong and (tags & g.SORRY or not judged):
        return True
    blunt = bool(BLUNT.match(said[0])) or g.fills(tags, g.SORRY, g.NO)
    own = tags & g.SELF and tags & g.NO and not tags & g.ADVICE
    # What the law says may be the answer to a question.
    against = (wrong and not judged) or (tags & g.LAW and tags & g.SELF)
    return bool((blunt and tags & g.SORRY and against) or (own and wrong))
