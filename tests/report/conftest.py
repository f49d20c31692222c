"""Finished runs of every verb, made once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from autoevol.comparing.lineup import Terms
from autoevol.verbs.compare import compare
from autoevol.verbs.evolve import evolve_all
from tests.verbs.evolving import rows, write_rows
from tests.verbs.optimizing import learn

Runs = dict[str, Path]


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Folders by what became of the run: learned, nothing learned, evolved, compared."""
    top = tmp_path_factory.mktemp("reported")
    asyncio.run(learn(top / "planted"))
    asyncio.run(learn(top / "flat", model="fake/flat"))
    data = write_rows(top / "seeds.jsonl", rows(30))
    method = str(top / "planted" / "method.md")
    asyncio.run(evolve_all(method, data, out=top / "evolved", model="fake/planted"))
    few = ["code/initial", "code/direct", method, "any/harder"]
    asyncio.run(compare(few, terms=Terms(items=6), model="fake/planted", run=top / "compared"))
    return {name: top / name for name in ("planted", "flat", "evolved", "compared")}
