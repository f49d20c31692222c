"""Does an answer only speak of an answer: announce it, claim that it is made, or that it can be?

Decides what a sentence has to be so that nothing stands in it: "Here is the code you asked for",
"The poem has been written", "I will compute that", "It can be found with the usual formula". An
answer is a shell where every sentence is one, or is politeness, and nowhere is a figure, code, a
quotation or a line that could be the work. Gives no failure; `answer.trivial` asks.
"""

from __future__ import annotations

import re

from autoevol.roles import text as t
from autoevol.roles import tongues as g
from autoevol.roles.lexicon import NUMBER_WORDS, STOP, wordset
from autoevol.roles.phrases import Phrases
from autoevol.roles.rules.exhibit import Exhibit
from autoevol.roles.rules.reaction import COMPOSED, YES_OR_NO
from autoevol.roles.rules.refusing import FICTION

# A shell has few sentences, and none of them is long.
SIGNS, WORDS, SENTENCE, SHORT = 500, 45, 28, 4
# Words with the same first letters are one word.
ALIKE = 5
WORK = frozenset('`=|<>{}[]√π^"“”„«»「」#*')
POLITE = g.HEARD | g.THANKS | g.LUCK
MADE = g.PRODUCT | g.MAKE
SHOWS = Phrases(
    r"\W*(?:(?:\w+\W+){0,4}?)(?:here(?:'s| is| are| you (?:go|are|have)| comes?| it is)|"
    r"below (?:is|are|you)|"
    r"the following (?:\w+ ){1,3}(?:will|does|do|shows?|should|meets?|gives?)|"
    r"(?:this|these) (?:is|are) (?:the|a|an|your|my)|"
    r"(?:i have|i've|please find|you(?:'ll| will| can)? find)\b(?= .{0,40}\b(?:below|attached))|"
    r"hier (?:ist|sind|kommt|kommen|hast du|haben sie|findest du|finden sie)|"
    r"(?:nachfolgend|nachstehend|unten|im folgenden) (?:ist|sind|finden sie|findest du|steht)|"
    r"anbei|das ist (?:der|die|das|ein|eine|dein|ihr)|voici|voilà|"
    r"aquí (?:está|están|tienes|tiene|te dejo|le dejo|va|van)|a continuación|"
    r"este es (?:el|tu|su|un)|"
    r"(?:aqui|cá) (?:está|estão|vai|vão|tem)|segue(?:m)?|eis|este é|"
    r"ecco(?:ti|le|vi|lo|la|li)?|di seguito|qui sotto|"
    r"hier(?:onder)? (?:is|zijn|heb je|heeft u|volgt|vind je|vindt u|staat)|"
    r"dit is (?:de|het|een|je|uw)|"
    r"oto|poniżej|to jest|işte|aşağıda\w*|buyurun|вот|ниже|держи(?:те)?|ось|нижче|тримай(?:те)?|"
    r"här (?:är|kommer|har du|har ni|följer|finns)|nedan|her (?:er|kommer|har du)|nedenfor|"
    r"zde je|tady (?:je|máš|máte)|níže|berikut(?: ini)?(?: adalah)?|ini(?:lah)?|di bawah ini|"
    r"(?:dưới )?đây là|sau đây là)(?!\w)"
    r"|^\W*\S{0,12}?(?:以下是|下面是|这是|这里是|以下に|こちらが|以下が|次が|إليك|إليكم|فيما يلي|"
    r"هذا هو|هذه هي|यहाँ |यहां |ये रह|यह रह|नीचे |여기 |다음은|아래는)",
    re.I,
)
BELOW = Phrases(
    r"\b(?:is|are|follows?|comes?|you(?:'ll| will| can)? find (?:it|them)?|see) ?(?:below|attached|"
    r"here|next)?[.!]*$|\b(?:folgt|siehe unten|steht unten|está abajo|más abajo|ci-dessous|abaixo|"
    r"qui sotto|hieronder|poniżej|aşağıda|ниже|нижче|nedan|di bawah(?: ini)?|dưới đây)[.!]*$|如下|"
    r"以下の通り|"
    r"次の通り|下記の通り|아래와 같|أدناه|नीचे",
    re.I,
)
LETS = Phrases(
    r"\W*(?:(?:sure|okay|ok|gut|bueno|bien|bene|хорошо|добре)\W+)?(?:let's|let us|let me|"
    r"lassen sie uns|lass uns|vamos a|vamos|allons|vejamos|vediamo|laten we|давай(?:те)?|låt oss|"
    r"mari kita|hãy cùng|zróbmy|haydi)\b|\W*(?:让我们|我们来|一起来|دعنا|आइए)|"
    r".{0,20}(?:ましょう|해 ?봅시다)",
    re.I,
)
# It will be warm and short, whatever it is.
WILL_BE = Phrases(
    r"\b(?:will (?:be|turn out|make|sound|have)|wird|werden|será|serán|sera|seront|sarà|saranno|"
    r"serão|zal|zullen|będzie|będą|wyjdzie|olacak|будет|будут|получится|выйдет|вийде|буде|будуть|"
    r"kommer att|blir|vil|akan|sẽ|bude)\b|将会|会是|になります|でしょう|سيكون|ستكون|होगा|होगी|"
    r"될 것|거예요",
    re.I,
)
HEDGED = wordset(
    "would could might würde könnte podría pourrais poderia potrei zou by бы б should "
    "if wenn si se als jeśli если якщо om jika nếu"
)
BY = Phrases(r"\b(?:by|von|por|par|da|door|przez|av|oleh|bởi)\b|\b(?:автор|ким|кем)", re.I)
# It can be had, by a way that everybody knows.
OBTAINED = Phrases(
    r"\b(?:(?:can|may|could) (?:then |easily |simply |just |readily |all )?be (?:\w+ly )?"
    r"(?:found|computed|calculated|obtained|solved|determined|worked out|derived|evaluated|done|"
    r"figured out)|"
    r"(?:you|we|one|i) (?:can |will |just |simply |could |then |easily )*(?:get|gets|obtain|"
    r"obtains|find|finds|compute|calculate|calculates|arrive at|determine|derive|solve)\b|"
    r"(?:is|are) (?:easily |simply |then )?(?:found|computed|calculated|obtained|solved|"
    r"determined|given) (?:by|with|from|using)|"
    r"(?:apply|applying|use|using) the (?:\w+ )?(?:formula|rule|method|theorem|definition|"
    r"equation)|follows from (?:the|a)|"
    r"(?:lässt|lassen) sich|(?:man|du|wir) (?:\w+ )?(?:erhält|bekommt|berechnet|findet|kann|können|"
    r"erhalten)|(?:kann|können) (?:\w+ ){0,6}(?:werden|berechnen|lösen|bestimmen)|ergibt sich|"
    r"(?:se|lo|la) (?:puede|pueden|obtiene|obtienen|calcula|calculan|halla|resuelve|encuentra)|"
    r"(?:on|vous|tu) (?:peut|peux|pouvez|obtient|obtenez|trouve|trouvez|calcule)|s'obtient|"
    r"se calcule|peut se|(?:pode|podem) ser|obtém-se|calcula-se|você (?:pode|obtém|encontra)|"
    r"(?:si|li) (?:può|possono|ottiene|ottengono|calcola|trova|risolve)|(?:kun|kunt|kan) "
    r"(?:je|u|men|worden)|wordt (?:berekend|gevonden)|można|otrzymuje(?:my)?|wystarczy|"
    r"bulunabilir|hesaplanabilir|çözülebilir|bulunur|hesaplanır|elde edilir|hesaplayabil\w+|"
    r"можно (?:\w+ )?(?:найти|вычислить|решить|получить|посчитать|определить)|находится по|"
    r"получается (?:по|из)|можна (?:\w+ )?(?:знайти|обчислити|розв|отримати|порахувати)|"
    r"kan (?:man |du )?(?:\w+ )?(?:beräknas|lösas|hittas|räkna|räknas|fås|bestämmas|findes|"
    r"beregnes)|"
    r"dapat (?:dihitung|ditemukan|diperoleh|dicari|diselesaikan)|bisa (?:dihitung|dicari|"
    r"ditemukan)|"
    r"có thể (?:tính|tìm|giải|được)|tính được|lze)\b"
    r"|可以(?:求|算|计算|得|用|通过|解)|能(?:求|算)|即可|(?:求め|計算|解く|導)(?:られ|でき|"
    r"ことが)|できます|"
    r"구할 수|계산할 수|풀 수|يمكن (?:حساب|إيجاد|حل)|يمكنك|(?:निकाला|ज्ञात|हल) (?:जा|किया|कर)",
    re.I,
)
# Who asks for the way is answered by the way.
ASKS_WAY = Phrases(
    r"\b(?:how (?:do|does|can|to|would|could|should|did)|explain|describe|discuss|method|ways?|"
    r"approach|formula|rule|why|prove|proof|show (?:that|how)|strategy|outline|plan|steps?|"
    r"technique|wie (?:kann|berechn\w+|bestimm\w+|man|löst|finde\w*|würde)|erklär\w*|beschreib\w*|"
    r"formel|warum|beweis\w*|zeige|cómo|explica\w*|describ\w*|fórmula|por qué|demuestr\w*|"
    r"comment|expli\w+|décri\w+|formule|pourquoi|démontr\w*|como|descrev\w*|prove|demonstr\w*|"
    r"come|spiega\w*|descriv\w*|perché|dimostr\w*|hoe (?:kan|bereken\w*|vind)|leg uit|bewijs|"
    r"wyjaśnij|opisz|wzór|dlaczego|udowodnij|açıkla\w*|nasıl|formül\w*|neden|kanıtla\w*|ispatla\w*|"
    r"bagaimana|jelaskan|rumus|mengapa|buktikan|giải thích|cách|chứng minh|công thức|tại sao|"
    r"förklara|beskriv|varför|bevisa|hur (?:kan|man|beräknar|löser))\b"
    r"|как |объясн|опиш|формул|почему|докаж|способ|як |поясн|чому|довед|怎么|如何|怎样|为什么|"
    r"解释|说明|证明|"
    r"方法|公式|どうやって|どのように|なぜ|説明|証明|示せ|示し|어떻게|설명|왜|증명|공식|방법|كيف|"
    r"اشرح|لماذا|أثبت|"
    r"कैसे|समझा|क्यों|सिद्ध|विधि|सूत्र",
    re.I,
)
SAYS_NUMBER = frozenset(NUMBER_WORDS) | wordset(
    "zero one half never none infinite infinitely impossible undefined null cero uno infinito "
    "eins halb unendlich zéro infini infinitos nul jeden sıfır ноль один одна нуль satu nol ett "
    "صفر واحد शून्य एक"
)


