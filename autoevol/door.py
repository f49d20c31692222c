"""Opens the door for a run: settings become a Client.

Decides how a run's choices (budget, concurrency, replay, other runs' ledgers) reach the door, and
which model is asked where none is named. Which provider a model means is `llm.providers`' matter.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from autoevol.counted import several
from autoevol.errors import UsageError
from autoevol.llm.batches.batches import CALLS, Post
from autoevol.llm.batches.kept import FOLDER as BATCHES
from autoevol.llm.batches.kept import read_all
from autoevol.llm.brake import Brake
from autoevol.llm.budget import Budget
from autoevol.llm.capabilities import Capabilities
from autoevol.llm.client import Client
from autoevol.llm.endpoint import Endpoint
from autoevol.llm.endpoints import load_endpoints
from autoevol.llm.events import CallEvent, Listener
from autoevol.llm.fake import Script
from autoevol.llm.ledger import Ledger
from autoevol.llm.messages import Usage
from autoevol.llm.prices import Rates, no_price
from autoevol.llm.providers import SCRIPTS, Opener
from autoevol.llm.trust import Confirm
from autoevol.llm.tuning import AS_USUAL, Tuning
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
class Cluster:
    """Where Ray walks the rows of `evolve`. `address` is a cluster's ("auto": the one of this
    machine), '' starts Ray here for the run. `workers` None is one for each processor, as far as
    there are calls in flight for them."""

    address: str = ""
    workers: int | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """How models are reached. Nothing in here changes what they answer.

    `concurrency` caps the calls in flight; None is the usual number. `config` is the file of
    endpoints (None: ./autoevol.toml if there). `reuse` are other runs' folders whose answers are
    taken over. `scripts` are more models of the `fake/` provider, beside
    the shipped ones (`llm.providers`, `simulation`). `batch` lets calls wait for each other and
    leave by batch, `flex` sends those to OpenAI at its slow and cheap tier; both cost about half.
    `identities` say by model who answered the run that is replayed, where these models need not be
    there. `cluster` lets processes on Ray make the calls of `evolve`; None makes them in this one.
    Whoever ends a run by cancelling it may pull the `brake` first: then what was sent may land.
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
    cluster: Cluster | None = None
    brake: Brake = field(default_factory=Brake, compare=False)

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


def check_door(door: Door, models: Iterable[str], folder: Path) -> None:
    """Say before a folder is made what would end a run at its first call.

    A folder that has answers, and other runs', may hold all that is asked, so that no price is
    needed; a replay asks nobody.

    Raises:
        UsageError: a budget that cannot be read, or in money where a model has no known price; an
            address of the configuration that was not confirmed.
    """
    budget, asked = Budget.parse(door.budget), tuple(dict.fromkeys(models))
    if door.replay:
        return
    opener = Opener(admitted(door, asked), door.base_url, keyless=True)
    if not budget.needs_price() or door.reuse or (folder / LEDGER).exists():
        return
    prices, one = opener.prices(), Usage(1, 1)
    for model in asked:
        if prices.price(model.partition("/")[0], model, one, _priced_at(opener, model)) is None:
            raise no_price(model)


def _kind(model: str, endpoints: Mapping[str, Endpoint]) -> str:
    provider = model.partition("/")[0]
    return endpoints[provider].kind if provider in endpoints else provider


def addresses(door: Door, models: Mapping[str, str]) -> dict[str, str]:
    """By role, where its model is asked: what a run that goes on must share. No keys, no headers;
    of an endpoint's fixed body only a digest. Models without an address are left out."""
    opener = _asking_nobody(door)
    found = {role: opener.address(model) for role, model in models.items()}
    return {role: address for role, address in found.items() if address}


def rates_of(door: Door, models: Iterable[str]) -> dict[str, Rates]:
    """By model, what its tokens cost online and by batch, None where no price is known."""
    opener = _asking_nobody(door)
    prices = opener.prices()
    return {
        model: prices.rates(model.partition("/")[0], model, _priced_at(opener, model))
        for model in models
    }


def _asking_nobody(door: Door) -> Opener:
    return Opener(
        endpoints=load_endpoints(door.config),
        base_url=door.base_url,
        confirm=lambda _: True,  # nothing is sent
        keyless=True,
        identities=door.identities,
    )


def _priced_at(opener: Opener, model: str) -> str:
    """The URL whose list of prices is read, '' where the provider's name decides."""
    address = opener.address(model)
    return address if address.startswith("http") else ""


def admitted(door: Door, models: Iterable[str]) -> dict[str, Endpoint]:
    """The endpoints of the door's file, those that the models are at confirmed by the person.

    Raises:
        UsageError: a name that cannot be meant, or an address that was not confirmed.
    """
    endpoints = load_endpoints(door.config)
    opener = Opener(endpoints, door.base_url, confirm=door.confirm, keyless=True)
    for model in models:
        opener.address(model)
        name = model.partition("/")[0]
        if name in endpoints:
            endpoints[name] = replace(endpoints[name], trusted=True)
    return endpoints


@asynccontextmanager
async def open_client(
    door: Door,
    ledger: Path,
    log: Path,
    watcher: Watcher,
    *,
    tuning: Tuning = AS_USUAL,
    endpoints: Mapping[str, Endpoint] | None = None,
    budget: Budget | None = None,
) -> AsyncIterator[Client]:
    """The door, for as long as the context lasts.

    Args:
        door: how models are reached.
        ledger: file of the run's ledger.
        log: file for the embedded runtime's own log.
        watcher: told of calls, pulls and notices.
        tuning: temperatures and caps that the user asks for, by role.
        endpoints: the tables of endpoints; None reads the door's file of them.
        budget: what may be spent; None is the door's.
    """
    opener = Opener(
        endpoints=load_endpoints(door.config) if endpoints is None else endpoints,
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
    with Ledger(ledger, [folder / LEDGER for folder in door.reuse]) as kept:
        async with Client(
            open_provider=opener,
            ledger=kept,
            budget=Budget.parse(door.budget) if budget is None else budget,
            prices=opener.prices(),
            concurrency=IN_FLIGHT if door.batch else door.calls,
            replay=door.replay,
            on_call=_telling(watcher),
            batches=_post(door, ledger.parent / BATCHES, watcher),
            tuning=tuning,
            brake=door.brake,
        ) as client:
            yield client


def _telling(watcher: Watcher) -> Listener:
    def tell(event: CallEvent) -> None:
        if event.kind == "note":
            watcher.note(event.note)
        else:
            watcher.call(event)

    return tell


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
            f"Of this folder still with the provider: {several(len(waiting), 'batch', 'batches')}.",
            f"Go on with --batch, or end them: autoevol batches {folder.parent} --cancel",
        )
    return Post(folder, sends=False, note=watcher.note) if waiting else None
