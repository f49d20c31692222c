"""A method as Python source: one file that stands alone, and one that is a distilabel task.

Decides how a template is filled with a method. What the file then does is in `templates/`; it asks
a model for exactly what `roles.evolver` would ask, which a test holds for every shipped method.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import wrap

from autoevol import __version__
from autoevol.errors import BadInput
from autoevol.forms import CHOICE, form_of
from autoevol.prompts import load_prompt
from autoevol.roles.evolver import GUIDANCE, SECOND, TAG
from autoevol.types import Method

_TEMPLATES = Path(__file__).parent / "templates"
_SLOT = re.compile(r"@@([A-Z_]+)@@")
_WIDTH = 88
_LINE = 96


def python(method: Method) -> str:
    """A module that needs nothing but Python: `messages`, `result` and `evolve`."""
    return _module(method, "python")


def distilabel(method: Method) -> str:
    """A script for distilabel: the task `Evolve`, and a pipeline around it when it is run."""
    return _module(method, "distilabel")


def _module(method: Method, kind: str) -> str:
    form = form_of(method)
    system, user = load_prompt("evolver").halves()
    operations = form.operations or (("", form.text),)
    name = f"{method.domain}/{method.name}"
    values = {
        "TITLE": "\n".join(_title(method)),
        "RESULT": {"harder": "harder", "easier": "easier"}.get(form.aim, "evolved"),
        "SECOND_WORD": ', second="Count words."' if form.two else "",
        "NAME": repr(name),
        "DIGEST": repr(method.digest),
        "OPERATIONS": _table(dict(operations)),
        "TAGS": _list(form.tags),
        "BUDGET": repr(list(form.budget)),
        "CHOICE": repr(CHOICE),
        "TWO": repr(form.two),
        "FROM_SEED": repr(form.from_seed),
        "AIM": repr(form.aim),
        "SYSTEM": _text(system.text),
        "USER": _text(user.text),
        "SECOND": _text(SECOND),
        "GUIDANCE": _text(GUIDANCE),
        "TAG": repr(TAG),
    }
    about = _filled(_read(f"{kind}-about.txt").strip(), values)
    task = "" if kind == "python" else "\n\n" + _read(f"{kind}.py.txt")
    return _filled(_read("core.py.txt"), {**values, "ABOUT": about, "TASK": task})


def _title(method: Method) -> Iterator[str]:
    """What a reader of the file is told of the method: its name, where it comes from, its form."""
    name, head = f"{method.domain}/{method.name}", method.head
    yield _docstring(f"The evolution method {name}, exported by autoevol {__version__}.")
    told = [f"Where it comes from: {head['reference']}."] if "reference" in head else []
    if method.kind == "learned":
        told.append(f"It was learned{f' from {method.parent}' if method.parent else ''}.")
    if "failure_rate" in head and "score" in head:
        told.append(f"On untouched items {head['failure_rate']} failed; score {head['score']}.")
    if form := str(form_of(method)):
        told.append(f"How it is applied: {form}.")
    if told:
        yield ""
    for line in told:
        yield from wrap(_docstring(line), _LINE)


def _filled(template: str, values: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda slot: values[slot[1]], template)


def _read(name: str) -> str:
    try:
        return (_TEMPLATES / name).read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(f"No template {name!r}.", "Reinstall autoevol.") from error


def _docstring(text: str) -> str:
    """One line that cannot end the docstring it stands in."""
    return " ".join(text.split()).replace("\\", "/").replace('"', "'")


def _text(text: str, indent: int = 0) -> str:
    """A text as an expression that reads line by line."""
    lines = text.splitlines(keepends=True)
    if len(lines) < 2 and len(text) < _WIDTH:
        return repr(text)
    room = " " * indent
    inner = "".join(f"{room}    {line!r}\n" for line in lines)
    return f"(\n{inner}{room})"


def _table(texts: dict[str, str]) -> str:
    rows = "".join(f"    {name!r}: {_text(text, 4)},\n" for name, text in texts.items())
    return f"{{\n{rows}}}"


def _list(words: tuple[str, ...]) -> str:
    rows = "".join(f"    {word!r},\n" for word in words)
    return f"[\n{rows}]" if words else "[]"
