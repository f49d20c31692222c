"""`autoevol report`: one self-contained HTML file about a run.

Decides nothing of its own: a report is made from the folder alone, at any time. What is on it is
`report.page`'s, where it lies `report.writing`'s.
"""

from __future__ import annotations

from pathlib import Path

from autoevol.report.writing import Report, write_report


def report(run: Path | str, *, out: Path | str | None = None, texts: bool = True) -> Report:
    """Write the report of a run folder of any verb, also of one that was cut or is still at work.

    Args:
        run: the run folder.
        out: the file; None is `report.html` in the folder.
        texts: with the texts of seeds, rewrites, answers and lessons; without them numbers and
            methods remain.

    Raises:
        BadInput: no run folder.
        StorageFailed: the file cannot be written.
    """
    return write_report(Path(run), None if out is None else Path(out), texts=texts)
