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
from autoevol.errors import BadInput, NothingUsable, RowsMissing, TimeUp
from autoevol.evolving.filters.sieve import Filtering
from autoevol.evolving.partners import LOOKED_AT, seconds_of
from autoevol.evolving.records import read_records
from autoevol.forms import Pool, form_of, share_of
from autoevol.llm.messages import Message
from autoevol.prompts import load_prompt
from autoevol.roles.evolver import beside, framed, free_tag
from autoevol.types import Instruction, Method, Second
from autoevol.verbs.evolve import DROPPED, KEPT


def holds_all(flags: Flags, most: int) -> bool:
    """Whether the first rows, so many at most, are all that there is to do."""
    limit = flags.get("limit")
    if limit is not None and int(limit) <= most:
        return True
    try:
        return next(islice(_rows(flags), most, None), None) is None
    except BadInput:  # a row that cannot be read is one more
        return False


@contextmanager
def showing(
    screen: Screen, method: Method, flags: Flags, evolver: str, out: Path
) -> Iterator[None]:
    """Show what a folder holds once its few rows are done, also where the run then ends badly; not
    so under --json, where the error is the document."""
    filtering = Filtering(filters_of(flags))
    two = form_of(method).two
    seconds = seconds_of(_rows(flags, filtering), filtering) if two else ()
    sent = _first_prompt(method, flags, filtering, seconds)
    texts = {one.id: one.text for one in seconds}
    try:
        yield
    except (NothingUsable, RowsMissing, TimeUp):
        if not screen.json:
            _show(screen, sent, evolver, out, texts)
        raise
    _show(screen, sent, evolver, out, texts)


def _first_prompt(
    method: Method, flags: Flags, filtering: Filtering, seconds: tuple[Second, ...]
) -> tuple[Message, ...]:
    rows = map(filtering.row, islice(_rows(flags, filtering), LOOKED_AT))
    first = next((row for row in rows if not row.unsupported), None)
    if first is None:
        return ()
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


def _rows(flags: Flags, filtering: Filtering | None = None) -> Iterator[Row]:
    fields = Fields.of(columns(text(flags, "field") or ""))
    skip, redact = bool(flags.get("skip_bad_rows", False)), filtering.redact if filtering else None
    return read_rows(str(flags["data"]), fields=fields, skip_bad=skip, redact=redact)


def _show(
    screen: Screen, sent: tuple[Message, ...], evolver: str, out: Path, texts: Mapping[str, str]
) -> None:
    records = [*read_records(out / KEPT), *read_records(out / DROPPED)]
    if screen.json:
        prompt = [{"role": m.role, "content": m.content} for m in sent]
        screen.document({"folder": str(out), "prompt": prompt, "records": records})
    else:
        screen.show(*_parts(sent, evolver, records, texts))


def _parts(
    sent: tuple[Message, ...],
    evolver: str,
    records: list[dict[str, Any]],
    texts: Mapping[str, str],
) -> Iterator[object]:
    from rich.text import Text

    yield Text(f"What {evolver} is sent for the first row", style="bold")
    for message in sent:
        yield Text(f"[{message.role}]", style="dim")
        yield Text(plain(message.content))
        yield Text()
    yield Text("Before and after", style="bold")
    earlier = {record["id"]: len(record["joined"]) for record in records}
    for record in records:
        new = record["joined"][earlier.get(record["parent_id"], 0) :]
        yield _pair(record, [texts.get(one["seed_id"], one["seed_id"]) for one in new])
    kept = sum(record["verdict"]["kept"] for record in records)
    yield Text(f"\n{kept} of {len(records)} kept", style="bold")


def _pair(record: Mapping[str, Any], joined: list[str]) -> object:
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
    before = "\n\n+ ".join([record["before"], *joined])
    table.add_row(Text(plain(before)), Text(plain(record["instruction"])))
    if record["response"]:
        answer = plain(record["response"])
        table.add_section()
        table.add_row(Text("answer", style="dim"), Text(answer[:600] + "…" * (len(answer) > 600)))
    return table
