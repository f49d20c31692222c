"""Method files: find, read, lint, freeze and write them.

Decides what a method file is (Markdown with a flat head; the body is the method), where methods are
looked for, and what "frozen" means: the digest in the head matches the body, or loading fails. How
a method is learned or measured is left to the verbs.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Sequence
from pathlib import Path

from autoevol import frontmatter
from autoevol.assets import folder
from autoevol.errors import BadInput, MethodChanged, UsageError
from autoevol.runs import storage
from autoevol.types import Kind, Method, digest_of

NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
ANY = "any"
"""The folder of methods that fit every domain."""
MAX_WORDS = 450
"""Longer methods are lint findings: accumulated text is what made the paper's late steps fall off
(Auto Evol-Instruct, section 5, "steps")."""

_RULE = re.compile(r"\s*(\d+)[.)]\s+(\S.*)")
_OWN_KEYS = ("name", "domain", "kind", "parent", "digest")


def shelves(extra: Path | None = None) -> list[Path]:
    """Folders that are searched, first match wins: `--methods`, ./methods, the shipped ones."""
    here = Path("methods")
    places = [extra] if extra else []
    if here.is_dir() and here.resolve() != folder("methods").resolve():
        places.append(here)
    return [*places, folder("methods")]


def list_methods(extra: Path | None = None) -> list[Method]:
    """Every method on the shelves, by domain and name; a nearer shelf hides a farther one."""
    found: dict[tuple[str, str], Method] = {}
    for shelf in shelves(extra):
        for path in sorted(shelf.glob("*/*.md")):
            method = read_method(path)
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


def stranger(method: Method, domain: str) -> str:
    """One sentence where a method was made for another domain, '' where it fits."""
    if method.domain in (domain, ANY):
        return ""
    return f"{method.domain}/{method.name} was made for {method.domain}, not for {domain}."


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
            return read_method(matches[0])
    known = [f"{m.domain}/{m.name}" for m in list_methods(extra)]
    close = difflib.get_close_matches(reference, known, n=3, cutoff=0.4)
    raise BadInput(f"No method {reference!r}.", f"Known: {', '.join(close or known)}.")


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
    digest = head.get("digest", "")
    if (digest or kind == "learned") and digest != method.digest:
        raise MethodChanged(
            f"{path}: the text does not match its digest ({digest or 'none'}).",
            "A frozen method is a fact; save your edit as a new one: kind: handwritten, no digest.",
        )
    return method


def write_method(method: Method, path: Path) -> None:
    """Write a method file, replacing it atomically; the digest goes into the head.

    It is the digest of the text as it will be read back: LF line ends, one at the end.

    Raises:
        StorageFailed: the disk is full, read-only or not permitted.
    """
    text = method.text.replace("\r\n", "\n").replace("\r", "\n").strip("\n") + "\n"
    head = {"name": method.name, "domain": method.domain, "kind": method.kind}
    if method.parent:
        head["parent"] = method.parent
    head |= {k: str(v) for k, v in method.head.items()}
    head["digest"] = digest_of(text)
    with storage(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_text(frontmatter.render(head, text), encoding="utf-8", newline="\n")
        os.replace(draft, path)


def split_rules(text: str) -> tuple[str, list[str]]:
    """A method's opening and its numbered rules, each as one line.

    Lines after a rule that carry no number belong to that rule. Numbers themselves are not kept:
    order is.
    """
    opening: list[str] = []
    rules: list[str] = []
    for line in text.strip("\n").split("\n"):
        match = _RULE.fullmatch(line)
        if match:
            rules.append(match[2].strip())
        elif rules and line.strip():
            rules[-1] += " " + line.strip()
        elif not rules:
            opening.append(line)
    return "\n".join(opening).strip("\n"), rules


def join_rules(opening: str, rules: Sequence[str]) -> str:
    """The method text that `split_rules` takes apart."""
    listed = "\n".join(f"{n}. {rule}" for n, rule in enumerate(rules, start=1))
    return f"{opening}\n\n{listed}\n" if opening else f"{listed}\n"


def lint(method: Method, shown: Sequence[str] = ()) -> list[str]:
    """Findings about a method; empty when it is sound.

    Args:
        method: the method.
        shown: texts that its writer saw (seeds, evolutions). Eight words in a row from one of them
            are a finding: a method that quotes an item steers every row towards that item.
    """
    findings: list[str] = []
    words = method.text.split()
    if len(words) > MAX_WORDS:
        findings.append(f"{len(words)} words; at most {MAX_WORDS} (long methods stop working)")
    opening, rules = split_rules(method.text)
    if not rules:
        findings.append("no numbered rules; the optimizer edits a list `1. …`")
    if len(rules) > 12:
        findings.append(f"{len(rules)} rules; at most 12")
    if "$" in opening and "$instruction" in method.text:
        findings.append("has a slot `$instruction`; the instruction is added by prompts/evolver.md")
    for tag in ("<evolved>", "</evolved>"):
        if tag in method.text:
            findings.append(f"mentions {tag}; the output contract is fixed in prompts/evolver.md")
    quoted = quotation(method.text, shown)
    if quoted:
        findings.append(f"quotes an item it was shown: {quoted!r}")
    return findings


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
