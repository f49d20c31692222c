"""`autoevol merge`: the record files of several folders as one, shuffled with a seed.

Decides which folders belong together, that every record is there once, that what is like a record
of an earlier folder goes (by the filter that the run had), and the order of the whole: all rounds,
variants and seeds are mixed, as WizardLM (arXiv 2304.12244) trains on them. In memory are eight
bytes a record; the texts stay on the disk. The folder stands by itself afterwards: it holds the
runs' settings, their method and the sum of their bills, so that it can be exported and reported on.
"""

from __future__ import annotations

import json
import random
import shutil
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from operator import eq
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, cast

from autoevol import __version__
from autoevol.errors import AutoevolError, BadInput, UsageError
from autoevol.evolving.done import names, reason_of
from autoevol.evolving.filters.choice import Dedup, Filters
from autoevol.evolving.filters.sieve import Sieve
from autoevol.evolving.harvest import billed
from autoevol.evolving.records import read_with_lengths, to_line
from autoevol.evolving.shard import Shard
from autoevol.llm.bill import BillRow
from autoevol.llm.ledger import read_bill
from autoevol.runs import LEDGER, SETTINGS, RunFolder, Scalar, open_run, read_settings, storage
from autoevol.verbs.evolve import DROPPED, KEPT

SUMMARY, METHOD = "summary.json", "method.md"
Tables = Mapping[str, Mapping[str, Scalar]]
_ALIKE = ("settings", "models", "prompts", "filters")
_LARGEST = 1 << 44
"""Bytes of one file at most: an offset and the number of its folder share eight bytes."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What lies in the folder. `alike` of the dropped are like a record of an earlier folder;
    `missing` are shards that no folder holds, `unfinished` the folders whose run has not come to
    its end."""

    folder: Path
    kept: int
    dropped: int
    alike: int
    missing: tuple[str, ...]
    unfinished: tuple[str, ...]


def merge(folders: Sequence[Path], out: Path, seed: int = 0) -> Merged:
    """Write kept.jsonl (shuffled) and dropped.jsonl of all `folders` into `out`.

    Raises:
        UsageError: folders of different runs, the same record in two of them, or `out` is none that
            is new: only the same merge may be done again.
        BadInput: a folder is none of evolve's, or a record is damaged.
        StorageFailed: `out` cannot be written.
    """
    if not folders:
        raise UsageError("There is nothing to merge.", "Name the folders of the shards.")
    settings = [read_settings(folder) for folder in folders]
    _check_new(out, folders)
    _check_alike(folders, settings)
    shards = [Shard.parse(str(one.get("data", {}).get("shard", ""))) for one in settings]
    held = {(shard.number, shard.of) for shard in shards}
    whole = max(shard.of for shard in shards)
    missing = [f"{n}/{whole}" for n in range(1, whole + 1) if (n, whole) not in held]
    unfinished = [str(folder) for folder in folders if not _complete(folder)]
    table: dict[str, Mapping[str, Scalar]] = {
        "merge": {"seed": seed},
        "folders": {str(n): str(folder.absolute()) for n, folder in enumerate(folders)},
        **_shared(settings),
    }
    with open_run(out, "merge", table) as folder:
        again = _alike(folders, settings[0], folder)
        kept = _merged(folders, KEPT, folder, seed, again)
        dropped = _merged(folders, DROPPED, folder, None, again)
        with storage(out / METHOD), suppress(FileNotFoundError):
            shutil.copyfile(folders[0] / METHOD, out / METHOD)
        made = settings[0].get("settings", {})
        bills = [_bill(one) for one in folders]
        folder.write_json(
            SUMMARY,
            {
                "version": 1,
                "verb": "merge",
                "run": folder.name,
                "method": {"name": made.get("method"), "digest": made.get("method_digest")},
                "models": settings[0].get("models", {}),
                "complete": not missing and not unfinished,
                "kept": kept.records.total(),
                "dropped": dict(dropped.reasons.most_common()),
                "alike": len(again),
                "seed": seed,
                "missing": missing,
                "unfinished": unfinished,
                "runs": [
                    {
                        "folder": str(one.absolute()),
                        "shard": str(shard) if shard.of > 1 else "",
                        "kept": kept.records[number],
                        "dropped": dropped.records[number],
                        "billed": bills[number] is not None,
                    }
                    for number, (one, shard) in enumerate(zip(folders, shards, strict=True))
                ],
                **billed(row for bill in bills for row in bill or ()),
            },
        )
    counts = kept.records.total(), dropped.records.total(), len(again)
    return Merged(out, *counts, tuple(missing), tuple(unfinished))


def _check_new(out: Path, folders: Sequence[Path]) -> None:
    """Raise UsageError where something else than a merge lies in `out`."""
    new = "Name a new folder with --out."
    if out.resolve() in {folder.resolve() for folder in folders}:
        raise UsageError(
            f"--out must be a new folder, and {out} is one of those to be merged.", new
        )
    if (out / SETTINGS).exists():
        verb = read_settings(out).get("run", {}).get("verb", "another verb")
        if verb != "merge":
            raise UsageError(f"--out must be a new folder, and {out} holds a run of {verb}.", new)


