"""Is an answer a form that nothing was put into: headings alone, bare numbers, a stub of code?

Decides by the lines of the answer, and by whether the instruction comes back as it was; what the
instruction says only exempts who asked for a form. Gives no failure; `answer.trivial` asks.
"""

from __future__ import annotations

import re

from autoevol.roles.rules.exhibit import Exhibit
from autoevol.text import structure as t

# Who says the instruction again says so many words at least.
SAID = 4
# Beside a stub, so much may be said of it; so many lines are looked at, none longer than that.
AROUND, LINES, LONG = 25, 60, 300

MARK = re.compile(r"(?:[-*•+]|(\d{1,2})[.)])")
COUNTED = re.compile(r"(?:^|\s)1[.)]\s+2[.)]\s+3[.)](?:\s+\d{1,2}[.)])*$")
HEADING = re.compile(r"#{1,6} .*|(?:\d{1,2}[.)] |[-*] )?\*\*[^*]+\*\*:?|[^\W\d]+ \d{1,2}:")
# A heading that can be no item of what was asked for.
STEP = re.compile(r"#|\W*+[^\W\d]+ \d{1,2}\b")
FORM_WANTED = re.compile(
    r"\b(?:headings?|titles?|outlines?|structure|sections?|headlines?|repeat|echo|copy|verbatim|"
    r"überschrift\w*|gliederung|wiederhol\w*|títulos?|esquema|repite|titres?|plan|répète|titoli|"
    r"scaletta|ripeti|koppen|herhaal|nagłówk\w*|powtórz|заголов\w*|повтори\w*)\b"
    r"|标题|提纲|重复|見出し|構成|繰り返|제목|반복|عناوين|كرر|शीर्षक|दोहरा",
    re.I,
)
TITLE = re.compile(r"#{1,6} [^\n]+")
EMPTY_BOX = re.compile(r"\\boxed\{(?:\s|\\[,;!]|\\phantom\{\w*\}|\\q?quad|\?|_|\.{3}|…)*\}")
# "x = ..., k = ...", and "1. Idea one".
DOTS = re.compile(r"(?:[^.=\n]{1,20}= ?(?:\.{3}|…|\?|_+)[,;.\s]*)+")
NUMBERED = re.compile(
    r"(?:\W*\d[.)] (?:\w+ ){1,2}(?:one|two|three|four|five|[1-5]|[A-E]|eins|zwei|drei|uno|dos|tres|"
    r"un|deux|"
    r"trois)\W*){2,}",
    re.I,
)
# "Sure thing, I'll explain it", "Yes, this can be done in React."
PROMISES = re.compile(
    r"\W*(?:(?:sure|yes|okay|ok|certainly|of course|sure thing)\W+)?(?:(?:i'll|i will|let me|"
    r"i can) (?:explain|"
    r"describe|show|tell|write|list|help)(?: you)?(?: with)?(?: it| this| that| them)?|"
    r"(?:this|that|it) (?:can|could) be (?:done|solved|written|made)\b[^.!?\n]{0,30})\W*",
    re.I,
)
# Who says no more than that says it in so many words.
ANNOUNCED = 14
# "Let's work through this step by step."
ANNOUNCES = re.compile(
    r"\W*(?:(?:sure|okay|ok|certainly|of course|great|alright|right)\W+)?(?:let's|let us|let me|"
    r"i'll|"
    r"i will|we'll|we will|i am going to|i'm going to) (?:\w+ ){0,2}?(?:(?:work|go|walk|think|step|"
    r"dive|"
    r"look|reason|talk) (?:\w+ ){0,2}?(?:through|into|about|at|over)|start|begin|solve|tackle|"
    r"approach|"
    r"analy[sz]e|break|take (?:this|it|a)|figure)\b[^.!?:;,\d]*"
    r"[.!…]*\W*",
    re.I,
)
PLACEHOLDER = re.compile(
    r"(?:(?://|#|--|/\*|<!--)\s.*|\.\.\.;?|pass;?|TODO\(.*\);?|todo!\(.*\);?|"
    r"raise NotImplementedError.*|throw new \w*(?:NotImplemented|UnsupportedOperation)\w*.*)"
)
# The head of a function, and what else stands around a body that is not there.
FUNCTION = re.compile(
    r"(?!(?:if|for|while|switch|else|try|with|match|catch|return|class|struct|enum|trait|"
    r"interface)\b)[^=;{}()]*\([^=;{}]*\)"
    r"[^=;{}()]*(?:\{|:|=> ?\{)"
)
FRAME = re.compile(
    r"[)\]}]+[;,]?|\{|end|return(?: (?:\w+|\[\]|\{\}|\"\"|''))?;?|"
    r"(?:import|from|using|package|use) .*|"
    r"(?:public |abstract |final |export )*class \w+ ?[:{]"
)
# A head alone on its line: a function that ends in a word, a class whose brace stands below.
HEAD = re.compile(
    r"(?:local )?(?:function|def|sub|proc|procedure) [^=;{}()]*\([^=;{}]*\)|"
    r"(?:public |abstract |final |export |internal |static )*(?:class|struct) \w+"
)
STUB_WANTED = re.compile(
    r"\b(?:stub|skeleton|interface|abstract|template|signature|boilerplate|placeholder|"
    r"scaffold\w*|outline|gerüst|schnittstelle|esqueleto|plantilla|squelette)s?\b|"
    r"\b(?:leave|only) \w+ (?:empty|comment)|`pass`|\bpass (?:do|does|mean|statement)",
    re.I,
)


