"""Where a frozen method is put when it is to have a name.

Decides which shelf takes it, and that a name never changes its meaning: a file of other text is
never overwritten. What a method file is, is left to `methods`.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from autoevol.errors import BadInput, StorageFailed, UsageError
from autoevol.methods import NAME, read_method, shelves, write_method
from autoevol.types import Method


def free_place(name: str, domain: str, shelf: str | None, folder: Path) -> Path:
    """The file that a method saved as `name` will be, found before anything is spent.

    Args:
        name: of the method.
        domain: the folder on the shelf.
        shelf: the folder of methods, None for the usual one.
        folder: of the run; a finished one may be saved under the name it has already.

    Raises:
        UsageError: no name, or one that is taken by another method.
        StorageFailed: no shelf can be written.
    """
    path = place_of(name, domain, shelf)
    done = folder / "method.md"
    if path.exists() and not (done.is_file() and _digest(done) == _digest(path)):
        raise _taken(path)
    return path


def place_of(name: str, domain: str, shelf: str | None) -> Path:
    """Where a method of that name is put. Raises UsageError and StorageFailed."""
    for word in (name, domain):
        if not NAME.fullmatch(word):
            raise UsageError(
                f"{word!r} is not a method name.", "Use small letters, digits and dashes."
            )
    return _shelf(shelf) / domain / f"{name}.md"


def hides_another(method: Method, path: Path, shelf: Path | None) -> bool:
    """Whether a method that is put at `path` will stand before one of its name and other text."""
    if path.exists():
        return False
    behind = shelves(shelf if shelf and shelf.is_dir() else None)
    places = [one / method.domain / f"{method.name}.md" for one in behind]
    first = next((place for place in places if place.is_file()), None)
    return first is not None and _digest(first) != method.digest


def save(method: Method, path: Path, flag: str = "--save-as") -> Path:
    """Write a method under its new name. Raises UsageError when another one has it by now."""
    if path.exists() and _digest(path) != method.digest:
        raise _taken(path, flag)
    try:
        write_method(replace(method, name=path.stem), path)
    except OSError as error:
        raise StorageFailed(
            f"{path}: {error.strerror or error}.", "Copy method.md by hand."
        ) from error
    return path


def _shelf(named: str | None) -> Path:
    """`--methods`, else ./methods. The shipped shelf is taken by neither: it is not the user's."""
    for shelf in (Path(named) if named else Path("methods"), Path("methods")):
        nearest = next(p for p in (shelf, *shelf.absolute().parents) if p.exists())
        if nearest.is_dir() and os.access(nearest, os.W_OK):
            return shelf
    raise StorageFailed("No shelf of methods can be written here.", "Name one with --methods.")


def _digest(path: Path) -> str:
    try:
        return read_method(path).digest
    except BadInput:
        return ""


def _taken(path: Path, flag: str = "--save-as") -> UsageError:
    return UsageError(f"{path} holds another method.", f"Choose another name with {flag}.")
