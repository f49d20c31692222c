"""Time and chance as the door sees them; tests bring their own.

Decides nothing. How long to wait is left to `retry` and `pace`.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Clockwork:
    """`sleep` waits so many seconds, `clock` gives monotonic seconds, `chance` throws dice."""

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic
    chance: random.Random = field(default_factory=random.Random)
