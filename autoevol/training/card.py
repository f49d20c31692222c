"""The data card: what a reader of a published data set must know, from the run's own files.

Decides what the card says; its words are in card.md. All values come from files that others may
have written, so none of them reaches the card's head unquoted or its text as markup.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from pathlib import Path, PurePath
from string import Template
from typing import Any

from autoevol import __version__
from autoevol.counted import several
from autoevol.training.rows import Counts

TEMPLATE = Path(__file__).with_name("card.md")
SIZES = (
    *((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M")),
    *((10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"), (10**18, "100M<n<1B")),
)
"""Hugging Face's words for sizes."""
FEW = 4
"""Shards whose commands are all written out."""


def write_card(
    name: str, summary: Mapping[str, Any], settings: Mapping[str, Any], counts: Counts, kept: bool
) -> str:
    """The README.md of a data set.

    Args:
        name: of the run folder.
        summary: the run's summary.json; may lack anything, where the run is not at its end.
        settings: the run's run.toml, by table.
        counts: of the rows that left.
        kept: whether reasoning stands before the answers.
    """
    data, drops = settings.get("data", {}), dropped(summary)
    values = {
        "name": plain(name),
        "license": _licences(counts),
        "language": json.dumps([one for one in sorted(counts.languages) if _is_tag(one)]),
        "size": next(word for limit, word in SIZES if counts.rows < limit),
        "rows": f"{counts.rows:,}",
        "version": __version__,
        "what": _what(counts),
        "made": _made(counts),
        "merged": _merged(summary),
        "rounds": _rounds(counts),
        "source": code(data.get("source", "")),
        "source_digest": code(data.get("digest", "")),
        "reasoning": "what the model thought, and stands before the answer in `messages`"
        if kept
        else "left out",
        "stale": f"{counts.stale:,}",
        "kept": f"{summary.get('kept', counts.rows + counts.unanswered):,}",
        "dropped": f"{sum(drops.values()):,}",
        "drops": table(drops, "reason"),
        "unanswered": f"{counts.unanswered:,}",
        "licenses": table(counts.licenses, "licence"),
        "command": "\n".join(_commands(summary, settings)),
    }
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(values)


def dropped(summary: Mapping[str, Any]) -> Mapping[str, int]:
    """Records that were dropped, by reason, as far as a summary tells."""
    found = summary.get("dropped")
    return found if isinstance(found, Mapping) else {}


def _what(counts: Counts) -> str:
    """What the rows are, in a sentence: rewrites and seeds apart."""
    how = "a language model rewrote into another one by a frozen *evolution method*"
    rewrites, seeds = counts.rows - counts.seeds, counts.seeds
    if not seeds:
        return f"{rewrites:,} rows, each an instruction that {how}, with an answer to it."
    own = sum(n for made, n in counts.made.items() if made.nobody)
    with_own = f" ({own:,} with the answer that they came with)" if own else ""
    kept = f"{several(seeds, 'seed')} as {'it' if seeds == 1 else 'they'} came{with_own}"
    if not rewrites:
        return f"{several(counts.rows, 'row')}: {kept}, each with an answer."
    made = several(rewrites, "instruction")
    return f"{counts.rows:,} rows: {made} that {how}, and {kept}, each with an answer."


def _rounds(counts: Counts) -> str:
    """`10 seeds, 8 of round 1`."""
    later = sorted((int(number), rows) for number, rows in counts.rounds.items() if number != "0")
    seeds = [several(counts.seeds, "seed")] if counts.seeds else []
    return ", ".join([*seeds, *(f"{rows:,} of round {number}" for number, rows in later)])


def _made(counts: Counts) -> str:
    """A table of who made how many rows."""
    lines = ["| method | digest of the method | evolver | responder | rows |"]
    lines.append("| --- | --- | --- | --- | ---: |")
    for made, rows in sorted(counts.made.items(), key=lambda one: (-one[1], one[0])):
        cells = [code(name) if name else "none" for name in made]
        lines.append(f"| {' | '.join(cells)} | {rows:,} |")
    return "\n".join(lines)


