"""The arms of a comparison, and what each does to one item.

Decides which arms there are besides methods (the plain seeds; the best of several draws of a
method), how a bare name is read, that a text under two names is one arm, and how rounds are
chained. Every look goes through the same
`Yardstick`. What the looks come to is left to `account`, who stands where to `standing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Literal

from autoevol.errors import BadInput, UsageError
from autoevol.forms import form_of
from autoevol.measure import Observation, Yardstick
from autoevol.methods import load_method, methods_for, plain_text, stranger
from autoevol.roles.eliminator import Eliminator
from autoevol.roles.evolver import TAG, Evolver
from autoevol.together import together
from autoevol.types import Evolution, Instruction, Method, Outcome, Trajectory

ALL = "all"
"""In place of a method: every method of the shelf that fits the domain."""
SEEDS = "seeds"
"""The arm that leaves every instruction as it is."""
DRAWING = 0.7
"""Temperature of the draws of a best-of arm beyond the first."""

Kind = Literal["handwritten", "learned", "seeds", "best-of"]


@dataclass(frozen=True, slots=True)
class Arm:
    """`method` None: the plain seeds. `draws`: so many rewrites of each item, the best counts.
    `also` are other names of the very same text."""

    name: str
    kind: Kind
    method: Method | None = None
    draws: int = 1
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Walk:
    """One item under one arm: an observation for each round it got to."""

    arm: str
    seed: Instruction
    rounds: tuple[Observation, ...]

    @property
    def unknown(self) -> bool:
        return any(one.outcome.utility is None for one in self.rounds)

    @property
    def passed(self) -> int:
        """Rounds that no rule dropped: each is a row that would be kept."""
        known = (one.outcome for one in self.rounds if one.outcome.utility is not None)
        return sum(not outcome.failure for outcome in known)

    def utility(self, rounds: int) -> float | None:
        """Mean utility over `rounds` rounds in [0, 1], None where one is unknown. Rounds after a
        failure count as 0."""
        found = [one.outcome.utility for one in self.rounds]
        return None if None in found else sum(u for u in found if u is not None) / rounds


@dataclass(frozen=True, slots=True)
class Drawn(Evolver):
    """An evolver whose every rewrite is the draw of one number in one round."""

    number: int = 0
    turn: int = 1

    async def evolve(
        self,
        instruction: Instruction,
        method: Method,
        sample: int = 0,
        guidance: str = "",
        round: int = 1,
        made_of: Sequence[str] = (),
    ) -> Evolution:
        return await Evolver.evolve(
            self, instruction, method, self.number, guidance, self.turn, made_of
        )


@dataclass(frozen=True, slots=True)
class Walker:
    """Takes items through an arm. `yardstick` measures single rounds."""

    yardstick: Yardstick
    rounds: int = 1

    async def walk(self, arm: Arm, seed: Instruction) -> Walk:
        """The item's rounds; they end at the first that fails or stays unknown."""
        if arm.method is None:
            return Walk(arm.name, seed, (await self._plain(seed),))
        walked: list[Observation] = []
        before, from_seed = seed, form_of(arm.method).from_seed
        for turn in range(1, self.rounds + 1):
            seen = await self._look(arm.method, arm.draws, before, turn)
            walked.append(seen)
            if seen.outcome.utility is None or seen.outcome.failure:
                break
            if not from_seed:
                before = replace(seen.trajectory.evolutions[-1].after, id=seed.id)
        return Walk(arm.name, seed, tuple(walked))

    async def _look(
        self, method: Method, draws: int, before: Instruction, turn: int
    ) -> Observation:
        looks = [self._draw(n, turn).observe(method, [before], _ignore) for n in range(draws)]
        seen = [await looks[0]] if draws == 1 else await together(looks)
        return _best([found for (found,) in seen])

    def _draw(self, number: int, turn: int) -> Yardstick:
        """The first draw is the rewrite that the method alone gets, so it is known already."""
        if not number and turn == 1:
            return self.yardstick
        base = self.yardstick.evolver
        given = {field.name: getattr(base, field.name) for field in fields(base)}
        given |= {"number": number, "turn": turn}
        if number:
            given["temperature"] = DRAWING
        return replace(self.yardstick, evolver=Drawn(**given))

    async def _plain(self, seed: Instruction) -> Observation:
        """A seed as its own rewrite: rules that fire on it would fire on sound instructions."""
        evolution = Evolution(seed, seed, raw=seed.text)
        if self.yardstick.responder is not None:
            evolution = await self.yardstick.responder.respond(evolution)
        found = Eliminator("", (TAG,)).inspect(evolution)
        failures = tuple(failure for failure in found if failure.rule != "identity")
        evolution = replace(evolution, failures=failures)
        outcome = Outcome(
            item=seed.id,
            utility=None if evolution.unknown else 0.0,
            failure=failures[0].rule if failures else "",
            score=None if failures or evolution.unknown else 0.0,
            lang=seed.lang,
        )
        return Observation(Trajectory(seed, "", (evolution,)), outcome)


