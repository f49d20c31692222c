"""A verb at work in a run folder: its settings, its watchers, and what is said when it stops early.

Decides what a resumed run remembers, who watches, and which command goes on. The verbs themselves
know nothing of it.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autoevol.cli.config import unsaid
from autoevol.cli.ending import Stopped
from autoevol.cli.screen import Screen, draws
from autoevol.cli.tally import Tally
from autoevol.cli.watch import Lines, RunLog, Several
from autoevol.door import Door
from autoevol.errors import (
    AutoevolError,
    BadInput,
    BudgetReached,
    ModelFileRefused,
    NothingUsable,
    ProviderError,
    StorageFailed,
    TimeUp,
    UsageError,
)
from autoevol.llm.budget import Amount, Budget
from autoevol.llm.ledger import read_bill
from autoevol.progress import Silent, Watcher
from autoevol.runs import LEDGER, SETTINGS, Scalar, read_settings

Flags = dict[str, Scalar]

SPENDING = frozenset({"budget", "concurrency", "max_minutes", "batch", "flex"})
"""Flags that a replay does not take over: it sends nothing."""

_RESUMABLE = (Stopped, BudgetReached, TimeUp, ProviderError, StorageFailed)
_NOT_BY_WAITING = (NothingUsable, ModelFileRefused)


def settled(
    verb: str,
    given: Mapping[str, Scalar | None],
    *,
    resume: Path | None,
    replay: Path | None,
    defaults: Mapping[str, Scalar],
    say: Callable[[str], None],
) -> Flags:
    """The flags that count: what was given, else what the folder remembers, else, in a new run,
    what the environment and then the configuration say, else the default.

    Args:
        verb: whose flags they are.
        given: as they were typed; None is not given.
        resume, replay: folders that remember some.
        defaults: the verb's own.
        say: told what environment and configuration set.

    Raises:
        UsageError, BadInput: environment or configuration cannot be meant.
        BadInput: the folder to go on in is not one of this verb.
    """
    flags: Flags = dict(defaults)
    asked = {name: value for name, value in given.items() if value is not None}
    if resume is None and replay is None:
        for one in unsaid(verb, given.keys(), config_of(asked)):
            if one.flag not in asked:
                flags[one.flag] = one.value
                say(f"{one.flag} {one.value} comes from {one.source}.")
    if replay is not None:
        flags |= {k: v for k, v in _remembered(verb, replay).items() if k not in SPENDING}
        if not Path(str(flags.get("config", ""))).exists():
            flags.pop("config", None)  # its author's; who answered is on record
    if resume is not None:
        kept = _remembered(verb, resume)
        if asked.get("base_url", kept.get("base_url")) != kept.get("base_url"):
            raise UsageError(
                f"{resume} holds a run at {kept.get('base_url', 'the providers')}, "
                f"not at {asked['base_url']}.",
                "Leave --base-url away, or name another folder.",
            )
        flags |= kept
    if ":" in str(flags.get("score", "")) and "score" not in asked:
        # run.toml may come from elsewhere: what it names is not loaded and run.
        raise UsageError(
            f"The run was scored by {flags['score']}, a function, which no file may name.",
            f"Give it again: --score {flags['score']}",
        )
    return flags | asked


def _remembered(verb: str, folder: Path) -> Flags:
    tables = read_settings(folder)
    held = tables.get("run", {}).get("verb", "nothing")
    if held != verb:
        raise BadInput(f"{folder} holds a run of {held}, not of {verb}.", "Name another folder.")
    return dict(tables.get("invocation", {}))


def recorded(replay: Path | None) -> dict[str, str]:
    """By model, at which address it answered a run that is replayed; of others nothing is known.

    Raises:
        BadInput: it is no run folder.
    """
    tables = {} if replay is None else read_settings(replay)
    addresses, models = tables.get("endpoints", {}), tables.get("models", {})
    return {str(models[role]): str(at) for role, at in addresses.items() if role in models}


def one_folder(run: Path | None, resume: Path | None, flag: str = "--run") -> Path | None:
    """The folder that was asked for by `flag` or --resume. Raises UsageError when two were."""
    if run is not None and resume is not None and run != resume:
        raise UsageError(f"{flag} and --resume name two folders.", "Name one of them.")
    return resume if resume is not None else run


def check_ledgers(folders: Sequence[Path]) -> None:
    """Raise BadInput for a folder whose answers cannot be taken over."""
    for folder in folders:
        if not (folder / LEDGER).is_file():
            raise BadInput(f"{folder} holds no {LEDGER}.", "Name the folder of a run.")


@dataclass(slots=True)
class Pausable:
    """Lets a question be asked while a live display is on; the display fills both in."""

    pause: Callable[[], None] = lambda: None
    go_on: Callable[[], None] = lambda: None

    def ask(self, line: str) -> bool:
        """Ask the person whether a run may go to an address that a file names."""
        return self._confirmed(f"The configuration sends this run to {line}. Go there?")

    def go_on_with_all(self, silent: bool) -> bool:
        """Ask the person, after a preview, whether all rows are to be done; no where nobody is
        there to answer."""
        if silent or not (sys.stdin.isatty() and sys.stderr.isatty()):
            return False
        return self._confirmed("Go on with all rows?")

    def _confirmed(self, question: str) -> bool:
        import typer

        self.pause()
        try:
            return typer.confirm(question, err=True)
        finally:
            self.go_on()


@contextmanager
def watched(
    screen: Screen, folder: Path, door: Door, go_on: str, pausable: Pausable
) -> Iterator[Watcher]:
    """The watcher of a run; errors that end it learn how to go on.

    Args:
        screen: where progress goes.
        folder: the run's, which need not exist yet.
        door: its budget is shown.
        go_on: the command that goes on, for the person.
        pausable: told how to pause a live display.
    """
    tally = Tally(budget=Budget.parse(door.budget), before=spent_in(folder))
    log = RunLog(folder, verbose=screen.verbose)
    try:
        with display(screen, tally, pausable) as shown:
            yield Several([shown, log])
    except (AutoevolError, Stopped) as error:
        log.write("end", str(error))
        if isinstance(error, _RESUMABLE) and (folder / SETTINGS).is_file():
            error.add_note(f"What was answered is kept in {folder}.")
            if not isinstance(error, _NOT_BY_WAITING) or "same folder" in error.hint:
                error.add_note(f"Go on: {go_on}" + _larger(error))
        raise


def go_on_command(verb: str, folder: Path, *more: str) -> str:
    """The command that goes on in a folder."""
    return shlex.join(["autoevol", verb, *more, "--resume", str(folder)])


def text(flags: Flags, name: str) -> str | None:
    return str(flags[name]) if name in flags else None


def config_of(flags: Mapping[str, Scalar]) -> Path | None:
    """The configuration file that was named, None for the working folder's."""
    return Path(str(flags["config"])) if "config" in flags else None


