"""The OpenAI provider: the conformance suite, and what only this protocol has."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from autoevol.errors import Rejected
from autoevol.llm.capabilities import Capabilities
from autoevol.llm.endpoint import Endpoint
from autoevol.llm.messages import Message, Usage
from autoevol.llm.openai import OpenAIProvider
from autoevol.llm.provider import Provider
from tests import server as wire
from tests.llm.provider_suite import KEY, RemoteSuite, question
from tests.server import LoopbackServer, Reply

SCHEMA = '{"type": "object", "properties": {"legs": {"type": "integer"}}}'


def answer(**body: object) -> Reply:
    """A hand-made 200."""
    return Reply(body=json.dumps(body).encode())


def choice(content: object = "ok", **fields: object) -> list[object]:
    return [
        {"message": {"role": "assistant", "content": content}, "finish_reason": "stop"} | fields
    ]


class TestOpenAI(RemoteSuite):
    kind = "openai"

    def build(self, endpoint: Endpoint, key: str, capabilities: Capabilities) -> Provider:
        return OpenAIProvider(endpoint, key, capabilities)

    def address(self, server: LoopbackServer) -> str:
        return server.openai_url

    async def test_the_plain_call(self, server: LoopbackServer, provider: Provider) -> None:
        await provider.complete(question("hello"))
        [seen] = server.requests
        assert seen.path == "/v1/chat/completions"
        messages = [{"role": "user", "content": "hello"}]
        assert seen.json == {"model": "tiny", "messages": messages, "max_tokens": 64}

    async def test_system_messages_stay_in_place(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        turns = (Message("system", "be brief"), Message("user", "hello"))
        await provider.complete(question(messages=turns))
        assert [m["role"] for m in server.requests[0].json["messages"]] == ["system", "user"]

    async def test_the_cap_by_its_newer_name(
        self, server: LoopbackServer, provider: Provider, notices: list[str]
    ) -> None:
        server.script = wire.wants_max_completion_tokens
        for _ in range(2):
            await provider.complete(question())
        caps = [seen.json.get("max_completion_tokens") for seen in server.requests]
        assert caps == [None, 64, 64]
        assert notices == []  # nothing was left out

    async def test_two_faults_of_one_call_are_both_corrected(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        def fussy(asked: wire.Json) -> Reply:
            first = wire.wants_max_completion_tokens(asked)
            return first if first.status != 200 else wire.refuses_temperature(asked)

        server.script = fussy
        assert (await provider.complete(question(temperature=1.0))).text == "ok"
        assert len(server.requests) == 3

    async def test_a_schema_is_a_response_format(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        await provider.complete(question(schema=SCHEMA))
        shape = server.requests[0].json["response_format"]
        assert shape["type"] == "json_schema"
        assert shape["json_schema"]["strict"] is True
        assert shape["json_schema"]["schema"] == json.loads(SCHEMA)

    async def test_effort_and_service_tier_are_sent(self, server: LoopbackServer) -> None:
        endpoint = replace(self.endpoint(server), service_tier="flex")
        provider = OpenAIProvider(endpoint, KEY, Capabilities())
        await provider.complete(question(effort="low"))
        asked = server.requests[0].json
        assert (asked["reasoning_effort"], asked["service_tier"]) == ("low", "flex")
        await provider.aclose()

    async def test_the_account_of_the_user_stays_at_home(
        self, server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_ORG_ID", "org-mine")
        monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-mine")
        provider = OpenAIProvider(self.endpoint(server), KEY, Capabilities())
        await provider.complete(question())
        assert "mine" not in " ".join(server.requests[0].headers.values())
        await provider.aclose()

    async def test_log_probabilities_of_the_answer(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        places = ((("8", -0.1), ("eight", -2.5)), (("!", -0.2), (".", -9999.0)))
        server.script = wire.always(Reply("8!", logprobs=places))
        response = await provider.complete(question(top_logprobs=2))
        assert response.logprobs == places
        asked = server.requests[0].json
        assert asked["logprobs"] is True
        assert asked["top_logprobs"] == 2

    async def test_log_probabilities_leave_thinking_out(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        tokens = ["<think>", "hm", "</think>", "\n\n", "8"]
        places = tuple(((token, -0.5),) for token in tokens)
        server.script = wire.always(Reply("8", reasoning="hm", thinks="inline", logprobs=places))
        response = await provider.complete(question(top_logprobs=1))
        assert response.logprobs == ((("8", -0.5),),)

    async def test_an_impossible_token_has_a_finite_log_probability(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        place = ((("8", -0.1), ("9", float("-inf"))),)
        server.script = wire.always(Reply("8", logprobs=place))
        [[_, (token, weight)]] = (await provider.complete(question(top_logprobs=2))).logprobs
        assert (token, weight) == ("9", -9999.0)

    async def test_the_served_model_and_its_fingerprint(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        server.script = wire.always(Reply(model="tiny-2026"))
        assert (await provider.complete(question())).served == "tiny-2026 fp_1"

    @pytest.mark.parametrize(
        ("usage", "counted"),
        [
            ({"prompt_tokens": 5, "completion_tokens": 7}, Usage(5, 7)),
            (  # thinking counted only into the total
                {
                    "prompt_tokens": 5,
                    "completion_tokens": 7,
                    "total_tokens": 22,
                    "completion_tokens_details": {"reasoning_tokens": 10},
                },
                Usage(5, 17, reasoning=10),
            ),
            (
                {"prompt_tokens": 5, "completion_tokens": 7, "prompt_cache_hit_tokens": 4},
                Usage(5, 7, cached=4),
            ),
            ({"prompt_tokens": 5, "completion_tokens": -7, "total_tokens": "x"}, Usage(5, 0)),
            (None, Usage(27, 2)),  # by bytes, an upper bound
        ],
    )
    async def test_counts_are_read_where_endpoints_disagree(
        self, server: LoopbackServer, provider: Provider, usage: object, counted: Usage
    ) -> None:
        server.script = wire.always(answer(choices=choice(), usage=usage))
        assert (await provider.complete(question())).usage == counted

    @pytest.mark.parametrize(
        "body",
        [
            {"choices": []},
            {"choices": None},
            {"choices": [{"finish_reason": "stop"}]},
            {"choices": choice(content={"a": 1})},
            {"choices": choice(finish_reason="error")},
            {"choices": choice(error={"message": "upstream", "code": 502})},
            {"error": {"message": "upstream", "code": 502}},
        ],
    )
    async def test_a_200_of_another_shape_is_no_answer(
        self, server: LoopbackServer, provider: Provider, body: dict[str, object]
    ) -> None:
        server.script = wire.always(answer(**body))
        await self.fails(provider)

    async def test_a_permanent_error_in_a_200_is_permanent(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        server.script = wire.always(wire.error_in_200("no such model", code=404))
        with pytest.raises(Rejected):
            await provider.complete(question())

    async def test_llama_cpps_overflow(self, server: LoopbackServer, provider: Provider) -> None:
        error = wire.refused(400, "too many tokens", type="exceed_context_size_error", code=400)
        server.script = wire.always(error)
        assert (await provider.complete(question())).finish == "overflow"

    async def test_content_filtered_before_the_model_saw_it(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        server.script = wire.always(wire.refused(400, "filtered", code="content_filter"))
        assert (await provider.complete(question())).finish == "refusal"
