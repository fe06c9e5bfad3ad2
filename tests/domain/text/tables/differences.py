"""Pairs of wordings, our own, and the difference as a delegate marks it: [-struck-], {+inserted+}.

One table per language: what a person expects is written first, so that a change of the rules shows itself here.
"""

from __future__ import annotations

# name -> marked wording; both wordings follow from the marks
ENGLISH: dict[str, str] = {
    "one word": "*Requests* States [-should-]{+shall+} answer within a day;",
    "a word put in": "*Encourages* {+all+ }States to test them;".replace("{+all+ }", "{+all +}"),
    "a word taken out": "*Encourages* [-all -]States to test them;",
    "a phrase for a phrase": "within [-a reasonable time-]{+twenty-four hours+} of receipt;",
    "a comma": "in good faith[-,-] and on a voluntary basis,",
    "the sign at the end": "*Decides* to meet again[-;-]{+.+}",
    "an article goes with its noun": "of [-the record-]{+a log+} of requests;",
    "singular to plural": "the [-point-]{+points+} of contact;",
    "the verb of a paragraph": "*[-Encourages-]{+Calls upon+}* States to nominate points of contact;",
    "a possessive is one word": "the [-State’s-]{+delegation’s+} point of contact;",
    "a number": "every [-6-]{+12+} months;",
    "a hyphenated word changes at its part": "a [-long-]{+short+}-term measure;",
    "two changes far apart": "[-States-]{+Delegations+} should consider, on a voluntary basis, answering within [-one day-]{+two days+};",
    "a list gains a member": "hospitals, ports{+, submarine cables+} and power grids;",
    "a list loses a member": "hospitals, ports[-, submarine cables-] and power grids;",
    "moved words are struck and put in": "[-voluntarily -]to share information{+ voluntarily+};",
    "letter case": "the [-general-]{+General+} debate;",
    "brackets come": "States {+[+}all of them{+]+} should answer;",
    "a symbol": "resolution FICT/79/[-12-]{+14+} of last year;",
    "nearly everything": "[-Noting with concern that-]{+Recognizing how+} requests [-go-]{+remain+} unanswered,",
}
FRENCH: dict[str, str] = {
    "one word": "*Prie* les États [-pourraient-]{+doivent+} répondre dans la journée ;",
    "elision is of its word": "de [-l’État-]{+l’organisation+} requérante ;",
    "elision appears": "[-des-]{+d’+}États intéressés ;".replace("{+d’+}États", "{+d’États+}").replace("[-des-]", "[-des États-]"),
    "accents make another word": "ils sont [-prie-]{+prié+} de répondre ;",
    "a space before the semicolon stays": "tous les six [-mois-]{+semestres+} ;",
    "the sign at the end": "décide de se réunir de nouveau [-;-]{+.+}",
    "agreement of the group": "[-la mesure volontaire-]{+les mesures volontaires+} de confiance ;",
    "a word put in": "*Invite* {+tous +}les États à les mettre à l’essai ;",
    "guillemets": "le terme [-«-]{+“+} incident [-»-]{+”+} s’entend largement ;",
    "a negation": "les États {+ne +}répondent {+pas +}dans la journée ;",
}
SPANISH: dict[str, str] = {
    "one word": "*Pide* a los Estados que [-podrían-]{+deberán+} responder en un día;",
    "accents make another word": "para que [-esta-]{+está+} disponible;",
    "opening marks": "[-¿-]Responderán los Estados[-?-]{+.+}",
    "contraction": "[-del Estado-]{+de la delegación+} solicitante;",
    "gender and number": "[-un punto-]{+los puntos+} de contacto;",
    "a word put in": "*Alienta* a {+todos +}los Estados a ponerlos a prueba;",
    "the sign at the end": "*Decide* volver a reunirse[-;-]{+.+}",
    "tilde of n": "una vez al [-ano-]{+año+};",
}
RUSSIAN: dict[str, str] = {
    "one word": "*просит* государства [-могли бы-]{+должны+} ответить в течение дня;",
    "case endings": "контактных [-пунктов-]{+пункта+} связи;",
    "a word put in": "*призывает* {+все +}государства проверять их;",
    "yo and ye are different letters": "[-ее-]{+её+} ответ;",
    "the sign at the end": "*постановляет* собраться вновь[-;-]{+.+}",
    "a particle of one letter joins": "[-в сутки-]{+за два часа+} после получения;",
    "guillemets": "термин [-«инцидент»-]{+«происшествие»+};".replace("[-«инцидент»-]{+«происшествие»+}", "«[-инцидент-]{+происшествие+}»"),
    "hyphen": "[-интернет-]{+веб+}-ресурсы;",
}
CHINESE: dict[str, str] = {
    "one character": "请各国[-应-]{+须+}在一日内答复;".replace(";", "；"),
    "a word of two characters": "[-鼓励-]{+呼吁+}各国指定联络点；",
    "characters put in": "鼓励{+所有+}国家测试联络点；",
    "characters taken out": "鼓励[-所有-]国家测试联络点；",
    "a number among characters": "在[-24-]{+72+}小时内确认收到；",
    "the sign at the end": "决定再次举行会议[-；-]{+。+}",
    "enumeration comma": "医院、港口{+、海底电缆+}和电网；",
    "latin in chinese": "通过[-Valise-]{+电话+}联络；",
    "half of a word": "技术[-层面-]{+政策层面+}的联络点；".replace("[-层面-]{+政策层面+}", "{+政策+}层面"),
    "two far apart": "[-请-]{+敦促+}各国在政策和技术两级指定联络点并在[-一-]{+两+}日内答复；",
}
ARABIC: dict[str, str] = {
    "one word": "تطلب إلى الدول [-يمكن-]{+يجب+} أن تجيب في غضون يوم؛",
    "the article is of its word": "[-دولة-]{+الدولة+} الطالبة؛",
    "vowel signs are of their word": "[-تُقرّ-]{+تُقرِّر+} الاجتماع مجددا؛",
    "a prefix conjunction is of its word": "المستشفيات [-والموانئ-]{+أو الموانئ+} والشبكات؛",
    "a word put in": "تشجع {+جميع +}الدول على اختبارها؛",
    "a word taken out": "تشجع [-جميع -]الدول على اختبارها؛",
    "a number": "في غضون [-24-]{+72+} ساعة؛",
    "arabic digits": "كل [-٦-]{+١٢+} شهرا؛",
    "the sign at the end": "تقرر الاجتماع مجددا[-؛-]{+.+}",
    "latin in arabic": "عن طريق [-Valise-]{+الهاتف+} مباشرة؛",
}
TABLES: dict[str, dict[str, str]] = {
    "en": ENGLISH, "fr": FRENCH, "es": SPANISH, "ru": RUSSIAN, "zh": CHINESE, "ar": ARABIC,
}  # fmt: skip
