"""Does an answer of several words hand over nothing of what was asked for?

Decides four forms by what is there: code without a statement, headings and list numbers without
content, placeholders left in place, and the instruction given back. An answer without
the kind of thing that was asked for is left to `owed`. Gives no failure; `answer.trivial` asks.
"""

from __future__ import annotations

import re

from autoevol.roles import text as t
from autoevol.roles import tongues as g
from autoevol.roles.lexicon import STOP
from autoevol.roles.phrases import Phrases
from autoevol.roles.rules import reworked
from autoevol.roles.rules.exhibit import Exhibit

# Stubs come with comments, so they may be longer than other answers that say nothing.
STUB, TALKED, LISTED = 2_000, 60, 600
# So much of an instruction is given back, and so many of its first words in a row.
GIVEN_BACK, RUN, FRAME = 0.6, 3, 8
# Code that is rightly empty.
SKELETON = Phrases(
    r"\b(?:skeletons?|stubs?|stubbed|boilerplate|templates?|interfaces?|abstract|protocols?|"
    r"signatures?|headers?|placeholders?|empty|no-?op|null object|mocks?|outlines?|docstrings?|"
    r"comments?|commented|annotat\w+|pseudo-?code|todos?|scaffold\w*|starter|exercise|fill in|"
    r"blanks?|markdown|readme|gitignore|declar\w+|marker|exceptions?|leere?[nrms]?|vacía?o?s?|"
    r"vide|plantilla|gerüst|vorlage|esqueleto|squelette|modelo|schnittstelle|interfaz|"
    r"kommentare?n?|comentarios?|commentaires?|comentários?|commenti|opmerkingen|komentarz\w*|"
    r"yorum\w*|szkielet\w*|szablon\w*|iskelet\w*|şablon\w*|kerangka|komentar|khung|chú thích|"
    r"mall|kommentarer)\b"
    r"|заглушк|каркас|шаблон|интерфейс|коммент|комент|骨架|模板|注释|接口|空的|スタブ|"
    r"テンプレート|雛形|"
    r"コメント|インターフェ|空の|주석|인터페이스|템플릿|빈 |قالب|تعليق|واجهة|फ़ारे|टिप्पणी|टेम्पलेट",
    re.I,
)
BLOCK_COMMENT = re.compile(
    r"""/\*[^*]*\*+(?:[^/*][^*]*\*+)*/|\"{3}[^"]*\"{3}|'{3}[^']*'{3}|<!--[^>]*-->"""
)
LINE_COMMENT = re.compile(r"(?:^|(?<=\s))(?:#(?=\s|$)|//|--(?=\s)|%(?=\s)|;;).*")
HOLE = re.compile(
    r"(?:pass|\.\.\.|…|\?\?\?|todo!?(?:\(.*\))?|unimplemented!\(.*\)|null|nil|none|"
    r"raise \w*notimplemented\w*(?:\(.*\))?|throw new \w*(?:notimplemented|unsupported)\w*\(.*\)|"
    r"panic!?\(.*(?:implement|todo).*\)|fatalerror\(.*\)|(?:return|yield)?)[;.]?",
    re.I,
)
# "return null" beside a comment that leaves the work to be done.
LEFT = re.compile(
    r"todo|fixme|your code|code here|here|implement|logic|goes|fill|placeholder|rest of|"
    r"hier|aquí|aqui|ici|qui\b|здесь|тут|这里|此处|ここ|여기|هنا|यहाँ|di sini|ở đây|här|tutaj|"
    r"buraya",
    re.I,
)
NOTHING_BACK = re.compile(
    r"return (?:none|null|nil|0|-1|false|true|\[\]|\{\}|\(\)|''|\"\"|undefined)?;?", re.I
)
MODIFIERS = (
    r"(?:(?:export|default|public|private|protected|static|final|async|pub|inline|override|"
    r"internal|open|suspend|unsafe|virtual|extern|constexpr) )*"
)
# The head of a function, with what may stand behind it on the line.
NAMED = MODIFIERS + (
    r"(?:(?:def|fun|func|function|fn|sub)\b[\w.<>: ]{0,60}\([^()]{0,300}\)[^=(;{]{0,80}|"
    r"def [\w.?!]+)"
)
TYPED = MODIFIERS + (
    r"(?!(?:return|throw|await|yield|new|else|echo|print|if|while|for|raise|assert|delete|match|"
    r"switch|case|do|try|catch)\b)[\w<>\[\]*&:,?.]{1,60}(?: [\w<>\[\]*&:,?.]{1,60}){0,4} ?[*&]?"
    r"\w{1,60} ?\([^()]{0,200}\)[^;=(){]{0,60}(?=\{)"
)
ARROW = (
    r"(?:export )?(?:const|let|var) \w+ ?= ?(?:async )?\(?[^()=]{0,200}\)? ?=> ?(?=\{)|"
    r"\w+ ?\(\) ?(?=\{)"
)
SIGNATURE = re.compile(f"{NAMED}|{TYPED}|{ARROW}", re.I)
CODE_FRAME = re.compile(
    MODIFIERS + r"(?:class|struct|impl|module|namespace|object|trait|enum) [^=(){};]{1,80}"
    r"(?:\([^()]{0,80}\))?[^=(){};]{0,60}\{?|"
    r"(?:import|from|using|use|package|require|include|library)\b.{1,120}|#include.{1,80}|"
    r"<\?php|\?>|[{}()\[\];,:]*|end;?|begin|@[\w.]+(?:\(.{0,80}\))?|#!.{1,60}|"
    r"[\"']use strict[\"'];?",
    re.I,
)


