"""Domain packs: `domains/NAME/{domain.toml,seeds.jsonl,calibration.jsonl}`, or a user's own.

Decides what a domain is: what its instructions are, which methods it starts from, which tasks show
a judge the scale, and which pairs test that judge. Reading rows is left to `dataset`, methods to
`methods`.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autoevol.assets import domains_folder
from autoevol.errors import BadInput

_KEYS = {"name", "title", "describe", "initial", "rival", "seeds", "calibration", "fields", "rated"}


@dataclass(frozen=True, slots=True)
class Rated:
    """A task whose difficulty is known, 1 (trivial) to 5 (very hard)."""

    rating: int
    task: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A rewrite whose effect on difficulty is known. `harder` None: no change, only reported."""

    id: str
    before: str
    after: str
    harder: bool | None
    kind: str


@dataclass(frozen=True, slots=True)
class Domain:
    """`initial` and `rival` are method references (`domain/name` or a path). `rows` is the name of
    the file where the rows are the user's own; the domain is named after it."""

    name: str
    title: str
    describe: str
    initial: str
    rival: str
    seeds: Path
    fields: Mapping[str, str]
    rated: tuple[Rated, ...]
    pairs: tuple[Pair, ...]
    rows: str = ""

    @property
    def said(self) -> str:
        """What it is called in a sentence: a file's name is no domain that anybody knows."""
        return f"the rows of {self.rows}" if self.rows else self.name


def known_domains() -> list[str]:
    return sorted(path.parent.name for path in domains_folder().glob("*/domain.toml"))


def load_domain(reference: str) -> Domain:
    """The shipped domain of that name, or the one in a `domain.toml` named by its path.

    Raises:
        BadInput: unknown name (the known ones are listed), or the file cannot be read.
    """
    path = Path(reference)
    if reference.endswith(".toml"):
        return _read(path)
    if reference not in known_domains():
        close = difflib.get_close_matches(reference, known_domains(), n=1)
        meant = f" Did you mean {close[0]!r}?" if close else ""
        raise BadInput(
            f"Unknown domain {reference!r}.{meant}",
            f"Known: {', '.join(known_domains())}; or give your own domain.toml, or --data FILE.",
        )
    return _read(domains_folder() / reference / "domain.toml")


GENERAL = "chat"
"""The domain that lends methods and the judge's scale to rows of no named domain."""


def choose_domain(domain: str | None, data: str | None, describe: str) -> Domain:
    """The domain of a run: a shipped or own pack, or one made of a user's own rows.

    Args:
        domain: a reference for `load_domain`; None is `code`, or the general one where `data` is
            given.
        data: the user's own rows. They get a domain named after the file; `domain` lends it the
            starting methods and the judge's scale and pairs, which test the judge, not the data.
        describe: one sentence on what `data` holds.

    Raises:
        BadInput: see `load_domain`.
    """
    if data is None:
        return load_domain(domain or "code")
    pack = load_domain(domain or GENERAL)
    stem = Path(data).name.split(".")[0].lower()
    name = "-".join(re.findall(r"[a-z0-9]+", stem)) or "own"
    return Domain(
        name=name,
        title=describe or pack.title,
        describe=describe or pack.describe,
        initial=pack.initial,
        rival=pack.rival,
        seeds=Path(data),
        fields={},
        rated=pack.rated,
        pairs=pack.pairs,
        rows=Path(data).name,
    )


def _read(path: Path) -> Domain:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or error}.", "Name a domain.toml.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: not TOML: {error}.", "Mend the file.") from error
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        known = ", ".join(sorted(_KEYS))
        raise BadInput(f"{path}: unknown key {unknown[0]!r}.", f"Known keys: {known}.")
    try:
        name = str(table["name"])
        return Domain(
            name=name,
            title=str(table.get("title", name)),
            describe=str(table["describe"]),
            initial=_method(table.get("initial", "initial"), name),
            rival=_method(table.get("rival", "direct"), name),
            seeds=path.parent / str(table["seeds"]),
            fields={str(k): str(v) for k, v in table.get("fields", {}).items()},
            rated=tuple(Rated(int(r["rating"]), str(r["task"])) for r in table["rated"]),
            pairs=_pairs(path.parent / str(table["calibration"])),
        )
    except KeyError as error:
        raise BadInput(
            f"{path}: no {error.args[0]!r}.", "See a shipped domain.toml for the keys."
        ) from error


def _method(reference: object, domain: str) -> str:
    text = str(reference)
    return text if "/" in text or text.endswith(".md") else f"{domain}/{text}"


def _pairs(path: Path) -> tuple[Pair, ...]:
    pairs: list[Pair] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: {error}.", "Name a JSONL file of calibration pairs.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row: dict[str, Any] = json.loads(line)
            pairs.append(
                Pair(str(row["id"]), row["before"], row["after"], row["harder"], row["kind"])
            )
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(f"{path}, line {number}: not a calibration pair: {error}.") from error
    return tuple(pairs)
