"""Marks of a judge: read from log-probabilities or JSON, and unknown where there are none."""

from __future__ import annotations

import json
import math

import pytest

from autoevol.llm.messages import Request, Response, Usage
from autoevol.prompts import load_prompt
from autoevol.roles.judge import Judge, Marks
from tests.roles.asked import MODEL, answering
from tests.roles.evolutions import HARDER, SEED, round_of

PLACES = {
    "sure": [{"5": 1.0}, {" ": 1.0}, {"1": 1.0}],
    "torn": [{"4": 0.5, "2": 0.5}, {" ": 1.0}, {"5": 0.75, "1": 0.25}],
    "at once": [{"3": 1.0}, {"4": 1.0}],
    "one digit": [{"3": 1.0}, {" ": 1.0}],
    "words": [{"The": 0.9, "5": 0.1}, {" task": 1.0}],
}


def response(text: str, places: list[dict[str, float]], finish: str = "stop") -> Response:
    logprobs = tuple(
        tuple((token, math.log(p)) for token, p in sorted(place.items(), key=lambda x: -x[1]))
        for place in places
    )
    return Response(text, finish, Usage(10, 3), logprobs=logprobs)  # type: ignore[arg-type]


async def marks(
    quick: list[dict[str, float]], whole: str = "", finish: str = "stop", structured: bool = False
) -> tuple[Marks, list[Request]]:
    asked: list[Request] = []

    def say(request: Request) -> Response:
        asked.append(request)
        if request.top_logprobs:
            return response("", quick)
        return response(whole, [], finish)

    async with answering(say) as client:
        judge = Judge(client, MODEL, load_prompt("review"), structured=structured)
        return await judge.mark(round_of(SEED, HARDER)), asked


@pytest.mark.parametrize(
    ("said", "faithful", "doable"), [("sure", 5, 1), ("torn", 3, 4), ("at once", 3, 4)]
)
async def test_marks_are_expected_digits_of_one_call(
    said: str, faithful: float, doable: float
) -> None:
    found, asked = await marks(PLACES[said])
    assert (found.faithful, found.doable) == (pytest.approx(faithful), pytest.approx(doable))
    assert (found.spent.input, found.spent.output) == (10, 3)
    assert len(asked) == 1
    assert asked[0].max_tokens <= 5


@pytest.mark.parametrize("said", ["one digit", "words"])
async def test_without_two_digits_json_is_asked_for(said: str) -> None:
    found, asked = await marks(PLACES[said], '{"faithful": 2, "doable": 4}')
    assert (found.faithful, found.doable) == (2.0, 4.0)
    assert found.spent.output == 6
    assert [bool(request.schema) for request in asked] == [False, True]


@pytest.mark.parametrize(
    "whole",
    ["", "5 5", "[]", '{"faithful": 9, "doable": 4}', '{"faithful": "2", "doable": 4}'],
)
async def test_a_judge_that_gives_no_marks_is_unknown_and_never_a_verdict(whole: str) -> None:
    found, _ = await marks(PLACES["words"], whole)
    assert (found.faithful, found.doable, found.failures()) == (None, None, ())


async def test_a_structured_judge_is_asked_once_and_a_cut_answer_is_unknown() -> None:
    found, asked = await marks([], '{"faithful": 1, "doable": 1}', "length", structured=True)
    assert found.faithful is None
    assert [bool(request.schema) for request in asked] == [True]


async def test_the_pair_is_shown_last_after_marked_examples() -> None:
    _, asked = await marks(PLACES["sure"])
    roles = [message.role for message in asked[0].messages]
    assert roles[0] == "system"
    assert roles[1:] == ["user", "assistant"] * (len(roles[1:-1]) // 2) + ["user"]
    assert SEED in asked[0].messages[-1].content
    assert HARDER in asked[0].messages[-1].content
    examples = [m.content for m in asked[0].messages if m.role == "assistant"]
    assert all(len(e.split()) == 2 and set(e) <= set("12345 ") for e in examples)
    assert len({json.dumps(e) for e in examples}) > 2


@pytest.mark.parametrize(
    ("given", "classes"),
    [
        (Marks(5, 5), []),
        (Marks(2.5, 2.5), []),
        (Marks(1, 5), ["unfaithful"]),
        (Marks(None, 1), ["unanswerable"]),
        (Marks(None, None), []),
        (Marks(2.4, 1.2), ["unanswerable", "unfaithful"]),
    ],
)
def test_low_marks_are_failures_and_the_lowest_stands_first(
    given: Marks, classes: list[str]
) -> None:
    assert [failure.rule for failure in given.failures()] == classes
