"""Does a rewrite speak of material as handed over, set beside it or drawn, where none is?

Decides by who hands over ("the log I pasted"), by where it stands ("quoted underneath", "in the
annex") and by a last line that announces. What counts as there is what the rewrite holds beyond
sums and numbers that the seed had, too: those were never pointed at. Pictures are left to `drawn`,
words that point and name the material at once to `pointing`.
"""

from __future__ import annotations

import re

from autoevol.roles import text as t
from autoevol.roles import tongues as g
from autoevol.roles.phrases import Phrases
from autoevol.roles.rules import drawn
from autoevol.roles.rules.exhibit import Exhibit
from autoevol.roles.rules.pointing import CORRESPONDENCE, LIST

# The writer handed it over; to whom is said, or it is done in no other way than in a message.
HANDED = Phrases(
    r"\b(?:i|we)(?:'ve| have|'d| had)?(?: just| already| also)? (?:(?:pasted|attached|appended|"
    r"enclosed|typed out|copied in)(?! (?:to|onto|into|on|via|with|from|using|it|them|an?|the|my|"
    r"some|"
    r"two|three|several|many)\b)|(?:uploaded|posted|linked|quoted)(?=\s*(?:[.,;:!?)]|$)| (?:here|"
    r"above|"
    r"below|earlier|before|to you|with this|in this|for you)\b))"
    r"|\b(?:i|we)(?:'ve| have|'d| had)?(?: just| already)? (?:sent|given|gave|shown|showed|"
    r"shared with|passed|provided|forwarded|handed) (?:to )?you\b(?! (?:nothing|no|an?|the|my|"
    r"some|"
    r"any|this|two|three)\b)|\b(?:what|numbers?|dates?|names?|things?|facts?|details?) (?:that )?"
    r"(?:i|we) (?:have )?told you\b"
    r"|\bich (?:dir|ihnen|euch|hier|oben|unten|vorhin|eben|gestern|bereits|"
    r"schon)(?: \w+){0,3} (?:geschickt|"
    r"gesendet|gegeben|gezeigt|angehängt|eingefügt|hochgeladen|beigefügt|weitergeleitet|"
    r"mitgeschickt|"
    r"genannt|gepostet|kopiert|übermittelt) (?:habe|hab|hatte)|\b(?:die|das|den|dem|der|"
    r"deren) ich "
    r"(?:angehängt|eingefügt|hochgeladen|beigefügt|mitgeschickt) (?:habe|hab)"
    r"|\bque (?:je|nous) (?:(?:t'|te |vous )(?:ai|avons) (?:déjà )?(?:envoyé|donné|transmis|"
    r"montré|partagé|fourni|"
    r"remis|passé|indiqué)|(?:l'|les )?(?:ai|avons) (?:joint|collé|téléversé|copié|"
    r"annexé))e?s?\b|"
    r"\bque j'ai (?:jointe?s?|collée?s?|téléversée?s?|copiée?s?|annexée?s?|mise?s? (?:plus haut|"
    r"ci-dessus|en pièce))"
    r"|\bque (?:ya )?(?:te|le|os|les) (?:(?:he|hemos|había)(?: ya)? (?:pasado|enviado|mandado|"
    r"dado|mostrado|"
    r"enseñado|compartido|adjuntado|pegado)|(?:pasé|envié|mandé|mostré|adjunté|compartí|pegué|"
    r"copié))\b"
    r"|\bque (?:(?:he|hemos) (?:pegado|adjuntado|subido|copiado)|pegué|adjunté|subí)\b(?! (?:a|"
    r"al|en) )"
    r"|\bque (?:eu )?(?:(?:te|lhe|vos) (?:enviei|mandei|passei|dei|mostrei|forneci)|(?:enviei|"
    r"mandei|passei|mostrei) "
    r"(?:a|para|pra) (?:você|ti)|(?:colei|anexei|partilhei|compartilhei)(?! (?:no|na|em) ))"
    r"|\bche (?:ti|le|vi) (?:ho|abbiamo) (?:già )?(?:mandat|inviat|dat|passat|mostrat|girat|"
    r"condivis|allegat|"
    r"incollat|fornit)[oaei]\b|\bche ho (?:incollat|allegat|caricat)[oaei]\b"
    r"|\b(?:die|dat) ik (?:(?:je|jou|u|jullie|hierboven|hieronder|eerder|net|zonet|gisteren|"
    r"al) )+(?:heb )?(?:gestuurd|"
    r"gegeven|gedeeld|geplakt|toegevoegd|bijgevoegd|geüpload|doorgestuurd|meegestuurd|laten zien)"
    r"|\bktór\w+ (?:(?:ci|tobie|wam|panu|pani|wcześniej|już|tu|tutaj|wyżej|niżej) )*(?:wysłał|"
    r"podał|przesłał|"
    r"wkleił|załączył|pokazał|udostępnił|wrzucił|dołączył)[ea]m\b"
    r"|\b(?:sana|size|sizinle|seninle|yukarıya|aşağıya|daha önce|önceden|az önce|buraya|"
    r"ekte) (?:gönder|yolla|ver|"
    r"paylaş|göster|ilet|yapıştır|ekle|yükle)(?:di|dı|tı|ti)ğim\w*"
    r"|\bкотор\w+ (?:я )?(?:(?:тебе|вам|уже|раньше|выше|ниже|вчера|ранее|сюда) )*(?:отправил|"
    r"прислал|послал|скинул|"
    r"показал|приложил|прикрепил|вставил|выложил|скопировал|привёл|привел|передал)а?\b"
    r"|\bяк\w+ (?:я )?(?:(?:тобі|вам|вже|вище|нижче|вчора|раніше|сюди) )*(?:надісла|скину|показа|"
    r"дода|прикріпи|"
    r"встави|наві)(?:в|ла)\b"
    r"|\bsom jag (?:har )?(?:skickade?|skickat|bifogade?|bifogat|klistra(?:de|t) in|gav dig|"
    r"gett dig|visa(?:de|t) dig|"
    r"dela(?:de|t) med)\b|\b(?:jonka|jotka|joita|jota|jossa) (?:lähetin|annoin|liitin|jaoin|"
    r"näytin|toimitin)\b"
    r"|(?:الذي|التي|اللذين|الذين) (?:أرسلت|أرفقت|أعطيت|شاركت|لصقت|رفعت|بعثت|قدمت|زودت)(?:ه|ها|ك|"
    r"كم|هما|هم)(?: \w+)?"
    r"|(?:जो|जिस|जिन)[^।,]{0,30}मैंने[^।,]{0,24}(?:भेज|साझा|चिपका|अपलोड|संलग्न|दिय|दी |दिए)"
    r"|मैंने (?:आपको |तुम्हें |ऊपर |नीचे |पहले )(?:जो |भेज|दिय|दी )"
    r"|(?:제가|내가|위에|아래에|방금|아까|앞서|전에|함께|어제|미리) (?:\S+ )?(?:보낸|보내드린|"
    r"올린|첨부한|붙여넣은|붙인|공유한|"
    r"드린|전달한|적은|제시한) "
    r"|我(?:们)?(?:(?:刚才|刚刚|之前|上面|昨天|上次|已经|先前|在上面)(?:发|传|贴|给|粘贴|上传|"
    r"提供|分享|转发)(?:给你|给您|过|上来|出)?|"
    r"(?:发|传|转发|提供|分享)给[你您]|给[你您]|上传|粘贴)了?的(?!是)"
    r"|(?:先ほど|さっき|前に|以前|先日|昨日|上で|下に|上に|ここに|この前)(?:私が|"
    r"僕が)?[^。、]{0,6}?(?:送った|送りした|渡した|"
    r"貼った|貼り付けた|アップした|アップロードした|見せた|共有した|載せた)|(?:お送りした|"
    r"お渡しした)(?=[^。、])"
    r"|(?:tôi|mình|em|chúng tôi) (?:đã |vừa )(?:gửi|đưa|dán|tải lên|đính kèm|chia sẻ|"
    r"cung cấp)(?: \w+){0,2} "
    r"(?:cho bạn|cho anh|cho chị|ở trên|bên trên|bên dưới|phía trên|trước đó|hôm qua|kèm theo)"
    r"|\byang (?:sudah |telah |baru )?(?:saya|aku|kami) (?:sudah |telah )?(?:kirim|kirimkan|"
    r"lampirkan|tempel|"
    r"tempelkan|bagikan|berikan|tunjukkan)\b|\bkter\w+ jsem (?:(?:ti|vám|už|výše|"
    r"níže) )*(?:poslal|vložil|přiložil|"
    r"ukázal)a?\b",
    re.I,
)
_PLACE = (
    r"(?:below|underneath|beneath|overleaf|opposite|alongside|(?:at|in) the (?:end|bottom|"
    r"attachment|appendix|annex|"
    r"enclosure|margin)|on the (?:right|left|next page|back|other side)|to the (?:right|left)|"
    r"(?:under|beneath|"
    r"next to|beside|after|at the (?:end|bottom) of) (?:the|this) (?:task|question|problem|text|"
    r"exercise|message))"
    r"(?=\s*(?:[.,;:!?)]|$)|,? (?:and|or|as|to|by|for|with|when|where|give|find|write|in|so|but|"
    r"which|that|who)\b)"
)
_THINGS = (
    r"(?:answers?|solutions?|attempts?|essay|comments?|claims|options|clues|facts|headlines?|"
    r"examples|"
    r"entries|records|items|profile|bio|posts?|tweets?|captions?|adverts?|ads?|listings?|offers?|"
    r"menu|"
    r"receipt|invoice|schedule|timetable|agenda|budget|plan|draft|reviews?|messages?|slogans|"
    r"scores|"
    r"prices|weights|ratings|grades|definitions?|payload|ddl|config\w*|settings|trace|"
    r"stack trace|"
    r"output|logs?|minutes|recipe|speech)"
)
# It stands somewhere beside the words.
PLACED = Phrases(
    r"\b(?:the|these|this|my|our|his|her|their|\w+'s) (?:\w+ ){0,2}" + _THINGS + r" (?:right |"
    r"just )?"
    r"(?:below|underneath|overleaf)\b(?=\s*(?:[.,;:!?)]|$)|,? (?:and|or|as|to|with|without|where|"
    r"but)\b)|"
    r"\b(?:shown|given|listed|defined|quoted|printed|pasted|posted|described|depicted|provided|"
    r"included|"
    r"reproduced|stated|set out|presented|illustrated|plotted|tabulated|sketched|drawn|copied|"
    r"supplied|"
    r"specified|marked|reported|laid out|transcribed|linked) (?:\w+ )?" + _PLACE + r"|\b(?:shown|"
    r"given|listed|"
    r"defined|quoted|pasted|posted|drawn|plotted|reproduced|printed) (?:directly |just |right |"
    r"further )?above\b"
    r"(?=\s*(?:[.,;:!?)]|$)|,? (?:and|or|as|to|when|where|give|find|write|so|but)\b)"
    r"|\b(?:unten|oben|darunter|nachfolgend|nebenan|rechts|links|umseitig|anbei|hier drunter|"
    r"darüber|nachstehend|"
    r"vorstehend|am ende) (?:gezeigt|angegeben|aufgeführt|aufgelistet|abgebildet|definiert|"
    r"zitiert|"
    r"abgedruckt|eingefügt|eingeklebt|dargestellt|angehängt|stehend|skizziert|gelistet|notiert|"
    r"wiedergegeben|"
    r"gepostet)\w*|\b(?:im|in der) (?:anhang|anlage|beilage)(?=[\s.,;:!?]|$)"
    r"|\b\w+ (?:ci-contre|ci-après|ci-joints?)\b|\b(?:figurant|qui figurent?|donn|affich|list|"
    r"défini|cit|reprodui|"
    r"indiqu|présent|"
    r"montr|coll|fourni|plac)\w* (?:plus bas|plus haut|au verso|en dessous|en bas de (?:page|l')|"
    r"sous (?:l'énoncé|la "
    r"question|le texte)|à la fin du message)"
    r"|\b(?:mostrad|dad|indicad|listad|definid|citad|reproducid|pegad|incluid|proporcionad|"
    r"copiad|detallad)[oa]s? "
    r"(?:abajo|arriba|más abajo|debajo|más arriba|al final|al pie|a la derecha|a la izquierda|"
    r"aquí abajo|"
    r"en el anexo|en el adjunto)|\bque (?:aparecen?|figuran?|están?|vienen?) (?:abajo|arriba|"
    r"más abajo|debajo|al "
    r"final|al pie|a la derecha|en el anexo|en el adjunto)"
    r"|\b(?:mostrad|dad|indicad|listad|definid|citad|reproduzid|colad|incluíd|fornecid|"
    r"descrit)[oa]s? (?:abaixo|"
    r"acima|mais abaixo|em baixo|embaixo|no final|ao lado|à direita|no verso|no anexo|em anexo)|"
    r"\bque "
    r"(?:aparecem?|constam?|está|estão|figuram?) (?:abaixo|acima|em baixo|ao lado|no final|"
    r"no anexo)"
    r"|\b(?:mostrat|riportat|indicat|elencat|definit|citat|descritt|incollat|fornit|raffigurat|"
    r"trascritt)[oaei] "
    r"(?:sotto|sopra|qui sotto|in basso|in fondo|in calce|a lato|a destra|qui accanto|più sotto|"
    r"nell'allegato)"
    r"|\b(?:hieronder|hierboven|onderaan|hiernaast|bovenaan|in de bijlage) (?:getoond|gegeven|"
    r"vermeld|"
    r"gedefinieerd|geciteerd|geplakt|afgebeeld|weergegeven|staan|staat|opgenomen)\w*|"
    r"\b(?:getoond|gegeven|vermeld|"
    r"gedefinieerd|geciteerd|geplakt|afgebeeld|weergegeven|staan|staat) (?:onderaan|hiernaast|"
    r"in de bijlage)"
    r"|\b(?:zamieszczon|podan|pokazan|zdefiniowan|przedstawion|umieszczon|zacytowan|wklejon|"
    r"znajdując|widoczn|wypisan)\w+ (?:się )?(?:poniżej|niżej|powyżej|wyżej|obok|pod (?:zadaniem|"
    r"spodem|tekstem|"
    r"poleceniem|pytaniem|treścią)|na (?:końcu|dole|następnej stronie|odwrocie)|w załączniku)|"
    r"\b(?:poniżej|niżej|powyżej|"
    r"wyżej) (?:zamieszczon|podan|pokazan|przedstawion|zacytowan|wklejon)\w+"
    r"|\b(?:aşağıda|yukarıda|altta|yanda|ekte|sağda|solda|sonda)(?:ki)? (?:verilen|gösterilen|"
    r"listelenen|tanımlanan|"
    r"yer alan|bulunan|alıntılanan|görülen|sunulan|yapıştırılan)|\b(?:yandaki|alttaki) \w+"
    r"|\b(?:приведённ|приведенн|указанн|показанн|перечисленн|процитированн|представленн|"
    r"изображённ|изображенн|"
    r"помещённ|помещенн|вставленн|размещённ|размещенн|данн)\w+ (?:ниже|выше|снизу|внизу|рядом|"
    r"под (?:заданием|"
    r"задачей|текстом|вопросом)|в конце|справа|слева|на обороте|во? (?:приложении|вложении))|"
    r"\b(?:ниже|снизу) "
    r"(?:приведённ|приведенн|указанн|показанн|перечисленн|представленн)\w+"
    r"|\b(?:наведен|подан|показан|вказан|перелічен|процитован|представлен|зображен|розміщен|"
    r"вставлен)\w* (?:нижче|вище|"
    r"поруч|внизу|знизу|під (?:завданням|текстом|умовою)|праворуч|ліворуч|[ув] додатку)|"
    r"\b(?:нижче|внизу) "
    r"(?:наведен|подан|показан|перелічен|зображен)\w*|\b[ув] (?:додатку|вкладенні)(?=[\s.,;:!?]|"
    r"$)"
    r"|\b(?:visas|visade|anges|angivna|listade|definierade|citerade|återgivna|återges|beskrivna|"
    r"givna|står|finns) "
    r"(?:nedan|här nedan|nedanför|här under|längst ner|till höger|till vänster|på nästa sida|"
    r"sist)\b|\bi bilag(?:an|orna)\b"
    r"|\bovanstående (?:tabell|kod|lista|text|figur|diagram)\w*"
    r"|\b(?:alla|alempana|ohessa|vieressä|liitteessä|lopussa) (?:olev|näkyv|esitet|luetel|annet|"
    r"määritel|lainat)\w+|"
    r"\boheis(?:en|essa|ta|ten|ista|issa) \w+|\bliittees(?:sä|tä)\b"
    r"|(?:المبين|الموضح|المذكور|المدرج|المعروض|المعطى|المعطاة|المقتبس|الموجود|الوارد|"
    r"المرسوم)\w* (?:أدناه|أعلاه|في الأسفل|"
    r"بالأسفل|في المرفق|على اليمين|على اليسار|في الملحق|تحت (?:السؤال|النص))"
    r"|(?:नीचे|साथ में|बगल में|दाईं ओर|अंत में) (?:दिखाए|दिखाई|लिखे|लिखी|उद्धृत|बनी|बने|चिपकाए|सूचीबद्ध|दिए|"
    r"दी गई)"
    r"|(?:아래|하단|옆|오른쪽|왼쪽|다음 쪽|뒷면|맨 끝)(?:에|의|쪽에)? (?:있는|나온|제시된|주어진|"
    r"표시된|적힌|보이는|인용된|정의된|나열된|"
    r"실린|그려진)"
    r"|(?:下方|下面|文末|文后|题后|附录|右侧|左侧|右边|末尾|背面)(?:中|里)?(?:所)?(?:示|列出?|"
    r"给出|引用|定义|贴出|展示|标注|画)的?|"
    r"(?:下方|文末|文后|右侧|附录[中里]?)的?(?:表格?|图|代码|数据|清单|列表|材料|段落|对话|评论)"
    r"|(?:下|以下|下記|右|左|文末|末尾|別紙|裏面|巻末)(?:の|に|で)?(?:ページに)?(?:示した|示され|"
    r"載せ|掲げた|引用|貼|掲載|"
    r"添え|ある(?:図|表|グラフ|写真|コード|一覧))"
    r"|(?:bảng|danh sách|đoạn văn|đoạn mã|hình|sơ đồ|văn bản|tệp|dữ liệu|đoạn trích|bài viết|"
    r"số liệu)(?: [^\s.,;]+){0,4} "
    r"(?:bên dưới|phía dưới|dưới đây|ở dưới|sau đây|đính kèm|kèm theo|bên cạnh|trong phụ lục)"
    r"|\b(?:tabel|daftar|teks|kode|gambar|diagram|data|grafik|kalimat|paragraf|berkas|file|"
    r"dokumen|artikel|puisi)"
    r"(?: \w+){0,3} (?:di bawah(?: ini)?|berikut(?: ini)?|terlampir|di samping|di lampiran|"
    r"pada lampiran|dalam "
    r"lampiran)(?=\s*(?:[.,;:!?)]|$)|,? (?:dan|atau|untuk|dengan|lalu|jika)\b)"
    r"|\b(?:uveden|zobrazen|přiložen|citovan|vložen|dan)\w+ (?:níže|dole|vedle|pod (?:úlohou|"
    r"zadáním|textem)|v příloze)|"
    r"\bv příloze\b",
    re.I,
)
# A letter may speak of what comes with it.
COMES_WITH = re.compile(
    r"an(?:hang|lage|nex)|beilage|attach|enclos|append|adjunt|anex|allegat|bijlage|załączni|"
    r"приложен|вложен|додатк|"
    r"вкладен|bilag|liite|المرفق|الملحق|附|別紙|添|phụ lục|đính kèm|kèm theo|lampir|příloh",
    re.I,
)
# These may point back at what was said before.
BACK = re.compile(
    r"above|oben|vorstehend|ci-dessus|plus haut|arriba|acima|sopra|hierboven|bovenaan|powyżej|"
    r"wyżej|yukarı|выше|вище|"
    r"ovan|ylempän|أعلاه|ऊपर|ở trên|bên trên|výše",
    re.I,
)
SOME_ONE = re.compile(r"an?|eine?[nmrs]?|une?|una|uno|uma?|een|ett|bir", re.I)
ARTICLE = re.compile(
    rf"(?<!['’])\b(?:{SOME_ONE.pattern}|the|this|these|those|my|our|all|both|d(?:er|ie|as|en|em|es)|"
    rf"dies\w*|"
    r"l[aeo]s?|el|les|il|gli|os?|as?|het|de)\b(?!')",
    re.I,
)
GIVEN = re.compile(r"[:：]\s+(\S[^\n]{8,})")
SIGNS = re.compile(r"[=|\[{<`]")
ANNOUNCES = re.compile(
    r"\b(?:this|these|th[eo]se|following|below|here|dies\w*|folgende\w*|hier|est[aeo]s?|"
    r"siguientes?|aquí|ce|cet|"
    r"cette|ces|suivante?s?|voici|quest[aeoi]|seguent[ei]|seguintes?|deze|dit|volgende|t[aey]ch|"
    r"ten|poniższ\w*|"
    r"następując\w*|bu|şu|aşağıdaki|эт\w{1,3}|следующ\w+|ц[яеійих]{1,2}|наступн\w+|denna|detta|"
    r"dessa|följande|tämä\w*|"
    r"nämä|seuraav\w+|này|sau|ini|berikut|tento|tyto|následuj\w+)\b|[这此]|以下|下面|如下|この|"
    r"これら|次の|이 |다음|هذا|هذه|التالي|"
    r"यह|इस|इन|निम्न",
    re.I,
)


