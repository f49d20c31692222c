"""`summary.json` of a comparison: the one document that table and report are made from.

Decides what the document holds. Its figures are made by `account`, `standing` and `money`; how it
looks is left to `cli`. Rates and scores lie in [0, 1]; an interval is `{mean, low, high, items}` at
95 %, its bounds null where fewer than two items are known.

    version, verb ("compare"), run    the folder's name
    complete       false where the run was cut: figures are of what was measured until then
    domain, describe, seed, rounds, score (the proxy's name), models (by role)
    rules          rules of the user's own, as MODULE:FUNCTION, MODULE:FUNCTION; "" for none
    data           {source, digest, items}: items are those that were drawn, the first of the
                   order in which `optimize` with the same seed keeps its confirmation items
    calibration    of the judge (see `roles.calibration`), null before it
    arms           a list, methods first, then "seeds", then best-of arms:
        name       domain/name of a method; "seeds"; "best of K domain/name"
        also       a list: other names of the very same text, which is one arm
        kind       handwritten, learned, seeds, best-of; digest of the text, "" for seeds
        about      where a method comes from, in its own words; stranger: a sentence where it was
                   made for another domain, else ""
        draws      rewrites of an item, of which the best counts (1 but for best-of)
        items, unknown          measured, and of these without a verdict; all below leaves them out
        failure_rate, failures  items that a rule dropped in any round, and by first rule
        score      mean utility: 0 where a rule fired, else the proxy score; of several rounds the
                   mean, those after a failure count as 0
        passed_score            mean proxy score of the rounds that passed; null if none
        overlap    mean pairwise 3-gram overlap of what kept rows added: 0 all differ, 1 all alike;
                   null where fewer than two added anything
        added_words             mean words added to a seed by all its passed rounds; null if none
        rows_kept, input_tokens, output_tokens        of the evolver, over all draws
        input_tokens_per_kept, output_tokens_per_kept null where nothing was kept
        million    {input_tokens, output_tokens, usd, usd_batch} for a million kept rows, answers
                   not included; tokens of the evolver, money of a best-of arm its judge's, too;
                   usd null where no price is known; null where nothing was kept
        languages  by code as the rows name it: {items, failure_rate, score}; "de (seen)" where it
                   is told by the text, "unstated" where that is in doubt, too
        rounds     a list: {round, entered, kept, failure_rate, score} of items that got there
        equal      only best-of: {draws, unit ("usd" or "tokens"), dearest, a_draw, spent, times}:
                   what a draw costs with the judge's look at it, what the dearest other method's
                   rewrite costs, what was spent an item, and how many times the dearest that is
    pairs          every two arms but "seeds": {a, b, mean, low, high, items, sd, items_needed, p,
                   p_holm, shown}; mean and sd are of score a - score b on the items both have; p
                   is a two-sided sign-flip test, p_holm corrected over all pairs; shown: p_holm <
                   0.05; items_needed: how many a difference of `power.points` would take with this
                   sd (80 % power), null where nothing varies
    ranking        best score first: {name, score, best, worst, behind, ahead_of}; the place is a
                   range, since only shown differences count
    verdict        {best: a name or null, level_with: [names], said: one sentence}
    power          {points, items, pairs, least, most, all_pairs, said}: over so many pairs that
                   vary, the {a, b, sd, items, items_needed} of the one that needs fewest and of the
                   one that needs most items; all_pairs is what the latter needs under the strictest
                   step of the correction; said is one sentence; null where nothing varies
    notes          lines worth knowing: methods of other domains, equal texts
    prices         by model {online, batch}: {input, output} in US dollars per million tokens, null
                   where none is known; those that `million` and `equal` stand on
    bill           what the folder spent (see `llm.bill.BillRow`)
    first_bill     of a replay, which spends nothing: what the first run spent; else null

Beside it lie `measured.jsonl`, a row for each arm, item and round: {arm, digest, item, lang, round,
utility, score, failure, failures: [{rule, evidence}], unknown, before, after, response, added,
added_words, input_tokens, output_tokens}; `methods/`, the compared methods as they were;
`materials.json`, all else that a replay needs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autoevol.comparing.account import account, utilities
from autoevol.comparing.arms import SEEDS, Arm, Walk
from autoevol.comparing.lineup import Lineup
from autoevol.comparing.money import Till
from autoevol.comparing.standing import nothing_kept, stand
from autoevol.llm.bill import BillRow
from autoevol.llm.client import Client
from autoevol.roles.calibration import Calibration
from autoevol.runs import RunFolder

VERSION = 1
SUMMARY, MEASURED = "summary.json", "measured.jsonl"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What `compare` hands back: the folder, and the summary that `summary.json` holds."""

    folder: Path
    summary: Mapping[str, Any]


