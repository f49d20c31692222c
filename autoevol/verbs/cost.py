"""`autoevol cost`: what a run spent, by model and role.

Decides what a bill holds beside its rows, and that a merged folder has the bill of the runs in it.
The rows come from the run's ledger (see `llm.bill`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autoevol.errors import BadInput
from autoevol.llm.bill import Bill, BillRow
from autoevol.llm.habits import Habit
from autoevol.llm.ledger import read_bill, read_habits
from autoevol.runs import LEDGER, SETTINGS, read_settings

SUMMARY = "summary.json"


@dataclass(frozen=True, slots=True)
class Cost:
    """A folder's whole bill: `rows` by role and model, and the same summed. `habits` say how long
    recent answers are. Of a merged folder, `merged` are the runs whose bills it adds up, and
    `unknown` those that had none when they were merged."""

    folder: Path
    rows: tuple[BillRow, ...]
    habits: tuple[Habit, ...] = ()
    merged: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def total(self) -> BillRow:
        bill = Bill()
        for row in self.rows:
            bill.add(row)
        return bill.total()

    def by_model(self) -> tuple[BillRow, ...]:
        return _summed(BillRow("", row.model) + row for row in self.rows)

    def by_role(self) -> tuple[BillRow, ...]:
        return _summed(BillRow(row.role, "") + row for row in self.rows)

    def as_json(self) -> dict[str, Any]:
        """The rows as `BillRow.as_json` gives them."""
        return {
            "run": self.folder.name,
            "rows": [row.as_json() for row in self.rows],
            "by_model": [row.as_json() for row in self.by_model()],
            "by_role": [row.as_json() for row in self.by_role()],
            "total": self.total.as_json(),
            "answers": [habit.as_json() for habit in self.habits],
            **({"merged": self.merged, "unknown": self.unknown} if self.merged else {}),
        }


def cost(run: Path) -> Cost:
    """The bill of a run folder. Works while the run goes on.

    Raises:
        BadInput: no run folder, or its ledger cannot be read.
    """
    ledger = run / LEDGER
    if not ledger.is_file() and (merged := _of_merged(run)) is not None:
        return merged
    if not ledger.is_file():
        raise BadInput(f"{run} holds no {LEDGER}.", "Name the folder of a run, such as runs/….")
    return Cost(run, read_bill(ledger), read_habits(ledger))


def _of_merged(run: Path) -> Cost | None:
    """The bill that a merge wrote down, None where `run` is no merged folder.

    Raises:
        BadInput: none of the merged runs is on it.
    """
    if not (run / SETTINGS).is_file():
        return None
    tables = read_settings(run)
    if tables.get("run", {}).get("verb") != "merge":
        return None
    folders = [str(folder) for folder in tables.get("folders", {}).values()]
    try:
        summary = json.loads((run / SUMMARY).read_text(encoding="utf-8"))
        known = [str(one["folder"]) for one in summary["runs"] if one["billed"]]
        rows = tuple(BillRow.from_json(row) for row in summary["bill"])
    except (OSError, ValueError, LookupError, TypeError, ArithmeticError):
        known, rows = [], ()
    if not known:
        raise BadInput(
            f"{run} is a merged folder, which holds no {LEDGER}.",
            f"Name the folders that were merged, one at a time: {', '.join(folders)}.",
        )
    rest = tuple(folder for folder in folders if folder not in known)
    return Cost(run, rows, merged=tuple(known), unknown=rest)


def _summed(rows: Iterable[BillRow]) -> tuple[BillRow, ...]:
    bill = Bill()
    for row in rows:
        bill.add(row)
    return bill.rows()
