"""When a failed attempt is repeated, how long to wait, and when a provider is given up.

Decides patience: an endpoint that never answered is given up soon, for its address may be wrong;
one that did answer, and is away now, is waited for, and one call at a time knocks for all. It sends
nothing: `attempts` makes the attempts and tells what became of them.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import NoReturn

from autoevol.errors import ProviderError, Unauthorised, Unavailable, Unreachable
from autoevol.llm.provider import TryAgain

_FIRST_WAIT_S = 0.5
_LONGEST_BACKOFF_S = 30.0
_LONGEST_KNOCK_S = 4.0  # between attempts to connect at all
_MOST_GARBLED = 12  # answers of no known form before the first good one: not such an endpoint
_LONGEST_RETRY_AFTER_S = 600.0  # an endpoint that asks for more has no quota left for this run
AWAY_S = 300.0
"""An endpoint that answered before is waited for so long: restarts and new weights take minutes."""
_LONGEST_AWAY_S = 10.0  # between knocks of all calls at an endpoint that is away
_SAID_AFTER_S = 5.0  # a connection that fails for less is not worth a line
AWAY = ("429", "502", "503", "521", "522", "523", "529")
"""How failures begin that tell of the endpoint, and not of the request."""
_QUIET = 3  # failures of a call in a row between which nobody was answered
_SEVERAL = 2  # calls that fail so: one alone may be at fault itself


@dataclass(slots=True, eq=False)
class Trouble:
    """What one call met so far: attempts that failed with and without a connection, those of the
    former that were garbled, and the latest between which no call was answered."""

    failed: int = 0
    unconnected: int = 0
    garbled: int = 0
    quiet: int = 0
    answers: int = -1

    def add(self, error: TryAgain, answers: int) -> None:
        """One more, when so many calls had been answered."""
        self.failed += error.connected
        self.unconnected += not error.connected
        self.garbled += error.garbled
        self.quiet = self.quiet + 1 if answers == self.answers else 1
        self.answers = answers


@dataclass(slots=True)
class Patience:
    """One provider's health, shared by all calls to it.

    Args:
        name: the provider's name, for messages.
        attempts: answered or broken attempts of one call before it is given up.
        patience_s: seconds without any connection before the provider is given up.
        clock: monotonic seconds.
        sleep: waits that many seconds.
        chance: spreads waits, so that calls refused together do not come back together.
        told: given a line when the provider is away, and when it is back.
    """

    name: str
    attempts: int
    patience_s: float
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    chance: random.Random
    told: Callable[[str], None] = lambda line: None
    _given_up: ProviderError | None = None
    _down_since: float | None = None
    _closed_until: float = float("-inf")
    _asked_s: float = 0.0
    _answers: int = 0
    _garbled: int = 0
    _troubled: set[Trouble] = field(default_factory=set)
    _away_since: float | None = None
    _knocks: int = 0
    _knock_at: float = 0.0
    _knock_s: float = 0.0
    _knocking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _said: bool = False

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Inside, an attempt may be made. Where the provider is away, one call at a time knocks,
        for what a gateway has passed on may have to be paid. Raises as `ready`."""
        await self.ready()
        while self._away_since is not None:
            async with self._knocking:
                self._raise_given_up()
                rest = min(self._knock_at - self.clock(), self._knock_s)
                if rest > 0 and self._away_since is not None:
                    await self.sleep(rest)
                    self._raise_given_up()
                if self._away_since is None:
                    break
                yield
                return
        yield

    async def ready(self) -> None:
        """Return when an attempt may be made: after a Retry-After that any call was given.

        Raises Unreachable or Unauthorised again, once the provider was given up.
        """
        self._raise_given_up()
        now = self.clock()
        if self._closed_until - now > self._asked_s:  # the clock was set back meanwhile
            self._closed_until = now + self._asked_s
        rest = self._closed_until - now
        if rest > 0:
            await self.sleep(rest)
            self._raise_given_up()

    def connected(self) -> None:
        """The provider answered, well or badly."""
        self._down_since = None

    def answered(self) -> None:
        """The provider gave an answer of use."""
        self._answers += 1
        self._troubled.clear()
        self._away_since = None
        self.connected()
        if self._said:
            self._said = False
            self.told(f"{self.name} answers again.")

    def refused(self, error: Unauthorised) -> None:
        """No later call can fare better."""
        self._given_up = error

    def wait_s(self, error: TryAgain, model: str, trouble: Trouble, took_s: float) -> float:
        """Seconds to wait before the next attempt.

        Args:
            error: what became of the last attempt.
            model: the model asked, for messages.
            trouble: what the call met before; the error is added to it.
            took_s: how long the last attempt took.

        Raises:
            Unreachable: nobody could connect for too long, the provider was away for too long, or
                no answer ever was one; all later calls fail alike.
            Unavailable: this call was tried often enough.
        """
        trouble.add(error, self._answers)
        if not error.connected:
            return self._knock_again(error, trouble.unconnected, took_s)
        self.connected()
        self._garbled += error.garbled
        if self._garbled >= _MOST_GARBLED and not self._answers:
            self._given_up = Unreachable(
                f"{self.name}: what answers there does not speak the protocol ({error.reason}).",
                "Check the address, its path included (most end in /v1).",
            )
            raise self._given_up from error
        if self._away(error, trouble):
            return self._wait_for(error, model)
        if trouble.failed >= self.attempts:
            raise Unavailable(
                f"{model} gave no usable answer in {trouble.failed} attempts, the last time: "
                f"{error.reason}.",
                "Start again on the same folder later.",
            ) from error
        if error.retry_after is not None:
            return self._obey(error, model, error.retry_after)
        return self._backoff(trouble.failed, _LONGEST_BACKOFF_S)

    def _away(self, error: TryAgain, trouble: Trouble) -> bool:
        """Whether it is the provider that fails, not this call. One that never answered is not
        away: who knows whether it is there at all."""
        if self._away_since is not None:
            return True
        if not self._answers or not error.reason.startswith(AWAY):
            return False
        self._troubled.add(trouble)
        enough = trouble.failed >= self.attempts and trouble.quiet >= _QUIET
        return enough and len(self._troubled) >= _SEVERAL

    def _wait_for(self, error: TryAgain, model: str) -> float:
        """Until the next knock at a provider that is away."""
        now = self.clock()
        if self._away_since is None or self._away_since > now:
            self._away_since, self._knocks = now, 0
            self._say(error)
        if now - self._away_since > AWAY_S:
            self._give_up(f"away for {AWAY_S / 60:.0f} minutes", error)
        self._knocks += 1
        wait = self._backoff(self._knocks, _LONGEST_AWAY_S)
        if error.retry_after is not None:
            wait = max(wait, self._obey(error, model, error.retry_after))
        self._knock_at, self._knock_s = now + wait, wait
        return wait

    def _say(self, error: TryAgain) -> None:
        """Say once that it is waited for."""
        if not self._said:
            self._said = True
            self.told(
                f"{self.name} is away ({error.reason}). Waiting for it to come back, "
                f"{AWAY_S / 60:.0f} minutes at most; rows under way wait with it."
            )

    def _give_up(self, why: str, error: TryAgain) -> NoReturn:
        self._given_up = Unreachable(
            f"{self.name}: {why} ({error.reason}).",
            "Check the address and the network, then start again on the same folder.",
        )
        raise self._given_up from error

    def _knock_again(self, error: TryAgain, failed: int, took_s: float) -> float:
        now = self.clock()
        if self._down_since is None or self._down_since > now:
            self._down_since = now - took_s
        wait = self._backoff(failed, _LONGEST_KNOCK_S)
        # The next attempt will take about as long as this one, and must end within patience too.
        patience = max(AWAY_S, self.patience_s) if self._answers else self.patience_s
        if now + wait + took_s - self._down_since > patience:
            self._give_up("nobody answers", error)
        if self._answers and now - self._down_since >= _SAID_AFTER_S:
            self._say(error)
        return wait

    def _obey(self, error: TryAgain, model: str, asked_s: float) -> float:
        if asked_s > _LONGEST_RETRY_AFTER_S:
            raise Unavailable(
                f"{model} asks to wait {asked_s:.0f} s ({error.reason}).",
                "Start again on the same folder after that.",
            ) from error
        until = self.clock() + asked_s
        if until > self._closed_until:
            self._closed_until, self._asked_s = until, asked_s
        return asked_s + self.chance.uniform(0, min(1.0, 0.1 * asked_s))

    def _backoff(self, failed: int, longest: float) -> float:
        full = min(longest, _FIRST_WAIT_S * 2.0 ** min(failed - 1, 10))
        return full * self.chance.uniform(0.5, 1.0)

    def _raise_given_up(self) -> None:
        if self._given_up is not None:
            # A fresh one each time: a shared exception would gather every raiser's traceback.
            raise type(self._given_up)(self._given_up.message, self._given_up.hint)