@dataclass(slots=True)
class Record:
    """One comparison while it is made. `walks` are by arm, then by item; `equal` says, by best-of
    arm, what was made equal; `first_bill` is only a replay's."""

    folder: RunFolder
    lineup: Lineup
    till: Till
    client: Client
    walks: dict[str, dict[str, Walk]]
    arms: list[Arm]
    equal: dict[str, Json]
    first_bill: tuple[BillRow, ...] | None = None
    calibration: Calibration | None = None

    def of(self, arm: Arm) -> list[Walk]:
        """An arm's walks in the order of the items."""
        done = self.walks.get(arm.name, {})
        return [done[item.id] for item in self.lineup.items if item.id in done]

    def figures(self, arm: Arm) -> Json:
        lineup = self.lineup
        rounds = 1 if arm.method is None else lineup.rounds
        return account(arm, self.of(arm), rounds=rounds, seed=lineup.seed)

    def write_rows(self) -> None:
        rows = (row for arm in self.arms for walk in self.of(arm) for row in _rows(arm, walk))
        self.folder.write_lines(MEASURED, rows)

    def write(self, *, complete: bool) -> Json:
        """Bring all files up to what is measured; the summary is handed back."""
        self.write_rows()
        arms = [self._arm(arm) for arm in self.arms]
        ranked = [arm for arm in self.arms if arm.name != SEEDS]
        by_item = {arm.name: utilities(self.of(arm), self.lineup.rounds) for arm in ranked}
        summary = {
            "version": VERSION,
            "verb": "compare",
            "run": self.folder.name,
            "complete": complete,
            **self.lineup.facts,
            "calibration": None if self.calibration is None else asdict(self.calibration),
            "arms": arms,
            **stand(by_item, seed=self.lineup.seed, nothing=nothing_kept(arms)),
            "notes": list(self.lineup.notes),
            "prices": {model: asdict(rates) for model, rates in self.till.rates.items()},
            "bill": [row.as_json() for row in self.client.bill()],
            "first_bill": None
            if self.first_bill is None
            else [row.as_json() for row in self.first_bill],
        }
        self.folder.write_json(SUMMARY, summary)
        return summary

    def _arm(self, arm: Arm) -> Json:
        figures, method = self.figures(arm), arm.method
        figures["also"] = list(arm.also)
        figures["about"] = "" if method is None else method.head.get("reference", "")
        figures["stranger"] = "" if method is None else self.lineup.stranger(method)
        figures["million"] = self.till.million(arm, figures)
        if arm.name in self.equal:
            figures["equal"] = self.equal[arm.name]
        return figures


def finished(folder: Path) -> Json | None:
    """The summary of a folder's comparison, None where it did not come to its end."""
    try:
        found = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("complete") is True else None


def _rows(arm: Arm, walk: Walk) -> Iterator[Json]:
    for number, seen in enumerate(walk.rounds, start=1):
        evolution, outcome = seen.trajectory.evolutions[-1], seen.outcome
        yield {
            "arm": arm.name,
            "digest": "" if arm.method is None else arm.method.digest,
            "item": walk.seed.id,
            "lang": walk.seed.lang,
            "round": number,
            "utility": outcome.utility,
            "score": outcome.score,
            "failure": outcome.failure,
            "failures": [asdict(failure) for failure in evolution.failures],
            "unknown": evolution.unknown,
            "before": evolution.before.text,
            "after": evolution.after.text,
            "response": evolution.response,
            "added": outcome.added,
            "added_words": outcome.added_words,
            "input_tokens": outcome.input_tokens,
            "output_tokens": outcome.output_tokens,
        }
