"""Parts of the report that are arithmetic: overlaps, pairs, diffs, samples, ticks."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoevol.evolving.filters.rouge import common_length
from autoevol.report.changes import marked, side_by_side
from autoevol.report.charts import Point, comparison
from autoevol.report.drawing import Drawing, nice_ticks
from autoevol.report.samples import reason, sample_lines
from autoevol.report.variety import nearest_overlaps, rouge_l, verb_noun
from tests.report.runs import record, trajectory, write_lines

reference = pytest.importorskip("rouge_score.rouge_scorer")
WORDS = st.lists(st.sampled_from(["sort", "a", "list", "of", "names"]), max_size=40)


@given(WORDS, WORDS)
def test_overlap_is_that_of_the_reference(first: list[str], second: list[str]) -> None:
    scorer = reference.RougeScorer(["rougeL"])
    expected = scorer.score(" ".join(first), " ".join(second))["rougeL"].fmeasure
    common = common_length()(first, second)
    assert rouge_l(common, len(first), len(second)) == pytest.approx(expected)


def test_the_nearest_other_text_counts() -> None:
    texts = ["sort a list of names", "sort a list of names", "draw one big red circle"]
    assert nearest_overlaps(texts) == [1.0, 1.0, 0.0]
    assert nearest_overlaps(texts[:1]) == []
    assert len(nearest_overlaps([f"text {n}" for n in range(500)])) == 120


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write a Python function that sorts names.", ("write", "function")),
        ("Please explain the difference between a list and a set.", ("explain", "difference")),
        ("Pivot a table of (student, grade).", ("pivot", "table")),
        ("Cancel a long-running task in C#.", ("cancel", "task")),
        ("Why does 0.1 + 0.2 fail?", None),
        ("Given a list, sort it.", None),
        ("Explain why this fails.", None),
        ("Schreibe", None),
        ("Schreibe eine Funktion, die Namen sortiert.", None),
        ("Schreibe eine Funktion.", None),
        ("Explique la différence entre une liste et un ensemble.", None),
        ("Escribe una lista de nombres para el equipo.", None),
        ("写一个函数", None),
        ("", None),
    ],
)
def test_verb_and_noun_of_an_imperative(text: str, found: tuple[str, str] | None) -> None:
    assert verb_noun(text) == found


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_marked_text_is_the_text(before: str, after: str) -> None:
    left, right = marked(before, after)
    assert "".join(piece.text for piece in left) == before
    assert "".join(piece.text for piece in right) == after


def test_only_what_changed_is_marked() -> None:
    left, right = marked("Sort the list of names.", "Sort the long list of names.")
    assert not any(piece.fresh for piece in left)
    assert [piece.text.strip() for piece in right if piece.fresh] == ["long"]
    left, right = marked("Sort the list.", "Paint every wall of this house green, twice.")
    assert [piece.fresh for piece in (*left, *right)] == [True, True]


FIRST = "You revise.\n\n1. Plan it.\n2. Write it.\n3. Check it.\n"
SECOND = "You revise.\n\n1. Write it.\n2. Check it.\n3. Add one demand.\n"
THIRD = "You revise.\n\n1. Write it well.\n2. Check it.\n3. Add one demand.\n"


def test_every_change_is_traced_to_where_it_came_in_whatever_the_numbers() -> None:
    rows = side_by_side([FIRST, SECOND, THIRD])
    told = [(row.kind, "".join(p.text for p in row.new or row.old), row.since) for row in rows]
    assert told == [
        ("same", "You revise.", 0),
        ("changed", "Write it well.", 2),
        ("gone", "Write it.", 2),
        ("same", "Check it.", 0),
        ("added", "Add one demand.", 1),
    ]
    assert {row.kind for row in side_by_side([FIRST])} == {"same"}


def test_a_sample_holds_some_of_every_class_and_counts_all(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    write_lines(path, [trajectory(n, "rare" if n == 90 else "") for n in range(1, 101)])
    with path.open("a") as file:
        file.write("not json\n{cut")
    found = sample_lines(path, 10)
    assert (found.total, found.classes, found.whole) == (101, {"": 100, "rare": 1}, False)
    assert [r["item"] for r in found.rows if r["evolutions"][0]["failures"]] == ["s90"]
    assert len(found.rows) + found.damaged == 11
    items = [int(row["item"][1:]) for row in found.rows]
    assert items == sorted(items)
    assert sample_lines(tmp_path / "none", 10).total == 0


def test_a_text_cannot_pose_as_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "dropped.jsonl"
    lie = '"verdict": {"kept": false, "reason": "lie"'
    write_lines(path, [record(1, kept=False, rule="length", after=lie)])
    assert sample_lines(path, 5, reason).classes == {"length": 1}


@given(
    st.floats(-50, 50),
    st.floats(0.001, 100),
)
def test_ticks_are_few_and_hold_the_values(low: float, span: float) -> None:
    ticks = nice_ticks(low, low + span)
    assert ticks[0] <= low + 1e-6 * span
    assert ticks[-1] >= low + span * (1 - 1e-6)
    assert 2 <= len(ticks) <= 8


LETTER = 7.6
"""Units that a letter of the pictures takes, in a wide font."""
SHORT = ["code/direct", "seeds"]
LONG = [
    "any/evol-mixed − code/initial",
    "best of 12 math/wizardmath-down − best of 12 math/wizardmath-up",
]


@pytest.mark.parametrize("names", [SHORT, LONG, [*SHORT, *LONG]])
def test_every_name_of_a_comparison_is_whole_and_within_the_picture(names: list[str]) -> None:
    points = [Point(name, 0.1, -0.1, 0.3) for name in names]
    drawn = ElementTree.fromstring(comparison(points, "c", zero=True).__html__())
    wide, high = map(float, drawn.attrib["viewBox"].split()[2:])
    texts = drawn.findall("text")
    said = " ".join(one.text or "" for one in texts)
    assert all(name in said for name in names)
    for one in texts:
        long = LETTER * len(one.text or "")
        at, share = float(one.attrib["x"]), {"start": 0.0, "middle": 0.5, "end": 1.0}
        left = at - share[one.attrib["text-anchor"]] * long
        assert left >= 0, one.text
        assert left + long <= wide, one.text
        assert 0 < float(one.attrib["y"]) < high


def test_a_drawing_escapes_what_it_says() -> None:
    drawing = Drawing(10, 10, 'a "label" <b>')
    drawing.text(1, 1, "</svg><script>alert(1)</script>\x00\ud800")
    drawing.dot(1, 1, 1, "dot", "<i>")
    said = drawing.__html__()
    assert "<script" not in said
    assert "&lt;/svg&gt;" in said
    assert "\x00" not in said
    assert said.encode("utf-8")
