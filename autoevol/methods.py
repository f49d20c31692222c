"""Method files: find, read, lint, freeze and write them.

Decides what a method file is (Markdown with a flat head; the body is the method), where methods are
looked for, and what "frozen" means: the digest in the head matches the body, or loading fails. How
a method is learned or measured is left to the verbs.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from autoevol import frontmatter
from autoevol.assets import folder
from autoevol.errors import BadInput, MethodChanged, UsageError
from autoevol.forms import form_of
from autoevol.rulelist import split_rules
from autoevol.runs import storage
from autoevol.types import Kind, Method

NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
ANY = "any"
"""The folder of methods that fit every domain."""
MAX_WORDS = 450
"""Longer methods are lint findings: accumulated text is what made the paper's late steps fall off
(Auto Evol-Instruct, section 5, "steps")."""

_OWN_KEYS = ("name", "domain", "kind", "parent", "digest")


def shelves(extra: Path | None = None) -> list[Path]:
    """Folders that are searched, first match wins: `--methods`, ./methods, the shipped ones.

    Raises:
        UsageError: the folder that was named is none.
    """
    if extra is not None and not extra.is_dir():
        raise UsageError(f"--methods {extra}: no such folder.", "Name a folder of DOMAIN/NAME.md.")
    here = Path("methods")
    places = [extra] if extra else []
    if here.is_dir() and here.resolve() != folder("methods").resolve():
        places.append(here)
    return [*places, folder("methods")]


def list_methods(extra: Path | None = None) -> list[Method]:
    """Every method on the shelves, by domain and name; a nearer shelf hides a farther one.

    Raises:
        BadInput: a file cannot be read, or lies where its name does not say.
        MethodChanged: a file's digest does not match its text.
    """
    found: dict[tuple[str, str], Method] = {}
    for shelf in shelves(extra):
        for path in sorted(shelf.glob("*/*.md")):
            method = read_shelved(path)
            found.setdefault((method.domain, method.name), method)
    return [found[key] for key in sorted(found)]


def methods_for(domain: str, extra: Path | None = None) -> list[Method]:
    """The methods written for a domain and, behind them, those that fit every domain.

    A domain's own method hides one of the same name that fits all.
    """
    shelved = list_methods(extra)
    own = [method for method in shelved if method.domain == domain]
    names = {method.name for method in own}
    return own + [m for m in shelved if m.domain == ANY and m.name not in names and m not in own]


def stranger(method: Method, domain: str, *lenders: str, said: str = "") -> str:
    """One sentence where a method was made for another domain, '' where it fits.

    Args:
        method: the method.
        domain: where it is used.
        lenders: domains whose methods are used there, too.
        said: what is said in place of the domain's name.
    """
    if method.domain in (domain, ANY, *lenders):
        return ""
    return f"{method.domain}/{method.name} was made for {method.domain}, not for {said or domain}."


def load_method(reference: str, extra: Path | None = None) -> Method:
    """The method named by a path, by `domain/name`, or by a bare name where it is unique.

    Raises:
        BadInput: no such method (near names are suggested), or the name is not unique.
        MethodChanged: the file's digest does not match its text.
    """
    path = Path(reference)
    if reference.endswith(".md") or path.is_file():
        return read_method(path)
    domain, _, name = reference.rpartition("/")
    if (path / "method.md").is_file():
        raise UsageError(f"{reference} is a run folder.", f"Name its method: {path / 'method.md'}")
    if not NAME.fullmatch(name) or (domain and not NAME.fullmatch(domain)):
        raise UsageError(
            f"{reference!r} is not a method name.",
            "Use domain/name of small letters, digits and dashes, or the path of a .md file.",
        )
    for shelf in shelves(extra):
        matches = sorted(shelf.glob(f"{domain or '*'}/{name}.md"))
        if len(matches) > 1:
            names = ", ".join(f"{m.parent.name}/{m.stem}" for m in matches)
            raise BadInput(f"{name!r} names several methods.", f"Write one of: {names}.")
        if matches:
            return read_shelved(matches[0])
    known = [f"{m.domain}/{m.name}" for m in list_methods(extra)]
    close = difflib.get_close_matches(reference, known, n=3, cutoff=0.4)
    meant = f"Did you mean {' or '.join(close)}?" if close else f"Known: {', '.join(known)}."
    raise BadInput(f"No method {reference!r}.", meant)


def read_shelved(path: Path) -> Method:
    """Read a method on a shelf, where its place is its name: so no two can share one.

    Raises:
        BadInput: as `read_method`, and where the head says another name than the place.
    """
    method = read_method(path)
    place, called = f"{path.parent.name}/{path.stem}", f"{method.domain}/{method.name}"
    if place != called:
        other = path.parent.parent / f"{called}.md"
        taken = f", as {other} is" if other.is_file() else ""
        raise BadInput(
            f"{path}: is called {called} in its head{taken}.",
            f"A method's place is its name: move the file, or write {place} into its head.",
        )
    return method


def check_start(method: Method) -> None:
    """Raise UsageError where a method is more than the one list of rules that edits can improve."""
    form = form_of(method)
    if not form.plain:
        raise UsageError(
            f"{method.domain}/{method.name} cannot be learned from: {form}. Only one list of rules "
            "for one instruction can be.",
            "Name another with --initial; `autoevol methods list` shows the form of each.",
        )


def read_method(path: Path) -> Method:
    """Read one method file. Raises BadInput or MethodChanged."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8 (byte {error.start}).", "Save it as UTF-8.") from error
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or error}.", "Name a method file.") from error
    head, body = frontmatter.parse(text, str(path))
    name, domain, kind = head.get("name", ""), head.get("domain", ""), head.get("kind", "")
    for key, value in (("name", name), ("domain", domain)):
        if not NAME.fullmatch(value):
            raise BadInput(
                f"{path}: {key} {value!r} is not allowed.", "Use small letters, digits, dashes."
            )
    if kind not in ("handwritten", "learned"):
        raise BadInput(f"{path}: kind {kind!r}.", "Write kind: handwritten or kind: learned.")
    if not body.strip():
        raise BadInput(f"{path}: the method is empty.", "Write its text below the head.")
    known_kind: Kind = "learned" if kind == "learned" else "handwritten"
    rest = {k: v for k, v in head.items() if k not in _OWN_KEYS}
    method = Method(name, domain, body, known_kind, head.get("parent", ""), rest)
    try:
        form_of(method)
    except BadInput as error:
        raise BadInput(f"{path}: {error.message}", error.hint) from error
    digest = head.get("digest", "")
    if (digest or kind == "learned") and digest != method.digest:
        raise MethodChanged(
            f"{path}: the text does not match its digest ({digest or 'none'}).",
            "A frozen method is a fact; save your edit as a new one: kind: handwritten, no digest.",
        )
    return method


