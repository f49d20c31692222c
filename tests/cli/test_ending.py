"""Exit codes, error documents, and the one event loop."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from autoevol.cli.ending import Stopped, say_error
from autoevol.cli.waiting import wait_for
from autoevol.errors import BadInput, BudgetReached, FolderBusy, NothingUsable, Unauthorised


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BadInput("no file"), 2),
        (FolderBusy("held"), 2),
        (BudgetReached("spent"), 3),
        (Unauthorised("no key"), 4),
        (NothingUsable("nothing"), 4),
        (Stopped(signal.SIGINT), 130),
        (Stopped(signal.SIGTERM), 143),
        (KeyboardInterrupt(), 130),
        (ZeroDivisionError("oh"), 1),
    ],
)
def test_each_end_has_its_exit_code_and_its_document(
    error: BaseException, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert say_error(error, as_json=True, verbose=False) == status
    document = json.loads(capsys.readouterr().out)["error"]
    assert set(document) == {"code", "message", "hint"}
    assert document["message"]


def test_message_hint_and_the_way_on_are_lines_of_their_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    error = BudgetReached("5 of 5 calls spent.\nreally", "Raise \x1b[31m--budget.")
    error.add_note("Go on: autoevol optimize --resume r")
    say_error(error, as_json=False, verbose=False)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "Error: 5 of 5 calls spent. really",
        "Raise [31m--budget.",
        "Go on: autoevol optimize --resume r",
    ]


@pytest.mark.parametrize("verbose", [False, True])
def test_a_bug_shows_its_trace_only_when_asked(
    verbose: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        raise ZeroDivisionError("oh")
    assert say_error(caught.value, as_json=False, verbose=verbose) == 1
    said = capsys.readouterr().err
    assert "ZeroDivisionError: oh" in said
    assert ("Traceback" in said) is verbose
    assert ("-v" in said) is not verbose


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_what_is_open_before_the_end(number: signal.Signals) -> None:
    closed, told = list[str](), list[str]()

    async def work() -> None:
        asyncio.get_running_loop().call_later(0.02, os.kill, os.getpid(), number)
        try:
            await asyncio.sleep(60)
        finally:
            closed.append("ledger")

    before = signal.getsignal(number)
    with pytest.raises(Stopped) as caught:
        wait_for(work, told.append)
    assert caught.value.exit_status == 128 + number
    assert closed == ["ledger"]
    assert "Stopping" in told[0]
    assert signal.getsignal(number) is before


def test_a_result_passes_and_so_does_an_error() -> None:
    async def fine() -> int:
        return 3

    async def wrong() -> int:
        raise BadInput("no")

    assert wait_for(fine, print) == 3
    with pytest.raises(BadInput):
        wait_for(wrong, print)


async def stubborn() -> None:
    """Something that takes its time to close."""
    print("working", flush=True)
    try:
        await asyncio.sleep(300)
    finally:
        print("closing", flush=True)
        await asyncio.sleep(300)


def test_a_second_signal_ends_at_once_even_while_things_are_closed() -> None:
    root = Path(__file__).parents[2]
    code = "from tests.cli.test_ending import *; wait_for(stubborn, print)"
    with subprocess.Popen(
        [sys.executable, "-u", "-c", code], cwd=root, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        process.send_signal(signal.SIGINT)
        assert "Stopping" in process.stdout.readline()
        assert process.stdout.readline() == "closing\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
