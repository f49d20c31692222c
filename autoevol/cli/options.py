"""The flags that several commands share: their names, kinds and one line of help each.

Decides how a flag is spelled and read. What it does is left to the verb. A flag that was not given
is None, so that a resumed run can fill in what it remembers; the help names the default.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Option = typer.Option

DomainName = Annotated[
    str | None,
    Option("--domain", metavar="NAME", help="code, math, chat or a domain.toml [default: code]."),
]
Describe = Annotated[
    str | None, Option("--describe", metavar="TEXT", help="One sentence on what --data holds.")
]
PresetName = Annotated[
    str | None,
    Option(
        "--preset", metavar="NAME", help="quick, standard, thorough or paper [default: standard]."
    ),
]
Initial = Annotated[
    str | None,
    Option("--initial", metavar="METHOD", help="Method to start from: domain/name or a file."),
]
Methods = Annotated[
    Path | None,
    Option("--methods", metavar="DIR", help="A shelf of methods that is searched first."),
]
Seed = Annotated[
    int | None, Option("--seed", metavar="N", help="Seed of all randomness [default: 0].")
]

Data = Annotated[
    str | None,
    Option(
        "--data", metavar="FILE", help="Instructions: a file, a folder or a Hugging Face data set."
    ),
]
Field = Annotated[
    list[str] | None,
    Option("--field", metavar="NAME=COLUMN", help="Such as instruction=task; may be repeated."),
]
Limit = Annotated[
    int | None, Option("--limit", metavar="N", min=1, help="Take the first N rows only.")
]
SkipBadRows = Annotated[
    bool | None,
    Option("--skip-bad-rows", help="Leave out rows that cannot be read, and count them."),
]

Model = Annotated[
    str | None,
    Option(
        "--model",
        metavar="MODEL",
        help="Of every role: openai/…, anthropic/…, bedrock/…, vertex/…, local/…, ENDPOINT/….",
    ),
]
Evolver = Annotated[
    str | None, Option("--evolver", metavar="MODEL", help="Model that rewrites instructions.")
]
Responder = Annotated[
    str | None, Option("--responder", metavar="MODEL", help="Model that answers them.")
]
Analyzer = Annotated[
    str | None, Option("--analyzer", metavar="MODEL", help="Model that analyzes failures.")
]
Optimizer = Annotated[
    str | None, Option("--optimizer", metavar="MODEL", help="Model that rewrites the method.")
]
Judge = Annotated[
    str | None, Option("--judge", metavar="MODEL", help="Model that rates difficulty.")
]
Temperature = Annotated[
    list[str] | None,
    Option(
        "--temperature",
        metavar="ROLE=T",
        help="Temperature of all calls of a role, such as evolver=0.3; may be repeated.",
    ),
]
MaxTokens = Annotated[
    list[str] | None,
    Option(
        "--max-tokens",
        metavar="ROLE=N",
        help="Most tokens of an answer of a role, reasoning included; may be repeated.",
    ),
]
Score = Annotated[
    str | None,
    Option(
        "--score",
        metavar="NAME",
        help="gain, pairwise (large judges) or MODULE:FUNCTION [default: gain].",
    ),
]
Reviewer = Annotated[
    str | None,
    Option(
        "--judge",
        metavar="MODEL",
        help="Model that drops unfaithful and unanswerable rewrites [default: none].",
    ),
]
Rule = Annotated[
    list[str] | None,
    Option(
        "--rule",
        metavar="MODULE:FUNCTION",
        help="A failure rule of your own: Evolution to Failure or None; may be repeated.",
    ),
]
BaseUrl = Annotated[
    str | None,
    Option(
        "--base-url", metavar="URL", help="Your own address for openai/ models (vLLM, Ollama, …)."
    ),
]
Config = Annotated[
    Path | None,
    Option(
        "--config",
        metavar="FILE",
        help="Endpoints, and defaults of flags by verb [default: ./autoevol.toml, if there].",
    ),
]
TrustConfig = Annotated[
    bool,
    Option(
        "--trust-config", help="Use addresses of the configuration without asking, now and later."
    ),
]

RunDir = Annotated[
    Path | None,
    Option(
        "--run",
        metavar="DIR",
        help="Run folder [default: a new one in runs/]; an existing one goes on.",
    ),
]
Resume = Annotated[
    Path | None,
    Option("--resume", metavar="DIR", help="Go on in this folder, with the settings it remembers."),
]
Replay = Annotated[
    Path | None,
    Option("--replay", metavar="DIR", help="Answer from this run's ledger alone; send nothing."),
]
Reuse = Annotated[
    list[Path] | None,
    Option("--reuse", metavar="DIR", help="Take over answers of another run; may be repeated."),
]
SaveAs = Annotated[
    str | None,
    Option("--save-as", metavar="NAME", help="Also put the frozen method on the shelf, as NAME."),
]

BudgetCap = Annotated[
    str | None,
    Option(
        "--budget", metavar="AMOUNT", help="Hard cap: 5usd, 2000calls or 1e6tokens, for the folder."
    ),
]
Concurrency = Annotated[
    int | None,
    Option(
        "--concurrency",
        metavar="N",
        min=1,
        help="Calls in flight at most [default: 8, embedded: 4].",
    ),
]
Batch = Annotated[
    bool | None,
    Option(
        "--batch/--no-batch",
        help="Send calls by OpenAI's or Anthropic's batches: half the price, within a day.",
    ),
]
Flex = Annotated[
    bool | None,
    Option("--flex/--no-flex", help="Use OpenAI's flex tier: slower, half the price."),
]
MaxMinutes = Annotated[
    float | None,
    Option("--max-minutes", metavar="N", min=0, help="Begin no new step after so many minutes."),
]
DryRun = Annotated[
    bool, Option("--dry-run", help="Print planned calls, tokens and money; send nothing.")
]

Json = Annotated[bool, Option("--json", help="One JSON document on stdout, nothing else there.")]
Quiet = Annotated[bool, Option("-q", "--quiet", help="No progress.")]
Verbose = Annotated[bool, Option("-v", "--verbose", help="More in run.log; a trace for bugs.")]
