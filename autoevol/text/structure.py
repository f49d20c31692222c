"""The structure of a text: words, numbers, sentences, fences, blocks.

Decides how texts are taken apart so that rules can compare them. What counts as a failure is left
to `rules`, which language a text is in to `language`. Every function is linear in the length of the
text and takes any string, lone surrogates too. Unicode normalisation is avoided on purpose: it is
quadratic on long runs of combining marks, and hostile texts have those.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar, overload

# Scripts written without spaces: there a word is counted by its characters.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
UNSPACED += "\U00020000-\U0003ffff"
# Vowel signs and marks are no \w in Python, but words fall apart without them (Hindi, Arabic).
MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f"
MARKS += "\u0981-\u0dff\u1ab0-\u1aff\u3099\u309a"
# ASCII in lower case, with a space for all that is no \w.
ASCII_WORDS = "".join(c.lower() if c.isalnum() or c == "_" else " " for c in map(chr, range(128)))
SPACED = f"[^\\W{UNSPACED}]"
UNSPACED_SIGN = re.compile(f"[{UNSPACED}]")
WORD = re.compile(f"[{UNSPACED}]|{SPACED}+(?:[{MARKS}]+{SPACED}*)*")
# Where none of these signs is, a word is a run of \w.
INTRICATE = re.compile(f"[{UNSPACED}{MARKS}]")
PLAIN_WORD = re.compile(r"\w+")
DIGIT = re.compile(r"\d")
# The regexes below start with a set of all the signs that they may start with: Python looks for
# these ten times as fast as for alternatives.
NUMBER = re.compile(r"[-\d](?:(?<=\d)|(?<![\w.]-)(?=\d))\d*(?:[.,]\d+)*")
OPERATOR = re.compile(
    r"[<>+/^=%≤≥≠÷×−*](?:(?<![<>*])|(?<!\*)(?![a-zA-Z/])|(?<=\w\*)(?=\w)|(?<= \*)(?= ))"
)
QUOTED = re.compile(
    r"""["“«「„'‘](?:(?<=")[^"\n]{2,600}"|(?<=“)[^“”\n]{2,600}”|(?<=«)[^«»\n]{2,600}»"""
    r"|(?<=「)[^「」\n]{2,600}」|(?<=„)[^„“”\n]{2,600}[“”]"
    r"|(?:(?<=[\s(:]')|(?<=^'))[^'\n]{1,600}'(?=[\s.,;:!?)]|$)"
    r"|(?:(?<=[\s(:]‘)|(?<=^‘))[^‘\n]{1,600}’(?!\w))"
)
QUOTE_SIGNS = ("“", "«", "「", "„", "‘")
INLINE_CODE = re.compile(r"`[^`\n]{1,400}`")
# The sign that ends a sentence, or a line's end, and the quotes and space behind it.
SENTENCE_END = re.compile(r"""[.!?\n。！？؟।](?:(?<=\n)\n*|(?<=[。！？؟।])|["'”)*]*\s+)""")
ASCII_SENTENCE_END = re.compile(r"""[.!?\n](?:(?<=\n)\n*|["')*]*\s+)""")
FENCE = re.compile(r"[ \t]{0,3}(?:>[ \t]?)?(```+|~~~+)(.*)")
BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
COLON_LINE = re.compile(r"[:：][ \t]*\n")
BULLET = re.compile(r"^[ \t]{0,8}(?:[-*•]|\(?\d{1,3}[.)])[ \t]+\S", re.M)


# Rules look at the same sentences in turn: those of the last few texts are kept, brief as they are.
BRIEF = 4_000

T = TypeVar("T")


class view(Generic[T]):  # reads as a decorator
    """A property that is made once and only when it is asked for.

    As `functools.cached_property`, without the lock that Python 3.11 takes at each of them: there
    are many views of a text, and they are cheap.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self.make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, one: None, owner: type) -> view[T]: ...
    @overload
    def __get__(self, one: object, owner: type) -> T: ...
    def __get__(self, one: object | None, owner: type) -> view[T] | T:
        if one is None:
            return self
        made = one.__dict__[self.name] = self.make(one)
        return made


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of material inside an instruction: `kind` is code, table, data, quote or input."""

    kind: str
    text: str
    closed: bool = True


def words(text: str) -> list[str]:
    """The words in lower case, without punctuation; one character each in unspaced scripts."""
    return list(_words_again(text)) if len(text) <= BRIEF else _words(text)


@lru_cache(maxsize=32)
def _words_again(text: str) -> tuple[str, ...]:
    return tuple(_words(text))


def _words(text: str) -> list[str]:
    if text.isascii():
        return text.translate(ASCII_WORDS).split()
    folded = text.casefold()
    return (WORD if INTRICATE.search(folded) else PLAIN_WORD).findall(folded)


def length(text: str) -> int:
    """Length in words. Two characters of an unspaced script count as one word."""
    return weigh(words(text), text)


def weigh(found: Sequence[str], text: str) -> int:
    """How many words `found` in `text` are, see `length`."""
    if text.isascii() or not UNSPACED_SIGN.search(text):
        return len(found)
    single = sum(1 for w in found if len(w) == 1 and w > "\u0e00")
    return len(found) - single + (single + 1) // 2


def unspaced(found: Sequence[str]) -> bool:
    """Whether most of these words are single characters of a script without spaces."""
    if "".join(found).isascii():
        return False
    return 2 * sum(1 for w in found if len(w) == 1 and w > "\u0e00") > len(found)


def quantities(text: str) -> Counter[str]:
    """Numbers and mathematical signs: what a rephrasing must leave alone. 1,000 is 1000."""
    signs: list[str] = OPERATOR.findall(text)
    signs += [n.replace(",", "").rstrip(".") for n in NUMBER.findall(text)]
    return Counter(signs)


def sentences(text: str) -> list[str]:
    """The sentences and lines of a text, without the space around them."""
    return list(_sentences_again(text)) if len(text) <= BRIEF else _sentences(text)


@lru_cache(maxsize=32)
def _sentences_again(text: str) -> tuple[str, ...]:
    return tuple(_sentences(text))


def _sentences(text: str) -> list[str]:
    found: list[str] = []
    start = 0
    for end in (ASCII_SENTENCE_END if text.isascii() else SENTENCE_END).finditer(text):
        found.append(text[start : end.start() + 1].strip())
        start = end.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def clip(text: str, limit: int = 120) -> str:
    """One line of at most `limit` characters, fit to be quoted as evidence."""
    line = " ".join(text[: 8 * limit].split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def tail(text: str, limit: int = 120) -> str:
    """As `clip`, from the end of the text."""
    return clip(text.rstrip()[-limit:], limit)


def quotes(text: str) -> bool:
    """Whether anything may be quoted in a text."""
    if '"' in text or " '" in text or text[:1] == "'" or "\n'" in text or "('" in text:
        return True
    return not text.isascii() and any(map(text.__contains__, QUOTE_SIGNS))


def fences(text: str) -> tuple[list[Block], str]:
    """The fenced blocks and the text around them. A block that never ends is not `closed`."""
    if "```" not in text and "~~~" not in text:
        return [], text
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
    numbers = NUMBER.findall(dense) if DIGIT.search(dense) else ()
    if len(numbers) > 2 and sum(map(len, numbers)) > 0.3 * len(dense):
        return "data"
    found = QUOTED.search(paragraph)
    if found and len(found.group()) > 0.6 * len(paragraph) and length(paragraph) > 5:
        return "quote"
    return "input" if before.rstrip().endswith((":", "：")) else ""


def blocks(fenced: Iterable[Block], outside: str) -> list[Block]:
    """The material that an instruction brings along: `fenced`, then what stands in its paragraphs.

    A passage on its own after a colon is `input` (how a separate input column is joined in).
    """
    found, before = list(fenced), ""
    apart = COLON_LINE.sub(":\n\n", outside.replace("\r", ""))
    for paragraph in BLANK_LINES.split(apart):
        if paragraph.strip():
            kind = kind_of_paragraph(paragraph, before)
            if kind:
                found.append(Block(kind, paragraph))
            before = paragraph
    return [b for b in found if b.text.strip()]


@dataclass(frozen=True)
class Reading:
    """One text and its views, each made once and only when a rule asks for it."""

    text: str

    @view
    def words(self) -> list[str]:
        return words(self.text)

    @view
    def vocabulary(self) -> frozenset[str]:
        return frozenset(self.words)

    @view
    def length(self) -> int:
        return weigh(self.words, self.text)

    @view
    def quantities(self) -> Counter[str]:
        return quantities(self.text)

    @view
    def parts(self) -> tuple[list[Block], str]:
        return fences(self.text)

    @property
    def fences(self) -> list[Block]:
        return self.parts[0]

    @property
    def outside(self) -> str:
        """The text without its fenced blocks."""
        return self.parts[1]

    @view
    def prose(self) -> str:
        """What the writer says in his own voice: no fences, inline code, quotes or `>` lines."""
        own = self.outside
        if ">" in own:
            own = "\n".join(x for x in own.split("\n") if not x.lstrip().startswith(">"))
        if "`" in own:
            own = INLINE_CODE.sub(" ", own)
        return QUOTED.sub(" ", own) if quotes(own) else own

    @view
    def sentences(self) -> list[str]:
        return sentences(self.text)

    @view
    def blocks(self) -> list[Block]:
        """The material that an instruction brings along, see `blocks`."""
        return blocks(*self.parts)


def ngrams(found: Sequence[str], size: int, step: int = 1) -> Iterable[tuple[str, ...]]:
    """Every run of `size` words, in order; of those only every `step`-th."""
    return zip(*(found[i::step] for i in range(size)), strict=False)
