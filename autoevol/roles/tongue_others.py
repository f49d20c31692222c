"""The words behind `tongues`, third part: the same slots in further languages.

Decides nothing. Swedish, Danish and Norwegian, Ukrainian, Indonesian and Malay, Vietnamese, Czech.
Words that say something else in another language ("min", "dig", "men", "em") are left out.
"""

from __future__ import annotations

OTHERS = {
    "self": {
        "sv": "jag mig mitt",
        "da": "jeg mig meg mitt",
        "uk": "я мені мене мною мій моя моє моїх можу буду зможу хочу бачу мушу волію відмовляюся "
        "утримаюся",
        "id": "saya aku",
        "vi": "tôi mình",
        "cs": "mně mě můj moje mohu můžu nemohu nemůžu chci nechci jsem nejsem vidím nevidím "
        "potřebuji odmítám",
    },
    "you": {
        "sv": "du ditt dina er ert",
        "da": "du deg dine",
        "uk": "ти тобі тебе твій твоя ви вам вас ваш*",
        "id": "anda kamu kalian",
        "vi": "bạn anh chị",
        "cs": "ty tobě vy vám vás váš vaše vaší vašem můžete chcete",
    },
    "no": {
        "sv": "inte ej ingen inget inga aldrig inte utan",
        "da": "ikke ingen intet aldrig uden uten",
        "uk": "не ні немає нема нічого ніколи жодн*",
        "id": "tidak bukan belum jangan tiada tanpa",
        "vi": "không chưa chẳng",
        "cs": "ne není nejsou žádn* nic nikdy nemohu nemůžu nelze nebudu nechci nevidím",
    },
    "can": {
        "sv": "kan kunde möjlighet möjligt tillgång tänker",
        "da": "kan kunne mulighed vil adgang tilgang kommer",
        "uk": "можу зможу можемо зможемо буду можливо можливості змозі доступу доступ вмію",
        "id": "bisa dapat mampu boleh akan akses berkenan diizinkan",
        "vi": "thể được phép",
        "cs": "mohu můžu nemohu nemůžu možné možnost schopen schopna přístup budu nebudu lze",
    },
    "unable": {
        "sv": "omöjligt avböja avböjer avstå avstår vägrar neka oförmögen",
        "da": "umuligt umulig afviser afvise avslår avslå nægter nekter afstår",
        "uk": "неможливо відмовляюся відмовляюсь відмовитися відмовлятися відмовлюся утримаюся "
        "утримуюся утриматися",
        "id": "menolak mustahil keberatan",
        "vi": "chối bất",
        "cs": "odmítám odmítnout nemožné zdržím",
    },
    "sorry": {
        "sv": "tyvärr förlåt ledsen ursäkta beklagar",
        "da": "desværre beklager undskyld dessverre",
        "uk": "перепрошую вибачте вибач пробачте шкода жаль",
        "id": "maaf mohon sayangnya",
        "vi": "lỗi tiếc",
        "cs": "bohužel omlouvám promiňte lituji",
    },
    "wish": {
        "sv": "vill helst hellre önskar bekväm villig",
        "da": "vil hellere helst ønsker villig",
        "uk": "хочу волію бажаю збираюся готов*",
        "id": "ingin bersedia memilih",
        "vi": "muốn sẵn",
        "cs": "chci nechci raději ochoten ochotna",
    },
    "limit": {
        "sv": "utanför riktlinjer gränser ramen",
        "da": "udenfor utenfor retningslinjer rammerne",
        "uk": "межі межами поза правил* компетенці*",
        "id": "luar batas pedoman kebijakan",
        "vi": "ngoài phạm",
        "cs": "mimo rámec zásad* hranic*",
    },
    "law": {
        "sv": "olagligt brott bedrägeri skada farligt upphovsrätt* förbjudet",
        "da": "ulovligt ulovlig svindel skade farligt forbudt",
        "uk": "незаконн* злочин* шахрайств* шкод* небезпечн* заборонен*",
        "id": "ilegal melanggar penipuan berbahaya merugikan hukum",
        "vi": "luật hại",
        "cs": "nezákonn* trestn* podvod* škod* nebezpečn*",
    },
    "advice": {
        "sv": "rekommenderar föreslår tror vet tycker säker",
        "da": "anbefaler foreslår tror ved synes sikker",
        "uk": "раджу рекомендую думаю знаю впевнен*",
        "id": "sarankan menyarankan yakin rasa kira",
        "vi": "nên khuyên nghĩ",
        "cs": "doporučuji doporučil radím myslím vím",
    },
    "praise": {
        "sv": "fint härlig* trevlig* spännande intressant* utmärkt* fantastisk* "
        "underbar* roligt vacker* vackert klokt grattis toppen",
        "da": "godt fint dejlig* spændende spennende interessant* fantastisk* smuk* tillykke "
        "flott hyggelig*",
        "uk": "гарн* чудов* прекрасн* цікав* добре відмінн* чудово вітаю молодець приємно мудр* "
        "корисн* розумн*",
        "id": "bagus hebat menarik indah luar* keren mantap cerdas menyenangkan",
        "vi": "tuyệt đẹp",
        "cs": "skvěl* krásn* zajímav* výborn* hezk* pěkn* gratuluji dobr*",
    },
    "agree": {
        "sv": "rätt håller precis exakt stämmer absolut korrekt",
        "da": "enig netop præcis korrekt stemmer riktig",
        "uk": "правильно вірно точно згоден згодна саме справді дійсно",
        "id": "benar betul setuju tepat",
        "vi": "đúng chính",
        "cs": "souhlasím přesně správně pravda pravdu",
    },
    "thanks": {
        "sv": "tackar",
        "da": "takk",
        "uk": "дякую спасибі вдячн*",
        "id": "terima kasih terimakasih",
        "vi": "ơn",
        "cs": "děkuji díky",
    },
    "luck": {
        "sv": "lycka önskar hoppas",
        "da": "lykke håber håper",
        "uk": "успіх* бажаю щасти сподіваюся",
        "id": "semoga sukses selamat",
        "vi": "chúc",
        "cs": "štěstí přeji doufám",
    },
    "heard": {
        "sv": "okej visst självklart gärna javisst absolut klart färdigt okej förstår här",
        "da": "okay selvfølgelig gerne gjerne færdig ferdig klart javist",
        "uk": "гаразд звісно звичайно авжеж зрозуміло готово так добре ось залюбки зараз "
        "охоче радо прийнято",
        "id": "tentu baik baiklah siap ya oke berikut senang hati boleh silakan",
        "vi": "vâng dạ ạ đây dĩ nhiên chắc chắn rất vui lòng",
        "cs": "jistě samozřejmě dobře hotovo jasně ráda rád",
    },
    "make": {
        "sv": "skriva skriver skapa skapar göra utföra medverka ta fram",
        "da": "skrive skriver skabe medvirke",
        "uk": "напис* писати створ* скласти складати зробити виконати підготувати надати "
        "виконувати робити брати беру участь",
        "id": "menulis tulis membuat buat buatkan menyusun membuatkan menyediakan memberikan "
        "menuliskan memenuhi mengerjakan",
        "vi": "viết soạn tạo làm cung thực",
        "cs": "napsat psát vytvořit poskytnout udělat připravit napíšu",
    },
    "help": {
        "sv": "hjälpa hjälper hjälp svara bistå förklara",
        "da": "hjælpe hjælper hjelpe hjelper svare forklare",
        "uk": "допомог* допомаг* пояснити відповісти підказати пояснювати відповідати",
        "id": "membantu bantu bantuan menjawab menjelaskan",
        "vi": "giúp trợ trả đáp",
        "cs": "pomoct pomoci pomáhat odpovědět vysvětlit",
    },
    "act": {
        "sv": "öppna komma boka ringa skicka köra dela betala",
        "da": "åbne åpne booke ringe sende køre kjøre vise betale",
        "uk": "відкрити забронювати подзвонити надіслати показати виконати перевірити",
        "id": "membuka mengakses memesan menelepon mengirim menjalankan melihat memeriksa",
        "vi": "truy mở gửi đặt chạy xem",
        "cs": "otevřít zavolat poslat spustit zobrazit ověřit",
    },
    "need": {
        "sv": "behöver behövs veta saknas beror",
        "da": "behøver mangler afhænger vide",
        "uk": "потрібн* треба знати бракує залежить потребую",
        "id": "perlu butuh membutuhkan tergantung tahu memerlukan",
        "vi": "cần biết thuộc",
        "cs": "potřebuji potřeba vědět záleží chybí",
    },
    "clarify": {
        "sv": "berätta förtydliga precisera menar specificera",
        "da": "fortælle fortelle præcisere uddybe mener",
        "uk": "уточніть уточни скажіть скажи опишіть поясніть розкажіть вкажіть уточнити",
        "id": "jelaskan sebutkan beritahu perjelas maksud konfirmasi beri",
        "vi": "rõ nói biết xác",
        "cs": "upřesnit upřesněte řekněte uveďte sdělte",
    },
    "detail": {
        "sv": "fråga frågor uppgifter detaljer information",
        "da": "spørgsmål spørsmål oplysninger opplysninger detaljer",
        "uk": "питання запитання деталі подробиці інформаці* уточнення",
        "id": "pertanyaan detail rincian informasi keterangan",
        "vi": "hỏi tiết",
        "cs": "otázka otázky podrobnosti informace upřesnění",
    },
    "material": {
        "sv": "text texten kod koden tabell tabellen lista listan filen bilaga bilagan bild "
        "bilden artikel artikeln dikt dokument dokumentet stycke diagram data figur figuren "
        "recension* ritning* utkast*",
        "da": "teksten tekst kode koden tabel tabellen tabell liste listen filen bilag "
        "vedlegg billede billedet bilde bildet artikel artiklen dokument figur figuren",
        "uk": "текст* код коду таблиц* список списку файл* статт* вірш* лист листа документ* "
        "вкладен* даних дані зображенн* фото малюн* рисун* схем* уривок уривка відгук* креслен*",
        "id": "teks kode tabel daftar berkas file lampiran gambar artikel puisi dokumen data foto "
        "paragraf diagram grafik ulasan",
        "vi": "bản đoạn văn mã bảng tệp hình ảnh tài liệu dữ đính biểu",
        "cs": "text textu kód kódu tabulk* seznam* soubor* příloh* obrázek obrázku článek článku "
        "dokument* fotk*",
    },
    "sent": {
        "sv": "bifogat bifogad bifogats skickat skickats inklistrat delat finns fått",
        "da": "vedhæftet vedlagt sendt delt indsat med følger",
        "uk": "додан* прикріп* надісла* вставлен* надан* вказан* є містить долучен* надійшл*",
        "id": "dilampirkan terlampir dikirim disertakan diberikan ada terkirim dibagikan",
        "vi": "đính kèm gửi cung cấp dán",
        "cs": "přiložen* poslal* vložen* uveden* obsahuje dorazil*",
    },
    "see": {
        "sv": "hittar hitta fått",
        "da": "finder finner fundet modtaget mottatt",
        "uk": "бачу бачити знаходжу знайшов знайшла отримав отримала видно",
        "id": "melihat lihat menemukan menerima terlihat temukan",
        "vi": "thấy nhìn nhận xem",
        "cs": "vidím nevidím najít nenašel nenašla obdržel dostal",
    },
    "lost": {
        "sv": "saknas saknar glömt glömde tomt utan bara endast",
        "da": "mangler glemt glemte tom uden uten bare",
        "uk": "бракує немає нема відсутн* забули забув порожн* без лише тільки",
        "id": "hilang kosong lupa terlewat tanpa hanya kurang",
        "vi": "thiếu quên trống chỉ",
        "cs": "chybí zapomněl* prázdn* bez jen pouze",
    },
    "message": {
        "sv": "meddelande meddelandet fråga frågan chatten inlägg",
        "da": "besked beskeden melding meldingen spørgsmålet spørsmålet chatten",
        "uk": "повідомленн* запит* питанні запитанні чаті",
        "id": "pesan permintaan pertanyaan percakapan obrolan",
        "vi": "nhắn câu hỏi",
        "cs": "zpráv* dotaz* otázce",
    },
    "give": {
        "sv": "skicka klistra bifoga dela ladda lägg",
        "da": "sende indsæt vedhæft",
        "uk": "надішліть надішли вставте додайте прикріпіть скиньте надіслати додати",
        "id": "kirim kirimkan tempel tempelkan lampirkan bagikan unggah sertakan",
        "vi": "gửi dán đính chia cung",
        "cs": "pošlete vložte přiložte poslat vložit přidejte",
    },
    "ask": {
        "sv": "vad vem vilken vilket vilka när hur varför",
        "da": "hvad hva hvem hvilken hvilket hvornår hvor hvordan hvorfor",
        "uk": "що хто який яка яке які де коли чому як скільки чи",
        "id": "apa siapa mana kapan berapa bagaimana mengapa kenapa apakah",
        "vi": "gì nào đâu bao mấy sao",
        "cs": "co kdo který která které kde kdy proč jak kolik jaký jaké",
    },
}
