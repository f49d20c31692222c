"""Does a list demand one thing an item, or does it detail a single thing?

Decides by what leads to the list and by what its items are. "It must:" demands each of them; "the
rules are tried in this order:" names one thing, and items that order nothing spell it out, as do
data. Gives no failure; the rule on heaps counts what is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from autoevol.roles import language
from autoevol.roles import text as t
from autoevol.roles.lexicon import STOP
from autoevol.roles.phrases import Phrases
from autoevol.roles.rules.asking import IMPERATIVE, asked, orders

MARK = re.compile(r"[ \t]{0,8}(?:[-*•]|\(?\d{1,3}[.)])[ \t]+")
COUNTED = re.compile(r"(?:(?<=^)|(?<=\s))\(?(\d{1,2})[.)] +(?=[^\W\d])")
LETTERED = re.compile(r"(?<![\w(])[a-i]\) |[①-⑳]")
# Options to choose from are no demands.
CHOICES = re.compile(
    r"\b(?:which|who|what|welche\w*|quel\w*|cuál\w*|qual\w*|какой|какая)\b[^\n]*\?\s*\(?[aA]\)"
)
# So many words lead at least to what a list details where the language is not known, and "also" may
# be any word.
LEADING = 4
# What follows is said in other words, or is the form, the order, the meaning of what was named.
EXPLAINS = Phrases(
    r"\b(?:like this|as follows|in this order|in that order|in the order|in other words|"
    r"that is(?: to say)?|this means|that means|which means|meaning|namely|i\.e\.|looks? like|"
    r"goes like|(?:is|are|means?|works?|counts?|defined|calculated|scored|played) (?:this|that|so)|"
    r"artinya|maksudnya|yaitu|yakni|yani|şöyle|şu sırayla|d\. ?h\.|das heißt|das bedeutet|"
    r"nämlich|wie folgt|und zwar|in dieser reihenfolge|c'est-à-dire|c'est à dire|à savoir|"
    r"autrement dit|comme suit|dans cet ordre|es decir|o sea|esto es|a saber|significa|"
    r"en este orden|de este modo|así|isto é|ou seja|quer dizer|assim|nesta ordem|cioè|ossia|"
    r"vale a dire|vuol dire|in quest'ordine|così|dat wil zeggen|oftewel|als volgt|in deze volgorde|"
    r"то есть|а именно|то значит|это значит|это означает|следующим образом|в таком порядке|"
    r"в этом порядке|так|тобто|а саме|це означає|ось так|у такому порядку|to znaczy|czyli|"
    r"mianowicie|w tej kolejności|oznacza to|to jest|tak|det vill säga|dvs|alltså|nämligen|"
    r"det vil si|det vil sige|i denna ordning|så här|toisin sanoen|eli|vagyis|azaz|adică|"
    r"nghĩa là|tức là|cụ thể là|như sau|theo thứ tự)\s*[:,]"
    r"|(?:つまり|すなわち|以下の順|次の順|この順|意味は|即ち|也就是|意思是|也就是说|具体来说|即|顺序|"
    r"如下|즉|다시 말해|뜻은|다음 순서|이렇게|أي|يعني|بمعنى|كما يلي|بهذا الترتيب|यानी|अर्थात|मतलब|"
    r"इस क्रम)[^:：\n]{0,12}[:：]",
    re.I,
)
# What each item is counted to: a lead that names nothing, or a heap by its name.
HEAPS = Phrases(
    r"\b(?:must|should|shall|needs?(?: to)?|has to|have to|make sure(?: to| that)?|"
    r"ensure(?: that)?|to|that|and|with|including|include[sd]?|plus|adding|add|support(?:s|ing)?|"
    r"offers?|provides?|handl(?:es?|ing)|cover(?:s|ing)?|consider(?:ing)?|also|too|additionally|addition|besides|"
    r"furthermore|moreover|can|could|able to|allows?|do|does|have|has|contains?|features?|"
    r"functions?|functionality|functionalities|capabilities|requirements?|demands?|tasks?|extras?|"
    r"additions?|extensions?|constraints?|aspects?|points?|restrictions?|changes?|topics|things|"
    r"elements|steps|following|mit|sowie|zusätzlich|außerdem|muss|soll\w*|müssen|kann|enthält|"
    r"anforderung\w*|funktion\w*|aufgaben|punkte\w*|bedingungen|vorgaben|folgende\w*|con|además|"
    r"incluyendo|incluya|debe\w*|requisitos|funciones|funcionalidades|características|tareas|"
    r"condiciones|restricciones|siguientes?|también|avec|aussi|de plus|en outre|doit|doivent|"
    r"incluant|exigences|contraintes|fonctions|fonctionnalités|tâches|suivante?s?|com|incluindo|"
    r"deve\w*|além disso|também|funções|tarefas|recursos|seguintes?|restrições|inoltre|anche|"
    r"deve|devono|requisiti|funzioni|funzionalità|compiti|vincoli|seguent[ie]|met|ook|"
    r"daarnaast|bovendien|moet\w*|functies|eisen|volgende|taken|med|samt|dessutom|även|ska|måste|"
    r"krav|funktioner|följande|ayrıca|olsun|özellik\w*|gereksinim\w*|şunlar\w*|ile|içersin|"
    r"selain itu|juga|dengan|harus|fitur\w*|persyaratan|tugas|berikut|ngoài ra|phải|với|"
    r"chức năng|yêu cầu|sau|ponadto|dodatkowo|oraz|musi|powin\w+|funkcj\w+|wymagani\w+|zadani\w+|"
    r"następując\w+|také|navíc|musí|funkce|požadavky|следующ\w+|требовани\w+|функци\w+|услови\w+|"
    r"задани\w+|задач\w+|должн\w+|также|кроме того|с|наступн\w+|вимог\w+|також|крім того|"
    r"має|повин\w+|lisäksi|myös|továbbá|de asemenea)\s*[:：]"
    r"|\b(?:provide|include|add|give|cover|implement|meet|satisfy|fulfil|support|consider|handle)\b"
    r"[^:.]{0,20}\bfollowing\b[^:.]{0,30}:"
    r"|^\W*(?:rules?|conditions|criteria|guidelines|bonus|goals|specifications?|instructions|notes|"
    r"please|regeln|kriterien|ziele|reglas|criterios|objetivos|règles|critères|objectifs|regras|"
    r"critérios|regole|criteri|obiettivi|regels|правила|критерии)\s*[:：]"
    r"|(?:要求|功能|条件|任务|另外|此外|还要|以下|同时|包括|需要|さらに|また|加えて|以下|次の|機能|"
    r"要件|課題|こと|또한|추가로|다음|기능|요구 ?사항|조건|과제|يلي|"
    r"المتطلبات|أيضا|كذلك|الشروط|المهام|يجب أن|إضافة|ये|निम्नलिखित|"
    r"शर्तें|साथ ही|इसके अलावा|भी)[^:：\n]{0,8}[:：]",
    re.I,
)
STOPS = re.compile(r"[.!?。！？؟।](?=\s|$)|[。！？।]")


def demands(reading: t.Reading, seed: frozenset[str] = frozenset()) -> int:
    """The items of its lists, without those that detail one thing.

    `seed` are the words of the instruction that was there before: a lead that says no more than
    that one names nothing new, and its items are demands on the task itself.
    """
    lists = list(_lists(reading.outside))
    known = bool(lists) and bool(language.common(reading))
    found = sum(len(items) for lead, items in lists if not details(lead, items, known, seed))
    found = max(found, _numbered(reading.outside, seed))
    lettered = ") " in reading.text or not reading.text.isascii()
    if lettered and not CHOICES.search(reading.prose):
        return max(found, len(LETTERED.findall(reading.prose)))
    return found


def _numbered(text: str, seed: frozenset[str]) -> int:
    """The items that a line counts: "1. Sort it. 2. Print it. 3. …"."""
    if not ("2. " in text or "2) " in text):
        return 0
    most = 0
    for line in text.split("\n"):
        marks = list(COUNTED.finditer(line))
        if [int(mark[1]) for mark in marks] == list(range(1, len(marks) + 1)) and marks:
            items = COUNTED.sub("\n", line).split("\n")
            most = max(most, 0 if details(items[0], items[1:], True, seed) else len(marks))
    return most


def _lists(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each list with the line that leads to it. What is no item and not set in ends a list."""
    if "\n" not in text or not t.BULLET.search(text):
        return
    lead, items = "", list[str]()
    for line in text.split("\n"):
        mark = MARK.match(line)
        if mark and line[mark.end() :].strip():
            items.append(line[mark.end() :])
        elif line.strip() and not (items and line[0] in " \t"):
            if items:
                yield lead, items
            lead, items = line, []
    if items:
        yield lead, items


