"""The error tree: every way a verb can end badly, with its code and exit status.

Decides what is an exception. An individual failure (one bad evolution, one refused answer) is data,
see `types.Failure`; what stops a whole verb is one of these. Showing them is left to `cli`.

    AutoevolError                1  internal
    ├── UsageError               2  the command line or a setting cannot be meant
    ├── BadInput                 2  a file, a row, a method or a domain cannot be read
    │   └── MethodChanged        2  a frozen method's text no longer matches its digest
    ├── FolderBusy               2  another process holds the run folder
    ├── StorageFailed            2  disk full, read-only, not permitted
    ├── BudgetReached            3  the hard cap would be passed; the run can go on later
    ├── TimeUp                   3  so was the time; the run can go on
    └── ProviderError            4  no usable answer can be had
        ├── Unreachable          4  nobody answers at the address
        ├── Unauthorised         4  no key, wrong key, not allowed
        ├── Rejected             4  the endpoint refuses this request for good (400, 422)
        │   └── RefusesAll       4  it refuses whatever is asked so (no such model, a whole batch)
        ├── Unavailable          4  one call kept failing (429, 5xx, cut); roles make it *unknown*
        │   └── Hopeless         4  … and will, whenever it is asked: of that name are
        │       ├── Garbled      4      every answer to it was rubbish
        │       ├── BatchFailed  4      it failed in every batch, others in them did not
        │       └── CutThinking  4      it was cut while thinking, at the largest cap
        ├── NotInLedger          4  a replay asked for a call the ledger does not hold
        ├── ModelFileRefused     4  a weights file is not the one in the manifest
        ├── RowsMissing          4  all is done but for a few rows that got no answer
        └── NothingUsable        4  too many unknowns, or no judge that can be trusted
            └── NoneKept         4  every row has its answer, and not one was kept
"""

from __future__ import annotations

import difflib
from collections.abc import Collection
from typing import ClassVar


class AutoevolError(Exception):
    """Base of all errors that autoevol raises on purpose.

    Args:
        message: what is wrong, naming the value.
        hint: the way out, as an imperative sentence; may be empty.
    """

    code: ClassVar[str] = "internal"
    exit_status: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()


class UsageError(AutoevolError):
    code, exit_status = "usage", 2


class BadInput(AutoevolError):
    code, exit_status = "bad_input", 2


class MethodChanged(BadInput):
    code = "method_changed"


class FolderBusy(AutoevolError):
    code, exit_status = "folder_busy", 2


class StorageFailed(AutoevolError):
    code, exit_status = "storage", 2


class BudgetReached(AutoevolError):
    code, exit_status = "budget_reached", 3


class TimeUp(AutoevolError):
    code, exit_status = "time_up", 3


class ProviderError(AutoevolError):
    code, exit_status = "provider", 4


class Unreachable(ProviderError):
    code = "unreachable"


class Unauthorised(ProviderError):
    code = "unauthorised"


class Rejected(ProviderError):
    code = "rejected"


class RefusesAll(Rejected):
    pass


class Unavailable(ProviderError):
    code = "unavailable"


class Hopeless(Unavailable):
    code = "hopeless"


class Garbled(Hopeless):
    code = "garbled"


class BatchFailed(Hopeless):
    code = "batch_failed"


class CutThinking(Hopeless):
    code = "cut_thinking"


class NotInLedger(ProviderError):
    code = "not_in_ledger"


class ModelFileRefused(ProviderError):
    code = "model_file_refused"


class RowsMissing(ProviderError):
    code = "rows_missing"


class NothingUsable(ProviderError):
    code = "nothing_usable"


class NoneKept(NothingUsable):
    pass


def lasting(error: AutoevolError) -> str:
    """The class of what one call met, if asking it again would end alike; '' if it might not."""
    for_good = isinstance(error, Hopeless | Rejected) and not isinstance(error, RefusesAll)
    return error.code if for_good else ""


def near(word: str, known: Collection[str]) -> str:
    """`Did you mean X? ` to open a hint with, '' where nothing known is near."""
    close = difflib.get_close_matches(word, known, n=1)
    return f"Did you mean {close[0]}? " if close else ""
