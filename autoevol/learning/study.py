"""The race as an Optuna study: a Candidate is a Trial.

Decides the space of proposals and when a candidate is dropped early. The only file that imports
optuna (0.3 s: import it where the race begins). Which candidate replaces the incumbent is left to
`acceptance`; `best_trial` is never asked.

The study lives in memory, and a resumed run rebuilds it by replay, since a seeded sampler starts
over when a study is loaded. `Study.save` writes what optuna-dashboard opens, for reading only.
"""

from __future__ import annotations

import os
import sqlite3
import warnings
import weakref
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Literal, cast, get_args

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.exceptions import ExperimentalWarning
from optuna.trial import TrialState
from sqlalchemy.pool import StaticPool

from autoevol.errors import StorageFailed
from autoevol.learning.acceptance import estimate
from autoevol.statistics import paired_differences, sign_flip_p
from autoevol.types import Measurement, Proposal, Stance

DROP_ERROR = 0.10
RANDOM_TRIALS = 10
"""Below so many finished trials TPE draws at random."""

OPENING: tuple[Stance, ...] = ("compress", "cross", "rewrite", "repair", "extend")
"""Every stance is tried once before any is drawn: a short run would never see some of them. Those
that change most come first."""

Ending = Literal["complete", "dropped", "repeat", "failed"]
"""complete: measured on all dev items. dropped: given up early. repeat: the text of a known method,
not measured again; the sampler learns that this proposal was wasted. failed: no text came; says
nothing about the proposal."""

_SPACE: dict[str, BaseDistribution] = {
    "stance": CategoricalDistribution(get_args(Stance)),
    "temperature": FloatDistribution(0.6, 1.0, step=0.05),
    "findings": IntDistribution(1, 6),
    "trajectories": IntDistribution(0, 2),
}
_STATES: dict[Ending, TrialState] = {
    "complete": TrialState.COMPLETE,
    "dropped": TrialState.PRUNED,
    "repeat": TrialState.PRUNED,
    "failed": TrialState.FAIL,
}
_DIFFERENCES = "differences to the incumbent"


class IncumbentPruner(optuna.pruners.BasePruner):
    """Drop a candidate whose mean is below the incumbent's: paired one-sided sign-flip test.

    Looks happen after every block from the second to the last but one (after the last nothing is
    left to save). The error of dropping an arm equal to the incumbent, 0.10 over all looks, is
    split evenly among them; so it holds whatever the dependence of the looks (Bonferroni). A test
    of means, since utilities have many zeros, where a rank test has little power.

    The paired differences come in the trial's user attribute, where `Study.report` puts them.
    """

    def __init__(self, *, dev: int, block: int, seed: int) -> None:
        self.looks = range(2 * block, dev, block)
        self._seed = seed

    def prune(self, study: optuna.Study, trial: optuna.trial.FrozenTrial) -> bool:
        if trial.last_step not in self.looks:
            return False
        p = sign_flip_p(trial.user_attrs[_DIFFERENCES], self._seed)
        return p <= DROP_ERROR / len(self.looks)


