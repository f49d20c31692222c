"""Which filters a run has.

Decides their names, what is the usual choice, and which choices make no sense. What each filter
does is left to the files beside this one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from autoevol.errors import BadInput, UsageError
from autoevol.own import named_function
from autoevol.text.language import COMMON

Dedup = Literal["minhash", "rouge", "exact", "none"]
Redact = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Filters:
    """What is dropped besides failures.

    Args:
        dedup: minhash finds exact and near duplicates among any number of texts; rouge those that
            Self-Instruct's ROUGE-L rule finds, among up to a hundred thousand; exact the same words
            only. All but none write records in the order of the rows, on which the choice depends
            which of two texts is the duplicate.
        decontaminate: benchmark files; seeds, rewrites and answers that share words with them go.
        min_words: an evolved instruction's least length in words.
        max_words: its greatest.
        languages: ISO 639-1 codes; an instruction that is surely in none of them goes.
        licenses: seeds under other licences, or under none, are not evolved.
        redact: applied to every text of a row before anything is sent or stored; a function, or
            MODULE:FUNCTION.
    """

    dedup: Dedup = "minhash"
    decontaminate: tuple[Path, ...] = ()
    min_words: int | None = None
    max_words: int | None = None
    languages: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()
    redact: Redact | str | None = None

    def check(self) -> None:
        """Raise UsageError for a choice that cannot be meant, BadInput for a file that is not
        there: nobody else is asked for a file of that name."""
        if self.dedup not in get_args(Dedup):
            raise UsageError(
                f"dedup {self.dedup!r} is not known.", f"Choose of {', '.join(get_args(Dedup))}."
            )
        for file in self.decontaminate:
            if not file.exists():
                raise BadInput(
                    f"There is no file {file} for --decontaminate.",
                    "Check the path. A Hugging Face data set is saved as a file first.",
                )
        least = 0 if self.min_words is None else self.min_words
        if least < 0 or (self.max_words is not None and self.max_words < max(1, least)):
            raise UsageError(
                f"No text has {least} to {self.max_words} words.", "Give other bounds."
            )
        for code in self.languages:
            if code not in COMMON:
                known = f"Known ISO 639-1 codes: {', '.join(sorted(COMMON))}."
                raise UsageError(f"{code!r} is no language that can be told from others.", known)

    @property
    def ordered(self) -> bool:
        """Whether verdicts depend on the order of the rows."""
        return self.dedup != "none"

    def redaction(self) -> Redact | None:
        """The function that redacts. Raises UsageError where there is none of that name."""
        if isinstance(self.redact, str):
            return named_function(self.redact, "--redact")
        return self.redact

    def settings(self) -> dict[str, str | int]:
        """What two starts must share to be one run; what is not chosen is not named."""
        from autoevol.evolving.filters.benchmarks import digest_of

        told: dict[str, str | int] = {"dedup": self.dedup}
        if self.decontaminate:
            told["decontaminate"] = ", ".join(file.name for file in self.decontaminate)
            told["decontaminate_digest"] = digest_of(self.decontaminate)
        if self.min_words is not None:
            told["min_words"] = self.min_words
        if self.max_words is not None:
            told["max_words"] = self.max_words
        for name, several in (("languages", self.languages), ("licenses", self.licenses)):
            if several:
                told[name] = ", ".join(several)
        if self.redact is not None:
            named = getattr(self.redact, "__qualname__", repr(self.redact))
            told["redact"] = self.redact if isinstance(self.redact, str) else named
        return told
