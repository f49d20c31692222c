"""Functions of the user's, found by name."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from autoevol.errors import UsageError
from autoevol.own import named_function, quietly


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine_of_a_test.py").write_text("def half(x):\n    return x / 2\n\n\nsize = 3\n")
    (tmp_path / "broken_of_a_test.py").write_text("1 / 0\n")
    return tmp_path


def test_a_function_of_the_working_folder_is_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = list(sys.path)
    assert named_function("mine_of_a_test:half", "--score")(3) == 1.5
    assert sys.path == before


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mine_of_a_test", "MODULE:FUNCTION"),
        (":half", "MODULE:FUNCTION"),
        ("mine_of_a_test:", "MODULE:FUNCTION"),
        ("nowhere_of_a_test:half", "cannot be loaded: ModuleNotFoundError"),
        ("broken_of_a_test:half", "cannot be loaded: ZeroDivisionError"),
        ("mine_of_a_test.py:half", "names a file"),
        ("mine_of_a_test:third", "has no function 'third'"),
        ("mine_of_a_test:size", "has no function 'size'"),
    ],
)
def test_what_cannot_be_had_is_named_with_its_option(folder: Path, name: str, said: str) -> None:
    with pytest.raises(UsageError, match="--rule") as refused:
        named_function(name, "--rule")
    assert said in refused.value.message
    assert repr(name) in refused.value.message


def test_what_the_users_code_prints_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    def loud(word: str) -> str:
        print(word)
        return word.upper()

    assert quietly(loud, "hello") == "HELLO"
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "hello\n")
