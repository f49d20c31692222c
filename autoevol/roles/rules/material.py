"""Rules on what an instruction brings along: code, tables, formulas, passages, data, names.

Decides what counts as material and when it is lost. Each rule takes an `Exhibit` and gives a
`Failure`, or None where it has nothing to say. What is asked about the material is left to `task`,
material that never was there to `missing`.
"""

from __future__ import annotations

import re
from collections import Counter

from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.text import structure as t
from autoevol.text.lexicon import NUMBER_WORDS, STOP
from autoevol.text.numerals import Dress, shares
from autoevol.types import Failure

# So much of a passage's words must still be found in the rewrite; so long is a passage at least.
LEFT, PASSAGE = 0.6, 8
# Of one with so many figures fewer words have to stay.
FIGURES, RETOLD = 4, 0.4
# So much of the words of a table or of data may go when it is set in another way.
SLIPS = 0.2
# So many letters may stand for a word.
SHORT = (3, 4)
# A list on one line has so many items at least.
ITEMS = 4
COMMA = re.compile(r"\s*[,،、，;]\s*")
CODE_LIKE = re.compile(r"\w\(|[=;{}]|\w\.\w+\(")
SIGN = re.compile(r"\w+|[^\w\s]")
COUNTING = re.compile(r"^[ \t]*(?:[^\W\d]+ )?\d+[.):](?=\s)", re.M)
# What programmers name: snake_case, camelCase.
NAME = re.compile(r"\b(?:[A-Za-z]\w*_\w+|[a-z]+[A-Z]\w+)\b")
# Parts that tell no name from another; so many names are looked at.
NAMELESS = frozenset(("my", "the", "new", "old", "os", "is", "get", "set", "to", "of"))
NAMES = 60
# So many lost figures are shown.
SHOWN = 8
NAME_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
# How much is to be made.
SIZE = re.compile(
    r"\b(?:first|top|last|name|list|give(?: me)?|suggest|write|at most|at least|up to|nenne|"
    r"erste[nr]?|"
    r"primer[oa]s?|premi(?:er|ère)s) (?:the )?(?:(\d+)|two|three|four|five|six|seven|eight|nine|"
    r"ten|twelve|twenty|"
    r"zwei|drei|vier|fünf|sechs|zehn|dos|tres|cuatro|cinco|seis|diez|deux|trois|quatre|cinq|dix)\b"
    r"|(?<![\d.,])(\d+)[- ]?(?:words?|sentences?|lines?|paragraphs?|pages?|characters|minutes?|"
    r"wörter\w*|"
    r"sätze\w*|zeilen|palabras|frases|líneas|mots|phrases|lignes|parole|palavras|woorden|слов\w*|字)",
    re.I,
)
AFTER_COLON = re.compile(r"(?:：[ \t]*|:[ \t]+)(\S[^\n]{8,})$", re.M)


def dropped_block(e: Exhibit) -> Failure | None:
    """Code, a table, data, a passage, numbers or names of the seed are gone, wholly or in part.

    Auto Evol-Instruct (arXiv 2406.00770), Table 5, loss of key information; here seen in the
    rewrite itself. Material that grew is still there; that was replaced is not.
    """
    if not e.new.words or e.before.text in e.after.text:
        return None
    lost = _lost_block(e) or _lost_passage(e) or _lost_numbers(e) or _renamed(e)
    return found("dropped_block", lost)


def _lost_block(e: Exhibit) -> str:
    """Code must be there sign by sign, in whatever layout; of tables and data the words."""
    for block in e.old.blocks:
        if block.kind not in ("code", "table", "data"):
            continue
        dense = "".join(e.after.text.split())
        rows = block.text.split("\n")
        if block.kind == "table":
            rows = [row for row in rows if "|" in row]  # the question may stand right below
        packed = [(row, "".join(row.split())) for row in rows]
        lost = [row for row, line in packed if len(line) > 3 and line not in dense]
        if lost and _lacks(e.new, block):
            return f"{block.kind}: {lost[0].strip()}"
    return ""


def _lacks(new: t.Reading, block: t.Block) -> bool:
    if block.kind == "code":
        left = Counter(SIGN.findall("\n".join(b.text for b in new.blocks) or new.text))
        return bool(Counter(SIGN.findall(block.text)) - left)
    # A table may become a list, as long as its words and figures are there.
    figures = Counter(plain(n) for n in t.NUMBER.findall(block.text))
    if figures - Counter(plain(n) for n in t.NUMBER.findall(new.text)):
        return True
    had = frozenset(t.words(block.text))
    gone = had - new.vocabulary
    # "Mon" in a table is Monday in a sentence.
    starts = {word[:letters] for word in new.vocabulary for letters in SHORT}
    short = {word for word in gone if len(word) in SHORT and word in starts}
    return len(gone - short) > SLIPS * len(had)


