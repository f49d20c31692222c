"""The head of a text file: flat `key: value` lines between two `---` lines.

Decides the syntax, a subset that any YAML reader reads the same way. What the keys mean is left to
`methods`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from autoevol.errors import BadInput

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/+,()-]*")
_RESERVED = {"true", "false", "null", "yes", "no", "on", "off"}


def parse(text: str, where: str) -> tuple[dict[str, str], str]:
    """Split a file into its head and its body.

    Args:
        text: the whole file.
        where: its name, for messages.

    Raises:
        BadInput: there is no head, it does not end, or a line is not `key: value`.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").split("\n")
    if not lines or lines[0].strip() != "---":
        raise BadInput(f"{where}: no head.", "Begin the file with a line `---`.")
    head: dict[str, str] = {}
    for number, line in enumerate(lines[1:], start=2):
        if line.strip() == "---":
            return head, "\n".join(lines[number:]).strip("\n") + "\n"
        key, colon, value = line.partition(":")
        if not colon or not _KEY.fullmatch(key.strip()):
            raise BadInput(f"{where}, line {number}: not `key: value`: {line[:60]!r}.")
        head[key.strip()] = _unquote(value.strip())
    raise BadInput(f"{where}: the head does not end.", "Close it with a line `---`.")


def render(head: Mapping[str, str], body: str) -> str:
    """Write a file that `parse` reads back to the same head and body."""
    lines = [f"{key}: {_quote(value)}" for key, value in head.items()]
    return "\n".join(["---", *lines, "---", body.strip("\n")]) + "\n"


def _quote(value: str) -> str:
    if _PLAIN.fullmatch(value) and value == value.strip() and not _looks_typed(value):
        return value
    plain = " ".join(value.split())
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _looks_typed(value: str) -> bool:
    # A YAML reader would turn these into a number or a truth value.
    return value.lower() in _RESERVED or value[0].isdigit()


def _unquote(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value
