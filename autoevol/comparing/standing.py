"""Who stands where: every pair of arms, ranks, and what can be said at all.

Decides that a difference is shown when its Holm-corrected p is below 5 %, that a rank is a range
(better than none of those it was not shown to be worse than), and how many items a difference of
5 points would take. The tests are `statistics`'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autoevol.statistics import Contrast, contrasts, items_needed

Json = dict[str, Any]
LEVEL = 0.05
POINTS = 0.05
"""The difference in score that the note on power speaks of."""


NOTHING = "Nothing was kept: a rule dropped every rewrite of every method."


def nothing_kept(figures: Iterable[Mapping[str, Any]]) -> bool:
    """Whether items were measured and no method kept a row, given what `account` says of each."""
    methods = [one for one in figures if one["kind"] != "seeds"]
    known = any(one["items"] > one["unknown"] for one in methods)
    return known and not any(one["rows_kept"] for one in methods)


def stand(arms: Mapping[str, Mapping[str, float]], *, seed: int, nothing: bool = False) -> Json:
    """Pairs, ranking, verdict and power of arms, given each one's utility by item.

    See `summary` for what the parts mean. Arms without a single known item take no part. `nothing`:
    no method kept a row, and the verdict is that.
    """
    taking = {name: found for name, found in arms.items() if found}
    pairs = contrasts(taking, seed=seed)
    means = {name: sum(found.values()) / len(found) for name, found in taking.items()}
    order = sorted(taking, key=lambda name: (-means[name], name))
    ranking = [_ranked(name, means[name], pairs, len(order)) for name in order]
    return {
        "pairs": [_pair(pair) for pair in pairs],
        "ranking": ranking,
        "verdict": _nobody(NOTHING) if nothing else _verdict(ranking),
        "power": _power(pairs),
    }


def shown(pair: Contrast) -> bool:
    return pair.adjusted < LEVEL and pair.interval.mean != 0


def _pair(pair: Contrast) -> Json:
    return {
        "a": pair.first,
        "b": pair.second,
        **pair.interval.as_json(),
        "sd": pair.sd,
        "items_needed": _needed(pair),
        "p": pair.p,
        "p_holm": pair.adjusted,
        "shown": shown(pair),
    }


def _ranked(name: str, mean: float, pairs: Sequence[Contrast], arms: int) -> Json:
    """An arm's place: from 1 + those shown to be better to all - those shown to be worse."""
    better, worse = list[str](), list[str]()
    for pair in pairs:
        if name not in (pair.first, pair.second) or not shown(pair):
            continue
        ahead = pair.first if pair.interval.mean > 0 else pair.second
        if ahead == name:
            worse.append(pair.second if pair.first == name else pair.first)
        else:
            better.append(ahead)
    return {
        "name": name,
        "score": round(mean, 6),
        "best": 1 + len(better),
        "worst": arms - len(worse),
        "behind": better,
        "ahead_of": worse,
    }


def _nobody(said: str) -> Json:
    return {"best": None, "level_with": [], "said": said}


def _verdict(ranking: Sequence[Json]) -> Json:
    """Who is shown to be best; else whom the leader is not shown to beat."""
    if len(ranking) < 2:
        return _nobody("There is nothing to compare with.")
    leader, rest = ranking[0], ranking[1:]
    level = [other["name"] for other in rest if other["name"] not in leader["ahead_of"]]
    if not level:
        said = f"{leader['name']} is shown to be better than every other."
        return {"best": leader["name"], "level_with": [], "said": said}
    if len(level) == len(rest) and not any(one["ahead_of"] for one in ranking):
        said = "No difference shown between any two."
    else:
        said = f"No difference shown between {leader['name']}, which leads, and {_list(level)}."
    return {"best": None, "level_with": level, "said": said}


def _power(pairs: Sequence[Contrast]) -> Json | None:
    """What these items can show, and how many a difference of POINTS would take (80 % power), by
    the spread of each pair's own differences."""
    varied = sorted((pair for pair in pairs if pair.sd), key=lambda pair: pair.sd or 0.0)
    if not varied:
        return None
    power = {
        "points": POINTS,
        "items": max(pair.interval.items for pair in pairs),
        "pairs": len(varied),
        "least": _needing(varied[0]),
        "most": _needing(varied[-1]),
        "all_pairs": _needed(varied[-1], tests=len(pairs)),
    }
    return {**power, "said": _power_said(power)}


def _power_said(power: Json) -> str:
    least, most = power["least"], power["most"]
    said = f"To see a difference of {power['points']:.2f}"
    if power["pairs"] == 1:
        said += f" between {_two(least)} takes about {least['items_needed']:,} items"
    else:
        said += (
            f" takes, by the pair, from about {least['items_needed']:,} items (between "
            f"{_two(least)}) to {most['items_needed']:,} (between {_two(most)})"
        )
    if power["all_pairs"] != most["items_needed"]:
        said += f"; for every pair at once {power['all_pairs']:,}"
    return f"{said}. Here are {power['items']:,}."


def _two(pair: Json) -> str:
    return f"{pair['a']} and {pair['b']}"


def _needing(pair: Contrast) -> Json:
    return {
        "a": pair.first,
        "b": pair.second,
        "sd": pair.sd,
        "items": pair.interval.items,
        "items_needed": _needed(pair),
    }


def _needed(pair: Contrast, tests: int = 1) -> int | None:
    return items_needed(pair.sd, POINTS, tests=tests) if pair.sd else None


def _list(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} or {names[-1]}"
