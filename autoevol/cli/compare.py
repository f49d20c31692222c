"""`autoevol compare` as it is typed: its flags, and its help.

Decides which flags there are and which of them a run remembers. What they lead to is left to
`comparing`, which is loaded only when the command runs.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from autoevol.cli import options as opt
from autoevol.cli.screen import Screen
from autoevol.errors import UsageError

Wanted = Annotated[
    list[str] | None,
    typer.Argument(metavar="METHODS", help="domain/name, a bare name, or a file; any number."),
]
Against = Annotated[
    list[str] | None,
    typer.Option(
        "--against", metavar="METHOD", help="One more; `all` is the shelf's. May be repeated."
    ),
]
BestOf = Annotated[
    list[str] | None,
    typer.Option(
        "--best-of",
        metavar="METHOD",
        help="Also the best of 2 to 8 draws of it: so many as come nearest to the money of the "
        "dearest other method.",
    ),
]
Items = Annotated[
    int | None,
    typer.Option("--items", metavar="N", min=1, help="So many items [default: 60, if there]."),
]
Rounds = Annotated[
    int | None, typer.Option("--rounds", min=1, help="Evolve so many times over [default: 1].")
]
NoSeeds = Annotated[
    bool | None, typer.Option("--no-seeds", help="Do not measure the plain seeds, too.")
]
MaxMinutes = Annotated[
    float | None,
    typer.Option(
        "--max-minutes", metavar="N", min=0, help="Begin no new dozen of items after so many."
    ),
]
DEFAULTS: Mapping[str, str | int] = {"rounds": 1, "score": "gain", "seed": 0}


def compare(
    wanted: Wanted = None,
    against: Against = None,
    best_of: BestOf = None,
    domain: opt.DomainName = None,
    data: opt.Data = None,
    describe: opt.Describe = None,
    field: opt.Field = None,
    limit: opt.Limit = None,
    skip_bad_rows: opt.SkipBadRows = None,
    items: Items = None,
    rounds: Rounds = None,
    no_seeds: NoSeeds = None,
    score: opt.Score = None,
    rule: opt.Rule = None,
    methods: opt.Methods = None,
    seed: opt.Seed = None,
    model: opt.Model = None,
    evolver: opt.Evolver = None,
    responder: opt.Responder = None,
    judge: opt.Judge = None,
    temperature: opt.Temperature = None,
    max_tokens: opt.MaxTokens = None,
    base_url: opt.BaseUrl = None,
    config: opt.Config = None,
    trust_config: opt.TrustConfig = False,
    run: opt.RunDir = None,
    resume: opt.Resume = None,
    replay: opt.Replay = None,
    reuse: opt.Reuse = None,
    budget: opt.BudgetCap = None,
    concurrency: opt.Concurrency = None,
    max_minutes: MaxMinutes = None,
    dry_run: opt.DryRun = False,
    json: opt.Json = False,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> None:
    """Measure methods on the same items and say which is shown to be better.

    Every method gets the same items, rules and judge. With --replay a finished comparison is
    rebuilt from its folder alone, on any machine, without a key; only a --score or --rule of your
    own has to be given again.

    \b
    Example:
      autoevol compare runs/first/method.md --against all --domain code --items 24
    """
    from autoevol.cli.run import lasting, one_folder, settled

    screen = Screen(json, quiet, verbose)
    every = [*(wanted or []), *(against or [])]
    given = {
        "wanted": shlex.join(str(lasting(one)) for one in every) if every else None,
        "best_of": shlex.join(str(lasting(one)) for one in best_of) if best_of else None,
        "domain": domain,
        "data": lasting(data),
        "describe": describe,
        "field": ",".join(field) if field else None,
        "limit": limit,
        "skip_bad_rows": skip_bad_rows,
        "items": items,
        "rounds": rounds,
        "no_seeds": no_seeds,
        "score": score,
        "methods": lasting(methods),
        "seed": seed,
        "model": model,
        "evolver": evolver,
        "responder": responder,
        "judge": judge,
        "temperature": ",".join(temperature) if temperature else None,
        "max_tokens": ",".join(max_tokens) if max_tokens else None,
        "base_url": base_url,
        "config": lasting(config),
        "budget": budget,
        "concurrency": concurrency,
        "max_minutes": max_minutes,
    }
    folder = one_folder(run, resume)
    if replay is not None:
        others = [name for name, value in given.items() if value is not None and name != "score"]
        _refuse(others, resume, reuse)
        from autoevol.cli.comparing import run_replay

        run_replay(screen, replay, folder, score, rule or [])
        return
    flags = settled("compare", given, resume=resume, replay=None, defaults=DEFAULTS, say=screen.say)
    if dry_run:
        from autoevol.cli.comparing import show_plan

        show_plan(screen, flags, rule or [])
        return
    from autoevol.cli.comparing import run_compare

    run_compare(
        screen, flags, folder, reuse=reuse or [], rules=rule or [], trust_config=trust_config
    )


def _refuse(given: list[str], resume: Path | None, reuse: list[Path] | None) -> None:
    """A replay repeats a run as it was. Raises UsageError where something else was named."""
    also = [name for name, value in (("resume", resume), ("reuse", reuse)) if value]
    if given or also:
        named = ", ".join([*given, *also]).replace("wanted", "METHODS")
        raise UsageError(
            f"--replay takes everything from the run, and {named} was given, too.",
            "Leave it away; to change something, compare anew with --reuse.",
        )
