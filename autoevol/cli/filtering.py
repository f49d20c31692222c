"""The filters of `autoevol evolve` as they are typed and shown.

Decides how flags become a choice of filters, and what is said of benchmarks at the end. What the
filters do is left to `evolving.filters`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from autoevol.cli.run import Flags, number, text
from autoevol.evolving.filters.choice import Dedup, Filters


def several(values: Iterable[str | None]) -> str | None:
    """The values of a flag that may be repeated, as one that a run can remember."""
    given = [value for value in values if value is not None]
    return json.dumps(given, ensure_ascii=False) if given else None


def filters_of(flags: Flags) -> Filters:
    """The filters that the flags ask for; what is refused, they refuse themselves."""
    return Filters(
        dedup=cast(Dedup, text(flags, "dedup") or "minhash"),
        decontaminate=tuple(map(Path, _apart(flags, "decontaminate"))),
        min_words=number(flags, "min_words"),
        max_words=number(flags, "max_words"),
        languages=_apart(flags, "lang"),
        licenses=_apart(flags, "allow_license"),
        redact=text(flags, "redact"),
    )


def _apart(flags: Flags, name: str) -> tuple[str, ...]:
    return tuple(json.loads(text(flags, name) or "[]"))


def benchmark_lines(summary: Mapping[str, Any]) -> Iterator[str]:
    """One line for each benchmark that was looked for."""
    for told in summary.get("benchmarks", ()):
        line = f"{told['file']}: words of {told['rows_found']:,} of its {told['rows']:,} rows"
        line += f" in {told['records_dropped']:,} dropped"
        if told["too_short_to_find"]:
            line += f"; too short to be looked for: {told['too_short_to_find']:,}"
        yield line