def beside(e: Exhibit) -> str:
    """What the rewrite points at beside itself, '' where it does not, or where that is there."""
    # What may be meant is cheaper to see than that something is meant.
    for phrases in (drawn.DRAWN,) if _material(e) else (HANDED, PLACED, drawn.DRAWN):
        shown = phrases.search(e.new.prose)
        if not shown or phrases.search(e.old.prose):
            continue
        if drawn.known(e, shown) if phrases is drawn.DRAWN else _there(e, shown):
            continue
        articles = ARTICLE.findall(e.new.prose[max(0, shown.start() - 40) : shown.start()])
        if phrases is PLACED and articles and SOME_ONE.fullmatch(articles[-1]):
            continue  # "a caption that is shown below" is to be made
        by_post = phrases is HANDED or COMES_WITH.search(shown.group())
        if not (by_post and CORRESPONDENCE.search(e.before.text)):
            return shown.group()
    return _announced(e)


def _material(e: Exhibit) -> bool:
    """Whether something set apart stands in the rewrite, or in the seed as far as it is left."""
    new, seed = e.new, e.before.text
    if new.fences or new.blocks or any(q not in seed for q in t.QUOTED.findall(new.text)):
        return True
    return bool(e.old.fences or e.old.blocks or "`" in seed or t.QUOTED.search(seed))


