"""`autoevol cost`: what a run spent, by model and role.

Decides what a bill holds beside its rows. The rows come from the run's ledger (see `llm.bill`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autoevol.errors import BadInput
from autoevol.llm.bill import Bill, BillRow
from autoevol.llm.habits import Habit
from autoevol.llm.ledger import read_bill, read_habits
from autoevol.runs import LEDGER


@dataclass(frozen=True, slots=True)
class Cost:
    """A folder's whole bill: `rows` by role and model, and the same summed. `habits` say how long
    recent answers are."""

    folder: Path
    rows: tuple[BillRow, ...]
    habits: tuple[Habit, ...] = ()

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
        }


def cost(run: Path) -> Cost:
    """The bill of a run folder. Works while the run goes on.

    Raises:
        BadInput: no run folder, or its ledger cannot be read.
    """
    ledger = run / LEDGER
    if not ledger.is_file():
        raise BadInput(f"{run} holds no {LEDGER}.", "Name the folder of a run, such as runs/….")
    return Cost(run, read_bill(ledger), read_habits(ledger))


def _summed(rows: Iterable[BillRow]) -> tuple[BillRow, ...]:
    bill = Bill()
    for row in rows:
        bill.add(row)
    return bill.rows()
