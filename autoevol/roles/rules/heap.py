"""The rule on heaps: many demands stacked in one round.

Decides what is a demand by its form: a list item, a clause that orders, a verb behind "must" or
"that", an item of a long series. Gives a `Failure`, or None where it has nothing to say. Whether
the demands fit together is left to who can read them; mere length is left to `rewrite`.
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from autoevol.roles.rules import reworked
from autoevol.roles.rules.asking import UNKNOWN_ORDER, asks, ordered
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.text import language
from autoevol.text import structure as t
from autoevol.text.lexicon import (
    ENGLISH,
    FILLERS,
    NUMBER_WORDS,
    ORDERING,
    STOP,
    root,
    roots,
    wordset,
)
from autoevol.text.phrases import Phrases
from autoevol.types import Failure

# Evolution by constraints adds one or two a round; four new ones in one round are a heap.
PILE = 4
# A series or a list is long from so many items on: fewer may spell out one demand. So many of a
# series are more than a word.
SERIES, PHRASES = 5, 4
# What only leads to a list has so many words that are not the seed's, at most.
ANNOUNCED = 2
# Clauses that share so much of their words speak of one thing; so many words name a thing.
SHARED, NAMED = 0.5, 2

# Between quotes that were taken out nothing is left.
CLAUSES = re.compile(r"[^\s，、；][，、；]")
LETTERED = re.compile(r"(?<![\w(])[a-i]\) |[①-⑳]")
# Options to choose from are no demands.
CHOICES = re.compile(
    r"\b(?:which|who|what|welche\w*|quel\w*|cuál\w*|qual\w*|какой|какая)\b[^\n]*\?\s*\(?[aA]\)"
)
DEMAND = Phrases(
    r"\b(?:must|should|shall|needs? to|has to|have to|ensure|ensuring|also|additionally|"
    r"furthermore|"
    r"moreover|besides|finally|"
    r"debe\w*|además|asegúr\w+|también|muss|müssen|soll\w*|außerdem|zusätzlich|ferner|doit|"
    r"doivent|devr\w+|aussi|deve|devem|também|inoltre|anche|moet\w*|ook|должн\w+|также)\b",
    re.I,
)
STRINGING = (
    r"(?:support|handl|includ|implement|allow|provid|validat|return|log|accept|display|show|"
    r"calculat|comput|check|print|stor|sav|read|writ|rais|throw|generat|sort|filter|offer|"
    r"keep|track|send|pars|explain|compar|describ|list|detect|avoid|ensur|measur|suggest|discuss|"
    r"add|name|creat|mak|giv|com|work|run|design|optimi[sz]|us|captur|export|recover|retr|echo|"
    r"receiv|summari[sz]|analy[sz]|draw|draft|translat|recommend|tell|say|stat|prov|find|test)"
    r"(?:e?s|ing|e|y|ies)?\b"
)
# Where a demand starts, in English: an order at the start of a clause, a modal, "and" another verb
# behind either, and what is hung onto the first sentence.
ORDER = (
    r"[\W\d_]{0,8}"
    r"(?:(?:then|also|please|finally|next|lastly|additionally|furthermore|moreover|in "
    r"addition),? )*"
    r"([a-z]+)"
)
FIRST_ORDER = re.compile(ORDER, re.I)
# It starts with a set of signs, for speed, as those in `text` do.
ORDERS = re.compile(
    r"[.!?;:\n),aA](?:(?<=[.!?;:\n)])\s*|(?<=,) (?i:and |then |and then )?|"
    rf"(?<=\b[aA])(?i:nd )(?i:then |also )?)(?i:{ORDER})"
)
MODAL = Phrases(r"\b(?:must|should|shall|needs? to|has to|have to)\b", re.I)
HUNG = Phrases(
    rf"\b(?:that|which) (?:also |can |could |will )*{STRINGING}|,? (?:including|ensuring|handling|"
    rf"plus|along with|as well as|adding) |, each |\band to \w+",
    re.I,
)
STRUNG = re.compile(rf"(?:, (?:and )?|\band |; )(?:also |then )?{STRINGING}", re.I)
INCLUDING = re.compile(r"\b(?:including|ensuring|handling|adding)\b", re.I)
SEPARATOR = re.compile(r"\s*[,;،](?!\d)\s*")
LAST = re.compile(r"\s(?:and|und|y|e|et|en|и|i|ve|or|o|ou|oder|или)\s|\sو", re.I)
VERBAL = Phrases(r"\b(?:implement|support|handl|offer|provid|includ|cover)(?:e?s|ing|e)?\b", re.I)
# Things that somebody has, or examples, are no demands.
GIVEN = re.compile(
    r"\b(?:such as|like|namely|e\.g\.|for example|using|between|among|have|has|had|got|given|"
    r"contain\w*|consist\w*|from|either|called|named|wie|z\. ?b\.|etwa|haben?|hat|como|tengo|tiene|"
    r"por ejemplo|comme|par exemple|ai|avons|tels? que|tenho|tem|ho|abbiamo|ad esempio|heb|zoals|"
    r"например|есть|такие|является)\b|مثل|जैसे",
    re.I,
)
VERB_FIRST = re.compile(r"\s*(?:and )?[a-z]{2,}[a-rt-z]s\s+\w", re.I)
THAT = re.compile(r"\b(?:that|which)\b", re.I)
OPENS_SERIES = re.compile(
    r"\b(?:(?:that|which) \w+s|with|including|includes?|featuring|plus|covering|implements?|"
    r"supports?|provides?|"
    r"offers?|adding|handling|mit|samt|inklusive|einschließlich|con|incluyendo|incluye|avec|compris|"
    r"com|incluindo|compres[oi]|inclus\w+|met|inclusief|z|wraz|с|со|включая)\b",
    re.I,
)
CLAUSE = re.compile(
    r"\s*(?:when|if|which|who|where|while|but|then|because|since|so|as|wenn|weil|dass|porque|parce|perché|omdat|"
    r"que|quando|cuando|si|qui|pero|mais|aber|но|если|который|когда)\b",
    re.I,
)
ALSO = wordset(
    "also then además también luego außerdem auch dann aussi puis inoltre anche além ainda"
)
# Articles, numbers and "some" make no thing a phrase.
PLAIN = STOP | FILLERS | NUMBER_WORDS.keys()
JOINTS = (" and ", " should ", " must ", " that ", " und ", " y ", " et ", " e ", " и ", " و")
BRACKETS = re.compile(r"\([^()\n]{0,200}\)")


def pile_up(e: Exhibit) -> Failure | None:
    """Many demands stacked in one round: list items, clauses that order, 'must' and 'also'.

    Instruction Fusion (arXiv 2312.15692) on what rounds of added constraints end in.
    """
    # Demands are told apart by sentences, lines and clauses, so there must be that many more.
    if len(e.after.text) <= len(e.before.text) or stops(e.after.text) - stops(e.before.text) < PILE:
        return None
    new = _without_material(e)
    orders = _orders(e, new)
    items = _lines(new) - _lines(e.old)
    listed = items if items >= SERIES and not _details(e, new) else 0
    added = max(listed, orders, series(e, new))
    return found("pile_up", f"{added} demands added at once") if added >= PILE else None


def _details(e: Exhibit, new: t.Reading) -> bool:
    """Whether the items of a list spell out what a clause of its own announces, and are no
    sentences: "and skips these: …"."""
    first = t.BULLET.search(new.outside)
    if first is None:
        return False
    lead = new.outside[: first.start()].rstrip()
    announced = lead[lead.rfind("\n") + 1 :]
    if not announced.endswith((":", "：")) and not LEADS_ON.search(announced):
        return False
    said_before = e.old.vocabulary | ANNOUNCING
    fresh = [word for word in t.words(announced) if word not in said_before]
    behind = new.outside[first.start() :].strip().split("\n")
    said = sum(item.rstrip().endswith((".", ";", "。", "।")) for item in behind)
    return len(fresh) > ANNOUNCED and 2 * said < len(behind)


# What announces anything, and so nothing.
ANNOUNCING = wordset(
    "consider in addition additional additionally following requirements requirement conditions "
    "condition constraints constraint also note extra rules points take into account moreover the "
    "these further"
)
# "by way of a poster with" goes on in the list.
LEADS_ON = re.compile(r"\b(?:with|including|of|for|from|mit|con|avec|com|met|z|с)\W{0,3}$", re.I)


def _without_material(e: Exhibit) -> t.Reading:
    """The rewrite without a text to work on that came in, as far as that demands nothing."""
    given = reworked.passage(e.new) if "\n" in e.after.text else ""
    if not given or given in e.before.text or t.BULLET.search(given):
        return e.new
    # "Also" stands in any text; in English only a modal demands.
    if (MODAL if language.english(e.new) else DEMAND).search(given):
        return e.new
    if asks(t.Reading(given)):
        return e.new
    return t.Reading(e.after.text.replace(given, "", 1))


def stops(text: str) -> int:
    """How many sentences, lines and clauses may end in a text, at most."""
    signs = sum(map(text.count, ".!?;,\n。！？؟।،，、"))
    return signs + sum(map(text.count, JOINTS))


def _lines(reading: t.Reading) -> int:
    """The items of lists."""
    lines = t.BULLET.findall(reading.outside) if "\n" in reading.outside else ()
    lettered = ") " in reading.text or not reading.text.isascii()
    if lettered and not CHOICES.search(reading.prose):
        return max(len(lines), len(LETTERED.findall(reading.prose)))
    return len(lines)


def _orders(e: Exhibit, reading: t.Reading) -> int:
    """How many more clauses order something than did in the seed."""
    old, new = e.old.prose, reading.prose
    if t.unspaced(e.new.words):
        return len(CLAUSES.findall(new)) - len(CLAUSES.findall(old))
    was, now = t.sentences(old), t.sentences(new)
    # What stands in both adds nothing.
    same = frozenset(was) & frozenset(now)
    was, now = [s for s in was if s not in same], [s for s in now if s not in same]
    told = _told(now) - _told(was)
    if not language.english(e.new):
        return told
    topic = frozenset(roots(e.old.words, ENGLISH)) | GENERAL
    return max(told, _in_english(now, topic) - _in_english(was, topic))


def _told(said: list[str]) -> int:
    return sum(max(_elsewhere(s), bool(DEMAND.search(s))) for s in said)


def _elsewhere(sentence: str) -> int:
    """Clauses that order, in other languages than English."""
    return max(len(_heads(sentence)), ordered(sentence), bool(UNKNOWN_ORDER.match(sentence)))


def _heads(sentence: str) -> tuple[int, ...]:
    """Where the verbs stand that a clause orders with."""
    return (
        _heads_again(sentence) if len(sentence) <= t.BRIEF else _heads_again.__wrapped__(sentence)
    )


# A sentence is asked for these as one in any language and as one in English.
@lru_cache(maxsize=32)
def _heads_again(sentence: str) -> tuple[int, ...]:
    first = FIRST_ORDER.match(sentence)
    behind = ORDERS.finditer(sentence, first.end() if first else 0)
    heads = (first, *behind) if first else behind
    return tuple(m.start(1) for m in heads if m[1].lower() in ORDERING)


def _in_english(said: list[str], topic: frozenset[str]) -> int:
    """Clauses that demand, each of another thing than those before."""
    known: list[frozenset[str]] = []
    for number, sentence in enumerate(said):
        sentence = BRACKETS.sub(" ", sentence) if "(" in sentence else sentence
        places = _starts(sentence, number == 0)
        for start, end in itertools.pairwise((*places, len(sentence))):
            about = frozenset(roots(t.words(sentence[start:end]), ENGLISH)) - topic
            named = len(about) >= NAMED or len(places) == 1
            fresh = named and all(len(about & old) < SHARED * len(about) for old in known)
            if fresh or not about:
                known.append(about)
    return len(known)


# What any demand may be worded with.
_WORDING = wordset(
    "handle handles include includes implement support ensure able also function additionally "
    "finally furthermore feature method"
)
GENERAL = frozenset(map(root, _WORDING))


def _starts(sentence: str, first: bool) -> list[int]:
    """Where the demands of a sentence start."""
    places = {m.start() for m in MODAL.finditer(sentence)}
    places.update(_heads(sentence))
    if first:
        places |= {m.start() for m in HUNG.finditer(sentence)}
    if places:
        lead = min(places)
        strung = STRUNG.finditer(sentence, lead)
        places |= {m.start() for m in strung if _hangs(sentence[: m.start()], first)}
    # Two signs of one clause stand together.
    starts: list[int] = []
    for place in sorted(places):
        if not starts or place - starts[-1] > 8:
            starts.append(place)
    return starts


def _hangs(before: str, first: bool) -> bool:
    """Whether a verb strung on behind `before` is a demand, not a detail of one."""
    if INCLUDING.search(before):
        return False
    return first or (
        bool(MODAL.search(before)) and " that " not in before and " which " not in before
    )


def series(e: Exhibit, new: t.Reading) -> int:
    """The items of the longest series that came in, where most are more than a word."""
    if t.unspaced(e.new.words):
        return 0
    most = 0
    for sentence in t.sentences(BRACKETS.sub(" ", new.prose)):
        if (
            sentence.count(",") + sentence.count("،") >= SERIES - 2
            and sentence not in e.before.text
        ):
            most = max(most, _items(sentence, e.before.text))
    return most


def _items(sentence: str, seed: str) -> int:
    """How many items of a series are new and of different things."""
    items = [item.strip(" .!?") for item in SEPARATOR.split(sentence)]
    lead, last = items[0], items[-1]
    # The first item stands behind what the series hangs on, the last two behind one comma.
    items = [*items[1:-1], *LAST.split(" " + last, maxsplit=1)]
    items = [item for item in items if item.strip() and item not in seed and item[-1:].isalpha()]
    # "10 on Monday, 12 on Tuesday": facts.
    if sum(item[0].isdecimal() for item in items) >= SERIES - 2:
        return 0
    short = [item for item in items if len(item.split()) <= 9 and not CLAUSE.match(item)]
    apart = lead.count(" ") < 2 or GIVEN.search(" ".join(lead.split()[-8:]))
    opened = OPENS_SERIES.search(" ".join(lead.split()[-8:]))
    if len(short) + bool(opened) < PILE or apart or not LAST.search(" " + last):
        return 0
    phrases, about = 0, list[frozenset[str]]()
    for item in short:
        named = frozenset(w for w in t.words(item) if len(w) > 3 and w not in ALSO)
        if named and not any(named & old for old in about):
            about.append(named)
            phrases += sum(w not in PLAIN for w in t.words(item)) > 1
    number = len(about) + bool(opened and opened.group() not in seed)
    long_enough = phrases >= PHRASES - 1 or VERBAL.search(lead)
    # "removes …, creates …, uploads …": each is a demand by itself.
    verbal = sum(bool(VERB_FIRST.match(item)) for item in short) > PILE - 2
    enough = PILE if verbal and THAT.search(lead) else SERIES
    return number if (long_enough or verbal) and number >= enough else 0