def _there(e: Exhibit, shown: re.Match[str]) -> bool:
    """Whether anything beyond the numbers and sums of the seed may be what is pointed at."""
    new, seed = e.new, e.before.text
    if len(SIGNS.findall(new.text)) > len(SIGNS.findall(seed)):
        return True
    given = [n.rstrip(".,") for n in LIST.findall(new.text)]
    given += [line[:12] for line in GIVEN.findall(new.text)]
    if any(found not in seed for found in given):
        return True
    behind = new.prose[shown.end() :].partition("\n")[2]
    if t.length(behind) > 2:
        return True
    return bool(BACK.search(shown.group())) and len(t.sentences(new.prose[: shown.start()])) > 2


def _announced(e: Exhibit) -> str:
    """A last line with a colon behind which nothing comes, though the seed ended otherwise."""
    text = e.after.text.rstrip(" \n*_\"'”")
    if not text.endswith((":", "：")) or e.before.text.rstrip(" \n*_\"'”").endswith((":", "：")):
        return ""
    last = e.new.sentences[-1]
    if "\n" in e.new.outside.strip() and (e.new.blocks or e.new.fences):
        return ""
    tells = ANNOUNCES.search(last) or g.read(last) & g.MATERIAL
    return t.tail(last) if tells and t.length(last) > 3 else ""
