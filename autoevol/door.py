"""Opens the door: from model names to a Client that reaches them.

Decides which provider a model's prefix means and hands each its settings. Addresses and keys are
`llm.endpoints`' matter, weights `llm.embedded`'s, calls the Client's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from autoevol.errors import UsageError
from autoevol.llm.budget import Budget
from autoevol.llm.capabilities import Capabilities
from autoevol.llm.client import Client
from autoevol.llm.endpoints import load_endpoints, resolve
from autoevol.llm.fake import FakeProvider, Script, echo
from autoevol.llm.ledger import Ledger
from autoevol.llm.prices import Prices
from autoevol.llm.provider import Provider
from autoevol.llm.trust import Confirm
from autoevol.progress import Watcher

EMBEDDED = "local/qwen2.5-coder-0.5b"
"""The model that is used when none is named."""


@dataclass(frozen=True, slots=True)
class DoorSettings:
    """How models are reached: nothing in here changes what they answer.

    `scripts` are the models of the `fake/` provider, beside `fake/echo`.
    """

    base_url: str | None = None
    config: Path | None = None
    concurrency: int = 8
    budget: str | None = None
    confirm: Confirm | None = None
    replay: bool = False
    reuse: Sequence[Path] = ()
    scripts: Mapping[str, Script] = field(default_factory=dict)


def open_client(settings: DoorSettings, ledger: Ledger, log: Path, watcher: Watcher) -> Client:
    """The door for one run.

    Args:
        settings: how models are reached.
        ledger: the run's ledger; stays the caller's to close.
        log: file for the embedded runtime's native log.
        watcher: told of calls and notices.
    """
    endpoints = load_endpoints(settings.config)
    priced = {name: e.price for name, e in endpoints.items() if e.price is not None}
    capabilities = Capabilities(watcher.note)
    shared: dict[str, Provider] = {}

    async def open_provider(model: str) -> Provider:
        provider, _, name = model.partition("/")
        if provider == "local":
            return await _local(name, settings, log, watcher)
        if provider == "fake":
            return _fake(name, settings.scripts)
        found = resolve(model, endpoints, settings.base_url, None, settings.confirm)
        if found.endpoint.name not in shared:
            build = _builder(found.endpoint.kind)
            shared[found.endpoint.name] = build(found.endpoint, found.api_key, capabilities)
        return shared[found.endpoint.name]

    return Client(
        open_provider=open_provider,
        ledger=ledger,
        budget=Budget.parse(settings.budget),
        prices=Prices(priced),
        concurrency=settings.concurrency,
        replay=settings.replay,
        on_call=watcher.call,
    )


def _builder(kind: str) -> Callable[..., Provider]:
    # Imported here: one SDK costs 0.7 s, the other 1.4 s, and a run mostly needs one or none.
    if kind == "anthropic":
        from autoevol.llm.anthropic import AnthropicProvider

        return AnthropicProvider
    from autoevol.llm.openai import OpenAIProvider

    return OpenAIProvider


async def _local(name: str, settings: DoorSettings, log: Path, watcher: Watcher) -> Provider:
    from autoevol.llm.local import open_local

    return await open_local(
        name,
        slots=settings.concurrency,
        log_file=log,
        on_progress=partial(_pulled, watcher),
    )


def _pulled(watcher: Watcher, *_: object) -> None:
    return None


def _fake(name: str, scripts: Mapping[str, Script]) -> Provider:
    known: dict[str, Script] = {"echo": echo, **scripts}
    if name not in known:
        raise UsageError(f"Unknown scripted model 'fake/{name}'.", f"Known: {', '.join(known)}.")
    return FakeProvider(known[name], title=name)
