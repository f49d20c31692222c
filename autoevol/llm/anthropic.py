"""Anthropic's messages, at any address that speaks them. The anthropic SDK's doorkeeper.

Decides how a Request becomes such a call and how what comes back becomes a Response. What errors
mean is left to `faults`, what a model takes to `capabilities`. This protocol has no log-
probabilities and no response format of its own: a schema becomes a tool that must be called.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from autoevol.llm.capabilities import Capabilities, Takes
from autoevol.llm.endpoint import Endpoint
from autoevol.llm.faults import Caller, Complaint, Json, ask, complaint, garbled, lost, parsed, told
from autoevol.llm.messages import Finish, Request, Response, Usage
from autoevol.llm.provider import Limits
from autoevol.llm.reasoning import count, cut_at_stop, cut_finish, sendable, split_thinking
from autoevol.llm.transport import open_transport

if TYPE_CHECKING:
    import anthropic

CONNECT_S = 10.0

STREAM_ABOVE = 21_000
"""Output caps above this are streamed: an idle connection may be cut within such a long answer, and
the SDK refuses them otherwise (it reckons 128,000 tokens an hour against ten minutes)."""

BUDGETS = {"minimal": 1024, "low": 1024, "medium": 4096, "high": 16_384}
"""Thinking tokens for an effort, where a model takes a budget; 1,024 is the least it takes."""

TOOL = "answer"


class AnthropicProvider:
    """A `Provider` over AsyncAnthropic. Importing the SDK waits until one is built.

    Args:
        endpoint: where, with its headers, fixed body and timeout.
        api_key: sent as the key.
        capabilities: the run's table; may be shared.
    """

    def __init__(self, endpoint: Endpoint, api_key: str, capabilities: Capabilities) -> None:
        self.identity = endpoint.identity
        self.name = endpoint.name
        self.tier = endpoint.service_tier or ""
        self.max_inflight = endpoint.max_inflight
        self.limits = Limits(endpoint.rpm, endpoint.tpm)
        self._caller = Caller(endpoint, api_key)
        self._capabilities = capabilities
        self._client = self._open(endpoint, api_key)

    def _open(self, endpoint: Endpoint, api_key: str) -> anthropic.AsyncAnthropic:
        import anthropic

        return anthropic.AsyncAnthropic(
            api_key=api_key,
            base_url=endpoint.base_url or None,
            max_retries=0,
            timeout=anthropic.Timeout(endpoint.timeout_s, connect=CONNECT_S),
            default_headers=endpoint.headers,
            http_client=open_transport(anthropic),
        )

    async def complete(self, request: Request) -> Response:
        """See `Provider.complete`."""
        return await ask(request, self._caller, self._capabilities, self._attempt)

    def at_work(self) -> tuple[anthropic.AsyncAnthropic, Caller, Capabilities]:
        """What calls go out with, for who sends them by batch."""
        return self._client, self._caller, self._capabilities

    async def aclose(self) -> None:
        """See `Provider.aclose`."""
        await self._client.close()

    async def _attempt(self, model: str, request: Request, takes: Takes) -> Response | Complaint:
        import anthropic

        call = call_of(model, request, takes, self._caller.endpoint)
        try:
            body = await (self._streamed(call) if _long(request) else self._whole(call))
        except anthropic.APIStatusError as error:
            if error.status_code == 200:  # an error event in a stream that had begun
                return told(_inner(error.body), 200, None, str(error))
            return complaint(error.status_code, error.response.headers, error.response.content)
        except (anthropic.APITimeoutError, TimeoutError) as error:
            raise lost(error, True, self._caller) from None
        except anthropic.APIConnectionError as error:
            raise lost(error, False, self._caller) from None
        return read_answer(body, request, takes)

    async def _whole(self, call: dict[str, Any]) -> Json:
        # The SDK's own timeout is about silence; this one is about an answer that trickles.
        async with asyncio.timeout(self._caller.endpoint.timeout_s + CONNECT_S):
            raw = await self._client.messages.with_raw_response.create(**call)
            return parsed(raw.http_response.content)

    async def _streamed(self, call: dict[str, Any]) -> Json:
        import anthropic

        opening = self._client.messages.stream(**call)
        try:
            async with opening as stream:
                message = await stream.get_final_message()
                return message.to_dict(mode="json")
        except (anthropic.APIError, TimeoutError):
            raise
        except Exception as error:
            # In mid-stream the SDK lets errors of its transport and of its own folding through.
            if type(error).__module__.startswith(("httpx", "httpcore")):
                timed_out = "Timeout" in type(error).__name__
                raise lost(error, timed_out, self._caller) from None
            # What is left went wrong while events were put together: they did not fit.
            raise garbled("a broken stream") from None


def _long(request: Request) -> bool:
    return request.max_tokens > STREAM_ABOVE


def call_of(model: str, request: Request, takes: Takes, endpoint: Endpoint) -> dict[str, Any]:
    """The SDK call's arguments for a request that fits the model."""
    turns = [m for m in request.messages if m.role != "system"]
    system = "\n\n".join(sendable(m.content) for m in request.messages if m.role == "system")
    call: dict[str, Any] = {
        "model": model,
        "max_tokens": request.max_tokens,
        "messages": [{"role": m.role, "content": sendable(m.content)} for m in turns],
    }
    if system:
        call["system"] = system
    if request.stop and takes.stop:
        call["stop_sequences"] = list(request.stop)
    if endpoint.service_tier and takes.service_tier:
        call["service_tier"] = endpoint.service_tier
    config: dict[str, object] = {}
    if request.schema is not None and takes.schema == "output_config":
        config["format"] = {"type": "json_schema", "schema": json.loads(request.schema)}
    elif request.schema is not None:
        schema = json.loads(request.schema)
        call["tools"] = [{"name": TOOL, "input_schema": schema}]
        call["tool_choice"] = {"type": "tool", "name": TOOL}
    if request.effort is not None:
        call |= _thinking(request, takes, "tools" in call)
        if takes.effort == "adaptive" and request.effort != "none":
            config["effort"] = "low" if request.effort == "minimal" else request.effort
    if config:
        call["output_config"] = config
    body: dict[str, object] = {}  # the SDK has no arguments for these any more
    if request.temperature is not None:
        body["temperature"] = request.temperature
    if request.top_p is not None:
        body["top_p"] = request.top_p
    if body or endpoint.extra_body:
        call["extra_body"] = body | dict(endpoint.extra_body)
    return call


