"""What is built can be installed elsewhere and finds its texts there."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from autoevol import __version__
from autoevol.domain import known_domains

TOP = Path(__file__).parent.parent
BUILD = [sys.executable, "-m", "build", "--no-isolation", "--outdir"]

FIND = """
from autoevol.assets import domains_folder, folder
from autoevol.domain import known_domains, load_domain
from autoevol.methods import list_methods
from autoevol.prompts import load_prompt
print(folder("methods"), folder("prompts"), domains_folder(), sep="\\n")
print(*known_domains(), *(f"{m.domain}/{m.name}" for m in list_methods()))
print(load_prompt("judge").name)
print(load_domain("code").seeds.is_file())
"""


def python(*words: str, path: Path, at: Path) -> str:
    """What a Python says that sees this installation and not the checkout."""
    done = subprocess.run(
        [sys.executable, *words],
        env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "PYTHONPATH": str(path)},
        cwd=at,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel made of it."""
    if importlib.util.find_spec("build") is None:
        pytest.skip("the package `build` is not installed")
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run([*BUILD, str(folder), str(TOP)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, taken apart as an installer does."""
    place = tmp_path_factory.mktemp("site")
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(place)
    return place


def test_the_wheel_holds_the_texts_once_and_nothing_of_the_workshop(installed: Path) -> None:
    files = {p.relative_to(installed).as_posix() for p in installed.rglob("*") if p.is_file()}
    shipped = {f for f in files if f.startswith("autoevol/_data/")}
    texts = {*TOP.glob("methods/*/*.md"), *TOP.glob("prompts/*.md")}
    assert shipped == {f"autoevol/_data/{p.relative_to(TOP).as_posix()}" for p in texts}
    named = {"py.typed", "llm/ledger.sql", "report/templates/page.html", "report/imperatives.toml"}
    assert {f"autoevol/{name}" for name in named} <= files
    tops = {name.split("/")[0] for name in files}
    assert tops == {"autoevol", f"autoevol-{__version__}.dist-info"}


def test_the_source_archive_is_the_whole_project(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    wanted = {"Makefile", "LICENSE", "README.md", "CHANGELOG.md", "constraints.txt"}
    assert wanted | {"tests/test_wheel.py", "methods/code/initial.md"} <= names
    assert not {name for name in names if name.startswith((".venv", "runs", ".git/"))}


def test_an_installation_elsewhere_finds_its_texts(installed: Path, tmp_path: Path) -> None:
    *folders, names, prompt, seeds = python("-c", FIND, path=installed, at=tmp_path).splitlines()
    assert all(folder.startswith(str(installed)) for folder in folders)
    assert {*known_domains(), "code/initial", "math/direct"} <= set(names.split())
    assert (prompt, seeds) == ("judge", "True")


def test_an_installation_elsewhere_runs(installed: Path, tmp_path: Path) -> None:
    assert "optimize" in python("-m", "autoevol", "--help", path=installed, at=tmp_path)
    told = python("-m", "autoevol", "--version", path=installed, at=tmp_path)
    assert told.split() == ["autoevol", __version__]
