"""Write the leaderboard of benchmarks/README.md from the rows that `compare.py` made.

    python benchmarks/leaderboard.py [--check]

Decides what is shown of each method and how sure it is: a failure rate and a score with 95 %
intervals, the paired difference to the method that the domain starts from, with a p-value that is
adjusted (Holm) over all methods of the domain, and what the rows cost. Only rows of one yardstick
are shown together: the commonest. Everything between the two markers is replaced, the rest stays.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autoevol.data.diversity import mean_overlap  # noqa: E402
from autoevol.domain import load_domain  # noqa: E402
from autoevol.llm.endpoint import HOMES  # noqa: E402
from autoevol.llm.messages import Usage  # noqa: E402
from autoevol.llm.prices import Prices  # noqa: E402
from autoevol.statistics import (  # noqa: E402
    Interval,
    holm,
    items_needed,
    mean_interval,
    paired_bootstrap,
    paired_differences,
    proportion_interval,
    two_sided_p,
)
from autoevol.types import Outcome  # noqa: E402

PAGE = Path(__file__).parent / "README.md"
RESULTS = Path(__file__).parent / "results"
BEGIN, END = "<!-- leaderboard:begin -->", "<!-- leaderboard:end -->"
DOMAINS = ("code", "math", "chat")
PRICED = "openai/gpt-4o-mini"
"""Whose list price turns tokens into money, so that embedded measurements have a cost, too."""
SHOWN = 0.05
POINTS = 0.05
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Arm:
    """One method's rows."""

    method: str
    rows: list[Json]

    @property
    def outcomes(self) -> list[Outcome]:
        names = {field.name for field in fields(Outcome)}
        return [Outcome(**{k: v for k, v in row.items() if k in names}) for row in self.rows]

    @property
    def kept(self) -> list[Outcome]:
        return [one for one in self.outcomes if not one.failure]

    @property
    def utilities(self) -> dict[str, float]:
        return {one.item: one.utility for one in self.outcomes if one.utility is not None}

    @property
    def score(self) -> Interval:
        return mean_interval([u for _, u in sorted(self.utilities.items())], seed=0)

    @property
    def million(self) -> tuple[float, float] | None:
        """Tokens in and out that a million kept rows take of the evolver."""
        kept = len(self.kept)
        if not kept:
            return None
        read = sum(one.input_tokens for one in self.outcomes) / kept
        return read * 1e6, sum(one.output_tokens for one in self.outcomes) / kept * 1e6


def arms_of(path: Path) -> list[Arm]:
    """A file's rows by method, best score first: those of the commonest model and yardstick."""
    if not path.exists():
        return []
    found: dict[tuple[str, str], Json] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[(row["method"], row["item"])] = row
    rows = list(found.values())
    if not rows:
        return []
    most = Counter(_setting(row) for row in rows).most_common(1)[0][0]
    same = [row for row in rows if _setting(row) == most]
    names = dict.fromkeys(row["method"] for row in same)
    arms = [Arm(name, [row for row in same if row["method"] == name]) for name in names]
    return sorted(arms, key=lambda arm: (-arm.score.mean, arm.method))


def _setting(row: Json) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("model", "seed", "yardstick"))


def section(domain: str, arms: Sequence[Arm]) -> Iterator[str]:
    """One domain's part of the page."""
    yield f"### {domain}\n"
    if not arms:
        yield "No rows yet.\n"
        return
    facts = arms[0].rows[0]
    start = load_domain(domain).initial
    base = next((arm for arm in arms if arm.method == start), None)
    days = sorted({row["date"] for arm in arms for row in arm.rows})
    when = " to ".join(dict.fromkeys([days[0], days[-1]]))
    yield (
        f"`{facts['command']} --domain {domain}` ({when}, temperature 0; the judge put "
        f"{facts['judge']:.0%} of its pairs of known order right). "
        f"Rows: `results/compare-{domain}.jsonl`.\n"
    )
    yield (
        f"| method | items | failure rate | score | score − `{start}` | p | commonest failures | "
        "overlap | words added | tokens out a kept row | a million kept rows |"
    )
    yield "| --- " * 11 + "|"
    against = _against(arms, base)
    for arm in arms:
        yield "| " + " | ".join([*_cells(arm), *_difference(arm, against), *_costs(arm)]) + " |"
    yield ""
    yield from _said(arms, base, against)


def _cells(arm: Arm) -> list[str]:
    known = arm.outcomes
    failed = proportion_interval(len(known) - len(arm.kept), len(known))
    name = f"`{arm.method}`" + (" (learned)" if arm.rows[0]["kind"] == "learned" else "")
    low, high = 100 * failed.low, 100 * failed.high
    rate = f"{100 * failed.mean:.0f} % ({low:.0f}–{high:.0f})"
    return [name, str(len(known)), rate, f"{arm.score.mean:.2f}{_bounds(arm.score)}"]