def _thinking(request: Request, takes: Takes, forced: bool) -> dict[str, object]:
    """The `thinking` argument for an effort; none where a tool is forced, which excludes it."""
    if request.effort == "none":
        return {"thinking": {"type": "disabled"}}
    if forced:
        return {}
    if takes.effort == "adaptive":
        return {"thinking": {"type": "adaptive", "display": "summarized"}}
    budget = min(BUDGETS.get(request.effort or "", BUDGETS["high"]), request.max_tokens - 1)
    if budget < BUDGETS["low"]:
        return {}
    return {"thinking": {"type": "enabled", "budget_tokens": budget}}


def _inner(body: object) -> Json:
    inner = body.get("error") if isinstance(body, dict) else None
    return inner if isinstance(inner, dict) else {}


def read_answer(body: Json, request: Request, takes: Takes) -> Response | Complaint:
    """The Response in a 200's body, or the complaint that came in its place."""
    if "error" in body:
        return told(_inner(body), 200, None, "error in an answer")
    content = body.get("content")
    if not isinstance(content, list) or not all(isinstance(block, dict) for block in content):
        raise garbled("no content")
    if not isinstance(body.get("stop_reason"), str):
        raise garbled("it has no end")  # a stream that was closed early, and politely
    thoughts = [b for b in content if b.get("type") in ("thinking", "redacted_thinking")]
    field = "".join(b["thinking"] for b in thoughts if isinstance(b.get("thinking"), str))
    calls = [b for b in content if b.get("type") == "tool_use"]
    if calls:
        text = json.dumps(calls[0].get("input"), ensure_ascii=False)
        inline = ""
    else:
        said = [b["text"] for b in content if isinstance(b.get("text"), str)]
        inline, text = split_thinking("".join(said))
    reasoning = field or inline
    usage = _usage(body.get("usage"), request, text + reasoning)
    reason = body.get("stop_reason")
    finish: Finish = "stop"
    if reason == "refusal":
        finish = "refusal"
    elif reason in ("max_tokens", "model_context_window_exceeded"):
        thought = bool(thoughts) or bool(inline) or usage.reasoning > 0
        finish = cut_finish(text, thought and not calls)
    if request.stop and not takes.stop and finish != "refusal":
        cut = cut_at_stop(text, request.stop)
        finish = "stop" if cut != text else finish
        text = cut
    counts = body.get("usage")
    tier = counts.get("service_tier") if isinstance(counts, dict) else None
    return Response(
        text,
        finish,
        usage,
        reasoning,
        (),
        _word(body.get("model")),
        tier=_word(tier),
    )


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _usage(value: object, request: Request, answer: str) -> Usage:
    """The counts of an answer; by bytes, an upper bound, where the endpoint gives none."""
    if not isinstance(value, dict) or not any(count(v) for v in value.values()):
        asked = sum(len(m.content.encode("utf-8", "replace")) for m in request.messages)
        return Usage(asked, min(len(answer.encode("utf-8", "replace")), request.max_tokens))
    cached = count(value.get("cache_read_input_tokens"))
    fresh = count(value.get("input_tokens")) + count(value.get("cache_creation_input_tokens"))
    made = count(value.get("output_tokens"))
    details = value.get("output_tokens_details")
    reasoning = count(details.get("thinking_tokens")) if isinstance(details, dict) else 0
    return Usage(fresh + cached, made, min(reasoning, made), cached)
