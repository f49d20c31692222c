"""The yardstick of a run, made ready: the roles that measure a method, and a judge put to the test.

Decides with what caps the measuring roles work, and that a judge that cannot order pairs of known
order ends the run. Stands apart from `desk` so that who only measures loads nothing that learns.
"""

from __future__ import annotations

from autoevol.caps import rewrite_cap
from autoevol.casting import Models
from autoevol.domain import Domain
from autoevol.errors import NothingUsable
from autoevol.llm.client import Client
from autoevol.measure import PROBE_TOKENS, Yardstick
from autoevol.progress import Watcher
from autoevol.prompts import load_prompt
from autoevol.roles.evolver import Evolver
from autoevol.roles.responder import Responder
from autoevol.roles.scorer import TRUST, Calibration, Scorer


def make_yardstick(client: Client, models: Models, domain: Domain) -> Yardstick:
    """The roles that measure a method."""
    prompt, judge = load_prompt("evolver"), models.judge
    return Yardstick(
        evolver=Evolver(client, models.evolver, prompt, max_tokens=rewrite_cap(models.evolver)),
        responder=Responder(client, models.responder, max_tokens=PROBE_TOKENS),
        # Anthropic's endpoint gives no log-probabilities; asking for them would waste a call.
        scorer=Scorer(
            client, judge, load_prompt("judge"), domain, repeated=judge.startswith("anthropic/")
        ),
    )


async def calibrate(scorer: Scorer, watcher: Watcher) -> Calibration:
    """Trust the judge only when it orders pairs of known order.

    Raises:
        NothingUsable: it does not.
    """
    watcher.stage("calibrating the judge on pairs of known order", len(scorer.domain.pairs))
    found = await scorer.calibrate(watcher.advance)
    said = f"The judge {found.judge} orders {found.accuracy:.0%} of {found.pairs} pairs right"
    if not found.trusted:
        raise NothingUsable(
            f"{said}; below {TRUST:.0%} its scores are not trusted.",
            "Name a better judge with --judge.",
        )
    watcher.note(f"{said}.")
    return found
