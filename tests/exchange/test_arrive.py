"""Prompts from elsewhere: what becomes of each kind of file, and that exports come back whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autoevol.errors import BadInput, MethodChanged
from autoevol.exchange.arrive import MOST_BYTES, read_foreign
from autoevol.exchange.formats import FORMATS, written
from autoevol.forms import form_of
from autoevol.methods import list_methods, read_method, write_method
from autoevol.types import Method

SHELF = list_methods()
SYSTEM = {"role": "system", "content": "A"}
USER = {"role": "user", "content": "B"}
ANSWER = {"role": "assistant", "content": "C"}
RETURNING = ("text", "markdown", "json", "dspy")


def came(path: Path, text: str | bytes) -> Method:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_foreign(path, "theirs", "any")


@pytest.mark.parametrize("to", RETURNING)
@pytest.mark.parametrize("method", SHELF, ids=lambda m: f"{m.domain}/{m.name}")
def test_what_was_exported_comes_back_with_its_text_and_digest(
    method: Method, to: str, tmp_path: Path
) -> None:
    form = form_of(method)
    if not form.plain and to in ("text", "dspy"):
        return
    back = came(tmp_path / f"m{FORMATS[to].suffix}", written(method, to))
    assert (back.text, back.digest) == (method.text, method.digest)
    assert form_of(back) == form
    assert back.kind == "handwritten"


@given(text=st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_learned_text_comes_back_through_json_and_markdown(tmp_path: Path, text: str) -> None:
    write_method(Method("a", "code", text, "learned", "initial", {"score": "1"}), tmp_path / "a.md")
    learned = read_method(tmp_path / "a.md")
    for to in ("json", "markdown"):
        back = came(tmp_path / f"b{FORMATS[to].suffix}", written(learned, to))
        assert (back.text, back.digest) == (learned.text, learned.digest)


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("p.txt", "\ufeffMake it harder.\r\n1. Do.\r\n", "Make it harder.\n1. Do.\n"),
        ("p.txt", "{instruction} made harder", "{instruction} made harder\n"),
        ("p.md", "---\ntitle: theirs\n---\nHarder.", "---\ntitle: theirs\n---\nHarder.\n"),
        ("p.md", "--- not a head", "--- not a head\n"),
        ("p.json", '"Make it harder."', "Make it harder.\n"),
        ("p.json", {"template": "Harder: {x}", "version": 2}, "Harder: {x}\n"),
        ("p.json", {"messages": [SYSTEM, USER, ANSWER]}, "A\n\nB\n"),
        ("p", [USER, ANSWER], "B\n"),
        ("p.json", {"evolve": {"signature": {"instructions": "C."}}, "metadata": {}}, "C.\n"),
    ],
)
def test_the_prompt_is_found_where_tools_keep_it(
    tmp_path: Path, name: str, content: Any, text: str
) -> None:
    document = content if isinstance(content, str) else json.dumps(content)
    method = came(tmp_path / name, document)
    assert method.text == text
    assert method.head["reference"] == f"imported from {name}"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("p.txt", b"\xff", "not UTF-8 (byte 0)"),
        ("p.txt", b" \n", "empty"),
        ("p.json", b"{", "not JSON"),
        ("p.json", b"[" * 100_000, "not JSON"),
        ("p.json", b'{"a": {"text": "1"}, "b": {"text": "2"}}', "no prompt"),
        ("p.json", b"[1, 2]", "no prompt"),
        ("p.json", b'{"text": "\\ud800"}', "surrogate"),
        ("p.txt", b"x" * (MOST_BYTES + 1), "bytes"),
        ("p.json", b'{"text": "1. A", "wiring": {"aim": "best"}}', "aim 'best'"),
    ],
)
def test_a_file_without_a_prompt_is_refused_with_its_name(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    with pytest.raises(BadInput) as refused:
        came(tmp_path / name, content)
    assert refused.value.message.startswith(str(tmp_path / name))
    assert said in refused.value.message


@pytest.mark.parametrize("to", ["json", "markdown"])
def test_an_export_that_was_edited_is_refused(tmp_path: Path, to: str) -> None:
    document = written(SHELF[0], to).replace("1. ", "1. Also ", 1)
    with pytest.raises(MethodChanged, match="does not match its digest"):
        came(tmp_path / f"m{FORMATS[to].suffix}", document)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none\.txt"):
        read_foreign(tmp_path / "none.txt", "a", "any")
