"""What a progress line counts: calls, tokens, money, and how far the stage is.

Decides the numbers and their wording. How and when they are drawn is left to `watch` and `live`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from autoevol.llm.budget import Amount, Budget
from autoevol.llm.embedded.pull import PullProgress
from autoevol.llm.events import CallEvent


@dataclass(slots=True)
class Tally:
    """Counts of this process. `before` is what the run folder had spent already.

    `records` are (kept, dropped), as far as any are made. `racing` is (still in the race, entered),
    (0, 0) outside a race.
    """

    budget: Budget = field(default_factory=Budget)
    before: Amount = field(default_factory=Amount)
    clock: Callable[[], float] = time.monotonic
    answered: int = 0
    cached: int = 0
    in_flight: int = 0
    input: int = 0
    output: int = 0
    money: Decimal = Decimal(0)
    unpriced: int = 0
    title: str = ""
    total: int = 0
    done: int = 0
    records: tuple[int, int] = (0, 0)
    racing: tuple[int, int] = (0, 0)
    started: float = 0.0
    stage_started: float = 0.0
    _from: tuple[float, int] | None = None

    def __post_init__(self) -> None:
        self.started = self.stage_started = self.clock()

    def stage(self, title: str, total: int) -> None:
        self.title, self.total, self.done = title, total, 0
        self.racing, self._from = (0, 0), None
        self.stage_started = self.clock()

    def advance(self, parts: int) -> None:
        self.done += parts

    def call(self, event: CallEvent) -> None:
        self.in_flight = event.in_flight
        if event.kind != "done":
            return
        if event.cached:
            self.cached += 1
            return
        self.answered += 1
        if self._from is None:  # what was done before the first call was there, or is free
            self._from = (self.clock() if self.done else self.stage_started, self.done)
        self.input += event.usage.input
        self.output += event.usage.output
        self.money += event.cost or Decimal(0)
        self.unpriced += event.cost is None

    @property
    def elapsed(self) -> float:
        return self.clock() - self.started

    @property
    def stage_elapsed(self) -> float:
        return self.clock() - self.stage_started

    @property
    def left(self) -> float | None:
        """Seconds left of the stage at its pace so far, None where that cannot be said."""
        began, before = self._from or (self.stage_started, 0)
        if not self.total or self.done <= before:
            return None
        pace = (self.clock() - began) / (self.done - before)
        return pace * max(0, self.total - self.done)

    def records_line(self) -> str:
        """What came of the rows, '' where no records are made."""
        kept, dropped = self.records
        return f"{kept:,} kept, {dropped:,} dropped" if kept or dropped else ""

    def calls_line(self) -> str:
        parts = [f"{self.answered:,} answered"]
        if self.cached:
            parts.append(f"{self.cached:,} asked before")
        if self.in_flight:
            parts.append(f"{self.in_flight} in flight")
        return ", ".join(parts)

    def tokens_line(self) -> str:
        pace = self.output / self.elapsed if self.elapsed > 1 else 0.0
        rate = f", {pace:,.0f} out/s" if pace >= 1 else ""
        return f"{short(self.input)} in, {short(self.output)} out{rate}"

    def money_line(self) -> str:
        """What was spent, and of what cap. '' where calls are free and there is no cap in money."""
        spent = self.money + (self.before.money or Decimal(0))
        if self.budget.cap is not None and self.budget.unit != "usd":
            calls = self.answered + self.before.calls
            tokens = self.input + self.output + self.before.tokens
            used = calls if self.budget.unit == "calls" else tokens
            said = f"{used:,} of {int(self.budget.cap):,} {self.budget.unit}"
        elif self.budget.cap is not None:
            said = f"{dollars(spent)} of {dollars(self.budget.cap)}"
        else:
            said = dollars(spent) if spent else ""
        unknown = f"{self.unpriced:,} calls of unknown price" if self.unpriced else ""
        return ", ".join(filter(None, [said, unknown]))


def short(number: float) -> str:
    """Up to four characters: 950, 12k, 3.4M."""
    return _scaled(number, 10)


def tenths(number: float) -> str:
    """Up to five characters: 950, 12.5k, 43.5M, 719M."""
    return _scaled(number, 100)


def _scaled(number: float, exact_below: float) -> str:
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= limit:
            scaled = number / limit
            return f"{scaled:.1f}{unit}" if scaled < exact_below else f"{scaled:.0f}{unit}"
    return f"{number:.0f}"


def dollars(amount: Decimal | float) -> str:
    """`$0.0042`, `$1.20`, `$1,234`: two digits that matter."""
    value = float(amount)
    if value and abs(value) < 0.1:
        return f"${value:.4f}"
    return f"${value:,.2f}" if abs(value) < 1000 else f"${value:,.0f}"


def duration(seconds: float) -> str:
    """`45s`, `3m 05s`, `1h 02m`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m {whole % 60:02d}s"
    return f"{whole // 3600}h {whole % 3600 // 60:02d}m"


def pulled(progress: PullProgress) -> str:
    """`qwen: 120 of 491 MB (package index)`."""
    if progress.step == "waiting":
        return f"{progress.model}: another process is fetching it; waiting"
    if progress.step == "verified":
        return f"{progress.model}: {progress.total / 1e6:,.0f} MB, verified"
    done, total = progress.done / 1e6, progress.total / 1e6
    return f"{progress.model}: {done:,.0f} of {total:,.0f} MB ({progress.step})"
