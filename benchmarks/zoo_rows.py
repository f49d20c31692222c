"""The rows of the zoo: what one looks like, and how new ones get into a half.

    python benchmarks/zoo_rows.py                  check what is there and count it
    python benchmarks/zoo_rows.py train NEW.jsonl  check rows and put each into its file

Decides form only; what the labels mean is told in `benchmarks/zoo/README.md`.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ZOO = Path(__file__).parent / "zoo"
DOMAINS = ("code", "math", "chat")
HALVES = ("train", "test")
ID = re.compile(r"zoo-(code|math|chat)-([rw])\d{3,4}")

# What a program can see, in the words of prompts/failures.md (less what befalls a call only).
PLAIN = (
    "length",
    "format_break",
    "empty",
    "prompt_leak",
    "repetition",
    "language_change",
    "answer_leaked",
    "question_lost",
    "dropped_block",
    "identity",
    "unfinished",
    "bloat",
    "pile_up",
    "refusal",
    "missing_input",
    "stagnant",
    "asks_back",
    "empty_response",
    "trivial",
)
# What needs a reader who understands the task.
DEEP = (
    "task_changed",
    "unfaithful",
    "easier",
    "same_difficulty",
    "contradiction",
    "unanswerable",
    "insufficient_qualification",
    "incoherent",
    "irrelevant",
)
CLASSES = frozenset((*PLAIN, *DEEP))

# Every field in the order in which it is written, with the types that JSON may give it.
FIELDS: Mapping[str, tuple[type, ...]] = {
    "id": (str,),
    "domain": (str,),
    "origin": (str,),
    "method": (str, type(None)),
    "seed": (str,),
    "evolved": (str, type(None)),
    "raw": (str, type(None)),
    "finish": (str, type(None)),
    "response": (str, type(None)),
    "response_finish": (str, type(None)),
    "label": (str,),
    "classes": (list,),
    "rule": (bool,),
    "trap": (str, type(None)),
    "note": (str,),
}


def plain(seed: str) -> str:
    """A seed without case and spacing: the halves share none."""
    return " ".join(unicodedata.normalize("NFC", seed).casefold().split())


def faults(row: Mapping[str, Any]) -> list[str]:
    """What is wrong with a row's form; empty if nothing is."""
    wrong = [
        name for name, types in FIELDS.items() if name not in row or type(row[name]) not in types
    ]
    if wrong or set(row) != set(FIELDS):
        return [f"fields: {', '.join(wrong) or sorted(set(row) - set(FIELDS))}"]
    found = ID.fullmatch(row["id"])
    written, failed = row["origin"] == "written", row["label"] == "failed"
    checks = {
        "id": bool(found and found[1] == row["domain"] and (found[2] == "w") == written),
        "origin": written or row["origin"].startswith("local/"),
        "neither evolved nor raw": row["evolved"] is not None or row["raw"] is not None,
        "finish": row["finish"] in (("stop", "length") if row["raw"] is not None else (None,)),
        "response_finish": row["response_finish"]
        in (("stop", "length") if row["response"] is not None else (None,)),
        "label": row["label"] in ("good", "failed"),
        "classes": set(row["classes"]) <= CLASSES and bool(row["classes"]) == failed,
        "class named twice": len(set(row["classes"])) == len(row["classes"]),
        "rule": failed or not row["rule"],
        "trap": not (failed and row["trap"]),
        "note": bool(row["note"].strip()) and "\n" not in row["note"],
    }
    return [name for name, fine in checks.items() if not fine]


def read(half: str | None = None) -> list[dict[str, Any]]:
    """All rows, or those of one half, in the order of the files. An id is there once."""
    wanted = HALVES if half is None else (half,)
    paths = [ZOO / f"{domain}-{name}.jsonl" for domain in DOMAINS for name in wanted]
    return [row for path in paths if path.exists() for row in read_file(path)]


def read_file(path: Path) -> list[dict[str, Any]]:
    # Split at "\n" alone: texts may hold other line ends as they are.
    lines = path.read_bytes().decode("utf-8").split("\n")
    return [json.loads(line) for line in lines if line.strip()]


def put(rows: Iterable[Mapping[str, Any]], half: str) -> None:
    """Write rows into the files of a half.

    Raises:
        ValueError: for an id that is taken, or a seed that the other half holds.
    """
    rows = list(rows)
    there, (other,) = read(half), [name for name in HALVES if name != half]
    beyond = read(other)
    ids = Counter(row["id"] for row in (*rows, *there, *beyond))
    seeds = {plain(row["seed"]) for row in beyond}
    wrong = [f"{name}: the id is taken" for name, number in ids.items() if number > 1]
    wrong += [f"{r['id']}: its seed is in {other}" for r in rows if plain(r["seed"]) in seeds]
    if wrong:
        raise ValueError("; ".join(wrong))
    files: dict[Path, list[str]] = {}
    for row in sorted((*rows, *there), key=lambda row: str(row["id"])):
        ordered = {name: row[name] for name in FIELDS}
        path = ZOO / f"{row['domain']}-{half}.jsonl"
        files.setdefault(path, []).append(json.dumps(ordered, ensure_ascii=False) + "\n")
    for path, lines in files.items():
        path.write_bytes("".join(lines).encode("utf-8"))


def count(half: str) -> None:
    """Print how many rows a half has by domain, origin, label and class."""
    rows = read(half)
    print(f"{half}: {len(rows)} rows")
    table = Counter((row["domain"], row["origin"], row["label"]) for row in rows)
    for what, number in sorted(table.items()):
        print(f"{number:5d}  {' '.join(what)}")
    for name, number in Counter(c for row in rows for c in row["classes"]).most_common():
        print(f"{number:5d}  {name}")
    visible = sum(row["rule"] for row in rows)
    print(f"{visible:5d}  a rule could see; {sum(bool(r['trap']) for r in rows)} traps")


def main() -> int:
    if len(sys.argv) > 1 and sys.argv[1] not in HALVES:
        print(f"Name a half first: {' or '.join(HALVES)}.", file=sys.stderr)
        return 2
    new = [row for name in sys.argv[2:] for row in read_file(Path(name))]
    wrong = [
        f"{row.get('id')}: {'; '.join(found)}" for row in new or read() if (found := faults(row))
    ]
    try:
        if new and not wrong:
            put(new, sys.argv[1])
    except ValueError as error:
        wrong = [str(error)]
    for line in wrong:
        print(line, file=sys.stderr)
    if wrong:
        return 1
    for half in HALVES:
        count(half)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
