"""Rows in: any of the usual files of instruction data, streamed as `Row`.

Decides which columns mean what, which rows can be evolved and what a broken file says. How rows
become the items of a run is left to `seeds`, what goes out again to `records`. A row that cannot be
*read* is an error (or counted, with `skip_bad`); a row that can be read but not *evolved* (images,
tool calls) comes out with its reason in `unsupported`, so that it can be dropped in the open.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import IO, Any, cast

from autoevol.errors import BadInput
from autoevol.llm.messages import Message, Speaker
from autoevol.types import Instruction, digest_of

SUFFIXES = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet")
SKIP_HINT = "Mend the row, or leave such rows out with --skip-bad-rows."
ROLES: Mapping[str, Speaker] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "model": "assistant",
    "bot": "assistant",
}
TOOLS = ("tool", "function", "tool_calls", "function_call", "function_response", "observation")
CHUNK = 1 << 16
BETWEEN = re.compile(r"[\s,]*")
HANDED_OVER = "the rows handed over"
CSV_CELL = 1 << 27  # the library's own limit of 128 KiB refuses honest long instructions


Source = Path | str | Iterable[Mapping[str, object]]
"""Where rows come from: a file, a folder, a data set's name, or a program that hands them over."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Which column holds what; '' looks under the usual names.

    `instruction` may name a column of text or one of messages.
    """

    instruction: str = ""
    input: str = ""
    response: str = ""
    id: str = ""
    answer: str = ""
    tests: str = ""
    license: str = ""
    lang: str = ""
    domain: str = ""

    @classmethod
    def of(cls, names: Mapping[str, str]) -> Fields:
        """From a table of a domain file or the command line. Raises BadInput on unknown names."""
        unknown = sorted(set(names) - set(cls.__slots__))
        if unknown:
            known = ", ".join(cls.__slots__)
            raise BadInput(f"Unknown field {unknown[0]!r}.", f"Known fields: {known}.")
        return cls(**names)


USUAL: Mapping[str, tuple[str, ...]] = {
    # Where a row has both, the conversation says more than the text.
    "instruction": ("messages", "conversations", "instruction", "prompt", "question"),
    "input": ("input",),
    "response": ("response", "output", "completion"),
    "id": ("id", "uid", "uuid"),
    "answer": ("answer", "final_answer"),
    "tests": ("test_list", "test", "tests"),
    "license": ("license", "licence"),
    "lang": ("lang", "language"),
    "domain": ("domain",),
}


@dataclass(frozen=True, slots=True)
class Verifier:
    """What a seed's answer can be checked by. `kind` is answer or tests.

    `status` is valid, or stale where the instruction was changed before it came here.
    """

    kind: str
    value: object
    status: str = "valid"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of data. `instruction` is the user turn to evolve, the last one of `messages`.

    `messages` is the whole conversation as it came; `extra` holds every other column unchanged;
    `line` counts from 1 (lines of a text file, rows of a table). `unsupported` says why the row
    cannot be evolved, '' if it can.
    """

    id: str
    instruction: str
    messages: tuple[Message, ...]
    response: str = ""
    verifier: Verifier | None = None
    license: str = ""
    lang: str = ""
    domain: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)
    line: int = 0
    unsupported: str = ""


@dataclass(slots=True)
class Skipped:
    """The bad rows that were left out: how many, and the first reasons."""

    count: int = 0
    reasons: list[str] = field(default_factory=list)

    def add(self, reason: str) -> None:
        self.count += 1
        if len(self.reasons) < 5:
            self.reasons.append(reason)


def read_rows(
    source: Source,
    *,
    fields: Fields | None = None,
    skip_bad: bool = False,
    skipped: Skipped | None = None,
) -> Iterator[Row]:
    """The rows of a file, a folder's files in order of name, a Hugging Face data set, or a program.

    Reads .jsonl, .json, .csv, .tsv and .parquet, the text ones also as .gz and .zst, in constant
    memory but for one fingerprint a row. A row's id is the file's, else a hash of its text with its
    number among equal texts; a repeated id gets `#2`, `#3`, … so that no row hides another.

    Args:
        fields: columns under other names than the usual ones.
        skip_bad: leave out rows that cannot be read, instead of stopping at the first.
        skipped: counts what was left out.

    Raises:
        BadInput: no such source, nothing in it, a file that cannot be unpacked; a row that cannot
            be read, naming file and line (unless `skip_bad`), or not a single usable row.
    """
    skipped = Skipped() if skipped is None else skipped
    fields = fields or Fields()
    seen: Counter[int] = Counter()
    some = False
    for where, line, value in _values(source):
        some = True
        try:
            row = _row(value, fields, line)
        except _Bad as bad:
            reason = f"{where}, line {line}: {bad}"
            if not skip_bad:
                raise BadInput(reason, SKIP_HINT) from bad
            skipped.add(reason)
            continue
        yield _numbered(row, seen)
    if not some:
        raise BadInput(f"{_named(source)} holds no rows.", "Give at least one instruction.")
    if not seen:
        raise BadInput(
            f"{_named(source)} holds no usable row: {skipped.reasons[0]}", "Mend the file."
        )


