"""Opens the door for a run: settings become a Client.

Decides how a run's choices (budget, concurrency, replay, other runs' ledgers) reach the door, and
which model is asked where none is named. Which provider a model means is `llm.providers`' matter.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from autoevol.errors import UsageError
from autoevol.llm.batches.batches import CALLS, Post
from autoevol.llm.batches.kept import FOLDER as BATCHES
from autoevol.llm.batches.kept import read_all
from autoevol.llm.budget import Budget
from autoevol.llm.capabilities import Capabilities
from autoevol.llm.client import Client
from autoevol.llm.endpoint import Endpoint
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
    the shipped ones (`llm.providers`, `simulation`). `batch` lets calls wait for each other and
    leave by batch, `flex` sends those to OpenAI at its slow and cheap tier; both cost about half.
    `identities` say by model who answered the run that is replayed, where these models need not be
    there.
    """

    base_url: str | None = None
    config: Path | None = None
    concurrency: int | None = None
    budget: str | None = None
    confirm: Confirm | None = None
    replay: bool = False
    reuse: Sequence[Path] = ()
    scripts: Mapping[str, Script] = field(default_factory=dict)
    identities: Mapping[str, str] = field(default_factory=dict)
    batch: bool = False
    flex: bool = False

    @property
    def calls(self) -> int:
        """Calls that may be under way at once."""
        return self.concurrency or (CALLS if self.batch else IN_FLIGHT)


def check_way(door: Door, models: Iterable[str]) -> None:
    """Say before anything is made that no model can be asked the way it is wanted.

    Raises:
        UsageError: it cannot.
    """
    kinds = {_kind(model, load_endpoints(door.config)) for model in models}
    if door.batch and door.flex:
        raise UsageError("--batch and --flex are two ways to pay half.", "Choose one of them.")
    if door.batch and not kinds & {"openai", "anthropic"}:
        raise UsageError(
            "None of the models is at a provider with batches.",
            "Leave --batch away, or name models of openai/ or anthropic/.",
        )
    if door.flex and "openai" not in kinds:
        raise UsageError(
            "None of the models is at an endpoint of OpenAI's kind, which flex is for.",
            "Leave --flex away; --batch is for anthropic/ too.",
        )


def _kind(model: str, endpoints: Mapping[str, Endpoint]) -> str:
    provider = model.partition("/")[0]
    return endpoints[provider].kind if provider in endpoints else provider


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
        slots=SLOTS if door.batch else door.concurrency or SLOTS,
        on_progress=watcher.pull,
        log_file=log,
        keyless=door.replay,
        flex=door.flex,
        identities=door.identities,
    )
    budget = Budget.parse(door.budget)
    with Ledger(ledger, [folder / LEDGER for folder in door.reuse]) as kept:
        async with Client(
            open_provider=opener,
            ledger=kept,
            budget=budget,
            prices=opener.prices(),
            concurrency=IN_FLIGHT if door.batch else door.calls,
            replay=door.replay,
            on_call=watcher.call,
            batches=_post(door, ledger.parent / BATCHES, watcher),
        ) as client:
            yield client


def _post(door: Door, folder: Path, watcher: Watcher) -> Post | None:
    """How batches are used; None where none are sent and none are to be fetched.

    Raises:
        UsageError: batches are with the provider, and calls should not wait for them.
    """
    if door.batch:
        return Post(folder, calls=door.calls, note=watcher.note)
    waiting = [] if door.replay else [kept for kept in read_all(folder) if kept.waiting]
    if any(kept.state != "cancelled" for kept in waiting):
        raise UsageError(
            f"{len(waiting)} batches of this folder are still with the provider.",
            f"Go on with --batch, or end them: autoevol batches {folder.parent} --cancel",
        )
    return Post(folder, sends=False, note=watcher.note) if waiting else None
