"""What a run found out, in one sentence.

Decides the words. The judgement is the verb's, as summary.json holds it; a run that has not ended
gets none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autoevol.report.figures import count, percent, plain, several, told
from autoevol.report.source import Source

Json = Mapping[str, Any]


def headline(source: Source) -> str:
    """One sentence, whatever the verb and however far it got."""
    if source.empty:
        return "This run has found out nothing yet: no step of it is through."
    if source.verb == "evolve":
        return _evolved(source)
    if source.verb == "compare":
        said = str((source.summary.get("verdict") or {}).get("said", ""))
        arms = source.summary.get("arms") or []
        if arms:
            items = max(int(arm.get("items", 0)) for arm in arms)
            said += f" Compared were {several(len(arms), 'way')} on {several(items, 'item')}."
        if not source.finished:
            return f"The comparison has not ended. {said}".strip()
        return said
    if not source.finished:
        return _under_way(source)
    return _learned(source.summary)


def _learned(summary: Json) -> str:
    arms = summary["confirm"]["arms"]
    gaps = summary["confirm"]["differences"]
    first, mine = arms["initial"], arms["learned"]
    items = first["score"]["items"]
    if not gaps:
        tried = sum(len(step["candidates"]) for step in summary["steps"])
        return (
            f"No better method was shown: none of {several(tried, 'candidate')} in "
            f"{several(len(summary['steps']), 'step')} took the place of {first['name']}, which "
            f"scores {plain(first['score']['mean'])} on {items} untouched items and fails on "
            f"{percent(first['failure_rate']['mean'])} of them."
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
    summary = source.summary
    dropped = summary.get("dropped") or {
        name: n for name, n in source.dropped.classes.items() if name
    }
    kept = summary.get("kept", source.kept.total)
    rows = kept + sum(dropped.values())
    share = percent(kept / rows) if rows else "none"
    said = f"{count(kept)} of {several(rows, 'evolved row')} were kept ({share})"
    if dropped:
        first = max(dropped, key=lambda name: int(dropped[name]))
        said += f"; the commonest reason to drop one was {first} ({count(dropped[first])})"
    return f"{said}." if source.finished else f"{said}; rows are still missing."
