"""What a run found out, in one sentence.

Decides the words. The judgement is the verb's, as summary.json holds it; a run that has not ended
gets none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from autoevol.counted import several
from autoevol.report.figures import count, money, percent, plain, told
from autoevol.report.source import Source

Json = Mapping[str, Any]


def headline(source: Source) -> str:
    """One sentence, whatever the verb and however far it got."""
    if source.empty:
        return "This run has found out nothing yet: no step of it is through."
    if source.evolves:
        return _evolved(source)
    if source.verb == "compare":
        return _compared(source)
    if not source.finished:
        return _under_way(source)
    return _learned(source.summary)


def _compared(source: Source) -> str:
    said = str((source.summary.get("verdict") or {}).get("said", ""))
    arms = source.summary.get("arms") or []
    if not arms:
        return said if source.finished else "The comparison has not ended."
    done = [int(arm.get("items", 0)) for arm in arms]
    if source.finished:
        return f"{said} Measured were {_who(arms)}, on {several(max(done), 'item')}.".strip()
    least = f"{min(done)} to " if min(done) < max(done) else ""
    of = source.tables.get("data", {}).get("items", "?")
    so_far = f"so far {_who(arms)} on {least}{max(done)} of {of} items"
    return f"The comparison has not ended: {so_far}. {said}".strip()


def _who(arms: Sequence[Json]) -> str:
    """`4 methods, the best of several draws of 1 and the plain seeds`."""
    kinds = Counter(str(arm.get("kind", "")) for arm in arms)
    seeds, drawn = kinds.pop("seeds", 0), kinds.pop("best-of", 0)
    said = [several(kinds.total(), "method")] if kinds.total() else []
    said += [f"the best of several draws of {drawn}"] * bool(drawn)
    said += ["the plain seeds"] * bool(seeds)
    return " and ".join(filter(None, [", ".join(said[:-1]), said[-1]]))


def _learned(summary: Json) -> str:
    arms = summary["confirm"]["arms"]
    gaps = summary["confirm"]["differences"]
    first, mine = arms["initial"], arms["learned"]
    items = first["score"]["items"]
    if not gaps or not gaps["initial"]:
        tried = sum(len(step["candidates"]) for step in summary["steps"])
        return (
            f"No better method was shown: none of {several(tried, 'candidate')} in "
            f"{several(len(summary['steps']), 'step')} took the place of {first['name']}, which "
            f"scores {plain(first['score']['mean'])} on {items} untouched items and fails on "
            f"{percent(first['failure_rate']['mean'])} of them{_beside_rival(gaps)}."
        )
    said = (
        f"on {items} untouched items it scores {plain(mine['score']['mean'])} against "
        f"{plain(first['score']['mean'])} (difference {told(gaps['initial'])}), and "
        f"{percent(mine['failure_rate']['mean'])} of its rewrites fail instead of "
        f"{percent(first['failure_rate']['mean'])}."
    )
    if summary["better"]:
        return f"A better method was learned: {said}"
    return f"No better method was shown, though one was learned: {said} The initial one is kept."


def _beside_rival(gaps: Json | None) -> str:
    if not gaps or not gaps["rival"]:
        return ""
    return f"; against the hand-written rival the difference is {told(gaps['rival'])}"


def _under_way(source: Source) -> str:
    of = source.tables.get("preset", {}).get("steps", "?")
    done = len(source.steps)
    if not source.steps and source.feedback.total:
        # Feedback is a row a step; runs of older versions kept no more until their end.
        return f"The run has not ended: {source.feedback.total} of {of} steps are through."
    if not source.steps:
        return f"The run has not ended: no step of {of} is through."
    won = sum(step.get("winner") is not None for step in source.steps)
    changed = f"the method changed {several(won, 'time')}" if won else "no candidate was accepted"
    said = f"The run has not ended: {done} of {of} steps are through, {changed}"
    return f"{said}; nothing is confirmed on untouched items."


def _evolved(source: Source) -> str:
    summary, dropped = source.summary, source.drops
    kept = summary.get("kept", source.kept.total)
    rows = kept + sum(dropped.values())
    share = percent(kept / rows) if rows else "none"
    said = f"{count(kept)} of {several(rows, 'evolved row')} were kept ({share})"
    if dropped:
        first = max(dropped, key=lambda name: int(dropped[name]))
        said += f"; the commonest reason to drop one was {first} ({count(dropped[first])})"
    if source.merged:
        said = f"{several(len(source.merged), 'folder')} merged: {said}"
    said += "." if source.finished else "; rows are still missing."
    million = summary.get("million") or {}
    if not million.get("usd"):
        return said
    online, batch = money(million["usd"]), million.get("usd_batch")
    by = f", {money(batch)} by batch" if batch else ""
    return f"{said} A million kept rows would cost {online} online{by}."
