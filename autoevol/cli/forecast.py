"""`--dry-run`: what a run would take, as a table; makes and sends nothing.

Decides the look of a plan; the numbers and the formula are `plan`'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from rich.text import Text

from autoevol.casting import ROLES
from autoevol.cli.applying import ladder_of, overruled, reading_of
from autoevol.cli.filtering import filters_of
from autoevol.cli.learning import materials
from autoevol.cli.lists import plain_table
from autoevol.cli.reach import cast_of, check_models
from autoevol.cli.run import Flags, config_of, spent_in, text
from autoevol.cli.screen import Screen
from autoevol.cli.tally import dollars, short
from autoevol.counted import several
from autoevol.data.seeds import read_seeds
from autoevol.evolving.job import ROLES as EVOLVE_ROLES
from autoevol.evolving.job import Choice, make_job
from autoevol.evolving.job import choose_models as evolve_models
from autoevol.evolving.left import Left, left_of
from autoevol.learning.presets import preset
from autoevol.llm.budget import Amount, Budget
from autoevol.llm.endpoint import FLEX
from autoevol.llm.endpoints import load_endpoints
from autoevol.llm.prices import BATCH
from autoevol.methods import load_method
from autoevol.plan import Load, Plan, Pricing, Range
from autoevol.reckon import plan_evolve, plan_optimize
from autoevol.verbs.evolve import DROPPED, KEPT


def show_optimize_plan(screen: Screen, flags: Flags) -> None:
    """The plan of `optimize` with these flags."""
    cast = cast_of(ROLES, flags)
    models = cast.models.as_table()
    check_models(models, text(flags, "base_url"), keyless=True, config=config_of(flags))
    pack, reading, start = materials(flags)
    items, sizes = read_seeds(pack, reading).items, preset(str(flags["preset"]))
    pricing, score = pricing_of(flags), str(flags["score"])
    show(screen, plan_optimize(pack, items, sizes, models, start, pricing, score, cast.tuning()))


def show_evolve_plan(screen: Screen, flags: Flags, folder: Path | None) -> None:
    """The plan of `evolve` with these flags; reads all rows, to count them.

    Args:
        folder: what lies in it is not planned for; it is only read.
    """
    shelf, respond = text(flags, "methods"), not flags.get("no_respond", False)
    method = load_method(str(flags["method"]), Path(shelf) if shelf else None)
    cast = cast_of(EVOLVE_ROLES, flags)
    models = evolve_models(method, cast, respond=respond)
    check_models(models, text(flags, "base_url"), keyless=True, config=config_of(flags))
    budget, ladder = Budget.parse(text(flags, "budget")), ladder_of(flags)
    data, reading = str(flags["data"]), reading_of(flags)
    job = make_job(Choice(method, data, cast, reading, ladder, filters_of(flags)))
    left = left_of(job, folder, (KEPT, DROPPED))
    pricing = pricing_of(flags)
    planned = partial(
        plan_evolve,
        left,
        method,
        {**models, "responder": models.get("responder", "")},
        rounds=sum(rung.number > 0 for rung in ladder.rungs()),
        respond=respond,
        tuning=cast.tuning(),
    )
    million = {
        way: None if (usd := plan.usd) is None else usd.scaled(1e6 / left.rows)
        for way, tier in (("online", ""), ("batch", BATCH))
        if left.rows
        for plan in (planned(pricing=replace(pricing, tier=tier)),)
    }
    plan = planned(pricing=pricing)
    said = overruled(method, flags), *_left_out(left, folder), _beyond(budget, plan, folder)
    show(screen, replace(plan, million=million, notes=(*filter(None, said), *plan.notes)))


def _left_out(left: Left, folder: Path | None) -> Iterator[str]:
    """The rows that nobody is asked for."""
    if left.done:
        yield f"{several(left.done, 'row has its', 'rows have their')} records in {folder} already."
    if left.barred:
        why = ", ".join(f"{rule} {count:,}" for rule, count in left.barred.most_common())
        yield f"{several(left.barred.total(), 'row is', 'rows are')} dropped without a call: {why}."


def _beyond(budget: Budget, plan: Plan, folder: Path | None) -> str:
    """A line where the budget would end the run before its rows do, '' where it may not."""
    spent = Amount() if folder is None else spent_in(folder)
    if budget.cap is None or not plan.calls.high:
        return ""
    least, used = {
        "calls": (plan.calls.low, spent.calls),
        "tokens": (sum(one.input.low + one.output.low for one in plan.loads), spent.tokens),
        "usd": (plan.usd.low if plan.usd else None, float(spent.money or 0)),
    }[budget.unit]
    if least is None:
        return "A budget in money cannot be kept without a price: give it in autoevol.toml."
    if least <= float(budget.cap) - used:
        return ""
    shown = dollars(least) if budget.unit == "usd" else f"{least:,.0f} {budget.unit}"
    before = f", of which {used:,.4g} are spent already," if used else ""
    return (
        f"The budget of {budget.cap:f} {budget.unit}{before} ends the run before the rows are "
        f"through: they take {shown} at the least."
    )


def pricing_of(flags: Flags) -> Pricing:
    """Where the prices of a command's models come from."""
    tier = BATCH if flags.get("batch") else FLEX if flags.get("flex") else ""
    return Pricing(load_endpoints(config_of(flags)), text(flags, "base_url"), tier)


