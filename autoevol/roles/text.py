"""The structure of a text: words, numbers, sentences, fences, blocks, language.

Decides how texts are taken apart so that rules can compare them. What counts as a failure is left
to `eliminator`. Every function is linear in the length of the text and takes any string, lone
surrogates too. Unicode normalisation is avoided on purpose: it is quadratic on long runs of
combining marks, and hostile texts have those.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

# Scripts written without spaces: there a word is counted by its characters.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
UNSPACED += "\U00020000-\U0003ffff"
# Vowel signs and marks are no \w in Python, but words fall apart without them (Hindi, Arabic).
MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f"
MARKS += "\u0981-\u0dff\u1ab0-\u1aff\u3099\u309a"
WORD = re.compile(f"[{UNSPACED}]|(?:(?![{UNSPACED}])[\\w{MARKS}])+")
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)*")
OPERATOR = re.compile(r"[+/^=<>%≤≥≠÷×−]|(?<=\w)\*(?=\w)|(?<= )\*(?= )")
QUOTED = re.compile(r'"[^"\n]{2,600}"|“[^“”\n]{2,600}”|«[^«»\n]{2,600}»|「[^「」\n]{2,600}」')
INLINE_CODE = re.compile(r"`[^`\n]{1,400}`")
SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”)*]*\s+|(?<=[。！？؟।])|\n+")
FENCE = re.compile(r"[ \t]{0,3}(?:>[ \t]?)?(```+|~~~+)(.*)")
BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
COLON_LINE = re.compile(r"[:：][ \t]*\n")
BULLET = re.compile(r"\s{0,8}(?:[-*•]|\d{1,3}[.)])\s+\S")

STOP_WORDS = {
    "en": "a an the of to in on at for from by with and or as is are was were be it its this that "
    "these those i you he she we they what which your my our there then so if do does how",
    "es": "el la los las un una de del al a en por para con y o que es son se su sus lo como "
    "este esta qué cuál cuántos si",
    "de": "der die das ein eine einen einem einer des dem den von zu im in am auf für mit und oder "
    "ist sind es sich wie was dass wenn auch bei aus nach",
    "fr": "le la les un une des de du au aux en par pour avec et ou que qui est sont se son sa ses "
    "ce cette il elle dans sur comme si",
}
LANGUAGES = {name: frozenset(words.split()) for name, words in STOP_WORDS.items()}
STOP = LANGUAGES["en"] | LANGUAGES["es"] | LANGUAGES["de"] | LANGUAGES["fr"]

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
# One sign of these says as much as three letters.
DENSE = ("kana", "han", "hangul")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of material inside an instruction: `kind` is code, table, data, quote or input."""

    kind: str
    text: str
    closed: bool = True


def words(text: str) -> list[str]:
    """The words in lower case, without punctuation; one character each in unspaced scripts."""
    return WORD.findall(text.casefold())


def length(text: str) -> int:
    """Length in words. Two characters of an unspaced script count as one word."""
    found = WORD.findall(text)
    single = sum(1 for w in found if len(w) == 1 and w > "\u0e00")
    return len(found) - single + (single + 1) // 2


def unspaced(found: list[str]) -> bool:
    """Whether most of these words are single characters of a script without spaces."""
    return 2 * sum(1 for w in found if len(w) == 1 and w > "\u0e00") > len(found)


def content_words(found: Iterable[str]) -> Counter[str]:
    """The words that carry meaning: no stop words, no numbers."""
    return Counter(w for w in found if w not in STOP and not w.isdecimal())


def quantities(text: str) -> Counter[str]:
    """Numbers and mathematical signs: what a rephrasing must leave alone. 1,000 is 1000."""
    signs = Counter(OPERATOR.findall(text))
    signs.update(n.replace(",", "").rstrip(".") for n in NUMBER.findall(text))
    return signs


def sentences(text: str) -> list[str]:
    return [s for s in (part.strip() for part in SENTENCE_END.split(text)) if s]


