"""What the runners of the peers share: the rows in, the clock, the figures out.

Runs in the environment of a peer: the standard library alone.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

Json = dict[str, Any]
MODEL = "m"
CAPS = (4096, 8192)
"""Tokens of a rewrite and of an answer at most: those that the other sides ask for."""


def given() -> tuple[str, list[Json], int]:
    """The endpoint, the rows (each with `asked`, the messages of its first call), calls at once."""
    url, data, at_once = sys.argv[1:]
    lines = Path(data).with_name("asked.jsonl").read_text(encoding="utf-8").splitlines()
    return url, [json.loads(line) for line in lines], int(at_once)


def rewrite_in(text: str | None) -> str:
    """The last section between the tags."""
    return (text or "").rpartition("<evolved>")[2].partition("</evolved>")[0].strip()


class Clock:
    """Seconds, and CPU seconds of this process and those it waited for, since it was made."""

    def __init__(self) -> None:
        self._began, self._cpu = time.perf_counter(), _cpu()

    def tell(self, answers: list[str | None]) -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        found = {
            "rows": sum(bool(one) for one in answers),
            "seconds": round(time.perf_counter() - self._began, 4),
            "cpu_s": round(_cpu() - self._cpu, 4),
            "peak_mb": round(peak, 1),
        }
        print(json.dumps(found), flush=True)


def _cpu() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system
