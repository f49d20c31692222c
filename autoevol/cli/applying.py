"""`autoevol evolve` at work: what its flags lead to, and what is shown at the end.

Decides in what order things are checked: all that can be refused is refused before a folder is made
or a call sent. What happens then is left to `verbs.evolve`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, cast

from autoevol.cli.filtering import benchmark_lines, filters_of
from autoevol.cli.learning import columns
from autoevol.cli.preview import holds_all, showing
from autoevol.cli.reach import cast_of, check_models, confirmation
from autoevol.cli.run import (
    Flags,
    Pausable,
    check_ledgers,
    config_of,
    go_on_command,
    number,
    recorded,
    text,
    watched,
)
from autoevol.cli.screen import Screen
from autoevol.cli.waiting import wait_for
from autoevol.counted import several
from autoevol.data.seeds import Reading
from autoevol.door import Cluster, Door, check_door, check_way
from autoevol.errors import AutoevolError, NoneKept, RowsMissing, TimeUp, UsageError
from autoevol.evolving.harvest import AGAIN
from autoevol.evolving.job import ROLES, choose_models
from autoevol.evolving.ladder import Kind, Ladder, Turns
from autoevol.forms import form_of
from autoevol.methods import load_method
from autoevol.own import named_function
from autoevol.progress import Watcher
from autoevol.types import Method
from autoevol.verbs.evolve import EvolveResult, evolve_all

ENGINES = ("local", "ray")


def run_evolve(
    screen: Screen,
    flags: Flags,
    out: Path,
    *,
    replay: Path | None,
    reuse: Sequence[Path],
    trust_config: bool,
    preview: int | None = None,
    rules: Sequence[str] = (),
) -> None:
    """Evolve the rows and show what came of them; or first a few, and then as the person says."""
    shelf, respond = text(flags, "methods"), not flags.get("no_respond", False)
    method = load_method(str(flags["method"]), Path(shelf) if shelf else None)
    models = choose_models(method, cast_of(ROLES, flags), respond=respond)
    others = [folder for folder in (replay, *reuse) if folder is not None]
    check_ledgers(others)
    known, config = recorded(replay), config_of(flags)
    asked = {role: model for role, model in models.items() if model not in known}
    check_models(asked, text(flags, "base_url"), keyless=replay is not None, config=config)
    pausable = Pausable()
    door = Door(
        base_url=text(flags, "base_url"),
        config=config,
        concurrency=number(flags, "concurrency"),
        budget=text(flags, "budget"),
        confirm=confirmation(trust_config, pausable.ask, config_of(flags)),
        replay=replay is not None,
        reuse=others,
        batch=bool(flags.get("batch", False)),
        flex=bool(flags.get("flex", False)),
        cluster=cluster_of(flags),
        identities=known,
    )
    check_way(door, models.values())
    check_door(door, models.values(), out)
    name = f"{method.domain}/{method.name}"
    ladder = ladder_of(flags, rules)
    ladder.check()
    screen.say(f"autoevol evolve: {name} on {Path(str(flags['data'])).name}, in {out}")
    if line := overruled(method, flags):
        screen.say(line)
    result: EvolveResult | None = None
    try:
        with watched(screen, out, door, go_on_command("evolve", out), pausable) as watcher:

            def apply(some: Flags) -> EvolveResult:
                return wait_for(
                    lambda: _apply(method, some, out, door, watcher, flags, ladder),
                    watcher.note,
                    door.brake,
                )

            if preview is not None:
                few = _fewer(flags, preview)
                shown = showing(screen, method, few, models["evolver"], out)
                if holds_all(flags, preview):
                    with shown:
                        result = apply(few)
                        if error := _unfinished(result):
                            raise error
                    if screen.json:
                        return
                elif not _goes_on(screen, pausable, shown, lambda: apply(few), out):
                    return
            if result is None:
                result = apply(flags)
            if error := _unfinished(result):
                raise error
    finally:  # what is there is shown though rows may be missing in it
        if result is not None and not screen.json:
            screen.show(*_parts(result))
    if screen.json:
        screen.document({**result.summary, "folder": str(result.folder)})


def _goes_on(
    screen: Screen,
    pausable: Pausable,
    shown: AbstractContextManager[None],
    first: Callable[[], EvolveResult],
    out: Path,
) -> bool:
    """Do the first few rows, show them, and ask whether all are to follow.

    Raises:
        NoneKept: none of these was kept, and no more are to follow.
        AutoevolError: as the run.
    """
    none: NoneKept | None = None
    try:
        with shown:
            some = first()
        if not screen.json:
            screen.show(*_parts(some))
    except NoneKept as error:
        none = error
    if pausable.go_on_with_all(screen.json):
        return True
    go_on = f"Go on with all rows: {go_on_command('evolve', out)}"
    if none is not None:
        none.add_note(go_on)
        raise none
    screen.say(go_on)
    return False


def _unfinished(result: EvolveResult) -> AutoevolError | None:
    """What is said, by exit code too, where rows are missing in the end."""
    summary = result.summary
    if summary["complete"]:
        return None
    records = f"{result.kept + result.dropped.total():,} records are there"
    if missing := summary["unknown"]["rows"]:
        why = summary["unknown"]["reasons"][0]
        return RowsMissing(
            f"{several(missing, 'row')} got no answer, {records}; the first: {why}", AGAIN
        )
    return TimeUp(f"The time was up before all rows were through; {records}.", AGAIN)


def _fewer(flags: Flags, most: int) -> Flags:
    limit = flags.get("limit")
    return {**flags, "limit": most if limit is None else min(int(limit), most)}


def overruled(method: Method, flags: Flags) -> str:
    """A line where the method's own way goes before the ladder that was named, else ''."""
    chain = text(flags, "ladder") == "chain" and int(flags["rounds"]) > 1
    if not chain or not form_of(method).from_seed:
        return ""
    name = f"{method.domain}/{method.name}"
    return f"{name} is headed start: seed: each round starts from the seed, whatever --ladder says."


