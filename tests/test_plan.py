"""Plans: ranges that are ranges, and what follows from larger sizes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.domain import load_domain
from autoevol.errors import UsageError
from autoevol.evolving.left import Left
from autoevol.learning.presets import PRESETS, Preset, preset
from autoevol.llm.budget import Budget
from autoevol.llm.endpoints import Endpoint, EndpointPrice
from autoevol.methods import load_method
from autoevol.plan import Load, Plan, Pricing, Range
from autoevol.reckon import check_budget, plan_evolve, plan_optimize
from autoevol.types import Instruction

CODE = load_domain("code")
INITIAL = load_method("code/initial")
ITEMS = [Instruction("Write a function that sorts a list of names in Python.", "a")]
ROLES = ("evolver", "responder", "analyzer", "optimizer", "judge")
MINE = Pricing({"mine": Endpoint("mine", price=EndpointPrice(Decimal(1), Decimal(10)))})


def plan(sizes: Preset, model: str = "mine/m") -> Plan:
    return plan_optimize(CODE, ITEMS, sizes, dict.fromkeys(ROLES, model), INITIAL, MINE)


def ranges(load: Load) -> list[Range]:
    found = [load.calls, load.input, load.output, load.reasoning]
    return [*found, load.usd] if load.usd is not None else found


@given(
    st.integers(1, 20), st.integers(1, 8), st.integers(1, 20), st.integers(1, 20), st.integers(1, 9)
)
@settings(max_examples=60, deadline=None)
def test_the_low_end_is_never_above_the_high_end(
    batch: int, candidates: int, steps: int, block: int, blocks: int
) -> None:
    sizes = Preset("own", batch, candidates, steps, block * blocks, block, 12, patience=3)
    for load in plan(sizes).loads:
        assert all(0 <= found.low <= found.high for found in ranges(load)), load.role


def test_a_larger_preset_takes_more() -> None:
    highs = [plan(p).calls.high for p in PRESETS if not p.paper]
    assert highs == sorted(highs)
    assert len(set(highs)) == len(highs)


def test_own_models_think_for_free_and_others_within_their_caps() -> None:
    free = plan(preset("quick"), "local/qwen2.5-coder-0.5b")
    assert free.usd == Range(0, 0)
    assert all(load.reasoning == Range(0, 0) for load in free.loads)
    evolver = plan(preset("quick")).loads[0]
    assert evolver.output.high + evolver.reasoning.high <= evolver.calls.high * 4097


def test_money_follows_the_price_of_the_endpoint() -> None:
    load = plan(preset("quick")).loads[0]
    assert load.usd is not None
    expected = (load.input.low * 1 + (load.output.low + load.reasoning.low) * 10) / 1e6
    assert load.usd.low == pytest.approx(expected, rel=0.05)


def test_one_unknown_price_leaves_the_sum_unknown() -> None:
    models = {**dict.fromkeys(ROLES, "mine/m"), "judge": "openai/some-name-of-nobody"}
    pricing = replace(MINE, base_url="http://127.0.0.1:9/v1")
    found = plan_optimize(CODE, ITEMS, preset("quick"), models, INITIAL, pricing)
    assert found.usd is None
    assert found.as_json()["usd"] is None


@pytest.mark.parametrize(
    ("budget", "enough"),
    [
        (None, True),
        ("30calls", False),
        ("100000calls", True),
        ("900tokens", False),
        ("1e9tokens", True),
        ("0.001usd", False),
        ("500usd", True),
    ],
)
def test_a_cap_below_calibration_and_one_block_is_refused(budget: str | None, enough: bool) -> None:
    models = dict.fromkeys(ROLES, "mine/m")
    asked = (Budget.parse(budget), CODE, ITEMS, preset("quick"), models, INITIAL, MINE)
    if enough:
        check_budget(*asked)
        return
    with pytest.raises(UsageError, match="is too small"):
        check_budget(*asked)


@given(st.integers(0, 10**7), st.integers(1, 4), st.booleans())
@settings(max_examples=40)
def test_a_plan_of_evolve_grows_with_rows_and_rounds(rows: int, rounds: int, respond: bool) -> None:
    models = {"evolver": "mine/m", "responder": "mine/m"}
    left = Left(rows, rows, 20.0 * rows, rows * rounds)
    found = plan_evolve(left, INITIAL, models, rounds=rounds, respond=respond, pricing=MINE)
    assert found.loads[0].calls == Range(rows * rounds, rows * rounds)
    assert len(found.loads) == 1 + respond
    assert all(r.low <= r.high for load in found.loads for r in ranges(load))


def test_answers_for_the_seeds_themselves_are_planned_for() -> None:
    models = {"evolver": "mine/m", "responder": "mine/m"}
    plain, more = (
        plan_evolve(
            Left(10, 10, 200.0, 20, seeds), INITIAL, models, rounds=2, respond=True, pricing=MINE
        ).loads[1]
        for seeds in (0, 10)
    )
    assert (plain.calls, more.calls) == (Range(10, 20), Range(10, 30))
