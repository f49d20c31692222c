"""Does a rewrite carry a model answer under a label of its own: "Sample answer: …", "模範解答：…"?

Decides which labels announce an answer, and whether what stands behind one is an answer to this
task: a form to be filled in, an order, an example of a format and what the seed brought are none.
What is expected as output counts only where it is the very answer. `leak` makes a failure of it.
"""

from __future__ import annotations

import re

from autoevol.roles import text as t
from autoevol.roles.phrases import Phrases
from autoevol.roles.rules.asking import asked
from autoevol.roles.rules.exhibit import Exhibit
from autoevol.roles.rules.task import translates

_OPENS = r"(?:^|[.!?。？！\n)\"”」』]\s{0,3})[*_#(（【\[]{0,4}"
_CLOSES = r"[*_】\]]{0,3}\s?[:：][*_]{0,2}\s*(?=\S)"
ANSWERS = Phrases(
    _OPENS
    + r"((?:(?:a |the )?(?:model|sample|suggested|reference|ideal|possible|example|expected) "
    r"(?:answer|solution|response|translation|reply)|answer key|muster(?:lösung|antwort)|"
    r"beispiel(?:lösung|antwort|übersetzung)|lösungsvorschlag|erwartete (?:antwort|lösung)|"
    r"mögliche (?:lösung|antwort)|corrigé type|réponse (?:modèle|type|attendue|possible)|"
    r"solution "
    r"(?:attendue|type|possible)|exemple de (?:réponse|solution)|respuesta (?:modelo|esperada|"
    r"correcta|posible|"
    r"de ejemplo|de muestra)|solución (?:modelo|esperada|posible)|ejemplo de respuesta|"
    r"resposta (?:modelo|esperada|"
    r"correta|possível|de exemplo)|gabarito|solução (?:modelo|esperada)|exemplo de resposta|"
    r"risposta (?:modello|attesa|"
    r"corretta|possibile|di esempio)|soluzione (?:modello|attesa|possibile)|esempio di risposta|"
    r"model(?:antwoord|"
    r"oplossing)|voorbeeld(?:antwoord|oplossing)|(?:verwacht|mogelijk) antwoord|(?:przykładowa|"
    r"wzorcowa|oczekiwana) "
    r"odpowiedź|(?:przykładowe|wzorcowe) rozwiązanie|örnek (?:cevap|yanıt|çözüm)|"
    r"beklenen (?:cevap|yanıt)|cevap anahtarı|"
    r"(?:образец|пример) (?:ответа|решения)|(?:образцовый|примерный|ожидаемый|эталонный|"
    r"правильный) ответ|(?:зразок|"
    r"приклад) (?:відповіді|розв'язку)|(?:очікувана|правильна) відповідь|facit|exempelsvar|"
    r"modellsvar|förväntat svar|"
    r"lösningsförslag|malli(?:vastaus|ratkaisu)|esimerkkivastaus|odotettu vastaus|(?:الإجابة|"
    r"الحل) "
    r"(?:النموذجية|النموذجي|المتوقعة|المتوقع|الصحيحة|الصحيح)|(?:आदर्श|नमूना|अपेक्षित|सही) उत्तर|"
    r"(?:모범|예시) ?답안|기대 ?답변|"
    r"(?:参考|标准|示例|预期|范例)(?:答案|解答|译文|回答)|答案示例|模範(?:解答|回答|訳)|解答例|"
    r"回答例|訳例|想定解答|đáp án(?: mẫu)?|"
    r"lời giải(?: mẫu)?|câu trả lời mẫu|kunci jawaban|contoh jawaban|jawaban(?: yang benar)?|"
    r"vzorov(?:á odpověď|é "
    r"řešení)|očekávaná odpověď))" + _CLOSES,
    re.I,
)
OUTPUTS = Phrases(
    _OPENS + r"((?:expected|desired) (?:output|result)|erwartete ausgabe|erwartetes ergebnis|"
    r"(?:sortie|réponse) attendue|"
    r"résultat attendu|(?:resultado|salida) esperad[oa]|(?:resultado|saída) esperad[oa]|"
    r"(?:risultato|output) atteso|"
    r"verwachte uitvoer|verwacht resultaat|oczekiwany wynik|beklenen (?:çıktı|sonuç)|"
    r"ожидаемый (?:результат|вывод)|"
    r"очікуваний результат|förväntat resultat|odotettu tulos|(?:الناتج|المخرج) المتوقع|"
    r"अपेक्षित (?:परिणाम|आउटपुट)|"
    r"(?:기대|예상) ?(?:결과|출력)|(?:预期|期望)(?:输出|结果)|期待される(?:出力|結果)|想定出力|"
    r"hasil yang diharapkan|"
    r"kết quả (?:mong đợi|dự kiến))" + _CLOSES,
    re.I,
)
# A form to be filled in.
BLANK = re.compile(
    r"[<\[{_…]|\.\.\.|\(?(?:your|dein|ihre?|votre|ton|tu|su|sua|tua|uw|je|twoja)\b", re.I
)
FORMAT = Phrases(
    r"\b(?:formats?|formato|formatie\w*|layout|templates?|vorlage|schema|modelo de formato|"
    r"plantilla|gabarit|"
    r"questions?|question-answer|q&a|fragen?|preguntas?|формат\w*|szablon\w*|formaat|sjabloon|"
    r"biçim\w*|quiz\w*|"
    r"flashcards?|inputs?|eingabe)\b|格式|形式|フォーマット|형식|صيغة|تنسيق|प्रारूप|问题：|質問：|"
    r"输入|入力",
    re.I,
)
SEEN = 80


def answer_below(e: Exhibit) -> str:
    """The labelled answer, with its label; '' where there is none."""
    text, seed = e.after.text, e.before.text
    for phrases in (ANSWERS, OUTPUTS):
        shown = phrases.search(text)
        if not shown or shown[1].casefold() in seed.casefold():
            continue
        told = text[shown.end() :].strip()
        lead = text[max(0, shown.start() - SEEN) : shown.start()]
        if not told or told in seed or BLANK.match(told) or FORMAT.search(lead):
            continue
        first = t.sentences(told)[0]
        if (len(told) < 3 and not told[:1].isdigit()) or asked(first):
            continue
        if phrases is ANSWERS or _very_answer(e, first):
            return text[shown.start() :].strip(" .!?)\n")
    return ""


def _very_answer(e: Exhibit, told: str) -> bool:
    """Whether the answer says the same; before there is one, a translation does."""
    bare = told.strip(" .!?*_`\"'“”„«»「」").casefold()
    if e.response:
        return len(bare) > 1 and bare in e.response.casefold() and "```" not in e.response
    return translates(e.before.text) and t.quotes(e.before.text)
