"""The race: proposals, dropping by the incumbent, constraints, and the file for the dashboard."""

from __future__ import annotations

import random
import sqlite3
import threading
from pathlib import Path

import optuna
import pytest

from autoevol.errors import StorageFailed
from autoevol.learning.study import DROP_ERROR, IncumbentPruner, Study, open_study
from autoevol.types import Measurement, Outcome, Proposal

DEV, BLOCK = 60, 12


def measured(utilities: list[float]) -> Measurement:
    return Measurement("m", tuple(Outcome(f"i{n:03}", u) for n, u in enumerate(utilities)))


def drawn(source: random.Random, zeros: float, mean: float) -> list[float]:
    """Utilities of one method: a share of zeros, the others spread evenly about a mean."""
    return [
        0.0 if source.random() < zeros else min(1.0, 2 * mean * source.random()) for _ in range(DEV)
    ]


def race(tmp_path: Path, *, dev: int = DEV, block: int = BLOCK, seed: int = 3) -> Study:
    return open_study(tmp_path / "study.sqlite3", seed=seed, name="run", dev=dev, block=block)


def run_candidate(study: Study, challenger: list[float], incumbent: list[float]) -> int | None:
    """One candidate through its blocks: the items after which it was dropped, None if never."""
    number, _ = study.ask()
    for items in range(BLOCK, DEV + 1, BLOCK):
        study.report(number, measured(challenger[:items]), measured(incumbent))
        if study.dropped(number):
            study.tell(number, None, "dropped")
            return items
    study.tell(number, measured(challenger).mean, "complete")
    return None


def proposals(study: Study, count: int) -> list[Proposal]:
    found = []
    for _ in range(count):
        number, proposal = study.ask()
        found.append(proposal)
        study.tell(number, proposal.findings / 6, "complete")
    return found


def stored(path: Path) -> optuna.Study:
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna.load_study(study_name="run", storage=f"sqlite:///{path}")


def test_proposals_lie_in_the_space_and_depend_on_the_seed_alone(tmp_path: Path) -> None:
    found = proposals(race(tmp_path), 25)
    assert found == proposals(race(tmp_path), 25)
    assert found != proposals(race(tmp_path, seed=4), 25)
    assert {p.stance for p in found} == {"repair", "extend", "compress", "rewrite", "cross"}
    for proposal in found:
        assert 0.6 <= proposal.temperature <= 1.0
        assert proposal.temperature == round(proposal.temperature, 2)
        assert proposal.findings in range(1, 7)
        assert proposal.trajectories in range(3)


def test_the_sampler_learns_which_proposals_pay(tmp_path: Path) -> None:
    found = proposals(race(tmp_path), 60)
    early = sum(p.findings for p in found[:10]) / 10
    late = sum(p.findings for p in found[-20:]) / 20
    assert late > early + 0.5


def test_candidates_are_numbered_as_asked_though_several_run(tmp_path: Path) -> None:
    study = race(tmp_path)
    numbers = [study.ask()[0] for _ in range(4)]
    assert numbers == [0, 1, 2, 3]
    for number in reversed(numbers):
        study.tell(number, None, "failed")
    assert study.ask()[0] == 4


def test_report_gives_the_estimate_against_the_incumbent(tmp_path: Path) -> None:
    study = race(tmp_path)
    number, _ = study.ask()
    value = study.report(number, measured([0.9] * 12), measured([0.8] * 30 + [0.2] * 30))
    assert value == pytest.approx(0.6)


def test_looks_spare_the_first_block_and_the_last(tmp_path: Path) -> None:
    def looks(dev: int, block: int) -> list[int]:
        return list(IncumbentPruner(dev=dev, block=block, seed=1).looks)

    assert looks(60, 12) == [24, 36, 48]
    assert looks(120, 15) == [30, 45, 60, 75, 90, 105]
    assert looks(8, 4) == looks(50, 50) == []


def test_a_hopeless_candidate_is_dropped_after_two_blocks(tmp_path: Path) -> None:
    assert run_candidate(race(tmp_path), [0.0] * DEV, [0.6] * DEV) == 2 * BLOCK
    assert run_candidate(race(tmp_path), [0.6] * DEV, [0.6] * DEV) is None
    assert run_candidate(race(tmp_path), [0.9] * DEV, [0.6] * DEV) is None


