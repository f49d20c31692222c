"""The capability table: what is sent to which model, and what a refusal teaches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autoevol.llm.capabilities import ROWS, Capabilities, Takes
from autoevol.llm.endpoint import Endpoint
from autoevol.llm.messages import Message, Request

OPENAI = Endpoint("openai", "openai")
ANTHROPIC = Endpoint("anthropic", "anthropic")
EVERYTHING = Request(
    "x/y",
    (Message("user", "hello"),),
    role="judge",
    max_tokens=9,
    temperature=0.5,
    top_p=0.9,
    stop=("end",),
    schema="{}",
    top_logprobs=5,
    effort="low",
)


def sent(endpoint: Endpoint, model: str, request: Request = EVERYTHING) -> set[str]:
    """The names of what is left of a request that asks for everything."""
    fit = Capabilities().fit(endpoint, model, request)
    names = ("temperature", "top_p", "schema", "top_logprobs", "effort")
    return {name for name in names if getattr(fit, name)}


@pytest.mark.parametrize("model", ["o1", "o3-mini", "o4-mini-2025-04-16", "gpt-5", "gpt-5-mini"])
def test_reasoning_models_of_openai_take_no_sampling(model: str) -> None:
    assert sent(OPENAI, model) == {"schema", "effort"}
    takes = Capabilities().takes(OPENAI, model)
    assert (takes.cap, takes.stop) == ("max_completion_tokens", False)


@pytest.mark.parametrize("model", ["gpt-4o-mini", "gpt-4.1", "gpt-3.5-turbo"])
def test_chat_models_of_openai_take_all_but_effort(model: str) -> None:
    assert sent(OPENAI, model) == {"temperature", "top_p", "schema", "top_logprobs"}
    assert Capabilities().takes(OPENAI, model).cap == "max_tokens"


def test_a_model_that_need_not_think_takes_sampling_while_it_does_not() -> None:
    sampling = {"temperature", "top_p", "top_logprobs"}
    assert not sampling & sent(OPENAI, "gpt-5.1")
    assert sampling <= sent(OPENAI, "gpt-5.1", replace(EVERYTHING, effort="none"))
    assert sampling <= sent(OPENAI, "gpt-5.1", replace(EVERYTHING, effort=None))


@pytest.mark.parametrize("model", ["qwen2.5-coder", "llama-3", "olmo-2", "gpt-oss-120b", "o100"])
def test_unknown_models_are_asked_for_everything(model: str) -> None:
    assert Capabilities().takes(OPENAI, model) == Takes()


def test_a_routers_prefix_does_not_hide_the_model() -> None:
    assert Capabilities().takes(OPENAI, "openai/o3").cap == "max_completion_tokens"


@pytest.mark.parametrize(
    "model", ["claude-opus-4-7", "claude-opus-4-8", "claude-sonnet-5", "claude-haiku-5-5"]
)
def test_recent_models_of_anthropic_take_no_sampling(model: str) -> None:
    assert sent(ANTHROPIC, model) == {"schema", "effort"}
    assert Capabilities().takes(ANTHROPIC, model).effort == "adaptive"


@pytest.mark.parametrize("model", ["claude-sonnet-4-5", "claude-opus-4-20250514", "anything"])
def test_older_models_of_anthropic_take_sampling_while_they_do_not_think(model: str) -> None:
    assert sent(ANTHROPIC, model) == {"schema", "effort"}
    calm = replace(EVERYTHING, effort=None)
    assert sent(ANTHROPIC, model, calm) == {"schema", "temperature", "top_p"}


def test_every_omission_is_noticed_once_per_model() -> None:
    notices: list[str] = []
    table = Capabilities(notices.append)
    for _ in range(3):
        table.fit(OPENAI, "o3", EVERYTHING)
    assert len(notices) == 3
    assert notices[0] == "openai/o3 does not take temperature: left out."
    table.fit(OPENAI, "o1", EVERYTHING)
    assert len(notices) == 6


def test_what_is_not_asked_is_not_noticed() -> None:
    notices: list[str] = []
    plain = Request("x/y", EVERYTHING.messages, "judge", 9)
    assert Capabilities(notices.append).fit(OPENAI, "o3", plain) == plain
    assert notices == []


@pytest.mark.parametrize(
    ("message", "param", "field", "value"),
    [
        (
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
            "max_tokens",
            "cap",
            "max_completion_tokens",
        ),
        ("Unrecognized request argument supplied: max_tokens", "", "cap", "max_completion_tokens"),
        (
            "'temperature' does not support 0.2. Only the default (1)",
            "temperature",
            "temperature",
            0,
        ),
        ("`temperature` is deprecated for this model.", "", "temperature", 0),
        ("temperature: Extra inputs are not permitted", "", "temperature", 0),
        ("`temperature` may only be set to 1 when thinking is enabled", "", "temperature", 0),
        ("`temperature` and `top_p` cannot both be specified for this model.", "", "top_p", 0),
        ("Unsupported parameter: 'stop'", "stop", "stop", 0),
        ("logprobs are not supported with reasoning models", "", "logprobs", 0),
        ("unsupported", "top_logprobs", "logprobs", 0),
        ("'response_format' of type 'json_schema' is not supported", "", "schema", ""),
        ("not supported", "response_format.json_schema", "schema", ""),
        ("Unknown parameter: 'reasoning_effort'", "", "effort", ""),
        ("service_tier is not available for this account", "", "service_tier", 0),
        ('[{"loc": ["body", "top_p"], "msg": "Extra inputs are not permitted"}]', "", "top_p", 0),
    ],
)
def test_a_refusal_that_names_a_parameter_corrects_the_table(
    message: str, param: str, field: str, value: object
) -> None:
    table = Capabilities()
    before = table.takes(OPENAI, "m")
    assert table.correct(OPENAI, "m", before, message, param)
    assert table.takes(OPENAI, "m") == replace(before, **{field: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("message", "param"),
    [
        ("max_tokens is too large: 99999. This model supports at most 4096.", "max_tokens"),
        ("Invalid value for 'temperature': must be below 2.", "temperature"),
        ("messages: at least one message is required", "messages"),
        ("this content is not supported", ""),
        ("unsupported", "some_other_parameter"),
        ("", ""),
    ],
)
def test_other_refusals_teach_nothing(message: str, param: str) -> None:
    table = Capabilities()
    before = table.takes(OPENAI, "m")
    assert not table.correct(OPENAI, "m", before, message, param)
    assert table.takes(OPENAI, "m") == before


def test_budgets_of_thinking_give_way_to_adaptive_thinking() -> None:
    table = Capabilities()
    words = '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive".'
    assert table.correct(ANTHROPIC, "m", table.takes(ANTHROPIC, "m"), words)
    assert table.takes(ANTHROPIC, "m").effort == "adaptive"


def test_a_correction_is_for_one_model_of_one_endpoint() -> None:
    table = Capabilities()
    table.correct(OPENAI, "m", table.takes(OPENAI, "m"), "temperature is not supported")
    assert table.takes(OPENAI, "n").temperature
    assert table.takes(replace(OPENAI, name="other"), "m").temperature


def test_corrections_come_to_an_end() -> None:
    table = Capabilities()
    for parameter in ("max_tokens", "max_completion_tokens", "response_format", "tool_choice"):
        for endpoint in (OPENAI, ANTHROPIC):
            rounds = 0
            while table.correct(
                endpoint, "m", table.takes(endpoint, "m"), "unsupported", parameter
            ):
                rounds += 1
                assert rounds < 4


def test_a_call_that_was_refused_beside_another_is_worth_a_repeat() -> None:
    table = Capabilities()
    before = table.takes(OPENAI, "m")
    words = "temperature is not supported"
    assert table.correct(OPENAI, "m", before, words)
    assert table.correct(OPENAI, "m", before, words)
    assert not table.correct(OPENAI, "m", table.takes(OPENAI, "m"), words)


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
def test_each_table_ends_with_a_row_for_everybody(kind: str) -> None:
    assert ROWS[kind][-1][0] == ""  # type: ignore[index]
