"""A user's own function over every text of a row, before anything else sees it.

Decides which texts of a row it is given: all strings in all columns, ids too; not the columns'
names. What it takes out is the function's own business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autoevol.errors import BadInput
from autoevol.own import BROKEN, quietly


def redacted(
    row: Mapping[str, object], redact: Callable[[str], str], where: str
) -> Mapping[str, object]:
    """The row with every text as `redact` gives it back; `where` is the row's place.

    Raises:
        BadInput: the function fails, or gives back something else than a text. The message does not
            quote the row.
    """
    try:
        return {name: _each(value, redact, where) for name, value in row.items()}
    except RecursionError:
        raise _failed(where, "the row is nested too deeply") from None


def _each(value: Any, redact: Callable[[str], str], where: str) -> Any:
    if isinstance(value, Mapping):
        return {name: _each(part, redact, where) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_each(part, redact, where) for part in value]
    if not isinstance(value, str):
        return value
    try:
        found = quietly(redact, value)
    except BROKEN as error:
        raise _failed(where, f"it raised {type(error).__name__}") from None
    if not isinstance(found, str):
        raise _failed(where, f"it gave back {type(found).__name__}")
    return found


def _failed(where: str, why: str) -> BadInput:
    return BadInput(
        f"{where}: the redacting function failed, {why}.",
        "It is given one text and gives back a text; nothing of the row was sent or stored.",
    )
