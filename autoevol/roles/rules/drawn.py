"""Which words speak of a picture or a table as drawn, and is it one that is there?

Decides what names a picture by its number or by what is marked in it, and when it was spoken of
before: a picture that the task itself has drawn may be pointed at. What else is set beside the
words is left to `handed`, which makes a finding of both.
"""

from __future__ import annotations

import re

from autoevol.roles import text as t
from autoevol.roles.lexicon import wordset
from autoevol.roles.phrases import Phrases
from autoevol.roles.rules.exhibit import Exhibit

# A picture or a table, told by its number or by what is marked in it.
DRAWN = Phrases(
    r"\b(?:in|from|of|on|see|per|by|with|at|to|under|than|using|against|aus|auf|laut|gemäß|nach|"
    r"siehe|der|zur|en|de|"
    r"del|según|selon|voir|da|na|no|segundo|nella|dalla|della|uit|van|volgens|w|z|na|według|из|"
    r"на|по|із|з|за|i|"
    r"från|enligt|trong|ở|theo|pada|di|dari|v|ze) (?:la |le |el |die |das |dem |the |a |"
    r"hình )?(?:figure|fig\.|exhibit|"
    r"appendix|abbildung|abb\.|schaubild|tabelle|figura|figuras|tabela|tabella|tableau|annexe|"
    r"afbeelding|figuur|bijlage|"
    r"rysunku|rys\.|tabeli|wykresu|рисунка|рисунке|рисунку|рис\.|таблицы|таблице|таблиці|малюнка|"
    r"малюнку|схеме|figur|"
    r"tabell|bilaga|bảng|hình|gambar|lampiran|obrázku|tabulky|tabulce) (?:\d{1,2}|[A-D]|I{1,3}|"
    r"IV|V)\b"
    r"|\b(?:from|in|of|per|see|by|using) table \d{1,2}\b(?! (?:is|are|in the (?:room|"
    r"restaurant)))|\b(?:table|diagram|chart|listing|photo) \d{1,2}(?= (?:shows?|above|below|"
    r"gives|lists)\b|"
    r"[.,;?!]|$)"
    r"|(?:şekil|tablo|çizelge) \d{1,2}['’]?\w*|kuva(?:n|ssa|sta) \d|taulukon \d|(?:الشكل|الجدول|"
    r"الملحق) (?:رقم )?[\d(]|"
    r"(?:चित्र|तालिका) \d|(?:그림|도표|부록) ?\d|[图圖図]\s?\d|附[录図]\s?[\dA-D]|如图|题图"
    r"|\b(?:shown|marked|shaded|depicted|drawn|labell?ed|highlighted|circled|indicated|hatched|"
    r"visible|pictured|seen|"
    r"you (?:can )?see) (?:in|on) (?:the|this|our|my|that) (?:\w+ )?(?:figure|diagram|picture|"
    r"photo|sketch|drawing|"
    r"graph|screenshot|image|map|plan|blueprint|scan)\b"
    r"|\b(?:in|auf) (?:der|dem|unsere[mr]|meine[mr]|dieser|diesem) (?:abbildung|skizze|zeichnung|"
    r"diagramm|bild|foto|"
    r"grafik|schaubild|screenshot|plan|karte) (?:gezeigt|markiert|eingezeichnet|schraffiert|"
    r"dargestellt|abgebildet|"
    r"zu sehen|siehst|sieht|sehen)\w*"
    r"|\b(?:que (?:ves|se ven?|aparecen?|se muestran?)|mostrad\w+|marcad\w+|sombread\w+|"
    r"señalad\w+|dibujad\w+) en "
    r"(?:la|el|nuestro|nuestra|mi|este|esta) (?:figura|diagrama|foto|imagen|gráfic[oa]|dibujo|"
    r"captura|esquema|plano|"
    r"mapa)\b"
    r"|\b(?:(?:você|se) vê|vês|aparecem?|mostrad\w+|marcad\w+|sombread\w+|destacad\w+|"
    r"desenhad\w+) n(?:a|o|esta|este) "
    r"(?:figura|diagrama|foto|imagem|gráfico|desenho|esquema|print|planta|mapa)\b"
    r"|\b(?:voit|voyez|vois|montr\w+|hachur\w+|ombr\w+|colori\w+|marqué\w*|dessin\w+|apparaît|"
    r"figurant) (?:sur|dans) "
    r"(?:la |le |l'|notre |mon |cette |ce )(?:figure|schéma|photo|image|graphique|dessin|capture|"
    r"plan|carte|croquis)\b"
    r"|\b(?:mostrat|segnat|evidenziat|ombreggiat|disegnat|raffigurat|indicat)[oaei] (?:nel|nella|"
    r"sulla|sul) "
    r"(?:figura|diagramma|foto|immagine|grafico|disegno|schema|mappa)\b|\bche vedi (?:nel|"
    r"nella) \w+"
    r"|\b(?:getoond|gemarkeerd|gearceerd|getekend|aangegeven|te zien|ziet|zie) (?:in|op) (?:de|"
    r"het|ons|onze|mijn) (?:figuur|"
    r"diagram|foto|afbeelding|tekening|grafiek|schets|schema|screenshot|kaart)\b"
    r"|\b(?:zaznaczon|zacienion|pokazan|przedstawion|widoczn|zakreskowan|"
    r"narysowan)\w+ na (?:rysunku|wykresie|schemacie|"
    r"zdjęciu|diagramie|zrzucie|mapie|szkicu)\b"
    r"|\b(?:отмечен|закрашен|показан|изображ|заштрихован|видн|"
    r"обозначен)\w* на (?:\w+ )?(?:рисунке|схеме|чертеже|фото|"
    r"графике|диаграмме|скриншоте|картинке|плане|карте)\b"
    r"|\b(?:позначен|зафарбован|показан|зображен|заштрихован|видн)\w* на (?:\w+ )?(?:малюнку|"
    r"рисунку|схемі|кресленні|"
    r"фото|графіку|діаграмі|скриншоті|карті)\b"
    r"|\b(?:şekilde|grafikte|diyagramda|resimde|çizimde|fotoğrafta|şemada) (?:gösteril|işaretlen|"
    r"taranmış|görül|boyalı|"
    r"veril)\w*|\b(?:visas|markera\w+|skugga\w+|ritad\w*|syns|ser) (?:i|på) (?:figuren|"
    r"diagrammet|bilden|skissen|"
    r"grafen|fotot|kartan|skärmbilden|ritningen)\b|\b(?:kuvassa|kuviossa|kaaviossa|piirroksessa|"
    r"valokuvassa) (?:näky|"
    r"merkit|esite|varjoste)\w+|(?:المظلل|الموضح|المبين|المرسوم)\w* (?:في|على) (?:الشكل|الصورة|"
    r"الرسم|المخطط)|"
    r"(?:चित्र|आरेख|तस्वीर) में (?:दिखा|अंकित|छायांकित|चिह्नित|दिया|दी)\w*|(?:그림|도표|사진|도형|"
    r"다이어그램|스크린샷)(?:에|에서) "
    r"(?:표시|보이|색칠|나타|나와|그려)\S*|(?:图|照片|截图|示意图)(?:中|里|上)(?:所示|阴影|标出|"
    r"标注|画出|显示)|图示的|"
    r"図(?:中)?(?:の|に)(?:示|斜線|影|印|網掛|着色|塗)|図に描か|図のように|写真に写っ|"
    r"(?:được )?(?:tô đậm|tô màu|"
    r"đánh dấu|vẽ|hiển thị) (?:trong|trên) "
    r"(?:hình|sơ đồ|ảnh|bản đồ|biểu đồ)|(?:ditunjukkan|terlihat|diarsir|ditandai|"
    r"digambar) (?:pada|di|dalam) (?:gambar|"
    r"diagram|grafik|foto|peta|denah)",
    re.I,
)
# By their first letters: what is drawn.
PICTURES = wordset(
    "figu fig diag pict phot sket draw grap char tabl imag scre map plan blue abbi skiz zeic "
    "bild foto graf scha "
    "tabe karte kart dibu esqu mapa capt grá gráf dese prin sché sche dess croq cart immag imma "
    "diseg dise mapp afbe "
    "teke figuu rysu wykr szki zdję zrzu рису рис схем черт фото граф диаг скри табл карт план "
    "малю крес şeki graf "
    "diya resi çizi tabl figu bild skis kuva kuvi kaav piir taul الشك الصو الرس الجد चित् आरेख "
    "तालि तस्व 그림 도표 bảng "
    "gamb graf obrá tabu"
)
# A picture that is one of many, or to be made.
SOME = re.compile(
    r"\b(?:an?|eine?[nmrs]?|une?|una|uno|uma?|een|ett|bir|some|any|each|"
    r"every) (?:[^\W\d]+ )?([^\W\d]{3,})",
    re.I,
)


def known(e: Exhibit, shown: re.Match[str]) -> bool:
    """Whether what `DRAWN` found is there, or the text or the seed speaks of it anyway."""
    if e.new.fences or e.new.blocks or any(map(e.after.text.__contains__, ("![", "http", "<svg"))):
        return True
    before = frozenset(t.words(e.before.text)) | frozenset(t.words(e.new.prose[: shown.start()]))
    if t.UNSPACED_SIGN.search(shown.group()):
        return bool(frozenset("图圖図表附写") & before & frozenset(t.words(shown.group())))
    named = {w[:4] for w in t.words(shown.group())} & PICTURES
    if any(w[:4] in named for w in before):
        return True
    return any(found[:4].casefold() in named for found in SOME.findall(e.new.prose))
