"""The rule on material that is not there: an answer says so, or the rewrite points at nothing.

Decides what tells that something was to come along and did not: a word for material, that it is
missing or not seen, and the message or the writer it should have come from; or a request to send
it. In a rewrite, words that point ("the following table") with nothing to point at. Gives a
`Failure`, or None where it has nothing to say. Material of the seed that was lost is left to
`material`.
"""

from __future__ import annotations

import re

from autoevol.roles.rules import reworked
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.text import language
from autoevol.text import structure as t
from autoevol.text import tongues as g
from autoevol.text.lexicon import wordset
from autoevol.text.phrases import Phrases
from autoevol.types import Failure

# An answer that asks for material is short; 80 words is WizardLM's bound for refusals.
SHORT, REACH = 80, 10
# It says so where it begins, or where it ends.
OPENING, CLOSING = 2, 1

KINDS = (
    r"(?:code|snippet|function|program|script|class|text|passage|paragraph|article|essay|story|"
    r"poem|"
    r"e-?mail|letter|table|list|array|data|dataset|sentences?|numbers?|values?|matrix|equations?|"
    r"expressions?|formula|json|schema|review|input|document|excerpt|statements?|dialogue|"
    r"conversation|transcript|lyrics|recipe|diagram|graph|chart|image|figure|query|log|lines?|"
    r"photo|picture|screenshot|file|spreadsheet|notes|measurements|minutes|requirements|"
    r"results|pdf|quotation|quote|draft|scenario|case study|"
    r"report)"
)
# What a function is given, whatever it is.
TAKEN = (
    r"(?:[\w-]+ )?(?:lists?|arrays?|strings?|numbers?|values?|matrix|matrices|integers?|function|"
    r"input|data|dataset|json|expression|equation|graph|tree|sentence|text|file|schema|range)\b"
)
POINTERS = wordset("following given provided attached above below shown enclosed")
POINTING = Phrases(
    rf"\b(?:(?:(?<!on the )following|attached|enclosed|above|below)(?! (?:which|what)\b)"
    rf"(?: [\w-]+){{0,2}} {KINDS}|(?:the|this|these|my|our) (?:given|provided)(?! {TAKEN})"
    rf"(?: [\w-]+){{0,2}} {KINDS})\b"
    rf"|\b(?!numbers?\b|values?\b){KINDS} (?:is |are )?(?:below|above|attached|enclosed|"
    rf"provided below|given below|shown "
    rf"below|that follows)\b"
    rf"|\b{KINDS} (?:that |which )?(?:i|we|you)(?:'ve|'m| have| had| am| are| was)? [\w ]{{0,20}}"
    rf"(?:below|above|attached|enclosed)\b",
    re.I,
)
# The same in other languages.
POINTING_ELSEWHERE = Phrases(
    r"\b(?:(?:el|la|los|las) siguientes? (?:tabla|código|texto|lista|función|datos|programa|"
    r"frases?|párrafo|fragmento|artículo|poema|carta|oraci\w+)|\w+ adjunt[oa]s?|\w+ (?:de abajo|"
    r"a continuación)|"
    r"(?:der|die|das|den|dem) (?:folgende|unten ?stehende|obige|angegebene|beigefügte|angehängte|"
    r"beiliegende|nachstehende)\w* \w+|im anhang|"
    r"(?:le|la|les) \w+ (?:suivant|ci-dessous|ci-joint|ci-dessus|joint)\w*|"
    r"(?:il|la|le|i|gli) seguent[ei] [^\W\d]\w*|\w+ allegat[oaie]|"
    r"(?:o|a|os|as) seguintes? [^\W\d]\w*|\w+ abaixo|"
    r"\w+ anex[oa]s?|"
    r"(?:de|het) (?:volgende|onderstaande|bijgevoegde) [^\W\d]\w*|"
    r"(?:następując|poniższ|załączon)\w+ \w+|"
    r"(?:aşağıdaki|ekteki) \w+|(?:следующ|приведённ|приведенн|прилагаем|приложенн|нижеследующ)\w+ "
    r"\w+)"
    r"|(?:以下|下面|下列|上述|所给|附件|附上|附)(?:的|中的)?(?:代码|表格?|文本|文章|数据|列表|函数|段落|句子|图片|文件|诗|材料)|"
    r"(?:次|以下|下記|添付|上記)の"
    r"(?:コード|表|文章|テキスト|データ|リスト|関数|画像|ファイル|文|詩|資料)|(?:다음|아래|"
    r"첨부된|첨부한) (?:코드|표|글|텍스트|데이터|목록|함수|문장|"
    r"파일)|"
    r"(?:التالي|أدناه|المرفق)\w*|"
    r"(?:निम्नलिखित|नीचे दिए|नीचे दी|संलग्न)",
    re.I,
)
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
    r"visible to me|no\b[^.!?\n]{1,40}\bin (?:the|this|our|your) (?:chat|message|conversation|thread)|"
    r"missing from (?:your|the) (?:message|question|prompt|request|problem|instruction))\b",
    re.I,
)
# What is needed is not there, and nobody is asked for it.
TOO_LITTLE = Phrases(
    r"\b(?:(?:isn't|is not|not|is) (?:enough|insufficient|too little) (?:information|data|details?)|"
    r"insufficient (?:information|data)|(?:cannot|can't|can not) be (?:determined|solved|answered) "
    r"(?:from|without|with) (?:what|the|this|these|more|only)|impossible to (?:determine|say|tell|solve|answer|"
    r"find) [^.!?\n]{0,40}without (?:knowing|more|the))\b",
    re.I,
)
# Whether it can be told is asked.
DECIDABLE = re.compile(
    r"\b(?:enough|sufficient|determined?|possible|impossible|whether|undecid\w+|can(?:not|'t)?)\b", re.I
)
CORRESPONDENCE = Phrases(
    r"\b(?:write|draft|compose|create|generate|prepare|design|make|give|suggest|reply|respond|"
    r"answer|"
    r"translate|rewrite|rephrase|turn|escrib\w+|redact\w+|schreib\w*|verfass\w*|rédige\w*|"
    r"écri\w*)\b"
    r"[^.?!\n]{0,80}\b(?:e-?mails?|letters?|messages?|notices?|surveys?|repl(?:y|ies)|"
    r"announcements?|scripts?|templates?|prompts?|polic(?:y|ies)|ads?|flyers?|invitations?|memos?|"
    r"faqs?|dialog\w*|forms?|questionnaires?|reviews?|correo|carta|brief|nachricht|lettre|instructions|"
    r"checklist|requests?|posts?|sms|phrases?|signs?|story|play|scene|conversation|sentences?|"
    r"texts?|announcement|notes?|reminders?|complaint|customer|clerk|listing|cover)\b"
    r"|\b(?:role-?play|act as|pretend|error messages?|button|tooltip|placeholder|notification|"
    r"komunikat|fehlermeldung|foutmelding|chatbot|you are an?|ask (?:a|my|for|the))\b"
    r"|\b(?:correo|carta|mensaje|mensagem|aviso|messaggio|lettera|annuncio|courriel|lettre|annonce|"
    r"nachricht|mail|anschreiben|aushang|bericht)\b|письм|сообщени|объявлени|رسالة|بريد|إعلان|पत्र|"
    r"संदेश|"
    r"ईमेल|信|邮件|郵件|通知|短信|メール|手紙|お知らせ|案内|편지|메일|안내|공지",
    re.I,
)
DRAWN = re.compile(r"\b(?:table|diagram|chart|graph|sketch|picture|image|drawing)\b", re.I)
ITSELF = re.compile(r"(?:sentences?|text|statements?|lines?) above", re.I)
LIST = re.compile(r"(?:-?\d[\d.,/]*\s*[,;]\s*(?:and |y |und |et )?){2,}-?\d[\d.,/]*")
AFTER_COLON = re.compile(r"[:：]\s+\S")
GONE, ARRIVED = g.NO | g.LOST, g.SEE | g.SENT | g.MESSAGE


