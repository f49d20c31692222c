"""What a million kept rows would cost: no weather, nothing left out, nothing guessed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from autoevol.evolving.million import million
from autoevol.llm.ledger import Ledger
from autoevol.llm.messages import Message, Request, Response, Usage
from autoevol.llm.prices import Rate, Rates

ASKED = Request("lo/m", (Message("user", "x"),), "evolver", 10)
GIVEN = Response("y", "stop", Usage(100, 50), cost=Decimal("0.0002"))
RATES = {"lo/m": Rates(Rate(1, 2), Rate(0.5, 1))}


async def test_lost_calls_are_left_out_and_answers_of_other_runs_count(tmp_path: Path) -> None:
    with Ledger(tmp_path / "old.sqlite") as old:
        await old.put("a", ASKED, GIVEN, 0.1)
    path = tmp_path / "new.sqlite"
    with Ledger(path, [tmp_path / "old.sqlite"]) as ledger:
        await ledger.put("b", ASKED, GIVEN, 0.1)
        ledger.lose("c", ASKED, Usage(9999, 9999), Decimal(1), "cut off", 1.0)
        ledger.get("a")
    assert million(path, 2, RATES) == {
        "input_tokens": 100_000_000,
        "output_tokens": 50_000_000,
        "usd": 200.0,
        "usd_batch": 100.0,
    }


async def test_a_price_that_is_not_known_is_none_and_no_kept_row_is_no_figure(
    tmp_path: Path,
) -> None:
    path = tmp_path / "l.sqlite"
    with Ledger(path) as ledger:
        await ledger.put("a", ASKED, GIVEN, 0.1)
        await ledger.put("b", replace(ASKED, model="lo/other"), GIVEN, 0.1)
    found = million(path, 1, RATES)
    assert found is not None
    assert (found["usd"], found["usd_batch"], found["input_tokens"]) == (None, None, 200_000_000)
    assert million(path, 0, RATES) is None
    assert million(tmp_path / "none.sqlite", 1, RATES) is None
