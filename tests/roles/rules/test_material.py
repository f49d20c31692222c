"""Material that is gone, in part or as a whole, and material that is still there."""

from __future__ import annotations

import pytest

from tests.roles.evolutions import HARDER, SEED, answered, fired

EMAIL = (
    "Make this email half as long.\n\nDear all, the kitchen on the second floor is being "
    "renovated from 4 March to 15 March. Please use the one on the ground floor instead."
)
TABLE = "What share voted for Ida?\n\n| name | votes |\n| --- | --- |\n| Ida | 412 |\n| Bo | 305 |"
SOLVED = "Write it as a loop.\n\n```python\ndef f(n):\n    return [n] + f(n - 1) if n else []\n```"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (EMAIL, "Make this email half as long and add a friendly closing line."),
        (TABLE, "What share voted for Ida, and by how much did she beat Bo?"),
        (SOLVED, "Write it as a loop in place.\n\n```python\ndef f(n):\n    while n: n -= 1\n```"),
        ("Sort these names: Lena Abt, Omar Haddad, Mia Novak.", "Sort the names without sorted()."),
        ("Explain the proverb “still waters run deep” to a child.", "Explain a proverb, in rhyme."),
        ("A train runs 120 km in 90 minutes. How fast is it?", "How fast is a train on a slope?"),
        ("Round 5 to the next prime.", "Round 9 to the next prime and prove that it is one."),
        ("Add 1,200 and 35 by hand.", "Add 1,250 and 35 by hand and check it by subtracting."),
        ("Teile ٣ Äpfel gerecht.", "Teile ٥ Äpfel gerecht unter Freunden auf."),
    ],
)
def test_what_was_given_is_gone(before: str, after: str) -> None:
    assert "dropped_block" in fired(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (TABLE, "What share voted for Ida if 10 of her votes are void?\n\n- Ida: 412 votes (name)\n"
         "- Bo: 305 votes"),
        ("A train runs 120 km in 90 minutes. How fast is it?",
         "A train runs 120 km in 90 minutes with a stop of 5. How fast is it while it moves?"),
        ("Name three rivers.", "Name 3 rivers that cross a border, from north to south."),
        (EMAIL, EMAIL.replace("half", "exactly half") + " Keep all dates, in bold."),
        ("Add 1,200 and 35 by hand.", "Add 1200 and thirty-five by hand, and carry aloud. (35)"),
        ("1. Name a river.\n2. Say where it ends.",
         "Name a river that crosses a border, and say where it ends."),
        ("Follow Step 1: soak the beans. Explain why.",
         "Follow Step 1: soak the beans. Explain why salt in the water changes the time."),
    ],
)  # fmt: skip
def test_what_was_given_is_there(before: str, after: str) -> None:
    assert fired(before, after) == []


@pytest.mark.parametrize(
    "after",
    [
        "Write a Python function that returns the largest number in the following table.",
        "Find the largest number in the list given below, and its position.",
    ],
)
def test_a_text_that_points_to_nothing_misses_its_input(after: str) -> None:
    assert "missing_input" in fired(SEED, after)


def test_a_text_may_point_to_what_it_brings_or_what_its_seed_pointed_to() -> None:
    assert "missing_input" not in fired(
        SEED, "Find the largest number in the following list, and its index: 3, 9, 4."
    )
    seed = "Summarise the following text."
    assert "missing_input" not in fired(seed, "Summarise the following text in two sentences.")


@pytest.mark.parametrize(
    "response",
    [
        "It seems the table is missing from your message.",
        "I don't see any code in your message. What should I review?",
        "No text was provided, so there is nothing to shorten.",
        "You haven't included the list yet.",
        "Happy to help! Please paste the email you'd like me to shorten.",
        "Bitte geben Sie mir den Text.",
        "Veuillez fournir le texte.",
        "テキストを提供してください。",
    ],
)
def test_an_answer_that_asks_for_material(response: str) -> None:
    assert answered(response)[:1] == ["missing_input"]


@pytest.mark.parametrize(
    ("response", "after"),
    [
        ("Dear guests, please provide your room number at the desk.", "Write a note to guests."),
        ("Please share your thoughts below!", "Draft a post that invites comments."),
        ("Mia: could you please send the file? Tom: sure.", "Write a dialogue of two colleagues."),
        ('Use `input("Please provide a number: ")`.', HARDER),
        ("The function raises ValueError if no list was given.", HARDER),
    ],
)
def test_an_answer_that_uses_the_same_words(response: str, after: str) -> None:
    assert "missing_input" not in answered(response, after)
