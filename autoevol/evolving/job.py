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
from itertools import chain, islice
from pathlib import Path
from typing import Any

from autoevol import __version__
from autoevol.caps import answer_cap, rewrite_cap
from autoevol.data.dataset import Fields, Row, Skipped, Source, digest_of_source, read_rows
from autoevol.errors import UsageError
from autoevol.evolving.records import Origin
from autoevol.evolving.rounds import Rounds
from autoevol.forms import Pool, form_of
from autoevol.llm.client import Client
from autoevol.methods import load_method
from autoevol.prompts import Prompt, load_prompt
from autoevol.roles.evolver import Evolver
from autoevol.roles.responder import Responder
from autoevol.runs import Scalar
from autoevol.types import Method

ROLES = ("evolver", "responder")
PARTNERS = 1000
"""So many rows are read ahead for a method that joins two instructions."""


@dataclass(frozen=True, slots=True)
class Job:
    """`models` holds the roles that are asked; without a responder nothing is answered. `notes` are
    lines worth saying before the start."""

    method: Method
    models: Mapping[str, str]
    prompt: Prompt
    pool: Pool
    rounds: int
    rows: Iterator[Row]
    skipped: Skipped
    limit: int | None
    settings: dict[str, dict[str, Scalar]]
    notes: tuple[str, ...]

    @property
    def origin(self) -> Origin:
        """What names the records."""
        name = f"{self.method.domain}/{self.method.name}"
        from_seed = form_of(self.method).from_seed
        return Origin(
            name, self.method.digest, self.prompt.digest, self.models, from_seed=from_seed
        )

    @property
    def facts(self) -> dict[str, Any]:
        """What the summary says of the job."""
        return {
            "method": {"name": self.origin.method, "digest": self.method.digest},
            "models": dict(self.models),
            "rounds": self.rounds,
            "data": self.settings["data"],
        }

    def rounds_at(self, client: Client) -> Rounds:
        """The roles at work."""
        evolver = self.models["evolver"]
        responder = self.models.get("responder")
        return Rounds(
            self.method,
            Evolver(client, evolver, self.prompt, max_tokens=rewrite_cap(evolver), pool=self.pool),
            Responder(client, responder, answer_cap(responder)) if responder else None,
            self.rounds,
        )


def make_job(
    method: str | Method,
    data: Source,
    *,
    model: str | None,
    models: Mapping[str, str | None],
    limit: int | None,
    fields: Mapping[str, str],
    skip_bad: bool,
    respond: bool,
    rounds: int,
) -> Job:
    """Everything settled that needs no model. The arguments are those of `verbs.evolve`.

    Raises:
        UsageError: no model for a role, an unknown role, a number below 1.
        BadInput: the method or the data cannot be read.
    """
    for name, number in (("rounds", rounds), ("limit", 1 if limit is None else limit)):
        if number < 1:
            raise UsageError(f"{name} {number} is below 1.", "Give at least 1.")
    method = method if isinstance(method, Method) else load_method(method)
    chosen = choose_models(method, model, models, respond=respond)
    prompt, skipped = load_prompt("evolver"), Skipped()
    rows = read_rows(data, fields=Fields.of(fields), skip_bad=skip_bad, skipped=skipped)
    # The first row is read now: a file that cannot be read should leave no folder behind. What is
    # joined to a row is drawn from the first rows, which are the same when the run goes on.
    first = list(islice(rows, PARTNERS if form_of(method).two else 1))
    partners = tuple(dict.fromkeys(row.instruction for row in first if not row.unsupported))
    return Job(
        method=method,
        models=chosen,
        prompt=prompt,
        pool=Pool(partners if form_of(method).two else ()),
        rounds=rounds,
        rows=islice(chain(first, rows), limit),
        skipped=skipped,
        limit=limit,
        settings=_settings(method, chosen, prompt, data, fields, rounds),
        notes=_notes(method, chosen, prompt),
    )


def choose_models(
    method: Method, model: str | None, models: Mapping[str, str | None], *, respond: bool
) -> dict[str, str]:
    """Who plays which role: by name, by `model`, or by the method's head.

    Raises:
        UsageError: nobody is named for a role, or there is no such role.
    """
    for role in models:
        if role not in ROLES:
            raise UsageError(f"Unknown role {role!r}.", f"Roles: {', '.join(ROLES)}.")
    chosen: dict[str, str] = {}
    for role in ROLES if respond else ROLES[:1]:
        named = models.get(role) or model or method.head.get(role)
        if not named:
            raise UsageError(
                f"No model for the {role}: {method.domain}/{method.name} names none, and evolve "
                "never picks a model silently.",
                f"Name one with --model or --{role}, as PROVIDER/NAME.",
            )
        chosen[role] = named
    return chosen


def _notes(method: Method, chosen: Mapping[str, str], prompt: Prompt) -> tuple[str, ...]:
    """One line where the method was measured with something else than what is used now."""
    others = [
        f"{role} {method.head[role]}, now {model}"
        for role, model in chosen.items()
        if method.head.get(role, model) != model
    ]
    if method.head.get("evolver_prompt", prompt.digest) != prompt.digest:
        others.append("another prompts/evolver.md")
    name = f"{method.domain}/{method.name}"
    return (f"{name} was not measured on this: {'; '.join(others)}.",) if others else ()


def _settings(
    method: Method,
    chosen: Mapping[str, str],
    prompt: Prompt,
    data: Source,
    fields: Mapping[str, str],
    rounds: int,
) -> dict[str, dict[str, Scalar]]:
    # Rows handed over by a program are not known before they are read; their ids tell them apart.
    source, digest = "rows", ""
    if isinstance(data, str | Path):
        path = Path(data)
        source, digest = path.name if path.exists() else str(data), digest_of_source(data)
    caps = {"evolver": rewrite_cap, "responder": answer_cap}
    return {
        "settings": {
            "method": f"{method.domain}/{method.name}",
            "method_digest": method.digest,
            "rounds": rounds,
            "respond": "responder" in chosen,
        },
        "models": dict(chosen),
        "caps": {role: caps[role](model) for role, model in chosen.items()},
        "data": {"source": source, "digest": digest, "fields": json.dumps(dict(fields))},
        "prompts": {"evolver": prompt.digest},
        "versions": {
            "autoevol": __version__,
            "python": platform.python_version(),
            **{package: version(package) for package in ("openai", "anthropic")},
        },
    }