def speaks_of_it(e: Exhibit) -> bool:
    """Every sentence announces, claims or promises an answer, or is politeness around that."""
    text = e.answer.text
    if len(text) > SIGNS or e.answer.length > WORDS or text.count("\n") > 3:
        return False
    if not WORK.isdisjoint(text) or (t.DIGIT.search(text) and _figures(e)):
        return False
    if _found_so(e):
        return True
    told = e.spoken & (g.HERE | g.DONE | g.PRODUCT | g.MAKE | g.CAN)
    if not told and not LETS.match(text):
        return False
    said = e.said
    if not said or len(said) > SHORT:
        return False
    shells = [_shell(e, sentence, place) for place, sentence in enumerate(said)]
    if not any(shells) or not all(
        shell or _polite(sentence) or _echoes(e, sentence)
        for shell, sentence in zip(shells, said, strict=True)
    ):
        return False
    return _nothing_composed(e, said)


def _figures(e: Exhibit) -> bool:
    """Whether it holds a number that the instruction does not."""
    return bool(e.answer.quantities.keys() - e.new.quantities.keys())


def _nothing_composed(e: Exhibit, said: list[str]) -> bool:
    """Whether no sentence may itself be the text that was asked for, such as a message."""
    shown = COMPOSED.search(e.after.text) or FICTION.search(e.after.text)
    if not shown:
        return True
    named = shown.group().casefold().strip()
    return any(named in sentence.casefold() and g.read(sentence) & MADE for sentence in said)


