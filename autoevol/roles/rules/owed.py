"""Is the kind of thing that was asked for nowhere in an answer: code, or a number?

Decides by what the instruction names (a programming language and a piece of software to be made;
something to be computed) and by what the answer is made of. Nothing hangs on what the answer says
in its stead, so that it is seen in any language. Gives no failure; the rules on answers ask.
"""

from __future__ import annotations

import re
import unicodedata

from autoevol.roles.rules.exhibit import Exhibit
from autoevol.text.lexicon import NUMBER_WORDS, wordset
from autoevol.text.phrases import Phrases
from autoevol.text.structure import NUMBER

# Who says much without code or figures may have explained something.
MOST = 45
LANGUAGE = Phrases(
    r"(?<![A-Za-z0-9_.])(?:python3?|javascript|typescript|java|kotlin|rust|golang|php|ruby|perl|scala|"
    r"haskell|elixir|erlang|clojure|(?:postgre|my|t-)?sql|sqlite|bash|powershell|html5?|css|"
    r"react|vue|node(?:\.?js)?|pandas|numpy|django|flask|matlab|julia|dart|lua|fortran|cobol|"
    r"assembly|vba|jquery|c\+\+|c#|f#)(?![A-Za-z0-9_+#])",
    re.I,
)
# By their beginnings, as words are inflected.
SOFTWARE = Phrases(
    r"\b(?:funct|funkt|func|funzion|funç|fonction|functie|funkcj|funkci|fonksiyon|fungsi|script|"
    r"skript|skrypt|betik|program|quer|requête|consulta|abfrage|zapytani|sorgu|kueri|class|klass|"
    r"clase|classe|one-liner|snippet|code|código|codice|kod|method|metod|méthode|método|metodo|"
    r"trigger|macro|makro|decorator|parser|regex|component|truy vấn|hàm)"
    r"|функци|скрипт|программ|програм|запрос|запит|класс|клас|метод|код|函数|脚本|程序|查询|类|代码|"
    r"関数|スクリプト|プログラム|クエリ|クラス|コード|함수|스크립트|프로그램|쿼리|클래스|코드|"
    r"دالة|برنامج|استعلام|कोड|फ़ंक्शन|फंक्शन|प्रोग्राम|क्वेरी",
    re.I,
)
MADE = Phrases(
    r"\b(?:writ|implement|creat|build|make|code|develop|schreib|implementier|erstell|programmier|"
    r"bau|escrib|escrev|cre[ae]|implementa|haz|programa|desarroll|écri|crée|réalise|développ|"
    r"scriv|realizz|svilupp|schrijf|maak|napisz|stwórz|zaimplement|utwórz|yaz|oluştur|geliştir|"
    r"tulis|buat|viết|tạo|skriv|skapa|implementera|desenvolv|faça|cria)\w*"
    r"|напиш|созда|реализ|сдела|створ|реаліз|зроб|写|编写|实现|作成|書いて|実装|작성|만들|구현|"
    r"اكتب|أنشئ|लिख|बना",
    re.I,
)
COMPUTED = Phrases(
    r"\b(?:how (?:many|much|long|far|old|tall|heavy)|compute|calculate|differentiate|integrate|"
    r"simplify|factor(?:ise|ize)?|evaluate|solve (?:for|the (?:equation|system|inequality))|"
    r"wie ?viele?|berechn\w+|löse|vereinfach\w+|cuánt[oa]s?|calcula|calcule|simplifi\w+|resuelv\w+|"
    r"combien|résou\w+|quant[oaie]s?|calcola|risolv\w+|resolv\w+|hoeveel|bereken|oblicz\w*|"
    r"ile (?:jest|wynosi|razy)|hesapla\w*|kaç|hitung\w*|berapa|tính|beräkna|räkna ut|hur många)\b"
    r"|сколько|вычисл|реши(?:те)? (?:урав|нерав|систем)|упрост|обчисл|скільки|计算|多少|"
    r"求(?!职|助|婚)|"
    r"いくつ|いくら|求め|計算|何[個人本枚回%]|구하|몇|얼마|احسب|كم |गणना|कितन",
    re.I,
)
# Who asks for the way, for words or for a story is answered by words.
WORDS_WANTED = Phrases(
    r"\b(?:explain|describe|discuss|why|prov[ei]|proof|show (?:that|how)|name|which|compare|"
    r"what (?:is|are|does)|story|joke|review|summar\w+|comment|document|difference|suggest|"
    r"recommend|advice|should i|plan|outline|output|classif\w*|categori[sz]\w*|"
    r"how (?:do|does|can|to|would|could|should)|"
    r"(?:is|are|does|do|can) (?:it|there|this|that|the)|"
    r"erklär\w*|beschreib\w*|warum|beweis\w*|zeig\w*|"
    r"welch\w*|vergleich\w*|"
    r"unterschied|explic\w*|expli\w+|describ\w*|por ?qu[eéê]|demuestr\w*|demonstr\w*|démontr\w*|"
    r"pourquoi|décri\w+|compar\w*|spieg\w*|descri\w*|perché|dimostr\w*|leg uit|waarom|bewijs|"
    r"wyjaśni\w*|opisz|dlaczego|udowodni\w*|açıkla\w*|neden|kanıtla\w*|jelaskan|mengapa|buktikan|"
    r"giải thích|tại sao|chứng minh|förklara|beskriv|varför|bevisa)\b"
    r"|объясн|опиш|почему|докаж|сравн|поясн|чому|довед|порівн|解释|说明|为什么|证明|比较|介绍|"
    r"説明|なぜ|証明|比較|설명|왜|증명|비교|اشرح|لماذا|أثبت|قارن|समझा|क्यों|सिद्ध|तुलना",
    re.I,
)
EQUATION = re.compile(r"\d[)%]?\s?[=≈]\s?[-(]?\d")
CALL = re.compile(r"(?<!\w)\w+\(\)")
STATED = re.compile(r"\w\.\w+\(|^\s*(?:def|return|import|echo|print)\b", re.M)
SHOWN = frozenset('"“”«»「」√π∞=^')
VARIABLES = frozenset("bcdfghjklmnpqrvxz")
CODE_SIGNS = frozenset("`{}[]<>=;|$\\_")
FIGURES = frozenset(NUMBER_WORDS) | wordset(
    "zero one half none never nothing nobody infinite infinitely infinity impossible undefined "
    "double twice equal both always null cero infinito infinita eins halb unendlich zéro infini "
    "infinie infinitos nul jeden sıfır ноль один одна нуль satu nol ett nessuno ningún ninguno "
    "اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة عشر दो तीन चार पाँच छह सात आठ नौ दस "
    "nenhum aucun aucune keine kein geen żaden hiç никто нет ни немає"
)


