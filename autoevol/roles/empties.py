"""Words that ask for nothing more when they are all that came: politeness, names of what stands
there anyway ("the following expression"), the small words that a sentence is turned with.

Decides no failure; restatements are told by what is left without these. For English and its
neighbours `lexicon` knows the stop words already, so their lines are short.
"""

from __future__ import annotations

import re
from functools import lru_cache

from autoevol.roles.lexicon import root, wordset

_ENGLISH = "out expression expressions equation formula times exercise"
_WORDS = (
    _ENGLISH,
    "ausdruck gleichung term heraus lautet beträgt mal jeweils folgenden gegebenen uhr bitteschön "
    "expresión ecuación siguiente veces dado dada realizar lleva cabo horas amablemente "
    "expression équation suivante suivant fois donné donnée réaliser effectuer veuillez merci "
    "heures espressione equazione seguente volte cortesemente gentilmente cortesia ore "
    "expressão equação seguinte vezes gentileza gentilmente abaixo "
    "uitdrukking vergelijking volgende keer graag eens even alstublieft uur "
    "выражение уравнение следующее следующий следующую следующего раз данный данное данного часов "
    "часа прошу будьте добры могли вас тебя ",
    "вираз рівняння наступний наступне наступну такий "
    "разів будь ласка прошу можеш можете мені чи для за допомогою яка який яке якого якій яким "
    "чином що як на у в з і та це є й від до потрібно треба слід котрий котра котрі "
    "proszę wyrażenie równanie następujące następujący następującą razy mi czy możesz możecie "
    "mógłbyś sposób jest są się w we z ze na do i za pomocą który która które "
    "którą ile wynosi jaki "
    "jaka jakie to o po od u godzinie jak "
    "lütfen aşağıdaki ifadeyi denklemi kat bana misin mısın mısınız misiniz bir ve için ile olan "
    "olarak şu bu nedir ne kaç kaçtır kullanarak kadar "
    "hãy vui lòng giúp tôi mình em cho biểu thức phương trình sau đây là của và các một có thể bạn "
    "ơi nhé với được bao nhiêu bằng gì nào những cái đó thì mà ra cách "
    "tolong mohon silakan harap saya berikut ini ekspresi persamaan kali yang di dan untuk dari "
    "dengan sebuah bisakah dapatkah anda kamu caranya cara itu adalah apa bagaimana agar oleh "
    "कृपया लिए निम्नलिखित व्यंजक समीकरण के का की को में से ने है हैं यह वह एक "
    "जो क्या करें कीजिए मुझे बताइए "
    "बताएं बताएँ दीजिए हो होता होती गया हेतु द्वारा वाला वाली वाले और कैसे लिखिए लिखें बनाइए "
    "vänligen snälla följande uttryck uttrycket ekvation ekvationen gånger kan kunna skulle du mig "
    "en ett det den de som och på i att för till av med är hur vad vilken vilka om man "
    "vennligst venligst følgende uttrykk uttrykket udtryk ligning ligningen ganger gange jeg meg "
    "mig et er hvordan hva hvad og å at fra ved når "
    "prosím následující výraz rovnici krát mi můžeš můžete jak co je se si v ve na z ze a i pro "
    "který která které jaký jaká "
    "다음 다음의 주세요 해줘 해주세요 하세요 하시오 "
    "좀 부탁해 부탁합니다 부탁드립니다 것 수 있는 하는 구하는 작성해줘 "
    "작성해주세요 작성하세요 만들어 만들어줘 써줘 알려줘 알려주세요 "
    "사용해 사용해서 이용해 이용해서 개의 대해 대한 구해 "
    "التالي التالية العبارة المعادلة مرات رجاء يرجى الرجاء من فضلك لي في على عن هو هي ما أن التي "
    "الذي هذا هذه بين إلى مع "
    "בבקשה הבא הבאה אנא לי את של על עם אשר לטובת "
    "لطفا زیر را از به در که این آن برای است معادله عبارت "
    "παρακαλώ ακόλουθη ακόλουθο έκφραση εξίσωση το η ο του της των την τον σε στο στη με για από "
    "και που να είναι μου "
    "kérlek kérem következő kifejezést egyenletet a az egy és hogy van "
    "vă rog te următoarea expresia ecuația de la în pe cu un o și care este "
    "ole hyvä seuraava lauseke yhtälö se on ja että",
)
# Particles of a Korean word; "only" and "until" are none of them.
_PARTICLE = re.compile(r"(?<=[가-힣]{2})(?:으로|에서|에게|은|는|이|가|을|를|의|로|와|과|에)$")


def _stems(words: str) -> frozenset[str]:
    """Words as `lexicon.roots` gives them."""
    return frozenset(
        stem
        for word in wordset(words)
        for stem in (word, root(word), word[:5], _PARTICLE.sub("", word))
        if len(stem) > 1 or not stem.isascii()
    )


# English ones alone, for texts that are surely English: "even" is no such word there.
EMPTY, EMPTY_ENGLISH = _stems(" ".join(_WORDS)), _stems(_ENGLISH)
# Signs that are written in two ways.
SIGNS = str.maketrans(
    dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", (f"^{n}" for n in range(10)), strict=True))
    | {"−": "-", "×": "*", "·": "*"}
)


@lru_cache(maxsize=2000)
def bare(word: str) -> str:
    """A word without what Korean hangs on it."""
    return _PARTICLE.sub("", word) if "가" <= word[0] <= "힣" else word
