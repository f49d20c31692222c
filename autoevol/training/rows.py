"""From a kept record to a row to train on.

Decides what may leave: only records that were kept and have an answer; an answer or tests only as
long as they hold for the instruction as it now is; the seed's other columns only beside the row, in
`extra` of tables, since what they say (a solution, a hint) was meant for another instruction. How
rows are written is left to `formats`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from autoevol.evolving.records import SEED_RESPONSE

Json = dict[str, Any]

OPEN, CLOSE = "<think>\n", "\n</think>\n\n"
"""How reasoning stands before an answer; the chat templates of reasoning models use these tags."""
_TAG = re.compile(r"<(/?think>)", re.IGNORECASE)

TRUE = ("valid", "regenerated")
"""The states of a verifier that holds for the record's own instruction."""

FROM = {"system": "system", "user": "human", "assistant": "gpt"}
"""Speakers as ShareGPT names them."""


class Made(NamedTuple):
    """What a row was made by; '' is nobody: a seed as it was has no method and no evolver, and no
    responder where it came with its answer."""

    method: str
    digest: str
    evolver: str
    responder: str

    @property
    def nobody(self) -> bool:
        return not any(self)


@dataclass(slots=True)
class Counts:
    """What was seen on the way. `licenses`, `languages`, `rounds` and `made` count rows that
    left."""

    rows: int = 0
    unanswered: int = 0
    stale: int = 0
    reasoned: int = 0
    licenses: dict[str, int] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)
    rounds: dict[str, int] = field(default_factory=dict)
    made: dict[Made, int] = field(default_factory=dict)

    @property
    def seeds(self) -> int:
        """Rows that are seeds as they were."""
        return self.rounds.get("0", 0)

    def as_json(self) -> Json:
        made = [{**one._asdict(), "rows": count} for one, count in self.made.items()]
        return {**asdict(self), "seeds": self.seeds, "made": made}


def leaving(records: Iterable[Json], counts: Counts) -> Iterator[Json]:
    """The records that may be trained on; the others are counted."""
    for record in records:
        turns = record["messages"]
        if not record["verdict"]["kept"]:
            continue
        if not record["response"] or not turns or turns[-1]["role"] != "assistant":
            counts.unanswered += 1
            continue
        counts.rows += 1
        counts.reasoned += bool(record["reasoning"])
        counts.stale += record["verifier"]["status"] == "stale"
        for names, name in (
            (counts.licenses, record["license"]),
            (counts.languages, record["lang"]),
            (counts.rounds, str(record["round"])),
        ):
            names[name] = names.get(name, 0) + 1
        made = made_by(record)
        counts.made[made] = counts.made.get(made, 0) + 1
        yield record


def made_by(record: Mapping[str, Any]) -> Made:
    """Who made a record's row."""
    method, models = record["method"], record["models"]
    asked = (models.get("evolver", ""), models.get("responder", ""))
    return Made(method["name"], method["digest"], *asked)


def turns_of(record: Mapping[str, Any], reasoning: bool) -> list[dict[str, str]]:
    """The conversation, the last answer with its reasoning before it if that is wanted. Tags within
    the reasoning are escaped: who reads it takes the first, or the last, for its end."""
    turns = [{"role": turn["role"], "content": turn["content"]} for turn in record["messages"]]
    if reasoning and record["reasoning"]:
        thought = _TAG.sub(r"&lt;\1", record["reasoning"])
        turns[-1]["content"] = f"{OPEN}{thought}{CLOSE}{turns[-1]['content']}"
    return turns


def messages(record: Mapping[str, Any], reasoning: bool) -> Json:
    """TRL's conversational format, which is OpenAI's for fine-tuning."""
    return {"messages": turns_of(record, reasoning)}


def alpaca(record: Mapping[str, Any], reasoning: bool) -> Json:
    """Alpaca's three columns; `system` and `history` as LLaMA-Factory reads them, where there is
    more than one turn or a system message."""
    turns = turns_of(record, reasoning)
    system = "\n\n".join(turn["content"] for turn in turns if turn["role"] == "system")
    spoken = [turn for turn in turns if turn["role"] != "system"]
    return {
        "instruction": spoken[-2]["content"],
        "input": "",
        "output": spoken[-1]["content"],
        "system": system,
        "history": [
            [asked["content"], answered["content"]]
            for asked, answered in zip(spoken[:-2:2], spoken[1:-2:2], strict=True)
        ],
    }


def sharegpt(record: Mapping[str, Any], reasoning: bool) -> Json:
    """ShareGPT's `conversations` of `from` and `value`."""
    turns = turns_of(record, reasoning)
    named = [{"from": FROM[turn["role"]], "value": turn["content"]} for turn in turns]
    return {"conversations": named}


def wide(record: Mapping[str, Any], reasoning: bool) -> Json:
    """Everything that may leave, one value or one list a column: for tables. `extra` is the seed's
    columns that nobody knew, as JSON; the seed's own answer is not among them."""
    verifier, made = record["verifier"], made_by(record)
    extra = {name: value for name, value in record["extra"].items() if name != SEED_RESPONSE}
    held = verifier if verifier["status"] in TRUE else {"kind": "", "status": verifier["status"]}
    return {
        "messages": turns_of(record, reasoning),
        "instruction": record["instruction"],
        "response": record["response"],
        "before": record["before"],
        "reasoning": record["reasoning"] if reasoning else "",
        "verifier": json.dumps(held, ensure_ascii=False),
        "id": record["id"],
        "seed_id": record["seed_id"],
        "parent_id": record["parent_id"],
        "joined": [one["seed_id"] for one in record.get("joined", ())],
        "round": record["round"],
        "variant": str(record["variant"]),
        "method": made.method,
        "method_digest": made.digest,
        "evolver": made.evolver,
        "responder": made.responder,
        "license": record["license"],
        "lang": record["lang"],
        "domain": record["domain"],
        "extra": json.dumps(extra, ensure_ascii=False),
    }


def alternates(record: Mapping[str, Any]) -> bool:
    """Whether user and assistant take turns, the user first; what Alpaca can hold."""
    spoken = [turn["role"] for turn in record["messages"] if turn["role"] != "system"]
    return spoken == ["user", "assistant"] * (len(spoken) // 2) and bool(spoken)


Shape = Callable[[Mapping[str, Any], bool], Json]
