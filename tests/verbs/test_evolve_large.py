"""A row of megabytes among short ones: they go on meanwhile, and nothing is judged otherwise."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.door import Door
from autoevol.evolving.filters.near import Near
from autoevol.evolving.filters.sieve import Filtering
from autoevol.evolving.ladder import Ladder
from autoevol.llm.messages import Request, Response, Usage
from autoevol.roles.eliminator import RULES, Eliminator
from autoevol.roles.rules.own import with_own
from autoevol.together import LARGE, Aside
from autoevol.types import Evolution, Failure, Instruction
from autoevol.verbs.evolve import evolve
from benchmarks.zoo_rows import read
from tests.verbs.evolving import METHOD, MODEL, Json, answer, rows

PATIENCE = 20.0
"""Seconds after which a test gives up that would have waited for ever."""


def large(words: int = LARGE // 5) -> Json:
    text = " ".join(f"w{number:x}" for number in range(words))
    return {"id": "large", "instruction": f"Summarise this log in three sentences.\n\n{text}"}


def whole(request: Request) -> Response:
    """As a model whose context holds it all."""
    turns = [{"role": m.role, "content": m.content} for m in request.messages]
    return Response(text=answer(turns), finish="stop", usage=Usage(10, 10))


async def evolved(
    data: list[Json], out: Path, script: object, ladder: Ladder | None = None
) -> list[Json]:
    door = Door(scripts={"model": script}, concurrency=4)  # type: ignore[dict-item]
    records = evolve(METHOD, data, out=out, model=MODEL, door=door, ladder=ladder)
    return [record async for record in records]


class Meeting:
    """A script whose short rows wait for `look`, which waits for a short row: on one thread none of
    them would ever go on."""

    def __init__(self) -> None:
        self.met: list[bool] = []
        self._loop = asyncio.get_running_loop()
        self._looking, self._asked = asyncio.Event(), threading.Event()

    def look(self) -> None:
        if not self.met:
            self._loop.call_soon_threadsafe(self._looking.set)
            self.met.append(self._asked.wait(PATIENCE))

    async def __call__(self, request: Request) -> Response:
        if len(request.messages[-1].content) < LARGE:
            await self._looking.wait()
            self._asked.set()
        return whole(request)


async def test_short_rows_are_asked_about_while_rules_look_at_a_large_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = Meeting()

    def looks(e: Evolution) -> Failure | None:
        if e.before.id == "large":
            meeting.look()
        return None

    monkeypatch.setattr(Filtering, "rules", lambda self: (looks,))
    made = await evolved([large(), *rows(3)], tmp_path / "out", meeting)
    assert meeting.met == [True]
    assert [record["seed_id"] for record in made] == ["large", "seed-0", "seed-1", "seed-2"]


async def test_short_rows_are_asked_about_while_a_large_text_is_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting, hashes = Meeting(), Near._hashes

    def slow(self: Near, found: list[str], said: str) -> list[int]:
        if len(said) > LARGE:
            meeting.look()
        return hashes(self, found, said)

    monkeypatch.setattr(Near, "_hashes", slow)
    made = await evolved([large(), *rows(3)], tmp_path / "out", meeting)
    assert meeting.met == [True]
    assert sum(record["verdict"]["kept"] for record in made) == 4


async def test_a_rule_of_the_users_own_is_called_in_one_thread(tmp_path: Path) -> None:
    threads: set[threading.Thread] = set()

    def mine(e: Evolution) -> Failure | None:
        threads.add(threading.current_thread())
        return Failure("mine", "too large") if len(e.after.text) > LARGE else None

    made = await evolved([large(), *rows(1)], tmp_path / "out", whole, Ladder(rules=(mine,)))
    assert threads == {threading.main_thread()}
    assert [record["verdict"]["reason"] for record in made] == ["mine", ""]


async def test_a_large_duplicate_is_dropped_as_a_short_one_is(tmp_path: Path) -> None:
    again = {**large(), "id": "again"}
    made = await evolved([large(), again, *rows(1)], tmp_path / "out", whole)
    assert [record["verdict"]["reason"] for record in made] == ["", "duplicate", ""]


@settings(max_examples=60, deadline=None)
@given(row=st.sampled_from(read()), answered=st.booleans(), own=st.booleans())
def test_aside_the_rules_say_the_same(row: Json, answered: bool, own: bool) -> None:
    def mine(e: Evolution) -> Failure | None:
        return Failure("mine", "always")

    rules = with_own((mine,) if own else ())
    eliminator = Eliminator("Add a demand.", ("evolved",), rules, frozenset(rules[len(RULES) :]))
    evolution = Evolution(
        Instruction(row["seed"], "a", ""),
        Instruction(row["evolved"] or "", "b", ""),
        raw=row["raw"] or "",
        response=row["response"] or "",
        evolver_finish=row["finish"] or "",
        response_finish=row["response_finish"] or "",
    )
    look = eliminator.inspect_answered if answered else eliminator.inspect

    async def aside() -> tuple[Failure, ...]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("autoevol.together.LARGE", 0)
            return await eliminator.inspect_aside(evolution, Aside(), answered=answered)

    assert asyncio.run(aside()) == look(evolution)
