"""OpenAI's chat completions, at any address that speaks them. The openai SDK's doorkeeper.

Decides how a Request becomes such a call and how what comes back becomes a Response. What errors
mean is left to `faults`, what a model takes to `capabilities`. The answer is read from the raw
JSON: the SDK's models check nothing, and change between its majors (2.x and 3.x both work).
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from autoevol.llm.capabilities import Capabilities, Takes
from autoevol.llm.endpoint import Endpoint
from autoevol.llm.faults import Caller, Complaint, Json, ask, complaint, garbled, lost, parsed, told
from autoevol.llm.messages import Finish, Request, Response, TokenAlternatives, Usage
from autoevol.llm.provider import Limits
from autoevol.llm.reasoning import (
    FLOOR,
    after_thinking,
    count,
    cut_at_stop,
    cut_finish,
    sendable,
    split_thinking,
)
from autoevol.llm.transport import open_transport

if TYPE_CHECKING:
    import openai

CONNECT_S = 10.0


class OpenAIProvider:
    """A `Provider` over AsyncOpenAI. Importing the SDK waits until one is built.

    Args:
        endpoint: where, with its headers, fixed body and timeout.
        api_key: sent as the bearer token.
        capabilities: the run's table; may be shared.
    """

    def __init__(self, endpoint: Endpoint, api_key: str, capabilities: Capabilities) -> None:
        import openai

        self.identity = endpoint.identity
        self.name = endpoint.name
        self.tier = endpoint.service_tier or ""
        self.max_inflight = endpoint.max_inflight
        self.limits = Limits(endpoint.rpm, endpoint.tpm)
        self._caller = Caller(endpoint, api_key)
        self._capabilities = capabilities
        # The SDK adds the user's organization from the environment; that is for its home only.
        own: Mapping[str, object] = (
            {}
            if endpoint.at_home
            else {"OpenAI-Organization": openai.Omit(), "OpenAI-Project": openai.Omit()}
        )
        headers: dict[str, object] = {**own, **endpoint.headers}
        self._client = openai.AsyncOpenAI(
            api_key=api_key,
            base_url=endpoint.base_url or None,
            max_retries=0,
            timeout=openai.Timeout(endpoint.timeout_s, connect=CONNECT_S),
            default_headers=headers,  # type: ignore[arg-type]  # Omit is taken, but not declared
            http_client=open_transport(openai),
        )

    async def complete(self, request: Request) -> Response:
        """See `Provider.complete`."""
        return await ask(request, self._caller, self._capabilities, self._attempt)

    def at_work(self) -> tuple[openai.AsyncOpenAI, Caller, Capabilities]:
        """What calls go out with, for who sends them by batch."""
        return self._client, self._caller, self._capabilities

    async def aclose(self) -> None:
        """See `Provider.aclose`."""
        await self._client.close()

    async def _attempt(self, model: str, request: Request, takes: Takes) -> Response | Complaint:
        import openai

        endpoint = self._caller.endpoint
        try:
            # The SDK's own timeout is about silence; this one is about an answer that trickles.
            async with asyncio.timeout(endpoint.timeout_s + CONNECT_S):
                # Not `chat.completions.create`: it walks every message against its types and
                # loads every resource there is, a third of a call's CPU time and of the start.
                text = await self._client.post(
                    "/chat/completions",
                    body=call_of(model, request, takes, endpoint),
                    cast_to=str,
                )
        except openai.APIStatusError as error:
            return complaint(error.status_code, error.response.headers, error.response.content)
        except (openai.APITimeoutError, TimeoutError) as error:
            raise lost(error, True, self._caller) from None
        except openai.APIConnectionError as error:
            raise lost(error, False, self._caller) from None
        return read_answer(parsed(text.encode()), request, takes)


def call_of(model: str, request: Request, takes: Takes, endpoint: Endpoint) -> dict[str, Any]:
    """The body of a request that fits the model; what the endpoint fixes has the last word."""
    call: dict[str, Any] = {
        "model": model,
        "messages": [{"role": m.role, "content": sendable(m.content)} for m in request.messages],
        takes.cap: request.max_tokens,
    }
    if request.temperature is not None:
        call["temperature"] = request.temperature
    if request.top_p is not None:
        call["top_p"] = request.top_p
    if request.stop and takes.stop:
        call["stop"] = list(request.stop)
    if request.top_logprobs:
        call |= {"logprobs": True, "top_logprobs": request.top_logprobs}
    if request.schema is not None:
        shape = {"name": "answer", "strict": True, "schema": json.loads(request.schema)}
        call["response_format"] = {"type": "json_schema", "json_schema": shape}
    if request.effort is not None:
        call["reasoning_effort"] = request.effort
    if endpoint.service_tier and takes.service_tier:
        call["service_tier"] = endpoint.service_tier
    return call | dict(endpoint.extra_body)


def read_answer(body: Json, request: Request, takes: Takes) -> Response | Complaint:
    """The Response in a 200's body; or the complaint in it, which some routers send that way."""
    if isinstance(error := body.get("error"), dict):
        return told(error, 200, None, "error in an answer")
    choices = body.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise garbled("no choices")
    if isinstance(error := choice.get("error"), dict):
        return told(error, 200, None, "error in an answer")
    if choice.get("finish_reason") == "error":
        raise garbled("the endpoint broke off")
    field, text = _content(message)
    inline, text = split_thinking(text)
    reasoning = field or inline
    usage = _usage(body.get("usage"), request, text + reasoning)
    refusal = message.get("refusal")
    finish: Finish = "stop"
    if choice.get("finish_reason") == "content_filter" or (isinstance(refusal, str) and refusal):
        finish = "refusal"
        text = text or (refusal if isinstance(refusal, str) else "")
    elif choice.get("finish_reason") == "length":
        finish = cut_finish(text, bool(reasoning) or _inline_begun(message) or usage.reasoning > 0)
    if request.stop and not takes.stop and finish != "refusal":
        cut = cut_at_stop(text, request.stop)
        finish = "stop" if cut != text else finish
        text = cut
    served = [v for v in (body.get("model"), body.get("system_fingerprint")) if isinstance(v, str)]
    logprobs = _logprobs(choice.get("logprobs")) if request.top_logprobs else ()
    tier = body.get("service_tier")
    return Response(
        text,
        finish,
        usage,
        reasoning,
        logprobs,
        " ".join(filter(None, served)),
        tier=tier if isinstance(tier, str) else "",
    )


