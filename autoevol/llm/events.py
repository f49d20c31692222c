"""What the door tells of a call while it works: the words of a progress line.

Decides the record only. Showing it is left to `cli`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from autoevol.llm.messages import Usage


@dataclass(frozen=True, slots=True)
class CallEvent:
    """What can be said about a call.

    kind: done (answered), wait (nothing is wrong, something must come free first), retry (an
    attempt failed, the next follows after a wait), note (of no single call, but worth a line).
    `seconds` is the attempt's duration, or the wait to come where it is known. `attempt` counts
    from 1. `in_flight` counts attempts now being made.
    """

    kind: Literal["done", "wait", "retry", "note"]
    role: str
    model: str
    cached: bool = False
    usage: Usage = field(default_factory=Usage)
    cost: Decimal | None = None
    seconds: float = 0.0
    in_flight: int = 0
    attempt: int = 1
    note: str = ""


Listener = Callable[[CallEvent], None]
