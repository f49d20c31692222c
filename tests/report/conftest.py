"""Finished runs of every verb, made once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from autoevol.verbs.evolve import evolve_all
from tests.verbs.evolving import rows, write_rows
from tests.verbs.optimizing import learn

Runs = dict[str, Path]


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Folders by what became of the run: learned, nothing learned, evolved."""
    top = tmp_path_factory.mktemp("reported")
    asyncio.run(learn(top / "planted"))
    asyncio.run(learn(top / "flat", model="fake/flat"))
    data = write_rows(top / "seeds.jsonl", rows(30))
    method = str(top / "planted" / "method.md")
    asyncio.run(evolve_all(method, data, out=top / "evolved", model="fake/planted"))
    return {"planted": top / "planted", "flat": top / "flat", "evolved": top / "evolved"}
