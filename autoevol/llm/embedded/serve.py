"""The program that serves one model file: xllamacpp's doorkeeper. Run as a process, never imported.

Decides how the runtime is set up. It reads one line of JSON on stdin (`model`, `slots`, `context`,
`threads`, `key`), answers with one line (`address`) on stdout and serves until stdin is closed,
which the system does even when the parent is killed. What the runtime says goes to stderr.

It is a process of its own and not a thread of the caller's because, as tried on xllamacpp 2026.10:
stopping the server waits for every answer under way; a program that ends without stopping it
crashes; a process forked beside it hangs; and what it logs goes straight to the terminal.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import Any

PROMPT_CACHE_MIB = 1024
"""Memory for prompts that slots have left (7 MB for 600 tokens of the 0.5B model). The default of 8
GB would, over a long run, fill a laptop."""


def serve() -> None:
    """Serve one model until stdin is closed. Ends with a traceback where it cannot be loaded."""
    reply = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # the runtime may write to stdout, which is the reply's
    settings = json.loads(sys.stdin.readline())

    import xllamacpp

    server = xllamacpp.Server(_params(xllamacpp.CommonParams(), settings))
    print(json.dumps({"address": server.listening_address}), file=reply, flush=True)
    sys.stdin.read()
    os._exit(0)  # nothing is left to save, and an orderly end would wait for answers under way


def _params(params: Any, settings: Mapping[str, Any]) -> Any:  # xllamacpp has no types
    """The runtime's settings. What is not named here is as good or better at its default.

    Measured once each, on a busy machine and therefore in processor seconds of one thread: the 0.5B
    model, eight questions at once that share a beginning of 90 tokens and have 24 of their own, 24
    tokens answered. Flash attention on or off and micro-batches of 128 or 512 tokens made no
    difference (14 to 15 ms a prompt token; 43 to 45 ms an answered one with its share of the
    prompt). `kv_unified` had more of the prompts read again (57 ms). Slots 4, 8, 16: 47, 44, 38 ms,
    while each slot reads a shared beginning once for itself.
    """
    params.model.path = settings["model"]
    params.api_keys = [settings["key"]]
    params.n_parallel = settings["slots"]
    params.n_ctx = settings["slots"] * settings["context"]
    params.cpuparams.n_threads = settings["threads"]
    params.cpuparams_batch.n_threads = settings["threads"]
    params.cont_batching = True
    params.cache_prompt = True
    params.cache_ram_mib = PROMPT_CACHE_MIB
    params.ui = False
    params.verbosity = 2  # errors and warnings; above it every request writes ten lines
    return params


if __name__ == "__main__":
    serve()
