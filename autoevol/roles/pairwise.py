"""Which of two tasks is harder? A proxy score for large judges.

Decides that a rewrite counts as harder only when the judge says so in both orders, and counts how
often each place was chosen, so that its bias is known. Not for small models: as tried on the 1.5B,
they answer by place alone; `scorer` is for them.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field

from autoevol.domain import Domain
from autoevol.errors import Unavailable
from autoevol.llm.client import Client
from autoevol.llm.messages import Message, Request
from autoevol.prompts import Prompt

_SCHEMA = (
    '{"type":"object","properties":{"harder":{"type":"string","enum":["A","B","same"]}},'
    '"required":["harder"],"additionalProperties":false}'
)


@dataclass(frozen=True, slots=True)
class Pairwise:
    """Compares with one judge model; `chosen` counts its answers by place."""

    client: Client
    model: str
    prompt: Prompt
    domain: Domain
    effort: str | None = None
    chosen: Counter[str] = field(default_factory=Counter)

    @property
    def name(self) -> str:
        return self.model

    @property
    def order_bias(self) -> float | None:
        """(first chosen - second chosen) / answers, in [-1, 1]; None before any answer."""
        answers = sum(self.chosen.values())
        return (self.chosen["A"] - self.chosen["B"]) / answers if answers else None

    async def gain(self, before: str, after: str) -> float | None:
        """1 where both orders call the rewrite harder, -1 where both call the original harder, 0
        where they contradict each other; a "same" counts half. None where an answer is missing."""
        one, two = await asyncio.gather(self._harder(before, after), self._harder(after, before))
        if one is None or two is None:
            return None
        forward = {"B": 1, "A": -1}.get(one, 0)
        backward = {"A": 1, "B": -1}.get(two, 0)
        return 0.0 if forward * backward < 0 else (forward + backward) / 2

    async def score(self, before: str, after: str) -> float | None:
        """The gain, clipped to [0, 1]. None is unknown, never zero."""
        gain = await self.gain(before, after)
        return None if gain is None else max(0.0, gain)

    async def _harder(self, first: str, second: str) -> str | None:
        system, user = self.prompt.halves()
        request = Request(
            model=self.model,
            messages=(
                Message("system", system.fill(describe=self.domain.describe)),
                Message("user", user.fill(first=first, second=second)),
            ),
            role="judge",
            max_tokens=1024,
            temperature=0.0,
            schema=_SCHEMA,
            effort=self.effort,
        )
        try:
            answer = await self.client.complete(request)
            said = json.loads(answer.text)["harder"] if answer.finish == "stop" else None
        except (Unavailable, ValueError, KeyError, TypeError):
            return None
        if said not in ("A", "B", "same"):
            return None
        self.chosen[said] += 1
        return str(said)