def number(flags: Flags, name: str) -> int | None:
    return int(flags[name]) if name in flags else None


def lasting(reference: str | Path | None) -> str | None:
    """A file by its whole path, so that a resume from elsewhere finds it; a name as it is."""
    if reference is None:
        return None
    path = Path(reference)
    return str(path.absolute()) if path.exists() else str(reference)


def _larger(error: BaseException) -> str:
    return " --budget MORE" if isinstance(error, BudgetReached) else ""


def spent_in(folder: Path) -> Amount:
    """What a folder's calls took by now, lost ones included."""
    if not (folder / LEDGER).is_file():
        return Amount()
    spent = Amount()
    for row in read_bill(folder / LEDGER):
        calls = row.calls + row.lost_calls
        spent = spent + Amount(calls, row.input + row.output, row.cost)
    return spent


@contextmanager
def display(screen: Screen, tally: Tally, pausable: Pausable | None = None) -> Iterator[Watcher]:
    """Progress as this place allows it: drawn at a terminal, else lines, else nothing."""
    if screen.quiet:
        yield Silent()
    elif draws(sys.stderr):
        from autoevol.cli.live import Live

        with Live(tally) as live:
            if pausable is not None:
                pausable.pause, pausable.go_on = live.pause, live.go_on
            yield live
    else:
        with Lines(tally, screen.say).ticking() as lines:
            if pausable is not None:
                pausable.pause, pausable.go_on = lines.pause, lines.go_on
            yield lines
