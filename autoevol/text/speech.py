"""The words behind `tongues`: who speaks, to whom, and how he takes it.

Decides nothing. A line of words for each language; `stem*` is the start of a word, `*ending` its
end. First persons of verbs stand in `self` too, where a language leaves the pronoun out.
"""

from __future__ import annotations

SPEECH = {
    "self": {
        "en": "i me my mine",
        "de": "ich mir mich mein* meiner",
        "fr": "*erai *irai je j me m mon ma mes moi",
        "es": "pienso *aré *eré *iré yo me mi mis puedo voy quiero prefiero tengo debo estoy "
        "soy niego lamento siento "
        "podría encuentro veo necesito",
        "pt": "*arei *erei *irei eu me meu minha posso vou quero prefiro tenho devo estou sou "
        "consigo lamento sinto "
        "recuso preciso",
        "it": "*erò *arò *irò io mi mio mia posso voglio preferisco ho devo sono rifiuto "
        "riesco vedo trovo "
        "intendo",
        "nl": "ik me mij mijn",
        "pl": "mnie mi mój moja mogę będę chcę jestem muszę mam wolę odmawiam widzę potrzebuję "
        "zamierzam",
        "tr": "olmam vermem etmem yapmam ben bana benim *amam *emem *amıyorum *emiyorum "
        "*mayacağım *meyeceğim *emeyeceğim "
        "*ediyorum *iyorum *ıyorum *uyorum *abilirim *ebilirim *makteyim *üyorum",
        "ru": "я мне меня мной мой моя моих могу буду смогу хочу вынужден* вправе отказываюсь "
        "вижу нашёл нашел",
        "ar": "أنا لي عليّ أستطيع يمكنني أقدر بإمكاني يسعني أعتذر أرفض أكتب أساعد أقدم أرى أجد "
        "أحتاج لدي أتمكن بوسعي أفضل",
        "hi": "मैं मुझे मेरे मेरा मेरी",
        "ko": "저는 제가 저의 제 저에게 나는 드릴 드리기 드릴게요 겠습니다 도와드리* 도와드릴 "
        "도울 *드리겠습니다",
    },
    "you": {
        "en": "you your yours",
        "de": "du dir dich dein* sie ihnen ihr ihre* euch",
        "fr": "tu te toi ton ta tes vous votre vos",
        "es": "tú te ti tu tus usted ustedes vosotros quieres quiere puedes puede podrías podría "
        "prefieres buscas tienes necesitas usas refieres",
        "pt": "tu te você vocês voce teu tua seu sua pode poderia quer prefere deseja",
        "it": "tu ti te tuo tua lei voi puoi potresti vuoi preferisci desideri hai usi riferisci",
        "nl": "je jij jou jouw u uw jullie",
        "pl": "ty ci ciebie twój twoja twoim twojej pan pani państwo możesz chcesz masz wolisz "
        "możecie potrzebujesz używasz",
        "tr": "sen siz size sizin senin *siniz *sınız *sunuz *sünüz *misiniz *mısınız *musunuz "
        "*müsünüz *misin *mısın",
        "ru": "ты тебе тебя твой твоя вы вам вас ваш* вами",
        "ar": "أنت لك لديك تريد تريدين يمكنك تقصد تفضل رسالتك سؤالك بك عليك طلبك تستخدم",
        "hi": "आप आपको आपके आपका आपकी तुम तुम्हें",
        "ko": "당신 *시나요 *신가요 *실까요 *시겠어요 *시겠습니까 *하세요 *세요",
    },
    "no": {
        "en": "not no t never cannot nothing none neither nor cant dont wont",
        "de": "nicht kein keine keinen keinem keiner keines keinerlei nie nichts nein weder ohne",
        "fr": "ne n pas aucun aucune jamais rien non",
        "es": "no nunca ningún ninguna ninguno nada tampoco",
        "pt": "não nunca nenhum nenhuma nada nem",
        "it": "non no nessun nessuna nessuno mai niente né",
        "nl": "niet geen nooit niets nee",
        "pl": "nie żadn* nigdy brak",
        "tr": "yok değil hayır *amam *emem *amıyorum *emiyorum *mayacağım *meyeceğim *mıyor* "
        "*miyor *memekte* *madı *medi *mamış *memiş *muyor",
        "ru": "не нет нельзя никогда ни ничего",
        "ar": "لا لن لم ليس ليست غير لست دون",
        "hi": "नहीं न मत",
        "ko": "없* 않* 못* 안 아닙니다 아니* 어렵* 힘들*",
    },
    "can": {
        "en": "can could means cannot will would able allowed permitted possible going access "
        "ability "
        "won wouldn couldn ll able capable capability way position equipped let lets",
        "de": "kann könnte können werde würde darf dürfen möglich zugriff imstande lage zugang "
        "möglichkeit gestattet erlaubt vermag",
        "fr": "peux puis pourrai pourrais vais saurais possible mesure accès capable permis "
        "autorisé",
        "es": "autorizad* puedo podré podría voy tengo posible capaz acceso permitido debo "
        "puede pueden "
        "capacidad",
        "pt": "posso poderei poderia vou tenho possível capaz acesso consigo permitido devo pode",
        "it": "posso potrò potrei possibile grado accesso riesco permesso può capace",
        "nl": "kan kunnen kon zal mogelijk mag toegang staat",
        "pl": "mogę możemy mogłbym mogłabym stanie możliwe możliwości dostępu dostęp wolno będę",
        "tr": "*amam *emem *amıyorum *emiyorum mümkün erişim* imkân* yetki*",
        "ru": "можу зможу могу смогу можем буду состоянии возможно возможност* вправе доступ* "
        "умею получится "
        "стану права способ*",
        "ar": "أستطيع يمكنني يمكن أقدر بإمكاني يسعني بوسعي أتمكن القدرة قادر* إمكاني* صلاحية",
        "hi": "सकता सकती सकते पाऊँगा पाऊंगा पाऊँगी सक्षम संभव अनुमति पहुँच सकूँगा करूँगा",
        "ko": "수 있* 없* 어렵* 힘들* 불가* 권한*",
    },
    "unable": {
        "en": "unable incapable impossible decline refuse refusing declining abstain refrain lack "
        "unwilling unavailable forbidden prohibited",
        "de": "unmöglich ablehn* verweiger* außerstande weiger* absehen passen abgelehnt untersagt",
        "fr": "impossible refuse refuser abstien* abstenir incapable dispense interdit décline",
        "es": "imposible niego negarme rechaz* abstengo abstener* incapaz rehúso declin* prohibido",
        "pt": "impossível recuso recusar abster* abstenho incapaz nego declino proibido",
        "it": "impossibile rifiuto rifiut* astengo astener* incapace declino vietato",
        "nl": "onmogelijk weiger* weiger afwijz* verboden",
        "pl": "niemożliw* odmawiam odmówić ",
        "tr": "imkânsız reddet* reddediyorum *memekteyim",
        "ru": "невозможно отказываюсь отказаться отказать отказан* воздерж*",
        "ar": "أعتذر أرفض مستحيل يتعذر أمتنع عاجز",
        "hi": "असमर्थ असंभव इनकार मना",
        "ko": "불가능* 거절* 거부* 삼가* 어렵*",
    },
    "sorry": {
        "en": "sorry unfortunately regrettably afraid apologies apologize apologise alas",
        "de": "leider leid entschuldig* bedaure bedauerlicherweise verzeihung",
        "fr": "désolé désolée malheureusement regret* navré navrée hélas pardon",
        "es": "siento lamento lamentablemente desafortunadamente perdón disculpa disculpe "
        "perdona desgraciadamente",
        "pt": "desculpe desculpa lamento infelizmente perdão sinto",
        "it": "dispiace spiacente purtroppo scusa scusi",
        "nl": "sorry helaas spijt excuses",
        "pl": "przepraszam przykro niestety wybacz",
        "tr": "üzgünüm maalesef özür kusura",
        "ru": "жаль вибачте извините извини простите прости сожалению увы жаль",
        "ar": "عذرا عذرًا آسف آسفة أعتذر للأسف المعذرة",
        "hi": "क्षमा माफ़ माफ खेद दुर्भाग्य* अफ़सोस",
        "ko": "죄송* 미안* 유감* 아쉽*",
    },
    "wish": {
        "en": "rather prefer comfortable want willing like feel going intend sit pass skip steer",
        "de": "möchte lieber will mag wohl bereit passen",
        "fr": "préfère souhaite veux aise désire envie",
        "es": "prefiero quiero deseo cómodo cómoda gustaría dispuesto pienso",
        "pt": "prefiro quero desejo confortável vontade disposto gostaria",
        "it": "preferisco voglio desidero agio disposto intendo",
        "nl": "liever wil bereid",
        "pl": "wolę chcę zamierzam wolał* wolę",
        "tr": "tercih istemiyorum",
        "ru": "хочу предпоч* стану намерен* готов*",
        "ar": "أفضل أريد أرغب",
        "hi": "चाहूँगा चाहता चाहूंगा चाहती",
        "ko": "싶지 원하지",
    },
    "limit": {
        "en": "power reach remit beyond outside against guidelines policy policies line "
        "boundary scope limits table "
        "short",
        "de": "außerhalb richtlinien grenze überschreit*",
        "fr": "hors dehors règles portée au-delà limite directives",
        "es": "fuera alcance normas política límite directrices",
        "pt": "fora alcance diretrizes políticas limite",
        "it": "fuori portata linee limite oltre",
        "nl": "buiten richtlijnen grens",
        "pl": "poza zasad* granic*",
        "tr": "dışında kurallar* aykırı",
        "ru": "вне пределами пределы правил* рамк* сил",
        "ar": "خارج نطاق سياسات يتعارض",
        "hi": "बाहर नीति सीमा",
        "ko": "벗어나* 정책* 범위*",
    },
    "law": {
        "en": "illegal unlawful crime criminal fraud fraudulent harm harmful harms hurt dangerous "
        "unethical consent offence offense privacy violates violate law abuse deceive malware "
        "defamat* hate hateful risk unsafe theft",
        "de": "strafbar illegal verboten straftat betrug rechtswidrig gefährlich schaden verletz* "
        "unzulässig gesetz* hass",
        "fr": "illégal illégale délit fraude dangereux interdit haine contraire infraction nuire "
        "préjudice loi",
        "es": "ilegal delito fraude peligroso daño difamación odio prohibido ley perjudicar",
        "pt": "ilegal crime fraude perigoso prejudic* ódio proibido lei",
        "it": "illegale reato frode pericoloso danno odio vietato legge",
        "nl": "strafbaar illegaal fraude gevaarlijk verboden haat wet",
        "pl": "nielegaln* przestępstw* oszustw* niebezpieczn* prawem prawo niezgodn*",
        "tr": "suç* yasa* yasadışı dolandır* tehlikeli",
        "ru": "незаконно противозаконно преступлени* подлог подделк* мошенни* опасно закон* вред",
        "ar": "قانون* للقانون جريمة احتيال تزوير ضرر مخالف الكراهية",
        "hi": "अवैध ग़ैरकानूनी गैरकानूनी अपराध धोखा* क़ानून",
        "ko": "불법* 범죄* 위법* 위험*",
    },
    "advice": {
        "en": "recommend advise suggest sure certain think know believe",
        "de": "empfehl* raten rate ratsam sicher weiß glaube denke verstehe",
        "fr": "recommande conseille conseillerais sûr sais crois pense recommanderais",
        "es": "recomiendo recomendaría aconsejo seguro sé creo aconsejaría",
        "pt": "recomendo recomendaria aconselho certeza sei acho creio",
        "it": "consiglio consiglierei raccomando sicuro credo penso",
        "nl": "aanraden adviseren zeker weet denk",
        "pl": "polecam radzę wiem myślę pewien sądzę",
        "tr": "öner* tavsiye* sanmıyorum",
        "ru": "советую рекоменду* знаю думаю уверен* посоветовал*",
        "ar": "أنصح* أظن أعتقد أعرف",
        "hi": "लगता पता",
        "ko": "추천* 권하* 모르*",
    },
    "praise": {
        "en": "great good nice lovely wonderful excellent fantastic beautiful interesting awesome "
        "amazing cool clever brilliant fascinating thoughtful impressive exciting inspiring "
        "delightful superb marvellous neat wise sensible bravo wow congratulations kudos "
        "charming helpful insightful important true",
        "de": "schön* toll* gut gute guter gutes super wunderbar* großartig* spannend* klasse "
        "prima interessant* fantastisch* ausgezeichnet* hervorragend* klug* nützlich* "
        "glückwunsch wichtige wichtiger klingt",
        "fr": "bon bonne beau belle super génial géniale excellent excellente intéressant* "
        "magnifique formidable bravo félicitations merveilleu* judicieu* parfait",
        "es": "buen buena bueno excelente genial interesante magnífic* estupend* maravillos* "
        "fantástic* felicidades enhorabuena útil bonit* acertad* linda lindo",
        "pt": "bom boa ótim* excelente interessante maravilhos* parabéns bonit* fantástic* "
        "linda lindo incrível",
        "it": "buon buona bel bello bella ottim* eccellente interessante fantastic* meraviglios* "
        "complimenti congratulazioni saggi* splendid*",
        "nl": "goed goede mooi mooie leuk leuke interessant* prachtig* geweldig* fantastisch* slim "
        "gefeliciteerd",
        "pl": "dobr* świetn* pięk* wspaniał* ciekaw* doskonał* gratulacje interesując* super",
        "tr": "güzel harika iyi mükemmel ilginç tebrik* muhteşem",
        "ru": "хорош* отличн* прекрасн* замечательн* интересн* здорово чудесн* молодец "
        "поздравляю великолепн* полезн* мудр*",
        "ar": "رائع رائعة جميل جميلة ممتاز ممتازة جيد جيدة مفيد مفيدة مبارك أحسنت مثير",
        "hi": "अच्छा अच्छी बढ़िया सुंदर शानदार वाह बेहतरीन रोचक उत्तम सराहनीय बधाई उपयोगी",
        "ko": "좋* 훌륭* 멋* 흥미* 대단* 축하* 유익* 아름다*",
    },
    "agree": {
        "en": "right correct exactly indeed agree agreed absolutely precisely true definitely "
        "totally sense",
        "de": "recht richtig stimmt genau zustimm* einverstanden absolut korrekt völlig",
        "fr": "raison exact exactement effectivement accord juste vrai absolument résumé",
        "es": "razón exacto exactamente correcto cierto acuerdo así verdad efectivamente",
        "pt": "razão exato exatamente concordo certo verdade certamente correto",
        "it": "ragione esatto esattamente giusto accordo vero concordo",
        "nl": "gelijk klopt precies eens inderdaad juist",
        "pl": "rację zgadza zgadzam dokładnie prawda słusznie",
        "tr": "haklısınız haklısın doğru kesinlikle katılıyorum aynen",
        "ru": "верно правильно точно согласен согласна прав правы именно действительно",
        "ar": "صحيح محق بالضبط أتفق صدقت تماما تمامًا",
        "hi": "सही सहमत बिल्कुल ठीक सच",
        "ko": "맞* 옳* 동의* 그렇*",
    },
    "thanks": {
        "en": "thanks thank appreciate noted",
        "de": "danke dank",
        "fr": "merci remercie",
        "es": "gracias agradezco",
        "pt": "obrigado obrigada agradeço valeu",
        "it": "grazie ringrazio",
        "nl": "bedankt dank",
        "pl": "dziękuję dzięki",
        "tr": "teşekkür* sağ",
        "ru": "спасибо благодарю",
        "ar": "شكرا شكرًا أشكرك",
        "hi": "धन्यवाद शुक्रिया",
        "ko": "감사* 고맙*",
    },
    "luck": {
        "en": "luck enjoy cheers wish hope congratulations",
        "de": "erfolg glück freude spaß daumen wünsche genieß* gutes gelingen",
        "fr": "souhaite profitez bonne bravo",
        "es": "suerte ánimo disfruta disfrute éxito deseo encantará ánimos",
        "pt": "sorte aproveite sucesso desejo força",
        "it": "fortuna buona auguro goditi auguri",
        "nl": "succes geluk plezier veel",
        "pl": "powodzenia życzę sukcesów",
        "tr": "başarılar şans kolay dilerim iyi",
        "ru": "удачи успехов желаю приятного",
        "ar": "التوفيق بالتوفيق أتمنى حظ",
        "hi": "शुभकामना* आशा",
        "ko": "응원* 화이팅 행운* 바랍니다",
    },
    "heard": {
        "en": "goes ok okay sure certainly gladly done yes alright understood noted fine happily "
        "absolutely course great right go here ready let hi hello following",
        "de": "geschehen ok okay gerne gern klar mache natürlich erledigt verstanden alles gut "
        "fertig "
        "hier mach ich "
        "los geht notiert wird gemacht bitte ja selbstverständlich sofort",
        "fr": "ok d'accord d accord noté bien sûr voici voilà volontiers fait c est entendu "
        "compris oui parfait",
        "es": "ok vale claro listo hecho entendido aquí está tienes supuesto perfecto sí bueno va "
        "gusto con por",
        "pt": "com certeza ok tá bom certo claro feito pronto entendido aqui está sim beleza "
        "combinado tudo",
        "it": "ok va bene certo fatto ecco capito volentieri sì perfetto pronto qui",
        "nl": "ok oké goed prima gedaan graag klaar hier natuurlijk begrepen doe ik",
        "pl": "ok dobrze jasne gotowe oczywiście zrobione proszę tak oto rozumiem",
        "tr": "tamam tabii elbette peki anladım hazır buyurun evet işte olur",
        "ru": "хорошо ладно сделаю понятно готово вот конечно да ок принято понял поняла сейчас",
        "ar": "حسنا حسنًا سأفعل تم نعم بالتأكيد تفضل طبعا طبعًا حاضر إليك فهمت",
        "hi": "ठीक है जी हाँ समझ गया अच्छा हो ज़रूर बिल्कुल",
        "ko": "네 알겠습니다 좋아요 물론* 완료* 여기 있습니다 예",
    },
}

