"""Install distilabel and Data Designer, each in an environment of its own, and run exports in them.

    python benchmarks/exports.py [--tools build/tools]

Runs the tests marked `tools`, and those marked `exported`, which run exports in DSPy and in plain
Python as they are here, and writes what came of each, with the versions, to results/exports.json.
Nothing but the package index is asked; the models are the loopback server's.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import venv
import xml.etree.ElementTree as ET
from datetime import date
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULT = Path(__file__).parent / "results" / "exports.json"
NEEDS = {
    # It imports `requests`, which nothing it requires brings in any more.
    "distilabel": ("distilabel[openai]>=1.5", "requests"),
    "data-designer": ("data-designer>=0.9.6",),
}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--tools", type=Path, default=ROOT / "build" / "tools")
    given = options.parse_args()
    tools = given.tools.absolute()
    versions = {
        "python": platform.python_version(),
        "dspy": version("dspy"),
        **{tool: installed(tool, needs, tools) for tool, needs in NEEDS.items()},
    }
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        marked = ["-m", "tools or exported", "tests/exchange"]
        words = ["-m", "pytest", *marked, f"--junitxml={report}"]
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env={**os.environ, "AUTOEVOL_TOOLS": str(tools), "PYTHONPATH": str(ROOT)},
        )
        outcomes = read(report)
    sys.path.insert(0, str(ROOT))
    from autoevol import __version__

    facts = {
        "date": date.today().isoformat(),
        "autoevol": __version__,
        "tools": versions,
        "exports": outcomes,
    }
    RESULT.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    print(f"{RESULT.relative_to(ROOT)} is written.")
    return done.returncode


def installed(tool: str, needs: tuple[str, ...], tools: Path) -> str:
    """Install a tool once; its version."""
    place = tools / tool
    python = place / "bin" / "python"
    if not python.exists():
        print(f"Installing {tool} into {place}; this takes minutes, once.", flush=True)
        venv.create(place, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *needs], check=True)
    code = f"from importlib.metadata import version; print(version({tool!r}))"
    return subprocess.run(
        [str(python), "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()


def read(report: Path) -> dict[str, str]:
    """What came of each test: passed, failed or skipped."""
    outcomes = {}
    for case in ET.parse(report).getroot().iter("testcase"):
        kinds = {child.tag for child in case}
        ended = "failed" if kinds & {"failure", "error"} else "skipped" if kinds else "passed"
        outcomes[case.attrib["name"]] = ended
    return outcomes


if __name__ == "__main__":
    sys.exit(main())
