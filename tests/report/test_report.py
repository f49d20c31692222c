"""The report of whole runs: every part is there, nothing is loaded, every text is text."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoevol import __version__
from autoevol.cli.app import main
from autoevol.door import Door
from autoevol.errors import BadInput
from autoevol.methods import read_method
from autoevol.report.source import read_source
from autoevol.report.writing import reported, write_report
from autoevol.runs import RunFolder
from tests.report.conftest import Runs
from tests.report.runs import (
    SHAPES,
    Read,
    folder,
    read,
    record,
    trajectory,
    write_lines,
)
from tests.verbs.optimizing import World, learn

COMMON = {"method", "failures", "lengths", "diversity", "cost", "trajectories", "settings"}
SECTIONS = {
    "planted": COMMON | {"result", "course", "race", "lineage"},
    "flat": COMMON | {"result", "course", "race", "lineage"},
    "evolved": COMMON,
    "compared": COMMON | {"result"},
}
STANDARD = 2_000_000
"""Bytes of a report of a standard run, at most."""
HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "--></pre></details></section></main><h1>mine</h1>",
    '" onclick="alert(1)" x=\'',
    "{{ 7 * 7 }} {% raw %} &lt;b&gt; &amp;lt;",
    "]]> <!-- <svg/onload=alert(1)>",
)


def page(run: Path, **options: bool) -> Read:
    return read(raw(run, **options))


def raw(run: Path, **options: bool) -> str:
    return write_report(run, run.parent / f"{run.name}.html", **options).path.read_text("utf-8")


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_a_finished_run_has_its_report_with_every_part(runs: Runs, name: str) -> None:
    found = read((runs[name] / "report.html").read_text(encoding="utf-8"))
    assert set(found.sections) == SECTIONS[name]
    assert not found.unbalanced
    assert "could not be" not in found.text
    assert all(len(" ".join(text.split())) > 40 for text in found.sections.values())
    assert len(found.ids) == len(set(found.ids))
    named = {link.removeprefix("#") for link in found.attributes("href") if link.startswith("#")}
    assert named <= set(found.ids)
    assert set(found.sections) <= named


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_a_report_is_whole_and_loads_nothing(runs: Runs, name: str) -> None:
    text = raw(runs[name])
    found = read(text)
    assert not [
        tag for tag, _ in found.tags if tag in ("iframe", "object", "embed", "form", "base")
    ]
    for attribute in ("src", "srcset", "action", "poster", "xlink:href"):
        assert not found.attributes(attribute)
    assert {link for link in found.attributes("href") if not link.startswith("#")} == {"data:,"}
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert "url(" not in style
    assert "@import" not in style
    assert "://" not in found.script
    (policy,) = [a["content"] for _, a in found.tags if a.get("http-equiv")]
    seal = base64.b64encode(hashlib.sha256(found.script.encode()).digest()).decode()
    assert f"script-src 'sha256-{seal}'" in policy
    assert policy.startswith("default-src 'none';")
    assert len(text.encode()) < STANDARD


def test_the_headline_says_what_was_learned_and_what_was_not(runs: Runs) -> None:
    learned, nothing = (page(runs[name]) for name in ("planted", "flat"))
    summary = json.loads((runs["planted"] / "summary.json").read_text())
    arms = summary["confirm"]["arms"]
    assert "A better method was learned: on 10 untouched items" in learned.text
    assert f"{arms['learned']['score']['mean']:.2f} against" in learned.text
    assert "No better method was shown" in nothing.text
    kept = json.loads((runs["evolved"] / "summary.json").read_text())["kept"]
    assert f"{kept} of 30 evolved rows were kept" in page(runs["evolved"]).text


def test_a_comparison_shows_every_method_and_its_place(runs: Runs) -> None:
    summary = json.loads((runs["compared"] / "summary.json").read_text())
    found = page(runs["compared"])
    said = " ".join(found.text.split())
    assert summary["verdict"]["said"] in said
    methods = len(summary["arms"]) - 1
    assert f"Measured were {methods} methods and the plain seeds, on 6 items." in said
    for arm in summary["arms"]:
        assert arm["name"] in found.sections["result"]
        assert arm["name"] in found.sections["failures"]
    shown = {a["data-place"] for _, a in found.tags if a.get("class") == "seen"}
    assert shown == {arm["name"] for arm in summary["arms"]}
    for path in (runs["compared"] / "methods").glob("*/*.md"):
        assert f"{path.parent.name}/{path.stem}, as it stands" in found.sections["method"]


def test_everything_of_a_comparison_stands_in_the_order_of_its_ranking(runs: Runs) -> None:
    summary = json.loads((runs["compared"] / "summary.json").read_text())
    ranked = [one["name"] for one in summary["ranking"]]
    assert ranked != [arm["name"] for arm in summary["arms"] if arm["name"] != "seeds"]
    text = raw(runs["compared"])
    pictures = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    score = next(one for one in pictures if "Score of each method" in one)
    drawn = [name for name in re.findall(r"<text[^>]*>([^<]*)</text>", score) if "/" in name]
    assert drawn == ranked
    result = text[text.index('id="result"') : text.index('id="method"')]
    rows = re.findall(r'<th scope="row">(\S+) − (\S+)</th><td>([^<]*)</td>', result)
    assert [(a, b) for a, b, _ in rows] == list(combinations(ranked, 2))
    assert not [said for _, _, said in rows if said.startswith("−")], "the better placed first"


def test_every_candidate_stands_in_the_race_with_how_it_ended(runs: Runs) -> None:
    steps = json.loads((runs["planted"] / "steps.json").read_text())["steps"]
    found = page(runs["planted"])
    said = found.sections["race"]
    for step in steps:
        for candidate in step["candidates"]:
            assert all(edit in said for edit in candidate["edits"])
            if candidate["ending"] == "accepted":
                assert f"took the method's place: {step['decision']['difference']:+.2f}" in said
    pictures = [a["aria-label"] for tag, a in found.tags if tag == "svg"]
    assert any(label.startswith("Tree of methods") for label in pictures)
    assert all(label for label in pictures)
    assert {tag for tag, _ in found.tags} >= {"line", "circle", "polyline"} & SHAPES


def test_what_the_final_method_holds_anew_is_traced_to_its_step(runs: Runs) -> None:
    text = raw(runs["planted"])
    steps = json.loads((runs["planted"] / "steps.json").read_text())["steps"]
    last = [s for s in steps if s["winner"] is not None][-1]
    title = f"Step {last['step']}, candidate {last['winner']}"
    block = text[text.index('class="diff"') : text.index('id="failures"')]
    assert title in block
    assert re.search(r'class="row (added|changed|gone)"', block)


@pytest.mark.parametrize("name", ["planted", "flat"])
def test_what_was_learned_has_one_name(runs: Runs, name: str) -> None:
    """That of its file: frozen, else among the candidates."""
    run = runs[name]
    summary = json.loads((run / "summary.json").read_text())
    learned = summary["confirm"]["arms"]["learned"]
    files = [read_method(path) for path in (run / "method.md", *run.glob("candidates/*.md"))]
    called = next(one for one in files if one.digest == learned["digest"])
    assert learned["name"] == f"{called.domain}/{called.name}"
    assert read_source(run).names[learned["digest"]] == learned["name"]
    said = " ".join(page(run).sections["course"].split())
    assert learned["name"] in said
    if summary["better"]:
        assert learned["name"] == f"code/{summary['method']['name']}"


def test_every_trajectory_of_a_small_run_is_on_the_page(runs: Runs) -> None:
    lines = [
        json.loads(line)
        for name in ("trajectories.jsonl", "confirm-trajectories.jsonl")
        for line in (runs["planted"] / name).read_text().splitlines()
    ]
    found = page(runs["planted"])
    shown = [a for tag, a in found.tags if a.get("class") == "seen"]
    assert len(shown) == len(lines)
    assert {a["data-place"] for a in shown} >= {"initial method", "minibatch of step 1"}
    assert f"All {len(lines)} of the run." in found.text


def test_without_texts_no_seed_rewrite_answer_or_lesson_is_left(runs: Runs) -> None:
    text = raw(runs["planted"], texts=False)
    lines = (runs["planted"] / "confirm-trajectories.jsonl").read_text().splitlines()
    for line in lines:
        for evolution in json.loads(line)["evolutions"]:
            assert evolution["before"] not in text
            assert not evolution["after"] or evolution["after"] not in text
    feedback = (runs["planted"] / "feedback.jsonl").read_text().splitlines()
    assert not any(lesson in text for line in feedback for lesson in json.loads(line)["lessons"])
    assert "Texts were left out" in text
    assert set(read(text).sections) == SECTIONS["planted"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_shows_as_text(tmp_path: Path, text: str) -> None:
    run = folder(tmp_path / "run", settings={"domain": text, "initial": text})
    everywhere = dict.fromkeys(("item", "before", "after", "response", "evidence"), text)
    write_lines(
        run / "trajectories.jsonl",
        [trajectory(1, **everywhere), trajectory(2, "leak", **everywhere)],
    )
    found, plain = page(run), folder(tmp_path / "plain", settings={"domain": "x", "initial": "x"})
    write_lines(plain / "trajectories.jsonl", [trajectory(1), trajectory(2, "leak")])
    assert not found.unbalanced
    tags = {tag for tag, _ in found.tags}
    assert tags <= {tag for tag, _ in page(plain).tags} | {"ins", "del"}
    assert not {name for _, a in found.tags for name in a if name.startswith("on")}
    assert found.sections["trajectories"].count(text) >= 6
    assert found.script == page(plain).script


@settings(max_examples=25, deadline=None)
@given(text=st.text(min_size=1, max_size=60), rule=st.text(max_size=12))
def test_any_text_leaves_the_page_whole(
    tmp_path_factory: pytest.TempPathFactory, text: str, rule: str
) -> None:
    run = folder(tmp_path_factory.mktemp("any") / "run", "evolve")
    fields = dict.fromkeys(("item", "before", "after", "response"), text)
    write_lines(run / "kept.jsonl", [record(1, **fields)])
    write_lines(run / "dropped.jsonl", [record(2, kept=False, rule=rule or "x", **fields)])
    found = page(run)
    assert not found.unbalanced
    assert set(found.sections) == COMMON
    assert len([a for _, a in found.tags if a.get("class") == "seen"]) == 2


def test_marks_that_turn_or_hide_text_are_made_visible(tmp_path: Path) -> None:
    run = folder(tmp_path / "run", "evolve")
    write_lines(run / "kept.jsonl", [record(1, after="safe\u202egnp.exe\u0000\u001b[31m")])
    text = raw(run)
    assert not set(text) & set("\u202e\u0000\u001b")
    assert "safe\ufffdgnp.exe\ufffd\ufffd[31m" in text


def test_a_long_run_is_sampled_and_says_so(tmp_path: Path) -> None:
    run = folder(tmp_path / "run", "evolve")
    write_lines(run / "kept.jsonl", (record(n) for n in range(80_000)))
    rules = ("length", "identity", "leak")
    write_lines(
        run / "dropped.jsonl",
        (record(n, kept=False, rule="rare" if n == 7 else rules[n % 3]) for n in range(20_000)),
    )
    made = write_report(run)
    found = read(made.path.read_text(encoding="utf-8"))
    assert made.trajectories == 100_000
    assert 500 < made.shown < 2_000
    assert made.size < STANDARD
    assert f"A sample: {made.shown:,} of 100,000" in " ".join(found.text.split())
    assert "80,000 of 100,000 evolved rows were kept (80" in found.text
    shown = {a["data-class"] for _, a in found.tags if a.get("class") == "seen"}
    assert shown == {*rules, "rare", "no failure"}
    assert write_report(run).path.read_bytes() == made.path.read_bytes()


def test_endless_texts_are_cut_and_the_page_stays_small(tmp_path: Path) -> None:
    run = folder(tmp_path / "run", "evolve")
    write_lines(run / "kept.jsonl", (record(n, after="again and " * 600) for n in range(300)))
    made = write_report(run)
    assert made.size < STANDARD
    assert made.shown < made.trajectories == 300
    assert "more characters]" in made.path.read_text(encoding="utf-8")


def test_an_empty_run_has_a_report_that_says_so(tmp_path: Path) -> None:
    for verb in ("optimize", "compare", "evolve"):
        found = page(folder(tmp_path / verb, verb))
        assert "found out nothing yet" in found.text
        assert "could not be" not in found.text
        assert set(found.sections) >= COMMON


async def test_a_cut_run_has_a_report_of_what_it_did(tmp_path: Path) -> None:
    world = World()

    def stop(request: object) -> None:
        if (run / "steps.json").exists():
            raise RuntimeError("cut here")

    run, world.odd = tmp_path / "run", stop
    with pytest.raises(RuntimeError, match="cut here"):
        await learn(run, model="fake/w", door=Door(scripts={"w": world}))
    found = read((run / "report.html").read_text(encoding="utf-8"))
    assert "The run has not ended: 1 of 2 steps are through" in found.text
    assert "Step 1" in found.sections["race"]
    assert "could not be" not in found.text
    assert found.sections["result"].strip().endswith("confirmed on untouched items.")


def test_a_cut_run_of_an_older_version_still_says_how_far_it_got(
    runs: Runs, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    shutil.copytree(runs["planted"], run)
    for name in ("steps.json", "summary.json", "confirm.jsonl", "confirm-trajectories.jsonl"):
        (run / name).unlink()
    found = page(run)
    assert "The run has not ended: 2 of 2 steps are through." in found.text
    assert "could not be" not in found.text


def test_a_comparison_that_was_killed_shows_what_its_rows_come_to(
    runs: Runs, tmp_path: Path
) -> None:
    """Killed, it has no summary; its rows say the same."""
    run = tmp_path / "run"
    shutil.copytree(runs["compared"], run)
    summary = json.loads((run / "summary.json").read_text())
    (run / "summary.json").unlink()
    found = read_source(run).summary
    for name in ("pairs", "ranking", "verdict", "power"):
        assert found[name] == summary[name]
    for arm, other in zip(found["arms"], summary["arms"], strict=True):
        assert {k: v for k, v in arm.items() if k != "million"} == {
            name: other[name] for name in arm if name != "million"
        }
    said = " ".join(page(run).text.split())
    who = f"{len(summary['arms']) - 1} methods and the plain seeds"
    assert f"The comparison has not ended: so far {who} on 6 of 6 items." in said
    assert "Nothing is compared yet" not in said
    assert "money for them" not in said
    rows = (run / "measured.jsonl").read_text().splitlines()
    cut = [row for n, row in enumerate(rows) if n < len(rows) - 2] + ['{"arm": "x"}', "{cut"]
    (run / "measured.jsonl").write_text("\n".join(cut) + "\n")
    assert "the plain seeds on 4 to 6 of 6 items" in " ".join(page(run).text.split())


def test_a_comparison_that_was_stopped_and_gone_on_with_shows_the_newer_of_the_two(
    runs: Runs, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    shutil.copytree(runs["compared"], run)
    summary = json.loads((run / "summary.json").read_text())
    for arm in summary["arms"]:
        arm["items"] = 2
    (run / "summary.json").write_text(json.dumps({**summary, "complete": False}))
    assert " on 2 of 6 items" in page(run).text
    later = (run / "summary.json").stat().st_mtime + 5
    os.utime(run / "measured.jsonl", (later, later))
    assert " on 6 of 6 items" in page(run).text


@pytest.mark.parametrize("content", ['{"version": 0}', '{"version": 1, "arms": [{"name": "a"}]}'])
def test_a_folder_of_another_version_is_named_with_the_version_that_wrote_it(
    runs: Runs, tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    shutil.copytree(runs["compared"], run)
    (run / "summary.json").write_text(content)
    toml = (run / "run.toml").read_text()
    (run / "run.toml").write_text(re.sub(r'(?m)^autoevol = ".*"', 'autoevol = "0.0.1"', toml))
    assert main(["report", str(run), "--json"]) == 0
    done = capsys.readouterr()
    gaps = json.loads(done.out)["gaps"]
    assert any("written by autoevol 0.0.1" in gap and __version__ in gap for gap in gaps)
    assert "written by autoevol 0.0.1" in done.err
    assert "written by autoevol 0.0.1" in (run / "report.html").read_text()


@pytest.mark.parametrize("name", ["summary.json", "steps.json"])
@pytest.mark.parametrize("content", ["{", "[]", '{"version": 9, "steps": [{"step": 1}]}', "\xff"])
def test_a_damaged_or_newer_folder_is_shown_as_far_as_it_is_understood(
    runs: Runs, tmp_path: Path, name: str, content: str
) -> None:
    run = tmp_path / "run"
    shutil.copytree(runs["planted"], run)
    (run / name).write_text(content, encoding="latin-1")
    (run / "candidates" / "000.md").write_text("garbage 17")
    with (run / "trajectories.jsonl").open("a") as file:
        file.write("{broken\n" + '{"cut": ')
    made = write_report(run)
    found = read(made.path.read_text(encoding="utf-8"))
    assert not found.unbalanced
    assert set(found.sections) == SECTIONS["planted"]
    assert any(name in gap for gap in made.gaps)
    assert "trajectories.jsonl: 1 damaged line is left out." in found.text
    assert "garbage 17" not in found.text


def test_a_run_of_an_older_version_lacks_only_what_it_did_not_keep(
    runs: Runs, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    shutil.copytree(runs["planted"], run)
    for name in ("steps.json", "confirm-trajectories.jsonl"):
        (run / name).unlink()
    summary = json.loads((run / "summary.json").read_text())
    for step in summary["steps"]:
        del step["dev"], step["front"]
        for candidate in step["candidates"]:
            del candidate["dev"], candidate["broken"]
    (run / "summary.json").write_text(json.dumps(summary))
    found = page(run)
    assert "A better method was learned" in found.text
    assert "kept no failure rates from step to step" in found.sections["course"]
    assert "could not be" not in found.text


def test_a_report_that_cannot_be_written_ends_no_run(
    runs: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    class Told:
        def note(self, text: str) -> None:
            said.append(text)

    def full(self: RunFolder, *given: str) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(RunFolder, "write", full)
    with reported(runs["planted"], Told()):  # type: ignore[arg-type]
        pass
    assert said == ["report.html was not written: OSError: [Errno 28] No space left on device"]


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch, lambda path: None])
def test_what_is_no_run_folder_is_refused(tmp_path: Path, make: object) -> None:
    place = tmp_path / "place"
    make(place)  # type: ignore[operator]
    with pytest.raises(BadInput, match="not a run folder"):
        write_report(place)


def test_the_command_writes_it_where_it_is_told(
    runs: Runs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "new" / "a.html"
    assert main(["report", str(runs["flat"]), "--out", str(place), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["report"] == str(place)
    assert document["bytes"] == place.stat().st_size
    assert main(["report", str(runs["flat"]), "--no-text", "--out", str(place)]) == 0
    assert capsys.readouterr().out.strip() == str(place)
    assert "Texts were left out" in place.read_text(encoding="utf-8")
    assert main(["report", str(tmp_path / "nothing"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "bad_input"


def test_addresses_lose_their_passwords_and_no_text_the_machine(tmp_path: Path) -> None:
    run = folder(
        tmp_path / "run",
        "evolve",
        invocation={
            "method": "/home/me/m.md",
            "base_url": "https://me:secret@host.example/v1?key=held-back",
            "no_respond": True,
            "field": "instruction=task,id=uuid",
        },
    )
    text = raw(run)
    assert "secret" not in text
    assert "held-back" not in text
    line = next(
        one for one in read(text).sections["settings"].splitlines() if "evolve /home" in one
    )
    assert "--no-respond --field instruction=task --field id=uuid" in line
    assert "/home/me" not in raw(run, texts=False)
