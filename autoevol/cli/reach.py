"""Which models a command will ask: found out, checked and said before anything is made or sent.

Decides what is said of the choice of models (the embedded one where none is named, an evolver that
judges itself), and that a model that cannot be meant stops the command before it makes a folder.
Opening a model is left to `llm.providers`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from autoevol.casting import Cast, check_roles
from autoevol.door import EMBEDDED, SHIPPED
from autoevol.errors import UsageError
from autoevol.llm.clouds import CLOUDS, check_cloud
from autoevol.llm.embedded.manifest import find_model
from autoevol.llm.embedded.runtime import runtime_version
from autoevol.llm.endpoint import HOMES, normalised
from autoevol.llm.endpoints import load_endpoints, resolve
from autoevol.llm.trust import Confirm, remembering

Number = TypeVar("Number", int, float)


def cast_of(roles: Sequence[str], flags: Mapping[str, object]) -> Cast:
    """Who is named for which role, and how warm and with how many tokens each is asked.

    Raises:
        UsageError: a temperature or a cap cannot be meant.
    """
    named = {role: str(flags[role]) for role in roles if role in flags}
    warmths = by_role("--temperature", flags.get("temperature"), roles, float)
    caps = by_role("--max-tokens", flags.get("max_tokens"), roles, int)
    model = str(flags["model"]) if "model" in flags else None
    cast = Cast(model, **named, temperature=warmths, max_tokens=caps)
    cast.tuning(roles)
    return cast


def by_role(
    flag: str, spelled: object, roles: Sequence[str], number: Callable[[str], Number]
) -> dict[str, Number]:
    """`evolver=0.2,judge=0` as a table. Raises UsageError."""
    found: dict[str, Number] = {}
    for pair in filter(None, str(spelled or "").split(",")):
        role, _, value = (part.strip() for part in pair.partition("="))
        check_roles([role], roles, flag)
        try:
            found[role] = number(value)
        except ValueError as error:
            kind = "whole number" if number is int else "number"
            raise UsageError(f"{flag} {pair!r} gives no {kind}.", "Write ROLE=NUMBER.") from error
    return found


def check_models(
    models: Mapping[str, str], base_url: str | None, *, keyless: bool, config: Path | None = None
) -> None:
    """Raise what would stop the first call: no such model, no such provider, no key.

    Raises:
        UsageError: a name or address cannot be meant, or the embedded runtime is missing.
        BadInput: the configuration cannot be read.
        Unauthorised: a key is missing.
    """
    if base_url is not None:
        normalised(base_url, "openai")
    endpoints = load_endpoints(config)
    for model in dict.fromkeys(models.values()):
        provider, _, name = model.partition("/")
        if provider == "local":
            if not name.endswith(".gguf"):
                find_model(name)
            if not keyless:
                runtime_version()
        elif provider == "fake":
            if name not in SHIPPED:
                known = ", ".join(f"fake/{script}" for script in sorted(SHIPPED))
                raise UsageError(f"There is no model {model}.", f"Known are {known}.")
        else:
            env = {**dict.fromkeys(_key_names(endpoints), "-"), **os.environ} if keyless else None
            found = resolve(model, endpoints, base_url, env, confirm=lambda _: True)
            if found.endpoint.name in CLOUDS and not keyless:
                check_cloud(found.endpoint.name)


def notices(models: Mapping[str, str], flags: Mapping[str, object]) -> list[str]:
    """What a person should know of this choice of models, a line each."""
    lines: list[str] = []
    unnamed = [role for role in models if not flags.get(role) and not flags.get("model")]
    if unnamed:
        whom = "" if len(unnamed) == len(models) else f" for {', '.join(unnamed)}"
        line = f"No model is named{whom}: the embedded {EMBEDDED} is used, which is free."
        keys = [home.key_env for home in HOMES.values() if os.environ.get(home.key_env, "").strip()]
        if keys:
            line += f" {' and '.join(keys)} is set but not used; name a model with --model."
        lines.append(line)
    own = ":" in str(flags.get("score", ""))  # a function scores, and no judge is asked
    if not own and "judge" in models and models["judge"] == models.get("evolver"):
        lines.append(f"{models['evolver']} judges its own rewrites; --judge names another judge.")
    return lines


def confirmation(trust: bool, ask: Callable[[str], bool], config: Path | None) -> Confirm:
    """How addresses of a configuration file are let through: those that were before, in that very
    file and with that key, and others as follows. A yes is remembered for later runs.

    Args:
        trust: all are, by --trust-config.
        ask: asks the person at the terminal; where nobody is there, the answer is no.
        config: the file; None is ./autoevol.toml.
    """
    asks = ask if sys.stdin.isatty() and sys.stderr.isatty() else lambda _: False
    file = (config or Path("autoevol.toml")).resolve()
    store = _config_folder() / "trusted.txt"
    return remembering((lambda _: True) if trust else asks, store, str(file))


def _config_folder() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or os.environ.get("APPDATA")
    return (Path(base) if base else Path.home() / ".config") / "autoevol"


def _key_names(endpoints: Mapping[str, object]) -> list[str]:
    own = [str(getattr(table, "api_key_env", "")) for table in endpoints.values()]
    return [*(home.key_env for home in HOMES.values()), *filter(None, own)]
