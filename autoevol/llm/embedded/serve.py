"""The program that serves one model file: xllamacpp's doorkeeper. Run as a process, never imported.

Decides how the runtime is set up. It reads one line of JSON on stdin (`model`, `slots`, `context`,
`threads`, `key`), answers with one line (`address`) on stdout and serves until stdin is closed, which
the system does even when the parent is killed. Everything the runtime says goes to stderr.

It is a process of its own and not a thread of the caller's because, as tried on xllamacpp 2026.10:
stopping the server waits for every answer under way; a program that ends without stopping it crashes;
a process forked beside it hangs; and what it logs goes straight to the terminal.
"""

import json
import os
import sys


def serve() -> None:
    reply = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # the runtime may write to stdout, which is the reply's
    settings = json.loads(sys.stdin.readline())

    import xllamacpp

    server = xllamacpp.Server(_params(xllamacpp.CommonParams(), settings))
    print(json.dumps({"address": server.listening_address}), file=reply, flush=True)
    sys.stdin.read()
    os._exit(0)  # nothing is left to save, and an orderly end would wait for answers under way


def _params(params, settings):  # type: ignore[no-untyped-def]  # xllamacpp has no types
    params.model.path = settings["model"]
    params.api_keys = [settings["key"]]
    params.n_parallel = settings["slots"]
    params.n_ctx = settings["slots"] * settings["context"]
    params.cpuparams.n_threads = settings["threads"]
    params.cpuparams_batch.n_threads = settings["threads"]
    params.cont_batching = True
    params.cache_prompt = True
    params.ui = False
    params.verbosity = 2  # errors and warnings; above it every request writes ten lines
    return params


if __name__ == "__main__":
    serve()
