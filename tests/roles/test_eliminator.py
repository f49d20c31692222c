"""The rules together: what passes them all, in which order they speak, on any text, in time."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.roles.eliminator import OF_REWRITE, RULES, Eliminator
from autoevol.types import Evolution, Failure
from autoevol.verbs.check import eliminator_for, evolution_of
from benchmarks.zoo_rows import read
from tests.roles.evolutions import CONTRACT, HARDER, METHOD, SEED, SUM, fired, round_of


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


def test_an_unknown_round_is_not_judged() -> None:
    eliminator = Eliminator(METHOD, CONTRACT)
    assert eliminator.inspect(round_of(SEED, SEED, unknown="connection reset")) == ()


def test_the_gravest_rule_stands_first_with_short_evidence() -> None:
    looped = Eliminator(METHOD, CONTRACT).inspect(round_of(SEED, "<evolved>" + "x y z " * 5000))
    order = [rule.__name__ for rule in RULES]
    assert [f.rule for f in looped] == sorted((f.rule for f in looped), key=order.index)
    assert len(looped) > 1
    assert all(0 < len(f.evidence) <= 120 and "\n" not in f.evidence for f in looped)


def test_a_rule_of_the_users_own_joins_the_others() -> None:
    def shouting(evolution: Evolution) -> Failure | None:
        return Failure("shouting", "!") if evolution.after.text.endswith("!") else None

    eliminator = Eliminator(METHOD, CONTRACT, (*RULES, shouting))
    assert eliminator.inspect(round_of(SEED, HARDER + "!")) == (Failure("shouting", "!"),)


def test_names_of_rules_are_unique() -> None:
    names = [rule.__name__ for rule in RULES]
    assert len(names) == len(set(names))


def test_a_way_out_counts_only_where_the_method_names_it() -> None:
    fusion = "1. Where no sensible task comes of them, write the single word INVALID.\n"
    for after in ("INVALID", "**INVALID**."):
        round = round_of(SEED, after)
        assert Eliminator(fusion).inspect(round)[0].rule == "declined"
        assert "declined" not in fired(SEED, after)
    told = round_of(SEED, "Write a function that answers INVALID when a list is empty.")
    assert "declined" not in [f.rule for f in Eliminator(fusion).inspect(told)]


ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)
HOSTILE = st.lists(
    st.sampled_from(["```", "~~~\n", "\ud800", "שלום", "\u202e", "难题", "[", "|",
                     "\n\n", "> ", "\x1b[31m", "12,5", "{x", "Sure, ", "?", "answer: ",
                     "</evolved>", "\u0301", '"', " ", "I can't help", " = 4",
                     "the following table", "sorry", "def f(x):", "must ", "اكتب", "写",
                     "か。", "нет", "<b>", "'", "Please provide ",]),
    max_size=40,
).map("".join)  # fmt: skip
SPACES = st.sampled_from([" ", "  ", "\n", "\t", " \n "])
WORDS = st.lists(
    st.sampled_from(
        [
            "Sort",
            "a",
            "list",
            "of",
            "seven",
            "numbers",
            "by",
            "their",
            "last",
            "digit",
            "and",
            "explain",
            "why",
        ]
    ),
    min_size=4,
    max_size=20,
)


@settings(max_examples=150, deadline=None)
@given(before=ANY_TEXT | HOSTILE, after=ANY_TEXT | HOSTILE, response=ANY_TEXT | HOSTILE)
def test_no_text_makes_a_rule_raise(before: str, after: str, response: str) -> None:
    found = Eliminator(METHOD + before, (after[:9],)).inspect(
        round_of(before, after, response, response_finish="stop")
    )
    assert all(f.evidence and len(f.evidence) <= 120 for f in found)


@settings(max_examples=150, deadline=None)
@given(
    before=ANY_TEXT | HOSTILE,
    after=ANY_TEXT | HOSTILE,
    response=ANY_TEXT | HOSTILE,
    finish=st.sampled_from(["", "stop", "length", "refusal", "overflow"]),
)
def test_a_rewrite_that_passed_is_asked_about_its_answer_alone(
    before: str, after: str, response: str, finish: str
) -> None:
    eliminator = Eliminator(METHOD, CONTRACT)
    rewritten = round_of(before, after)
    answered = replace(rewritten, response=response, response_finish=finish)
    of_rewrite = {rule.__name__ for rule in OF_REWRITE}
    said = eliminator.inspect(answered)
    assert [f for f in said if f.rule in of_rewrite] == [
        f for f in eliminator.inspect(rewritten) if f.rule in of_rewrite
    ]
    assert [f for f in said if f.rule not in of_rewrite] == list(
        eliminator.inspect_answered(answered)
    )


def test_answers_of_every_kind_are_told_in_two_passes_as_in_one() -> None:
    for row in read():
        eliminator, answered = eliminator_for(row["method"] or ""), evolution_of(row)
        rewritten = replace(answered, response="", response_finish="")
        if not eliminator.inspect(rewritten):
            assert eliminator.inspect_answered(answered) == eliminator.inspect(answered), row["id"]


@settings(max_examples=80, deadline=None)
@given(text=HOSTILE.filter(lambda s: any(c.isalnum() for c in s)))
def test_a_text_is_never_an_improvement_on_itself(text: str) -> None:
    assert "identity" in fired(text, text)


@settings(max_examples=60, deadline=None)
@given(words=WORDS, data=st.data())
def test_case_and_spacing_make_no_difference_to_identity(
    words: list[str], data: st.DataObject
) -> None:
    plain = " ".join(words)
    change = st.sampled_from([str.upper, str.lower, str.title])
    other = "".join(data.draw(change)(word) + data.draw(SPACES) for word in words)
    assert "identity" in fired(plain, other)
    assert "identity" in fired(other, plain)


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(range(8)))
def test_verdicts_do_not_depend_on_the_order_of_rows(order: list[int]) -> None:
    rounds = [
        round_of(SEED, after, response, response_finish="stop")
        for after in (HARDER, SEED, "", "写一个函数，返回整数列表中第二大的不同值。")
        for response in ("max(xs)", "Sure! Which list?")
    ]
    alone = [Eliminator(METHOD, CONTRACT).inspect(one) for one in rounds]
    together = Eliminator(METHOD, CONTRACT)
    assert [together.inspect(rounds[i]) for i in order] == [alone[i] for i in order]


MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    "unit",
    ["\n", "“", "[", "a ", "```\n", "1,", "\u0301\u0327", "写", "SELECT ", " '",
        "= 4 ", ": x\n", "> ", "| ", "please ", "i i ", "you ", "following the ",
        "and find, ", "no text ", "\u202eא", "\ud800", "the answer is ", "{x",
        "as an ai ", "x=1 ", "<b>", "- ", "sorry ", "، و", "def f(", "0.", "か",],
)  # fmt: skip
def test_the_time_is_linear_in_the_text(unit: str) -> None:
    def seconds(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        start = time.process_time()
        for before, after, response in ((SEED, text, ""), (text, text + " x?", text)):
            fired(before, after, response, response_finish="stop")
        return time.process_time() - start

    # Quadratic work would cost a hundred times as much; noise and caches cost a few times.
    assert seconds(40_000) < 40 * seconds(4_000) + 0.3


@pytest.mark.parametrize("unit", ["写 text, and ", "I can't 'help' = 4: ", "a\u0301 | [1,2] ```\n"])
def test_a_megabyte_is_looked_at_in_seconds(unit: str) -> None:
    text = (unit * MEGABYTE)[:MEGABYTE]
    start = time.process_time()
    fired(text, text[1:] + "?", text, response_finish="stop")
    assert time.process_time() - start < 60
