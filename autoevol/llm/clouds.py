"""Anthropic's models at Amazon Bedrock and Google Vertex AI, by the SDK's own clients.

Decides which of a cloud's own variables say where its models are, and what is said where they, the
extra or credentials are missing. Finding credentials and signing calls is the SDK's; everything
else is as at Anthropic itself (`anthropic`). Sent by batch they are not: the SDK has no such calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any, NamedTuple

from autoevol.errors import Unauthorised, UsageError
from autoevol.llm.anthropic import CONNECT_S, AnthropicProvider
from autoevol.llm.capabilities import Capabilities
from autoevol.llm.endpoint import Endpoint, normalised
from autoevol.llm.messages import Request, Response
from autoevol.llm.provider import TryAgain
from autoevol.llm.transport import open_transport


class Cloud(NamedTuple):
    """Who serves the models, and the variables that its own tools and the SDK read.

    `project_envs` is empty where there are no projects. `way_out` is what to do without
    credentials; `address` lacks the region.
    """

    title: str
    library: str
    base_url_env: str
    region_envs: tuple[str, ...]
    project_envs: tuple[str, ...]
    key_env: str
    address: str
    way_out: str


CLOUDS: Mapping[str, Cloud] = {
    "bedrock": Cloud(
        "Amazon Bedrock",
        "botocore",
        "ANTHROPIC_BEDROCK_BASE_URL",
        ("AWS_REGION", "AWS_DEFAULT_REGION"),
        (),
        "AWS_BEARER_TOKEN_BEDROCK",
        "https://bedrock-runtime.{region}.amazonaws.com",
        "Sign in (aws sso login), or set AWS_PROFILE, AWS_ACCESS_KEY_ID with its secret, or "
        "AWS_BEARER_TOKEN_BEDROCK; and see that the account may use the model in this region.",
    ),
    "vertex": Cloud(
        "Google Vertex AI",
        "google.auth",
        "ANTHROPIC_VERTEX_BASE_URL",
        ("CLOUD_ML_REGION",),
        ("ANTHROPIC_VERTEX_PROJECT_ID", "GOOGLE_CLOUD_PROJECT"),
        "",
        "https://{region}-aiplatform.googleapis.com/v1",
        "Sign in (gcloud auth application-default login), or set GOOGLE_APPLICATION_CREDENTIALS; "
        "and see that the project may use the model in this region.",
    ),
}

WHOLE = {
    "global": "https://aiplatform.googleapis.com/v1",
    "us": "https://aiplatform.us.rep.googleapis.com/v1",
    "eu": "https://aiplatform.eu.rep.googleapis.com/v1",
}
"""Vertex's addresses of regions that are no single place."""


def cloud_endpoint(name: str, env: Mapping[str, str]) -> Endpoint:
    """Where a cloud's models are.

    Raises:
        UsageError: no region or project is named, or the address cannot be meant.
    """
    cloud = CLOUDS[name]
    region = _first(cloud.region_envs, env, f"{cloud.title} needs a region.")
    if cloud.project_envs:
        _first(cloud.project_envs, env, f"{cloud.title} needs a project.")
    usual = WHOLE.get(region, cloud.address) if name == "vertex" else cloud.address
    address = env.get(cloud.base_url_env, "").strip() or usual.format(region=region)
    return Endpoint(name, "anthropic", normalised(address, "openai"), cloud.key_env)


def check_cloud(name: str) -> None:
    """Raise UsageError where the extra of a cloud is not installed."""
    top = CLOUDS[name].library.partition(".")[0]
    if find_spec(top) is None or find_spec(CLOUDS[name].library) is None:
        raise UsageError(
            f"{CLOUDS[name].title} needs more than is installed.",
            f"Install it: pip install 'autoevol[{name}]'.",
        )


def _first(variables: tuple[str, ...], env: Mapping[str, str], lacking: str) -> str:
    found = next((env[one].strip() for one in variables if env.get(one, "").strip()), None)
    if found is None:
        raise UsageError(lacking, f"Set {' or '.join(variables)}.")
    return found


class CloudProvider(AnthropicProvider):
    """A `Provider` over the SDK's client for a cloud.

    Args:
        endpoint: of `cloud_endpoint`.
        api_key: a bearer token, '' where credentials are looked for as the cloud's tools do.
        capabilities: the run's table; may be shared.
        env: where region and project are looked up.
    """

    def __init__(
        self, endpoint: Endpoint, api_key: str, capabilities: Capabilities, env: Mapping[str, str]
    ) -> None:
        check_cloud(endpoint.name)
        self._env = env
        super().__init__(endpoint, api_key, capabilities)

    def _open(self, endpoint: Endpoint, api_key: str) -> Any:
        import anthropic

        cloud = CLOUDS[endpoint.name]
        usual: dict[str, Any] = {
            "base_url": endpoint.base_url,
            "max_retries": 0,
            "timeout": anthropic.Timeout(endpoint.timeout_s, connect=CONNECT_S),
            "default_headers": endpoint.headers,
            "http_client": open_transport(anthropic),
        }
        region = _first(cloud.region_envs, self._env, "")
        if endpoint.name == "bedrock":
            key = api_key or None
            return anthropic.AsyncAnthropicBedrock(api_key=key, aws_region=region, **usual)
        project = _first(cloud.project_envs, self._env, "")
        return anthropic.AsyncAnthropicVertex(
            region=region, project_id=project, access_token=api_key or None, **usual
        )

    async def complete(self, request: Request) -> Response:
        """See `Provider.complete`."""
        try:
            return await super().complete(request)
        except Unauthorised as error:
            if self._caller.api_key:
                raise
            raise Unauthorised(error.message, CLOUDS[self.name].way_out) from None
        except Exception as error:
            # The SDK lets through what the clouds' libraries say while a call is signed.
            from_cloud = type(error).__module__.startswith(("botocore", "google.auth"))
            if not from_cloud and type(error) is not RuntimeError:
                raise
            said = self._caller.clean(str(error))
            if any(word in type(error).__name__ for word in ("Transport", "Connect", "Timeout")):
                raise TryAgain(said[:120], connected=False) from None
            cloud = CLOUDS[self.name]
            raise Unauthorised(f"{cloud.title}: no credentials ({said}).", cloud.way_out) from None
