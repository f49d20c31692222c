"""What errors say: how long to wait, and never a key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from autoevol.llm.endpoint import Endpoint
from autoevol.llm.faults import Caller, retry_after
from tests.server import LoopbackServer, serve_in_thread


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "2"}, 2.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9.0),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0.0),
        ({}, None),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_a_date_to_wait_for() -> None:
    moment = datetime.now(UTC) + timedelta(seconds=30)
    wait = retry_after({"retry-after": format_datetime(moment, usegmt=True)})
    assert wait is not None
    assert 25 < wait <= 30


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_date_is_read_by_the_clock_of_who_wrote_it(hours: int) -> None:
    there = datetime.now(UTC) + timedelta(hours=hours)
    until = format_datetime(there + timedelta(seconds=30), usegmt=True)
    wait = retry_after({"date": format_datetime(there, usegmt=True), "retry-after": until})
    assert wait == 30


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-proj-abc***wxyz.",
        "Authorization: Bearer abcdef123456",
        "no such key my-own-secret",
        "header team-secret-value is wrong",
        "key AIzaSyA1234567890abcdefghijklmn",
    ],
)
def test_keys_are_taken_out_of_a_servers_words(text: str) -> None:
    caller = Caller(Endpoint("box", headers={"X-Key": "team-secret-value"}), "my-own-secret")
    cleaned = caller.clean(text)
    assert "[key]" in cleaned
    for part in ("abc***wxyz", "abcdef123456", "own-secret", "team-secret", "AIza"):
        assert part not in cleaned


def test_plain_words_stay() -> None:
    text = "The task-based risk-averse model asks: 'tokens' <= 4096; see https://x.example/a?b=c"
    assert Caller(Endpoint("box"), "none").clean(text) == text


def test_terminal_tricks_and_long_speeches_are_cut() -> None:
    cleaned = Caller(Endpoint("box"), "none").clean("\x1b]0;owned\x07\r\n" + "word " * 500)
    assert cleaned.isprintable()
    assert len(cleaned) == 300


def test_the_loopback_server_counts_what_is_in_flight() -> None:
    with serve_in_thread() as server:
        assert isinstance(server, LoopbackServer)
        assert server.port > 0
        assert (server.in_flight, server.peak, server.requests) == (0, 0, [])
