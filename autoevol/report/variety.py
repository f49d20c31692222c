"""How varied is a set of instructions? Verb and noun of each, and overlap with its nearest.

The two looks of Explore-Instruct's analysis (arXiv 2310.09168, section on data statistics), made
light: verb and noun are read off the position in an English imperative instead of a parse, and
ROUGE-L is computed over a sample. Which words are words is `data.diversity`'s.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from autoevol.data.diversity import words
from autoevol.evolving.filters.rouge import common_length, sequence
from autoevol.text import language
from autoevol.text.lexicon import ENGLISH, FOREIGN
from autoevol.text.structure import Reading

MOST_TEXTS = 120
MOST_WORDS = 300
"""Pairs grow with the square: so many texts, each up to so many words."""

_TOKEN = re.compile(r"[^\W\d_][\w'-]*|[^\w\s]")


@cache
def _imperatives() -> dict[str, frozenset[str]]:
    file = Path(__file__).with_name("imperatives.toml")
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: frozenset(listed.split()) for name, listed in table.items()}


def verb_noun(text: str) -> tuple[str, str] | None:
    """(write, function) of "Write a Python function that …"; None where a text does not open with
    an English imperative that has an object.

    The verb is the first word unless it opens a question or a statement; the noun is the last word
    of the phrase that follows.
    """
    tokens = _TOKEN.findall(text[:300])
    if len(tokens) > 1 and tokens[0].casefold() == "please":
        tokens = tokens[1:]
    if not tokens or not tokens[0].isascii() or not tokens[0].isalpha():
        return None
    if not _english(text[:300]):
        return None
    verb = tokens[0].casefold()
    known = _imperatives()
    if verb in known["openers"]:
        return None
    noun = ""
    for token in tokens[1:9]:
        word = token.casefold()
        if not word[0].isalpha() or (noun and word in known["ends"]):
            break
        if word in known["ends"]:
            return None
        if word not in known["skipped"]:
            noun = word
    return (verb, noun) if noun.isascii() and noun else None


def _english(text: str) -> bool:
    """Whether its common words leave a text English: "schreibe Funktion" looks like a pair, too."""
    reading = Reading(text)
    elsewhere = len(reading.vocabulary & FOREIGN) > len(reading.vocabulary & ENGLISH)
    return language.common(reading) in ("", "en") and not elsewhere


def pairs(texts: Sequence[str]) -> Counter[tuple[str, str]]:
    """Verb and noun of all texts that have them."""
    return Counter(found for text in texts if (found := verb_noun(text)) is not None)


def rouge_l(common: int, one: int, other: int) -> float:
    """ROUGE-L's F measure in [0, 1] of two texts of `one` and `other` words with a longest common
    subsequence of `common` (Lin 2004)."""
    return 2 * common / (one + other) if one and other else 0.0


def nearest_overlaps(texts: Sequence[str]) -> list[float]:
    """For each of at most 120 texts, drawn when there are more, the ROUGE-L overlap with its most
    similar other one."""
    drawn = list(texts)
    if len(drawn) > MOST_TEXTS:
        drawn = random.Random(0).sample(drawn, MOST_TEXTS)
    numbers: dict[str, int] = {}
    found_words = (words(text[: 12 * MOST_WORDS])[:MOST_WORDS] for text in drawn)
    cut = [sequence([numbers.setdefault(w, len(numbers)) for w in some]) for some in found_words]
    common = common_length()
    best = [0.0] * len(cut)
    for i, mine in enumerate(cut):
        for j in range(i):
            # The shorter one bounds what can be common: most pairs need no look.
            sizes = len(mine), len(cut[j])
            if rouge_l(min(sizes), *sizes) > min(best[i], best[j]):
                found = rouge_l(common(mine, cut[j]), *sizes)
                best[i], best[j] = max(best[i], found), max(best[j], found)
    return best if len(cut) > 1 else []
