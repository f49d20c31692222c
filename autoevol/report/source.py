"""What a run folder holds, as far as it can be read.

Decides which files a report is made of and that a missing or damaged one is a gap that is said, not
an error: a cut run, a run at work and one of an older version have a report too. What is made of it
is left to the sections.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autoevol import __version__
from autoevol.comparing.sofar import so_far
from autoevol.counted import several
from autoevol.errors import AutoevolError, BadInput
from autoevol.llm.bill import BillRow
from autoevol.llm.ledger import read_bill
from autoevol.methods import read_method
from autoevol.report.samples import Classify, Sample, first_rule, reason, sample_lines
from autoevol.runs import LEDGER, SETTINGS, Scalar, read_settings
from autoevol.types import Method

Json = Mapping[str, Any]
KNOWN_VERSION = 1
"""Of summary.json and steps.json; a newer one is read as far as it is understood."""

MEASURED = "measured.jsonl"
PER_CLASS = 400
KEPT_ROWS = 1_000
MEASURED_ROWS = 4_000
_ROOM = 64_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """A run folder's content.

    `summary` is empty until the run has ended; that of a comparison is what its rows come to.
    `texts` maps a method's digest to its text, `names` to what it is called. `gaps` are sentences
    on what could not be read.
    """

    path: Path
    verb: str
    tables: Mapping[str, Mapping[str, Scalar]]
    summary: Json
    steps: Sequence[Json]
    texts: Mapping[str, str]
    names: Mapping[str, str]
    trajectories: Sample
    confirmed: Sample
    measured: Sample
    items: Sample
    kept: Sample
    dropped: Sample
    feedback: Sample
    bill: tuple[BillRow, ...]
    gaps: list[str] = field(default_factory=list)

    @property
    def writer(self) -> str:
        """The version of autoevol that wrote the folder, '' where it does not say."""
        return _writer(self.tables)

    @property
    def finished(self) -> bool:
        return bool(self.summary) and self.summary.get("complete", True) is True

    @property
    def evolves(self) -> bool:
        """It holds records, of one run or of several that were merged."""
        return self.verb in ("evolve", "merge")

    @property
    def drops(self) -> Mapping[str, int]:
        """Records that were dropped, by reason: by the summary, else by the file."""
        told = self.summary.get("dropped")
        if isinstance(told, Mapping) and told:
            return told
        return {name: n for name, n in self.dropped.classes.items() if name}

    @property
    def merged(self) -> Sequence[Json]:
        """The runs that a merged folder is put together from."""
        return [run for run in self.summary.get("runs") or () if isinstance(run, Mapping)]

    @property
    def empty(self) -> bool:
        """Nothing was found out yet."""
        samples = (self.trajectories, self.measured, self.items, self.kept, self.dropped)
        return not self.summary and not self.steps and not any(s.total for s in samples)


def read_source(path: Path) -> Source:
    """Everything a report needs.

    Raises:
        BadInput: the path is not a run folder.
    """
    if not path.is_dir():
        raise BadInput(f"{path} is not a run folder.", f"Name a folder that holds {SETTINGS}.")
    tables, gaps = read_settings(path), list[str]()
    summary = _document(path / "summary.json", gaps, _writer(tables))
    told = _document(path / "steps.json", gaps, _writer(tables))
    if tables.get("run", {}).get("verb") == "compare":
        summary = _up_to_date(path, summary, gaps)
    steps = [s for s in (summary.get("steps") or told.get("steps") or []) if isinstance(s, dict)]
    texts, names = _methods(path, tables, {**told.get("texts", {}), **_texts(summary)}, gaps)

    def lines(name: str, most: int = PER_CLASS, classify: Classify = first_rule) -> Sample:
        try:
            found = sample_lines(path / name, most, classify)
        except OSError as error:
            gaps.append(f"{name} cannot be read: {error.strerror or error}.")
            return Sample()
        if found.damaged:
            left = "is" if found.damaged == 1 else "are"
            gaps.append(f"{name}: {several(found.damaged, 'damaged line')} {left} left out.")
        return found

    return Source(
        path=path,
        verb=str(tables.get("run", {}).get("verb", "")),
        tables=tables,
        summary=summary,
        steps=steps,
        texts=texts,
        names=names,
        trajectories=lines("trajectories.jsonl"),
        confirmed=lines("confirm-trajectories.jsonl"),
        measured=lines(MEASURED, MEASURED_ROWS),
        items=lines("confirm.jsonl", _ROOM),
        kept=lines("kept.jsonl", KEPT_ROWS, reason),
        dropped=lines("dropped.jsonl", PER_CLASS, reason),
        feedback=lines("feedback.jsonl", _ROOM),
        bill=_bill(path, summary, gaps),
        gaps=gaps,
    )


def _writer(tables: Mapping[str, Mapping[str, Scalar]]) -> str:
    return str(tables.get("versions", {}).get("autoevol", ""))


def _document(path: Path, gaps: list[str], writer: str) -> dict[str, Any]:
    """A file's table, {} where there is none. `writer` is the version that wrote the folder."""
    try:
        found = json.loads(path.read_text(encoding="utf-8", errors="replace"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        gaps.append(f"{path.name} cannot be read: {error}.")
        return {}
    if not isinstance(found, dict):
        gaps.append(f"{path.name} holds no table.")
        return {}
    version = found.get("version")
    if isinstance(version, int) and version != KNOWN_VERSION:
        age = "a newer" if version > KNOWN_VERSION else "an older"
        wrote, reads = f", written by autoevol {writer}" if writer else "", KNOWN_VERSION
        gaps.append(
            f"{path.name} is of {age} version ({version}{wrote}); autoevol {__version__} reads "
            f"{reads}. What is known of it is shown; the version that wrote it shows all."
        )
    return found


def _up_to_date(path: Path, summary: dict[str, Any], gaps: list[str]) -> dict[str, Any]:
    """The summary, or what the rows say that are there without one: a run writes it when it ends,
    and its rows all the while."""
    rows, written = path / MEASURED, path / "summary.json"
    try:
        behind = not written.exists() or rows.stat().st_mtime > written.stat().st_mtime
        if not behind or summary.get("complete") is True:
            return summary
        return so_far(path, MEASURED) or summary
    except FileNotFoundError:
        return summary
    except (OSError, LookupError, TypeError, ValueError) as error:
        gaps.append(f"What {MEASURED} comes to could not be worked out: {error}.")
        return summary


def _texts(summary: Json) -> dict[str, str]:
    found = summary.get("texts")
    return {k: v for k, v in found.items() if v} if isinstance(found, dict) else {}


def _methods(
    path: Path, tables: Mapping[str, Mapping[str, Scalar]], texts: Json, gaps: list[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Texts and names by digest: the initial method, the candidates, the frozen one."""
    settings = tables.get("settings", {})
    by_digest: dict[str, str] = {}
    names: dict[str, str] = {}
    for role in ("rival", "initial"):
        digest = str(settings.get(f"{role}_digest", ""))
        names[digest] = str(settings.get(role, role))
        if role in texts:
            by_digest[digest] = str(texts[role])
    files = [
        *sorted((path / "candidates").glob("*.md")),
        *sorted((path / "methods").glob("**/*.md")),
    ]
    for file in [*files, path / "method.md"]:
        method = _method(file, gaps)
        if method is None:
            continue
        by_digest.setdefault(method.digest, method.text)
        if file.parent == path and method.kind == "learned":
            names[method.digest] = f"{method.domain}/{method.name}"
        names.setdefault(method.digest, f"{method.domain}/{method.name}")
    return by_digest, names


def _method(file: Path, gaps: list[str]) -> Method | None:
    if not file.is_file():
        return None
    try:
        return read_method(file)
    except AutoevolError as error:
        gaps.append(error.message.replace(str(file), file.name))
        return None


def _bill(path: Path, summary: Json, gaps: list[str]) -> tuple[BillRow, ...]:
    if not (path / LEDGER).is_file() and summary.get("verb") == "merge":
        return tuple(BillRow.from_json(row) for row in summary.get("bill") or ())
    if not (path / LEDGER).is_file():
        return ()
    try:
        return read_bill(path / LEDGER)
    except AutoevolError as error:
        gaps.append(error.message)
        return ()
