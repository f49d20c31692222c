"""What a call costs: the doorkeeper of genai-prices.

Decides a call's price, its worst case, and what many calls come to per token. The price list is the
one that the installed library ships; nothing is fetched. A price given for an endpoint wins; the
embedded model and the fake are free. Whether a call may be afforded is left to `budget`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from autoevol.errors import UsageError
from autoevol.llm.budget import Amount
from autoevol.llm.messages import Request, Usage

FREE = frozenset({"local", "fake"})
HOME = frozenset(
    {"openai", "anthropic", "bedrock", "vertex"}
)  # names that no table of a user's own can have

_MILLION = Decimal(1_000_000)
# Beyond the bytes of the text: chat templates frame each message and may add a short system turn,
# and a schema can become a tool, whose own instructions are counted as input (some 500 tokens).
_MESSAGE_TOKENS = 16
_TEMPLATE_TOKENS = 64
_SCHEMA_TOKENS = 640
_SHORT = 1000  # tokens of a call that no list charges for its length


BATCH = "batch"
"""The tier of what leaves in a batch; the others are what endpoints call `service_tier`."""


@dataclass(frozen=True, slots=True)
class EndpointPrice:
    """US dollars per million tokens, as a user gives it for an endpoint. What leaves in a batch
    costs half of it, as wherever there are batches; every other tier the whole.

    `cached` is for input that the endpoint's prompt cache served; None: as dear as any other.
    """

    input: Decimal
    output: Decimal
    cached: Decimal | None = None

    def of(self, usage: Usage, tier: str = "") -> Decimal:
        """US dollars for `usage`."""
        reused = min(usage.cached, usage.input) if self.cached is not None else 0
        fresh = self.input * (usage.input - reused) + self.output * usage.output
        whole = (fresh + (self.cached or Decimal(0)) * reused) / _MILLION
        return whole / 2 if tier == BATCH else whole


def most_tokens(request: Request) -> Usage:
    """An upper bound on what a request can use: a token is at least one byte of UTF-8."""
    texts = [message.content for message in request.messages]
    most = _TEMPLATE_TOKENS + _MESSAGE_TOKENS * len(texts)
    if request.schema is not None:
        texts.append(request.schema)
        most += _SCHEMA_TOKENS
    most += sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
    return Usage(input=most, output=request.max_tokens)


@dataclass(frozen=True, slots=True)
class Rate:
    """US dollars per million tokens of calls whose prompts no list charges for their length."""

    input: float
    output: float

    def of(self, read: float, said: float) -> float:
        """US dollars for so many tokens, which may be an average."""
        return (self.input * read + self.output * said) / 1e6


@dataclass(frozen=True, slots=True)
class Rates:
    """A model's rates, None where they are not known: of calls one by one, and in a batch."""

    online: Rate | None
    batch: Rate | None

    @classmethod
    def from_json(cls, kept: Mapping[str, Mapping[str, float] | None]) -> Rates:
        """Of what `dataclasses.asdict` made. Raises KeyError or TypeError for anything else."""
        found = (kept["online"], kept["batch"])
        return cls(
            *(
                None if one is None else Rate(float(one["input"]), float(one["output"]))
                for one in found
            )
        )


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices by provider name, which is what stands before the slash of a model.

    Args:
        configured: prices given for endpoints, by the endpoint's name.
    """

    configured: Mapping[str, EndpointPrice] = field(default_factory=dict)

    def price(
        self, provider: str, model: str, usage: Usage, address: str = "", tier: str = ""
    ) -> Decimal | None:
        """US dollars for `usage`, None where no price is known.

        Args:
            provider: the endpoint's name, such as "openai" or one of autoevol.toml.
            model: the model's name at that endpoint, or PROVIDER/NAME.
            address: the endpoint's URL. It decides whose list is read, since `openai/NAME` may
                well be a server of the user's own; without it the provider's name does.
            tier: how the call was processed: BATCH, or the `service_tier` that the endpoint
                reported. A tier that the list does not know costs what '' does.
        """
        given = self.configured.get(provider)
        if given is not None:
            return given.of(usage, tier)
        if provider in FREE:
            return Decimal(0)
        return _listed(provider, model.removeprefix(f"{provider}/"), usage, address, tier)

    def rates(self, provider: str, model: str, address: str = "") -> Rates:
        """What calls come to per token (see `price`), for averages over many of them: a sum would
        fall into a tier for long prompts, and whole tokens would be off by half of one a row."""
        return Rates(*(self._rate(provider, model, address, tier) for tier in ("", BATCH)))

    def _rate(self, provider: str, model: str, address: str, tier: str) -> Rate | None:
        read, said = (
            self.price(provider, model, usage, address, tier)
            for usage in (Usage(_SHORT, 0), Usage(0, _SHORT))
        )
        if read is None or said is None:
            return None
        return Rate(*(float(one * _MILLION / _SHORT) for one in (read, said)))

    def worst(
        self, provider: str, request: Request, address: str = "", tiers: Sequence[str] = ("",)
    ) -> Amount:
        """What a request can cost at most, in the dearest of the tiers that it may be processed in;
        `money` is None where no price is known."""
        most = most_tokens(request)
        found = [self.price(provider, request.model, most, address, tier) for tier in tiers]
        money = max((one for one in found if one is not None), default=None)
        return Amount(1, most.input + most.output, None if None in found else money)


def no_price(model: str) -> UsageError:
    """What is raised where a cap in money meets a model of unknown price."""
    name = model.partition("/")[0]
    own = "NAME" if name in HOME else name
    return UsageError(
        f"A budget in money cannot be kept: no price is known for {model}.",
        f"Cap calls or tokens; or give a price in [endpoints.{own}] of autoevol.toml"
        + (", with the address, and name the model NAME/MODEL." if name in HOME else "."),
    )


def _listed(provider: str, model: str, usage: Usage, address: str, tier: str) -> Decimal | None:
    from genai_prices import Usage as Counted  # 0.2 s, and not on the way of free models
    from genai_prices import calc_price

    counted = Counted(
        input_tokens=usage.input,
        output_tokens=usage.output,
        cache_read_tokens=min(usage.cached, usage.input),
    )
    context = {"processing": BATCH} if tier == BATCH else {"service_tier": tier} if tier else {}
    try:
        if address:
            found = calc_price(counted, model, provider_api_url=address, price_context=context)
        else:
            found = calc_price(counted, model, provider_id=provider, price_context=context)
        return found.total_price
    except LookupError:
        return None
