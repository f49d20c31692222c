"""Where rows go: the formats by name, and how each is written.

Decides the files of each format. What a row holds is left to `rows`, Parquet to `tables`, the words
of a data card to `card`. Nothing that is there is overwritten: a data set has been read by someone.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from autoevol.errors import BadInput, UsageError
from autoevol.evolving.records import to_line
from autoevol.runs import storage
from autoevol.training.card import write_card
from autoevol.training.rows import (
    Counts,
    Json,
    Shape,
    alpaca,
    alternates,
    leaving,
    messages,
    sharegpt,
    wide,
)
from autoevol.training.tables import IN_A_FILE, check_installed, write_table

ENTRIES = "dataset_info.json"


@dataclass(frozen=True, slots=True)
class Export:
    """One run on its way out. `records` may be read more than once; `reasoning` keeps it."""

    name: str
    records: Callable[[], Iterable[Json]]
    summary: Mapping[str, Any]
    settings: Mapping[str, Any]
    reasoning: bool

    def rows(self, shape: Shape, counts: Counts) -> Iterator[Json]:
        """Every row that may leave, in a shape."""
        return (shape(record, self.reasoning) for record in leaving(self.records(), counts))


def write_messages(export: Export, out: Path, counts: Counts) -> None:
    """One JSON object a line with `messages`: TRL, OpenAI's fine-tuning, and most others."""
    _write_lines(export.rows(messages, counts), out)


def write_sharegpt(export: Export, out: Path, counts: Counts) -> None:
    """One JSON object a line with `conversations`."""
    _write_lines(export.rows(sharegpt, counts), out)


def write_alpaca(export: Export, out: Path, counts: Counts) -> None:
    """A JSON list of rows with `instruction`, `input` and `output`; `system` and `history` stand in
    all rows if any row needs them."""
    more = False
    for record in leaving(export.records(), Counts()):
        if not alternates(record):
            raise BadInput(
                f"record {record['id']}: its turns do not alternate, which Alpaca cannot hold.",
                "Export with --to messages or sharegpt.",
            )
        more = more or len(record["messages"]) != 2
    kept = ("instruction", "input", "output", *(("system", "history") if more else ()))
    rows = ({name: row[name] for name in kept} for row in export.rows(alpaca, counts))
    lines = (to_line(row).rstrip(b"\n") for row in rows)
    first = next(lines, b"")
    pieces = chain((b"[\n", first), (b",\n" + line for line in lines), (b"\n]\n",))
    _write(pieces, out)


def write_parquet(export: Export, out: Path, counts: Counts) -> None:
    """One Parquet file with every column that may leave."""
    check_installed()
    _place(out, lambda draft: write_table(export.rows(wide, counts), draft))


def write_hf(export: Export, out: Path, counts: Counts) -> None:
    """A folder that `datasets.load_dataset` loads and that can be pushed to the hub as it is:
    Parquet in shards, and the data card."""
    check_installed()
    _fresh_folder(out)
    data = out / "data"
    with storage(data):
        data.mkdir(parents=True)
    files = list[Path]()
    rows = export.rows(wide, counts)
    while (first := next(rows, None)) is not None:
        shard = chain((first,), islice(rows, IN_A_FILE - 1))
        files.append(data / f"part-{len(files)}.parquet")
        _place(files[-1], partial(write_table, shard))
    for number, path in enumerate(files):
        path.rename(data / f"train-{number:05d}-of-{len(files):05d}.parquet")
    card = write_card(export.name, export.summary, export.settings, counts, export.reasoning)
    _write([card.encode("utf-8", "replace")], out / "README.md")


def write_llama_factory(export: Export, out: Path, counts: Counts) -> None:
    """A file for LLaMA-Factory's data folder and the entry in its `dataset_info.json`; the folder
    may be LLaMA-Factory's own."""
    name = re.sub(r"[^a-z0-9]+", "_", export.name.lower()).strip("_") or "evolved"
    entries = _entries(out / ENTRIES)
    if name in entries:
        raise UsageError(f"{out / ENTRIES} has a data set {name} already.", "Name another folder.")
    with storage(out):
        out.mkdir(parents=True, exist_ok=True)
    _write_lines(export.rows(messages, counts), out / f"{name}.jsonl")
    tags = {"role_tag": "role", "content_tag": "content"}
    tags |= {f"{speaker}_tag": speaker for speaker in ("user", "assistant", "system")}
    entries[name] = {
        "file_name": f"{name}.jsonl",
        "formatting": "sharegpt",
        "columns": {"messages": "messages"},
        "tags": tags,
    }
    text = json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
    _write([text.encode("utf-8", "replace")], out / ENTRIES, anew=True)


def _entries(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} cannot be read: {error}.", "Name another folder.") from error
    if not isinstance(content, dict):
        raise BadInput(f"{path} holds no table of data sets.", "Name another folder.")
    return content


def _fresh_folder(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} is there already.", "Name a new folder.")


def _write_lines(rows: Iterable[Json], out: Path) -> None:
    _write((to_line(row) for row in rows), out)


def _write(pieces: Iterable[bytes], out: Path, *, anew: bool = False) -> None:
    def write(draft: Path) -> None:
        with draft.open("wb") as file:
            file.writelines(pieces)

    _place(out, write, anew=anew)


def _place(out: Path, write: Callable[[Path], object], *, anew: bool = False) -> None:
    """Let a file be written beside its place and put there whole."""
    if out.exists() and not anew:
        raise UsageError(f"{out} is there already.", "Name a new file.")
    draft = out.with_name(f".{out.name}.new")
    with storage(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        try:
            write(draft)
            os.replace(draft, out)
        finally:
            with suppress(OSError):
                draft.unlink()


Writer = Callable[[Export, Path, Counts], None]

FORMATS: Mapping[str, tuple[Writer, str, str]] = {
    "messages": (write_messages, ".jsonl", "TRL: load_dataset('json', data_files='FILE')"),
    "alpaca": (write_alpaca, ".json", "load_dataset('json', data_files='FILE')"),
    "sharegpt": (write_sharegpt, ".jsonl", "load_dataset('json', data_files='FILE')"),
    "parquet": (write_parquet, ".parquet", "load_dataset('parquet', data_files='FILE')"),
    "hf": (write_hf, "", "load_dataset('FILE'), or push the folder to the hub as it is"),
    "llama-factory": (write_llama_factory, "", "set dataset_dir to FILE"),
}
"""By name: how it is written, the ending of its file ('' is a folder), and how it is used."""
