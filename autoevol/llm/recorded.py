"""A provider that is only a name: who answered a run, where nothing can or shall be asked.

Decides nothing but that it is never asked. It lets a ledger be read on a machine that has neither
the weights nor the endpoint (`Client.complete` looks there first, and a replay nowhere else).
"""

from __future__ import annotations

from autoevol.errors import NotInLedger
from autoevol.llm.messages import Request, Response
from autoevol.llm.provider import Limits


class RecordedProvider:
    """A `Provider` of the identity that the run's calls were made under."""

    max_inflight: int | None = None
    limits = Limits()

    def __init__(self, name: str, identity: str) -> None:
        self.name = name
        self.identity = identity

    async def complete(self, request: Request) -> Response:
        """Raises NotInLedger, always."""
        raise NotInLedger(
            f"{request.model} is only on record here.", "Run without --replay to ask it."
        )

    async def aclose(self) -> None:
        return None
