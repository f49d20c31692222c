"""Planted worlds: scripted models for whole runs whose best method is known.

Decides what the models `fake/planted` and `fake/flat` answer in every role, from the prompts alone,
so that the same function can stand behind a server. What a method is worth there follows from
clauses in its text. In `planted` three clauses each add a demand to every rewrite, and rules that
ask for lists and plans lose some rewrites; in `flat` nothing that can be reached is better than the
initial method. How a run is measured is left to the verbs: they meet these models like any others.

Equal requests get equal answers, in any order and in any process.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from autoevol.domain import known_domains, load_domain
from autoevol.llm.fake import Script
from autoevol.llm.messages import Message, Request, Response, Usage
from autoevol.prompts import load_prompt
from autoevol.rulelist import split_rules

GOOD = (
    "Join the new demand to a detail that only this text has, and name that detail.",
    "Let the new demand hold in an awkward situation that follows from what is given.",
    "Ask for one intermediate finding on which the final outcome has to rest.",
)
"""In `planted` each adds a demand to every rewrite; in `flat` they change nothing."""
NEUTRAL = (
    "Write in the same tone as before and keep its person and its tense.",
    "Prefer short words over long ones wherever both say the same thing.",
    "Use the spelling of names and units that is used already.",
    "Leave greetings and polite phrases as they are, and bring in none of your own.",
    "Read the outcome aloud once and mend what does not sound natural.",
    "Keep the order of the sentences, and put what is new where it reads best.",
)
_LIGHT = "Only reword what is given and keep its demands as light as they are."
_SAME = "Let every text end in the same closing demand, so that they are easy to compare."
_VAGUE = "Speak of material that both sides know from earlier without showing it again."
BAD = (_LIGHT, _SAME, _VAGUE)

BASE = 1
"""Demands that a rewrite gains under a method without any of these clauses."""
STEP = 0.25
"""What one demand is worth on the judge's scale."""
PLAN_LOSS = 0.08
FLAT_LOSS = 0.2
_PLANNING = re.compile(r"\b(?:list|plan)\b", re.I)
_LUCK = (-1, 0, 0, 0, 0, 1)
_MOST = BASE + len(GOOD) + max(_LUCK)

_ACTIONS = ("name", "explain", "compare", "check", "limit", "justify", "count", "rank", "trace")
_THINGS = ("costs", "sources", "borders", "defaults", "inputs", "roles", "risks", "units", "steps")
_CASES = (
    "part",
    "group",
    "value",
    "reader",
    "entry",
    "phase",
    "figure",
    "source",
    "rule",
    "region",
)
_EVENTS = (
    ("arrives late", "is missing", "comes twice", "changes sign", "loses its name", "is disputed"),
    ("outgrows its bound", "turns out empty", "contradicts another", "stays unknown for long"),
)
_WHEN = ("when", "where", "while", "after", "before")
_DEMAND = re.compile(rf"\beven (?:{'|'.join(_WHEN)}) |≤")
_AS_AGREED = "Besides, use the earlier material as agreed."
_REWRITE = re.compile(r"between <([\w-]+)> and </\1>")


def planted(request: Request) -> Response:
    """A world with a better method within reach of the optimizer's edits."""
    return _answer(request, flat=False)


def flat(request: Request) -> Response:
    """A world in which every edit of a method is neutral or worse."""
    return _answer(request, flat=True)


SCRIPTS: Mapping[str, Script] = {"planted": planted, "flat": flat}


def expected_utility(method: str, *, flat: bool = False) -> float:
    """The utility of a method's text in expectation over items that are not hostile."""
    if _VAGUE in method:
        return 0.0
    demands = [_demands(method, luck, flat) for luck in _LUCK]
    return (1 - _loss(method, flat)) * sum(min(1.0, STEP * n) for n in demands) / len(_LUCK)


def _answer(request: Request, *, flat: bool) -> Response:
    last = request.messages[-1].content
    system = request.messages[0].content if request.messages[0].role == "system" else ""
    if system and last.endswith("\nRating:"):
        return _rating(request, last.removeprefix("Task: ").removesuffix("\nRating:"))
    if request.schema is not None:
        shape = json.loads(request.schema)
        found = _analysis(last) if "cases" in shape["properties"] else _edit(request, shape)
        return _said(request, json.dumps(found))
    if system and "\n</instruction>" in last:
        return _said(request, _evolved(_method_in(system), last, flat))
    if _AS_AGREED in last:
        return _said(request, "Please provide the earlier material, I do not have it.")
    return _said(request, "`main()` does the work part by part, and meets each demand in its turn.")


def _said(
    request: Request, text: str, logprobs: tuple[tuple[tuple[str, float], ...], ...] = ()
) -> Response:
    used = Usage(_words(request.messages), max(1, len(text.split())))
    return Response(text, "stop", used, logprobs=logprobs)


def _words(messages: Sequence[Message]) -> int:
    return sum(len(message.content.split()) for message in messages)


def _method_in(system: str) -> str:
    """The method in an evolver's system message: all that stands before the fixed part."""
    fixed = load_prompt("evolver").text.partition("$method")[2].strip().split("\n")[0]
    return system.rpartition(fixed)[0] if fixed in system else system


