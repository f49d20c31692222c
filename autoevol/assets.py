"""Where the shipped text lies: `methods/`, `prompts/` and the domain packs.

In a wheel the two folders are inside the package; in a checkout they stand at its top and are used
live, so that an edit takes effect at the next run.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """The folder `name` ("methods" or "prompts") as shipped."""
    shipped = _PACKAGE / "_data" / name
    return shipped if shipped.is_dir() else _PACKAGE.parent / name


def domains_folder() -> Path:
    """The folder of the shipped domain packs."""
    return _PACKAGE / "domains"
