"""Exports of a run, each loaded by the library that names it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import yaml  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from autoevol.cli.app import main
from autoevol.data.dataset import read_rows
from autoevol.errors import BadInput, NothingUsable, UsageError
from autoevol.evolving.records import to_line
from autoevol.training.card import code, plain, table
from autoevol.training.formats import FORMATS
from autoevol.training.rows import Counts, alpaca, leaving, turns_of, wide
from autoevol.verbs.export_data import export_data

Json = dict[str, Any]
SECRET = "the seed's own answer, which is stale"


def record(number: int, **changes: Any) -> Json:
    """A kept record with everything that may and may not leave."""
    said = f"Answer {number} with \u2028 a odd line end, <b>markup</b> and 日本語."
    asked = f"Evolved instruction {number}"
    return {
        "id": f"r{number}",
        "seed_id": f"s{number}",
        "parent_id": f"s{number}",
        "round": 1,
        "variant": 0,
        "messages": [
            {"role": "user", "content": asked},
            {"role": "assistant", "content": said},
        ],
        "instruction": asked,
        "response": said,
        "reasoning": f"thought {number}",
        "before": f"Seed {number}",
        "verifier": {"kind": "answer", "answer": SECRET, "status": "stale"},
        "method": {"name": "code/direct", "digest": "sha256:ab", "prompt_digest": "sha256:cd"},
        "models": {"evolver": "openai/m", "responder": "openai/n"},
        "sample": 0,
        "verdict": {"kept": True, "reason": "", "failures": [], "score": None, "scorer": ""},
        "usage": {"input": 1, "output": 1, "reasoning": 0, "cached": 0, "cost": None},
        "license": "MIT",
        "lang": "en",
        "domain": "code",
        "extra": {"canonical_solution": SECRET, "seed_response": SECRET},
        **changes,
    }


def conversation(number: int) -> Json:
    """A record of several turns under a system message."""
    whole = record(number)
    earlier = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": "Hello to you"},
    ]
    return {**whole, "messages": [*earlier, *whole["messages"]], "license": "", "lang": ""}


RECORDS = [record(0), record(1, reasoning=""), conversation(2)]
SUMMARY = {
    "verb": "evolve",
    "complete": True,
    "kept": 3,
    "dropped": {"identity": 4, "refusal | <b>": 1},
    "method": {"name": "code/direct", "digest": "sha256:ab"},
}
SETTINGS = """
[run]
verb = "evolve"
[settings]
method = "code/direct"
[models]
evolver = "openai/m"
responder = "openai/n"
[data]
source = "seeds.jsonl"
digest = "sha256:ef"
[invocation]
method = "/home/me/private/method.md"
data = "/home/me/private/seeds.jsonl"
limit = 3
"""


def folder(path: Path, records: list[Json] = RECORDS, settings: str = SETTINGS) -> Path:
    path.mkdir()
    (path / "run.toml").write_text(settings)
    (path / "summary.json").write_text(json.dumps(SUMMARY))
    (path / "kept.jsonl").write_bytes(b"".join(map(to_line, records)))
    return path


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return folder(tmp_path / "My Run")


def loaded(kind: str, files: str, tmp_path: Path) -> list[Json]:
    """What Hugging Face's datasets makes of it."""
    datasets = pytest.importorskip("datasets", reason="needs the extra hf")
    kwargs = {} if kind == files else {"data_files": files}
    with patch.object(datasets.config, "HF_HUB_OFFLINE", True):  # no counting of loads elsewhere
        cache = str(tmp_path / "cache")
        return list(datasets.load_dataset(kind, split="train", cache_dir=cache, **kwargs))


# Every format, as the library that names it reads it