def _merged(summary: Mapping[str, Any]) -> str:
    """The runs that a merged folder is put together from, '' for one run."""
    runs = summary.get("runs") or []
    if not runs:
        return ""
    lines = [f"\nMerged from {several(len(runs), 'folder')}, in an order drawn by a seed:\n"]
    lines += ["| folder | shard | kept | dropped |", "| --- | --- | ---: | ---: |"]
    for run in runs:
        place = code(PurePath(str(run["folder"])).name)
        lines.append(f"| {place} | {run['shard']} | {run['kept']:,} | {run['dropped']:,} |")
    if missing := summary.get("missing"):
        lines.append(f"\nShards that are not in it: {plain(', '.join(missing))}.")
    return "\n".join(lines) + "\n"


def table(counts: Mapping[str, int], title: str) -> str:
    """A table of counts, the largest first."""
    if not counts:
        return "None."
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    lines = [f"| {code(name) if name else 'not known'} | {count:,} |" for name, count in rows]
    return "\n".join([f"| {title} | rows |", "| --- | ---: |", *lines])


def plain(text: object) -> str:
    """A value on one line, without what is markup in Markdown."""
    return " ".join(re.sub(r"[^\w ./:+,()-]+", " ", str(text)).split())[:200]


def code(text: object) -> str:
    """A value as it is, between backticks."""
    line = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f`|]+", " ", str(text)).split())[:400]
    return f"`{line}`" if line else "not known"


def _licences(counts: Counts) -> str:
    """The head's licences: those of the rows as Hugging Face spells them, or what it has for
    the rest."""
    # A row that several seeds are in stands under the licences of all.
    parts = [part for name in counts.licenses for part in name.split(" AND ")]
    names = {part.strip(" ()").lower() for part in parts}
    ids = {name if _is_licence(name) else "other" for name in names if name}
    return json.dumps(sorted(ids | ({"unknown"} if "" in names else set())) or ["unknown"])


def _is_licence(name: str) -> bool:
    return bool(re.fullmatch(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*", name))


def _is_tag(name: str) -> bool:
    return bool(re.fullmatch(r"[a-z]{2,3}", name))


_ROLES = ("evolver", "responder", "judge")
_SAID = frozenset(
    {"method", "data", "model", *_ROLES, "base_url", "methods", "budget", "concurrency"}
)
"""Flags that stand in the command already, do not change what is made, or tell of a machine."""


def _commands(summary: Mapping[str, Any], settings: Mapping[str, Any]) -> list[str]:
    """The commands that make the same rows, one a line."""
    runs = summary.get("runs") or []
    if not runs:
        return [_command(settings, "evolved")]
    lines = [_command(settings, f"evolved/{n}", run["shard"]) for n, run in enumerate(runs, 1)]
    if len(lines) > FEW:
        lines[1:-1] = ["# and so on, shard by shard"]
    return [*lines, f"autoevol merge evolved/* --out whole --seed {int(summary.get('seed', 0))}"]


def _command(settings: Mapping[str, Any], out: str, shard: str = "") -> str:
    """The command that makes the same run, with files by their names alone."""
    made, held = settings.get("settings", {}), settings.get("invocation", {})
    method = Path(str(held.get("method") or made.get("method", "METHOD")))
    words = ["autoevol", "evolve", method.name if method.suffix else str(method)]
    words += ["--data", str(settings.get("data", {}).get("source", "SEEDS"))]
    for role, model in settings.get("models", {}).items():
        words += [f"--{role}", str(model)]
    if not held and made.get("rounds", 1) != 1:  # called from Python
        words += ["--rounds", str(made["rounds"])]
    for name, value in held.items():
        flag = f"--{name.replace('_', '-')}"
        if name in _SAID or value is False:
            continue
        shown = Path(str(value)).name if str(value).startswith(("/", "~")) else str(value)
        parts = shown.split(",") if name == "field" else [shown]
        words += [flag] if value is True else [word for part in parts for word in (flag, part)]
    words += ["--shard", shard] if shard else []
    return code(shlex.join([*words, "--out", out])).strip("`")
