"""What is said when methods leave and come.

Decides that a file of other text is never overwritten, and that a terminal gets no character that
could steer it. What formats hold is left to `exchange`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from autoevol.cli.plain import one_line, plain
from autoevol.cli.screen import Screen
from autoevol.cli.shelf import hides_another, place_of, save
from autoevol.errors import UsageError
from autoevol.exchange.arrive import read_foreign
from autoevol.exchange.formats import FORMATS, format_named, written
from autoevol.exchange.lineage import lineage_of
from autoevol.forms import form_of
from autoevol.methods import lint, load_method
from autoevol.runs import FILE, storage


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


def take_in(
    screen: Screen, file: Path, name: str | None, domain: str | None, shelf: Path | None
) -> None:
    """Put a prompt from elsewhere on the shelf."""
    method = read_foreign(file, name, domain)
    called = f"{method.domain}/{method.name}"
    path = place_of(method.name, method.domain, str(shelf) if shelf else None)
    hidden = hides_another(method, path, shelf)
    save(method, path, "--name")
    findings = lint(method)
    if screen.json:
        facts = {"method": called, "digest": method.digest, "file": str(path)}
        screen.document({**facts, "form": str(form_of(method)), "findings": findings})
    else:
        screen.show(f"{called} is in {path}.")
        for finding in findings:
            screen.say(f"Found: {one_line(finding)}.")
    if hidden:
        screen.say(f"It hides another {called}, which is of other text.")


def _write(out: Path, document: str) -> None:
    with storage(out, FILE):
        if out.exists() and out.read_bytes() != document.encode("utf-8"):
            raise UsageError(f"{out} is there already.", "Name another file with --out.")
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(document, encoding="utf-8", newline="\n")
