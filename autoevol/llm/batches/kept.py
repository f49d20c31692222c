"""What a run folder knows of its batches: one small file each, so that a kill loses none.

Decides what is written and when it counts as written: the file lies on the disk before the batch is
sent, and the batch's id as soon as it is known. What is done about batches is left to `batches`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NamedTuple

from autoevol.errors import BadInput, StorageFailed
from autoevol.llm.messages import Request, Usage

FOLDER = "batches"
"""Where they lie in a run folder."""

State = Literal["sending", "open", "cancelled", "done"]
"""sending: it may or may not have been sent. open: the provider has it. cancelled: asked to stop,
what it still answered is yet to be fetched. done: nothing of it is to be had any more."""


class Posted(NamedTuple):
    """A request in a batch: what its answer is read and booked by when the asker is gone.

    `name` is its name there, `key` the call's in the ledger; `input` is an upper bound of tokens.
    """

    name: str
    key: str
    role: str
    sample: int
    max_tokens: int
    stop: tuple[str, ...]
    input: int
    top_logprobs: int

    def request(self, model: str) -> Request:
        """The request without its messages."""
        return Request(
            model,
            (),
            self.role,
            self.max_tokens,
            stop=self.stop,
            top_logprobs=self.top_logprobs,
            sample=self.sample,
        )

    @property
    def most(self) -> Usage:
        """What it can use at most."""
        return Usage(self.input, self.max_tokens)


@dataclass(frozen=True, slots=True)
class Kept:
    """One batch. `tag` is ours and known before it is sent, `batch` the provider's id ('' before).

    `model` is PROVIDER/NAME, `identity` of the provider; `sent` is UTC. `requests` counts all of
    them, `posted` are those that are still waited for.
    """

    tag: str
    model: str
    identity: str
    sent: str
    requests: int
    state: State = "sending"
    batch: str = ""
    answered: int = 0
    failed: int = 0
    posted: tuple[Posted, ...] = ()

    @property
    def waiting(self) -> bool:
        return self.state != "done"

    @property
    def since(self) -> datetime:
        return datetime.fromisoformat(self.sent)


def fresh(tag: str, model: str, identity: str, posted: Sequence[Posted]) -> Kept:
    """A batch that is about to be sent."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Kept(tag, model, identity, now, len(posted), posted=tuple(posted))


def done(kept: Kept, answered: int, failed: int) -> Kept:
    """A batch of which nothing is to be had any more."""
    return replace(kept, state="done", answered=answered, failed=failed, posted=())


def write(folder: Path, kept: Kept) -> None:
    """Write a batch's file anew, whole. Raises StorageFailed."""
    path = folder / f"{kept.tag}.json"
    draft = path.with_suffix(".new")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with draft.open("w", encoding="utf-8") as file:
            json.dump(asdict(kept), file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        raise StorageFailed(
            f"{path}: {error.strerror or error}.", "Free space or permit writing, then start again."
        ) from error


def remove(folder: Path, kept: Kept) -> None:
    """Forget a batch that was never sent."""
    (folder / f"{kept.tag}.json").unlink(missing_ok=True)


def read_all(folder: Path) -> list[Kept]:
    """All batches of a folder, the oldest first; none if there is no folder.

    Raises:
        BadInput: a file is damaged.
    """
    found = [_read(path) for path in sorted(folder.glob("*.json"))]
    return sorted(found, key=lambda kept: kept.sent)


def _read(path: Path) -> Kept:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        values = {field.name: content[field.name] for field in fields(Kept)}
        rows = [(*row[:5], tuple(row[5]), *row[6:]) for row in values.pop("posted")]
        return Kept(**values, posted=tuple(Posted(*row) for row in rows))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise BadInput(
            f"{path}: a batch's file cannot be read ({error!r}).",
            "Remove it: the batch's answers are lost to this folder, and asked for again.",
        ) from error