def _lost_passage(e: Exhibit) -> str:
    """Passages: paragraphs after the first, quotations, what follows a colon on its line."""
    text, left = e.before.text, e.new.vocabulary
    passages = [b.text for b in e.old.blocks if b.kind in ("quote", "input")]
    if "\n" in e.old.outside:
        later = t.BLANK_LINES.split(e.old.outside)[1:]
        passages += [p for p in later if t.length(p) >= PASSAGE or CODE_LIKE.search(p)]
    if t.quotes(text):
        passages += t.QUOTED.findall(text)
    if ":" in text or "：" in text:
        given = AFTER_COLON.findall(text)
        passages += given
        lost = _lost_item(AFTER_COLON.findall(e.old.outside), e.after.text.casefold())
        if lost:
            return f"item: {lost}"
    for passage in passages:
        had = frozenset(w for w in t.words(passage) if not w.isdecimal()) - STOP
        # What is told in figures may be told otherwise, as long as they are there.
        figures = len(t.NUMBER.findall(passage))
        least = LEFT if figures < FIGURES or t.QUOTED.fullmatch(passage) else RETOLD
        # What stood in quotes, and now nothing does.
        bare = len(had) == 2 and not t.quotes(e.after.text) and not had & left
        if (len(had) >= 3 and len(had & left) < least * len(had)) or bare:
            return f"passage: {passage.strip()}"
    return ""


def _lost_item(given: list[str], after: str) -> str:
    """An item of a list behind a colon that is gone, where others of it are there."""
    for passage in given:
        items = [item.strip(" .!?\"'") for item in COMMA.split(passage)]
        if len(items) < ITEMS or any(not item or item.count(" ") > 2 for item in items):
            continue
        gone = [item for item in items if item.casefold() not in after]
        if gone and 2 * len(gone) < len(items):
            return gone[0]
    return ""


def _lost_numbers(e: Exhibit) -> str:
    """A figure of the seed is gone; or two of its numbers in words, and half of all."""
    gone = e.old.vocabulary - e.new.vocabulary
    if not any(word[0].isdigit() or word in NUMBER_WORDS for word in gone):
        return ""
    new = numbers(e.new)
    lost = _lost_figures(e, new)
    if not lost:
        lost = spelled(e.old) - new
        if len(lost) < 2 or 2 * len(lost) < len(numbers(e.old)):
            return ""
    return f"numbers: {', '.join(sorted(lost)[:SHOWN])}"


def _lost_figures(e: Exhibit, new: frozenset[str]) -> frozenset[str]:
    """Figures that stand in the rewrite in no form: not written out, not with other marks. What
    only counts lines or steps may go."""
    here = t.NUMBER.findall(e.new.text)
    digits = {_digits(n) for n in here}
    # 240 litres are 0.24 cubic metres.
    moved = {_digits(n).strip("0") for n in here if "0." in n or "0," in n}
    lost = frozenset(
        number
        for number in t.NUMBER.findall(COUNTING.sub("", e.before.text))
        if plain(number) not in new
        and _digits(number) not in digits
        and _digits(number).strip("0") not in moved
    )
    if lost and SIZE.search(e.after.text):
        # "Write 300 words" may become 450: what is to be made, no given.
        lost -= frozenset(number for shown in SIZE.findall(e.before.text) for number in shown)
    if not lost or len(lost) > SHOWN:
        return lost  # a text that lost so many lost some
    dress = Dress(e.before.text, e.after.text)
    lost = frozenset(number for number in lost if not dress.holds(number))
    return lost if len(lost) > shares(e.before.text, e.after.text) else frozenset()


def _renamed(e: Exhibit) -> str:
    """A name of code that is gone, where one like it came in."""
    had = NAME.findall(e.before.text)[:NAMES]
    if not had:
        return ""
    fresh = NAME.findall(e.after.text)[:NAMES]
    kept = e.after.text.replace("_", "").casefold()
    came: dict[str, str] = {}
    for name in fresh:
        if name not in e.before.text:
            for part in _parts(name):
                came.setdefault(part, name)
    for name in had if came else ():
        if name.replace("_", "").casefold() in kept:
            continue
        for part in sorted(_parts(name)):
            if part in came:
                return f"name: {name} became {came[part]}"
    return ""


def _parts(name: str) -> frozenset[str]:
    found = (part.casefold() for part in NAME_PART.findall(name))
    return frozenset(part for part in found if len(part) > 1 and part not in NAMELESS)


def _digits(number: str) -> str:
    return "".join(c for c in number if c.isdecimal())


def numbers(reading: t.Reading) -> frozenset[str]:
    """The numbers in a text, those in words too."""
    return spelled(reading).union(plain(n) for n in t.NUMBER.findall(reading.text))


def spelled(reading: t.Reading) -> frozenset[str]:
    """The numbers in words, as figures."""
    return frozenset(NUMBER_WORDS[w] for w in reading.vocabulary & NUMBER_WORDS.keys())


def plain(number: str) -> str:
    """1,000 is 1000, 2.50 is 2.5, and a sign may be a dash."""
    bare = number.replace(",", "").lstrip("-")
    return bare.rstrip("0").rstrip(".") if "." in bare else bare
