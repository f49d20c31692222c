"""A plan: what a run would take, before anything is sent: calls, tokens and money by role.

Decides what a plan is made of and how calls become money. How many calls a run takes is left to
`reckon`, how a plan is shown to `cli`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import NamedTuple

from autoevol.llm.clouds import CLOUDS, cloud_endpoint
from autoevol.llm.endpoint import HOMES
from autoevol.llm.endpoints import Endpoint
from autoevol.llm.messages import Usage
from autoevol.llm.prices import FREE, Prices
from autoevol.llm.tuning import AS_USUAL, Tuning


class Range(NamedTuple):
    """From a short run to a full one."""

    low: float
    high: float

    def __add__(self, other: object) -> Range:
        assert isinstance(other, Range)
        return Range(self.low + other.low, self.high + other.high)

    def scaled(self, by: float) -> Range:
        return Range(self.low * by, self.high * by)

    def times(self, other: Range) -> Range:
        return Range(self.low * other.low, self.high * other.high)


@dataclass(frozen=True, slots=True)
class Load:
    """One role's share. Tokens are totals; `output` leaves out `reasoning`, which is billed as
    output, too. `usd` None: no price is known. `max_tokens` of an answer are the cap that is
    sent; `temperature` is the user's, None where the role keeps its own."""

    role: str
    model: str
    formula: str
    calls: Range
    input: Range
    output: Range
    reasoning: Range
    usd: Range | None
    max_tokens: int
    temperature: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The loads of all roles and what they add up to. `million` is the money for a million such
    rows, online and by batch, None where a price is not known; empty where rows are not the
    point."""

    loads: tuple[Load, ...]
    notes: tuple[str, ...] = ()
    million: Mapping[str, Range | None] = field(default_factory=dict)

    @property
    def calls(self) -> Range:
        return _sum([load.calls for load in self.loads])

    @property
    def usd(self) -> Range | None:
        """None where the price of a load is not known."""
        known = [load.usd for load in self.loads if load.usd is not None]
        return _sum(known) if len(known) == len(self.loads) else None

    def as_json(self) -> dict[str, object]:
        return {
            "dry_run": True,
            "calls": self.calls._asdict(),
            "input_tokens": _sum([load.input for load in self.loads])._asdict(),
            "output_tokens": _sum([load.output for load in self.loads])._asdict(),
            "reasoning_tokens": _sum([load.reasoning for load in self.loads])._asdict(),
            "usd": None if self.usd is None else self.usd._asdict(),
            "roles": [_plain(asdict(load)) for load in self.loads],
            "notes": list(self.notes),
            **({"million": _plain(dict(self.million))} if self.million else {}),
        }


@dataclass(frozen=True, slots=True)
class Pricing:
    """Where prices come from: the endpoints' own tables, else the list, by address. `tier` is BATCH
    or FLEX where calls are to go that way; it changes nothing at models that have none."""

    endpoints: Mapping[str, Endpoint]
    base_url: str | None = None
    tier: str = ""

    def usd(self, model: str, calls: Range, input_each: Range, output: Range) -> Range | None:
        """Money for so many calls of an average size, None where no price is known."""
        provider = model.partition("/")[0]
        table = self.endpoints.get(provider)
        prices = Prices({n: t.price for n, t in self.endpoints.items() if t.price is not None})
        home = HOMES.get(table.kind if table and not table.base_url else provider)
        address = home.base_url if home else table.base_url if table else ""
        if provider in CLOUDS:
            address = cloud_endpoint(provider, os.environ).base_url
        if provider == "openai" and self.base_url:
            address = self.base_url
        ends: list[float] = []
        for place in (0, 1):
            each = Usage(round(input_each[place]), round(output[place]))
            one: Decimal | None = prices.price(provider, model, each, address, self.tier)
            if one is None:
                return None
            ends.append(float(one) * calls[place])
        return Range(*ends)


def tokens(text: str) -> float:
    """About so many tokens: a quarter of the bytes, as English and code have it."""
    return len(text.encode("utf-8", "replace")) / 4


def load_of(
    role: str,
    model: str,
    formula: str,
    calls: Range,
    given: Range,
    said: Range,
    most: int,
    pricing: Pricing,
    tuning: Tuning = AS_USUAL,
) -> Load:
    """`given` and `said` are tokens of one call, `most` its cap where the user sets none; what a
    model may think on top of what it says is the rest of the cap, at models that are not our own.
    """
    provider = model.partition("/")[0]
    most = tuning.cap(role, most)
    said = Range(min(most, said.low), min(most, said.high))
    thought = Range(0, 0 if provider in FREE else max(0.0, most - said.high))
    return Load(
        role,
        model,
        formula,
        _whole(calls),
        _whole(calls.times(given)),
        _whole(calls.times(said)),
        _whole(calls.times(thought)),
        pricing.usd(model, calls, given, said + thought),
        most,
        tuning.temperature.get(role),
    )


def _whole(found: Range) -> Range:
    return Range(round(found.low), round(found.high))


def _sum(ranges: Sequence[Range]) -> Range:
    return Range(sum(r.low for r in ranges), sum(r.high for r in ranges))


def _plain(table: dict[str, object]) -> dict[str, object]:
    return {k: v._asdict() if isinstance(v, Range) else v for k, v in table.items()}
