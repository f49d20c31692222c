"""Figures in another dress: in words, in the digits of other scripts, in minutes for hours.

Decides what may stand for a figure that a text does not hold as it was. How a number is spelled is
left to unicode-rbnf (CLDR's rules, with cases and genders), which only this file imports, and is
looked up in English and in the language that the text is in, of some forty; whether a figure that
is nowhere is a loss, to the rules.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from autoevol.text.language import identify
from autoevol.text.structure import NUMBER, unspaced, view, words

if TYPE_CHECKING:
    from unicode_rbnf import RbnfEngine

# A share of something, in place of 25 % or of 1.5.
PART = re.compile(
    r"\b(?:hal(?:f|ves)|quarters?|thirds?|fifths?|tenths?|dozens?|halb\w*|anderthalb\w*|(?:drei)?viertel\w*|"
    r"drittel\w*|hälfte|dutzend|medio|y media|media hora|mitad|cuart[oa]s?|tercios?|docenas?|"
    r"demie?s?|moitié|douzaines?|mei[oa]s?|metade|quartos?|terços?|mezz[oa]|metà|quarti|helft|"
    r"halve|kwart\w*|dozijn|pół|połow\w*|ćwierć|setengah|seperempat|yarım|yarı\w*|çeyrek|nửa|"
    r"halv\w*|fjärdedel\w*|половин\w*|полтор\w*|четверт\w*|треть\w*)\b"
    r"|半|四分之|三分之|二分之|分の|반|절반|نصف|ربع|ثلث|आधा|आधे|चौथाई|डेढ़|ढाई",
    re.I,
)
TWELVE = re.compile(
    r"\b(?:dozens?|dutzend\w*|docenas?|douzaines?|dúzias?|dozzine?|dozijn|tuziny?)\b", re.I
)
# A pair, half a dozen: two, and six.
PAIR = re.compile(r"\b(?:pairs?|couple|paar|pares|par|paires?|paio|coppia|para|пар[аыу]?)\b", re.I)
HALF_DOZEN = re.compile(r"\bhalf a dozen\b|\bhalbes dutzend\b|\bmedia docena\b", re.I)
SCALED = re.compile(
    r"(?<![\w.])(\d+(?:[.,]\d+)?) ?(?:(k\b|thousand|tausend|тыс)|"
    r"(million|millón|millones|milhão|milhões|milion|mln|mio\b|миллион)|(billion|milliard|mrd\b))",
    re.I,
)
SCALES = (10**3, 10**6, 10**9)
POWER = re.compile(r"(?<!\d)(\d{1,2})\^(\d{1,2})(?!\d)")
CLOCK = re.compile(r"(?<!\d)(\d{1,3}) ?(?:h|hours?|std\.?|hrs?) ?(?:and )?(\d{1,2})(?!\d)", re.I)
OF_DAY = re.compile(
    r"\b(?:pm|p\.m\.|o'clock|uhr|horas?|heures?|ore|uur|godz\w*|saat|pukul|klockan)\b"
    r"|часов|点|時|시|الساعة|बजे",
    re.I,
)
NOON = 12
IN_AN_HOUR = (60, 3600)
ROUND = frozenset(
    ("15", "30", "45", "90", "25", "50", "75", "20", "10", "0.5", "0.25", "0.75", "1.5")
)
# Nobody spells longer ones; one is an article in too many languages.
LEAST, MOST = 2, 10**9
# What is asked where words do not stand apart; two is told in two ways.
DENSE, TWO = ("zh", "ja", "th"), str.maketrans("两兩〇", "二二零")
HAN = re.compile("[零一二三四五六七八九十百千万萬億亿兆]+")
# Numbers whose words make up the others.
PARTS = (*range(2, 21), *range(30, 100, 10), 100, 1000, 10**6)


def shares(seed: str, text: str) -> int:
    """How many shares ("a quarter", "and a half") came in. Each may stand for a figure, where no
    other figure came or where such a one was there before: 25 %, 45 minutes."""
    had, here = ({n.replace(",", ".") for n in NUMBER.findall(x)} for x in (seed, text))
    if had.isdisjoint(ROUND) and here - had:
        return 0
    return max(0, len(PART.findall(text)) - len(PART.findall(seed)))


@dataclass(frozen=True)
class Dress:
    """What the figures of `seed` may have become in `text`, worked out once for all of them."""

    seed: str
    text: str

    def holds(self, number: str) -> bool:
        """Whether a figure stands there spelled out, in other digits, in another unit of time, or
        as the start of a repeating decimal."""
        if "." in number and f"{number}..." in self.seed and number in self.text:
            return True
        value = _value(number)
        if value is None:
            return False
        if value in self.here or any(
            value * n in self.came or value / n in self.came for n in IN_AN_HOUR
        ):
            return True
        if any(h * 60 + m in self.came and value in (h, m) for h, m in self.clocks):
            return True
        if value in range(1, NOON) and OF_DAY.search(self.seed):
            afternoon = re.compile(rf"(?<!\d){value + NOON:.0f}:\d\d")
            if afternoon.search(self.text):
                return True
        return self._spells(value) or (value % 1 > 0 and self._spells(60 * value))

    @view
    def here(self) -> frozenset[float]:
        return frozenset(_figures(self.text))

    @view
    def came(self) -> frozenset[float]:
        return self.here.difference(_figures(self.seed))

    @view
    def clocks(self) -> list[tuple[int, int]]:
        return [(int(h), int(m)) for h, m in CLOCK.findall(self.seed)]

    @view
    def found(self) -> list[str]:
        return words(self.text.replace("İ", "i"))

    @view
    def tongue(self) -> str:
        ranked = identify(self.text)
        return max(ranked, key=lambda name: ranked[name]) if ranked else ""

    def _spells(self, value: float) -> bool:
        if value % 1 or not LEAST <= value < MOST:
            return False
        number = int(value)
        if number == NOON and TWELVE.search(self.text):
            return True
        named = {2: PAIR, NOON // 2: HALF_DOZEN}.get(number)
        if named and named.search(self.text) and not named.search(self.seed):
            return True
        if unspaced(self.found):
            dense = self.text.translate(TWO)
            runs = frozenset(HAN.findall(dense))
            han = any(form in runs for tongue in DENSE[:2] for form in _forms(number, tongue))
            return han or any(form in dense for form in _forms(number, DENSE[2]))
        return _stands(self.found, number, "en") or _stands(self.found, number, self.tongue)


def _stands(found: list[str], number: int, tongue: str) -> bool:
    """Whether a number is spelled out, and not as a part of a longer one: five in twenty-five."""
    said = f" {' '.join(found)} "
    for form in _forms(number, tongue):
        place = said.find(f" {form} ")
        if place < 0:
            continue
        before = said[:place].rpartition(" ")[2]
        behind = said[place + len(form) + 2 :].partition(" ")[0]
        if _parts(tongue).isdisjoint((before, behind)):
            return True
    return False


def _figures(text: str) -> Iterator[float]:
    for number in NUMBER.findall(text):
        if (value := _value(number)) is not None:
            yield value
    yield from (float(int(a) ** int(n)) for a, n in POWER.findall(text))
    for number, *scales in SCALED.findall(text):
        if (value := _value(number)) is not None:
            yield from (value * n for n, scale in zip(SCALES, scales, strict=True) if scale)
    if not text.isascii():
        # ¾ and ₁; the numerals of Chinese are letters, and told by runs.
        signs = (c for c in set(text) if c > "\x7f" and unicodedata.category(c) in ("No", "Nl"))
        yield from (unicodedata.numeric(c, -1.0) for c in signs)


def _value(number: str) -> float | None:
    """Of digits of any script; 1,000 is a thousand, 1.000.000 a million, 1,5 one and a half."""
    plain = "".join(str(unicodedata.decimal(c, c)) for c in number).strip("-")
    if plain.count(",") == 1 and "." not in plain and len(plain.rpartition(",")[2]) != 3:
        plain = plain.replace(",", ".")
    if plain.count(".") > 1 or re.fullmatch(r"\d{1,3}\.000", plain):
        plain = plain.replace(".", "")
    try:
        value = float(plain.replace(",", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


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
def _parts(tongue: str) -> frozenset[str]:
    """The words that numbers are made of in a language."""
    found = {word for n in PARTS for form in _forms(n, tongue) for word in form.split()}
    return frozenset(found - {"one", "a", "and"})


@lru_cache(maxsize=64)
def _engine(tongue: str) -> RbnfEngine | None:
    from unicode_rbnf import RbnfEngine

    try:
        return RbnfEngine.for_language(tongue) if tongue else None
    except ValueError:
        return None  # a language whose numbers it does not know
