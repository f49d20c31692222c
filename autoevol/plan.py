"""What a run would take, reckoned before anything is sent: calls, tokens and money by role.

Decides the formula. Everything is a range: the low end is a run that ends early (no step finds a
better method, candidates are dropped at the first look, half of the rewrites fail a rule and are
neither answered nor rated), the high end one in which nothing is dropped. Tokens of texts are taken
as a quarter of their bytes. How a plan is shown is left to `cli`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from autoevol.caps import answer_cap, rewrite_cap
from autoevol.domain import Domain
from autoevol.errors import UsageError
from autoevol.llm.budget import Budget
from autoevol.llm.endpoint import HOMES
from autoevol.llm.endpoints import Endpoint
from autoevol.llm.messages import Usage
from autoevol.llm.prices import FREE, Prices
from autoevol.measure import PROBE_TOKENS
from autoevol.presets import Preset
from autoevol.prompts import load_prompt
from autoevol.propose import TRIES
from autoevol.types import Instruction, Method

LONGEST_METHOD = 600
"""Tokens of a method at the linter's limit of words."""
REPEATED_RATINGS = 3
"""Ratings that a judge without log-probabilities is asked for; each may think."""
RATING_CAP = 1024


class Range(NamedTuple):
    """From a short run to a full one."""

    low: float
    high: float

    def __add__(self, other: object) -> Range:
        assert isinstance(other, Range)
        return Range(self.low + other.low, self.high + other.high)

    def times(self, other: Range) -> Range:
        return Range(self.low * other.low, self.high * other.high)


@dataclass(frozen=True, slots=True)
class Load:
    """One role's share. Tokens are totals; `output` leaves out `reasoning`, which is billed as
    output, too. `usd` None: no price is known."""

    role: str
    model: str
    formula: str
    calls: Range
    input: Range
    output: Range
    reasoning: Range
    usd: Range | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The loads of all roles and what they add up to."""

    loads: tuple[Load, ...]
    notes: tuple[str, ...] = ()

    @property
    def calls(self) -> Range:
        return _sum([load.calls for load in self.loads])

    @property
    def usd(self) -> Range | None:
        """None where the price of a load is not known."""
        known = [load.usd for load in self.loads if load.usd is not None]
        return _sum(known) if len(known) == len(self.loads) else None

    def as_json(self) -> dict[str, object]:
        return {
            "dry_run": True,
            "calls": self.calls._asdict(),
            "input_tokens": _sum([load.input for load in self.loads])._asdict(),
            "output_tokens": _sum([load.output for load in self.loads])._asdict(),
            "reasoning_tokens": _sum([load.reasoning for load in self.loads])._asdict(),
            "usd": None if self.usd is None else self.usd._asdict(),
            "roles": [_plain(asdict(load)) for load in self.loads],
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class Pricing:
    """Where prices come from: the endpoints' own tables, else the list, by address."""

    endpoints: Mapping[str, Endpoint]
    base_url: str | None = None

    def usd(self, model: str, calls: Range, input_each: Range, output: Range) -> Range | None:
        """Money for so many calls of an average size, None where no price is known."""
        provider = model.partition("/")[0]
        table = self.endpoints.get(provider)
        prices = Prices({n: t.price for n, t in self.endpoints.items() if t.price is not None})
        home = HOMES.get(provider)
        address = home.base_url if home else table.base_url if table else ""
        if provider == "openai" and self.base_url:
            address = self.base_url
        ends: list[float] = []
        for place in (0, 1):
            each = Usage(round(input_each[place]), round(output[place]))
            one: Decimal | None = prices.price(provider, model, each, address)
            if one is None:
                return None
            ends.append(float(one) * calls[place])
        return Range(*ends)


