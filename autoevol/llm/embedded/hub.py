"""One route: a model file from the Hugging Face hub, over plain HTTP.

Decides how long to wait and how to go on after a cut. Proxy and CA variables are honoured (urllib's
own rules), `HF_ENDPOINT` names a mirror and `HF_HUB_OFFLINE` closes this route. Verifying the bytes
is left to `cache`.
"""

from __future__ import annotations

import http.client
import os
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from autoevol.errors import Unreachable
from autoevol.llm.embedded.growing import CHUNK, GrowingFile
from autoevol.llm.embedded.manifest import HubSource

CONNECT_S = 3.0
"""Seconds without a byte until the hub counts as out of reach; a laptop offline must not wait."""

CUTS = 5
"""Cuts in a row that brought nothing new until the route is given up."""


def fetch_from_hub(
    source: HubSource,
    growing: GrowingFile,
    moved: Callable[[int], None],
    env: Mapping[str, str] = os.environ,
) -> None:
    """Fill `growing` to its last byte, going on from where it stands.

    Args:
        moved: called after every chunk with the bytes that are here; may raise to stop.

    Raises:
        Unreachable: nobody answers, or the hub does not have the file.
        ModelFileRefused: the file there has another length.
    """
    if env.get("HF_HUB_OFFLINE", "").lower() in ("1", "true", "yes", "on"):
        raise Unreachable("HF_HUB_OFFLINE is set")
    base = env.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    _knock(base)
    url = f"{base}/{source.repository}/resolve/main/{source.file}"
    idle = 0
    while not growing.complete:
        before = growing.size
        try:
            _read(url, growing, moved)
        except urllib.error.HTTPError as error:
            raise Unreachable(f"{base} answers {error.code} for {source.file}") from error
        except (OSError, http.client.HTTPException) as error:
            idle = idle + 1 if growing.size == before else 0
            if growing.size == 0 or idle >= CUTS:
                raise Unreachable(f"{base}: {getattr(error, 'reason', error)}") from error


def _read(url: str, growing: GrowingFile, moved: Callable[[int], None]) -> None:
    """One connection. Returns when it ends, whether or not the file is whole then."""
    request = urllib.request.Request(url, headers={"User-Agent": "autoevol"})
    if growing.size:
        request.add_header("Range", f"bytes={growing.size}-")
    with urllib.request.urlopen(request, timeout=CONNECT_S) as answer:
        if growing.size and answer.status != 206:
            growing.restart()
        length = answer.headers.get("Content-Length")
        if length is not None and growing.size + int(length) != growing.entry.bytes:
            raise growing.refusal(
                f"the hub's has {growing.size + int(length)} bytes, not {growing.entry.bytes}"
            )
        while chunk := answer.read(CHUNK):
            growing.write(chunk)
            moved(growing.size)
    if not growing.complete:
        raise http.client.IncompleteRead(b"", growing.entry.bytes - growing.size)


def _knock(base: str) -> None:
    """Connect once, to the proxy if one is set, within CONNECT_S. Raises Unreachable.

    A name server that keeps silent blocks for minutes and takes no timeout, so the waiting is done
    by a thread that may be left behind.
    """
    parts = urlsplit(base)
    proxy = urllib.request.getproxies().get(parts.scheme)
    if proxy and not urllib.request.proxy_bypass(parts.netloc):
        parts = urlsplit(proxy if "://" in proxy else "//" + proxy)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    failure: list[str] = [f"no connection within {CONNECT_S:g} s"]

    def connect() -> None:
        try:
            socket.create_connection((host, port), CONNECT_S).close()
            failure.clear()
        except OSError as error:
            failure[0] = str(error)

    thread = threading.Thread(target=connect, daemon=True)
    thread.start()
    thread.join(CONNECT_S)
    if failure:
        raise Unreachable(f"{base}: {failure[0]}")