def _polite(sentence: str) -> bool:
    words = t.words(sentence)
    if all(word in STOP or g.slots(word) & POLITE for word in words):
        return True
    tags = g.of_words(words, sentence)
    brief = t.weigh(words, sentence) <= 3 * SHORT
    if t.unspaced(words) and tags & g.HEARD and t.weigh(words, sentence) <= SHORT:
        return True
    if brief and tags & (g.THANKS | g.LUCK) and tags & (g.YOU | g.HELP | g.SELF | g.HEARD):
        return True
    if brief and tags & g.HEARD and sentence.endswith(("!", "！")) and len(words) <= 2 * SHORT:
        return True
    return brief and g.fills(tags, g.YOU, g.HELP | g.NEED | g.CLARIFY, g.SELF | g.DETAIL | g.ASK)


def _echoes(e: Exhibit, sentence: str) -> bool:
    """It says of the work what the instruction asks of it, and hardly a word more."""
    own = [word[:ALIKE] for word in t.words(sentence) if word not in STOP and len(word) > 2]
    had = {word[:ALIKE] for word in e.new.vocabulary}
    return len(own) > 1 and 3 * sum(word in had for word in own) >= 2 * len(own)


def _shell(e: Exhibit, sentence: str, place: int) -> bool:
    words = t.words(sentence)
    if t.weigh(words, sentence) > SENTENCE or _says_more(sentence):
        return False
    tags = g.of_words(words, sentence)
    named = bool(tags & g.PRODUCT) or _shares(e, words)
    if SHOWS.match(sentence) and named:
        return True
    if tags & g.PRODUCT and BELOW.search(sentence) and len(words) <= 3 * SHORT:
        return bool(tags & g.HERE)
    if tags & g.ADVICE or not HEDGED.isdisjoint(words):
        return False
    if tags & g.DONE and not YES_OR_NO.search(e.after.text):
        at_once = bool(g.of_words(words[:2], sentence[:6]) & g.DONE)
        if at_once and (place == 0 or named) and len(words) <= 3 * SHORT:
            return e.after.text[-1] not in "?？؟" or named
        if not tags & g.NO and tags & MADE and not BY.search(sentence):
            return bool(tags & (g.SELF | g.YOU)) or _shares(e, words)
    if tags & g.NO:
        return False
    if LETS.match(sentence) and len(words) <= 3 * SHORT:
        return True
    if named and tags & g.MAKE and tags & g.PRODUCT and len(words) <= 3 * SHORT:
        # "Gladly, I write you a story": who says so writes none.
        gladly = place > 0 or tags & g.YOU or g.of_words(words[:2], sentence[:3]) & g.HEARD
        if gladly and (tags & g.SELF or sentence.endswith("ます。")):
            return True
    if g.fills(tags, g.SELF, g.CAN, g.MAKE | g.HELP) and named:
        return g.within(sentence, 3 * SHORT, g.SELF, g.CAN, g.MAKE | g.HELP)
    return place > 0 and bool(WILL_BE.search(sentence)) and _names_product(e, words)


