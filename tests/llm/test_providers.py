"""A model's name opens the right provider, one for each endpoint."""

from __future__ import annotations

from decimal import Decimal

import pytest

from autoevol.errors import Unauthorised, UsageError
from autoevol.llm.endpoint import Endpoint
from autoevol.llm.fake import FakeProvider
from autoevol.llm.messages import Message, Request, Usage
from autoevol.llm.prices import EndpointPrice
from autoevol.llm.providers import Opener

MINE = Endpoint("mine", base_url="http://127.0.0.1:9/v1", max_inflight=3)


async def test_models_of_one_endpoint_share_a_provider() -> None:
    opener = Opener(endpoints={"mine": MINE}, env={"OPENAI_API_KEY": "sk-none"})
    one, other = await opener("openai/gpt-4o"), await opener("openai/o3")
    assert one is other
    assert one.name == "openai"
    mine = await opener("mine/qwen/7b")
    assert (mine.name, mine.max_inflight) == ("mine", 3)
    assert mine.identity.startswith("http://127.0.0.1:9/v1")
    for provider in (one, mine):
        await provider.aclose()


async def test_fake_models_are_scripts_by_name() -> None:
    opener = Opener(scripts={"yes": lambda _: "yes"})
    asked = Request("fake/yes", (Message("user", "?"),), "judge", 5)
    assert (await (await opener("fake/yes")).complete(asked)).text == "yes"
    echo = await opener("fake/echo")
    assert isinstance(echo, FakeProvider)
    assert echo.identity == "fake:echo"
    with pytest.raises(UsageError) as caught:
        await opener("fake/no")
    assert "fake/echo, fake/yes" in caught.value.hint


@pytest.mark.parametrize("model", ["fake/", "local/", "openai/", "gpt-4o", "", "nowhere/x"])
async def test_a_model_that_cannot_be_meant_is_a_usage_error(model: str) -> None:
    with pytest.raises(UsageError):
        await Opener(env={})(model)


async def test_a_missing_key_is_named_but_not_needed_for_a_replay() -> None:
    with pytest.raises(Unauthorised, match="ANTHROPIC_API_KEY"):
        await Opener(env={})("anthropic/claude-sonnet-4-5")
    own = Endpoint("own", "openai", "http://127.0.0.1:9/v1", "MY_KEY", trusted=True)
    opener = Opener(endpoints={"own": own}, env={"MY_KEY": ""}, keyless=True)
    for model in ("anthropic/claude-sonnet-4-5", "own/x"):
        await (await opener(model)).aclose()


def test_prices_of_the_tables_are_handed_on() -> None:
    table = Endpoint("own", price=EndpointPrice(Decimal(1), Decimal(2)))
    prices = Opener(endpoints={"own": table, "mine": MINE}).prices()
    assert prices.price("own", "x", Usage(1_000_000, 1_000_000)) == 3
    assert prices.price("mine", "x", Usage(1, 1)) is None