def details(lead: str, items: list[str], known: bool, seed: frozenset[str]) -> bool:
    """Whether a list says more about one thing that its lead names; `known` is its language."""
    lead = lead.rstrip(" \t*_")
    if lead[-1:] not in (":", "："):
        return False
    clause = [part for part in STOPS.split(lead) if part.strip(" *_:：")][-1:]
    if not clause:
        return False
    said = clause[0].strip(" *_#")
    if EXPLAINS.search(said):
        return True
    if _says_no_more(said, items, seed):
        return False
    # "Also:" and "It must:" name nothing; in an unknown language a word or two say no more.
    if HEAPS.search(said) or (not known and t.length(said) < LEADING):
        return False
    return 2 * sum(map(_orders, items)) < len(items)


def _says_no_more(said: str, items: list[str], seed: frozenset[str]) -> bool:
    """Whether a lead only repeats the seed, which holds little of what the items say."""
    words = t.words(said)
    if not seed or t.unspaced(words):
        return False
    fresh = _fresh(words, seed)
    # Figures and single words are data.
    saying = sum(len(_fresh(t.words(item), seed)) > 1 for item in items)
    return fresh[1:] == [] and len(words) > len(fresh) + 1 and 2 * saying > len(items)


def _fresh(words: list[str], seed: frozenset[str]) -> list[str]:
    return [word for word in words if word not in seed and word not in STOP and word.isalpha()]


def _orders(item: str) -> bool:
    first = re.match(r"\W*(\w+)", item)
    if IMPERATIVE.match(item) or (first and orders(first[1].casefold())):
        return True
    return asked(item)
