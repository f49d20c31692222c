"""The scorer: how much harder did an instruction become?

Decides the proxy score: difficulty gain, the expected rating after minus the expected rating before
on a 1-5 scale, clipped to [0, 1]. The rating is read as the expected digit over the judge's token
log-probabilities after five rated examples; asked to compare two texts, small judges answer by
position. When a judge may be trusted is `calibration`'s, which evolutions are scored `measure`'s.
"""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass

from autoevol.domain import Domain
from autoevol.errors import Unavailable
from autoevol.llm.client import Client
from autoevol.llm.messages import Message, Request, Response, TokenAlternatives
from autoevol.prompts import Prompt

MIN_MASS = 0.2
"""Below this probability of any digit 1-5 as the first token the judge is not answering."""
_REPEATS = 3
_SCHEMA = (
    '{"type":"object","properties":{"rating":{"type":"integer","enum":[1,2,3,4,5]}},'
    '"required":["rating"],"additionalProperties":false}'
)


@dataclass(frozen=True, slots=True)
class Scorer:
    """Rates tasks with one judge model. `repeated` asks for several structured ratings instead of
    log-probabilities, for endpoints that give none."""

    client: Client
    model: str
    prompt: Prompt
    domain: Domain
    repeated: bool = False
    effort: str | None = None

    @property
    def name(self) -> str:
        return self.model

    @property
    def order_bias(self) -> None:
        """Nothing is compared."""

    async def gain(self, before: str, after: str) -> float | None:
        """Difficulty gain in [-4, 4], None where a rating could not be had."""
        first, second = await asyncio.gather(self.rating(before), self.rating(after))
        return None if first is None or second is None else second - first

    async def score(self, before: str, after: str) -> float | None:
        """The proxy score in [0, 1]: the gain, clipped. None is unknown, never zero."""
        gain = await self.gain(before, after)
        return None if gain is None else min(1.0, max(0.0, gain))

    async def rating(self, task: str) -> float | None:
        """Expected rating in [1, 5], None where the judge gave none."""
        if not self.repeated:
            answer = await self._ask(self._request(task))
            read = (
                expected_digit(answer.logprobs[0])
                if answer is not None and answer.logprobs
                else None
            )
            if read is not None:
                return read
        return await self._repeated(task)

    async def _repeated(self, task: str) -> float | None:
        asked = [self._structured(task, sample) for sample in range(_REPEATS)]
        digits = [_digit(answer) for answer in await asyncio.gather(*map(self._ask, asked))]
        known = [d for d in digits if d is not None]
        return sum(known) / len(known) if known else None

    async def _ask(self, request: Request) -> Response | None:
        try:
            return await self.client.complete(request)
        except Unavailable:
            return None

    def _messages(self, task: str) -> tuple[Message, ...]:
        # Examples as turns, not as text: tried on the 1.5B model, the probability of a digit rose
        # from under 0.01 to 0.9 and every calibration pair came out in order.
        turns = [Message("system", self.prompt.fill(describe=self.domain.describe))]
        for rated in self.domain.rated:
            turns.append(Message("user", f"Task: {rated.task}\nRating:"))
            turns.append(Message("assistant", str(rated.rating)))
        return (*turns, Message("user", f"Task: {task}\nRating:"))

    def _request(self, task: str) -> Request:
        return Request(
            model=self.model,
            messages=self._messages(task),
            role="judge",
            max_tokens=1,
            temperature=0.0,
            top_logprobs=20,
        )

    def _structured(self, task: str, sample: int) -> Request:
        return Request(
            model=self.model,
            messages=self._messages(task),
            role="judge",
            max_tokens=1024,
            temperature=1.0,
            schema=_SCHEMA,
            effort=self.effort,
            sample=sample,
        )


def expected_digit(place: TokenAlternatives) -> float | None:
    """The expected rating over the alternatives of one token, None below `MIN_MASS`."""
    weights: dict[int, float] = {}
    for token, logprob in place:
        digit = token.strip()
        if digit in ("1", "2", "3", "4", "5"):
            weights[int(digit)] = weights.get(int(digit), 0.0) + math.exp(logprob)
    mass = sum(weights.values())
    if mass < MIN_MASS:
        return None
    return sum(digit * weight for digit, weight in weights.items()) / mass


def _digit(answer: Response | None) -> int | None:
    if answer is None or answer.finish != "stop":
        return None
    found = [c for c in answer.text if c in "12345"]
    return int(found[0]) if len(found) == 1 else None
