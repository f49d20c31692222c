"""When a failed attempt is repeated, how long to wait, and when a provider is given up.

Decides patience. It sends nothing: `client` makes the attempts and tells what became of them.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from autoevol.errors import ProviderError, Unauthorised, Unavailable, Unreachable
from autoevol.llm.provider import TryAgain

_FIRST_WAIT_S = 0.5
_LONGEST_BACKOFF_S = 30.0
_LONGEST_KNOCK_S = 4.0  # between attempts to connect at all
_MOST_GARBLED = 12  # answers of no known form before the first good one: not such an endpoint
_LONGEST_RETRY_AFTER_S = 600.0  # an endpoint that asks for more has no quota left for this run


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
    """

    name: str
    attempts: int
    patience_s: float
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    chance: random.Random
    _given_up: ProviderError | None = None
    _down_since: float | None = None
    _closed_until: float = float("-inf")
    _asked_s: float = 0.0
    _fruitful: bool = False
    _garbled: int = 0

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
        self._fruitful = True
        self.connected()

    def refused(self, error: Unauthorised) -> None:
        """No later call can fare better."""
        self._given_up = error

    def wait_s(self, error: TryAgain, model: str, failed: int, took_s: float) -> float:
        """Seconds to wait before the next attempt.

        Args:
            error: what became of the last attempt.
            model: the model asked, for messages.
            failed: failed attempts of this call so far, the last one included: those that
                connected if the last one did, else those that did not.
            took_s: how long the last attempt took.

        Raises:
            Unreachable: nobody could connect for too long, or no answer ever was one; all later
                calls fail alike.
            Unavailable: this call was tried often enough.
        """
        if not error.connected:
            return self._knock_again(error, failed, took_s)
        self.connected()
        self._garbled += error.garbled
        if self._garbled >= _MOST_GARBLED and not self._fruitful:
            self._given_up = Unreachable(
                f"{self.name}: what answers there does not speak the protocol ({error.reason}).",
                "Check the address, its path included (most end in /v1).",
            )
            raise self._given_up from error
        if failed >= self.attempts:
            raise Unavailable(
                f"{model} gave no usable answer in {failed} attempts, the last time: "
                f"{error.reason}.",
                "Start again on the same folder later.",
            ) from error
        if error.retry_after is not None:
            return self._obey(error, model, error.retry_after)
        return self._backoff(failed, _LONGEST_BACKOFF_S)

    def _knock_again(self, error: TryAgain, failed: int, took_s: float) -> float:
        now = self.clock()
        if self._down_since is None or self._down_since > now:
            self._down_since = now - took_s
        wait = self._backoff(failed, _LONGEST_KNOCK_S)
        # The next attempt will take about as long as this one, and must end within patience too.
        if now + wait + took_s - self._down_since > self.patience_s:
            self._given_up = Unreachable(
                f"{self.name}: nobody answers ({error.reason}).",
                "Check the address and the network, then start again on the same folder.",
            )
            raise self._given_up from error
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
