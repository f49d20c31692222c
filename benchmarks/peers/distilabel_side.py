"""distilabel's Pipeline: one task rewrites, the next one answers, each so many rows a batch.

    python distilabel_side.py URL SEEDS AT_ONCE

A task sends a batch at a time, so that the batch is its number of calls at once; both tasks work at
the same time, so that up to twice AT_ONCE are in flight.
"""

from __future__ import annotations

import tempfile
from typing import Any

from distilabel.models import OpenAILLM
from distilabel.pipeline import Pipeline
from distilabel.steps import LoadDataFromDicts
from distilabel.steps.tasks import Task, TextGeneration
from runner import CAPS, MODEL, Clock, given, rewrite_in


class Evolve(Task):
    """Sends the messages of a row as they are."""

    @property
    def inputs(self) -> list[str]:
        return ["asked"]

    @property
    def outputs(self) -> list[str]:
        return ["evolved"]

    def format_input(self, input: dict[str, Any]) -> Any:
        return input["asked"]

    def format_output(
        self, output: str | None, input: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        return {"evolved": rewrite_in(output)}


def main() -> None:
    url, rows, at_once = given()
    clock = Clock()

    def model(cap: int) -> OpenAILLM:
        asked = {"max_new_tokens": cap, "temperature": 0.0}
        return OpenAILLM(model=MODEL, base_url=url, api_key="none", generation_kwargs=asked)

    with tempfile.TemporaryDirectory() as cache:
        with Pipeline(name="evolve", cache_dir=cache) as pipeline:
            load = LoadDataFromDicts(data=rows, batch_size=at_once)
            evolve = Evolve(llm=model(CAPS[0]), input_batch_size=at_once)
            respond = TextGeneration(
                llm=model(CAPS[1]),
                input_batch_size=at_once,
                input_mappings={"instruction": "evolved"},
            )
            load >> evolve >> respond
        made = pipeline.run(use_cache=False)
        clock.tell(made["default"]["train"]["generation"])


if __name__ == "__main__":
    main()