def instructions(rows: Iterable[Row]) -> list[Instruction]:
    """The rows that can be evolved, as instructions."""
    return [Instruction(r.instruction, r.id, r.lang) for r in rows if not r.unsupported]


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


class _Bad(Exception):
    """This row cannot be read; the words say why."""


# What a file gives before its columns are known: where, line, and the row or why there is none.
_Value = tuple[str, int, Mapping[str, object] | _Bad]


def _values(source: Source) -> Iterator[_Value]:
    if not isinstance(source, Path | str):
        for line, value in enumerate(source, start=1):
            known = isinstance(value, Mapping)
            yield HANDED_OVER, line, value if known else _Bad("not a mapping of columns.")
        return
    path = Path(source)
    if path.is_dir():
        for file in _files(path):
            yield from _file(file)
    elif path.exists() or not _is_data_set_name(str(source)):
        yield from _file(path)
    else:
        yield from _data_set(str(source))


def _named(source: Source) -> str:
    return str(source) if isinstance(source, Path | str) else HANDED_OVER


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


def _file(path: Path) -> Iterator[_Value]:
    kind = _kind(path)
    if not kind and path.exists():
        hint = f"Known endings: {', '.join(SUFFIXES)}, also with .gz or .zst."
        raise BadInput(f"{path}: not a known kind of data file.", hint)
    try:
        if kind == ".parquet":
            found = _parquet(path)
        elif kind in (".csv", ".tsv"):
            found = _table(_lines(_open(path)), "\t" if kind == ".tsv" else ",")
        else:
            found = _json(path) if kind == ".json" else _json_lines(_lines(_open(path)))
        for line, value in found:
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


def _lines(file: IO[bytes]) -> Iterator[tuple[int, str | _Bad]]:
    """Lines from 1 on, decoded one by one so that a bad one is known by its number."""
    with file:
        for number, raw in enumerate(file, start=1):
            try:
                text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as error:
                yield number, _Bad(f"not UTF-8 (byte {error.start + 1} of the line).")
            else:
                yield number, text


def _json_lines(
    lines: Iterable[tuple[int, str | _Bad]],
) -> Iterator[tuple[int, Mapping[str, object] | _Bad]]:
    for number, text in lines:
        if isinstance(text, _Bad):
            yield number, text
        elif text.strip():
            yield number, _parsed(text)


def _parsed(text: str) -> Mapping[str, object] | _Bad:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        return _Bad(f"not JSON ({error}).")
    return value if isinstance(value, dict) else _Bad("not a JSON object.")


def _json(path: Path) -> Iterator[tuple[int, Mapping[str, object] | _Bad]]:
    """An array of objects, read piece by piece; or JSON lines under the wrong ending."""
    with io.TextIOWrapper(_open(path), encoding="utf-8-sig", newline="\n") as file:
        text = file.read(CHUNK)
        opening = len(text) - len(text.lstrip())
        if text[opening : opening + 1] == "[":
            yield from _array(path, file, text, opening + 1)
            return
    yield from _json_lines(_lines(_open(path)))


def _array(
    path: Path, file: IO[str], text: str, at: int
) -> Iterator[tuple[int, Mapping[str, object] | _Bad]]:
    """The elements from `at` on. One that does not end in what is read is tried at twice that."""
    decoder = json.JSONDecoder()
    line = 1 + text.count("\n", 0, at)
    while True:
        start = cast(re.Match[str], BETWEEN.match(text, at)).end()
        line += text.count("\n", at, start)
        at = start
        if text.startswith("]", at):
            return
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            more = file.read(max(CHUNK, len(text) - at))
            if not more:
                reason = f"{path}, line {line}: not JSON ({error})."
                raise BadInput(reason, "Mend the file.") from error
            text, at = text[at:] + more, 0
            continue
        yield line, value if isinstance(value, dict) else _Bad("not a JSON object.")
        line += text.count("\n", at, end)
        at = end