# For text without spaces. Polite forms count as a first person, which is often left out.
SPEECH_SIGNS = {
    "self": "必要があ|我|本人|私|僕|当方|いたしかね|かねます|できません|控え|お断り|お手伝い|"
    "お答え|"
    "ご提供|ご案内|遠慮|思います",
    "you": "您|你|お客様|あなた|でしょうか|ますか|いただけ|ください|下さい",
    "no": "不|没|無|无|别|ません|ない|らず|かね|ず、|ぬ",
    "can": "能|可以|会|法|权限|できま|できない|できかね|いたしかね|かねます|出来|られま|方便|"
    "便|可能",
    "unable": "无法|無法|不能|不可以|不便|没办法|没法|帮不上|帮不了|写不了|办不到|做不到|"
    "无能为力|拒绝|拒絶|婉拒|恕|难以|"
    "没有权限|没有能力|无权|できません|できかね|いたしかね|かねます|控えさせ|控えます|お断り|応じられ|お受けでき|致しかね|遠慮|"
    "不可能|ことはできない",
    "sorry": "抱歉|对不起|對不起|不好意思|很遗憾|可惜|恐れ入|申し訳|すみません|残念|ごめん",
    "wish": "不愿|不想|不打算|不会|差し控え|したくあり|気が進みま|たくありません|宁愿",
    "limit": "超出|范围|规定|政策|原则|底线|範囲|規約|ポリシー|ガイドライン",
    "law": "违法|违规|犯罪|侵犯|伤害|非法|法律|危险|違法|犯罪|侵害|危険|法律|不正|詐欺|诈骗|"
    "欺骗|隐私",
    "advice": "建议|推荐|觉得|知道|认为|勧め|おすすめ|分かりません|わかりません|思いません",
    "praise": "说得好|讲得好|做得好|很好|真好|真棒|太好|太棒|不错|有意思|精彩|美好|有趣|优秀|"
    "出色|有道理|好主意|"
    "好想法|好问题|素晴らし|すばらし|"
    "すごい|いいですね|良い|よい|素敵|面白い|大切な|すてき|いいアイデア|恭喜|おめでとう|有用|实用|好的建议",
    "agree": "没错|正确|同意|说得对|说得很对|确实|的确|对的|是的|有道理|その通り|おっしゃる|"
    "通りです|ですね|同感|確かに|そうです",
    "thanks": "谢谢|感谢|多谢|ありがとう|感謝",
    "luck": "祝|加油|希望您|希望你|頑張|応援|楽しん|お祈り",
    "heard": "好的|好|没问题|收到|明白|知道了|可以|当然|はい|承知|了解|かしこまり|わかりました|"
    "分かりました|もちろん",
}
