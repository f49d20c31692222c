"""Measure the methods of the shelf on the same items, and write a row for each as it is made.

    python benchmarks/compare.py --minutes 60

Decides the order: all methods on the first dozen items of each domain, then on the next dozen, and
so on, so that a stop at any time leaves whole columns. Rows go to results/compare-DOMAIN.jsonl. A
start skips the rows that are there; a row counts as there while its method and the yardstick
(rules, prompts, score) are what they were. Answers are kept in the ledger of --run, so that a
measurement whose rules have changed is mostly taken from there. Stop it with Ctrl-C or SIGTERM
whenever you like; --minutes ends it after the column under way. `leaderboard.py` makes the page.

The items are those that `optimize` with the same seed keeps for its confirmation, in that order: no
method that was learned there has seen them.
"""

from __future__ import annotations

import argparse
import ast
import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autoevol import __version__  # noqa: E402
from autoevol.casting import Models  # noqa: E402
from autoevol.data.seeds import read_seeds  # noqa: E402
from autoevol.data.splits import split  # noqa: E402
from autoevol.domain import Domain, load_domain  # noqa: E402
from autoevol.door import Door, open_client  # noqa: E402
from autoevol.errors import AutoevolError, BadInput, NothingUsable  # noqa: E402
from autoevol.evolving.flow import as_they_land  # noqa: E402
from autoevol.forms import Pool  # noqa: E402
from autoevol.llm.client import Client  # noqa: E402
from autoevol.llm.events import CallEvent  # noqa: E402
from autoevol.measure import Observation, Yardstick  # noqa: E402
from autoevol.methods import list_methods, load_method  # noqa: E402
from autoevol.progress import Silent  # noqa: E402
from autoevol.prompts import load_prompt  # noqa: E402
from autoevol.runs import open_run  # noqa: E402
from autoevol.types import Instruction, Method, Second, digest_of  # noqa: E402
from autoevol.yardstick import calibrate, make_yardstick  # noqa: E402

RESULTS = Path(__file__).parent / "results"
DOMAINS = ("code", "math", "chat")
ANY = "any"
"""The domain of methods that are meant for all."""
COLUMN = 12
Json = dict[str, Any]


class Lines(Silent):
    """A line a stage and a note, with the minutes since the start."""

    def __init__(self) -> None:
        self.start = time.monotonic()
        self.sent = self.kept = self.tokens = 0

    @property
    def minutes(self) -> float:
        return (time.monotonic() - self.start) / 60

    def say(self, text: str) -> None:
        print(f"{self.minutes:6.1f} min  {text}", flush=True)

    def stage(self, title: str, total: int) -> None:
        self.say(title)

    def note(self, text: str) -> None:
        self.say(f"  {text}")

    def call(self, event: CallEvent) -> None:
        if event.kind == "done":
            self.sent += not event.cached
            self.kept += event.cached
            self.tokens += 0 if event.cached else event.usage.output


@dataclass(slots=True)
class Board:
    """The rows of one domain's file, and what a row must match to be counted as there."""

    path: Path
    facts: Json
    rows: dict[tuple[str, str, str, int], Json]

    @classmethod
    def open(cls, path: Path, facts: Json) -> Board:
        """Read the file; of several rows on one measurement the last one counts."""
        rows: dict[tuple[str, str, str, int], Json] = {}
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        for line in lines:
            try:
                row = json.loads(line)
            except ValueError:
                continue  # a stop in the middle of a write
            rows[(row["method"], row["item"], row["model"], row["seed"])] = row
        board = cls(path, facts, rows)
        if len(rows) != len(lines):
            draft = path.with_suffix(".new")
            draft.write_text("".join(_line(row) for row in rows.values()), encoding="utf-8")
            os.replace(draft, path)
        return board

    def missing(self, method: Method, items: Sequence[Instruction]) -> list[Instruction]:
        return [item for item in items if not self._holds(method, item.id)]

    def add(self, method: Method, seen: Observation) -> None:
        outcome = asdict(seen.outcome)
        row = {
            "method": name_of(method),
            "kind": method.kind,
            "digest": method.digest,
            **self.facts,
            **outcome,
            "after": seen.trajectory.evolutions[-1].after.text,
        }
        self.rows[self._key(method, seen.outcome.item)] = row
        with self.path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(_line(row))

    def _key(self, method: Method, item: str) -> tuple[str, str, str, int]:
        return (name_of(method), item, self.facts["model"], self.facts["seed"])

    def _holds(self, method: Method, item: str) -> bool:
        row = self.rows.get(self._key(method, item))
        stamp = (method.digest, self.facts["yardstick"])
        return row is not None and (row["digest"], row["yardstick"]) == stamp


