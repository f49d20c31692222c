"""Prompt files: every slot is filled in one pass, by the code that asks."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.errors import BadInput
from autoevol.prompts import DIVIDER, Prompt, load_prompt
from autoevol.roles.optimizer import STANCES

TOP = Path(__file__).parent.parent
NAMES = sorted(path.stem for path in (TOP / "prompts").glob("*.md"))


@given(value=st.text())
@settings(max_examples=80)
def test_a_value_is_never_read_for_slots_again(value: str) -> None:
    filled = Prompt("p", "{a} \\frac{1}{2} $$5 $slot\n").fill(slot=value)
    assert filled == f"{{a}} \\frac{{1}}{{2}} $5 {value}\n"


@pytest.mark.parametrize("values", [{}, {"slot": "x", "other": "y"}, {"other": "y"}])
def test_a_missing_or_unknown_slot_is_named_with_its_file(values: dict[str, str]) -> None:
    with pytest.raises(BadInput, match=r"prompts/p\.md.*(slot|other)"):
        Prompt("p", "$slot").fill(**values)


def test_an_unknown_prompt_is_named() -> None:
    with pytest.raises(BadInput, match="'nothing'"):
        load_prompt("nothing")


def test_a_digest_changes_with_the_text() -> None:
    assert Prompt("p", "a").digest != Prompt("p", "b").digest


def calls(name: str) -> list[ast.Call]:
    """Every call of a function or method of that name in the package."""
    return [
        node
        for path in sorted((TOP / "autoevol").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and name in (getattr(node.func, "id", ""), getattr(node.func, "attr", ""))
    ]


def test_every_prompt_file_is_asked_by_code() -> None:
    first = [call.args[0] for call in calls("load_prompt")]
    asked = {str(name.value) for name in first if isinstance(name, ast.Constant)}
    asked |= {f"stance-{stance}" for stance in STANCES}
    assert asked == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_code_fills_exactly_the_slots_of_the_prompt(name: str) -> None:
    template = string.Template(load_prompt(name).text)
    assert template.is_valid()
    fillings = [{str(word.arg) for word in call.keywords} for call in calls("fill")]
    # A prompt without slots is used as it stands.
    slots = set(template.get_identifiers())
    if DIVIDER in template.template:  # its turns are filled one by one; examples have no slots
        turns = [string.Template(turn.text) for _, turn in load_prompt(name).turns()]
        found = [set(turn.get_identifiers()) for turn in turns]
        assert all(not turn or turn in fillings for turn in found)
        assert any(found)
    else:
        assert slots in [set(), *fillings]
