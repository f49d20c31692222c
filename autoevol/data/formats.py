"""The text formats of instruction data: JSON lines, a JSON array, CSV and TSV.

Decides how open bytes become numbered rows, and that a bad row (`BadRow`) spoils itself alone where
the format lets the next one be found. Which file is opened how is left to `files`, what the columns
of a row mean to `columns`.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from autoevol.errors import BadInput

CHUNK = 1 << 16
BETWEEN = re.compile(r"[\s,]*")
CSV_CELL = 1 << 27  # the library's own limit of 128 KiB refuses honest long instructions


class BadRow(Exception):
    """This row cannot be read; the words say why."""


Line = tuple[int, str | BadRow]
"""A line by its number from 1 on, or why it is none."""
Found = tuple[int, Mapping[str, object] | BadRow]
"""A row before its columns are known, by its number, or why there is none."""


@dataclass(slots=True)
class Passing:
    """So many rows are still to be passed over."""

    left: int = 0

    def over(self) -> bool:
        """Whether the next row is one of them; asked once a row."""
        if not self.left:
            return False
        self.left -= 1
        return True


def lines(file: IO[bytes]) -> Iterator[Line]:
    """Lines from 1 on, decoded one by one so that a bad one is known by its number."""
    with file:
        for number, raw in enumerate(file, start=1):
            try:
                text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as error:
                yield number, BadRow(f"not UTF-8 (byte {error.start + 1} of the line).")
            else:
                yield number, text


def json_lines(lines: Iterable[Line], passing: Passing | None = None) -> Iterator[Found]:
    """One object a line; blank lines count and are left out.

    What `passing` counts is left out unread, which is many times faster than reading it.
    """
    passing = passing or Passing()
    for number, text in lines:
        if isinstance(text, BadRow):
            if not passing.over():
                yield number, text
        elif text.strip() and not passing.over():
            yield number, _parsed(text)


def _parsed(text: str) -> Mapping[str, object] | BadRow:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        return BadRow(f"not JSON ({error}).")
    return value if isinstance(value, dict) else BadRow("not a JSON object.")


def array(path: Path, file: IO[str], text: str, at: int) -> Iterator[Found]:
    """The elements of a JSON array, read piece by piece, each by the line it begins on.

    Args:
        path: names the file in what is said of it.
        file: gives the text that follows `text`.
        at: where the first element begins in `text`, behind the bracket.

    Raises:
        BadInput: broken JSON; where the next element begins cannot be told then.
    """
    decoder = json.JSONDecoder()
    line = 1 + text.count("\n", 0, at)
    while True:
        start = cast(re.Match[str], BETWEEN.match(text, at)).end()
        line += text.count("\n", at, start)
        at = start
        if text.startswith("]", at):
            return
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            more = file.read(max(CHUNK, len(text) - at))
            if not more:
                reason = f"{path}, line {line}: not JSON ({error})."
                raise BadInput(reason, "Mend the file.") from error
            # One that does not end in what is read is tried at twice that.
            text, at = text[at:] + more, 0
            continue
        yield line, value if isinstance(value, dict) else BadRow("not a JSON object.")
        line += text.count("\n", at, end)
        at = end


def table(lines: Iterable[Line], delimiter: str) -> Iterator[Found]:
    """The rows of CSV under the header in the first line; a short row lacks its last columns."""
    csv.field_size_limit(CSV_CELL)
    bad: list[tuple[int, BadRow]] = []
    number = 0

    def texts() -> Iterator[str]:
        nonlocal number
        for at, text in lines:
            number = at
            if isinstance(text, BadRow):
                bad.append((at, text))
            else:
                yield text

    reader = csv.DictReader(texts(), delimiter=delimiter, strict=True)
    while True:
        try:
            _ = reader.fieldnames
            line = number + 1
            cells = next(reader, None)
        except csv.Error as error:
            yield number, BadRow(f"not CSV ({error}).")
            continue
        yield from bad
        bad.clear()
        if cells is None:
            return
        if None in cells:
            yield line, BadRow("more cells than the header has.")
        else:
            yield line, {k: v for k, v in cells.items() if v is not None}