# Words that point at something beside the text, whatever it is.
DEICTIC = Phrases(
    r"\b(?:\w+ (?:shown|listed|printed|pasted|copied|reproduced) (?:above|overleaf)|"
    r"(?:part|area|region|angle|side|point|triangle|circle) (?:\w+ ){0,2}in the (?:figure|diagram|picture)|"
    r"(?:i|we) (?:sent|shared|gave you) (?:along|earlier|before|yesterday)|"
    r"(?:plan|map|photo|drawing|image) on the (?:right|left)|"
    r"(?:oben|unten) (?:abgedruckt|abgebildet|aufgeführt|gezeigt|aufgelistet)\w*|"
    r"(?:tabela|texto|lista|código|figura|gráfico|imagem|quadro|trecho) (?:a seguir|ao lado)|"
    r"(?:tabla|texto|lista|código|figura|gráfico|imagen) (?:que sigue|al lado)|"
    r"(?:tableau|texte|code|figure|extrait) qui suit|(?:tabella|testo|figura|codice) (?:che segue|accanto)|"
    r"attached below|see (?:the )?attach\w*|(?:shown|seen|depicted|drawn|illustrated) in the (?:figure|"
    r"diagram|picture|image|drawing|graph|sketch|chart)|(?:i|we) (?:have |had |just )?(?:pasted|posted|copied|listed|attached|"
    r"uploaded|linked)(?: \w+){0,2} (?:above|below|earlier|before|here)|(?<!area )(?<!region )enclosed(?! (?:by|between|in|within|area|space|"
    r"region|volume|room|figure))|in the attachment(?=[.,;!]|$)|(?:we|i|you) (?:talked|spoke) "
    r"about(?: \w+)? (?:last|before|earlier|yesterday)|you (?:will )?find (?:at|in) the (?:end|"
    r"bottom|attach\w*)|(?:diagram|table|sketch|list|figure|text|"
    r"code|data|"
    r"drawing|numbers|values|cv|menu|scheme|chart|graph) (?:given|shown|provided|listed|pasted|"
    r"depicted|attached) (?:above|below|here|on the)|(?:table|figure|diagram|sketch|picture|graph|"
    r"chart|list) on the (?:right|left)|as follows(?! ?[:：])|(?:level|class|topic|plan|"
    r"version|task|"
    r"text|way|place|one) (?:that )?we discussed|(?:previous|last|earlier) (?:exercise|message|"
    r"problem|"
    r"task|question|conversation)|mentioned (?:earlier|above)|attached (?:cv|resume|file|photo|"
    r"document|sketch|menu|scan|spec\w*|log)|cv (?:attached|below)|im anhang|in der anlage|"
    r"nebenstehend\w*|"
    r"untenstehend\w*|beigefügt\w*|angehängt\w*|unten (?:ein|an)füge|unten eingefügt\w*|in de "
    r"bijlage|"
    r"bijgevoegd\w*|hieronder|w załączniku|załączon\w+|zadaniu poprzednim|poprzednim zadaniu|"
    r"en el anexo|archivo adjunto|ci-jointe?s?|ci-dessous|ci-dessus|en pièce jointe|en annexe|"
    r"in allegato|"
    r"qui sotto|em anexo|в приложении|во вложении|прикреплённ\w+|прикрепленн\w+|приложенн\w+|"
    r"ekteki|"
    r"aşağıdaki|yukarıdaki|bifogad\w*|nedanstående)\b|附件|下图|右图|上图|添付|別紙|첨부|المرفق|المرفقة|संलग्न",
    re.I,
)


