"""Which addresses named by a file may be spoken to, and which keys never go there.

Decides the rule for a configuration file: somebody else may have written it, so an
address in it is confirmed once, and a provider's own key never goes to it. Asking the person is
left to `cli`, which hands in a function.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

from autoevol.errors import UsageError

Confirm = Callable[[str], bool]
"""Asked with a line such as `llm.example:8000 (key from MY_KEY)`; True lets the run go there."""


def admit(
    table: str, host: str, key_env: str, home_keys: Collection[str], confirm: Confirm | None
) -> None:
    """Let an address from a file pass, or raise.

    Args:
        table: the endpoint's name.
        host: where the requests would go, with the scheme where they would go unencrypted.
        key_env: the variable whose value would be sent, '' for none.
        home_keys: the variables that hold providers' own keys.
        confirm: asked once; None is a no.

    Raises:
        UsageError: the address would get a provider's own key, or was not confirmed.
    """
    if key_env in home_keys:
        raise UsageError(
            f"[endpoints.{table}] would send {key_env} to {host}.",
            "Give it an api_key_env of its own: a provider's key goes only to that provider.",
        )
    line = f"{host} (key from {key_env})" if key_env else f"{host} (no key)"
    if confirm is None or not confirm(line):
        raise UsageError(
            f"[endpoints.{table}] of the configuration leads to {line}, which is not confirmed.",
            "Confirm it when asked, or pass --trust-config if you wrote this file.",
        )


def remembering(confirm: Confirm, store: Path | None = None, file: str = "") -> Confirm:
    """Ask only once for each line.

    Args:
        confirm: who is asked.
        store: a text file that keeps the yeses for later runs; None keeps them for this run only.
        file: the configuration that the yeses are for: another one with the same line is asked for.
    """
    answers: dict[str, bool] = {}

    def ask(line: str) -> bool:
        if line not in answers:
            kept = json.dumps([file, line])  # no name of a file can look like two lines
            known = kept in _stored(store)
            answers[line] = known or confirm(line)
            if answers[line] and not known and store is not None:
                _keep(store, kept)
        return answers[line]

    return ask


def _stored(store: Path | None) -> list[str]:
    if store is None or not store.is_file():
        return []
    return store.read_text(encoding="utf-8", errors="replace").splitlines()


def _keep(store: Path, line: str) -> None:
    # Where there is no place for it, as in a container, the yes holds for this run.
    with suppress(OSError):
        store.parent.mkdir(parents=True, exist_ok=True)
        with store.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
