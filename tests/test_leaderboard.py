"""`make bench-compare` on a planted model: rows are added once, the page is made of rows alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parent.parent
BEGIN, END = "<!-- leaderboard:begin -->", "<!-- leaderboard:end -->"


def script(name: str, *words: object) -> str:
    done = subprocess.run(
        [sys.executable, str(TOP / "benchmarks" / name), *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(TOP)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def test_rows_are_added_once_and_the_page_is_made_of_them(tmp_path: Path) -> None:
    results, page = tmp_path / "results", tmp_path / "README.md"
    words = ["--model", "fake/planted", "--domain", "code", "--run", tmp_path / "run"]
    words += ["--results", results, "--only", "direct", "--only", "initial"]
    script("compare.py", *words, "--items", 2)
    path = results / "compare-code.jsonl"
    first = path.read_text().splitlines()
    path.write_text("\n".join(first) + '\n{"method": "code/dir')  # a stop in the middle of a write
    said = script("compare.py", *words, "--items", 14)
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert path.read_text().splitlines()[: len(first)] == first
    assert sorted({(row["method"], row["item"]) for row in rows}) == sorted(
        (row["method"], row["item"]) for row in rows
    )
    assert len(rows) == 2 * 14
    assert "All rows are there." in said
    assert {row["model"] for row in rows} == {"fake/planted"}
    assert not [row for row in rows if str(tmp_path) in json.dumps(row)]

    page.write_text(f"# Mine\n\n{BEGIN}\nold\n{END}\n\nrest\n")
    script("leaderboard.py", "--results", results, "--page", page)
    text = page.read_text()
    assert text.startswith("# Mine\n")
    assert text.endswith(f"{END}\n\nrest\n")
    assert "\nold\n" not in text
    assert "| `code/direct` | 14 |" in text
    assert "### chat\n\nNo rows yet." in text
    script("leaderboard.py", "--results", results, "--page", page, "--check")


def test_the_page_has_a_place_for_it() -> None:
    text = (TOP / "benchmarks" / "README.md").read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