def hollow(e: Exhibit) -> bool:
    """Whether a whole answer is a form without contents."""
    form = _said_back(e) or _marks_alone(e.answer) or _announces(e)
    return (form and not FORM_WANTED.search(e.after.text)) or _stub(e)


def _said_back(e: Exhibit) -> bool:
    return len(e.new.words) >= SAID and e.answer.words == e.new.words


def _announces(e: Exhibit) -> bool:
    """One sentence on what will be done, one heading, or a box with nothing in it."""
    text = e.answer.text
    if len(text) > LONG or e.answer.fences:
        return False
    if EMPTY_BOX.search(text) and len(e.answer.words) <= AROUND:
        return True
    if DOTS.fullmatch(text) or (NUMBERED.fullmatch(text) and not NUMBERED.search(e.after.text)):
        return True
    if PROMISES.fullmatch(text) and len(e.answer.words) <= ANNOUNCED:
        return True
    if "\n" in text:
        return False
    said = ANNOUNCES.fullmatch(text)
    brief = len(e.answer.words) <= ANNOUNCED
    return brief and bool(said or TITLE.fullmatch(text))


def _marks_alone(answer: t.Reading) -> bool:
    text = answer.text
    if text[-1:] in (".", ")") and COUNTED.search(text[-200:]):
        return True
    if "\n" not in text or answer.fences:
        return False
    lines = [stripped for line in text.split("\n")[:LINES] if (stripped := line.strip())]
    last = MARK.fullmatch(text[text.rfind("\n") + 1 :].strip())
    if last is not None and len(lines) > 1:
        # It counts to the next item, and there is none.
        if last[1] is None:
            return lines[-2].endswith((":", "：")) or MARK.match(lines[-2]) is not None
        before = str(int(last[1]) - 1)
        return before == "0" or any(x.startswith((f"{before}.", f"{before})")) for x in lines)
    headed = len(lines) > 1 and all(MARK.fullmatch(x) or HEADING.fullmatch(x) for x in lines)
    steps = sum(bool(STEP.match(x)) or x.rstrip(" *_").endswith(":") for x in lines)
    return headed and steps > len(lines) // 2


def _stub(e: Exhibit) -> bool:
    """A function in which nothing works, only a word on what would have to."""
    held = headed = False
    for block in e.answer.fences:
        for line in filter(None, map(str.strip, block.text.split("\n"))):
            if len(line) > LONG:
                return False
            placeholder = PLACEHOLDER.fullmatch(line)
            head = FUNCTION.fullmatch(line) or HEAD.fullmatch(line)
            if not (placeholder or head or FRAME.fullmatch(line)):
                return False
            held, headed = held or bool(placeholder), headed or bool(head)
    if not (held and headed) or t.length(e.answer.outside) > AROUND:
        return False
    return not STUB_WANTED.search(e.after.text)
