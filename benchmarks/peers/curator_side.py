"""curator: one LLM block rewrites all rows, the next one answers them.

python curator_side.py URL SEEDS AT_ONCE
"""

from __future__ import annotations

import os
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# Its backend asks tiktoken for an encoding that tiktoken would fetch; litellm ships that file.
litellm = find_spec("litellm")
if litellm is not None and litellm.origin:
    encodings = Path(litellm.origin).parent / "litellm_core_utils" / "tokenizers"
    os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(encodings))

from bespokelabs import curator  # noqa: E402
from runner import CAPS, MODEL, Clock, given, rewrite_in  # noqa: E402


class Evolve(curator.LLM):
    """Sends the messages of a row as they are."""

    def prompt(self, row: dict[str, Any]) -> Any:
        return row["asked"]

    def parse(self, row: dict[str, Any], response: str) -> dict[str, Any]:
        return {"id": row["id"], "evolved": rewrite_in(response)}


class Respond(curator.LLM):
    def prompt(self, row: dict[str, Any]) -> Any:
        return [{"role": "user", "content": row["evolved"]}]

    def parse(self, row: dict[str, Any], response: str) -> dict[str, Any]:
        return {**row, "response": response}


def main() -> None:
    url, rows, at_once = given()
    clock = Clock()
    params = {
        "base_url": url,
        "api_key": "none",
        "max_concurrent_requests": at_once,
        "max_requests_per_minute": 10_000_000,
        "max_tokens_per_minute": 10_000_000_000,
    }

    def block(kind: type[curator.LLM], cap: int) -> Any:
        asked = {"max_tokens": cap, "temperature": 0.0}
        return kind(
            model_name=MODEL, backend="openai", backend_params=params, generation_params=asked
        )

    with tempfile.TemporaryDirectory() as folder:
        evolved = block(Evolve, CAPS[0])(rows, working_dir=folder)
        found = block(Respond, CAPS[1])(table_of(evolved), working_dir=folder)
        clock.tell(list(table_of(found)["response"]))


def table_of(made: Any) -> Any:
    """The rows of a result, whose shape changed between versions."""
    return getattr(made, "dataset", made)


if __name__ == "__main__":
    main()
