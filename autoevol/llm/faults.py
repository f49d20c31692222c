"""What a failed attempt means: an outcome, another attempt, or the end.

Decides for both remote providers alike: which refusals are answers (a content filter, a prompt that
does not fit), what is worth another attempt (408, 409, 429, 5xx, cut connections, garbled answers)
and what ends it. Waiting and giving up are left to `client`. No key leaves this file in a message.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from autoevol.errors import AutoevolError, RefusesAll, Rejected, Unauthorised
from autoevol.llm.capabilities import Capabilities, Takes
from autoevol.llm.endpoint import Endpoint
from autoevol.llm.messages import Request, Response, Usage
from autoevol.llm.provider import TryAgain

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What an endpoint said instead of an answer. `retry_after` is in seconds."""

    status: int
    message: str
    code: str = ""
    param: str = ""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks whom: what a message may name, and what it must not."""

    endpoint: Endpoint
    api_key: str

    def clean(self, text: str) -> str:
        """A server's words on one line, without keys or control characters, 300 long at most."""
        plain = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split())
        for secret in (self.api_key, *self.endpoint.headers.values()):
            if len(secret) >= 6:
                plain = plain.replace(secret, "[key]")
        plain = re.sub(KEY_LIKE, "[key]", plain)
        return plain if len(plain) <= 300 else plain[:299] + "…"


async def ask(
    request: Request,
    caller: Caller,
    capabilities: Capabilities,
    attempt: Callable[[str, Request, Takes], Awaitable[Response | Complaint]],
) -> Response:
    """Make one attempt, and repeat it only where a refusal corrected the capability table.

    Args:
        attempt: sends the fitted request to the model of that name.

    Raises:
        TryAgain, Unauthorised, Rejected: see `fault`.
    """
    model = request.model.partition("/")[2]
    endpoint = caller.endpoint
    while True:
        takes = capabilities.takes(endpoint, model)
        got = await attempt(model, capabilities.fit(endpoint, model, request), takes)
        response = verdict(got, model, takes, caller, capabilities)
        if response is not None:
            return response


def verdict(
    got: Response | Complaint, model: str, sent: Takes, caller: Caller, capabilities: Capabilities
) -> Response | None:
    """The answer; or None where the refusal corrected the capability table, so that the request
    would now be made otherwise.

    Args:
        sent: what the table said when the request was made.

    Raises:
        TryAgain, Unauthorised, Rejected: see `fault`.
    """
    if isinstance(got, Response):
        return got
    if (outcome := _outcome(got)) is not None:
        return outcome
    if got.status in (400, 422) and capabilities.correct(
        caller.endpoint, model, sent, got.message, got.param
    ):
        return None
    raise fault(got, caller, model)


def fault(complaint: Complaint, caller: Caller, model: str) -> TryAgain | AutoevolError:
    """The exception for a complaint that is no outcome."""
    said = caller.clean(complaint.message)
    status, name = complaint.status, caller.endpoint.name
    if complaint.code in NO_CREDIT or status == 402:
        return Unauthorised(f"{name} has no credit left: {said}", "Top the account up.")
    if status in (401, 403):
        variable = caller.endpoint.api_key_env
        hint = f"Check the key in {variable}." if variable else NAME_A_KEY.format(name=name)
        return Unauthorised(f"{name} does not let this key use {model} ({status}): {said}", hint)
    if status in (408, 409, 429) or status >= 500:
        return TryAgain(
            f"{status}: {said}"[:120],
            retry_after=complaint.retry_after,
            sent=status in (408, 502, 504, 520, 522, 524),  # gave up waiting for work under way
        )
    if status == 404:
        return RefusesAll(
            f"{name} has no model {model!r} (404): {said}",
            f"Check the name, and that {caller.endpoint.identity} is the right address.",
        )
    refused = Rejected if status in (400, 422) else RefusesAll
    return refused(f"{name} refuses the request to {model} ({status}): {said}")


def complaint(status: int, headers: Mapping[str, str], body: bytes) -> Complaint:
    """Read an HTTP error of either protocol, or one of neither."""
    text = body.decode("utf-8", "replace")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    inner = content.get("error", content) if isinstance(content, dict) else None
    if not isinstance(inner, dict):
        words = inner if isinstance(inner, str) else text
        return Complaint(status, words, retry_after=retry_after(headers))
    return told(inner, status, retry_after(headers), text)


def told(error: Mapping[str, object], status: int, wait: float | None, text: str) -> Complaint:
    """A complaint from the `error` object that both protocols use.

    Args:
        status: the HTTP status; 200 where the error came inside an answer: then the object's own
            code or type decides, and a server's fault is assumed where it has none.
        wait: seconds to wait, None where unknown.
        text: what to quote where the object has no message.
    """
    code, kind = error.get("code"), error.get("type")
    words = [v for v in (code, kind) if isinstance(v, str)]
    if status == 200:
        number = code if isinstance(code, int) and 400 <= code < 600 else None
        number = number or next((BY_NAME[w] for w in words if w in BY_NAME), None)
        status = number or 500
    message, param = error.get("message"), error.get("param")
    return Complaint(
        status,
        message if isinstance(message, str) and message else text,
        code=next((w for w in words if w), ""),
        param=param if isinstance(param, str) else "",
        retry_after=wait,
    )


