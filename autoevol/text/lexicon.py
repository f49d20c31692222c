"""The words that rules know: stop words, fillers, synonyms, verbs that order something.

Decides no failure; what a word means for a verdict is left to the rules. Lists are short on
purpose: rules should lean on structure and comparison first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache


def wordset(words: str) -> frozenset[str]:
    """The words of one line of text."""
    return frozenset(words.split())


def any_of(words: Iterable[str]) -> str:
    """A regex for one of many words, told apart by their first letter: Python tries each branch of
    an alternation in turn."""
    by_letter: dict[str, list[str]] = {}
    for word in sorted(words):
        by_letter.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())


STOP_WORDS = {
    "en": "a an the of to in on at for from by with and or as is are was were be been being it its "
    "this that these those i you he she we they them his her their what which who whose when where "
    "your my our there then so if do does did how has have had will would can could s t d ll re ve "
    "m than but into about",
    "es": "el la los las un una unos unas de del al a en por para con y o que es son se su sus lo "
    "como este esta estos estas qué cuál cuántos cuántas si cada más pero sobre entre una sin cómo "
    "donde cuando cuya cuyo cuyas cuyos también debe ser está hay",
    "de": "der die das ein eine einen einem einer eines des dem den von zu im in am auf für mit "
    "und "
    "oder ist sind es sich wie was dass wenn auch bei aus nach nicht wird werden sie er wir ihr "
    "als "
    "über zum zur man haben hat unter kann soll jede jeder dabei viele",
    "fr": "le la les un une des de du au aux en par pour avec et ou que qui est sont se son sa ses "
    "ce cette il elle dans sur comme si vous nous leur leurs chaque plus pas ne sans être fait "
    "dont "
    "combien quel quelle vaut valent",
    "it": "il lo la i gli le un una di del della dei delle da in con su per tra che è sono si come "
    "questo questa ogni più anche non nel nella alla al ed e o cui quanti quante deve",
    "pt": "o a os as um uma de do da dos das em no na nos nas por para com e ou que é são se seu "
    "sua "
    "como este esta mais não cada também sem ao à quantos quantas deve uma",
    "nl": "de het een van in op te en of dat die is zijn met voor niet aan er om ook als bij uit "
    "naar "
    "door hoe wat deze dit elke hoeveel moet wordt je",
    "ru": "и в на с по к из у за от до для что как это я мне меня мой он она они его её их бы же "
    "ли "
    "то каким образом можно какой какие когда где если все или а но быть есть",
}  # fmt: skip
LANGUAGES = {name: frozenset(words.split()) for name, words in STOP_WORDS.items()}
ENGLISH = LANGUAGES["en"]
NEGATIONS = wordset("not no nicht pas ne non não niet kein")
STOP = frozenset[str]().union(*LANGUAGES.values()) - NEGATIONS
# Words that are common elsewhere and no words of English texts, not even as names or in formulas.
FOREIGN = frozenset(w for w in STOP - ENGLISH if len(w) > 1) - wordset(
    "die den man will also not me no as on an is per plus sans sur pas par fait non la le les un "
    "des il lo al si sin el un a e o de en es se ou que son sa ses ce es du dem van te er om je "
    "uit and of dei cui dat das met in su con hay dos tra sie ver do da os na nos nas ed ihr am "
    "im lo"
)

# What a rephrasing adds without asking for anything.
FILLERS = wordset(
    "please kindly me us want like need help task given provided just simply clearly exactly "
    "correctly properly carefully also here now let make sure question problem following would "
    "could should must may shall able want wants wish your particular certain specific quickly "
    "very really actually basically available existing some people thing things kinds type "
    "types way ways someone any activity activities case cases while most concept concepts subject "
    "topic complete completely contained containing scale method manner whose can could get gets "
    "got gotten"
)

_SYNONYMS = (
    "write create build develop implement construct craft produce generate compose draft code "
    "design",
    "find determine calculate compute evaluate solve obtain identify figure",
    "explain describe clarify elaborate outline discuss",
    "show display print output give provide present state tell return report name list",
    "largest biggest greatest maximum max highest",
    "smallest minimum min least lowest",
    "function method routine procedure program script",
    "list array sequence collection",
    "number value element item figure integer",
    "check verify test whether",
    "total sum altogether overall combined entire whole all together",
    "many much amount quantity count",
    "sort order arrange organize organise",
    "delete remove erase",
    "quick fast rapid",
    "big large",
    "small little tiny",
    "start begin",
    "end finish",
    "buy purchase",
    "use utilize utilise employ apply",
    "benefit advantage pro",
    "drawback disadvantage con",
    "important significant key main major primary",
    "way approach strategy technique",
    "tip advice suggestion recommendation suggest recommend",
    "story tale narrative",
    "short brief concise",
    "each every per",
    "remain left remaining leftover",
    "difference distinction differ",
    "cause reason",
    "summarize summarise summary condense",
    "translate translation",
    "string text",
    "user person individual people",
    "kid child children",
    "pay spend cost",
    "convert transform change turn",
    "reverse invert backward backwards",
)
CANON = {word: group.split()[0] for group in _SYNONYMS for word in group.split()}
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ed", "es", "s", "ly")


LONG_WORD = 40


def root(word: str) -> str:
    """A word without its ending, as far as three letters are left; a synonym's first word."""
    return _root(word) if len(word) < LONG_WORD else _root.__wrapped__(word)


