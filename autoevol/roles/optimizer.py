"""The optimizer: turns feedback into a new candidate method, by edits.

Decides what one proposal asks (its stance, how many lessons and cases are shown) and how the typed
answer becomes a method. A DSPy program; its wording is `prompts/optimizer.md` and the five
`prompts/stance-*.md`. Which proposal is tried, and whether the candidate is any good, is left to
`study` and the race. Source: Auto Evol-Instruct (arXiv 2406.00770), section 3.2; the scored history
after OPRO (2309.03409).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import dspy
from pydantic import BaseModel, Field, create_model

from autoevol.llm.client import Client
from autoevol.llm.engine import ask_program
from autoevol.llm.messages import Request
from autoevol.prompts import Prompt
from autoevol.roles.analyzer import show_cases
from autoevol.roles.edits import Action, Edit, apply_edits, replace_rules
from autoevol.rulelist import split_rules
from autoevol.types import Feedback, Method, Proposal, Stance, Trajectory

STANCES: tuple[Stance, ...] = ("repair", "extend", "compress", "rewrite", "cross")
_ACTIONS: Mapping[Stance, tuple[Action, ...]] = {
    "repair": ("change", "add"),
    "extend": ("add",),
    "cross": ("change", "add"),
}
_HISTORY = 8
_RuleText = Annotated[str, Field(min_length=20, max_length=300)]


@dataclass(frozen=True, slots=True)
class Tried:
    """One earlier candidate as the optimizer is told of it; scores are means on shared items."""

    edits: tuple[str, ...]
    score: float
    incumbent: float
    accepted: bool

    def __str__(self) -> str:
        verdict = "accepted" if self.accepted else "rejected"
        edits = "; ".join(self.edits)
        return f"{verdict} (score {self.score:.2f} against {self.incumbent:.2f}): {edits}"


@dataclass(frozen=True, slots=True)
class Optimizer:
    client: Client
    model: str
    prompt: Prompt
    stances: Mapping[str, Prompt]
    max_tokens: int = 900
    effort: str | None = None

    async def rewrite(
        self,
        method: Method,
        feedback: Feedback,
        proposal: Proposal,
        *,
        trajectories: Sequence[Trajectory],
        gains: Mapping[str, float | None],
        history: Sequence[Tried],
        donor: Method,
        sample: int,
    ) -> tuple[str, tuple[str, ...]]:
        """One candidate's text and the edits that made it.

        Args:
            method: the parent (the incumbent).
            feedback: what the analyzer found.
            proposal: stance, temperature and how much of the evidence is shown.
            trajectories: the minibatch; the first `proposal.trajectories` are shown.
            gains: by seed id, the proxy score where one was measured.
            history: earlier candidates with their scores, oldest first.
            donor: another method, shown under the stance "cross".
            sample: keeps candidates of one proposal apart.

        Raises:
            Unavailable: no parsable answer could be had.
        """
        stance = proposal.stance
        answer_type = _answer_type(stance, len(split_rules(method.text)[1]))
        shown = trajectories[: proposal.trajectories]
        inputs = {
            "method": method.text,
            "lessons": _listed(feedback.lessons[: proposal.findings]),
            "keep": _listed(feedback.keep[:3]),
            "history": _listed([str(tried) for tried in history[-_HISTORY:]]),
            "cases": show_cases(shown, gains) if shown else "none",
        }
        if stance == "cross":
            inputs["donor"] = donor.text
        fields: dict[str, tuple[object, object]] = {n: (str, dspy.InputField()) for n in inputs}
        for name, outcome in answer_type.model_fields.items():
            fields[name] = (outcome.annotation, dspy.OutputField(desc=outcome.description or ""))
        form = Request(
            model=self.model,
            messages=(),
            role="optimizer",
            max_tokens=self.max_tokens,
            temperature=proposal.temperature,
            top_p=0.95,
            schema=json.dumps(answer_type.model_json_schema(), sort_keys=True),
            effort=self.effort,
            sample=sample,
        )
        instructions = self.prompt.fill(stance=self.stances[stance].text.strip())
        program = dspy.Predict(dspy.Signature(fields, instructions))
        return _apply(method, await ask_program(program, self.client, form, **inputs))


def _apply(method: Method, answer: Any) -> tuple[str, tuple[str, ...]]:
    if "rules" in answer:
        text = replace_rules(method.text, [str(rule) for rule in answer.rules])
        return text, tuple(f"new rule: {rule}" for rule in split_rules(text)[1])
    if "drop" in answer:
        edits = [Edit("drop", int(number)) for number in answer.drop]
    else:
        edits = [Edit(answer.action, int(answer.rule), str(answer.text))]
    text, kept = apply_edits(method.text, edits)
    return text, tuple(str(edit) for edit in kept)


def _answer_type(stance: Stance, rules: int) -> type[BaseModel]:
    """The typed output of one stance, as tight as a constrained decoder can hold it.

    One edit an answer: small models lose the thread in nested lists.
    """
    number = Annotated[int, Field(ge=1, le=max(1, rules))]
    if stance == "rewrite":
        rule = Field(min_length=3, max_length=6, description="the new rules, in order")
        return create_model("NewRules", rules=(list[_RuleText], rule))
    if stance == "compress":
        drop = Field(
            min_length=1, max_length=max(1, rules - 1), description="numbers of the rules to drop"
        )
        return create_model("Drops", drop=(list[number], drop))
    action: Any = Literal[_ACTIONS[stance]]
    return create_model(
        "OneEdit",
        action=(action, Field(description="what is done")),
        rule=(number, Field(description="the rule changed, or after which one is added")),
        text=(_RuleText, Field(description="the whole new rule, one sentence")),
    )


def _listed(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines) or "none"
