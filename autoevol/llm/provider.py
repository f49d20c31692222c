"""The seam to whoever answers: one method over two frozen nouns.

Decides what a provider is and how it says "not now". Retries, storing, billing and concurrency are
left to `client`; the wire is left to the providers' own files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from autoevol.llm.messages import Request, Response


class TryAgain(Exception):
    """One attempt failed in a way that another attempt may cure. Private to `llm`.

    Args:
        reason: what happened, in a few words that may be shown; never a key.
        retry_after: seconds that the endpoint asked to wait, None where it did not say.
        connected: False when no connection could be made at all.
        sent: True when the endpoint may have worked on the request (a timeout, a cut answer, a
            gateway's 502), so that it counts as spent; False when it surely did not.
        garbled: True when an answer came that is none of this protocol.
    """

    def __init__(
        self,
        reason: str,
        *,
        retry_after: float | None = None,
        connected: bool = True,
        sent: bool = True,
        garbled: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after
        self.connected = connected
        self.sent = sent
        self.garbled = garbled


@dataclass(frozen=True, slots=True)
class Limits:
    """What an endpoint allows: requests and tokens a minute (None: no limit), and whether fewer
    calls at once than the cap may do it good."""

    rpm: float | None = None
    tpm: float | None = None
    adaptive: bool = True


class Provider(Protocol):
    """Answers requests. Owns no cache, no retries and no bill.

    identity: who answers, for `Request.key`: the normalised base_url (with a digest of the
        endpoint's fixed extra_body if it has one), or the weights' digest and runtime version.
    name: the endpoint's name as users wrote it.
    max_inflight: this endpoint's own cap on calls at once, None where it has none.
    limits: what it allows a minute.
    """

    identity: str
    name: str
    max_inflight: int | None
    limits: Limits

    async def complete(self, request: Request) -> Response:
        """Make one attempt; `cost` stays None.

        Raises:
            TryAgain: another attempt may succeed.
            Unauthorised, Rejected: no attempt will (both from `autoevol.errors`).
        """
        ...

    async def aclose(self) -> None:
        """Let go of connections. Nothing may be asked afterwards."""
        ...