@lru_cache(maxsize=4096)
def _root(word: str) -> str:
    known = CANON.get(word)
    if known:
        return known
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            bare = word[: -len(ending)]
            known = CANON.get(bare) or CANON.get(bare + "e")
            return known or bare
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


# Politeness and ways of asking, elsewhere: they ask for nothing more.
ASKING = wordset(
    "worin besteht bestehen dame dar dime decir dê dammi geben welche welcher welchem welches "
    "welchen sollte sollten müsste poder comment peut on faut "
    "faire quelle quel bitte mir mal kannst könntest können könnten kann du sie gib zeige "
    "weise art geeignet geeignete "
    "folgende genau puedes podrías puede podría me mi por favor manera modo forma acerca tema peux "
    "pourrais pouvez pourriez tu te moi m s plaît manière façon sujet qu ce c l d concernant "
    "propos "
    "quoi puoi potresti maniera favore riguardo argomento pode poderia você maneira jeito acerca "
    "respeito "
    "kun kunt mij alsjeblieft manier proszę możesz mi sposób lütfen bana bir пожалуйста можешь "
    "можете "
    "чём чем мне образом способ "
    "способом каким нужно какова каковы هل يمكنك من فضلك لي ما هي هو كيف طريقة "
    "الطريقة كيفية أن عن في कृपया मुझे क्या आप कैसे तरीका तरीके से का की के को है हैं में पर एक"
)
# Words that order the same, by their first five letters.
_ORDERS_ALIKE = (
    "schre verfa erste formu entwi dicht",
    "nenne zähle liste führe gebe",
    "erklä erläu besch schil",
    "berec besti ermit finde rechn",
    "vorte vorzü nutze",
    "empfi empfe vorsch schla",
    "escri redac compo compó crea cree elabo",
    "expli descr aclar détai décri expon",
    "calcu halla encue deter averi obten trouv calco trova ache encon",
    "lista enume nombr menci indic liste énumè nomme cite elenc nomin nomei",
    "écris écriv rédig crée",
    "scriv redig",
    "spieg illus",
    "escre redij crie",
    "benef benéf venta avant bienf",
    "напиш сочин соста созда приду",
    "объяс поясн расск опиши",
    "вычис найди посчи опред рассч",
    "назов переч приве укажи",
    "اشرح وضح فسر بين",
    "اكتب أنشئ ألف صغ",
    "احسب أوجد جد",
    "اذكر عدد سم",
)
_ALIKE = {word: group.split()[0] for group in _ORDERS_ALIKE for word in group.split()}
ORDERS_ALIKE = frozenset(_ALIKE.values()) - {"vorte", "benef"}
ARTICLES = ("وال", "بال", "كال", "فال", "لل", "ال", "و", "ب", "ل", "ف")


