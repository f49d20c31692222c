"""Did a text change its language?

Decides by script first, then by common words, and asks py3langid (a naive Bayes model of 97
languages in 5 MB) only where these leave a doubt: loading it takes about a second and a question 60
microseconds. What a change means is left to the rules. Only this file imports py3langid.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from autoevol.text.lexicon import ENGLISH, FOREIGN, LANGUAGES
from autoevol.text.structure import Reading, clip, length, sentences, words

SCRIPTS = {
    "latin": re.compile("[A-Za-z\u00c0-\u024f]+"),
    "greek": re.compile("[\u0370-\u03ff]+"),
    "cyrillic": re.compile("[\u0400-\u052f]+"),
    "hebrew": re.compile("[\u0590-\u05ff]+"),
    "arabic": re.compile("[\u0600-\u06ff\u0750-\u077f]+"),
    "devanagari": re.compile("[\u0900-\u097f]+"),
    "bengali": re.compile("[\u0980-\u09ff]+"),
    "thai": re.compile("[\u0e00-\u0e7f]+"),
    "kana": re.compile("[\u3040-\u30ff]+"),
    "han": re.compile("[\u3400-\u9fff\uf900-\ufaff]+"),
    "hangul": re.compile("[\uac00-\ud7af]+"),
}
BEYOND = re.compile("[\u0370-\uffff]+")
# Letters of these scripts; punctuation, arrows and mathematical signs are none.
BEYOND_LATIN = re.compile("[\u0370-\u03ff\u0400-\u1fff\u3040-\ud7af\uf900-\ufaff]")
# Letters that tell languages of one script apart: Russian and Ukrainian, Arabic and Persian.
CODE_LINE = re.compile(r"\w\(|[=;{}]")
SIBLINGS = (
    (re.compile("[ыэъё]", re.I), re.compile("[іїєґ]", re.I)),
    (re.compile("[іїєґ]", re.I), re.compile("[ыэъё]", re.I)),
    (re.compile("[ةىإأ]"), re.compile("[پچژگ]")),
    (re.compile("[پچژگ]"), re.compile("[ةىإأ]")),
)
# One sign of these says as much as three letters.
DENSE = ("kana", "han", "hangul")
# The common words that each language does not share with another one.
ELSEWHERE = {
    mine: tuple(stop - LANGUAGES[mine] for stop in LANGUAGES.values()) for mine in LANGUAGES
}
FEW_LETTERS, FEW_WORDS, HARDLY_ANY, STRANGE = 12, 6, 3, 8
SAMPLE, BLOCKS = 1500, 20
COMMON = frozenset(
    [
        "en",
        "es",
        "de",
        "fr",
        "it",
        "pt",
        "nl",
        "ca",
        "sv",
        "da",
        "no",
        "fi",
        "pl",
        "cs",
        "sk",
        "hu",
        "ro",
        "bg",
        "ru",
        "uk",
        "el",
        "tr",
        "ar",
        "he",
        "fa",
        "ur",
        "hi",
        "bn",
        "ta",
        "th",
        "vi",
        "id",
        "ms",
        "zh",
        "ja",
        "ko",
        "sl",
        "hr",
        "sr",
        "lt",
        "lv",
        "et",
        "sw",
    ]
)
# Four words of Latin letters in a row say something; where the seed's script holds so much of the
# letters, fewer are names and terms.
SAYING = re.compile(r"(?:\b[A-Za-z\u00c0-\u024f']+\b[ ,]*){4}")
TERMS = 0.3
SURE, UNSURE, GUESS, HARDLY = 0.8, 0.6, 0.4, 0.05
TOLD = 0.9


def scripts(text: str) -> dict[str, float]:
    """Each script's share of the letters, {} for too few to tell."""
    # Whatever is not in Latin letters is looked at on its own: often that is one dash.
    beyond = "" if text.isascii() else "".join(BEYOND.findall(text))
    signs = "".join(set(beyond))
    counts = dict.fromkeys(SCRIPTS, 0)
    for name, letters in SCRIPTS.items():
        if name == "latin":
            counts[name] = sum(map(len, letters.findall(text)))
        elif letters.search(signs):
            counts[name] = sum(map(len, letters.findall(beyond)))
    for name in DENSE:
        counts[name] *= 3
    total = sum(counts.values())
    return {name: n / total for name, n in counts.items() if n} if total >= FEW_LETTERS else {}


def main_script(text: str) -> str:
    """The script that most of a text is in; a little kana makes it Japanese. '' if too short."""
    return _main(scripts(text))


def _main(shares: dict[str, float]) -> str:
    if not shares:
        return ""
    return "kana" if shares.get("kana", 0) > 0.08 else max(shares, key=lambda name: shares[name])


def common(reading: Reading) -> str:
    """en, es, de, fr, it, pt or nl by common words, '' where they do not tell."""
    found = reading.vocabulary
    most, second, name = 0, 0, ""
    for language, stop in LANGUAGES.items():
        hits = len(found & stop)
        if hits > most:
            most, second, name = hits, most, language
        elif hits > second:
            second = hits
    return name if most >= 2 and most > second else ""


def english(reading: Reading) -> bool:
    """Whether a text holds common English words enough."""
    return len(reading.vocabulary & ENGLISH) >= 3


@lru_cache(maxsize=4096)
def told(text: str) -> str:
    """The code of the language that a text is surely in; '' for few words, or where in doubt.

    Of the 1,189 shipped seeds, in seven languages, it tells 1,145, all of them rightly.
    """
    prose = Reading(text).prose
    found = identify(prose) if length(prose) >= FEW_WORDS else {}
    name = _first(found) if found else ""
    return name if name and found[name] >= TOLD else ""


