"""`autoevol evolve`: apply one frozen method to any number of rows.

Decides the order of things: rows stream in, each goes through its rounds, each round becomes a
record that is kept or dropped, and what is there already is not done again. Who is asked is left to
`job`, the rounds to `rounds`, how many rows are under way to `flow`, the count to `harvest`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict, Unpack

from autoevol.data.dataset import Row, Source
from autoevol.door import Door, addresses, check_way, open_client
from autoevol.errors import AutoevolError
from autoevol.evolving.flow import as_they_land
from autoevol.evolving.harvest import Harvest
from autoevol.evolving.job import Job, make_job
from autoevol.evolving.records import Appender, make_record, read_records
from autoevol.progress import Silent, Watcher
from autoevol.runs import RunFolder, Scalar, new_path, open_run
from autoevol.types import Evolution, Method

KEPT, DROPPED = "kept.jsonl", "dropped.jsonl"
Json = dict[str, Any]


async def evolve(
    method: str | Method,
    data: Source,
    *,
    out: Path | str | None = None,
    model: str | None = None,
    models: Mapping[str, str | None] | None = None,
    door: Door | None = None,
    limit: int | None = None,
    fields: Mapping[str, str] | None = None,
    skip_bad: bool = False,
    respond: bool = True,
    rounds: int = 1,
    watcher: Watcher | None = None,
    invocation: Mapping[str, Scalar] | None = None,
) -> AsyncGenerator[Json, None]:
    """Records, kept and dropped, as they are done (`record["verdict"]["kept"]` tells which).

    A folder that holds this run already goes on: its records come first, then what was missing. Who
    leaves the iteration early should close it (`contextlib.aclosing`), which frees the folder.

    Args:
        method: a method, or where it is: `domain/name`, a bare name, or a path.
        data: a file, a folder, a Hugging Face name (see `dataset`), or rows as mappings. Rows are
            read only as fast as they are done.
        out: the run folder; None makes a new one under ./runs.
        model: the model of both roles, PROVIDER/NAME; None is what the method's head names.
        models: single roles' models, by role: evolver, responder.
        door: how models are reached.
        limit: at most so many rows of `data`.
        fields: columns under names of their own, see `dataset.Fields`.
        skip_bad: leave out rows that cannot be read, and count them.
        respond: answer the evolved instructions, too.
        rounds: evolve each row so many times, each time from the last; every round is a record.
        watcher: told how it goes.
        invocation: how it was called; kept in the folder for who goes on, and never compared.

    Raises:
        UsageError: no model is named, or a number makes no sense.
        NothingUsable: at the end, nothing was kept or too many rows got no answer.
        AutoevolError: see `errors`; what was answered is in the folder, which can go on.
    """
    job = make_job(
        method,
        data,
        model=model,
        models=models or {},
        limit=limit,
        fields=fields or {},
        skip_bad=skip_bad,
        respond=respond,
        rounds=rounds,
    )
    door = door or Door()
    check_way(door, job.models.values())
    settings: dict[str, Mapping[str, Scalar]] = {
        **job.settings,
        "endpoints": dict(addresses(door, job.models)),
        "invocation": dict(invocation or {}),
    }
    harvest, watcher = Harvest(job.skipped), watcher or Silent()
    with open_run(Path(out) if out else new_path("evolve"), "evolve", settings) as folder:
        try:
            async with aclosing(_records(job, folder, harvest, door, watcher)) as records:
                async for record in records:
                    yield record
        except BaseException:
            # What ended the run is the news, not a summary that could not be written.
            with suppress(AutoevolError):
                harvest.write(folder, job.facts)
            raise
        harvest.complete = not harvest.unknown
        harvest.write(folder, job.facts)
    for line in harvest.said():
        watcher.note(line)
    harvest.check()


class Options(TypedDict, total=False):
    """What `evolve` may be told besides method, data and folder."""

    model: str | None
    models: Mapping[str, str | None] | None
    door: Door | None
    limit: int | None
    fields: Mapping[str, str] | None
    skip_bad: bool
    respond: bool
    rounds: int
    watcher: Watcher | None
    invocation: Mapping[str, Scalar] | None


@dataclass(frozen=True, slots=True)
class EvolveResult:
    """What lies in the folder in the end. `kept` and `dropped` count records, the latter by the
    rule that dropped them; `summary` is what `summary.json` holds."""

    kept: int
    dropped: Counter[str]
    folder: Path
    summary: Mapping[str, Any]


async def evolve_all(
    method: str | Method, data: Source, *, out: Path | str, **options: Unpack[Options]
) -> EvolveResult:
    """`evolve` to its end, for who wants the files and not the records. Raises as it does."""
    kept, dropped = 0, Counter[str]()
    async with aclosing(evolve(method, data, out=out, **options)) as records:
        async for record in records:
            if record["verdict"]["kept"]:
                kept += 1
            else:
                dropped[record["verdict"]["reason"]] += 1
    summary = json.loads((Path(out) / "summary.json").read_text(encoding="utf-8"))
    return EvolveResult(kept, dropped, Path(out), summary)


async def _records(
    job: Job, folder: RunFolder, harvest: Harvest, door: Door, watcher: Watcher
) -> AsyncGenerator[Json, None]:
    """What the folder holds, then every new record once it is written."""
    files = {True: folder.path / KEPT, False: folder.path / DROPPED}
    ids: dict[bool, set[str]] = {True: set(), False: set()}
    with Appender(files[True]) as keep, Appender(files[False]) as drop:
        for kept, path in files.items():
            for record in read_records(path):
                ids[kept].add(record["id"])
                harvest.add(record)
                yield record
        if harvest.records:
            watcher.note(f"{harvest.records} records are in the folder already.")
        for line in job.notes:
            watcher.note(line)
        watcher.stage(f"evolving with {job.method.domain}/{job.method.name}", job.limit or 0)
        async with open_client(door, folder.ledger, folder.path / "runtime.log", watcher) as client:
            rounds = job.rounds_at(client)

            async def walk(row: Row) -> tuple[Row, tuple[Evolution, ...]]:
                return row, await rounds.walk(row)

            missing = _missing(job, ids[True], ids[False], watcher)
            async with aclosing(as_they_land(missing, walk, _at_once(door))) as landed:
                async for row, walked in landed:
                    for record in _made(job, row, walked):
                        if record["id"] in ids[True]:
                            continue  # an earlier round of a row that was cut in between
                        harvest.add(record)
                        (keep if record["verdict"]["kept"] else drop).write(record)
                        yield record
                    if walked and walked[-1].unknown:
                        harvest.miss(walked[-1].unknown)
                    watcher.advance()


def _made(job: Job, row: Row, walked: tuple[Evolution, ...]) -> Iterator[Json]:
    """A record for each round; an unknown one is no verdict and leaves none."""
    if not walked:
        yield dict(make_record(row, (), job.origin))
    for number, evolution in enumerate(walked, start=1):
        if not evolution.unknown:
            yield dict(make_record(row, walked[:number], job.origin))


def _missing(job: Job, kept: set[str], dropped: set[str], watcher: Watcher) -> Iterator[Row]:
    """The rows that are not through: neither kept in the last round nor dropped in one."""
    for row in job.rows:
        ids = [job.origin.record_id(row.id, number) for number in range(1, job.rounds + 1)]
        if ids[-1] in kept or not dropped.isdisjoint(ids):
            watcher.advance()
        else:
            yield row


def _at_once(door: Door) -> int:
    """Rows under way: one for each call in flight, and some whose call comes next."""
    return door.calls + max(2, door.calls // 4)
