"""OpenAI's Batch API: a file of requests goes up, a file of answers and one of errors come down.

Decides how a Request becomes a line of such a file, and how lines and states are read. What a call
and an answer look like is left to `llm.openai`, what errors mean to `llm.faults`.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from autoevol.llm.batches.api import Cancelled, Failed, Item, Limits, Looked, Result, Stage
from autoevol.llm.batches.api import Json as Line
from autoevol.llm.batches.lines import no_batches, read_line, split_lines
from autoevol.llm.capabilities import Capabilities, Takes
from autoevol.llm.faults import Caller, Json, complaint, fault, garbled, lost, parsed, told, verdict
from autoevol.llm.messages import Request, Response
from autoevol.llm.openai import call_of, read_answer
from autoevol.llm.provider import TryAgain
from autoevol.llm.reasoning import count

if TYPE_CHECKING:
    import openai

TAG = "autoevol"
"""The name in a batch's metadata under which it is found again after a kill."""

LIST_PAGES = 3
"""Pages of a hundred batches, the youngest first, that are searched for one that may be lost."""

STAGES: dict[str, Stage] = {
    "validating": "validating",
    "in_progress": "running",
    "finalizing": "finalizing",
    "cancelling": "cancelling",
    "completed": "ended",
    "expired": "ended",
    "cancelled": "ended",
    "failed": "refused",
}


class OpenAIBatches:
    """A `BatchApi` over AsyncOpenAI."""

    limits = Limits(50_000, 200_000_000)

    def __init__(
        self, client: openai.AsyncOpenAI, caller: Caller, capabilities: Capabilities
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
        body = call_of(model, fitted, takes, endpoint)
        body.pop("service_tier", None)  # a batch has a price of its own
        line = {"custom_id": name, "method": "POST", "url": "/v1/chat/completions", "body": body}
        return Item(json.dumps(line, ensure_ascii=True).encode() + b"\n", takes)

    async def submit(self, items: Sequence[bytes], tag: str) -> str:
        """See `BatchApi.submit`."""
        upload = (f"{tag}.jsonl", b"".join(items), "application/jsonl")
        files = self._client.files.with_raw_response
        file = await self._ask(lambda: files.create(file=upload, purpose="batch"))
        batches = self._client.batches.with_raw_response
        made = await self._ask(
            lambda: batches.create(
                input_file_id=_text(file, "id"),
                endpoint="/v1/chat/completions",
                completion_window="24h",
                metadata={TAG: tag},
            )
        )
        return _text(made, "id")

    async def find(
        self, tag: str, since: datetime, names: frozenset[str], known: frozenset[str]
    ) -> str | None:
        """See `BatchApi.find`: the tag is in the batch's metadata."""
        after: dict[str, Any] = {}
        batches = self._client.batches.with_raw_response
        for _ in range(LIST_PAGES):
            page = await self._ask(lambda: batches.list(limit=100, **after))  # noqa: B023
            data = page.get("data")
            found = [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []
            for one in found:
                metadata = one.get("metadata")
                if isinstance(metadata, dict) and metadata.get(TAG) == tag:
                    return _text(one, "id")
            if not page.get("has_more") or not found:
                return None
            after = {"after": _text(found[-1], "id")}
        return None

    async def look(self, batch: str) -> Looked:
        """See `BatchApi.look`."""
        batches = self._client.batches.with_raw_response
        seen = await self._ask(lambda: batches.retrieve(batch))
        stage = STAGES.get(str(seen.get("status")))
        if stage is None:
            raise garbled(f"a batch of unknown status {str(seen.get('status'))[:40]!r}")
        counts = seen.get("request_counts")
        counts = counts if isinstance(counts, dict) else {}
        why, full = self._refusal(seen.get("errors"))
        files = (seen.get("output_file_id"), seen.get("error_file_id"))
        return Looked(
            stage,
            count(counts.get("completed")),
            count(counts.get("failed")),
            why,
            full,
            tuple(file for file in files if isinstance(file, str) and file),
        )

    async def results(self, batch: str, looked: Looked) -> AsyncIterator[Result]:
        """See `BatchApi.results`."""
        import openai

        for file in looked.files:
            try:
                content = self._client.files.with_streaming_response.content(file)
                async with content as answer:
                    async for line in split_lines(answer.iter_bytes()):
                        if (found := read_line(line)) is not None:
                            yield found
            except openai.APIError as error:
                raise self._failed(error) from None
            except TryAgain:
                raise
            except Exception as error:
                # In mid-stream the SDK lets errors of its transport through.
                if type(error).__module__.startswith(("httpx", "httpcore", "aiohttp")):
                    raise lost(error, "Timeout" in type(error).__name__, self._caller) from None
                raise

    def read(self, line: Line, request: Request, sent: Takes | None) -> Response | None:
        """See `BatchApi.read`."""
        error, answer = line.get("error"), line.get("response")
        if isinstance(error, dict) and error:
            if error.get("code") == "batch_cancelled":
                raise Cancelled("it was cancelled", sent=False)
            words = self._caller.clean(str(error.get("message") or error.get("code") or error))
            raise TryAgain(words[:120], sent=False)
        if not isinstance(answer, dict) or not isinstance(body := answer.get("body"), dict):
            raise garbled("a result without an answer")
        model = request.model.partition("/")[2]
        takes = sent or self._capabilities.takes(self._caller.endpoint, model)
        status = answer.get("status_code")
        if status == 200:
            got = read_answer(body, request, takes)
        else:
            inner = body.get("error")
            number = status if isinstance(status, int) else 500
            got = told(inner if isinstance(inner, dict) else body, number, None, json.dumps(body))
        try:
            return verdict(got, model, takes, self._caller, self._capabilities)
        except TryAgain as error:
            raise Failed(error.reason, sent=error.sent) from None

    async def cancel(self, batch: str) -> None:
        """See `BatchApi.cancel`."""
        batches = self._client.batches.with_raw_response
        await self._ask(lambda: batches.cancel(batch))

    async def _ask(self, call: Callable[[], Awaitable[Any]]) -> Json:
        import openai

        try:
            raw = await call()
            return parsed(raw.http_response.content)
        except openai.APIError as error:
            raise self._failed(error) from None

    def _failed(self, error: openai.APIError) -> Exception:
        import openai

        if isinstance(error, openai.APIStatusError):
            said = complaint(error.status_code, error.response.headers, error.response.content)
            return (
                no_batches(self._caller)
                if said.status == 404
                else fault(said, self._caller, "its batches")
            )
        timed_out = isinstance(error, openai.APITimeoutError)
        return lost(error, timed_out, self._caller)

    def _refusal(self, errors: object) -> tuple[str, bool]:
        """Why a whole batch was turned down, and whether a smaller or later one would not be."""
        data = errors.get("data") if isinstance(errors, dict) else None
        every = [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []
        if not every:
            return "", False
        said = self._caller.clean(str(every[0].get("message") or every[0].get("code")))
        return said, any(one.get("code") == "token_limit_exceeded" for one in every)


def _text(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise garbled(f"no {name}")
    return value
