"""Rules of the user's own: functions from an evolution to a failure, or None.

Decides what such a rule is called, where it stands, and that one that breaks stops the verb: what
it failed to say cannot be told from content. What it looks for is the user's; how a flag finds it
is `autoevol.own`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from autoevol.errors import UsageError
from autoevol.own import BROKEN, quietly
from autoevol.roles.eliminator import RULES
from autoevol.roles.rules.exhibit import Rule
from autoevol.types import Evolution, Failure

OwnRule = Callable[[Evolution], Failure | None]
"""Called for a rewrite, whose `response` is still '', and again when it is answered."""


def with_own(rules: Iterable[OwnRule]) -> tuple[Rule, ...]:
    """The shipped rules, then the user's own, which are named as their functions are.

    Raises:
        UsageError: two rules have one name. Called, a rule of the user's own that raises or gives
            something else than a failure raises it, too.
    """
    own = tuple(map(_guarded, rules))
    taken = [rule.__name__ for rule in (*RULES, *own)]
    for rule in own:
        if taken.count(rule.__name__) > 1:
            raise UsageError(
                f"There are two rules named {rule.__name__}.", "Give the function another name."
            )
    return (*RULES, *own)


def rule_names(rules: Iterable[OwnRule]) -> str:
    """How the user's own rules are called in a run's settings: MODULE:FUNCTION, MODULE:FUNCTION."""
    return ", ".join(map(_full_name, rules))


def meanings(rules: Iterable[OwnRule]) -> dict[str, str]:
    """What a user's rule means when it fires, by its name: the first line of its docstring."""
    told = ((_name(rule), (rule.__doc__ or "").strip().partition("\n")[0]) for rule in rules)
    return {name: line for name, line in told if line}


def _name(rule: OwnRule) -> str:
    return str(getattr(rule, "__name__", type(rule).__name__))


def _full_name(rule: OwnRule) -> str:
    return f"{getattr(rule, '__module__', '')}:{_name(rule)}"


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _guarded(rule: OwnRule) -> Rule:
    name, named = _name(rule), _full_name(rule)

    def guarded(evolution: Evolution) -> Failure | None:
        try:
            said = quietly(rule, evolution)
        except BROKEN as error:
            raise UsageError(
                f"The rule {named} failed on {evolution.before.id}: {_said(error)}",
                "It is called with an Evolution; its response may be ''.",
            ) from error
        if said is not None and not isinstance(said, Failure):
            raise UsageError(
                f"The rule {_full_name(rule)} gave {said!r:.80}.",
                "Return a Failure(rule, evidence), or None.",
            )
        return said and replace(said, rule=name)

    guarded.__name__ = name
    return guarded
