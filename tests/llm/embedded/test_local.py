"""`local/…` as a provider: cheap to open, loaded once, never sent what does not fit."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest

from autoevol.errors import ModelFileRefused, Unreachable, UsageError
from autoevol.llm import local as local_file
from autoevol.llm.embedded.cache import find_in_cache, models_folder
from autoevol.llm.embedded.manifest import find_model
from autoevol.llm.local import LocalProvider, open_local
from autoevol.llm.messages import Message, Request, Response, Usage

NAME = "local/qwen2.5-coder-0.5b"
QUESTION = Request(NAME, (Message("user", "Is 7 prime? Say yes or no."),), "judge", 20, 0.0)
REAL = models_folder()


class StubServer:
    """Stands where the process would: counts its starts."""

    started = 0
    stopped = 0
    alive = True
    api_key = "k"

    def __init__(
        self, path: Path, slots: int, context_per_slot: int, log_file: Path | None
    ) -> None:
        self.path = path
        self.address = "http://127.0.0.1:9"
        self.context_per_slot = context_per_slot

    async def start(self) -> str:
        await asyncio.sleep(0.01)
        type(self).started += 1
        return self.address

    def stop(self) -> None:
        type(self).stopped += 1

    def log_tail(self) -> str:
        return "out of memory"


class StubInner:
    async def complete(self, request: Request) -> Response:
        return Response("yes", "stop", Usage(5, 1), served="/somewhere/else.gguf")

    async def aclose(self) -> None:
        pass


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> type[StubServer]:
    class Server(StubServer):
        pass

    monkeypatch.setattr(local_file, "EmbeddedServer", Server)
    monkeypatch.setattr(local_file, "runtime_version", lambda: "1.2")
    monkeypatch.setattr(local_file, "OpenAIProvider", lambda *_: StubInner())
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "example.org")
    return Server


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "own.gguf"
    path.write_bytes(b"GGUF and some weights")
    return path


def provider_for(weights: Path, tmp_path: Path) -> LocalProvider:
    return open_local(f"local/{weights}", 4, tmp_path / "cache")


def test_a_known_name_has_its_identity_without_its_weights(
    stub: type[StubServer], tmp_path: Path
) -> None:
    provider = open_local(NAME, 8, tmp_path)
    sha256 = find_model("qwen2.5-coder-0.5b").sha256
    assert provider.identity == f"local:{sha256}:xllamacpp-1.2"
    assert (provider.name, provider.max_inflight) == ("local", 8)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_its_bytes_and_not_its_name(
    stub: type[StubServer], weights: Path, tmp_path: Path
) -> None:
    first = provider_for(weights, tmp_path)
    moved = weights.rename(tmp_path / "renamed.gguf")
    assert provider_for(moved, tmp_path).identity == first.identity
    moved.write_bytes(b"GGUF and other weights")
    assert provider_for(moved, tmp_path).identity != first.identity
    assert "local:" in first.identity


def test_an_unknown_name_lists_the_known_ones(stub: type[StubServer], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'nothing'.*qwen2\.5-coder-1\.5b"):
        open_local("local/nothing", 1, tmp_path)


def test_a_missing_file_is_named(stub: type[StubServer], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"gone\.gguf"):
        open_local(f"local/{tmp_path}/gone.gguf", 1, tmp_path)


def test_a_file_that_is_no_gguf_is_refused(
    stub: type[StubServer], weights: Path, tmp_path: Path
) -> None:
    weights.write_bytes(b"PK\x03\x04")
    with pytest.raises(ModelFileRefused, match="not a GGUF file"):
        provider_for(weights, tmp_path)


async def test_questions_at_once_load_the_weights_once(
    stub: type[StubServer], weights: Path, tmp_path: Path
) -> None:
    provider = provider_for(weights, tmp_path)
    assert stub.started == 0
    answers = await asyncio.gather(*(provider.complete(QUESTION) for _ in range(5)))
    await provider.aclose()
    assert (stub.started, stub.stopped) == (1, 1)
    assert {answer.served for answer in answers} == {"own.gguf"}
    assert answers[0].text == "yes"


async def test_a_question_that_does_not_fit_is_not_sent(
    stub: type[StubServer], weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[Request] = []
    monkeypatch.setattr(
        local_file, "_count_tokens", lambda server, request: counted.append(request) or 7000
    )
    provider = provider_for(weights, tmp_path)
    long = Message("user", "x" * 8000)
    fits = replace(QUESTION, messages=(long,), max_tokens=local_file.CONTEXT - 7000)
    assert (await provider.complete(fits)).finish == "stop"
    over = replace(fits, max_tokens=local_file.CONTEXT - 6999)
    assert (await provider.complete(over)).finish == "overflow"
    assert counted == [fits, over]
    assert (await provider.complete(QUESTION)).finish == "stop"
    assert len(counted) == 2  # a short question is not even counted


async def test_a_server_that_died_is_said_with_its_last_words(
    stub: type[StubServer], weights: Path, tmp_path: Path
) -> None:
    provider = provider_for(weights, tmp_path)
    await provider.ready()
    stub.alive = False
    with pytest.raises(Unreachable, match=r"own\.gguf has ended: out of memory"):
        await provider.complete(QUESTION)


async def test_the_loopback_is_spared_from_proxies(
    stub: type[StubServer], weights: Path, tmp_path: Path
) -> None:
    await provider_for(weights, tmp_path).ready()
    assert os.environ["NO_PROXY"] == os.environ["no_proxy"] == "example.org,127.0.0.1"


@pytest.mark.model
async def test_the_real_small_model_answers(tmp_path: Path) -> None:
    if find_in_cache(find_model("qwen2.5-coder-0.5b"), REAL) is None:
        pytest.skip("qwen2.5-coder-0.5b is not in the model cache")
    provider = open_local(NAME, 2, REAL, log_file=tmp_path / "server.log")
    shaped = replace(
        QUESTION,
        schema='{"type":"object","properties":{"prime":{"type":"boolean"}},"required":["prime"]}',
    )
    try:
        plain, json_answer = await asyncio.gather(
            provider.complete(replace(QUESTION, top_logprobs=3)), provider.complete(shaped)
        )
        too_long = replace(QUESTION, messages=(Message("user", "one two " * 6000),))
        overflow = await provider.complete(too_long)
    finally:
        await provider.aclose()
    assert plain.text.lower().startswith(("yes", "no"))
    assert len(plain.logprobs) == plain.usage.output
    assert all(len(place) == 3 for place in plain.logprobs)
    assert plain.usage.input > 20
    assert plain.served == "qwen2.5-coder-0.5b"
    assert '"prime"' in json_answer.text
    assert overflow.finish == "overflow"
