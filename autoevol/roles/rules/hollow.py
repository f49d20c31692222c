"""Is an answer a form that nothing was put into: headings alone, bare numbers, a stub of code?

Decides by the lines of the answer alone, whatever they say and in whatever language, and by whether
the instruction comes back as it was. Gives no failure; `answer.trivial` asks.
"""

from __future__ import annotations

import re

from autoevol.roles import text as t
from autoevol.roles.rules.exhibit import Exhibit

# Who says the instruction again says so many words at least.
SAID = 4
# Beside a stub, so much may be said of it.
AROUND = 25

BARE = re.compile(r"\s*(?:[-*•+]|\(?\d{1,2}[.)])\s*")
COUNTED = re.compile(r"(?:^|\s)1[.)]\s+2[.)]\s+3[.)](?:\s+\d{1,2}[.)])*$")
HEADING = re.compile(
    r"\s*(?:#{1,6} .*|(?:\d{1,2}[.)] |[-*] )?\*\*[^*\n]+\*\*:?|[^\W\d]+ \d{1,2}:)\s*"
)
# A heading that can be no item of what was asked for.
STEP = re.compile(r"\s*(?:#|\W*[^\W\d]+ \d{1,2}\b)|.*:\W*$")
PLACEHOLDER = re.compile(
    r"\s*(?:(?://|#|--|%|;|/\*|<!--).*|\.\.\.;?|pass|TODO\(.*\);?|todo!\(.*\);?|"
    r"raise NotImplementedError.*|throw new \w*(?:NotImplemented|UnsupportedOperation)\w*.*)$"
)
# What stands around a body: names and brackets, but nothing that works.
FRAME = re.compile(
    r"\s*(?:[)\]}]+[;,]?|end|return(?: (?:\w+|\[\]|\{\}|\"\"|''))?;?|pass;?|"
    r"(?:import|from|using|package|#include|use|require)\b.*|@.*|"
    r"(?:(?:export|public|private|protected|static|final|async|override|suspend|pub|abstract|"
    r"virtual|inline) )*(?:def|class|fun|fn|func|function|sub|interface|struct|module|namespace|"
    r"object|impl|proc|int|void|string|bool|double|float|var|let|const|auto)\b[^=]*"
    r"(?:=> ?\{)?)$",
    re.I,
)
STUB_WANTED = re.compile(
    r"\b(?:stub|skeleton|interface|abstract|template|signature|boilerplate|placeholder|scaffold|"
    r"todo|pass|comment|empty|outline|gerüst|schnittstelle|esqueleto|plantilla|squelette|modelo)",
    re.I,
)


def hollow(e: Exhibit) -> bool:
    """Whether a whole answer is a form without contents."""
    return _said_back(e) or _marks_alone(e.answer) or _stub(e)


def _said_back(e: Exhibit) -> bool:
    return len(e.new.words) >= SAID and e.answer.words == e.new.words


def _marks_alone(answer: t.Reading) -> bool:
    text = answer.text
    last = text[text.rfind("\n") + 1 :]
    if len(last) < len(text) and BARE.fullmatch(last) and not answer.fences:
        return True  # it counts to the next item, and there is none
    if text[-1:] in (".", ")") and COUNTED.search(text[-200:]):
        return True
    lines = [line for line in text.split("\n", 40) if line.strip()]
    empty = len(lines) > 1 and all(BARE.fullmatch(x) or HEADING.fullmatch(x) for x in lines)
    return empty and sum(bool(STEP.match(x)) for x in lines) > len(lines) // 2


def _stub(e: Exhibit) -> bool:
    """Code in which nothing works, only a word on what would have to."""
    held = False
    for block in e.answer.fences:
        for line in filter(str.strip, block.text.split("\n")):
            placeholder = bool(PLACEHOLDER.match(line))
            if not (placeholder or FRAME.match(line)):
                return False
            held = held or placeholder
    return held and not STUB_WANTED.search(e.after.text) and t.length(e.answer.outside) <= AROUND
