"""What an arm comes to: failures, score, diversity, words, tokens, languages, rounds.

Decides how the looks at one arm's items become figures. Who is better is left to `standing`, money
to `money`. All figures leave unknown items out and say how many there were.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from autoevol.comparing.arms import Arm, Walk
from autoevol.data.diversity import added_text, overlap, words
from autoevol.statistics import mean_interval, proportion_interval
from autoevol.text.language import told

Json = dict[str, Any]
SEEN, UNSTATED = "(seen)", "unstated"
"""Beside a language that was told by the text; in its place where it cannot be."""
SEEN_SAID = f"{SEEN}: where a row names no language, told by its text; {UNSTATED} where in doubt."


def account(arm: Arm, walks: Sequence[Walk], *, rounds: int, seed: int) -> Json:
    """The figures of one arm (see `summary` for what each means)."""
    known = [walk for walk in walks if not walk.unknown]
    failures = Counter(_failure(walk) for walk in known if _failure(walk))
    whole = _part(known, rounds, seed)
    rows = sum(walk.passed for walk in known)
    added = [_added(walk) for walk in known if walk.passed]
    read, said = (sum(_tokens(walk)[place] for walk in known) for place in (0, 1))
    return {
        "name": arm.name,
        "kind": arm.kind,
        "digest": "" if arm.method is None else arm.method.digest,
        "draws": arm.draws,
        "items": len(walks),
        "unknown": len(walks) - len(known),
        "failure_rate": whole["failure_rate"],
        "failures": dict(failures.most_common()),
        "score": whole["score"],
        "passed_score": _mean([one for walk in known for one in _scores(walk)]),
        "overlap": overlap(added),
        "added_words": _mean([float(len(words(text))) for text in added]),
        "rows_kept": rows,
        "input_tokens": read,
        "output_tokens": said,
        "input_tokens_per_kept": _per(read, rows),
        "output_tokens_per_kept": _per(said, rows),
        "languages": _languages(known, rounds, seed, whole),
        "rounds": [
            _round(known, number, seed, whole if rounds == 1 else None)
            for number in range(1, rounds + 1)
        ],
    }


def utilities(walks: Sequence[Walk], rounds: int) -> dict[str, float]:
    """By item, the utility of its walk; unknown ones are left out."""
    found = {walk.seed.id: walk.utility(rounds) for walk in walks}
    return {item: utility for item, utility in found.items() if utility is not None}


def _failure(walk: Walk) -> str:
    return walk.rounds[-1].outcome.failure


def _part(known: Sequence[Walk], rounds: int, seed: int) -> Json:
    """The two figures that every part of the items has, too."""
    failed = sum(bool(_failure(walk)) for walk in known)
    by_item = utilities(known, rounds)
    score = mean_interval([by_item[item] for item in sorted(by_item)], seed=seed)
    rate = proportion_interval(failed, len(known))
    return {"items": len(known), "failure_rate": rate.as_json(), "score": score.as_json()}


def _scores(walk: Walk) -> list[float]:
    found = [one.outcome.score for one in walk.rounds if not one.outcome.failure]
    return [score for score in found if score is not None]


def _added(walk: Walk) -> str:
    """What the rounds that passed added to the seed."""
    if len(walk.rounds) == 1:
        return walk.rounds[0].outcome.added
    last = walk.rounds[walk.passed - 1].trajectory.evolutions[-1]
    return added_text(walk.seed.text, last.after.text)


def _tokens(walk: Walk) -> tuple[int, int]:
    outcomes = [one.outcome for one in walk.rounds]
    return sum(o.input_tokens for o in outcomes), sum(o.output_tokens for o in outcomes)


def _languages(known: Sequence[Walk], rounds: int, seed: int, whole: Json) -> Json:
    by_name: dict[str, list[Walk]] = {}
    for walk in known:
        by_name.setdefault(_language(walk), []).append(walk)
    return {
        name: whole if len(mine) == len(known) else _part(mine, rounds, seed)
        for name, mine in sorted(by_name.items())
    }


def _language(walk: Walk) -> str:
    """As the row names it; as its text tells it, which is marked; or that neither does."""
    if walk.seed.lang:
        return walk.seed.lang
    seen = told(walk.seed.text)
    return f"{seen} {SEEN}" if seen else UNSTATED


def _round(known: Sequence[Walk], number: int, seed: int, whole: Json | None) -> Json:
    """One round's figures over the items that got to it; `whole` where it is the only one."""
    looks = [walk.rounds[number - 1].outcome for walk in known if len(walk.rounds) >= number]
    failed = sum(bool(outcome.failure) for outcome in looks)
    if whole is None:
        score = mean_interval([outcome.utility or 0.0 for outcome in looks], seed=seed)
        rate = proportion_interval(failed, len(looks))
        whole = {"failure_rate": rate.as_json(), "score": score.as_json()}
    return {
        "round": number,
        "entered": len(looks),
        "kept": len(looks) - failed,
        "failure_rate": whole["failure_rate"],
        "score": whole["score"],
    }


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def _per(tokens: int, rows: int) -> float | None:
    return round(tokens / rows, 2) if rows else None
