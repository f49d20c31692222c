"""The scripted provider: any function of a request is a model.

Decides how a script's answer becomes a Response. It is shipped, free and needs no network, so that
examples, benchmarks and tests go through the real door. What a script says is left to its author.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import replace

from autoevol.llm.messages import Finish, Request, Response, Usage
from autoevol.llm.provider import Limits

Answer = str | Response
Script = Callable[[Request], Answer | Awaitable[Answer]]


def echo(request: Request) -> str:
    """Answer with the last message."""
    return request.messages[-1].content if request.messages else ""


class FakeProvider:
    """A provider that asks a script.

    A script may raise what a provider raises. A text is cut at the request's stop sequences and at
    `max_tokens` words; a Response is passed on as it is. Usage that is not given is counted in
    words.

    Args:
        script: what answers.
        latency: seconds every answer takes.
        title: tells scripts apart in the ledger: the identity is `fake:TITLE`.
        max_inflight: this endpoint's own cap on calls in flight.
        limits: what it allows a minute; it refuses nothing itself.
    """

    name = "fake"

    def __init__(
        self,
        script: Script,
        latency: float = 0.0,
        *,
        title: str = "script",
        max_inflight: int | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.identity = f"fake:{title}"
        self.max_inflight = max_inflight
        self.limits = limits or Limits()
        self.calls = 0
        self.in_flight = 0
        self.peak = 0
        self._script = script
        self._latency = latency

    async def complete(self, request: Request) -> Response:
        self.calls += 1
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            await asyncio.sleep(self._latency)
            answer = self._script(request)
            if inspect.isawaitable(answer):
                answer = await answer
        finally:
            self.in_flight -= 1
        if isinstance(answer, str):
            answer = _cut(answer, request)
        if answer.usage == Usage():
            return replace(answer, usage=_words(request, answer))
        return answer

    async def aclose(self) -> None:
        return None


def _cut(text: str, request: Request) -> Response:
    for mark in request.stop:
        text = text.partition(mark)[0]
    finish: Finish = "stop"
    words = text.split()
    if len(words) > request.max_tokens:
        # Counted with the text's own white space kept, as a tokenizer would.
        end = 0
        for word in words[: request.max_tokens]:
            end = text.index(word, end) + len(word)
        text, finish = text[:end], "length"
    return Response(text=text, finish=finish, usage=Usage())


def _words(request: Request, answer: Response) -> Usage:
    asked = sum(len(message.content.split()) for message in request.messages)
    thought = len(answer.reasoning.split())
    return Usage(input=asked, output=len(answer.text.split()) + thought, reasoning=thought)
