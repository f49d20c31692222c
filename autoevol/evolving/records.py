"""Records out: what `evolve` writes for every row, and how it is appended and found again.

Decides the fields of a record (the contract of the data files), what a record is called before it
exists, and when a seed's answer or tests still hold. Where records lie and which are written is
left to the verb; formats for training to `export`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from autoevol.data.dataset import Row, Verifier
from autoevol.errors import BadInput
from autoevol.evolving.partners import license_of
from autoevol.llm.messages import Message
from autoevol.runs import storage
from autoevol.types import Evolution, Failure, Second, Spent

# Line ends to readers that split by Unicode's idea of a line, though not to JSON.
LINE_ENDS = (("\u2028", "\\u2028"), ("\u2029", "\\u2029"), ("\x85", "\\u0085"))
UNKNOWN, UNSUPPORTED = "unknown", "unsupported"


class Record(TypedDict):
    """One line of kept.jsonl or dropped.jsonl.

    `verifier` is {kind, answer or tests, status}: `valid` only while the instruction is the seed's
    own, `stale` once it changed, `none` where there was nothing to check by. `before` is the
    instruction that the round started from; of a row that was never evolved its own, with nothing
    in `instruction`. `usage` is what its answers took, whoever asked for them first: rows whose
    calls are equal share an answer, which the bill counts once. `verdict` is {kept, reason,
    failures, score, scorer}, with the judge's `marks` {faithful, doable} where one was asked, null
    where it gave none, and `unevolved` {turn, rule, evidence} of each earlier user turn (from 1)
    that was to be evolved and stayed as it was. `joined` are the other seeds that a round of its
    chain joined to this one: {seed_id, license}. `license` covers all, as SPDX, '' where one
    is not known. A seed as it was (round 0) names no method, and as a model at most who answered.
    """

    id: str
    seed_id: str
    parent_id: str
    round: int
    variant: int | str
    verdict: dict[str, object]
    messages: list[dict[str, str]]
    instruction: str
    response: str
    reasoning: str
    before: str
    verifier: dict[str, object]
    method: dict[str, str]
    models: dict[str, str]
    sample: int
    joined: list[dict[str, str]]
    usage: dict[str, object]
    license: str
    lang: str
    domain: str
    extra: dict[str, object]


def record_id(
    seed_id: str,
    method_digest: str,
    prompt_digest: str,
    models: Mapping[str, str],
    round: int,
    variant: int | str = 0,
    sample: int = 0,
    seed: int = 0,
) -> str:
    """The name of a record, known before its first call: what it is made of, hashed (32 hex)."""
    made_by = sorted(models.items())
    made_of = [seed_id, method_digest, prompt_digest, made_by, round, variant, sample]
    made_of += [seed] if seed else []  # names from before there was one stay what they are
    return hashlib.sha256(json.dumps(made_of, ensure_ascii=True).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Origin:
    """How rows are evolved in one run: all that a record's name needs besides its seed.

    `models` maps evolver and responder to PROVIDER/NAME; `prompt_digest` is of the text that wraps
    the method; `variant` tells apart several evolutions of one seed that differ by design;
    `from_seed`: no round stands on the one before it; `seed` is of randomness.
    """

    method: str
    method_digest: str
    prompt_digest: str
    models: Mapping[str, str]
    variant: int | str = 0
    sample: int = 0
    from_seed: bool = False
    seed: int = 0

    def record_id(self, seed_id: str, round: int = 1) -> str:
        made_by = (self.method_digest, self.prompt_digest, self.models)
        return record_id(seed_id, *made_by, round, self.variant, self.sample, self.seed)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a round stands: its number (0: the seed itself, answered), the round that it started
    from (0: the seed), its sample, the turns before it where they are not the row's own, the other
    instructions that are in it, and the user turns that stayed as they were."""

    round: int
    parent: int
    sample: int = 0
    turns: tuple[Message, ...] | None = None
    joined: tuple[Second, ...] = ()
    unevolved: tuple[tuple[int, Failure], ...] = ()


SEED_RESPONSE = "seed_response"
"""The key in `extra` of the answer that came with a row: it answers the seed."""


def make_record(
    row: Row,
    evolutions: Sequence[Evolution] | Evolution,
    origin: Origin,
    *,
    place: Place | None = None,
    score: float | None = None,
    scorer: str = "",
) -> Record:
    """The record of a row's last round.

    Args:
        evolutions: the row's rounds, the first starting from the row's instruction; none for a row
            that was dropped unevolved. Failures and usage are the last round's.
        place: where the last round stands, if not at the end of these.
        score: the proxy score of that round by `scorer`, None where it was not asked.
    """
    rounds = (evolutions,) if isinstance(evolutions, Evolution) else tuple(evolutions)
    last = rounds[-1] if rounds else None
    number = max(1, len(rounds))
    at = place or Place(number, 0 if origin.from_seed else number - 1, origin.sample)
    instruction = last.after.text if last else ""
    response = last.response if last else ""
    failures = _failures(row, last)
    stayed = [{"turn": turn, **_why(failure)} for turn, failure in at.unevolved]
    extra = {**row.extra, **({SEED_RESPONSE: row.response} if row.response and at.round else {})}
    return Record(
        id=origin.record_id(row.id, at.round),
        seed_id=row.id,
        parent_id=origin.record_id(row.id, at.parent) if at.parent else row.id,
        round=at.round,
        variant=origin.variant,
        verdict={
            "kept": not failures,
            "reason": failures[0].rule if failures else "",
            **({"marks": dict(last.marks)} if last and last.marks else {}),
            **({"unevolved": stayed} if stayed else {}),
            "failures": [_why(failure) for failure in failures],
            "score": score,
            "scorer": scorer,
        },
        messages=_messages(row, at.turns, instruction, response) if last else _dicts(row.messages),
        instruction=instruction,
        response=response,
        reasoning=last.reasoning if last else "",
        before=(last.before.text if at.round else "") if last else row.instruction,
        verifier=verifier_of(row.verifier, changed=bool(last) and instruction != row.instruction),
        method={
            "name": origin.method if at.round else "",
            "digest": origin.method_digest if at.round else "",
            "prompt_digest": origin.prompt_digest if at.round else "",
        },
        models={role: m for role, m in origin.models.items() if at.round or _wrote(role, row)},
        sample=at.sample,
        joined=[{"seed_id": one.id, "license": one.license} for one in at.joined],
        usage=_usage(last.spent if last else Spent()),
        license=license_of(row.license, at.joined),
        lang=row.lang,
        domain=row.domain,
        extra=extra,
    )


