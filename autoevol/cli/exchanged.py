"""What is said when methods leave and come.

Decides that a file of other text is never overwritten, and that a terminal gets no character that
could steer it. What formats hold is left to `exchange`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from autoevol.cli.plain import one_line, plain
from autoevol.cli.screen import Screen
from autoevol.cli.shelf import place_of, save
from autoevol.errors import UsageError
from autoevol.exchange.arrive import read_foreign
from autoevol.exchange.formats import FORMATS, format_named, written
from autoevol.exchange.lineage import lineage_of
from autoevol.forms import form_of
from autoevol.methods import lint, load_method
from autoevol.runs import storage


def hand_out(screen: Screen, reference: str, to: str, out: Path | None, shelf: Path | None) -> None:
    """Write a method in a format, to a file or to stdout."""
    format_named(to)
    method = load_method(reference, shelf)
    document = written(method, to, lineage_of(Path(reference), method))
    if out is not None:
        _write(out, document)
    inputs = "instruction, second" if form_of(method).two else "instruction"
    use = FORMATS[to].use.replace("INPUTS", inputs)
    use = use.replace("FILE", str(out or f"FILE{FORMATS[to].suffix}"))
    use = use.replace("MODULE", out.stem if out else "FILE")
    if screen.json:
        about = {"method": f"{method.domain}/{method.name}", "digest": method.digest, "to": to}
        where = {"file": str(out)} if out else {"document": document}
        screen.document({**about, **where, "use": use})
        return
    if out is None:
        print(plain(document) if sys.stdout.isatty() else document, end="")
    else:
        screen.say(f"{method.domain}/{method.name} is in {out}.")
    screen.say(f"Use: {use}")
    if to == "text" and str(form_of(method)):
        screen.say(f"Not in it: {form_of(method)}.")


def take_in(screen: Screen, file: Path, name: str | None, domain: str, shelf: Path | None) -> None:
    """Put a prompt from elsewhere on the shelf."""
    called = name or _name_of(file)
    path = place_of(called, domain, str(shelf) if shelf else None)
    method = read_foreign(file, called, domain)
    save(method, path, "--name")
    findings = lint(method)
    if screen.json:
        facts = {"method": f"{domain}/{called}", "digest": method.digest, "file": str(path)}
        screen.document({**facts, "form": str(form_of(method)), "findings": findings})
        return
    screen.show(f"{domain}/{called} is in {path}.")
    for finding in findings:
        screen.say(f"Found: {one_line(finding)}.")


def _name_of(file: Path) -> str:
    name = "-".join(re.findall(r"[a-z0-9]+", file.stem.lower()))
    if not name:
        raise UsageError(f"{file.name!r} gives no name for a method.", "Choose one with --name.")
    return name


def _write(out: Path, document: str) -> None:
    with storage(out):
        if out.exists() and out.read_bytes() != document.encode("utf-8"):
            raise UsageError(f"{out} is there already.", "Name another file with --out.")
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(document, encoding="utf-8", newline="\n")
