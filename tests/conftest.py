"""What holds for every test: nothing leaves the machine, nobody's home or keys are seen.

Decides the world a test runs in. A test that reaches for another host fails even where the code
under test swallows the refusal. Tests marked `live` may leave the machine; tests marked `model` see
the real model cache, and are skipped where the weights are not in it.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autoevol.llm.embedded.cache import models_folder

REAL_MODELS = models_folder()
"""The model cache of whoever runs the tests, read before a test changes the environment."""

_OURS = re.compile(
    r".*_(API_KEY|API_TOKEN|AUTH_TOKEN|BASE_URL)|(OPENAI|ANTHROPIC|AUTOEVOL(?!_SHARED_DATA)|XDG|HF|DSPY)_.*"
    r"|(http|https|all|no)_proxy|NO_COLOR|FORCE_COLOR|CI|COLUMNS|LINES",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def clean_environment(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """An empty home, an empty working folder, and no key, endpoint, proxy or preference."""
    live = request.node.get_closest_marker("live") is not None
    for name in list(os.environ):
        if _OURS.fullmatch(name) and not live:
            monkeypatch.delenv(name)
    if request.node.get_closest_marker("model"):
        monkeypatch.setenv("AUTOEVOL_MODELS", str(REAL_MODELS))
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.chdir(tmp_path_factory.mktemp("here"))


@pytest.fixture(autouse=True)
def loopback_only(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Refuse every connection and every look-up of a name that is not this machine's own."""
    if request.node.get_closest_marker("live"):
        yield
        return
    reached: list[str] = []

    def guard(host: object) -> None:
        if not _is_here(host):
            reached.append(str(host))
            raise ConnectionRefusedError(f"a test reached for {host}")

    def guarded(inner: Any) -> Any:
        def connect(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                guard(address[0])
            return inner(self, address)

        return connect

    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
        guard(host)
        return look_up(host, *rest, **named)

    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield
    assert not reached, f"reached for {', '.join(reached)}"


def _is_here(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The top of the working tree."""
    return Path(__file__).parent.parent
