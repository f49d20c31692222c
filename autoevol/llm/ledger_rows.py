"""The ledger's rows: how calls become columns, and columns answers and bills again.

Decides the columns' order and meaning, with ledger.sql, and how a version's keys and answers are
spelled: version 1 as text, version 2 in as few bytes as they take. When rows are written and read
is left to `ledger`.
"""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from autoevol.errors import BadInput
from autoevol.llm.bill import Bill, BillRow
from autoevol.llm.ledger_file import sql, version_of
from autoevol.llm.messages import Request, Response, Usage

_DIGEST = re.compile("[0-9a-f]{64}")

Value = str | bytes | int | float | None

_COMMON = (
    b'","reasoning":"","logprobs":[],"served":"","cost":null}","usage":{"input":,"output":'
    b',"reasoning":0,"cached":0},"finish":"length","finish":"stop",{"text":"<evolved></evolved>'
)
"""What answers have in common; part of version 2, since nothing deflated with it reads without."""


def spelled(key: str, version: int) -> Value:
    """A key as the column holds it."""
    return key if version == 1 or not _DIGEST.fullmatch(key) else bytes.fromhex(key)


def _deflated(text: str, version: int) -> Value:
    if version == 1:
        return text
    deflate = zlib.compressobj(6, zdict=_COMMON)
    return deflate.compress(text.encode()) + deflate.flush()


def _inflated(answer: str | bytes) -> str:
    if isinstance(answer, str):
        return answer
    inflate = zlib.decompressobj(zdict=_COMMON)
    return (inflate.decompress(answer) + inflate.flush()).decode()


def read_answer(answer: str | bytes, path: str) -> Response:
    try:
        return Response.from_json(_inflated(answer), cached=True)
    except (ValueError, KeyError, TypeError, ArithmeticError, zlib.error) as error:
        raise BadInput(
            f"{path}: a stored answer cannot be read ({error!r}).", "Name another run folder."
        ) from error


def call_row(
    key: str, request: Request, response: Response, seconds: float, version: int
) -> tuple[Value, ...]:
    usage = response.usage
    return (
        spelled(key, version),
        _storable(request.role),
        _storable(request.model),
        _storable(response.served),
        request.sample,
        *_tokens(usage),
        None if response.cost is None else str(response.cost),
        seconds,
        _now(),
        0,
        _deflated(response.to_json(), version),
    )


def lost_row(
    key: Value, request: Request, usage: Usage, cost: Decimal | None, reason: str, seconds: float
) -> tuple[Value, ...]:
    """The columns of `attempts` after its id."""
    asked = (_storable(request.role), _storable(request.model), _storable(reason))
    price = None if cost is None else str(cost)
    return (key, *asked, *_tokens(usage), price, seconds, _now())


def copied_row(key: str, row: tuple[Any, ...], version: int) -> tuple[Value, ...]:
    """A row of another run's `calls`, marked as paid there."""
    moved = moved_row(key, row, version)
    return (*moved[:-2], 1, moved[-1])


def moved_row(key: str, row: tuple[Any, ...], version: int) -> tuple[Value, ...]:
    """A row of another `calls` as it is, in the spelling of a version."""
    answer = row[-1]
    if isinstance(answer, str) != (version == 1):
        answer = _deflated(_inflated(answer), version)
    return (spelled(key, version), *row[1:-1], answer)


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


def add_totals(connection: sqlite3.Connection, rows: Iterable[BillRow]) -> None:
    """Add to the totals what `billed` made of single rows."""
    sums: dict[tuple[str, str, int, int], BillRow] = {}
    for row in rows:
        place = (row.role, row.model, row.cached_calls, row.lost_calls)
        sums[place] = sums[place] + row if place in sums else row
    for place, row in sums.items():
        held = connection.execute(sql("total"), place).fetchone() or (0, 0, 0, 0, 0, 0, "0")
        grown = [
            held[0] + row.calls + row.lost_calls + row.cached_calls,
            held[1] + row.unpriced,
            held[2] + row.input,
            held[3] + row.output,
            held[4] + row.reasoning,
            held[5] + row.cached_tokens,
            str(Decimal(held[6]) + row.cost),
        ]
        connection.execute(sql("new total"), (*place, *grown))


def billed(statement_loses: bool, values: tuple[Value, ...]) -> BillRow:
    """What one written row adds to the bill: of `attempts` where it loses, else of `calls`, where a
    copied one stands as cached."""
    role, model = str(values[1]), str(values[2])
    if not statement_loses and values[12]:
        return BillRow(role, model, cached_calls=1)
    at = 4 if statement_loses else 5
    taken, given, reasoning, cached, cost = values[at : at + 5]
    return BillRow(
        role,
        model,
        calls=int(not statement_loses),
        lost_calls=int(statement_loses),
        input=int(taken or 0),
        output=int(given or 0),
        reasoning=int(reasoning or 0),
        cached_tokens=int(cached or 0),
        cost=Decimal(str(cost or 0)),
        unpriced=int(cost is None),
    )


def read_rows(connection: sqlite3.Connection, lost: bool = True) -> tuple[BillRow, ...]:
    """The bill of an opened ledger; without `lost`, of what was answered."""
    bill = Bill()
    if version_of(connection) == 1:
        return _read_rows_1(connection, bill, lost)
    for row in connection.execute(sql("totals")):
        role, model, copied, gone, calls, unpriced, taken, given, reasoning, cached, cost = row
        if copied:
            bill.add(BillRow(role, model, cached_calls=calls))
        elif lost or not gone:
            used = (taken, given, reasoning, cached)
            bill.add(_total(role, model, gone, calls, used, Decimal(cost), unpriced))
    return bill.rows()


def _read_rows_1(connection: sqlite3.Connection, bill: Bill, lost: bool) -> tuple[BillRow, ...]:
    for row in connection.execute(sql("bill of version 1")):
        role, model, copied, gone, cost, calls, taken, given, reasoning, cached = row
        if copied:
            bill.add(BillRow(role, model, cached_calls=calls))
            continue
        if gone and not lost:
            continue
        used = (taken, given, reasoning, cached)
        paid = Decimal(0) if cost is None else Decimal(cost) * calls
        bill.add(_total(role, model, gone, calls, used, paid, calls if cost is None else 0))
    return bill.rows()


def _total(
    role: str,
    model: str,
    lost: bool,
    calls: int,
    used: tuple[int, int, int, int],
    cost: Decimal,
    unpriced: int,
) -> BillRow:
    """Calls of one kind together; `used` are tokens: input, output, reasoning, cached."""
    taken, given, reasoning, cached = used
    return BillRow(
        role,
        model,
        calls=0 if lost else calls,
        lost_calls=calls if lost else 0,
        input=taken,
        output=given,
        reasoning=reasoning,
        cached_tokens=cached,
        cost=cost,
        unpriced=unpriced,
    )