def _says_more(sentence: str) -> bool:
    """Whether something is said behind a colon or a dash."""
    for sign in (": ", "：", " – ", " — ", " - ", "; "):
        behind = sentence.partition(sign)[2].strip(" *_")
        if behind:
            return True
    return False


def _shares(e: Exhibit, words: list[str]) -> bool:
    """Whether it names something that the instruction names."""
    if t.unspaced(words):
        return bool(g.of_words(words, "".join(words)) & g.read(e.after.text) & g.PRODUCT)
    had = {word[:ALIKE] for word in e.new.vocabulary - STOP}
    return any(len(word) > 2 and word not in STOP and word[:ALIKE] in had for word in words)


def _names_product(e: Exhibit, words: list[str]) -> bool:
    """Whether it names the kind of thing that was asked for, in whatever case."""
    starts = {word[:ALIKE] for word in e.new.vocabulary if g.slots(word) & g.PRODUCT}
    return any(g.slots(word) & g.PRODUCT and word[:ALIKE] in starts for word in words)


def _found_so(e: Exhibit) -> bool:
    """A number is asked for, and the answer tells that it can be had."""
    if not t.DIGIT.search(e.after.text) or t.DIGIT.search(e.answer.text):
        return False
    if e.spoken & g.NO or not SAYS_NUMBER.isdisjoint(e.answer.vocabulary):
        return False
    if not OBTAINED.search(e.answer.text) or len(e.said) > 2:
        return False
    return not ASKS_WAY.search(e.after.text) and not e.new.fences
