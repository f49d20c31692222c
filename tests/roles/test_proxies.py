"""The proxy scores: what each makes of a judge's answers, and what a user's own may say."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from autoevol.domain import load_domain
from autoevol.errors import NothingUsable, UsageError
from autoevol.llm.messages import Request, Response, Usage
from autoevol.progress import Silent
from autoevol.roles.calibration import Proxy, judge_pairs
from autoevol.roles.proxies import make_proxy, score_name
from autoevol.yardstick import calibrate
from tests.roles.asked import MODEL, answering

CODE = load_domain("code")
EASY, HARD = "Add two numbers.", "Prove that the scheduler never starves a task."


def letter(chosen: str) -> str:
    return f'{{"harder": "{chosen}"}}'


def right(request: Request) -> str:
    """A fair judge: longer is harder, whatever the place."""
    text = request.messages[-1].content
    first = text.split("Task A:\n")[1].split("\n\nTask B:\n")[0]
    second = text.split("\n\nTask B:\n")[1].split("\n\nWhich is harder?")[0]
    return letter("A" if len(first) > len(second) else "B")


@pytest.mark.parametrize(
    ("say", "gain", "bias"),
    [
        (right, 1.0, 0.0),
        (lambda _: letter("A"), 0.0, 1.0),
        (lambda _: letter("B"), 0.0, -1.0),
        (lambda _: letter("same"), 0.0, 0.0),
        (lambda _: "no idea", None, None),
        (lambda _: '{"harder": "C"}', None, None),
    ],
)
async def test_only_agreement_in_both_orders_is_a_gain(
    say: Callable[[Request], str], gain: float | None, bias: float | None
) -> None:
    async with answering(say) as client:
        proxy = make_proxy("pairwise", client, MODEL, CODE)
        assert await proxy.gain(EASY, HARD) == gain
        assert proxy.order_bias == bias
        back = await proxy.gain(HARD, EASY)
        assert back == (None if gain is None else -gain)


async def test_a_judge_that_answers_by_place_is_not_trusted_and_its_bias_is_said() -> None:
    async with answering(lambda _: letter("A")) as client:
        with pytest.raises(NothingUsable, match=r"50% of \d+ pairs.*first of two: \+1\.00"):
            await calibrate(make_proxy("pairwise", client, MODEL, CODE), Silent())


async def test_a_rating_is_the_expected_digit_and_the_score_its_clipped_difference() -> None:
    def say(request: Request) -> Response:
        sure = HARD in request.messages[-1].content
        place = (("4", math.log(0.5)), ("5", math.log(0.5))) if sure else (("2", 0.0),)
        return Response("4", "stop", Usage(9, 1), logprobs=(place,))

    async with answering(say) as client:
        proxy = make_proxy("gain", client, MODEL, CODE)
        assert await proxy.gain(EASY, HARD) == pytest.approx(2.5)
        assert await proxy.score(EASY, HARD) == 1.0
        assert await proxy.score(HARD, EASY) == 0.0
        assert proxy.order_bias is None


async def own(function: Callable[[str, str], object]) -> Proxy:
    async with answering(lambda _: "") as client:
        return make_proxy(function, client, MODEL, CODE)  # type: ignore[arg-type]


async def test_a_users_function_may_be_plain_or_async_and_is_clipped() -> None:
    async def slow(before: str, after: str) -> float:
        return len(after) / len(before)

    assert await (await own(slow)).score(EASY, HARD) == 1.0
    assert await (await own(lambda b, a: -2)).score(EASY, HARD) == 0.0
    assert await (await own(lambda b, a: None)).score(EASY, HARD) is None


@pytest.mark.parametrize("said", ["0.5", math.nan, True, [1]])
async def test_what_is_no_number_ends_the_run_and_names_the_function(said: object) -> None:
    def odd(before: str, after: str) -> object:
        return said

    with pytest.raises(UsageError, match="odd gave"):
        await (await own(odd)).score(EASY, HARD)


async def test_a_failing_function_ends_the_run_and_names_its_error() -> None:
    with pytest.raises(UsageError, match="ZeroDivisionError"):
        await (await own(lambda b, a: 1 / 0)).score(EASY, HARD)


async def test_a_users_score_is_told_how_it_orders_pairs_but_not_refused() -> None:
    proxy = await own(lambda b, a: 0.0)
    found = await calibrate(proxy, Silent())
    assert not found.trusted
    assert found == await judge_pairs(proxy, lambda: None)


async def test_a_judge_that_rates_nothing_ends_after_the_first_few_pairs() -> None:
    asked: list[Request] = []

    def silent(request: Request) -> str:
        asked.append(request)
        return "no idea"

    async with answering(silent) as client:
        proxy = make_proxy("pairwise", client, MODEL, CODE)
        with pytest.raises(NothingUsable, match=f"{MODEL} rated none of the first") as met:
            await judge_pairs(proxy, lambda: None)
    assert "--judge" in met.value.hint
    assert len(asked) < len(CODE.pairs)


def test_an_unknown_score_names_those_there_are() -> None:
    with pytest.raises(UsageError, match="Unknown score 'gian'") as refused:
        score_name("gian")
    assert "gain, pairwise, or MODULE:FUNCTION" in refused.value.hint
    assert score_name("math:dist") == "math:dist"


async def test_what_a_function_prints_stays_off_stdout_and_its_exit_is_an_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def loud(before: str, after: str) -> float:
        print("looking")
        return 0.5

    def leaving(before: str, after: str) -> float:
        raise SystemExit(7)

    assert await (await own(loud)).score(EASY, HARD) == 0.5
    assert capsys.readouterr().out == ""
    with pytest.raises(UsageError, match="SystemExit: 7"):
        await (await own(leaving)).score(EASY, HARD)