def _table(
    lines: Iterable[tuple[int, str | _Bad]], delimiter: str
) -> Iterator[tuple[int, Mapping[str, object] | _Bad]]:
    csv.field_size_limit(CSV_CELL)
    bad: list[tuple[int, _Bad]] = []
    number = 0

    def texts() -> Iterator[str]:
        nonlocal number
        for at, text in lines:
            number = at
            if isinstance(text, _Bad):
                bad.append((at, text))
            else:
                yield text

    reader = csv.DictReader(texts(), delimiter=delimiter, strict=True)
    while True:
        try:
            _ = reader.fieldnames
            line = number + 1
            cells = next(reader, None)
        except csv.Error as error:
            yield number, _Bad(f"not CSV ({error}).")
            continue
        yield from bad
        bad.clear()
        if cells is None:
            return
        if None in cells:
            yield line, _Bad("more cells than the header has.")
        else:
            yield line, {k: v for k, v in cells.items() if v is not None}


def _parquet(path: Path) -> Iterator[tuple[int, Mapping[str, object] | _Bad]]:
    parquet = _extra("pyarrow.parquet", path, "parquet")
    invalid = import_module("pyarrow").ArrowInvalid
    try:
        table = parquet.ParquetFile(path)
        line = 0
        for batch in table.iter_batches(batch_size=256):
            for value in batch.to_pylist():
                line += 1
                yield line, value
    except invalid as error:
        raise BadInput(f"{path} is not a Parquet file: {error}.", "Check the file.") from error


def _is_data_set_name(source: str) -> bool:
    """OWNER/NAME or NAME without an ending; anything that looks like a path is one."""
    odd = source.startswith((".", "/", "~")) or "\\" in source or source.count("/") > 1
    return bool(source) and not odd and not _kind(Path(source))


def _data_set(name: str) -> Iterator[_Value]:
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


class _Columns:
    """A row's columns; what is taken is no longer extra."""

    def __init__(self, value: Mapping[str, object], fields: Fields) -> None:
        self.extra: dict[str, object] = dict(value)
        self.fields = fields
        meta = value.get("meta")
        self.meta: dict[str, object] | None = dict(meta) if isinstance(meta, Mapping) else None

    def name(self, what: str) -> str:
        """The column that holds it, '' if none does."""
        chosen = cast(str, getattr(self.fields, what))
        names = (chosen,) if chosen else USUAL[what]
        return next((n for n in names if _filled(self.extra.get(n))), "")

    def take(self, what: str) -> object:
        name = self.name(what)
        return self.extra.pop(name) if name else None

    def text(self, what: str) -> str:
        """A column of plain text; one of another type stays in extra."""
        name = self.name(what)
        value = self.extra.get(name) if name else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            return ""
        del self.extra[name]
        return value

    def from_meta(self, what: str) -> object:
        """The same under `meta`; the rest of `meta` stays in extra."""
        for name in USUAL[what] if self.meta else ():
            if self.meta and _filled(self.meta.get(name)):
                value = self.meta.pop(name)
                self.extra["meta"] = self.meta
                return value
        return None


def _filled(value: object) -> bool:
    return value not in (None, "", [], (), {})


def _row(value: Mapping[str, object] | _Bad, fields: Fields, line: int) -> Row:
    if isinstance(value, _Bad):
        raise value
    columns = _Columns(value, fields)
    unsupported = _other_media(value)
    name = columns.name("instruction")
    turns = _turns(columns.extra.get(name))
    if name and turns is not None:
        messages, reason = _conversation(turns)
        unsupported = unsupported or reason
        if not unsupported:
            del columns.extra[name]
    else:
        messages = _single_turn(columns, name)
    asked = max((i for i, m in enumerate(messages) if m.role == "user"), default=-1)
    text = messages[asked].content if asked >= 0 else ""
    if columns.extra.get("instruction") == text:
        del columns.extra["instruction"]
    if not text.strip() and not unsupported:
        raise _Bad(_no_text(value, fields, name))
    verifier = _verifier(columns)
    response = columns.text("response")
    if asked >= 0 and len(messages) > asked + 1:
        response = messages[asked + 1].content
    if verifier and verifier.kind == "answer" and isinstance(verifier.value, str):
        # The solutions of grade-school sets end in "#### 42"; before it stands the response.
        solution, mark, final = verifier.value.rpartition("####")
        if mark and solution.strip():
            response = response or verifier.value
            verifier = Verifier("answer", final.strip(), verifier.status)
    return Row(
        id=columns.text("id"),
        instruction=text,
        messages=messages,
        response=response,
        verifier=verifier,
        license=columns.text("license") or str(columns.from_meta("license") or ""),
        lang=columns.text("lang"),
        domain=columns.text("domain"),
        extra=columns.extra,
        line=line,
        unsupported=unsupported,
    )


