"""`autoevol compare`: methods side by side on the same items, by the same yardstick.

Decides the order of things: calibrate the judge, take a dozen items after another through all arms,
then measure what equal money buys, then write what it comes to. What an arm does to an item is left
to `comparing.arms`, what follows from it to `comparing.summary`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autoevol.casting import Cast
from autoevol.comparing.arms import Arm, Walk, Walker, best_of, make_arms, name_of
from autoevol.comparing.lineup import Lineup, Terms, make_lineup
from autoevol.comparing.materials import Kept, load_lineup, save_lineup
from autoevol.comparing.money import Till
from autoevol.comparing.summary import Comparison, Record
from autoevol.counted import several
from autoevol.data.seeds import Reading, read_seeds
from autoevol.domain import choose_domain
from autoevol.door import Door, addresses, check_door, open_client
from autoevol.errors import AutoevolError
from autoevol.evolving.flow import as_they_land
from autoevol.forms import Pool
from autoevol.llm.client import Client
from autoevol.measure import check_unknown
from autoevol.progress import Silent, Watcher
from autoevol.report.writing import reported
from autoevol.roles.proxies import Own, score_name
from autoevol.roles.rules.own import OwnRule
from autoevol.runs import RunFolder, Scalar, new_path, open_run, read_settings
from autoevol.settings import compare_settings
from autoevol.types import Instruction, Measurement, Method, Second
from autoevol.yardstick import calibrate, make_yardstick

BLOCK = 12
"""So many items go through all arms before the next ones: a run that is cut holds whole columns,
and calls with the same method stand together, which is what prefix caches live on."""
WRITE_S = 10.0
"""Seconds between two writings of the rows while a run goes on."""

Tables = Mapping[str, Mapping[str, Scalar]]
Json = dict[str, Any]


async def compare(
    methods: Sequence[str | Method],
    domain: str | None = None,
    *,
    data: str | None = None,
    describe: str = "",
    reading: Reading | None = None,
    terms: Terms | None = None,
    model: str | Cast | None = None,
    shelf: Path | None = None,
    run: Path | str | None = None,
    door: Door | None = None,
    max_minutes: float | None = None,
    watcher: Watcher | None = None,
) -> Comparison:
    """Measure methods on the same items and say who is shown to be better.

    Args:
        methods: methods, or where they are: `domain/name`, a bare name, a path; `all` is the shelf.
        domain: a shipped domain's name, or the path of a domain.toml; None is `code`, with `data`
            `chat`, which lends the judge's scale.
        data: the user's own instructions (see `dataset`), instead of the domain's.
        describe: one sentence on what `data` holds.
        reading: how rows of `data` or of the domain's seeds are read.
        terms: items, rounds, best-of arms, score, rules and seed; None is all as usual.
        model: the model of every role, PROVIDER/NAME; None is the embedded one. A `Cast` names
            evolver, responder and judge apart, temperatures and token caps.
        shelf: a folder of methods that is searched first.
        run: the run folder; None makes a new one under ./runs. An existing one goes on.
        door: how models are reached.
        max_minutes: no new dozen of items begins after so many.
        watcher: told how it goes.

    Raises:
        AutoevolError: see `errors`; whatever was paid for is in the folder's ledger.
    """
    pack = choose_domain(domain, data, describe)
    seeds = read_seeds(pack, reading)
    lineup = make_lineup(methods, pack, seeds, terms or Terms(), Cast.of(model), shelf)
    return await compare_lineup(
        lineup, run=run, door=door, max_minutes=max_minutes, watcher=watcher
    )


async def compare_lineup(
    lineup: Lineup,
    *,
    run: Path | str | None = None,
    door: Door | None = None,
    max_minutes: float | None = None,
    watcher: Watcher | None = None,
    invocation: Mapping[str, Scalar] | None = None,
) -> Comparison:
    """As `compare`, with everything chosen already. `invocation` is how it was called: it is kept
    in the folder for who goes on, and never compared."""
    door = door or Door()
    path = Path(run) if run else new_path("compare")
    check_door(door, lineup.cast.values(), path)
    settings: dict[str, Mapping[str, Scalar]] = dict(compare_settings(lineup))
    settings["endpoints"] = dict(addresses(door, lineup.cast))
    settings["invocation"] = dict(invocation or {})
    deadline = None if max_minutes is None else time.monotonic() + 60 * max_minutes
    return await _compare(lineup, settings, path, door, watcher or Silent(), deadline)


async def replay(
    old: Path | str,
    *,
    score: str | Own | None = None,
    rules: Sequence[OwnRule] = (),
    run: Path | str | None = None,
    watcher: Watcher | None = None,
) -> Comparison:
    """A finished comparison again, from its folder alone: nothing is sent, no key is needed.

    Args:
        old: the folder of the run.
        score, rules: the user's own functions that the run was made with; a file may not name them.
        run: where the new one goes; None makes a new folder under ./runs.
        watcher: told how it goes.

    Raises:
        BadInput: `old` holds no comparison, a damaged one, or one that was cut before its end.
        NotInLedger: its ledger is not whole.
        UsageError: it was made with functions of the user's that are not given, or others are.
    """
    folder = Path(old)
    kept = load_lineup(folder, score, rules)
    tables = read_settings(folder)
    settings = {name: table for name, table in tables.items() if name != "run"}
    door = Door(replay=True, reuse=[folder], identities=kept.identities)
    path = Path(run) if run else new_path("compare")
    return await _compare(kept.lineup, settings, path, door, watcher or Silent(), kept=kept)


async def _compare(
    lineup: Lineup,
    settings: Tables,
    path: Path,
    door: Door,
    watcher: Watcher,
    deadline: float | None = None,
    kept: Kept | None = None,
) -> Comparison:
    with open_run(path, "compare", settings) as folder, reported(path, watcher):
        log = folder.path / "runtime.log"
        async with open_client(door, folder.ledger, log, watcher, tuning=lineup.tuning) as client:
            table = await _lay(lineup, folder, client, door, watcher, kept)
            table.deadline = deadline
            try:
                await table.measure()
            except BaseException:
                # What ended the run is the news, not a summary that could not be written.
                with suppress(AutoevolError):
                    table.record.write(complete=False)
                raise
            summary = table.record.write(complete=table.whole)
            table.check()
            return Comparison(folder.path, summary)


@dataclass(slots=True)
class _Table:
    """A comparison under way. `equal` is what a replayed run's draws were made equal to."""

    record: Record
    walker: Walker
    watcher: Watcher
    at_once: int
    equal: Mapping[str, Json]
    deadline: float | None = None
    written: float = 0.0

    @property
    def whole(self) -> bool:
        """Every arm has been through all items."""
        return all(len(self.record.of(a)) == len(self._items) for a in self.record.arms)

    @property
    def _items(self) -> tuple[Instruction, ...]:
        return self.record.lineup.items

    async def measure(self) -> None:
        """All arms on all items, as far as time allows; best-of arms when costs are known."""
        record, lineup = self.record, self.record.lineup
        for note in lineup.notes:
            self.watcher.note(note)
        record.calibration = await calibrate(self.walker.yardstick.scorer, self.watcher)
        await self._through(record.arms, several(len(record.arms), "arm"))
        if lineup.best_of:
            drawn = self._drawn()
            record.arms += drawn
            await self._through(drawn, ", ".join(arm.name for arm in drawn))

    def _drawn(self) -> list[Arm]:
        """The best-of arms, each with as many draws as the dearest other method's money buys; in a
        replay with those that it bought."""
        record, arms = self.record, list[Arm]()
        alone = [record.figures(arm) for arm in record.arms if arm.method is not None]
        for method in record.lineup.best_of:
            base = next(one for one in alone if one["name"] == name_of(method))
            others = [one for one in alone if one is not base]
            equal = self.equal.get(method.digest) or record.till.draws(base, others)
            arms.append(best_of(method, equal["draws"]))
            record.equal[arms[-1].name] = equal
        return arms

    async def _through(self, arms: Sequence[Arm], title: str) -> None:
        self.watcher.stage(f"measuring {title}", len(arms) * len(self._items))

        async def one(pair: tuple[Arm, Instruction]) -> Walk:
            return await self.walker.walk(*pair)

        async with aclosing(as_they_land(self._pairs(arms), one, self.at_once)) as landed:
            async for walk in landed:
                self.record.walks.setdefault(walk.arm, {})[walk.seed.id] = walk
                self.watcher.advance()
                if time.monotonic() - self.written > WRITE_S:
                    self.record.write_rows()
                    self.written = time.monotonic()

    def _pairs(self, arms: Sequence[Arm]) -> Iterator[tuple[Arm, Instruction]]:
        """Block by block, in it arm by arm; no block begins after the deadline but the first."""
        for first in range(0, len(self._items), BLOCK):
            if first and self.deadline is not None and time.monotonic() > self.deadline:
                self.watcher.note(f"The time is up after {first} of {len(self._items)} items.")
                return
            for arm in arms:
                yield from ((arm, item) for item in self._items[first : first + BLOCK])

    def check(self) -> None:
        """Raise NothingUsable when too much of an arm is unknown to compare it fairly."""
        for arm in self.record.arms:
            outcomes = [
                next((o for o in looks if o.utility is None), looks[-1])
                for looks in ([one.outcome for one in w.rounds] for w in self.record.of(arm))
            ]
            check_unknown(Measurement(arm.name, tuple(outcomes)), arm.name)


