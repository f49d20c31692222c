"""What words do in a sentence, in fifteen languages: who speaks, what is denied, what is asked for.

Decides no failure. A slot is a part that a word can play, whatever the language: a word may play
several. Rules combine slots within one sentence, so that a refusal is seen by "I", a denied
ability and an act of help, and not by a phrase that somebody happened to write. The tables hold
words, stems (`write*`) and endings (`*amam`), and for Chinese and Japanese, which are written
without spaces, patterns. Which combinations are failures is left to the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from autoevol.text import structure as t
from autoevol.text.speech import SPEECH, SPEECH_SIGNS
from autoevol.text.things import THING_SIGNS, THINGS

# Longest and shortest stem or ending that is looked up.
STEM, ENDING = range(1, 13), range(3, 9)


SLOTS, SIGNS = SPEECH | THINGS, SPEECH_SIGNS | THING_SIGNS
BITS = {name: 1 << place for place, name in enumerate(SLOTS)}
SELF, YOU, NO, CAN = BITS["self"], BITS["you"], BITS["no"], BITS["can"]
UNABLE, MAKE, HELP, ACT = BITS["unable"], BITS["make"], BITS["help"], BITS["act"]
SORRY, WISH, LAW = BITS["sorry"], BITS["wish"], BITS["law"]
LIMIT, ADVICE = BITS["limit"], BITS["advice"]
PRAISE, AGREE, THANKS, LUCK = BITS["praise"], BITS["agree"], BITS["thanks"], BITS["luck"]
NEED, CLARIFY, DETAIL = BITS["need"], BITS["clarify"], BITS["detail"]
MATERIAL, SENT, SEE, LOST = BITS["material"], BITS["sent"], BITS["see"], BITS["lost"]
MESSAGE, GIVE, HEARD, ASK = BITS["message"], BITS["give"], BITS["heard"], BITS["ask"]


def _tables() -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    whole: dict[str, int] = {}
    stems: dict[str, int] = {}
    endings: dict[str, int] = {}
    for name, lines in SLOTS.items():
        for word in " ".join(lines.values()).split():
            table = stems if word[-1] == "*" else endings if word[0] == "*" else whole
            bare = word.strip("*")
            table[bare] = table.get(bare, 0) | BITS[name]
    return whole, stems, endings


WHOLE, STEMS, ENDINGS = _tables()
PATTERNS = tuple((BITS[name], re.compile(signs)) for name, signs in SIGNS.items())


@lru_cache(maxsize=50_000)
def slots(word: str) -> int:
    """The slots that a word in lower case fills."""
    found = WHOLE.get(word, 0)
    for size in STEM:
        if size > len(word):
            break
        found |= STEMS.get(word[:size], 0)
    for size in ENDING:
        found |= ENDINGS.get(word[-size:], 0)
    # Arabic writes "and" as the first letter of the next word.
    if word[0] in "وف" and len(word) > 3:
        found |= slots(word[1:])
    return found


def read(sentence: str) -> int:
    """The slots that a sentence fills."""
    return of_words(t.words(sentence), sentence)


def of_words(words: Iterable[str], text: str) -> int:
    """The slots that the words of a text fill."""
    found = 0
    for word in words:
        found |= slots(word)
    if not text.isascii() and t.UNSPACED_SIGN.search(text):
        for bit, pattern in PATTERNS:
            if pattern.search(text):
                found |= bit
    return found


def fills(found: int, *wanted: int) -> bool:
    """Whether every one of `wanted` is filled; one that joins several slots by any of them."""
    return all(found & bit for bit in wanted)


def within(sentence: str, reach: int, *wanted: int) -> bool:
    """Whether each of `wanted` is filled by a word, all of them within `reach` words in a row.

    Without spaces, where words cannot be counted, the sentence is the reach.
    """
    if not sentence.isascii() and t.UNSPACED_SIGN.search(sentence):
        return fills(read(sentence), *wanted)
    last = [-reach] * len(wanted)
    for place, word in enumerate(t.words(sentence)):
        found = slots(word)
        if not found:
            continue
        for number, bit in enumerate(wanted):
            if found & bit:
                last[number] = place
        if min(last) > place - reach:
            return True
    return False
