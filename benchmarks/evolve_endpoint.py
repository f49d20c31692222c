"""An endpoint in a process of its own that answers every call after a fixed time.

    python benchmarks/evolve_endpoint.py SECONDS

Chat completions as cheaply as they can be served; what is said is the tests' model's. A GET tells
how many calls there were since the last GET, and how many at once.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def endpoint(latency: float) -> Iterator[str]:
    """Its address, for as long as it runs."""
    command = [sys.executable, __file__, str(latency)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def seen_at(url: str) -> dict[str, int]:
    """`calls` and `peak` (calls at once) since the last look."""
    with urllib.request.urlopen(url, timeout=10) as answer:
        found: dict[str, int] = json.loads(answer.read())
        return found


async def serve(latency: float) -> None:
    from aiohttp import web

    from tests.verbs.evolving import answer

    seen = {"calls": 0, "peak": 0}
    under_way = 0

    async def handle(request: web.BaseRequest) -> web.Response:
        nonlocal under_way
        if request.method == "GET":
            told = json.dumps(seen).encode()
            seen.update(calls=0, peak=0)
            return web.Response(body=told, content_type="application/json")
        under_way += 1
        seen.update(calls=seen["calls"] + 1, peak=max(seen["peak"], under_way))
        try:
            asked = json.loads(await request.read())
            # curator tries the endpoint with no message at all before it begins.
            text = answer(asked["messages"]) if asked["messages"] else "hello"
            await asyncio.sleep(latency)
        finally:
            under_way -= 1
        body = json.dumps(completion(asked, text)).encode()
        return web.Response(body=body, content_type="application/json")

    runner = web.ServerRunner(web.Server(handle, access_log=None))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=2048)
    await site.start()
    host, port = runner.addresses[0][:2]
    print(f"http://{host}:{port}/v1", flush=True)
    await asyncio.Event().wait()


def completion(asked: dict[str, Any], text: str) -> dict[str, Any]:
    taken = sum(len(str(message["content"])) for message in asked["messages"]) // 4
    said = len(text) // 4
    message = {"role": "assistant", "content": text, "refusal": None}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1700000000,
        "model": asked["model"],
        "choices": [{"index": 0, "finish_reason": "stop", "logprobs": None, "message": message}],
        "usage": {
            "prompt_tokens": taken,
            "completion_tokens": said,
            "total_tokens": taken + said,
        },
    }


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
