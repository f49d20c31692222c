"""Flags that were not typed: from the environment, else from the configuration file.

Decides which flags may come from there and how they are spelled. No file names what is run
(`--score`, `--rule`, `--redact`), what is read, or an address outside of `[endpoints.NAME]`, where
it has to be confirmed: somebody else may have written it. Endpoints are left to `llm.endpoints`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from autoevol.errors import BadInput, UsageError, near
from autoevol.llm.endpoints import read_config
from autoevol.runs import Scalar

TABLES = ("endpoints", "optimize", "compare", "evolve")
"""What a configuration file may hold: endpoints, and defaults of these verbs' flags."""
ELSEWHERE = {
    "base_url": "Write [endpoints.NAME] with base_url, and name the model NAME/MODEL.",
    "api_key_env": "It belongs into [endpoints.NAME].",
}


class Kind(NamedTuple):
    """How a value is read from a text of the environment, and what it must be."""

    read: Callable[[str], Scalar]
    fits: Callable[[object], bool]
    wanted: str


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _switch(value: str) -> bool:
    return {"1": True, "true": True, "0": False, "false": False}[value.lower()]


TEXT = Kind(str, lambda v: isinstance(v, str) and bool(v.strip()), "a text")
BY_ROLE = Kind(str, lambda v: isinstance(v, str), "a table such as { evolver = 1 }")
SETTABLE: Mapping[str, Kind] = {
    **dict.fromkeys(("model", "evolver", "responder", "analyzer", "optimizer", "judge"), TEXT),
    "temperature": BY_ROLE,
    "max_tokens": BY_ROLE,
    "preset": TEXT,
    "seed": Kind(int, _whole, "a whole number"),
    "budget": TEXT,
    "concurrency": Kind(int, lambda v: _whole(v) and v != 0 and _number(v), "1 or more"),
    "max_minutes": Kind(float, _number, "a number of minutes"),
    "batch": Kind(_switch, lambda v: isinstance(v, bool), "true or false"),
    "flex": Kind(_switch, lambda v: isinstance(v, bool), "true or false"),
}


class Setting(NamedTuple):
    """A flag that was not typed, and who sets it."""

    flag: str
    value: Scalar
    source: str


def unsaid(
    verb: str,
    flags: Collection[str],
    config: Path | None,
    env: Mapping[str, str] | None = None,
) -> list[Setting]:
    """What environment and file say of a verb's flags, the environment first.

    Args:
        verb: whose table of the file, and whose variables (AUTOEVOL_VERB_FLAG), are read.
        flags: the verb's, as Python spells them.
        config: the file; None is ./autoevol.toml, if there.
        env: the environment; None is the process's.

    Raises:
        BadInput: the file cannot be read, or holds what it may not hold.
        UsageError: a variable's value cannot be meant.
    """
    file, content = read_config(config)
    for name in content:
        if name not in TABLES:
            known = f"Known: [endpoints.NAME], {', '.join(f'[{verb}]' for verb in TABLES[1:])}."
            raise BadInput(f"{file}: unknown key {name!r}.", near(name, TABLES) + known)
    table = content.get(verb, {})
    if not isinstance(table, dict):
        raise BadInput(f"{file}: {verb!r} must hold a table.", f"Write [{verb}].")
    mine = {name: kind for name, kind in SETTABLE.items() if name in flags}
    found = _environment(verb, mine, os.environ if env is None else env)
    for name, value in table.items():
        checked = _checked(f"{file}: [{verb}]", name, value, mine, flags)
        if name not in {one.flag for one in found}:
            found.append(Setting(name, checked, file.name))
    return found


def _checked(
    where: str, name: str, value: object, mine: Mapping[str, Kind], flags: Collection[str]
) -> Scalar:
    """A value of the file as the flag would have it. Raises BadInput."""
    if name not in mine:
        if name in (*flags, *ELSEWHERE, "rule"):
            way_out = ELSEWHERE.get(name, f"Give it as a flag: --{name.replace('_', '-')}.")
            raise BadInput(f"{where}: {name} may not come from a file.", way_out)
        known = f"Known: {', '.join(mine)}."
        raise BadInput(f"{where} has an unknown key {name!r}.", near(name, mine) + known)
    if mine[name] is BY_ROLE and isinstance(value, dict):
        value = ",".join(f"{role}={number}" for role, number in value.items())
    if not mine[name].fits(value):
        raise BadInput(f"{where}: {name} cannot be {value!r}.", f"It must be {mine[name].wanted}.")
    assert isinstance(value, Scalar)
    return value


def _environment(verb: str, mine: Mapping[str, Kind], env: Mapping[str, str]) -> list[Setting]:
    found: list[Setting] = []
    for name, kind in mine.items():
        variable = f"AUTOEVOL_{verb}_{name}".upper()
        text = env.get(variable, "").strip()
        if not text:
            continue
        try:
            value = kind.read(text)
        except (ValueError, KeyError):
            value = ""
        if not kind.fits(value):
            raise UsageError(f"{variable} cannot be {text!r}.", f"It must be {kind.wanted}.")
        found.append(Setting(name, value, variable))
    return found
