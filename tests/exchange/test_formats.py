"""Exports, each read or run by what it is for: Python, YAML and JSON readers, DSPy, autoevol."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import dspy
import jinja2
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol.errors import UsageError
from autoevol.exchange.formats import FORMATS, format_named, written
from autoevol.forms import Pool, form_of, share_of
from autoevol.methods import list_methods, load_method, read_method
from autoevol.prompts import load_prompt
from autoevol.roles.evolver import beside, final_section, framed, free_tag
from autoevol.types import Instruction, Method, Second
from tests.server import Reply, serve_in_thread

SHELF = [f"{method.domain}/{method.name}" for method in list_methods()]
HOSTILE = (
    'Say """, \\N{BULLET}, $tag, $$5, {{ x }}, {% y %}, {# z #}, @@NAME@@ and \u2028 ends.\n\n'
    "1. Keep \"quotes\", 'both', and a back\\slash at the end \\\n"
)
ITEMS = (
    Instruction("Sort a list of names.", "seed-1"),
    Instruction("Print $tag, </evolved>, {{ x }} and '''.", "seed-2"),
    Instruction("数を並べる。\n\nNo spaces.", "seed-3"),
)
OTHER = "Count the words in a file that holds </evolved-1>."


def loaded(source: str) -> dict[str, Any]:
    module: dict[str, Any] = {"__name__": "exported"}
    exec(compile(source, "exported.py", "exec"), module)
    return module


def asked_by_autoevol(
    method: Method,
    item: Instruction,
    sample: int = 0,
    round: int = 1,
    *,
    other: str = OTHER,
    seed: int = 3,
) -> list[Any]:
    share = share_of(method, item, Pool((Second(other),), seed), sample=sample, round=round)
    tag = free_tag(item.text + share.partner)
    said = beside(share.partner, share.guidance)
    prompt, aim = load_prompt("evolver"), form_of(method).aim
    two = framed(prompt, share.text, item.text, beside=said, aim=aim, tag=tag)
    return [{"role": message.role, "content": message.content} for message in two]


@pytest.mark.parametrize("name", [*SHELF, "hostile"])
def test_the_python_file_asks_for_exactly_what_autoevol_asks_for(name: str) -> None:
    method = Method("m", "code", HOSTILE) if name == "hostile" else load_method(name)
    module = loaded(written(method, "python"))
    for item in ITEMS:
        for round, sample in ((1, 0), (2, 0), (4, 1)):
            drawn = {"item": item.id, "round": round, "sample": sample, "seed": 3}
            asked = module["messages"](item.text, OTHER, **drawn)
            assert asked == asked_by_autoevol(method, item, sample, round)
    assert module["DIGEST"] == method.digest


def test_the_python_file_takes_the_result_out_as_autoevol_does() -> None:
    module = loaded(written(load_method("any/harder"), "python"))
    for answer in ("<evolved>a</evolved>\n<evolved> b </evolved> c", "none", "<evolved>x"):
        assert module["result"](answer, "Sort.") == final_section(answer)
    hostile = ITEMS[1].text
    assert (
        module["result"]("<evolved-1>Go </evolved> on.</evolved-1>", hostile) == "Go </evolved> on."
    )


