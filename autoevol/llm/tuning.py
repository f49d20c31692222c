"""What a user asks of all calls of a role: their temperature, and the most tokens of an answer.

Decides which calls that touches. Roles have temperatures and caps of their own, which hold where
nothing is asked for here; what a model takes of it is left to `capabilities`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from autoevol.llm.messages import Request


@dataclass(frozen=True, slots=True)
class Tuning:
    """By role. A call that reads token probabilities stays as it is: it asks for the few tokens
    that it reads, and they are read at a temperature of its own."""

    temperature: Mapping[str, float] = field(default_factory=dict)
    max_tokens: Mapping[str, int] = field(default_factory=dict)

    def tuned(self, request: Request) -> Request:
        """The request as it is asked, and as its key has it."""
        if request.top_logprobs or not (self.temperature or self.max_tokens):
            return request
        return replace(
            request,
            temperature=self.temperature.get(request.role, request.temperature),
            max_tokens=self.cap(request.role, request.max_tokens),
        )

    def cap(self, role: str, usual: int) -> int:
        """Tokens of an answer of that role at most."""
        return self.max_tokens.get(role, usual)


AS_USUAL = Tuning()
"""Nothing is asked for."""