def _evolved(method: str, last: str, flat: bool) -> str:
    seed, _, tail = last.partition("<instruction>\n")[2].rpartition("\n</instruction>")
    tag = _REWRITE.findall(tail)[-1]
    if _share("lost", seed) < _loss(method, flat):
        return "First the ways in which this could be made harder, then a plan for them."
    luck = _LUCK[int(len(_LUCK) * _share("luck", method, seed))]
    after = seed + _addition(method, seed, _demands(method, luck, flat))
    return f"<{tag}>\n{after}\n</{tag}>"


def _loss(method: str, flat: bool) -> float:
    if flat:
        return FLAT_LOSS
    return PLAN_LOSS * sum(bool(_PLANNING.search(rule)) for rule in split_rules(method)[1])


def _demands(method: str, luck: int, flat: bool) -> int:
    level = BASE + luck - 2 * (_LIGHT in method)
    return max(0, level if flat else level + sum(rule in method for rule in GOOD))


def _addition(method: str, seed: str, demands: int) -> str:
    """What is put behind a seed: as many demands, of its own words; '' for none."""
    if _VAGUE in method:
        return f"\n\n{_AS_AGREED}"
    if not demands:
        return ""
    item = "all" if _SAME in method else seed
    if any(letter.isalpha() and letter > "\x7f" for letter in seed):
        # In another language words would be out of place; a bound is understood in all of them.
        marks = (f"{letter} ≤ {2 + _number('bound', item, letter) % 97}" for letter in "abcdefgh")
        return f"\n\n({'; '.join(list(marks)[:demands])})"
    opening = f"Besides, {_of(_ACTIONS, 'a', item)} the {_of(_THINGS, 'b', item)}"
    return f"\n\n{opening}{''.join(_clause(item, place) for place in range(demands))}."


def _clause(item: str, place: int) -> str:
    name = f"{place} {item}"
    case = f"{_of(_CASES, 'd', name)} {2 + _number('e', name) % 97}"
    event = _of(_EVENTS[_number("f", name) % len(_EVENTS)], "g", name)
    return f", even {_of(_WHEN, 'c', name)} {case} {event}"


def _rating(request: Request, task: str) -> Response:
    demands = min(_MOST, len(_DEMAND.findall(task)))
    value = min(4.9, max(1.1, _known_ratings().get(task, 2.0 + STEP * demands)))
    low = int(value)
    share = value - low
    if request.schema is not None:
        digit = low + (_share("rating", task) < share)
        return _said(request, json.dumps({"rating": digit}))
    places = (
        (str(low), math.log(max(1e-4, 1 - share))),
        (str(low + 1), math.log(max(1e-4, share))),
    )
    return _said(request, str(low if share < 0.5 else low + 1), (places,))


@cache
def _known_ratings() -> dict[str, float]:
    """Ratings of the shipped calibration pairs that put each pair in its order."""
    ratings: dict[str, float] = {}
    for pair in (pair for name in known_domains() for pair in load_domain(name).pairs):
        before = ratings.setdefault(pair.before, 3.0)
        change = 0.0 if pair.harder is None else 1.0 if pair.harder else -1.0
        ratings.setdefault(pair.after, before + change)
    return ratings


def _analysis(shown: str) -> dict[str, object]:
    """A reading of a minibatch: the first two cases, with a lesson that holds for any."""
    cases = re.findall(r'"case": "([^"\\]{1,24})"', shown)[:2]
    lesson = "Bring in one more demand that changes what has to be done."
    found = [
        {"case": case, "failure_class": "not harder", "evidence": "few demands", "lesson": lesson}
        for case in cases
    ]
    return {"cases": found, "keep": ["What is given stays word for word."]}


def _edit(request: Request, shape: Mapping[str, Any]) -> dict[str, object]:
    """An answer of the shape that the optimizer asked for, drawn by the hash of the request."""
    asked = "\n".join(message.content for message in request.messages)
    name = f"{request.sample} {request.temperature} {asked}"
    fields = shape["properties"]
    if "rules" in fields:
        wanted = fields["rules"].get("minItems", 3) + _number("rules", name) % 2
        drawn = dict.fromkeys(_drawn(f"{place} {name}") for place in range(40))
        return {"rules": list(drawn)[:wanted]}
    if "drop" in fields:
        return {"drop": [_numbered(fields["drop"]["items"], name)]}
    action = fields["action"]
    choices = tuple(action["enum"]) if "enum" in action else (action["const"],)
    return {
        "action": _of(choices, "action", name),
        "rule": _numbered(fields["rule"], name),
        "text": _drawn(name),
    }


def _numbered(field: Mapping[str, Any], name: str) -> int:
    low = int(field.get("minimum", 1))
    return low + _number("rule", name) % (int(field.get("maximum", low)) - low + 1)


def _drawn(name: str) -> str:
    """A rule: good in nine of twenty draws, neutral in seven, bad in four."""
    draw = _number("kind", name) % 20
    return _of(GOOD if draw < 9 else NEUTRAL if draw < 16 else BAD, "text", name)


def _of(choices: Sequence[str], *names: str) -> str:
    return choices[_number(*names) % len(choices)]


def _share(*names: str) -> float:
    """A number in [0, 1) that is spread evenly over names."""
    return _number(*names) / 2**32


def _number(*names: str) -> int:
    text = "\0".join(names).encode("utf-8", "surrogatepass")
    return int(hashlib.sha256(text).hexdigest()[:8], 16)
