"""What a model takes: a table, and what endpoints taught us about it during this run.

Decides which parameters of a request are sent, and how (`Takes`). A parameter that is not taken is
left out with one notice. Sending, and reading what a refusal says, is left to the providers.
Rows are by model name; a wrong or missing row costs one refused call, since `correct` learns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from autoevol.llm.endpoint import FLEX, Endpoint, Kind
from autoevol.llm.messages import Request

Cap = Literal["max_tokens", "max_completion_tokens"]
SchemaStyle = Literal["response_format", "tool", "output_config", ""]
EffortStyle = Literal["reasoning_effort", "adaptive", "budget", ""]


@dataclass(frozen=True, slots=True)
class Takes:
    """What one model takes. '' is a style it has none of.

    `unthinking_only`: temperature, top_p and log-probabilities are taken only while no effort, or
    effort `none`, is asked for.
    """

    cap: Cap = "max_tokens"
    temperature: bool = True
    top_p: bool = True
    stop: bool = True
    logprobs: bool = True
    schema: SchemaStyle = "response_format"
    effort: EffortStyle = "reasoning_effort"
    service_tier: bool = True
    unthinking_only: bool = False


class Capabilities:
    """The table for one run, with this run's corrections. Safe to share between providers.

    Args:
        on_notice: told once per model and parameter what was left out.
    """

    def __init__(self, on_notice: Callable[[str], None] | None = None) -> None:
        self._on_notice = on_notice
        self._said: set[tuple[str, str, str]] = set()
        self._learned: dict[tuple[str, str], Takes] = {}
        self._tried: set[tuple[str, str, str, object]] = set()

    def takes(self, endpoint: Endpoint, model: str) -> Takes:
        """What the model takes, as far as is known by now."""
        return self._learned.get((endpoint.name, model)) or _row(endpoint.kind, model)

    def fit(self, endpoint: Endpoint, model: str, request: Request) -> Request:
        """The request without what the model does not take; each omission is noticed once.

        `stop` stays: where the model does not take it, the provider cuts the answer itself.
        """
        takes = self.takes(endpoint, model)
        thinking = takes.unthinking_only and request.effort not in (None, "none")
        fits = {
            "temperature": takes.temperature and not thinking,
            "top_p": takes.top_p and not thinking,
            "top_logprobs": takes.logprobs and not thinking,
            "schema": bool(takes.schema),
            "effort": bool(takes.effort),
        }
        out = request
        for name, empty in NOT_ASKED.items():
            if getattr(request, name) != empty and not fits[name]:
                self._notice(endpoint, model, name)
                left_out: dict[str, Any] = {name: empty}
                out = replace(out, **left_out)
        return out

    def correct(
        self, endpoint: Endpoint, model: str, sent: Takes, message: str, param: str = ""
    ) -> bool:
        """Learn from a 400 or 422 that names a parameter.

        Args:
            sent: what `takes` said when the refused request was made.
            message: the endpoint's words.
            param: the parameter's name, where the endpoint gave it in a field of its own.

        Returns:
            True where the request would now be made otherwise, so that one more attempt is worth
            it. A value that was tried before is never returned to, so this ends.
        """
        now = self.takes(endpoint, model)
        if now != sent:
            return True  # a call beside this one was refused first
        name = _named(message, param)
        if name is None:
            return False
        field = FIELDS[name]
        if field == "service_tier" and endpoint.service_tier == FLEX:
            return False  # asked for to pay half: left out, it would be paid in full
        value = NEXT.get(getattr(now, field), False)
        if (endpoint.name, model, field, value) in self._tried:
            return False
        self._tried |= {(endpoint.name, model, field, v) for v in (getattr(now, field), value)}
        change: dict[str, Any] = {field: value}
        self._learned[endpoint.name, model] = replace(now, **change)
        if not value:
            self._notice(endpoint, model, field)
        return True

    def _notice(self, endpoint: Endpoint, model: str, parameter: str) -> None:
        parameter = "logprobs" if parameter == "top_logprobs" else parameter
        key = (endpoint.name, model, parameter)
        if key not in self._said:
            self._said.add(key)
            if self._on_notice is not None:
                self._on_notice(f"{endpoint.name}/{model} does not take {parameter}: left out.")


def _row(kind: Kind, model: str) -> Takes:
    """The first row whose pattern begins the name's last part: `openai/o3` on a router is `o3`,
    `us.anthropic.claude-…` on Bedrock is `claude-…`."""
    last = re.sub(r"^(?:[a-z]+\.)?anthropic\.", "", model.rpartition("/")[2].lower())
    return next(takes for pattern, takes in ROWS[kind] if re.match(pattern, last))


def _named(message: str, param: str) -> str | None:
    """The parameter that a refusal is about, if it says that it is not taken."""
    text = message.lower()
    if not re.search(NOT_TAKEN, text):
        return None
    if param:
        inside = [name for name in FIELDS if f"{param.lower()}.".startswith(f"{name}.")]
        return max(inside, key=len, default=None)
    if "tool_choice" in text:
        return "tool_choice"  # wherever it stands: thinking is named first, the tool is at fault
    if "cannot both" in text and "top_p" in text:
        return "top_p"  # of the two, temperature is the one that roles set on purpose
    places = [(found.start(), -len(name), name) for name in FIELDS if (found := _find(name, text))]
    return min(places)[2] if places else None


def _find(name: str, text: str) -> re.Match[str] | None:
    return re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text)


NOT_ASKED: Mapping[str, object] = {
    "temperature": None,
    "top_p": None,
    "top_logprobs": 0,
    "schema": None,
    "effort": None,
}
"""The fields of a Request that may have to be left out, and their value when nobody asks."""

NEXT: Mapping[object, object] = {
    "max_tokens": "max_completion_tokens",
    "max_completion_tokens": "max_tokens",
    "tool": "output_config",
    "output_config": "",
    "response_format": "",
    "budget": "adaptive",
    "adaptive": "",
    "reasoning_effort": "",
}
"""What is tried after a refused value; everything else is left out."""

FIELDS: Mapping[str, str] = {
    "max_tokens": "cap",
    "max_completion_tokens": "cap",
    "temperature": "temperature",
    "top_p": "top_p",
    "stop": "stop",
    "stop_sequences": "stop",
    "logprobs": "logprobs",
    "top_logprobs": "logprobs",
    "response_format": "schema",
    "tool_choice": "schema",
    "output_config.format": "schema",
    "reasoning_effort": "effort",
    "output_config": "effort",
    "output_config.effort": "effort",
    "thinking": "effort",
    "service_tier": "service_tier",
}
"""Parameters as endpoints name them, and the field of `Takes` that is at fault."""

NOT_TAKEN = (
    r"unsupported|n[o']t (?:be )?support|unknown|unrecogni[sz]ed|deprecated|extra.inputs"
    r"|extra_forbidden|not (?:permitted|allowed|available|accept)|unexpected|only the default"
    r"|cannot (?:both )?be|may (?:not|only) be|does not (?:accept|take)|no longer"
)

_OPENAI_THINKER = Takes(
    cap="max_completion_tokens", temperature=False, top_p=False, stop=False, logprobs=False
)
_ANTHROPIC = Takes(schema="tool", effort="budget", logprobs=False, unthinking_only=True)
_ANTHROPIC_ADAPTIVE = replace(_ANTHROPIC, effort="adaptive")

ROWS: Mapping[Kind, tuple[tuple[str, Takes], ...]] = {
    "openai": (
        (r"gpt-5[\w.]*-chat", Takes(cap="max_completion_tokens", effort="")),
        # From 5.1 on a call without effort does not think, and then sampling is free.
        (r"gpt-5\.\d", Takes(cap="max_completion_tokens", stop=False, unthinking_only=True)),
        (r"gpt-[5-9]|o[1-9](?![\w.])|codex-", _OPENAI_THINKER),
        (r"gpt-[34]|chatgpt-4", Takes(effort="")),
        (r"", Takes()),
    ),
    "anthropic": (
        # Sampling parameters were taken out with Opus 4.7 and for the whole of the fifth family.
        (
            r"claude-(?:opus-4-[7-9]|[a-z]+-[5-9]|mythos)",
            replace(_ANTHROPIC_ADAPTIVE, temperature=False, top_p=False),
        ),
        (r"claude-[a-z]+-4-6", _ANTHROPIC_ADAPTIVE),
        (r"claude-(?:3-[05]|3-(?:opus|haiku|sonnet)|2|instant)", replace(_ANTHROPIC, effort="")),
        (r"", _ANTHROPIC),
    ),
}
"""What models take, first match wins. Sources: the providers' API references, autumn 2026."""
