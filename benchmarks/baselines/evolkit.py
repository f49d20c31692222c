"""The kind of patterns that EvolKit (arcee-ai, 2024) took for failures: the paper's, widened.

Its phrases count anywhere on the line that ends the answer with a question mark, because a dot does
not cross lines and the end is the text's; some more count anywhere.
"""

from __future__ import annotations

import re

from autoevol.types import Evolution

NAME = "EvolKit's kind"
REACTION = re.compile(
    r"(?:understood|thank you|that is correct|great|okay|sure|certainly|what).*\?$", re.I
)
ASKING = re.compile(r"please provided?|what exactly|is there anything else", re.I)


def inspect(evolution: Evolution) -> bool:
    said = evolution.response.strip()
    return bool(REACTION.search(said) or ASKING.search(said))
