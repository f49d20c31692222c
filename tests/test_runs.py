"""Run folders: one process each, one run each, files whole or not at all."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autoevol.errors import BadInput, FolderBusy, StorageFailed, UsageError
from autoevol.runs import RunFolder, Scalar, new_path, open_run, read_settings

TOP = Path(__file__).parent.parent
SETTINGS: dict[str, dict[str, Scalar]] = {
    "settings": {"domain": "code", "seed": 0},
    "models": {"evolver": "local/a"},
    "versions": {"python": "3.11"},
}


def changed(table: str, **values: Scalar) -> dict[str, dict[str, Scalar]]:
    return SETTINGS | {table: SETTINGS.get(table, {}) | values}


def test_a_new_folder_is_private_and_says_what_runs_in_it(tmp_path: Path) -> None:
    with open_run(tmp_path / "r", "optimize", SETTINGS) as folder:
        assert not folder.resumed
        assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
        assert read_settings(folder.path) == {"run": {"verb": "optimize"}, **SETTINGS}


def test_the_same_run_goes_on(tmp_path: Path) -> None:
    with open_run(tmp_path / "r", "optimize", SETTINGS):
        pass
    newer = changed("versions", python="3.12") | {
        "settings": SETTINGS["settings"] | {"budget": "5usd"}
    }
    with open_run(tmp_path / "r", "optimize", newer) as folder:
        assert folder.resumed


@pytest.mark.parametrize(
    ("verb", "wanted", "said"),
    [
        ("optimize", changed("settings", seed=1), r"settings\.seed \(0 there, 1 now\)"),
        ("optimize", changed("models", judge="x"), r"models\.judge \('not set' there, 'x' now\)"),
        ("evolve", SETTINGS, r"run\.verb"),
    ],
)
def test_another_run_is_refused_and_what_differs_is_named(
    tmp_path: Path, verb: str, wanted: Mapping[str, Mapping[str, Scalar]], said: str
) -> None:
    with open_run(tmp_path / "r", "optimize", SETTINGS):
        pass
    with pytest.raises(UsageError, match=said), open_run(tmp_path / "r", verb, wanted):
        pass


def test_a_folder_of_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("dear to somebody")
    with pytest.raises(UsageError, match="other files"), open_run(tmp_path, "optimize", SETTINGS):
        pass
    assert not (tmp_path / "run.toml").exists()


def test_a_second_process_is_refused(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from autoevol.runs import open_run\n"
        "with open_run(Path(sys.argv[1]), 'optimize', {}): pass"
    )
    with open_run(tmp_path / "r", "optimize", {}):
        second = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "r")],
            env=os.environ | {"PYTHONPATH": str(TOP)},
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert "FolderBusy" in second.stderr
    with open_run(tmp_path / "r", "optimize", {}) as again:
        assert again.resumed


def test_a_folder_is_busy_in_its_own_process_too(tmp_path: Path) -> None:
    with (
        open_run(tmp_path / "r", "optimize", {}),
        pytest.raises(FolderBusy, match="another process"),
        open_run(tmp_path / "r", "optimize", {}),
    ):
        pass


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "r").write_text("")
    with pytest.raises(StorageFailed, match="r:"), open_run(tmp_path / "r", "optimize", {}):
        pass


@pytest.mark.parametrize("content", [None, b"[run", b"\xff"])
def test_what_is_no_run_folder_is_said(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "run.toml").write_bytes(content)
    with pytest.raises(BadInput, match="not a run folder"):
        read_settings(tmp_path)


def test_a_file_is_replaced_whole_or_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = RunFolder(tmp_path, resumed=False)
    folder.write_json("summary.json", {"better": False})

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFailed, match="Free some space"):
        folder.write_json("summary.json", {"better": True})
    assert json.loads((tmp_path / "summary.json").read_text()) == {"better": False}


def test_lines_hold_any_model_text(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path, resumed=False)
    rows = [{"text": "line\nline\x1b[31m \u2028 日本 \ud800"}, {"text": "next"}]
    path = folder.write_lines("trajectories.jsonl", rows)
    lines = path.read_text(encoding="utf-8").split("\n")[:-1]
    assert len(lines) == 2
    assert json.loads(lines[1]) == rows[1]


def test_new_folders_have_names_of_their_own() -> None:
    names = {new_path("optimize").name for _ in range(20)}
    assert len(names) == 20
    assert all("-optimize-" in name for name in names)


@given(
    value=st.text(st.characters(codec="utf-8"))
    | st.integers(-(2**63), 2**63 - 1)
    | st.booleans()
    | st.floats(0, 1e6),
    name=st.text("abcxyz_", min_size=1, max_size=6),
)
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_setting_is_read_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, name: str, value: Scalar
) -> None:
    path = tmp_path_factory.mktemp("runs") / "r"
    wanted: dict[str, dict[str, Scalar]] = {"settings": {name: value}}
    with open_run(path, "optimize", wanted):
        pass
    assert tomllib.loads((path / "run.toml").read_text("utf-8"))["settings"] == {name: value}
    with open_run(path, "optimize", wanted) as again:
        assert again.resumed
