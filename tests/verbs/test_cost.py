"""`cost`: the bill of a folder."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from autoevol.errors import BadInput
from autoevol.llm.ledger import Ledger
from autoevol.llm.messages import Message, Request, Response, Usage
from autoevol.verbs.cost import cost


async def spend(folder: Path) -> None:
    with Ledger(folder / "ledger.sqlite") as ledger:
        for number, (role, model, money) in enumerate(
            [("judge", "a/x", "0.25"), ("judge", "a/y", "0.5"), ("evolver", "a/x", None)]
        ):
            request = Request(model, (Message("user", str(number)),), role, max_tokens=9)
            price = None if money is None else Decimal(money)
            answer = Response("ok", "stop", Usage(input=10, output=2), cost=price)
            await ledger.put(str(number), request, answer, 0.1)


async def test_a_bill_is_summed_by_role_by_model_and_as_a_whole(tmp_path: Path) -> None:
    await spend(tmp_path)
    found = cost(tmp_path)
    assert [(r.role, r.model, r.cost) for r in found.rows] == [
        ("evolver", "a/x", Decimal(0)),
        ("judge", "a/x", Decimal("0.25")),
        ("judge", "a/y", Decimal("0.5")),
    ]
    assert {r.role: r.cost for r in found.by_role()} == {"evolver": 0, "judge": Decimal("0.75")}
    assert {r.model: r.calls for r in found.by_model()} == {"a/x": 2, "a/y": 1}
    assert (found.total.calls, found.total.cost, found.total.unpriced) == (3, Decimal("0.75"), 1)
    assert found.as_json()["total"]["cost"] == "0.75"


def test_a_folder_without_a_ledger_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"ledger\.sqlite"):
        cost(tmp_path)
