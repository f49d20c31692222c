"""A method from elsewhere: a text, a JSON document or a method file becomes a hand-written method.

Decides where in a document the prompt stands, what the method is called (an exported one says so
itself), and that its text is taken as it is: what does not fit (slots, headings of an output
format) is a finding of the linter and not mended in silence. Where the method is put is left to the
shelf.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autoevol import frontmatter
from autoevol.errors import BadInput, MethodChanged, UsageError
from autoevol.forms import form_of
from autoevol.methods import ANY, NAME, plain_text
from autoevol.types import WIRING, Method

_KEYS = (
    "text",
    "method",
    "prompt",
    "instructions",
    "template",
    "system_prompt",
    "system",
    "content",
)
"""Where other tools keep a prompt, the surest first."""
MOST_BYTES = 1_000_000


def read_foreign(path: Path, name: str | None = None, domain: str | None = None) -> Method:
    """The prompt in a file as a hand-written method.

    Method files and exported cards keep their reference and what is special about their form.

    Args:
        path: the file.
        name, domain: what it is to be called; None is what a method file or a card calls itself,
            and for other files the file's name and `any`.

    Raises:
        UsageError: no name is given, and there is none in the file or in what it is called.
        BadInput: the file cannot be read, or holds no prompt that can be told.
        MethodChanged: the digest in it does not match its text.
    """
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8 (byte {error.start}).", "Save it as UTF-8.") from error
    except OSError as error:
        raise BadInput(
            f"{path}: {error.strerror or error}.", "Name a text or JSON file."
        ) from error
    if len(raw) > MOST_BYTES:
        raise BadInput(f"{path}: {len(raw)} bytes are no prompt.", "Name a file with one prompt.")
    if path.suffix == ".json" or text.lstrip()[:1] in ("{", "["):
        body, head, digest = _from_json(text, path)
    else:
        body, head, digest = _from_text(text, path)
    if not body.strip():
        raise BadInput(f"{path}: the prompt is empty.", "Name a file that holds one.")
    if any("\ud800" <= letter <= "\udfff" for letter in body):
        raise BadInput(f"{path}: half of a surrogate pair in the prompt.", "Take it out.")
    reference = head.get("reference", "")
    kept = {key: head[key] for key in WIRING if key in head}
    origin = f"imported from {path.name}"
    # A head holds one line each, and control characters have no place in it.
    line = " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", f"{reference}; {origin}").split())
    kept["reference"] = line.removeprefix("; ")
    name = name or _own(head, "name") or _name_of(path)
    domain = domain or _own(head, "domain") or ANY
    method = Method(name, domain, plain_text(body), "handwritten", "", kept)
    try:
        form_of(method)
    except BadInput as error:
        raise BadInput(f"{path}: {error.message}", error.hint) from error
    if digest and digest != method.digest:
        raise MethodChanged(
            f"{path}: the text does not match its digest ({digest}).",
            "Take the digest out of the file to import the edited text as a method of its own.",
        )
    return method


def _own(head: Mapping[str, str], key: str) -> str:
    """A name that a document gives itself, '' where it gives none that a method may have."""
    found = head.get(key, "")
    return found if NAME.fullmatch(found) else ""


def _name_of(path: Path) -> str:
    name = "-".join(re.findall(r"[a-z0-9]+", path.stem.lower()))
    if not name:
        raise UsageError(f"{path.name!r} gives no name for a method.", "Choose one with --name.")
    return name


def _from_text(text: str, path: Path) -> tuple[str, Mapping[str, str], str]:
    """A method file, or any text whatever."""
    if text.startswith("---"):
        try:
            head, body = frontmatter.parse(text, str(path))
        except BadInput:
            return text, {}, ""
        if "kind" in head:
            return body, head, head.get("digest", "")
    return text, {}, ""


def _from_json(text: str, path: Path) -> tuple[str, Mapping[str, str], str]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        if path.suffix != ".json":  # a prompt that begins with a brace
            return text, {}, ""
        raise BadInput(f"{path}: not JSON: {error}.", "Mend the file.") from error
    body = _prompt_in(document)
    if body is None:
        raise BadInput(
            f"{path}: no prompt in it.", f"Known: a string, messages, or a key {', '.join(_KEYS)}."
        )
    if not isinstance(document, dict) or "wiring" not in document:
        return body, {}, ""
    table = {**_strings(document.get("card")), **_strings(document["wiring"])}
    table |= _strings({key: document[key] for key in ("name", "domain") if key in document})
    return body, table, str(document.get("digest", ""))


def _prompt_in(document: Any, depth: int = 0) -> str | None:
    """The prompt of a document: a string, a known key, chat messages, or a DSPy program's one."""
    if isinstance(document, str):
        return document
    if isinstance(document, list):
        document = {"messages": document}
    if not isinstance(document, dict):
        return None
    for key in _KEYS:
        if isinstance(document.get(key), str):
            return str(document[key])
    turns = document.get("messages")
    if isinstance(turns, list) and all(isinstance(turn, dict) for turn in turns):
        said = [turn.get("content") for turn in turns if turn.get("role") != "assistant"]
        texts = [text for text in said if isinstance(text, str)]
        if texts:
            return "\n\n".join(texts)
    # DSPy keeps a predictor's prompt in its signature, and a program's predictors by name.
    inner = [value for value in document.values() if isinstance(value, dict)]
    found = [_prompt_in(value, depth + 1) for value in inner] if depth < 3 else []
    texts = [text for text in found if text is not None]
    return texts[0] if len(texts) == 1 else None


def _strings(table: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in table.items()} if isinstance(table, dict) else {}