def change(old: Reading, new: Reading) -> str:
    """What shows that `new` is in another language than `old`, '' if nothing does."""
    if not (old.text.isascii() and new.text.isascii()) and (
        BEYOND_LATIN.search(old.text) or BEYOND_LATIN.search(new.text)
    ):
        return _other_script(old.prose, new.prose)
    strange = new.vocabulary - old.vocabulary
    foreign = len(strange & FOREIGN)
    # "in" and "so" are German words too: a seed with more words of elsewhere is not English.
    abroad = len(old.vocabulary & FOREIGN)
    seen = len(old.vocabulary & ENGLISH)
    if seen >= 2 and seen >= abroad and len(new.vocabulary & ENGLISH) >= 3:
        return _other_words(_spoken(old), _spoken(new), foreign) if foreign >= 3 else ""
    mine = common(old)
    # Eight words without one that English stands on are hardly English.
    plain = old.text.isascii() and (seen or len(old.words) < STRANGE)
    if plain and english(new) and not (foreign or abroad) and mine in ("", "en"):
        return ""
    # Where the seed is still there, or the same common words are, only what came in can be foreign.
    kept = 3 * len(strange) <= 2 * len(new.vocabulary) or mine == common(new)
    if mine and kept and all(len(strange & stop) < 3 for stop in ELSEWHERE[mine]):
        return ""
    return _other_words(_spoken(old), _spoken(new), foreign) if len(strange) >= 4 else ""


def _other_script(old: str, new: str) -> str:
    had, has = scripts(old), scripts(new)
    was, now = _main(had), _main(has)
    if was == now:
        for mine, theirs in SIBLINGS:
            # One such letter may be a name; a sentence has many.
            gone = mine.search(old) and not mine.search(new)
            if gone and len(theirs.findall(new)) > 2 and not theirs.search(old):
                return f"{was} of another language: {clip(new, 60)}"
    # A few words in Chinese characters alone may be Japanese.
    unsure = {was, now} == {"han", "kana"} and length(new) <= 5
    # Terms of another language stand in a sentence of this one.
    terms = has.get(was, 0) >= TERMS and not SAYING.search(new)
    # So they did in the seed, where no sentence of theirs stands.
    if was == "latin" and now != was and now in had and not SAYING.search(old):
        return ""
    if was and now and was != now and not unsure and not (terms and now == "latin"):
        return f"{was} became {now}: {clip(new, 80)}"
    for name, share in has.items():
        # Formulas bring Greek letters, so only a share that carries sentences counts.
        if name == "latin" and terms:
            continue
        if had and name not in had and share >= 0.3 and {name, was} != {"kana", "han"}:
            return f"{share:.0%} of the letters are {name}: {clip(new, 60)}"
    return ""


def _spoken(reading: Reading) -> str:
    """The prose of a text without code, tables and data that stand in it bare."""
    own = reading.prose
    for block in reading.blocks[:BLOCKS]:
        if block.kind in ("code", "table", "data"):
            own = own.replace(block.text, " ")
    if "\n" in own.strip():
        own = "\n".join(line for line in own.split("\n") if not CODE_LINE.search(line)) or own
    return own


def _other_words(old: str, new: str, foreign: int) -> str:
    """Texts in Latin letters, as a whole and, where common words of elsewhere came in, by parts."""
    told = frozenset(words(old))
    spelled = sum(word.isalpha() and len(word) > 1 for word in told)
    unsure = foreign < 3 or told.isdisjoint(ENGLISH)
    short = spelled < HARDLY_ANY or (unsure and length(old) < FEW_WORDS)
    if short and told <= frozenset(words(new)):
        return ""  # the seed is still there, and too short to say what language it is
    texts = [new]
    if foreign >= 3:
        found = [s for s in sentences(new) if len(FOREIGN & frozenset(words(s))) >= 2]
        texts.append(" ".join(found) or new)
    # To identify a language is dear: no text is identified twice, nor where it cannot matter.
    was: dict[str, float] = {}
    for text in dict.fromkeys(texts):
        now = identify(text) if length(text) >= FEW_WORDS else {}
        theirs = _first(now) if now else ""
        if not now or now[theirs] < SURE:
            continue
        was = was or identify(old)
        if not was:
            return ""
        mine = _first(was)
        if length(old) < FEW_WORDS or was[mine] < UNSURE:
            # Too little to go by: then the seed counts as English, if its common words do not
            # say otherwise, and only what is surely no English is a change.
            mine = common(Reading(old)) or (mine if was[mine] >= GUESS else "en")
        sure = now.get(mine, 0.0) <= HARDLY and was.get(theirs, 0.0) <= 0.3
        if mine != theirs and sure:
            return f"{mine} became {theirs}: {clip(text, 80)}"
    return ""


def _first(found: dict[str, float]) -> str:
    return max(found, key=lambda name: found[name])


def identify(text: str) -> dict[str, float]:
    """The probability of each language that is not out of the question; {} for no letters."""
    sample = text[:SAMPLE]
    if not any(c.isalpha() for c in sample):
        return {}
    ranked = _identifier().rank(sample.encode("utf-8", "replace").decode("utf-8"))
    return {name: float(p) for name, p in ranked[:8]}


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # Few words look like some rare language too easily.
    identifier.set_languages(frozenset(identifier.labels) & COMMON)
    return identifier
