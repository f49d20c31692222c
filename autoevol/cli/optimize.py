"""`autoevol optimize` as it is typed: its flags, and its help.

Decides which flags there are and which of them a run remembers. What they lead to is left to
`learning`, which is loaded only when the command runs.
"""

from __future__ import annotations

from collections.abc import Mapping

from autoevol.cli import options as opt
from autoevol.cli.screen import Screen

DEFAULTS: Mapping[str, str | int] = {"preset": "standard", "score": "gain", "seed": 0}


def optimize(
    domain: opt.DomainName = None,
    data: opt.Data = None,
    describe: opt.Describe = None,
    field: opt.Field = None,
    limit: opt.Limit = None,
    skip_bad_rows: opt.SkipBadRows = None,
    preset: opt.PresetName = None,
    initial: opt.Initial = None,
    score: opt.Score = None,
    rule: opt.Rule = None,
    methods: opt.Methods = None,
    seed: opt.Seed = None,
    model: opt.Model = None,
    evolver: opt.Evolver = None,
    responder: opt.Responder = None,
    analyzer: opt.Analyzer = None,
    optimizer: opt.Optimizer = None,
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
    save_as: opt.SaveAs = None,
    budget: opt.BudgetCap = None,
    concurrency: opt.Concurrency = None,
    max_minutes: opt.MaxMinutes = None,
    dry_run: opt.DryRun = False,
    json: opt.Json = False,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> None:
    """Learn an evolution method and freeze it.

    It evolves a minibatch of seeds, reads what went wrong, rewrites the method, races the rewrites
    against it, and confirms the result on items that nothing has seen.

    \b
    Example:
      autoevol optimize --domain code --preset quick
      autoevol optimize --data my.jsonl --describe "SQL questions of analysts" \\
          --model openai/gpt-5-mini --budget 5usd
    """
    from autoevol.cli.learning import Asked, run_optimize
    from autoevol.cli.run import lasting, one_folder, settled

    screen = Screen(json, quiet, verbose)
    given = {
        "domain": domain,
        "data": lasting(data),
        "describe": describe,
        "field": ",".join(field) if field else None,
        "limit": limit,
        "skip_bad_rows": skip_bad_rows,
        "preset": preset,
        "initial": lasting(initial),
        "score": score,
        "methods": lasting(methods),
        "seed": seed,
        "model": model,
        "evolver": evolver,
        "responder": responder,
        "analyzer": analyzer,
        "optimizer": optimizer,
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
    flags = settled(
        "optimize", given, resume=resume, replay=replay, defaults=DEFAULTS, say=screen.say
    )
    if dry_run:
        from autoevol.cli.forecast import show_optimize_plan

        show_optimize_plan(screen, flags)
    else:
        run_optimize(
            screen, flags, Asked(folder, replay, reuse or [], save_as, trust_config, rule or [])
        )