def plan_optimize(
    domain: Domain,
    items: Sequence[Instruction],
    sizes: Preset,
    models: Mapping[str, str],
    initial: Method,
    pricing: Pricing,
) -> Plan:
    """The plan of an `optimize` run.

    Args:
        domain: whose calibration pairs and scale are shown to the judge.
        items: the seeds; only their mean length counts.
        sizes: of the run.
        models: by role.
        initial: the method that is rewritten.
        pricing: what tokens cost.
    """
    seed = sum(tokens(item.text) for item in items) / max(1, len(items))
    few = min(sizes.patience, sizes.steps)
    raced = sizes.dev if sizes.paper else sizes.block
    measured = Range(
        sizes.dev + few * (sizes.batch + sizes.candidates * raced) + 2 * sizes.confirm,
        sizes.dev + sizes.steps * (sizes.batch + sizes.candidates * sizes.dev) + 3 * sizes.confirm,
    )
    seeds = Range(
        (sizes.dev + few * sizes.batch + sizes.confirm) / 2,
        sizes.dev + sizes.steps * sizes.batch + sizes.confirm,
    )
    passed = Range(measured.low / 2, measured.high)
    steps, method = Range(few, sizes.steps), tokens(initial.text)
    longest = max(method, LONGEST_METHOD)
    evolved = Range(1.2 * seed + 15, 2 * seed + 60)
    case = Range(2 * seed + 60, 450)
    minibatch = case.times(Range(sizes.batch, sizes.batch))

    judge = models["judge"]
    looks = REPEATED_RATINGS if judge.startswith("anthropic/") else 1
    pairs = 2 * len(domain.pairs)
    ratings = Range(looks, looks).times(Range(pairs, pairs) + seeds + passed)
    scale = tokens(load_prompt("judge").text) + sum(tokens(r.task) + 10 for r in domain.rated)
    fixed = tokens(load_prompt("evolver").text) + seed + 20
    tries = Range(sizes.candidates, sizes.candidates * TRIES)
    analysis = tokens(load_prompt("analyzer").text) + 250
    rewriting = tokens(load_prompt("optimizer").text) + 400
    cap, analyst = rewrite_cap(models["evolver"]), 2 * rewrite_cap(models["analyzer"])
    writer = rewrite_cap(models["optimizer"])
    confirm = f"{sizes.confirm} confirm × 2 to 3 methods"
    race = f"{sizes.candidates} × {_span(raced, sizes.dev)} race"
    step = f"{_span(few, sizes.steps)} steps"

    def load(role: str, formula: str, calls: Range, given: Range, said: Range, most: float) -> Load:
        return _load(role, models[role], formula, calls, given, said, most, pricing)

    return Plan(
        (
            load(
                "evolver",
                f"{sizes.dev} dev + {step} × ({sizes.batch} batch + {race}) + {confirm}",
                measured,
                Range(fixed + method, fixed + longest),
                Range(evolved.low, min(cap, evolved.high + 500)),
                cap,
            ),
            load(
                "responder",
                "rewrites that no rule drops: half to all",
                passed,
                evolved,
                Range(PROBE_TOKENS / 2, PROBE_TOKENS),
                4 * PROBE_TOKENS,
            ),
            load(
                "judge",
                f"({pairs} calibration texts + seeds once + rewrites that pass) × {looks}",
                ratings,
                Range(scale + seed, scale + evolved.high),
                Range(1, 8 if looks > 1 else 1),
                RATING_CAP if looks > 1 else 1,
            ),
            load(
                "analyzer",
                f"{step} × {sizes.analyses}",
                steps.times(Range(sizes.analyses, sizes.analyses)),
                Range(analysis + method, analysis + longest) + minibatch,
                Range(150, 900),
                analyst,
            ),
            load(
                "optimizer",
                f"{step} × {sizes.candidates} × 1 to {TRIES} tries",
                steps.times(tries),
                Range(rewriting + method, rewriting + longest + 1000),
                Range(40, 400),
                writer,
            ),
        ),
        (
            "Low: no step finds a better method, candidates drop at the first look, half of the "
            "rewrites fail a rule. High: nothing is dropped.",
            "Reasoning: none to all that the caps allow. Retries of failed calls come on top.",
        ),
    )