def stub(e: Exhibit) -> bool:
    """Code whose functions have no statement, only comments and what stands in for work."""
    text = e.answer.text
    if len(text) > STUB or t.length(e.answer.outside) > TALKED:
        return False
    bodies = [block.text for block in e.answer.fences]
    if not bodies and SIGNATURE.match(text):
        bodies = [text]
    if not bodies or not all(map(_idle, bodies)):
        return False
    return not SKELETON.search(e.after.text) and not SKELETON.search(e.before.text)


def _idle(body: str) -> bool:
    bare = BLOCK_COMMENT.sub(" ", body)
    notes = bare != body
    functions, returns = False, False
    for line in bare.split("\n"):
        code = LINE_COMMENT.sub("", line)
        notes = notes or len(code) < len(line.rstrip())
        code = " ".join(code.split())
        head = SIGNATURE.match(code)
        if head:
            functions = True
            behind = _behind(head.group(), code[head.end() :])
            # "def f(x): ..." on one line is how code is shortened when it is quoted.
            if behind.startswith((".", "…")) or not HOLE.fullmatch(behind):
                return False
        elif NOTHING_BACK.fullmatch(code):
            returns = True
        elif not HOLE.fullmatch(code) and not CODE_FRAME.fullmatch(code):
            return False
    if returns and not LEFT.search(body):
        return False
    return notes or functions


def _behind(head: str, rest: str) -> str:
    """What a function does on the line of its head: behind Python's colon, or in its braces."""
    if "{" in rest:
        return rest.strip(" {}")
    # "-> dict[str, int]:" ends in the colon.
    behind = head.rpartition(":")[2] if head.startswith(("def", "async def")) else ""
    return (behind + rest).strip() if ":" in head else rest.strip()


MARKER = re.compile(r"(?:[-*•–]|\(?(?:\d{1,2}|[a-zA-Z])[.):])")
RULED = re.compile(r"[|\s:+-]*")
BRACKET = re.compile(r"(?:[-*•–]|\d{1,2}[.)])?\s*(?:[\w ]{1,30}: ?)?[\[<(][^\]>)]{3,80}[\]>)]\W*")
RUN_OF_NUMBERS = re.compile(
    r"(?:(?:^|(?<=\s))\(?(\d{1,2})[.)](?:\s+|$))(?:\(?\d{1,2}[.)](?:\s+|$)){2,}$"
)
RUN_OF_DOTS = re.compile(r"(?:(?:^|(?<=\s))[-*•–](?:\s+|$)){3,}$")
# An outline is made of headings, and a form of gaps.
OUTLINE = Phrases(
    r"\b(?:outlines?|headings?|titles?|headlines?|names?|sections?|structure|contents?|chapters?|"
    r"templates?|forms?|checklists?|blanks?|empty|worksheet|placeholders?|gliederung|"
    r"überschrift\w*|"
    r"vorlage|formular|titel|namen?|esquema|plantilla|títulos?|titres?|plan|modèle|esboço|"
    r"modelo|titoli|schema|modello|sjabloon|konspekt\w*|szablon\w*|taslak|şablon\w*|başlık\w*|"
    r"kerangka|judul|nama|dàn ý|mẫu|tên|mall|rubriker|namn)\b|план|шаблон|заголов|назв|имен|імен|"
    r"大纲|提纲|模板|标题|名字|目录|見出し|テンプレート|構成|名前|タイトル|목차|제목|양식|이름|"
    r"عناوين|"
    r"عنوان|مخطط|نموذج|أسماء|रूपरेखा|शीर्षक|नाम",
    re.I,
)
LABEL = re.compile(
    r"\W*(?:step|part|schritt|teil|paso|parte|étape|partie|passo|stap|deel|krok|część|adım|bölüm|"
    r"шаг|часть|крок|частина|steg|del|langkah|bagian|bước|phần|चरण|단계|الخطوة|第|步骤|ステップ|手順)",
    re.I,
)
LAST = re.compile(
    r"\b(?:final|answer|solution|result|conclusion|code|antwort|lösung|ergebnis|fazit|respuesta|"
    r"solución|resultado|conclusión|réponse|solution|résultat|resposta|solução|conclusão|risposta|"
    r"soluzione|risultato|conclusione|antwoord|oplossing|resultaat|odpowiedź|rozwiązanie|wynik|"
    r"cevap|sonuç|çözüm|ответ|решение|вывод|результат|відповідь|розв'язок|висновок|svar|lösning|"
    r"resultat|jawaban|hasil|kesimpulan|đáp án|kết quả|kết luận)\b|答案|结论|结果|答え|"
    r"結論|解答|정답|결론|답|الإجابة|النتيجة|الحل|उत्तर|निष्कर्ष|परिणाम",
    re.I,
)


