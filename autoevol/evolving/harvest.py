"""What an `evolve` run brought in: counts, the verdict on them, and `summary.json`.

Decides when too little came out to call it done. The records themselves are left to `records`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from autoevol.counted import several
from autoevol.data.dataset import Skipped
from autoevol.errors import NoneKept, NothingUsable
from autoevol.evolving.done import Done, turns_of
from autoevol.llm.bill import Bill, BillRow
from autoevol.llm.ledger import read_bill
from autoevol.runs import RunFolder

VERSION = 1
MAX_UNKNOWN = 0.05
FEW_UNKNOWN = 3
"""Of a handful of rows, one that gave out is more than 5 % and yet says nothing."""
IN_A_ROW = 30
"""So many rows without an answer, one after the other: the endpoint is ill; later is cheaper."""
UNREAD = 10
"""So many answers of a judge without a mark, and none with one: it judges nothing."""
AGAIN = "Start again on the same folder: only what is missing is asked for."

OTHERWISE = "try another method or a stronger model."
FILTERED = {
    "license": "--allow-license lets none of these rows through: name a licence that they have, or "
    "the column that holds it (--field license=COLUMN).",
    "other_language": "--lang names none of the languages of these rows: name theirs too.",
    "too_short": "lower --min-words, or try a method that adds more.",
    "too_long": "raise --max-words, or try a method that adds less.",
    "contaminated": "they hold words of a benchmark that --decontaminate names: give other rows.",
    "duplicate": "the rows say the same: give other rows, or see what --dedup none lets through.",
    "near_duplicate": "the rows are nearly alike: give other rows, or choose --dedup exact.",
    "unsupported": "the rows hold what cannot be evolved, such as images and tool calls: give rows "
    "of text.",
}
"""By rule, the way out where it dropped most of the rows, and none was kept."""


@dataclass(slots=True)
class Harvest:
    """Grows while rows land. Counts are over the folder's lifetime, but for `unknown` and
    `skipped`: such rows are looked at anew each time. `late`: the time was up before the rows were
    through. `unmarked` records are without the marks of a judge that was asked; `unevolved` user
    turns stayed as they were, by rule."""

    skipped: Skipped = field(default_factory=Skipped)
    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    unknown: int = 0
    reasons: list[str] = field(default_factory=list)
    complete: bool = False
    late: bool = False
    unmarked: int = 0
    unevolved: Counter[str] = field(default_factory=Counter)
    _in_a_row: int = 0
    _judged: Counter[bool] = field(default_factory=Counter)

    def add(self, record: Mapping[str, Any]) -> None:
        """Count a record, kept or dropped."""
        verdict = record["verdict"]
        self._in_a_row = 0
        if marks := verdict.get("marks"):
            unread = marks["faithful"] is None
            self.unmarked += unread
            self._judged[unread] += 1
        self.unevolved.update(turns_of(verdict))
        if verdict["kept"]:
            self.kept += 1
        else:
            self.dropped[verdict["reason"]] += 1

    def heed_judge(self, judge: str) -> None:
        """Raise NothingUsable when it is clear that a judge judges nothing."""
        if self._judged[True] >= UNREAD and not self._judged[False]:
            raise NothingUsable(
                f"{judge} was asked for marks {UNREAD} times and gave none that can be read.",
                "Name another --judge and another --out, or leave --judge away; --reuse takes over "
                "what was answered.",
            )

    def miss(self, why: str) -> None:
        """Count a row of which nothing can be said.

        Raises:
            NothingUsable: it is the last straw.
        """
        self.unknown += 1
        if len(self.reasons) < 5:
            self.reasons.append(why)
        self.doubt(why)

    def doubt(self, why: str) -> None:
        """Note a row that was not answered.

        Raises:
            NothingUsable: it is the last straw.
        """
        self._in_a_row += 1
        if self._in_a_row >= IN_A_ROW:
            raise NothingUsable(f"{IN_A_ROW} rows in a row got no answer; the last: {why}", AGAIN)

    def found(self, done: Done) -> None:
        """Count what lies in the folder."""
        self.kept += done.kept
        self.dropped += done.dropped
        self.unmarked += done.unmarked
        self.unevolved += done.unevolved

    @property
    def made(self) -> Done:
        """What lies in the folder now."""
        return Done(self.kept, self.dropped, self.unmarked, self.unevolved)

    @property
    def records(self) -> int:
        return self.kept + self.dropped.total()

    def check(self) -> None:
        """Raise NothingUsable when nothing was kept or too much is unknown."""
        rows = self.records + self.unknown
        if self.unknown > max(FEW_UNKNOWN, MAX_UNKNOWN * rows):
            raise NothingUsable(
                f"{self.unknown} of {rows} rows got no answer; the first: {self.reasons[0]}", AGAIN
            )
        if not self.kept and (rows or not self.late):
            why = ", ".join(f"{name} {count}" for name, count in self.dropped.most_common(3))
            why = why or (self.reasons[0] if self.reasons else "there were no rows")
            raise NoneKept(
                f"Not one of {rows} rows was kept ({why}).",
                "See dropped.jsonl for the evidence; " + self._way_out(),
            )

    def _way_out(self) -> str:
        """What fits the rule that dropped most: a filter that bars rows is no fault of a model."""
        most = self.dropped.most_common(1)
        return FILTERED.get(most[0][0], OTHERWISE) if most else OTHERWISE

    def said(self) -> list[str]:
        """Lines worth saying at the end."""
        lines: list[str] = []
        if self.skipped.count:
            first = self.skipped.reasons[0]
            bad = several(self.skipped.count, "row")
            lines.append(f"{bad} could not be read; the first: {first}")
        if self.skipped.repeated:
            lines.append(
                f"{several(self.skipped.repeated, 'row has', 'rows have')} the id of an earlier "
                "row, and #2 or so behind it in the records."
            )
        if self.unmarked:
            lines.append(
                f"{several(self.unmarked, 'rewrite')} passed unjudged: no marks of the judge's "
                "could be read."
            )
        if self.unknown:
            owed = several(self.unknown, "row")
            lines.append(f"{owed} got no answer; the next start asks again.")
        if self.late:
            lines.append("The time was up before all rows were through. " + AGAIN)
        return lines

    def write(self, folder: RunFolder, facts: Mapping[str, Any]) -> None:
        """Write `summary.json`: `facts` (what the run is), the counts, and the folder's bill."""
        rows = read_bill(folder.ledger) if folder.ledger.exists() else ()
        document = {
            "version": VERSION,
            "verb": "evolve",
            "run": folder.name,
            **facts,
            "complete": self.complete,
            "kept": self.kept,
            "dropped": dict(self.dropped.most_common()),
            "unmarked": self.unmarked,
            "unevolved_turns": dict(self.unevolved.most_common()),
            "unknown": {"rows": self.unknown, "reasons": self.reasons},
            "skipped": asdict(self.skipped),
            **billed(rows),
        }
        folder.write_json("summary.json", document)


def billed(rows: Iterable[BillRow]) -> dict[str, Any]:
    """A bill as summaries hold it. `cost` is null where no call of all has a known price."""
    bill = Bill()
    for row in rows:
        bill.add(row)
    total = bill.total()
    tokens = ("input", "output", "reasoning", "cached_tokens")
    return {
        "tokens": {name: getattr(total, name) for name in tokens},
        "cost": total.as_json()["cost"],
        "unpriced_calls": total.unpriced,
        "bill": [row.as_json() for row in bill.rows()],
    }
