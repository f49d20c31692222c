"""Rules on answers without content: none at all, set phrases alone, a loop, code cut off.

Each takes an `Exhibit` and gives a `Failure`, or None where it has nothing to say. What an answer
with words in it does instead of working is left to `refusing`, `reaction` and `missing`.
"""

from __future__ import annotations

import re
import unicodedata

from autoevol.roles.rules import hollow, looping, owed
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.roles.rules.reaction import TRUTH, YES_OR_NO
from autoevol.text import structure as t
from autoevol.text import tongues as g
from autoevol.text.lexicon import STOP, wordset
from autoevol.types import Failure

# Longer answers say something.
CURT = 200
# A loop takes so many signs at least.
LOOP = 120
# An announcement has so many words at most.
ANNOUNCED = 12
# What answers say before or instead of saying something.
EMPTY_WORDS = wordset(
    "sure certainly course absolutely okay ok happy glad help assist great understood got thank "
    "thanks done hello hi n a none null undefined nan tbd todo answer response output result "
    "results follows follow following here there go going hope hopefully helps enjoy luck begin "
    "start let let's need more provide yes definitely gladly please noted anything else next ready "
    "point just me us can do request task instruction welcome feel free pleasure be it will now "
    "insert your text code solution final complete completed finished lösung antwort respuesta "
    "réponse resposta risposta antwoord ответ решение"
)
EMPTY = STOP | EMPTY_WORDS
BRACKETED = re.compile(
    r"[\s*_#>\"'“]*[\[<(]\s*(?:your|insert|the|add|put|write)?\b[^\])>\n]{0,40}"
    r"\b(?:here|answer|response|solution|text|code|output|content)\s*[\])>]\W*$",
    re.I,
)
HEARD_SIGNS = re.compile(
    r"(?:(?:はい|わかりました|分かりました|承知(?:いた)?しました|了解(?:です|しました|いたしました)?|かしこまりました|もちろん(?:です)?|"
    r"喜んで|こちらです|どうぞ|以下の通りです|好的?|明白了?|收到|知道了|没问题|可以|当然(?:可以)?|马上|完成了?|已完成|如下|以下是|"
    r"完了(?:しました)?|できました|よろしくお願いします)[\s,.!。、！，।؟…:：]*)+"
)
SOON = re.compile(
    r"\W*(?:(?:sure|okay|ok|yes)\W+)?(?:i(?:'ll| will| am going to|'m going to)|let me|ich "
    r"werde|ich mache|voy a|je vais|"
    r"vou|sto per|ik ga|сейчас|я сейчас)\b[^.!?\n]{0,60}\b(?:now|soon|shortly|right away|at "
    r"once|for you|"
    r"jetzt|gleich|sofort|ahora|enseguida|maintenant|tout de suite|agora|subito|nu|сейчас)\W*",
    re.I,
)
# It hands over what is not there.
HANDED_OVER = re.compile(
    r"\W*(?:here(?:'s| is| are)|below is|voici|hier (?:ist|sind)|aquí (?:está|tienes|tiene)|ecco|"
    r"aqui está|hier is|вот)(?: \w+){1,4}[.!]\W*",
    re.I,
)
FENCE_SIGNS = re.compile(r"[`~]{3,}[\w+-]*\s*[`~]{3,}\s*")
OFFERED = re.compile(r"\b(?:or|oder|ou|или|lub|veya)\b|还是|或|または|それとも|أو|या|또는")
YES_NO = wordset(
    "yes no true false sí si oui non ja nein sim não да нет نعم لا 是 否 不 对 "
    "はい いいえ हाँ हां नहीं 네 "
    "예 아니요 tak nie evet hayır nee"
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


WORD_WANTED = re.compile(
    r"_{2,}|\(\w+(?:/\w+)+\)|\bwhat\b[^.!?\n]{0,60}\b(?:boolean|print|output|return|evaluate|"
    r"yield)s?\b|\bone-?word\b|\b(?:which|what|name|choose|pick|correct|missing|right) "
    r"(?:\w+ ){0,3}(?:word|preposition|article|pronoun|conjunction|operator|symbol|sign|"
    r"character|keyword|punctuation mark)\b(?! (?:count|limit|problem|of|game|cloud))"
    r"|\b(?:wort|präposition|artikel|zeichen|palabra|preposición|artículo|mot|préposition|"
    r"parola|preposizione|articolo|palavra|preposição|artigo|woord|voorzetsel|lidwoord|słowo|"
    r"przyimek|pronom\w*|pronombre|adverb\w*|местоимение|слово|предлог|kelime\w*)\b|哪个词|填空|一个词|助詞|単語|단어|조사|كلمة|حرف|शब्द",
    re.I,
)


# Tags and entities of markup that show nothing, and signs without width.
INVISIBLE = re.compile(
    r"</?(?:p|br|div|span|b|i|em|strong)\s?/?>|&(?:nbsp|zwnj|zwj|ensp|emsp);|"
    r"[\s\u00ad\u200b-\u200f\u2060\ufeff]",
    re.I,
)
# "None" answers these.
COUNTED = re.compile(r"\b(?:how many|which|what|who|any)\b", re.I)


def empty_response(e: Exhibit) -> Failure | None:
    """The responder ended by itself without a word."""
    text = e.answer.text
    silent = not text or (len(text) <= CURT and not INVISIBLE.sub("", text))
    silent = silent and e.response_finish == "stop"
    return found("empty_response", "the answer is blank") if silent else None


def answer_loops(e: Exhibit) -> Failure | None:
    """The answer ends in the same words again and again, whether or not it was cut there."""
    if len(e.answer.text) < LOOP:
        return None
    # Rows of data are alike; a loop that runs on does not close its block of code.
    closed = e.whole and e.answer.text.endswith("```")
    return None if closed else found("answer_loops", looping.runs_on(e.answer.words, e.new.words))


def answer_unclosed(e: Exhibit) -> Failure | None:
    """The answer ended by itself within a block of code, so it was cut all the same."""
    if not e.whole or ("```" not in e.answer.text and "~~~" not in e.answer.text):
        return None
    ajar = any(not block.closed for block in e.answer.fences)
    # The fence may close behind the last line of code.
    ajar = ajar and not (e.answer.text.endswith("```") and e.answer.text.count("```") % 2 == 0)
    return found("answer_unclosed", t.tail(e.answer.text, 100)) if ajar else None


def _wants_more(e: Exhibit) -> bool:
    text = e.after.text
    asked = "?" in text or "？" in text or "؟" in text
    return (not asked or bool(MORE.search(text))) and not YES_OR_NO.search(text)


def _prints(text: str) -> bool:
    return bool(t.INLINE_CODE.search(text) or WORD_WANTED.search(text))


def trivial(e: Exhibit) -> Failure | None:
    """Nothing but punctuation, stop words and set phrases, or nothing of the kind asked for.

    A lone letter may name a choice. What is longer is told by `owed` and `hollow`.

    WizardLM (arXiv 2304.12244), elimination 3.
    """
    text = e.answer.text
    if not text or not e.whole:
        return None
    nothing = len(text) <= CURT and _says_nothing(e, text)
    return found("trivial", text) if nothing or owed.withheld(e) or hollow.hollow(e) else None


def _says_nothing(e: Exhibit, text: str) -> bool:
    if (
        FENCE_SIGNS.fullmatch(text)
        or SOON.fullmatch(text)
        or HEARD_SIGNS.fullmatch(text)
        or HANDED_OVER.fullmatch(text)
        or BRACKETED.fullmatch(text)
    ):
        return True
    words = e.answer.vocabulary
    if words == {"none"} and COUNTED.search(e.after.text):
        return False
    # It announces something, and nothing comes.
    announced = text.rstrip(" *_").endswith((":", "：")) and "\n" not in text
    if announced and e.answer.length <= ANNOUNCED:
        return True
    if not words:
        return _only_marks(text) and not WORD_WANTED.search(e.after.text)
    # A blank to be filled, a word, a sign or what code prints may be any word.
    if len(e.answer.words) == 1 and (
        t.INLINE_CODE.search(text) or WORD_WANTED.search(e.after.text)
    ):
        return False
    if words <= YES_NO:
        return _wants_more(e) and not (words <= TRUTH and _prints(e.after.text))
    bare = text.strip("().*_`'\"“”‘’ ")
    if len(bare) == 1 and bare.isalnum():
        return False
    # What the task names in quotes may be chosen.
    if any(f"{sign}{bare}{sign}" in e.after.text for sign in "'\"`"):
        return False
    # One of two that the task offers, however common a word.
    if len(words) < 3 and words <= e.new.vocabulary and OFFERED.search(e.new.prose):
        return False
    # One of two words that the task offered is a choice.
    if (words & e.new.vocabulary) - EMPTY:
        return False
    if any(c in text for c in "`=$|#;&@^\\+<>%{}") or any(
        not g.slots(word) & g.HEARD for word in words - EMPTY
    ):
        return False
    # Signs that are no punctuation may be a formula.
    return not any(c > "\x7f" and unicodedata.category(c)[0] == "S" for c in text)


def _only_marks(text: str) -> bool:
    """Punctuation alone. Brackets, signs and lone marks in code or quotes may be an answer."""
    dense = "".join(text.split())
    if any(c in "`\"'“”「" for c in dense) and any(c not in "`\"'“”「」.…。" for c in dense):
        return False
    return all(unicodedata.category(c) in ("Po", "Pd", "Pc", "Pi", "Pf") or c == "`" for c in dense)
