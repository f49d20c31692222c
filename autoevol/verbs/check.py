"""`autoevol check`: every eliminator rule's verdict on rows that are there already.

Decides what such a row is and what its verdict looks like. The rules are `roles.eliminator`'s; no
model is asked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from autoevol.errors import BadInput
from autoevol.methods import NAME, load_method
from autoevol.roles.eliminator import RULES, Eliminator, Rule
from autoevol.roles.evolver import TAGS, final_section
from autoevol.roles.rules.own import OwnRule, with_own
from autoevol.types import Evolution, Instruction

TEXTS = ("seed", "evolved", "response", "raw", "method", "finish", "response_finish")
HINT = "A row needs seed and evolved (or raw); leave bad rows out with --skip-bad-rows."


def check(
    rows: Iterable[Mapping[str, Any]], rules: Iterable[OwnRule] = ()
) -> Iterator[dict[str, Any]]:
    """A verdict for each row: `id`, `failed`, and `rules`, every one that fired, gravest first.

    Args:
        rows: with `seed` and `evolved`, and maybe `id`, `response`, `raw` (the evolver's whole
            answer; where `evolved` is missing its final section is taken), `finish` and
            `response_finish` (how these ended: stop, length, refusal, overflow) and `method` (a
            `domain/name` on the shelf, or the method's text).
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
            "id": evolution.before.id,
            "failed": bool(failures),
            "rules": [{"rule": f.rule, "evidence": f.evidence} for f in failures],
        }


def read_pairs(
    path: Path, *, skip_bad: bool = False, skipped: Callable[[str], None] | None = None
) -> Iterator[dict[str, Any]]:
    """The rows of a JSON-lines file, checked for what `check` needs.

    Args:
        path: the file.
        skip_bad: leave out rows that cannot be read.
        skipped: told why a row was left out.

    Raises:
        BadInput: file and line of the first bad row, or nothing to check at all.
    """
    some = False
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                if not raw.strip():
                    continue
                try:
                    row = _row(raw, number)
                except BadInput as bad:
                    reason = f"{path}, line {number}: {bad.message}"
                    if not skip_bad:
                        raise BadInput(reason, bad.hint) from bad
                    if skipped is not None:
                        skipped(reason)
                    continue
                some = True
                yield row
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or error}.", "Name a JSON-lines file.") from error
    if not some:
        raise BadInput(f"{path} holds no rows.", HINT)


def _row(raw: bytes, number: int) -> dict[str, Any]:
    try:
        row = json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        raise BadInput(f"not UTF-8 (byte {error.start + 1}).", "Save it as UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise BadInput(f"not JSON ({error}).", HINT) from error
    if not isinstance(row, dict):
        raise BadInput("not a JSON object.", HINT)
    evolution_of(row, number)
    row.setdefault("id", str(number))
    return row


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
        raise BadInput(f"the row has no {missing}.", HINT)
    name, raw = str(row.get("id", number)), row.get("raw") or ""
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
    return method
