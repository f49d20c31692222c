"""Embedded models as a provider: the OpenAI provider, pointed at a server of our own.

Decides who `local/NAME` is, when its weights are fetched and loaded, and what fits its context. How
weights are found and served is left to `embedded`, the wire to `openai`.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from autoevol.errors import ModelFileRefused, Unreachable, UsageError
from autoevol.llm.capabilities import Capabilities
from autoevol.llm.embedded.cache import digest_of_file, models_folder
from autoevol.llm.embedded.manifest import ModelEntry, find_model
from autoevol.llm.embedded.pull import PullProgress, pull
from autoevol.llm.embedded.runtime import EmbeddedServer, runtime_version
from autoevol.llm.endpoint import Endpoint
from autoevol.llm.messages import Request, Response, Usage
from autoevol.llm.openai import OpenAIProvider
from autoevol.llm.provider import Limits

CONTEXT = 8192
"""Tokens of a slot, prompt and answer: room for an analysis of a whole minibatch. A slot of the
1.5B model takes 230 MB at this length."""

PATIENCE_S = 3600.0
"""A small machine may need minutes for one answer, and nobody else pays while it thinks."""

MESSAGE_TOKENS = 64
"""More than any chat template adds to one message."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A model file and its name. `entry` is None for a user's own file, which lies at `path`."""

    name: str
    sha256: str
    context: int
    path: Path | None = None
    entry: ModelEntry | None = None


class LocalProvider:
    """A `Provider` over weights in this machine: the first question fetches and loads them.

    Args:
        weights: whose answers.
        slots: answers made at once.
        cache_dir: where known models lie.
        on_progress: told how far a pull is.
        log_file: where the runtime's warnings go.
    """

    name = "local"

    def __init__(
        self,
        weights: Weights,
        slots: int,
        cache_dir: Path,
        on_progress: Callable[[PullProgress], None] | None = None,
        log_file: Path | None = None,
    ) -> None:
        self.identity = f"local:{weights.sha256}:xllamacpp-{runtime_version()}"
        self.max_inflight: int | None = slots
        self.limits = Limits(adaptive=False)  # its slots are fixed
        self.weights = weights
        self._cache_dir = cache_dir
        self._on_progress = on_progress
        self._log_file = log_file
        self._loading = asyncio.Lock()
        self._server: EmbeddedServer | None = None
        self._inner: OpenAIProvider | None = None

    async def ready(self) -> None:
        """Fetch and load now, not at the first question. Raises what `pull` and a start raise."""
        await self._started()

    async def complete(self, request: Request) -> Response:
        """See `Provider.complete`. What does not fit a slot is an `overflow` and never sent."""
        inner, server = await self._started()
        if not await self._fits(request, server):
            return Response("", "overflow", Usage(), served=self.weights.name)
        response = await inner.complete(request)
        return replace(response, served=self.weights.name)

    async def aclose(self) -> None:
        """Stop the server, answers under way included."""
        async with self._loading:
            inner, server, self._inner, self._server = self._inner, self._server, None, None
            if inner is not None:
                await inner.aclose()
            if server is not None:
                await asyncio.to_thread(server.stop)

    async def _started(self) -> tuple[OpenAIProvider, EmbeddedServer]:
        async with self._loading:  # questions that come while it loads wait for the one loading
            if self._server is None or self._inner is None:
                self._server = await self._load()
                self._inner = self._provider(self._server)
            elif not self._server.alive:
                raise Unreachable(
                    f"The process that served {self.weights.name} has ended: "
                    f"{self._server.log_tail()[-300:] or 'it left no word'}",
                    "Start again on the same folder; with less memory, ask for fewer at once.",
                )
            return self._inner, self._server

    async def _load(self) -> EmbeddedServer:
        path = self.weights.path
        if self.weights.entry is not None:
            path = await pull(self.weights.entry, self._cache_dir, self._on_progress)
        assert path is not None  # weights without an entry have a path
        assert self.max_inflight is not None
        context = min(CONTEXT, self.weights.context)
        server = EmbeddedServer(path, self.max_inflight, context, self._log_file)
        await server.start()
        return server

    def _provider(self, server: EmbeddedServer) -> OpenAIProvider:
        _spare_loopback_from_proxies()
        endpoint = Endpoint(self.name, "openai", f"{server.address}/v1", timeout_s=PATIENCE_S)
        return OpenAIProvider(endpoint, server.api_key, Capabilities())

    async def _fits(self, request: Request, server: EmbeddedServer) -> bool:
        """Whether prompt and cap fit a slot: judged by bytes, counted only where that is close."""
        room = server.context_per_slot - request.max_tokens
        sizes = (len(m.content.encode("utf-8", "replace")) for m in request.messages)
        if sum(size + MESSAGE_TOKENS for size in sizes) <= room:
            return True
        return await asyncio.to_thread(_count_tokens, server, request) <= room


def open_local(
    name: str,
    slots: int = 8,
    cache_dir: Path | None = None,
    on_progress: Callable[[PullProgress], None] | None = None,
    log_file: Path | None = None,
) -> LocalProvider:
    """The provider for `local/NAME` or `local/some.gguf`; nothing is fetched or loaded yet.

    Args:
        name: a name of the manifest or the path of a GGUF file, with or without `local/`.

    Raises:
        UsageError: unknown name, no such file, or xllamacpp is not installed.
        ModelFileRefused: the file is not a GGUF file.
    """
    folder = models_folder() if cache_dir is None else cache_dir
    name = name.removeprefix("local/")
    weights = _own_file(Path(name), folder) if name.endswith(".gguf") else _known(name)
    return LocalProvider(weights, slots, folder, on_progress, log_file)


def _known(name: str) -> Weights:
    entry = find_model(name)
    return Weights(entry.name, entry.sha256, entry.context, entry=entry)


def _own_file(path: Path, cache_dir: Path) -> Weights:
    path = path.expanduser()
    if not path.is_file():
        raise UsageError(f"There is no model file {path}.", "Name a known model or a file.")
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise ModelFileRefused(
                f"{path} is not a GGUF file.", "Convert it, or name another file."
            )
    place = hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    digest = digest_of_file(path, cache_dir / "digests" / f"{place[:32]}.json")
    return Weights(path.name, digest, CONTEXT, path=path)


def _count_tokens(server: EmbeddedServer, request: Request) -> int:
    """The prompt's length as the server will see it, chat template included."""
    messages = [
        {"role": m.role, "content": m.content.encode("utf-8", "replace").decode()}
        for m in request.messages
    ]
    question = urllib.request.Request(
        f"{server.address}/v1/chat/completions/input_tokens",
        json.dumps({"model": "local", "messages": messages}).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {server.api_key}"},
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(question, timeout=PATIENCE_S) as answer:
        return int(json.load(answer)["input_tokens"])


def _spare_loopback_from_proxies() -> None:
    """Keep questions to our own server from a proxy; the SDK reads these when it is built."""
    for name in ("NO_PROXY", "no_proxy"):
        spared = os.environ.get(name, "")
        if "127.0.0.1" not in spared.split(","):
            os.environ[name] = ",".join(filter(None, (spared, "127.0.0.1")))
