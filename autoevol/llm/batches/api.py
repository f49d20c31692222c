"""The seam to a provider's batches: what can be sent, looked at, fetched and cancelled.

Decides the words. Two files beside this one speak the two protocols; when a batch is sent, how long
it is waited for and what its results mean to the run is left to `batches`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from autoevol.llm.capabilities import Takes
from autoevol.llm.messages import Request, Response
from autoevol.llm.provider import TryAgain

Json = Mapping[str, object]

Stage = Literal["validating", "running", "finalizing", "cancelling", "ended", "refused"]
"""Where a batch is.

finalizing: every request was worked on, the results are being written. ended: there are results,
perhaps not for all (expired, cancelled). refused: the whole of it was turned down, nothing was
worked on.
"""


class Limits(NamedTuple):
    """What fits into one batch."""

    requests: int
    bytes: int


class Item(NamedTuple):
    """One request as it stands in a batch, and what its model was thought to take by then."""

    line: bytes
    sent: Takes


@dataclass(frozen=True, slots=True)
class Looked:
    """A batch as the provider sees it. `answered` and `failed` count requests, as far as they are
    told; `why` says why a refused one was refused, `full` that only its size was the trouble;
    `files` are where results lie."""

    stage: Stage
    answered: int = 0
    failed: int = 0
    why: str = ""
    full: bool = False
    files: tuple[str, ...] = ()


class Result(NamedTuple):
    """What became of the request of that name: a line of the results, not yet read."""

    name: str
    line: Json


class Cancelled(TryAgain):
    """The batch was cancelled before this request was worked on."""


class Failed(TryAgain):
    """The request was worked on and failed by itself, while its batch went through."""


class BatchApi(Protocol):
    """One provider's batches. All of it may raise TryAgain, Unauthorised and Rejected."""

    limits: Limits

    def item(self, name: str, request: Request) -> Item:
        """A request under a name of at most 64 letters, digits, dashes and underscores."""
        ...

    async def submit(self, items: Sequence[bytes], tag: str) -> str:
        """Send a batch, whose requests are all for one model, and return its id."""
        ...

    async def find(
        self, tag: str, since: datetime, names: frozenset[str], known: frozenset[str]
    ) -> str | None:
        """The id of a batch that may have been sent with that tag, names and time, if it was; it is
        none of the `known`."""
        ...

    async def look(self, batch: str) -> Looked: ...

    def results(self, batch: str, looked: Looked) -> AsyncIterator[Result]:
        """What there is of a batch that ended, in any order."""
        ...

    def read(self, line: Json, request: Request, sent: Takes | None) -> Response | None:
        """The answer in a result's line; None where the request should be made otherwise.

        Args:
            request: what was asked. Its messages may be missing where the asker is gone.
            sent: of the Item; None where it is not known any more.

        Raises:
            Cancelled, TryAgain, Unauthorised, Rejected: as `Provider.complete`.
        """
        ...

    async def cancel(self, batch: str) -> None: ...
