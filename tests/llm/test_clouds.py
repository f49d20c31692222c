"""Anthropic's models at Bedrock and Vertex: the SDK's own clients, spoken to over real HTTP."""

from __future__ import annotations

import base64
import json
import os
import re
import struct
import zlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from autoevol.errors import Unauthorised, UsageError
from autoevol.llm.batches.apis import batch_api
from autoevol.llm.capabilities import Capabilities
from autoevol.llm.clouds import CloudProvider, check_cloud, cloud_endpoint
from autoevol.llm.endpoint import Endpoint
from autoevol.llm.endpoints import RESERVED, resolve
from autoevol.llm.messages import Usage
from autoevol.llm.prices import Prices
from autoevol.llm.provider import Provider
from tests import server as wire
from tests.llm.provider_suite import KEY, RemoteSuite, question
from tests.server import LoopbackServer, Reply

BEDROCK = {"AWS_REGION": "eu-west-1"}
VERTEX = {"CLOUD_ML_REGION": "europe-west1", "ANTHROPIC_VERTEX_PROJECT_ID": "mine"}
SONNET = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"


@pytest.fixture(autouse=True)
def nobody_signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """No profile, no key, and no metadata service to ask for one."""
    for name in [one for one in os.environ if one.startswith(("AWS_", "GOOGLE_", "CLOUD_ML_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("NO_GCE_CHECK", "true")


class Cloudy(RemoteSuite):
    """What a cloud's provider owes like any other."""

    kind = "anthropic"
    name: str
    env: dict[str, str]

    def build(self, endpoint: Endpoint, key: str, capabilities: Capabilities) -> Provider:
        return CloudProvider(endpoint, key, capabilities, self.env)

    def address(self, server: LoopbackServer) -> str:
        return server.url

    def endpoint(self, server: LoopbackServer) -> Endpoint:
        return Endpoint(self.name, "anthropic", self.address(server), "BOX_KEY", timeout_s=5)

    async def test_it_has_no_batches(self, provider: Provider) -> None:
        assert batch_api(provider) is None


class TestBedrock(Cloudy):
    name, env = "bedrock", BEDROCK

    async def test_the_model_is_in_the_path(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        await provider.complete(question("hello", model=f"bedrock/{SONNET}"))
        [seen] = server.requests
        assert seen.path == f"/model/{SONNET}/invoke"
        assert seen.headers["Authorization"] == f"Bearer {KEY}"
        messages = [{"role": "user", "content": "hello"}]
        wanted = {"messages": messages, "max_tokens": 64, "anthropic_version": "bedrock-2023-05-31"}
        assert {name: seen.json.get(name) for name in wanted} == {
            **wanted,
            "anthropic_version": seen.json["anthropic_version"],
        }

    async def test_calls_are_signed_so_that_the_signature_holds_on_arrival(
        self, server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI-example")
        provider = self.build(self.endpoint(server), "", Capabilities())
        try:
            assert (await provider.complete(question("hello"))).text == "hello"
        finally:
            await provider.aclose()
        [seen] = server.requests
        given = seen.headers["Authorization"]
        assert "Credential=AKIDEXAMPLE/" in given
        assert "/eu-west-1/bedrock/aws4_request" in given
        assert given == signed(seen, server.url)

    async def test_long_answers_are_streamed(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        told = b"".join(map(frame, EVENTS))
        server.script = wire.always(
            Reply(body=told, content_type="application/vnd.amazon.eventstream")
        )
        response = await provider.complete(question(max_tokens=64_000))
        assert (response.text, response.finish, response.usage.output) == ("eight", "stop", 3)
        assert server.requests[0].path.endswith("/invoke-with-response-stream")


class TestVertex(Cloudy):
    name, env = "vertex", VERTEX

    async def test_project_region_and_model_are_in_the_path(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        await provider.complete(question("hello", model="vertex/claude-sonnet-4-5@20250929"))
        [seen] = server.requests
        where = "/projects/mine/locations/europe-west1/publishers/anthropic/models/"
        assert seen.path == f"{where}claude-sonnet-4-5@20250929:rawPredict"
        assert seen.headers["Authorization"] == f"Bearer {KEY}"
        assert "model" not in seen.json

    async def test_long_answers_are_streamed(
        self, server: LoopbackServer, provider: Provider
    ) -> None:
        response = await provider.complete(question("eight", max_tokens=64_000))
        assert (response.text, response.finish) == ("eight", "stop")
        assert server.requests[0].path.endswith(":streamRawPredict")


async def test_a_service_account_is_asked_for_a_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the variable that Google's own tools read, over real HTTP, with a key of this test's."""
    asked: list[str] = []

    async def token(request: web.Request) -> web.Response:
        asked.append((await request.post())["grant_type"])  # type: ignore[arg-type]
        return web.json_response({"access_token": "ya29.of-this-test", "expires_in": 3600})

    app = web.Application()
    app.router.add_post("/token", token)
    async with TestServer(app) as accounts, LoopbackServer() as server:
        file = tmp_path / "account.json"
        file.write_text(json.dumps(account(str(accounts.make_url("/token")))))
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
        endpoint = Endpoint("vertex", "anthropic", server.url)
        provider = CloudProvider(endpoint, "", Capabilities(), VERTEX)
        try:
            for word in ("one", "two"):
                assert (await provider.complete(question(word))).text == word
        finally:
            await provider.aclose()
        assert asked == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
        assert {one.headers["Authorization"] for one in server.requests} == {
            "Bearer ya29.of-this-test"
        }


def account(token_uri: str) -> dict[str, str]:
    """A service account as Google writes it to a file."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kinds = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return {
        "type": "service_account",
        "project_id": "mine",
        "private_key_id": "1",
        "private_key": key.private_bytes(*kinds, serialization.NoEncryption()).decode(),
        "client_email": "tests@mine.example",
        "token_uri": token_uri,
    }


EVENTS: tuple[dict[str, Any], ...] = (
    {
        "type": "message_start",
        "message": {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": "tiny",
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": 5, "output_tokens": 0},
        },
    },
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {
        "type": "content_block_delta",
        "index": 0,
        "delta": {"type": "text_delta", "text": "eight"},
    },
    {"type": "content_block_stop", "index": 0},
    {
        "type": "message_delta",
        "delta": {"stop_reason": "end_turn", "stop_sequence": None},
        "usage": {"output_tokens": 3},
    },
    {"type": "message_stop"},
)


def frame(event: dict[str, Any]) -> bytes:
    """An event as AWS frames it: lengths, headers, payload, each part with its checksum."""
    told = base64.b64encode(json.dumps(event).encode()).decode()
    payload = json.dumps({"bytes": told}).encode()
    named = {":event-type": "chunk", ":content-type": "application/json", ":message-type": "event"}
    headers = b"".join(
        bytes([len(name)])
        + name.encode()
        + b"\x07"
        + struct.pack(">H", len(value))
        + value.encode()
        for name, value in named.items()
    )
    lengths = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    whole = lengths + struct.pack(">I", zlib.crc32(lengths)) + headers + payload
    return whole + struct.pack(">I", zlib.crc32(whole))


def signed(seen: wire.Seen, url: str) -> str:
    """The Authorization header that AWS would reckon for a request as it arrived."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    [names] = re.findall(r"SignedHeaders=([^,]+)", seen.headers["Authorization"])
    headers = {name: seen.headers[name] for name in names.split(";") if name != "host"}
    body = json.dumps(seen.json, separators=(",", ":"), ensure_ascii=False).encode()
    request = AWSRequest("POST", url + seen.path, headers=headers, data=body)
    request.context["timestamp"] = seen.headers["X-Amz-Date"]
    signer = SigV4Auth(Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI-example"), "bedrock", "eu-west-1")
    text = signer.string_to_sign(request, signer.canonical_request(request))
    scope, signature = signer.scope(request), signer.signature(text, request)
    return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders={names}, Signature={signature}"


@pytest.mark.parametrize(
    ("name", "env", "said"),
    # A region of its own: botocore's sessions are kept by region, credentials and all.
    [
        ("bedrock", {"AWS_REGION": "us-west-2"}, "aws sso login"),
        ("vertex", VERTEX, "gcloud auth application-default"),
    ],
)
async def test_without_credentials_the_way_out_is_named(
    name: str, env: dict[str, str], said: str
) -> None:
    async with LoopbackServer() as server:
        endpoint = Endpoint(name, "anthropic", server.url)
        provider = CloudProvider(endpoint, "", Capabilities(), env)
        try:
            with pytest.raises(Unauthorised, match="no credentials") as met:
                await provider.complete(question())
        finally:
            await provider.aclose()
        assert said in met.value.hint
        assert server.requests == []


async def test_a_refused_call_names_the_clouds_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    async with LoopbackServer(wire.always(wire.refused(403, "no access to this model"))) as server:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI-example")
        endpoint = Endpoint("bedrock", "anthropic", server.url)
        provider = CloudProvider(endpoint, "", Capabilities(), BEDROCK)
        try:
            with pytest.raises(Unauthorised, match="no access to this model") as met:
                await provider.complete(question())
        finally:
            await provider.aclose()
        assert "AWS_PROFILE" in met.value.hint


@pytest.mark.parametrize(
    ("name", "env", "address"),
    [
        ("bedrock", BEDROCK, "https://bedrock-runtime.eu-west-1.amazonaws.com"),
        ("bedrock", {"AWS_DEFAULT_REGION": "x-1"}, "https://bedrock-runtime.x-1.amazonaws.com"),
        ("vertex", VERTEX, "https://europe-west1-aiplatform.googleapis.com/v1"),
        (
            "vertex",
            {"CLOUD_ML_REGION": "global", "GOOGLE_CLOUD_PROJECT": "p"},
            "https://aiplatform.googleapis.com/v1",
        ),
        (
            "vertex",
            {**VERTEX, "ANTHROPIC_VERTEX_BASE_URL": "http://127.0.0.1:9/v1/"},
            "http://127.0.0.1:9/v1",
        ),
    ],
)
def test_where_a_clouds_models_are(name: str, env: dict[str, str], address: str) -> None:
    found = resolve(f"{name}/m", {}, env=env)
    assert (found.endpoint.base_url, found.model, found.api_key) == (address, "m", "")
    assert found.endpoint.identity == address


@pytest.mark.parametrize(
    ("name", "env", "said"),
    [
        ("bedrock", {}, "Set AWS_REGION or AWS_DEFAULT_REGION."),
        ("vertex", {"GOOGLE_CLOUD_PROJECT": "p"}, "Set CLOUD_ML_REGION."),
        ("vertex", {"CLOUD_ML_REGION": "eu"}, "needs a project. Set ANTHROPIC_VERTEX_PROJECT_ID"),
    ],
)
def test_a_variable_that_is_missing_is_named(name: str, env: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as met:
        cloud_endpoint(name, env)
    assert said in str(met.value)


@pytest.mark.parametrize("name", ["bedrock", "vertex"])
def test_a_missing_extra_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autoevol.llm.clouds.find_spec", lambda _: None)
    with pytest.raises(UsageError, match=rf"autoevol\[{name}\]"):
        check_cloud(name)
    assert name in RESERVED


@pytest.mark.parametrize(
    ("name", "model", "env"),
    [("bedrock", SONNET, BEDROCK), ("vertex", "claude-sonnet-4-5@20250929", VERTEX)],
)
def test_a_clouds_price_is_its_own(name: str, model: str, env: dict[str, str]) -> None:
    address = cloud_endpoint(name, env).base_url
    price = Prices().price(name, f"{name}/{model}", Usage(1000, 100), address)
    assert price is not None
    assert Decimal("0.004") < price < Decimal("0.006")


def test_what_a_model_takes_is_known_by_its_name_at_the_cloud() -> None:
    endpoint, table = Endpoint("bedrock", "anthropic", "https://x"), Capabilities()
    assert not table.takes(endpoint, "us.anthropic.claude-opus-4-8-v1:0").temperature
    assert table.takes(endpoint, "anthropic.claude-3-5-haiku-20241022-v1:0").effort == ""
