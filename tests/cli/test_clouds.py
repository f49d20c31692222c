"""`bedrock/MODEL` and `vertex/MODEL` as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Autoevol
from tests.server import Reply, serve_in_thread
from tests.verbs.evolving import answer, rows, write_rows

SONNET = "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0"


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "CLOUD_ML_REGION"):
        monkeypatch.delenv(name, raising=False)
    data = write_rows(Path("seeds.jsonl"), rows(2))
    return ["evolve", "code/direct", "--data", str(data), "--out", "out"]


def test_a_run_at_a_cloud(
    autoevol: Autoevol, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "a-token-for-bedrock-only")
    with serve_in_thread(lambda asked: Reply(answer(asked["messages"]))) as server:
        plan = autoevol(*words, "--model", SONNET, "--dry-run", "--json").document
        assert plan["usd"]["high"] > 0
        monkeypatch.setenv("ANTHROPIC_BEDROCK_BASE_URL", server.url)
        assert autoevol(*words, "--model", SONNET, "-q").code == 0
        assert {one.path for one in server.requests} == {f"/model/{SONNET[8:]}/invoke"}
    kept = [json.loads(line) for line in Path("out/kept.jsonl").read_text().splitlines()]
    assert [record["models"]["evolver"] for record in kept] == [SONNET] * 2
    settings = Path("out/run.toml").read_text()
    assert server.url in settings
    assert "a-token-for-bedrock-only" not in settings


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (SONNET, "Amazon Bedrock needs a region.\nSet AWS_REGION or AWS_DEFAULT_REGION."),
        ("vertex/claude-sonnet-4-5@20250929", "Google Vertex AI needs a region."),
    ],
)
def test_what_is_missing_is_said_before_a_folder_is_made(
    autoevol: Autoevol, words: list[str], model: str, said: str
) -> None:
    done = autoevol(*words, "--model", model)
    assert done.code == 2
    assert said in done.err
    assert not Path("out").exists()