def withheld(e: Exhibit) -> bool:
    """Whether a short, whole answer has nothing of what only code, or only figures, could give."""
    if not 0 < e.answer.length <= MOST or e.answer.fences:
        return False
    return _no_code(e) or _no_figure(e)


def _no_code(e: Exhibit) -> bool:
    asked = e.after.text
    # "without sorted()" only speaks of code.
    text = CALL.sub("", e.answer.text)
    if not CODE_SIGNS.isdisjoint(text) or "(" in text or "?" in asked or "？" in asked:
        return False
    if STATED.search(e.answer.text):
        return False
    return wants_code(asked) and not WORDS_WANTED.search(asked)


def wants_code(asked: str) -> bool:
    """Whether an instruction asks for software in a language that it names."""
    return bool(LANGUAGE.search(asked) and SOFTWARE.search(asked) and MADE.search(asked))


def works_out(e: Exhibit) -> bool:
    """Whether an answer comes to figures that the instruction did not hold."""
    if not EQUATION.search(e.answer.text):
        return False
    return bool(set(NUMBER.findall(e.answer.text)) - set(NUMBER.findall(e.after.text)))


def _no_figure(e: Exhibit) -> bool:
    text, asked = e.answer.text, e.after.text
    if sum(map(str.isdigit, asked)) < 2 or any(map(str.isdigit, text)):
        return False
    # 三 counts, and so does ½.
    if any(c in SHOWN or (c > "\x7f" and unicodedata.numeric(c, None) is not None) for c in text):
        return False
    if not FIGURES.isdisjoint(e.answer.vocabulary) or not VARIABLES.isdisjoint(e.answer.words):
        return False
    return bool(COMPUTED.search(asked) and not WORDS_WANTED.search(asked))
