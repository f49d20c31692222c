"""What the columns of a row mean: names by convention or as told, one `Row` out of each mapping.

Decides which column is the instruction, the response, the check; which rows cannot be read
(`BadRow`) and which can be read but not evolved (`Row.unsupported`). How messages are understood is
left to `turns`, where rows come from to `files`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from autoevol.data.formats import BadRow
from autoevol.data.turns import conversation, filled, turns_of
from autoevol.errors import BadInput
from autoevol.llm.messages import Message

USUAL: Mapping[str, tuple[str, ...]] = {
    # Where a row has both, the conversation says more than the text.
    "instruction": ("messages", "conversations", "instruction", "prompt", "question"),
    "input": ("input",),
    "response": ("response", "output", "completion"),
    "id": ("id", "uid", "uuid"),
    "answer": ("answer", "final_answer"),
    "tests": ("test_list", "test", "tests"),
    "license": ("license", "licence"),
    "lang": ("lang", "language"),
    "domain": ("domain",),
}

_ID = re.compile(r"(?:.*[-_. ])?(?:id|uid|uuid|guid|index|idx)", re.I)


@dataclass(frozen=True, slots=True)
class Fields:
    """Which column holds what; '' looks under the usual names.

    `instruction` may name a column of text or one of messages.
    """

    instruction: str = ""
    input: str = ""
    response: str = ""
    id: str = ""
    answer: str = ""
    tests: str = ""
    license: str = ""
    lang: str = ""
    domain: str = ""

    @classmethod
    def of(cls, names: Mapping[str, str]) -> Fields:
        """From a table of a domain file or the command line. Raises BadInput on unknown names."""
        unknown = sorted(set(names) - set(cls.__slots__))
        if unknown:
            known = ", ".join(cls.__slots__)
            raise BadInput(f"Unknown field {unknown[0]!r}.", f"Known fields: {known}.")
        return cls(**names)


@dataclass(frozen=True, slots=True)
class Verifier:
    """What a seed's answer can be checked by. `kind` is answer or tests.

    `status` is valid, or stale where the instruction was changed before it came here.
    """

    kind: str
    value: object
    status: str = "valid"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of data. `instruction` is the user turn to evolve, the last one of `messages`.

    `messages` is the whole conversation as it came; `extra` holds every other column unchanged;
    `line` counts from 1 (lines of a text file, rows of a table). `unsupported` says why the row
    cannot be evolved, '' if it can; `barred_by` names the filter that says so, '' for no filter.
    """

    id: str
    instruction: str
    messages: tuple[Message, ...]
    response: str = ""
    verifier: Verifier | None = None
    license: str = ""
    lang: str = ""
    domain: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)
    line: int = 0
    unsupported: str = ""
    barred_by: str = ""


def row_of(value: Mapping[str, object], fields: Fields, line: int) -> Row:
    """The row that these columns make, with the file's id or none. Raises BadRow without text."""
    columns = _Columns(value, fields)
    unsupported = _other_media(value)
    name = columns.name("instruction")
    turns = turns_of(columns.extra.get(name))
    if name and turns is not None:
        messages, reason = conversation(turns)
        unsupported = unsupported or reason
        if not unsupported:
            del columns.extra[name]
    else:
        messages = _single_turn(columns, name)
    asked = max((i for i, m in enumerate(messages) if m.role == "user"), default=-1)
    text = messages[asked].content if asked >= 0 else ""
    if columns.extra.get("instruction") == text:
        del columns.extra["instruction"]
    if not text.strip() and not unsupported:
        raise BadRow(_no_text(value, fields, name))
    verifier = _verifier(columns)
    response = columns.text("response")
    if asked >= 0 and len(messages) > asked + 1:
        response = messages[asked + 1].content
    if verifier and verifier.kind == "answer" and isinstance(verifier.value, str):
        # The solutions of grade-school sets end in "#### 42"; before it stands the response.
        solution, mark, final = verifier.value.rpartition("####")
        if mark and solution.strip():
            response = response or verifier.value
            verifier = Verifier("answer", final.strip(), verifier.status)
    return Row(
        id=columns.text("id"),
        instruction=text,
        messages=messages,
        response=response,
        verifier=verifier,
        license=columns.text("license") or str(columns.from_meta("license") or ""),
        lang=columns.text("lang"),
        domain=columns.text("domain"),
        extra=columns.extra,
        line=line,
        unsupported=unsupported,
    )


