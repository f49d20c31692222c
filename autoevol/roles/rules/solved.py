"""What a rewrite gives away beside the question it still asks: a sum worked out, an answer told.

Decides by comparing with the seed: the seed's question is still there, word for word, and what came
beside it is no demand but a result. Equations are calculated, so that an equation to be checked
counts only where it is true and new. Gives the words that give away, "" where nothing does; `leak`
makes a failure of them.
"""

from __future__ import annotations

import re
from itertools import combinations

from autoevol.roles.rules import owed, reworked
from autoevol.roles.rules.asking import asked, asks_something
from autoevol.roles.rules.exhibit import Exhibit
from autoevol.text import structure as t
from autoevol.text import tongues as g
from autoevol.text.lexicon import FILLERS, NUMBER_WORDS, STOP
from autoevol.text.phrases import Phrases

NUMERAL = r"-?\d+(?:[.,]\d+)*"
SUM = re.compile(rf"({NUMERAL}(?:\s?[-+−–×÷*·/:]\s?{NUMERAL}){{1,5}})\s?(?:=|＝|≈)\s?({NUMERAL})")
PIECE = re.compile(rf"(?:^|(?<=[-+−–×÷*·/:])|(?<=\s))\s*({NUMERAL})|([-+−–×÷*·/:])")
# What leads to a result.
HENCE = Phrases(
    r"(?:\b(?:(?<=[,;] )so that|so (?!that)|thus|hence|therefore|"
    r"which (?:is|gives|makes|means|equals|comes to|leaves|yields)|"
    r"(?<=[,;:–—] )that (?:is|gives|makes|means|leaves)|giving|making|yields?|gives|results? in|"
    r"comes to|i\.e\.|namely|in total|in all|altogether|equals|because|as(?! \d)|"
    r"also (?=ist|sind|macht|ergibt|\d)|somit|daher|"
    r"folglich|"
    r"das (?:sind|macht|ergibt)|ergibt|nämlich|insgesamt|weil|da|donc|soit|ce qui (?:fait|donne)|"
    r"donne|c'est-à-dire|à savoir|au total|parce|así que|es decir|o sea|por (?:lo )?tanto|"
    r"luego|lo que "
    r"(?:da|hace)|son|entonces|ou seja|isto é|portanto|logo|o que (?:dá|faz)|são|porque|cioè|"
    r"quindi|"
    r"ossia|dunque|sono|dus|dat is|namelijk|czyli|zatem|więc|yani|toplam|то есть|значит|"
    r"поэтому|итого|"
    r"всего|получается|следовательно|так как)\b|所以|因此|即|也就是|共|等于|得|つまり|よって|"
    r"したがって|なので|だから|합계|즉|"
    r"따라서|أي|إذن|لذلك|المجموع|यानी|अर्थात|इसलिए|कुल|क्योंकि)",
    re.I,
)
TOTAL = re.compile(rf"[^\d.!?。？！]{{0,40}}?(?<![A-Za-z_])({NUMERAL})")
# The seed's unknown is given a value, as a conclusion.
VALUE = re.compile(rf"(?<![a-z0-9_^²³])([a-z]) ?= ?({NUMERAL})(?! ?[-+−×÷*·/])", re.I)
SINCE = re.compile(r",? ?(?:since|because|as|weil|da|denn|porque|car|puisque|perché|因为|क्योंकि)\b")
HEADS = (
    r"(?:answer|solution|explanation|hint and solution|antwoord|oplossing|uitleg|rozwiązanie|"
    r"odpowiedź|wyjaśnienie|çözüm|cevap|açıklama|erklärung|lösung|explicación|solución|explication|"
    r"corrigé|explicação|solução|spiegazione|soluzione|объяснение|решение|пояснення|розв'язок|"
    r"відповідь|svar|lösning|ratkaisu|vastaus|풀이|정답)"
)
HEADED_TEXT = r"[*_]{0,2}\s+(?=(?:[^\s<\[]+\s+){2}[^\s])"
# A heading of its own, or brackets behind the question.
HEADED = Phrases(
    rf"(?:^|[.!?。\n]\s{{0,3}})[\W_]{{0,4}}{HEADS}[*_]{{0,2}}\s?[:.]{HEADED_TEXT}|"
    rf"\band {HEADS}\s?:{HEADED_TEXT}"
    r"|\b(?:hint|tip): (?:it is|it's|the answer|it equals)\b"
    r"|\bthe (?:correct |right )?answer is (?:the )?(?:(?-i:[A-Z][a-z]+)|\"|“)",
    re.I,
)
# A worked example explains itself.
EXAMPLE = Phrases(
    r"\b(?:examples?|sample|input|beispiel\w*|ejemplos?|exemples?|exemplos?|esemp\w+|voorbeeld\w*|"
    r"przykład\w*|örnek\w*|пример\w*)\b[^.!?\n:：]{0,24}[:：]|(?:例|示例|入力|输入|مثال|उदाहरण|예시?)\s?[:：]",
    re.I,
)
INSTANCE = re.compile(
    r"\b(?:instance|example|e\.g\.|z\. ?b\.|beispiel\w*|ejemplo|exemple|exemplo|esempio|"
    r"voorbeeld|przykład|örneğin|misalnya)\b|например|例えば|例如|比如|예를 들|مثلا|जैसे",
    re.I,
)
SUPPOSED = re.compile(
    r"\b(?:for|with|if|when|at|let|where|für|mit|wenn|para|con|pour|si)\b[^.;!?]*$", re.I
)
BRACKETED = re.compile(
    r"[.?!\"”]\s{1,4}\((?:it|this|that|yes|no|because|es ist|das ist|ja|nein|c'est|es|sí|é|"
    r"è)\b[^()\n]{12,}\)"
    r"\s*$|\((?:hint|tipp|pista|indice|suggerimento|dica): [^()\n]*(?:`|=|\buse\b)",
    re.I,
)
EXPLAINS = Phrases(
    r"\b(?:because|since|reason|due to|thanks to|means? that|therefore|thus|so that|allows?|"
    r"caused? by|"
    r"as a result|works? (?:well|best)|better|best|easier|whereas|while|however|although|instead|"
    r"weil|denn|grund|dadurch|deshalb|porque|debido|ya que|razón|parce|car|grâce|raison|pois|"
    r"devido|"
    r"razão|perché|poiché|grazie|omdat|doordat|ponieważ|çünkü|потому|так как|поскольку|благодаря)\b"
    r"|因为|由于|这样|所以|から|ため|ので|때문|لأن|بسبب|क्योंकि|कारण",
    re.I,
)
ANAPHORA = re.compile(
    r"\W*(?:it|its|they|these|this|that|yes|no|because|the (?:answer|reason|solution|bug|"
    r"error|"
    r"origin|result|main|best|correct|key)|es|das|diese?r?|ja|nein|der grund|die antwort|se|sí|"
    r"la (?:respuesta|razón)|el motivo|c'est|il (?:en|y|s)|cela|oui|non|la (?:réponse|raison)|isso|"
    r"é|sim|a (?:resposta|razão)|è|si|sì|la risposta|het|dat|ja|потому|weil|parce|porque|"
    r"perché|это|да|нет|причина|ответ)\b"
    r"|\W*(?:这|它|是的|不是|答案|原因|これ|それ|はい|いいえ|答え|理由|هذا|هي|هو|نعم|لا|الجواب|السبب|यह|वह|हाँ|उत्तर|कारण)",
    re.I,
)
# What adds a condition, a wish or a setting: no answer.
SETTING = Phrases(
    r"\b(?:words|sentences|decimals?|digits|characters|paragraphs|format|must|tiene que|tem "
    r"que|should|shall|may|can only|assume|assuming|suppose|consider|"
    r"imagine|note|given|let (?:n|x|us)|"
    r"remember|hint|budget|needs?|wants?|would like|want|only|ensure|include|use|using|avoid|"
    r"darf|soll\w*|muss|müssen|angenommen|debe\w*|supon\w*|doi\w+|suppos\w*|deve\w*|supon\w*|deve|"
    r"devono|moet\w*|должн\w*|пусть|требуется)\b|必须|应|假设|要求|不能|可以|なければ|とする|とします|ください|يجب|افترض|चाहिए|मान",
    re.I,
)
# A sentence that opens with a case sets a condition.
CASE = re.compile(
    r"\W*(?:(?:if|when|whenever|in case|unless|wenn|falls|sofern|si|cuando|lorsque|quand|se|quando|"
    r"als|indien|jeśli|gdy|eğer|если|когда)\b|如果|若|当|もし|إذا|अगर|यदि|만약)",
    re.I,
)
NEEDS = re.compile(r"\W*\w+ (?:\w+ )?(?:has|have|needs?) to\b", re.I)
MATERIAL = re.compile(r"[`\[{|<]|\(?[A-Da-d1][).]\s|[^.!?\n]{0,60}[:：]\s?[\[{`|<]")
EXPLAINABLE = Phrases(
    r"\b(?:find|spot|identify|fix|explain|describe|name|tell|state|why|what|who|where|when|which|how|should|is|are|does|"
    r"compare|warum|was|wer|wo|wann|welche\w*|wie|soll\w*|erklär\w*|nenn\w*|por qué|qué|quién|"
    r"dónde|"
    r"cuál\w*|cómo|explica\w*|pourquoi|quel\w*|qui|où|comment|explique\w*|que|quem|onde|qual|como|"
    r"porque|perché|cosa|chi|dove|quale|come|spiega\w*|wat|waarom|hoe|почему|что|кто|где|"
    r"как\w*|сколько|how many|wie viele?|cuánt\w+|combien|quant\w+|hoeveel|ile|"
    r"объясни\w*)\b|为什么|什么|谁|哪|怎|如何|なぜ|何|誰|どう|どの|どこ|لماذا|ما|من|أين|كيف|क्यों|क्या|कौन|कहाँ|कैसे|कितन|كم|多少|几|いく",
    re.I,
)
STOPS = tuple(".!?。！？؟।\n")
ENOUGH, LONG_TAIL, SHORT_TAIL = 2, 16, 5


