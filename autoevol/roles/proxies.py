"""The proxy scores there are, by the name that `--score` takes.

Decides which one measures a run, and how a user's own function becomes one. What each measures is
left to its file.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from autoevol.domain import Domain
from autoevol.errors import UsageError
from autoevol.llm.client import Client
from autoevol.own import BROKEN, named_function, quietly
from autoevol.prompts import load_prompt
from autoevol.roles.calibration import Proxy
from autoevol.roles.pairwise import Pairwise
from autoevol.roles.scorer import Scorer

GAIN = "gain"
PAIRWISE = "pairwise"

Own = Callable[[str, str], float | Awaitable[float | None] | None]
"""A user's own score: (instruction before, instruction after) to a number in [0, 1], or None where
it cannot tell; plain or async."""


@dataclass(frozen=True, slots=True)
class OwnScore:
    """A user's function as a proxy score."""

    name: str
    function: Own
    domain: Domain
    order_bias: float | None = None

    async def gain(self, before: str, after: str) -> float | None:
        """What the function says.

        Raises:
            UsageError: it failed, or said something else than a number or None.
        """
        try:
            found = quietly(self.function, before, after)
            value = await found if inspect.isawaitable(found) else found
        except BROKEN as error:
            raise UsageError(
                f"The score {self.name} failed: {type(error).__name__}: {error}",
                "It is called with two texts, the instruction before and after.",
            ) from error
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            raise UsageError(
                f"The score {self.name} gave {value!r}.", "Return a number from 0 to 1, or None."
            )
        return float(value)

    async def score(self, before: str, after: str) -> float | None:
        """The gain, clipped to [0, 1]."""
        gain = await self.gain(before, after)
        return None if gain is None else min(1.0, max(0.0, gain))


def score_name(score: str | Own) -> str:
    """How a proxy score is called in a run's settings.

    Raises:
        UsageError: there is none of that name, or no such function.
    """
    if not isinstance(score, str):
        return f"{score.__module__}:{getattr(score, '__qualname__', type(score).__qualname__)}"
    if ":" in score:
        named_function(score, "--score")
    elif score not in (GAIN, PAIRWISE):
        raise UsageError(
            f"Unknown score {score!r}.", f"Scores: {GAIN}, {PAIRWISE}, or MODULE:FUNCTION."
        )
    return score


def make_proxy(score: str | Own, client: Client, judge: str, domain: Domain) -> Proxy:
    """The proxy score of a run; `judge` is the model of the two that ask one.

    Raises:
        UsageError: as `score_name`.
    """
    name = score_name(score)
    if name == GAIN:
        # Anthropic's endpoint gives no log-probabilities; asking for them would waste a call.
        repeated = judge.startswith("anthropic/")
        return Scorer(client, judge, load_prompt("judge"), domain, repeated=repeated)
    if name == PAIRWISE:
        return Pairwise(client, judge, load_prompt("pairwise"), domain)
    own = named_function(score, "--score") if isinstance(score, str) else score
    return OwnScore(name, own, domain)
