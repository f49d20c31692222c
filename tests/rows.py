"""Small files of rows that tests write and read back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from autoevol.data.dataset import (
    Fields,
    Row,
    read_rows,
)

ROWS = [{"id": "a", "instruction": "Sort a list."}, {"id": "b", "instruction": "Sum a list."}]


def jsonl(rows: Sequence[Mapping[str, object]]) -> bytes:
    return "".join(json.dumps(r) + "\n" for r in rows).encode()


def a_file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def one(folder: Path, row: Mapping[str, object], fields: Fields | None = None) -> Row:
    (found,) = read_rows(a_file(folder, "one.jsonl", jsonl([row])), fields=fields)
    return found


def as_csv(rows: Sequence[Mapping[str, str]], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
