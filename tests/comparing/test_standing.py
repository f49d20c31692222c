"""Who stands where: ranges of places, verdicts, and what the items can show."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.comparing.standing import POINTS, stand
from autoevol.statistics import items_needed

NAMES = ("a", "b", "c", "d")


def arms(seed: int, items: int, shifts: dict[str, float]) -> dict[str, dict[str, float]]:
    chance = random.Random(seed)
    return {
        name: {f"i{n}": min(1.0, max(0.0, chance.gauss(0.4, 0.2) + shift)) for n in range(items)}
        for name, shift in shifts.items()
    }


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    items=st.integers(0, 40),
    shifts=st.dictionaries(st.sampled_from(NAMES), st.floats(-0.4, 0.4), min_size=1),
)
def test_places_are_ranges_that_follow_from_the_pairs(
    seed: int, items: int, shifts: dict[str, float]
) -> None:
    found = stand(arms(seed, items, shifts), seed=0)
    places, pairs = {one["name"]: one for one in found["ranking"]}, found["pairs"]
    count = len(places)
    assert len(pairs) == count * (count - 1) // 2
    scores = [one["score"] for one in found["ranking"]]
    assert scores == sorted(scores, reverse=True)
    for name, place in places.items():
        assert 1 <= place["best"] <= place["worst"] <= count
        assert all(name in places[other]["ahead_of"] for other in place["behind"])
    for pair in pairs:
        assert pair["p_holm"] >= pair["p"] > 0
        linked = pair["b"] in places[pair["a"]]["ahead_of"] + places[pair["a"]]["behind"]
        assert linked == pair["shown"]
        ahead = pair["b"] in places[pair["a"]]["ahead_of"]
        assert not pair["shown"] or ahead == (pair["mean"] > 0)


def test_a_clear_leader_a_level_field_and_something_between() -> None:
    two = arms(1, 60, {"a": 0.3, "b": 0.0})
    clear = stand({**two, "c": two["b"]}, seed=0)
    assert clear["verdict"]["said"] == "a is shown to be better than every other."
    assert [(one["best"], one["worst"]) for one in clear["ranking"]] == [(1, 1), (2, 3), (2, 3)]
    level = stand(arms(2, 20, {"a": 0.0, "b": 0.0, "c": 0.0}), seed=0)
    assert level["verdict"]["said"] == "No difference shown between any two."
    between = stand(arms(3, 60, {"a": 0.3, "b": 0.3, "c": 0.0}), seed=0)
    assert between["verdict"]["best"] is None
    leader, second = (one["name"] for one in between["ranking"][:2])
    said = f"No difference shown between {leader}, which leads, and {second}."
    assert between["verdict"] == {"best": None, "level_with": [second], "said": said}


def test_equal_arms_have_nothing_to_say_about_power() -> None:
    same = {f"i{n}": n / 10 for n in range(10)}
    found = stand({"a": same, "b": dict(same)}, seed=0)
    assert found["power"] is None
    assert found["pairs"][0]["p"] == 1
    assert not found["pairs"][0]["shown"]


def test_an_arm_without_items_takes_no_part() -> None:
    found = stand({"a": {"i": 0.5}, "b": {}}, seed=0)
    assert [one["name"] for one in found["ranking"]] == ["a"]
    assert not found["pairs"]


def test_items_needed_follow_from_the_spread_of_each_pairs_own_differences() -> None:
    """Arms that vary much and together differ evenly: their pair takes few items, whatever the
    spread of each arm, and whatever the spread of other pairs."""
    chance = random.Random(4)
    hard = {f"i{n}": chance.random() for n in range(100)}
    along = {item: value + chance.gauss(0, 0.02) for item, value in hard.items()}
    apart = {item: chance.random() for item in hard}
    found = stand({"hard": hard, "along": along, "apart": apart}, seed=0)
    needed = {(pair["a"], pair["b"]): pair["items_needed"] for pair in found["pairs"]}
    for pair in found["pairs"]:
        assert pair["items_needed"] == items_needed(pair["sd"], POINTS)
    assert needed["hard", "along"] == 2
    assert min(needed["hard", "apart"], needed["along", "apart"]) > 300
    power = found["power"]
    assert (power["least"]["a"], power["least"]["b"]) == ("hard", "along")
    assert power["most"]["items_needed"] == max(needed.values()) < power["all_pairs"]
    alone = stand({"hard": hard, "along": along}, seed=0)["power"]
    assert (alone["pairs"], alone["least"]) == (1, alone["most"])
    assert alone["all_pairs"] == alone["most"]["items_needed"] == 2
