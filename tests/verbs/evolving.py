"""What the tests of `evolve` share: rows, models that do as told, and a look into the folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from autoevol.data.seeds import Reading
from autoevol.door import Door
from autoevol.evolving.ladder import Ladder
from autoevol.llm.events import CallEvent
from autoevol.llm.fake import Answer
from autoevol.llm.messages import Request
from autoevol.progress import Silent
from autoevol.verbs.evolve import evolve

Json = dict[str, Any]
LADDER = ("rounds", "kind", "variants", "downward", "seeds", "respond", "turns", "seed")
READING = ("fields", "skip_bad", "limit", "shard")
METHOD = "code/direct"
MODEL = "fake/model"
THINGS = (
    "queue",
    "matrix",
    "calendar",
    "ledger",
    "parser",
    "graph",
    "cache",
    "bank",
    "maze",
    "robot",
)


def rows(count: int) -> list[Json]:
    """Seeds that no two rules and no two rows confuse."""
    return [
        {
            "id": f"seed-{number}",
            "instruction": f"Write a Python function number {number} that prints a "
            f"{THINGS[number % len(THINGS)]} with {number + 2} entries.",
        }
        for number in range(count)
    ]


def write_rows(path: Path, values: Iterable[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
    return path


def seed_in(text: str) -> str:
    """The instruction in an evolver's last message."""
    return text.split("<instruction>\n", 1)[1].rsplit("\n</instruction>", 1)[0]


DEMANDS = (
    "Reject negative sizes with a clear error.",
    "Print the entries in reverse order, one per line.",
    "Stop after one second and say how far it came.",
    "Take the separator as an optional argument.",
)


def rewritten(seed: str) -> str:
    """One demand more than the seed has."""
    return f"<evolved>{seed} {DEMANDS[sum(one in seed for one in DEMANDS)]}</evolved>"


def answered(instruction: str) -> str:
    return f"It checks the size first and then walks the entries. ({len(instruction)} letters)"


def answer(messages: list[Mapping[str, Any]]) -> str:
    """A well-behaved model, whoever asks: messages as role and content."""
    last = str(messages[-1]["content"])
    return rewritten(seed_in(last)) if "<instruction>" in last else answered(last)


class Model:
    """A scripted model. `odd` may answer a role's text otherwise; None leaves it to the script."""

    def __init__(self, odd: Callable[[str, str], Answer | None] | None = None) -> None:
        self.asked: list[Request] = []
        self._odd = odd

    def __call__(self, request: Request) -> Answer:
        self.asked.append(request)
        last = request.messages[-1].content
        text = seed_in(last) if request.role == "evolver" else last
        other = self._odd(request.role, text) if self._odd else None
        if other is not None:
            return other
        return rewritten(text) if request.role == "evolver" else answered(text)

    def roles(self) -> list[str]:
        return [request.role for request in self.asked]


def door(model: Callable[[Request], Answer], **more: Any) -> Door:
    return Door(scripts={"model": model}, **more)


def settled(more: dict[str, Any]) -> dict[str, Any]:
    """The words that tests use, in the records that `evolve` takes."""
    words = dict(more)
    of_ladder = {k: words.pop(k) for k in LADDER if k in words}
    of_reading = {k: words.pop(k) for k in READING if k in words}
    if of_ladder:
        words["ladder"] = Ladder(**of_ladder)
    if of_reading:
        words["reading"] = Reading(**of_reading)
    return words


async def all_records(data: Any, out: Path, script: Model, **more: Any) -> list[Json]:
    more = {"model": MODEL, "door": door(script), **more}
    return [record async for record in evolve(METHOD, data, out=out, **settled(more))]


def lines(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def records_in(folder: Path) -> dict[str, Json]:
    """All records of a folder by id; an id that is there twice fails."""
    found = lines(folder / "kept.jsonl") + lines(folder / "dropped.jsonl")
    by_id = {record["id"]: record for record in found}
    assert len(by_id) == len(found)
    return by_id


def summary_of(folder: Path) -> Json:
    summary: Json = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return summary


class Notes(Silent):
    """A watcher that remembers."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.done = 0
        self.calls: list[CallEvent] = []

    def note(self, text: str) -> None:
        self.notes.append(text)

    def advance(self, parts: int = 1) -> None:
        self.done += parts

    def call(self, event: CallEvent) -> None:
        self.calls.append(event)
