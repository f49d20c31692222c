"""Rules on what an instruction brings along: code, tables, formulas, passages, data.

Decides what counts as material and when it is lost. Each rule takes an `Exhibit` and gives a
`Failure`, or None where it has nothing to say. What is asked about the material is left to `task`.
"""

from __future__ import annotations

import re
from collections import Counter

from autoevol.roles import language
from autoevol.roles import text as t
from autoevol.roles.lexicon import NUMBER_WORDS, STOP, wordset
from autoevol.roles.phrases import Phrases
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.types import Failure

# So much of a passage's words must still be found in the rewrite; so long is a passage at least.
LEFT, PASSAGE = 0.6, 8
# So much of the words of a table or of data may go when it is set in another way.
SLIPS = 0.2
CODE_LIKE = re.compile(r"\w\(|[=;{}]|\w\.\w+\(")
SIGN = re.compile(r"\w+|[^\w\s]")
AFTER_COLON = re.compile(r"[:：][ \t]+(\S[^\n]{8,})$", re.M)
# An answer that asks for material is short; 80 words is WizardLM's bound for refusals.
SHORT = 80

KINDS = (
    r"(?:code|snippet|function|program|script|class|text|passage|paragraph|article|essay|story|"
    r"poem|"
    r"e-?mail|letter|table|list|array|data|dataset|sentences?|numbers?|values?|matrix|equations?|"
    r"expressions?|formula|json|schema|review|input|document|excerpt|statements?|dialogue|"
    r"conversation|transcript|lyrics|recipe|diagram|graph|chart|image|figure|query|log|lines?)"
)
POINTERS = wordset("following given provided attached above below shown")
POINTING = Phrases(
    rf"\b(?:following|given|provided|attached|above|below)(?: \w+){{0,2}} {KINDS}\b"
    rf"|\b{KINDS} (?:is )?(?:below|above|attached|provided below|given below|shown below)\b",
    re.I,
)
MISSING = Phrases(
    r"\b(?:please (?:kindly )?(?:provide|share|paste|send|supply|attach|upload|give me|specify|"
    r"post|"
    r"include)"
    r"|(?:could|can|would|will) you (?:please |kindly )?(?:provide|share|paste|send|attach|upload|"
    r"specify|supply|post|give me)"
    r"|you (?:haven't|have not|didn't|did not|forgot to|don't seem to have|"
    r"seem to have forgotten to)"
    r"(?: actually)? (?:provided?|included?|attach\w*|shared?|specif\w+|paste\w*|post\w*|give\w*|"
    r"sent|"
    r"send|say|said|mention\w*)"
    r"|i (?:don't|do not|can't|cannot|couldn't) (?:actually )?(?:see|find|have)(?: access to)? "
    r"(?:any|the|an?|your|which)\b[^.!?\n]{0,30}?"
    r"(?:text|code|list|table|data|file|passage|article|image|attach|poem|essay|input|numbers|"
    r"content|"
    r"document|email|function|sentence|snippet|paragraph|equation|graph|figure|story|message|query)"
    r"|(?<!if )(?<!when )(?<!where )(?<!case )\b(?:no|any) (?:text|code|list|table|data|file|"
    r"passage|article|image|attachment|pdf|picture|photo|form|screenshot|link|input|numbers|"
    r"content|function|snippet|equation|document|email|essay|poem|sentence|query|review|message)s?"
    r"(?: \w+){0,2} (?:was|were|is|are|has been|have been|seems?|appears?|to be) "
    r"(?:actually )?(?:provided|given|included|attached|shared|missing|pasted|there|in your|absent)"
    r"|(?:seems?|appears?|looks) (?:that |like |to be )?(?:you |the |your )?[\w' ]{0,40}"
    r"\b(?:missing|left out|cut off|not (?:provided|included|attached|come through)|forgot)"
    r"|(?:is|are|seems to be|appears to be) missing from (?:your|the) (?:message|question|prompt|"
    r"request|"
    r"problem|instruction)"
    r"|(?:your|the) (?:message|question|prompt|request) (?:does not|doesn't|did not|"
    r"didn't) (?:include|"
    r"contain|come with)"
    r"|(?:did not|didn't|does not seem to have|doesn't seem to have) (?:come|go) through"
    r"|none (?:is|are|was|were) (?:given|provided|attached|included|shown|there)"
    r"|nothing (?:is|was|has been) (?:attached|provided|given|included|shared|there|pasted|"
    r"uploaded|sent)"
    r"|(?:did not|didn't|has not|hasn't) (?:reach(?:ed)? me|arrived?)|lie(?:gt|"
    r"gen) mir (?:leider )?(?:nicht|kein\w*)"
    r"|i (?:can )?(?:see|find) no \w+|i(?:'d| would) need (?:the|to see|your)|"
    r"(?:leider fehl\w+|fehl\w+ leider)|il manque (?:le|la|les|l')|manca(?:no)? (?:il|la|i|le)"
    r"|there (?:is|are|was|were|seems? to be|appears? to be) no \w+(?: \w+)? (?:attached|here|"
    r"in your|"
    r"provided|included|below|above|given|to work)"
    r"|i(?:'d| would| will|'ll)? need (?:to see |to know |you to (?:share|provide|send|paste) )?"
    r"(?:the|your|more|some|at least)\b"
    r"|without (?:the|seeing the|having the|any) (?:actual |original )?(?:text|code|table|data|"
    r"list|"
    r"passage|article|numbers|function|image|content|file)"
    r"|(?:bitte|könnten sie|könntest du|kannst du)\b.{0,60}\b(?:geben|teilen|mit|senden|bereit|"
    r"zur verfügung|schick\w*|einfüg\w*)"
    r"|(?:por favor,? |podrías |podría |puedes )(?:proporci\w+|compart\w+|envía\w*|enviar\w*|"
    r"indica\w*|"
    r"pega\w*)|no (?:veo|has (?:incluido|proporcionado|compartido))"
    r"|veuillez (?:fournir|partager|préciser|coller)|pourriez-vous (?:fournir|partager|préciser)"
    r"|(?:por favor,? |você pode(?:ria)? )(?:envi\w+|forne\w+|compartilh\w+)"
    r"|(?:você )?não (?:enviou|incluiu|forneceu|anexou)|vous n'avez pas (?:fourni|joint|inclus|"
    r"donné)"
    r"|(?:sie haben|du hast)\b.{0,40}\b(?:angehängt|mitgeschickt|beigefügt|mitgegeben)|"
    r"ich sehe kein\w*"
    r"|es fehlt|falta (?:el|la|o|a|il) |mi serve (?:il|la)|(?:per favore|puoi|potresti) (?:invi\w+|"
    r"forni\w+|condivid\w+)|non (?:vedo|hai (?:allegato|incluso|fornito))"
    r"|(?:stuur|deel|geef) (?:me )?(?:alsjeblieft|alstublieft|de|het))",
    re.I,
)
# The same in scripts that English has no letters of.
MISSING_ELSEWHERE = Phrases(
    r"请(?:您|你)?(?:先)?(?:提供|分享|给出|发送|上传|粘贴)|把.{1,12}(?:发给我|贴出来|贴给我|发过来)|(?:没有|未)(?:看到|提供|收到|附上)"
    r"|(?:提供して|教えて|共有して|貼り付けて|送って)(?:ください|いただけ)|見当たりません|添付されて(?:い)?ません"
    r"|(?:제공|공유|보내|첨부)해? ?주(?:세요|시겠|실)|пришлите|предоставьте|приложите|"
    r"вы не (?:приложили|указали|прислали|предоставили)|не вижу|"
    r"(?:يرجى|من فضلك|أرجو)\W{1,3}(?:إرسال|تزويد|تقديم|"
    r"مشاركة|أرسل|زود)"
    r"|لم (?:ترفق|تقدم|ترسل)|कृपया.{0,60}(?:दें|भेजें|प्रदान|साझा|दीजिए|भेजिए)",
    re.I,
)
# One of these is in every phrase of MISSING that is written in ASCII.
TELLING = wordset(
    "provide provided share shared paste pasted send sent supply attach attached upload specify "
    "include included haven didn forgot forgotten see find missing without need contain bitte "
    "könnten könntest kannst favor podrías podría puedes veo incluido proporcionado compartido "
    "veuillez pourriez post give given enviar envie compartilhar fehlt falta invia fornire stuur"
)
# And one of these: it speaks to someone, or says what was not given.
SPEAKING = wordset(
    "please you your i provided given included attached shared missing pasted without bitte sie "
    "du könnten kannst könntest por podrías podría puedes veo has veuillez pourriez"
)
CORRESPONDENCE = Phrases(
    r"\b(?:write|draft|compose|create|generate|prepare|design|make|give|suggest|reply|respond|"
    r"answer|"
    r"translate|rewrite|rephrase|turn|escrib\w+|redact\w+|schreib\w*|verfass\w*|rédige\w*|"
    r"écri\w*)\b"
    r"[^.?!\n]{0,80}\b(?:e-?mails?|letters?|messages?|notices?|surveys?|repl(?:y|ies)|"
    r"announcements?|scripts?|templates?|prompts?|polic(?:y|ies)|ads?|flyers?|invitations?|memos?|"
    r"faqs?|dialog\w*|forms?|questionnaires?|correo|carta|brief|nachricht|lettre|instructions|"
    r"checklist|requests?|posts?|sms|phrases?|signs?|story|play|scene|conversation|sentences?|"
    r"texts?|announcement|notes?|reminders?|complaint|customer|clerk|listing|cover)\b"
    r"|\b(?:role-?play|act as|pretend|error message|chatbot|you are an?)\b"
    r"|\b(?:correo|carta|mensaje|mensagem|aviso|messaggio|lettera|annuncio|courriel|lettre|annonce|"
    r"nachricht|mail|anschreiben|aushang|bericht)\b|письм|сообщени|объявлени|رسالة|بريد|إعلان|पत्र|"
    r"संदेश|"
    r"ईमेल|信|邮件|郵件|通知|短信|メール|手紙|お知らせ|案内|편지|메일|안내|공지",
    re.I,
)
# The same in other languages.
POINTING_ELSEWHERE = Phrases(
    r"\b(?:(?:el|la|los|las) siguientes? (?:tabla|código|texto|lista|función|datos|programa|"
    r"frases?)|"
    r"(?:der|die|das|den|dem) (?:folgende|unten ?stehende|obige|angegebene|beigefügte)\w* \w+|"
    r"(?:le|la|les) \w+ (?:suivant|ci-dessous|ci-joint|ci-dessus)\w*|"
    r"(?:il|la|le|i|gli) seguent[ei] \w+|(?:o|a|os|as) seguintes? \w+|\w+ abaixo|"
    r"(?:de|het) (?:volgende|onderstaande|bijgevoegde) \w+|(?:следующ|приведённ|приведенн|"
    r"прилагаем)\w+ \w+)"
    r"|(?:以下|下面|下列|上述|所给|附件)(?:的)?(?:代码|表格?|文本|文章|数据|列表|函数|段落|句子)|(?:次|以下|下記|添付)の"
    r"(?:コード|表|文章|テキスト|データ|リスト|関数)|다음 (?:코드|표|글|텍스트|데이터|목록|함수)|"
    r"(?:التالي|أدناه|المرفق)\w*|"
    r"(?:निम्नलिखित|नीचे दिए|नीचे दी)",
    re.I,
)
LIST = re.compile(r"(?:-?\d[\d.,/]*\s*[,;]\s*(?:and |y |und |et )?){2,}-?\d[\d.,/]*")