def unfilled(e: Exhibit) -> bool:
    """Headings, list numbers, cells and brackets with nothing in or behind them."""
    text = e.answer.text
    if len(text) > LISTED or e.answer.fences:
        return False
    # "Give three names: 1. 2. 3." names nothing, whatever was asked for.
    return _counts_only(e, text) or (_bare(text) and not OUTLINE.search(e.after.text))


def _bare(text: str) -> bool:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) < 2:
        return False
    cells = sum("|" in line and bool(RULED.fullmatch(line)) for line in lines)
    if cells > 1 and "|" in lines[0] and cells == len(lines) - 1:
        return True
    markers = sum(bool(MARKER.fullmatch(line.strip("*_ "))) for line in lines)
    headings = sum(map(_heading, lines))
    brackets = sum(bool(BRACKET.fullmatch(line)) for line in lines)
    if markers + headings + brackets < len(lines):
        return False
    if markers > 1 or brackets > 1:
        return True
    ends = lines[-1].rstrip("*_ ")
    said = "".join(line for line in lines if not LABEL.match(line))
    closing = ends.endswith((":", "：")) or bool(LAST.search(ends))
    return headings > 1 and closing and not t.DIGIT.search(said) and "=" not in text


def _heading(line: str) -> bool:
    """Marked as a heading, or a line of few words that ends in a colon."""
    if line.startswith("#") or (line.startswith("**") and line.rstrip(":： ").endswith("**")):
        return line.count("**") < 3
    return line.endswith((":", "：")) and t.length(line) < 7


def _counts_only(e: Exhibit, text: str) -> bool:
    """ "Names for a cat: 1. 2. 3." """
    shown = RUN_OF_NUMBERS.search(text) or RUN_OF_DOTS.search(text)
    if not shown or (shown.lastindex and shown[1] != "1"):
        return False
    before = t.words(text[: shown.start()])
    return len(before) < 20 and all(
        word in STOP or word in e.new.vocabulary or g.slots(word) & g.HEARD for word in before
    )


SAID_BEFORE = g.YOU | g.SELF | g.ASK | g.NEED | g.HEARD | g.WISH | g.MESSAGE | g.TOPIC


def given_back(e: Exhibit) -> bool:
    """The words of the instruction again, its first ones in a row, and nothing but a frame."""
    mine, asked = e.answer.words, e.new.words
    if len(mine) < 4 or not GIVEN_BACK * len(asked) <= len(mine) <= 2 * len(asked) + FRAME:
        return False
    if e.new.fences or reworked.passage(e.new):
        return mine == asked
    if t.unspaced(asked):
        one, other = "".join(mine), "".join(asked)
        return one == other or (other in one and len(one) < len(other) + FRAME)
    first = asked[:RUN]
    runs = any(mine[place : place + RUN] == first for place in range(FRAME))
    strange = e.answer.vocabulary - e.new.vocabulary - STOP
    return runs and not any(not g.slots(word) & SAID_BEFORE for word in strange)
