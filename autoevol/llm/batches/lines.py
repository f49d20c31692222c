"""Results as they come down: bytes in pieces, lines of JSON in them.

Decides where a line ends (at a newline, and nowhere else: an answer may hold the other characters
that end lines elsewhere), what a line's name is, and what it means that nothing is found. What
lines say is left to the protocols.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from autoevol.errors import Rejected
from autoevol.llm.batches.api import Result
from autoevol.llm.faults import Caller


async def split_lines(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Lines without their ends; what stands behind the last newline is a line too."""
    begun: list[bytes] = []
    async for piece in pieces:
        first, *rest = piece.split(b"\n")
        begun.append(first)
        if rest:
            yield b"".join(begun)
            for line in rest[:-1]:
                yield line
            begun = [rest[-1]]
    if tail := b"".join(begun):
        yield tail


def read_line(line: bytes) -> Result | None:
    """A line as a Result; None where it is none (empty, cut, or without a name): the request of
    that line then counts as one without a result."""
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        return None
    name = content.get("custom_id") if isinstance(content, dict) else None
    return Result(name, content) if isinstance(name, str) else None


def no_batches(caller: Caller) -> Rejected:
    """What a 404 means: no such batch, or no batches at all."""
    return Rejected(
        f"{caller.endpoint.name} has no such batch, or none at all (404).",
        f"Check that {caller.endpoint.identity} offers batches; without --batch none are used.",
    )
