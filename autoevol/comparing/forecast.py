"""How much a comparison would take: the formulas behind its plan.

Decides the formulas, as `reckon` does for the other verbs. The low end: half of the rewrites fail a
rule and are neither answered nor rated, and end their rounds; the high end: none does.
"""

from __future__ import annotations

from autoevol.caps import rewrite_cap
from autoevol.comparing.lineup import Lineup
from autoevol.comparing.money import LEAST, MOST
from autoevol.counted import several
from autoevol.llm.tuning import AS_USUAL
from autoevol.measure import PROBE_TOKENS
from autoevol.plan import Load, Plan, Pricing, Range, load_of, tokens
from autoevol.prompts import load_prompt
from autoevol.roles.proxies import GAIN, PAIRWISE

REPEATED = 3
"""Ratings that a judge without log-probabilities is asked for."""
RATING_CAP = 1024
NOTES = (
    "Low: half of the rewrites fail a rule. High: none does. What --reuse finds costs nothing.",
    "Reasoning: none to all that the caps allow. Retries of failed calls come on top.",
)


def plan_compare(lineup: Lineup, pricing: Pricing) -> Plan:
    """The plan of a comparison."""
    items, methods, rounds = len(lineup.items), len(lineup.methods), lineup.rounds
    draws = Range(len(lineup.best_of) * (LEAST - 1), len(lineup.best_of) * (MOST - 1))
    arms = Range(methods, methods) + draws
    later = Range(sum(0.5**round for round in range(rounds)), rounds)
    rewrites = arms.times(Range(items, items)).times(later)
    passed = rewrites.times(Range(0.5, 1))
    seed = sum(tokens(item.text) for item in lineup.items) / max(1, items)
    text = sum(tokens(method.text) for method in lineup.methods) / max(1, methods)
    evolved = Range(1.2 * seed + 15, 2 * seed + 60 * rounds)
    spelled = several(methods, "method") + (
        f" + {draws.low:g} to {draws.high:g} draws" if draws.high else ""
    )
    turns = f" × 1 to {rounds} rounds" if rounds > 1 else ""
    models, cap = lineup.models, rewrite_cap(lineup.models.evolver)
    fixed = tokens(load_prompt("evolver").text) + text + 20
    plain = items if lineup.plain else 0
    evolver = load_of(
        "evolver",
        models.evolver,
        f"({spelled}) × {several(items, 'item')}{turns}",
        rewrites,
        Range(fixed + seed, fixed + evolved.high),
        Range(evolved.low, evolved.high + 500),
        cap,
        pricing,
        lineup.tuning,
    )
    responder = load_of(
        "responder",
        models.responder,
        f"rewrites that no rule drops: half to all{' + the seeds' if plain else ''}",
        passed + Range(plain, plain),
        evolved,
        Range(PROBE_TOKENS / 2, PROBE_TOKENS),
        4 * PROBE_TOKENS,
        pricing,
        lineup.tuning,
    )
    loads = [evolver, responder]
    if lineup.score in (GAIN, PAIRWISE):
        loads.append(_judge(lineup, passed, seed, evolved, pricing))
    return Plan(tuple(loads), NOTES)


def _judge(lineup: Lineup, passed: Range, seed: float, evolved: Range, pricing: Pricing) -> Load:
    model, pairs, items = lineup.models.judge, len(lineup.domain.pairs), len(lineup.items)
    if lineup.score == PAIRWISE:
        fixed = tokens(load_prompt("pairwise").text)
        return load_of(
            "judge",
            model,
            f"({pairs} calibration pairs + rewrites that pass) × 2 orders",
            (Range(pairs, pairs) + passed).times(Range(2, 2)),
            Range(fixed + 2 * seed, fixed + seed + evolved.high),
            Range(6, 8),
            RATING_CAP,
            pricing,
            lineup.tuning,
        )
    looks = REPEATED if model.startswith("anthropic/") else 1
    scale = tokens(load_prompt("judge").text)
    scale += sum(tokens(one.task) + 10 for one in lineup.domain.rated)
    return load_of(
        "judge",
        model,
        f"({2 * pairs} calibration texts + {items} seeds + rewrites that pass) × {looks}",
        (Range(2 * pairs + items / 2, 2 * pairs + items) + passed).times(Range(looks, looks)),
        Range(scale + seed, scale + evolved.high),
        Range(1, 8 if looks > 1 else 1),
        RATING_CAP if looks > 1 else 1,
        pricing,
        lineup.tuning if looks > 1 else AS_USUAL,
    )
