"""Does a text ask for anything?

Decides what is a request: a question, an imperative where a language puts it, a need that somebody
speaks of. A verb inside a sentence is none: in Spanish or Italian "shows" and "show!" are one form,
so only the start of a sentence counts, and what follows the clause that sets its scene. Advice
("to sort it, you need to …") asks for nothing. Which loss is a failure is left to `task`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from autoevol.text import language
from autoevol.text import structure as t
from autoevol.text.lexicon import ENGLISH, VERBS, any_of
from autoevol.text.phrases import Phrases

LEAD_ON = (
    r"(?:please|then|also|next|now|first|finally|second|secondly|third|"
    r"additionally|lastly|in addition|furthermore|moreover|afterwards|kindly|carefully|briefly|"
    r"instead|otherwise|besides|likewise|similarly|meanwhile|plus|so|last|"
    r"on top(?: of (?:that|this|it))?|(?:beyond|after|before|above) (?:that|this|all)|"
    r"(?:in|at) the end|in (?:your|the) \w+|to (?:begin|start|end)(?: with)?|if possible|"
    r"as (?:a|the) \w+ step|"
    r"and|but|or|again|for each \w+|for this|for that)"
)
ORDERED = any_of(VERBS.split("|"))
# A sentence that orders: an imperative at its start, behind a word that leads on, or behind the
# clause that sets the scene. "To sort it, call sorted" is advice, so that clause needs an order
# that no advice would give.
IMPERATIVE = re.compile(
    rf"[\s*_#>(\"'“‘\d.)•-]{{0,12}}(?:\w+: )?(?:{LEAD_ON},? ){{0,2}}(?:{ORDERED})\b(?!['’])", re.I
)
# "In Java, call the …": where something with a name is worked in, any verb orders.
BEHIND_SCENE = re.compile(
    r"\W{0,6}(?i:in|from|with|using|without) (?:plain |pure )?[A-Z](?:[^\n,.!?]|\.(?=\S)){0,30}, "
    rf"(?i:{ORDERED}) (?:an?|the|all|each|every|it|them|me|my|this|that|these|those|\d+)\b"
)
SCENE = re.compile(
    r"\W{0,6}(?:given|if|suppose|assuming|assume|for|in|using|with|without|from|after|before|when|"
    r"once|as|based on|considering|starting|let|while|at|on|by|during|under|imagine|you|i|we|there|"
    r"here)\b[^\n]{0,400}[,:;–—-] ?(?:and |then |please )?"
    r"(?:find|calculate|compute|determine|write|explain|describe|create|list|show|prove|design|"
    r"implement|solve|how|what|which|who|where|why|derive|estimate|compare|summari[sz]e|"
    r"translate|analy[sz]e|outline|draft|compose|suggest|recommend|evaluate|state|name|tell|"
    r"count|sort|give)\b"
    r"(?! (?:is|are|was|were|can|means|makes|covers|allows|gives|has|have|brings|lets|turns|takes|"
    r"keeps|leads|leaves|reduces|needs|uses)\b)",
    re.I,
)
MILD = re.compile(r"\b(?:give|show|list|sort|count|name|state|tell|which|who|where)$", re.I)
# A first word with an object behind it orders, whatever it means: "Boil this down".
UNKNOWN_ORDER = re.compile(
    r"\W{0,6}(?!(?:"
    + any_of(ENGLISH | {"not", "no", "all", "only", "even", "just", "here", "there"})
    + r")\b)[a-z]+(?<!ing)(?<!ly)(?<!s)(?<!ed) (?:up |down |out |off )?"
    r"(?:this|these|those|the|an?|my|me|it|them|each|every|our|your|us|its|his|her|their)\b",
    re.I,
)
# Scripts whose ways of asking are known: Chinese, Japanese, Korean, Russian, Arabic, Hindi.
ENDING_SCRIPT = re.compile(
    "[\u0400-\u04ff\u0600-\u06ff\u0900-\u097f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
WANTED = Phrases(
    r"\b(?:please|your (?:task|goal|job|assignment) (?:is|:)|you (?:are (?:asked|required|"
    r"given|to)|"
    r"have been asked|must|shall)|i(?:'d| would)? (?:need|want|like)|i'm (?:looking for|trying)|"
    r"we (?:need|want)|help me|can you|could you|will you|would you|(?:my|the|our) question is(?=:|"
    r",? (?:what|"
    r"how|why|whether|which|who|when|where|if|this)\b)|"
    r"por favor|bitte|s'il (?:vous|"
    r"te) plaît|"
    r"per favore|alsjeblieft|necesito|quiero|quisiera|me gustaría|ayúdame|"
    r"ich (?:brauche|möchte|suche|will|hätte gern)|je (?:veux|voudrais|"
    r"cherche|souhaite)|"
    r"j'ai besoin|j'aimerais|preciso|quero|gostaria|vorrei|ho bisogno|voglio|ik (?:wil|zoek|heb)|"
    r"potrzebuję|chcę|chciał\w+|proszę|istiyorum|lütfen|mi serv\w+|"
    r"quer[ií]a saber|wüsste gern|je me demande|mi chiedo|"
    r"(?:is|are) to be (?:found|shown|proven|proved|determined|computed|calculated|solved)|"
    r"мне (?:нужн\w*|надо)|хочу|пожалуйста|помоги\w*)\b|_{2,}"
    r"|(?:^|[，。；：！？、\n”])\s?请(?!人|客|假|求|教)|帮我|帮忙(?:写|想|看)|我想|我要|我需要|"
    r"أريد|أحتاج|من فضلك|मुझे.{0,40}चाहिए|ほしい|欲しい|たいです|たいのですが|싶습니다|싶어요|"
    r"필요합니다",
    re.I,
)
YOU_NEED = re.compile(r"\byou (?:need|have) to\b", re.I)
ADVISES = re.compile(r"\W*(?:to|in order to|for|when|if|additionally|then|also)\b", re.I)
# Imperatives elsewhere. Those that may be taken for a statement count at the start of a sentence.
ROMANCE = (
    r"us[ae]\w*|evit\w+|termin\w+|incluy\w+|limit\w+|mant\w+|señal\w+|ilustr\w+|"
    r"utilis\w+|évit\w+|mentionn\w+|gard\w+|calcul\w+|hall\w+|determin\w+|escrib\w+|expli\w+|"
    r"document\w+|mid[ea]|public\w+|dibuj\w+|inventa|compil\w+|encuentr\w+|describ\w+|cre[ae]|indi[cq]\w+|diseñ\w+|haz|hazme|dame|dime|da|dé|di|resuelv\w+|"
    r"traduc\w+|traduz\w+|orden\w+|compar\w+|muestr\w+|demuestr\w+|resum\w+|justific\w+|prop[óo]n\w*|"
    r"sugier\w+|recom[ie]\w+|redact\w+|corri[gj]\w+|añad\w+|agreg\w+|implement\w+|comprueb\w+|"
    r"planific\w+|prepar\w+|men?cion\w+|enumer\w+|simplific\w+|convierte\w*|cambia|pon|elige|busca|"
    r"analiz\w+|analys\w+|cuenta|cuéntame|estim\w+|compon\w*|factori\w+|deriv\w+|razon\w+|imagin\w+|"
    r"trouv\w+|donn\w+|montr\w+|rédig\w+|écri\w+|décri\w+|tradui\w+|résou\w+|trie[rz]?|propos\w+|"
    r"justifi\w+|démontr\w+|ajout\w+|cré\w+|fai(?:s|tes)|précis\w+|conseill\w+|prouv\w+|racont\w+|"
    r"cherch\w+|invent\w+|dis|dites|cit\w+|nomm\w+|transform\w+|"
    r"scriv\w+|trov\w+|spieg\w+|descriv\w+|elenc\w+|dimostr\w+|dammi|dimmi|aiuta\w+|propon\w+|"
    r"riassum\w+|fammi|"
    r"escrev\w+|encontr\w+|descrev\w+|list\w+|mostr\w+|prove|faça|faz|dê|diga|sugir\w+|resolv\w+|"
    r"cri[ea]|conte|conta|sugere|ajude|explique"
)
GERMANIC = (
    r"verwend\w+|vermeid\w+|ende|nutz\w*|achte\w*|beacht\w+|ergänz\w*|berechn\w+|bestimm\w+|"
    r"schreib\w*|erklär\w*|finde\w*|gib\w*|geben|nenn\w*|erstell\w*|beschreib\w*|zeig\w*|"
    r"vergleich\w*|ermittl\w*|lös\w*|übersetz\w*|fass\w*|sortier\w*|formulier\w*|begründ\w*|"
    r"beweis\w*|entwirf|entwerf\w*|verfass\w*|plan\w*|schlag\w*|mach\w*|stell\w*|prüf\w*|erläuter\w*|"
    r"füg\w*|überleg\w*|erzähl\w*|empfiehl|empfehl\w*|ordne\w*|liste|zähl\w*|korrigier\w*|spiel\w*|"
    r"hilf|untersuch\w*|wandle\w*|vereinfach\w*|leite|skizzier\w*|rechne\w*|such\w*|sag\w*|bau\w*|"
    r"implementier\w*|programmier\w*|bilde|setze|analysier\w*|schätz\w*|denk\w*|dicht\w*|reim\w*|"
    r"schrijf|bereken|leg|geef|vind|maak|beschrijf|vergelijk|noem|bewijs|los|vertaal|bedenk|help|"
    r"stel|vertel|ontwerp|toon|zoek"
)
CYRILLIC = (
    r"напиши\w*|найди\w*|объясни\w*|вычисли\w*|опиши\w*|докажи\w*|состав(?:ь|ьте|и|ите)|приведи\w*|"
    r"сравни\w*|реши\w*|покажи\w*|предложи\w*|переведи\w*|придумай\w*|укажи\w*|посоветуй\w*|помоги\w*|"
    r"сделай\w*|расскажи\w*|назови\w*|определи\w*|дай|дайте|создай\w*|сочини\w*|исправь\w*|"
    r"перечисли\w*|проверь\w*|подбери\w*|упрости\w*|сгенерируй\w*|разбери\w*|поясни\w*|подскажи\w*|"
    r"отсортируй\w*|преобразуй\w*|перепиши\w*|сократи\w*|добавь\w*|нарисуй\w*|построй\w*|спланируй\w*|"
    r"проанализируй\w*|выведи\w*|используй\w*|оцени\w*|порекомендуй\w*|запиши\w*|сыграй\w*|представь\w*|"
    r"разложи\w*|реализуй\w*|выбери\w*|замени\w*|прочитай\w*"
)
ARABIC = (
    r"[وف]?(?:اكتب|احسب|اشرح|أوجد|صف|قارن|اقترح|بيّن|بين|وضح|صمم|لخص|ترجم|أعط|أعطني|اذكر|حل|أثبت|ارسم|"
    r"ألّف|ألف|ناقش|استخرج|رتب|حدد|صغ|أنشئ|صحح|عدّد|عدد|اجعل|حوّل|حول|أضف|استخدم|اختر|أجب|قل|ضع|قدم|"
    r"انصحني|ساعدني|برهن|بسط|خطط|فسر|علل|اسرد|أخبرني|مثّل|تخيل|ابحث|نفذ)\w*"
)
ORDER = re.compile(rf"(?:{ROMANCE}|{GERMANIC}|{CYRILLIC}|{ARABIC})", re.I)
FIRST = re.compile(r"[\W\d_]{0,8}([^\W\d_]+)")
# Behind the clause that sets the scene, and joined to an order before.
BEHIND = re.compile(
    r"[,:—–(;،]\s(?:(?:y|e|und|et|en|и|dann|luego|puis|poi|затем|then|por favor|bitte)\s)?"
    r"([^\W\d_]+)",
    re.I,
)
JOINED = re.compile(r"\s(?:y|e|und|et|en|и|i)\s([^\W\d_]+)", re.I)
# "Usar … es la regla": an infinitive that is talked about.
INFINITIVE = re.compile(r"\W*\w+(?:[aei]re?|dre|en)\b", re.I)
STATES = re.compile(
    r"\b(?:es (?:la|el|lo|un|una|muy|más|mejor|bueno|importante)|son|è|sono|é|são|est|sont|ist|"
    r"sind|conviene|ayuda|lohnt|kann|hilft)\b"
)
CHINESE = re.compile(
    r"(?:^|[。！？；：\n]\s?)[\W\d]{0,6}(?:写|编写|设计|给|证明|翻译|解释|列|描述|比较|计算|求|说明|分析|总结|推荐|建议|"
    r"帮|用|把|将|找|实现|举|介绍|创作|编|画|改|修改|制定|讨论|回答|判断|选|为|以|根据|替|教|讲|谈|续写|化简|解|想|扮演|生成|对|从|在)"
    r"|，(?:求|计算|证明|写|列出|求出|试|并(?!且)|再|给出|说明|解释|比较|分析|找出|翻译|举|推荐)"
    r"|什么|怎么|怎样|如何|多少|几[个天次种位岁]|哪|谁|是否|吗|为何|多[大长高远久]"
)
CLOSING = re.compile(
    r"(?:か|ください|下さい|なさい|せよ|求めよ|述べよ|示せ|教えて|書いて|作って|考えて|してほしい|お願いします|お願い|頼む|"
    r"하세요|하시오|십시오|주세요|해줘|써줘|줘|하라|시오|해 봐|까요|나요|"
    r"吗|呢)[。．.!！、，,\s\"'”」）)]*$"
    r"|(?:बताइए|लिखिए|लिखें|लिखो|कीजिए|करें|करो|दीजिए|दें|समझाइए|समझाएँ|बताएँ|बताओ|निकालिए|समझाओ|"
    r"सुझाइए|सुनाइए|बनाइए|बनाएँ|बनाओ|सुझाएँ|सुझाओ|निकालें|खोजिए|खोजें|चुनिए|सुनाओ|करके दिखाइए)"
    r"(?=[।,!\s\"'”]*(?:$|[,।;:]|\s(?:कि|और|जब|जिसमें|जो|ताकि|लेकिन)\s))"
)
QUESTION = re.compile(
    r"[?？؟¿]|^\W{0,6}(?:(?:in|at|to|for|by|of|from|on) (?=what|which|how|whom))?(?:what|which|who|"
    r"whose|why|when|where|how)(?:'s|'re)?(?: \w+){0,2}? (?:is|"
    r"are|was|were|"
    r"do|does|did|can|could|should|would|will|has|have|to|many|much)\b",
    re.I,
)


def asks(reading: t.Reading) -> bool:
    """Whether a text orders or asks something, in the writer's own words."""
    # What is quoted asks nobody, unless there is nothing else.
    text = reading.outside
    own = reading.prose
    text = own if len(own.split()) > 2 or t.unspaced(reading.words) else text
    if "?" in text or "？" in text or "؟" in text or IMPERATIVE.match(text):
        return True
    tongue = language.common(reading)
    said = t.sentences(text.replace("; ", ";\n"))
    # "On the same subject: name three more."
    return any(_asks(s, tongue) for s in said) or any(
        ": " in s and IMPERATIVE.match(s.rpartition(": ")[2]) for s in said
    )


