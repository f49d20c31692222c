"""What each rule catches and, as important, what it leaves alone. No model, no network."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.roles.eliminator import RULES, Eliminator, Exhibit
from autoevol.types import Evolution, Failure, Instruction

METHOD = (
    "You make a task harder.\n"
    "#Methods List#\n"
    "1. Read the task and note every honest way to make it demand more thought.\n"
    "2. Carry out the best of them and add between ten and twenty words.\n"
)
CONTRACT = ("<evolved>", "</evolved>", "final rewritten instruction")
SEED = "Write a Python function that returns the largest number in a list of integers."
HARDER = (
    "Write a Python function that returns the second largest distinct number in a list of "
    "integers, raising a ValueError when there is none."
)
SUM = "There are 12 cows and 30 hens on the farm. How many legs are there in total?"


def round_of(before: str, after: str, response: str = "", **rest: str) -> Evolution:
    rest.setdefault("raw", after)
    return Evolution(Instruction(before, "s"), Instruction(after, "e"), response=response, **rest)


def fired(before: str, after: str, response: str = "", **rest: str) -> list[str]:
    eliminator = Eliminator(METHOD, CONTRACT)
    return [f.rule for f in eliminator.inspect(round_of(before, after, response, **rest))]


def answered(response: str, after: str = HARDER, finish: str = "stop") -> list[str]:
    return fired(SEED, after, response, response_finish=finish)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (SEED, HARDER),
        (SUM, "There are 12 cows, 30 hens and 4 spiders on the farm. How many legs in total?"),
        ("Sort a list.", "Sort a list recursively."),
        ("Is 7 prime?", "Is 7 prime, and is 7 squared plus two prime as well?"),
        ("写一个函数，返回列表中的最大值。",
         "写一个函数，返回列表中第二大的不同值，若不存在则抛出异常。"),
        ("اكتب قصيدة عن البحر.", "اكتب قصيدة عن البحر من أربعة أبيات دون ذكر كلمة الماء."),
        ("Compute 2 + 2.", "Compute 2 + 2 * 17 and show each step."),
        ("Follow Step 1: preheat. Step 2: bake. Explain why.",
         "Follow Step 1: preheat. Step 2: bake. Explain why, for an oven with no fan up high."),
        ("Format {name} and {{age}} with str.format.", "Format {name}, {{age}} and {city!r} with "
         "str.format, escaping any literal braces."),
        ("Write a prompt that makes a model summarise a text.", "Write a prompt that makes a model "
         "summarise a text, then critique the rewritten prompt for ambiguity."),
        ("Escribe una función que ordene una lista.", "Escribe una función que ordene una lista de "
         "tuplas por el segundo elemento y que sea estable."),
        ("Translate 'good night' into Spanish.",
         "Traduce 'good night' al español de México y explica cuándo se usa."),
    ],
)  # fmt: skip
def test_a_harder_instruction_passes_every_rule(before: str, after: str) -> None:
    assert fired(before, after) == []


@pytest.mark.parametrize(
    ("rest", "rule"),
    [
        ({"raw": "thinking aloud, no tag"}, "format_break"),
        ({"raw": "half a", "evolver_finish": "length"}, "length"),
        ({"raw": "", "evolver_finish": "length"}, "length"),
        ({"raw": "I can't.", "evolver_finish": "refusal"}, "refused"),
        ({"raw": "", "evolver_finish": "overflow"}, "overflow"),
        ({"raw": ""}, "empty"),
    ],
)
def test_no_rewrite_is_named_after_its_cause(rest: dict[str, str], rule: str) -> None:
    assert fired(SEED, "", **rest) == [rule]


def test_a_rewrite_of_signs_only_is_empty() -> None:
    assert "empty" in fired(SEED, " --- ?! ")


def test_an_unknown_round_is_not_judged() -> None:
    eliminator = Eliminator(METHOD, CONTRACT)
    assert eliminator.inspect(round_of(SEED, SEED, unknown="connection reset")) == ()


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


def test_material_that_was_exchanged_is_not_dropped() -> None:
    seed = "Sum these numbers.\n\n[1, 4, 3, 6, 2]"
    assert fired(seed, "Sum the squares of the odd ones among 11, 14, 13, 16 and 21.") == []
    code = f"Explain this.\n\n{CODE}"
    other = "Explain this, and its limits.\n\n```python\ndef f(a, b):\n    return a // (b - 1)\n```"
    assert "dropped_block" not in fired(code, other)


def test_far_more_words_than_asked_are_bloat() -> None:
    heap = " ".join(f"Consider aspect{i} of the harbour." for i in range(20))
    assert "bloat" in fired(SEED, f"{SEED} {heap}")
    assert "bloat" not in fired(SEED, HARDER)


def test_bloat_counts_characters_where_words_have_no_spaces() -> None:
    seed = "写一个函数，返回列表中的最大值。"
    assert "bloat" in fired(seed, seed + "".join(chr(0x4E00 + i) for i in range(200)))
    assert "bloat" not in fired(seed, seed + "".join(chr(0x4E00 + i) for i in range(40)))


def test_many_demands_at_once_pile_up() -> None:
    piled = SEED + "".join(f" It must also handle case{i}." for i in range(4))
    assert "pile_up" in fired(SEED, piled)
    assert "pile_up" not in fired(SEED, SEED + " It must be stable and should also accept tuples.")


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


@pytest.mark.parametrize(
    "after",
    [
        "<evolved>" + HARDER,
        "#Methods List# " + HARDER,
        "Final Rewritten Instruction: " + HARDER,
        HARDER + " Note every honest way to make it demand more thought.",
        "The rewritten prompt asks for the second largest number. Write it.",
    ],
)
def test_words_of_the_method_in_a_rewrite_are_a_leak(after: str) -> None:
    assert "prompt_leak" in fired(SEED, after)


def test_a_bare_contract_word_is_a_leak_only_as_a_tag() -> None:
    def leaked(after: str) -> bool:
        found = Eliminator(METHOD, ("evolved",)).inspect(round_of(SEED, after))
        return "prompt_leak" in [f.rule for f in found]

    assert leaked(HARDER + " </Evolved>")
    assert not leaked(HARDER + " Tell how this evolved.")


def test_words_that_the_seed_brought_are_no_leak() -> None:
    seed = "Explain the tag <evolved> and the heading #Methods List# of this prompt."
    assert "prompt_leak" not in fired(
        seed, seed + " Name two parsers that reject the rewritten prompt."
    )
    assert "prompt_leak" not in fired("How have cats evolved?", "How have cats evolved since 1900?")


@pytest.mark.parametrize(
    "after",
    [
        SEED + "\nExplain the cost.\n" * 5,
        SEED + " and then the next number of the list" * 8,
        "写一个函数" + "，然后返回列表中的下一个数字并且打印出来" * 6,
    ],
)
def test_a_loop_is_a_repetition(after: str) -> None:
    assert "repetition" in fired(SEED, after)


def test_what_the_seed_repeats_is_no_repetition() -> None:
    seed = "Describe the log.\n\n" + "error: no space left on the device\n" * 8
    assert fired(seed, "Describe the log and name two causes with a remedy.\n\n" + seed[19:]) == []


def test_an_open_fence_is_unfinished() -> None:
    after = "Fix the following code for empty lists.\n\n```python\ndef f(xs):\n    return max("
    assert "unfinished" in fired(SEED, after)
    assert "unfinished" not in fired(after, after + "xs) # and negative numbers")
    assert "unfinished" not in fired(
        SEED, "Write about the sign ``` in Markdown and two of its uses."
    )


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
        ("...", "trivial"),
        ("It is the.", "trivial"),
        ("", "empty_response"),
    ],
)
def test_an_answer_that_tells_of_a_failure(response: str, rule: str) -> None:
    assert answered(response) == [rule]


def test_a_refusal_by_the_endpoint_counts_without_words() -> None:
    assert answered("", finish="refusal") == ["refusal"]
    assert answered("", finish="overflow") == ["overflow"]


@pytest.mark.parametrize(
    ("response", "after"),
    [
        ("The largest is found by max(). Why does it work? Did you expect more?", HARDER),
        ("42", HARDER),
        ("B", HARDER),
        ("👍", HARDER),
        ("Yes", HARDER),
        ("It is not possible to square the circle, because pi is transcendental.", HARDER),
        ("I'm not sure why this works. Does it?", HARDER),
        ("Dear team,\nplease provide your reports by Friday.\nBest, Ann", "Write a short email."),
        ('The sign reads "please provide a ticket" in red.', "Describe the sign in one sentence."),
        ("She was sorry. I can't stay, she said, and left the house.", "Write a tiny sad story."),
        ("I'm sorry for the delay; your parcel left today.", "Write an apology of one line."),
        ("Great minds think alike. Do you?", "Write a slogan for a chess club."),
        ("Sure! Why did the hen cross the road with you?", "Tell me a joke that asks a question."),
        ("Sure. " + "It costs O(n). " * 40 + "Would you like more?", HARDER),
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


def test_the_gravest_rule_stands_first_with_short_evidence() -> None:
    looped = Eliminator(METHOD, CONTRACT).inspect(round_of(SEED, "<evolved>" + "x y z " * 5000))
    order = [name for name, _ in RULES]
    assert [f.rule for f in looped] == sorted((f.rule for f in looped), key=order.index)
    assert len(looped) > 1
    assert all(0 < len(f.evidence) <= 120 and "\n" not in f.evidence for f in looped)


def test_a_rule_of_the_users_own_joins_the_others() -> None:
    def shouting(exhibit: Exhibit) -> str:
        return "!" if exhibit.after.text.endswith("!") else ""

    eliminator = Eliminator(METHOD, CONTRACT, (*RULES, ("shouting", shouting)))
    assert eliminator.inspect(round_of(SEED, HARDER + "!")) == (Failure("shouting", "!"),)


def test_names_of_rules_are_unique() -> None:
    names = [name for name, _ in RULES]
    assert len(names) == len(set(names))


ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)
HOSTILE = st.lists(
    st.sampled_from(["```", "~~~\n", "\ud800", "שלום", "\u202e", "难题", "[", "|", "\n\n", "> ",
                     "\x1b[31m", "12,5", "{x", "Sure, ", "?", "answer: ", "</evolved>",
                     "\u0301", '"', " "]),
    max_size=40,
).map("".join)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(before=ANY_TEXT | HOSTILE, after=ANY_TEXT | HOSTILE, response=ANY_TEXT | HOSTILE)
def test_no_text_makes_a_rule_raise(before: str, after: str, response: str) -> None:
    found = Eliminator(METHOD + before, (after[:9],)).inspect(
        round_of(before, after, response, response_finish="stop")
    )
    assert all(f.evidence and len(f.evidence) <= 120 for f in found)


@settings(max_examples=80, deadline=None)
@given(text=HOSTILE.filter(lambda s: any(c.isalnum() for c in s)))
def test_a_text_is_never_an_improvement_on_itself(text: str) -> None:
    assert "identity" in fired(text, text)


@pytest.mark.parametrize(
    "unit", ["\n", "“", "[", "a ", "```\n", "1,", "\u0301\u0327", "写", "SELECT "]
)
def test_the_time_is_linear_in_the_text(unit: str) -> None:
    def seconds(size: int) -> float:
        text = (unit * size)[:size] + " x?"
        start = time.process_time()
        fired(text, text, text, response_finish="stop")
        return time.process_time() - start

    # Quadratic work would cost a hundred times as much; noise and caches cost a few times.
    assert seconds(40_000) < 40 * seconds(4_000) + 0.3
