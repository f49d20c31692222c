"""A method's text as a list: its opening and its numbered rules.

Decides what counts as a rule and how a list is written. Edits of the list are `roles.edits`',
sections `forms`' matter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_RULE = re.compile(r"\s*(\d+)[.)]\s+(\S.*)")


def split_rules(text: str) -> tuple[str, list[str]]:
    """A method's opening and its numbered rules, each as one line.

    Lines after a rule that carry no number belong to that rule. Numbers themselves are not kept:
    order is.
    """
    opening: list[str] = []
    rules: list[str] = []
    for line in text.strip("\n").split("\n"):
        match = _RULE.fullmatch(line)
        if match:
            rules.append(match[2].strip())
        elif rules and line.strip():
            rules[-1] += " " + line.strip()
        elif not rules:
            opening.append(line)
    return "\n".join(opening).strip("\n"), rules


def join_rules(opening: str, rules: Sequence[str]) -> str:
    """The method text that `split_rules` takes apart."""
    listed = "\n".join(f"{n}. {rule}" for n, rule in enumerate(rules, start=1))
    return f"{opening}\n\n{listed}\n" if opening else f"{listed}\n"