def _inline_begun(message: Mapping[str, object]) -> bool:
    """Whether the content began with a thinking tag, even with nothing after it."""
    content = message.get("content")
    return isinstance(content, str) and content.lstrip().startswith("<think>")


def _content(message: Mapping[str, object]) -> tuple[str, str]:
    """(reasoning, text) of a message: fields of their own, or parts of a list."""
    fields = (message.get("reasoning_content"), message.get("reasoning"))
    reasoning = next((f for f in fields if isinstance(f, str) and f), "")
    content = message.get("content")
    if content is None or isinstance(content, str):
        return reasoning, content or ""
    if not isinstance(content, list):
        raise garbled("content is no text")
    parts = [part for part in content if isinstance(part, dict)]
    thought = [_words(part.get("thinking")) for part in parts if part.get("type") == "thinking"]
    said = [_words(part.get("text")) for part in parts if part.get("type") == "text"]
    return reasoning or "".join(thought), "".join(said)


def _words(value: object) -> str:
    if isinstance(value, list):
        return "".join(_words(part.get("text")) for part in value if isinstance(part, dict))
    return value if isinstance(value, str) else ""


def _usage(value: object, request: Request, answer: str) -> Usage:
    """The counts of an answer; by bytes, an upper bound, where the endpoint gives none."""
    if not isinstance(value, dict) or not count(value.get("prompt_tokens")):
        asked = sum(len(m.content.encode("utf-8", "replace")) for m in request.messages)
        return Usage(asked, min(len(answer.encode("utf-8", "replace")), request.max_tokens))
    given = count(value.get("prompt_tokens"))
    out = value.get("completion_tokens_details")
    into = value.get("prompt_tokens_details")
    reasoning = count(out.get("reasoning_tokens")) if isinstance(out, dict) else 0
    cached = count(into.get("cached_tokens")) if isinstance(into, dict) else 0
    cached = cached or count(value.get("prompt_cache_hit_tokens"))
    # Some count thinking only into the total, so the larger of the two is what was made.
    made = max(count(value.get("completion_tokens")), count(value.get("total_tokens")) - given)
    return Usage(given, made, min(reasoning, made), min(cached, given))


def _logprobs(value: object) -> tuple[TokenAlternatives, ...]:
    """The alternatives at each position of the answer, likeliest first as they came."""
    content = value.get("content") if isinstance(value, dict) else None
    if not isinstance(content, list):
        return ()
    tokens: list[str] = []
    places: list[TokenAlternatives] = []
    for place in content:
        if not isinstance(place, dict):
            raise garbled("log-probabilities of another shape")
        top = place.get("top_logprobs")
        known = [_alternative(a) for a in (top if isinstance(top, list) and top else [place])]
        tokens.append(_words(place.get("token")))
        places.append(tuple(known))
    return after_thinking(tokens, tuple(places))


def _alternative(value: object) -> tuple[str, float]:
    token = value.get("token") if isinstance(value, dict) else None
    weight = value.get("logprob") if isinstance(value, dict) else None
    if not isinstance(token, str) or not isinstance(weight, int | float):
        raise garbled("log-probabilities of another shape")
    return token, max(float(weight), FLOOR) if math.isfinite(weight) else FLOOR
