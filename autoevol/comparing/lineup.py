"""The lineup of a comparison: which methods meet on which items, under whose eyes.

Decides which items are drawn, and what is said of the lineup before the figures. What of it a run
folder keeps is left to `materials`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autoevol.casting import Cast, Models
from autoevol.comparing.arms import choose_methods, each_once, known_files, name_of
from autoevol.comparing.past import seen_by, unseen, untraced
from autoevol.counted import several
from autoevol.data.clusters import clusters
from autoevol.data.seeds import Seeds
from autoevol.data.splits import split
from autoevol.domain import Domain
from autoevol.errors import BadInput, UsageError
from autoevol.forms import form_of
from autoevol.llm.tuning import AS_USUAL, Tuning
from autoevol.methods import stranger
from autoevol.roles.proxies import GAIN, Own, score_name
from autoevol.roles.rules.own import OwnRule, rule_names, with_own
from autoevol.types import Instruction, Method

ROLES = ("evolver", "responder", "judge")
PARTNERS = 1000
ITEMS = 60
"""Items that are drawn where nothing is said and as many are there."""
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms methods are compared.

    `items`: so many items; None is `ITEMS`, or all where fewer are there. `rounds`: each item is
    evolved so many times, each time from the last. `best_of` are methods that are also measured
    with several draws an item, the best of which counts, at the money of the dearest other method.
    `plain`: the seeds are measured as they are, too. `score` is the proxy score: `gain`, `pairwise`
    (for large judges), or a function of the instruction before and after, in Python or as
    MODULE:FUNCTION. `rules` are the user's own, from an evolution to a failure or None, beside the
    shipped ones. `seed` is that of all randomness.

    Raises:
        UsageError: less than one item or round.
    """

    items: int | None = None
    rounds: int = 1
    best_of: Sequence[str | Method] = ()
    plain: bool = True
    score: str | Own = GAIN
    rules: Sequence[OwnRule] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        if self.rounds < 1 or (self.items is not None and self.items < 1):
            said = f"{self.items} items, {self.rounds} rounds."
            raise UsageError(said, "Give at least 1 of each.")


@dataclass(frozen=True, slots=True)
class Lineup:
    """`methods` are of different text; `also` holds, by name, other names of the same text.
    `best_of` are those of which several draws are measured, too; `plain`: so are the seeds as
    they are. `partners` are what methods draw from that join two instructions. `source` and
    `digest` name the data. `past` tells what learned methods have seen and which
    files hold known ones, `tuning` what the user asks of the calls of a role."""

    domain: Domain
    methods: tuple[Method, ...]
    best_of: tuple[Method, ...]
    items: tuple[Instruction, ...]
    models: Models
    rounds: int
    seed: int
    plain: bool
    score: str | Own
    partners: tuple[str, ...]
    source: str
    digest: str
    past: tuple[str, ...] = ()
    rules: tuple[OwnRule, ...] = ()
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tuning: Tuning = AS_USUAL

    @property
    def facts(self) -> Json:
        """What a summary says of it."""
        return {
            "domain": self.domain.name,
            "describe": self.domain.describe,
            "seed": self.seed,
            "rounds": self.rounds,
            "score": score_name(self.score),
            "rules": rule_names(self.rules),
            "models": self.cast,
            "data": {"source": self.source, "digest": self.digest, "items": len(self.items)},
        }

    @property
    def names(self) -> list[tuple[str, str]]:
        """Every name, those of the same text included, with the text's digest."""
        named = [(name_of(method), method.digest) for method in self.methods]
        return [(one, digest) for name, digest in named for one in (name, *self.also.get(name, ()))]

    @property
    def cast(self) -> dict[str, str]:
        """The models of the roles that take part."""
        table = self.models.as_table()
        return {role: table[role] for role in ROLES}

    def stranger(self, method: Method) -> str:
        """A sentence where a method was made for another domain."""
        return stranger(method, self.domain.name, said=self.domain.said)

    @property
    def notes(self) -> tuple[str, ...]:
        """What should be known before the figures are read."""
        strangers = [self.stranger(method) for method in self.methods]
        twins = [
            f"{' and '.join(others)}: the same text as {name}, measured once under that name."
            for name, others in self.also.items()
        ]
        aims = [
            f"{name_of(method)}: {form_of(method)}; the score asks whether it became harder."
            for method in self.methods
            if form_of(method).aim != "harder"
        ]
        return (*self.past, *filter(None, strangers), *aims, *twins)


def make_lineup(
    wanted: Sequence[str | Method],
    domain: Domain,
    seeds: Seeds,
    terms: Terms,
    cast: Cast,
    shelf: Path | None = None,
) -> Lineup:
    """Draw the items and load the methods.

    A method that a best-of arm is made of takes part by itself, too: its first draw is the arm's.

    Raises:
        UsageError, BadInput, MethodChanged: see `choose_methods`.
        UsageError: an unknown score, two rules of one name, or draws that cannot differ.
        BadInput: fewer items than were asked for, or none.
    """
    score_name(terms.score)
    with_own(terms.rules)
    tuning = cast.tuning(ROLES)
    if terms.best_of and tuning.temperature.get("evolver") == 0:
        raise UsageError(
            "At temperature 0 all draws of a best-of arm are alike.",
            "Give the evolver another temperature, or leave it away.",
        )
    every = [*wanted, *terms.best_of]
    loaded = choose_methods(every, domain.name, shelf)
    methods, also = each_once(loaded, domain.name)
    named = choose_methods(terms.best_of, domain.name, shelf) if terms.best_of else []
    drawing = {method.digest for method in named}
    seen = seen_by(every)
    fresh = unseen(seeds.items, seen)
    drawn = draw(fresh, terms.items, terms.seed)
    out = len(seeds.items) - len(fresh)
    no_part = "takes no part" if out == 1 else "take no part"
    past = [f"{several(out, 'item')} that a method was learned or chosen on {no_part}."] * bool(out)
    past += [
        f"{name} was learned: what it has seen is not known here and may be among the items; name "
        "the file in its run folder."
        for name in untraced(every, loaded)
    ]
    past += known_files(every, domain.name, shelf)
    return Lineup(
        domain=domain,
        methods=tuple(methods),
        best_of=tuple(method for method in methods if method.digest in drawing),
        items=drawn,
        models=cast.models,
        rounds=terms.rounds,
        seed=terms.seed,
        plain=terms.plain,
        score=terms.score,
        partners=partners_of(fresh, drawn) if any(form_of(m).two for m in methods) else (),
        source=seeds.source,
        digest=seeds.digest,
        past=tuple(past),
        rules=tuple(terms.rules),
        also=also,
        tuning=tuning,
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
