"""Names of code that a seed gives: functions, variables, columns, tables.

Decides which words are names by their form (marks of code, snake_case, camelCase, a call) and when
a rewrite put another one in the place of a name. A single name that went without another one coming
may have been paraphrased, and one that a seed only proposes may be chosen anew. Gives no failure;
`material` asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from autoevol.roles import text as t
from autoevol.roles.lexicon import wordset
from autoevol.roles.phrases import Phrases

# A name in marks of code, one with a low line or a hump in it, or one that is called.
NAME = re.compile(
    r"`(?P<marked>[A-Za-z_$][\w.$-]{0,60})(?:\((?P<given>[^()`\n]{0,80})\))?`"
    r"|(?<![\w./@#-])(?P<bare>[A-Za-z]\w*_\w+|[a-z]+[A-Z]\w+|[A-Za-z]\w{2,40}(?=\(\w))"
    r"(?:\((?P<args>[^()\n]{0,80})\))?(?![\w/@])"
)
HINTS = re.compile(r"[`_]|[a-z][A-Z]|\w\(\w")
PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
LOOSE = re.compile(r"[\W_]+")
# More names than these are not compared.
MOST = 100
# So long a word is part of a name that could be said in words; x_1 is not.
SPOKEN = 3
BELOW = str.maketrans("₀₁₂₃₄₅₆₇₈₉ₐₑₒₓᵢⱼₖₙₘ", "0123456789aeoxijknm")
# A name that only shows what a name could be.
PROPOSED = Phrases(
    r"(?:\b(?:e\. ?g\.?|for example|for instance|such as|something like|like|say|maybe|perhaps|"
    r"z\. ?b\.|zum beispiel|beispielsweise|etwa|vielleicht|por ejemplo|por exemplo|tipo|quizás?|"
    r"talvez|par exemple|comme|peut-être|ad esempio|per esempio|forse|bijvoorbeeld|zoals|np\.|"
    r"na przykład|např\.|například|например|напр\.|наприклад|вроде|till exempel|t\. ?ex\.|"
    r"for eksempel|f\. ?eks\.|esimerkiksi|örneğin|mesela|ví dụ|chẳng hạn|misalnya|contohnya|"
    r"de exemplu|például)|例えば|たとえば|例如|比如|예를 들어|예컨대|مثل|مثلا|जैसे|उदाहरण)\W{0,3}$",
    re.I,
)
# A brand may have a hump: one of these in place of another is no name of code.
BRANDS = wordset(
    "javascript typescript github gitlab postgresql mysql mongodb sqlite graphql youtube linkedin "
    "powerpoint iphone ipad ebay macos ios fastapi pytorch tensorflow opencv openai chatgpt latex "
    "numpy jquery nodejs nextjs wordpress whatsapp"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name and what tells it: its parts in lower case, what it is called with, its neighbours."""

    text: str
    kind: str
    parts: frozenset[str]
    given: str
    beside: tuple[str, str]

    @property
    def plain(self) -> str:
        return LOOSE.sub("", self.text).casefold()


def lost(old: t.Reading, new: t.Reading) -> str:
    """A name of the seed that is gone while another of its kind came, or the first of several that
    are all gone; '' if there is none."""
    if not HINTS.search(old.text):
        return ""
    dense = LOOSE.sub("", new.text).translate(BELOW).casefold()
    given = list(islice(_names(old.outside), MOST))
    gone = [name for name in given if name.plain not in dense]
    if not gone:
        return ""
    had = LOOSE.sub("", old.text).casefold()
    came = [name for name in islice(_names(new.outside), MOST) if name.plain not in had]
    for name in gone:
        for other in came:
            if _stands_for(other, name):
                return f"{name.text}: now {other.text}"
    several = {name.plain for name in gone if max(map(len, name.parts), default=0) >= SPOKEN}
    if len(several) > 1 and len(gone) == len(given):
        return gone[0].text
    return ""


def _names(text: str) -> Iterator[Name]:
    for found in NAME.finditer(text):
        name = found["marked"] or found["bare"]
        plain = LOOSE.sub("", name).casefold()
        if (
            len(plain) < 2
            or plain in BRANDS
            or PROPOSED.search(text[max(found.start() - 30, 0) : found.start()])
        ):
            continue
        parts = frozenset(part.casefold() for part in PARTS.findall(name) if len(part) > 1)
        before = t.words(text[max(found.start() - 40, 0) : found.start()])[-1:]
        after = t.words(text[found.end() : found.end() + 40])[:1]
        beside = (before[0] if before else "", after[0] if after else "")
        given = (found["given"] or found["args"] or "").strip().casefold()
        yield Name(name, _kind(found), parts, given, beside)


def _kind(found: re.Match[str]) -> str:
    if found["marked"]:
        return "marked"
    name = found["bare"]
    return "snake" if "_" in name else "hump" if name.casefold() != name[0] + name[1:] else "called"


def _stands_for(other: Name, name: Name) -> bool:
    """Whether a name that came stands in the place of one that went."""
    if name.given and name.given == other.given:
        return True
    if name.kind != other.kind and "marked" not in (name.kind, other.kind):
        return False
    if name.parts & other.parts and len(name.parts) + len(other.parts) > 2:
        return True
    places = zip(name.beside, other.beside, strict=True)
    return name.kind == other.kind and any(mine and mine == theirs for mine, theirs in places)
