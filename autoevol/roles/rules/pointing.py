"""Does a rewrite point at material that is not there: "the following table", "see attachment"?

Decides which words point, and what may be what they point at. Gives no failure; `missing` asks,
which looks at answers, too.
"""

from __future__ import annotations

import re

from autoevol.roles.rules.exhibit import Exhibit
from autoevol.text import language
from autoevol.text import structure as t
from autoevol.text.lexicon import wordset
from autoevol.text.phrases import Phrases

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
    r"input|data|dataset|json|expression|equation|graph|tree|sentence|text|file|schema|range|"
    r"address|url|path|date)\b"
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
DRAWN = re.compile(r"\b(?:table|diagram|chart|graph|sketch|picture|image|drawing)\b", re.I)
ITSELF = re.compile(r"(?:sentences?|text|statements?|lines?) above", re.I)
LIST = re.compile(r"(?:-?\d[\d.,/]*\s*[,;]\s*(?:and |y |und |et )?){2,}-?\d[\d.,/]*")
AFTER_COLON = re.compile(r"[:：]\s+\S")
# Words that point at something beside the text, whatever it is.
DEICTIC = Phrases(
    r"\b(?:\w+ (?:shown|listed|printed|pasted|copied|reproduced) (?:above|overleaf)|"
    r"(?:part|area|region|angle|side|point|triangle|circle) (?:\w+ ){0,2}in the (?:figure|diagram|"
    r"picture)|"
    r"(?:i|we) (?:sent|shared|gave you) (?:along|earlier|before|yesterday)|"
    r"(?:plan|map|photo|drawing|image) on the (?:right|left)|"
    r"(?:oben|unten) (?:abgedruckt|abgebildet|aufgeführt|gezeigt|aufgelistet)\w*|"
    r"(?:tabela|texto|lista|código|figura|gráfico|imagem|quadro|trecho) (?:a seguir|ao lado)|"
    r"(?:tabla|texto|lista|código|figura|gráfico|imagen) (?:que sigue|al lado)|"
    r"(?:tableau|texte|code|figure|extrait) qui suit|(?:tabella|testo|figura|codice) (?:che segue|"
    r"accanto)|"
    r"attached below|see (?:the )?attach\w*|(?:shown|seen|depicted|drawn|"
    r"illustrated) in the (?:figure|"
    r"diagram|picture|image|drawing|graph|sketch|chart)|(?:i|we) (?:have |had |just )?(?:pasted|"
    r"posted|copied|listed|attached|"
    r"uploaded|linked)(?: \w+){0,2} (?:above|below|earlier|before|here)|"
    r"(?<!area )(?<!region )enclosed(?! (?:by|between|in|within|area|space|"
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
# What these point at stands behind them; so many words in a paragraph of its own are material.
BEHIND = re.compile(r"\b(?:below|following|follows|a seguir|que sigue|qui suit|che segue)\b", re.I)
PARAGRAPH = 5
# A text that may itself speak of what is enclosed with it.
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


def pointed_at(e: Exhibit) -> str:
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


def _is_there(reading: t.Reading, shown: re.Match[str]) -> bool:
    """Whether what is pointed at may be there; a few numbers are no table and no picture."""
    if BEHIND.search(shown.group()):
        place = reading.text.find(shown.group())
        behind = reading.text[place + len(shown.group()) :] if place >= 0 else reading.text
        # What follows may stand in a paragraph of its own, whatever leads up to it.
        if t.length(behind[behind.find("\n") + 1 :]) >= PARAGRAPH and "\n" in behind.strip():
            return True
        return (place >= 0 and has_material(t.Reading(behind))) or bool(reading.fences)
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