def test_messages_are_what_trl_and_openai_read(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "m.jsonl"
    export_data(run, "messages", out)
    rows = loaded("json", str(out), tmp_path)
    assert rows == [{"messages": one["messages"]} for one in RECORDS]
    # OpenAI's fine-tuning takes no other column, and each example ends with the assistant.
    for line in out.read_text("utf-8").splitlines():
        assert set(json.loads(line)) == {"messages"}
        assert json.loads(line)["messages"][-1]["role"] == "assistant"


def test_trl_knows_the_format_as_conversational(run: Path, tmp_path: Path) -> None:
    trl = pytest.importorskip("trl", reason="trl brings torch, too much for a test environment")
    export_data(run, "messages", tmp_path / "m.jsonl")
    assert all(map(trl.is_conversational, loaded("json", str(tmp_path / "m.jsonl"), tmp_path)))


def test_alpaca(run: Path, tmp_path: Path) -> None:
    export_data(run, "alpaca", tmp_path / "a.json")
    rows = loaded("json", str(tmp_path / "a.json"), tmp_path)
    assert [(row["instruction"], row["input"], row["output"]) for row in rows] == [
        (one["instruction"], "", one["response"]) for one in RECORDS
    ]
    assert (rows[2]["system"], rows[2]["history"]) == ("Be brief.", [["Hello", "Hello to you"]])
    assert (rows[0]["system"], rows[0]["history"]) == ("", [])


def test_alpaca_has_three_columns_where_three_are_enough(tmp_path: Path) -> None:
    run = folder(tmp_path / "run", RECORDS[:2])
    export_data(run, "alpaca", tmp_path / "a.json")
    rows = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert [set(row) for row in rows] == [{"instruction", "input", "output"}] * 2


def test_sharegpt(run: Path, tmp_path: Path) -> None:
    export_data(run, "sharegpt", tmp_path / "s.jsonl")
    rows = loaded("json", str(tmp_path / "s.jsonl"), tmp_path)
    speakers = [[turn["from"] for turn in row["conversations"]] for row in rows]
    assert speakers == [["human", "gpt"]] * 2 + [["system", "human", "gpt", "human", "gpt"]]
    assert rows[0]["conversations"][1]["value"] == RECORDS[0]["response"]


def test_parquet_is_read_by_pyarrow(run: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs the extra parquet")
    export_data(run, "parquet", tmp_path / "p.parquet")
    rows = parquet.read_table(tmp_path / "p.parquet").to_pylist()
    assert [row["messages"] for row in rows] == [one["messages"] for one in RECORDS]
    assert [(row["id"], row["seed_id"], row["round"]) for row in rows] == [
        (one["id"], one["seed_id"], 1) for one in RECORDS
    ]
    assert {json.loads(row["verifier"])["status"] for row in rows} == {"stale"}


def test_a_data_set_folder_loads_by_its_path_and_has_a_card(run: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="needs the extra parquet")
    out = tmp_path / "set"
    export_data(run, "hf", out)
    assert [path.name for path in (out / "data").iterdir()] == ["train-00000-of-00001.parquet"]
    rows = loaded(str(out), str(out), tmp_path)
    assert [row["instruction"] for row in rows] == [one["instruction"] for one in RECORDS]

    card = (out / "README.md").read_text("utf-8")
    head = yaml.safe_load(card.split("---\n")[1])
    assert head["license"] == ["mit", "unknown"]
    assert head["language"] == ["en"]
    assert head["size_categories"] == ["n<1K"]
    [config] = head["configs"]
    assert config["data_files"] == [{"split": "train", "path": "data/train-*.parquet"}]
    for fact in (
        "`sha256:ab`",
        "`openai/m`",
        "`openai/n`",
        "`identity` | 4",
        "`MIT` | 2",
        "autoevol evolve method.md --data seeds.jsonl --evolver openai/m --responder openai/n",
        "--limit 3",
    ):
        assert fact in card
    assert "/home/me" not in card
    assert "| <b>" not in card
    assert "$" not in card


def test_a_data_set_is_cut_into_shards(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyarrow", reason="needs the extra parquet")
    monkeypatch.setattr("autoevol.training.formats.IN_A_FILE", 2)
    export_data(run, "hf", tmp_path / "set")
    names = sorted(path.name for path in (tmp_path / "set" / "data").iterdir())
    assert names == ["train-00000-of-00002.parquet", "train-00001-of-00002.parquet"]
    assert len(loaded(str(tmp_path / "set"), str(tmp_path / "set"), tmp_path)) == 3


def test_llama_factory_finds_its_entry(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "LLaMA-Factory"
    out.mkdir()
    (out / "dataset_info.json").write_text('{"identity": {"file_name": "identity.json"}}')
    export_data(run, "llama-factory", out)
    entries = json.loads((out / "dataset_info.json").read_text())
    assert entries["identity"] == {"file_name": "identity.json"}
    entry = entries["my_run"]
    assert entry["formatting"] == "sharegpt"
    # Read as its converter does: the named column, the named tags, roles that it knows by tag.
    tags = entry["tags"]
    roles = {tags[f"{speaker}_tag"] for speaker in ("user", "assistant", "system")}
    for row in loaded("json", str(out / entry["file_name"]), tmp_path):
        turns = row[entry["columns"]["messages"]]
        assert {turn[tags["role_tag"]] for turn in turns} <= roles
        assert all(turn[tags["content_tag"]] for turn in turns)
    with pytest.raises(UsageError, match="my_run"):
        export_data(run, "llama-factory", out)


@pytest.mark.parametrize("to", [name for name in FORMATS if name != "llama-factory"])
def test_what_was_exported_can_be_evolved_again(run: Path, tmp_path: Path, to: str) -> None:
    if to in ("parquet", "hf"):
        pytest.importorskip("pyarrow", reason="needs the extra parquet")
    out = tmp_path / f"again{FORMATS[to][1]}"
    export_data(run, to, out)
    rows = list(read_rows(out / "data" if to == "hf" else out))
    assert [row.instruction for row in rows] == [one["instruction"] for one in RECORDS]


# What may leave


@pytest.mark.parametrize("to", FORMATS)
def test_no_stale_answer_leaves_and_no_column_of_the_seed_but_as_extra(
    run: Path, tmp_path: Path, to: str
) -> None:
    if to in ("parquet", "hf"):
        pytest.importorskip("pyarrow", reason="needs the extra parquet")
    out = tmp_path / f"x{FORMATS[to][1]}"
    done = export_data(run, to, out)
    assert done.counts.stale == 3
    for path in [out] if out.is_file() else [p for p in out.rglob("*") if p.is_file()]:
        if path.suffix == ".parquet":
            parquet = pytest.importorskip("pyarrow.parquet")
            rows = parquet.read_table(path).to_pylist()
            beside = [json.loads(row.pop("extra")) for row in rows]
            assert beside == [{"canonical_solution": SECRET}] * 3
            text = json.dumps(rows)
        else:
            text = path.read_text("utf-8")
        assert SECRET not in text


def test_tables_hold_what_a_rewrite_came_from(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="needs the extra parquet")
    odd = record(1, variant="down", extra={"tags": [1, {"a": None}], "name": "日本"})
    export_data(folder(tmp_path / "run", [record(0), odd]), "parquet", tmp_path / "x.parquet")
    rows = loaded("parquet", str(tmp_path / "x.parquet"), tmp_path)
    assert [(row["before"], row["variant"]) for row in rows] == [
        ("Seed 0", "0"),
        ("Seed 1", "down"),
    ]
    assert json.loads(rows[1]["extra"]) == {"tags": [1, {"a": None}], "name": "日本"}


@pytest.mark.parametrize(
    ("status", "leaves"), [("valid", True), ("regenerated", True), ("stale", False)]
)
def test_a_verifier_leaves_only_while_it_holds(status: str, leaves: bool) -> None:
    verifier = {"kind": "answer", "answer": SECRET, "status": status}
    row = wide(record(0, verifier=verifier), False)
    assert (SECRET in row["verifier"]) == leaves
    assert json.loads(row["verifier"])["status"] == status


def test_reasoning_stands_before_the_answer_or_nowhere(run: Path, tmp_path: Path) -> None:
    for keep in (False, True):
        out = tmp_path / f"{keep}.jsonl"
        done = export_data(run, "messages", out, reasoning=keep)
        assert done.counts.reasoned == 2
        answers = [one["messages"][-1]["content"] for one in loaded("json", str(out), tmp_path)]
        assert [answer.startswith("<think>\nthought") for answer in answers] == [keep, False, keep]
        assert all(a.endswith(r["response"]) for a, r in zip(answers, RECORDS, strict=True))


@pytest.mark.parametrize("tag", ["</think>", "<think>", "</THINK>"])
def test_reasoning_that_speaks_of_tags_ends_once(tag: str) -> None:
    thought = f"The tag {tag} ends it."
    said = turns_of(record(0, reasoning=thought), True)[-1]["content"]
    assert said.lower().count("<think>") == said.lower().count("</think>") == 1
    assert said.startswith(f"<think>\nThe tag &lt;{tag[1:]} ends it.\n</think>\n\nAnswer 0")


def seed_as_it_came(number: int, responder: str = "") -> Json:
    """The record of a seed that was kept beside its rewrites."""
    nobody = {"name": "", "digest": "", "prompt_digest": ""}
    models = {"responder": responder} if responder else {}
    return record(number, round=0, method=nobody, models=models, before="")


def test_a_card_counts_rewrites_and_seeds_apart(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="needs the extra parquet")
    seeds = [seed_as_it_came(n, "openai/n" if n == 3 else "") for n in range(1, 4)]
    run = folder(tmp_path / "run", [record(0), *seeds])
    done = export_data(run, "hf", tmp_path / "set")
    card = " ".join((tmp_path / "set" / "README.md").read_text("utf-8").split())
    assert "4 rows: 1 instruction that a language model rewrote" in card
    assert "and 3 seeds as they came (2 with the answer that they came with)" in card
    assert "| none | none | none | none | 2 |" in card
    assert "| none | none | none | `openai/n` | 1 |" in card
    assert "| `code/direct` | `sha256:ab` | `openai/m` | `openai/n` | 1 |" in card
    assert "| rounds | 3 seeds, 1 of round 1 |" in card
    assert done.counts.as_json()["seeds"] == 3
    only = folder(tmp_path / "only", seeds)
    export_data(only, "hf", tmp_path / "set2")
    assert "rewrote" not in (tmp_path / "set2" / "README.md").read_text("utf-8")


def test_records_without_an_answer_stay(tmp_path: Path) -> None:
    bare = record(5, response="", messages=[{"role": "user", "content": "x"}])
    dropped = record(6, verdict={"kept": False, "reason": "identity"})
    run = folder(tmp_path / "run", [bare, dropped, record(1)])
    done = export_data(run, "messages", tmp_path / "m.jsonl")
    assert (done.counts.rows, done.counts.unanswered) == (1, 1)
    empty = folder(tmp_path / "empty", [bare, dropped])
    with pytest.raises(NothingUsable, match="no answer"):
        export_data(empty, "messages", tmp_path / "n.jsonl")
    assert not (tmp_path / "n.jsonl").exists()


TURNS = st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1)), min_size=1, max_size=4)


@given(TURNS, st.text(), st.text())
def test_alpaca_loses_no_turn(turns: list[tuple[str, str]], system: str, thought: str) -> None:
    spoken = [
        {"role": role, "content": text}
        for pair in turns
        for role, text in zip(("user", "assistant"), pair, strict=True)
    ]
    first = [{"role": "system", "content": system}] if system else []
    one = record(0, messages=[*first, *spoken], reasoning=thought)
    row = alpaca(one, True)
    said = [*row["history"], [row["instruction"], row["output"]]]
    assert [text for pair in said for text in pair] == [
        turn["content"] for turn in turns_of(one, True) if turn["role"] != "system"
    ]
    assert row["system"] == system


def test_turns_that_do_not_alternate_are_no_alpaca(tmp_path: Path) -> None:
    twice = record(0)
    run = folder(
        tmp_path / "run", [{**twice, "messages": [twice["messages"][0], *twice["messages"]]}]
    )
    with pytest.raises(BadInput, match="alternate"):
        export_data(run, "alpaca", tmp_path / "a.json")
    export_data(run, "messages", tmp_path / "m.jsonl")


@given(st.text())
def test_nothing_in_a_card_is_markup(text: str) -> None:
    assert "<" not in plain(text)
    shown = code(text)
    assert "\n" not in shown
    assert "|" not in shown
    assert shown.count("`") in (0, 2)
    assert len(table({text: 1}, "x").splitlines()) == 3


# As it is typed


def test_the_command_line(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["export-data", str(run), "--to", "messages"]
    assert main([*words, "--json"]) == 0
    said: Mapping[str, Any] = json.loads(capsys.readouterr().out)
    assert (said["rows"], said["stale"], said["complete"]) == (3, 3, True)
    assert Path(said["out"]) == tmp_path / "My Run-messages.jsonl"
    assert main(words) == 2  # it is there already
    assert "already" in capsys.readouterr().err
    assert main([*words, "--out", "other.jsonl", "--reasoning", "keep"]) == 0
    assert "3 rows in other.jsonl" in capsys.readouterr().out
    assert main(["export-data", str(run), "--to", "csv"]) == 2
    assert main(["export-data", str(tmp_path), "--to", "messages"]) == 2


def test_only_runs_of_evolve_are_exported(tmp_path: Path) -> None:
    run = folder(tmp_path / "run", settings=SETTINGS.replace('"evolve"', '"optimize"'))
    with pytest.raises(BadInput, match="not a run of evolve"):
        export_data(run, "messages", tmp_path / "m.jsonl")


def test_counts_are_those_of_what_left() -> None:
    counts = Counts()
    assert len(list(leaving(RECORDS, counts))) == 3
    assert (counts.licenses, counts.languages) == ({"MIT": 2, "": 1}, {"en": 2, "": 1})
