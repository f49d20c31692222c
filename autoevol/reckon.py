"""How much a run would take: the formulas behind a plan.

Decides the formulas. Everything is a range: the low end is a run that ends early (no step finds a
better method, candidates are dropped at the first look, half of the rewrites fail a rule and are
neither answered nor rated), the high end one in which nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from autoevol.caps import answer_cap, rewrite_cap
from autoevol.counted import several
from autoevol.domain import Domain
from autoevol.errors import UsageError
from autoevol.evolving.left import Left
from autoevol.forms import form_of
from autoevol.learning.presets import Preset
from autoevol.learning.propose import TRIES
from autoevol.llm.budget import Budget
from autoevol.llm.prices import no_price
from autoevol.llm.tuning import AS_USUAL, Tuning
from autoevol.measure import PROBE_TOKENS
from autoevol.plan import Load, Plan, Pricing, Range, load_of, tokens
from autoevol.prompts import load_prompt
from autoevol.roles.proxies import GAIN, PAIRWISE
from autoevol.types import Instruction, Method

LONGEST_METHOD = 600
"""Tokens of a method at the linter's limit of words."""
REPEATED_RATINGS = 3
"""Ratings that a judge without log-probabilities is asked for; each may think."""
RATING_CAP = 1024
HALF = "rewrites that no rule drops: half to all"
ON_TOP = "Reasoning: none to all that the caps allow. Retries of failed calls come on top."


@dataclass(frozen=True, slots=True)
class _Learning:
    """An `optimize` run in numbers. Tokens are those of one text; calls are those of the run."""

    domain: Domain
    sizes: Preset
    models: Mapping[str, str]
    pricing: Pricing
    seed: float
    method: float
    score: str
    tuning: Tuning

    @property
    def steps(self) -> Range:
        return Range(min(self.sizes.patience, self.sizes.steps), self.sizes.steps)

    @property
    def raced(self) -> Range:
        """Items that one candidate of the race is measured on."""
        return Range(self.sizes.dev if self.sizes.paper else self.sizes.block, self.sizes.dev)

    @property
    def measured(self) -> Range:
        """Rewrites in the whole run."""
        sizes = self.sizes
        step = _both(sizes.batch) + _both(sizes.candidates).times(self.raced)
        confirm = Range(2 * sizes.confirm, 3 * sizes.confirm)
        return _both(sizes.dev) + self.steps.times(step) + confirm

    @property
    def passed(self) -> Range:
        """Rewrites that no rule drops."""
        return self.measured.times(Range(0.5, 1))

    @property
    def evolved(self) -> Range:
        return Range(1.2 * self.seed + 15, 2 * self.seed + 60)

    def grown(self, fixed: float) -> Range:
        """A prompt with the method in it, which may grow to the longest."""
        return Range(fixed + self.method, fixed + max(self.method, LONGEST_METHOD))

    def load(
        self, role: str, formula: str, calls: Range, given: Range, said: Range, most: int
    ) -> Load:
        # A call that reads probabilities writes one token, whatever the user's cap.
        tuning = self.tuning if most > 1 else AS_USUAL
        model = self.models[role]
        return load_of(role, model, formula, calls, given, said, most, self.pricing, tuning)

    def evolver(self) -> Load:
        sizes, cap = self.sizes, rewrite_cap(self.models["evolver"])
        formula = (
            f"{sizes.dev} dev + {_span(self.steps)} steps × ({sizes.batch} batch + "
            f"{sizes.candidates} × {_span(self.raced)} race) + {sizes.confirm} confirm × "
            "2 to 3 methods"
        )
        given = self.grown(tokens(load_prompt("evolver").text) + self.seed + 20)
        said = Range(self.evolved.low, self.evolved.high + 500)
        return self.load("evolver", formula, self.measured, given, said, cap)

    def responder(self) -> Load:
        said = Range(PROBE_TOKENS / 2, PROBE_TOKENS)
        return self.load("responder", HALF, self.passed, self.evolved, said, 4 * PROBE_TOKENS)

    def judge(self) -> Load:
        return self.compared() if self.score == PAIRWISE else self.rated()

    def compared(self) -> Load:
        pairs = _both(len(self.domain.pairs))
        fixed = tokens(load_prompt("pairwise").text)
        return self.load(
            "judge",
            f"({len(self.domain.pairs)} calibration pairs + rewrites that pass) × 2 orders",
            _both(2).times(pairs + self.passed),
            Range(fixed + 2 * self.seed, fixed + self.seed + self.evolved.high),
            Range(6, 8),
            RATING_CAP,
        )

    def rated(self) -> Load:
        sizes, pairs = self.sizes, 2 * len(self.domain.pairs)
        # Anthropic's endpoint gives no log-probabilities: the judge answers several times instead.
        looks = REPEATED_RATINGS if self.models["judge"].startswith("anthropic/") else 1
        seeds = _both(sizes.dev + sizes.confirm) + self.steps.times(_both(sizes.batch))
        calls = _both(looks).times(_both(pairs) + seeds.times(Range(0.5, 1)) + self.passed)
        rated = sum(tokens(one.task) + 10 for one in self.domain.rated)
        scale = tokens(load_prompt("judge").text) + rated
        return self.load(
            "judge",
            f"({pairs} calibration texts + seeds once + rewrites that pass) × {looks}",
            calls,
            Range(scale + self.seed, scale + self.evolved.high),
            Range(1, 8 if looks > 1 else 1),
            RATING_CAP if looks > 1 else 1,
        )

    def analyzer(self) -> Load:
        sizes, cap = self.sizes, 2 * rewrite_cap(self.models["analyzer"])
        formula = f"{_span(self.steps)} steps × {sizes.analyses}"
        calls = self.steps.times(_both(sizes.analyses))
        case = Range(2 * self.seed + 60, max(450.0, 2 * self.seed + 60))
        given = self.grown(tokens(load_prompt("analyzer").text) + 250)
        given += case.times(_both(sizes.batch))
        return self.load("analyzer", formula, calls, given, Range(150, 900), cap)

    def optimizer(self) -> Load:
        sizes, cap = self.sizes, rewrite_cap(self.models["optimizer"])
        formula = f"{_span(self.steps)} steps × {sizes.candidates} × 1 to {TRIES} tries"
        calls = self.steps.times(Range(sizes.candidates, sizes.candidates * TRIES))
        given = self.grown(tokens(load_prompt("optimizer").text) + 400) + Range(0, 1000)
        return self.load("optimizer", formula, calls, given, Range(40, 400), cap)