def given_away(e: Exhibit) -> str:
    """What tells the answer to the question that the seed asked and the rewrite still asks."""
    text, seed = e.after.text, e.before.text
    if e.old.words == e.new.words or len(text) <= len(seed) + 2:
        return ""
    own = e.new.prose
    headed = HEADED.search(own) or ("(" in own and BRACKETED.search(own))
    if headed and not HEADED.search(e.old.prose) and not EXAMPLE.search(e.new.prose):
        return headed.group()
    sums = (("=" in text or "≈" in text or "＝" in text) and SUM.search(text)) or "=" in text
    numbers = any(word[0].isdigit() for word in e.came)
    last = e.old.sentences[-1].rstrip(" .!?。！？؟।*_\"'") if e.old.sentences else ""
    behind = bool(last) and last in text and not text.rstrip().endswith(e.old.sentences[-1])
    if not (numbers and (sums or HENCE.search(text))) and not behind:
        return ""
    kept = _question_kept(e)
    return (
        (sums and _calculated(e, bool(kept)))
        or (kept and numbers and _concluded(e))
        or (kept and behind and _told_behind(e, kept))
        or ""
    )


def _question_kept(e: Exhibit) -> str:
    """The last sentence of the seed that asks, if it stands in the rewrite as it was."""
    for sentence in reversed(e.old.sentences):
        if asks_something(sentence):
            bare = sentence.rstrip(" .!?。！？؟।*_\"'")
            for part in (bare, re.split(r"[,，、;；]", bare)[-1].strip()):
                if len(part) > 3 and part in e.after.text:
                    return part
            return ""
    return ""