def choose_methods(
    wanted: Sequence[str | Method], domain: str, shelf: Path | None = None
) -> list[Method]:
    """The methods that are meant, each once, in the order in which they were named.

    A bare name is looked for in the domain, then among the methods for any, then anywhere. `all`
    stands for the whole shelf of the domain.

    Raises:
        UsageError: nothing was named.
        BadInput: no such method (near names are suggested), or two of other text have one name.
        MethodChanged: a file's digest does not match its text.
    """
    found: dict[str, tuple[Method, str]] = {}
    for method, origin in _meant(wanted, domain, shelf):
        name = name_of(method)
        held, first = found.setdefault(name, (method, origin))
        if held.digest != method.digest:
            two = f"{first} and {origin}" if first != origin else "Two methods"
            raise BadInput(
                f"{two} hold different texts, and both are called {name}.",
                "Give one of them another name, in its head or, on a shelf, as its file.",
            )
    if not found:
        raise UsageError("No method is named.", "Name some, or use --against all.")
    return [method for method, _ in found.values()]


def known_files(
    wanted: Sequence[str | Method], domain: str, shelf: Path | None = None
) -> list[str]:
    """Sentences on files that hold a method which is named beside them, too: a run that showed
    nothing better has the method that it began with."""
    places: dict[str, list[str]] = {}
    for method, origin in _meant(wanted, domain, shelf):
        places.setdefault(name_of(method), []).append(origin)
    return [
        f"{Path(*Path(place).parts[-2:])} holds {name} and stands under that name."
        for name, some in places.items()
        for place in dict.fromkeys(some)
        if len(set(some)) > 1 and place.endswith(".md")
    ]


def make_arms(
    methods: Iterable[Method], also: Mapping[str, tuple[str, ...]], *, plain: bool
) -> list[Arm]:
    """An arm for each method and, with `plain`, one for the seeds as they are."""
    named = [(name_of(method), method) for method in methods]
    arms = [Arm(name, method.kind, method, also=also.get(name, ())) for name, method in named]
    return [*arms, Arm(SEEDS, "seeds")] if plain else arms


def best_of(method: Method, draws: int) -> Arm:
    return Arm(f"best of {draws} {name_of(method)}", "best-of", method, draws)


def name_of(method: Method) -> str:
    return f"{method.domain}/{method.name}"


def each_once(
    methods: Sequence[Method], domain: str
) -> tuple[list[Method], dict[str, tuple[str, ...]]]:
    """Each text once, in the order of the first of its names; and by the name that it stands under
    the others that it has. It stands under the first that was made for the domain, if any was."""
    alike: dict[str, list[Method]] = {}
    for method in methods:
        alike.setdefault(method.digest, []).append(method)
    chosen = [min(some, key=lambda m: bool(stranger(m, domain))) for some in alike.values()]
    also = {
        name_of(one): tuple(name_of(m) for m in alike[one.digest] if m is not one)
        for one in chosen
        if len(alike[one.digest]) > 1
    }
    return chosen, also


def _meant(
    wanted: Sequence[str | Method], domain: str, shelf: Path | None
) -> Iterator[tuple[Method, str]]:
    """Methods, and what to call each where its name is not enough."""
    for one in wanted:
        if isinstance(one, Method):
            yield replace(one, text=plain_text(one.text)), "a method of yours"
        elif one == ALL:
            yield from ((method, "the shelf") for method in methods_for(domain, shelf))
        else:
            yield _load(one, domain, shelf), one


def _load(reference: str, domain: str, shelf: Path | None) -> Method:
    if "/" not in reference and not Path(reference).is_file():
        near = {method.name: method for method in methods_for(domain, shelf)}
        if reference in near:
            return near[reference]
    return load_method(reference, shelf)


def _best(looks: Sequence[Observation]) -> Observation:
    """The look with the highest utility, the first of equal ones, with what all of them took."""
    if len(looks) == 1:
        return looks[0]
    known = [one for one in looks if one.outcome.utility is not None]
    best = max(known or looks, key=lambda one: one.outcome.utility or 0.0)
    outcome = replace(
        best.outcome,
        output_tokens=sum(one.outcome.output_tokens for one in looks),
        input_tokens=sum(one.outcome.input_tokens for one in looks),
    )
    return replace(best, outcome=outcome)


def _ignore() -> None:
    return None
