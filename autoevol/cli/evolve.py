"""`autoevol evolve` as it is typed: its flags, and its help.

Decides which flags there are and which of them a run remembers. What they lead to is left to
`applying`, which is loaded only when the command runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autoevol.cli import options as opt
from autoevol.cli.screen import Screen
from autoevol.errors import UsageError

Reference = Annotated[
    str | None, typer.Argument(metavar="METHOD", help="domain/name, a bare name, or a file.")
]
Out = Annotated[
    Path | None, typer.Option("--out", help="Folder for what is kept and dropped; a run folder.")
]
Rounds = Annotated[
    int | None, typer.Option("--rounds", min=1, help="Evolve so many times over [default: 1].")
]
LadderKind = Annotated[
    str | None,
    typer.Option(
        "--ladder",
        metavar="KIND",
        help="chain: each round from the last good one; seed: each from the seed, with more to do.",
    ),
]
Variants = Annotated[
    int | None, typer.Option("--variants", min=1, help="Chains for each seed [default: 1].")
]
Downward = Annotated[
    str | None,
    typer.Option("--downward", metavar="METHOD", help="Also an easier sibling, by this method."),
]
KeepSeeds = Annotated[
    bool | None, typer.Option("--keep-seeds", help="Keep the seeds, too, each with an answer.")
]
Turns = Annotated[
    str | None,
    typer.Option(
        "--turns", metavar="WHICH", help="Of a conversation, evolve the last user turn or all."
    ),
]
ShardOf = Annotated[
    str | None, typer.Option("--shard", metavar="I/N", help="Only every N-th row, from the I-th.")
]
Ordered = Annotated[
    bool | None, typer.Option("--ordered", help="Write records in the order of the rows.")
]
Preview = Annotated[
    int | None,
    typer.Option(
        "--preview", metavar="N", min=1, help="Do N rows, show them, and ask before going on."
    ),
]
MaxMinutes = Annotated[
    float | None,
    typer.Option(
        "--max-minutes", metavar="N", min=0, help="Begin no new row after so many; can go on."
    ),
]
Dedup = Annotated[
    str | None,
    typer.Option(
        "--dedup",
        metavar="HOW",
        help="minhash: exact and near duplicates, any number of rows; rouge: Self-Instruct's "
        "ROUGE-L rule, up to 100,000; exact; none [default: minhash].",
    ),
]
Decontaminate = Annotated[
    list[Path] | None,
    typer.Option(
        "--decontaminate",
        metavar="FILE",
        help="Drop what shares words with this benchmark; may be repeated.",
    ),
]
MinWords = Annotated[
    int | None, typer.Option("--min-words", min=0, help="Drop shorter instructions.")
]
MaxWords = Annotated[
    int | None, typer.Option("--max-words", min=1, help="Drop longer instructions.")
]
Lang = Annotated[
    list[str] | None,
    typer.Option(
        "--lang", metavar="CODE", help="Drop other languages than en, de, …; may be repeated."
    ),
]
AllowLicense = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-license",
        metavar="NAME",
        help="Evolve no seeds under other licences, or none; may be repeated.",
    ),
]
Redact = Annotated[
    str | None,
    typer.Option(
        "--redact",
        metavar="MODULE:FUNCTION",
        help="Your function over every text of a row, before anything is sent or stored.",
    ),
]
NoRespond = Annotated[
    bool | None, typer.Option("--no-respond", help="Do not answer the evolved instructions.")
]
Engine = Annotated[
    str | None,
    typer.Option(
        "--engine", metavar="NAME", help="local: this process; ray: Ray Data [default: local]."
    ),
]
RayAddress = Annotated[
    str | None,
    typer.Option(
        "--ray-address", metavar="ADDRESS", help="Of a Ray cluster [default: Ray is started here]."
    ),
]
RayWorkers = Annotated[
    int | None,
    typer.Option(
        "--ray-workers", metavar="N", min=1, help="Processes that work on rows [default: all CPUs]."
    ),
]


def evolve(
    method: Reference = None,
    data: opt.Data = None,
    out: Out = None,
    field: opt.Field = None,
    limit: opt.Limit = None,
    skip_bad_rows: opt.SkipBadRows = None,
    rounds: Rounds = None,
    ladder: LadderKind = None,
    variants: Variants = None,
    downward: Downward = None,
    keep_seeds: KeepSeeds = None,
    turns: Turns = None,
    no_respond: NoRespond = None,
    rule: opt.Rule = None,
    seed: opt.Seed = None,
    shard: ShardOf = None,
    ordered: Ordered = None,
    dedup: Dedup = None,
    decontaminate: Decontaminate = None,
    min_words: MinWords = None,
    max_words: MaxWords = None,
    lang: Lang = None,
    allow_license: AllowLicense = None,
    redact: Redact = None,
    preview: Preview = None,
    methods: opt.Methods = None,
    model: opt.Model = None,
    evolver: opt.Evolver = None,
    responder: opt.Responder = None,
    judge: opt.Reviewer = None,
    temperature: opt.Temperature = None,
    max_tokens: opt.MaxTokens = None,
    base_url: opt.BaseUrl = None,
    config: opt.Config = None,
    trust_config: opt.TrustConfig = False,
    resume: opt.Resume = None,
    replay: opt.Replay = None,
    reuse: opt.Reuse = None,
    budget: opt.BudgetCap = None,
    concurrency: opt.Concurrency = None,
    max_minutes: MaxMinutes = None,
    batch: opt.Batch = None,
    flex: opt.Flex = None,
    engine: Engine = None,
    ray_address: RayAddress = None,
    ray_workers: RayWorkers = None,
    dry_run: opt.DryRun = False,
    json: opt.Json = False,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> None:
    """Apply a frozen method to any number of seeds.

    Each seed is evolved and answered, and kept, or dropped with the reason. Models are those of the
    method's head unless they are named. Writes kept.jsonl and dropped.jsonl, which export-data
    turns into Parquet and what trainers read; goes on where an earlier start on the same folder
    stopped.

    \b
    Example:
      autoevol evolve runs/first/method.md --data seeds.jsonl --out evolved --limit 100
    """
    from autoevol.cli.filtering import several
    from autoevol.cli.run import lasting, one_folder, settled

    screen = Screen(json, quiet, verbose)
    given = {
        "method": lasting(method),
        "data": lasting(data),
        "field": ",".join(field) if field else None,
        "limit": limit,
        "skip_bad_rows": skip_bad_rows,
        "rounds": rounds,
        "ladder": ladder,
        "variants": variants,
        "downward": lasting(downward),
        "keep_seeds": keep_seeds,
        "turns": turns,
        "no_respond": no_respond,
        "seed": seed,
        "shard": shard,
        "ordered": ordered,
        "dedup": dedup,
        "decontaminate": several(lasting(file) for file in decontaminate or ()),
        "min_words": min_words,
        "max_words": max_words,
        "lang": several(lang or ()),
        "allow_license": several(allow_license or ()),
        "redact": redact,
        "methods": lasting(methods),
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
        "batch": batch,
        "flex": flex,
        "engine": engine,
        "ray_address": ray_address,
        "ray_workers": ray_workers,
    }
    folder = one_folder(out, resume, "--out")
    flags = settled(
        "evolve", given, resume=resume, replay=replay, defaults={"rounds": 1}, say=screen.say
    )
    for name, spelled in (("method", "METHOD"), ("data", "--data FILE")):
        if name not in flags:
            raise UsageError(f"evolve needs {spelled}.", "See autoevol evolve --help.")
    if dry_run:
        from autoevol.cli.forecast import show_evolve_plan

        show_evolve_plan(screen, flags, folder)
        return
    if folder is None:
        raise UsageError("evolve needs --out DIR.", "Name a folder for what is kept and dropped.")
    from autoevol.cli.applying import run_evolve

    run_evolve(
        screen,
        flags,
        folder,
        replay=replay,
        reuse=reuse or [],
        trust_config=trust_config,
        rules=rule or [],
        preview=preview,
    )
