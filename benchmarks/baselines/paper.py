"""Auto Evol-Instruct (arXiv 2406.00770), Table 5, as printed: it looks at the answer alone.

Stagnant complexity: starts with one of five phrases and ends with a question mark. Insufficient
qualification: starts with "Sure" and ends with one. Loss of key information: asks to "please
provide".
"""

from __future__ import annotations

from autoevol.types import Evolution

NAME = "paper, Table 5"
STAGNANT = ("understood", "what", "that is correct", "thank you", "great")


def inspect(evolution: Evolution) -> bool:
    said = evolution.response.strip().lower()
    asks = said.endswith("?")
    return (asks and said.startswith((*STAGNANT, "sure"))) or "please provide" in said
