"""`autoevol optimize`: learn an evolution method.

Decides the order of things: watch a minibatch, analyze, propose, race, accept, confirm, freeze.
Each of these has a file of its own. Source: Auto Evol-Instruct (arXiv 2406.00770), section 3; where
and why this differs is in docs/decisions.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autoevol.casting import Cast, Models
from autoevol.data.seeds import Reading, Seeds, read_seeds
from autoevol.data.splits import SPLITS, Languages, Split, minibatches, split
from autoevol.domain import Domain, choose_domain
from autoevol.door import Door, addresses, check_door, open_client
from autoevol.forms import Pool
from autoevol.learning.acceptance import confirm
from autoevol.learning.course import Course
from autoevol.learning.desk import Desk, make_desk
from autoevol.learning.judging import Reference, choose
from autoevol.learning.presets import Preset
from autoevol.learning.presets import preset as named_preset
from autoevol.learning.propose import Evidence, propose
from autoevol.learning.race import run_race
from autoevol.learning.steps import Step
from autoevol.learning.story import Final, Result, Story
from autoevol.learning.study import open_study
from autoevol.llm.tuning import Tuning
from autoevol.measure import check_unknown
from autoevol.methods import check_start, load_method, stranger
from autoevol.progress import Silent, Watcher
from autoevol.report.writing import reported
from autoevol.roles.optimizer import Tried
from autoevol.roles.proxies import score_name
from autoevol.roles.rules.own import rule_names
from autoevol.runs import RunFolder, Scalar, new_path, open_run
from autoevol.settings import optimize_settings, tuned
from autoevol.together import beside, together
from autoevol.types import Instruction, Measurement, Method, Second


async def optimize(
    domain: str | None = None,
    *,
    data: str | None = None,
    describe: str = "",
    preset: str | Preset = "standard",
    model: str | Cast | None = None,
    course: Course | None = None,
    reading: Reading | None = None,
    run: Path | str | None = None,
    door: Door | None = None,
    max_minutes: float | None = None,
    watcher: Watcher | None = None,
    invocation: Mapping[str, Scalar] | None = None,
) -> Result:
    """Learn a method and freeze it in a run folder.

    Args:
        domain: a shipped domain's name, or the path of a domain.toml; None is `code`. With `data`
            it only lends its starting methods and the judge's scale; None is then `chat`.
        data: the user's own instructions (see `dataset`), instead of the domain's.
        describe: one sentence on what `data` holds.
        preset: the sizes, by name or in person.
        model: the model of every role, PROVIDER/NAME; None is the embedded one. A `Cast` names
            single roles' models, temperatures and token caps, too.
        course: the method to start from, the score, rules of the user's own, the seed of
            randomness; None is all as usual.
        reading: how rows of `data` or of the domain's seeds are read.
        run: the run folder; None makes a new one under ./runs. An existing one goes on.
        door: how models are reached.
        max_minutes: no new step begins after so many.
        watcher: told how it goes.
        invocation: how it was called; kept in the folder for who goes on, and never compared.

    Raises:
        AutoevolError: see `errors`; whatever was paid for is in the folder's ledger.
    """
    sizes = preset if isinstance(preset, Preset) else named_preset(preset)
    pack = choose_domain(domain, data, describe)
    lesson = _prepare(pack, reading, sizes, Cast.of(model), course or Course())
    watcher, door = watcher or Silent(), door or Door()
    path = Path(run) if run else new_path("optimize")
    check_door(door, lesson.who.as_table().values(), path)
    said = stranger(lesson.start, pack.name, pack.initial.partition("/")[0], said=pack.said)
    if said:
        watcher.note(said)
    settings: dict[str, Mapping[str, Scalar]] = {
        **lesson.settings(),
        "endpoints": dict(addresses(door, lesson.who.as_table())),
        "invocation": dict(invocation or {}),
    }
    deadline = None if max_minutes is None else time.monotonic() + 60 * max_minutes
    with open_run(path, "optimize", settings) as folder, reported(path, watcher):
        return await _learn_in(folder, lesson, door, watcher, deadline)


@dataclass(frozen=True, slots=True)
class _Lesson:
    """All that is chosen before the first call."""

    domain: Domain
    sizes: Preset
    who: Models
    tuning: Tuning
    course: Course
    start: Method
    rival: Method
    seeds: Seeds
    parts: Split

    def settings(self) -> dict[str, dict[str, Scalar]]:
        """What two starts must share."""
        course = self.course
        tables = optimize_settings(
            self.domain, self.seeds, self.sizes, self.who, self.start, self.rival, course.seed
        )
        tables["settings"]["score"] = score_name(course.score)
        if course.rules:
            tables["settings"]["rules"] = rule_names(course.rules)
        return {**tables, **tuned(self.tuning)}


def _prepare(
    domain: Domain, reading: Reading | None, sizes: Preset, cast: Cast, course: Course
) -> _Lesson:
    """Everything settled that needs no model and no folder."""
    named = course.initial
    start = named if isinstance(named, Method) else load_method(named or domain.initial)
    check_start(start)
    seeds, tuning = read_seeds(domain, reading), cast.tuning()
    parts = split_for(sizes, seeds.items, course.seed)
    rival = load_method(domain.rival)
    return _Lesson(domain, sizes, cast.models, tuning, course, start, rival, seeds, parts)


async def _learn_in(
    folder: RunFolder, lesson: _Lesson, door: Door, watcher: Watcher, deadline: float | None
) -> Result:
    """The roles at work in an opened folder."""
    parts, course, tuning = lesson.parts, lesson.course, lesson.tuning
    # Who measures the method later can leave out what it was learned and chosen on.
    shares = {"train": parts.train, "dev": parts.dev, "confirm": parts.confirm}
    folder.write_json(SPLITS, {name: [i.id for i in held] for name, held in shares.items()})
    log, who, sizes = folder.path / "runtime.log", lesson.who, lesson.sizes
    async with open_client(door, folder.ledger, log, watcher, tuning=tuning) as client:
        pool = Pool(tuple(Second(item.text, item.id) for item in parts.train), course.seed)
        domain, rules = lesson.domain, course.rules
        desk = make_desk(client, who, domain, sizes, watcher, course.score, pool, rules)
        start, rival = lesson.start, lesson.rival
        story = Story(folder, domain, sizes, who, start, rival, course.seed, client)
        warmth = tuning.temperature.get("optimizer")
        return await learn(desk, story, parts, deadline, warmth=warmth)


def split_for(sizes: Preset, items: Sequence[Instruction], seed: int) -> Split:
    """Train, dev and confirm for a preset; English alone for `quick`, whose strata would be
    empty."""
    languages: Languages = "en" if sizes.name == "quick" else "all"
    fit = sum(languages == "all" or item.lang in ("", "en") for item in items)
    spare = fit - sizes.dev - sizes.confirm
    train = max(sizes.batch, min(sizes.batch * sizes.steps, spare))
    return split(
        items, train=train, dev=sizes.dev, confirm=sizes.confirm, seed=seed, languages=languages
    )


async def learn(
    desk: Desk, story: Story, parts: Split, deadline: float | None, *, warmth: float | None = None
) -> Result:
    """The loop of the paper, with a race for its selection. `warmth` is the optimizer's
    temperature where the user set it."""
    sizes, watcher = desk.sizes, desk.watcher
    story.calibration = await desk.calibrate()
    study = open_study(
        story.folder.path / "study.sqlite3",
        seed=story.seed,
        name=story.folder.name,
        dev=sizes.dev,
        block=sizes.block,
        warmth=warmth,
    )
    incumbent, rival = story.initial, story.rival
    known, history, shown, idle = [incumbent.text], list[Tried](), list[str](), 0
    batches = minibatches(parts.train, sizes.batch, sizes.steps, story.seed)

    watcher.stage(f"{incumbent.name}: dev set and first minibatch", sizes.dev + sizes.batch)
    best, seen = await desk.first_look(incumbent, parts.dev, batches[0])
    story.first = best
    reference = Reference(best, story.seed, sizes.steps)
    for step, batch in enumerate(batches, start=1):
        if step > 1:
            watcher.stage(f"step {step}: evolving a minibatch", len(batch))
            observed = desk.yardstick.observe(incumbent, batch, watcher.advance)
            seen = await beside(study.save, observed)
        shown += [text for one in seen for text in one.texts]
        watcher.stage(f"step {step}: analyzing failures", 0)
        feedback = await desk.analyze(incumbent, seen, step)
        watcher.stage(f"step {step}: rewriting the method", 0)
        evidence = Evidence(incumbent, feedback, seen, history, rival, known, shown)
        candidates = await propose(
            evidence, sizes.candidates, step, optimizer=desk.optimizer, study=study, watcher=watcher
        )
        watcher.stage(f"step {step}: racing {len(candidates)}", len(candidates) * sizes.dev)
        race = await run_race(candidates, best, parts.dev, desk, study)
        choice = choose(race, candidates, best, reference, study, paper=sizes.paper)
        known += [c.method.text for c in candidates]
        history += choice.tried(race, candidates, best)
        story.add(Step(step, incumbent, best, seen, feedback, candidates, race, choice))
        watcher.note(choice.say(step))
        idle = 0 if choice.winner else idle + 1
        if choice.winner:
            incumbent, best = choice.winner.method, race.finished[choice.winner.number]
        if idle >= sizes.patience or (deadline is not None and time.monotonic() > deadline):
            break
    final = await beside(study.save, confirm_on(desk, story, parts.confirm, incumbent))
    return await story.end(final)


async def confirm_on(
    desk: Desk, story: Story, items: Sequence[Instruction], learned: Method
) -> Final:
    """The three named methods on items that nothing has seen; they are measured side by side."""
    named = {m.digest: m for m in (story.initial, learned, story.rival)}
    desk.watcher.stage("confirming on untouched items", len(named) * len(items))
    observed = await together(
        desk.yardstick.observe(method, items, desk.watcher.advance) for method in named.values()
    )
    seen = dict(zip(named, observed, strict=True))
    by_digest = {
        digest: Measurement(digest, tuple(one.outcome for one in seen[digest])) for digest in named
    }
    for digest, method in named.items():
        check_unknown(by_digest[digest], method.name)
    mine = by_digest[learned.digest]
    first, rival = by_digest[story.initial.digest], by_digest[story.rival.digest]
    # A text under two of the three names is compared with no text of its own.
    others = (
        first if learned.digest != story.initial.digest else None,
        rival if story.rival.digest not in (learned.digest, story.initial.digest) else None,
    )
    found = confirm(mine, *others, seed=story.seed) if any(others) else None
    return Final(learned, mine, first, rival, found, seen)
