"""The chat pack as shipped: enough seeds, all different, judged pairs of both directions.

Reads the files directly, so that a broken pack fails here and not inside a run.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import tomllib
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "autoevol" / "domains" / "chat"
METHODS = ROOT / "methods" / "chat"
OTHER_LANGUAGES = {"zh", "es", "de", "ja", "ar", "hi"}
UNSPACED = {"zh", "ja"}
RUN_LENGTH = 10


def rows(name: str) -> list[dict[str, object]]:
    text = (PACK / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def seeds() -> list[dict[str, str]]:
    return [{key: str(value) for key, value in row.items()} for row in rows("seeds.jsonl")]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def trigrams(text: str, lang: str) -> frozenset[tuple[str, ...]]:
    """Word trigrams; character trigrams where a language does not put spaces between words."""
    units = [c for c in text if c.isalnum()] if lang in UNSPACED else words(text)
    return frozenset(zip(units, units[1:], units[2:], strict=False))


def jaccard(one: frozenset[tuple[str, ...]], two: frozenset[tuple[str, ...]]) -> float:
    shared = len(one & two)
    return shared / (len(one) + len(two) - shared) if shared else 0.0


def pack_config() -> dict[str, object]:
    return tomllib.loads((PACK / "domain.toml").read_text(encoding="utf-8"))


def rated_tasks() -> dict[int, str]:
    rated = pack_config()["rated"]
    assert isinstance(rated, list)
    return {int(item["rating"]): str(item["task"]) for item in rated}


def all_texts() -> list[str]:
    pairs = rows("calibration.jsonl")
    return [
        *(seed["instruction"] for seed in seeds()),
        *(str(pair[side]) for pair in pairs for side in ("before", "after")),
        *rated_tasks().values(),
    ]


def test_seed_rows_are_complete_and_named_in_order() -> None:
    for number, seed in enumerate(seeds(), start=1):
        assert set(seed) == {"id", "instruction", "topic", "lang"}
        assert seed["id"] == f"chat-{number:04d}"
        assert seed["instruction"] == seed["instruction"].strip() != ""


def test_english_seeds_cover_many_topics() -> None:
    topics = Counter(seed["topic"] for seed in seeds() if seed["lang"] == "en")
    assert sum(topics.values()) >= 250
    assert len(topics) >= 25
    assert min(topics.values()) >= 8


def test_each_other_language_has_its_stratum() -> None:
    languages = Counter(seed["lang"] for seed in seeds() if seed["lang"] != "en")
    assert set(languages) == OTHER_LANGUAGES
    assert min(languages.values()) >= 6


def test_seed_lengths_vary_and_some_bring_input_blocks() -> None:
    english = [seed["instruction"] for seed in seeds() if seed["lang"] == "en"]
    lengths = [len(text.split()) for text in english]
    assert min(lengths) >= 6
    assert max(lengths) <= 80
    assert sum("\n\n" in text for text in english) >= 0.10 * len(english)


def test_no_two_seeds_are_near_duplicates() -> None:
    sets = [(seed["id"], trigrams(seed["instruction"], seed["lang"])) for seed in seeds()]
    close = [(a, b) for (a, one), (b, two) in combinations(sets, 2) if jaccard(one, two) >= 0.5]
    assert close == []


def test_calibration_pairs_run_in_both_directions() -> None:
    pairs = rows("calibration.jsonl")
    assert len({pair["id"] for pair in pairs}) == len(pairs) >= 44
    order = {"harder": True, "simpler": False, "leaked": False, "restated": None, "same": None}
    assert all(pair["harder"] is order[str(pair["kind"])] for pair in pairs)
    outcomes = Counter(pair["harder"] for pair in pairs)
    assert outcomes[True] >= 24
    assert outcomes[False] >= 12
    assert outcomes[None] >= 6
    assert all((pair["before"] == pair["after"]) is (pair["kind"] == "same") for pair in pairs)


@pytest.mark.parametrize("always", ["harder", "longer is harder"])
def test_a_judge_without_insight_is_not_trusted(always: str) -> None:
    ordered = [pair for pair in rows("calibration.jsonl") if pair["harder"] is not None]

    def says_harder(pair: dict[str, object]) -> bool:
        longer = len(words(str(pair["after"]))) > len(words(str(pair["before"])))
        return True if always == "harder" else longer

    right = sum(says_harder(pair) is pair["harder"] for pair in ordered)
    assert right / len(ordered) < 0.75


def test_calibration_and_examples_are_not_seeds() -> None:
    known = [trigrams(seed["instruction"], seed["lang"]) for seed in seeds()]
    others = all_texts()[len(known) :]
    assert [t for t in others if any(jaccard(trigrams(t, "en"), k) >= 0.3 for k in known)] == []


def test_domain_file_points_at_files_that_exist() -> None:
    config = pack_config()
    assert config["name"] == "chat"
    assert (PACK / str(config["seeds"])).is_file()
    assert (PACK / str(config["calibration"])).is_file()
    for role in ("initial", "rival"):
        assert (METHODS / f"{config[role]}.md").is_file()
    assert config["fields"] == {"instruction": "instruction", "response": "response"}


def test_judge_has_one_example_for_each_rating() -> None:
    rated = pack_config()["rated"]
    assert isinstance(rated, list)
    assert len(rated) == 5
    assert set(rated_tasks()) == {1, 2, 3, 4, 5}


@pytest.mark.parametrize("name", ["initial", "direct"])
def test_method_is_a_role_and_one_numbered_list(name: str) -> None:
    _, front, body = (METHODS / f"{name}.md").read_text(encoding="utf-8").split("---\n", 2)
    header = dict(line.split(": ", 1) for line in front.splitlines())
    assert (header["name"], header["domain"], header["kind"]) == (name, "chat", "handwritten")
    role, rules = body.strip().split("\n\n")
    assert role
    assert "\n" not in role
    numbers = [int(line.split(". ", 1)[0]) for line in rules.splitlines()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert 3 <= len(numbers) <= 9
    assert not re.search(r"[<>{}#]", body)


def test_pack_repeats_no_benchmark_text() -> None:
    shared = os.environ.get("AUTOEVOL_SHARED_DATA")
    if not shared:
        pytest.skip("AUTOEVOL_SHARED_DATA does not name a folder with benchmark data")
    ours = [words(text) for text in all_texts()]
    whole = {" ".join(text) for text in ours}
    runs = {tuple(t[i : i + RUN_LENGTH]) for t in ours for i in range(len(t) - RUN_LENGTH + 1)}
    files = [path for part in ("bench", "seeds", "dev") for path in Path(shared, part).glob("*")]
    assert files, f"no benchmark files under {shared}"
    for path in files:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8") as handle:
            for line in handle:
                theirs = words(str(json.loads(line)["instruction"]))
                assert " ".join(theirs) not in whole, line
                spans = range(len(theirs) - RUN_LENGTH + 1)
                assert not any(tuple(theirs[i : i + RUN_LENGTH]) in runs for i in spans), line
