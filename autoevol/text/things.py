"""The words behind `tongues`, second part: what is done, asked for, sent and missed.

Decides nothing. A line of words for each language; `stem*` is the start of a word, `*ending` its
end.
"""

from __future__ import annotations

THINGS = {
    "make": {
        "en": "write writing draft drafting compose create creating generate generating produce "
        "producing produc* craft fulfil fulfill fulfilling comply provide providing prepare "
        "formulate publish continue "
        "engage participate build design tooling content",
        "de": "schreib* verfass* formulier* erstell* erzeug* entwerf* liefer* nachkomm* mitwirk* "
        "anfertig* verfasse ausarbeit* programmier* bereitstell*",
        "fr": "écris produis fournis écrire rédiger rédige créer produire générer fournir "
        "composer formuler répondre "
        "satisfaire participer donner suite écrirai rédigerai proposer contribuer",
        "es": "escribo redacto escribir redactar crear generar producir componer elaborar "
        "proporcionar facilitar "
        "cumplir participar atender sugerir escribiré hacer eso ofrecer dar",
        "pt": "escrevo crio escrever redigir criar gerar produzir elaborar fornecer cumprir "
        "atender participar "
        "escreverei fazer isso oferecer dar",
        "it": "scrivo scrivere redigere creare generare produrre fornire comporre soddisfare "
        "partecipare "
        "scriverò farlo dare offrire",
        "nl": "schrijven schrijf opstellen maken genereren leveren voldoen meewerken geven "
        "bedenken",
        "pl": "napisać pisać tworzyć stworzyć wygenerować przygotować podać spełnić dostarczyć "
        "uczestniczyć napiszę przygotuję",
        "tr": "yaz* oluştur* üret* hazırla* sağla* sunmak sunam* sunay* sunu* yerine yapamam",
        "ru": "надавати надати напис* писать создать создавать составить составля* сгенерир* "
        "предоставить дать "
        "выполнить сделать придумать участвовать подготовить сочинять сочинить давать",
        "ar": "كتابة أكتب إنشاء تقديم أقدم تنفيذ توفير إعداد صياغة توليد تأليف تلبية",
        "hi": "लिख* बना* प्रदान तैयार दे देना बताना पूरा",
        "ko": "작성* 써 만들* 제공* 생성* 수행* 쓸 안내* 답변* 드릴",
    },
    "help": {
        "en": "help assist assisting support assistance guide advise answer explain discuss teach",
        "de": "helf* helfe hilf* unterstütz* behilflich beantwort* erklär* dienen",
        "fr": "aider aide aiderai assister expliquer accompagner conseiller",
        "es": "ayudar* ayudo ayudaré asistir apoyar explicar responder colaborar",
        "pt": "ajudar* ajudo auxiliar apoiar explicar responder colaborar",
        "it": "aiutar* aiuto assister* supportar* spiegar* rispondere collaborare",
        "nl": "helpen help helpe bijstaan ondersteunen beantwoorden uitleggen",
        "pl": "pomóc pomagać pomogę pomagam wesprzeć wspierać odpowiedzieć wyjaśnić doradzić",
        "tr": "yardım* destek* cevap* açıkla*",
        "ru": "допом* помочь помог* помогать поддержать ответить объяснить подсказать содейств*",
        "ar": "مساعد* المساعدة أساعد* شرح الإجابة دعم مساعدتك",
        "hi": "मदद सहायता उत्तर समझा* सहयोग",
        "ko": "도와* 도울 도움* 지원*",
    },
    "act": {
        "en": "access run execute perform process book reserve call send open browse search "
        "look show share give tell predict verify check contact transfer order pay buy publish "
        "upload download log view watch listen see remember connect carry make visit place phone "
        "retrieve fetch submit walk disclose reveal",
        "de": "zugreif* ausführ* buch* reserv* anruf* send* öffn* zeig* nenn* geb* gebe überweis* "
        "bestell* prüf* eintrag* hochlad* einseh* kontaktier* tun machen vorhersag* abruf* verrat*",
        "fr": "accéder exécuter réserver appeler envoyer ouvrir montrer partager prédire vérifier "
        "payer commander publier consulter faire virer télécharger révéler voir",
        "es": "acceder ejecutar reservar llamar enviar abrir mostrar compartir predecir verificar "
        "pagar pedir publicar consultar hacer transferir subir conectar* revelar buscar",
        "pt": "acessar aceder executar reservar ligar enviar abrir mostrar compartilhar prever "
        "verificar pagar pedir publicar consultar fazer transferir carregar revelar realizar",
        "it": "accedere eseguire prenotare chiamare inviare aprire mostrare condividere prevedere "
        "verificare pagare ordinare pubblicare consultare fare trasferire rivelare",
        "nl": "openen uitvoeren boeken bellen sturen tonen delen voorspellen betalen doen "
        "bestellen inloggen raadplegen",
        "pl": "otworzyć wykonać zarezerwować zadzwonić wysłać pokazać udostępnić przewidzieć "
        "zapłacić zrobić sprawdzić zalogować ujawnić",
        "tr": "eriş* gönder* ara* öde* göster* paylaş* rezerv* yap* çalıştır* tahmin*",
        "ru": "оформить выполнять получить открыть отправить позвонить забронировать заказать "
        "показать раскры* "
        "предсказать оплатить проверить войти подключиться сообщать узнать перевести запустить",
        "ar": "الوصول إجراء إرسال حجز فتح تنزيل رفع دفع الاتصال عرض مشاركة التنبؤ تشغيل",
        "hi": "भेज* खोल* कॉल बुक पहुँच चला* बता* देख*",
        "ko": "접속* 접근* 실행* 예약* 전화* 보내* 열* 결제* 알려* 확인* 공유*",
    },
    "need": {
        "en": "need know require missing depends needed",
        "de": "brauche bräuchte benötig* wissen fehlt fehlen kommt hängt",
        "fr": "besoin savoir faudrait faut manque dépend connaître",
        "es": "necesito necesitaría saber falta depende faltan conocer",
        "pt": "preciso precisaria saber falta depende faltam",
        "it": "serve servono bisogno sapere manca dipende servirebbe mancano",
        "nl": "nodig weten ontbreekt hangt heb",
        "pl": "potrzebuję potrzebne wiedzieć brakuje zależy potrzeba",
        "tr": "ihtiyacım gerek* bilmem bağlı lazım",
        "ru": "нужно нужны нужна нужен знать зависит требуется понадоб* необходимо",
        "ar": "أحتاج يلزم أعرف معرفة يعتمد أحتاج*",
        "hi": "चाहिए जानना जानकारी निर्भर ज़रूरत",
        "ko": "필요* 알아야 따라 궁금*",
    },
    "clarify": {
        "en": "clarify specify elaborate confirm tell mean meant refer describe say explain",
        "de": "nenne nennen präzisier* sagen angeben klären erläutern nennen verraten "
        "mitteilen meinen meinst",
        "fr": "préciser clarifier précisez dire indiquer indiquez confirmer entendez",
        "es": "aclarar aclara precisar especificar decirme dime dígame indicar confirmar refieres "
        "concretar indica aclares",
        "pt": "esclarecer especificar dizer diga confirmar informar informe detalhar",
        "it": "chiarire precisare specificare dirmi dimmi confermare indicare indicarmi",
        "nl": "verduidelijken aangeven zeggen bevestigen toelichten preciseren laten bedoel",
        "pl": "doprecyzować sprecyzować wyjaśnić powiedzieć podać określić powiedz podaj "
        "doprecyzuj",
        "tr": "belirt* açıkla* söyle* netleştir* kastet*",
        "ru": "уточните уточни уточнить скажите скажи подскажите поясните укажите сообщите "
        "опишите расскажите",
        "ar": "توضيح وضح تحديد حدد تخبرني أخبرني تقصد تعني",
        "hi": "स्पष्ट बताइए बताएँ बताएं बता बताइये",
        "ko": "알려* 말씀* 설명* 구체* 명확*",
    },
    "detail": {
        "en": "questions question details information context more bit clarification things",
        "de": "frage fragen angaben informationen details rückfrag* einzelheiten mehr kontext",
        "fr": "question questions détails informations précisions renseignements contexte",
        "es": "pregunta preguntas detalles información datos contexto",
        "pt": "pergunta perguntas detalhes informações informação dados contexto",
        "it": "domanda domande dettagli informazioni dati contesto",
        "nl": "vraag vragen details informatie gegevens context",
        "pl": "pytanie pytania pytań szczegół* informacj* danych",
        "tr": "soru* bilgi* ayrıntı* detay*",
        "ru": "вопрос* детали деталей подробност* информаци* данных данные уточнени*",
        "ar": "سؤال أسئلة تفاصيل معلومات المعلومات",
        "hi": "सवाल प्रश्न विवरण जानकारी",
        "ko": "질문* 정보* 세부*",
    },
    "material": {
        "en": "text texts code snippet table tables list file files passage article poem essay "
        "letter e-mail email document attachment spreadsheet data dataset image picture photo "
        "screenshot figures numbers paragraph sentence sentences excerpt input diagram chart "
        "graph log query equation matrix transcript recipe link quote draft block "
        "function_ script schema json csv pdf review dialogue conversation lyrics story values",
        "de": "text code tabelle liste datei dateien abschnitt artikel gedicht aufsatz brief "
        "dokument anhang daten bild foto screenshot zahlen absatz satz auszug diagramm grafik "
        "programm gleichung protokoll skizze zeichnung link entwurf rechnung werte abbildung* "
        "grundriss lebenslauf vorlage",
        "fr": "texte code tableau liste fichier passage article poème lettre document pièce "
        "données image photo chiffres paragraphe phrase extrait graphique équation lien valeurs "
        "recette schéma programme capture",
        "es": "texto código tabla lista archivo fichero pasaje artículo poema carta documento "
        "adjunto datos imagen foto cifras párrafo frase fragmento gráfico ecuación enlace números",
        "pt": "texto código tabela lista arquivo ficheiro passagem artigo poema carta documento "
        "anexo dados imagem foto números parágrafo frase trecho gráfico equação link",
        "it": "testo codice tabella lista elenco file brano articolo poesia lettera documento "
        "allegato dati immagine foto numeri paragrafo frase estratto grafico equazione link",
        "nl": "tekst code tabel lijst bestand artikel gedicht brief document bijlage gegevens "
        "afbeelding foto cijfers alinea zin fragment grafiek vergelijking link",
        "pl": "tekst* tabel* lista listy listę liście kod* plik* artykuł* wiersz* dokument* "
        "załącznik* dane danych "
        "obraz* zdjęci* akapit* fragment* wykres* równani*",
        "tr": "metin metni metn* tablo* liste* kod* dosya* makale* şiir* belge* "
        "ek veri verisi veriler* verile* resim* "
        "görsel* paragraf*",
        "ru": "текст* код кода таблиц* список списка файл* стать* стихотворени* письмо письма "
        "документ* вложени* данных данные изображени* фото цифр* абзац* отрывок отрывка график* "
        "схем* уравнени* рисун* ссылк* чертеж* чертёж* план* резюме",
        "ar": "نص النص نصا نصًا جدول الجدول جدولا جدولًا قائمة القائمة ملف الملف مقال المقال قصيدة "
        "القصيدة مستند البيانات صورة الصورة فقرة الفقرة كود الكود مرفق المرفق",
        "hi": "पाठ तालिका सूची फ़ाइल फाइल लेख कविता कोड चित्र अनुच्छेद आँकड़े आंकड़े दस्तावेज़ तस्वीर",
        "ko": "표* 텍스트* 글* 목록* 파일* 코드* 기사* 시가 문서* 데이터* 이미지* 그림* 문단* "
        "첨부*",
    },
    "sent": {
        "en": "provided included attached shared pasted sent posted uploaded given supplied "
        "attach include provide share paste send upload contain contains come here "
        "through enclosed arrived arrive reach reached made",
        "de": "enthalten beigefügt angehängt mitgeschickt mitgesendet gesendet mitgegeben "
        "angegeben eingefügt gepostet angekommen vorhanden vor liegt liegen dabei geschickt "
        "beigelegt hochgeladen",
        "fr": "fourni fournie joint jointe inclus incluse transmis transmise envoyé envoyée "
        "partagé collé présent présente parvenu donné donnée",
        "es": "cargado cargó incluido incluida adjuntado adjuntar adjuntaste proporcionado "
        "compartido enviado "
        "pegado hay incluiste mandado llegado aparece llegó mencionas",
        "pt": "incluído incluída anexado anexada anexou enviado enviada enviou forneceu fornecido "
        "veio chegou há consta colou incluiu aparece",
        "it": "incluso inclusa allegato allegata fornito fornita inviato condiviso incollato c'è "
        "presente arrivato arrivata è",
        "nl": "bijgevoegd toegevoegd meegestuurd gestuurd gedeeld meegegeven geplakt staat "
        "aanwezig aangekomen ontvangen",
        "pl": "załączon* dołączon* przesłan* podan* wklej* zawiera ma przesłałeś dołączyłeś",
        "tr": "ekle* gönder* paylaş* ekli eklenmiş var",
        "ru": "прикреп* загруз* приложен* прислан* приложили прислали указан* добавлен* "
        "прикреплен* прикреплён* "
        "есть содержит вставлен* предоставлен* указали предоставили прикрепили",
        "ar": "مرفق ترفق أرفقت ترسل أرسلت مرفقا مرفقًا تتضمن يوجد يتضمن تحتوي إرفاق",
        "hi": "भेजा भेजी संलग्न दिया दी जोड़ा है शामिल",
        "ko": "첨부* 포함* 제공* 보내* 공유* 보이*",
    },
    "see": {
        "en": "see find received receive work have read access",
        "de": "sehe finde erhalten sehen finden habe vor bekommen",
        "fr": "vois trouve reçu trouver voir",
        "es": "veo encuentro recibido encontrar ver recibí",
        "pt": "vejo encontro encontrei recebi vi consigo",
        "it": "vedo trovo ricevuto",
        "nl": "zie vind ontvangen heb",
        "pl": "widzę znajduję otrzymałem otrzymałam widać",
        "tr": "gör* bula* buld* bulu* bulmak *göremiyorum *göremedim",
        "ru": "вижу нашёл нашел нахожу получил* вижу видно",
        "ar": "أرى أجد أجد استلمت يصلني تصلني وجدت",
        "hi": "मिला मिली दिख* मिल",
        "ko": "보이* 찾* 확인* 보입니다",
    },
    "lost": {
        "en": "missing lost forgot forgotten left cut absent omitted without only",
        "de": "fehlt fehlen vergessen verloren leer fehlende ohne nur",
        "fr": "manque manquant* oublié perdu vide sans absent absente seulement",
        "es": "falta faltan olvidaste olvidado perdido vacío sin solo sólo vacía",
        "pt": "falta faltam faltou esqueceu esquecido perdido vazio sem só apenas vazia",
        "it": "manca mancano dimenticato perso vuoto senza solo mancante",
        "nl": "ontbreekt ontbreken vergeten verloren leeg zonder alleen",
        "pl": "brakuje zapomniałeś brak pust* bez tylko zabrakło",
        "tr": "eksik unut* boş kayıp yok",
        "ru": "ничего забыли отсутству* потерял* пуст* без только нет забыл",
        "ar": "نسيت مفقود ناقص فارغ بدون فقط ينقص",
        "hi": "ग़ायब गायब छूट भूल खाली बिना केवल",
        "ko": "누락* 빠* 없* 비어*",
    },
    "message": {
        "en": "message request prompt question post instruction chat conversation",
        "de": "nachricht anfrage frage",
        "fr": "message demande requête question",
        "es": "mensaje pregunta solicitud",
        "pt": "mensagem pergunta pedido",
        "it": "messaggio domanda richiesta",
        "nl": "bericht vraag",
        "pl": "wiadomości wiadomość pytaniu",
        "tr": "mesaj* soru*",
        "ru": "сообщени* вопрос* запрос*",
        "ar": "رسالتك سؤالك رسالة الرسالة",
        "hi": "संदेश सवाल प्रश्न",
        "ko": "메시지* 질문* 요청*",
    },
    "give": {
        "en": "sending pasting uploading sharing send paste upload share provide attach supply "
        "post add include resend copy",
        "de": "schick* send* füg* einfüg* lade laden ladet lädst hochlad* teil* "
        "stelle stellen stellt poste posten nachreich* geben gib anhängen",
        "fr": "envoyer envoyez coller collez joindre joignez fournir fournissez partager partagez "
        "ajouter transmettre",
        "es": "enví* envia* envie* adjunt* enviar envía enviarme pegar pegarlo pegarla pega "
        "adjuntar "
        "adjunta compartir "
        "comparte "
        "proporcionar mandar incluir compartirlo enviarlo",
        "pt": "enviar envie colar cole anexar anexe compartilhar compartilhe fornecer mandar "
        "incluir mande",
        "it": "inviare invia incollare incollarla incollarlo incolla allegare allega condividere "
        "fornire mandare mandami inviarmi",
        "nl": "sturen stuur plakken plak delen deel toevoegen bijvoegen geven",
        "pl": "wkleić wklej przesłać prześlij wysłać wyślij dołączyć dołącz podać załączyć",
        "tr": "gönder* paylaş* yapıştır* ekle* yükle*",
        "ru": "прикреп* прилож* присла* пришлите пришли отправьте вставьте приложите "
        "прикрепите добавьте скиньте "
        "предоставьте прислать вставить",
        "ar": "إرسال أرسل إرساله إرسالها لصق مشاركة إرفاق تزويدي أرفق ترسل ترسله ترسلها",
        "hi": "भेजें भेजिए भेज साझा दें दीजिए जोड़ें",
        "ko": "보내* 붙여* 공유* 첨부* 올려*",
    },
    "ask": {
        "en": "what which who whom whose where when why how",
        "de": "was welche welcher welches welchen welchem wer wen wem wo wann warum wie wofür "
        "worum womit",
        "fr": "que quoi quel quelle quels quelles qui où quand pourquoi comment combien quelles",
        "es": "qué cuál cuáles quién dónde cuándo cómo cuánto cuántos cuántas cuánta",
        "pt": "que qual quais quem onde quando como quanto quantos quantas",
        "it": "che quale quali chi dove quando perché come quanto quanti quante cosa",
        "nl": "wat welke welk wie waar wanneer waarom hoe hoeveel",
        "pl": "co jaki jaka jakie jakim który która które którą kto gdzie kiedy jak ile czy",
        "tr": "ne hangi hangisi kim nerede nasıl kaç neden *mı *mi",
        "ru": "что какой какая какое какие каком какую кто где когда почему как сколько ли чем",
        "ar": "ما ماذا أي من أين متى لماذا كيف كم هل وما وهل",
        "hi": "क्या कौन किस कहाँ कब कैसे कितने कितना कितनी क्यों कौन-सा",
        "ko": "무엇* 어떤 어느 누구* 언제* 어디* 어떻게 몇 왜 얼마*",
    },
}