def _shared(settings: Sequence[Tables]) -> Tables:
    """What all the runs were; of how they were called, the first."""
    first = settings[0]
    kept = {
        name: table
        for name, table in first.items()
        if name != "run" and all(one.get(name) == table for one in settings)
    }
    for name in ("data", "invocation"):
        kept[name] = {k: v for k, v in first.get(name, {}).items() if k != "shard"}
    return {**kept, "versions": {"autoevol": __version__}}


def _bill(folder: Path) -> tuple[BillRow, ...] | None:
    """What a run has spent: by its ledger, or by its summary where only the records are at hand;
    None where neither tells."""
    with suppress(AutoevolError):
        if (folder / LEDGER).is_file():
            return read_bill(folder / LEDGER)
    with suppress(OSError, ValueError, LookupError, TypeError, ArithmeticError):
        rows = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))["bill"]
        return tuple(BillRow.from_json(row) for row in rows)
    return None


def _check_alike(folders: Sequence[Path], settings: Sequence[Tables]) -> None:
    first = settings[0]
    for folder, one in zip(folders, settings, strict=True):
        if one.get("run", {}).get("verb") != "evolve":
            raise BadInput(f"{folder} holds no run of evolve.", "Name folders of evolve.")
        other = next((name for name in _ALIKE if one.get(name) != first.get(name)), "")
        if not other and one["data"].get("digest") != first["data"].get("digest"):
            other = "data"
        if other:
            raise UsageError(
                f"{folder} and {folders[0]} hold different runs ([{other}] differs).",
                "Merge the shards of one run.",
            )


def _complete(folder: Path) -> bool:
    try:
        return bool(json.loads((folder / SUMMARY).read_text(encoding="utf-8"))["complete"])
    except (OSError, ValueError, KeyError):
        return False


def _alike(folders: Sequence[Path], settings: Tables, out: RunFolder) -> dict[int, bytes]:
    """Kept records that are like one of an earlier folder: by place, as dropped ones."""
    dedup = str(settings.get("filters", {}).get("dedup", "none"))
    found: dict[int, bytes] = {}
    if len(folders) < 2 or dedup == "none":
        return found
    filters = Filters(dedup=cast(Dedup, dedup))
    with TemporaryDirectory(dir=out.path) as place, Sieve(filters, Path(place) / KEPT) as sieve:
        for number, folder in enumerate(folders):
            offset = 0
            for record, length in read_with_lengths(folder / KEPT):
                sieve.judge(record)
                if not record["verdict"]["kept"]:
                    found[number * _LARGEST + offset] = to_line(record)
                sieve.kept(record)
                offset += length
    return found


@dataclass(slots=True)
class _Written:
    """Records of a file, by the folder that they came from; why they were dropped."""

    records: Counter[int] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)


def _merged(
    folders: Sequence[Path],
    name: str,
    out: RunFolder,
    seed: int | None,
    again: Mapping[int, bytes],
) -> _Written:
    """All records of the files of that name, in their order or shuffled. Those of `again` are
    dropped ones."""
    places, seen = array("Q"), array("Q")
    paths = [folder / name for folder in folders]
    for number, path in enumerate(paths):
        for record, offset in names(path):
            seen.append(record)
            places.append(number * _LARGEST + offset)
    ordered = array("Q", sorted(seen))
    if any(map(eq, ordered, ordered[1:])):
        raise UsageError(
            "The same record is in two of the folders.", "Name each shard once, and no copy."
        )
    if name == KEPT:
        places = array("Q", (place for place in places if place not in again))
    if seed is not None:
        random.Random(seed).shuffle(places)
    files: dict[int, IO[bytes]] = {}
    written = _Written()

    def put(number: int, line: bytes) -> None:
        written.records[number] += 1
        if name == DROPPED:
            written.reasons[reason_of(paths[number], line)] += 1
        target.write(line)

    draft = out.path / f".{name}.new"
    try:
        with storage(draft), draft.open("wb") as target:
            for place in places:
                number, offset = divmod(place, _LARGEST)
                if number not in files:
                    files[number] = paths[number].open("rb")
                files[number].seek(offset)
                put(number, files[number].readline())
            for place, line in again.items() if name == DROPPED else ():
                put(place // _LARGEST, line)
            target.flush()
        with storage(draft):
            draft.replace(out.path / name)
    finally:
        for file in files.values():
            file.close()
    return written


def as_json(merged: Merged) -> dict[str, Any]:
    return {
        "folder": str(merged.folder),
        "kept": merged.kept,
        "dropped": merged.dropped,
        "alike": merged.alike,
        "missing": list(merged.missing),
        "unfinished": list(merged.unfinished),
    }