@pytest.mark.exported
@pytest.mark.parametrize("name", ["any/evol-mixed", "any/fusion", "code/tag-evol", "any/hostile"])
def test_python_runs_the_file_with_nothing_installed(name: str, tmp_path: Path) -> None:
    method = Method("hostile", "any", HOSTILE) if name == "any/hostile" else load_method(name)
    (tmp_path / "harder.py").write_text(written(method, "python"), encoding="utf-8")
    item = ITEMS[0]
    code = (
        "import json, sys; sys.path.insert(0, '.'); from harder import evolve\n"
        "asked, drawn = [], dict(item='seed-1', seed=3)\n"
        "said = lambda m: asked.append(m) or '<evolved>Sort them twice.</evolved>'\n"
        f"made = evolve({item.text!r}, said, {OTHER!r}, **drawn)\n"
        "print(json.dumps([made, asked]))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["Sort them twice.", [asked_by_autoevol(method, item)]]


def test_a_method_that_joins_two_asks_for_the_second_one() -> None:
    module = loaded(written(load_method("any/fusion"), "python"))
    with pytest.raises(ValueError, match="any/fusion joins two"):
        module["messages"]("Sort.")


@pytest.mark.parametrize("name", SHELF)
def test_markdown_is_a_method_file_that_loads(name: str, tmp_path: Path) -> None:
    method, path = load_method(name), tmp_path / "m.md"
    path.write_text(written(method, "markdown"), encoding="utf-8")
    again = read_method(path)
    assert (again.text, again.digest, again.head) == (method.text, method.digest, method.head)
    head = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
    assert head["digest"] == method.digest


def test_json_is_the_card_with_lineage_scores_and_messages() -> None:
    head = {"reference": "r", "evolver": "openai/m", "score": "0.3 (0.2–0.4)"}
    learned = Method("a", "code", "1. Ask for more.\n", "learned", "code/initial", head)
    card = json.loads(written(learned, "json"))
    assert card["parent"] == "code/initial"
    assert card["card"] == head
    assert card["digest"] == learned.digest
    system, user = (turn["content"] for turn in card["messages"])
    assert system.startswith("1. Ask for more.\n")
    filled = user.replace("$instruction", "Sort.")
    assert filled == asked_by_autoevol(learned, Instruction("Sort.", "x"), 0, 1)[1]["content"]
    drawn = json.loads(written(load_method("any/evol-mixed"), "json"))
    assert drawn["messages"][0]["content"].startswith("$method\n")
    assert drawn["operations"][0]["name"] == "constraints"


@pytest.mark.exported
@pytest.mark.parametrize("name", ["code/direct", "any/fusion", "math/initial"])
def test_dspy_loads_the_file_as_a_working_program(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITELLM_LOCAL_MODEL_COST_MAP", "true")
    method, path = load_method(name), tmp_path / "program.json"
    path.write_text(written(method, "dspy"), encoding="utf-8")
    two = form_of(method).two
    program = dspy.Predict(
        f"{'instruction, second' if two else 'instruction'} -> evolved_instruction"
    )
    program.load(path)
    assert program.signature.instructions == method.text.strip()
    reply = "[[ ## evolved_instruction ## ]]\nSort names by length.\n\n[[ ## completed ## ]]"
    with serve_in_thread(lambda asked: Reply(reply)) as server:
        lm = dspy.LM("openai/m", api_base=server.openai_url, api_key="k", cache=False)
        with dspy.context(lm=lm, adapter=dspy.ChatAdapter()):
            inputs = {"instruction": "Sort names."} | ({"second": OTHER} if two else {})
            done = program(**inputs)
        sent = json.dumps(server.requests[0].json["messages"], ensure_ascii=False)
    assert done.evolved_instruction == "Sort names by length."
    for words in ("Sort names.", "do not answer it", method.text.strip().split("\n")[0][:40]):
        assert words in sent.replace("Do not", "do not")
    assert (OTHER in sent) == two


@given(text=st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip))
@settings(max_examples=60)
def test_data_designers_columns_read_the_same_as_json_and_as_yaml(text: str) -> None:
    document = written(Method("m", "any", text), "data-designer")
    columns = json.loads(document)["data_designer"]["columns"]
    assert yaml.safe_load(document)["data_designer"]["columns"] == columns
    shown = jinja2.Environment().from_string(columns[0]["system_prompt"]).render()
    # Jinja ends lines its own way.
    assert "".join(shown.split()).startswith("".join(text.split()))


@pytest.mark.parametrize("to", FORMATS)
@pytest.mark.parametrize("name", ["any/evol-mixed", "code/tag-evol", "any/fusion", "code/direct"])
def test_a_format_holds_all_of_a_method_or_says_which_would(name: str, to: str) -> None:
    method, chosen = load_method(name), FORMATS[to]
    form = form_of(method)
    draws = bool(form.operations or form.budget)
    if (chosen.draws or not draws) and (chosen.joins or not form.two):
        assert written(method, to)
    else:
        with pytest.raises(UsageError, match=rf"{to} cannot hold {name}: .* Export it to .*json"):
            written(method, to)


def test_an_unknown_format_is_named_with_a_near_one() -> None:
    with pytest.raises(UsageError, match=r"'jsn'\. Did you mean 'json'"):
        format_named("jsn")


@pytest.mark.parametrize("reader", ["python", "dspy", "distilabel", "data_designer"])
def test_the_record_says_how_it_went_in_everything_that_reads_an_export(reader: str) -> None:
    """README points at this record, and `make test-exports` writes it."""
    kept = Path(__file__).parents[2] / "benchmarks" / "results" / "exports.json"
    record = json.loads(kept.read_text(encoding="utf-8"))
    ended = [how for name, how in record["exports"].items() if name.startswith(f"test_{reader}_")]
    assert len(ended) >= 3
    assert set(ended) == {"passed"}
    assert record["tools"][reader.replace("_", "-")]
