"""WizardLM's elimination (arXiv 2304.12244, section 3.2), less its first rule, which asks ChatGPT
whether anything was gained.

Second: the answer says "sorry" within fewer than 80 words. Third: it is nothing but punctuation and
stop words. Fourth: the rewrite holds words of the evolving prompt.
"""

from __future__ import annotations

import re

from autoevol.text.lexicon import ENGLISH
from autoevol.types import Evolution

NAME = "WizardLM, rules 2-4"
COPIED = ("given prompt", "rewritten prompt", "created prompt", "#given prompt#")
WORD = re.compile(r"\w+")


def inspect(evolution: Evolution) -> bool:
    said = evolution.response.lower()
    words = WORD.findall(said)
    struggles = "sorry" in said and len(words) < 80
    # An answer that was not asked for is none.
    hollow = bool(evolution.response_finish) and all(word in ENGLISH for word in words)
    copied = any(phrase in evolution.after.text.lower() for phrase in COPIED)
    return struggles or hollow or copied
