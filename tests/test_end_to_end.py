"""`optimize` from its first call to the frozen file, on a real model of the smallest size."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autoevol import optimize
from autoevol.learning.presets import Preset
from autoevol.llm.embedded.cache import find_in_cache
from autoevol.llm.embedded.manifest import find_model
from autoevol.llm.ledger import read_bill
from autoevol.methods import load_method, read_method
from tests.conftest import REAL_MODELS

NAME = "qwen2.5-coder-0.5b"
TINY = Preset(
    "tiny", batch=1, candidates=1, steps=1, dev=2, block=1, confirm=2, patience=1, analyses=1
)


@pytest.mark.model
async def test_a_real_model_learns_and_the_run_can_be_replayed(tmp_path: Path) -> None:
    if find_in_cache(find_model(NAME), REAL_MODELS) is None:
        pytest.skip(f"{NAME} is not in the model cache")
    run = tmp_path / "run"
    result = await optimize("code", preset=TINY, model=f"local/{NAME}", run=run)

    method = read_method(run / "method.md")
    assert method.digest == result.method.digest
    assert (method.kind == "learned") == result.better
    if not result.better:
        assert method.text == load_method("code/initial").text
    summary = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    assert summary == result.summary
    arms = summary["confirm"]["arms"]
    assert {arm["score"]["items"] + arm["unknown"] for arm in arms.values()} == {TINY.confirm}
    for name in ("run.toml", "trajectories.jsonl", "feedback.jsonl", "study.sqlite3"):
        assert (run / name).stat().st_size > 0
    bill = read_bill(run / "ledger.sqlite")
    assert {row.role for row in bill} >= {"evolver", "judge", "analyzer", "optimizer"}
    assert not any(row.cost for row in bill)

    again = await optimize("code", preset=TINY, model=f"local/{NAME}", run=run)
    assert read_bill(run / "ledger.sqlite") == bill, "a call was made twice"
    assert again.summary == result.summary
