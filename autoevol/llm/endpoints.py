"""Where a model lives: `PROVIDER/NAME` and `autoevol.toml` become an address, a name and a key.

Decides addresses, names and which key goes where. Whether an address from a file may be used is
left to `trust`; speaking to it is left to the providers. `local/` and `fake/` models have no
address and are resolved elsewhere. Keys are returned, never kept in an `Endpoint`.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from autoevol.errors import BadInput, Unauthorised, UsageError, near
from autoevol.llm.clouds import CLOUDS, cloud_endpoint
from autoevol.llm.endpoint import HOMES, Endpoint, Kind, normalised, origin
from autoevol.llm.prices import EndpointPrice
from autoevol.llm.trust import Confirm, admit

__all__ = ["Endpoint", "EndpointPrice", "Kind", "Resolved", "load_endpoints", "resolve"]

NO_KEY = "none"
"""Sent as the key where none is needed: the SDKs want one, vLLM and Ollama ignore it."""


class Resolved(NamedTuple):
    endpoint: Endpoint
    model: str
    api_key: str


def load_endpoints(path: Path | None = None) -> dict[str, Endpoint]:
    """Read the `[endpoints.NAME]` tables of a file. None of them is trusted yet.

    Args:
        path: the file; None reads `autoevol.toml` of the working folder, if there is one.

    Raises:
        BadInput: the file is missing, is no TOML, or holds a key or a value that cannot be meant.
    """
    file, content = read_config(path)
    tables = content.get("endpoints", {})
    if not isinstance(tables, dict):
        raise BadInput(f"{file}: 'endpoints' must hold tables.", "Write [endpoints.NAME].")
    return {name: _endpoint(file, name, table) for name, table in tables.items()}


def read_config(path: Path | None = None) -> tuple[Path, dict[str, object]]:
    """The configuration file and what it holds; of None, `autoevol.toml` of the working folder,
    nothing where it is not there. Raises BadInput where it cannot be read."""
    file = Path("autoevol.toml") if path is None else path
    if path is None and not file.is_file():
        return file, {}
    try:
        return file, tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{file} cannot be read: {error}.", "Correct or remove it.") from error


def resolve(
    model: str,
    endpoints: Mapping[str, Endpoint],
    base_url: str | None = None,
    env: Mapping[str, str] | None = None,
    confirm: Confirm | None = None,
) -> Resolved:
    """Find the endpoint, the model's name there, and the key to send.

    Args:
        model: `openai/NAME`, `anthropic/NAME`, `bedrock/NAME`, `vertex/NAME` or `ENDPOINT/NAME`;
            NAME may hold slashes.
        base_url: the user's own address for `openai/` models; other models are not touched by it.
        env: the environment; None is the process's.
        confirm: asked at every call where a file named the address (`trust.remembering` makes it
            once a run or once for all); None refuses such addresses.

    Raises:
        UsageError: the name or address cannot be meant, or the address was not confirmed.
        Unauthorised: the variable that should hold the key is not set, or holds no key.
    """
    known = os.environ if env is None else env
    provider, _, name = model.partition("/")
    if not provider or not name.strip():
        raise UsageError(f"Model {model!r} lacks a name.", "Write PROVIDER/NAME.")
    if provider in CLOUDS:
        endpoint = cloud_endpoint(provider, known)
        return Resolved(endpoint, name, known.get(endpoint.api_key_env, "").strip())
    if provider in HOMES:
        mine = base_url if provider == "openai" else None
        endpoint = _at_home(Endpoint(provider, HOMES[provider].kind), known, mine)
    elif provider not in endpoints:
        names = [*RESERVED, *sorted(endpoints)]
        raise UsageError(
            f"Unknown provider {provider!r} in model {model!r}.",
            f"{near(provider, names)}Known are {', '.join(names)}; [endpoints.NAME] of the "
            "configuration names others.",
        )
    elif endpoints[provider].base_url:
        endpoint = endpoints[provider]
        if not endpoint.at_home and not endpoint.trusted:
            keys = [home.key_env for home in HOMES.values()]
            host = origin(endpoint.base_url).removeprefix("https://")
            admit(endpoint.name, host, endpoint.api_key_env, keys, confirm)
            endpoint = replace(endpoint, trusted=True)
    else:
        endpoint = _at_home(endpoints[provider], known, None)
    return Resolved(endpoint, name, _key(endpoint, known))


def _at_home(endpoint: Endpoint, env: Mapping[str, str], base_url: str | None) -> Endpoint:
    """Fill in the provider's own address, or the one that the user's flag or environment names."""
    home = HOMES[endpoint.kind]
    address = normalised(base_url or env.get(home.base_url_env) or home.base_url, endpoint.kind)
    key_env = endpoint.api_key_env or home.key_env
    return replace(endpoint, base_url=address, api_key_env=key_env, trusted=True)


def _key(endpoint: Endpoint, env: Mapping[str, str]) -> str:
    variable = endpoint.api_key_env
    key = env.get(variable, "").strip() if variable else ""
    own = variable == HOMES[endpoint.kind].key_env
    if not key and (not variable or (own and not endpoint.at_home)):
        return NO_KEY
    if not key:
        raise Unauthorised(
            f"{variable} is not set, and {endpoint.name} needs a key.",
            f"Set {variable}, or use a model that needs none (local/… or --base-url).",
        )
    if not key.isascii() or not key.isprintable() or " " in key:
        raise Unauthorised(f"{variable} holds no key: it has spaces or other odd characters.")
    return key


def _endpoint(file: Path, name: str, table: object) -> Endpoint:
    """One table of the file as an Endpoint, every value checked."""
    where = f"{file}: [endpoints.{name}]"
    if name in RESERVED or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", name):
        raise BadInput(f"{where} cannot have that name.", f"Taken are {', '.join(RESERVED)}.")
    if not isinstance(table, dict):
        raise BadInput(f"{where} must be a table.", f"Write [endpoints.{name}].")
    for key, value in table.items():
        if key not in SETTINGS:
            known = f"Known: {', '.join(SETTINGS)}."
            raise BadInput(f"{where} has an unknown key {key!r}.", near(key, SETTINGS) + known)
        check, wanted = SETTINGS[key]
        if not check(value):
            raise BadInput(f"{where}: {key} cannot be {value!r}.", f"It must be {wanted}.")
    values = dict(table)
    if "price" in values:
        price = values["price"]
        values["price"] = EndpointPrice(**{k: Decimal(str(v)) for k, v in price.items()})
    if "base_url" in values:
        try:
            values["base_url"] = normalised(values["base_url"], values.get("kind", "openai"))
        except UsageError as error:
            raise BadInput(f"{where}: {error.message}", error.hint) from error
    return Endpoint(name=name, trusted=False, **values)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e18


def _positive(value: object) -> bool:
    return _number(value) and value != 0


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _price(value: object) -> bool:
    if not isinstance(value, dict) or not all(map(_number, value.values())):
        return False
    return {"input", "output"} <= set(value) <= {"input", "output", "cached"}


RESERVED = (*HOMES, *CLOUDS, "local", "fake")

SETTINGS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "kind": (lambda v: v in ("openai", "anthropic"), "'openai' or 'anthropic'"),
    "base_url": (_text, "an http(s) address"),
    "api_key_env": (_text, "the name of an environment variable"),
    "headers": (
        lambda v: isinstance(v, dict) and all(map(_text, v.values())),
        "a table of texts",
    ),
    "extra_body": (lambda v: isinstance(v, dict), "a table"),
    "max_inflight": (lambda v: isinstance(v, int) and _positive(v), "a whole number above 0"),
    "rpm": (_positive, "a number above 0"),
    "tpm": (_positive, "a number above 0"),
    "price": (
        _price,
        "{ input = …, output = … } in US dollars per million tokens, and cached = … if you like",
    ),
    "service_tier": (_text, "a text"),
    "timeout_s": (_positive, "seconds above 0"),
}
"""Every key of an `[endpoints.NAME]` table: how its value is checked, and what it must be."""
