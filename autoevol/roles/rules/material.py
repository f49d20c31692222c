"""Rules on what an instruction brings along: code, tables, formulas, passages, data.

Decides what counts as material and when it is lost. Each rule takes an `Exhibit` and gives a
`Failure`, or None where it has nothing to say. What is asked about the material is left to `task`.
"""

from __future__ import annotations

import re
from collections import Counter

from autoevol.roles import text as t
from autoevol.roles.lexicon import NUMBER_WORDS, STOP, wordset
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.types import Failure

# So much of a passage's words must still be found in the rewrite; so long is a passage at least.
LEFT, PASSAGE = 0.6, 8
# So much of the words of a table or of data may go when it is set in another way.
SLIPS = 0.2
SIGN = re.compile(r"\w+|[^\w\s]")
AFTER_COLON = re.compile(r"[:：][ \t]+(\S[^\n]{8,})$", re.M)
# An answer that asks for material is short; 80 words is WizardLM's bound for refusals.
SHORT = 80

KINDS = (
    r"(?:code|snippet|function|program|script|class|text|passage|paragraph|article|essay|story|"
    r"poem|"
    r"e-?mail|letter|table|list|array|data|dataset|sentences?|numbers?|values?|matrix|equations?|"
    r"expressions?|formula|json|schema|review|input|document|excerpt|statements?|dialogue|"
    r"conversation|transcript|lyrics|recipe|diagram|graph|chart|image|figure|query|log|lines?)"
)
POINTERS = wordset("following given provided attached above below shown")
POINTING = re.compile(
    rf"\b(?:following|given|provided|attached|above|below)(?: \w+){{0,2}} {KINDS}\b"
    rf"|\b{KINDS} (?:is )?(?:below|above|attached|provided below|given below|shown below)\b",
    re.I,
)
MISSING = re.compile(
    r"please (?:kindly )?(?:provide|share|paste|send|supply|attach|upload|give me|specify|post|"
    r"include)"
    r"|(?:could|can|would|will) you (?:please |kindly )?(?:provide|share|paste|send|attach|upload|"
    r"specify|supply|post|give me)"
    r"|you (?:haven't|have not|didn't|did not|forgot to|don't seem to have|"
    r"seem to have forgotten to)"
    r"(?: actually)? (?:provided?|included?|attach\w*|shared?|specif\w+|paste\w*|post\w*|give\w*|"
    r"sent|"
    r"send|say|said|mention\w*)"
    r"|i (?:don't|do not|can't|cannot|couldn't) (?:actually )?(?:see|find|have)(?: access to)? "
    r"(?:any|the|an?|your|which)\b[^.!?\n]{0,30}?"
    r"(?:text|code|list|table|data|file|passage|article|image|attach|poem|essay|input|numbers|"
    r"content|"
    r"document|email|function|sentence|snippet|paragraph|equation|graph|figure|story|message|query)"
    r"|(?<!if )(?<!when )(?<!where )(?<!case )\b(?:no|any) (?:text|code|list|table|data|file|"
    r"passage|article|image|attachment|input|numbers|"
    r"content|function|snippet|equation|document|email|essay|poem|sentence|query|review|message)s?"
    r"(?: \w+){0,2} (?:was|were|is|are|has been|have been|seems?|appears?|to be) "
    r"(?:actually )?(?:provided|given|included|attached|shared|missing|pasted|there|in your|absent)"
    r"|(?:seems?|appears?|looks) (?:that |like |to be )?(?:you |the |your )?[\w' ]{0,40}"
    r"\b(?:missing|left out|cut off|not (?:provided|included|attached|come through)|forgot)"
    r"|(?:is|are|seems to be|appears to be) missing from (?:your|the) (?:message|question|prompt|"
    r"request|"
    r"problem|instruction)"
    r"|(?:your|the) (?:message|question|prompt|request) (?:does not|doesn't|did not|"
    r"didn't) (?:include|"
    r"contain|come with)"
    r"|i(?:'d| would| will|'ll)? need (?:to see |to know |you to (?:share|provide|send|paste) )?"
    r"(?:the|your|more|some|at least)\b"
    r"|without (?:the|seeing the|having the|any) (?:actual |original )?(?:text|code|table|data|"
    r"list|"
    r"passage|article|numbers|function|image|content|file)"
    r"|(?:bitte|könnten sie|könntest du|kannst du)\b.{0,60}\b(?:geben|teilen|mit|senden|bereit|"
    r"zur verfügung|schick\w*|einfüg\w*)"
    r"|(?:por favor,? |podrías |podría |puedes )(?:proporci\w+|compart\w+|envía\w*|enviar\w*|"
    r"indica\w*|"
    r"pega\w*)|no (?:veo|has (?:incluido|proporcionado|compartido))"
    r"|veuillez (?:fournir|partager|préciser|coller)|pourriez-vous (?:fournir|partager|préciser)"
    r"|请(?:您)?(?:提供|分享|给出|发送)|(?:没有|未)(?:看到|提供|收到)|(?:提供して|教えて|共有して)ください",
    re.I,
)
# One of these is in every phrase of MISSING that is written in ASCII.
TELLING = wordset(
    "provide provided share paste send supply attach attached upload give specify include "
    "included haven didn forgot forgotten see find have missing without need contain bitte "
    "könnten könntest kannst favor podrías podría puedes veo has veuillez pourriez post no any "
    "seems appears"
)
# And one of these: it speaks to someone, or says what was not given.
SPEAKING = wordset(
    "please you your i provided given included attached shared missing pasted without bitte sie "
    "du könnten kannst könntest por podrías podría puedes veo has veuillez pourriez"
)
CORRESPONDENCE = re.compile(
    r"\b(?:write|draft|compose|create|generate|prepare|design|make|give|suggest|reply|respond|"
    r"answer|"
    r"translate|rewrite|rephrase|turn|escrib\w+|redact\w+|schreib\w*|verfass\w*|rédige\w*|"
    r"écri\w*)\b"
    r"[^.?!\n]{0,80}\b(?:e-?mails?|letters?|messages?|notices?|surveys?|repl(?:y|ies)|"
    r"announcements?|scripts?|templates?|prompts?|polic(?:y|ies)|ads?|flyers?|invitations?|memos?|"
    r"faqs?|dialog\w*|forms?|questionnaires?|correo|carta|brief|nachricht|lettre|instructions|"
    r"checklist|requests?|posts?|sms|phrases?|signs?|story|play|scene|conversation|sentences?|"
    r"texts?|announcement|notes?|reminders?|complaint|customer|clerk|listing|cover)\b"
    r"|\b(?:role-?play|act as|pretend|error message|chatbot|you are an?)\b",
    re.I,
)
LIST = re.compile(r"(?:-?\d[\d.,/]*\s*[,;]\s*(?:and |y |und |et )?){2,}-?\d[\d.,/]*")


