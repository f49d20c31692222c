"""Progress in lines, and the run's log."""

from __future__ import annotations

import io
import sys
import threading
import time
from pathlib import Path

import pytest

from autoevol.cli.tally import Tally
from autoevol.cli.watch import Lines, RunLog, Several
from autoevol.llm.embedded.pull import PullProgress
from autoevol.llm.events import CallEvent


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_status_comes_once_soon_and_then_at_most_each_ten_seconds() -> None:
    clock, said = Clock(), list[str]()
    lines = Lines(Tally(clock=clock), said.append, clock)
    lines.stage("racing", 100)
    for _ in range(50):
        clock.now += 1
        lines.advance()
        lines.call(CallEvent("done", "judge", "m"))
    assert said[0] == "racing (100)"
    assert len(said) == 1 + 1 + 5
    assert said[1].startswith("  2 of 100;")
    assert said[-1].startswith("  50 of 100; 49 answered")


def test_rows_their_total_what_came_of_them_and_the_time_left_are_told() -> None:
    clock, said = Clock(), list[str]()
    lines = Lines(Tally(clock=clock), said.append, clock)
    lines.stage("evolving", 0)
    lines.advance(5000)  # they were there already, and say nothing of the pace
    lines.expect(10_000)
    lines.came_of_it(4000, 1000)
    clock.now = 1
    lines.call(CallEvent("done", "evolver", "m"))
    clock.now = 101
    lines.advance(1000)
    assert said[-1].startswith("  6,000 of 10,000; 4,000 kept, 1,000 dropped; 1 answered")
    assert said[-1].endswith("6m 40s left of this stage")


def test_candidates_in_the_race_are_told() -> None:
    clock, said = Clock(), list[str]()
    lines = Lines(Tally(clock=clock), said.append, clock)
    lines.stage("racing", 16)
    lines.racing(1, 4)
    clock.now = 11
    lines.advance()
    assert "1 of 4 candidates in the race" in said[-1]


def test_notes_of_models_are_cleaned() -> None:
    said: list[str] = []
    Lines(Tally(), said.append).note("quotes \x1b[31m'an item'\nof two lines")
    assert said == ["  quotes [31m'an item' of two lines"]


def test_the_log_waits_for_the_folder_and_never_makes_one(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    log = RunLog(folder)
    log.stage("calibrating", 0)
    assert not folder.exists()
    folder.mkdir()
    log.note("still no settings")
    assert not (folder / "run.log").exists()
    (folder / "run.toml").write_text("")
    log.call(CallEvent("retry", "judge", "m", attempt=2, note="429"))
    lines = (folder / "run.log").read_text().splitlines()
    assert [line.split(" ", 1)[1] for line in lines] == [
        "stage  calibrating",
        "note   still no settings",
        "retry  judge on m, attempt 2: 429",
    ]


def test_answered_calls_are_logged_only_when_asked(tmp_path: Path) -> None:
    (tmp_path / "run.toml").write_text("")
    for verbose, expected in ((False, 0), (True, 1)):
        log = RunLog(tmp_path, verbose=verbose)
        log.call(CallEvent("done", "judge", "m", seconds=0.5))
        path = tmp_path / "run.log"
        assert len(path.read_text().splitlines() if path.exists() else []) == expected


def test_all_of_several_watchers_are_told() -> None:
    first, second = list[str](), list[str]()
    both = Several([Lines(Tally(), first.append), Lines(Tally(), second.append)])
    both.stage("one", 3)
    both.advance()
    both.racing(1, 2)
    both.note("two")
    both.call(CallEvent("done", "judge", "m"))
    both.pull(PullProgress("tiny", "verified", 5_000_000, 5_000_000))
    assert first == second == ["one (3)", "  two", "  tiny: 5 MB, verified"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_live_display_shows_the_stage_and_scrolls_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    from autoevol.cli.live import Live

    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    tally = Tally()
    with Live(tally) as live:
        live.stage("racing [bold]2[/bold]", 16)
        live.racing(2, 3)
        live.advance(4)
        live.call(CallEvent("wait", "judge", "m", in_flight=1, note="waiting for \x1b[2Jbudget"))
        live.pull(PullProgress("tiny", "hub", 1_000_000, 5_000_000))
        live.note("a note with [red]marks[/red]")
        live.pause()
        live.go_on()
    shown = terminal.getvalue()
    for words in ("racing [bold]2[/bold]", "4/16", "2 of 3 candidates left", "[red]marks[/red]"):
        assert words in shown
    assert "1 of 5 MB (hub)" in shown
    assert "\x1b[2J" not in shown


def test_the_status_comes_also_while_nothing_happens() -> None:
    said, two = list[str](), threading.Event()

    def say(line: str) -> None:
        said.append(line)
        if len(said) > 2:
            two.set()

    with Lines(Tally(), say, every=0.01).ticking(0.005) as lines:
        lines.stage("evolving", 2)
        assert two.wait(20)
    assert said[0] == "evolving (2)"
    assert said[1].startswith("  0 of 2; ")
    assert not [thread for thread in threading.enumerate() if thread.name == "status"]


def test_nothing_is_said_unasked_before_a_stage_or_while_something_is_asked() -> None:
    said = list[str]()
    with Lines(Tally(), said.append, every=0.0).ticking(0.001) as lines:
        time.sleep(0.05)
        assert not said
        lines.pause()
        lines.stage("evolving", 2)
        time.sleep(0.05)
        assert said == ["evolving (2)"]
