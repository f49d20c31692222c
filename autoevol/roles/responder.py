"""The responder: answers an evolved instruction as a chat model would.

Decides nothing but the call. In selection a short answer is enough to see how a model reacts (the
paper's failure detector reads the reaction); at scale it is the answer that is trained on.
Source: Auto Evol-Instruct (arXiv 2406.00770), section 3.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autoevol.errors import Unavailable, lasting
from autoevol.llm.client import Client
from autoevol.llm.messages import Message, Request
from autoevol.types import Evolution, Spent


@dataclass(frozen=True, slots=True)
class Responder:
    """`max_tokens` caps one answer; `temperature` None leaves it to the endpoint."""

    client: Client
    model: str
    max_tokens: int = 1024
    temperature: float | None = 0.0
    effort: str | None = None

    def request(self, text: str, before: Sequence[Message] = (), sample: int = 0) -> Request:
        """The call that answers a text behind earlier turns."""
        return Request(
            model=self.model,
            messages=(*before, Message("user", text)),
            role="responder",
            max_tokens=self.max_tokens,
            temperature=self.temperature,
            effort=self.effort,
            sample=sample,
        )

    async def respond(
        self, evolution: Evolution, before: Sequence[Message] = (), sample: int = 0
    ) -> Evolution:
        """The evolution with its response filled in.

        Args:
            evolution: a round whose `after` is not empty.
            before: earlier turns of the conversation, system message included.
            sample: keeps several answers apart.
        """
        request = self.request(evolution.after.text, before, sample)
        try:
            answer = await self.client.complete(request)
        except Unavailable as error:
            said = f"responder: {error.message}"
            return replace(evolution, unknown=said, lasting=lasting(error))
        used = answer.usage
        spent = Spent(used.input, used.output, used.reasoning, used.cached, answer.cost)
        return replace(
            evolution,
            response=answer.text,
            reasoning=answer.reasoning,
            response_finish=answer.finish,
            spent=evolution.spent + spent,
        )
