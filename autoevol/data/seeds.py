"""The seeds of a run: a domain's rows as instructions.

Decides how rows become the items that methods are measured on. Reading files is left to `dataset`,
dividing the items to `splits`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

from autoevol.data.dataset import Fields, Skipped, digest_of_source, instructions, read_rows
from autoevol.domain import Domain
from autoevol.types import Instruction


@dataclass(frozen=True, slots=True)
class Reading:
    """How rows are read: columns under names of their own (see `dataset.Fields`), whether rows that
    cannot be read are left out, at most how many rows are taken (None: all), and of them which
    (`shard`: 3/8 is the third of eight parts)."""

    fields: Mapping[str, str] = field(default_factory=dict)
    skip_bad: bool = False
    limit: int | None = None
    shard: str = ""


@dataclass(frozen=True, slots=True)
class Seeds:
    """`digest` is over the source's bytes; `skipped` counts rows that could not be read."""

    items: tuple[Instruction, ...]
    source: str
    digest: str
    skipped: int


def read_seeds(domain: Domain, reading: Reading | None = None) -> Seeds:
    """A domain's seeds. Rows that cannot be evolved are left out.

    Raises:
        BadInput: the source, or a row of it, cannot be read.
    """
    how, skipped = reading or Reading(), Skipped()
    fields = Fields.of({**domain.fields, **how.fields})
    rows = read_rows(domain.seeds, fields=fields, skip_bad=how.skip_bad, skipped=skipped)
    items = tuple(instructions(islice(rows, how.limit)))
    digest = digest_of_source(domain.seeds)
    return Seeds(items, domain.seeds.name, digest, skipped.count)
