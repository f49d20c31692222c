"""The page: every section made, put into the templates, and sealed. Jinja2's doorkeeper.

Decides which sections a verb's report has, and that one that cannot be made says so in its place
and takes nothing else down. Every text is escaped by Jinja2, control characters are shown as such,
and the page forbids the browser every address and every script but its own.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autoevol import __version__
from autoevol.report import arms, learned, provenance, shapes
from autoevol.report.browser import Browser, browser
from autoevol.report.headline import headline
from autoevol.report.seen import ARMS, compared, everything
from autoevol.report.source import Source

T = TypeVar("T")
TEMPLATES = Path(__file__).with_name("templates")
# All control characters but tab and line feed; the marks that turn the direction of what follows.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Page:
    """The page's text, how many trajectories it shows of how many, and a sentence where parts could
    not be made."""

    html: str
    shown: int
    total: int
    unmade: str


def make_page(source: Source, *, texts: bool = True) -> Page:
    """The whole report. Without `texts` no seed, rewrite, answer or lesson is in it."""
    broken: dict[str, str] = {}

    def part(name: str, make: Callable[[], T]) -> T | None:
        # A folder of another version, or a damaged one, may lack anything anywhere.
        try:
            return make()
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            broken[name] = f"{type(error).__name__}: {error}"
            return None

    seen = part("trajectories", lambda: everything(source)) or []
    looks = part("lengths", lambda: compared(source)) or seen
    ranked = part("result", lambda: arms.ranking(source)) or []
    wanted = [*ARMS.values(), "kept", *(name for _, name, _ in ranked)]
    places = shapes.chosen_places(looks, wanted)
    shown = part("trajectories", lambda: browser(source, seen)) if texts else None
    parts: dict[str, Any] = {
        "headline": part("headline", lambda: headline(source)),
        "board": part("result", lambda: arms.board(source)),
        "pairs": part("result", lambda: arms.pairs(source)),
        "ranking": ranked,
        "equal": part("result", lambda: arms.made_equal(source)) or [],
        "scorer": _scorer(source),
        "left_out": len({one.place for one in looks}) - len(places),
        "power": part("result", lambda: arms.power(source)),
        "languages": part("result", lambda: arms.languages(source)),
        "seen_said": part("result", lambda: arms.languages_said(source)),
        "later_rounds": part("result", lambda: arms.later_rounds(source)),
        "course": part("course", lambda: learned.learning_course(source)),
        "races": part("race", lambda: learned.races(source)),
        "lineage": part("lineage", lambda: learned.lineage(source)),
        "difference": part("method", lambda: learned.difference(source)),
        "classes": part("failures", lambda: arms.failure_classes(source, looks)),
        "shapes": part("lengths", lambda: shapes.shapes(looks, places)),
        "verbs": part("diversity", lambda: shapes.pair_lists(looks, places)) if texts else None,
        "cost": part("cost", lambda: provenance.cost(source)),
        "again": part("settings", lambda: provenance.again(source, texts=texts)),
        "settings": part("settings", lambda: provenance.settings(source, texts=texts)),
        "calibration": part("settings", lambda: provenance.calibration(source.summary)),
        "browser": shown,
    }
    html = _render(source, parts, broken, texts=texts)
    counted = shown or Browser([], 0, [], [])
    return Page(html, len(counted.shown), counted.total, _unmade(source, broken))


def _render(source: Source, parts: dict[str, Any], broken: dict[str, str], *, texts: bool) -> str:
    pages = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = (TEMPLATES / "page.js").read_text(encoding="utf-8").strip()
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8").strip()
    # The browser compares the script with this hash, and runs no other.
    seal = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    return pages.get_template("page.html").render(
        source=source,
        version=__version__,
        broken=broken,
        unmade=_unmade(source, broken),
        texts=texts,
        script=_Own(script),
        style=_Own(style),
        seal=seal,
        **parts,
    )


def _unmade(source: Source, broken: dict[str, str]) -> str:
    """Which parts are missing and what to do, '' where none is."""
    if not broken:
        return ""
    said = f"Parts of this report could not be made: {', '.join(broken)}."
    if source.writer in ("", __version__):
        return f"{said} The folder is damaged, or of another version."
    return (
        f"{said} The folder was written by autoevol {source.writer} and this is {__version__}: "
        "make the report with that one."
    )


def _scorer(source: Source) -> str:
    """The proxy score's name where it is not the usual one."""
    named = str(source.tables.get("settings", {}).get("score", "gain"))
    return "" if named == "gain" else named


class _Own:
    """Text of our own files, to be put in as it stands."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __html__(self) -> str:
        return self._text


def _shown(value: object) -> object:
    """A value as it goes into the page; what would not be seen, or would mislead, made visible."""
    if type(value) is not str:
        return value
    plain = value.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("\ufffd", plain.encode("utf-8", "replace").decode("utf-8"))
