"""Text of others on a terminal: seeds, answers, methods, error messages; all may be hostile.

Decides which characters may reach a terminal. That such text is never read as markup is the
business of whoever prints it: `console` and `tables` wrap it in `rich.text.Text`.
"""

from __future__ import annotations

import unicodedata

_KEPT = frozenset("\n\t")
_LINE_ENDS = {"\r\n": "\n", "\r": "\n", "\u2028": "\n", "\u2029": "\n", "\x85": "\n"}


def plain(text: str) -> str:
    """`text` without what could steer a terminal or turn the direction of a line.

    Left out are control characters (C0 but newline and tab, DEL, C1; with ESC gone, what is left of
    an escape sequence is harmless), marks that override or isolate direction, invisible format
    characters and lone surrogates. Line ends of all kinds become newlines.
    """
    for end, newline in _LINE_ENDS.items():
        text = text.replace(end, newline)
    return "".join(c for c in text if c in _KEPT or not _steers(c))


def one_line(text: str, width: int = 0) -> str:
    """`plain` text with every run of white space as one space, cut to `width` (0: not cut)."""
    line = " ".join(plain(text).split())
    return line if not width or len(line) <= width else line[: max(0, width - 1)] + "…"


def _steers(character: str) -> bool:
    # Cc: C0, DEL and C1. Cf: bidirectional overrides and isolates, zero-width marks, tags. The
    # joiners stay: emoji and several scripts are spelled with them. Cs: half of a character.
    if character in "\u200c\u200d":
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Cs")
