"""`autoevol check` as it is typed.

Decides that verdicts go out as they come, one JSON line each. They are `verbs.check`'s.
"""

from __future__ import annotations

import json as documents
from pathlib import Path
from typing import Annotated

import typer

from autoevol.cli import options as opt
from autoevol.cli.screen import Screen
from autoevol.counted import several

Pairs = Annotated[
    Path,
    typer.Argument(
        help="A file of rows, or - for standard input (JSON lines): id, seed, evolved, response, "
        "raw, method, finish, response_finish; or records of evolve."
    ),
]

JsonLines = Annotated[
    bool, typer.Option("--json", help="JSON lines alone on stdout, which is what it prints anyway.")
]


def check(
    pairs: Pairs,
    skip_bad_rows: opt.SkipBadRows = None,
    rule: opt.Rule = None,
    json: JsonLines = False,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> None:
    """Say which rules rewritten instructions break.

    Asks no model. Prints one JSON line a row: id, failed, and rules with their evidence. A row
    without a response was not answered yet; an empty response is a failure.

    \b
    Example:
      autoevol check pairs.jsonl > verdicts.jsonl
    """
    from autoevol.own import named_function
    from autoevol.verbs import check as verb

    own = [named_function(name, "--rule") for name in rule or ()]
    screen, left_out, failed, seen = Screen(json, quiet, verbose), list[str](), 0, 0
    rows = verb.read_pairs(pairs, skip_bad=bool(skip_bad_rows), skipped=left_out.append)
    for verdict in verb.check(rows, own):
        print(documents.dumps(verdict, ensure_ascii=True))
        seen += 1
        failed += verdict["failed"]
    if left_out:
        screen.say(f"{several(len(left_out), 'row')} could not be read; the first: {left_out[0]}")
    screen.say(
        f"{failed} of {several(seen, 'row')} {'breaks' if 1 in (failed, seen) else 'break'} a rule."
    )