def _calculated(e: Exhibit, kept: bool) -> str:
    """A sum that is right, that the seed did not hold, and whose result it did not hold either."""
    text = e.new.outside
    if "=" not in text and "≈" not in text and "＝" not in text:
        return ""
    known = _figures(e.before.text)
    for shown in SUM.finditer(text):
        if shown.group() in e.before.text or _figure(shown[2]) in known:
            continue
        if INSTANCE.search(text[max(0, shown.start() - 40) : shown.start()]):
            continue
        result = _value(shown[1])
        if result is not None and abs(result - _figure(shown[2])) <= 0.005 * max(1.0, abs(result)):
            return shown.group() if kept or HENCE.search(text) else ""
    for shown in VALUE.finditer(text):
        if shown.group() in e.before.text:
            continue
        lead = text[max(0, shown.start() - 24) : shown.start()]
        since = SINCE.match(text[shown.end() : shown.end() + 12])
        if kept and (since or (HENCE.search(lead) and not SUPPOSED.search(lead))):
            return shown.group()
    return ""


def _concluded(e: Exhibit) -> str:
    """A number behind "so" or "that is" which the other numbers make."""
    text = e.after.text
    told = [
        (sign.start(), shown)
        for sign in HENCE.finditer(text)
        if (shown := TOTAL.match(text, sign.end()))
    ]
    known = _figures(e.before.text) if told else frozenset()
    here = _figures(text) if told else frozenset()
    for start, shown in told:
        result = _figure(shown[1])
        if result in known or abs(result) < 3:
            continue
        if _reachable(result, here - {result}):
            return text[start : shown.end()]
    return ""


