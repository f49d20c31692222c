"""A file in the cache is trusted once verified, and only while it stays as it was."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from autoevol.errors import StorageFailed
from autoevol.llm.embedded import cache as cache_file
from autoevol.llm.embedded.cache import (
    digest_of_file,
    find_in_cache,
    locked,
    models_folder,
    note_of,
)
from tests.llm.embedded.sources import WEIGHTS, entry_for

ENTRY = entry_for(WEIGHTS)


def put(folder: Path, data: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ENTRY.file
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("env", "platform", "folder"),
    [
        ({"AUTOEVOL_MODELS": "/models"}, "linux", Path("/models")),
        ({"XDG_CACHE_HOME": "/xdg"}, "linux", Path("/xdg/autoevol/models")),
        ({}, "linux", Path("~/.cache/autoevol/models")),
        ({}, "darwin", Path("~/Library/Caches/autoevol/models")),
        ({"LOCALAPPDATA": "/app"}, "win32", Path("/app/autoevol/models")),
    ],
)
def test_each_platform_has_its_cache_folder(
    env: dict[str, str], platform: str, folder: Path
) -> None:
    assert models_folder(env, platform) == folder.expanduser()


def test_a_right_file_put_there_by_hand_is_found(cache: Path) -> None:
    path = put(cache, WEIGHTS)
    assert find_in_cache(ENTRY, cache) == path


def test_a_verified_file_is_not_hashed_again(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(cache, WEIGHTS)
    find_in_cache(ENTRY, cache)
    monkeypatch.setattr(cache_file.hashlib, "file_digest", None)
    assert find_in_cache(ENTRY, cache) == path


def test_a_file_changed_since_is_hashed_again_and_deleted(cache: Path) -> None:
    path = put(cache, WEIGHTS)
    find_in_cache(ENTRY, cache)
    path.write_bytes(bytes(len(WEIGHTS)))
    os.utime(path, ns=(1, 1))
    assert find_in_cache(ENTRY, cache) is None
    assert not path.exists()
    assert not note_of(path).exists()


def test_a_note_that_vouches_for_other_bytes_does_not_help_a_wrong_file(cache: Path) -> None:
    path = put(cache, bytes(len(WEIGHTS)))
    digest_of_file(path, note_of(path))
    assert find_in_cache(ENTRY, cache) is None


@pytest.mark.parametrize("note", ["", "{", "[]", "null", '{"bytes": 1}'])
def test_a_garbled_note_is_written_anew(cache: Path, note: str) -> None:
    path = put(cache, WEIGHTS)
    note_of(path).write_text(note)
    assert digest_of_file(path, note_of(path)) == ENTRY.sha256
    assert json.loads(note_of(path).read_text())["sha256"] == ENTRY.sha256


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file")
    with (
        pytest.raises(StorageFailed, match=r"models.*AUTOEVOL_MODELS"),
        locked(tmp_path / "models" / "x.lock", lambda: None),
    ):
        pass


def test_a_lock_is_waited_for_and_let_go(tmp_path: Path) -> None:
    waits = 0

    class Enough(Exception):
        pass

    def wait() -> None:
        nonlocal waits
        waits += 1
        if waits == 3:
            raise Enough

    lock = tmp_path / "x.lock"
    with locked(lock, wait):
        with pytest.raises(Enough), locked(lock, wait):
            pass
        assert waits == 3
    with locked(lock, wait):
        assert waits == 3
