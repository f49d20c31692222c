"""The scripted provider behaves like a model: it counts, cuts and may fail."""

from __future__ import annotations

import asyncio

import pytest

from autoevol.llm.fake import FakeProvider, echo
from autoevol.llm.messages import Message, Request, Response, Usage
from autoevol.llm.provider import Provider, TryAgain


def request(text: str = "one two three", **more: object) -> Request:
    fields: dict[str, object] = {"max_tokens": 100, **more}
    return Request("fake/echo", (Message("user", text),), "evolver", **fields)  # type: ignore[arg-type]


async def test_echo_says_the_last_message_and_counts_words() -> None:
    answer = await FakeProvider(echo, title="echo").complete(request())
    assert (answer.text, answer.finish) == ("one two three", "stop")
    assert answer.usage == Usage(input=3, output=3)
    assert answer.cost is None


async def test_it_is_a_provider_with_an_identity_of_its_own() -> None:
    provider: Provider = FakeProvider(echo, title="echo", max_inflight=2)
    assert (provider.identity, provider.name, provider.max_inflight) == ("fake:echo", "fake", 2)
    await provider.aclose()


async def test_an_answer_is_cut_at_the_cap_with_its_white_space_kept() -> None:
    answer = await FakeProvider(echo).complete(request("a  b\nc a d", max_tokens=3))
    assert (answer.text, answer.finish, answer.usage.output) == ("a  b\nc", "length", 3)


async def test_an_answer_ends_before_a_stop_sequence() -> None:
    answer = await FakeProvider(echo).complete(request("yes</end> no", stop=("</end>",)))
    assert (answer.text, answer.finish) == ("yes", "stop")


async def test_a_scripted_response_passes_with_its_log_probabilities() -> None:
    places = ((("7", -0.1), ("3", -2.5)),)
    script = lambda _: Response("7", "stop", Usage(), reasoning="hm hm", logprobs=places)  # noqa: E731
    answer = await FakeProvider(script).complete(request(top_logprobs=2))
    assert answer.logprobs == places
    assert answer.usage == Usage(input=3, output=3, reasoning=2)


async def test_a_script_may_await_and_may_fail() -> None:
    async def script(asked: Request) -> str:
        await asyncio.sleep(0)
        if asked.sample:
            raise TryAgain("429", sent=False)
        return "well"

    provider = FakeProvider(script)
    assert (await provider.complete(request())).text == "well"
    with pytest.raises(TryAgain):
        await provider.complete(request(sample=1))
    assert (provider.calls, provider.in_flight) == (2, 0)


async def test_latency_is_waited_side_by_side() -> None:
    provider = FakeProvider(echo, latency=0.02)
    await asyncio.gather(*(provider.complete(request(str(n))) for n in range(5)))
    assert provider.peak == 5
