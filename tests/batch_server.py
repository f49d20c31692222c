"""A loopback server that also speaks the batches of both protocols: files, batches, results.

Decides how a batch lives on the wire. Each look at it moves it one stage on; answers are those of
the script, as for plain calls, and come down in another order than they went up. What goes wrong is
said by a test through `fate` (of single requests) and `stages` (of whole batches).

    async with BatchServer(echo) as server:
        server.fate = lambda batch, number, asked: "expired" if number == 2 else ""
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import web

from tests import server as wire
from tests.server import Json, LoopbackServer, Reply

OPENAI_STAGES = ("validating", "in_progress", "finalizing", "completed")
ANTHROPIC_STAGES = ("in_progress", "in_progress", "in_progress", "ended")
OVER = ("completed", "expired", "cancelled", "failed", "ended")

Fate = Callable[["Batch", int, Json], str]
"""Batch, number of the request in it, its body → '' (answered), `expired`, `missing` or `twice`."""


@dataclass
class Batch:
    """A batch on the server. `requests` are (name, body)."""

    id: str
    requests: list[tuple[str, Json]]
    stages: list[str]
    metadata: Json = field(default_factory=dict)
    input_file: str = ""
    cancelled: bool = False
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    looks: int = 0
    results: list[Json] = field(default_factory=list)
    errors: list[Json] = field(default_factory=list)
    refusal: Json | None = None

    @property
    def stage(self) -> str:
        return self.stages[0]


class BatchServer(LoopbackServer):
    """Serves plain calls and batches; remembers both.

    `stages` gives each new batch the stages that looks lead it through. `refuse` may refuse a batch
    at validation with an error (OpenAI) by its number. `broken` answers, first come first served,
    requests for batches with these statuses instead; `lose` creates a batch and cuts the answer;
    `cut_results` cuts the first results in their middle.
    """

    def __init__(self, script: wire.Script | None = None, latency: float = 0.0) -> None:
        super().__init__(script, latency)
        self.batches: list[Batch] = []
        self.files: dict[str, bytes] = {}
        self.fate: Fate = lambda batch, number, asked: ""
        self.stages: Callable[[int], Sequence[str]] | None = None
        self.refuse: Callable[[Batch], Json | None] = lambda batch: None
        self.broken: list[int] = []
        self.lose = False
        self.cut_results = False
        self.calls: list[str] = []
        self._runner.app.router.add_get("/{path:.*}", self._handle)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/v1")
        head = path.strip("/").split("/")
        openai = head[0] in ("files", "batches")
        if not openai and head[:2] != ["messages", "batches"]:
            return await super()._handle(request)
        self.calls.append(f"{request.method} {path}")
        self.arrived.set()
        if self.broken:
            status = self.broken.pop(0)
            return web.json_response({"error": {"message": "not now"}}, status=status)
        try:
            if openai:
                answer = await self._openai(request, head)
            else:
                answer = await self._anthropic(request, head[2:])
        except KeyError:
            return web.json_response({"error": {"message": "no such thing"}}, status=404)
        if self.cut_results and request.method == "GET" and head[-1] in ("content", "results"):
            self.cut_results = False
            assert isinstance(answer, web.Response)
            assert isinstance(answer.body, bytes)
            return await self._cut(request, answer.body)
        if self.lose and request.method == "POST" and head[-1] == "batches":
            self.lose = False
            assert request.transport is not None
            request.transport.abort()
        return answer

    async def _cut(self, request: web.Request, body: bytes) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(len(body))})
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        await asyncio.sleep(0.05)  # what was written arrives before the connection is gone
        assert request.transport is not None
        request.transport.abort()
        return response

    def requests_in_batches(self) -> list[tuple[str, Json]]:
        """All that was ever sent in batches, in order."""
        return [one for batch in self.batches for one in batch.requests]

    async def _openai(self, request: web.Request, head: list[str]) -> web.StreamResponse:
        match request.method, head:
            case "POST", ["files"]:
                form = await request.post()
                upload = form["file"]
                assert isinstance(upload, web.FileField)
                assert form["purpose"] == "batch"
                name = f"file-{len(self.files)}"
                self.files[name] = upload.file.read()
                return web.json_response({"id": name, "object": "file"})
            case "GET", ["files", name, "content"]:
                return web.Response(body=self.files[name], content_type="application/octet-stream")
            case "POST", ["batches"]:
                asked = await request.json()
                assert asked["endpoint"] == "/v1/chat/completions"
                assert asked["completion_window"] == "24h"
                lines = [json.loads(x) for x in self.files[asked["input_file_id"]].splitlines()]
                requests = [(line["custom_id"], line["body"]) for line in lines]
                assert len({body["model"] for _, body in requests}) == 1
                batch = self._new(requests, OPENAI_STAGES)
                batch.metadata = asked["metadata"]
                batch.refusal = self.refuse(batch)
                return web.json_response(self._openai_shape(batch))
            case "GET", ["batches"]:
                found = [self._openai_shape(batch) for batch in reversed(self.batches)]
                return web.json_response({"object": "list", "data": found, "has_more": False})
            case "GET", ["batches", name]:
                return web.json_response(self._openai_shape(self._look(name)))
            case "POST", ["batches", name, "cancel"]:
                return web.json_response(self._openai_shape(self._cancel(name, "cancelled")))
        raise KeyError(head)

    async def _anthropic(self, request: web.Request, rest: list[str]) -> web.StreamResponse:
        match request.method, rest:
            case "POST", []:
                asked = await request.json()
                requests = [(one["custom_id"], one["params"]) for one in asked["requests"]]
                assert all(0 < len(name) <= 64 for name, _ in requests)
                assert not any("stream" in body for _, body in requests)
                return web.json_response(
                    self._anthropic_shape(self._new(requests, ANTHROPIC_STAGES))
                )
            case "GET", []:
                found = [self._anthropic_shape(batch) for batch in reversed(self.batches)]
                return web.json_response({"data": found, "has_more": False})
            case "GET", [name]:
                return web.json_response(self._anthropic_shape(self._look(name)))
            case "POST", [name, "cancel"]:
                return web.json_response(self._anthropic_shape(self._cancel(name, "ended")))
            case "GET", [name, "results"]:
                batch = self._find(name)
                if batch.stage != "ended":
                    raise KeyError(name)
                body = b"".join(_line(one) for one in batch.results)
                return web.Response(body=body, content_type="application/x-jsonl")
        raise KeyError(rest)

    def _new(self, requests: list[tuple[str, Json]], usual: Sequence[str]) -> Batch:
        assert len({name for name, _ in requests}) == len(requests), "a name is there twice"
        stages = self.stages(len(self.batches)) if self.stages else usual
        batch = Batch(f"batch_{len(self.batches)}", requests, list(stages))
        self.batches.append(batch)
        return batch

    def _find(self, name: str) -> Batch:
        return {batch.id: batch for batch in self.batches}[name]

    def _look(self, name: str) -> Batch:
        batch = self._find(name)
        batch.looks += 1
        if batch.refusal is not None:
            batch.stages = ["failed"]
        elif len(batch.stages) > 1:
            batch.stages.pop(0)
        if batch.stage in OVER and not batch.results and not batch.errors:
            self._work(batch)
        return batch

    def _cancel(self, name: str, end: str) -> Batch:
        batch = self._find(name)
        batch.cancelled = True
        batch.stages = ["cancelling" if end == "cancelled" else "canceling", end]
        return batch

    def _work(self, batch: Batch) -> None:
        """Answer all requests, the last one first."""
        openai = batch.stage != "ended"
        numbered = list(enumerate(batch.requests))
        for number, (name, asked) in reversed(numbered):
            fate = self.fate(batch, number, asked)
            if fate == "missing" or batch.stage == "failed":
                continue
            fate = "cancelled" if batch.cancelled and fate != "answered" else fate
            line, failed = (_openai_line if openai else _anthropic_line)(self, name, asked, fate)
            place = batch.errors if failed and openai else batch.results
            place.extend([line] * (2 if fate == "twice" else 1))
        if openai:
            self.files[f"out-{batch.id}"] = b"".join(map(_line, batch.results))
            self.files[f"err-{batch.id}"] = b"".join(map(_line, batch.errors))

    def _openai_shape(self, batch: Batch) -> Json:
        over = batch.stage in OVER
        done = over or batch.stage == "finalizing"
        shape: Json = {
            "id": batch.id,
            "object": "batch",
            "status": batch.stage,
            "metadata": batch.metadata,
            "request_counts": {
                "total": len(batch.requests),
                "completed": len(batch.results) if over else len(batch.requests) * done,
                "failed": len(batch.errors),
            },
            "output_file_id": f"out-{batch.id}" if over and batch.results else None,
            "error_file_id": f"err-{batch.id}" if over and batch.errors else None,
        }
        if batch.refusal is not None and over:
            shape["errors"] = {"object": "list", "data": [batch.refusal]}
        return shape

    def _anthropic_shape(self, batch: Batch) -> Json:
        over = batch.stage == "ended"
        kinds = [one["result"]["type"] for one in batch.results]
        counts = {
            "processing": 0 if over else len(batch.requests),
            "succeeded": kinds.count("succeeded"),
            "errored": kinds.count("errored"),
            "canceled": kinds.count("canceled"),
            "expired": len(batch.requests) - len(kinds) + kinds.count("expired") if over else 0,
        }
        return {
            "id": batch.id,
            "type": "message_batch",
            "processing_status": batch.stage,
            "request_counts": counts,
            "created_at": batch.created.isoformat(),
            "expires_at": (batch.created + timedelta(days=1)).isoformat(),
            "results_url": f"http://127.0.0.1:9/{batch.id}" if over else None,
        }


def _openai_line(server: BatchServer, name: str, asked: Json, fate: str) -> tuple[Json, bool]:
    line: Json = {"id": f"batch_req_{name[:8]}", "custom_id": name, "response": None, "error": None}
    if fate in ("expired", "cancelled"):
        error = {"code": f"batch_{fate}", "message": f"The batch {fate} before this request."}
        return {**line, "error": error}, True
    reply = server.script(asked)
    if reply.status != 200:
        body: Json = {"error": {"message": "no", **reply.error}}
        answer = {"status_code": reply.status, "request_id": "r", "body": body}
        return {**line, "response": answer}, True
    body = json.loads(reply.body) if reply.body else wire._completion(asked, reply)
    body["service_tier"] = "default"
    return {**line, "response": {"status_code": 200, "request_id": "r", "body": body}}, False


def _anthropic_line(server: BatchServer, name: str, asked: Json, fate: str) -> tuple[Json, bool]:
    reply: Reply = server.script(asked)
    if fate in ("expired", "cancelled"):
        return {"custom_id": name, "result": {"type": fate.replace("ll", "l")}}, True
    if reply.status != 200:
        kinds = {400: "invalid_request_error", 429: "rate_limit_error", 401: "authentication_error"}
        error = {"type": kinds.get(reply.status, "api_error"), "message": "no", **reply.error}
        result: Json = {"type": "errored", "error": {"type": "error", "error": error}}
        return {"custom_id": name, "result": result}, True
    message = json.loads(reply.body) if reply.body else wire._message(asked, reply)
    if "usage" in message:
        message["usage"]["service_tier"] = "batch"
    return {"custom_id": name, "result": {"type": "succeeded", "message": message}}, False


def _line(one: Json) -> bytes:
    """As endpoints write it: text unescaped, so that U+2028 stands there as it is."""
    return json.dumps(one, ensure_ascii=False).encode() + b"\n"