def missing_input(e: Exhibit) -> Failure | None:
    """The rewrite points to material that is not there, or the answer asks for it.

    Auto Evol-Instruct (arXiv 2406.00770), Table 5, loss of key information.
    """
    return found("missing_input", _asked_for(e) or _pointed_at(e))


def _asked_for(e: Exhibit) -> str:
    answer = e.answer
    if not answer.text or len(answer.text) > 12 * SHORT:
        return ""
    if (
        answer.length > 25
        and answer.text.isascii()
        and (TELLING.isdisjoint(answer.vocabulary) or SPEAKING.isdisjoint(answer.vocabulary))
    ):
        return ""
    if answer.length >= SHORT:
        return ""
    elsewhere = not answer.text.isascii() and MISSING_ELSEWHERE.search(answer.prose)
    shown = elsewhere or MISSING.search(answer.prose)
    if not shown or CORRESPONDENCE.search(e.after.text):
        return ""
    # A rewrite that itself says "please provide" is echoed by good answers.
    return "" if shown.group().casefold() in e.after.text.casefold() else shown.group()


def _pointed_at(e: Exhibit) -> str:
    """'The following table' where nothing follows, though the seed did not say so either."""
    if not POINTERS & e.new.vocabulary - e.old.vocabulary:
        elsewhere = None if language.english(e.new) else POINTING_ELSEWHERE.search(e.new.prose)
        if not elsewhere or POINTING_ELSEWHERE.search(e.old.prose) or has_material(e.new):
            return ""
        return elsewhere.group()
    shown = POINTING.search(e.new.prose)
    if not shown or POINTING.search(e.old.prose) or has_material(e.new):
        return ""
    return shown.group()