def missing_input(e: Exhibit) -> Failure | None:
    """The rewrite points to material that is not there, or the answer asks for it.

    Auto Evol-Instruct (arXiv 2406.00770), Table 5, loss of key information.
    """
    return found("missing_input", _asked_for(e) or _pointed_at(e))


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
        if CORRESPONDENCE.search(e.after.text) and not DEICTIC.search(e.after.text):
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
    r"\b(?:no|not an?y?|without|keine?n?|sin|ning[uú]n\w*|aucune?|nessun\w*|nenhum\w*)\b([^.!?,;]{1,60}?)"
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


def _pointed_at(e: Exhibit) -> str:
    """'The following table' where nothing follows, though the seed did not say so either."""
    shown = DEICTIC.search(e.new.prose)
    if shown and not DEICTIC.search(e.old.prose) and not _is_there(e.new, shown):
        # A letter may speak of what is enclosed with it.
        placed = any(sign in shown.group() for sign in ("below", "above", "right", "left"))
        letter = not placed and CORRESPONDENCE.search(e.after.text)
        return "" if letter else shown.group()
    if not POINTERS & e.came:
        elsewhere = None if language.english(e.new) else POINTING_ELSEWHERE.search(e.new.prose)
        if (
            not elsewhere
            or CORRESPONDENCE.search(e.after.text)
            or POINTING_ELSEWHERE.search(e.old.prose)
            or has_material(e.new)
        ):
            return ""
        return elsewhere.group()
    shown = POINTING.search(e.new.prose)
    if not shown or POINTING.search(e.old.prose) or _is_there(e.new, shown):
        return ""
    # "Repeat the text above" points at the instruction itself.
    if ITSELF.match(shown.group()) and "\n" in e.new.prose[: shown.start()]:
        return ""
    return shown.group()


BEHIND = re.compile(r"\b(?:below|following|follows|a seguir|que sigue|qui suit|che segue)\b", re.I)
PARAGRAPH = 5


def _is_there(reading: t.Reading, shown: re.Match[str]) -> bool:
    """Whether what is pointed at may be there; a few numbers are no table and no picture."""
    if BEHIND.search(shown.group()):
        place = reading.text.find(shown.group())
        behind = reading.text[place + len(shown.group()) :] if place >= 0 else reading.text
        # What follows may stand in a paragraph of its own, whatever leads up to it.
        if t.length(behind[behind.find("\n") + 1 :]) >= PARAGRAPH and "\n" in behind.strip():
            return True
        return place >= 0 and has_material(t.Reading(behind)) or bool(reading.fences)
    if not DRAWN.search(shown.group()) or reading.fences or reading.blocks:
        return has_material(reading)
    if "\n" in reading.text.strip() or not LIST.search(reading.text):
        return has_material(reading)
    return bool(LIST.search(reading.prose, shown.end())) or any(
        map(reading.text.__contains__, "|[{:")
    )


def has_material(reading: t.Reading) -> bool:
    text = reading.text
    return bool(
        reading.fences
        or "`" in text
        or t.QUOTED.search(text)
        or LIST.search(text)
        or reading.blocks
        or any(sign in text for sign in "=|[{<")
        or AFTER_COLON.search(text)
    )
