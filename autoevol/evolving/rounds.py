"""One row up its ladder: evolve, rules on the text, a judge if one is named, respond, rules on the
answer, rung by rung.

Decides the order of these, what a rung starts from, and what is tried again: a rung that failed
leaves the row's last good version standing, and the next one tries from there. Which rungs there
are is `ladder`'s; what becomes of them is left to the verb; each role has a file of its own.
Sources: Auto Evol-Instruct (arXiv 2406.00770), section 3, for the rounds; WizardLM (2304.12244) for
the pool that failed rows stay in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from autoevol.data.dataset import Row
from autoevol.errors import Rejected, Unavailable, lasting
from autoevol.evolving.ladder import DOWN, Ladder, Rung
from autoevol.forms import form_of
from autoevol.llm.messages import Message, Request
from autoevol.prompts import load_prompt
from autoevol.roles.eliminator import RULES, Eliminator, Rule
from autoevol.roles.evolver import TAGS, Evolver
from autoevol.roles.judge import Judge
from autoevol.roles.responder import Responder
from autoevol.roles.rules import answer, clarifying, missing, reaction, refusing, rewrite
from autoevol.roles.rules.own import with_own
from autoevol.text.structure import tail
from autoevol.together import Aside
from autoevol.types import Evolution, Failure, Instruction, Method, Second, Spent

REJECTED = 3
"""So many rows refused for good before a role answered any: it is the model, not the rows."""
WARM = 0.7
"""The temperature of a further variant and of a second try: at 0 they would come out alike."""
APART = 1000
"""Between the samples of two variants; there are fewer tries in a chain."""
GROWN = 2
"""Times its seed that a rewrite is taken for before it is there."""
WORDS = 20
"""That a rewrite may grow by for each change."""


@dataclass(frozen=True, slots=True)
class Step:
    """A rung that was climbed. `parent` is the round it started from, 0 for the seed; `turns` is
    the conversation before the evolved turn, None where it is the row's own. `joined` are the other
    instructions that are in it, those of earlier rounds first. `unevolved` are the user turns that
    stayed as they were, counted from 1, and why."""

    rung: Rung
    evolution: Evolution
    parent: int = 0
    sample: int = 0
    turns: tuple[Message, ...] | None = None
    joined: tuple[Second, ...] = ()
    unevolved: tuple[tuple[int, Failure], ...] = ()


@dataclass(frozen=True, slots=True)
class _Stand:
    """A chain's last good version, what was joined in it, and how often it was tried in vain from
    there."""

    text: str
    turns: tuple[Message, ...]
    parent: int = 0
    failed: int = 0
    joined: tuple[Second, ...] = ()


def answer_cut(e: Evolution) -> Failure | None:
    """The answer ran into its cap: enough for a probe, but half an answer trains nobody."""
    if e.response_finish != "length":
        return None
    return Failure("answer_cut", tail(e.response, 100) or "the answer reached its cap")


_ANSWER_RULES = (
    rewrite.overflow,
    refusing.refusal,
    missing.missing_input,
    reaction.stagnant,
    clarifying.asks_back,
    answer.empty_response,
    answer.answer_loops,
    answer.answer_unclosed,
    answer_cut,
)
"""What can be wrong with the answer to an instruction that nobody rewrote."""


@dataclass(slots=True)
class Rounds:
    """Takes rows up a ladder of `method`. `responder` None: no answers. `downward` is the method of
    the easier siblings. `judge` marks rewrites that no rule rules out, of methods that aim at the
    same task made harder. `filters` are rules on every text, behind the eliminator's."""

    method: Method
    evolver: Evolver
    responder: Responder | None
    ladder: Ladder = field(default_factory=Ladder)
    downward: Method | None = None
    judge: Judge | None = None
    filters: tuple[Rule, ...] = ()
    _eliminators: dict[str, Eliminator] = field(init=False, default_factory=dict)
    _aside: Aside = field(init=False, default_factory=Aside)
    _warm: Evolver = field(init=False)
    _from_seed: bool = field(init=False)
    _guided: bool = field(init=False)
    _answered: set[str] = field(init=False, default_factory=set)
    _rejected: dict[str, set[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        shipped = with_own(self.ladder.rules)
        rules, theirs = (*shipped, answer_cut, *self.filters), frozenset(shipped[len(RULES) :])
        for method in filter(None, (self.method, self.downward)):
            self._eliminators[method.digest] = Eliminator(method.text, TAGS, rules, theirs)
        self._eliminators[""] = Eliminator(rules=(*_ANSWER_RULES, *self.filters))
        self._warm = replace(self.evolver, temperature=WARM)
        own = form_of(self.method).from_seed
        self._from_seed = own or self.ladder.kind == "seed"
        self._guided = self.ladder.kind == "seed" and not own

    async def walk(self, row: Row) -> tuple[Step, ...]:
        """The row's rungs, chain by chain, each chain up to one that stays unknown.

        A row that cannot be evolved gives none, without a call. A rung that asking again would not
        help (the endpoint refuses it for good, every answer to it is rubbish) has failed, with
        `lasting` as the rule.

        Raises:
            Rejected: a role's endpoint refused several rows and answered none.
            AutoevolError: systemic errors of the door (budget, unreachable, unauthorised, …).
        """
        if row.unsupported:
            return ()
        with self.evolver.client.row(lambda: self._following(row)):
            return await self._walk(row)

    def _following(self, row: Row) -> list[Request]:
        """The calls that a rewrite leads to, about as long as they will be."""
        text, calls = GROWN * row.instruction, list[Request]()
        if self.judge is not None:
            calls.append(self.judge.request(row.instruction, text))
        if self.responder is not None:
            calls.append(self.responder.request(text, earlier_turns(row)))
        return calls

    async def _walk(self, row: Row) -> tuple[Step, ...]:
        seed = _Stand(row.instruction, earlier_turns(row))
        stands: dict[int | str, _Stand | None] = {}
        walked: list[Step] = []
        for rung in self.ladder.rungs():
            if rung.number == 0:
                walked.append(Step(rung, await self._seed(row, seed)))
                continue
            stand = stands.get(rung.variant, seed)
            if stand is None:
                continue
            step = await self._climb(row, rung, stand)
            walked.append(step)
            stands[rung.variant] = self._next(step, stand, seed)
        return tuple(walked)

    def _next(self, step: Step, stand: _Stand, seed: _Stand) -> _Stand | None:
        """What the chain's next rung starts from; None where it ends."""
        made = step.evolution
        if made.unknown:
            return None
        if made.failures:
            return replace(stand, failed=stand.failed + 1)
        if self._from_seed:
            return seed
        turns = stand.turns if step.turns is None else step.turns
        return _Stand(made.after.text, turns, step.rung.number, joined=step.joined)

    async def _climb(self, row: Row, rung: Rung, stand: _Stand) -> Step:
        method = self.downward if rung.variant == DOWN and self.downward else self.method
        sample = stand.failed + (APART * rung.variant if isinstance(rung.variant, int) else 0)
        made_of = (row.instruction, *(one.text for one in stand.joined))
        climb = _Climb(method, rung.number, sample, self._guidance(rung), made_of)
        before = Instruction(stand.text, row.id, row.lang)
        if self.ladder.turns == "all" and any(m.role == "user" for m in stand.turns):
            evolution, turns, stayed = await self._conversation(before, stand.turns, climb)
            joined = (*stand.joined, *evolution.joined)
            return Step(rung, evolution, stand.parent, sample, turns, joined, stayed)
        made = await self._round(before, climb, stand.turns)
        joined = (*stand.joined, *made.joined)
        return Step(rung, made, stand.parent, sample, joined=joined)

    def _guidance(self, rung: Rung) -> str:
        """The growing budget of rounds that all start from the seed."""
        if not self._guided or rung.number == 1 or rung.variant == DOWN:
            return ""
        words = str(WORDS * rung.number)
        return load_prompt("rung").fill(demands=str(rung.number), words=words).strip()

    async def _seed(self, row: Row, seed: _Stand) -> Evolution:
        """The seed with the answer that came with it, else with a new one."""
        same = Instruction(row.instruction, row.id, row.lang)
        evolution = Evolution(same, same, response=row.response)
        if row.response or self.responder is None:
            return evolution
        return await self._respond(evolution, seed.turns, self._eliminators[""])

    async def _round(
        self, before: Instruction, climb: _Climb, turns: Sequence[Message]
    ) -> Evolution:
        evolution = await self._evolve(before, climb)
        if evolution.unknown or evolution.failures or self.responder is None:
            return evolution
        return await self._respond(evolution, turns, self._eliminators[climb.method.digest])

    async def _conversation(
        self, before: Instruction, turns: Sequence[Message], climb: _Climb
    ) -> tuple[Evolution, tuple[Message, ...], tuple[tuple[int, Failure], ...]]:
        """Every user turn evolved in its place, every answer made anew. An earlier turn that cannot
        be evolved stays as it is, and is named with the reason; the round fails where the last one
        cannot, whose answer is what is trained on, or where an answer fails."""
        said: list[Message] = []
        spent, joined, stayed, number = Spent(), list[Second](), list[tuple[int, Failure]](), 0
        evolution = Evolution(before, before)
        for place, turn in enumerate([*turns, Message("user", before.text)]):
            if turn.role == "system":
                said.append(turn)
            if turn.role != "user":
                continue
            last, number = place == len(turns), number + 1
            own = before.id if last else f"{before.id}/{place}"
            evolution = await self._evolve(Instruction(turn.content, own, before.lang), climb)
            good = not evolution.unknown and not evolution.failures
            if good or last:
                joined += evolution.joined
            if evolution.failures and not last:
                stayed.append((number, evolution.failures[0]))
                evolution = replace(
                    evolution, after=evolution.before, failures=(), lasting="", marks=()
                )
            if not evolution.unknown and not evolution.failures:
                rules = self._eliminators[climb.method.digest if good else ""]
                evolution = await self._respond(evolution, said, rules)
            spent = spent + evolution.spent
            if evolution.unknown or evolution.failures or last:
                break
            asked = Message("user", evolution.after.text)
            said += [asked, Message("assistant", evolution.response)]
        made = replace(evolution, spent=spent, joined=tuple(joined))
        return made, tuple(said), tuple(stayed)

    async def _evolve(self, before: Instruction, climb: _Climb) -> Evolution:
        evolver = self._warm if climb.sample else self.evolver
        try:
            evolution = await evolver.evolve(
                before, climb.method, climb.sample, climb.guidance, climb.number, climb.made_of
            )
        except Rejected as error:
            nothing = Evolution(before, Instruction("", before.id, before.lang))
            return self._refused(nothing, "evolver", error)
        if evolution.unknown:
            return _settled(evolution)
        # What is kept is how the answer was reasoned, not how the rewrite was.
        rules = self._eliminators[climb.method.digest]
        self._answered.add("evolver")
        if evolution.reasoning:
            evolution = replace(evolution, reasoning="")
        found = await rules.inspect_aside(evolution, self._aside)
        return await self._judged(_with(evolution, found), climb.method)

    async def _judged(self, evolution: Evolution, method: Method) -> Evolution:
        good = not evolution.unknown and not evolution.failures
        if self.judge is None or not good or form_of(method).aim != "harder":
            return evolution
        try:
            marks = await self.judge.mark(evolution)
        except Rejected as error:
            return self._refused(evolution, "judge", error)
        except Unavailable as error:
            return replace(evolution, unknown=f"judge: {error.message}")
        self._answered.add("judge")
        given = (("faithful", marks.faithful), ("doable", marks.doable))
        spent = evolution.spent + marks.spent
        return replace(evolution, failures=marks.failures(), spent=spent, marks=given)

    async def _respond(
        self, evolution: Evolution, turns: Sequence[Message], rules: Eliminator
    ) -> Evolution:
        assert self.responder is not None
        try:
            answered = await self.responder.respond(evolution, turns)
        except Rejected as error:
            return self._refused(evolution, "responder", error)
        if answered.unknown:
            return _settled(answered)
        self._answered.add("responder")
        # What comes here has passed the rules on rewrites, or is no rewrite.
        return _with(answered, await rules.inspect_aside(answered, self._aside, answered=True))

    def _refused(self, evolution: Evolution, role: str, error: Rejected) -> Evolution:
        rows = self._rejected.setdefault(role, set())
        if role not in self._answered:
            rows.add(evolution.before.id)
            if len(rows) >= REJECTED:
                raise error
        said = f"{role}: {error.message}"
        return _settled(replace(evolution, unknown=said, lasting=lasting(error)))


def _settled(evolution: Evolution) -> Evolution:
    """A failure instead of unknown, where it stays so."""
    if not evolution.lasting:
        return evolution
    failed = Failure(evolution.lasting, evolution.unknown)
    return replace(evolution, unknown="", failures=(failed,))


def _with(evolution: Evolution, failures: tuple[Failure, ...]) -> Evolution:
    return evolution if failures == evolution.failures else replace(evolution, failures=failures)


@dataclass(frozen=True, slots=True)
class _Climb:
    """What a rung asks for, beside the instruction; `made_of` are the texts that are in it."""

    method: Method
    number: int
    sample: int
    guidance: str
    made_of: tuple[str, ...]


def earlier_turns(row: Row) -> tuple[Message, ...]:
    """What stands before the user turn that is evolved, system message included."""
    asked = max((i for i, m in enumerate(row.messages) if m.role == "user"), default=0)
    return row.messages[:asked]
