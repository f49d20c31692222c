"""Rules on the task: does the rewrite still ask for something, and for more.

Decides what is a demand, another task, the same again. Each rule takes an `Exhibit` and gives a
`Failure`, or None where it has nothing to say. Whether the rewrite is whole is left to `rewrite`,
what became of the material to `material`, an answer given away to `leak`, what its answer tells to
`answer` and `refusing`, the order of the rules to `eliminator`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from autoevol.roles import language
from autoevol.roles import text as t
from autoevol.roles.lexicon import ENGLISH, FILLERS, LANGUAGES, NUMBER_WORDS, STOP, VERBS, roots
from autoevol.roles.phrases import Phrases
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.types import Failure

# So many roots a seed must have, and more than so many of them must be gone, for another task.
FEW_ROOTS, STRAYED = 4, 0.66
# A restatement: so many words came for each that went, so large a part of the seed was
# exchanged, so many words longer.
SWAPPED, SAME, WORDIER = 2.0, 0.45, 5
# How a model opens when it comments on the rewrite instead of giving it.
PREFACE = re.compile(
    r"(sure|certainly|of course|absolutely|okay|ok|great|understood|no problem|claro|por supuesto|"
    r"natürlich|gerne|klar|bien sûr|好的|当然|もちろん|承知)\s*[,!.:，！。、：]"
    r"|here(?:'s| is) (?:the|a|an|my|your|one)\b.{0,40}\b(?:version|rewrite|instruction|prompt)"
    r"|i(?:'ve| have) (?:rewritten|revised|updated|modified|made)\b",
    re.I,
)
# A sentence that orders: an imperative at its start, behind a word that leads on, or behind the
# clause that sets the scene. "To sort it, call sorted" is advice, so that clause needs an order
# that no advice would give.
IMPERATIVE = re.compile(
    r"[\s*_#>(\"'“‘\d.)•-]{0,12}(?:\w+: )?(?:(?:please|then|also|next|now|first|finally|second|"
    r"secondly|third|"
    r"additionally|lastly|in addition|furthermore|moreover|afterwards|kindly|carefully|briefly|"
    r"instead|otherwise|and|but|or|again|for each \w+|for this|for that),? ){0,2}"
    rf"(?:{VERBS})\b(?!['’])",
    re.I,
)
SCENE = re.compile(
    r"\W{0,6}(?:given|if|suppose|assuming|assume|for|in|using|with|without|from|after|before|when|"
    r"once|"
    r"as|based on|considering|starting|let|while|at|on|by|during|under|imagine|you|i|we|there|"
    r"here)\b[^\n]{0,400}[,:;–—-] ?(?:and |then |please )?"
    r"(?:find|calculate|compute|determine|write|explain|describe|create|list|show|prove|design|"
    r"implement|solve|how|what|which|who|where|why|derive|estimate|compare|summari[sz]e|"
    r"translate|analy[sz]e|outline|draft|compose|suggest|recommend|evaluate|state|name|tell|is|are|"
    r"does|do|can|count|sort|give)\b",
    re.I,
)
# A first word with an object behind it orders, whatever it means: "Boil this down".
UNKNOWN_ORDER = re.compile(
    r"\W{0,6}(?!(?:"
    + "|".join(sorted(ENGLISH | {"not", "no", "all", "only", "even", "just", "here", "there"}))
    + r")\b)[a-z]+(?<!ing)(?<!ly)(?<!s) (?:up |down |out |off )?"
    r"(?:this|these|those|the|an?|my|me|it|them|each|every|our|your|us|its|his|her|their)\b",
    re.I,
)
# Scripts whose ways of asking are in WANTED: Chinese, Japanese, Korean, Russian, Arabic, Hindi.
ENDING_SCRIPT = re.compile(
    "[\u0400-\u04ff\u0600-\u06ff\u0900-\u097f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
MILD = re.compile(r"\b(?:give|show|list|sort|count|name|state|tell|do|is|are|can)$", re.I)
WANTED = Phrases(
    r"\b(?:please|your (?:task|goal|job) (?:is|:)|you (?:need|are (?:asked|required|given|to)|"
    r"have been asked) ?(?:to)?|i(?:'d| would)? (?:need|want|like)|i'm looking for|"
    r"we (?:need|want)|help me|can you|could you|will you|would you|por favor|bitte|s'il (?:vous|"
    r"te) plaît|"
    r"per favore|alsjeblieft|necesito|quiero|ich (?:brauche|möchte|suche)|je (?:veux|voudrais|"
    r"cherche)|"
    r"j'ai besoin|preciso|quero|vorrei|ho bisogno|ik (?:wil|zoek)|мне нужн\w*|пожалуйста)\b|_{2,}"
    r"|请|帮我|أريد|أحتاج|من فضلك|मुझे.{0,40}चाहिए|ほしい|欲しい|たいです",
    re.I,
)
# Imperatives elsewhere: at the start of a clause, or where the language puts them, at its end.
ELSEWHERE = re.compile(
    r"(?:^|[.!?:;,،。—–(\n]\s{0,3}|\b(?:y|e|und|et|en|и|o|ou|oder|dann|luego|puis|poi|затем|also)\s)"
    r"[\W\d]{0,6}(?:us[aeo]\w*|evit\w+|termin\w+|inclu\w+|limit\w+|mant\w+|señal\w+|ilustr\w+|"
    r"verwend\w+|vermeid\w+|ende\w*|nutz\w+|acht\w*|beacht\w+|ergänz\w*|utilis\w+|évit\w+|"
    r"mention\w+|gard\w+|calcul\w+|halla|determin\w+|escrib\w+|expli\w+|encuentr\w+|describ\w+|"
    r"crea|"
    r"cree|"
    r"indica|indique|diseñ\w+|haz|dame|dime|da|di|resuelv\w+|traduc\w+|ordena|compar\w+|muestr\w+|"
    r"demuestr\w+|resum\w+|justific\w+|propón|sugier\w+|recomiend\w+|redact\w+|corrig\w+|añad\w+|"
    r"agreg\w+|implement\w+|comprueb\w+|planific\w+|prepar\w+|men?cion\w+|enumera|simplific\w+|"
    r"berechn\w+|bestimm\w+|schreib\w*|erklär\w*|find\w*|gib|nenn\w*|erstell\w*|beschreib\w*|"
    r"zeig\w*|"
    r"vergleich\w*|ermittl\w*|lös\w*|übersetz\w*|fass\w*|sortier\w*|formulier\w*|begründ\w*|"
    r"beweis\w*|"
    r"entwirf|verfass\w*|plan\w*|schlag\w*|mach\w*|stell\w*|prüf\w*|erläuter\w*|füg\w*|überleg\w*|"
    r"trouv\w+|donn\w+|montr\w+|rédig\w+|écri\w+|décri\w+|tradui\w+|résou\w+|trie[rz]?|propos\w+|"
    r"justifi\w+|démontr\w+|ajout\w+|corrig\w+|cré\w+|fai(?:s|tes)|précis\w+|conseill\w+|prouv\w+|"
    r"scriv\w+|trov\w+|spieg\w+|descriv\w+|elenc\w+|dimostr\w+|dammi|aiuta\w+|propon\w+|riassum\w+|"
    r"escrev\w+|encontr\w+|descrev\w+|list\w+|mostr\w+|prove|faça|dê|diga|sugir\w+|resolv\w+|"
    r"cri[ea]|"
    r"schrijf|bereken|leg|geef|vind|maak|beschrijf|vergelijk|noem|bewijs|los|vertaal|bedenk|help|"
    r"stel|"
    r"напиши\w*|найди\w*|объясни\w*|вычисли\w*|опиши\w*|докажи\w*|состав\w*|приведи\w*|сравни\w*|"
    r"реши\w*|покажи\w*|предложи\w*|переведи\w*|придумай\w*|укажи\w*|посоветуй\w*|помоги\w*|"
    r"сделай\w*|"
    r"расскажи\w*|назови\w*|определи\w*|و?(?:اكتب|احسب|اشرح|أوجد|صف|قارن|اقترح|بيّن|وضح|صمم|لخص|"
    r"ترجم|"
    r"أعط|اذكر|حل|أثبت|ارسم|ألّف|ناقش|استخرج|رتب|حدد|صغ)\w*|写|编写|设计|给出|证明|翻译|解释|列出|描述|"
    r"比较|计算|求|说明|分析|总结|推荐|建议|帮|用|把|将|找出|实现|举)",
    re.I,
)
CLOSING = Phrases(
    r"(?:か|ください|下さい|なさい|せよ|求めよ|述べよ|示せ|教えて|書いて|作って|考えて|してほしい|하세요|하시오|십시오|주세요|해줘|써줘|"
    r"बताइए|लिखिए|लिखें|लिखो|कीजिए|करें|करो|दीजिए|दें|समझाइए|समझाएँ|बताएँ|बताओ|ज्ञात करें|निकालिए|"
    r"सुझाइए|吗|呢)"
    r"[。．.!！।、，,\s\"'”」）)]*$"
)
QUESTION = re.compile(
    r"[?？؟¿]|^\W{0,6}(?:what|which|who|whose|why|when|where|how)(?:'s|'re)?(?: \w+){0,2}? (?:is|"
    r"are|was|were|"
    r"do|does|did|can|could|should|would|will|has|have|to|many|much)\b",
    re.I,
)
TRANSLATION = Phrases(
    r"translat|tradu[cz]|traduire|übersetz|翻译|翻譯|翻訳|通訳|訳し|перев[оеё]д|ترجم|अनुवाद|번역|"
    r"\b(?:english|spanish|german|french|chinese|mandarin|japanese|korean|arabic|hindi|russian|"
    r"italian|portuguese|latin|greek|hebrew|thai|inglés|español|alemán|francés|deutsch|englisch|"
    r"spanisch|französisch)\b|英语|英文|中文|日语|英語|日本語|中国語",
    re.I,
)


def language_change(e: Exhibit) -> Failure | None:
    """The rewrite is in another language or script; a task about languages may be."""
    shown = language.change(e.old, e.new)
    return found("language_change", shown) if shown and not translates(e.before.text) else None


def translates(text: str) -> bool:
    """Whether a text asks for a translation or speaks of languages."""
    return bool(TRANSLATION.search(text))


def question_lost(e: Exhibit) -> Failure | None:
    """The seed asks for something; the rewrite is a comment on it, or only states things.

    Auto Evol-Instruct (arXiv 2406.00770), Tables 6 and 7, incorrect evolution.
    """
    start = e.after.text.lstrip()[:200].lstrip("*_#> \"'")
    shown = PREFACE.match(start)
    if shown and not PREFACE.match(e.before.text.lstrip()):
        return found("question_lost", start)
    if not e.new.words:
        return None
    if e.new.fences and not e.new.outside.strip() and e.old.outside.strip():
        return found("question_lost", e.after.text)
    if _opens_alike(e) or asks(e.new) or not asks(e.old):
        return None
    # Where the text is in a language the lists do not know, silence proves nothing.
    known = {language.common(e.new), language.common(e.old)} & LANGUAGES.keys()
    if not known and not ENDING_SCRIPT.search(e.after.text):
        return None
    return found("question_lost", e.after.text)


def _opens_alike(e: Exhibit) -> bool:
    return e.old.words[:3] == e.new.words[:3] and not t.unspaced(e.new.words)


def asks(reading: t.Reading) -> bool:
    """Whether a text orders or asks something, in the writer's own words."""
    text = reading.outside
    if "?" in text or "？" in text or "؟" in text or IMPERATIVE.match(text):
        return True
    return any(
        IMPERATIVE.match(s)
        or UNKNOWN_ORDER.match(s)
        or QUESTION.search(s)
        or WANTED.search(s)
        or ELSEWHERE.search(s)
        or CLOSING.search(s)
        or _set_scene(s)
        for s in t.sentences(text.replace("; ", ";\n"))
    )


