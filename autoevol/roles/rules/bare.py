"""Lines of code that stand in a text without a fence.

Decides which lines are code by their form alone: how they end, what they open with in the languages
that people paste. A line of words is none, whatever it speaks of. Gives no failure.
"""

from __future__ import annotations

import re

from autoevol.roles import text as t

# A line with none of these signs is no code that could be told from words.
SIGNS = re.compile(r"[;{}()=<>$|/\[\]]|\b[A-Z]{4,}\b|(?<= )--?\w")
CODE = re.compile(
    r"\s*(?:"
    # Blocks open and close, statements end.
    r"\S+(?: \S+)?;\s*$|[^\n]*[=(){}\[\]<>$:\"'+][^\n]*;\s*$|.*[{}]\s*$"
    r"|[\])}]+[,;)]*\s*$|[^\s{}][^{}\n]{0,80}\{[^{}\n]*\}\s*$|.*\) ?(?:->.{1,40})?:\s*$"
    # Something is assigned or called, and nothing else stands on the line.
    r"|[\w.$@\[\]'\"]{1,60}(?: ?: ?\w+)? ?(?:[-+*/|&^%]?=|:=|<-) ?[^\s=].*$"
    r"|[\w.$]{1,60}\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)\s*$"
    # How a line starts in languages whose statements end without a sign.
    r"|(?:def|class|func|fn|fun|sub) \w+ ?[(:<{]|(?:import|from|using|require|include|package|use) "
    r"[\w.\"'<{*]+(?: import .*)?;?$"
    r"|(?:const|let|var|val|my) [\w${[,\s\]}]{1,40}=|(?:if|for|while|elif|switch|foreach) ?\(.*|"
    r"(?:if|for|while|elif|with|except|else|try)\b[^.?!]{0,80}:\s*$|return [^.?!]{1,60}$|"
    r"(?:end|else|fi|done|esac|pass|break|continue)\s*$|[#@]!?[a-z/]\S*[<(/]|print[ (]"
    r"|(?i:select\b.{1,200}\bfrom\b|insert into\b|update \w+ set\b|delete from\b|create (?:table|"
    r"view|index)\b|alter table\b|drop table\b|(?:left |right |inner )?join \w+.* on |"
    r"(?:where|having) \S+ ?[=<>]|(?:group|order) by \w+).*$"
    r"|</?[a-z][\w-]*(?: [^<>\n]*)?/?>.*$"
    r"|\$ \S.*$|(?:sudo|git|npm|npx|pip3?|docker|curl|wget|grep|find|ls|cd|mkdir|chmod|awk|sed|tar|"
    r"kubectl|apt(?:-get)?|echo|export|ssh|scp|rsync|cat|cp|mv|rm|ps|xargs|ffmpeg|cargo|go|make|"
    r"python3?|node|sort|head|tail|wc|cut|jq)\b[^.?!]*(?: -{1,2}\w| \||[/$]\w|=|\*).*$"
    r")"
)
LETTERED = re.compile(r"\s*\(?[a-z]\)\s")
LONGEST = 400


def code(line: str) -> bool:
    """Whether a line is code, by its form."""
    if t.BULLET.match(line) or LETTERED.match(line):
        return False
    return len(line) <= LONGEST and bool(SIGNS.search(line)) and CODE.match(line) is not None


def lines(text: str) -> list[str]:
    """The lines of code behind the first line, which asks for something."""
    if "\n" not in text:
        return []
    return [line for line in text.split("\n")[1:] if line.strip() and code(line)]


def without(text: str) -> str:
    """A text without its lines of code, where it has some."""
    if "\n" not in text or not SIGNS.search(text):
        return text
    first, *rest = text.split("\n")
    return "\n".join((first, *(line for line in rest if not code(line))))
