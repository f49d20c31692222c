"""How the SDKs' calls travel: their own aiohttp transport, without a bound of its own.

Decides the transport alone. Over the SDKs' usual one the processor time of a call is several times
that, since it looks through all its connections at every call; with hundreds of calls in flight
that is the ceiling. How many there are is left to `client`, what broken ones mean to `faults`.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any


def open_transport(sdk: ModuleType) -> Any:
    """An HTTP client for the async client of `sdk` (openai or anthropic), which closes it."""
    usual = sdk.DEFAULT_CONNECTION_LIMITS
    # Its class is httpx's in one major of openai and httpx2's in the other. 0 is aiohttp's word
    # for no limit; None would be its own of 100.
    limits = type(usual)(
        max_connections=0,
        max_keepalive_connections=None,
        keepalive_expiry=usual.keepalive_expiry,
    )
    return sdk.DefaultAioHttpClient(limits=limits)
