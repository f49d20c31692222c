"""A run's filters at work, around what `evolve` does with a row.

Decides when each filter looks: licence, language and benchmark words at a row before it costs
anything; length, language and benchmark words at each rewrite, as rules among the eliminator's;
likeness at each record in the order of the rows, last of all. And that a run that was cut decides
as one that was not: what was kept is in kept.jsonl, and the memory of texts is made of that. What
is filtered is `choice`'s to say.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from autoevol.data.dataset import Row
from autoevol.errors import StorageFailed
from autoevol.evolving.filters import benchmarks as marks
from autoevol.evolving.filters.benchmarks import Benchmarks
from autoevol.evolving.filters.bounds import (
    Rule,
    benchmark_rule,
    forbidden,
    language_rule,
    length_rule,
    strange,
)
from autoevol.evolving.filters.choice import Filters
from autoevol.evolving.filters.likeness import Hit, Line, Memory
from autoevol.evolving.filters.near import Near
from autoevol.runs import storage
from autoevol.together import LARGE, Aside
from autoevol.types import Failure

MEMORY = "texts.sqlite"
_CONTAMINATED = re.compile(rb'"verdict":\{"kept":false,"reason":"contaminated"')


class Filtering:
    """The filters that need no memory of other rows. Made before a run begins; benchmark files are
    read now. Raises UsageError and BadInput."""

    def __init__(self, filters: Filters) -> None:
        filters.check()
        self.filters = filters
        self.redact = filters.redaction()
        self.benchmarks = Benchmarks(filters.decontaminate) if filters.decontaminate else None

    def rules(self) -> tuple[Rule, ...]:
        """For the eliminator, behind its own."""
        chosen, found = self.filters, list[Rule]()
        if chosen.min_words is not None or chosen.max_words is not None:
            found.append(length_rule(chosen.min_words, chosen.max_words))
        if chosen.languages:
            found.append(language_rule(chosen.languages))
        if self.benchmarks is not None:
            found.append(benchmark_rule(self.benchmarks))
        return tuple(found)

    def row(self, row: Row) -> Row:
        """The row, barred where it is not worth a call."""
        failure = None if row.unsupported else self._barred(row)
        if failure is None:
            return row
        return replace(row, unsupported=failure.evidence, barred_by=failure.rule)

    def _barred(self, row: Row) -> Failure | None:
        chosen = self.filters
        failure = forbidden(row.license, chosen.licenses) if chosen.licenses else None
        if failure is None and chosen.languages:
            failure = strange(row.instruction, chosen.languages)
        if failure is None and self.benchmarks is not None:
            hit = self.benchmarks.hit(row.instruction)
            failure = Failure(hit.rule, hit.evidence) if hit else None
        return failure

    def facts(self, dropped: Path) -> dict[str, Any]:
        """For the summary: what is filtered, and which benchmark's words were found how often."""
        told: dict[str, Any] = {"filters": self.filters.settings()}
        if self.benchmarks is not None:
            hits, rows = _hits(dropped)
            told["benchmarks"] = [
                {
                    "file": source.name,
                    "rows": source.rows,
                    "too_short_to_find": source.short,
                    "records_dropped": hits[source.name],
                    "rows_found": rows[source.name],
                }
                for source in self.benchmarks.sources
            ]
        return told


def _hits(dropped: Path) -> tuple[Counter[str], Counter[str]]:
    """By benchmark: the records dropped for it, and its rows found in them."""
    hits, rows = Counter[str](), set[tuple[str, int]]()
    if dropped.exists():
        with storage(dropped), dropped.open("rb") as file:
            for line in file:
                if not _CONTAMINATED.search(line) or not line.endswith(b"\n"):
                    continue
                evidence = json.loads(line)["verdict"]["failures"][0]["evidence"]
                found = marks.read_evidence(evidence)
                if found is not None:
                    hits[found[0]] += 1
                    rows.add(found[:2])
    return hits, Counter(name for name, _ in rows)


