"""What every provider owes the client: one class of cases, run over each of them.

`ProviderSuite` asks for answers; `RemoteSuite` adds what only a wire can do wrong. A subclass says
how its provider is made. Nothing here sleeps: faults come from the loopback server's script.
"""

from __future__ import annotations

import asyncio
import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from autoevol.errors import Rejected, Unauthorised
from autoevol.llm.capabilities import Capabilities
from autoevol.llm.endpoint import Endpoint
from autoevol.llm.messages import Message, Request
from autoevol.llm.provider import Provider, TryAgain
from tests import server as wire
from tests.server import LoopbackServer, Reply

KEY = "sk-do-not-tell-anyone-0123456789"


def question(text: str = "How many legs has a spider?", **fields: object) -> Request:
    asked = Request("box/tiny", (Message("user", text),), role="evolver", max_tokens=64)
    return replace(asked, **fields)  # type: ignore[arg-type]


class ProviderSuite:
    """Answers. Subclasses give a fixture `provider` that echoes the last message."""

    async def test_an_answer_ends_by_itself(self, provider: Provider) -> None:
        response = await provider.complete(question("eight"))
        assert (response.text, response.finish) == ("eight", "stop")
        assert response.cost is None
        assert not response.cached

    async def test_tokens_are_counted(self, provider: Provider) -> None:
        usage = (await provider.complete(question("one two three"))).usage
        assert usage.input >= 3
        assert usage.output >= 3
        assert usage.reasoning <= usage.output
        assert usage.cached <= usage.input

    async def test_who_answered_is_said(self, provider: Provider) -> None:
        assert (await provider.complete(question())).served
        assert provider.identity
        assert provider.name

    async def test_any_text_can_be_asked(self, provider: Provider) -> None:
        for text in (
            "नमस्ते 你好 🙂",
            'quotes " \\ and {braces} $x',
            "\x1b[31mred\x00",
            "x" * 100_000,
        ):
            assert (await provider.complete(question(text))).text == text

    async def test_half_a_surrogate_does_not_break_the_wire(self, provider: Provider) -> None:
        assert "legs" in (await provider.complete(question("legs \ud800"))).text

    async def test_questions_side_by_side_keep_apart(self, provider: Provider) -> None:
        asked = [provider.complete(question(f"number {n}")) for n in range(20)]
        assert [r.text for r in await asyncio.gather(*asked)] == [f"number {n}" for n in range(20)]


