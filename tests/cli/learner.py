"""A scripted model for whole runs: it plays every role, and methods really differ under it.

The evolver adds a demand for every second instruction, or for each one once its method holds the
rule that the optimizer hands in. The judge rates the calibration pairs in their order, and other
tasks by their demands. Nothing is drawn by chance, so that equal runs are equal.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from typing import Any

from autoevol.domain import load_domain
from tests.server import Reply

RULE = "State one more hard demand"
DEMANDS = (
    "keep memory below {n} kilobytes for any input that is streamed",
    "reject malformed values with a message naming position {n}",
    "finish within {n} milliseconds when entries arrive unsorted",
    "return ties grouped by their {n}th character in stable order",
    "survive a concurrent writer that changes item {n} halfway",
    "report progress after every {n} processed records without globals",
)


def script(learnable: bool = True, domain: str = "code") -> Any:
    """The script for `tests.server`. Not `learnable`: the rule changes nothing."""
    ratings = _ratings(domain)

    def reply(asked: dict[str, Any]) -> Reply:
        messages = asked["messages"]
        system, last = str(messages[0]["content"]), str(messages[-1]["content"])
        if asked.get("max_tokens") == 1 or last.endswith("Rating:"):
            return _rating(ratings, last)
        schema = asked.get("response_format", {}).get("json_schema", {}).get("schema", {})
        number = _number(json.dumps(asked, sort_keys=True))
        if "cases" in schema.get("properties", ()):
            return Reply(json.dumps(_ANALYSIS))
        if schema:
            return Reply(json.dumps(_filled(schema, schema, number)))
        if "<instruction>" in last:
            return Reply(_evolved(system, last, learnable))
        return Reply("def solve(names):\n    return sorted(names, key=str.lower)")

    return reply


_STEMS = ("limit", "order", "format", "failure", "memory", "time", "input")
_ANALYSIS = {
    "cases": [
        {
            "case": "a",
            "failure_class": "not harder",
            "evidence": "same text",
            "lesson": "Every rewrite needs one new demand.",
        }
    ],
    "keep": ["It keeps the given material."],
}


def _ratings(domain: str) -> dict[str, float]:
    known: dict[str, float] = {}
    for pair in load_domain(domain).pairs:
        if pair.harder is None:
            known.setdefault(pair.before, 2.0)
            known.setdefault(pair.after, known[pair.before])
        else:
            known.setdefault(pair.before, 2.0)
            known[pair.after] = known[pair.before] + (1 if pair.harder else -0.9)
    return known


def _rating(ratings: dict[str, float], last: str) -> Reply:
    task = last.removeprefix("Task: ").removesuffix("\nRating:")
    demands = len(re.findall(r"must also", task))
    value = ratings.get(task, min(4.8, 2.0 + 0.8 * demands))
    low = min(4, int(value))
    share = min(0.98, max(0.02, value - low))
    places = ((str(low), math.log(1 - share)), (str(low + 1), math.log(share)))
    return Reply(str(low), logprobs=(places,))


def _evolved(system: str, last: str, learnable: bool) -> str:
    found = re.search(r"<instruction>\n(.*)\n</instruction>", last, re.S)
    tag = re.search(r"between <(evolved\w*)> and", system)
    assert found
    assert tag
    seed, name = found[1], tag[1]
    number = _number(seed)
    if number % 2 and not (learnable and RULE in system):
        return f"<{name}>{seed}</{name}>"
    demand = DEMANDS[number % len(DEMANDS)].format(n=number % 97 + 2)
    return f"<{name}>{seed} It must also {demand}.</{name}>"


def _rule(number: int) -> str:
    """A rule long enough to make another method, and of other words for another number."""
    words = [f"{stem}{number % 9973 + place}" for place, stem in enumerate(_STEMS * 3)]
    return f"{RULE} about {' '.join(words)}."


def _filled(schema: dict[str, Any], node: dict[str, Any], number: int) -> Any:
    """The shortest value that a schema takes; every free text is a rule."""
    if "$ref" in node:
        node = schema["$defs"][node["$ref"].rpartition("/")[2]]
    choices = node.get("enum") or [node["const"]] if "const" in node or "enum" in node else []
    if choices:
        return "add" if "add" in choices else choices[0]
    if "anyOf" in node:
        return _filled(schema, node["anyOf"][0], number)
    kind = node["type"]
    if kind == "object":
        return {k: _filled(schema, v, number) for k, v in node["properties"].items()}
    if kind == "array":
        count = max(1, node.get("minItems", 1))
        return [_filled(schema, node["items"], number + 50 * place) for place in range(count)]
    return {"integer": node.get("minimum", 1), "number": 1.0, "boolean": True}.get(
        kind, _rule(number)[: node.get("maxLength", 300)]
    )


def _number(text: str) -> int:
    return int(hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8], 16)
