"""Tables and diffs of methods and models.

Decides how lists and the difference of two methods look.
"""

from __future__ import annotations

import difflib
import re
import textwrap
from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from autoevol.cli.plain import plain
from autoevol.rulelist import split_rules

WIDTH = 78
STYLES = {"+": "green", "-": "red"}


def plain_table(*titles: str) -> Table:
    """A table without lines; long cells are folded."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False)
    for place, title in enumerate(titles):
        table.add_column(title, overflow="fold", no_wrap=place == 0)
    return table


def difference(before: str, after: str) -> Iterator[Text]:
    """What became of a method's text, rule by rule.

    Rules are compared without their numbers: one that is put in would renumber all that follow.
    """
    for line in difflib.ndiff(_units(before), _units(after)):
        mark, words = line[:1], line[2:]
        if mark == "?" or not words.strip():
            continue
        folded = textwrap.wrap(words, WIDTH - 4) or [words]
        for number, part in enumerate(folded):
            yield Text(f"  {mark if not number else ' '} {part}", style=STYLES.get(mark, "dim"))


def _units(text: str) -> list[str]:
    units: list[str] = []
    for part in re.split(r"^(?=## )", plain(text), flags=re.MULTILINE):
        heading, _, below = part.partition("\n") if part.startswith("## ") else ("", "", part)
        opening, rules = split_rules(below)
        units += [heading, *opening.splitlines(), *rules]
    return units
