"""The rule on texts that stop before their end.

Decides what shows it: a fence or a bracket that stays open, a sign or a word that something has to
follow. A seed that ends its sentences makes a long sentence without an end a cut one; writers who
set no stops are taken as they are. Gives a `Failure`, or None where it has nothing to say. Which
words hang is left to `roles.endings`.
"""

from __future__ import annotations

import re

from autoevol.roles import endings as w
from autoevol.roles import language
from autoevol.roles import text as t
from autoevol.roles.lexicon import NUMBER_WORDS, wordset
from autoevol.roles.rules import reworked
from autoevol.roles.rules.asking import CLOSING
from autoevol.roles.rules.exhibit import Exhibit, found
from autoevol.types import Failure

# No sentence ends in one of these.
DANGLING = wordset(
    "the a an and or of with which whose because if than every each your its their while whether "
    "as "
    "from using such also at by would could may might including without although though "
    "whereas is are was were be been has have must should will can when where "
    "that who unless until so but into onto between among through during per via not both either "
    "neither nor to for in on about does do did it they he she we i my our his her this these "
    "und oder der die das ein eine einen einem mit dass wenn weil deren dessen den dem des für von "
    "zu "
    "im auf bei y o el los las una con que para por como si cuando donde cuyo sin pero del al de "
    "et "
    "ou le les des avec pour par dans sur dont quand mais du au aux il lo gli che di per con e do "
    "da "
    "os em no na se и в на с по к из у за от до для что который которая которые если когда чтобы а "
    "och som att även till av ett oraz który która które że aby dla przy ve ile için veya van "
    "het voor "
    "но को में से का की के पर और कि जो जिसमें ने في من على إلى التي الذي أن عن مع"
)
# Japanese particles and Chinese words that something has to follow, where sentences are ended.
HANGING_SIGN = re.compile(
    r"[はがをにでとのへも把并将及如]$|(?<![存现潜内外所实自不正])在$|(?<![总之的项数饱温平缓柔亲方])和$|"
    r"(?<![参给赋])与$|(?<![一两几不针应面反相绝核校配])对$|(?<![不的就正总])是$|(?<![原起成基内外病死主])因$|"
    r"或$|的$"
)
# And where they are not: there a sentence may well end in a particle.
SIGN_ENDS = re.compile(
    r"(?:を|または|および|もしくは|あるいは|ならびに|そして|しかし|ただし|例えば|たとえば|ような|ための|における|による|に対する|"
    r"に関する|とともに|以及|或者|并且|而且|因为|如果|但是|由于|对于|关于|例如|比如|包括|"
    r"(?<=[\uac00-\ud7af])를|(?<![마가노고구])(?<=[\uac00-\ud7af])을|และ|ของ|แต่|เพราะ|ถ้า|ซึ่ง)$"
)
ENDS = ".!?。！？؟।…)]}>\"'”’»」`*_:：|$~"
BARE_MARK = re.compile(r"\s*(?:[-*•]|\(?\d{1,2}[.)])\s*")
LEFT_OPEN = re.compile(r"\s[\"“(\[«]$")
STOPS = ".!?。！？؟।…"
LONG_LINE = 10
OPENERS = ",，、،(（—–=&≤≥≠≈×÷∈→⇒±^−"
GRADE = re.compile(r"(?<!\w)[A-F]-$")
SLASH = re.compile(
    r"(?:\s|\b(?:and|or|he|she|his|her|und|oder|y|o|et|ou|e|и|или|km|m|s|mg|kg|l))/$", re.I
)
SMILEY = re.compile(r"[:;=]-?\(")
INTERVAL = re.compile(r"\([^()\n]{1,40}[,;][^()\n]{1,40}\]")
CLAUSE_END = re.compile(r"[,;:.!?()，；：、。！？]\s?")


def unfinished(e: Exhibit) -> Failure | None:
    """A fence stays open, or the text stops within a sentence, where the seed's did not."""
    if any(not b.closed for b in e.new.fences):
        ajar = any(not b.closed for b in e.old.fences)
        return None if ajar else found("unfinished", f"open fence: {t.tail(e.after.text, 100)}")
    if e.new.fences:
        return found("unfinished", _cut_before(e))
    text = e.after.text.rstrip()
    return found("unfinished", t.tail(text, 100)) if text and _cut(e, text) else None


