"""`autoevol compare` at work: what its flags lead to.

Decides in what order things are checked: all that can be refused is refused before a folder is made
or a call sent. What happens then is left to `verbs.compare`, what is shown to `standings`.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from autoevol.cli.learning import columns
from autoevol.cli.reach import cast_of, check_models, confirmation, notices
from autoevol.cli.run import (
    Flags,
    Pausable,
    check_ledgers,
    config_of,
    go_on_command,
    number,
    text,
    watched,
)
from autoevol.cli.screen import Screen
from autoevol.cli.waiting import wait_for
from autoevol.comparing.arms import choose_methods, name_of
from autoevol.comparing.lineup import ROLES, Lineup, Terms, make_lineup
from autoevol.comparing.materials import load_lineup
from autoevol.comparing.standing import NOTHING, nothing_kept
from autoevol.comparing.summary import Comparison
from autoevol.counted import several
from autoevol.data.seeds import Reading, read_seeds
from autoevol.domain import choose_domain
from autoevol.door import Door, check_door
from autoevol.errors import NothingUsable
from autoevol.own import named_function
from autoevol.progress import Watcher
from autoevol.roles.rules.own import OwnRule
from autoevol.runs import new_path
from autoevol.verbs.compare import compare_lineup, replay


def run_compare(
    screen: Screen,
    flags: Flags,
    folder: Path | None,
    *,
    reuse: Sequence[Path],
    rules: Sequence[str],
    trust_config: bool,
) -> None:
    """Compare and show the result."""
    models = cast_of(ROLES, flags).models.as_table()
    models = {role: models[role] for role in ROLES}
    check_ledgers(reuse)
    check_models(models, text(flags, "base_url"), keyless=False, config=config_of(flags))
    lineup = _lineup(flags, rules)
    path = folder or new_path("compare")
    pausable = Pausable()
    door = Door(
        base_url=text(flags, "base_url"),
        config=config_of(flags),
        concurrency=number(flags, "concurrency"),
        budget=text(flags, "budget"),
        confirm=confirmation(trust_config, pausable.ask, config_of(flags)),
        reuse=reuse,
    )
    check_door(door, models.values(), path)
    methods, items = several(len(lineup.methods), "method"), several(len(lineup.items), "item")
    screen.say(f"autoevol compare: {methods} on {items} of {_data(flags)}, {path}")
    for line in notices(models, flags):
        screen.say(line)
    with watched(screen, path, door, go_on_command("compare", path), pausable) as watcher:
        kept = _remembered(flags, lineup)
        result = wait_for(
            lambda: _compare(lineup, kept, path, door, watcher), watcher.note, door.brake
        )
    _show(screen, result)


def run_replay(
    screen: Screen, old: Path, folder: Path | None, score: str | None, rules: Sequence[str]
) -> None:
    """Rebuild a comparison from its folder and show it."""
    check_ledgers([old])
    own = _functions(rules)
    load_lineup(old, score, own)
    path = folder or new_path("compare")
    screen.say(f"autoevol compare: replaying {old}, in {path}; nothing is sent")
    go_on = shlex.join(["autoevol", "compare", "--replay", str(old), "--run", str(path)])
    with watched(screen, path, Door(), go_on, Pausable()) as watcher:
        again = partial(replay, old, score=score, rules=own, run=path, watcher=watcher)
        result = wait_for(again, watcher.note)
    _show(screen, result)


def show_plan(screen: Screen, flags: Flags, rules: Sequence[str]) -> None:
    """What a comparison with these flags would take."""
    from autoevol.cli.forecast import pricing_of, show
    from autoevol.comparing.forecast import plan_compare

    lineup = _lineup(flags, rules)
    check_models(lineup.cast, text(flags, "base_url"), keyless=True, config=config_of(flags))
    show(screen, plan_compare(lineup, pricing_of(flags)))


def _lineup(flags: Flags, rules: Sequence[str]) -> Lineup:
    """What flags name: domain, items and methods, each of which may be refused."""
    domain = choose_domain(
        text(flags, "domain"), text(flags, "data"), text(flags, "describe") or ""
    )
    terms = Terms(
        items=number(flags, "items"),
        rounds=int(flags["rounds"]),
        best_of=_words(flags, "best_of"),
        plain=not flags.get("no_seeds", False),
        score=str(flags["score"]),
        rules=_functions(rules),
        seed=int(flags["seed"]),
    )
    seeds = read_seeds(domain, _reading(flags))
    return make_lineup(
        _words(flags, "wanted"), domain, seeds, terms, cast_of(ROLES, flags), _shelf(flags)
    )


def _functions(rules: Sequence[str]) -> list[OwnRule]:
    return [named_function(name, "--rule") for name in rules]


def _remembered(flags: Flags, lineup: Lineup) -> Flags:
    """Flags as they are kept: `all` is spelled out, since a shelf may have grown at a resume."""
    words = _words(flags, "wanted")
    if "all" not in words:
        return flags
    named = [one for one in words if one != "all"]
    have = (
        {name_of(m) for m in choose_methods(named, lineup.domain.name, _shelf(flags))}
        if named
        else set()
    )
    more = [name for name, _ in lineup.names if name not in have]
    return {**flags, "wanted": shlex.join([*named, *more])}


async def _compare(
    lineup: Lineup, flags: Flags, path: Path, door: Door, watcher: Watcher
) -> Comparison:
    minutes = flags.get("max_minutes")
    return await compare_lineup(
        lineup,
        run=path,
        door=door,
        max_minutes=None if minutes is None else float(minutes),
        watcher=watcher,
        invocation=flags,
    )


def _reading(flags: Flags) -> Reading:
    return Reading(
        fields=columns(text(flags, "field") or ""),
        skip_bad=bool(flags.get("skip_bad_rows", False)),
        limit=number(flags, "limit"),
    )


def _words(flags: Flags, name: str) -> list[str]:
    return shlex.split(text(flags, name) or "")


def _shelf(flags: Flags) -> Path | None:
    named = text(flags, "methods")
    return Path(named) if named else None


def _data(flags: Flags) -> str:
    data = text(flags, "data")
    return f"domain {flags.get('domain', 'code')}" if data is None else Path(data).name


def _show(screen: Screen, result: Comparison) -> None:
    """The result; one of which nothing was kept is an error, behind its tables."""
    kept = not nothing_kept(result.summary["arms"])
    where = "Every rewrite and the rule that dropped it: report.html and measured.jsonl in"
    nothing = NothingUsable(NOTHING, f"{where} {result.folder}.")
    if screen.json:
        if not kept:
            raise nothing
        screen.document({**result.summary, "folder": str(result.folder)})
        return
    from autoevol.cli.standings import standings

    screen.show(*standings(result.summary, result.folder))
    if not kept:
        raise nothing
