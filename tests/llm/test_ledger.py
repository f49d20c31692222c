"""The ledger: what was acknowledged is there, whatever happens; what is not a ledger is refused."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import secrets
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.errors import BadInput, StorageFailed
from autoevol.llm.bill import BillRow
from autoevol.llm.budget import Amount
from autoevol.llm.ledger import Ledger, read_bill
from autoevol.llm.ledger_rows import read_answer
from autoevol.llm.messages import Message, Request, Response, Usage


def request(text: str = "hello", role: str = "evolver") -> Request:
    return Request("fake/echo", (Message("user", text),), role, 10)


def answer(text: str = "well", cost: str | None = "0.1", served: str = "m-1") -> Response:
    price = None if cost is None else Decimal(cost)
    return Response(
        text,
        "stop",
        Usage(3, 5, 2, 1),
        reasoning="why \ud800 not",
        logprobs=((("a", -0.5), ("b", -1.5)),),
        served=served,
        cost=price,
    )


async def test_what_was_put_is_got_whole_and_marked_as_cached(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        assert ledger.get("k") is None
        await ledger.put("k", request(), answer(), 0.5)
        got = ledger.get("k")
    assert got is not None
    assert got.cached
    assert got.to_json() == answer().to_json()


@pytest.mark.parametrize("tier", ["", "flex"])
def test_an_answer_is_kept_with_all_its_fields(tier: str) -> None:
    told = Response(
        "yes", "stop", Usage(1, 2, 3, 4), "hm", ((("a", -0.5), ("b", -2.0)),), "m-1",
        Decimal("0.1"), tier=tier,
    )  # fmt: skip
    fields = asdict(told) | {"cost": "0.1"}
    del fields["cached"]
    if not tier:
        del fields["tier"]
    assert told.to_json() == json.dumps(fields, separators=(",", ":"))
    assert Response.from_json(told.to_json()) == told


async def test_a_row_can_be_read_by_others_while_the_run_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    with Ledger(path) as ledger:
        await ledger.put("k", request(), answer(served="m\ud800"), 0.5)
        other = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        row = other.execute("SELECT role, model, served, cost, input FROM calls").fetchone()
        other.close()
    assert row == ("evolver", "fake/echo", "m?", "0.1", 3)


async def test_the_first_answer_of_a_key_stays(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        await ledger.put("k", request(), answer("first"), 0.1)
        await ledger.put("k", request(), answer("second"), 0.1)
        got = ledger.get("k")
    assert got is not None
    assert got.text == "first"


async def test_a_ledger_in_memory_works_and_leaves_nothing() -> None:
    with Ledger(":memory:") as ledger:
        await asyncio.gather(*(ledger.put(f"k{n}", request(), answer(), 0.1) for n in range(50)))
        assert ledger.get("k49") is not None
        assert ledger.spent().calls == 50
    assert not Path(":memory:").exists()


async def test_the_bill_is_exact_and_counts_lost_attempts(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    with Ledger(path) as ledger:
        for n in range(10):
            await ledger.put(f"k{n}", request(), answer(), 0.1)
        await ledger.put("free", request(role="judge"), answer(cost=None), 0.1)
        ledger.lose("k", request(), Usage(7, 10), Decimal("0.01"), "no answer in time", 3.0)
    expected = (
        BillRow("evolver", "fake/echo", 10, 0, 1, 37, 60, 20, 10, Decimal("1.01"), 0),
        BillRow("judge", "fake/echo", 1, 0, 0, 3, 5, 2, 1, Decimal(0), 1),
    )
    assert read_bill(path) == expected
    with Ledger(path) as again:
        assert again.rows() == expected
        assert again.spent() == Amount(12, 105, Decimal("1.01"))


async def test_hits_in_other_runs_ledgers_are_copied_and_cost_nothing(tmp_path: Path) -> None:
    with Ledger(tmp_path / "old.sqlite") as old:
        await old.put("k", request(), answer(), 0.1)
    with Ledger(tmp_path / "new.sqlite", reuse=[tmp_path / "old.sqlite"]) as new:
        assert new.get("k") is not None
        assert new.get("other") is None
    with Ledger(tmp_path / "new.sqlite") as alone:
        got = alone.get("k")
        assert got is not None
        assert got.cost == Decimal("0.1")
        assert alone.spent() == Amount()
        assert alone.rows() == (BillRow("evolver", "fake/echo", cached_calls=1),)


async def test_a_ledger_in_use_can_be_reused(tmp_path: Path) -> None:
    with Ledger(tmp_path / "old.sqlite") as old:
        await old.put("k", request(), answer(), 0.1)
        with Ledger(tmp_path / "new.sqlite", reuse=[tmp_path / "old.sqlite"]) as new:
            assert new.get("k") is not None


def test_files_that_are_no_ledger_are_refused_by_name(tmp_path: Path) -> None:
    noise = tmp_path / "noise.sqlite"
    noise.write_bytes(b"certainly not a database, " * 200)
    foreign = tmp_path / "foreign.sqlite"
    later = tmp_path / "later.sqlite"
    for path, word in ((foreign, "CREATE TABLE t (a)"), (later, "PRAGMA user_version = 3")):
        connection = sqlite3.connect(path)
        connection.execute(word)
        connection.commit()
        connection.close()
    before = foreign.read_bytes()
    for path in (noise, foreign, later):
        with pytest.raises(BadInput, match=path.name):
            Ledger(path)
        with pytest.raises(BadInput, match=path.name):
            Ledger(tmp_path / "new.sqlite", reuse=[path])
    assert foreign.read_bytes() == before
    with pytest.raises(BadInput, match=r"gone\.sqlite"):
        Ledger(tmp_path / "new.sqlite", reuse=[tmp_path / "gone.sqlite"])
    with pytest.raises(StorageFailed, match="nowhere"):
        Ledger(tmp_path / "nowhere" / "l.sqlite")


async def test_a_damaged_page_is_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    with Ledger(path) as ledger:
        for n in range(50):
            await ledger.put(f"k{n}", request(), answer("x" * 500), 0.1)
    whole = bytearray(path.read_bytes())
    whole[4096:] = b"\xff" * (len(whole) - 4096)
    path.write_bytes(bytes(whole))
    with pytest.raises(BadInput, match=r"l\.sqlite"), Ledger(path) as ledger:
        ledger.get("k1")


async def test_a_stored_answer_that_cannot_be_read_is_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    with Ledger(path) as ledger:
        await ledger.put("k", request(), answer(), 0.1)
        ledger._writer.execute("UPDATE calls SET answer = '{\"text\": 1}'")
        with pytest.raises(BadInput, match=r"l\.sqlite"):
            ledger.get("k")


@pytest.mark.parametrize(
    ("obstacle", "word"),
    [("PRAGMA max_page_count = 1", "full"), ("PRAGMA query_only = 1", "readonly")],
)
async def test_a_full_disk_and_a_readonly_file_are_said_and_survived(
    tmp_path: Path, obstacle: str, word: str
) -> None:
    path = tmp_path / "l.sqlite"
    with Ledger(path) as ledger:
        await ledger.put("before", request(), answer(), 0.1)
        ledger._writer.execute(obstacle)
        long = answer(secrets.token_hex(100_000))
        with pytest.raises(StorageFailed, match=word):
            await asyncio.gather(*(ledger.put(f"k{n}", request(), long, 0.1) for n in range(3)))
        ledger._writer.execute("PRAGMA query_only = 0")
        ledger._writer.execute("PRAGMA max_page_count = 1000000")
        await ledger.put("after", request(), answer(), 0.1)
        assert ledger.get("before") is not None
        assert ledger.get("after") is not None
        assert ledger.get("k0") is None


async def test_an_unawaited_write_that_failed_is_heard_at_the_end(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l.sqlite")
    ledger._writer.execute("PRAGMA query_only = 1")
    ledger.lose("k", request(), Usage(), None, "cut", 0.1)
    with pytest.raises(StorageFailed):
        ledger.close()
    with pytest.raises(RuntimeError, match="close"):
        await ledger.put("k", request(), answer(), 0.1)


async def test_writes_that_come_together_share_a_transaction(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        commits: list[int] = []
        commit = ledger._commit
        ledger._commit = lambda batch: (commits.append(len(batch)), commit(batch))[1]  # type: ignore[method-assign]
        await asyncio.gather(*(ledger.put(f"k{n}", request(), answer(), 0.1) for n in range(200)))
    assert sum(commits) == 200
    assert len(commits) < 50


async def test_a_cancelled_put_is_written_all_the_same(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        task = asyncio.create_task(ledger.put("k", request(), answer(), 0.1))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await ledger.put("next", request(), answer(), 0.1)
        assert ledger.get("k") is not None


async def test_a_hit_takes_no_time_worth_naming(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        await asyncio.gather(
            *(ledger.put(f"k{n}", request(), answer("x" * 2000), 0.1) for n in range(500))
        )
        taken = []
        for n in range(500):
            began = time.perf_counter()
            assert ledger.get(f"k{n}") is not None
            taken.append(time.perf_counter() - began)
    assert statistics.median(taken) < 0.0004  # 0.2 ms by contract, doubled for a busy machine


def test_a_killed_process_loses_no_acknowledged_row(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    writer = Path(__file__).with_name("endless_writer.py")
    for _ in range(2):
        child = subprocess.Popen(
            [sys.executable, str(writer), str(path)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        told = [child.stdout.readline().strip() for _ in range(60)]
        os.kill(child.pid, signal.SIGKILL)
        told += [line.strip() for line in child.stdout if line.endswith("\n")]
        child.stdout.close()
        assert child.wait() == -signal.SIGKILL
        with Ledger(path) as ledger:
            assert all(told)
            assert all(ledger.get(key) is not None for key in told)
            assert ledger.spent().calls >= len(told)


@given(
    texts=st.lists(st.text(max_size=5), max_size=3),
    temperature=st.none() | st.floats(0, 2),
    stop=st.lists(st.text(max_size=2), max_size=2),
    schema=st.none() | st.text(max_size=3),
    sample=st.integers(0, 9),
)
def test_a_key_is_over_every_field_but_the_role(
    texts: list[str],
    temperature: float | None,
    stop: list[str],
    schema: str | None,
    sample: int,
) -> None:
    messages = tuple(Message("user", text) for text in texts)
    asked = Request(
        "m", messages, "judge", 7, temperature, stop=tuple(stop), schema=schema, sample=sample
    )
    fields = asdict(asked)
    del fields["role"]
    text = json.dumps(["who", fields], sort_keys=True, ensure_ascii=True)
    assert asked.key("who") == hashlib.sha256(text.encode()).hexdigest()


KEY = "ab" * 32


def as_version_1(path: Path) -> None:
    """A ledger as version 1 wrote it: keys and answers as text, and no totals."""
    with closing(sqlite3.connect(path)) as connection:
        for table in ("calls", "attempts"):
            connection.execute(f"UPDATE {table} SET key = lower(hex(key)) WHERE key IS NOT NULL")
        for rowid, held in connection.execute("SELECT rowid, answer FROM calls").fetchall():
            text = read_answer(held, "").to_json()
            connection.execute("UPDATE calls SET answer = ? WHERE rowid = ?", (text, rowid))
        connection.execute("DROP TABLE totals")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()


async def test_a_ledger_of_version_1_goes_on_and_is_reused(tmp_path: Path) -> None:
    path, other = tmp_path / "one.sqlite", tmp_path / "two.sqlite"
    with Ledger(path) as ledger:
        ledger.lose(KEY, request(), Usage(3, 4), Decimal("0.5"), "cut off", 0.1)
        await ledger.put(KEY, request(), answer("old words"), 0.1)
        bill = ledger.rows()
    as_version_1(path)
    with Ledger(path) as ledger:
        assert ledger.rows() == bill
        found = ledger.get(KEY)
        assert found is not None
        assert found.text == "old words"
        await ledger.put("cd" * 32, request(), answer("new words"), 0.1)
        assert sum(row.calls for row in ledger.rows()) == 2
    with Ledger(other, [path]) as ledger:
        for key, text in ((KEY, "old words"), ("cd" * 32, "new words")):
            found = ledger.get(key)
            assert found is not None
            assert found.text == text
    with Ledger(other) as ledger:
        found = ledger.get(KEY)
        assert found is not None
        assert found.text == "old words"


@given(
    writes=st.lists(
        st.tuples(
            st.sampled_from(["ab", "cd", "ef"]),
            st.sampled_from(["evolver", "judge"]),
            st.booleans(),
            st.one_of(st.none(), st.decimals(0, 1, places=6)),
        ),
        max_size=20,
    )
)
@settings(max_examples=20, deadline=None)
def test_the_totals_are_those_of_the_rows(
    writes: list[tuple[str, str, bool, Decimal | None]],
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "l.sqlite")

        async def run() -> tuple[BillRow, ...]:
            with Ledger(path) as ledger:
                for key, role, lost, cost in writes:
                    asked = replace(request(), role=role)
                    if lost:
                        ledger.lose(key * 32, asked, Usage(3, 4, 1, 2), cost, "cut", 0.1)
                    else:
                        said = replace(answer("words"), cost=cost)
                        await ledger.put(key * 32, asked, said, 0.1)
                await ledger.put("00" * 32, request(), answer("last"), 0.1)  # all is written now
                return ledger.rows()

        by_totals = asyncio.run(run())
        as_version_1(path)
        assert read_bill(path) == by_totals


async def test_what_a_kill_leaves_under_way_is_booked_as_lost_and_only_once(tmp_path: Path) -> None:
    path, cut = tmp_path / "l.sqlite", tmp_path / "cut"
    most = Usage(7, 10)
    with Ledger(path) as ledger:
        for key in ("answered", "lost", "unsent", "cut", "cut too"):
            ledger.sending(key, request(), most, Decimal("0.01"))
        await ledger.put("answered", request(), answer(), 0.1)
        ledger.lose("lost", request(), most, Decimal("0.01"), "no answer in time", 3.0)
        ledger.unsent("unsent")
        before = ledger.rows()
        shutil.copytree(tmp_path, cut)  # what lies there if the process ends here
    assert before == (BillRow("evolver", "fake/echo", 1, 0, 1, 10, 15, 2, 1, Decimal("0.11"), 0),)
    sent = (cut / "l.sqlite.sent").read_bytes()
    for _ in range(2):  # killed again before the file was removed
        (cut / "l.sqlite.sent").write_bytes(sent)
        with Ledger(cut / "l.sqlite") as again:
            assert again.rows() == (
                BillRow("evolver", "fake/echo", 1, 0, 3, 24, 35, 2, 1, Decimal("0.13"), 0),
            )
    assert not list(cut.glob("*.sent"))


async def test_an_answer_that_was_kept_just_before_a_kill_is_paid_once(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    with Ledger(path) as ledger:
        ledger.sending("k", request(), Usage(7, 10), None)
        sent = (tmp_path / "l.sqlite.sent").read_bytes()
        await ledger.put("k", request(), answer(), 0.1)
    (tmp_path / "l.sqlite.sent").write_bytes(sent)
    with Ledger(path) as again:
        assert again.spent() == Amount(1, 8, Decimal("0.1"))


@pytest.mark.parametrize("name", ["m" * 2000, "\u6a21" * 2000])
def test_a_call_under_way_fits_its_place_whatever_its_model_is_called(
    tmp_path: Path, name: str
) -> None:
    asked = replace(request(), model=f"lo/{name}")
    with Ledger(tmp_path / "l.sqlite") as ledger:
        for key in ("a" * 64, "b" * 64):
            ledger.sending(key, asked, Usage(10**9, 10**9), Decimal("0.123456789"))
        shutil.copytree(tmp_path, tmp_path / "cut")
    with Ledger(tmp_path / "cut" / "l.sqlite") as again:
        assert again.spent() == Amount(2, 4 * 10**9, Decimal("0.246913578"))
