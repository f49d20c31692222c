"""The tables at the end of `compare`: who stands where, and what cannot be said.

Decides the words and the order. The numbers are those of `summary.json` (see `comparing.summary`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from autoevol.cli.bill import bill_table
from autoevol.cli.lists import plain_table
from autoevol.cli.plain import one_line
from autoevol.cli.result import interval, number, percent, signed
from autoevol.cli.tally import dollars
from autoevol.comparing.account import SEEN, SEEN_SAID, UNSTATED
from autoevol.comparing.money import LEAST, MOST
from autoevol.counted import several

Json = Mapping[str, Any]
PAIRS = 12
"""Pairs that are shown; all are in summary.json."""
LANGUAGES = 4
"""Languages that fit beside one another."""


def standings(summary: Json, folder: Path) -> Iterator[object]:
    """Everything a person is shown at the end, top to bottom; fits 80 columns."""
    arms = _in_order(summary)
    yield Text()
    yield _verdict(summary)
    if not summary["complete"]:
        yield Text("Not all items are measured; the figures are of those that are.", style="yellow")
    if summary["rules"]:
        yield Text(f"  Rules of your own: {one_line(summary['rules'])}.", style="dim")
    for note in summary["notes"]:
        yield Text(f"  {one_line(note)}", style="yellow")
    yield Text()
    yield _places(summary, arms)
    yield Text(
        "Brackets hold 95 % intervals; the score is 0 where a rule fired, else the gain in "
        "difficulty, 0 to 1. A place is a range: only differences that are shown count.",
        style="dim",
    )
    yield Text()
    yield _costs(arms)
    drawn = [arm for arm in arms if "equal" in arm]
    choices = " That of a best-of arm holds its judge's choices, too." if drawn else ""
    yield Text(
        "Words and overlap (0 all differ, 1 all alike) are of what kept rows added; tokens are "
        f"the evolver's. Money is for a million kept rows, their answers not included.{choices}",
        style="dim",
    )
    for arm in drawn:
        yield Text(_equal(arm), style="dim")
    yield Text()
    yield _failures(arms)
    named = {lang for arm in arms for lang in arm["languages"] if lang != UNSTATED}
    if len(named) > 1:
        yield Text()
        yield _languages(arms)
        if any(SEEN in lang for lang in named):
            yield Text(SEEN_SAID, style="dim")
    if summary["rounds"] > 1:
        yield Text()
        yield _rounds(arms)
    yield from _pairs(summary)
    yield from _power(summary)
    yield Text()
    if summary["first_bill"] is not None:
        yield Text("The first run's bill; this one is a replay, which sends nothing.", style="dim")
    yield bill_table(summary["first_bill"] or summary["bill"])
    yield Text()
    yield Text("Where it lies", style="bold")
    yield Text(f"  {folder}", no_wrap=True)
    yield Text("  report.html (open it), summary.json, measured.jsonl (every rewrite), run.log")


def _in_order(summary: Json) -> list[Json]:
    """Arms as they are ranked; the plain seeds, which are not, at the end."""
    by_name = {arm["name"]: arm for arm in summary["arms"]}
    ranked = [by_name[place["name"]] for place in summary["ranking"]]
    return [*ranked, *(arm for arm in summary["arms"] if arm not in ranked)]


def _verdict(summary: Json) -> Text:
    verdict = summary["verdict"]
    style = "bold green" if verdict["best"] else "bold yellow"
    return Text(one_line(verdict["said"]), style=style)


def _places(summary: Json, arms: Sequence[Json]) -> Table:
    places = {one["name"]: one for one in summary["ranking"]}
    table = _table("place", "method", "items", "failure rate", "score", left=2)
    for arm in arms:
        found = places.get(arm["name"])
        table.add_row(
            Text("" if found is None else _span(found["best"], found["worst"])),
            Text(" = ").join([_name(arm), *(Text(one_line(name)) for name in arm["also"])]),
            Text(str(arm["items"] - arm["unknown"])),
            Text(percent(arm["failure_rate"])),
            Text(interval(arm["score"])),
        )
    return table


def _costs(arms: Sequence[Json]) -> Table:
    table = _table("method", "words", "overlap", "in/row", "out/row", "online", "by batch")
    for arm in arms:
        table.add_row(
            _name(arm),
            Text(number(arm["added_words"], 1)),
            Text(number(arm["overlap"])),
            Text(number(arm["input_tokens_per_kept"], 0)),
            Text(number(arm["output_tokens_per_kept"], 0)),
            *(Text(_money(arm, unit)) for unit in ("usd", "usd_batch")),
        )
    return table


def _failures(arms: Sequence[Json]) -> Table:
    table = plain_table("method", "items by the rule that dropped them")
    for arm in arms:
        found = sorted(arm["failures"].items(), key=lambda pair: -pair[1])
        said = ", ".join(f"{name} {count}" for name, count in found)
        if arm["unknown"]:
            said += f"; without a verdict: {arm['unknown']}"
        table.add_row(_name(arm), Text(one_line(said) or "none", style="" if said else "dim"))
    return table


def _languages(arms: Sequence[Json]) -> Table:
    sizes: dict[str, int] = {}
    for arm in arms:
        for lang, found in arm["languages"].items():
            sizes[lang] = max(sizes.get(lang, 0), found["items"])
    shown = sorted(sizes, key=lambda lang: -sizes[lang])[:LANGUAGES]
    table = _table("score, failures", *(f"{one_line(lang)} ({sizes[lang]})" for lang in shown))
    for arm in arms:
        table.add_row(_name(arm), *(Text(_part(arm["languages"].get(lang))) for lang in shown))
    return table


def _rounds(arms: Sequence[Json]) -> Table:
    most = max(len(arm["rounds"]) for arm in arms)
    table = _table("score, failures", *(f"round {number}" for number in range(1, most + 1)))
    for arm in arms:
        cells = [_part(one) if one["entered"] else "-" for one in arm["rounds"]]
        table.add_row(_name(arm), *map(Text, cells))
    return table


def _pairs(summary: Json) -> Iterator[object]:
    """The leader against all others, then whatever else is shown."""
    every, ranking = summary["pairs"], summary["ranking"]
    if not every:
        return
    leader = ranking[0]["name"]
    order = {one["name"]: place for place, one in enumerate(ranking)}
    turned = [pair if order[pair["a"]] < order[pair["b"]] else _turned(pair) for pair in every]
    turned.sort(key=lambda pair: (pair["a"] != leader, not pair["shown"], order[pair["b"]]))
    chosen = [pair for pair in turned if pair["a"] == leader or pair["shown"]][:PAIRS]
    table = _table("difference in score", "against", "mean (95 %)", "p", left=2)
    for pair in chosen:
        table.add_row(
            Text(one_line(pair["a"])),
            Text(one_line(pair["b"])),
            Text(signed(pair)),
            Text(f"{pair['p_holm']:.3f}", style="bold" if pair["shown"] else "dim"),
        )
    yield Text()
    yield table
    more = len(every) - len(chosen)
    rest = f"; {several(more, 'more pair')} in summary.json" * bool(more)
    yield Text(f"p is corrected (Holm) over {several(len(every), 'pair')}{rest}.", style="dim")


def _power(summary: Json) -> Iterator[Text]:
    """How many items a small difference takes."""
    if summary["power"] is not None:
        yield Text(one_line(summary["power"]["said"]), style="dim")


def _turned(pair: Json) -> Json:
    low, high = pair["low"], pair["high"]
    # 0 - x: a zero stays without a sign.
    ends = {"low": None if high is None else 0 - high, "high": None if low is None else 0 - low}
    return {**pair, "a": pair["b"], "b": pair["a"], "mean": 0 - pair["mean"], **ends}


def _equal(arm: Json) -> str:
    found = arm["equal"]
    unit = found["unit"]
    spent, dearest = (
        dollars(found[name]) if unit == "usd" else f"{found[name]:,.0f} tokens"
        for name in ("spent", "dearest")
    )
    times = f": {found['spent'] / found['dearest']:.2f} times" if found["dearest"] else ", beside"
    return (
        f"{one_line(arm['name'])} takes {spent} an item, its judge's choice included{times} what "
        f"the dearest other method takes ({dearest}). Of {LEAST} to {MOST} draws, {arm['draws']} "
        "come nearest to that."
    )


def _part(found: Json | None) -> str:
    if found is None:
        return "-"
    return f"{found['score']['mean']:.2f}, {100 * found['failure_rate']['mean']:.0f} %"


def _money(arm: Json, unit: str) -> str:
    million = arm["million"]
    if million is None:
        return "-"
    if million[unit] is None:
        return "unknown" if unit == "usd" else ""
    return dollars(million[unit]) if million[unit] else "free" if unit == "usd" else ""


def _name(arm: Json) -> Text:
    return Text(one_line(str(arm["name"])), style="dim" if arm["kind"] == "seeds" else "")


def _span(best: int, worst: int) -> str:
    return str(best) if best == worst else f"{best}–{worst}"


def _table(*titles: str, left: int = 1) -> Table:
    """Columns of figures to the right, behind `left` columns of names."""
    table = plain_table(*titles)
    for column in table.columns[left:]:
        column.justify, column.no_wrap = "right", True
    return table