def reading_of(flags: Flags) -> Reading:
    """How the rows are read."""
    limit = flags.get("limit")
    return Reading(
        fields=columns(text(flags, "field") or ""),
        skip_bad=bool(flags.get("skip_bad_rows", False)),
        limit=None if limit is None else int(limit),
        shard=text(flags, "shard") or "",
    )


def ladder_of(flags: Flags, rules: Sequence[str] = ()) -> Ladder:
    """The ladder that the flags ask for, with the user's rules; what it refuses, it does itself."""
    kind, turns = text(flags, "ladder") or "chain", text(flags, "turns") or "last"
    shelf, downward = text(flags, "methods"), text(flags, "downward")
    where = Path(shelf) if shelf else None
    return Ladder(
        rounds=int(flags["rounds"]),
        kind=cast(Kind, kind),
        variants=int(flags.get("variants", 1)),
        downward=None if downward is None else load_method(downward, where),
        seeds=bool(flags.get("keep_seeds", False)),
        respond=not flags.get("no_respond", False),
        turns=cast(Turns, turns),
        rules=tuple(named_function(name, "--rule") for name in rules),
        seed=int(flags.get("seed", 0)),
    )


def cluster_of(flags: Flags) -> Cluster | None:
    """Where Ray is to be found, None for the local engine. Raises UsageError."""
    engine, address = text(flags, "engine") or "local", text(flags, "ray_address")
    if engine not in ENGINES:
        raise UsageError(f"engine {engine!r} is unknown.", f"Known: {', '.join(ENGINES)}.")
    if engine == "local":
        if address is not None and "engine" not in flags:
            raise UsageError("--ray-address is for Ray.", "Add --engine ray.")
        return None
    return Cluster(address or "", number(flags, "ray_workers"))


async def _apply(
    method: Method,
    flags: Flags,
    out: Path,
    door: Door,
    watcher: Watcher,
    remembered: Flags,
    ladder: Ladder,
) -> EvolveResult:
    minutes = flags.get("max_minutes")
    return await evolve_all(
        method,
        str(flags["data"]),
        out=out,
        model=cast_of(ROLES, flags),
        door=door,
        reading=reading_of(flags),
        ladder=ladder,
        filters=filters_of(flags),
        ordered=bool(flags.get("ordered", False)),
        max_minutes=None if minutes is None else float(minutes),
        watcher=watcher,
        invocation=remembered,
    )


def _parts(result: EvolveResult) -> Iterator[object]:
    from rich.text import Text

    from autoevol.cli.bill import bill_table, million_line
    from autoevol.cli.plain import one_line

    summary: Mapping[str, Any] = result.summary
    dropped = result.dropped.total()
    yield Text(f"\n{result.kept:,} kept, {dropped:,} dropped", style="bold green")
    for reason, count in result.dropped.most_common():
        yield Text(f"  {count:,} {one_line(reason)}")
    for line in benchmark_lines(summary):
        yield Text(f"  {one_line(line)}")
    if unknown := summary["unknown"]["rows"]:
        yield Text(f"  {unknown:,} without an answer; the next start asks for them again")
    if skipped := summary["skipped"]["count"]:
        yield Text(f"  {several(skipped, 'row')} could not be read: left out")
    if unmarked := summary["unmarked"]:
        yield Text(f"  {several(unmarked, 'rewrite')} unjudged: the judge's marks were unreadable")
    if turns := summary["unevolved_turns"]:
        said = ", ".join(f"{name} {count:,}" for name, count in turns.items())
        stayed = several(sum(turns.values()), "user turn")
        yield Text(f"  {stayed} stayed as written ({one_line(said)}): verdict.unevolved says which")
    yield Text()
    yield bill_table(summary["bill"])
    if found := summary.get("million"):
        yield Text(f"A million kept rows: {million_line(found)}")
    yield Text("\nWhere it lies", style="bold")
    yield Text(f"  {result.folder}", no_wrap=True)
    yield Text("  kept.jsonl, dropped.jsonl (with the reason), report.html, summary.json, run.log")
