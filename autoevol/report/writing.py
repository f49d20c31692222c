"""`report.html` of a run folder: written when asked, and at the end of every run.

Decides where it lies, and that a report that cannot be made is a line for the person, never the end
of a run. What is on it is left to `page`, which is loaded only here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autoevol.progress import Watcher
from autoevol.runs import FILE, RunFolder

NAME = "report.html"


@dataclass(frozen=True, slots=True)
class Report:
    """Where a report was written, its size, and how many trajectories are on it of how many there
    are. `gaps` are sentences on what of the folder could not be read or shown."""

    path: Path
    size: int
    shown: int
    trajectories: int
    gaps: tuple[str, ...]


def write_report(run: Path, out: Path | None = None, *, texts: bool = True) -> Report:
    """Write the report of a run folder, replacing an earlier one atomically.

    Args:
        run: the folder, also one that was cut or is still at work.
        out: the file; None is `report.html` in the folder.
        texts: with seeds, rewrites, answers and lessons.

    Raises:
        BadInput: `run` is not a run folder.
        StorageFailed: the file cannot be written.
    """
    from autoevol.report.page import make_page
    from autoevol.report.source import read_source

    source = read_source(run)
    page = make_page(source, texts=texts)
    place = out or run / NAME
    RunFolder(place.parent, resumed=True).write(place.name, page.html, FILE if out else "")
    size = place.stat().st_size
    gaps = (*source.gaps, *filter(None, [page.unmade]))
    return Report(place, size, page.shown, page.total, gaps)


@contextmanager
def reported(run: Path, watcher: Watcher) -> Iterator[None]:
    """Whatever becomes of the run inside, its folder has a report afterwards."""
    try:
        yield
    finally:
        try:
            write_report(run)
        # The run and what was paid for it stand, whatever is wrong with its picture.
        except Exception as error:
            watcher.note(f"{NAME} was not written: {type(error).__name__}: {error}")
