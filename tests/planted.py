"""The planted worlds behind the loopback server: either wire's JSON becomes a Request again.

Decides nothing of what is answered; that is `autoevol.simulation`'s.
"""

from __future__ import annotations

import json
from typing import Any

from autoevol.llm.messages import Message, Request, Response
from autoevol.simulation import SCRIPTS
from tests.server import Reply, Script


def served(world: str = "planted") -> Script:
    """A script for `tests.server`."""

    def reply(asked: dict[str, Any]) -> Reply:
        answer = SCRIPTS[world](request_of(asked))
        assert isinstance(answer, Response)
        return Reply(answer.text, logprobs=answer.logprobs)

    return reply


def request_of(asked: dict[str, Any]) -> Request:
    """What an endpoint was asked, in the words of the seam; roles and samples do not travel."""
    turns = [Message(turn["role"], str(turn["content"])) for turn in asked["messages"]]
    if "system" in asked:
        turns.insert(0, Message("system", str(asked["system"])))
    schema = None
    if "response_format" in asked:
        schema = asked["response_format"]["json_schema"]["schema"]
    elif "output_config" in asked:
        schema = asked["output_config"]["format"]["schema"]
    elif "tools" in asked:
        schema = asked["tools"][0]["input_schema"]
    return Request(
        model=asked["model"],
        messages=tuple(turns),
        role="",
        max_tokens=asked.get("max_tokens") or asked.get("max_completion_tokens") or 1,
        temperature=asked.get("temperature"),
        schema=None if schema is None else json.dumps(schema, sort_keys=True),
        top_logprobs=asked.get("top_logprobs") or 0,
    )
