"""A rewrite that is missing, cut, looped, swollen or copied from the method, and good ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autoevol.roles.eliminator import Eliminator
from tests.roles.evolutions import HARDER, METHOD, SEED, fired, round_of


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


def handed_in(seed: str, raw: str) -> list[str]:
    """What is said of an evolver's answer that closes no section."""
    return fired(seed, "", raw=raw)


def test_a_refusal_in_place_of_a_section_is_one_and_a_bare_rewrite_is_none() -> None:
    cases = Path(__file__).parent / "cases"
    read = [(cases / name).read_text(encoding="utf-8") for name in ("good.jsonl", "failed.jsonl")]
    good, failed = ([json.loads(line) for line in text.split("\n") if line] for text in read)
    tasks = json.loads((cases / "tasks.json").read_text(encoding="utf-8"))
    for seed, rewrite, *_ in good:
        assert "refused" not in handed_in(seed, rewrite)
        assert handed_in(seed, seed)[:1] == ["format_break"]
    declined = [case for case in failed if case[0] == "refusal" and case[1] in tasks]
    seen = [handed_in(tasks[tongue][0], raw)[:1] == ["refused"] for _, tongue, raw in declined]
    assert sum(seen) > 0.9 * len(seen) > 50
    assert handed_in("Sort a list.", "I cannot help with that.") == ["refused"]


def test_a_refusal_in_the_section_itself_is_the_evolvers() -> None:
    said = "I'm sorry, but I can't assist with that."
    assert "refused" in fired(SEED, said)
    letter = "Write a letter that says: I'm sorry, but I can't assist with that."
    assert fired("Write a letter that says no.", letter) == []


REPORTING = (
    "Make the request harder.\n"
    "1. Same topic, same deliverable.\n"
    "2. Add one condition that forces a choice.\n"
    "Weak spot: why it is too easy\n"
    "Hand in the request between <final> and </final>. Nothing stands outside the two.\n"
)


@pytest.mark.parametrize(
    "after",
    [
        "Name a quiet way to leave a party when you came by bus. (Same topic, same deliverable.)",
        "Same topic, same deliverable: name a quiet way to leave a party by bus.",
        "Weak spot: any excuse would do\nName a quiet way to leave a party by bus.",
        "Name a quiet way to leave a party by bus</final>",
        "Name a quiet way to leave a party by bus. Nothing stands outside the two.",
    ],
)
def test_what_reports_on_the_methods_rules_is_a_leak(after: str) -> None:
    row = round_of("Name a way to leave a party.", after)
    found = Eliminator(REPORTING).inspect(row)
    assert [failure.rule for failure in found] == ["prompt_leak"]
    assert "prompt_leak" not in fired("Name a way to leave a party.", after.partition("</")[0])


@pytest.mark.parametrize(
    "after",
    [
        "Name a quiet way to leave a party when you came by bus. (The host is your boss.)",
        "Name a way to leave a party that forces no host to choose, under one condition: no lie.",
        "Name a way to leave a party where every number of guests is added and then named.",
        "Reading: Same topic, another host. Name a way to leave a party at his house.",
    ],
)
def test_a_rewrite_with_some_words_of_the_method_is_none(after: str) -> None:
    row = round_of("Name a way to leave a party.", after)
    assert Eliminator(REPORTING).inspect(row) == ()
