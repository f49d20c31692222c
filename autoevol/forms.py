"""The form of a method: what it needs beside one instruction, and what is drawn for each item.

Decides what the head's keys `operations`, `budget`, `seeds`, `start` and `aim` mean, how a text
falls into sections, and which operation, tags and partner an item gets: always the same for the
same item, round, sample and seed, in any order and on any machine. Who asks for it is
`roles.evolver`. Sources: Evol-Instruct (arXiv 2304.12244, section 3) draws one operation per
instruction; Instruction Fusion (2312.15692) joins two; Tag-Evol (2505.24165) draws tags under a
budget, always from the seed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from autoevol.errors import BadInput
from autoevol.rulelist import join_rules, split_rules
from autoevol.types import WIRING, Instruction, Method, Second

_HEADING = re.compile(r"## ([a-z0-9][a-z0-9-]*)\s*")
TAGS = "tags"
CHOICE = 3
"""So many tags are offered for each one that is to be chosen."""
_VALUES = {
    "operations": ("drawn",),
    "seeds": ("two",),
    "start": ("seed",),
    "aim": ("easier", "new"),
}


@dataclass(frozen=True, slots=True)
class Form:
    """How a method is applied.

    `operations` are names with the whole text that is sent under each, empty where nothing is
    drawn. `budget` says how many of `tags` are to be worked in, by round; the last holds on. `two`:
    a second instruction comes with the first. `from_seed`: every round starts from the seed and not
    from the round before. `aim` is what the result is to be: harder, easier or new.
    """

    text: str
    operations: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    budget: tuple[int, ...] = ()
    two: bool = False
    from_seed: bool = False
    aim: str = "harder"

    @property
    def plain(self) -> bool:
        """One list of rules for one instruction, to make it harder: what can be learned."""
        special = (self.operations, self.tags, self.two, self.from_seed)
        return not any(special) and self.aim == "harder"

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text that may be sent."""
        return tuple(text for _, text in self.operations) or (self.text,)

    def __str__(self) -> str:
        """What is special about it, '' for a plain one."""
        said = []
        if self.operations:
            said.append(f"one of {len(self.operations)} operations per item")
        if self.two:
            said.append("two instructions in")
        if self.budget:
            rising = ", ".join(map(str, self.budget))
            said.append(f"{rising} of {len(self.tags)} tags by round")
        if self.from_seed:
            said.append("each round from the seed")
        if self.aim != "harder":
            said.append(f"aims at {'an easier' if self.aim == 'easier' else 'a new'} instruction")
        return "; ".join(said)


@dataclass(frozen=True, slots=True)
class Pool:
    """What an item's share is drawn from: instructions to be joined to it, and a seed."""

    partners: tuple[Second, ...] = ()
    seed: int = 0


EMPTY = Pool()


@dataclass(frozen=True, slots=True)
class Share:
    """What one item gets: the method's text, guidance ('' for none) and a second instruction."""

    text: str
    operation: str = ""
    guidance: str = ""
    second: Second | None = None

    @property
    def partner(self) -> str:
        """The second instruction's text, '' for none."""
        return "" if self.second is None else self.second.text


def form_of(method: Method) -> Form:
    """Read a method's form off its head and text. Raises BadInput where they do not fit."""
    head = method.head
    if head.keys().isdisjoint(WIRING):  # most methods: nothing to read
        return Form(method.text)
    for key, known in _VALUES.items():
        if key in head and head[key] not in known:
            raise BadInput(
                f"{key} {head[key]!r}.", f"Write {key}: {' or '.join(known)}, or leave it."
            )
    budget = _budget(head.get("budget", ""))
    shared, sections = (
        _sections(method.text) if budget or "operations" in head else (method.text, {})
    )
    tags = _tags(sections.pop(TAGS, "")) if budget else ()
    if budget and len(tags) < max(budget):
        raise BadInput(
            f"a budget of {max(budget)} tags, and {len(tags)} in the section `## {TAGS}`.",
            "List the tags there, one in a line: - tag.",
        )
    if "operations" in head and len(sections) < 2:
        raise BadInput(
            "operations: drawn, but fewer than two sections.", "Head each with a line: ## name."
        )
    if sections and "operations" not in head:
        raise BadInput(f"a section {next(iter(sections))!r} beside the tags.", "Take it out.")
    return Form(
        text=shared,
        operations=tuple((name, _joined(shared, text)) for name, text in sections.items()),
        tags=tags,
        budget=budget,
        two="seeds" in head,
        from_seed="start" in head,
        aim=head.get("aim", "harder"),
    )


