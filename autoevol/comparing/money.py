"""Money in a comparison: what a million kept rows take, and how many draws equal money buys.

Decides what counts as an arm's money: the evolver's tokens at its price and, for a best-of arm, the
judge's, which has to choose. Where calls are free or a price is not known, draws are made equal in
tokens instead: those written, and a quarter of those read, as most price lists have it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autoevol.comparing.arms import Arm
from autoevol.domain import Domain
from autoevol.llm.prices import Rate, Rates
from autoevol.plan import tokens
from autoevol.prompts import load_prompt
from autoevol.roles.proxies import GAIN, PAIRWISE

Json = dict[str, Any]
LEAST, MOST = 2, 8
"""Draws of a best-of arm: fewer are no choice."""
READ = 0.25
"""What a token read counts beside one written, where there is no price."""


@dataclass(frozen=True, slots=True)
class Till:
    """What the two models take that an arm's rows are paid to. `rates` are theirs, by model."""

    evolver: str
    judge: str
    domain: Domain
    rates: Mapping[str, Rates]
    score: str = GAIN

    def million(self, arm: Arm, figures: Json) -> Json | None:
        """What a million kept rows take: tokens and, where prices are known, US dollars.

        Answers to the instructions come on top. None where nothing was kept. The tokens are the
        evolver's; the money of a best-of arm holds its judge's, too.
        """
        rows = figures["rows_kept"]
        if arm.method is None or not rows:
            return None
        evolver, judge = self.rates[self.evolver], self.rates[self.judge]
        return {
            "input_tokens": round(1e6 * figures["input_tokens"] / rows),
            "output_tokens": round(1e6 * figures["output_tokens"] / rows),
            "usd": self._rows(arm, figures, evolver.online, judge.online),
            "usd_batch": self._rows(arm, figures, evolver.batch, judge.batch),
        }

    def _rows(
        self, arm: Arm, figures: Json, evolver: Rate | None, judge: Rate | None
    ) -> float | None:
        """US dollars for a million kept rows."""
        if evolver is None or (arm.draws > 1 and judge is None):
            return None
        usd = evolver.of(figures["input_tokens"], figures["output_tokens"])
        if arm.draws > 1 and judge is not None:
            choices = arm.draws * (figures["items"] - figures["unknown"])
            usd += choices * judge.of(*self._rating())
        return round(1e6 * usd / int(figures["rows_kept"]), 2)

    def draws(self, base: Json, others: list[Json]) -> Json:
        """How many draws of `base` cost what a rewrite of the dearest of `others` does.

        The number that comes nearest to it, so that neither side is favoured, from `LEAST` to
        `MOST`. `times` says how much is spent beside the dearest.
        """
        evolver, judge = self.rates[self.evolver].online, self.rates[self.judge].online
        read, said = self._rating()
        sums = [_item(one) for one in (base, *others)]
        if evolver is not None and judge is not None and all(evolver.of(*one) for one in sums):
            unit, rating = "usd", judge.of(read, said)
            worth = [evolver.of(*one) for one in sums]
        else:
            unit, rating = "tokens", said + READ * read
            worth = [said + READ * read for read, said in sums]
        one, dearest = worth[0] + rating, max(worth)
        draws = min(MOST, max(LEAST, round(dearest / one))) if one else LEAST
        return {
            "draws": draws,
            "unit": unit,
            "dearest": round(dearest, 6),
            "a_draw": round(one, 6),
            "spent": round(draws * one, 6),
            "times": round(draws * one / dearest, 4) if dearest else None,
        }

    def _rating(self) -> tuple[float, float]:
        """Tokens read and written to score one draw, estimated from the length of the prompt."""
        rated = self.domain.rated
        task = sum(tokens(one.task) for one in rated) / max(1, len(rated))
        if self.score == PAIRWISE:  # in both orders, seed and rewrite in each
            return 2 * (tokens(load_prompt("pairwise").text) + 2 * task), 12.0
        if self.score != GAIN:  # a function of the user's: nobody is asked
            return 0.0, 0.0
        scale = tokens(load_prompt("judge").text) + sum(tokens(one.task) + 10 for one in rated)
        return scale + task, 1.0


def _item(figures: Json) -> tuple[float, float]:
    """Tokens that one item takes of the evolver, kept or not: read, and written."""
    items = max(1, figures["items"] - figures["unknown"])
    return figures["input_tokens"] / items, figures["output_tokens"] / items
