"""`autoevol check`: every eliminator rule's verdict on rows that are there already.

Decides what such a row is and what its verdict looks like. The rules are `roles.eliminator`'s; no
model is asked.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from autoevol.data.files import values
from autoevol.data.formats import BadRow, Found, json_lines, lines
from autoevol.errors import BadInput
from autoevol.methods import NAME, load_method
from autoevol.roles.eliminator import RULES, Eliminator, Rule
from autoevol.roles.evolver import TAGS, final_section
from autoevol.roles.rules.own import OwnRule, with_own
from autoevol.types import Evolution, Instruction

TEXTS = ("seed", "evolved", "response", "raw", "method", "finish", "response_finish")
STDIN = "-"
SHOWN = 8
"""So many columns of a row are named."""
HINT = "A row needs seed and evolved (or raw); leave bad rows out with --skip-bad-rows."


def check(
    rows: Iterable[Mapping[str, Any]], rules: Iterable[OwnRule] = ()
) -> Iterator[dict[str, Any]]:
    """A verdict for each row: `id`, `failed`, and `rules`, every one that fired, gravest first.

    Args:
        rows: with `seed` and `evolved`, and maybe `id`, `response`, `raw` (the evolver's whole
            answer; where `evolved` is missing its final section is taken), `finish` and
            `response_finish` (how these ended: stop, length, refusal, overflow) and `method` (a
            `domain/name` on the shelf, or the method's text). No response at all was not asked for;
            an empty one is a failure.
        rules: the user's own, from an evolution to a failure or None.

    Raises:
        BadInput: a row lacks a text, or names a method that cannot be read.
        UsageError: a rule of the user's own raised, or gave something else than a failure.
    """
    all_rules = with_own(rules)
    eliminators: dict[str, Eliminator] = {}
    for number, row in enumerate(rows, start=1):
        evolution = evolution_of(row, number)
        method = str(row.get("method") or "")
        if method not in eliminators:
            eliminators[method] = eliminator_for(method, all_rules)
        failures = eliminators[method].inspect(evolution)
        yield {
            "id": evolution.before.id if row.get("id") is None else row["id"],
            "failed": bool(failures),
            "rules": [{"rule": f.rule, "evidence": f.evidence} for f in failures],
        }


def read_pairs(
    path: Path, *, skip_bad: bool = False, skipped: Callable[[str], None] | None = None
) -> Iterator[dict[str, Any]]:
    """The rows of a file, checked for what `check` needs.

    Args:
        path: a file of any kind that seeds may come in; one without an ending holds JSON lines, and
            `-` is the standard input.
        skip_bad: leave out rows that cannot be read.
        skipped: told why a row was left out.

    Raises:
        BadInput: file and line of the first bad row, or nothing to check at all.
    """
    some, first, named = False, "", "standard input" if str(path) == STDIN else str(path)
    for number, value in _values(path):
        try:
            row = _row(value, number)
        except BadInput as bad:
            reason = f"{named}, line {number}: {bad.message}"
            if not skip_bad:
                raise BadInput(reason, bad.hint) from bad
            first = first or reason
            if skipped is not None:
                skipped(reason)
            continue
        some = True
        yield row
    if not some:
        none = f"{named} holds no rows."
        raise BadInput(f"Not one row of {named} can be checked; {first}" if first else none, HINT)


def _values(path: Path) -> Iterator[Found]:
    if str(path) == STDIN:
        yield from json_lines(lines(sys.stdin.buffer))
    elif path.exists() and not path.is_dir() and not path.suffix:
        with path.open("rb") as file:
            yield from json_lines(lines(file))
    else:
        yield from ((line, value) for _, line, value in values(path))


def _row(value: Mapping[str, object] | BadRow, number: int) -> dict[str, Any]:
    if isinstance(value, BadRow):
        raise BadInput(str(value), HINT)
    row = _paired(value)
    evolution_of(row, number)
    _text_of(str(row.get("method") or ""))
    if row.get("id") is None:
        row["id"] = str(number)
    return row


def _paired(value: Mapping[str, object]) -> dict[str, Any]:
    """The row, from a record of `evolve`'s where it is one."""
    row = dict(value)
    if "seed" in row or not {"before", "instruction", "verdict"} <= row.keys():
        return row
    made_by = row.get("method")
    name = made_by.get("name") if isinstance(made_by, Mapping) else ""
    named = isinstance(name, str) and name.count("/") == 1
    return {
        "id": row.get("id"),
        "seed": row["before"] or row["instruction"],
        "evolved": row["instruction"],
        "response": row.get("response") or None,
        "method": name if named else "",
    }


def evolution_of(row: Mapping[str, Any], number: int = 1) -> Evolution:
    """The evolution that a row tells of; `number` names it where it has no id.

    Raises:
        BadInput: the row lacks a text.
    """
    for name in TEXTS:
        if not isinstance(row.get(name, ""), str | None):
            raise BadInput(f"{name} is not a text.", HINT)
    if row.get("seed") is None or (row.get("evolved") is None and row.get("raw") is None):
        missing = "seed" if row.get("seed") is None else "evolved"
        there = ", ".join(sorted(map(str, row))[:SHOWN]) or "nothing"
        raise BadInput(f"the row has no {missing}; it has {there}.", HINT)
    given = row.get("id")
    name, raw = str(number if given is None else given), row.get("raw") or ""
    evolved = row.get("evolved")
    answered = row.get("response") is not None
    return Evolution(
        before=Instruction(row["seed"], name),
        after=Instruction(final_section(raw) if evolved is None else evolved, name),
        raw=raw,
        response=row.get("response") or "",
        evolver_finish=row.get("finish") or "",
        response_finish=(row.get("response_finish") or "stop") if answered else "",
    )


def eliminator_for(method: str, rules: tuple[Rule, ...] = RULES) -> Eliminator:
    """The eliminator of a method on the shelf, or of the text that a method has.

    Raises:
        BadInput: there is no such method.
    """
    return Eliminator(_text_of(method), TAGS, rules)


def _text_of(method: str) -> str:
    """A method's text: rows may name one of the shelf, but no file, or hold the text itself."""
    domain, _, name = method.partition("/")
    if NAME.fullmatch(domain) and NAME.fullmatch(name):
        return load_method(method).text
    if method and len(method.split()) == 1:
        raise BadInput(
            f"method {method!r:.80} is no text and names none of the shelf.",
            "Name one as DOMAIN/NAME (autoevol methods lists them), or give its text.",
        )
    return method