def asked(sentence: str) -> bool:
    """Whether one sentence orders or asks, in a language that is not known."""
    return _asks(sentence, "")


def asks_something(sentence: str) -> bool:
    """As `asked`; a question mark alone does."""
    return sentence.rstrip("*_\"' ").endswith(("?", "？", "؟")) or asked(sentence)


def _asks(sentence: str, tongue: str) -> bool:
    if IMPERATIVE.match(sentence) or QUESTION.search(sentence) or WANTED.search(sentence):
        return True
    if YOU_NEED.search(sentence) and not ADVISES.match(sentence):
        return True
    if tongue in ("en", "") and (UNKNOWN_ORDER.match(sentence) or _set_scene(sentence)):
        return True
    if tongue == "en":
        return False
    if not sentence.isascii() and (CLOSING.search(sentence) or CHINESE.search(sentence)):
        return True
    return _orders(sentence)


@lru_cache(maxsize=20_000)
def orders(word: str) -> bool:
    """Whether a word is an imperative in a language other than English."""
    return ORDER.fullmatch(word) is not None


def ordered(sentence: str) -> int:
    """Imperatives of other languages than English, at the start of a clause."""
    first = FIRST.match(sentence)
    behind = BEHIND.findall(sentence) + JOINED.findall(sentence)
    return bool(first and orders(first[1])) + sum(map(orders, behind))


def _orders(sentence: str) -> bool:
    """An imperative at the start of a sentence, or behind the first clause of one."""
    first = FIRST.match(sentence)
    if first and orders(first[1]):
        talked_of = INFINITIVE.match(sentence) and STATES.search(sentence)
        return not talked_of
    return any(map(orders, BEHIND.findall(sentence)))


def _set_scene(sentence: str) -> bool:
    if BEHIND_SCENE.match(sentence):
        return True
    shown = SCENE.match(sentence)
    if shown is None:
        return False
    # "When you clear it out, give away …" speaks to who asked.
    return not (MILD.search(shown.group()) and " you " in shown.group().lower())
