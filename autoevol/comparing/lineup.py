"""The lineup of a comparison: which methods meet on which items, under whose eyes.

Decides which items are drawn, and what of it a run folder keeps so that the comparison can be
rebuilt from the folder alone, on a machine that has neither the data nor the methods.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autoevol.casting import Models
from autoevol.comparing.arms import choose_methods, name_of, same_text
from autoevol.comparing.past import seen_by, unseen, untraced
from autoevol.data.clusters import clusters
from autoevol.data.seeds import Seeds
from autoevol.data.splits import split
from autoevol.domain import Domain, Pair, Rated
from autoevol.errors import BadInput
from autoevol.forms import form_of
from autoevol.llm.tuning import AS_USUAL, Tuning
from autoevol.methods import read_method, stranger, write_method
from autoevol.runs import RunFolder
from autoevol.types import Instruction, Method

MATERIALS, METHODS = "materials.json", "methods"
ROLES = ("evolver", "responder", "judge")
PARTNERS = 1000
ITEMS = 60
"""Items that are drawn where nothing is said and as many are there."""
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lineup:
    """`best_of` are methods of which several draws are measured, too; `plain`: so are the seeds as
    they are. `score` names the proxy score. `partners` are what methods draw from that join two
    instructions. `source` and `digest` name the data. `past` tells what learned methods
    have seen, `tuning` what the user asks of the calls of a role."""

    domain: Domain
    methods: tuple[Method, ...]
    best_of: tuple[Method, ...]
    items: tuple[Instruction, ...]
    models: Models
    rounds: int
    seed: int
    plain: bool
    score: str
    partners: tuple[str, ...]
    source: str
    digest: str
    past: tuple[str, ...] = ()
    tuning: Tuning = AS_USUAL

    @property
    def facts(self) -> Json:
        """What a summary says of it."""
        return {
            "domain": self.domain.name,
            "describe": self.domain.describe,
            "seed": self.seed,
            "rounds": self.rounds,
            "score": self.score,
            "models": self.cast,
            "data": {"source": self.source, "digest": self.digest, "items": len(self.items)},
        }

    @property
    def cast(self) -> dict[str, str]:
        """The models of the roles that take part."""
        table = self.models.as_table()
        return {role: table[role] for role in ROLES}

    @property
    def notes(self) -> tuple[str, ...]:
        """What should be known before the figures are read."""
        strangers = [stranger(method, self.domain.name) for method in self.methods]
        twins = [f"{' and '.join(same)} are one and the same text." for same in _twins(self)]
        aims = [
            f"{name_of(method)}: {form_of(method)}; the score asks whether it became harder."
            for method in self.methods
            if form_of(method).aim != "harder"
        ]
        return (*self.past, *filter(None, strangers), *aims, *twins)


def make_lineup(
    wanted: Sequence[str | Method],
    best_of: Sequence[str | Method],
    domain: Domain,
    seeds: Seeds,
    *,
    items: int | None,
    models: Models,
    tuning: Tuning = AS_USUAL,
    rounds: int,
    seed: int,
    plain: bool,
    score: str,
    shelf: Path | None,
) -> Lineup:
    """Draw the items and load the methods.

    A method that a best-of arm is made of takes part by itself, too: its first draw is the arm's.

    Raises:
        UsageError, BadInput, MethodChanged: see `choose_methods`.
        BadInput: fewer items than were asked for, or none.
    """
    methods = choose_methods([*wanted, *best_of], domain.name, shelf)
    named = choose_methods(best_of, domain.name, shelf) if best_of else []
    seen = seen_by([*wanted, *best_of])
    fresh = unseen(seeds.items, seen)
    drawn = draw(fresh, items, seed)
    out = len(seeds.items) - len(fresh)
    past = [f"{out} items that a method was learned or chosen on take no part."] if out else []
    past += [
        f"{name} was learned: what it has seen is not known here and may be among the items; name "
        "the file in its run folder."
        for name in untraced([*wanted, *best_of], methods)
    ]
    return Lineup(
        domain=domain,
        methods=tuple(methods),
        best_of=tuple(named),
        items=drawn,
        models=models,
        tuning=tuning,
        rounds=rounds,
        seed=seed,
        plain=plain,
        score=score,
        partners=partners_of(fresh, drawn) if any(form_of(m).two for m in methods) else (),
        source=seeds.source,
        digest=seeds.digest,
        past=tuple(past),
    )


def draw(given: Sequence[Instruction], wanted: int | None, seed: int) -> tuple[Instruction, ...]:
    """The items: the first `wanted` that `optimize` with this seed would keep for confirmation.

    No two are near-duplicates, so they count as independent; languages are mixed in proportion.
    None is `ITEMS`, or all where fewer are there.

    Raises:
        BadInput: there are fewer, or none.
    """
    if not given:
        raise BadInput("There is no instruction that can be evolved.", "Give some with --data.")
    there = max(clusters([item.text for item in given])) + 1
    count = min(ITEMS, there) if wanted is None else wanted
    if count > there:
        raise BadInput(
            f"{count} items are asked for; of {len(given)} there are {there} that are no "
            "near-duplicates of one another.",
            f"Ask for --items {there} or give more with --data.",
        )
    return split(given, train=0, dev=0, confirm=count, seed=seed).confirm


def partners_of(given: Sequence[Instruction], drawn: Sequence[Instruction]) -> tuple[str, ...]:
    """What a method that joins two instructions draws the second one from: the seeds that are not
    measured, the first thousand of them; the items themselves where there are no others."""
    own = {item.id for item in drawn}
    others = [item.text for item in given if item.id not in own] or [item.text for item in drawn]
    return tuple(dict.fromkeys(others))[:PARTNERS]


def save_lineup(lineup: Lineup, folder: RunFolder, identities: Mapping[str, str]) -> None:
    """Keep all that a replay needs; `identities` say by model who answers (see `llm.provider`)."""
    domain = lineup.domain
    named = {name_of(method): method for method in lineup.methods}
    for method in lineup.methods:
        write_method(method, _method_file(folder.path, method))
    folder.write_json(
        MATERIALS,
        {
            "version": 1,
            **{key: value for key, value in lineup.facts.items() if key not in ("domain", "data")},
            "source": lineup.source,
            "digest": lineup.digest,
            "plain": lineup.plain,
            "past": list(lineup.past),
            "tuning": asdict(lineup.tuning),
            "partners": list(lineup.partners),
            "methods": list(named),
            "best_of": [name_of(method) for method in lineup.best_of],
            "identities": dict(identities),
            "domain": {
                "name": domain.name,
                "title": domain.title,
                "describe": domain.describe,
                "rated": [asdict(one) for one in domain.rated],
                "pairs": [asdict(pair) for pair in domain.pairs],
            },
            "items": [asdict(item) for item in lineup.items],
        },
    )


def load_lineup(folder: Path) -> tuple[Lineup, dict[str, str]]:
    """What `save_lineup` kept, and who answers by model.

    Raises:
        BadInput: the folder holds no comparison, one of another version, or a damaged one.
    """
    path = folder / MATERIALS
    try:
        kept: Json = json.loads(path.read_text(encoding="utf-8"))
        if kept["version"] != 1:
            raise BadInput(f"{path} is of version {kept['version']!r}, not 1.", "Compare anew.")
        by_name = {name_of(m): m for m in map(read_method, sorted(folder.glob("methods/*/*.md")))}
        pack = kept["domain"]
        domain = Domain(
            name=pack["name"],
            title=pack["title"],
            describe=pack["describe"],
            initial="",
            rival="",
            seeds=path,
            fields={},
            rated=tuple(Rated(**one) for one in pack["rated"]),
            pairs=tuple(Pair(**pair) for pair in pack["pairs"]),
        )
        lineup = Lineup(
            domain=domain,
            methods=tuple(by_name[name] for name in kept["methods"]),
            best_of=tuple(by_name[name] for name in kept["best_of"]),
            items=tuple(Instruction(**item) for item in kept["items"]),
            models=Models(**kept["models"]),
            rounds=kept["rounds"],
            seed=kept["seed"],
            plain=kept["plain"],
            score=kept["score"],
            partners=tuple(kept["partners"]),
            source=kept["source"],
            digest=kept["digest"],
            past=tuple(kept.get("past", ())),
            tuning=Tuning(**kept.get("tuning", {})),
        )
        return lineup, dict(kept["identities"])
    except OSError as error:
        raise BadInput(
            f"{folder} holds no comparison ({MATERIALS}: {error.strerror or error}).",
            "Name the folder of a run of autoevol compare.",
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{path} is damaged: {error!r}.", "Compare anew.") from error


def _method_file(folder: Path, method: Method) -> Path:
    return folder / METHODS / method.domain / f"{method.name}.md"


def _twins(lineup: Lineup) -> list[tuple[str, ...]]:
    return same_text(lineup.methods)
