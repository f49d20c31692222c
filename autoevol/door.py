"""Opens the door for a run: settings become a Client.

Decides how a run's choices (budget, concurrency, replay, other runs' ledgers) reach the door, and
which model is asked where none is named. Which provider a model means is `llm.providers`' matter.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from autoevol.llm.budget import Budget
from autoevol.llm.capabilities import Capabilities
from autoevol.llm.client import Client
from autoevol.llm.endpoints import load_endpoints
from autoevol.llm.fake import Script
from autoevol.llm.ledger import Ledger
from autoevol.llm.providers import SCRIPTS, Opener
from autoevol.llm.trust import Confirm
from autoevol.progress import Watcher
from autoevol.runs import LEDGER
from autoevol.simulation import SCRIPTS as WORLDS

EMBEDDED = "local/qwen2.5-coder-0.5b"
"""The model that is asked where none is named."""

SHIPPED: Mapping[str, Script] = {**SCRIPTS, **WORLDS}
"""Every model of the `fake/` provider that comes with the package."""

IN_FLIGHT = 8
"""Calls in flight at most, where nothing is said."""
SLOTS = 4
"""The same at an embedded model. A slot more costs a reading of every prompt's fixed part; tried on
two cores, 4, 8 and 16 slots take 47, 44 and 38 ms a token, and reading 300 tokens takes seconds."""


@dataclass(frozen=True, slots=True)
class Door:
    """How models are reached. Nothing in here changes what they answer.

    `concurrency` caps the calls in flight; None is the usual number. `config` is the file of
    endpoints (None: ./autoevol.toml if there). `reuse` are other runs' folders whose answers are
    taken over. `scripts` are more models of the `fake/` provider, beside
    the shipped ones (`llm.providers`, `simulation`).
    """

    base_url: str | None = None
    config: Path | None = None
    concurrency: int | None = None
    budget: str | None = None
    confirm: Confirm | None = None
    replay: bool = False
    reuse: Sequence[Path] = ()
    scripts: Mapping[str, Script] = field(default_factory=dict)


def addresses(door: Door, models: Mapping[str, str]) -> dict[str, str]:
    """By role, where its model is asked: what a run that goes on must share. No keys, no headers;
    of an endpoint's fixed body only a digest. Models without an address are left out."""
    opener = Opener(
        endpoints=load_endpoints(door.config),
        base_url=door.base_url,
        confirm=lambda _: True,  # nothing is sent
        keyless=True,
    )
    found = {role: opener.address(model) for role, model in models.items()}
    return {role: address for role, address in found.items() if address}


@asynccontextmanager
async def open_client(
    door: Door, ledger: Path, log: Path, watcher: Watcher
) -> AsyncIterator[Client]:
    """The door, for as long as the context lasts.

    Args:
        door: how models are reached.
        ledger: file of the run's ledger.
        log: file for the embedded runtime's own log.
        watcher: told of calls, pulls and notices.
    """
    opener = Opener(
        endpoints=load_endpoints(door.config),
        base_url=door.base_url,
        confirm=door.confirm,
        capabilities=Capabilities(watcher.note),
        scripts={**WORLDS, **door.scripts},
        slots=door.concurrency or SLOTS,
        on_progress=watcher.pull,
        log_file=log,
        keyless=door.replay,
    )
    budget = Budget.parse(door.budget)
    with Ledger(ledger, [folder / LEDGER for folder in door.reuse]) as kept:
        async with Client(
            open_provider=opener,
            ledger=kept,
            budget=budget,
            prices=opener.prices(),
            concurrency=door.concurrency or IN_FLIGHT,
            replay=door.replay,
            on_call=watcher.call,
        ) as client:
            yield client
