"""The formats a method can leave in, and which of them can hold which form.

Decides what each format is made of and refuses what would lose a part of the method. How source is
written is left to `program`, the JSON card to `card`, coming back to `arrive`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autoevol import frontmatter
from autoevol.errors import UsageError
from autoevol.exchange import card, program
from autoevol.forms import form_of
from autoevol.methods import as_file, plain_text
from autoevol.types import Method


@dataclass(frozen=True, slots=True)
class Format:
    """One way out.

    `write` makes the document; `use` is one line on what to do with it, with FILE for its name and
    INPUTS for what is put in.
    `draws`: it can hold methods that draw an operation or tags; `joins`: those of two instructions.
    """

    write: Callable[[Method], str]
    suffix: str
    use: str
    draws: bool = False
    joins: bool = False


def text(method: Method) -> str:
    """The method's rules alone."""
    return plain_text(method.text)


def markdown(method: Method) -> str:
    """The method file, head and digest included."""
    return frontmatter.render(*as_file(method))


FORMATS: Mapping[str, Format] = {
    "text": Format(text, ".txt", "The rules alone, to be pasted in front of an instruction."),
    "markdown": Format(
        markdown, ".md", "A method file: autoevol evolve FILE --data seeds.jsonl.", True, True
    ),
    "json": Format(
        card.as_json,
        ".json",
        "Text, chat messages and card: autoevol methods import FILE.",
        True,
        True,
    ),
    "dspy": Format(
        card.as_dspy,
        ".json",
        'dspy.Predict("INPUTS -> evolved_instruction").load("FILE").',
        joins=True,
    ),
    "distilabel": Format(
        program.distilabel,
        ".py",
        "python FILE seeds.jsonl --model NAME --base-url URL.",
        True,
        True,
    ),
    "data-designer": Format(
        card.as_data_designer,
        ".json",
        'DataDesignerConfigBuilder.from_config("FILE"), with your own seed data set.',
        joins=True,
    ),
    "python": Format(
        program.python, ".py", "from MODULE import evolve; it needs nothing but Python.", True, True
    ),
}


def format_named(name: str) -> Format:
    """The format of that name. Raises UsageError with near names."""
    if name not in FORMATS:
        close = difflib.get_close_matches(name, FORMATS, n=1)
        meant = f" Did you mean {close[0]!r}?" if close else ""
        raise UsageError(f"Unknown format {name!r}.{meant}", f"Formats: {', '.join(FORMATS)}.")
    return FORMATS[name]


def written(method: Method, to: str, lineage: Sequence[Mapping[str, Any]] = ()) -> str:
    """The method in a format.

    Args:
        method: the method.
        to: the format's name.
        lineage: how it came about (see `lineage`), for the card of the format `json`.

    Raises:
        UsageError: there is no such format, or it cannot hold this method.
    """
    chosen, form = format_named(to), form_of(method)
    draws = bool(form.operations or form.budget)
    if (draws and not chosen.draws) or (form.two and not chosen.joins):
        able = [
            name
            for name, one in FORMATS.items()
            if (one.draws or not draws) and (one.joins or not form.two)
        ]
        raise UsageError(
            f"{to} cannot hold {method.domain}/{method.name}: {form}.",
            f"Export it to {', '.join(able[:-1])} or {able[-1]}.",
        )
    return card.as_json(method, lineage) if to == "json" else chosen.write(method)