def show(screen: Screen, plan: Plan) -> None:
    """A plan, as a table or as a document."""
    if screen.json:
        screen.document(plan.as_json())
    else:
        screen.show(*plan_parts(plan))


def plan_parts(plan: Plan) -> Iterator[object]:
    """Everything a person is shown of a plan; fits 80 columns."""
    table = plain_table("role", "calls", "tokens in", "out", "reasoning", "money")
    for column in table.columns[1:]:
        column.justify, column.no_wrap = "right", True
    every = plan.loads
    for load in every:
        cells = (load.calls, load.input, load.output, load.reasoning)
        table.add_row(load.role, *map(_span, cells), _money(load.usd))
    whole = [sum_of([getattr(load, name) for load in every]) for name in _COLUMNS]
    table.add_row("in all", *map(_span, whole), _money(plan.usd), style="bold")
    yield Text("A dry run: nothing was sent, and no folder was made.", style="bold")
    yield Text()
    yield table
    yield Text()
    for load in every:
        asked = f"{load.role} on {load.model}: calls = {load.formula}{_tuned(load)}"
        yield Text(asked, style="dim")
    if plan.million:
        online, batch = plan.million["online"], plan.million["batch"]
        by = f" online, {_money(batch)} by batch" if online is not None and online.high else ""
        yield Text(f"A million such rows: {_money(online)}{by}.")
    for note in plan.notes:
        yield Text(note, style="dim")
    yield Text(
        "Money: calls × (tokens in × price in + tokens out and reasoning × price out).", style="dim"
    )


def _tuned(load: Load) -> str:
    """What the user asks of the role, '' for nothing."""
    asked = []
    if load.temperature is not None:
        asked.append(f"temperature {load.temperature:g}")
    if load.max_tokens is not None:
        asked.append(f"at most {load.max_tokens:,} tokens an answer")
    return f"; {', '.join(asked)}" if asked else ""


_COLUMNS = ("calls", "input", "output", "reasoning")


def sum_of(ranges: list[Range]) -> Range:
    return Range(sum(r.low for r in ranges), sum(r.high for r in ranges))


def _span(found: Range) -> str:
    low, high = short(found.low), short(found.high)
    return low if low == high else f"{low}-{high}"


def _money(found: Range | None) -> str:
    if found is None:
        return "unknown"
    if not found.high:
        return "free"
    low, high = dollars(found.low), dollars(found.high)
    return low if low == high else f"{low}-{high}"
