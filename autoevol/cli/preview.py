"""`evolve --preview`: the prompt as it is sent, and each row before and after, drops included.

Decides how a preview looks. Which rows are in it and what follows is left to `applying`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from autoevol.cli.filtering import filters_of
from autoevol.cli.learning import columns
from autoevol.cli.plain import plain
from autoevol.cli.run import Flags, text
from autoevol.cli.screen import Screen
from autoevol.data.dataset import Fields, Row, read_rows
from autoevol.errors import NothingUsable
from autoevol.evolving.filters.sieve import Filtering
from autoevol.evolving.partners import LOOKED_AT, seconds_of
from autoevol.evolving.records import read_records
from autoevol.forms import Pool, form_of, share_of
from autoevol.llm.messages import Message
from autoevol.prompts import load_prompt
from autoevol.roles.evolver import beside, framed, free_tag
from autoevol.types import Instruction, Method
from autoevol.verbs.evolve import DROPPED, KEPT


@contextmanager
def showing(
    screen: Screen, method: Method, flags: Flags, evolver: str, out: Path
) -> Iterator[None]:
    """Show what a folder holds once its few rows are done, also where none of them was kept."""
    sent = _first_prompt(method, flags)
    try:
        yield
    except NothingUsable:
        _show(screen, sent, evolver, out)
        raise
    _show(screen, sent, evolver, out)


def _first_prompt(method: Method, flags: Flags) -> tuple[Message, ...]:
    filtering = Filtering(filters_of(flags))
    rows = map(filtering.row, _rows(flags, filtering))
    first = next((row for row in rows if not row.unsupported), None)
    if first is None:
        return ()
    seconds = seconds_of(_rows(flags, filtering), filtering) if form_of(method).two else ()
    pool = Pool(seconds, int(flags.get("seed", 0)))
    item = Instruction(first.instruction, first.id, first.lang)
    share = share_of(method, item, pool)
    return framed(
        load_prompt("evolver"),
        share.text,
        item.text,
        beside=beside(share.partner, share.guidance),
        aim=form_of(method).aim,
        tag=free_tag(item.text + share.partner),
    )


def _rows(flags: Flags, filtering: Filtering) -> Iterator[Row]:
    fields = Fields.of(columns(text(flags, "field") or ""))
    skip = bool(flags.get("skip_bad_rows", False))
    rows = read_rows(str(flags["data"]), fields=fields, skip_bad=skip, redact=filtering.redact)
    return islice(rows, LOOKED_AT)


def _show(screen: Screen, sent: tuple[Message, ...], evolver: str, out: Path) -> None:
    records = [*read_records(out / KEPT), *read_records(out / DROPPED)]
    if screen.json:
        prompt = [{"role": m.role, "content": m.content} for m in sent]
        screen.document({"folder": str(out), "prompt": prompt, "records": records})
    else:
        screen.show(*_parts(sent, evolver, records))


def _parts(
    sent: tuple[Message, ...], evolver: str, records: list[dict[str, Any]]
) -> Iterator[object]:
    from rich.text import Text

    yield Text(f"What {evolver} is sent for the first row", style="bold")
    for message in sent:
        yield Text(f"[{message.role}]", style="dim")
        yield Text(plain(message.content))
        yield Text()
    yield Text("Before and after", style="bold")
    for record in records:
        yield _pair(record)
    kept = sum(record["verdict"]["kept"] for record in records)
    yield Text(f"\n{kept} of {len(records)} kept", style="bold")


def _pair(record: Mapping[str, Any]) -> object:
    from rich.table import Table
    from rich.text import Text

    verdict = record["verdict"]
    table = Table(expand=True, show_lines=False, title_justify="left", title_style="dim")
    name = f"{record['seed_id']}, round {record['round']}"
    if verdict["kept"]:
        title = Text(f"{plain(name)}: kept")
    else:
        why = "; ".join(f"{f['rule']}: {f['evidence']}" for f in verdict["failures"])
        title = Text(f"{plain(name)}: dropped, {plain(why)}")
    table.title = title
    table.add_column("before", ratio=1)
    table.add_column("after", ratio=1)
    table.add_row(Text(plain(record["before"])), Text(plain(record["instruction"])))
    if record["response"]:
        answer = plain(record["response"])
        table.add_section()
        table.add_row(Text("answer", style="dim"), Text(answer[:600] + "…" * (len(answer) > 600)))
    return table