def clip(text: str, limit: int = 120) -> str:
    """One line of at most `limit` characters, fit to be quoted as evidence."""
    line = " ".join(text[: 8 * limit].split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def fences(text: str) -> tuple[list[Block], str]:
    """The fenced blocks and the text around them. A block that never ends is not `closed`."""
    blocks: list[Block] = []
    outside: list[str] = []
    inside: list[str] = []
    mark = ""
    for line in text.split("\n"):
        found = FENCE.match(line) if "```" in line or "~~~" in line else None
        fence = found.group(1) if found else ""
        if not mark:
            # A fence opened and closed on one line (```x```) is inline code.
            if found and "`" not in found.group(2):
                mark, inside = fence, []
            else:
                outside.append(line)
        elif found and fence.startswith(mark) and ends_fence(found.group(2)):
            blocks.append(Block("code", "\n".join(inside)))
            outside.append("")
            mark = ""
        else:
            inside.append(line)
    if mark:
        blocks.append(Block("code", "\n".join(inside), closed=False))
    return blocks, "\n".join(outside)


def ends_fence(rest: str) -> bool:
    """Whether a fence with this behind it closes: nothing, or a sentence that ran on."""
    return not rest.strip() or (rest[0] == " " and len(rest[:200].split()) > 2)


def kind_of_paragraph(paragraph: str, before: str) -> str:
    """table, quote, data or input; '' for plain words. `before` is the paragraph in front of it."""
    lines = [line.strip() for line in paragraph.split("\n") if line.strip()]
    if len(lines) > 1 and all("|" in line for line in lines[:2]):
        return "table"
    if all(line.startswith(">") for line in lines):
        return "quote"
    dense = "".join(lines)
    if dense[:1] in "[{" and dense[-1:] in "]}":
        return "data"
    digits = sum(c.isdecimal() for c in dense)
    if digits > 0.3 * len(dense) and len(NUMBER.findall(dense)) > 2:
        return "data"
    found = QUOTED.search(paragraph)
    if found and len(found.group()) > 0.6 * len(paragraph) and length(paragraph) > 5:
        return "quote"
    return "input" if before.rstrip().endswith((":", "：")) else ""


@dataclass(frozen=True)
class Reading:
    """One text and its views, each made once and only when a rule asks for it."""

    text: str

    @cached_property
    def words(self) -> list[str]:
        return words(self.text)

    @cached_property
    def length(self) -> int:
        return length(self.text)

    @cached_property
    def quantities(self) -> Counter[str]:
        return quantities(self.text)

    @cached_property
    def parts(self) -> tuple[list[Block], str]:
        return fences(self.text)

    @property
    def fences(self) -> list[Block]:
        return self.parts[0]

    @property
    def outside(self) -> str:
        """The text without its fenced blocks."""
        return self.parts[1]

    @cached_property
    def prose(self) -> str:
        """What the writer says in his own voice: no fences, inline code, quotes or `>` lines."""
        own = "\n".join(x for x in self.outside.split("\n") if not x.lstrip().startswith(">"))
        return QUOTED.sub(" ", INLINE_CODE.sub(" ", own))

    @cached_property
    def language(self) -> str:
        return language(self.prose)

    @cached_property
    def blocks(self) -> list[Block]:
        """The material that an instruction brings along, in order of kind.

        A passage on its own after a colon is `input` (how a separate input column is joined in).
        """
        found = list(self.fences)
        before = ""
        apart = COLON_LINE.sub(":\n\n", self.outside.replace("\r", ""))
        for paragraph in BLANK_LINES.split(apart):
            if paragraph.strip():
                kind = kind_of_paragraph(paragraph, before)
                if kind:
                    found.append(Block(kind, paragraph))
                before = paragraph
        return [b for b in found if b.text.strip()]


def scripts(text: str) -> dict[str, float]:
    """Each script's share of the letters, {} for too few to tell."""
    counts = {name: sum(map(len, p.findall(text))) for name, p in SCRIPTS.items()}
    for name in DENSE:
        counts[name] *= 3
    total = sum(counts.values())
    return {name: n / total for name, n in counts.items() if n} if total >= 12 else {}


def language(text: str) -> str:
    """A guess: a script's name, or en, es, de, fr by stop words; '' where it cannot be told."""
    shares = scripts(text)
    if not shares:
        return ""
    if shares.get("kana", 0) > 0.08:
        return "kana"
    script = max(shares, key=lambda name: shares[name])
    if script != "latin":
        return script
    found = words(text)
    hits = sorted(((sum(w in s for w in found), n) for n, s in LANGUAGES.items()), reverse=True)
    (most, name), (second, _) = hits[:2]
    return name if most >= 3 and most >= 0.12 * len(found) and most >= 1.6 * second else ""


def ngrams(found: list[str], size: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(found[i : i + size]) for i in range(len(found) - size + 1))