def _start(word: str) -> str:
    """The first letters of a word, in languages whose endings are not known."""
    if "\u0600" <= word[0] <= "\u06ff":
        if word in _ALIKE:
            return _ALIKE[word]
        for article in ARTICLES:
            if word.startswith(article) and len(word) - len(article) >= 3:
                word = word[len(article) :]
                break
        while len(word) > 3 and word[0] in "أاتين":
            word = word[1:]
        return word[:4]
    if word >= "\u0530":
        return word[:5]
    return _ALIKE.get(word[:5], word[:5])


def roots(found: Iterable[str], stop: frozenset[str]) -> Iterator[str]:
    """The roots of the words that carry meaning: no stop words, no fillers, no numbers."""
    # Of endings only English ones are known; elsewhere the first letters have to do.
    stem = root if stop is ENGLISH else _start
    fillers = FILLERS if stop is ENGLISH else FILLERS | ASKING
    for word in found:
        if not (word in stop or word in fillers or word in NUMBER_WORDS or word.isdecimal()):
            yield stem(word)


_COUNTED = (
    "one two three four five six seven eight nine ten eleven twelve",
    "uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "un deux trois quatre cinq six sept huit neuf dix onze douze",
    "um dois três quatro cinco seis sete oito nove dez onze doze",
    "due tre quattro cinque sei sette otto nove dieci undici dodici",
    "один два три четыре пять шесть семь восемь девять десять",
)
NUMBER_WORDS = {
    word: str(number)
    for line in _COUNTED
    for number, word in enumerate(line.split(), start=1)
    if number > 1  # "one" is an article or a pronoun more often
} | {"dozen": "12", "twice": "2", "twenty": "20", "thirty": "30", "fifty": "50", "hundred": "100"}

# Verbs that order something. An imperative stands at the start of a clause; in the middle the same
# word may be a noun.
VERBS = (
    "write find calculate compute determine solve create implement explain list describe show "
    "prove give design build develop generate make use provide convert translate summari[sz]e "
    "rewrite compare analy[sz]e identify suggest discuss return evaluate estimate fix debug sort "
    "print add name tell state classify propose outline draft compose modify edit answer choose "
    "select verify simplify derive express plan arrange extract rank sketch examine investigate "
    "trace predict count display remove replace merge split parse validate optimi[sz]e construct "
    "brainstorm imagine suppose assume consider think let read rephrase paraphrase correct improve "
    "elaborate illustrate categori[sz]e match fill complete continue act pretend recommend define "
    "delete update insert set get check query concatenate reverse filter group transform change "
    "rearrange organi[sz]e connect combine expand shorten reword revise format highlight map draw "
    "plot justify argue critique review assess interpret infer tokeni[sz]e detect swap round apply "
    "ask alter restate adapt come produce share submit reformulate retell reimagine re-phrase link "
    "put turn take try output decide differentiate resolve restore enrich unscramble given "
    "refactor send open fit call initiali[sz]e sum multiply iterate craft prepare introduce "
    "visuali[sz]e demonstrate recreate segment include avoid keep handle ensure install "
    "configure divide subtract factor integrate differentiate graph recall tackle advise help "
    "support export publish offer save store load host deploy schedule "
    "cover end start begin finish generali[sz]e exclude compile extend port wrap test "
    "benchmark profile document annotate label mark limit "
    "enumerate contrast mention cite proofread condense role-?play recite encode decode "
    "encrypt decrypt hash search look work figure draft inspect point pick rate score order "
    "cancel design convince persuade motivate teach guide walk invent devise formulate pose "
    "go run follow bring carry explore listen move refer relate research simulate skip spell "
    "study tag treat vary weigh specify quantify pair locate join isolate guess gather diagnose "
    "deduce clarify clean confirm approximate say report"
).replace(" ", "|")

ORDERING = frozenset(
    spelled
    for verb in VERBS.split("|")
    for spelled in (verb.replace("[sz]", "s"), verb.replace("[sz]", "z"))
) | {"do", "never", "always"}
