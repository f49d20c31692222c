"""`autoevol optimize` at work: what its flags lead to.

Decides in what order things are checked: all that can be refused is refused before a folder is made
or a call sent. What happens then is left to `verbs.optimize`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autoevol.casting import ROLES, Cast
from autoevol.cli.reach import cast_of, check_models, confirmation, notices
from autoevol.cli.run import (
    Flags,
    Pausable,
    check_ledgers,
    config_of,
    go_on_command,
    number,
    text,
    watched,
)
from autoevol.cli.screen import Screen
from autoevol.cli.shelf import free_place, save
from autoevol.cli.waiting import wait_for
from autoevol.data.seeds import Reading, read_seeds
from autoevol.domain import GENERAL, Domain, choose_domain
from autoevol.door import Door, check_door
from autoevol.errors import UsageError
from autoevol.learning.presets import preset
from autoevol.llm.budget import Budget
from autoevol.llm.endpoints import load_endpoints
from autoevol.methods import check_start, load_method
from autoevol.own import named_function
from autoevol.progress import Watcher
from autoevol.roles.proxies import score_name
from autoevol.roles.rules.own import OwnRule, with_own
from autoevol.runs import LEDGER, new_path
from autoevol.types import Method


@dataclass(frozen=True, slots=True)
class Learned:
    """What the verb hands back, as far as it is shown."""

    method: Method
    better: bool
    folder: Path
    summary: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command line asks for beside its flags that are remembered."""

    folder: Path | None
    replay: Path | None
    reuse: Sequence[Path]
    save_as: str | None
    trust_config: bool
    rules: Sequence[str] = ()


def run_optimize(screen: Screen, flags: Flags, asked: Asked) -> None:
    """Learn a method and show the result."""
    cast = cast_of(ROLES, flags)
    models = cast.models.as_table()
    others = [folder for folder in (asked.replay, *asked.reuse) if folder is not None]
    check_ledgers(others)
    check_models(
        models, text(flags, "base_url"), keyless=asked.replay is not None, config=config_of(flags)
    )
    pack, _, _ = materials(flags)
    rules = [named_function(name, "--rule") for name in asked.rules]
    with_own(rules)
    folder, name = asked.folder or new_path("optimize"), asked.save_as
    place = None if name is None else free_place(name, pack.name, text(flags, "methods"), folder)
    pausable = Pausable()
    door = Door(
        base_url=text(flags, "base_url"),
        config=config_of(flags),
        concurrency=number(flags, "concurrency"),
        budget=text(flags, "budget"),
        confirm=confirmation(asked.trust_config, pausable.ask, config_of(flags)),
        replay=asked.replay is not None,
        reuse=others,
    )
    check_door(door, models.values(), folder)
    screen.say(f"autoevol optimize: {_subject(flags)}, preset {flags['preset']}, in {folder}")
    for line in notices(models, flags):
        screen.say(line)
    go_on = go_on_command("optimize", folder)
    with watched(screen, folder, door, go_on, pausable) as watcher:
        result = wait_for(
            lambda: _learn(flags, cast, folder, door, watcher, rules), watcher.note, door.brake
        )
        saved = None if place is None or not result.better else save(result.method, place)
    if place is not None and saved is None:
        screen.say(f"{place} was not written: no better method was shown.")
    _show(screen, result, saved)


async def _learn(
    flags: Flags,
    cast: Cast,
    folder: Path,
    door: Door,
    watcher: Watcher,
    rules: Sequence[OwnRule],
) -> Learned:
    # Both stand on dspy and optuna, which take a second: the first line comes before.
    from autoevol.learning.course import Course
    from autoevol.plan import Pricing
    from autoevol.reckon import check_budget
    from autoevol.verbs.optimize import optimize

    pack, reading, start = materials(flags)
    if not (folder / LEDGER).exists() and not door.reuse:
        sizes, items = preset(str(flags["preset"])), read_seeds(pack, reading).items
        pricing = Pricing(load_endpoints(door.config), door.base_url)
        check_budget(
            Budget.parse(door.budget),
            pack,
            items,
            sizes,
            cast.models.as_table(),
            start,
            pricing,
            str(flags["score"]),
            cast.tuning(),
        )
    minutes = flags.get("max_minutes")
    result = await optimize(
        text(flags, "domain"),
        data=text(flags, "data"),
        describe=text(flags, "describe") or "",
        preset=str(flags["preset"]),
        model=cast,
        course=Course(start, str(flags["score"]), rules, int(flags["seed"])),
        run=folder,
        door=door,
        max_minutes=None if minutes is None else float(minutes),
        watcher=watcher,
        reading=reading,
        invocation=flags,
    )
    return Learned(result.method, result.better, result.folder, result.summary)


def materials(flags: Flags) -> tuple[Domain, Reading, Method]:
    """What flags name: domain, way of reading and initial method, each of which may be refused."""
    preset(str(flags["preset"]))
    score_name(str(flags["score"]))
    data, shelf = text(flags, "data"), text(flags, "methods")
    pack = choose_domain(text(flags, "domain"), data, text(flags, "describe") or "")
    start = load_method(text(flags, "initial") or pack.initial, Path(shelf) if shelf else None)
    check_start(start)
    limit = flags.get("limit")
    reading = Reading(
        fields=columns(text(flags, "field") or ""),
        skip_bad=bool(flags.get("skip_bad_rows", False)),
        limit=None if limit is None else int(limit),
    )
    return pack, reading, start


def columns(spelled: str) -> dict[str, str]:
    """`instruction=task,id=uuid` as a table. Raises UsageError."""
    pairs = [pair.partition("=") for pair in spelled.split(",") if pair]
    for name, sign, column in pairs:
        if not (name and sign and column):
            raise UsageError(f"--field {name!r} names no column.", "Write NAME=COLUMN.")
    return {name.strip(): column.strip() for name, _, column in pairs}


def _subject(flags: Flags) -> str:
    data = text(flags, "data")
    if data is None:
        return f"domain {flags.get('domain', 'code')}"
    lender = flags.get("domain", GENERAL)
    return f"data {Path(data).name} (starting methods and judge's scale of {lender})"


def _show(screen: Screen, result: Learned, saved: Path | None) -> None:
    if screen.json:
        where = {"folder": str(result.folder), "saved_as": None if saved is None else str(saved)}
        screen.document({**result.summary, **where})
        return
    from autoevol.cli.result import result_parts

    screen.show(*result_parts(result.summary, result.folder, saved))