def check_budget(
    budget: Budget,
    domain: Domain,
    items: Sequence[Instruction],
    sizes: Preset,
    models: Mapping[str, str],
    initial: Method,
    pricing: Pricing,
) -> None:
    """Say before anything is sent that a cap cannot pay for calibration and one block.

    Raises:
        UsageError: even a run that stops there would pass it.
    """
    if budget.cap is None:
        return
    least = replace(sizes, batch=0, candidates=0, dev=sizes.block, confirm=0)
    plan = plan_optimize(domain, items, least, models, initial, pricing)
    loads = [load for load in plan.loads if load.role in ("evolver", "judge")]
    money = [load.usd.low for load in loads if load.usd is not None]
    need = {
        "calls": sum(load.calls.low for load in loads),
        "tokens": sum(load.input.low + load.output.low for load in loads),
        "usd": sum(money),
    }[budget.unit]
    if need > float(budget.cap):
        shown = f"{need:.4f}" if budget.unit == "usd" else f"{need:.0f}"
        raise UsageError(
            f"A budget of {budget.cap:f} {budget.unit} is too small: the judge's calibration and "
            f"one block of {sizes.block} items need about {shown}.",
            "Raise --budget; --dry-run shows what a whole run takes.",
        )


def plan_evolve(
    rows: int,
    seed: float,
    method: Method,
    models: Mapping[str, str],
    *,
    rounds: int,
    respond: bool,
    pricing: Pricing,
) -> Plan:
    """The plan of an `evolve` run over `rows` rows of `seed` tokens each on average."""
    cap, room = rewrite_cap(models["evolver"]), answer_cap(models["responder"])
    fixed = tokens(load_prompt("evolver").text) + tokens(method.text) + 20
    calls = Range(rows, rows * rounds)
    evolved = Range(1.2 * seed + 15, 2 * seed + 60 * rounds)
    loads = [
        _load(
            "evolver",
            models["evolver"],
            f"{rows} rows × 1 to {rounds} rounds" if rounds > 1 else f"{rows} rows",
            calls,
            Range(fixed + seed, fixed + evolved.high),
            Range(evolved.low, min(cap, evolved.high + 500)),
            cap,
            pricing,
        )
    ]
    if respond:
        loads.append(
            _load(
                "responder",
                models["responder"],
                "rewrites that no rule drops: half to all",
                Range(rows / 2, rows * rounds),
                evolved,
                Range(100, min(room, 1200)),
                room,
                pricing,
            )
        )
    notes = ("Reasoning: none to all that the caps allow. Retries of failed calls come on top.",)
    return Plan(tuple(loads), notes)


def tokens(text: str) -> float:
    """About so many tokens: a quarter of the bytes, as English and code have it."""
    return len(text.encode("utf-8", "replace")) / 4


def _load(
    role: str,
    model: str,
    formula: str,
    calls: Range,
    given: Range,
    said: Range,
    most: float,
    pricing: Pricing,
) -> Load:
    """`given` and `said` are tokens of one call, `most` its cap; what a model may think on top of
    what it says is the rest of the cap, at models that are not our own."""
    provider = model.partition("/")[0]
    thought = Range(0, 0 if provider in FREE else max(0.0, most - said.high))
    return Load(
        role,
        model,
        formula,
        _whole(calls),
        _whole(calls.times(given)),
        _whole(calls.times(said)),
        _whole(calls.times(thought)),
        pricing.usd(model, calls, given, said + thought),
    )


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _whole(found: Range) -> Range:
    return Range(round(found.low), round(found.high))


def _sum(ranges: Sequence[Range]) -> Range:
    return Range(sum(r.low for r in ranges), sum(r.high for r in ranges))


def _plain(table: dict[str, object]) -> dict[str, object]:
    return {k: v._asdict() if isinstance(v, Range) else v for k, v in table.items()}
