"""Method files: found by name, frozen by digest, taken apart into rules, linted."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autoevol.errors import BadInput, MethodChanged, UsageError
from autoevol.methods import (
    MAX_WORDS,
    lint,
    list_methods,
    load_method,
    methods_for,
    quotation,
    read_method,
    stranger,
    write_method,
)
from autoevol.rulelist import join_rules, split_rules
from autoevol.types import Method

TEXT = "You make tasks harder.\n\n1. Add a constraint.\n2. Keep what was given.\n"
LINES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.just(" "))


def learned(text: str = TEXT, **head: str) -> Method:
    return Method("auto-1", "code", text, "learned", "initial", head)


def test_a_frozen_method_is_read_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "code" / "auto-1.md"
    write_method(learned(failure_rate="0.06 [0.02, 0.15]", evolver="openai/gpt: mini"), path)
    assert read_method(path) == learned(
        failure_rate="0.06 [0.02, 0.15]", evolver="openai/gpt: mini"
    )
    assert [p.name for p in path.parent.iterdir()] == ["auto-1.md"]


@given(text=st.lists(LINES, min_size=1).map("\n".join).filter(str.strip))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_that_was_frozen_can_be_loaded(tmp_path: Path, text: str) -> None:
    path = tmp_path / "m.md"
    write_method(learned(text), path)
    assert read_method(path).text.strip("\n") == text.strip("\n")


def test_an_edit_of_a_frozen_method_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "m.md"
    write_method(learned(), path)
    path.write_text(path.read_text().replace("constraint", "limit"))
    with pytest.raises(MethodChanged, match=r"m\.md.*digest.*handwritten"):
        read_method(path)


def test_a_learned_method_without_a_digest_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.md"
    path.write_text(f"---\nname: a\ndomain: code\nkind: learned\n---\n{TEXT}")
    with pytest.raises(MethodChanged, match="none"):
        read_method(path)


def test_line_ends_of_another_system_do_not_change_a_digest(tmp_path: Path) -> None:
    path = tmp_path / "m.md"
    write_method(learned(), path)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_method(path).digest == learned().digest


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"---\nname: A b\ndomain: code\nkind: handwritten\n---\nx", "name 'A b'"),
        (b"---\nname: ../a\ndomain: code\nkind: handwritten\n---\nx", "name '../a'"),
        (b"---\nname: a\nkind: handwritten\n---\nx", "domain ''"),
        (b"---\nname: a\ndomain: code\nkind: best\n---\nx", "kind 'best'"),
        (b"---\nname: a\ndomain: code\nkind: handwritten\n---\n\n", "empty"),
        (b"---\nname: \xff\n---\nx", "not UTF-8 (byte 10)"),
    ],
)
def test_a_file_that_is_no_method_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "m.md"
    path.write_bytes(content)
    with pytest.raises(BadInput) as refused:
        read_method(path)
    assert said in refused.value.message
    assert refused.value.message.startswith(str(path))


def test_a_shipped_method_is_found_by_its_name() -> None:
    assert load_method("code/initial").name == "initial"


def test_a_bare_name_on_several_shelves_lists_them() -> None:
    with pytest.raises(BadInput, match=r"several.*chat/initial, code/initial, math/initial"):
        load_method("initial")


def test_an_unknown_method_suggests_near_names() -> None:
    with pytest.raises(BadInput, match="code/initial"):
        load_method("code/initail")


@pytest.mark.parametrize("name", ["../etc/passwd", "code/../x", "a/b/c", "Code/initial", ""])
def test_a_path_trick_is_no_name(name: str) -> None:
    with pytest.raises(UsageError, match="not a method name"):
        load_method(name)


def test_a_nearer_shelf_hides_a_farther_one(tmp_path: Path) -> None:
    mine = Method("initial", "code", "My own.\n\n1. Be bold.\n")
    write_method(mine, Path("methods/code/initial.md"))
    assert load_method("code/initial").text == mine.text
    other = Method("initial", "code", "From a flag.\n\n1. Be bolder.\n")
    write_method(other, tmp_path / "code" / "initial.md")
    assert load_method("code/initial", tmp_path).text == other.text
    listed = {(m.domain, m.name): m.text for m in list_methods(tmp_path)}
    assert listed["code", "initial"] == other.text
    assert ("math", "initial") in listed


@pytest.mark.parametrize("domain", ["code", "math", "chat"])
def test_every_domain_finds_its_own_methods_and_those_that_fit_all(domain: str) -> None:
    found = methods_for(domain)
    assert {m.domain for m in found} == {domain, "any"}
    assert len(found) >= 7
    assert len({m.name for m in found}) == len(found)


def test_a_file_that_is_called_otherwise_than_its_place_is_refused(tmp_path: Path) -> None:
    called = Method("b", "code", "1. Ask for more.\n")
    write_method(called, tmp_path / "code" / "a.md")
    with pytest.raises(BadInput, match=r"a\.md: is called code/b in its head\."):
        load_method("code/a", tmp_path)
    write_method(called, tmp_path / "code" / "b.md")
    with pytest.raises(BadInput, match=r"a\.md: is called code/b in its head, as .*b\.md is"):
        list_methods(tmp_path)


def test_a_shelf_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        list_methods(tmp_path / "none")


def test_a_domains_own_method_hides_the_general_one(tmp_path: Path) -> None:
    write_method(Method("harder", "code", "1. Ask for more.\n"), tmp_path / "code" / "harder.md")
    assert [m.domain for m in methods_for("code", tmp_path) if m.name == "harder"] == ["code"]
    assert [m.domain for m in methods_for("math", tmp_path) if m.name == "harder"] == ["any"]


def test_a_method_of_another_domain_is_named() -> None:
    assert stranger(load_method("math/direct"), "code") == (
        "math/direct was made for math, not for code."
    )
    assert not stranger(load_method("math/direct"), "math")
    assert not stranger(load_method("any/harder"), "math")


@given(
    rules=st.lists(LINES.map(lambda line: " ".join(line.split())).filter(bool), min_size=1),
    opening=st.sampled_from(["", "You make tasks harder.", "Two\nlines."]),
)
@settings(max_examples=100)
def test_rules_are_joined_as_they_were_split(opening: str, rules: list[str]) -> None:
    assert split_rules(join_rules(opening, rules)) == (opening, rules)


def test_lines_below_a_rule_belong_to_it() -> None:
    opening, rules = split_rules("Open.\n1. One\n   goes on\n\n2) Two\n")
    assert (opening, rules) == ("Open.", ["One goes on", "Two"])


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("word " * (MAX_WORDS + 1) + "\n1. Rule.", "words; at most"),
        ("Only prose.", "no numbered rules"),
        ("\n".join(f"{n}. Rule." for n in range(1, 14)), "13 rules"),
        ("Rewrite $instruction.\n1. Rule.", "slot"),
        ("Open.\n1. Write it between <evolved> tags.", "<evolved>"),
    ],
)
def test_an_unsound_method_has_its_finding(text: str, finding: str) -> None:
    assert any(finding in found for found in lint(Method("a", "code", text)))


def test_a_method_that_quotes_what_its_writer_was_shown_is_a_finding() -> None:
    seen = "Write a function that returns the second largest number in the list."
    quoting = Method("a", "code", f"Open.\n1. Ask for more, like: {seen.upper()}")
    assert any("quotes an item" in found for found in lint(quoting, [seen]))
    assert lint(Method("a", "code", TEXT), [seen]) == []


@given(words=st.lists(st.sampled_from("abcdefgh"), min_size=8, max_size=20), at=st.integers(0, 12))
@settings(max_examples=60)
def test_eight_words_in_a_row_are_a_quotation_wherever_they_stand(
    words: list[str], at: int
) -> None:
    run = words[min(at, len(words) - 8) :][:8]
    assert quotation(f"x {' '.join(run)} y", [" ".join(words)])
    assert not quotation(" ".join(run[:7]), [" ".join(words)])
