"""The words behind `tongues`, fourth part: what is kept out of.

Decides nothing. `topic` and `avoid` turn a subject down, `abstain` does so by itself.
"""

from __future__ import annotations

KEEPING_OUT = {
    "topic": {
        "en": "topic topics subject subjects thing things matter matters area territory "
        "field theme something conversation discussion ground request question",
        "de": "thema themen dinge sache bereich gebiet angelegenheit davon daraus darauf darüber "
        "anfrage",
        "fr": "sujet sujets thème domaine chose question questions terrain matière demande",
        "es": "tema temas asunto asuntos cosa cosas cuestión terreno materia petición",
        "pt": "tema temas assunto assuntos coisa coisas questão terreno pedido",
        "it": "tema temi argomento argomenti cosa questione questioni terreno richiesta",
        "nl": "onderwerp onderwerpen ding zaak kwestie terrein iets verzoek",
        "pl": "temat* tematów spraw* rzecz* kwesti*",
        "tr": "konu* mesele* başlık*",
        "ru": "тема темы теме тему темам темами темах вопрос* вещ* област* предмет*",
        "uk": "тема теми темі тему темами темам питан* справ* річ речі галуз*",
        "sv": "ämne ämnen ämnet sak saker fråga område något",
        "da": "emne emner emnet tema temaet noget noe",
        "cs": "téma témata tématu věc věci otázk*",
        "id": "topik hal tema urusan soal masalah",
        "vi": "chủ đề vấn",
        "ar": "موضوع الموضوع مواضيع المواضيع الموضوعات أمر أمور",
        "hi": "विषय विषयों मामले बात",
        "ko": "주제* 문제* 사안* 분야* 이야기*",
    },
    "avoid": {
        "en": "stay steer avoid avoiding keep shy refrain abstain touch wade discuss",
        "de": "fernhalte fernhalten raushalte heraushalte raushalten heraushalten meide vermeide "
        "meiden halte finger äussere äussern abstand herum",
        "fr": "éviter évite m'abstenir abstenir écart aborder aborde m'aventurer aventure "
        "préfère mêler",
        "es": "evitar evito alejarme margen mantenerme tocar abordar meto meterme entrar",
        "pt": "evitar evito afastado fora abordar entrar tocar meto",
        "it": "evitare evito affrontare tenermi lontano addentrarmi entrare esprimermi",
        "nl": "vermijden vermijd wegblijf weg blijf mijd mijden begeef buiten",
        "pl": "unikać unikam poruszać poruszam wchodzić trzymam omijać omijam wypowiadać",
        "tr": "kaçın* girme* girmiyorum uzak değinme*",
        "ru": "избегать избегаю касаться касаюсь обсуждать обходить обхожу воздерж* держусь "
        "высказываться затрагивать стороне",
        "uk": "уникати уникаю торкатися торкаюся обговорювати утрим* оминаю оминати осторонь "
        "братися",
        "sv": "undvika undviker avstå avstår medverka håller befatta",
        "da": "undgå undgår holder unngå unngår blande",
        "cs": "vyhýbám vyhnout vyhýbat zdržím",
        "id": "hindari menghindari menjauhi membahas menjauh",
        "vi": "tránh bàn",
        "ar": "تجنب تجنبه تجنبها أتجنب أتجنبه أتجنبها الخوض الابتعاد أبتعد",
        "hi": "बचना बचता बचूँगा दूर परहेज़",
        "ko": "피하* 삼가* 다루지 멀리*",
    },
    "abstain": {
        "fr": "m'abstiens m'abstiendrai",
        "es": "abstengo abstendré rehúso declino",
        "pt": "abstenho abster-me declino",
        "it": "astengo asterrò declino",
        "pl": "odmawiam odmówię",
        "tr": "reddediyorum",
        "ru": "воздержусь воздерживаюсь отказываюсь откажусь",
        "uk": "утримаюся утримаюсь утримуюся відмовляюся відмовляюсь відмовлюся",
        "cs": "odmítám zdržím",
    },
}

KEEPING_OUT_SIGNS = {
    "abstain": "触れないように|差し控え|不便多谈|不予置评|恕不|不方便谈",
    "topic": "话题|主题|问题|话題|テーマ|件|内容|分野|事|こと",
    "avoid": "回避|不便|不谈|不多谈|避免|远离|控え|避け|触れ|立ち入",
}
