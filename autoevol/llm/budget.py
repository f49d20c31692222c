"""The hard cap: a call's worst case is held before it is sent and settled at its true cost after.

Decides whether a call may go out now, later or never: spent + held never passes the cap. What a
call's worst case is worth is left to `prices`, where lifetime spend is kept to `ledger`.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from autoevol.errors import BudgetReached, UsageError

Unit = Literal["usd", "calls", "tokens"]

_SPELLING = re.compile(r"([0-9.]+(?:e[+-]?[0-9]{1,2})?) ?(usd|calls|tokens)", re.ASCII)
_LARGEST = Decimal(10) ** 15  # sums stay exact within Decimal's 28 digits
_WAY_OUT = "Write it as 5usd, 2000calls or 1e6tokens."


@dataclass(frozen=True, slots=True)
class Amount:
    """What calls cost: their number, tokens in and out together, US dollars (None: no price)."""

    calls: int = 0
    tokens: int = 0
    money: Decimal | None = Decimal(0)

    def __add__(self, other: Amount) -> Amount:
        """Sum; money of unknown price adds nothing, since nothing can be said of it."""
        money = (self.money or Decimal(0)) + (other.money or Decimal(0))
        return Amount(self.calls + other.calls, self.tokens + other.tokens, money)


class Hold:
    """One reservation. Settle it exactly once, with what the call really took."""

    def __init__(self, budget: Budget, worst: Amount) -> None:
        self._budget = budget
        self.worst = worst
        self._open = True

    def settle(self, actual: Amount) -> None:
        """Give back the reservation and book `actual`. A second settlement changes nothing."""
        if self._open:
            self._open = False
            self._budget._settle(self.worst, actual)


class Budget:
    """A cap in one unit, or none at all. Lives in one event loop."""

    def __init__(self, cap: Decimal | None = None, unit: Unit = "calls") -> None:
        self.cap = cap
        self.unit: Unit = unit
        self.spent = Amount()
        self._held = Decimal(0)
        self.open = 0
        """Calls that are reserved and not yet settled."""
        self._queue: deque[tuple[Amount, asyncio.Future[None]]] = deque()

    @classmethod
    def parse(cls, text: str | None) -> Budget:
        """Read `5usd`, `2000calls` or `1e6tokens`; None is no cap. Raises UsageError."""
        if text is None:
            return cls()
        spelled = _SPELLING.fullmatch(text.strip().lower())
        if spelled is None:
            raise UsageError(f"budget {text!r} cannot be read.", _WAY_OUT)
        try:
            cap = Decimal(spelled[1])
        except InvalidOperation:
            raise UsageError(f"budget {text!r} has no readable number.", _WAY_OUT) from None
        if cap > _LARGEST:
            raise UsageError(f"budget {text!r} is beyond {_LARGEST:.0e}.", _WAY_OUT)
        if spelled[2] == "usd":
            return cls(cap, "usd")
        if cap != cap.to_integral_value():
            raise UsageError(f"budget {text!r} is not a whole number of {spelled[2]}.", _WAY_OUT)
        return cls(cap, "calls" if spelled[2] == "calls" else "tokens")

    def start_from(self, spent: Amount) -> None:
        """Count what the run folder spent in its lifetime. Never lowers what is already counted."""
        self.spent = Amount(
            max(self.spent.calls, spent.calls),
            max(self.spent.tokens, spent.tokens),
            max(self.spent.money or Decimal(0), spent.money or Decimal(0)),
        )

    def shares(self, of: int) -> tuple[Decimal | None, ...]:
        """What is left under the cap in so many parts, which together are never more than it; None
        without a cap."""
        if self.cap is None:
            return (None,) * of
        left = max(Decimal(0), self.left)
        step = Decimal("1e-9") if self.unit == "usd" else Decimal(1)
        each, over = divmod(left // step, of)
        return tuple((each + (part < over)) * step for part in range(of))

    @property
    def left(self) -> Decimal:
        """What is not spent of a cap, whether it is held or not; below nothing where a folder spent
        more under a larger one."""
        return (self.cap or Decimal(0)) - self.in_unit(self.spent)

    def needs_price(self) -> bool:
        """True where a call without a known price cannot be reserved."""
        return self.cap is not None and self.unit == "usd"

    def must_wait(self, worst: Amount) -> bool:
        """True where `hold(worst)` would wait for other calls to settle."""
        return bool(self._queue) or not self._fits(worst)

    async def hold(self, worst: Amount) -> Hold:
        """Reserve `worst`; waits, first come first served, while it may still come to fit.

        Raises BudgetReached when it cannot fit even if every held call turned out free, and
        UsageError when the cap is in money and `worst` has no price.
        """
        if worst.money is None and self.needs_price():
            raise UsageError(
                "a budget in money cannot be kept without a price.",
                "Give the price in autoevol.toml, or cap tokens or calls.",
            )
        if not self._queue and self._fits(worst):
            return self.hold_sent(worst)
        if self._hopeless(worst):
            raise self.reached(self.in_unit(worst))
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append((worst, turn))
        try:
            await turn
        except asyncio.CancelledError:
            self._leave(worst, turn)
            raise
        return Hold(self, worst)

    def hold_sent(self, worst: Amount) -> Hold:
        """Reserve for what was sent already and cannot be called back, whether it fits or not."""
        self._take(worst)
        return Hold(self, worst)

    def _take(self, worst: Amount, times: int = 1) -> None:
        self._held += times * self.in_unit(worst)
        self.open += times

    def _leave(self, worst: Amount, turn: asyncio.Future[None]) -> None:
        """A waiter was cancelled: it may have been granted its turn in the same instant."""
        if turn.done() and not turn.cancelled() and turn.exception() is None:
            self._take(worst, -1)
        # Else its turn is done for, and the queue lets go of it when it comes to the front.
        self._wake()

    def _settle(self, worst: Amount, actual: Amount) -> None:
        self._take(worst, -1)
        self.spent = self.spent + actual
        self._wake()

    def _wake(self) -> None:
        while self._queue:
            worst, turn = self._queue[0]
            if turn.done():
                self._queue.popleft()
            elif self._fits(worst):
                self._queue.popleft()
                self._take(worst)
                turn.set_result(None)
            elif self._hopeless(worst):
                self._queue.popleft()
                turn.set_exception(self.reached(self.in_unit(worst)))
            else:
                return

    def _fits(self, worst: Amount) -> bool:
        if self.cap is None:
            return True
        return self.in_unit(self.spent) + self._held + self.in_unit(worst) <= self.cap

    def _hopeless(self, worst: Amount) -> bool:
        return self.cap is not None and self.in_unit(self.spent) + self.in_unit(worst) > self.cap

    def in_unit(self, amount: Amount) -> Decimal:
        """As much of it as the cap is about."""
        if self.unit == "usd":
            return amount.money or Decimal(0)
        return Decimal(amount.calls if self.unit == "calls" else amount.tokens)

    def reached(self, need: Decimal, what: str = "call") -> BudgetReached:
        """What is raised where the next of its kind may need more than is left."""
        spent = self.in_unit(self.spent)
        return BudgetReached(
            f"budget reached: {_plain(spent)} of {_plain(self.cap or Decimal(0))} {self.unit} "
            f"spent, and the next {what} may need {_plain(need)}.",
            "Raise --budget and start again on the same folder.",
        )


def _plain(number: Decimal) -> str:
    """Digits without an exponent."""
    return f"{number.normalize():f}"