class Study:
    """One run's race. Deterministic for a seed and an order of calls. Make it by `open_study`.

    Calls are plain and quick but for `save`: it takes tenths of a second and may run in a thread
    while no other call is made.
    """

    def __init__(
        self, path: Path, study: optuna.Study, space: Mapping[str, BaseDistribution]
    ) -> None:
        self._path = path
        self._study = study
        self._space = dict(space)
        self._running: dict[int, optuna.Trial] = {}
        self._mirror = _Mirror()

    def ask(self) -> tuple[int, Proposal]:
        """The next candidate's number, counted from 0, and how to ask for it."""
        with _quiet():
            trial = self._study.ask(self._space)
        self._running[trial.number] = trial
        return trial.number, Proposal(
            stance=cast(Stance, trial.params["stance"]),
            temperature=round(trial.params["temperature"], 2),
            findings=trial.params["findings"],
            trajectories=trial.params["trajectories"],
        )

    def report(self, number: int, challenger: Measurement, incumbent: Measurement) -> float:
        """Tell how candidate `number` stands after a block; returns its estimate.

        `challenger` holds all its outcomes so far. The estimate (incumbent's mean + mean paired
        difference) is reported at the step "items measured so far".
        """
        trial = self._running[number]
        value = estimate(challenger, incumbent)
        differences = paired_differences(challenger.utilities(), incumbent.utilities())
        trial.set_user_attr(_DIFFERENCES, differences)
        trial.report(value, step=len(challenger.outcomes))
        return value

    def dropped(self, number: int) -> bool:
        """Whether candidate `number` should be given up, after the last report."""
        return self._running[number].should_prune()

    def constraint(self, number: int, name: str, value: float) -> None:
        """Record a constraint, kept when `value` <= 0, once per candidate and before `tell`.

        Raises:
            ValueError: it is recorded already, or `value` is not a number.
        """
        trial = self._running[number]
        if name in trial.constraints:
            raise ValueError(f"The constraint {name!r} of candidate {number} is recorded already.")
        trial.set_constraint(name, value)

    def note(self, number: int, name: str, value: str | float | None) -> None:
        """Attach a fact to a running candidate (its digest, its step) for who reads the file."""
        self._running[number].set_user_attr(name, value)

    def tell(self, number: int, value: float | None, ending: Ending) -> None:
        """End candidate `number`; `value`, its utility, is given when complete and only then.

        A dropped one keeps its last estimate.

        Raises:
            ValueError: `value` does not go with `ending`.
        """
        trial = self._running[number]
        trial.set_user_attr("ending", ending)
        with _quiet():
            self._study.tell(trial, value, state=_STATES[ending])
        del self._running[number]

    def save(self) -> None:
        """Write the finished candidates to the SQLite file, replacing it atomically.

        Candidates behind one that is still running are left for a later call, so that numbers in
        the file are ours.

        Raises:
            StorageFailed: the disk is full, read-only or not permitted.
        """
        fresh = self._path.with_name(self._path.name + ".new")
        self._mirror.follow(self._study)
        try:
            fresh.unlink(missing_ok=True)
            self._mirror.write(fresh)
            os.replace(fresh, self._path)
        except (OSError, sqlite3.Error) as error:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise StorageFailed(
                f"The study can not be written to {self._path}: {error}",
                "Free some space or choose another folder with --run.",
            ) from error


class _Mirror:
    """The finished trials in Optuna's SQLite layout, in memory, ready to be written out.

    Kept over the whole run, since laying out one trial takes tens of milliseconds.
    """

    def __init__(self) -> None:
        self._study: optuna.Study | None = None
        self._connection: sqlite3.Connection | None = None

    def follow(self, source: optuna.Study) -> None:
        """Take over the trials that have finished since the last call."""
        with _quiet():
            if self._study is None:
                self._study = self._lay_out(source.study_name)
            done = len(self._study.get_trials(deepcopy=False))
            for trial in source.get_trials(deepcopy=False)[done:]:
                if not trial.state.is_finished():
                    break
                self._study.add_trial(trial)

    def write(self, file: Path) -> None:
        """Write all trials taken over to a new SQLite file."""
        assert self._connection is not None, "follow() comes first"
        with closing(sqlite3.connect(file)) as target:
            self._connection.backup(target)

    def _lay_out(self, name: str) -> optuna.Study:
        # One connection for all threads: `save` may run in another one each time.
        self._connection = connection = sqlite3.connect(":memory:", check_same_thread=False)
        storage = optuna.storages.RDBStorage(
            "sqlite://", {"poolclass": StaticPool, "creator": lambda: connection}
        )
        weakref.finalize(self, storage.engine.dispose)
        return optuna.create_study(study_name=name, storage=storage, direction="maximize")


def open_study(
    path: Path, *, seed: int, name: str, dev: int, block: int, warmth: float | None = None
) -> Study:
    """An empty study for a race over `dev` items in blocks of `block`, to be saved at `path`.

    `warmth` is the optimizer's temperature where the user set it; None has it searched.
    """
    with _quiet():
        sampler = optuna.samplers.TPESampler(
            seed=seed, n_startup_trials=RANDOM_TRIALS, multivariate=False
        )
        study = optuna.create_study(
            study_name=name,
            direction="maximize",
            sampler=sampler,
            pruner=IncumbentPruner(dev=dev, block=block, seed=seed),
        )
        for stance in OPENING:
            study.enqueue_trial({"stance": stance})
    space = dict(_SPACE)
    if warmth is not None:
        space["temperature"] = FloatDistribution(warmth, warmth)
    return Study(path, study, space)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep optuna's log lines and notes about experimental features off the terminal."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ExperimentalWarning)
            yield
    finally:
        optuna.logging.set_verbosity(before)
