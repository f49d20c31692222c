"""`autoevol export-data`: the kept records of a run as training data.

Decides that only a run of `evolve`, or what `merge` made of several, is exported and that an export
without rows is none. Formats are `training.formats`' matter, what may leave `training.rows`'.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autoevol.errors import BadInput, NothingUsable, UsageError
from autoevol.evolving.records import read_records
from autoevol.runs import read_settings
from autoevol.training.formats import FORMATS, Export
from autoevol.training.rows import Counts, leaving

KEPT = "kept.jsonl"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written where. `complete` is False where the run is not at its end, or one of those
    that were `merged` is missing or is not."""

    out: Path
    to: str
    counts: Counts
    complete: bool
    merged: bool = False


def export_data(run: Path, to: str, out: Path, *, reasoning: bool = False) -> Exported:
    """Write a run's kept records in a format; while the run goes on, those that are there by then.

    Args:
        run: the folder of an `evolve` or a `merge`.
        to: a name of `training.formats.FORMATS`.
        out: the file, or the folder for formats that have several; it must be new.
        reasoning: keep the models' reasoning, before the answers.

    Raises:
        UsageError: no such format, or `out` is there already.
        BadInput: `run` holds no records of `evolve`, or a record is damaged.
        NothingUsable: there is no kept record with an answer.
        StorageFailed: it cannot be written.
    """
    if to not in FORMATS:
        raise UsageError(f"There is no format {to!r}.", f"Formats: {', '.join(FORMATS)}.")
    settings = read_settings(run)
    verb = settings.get("run", {}).get("verb")
    if verb not in ("evolve", "merge"):
        hint = "Name the --out folder of an evolve run or of a merge."
        raise BadInput(f"{run} is not a run of evolve.", hint)
    summary = _summary(run)
    export = Export(
        run.absolute().name,
        lambda: read_records(run / KEPT),
        summary,
        settings,
        reasoning,
    )
    if next(leaving(export.records(), counts := Counts()), None) is None:
        if counts.unanswered:
            raise NothingUsable(
                f"{run} has no kept record to train on: {counts.unanswered} have no answer.",
                "Run evolve without --no-respond.",
            )
        raise NothingUsable(
            f"{run} has no kept record to train on.",
            "See its dropped.jsonl for what was dropped and why.",
        )
    counts = Counts()
    FORMATS[to][0](export, out, counts)
    return Exported(out, to, counts, bool(summary.get("complete")), verb == "merge")


def _summary(run: Path) -> Mapping[str, Any]:
    try:
        content = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
