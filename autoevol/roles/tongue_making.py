"""The words behind `tongues`, fourth part: what is made and handed over, and what is kept out of.

Decides nothing. `product` is what an answer may be, `here` what hands it over, `done` what claims
that it was made; `topic` and `avoid` turn a subject down, `abstain` does so by itself.
"""

from __future__ import annotations

MAKING = {
    "product": {
        "en": "code function script program query command one-liner liner solution answer answers "
        "explanation poem haiku limerick sonnet story essay text list plan example examples "
        "translation email e-mail letter summary proof calculation calculations table recipe "
        "implementation snippet class method regex version result results description overview "
        "guide breakdown schedule itinerary workout speech toast song article paragraph "
        "analysis comparison response step-by-step derivation rewrite suggestions "
        "recommendations ideas tips names steps request",
        "de": "code funktion skript programm abfrage befehl lösung antwort erklärung gedicht "
        "geschichte aufsatz text liste plan beispiel beispiele übersetzung mail brief "
        "zusammenfassung beweis rechnung berechnung tabelle rezept implementierung klasse "
        "methode version ergebnis beschreibung übersicht anleitung rede trinkspruch lied "
        "artikel vergleich vorschläge ideen tipps namen schritte umsetzung rechenweg aufgabe",
        "fr": "code fonction script programme requête commande solution réponse explication "
        "poème histoire texte liste plan exemple exemples traduction lettre résumé preuve "
        "démonstration calcul calculs tableau recette classe méthode version résultat "
        "description guide discours chanson article comparaison suggestions idées conseils "
        "étapes implémentation demande",
        "es": "código función script programa consulta comando solución respuesta explicación "
        "poema historia cuento texto plan ejemplo ejemplos traducción carta correo "
        "resumen demostración prueba cálculo cálculos tabla receta clase método versión "
        "resultado descripción guía discurso brindis canción artículo comparación sugerencias "
        "ideas consejos pasos implementación petición",
        "pt": "código função script programa consulta comando solução resposta explicação "
        "poema história conto texto lista plano exemplo exemplos tradução carta e-mail resumo "
        "demonstração cálculo cálculos tabela receita classe método versão resultado descrição "
        "guia discurso brinde canção artigo comparação sugestões ideias dicas passos "
        "implementação pedido",
        "it": "codice funzione script programma query comando soluzione risposta spiegazione "
        "poesia storia racconto testo lista elenco piano esempio esempi traduzione lettera "
        "riassunto dimostrazione calcolo calcoli tabella ricetta classe metodo versione "
        "risultato descrizione guida discorso brindisi canzone articolo confronto suggerimenti "
        "idee consigli passaggi implementazione richiesta",
        "nl": "code functie script programma query opdracht oplossing antwoord uitleg gedicht "
        "verhaal tekst lijst plan voorbeeld voorbeelden vertaling brief samenvatting bewijs "
        "berekening tabel recept klasse methode versie resultaat beschrijving overzicht "
        "toespraak lied artikel vergelijking suggesties ideeën tips stappen implementatie",
        "pl": "kod funkcj* skrypt* program zapytani* polecenie rozwiązani* odpowied* wyjaśnieni* "
        "wiersz* opowiadani* tekst* list* plan przykład* tłumaczeni* podsumowani* streszczeni* "
        "dowód obliczeni* tabel* przepis* klas* metod* wersj* wynik* opis* przemówieni* toast* "
        "piosenk* artykuł* porównani* propozycj* pomysł* krok* implementacj* prośb*",
        "tr": "kod* fonksiyon* betik program* sorgu* komut* çözüm* cevap* yanıt* açıklama* şiir* "
        "hikâye* hikaye* metin metn* liste* plan* örnek* örneğ* çeviri* mektup* mektub* özet* "
        "kanıt* hesap* tablo* tarif* sınıf* yöntem* sürüm* sonuç* sonuc* konuşma* şarkı* makale* "
        "öneri* fikir* fikr* adım* istek* isteğ*",
        "ru": "код функци* скрипт* программ* запрос* команд* решени* ответ* объяснени* стих* "
        "рассказ* текст* список списк* план пример* перевод* письм* резюме доказательств* "
        "вычислени* расчёт* расчет* таблиц* рецепт* класс метод верси* результат* описани* "
        "речь тост* песн* стать* сравнени* предложени* иде* совет* шаг* реализаци* задач*",
        "uk": "код функці* скрипт* програм* запит* команд* розв'яз* розв рішенн* відповід* "
        "пояснен* вірш* оповіданн* текст* список списк* план приклад* переклад* лист листа "
        "підсумок доказ* доведенн* обчислен* розрахун* таблиц* рецепт* клас метод верс* "
        "результат* опис* промов* тост* пісн* статт* порівнян* ідеї порад* крок* реалізаці*",
        "sv": "kod koden funktion funktionen skript skriptet program programmet fråga frågan "
        "kommando lösning lösningen svar svaret förklaring förklaringen dikt dikten berättelse "
        "berättelsen text texten lista listan plan planen exempel översättning översättningen "
        "brev brevet sammanfattning sammanfattningen bevis beräkning tabell recept klass "
        "metod version resultat beskrivning talet sång artikel jämförelse förslag idéer "
        "tips steg",
        "da": "kode koden funktion funktionen funksjon script løsning løsningen svar svaret "
        "forklaring digt dikt historie tekst liste plan eksempel oversættelse brev opsummering "
        "beregning tabel opskrift resultat forslag",
        "cs": "kód funkce skript program dotaz řešení odpověď vysvětlení báseň příběh text "
        "seznam plán příklad překlad dopis shrnutí důkaz výpočet tabulka recept výsledek",
        "id": "kode* fungsi* skrip program kueri perintah solusi* jawaban* penjelasan* puisi* "
        "cerita* "
        "teks daftar rencana contoh terjemahan* surat ringkasan* bukti perhitungan tabel resep "
        "kelas metode versi hasil deskripsi panduan pidato lagu artikel perbandingan saran ide "
        "tips langkah permintaan caption jadwal",
        "vi": "mã hàm giải thơ truyện bản danh ví dịch thư tắt chứng bảng quả bước đoạn lời bài "
        "trình",
        "ar": "الكود الشفرة كود شفرة الدالة دالة البرنامج الاستعلام الحل حل الإجابة إجابة الشرح "
        "شرح القصيدة قصيدة القصة قصة النص نص القائمة قائمة الخطة خطة مثال أمثلة الترجمة ترجمة "
        "الرسالة رسالة الملخص ملخص البرهان الحساب الجدول جدول الوصفة النتيجة الوصف المقال "
        "الخطوات طلبك",
        "hi": "कोड फ़ंक्शन फंक्शन प्रोग्राम क्वेरी हल समाधान उत्तर जवाब व्याख्या कविता कहानी पाठ "
        "सूची "
        "योजना उदाहरण अनुवाद पत्र सारांश प्रमाण गणना तालिका नुस्खा परिणाम विवरण लेख सुझाव उपाय",
        "ko": "코드* 함수* 스크립트* 프로그램* 쿼리* 명령* 해결* 풀이* 답* 정답* 설명* 시를 "
        "이야기* 글* 목록* 계획* 예시* 번역* 편지* 요약* 증명* 계산* 표* 레시피* 결과* 문장* "
        "제안* 단계* 해답*",
    },
    "here": {
        "en": "here below follows following attached",
        "de": "hier nachfolgend nachstehend folgend* unten anbei untenstehend*",
        "fr": "voici voilà ci-dessous dessous",
        "es": "aquí continuación abajo siguiente adjunto",
        "pt": "aqui eis abaixo seguir segue seguinte anexo",
        "it": "ecco sotto seguito seguente allegato",
        "nl": "hier hieronder onderstaand* volgt bijgaand",
        "pl": "oto poniżej poniższ* następując*",
        "tr": "işte aşağıda* aşağıdaki buyurun",
        "ru": "вот ниже следующ* нижеследующ* держи держите",
        "uk": "ось нижче наступн* тримай тримайте",
        "sv": "här nedan följer nedanstående följande",
        "da": "nedenfor følger følgende herunder",
        "cs": "zde níže následuje následující tady",
        "id": "berikut inilah ini dibawah bawah terlampir",
        "vi": "đây dưới",
        "ar": "إليك إليكم أدناه فيما هذه هذا تفضل",
        "hi": "यहाँ यहां नीचे यह ये लीजिए",
        "ko": "여기 다음은 아래* 다음과",
    },
    "done": {
        "en": "done created written finished completed prepared implemented solved ready generated "
        "updated fixed drafted composed translated summarized summarised calculated computed "
        "wrote rewritten adapted adjusted produced compiled proven explained",
        "de": "erledigt erstellt geschrieben fertig fertiggestellt verfasst implementiert gelöst "
        "bereit generiert aktualisiert behoben übersetzt zusammengefasst berechnet umgesetzt "
        "angepasst umgeschrieben überarbeitet geschafft programmiert vorbereitet abgeschlossen",
        "fr": "fait faite créé créée écrit écrite rédigé rédigée terminé terminée préparé préparée "
        "implémenté résolu résolue prêt prête généré générée traduit traduite calculé calculée "
        "corrigé adapté réécrit",
        "es": "hecho hecha listo creado creada escrito escrita redactado redactada terminado "
        "terminada preparado preparada implementado implementada resuelto resuelta generado "
        "generada traducido traducida calculado calculada corregido reescrito adaptado",
        "pt": "feito feita pronto pronta criado criada criei escrito escrita escrevi redigido "
        "terminado concluído preparado preparada preparei implementado resolvido resolvida "
        "gerado gerada traduzido traduzi calculado calculei corrigido adaptado fiz",
        "it": "fatto fatta pronto pronta creato creata scritto scritta redatto terminato "
        "preparato preparata implementato risolto risolta generato generata tradotto tradotta "
        "calcolato calcolata corretto adattato completato",
        "nl": "gedaan klaar gemaakt geschreven opgesteld voltooid voorbereid geïmplementeerd "
        "opgelost gegenereerd vertaald berekend aangepast samengevat afgerond",
        "pl": "gotowe gotowy gotowa zrobione stworzyłem stworzyłam napisałem napisałam "
        "przygotowałem przygotowałam rozwiązane rozwiązano obliczone wygenerowałem "
        "przetłumaczyłem napisany napisana utworzony utworzona utworzono zakończone wykonane "
        "przygotowany przygotowana",
        "tr": "hazır hazırladım hazırlandı yazdım yazıldı oluşturdum oluşturuldu tamamlandı "
        "tamamladım çözdüm çözüldü bitti yaptım yapıldı çevirdim hesapladım hesaplandı",
        "ru": "готово готов готова сделано написал написала написан написано написана создал "
        "создала создан создана создано составил составила составлен решено решил решена "
        "выполнено выполнил подготовил подготовила подготовлен переписал переписан перевёл "
        "перевел вычислено посчитал посчитано исправил исправлено придумал придумала",
        "uk": "готово готовий готова зроблено написав написала написано створив створила створено "
        "склав склала складено розв'язано розв'язав виконано підготував підготувала підготовлено "
        "переписав переписала переклав обчислено виправлено вирішено придумав придумала",
        "sv": "skriven skrivna skapad lagad klart klar färdig färdigt skapat skapats skrivit "
        "skrivits löst gjort utfört "
        "översatt beräknat beräknats uppdaterat förberett sammanställt",
        "da": "færdig ferdig klar klart skrevet lavet laget oprettet opprettet løst gjort "
        "oversat beregnet",
        "cs": "hotovo hotový vytvořil vytvořila napsal napsala připravil vyřešeno spočítáno "
        "přeložil dokončeno napsán vytvořen",
        "id": "selesai sudah telah dibuat membuat dibuatkan ditulis disusun siap dihitung "
        "diterjemahkan diselesaikan",
        "vi": "xong đã hoàn tất",
        "ar": "تم تمت جاهز جاهزة كتبت أنشأت انتهيت أعددت حللت أنجزت",
        "hi": "हो गया गई तैयार पूरा लिखा लिखी बनाया बनाई दिया दी चुका चुकी",
        "ko": "완료* 작성했* 작성되* 작성하였* 만들었* 끝났* 완성* 준비되* 준비했* 풀었* "
        "번역했* 계산했* 생성했*",
    },
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

MAKING_SIGNS = {
    "product": "代码|函数|脚本|程序|查询|命令|方案|答案|解答|解释|说明|诗|故事|文章|列表|清单|计划|"
    "例子|示例|翻译|译文|信|邮件|摘要|总结|证明|计算|表格|食谱|结果|推荐|建议|コード|関数|"
    "スクリプト|プログラム|"
    "クエリ|コマンド|解決|答え|回答|解説|説明|詩|物語|文章|リスト|一覧|計画|例|翻訳|訳文|手紙|"
    "メール|要約|証明|計算|レシピ|結果|提案",
    "here": "以下|如下|下面|这是|这里|こちら|下記|次の通り|以下の",
    "done": "完成|写好|做好|准备好|已为您|已经|已将|已按|搞定|解决了|完了|できました|"
    "作成しました|作りました|書きました|書き上げ|用意しました|仕上げ|仕上が|翻訳しました|計算しました|解きました|まとめました",
    "abstain": "触れないように|差し控え|不便多谈|不予置评|恕不|不方便谈",
    "topic": "话题|主题|问题|话題|テーマ|件|内容|分野|事|こと",
    "avoid": "回避|不便|不谈|不多谈|避免|远离|控え|避け|触れ|立ち入",
}