# For text without spaces. Polite forms count as a first person, which is often left out.
THING_SIGNS = {
    "make": "写|撰写|编写|编造|提供|生成|创作|完成|满足|制作|代|作成|書|提供|作り|作る|用意|"
    "執筆|代行|作れ",
    "help": "応え|帮|协助|幫|支持|回答|解答|手伝|協力|答え|お力|サポート|説明|対応|支援",
    "act": "登录|登入|访问|操作|转账|预订|发送|打电话|查看|打开|购买|下单|执行|アクセス|接続|"
    "電話|予約|送信|実行|注文|購入|調べ|"
    "教え|ログイン|振込|確認",
    "need": "需要|取决于|要看|必要|知りたい|によって",
    "clarify": "知る|请问|说明|告诉|明确|澄清|具体|指的是|補足|具体的|教えて|お聞かせ|知らせ",
    "detail": "问题|信息|细节|情况|资料|質問|情報|詳細|点を",
    "material": "表格|表|文本|文章|代码|列表|文件|附件|图片|数据|段落|句子|诗|链接|原文|内容|"
    "表|テキスト|コード|リスト|ファイル|画像|"
    "データ|添付|資料|本文|リンク|文書|写真|詩",
    "sent": "附上|提供|发送|包含|粘贴|上传|给出|收到|里|中|添付|含まれ|貼|送ら|届い|見当た|"
    "ありません|記載",
    "see": "表示|看到|看见|收到|找到|见到|見当た|見え|見つか|確認でき|届い",
    "lost": "没有|缺|漏|忘|未|空|缺少|只|抜け|漏れ|忘れ|ない|ません|空",
    "message": "消息|问题|信息|留言|メッセージ|質問|投稿",
    "give": "发给|发一下|发送|提供|贴|上传|分享|补充|给出|发来|发过来|送って|貼り付け|共有|"
    "添付して|お送り|提示",
    "ask": "什么|哪|谁|怎么|如何|多少|几|吗|呢|何|どの|どちら|どれ|どこ|いつ|誰|どう|いくつ|"
    "いくら|か。|か？|かな",
}
