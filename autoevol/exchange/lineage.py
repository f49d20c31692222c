"""How a learned method came about: which step put which rule in or took it out.

Decides what of a run folder is the method's line: the initial text in `steps.json`, then the files
in `candidates/` that one after the other were accepted. How they fared is in their heads.
"""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from autoevol.errors import BadInput
from autoevol.methods import read_method
from autoevol.rulelist import split_rules
from autoevol.types import Method

STEPS = "steps.json"
_TOLD = ("stance", "estimate", "failure_rate", "items")


def lineage_of(path: Path, method: Method) -> list[dict[str, Any]]:
    """The steps from the initial method to the one in a run folder's `method.md`, oldest first.

    Each with its digest, the rules it added and dropped, and what its head tells (`estimate` and
    `failure_rate` are of the dev items it met). Empty for a file that lies in no run folder, and
    where the folder's line does not end at this method.

    Raises:
        BadInput: a file of the run cannot be read.
    """
    steps = path.parent / STEPS
    if path.name != "method.md" or not steps.is_file():
        return []
    try:
        text = str(json.loads(steps.read_text(encoding="utf-8"))["texts"]["initial"])
    except (ValueError, TypeError, KeyError) as error:
        raise BadInput(
            f"{steps} is damaged: {error}.", "Move the method out of the run."
        ) from error
    tried = map(read_method, sorted((path.parent / "candidates").glob("*.md")))
    accepted = [one for one in tried if one.head.get("ending") == "accepted"]
    first = Method(method.parent or method.name, method.domain, text)
    chain = [first, *sorted(accepted, key=lambda one: int(one.head.get("step", "0")))]
    if len(chain) == 1 or chain[-1].digest != method.digest:
        return []
    # The last one is the method, and is called so; which candidate it was, its step says.
    chain[-1] = replace(chain[-1], name=method.name)
    line: list[dict[str, Any]] = [{"step": 0, "name": first.name, "digest": first.digest}]
    for before, after in pairwise(chain):
        old, new = split_rules(before.text)[1], split_rules(after.text)[1]
        line.append(
            {
                "step": int(after.head.get("step", "0")),
                "name": after.name,
                "digest": after.digest,
                "added": [rule for rule in new if rule not in old],
                "dropped": [rule for rule in old if rule not in new],
                **{key: after.head[key] for key in _TOLD if key in after.head},
            }
        )
    return line
