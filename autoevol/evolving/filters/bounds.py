"""Rules on a single text: how long it may be, in which language, under which licence, and whether
it comes from a benchmark.

Decides what these rules are called and what they look at. A text whose language cannot be told
passes; a row whose licence is not given does not. How likeness of texts is found is left to `near`
and `rouge`, shared words to `benchmarks`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from autoevol.evolving.filters.benchmarks import Benchmarks
from autoevol.text import structure as t
from autoevol.text.language import identify, main_script
from autoevol.types import Evolution, Failure

Rule = Callable[[Evolution], Failure | None]

SHORT, LONG, LANGUAGE, LICENSE = "too_short", "too_long", "other_language", "license"
SURE, HARDLY = 0.8, 0.05
FEW = 5
"""Words that tell too little of a language."""


def length_rule(least: int | None, most: int | None) -> Rule:
    """The evolved instruction's length in words, two signs of Chinese or the like being one."""

    def too_short_or_long(e: Evolution) -> Failure | None:
        count = t.length(e.after.text)
        if least is not None and count < least:
            return Failure(SHORT, f"{count} words, fewer than {least}")
        if most is not None and count > most:
            return Failure(LONG, f"{count} words, more than {most}")
        return None

    return too_short_or_long


def language_rule(wanted: Collection[str]) -> Rule:
    """The evolved instruction's language: ISO 639-1 codes, one of which it must be in."""

    def other_language(e: Evolution) -> Failure | None:
        return strange(e.after.text, wanted)

    return other_language


def strange(text: str, wanted: Collection[str]) -> Failure | None:
    """Whether a text is surely in none of the languages. Code and quotes are not looked at."""
    prose = t.Reading(text).prose
    if t.length(prose) < FEW and main_script(prose) in ("", "latin"):
        return None
    found = identify(prose)
    first = max(found, key=lambda name: found[name], default="")
    if not first or first in wanted or found[first] < SURE:
        return None
    if any(found.get(code, 0.0) > HARDLY for code in wanted):
        return None
    return Failure(LANGUAGE, f"{first}, {found[first]:.0%} sure: {t.clip(prose, 80)}")


def benchmark_rule(benchmarks: Benchmarks) -> Rule:
    """The evolved instruction and its answer."""

    def contaminated(e: Evolution) -> Failure | None:
        for text in (e.after.text, e.response):
            hit = benchmarks.hit(text)
            if hit is not None:
                return Failure(hit.rule, hit.evidence)
        return None

    return contaminated


def forbidden(license: str, allowed: Collection[str]) -> Failure | None:
    """Whether a row's licence is none of the allowed; case, spaces and signs do not count."""
    if _plain(license) in {_plain(one) for one in allowed}:
        return None
    return Failure(LICENSE, t.clip(license, 80) or "no licence is given")


def _plain(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())
