"""The yardstick of a run, made ready: the roles that measure a method, and a judge put to the test.

Decides with what caps the measuring roles work, and that a judge that cannot order pairs of known
order ends the run. Stands apart from `desk` so that who only measures loads nothing that learns.
"""

from __future__ import annotations

from collections.abc import Sequence

from autoevol.caps import rewrite_cap
from autoevol.casting import Models
from autoevol.domain import Domain
from autoevol.errors import NothingUsable
from autoevol.forms import EMPTY, Pool
from autoevol.llm.client import Client
from autoevol.measure import PROBE_TOKENS, Yardstick
from autoevol.progress import Watcher
from autoevol.prompts import load_prompt
from autoevol.roles.calibration import TRUST, Calibration, Proxy, judge_pairs
from autoevol.roles.evolver import Evolver
from autoevol.roles.proxies import GAIN, Own, OwnScore, make_proxy
from autoevol.roles.responder import Responder
from autoevol.roles.rules.own import OwnRule, with_own


def make_yardstick(
    client: Client,
    models: Models,
    domain: Domain,
    score: str | Own = GAIN,
    pool: Pool = EMPTY,
    rules: Sequence[OwnRule] = (),
) -> Yardstick:
    """The roles that measure a method.

    Args:
        score: the proxy score, by name or a function of the user's.
        rules: the user's own, beside the shipped ones.
        pool: what methods draw from that join two instructions; see `forms`.

    Raises:
        UsageError: there is no proxy score of that name, or two rules of one name.
    """
    prompt, cap = load_prompt("evolver"), rewrite_cap(models.evolver)
    return Yardstick(
        evolver=Evolver(client, models.evolver, prompt, max_tokens=cap, pool=pool),
        responder=Responder(client, models.responder, max_tokens=PROBE_TOKENS),
        scorer=make_proxy(score, client, models.judge, domain),
        rules=with_own(rules),
    )


async def calibrate(scorer: Proxy, watcher: Watcher) -> Calibration:
    """Trust a judge only when it orders pairs of known order. A user's own score is only told how
    it did: what it measures need not be difficulty.

    Raises:
        NothingUsable: a judge does not.
    """
    watcher.stage("calibrating the judge on pairs of known order", len(scorer.domain.pairs))
    found = await judge_pairs(scorer, watcher.advance)
    share = f"{found.accuracy:.0%} of {found.pairs} pairs"
    said = f"The judge {found.judge} orders {share} right"
    if isinstance(scorer, OwnScore):
        said = (
            f"The score {found.judge} orders {share} by difficulty, which need not be what a score "
            "of your own measures"
        )
    if found.order_bias is not None:
        said += f" (bias towards the first of two: {found.order_bias:+.2f})"
    if not found.trusted and not isinstance(scorer, OwnScore):
        raise NothingUsable(
            f"{said}; below {TRUST:.0%} its scores are not trusted.",
            "Name a better judge with --judge.",
        )
    alike = sum(pair.harder is None for pair in scorer.domain.pairs)
    rest = f"; {alike} more only restate a task" if alike else ""
    watcher.note(f"{said}{rest}.")
    return found
