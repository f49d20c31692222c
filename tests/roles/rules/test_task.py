"""A rewrite that lost, solved or kept the task of its seed, and one that made it harder."""

from __future__ import annotations

import pytest

from tests.roles.evolutions import HARDER, SEED, SUM, fired


@pytest.mark.parametrize(
    "after",
    [
        SEED,
        SEED.upper(),
        "write a python function, that returns the largest number in a list of integers",
        "In a list of integers, the largest number: write a Python function that returns it.",
        "Write a Python function which returns the biggest number in a list of integers.",
    ],
)
def test_a_seed_that_comes_back_unchanged_is_an_identity(after: str) -> None:
    assert fired(SEED, after) == ["identity"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("What is 3 + 4?", "What is 3 + 5?"),
        ("What is 3 + 4?", "What is 3 / 4?"),
        ("वह लड़का कहाँ जाता है?", "वह लड़की कहाँ जाती है?"),
        ("Which numbers divide 12?", "Which numbers do not divide 12?"),
    ],
)
def test_a_changed_number_sign_or_word_is_no_identity(before: str, after: str) -> None:
    assert "identity" not in fired(before, after)


@pytest.mark.parametrize(
    "added",
    [
        "\nThe answer is 108.",
        "\n#### 108",
        "\nSolution: 12 * 4 + 30 * 2 = 108",
        "\n**Answer:** 108 legs",
        " (Answer: 108)",
    ],
)
def test_a_rewrite_that_states_its_answer_is_leaked(added: str) -> None:
    assert "answer_leaked" in fired(SUM, SUM + added)


@pytest.mark.parametrize(
    "added",
    [
        " Make sure the answer is a whole number.",
        " The answer is 30 words or fewer.",
        "\nAnswer: <number>",
        " Say whether the answer is yes or no.",
        " Suppose that for ten cows the result is 40.",
    ],
)
def test_a_demand_on_the_answer_is_no_leak(added: str) -> None:
    assert "answer_leaked" not in fired(SUM, SUM + added)


CODE = "```python\ndef largest(xs):\n    return max(xs)\n```"


def test_code_that_solves_the_seed_is_leaked() -> None:
    assert "answer_leaked" in fired(SEED, f"{SEED}\n\n{CODE}")
    assert "answer_leaked" in fired(SEED, "def largest(xs):\n    return max(xs)")


def test_code_that_the_task_works_on_is_no_leak() -> None:
    assert "answer_leaked" not in fired(
        SEED, f"Fix the following function for empty lists.\n\n{CODE}"
    )
    given = f"Explain this code.\n\n{CODE}"
    assert "answer_leaked" not in fired(given, f"Explain what it costs.\n\n{CODE}")


@pytest.mark.parametrize(
    "after",
    [
        "Sure, here is a harder version: " + HARDER,
        "Here's the rewritten instruction: " + HARDER,
        "I have rewritten it so that the list may be empty: " + HARDER,
        "The farm is home to 12 cows, 30 hens and a dog, which makes it a busy place.",
    ],
)
def test_a_comment_instead_of_a_question_is_a_lost_question(after: str) -> None:
    assert "question_lost" in fired(SUM, after)


@pytest.mark.parametrize(
    "after",
    [
        "Here is a list of prices: 4, 9, 12. Find the two that add up to 13 or more.",
        "A farm has 12 cows and 30 hens. Determine the number of legs, less those of 3 sold cows.",
        "Given 12 cows and 30 hens of which two lost a leg, count the legs.",
    ],
)
def test_a_question_put_as_a_demand_is_not_lost(after: str) -> None:
    assert "question_lost" not in fired(SUM, after)


BLOCKS = {
    "code": "```js\nconst total = items.reduce((a, b) => a + b.price, 0);\n```",
    "table": "| city | population |\n| --- | --- |\n| Turku | 195301 |",
    "data": '{"temperature": 21.5, "pressure": 1013, "wind": 4}',
    "quote": "> The old harbour was rebuilt after the storm flood of 1872.",
    "input": "Our landlord raised the rent twice within a single year.",
}


@pytest.mark.parametrize("kind", BLOCKS)
def test_material_that_is_gone_is_a_dropped_block(kind: str) -> None:
    seed = f"Explain what is wrong here:\n\n{BLOCKS[kind]}"
    assert "dropped_block" in fired(
        seed, "Explain, with two reasons and a remedy, what went wrong."
    )
    kept = f"Explain, with two reasons and a remedy, what is wrong here:\n\n{BLOCKS[kind]}"
    assert fired(seed, kept) == []


def test_material_that_was_exchanged_is_gone() -> None:
    seed = "Sum these numbers.\n\n[1, 4, 3, 6, 2]"
    assert fired(seed, "Sum the squares of the odd ones among 11, 14, 13, 16 and 21.") == [
        "dropped_block"
    ]
    code = f"Explain this.\n\n{CODE}"
    other = "Explain this, and its limits.\n\n```python\ndef f(a, b):\n    return a // (b - 1)\n```"
    assert fired(code, other) == ["dropped_block"]


def test_material_that_grew_or_was_laid_out_anew_is_there() -> None:
    seed = 'Validate this:\n\n```json\n{"id": 17, "tags": ["new"]}\n```'
    grown = 'Validate this and its tags:\n\n```json\n{"id": 17,\n "tags": ["new", "old"]}\n```'
    assert fired(seed, grown) == []
    seed = "A hall has 1,200 seats in 30 rows. How many are in two rows?"
    assert (
        fired(seed, "A hall has 1200 seats in thirty rows. How many are in 2 rows but one?") == []
    )


@pytest.mark.parametrize(
    "after",
    [
        "Escribe una función que devuelva el número más grande de una lista y los índices.",
        "Schreibe eine Funktion, die die größte Zahl in einer Liste mit dem Index zurückgibt.",
        "写一个 Python 函数，返回整数列表中第二大的数字，并处理空列表的情况。",
        "Write a function. 如果列表为空则抛出异常，并且说明时间复杂度，不要使用排序。",
    ],
)
def test_another_language_is_a_language_change(after: str) -> None:
    assert "language_change" in fired(SEED, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            SEED,
            HARDER + " Greet the user with “你好，世界，欢迎来到这里，请输入您的整数列表” first.",
        ),
        ("Explain the angle.", "Explain the angles α, β, γ, δ and ε of a pentagon and their sum."),
        ("Translate into German: the cat sleeps.", "Übersetze ins Deutsche: the cat sleeps on it."),
    ],
)
def test_foreign_words_in_a_task_are_no_language_change(before: str, after: str) -> None:
    assert "language_change" not in fired(before, after)
