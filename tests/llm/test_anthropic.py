"""The Anthropic provider: the conformance suite, and what only this protocol has."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from autoevol.llm.anthropic import AnthropicProvider
from autoevol.llm.capabilities import Capabilities
from autoevol.llm.endpoint import Endpoint
from autoevol.llm.messages import Message, Request, Response, Usage
from autoevol.llm.provider import Provider
from tests import server as wire
from tests.llm.provider_suite import RemoteSuite, question
from tests.server import LoopbackServer, Reply

SCHEMA = '{"type": "object", "properties": {"legs": {"type": "integer"}}}'
LONG = 64_000


class TestAnthropic(RemoteSuite):
    kind = "anthropic"

    def build(self, endpoint: Endpoint, key: str, capabilities: Capabilities) -> Provider:
        return AnthropicProvider(endpoint, key, capabilities)

    def address(self, server: LoopbackServer) -> str:
        return server.url

    async def test_the_plain_call(self, server: LoopbackServer, provider: Provider) -> None:
        turns = (Message("system", "be brief"), Message("user", "hello"))
        await provider.complete(question(messages=turns))
        [seen] = server.requests
        assert seen.path == "/v1/messages"
        messages = [{"role": "user", "content": "hello"}]
        wanted = {"model": "tiny", "messages": messages, "max_tokens": 64, "system": "be brief"}
        assert seen.json == wanted

    async def test_a_schema_is_a_tool_that_must_be_called(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        server.script = wire.always(Reply('{"legs": 8, "in": "日本"}'))
        response = await provider.complete(question(schema=SCHEMA))
        assert json.loads(response.text) == {"legs": 8, "in": "日本"}
        assert response.finish == "stop"
        asked = server.requests[0].json
        assert asked["tool_choice"] == {"type": "tool", "name": asked["tools"][0]["name"]}
        assert asked["tools"][0]["input_schema"] == json.loads(SCHEMA)

    async def test_a_model_that_may_not_be_forced_gets_a_format(
        self, server: LoopbackServer, provider: Provider, notices: list[str]
    ) -> None:
        words = "Thinking may not be enabled when tool_choice forces tool use."
        server.script = lambda asked: (
            wire.refused(400, words) if "tool_choice" in asked else Reply('{"legs": 8}')
        )
        assert (await provider.complete(question(schema=SCHEMA))).text == '{"legs": 8}'
        wanted = {"type": "json_schema", "schema": json.loads(SCHEMA)}
        assert server.requests[1].json["output_config"]["format"] == wanted
        assert notices == []

    async def test_log_probabilities_are_left_out_with_one_notice(
        self, server: LoopbackServer, provider: Provider, notices: list[str]
    ) -> None:
        for _ in range(2):
            assert (await provider.complete(question(top_logprobs=5))).logprobs == ()
        assert "top_logprobs" not in server.requests[0].json
        assert len(notices) == 1
        assert "logprobs" in notices[0]

    async def test_cached_tokens_are_part_of_the_input(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        usage = {
            "input_tokens": 5,
            "cache_creation_input_tokens": 20,
            "cache_read_input_tokens": 100,
            "output_tokens": 9,
        }
        body = {"content": [], "stop_reason": "end_turn", "model": "tiny", "usage": usage}
        server.script = wire.always(Reply(body=json.dumps(body).encode()))
        assert (await provider.complete(question())).usage == Usage(125, 9, cached=100)

    async def test_a_thinking_block_without_words_is_thinking(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        blocks = [{"type": "thinking", "thinking": "", "signature": "s"}]
        body = {"content": blocks, "stop_reason": "max_tokens", "usage": {"output_tokens": 64}}
        server.script = wire.always(Reply(body=json.dumps(body).encode()))
        assert (await provider.complete(question())).finish == "thinking"

    @pytest.mark.parametrize(
        ("model", "effort", "thinking", "config"),
        [
            ("claude-haiku-4-5", "low", {"type": "enabled", "budget_tokens": 1024}, None),
            ("claude-haiku-4-5", "high", {"type": "enabled", "budget_tokens": 3999}, None),
            (
                "claude-opus-5-5",
                "high",
                {"type": "adaptive", "display": "summarized"},
                {"effort": "high"},
            ),
            ("claude-opus-5", "none", {"type": "disabled"}, None),
            ("claude-3-5-other", "high", None, None),
        ],
    )
    async def test_effort_in_each_models_own_way(
        self,
        server: LoopbackServer,
        provider: Provider,
        model: str,
        effort: str,
        thinking: object,
        config: object,
    ) -> None:
        await provider.complete(question(model=f"box/{model}", effort=effort, max_tokens=4000))
        asked = server.requests[0].json
        assert (asked.get("thinking"), asked.get("output_config")) == (thinking, config)

    async def test_recent_models_are_not_asked_for_a_temperature(
        self, server: LoopbackServer, provider: Provider, notices: list[str]
    ) -> None:
        await provider.complete(question(model="box/claude-opus-4-8", temperature=0.2))
        assert "temperature" not in server.requests[0].json
        assert notices == ["box/claude-opus-4-8 does not take temperature: left out."]


BEGUN: wire.Json = {
    "type": "message_start",
    "message": {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    },
}
PART: wire.Json = {
    "type": "content_block_delta",
    "index": 0,
    "delta": {"type": "text_delta", "text": "x"},
}


class TestAnthropicStreamed(RemoteSuite):
    """The same conformance with a cap so large that answers are streamed."""

    kind = "anthropic"

    def build(self, endpoint: Endpoint, key: str, capabilities: Capabilities) -> Provider:
        return Streamed(endpoint, key, capabilities)

    def address(self, server: LoopbackServer) -> str:
        return server.url

    async def test_the_call_asks_for_a_stream(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        await provider.complete(question())
        assert server.requests[0].json["stream"] is True

    async def test_a_streamed_tool_call_is_put_together(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        server.script = wire.always(Reply('{"legs": 8}'))
        assert (await provider.complete(question(schema=SCHEMA))).text == '{"legs": 8}'

    async def test_overload_in_mid_stream_may_be_asked_again(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        server.script = wire.always(wire.error_in_200("Overloaded", type="overloaded_error"))
        assert (await self.fails(provider)).reason == "529: Overloaded"

    @pytest.mark.parametrize(
        "events",
        [
            [{"type": "message_stop"}],
            [BEGUN, {**PART, "index": 7}, {"type": "message_stop"}],
            [BEGUN, {**PART, "delta": 3}, {"type": "message_stop"}],
            [BEGUN, {"type": "message_delta", "delta": [], "usage": "much"}],
            [{**BEGUN, "message": []}, {"type": "message_stop"}],
            ["[" * 5000],
            ["{", "\x00"],
        ],
    )
    async def test_events_that_do_not_fit_are_a_broken_stream(
        self, server: LoopbackServer, provider: Provider, events: list[object]
    ) -> None:
        data = (event if isinstance(event, str) else json.dumps(event) for event in events)
        kinds = (event["type"] if isinstance(event, dict) else "message_start" for event in events)
        body = "".join(f"event: {k}\ndata: {d}\n\n" for k, d in zip(kinds, data, strict=True))
        server.script = wire.always(Reply(body=body.encode(), content_type="text/event-stream"))
        assert (await self.fails(provider)).garbled


class Streamed(AnthropicProvider):
    """Asks for more than a plain call may give."""

    async def complete(self, request: Request) -> Response:
        return await super().complete(replace(request, max_tokens=LONG))