class RemoteSuite(ProviderSuite, ABC):
    """Answers and faults over HTTP. Subclasses say how a provider for an endpoint is made."""

    kind: str

    @abstractmethod
    def build(self, endpoint: Endpoint, key: str, capabilities: Capabilities) -> Provider: ...

    @abstractmethod
    def address(self, server: LoopbackServer) -> str: ...

    @pytest.fixture
    async def server(self) -> AsyncIterator[LoopbackServer]:
        async with LoopbackServer() as server:
            yield server

    @pytest.fixture
    def notices(self) -> list[str]:
        return []

    @pytest.fixture
    async def provider(self, server: LoopbackServer, notices: list[str]) -> AsyncIterator[Provider]:
        endpoint = self.endpoint(server)
        provider = self.build(endpoint, KEY, Capabilities(notices.append))
        yield provider
        await provider.aclose()

    def endpoint(self, server: LoopbackServer) -> Endpoint:
        address = self.address(server)
        return Endpoint("box", self.kind, address, "BOX_KEY", timeout_s=5)  # type: ignore[arg-type]

    async def fails(self, provider: Provider, request: Request | None = None) -> TryAgain:
        with pytest.raises(TryAgain) as caught:
            await provider.complete(request or question())
        assert KEY not in str(caught.value)
        return caught.value

    async def test_the_key_travels_in_a_header_only(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        await provider.complete(question())
        [seen] = server.requests
        assert any(KEY in value for value in seen.headers.values())
        assert KEY not in json.dumps(seen.json) + seen.path

    async def test_the_users_own_headers_and_body_are_sent(self, server: LoopbackServer) -> None:
        endpoint = replace(self.endpoint(server), headers={"X-Team": "a"}, extra_body={"top_k": 3})
        provider = self.build(endpoint, KEY, Capabilities())
        await provider.complete(question())
        assert server.requests[0].headers["X-Team"] == "a"
        assert server.requests[0].json["top_k"] == 3
        await provider.aclose()

    async def test_sampling_and_stops_reach_the_wire(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        await provider.complete(question(temperature=0.0, top_p=0.5, stop=("</end>",)))
        asked = server.requests[0].json
        assert (asked["temperature"], asked["top_p"]) == (0.0, 0.5)
        assert asked.get("stop", asked.get("stop_sequences")) == ["</end>"]

    @pytest.mark.parametrize("value", ["3", "2.5"])
    async def test_a_429_says_how_long_to_wait(
        self, server: LoopbackServer, provider: Provider, value: str
    ) -> None:
        server.script = wire.always(wire.rate_limited(value))
        error = await self.fails(provider)
        assert error.retry_after == float(value)
        assert not error.sent
        assert error.connected

    @pytest.mark.parametrize("status", [408, 409, 500, 502, 503, 529])
    async def test_a_server_in_trouble_may_be_asked_again(
        self, server: LoopbackServer, provider: Provider, status: int
    ) -> None:
        server.script = wire.always(wire.refused(status, "in trouble"))
        assert str(status) in (await self.fails(provider)).reason
        assert len(server.requests) == 1  # the SDK's own retries are off

    @pytest.mark.parametrize(
        "reply",
        [wire.CUT, wire.TRUNCATED, wire.GARBLED, wire.HTML, Reply(body=b"[]"), Reply(body=b"{}")],
        ids=["cut", "truncated", "garbled", "html", "list", "empty object"],
    )
    async def test_half_an_answer_counts_as_sent(
        self, server: LoopbackServer, provider: Provider, reply: Reply
    ) -> None:
        server.script = wire.always(reply)
        error = await self.fails(provider)
        assert error.sent
        assert error.connected

    async def test_a_connection_dropped_without_a_word_counts_as_sent(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        async def drop(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(100)
            writer.close()

        listening = await asyncio.start_server(drop, "127.0.0.1", 0)
        address = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1"
        provider = self.build(replace(self.endpoint(server), base_url=address), KEY, Capabilities())
        error = await self.fails(provider)
        assert error.sent
        assert error.connected
        assert "isconnected" in error.reason
        await provider.aclose()
        listening.close()

    async def test_a_stall_ends_in_time_and_counts_as_sent(self, server: LoopbackServer) -> None:
        server.script = wire.always(wire.STALL)
        provider = self.build(replace(self.endpoint(server), timeout_s=0.1), KEY, Capabilities())
        error = await self.fails(provider)
        assert error.sent
        assert error.connected
        await provider.aclose()

    async def test_nobody_at_the_address(self, server: LoopbackServer) -> None:
        endpoint = replace(self.endpoint(server), base_url="http://127.0.0.1:9/v1")
        provider = self.build(endpoint, KEY, Capabilities())
        error = await self.fails(provider)
        assert not error.connected
        assert not error.sent
        await provider.aclose()

    async def test_an_error_inside_a_200_is_an_error(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        server.script = wire.always(wire.error_in_200("busy", type="rate_limit_error"))
        assert (await self.fails(provider)).reason.startswith("429")

    @pytest.mark.parametrize("status", [401, 403])
    async def test_a_wrong_key_names_the_variable_and_never_the_key(
        self, server: LoopbackServer, provider: Provider, status: int
    ) -> None:
        server.script = wire.always(wire.refused(status, f"Incorrect API key: {KEY}, sk-abc***xyz"))
        with pytest.raises(Unauthorised) as caught:
            await provider.complete(question())
        assert "BOX_KEY" in str(caught.value)
        assert "sk-" not in str(caught.value)
        assert len(server.requests) == 1

    async def test_no_credit_left_is_not_asked_again(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        server.script = wire.always(wire.refused(429, "pay", code="insufficient_quota"))
        with pytest.raises(Unauthorised, match="credit"):
            await provider.complete(question())

    async def test_an_unknown_model_is_named(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        server.script = wire.always(wire.refused(404, "no such thing"))
        with pytest.raises(Rejected, match=r"tiny.*no such thing"):
            await provider.complete(question())

    @pytest.mark.parametrize("status", [400, 422])
    async def test_a_refused_request_is_not_repeated(
        self, server: LoopbackServer, provider: Provider, status: int
    ) -> None:
        server.script = wire.always(wire.refused(status, "\x1b[31m" + "so wrong " * 99))
        with pytest.raises(Rejected, match="so wrong") as caught:
            await provider.complete(question(temperature=0.5))
        assert len(server.requests) == 1
        assert "\x1b" not in str(caught.value)
        assert len(str(caught.value)) < 400

    async def test_a_refused_temperature_is_left_out_from_then_on(
        self, server: LoopbackServer, provider: Provider, notices: list[str]
    ) -> None:
        server.script = wire.refuses_temperature
        for _ in range(3):
            assert (await provider.complete(question(temperature=0.5))).text == "ok"
        sent = ["temperature" in seen.json for seen in server.requests]
        assert sent == [True, False, False, False]
        assert len(notices) == 1
        assert "temperature" in notices[0]

    async def test_calls_refused_side_by_side_all_recover(
        self, server: LoopbackServer, provider: Provider, notices: list[str]
    ) -> None:
        server.script, server.latency = wire.refuses_temperature, 0.02
        asked = [provider.complete(question(f"{n}", temperature=0.5)) for n in range(8)]
        assert {r.text for r in await asyncio.gather(*asked)} == {"ok"}
        assert len(server.requests) <= 16
        assert len(notices) == 1

    async def test_a_server_that_always_complains_is_not_asked_for_ever(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        server.script = wire.always(wire.refused(400, "temperature is not supported"))
        with pytest.raises(Rejected):
            await provider.complete(question(temperature=0.5))
        assert len(server.requests) == 2

    async def test_stops_are_kept_where_the_model_takes_none(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        name = "stop_sequences" if self.kind == "anthropic" else "stop"
        complaint = wire.refused(400, f"Unsupported parameter: '{name}'.", param=name)
        server.script = lambda asked: complaint if name in asked else Reply("four</end> and more")
        response = await provider.complete(question(stop=("</end>",)))
        assert (response.text, response.finish) == ("four", "stop")

    async def test_an_empty_answer_is_an_answer(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        server.script = wire.always(wire.EMPTY)
        response = await provider.complete(question())
        assert (response.text, response.finish) == ("", "stop")

    @pytest.mark.parametrize("reply", [wire.REFUSAL, Reply("", finish="filter")])
    async def test_a_refusal_is_an_outcome(
        self, server: LoopbackServer, provider: Provider, reply: Reply
    ) -> None:
        server.script = wire.always(reply)
        assert (await provider.complete(question())).finish == "refusal"

    @pytest.mark.parametrize(
        ("status", "words", "finish"),
        [
            (400, "Output blocked by content filtering policy", "refusal"),
            (400, "This model's maximum context length is 8192 tokens.", "overflow"),
            (400, "prompt is too long: 9 tokens > 8 maximum", "overflow"),
            (413, "too large", "overflow"),
        ],
    )
    async def test_some_refused_requests_are_outcomes(
        self, server: LoopbackServer, provider: Provider, status: int, words: str, finish: str
    ) -> None:
        server.script = wire.always(wire.refused(status, words))
        response = await provider.complete(question())
        assert (response.text, response.finish) == ("", finish)
        assert response.usage.output == 0

    @pytest.mark.parametrize("where", ["field", "reasoning", "block", "inline"])
    async def test_thinking_is_taken_out_of_the_answer(
        self, server: LoopbackServer, provider: Provider, where: str
    ) -> None:
        reply = Reply("8", reasoning="spiders have eight", thinks=where)  # type: ignore[arg-type]
        server.script = wire.always(reply)
        response = await provider.complete(question())
        assert (response.reasoning, response.text) == ("spiders have eight", "8")
        assert response.finish == "stop"

    @pytest.mark.parametrize("where", ["field", "reasoning", "block", "open"])
    async def test_cut_while_thinking_is_told_from_cut_while_answering(
        self, server: LoopbackServer, provider: Provider, where: str
    ) -> None:
        cut = Reply("", reasoning="let me", finish="length", thinks=where)  # type: ignore[arg-type]
        server.script = wire.in_turn(cut, Reply("eig", finish="length"))
        assert (await provider.complete(question())).finish == "thinking"
        assert (await provider.complete(question())).finish == "length"

    async def test_hidden_thinking_is_known_by_its_tokens(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        server.script = wire.always(Reply("", finish="length", reasoning_tokens=60))
        response = await provider.complete(question())
        assert response.finish == "thinking"
        assert response.usage.reasoning == 60
        assert response.usage.output >= 60

    async def test_a_cancelled_question_leaves_the_provider_usable(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        server.script = wire.in_turn(wire.STALL, Reply("next"))
        stuck = asyncio.ensure_future(provider.complete(question()))
        await server.arrived.wait()
        stuck.cancel()
        with pytest.raises(asyncio.CancelledError):
            await stuck
        assert (await provider.complete(question())).text == "next"
