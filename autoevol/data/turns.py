"""The messages inside a row, in either dialect: role and content, or from and value.

Decides who speaks, what of a message is text, and what else (images, tool calls) makes a
conversation one that cannot be evolved. Which column holds the messages is left to `columns`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from autoevol.data.formats import BadRow
from autoevol.llm.messages import Message, Speaker

ROLES: Mapping[str, Speaker] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "model": "assistant",
    "bot": "assistant",
}
TOOLS = ("tool", "function", "tool_calls", "function_call", "function_response", "observation")


def turns_of(value: object) -> Sequence[object] | None:
    """A column of messages: a list, or one written as JSON in a table's cell."""
    if isinstance(value, str) and value.lstrip().startswith("[{"):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, list | tuple) else None


def conversation(turns: Sequence[object]) -> tuple[tuple[Message, ...], str]:
    """The messages, and why they cannot be evolved, '' if they can.

    Raises:
        BadRow: a message that is no object, or is spoken by an unknown role.
    """
    messages: list[Message] = []
    reason = ""
    for turn in turns:
        if not isinstance(turn, Mapping):
            raise BadRow("a message is not an object with role and content.")
        role = turn.get("role", turn.get("from"))
        content = turn.get("content", turn.get("value"))
        if role in TOOLS or any(filled(turn.get(key)) for key in TOOLS):
            reason = reason or "tool calls"
            continue
        if role not in ROLES:
            raise BadRow(f"a message has the unknown role {role!r}.")
        text, other = _content(content)
        reason = reason or other
        messages.append(Message(ROLES[str(role)], text))
    return tuple(messages), reason


def _content(content: object) -> tuple[str, str]:
    """A message's text, and what it holds besides text."""
    if content is None or isinstance(content, str):
        return content or "", ""
    if not isinstance(content, list | tuple):
        raise BadRow("a message's content is neither text nor a list of parts.")
    texts: list[str] = []
    other = ""
    for part in content:
        kind = part.get("type") if isinstance(part, Mapping) else "text"
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, Mapping) and kind in ("text", "input_text", "output_text"):
            texts.append(str(part.get("text") or ""))
        else:
            other = other or ("tool calls" if "tool" in str(kind) else "images")
    return "\n".join(texts), other


def filled(value: object) -> bool:
    """Whether a cell says anything; 0 and False do."""
    return value not in (None, "", [], (), {})
