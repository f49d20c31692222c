"""The mathematics domain pack: distinct seeds with answers, calibration no constant judge passes.

Decides what the pack must hold; leaves reading a pack to the package's own loader. The comparison
with public benchmark text runs only where the variable AUTOEVOL_SHARED_DATA names a folder of it.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections import Counter
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACK = ROOT / "autoevol" / "domains" / "math"
METHODS = ROOT / "methods" / "math"
KINDS = {"harder": True, "simpler": False, "leaked": False, "restated": None, "same": None}
ORDERED = (True, False)
RUN = 10
"""A shared run of this many words with public text counts as copied."""


def rows(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (PACK / name).read_text("utf-8").splitlines()]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def trigrams(text: str) -> frozenset[str]:
    flat = " ".join(words(text))
    return frozenset(flat[i : i + 3] for i in range(len(flat) - 2))


@pytest.fixture(scope="module")
def seeds() -> list[dict[str, object]]:
    return rows("seeds.jsonl")


@pytest.fixture(scope="module")
def calibration() -> list[dict[str, object]]:
    return rows("calibration.jsonl")


def test_every_seed_has_its_fields_and_an_id_of_its_own(seeds: list[dict[str, object]]) -> None:
    for seed in seeds:
        assert {"id", "instruction", "topic", "lang", "answer"} == set(seed), seed
        assert all(isinstance(v, str) and v == v.strip() != "" for v in seed.values()), seed
    assert len({seed["id"] for seed in seeds}) == len(seeds)


def test_english_seeds_are_many_and_spread_over_topics(seeds: list[dict[str, object]]) -> None:
    topics = Counter(seed["topic"] for seed in seeds if seed["lang"] == "en")
    assert sum(topics.values()) >= 250
    assert len(topics) >= 25
    assert min(topics.values()) >= 8, topics.most_common()[-3:]


def test_six_other_languages_have_at_least_six_seeds_each(seeds: list[dict[str, object]]) -> None:
    count = Counter(seed["lang"] for seed in seeds)
    assert set(count) == {"en", "zh", "es", "de", "ja", "ar", "hi"}
    assert min(count.values()) >= 6, count


def test_blocks_to_work_on_are_frequent_and_their_fences_closed(
    seeds: list[dict[str, object]],
) -> None:
    with_block = [str(s["instruction"]) for s in seeds if "\n" in str(s["instruction"])]
    assert len(with_block) >= 0.12 * len(seeds)
    assert [text for text in with_block if text.count("```") % 2] == []


def has_digit(number: int, digit: str) -> bool:
    return digit in str(number)


DICE = [(a, b) for a in range(1, 7) for b in range(1, 7)]
COUNTED = {
    "contain the digit 5?": sum(has_digit(k, "5") for k in range(1, 1001)),
    "the letters of RIVER": len(set(permutations("RIVER", 4))),
    "the digit 7 exactly once": sum(f"{k:04d}".count("7") == 1 for k in range(10_000)),
    "by 4 but not by 6": sum(k % 4 == 0 and k % 6 > 0 for k in range(1, 301)),
    "does 2^50 leave on division by 7": 2**50 % 7,
    "have when written out": len(str(2**100)),
    "keep the larger number": Fraction(sum(max(pair) for pair in DICE), 36),
    "the sum is at least 10": Fraction(sum(sum(pair) >= 10 for pair in DICE), 36),
    "2^n exceeds 1000n": next(n for n in range(1, 99) if 2**n > 1000 * n),
    "positive divisors does 360": sum(360 % k == 0 for k in range(1, 361)),
    "没有重复数字的三位数": sum(p[0] != "0" for p in permutations("0268", 3)),
}


@pytest.mark.parametrize(("phrase", "counted"), COUNTED.items())
def test_answers_agree_with_brute_force(
    phrase: str, counted: int | Fraction, seeds: list[dict[str, object]]
) -> None:
    (seed,) = [seed for seed in seeds if phrase in str(seed["instruction"])]
    assert Fraction(str(seed["answer"])) == counted, seed


def test_no_two_seeds_are_near_duplicates(seeds: list[dict[str, object]]) -> None:
    grams = [(seed["id"], trigrams(str(seed["instruction"]))) for seed in seeds]
    near = []
    for i, (one, a) in enumerate(grams):
        for other, b in grams[:i]:
            if 2 * min(len(a), len(b)) > max(len(a), len(b)):  # else the ratio is below 0.5
                shared = len(a & b)
                if 2 * shared >= len(a) + len(b) - shared:
                    near.append((one, other))
    assert near == []


def test_calibration_pairs_have_a_known_order(calibration: list[dict[str, object]]) -> None:
    for pair in calibration:
        assert {"id", "before", "after", "harder", "kind"} == set(pair), pair
        assert pair["harder"] is KINDS[str(pair["kind"])], pair
        assert pair["before"] != pair["after"]
    count = Counter(pair["harder"] for pair in calibration)
    assert len({pair["id"] for pair in calibration}) == len(calibration)
    assert len(calibration) >= 44
    assert count[True] >= 24
    assert count[False] >= 12
    assert count[None] >= 6
    assert {pair["kind"] for pair in calibration} == set(KINDS)


@pytest.mark.parametrize("judge", ["always harder", "longer is harder"])
def test_a_judge_that_does_not_read_fails_calibration(
    judge: str, calibration: list[dict[str, object]]
) -> None:
    ordered = [pair for pair in calibration if pair["harder"] in ORDERED]
    right = sum(
        pair["harder"]
        is (judge == "always harder" or len(str(pair["after"])) > len(str(pair["before"])))
        for pair in ordered
    )
    assert right / len(ordered) < 0.70


def test_calibration_tasks_are_not_seeds(
    seeds: list[dict[str, object]], calibration: list[dict[str, object]]
) -> None:
    grams = [(seed["id"], trigrams(str(seed["instruction"]))) for seed in seeds]
    for pair in calibration:
        for side in ("before", "after"):
            mine = trigrams(str(pair[side]))
            close = [i for i, other in grams if 2 * len(mine & other) >= len(mine | other)]
            assert close == [], (pair["id"], side)


def test_domain_file_names_what_exists_and_rates_one_example_per_point() -> None:
    domain = tomllib.loads((PACK / "domain.toml").read_text("utf-8"))
    assert domain["name"] == "math"
    assert (PACK / domain["seeds"]).is_file()
    assert (PACK / domain["calibration"]).is_file()
    assert domain["fields"]["instruction"] == "instruction"
    assert domain["fields"]["answer"] == "answer"
    assert [rated["rating"] for rated in domain["rated"]] == [1, 2, 3, 4, 5]
    for method in (domain["initial"], domain["rival"]):
        assert (METHODS / f"{method}.md").is_file()


@pytest.mark.parametrize("name", ["initial", "direct"])
def test_a_method_is_a_role_and_one_numbered_list(name: str) -> None:
    _, head, body = (METHODS / f"{name}.md").read_text("utf-8").split("---\n", 2)
    assert f"name: {name}\n" in head
    assert "domain: math\n" in head
    role, rules = body.strip().split("\n\n")
    assert "\n" not in role
    numbers = [int(line.split(". ", 1)[0]) for line in rules.splitlines()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert 3 <= len(numbers) <= 9
    assert not re.search(r"[<>{}#]", body), "slots, tags and headers belong to the prompt around it"


def public_texts(folder: Path) -> list[str]:
    texts = []
    parts = ("bench", "seeds", "dev")
    for path in sorted(path for part in parts for path in folder.glob(f"{part}/*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            texts.append(str(json.loads(line)["instruction"]))
    return texts


def test_no_text_of_the_pack_repeats_public_data(
    seeds: list[dict[str, object]], calibration: list[dict[str, object]]
) -> None:
    folder = os.environ.get("AUTOEVOL_SHARED_DATA")
    if not folder:
        pytest.skip("AUTOEVOL_SHARED_DATA does not name a folder of public data to compare with")
    ours = [(s["id"], str(s["instruction"])) for s in seeds]
    ours += [(p["id"], str(p[side])) for p in calibration for side in ("before", "after")]
    runs: dict[tuple[str, ...], object] = {}
    whole: dict[tuple[str, ...], object] = {}
    for name, text in ours:
        own = words(text)
        whole[tuple(own)] = name
        runs.update({tuple(own[i : i + RUN]): name for i in range(len(own) - RUN + 1)})
    public = public_texts(Path(folder))
    assert public, f"no rows under {folder}"
    for text in public:
        other = tuple(words(text))
        assert other not in whole, whole[other]
        windows = (other[i : i + RUN] for i in range(len(other) - RUN + 1))
        hits = [window for window in windows if window in runs]
        assert hits == [], (runs[hits[0]], hits[0])