def test_dropping_errs_rarely_on_equals_and_finds_the_clearly_worse(tmp_path: Path) -> None:
    source = random.Random(12)

    def dropped(zeros: float, mean: float, runs: int) -> float:
        ends = [
            run_candidate(race(tmp_path), drawn(source, zeros, mean), drawn(source, 0.1, 0.45))
            for _ in range(runs)
        ]
        return sum(end is not None for end in ends) / runs

    assert 0.01 <= dropped(0.1, 0.45, 200) <= DROP_ERROR + 0.02
    assert dropped(0.7, 0.45, 40) >= 0.9


def test_constraints_are_written_once_and_before_the_end(tmp_path: Path) -> None:
    study = race(tmp_path)
    number, _ = study.ask()
    study.constraint(number, "failures", -0.05)
    study.constraint(number, "overlap", 0.2)
    with pytest.raises(ValueError, match="'failures' of candidate 0"):
        study.constraint(number, "failures", 0.1)
    study.tell(number, 0.5, "complete")
    with pytest.raises(KeyError):
        study.constraint(number, "late", 0.0)


def test_a_value_goes_with_completion_only(tmp_path: Path) -> None:
    study = race(tmp_path)
    number, _ = study.ask()
    with pytest.raises(ValueError, match="No values"):
        study.tell(number, None, "complete")
    with pytest.raises(ValueError, match="Values"):
        study.tell(number, 0.5, "dropped")
    study.tell(number, 0.5, "complete")


def test_the_file_holds_the_whole_race_for_the_dashboard(tmp_path: Path) -> None:
    study = race(tmp_path)
    incumbent = [0.6] * DEV
    run_candidate(study, [0.0] * DEV, incumbent)
    number, proposal = study.ask()
    study.note(number, "digest", "sha256:1")
    study.report(number, measured([0.7] * DEV), measured(incumbent))
    study.constraint(number, "failures", -0.1)
    study.tell(number, 0.7, "complete")
    repeat, _ = study.ask()
    study.tell(repeat, None, "repeat")
    study.save()

    trials = stored(tmp_path / "study.sqlite3").trials
    assert [t.number for t in trials] == [0, 1, 2]
    assert [t.state.name for t in trials] == ["PRUNED", "COMPLETE", "PRUNED"]
    assert [t.user_attrs["ending"] for t in trials] == ["dropped", "complete", "repeat"]
    assert trials[0].value == pytest.approx(0.0)
    assert trials[1].params["stance"] == proposal.stance
    assert trials[1].constraints == {"failures": -0.1}
    assert trials[1].user_attrs["digest"] == "sha256:1"
    assert trials[1].user_attrs["differences to the incumbent"] == pytest.approx([0.1] * DEV)
    assert trials[1].intermediate_values == {DEV: pytest.approx(0.7)}


def test_saving_replaces_the_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "study.sqlite3").write_bytes(b"cut in the middle")
    (tmp_path / "study.sqlite3.new").write_bytes(b"left by a crash")
    study = race(tmp_path)
    proposals(study, 2)
    study.save()
    proposals(study, 3)
    worker = threading.Thread(target=study.save)
    worker.start()
    worker.join()
    assert [f.name for f in tmp_path.iterdir()] == ["study.sqlite3"]
    assert len(stored(tmp_path / "study.sqlite3").trials) == 5


def test_running_candidates_are_left_for_the_next_save(tmp_path: Path) -> None:
    study = race(tmp_path)
    first, second = study.ask()[0], study.ask()[0]
    study.tell(second, 0.2, "complete")
    study.save()
    assert stored(tmp_path / "study.sqlite3").trials == []
    study.tell(first, 0.1, "complete")
    study.save()
    values = [t.value for t in stored(tmp_path / "study.sqlite3").trials]
    assert values == [0.1, 0.2]


def test_a_folder_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    study = open_study(tmp_path / "gone" / "study.sqlite3", seed=1, name="run", dev=8, block=4)
    with pytest.raises(StorageFailed, match=r"study\.sqlite3") as caught:
        study.save()
    assert isinstance(caught.value.__cause__, sqlite3.Error | OSError)


def test_optuna_stays_silent_and_keeps_its_own_settings(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    optuna.logging.set_verbosity(optuna.logging.INFO)
    study = race(tmp_path)
    proposals(study, 12)
    study.save()
    assert optuna.logging.get_verbosity() == optuna.logging.INFO
    shown = capfd.readouterr()
    assert shown.out + shown.err == ""
