"""The documentation says what is: its code runs, its commands exist, its links lead somewhere."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from autoevol import __version__
from autoevol.cli.app import app
from autoevol.llm.endpoints import load_endpoints
from autoevol.roles.eliminator import Eliminator
from autoevol.roles.rules.own import with_own
from autoevol.types import Evolution, Instruction

TOP = Path(__file__).parent.parent
README = (TOP / "README.md").read_text(encoding="utf-8")
PAGES = sorted([TOP / "README.md", TOP / "CHANGELOG.md", *TOP.glob("docs/**/*.md")])


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def command_lines() -> Iterator[list[str]]:
    """Every line of the README that calls autoevol, as words."""
    for block in blocks("sh"):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words and Path(words[0]).name == "autoevol":
                yield words[1:]


@pytest.mark.parametrize("code", blocks("python"))
def test_python_in_the_readme_runs_as_it_stands(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(TOP)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("True ") or "print(" not in code


def test_functions_of_ones_own_in_the_readme_are_a_score_and_a_rule() -> None:
    [code] = [block for block in blocks("python") if "def shouting" in block]
    found: dict[str, Any] = {}
    exec(code, found)  # our own page
    loud = Evolution(Instruction("Sort a list.", "s"), Instruction("SORT A LIST NOW.", "e"))
    fired = Eliminator(rules=with_own([found["shouting"]])).inspect(loud)
    assert "shouting" in [failure.rule for failure in fired]
    assert 0 < found["longer"]("Sort a list.", "Sort a list in place.") < 1


@pytest.mark.parametrize("table", blocks("toml"))
def test_endpoints_in_the_readme_are_read(table: str) -> None:
    Path("autoevol.toml").write_text(table)
    assert load_endpoints().keys() == tomllib.loads(table)["endpoints"].keys()


@pytest.mark.parametrize("words", [*command_lines()], ids=" ".join)
def test_a_command_in_the_readme_exists_with_its_options(words: list[str]) -> None:
    command = get_command(app)
    rest = list(words)
    while rest and rest[0] in getattr(command, "commands", {}):
        command = command.commands[rest.pop(0)]  # type: ignore[attr-defined]
    assert len(rest) < len(words), "no such command"
    known = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in rest if word.startswith("--")} <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_link_leads_to_a_file(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_a_file_the_readme_names_is_there() -> None:
    named = set(re.findall(r"`([\w/.-]+\.(?:py|toml|md))`", README))
    written = {"method.md", "autoevol.toml", "prompts/NAME.md"}
    for name in named - written:
        if "NAME" in name or "DOMAIN" in name:
            continue
        homes = [TOP, TOP / "autoevol", TOP / "autoevol" / "llm"]
        assert any((home / name).exists() for home in homes), name


def test_every_make_word_in_the_readme_is_one() -> None:
    words = set(
        re.findall(r"\bmake ([a-z]+)", "\n".join([*blocks("sh"), *re.findall("`.*?`", README)]))
    )
    targets = re.findall(r"^([a-z]+):", (TOP / "Makefile").read_text(), re.MULTILINE)
    assert {"demo", "test"} <= words <= set(targets)


def test_the_changelog_knows_this_version() -> None:
    versions = re.findall(r"^## \[(.+?)\]", (TOP / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert versions[0] == __version__


def test_the_command_line_page_is_what_help_says() -> None:
    done = subprocess.run(
        [sys.executable, str(TOP / "docs" / "write_cli.py"), "--check"],
        env=os.environ | {"PYTHONPATH": str(TOP)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