def _set_scene(sentence: str) -> bool:
    shown = SCENE.match(sentence)
    if shown is None:
        return False
    # "When you clear it out, give away …" speaks to who asked.
    return not (MILD.search(shown.group()) and " you " in shown.group().lower())


def task_changed(e: Exhibit) -> Failure | None:
    """Hardly a word of the seed is left: whatever this is, it is another task.

    Auto Evol-Instruct (arXiv 2406.00770), Tables 6 and 7, original instruction changed.
    """
    if not e.new.words or 2 * len(e.old.vocabulary & e.new.vocabulary) > len(e.old.vocabulary):
        return None
    stop = _stop_words(e.old)
    was = frozenset(roots(e.old.words, stop))
    lost = was - frozenset(roots(e.new.words, stop))
    if len(was) < FEW_ROOTS or len(lost) <= STRAYED * len(was) or e.before.text in e.after.text:
        return None
    return found("task_changed", f"{len(lost)} of {len(was)} words gone: {', '.join(sorted(lost))}")


def identity(e: Exhibit) -> Failure | None:
    """The seed again: other case, punctuation, order, or words exchanged for others one by one.

    WizardLM (arXiv 2304.12244), elimination 1, as far as it can be seen without a model.
    """
    old, new = e.old, e.new
    if not new.words:
        return None
    stop = _stop_words(old)
    fresh = new.vocabulary - old.vocabulary - stop - FILLERS
    gone = old.vocabulary - new.vocabulary - stop
    if len(fresh) > len(gone) + 3:
        return None
    was, now = Counter(_said(old, stop)), Counter(_said(new, stop))
    added, lost = (now - was).total(), (was - now).total()
    # Words that came for words that went exchange them; words that only came ask for more.
    # In a short text each word may be the task.
    enough = was.total() >= FEW_ROOTS + 2
    swapped = enough and added <= SWAPPED * lost and added <= min(lost + 2, SAME * was.total())
    longer = new.length - old.length
    again = frozenset(now) <= frozenset(was) and longer <= WORDIER - 2
    # A text that is no longer than its seed and exchanges words at all asks for no more.
    kept = was.total() - lost >= 0.5 * was.total() and new.length > 0.7 * old.length
    level = enough and lost and kept and added <= lost + 3 and longer <= WORDIER
    shorter = longer <= 0 and added <= (lost + 2 if enough else 1) and new.length > 0.7 * old.length
    same = (
        (not added and longer <= WORDIER + 3)
        or again
        or shorter
        or (swapped and longer <= WORDIER)
        or level
    )
    return found("identity", e.after.text) if same and _counted(old) == _counted(new) else None


def _said(reading: t.Reading, stop: frozenset[str]) -> Iterator[str]:
    """The roots of its words; a sentence that comes again says nothing."""
    once = dict.fromkeys(reading.sentences)
    if len(once) == len(reading.sentences):
        return roots(reading.words, stop)
    return roots(t.words("\n".join(once)), stop)


def _stop_words(reading: t.Reading) -> frozenset[str]:
    # Those of every language only where the text is not English, where "plus" is no such word.
    return ENGLISH if len(reading.vocabulary & ENGLISH) >= 2 else STOP


def _counted(reading: t.Reading) -> Counter[str]:
    """Numbers, in digits or words, and mathematical signs."""
    spelled = Counter(NUMBER_WORDS[w] for w in reading.words if w in NUMBER_WORDS)
    return reading.quantities + spelled
