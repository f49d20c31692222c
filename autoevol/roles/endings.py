"""Words that no text ends in, language by language.

Decides no failure. `STRONG` words join what stands before them to what has to follow; a text that
ends in one is cut, whoever wrote it. Other words ("must", "with", "four") only hang in some places;
which, is left to the rule that asks.
"""

from __future__ import annotations

from autoevol.roles.lexicon import wordset

# Only words that cannot end a text even in careless writing: no pronouns, no particles that split
# from their verb (German "mit"), no prepositions that strand (English "in").
STRONG_WORDS = {
    "en": "the an and or whose because if than every your their my our using whereas although "
    "unless into onto among during per via nor which",
    "de": "und oder eine einen einem einer eines dass deren dessen den dem des für im am beim vom "
    "zum zur sowie bzw obwohl sondern ob als wenn weil gegen zwischen seine ihre deine meine "
    "unsere jeder jedes jede deine keinen keinem falls indem nachdem bevor",
    "es": "y el los las un del al con cuya cuyo cuyas cuyos según mediante durante su sus "
    "pero aunque sin entre hacia desde",
    "fr": "et ou les des du au aux dans avec dont mais ses leurs chaque entre vers chez selon "
    "parce lorsque puisque afin",
    "it": "gli del della dei delle degli dello nel nella nei nelle al alla agli alle dal dalla dai "
    "con ed che il un uno i suoi ogni tra fra mentre sulla sul",
    "pt": "os um do da dos das no nos nas ao aos à às pelo pela com cujo cuja mas seu sua seus "
    "suas cada entre em pelos pelas ou",
    "nl": "de een en of van omdat zodat terwijl tenzij tussen wiens waarvan waarbij elke iedere "
    "zijn haar hun tegen",
    "ru": "и в на с по к из у от до для но или чтобы который которая которое которые которого "
    "которой которых котором если хотя без при через между о об про над под перед либо",
}
# Elsewhere, where no list of common words tells which language it is.
ELSEWHERE = (
    "що і й та у з із від але або щоб який яка яке які якого якої яких якщо хоча між над про "
    "від под але й чи "
    "oraz który która które którego której których którzy że aby żeby dla przy lub albo jeśli gdy "
    "ponieważ przez między nad pod przed "
    "který která které kterou kteří že aby pro nebo protože pokud mezi jestli ktorý ktorá ktoré "
    "alebo pretože ak medzi "
    "och att som till av eller samt vars varje mellan från genom även hvis eller som til av "
    "mellem mellom ei eftersom utan fordi "
    "ja tai että joka jotka jos mutta sekä koska "
    "és vagy hogy az egy ha mert amely amelyik "
    "și sau care din dacă dar pentru pe fără "
    "ve veya ile ama fakat çünkü hem "
    "và hoặc của những các để nhưng nếu vì mỗi bởi bằng từ đến "
    "dan atau yang dengan untuk dari pada karena jika bahwa agar tetapi sebuah seorang para oleh "
    "serta tanpa setiap "
    "και ή των που για σε από στο στη στον στην αν αλλά ότι να θα με του της "
    "का के और या कि जो जिसमें लेकिन अगर ने तथा एवं जिसका जिसकी जिसके "
    "এবং যে কিন্তু অথবা যা "
    "في من على إلى التي الذي الذين أن عن مع أو ثم و بين لأن لكن حيث كل "
    "که از به برای یا اگر را تا با "
    "של את על עם או כי אבל אשר בין "
    "na kwa ya wa za la "
    "및 또는 그리고 혹은 하지만 그런데 만약 있는 없는 하는 위한 대한 따른 통한 인한"
)
STRONG = {name: wordset(words) for name, words in STRONG_WORDS.items()}
OTHER = wordset(ELSEWHERE)
# Whole words of other languages, too: these hang only where the language is not known.
AMBIGUOUS = wordset(
    "ama ve ja ha hem ya za la na wa kwa din dan para serta az ei som care se a i o w z s v"
)
# What is owed needs its verb: "must", "debe", "doit", where the verb comes behind.
OBLIGED = wordset(
    "must should shall ought debe deben debería deberían deberá deberán doit doivent devra devrait "
    "devront devraient deve devono dovrebbe dovrà dovrebbero devem deveria deverá deveriam måste "
    "bør skal musi muszą powinien powinna powinno powinny powinni musí musejí má "
    "должен должна должно должны повинен повинна повинно повинні мусить мусять має мають phải "
    "harus trebuie täytyy pitää πρέπει يجب ينبغي"
)
POSSIBLE = wordset("would could might may will can cannot")
# Behind these, "must" and "is" end what was said before: "faster than it should".
ELLIPSIS = wordset(
    "than as if what whatever when whenever where wherever how why like so because "
    "and or but nor not whether way "
    "como que cuando lo cuanto si donde comme que qu ce si quand où come che ciò quando se quanto "
    "como quanto se quando onde как что чем когда если где куда так як що ніж коли якщо де так "
    "som än hur vad när om jak co niż kiedy gdzie tak jako než když "
    "hơn như seperti daripada kalau bagaimana"
)
# Prepositions that strand in English, and the words that leave a gap for them.
STRANDING = wordset("of to from with for at in on by about as")
PARTICLES = wordset("in on by about")
GAPS = wordset(
    "what which who whom whose that where how when why to i you we they he she it there someone "
    "something anything nothing everything"
)
# In front of a preposition these make it hang whatever comes before.
LOOSE = wordset(
    "only just exactly even also not and or than except apart along due according together "
    "similar equal instead but both either is are was were be being been"
)
IS = wordset("is are was were been be has have does")
# A single letter is a name of itself behind these, and between others of its kind.
LETTERS = wordset(
    "letter letters vowel vowels consonant variable letra letras vocal variable buchstabe "
    "buchstaben vokal lettre lettres voyelle lettera lettere vocale vogal буква букву буквы буквой "
    "літера літеру літери litera literę literą litery "
    "bokstaven bokstav harfi huruf chữ kirjain harf "
    "písmeno písmenem with mit con avec com start starts begin begins starting beginning grade "
    "option column row class plan part point of for in vitamin type side length edge radius"
)
JOINING = wordset(
    "and or und oder y o e et ou и или або чи та і och eller en of ve veya và hoặc dan atau i "
    "oraz lub"
)
BETWEEN = wordset(
    "between from both of entre de zwischen von tra fra di entre van tussen между от из "
    "между між від między od mellan från arasında giữa antara"
)
# Two to twelve where lexicon.NUMBER_WORDS has none.
MORE_NUMBERS = wordset(
    "twee drie vier vijf zes zeven acht negen tien dwa dwie trzy cztery pięć sześć siedem osiem "
    "dziewięć dziesięć dva dvě tři čtyři pět šest två tre fyra fem sex sju åtta nio tio to fire "
    "kaksi kolme neljä viisi kuusi iki üç dört beş altı yedi sekiz dokuz on hai ba bốn năm sáu bảy "
    "tám chín mười dua tiga empat lima enam tujuh delapan sembilan sepuluh два дві три чотири "
    "п'ять шість сім вісім дев'ять десять două trei patru cinci kettő három négy öt hat दो तीन चार "
    "पाँच छह सात आठ दस δύο τρία τέσσερα πέντε ثلاثة أربعة خمسة ستة سبعة ثمانية عشرة ثلاث أربع خمس"
)
