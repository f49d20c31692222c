"""Rounds that the tests of rules judge, and which rules fire on them."""

from __future__ import annotations

from autoevol.roles.eliminator import Eliminator
from autoevol.types import Evolution, Instruction

METHOD = (
    "You make a task harder.\n"
    "#Methods List#\n"
    "1. Read the task and note every honest way to make it demand more thought.\n"
    "2. Carry out the best of them and add between ten and twenty words.\n"
)
CONTRACT = ("<evolved>", "</evolved>", "final rewritten instruction")
SEED = "Write a Python function that returns the largest number in a list of integers."
HARDER = (
    "Write a Python function that returns the second largest distinct number in a list of "
    "integers, raising a ValueError when there is none."
)
SUM = "There are 12 cows and 30 hens on the farm. How many legs are there in total?"


def round_of(before: str, after: str, response: str = "", **rest: str) -> Evolution:
    rest.setdefault("raw", after)
    return Evolution(Instruction(before, "s"), Instruction(after, "e"), response=response, **rest)


def fired(before: str, after: str, response: str = "", **rest: str) -> list[str]:
    eliminator = Eliminator(METHOD, CONTRACT)
    return [f.rule for f in eliminator.inspect(round_of(before, after, response, **rest))]


def answered(response: str, after: str = HARDER, finish: str = "stop") -> list[str]:
    return fired(SEED, after, response, response_finish=finish)