def has_material(reading: t.Reading) -> bool:
    text = reading.text
    return bool(
        reading.fences
        or "`" in text
        or t.QUOTED.search(text)
        or LIST.search(text)
        or reading.blocks
        or any(sign in text for sign in "=|[{<")
        or re.search(r"[:：]\s+\S", text)
    )


def dropped_block(e: Exhibit) -> Failure | None:
    """Code, a table, data, a passage or the numbers of the seed are gone, wholly or in part.

    Auto Evol-Instruct (arXiv 2406.00770), Table 5, loss of key information; here seen in the
    rewrite itself. Material that grew is still there; that was replaced is not.
    """
    if not e.new.words or e.before.text in e.after.text:
        return None
    return found("dropped_block", _lost_block(e) or _lost_passage(e) or _lost_numbers(e))


def _lost_block(e: Exhibit) -> str:
    """Code must be there sign by sign, in whatever layout; of tables and data the words."""
    for block in e.old.blocks:
        if block.kind not in ("code", "table", "data"):
            continue
        dense = "".join(e.after.text.split())
        lines = ["".join(line.split()) for line in block.text.split("\n")]
        lost = [line for line in lines if len(line) > 3 and line not in dense]
        if lost and _lacks(e.new, block):
            return f"{block.kind}: {lost[0]}"
    return ""


