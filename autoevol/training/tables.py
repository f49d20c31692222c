"""Rows as Parquet. The doorkeeper of pyarrow for what is written.

Decides the columns' types, which are the same for every export so that files can be joined, and how
many rows a file holds. Which rows there are is left to `rows`.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from autoevol.errors import UsageError

IN_MEMORY = 1_000
"""Rows of one row group."""
IN_A_FILE = 100_000
"""Rows of one shard of a folder."""


def check_installed() -> None:
    """Raise UsageError where Parquet cannot be written."""
    try:
        import_module("pyarrow.parquet")
    except ImportError as error:
        raise UsageError(
            "Parquet needs pyarrow.", "Install it: pip install 'autoevol[parquet]'."
        ) from error


def write_table(rows: Iterable[dict[str, Any]], path: Path) -> int:
    """Write rows of `rows.wide` as one Parquet file and return how many there were."""
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    text = arrow.string()
    turn = arrow.struct([("role", text), ("content", text)])
    names = (
        *("instruction", "response", "before", "reasoning", "verifier", "id", "seed_id"),
        *("parent_id", "variant", "method", "method_digest", "evolver", "responder", "license"),
        *("lang", "domain", "extra"),
    )
    columns = [("messages", arrow.list_(turn)), ("round", arrow.int64())]
    columns.append(("joined", arrow.list_(text)))
    schema = arrow.schema([*columns, *((name, text) for name in names)])
    count = 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        every = iter(rows)
        while group := list(islice(every, IN_MEMORY)):
            writer.write_table(arrow.Table.from_pylist(list(map(_storable, group)), schema=schema))
            count += len(group)
    return count


def _storable(value: Any) -> Any:
    """Text as UTF-8 carries it: without halves of characters."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {name: _storable(one) for name, one in value.items()}
    return [_storable(one) for one in value] if isinstance(value, list) else value
