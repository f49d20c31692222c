"""Output caps of the roles that write what is kept.

Decides how many tokens a rewrite and an answer may take. At most providers reasoning counts towards
a cap, so remote ones are generous; embedded models loop rather than run long.
"""

from __future__ import annotations


def rewrite_cap(model: str) -> int:
    """Tokens of one rewrite, preparation included, or of one edit of a method."""
    return 384 if model.startswith("local/") else 4096


def answer_cap(model: str) -> int:
    """Tokens of one answer that is to be trained on: one that does not end is dropped."""
    return 1024 if model.startswith("local/") else 8192
