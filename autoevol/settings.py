"""What makes a run the run it is: the tables of `run.toml`.

Decides which settings two invocations must share to be one run. Writing and comparing them is left
to `runs`.
"""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from importlib.metadata import version

from autoevol import __version__
from autoevol.casting import Models
from autoevol.comparing.lineup import Lineup
from autoevol.data.seeds import Seeds
from autoevol.domain import Domain
from autoevol.learning.presets import Preset
from autoevol.llm.tuning import Tuning
from autoevol.prompts import load_prompt
from autoevol.roles.proxies import score_name
from autoevol.roles.rules.own import rule_names
from autoevol.runs import Scalar
from autoevol.types import Method, digest_of

PROMPTS = ("evolver", "judge", "pairwise", "analyzer", "optimizer")


def optimize_settings(
    domain: Domain,
    seeds: Seeds,
    sizes: Preset,
    models: Models,
    initial: Method,
    rival: Method,
    seed: int,
) -> dict[str, dict[str, Scalar]]:
    """The tables of an `optimize` run. `versions` is written for the reader and never compared."""
    return {
        "settings": {
            "domain": domain.name,
            "describe": domain.describe,
            "seed": seed,
            "initial": f"{initial.domain}/{initial.name}",
            "initial_digest": initial.digest,
            "rival": f"{rival.domain}/{rival.name}",
            "rival_digest": rival.digest,
        },
        "preset": dict(asdict(sizes)),
        "models": dict(models.as_table()),
        "data": {"source": seeds.source, "digest": seeds.digest, "items": len(seeds.items)},
        "prompts": {name: load_prompt(name).digest for name in PROMPTS},
        "versions": versions(),
    }


def compare_settings(lineup: Lineup) -> dict[str, dict[str, Scalar]]:
    """The tables of a `compare` run. Methods are numbered by name: their order says nothing."""
    methods = sorted(f"{name} {digest}" for name, digest in lineup.names)
    items = [[item.id, item.text] for item in lineup.items]
    own: dict[str, Scalar] = {"rules": rule_names(lineup.rules)} if lineup.rules else {}
    return {
        "settings": {
            "domain": lineup.domain.name,
            "describe": lineup.domain.describe,
            "seed": lineup.seed,
            "rounds": lineup.rounds,
            "score": score_name(lineup.score),
            "plain": lineup.plain,
            "best_of": " ".join(f"{one.domain}/{one.name}" for one in lineup.best_of),
            **own,
        },
        "methods": {f"method_{place}": name for place, name in enumerate(methods, start=1)},
        "models": dict(lineup.cast),
        "data": {
            "source": lineup.source,
            "digest": lineup.digest,
            "items": len(lineup.items),
            "drawn": digest_of(json.dumps(items, ensure_ascii=True)),
        },
        "prompts": {name: load_prompt(name).digest for name in PROMPTS[:3]},
        **tuned(lineup.tuning),
        "versions": versions(),
    }


def tuned(tuning: Tuning) -> dict[str, dict[str, Scalar]]:
    """The tables of what the user asks of the calls of a role; none where nothing is asked."""
    tables: dict[str, dict[str, Scalar]] = {
        "temperature": dict(tuning.temperature),
        "caps": dict(tuning.max_tokens),
    }
    return {name: table for name, table in tables.items() if table}


def versions() -> dict[str, Scalar]:
    """What the run stood on, for who wants to repeat it."""
    stood_on = ("openai", "anthropic", "dspy", "optuna")
    return {
        "autoevol": __version__,
        "python": platform.python_version(),
        **{package: version(package) for package in stood_on},
    }
