"""From PROVIDER/NAME to an open provider.

Decides which implementation serves a model, and that one endpoint has one provider. Addresses and
keys are left to `endpoints`, the embedded models to `local`. SDKs are imported where a provider is
built, since that takes seconds.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from autoevol.errors import UsageError
from autoevol.llm.capabilities import Capabilities
from autoevol.llm.clouds import CLOUDS, CloudProvider
from autoevol.llm.embedded.pull import OnProgress
from autoevol.llm.endpoint import FLEX, HOMES, Endpoint
from autoevol.llm.endpoints import resolve
from autoevol.llm.fake import FakeProvider, Script, echo
from autoevol.llm.prices import Prices
from autoevol.llm.provider import Provider
from autoevol.llm.recorded import RecordedProvider
from autoevol.llm.trust import Confirm

FLEX_TIMEOUT_S = 900.0
"""The silence that OpenAI's guide to flex processing tells callers to allow for."""


@dataclass(slots=True)
class Opener:
    """Opens providers for a client: `Client(open_provider=Opener(...), ...)`.

    Args:
        endpoints: the tables of autoevol.toml, by name.
        base_url: the user's own address for `openai/` models.
        env: where keys and addresses are looked up; None is the process's environment.
        confirm: asked before an address from a file is used.
        capabilities: the run's table of what models take.
        scripts: more scripts for `fake/NAME`.
        slots: calls that an embedded model answers at once.
        models: the folder of embedded models; None is the platform's cache folder.
        on_progress: told how far a pull of an embedded model is.
        log_file: where the embedded runtime logs.
        keyless: open without keys, for a replay, which sends nothing.
        flex: ask endpoints of OpenAI's kind for their slow and cheap tier.
        identities: by model, who answered a run that is replayed; these models are not opened.
    """

    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    base_url: str | None = None
    env: Mapping[str, str] | None = None
    confirm: Confirm | None = None
    capabilities: Capabilities = field(default_factory=Capabilities)
    scripts: Mapping[str, Script] = field(default_factory=dict)
    slots: int = 8
    models: Path | None = None
    on_progress: OnProgress | None = None
    log_file: Path | None = None
    keyless: bool = False
    flex: bool = False
    identities: Mapping[str, str] = field(default_factory=dict)
    _open: dict[str, Provider] = field(default_factory=dict)

    async def __call__(self, model: str) -> Provider:
        """The provider of a model; the same one for every model of an endpoint.

        Raises UsageError for a name that cannot be meant, Unauthorised where a key is missing.
        """
        kind, _, name = model.partition("/")
        if model in self.identities:
            recorded = RecordedProvider(kind, self.identities[model])
            return self._open.setdefault(model, recorded)
        if kind not in ("local", "fake"):
            found = resolve(model, self.endpoints, self.base_url, self._env(), self.confirm)
            if found.endpoint.name not in self._open:
                self._open[found.endpoint.name] = self._remote(found.endpoint, found.api_key)
            return self._open[found.endpoint.name]
        if not name:
            raise UsageError(f"Model {model!r} lacks a name.", "Write PROVIDER/NAME.")
        if model not in self._open:
            self._open[model] = self._local(name) if kind == "local" else self._fake(name)
        return self._open[model]

    def address(self, model: str) -> str:
        """Where a model is asked: the endpoint's identity, '' for models without an address.

        Raises UsageError for a name that cannot be meant, Unauthorised where a key is missing.
        """
        if model in self.identities:
            return self.identities[model]
        if model.partition("/")[0] in ("local", "fake"):
            return ""
        found = resolve(model, self.endpoints, self.base_url, self._env(), self.confirm)
        return found.endpoint.identity

    def prices(self) -> Prices:
        """The prices that the endpoints' tables give."""
        tables = self.endpoints.items()
        return Prices({name: table.price for name, table in tables if table.price is not None})

    def _fake(self, name: str) -> Provider:
        scripts = {**SCRIPTS, **self.scripts}
        if name not in scripts:
            known = ", ".join(f"fake/{script}" for script in sorted(scripts))
            raise UsageError(f"There is no model fake/{name}.", f"Known are {known}.")
        return FakeProvider(scripts[name], title=name)

    def _local(self, name: str) -> Provider:
        from autoevol.llm.local import open_local

        return open_local(
            name,
            slots=self.slots,
            cache_dir=self.models,
            on_progress=self.on_progress,
            log_file=self.log_file,
        )

    def _remote(self, endpoint: Endpoint, api_key: str) -> Provider:
        if endpoint.name in CLOUDS:
            return CloudProvider(endpoint, api_key, self.capabilities, self._env())
        if endpoint.kind == "anthropic":
            from autoevol.llm.anthropic import AnthropicProvider

            return AnthropicProvider(endpoint, api_key, self.capabilities)
        from autoevol.llm.openai import OpenAIProvider

        if self.flex:
            endpoint = replace(
                endpoint, service_tier=FLEX, timeout_s=max(FLEX_TIMEOUT_S, endpoint.timeout_s)
            )
        return OpenAIProvider(endpoint, api_key, self.capabilities)

    def _env(self) -> Mapping[str, str]:
        """The environment, with stand-ins for all missing keys where nothing will be sent."""
        env = os.environ if self.env is None else self.env
        if not self.keyless:
            return env
        names = [home.key_env for home in HOMES.values()]
        names += [table.api_key_env for table in self.endpoints.values() if table.api_key_env]
        return {**dict.fromkeys(names, "replay"), **{k: v for k, v in env.items() if v.strip()}}


SCRIPTS: Mapping[str, Script] = {"echo": echo}
"""The scripts that `fake/NAME` names without more ado."""
