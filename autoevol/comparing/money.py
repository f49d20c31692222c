"""Money in a comparison: what a million kept rows take, and how many draws equal money buys.

Decides what counts as an arm's money: the evolver's tokens at its price and, for a best-of arm, the
judge's, which has to choose. Where calls are free or a price is not known, draws are made equal in
tokens instead: those written, and a quarter of those read, as most price lists have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

from autoevol.comparing.arms import Arm
from autoevol.domain import Domain
from autoevol.llm.client import Client
from autoevol.llm.messages import Usage
from autoevol.llm.prices import BATCH
from autoevol.plan import tokens
from autoevol.prompts import load_prompt
from autoevol.roles.proxies import GAIN, PAIRWISE

Json = dict[str, Any]
MOST = 8
"""Draws of a best-of arm at most."""
READ = 0.25
"""What a token read counts beside one written, where there is no price."""


@dataclass(frozen=True, slots=True)
class Till:
    """Prices of the two models that an arm's rows are paid to."""

    client: Client
    evolver: str
    judge: str
    domain: Domain
    score: str = GAIN

    async def million(self, arm: Arm, figures: Json) -> Json | None:
        """What a million kept rows take: tokens and, where prices are known, US dollars.

        Answers to the instructions come on top. None where nothing was kept.
        """
        if arm.method is None or not figures["rows_kept"]:
            return None
        read, said = figures["input_tokens_per_kept"], figures["output_tokens_per_kept"]
        online, batch = [await self._row(arm, figures, tier) for tier in ("", BATCH)]
        return {
            "input_tokens": round(read * 1e6),
            "output_tokens": round(said * 1e6),
            "usd": online,
            "usd_batch": batch,
        }

    async def _row(self, arm: Arm, figures: Json, tier: str) -> float | None:
        """US dollars for a million kept rows."""
        read, said = figures["input_tokens_per_kept"], figures["output_tokens_per_kept"]
        usd = await self._usd(self.evolver, read, said, tier)
        if arm.draws > 1 and usd is not None:
            known = figures["items"] - figures["unknown"]
            choices = arm.draws * known / figures["rows_kept"]
            choice = await self._usd(self.judge, *self._rating(), tier)
            usd = None if choice is None else usd + choices * choice
        return None if usd is None else round(usd * 1e6, 2)

    async def draws(self, base: Json, others: list[Json]) -> Json:
        """How many draws of `base` cost as much as a rewrite of the dearest of `others`.

        At least two, since fewer are no choice, and at most `MOST`. Rounded up, so that the money
        is equal or in the best-of arm's favour.
        """
        sums = [await self._item(one) for one in (base, *others)]
        read, said = self._rating()
        rating = await self._usd(self.judge, read, said)
        if rating is not None and all(usd for usd, _ in sums):
            unit, worth = "usd", [usd or 0.0 for usd, _ in sums]
        else:
            unit, worth, rating = "tokens", [count for _, count in sums], said + READ * read
        one, dearest = worth[0] + rating, max(worth)
        bought = ceil(dearest / one) if one else 1
        draws = min(MOST, max(2, bought))
        return {
            "draws": draws,
            "unit": unit,
            "dearest": round(dearest, 6),
            "a_draw": round(one, 6),
            "spent": round(draws * one, 6),
        }

    async def _item(self, figures: Json) -> tuple[float | None, float]:
        """What one item takes, kept or not: US dollars, and tokens weighed."""
        items = max(1, figures["items"] - figures["unknown"])
        read, said = figures["input_tokens"] / items, figures["output_tokens"] / items
        return await self._usd(self.evolver, read, said), said + READ * read

    async def _usd(self, model: str, read: float, said: float, tier: str = "") -> float | None:
        price = await self.client.price(model, Usage(round(read), round(said)), tier)
        return None if price is None else float(price)

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