@dataclass(frozen=True, slots=True)
class Course:
    """One domain's part: its methods, its items in order, its board and its yardstick."""

    domain: Domain
    methods: list[Method]
    items: tuple[Instruction, ...]
    board: Board
    yardstick: Yardstick


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--domain", action="append", help=f"of {', '.join(DOMAINS)} [all]")
    options.add_argument("--model", default="local/qwen2.5-coder-1.5b")
    options.add_argument("--items", type=int, default=24, help="of each domain [24]")
    options.add_argument("--minutes", type=float, default=60.0, help="begin nothing after [60]")
    options.add_argument("--method", action="append", default=[], help="besides the shelf's")
    options.add_argument("--only", action="append", default=[], help="these names of the shelf")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--concurrency", type=int, default=8)
    options.add_argument("--run", type=Path, default=ROOT / "runs" / "bench-compare")
    options.add_argument("--results", type=Path, default=RESULTS)
    options.add_argument("--reuse", type=Path, action="append", default=[])
    given = options.parse_args()
    lines = Lines()
    try:
        asyncio.run(_stoppable(given, lines))
    except (KeyboardInterrupt, asyncio.CancelledError):
        lines.say("Stopped; what was measured is in benchmarks/results.")
        return 130
    except AutoevolError as error:
        lines.say(f"Ended: {error}")
        return error.exit_status
    return 0


async def _stoppable(given: argparse.Namespace, lines: Lines) -> None:
    task = asyncio.current_task()
    assert task is not None  # this is one
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    await measure(given, lines)


async def measure(given: argparse.Namespace, lines: Lines) -> None:
    """All columns that fit into the time."""
    given.results.mkdir(parents=True, exist_ok=True)
    door = Door(concurrency=given.concurrency, reuse=given.reuse)
    settings: dict[str, dict[str, str | int | float | bool]] = {"settings": {}}
    with open_run(given.run, "bench-compare", settings) as folder:
        log = folder.path / "runtime.log"
        async with open_client(door, folder.ledger, log, lines) as client:
            courses = [c async for c in _courses(given, client, lines)]
            for first in range(0, given.items, COLUMN):
                for course in courses:
                    await _dozen(course, first, given, lines)
                    if lines.minutes > given.minutes:
                        lines.say("The time is up; start again to go on.")
                        return
    lines.say("All rows are there.")


async def _courses(given: argparse.Namespace, client: Client, lines: Lines) -> Any:
    who = Models.choose(given.model, {})
    for name in given.domain or DOMAINS:
        domain = load_domain(name)
        seeds = read_seeds(domain).items
        pool = Pool(tuple(Second(item.text, item.id) for item in seeds), given.seed)
        yardstick = make_yardstick(client, who, domain, pool=pool)
        try:
            judged = await calibrate(yardstick.scorer, lines)
        except NothingUsable as error:
            lines.say(f"{name} is left out: {error}")
            continue
        facts: Json = {
            "domain": name,
            "model": given.model,
            "seed": given.seed,
            "yardstick": stamp(name),
            "judge": round(judged.accuracy, 4),
            "command": _command(given),
            "autoevol": __version__,
            "date": date.today().isoformat(),
        }
        items = split(seeds, train=0, dev=0, confirm=given.items, seed=given.seed).confirm
        methods = list(_methods(name, given.only, given.method))
        lines.say(f"{name}: {len(methods)} methods on {len(items)} items")
        yield Course(
            domain,
            methods,
            items,
            Board.open(given.results / f"compare-{name}.jsonl", facts),
            yardstick,
        )


