"""Figures in another dress: in words, in the digits of other scripts, in minutes for hours.

Decides what may stand for a figure that a text does not hold as it was. Whether a figure that is
nowhere is a loss is left to the rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from autoevol.roles.text import NUMBER, words

_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: n for n, word in enumerate(_ONES.split(), 1)} | {
    word: 10 * n for n, word in enumerate(_TENS.split(), 2)
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6}
_HAN = "零一二三四五六七八九"
_HAN_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "億": 10**8, "亿": 10**8}
HAN_NUMBER = re.compile(f"[〇{_HAN}两兩{''.join(_HAN_SCALES)}]+")
# A share of something, in place of 25 % or of 1.5.
PART = re.compile(
    r"\b(?:hal(?:f|ves)|quarters?|thirds?|fifths?|tenths?|dozens?|double|twice|halb\w*|"
    r"anderthalb\w*|viertel\w*|drittel\w*|hälfte|dutzend|doppelt\w*|medi[oa]s?|mitad|cuart[oa]s?|"
    r"tercios?|docenas?|demie?s?|moitié|quarts?|tiers|douzaines?|mei[oa]s?|metade|quartos?|terços?|"
    r"mezz[oa]|metà|quarti?|helft|halve|kwart\w*|pół|połow\w*|ćwierć|setengah|seperempat|yarım|"
    r"yarı\w*|çeyrek|nửa|halv\w*|fjärdedel\w*|пол\w*|половин\w*|четверт\w*|треть\w*)\b"
    r"|半|四分之|三分之|二分之|分の|반|절반|نصف|ربع|ثلث|आधा|आधे|चौथाई|डेढ़|ढाई",
    re.I,
)
AN_HOUR = (60, 3600)


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
    return value in here or any(value * n in came or value / n in came for n in AN_HOUR)


def shares(seed: str, text: str) -> int:
    """How many shares ("a quarter", "and a half") came in where no figure did: each may be one."""
    if set(NUMBER.findall(text)) - set(NUMBER.findall(seed)):
        return 0
    return max(0, len(PART.findall(text)) - len(PART.findall(seed)))


def _figures(text: str) -> Iterator[float]:
    for number in NUMBER.findall(text):
        if (value := _value(number)) is not None:
            yield value
    yield from map(float, _english(words(text)))
    if not text.isascii():
        yield from map(float, map(_han, HAN_NUMBER.findall(text)))


def _value(number: str) -> float | None:
    """Of digits of any script; 1,000 is a thousand, and so is 1.000.000 a million."""
    plain = "".join(str(unicodedata.decimal(c, c)) for c in number).strip("-")
    if plain.count(".") > 1 or re.fullmatch(r"\d{1,3}\.000", plain):
        plain = plain.replace(".", "")
    try:
        return float(plain.replace(",", ""))
    except ValueError:
        return None


def _english(found: Iterable[str]) -> Iterator[int]:
    """Twenty-nine, four hundred and eighty, a thousand; every run of such words is one number."""
    total = run = 0
    for word in found:
        if word in _SMALL:
            run += _SMALL[word]
        elif word in _SCALES:
            total += max(run, 1) * _SCALES[word]
            run = 0
        elif total + run and word != "and":
            yield total + run
            total = run = 0
    if total + run:
        yield total + run


def _han(number: str) -> int:
    total = run = 0
    for sign in number.replace("〇", "零").replace("两", "二").replace("兩", "二"):
        if sign in _HAN_SCALES:
            total, run = total + max(run, 1) * _HAN_SCALES[sign], 0
        else:
            run = 10 * run + _HAN.index(sign)
    return total + run
