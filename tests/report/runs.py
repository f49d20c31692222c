"""Run folders to report on, and a look at a page as a reader has it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

VOID = frozenset(("br", "hr", "img", "input", "link", "meta"))
TEXTLESS = ("script", "style")
SHAPES = frozenset(("line", "rect", "circle", "polyline", "path"))

Json = dict[str, Any]


@dataclass
class Read:
    """What a reader finds on a page."""

    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=dict)
    text: str = ""
    script: str = ""
    unbalanced: list[str] = field(default_factory=list)

    def attributes(self, name: str) -> list[str]:
        return [found[name] for _, found in self.tags if name in found]

    @property
    def ids(self) -> list[str]:
        return self.attributes("id")


def read(page: str) -> Read:
    """A page, taken apart by a parser that knows nothing of how it was made."""
    parser = _Parser()
    parser.feed(page)
    parser.close()
    parser.found.unbalanced += parser.open
    return parser.found


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Read()
        self.open: list[str] = []
        self.section = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.found.tags.append((tag, found))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "section":
            self.section = found["id"]
            self.found.sections[self.section] = ""

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.found.unbalanced.append(f"</{tag}> in {self.open[-3:]}")
            return
        self.open.pop()
        if tag == "section":
            self.section = ""

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.found.script += data
        if self.open and self.open[-1] in TEXTLESS:
            return
        self.found.text += data
        if self.section:
            self.found.sections[self.section] += data


def write_lines(path: Path, rows: Iterable[Json]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def folder(path: Path, verb: str = "optimize", **tables: Json) -> Path:
    """A run folder that has only begun: its settings and nothing else."""
    path.mkdir(parents=True)
    lines = [f'[run]\nverb = "{verb}"\n']
    for name, table in tables.items():
        lines.append(f"[{name}]\n")
        lines += [f"{key} = {json.dumps(value)}\n" for key, value in table.items()]
    (path / "run.toml").write_text("".join(lines), encoding="utf-8")
    return path


def record(number: int, *, kept: bool = True, rule: str = "", **texts: str) -> Json:
    """A line of kept.jsonl or dropped.jsonl."""
    failures = [] if kept else [{"rule": rule, "evidence": "because"}]
    return {
        "id": f"r{number}",
        "seed_id": texts.get("item", f"s{number}"),
        "round": 1,
        "instruction": texts.get("after", f"Write a sorted list of {number} names in two columns."),
        "response": texts.get("response", "Here it is."),
        "before": texts.get("before", f"Write a list of {number} names."),
        "verdict": {
            "kept": kept,
            "reason": rule,
            "failures": failures,
            "score": None,
            "scorer": "",
        },
    }


def trajectory(number: int, rule: str = "", **texts: str) -> Json:
    """A line of trajectories.jsonl."""
    failures = [{"rule": rule, "evidence": texts.get("evidence", "because")}] if rule else []
    return {
        "step": 1,
        "item": texts.get("item", f"s{number}"),
        "method": "sha256:0",
        "utility": 0.0 if rule else 0.5,
        "score": None if rule else 0.5,
        "evolutions": [
            {
                "before": texts.get("before", f"Write a list of {number} names."),
                "after": texts.get("after", f"Write a sorted list of {number} names."),
                "raw": "",
                "response": texts.get("response", "Here it is."),
                "failures": failures,
                "unknown": "",
            }
        ],
    }
