"""Exports run by the tools themselves, each in an environment of its own: `make test-exports`.

The folder named by AUTOEVOL_TOOLS holds them as NAME/bin/python; a tool that is not there is
skipped. The endpoint they ask is the loopback server.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from autoevol.exchange.formats import written
from autoevol.forms import form_of
from autoevol.methods import load_method
from autoevol.types import Instruction, Method
from tests.exchange.test_formats import HOSTILE, asked_by_autoevol
from tests.server import Reply, serve_in_thread

TOOLS = os.environ.get("AUTOEVOL_TOOLS", "")
"""Read before a test cleans the environment."""
SEEDS = (
    {"id": "a", "instruction": "Sort a list of names.", "second": "Count words."},
    {"id": "b", "instruction": "Explain {{ jinja }}, {% if %} and $dollars.", "second": "Rhyme."},
    {"id": "c", "instruction": "Say nothing of use.", "second": "Keep silent."},
    {"id": "d", "instruction": "Parse a file of\ntwo lines.", "second": "Draw a map."},
)
FAILS = SEEDS[2]["instruction"]

HERE = {"OPENAI_API_KEY": "k", "HF_HUB_OFFLINE": "1"}

pytestmark = pytest.mark.tools


def python_of(tool: str) -> str:
    python = Path(TOOLS) / tool / "bin" / "python"
    if not TOOLS or not python.exists():
        pytest.skip(f"{tool} is not installed; `make test-exports` does it")
    return str(python.absolute())


def method_named(name: str) -> Method:
    return Method("hostile", "any", HOSTILE) if name == "any/hostile" else load_method(name)


def written_seeds(path: Path, two: bool) -> Path:
    """The seeds as JSON lines; the second instruction only where it is used."""
    left_out = set() if two else {"second"}
    rows = [{k: v for k, v in seed.items() if k not in left_out} for seed in SEEDS]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def answer(asked: dict[str, Any]) -> Reply:
    user = _plain(asked["messages"][-1])["content"]
    seed = user.split("<instruction>\n")[1].split("\n</instruction>")[0]
    if seed == FAILS:
        return Reply("I would rather not.")
    return Reply(f"So:\n<evolved>\n{seed} Why?\n</evolved>")


def run(words: list[str], at: Path) -> str:
    done = subprocess.run(
        words,
        cwd=at,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(at),
            "OPENAI_API_KEY": "k",
            "HF_HUB_OFFLINE": "1",
        },
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def expected(method: Method, item: str = "id") -> list[list[dict[str, str]]]:
    """What autoevol would send for the seeds, joined to their own second instruction."""
    asked = []
    for seed in SEEDS:
        instruction = Instruction(seed["instruction"], seed[item])
        asked.append(asked_by_autoevol(method, instruction, 0, 1, other=seed["second"], seed=0))
    return sorted(asked, key=str)


@pytest.mark.parametrize("name", ["any/evol-mixed", "any/fusion", "code/tag-evol", "any/hostile"])
def test_distilabel_runs_the_file(name: str, tmp_path: Path) -> None:
    python, method = python_of("distilabel"), method_named(name)
    (tmp_path / "evolve.py").write_text(written(method, "distilabel"), encoding="utf-8")
    seeds = written_seeds(tmp_path / "seeds.jsonl", form_of(method).two)
    with serve_in_thread(answer) as server:
        words = [python, "evolve.py", str(seeds), "--model", "m", "--base-url", server.openai_url]
        said = run(words, tmp_path)
        sent = [request.json["messages"] for request in server.requests]
    assert sorted(sent, key=str) == expected(method)
    assert "3 of 4 rows are in evolved.jsonl" in said
    rows = [json.loads(line) for line in (tmp_path / "evolved.jsonl").read_text().splitlines()]
    assert {row["id"]: row["evolved_instruction"] for row in rows} == {
        seed["id"]: f"{seed['instruction']} Why?" for seed in SEEDS if seed["instruction"] != FAILS
    }


@pytest.mark.parametrize("name", ["code/direct", "any/fusion", "math/initial", "any/hostile"])
def test_data_designer_loads_the_config_and_fills_its_columns(name: str, tmp_path: Path) -> None:
    python, method = python_of("data-designer"), method_named(name)
    (tmp_path / "config.json").write_text(written(method, "data-designer"), encoding="utf-8")
    seeds = written_seeds(tmp_path / "seeds.jsonl", form_of(method).two)
    driver = Path(__file__).parent / "run_data_designer.py"
    with serve_in_thread(answer) as server:
        words = [python, str(driver), "config.json", str(seeds), server.openai_url, "made"]
        said = run(words, tmp_path)
        sent = [[_plain(m) for m in request.json["messages"]] for request in server.requests]
    rows = [json.loads(line[4:]) for line in said.splitlines() if line.startswith("row ")]
    assert {row["id"]: row["evolved_instruction"] for row in rows} == {
        seed["id"]: f"{seed['instruction']} Why?" for seed in SEEDS if seed["instruction"] != FAILS
    }
    assert all("handed_in" not in row for row in rows)
    for messages in expected(method):
        assert messages in sent


def _plain(message: dict[str, Any]) -> dict[str, str]:
    """A message whose content may come in parts."""
    content = message["content"]
    parts = content if isinstance(content, list) else [{"text": content}]
    return {"role": message["role"], "content": "".join(part["text"] for part in parts)}
