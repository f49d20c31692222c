"""An address that answers, and the addresses of the providers themselves.

Decides what is known of an endpoint and how its address is spelled. Which model lives where, and
which key goes there, is left to `endpoints`. Keys are never kept here, only their variables' names.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple
from urllib.parse import SplitResult, urlsplit

from autoevol.errors import UsageError
from autoevol.llm.prices import EndpointPrice

Kind = Literal["openai", "anthropic"]

FLEX = "flex"
"""OpenAI's `service_tier` for calls that may take long and cost half."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that answers, and how to treat it.

    `base_url` is '' for the provider's own address. `headers` go with every request; `extra_body`
    is merged into every request's JSON. `rpm` and `tpm` are requests and tokens a minute.
    `timeout_s` is the longest silence of one call. `trusted` is False where a file named it.
    """

    name: str
    kind: Kind = "openai"
    base_url: str = ""
    api_key_env: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    extra_body: Mapping[str, object] = field(default_factory=dict)
    max_inflight: int | None = None
    rpm: float | None = None
    tpm: float | None = None
    price: EndpointPrice | None = None
    service_tier: str | None = None
    timeout_s: float = 600.0
    trusted: bool = True

    @property
    def identity(self) -> str:
        """Who answers, for `Request.key`: the address, and a digest of `extra_body` if any."""
        address = self.base_url or HOMES[self.kind].base_url
        if not self.extra_body:
            return address
        fixed = json.dumps(self.extra_body, sort_keys=True, default=str)
        return f"{address}#{hashlib.sha256(fixed.encode()).hexdigest()[:16]}"

    @property
    def at_home(self) -> bool:
        """Whether this is the provider's own address, where its own key and headers belong."""
        home = HOMES[self.kind].base_url
        return not self.base_url or origin(self.base_url) == origin(home)


def normalised(base_url: str, kind: Kind) -> str:
    """One spelling for an address: scheme and host in lower case, no trailing slash.

    Anthropic's SDK adds the `/v1` itself, so an address of that kind loses one that it ends on.

    Raises:
        UsageError: it is no http(s) address, or carries a password, a query or a fragment.
    """
    parts = _split(base_url.strip())
    spaced = any(c.isspace() for c in base_url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or spaced:
        raise UsageError(
            f"{base_url!r} is no address.", "Write it like http://127.0.0.1:8000/v1 with its path."
        )
    if parts.username is not None or parts.query or parts.fragment:
        raise UsageError(
            f"The address of {parts.hostname} carries a password, a query or a fragment.",
            "Put keys into a variable named by api_key_env, the rest into headers or extra_body.",
        )
    path = parts.path.rstrip("/")
    return origin(base_url.strip()) + (path.removesuffix("/v1") if kind == "anthropic" else path)


def origin(url: str) -> str:
    """Scheme, host and port of an address, in one spelling; a default port is left away."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    plain = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, plain) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def _split(url: str) -> SplitResult:
    """The parts of a text that may be no address at all (then it has no host)."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # a port that is no number raises only when asked for
    except ValueError:
        return urlsplit("")
    return parts


class Home(NamedTuple):
    """A provider's own address, and the variables its SDK's users know."""

    kind: Kind
    base_url: str
    key_env: str
    base_url_env: str


HOMES: Mapping[str, Home] = {
    "openai": Home("openai", "https://api.openai.com/v1", "OPENAI_API_KEY", "OPENAI_BASE_URL"),
    "anthropic": Home(
        "anthropic", "https://api.anthropic.com", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"
    ),
}
