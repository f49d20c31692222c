"""`autoevol evolve`: apply one frozen method to any number of rows.

Decides the order of things: rows stream in, each goes up its ladder, each rung becomes a record
that is kept or dropped, and what is there already is not done again. Who is asked is left to `job`,
the rungs to `rounds`, how many rows are under way to `flow`, where a run goes on to `bookmark` and
`done`, the count to `harvest`.
"""

from __future__ import annotations

import json
import shlex
import time
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypedDict, Unpack

from autoevol.casting import Cast
from autoevol.data.dataset import Row, Source
from autoevol.data.seeds import Reading
from autoevol.door import Door, addresses, check_door, check_way, open_client, rates_of
from autoevol.errors import AutoevolError, BadInput, UsageError
from autoevol.evolving.bookmark import Bookmark, mark_of
from autoevol.evolving.done import Done, look_through
from autoevol.evolving.doubt import beyond_doubt
from autoevol.evolving.filters.choice import Filters
from autoevol.evolving.filters.sieve import Sieve
from autoevol.evolving.flow import as_they_land
from autoevol.evolving.harvest import Harvest
from autoevol.evolving.job import Choice, Job, make_job
from autoevol.evolving.ladder import Ladder
from autoevol.evolving.million import million
from autoevol.evolving.parts import Start, Walked, gather_parts
from autoevol.evolving.ray_engine import check_ray, walked
from autoevol.evolving.records import Appender, Place, make_record, read_records
from autoevol.evolving.rounds import Step
from autoevol.evolving.total import counted
from autoevol.methods import write_method
from autoevol.progress import Silent, Watcher
from autoevol.report.writing import reported
from autoevol.runs import RunFolder, Scalar, new_path, open_run
from autoevol.types import Method

KEPT, DROPPED = "kept.jsonl", "dropped.jsonl"
Json = dict[str, Any]


async def evolve(
    method: str | Method,
    data: Source,
    *,
    out: Path | str | None = None,
    model: str | Cast | None = None,
    door: Door | None = None,
    reading: Reading | None = None,
    ladder: Ladder | None = None,
    filters: Filters | None = None,
    ordered: bool = False,
    max_minutes: float | None = None,
    watcher: Watcher | None = None,
    invocation: Mapping[str, Scalar] | None = None,
) -> AsyncGenerator[Json, None]:
    """Records, kept and dropped, as they are done (`record["verdict"]["kept"]` tells which).

    A folder that holds this run already goes on: the records of earlier starts come first, the kept
    ones and then the dropped ones, read from its files one by one; then what was missing, as it is
    done. So the loop sees every record once, however often it is started. Who leaves the iteration
    early should close it (`contextlib.aclosing`), which frees the folder.

    Args:
        method: a method, or where it is: `domain/name`, a bare name, or a path.
        data: a file, a folder, a Hugging Face name (see `dataset`), or rows as mappings. Rows are
            read only as fast as they are done.
        out: the run folder; None makes a new one under ./runs.
        model: the model of both roles, PROVIDER/NAME; None is what the method's head names. A
            `Cast` names evolver and responder apart, temperatures and token caps; its judge marks
            rewrites, and drops those that are unfaithful or cannot be answered.
        door: how models are reached.
        reading: how `data` is read: columns, bad rows, a limit, a shard.
        ladder: rounds, variants, answers; None is one round, answered.
        filters: what is dropped besides failures; None drops exact and near duplicates.
        ordered: write records in the order of the rows; one late row then holds up others. Filters
            that compare records imply it.
        max_minutes: no new row begins after so many; the folder can go on.
        watcher: told how it goes.
        invocation: how it was called; kept in the folder for who goes on, and never compared.

    Raises:
        UsageError: no model is named, or a number makes no sense.
        NothingUsable: at the end, nothing was kept or too many rows got no answer.
        AutoevolError: see `errors`; what was answered is in the folder, which can go on.
    """
    reading, ladder, filters = reading or Reading(), ladder or Ladder(), filters or Filters()
    job = make_job(Choice(method, data, Cast.of(model), reading, ladder, filters))
    in_order, until = ordered or filters.ordered, _deadline(max_minutes)
    work = _Work(job, door or Door(), watcher or Silent(), in_order, until)
    folder = Path(out) if out else new_path("evolve")
    async with aclosing(_run(work, folder, invocation or {}, again=True)) as records:
        async for record in records:
            yield record