def _no_text(value: Mapping[str, object], fields: Fields, name: str) -> str:
    if name:
        return f"no user turn with text in {name!r}."
    wanted = fields.instruction or ", ".join(USUAL["instruction"])
    return f"no text: none of {wanted} is filled; the row has {', '.join(map(str, value)) or '-'}."


def _single_turn(columns: _Columns, name: str) -> tuple[Message, ...]:
    """Plain columns: the instruction, an input of its own joined in below it, a system text."""
    text = columns.extra.get(name)
    if not isinstance(text, str):
        return ()
    del columns.extra[name]
    given = columns.text("input") if columns.fields.input or name == "instruction" else ""
    if given.strip():
        text = f"{text}\n\n{given}"
    system = columns.extra.get("system")
    turns = [Message("user", text)]
    if isinstance(system, str):
        del columns.extra["system"]
        if system.strip():
            turns.insert(0, Message("system", system))
    return tuple(turns)


def _turns(value: object) -> Sequence[object] | None:
    """A column of messages: a list, or one written as JSON in a table's cell."""
    if isinstance(value, str) and value.lstrip().startswith("[{"):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, list | tuple) else None


def _conversation(turns: Sequence[object]) -> tuple[tuple[Message, ...], str]:
    """Messages in either dialect (role/content, from/value), and why they cannot be evolved."""
    messages: list[Message] = []
    reason = ""
    for turn in turns:
        if not isinstance(turn, Mapping):
            raise _Bad("a message is not an object with role and content.")
        role = turn.get("role", turn.get("from"))
        content = turn.get("content", turn.get("value"))
        if role in TOOLS or any(_filled(turn.get(key)) for key in TOOLS):
            reason = reason or "tool calls"
            continue
        if role not in ROLES:
            raise _Bad(f"a message has the unknown role {role!r}.")
        text, other = _content(content)
        reason = reason or other
        messages.append(Message(ROLES[str(role)], text))
    return tuple(messages), reason


def _content(content: object) -> tuple[str, str]:
    """A message's text, and what it holds besides text."""
    if content is None or isinstance(content, str):
        return content or "", ""
    if not isinstance(content, list | tuple):
        raise _Bad("a message's content is neither text nor a list of parts.")
    texts: list[str] = []
    other = ""
    for part in content:
        kind = part.get("type") if isinstance(part, Mapping) else "text"
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, Mapping) and kind in ("text", "input_text", "output_text"):
            texts.append(str(part.get("text") or ""))
        else:
            other = other or ("tool calls" if "tool" in str(kind) else "images")
    return "\n".join(texts), other


def _other_media(value: Mapping[str, object]) -> str:
    if any(_filled(value.get(name)) for name in ("image", "images", "audio", "video", "videos")):
        return "images"
    if any(_filled(value.get(name)) for name in ("tools", "functions", "tool_calls")):
        return "tool calls"
    return ""


def _verifier(columns: _Columns) -> Verifier | None:
    known = columns.extra.get("verifier")
    if isinstance(known, Mapping) and known.get("kind"):
        del columns.extra["verifier"]
        value = next((known[k] for k in ("value", "answer", "tests") if k in known), None)
        if value is None:
            return None
        status = "valid" if known.get("status", "valid") == "valid" else "stale"
        return Verifier(str(known["kind"]), value, status)
    for kind in ("answer", "tests"):
        value = columns.take(kind)
        value = columns.from_meta(kind) if value is None else value
        if value is not None:
            return Verifier(kind, value)
    return None


def _numbered(row: Row, seen: Counter[int]) -> Row:
    """With an id of its own: the file's, or a hash of what it says and a number."""
    turns = [[m.role, m.content] for m in row.messages]
    said = json.dumps([row.instruction, turns], ensure_ascii=True)
    name = row.id or hashlib.sha256(said.encode()).hexdigest()[:16]
    # 64 bits stand for the name: a million rows collide with a chance of 3e-8.
    short = int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:8])
    seen[short] += 1
    if not row.id:
        return replace(row, id=f"{name}-{seen[short] - 1}")
    return row if seen[short] == 1 else replace(row, id=f"{name}#{seen[short]}")
