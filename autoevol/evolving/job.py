"""The job of an `evolve` run: what is applied to what, by whom.

Decides which model plays which role, what two invocations must share to be one run, and which rows
are read. Nothing is sent and no folder is made before a job stands.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autoevol import __version__
from autoevol.caps import answer_cap, rewrite_cap
from autoevol.casting import Cast, check_roles
from autoevol.data.dataset import (
    Fields,
    Reader,
    Row,
    Skipped,
    Source,
    digest_of_source,
    read_rows,
    stamp_of_source,
)
from autoevol.data.seeds import Reading
from autoevol.data.seen import Seen
from autoevol.errors import UsageError
from autoevol.evolving.filters.choice import Filters
from autoevol.evolving.filters.sieve import Filtering
from autoevol.evolving.ladder import DOWN, Ladder, Rung
from autoevol.evolving.partners import seconds_of
from autoevol.evolving.records import Origin
from autoevol.evolving.rounds import Rounds
from autoevol.evolving.shard import Shard
from autoevol.forms import Pool, form_of
from autoevol.llm.client import Client
from autoevol.llm.tuning import Tuning
from autoevol.methods import list_methods, load_method
from autoevol.prompts import Prompt, load_prompt
from autoevol.roles.evolver import Evolver
from autoevol.roles.judge import Judge
from autoevol.roles.responder import Responder
from autoevol.runs import Scalar
from autoevol.types import Method

ROLES = ("evolver", "responder", "judge")


@dataclass(frozen=True, slots=True)
class Job:
    """`models` holds the roles that are asked; without a responder nothing is answered. `notes` are
    lines worth saying before the start."""

    method: Method
    downward: Method | None
    models: Mapping[str, str]
    tuning: Tuning
    prompt: Prompt
    pool: Pool
    ladder: Ladder
    data: Source
    reading: Reading
    shard: Shard
    filtering: Filtering
    skipped: Skipped
    stamp: tuple[object, ...]
    settings: dict[str, dict[str, Scalar]]
    notes: tuple[str, ...]

    @property
    def lasting(self) -> bool:
        """Whether the source is the same at the next start, which only files promise."""
        return isinstance(self.data, str | Path)

    def origin(self, rung: Rung = Rung(0, 1)) -> Origin:  # noqa: B008  # a constant
        """What names the records of a rung."""
        method = self.downward if rung.variant == DOWN and self.downward else self.method
        return Origin(
            f"{method.domain}/{method.name}",
            method.digest,
            self.prompt.digest,
            self.models,
            variant=rung.variant,
            from_seed=form_of(self.method).from_seed,
            seed=self.ladder.seed,
        )

    def record_ids(self, row: Row) -> list[str]:
        """What the records of a row are called, before it is evolved."""
        rungs = [Rung(0, 1)] if row.unsupported else list(self.ladder.rungs())
        return [self.origin(rung).record_id(row.id, rung.number) for rung in rungs]

    @property
    def facts(self) -> dict[str, Any]:
        """What the summary says of the job."""
        return {
            "method": {"name": self.origin().method, "digest": self.method.digest},
            "models": dict(self.models),
            "rounds": self.ladder.rounds,
            "data": self.settings["data"],
        }

    def rounds_at(self, client: Client) -> Rounds:
        """The roles at work."""
        evolver = self.models["evolver"]
        responder, judge = self.models.get("responder"), self.models.get("judge")
        return Rounds(
            self.method,
            Evolver(client, evolver, self.prompt, max_tokens=rewrite_cap(evolver), pool=self.pool),
            Responder(client, responder, answer_cap(responder)) if responder else None,
            self.ladder,
            self.downward,
            Judge(client, judge, load_prompt("review"), judge.startswith("anthropic/"))
            if judge
            else None,
            self.filtering.rules(),
        )

    def reader(self, passed: int = 0, seen: Seen | None = None) -> Reader:
        """Reads the rows behind the first `passed` values of the source, which were `seen`."""
        return Reader(
            self.data,
            fields=Fields.of(self.reading.fields),
            skip_bad=self.reading.skip_bad,
            skipped=self.skipped,
            passed=passed,
            seen=seen,
            redact=self.filtering.redact,
        )

    def changed(self) -> str:
        """What is to be said where the files are no longer those that the run began with."""
        if not isinstance(self.data, str | Path) or stamp_of_source(self.data) == self.stamp:
            return ""
        if digest_of_source(self.data) == self.settings["data"]["digest"]:
            return ""
        return f"{self.data} changed while it was read."


@dataclass(frozen=True, slots=True)
class Choice:
    """The arguments of `verbs.evolve` that make a job."""

    method: str | Method
    data: Source
    cast: Cast
    reading: Reading
    ladder: Ladder
    filters: Filters


def make_job(choice: Choice) -> Job:
    """Everything settled that needs no model.

    Raises:
        UsageError: no model for a role, an unknown role, a number below 1.
        BadInput: the method, the data or a benchmark cannot be read.
    """
    filtering = Filtering(choice.filters)
    ladder, reading, data = choice.ladder, choice.reading, choice.data
    ladder.check()
    if reading.limit is not None and reading.limit < 1:
        raise UsageError(f"limit {reading.limit} is below 1.", "Give at least 1.")
    method, shard = _loaded(choice.method), Shard.parse(reading.shard)
    downward = None if ladder.downward is None else _loaded(ladder.downward)
    if downward is not None and form_of(downward).aim != "easier":
        name = f"{downward.domain}/{downward.name}"
        do = [f"{m.domain}/{m.name}" for m in list_methods() if form_of(m).aim == "easier"]
        hint = f"Of the shelf does: {', '.join(do)}; one of your own is headed aim: easier."
        raise UsageError(f"{name} does not aim at easier instructions.", hint)
    chosen = choose_models(method, choice.cast, respond=ladder.respond)
    tuning = choice.cast.tuning(ROLES)
    prompt, two = load_prompt("evolver"), form_of(method).two
    if not isinstance(data, str | Path):
        data = _Several(iter(data))
    # The first row is read now: a file that cannot be read should leave no folder behind.
    fields = Fields.of(reading.fields)
    rows = read_rows(data, fields=fields, skip_bad=reading.skip_bad, redact=filtering.redact)
    partners = seconds_of(rows, filtering) if two else ()
    next(rows, None)
    return Job(
        method=method,
        downward=downward,
        models=chosen,
        tuning=tuning,
        prompt=prompt,
        pool=Pool(partners, ladder.seed),
        ladder=ladder,
        data=data,
        reading=reading,
        shard=shard,
        filtering=filtering,
        skipped=Skipped(),
        stamp=stamp_of_source(data) if isinstance(data, str | Path) else (),
        settings={
            **_settings(choice, method, downward, chosen, prompt, shard),
            **_tuned(tuning, chosen),
        },
        notes=_notes(method, chosen, prompt),
    )


def _loaded(method: str | Method) -> Method:
    return method if isinstance(method, Method) else load_method(method)


class _Several:
    """Rows of a program, which can be begun twice: what was read the first time is kept for the
    second, and only for that."""

    def __init__(self, rows: Iterator[Mapping[str, object]]) -> None:
        self._rows = rows
        self._peeked: list[Mapping[str, object]] = []
        self._peeking = True

    def __iter__(self) -> Iterator[Mapping[str, object]]:
        if not self._peeking:
            yield from self._peeked
            self._peeked.clear()
            yield from self._rows
            return
        self._peeking = False
        for row in self._rows:
            self._peeked.append(row)
            yield row


def choose_models(method: Method, cast: Cast, *, respond: bool) -> dict[str, str]:
    """Who plays which role: by name, by `model`, or by the method's head; a judge only by name.

    Raises:
        UsageError: nobody is named for a role, or one is named that takes no part.
    """
    models = cast.named
    check_roles(models, ROLES)
    chosen: dict[str, str] = {}
    for role in ("evolver", "responder") if respond else ("evolver",):
        named = models.get(role) or cast.model or method.head.get(role)
        if not named:
            raise UsageError(
                f"No model for the {role}: {method.domain}/{method.name} names none, and evolve "
                "never picks a model silently.",
                f"Name one with --model or --{role}, as PROVIDER/NAME.",
            )
        chosen[role] = named
    if judge := models.get("judge"):
        chosen["judge"] = judge
    return chosen


def _notes(method: Method, chosen: Mapping[str, str], prompt: Prompt) -> tuple[str, ...]:
    """A line where the method was measured with something else than what is used now, and one where
    the evolver is its own judge."""
    others = [
        f"{role} {method.head[role]}, now {model}"
        for role, model in chosen.items()
        if method.head.get(role, model) != model
    ]
    if method.head.get("evolver_prompt", prompt.digest) != prompt.digest:
        others.append("another prompts/evolver.md")
    name, lines = f"{method.domain}/{method.name}", list[str]()
    if others:
        lines.append(f"{name} was not measured on this: {'; '.join(others)}.")
    if chosen.get("judge") == chosen["evolver"]:
        lines.append(f"{chosen['evolver']} judges its own rewrites; --judge names another judge.")
    return tuple(lines)


def _tuned(tuning: Tuning, chosen: Mapping[str, str]) -> dict[str, dict[str, Scalar]]:
    """The caps of a run, and the temperatures that the user asks for."""
    usual = {"evolver": rewrite_cap, "responder": answer_cap}
    caps = {role: usual[role](chosen[role]) for role in usual if role in chosen}
    tables: dict[str, dict[str, Scalar]] = {"caps": {**caps, **tuning.max_tokens}}
    if tuning.temperature:
        tables["temperature"] = dict(tuning.temperature)
    return tables


def _settings(
    choice: Choice,
    method: Method,
    downward: Method | None,
    chosen: Mapping[str, str],
    prompt: Prompt,
    shard: Shard,
) -> dict[str, dict[str, Scalar]]:
    # Rows handed over by a program are not known before they are read; their ids tell them apart.
    data, source, digest = choice.data, "rows", ""
    if isinstance(data, str | Path):
        path = Path(data)
        source, digest = path.name if path.exists() else str(data), digest_of_source(data)
    easier = {} if downward is None else {"downward_digest": downward.digest}
    return {
        "settings": {
            "method": f"{method.domain}/{method.name}",
            "method_digest": method.digest,
            **choice.ladder.settings(),
            **easier,
        },
        "models": dict(chosen),
        **({"prompts": {"review": load_prompt("review").digest}} if "judge" in chosen else {}),
        "data": {
            "source": source,
            "digest": digest,
            "fields": json.dumps(dict(choice.reading.fields)),
            **({"shard": str(shard)} if shard.of > 1 else {}),
        },
        "filters": dict(choice.filters.settings()),
        "prompts": {"evolver": prompt.digest},
        "versions": {
            "autoevol": __version__,
            "python": platform.python_version(),
            **{package: version(package) for package in ("openai", "anthropic")},
        },
    }
