"""The rule on restatements: the seed again in other words.

Decides what says the same: the same words in any order, words exchanged for others of the same root
or the same meaning, politeness and turns of phrase that ask for nothing. Numbers and signs must be
the same. Gives a `Failure`, or None where it has nothing to say. Another task in the place of the
seed's is left to `task`; whether new words make a task harder to who understands it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.roles.rules.task import FEW_ROOTS, stop_words
from autoevol.text import structure as t
from autoevol.text.lexicon import FILLERS, NUMBER_WORDS, ORDERS_ALIKE, roots, wordset
from autoevol.types import Failure

# So many words came for each that went, so large a part of the seed was exchanged, so many words
# longer.
SWAPPED, SAME, WORDIER = 2.0, 0.45, 5
# Words of one root share so many first letters, and so large a part of the longer one.
LETTERS, PART, LONG = 4, 0.6, 1000
# What Chinese and Japanese ask with, and what stands between words: it asks for nothing more.
CHINESE = re.compile(
    r"请|麻烦|你|您|不超过|不多于|至多|最多|以内|之内|不少于|至少|帮我|帮忙|给我|为我|一下|一[个首篇段种份张]|[的了地得吗呢吧啊里中内上]|能否|能不能|可以|可否|使用|利用|运用|采用|用来|用|编写|撰写|创作|"
    r"写出|写|给出|列出|列举|举出|说出|说明|解释|介绍|描述|讲讲|谈谈|计算|求出|求|算出|算|才能|才|如何|怎么样|怎么|怎样|什么样|什么|哪些|哪|是|为|以|"
    r"关于|有关|主题|方法|方式|办法|进行|做出|做|来|去|应该|应当|需要|要|该|所|其|它|各|每|都|并且"
)
JAPANESE_CONTENT = re.compile(r"[A-Za-z0-9\u30a0-\u30ff\u3400-\u9fff]")
JAPANESE_ASKING = re.compile(r"教|書|作|説明|下|方|法|願|考|述|答|求|事|為|何")
# In kana, too, more may be asked for.
KANA_DEMAND = re.compile(
    r"だけ|ずに|なしで|ないで|やすく|また|さらに|そして|より|まで|"
    r"ひらがな|かつ|たうえで|ながら|つつ"
)
KANA = re.compile("[\u3040-\u309f]")
RAISED = re.compile("[\u00b2\u00b3\u00b9\u2070-\u2079]+")
DIGITS = str.maketrans("二两三四五六七八九", "223456789")
# The verbs that order, by their roots: English ones, and those elsewhere that order alike.
ORDERS = wordset("explain show write find recommend") | ORDERS_ALIKE
ASKS_TOO = re.compile(
    r"(?:,|\b(?:and|or|und|y|et|e|en|и)) (?:what|when|why|how|where|who|which|was|wann|warum|"
    r"wie|wo|wer|"
    r"qué|cuándo|por qué|cómo|dónde|quand|pourquoi|comment|où|quando|perché|come|dove|wat|wanneer|"
    r"waarom|hoe|что|когда|почему|как|где)\b",
    re.I,
)
# "Différence" and "diffèrent" have one root.
ACCENTS = str.maketrans("éèêàâîïôûùáíóú", "eeeaaiiouuaiou")
FEW_SIGNS, KANA_MORE = 2, 10


def identity(e: Exhibit) -> Failure | None:
    """The seed again: other case, punctuation, order, or words exchanged for others one by one.

    WizardLM (arXiv 2304.12244), elimination 1, as far as it can be seen without a model.
    """
    old, new = e.old, e.new
    if not new.words or new.length - old.length > WORDIER + 3:
        return None
    if not new.text.isascii() and t.unspaced(new.words) and t.unspaced(old.words):
        return found("identity", e.after.text) if _same_signs(old.text, new.text) else None
    same = _same(e) and _counted(old) == _counted(new)
    return found("identity", e.after.text) if same else None


def _same(e: Exhibit) -> bool:
    old, new = e.old, e.new
    stop = stop_words(old)
    fresh = new.vocabulary - old.vocabulary - stop - FILLERS
    gone = old.vocabulary - new.vocabulary - stop
    if len(fresh) > len(gone) + 6:
        return False
    was, now = Counter(_said(old, stop)), Counter(_said(new, stop))
    if ("?" in old.text) != ("?" in new.text):
        # A question became an order, or the other way round: its verb asks for nothing more.
        for verb in ORDERS:
            del was[verb], now[verb]
    if was["many"] and now["number"]:
        del now["number"], was["number"]  # "count the words", "count the number of words"
    alike_asked = ("?" in old.text) == ("?" in new.text) and new.length - old.length > 2
    if alike_asked and _questions(new) > _questions(old):
        return False
    added, lost = _exchanged(now - was, was - now)
    # Words that came for words that went exchange them; words that only came ask for more.
    # In a short text each word may be the task.
    enough = was.total() >= FEW_ROOTS + 2
    swapped = enough and added <= SWAPPED * lost and added <= min(lost + 2, SAME * was.total())
    longer = new.length - old.length
    again = frozenset(now) <= frozenset(was) and longer <= WORDIER - 2
    # A text that is no longer than its seed and exchanges words at all asks for no more.
    kept = was.total() - lost >= 0.5 * was.total() and new.length > 0.7 * old.length
    level = (
        enough and lost and kept and added <= lost + (3 if longer < 3 else 1) and longer <= WORDIER
    )
    shorter = (
        longer <= 0
        and added <= (lost + 2 if enough else not lost)
        and new.length > 0.7 * old.length
    )
    return bool(
        (not added and longer <= WORDIER + 3)
        or again
        or shorter
        or (swapped and -0.5 * old.length < longer <= WORDIER)
        or level
    )


def _questions(reading: t.Reading) -> int:
    """How many question words stand behind a comma or an "and", where one more asks for more."""
    return len(ASKS_TOO.findall(reading.text))


def _exchanged(came: Counter[str], went: Counter[str]) -> tuple[int, int]:
    """How many words came and went, less those of one root that came for each other."""
    left = list(went.elements())
    added = 0
    for word in came.elements():
        twin = (
            next((other for other in left if alike(word, other)), None) if len(left) < 20 else None
        )
        if twin is None:
            added += 1
        else:
            left.remove(twin)
    return added, len(left)


def alike(one: str, other: str) -> bool:
    """Whether two words have one root, as far as their letters tell."""
    one, other = one.translate(ACCENTS), other.translate(ACCENTS)
    shared = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), LONG)
    shared = min(shared, len(one), len(other))
    if shared >= LETTERS and shared >= PART * max(len(one), len(other)):
        return True
    # German participles.
    if one[:2] == "ge" and one[2:] and other.startswith(one[2:5]):
        return True
    # Russian puts aspects in front of a verb.
    if "\u0400" <= one[0] <= "\u04ff" and min(len(one), len(other)) > LETTERS:
        return one[-LETTERS:] in other or other[:LETTERS] in one or one[:LETTERS] in other
    return False


def _same_signs(old: str, new: str) -> bool:
    """Chinese and Japanese, by the signs that carry meaning."""
    if t.quantities(new.translate(DIGITS)) - t.quantities(old.translate(DIGITS)):
        return False
    if KANA.search(old):
        if KANA_DEMAND.search(new) and not KANA_DEMAND.search(old):
            return False
        more = len(KANA.findall(new)) - len(KANA.findall(old))
        was = Counter(JAPANESE_CONTENT.findall(JAPANESE_ASKING.sub("", old)))
        now = Counter(JAPANESE_CONTENT.findall(JAPANESE_ASKING.sub("", new)))
        return more <= KANA_MORE and not now - was and (was - now).total() <= 0.3 * was.total()
    was = Counter(t.words(CHINESE.sub("", old).translate(DIGITS)))
    now = Counter(t.words(CHINESE.sub("", new).translate(DIGITS)))
    added, lost = (now - was).total(), (was - now).total()
    if was.total() < FEW_ROOTS - 2:
        return not added and not lost
    return added <= (FEW_SIGNS if lost >= added else 0) and lost <= 0.3 * was.total() + 1


def _said(reading: t.Reading, stop: frozenset[str]) -> Iterator[str]:
    """The roots of its words; a sentence that comes again says nothing."""
    once = dict.fromkeys(reading.sentences)
    if len(once) == len(reading.sentences):
        return roots(reading.words, stop)
    return roots(t.words("\n".join(once)), stop)


def _counted(reading: t.Reading) -> Counter[str]:
    """Numbers, in digits or words, and mathematical signs."""
    spelled = Counter(NUMBER_WORDS[w] for w in reading.words if w in NUMBER_WORDS)
    if reading.text.isascii() or not RAISED.search(reading.text):
        found = reading.quantities + spelled
        del found["1"]  # "one" is an article, too
        return found
    plain = RAISED.sub(lambda m: "^" + unicodedata.normalize("NFKC", m[0]), reading.text)
    return t.quantities(plain) + spelled
