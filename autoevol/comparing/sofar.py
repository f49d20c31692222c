"""What a comparison came to so far, from the rows in its folder: for a run that was killed, or is
at work, and has no summary yet.

Decides that the figures are made by the same `account` and `standing`, out of `measured.jsonl`
alone. Money is left out: prices are known to a run, not to its folder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from autoevol.comparing.account import account, utilities
from autoevol.comparing.arms import SEEDS, Arm, Walk, name_of
from autoevol.comparing.standing import nothing_kept, stand
from autoevol.errors import AutoevolError
from autoevol.measure import Observation
from autoevol.methods import read_method
from autoevol.runs import read_settings
from autoevol.types import Evolution, Failure, Instruction, Method, Outcome, Trajectory

Json = dict[str, Any]
_DRAWS = re.compile(r"best of (\d+) (.+)")
NOTE = "The figures are of the rows that were written so far; money is worked out at the end."


def so_far(folder: Path, rows_of: str) -> Json:
    """A summary of the rows there are (see `summary`), `complete` false; {} where there is none.

    Args:
        folder: of the run.
        rows_of: the name of the file of rows. One that lacks anything is left out.

    Raises:
        BadInput: it is not a run folder.
        OSError: the rows cannot be read.
    """
    settings = read_settings(folder).get("settings", {})
    rounds, seed = int(settings.get("rounds", 1)), int(settings.get("seed", 0))
    walks = _walks(folder / rows_of)
    methods = {name_of(method): method for method in _methods(folder)}
    arms = [_arm(name, methods) for name in walks]
    if not arms:
        return {}
    by_item = {a.name: utilities(walks[a.name], rounds) for a in arms if a.name != SEEDS}
    figures = [_figures(arm, walks[arm.name], rounds, seed) for arm in arms]
    return {
        "verb": "compare",
        "run": folder.name,
        "complete": False,
        "rounds": rounds,
        "seed": seed,
        "arms": figures,
        **stand(by_item, seed=seed, nothing=nothing_kept(figures)),
        "notes": [NOTE],
    }


def _figures(arm: Arm, walks: Sequence[Walk], rounds: int, seed: int) -> Json:
    figures = account(arm, walks, rounds=1 if arm.kind == "seeds" else rounds, seed=seed)
    figures["million"] = None
    if arm.kind != "seeds" and figures["rows_kept"]:
        tokens = ("input_tokens", "output_tokens")
        figures["million"] = {one: round(figures[f"{one}_per_kept"] * 1e6) for one in tokens}
    return figures


def _arm(name: str, methods: dict[str, Method]) -> Arm:
    if name == SEEDS:
        return Arm(name, "seeds")
    if drawn := _DRAWS.fullmatch(name):
        return Arm(name, "best-of", methods.get(drawn[2]), int(drawn[1]))
    method = methods.get(name)
    return Arm(name, "handwritten" if method is None else method.kind, method)


def _methods(folder: Path) -> Iterator[Method]:
    for path in sorted(folder.glob("methods/*/*.md")):
        try:
            yield read_method(path)
        except AutoevolError:  # the report says of each file what is wrong with it
            continue


def _walks(path: Path) -> dict[str, list[Walk]]:
    """By arm, the items it has been through, in the order of the rows."""
    seen: dict[str, dict[str, list[tuple[Instruction, Observation]]]] = {}
    for row in _rows(path):
        try:
            arm, looked = str(row["arm"]), _looked(row)
        except (LookupError, TypeError, ValueError):
            continue
        seen.setdefault(arm, {}).setdefault(looked[0].id, []).append(looked)
    return {
        arm: [Walk(arm, looks[0][0], tuple(one for _, one in looks)) for looks in items.values()]
        for arm, items in seen.items()
    }


def _rows(path: Path) -> Iterator[Json]:
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(row, dict):
                yield row


def _looked(row: Json) -> tuple[Instruction, Observation]:
    """A row as what it was written from: the instruction before the round, and the look."""
    item, lang = str(row["item"]), str(row.get("lang", ""))
    before = Instruction(str(row["before"]), item, lang)
    evolution = Evolution(
        before,
        Instruction(str(row["after"]), item, lang),
        failures=tuple(Failure(**one) for one in row["failures"]),
        unknown=str(row["unknown"]),
    )
    outcome = Outcome(
        item,
        None if row["utility"] is None else float(row["utility"]),
        str(row["failure"]),
        None if row["score"] is None else float(row["score"]),
        str(row["added"]),
        int(row["added_words"]),
        int(row["output_tokens"]),
        int(row["input_tokens"]),
        lang,
    )
    return before, Observation(Trajectory(before, "", (evolution,)), outcome)