def _methods(domain: str, only: Sequence[str], more: Sequence[str]) -> Iterator[Method]:
    """The shelf's for this domain and for any, then those that were named and are for it."""
    for method in sorted(list_methods(), key=lambda method: method.domain == ANY):
        if method.domain in (domain, ANY) and (not only or method.name in only):
            yield method
    for reference in more:
        method = load_method(reference)
        if method.domain == domain:
            yield method


@dataclass(slots=True)
class Column:
    """How one method did on a dozen: what is still to come, and what came."""

    method: Method
    missing: int
    passed: int = 0
    failed: int = 0
    unknown: int = 0
    fault: BadInput | None = None

    @property
    def to_come(self) -> int:
        return self.missing - self.passed - self.failed - self.unknown


async def _dozen(course: Course, first: int, given: argparse.Namespace, lines: Lines) -> None:
    """All methods on the items from `first` on. The next method begins while the last answers of
    the one before are written: an embedded model that waits for one answer wastes its other slots.
    """
    items = course.items[first : first + COLUMN]

    def asked() -> Iterator[tuple[Column, Instruction]]:
        for method in course.methods:
            missing = course.board.missing(method, items)
            column = Column(method, len(missing))
            if lines.minutes > given.minutes:
                return
            for item in missing:
                if column.fault is None:
                    yield column, item

    async def one(pair: tuple[Column, Instruction]) -> tuple[Column, Observation | None]:
        column, item = pair
        try:
            return column, (await course.yardstick.observe(column.method, [item], lines.advance))[0]
        except BadInput as error:  # this method's own fault
            if column.fault is None:
                lines.say(f"{name_of(column.method)} is left out: {error}")
            column.fault = error
            return column, None

    async with aclosing(as_they_land(asked(), one, given.concurrency)) as landed:
        async for column, seen in landed:
            if seen is None or seen.outcome.utility is None:
                column.unknown += 1  # no row: the next start asks again
            else:
                course.board.add(column.method, seen)
                column.passed += not seen.outcome.failure
                column.failed += bool(seen.outcome.failure)
            if column.fault is None and column.to_come == 0:
                lines.say(
                    f"{name_of(column.method)}: {column.passed} passed, {column.failed} failed, "
                    f"{column.unknown} unknown; {lines.tokens} tokens so far"
                )


def name_of(method: Method) -> str:
    return f"{method.domain}/{method.name}"


def stamp(domain: str) -> str:
    """What a measurement hangs on besides method, item and model: the code of the rules and of the
    score (without comments), the prompts, and the judge's scale."""
    package = ROOT / "autoevol"
    learning = ("analyzer.py", "edits.py", "optimizer.py")
    files = [p for p in sorted(package.glob("roles/**/*.py")) if p.name not in learning]
    files += sorted(package.glob("text/*.py"))
    others = ("measure.py", "yardstick.py", "forms.py", "data/diversity.py")
    files += [package / name for name in others]
    code = [_without_comments(path.read_text(encoding="utf-8")) for path in files]
    prompts = [load_prompt(name).digest for name in ("evolver", "judge")]
    scale = str(load_domain(domain).rated) + load_domain(domain).describe
    return digest_of("\n".join([*code, *prompts, scale]))[7:19]


def _without_comments(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [  # type: ignore[attr-defined]
                one
                for one in body
                if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
            ]
    return ast.dump(tree)


def _command(given: argparse.Namespace) -> str:
    """What makes rows like these; where their files lie is left out."""
    words = ["python benchmarks/compare.py", f"--model {given.model}", f"--seed {given.seed}"]
    return " ".join([*words, f"--items {given.items}"])


def _line(row: Json) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())