def _difference(arm: Arm, against: Mapping[str, tuple[Interval, float]]) -> list[str]:
    if arm.method not in against:
        return ["", ""]
    gap, p = against[arm.method]
    return [f"{gap.mean:+.2f}{_bounds(gap, '+')}", f"{p:.3f}"]


def _costs(arm: Arm) -> list[str]:
    failures = Counter(one.failure for one in arm.outcomes if one.failure).most_common(2)
    commonest = ", ".join(f"{name} {count}" for name, count in failures)
    overlap = f"{mean_overlap([one.added for one in arm.kept]):.3f}"
    million = arm.million
    if million is None:
        return [commonest, "", "", "", "nothing kept"]
    added = sum(one.added_words for one in arm.kept) / len(arm.kept)
    usd = _usd(*million)
    money = "" if usd is None else f"${usd:,.0f}"
    return [commonest, overlap, f"{added:.0f}", f"{million[1] / 1e6:.0f}", money]


def _usd(read: float, said: float) -> float | None:
    provider = PRICED.partition("/")[0]
    one = Usage(round(read / 1e6), round(said / 1e6))
    price = Prices({}).price(provider, PRICED, one, HOMES[provider].base_url)
    return None if price is None else float(price) * 1e6


def _against(arms: Sequence[Arm], base: Arm | None) -> dict[str, tuple[Interval, float]]:
    """By method: its paired difference to the base, and the adjusted p."""
    if base is None:
        return {}
    others = [arm for arm in arms if arm is not base]
    theirs = base.utilities
    gaps = [paired_bootstrap(arm.utilities, theirs, seed=0) for arm in others]
    raw = [two_sided_p(paired_differences(arm.utilities, theirs), 0) for arm in others]
    adjusted = holm(raw)
    return {a.method: (g, p) for a, g, p in zip(others, gaps, adjusted, strict=True)}


def _said(
    arms: Sequence[Arm], base: Arm | None, against: Mapping[str, tuple[Interval, float]]
) -> Iterator[str]:
    """What the table shows, and what it cannot."""
    if base is None:
        yield "The method that the domain starts from is not measured yet.\n"
        return
    shown = [name for name, (gap, p) in against.items() if p < SHOWN and gap.mean > 0]
    worse = [name for name, (gap, p) in against.items() if p < SHOWN and gap.mean < 0]
    said = f"Shown to be better than `{base.method}`: {_list(shown)}. Shown to be worse: "
    said += f"{_list(worse)}. For the others no difference is shown."
    spread = [_sd(paired_differences(a.utilities, base.utilities)) for a in arms if a is not base]
    if spread:
        typical = sorted(spread)[len(spread) // 2]
        needed = items_needed(typical, POINTS)
        said += f" A difference of {POINTS:.2f} would take about {needed:,} items to be seen."
    yield said + "\n"


def _sd(values: Sequence[float]) -> float:
    mean = sum(values) / max(1, len(values))
    return (sum((v - mean) ** 2 for v in values) / max(1, len(values) - 1)) ** 0.5


def _list(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"


def _bounds(found: Interval, sign: str = "") -> str:
    if found.items < 2:
        return ""
    return f" ({found.low:{sign}.2f}–{found.high:{sign}.2f})".replace("–", " to " if sign else "–")


def board(results: Path) -> str:
    """All that stands between the markers."""
    parts = [
        "Written by `make bench-compare`; nothing in here is typed by hand. Items are those that",
        "`optimize` with the same seed keeps for confirmation. The score is 0 where a rule fired,",
        "else the judged gain in difficulty, 0 to 1; brackets hold 95 % intervals, p is of a",
        "paired sign-flip test, adjusted (Holm) over the methods of the domain. Overlap is that",
        "of the texts added by kept rows, 0 to 1. Money is what the evolver's tokens for a million",
        f"kept rows would cost at the list price of `{PRICED}`; the measurement itself was free.",
        "",
    ]
    for domain in DOMAINS:
        parts += section(domain, arms_of(results / f"compare-{domain}.jsonl"))
    return "\n".join(parts).rstrip() + "\n"


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--check", action="store_true", help="exit 1 where the page is older")
    options.add_argument("--results", type=Path, default=RESULTS)
    options.add_argument("--page", type=Path, default=PAGE)
    given = options.parse_args()
    page = given.page.read_text(encoding="utf-8")
    if BEGIN not in page or END not in page:
        print(f"{given.page} has no markers {BEGIN} and {END}.", file=sys.stderr)
        return 2
    head, rest = page.split(BEGIN, 1)
    wanted = f"{head}{BEGIN}\n{board(given.results)}{END}{rest.split(END, 1)[1]}"
    if given.check:
        return int(page != wanted)
    given.page.write_text(wanted, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