def missing_input(e: Exhibit) -> Failure | None:
    """The rewrite points to material that is not there, or the answer asks for it.

    Auto Evol-Instruct (arXiv 2406.00770), Table 5, loss of key information.
    """
    return found("missing_input", _asked_for(e) or _pointed_at(e))


def _asked_for(e: Exhibit) -> str:
    answer = e.answer
    if not answer.text or len(answer.text) > 12 * SHORT:
        return ""
    if answer.text.isascii() and (
        TELLING.isdisjoint(answer.vocabulary) or SPEAKING.isdisjoint(answer.vocabulary)
    ):
        return ""
    if answer.length >= SHORT:
        return ""
    shown = MISSING.search(answer.prose)
    if not shown or CORRESPONDENCE.search(e.after.text):
        return ""
    # A rewrite that itself says "please provide" is echoed by good answers.
    return "" if shown.group().casefold() in e.after.text.casefold() else shown.group()


def _pointed_at(e: Exhibit) -> str:
    """'The following table' where nothing follows, though the seed did not say so either."""
    if not POINTERS & e.new.vocabulary - e.old.vocabulary:
        return ""
    shown = POINTING.search(e.new.prose)
    if not shown or POINTING.search(e.old.prose) or has_material(e.new):
        return ""
    return shown.group()


