"""Does a text hold words of a benchmark? Contamination by shared runs of words.

Decides what counts: 13 words in a row of one benchmark text (GPT-3, arXiv 2005.14165, appendix C),
or runs of at least 8 that together are half of it or more, so that short tasks are found too and a
common phrase alone is none. Texts of fewer than 8 words are not looked for, and are counted. Every
text column of a benchmark's rows is looked at: tasks, answers, tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autoevol.data.files import digest_of_file, digest_of_source, values
from autoevol.data.formats import BadRow
from autoevol.errors import BadInput
from autoevol.evolving.filters.likeness import Hit
from autoevol.text.structure import clip, words

RULE = "contaminated"
LONG, SHORT = 13, 8
HALF = 2
MOST_PLACES = 50
"""Places of the same 8 words that are remembered: a text that repeats itself has thousands."""
_EVIDENCE = re.compile(r"(\d+) words in a row(?:, \d+ of \d+ in all,)? of (.+), row (\d+): ")


@dataclass(frozen=True, slots=True)
class Source:
    """A benchmark file. `rows` were read, `short` of them hold no text of 8 words or more."""

    name: str
    rows: int
    short: int


@dataclass(frozen=True, slots=True)
class _Text:
    source: str
    row: int
    words: tuple[int, ...]


class Benchmarks:
    """The texts of benchmark files, held in memory.

    Args:
        files: any that rows can be read from, see `data.files`.

    Raises:
        BadInput: a file cannot be read, holds a bad row, or no text of 8 words.
    """

    def __init__(self, files: Sequence[Path]) -> None:
        self._ids: dict[str, int] = {}
        self._texts: list[_Text] = []
        # From the hash of 8 words to where they stand; a hit is compared word by word.
        self._places: dict[int, tuple[int, int] | list[tuple[int, int]]] = {}
        self.sources = tuple(self._read(file) for file in files)

    def hit(self, text: str) -> Hit | None:
        """The first benchmark text that this one holds too much of."""
        mine = [self._ids.get(word, -1) for word in words(text)]
        covered: dict[int, set[int]] = {}
        longest: dict[int, tuple[int, int]] = {}
        at = 0
        for at, number, place in self._runs(mine):
            theirs = self._texts[number].words
            # Runs of the same text overlap but for one word; only where one begins is it measured.
            if at and place and mine[at - 1] == theirs[place - 1]:
                continue
            run = SHORT
            while (
                at + run < len(mine)
                and place + run < len(theirs)
                and mine[at + run] == theirs[place + run]
            ):
                run += 1
            covered.setdefault(number, set()).update(range(place, place + run))
            longest[number] = max(longest.get(number, (0, 0)), (run, -at))
        for number, (run, begin) in longest.items():
            shared, whole = len(covered[number]), len(self._texts[number].words)
            if run >= LONG or HALF * shared >= whole:
                return Hit(RULE, self._told(number, run, (shared, whole), text, -begin))
        return None

    def _runs(self, mine: Sequence[int]) -> Iterator[tuple[int, int, int]]:
        """Each 8 words of the text that stand in a benchmark text: where here, which text, where
        there."""
        unknown = -1  # the last word that no benchmark has
        for end, word in enumerate(mine):
            if word < 0:
                unknown = end
            at = end - SHORT + 1
            if at <= unknown:
                continue
            eight = tuple(mine[at : end + 1])
            found = self._places.get(hash(eight))
            if found is None:
                continue
            for number, place in [found] if isinstance(found, tuple) else found:
                if self._texts[number].words[place : place + SHORT] == eight:
                    yield at, number, place

    def _told(self, number: int, run: int, parts: tuple[int, int], text: str, begin: int) -> str:
        where = self._texts[number]
        shared = "" if run >= LONG else f", {parts[0]} of {parts[1]} in all,"
        quote = clip(" ".join(words(text)[begin : begin + run]), 80)
        return f"{run} words in a row{shared} of {where.source}, row {where.row}: {quote}"

    def _read(self, file: Path) -> Source:
        rows = short = 0
        for where, line, value in values(file):
            if isinstance(value, BadRow):
                raise BadInput(f"{where}, line {line}: {value}", "Mend the benchmark file.")
            rows += 1
            added = [self._add(file.name, rows, text) for text in _strings(value)]
            short += not any(added)
        if rows == short:
            raise BadInput(
                f"{file} holds no text of {SHORT} words or more.",
                "Give a file of the benchmark's tasks.",
            )
        return Source(file.name, rows, short)

    def _add(self, source: str, row: int, text: str) -> bool:
        """Whether the text is long enough to be looked for."""
        found = words(text)
        if len(found) < SHORT:
            return False
        ids = tuple(self._ids.setdefault(word, len(self._ids)) for word in found)
        number = len(self._texts)
        self._texts.append(_Text(source, row, ids))
        for place in range(len(ids) - SHORT + 1):
            key = hash(ids[place : place + SHORT])
            there = self._places.get(key)
            if there is None:
                self._places[key] = (number, place)
            elif isinstance(there, tuple):
                self._places[key] = [there, (number, place)]
            elif len(there) < MOST_PLACES:
                there.append((number, place))
        return True


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)


def digest_of(files: Iterable[Path]) -> str:
    """What the files hold, for who must know whether they are the same."""
    found = [digest_of_source(file) if file.is_dir() else digest_of_file(file) for file in files]
    return " ".join(found)


def read_evidence(evidence: str) -> tuple[str, int, int] | None:
    """File, row and words in a row of what `hit` said; None where it is no such evidence."""
    found = _EVIDENCE.match(evidence)
    return (found[2], int(found[3]), int(found[1])) if found else None