class Options(TypedDict, total=False):
    """What `evolve` may be told besides method, data and folder."""

    model: str | Cast | None
    door: Door | None
    reading: Reading | None
    ladder: Ladder | None
    filters: Filters | None
    ordered: bool
    max_minutes: float | None
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
    if unknown := sorted(options.keys() - Options.__annotations__.keys()):
        raise TypeError(f"evolve_all() got an unexpected keyword argument {unknown[0]!r}")
    filters = options.get("filters") or Filters()
    job = make_job(
        Choice(
            method,
            data,
            Cast.of(options.get("model")),
            options.get("reading") or Reading(),
            options.get("ladder") or Ladder(),
            filters,
        )
    )
    door, watcher = options.get("door") or Door(), options.get("watcher") or Silent()
    in_order = options.get("ordered", False) or filters.ordered
    work = _Work(job, door, watcher, in_order, _deadline(options.get("max_minutes")))
    invocation = options.get("invocation") or {}
    async with aclosing(_run(work, Path(out), invocation, again=False)) as records:
        async for _ in records:
            pass
    summary = json.loads((Path(out) / "summary.json").read_text(encoding="utf-8"))
    return EvolveResult(summary["kept"], Counter(summary["dropped"]), Path(out), summary)


class _Work(NamedTuple):
    job: Job
    door: Door
    watcher: Watcher
    ordered: bool
    deadline: float | None

    @property
    def late(self) -> bool:
        """No new row may begin."""
        return self.deadline is not None and time.monotonic() >= self.deadline


def _deadline(max_minutes: float | None) -> float | None:
    return None if max_minutes is None else time.monotonic() + 60 * max_minutes


async def _run(
    work: _Work, path: Path, invocation: Mapping[str, Scalar], *, again: bool
) -> AsyncGenerator[Json, None]:
    """The folder around the records. `again`: hand over those of earlier starts first."""
    job = work.job
    check_way(work.door, job.models.values())
    check_door(work.door, job.models.values(), path)
    if work.door.cluster is not None:
        if work.deadline is not None:
            hint = "Leave --max-minutes or --engine ray away."
            raise UsageError("max_minutes is for the local engine.", hint)
        check_ray(job, work.door)
    settings: dict[str, Mapping[str, Scalar]] = {
        **job.settings,
        "endpoints": dict(addresses(work.door, job.models)),
        "invocation": dict(invocation),
    }
    harvest = Harvest(job.skipped)
    with open_run(path, "evolve", settings) as folder, reported(path, work.watcher):
        if not folder.resumed:
            write_method(job.method, folder.path / "method.md")
        if again:  # who leaves here has changed nothing, so that the summary stays as it is
            for name in (KEPT, DROPPED):
                for record in read_records(folder.path / name):
                    yield record
        try:
            async with aclosing(_records(work, folder, harvest)) as records:
                async for record in records:
                    yield record
            if changed := job.changed():
                hint = (
                    "What was made is kept. For the file as it now is, name another --out and add "
                    f"--reuse {shlex.quote(str(path))}: what is the same is not paid for again."
                )
                raise BadInput(changed, hint)
        except BaseException:
            # What ended the run is the news, not a summary that could not be written.
            with suppress(AutoevolError):
                harvest.write(folder, _facts(work, folder, harvest))
            raise
        harvest.complete = not harvest.unknown and not harvest.late
        harvest.write(folder, _facts(work, folder, harvest))
    for line in harvest.said():
        work.watcher.note(line)
    harvest.check()


def _facts(work: _Work, folder: RunFolder, harvest: Harvest) -> Json:
    """What the summary holds beside the counts."""
    job, rates = work.job, rates_of(work.door, work.job.models.values())
    facts = {**job.facts, **job.filtering.facts(folder.path / DROPPED)}
    return {**facts, "million": million(folder.ledger, harvest.kept, rates)}


