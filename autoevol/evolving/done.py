"""What a folder's record files hold already: ids in eight bytes each, and counts.

Decides how files of millions of records are looked through without reading their texts: the head
of a line says all that is asked. What a record is, is left to `records`.
"""

from __future__ import annotations

import json
import re
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autoevol.errors import BadInput
from autoevol.runs import storage

_ID = re.compile(rb'\{"id":"([0-9a-f]{16})[0-9a-f]{16}",')
# Quotes inside a text are escaped, so this is a column of the record, and the first of that name.
_REASON = re.compile(rb'"verdict":\{"kept":false,"reason":"([^"\\]*)"')
_UNMARKED = re.compile(
    rb'"verdict":\{"kept":(?:true|false),"reason":"[^"\\]*","marks":\{"faithful":null,'
)
_UNEVOLVED = re.compile(
    rb'"verdict":\{"kept":(?:true|false),"reason":"[^"\\]*",(?:"marks":\{[^{}]*\},)?"unevolved":'
)


@dataclass(slots=True)
class Done:
    """`kept` and `dropped` count records, the latter by the rule that dropped them; to `unmarked`
    ones a judge that was asked gave no marks. `unevolved` counts user turns that stayed as they
    were in records of conversations, by rule."""

    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    unmarked: int = 0
    unevolved: Counter[str] = field(default_factory=Counter)
    _ids: array[int] = field(default_factory=lambda: array("Q"))

    def __contains__(self, record_id: str) -> bool:
        """Whether a record of that name is there. A million records are mistaken for one another
        with a chance of one in 3e7."""
        wanted = int(record_id[:16], 16)
        at = bisect_left(self._ids, wanted)
        return at < len(self._ids) and self._ids[at] == wanted

    @property
    def records(self) -> int:
        return self.kept + self.dropped.total()


def look_through(kept: Path, dropped: Path, offsets: tuple[int, int] = (0, 0)) -> Done:
    """The records of both files, from a byte of each that begins a line.

    Raises:
        BadInput: a line is damaged.
        StorageFailed: a file cannot be read.
    """
    done, found = Done(), array("Q")
    for path, offset in zip((kept, dropped), offsets, strict=True):
        if not path.exists():
            continue
        with storage(path), path.open("rb") as file:
            file.seek(offset)
            for line in _whole(file):
                name = _ID.match(line)
                why = _REASON.search(line) if path == dropped else None
                if name is None or (why is None and path == dropped):
                    name_of, reason = _read(path, line)
                else:
                    name_of, reason = int(name[1], 16), why[1].decode() if why else ""
                found.append(name_of)
                done.unmarked += _UNMARKED.search(line) is not None
                if _UNEVOLVED.search(line):
                    done.unevolved.update(turns_of(json.loads(line)["verdict"]))
                if path == kept:
                    done.kept += 1
                else:
                    done.dropped[reason] += 1
    done._ids = array("Q", sorted(found))
    return done


def turns_of(verdict: Mapping[str, Any]) -> list[str]:
    """The rule of each user turn that stayed as it was."""
    return [turn["rule"] for turn in verdict.get("unevolved", ())]


def names(path: Path) -> Iterator[tuple[int, int]]:
    """Each record of a file by its id's first 64 bits and the byte that its line begins at; none if
    there is no file. Raises as `look_through`."""
    if not path.exists():
        return
    at = 0
    with storage(path), path.open("rb") as file:
        for line in _whole(file):
            known = _ID.match(line)
            yield int(known[1], 16) if known else _read(path, line)[0], at
            at += len(line)


def reason_of(path: Path, line: bytes) -> str:
    """Why a record was dropped, of a line of a file. Raises as `look_through`."""
    why = _REASON.search(line)
    return why[1].decode() if why else _read(path, line)[1]


def _whole(lines: Iterable[bytes]) -> Iterable[bytes]:
    return (line for line in lines if line.endswith(b"\n"))


def _read(path: Path, line: bytes) -> tuple[int, str]:
    """Id and reason of a line that was not written by us, or not in this order."""
    try:
        record = json.loads(line)
        return int(str(record["id"])[:16], 16), str(record["verdict"]["reason"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        hint = "Move the file away, or name another folder with --out."
        raise BadInput(f"{path}, a line is damaged: {error!r}.", hint) from error
