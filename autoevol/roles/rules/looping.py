"""The rule on loops: the same words over and over.

Decides what comes again too often: a line, a sentence, a run of words, a phrase with another number
in it each time, a word that stammers. What the seed itself repeats is no loop. Gives a `Failure`,
or None where it has nothing to say.
"""

from __future__ import annotations

from collections import Counter

from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.text import structure as t
from autoevol.text.lexicon import NUMBER_WORDS
from autoevol.types import Failure

# So many times in a row is a loop, whatever is said.
BEATS = 6
# An answer's end is looked at so far back; a loop there comes so often and has so many words.
LAST, ROUNDS, LONG = 240, 4, 16


def repetition(e: Exhibit) -> Failure | None:
    """A loop: a line, a sentence or a run of six words again and again, beyond the seed's own."""
    return found("repetition", looped(e.new, e.old))


def looped(new: t.Reading, old: t.Reading) -> str:
    """What `new` repeats without end, '' if nothing."""
    words = new.words
    if new.text.count("\n") >= 3:
        lines = Counter(line.strip() for line in new.text.split("\n") if len(line.strip()) > 9)
        lines -= Counter(line.strip() for line in old.text.split("\n"))
        for line, times in lines.most_common(1):
            if times >= 4:
                return f"{times} times: {t.clip(line, 90)}"
    # What comes again brings its words and its runs of three words again: most texts end here.
    if (
        len(words) - len(new.vocabulary) < 4
        or len(words) - 2 - len(frozenset(t.ngrams(words, 3))) < 4
    ):
        return ""
    dense = t.unspaced(words)
    said = Counter(s for s in t.sentences(new.prose) if len(s) > (7 if dense else 24))
    for sentence, times in said.most_common(1):
        if times - old.text.count(sentence) >= 3:
            return f"{times} times: {t.clip(sentence, 90)}"
    # The same question, each time a little longer.
    if not dense:
        for size, least in ((8, 3), (4, 4)):
            known = _starts(old, size)
            for start, times in _starts(new, size).most_common(1):
                if times >= least and known[start] < 2:
                    return f"{times} times: {t.clip(' '.join(start), 90)}"
    size = 12 if dense else 6
    # Examples of code and tests are alike, on purpose.
    own = t.words(new.outside) if new.fences else words
    loops = Counter(t.ngrams([w for w in own if not w.isdecimal()], size))
    loops -= Counter(t.ngrams([w for w in old.words if not w.isdecimal()], size))
    for run, times in loops.most_common(1):
        # A fifth of the text: a refrain or a repeated name stays below.
        if times >= 4 and size * times >= 0.2 * len(words):
            return f"{times} times: {t.clip(' '.join(run), 90)}"
    periods = range(2, 9) if dense else range(1, 4)
    stammered = _stammers(own, periods)
    if stammered and not (_patterned(new.text, stammered) or _stammers(old.words, periods)):
        return _counts_on(new, old) or f"{BEATS} times: {t.clip(stammered, 90)}"
    return _counts_on(new, old)


def _starts(reading: t.Reading, size: int) -> Counter[tuple[str, ...]]:
    """How sentences start, those of so many words at least."""
    # Tests of one function start alike, on purpose.
    told = (s for s in t.sentences(reading.prose) if "==" not in s and not s.startswith(">>>"))
    said = (tuple(t.words(sentence)[:size]) for sentence in told)
    return Counter(start for start in said if len(start) == size)


def runs_on(words: list[str], asked: list[str]) -> str:
    """What a text repeats until its end, "" if nothing; numbers may differ. A refrain ends,
    a loop does not; what is repeated where it was asked for is none."""
    said = ["#" if w.isdecimal() else w for w in words[-LAST:]]
    for period in range(1, len(said) // ROUNDS + 1):
        run = 0
        while run < len(said) - period and said[-1 - run] == said[-1 - run - period]:
            run += 1
        beat = said[-period:]
        if run >= max((ROUNDS - 1) * period, LONG) and any(word != "#" for word in beat):
            twice = 2 * words[-period:]
            if any(twice == asked[i : i + len(twice)] for i in range(len(asked))):
                return ""
            return f"{run // period + 1} times: {t.clip(' '.join(words[-period:]), 90)}"
    return ""


def _counts_on(new: t.Reading, old: t.Reading) -> str:
    """A phrase that comes again and again with another number or another thing in it."""
    if len(new.words) < 4 * BEATS:
        return ""
    words = t.words(new.outside) if new.fences else new.words
    said = ["#" if w.isdecimal() or w in NUMBER_WORDS else w for w in words]
    known = frozenset(t.ngrams(old.words, 3))  # a refrain that is to grow
    loops = Counter(
        run for run in t.ngrams(said, 3) if len({*run}) > 1 or (run[0] != "#" and run not in known)
    )
    for run, times in loops.most_common(1):
        if times >= BEATS and 3 * times >= 0.4 * len(said) and len(new.words) > 2 * len(old.words):
            return f"{times} times: {t.clip(' '.join(run), 90)}"
    return ""


def _patterned(text: str, word: str) -> bool:
    """Whether a word comes again as slots of a pattern do: "Name - Name - Name"."""
    low = text.casefold()
    return any(
        f"{word}{sign}{word}" in low for sign in (" - ", " | ", "|", " / ", "-", " → ", "\t")
    )


def _stammers(words: list[str], periods: range) -> str:
    """The same word, or the same few signs, many times in a row."""
    for size in periods:
        run = 0
        for place in range(size, len(words)):
            run = run + 1 if words[place] == words[place - size] else 0
            if run >= size * (BEATS - 1) and not words[place].isdecimal():
                return " ".join(words[place - size + 1 : place + 1])
    return ""
