"""Calls by batch, over both protocols and the real SDKs: sent together, never paid twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from autoevol.errors import BudgetReached, Rejected, StorageFailed, Unavailable
from autoevol.llm.batches.api import Limits
from autoevol.llm.batches.batches import Post
from autoevol.llm.batches.kept import read_all
from autoevol.llm.budget import Budget
from autoevol.llm.client import Client
from autoevol.llm.clockwork import Clockwork
from autoevol.llm.endpoint import Endpoint, Kind, normalised
from autoevol.llm.events import CallEvent
from autoevol.llm.ledger import Ledger, read_bill
from autoevol.llm.messages import Message, Request, Response, Usage
from autoevol.llm.prices import BATCH, Prices
from autoevol.llm.providers import Opener
from tests import server as wire
from tests.batch_server import BatchServer
from tests.server import Json, Reply

CENT = Decimal("0.01")


class Dear(Prices):
    """A cent for each token out, half of it by batch."""

    def price(
        self, provider: str, model: str, usage: Usage, address: str = "", tier: str = ""
    ) -> Decimal:
        return CENT * usage.output / (2 if tier == BATCH else 1)


@dataclass
class Desk:
    """A client that sends by batch, and what a test wants to look at."""

    client: Client
    ledger: Ledger
    budget: Budget
    notes: list[str] = field(default_factory=list)
    events: list[CallEvent] = field(default_factory=list)


@pytest.fixture(params=["openai", "anthropic"])
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture
async def server() -> AsyncIterator[BatchServer]:
    async with BatchServer(wire.echo) as running:
        yield running


@asynccontextmanager
async def desk(
    server: BatchServer,
    kind: Kind,
    folder: Path,
    *,
    budget: str | None = None,
    sends: bool = True,
    plain: bool = False,
) -> AsyncIterator[Desk]:
    notes, events = list[str](), list[CallEvent]()
    post = Post(
        folder / "batches", sends=sends, note=notes.append, gather_s=0.05, looks=(0.01, 0.02)
    )
    address = normalised(server.openai_url if kind == "openai" else server.url, kind)
    opener = Opener(endpoints={"box": Endpoint("box", kind, address)}, confirm=lambda _: True)
    cap = Budget.parse(budget)
    folder.mkdir(parents=True, exist_ok=True)
    with Ledger(folder / "ledger.sqlite") as ledger:
        async with Client(
            open_provider=opener,
            ledger=ledger,
            budget=cap,
            prices=Dear(),
            on_call=events.append,
            batches=None if plain else post,
            clockwork=Clockwork(lambda s: asyncio.sleep(min(s, 0.02))),
        ) as client:
            yield Desk(client, ledger, cap, notes, events)


def question(text: str, **fields: object) -> Request:
    asked = Request("box/tiny", (Message("user", text),), role="evolver", max_tokens=64)
    return replace(asked, **fields)  # type: ignore[arg-type]


async def ask(desk: Desk, texts: Sequence[str], **fields: object) -> list[Response | BaseException]:
    calls = [desk.client.complete(question(text, **fields)) for text in texts]
    return await asyncio.gather(*calls, return_exceptions=True)


def texts(answers: Sequence[Response | BaseException]) -> list[str]:
    return [one.text if isinstance(one, Response) else repr(one) for one in answers]


async def until(server: BatchServer, seen: Callable[[], bool]) -> None:
    """Wait until the server has seen something."""
    while not seen():
        server.arrived.clear()
        await asyncio.wait_for(server.arrived.wait(), 20)


WORDS = [f"word {number}" for number in range(7)]


async def test_calls_leave_together_and_come_back_to_who_asked(
    server: BatchServer, kind: Kind, tmp_path: Path
) -> None:
    async with desk(server, kind, tmp_path) as at:
        assert texts(await ask(at, WORDS)) == WORDS
        assert [len(batch.requests) for batch in server.batches] == [7]
        assert not server.requests  # no plain call
        assert [kept.state for kept in read_all(tmp_path / "batches")] == ["done"]
        assert any("finalizing" in note for note in at.notes) == (kind == "openai")


async def test_a_plain_run_and_a_batch_run_share_their_answers(
    server: BatchServer, kind: Kind, tmp_path: Path
) -> None:
    async with desk(server, kind, tmp_path, plain=True) as at:
        plain = await ask(at, WORDS[:4])
    async with desk(server, kind, tmp_path) as at:
        batch = await ask(at, WORDS)
        assert [one.cached for one in batch if isinstance(one, Response)] == [True] * 4 + [
            False
        ] * 3
    async with desk(server, kind, tmp_path, plain=True) as at:
        again = await ask(at, WORDS)
    assert texts(again) == texts(batch) == WORDS
    assert texts(plain) == WORDS[:4]
    assert len(server.requests) == 4
    assert len(server.requests_in_batches()) == 3


async def test_a_batch_asks_exactly_what_a_plain_call_asks(
    server: BatchServer, kind: Kind, tmp_path: Path
) -> None:
    asked = question("hello", temperature=0.5, stop=("END",), effort="low", max_tokens=4096)
    asked = replace(asked, messages=(Message("system", "be brief"), *asked.messages))
    async with desk(server, kind, tmp_path / "plain", plain=True) as at:
        await at.client.complete(asked)
    async with desk(server, kind, tmp_path / "batch") as at:
        await at.client.complete(asked)
    [(_, body)] = server.requests_in_batches()
    assert body == server.requests[0].json


async def test_a_batch_is_booked_at_its_own_price(
    server: BatchServer, kind: Kind, tmp_path: Path
) -> None:
    server.script = wire.always(Reply("four words it is"))
    async with desk(server, kind, tmp_path / "plain", plain=True) as at:
        await ask(at, ["a"])
    async with desk(server, kind, tmp_path) as at:
        [answer] = await ask(at, ["a"])
        assert isinstance(answer, Response)
        assert answer.tier == BATCH
        assert at.budget.spent.money == 2 * CENT
    [plain], [batch] = (
        read_bill(folder / "ledger.sqlite") for folder in (tmp_path / "plain", tmp_path)
    )
    assert (plain.cost, batch.cost) == (4 * CENT, 2 * CENT)
    assert (plain.cached_tokens, batch.cached_tokens) == (1, 1)


async def test_single_failures_are_single(server: BatchServer, kind: Kind, tmp_path: Path) -> None:
    def script(asked: Json) -> Reply:
        text = str(asked["messages"][-1]["content"])
        return wire.refused(400, "bad request") if text == "word 2" else Reply(text)

    server.script = script
    server.fate = lambda batch, number, asked: "twice" if number == 4 else ""
    async with desk(server, kind, tmp_path) as at:
        answers = await ask(at, WORDS)
    assert isinstance(answers[2], Rejected)
    assert [text for number, text in enumerate(texts(answers)) if number != 2] == [
        word for number, word in enumerate(WORDS) if number != 2
    ]
    assert len(server.batches) == 1


@pytest.mark.parametrize("fate", ["expired", "missing"])
async def test_what_expired_goes_into_the_next_batch(
    server: BatchServer, kind: Kind, tmp_path: Path, fate: str
) -> None:
    server.stages = lambda number: {
        "openai": ["in_progress", "expired" if not number else "completed"],
        "anthropic": ["in_progress", "ended"],
    }[kind]
    server.fate = lambda batch, number, asked: fate if batch.id == "batch_0" and number > 2 else ""
    async with desk(server, kind, tmp_path, budget="7calls") as at:
        assert texts(await ask(at, WORDS)) == WORDS
        assert at.budget.spent.calls == 7  # what expired is not charged
    assert [len(batch.requests) for batch in server.batches] == [7, 4]


async def test_a_call_that_expires_again_and_again_is_given_up(
    server: BatchServer, kind: Kind, tmp_path: Path
) -> None:
    server.fate = lambda batch, number, asked: "expired"
    async with desk(server, kind, tmp_path) as at:
        [answer] = await ask(at, ["a"])
        assert isinstance(answer, Unavailable)
        assert at.budget.spent.calls == 0
    assert len(server.batches) == 3


async def test_a_refusal_that_corrects_the_table_is_made_otherwise(
    server: BatchServer, kind: Kind, tmp_path: Path
) -> None:
    server.script = wire.refuses_temperature
    async with desk(server, kind, tmp_path) as at:
        assert texts(await ask(at, WORDS, temperature=0.3)) == ["ok"] * 7
    assert [len(batch.requests) for batch in server.batches] == [7, 7]
    assert not any("temperature" in body for _, body in server.batches[1].requests)


async def test_an_answer_cut_while_thinking_is_asked_again_with_more_room(
    server: BatchServer, kind: Kind, tmp_path: Path
) -> None:
    def script(asked: Json) -> Reply:
        return wire.CUT_WHILE_THINKING if asked["max_tokens"] == 64 else Reply("done")

    server.script = script
    async with desk(server, kind, tmp_path) as at:
        assert texts(await ask(at, WORDS)) == ["done"] * 7
        assert at.budget.spent.calls == 14
    bill = read_bill(tmp_path / "ledger.sqlite")
    assert (sum(row.calls for row in bill), sum(row.lost_calls for row in bill)) == (7, 7)


async def test_an_answer_may_hold_what_ends_lines_elsewhere(
    server: BatchServer, kind: Kind, tmp_path: Path
) -> None:
    odd = "one\u2028two\x85three\u2029four\r five \U0001f642 नमस्ते"
    server.script = wire.always(Reply(odd))
    async with desk(server, kind, tmp_path) as at:
        assert texts(await ask(at, ["a"])) == [odd]


async def test_what_follows_from_one_batch_leaves_as_one(
    server: BatchServer, kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autoevol.llm.batches.carrier.AT_ONCE", 2)

    async with desk(server, kind, tmp_path) as at:
        put = at.ledger.put

        async def slowly(*row: Any) -> None:
            await asyncio.sleep(0.1)  # longer than the gathering waits
            await put(*row)

        async def twice(word: str) -> str:
            first = await at.client.complete(question(word))
            return (await at.client.complete(question(f"{first.text} again"))).text

        monkeypatch.setattr(at.ledger, "put", slowly)
        await asyncio.gather(*map(twice, WORDS))
    assert [len(batch.requests) for batch in server.batches] == [7, 7]


async def test_what_does_not_fit_leaves_side_by_side(
    server: BatchServer, kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(server, kind, tmp_path) as at:
        api = (await at.client._line("box/tiny")).batches
        assert api is not None
        monkeypatch.setattr(type(api), "limits", Limits(3, 10_000))
        assert texts(await ask(at, WORDS)) == WORDS
        assert sorted(len(batch.requests) for batch in server.batches) == [1, 3, 3]

        monkeypatch.setattr(type(api), "limits", Limits(100, 600))
        long = [f"{number}" * 150 for number in range(4)]
        assert texts(await ask(at, long)) == long
        assert [len(batch.requests) for batch in server.batches[3:]] == [1, 1, 1, 1]
        [big] = await ask(at, ["x" * 700])
        assert isinstance(big, Rejected)
        assert at.budget.spent.calls == 11


async def test_models_have_batches_of_their_own(
    server: BatchServer, kind: Kind, tmp_path: Path
) -> None:
    async with desk(server, kind, tmp_path) as at:
        both = await asyncio.gather(ask(at, WORDS), ask(at, WORDS, model="box/large"))
    assert [texts(one) for one in both] == [WORDS, WORDS]
    assert sorted(batch.requests[0][1]["model"] for batch in server.batches) == ["large", "tiny"]


# The budget


async def test_the_cap_holds_and_what_waits_leaves_later(
    server: BatchServer, kind: Kind, tmp_path: Path
) -> None:
    # 64 tokens out at most are 32 cents by batch, each answer takes 2 words: one cent.
    async with desk(server, kind, tmp_path, budget="1usd") as at:
        assert texts(await ask(at, WORDS)) == WORDS
        assert at.budget.spent.money == 7 * CENT
        assert any("budget" in event.note for event in at.events)
    assert max(len(batch.requests) for batch in server.batches) == 3


async def test_a_cap_that_is_reached_lets_the_batch_land(
    server: BatchServer, kind: Kind, tmp_path: Path
) -> None:
    async with desk(server, kind, tmp_path, budget="3calls") as at:
        answers = await ask(at, WORDS)
        assert at.budget.spent.calls == 3
    assert [isinstance(one, BudgetReached) for one in answers] == [False] * 3 + [True] * 4


# Cuts


@asynccontextmanager
async def cut(
    server: BatchServer, kind: Kind, folder: Path, words: Sequence[str] = WORDS
) -> AsyncIterator[None]:
    """A run that ends while its batch is with the provider."""
    server.stages = lambda _: ["in_progress"]
    async with desk(server, kind, folder) as at:
        asking = asyncio.create_task(ask(at, words))
        await until(server, lambda: bool(server.batches) and server.batches[-1].looks > 1)
        yield
        asking.cancel()
    assert "still with the provider" in at.notes[-1].lower()


async def test_a_cut_run_finds_its_batch_again(
    server: BatchServer, kind: Kind, tmp_path: Path
) -> None:
    async with cut(server, kind, tmp_path):
        pass
    server.batches[0].stages += ["completed" if kind == "openai" else "ended"]
    async with desk(server, kind, tmp_path, budget="7calls") as at:
        assert texts(await ask(at, WORDS)) == WORDS
        assert at.budget.spent.calls == 7
    assert len(server.batches) == 1
    [row] = read_bill(tmp_path / "ledger.sqlite")
    assert (row.calls, row.lost_calls) == (7, 0)


async def test_what_nobody_asks_for_any_more_is_kept_and_booked(
    server: BatchServer, kind: Kind, tmp_path: Path
) -> None:
    async with cut(server, kind, tmp_path):
        pass
    server.batches[0].stages += ["completed" if kind == "openai" else "ended"]
    async with desk(server, kind, tmp_path, sends=False) as at:
        assert at.budget.spent.calls == 7  # before anything was asked
        assert texts(await ask(at, WORDS)) == WORDS
    assert not server.requests
    assert sum(row.calls for row in read_bill(tmp_path / "ledger.sqlite")) == 7


async def test_an_answer_that_comes_back_before_it_is_asked_for_is_read_as_it_was_asked(
    server: BatchServer, tmp_path: Path
) -> None:
    likely = ((("5", -0.1), ("4", -2.5)),)
    server.script = wire.always(Reply("5 END and more", logprobs=likely))
    asked = {"top_logprobs": 2, "stop": ("END",), "model": "box/o3"}  # o3 takes neither
    for fields in ({"top_logprobs": 2}, asked):
        folder = tmp_path / str(len(fields))
        server.batches.clear()
        server.stages = None
        async with desk(server, "openai", folder / "uncut") as at:
            uncut = await ask(at, ["a"], **fields)
        server.batches.clear()
        server.stages = lambda _: ["in_progress"]
        async with desk(server, "openai", folder) as at:
            asking = asyncio.create_task(ask(at, ["a"], **fields))
            await until(server, lambda: bool(server.batches) and server.batches[-1].looks > 1)
            asking.cancel()
        server.batches[0].stages += ["completed"]
        async with desk(server, "openai", folder, sends=False) as at:
            again = await ask(at, ["a"], **fields)
        assert [replace(one, cached=False) for one in again if isinstance(one, Response)] == uncut


async def test_what_is_with_the_provider_counts_against_the_cap(
    server: BatchServer, kind: Kind, tmp_path: Path
) -> None:
    async with cut(server, kind, tmp_path):
        pass
    async with desk(server, kind, tmp_path, budget="8calls") as at:
        asking = asyncio.create_task(ask(at, ["new 1", "new 2"]))
        await asyncio.sleep(0.2)
        assert [len(batch.requests) for batch in server.batches] == [7, 1]
        for batch in server.batches:
            batch.stages = ["completed" if kind == "openai" else "ended"]
        answers = await asking
    assert isinstance(answers[1], BudgetReached)


async def test_a_kill_between_sending_and_knowing_the_id_loses_nothing(
    server: BatchServer, kind: Kind, tmp_path: Path
) -> None:
    async with cut(server, kind, tmp_path):
        pass
    [file] = (tmp_path / "batches").glob("*.json")
    state = json.loads(file.read_text())
    file.write_text(json.dumps({**state, "state": "sending", "batch": ""}))
    server.batches[0].stages += ["completed" if kind == "openai" else "ended"]
    async with desk(server, kind, tmp_path) as at:
        assert texts(await ask(at, WORDS)) == WORDS
    assert len(server.batches) == 1


async def test_a_kill_before_sending_sends_again(
    server: BatchServer, kind: Kind, tmp_path: Path
) -> None:
    async with cut(server, kind, tmp_path):
        pass
    [file] = (tmp_path / "batches").glob("*.json")
    state = json.loads(file.read_text())
    file.write_text(json.dumps({**state, "state": "sending", "batch": ""}))
    server.batches.clear()
    server.stages = None
    async with desk(server, kind, tmp_path) as at:
        assert texts(await ask(at, WORDS)) == WORDS
    assert len(server.batches) == 1
    assert [kept.state for kept in read_all(tmp_path / "batches")] == ["done"]


async def test_an_answer_that_was_lost_on_the_way_makes_no_second_batch(
    server: BatchServer, kind: Kind, tmp_path: Path
) -> None:
    server.lose = True
    async with desk(server, kind, tmp_path) as at:
        assert texts(await ask(at, WORDS)) == WORDS
    assert len(server.batches) == 1


async def test_a_provider_that_is_away_for_a_while_is_waited_for(
    server: BatchServer, kind: Kind, tmp_path: Path
) -> None:
    server.broken = [503, 429]
    async with desk(server, kind, tmp_path) as at:
        asking = asyncio.create_task(ask(at, WORDS))
        await until(server, lambda: bool(server.batches))
        server.broken = [500, 502, 503]
        assert texts(await asking) == WORDS
    assert len(server.batches) == 1


async def test_results_that_break_off_are_fetched_again_and_booked_once(
    server: BatchServer, kind: Kind, tmp_path: Path
) -> None:
    server.cut_results = True
    async with desk(server, kind, tmp_path) as at:
        assert texts(await ask(at, WORDS)) == WORDS
        assert at.budget.spent.calls == 7
    assert not server.cut_results
    assert len(server.batches) == 1


async def test_a_cancelled_batch_keeps_what_was_answered(
    server: BatchServer, kind: Kind, tmp_path: Path
) -> None:
    server.fate = lambda batch, number, asked: "answered" if number < 3 else ""
    server.stages = lambda _: ["in_progress"]
    async with desk(server, kind, tmp_path) as at:
        api = (await at.client._line("box/tiny")).batches
        assert api is not None
        asking = asyncio.create_task(ask(at, WORDS))
        await until(server, lambda: bool(server.batches) and server.batches[-1].looks > 1)
        await api.cancel(server.batches[0].id)
        answers = await asking
        assert at.budget.spent.calls == 3
    assert texts(answers)[:3] == WORDS[:3]
    assert all(isinstance(one, Unavailable) and "cancelled" in one.message for one in answers[3:])
    # The next start is asked for on purpose: it sends the rest again.
    server.stages, server.fate = None, lambda batch, number, asked: ""
    async with desk(server, kind, tmp_path) as at:
        assert texts(await ask(at, WORDS)) == WORDS
    assert [len(batch.requests) for batch in server.batches] == [7, 4]


# Whole batches that go wrong


async def test_an_endpoint_without_batches_says_so(kind: Kind, tmp_path: Path) -> None:
    async with BatchServer() as server:
        server.broken = [404]
        async with desk(server, kind, tmp_path) as at:
            [answer] = await ask(at, ["a"])
    assert isinstance(answer, Rejected)
    assert "batches" in str(answer)
    assert "--batch" in answer.hint
    assert not list((tmp_path / "batches").glob("*.json"))


async def test_a_batch_that_fails_validation_names_the_reason(
    server: BatchServer, tmp_path: Path
) -> None:
    server.refuse = lambda _: {"code": "model_not_found", "message": "tiny does not exist"}
    async with desk(server, "openai", tmp_path) as at:
        answers = await ask(at, WORDS)
        assert at.budget.spent.calls == 0
    assert all(isinstance(one, Rejected) and "tiny" in one.message for one in answers)
    assert len(server.batches) == 1


async def test_a_batch_too_large_for_the_queue_goes_in_halves(
    server: BatchServer, tmp_path: Path
) -> None:
    full = {"code": "token_limit_exceeded", "message": "Enqueued token limit reached"}
    server.refuse = lambda batch: full if len(batch.requests) > 2 else None
    async with desk(server, "openai", tmp_path) as at:
        assert texts(await ask(at, WORDS)) == WORDS
        assert any("halves" in note for note in at.notes)
    sizes = [len(batch.requests) for batch in server.batches]
    assert sizes[0] == 7
    assert sorted(size for size in sizes if size <= 2) == [1, 2, 2, 2]


async def test_an_answer_is_in_the_ledger_before_anyone_hears_of_it(
    server: BatchServer, kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(server, kind, tmp_path) as at:

        async def full(*_: object) -> None:
            raise StorageFailed("the disk is full.")

        with monkeypatch.context() as patched:
            patched.setattr(at.ledger, "put", full)
            answers = await ask(at, WORDS)
        assert all(isinstance(one, StorageFailed) for one in answers)
        assert [kept.state for kept in read_all(tmp_path / "batches")] == ["open"]
    async with desk(server, kind, tmp_path) as at:
        assert texts(await ask(at, WORDS)) == WORDS
    assert len(server.batches) == 1
