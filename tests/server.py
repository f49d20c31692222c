"""A loopback server that speaks OpenAI chat completions and Anthropic messages over real HTTP.

Decides how a scripted `Reply` looks on either wire, and how it goes wrong there. What is answered
is left to the script, a function of the request's JSON; ready ones stand at the foot.

    async with LoopbackServer(in_turn(rate_limited(2), Reply("hello"))) as server: ...
    with serve_in_thread() as server: ...              # for tests that start another process
    python -m tests.server --port 8000 --latency 0.2   # by hand
"""

from __future__ import annotations

import argparse
import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

from aiohttp import web

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, in words that fit both wires.

    `status` other than 200, or an `error` (message, type, code, param), sends that error. `thinks`
    says where `reasoning` goes: a field of its own (`field`, `reasoning`), Anthropic's block or a
    part of the content (`block`), or `<think>` tags (`inline`; `open` never closes them). `body`
    replaces what would be sent. `fault`: `stall` never answers, `cut` drops the connection in
    mid-body, `truncated` ends the JSON early. `logprobs` holds [(token, logprob), …] for each
    position.
    """

    text: str = "ok"
    finish: Literal["stop", "length", "refusal", "filter"] = "stop"
    reasoning: str = ""
    thinks: Literal["field", "reasoning", "block", "inline", "open"] = "field"
    status: int = 200
    error: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    content_type: str = "application/json"
    fault: Literal["", "stall", "cut", "truncated"] = ""
    latency: float = 0.0
    logprobs: tuple[tuple[tuple[str, float], ...], ...] = ()
    reasoning_tokens: int = 0
    model: str = ""


Script = Callable[[Json], Reply]

MESSAGES = ("/messages", "/invoke", ":rawPredict", ":streamRawPredict")
"""How paths end where Anthropic's messages are spoken, by itself or by a cloud."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it arrived."""

    path: str
    json: Json
    headers: Mapping[str, str]  # by any case


