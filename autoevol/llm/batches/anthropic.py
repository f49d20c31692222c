"""Anthropic's Message Batches: requests go up in one call, results come down as lines.

Decides how a Request becomes an entry of such a batch, and how results and states are read. What a
call and an answer look like is left to `llm.anthropic`, what errors mean to `llm.faults`.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from autoevol.errors import AutoevolError
from autoevol.llm.anthropic import call_of, read_answer
from autoevol.llm.batches.api import Cancelled, Failed, Item, Limits, Looked, Result, Stage
from autoevol.llm.batches.api import Json as Line
from autoevol.llm.batches.lines import no_batches, read_line
from autoevol.llm.capabilities import Capabilities, Takes
from autoevol.llm.faults import Caller, Json, complaint, fault, garbled, lost, parsed, told, verdict
from autoevol.llm.messages import Request, Response
from autoevol.llm.provider import TryAgain
from autoevol.llm.reasoning import count

if TYPE_CHECKING:
    import anthropic

SLACK = timedelta(minutes=10)
"""How far this machine's clock may be ahead of the provider's when a lost batch is looked for."""

STAGES: dict[str, Stage] = {
    "in_progress": "running",
    "canceling": "cancelling",
    "ended": "ended",
}


class AnthropicBatches:
    """A `BatchApi` over AsyncAnthropic."""

    limits = Limits(100_000, 256_000_000)

    def __init__(
        self, client: anthropic.AsyncAnthropic, caller: Caller, capabilities: Capabilities
    ) -> None:
        self._client = client
        self._caller = caller
        self._capabilities = capabilities

    def item(self, name: str, request: Request) -> Item:
        """See `BatchApi.item`."""
        model = request.model.partition("/")[2]
        endpoint = self._caller.endpoint
        takes = self._capabilities.takes(endpoint, model)
        fitted = self._capabilities.fit(endpoint, model, request)
        params = call_of(model, fitted, takes, endpoint)
        params |= params.pop("extra_body", {})
        params.pop("service_tier", None)  # a batch has a price of its own
        line = {"custom_id": name, "params": params}
        return Item(json.dumps(line, ensure_ascii=True).encode(), takes)

    async def submit(self, items: Sequence[bytes], tag: str) -> str:
        """See `BatchApi.submit`. The tag cannot be sent: this protocol has no place for it."""
        requests = [json.loads(item) for item in items]
        batches = self._client.messages.batches.with_raw_response
        made = await self._ask(lambda: batches.create(requests=requests))
        return _text(made, "id")

    async def find(
        self, tag: str, since: datetime, names: frozenset[str], known: frozenset[str]
    ) -> str | None:
        """See `BatchApi.find`: a young batch of as many requests, whose results, where it ended
        already, bear the names. Of one that did not end only the size is known: that it is
        another's is seen when its results come, and then nothing of it is taken."""
        batches = self._client.messages.batches.with_raw_response
        page = await self._ask(lambda: batches.list(limit=100))
        data = page.get("data")
        for one in data if isinstance(data, list) else []:
            ours = isinstance(one, dict) and one.get("id") not in known
            if not isinstance(one, dict) or not ours or not _young(one, since - SLACK):
                continue
            counts = one.get("request_counts")
            every = sum(map(count, counts.values())) if isinstance(counts, dict) else 0
            if every == len(names) and await self._bears(one, names):
                return _text(one, "id")
        return None

    async def look(self, batch: str) -> Looked:
        """See `BatchApi.look`."""
        batches = self._client.messages.batches.with_raw_response
        seen = await self._ask(lambda: batches.retrieve(batch))
        stage = STAGES.get(str(seen.get("processing_status")))
        if stage is None:
            raise garbled(f"a batch of unknown status {str(seen.get('processing_status'))[:40]!r}")
        counts = seen.get("request_counts")
        counts = counts if isinstance(counts, dict) else {}
        if stage == "running" and counts and not count(counts.get("processing")):
            stage = "finalizing"
        failed = sum(count(counts.get(name)) for name in ("errored", "canceled", "expired"))
        return Looked(stage, count(counts.get("succeeded")), failed)

    async def results(self, batch: str, looked: Looked) -> AsyncIterator[Result]:
        """See `BatchApi.results`. The address is our own, not the one that the answer names."""
        import anthropic

        try:
            whole = await self._client.get(f"/v1/messages/batches/{batch}/results", cast_to=str)
        except anthropic.APIError as error:
            raise self._failed(error) from None
        for line in whole.encode("utf-8", "surrogatepass").split(b"\n"):
            if (found := read_line(line)) is not None:
                yield found

    def read(self, line: Line, request: Request, sent: Takes | None) -> Response | None:
        """See `BatchApi.read`."""
        result = line.get("result")
        kind = result.get("type") if isinstance(result, dict) else None
        if not isinstance(result, dict) or not isinstance(kind, str):
            raise garbled("a result without an answer")
        if kind == "canceled":
            raise Cancelled("it was cancelled", sent=False)
        if kind == "expired":
            raise TryAgain("it was not worked on in time", sent=False)
        model = request.model.partition("/")[2]
        takes = sent or self._capabilities.takes(self._caller.endpoint, model)
        message = result.get("message")
        if kind == "succeeded" and isinstance(message, dict):
            got = read_answer(message, request, takes)
        elif kind == "errored":
            outer = result.get("error")
            inner = outer.get("error") if isinstance(outer, dict) else None
            # Status 200 has the name of the error decide, which is all that there is here.
            got = told(inner if isinstance(inner, dict) else {}, 200, None, "an error")
        else:
            raise garbled(f"a result of unknown type {kind[:40]!r}")
        try:
            return verdict(got, model, takes, self._caller, self._capabilities)
        except TryAgain as error:
            raise Failed(error.reason, sent=False) from None  # what failed is not charged

    async def cancel(self, batch: str) -> None:
        """See `BatchApi.cancel`."""
        batches = self._client.messages.batches.with_raw_response
        await self._ask(lambda: batches.cancel(batch))

    async def _bears(self, one: Json, names: frozenset[str]) -> bool:
        if one.get("processing_status") != "ended":
            return True
        try:
            async for result in self.results(_text(one, "id"), Looked("ended")):
                return result.name in names
        except TryAgain:
            raise
        except AutoevolError:  # results that are gone (archived) are not ours to wait for
            return False
        return False

    async def _ask(self, call: Callable[[], Awaitable[Any]]) -> Json:
        import anthropic

        try:
            raw = await call()
            return parsed(raw.http_response.content)
        except anthropic.APIError as error:
            raise self._failed(error) from None

    def _failed(self, error: anthropic.APIError) -> Exception:
        import anthropic

        if isinstance(error, anthropic.APIStatusError):
            said = complaint(error.status_code, error.response.headers, error.response.content)
            return (
                no_batches(self._caller)
                if said.status == 404
                else fault(said, self._caller, "its batches")
            )
        timed_out = isinstance(error, anthropic.APITimeoutError)
        return lost(error, timed_out, self._caller)


def _young(one: Json, since: datetime) -> bool:
    try:
        return datetime.fromisoformat(_text(one, "created_at")) >= since
    except (ValueError, TypeError, TryAgain):
        return False


def _text(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise garbled(f"no {name}")
    return value
