"""Forms of methods: operations, tags and second instructions, drawn the same every time."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.errors import BadInput, UsageError
from autoevol.forms import CHOICE, Pool, form_of, share_of
from autoevol.methods import check_start, lint, list_methods, load_method, read_method
from autoevol.rulelist import split_rules
from autoevol.types import Instruction, Method, Second

DRAWN = "Open.\n\n1. Shared.\n\n## one\n1. First.\n2. Second.\n\n## two\nMore.\n\n1. Third.\n"
TAGGED = "Open.\n\n1. Use the guidance.\n\n## tags\n- a\n- b c\n- d\n- e\n"


def method(text: str, **head: str) -> Method:
    return Method("m", "any", text, head=head)


def items(count: int) -> list[Instruction]:
    return [Instruction(f"Do number {n}.", f"seed-{n}") for n in range(count)]


def test_a_plain_method_is_sent_as_it_is() -> None:
    plain = method("Open.\n\n## one\n1. First.\n")
    assert form_of(plain).plain
    assert share_of(plain, items(1)[0], Pool()).text == plain.text


def test_an_operation_is_sent_with_what_all_share() -> None:
    form = form_of(method(DRAWN, operations="drawn"))
    assert dict(form.operations) == {
        "one": "Open.\n\n1. First.\n2. Second.\n3. Shared.\n",
        "two": "Open.\n\nMore.\n\n1. Third.\n2. Shared.\n",
    }
    assert not form.plain


def test_operations_are_drawn_evenly_and_by_seed_item_round_and_sample() -> None:
    mixed = load_method("any/evol-mixed")
    drawn = [share_of(mixed, item, Pool()).operation for item in items(600)]
    assert drawn == [share_of(mixed, item, Pool()).operation for item in items(600)]
    counts = Counter(drawn)
    assert len(counts) == 6
    # Six draws of 1/6 each: 600 items give 100 with a standard deviation of 9.
    assert all(60 < count < 140 for count in counts.values())
    for other in ({"sample": 1}, {"round": 2}):
        assert drawn != [share_of(mixed, item, Pool(), **other).operation for item in items(600)]
    assert drawn != [share_of(mixed, item, Pool(seed=1)).operation for item in items(600)]


def test_the_budget_of_tags_rises_by_round_and_then_holds() -> None:
    tagged = load_method("math/tag-evol")
    form, item = form_of(tagged), items(1)[0]
    assert form.budget == (1, 3, 5)
    assert "## tags" not in form.text
    for round, wanted in ((1, 1), (2, 3), (3, 5), (4, 5)):
        guidance = share_of(tagged, item, Pool(), round=round).guidance
        opening, _, offered = guidance.partition(": ")
        assert opening == f"choose {wanted} of these tags"
        chosen = offered.split("; ")
        assert len(set(chosen)) == CHOICE * wanted
        assert set(chosen) <= set(form.tags)
    many = {share_of(tagged, other, Pool()).guidance for other in items(40)}
    assert len(many) > 30


@given(texts=st.lists(st.text(min_size=1, max_size=3), max_size=6), at=st.integers(0, 5))
@settings(max_examples=80)
def test_a_partner_is_another_instruction_or_there_is_none(texts: list[str], at: int) -> None:
    fusion = load_method("any/fusion")
    item = Instruction(texts[at % len(texts)] if texts else "x", "seed")
    if set(texts) <= {item.text}:
        with pytest.raises(BadInput, match="any/fusion joins two instructions"):
            share_of(fusion, item, Pool(tuple(map(Second, texts))))
    else:
        partner = share_of(fusion, item, Pool(tuple(map(Second, texts)))).partner
        assert partner in texts
        assert partner != item.text


@pytest.mark.parametrize(
    ("text", "head", "said"),
    [
        (DRAWN, {"operations": "mixed"}, "operations 'mixed'"),
        (DRAWN, {"seeds": "three"}, "seeds 'three'"),
        (DRAWN, {"aim": "harder"}, "aim 'harder'"),
        (DRAWN, {"start": "last"}, "start 'last'"),
        ("Open.\n\n1. One.\n", {"operations": "drawn"}, "fewer than two"),
        ("1. A.\n\n## one\n\n## two\n1. B.\n", {"operations": "drawn"}, "'one' is empty"),
        ("1. A.\n## a\n1. B\n## a\n1. C", {"operations": "drawn"}, "two sections 'a'"),
        (TAGGED, {"budget": "1 x"}, "budget '1 x'"),
        (TAGGED, {"budget": "0"}, "budget '0'"),
        (TAGGED, {"budget": "5"}, "budget of 5 tags, and 4"),
        (TAGGED.replace("- d", "d"), {"budget": "1"}, "'d' in the section"),
        (TAGGED + "\n## odd\n1. X.\n", {"budget": "1"}, "'odd' beside the tags"),
    ],
)
def test_a_form_that_does_not_hold_is_refused_with_the_file(
    tmp_path: Path, text: str, head: dict[str, str], said: str
) -> None:
    path = tmp_path / "m.md"
    lines = "".join(f'{key}: "{value}"\n' for key, value in head.items())
    path.write_text(f"---\nname: m\ndomain: any\nkind: handwritten\n{lines}---\n{text}")
    with pytest.raises(BadInput) as refused:
        read_method(path)
    assert refused.value.message.startswith(f"{path}: ")
    assert said in refused.value.message


def test_a_digest_covers_what_changes_the_calls() -> None:
    digests = {
        method(DRAWN, **head).digest
        for head in ({}, {"operations": "drawn"}, {"aim": "new"}, {"seeds": "two"})
    }
    assert len(digests) == 4
    assert method(DRAWN, reference="x").digest == method(DRAWN).digest


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ({"operations": "drawn"}, "one of 2 operations per item"),
        ({"seeds": "two"}, "two instructions in"),
        ({"aim": "easier"}, "easier"),
    ],
)
def test_only_one_list_of_rules_can_be_learned_from(head: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check_start(method(DRAWN, **head))
    check_start(method(DRAWN))


def test_findings_name_the_operation() -> None:
    prose = DRAWN.replace("1. Shared.", "Shared.").replace("1. Third.", "Third.")
    found = lint(method(prose, operations="drawn"))
    assert found == ["operation 'two': no numbered rules; the optimizer edits a list `1. …`"]
    assert any("second" in f for f in lint(method("1. Join them.\n", seeds="two")))
    silent = method(TAGGED.replace("guidance", "tags"), budget="1")
    assert any("guidance" in f for f in lint(silent))


def test_every_shipped_text_that_may_be_sent_is_a_list_of_rules() -> None:
    forms = [form_of(method) for method in list_methods()]
    assert sum(bool(form.operations) for form in forms) >= 4
    assert all(split_rules(text)[1] for form in forms for text in form.texts)
