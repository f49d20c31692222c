"""Rows in: any of the usual files of instruction data, streamed as `Row`.

Decides what becomes of a row that cannot be *read* (an error, or counted with `skip_bad`) and how
each row gets an id of its own; a row that can be read but not *evolved* comes out with its reason,
so that it can be dropped in the open. Where rows come from is left to `files`, what their columns
mean to `columns`, how they become the items of a run to `seeds`, what goes out again to `records`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from autoevol.data.columns import Fields, Row, Verifier, row_of
from autoevol.data.files import (
    Source,
    digest_of_file,
    digest_of_source,
    named,
    stamp_of_source,
    values,
)
from autoevol.data.formats import BadRow
from autoevol.data.redaction import redacted
from autoevol.data.seen import Seen
from autoevol.errors import BadInput
from autoevol.types import Instruction

__all__ = [
    "Fields",
    "Reader",
    "Row",
    "Skipped",
    "Source",
    "Verifier",
    "digest_of_file",
    "digest_of_source",
    "instructions",
    "read_rows",
    "stamp_of_source",
]


SKIP_HINT = "Mend the row, or leave such rows out with --skip-bad-rows."


@dataclass(slots=True)
class Skipped:
    """The bad rows that were left out: how many, and the first reasons; and how many rows were
    `repeated`, by an id that an earlier row has, and got one of their own."""

    count: int = 0
    reasons: list[str] = field(default_factory=list)
    repeated: int = 0

    def add(self, reason: str) -> None:
        self.count += 1
        if len(self.reasons) < 5:
            self.reasons.append(reason)


class Reader:
    """Reads a source row by row, and knows how far it is.

    Args:
        source: see `read_rows`.
        fields: columns under other names than the usual ones.
        skip_bad: leave out rows that cannot be read, instead of stopping at the first.
        skipped: counts what was left out.
        passed: so many values of the source were read in an earlier reading, and are passed over.
        seen: the fingerprints of the rows among them.
        redact: see `read_rows`.

    Raises: as `read_rows`, while it is iterated.
    """

    def __init__(
        self,
        source: Source,
        *,
        fields: Fields | None = None,
        skip_bad: bool = False,
        skipped: Skipped | None = None,
        passed: int = 0,
        seen: Seen | None = None,
        redact: Callable[[str], str] | None = None,
    ) -> None:
        self.values = passed
        """Values read by now, bad ones included."""
        self.fingerprint = 0
        """Of the last row: 64 bits of its name's hash; a million rows collide once in 3e7 runs."""
        self._source = source
        self._fields = fields or Fields()
        self._skip_bad = skip_bad
        self._skipped = Skipped() if skipped is None else skipped
        self._passed = passed
        self._seen = Seen() if seen is None else seen
        self._redact = redact

    def __iter__(self) -> Iterator[Row]:
        for where, line, value in values(self._source, self._passed):
            self.values += 1
            try:
                if isinstance(value, BadRow):
                    raise value
                if self._redact is not None:
                    value = redacted(value, self._redact, f"{where}, line {line}")
                row = row_of(value, self._fields, line)
            except BadRow as bad:
                reason = f"{where}, line {line}: {bad}"
                if not self._skip_bad:
                    raise BadInput(reason, SKIP_HINT) from bad
                self._skipped.add(reason)
                continue
            yield self._numbered(row)
        if not self.values:
            raise BadInput(
                f"{named(self._source)} holds no rows.", "Give at least one instruction."
            )
        if not len(self._seen):
            raise BadInput(
                f"{named(self._source)} holds no usable row: {self._skipped.reasons[0]}",
                "Mend the file.",
            )

    def _numbered(self, row: Row) -> Row:
        """With an id of its own: the file's, or a hash of what it says and a number."""
        name = row.id
        if not name:
            turns = [[m.role, m.content] for m in row.messages]
            said = json.dumps([row.instruction, turns], ensure_ascii=True)
            name = hashlib.sha256(said.encode()).hexdigest()[:16]
        hashed = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
        self.fingerprint = int.from_bytes(hashed[:8])
        times = self._seen.add(self.fingerprint)
        if not row.id:
            return replace(row, id=f"{name}-{times - 1}")
        if times == 1:
            return row
        self._skipped.repeated += 1
        return replace(row, id=f"{name}#{times}")


def read_rows(
    source: Source,
    *,
    fields: Fields | None = None,
    skip_bad: bool = False,
    skipped: Skipped | None = None,
    redact: Callable[[str], str] | None = None,
) -> Iterator[Row]:
    """The rows of a file, a folder's files in order of name, a Hugging Face data set, or a program.

    Reads .jsonl, .json, .csv, .tsv and .parquet, the text ones also as .gz and .zst, in constant
    memory but for one fingerprint a row. A row's id is the file's, else a hash of its text with its
    number among equal texts; a repeated id gets `#2`, `#3`, … so that no row hides another.

    Args:
        fields: columns under other names than the usual ones.
        skip_bad: leave out rows that cannot be read, instead of stopping at the first.
        skipped: counts what was left out.
        redact: applied to every text of a row, in all columns, before anything else sees it.

    Raises:
        BadInput: no such source, nothing in it, a file that cannot be unpacked; a row that cannot
            be read, naming file and line (unless `skip_bad`), or not a single usable row.
    """
    return iter(Reader(source, fields=fields, skip_bad=skip_bad, skipped=skipped, redact=redact))


def instructions(rows: Iterable[Row]) -> list[Instruction]:
    """The rows that can be evolved, as instructions."""
    return [Instruction(r.instruction, r.id, r.lang) for r in rows if not r.unsupported]