def lost(error: BaseException, timed_out: bool, caller: Caller) -> TryAgain:
    """An attempt that ended without an HTTP answer, from the SDK's connection error."""
    cause = _at_fault(error)
    kind = type(cause).__name__
    connected = kind not in UNCONNECTED
    timed_out = timed_out and (not _of_aiohttp(cause) or "Timeout" in kind)
    sent = connected and kind != "PoolTimeout"
    if timed_out:
        reason = "no connection in time" if not connected else "no answer in time"
    else:
        reason = caller.clean(f"{kind}: {cause}" if str(cause) else kind)[:120]
    return TryAgain(reason, connected=connected, sent=sent)


def _at_fault(error: BaseException) -> BaseException:
    """aiohttp's own word if there is one: what wraps it calls a dropped connection a timeout."""
    causes, cause = [error.__cause__ or error], error
    while (deeper := cause.__cause__) is not None:
        causes, cause = [*causes, deeper], deeper
    return next(filter(_of_aiohttp, causes), causes[0])


def _of_aiohttp(error: BaseException) -> bool:
    return type(error).__module__.startswith("aiohttp")


def garbled(what: str) -> TryAgain:
    """An answer with status 200 that is none. It was worked on, so it counts as spent."""
    return TryAgain(f"garbled answer: {what}", garbled=True)


def parsed(body: bytes) -> Json:
    """The body of a 200 as a JSON object, or TryAgain."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise garbled("no JSON") from None
    if not isinstance(content, dict):
        raise garbled("no JSON object")
    return content


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by `retry-after-ms` or `retry-after` (seconds or HTTP date), never negative.

    A date is read against the `date` of the same answer, so that a clock of this machine that is
    wrong makes no wait of hours. Returns None where neither header says anything sensible.
    """
    for name, scale in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        value = headers.get(name, "")
        try:
            seconds = float(value) / scale
        except ValueError:
            continue
        if math.isfinite(seconds):
            return max(0.0, seconds)
    moment = _moment(headers.get("retry-after", ""))
    if moment is None:
        return None
    now = _moment(headers.get("date", "")) or datetime.now(UTC)
    return max(0.0, (moment - now).total_seconds())


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _outcome(complaint: Complaint) -> Response | None:
    """The answer that some refusals are."""
    if complaint.status not in (400, 403, 413, 422, 451):
        return None
    text = f"{complaint.code} {complaint.message}"
    if complaint.status == 413 or re.search(OVERFLOW, text, re.IGNORECASE):
        return Response("", "overflow", Usage())
    if re.search(REFUSAL, text, re.IGNORECASE):
        return Response("", "refusal", Usage())
    return None


KEY_LIKE = (
    r"\b(?:sk|pk|rk|gsk|xai|hf)[-_][\w\-*.]{6,}|\bAIza[\w-]{20,}|\bya29\.[\w\-.]{6,}"
    r"|\b[Bb]earer\s+[^\s'\"]{6,}"
)

NAME_A_KEY = "Name the variable that holds its key: api_key_env in [endpoints.{name}]."

OVERFLOW = (
    r"context_length_exceeded|exceed_context_size|maximum context length|prompt is too long"
    r"|exceeds? (?:the )?(?:available )?context|too many input tokens|input token count"
    r"|exceeds the context window"
)

REFUSAL = (
    r"content_filter|content_policy_violation|responsible_?ai|content (?:filter|management policy)"
    r"|flagged as potentially violating|requires moderation|invalid_prompt"
)

NO_CREDIT = ("insufficient_quota", "billing_error", "billing_hard_limit_reached")
"""Sent as 429 or 400 too, but no waiting cures them."""

UNCONNECTED = (
    *("ConnectError", "ConnectTimeout", "ProxyError", "UnsupportedProtocol"),
    *("ClientConnectorError", "ClientConnectorDNSError", "ClientConnectorSSLError"),
    *("ClientConnectorCertificateError", "ClientProxyConnectionError", "ClientHttpProxyError"),
    *("ConnectionTimeoutError", "InvalidUrlClientError", "NonHttpUrlClientError"),
)
"""Causes, as httpx, httpx2 and aiohttp name them, that mean that nobody was reached."""

BY_NAME: Mapping[str, int] = {
    "invalid_request_error": 400,
    "content_filter": 400,
    "context_length_exceeded": 400,
    "exceed_context_size_error": 400,
    "authentication_error": 401,
    "invalid_api_key": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "insufficient_quota": 429,
    "timeout_error": 504,
    "overloaded_error": 529,
}
"""Statuses of errors that come inside a 200 or a stream, which carry only a name."""
