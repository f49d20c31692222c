"""Casts: who is asked, how warm and with how many tokens; what cannot be meant is refused."""

from __future__ import annotations

from dataclasses import replace
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoevol.casting import ROLES, Cast
from autoevol.door import EMBEDDED
from autoevol.errors import UsageError
from autoevol.llm.messages import Message, Request
from autoevol.llm.tuning import Tuning

ASKED = Request("fake/m", (Message("user", "hello"),), "evolver", 20, temperature=0.0)


def test_a_role_of_its_own_stands_before_the_model_of_all() -> None:
    models = Cast("fake/all", judge="fake/judge").models
    assert (models.judge, models.evolver, models.optimizer) == ("fake/judge", *["fake/all"] * 2)
    assert set(Cast().models.as_table().values()) == {EMBEDDED}


@pytest.mark.parametrize("name", ["temperature", "max_tokens"])
def test_a_role_that_there_is_not_names_the_near_one_and_all(name: str) -> None:
    with pytest.raises(UsageError, match=f"Unknown role 'evolvr' for {name}") as met:
        replace(Cast(), **{name: {"evolvr": 1}}).tuning()
    assert met.value.hint.startswith("Did you mean evolver? Roles: evolver, responder, analyzer")


def test_a_role_that_takes_no_part_is_refused() -> None:
    with pytest.raises(UsageError, match="Unknown role 'analyzer'"):
        Cast(temperature={"analyzer": 0.5}).tuning(("evolver", "responder"))


@pytest.mark.parametrize("warmth", [-0.1, 2.1, nan, inf, True, "0.5"])
def test_a_temperature_that_nobody_takes_is_refused(warmth: float) -> None:
    with pytest.raises(UsageError, match="temperature of the judge"):
        Cast(temperature={"judge": warmth}).tuning()


@pytest.mark.parametrize("most", [0, -5, 1.5, True, "10"])
def test_a_cap_that_is_no_number_of_tokens_is_refused(most: int) -> None:
    with pytest.raises(UsageError, match="max_tokens of the judge"):
        Cast(max_tokens={"judge": most}).tuning()


@given(
    st.dictionaries(st.sampled_from(ROLES), st.floats(0, 2)),
    st.dictionaries(st.sampled_from(ROLES), st.integers(1, 10**6)),
    st.sampled_from(ROLES),
)
def test_only_the_roles_named_are_asked_otherwise_and_under_other_keys(
    warmths: dict[str, float], caps: dict[str, int], role: str
) -> None:
    asked = replace(ASKED, role=role)
    tuned = Tuning(warmths, caps).tuned(asked)
    assert tuned.temperature == warmths.get(role, asked.temperature)
    assert tuned.max_tokens == caps.get(role, asked.max_tokens)
    untouched = replace(tuned, temperature=asked.temperature, max_tokens=asked.max_tokens)
    assert untouched == asked
    assert (tuned.key("x") == asked.key("x")) == (tuned == asked)


def test_a_call_that_reads_probabilities_stays_as_it_is() -> None:
    reading = replace(ASKED, role="judge", max_tokens=1, top_logprobs=20)
    assert Tuning({"judge": 1.0}, {"judge": 4000}).tuned(reading) == reading
