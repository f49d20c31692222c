"""Answers that tell of a failed rewrite, and good ones that use the same words."""

from __future__ import annotations

import pytest

from tests.roles.evolutions import HARDER, SEED, answered, fired


@pytest.mark.parametrize(
    ("response", "rule"),
    [
        ("Understood! What would you like me to do next?", "stagnant"),
        ("Thank you for the details.\n\nIs there anything else?", "stagnant"),
        ("Great question! Which part do you mean?", "stagnant"),
        ("Sure! Which list would you like me to use?", "asks_back"),
        ("Sure, I can do that.\n\nCould you tell me the size?", "asks_back"),
        ("好的，您想要哪种语言？", "asks_back"),
        ("Please provide the list of integers.", "missing_input"),
        ("I’d love to help. Could you please share the code?", "missing_input"),
        ("请提供列表。", "missing_input"),
        ("I’m sorry, but I can’t assist with that request.", "refusal"),
        ("I cannot help with this.", "refusal"),
        ("As an AI language model, I can't run code.", "refusal"),
        ("Lo siento, pero no puedo ayudarte con eso.", "refusal"),
        ("Es tut mir leid, aber ich kann dabei nicht helfen.", "refusal"),
        ("抱歉，我无法回答这个问题。", "refusal"),
        ("申し訳ありませんが、お答えできません。", "refusal"),
        ("Yes.", "trivial"),
        ("Okay, sure!", "trivial"),
        ("...", "trivial"),
        ("It is the.", "trivial"),
        ("", "empty_response"),
    ],
)
def test_an_answer_that_tells_of_a_failure(response: str, rule: str) -> None:
    assert answered(response)[:1] == [rule]


# Any short words may answer it.
ANY = "What stood on the last page of the notebook that you found in the old desk?"


def test_a_refusal_by_the_endpoint_counts_without_words() -> None:
    assert answered("", finish="refusal") == ["refusal"]
    assert answered("", finish="overflow") == ["overflow"]


@pytest.mark.parametrize(
    ("response", "after"),
    [
        ("The largest is found by max(). Why does it work? Did you expect more?", ANY),
        ("42", ANY),
        ("B", ANY),
        ("👍", ANY),
        ("Yes", "Is 7919 prime, and is 7921 as well?"),
        ("'d'", ANY),
        ("I am like a moth; I can't help but be drawn to her.", "Find a metaphor for love."),
        ("It is not possible to square the circle, because pi is transcendental.", ANY),
        ("I'm not sure why this works. Does it?", ANY),
        ("Dear team,\nplease provide your reports by Friday.\nBest, Ann", "Write a short email."),
        ('The sign reads "please provide a ticket" in red.', "Describe the sign in one sentence."),
        ("She was sorry. I can't stay, she said, and left the house.", "Write a tiny sad story."),
        ("I'm sorry for the delay; your parcel left today.", "Write an apology of one line."),
        ("Great minds think alike. Do you?", "Write a slogan for a chess club."),
        ("Sure! Why did the hen cross the road with you?", "Tell me a joke that asks a question."),
        ("Sure. " + "It costs O(n). " * 40 + "Would you like more?", ANY),
    ],
)
def test_a_good_answer_passes(response: str, after: str) -> None:
    rules = answered(response, after)
    assert not {"stagnant", "asks_back", "missing_input", "refusal", "trivial"} & set(rules)


def test_an_answer_cut_at_its_cap_is_a_probe_and_no_failure() -> None:
    assert answered("Sure! Which list would you like?", finish="length") == []
    assert answered("", finish="length") == []


def test_an_answer_that_was_not_asked_for_is_not_judged() -> None:
    assert fired(SEED, HARDER, "") == []


@pytest.mark.parametrize(
    "response",
    [
        "Sort the list first. " + "Then take the last one and go on with the rest of it. " * 6,
        "\n".join(f"{n}. Check the next number and write it down." for n in range(1, 9)),
        "答案如下：" + "先比较相邻的两个数，" * 30,
        "So the largest is " + "9, and the next is " * 12 + "9, and the",
    ],
)
def test_an_answer_that_runs_on_for_ever_is_a_loop(response: str) -> None:
    assert "answer_loops" in answered(response)
    assert "answer_loops" in answered(response, finish="length")


@pytest.mark.parametrize(
    "response",
    [
        "Row, row, row the boat.\nThe tide goes out.\nRow, row, row the boat.\nThe moon comes up.\n"
        "Row, row, row the boat.\nThe tide comes in.\nRow, row, row the boat.",
        "```python\ngrid = [" + "[0, 0, 0, 0], " * 6 + "]\n```",
        "| n | square |\n|---|---|\n" + "\n".join(f"| {n} | {n * n} |" for n in range(30)),
    ],
)
def test_refrains_grids_and_tables_are_no_loop(response: str) -> None:
    assert "answer_loops" not in answered(response)


def test_an_answer_that_ends_by_itself_within_code_was_cut() -> None:
    cut = "Here it is:\n\n```python\ndef second(numbers):\n    found = sorted(set(numbers))"
    assert answered(cut) == ["answer_unclosed"]
    assert answered(cut, finish="length") == []
    assert answered(cut + "\n    return found[-2]\n```") == []


@pytest.mark.parametrize("blank", ["<p></p>", "<br/>", "&nbsp;", "\u200b", "\u00a0\u200b\n"])
def test_what_shows_nothing_is_an_empty_answer(blank: str) -> None:
    assert answered(blank) == ["empty_response"]
