"""`autoevol merge`: the record files of several folders as one, shuffled with a seed.

Decides which folders belong together, that every record is there once, that what is like a record
of an earlier folder goes (by the filter that the run had), and the order of the whole: all rounds,
variants and seeds are mixed, as WizardLM (arXiv 2304.12244) trains on them. In memory are eight
bytes a record; the texts stay on the disk.
"""

from __future__ import annotations

import json
import random
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import eq
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, cast

from autoevol.errors import BadInput, UsageError
from autoevol.evolving.done import names
from autoevol.evolving.filters.choice import Dedup, Filters
from autoevol.evolving.filters.sieve import Sieve
from autoevol.evolving.records import read_with_lengths, to_line
from autoevol.evolving.shard import Shard
from autoevol.runs import RunFolder, Scalar, open_run, read_settings, storage
from autoevol.verbs.evolve import DROPPED, KEPT

SUMMARY = "summary.json"
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
        UsageError: folders of different runs, the same record in two of them, or `out` is taken.
        BadInput: a folder is none of evolve's, or a record is damaged.
        StorageFailed: `out` cannot be written.
    """
    if not folders:
        raise UsageError("There is nothing to merge.", "Name the folders of the shards.")
    settings = [read_settings(folder) for folder in folders]
    _check_alike(folders, settings)
    shards = [Shard.parse(str(one.get("data", {}).get("shard", ""))) for one in settings]
    held = {(shard.number, shard.of) for shard in shards}
    whole = max(shard.of for shard in shards)
    missing = [f"{n}/{whole}" for n in range(1, whole + 1) if (n, whole) not in held]
    unfinished = [str(folder) for folder in folders if not _complete(folder)]
    table: dict[str, Mapping[str, Scalar]] = {
        "settings": {"seed": seed},
        "folders": {str(n): str(folder.absolute()) for n, folder in enumerate(folders)},
    }
    with open_run(out, "merge", table) as folder:
        again = _alike(folders, settings[0], folder)
        kept = _merged(folders, KEPT, folder, seed, again)
        dropped = _merged(folders, DROPPED, folder, None, again)
        folder.write_json(
            SUMMARY,
            {
                "version": 1,
                "verb": "merge",
                "kept": kept,
                "dropped": dropped,
                "alike": len(again),
                "seed": seed,
                "missing": missing,
                "unfinished": unfinished,
            },
        )
    return Merged(out, kept, dropped, len(again), tuple(missing), tuple(unfinished))


def _check_alike(
    folders: Sequence[Path], settings: Sequence[Mapping[str, Mapping[str, Scalar]]]
) -> None:
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


def _alike(
    folders: Sequence[Path], settings: Mapping[str, Mapping[str, Scalar]], out: RunFolder
) -> dict[int, bytes]:
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


def _merged(
    folders: Sequence[Path],
    name: str,
    out: RunFolder,
    seed: int | None,
    again: Mapping[int, bytes],
) -> int:
    """All records of the files of that name, in their order or shuffled; returns how many. Those
    of `again` are dropped ones."""
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
    draft = out.path / f".{name}.new"
    try:
        with storage(draft), draft.open("wb") as target:
            for place in places:
                number, offset = divmod(place, _LARGEST)
                if number not in files:
                    files[number] = paths[number].open("rb")
                files[number].seek(offset)
                target.write(files[number].readline())
            for line in again.values() if name == DROPPED else ():
                target.write(line)
            target.flush()
        with storage(draft):
            draft.replace(out.path / name)
    finally:
        for file in files.values():
            file.close()
    return len(places) + (len(again) if name == DROPPED else 0)


def as_json(merged: Merged) -> dict[str, Any]:
    return {
        "folder": str(merged.folder),
        "kept": merged.kept,
        "dropped": merged.dropped,
        "alike": merged.alike,
        "missing": list(merged.missing),
        "unfinished": list(merged.unfinished),
    }
