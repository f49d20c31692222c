"""The head of a text file: what is written is read back, by us and by any YAML reader."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.errors import BadInput
from autoevol.frontmatter import parse, render

KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(
    # A YAML reader takes these keys for truth values; no method file has them.
    lambda key: key not in {"true", "false", "null", "yes", "no", "on", "off"}
)
PRINTABLE = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.just(" "))
HEADS = st.dictionaries(KEYS, PRINTABLE, max_size=5)


@given(head=HEADS, body=PRINTABLE)
@settings(max_examples=150)
def test_a_head_comes_back_with_its_white_space_made_single(
    head: dict[str, str], body: str
) -> None:
    back, rest = parse(render(head, body), "a file")
    assert back == {key: " ".join(value.split()) for key, value in head.items()}
    assert rest == body + "\n"


@given(head=HEADS)
@settings(max_examples=150)
def test_a_yaml_reader_sees_the_same_head(head: dict[str, str]) -> None:
    text = render(head, "body")
    assert (yaml.safe_load(text.split("---")[1]) or {}) == parse(text, "a file")[0] or "---" in str(
        head
    )


@pytest.mark.parametrize("value", ["yes", "No", "null", "12", "1e3", "2025-01-01", "a: b", "- x"])
def test_a_value_that_yaml_would_type_stays_text(value: str) -> None:
    assert yaml.safe_load(render({"name": value}, "x").split("---\n")[1]) == {"name": value}


def test_a_body_may_hold_lines_of_dashes_and_windows_line_ends_are_read() -> None:
    head, body = parse("---\r\nname: a\r\n---\r\none\r\n---\r\ntwo\r\n", "a file")
    assert head == {"name": "a"}
    assert body == "one\n---\ntwo\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no head", "m.md: no head"),
        ("", "m.md: no head"),
        ("---\nname: a", "m.md: the head does not end"),
        ("---\nname: a\nnonsense\n---\nx", "m.md, line 3: not `key: value`: 'nonsense'"),
        ("---\nName: a\n---\nx", "m.md, line 2"),
    ],
)
def test_a_broken_head_is_named_with_file_and_line(text: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse(text, "m.md")
    assert said in refused.value.message
