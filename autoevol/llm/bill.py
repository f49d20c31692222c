"""The bill: what calls took, by role and model.

Decides how calls are summed. Where the numbers come from is left to `client` (this process) and
`ledger` (the folder's lifetime); printing to the verbs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from autoevol.llm.messages import Usage


@dataclass(frozen=True, slots=True)
class BillRow:
    """One role on one model. `input` includes `cached_tokens`, `output` includes `reasoning`.

    `calls` were paid here. `cached_calls` cost nothing: in a folder's bill those taken over from
    other runs (`reused`), in a process's also those that this folder, or an equal call in the air,
    had asked before. `lost_calls` were sent and brought no answer of use, yet count as spent.
    `cost` is in US dollars and leaves out the `unpriced` calls, whose price is not known.
    """

    role: str
    model: str
    calls: int = 0
    cached_calls: int = 0
    lost_calls: int = 0
    input: int = 0
    output: int = 0
    reasoning: int = 0
    cached_tokens: int = 0
    cost: Decimal = Decimal(0)
    unpriced: int = 0

    def as_json(self) -> dict[str, str | int | None]:
        """Money is a text of US dollars, since it is exact; null where no call had a price."""
        known = self.cost or not self.unpriced
        return {**asdict(self), "cost": str(self.cost) if known else None}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> BillRow:
        """Of what `as_json` made. Raises TypeError or ArithmeticError for anything else."""
        return cls(**{**kept, "cost": Decimal(kept.get("cost") or 0)})

    def __add__(self, other: BillRow) -> BillRow:
        """Sum of two rows under this row's role and model."""
        return BillRow(
            self.role,
            self.model,
            self.calls + other.calls,
            self.cached_calls + other.cached_calls,
            self.lost_calls + other.lost_calls,
            self.input + other.input,
            self.output + other.output,
            self.reasoning + other.reasoning,
            self.cached_tokens + other.cached_tokens,
            self.cost + other.cost,
            self.unpriced + other.unpriced,
        )


class Bill:
    """Sums rows by role and model; grows as calls come in."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], BillRow] = {}
        self._hits: Counter[tuple[str, str]] = Counter()  # apart: a row made for each costs more

    def add(self, row: BillRow) -> None:
        place = (row.role, row.model)
        self._rows[place] = self._rows.get(place, BillRow(*place)) + row

    def paid(self, role: str, model: str, usage: Usage, cost: Decimal | None) -> None:
        """One call that was answered and is stored."""
        self.add(_row(role, model, usage, cost, calls=1))

    def lost(self, role: str, model: str, usage: Usage, cost: Decimal | None) -> None:
        """One call that was sent in vain but counts as spent."""
        self.add(_row(role, model, usage, cost, lost_calls=1))

    def hit(self, role: str, model: str) -> None:
        """One call that cost nothing."""
        self._hits[role, model] += 1

    def rows(self) -> tuple[BillRow, ...]:
        """All rows, by role and then model."""
        free = {place: BillRow(*place, cached_calls=times) for place, times in self._hits.items()}
        places = sorted(self._rows.keys() | free.keys())
        nothing = BillRow("", "")
        return tuple(
            self._rows.get(place, BillRow(*place)) + free.get(place, nothing) for place in places
        )

    def total(self) -> BillRow:
        """Everything in one row, whose role and model are empty."""
        whole = BillRow("", "")
        for row in self.rows():
            whole = whole + row
        return whole


def _row(
    role: str,
    model: str,
    usage: Usage,
    cost: Decimal | None,
    *,
    calls: int = 0,
    lost_calls: int = 0,
) -> BillRow:
    return BillRow(
        role,
        model,
        calls=calls,
        lost_calls=lost_calls,
        input=usage.input,
        output=usage.output,
        reasoning=usage.reasoning,
        cached_tokens=usage.cached,
        cost=cost or Decimal(0),
        unpriced=int(cost is None),
    )