def has_material(reading: t.Reading) -> bool:
    text = reading.text
    return bool(
        reading.fences
        or "`" in text
        or t.QUOTED.search(text)
        or LIST.search(text)
        or reading.blocks
        or any(sign in text for sign in "=|[{<")
        or re.search(r"[:：]\s+\S", text)
    )


def dropped_block(e: Exhibit) -> Failure | None:
    """Code, a table, data, a passage or the numbers of the seed are gone, wholly or in part.

    Auto Evol-Instruct (arXiv 2406.00770), Table 5, loss of key information; here seen in the
    rewrite itself. Material that grew is still there; that was replaced is not.
    """
    if not e.new.words or e.before.text in e.after.text:
        return None
    return found("dropped_block", _lost_block(e) or _lost_passage(e) or _lost_numbers(e))


def _lost_block(e: Exhibit) -> str:
    """Code must be there sign by sign, in whatever layout; of tables and data the words."""
    for block in e.old.blocks:
        if block.kind not in ("code", "table", "data"):
            continue
        dense = "".join(e.after.text.split())
        lines = ["".join(line.split()) for line in block.text.split("\n")]
        lost = [line for line in lines if len(line) > 3 and line not in dense]
        if lost and _lacks(e.new, block):
            return f"{block.kind}: {lost[0]}"
    return ""


def _lacks(new: t.Reading, block: t.Block) -> bool:
    if block.kind == "code":
        left = Counter(SIGN.findall("\n".join(b.text for b in new.blocks) or new.text))
        return bool(Counter(SIGN.findall(block.text)) - left)
    # A table may become a list, as long as its words and figures are there.
    had = frozenset(t.words(block.text))
    return len(had - new.vocabulary) > SLIPS * len(had)


def _lost_passage(e: Exhibit) -> str:
    """Passages: paragraphs after the first, quotations, what follows a colon on its line."""
    text, left = e.before.text, e.new.vocabulary
    passages = [b.text for b in e.old.blocks if b.kind in ("quote", "input")]
    if "\n" in e.old.outside:
        passages += [p for p in t.BLANK_LINES.split(e.old.outside)[1:] if t.length(p) >= PASSAGE]
    if t.quotes(text):
        passages += t.QUOTED.findall(text)
    if ":" in text or "：" in text:
        passages += AFTER_COLON.findall(text)
    for passage in passages:
        had = frozenset(t.words(passage)) - STOP
        if len(had) >= 3 and len(had & left) < LEFT * len(had):
            return f"passage: {passage.strip()}"
    return ""


def _lost_numbers(e: Exhibit) -> str:
    """At least two numbers of the seed are gone, and at least half of them."""
    gone = e.old.vocabulary - e.new.vocabulary
    if not any(word[0].isdigit() or word in NUMBER_WORDS for word in gone):
        return ""
    old, new = numbers(e.before.text), numbers(e.after.text)
    lost = old - new
    if len(lost) < 2 or 2 * len(lost) < len(old):
        return ""
    return f"numbers: {', '.join(sorted(lost)[:8])}"


def numbers(text: str) -> frozenset[str]:
    """The numbers in a text, those in words too."""
    digits = {plain(n) for n in t.NUMBER.findall(text)}
    return frozenset(digits.union(NUMBER_WORDS[w] for w in t.words(text) if w in NUMBER_WORDS))


def plain(number: str) -> str:
    """1,000 is 1000, 2.50 is 2.5, and a sign may be a dash."""
    bare = number.replace(",", "").lstrip("-")
    return bare.rstrip("0").rstrip(".") if "." in bare else bare