def _lacks(new: t.Reading, block: t.Block) -> bool:
    if block.kind == "code":
        left = Counter(SIGN.findall("\n".join(b.text for b in new.blocks) or new.text))
        return bool(Counter(SIGN.findall(block.text)) - left)
    # A table may become a list, as long as its words and figures are there.
    had = frozenset(t.words(block.text))
    return len(had - new.vocabulary) > SLIPS * len(had)


def _lost_passage(e: Exhibit) -> str:
    """Passages: paragraphs after the first, quotations, what follows a colon on its line."""
    text, left = e.before.text, e.new.vocabulary
    passages = [b.text for b in e.old.blocks if b.kind in ("quote", "input")]
    if "\n" in e.old.outside:
        later = t.BLANK_LINES.split(e.old.outside)[1:]
        passages += [p for p in later if t.length(p) >= PASSAGE or CODE_LIKE.search(p)]
    if t.quotes(text):
        passages += t.QUOTED.findall(text)
    if ":" in text or "：" in text:
        passages += AFTER_COLON.findall(text)
    for passage in passages:
        had = frozenset(t.words(passage)) - STOP
        if len(had) >= 3 and len(had & left) < LEFT * len(had):
            return f"passage: {passage.strip()}"
    return ""


def _lost_numbers(e: Exhibit) -> str:
    """At least two numbers of the seed are gone, and at least half of them."""
    gone = e.old.vocabulary - e.new.vocabulary
    if not any(word[0].isdigit() or word in NUMBER_WORDS for word in gone):
        return ""
    old, new = numbers(e.old), numbers(e.new)
    lost = old - new
    if len(lost) < 2 or 2 * len(lost) < len(old):
        return ""
    return f"numbers: {', '.join(sorted(lost)[:8])}"


def numbers(reading: t.Reading) -> frozenset[str]:
    """The numbers in a text, those in words too."""
    digits = {plain(n) for n in t.NUMBER.findall(reading.text)}
    spelled = reading.vocabulary & NUMBER_WORDS.keys()
    return frozenset(digits.union(NUMBER_WORDS[word] for word in spelled))


def plain(number: str) -> str:
    """1,000 is 1000, 2.50 is 2.5, and a sign may be a dash."""
    bare = number.replace(",", "").lstrip("-")
    return bare.rstrip("0").rstrip(".") if "." in bare else bare
