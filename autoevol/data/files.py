"""Where rows come from: a file, a folder, a data set of the hub, or a program that hands them over.

Decides which files are read and as what, how they are unpacked, and what a source that cannot be
read says. The text formats are left to `formats`, the meaning of columns to `columns`. The optional
packages (pyarrow, zstandard, datasets) are imported here alone, when a source needs one.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

from autoevol.data.formats import CHUNK, BadRow, Found, Passing, array, json_lines, lines, table
from autoevol.errors import BadInput
from autoevol.types import digest_of

SUFFIXES = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet")
FOREIGN = (
    *(".txt", ".md", ".xlsx", ".xls", ".yaml", ".yml", ".xml", ".html", ".arrow", ".feather"),
    *(".zip", ".tar", ".gz", ".zst", ".bz2", ".xz", ".7z"),
)
"""Endings of files that are not read here; a name with one is no data set's."""
LINED = (".jsonl", ".ndjson")
HANDED_OVER = "the rows handed over"
Source = Path | str | Iterable[Mapping[str, object]]
"""Where rows come from: a file, a folder, a data set's name, or a program that hands them over."""

# What a file gives before its columns are known: where, line, and the row or why there is none.
Value = tuple[str, int, Mapping[str, object] | BadRow]


def values(source: Source, passed: int = 0) -> Iterator[Value]:
    """The rows of a source before their columns are known, in order, but for the first `passed`.

    Raises:
        BadInput: no such source, an unknown kind of file, one that cannot be opened or unpacked.
    """
    if not isinstance(source, Path | str):
        for line, value in islice(enumerate(source, start=1), passed, None):
            known = isinstance(value, Mapping)
            yield HANDED_OVER, line, value if known else BadRow("not a mapping of columns.")
        return
    path, passing = Path(source), Passing(passed)
    if path.is_dir():
        for file in _files(path):
            yield from _file(file, passing)
    elif path.exists() or not _is_data_set_name(str(source)):
        yield from _file(path, passing)
    else:
        yield from islice(_data_set(str(source)), passed, None)


def count_lines(path: Path) -> int | None:
    """The lines of a plain file of JSON lines, None of anything else; a gigabyte takes a second."""
    if path.suffix not in LINED or not path.is_file():
        return None
    count, ended = 0, True
    try:
        with path.open("rb", buffering=0) as file:
            while chunk := file.read(1 << 18):
                count += chunk.count(b"\n")
                ended = chunk.endswith(b"\n")
    except OSError:
        return None  # the reader says so better
    return count + (not ended)


def named(source: Source) -> str:
    """The source as it is called in messages."""
    return str(source) if isinstance(source, Path | str) else HANDED_OVER


def digest_of_file(path: Path) -> str:
    """`sha256:` digest of a file's bytes."""
    try:
        with path.open("rb") as file:
            return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def digest_of_source(source: Path | str) -> str:
    """The digest of a file, of a folder's files by name, or of a data set's name."""
    path = Path(source)
    if path.is_dir():
        parts = [f"{p.relative_to(path).as_posix()} {digest_of_file(p)}" for p in _files(path)]
        return digest_of("\n".join(parts))
    return digest_of_file(path) if path.exists() else digest_of(str(source))


def stamp_of_source(source: Path | str) -> tuple[object, ...]:
    """Size and time of every file of a source: where they are equal, nothing was written to it."""
    path = Path(source)
    try:
        files = _files(path) if path.is_dir() else [path] if path.exists() else []
        found = [(str(file), file.stat()) for file in files]
    except OSError as error:
        raise _unreadable(path, error) from error
    return tuple((name, stat.st_size, stat.st_mtime_ns, stat.st_ino) for name, stat in found)


def _files(folder: Path) -> list[Path]:
    found = (p for p in folder.rglob("*") if p.is_file() and _kind(p))
    files = sorted(p for p in found if "/." not in f"/{p.relative_to(folder).as_posix()}")
    if not files:
        raise BadInput(f"{folder} holds no data file.", f"Known endings: {', '.join(SUFFIXES)}.")
    return files