class LoopbackServer:
    """Serves a script on 127.0.0.1 until the block ends; remembers what it saw.

    Args:
        script: answers each request.
        latency: seconds before every answer.
        port: 0 takes a free one.
    """

    def __init__(self, script: Script | None = None, latency: float = 0.0, port: int = 0) -> None:
        self.script = script or echo
        self.latency = latency
        self.requests: list[Seen] = []
        self.in_flight = 0
        self.peak = 0
        self.port = port
        self.arrived = asyncio.Event()
        self._closing = asyncio.Event()
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_post("/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)

    @property
    def url(self) -> str:
        """The address for Anthropic's SDK; OpenAI's wants `openai_url`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def openai_url(self) -> str:
        return f"{self.url}/v1"

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *error: object) -> None:
        self._closing.set()
        await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        self.requests.append(Seen(request.path, asked, request.headers.copy()))
        self.arrived.set()
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            reply = self.script(asked)
            await asyncio.sleep(self.latency + reply.latency)
            if reply.fault == "stall":
                await self._closing.wait()
            return await self._send(request, asked, reply)
        finally:
            self.in_flight -= 1

    async def _send(self, request: web.Request, asked: Json, reply: Reply) -> web.StreamResponse:
        is_messages = request.path.endswith(MESSAGES)
        kind = reply.content_type
        if reply.body is not None:
            body = reply.body
        elif reply.status != 200 or reply.error:
            error: Json = {"error": {"message": "no", **reply.error}}
            body = json.dumps({"type": "error", **error} if is_messages else error).encode()
            if asked.get("stream") and reply.status == 200:
                body, kind = b"event: error\ndata: %s\n\n" % body, "text/event-stream"
        elif is_messages and asked.get("stream"):
            body, kind = _events(_message(asked, reply)), "text/event-stream"
        else:
            shape = _message(asked, reply) if is_messages else _completion(asked, reply)
            body = json.dumps(shape).encode()
        if reply.fault == "truncated":
            body = body[: len(body) // 2]
        if reply.fault != "cut":
            return web.Response(
                body=body, status=reply.status, headers=dict(reply.headers), content_type=kind
            )
        response = web.StreamResponse(headers={"Content-Length": str(len(body))})
        response.content_type = kind
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        if request.transport is not None:
            request.transport.abort()
        return response


def _completion(asked: Json, reply: Reply) -> Json:
    message: Json = {"role": "assistant", "content": _tagged(reply)}
    if reply.reasoning and reply.thinks in ("field", "reasoning"):
        message["reasoning_content" if reply.thinks == "field" else "reasoning"] = reply.reasoning
    if reply.reasoning and reply.thinks == "block":
        thought = {"type": "thinking", "thinking": [{"type": "text", "text": reply.reasoning}]}
        message["content"] = [thought, {"type": "text", "text": reply.text}]
    if reply.finish == "refusal":
        message |= {"content": None, "refusal": reply.text}
    choice: Json = {"index": 0, "message": message, "finish_reason": reply.finish}
    choice["finish_reason"] = {"refusal": "stop", "filter": "content_filter"}.get(
        reply.finish, reply.finish
    )
    if asked.get("logprobs"):
        choice["logprobs"] = {"content": [_position(place) for place in reply.logprobs]}
    given, made = _counts(asked, reply)
    usage = {
        "prompt_tokens": given,
        "completion_tokens": made,
        "total_tokens": given + made,
        "completion_tokens_details": {"reasoning_tokens": reply.reasoning_tokens},
        "prompt_tokens_details": {"cached_tokens": 1},
    }
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": reply.model or asked["model"],
        "system_fingerprint": "fp_1",
        "choices": [choice],
        "usage": usage,
    }


def _message(asked: Json, reply: Reply) -> Json:
    content: list[Json] = []
    reason = {"stop": "end_turn", "length": "max_tokens"}.get(reply.finish, "refusal")
    if reply.reasoning and reply.thinks in ("field", "reasoning", "block"):
        content.append({"type": "thinking", "thinking": reply.reasoning, "signature": "s"})
    text = _tagged(reply)
    if "tool_choice" in asked:
        call = {"type": "tool_use", "id": "toolu_1", "name": asked["tool_choice"]["name"]}
        content.append({**call, "input": json.loads(text)})
        reason = "tool_use"
    elif text:
        content.append({"type": "text", "text": text})
    given, made = _counts(asked, reply)
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": reply.model or asked.get("model", "served"),  # clouds have it in the path
        "content": content,
        "stop_reason": reason,
        "stop_sequence": None,
        "usage": {
            "input_tokens": given - 1,
            "cache_read_input_tokens": 1,
            "output_tokens": made,
            "output_tokens_details": {"thinking_tokens": reply.reasoning_tokens},
        },
    }


def _events(message: Json) -> bytes:
    """A finished message as the stream that would have told it."""
    empty = {**message, "content": [], "stop_reason": None}
    events: list[Json] = [{"type": "message_start", "message": empty}]
    for index, block in enumerate(message["content"]):
        words = "thinking" if block["type"] == "thinking" else "text"
        start = {**block, words: ""}
        delta = {"type": f"{words}_delta", words: block.get(words, "")}
        if block["type"] == "tool_use":
            start = {**block, "input": {}}
            delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        events += [
            {"type": "content_block_start", "index": index, "content_block": start},
            {"type": "content_block_delta", "index": index, "delta": delta},
            {"type": "content_block_stop", "index": index},
        ]
    end = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    events += [
        {"type": "message_delta", "delta": end, "usage": message["usage"]},
        {"type": "message_stop"},
    ]
    return "".join(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in events).encode()


def _tagged(reply: Reply) -> str:
    if reply.reasoning and reply.thinks == "inline":
        return f"<think>{reply.reasoning}</think>\n\n{reply.text}"
    return f"<think>{reply.reasoning}" if reply.thinks == "open" else reply.text


def _position(place: tuple[tuple[str, float], ...]) -> Json:
    top = [{"token": token, "logprob": weight} for token, weight in place]
    return {**top[0], "top_logprobs": top}


def _counts(asked: Json, reply: Reply) -> tuple[int, int]:
    given = sum(len(str(m["content"]).split()) for m in asked["messages"])
    return given + 1, max(1, len(f"{reply.text} {reply.reasoning}".split()), reply.reasoning_tokens)


@contextmanager
def serve_in_thread(script: Script | None = None, latency: float = 0.0) -> Iterator[LoopbackServer]:
    """The server in a thread of its own, with its own loop, until the block ends."""
    ready = threading.Event()
    started: list[tuple[LoopbackServer, asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def serve() -> None:
        async with LoopbackServer(script, latency) as server:
            stop = asyncio.Event()
            started.append((server, asyncio.get_running_loop(), stop))
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    if not ready.wait(10):
        raise RuntimeError("the loopback server did not start")
    server, loop, stop = started[0]
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)


def echo(asked: Json) -> Reply:
    """Answer with the last message."""
    return Reply(str(asked["messages"][-1]["content"]))


def in_turn(*replies: Reply) -> Script:
    """One reply after the other; the last one stays."""
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def always(reply: Reply) -> Script:
    return lambda _: reply


def refuses_temperature(asked: Json) -> Reply:
    """A model that takes no temperature and says so as OpenAI and Anthropic do."""
    if "temperature" not in asked:
        return Reply()
    return refused(400, "Unsupported value: 'temperature' is not supported.", param="temperature")


def wants_max_completion_tokens(asked: Json) -> Reply:
    """A model that takes the cap by its newer name only."""
    if "max_tokens" not in asked:
        return Reply()
    words = "Unsupported parameter: 'max_tokens' is not supported with this model."
    return refused(400, f"{words} Use 'max_completion_tokens' instead.", param="max_tokens")


def refused(status: int, message: str, **error: object) -> Reply:
    return Reply(status=status, error={"message": message, **error})


def rate_limited(retry_after: float | str = 1) -> Reply:
    return replace(refused(429, "slow down"), headers={"Retry-After": str(retry_after)})


def error_in_200(message: str = "no", **error: object) -> Reply:
    """An error under status 200, as routers and streams have it."""
    return Reply(error={"message": message, **error})


STALL = Reply(fault="stall")
CUT = Reply("a longer answer that is cut in its middle", fault="cut")
TRUNCATED = Reply("a longer answer that is cut in its middle", fault="truncated")
GARBLED = Reply(body=b"\x00{not json]")
HTML = Reply(body=b"<html>Bad gateway</html>", content_type="text/html")
EMPTY = Reply("")
REFUSAL = Reply("I can't help with that.", finish="refusal")
CUT_WHILE_THINKING = Reply("", finish="length", reasoning="Let me see", reasoning_tokens=9)


async def _serve(port: int, latency: float) -> None:
    async with LoopbackServer(latency=latency, port=port) as server:
        print(server.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Echo server for both protocols.")
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--latency", type=float, default=0.0, help="seconds before every answer")
    given = arguments.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(given.port, given.latency))