def _reachable(result: float, figures: frozenset[float]) -> bool:
    """Whether one step of arithmetic with two of a few figures leads to a result."""
    if len(figures) > 12:
        return False
    for a, b in combinations(figures, 2):
        made = [a + b, abs(a - b), a * b, a * (1 - b / 100), b * (1 - a / 100), a * b / 100]
        made += [a / b] if b else []
        made += [b / a] if a else []
        if any(abs(m - result) < 0.005 for m in made):
            return True
    return False


def _told_behind(e: Exhibit, kept: str) -> str:
    """Sentences behind the question that neither ask nor set conditions, but answer."""
    text = e.new.outside
    place = text.find(kept)
    rest = text[place + len(kept) :].lstrip("*_\"'” ")
    if place < 0 or rest[:1] not in STOPS:
        return ""
    tail = rest.lstrip(" .!?。！？؟।*_\"')")
    # What stands apart behind a request to work on a text is that text; options are none, either.
    apart = tail[:1] == "\n"
    if apart and reworked.GIVES.search(text[: place + len(kept)]):
        return ""
    given = e.before.text.rstrip().rpartition("\n")[2]
    if given != e.before.text.rstrip() and given in tail and not asked(given):
        return ""  # the passage of the seed goes on
    if MATERIAL.match(tail.lstrip()):
        return ""
    if tail[:1].islower():
        return ""  # the sentence of a quotation ended, not the writer's
    said = [s for s in t.sentences(tail) if s not in e.before.text]
    if not said or any(asked(s) for s in said) or t.length(tail) < SHORT_TAIL:
        return ""
    if SETTING.search(tail) or NEEDS.match(said[0]) or CASE.match(said[0]):
        return ""
    if not EXPLAINABLE.search(e.old.prose) or owed.wants_code(e.before.text):
        return ""
    if g.read(said[0]) & (g.SELF | g.YOU) or t.BULLET.search(tail) or e.new.fences:
        return ""
    subject = e.old.vocabulary - STOP - FILLERS
    opening = [w for w in t.words(said[0])[:8] if w not in STOP]
    signs = 2 * bool(ANAPHORA.match(said[0]))
    signs += min(2, len({m.group().lower() for m in EXPLAINS.finditer(tail)}))
    signs += any(w in subject for w in opening) + (t.length(tail) >= LONG_TAIL)
    signs += 2 * bool(HENCE.search(said[0]) and any(c.isdigit() for c in said[0]))
    # Facts with numbers belong to a problem more often than to its answer.
    problem = any(c.isdigit() for c in e.before.text)
    return tail if signs >= ENOUGH + problem else ""


def _figure(number: str) -> float:
    """1,000 is a thousand, 1,75 is one and three quarters."""
    bare = number.replace(" ", "")
    if bare.count(",") == 1 and "." not in bare and len(bare.rpartition(",")[2]) != 3:
        bare = bare.replace(",", ".")
    bare = bare.replace(",", "")
    try:
        return float(bare)
    except ValueError:
        return float("nan")


def _figures(text: str) -> frozenset[float]:
    digits = {_figure(n) for n in t.NUMBER.findall(text)}
    spelled = {float(NUMBER_WORDS[w]) for w in t.words(text) if w in NUMBER_WORDS}
    return frozenset(abs(n) for n in digits | spelled if n == n)


def _value(expression: str) -> float | None:
    """The value of a chain of numbers and signs, products first; None where it has none."""
    terms: list[float] = []
    sign = "+"
    for shown in PIECE.finditer(expression):
        if shown[2]:
            sign = shown[2]
            continue
        number = _figure(shown[1])
        if sign in "+":
            terms.append(number)
        elif sign in "-−–":
            terms.append(-number)
        elif sign in "×*·":
            terms[-1:] = [terms[-1] * number] if terms else [number]
        elif terms and number:
            terms[-1] /= number
        else:
            return None
    return sum(terms) if terms else None
