"""The ledger's rows: how calls become columns, and columns answers and bills again.

Decides the columns' order and meaning, with ledger.sql. When rows are written and read is left to
`ledger`.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from decimal import Decimal

from autoevol.errors import BadInput
from autoevol.llm.bill import Bill, BillRow
from autoevol.llm.ledger_file import sql
from autoevol.llm.messages import Request, Response, Usage

Value = str | int | float | None


def read_answer(text: str, path: str) -> Response:
    try:
        return Response.from_json(text, cached=True)
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise BadInput(
            f"{path}: a stored answer cannot be read ({error!r}).", "Name another run folder."
        ) from error


def call_row(key: str, request: Request, response: Response, seconds: float) -> tuple[Value, ...]:
    usage = response.usage
    return (
        key,
        _storable(request.role),
        _storable(request.model),
        _storable(response.served),
        request.sample,
        *_tokens(usage),
        None if response.cost is None else str(response.cost),
        seconds,
        _now(),
        0,
        response.to_json(),
    )


def lost_row(
    key: str, request: Request, usage: Usage, cost: Decimal | None, reason: str, seconds: float
) -> tuple[Value, ...]:
    """The columns of `attempts` after its id."""
    asked = (_storable(request.role), _storable(request.model), _storable(reason))
    price = None if cost is None else str(cost)
    return (key, *asked, *_tokens(usage), price, seconds, _now())


def copied_row(row: tuple[Value, ...]) -> tuple[Value, ...]:
    """A row of another run's `calls`, marked as paid there."""
    return (*row[:-2], 1, row[-1])


def _storable(text: str) -> str:
    """Text as SQLite takes it: UTF-8, so without lone surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _tokens(usage: Usage) -> tuple[int, int, int, int]:
    """Token counts as SQLite takes them; an endpoint may report nonsense."""
    counts = (usage.input, usage.output, usage.reasoning, usage.cached)
    taken, given, reasoning, cached = (min(max(0, count), 2**53) for count in counts)
    return taken, given, reasoning, cached


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def read_rows(connection: sqlite3.Connection) -> tuple[BillRow, ...]:
    bill = Bill()
    for row in connection.execute(sql("bill")):
        role, model, copied, lost, cost, calls, taken, given, reasoning, cached = row
        if copied:
            bill.add(BillRow(role, model, cached_calls=calls))
            continue
        bill.add(
            BillRow(
                role,
                model,
                calls=0 if lost else calls,
                lost_calls=calls if lost else 0,
                input=taken,
                output=given,
                reasoning=reasoning,
                cached_tokens=cached,
                cost=Decimal(0) if cost is None else Decimal(cost) * calls,
                unpriced=calls if cost is None else 0,
            )
        )
    return bill.rows()