class Sieve:
    """The memory of what was kept. A context manager; records come in the order of the rows.

    Args:
        filters: what counts as a duplicate.
        kept: the records' file: what is in it is remembered. The memory's own file lies beside it.

    Raises:
        StorageFailed: the memory's file, or the records', cannot be read or written.
    """

    def __init__(self, filters: Filters, kept: Path) -> None:
        self._kept = kept
        self._near: Near | None = None
        self._memories: list[Memory] = []
        self._aside = Aside()
        if filters.dedup == "none":
            return
        if filters.dedup == "rouge":
            from autoevol.evolving.filters.rouge import RougeL

            self._memories = [Near(exact_only=True), RougeL()]
        else:
            path = kept.with_name(MEMORY)
            self._near = Near(path, exact_only=filters.dedup == "exact")
            self._memories = [self._near]
        self._remember()

    async def judge_aside(self, record: dict[str, Any]) -> None:
        """As `judge`. Rows go on while a large text is taken apart."""
        if record["verdict"]["kept"]:
            text = text_of(record)
            for memory in self._memories if len(text) >= LARGE else ():
                await self._aside.do(len(text), partial(memory.ready, text))
        self.judge(record)

    def judge(self, record: dict[str, Any]) -> None:
        """Drop a record, before it is written, that is like one kept before."""
        if not self._memories or not record["verdict"]["kept"]:
            return
        text, line = text_of(record), line_of(record)
        hit = next((hit for memory in self._memories if (hit := memory.like(text, line))), None)
        if hit is not None:
            _drop(record["verdict"], hit)

    def kept(self, record: Mapping[str, Any]) -> None:
        """Remember a record, once it is written."""
        if not self._memories or not record["verdict"]["kept"]:
            return
        self._add(record)
        if self._near is not None and self._near.keys.due():
            self._near.keys.cover(self._size())

    def __enter__(self) -> Sieve:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._near is not None:
            if not isinstance(error, StorageFailed):
                self._near.keys.cover(self._size())
            self._near.keys.close()

    def _remember(self) -> None:
        """What the records' file has and the memory has not."""
        start = 0
        if self._near is not None:
            start = self._near.keys.covered
            if not _ends_line(self._kept, start):
                self._near.keys.clear()  # the file is another one than it was
                start = 0
        for record in _records(self._kept, start):
            self._add(record)

    def _add(self, record: Mapping[str, Any]) -> None:
        text, line = text_of(record), line_of(record)
        for memory in self._memories:
            memory.add(text, str(record["id"]), line)

    def _size(self) -> int:
        return self._kept.stat().st_size if self._kept.exists() else 0


def text_of(record: Mapping[str, Any]) -> str:
    """What is compared: what the user says, in all turns, for "go on" alone says nothing."""
    turns = [turn["content"] for turn in record["messages"] if turn["role"] == "user"]
    return "\n".join(turns) or str(record["instruction"])


def line_of(record: Mapping[str, Any]) -> Line:
    branch = f"{record['variant']}" if record["round"] else ""
    return Line(str(record["seed_id"]), branch)


def _drop(verdict: dict[str, Any], hit: Hit) -> None:
    verdict["kept"], verdict["reason"] = False, hit.rule
    verdict["failures"] = [{"rule": hit.rule, "evidence": hit.evidence}]


def _ends_line(path: Path, size: int) -> bool:
    """Whether a file has a line's end at that size, or is to be read from its beginning."""
    if size == 0:
        return True
    with storage(path):
        if not path.exists() or path.stat().st_size < size:
            return False
        with path.open("rb") as file:
            file.seek(size - 1)
            return file.read(1) == b"\n"


def _records(path: Path, start: int) -> Iterator[dict[str, Any]]:
    if not path.exists():
        return
    with storage(path), path.open("rb") as file:
        file.seek(start)
        for line in file:
            if line.endswith(b"\n"):
                yield json.loads(line)
