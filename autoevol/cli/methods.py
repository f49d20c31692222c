"""`autoevol methods list`, `show`, `diff` and `lint`: the shelf.

Decides what is shown of methods. What a method file is, is `methods`' matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from autoevol.cli import options as opt
from autoevol.cli.plain import one_line, plain
from autoevol.cli.screen import Screen
from autoevol.errors import BadInput
from autoevol.methods import lint as findings_of
from autoevol.methods import load_method, read_method, shelves
from autoevol.types import Method

Reference = Annotated[str, typer.Argument(help="domain/name, a bare name, or a file.")]
References = Annotated[
    list[str] | None, typer.Argument(help="Methods to look at [default: all on the shelves].")
]
FOUND = 1
"""Exit code of `lint` where there is something to mend."""


class Shelved(NamedTuple):
    """A file on a shelf: the method, or why it cannot be read."""

    path: Path
    method: Method | None
    fault: str


def list_(methods: opt.Methods = None, json: opt.Json = False) -> None:
    """Show every method on the shelves, where it comes from and how it was measured.

    \b
    Example:
      autoevol methods list
    """
    screen, found = Screen(json), list(_all(methods))
    if json:
        screen.document({"methods": [_as_json(shelved) for shelved in found]})
        return
    from autoevol.cli.shelves import plain_table

    table = plain_table("method", "kind", "digest", "about", "where")
    for path, method, fault in found:
        if method is None:
            table.add_row(path.stem, "unreadable", "", one_line(fault, 200), _near(path))
            continue
        name = f"{method.domain}/{method.name}"
        digest = method.digest.removeprefix("sha256:")[:8]
        table.add_row(name, method.kind, digest, _about(method), _near(path.parent))
    screen.show(table)


def show(method: Reference, methods: opt.Methods = None, json: opt.Json = False) -> None:
    """Show one method: its head and its text.

    \b
    Example:
      autoevol methods show code/initial
    """
    found, screen = load_method(method, methods), Screen(json)
    if json:
        screen.document({**_facts(found), "text": found.text})
        return
    head = {"name": found.name, "domain": found.domain, "kind": found.kind, **found.head}
    for key, value in {**head, "digest": found.digest}.items():
        print(f"{one_line(key)}: {one_line(value)}")
    print(f"\n{plain(found.text).strip()}")


def diff(
    first: Reference,
    second: Reference,
    methods: opt.Methods = None,
    json: opt.Json = False,
) -> None:
    """Show what differs between two methods, rule by rule.

    \b
    Example:
      autoevol methods diff code/initial runs/first/method.md
    """
    from autoevol.cli.shelves import difference

    one, two, screen = load_method(first, methods), load_method(second, methods), Screen(json)
    lines = list(difference(one.text, two.text))
    if json:
        changed = [str(line)[2:] for line in lines]
        same = one.digest == two.digest
        screen.document({"first": one.digest, "second": two.digest, "same": same, "diff": changed})
    elif one.digest == two.digest:
        screen.show("The two are the same text.")
    else:
        screen.show(*lines)


def lint(names: References = None, methods: opt.Methods = None, json: opt.Json = False) -> None:
    """Look for what is wrong with methods; exit code 1 where something is.

    \b
    Example:
      autoevol methods lint code/initial
    """
    screen, report = Screen(json), dict[str, list[str]]()
    if names:
        for name in names:
            report[name] = findings_of(load_method(name, methods))
    else:
        for path, method, fault in _all(methods):
            report[_near(path)] = findings_of(method) if method else [fault]
    faults = sum(map(len, report.values()))
    if json:
        screen.document({"findings": report, "sound": not faults})
    else:
        for name, findings in report.items():
            for finding in findings:
                print(f"{one_line(name)}: {one_line(finding)}")
        screen.say(f"{len(report)} methods, {faults} findings.")
    if faults:
        raise typer.Exit(FOUND)


def _all(extra: Path | None) -> Iterator[Shelved]:
    """Every file on the shelves, nearest shelf first; one that cannot be read is no reason to stop."""
    for shelf in shelves(extra):
        for path in sorted(shelf.glob("*/*.md")):
            try:
                yield Shelved(path, read_method(path), "")
            except BadInput as error:
                yield Shelved(path, None, str(error))


def _about(method: Method) -> str:
    """Scores where it was measured, else what it is after."""
    rate, score = method.head.get("failure_rate"), method.head.get("score")
    if rate and score:
        return one_line(f"fails {rate}, score {score}", 120)
    return one_line(method.head.get("reference", ""), 120)


def _near(path: Path) -> str:
    """A path as it is shortest from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _facts(method: Method) -> dict[str, object]:
    own = {"name": method.name, "domain": method.domain, "kind": method.kind}
    return {**own, "parent": method.parent, "digest": method.digest, "head": dict(method.head)}


def _as_json(shelved: Shelved) -> dict[str, object]:
    file = {"file": str(shelved.path)}
    return {**file, **(_facts(shelved.method) if shelved.method else {"fault": shelved.fault})}
