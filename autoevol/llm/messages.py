"""The two nouns of the seam: a Request goes out, a Response comes back.

Decides what identifies a call (`Request.key`). Sending, storing and billing are left to the files
beside it. Nothing here knows a provider.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

Speaker = Literal["system", "user", "assistant"]

Finish = Literal["stop", "length", "refusal", "overflow", "thinking"]
"""How an answer ended.

stop: by itself or at a stop sequence. length: at the output cap, outside thinking. refusal: the
endpoint's content filter, or the model's refusal field. overflow: the prompt did not fit the
context. These four are *outcomes* and are stored. thinking: cut while the model was still
reasoning; it says nothing about the prompt, is never stored and is asked again with a larger cap.
"""

TokenAlternatives = tuple[tuple[str, float], ...]
"""The likeliest tokens at one position of the answer, each with its natural log-probability."""


@dataclass(frozen=True, slots=True)
class Message:
    role: Speaker
    content: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call. `output` includes `reasoning`; `input` includes `cached`."""

    input: int = 0
    output: int = 0
    reasoning: int = 0
    cached: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """One question to one model.

    `model` is PROVIDER/NAME as the user wrote it. `role` says who asks (evolver, judge, …): it is
    for the bill and is not part of the key. `schema` is a JSON schema as text; the answer must then
    be one JSON document of it. `top_logprobs` asks for that many alternatives per output token.
    `sample` keeps equal questions apart that want different answers.
    """

    model: str
    messages: tuple[Message, ...]
    role: str
    max_tokens: int
    temperature: float | None = None
    top_p: float | None = None
    stop: tuple[str, ...] = ()
    schema: str | None = None
    top_logprobs: int = 0
    effort: str | None = None
    sample: int = 0

    def key(self, identity: str) -> str:
        """The call's name in the ledger: sha256 over everything that can change the answer.

        Args:
            identity: who answers, beyond the model's name: a normalised base_url with its fixed
                extra_body, or the weights' sha256 with the runtime's version.
        """
        # By hand and not by asdict, which would take longer than all else that a hit costs. Each
        # message is spelled by itself: the first ones are the same in call after call.
        fields = {name: getattr(self, name) for name in _KEYED}
        fields["messages"] = None
        spelled = "[" + ", ".join(_message(m.role, m.content) for m in self.messages) + "]"
        text = _SPELL([identity, fields]).replace(_PLACE + "null", _PLACE + spelled, 1)
        return hashlib.sha256(text.encode()).hexdigest()


_PLACE = '"messages": '
"""Not to be found in a value, where JSON escapes the quotes."""


@lru_cache(maxsize=64)
def _message(role: str, content: str) -> str:
    return _SPELL({"role": role, "content": content})


_SPELL = json.JSONEncoder(sort_keys=True, ensure_ascii=True).encode
_SPELL_DENSE = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
_KEYED = tuple(field.name for field in fields(Request) if field.name != "role")


@dataclass(frozen=True, slots=True)
class Response:
    """One answer. `cost` is in US dollars, None where no price is known.

    `served` is the model name or fingerprint that the endpoint reported, `tier` how it processed
    the call as far as that changes the price ('' where it did not say). `cached` is True when the
    ledger answered: then nothing was sent and nothing was spent.
    """

    text: str
    finish: Finish
    usage: Usage
    reasoning: str = ""
    logprobs: tuple[TokenAlternatives, ...] = ()
    served: str = ""
    cost: Decimal | None = None
    cached: bool = False
    tier: str = ""

    def to_json(self) -> str:
        """The answer as the ledger keeps it (without `cached`, which is about the asking)."""
        # By hand, as the key is: asdict copies every value.
        usage = self.usage
        fields: dict[str, Any] = {
            "text": self.text,
            "finish": self.finish,
            "usage": {
                "input": usage.input,
                "output": usage.output,
                "reasoning": usage.reasoning,
                "cached": usage.cached,
            },
            "reasoning": self.reasoning,
            "logprobs": self.logprobs,
            "served": self.served,
            "cost": None if self.cost is None else str(self.cost),
        }
        if self.tier:
            fields["tier"] = self.tier
        return _SPELL_DENSE(fields)

    @classmethod
    def from_json(cls, text: str, *, cached: bool = False) -> Response:
        """Read back what `to_json` wrote. Raises ValueError or KeyError on anything else."""
        fields = json.loads(text)
        cost = fields["cost"]
        return cls(
            text=fields["text"],
            finish=fields["finish"],
            usage=Usage(**fields["usage"]),
            reasoning=fields["reasoning"],
            logprobs=tuple(tuple((t, p) for t, p in place) for place in fields["logprobs"]),
            served=fields["served"],
            cost=None if cost is None else Decimal(cost),
            cached=cached,
            tier=fields.get("tier", ""),
        )