def _no_text(value: Mapping[str, object], fields: Fields, name: str) -> str:
    if name:
        return f"no user turn with text in {name!r}."
    wanted = fields.instruction or ", ".join(USUAL["instruction"])
    said = f"no text: none of {wanted} is filled; the row has {', '.join(map(str, value)) or '-'}."
    # What holds something else, or names the row, is not offered.
    others = (what for what in USUAL if what not in ("instruction", "input"))
    taken = {column for what in others for column in (getattr(fields, what), *USUAL[what])}
    texts = {
        str(name): one
        for name, one in value.items()
        if isinstance(one, str) and one.strip()
        if name not in taken and not _ID.fullmatch(str(name))
    }
    if not texts:
        return said
    longest = max(texts, key=lambda name: len(texts[name]))
    return f"{said} If {longest!r} is the instruction: --field instruction={longest}."


def _single_turn(columns: _Columns, name: str) -> tuple[Message, ...]:
    """Plain columns: the instruction, an input of its own joined in below it, a system text."""
    text = columns.extra.get(name)
    if not isinstance(text, str):
        return ()
    del columns.extra[name]
    given = columns.text("input") if columns.fields.input or name == "instruction" else ""
    if given.strip():
        text = f"{text}\n\n{given}"
    system = columns.extra.get("system")
    turns = [Message("user", text)]
    if isinstance(system, str):
        del columns.extra["system"]
        if system.strip():
            turns.insert(0, Message("system", system))
    return tuple(turns)


def _other_media(value: Mapping[str, object]) -> str:
    if any(filled(value.get(name)) for name in ("image", "images", "audio", "video", "videos")):
        return "images"
    if any(filled(value.get(name)) for name in ("tools", "functions", "tool_calls")):
        return "tool calls"
    return ""


def _verifier(columns: _Columns) -> Verifier | None:
    known = columns.extra.get("verifier")
    if isinstance(known, Mapping) and known.get("kind"):
        del columns.extra["verifier"]
        value = next((known[k] for k in ("value", "answer", "tests") if k in known), None)
        if value is None:
            return None
        status = "valid" if known.get("status", "valid") == "valid" else "stale"
        return Verifier(str(known["kind"]), value, status)
    for kind in ("answer", "tests"):
        value = columns.take(kind)
        value = columns.from_meta(kind) if value is None else value
        if value is not None:
            return Verifier(kind, value)
    return None


class _Columns:
    """A row's columns; what is taken is no longer extra."""

    def __init__(self, value: Mapping[str, object], fields: Fields) -> None:
        self.extra: dict[str, object] = dict(value)
        self.fields = fields
        meta = value.get("meta")
        self.meta: dict[str, object] | None = dict(meta) if isinstance(meta, Mapping) else None

    def name(self, what: str) -> str:
        """The column that holds it, '' if none does."""
        chosen = cast(str, getattr(self.fields, what))
        names = (chosen,) if chosen else USUAL[what]
        return next((n for n in names if filled(self.extra.get(n))), "")

    def take(self, what: str) -> object:
        name = self.name(what)
        return self.extra.pop(name) if name else None

    def text(self, what: str) -> str:
        """A column of plain text; one of another type stays in extra."""
        name = self.name(what)
        value = self.extra.get(name) if name else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            return ""
        del self.extra[name]
        return value

    def from_meta(self, what: str) -> object:
        """The same under `meta`; the rest of `meta` stays in extra."""
        for name in USUAL[what] if self.meta else ():
            if self.meta and filled(self.meta.get(name)):
                value = self.meta.pop(name)
                self.extra["meta"] = self.meta
                return value
        return None
