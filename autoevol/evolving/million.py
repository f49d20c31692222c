"""What a million kept rows would cost, by what this run took: online and by batch.

Decides what counts: every answered call of every role, of what was dropped too; calls that brought
no answer are weather, and answers taken over from other runs count as if they had been asked for.
Which prices hold is left to `llm.prices`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autoevol.llm.ledger import read_bill
from autoevol.llm.prices import Rate, Rates

Json = dict[str, Any]


def million(ledger: Path, kept: int, rates: Mapping[str, Rates]) -> Json | None:
    """{input_tokens, output_tokens, usd, usd_batch} for a million kept rows; money is None where a
    price is not known. None where nothing was kept, or nobody was asked here.

    Args:
        ledger: the run's.
        kept: the rows that came of its calls.
        rates: by model.
    """
    bill = read_bill(ledger, lost=False) if ledger.exists() else ()
    if not kept or not bill or not all(row.calls for row in bill):
        return None
    taken, given = 0.0, 0.0
    money: dict[str, float | None] = {"usd": 0.0, "usd_batch": 0.0}
    for row in bill:
        times = 1e6 * (row.calls + row.cached_calls) / row.calls / kept
        read, said = times * row.input, times * row.output
        taken, given = taken + read, given + said
        known = rates.get(row.model, Rates(None, None))
        for name, rate in (("usd", known.online), ("usd_batch", known.batch)):
            money[name] = _sum(money[name], rate, read, said)
    whole = {name: None if one is None else round(one, 2) for name, one in money.items()}
    return {"input_tokens": round(taken), "output_tokens": round(given), **whole}


def _sum(before: float | None, rate: Rate | None, read: float, said: float) -> float | None:
    return None if before is None or rate is None else before + rate.of(read, said)