def _kind(path: Path) -> str:
    """The ending that says how to read the file, '' if it is not known."""
    name = path.name.lower()
    plain = name.removesuffix(".gz").removesuffix(".zst")
    return next((s for s in SUFFIXES if plain.endswith(s)), "")


def _file(path: Path, passing: Passing) -> Iterator[Value]:
    kind = _kind(path)
    if not kind and path.exists():
        hint = f"Known endings: {', '.join(SUFFIXES)}, also with .gz or .zst."
        raise BadInput(f"{path}: not a known kind of data file.", hint)
    try:
        if kind == ".parquet":
            found = _parquet(path)
        elif kind in (".csv", ".tsv"):
            found = table(lines(_open(path)), "\t" if kind == ".tsv" else ",")
        else:
            found = _json(path) if kind == ".json" else json_lines(lines(_open(path)), passing)
        for line, value in found:
            if passing.over():
                continue
            yield str(path), line, value
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8 ({error}).", "Save the file as UTF-8.") from error
    except _broken(path) as error:
        raise BadInput(f"{path} cannot be unpacked: {error}.", "Fetch the file again.") from error
    except OSError as error:
        raise _unreadable(path, error) from error


def _broken(path: Path) -> tuple[type[Exception], ...]:
    """What a damaged archive raises."""
    if path.suffix.lower() == ".zst":
        return (EOFError, cast(type[Exception], _extra("zstandard", path, "zst").ZstdError))
    return (EOFError, zlib.error, gzip.BadGzipFile)


def _unreadable(path: Path, error: OSError) -> BadInput:
    return BadInput(f"{path} cannot be read: {error.strerror or error}.", "Check the path.")


def _open(path: Path) -> IO[bytes]:
    try:
        if path.suffix.lower() == ".gz":
            return cast(IO[bytes], gzip.open(path, "rb"))
        if path.suffix.lower() == ".zst":
            unpack = _extra("zstandard", path, "zst").ZstdDecompressor()
            stream = unpack.stream_reader(path.open("rb"), read_across_frames=True)
            return cast(IO[bytes], io.BufferedReader(stream))
        return path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error


def _extra(module: str, path: Path | str, extra: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        hint = f"Install it: pip install 'autoevol[{extra}]'."
        raise BadInput(f"{path} needs the package {module}, which is missing.", hint) from error


def _json(path: Path) -> Iterator[Found]:
    """An array of objects, read piece by piece; or JSON lines under the wrong ending."""
    with io.TextIOWrapper(_open(path), encoding="utf-8-sig", newline="\n") as file:
        text = file.read(CHUNK)
        opening = len(text) - len(text.lstrip())
        if text[opening : opening + 1] == "[":
            yield from array(path, file, text, opening + 1)
            return
    yield from json_lines(lines(_open(path)))


def _parquet(path: Path) -> Iterator[Found]:
    parquet = _extra("pyarrow.parquet", path, "parquet")
    invalid = import_module("pyarrow").ArrowInvalid
    try:
        file = parquet.ParquetFile(path)
        line = 0
        for batch in file.iter_batches(batch_size=256):
            for value in batch.to_pylist():
                line += 1
                yield line, value
    except invalid as error:
        raise BadInput(f"{path} is not a Parquet file: {error}.", "Check the file.") from error


def _is_data_set_name(source: str) -> bool:
    """OWNER/NAME or NAME without an ending; anything that looks like a path is one."""
    odd = source.startswith((".", "/", "~")) or "\\" in source or source.count("/") > 1
    odd = odd or source.lower().endswith(FOREIGN)
    return bool(source) and not odd and not _kind(Path(source))


def _data_set(name: str) -> Iterator[Value]:
    try:
        load = import_module("datasets").load_dataset
    except ImportError as error:
        hint = "Check the path; for a Hugging Face data set: pip install 'autoevol[hf]'."
        raise BadInput(f"There is no file or folder {name!r}.", hint) from error
    try:
        for line, value in enumerate(load(name, split="train", streaming=True), start=1):
            yield name, line, value
    except (OSError, ValueError, RuntimeError) as error:
        hint = "Check the name and the connection, or give a file."
        raise BadInput(f"The data set {name!r} cannot be read: {error}.", hint) from error
