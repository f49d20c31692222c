"""What is shown of methods: lists, texts, differences, findings.

Decides the columns and the documents. What a method file is, is `autoevol.methods`' matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from autoevol.assets import folder
from autoevol.cli.lists import difference, plain_table
from autoevol.cli.plain import one_line, plain
from autoevol.cli.screen import Screen
from autoevol.errors import BadInput
from autoevol.forms import form_of
from autoevol.methods import lint, load_method, read_shelved, shelves
from autoevol.types import Method


class Shelved(NamedTuple):
    """A file on a shelf: the method, or why it cannot be read."""

    path: Path
    method: Method | None
    fault: str


def show_all(screen: Screen, extra: Path | None) -> None:
    """The methods on all shelves; one that is hidden by a nearer shelf is listed, too."""
    found = list(_all(extra))
    if screen.json:
        screen.document({"methods": [_document(shelved) for shelved in found]})
        return
    table = plain_table("method", "about", "where")
    for path, method, fault in found:
        if method is None:
            said = one_line(fault.removeprefix(f"{path}: "), 200)
            table.add_row(path.stem, f"unreadable: {said}", _near(path))
            continue
        table.add_row(f"{method.domain}/{method.name}", _about(method), _near(path.parent))
    screen.show(table)


def show_one(screen: Screen, reference: str, extra: Path | None) -> None:
    """One method's head and text."""
    found = load_method(reference, extra)
    if screen.json:
        screen.document({**_facts(found), "text": found.text})
        return
    head = {"name": found.name, "domain": found.domain, "kind": found.kind, **found.head}
    form = str(form_of(found))
    told = {"form": form} if form else {}
    for key, value in {**head, "digest": found.digest, **told}.items():
        print(f"{one_line(key)}: {one_line(value)}")
    print(f"\n{plain(found.text).strip()}")


def show_difference(screen: Screen, first: str, second: str, extra: Path | None) -> None:
    """What became of the first method in the second."""
    one, two = load_method(first, extra), load_method(second, extra)
    same = one.digest == two.digest
    lines = list(difference(one.text, two.text))
    if screen.json:
        digests = {"first": one.digest, "second": two.digest, "same": same}
        screen.document({**digests, "diff": [str(line)[2:] for line in lines]})
    elif same:
        screen.show("The two are the same text.")
    else:
        screen.show(*lines)


def show_findings(screen: Screen, names: Sequence[str], extra: Path | None) -> int:
    """What the linter finds in the named methods, or in all; returns how much."""
    report: dict[str, list[str]] = {name: lint(load_method(name, extra)) for name in names}
    for path, method, fault in () if names else _all(extra):
        report[_near(path)] = lint(method) if method else [fault.removeprefix(f"{path}: ")]
    count = sum(map(len, report.values()))
    if screen.json:
        screen.document({"findings": report, "sound": not count})
        return count
    for name, findings in report.items():
        for finding in findings:
            print(f"{one_line(name)}: {one_line(finding)}")
    spelled = [
        f"{n} {what}{'s' * (n != 1)}" for n, what in ((len(report), "method"), (count, "finding"))
    ]
    screen.say(f"{', '.join(spelled)}.")
    return count


def _all(extra: Path | None) -> Iterator[Shelved]:
    """Every file on the shelves, nearest shelf first, also those that cannot be read."""
    for shelf in shelves(extra):
        for path in sorted(shelf.glob("*/*.md")):
            try:
                yield Shelved(path, read_shelved(path), "")
            except BadInput as error:
                yield Shelved(path, None, str(error))


def _about(method: Method) -> str:
    """Scores where it was measured, else where it comes from; and what its form is."""
    rate, score = method.head.get("failure_rate"), method.head.get("score")
    said = ["learned"] if method.kind == "learned" else []
    if rate and score:
        said.append(f"fails {rate}, score {score}")
    elif reference := method.head.get("reference", "").removesuffix(" (our wording)"):
        said.append(reference)
    if form := str(form_of(method)):
        said.append(form)
    return one_line("; ".join(said), 120)


def _near(path: Path) -> str:
    """A path as it is shortest from here; what is shipped with the package says so."""
    if path.is_relative_to(folder("methods")):
        inside = path.relative_to(folder("methods"))
        return f"shipped: {inside}" if path.is_file() else "shipped"
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _facts(method: Method) -> dict[str, object]:
    own = {"name": method.name, "domain": method.domain, "kind": method.kind}
    form = form_of(method)
    shape = {"form": str(form), "operations": [name for name, _ in form.operations]}
    more = {"parent": method.parent, "digest": method.digest, "head": dict(method.head)}
    return {**own, **more, **shape}


def _document(shelved: Shelved) -> dict[str, object]:
    file = {"file": str(shelved.path)}
    return {**file, **(_facts(shelved.method) if shelved.method else {"fault": shelved.fault})}
