"""Is an answer the text that the instruction gave, in another form?

Decides what was given to work on, and whether an answer works on it: a message made formal may
apologise, decline or ask, as the message did, and an advertisement may praise. Gives no failure;
the rules on answers ask.
"""

from __future__ import annotations

import re

from autoevol.roles.rules.exhibit import Exhibit
from autoevol.roles.rules.task import translates
from autoevol.text import structure as t
from autoevol.text import tongues as g
from autoevol.text.lexicon import STOP
from autoevol.text.phrases import Phrases

# So many first letters tell a word; so many words of the text are still there.
LETTERS, SHARED = 5, 2
# What is given to be worked on, in the sentence that asks for it.
GIVES = Phrases(
    r"\b(?:texts?|sentences?|paragraphs?|passages?|messages?|articles?|descriptions?|e-?mails?|"
    r"letters?|brochure|reviews?|statements?|speech|dialogues?|phrases?|quotes?|excerpts?|summary|"
    r"story|conversation|document|announcement|claim|chat|content|tone|essay|syllogism|report|"
    r"lines?|wording|"
    r"code|snippet|strings?|data|input|words?|texto|frases?|párrafo|mensaje|carta|correo|satz|"
    r"sätze|absatz|nachricht|brief|texte|message|lettre|paragraphe|testo|frase|paragrafo|"
    r"messaggio|parágrafo|mensagem|tekst\w*|zin|bericht|zdani\w+|metn\w*|cümle\w*|текст\w*|"
    r"предложени\w+|абзац\w*|сообщени\w+|письм\w+)\b|文|段|句|メール|手紙|信|글|문장|메일|"
    r"نص|جمل|رسال|वाक्य|पाठ|संदेश|पत्र|अनुच्छेद",
    re.I,
)
# An order to give a text another shape.
RESHAPES = Phrases(
    r"^\W*(?:please |can you |could you |kindly )*(?:enhance|write|re-?(?:write|phrase|word|state|"
    r"work)|paraphrase|"
    r"simplify|transform|convert|change|alter|adjust|adapt|edit|correct|fix|improve|polish|make|put|"
    r"turn|translate|summari[sz]e|shorten|condense|expand|clarify|soften|explain|modify|revise|"
    r"proofread|use an?|schreib\w*|formulier\w*|vereinfach\w*|übersetz\w*|korrigier\w*|mach\w*|"
    r"reescrib\w+|simplific\w+|convierte|corrige|traduc\w+|réécri\w+|reformul\w+|simplifi\w+|"
    r"corrige\w*|tradui\w+|riscriv\w+|semplific\w+|corregg\w+|reescrev\w+|corrij\w+|herschrijf|"
    r"vereenvoudig|verbeter|przepisz|popraw|uprość|перепиши\w*|упрости\w*|исправь\w*)\b"
    r"[^\n]{0,60}\b(?:this|these|the|following|below|given|my|our|dies\w*|folgend\w*|este|esta|ce|cet|"
    r"cette|quest[oa]|dez\w|deze|ten|tę|это\w*)\b",
    re.I,
)
COLON = re.compile(r"[:：]\s+(\S[^\n]{8,})$", re.M)
SPEAKERS = re.compile(r"^\W{0,3}[^\W\d_][\w .]{0,20}[:：]\*{0,2}\s+\S", re.M)
SPEAKER = re.compile(r"\W{0,3}([^\W\d_][\w .]{0,20})[:：]\s")


def passage(reading: t.Reading) -> str:
    """The text that an instruction gives to work on, '' if it gives none."""
    text = reading.outside
    lead, apart, rest = text.partition("\n")
    if apart and rest.strip():
        return rest.strip() if GIVES.search(lead) else ""
    shown = COLON.search(text)
    if shown:
        return shown[1] if GIVES.search(text[: shown.start()]) else ""
    quoted = t.QUOTED.findall(text) if t.quotes(text) else []
    return " ".join(quoted) if quoted and GIVES.search(reading.prose) else ""


def reworks(e: Exhibit, shared: int = SHARED) -> bool:
    """Whether the answer keeps so many words of the text that was given."""
    given = passage(e.new)
    if not given:
        return False
    if t.unspaced(e.answer.words):
        return len(frozenset(e.answer.words) & frozenset(t.words(given))) > 4 * shared
    had = _stems(t.words(given))
    return len(_stems(e.answer.words) & had) >= min(shared, max(1, len(had) // 2))


def reshapes(e: Exhibit) -> bool:
    """Whether an order to reshape a text stands above it, and the answer speaks of what the text
    speaks of and not of the order: what it says is what that text says."""
    lead, apart, rest = e.new.outside.strip().partition("\n")
    if not apart or not rest.strip() or not RESHAPES.search(lead):
        return False
    had = _stems(t.words(rest))
    said = _stems(e.answer.words)
    return bool(said & had) and not said & (_stems(t.words(lead)) - had)


def spoken_by_others(e: Exhibit) -> bool:
    """Whether an answer is a dialogue, each line with the name of who speaks."""
    return ":" in e.response and len(SPEAKERS.findall(e.answer.text)) > 1


def denies_too(e: Exhibit) -> bool:
    """Whether the answer is the text given, and that text, too, declines something; a translation
    has none of its words."""
    if translates(e.new.prose):
        lead, colon, behind = e.after.text.partition(":")
        given = behind if colon else lead
        if g.read(given) & (g.UNABLE | g.SORRY) and t.quotes(e.after.text):
            return True
    return bool(g.read(passage(e.new)) & (g.NO | g.UNABLE | g.SORRY)) and reworks(e)


def asks_too(e: Exhibit) -> bool:
    """Whether the answer is the text given, and that text asks; or a line of a given dialogue."""
    shown = SPEAKER.match(e.answer.text)
    if shown and f"\n{shown[1]}:" in e.after.text:
        return True
    given = passage(e.new)
    if not any(map(given.__contains__, "?？؟")):
        return False
    more = abs(len(t.sentences(given)) - len(e.said))
    return more <= 1 and reworks(e, shared=1)


def ends_in_given(text: str, line: str) -> bool:
    """Whether the last line is no sentence: a list, code, a text to work on, carelessly written."""
    own = line != text
    items = line.rpartition(": ")[2].split(", ")
    if len(items) > 3 and sum(item.count(" ") < 3 for item in items) > 3 and own:
        return True
    if own and GIVES.search(text[: len(text) - len(line)]):
        return True
    # Who opens sentences without a capital forgets the stop as well.
    last = t.sentences(line)[-1]
    if any(sign in last for sign in "={}"):
        return True
    return last.lstrip("*_\"'(")[:1].islower() and len(t.sentences(text)) > 1


def _stems(words: list[str]) -> frozenset[str]:
    return frozenset(w[:LETTERS] for w in words if len(w) > 3 and w not in STOP)