def _cut(e: Exhibit, text: str) -> bool:
    line = text[text.rfind("\n") + 1 :]
    if len(line) < 5 and "\n" in text and BARE_MARK.fullmatch(line):
        return True
    seed = e.before.text.rstrip()
    same = e.old.words[-2:] == e.new.words[-2:]
    if _opens(text, line) and not (same and _opens(seed, seed[seed.rfind("\n") + 1 :])):
        return True
    if LEFT_OPEN.search(text[-3:]) and (text[-1] != '"' or line.count('"') % 2):
        return not same
    if text[-1] in STOPS or same or not e.new.words:
        return False
    if _ajar(line) and not _ajar(seed[seed.rfind("\n") + 1 :]):
        return True
    last = e.new.words[-1]
    if text[-1] in ENDS or not text.casefold().endswith(last):
        return False
    closed = seed[-1:] in STOPS
    if _hangs(e, line) or (closed and last in DANGLING and not _a_letter(line)):
        return True
    # A seed that ends its sentences, and a long sentence without an end.
    plain = closed and text[-1].isalpha() and not t.BULLET.match(line) and ":" not in line
    if not plain or reworked.ends_in_given(text, line) or CLOSING.search(line):
        return False
    return t.length(line) >= LONG_LINE or bool(HANGING_SIGN.search(line))


def _opens(text: str, line: str) -> bool:
    """Whether a sign stands at the end that something has to follow."""
    sign, before = text[-1:], text[-2:-1]
    if sign in OPENERS:
        return sign != "(" or SMILEY.search(line[-3:]) is None
    if sign == "-":
        return bool(line.strip("-–— ")) and not GRADE.search(line)
    if sign == "/":
        return bool(SLASH.search(line))
    # "C++", "18+", "<br>": these are whole.
    return sign in "+<>" and (before.isspace() or (sign == "+" and before in ")]"))


def _ajar(line: str) -> bool:
    """Whether a bracket or a code mark is open at the end of the last line."""
    if line.count("`") % 2 and line[-1] != "`":
        return True
    return max(line.rfind("("), line.rfind("（")) > max(line.rfind(")"), line.rfind("）")) and (
        SMILEY.search(line) is None and INTERVAL.search(line) is None
    )


def _hangs(e: Exhibit, line: str) -> bool:
    """Whether the last word needs another one behind it."""
    if SIGN_ENDS.search(line):
        return True
    said = t.words(CLAUSE_END.split(line)[-1])
    last = e.new.words[-1]
    if not said or said[-1] != last or line[-len(last) - 1 :][:1] in "-'’\"`*/.":
        return False
    if len(last) == 1 and _a_letter(line):
        return False
    tongue = language.common(e.new)
    if last in w.STRONG.get(tongue, ()):
        return True
    if tongue != "en" and last in w.OTHER and (not tongue or last not in w.AMBIGUOUS):
        return True
    if len(said) < 2:
        return False
    if last in w.OBLIGED:
        return not frozenset(said[-3:-1]) & w.ELLIPSIS
    if said[-2] in w.JOINING and (last in NUMBER_WORDS or last in w.MORE_NUMBERS):
        counted = len(said) > 2 and len(said[-3]) > 2 and not _number(said[-3])
        return counted and not frozenset(said) & w.BETWEEN
    return tongue == "en" and _hangs_in_english(said, frozenset(said[-5:-1]))


def _hangs_in_english(said: list[str], before: frozenset[str]) -> bool:
    """Words that a text may end in, but not behind these."""
    last, second = said[-1], said[-2]
    if last in w.POSSIBLE:
        return not before & w.ELLIPSIS
    if last in w.IS:
        return not frozenset(said[:-1]) & (w.GAPS | w.ELLIPSIS)
    if last in w.STRANDING:
        if second in w.LOOSE:
            return second not in w.IS or last not in w.PARTICLES
        return last not in w.PARTICLES and not frozenset(said[:-1]) & w.GAPS
    return last == "a" and second not in ("a", "an", "the")


def _number(word: str) -> bool:
    return word.isdecimal() or word in NUMBER_WORDS or word in w.MORE_NUMBERS


def _a_letter(line: str) -> bool:
    """Whether a text ends in a letter that stands for itself: "x and y", "the letter a"."""
    said = t.words(line[-80:])
    if len(said) < 2 or len(said[-1]) > 1:
        return False
    second = said[-2]
    if second in w.LETTERS or (len(second) == 1 and second.isalpha()):
        return True
    return second in w.JOINING and len(said) > 2 and len(said[-3]) == 1


def _cut_before(e: Exhibit) -> str:
    """A paragraph of its own around the blocks that ends within a sentence."""
    for paragraph in t.BLANK_LINES.split(e.new.outside):
        said = paragraph.rstrip()
        words = t.words(said[-40:])
        hangs = words and words[-1] in DANGLING and said.casefold().endswith(words[-1])
        if hangs and said not in e.before.text:
            return t.tail(said, 100)
    return ""