async def _lay(
    lineup: Lineup,
    folder: RunFolder,
    client: Client,
    door: Door,
    watcher: Watcher,
    kept: Kept | None,
) -> _Table:
    """Everything made ready, and the folder able to be replayed from here on."""
    asked = dict.fromkeys(lineup.cast.values())
    identities = {model: await client.identity(model) for model in asked}
    rates = {model: await client.rates(model) for model in asked}
    rates |= kept.rates if kept else {}
    save_lineup(lineup, folder, identities, rates)
    models, domain = lineup.models, lineup.domain
    own = {item.text: item.id for item in lineup.items}
    partners = tuple(Second(text, own.get(text, "")) for text in lineup.partners)
    pool = Pool(partners, lineup.seed)
    yardstick = make_yardstick(client, models, domain, lineup.score, pool, lineup.rules)
    record = Record(
        folder=folder,
        lineup=lineup,
        till=Till(models.evolver, models.judge, domain, rates, score_name(lineup.score)),
        client=client,
        walks={},
        arms=make_arms(lineup.methods, lineup.also, plain=lineup.plain),
        equal={},
        first_bill=kept.bill if kept else None,
    )
    calls = door.calls
    walker = Walker(yardstick, lineup.rounds)
    at_once = calls + max(2, calls // 4)
    equal = kept.equal if kept else {}
    return _Table(record, walker, watcher, at_once, equal, written=time.monotonic())