def plain_text(text: str) -> str:
    """A text as a method file holds it: LF line ends, one at the end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n") + "\n"


def as_file(method: Method) -> tuple[dict[str, str], str]:
    """The head and the body of a method's file."""
    text = plain_text(method.text)
    head = {"name": method.name, "domain": method.domain, "kind": str(method.kind)}
    if method.parent:
        head["parent"] = method.parent
    head |= {k: str(v) for k, v in method.head.items()}
    head["digest"] = replace(method, text=text).digest
    return head, text


def write_method(method: Method, path: Path) -> None:
    """Write a method file, replacing it atomically; the digest goes into the head.

    It is the digest of the text as it will be read back: LF line ends, one at the end.

    Raises:
        StorageFailed: the disk is full, read-only or not permitted.
    """
    head, text = as_file(method)
    with storage(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_text(frontmatter.render(head, text), encoding="utf-8", newline="\n")
        os.replace(draft, path)


def lint(method: Method, shown: Sequence[str] = ()) -> list[str]:
    """Findings about a method; empty when it is sound.

    Args:
        method: the method.
        shown: texts that its writer saw (seeds, evolutions). Eight words in a row from one of them
            are a finding: a method that quotes an item steers every row towards that item.
    """
    form = form_of(method)
    names = [name for name, _ in form.operations] or [""]
    findings = [
        f"operation {name!r}: {finding}" if name else finding
        for name, text in zip(names, form.texts, strict=True)
        for finding in _of_rules(text)
    ]
    if form.budget and "guidance" not in form.text.lower():
        findings.append("draws tags, and no rule speaks of the guidance they come in")
    if form.two and "second" not in method.text.lower():
        findings.append("takes two instructions, and no rule speaks of the second one")
    slots = [slot for slot in ("$instruction", "{instruction}") if slot in method.text]
    if slots:
        findings.append(f"has a slot `{slots[0]}`; the instruction is added by prompts/evolver.md")
    for tag in ("<evolved>", "</evolved>"):
        if tag in method.text:
            findings.append(f"mentions {tag}; the output contract is fixed in prompts/evolver.md")
    quoted = quotation(method.text, shown)
    if quoted:
        findings.append(f"quotes an item it was shown: {quoted!r}")
    return findings


def _of_rules(text: str) -> Iterator[str]:
    """Findings about one text that may be sent."""
    words, (_, rules) = len(text.split()), split_rules(text)
    if words > MAX_WORDS:
        yield f"{words} words; at most {MAX_WORDS} (long methods stop working)"
    if not rules:
        yield "no numbered rules; the optimizer edits a list `1. …`"
    if len(rules) > 12:
        yield f"{len(rules)} rules; at most 12"


def quotation(text: str, shown: Sequence[str], length: int = 8) -> str:
    """The first run of `length` words that `text` shares with one of `shown`, '' if none."""

    def words(value: str) -> list[str]:
        return re.findall(r"\w+", value.lower())

    own = words(text)
    runs = {tuple(own[i : i + length]): i for i in range(len(own) - length + 1)}
    if not runs:
        return ""
    for other in shown:
        seen = words(other)
        for i in range(len(seen) - length + 1):
            if tuple(seen[i : i + length]) in runs:
                return " ".join(seen[i : i + length])
    return ""
