"""Figures in another dress: in words, in the digits of other scripts, in minutes for hours.

Decides what may stand for a figure that a text does not hold as it was. How a number is spelled is
left to unicode-rbnf (the rules of CLDR for ninety languages, cases and genders with them), which
only this file imports; whether a figure that is nowhere is a loss, to the rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from autoevol.roles.language import identify
from autoevol.roles.text import NUMBER, unspaced, words

if TYPE_CHECKING:
    from unicode_rbnf import RbnfEngine

# A share of something, in place of 25 % or of 1.5.
PART = re.compile(
    r"\b(?:hal(?:f|ves)|quarters?|thirds?|fifths?|tenths?|dozens?|double|twice|halb\w*|"
    r"anderthalb\w*|viertel\w*|drittel\w*|hälfte|dutzend|doppelt\w*|medi[oa]s?|mitad|cuart[oa]s?|"
    r"tercios?|docenas?|demie?s?|moitié|quarts?|tiers|douzaines?|mei[oa]s?|metade|quartos?|terços?|"
    r"mezz[oa]|metà|quarti?|helft|halve|kwart\w*|dozijn|pół|połow\w*|ćwierć|setengah|seperempat|"
    r"yarım|yarı\w*|çeyrek|nửa|halv\w*|fjärdedel\w*|пол\w*|половин\w*|четверт\w*|треть\w*)\b"
    r"|半|四分之|三分之|二分之|分の|반|절반|نصف|ربع|ثلث|आधा|आधे|चौथाई|डेढ़|ढाई",
    re.I,
)
DOZEN, TWELVE = (
    12,
    re.compile(r"\b(?:dozen|dutzend|docena|douzaine|dúzia|dozzina|dozijn|tuzin)", re.I),
)
POWER = re.compile(r"\b(\d{1,2})\^(\d{1,2})\b")
CLOCK = re.compile(r"(\d+) ?(?:h|hours?|std\.?|hrs?) ?(?:and )?(\d{1,2})\b", re.I)
NOON = 12
IN_AN_HOUR = (60, 3600)
ROUND = frozenset(
    ("15", "30", "45", "90", "25", "50", "75", "20", "10", "0.5", "0.25", "0.75", "1.5")
)
# Nobody spells longer ones; one is an article in too many languages.
LEAST, MOST = 2, 10**9
# Two ways to read a Chinese or Japanese text; two is told in two ways.
DENSE, TWO = ("zh", "ja", "ko"), str.maketrans("两兩〇", "二二零")


def elsewhere(number: str, seed: str, text: str) -> bool:
    """Whether a figure of `seed` stands in `text` in another dress: spelled out, in other digits,
    in another unit of time, or as the start of a repeating decimal."""
    if "." in number and f"{number}..." in seed and number in text:
        return True
    value = _value(number)
    if value is None:
        return False
    here = set(_figures(text))
    came = here.difference(_figures(seed))
    if value in here or any(value * n in came or value / n in came for n in IN_AN_HOUR):
        return True
    if any(int(h) * 60 + int(m) in came and number in (h, m) for h, m in CLOCK.findall(seed)):
        return True
    if value <= NOON and f"{value + NOON:.0f}:" in text:
        return True
    return _spelled(value, text) or (value % 1 > 0 and _spelled(60 * value, text))


def shares(seed: str, text: str) -> int:
    """How many shares ("a quarter", "and a half") came in. Each may stand for a figure, where no
    other figure came or where such a one was there before: 25 %, 45 minutes."""
    had = set(NUMBER.findall(seed))
    if had.isdisjoint(ROUND) and set(NUMBER.findall(text)) - had:
        return 0
    return max(0, len(PART.findall(text)) - len(PART.findall(seed)))


def _figures(text: str) -> Iterator[float]:
    for number in NUMBER.findall(text):
        if (value := _value(number)) is not None:
            yield value
    yield from (float(int(a) ** int(n)) for a, n in POWER.findall(text))
    if not text.isascii():
        signs = (c for c in set(text) if c > "\x7f" and unicodedata.decimal(c, None) is None)
        yield from (unicodedata.numeric(c, -1.0) for c in signs)


def _value(number: str) -> float | None:
    """Of digits of any script; 1,000 is a thousand, and so is 1.000.000 a million."""
    plain = "".join(str(unicodedata.decimal(c, c)) for c in number).strip("-")
    if plain.count(".") > 1 or re.fullmatch(r"\d{1,3}\.000", plain):
        plain = plain.replace(".", "")
    try:
        return float(plain.replace(",", ""))
    except ValueError:
        return None


def _spelled(value: float, text: str) -> bool:
    if value % 1 or not LEAST <= value < MOST:
        return False
    number, found = int(value), words(text.replace("İ", "i"))
    if number == DOZEN and TWELVE.search(text):
        return True
    if unspaced(found):
        dense = text.translate(TWO)
        return any(form in dense for tongue in DENSE for form in _forms(number, tongue))
    said = f" {' '.join(found)} "
    ranked = identify(text)
    likely = max(ranked, key=lambda name: ranked[name]) if ranked else ""
    return any(f" {form} " in said for form in _forms(number, "en") | _forms(number, likely))


@lru_cache(maxsize=4096)
def _forms(number: int, tongue: str) -> frozenset[str]:
    """How a number is spelled in a language, word by word as `words` takes texts apart."""
    engine = _engine(tongue)
    if engine is None:
        return frozenset()
    spelled = engine.format_number(number).text_by_ruleset.values()
    if tongue in DENSE:
        return frozenset(spelled)
    found = {" ".join(words(form)) for form in spelled}
    # "Four hundred and eighty" has an "and" that the rules leave out.
    return frozenset(found | {form.replace(" hundred ", " hundred and ") for form in found})


@lru_cache(maxsize=64)
def _engine(tongue: str) -> RbnfEngine | None:
    from unicode_rbnf import RbnfEngine

    try:
        return RbnfEngine.for_language(tongue) if tongue else None
    except ValueError:
        return None  # a language whose numbers it does not know
