"""The judge: what rules cannot see. Is a rewrite still the same task, and can it be done?

Decides how one call gives two marks from 1 to 5, faithful and doable, and below which mark a
rewrite failed. Marks are read as expected digits over token log-probabilities, in one call after
marked examples: a judge this small orders texts by position when asked to compare them. Where an
endpoint gives no log-probabilities a structured answer is asked for. How hard a task became is
`scorer`'s; which rewrites are worth the call is left to who asks (those that no rule ruled out).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from autoevol.errors import Unavailable, lasting
from autoevol.llm.client import Client
from autoevol.llm.messages import Message, Request, Response, TokenAlternatives
from autoevol.prompts import Prompt
from autoevol.roles.scorer import expected_digit
from autoevol.types import Evolution, Failure, Spent

PASS_MARK = 2.5
"""Below this a rewrite failed: nearer to the two marks that name a fault than to those that do
not."""
_ROOM = 5
"""Tokens of "5 5" in any tokenizer that splits digits, and one to spare."""
_SCHEMA = (
    '{"type":"object","properties":{"faithful":{"type":"integer","enum":[1,2,3,4,5]},'
    '"doable":{"type":"integer","enum":[1,2,3,4,5]}},'
    '"required":["faithful","doable"],"additionalProperties":false}'
)


@dataclass(frozen=True, slots=True)
class Marks:
    """Both in [1, 5], None where the judge gave none, which says nothing of the rewrite. `spent` is
    what asking took."""

    faithful: float | None
    doable: float | None
    spent: Spent = field(default_factory=Spent)

    def failures(self, passed: float = PASS_MARK) -> tuple[Failure, ...]:
        """The marks below `passed` as failures, the lower one first."""
        given = (("unfaithful", self.faithful), ("unanswerable", self.doable))
        low = [(mark, rule) for rule, mark in given if mark is not None and mark < passed]
        return tuple(Failure(r, f"the judge marks it {m:.1f} of 5") for m, r in sorted(low))


@dataclass(frozen=True, slots=True)
class Judge:
    """Marks rewrites with one model. `structured` asks for JSON instead of log-probabilities."""

    client: Client
    model: str
    prompt: Prompt
    structured: bool = False
    effort: str | None = None

    async def mark(self, evolution: Evolution) -> Marks:
        """The marks of a rewrite.

        Raises:
            AutoevolError: as `Client.complete`, but for an answer that would be rubbish again.
        """
        messages = self._messages(evolution.before.text, evolution.after.text)
        spent = Spent()
        if not self.structured:
            answer = await self._ask(self._quick(messages))
            spent = spent + _spent(answer)
            if answer is not None and (read := _read(answer)) is not None:
                return Marks(*read, spent)
        answer = await self._ask(self._whole(messages))
        found = None if answer is None else _parse(answer)
        faithful, doable = found or (None, None)
        return Marks(faithful, doable, spent + _spent(answer))

    def request(self, before: str, after: str) -> Request:
        """The dearest call that marks a rewrite."""
        return self._whole(self._messages(before, after))

    async def _ask(self, request: Request) -> Response | None:
        try:
            return await self.client.complete(request)
        except Unavailable as error:
            if not lasting(error):
                raise  # another time it may answer
            return None

    def _messages(self, before: str, after: str) -> tuple[Message, ...]:
        *examples, (role, last) = self.prompt.turns()
        turns = [Message(who, said.text) for who, said in examples]
        return (*turns, Message(role, last.fill(before=before, after=after)))

    def _quick(self, messages: tuple[Message, ...]) -> Request:
        return Request(
            model=self.model,
            messages=messages,
            role="judge",
            max_tokens=_ROOM,
            temperature=0.0,
            top_logprobs=20,
        )

    def _whole(self, messages: tuple[Message, ...]) -> Request:
        return Request(
            model=self.model,
            messages=messages,
            role="judge",
            max_tokens=1024,
            temperature=0.0,
            schema=_SCHEMA,
            effort=self.effort,
        )


def _spent(answer: Response | None) -> Spent:
    if answer is None:
        return Spent()
    used = answer.usage
    return Spent(used.input, used.output, used.reasoning, used.cached, answer.cost)


def _read(answer: Response) -> tuple[float, float] | None:
    """The expected digits at the first two places where a digit was written."""
    places = [place for place in answer.logprobs if _is_digit(place)]
    marks = [expected_digit(place) for place in places[:2]]
    if len(marks) < 2 or marks[0] is None or marks[1] is None:
        return None
    return marks[0], marks[1]


def _is_digit(place: TokenAlternatives) -> bool:
    return bool(place) and place[0][0].strip() in {"1", "2", "3", "4", "5"}


def _parse(answer: Response) -> tuple[float, float] | None:
    if answer.finish != "stop":
        return None
    try:
        found = json.loads(answer.text)
    except ValueError:
        return None
    marks = [found.get(name) for name in ("faithful", "doable")] if isinstance(found, dict) else []
    known = [float(m) for m in marks if isinstance(m, int) and 1 <= m <= 5]
    return (known[0], known[1]) if len(known) == 2 else None