def share_of(
    method: Method,
    item: Instruction,
    pool: Pool,
    *,
    sample: int = 0,
    round: int = 1,
    made_of: Sequence[str] = (),
) -> Share:
    """What an item gets of a method.

    Args:
        round: counts from 1.
        made_of: the texts that are in the item already, its seed first. It is never joined to its
            seed, and to no other one twice while the pool holds more.

    Raises:
        BadInput: the method joins two instructions and the pool holds no other one.
    """
    form = form_of(method)
    name = f"{pool.seed}\0{item.id}\0{round}\0{sample}"
    text, operation, guidance, second = form.text, "", "", None
    if form.operations:
        operation, text = form.operations[_number("operation", name) % len(form.operations)]
    if form.budget:
        wanted = form.budget[min(round, len(form.budget)) - 1]
        drawn = sorted(form.tags, key=lambda tag: _number("tag", name, tag))[: CHOICE * wanted]
        guidance = f"choose {wanted} of these tags: {'; '.join(drawn)}"
    if form.two:
        second = _second(item, pool, _number("partner", name), made_of)
        if second is None:
            called = f"{method.domain}/{method.name}"
            raise BadInput(
                f"{called} joins two instructions, but there is no second one.",
                "Give at least two different ones, or name another method.",
            )
    return Share(text, operation, guidance, second)


def _second(item: Instruction, pool: Pool, start: int, made_of: Sequence[str]) -> Second | None:
    """What is joined to an item, None where the pool holds no other instruction."""
    others, again = pool.partners, None
    for step in range(len(others)):
        one = others[(start + step) % len(others)]
        if one.text in (item.text, *made_of[:1]) or item.id == one.id != "":
            continue
        if one.text not in made_of:
            return one
        again = again or one
    return again


def _budget(spelled: str) -> tuple[int, ...]:
    numbers = tuple(int(word) if word.isdecimal() else 0 for word in spelled.split())
    if not all(0 < number <= 99 for number in numbers):
        raise BadInput(
            f"budget {spelled!r}.", 'Write the tags of each round, as in budget: "1 3 5".'
        )
    return numbers


def _sections(text: str) -> tuple[str, dict[str, str]]:
    """What stands before the first heading `## name`, and what stands below each."""
    shared: list[str] = []
    sections: dict[str, list[str]] = {}
    lines = shared
    for line in text.split("\n"):
        heading = _HEADING.fullmatch(line)
        if not heading:
            lines.append(line)
            continue
        if heading[1] in sections:
            raise BadInput(f"two sections {heading[1]!r}.", "Give each its own name.")
        lines = sections[heading[1]] = []
    found = {name: "\n".join(below).strip() for name, below in sections.items()}
    empty = [name for name, below in found.items() if not below]
    if empty:
        raise BadInput(f"the section {empty[0]!r} is empty.", "Fill it or take it out.")
    return "\n".join(shared).strip("\n") + "\n", found


def _joined(shared: str, section: str) -> str:
    """One operation's whole text: the shared opening, its own rules, then the shared rules."""
    opening, rules = split_rules(shared)
    own_opening, own_rules = split_rules(section)
    openings = "\n\n".join(part for part in (opening, own_opening) if part)
    return join_rules(openings, [*own_rules, *rules])


def _tags(section: str) -> tuple[str, ...]:
    lines = [line.strip() for line in section.split("\n") if line.strip()]
    for line in lines:
        if not line.startswith("- ") or ";" in line:
            raise BadInput(f"{line[:60]!r} in the section `## {TAGS}`.", "Write a line: - tag.")
    return tuple(dict.fromkeys(line.removeprefix("- ").strip() for line in lines))


def _number(*names: str) -> int:
    text = "\0".join(names).encode("utf-8", "surrogatepass")
    return int(hashlib.sha256(text).hexdigest()[:12], 16)