async def _records(work: _Work, folder: RunFolder, harvest: Harvest) -> AsyncGenerator[Json, None]:
    """Every new record once it is written."""
    job, watcher = work.job, work.watcher
    gather_parts(folder.path)
    files = folder.path / KEPT, folder.path / DROPPED
    with (
        Appender(files[0]) as keep,
        Appender(files[1]) as drop,
        Sieve(job.filtering.filters, files[0]) as sieve,
    ):
        sizes = keep.size(), drop.size()
        book = Bookmark.find(folder, sizes, job.skipped) if job.lasting else Bookmark(folder)
        mark = book.mark
        done = look_through(*files, (mark.kept_bytes, mark.dropped_bytes))
        harvest.found(mark.made)
        harvest.found(done)
        if harvest.records:
            watcher.note(f"{harvest.records} records are in the folder already.")
        for line in job.notes:
            watcher.note(line)
        limit = job.reading.limit
        watcher.stage(f"evolving with {job.method.domain}/{job.method.name}", limit or 0)
        watcher.advance(mark.rows)
        watcher.came_of_it(harvest.kept, harvest.dropped.total())
        if work.door.cluster is None:
            landing = _here(work, folder, _missing(work, book, done, harvest, (keep, drop)))
        else:
            start = Start(mark.rows, mark.values, book.seen, done)
            landing = walked(job, work.door, folder, start, watcher, work.ordered)
        async with (
            counted(job, watcher),
            aclosing(landing) as landed,
            aclosing(beyond_doubt(landed, harvest)) as sure,
        ):
            async for number, row, steps in sure:
                for record in _made(job, row, steps):
                    if record["id"] in done:
                        continue  # an earlier round of a row that was cut in between
                    await sieve.judge_aside(record)
                    harvest.add(record)
                    watcher.came_of_it(harvest.kept, harvest.dropped.total())
                    (keep if record["verdict"]["kept"] else drop).write(record)
                    sieve.kept(record)
                    yield record
                unknown = next((s.evolution.unknown for s in steps if s.evolution.unknown), "")
                _settle(work, book, number, (keep, drop), owed=bool(unknown))
                if unknown:
                    harvest.miss(unknown)
                harvest.heed_judge(job.models.get("judge", ""))


async def _here(
    work: _Work, folder: RunFolder, missing: Iterator[tuple[int, Row]]
) -> AsyncGenerator[Walked, None]:
    """Rows that were walked in this process, as they land."""
    job, door, watcher, log = work.job, work.door, work.watcher, folder.path / "runtime.log"
    async with open_client(door, folder.ledger, log, watcher, tuning=job.tuning) as client:
        rounds = job.rounds_at(client)

        async def walk(piece: tuple[int, Row]) -> Walked:
            number, row = piece
            return number, row, await rounds.walk(row)

        landing = as_they_land(missing, walk, _at_once(door), ordered=work.ordered)
        async with aclosing(landing) as landed:
            async for one in landed:
                yield one


def _settle(
    work: _Work, book: Bookmark, number: int, files: tuple[Appender, Appender], *, owed: bool
) -> None:
    """A row is through, for now or for good."""
    work.watcher.advance()
    # On Ray rows are not read here, so that the bookmark stays where it is.
    here = work.door.cluster is None and work.job.lasting
    if here and book.land(number, owed=owed):
        for file in files:
            file.sync()
        book.move((files[0].size(), files[1].size()))


def _made(job: Job, row: Row, walked: tuple[Step, ...]) -> Iterator[Json]:
    """A record for each rung; an unknown one is no verdict and leaves none."""
    if not walked:
        yield dict(make_record(row, (), job.origin()))
    for step in walked:
        if not step.evolution.unknown:
            where = step.rung.number, step.parent, step.sample
            place = Place(*where, step.turns, step.joined, step.unevolved)
            yield dict(make_record(row, step.evolution, job.origin(step.rung), place=place))


def _missing(
    work: _Work, book: Bookmark, done: Done, harvest: Harvest, files: tuple[Appender, Appender]
) -> Iterator[tuple[int, Row]]:
    """The rows that lack a record, by number; the rows behind the bookmark are passed over."""
    job = work.job
    first, limit = book.mark.rows, job.reading.limit
    reader = job.reader(book.mark.values, book.seen)
    left = None if limit is None else max(0, limit - first)
    rows = map(job.filtering.row, islice(reader, left))
    for number, row in enumerate(rows, start=first):
        if job.lasting:
            book.begin(reader.fingerprint)
            if book.due():
                sizes = files[0].size(), files[1].size()
                book.mark_here(mark_of(number + 1, reader.values, sizes, harvest.made, job.skipped))
        if not job.shard.has(number) or all(name in done for name in job.record_ids(row)):
            _settle(work, book, number, files, owed=False)
        elif work.late:
            harvest.late = True
            return
        else:
            yield number, row


def _at_once(door: Door) -> int:
    """Rows under way: one for each call in flight, and some whose call comes next."""
    return door.calls + max(2, door.calls // 4)