def plan_optimize(
    domain: Domain,
    items: Sequence[Instruction],
    sizes: Preset,
    models: Mapping[str, str],
    initial: Method,
    pricing: Pricing,
    score: str = GAIN,
    tuning: Tuning = AS_USUAL,
) -> Plan:
    """The plan of an `optimize` run.

    Args:
        domain: whose calibration pairs and scale are shown to the judge.
        items: the seeds; only their mean length counts.
        sizes: of the run.
        models: by role.
        initial: the method that is rewritten.
        pricing: what tokens cost.
        score: name of the proxy score; a user's own asks no judge.
        tuning: temperatures and caps that the user asks for.
    """
    seed = sum(tokens(item.text) for item in items) / max(1, len(items))
    run = _Learning(domain, sizes, models, pricing, seed, tokens(initial.text), score, tuning)
    judge = [] if ":" in score else [run.judge()]
    loads = (run.evolver(), run.responder(), *judge, run.analyzer(), run.optimizer())
    early = (
        "Low: no step finds a better method, candidates drop at the first look, half of the "
        "rewrites fail a rule. High: nothing is dropped."
    )
    return Plan(loads, (early, ON_TOP))


def check_budget(
    budget: Budget,
    domain: Domain,
    items: Sequence[Instruction],
    sizes: Preset,
    models: Mapping[str, str],
    initial: Method,
    pricing: Pricing,
    score: str = GAIN,
    tuning: Tuning = AS_USUAL,
) -> None:
    """Say before anything is sent that a cap cannot pay for calibration and one block.

    Raises:
        UsageError: even a run that stops there would pass it.
    """
    if budget.cap is None:
        return
    least = replace(sizes, batch=0, candidates=0, dev=sizes.block, confirm=0)
    plan = plan_optimize(domain, items, least, models, initial, pricing, score, tuning)
    loads = [load for load in plan.loads if load.role in ("evolver", "judge")]
    money = [load.usd.low for load in loads if load.usd is not None]
    need = {
        "calls": sum(load.calls.low for load in loads),
        "tokens": sum(load.input.low + load.output.low for load in loads),
        "usd": sum(money),
    }[budget.unit]
    unpriced = [load.model for load in plan.loads if load.usd is None]
    if budget.unit == "usd" and unpriced:
        raise no_price(unpriced[0])
    if need > float(budget.cap):
        shown = f"{need:.4f}" if budget.unit == "usd" else f"{need:.0f}"
        raise UsageError(
            f"A budget of {budget.cap:f} {budget.unit} is too small: the judge's calibration and "
            f"one block of {sizes.block} items need about {shown}.",
            "Raise --budget; --dry-run shows what a whole run takes.",
        )


def plan_evolve(
    left: Left,
    method: Method,
    models: Mapping[str, str],
    *,
    rounds: int,
    respond: bool,
    pricing: Pricing,
    tuning: Tuning = AS_USUAL,
) -> Plan:
    """The plan of an `evolve` run over what is left to be done. `rounds` are all rungs of a row, a
    failed one being tried again in the next."""
    cap, room = rewrite_cap(models["evolver"]), answer_cap(models["responder"])
    fixed = tokens(load_prompt("evolver").text) + max(map(tokens, form_of(method).texts)) + 20
    seed, formula = left.tokens / max(1, left.turns), several(left.rows, "row")
    if left.turns > left.rows:
        formula = f"{several(left.turns, 'user turn')} of {formula}"
    formula += f" × {rounds} rounds" if rounds > 1 else ""
    formula += ", less what is done" if left.rewrites < left.turns * rounds else ""
    calls = _both(left.rewrites)
    answers = Range(calls.low / 2, calls.high + left.seeds)
    evolved = Range(1.2 * seed + 15, 2 * seed + 60 * rounds)
    loads = [
        load_of(
            "evolver",
            models["evolver"],
            formula,
            calls,
            Range(fixed + seed, fixed + evolved.high),
            Range(evolved.low, evolved.high + 500),
            cap,
            pricing,
            tuning,
        )
    ]
    if respond:
        loads.append(
            load_of(
                "responder",
                models["responder"],
                f"{HALF}, and seeds without an answer" if left.seeds else HALF,
                answers,
                evolved,
                Range(100, 1200),
                room,
                pricing,
                tuning,
            )
        )
    if judge := models.get("judge"):
        shown = tokens(load_prompt("review").text) + seed
        loads.append(
            load_of(
                "judge",
                judge,
                HALF,
                Range(calls.low / 2, calls.high),
                Range(shown + evolved.low, shown + evolved.high),
                Range(3, 12),
                RATING_CAP,
                pricing,
                tuning,
            )
        )
    return Plan(tuple(loads), (ON_TOP,))


def _both(number: float) -> Range:
    return Range(number, number)


def _span(found: Range) -> str:
    low, high = f"{found.low:g}", f"{found.high:g}"
    return low if low == high else f"{low} to {high}"
