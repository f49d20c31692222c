"""`check`: verdicts on rows, and rows that are none."""

from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path

import pytest

from autoevol.errors import BadInput
from autoevol.verbs.check import check, read_pairs

SEED = "Write a function that sorts names in Python."
HARDER = "Write a function that sorts names in Python, ignoring case, in one stable pass."


def verdict(**row: object) -> dict[str, object]:
    return next(check([row]))


def test_a_sound_rewrite_passes_every_rule() -> None:
    assert verdict(id="x", seed=SEED, evolved=HARDER) == {"id": "x", "failed": False, "rules": []}


def test_a_rewrite_that_changes_nothing_fails_with_its_evidence() -> None:
    found = verdict(id=7, seed=SEED, evolved=SEED)
    assert found["id"] == 7  # as it came
    assert found["failed"] is True
    assert found["rules"] == [{"rule": "identity", "evidence": SEED}]


def test_the_final_section_is_taken_out_of_the_raw_answer() -> None:
    assert not verdict(seed=SEED, raw=f"Plan.\n<evolved>{HARDER}</evolved>")["failed"]
    broken = verdict(seed=SEED, raw=f"Plan.\n<evolved>{HARDER}")
    assert [r["rule"] for r in broken["rules"]] == ["format_break"]  # type: ignore[attr-defined]


def test_an_empty_answer_is_looked_at_only_where_there_is_one() -> None:
    assert not verdict(seed=SEED, evolved=HARDER)["failed"]
    assert verdict(seed=SEED, evolved=HARDER, response="")["failed"]


def test_a_method_may_be_named_or_given_as_text() -> None:
    text = "Always demand that the answer keeps every promise made by the original author."
    leaked = (
        f"{SEED} Always demand that the answer keeps every promise made by the original author."
    )
    assert verdict(seed=SEED, evolved=leaked, method=text)["failed"]
    assert not verdict(seed=SEED, evolved=HARDER, method="code/initial")["failed"]


def test_rows_never_name_files(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("words that nobody should see in a verdict")
    with pytest.raises(BadInput, match="names none of the shelf"):
        verdict(seed=SEED, evolved=HARDER, method=str(tmp_path / "secret.md"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"seed": "a"}', "no evolved"),
        (b'{"evolved": "a"}', "no seed"),
        (b'{"output": "a", "input": "b"}', "no seed; it has input, output"),
        (b'{"seed": "a", "evolved": "b", "method": "code/nosuch"}', "No method 'code/nosuch'"),
        (b'{"seed": "a", "evolved": "b", "method": "initial"}', "'initial' is no text"),
        (b'{"seed": "a", "evolved": 3}', "evolved is not a text"),
        (b"[1]", "not a JSON object"),
        (b"{oops", "not JSON"),
        (b'{"seed": "\xff", "evolved": "a"}', "not UTF-8"),
    ],
)
def test_a_bad_row_is_named_by_file_and_line(tmp_path: Path, line: bytes, words: str) -> None:
    good = json.dumps({"seed": SEED, "evolved": HARDER}).encode()
    path = tmp_path / "pairs.jsonl"
    path.write_bytes(good + b"\n\n" + line + b"\n" + good + b"\n")
    with pytest.raises(BadInput, match=r"pairs\.jsonl, line 3: .*" + words):
        list(read_pairs(path))
    reasons: list[str] = []
    rows = list(read_pairs(path, skip_bad=True, skipped=reasons.append))
    assert [row["id"] for row in rows] == ["1", "4"]
    assert len(reasons) == 1


def test_a_row_without_an_id_is_called_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    rows = [{"seed": SEED, "evolved": HARDER, **given} for given in ({"id": None}, {}, {"id": [3]})]
    path.write_text("\n".join(map(json.dumps, rows)))
    assert [found["id"] for found in check(read_pairs(path))] == ["1", "2", [3]]


def test_rows_come_in_every_kind_of_file_that_seeds_do(tmp_path: Path) -> None:
    row = {"id": "a", "seed": SEED, "evolved": HARDER}
    packed, table, bare = (tmp_path / name for name in ("p.jsonl.gz", "p.csv", "pairs"))
    packed.write_bytes(gzip.compress(json.dumps(row).encode()))
    table.write_text(f'id,seed,evolved\na,"{SEED}","{HARDER}"\n')
    bare.write_text(json.dumps(row))
    for path in (packed, table, bare):
        assert [found["failed"] for found in check(read_pairs(path))] == [False]
    with pytest.raises(BadInput, match="not a known kind"):
        list(read_pairs(_written(tmp_path / "pairs.xml")))


def test_rows_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = json.dumps({"seed": SEED, "evolved": HARDER}) + '\n{"seed": "a"}\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
    rows = read_pairs(Path("-"))
    assert next(rows)["evolved"] == HARDER
    with pytest.raises(BadInput, match="standard input, line 2: the row has no evolved"):
        next(rows)


def _written(path: Path) -> Path:
    path.write_text("<rows/>")
    return path


def test_a_record_of_evolve_is_a_row(tmp_path: Path) -> None:
    record = {
        "id": "s#1",
        "before": SEED,
        "instruction": SEED,
        "response": "",
        "verdict": {"kept": True},
        "method": {"name": "code/direct", "digest": "sha256:0"},
    }
    path = tmp_path / "kept.jsonl"
    path.write_text(json.dumps(record))
    (found,) = check(read_pairs(path))
    assert (found["id"], [rule["rule"] for rule in found["rules"]]) == ("s#1", ["identity"])


def test_where_every_row_is_bad_the_first_says_why(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"seed": "a"}\n')
    with pytest.raises(BadInput, match=r"Not one row .* line 1: the row has no evolved"):
        list(read_pairs(path, skip_bad=True))


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="no rows"):
        list(read_pairs(path))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file"):
        list(read_pairs(tmp_path / "nothing.jsonl"))
