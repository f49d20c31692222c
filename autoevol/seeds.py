"""The seeds of a run: a domain's rows as instructions.

Decides how rows become the items that methods are measured on. Reading files is left to `dataset`,
dividing the items to `splits`.
"""

from __future__ import annotations

from dataclasses import dataclass

from autoevol.dataset import Skipped, digest_of_source, read_rows
from autoevol.domain import Domain
from autoevol.errors import BadInput
from autoevol.types import Instruction


@dataclass(frozen=True, slots=True)
class Seeds:
    """`digest` is over the source's bytes; `skipped` counts rows that could not be read."""

    items: tuple[Instruction, ...]
    source: str
    digest: str
    skipped: int
