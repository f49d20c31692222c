"""How fast an endpoint is asked: requests and tokens a minute, and how many calls at once.

Decides when a call may leave, beside the budget. Limits a minute are kept exactly; the number at
once starts at the cap, shrinks where the endpoint says that it is overrun (429, 503, 529) and where
more calls in flight bring fewer tokens a second, and grows back step by step. A slower answer alone
is no sign: on a server that batches, latency rises while the output does, too. What an attempt
costs is left to `attempts`, waiting after a failure to `retry`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from autoevol.llm.messages import Request, Response
from autoevol.llm.provider import Limits, TryAgain

SHRINK = 0.7
"""What is left of the calls at once after a refusal."""
GROW = 0.05
"""Of the cap, after as many answers in a row as there are calls at once."""
FELL = 0.9
"""Below this share of the tokens a second of fewer calls, more calls were too many."""
ROSE = 1.1
"""Above this share of the calls of an earlier spell, a spell had more."""
SPELL_S = 5.0
"""At least so long are tokens counted before two spells are compared."""
SPELL_ANSWERS = 32
CALM = 8
"""So many spells pass before a number at once that was too many is tried again."""
OVERRUN = ("429", "503", "529")
LOOK_S = 1.0
FIRST_GUESS = 1024
"""Tokens out that a first call is taken for; later ones for what calls took on average."""


class Bucket:
    """So much a minute: in any sixty seconds no more than that leaves.

    Args:
        per_minute: the limit.
        clock: monotonic seconds.
    """

    def __init__(self, per_minute: float, clock: Callable[[], float]) -> None:
        self._room = min(per_minute, max(1.0, per_minute / 60))
        # What a full bucket lets through at once is taken off the stream that refills it.
        stream = per_minute - self._room if per_minute >= 2 else per_minute
        self._per_s = stream / 60
        self._clock = clock
        self._level = self._room
        self._at = clock()

    def wait_s(self, amount: float) -> float:
        """Seconds until so much may leave; more than the bucket holds may leave when it is full."""
        self._fill()
        lacking = min(amount, self._room) - self._level
        return lacking / self._per_s if lacking > 1e-9 else 0.0

    def take(self, amount: float) -> None:
        """So much leaves, or comes back if negative; the level may fall below nothing."""
        self._fill()
        self._level -= amount

    def _fill(self) -> None:
        now = self._clock()
        # A clock that was set back tells nothing of the time that passed; set ahead, it fills the
        # bucket, which holds a second's worth.
        passed = max(0.0, now - self._at)
        self._level = min(self._room, self._level + passed * self._per_s)
        self._at = now


@dataclass(slots=True)
class _Spell:
    """Tokens and calls at once since `began`."""

    began: float
    tokens: int = 0
    answers: int = 0
    at_once: float = 0.0


@dataclass(slots=True)
class Pace:
    """One endpoint's pace, shared by all calls to it.

    Args:
        limits: the endpoint's.
        cap: calls at once at most.
        clock, sleep: monotonic seconds, and waiting some.
        told: told in a line when the number at once shrinks.
    """

    limits: Limits
    cap: int
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    told: Callable[[str], None] = lambda line: None
    at_once: int = field(init=False)
    in_flight: int = field(init=False, default=0)
    _requests: Bucket | None = field(init=False, default=None)
    _tokens: Bucket | None = field(init=False, default=None)
    _queue: deque[asyncio.Future[None]] = field(init=False, default_factory=deque)
    _turn: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)
    _good: int = field(init=False, default=0)
    _shrunk_at: float = field(init=False, default=float("-inf"))
    _spell: _Spell = field(init=False)
    _before: tuple[float, float] | None = field(init=False, default=None)
    _calm: int = field(init=False, default=0)
    _output: float = field(init=False, default=0.0)
    _seen: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.at_once = self.cap
        self._spell = _Spell(self.clock())
        if self.limits.rpm is not None:
            self._requests = Bucket(self.limits.rpm, self.clock)
        if self.limits.tpm is not None:
            self._tokens = Bucket(self.limits.tpm, self.clock)

    @asynccontextmanager
    async def leave(self, request: Request) -> AsyncIterator[Callable[[Response], None]]:
        """Wait for a place and for the limits; inside, the call may be sent. What it yields is told
        of the answer."""
        await self._place()
        began = self.clock()
        try:
            guess = await self._in_time(request)
            began = self.clock()

            def answered(response: Response) -> None:
                self._answered(response, guess)

            yield answered
        except TryAgain as error:
            if error.reason.startswith(OVERRUN):
                self._overrun(began)
            raise
        finally:
            self.in_flight -= 1
            self._wake()

    async def _place(self) -> None:
        if self.in_flight < self.at_once and not self._queue:
            self.in_flight += 1
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.in_flight -= 1  # it was given its place in the same instant
                self._wake()
            raise

    def _wake(self) -> None:
        while self._queue and self.in_flight < self.at_once:
            place = self._queue.popleft()
            if not place.done():
                self.in_flight += 1
                place.set_result(None)

    async def _in_time(self, request: Request) -> float:
        """Wait until the limits let the request through; returns the tokens it is taken for."""
        if self._requests is None and self._tokens is None:
            return 0.0
        # First come, first served: without the lock a small request would overtake for ever.
        async with self._turn:
            while True:
                guess = self._guess(request)
                waits = (
                    self._requests.wait_s(1) if self._requests else 0.0,
                    self._tokens.wait_s(guess) if self._tokens else 0.0,
                )
                if not any(waits):
                    break
                # In short steps: an answer that took less than it was taken for gives tokens back.
                await self.sleep(min(max(waits), LOOK_S))
            if self._requests:
                self._requests.take(1)
            if self._tokens:
                self._tokens.take(guess)
        return guess

    def _guess(self, request: Request) -> float:
        asked = sum(len(message.content) for message in request.messages) / 4
        said = self._output / self._seen if self._seen else min(request.max_tokens, FIRST_GUESS)
        return asked + said

    def _answered(self, response: Response, guess: float) -> None:
        took = response.usage.input + response.usage.output
        self._output += response.usage.output
        self._seen += 1
        if self._tokens:
            self._tokens.take(took - guess)
        if not self.limits.adaptive:
            return
        self._good += 1
        if self._good >= self.at_once and self.at_once < self.cap and not self._calm:
            self._good = 0
            self.at_once = min(self.cap, self.at_once + max(1, round(GROW * self.cap)))
            self._wake()
        spell = self._spell
        spell.tokens += response.usage.output
        spell.answers += 1
        spell.at_once += self.in_flight
        enough = max(SPELL_ANSWERS, 2 * self.at_once)
        if spell.answers >= enough and self.clock() - spell.began >= SPELL_S:
            self._compare()

    def _compare(self) -> None:
        """A spell is over: did more calls at once bring less than fewer did before?"""
        spell, now = self._spell, self.clock()
        at_once, rate = spell.at_once / spell.answers, spell.tokens / (now - spell.began)
        before, self._before, self._spell = self._before, (at_once, rate), _Spell(now)
        self._calm = max(0, self._calm - 1)
        if before is None or at_once < ROSE * before[0] or rate >= FELL * before[1]:
            return
        self._calm = CALM
        self._shrink(max(1, round(before[0])), "more calls at once brought fewer tokens a second")

    def _overrun(self, began: float) -> None:
        """The endpoint had too much. Calls that left before the last shrinking say nothing new."""
        if self.limits.adaptive and began > self._shrunk_at:
            held = min(self.at_once, self.in_flight)
            self._shrink(max(1, int(held * SHRINK)), "the endpoint is overrun")

    def _shrink(self, at_once: int, why: str) -> None:
        self._shrunk_at, self._good = self.clock(), 0
        if at_once < self.at_once:
            self.at_once = at_once
        if at_once < self.in_flight:
            self.told(f"{why}: {at_once} calls at once from now on")
