"""The brake: a person wants the run to end, and what is in the air may land first.

Decides how long calls that were sent are waited for, since they are paid for. That nothing new is
sent once it is pulled is kept to in `attempts`; who pulls it is left to `cli`.
"""

from __future__ import annotations

from dataclasses import dataclass

LANDING_S = 30.0
"""Most answers take less; and who ends machines gives processes about as long."""


@dataclass(slots=True)
class Brake:
    """One run's. `seconds` is the longest wait for what was sent."""

    seconds: float = LANDING_S
    pulled: bool = False

    def pull(self) -> None:
        """End the run: from now on nothing is sent."""
        self.pulled = True
