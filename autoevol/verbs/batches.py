"""`autoevol batches`: what a run has with the providers, and ending it.

Decides what is told of a batch, and that one is only called ended when the provider was asked to.
What was answered before is fetched by the next start on the folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from autoevol.door import Door
from autoevol.errors import BadInput, Rejected, Unreachable
from autoevol.llm.batches.api import BatchApi
from autoevol.llm.batches.apis import batch_api
from autoevol.llm.batches.kept import FOLDER, Kept, read_all, remove, write
from autoevol.llm.endpoints import load_endpoints
from autoevol.llm.provider import TryAgain
from autoevol.llm.providers import Opener
from autoevol.runs import SETTINGS


def batches(run: Path) -> list[Kept]:
    """What a run folder knows of its batches, the oldest first.

    Raises:
        BadInput: it is no run folder, or a file cannot be read.
    """
    if not (run / SETTINGS).is_file():
        raise BadInput(f"{run} is not a run folder.", "Name the --out folder of an evolve run.")
    return read_all(run / FOLDER)


async def cancel(run: Path, door: Door) -> list[Kept]:
    """Ask the providers to end all batches of a folder, and return what it now knows of them.

    A batch that had ended by then stays open: its answers are all there to be fetched.

    Raises:
        BadInput: see `batches`.
        Unauthorised, Unreachable: the provider cannot be asked.
    """
    kept, tables = batches(run), load_endpoints(door.config)
    for one in kept:
        if one.state not in ("sending", "open"):
            continue
        opener = Opener(endpoints=tables, base_url=door.base_url, confirm=door.confirm)
        provider = await opener(one.model)
        try:
            api = batch_api(provider)
            if api is not None and provider.identity == one.identity:
                await _cancel(run / FOLDER, one, kept, api)
        except TryAgain as error:
            raise Unreachable(
                f"{provider.name}: its batches cannot be reached ({error.reason}).", "Try again."
            ) from error
        finally:
            await provider.aclose()
    return batches(run)


async def _cancel(folder: Path, one: Kept, every: Sequence[Kept], api: BatchApi) -> None:
    batch = one.batch
    if not batch:
        names = frozenset(posted.name for posted in one.posted)
        known = frozenset(other.batch for other in every)
        found = await api.find(one.tag, one.since, names, known)
        if found is None:
            remove(folder, one)
            return
        batch = found
    looked = await api.look(batch)
    if looked.stage in ("ended", "refused"):
        state = one.state if one.batch else "open"
    else:
        with suppress(Rejected):  # it ended between the look and this
            await api.cancel(batch)
        state = "cancelled"
    write(folder, replace(one, batch=batch, state=state))
