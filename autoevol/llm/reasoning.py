"""Where thinking ends and the answer begins, and what an answer cost in tokens.

Decides how reasoning is taken out of an answer, when an answer was cut off while thinking, and how
counts are read where endpoints disagree. The wire's shapes are left to the providers.
"""

from __future__ import annotations

from collections.abc import Iterable

from autoevol.llm.messages import Finish, TokenAlternatives

OPEN, CLOSE = "<think>", "</think>"

FLOOR = -9999.0
"""The log-probability of a token that an endpoint calls impossible; JSON has no infinity."""


def split_thinking(text: str) -> tuple[str, str]:
    """(reasoning, answer) of a text that may begin with a `<think>` block.

    Only a block at the very start counts: later ones are words of the answer. A block that is
    never closed is all reasoning.
    """
    begun = text.lstrip()
    if not begun.startswith(OPEN):
        return "", text
    reasoning, _, answer = begun[len(OPEN) :].partition(CLOSE)
    return reasoning.strip(), answer.lstrip()


def cut_finish(text: str, thought: bool) -> Finish:
    """How an answer at its output cap ended: still thinking, or within its text."""
    return "thinking" if thought and not text.strip() else "length"


def cut_at_stop(text: str, stop: Iterable[str]) -> str:
    """The text before the first stop sequence, for models that take none."""
    places = [place for word in stop if word and (place := text.find(word)) >= 0]
    return text[: min(places)] if places else text


def after_thinking(
    tokens: list[str], places: tuple[TokenAlternatives, ...]
) -> tuple[TokenAlternatives, ...]:
    """The positions that belong to the answer, where a thinking block's tokens came along.

    Args:
        tokens: the token chosen at each position.
        places: the alternatives at each position, as long as `tokens`.
    """
    joined = "".join(tokens)
    if not joined.lstrip().startswith(OPEN):
        return places
    end = joined.find(CLOSE)
    if end < 0:
        return ()
    tail = joined[end + len(CLOSE) :]
    begin = len(joined) - len(tail.lstrip())
    seen = 0
    for number, token in enumerate(tokens):
        if seen >= begin:
            return places[number:]
        seen += len(token)
    return ()


def count(value: object) -> int:
    """A token count as endpoints give it; 0 for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def sendable(text: str) -> str:
    """The text with half surrogates, which no wire can carry, replaced by question marks."""
    return text.encode("utf-8", "replace").decode()
