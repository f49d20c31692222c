"""What a start on a folder would still have to ask for: for plans, which send nothing.

Decides that what counts for the run counts here: a rung with a record is done, a row that a filter
or its own kind keeps from being evolved costs nothing, a shard reads its own rows. What that takes
in tokens and money is left to `reckon`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from autoevol.data.dataset import Row
from autoevol.evolving.done import Done, look_through
from autoevol.evolving.job import Job
from autoevol.evolving.ladder import Rung
from autoevol.evolving.records import UNSUPPORTED
from autoevol.evolving.rounds import earlier_turns
from autoevol.plan import tokens


@dataclass(slots=True)
class Left:
    """`rows` lack a record and hold `turns` user turns that are to be evolved, `tokens` in all;
    `rewrites` are to be made of them, and `seeds` to be answered as they are. `done` rows have all
    their records. `barred` rows are dropped without a call, by rule."""

    rows: int = 0
    turns: int = 0
    tokens: float = 0.0
    rewrites: int = 0
    seeds: int = 0
    done: int = 0
    barred: Counter[str] = field(default_factory=Counter)


def left_of(job: Job, folder: Path | None, names: tuple[str, str]) -> Left:
    """Read all rows of a job and see what is missing.

    Args:
        folder: the run's, which need not exist; it is only read.
        names: the files of what was kept and dropped in it.

    Raises:
        BadInput: a row, or a record, cannot be read.
    """
    done = Done() if folder is None else look_through(folder / names[0], folder / names[1])
    left, rungs = Left(), list(job.ladder.rungs())
    rows = map(job.filtering.row, islice(job.reader(), job.reading.limit))
    for number, row in enumerate(rows):
        if not job.shard.has(number):
            continue
        missing = [rung for rung in rungs if not _there(job, row, rung, done)]
        if row.unsupported:
            left.barred[row.barred_by or UNSUPPORTED] += 1
        elif not missing:
            left.done += 1
        else:
            turns = _turns(job, row)
            left.rows, left.turns = left.rows + 1, left.turns + len(turns)
            left.tokens += sum(map(tokens, turns))
            left.rewrites += len(turns) * sum(rung.number > 0 for rung in missing)
            left.seeds += any(rung.number == 0 for rung in missing) and not row.response
    return left


def _there(job: Job, row: Row, rung: Rung, done: Done) -> bool:
    return done.records > 0 and job.origin(rung).record_id(row.id, rung.number) in done


def _turns(job: Job, row: Row) -> list[str]:
    """The user turns of a row that are evolved."""
    before = earlier_turns(row) if job.ladder.turns == "all" else ()
    return [*(turn.content for turn in before if turn.role == "user"), row.instruction]