def verifier_of(verifier: Verifier | None, *, changed: bool) -> dict[str, object]:
    """The record's verifier. What was made for another instruction is stale, whoever changed it."""
    if verifier is None:
        return {"kind": "", "status": "none"}
    held = "stale" if changed or verifier.status != "valid" else "valid"
    name = verifier.kind if verifier.kind in ("answer", "tests") else "value"
    return {"kind": verifier.kind, name: verifier.value, "status": held}


def _failures(row: Row, last: Evolution | None) -> tuple[Failure, ...]:
    if row.unsupported:
        return (Failure(row.barred_by or UNSUPPORTED, row.unsupported),)
    if last is None:
        raise ValueError(f"row {row.id!r} was neither evolved nor unsupported")
    if last.unknown:
        return (Failure(UNKNOWN, last.unknown),)
    return last.failures


def _wrote(role: str, row: Row) -> bool:
    """Whether a role had a hand in the record of the seed itself."""
    return role == "responder" and not row.response


def _why(failure: Failure) -> dict[str, str]:
    return {"rule": failure.rule, "evidence": failure.evidence}


def _dicts(turns: Sequence[Message]) -> list[dict[str, str]]:
    return [{"role": m.role, "content": m.content} for m in turns]


def _messages(
    row: Row, before: Sequence[Message] | None, instruction: str, response: str
) -> list[dict[str, str]]:
    """The conversation up to the evolved turn, and its answer; later turns answered the old one."""
    if before is None:
        asked = [i for i, m in enumerate(row.messages) if m.role == "user"]
        before = row.messages[: max(asked, default=len(row.messages))]
    now = [*before, Message("user", instruction)]
    return _dicts([*now, Message("assistant", response)] if response else now)


def _usage(spent: Spent) -> dict[str, object]:
    """Tokens of all calls of the round, and US dollars as text (None where no price is known)."""
    return {
        "input": spent.input,
        "output": spent.output,
        "reasoning": spent.reasoning,
        "cached": spent.cached,
        "cost": None if spent.cost is None else str(spent.cost),
    }


def to_line(record: Mapping[str, Any]) -> bytes:
    """One line of JSON. Text stays readable, but for what UTF-8 or line readers cannot carry."""
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"), default=_plain)
    for char, escape in LINE_ENDS:
        text = text.replace(char, escape)
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:  # a lone surrogate: legal in JSON only as an escape
        return text.encode("utf-8", "backslashreplace") + b"\n"


def _plain(value: object) -> object:
    """What tables hold and JSON does not: dates and decimals as text, bytes in base64."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return str(value)


class Appender:
    """Appends records to a file, each by one write, so that a kill cuts at most the last line.

    A cut last line is removed on opening. Use as a context manager; one process a file.

    Raises:
        StorageFailed: disk full, read-only, not permitted.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with storage(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            _mend(path)
            self._file = path.open("ab", buffering=0)
            self._file.seek(0, os.SEEK_END)

    def write(self, record: Mapping[str, Any]) -> None:
        line = memoryview(to_line(record))
        with storage(self.path):
            # The system may take less than all of it when the disk is filling up.
            while line:
                line = line[self._file.write(line) or 0 :]

    def size(self) -> int:
        """Bytes written by now, those of earlier starts included."""
        return self._file.tell()

    def sync(self) -> None:
        """Return when everything written would survive a power cut. Raises StorageFailed."""
        with storage(self.path):
            os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Appender:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """The whole records of a file, one by one; none if there is no file.

    Raises:
        BadInput: a line other than a cut last one is damaged, named by its number.
        StorageFailed: the file cannot be read.
    """
    return (record for record, _ in read_with_lengths(path))


def read_with_lengths(path: Path) -> Iterator[tuple[dict[str, Any], int]]:
    """As `read_records`, each with the bytes that its line takes."""
    if not path.exists():
        return
    with storage(path), path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return
            try:
                record = json.loads(line)
                _ = record["id"]
            except (ValueError, TypeError, KeyError, RecursionError) as error:
                hint = "Move the file away, or name another folder with --out."
                raise BadInput(f"{path}, line {number} is damaged: {error}.", hint) from error
            yield record, len(line)


def _mend(path: Path) -> None:
    """Cut off what stands behind the last line end."""
    if not path.exists() or path.stat().st_size == 0:
        return
    with path.open("rb+") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(end - 1)
        if file.read(1) == b"\n":
            return
        at = end
        while at > 0:
            start = max(0, at - (1 << 16))
            file.seek(start)
            found = file.read(at - start).rfind(b"\n")
            if found >= 0:
                file.truncate(start + found + 1)
                return
            at = start
        file.truncate(0)
