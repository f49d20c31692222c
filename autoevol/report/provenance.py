"""Where a run comes from and what it took: settings, versions, the bill, how to do it again.

Decides which commands repeat a run and what is hidden: passwords in an address, and with
`texts` off the folders of the machine it ran on.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from autoevol.counted import several
from autoevol.llm.bill import Bill, BillRow
from autoevol.report.figures import count, money, percent, size
from autoevol.report.source import Source
from autoevol.runs import LEDGER, Scalar

_USER = re.compile(r"//[^/@\s]+@")
_QUERY = re.compile(r"(https?://[^\s?]+)\?\S+")
POSITIONAL = ("method", "wanted")
FOLDER = {"evolve": "--out"}


@dataclass(frozen=True, slots=True)
class Cost:
    """The bill's rows as text, the last one the sum; `shares` are of all tokens, row by row. `said`
    is whose bill it is, where that is not plain."""

    rows: list[tuple[str, str, str, str, str, str, str]]
    shares: list[tuple[float, str]]
    unpriced: int
    replayed: bool
    said: str = ""


def cost(source: Source) -> Cost | None:
    """By role and model, from the ledger; of a replay, which spends nothing, the first run's."""
    first = source.summary.get("first_bill")
    every = source.bill if first is None else [BillRow.from_json(row) for row in first]
    if not every:
        return None
    bill = Bill()
    for row in every:
        bill.add(row)
    total = bill.total()
    tokens = max(1, total.input + total.output)
    shares = [(row.input + row.output) / tokens for row in every]
    return Cost(
        rows=[_row(row) for row in (*every, total)],
        shares=[(share, percent(share)) for share in shares],
        unpriced=total.unpriced,
        replayed=first is not None,
        said=_whose(source),
    )


def _whose(source: Source) -> str:
    if not source.merged:
        return ""
    known = sum(bool(run.get("billed")) for run in source.merged)
    less = "" if known == len(source.merged) else f" of {len(source.merged)}; no other had one"
    return f"The sum of the bills of {several(known, 'merged run')}{less}."


def _row(row: BillRow) -> tuple[str, str, str, str, str, str, str]:
    known = row.cost or not row.unpriced
    return (
        row.role or "in all",
        row.model,
        count(row.calls + row.lost_calls),
        count(row.cached_calls),
        size(row.input),
        size(row.output),
        money(row.cost) if known else "unknown",
    )


@dataclass(frozen=True, slots=True)
class Again:
    """A command, and what it does."""

    said: str
    command: str


def again(source: Source, *, texts: bool) -> list[Again]:
    """The commands that repeat, replay, resume or look further into a run."""
    if source.verb == "merge":
        return _merged_again(source, texts)
    run, verb = shlex.quote(_place(str(source.path), texts)), source.verb
    folder = FOLDER.get(verb, "--run")
    found: list[Again] = []
    asked = source.tables.get("invocation", {})
    if asked:
        line = f"autoevol {verb} {_flags(verb, asked, texts)}".strip()
        found.append(Again("As it was called; a new run makes its calls anew.", line))
    if (source.path / LEDGER).is_file():
        line = f"autoevol {verb} --replay {run} {folder} again"
        if not asked:
            line = f"autoevol cost {run}"
        said = "The same numbers from the run's ledger alone: nothing is sent, no key is needed."
        found.append(Again(said if asked else "What it spent; it was called from Python.", line))
    if not source.finished and asked:
        said = "Goes on where it stopped; what was answered is not asked again."
        found.append(Again(said, f"autoevol {verb} --resume {run}"))
    if (source.path / "study.sqlite3").is_file():
        said = "The candidates as trials of an Optuna study (pip install optuna-dashboard)."
        path = _place(str(source.path.absolute() if texts else source.path), texts)
        found.append(Again(said, f"optuna-dashboard sqlite:///{path}/study.sqlite3"))
    return found


def _merged_again(source: Source, texts: bool) -> list[Again]:
    """Of a merged folder: how its runs were called, and the merge."""
    asked, found = source.tables.get("invocation", {}), list[Again]()
    if asked:
        shards = ", each with its own --shard" if len(source.merged) > 1 else ""
        said = f"As the runs in it were called{shards} and --out; a new run makes its calls anew."
        found.append(Again(said, f"autoevol evolve {_flags('evolve', asked, texts)}".strip()))
    folders = [_place(str(one), texts) for one in source.tables.get("folders", {}).values()]
    seed = str(source.tables.get("merge", {}).get("seed", 0))
    line = shlex.join(["autoevol", "merge", *folders, "--out", "again", "--seed", seed])
    return [*found, Again("The same records in the same order, from the folders merged.", line)]


def _flags(verb: str, asked: Mapping[str, Scalar], texts: bool) -> str:
    words: list[str] = []
    for name, value in asked.items():
        said = _safe(value, texts)
        if name in POSITIONAL:
            words[:0] = shlex.split(said) if name == "wanted" else [said]
        elif value is True:
            words.append(f"--{name.replace('_', '-')}")
        elif value is not False and name in ("field", "best_of"):
            parts = said.split(",") if name == "field" else shlex.split(said)
            words += [w for part in parts for w in (f"--{name.replace('_', '-')}", part)]
        elif value is not False:
            words += [f"--{name.replace('_', '-')}", said]
    return shlex.join(words)


def settings(source: Source, *, texts: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every table of run.toml, as it stands there."""
    return [
        (name, [(key, _safe(value, texts)) for key, value in table.items()])
        for name, table in source.tables.items()
        if table
    ]


def calibration(summary: Mapping[str, Any]) -> str:
    """How far the judge could be trusted, in one sentence."""
    found = summary.get("calibration")
    if not found:
        return ""
    return (
        f"The judge {found['judge']} orders {percent(found['accuracy'])} of {found['pairs']} pairs "
        "of known difficulty right."
    )


def _safe(value: Scalar, texts: bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    plain = _QUERY.sub(r"\1?…", _USER.sub("//…@", str(value)))
    return _place(plain, texts)


def _place(value: str, texts: bool) -> str:
    """A path of the machine; its last part alone where texts are left out."""
    if texts or not value.startswith("/"):
        return value
    return PurePath(value).name
