"""What the tests of `optimize` share: small runs on planted worlds, and a look into the folder."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from autoevol.learning.course import Course
from autoevol.learning.presets import Preset
from autoevol.learning.story import Result
from autoevol.llm.fake import Answer
from autoevol.llm.messages import Request
from autoevol.simulation import flat, planted
from autoevol.verbs.optimize import optimize

Json = dict[str, Any]
SMALL = Preset(
    "small", batch=2, candidates=2, steps=2, dev=8, block=4, confirm=10, patience=2, analyses=1
)
DERIVED = (
    "trajectories.jsonl",
    "feedback.jsonl",
    "steps.json",
    "confirm.jsonl",
    "confirm-trajectories.jsonl",
    "method.md",
)


class World:
    """A planted world that counts what it is asked. `odd` may answer, or raise, in its place."""

    def __init__(
        self, name: str = "planted", odd: Callable[[Request], Answer | None] | None = None
    ) -> None:
        self.asked: Counter[str] = Counter()
        self.script = {"planted": planted, "flat": flat}[name]
        self.odd = odd

    def __call__(self, request: Request) -> Answer:
        self.asked[request.role] += 1
        other = self.odd(request) if self.odd else None
        return self.script(request) if other is None else other


async def learn(run: Path, **settings: Any) -> Result:
    """A small run in `run`, on the shipped planted world where nothing else is said."""
    named = [field.name for field in fields(Course)]
    course = Course(**{name: settings.pop(name) for name in named if name in settings})
    settings = {"model": "fake/planted", "preset": SMALL, **settings}
    return await optimize("code", run=run, course=course, **settings)


def found(run: Path) -> Json:
    """All that a run found, file by file; the bill, which a cut makes larger, left aside."""
    files: Json = {name: (run / name).read_text(encoding="utf-8") for name in DERIVED}
    for path in sorted((run / "candidates").glob("*.md")):
        files[f"candidates/{path.name}"] = path.read_text(encoding="utf-8")
    files["summary.json"] = summary(run)
    return files


def summary(run: Path) -> Json:
    """The summary without the bill."""
    document: Json = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    del document["bill"]
    return document


def lines(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
