"""What the tests of `compare` share: methods of known worth, small runs, a look into the folder."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from autoevol.comparing.lineup import Terms
from autoevol.comparing.summary import Comparison
from autoevol.door import Door
from autoevol.methods import load_method
from autoevol.rulelist import split_rules
from autoevol.simulation import GOOD, NEUTRAL
from autoevol.types import Method
from autoevol.verbs.compare import compare
from tests.verbs.optimizing import World

Json = dict[str, Any]
PAID = ("run", "bill", "first_bill")
MODEL = "fake/w"


def method(name: str, *rules: str, domain: str = "code") -> Method:
    """A method of so many rules; in the planted world GOOD ones make it better."""
    opening, _ = split_rules(load_method("code/direct").text)
    listed = "\n".join(f"{n}. {rule}" for n, rule in enumerate(rules, start=1))
    return Method(name, domain, f"{opening}\n\n{listed}\n")


PLAIN = method("plain", NEUTRAL[0])
BETTER = method("better", *GOOD)
EQUALS = [method(f"equal-{n}", rule) for n, rule in enumerate(NEUTRAL[:3])]


async def run(folder: Path, *methods: Method | str, **more: Any) -> Comparison:
    """A small comparison; `world` stands behind the model."""
    world = more.pop("world", None) or World()
    door = more.pop("door", None) or Door(scripts={"w": world})
    named = [field.name for field in fields(Terms)]
    terms = Terms(**{"items": 12, **{k: more.pop(k) for k in named if k in more}})
    return await compare(methods, run=folder, terms=terms, **{"model": MODEL, "door": door, **more})


def found(summary: Any) -> Json:
    """A summary without what a cut, another folder or a reused answer may change."""
    return {name: value for name, value in summary.items() if name not in PAID}


def on_disk(folder: Path) -> Json:
    document: Json = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return document


def arm(summary: Any, name: str) -> Json:
    found: Json = next(one for one in summary["arms"] if one["name"] == name)
    return found


def rows(folder: Path) -> list[Json]:
    text = (folder / "measured.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]
