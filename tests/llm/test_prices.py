"""Prices: what is given wins, what is embedded is free, what is unknown is None."""

from __future__ import annotations

import socket
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.llm.messages import Message, Request, Usage
from autoevol.llm.prices import BATCH, EndpointPrice, Prices, most_tokens


def request(*texts: str, model: str = "openai/gpt-4o-mini", **more: object) -> Request:
    messages = tuple(Message("user", text) for text in texts)
    return Request(model, messages, "evolver", 100, **more)  # type: ignore[arg-type]


def test_a_listed_price_counts_cached_tokens_cheaper_and_asks_no_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("a price asked the network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    plain = Prices().price("openai", "gpt-4o-mini", Usage(1_000_000, 1_000_000))
    cached = Prices().price("openai", "gpt-4o-mini", Usage(1_000_000, 1_000_000, cached=500_000))
    assert plain is not None
    assert cached is not None
    assert Decimal(0) < cached < plain


def test_the_name_may_carry_its_provider() -> None:
    usage = Usage(1000, 1000)
    prices = Prices()
    assert prices.price("openai", "openai/gpt-4o", usage) == prices.price("openai", "gpt-4o", usage)


def test_a_price_given_for_an_endpoint_wins() -> None:
    prices = Prices({"openai": EndpointPrice(Decimal(2), Decimal("0.5"))})
    assert prices.price("openai", "gpt-4o", Usage(1_000_000, 2_000_000)) == Decimal(3)


def test_by_batch_a_price_that_was_given_is_halved() -> None:
    prices = Prices({"mine": EndpointPrice(Decimal(2), Decimal(4), Decimal(1))})
    used = Usage(1_000_000, 1_000_000, cached=500_000)
    assert prices.price("mine", "m", used) == Decimal("5.5")
    assert prices.price("mine", "m", used, tier=BATCH) == Decimal("2.75")
    assert prices.price("mine", "m", used, tier="flex") == Decimal("5.5")


@pytest.mark.parametrize("provider", ["local", "fake"])
def test_embedded_and_fake_models_are_free(provider: str) -> None:
    assert Prices().price(provider, "anything", Usage(10**6, 10**6)) == 0


def test_an_unknown_price_is_none() -> None:
    usage = Usage(1, 1)
    assert Prices().price("openai", "no-such-model", usage) is None
    assert Prices().price("mine", "gpt-4o", usage) is None
    at_home = "http://127.0.0.1:8000/v1"
    assert Prices().price("openai", "gpt-4o", usage, at_home) is None
    assert Prices().worst("openai", request("x"), at_home).money is None


def test_more_cached_than_read_is_no_error() -> None:
    assert Prices().price("openai", "gpt-4o", Usage(10, 10, cached=50)) is not None


def test_the_address_decides_whose_list_is_read() -> None:
    usage = Usage(1000, 1000)
    home = Prices().price("openai", "gpt-4o", usage, "https://api.openai.com/v1#0123")
    assert home == Prices().price("openai", "gpt-4o", usage)


def test_a_schema_is_part_of_the_worst_case() -> None:
    assert most_tokens(request("x", schema="{}")).input > most_tokens(request("x")).input + 500


@settings(max_examples=50)
@given(st.lists(st.text(alphabet=st.characters(), max_size=40), max_size=5))
def test_the_worst_case_is_above_the_bytes_of_all_messages(texts: list[str]) -> None:
    sent = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
    most = most_tokens(request(*texts))
    assert most.input > sent + len(texts)
    assert most.output == 100
    worst = Prices().worst("openai", request(*texts))
    assert worst.calls == 1
    assert worst.tokens == most.input + most.output
    true = Prices().price("openai", "gpt-4o-mini", Usage(sent, 100))
    assert worst.money is not None
    assert true is not None
    assert worst.money >= true


HALF = Usage(input=1_000_000, output=1_000_000)


def test_a_batch_and_the_tiers_have_prices_of_their_own() -> None:
    prices = Prices()
    for provider, model in (("openai", "gpt-5-mini"), ("anthropic", "claude-haiku-4-5")):
        plain = prices.price(provider, model, HALF)
        assert plain is not None
        assert prices.price(provider, model, HALF, tier=BATCH) == plain / 2
        assert prices.price(provider, model, HALF, tier="default") == plain
        assert prices.price(provider, model, HALF, tier="a tier nobody knows") == plain
    plain, flex, priority = (
        prices.price("openai", "gpt-5-mini", HALF, tier=tier) for tier in ("", "flex", "priority")
    )
    assert plain is not None
    assert priority is not None
    assert flex == plain / 2
    assert priority > plain


def test_the_worst_case_is_that_of_the_dearest_tier() -> None:
    asked = request("hello", model="openai/gpt-5-mini")
    worst = [
        Prices().worst("openai", asked, "", tiers).money
        for tiers in (("", "flex"), ("",), ("", "priority"))
    ]
    assert worst[0] == worst[1]  # flex that is not to be had may be answered at the usual tier
    assert worst[1] is not None
    assert worst[2] is not None
    assert worst[2] > worst[1]


def test_what_a_prompt_cache_saved_is_counted_from_usage_and_never_held_back_for() -> None:
    fresh, cached = Usage(input=1000, output=10), Usage(input=1000, output=10, cached=800)
    own = EndpointPrice(Decimal(1), Decimal(2), Decimal("0.1"))
    prices = Prices({"mine": own, "other": EndpointPrice(Decimal(1), Decimal(2))})
    assert prices.price("mine", "m", fresh) == Decimal("0.00102")
    assert prices.price("mine", "m", cached) == Decimal("0.0003")
    assert prices.price("other", "m", cached) == prices.price("other", "m", fresh)
    listed = [prices.price("openai", "gpt-5-mini", usage) for usage in (fresh, cached)]
    assert listed[0] is not None
    assert listed[1] is not None
    assert listed[1] < listed[0]
    asked = request("hello", model="mine/m")
    most = most_tokens(asked)
    assert prices.worst("mine", asked).money == own.of(most)
    assert most.cached == 0
