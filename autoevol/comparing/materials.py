"""What a run folder keeps of a comparison, so that it can be rebuilt from the folder alone, on a
machine that has neither the data nor the methods.

Decides what that is, and that functions of the user's are kept by name only: who goes on or replays
gives them again. What the parts mean is told in `lineup`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autoevol.casting import Models
from autoevol.comparing.arms import name_of
from autoevol.comparing.lineup import Lineup
from autoevol.comparing.money import LEAST, MOST
from autoevol.comparing.summary import finished
from autoevol.domain import Domain, Pair, Rated
from autoevol.errors import BadInput, UsageError
from autoevol.llm.bill import BillRow
from autoevol.llm.prices import Rates
from autoevol.llm.tuning import Tuning
from autoevol.methods import read_method, write_method
from autoevol.roles.proxies import Own, score_name
from autoevol.roles.rules.own import OwnRule, rule_names, with_own
from autoevol.runs import RunFolder
from autoevol.types import Instruction, Method

MATERIALS, METHODS = "materials.json", "methods"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished comparison's lineup, and what a replay cannot find out.

    `identities` say by model who answered (see `llm.provider`), `rates` what that model's tokens
    cost, where the folder tells; `equal` by a method's digest how many draws it got and for what
    (see `money`); `bill` is what the first run spent.
    """

    lineup: Lineup
    identities: Mapping[str, str]
    rates: Mapping[str, Rates]
    equal: Mapping[str, Json]
    bill: tuple[BillRow, ...]


def save_lineup(
    lineup: Lineup,
    folder: RunFolder,
    identities: Mapping[str, str],
    rates: Mapping[str, Rates],
) -> None:
    """Keep all that a replay needs; `identities` and `rates` are by model (see `Kept`)."""
    domain = lineup.domain
    named = {name_of(method): method for method in lineup.methods}
    for method in lineup.methods:
        write_method(method, _method_file(folder.path, method))
    folder.write_json(
        MATERIALS,
        {
            "version": 1,
            **{key: value for key, value in lineup.facts.items() if key not in ("domain", "data")},
            "source": lineup.source,
            "digest": lineup.digest,
            "plain": lineup.plain,
            "past": list(lineup.past),
            "partners": list(lineup.partners),
            "methods": list(named),
            "also": {name: list(others) for name, others in lineup.also.items()},
            "tuning": asdict(lineup.tuning),
            "best_of": [name_of(method) for method in lineup.best_of],
            "identities": dict(identities),
            "prices": {model: asdict(one) for model, one in rates.items()},
            "domain": {
                "name": domain.name,
                "title": domain.title,
                "describe": domain.describe,
                "rated": [asdict(one) for one in domain.rated],
                "pairs": [asdict(pair) for pair in domain.pairs],
                "rows": domain.rows,
            },
            "items": [asdict(item) for item in lineup.items],
        },
    )


def load_lineup(
    folder: Path, score: str | Own | None = None, rules: Sequence[OwnRule] = ()
) -> Kept:
    """What `save_lineup` kept of a finished comparison, and what its summary adds to it.

    Args:
        folder: a run's.
        score, rules: the user's own functions, which have to be given again: what a file names is
            not loaded and run.

    Raises:
        BadInput: the folder holds no comparison, one of another version, a damaged one, or one that
            was cut before its end.
        UsageError: its functions were not given, or others were.
    """
    path = folder / MATERIALS
    try:
        kept: Json = json.loads(path.read_text(encoding="utf-8"))
        if kept["version"] != 1:
            raise BadInput(
                f"{path} is of version {kept['version']!r}, and this program reads version 1.",
                "Use the version of autoevol that wrote it, or compare anew.",
            )
        by_name = {name_of(m): m for m in map(read_method, sorted(folder.glob("methods/*/*.md")))}
        pack = kept["domain"]
        domain = Domain(
            name=pack["name"],
            title=pack["title"],
            describe=pack["describe"],
            initial="",
            rival="",
            seeds=path,
            fields={},
            rated=tuple(Rated(**one) for one in pack["rated"]),
            pairs=tuple(Pair(**pair) for pair in pack["pairs"]),
            rows=pack.get("rows", ""),
        )
        lineup = Lineup(
            domain=domain,
            methods=tuple(by_name[name] for name in kept["methods"]),
            best_of=tuple(by_name[name] for name in kept["best_of"]),
            items=tuple(Instruction(**item) for item in kept["items"]),
            models=Models(**kept["models"]),
            rounds=kept["rounds"],
            seed=kept["seed"],
            plain=kept["plain"],
            score=_own_score(kept["score"], score),
            partners=tuple(kept["partners"]),
            source=kept["source"],
            digest=kept["digest"],
            past=tuple(kept.get("past", ())),
            rules=_own_rules(kept.get("rules", ""), rules),
            also={name: tuple(others) for name, others in kept.get("also", {}).items()},
            tuning=Tuning(**kept.get("tuning", {})),
        )
        identities = dict(kept["identities"])
        rates = {name: Rates.from_json(one) for name, one in kept.get("prices", {}).items()}
        summary = finished(folder) or {}
        spent = summary.get("first_bill") or summary.get("bill") or ()
        bill = tuple(BillRow.from_json(row) for row in spent)
        equal = _equal(summary)
    except OSError as error:
        raise BadInput(
            f"{folder} holds no comparison ({MATERIALS}: {error.strerror or error}).",
            "Name the folder of a run of autoevol compare.",
        ) from error
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise BadInput(
            f"{path} is damaged ({type(error).__name__}: {error}).", "Compare anew."
        ) from error
    if not summary:
        raise BadInput(
            f"{folder} was cut before its end.",
            f"Go on there first: autoevol compare --resume {folder}",
        )
    return Kept(lineup, identities, rates, equal, bill)


def _equal(summary: Json) -> dict[str, Json]:
    """By a method's digest, what its draws were made equal to. Raises ValueError for a number of
    draws that no run makes."""
    found = {arm["digest"]: dict(arm["equal"]) for arm in summary.get("arms", ()) if "equal" in arm}
    for one in found.values():
        if one["draws"] not in range(LEAST, MOST + 1):
            raise ValueError(f"{one['draws']} draws")
    return found


def _method_file(folder: Path, method: Method) -> Path:
    return folder / METHODS / method.domain / f"{method.name}.md"


def _own_score(kept: str, given: str | Own | None) -> str | Own:
    """The score of a run that is kept by name."""
    if given is None and ":" in kept:
        raise UsageError(
            f"The run was scored by {kept}, a function, which no file may name.",
            f"Give it again: --score {kept}",
        )
    if given is not None and score_name(given) != kept:
        raise UsageError(
            f"The run was scored by {kept}, not by {score_name(given)}.", "Leave --score away."
        )
    return kept if given is None else given


def _own_rules(kept: str, given: Sequence[OwnRule]) -> tuple[OwnRule, ...]:
    """The user's own rules of a run that are kept by name."""
    if rule_names(given) != kept:
        again = " ".join(f"--rule {name}" for name in kept.split(", ")) if kept else ""
        raise UsageError(
            f"The run was made with {f'the rules {kept}' if kept else 'no rules of its own'}, "
            f"now {rule_names(given) or 'none'} are given.",
            f"Give them again: {again}" if kept else "Leave --rule away.",
        )
    with_own(given)
    return tuple(given)
