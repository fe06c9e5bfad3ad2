<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ar_EG" sourcelanguage="en">
<context>
    <name>Acting</name>
    <message>
        <source>Contact cards (*.vcf);;All files (*)</source>
        <translation>بطاقات اتصال (*.vcf);;جميع الملفات (*)</translation>
    </message>
    <message>
        <source>Import contact cards</source>
        <translation>استيراد بطاقات اتصال</translation>
    </message>
    <message>
        <source>Note verbale</source>
        <translation>مذكرة شفوية</translation>
    </message>
    <message>
        <source>Save contact cards</source>
        <translation>حفظ بطاقات الاتصال</translation>
    </message>
    <message>
        <source>Save the note verbale</source>
        <translation>حفظ المذكرة الشفوية</translation>
    </message>
    <message>
        <source>Written as {file} and entered as sent under number {number}.</source>
        <translation>كُتب باسم {file} وقُيّد ضمن الصادر برقم {number}.</translation>
    </message>
    <message>
        <source>{what} copied. The clipboard forgets it after a few seconds.</source>
        <translation>نُسخ: {what}. وتنساه الحافظة بعد بضع ثوانٍ.</translation>
    </message>
</context>
<context>
    <name>Acts</name>
    <message>
        <source>Acknowledge receipt</source>
        <translation>الإقرار بالاستلام</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>إجابة</translation>
    </message>
    <message>
        <source>Change what has changed. What stood before stays in the record, and everybody sees both.</source>
        <translation>غيّروا ما تغيّر. يبقى ما كان من قبل في المحضر، ويرى الجميع كليهما.</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>القناة</translation>
    </message>
    <message>
        <source>Choose offers</source>
        <translation>اختيار العروض</translation>
    </message>
    <message>
        <source>Close it</source>
        <translation>إغلاقه</translation>
    </message>
    <message>
        <source>Close the incident</source>
        <translation>إغلاق الحادث</translation>
    </message>
    <message>
        <source>Everybody in the room sees that you now use that channel. Speak to your counterparts there as well.</source>
        <translation>يرى كل من في الغرفة أنكم تستخدمون الآن تلك القناة. تحدثوا إلى نظرائكم فيها أيضاً.</translation>
    </message>
    <message>
        <source>Everybody in the room sees which offers your delegation takes.</source>
        <translation>يرى كل من في الغرفة أي العروض يقبلها وفدكم.</translation>
    </message>
    <message>
        <source>Everybody in the room that you choose reads it.</source>
        <translation>يقرؤه كل من في الغرفة التي تختارونها.</translation>
    </message>
    <message>
        <source>Everybody reads how it ended. Exchange first (Ctrl+R), so that what is under way is here.</source>
        <translation>يقرأ الجميع كيف انتهى. أجروا تبادلاً أولاً (Ctrl+R) ليكون هنا ما هو في الطريق.</translation>
    </message>
    <message>
        <source>It is closed.</source>
        <translation>أُغلق.</translation>
    </message>
    <message>
        <source>It is done</source>
        <translation>أُنجزت</translation>
    </message>
    <message>
        <source>It is open again.</source>
        <translation>أُعيد فتحه.</translation>
    </message>
    <message>
        <source>It is reported there in the name of your delegation, with its markings word for word, and what its source allows. Internal notes do not go along.</source>
        <translation>يُبلَّغ به هناك باسم وفدكم، بعلامات تداوله حرفياً وبما يسمح به مصدره. ولا ترافقه الملاحظات الداخلية.</translation>
    </message>
    <message>
        <source>It is said which offers you take.</source>
        <translation>أُعلن أي العروض تقبلون.</translation>
    </message>
    <message>
        <source>It is sent on.</source>
        <translation>أُحيل.</translation>
    </message>
    <message>
        <source>It is taken higher.</source>
        <translation>جرى التصعيد.</translation>
    </message>
    <message>
        <source>Keep the note</source>
        <translation>حفظ الملاحظة</translation>
    </message>
    <message>
        <source>Keep the task</source>
        <translation>حفظ المهمة</translation>
    </message>
    <message>
        <source>New internal note</source>
        <translation>ملاحظة داخلية جديدة</translation>
    </message>
    <message>
        <source>New task</source>
        <translation>مهمة جديدة</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>ملاحظة</translation>
    </message>
    <message>
        <source>Offer assistance</source>
        <translation>عرض مساعدة</translation>
    </message>
    <message>
        <source>Offers</source>
        <translation>العروض</translation>
    </message>
    <message>
        <source>Open it again</source>
        <translation>إعادة فتحه</translation>
    </message>
    <message>
        <source>Read a STIX bundle</source>
        <translation>قراءة حزمة STIX</translation>
    </message>
    <message>
        <source>Receipt is acknowledged.</source>
        <translation>جرى الإقرار بالاستلام.</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>الغرفة</translation>
    </message>
    <message>
        <source>STIX bundles (*.json)</source>
        <translation>حزم STIX (*.json)</translation>
    </message>
    <message>
        <source>Save as STIX 2.1</source>
        <translation>حفظ بصيغة STIX 2.1</translation>
    </message>
    <message>
        <source>Save it all the same</source>
        <translation>حفظ رغم ذلك</translation>
    </message>
    <message>
        <source>Save the file</source>
        <translation>حفظ الملف</translation>
    </message>
    <message>
        <source>Send it on</source>
        <translation>إحالته</translation>
    </message>
    <message>
        <source>Send on to others</source>
        <translation>إحالة إلى آخرين</translation>
    </message>
    <message>
        <source>Send the answer</source>
        <translation>إرسال الجواب</translation>
    </message>
    <message>
        <source>Send the offer</source>
        <translation>إرسال العرض</translation>
    </message>
    <message>
        <source>Send the update</source>
        <translation>إرسال التحديث</translation>
    </message>
    <message>
        <source>Take it back</source>
        <translation>سحبه</translation>
    </message>
    <message>
        <source>Take it higher</source>
        <translation>التصعيد إلى قناة أعلى</translation>
    </message>
    <message>
        <source>Take it there</source>
        <translation>التصعيد إليها</translation>
    </message>
    <message>
        <source>Take the offer back</source>
        <translation>سحب العرض</translation>
    </message>
    <message>
        <source>Take these offers</source>
        <translation>قبول هذه العروض</translation>
    </message>
    <message>
        <source>Task done</source>
        <translation>إنجاز المهمة</translation>
    </message>
    <message>
        <source>The answer is on its way.</source>
        <translation>الجواب في الطريق.</translation>
    </message>
    <message>
        <source>The file is saved.</source>
        <translation>حُفظ الملف.</translation>
    </message>
    <message>
        <source>The file lies outside the vault and is not sealed.</source>
        <translation>يقع الملف خارج الخزنة وليس مختوماً.</translation>
    </message>
    <message>
        <source>The note is kept.</source>
        <translation>حُفظت الملاحظة.</translation>
    </message>
    <message>
        <source>The offer is on its way.</source>
        <translation>العرض في الطريق.</translation>
    </message>
    <message>
        <source>The offer is taken back.</source>
        <translation>سُحب العرض.</translation>
    </message>
    <message>
        <source>The task is done.</source>
        <translation>أُنجزت المهمة.</translation>
    </message>
    <message>
        <source>The task is kept.</source>
        <translation>حُفظت المهمة.</translation>
    </message>
    <message>
        <source>The update is on its way.</source>
        <translation>التحديث في الطريق.</translation>
    </message>
    <message>
        <source>There is an embargo until {0}.</source>
        <translation>يسري حظر حتى {0}.</translation>
    </message>
    <message>
        <source>There is no other room with another delegation.</source>
        <translation>لا توجد غرفة أخرى مع وفد آخر.</translation>
    </message>
    <message>
        <source>Until when (optional)</source>
        <translation>حتى متى (اختياري)</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>تحديث</translation>
    </message>
    <message>
        <source>What came of it (optional)</source>
        <translation>ما أسفر عنه (اختياري)</translation>
    </message>
    <message>
        <source>What is to be done</source>
        <translation>ما ينبغي فعله</translation>
    </message>
    <message>
        <source>Who (optional)</source>
        <translation>من (اختياري)</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>السبب</translation>
    </message>
    <message>
        <source>Why (optional)</source>
        <translation>السبب (اختياري)</translation>
    </message>
    <message>
        <source>Why it cannot wait (kept in your internal record)</source>
        <translation>لماذا لا يمكن الانتظار (يُحفظ في محضركم الداخلي)</translation>
    </message>
    <message>
        <source>Words with it (optional)</source>
        <translation>كلمات مرفقة (اختيارية)</translation>
    </message>
    <message>
        <source>You say that your delegation received it, and nothing else: this accepts no fact, admits nothing and agrees with nothing (norm 13 (c)).</source>
        <translation>تقولون إن وفدكم استلمه، ولا شيء غير ذلك: فهذا لا يقبل أي واقعة ولا يعترف بشيء ولا يوافق على شيء (المعيار 13 (c)).</translation>
    </message>
</context>
<context>
    <name>AddressesPane</name>
    <message>
        <source>A delegation with a relay sends you one sealed, or hands you a card with permission: open it under Contacts.</source>
        <translation>الوفد الذي لديه محطة ترحيل يرسل إليكم عنواناً مختوماً، أو يسلمكم بطاقة فيها إذن: افتحوها في «جهات التراسل».</translation>
    </message>
    <message>
        <source>Addresses others gave us</source>
        <translation>العناوين التي أعطانا إياها الآخرون</translation>
    </message>
    <message>
        <source>Its relay</source>
        <translation>محطة الترحيل التي يستخدمها</translation>
    </message>
    <message>
        <source>Nobody has given you an address yet</source>
        <translation>لم يعطكم أحد عنواناً بعد</translation>
    </message>
    <message>
        <source>Permission</source>
        <translation>الإذن</translation>
    </message>
    <message>
        <source>Where we may write</source>
        <translation>إلى أين يجوز لنا الكتابة</translation>
    </message>
</context>
<context>
    <name>AdmitDialog</name>
    <message>
        <source>Admit another laptop</source>
        <translation>ضمّ حاسوب محمول آخر</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>المتابعة إلى المفتاح الجذري…</translation>
    </message>
    <message>
        <source>The other laptop makes a request: first start, “Join our delegation”.</source>
        <translation>يُعدّ الحاسوب المحمول الآخر طلباً: عند التشغيل الأول، «الانضمام إلى وفدنا».</translation>
    </message>
</context>
<context>
    <name>AdmitHereDialog</name>
    <message>
        <source>A newer identity card of ours…</source>
        <translation>بطاقة هوية أحدث لوفدنا…</translation>
    </message>
    <message>
        <source>Admit this laptop</source>
        <translation>ضمّ هذا الحاسوب المحمول</translation>
    </message>
    <message>
        <source>Admit this laptop with the key file</source>
        <translation>ضمّ هذا الحاسوب المحمول بملف المفتاح</translation>
    </message>
    <message>
        <source>Do this only when no other laptop of your delegation is in use: two laptops that each sign a list of laptops make two lists, and then nobody can tell which is yours.</source>
        <translation>لا تفعلوا ذلك إلا إذا لم يكن أي حاسوب محمول آخر لوفدكم قيد الاستخدام: فحاسوبان يوقّع كل منهما قائمة بالحواسيب المحمولة ينشئان قائمتين، وعندئذ لا يستطيع أحد أن يعرف أيهما قائمتكم.</translation>
    </message>
    <message>
        <source>Laptops that are lost or given up, revoked in the same step</source>
        <translation>حواسيب محمولة مفقودة أو متروكة، تُبطل في الخطوة نفسها</translation>
    </message>
    <message>
        <source>Needed when laptops were admitted or revoked since the backup: any delegation can give it to you.</source>
        <translation>تلزم إذا ضُمّت حواسيب محمولة أو أُبطلت منذ إعداد النسخة الاحتياطية: ويمكن لأي وفد أن يعطيكم إياها.</translation>
    </message>
    <message>
        <source>Nothing is sent to it any more, and nothing it signs is sent on.</source>
        <translation>لا يُرسل إليه شيء بعد الآن، ولا يُرسل إلى غيره شيء مما يوقّعه.</translation>
    </message>
    <message>
        <source>Open our identity card</source>
        <translation>فتح بطاقة هويتنا</translation>
    </message>
    <message>
        <source>{0} (the backup was made on it)</source>
        <translation>{0} (أُعدّت النسخة الاحتياطية عليه)</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}، {1}</translation>
    </message>
</context>
<context>
    <name>Agenda</name>
    <message>
        <source>Dates</source>
        <translation>التواريخ</translation>
    </message>
</context>
<context>
    <name>Agreed</name>
    <message>
        <source>Agreed language: {0}</source>
        <translation>صيغة متفق عليها: {0}</translation>
    </message>
    <message>
        <source>Agreed language: {0}. No difference.</source>
        <translation>صيغة متفق عليها: {0}. لا اختلاف.</translation>
    </message>
    <message>
        <source>Dotted: agreed language, {0}. F3 goes to the next place.</source>
        <translation>المنقَّط: صيغة متفق عليها، {0}. وF3 للانتقال إلى الموضع التالي.</translation>
    </message>
</context>
<context>
    <name>AmendmentsPane</name>
    <message>
        <source>Amendments to the paragraph</source>
        <translation>التعديلات على الفقرة</translation>
    </message>
    <message>
        <source>Go on with your unsent words</source>
        <translation>متابعة كلماتكم التي لم تُرسل</translation>
    </message>
    <message>
        <source>No amendments are open.</source>
        <translation>لا توجد تعديلات مفتوحة.</translation>
    </message>
    <message>
        <source>No amendments. Enter edits the words and makes a proposal.</source>
        <translation>لا توجد تعديلات. اضغطوا Enter لتحرير الكلمات وتقديم مقترح.</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>ملاحظة</translation>
    </message>
    <message>
        <source>Remark to the room on {0}</source>
        <translation>ملاحظة موجهة إلى الغرفة بشأن {0}</translation>
    </message>
    <message>
        <source>Settled</source>
        <translation>ما بُتّ فيه</translation>
    </message>
    <message>
        <source>Speaking for: your delegation, or the name of a group</source>
        <translation>التحدث باسم: وفدكم، أو اسم مجموعة</translation>
    </message>
    <message>
        <source>The keys S, G, R, O and N speak to {0}</source>
        <translation>المفاتيح S وG وR وO وN تعبّر عن الموقف من {0}</translation>
    </message>
    <message>
        <source>for ourselves</source>
        <translation>باسمنا</translation>
    </message>
</context>
<context>
    <name>AskedView</name>
    <message>
        <source>Answer only what you know: that this entry of your delegation is right, has changed, or is not the right contact. The answer is signed and goes to the delegation that asks, to nobody else.</source>
        <translation>أجيبوا بما تعرفونه فحسب: أن قيد وفدكم هذا صحيح، أو أنه تغيّر، أو أنه ليس جهة الاتصال الصحيحة. يُوقَّع الجواب ويُرسل إلى الوفد السائل دون سواه.</translation>
    </message>
    <message>
        <source>Answered. It leaves with the next exchange.</source>
        <translation>تمت الإجابة. وتغادر مع التبادل التالي.</translation>
    </message>
    <message>
        <source>Nobody asks</source>
        <translation>لا أحد يسأل</translation>
    </message>
    <message>
        <source>When another delegation tests how it reaches you, its question stands here.</source>
        <translation>إذا اختبر وفد آخر كيفية الوصول إليكم ظهر سؤاله هنا.</translation>
    </message>
</context>
<context>
    <name>AuthorsTable</name>
    <message>
        <source>Authors named in the file</source>
        <translation>المؤلفون المذكورون في الملف</translation>
    </message>
    <message>
        <source>Everybody in the room reads what stands beside each choice. Choices are remembered on this laptop.</source>
        <translation>يقرأ كل من في الغرفة ما يرد بجانب كل اختيار. وتُحفظ الاختيارات على هذا الحاسوب المحمول.</translation>
    </message>
    <message>
        <source>Further authors, not named to others: {0}.</source>
        <translation>مؤلفون آخرون، لا يُذكرون للآخرين: {0}.</translation>
    </message>
    <message>
        <source>Named as found in the file</source>
        <translation>يُذكر كما ورد في الملف</translation>
    </message>
    <message>
        <source>Not named to others</source>
        <translation>لا يُذكر للآخرين</translation>
    </message>
    <message>
        <source>Who the authors in the file are</source>
        <translation>من هم المؤلفون المذكورون في الملف</translation>
    </message>
    <message>
        <source>Who {0} is</source>
        <translation>من هو {0}</translation>
    </message>
</context>
<context>
    <name>BackupDialog</name>
    <message>
        <source>Back up now</source>
        <translation>إعداد نسخة احتياطية الآن</translation>
    </message>
    <message>
        <source>Back up this vault</source>
        <translation>إعداد نسخة احتياطية من هذه الخزنة</translation>
    </message>
    <message>
        <source>Passphrase of this vault</source>
        <translation>عبارة مرور هذه الخزنة</translation>
    </message>
    <message>
        <source>The backup is one file, sealed under your passphrase. It holds everything you can read here, and none of the keys of this laptop: whoever restores it gets a new laptop that has to be admitted.</source>
        <translation>النسخة الاحتياطية ملف واحد، مختوم بعبارة مروركم. وفيها كل ما يمكنكم قراءته هنا، وليس فيها أي من مفاتيح هذا الحاسوب المحمول: من يستعيدها يحصل على حاسوب محمول جديد يلزم ضمّه.</translation>
    </message>
</context>
<context>
    <name>BackupsSection</name>
    <message>
        <source>Back up now…</source>
        <translation>إعداد نسخة احتياطية الآن…</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>نسخة احتياطية</translation>
    </message>
    <message>
        <source>Before a laptop is given away, or when it must not be found with what is in it.</source>
        <translation>قبل التنازل عن حاسوب محمول، أو حين يجب ألا يُعثر عليه وفيه ما فيه.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Cancelled. What was begun was taken away again; earlier backups are as they were.</source>
        <translation>أُلغي. أُزيل ما كان قد بُدئ به؛ والنسخ الاحتياطية السابقة على حالها.</translation>
    </message>
    <message>
        <source>Carry it and its passphrase apart from each other.</source>
        <translation>احملوها واحملوا عبارة مرورها منفصلتين إحداهما عن الأخرى.</translation>
    </message>
    <message>
        <source>Check a backup…</source>
        <translation>التحقق من نسخة احتياطية…</translation>
    </message>
    <message>
        <source>Close Valise</source>
        <translation>إغلاق Valise</translation>
    </message>
    <message>
        <source>Destroy this vault</source>
        <translation>إتلاف هذه الخزنة</translation>
    </message>
    <message>
        <source>Destroy this vault…</source>
        <translation>إتلاف هذه الخزنة…</translation>
    </message>
    <message>
        <source>For a journey</source>
        <translation>للسفر</translation>
    </message>
    <message>
        <source>It opens nothing any more.</source>
        <translation>ولا يفتح شيئاً بعد الآن.</translation>
    </message>
    <message>
        <source>Keep a stick for it, apart from this laptop, and make one at the end of every day of talks.</source>
        <translation>خصصوا لها ذاكرة محمولة تُحفظ بعيداً عن هذا الحاسوب المحمول، وأعدّوا نسخة في نهاية كل يوم من المحادثات.</translation>
    </message>
    <message>
        <source>Keep it apart from this laptop.</source>
        <translation>احفظوها بعيداً عن هذا الحاسوب المحمول.</translation>
    </message>
    <message>
        <source>Make a vault for a journey…</source>
        <translation>إنشاء خزنة للسفر…</translation>
    </message>
    <message>
        <source>On the travel laptop start Valise and choose “I have a backup”.</source>
        <translation>على حاسوب السفر شغّلوا Valise واختاروا «لديّ نسخة احتياطية».</translation>
    </message>
    <message>
        <source>Save its new identity card and hand it to every delegation.</source>
        <translation>احفظوا بطاقة هويته الجديدة وسلّموها إلى كل وفد.</translation>
    </message>
    <message>
        <source>The backup is written, was read again and verifies: {0}.</source>
        <translation>كُتبت النسخة الاحتياطية وقُرئت من جديد وهي صحيحة: {0}.</translation>
    </message>
    <message>
        <source>The vault for the journey is written and verified: {0}.</source>
        <translation>كُتبت خزنة السفر وجرى التحقق منها: {0}.</translation>
    </message>
    <message>
        <source>The vault is destroyed. An entry of it in the keyring of this computer could not be removed.</source>
        <translation>أُتلفت الخزنة. وتعذرت إزالة قيد يخصها في سلسلة مفاتيح هذا الحاسوب.</translation>
    </message>
    <message>
        <source>This laptop is admitted and exchanges from now on.</source>
        <translation>ضُمّ هذا الحاسوب المحمول ويتبادل من الآن فصاعداً.</translation>
    </message>
    <message>
        <source>What is not on a laptop cannot be taken from it at a border. A vault for a journey holds only the rooms you choose, under a passphrase of its own, on a laptop that is admitted for these rooms alone.</source>
        <translation>ما ليس على الحاسوب المحمول لا يمكن أخذه منه عند الحدود. ولا تحوي خزنة السفر إلا الغرف التي تختارونها، بعبارة مرور خاصة بها، على حاسوب محمول لم يُضمّ إلا لهذه الغرف.</translation>
    </message>
</context>
<context>
    <name>BeginDialog</name>
    <message>
        <source>A further row</source>
        <translation>صف آخر</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>متابعة</translation>
    </message>
</context>
<context>
    <name>BeginPage</name>
    <message>
        <source>Begin with an empty vault</source>
        <translation>البدء بخزنة فارغة</translation>
    </message>
    <message>
        <source>Both can be changed later.</source>
        <translation>يمكن تغيير كليهما لاحقاً.</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>اختيار مجلد…</translation>
    </message>
    <message>
        <source>Choose the exchange folder</source>
        <translation>اختيار مجلد التبادل</translation>
    </message>
    <message>
        <source>Files of a relay (*.valise-relay);;All files (*)</source>
        <translation>ملفات محطة ترحيل (*.valise-relay);;جميع الملفات (*)</translation>
    </message>
    <message>
        <source>How sealed envelopes travel</source>
        <translation>كيف تنتقل المغلفات المختومة</translation>
    </message>
    <message>
        <source>How to begin</source>
        <translation>كيف تبدأون</translation>
    </message>
    <message>
        <source>If the passphrase is ever lost</source>
        <translation>إذا فُقدت عبارة المرور يوماً</translation>
    </message>
    <message>
        <source>Later, or by courier</source>
        <translation>لاحقاً، أو مع حامل الحقيبة</translation>
    </message>
    <message>
        <source>Look around first, with invented talks of invented delegations</source>
        <translation>إلقاء نظرة أولاً، مع محادثات متخيَّلة بين وفود متخيَّلة</translation>
    </message>
    <message>
        <source>Make recovery shares soon: words on paper for several people, of whom some together can open the vault. You find them under Security, Unlocking. Without them nobody can help, and neither can we.</source>
        <translation>أعدّوا حصص الاسترداد قريباً: كلمات على الورق لعدة أشخاص، يستطيع بعضهم معاً فتح الخزنة. تجدونها في «الأمن»، «فتح القفل». وبدونها لا يستطيع أحد المساعدة، ولا نحن.</translation>
    </message>
    <message>
        <source>Open the file of a relay</source>
        <translation>فتح ملف محطة ترحيل</translation>
    </message>
    <message>
        <source>Open the file…</source>
        <translation>فتح الملف…</translation>
    </message>
    <message>
        <source>Through a relay, with its operator&apos;s file</source>
        <translation>عبر محطة ترحيل، بملف مشغّلها</translation>
    </message>
    <message>
        <source>Through a shared folder</source>
        <translation>عبر مجلد مشترك</translation>
    </message>
    <message>
        <source>Whoever looks after the folder or the relay sees only sealed envelopes, their sizes and times. With none of them everything stays on this laptop, and a courier can take it on a stick.</source>
        <translation>لا يرى من يتولى المجلد أو محطة الترحيل إلا مغلفات مختومة وأحجامها وأوقاتها. وبدونهما يبقى كل شيء على هذا الحاسوب المحمول، ويمكن لحامل الحقيبة نقله على ذاكرة محمولة.</translation>
    </message>
    <message>
        <source>{0}, called “{1}” by its operator</source>
        <translation>{0}، ويسميها مشغّلها «{1}»</translation>
    </message>
</context>
<context>
    <name>BoardLook</name>
    <message>
        <source>Arrow keys go from card to card, Enter opens one. Ctrl with an arrow moves it.</source>
        <translation>تنقلك الأسهم، وEnter يفتح. وCtrl مع سهم ينقل البطاقة.</translation>
    </message>
    <message>
        <source>Asked for then: {0}.</source>
        <translation>يُطلب عندئذ: {0}.</translation>
    </message>
    <message>
        <source>Nothing entered</source>
        <translation>لم يُملأ</translation>
    </message>
</context>
<context>
    <name>BreakSilence</name>
    <message>
        <source>A sentence is enough. A reason is needed.</source>
        <translation>تكفي جملة واحدة. ولا بد من ذكر السبب.</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>رجوع</translation>
    </message>
    <message>
        <source>Break the silence</source>
        <translation>كسر الصمت</translation>
    </message>
    <message>
        <source>Break the silence on {0}</source>
        <translation>كسر الصمت بشأن {0}</translation>
    </message>
    <message>
        <source>Continue…</source>
        <translation>متابعة…</translation>
    </message>
    <message>
        <source>Keep silent</source>
        <translation>التزام الصمت</translation>
    </message>
    <message>
        <source>Reason, read by all delegations</source>
        <translation>السبب، وتقرؤه جميع الوفود</translation>
    </message>
    <message>
        <source>This cannot be taken back. The revision is then not agreed by silence.</source>
        <translation>لا يمكن الرجوع عن هذا. ولا يُعد التنقيح عندئذ متفقاً عليه بالصمت.</translation>
    </message>
    <message>
        <source>You say for your delegation that it does not agree. All delegations in the room read the reason.</source>
        <translation>تعلنون عن وفدكم أنه لا يوافق. وتقرأ السبب جميع الوفود في الغرفة.</translation>
    </message>
</context>
<context>
    <name>Bundle</name>
    <message>
        <source>Being opened…</source>
        <translation>جارٍ الفتح…</translation>
    </message>
    <message>
        <source>Delete from the stick…</source>
        <translation>حذف من الذاكرة المحمولة…</translation>
    </message>
    <message>
        <source>Delete {0} from the stick</source>
        <translation>حذف {0} من الذاكرة المحمولة</translation>
    </message>
    <message>
        <source>Stopped. What came in by then is kept; open it again for the rest.</source>
        <translation>أُوقفت العملية. وما أُدخل حتى ذلك الحين محفوظ؛ افتحوها من جديد لإدخال الباقي.</translation>
    </message>
    <message>
        <source>Take a bundle back, so that {0} knows it arrived.</source>
        <translation>خذوا معكم رزمة عند العودة ليُعلم لدى {0} أنها وصلت.</translation>
    </message>
    <message>
        <source>Take a bundle back…</source>
        <translation>إرجاع رزمة معكم…</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>إعادة المحاولة</translation>
    </message>
    <message>
        <source>Waits its turn</source>
        <translation>تنتظر دورها</translation>
    </message>
    <message>
        <source>{0}, deleted from the stick</source>
        <translation>{0}، حُذفت من الذاكرة المحمولة</translation>
    </message>
</context>
<context>
    <name>CalendarPage</name>
    <message>
        <source>Dates written: {0}.</source>
        <translation>التواريخ المكتوبة: {0}.</translation>
    </message>
    <message>
        <source>Days and times are those of UTC.</source>
        <translation>الأيام والأوقات بتوقيت UTC.</translation>
    </message>
    <message>
        <source>Entries taken in: {0}.</source>
        <translation>القيود التي أُدخلت: {0}.</translation>
    </message>
    <message>
        <source>Events, consultations, deadlines and reviews stand here by themselves once they have a date.</source>
        <translation>تظهر الفعاليات والمشاورات والمواعيد النهائية والمراجعات هنا من تلقاء نفسها متى صار لها تاريخ.</translation>
    </message>
    <message>
        <source>Every date</source>
        <translation>جميع التواريخ</translation>
    </message>
    <message>
        <source>Every date of this month is internal: what your delegation assessed is not exported.</source>
        <translation>كل تواريخ هذا الشهر داخلية: ما قدّره وفدكم لا يُصدَّر.</translation>
    </message>
    <message>
        <source>Export the calendar</source>
        <translation>تصدير التقويم</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>تصدير…</translation>
    </message>
    <message>
        <source>Month after</source>
        <translation>الشهر التالي</translation>
    </message>
    <message>
        <source>Month before</source>
        <translation>الشهر السابق</translation>
    </message>
    <message>
        <source>No date of this sort in this month</source>
        <translation>لا تاريخ من هذا النوع في هذا الشهر</translation>
    </message>
    <message>
        <source>No dates in this month</source>
        <translation>لا تواريخ في هذا الشهر</translation>
    </message>
    <message>
        <source>Note an event</source>
        <translation>تدوين فعالية</translation>
    </message>
    <message>
        <source>Read a calendar…</source>
        <translation>قراءة تقويم…</translation>
    </message>
    <message>
        <source>Show every date</source>
        <translation>إظهار جميع التواريخ</translation>
    </message>
    <message>
        <source>There is nothing to export in this month.</source>
        <translation>لا يوجد ما يُصدَّر في هذا الشهر.</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>اليوم</translation>
    </message>
    <message>
        <source>Which dates</source>
        <translation>أي تواريخ</translation>
    </message>
</context>
<context>
    <name>CardDelegate</name>
    <message>
        <source>Annex</source>
        <translation>المرفق</translation>
    </message>
    <message>
        <source>Operative paragraphs</source>
        <translation>فقرات المنطوق</translation>
    </message>
    <message>
        <source>Preamble</source>
        <translation>الديباجة</translation>
    </message>
    <message>
        <source>ad ref</source>
        <translation>بشرط الاستشارة</translation>
    </message>
</context>
<context>
    <name>CardDialog</name>
    <message>
        <source>Card with permission to write</source>
        <translation>بطاقة مع إذن بالكتابة</translation>
    </message>
    <message>
        <source>For whom? Kept here only, for example the code of the delegation</source>
        <translation>لمن؟ يُحفظ هنا فقط، مثلاً رمز الوفد</translation>
    </message>
    <message>
        <source>Give it from hand to hand. If it goes astray, revoke it here.</source>
        <translation>سلّموه من يد إلى يد. وإذا ضاع فأبطلوه هنا.</translation>
    </message>
    <message>
        <source>Make the card…</source>
        <translation>إعداد البطاقة…</translation>
    </message>
    <message>
        <source>This file is handed over like a key.</source>
        <translation>يُسلَّم هذا الملف كما يُسلَّم المفتاح.</translation>
    </message>
    <message>
        <source>Whoever has it can write to you there in that correspondent&apos;s name; it opens nothing you send or receive.</source>
        <translation>من حازه أمكنه الكتابة إليكم هناك باسم ذلك المراسِل؛ ولا يفتح شيئاً مما ترسلونه أو تستلمونه.</translation>
    </message>
    <message>
        <source>Your identity card, and in it a permission to write to you through the relay: for one correspondent alone, with whom you do not exchange yet.</source>
        <translation>بطاقة هويتكم وفيها إذن بالكتابة إليكم عبر محطة الترحيل: لمراسِل واحد بعينه لا تتبادلون معه بعد.</translation>
    </message>
</context>
<context>
    <name>CardEditor</name>
    <message>
        <source>A remark on {0} that everybody in the room reads. It changes no word of the text.</source>
        <translation>ملاحظة على {0} يقرؤها كل من في الغرفة. ولا تغيّر أي كلمة في النص.</translation>
    </message>
    <message>
        <source>Annex</source>
        <translation>المرفق</translation>
    </message>
    <message>
        <source>Becomes a proposal for a new paragraph after this one.</source>
        <translation>يصبح مقترحاً بفقرة جديدة بعد هذه.</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>It differs from the paragraph here:</source>
        <translation>يختلف عن الفقرة هنا:</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>مغادرة</translation>
    </message>
    <message>
        <source>Leave without sending, Escape</source>
        <translation>المغادرة دون إرسال، Escape</translation>
    </message>
    <message>
        <source>No words are left. To delete the paragraph, leave and press D.</source>
        <translation>لم تبقَ كلمات. لحذف الفقرة غادروا واضغطوا D.</translation>
    </message>
    <message>
        <source>Operative paragraph</source>
        <translation>فقرة المنطوق</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>غير ذلك</translation>
    </message>
    <message>
        <source>Other words for the whole paragraph</source>
        <translation>صياغة أخرى للفقرة كلها</translation>
    </message>
    <message>
        <source>Preambular paragraph</source>
        <translation>فقرة الديباجة</translation>
    </message>
    <message>
        <source>Propose</source>
        <translation>اقتراح</translation>
    </message>
    <message>
        <source>Propose alternative</source>
        <translation>اقتراح بديل</translation>
    </message>
    <message>
        <source>Propose deletion</source>
        <translation>اقتراح الحذف</translation>
    </message>
    <message>
        <source>Propose move</source>
        <translation>اقتراح النقل</translation>
    </message>
    <message>
        <source>Propose paragraph</source>
        <translation>اقتراح فقرة</translation>
    </message>
    <message>
        <source>Proposes to delete the paragraph:</source>
        <translation>يقترح حذف الفقرة:</translation>
    </message>
    <message>
        <source>Proposes to move the paragraph after:</source>
        <translation>يقترح نقل الفقرة إلى ما بعد:</translation>
    </message>
    <message>
        <source>Proposes:</source>
        <translation>يقترح:</translation>
    </message>
    <message>
        <source>Reason (optional, read by everybody in the room)</source>
        <translation>السبب (اختياري، ويقرؤه كل من في الغرفة)</translation>
    </message>
    <message>
        <source>Reason, read by everybody in the room</source>
        <translation>السبب، ويقرؤه كل من في الغرفة</translation>
    </message>
    <message>
        <source>Remark, read by everybody in the room</source>
        <translation>ملاحظة، ويقرؤها كل من في الغرفة</translation>
    </message>
    <message>
        <source>Say it to the room</source>
        <translation>قوله للغرفة</translation>
    </message>
    <message>
        <source>Section of the new paragraph</source>
        <translation>قسم الفقرة الجديدة</translation>
    </message>
    <message>
        <source>Set the words</source>
        <translation>إثبات الكلمات</translation>
    </message>
    <message>
        <source>The paragraph after which it should stand</source>
        <translation>الفقرة التي ينبغي أن ترد بعدها</translation>
    </message>
    <message>
        <source>The paragraph as it should read</source>
        <translation>الفقرة كما ينبغي أن تُقرأ</translation>
    </message>
    <message>
        <source>The paragraph as the pen will set it</source>
        <translation>الفقرة كما سيثبتها القلم</translation>
    </message>
    <message>
        <source>The pen changed this paragraph while you were writing. Your words are kept; look at the difference again.</source>
        <translation>غيّر القلم هذه الفقرة وأنتم تكتبون. وكلماتكم محفوظة؛ انظروا في الفرق من جديد.</translation>
    </message>
    <message>
        <source>The text will change here:</source>
        <translation>سيتغير النص هنا:</translation>
    </message>
    <message>
        <source>The words hold a hidden control character. Write that place again.</source>
        <translation>في الكلمات حرف تحكم خفي. أعيدوا كتابة ذلك الموضع.</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>الكلمات</translation>
    </message>
    <message>
        <source>Words of the new paragraph</source>
        <translation>كلمات الفقرة الجديدة</translation>
    </message>
    <message>
        <source>Write other words for the whole paragraph; they will stand beside it.</source>
        <translation>اكتبوا صياغة أخرى للفقرة كلها؛ فترد بجانبها.</translation>
    </message>
    <message>
        <source>Write the paragraph as it should read. The difference becomes the proposal.</source>
        <translation>اكتبوا الفقرة كما ينبغي أن تُقرأ. ويصبح الفرق هو المقترح.</translation>
    </message>
</context>
<context>
    <name>CardPage</name>
    <message>
        <source>Beside the vault, in {0}, stands the key file of your delegation. Move it to a stick and keep that locked away: it is needed to admit another laptop, and whoever has it and the passphrase can do so.</source>
        <translation>بجانب الخزنة، في {0}، يوجد ملف مفتاح وفدكم. انقلوه إلى ذاكرة محمولة واحفظوها في مكان مقفل: فهو لازم لضمّ حاسوب محمول آخر، ومن حازه وحاز عبارة المرور أمكنه ذلك.</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>البصمة</translation>
    </message>
    <message>
        <source>Other delegations need this card to seal anything for you. It holds no secret: hand the file over on a stick or send it by any way, and let them compare the code below with you in person.</source>
        <translation>تحتاج الوفود الأخرى إلى هذه البطاقة لتختم لكم أي شيء. وهي لا تحوي سراً: سلّموا الملف على ذاكرة محمولة أو أرسلوه بأي وسيلة، ودعوهم يقارنون معكم الرمز الوارد أدناه حضورياً.</translation>
    </message>
    <message>
        <source>QR code of your fingerprint</source>
        <translation>رمز QR لبصمتكم</translation>
    </message>
    <message>
        <source>Save the card…</source>
        <translation>حفظ البطاقة…</translation>
    </message>
    <message>
        <source>Save the identity card</source>
        <translation>حفظ بطاقة الهوية</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>حُفظ باسم {0}</translation>
    </message>
    <message>
        <source>Your identity card</source>
        <translation>بطاقة هويتكم</translation>
    </message>
</context>
<context>
    <name>CellDialog</name>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>For example: Ministry of Foreign Affairs, statement in the working group</source>
        <translation>مثلاً: وزارة الخارجية، بيان في الفريق العامل</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>حفظ</translation>
    </message>
    <message>
        <source>Nothing has been said here yet.</source>
        <translation>لم يُقل شيء هنا بعد.</translation>
    </message>
    <message>
        <source>Said by, or seen where</source>
        <translation>من قاله، أو أين رُئي</translation>
    </message>
    <message>
        <source>Stands: {0} — {1}</source>
        <translation>القيمة القائمة: {0} — {1}</translation>
    </message>
    <message>
        <source>Still needed: {0}</source>
        <translation>ما زال مطلوباً: {0}</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>السبب</translation>
    </message>
    <message>
        <source>Why (may stay empty)</source>
        <translation>السبب (يجوز تركه فارغاً)</translation>
    </message>
    <message>
        <source>one of the choices</source>
        <translation>أحد الخيارات</translation>
    </message>
    <message>
        <source>who says it, or where it was seen</source>
        <translation>من يقوله، أو أين رُئي</translation>
    </message>
</context>
<context>
    <name>CeremonyDialog</name>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Close it without signing</source>
        <translation>إغلاقه دون توقيع</translation>
    </message>
    <message>
        <source>Close it, do nothing</source>
        <translation>إغلاقه دون فعل شيء</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>تم</translation>
    </message>
    <message>
        <source>Every counterpart sees the change with the next exchange.</source>
        <translation>يرى كل نظير التغيير مع التبادل التالي.</translation>
    </message>
    <message>
        <source>From its key file and passphrase</source>
        <translation>من ملف المفتاح وعبارة المرور</translation>
    </message>
    <message>
        <source>From recovery shares on paper</source>
        <translation>من حصص الاسترداد المكتوبة على الورق</translation>
    </message>
    <message>
        <source>It is used for this, and nothing else:</source>
        <translation>يُستخدم لهذا، ولا شيء غيره:</translation>
    </message>
    <message>
        <source>It will sign this, and nothing else:</source>
        <translation>سيوقّع هذا، ولا شيء غيره:</translation>
    </message>
    <message>
        <source>Only the root key can say which laptops are yours. It is needed for a minute; then it goes back to where it is locked away.</source>
        <translation>المفتاح الجذري وحده يبيّن أي الحواسيب المحمولة لكم. وهو يلزم لدقيقة واحدة؛ ثم يعود إلى المكان المقفل.</translation>
    </message>
    <message>
        <source>Open the root key</source>
        <translation>فتح المفتاح الجذري</translation>
    </message>
    <message>
        <source>Sign and close the root key</source>
        <translation>توقيع وإغلاق المفتاح الجذري</translation>
    </message>
    <message>
        <source>Take the stick with the key file out now and lock it away. What this program held of the key has been overwritten; copies the system made go when Valise is locked or closed.</source>
        <translation>انزعوا الآن الذاكرة المحمولة التي عليها ملف المفتاح واحفظوها في مكان مقفل. وقد كُتب فوق ما كان لدى هذا البرنامج من المفتاح؛ أما النسخ التي أنشأها النظام فتزول عند قفل Valise أو إغلاقه.</translation>
    </message>
    <message>
        <source>The delegation&apos;s root key</source>
        <translation>المفتاح الجذري للوفد</translation>
    </message>
    <message>
        <source>The root key is closed again.</source>
        <translation>أُغلق المفتاح الجذري من جديد.</translation>
    </message>
    <message>
        <source>The root key is open.</source>
        <translation>المفتاح الجذري مفتوح.</translation>
    </message>
    <message>
        <source>What will be signed</source>
        <translation>ما سيُوقَّع</translation>
    </message>
</context>
<context>
    <name>ChangeDialog</name>
    <message>
        <source>Change it</source>
        <translation>تغييرها</translation>
    </message>
    <message>
        <source>Change the passphrase</source>
        <translation>تغيير عبارة المرور</translation>
    </message>
    <message>
        <source>Current passphrase</source>
        <translation>عبارة المرور الحالية</translation>
    </message>
    <message>
        <source>From then on only the new one opens this vault. Copies of the vault made before, backups among them, keep what opened them then.</source>
        <translation>بعد ذلك لا يفتح هذه الخزنة إلا الجديدة. أما نسخ الخزنة المعدّة من قبل، ومنها النسخ الاحتياطية، فيظل يفتحها ما كان يفتحها آنذاك.</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>عبارة المرور الجديدة</translation>
    </message>
    <message>
        <source>The new passphrase again</source>
        <translation>عبارة المرور الجديدة مرة أخرى</translation>
    </message>
</context>
<context>
    <name>Changed</name>
    <message>
        <source>It has changed</source>
        <translation>تغيّر القيد</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>ترك الأمر كما هو</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>ملاحظة</translation>
    </message>
    <message>
        <source>Note (optional)</source>
        <translation>ملاحظة (اختيارية)</translation>
    </message>
    <message>
        <source>Only what differs is sent. Several values stand between semicolons.</source>
        <translation>لا يُرسل إلا ما يختلف. وإذا تعددت القيم فُصل بينها بفاصلة منقوطة.</translation>
    </message>
    <message>
        <source>Sign and answer</source>
        <translation>توقيع وإجابة</translation>
    </message>
    <message>
        <source>Tell {who} that this is the wrong contact</source>
        <translation>إبلاغ {who} بأن جهة الاتصال هذه غير صحيحة</translation>
    </message>
    <message>
        <source>What should {who} write into its entry?</source>
        <translation>ما الذي ينبغي أن يُكتب في القيد لدى {who}؟</translation>
    </message>
    <message>
        <source>Wrong contact</source>
        <translation>جهة اتصال غير صحيحة</translation>
    </message>
    <message>
        <source>You may say whom to ask instead.</source>
        <translation>يمكنكم ذكر من ينبغي سؤاله بدلاً منها.</translation>
    </message>
</context>
<context>
    <name>Changing</name>
    <message>
        <source>Kept. Ctrl+Z takes it back.</source>
        <translation>حُفظ. وCtrl+Z للتراجع عنه.</translation>
    </message>
    <message>
        <source>No different values stand in this row.</source>
        <translation>لا توجد قيم مختلفة في هذا الصف.</translation>
    </message>
    <message>
        <source>Nothing to take back here. A new row is taken out, and every change of a row can be undone in its history.</source>
        <translation>لا شيء هنا للتراجع عنه. فالصف الجديد يُخرَج، وكل تغيير في صف يمكن التراجع عنه في تاريخ تغييراته.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>فتح</translation>
    </message>
    <message>
        <source>Put back</source>
        <translation>إعادة</translation>
    </message>
    <message>
        <source>Settle the difference…</source>
        <translation>حسم الاختلاف…</translation>
    </message>
    <message>
        <source>Take out…</source>
        <translation>إخراج…</translation>
    </message>
    <message>
        <source>Undone; both stay in the history.</source>
        <translation>جرى التراجع؛ ويبقى كلاهما في تاريخ التغييرات.</translation>
    </message>
    <message>
        <source>What can be done with the row</source>
        <translation>ما يمكن فعله بالصف</translation>
    </message>
    <message>
        <source>{0}: what was begun is taken back.</source>
        <translation>{0}: أُلغي ما كان قد بُدئ.</translation>
    </message>
</context>
<context>
    <name>CheckCode</name>
    <message>
        <source>Check code</source>
        <translation>رمز التحقق</translation>
    </message>
    <message>
        <source>Check code: {0}</source>
        <translation>رمز التحقق: {0}</translation>
    </message>
    <message>
        <source>QR code of the request</source>
        <translation>رمز QR للطلب</translation>
    </message>
    <message>
        <source>The first laptop shows a code too, when it opens the request. Admit only when they are the same.</source>
        <translation>يُظهر الحاسوب المحمول الأول رمزاً أيضاً حين يفتح الطلب. لا يجري الضم إلا إذا تطابق الرمزان.</translation>
    </message>
</context>
<context>
    <name>CheckDialog</name>
    <message>
        <source>Check a backup</source>
        <translation>التحقق من نسخة احتياطية</translation>
    </message>
    <message>
        <source>Check it</source>
        <translation>التحقق منها</translation>
    </message>
    <message>
        <source>It is read to its end and proved; nothing of it enters this vault.</source>
        <translation>تُقرأ حتى نهايتها ويُتحقق من صحتها؛ ولا يدخل هذه الخزنة شيء منها.</translation>
    </message>
    <message>
        <source>Passphrase of the backup</source>
        <translation>عبارة مرور النسخة الاحتياطية</translation>
    </message>
</context>
<context>
    <name>ChecksSection</name>
    <message>
        <source>A copy of {0}, every page verified, is kept beside the vault, sealed as the vault is.</source>
        <translation>تُحفظ بجانب الخزنة نسخة أُعدّت في {0}، جرى التحقق من كل صفحة فيها، مختومةً كما تُختم الخزنة.</translation>
    </message>
    <message>
        <source>A verified copy is kept beside the vault after the first check.</source>
        <translation>تُحفظ نسخة جرى التحقق منها بجانب الخزنة بعد أول تحقق.</translation>
    </message>
    <message>
        <source>An older copy was put back; noticed on {0} and healed.</source>
        <translation>أُعيدت نسخة أقدم؛ لوحظ ذلك في {0} وعولج.</translation>
    </message>
    <message>
        <source>As far as anybody here knows, yes.</source>
        <translation>نعم، بحسب ما هو معلوم هنا.</translation>
    </message>
    <message>
        <source>Check now</source>
        <translation>تحقق الآن</translation>
    </message>
    <message>
        <source>Checked {0}: everything verifies.</source>
        <translation>جرى التحقق في {0}: كل شيء صحيح.</translation>
    </message>
    <message>
        <source>Checked {0}: something is wrong.</source>
        <translation>جرى التحقق في {0}: هناك خلل.</translation>
    </message>
    <message>
        <source>Copies of other laptops</source>
        <translation>نسخ الحواسيب المحمولة الأخرى</translation>
    </message>
    <message>
        <source>Go on without waiting</source>
        <translation>متابعة دون انتظار</translation>
    </message>
    <message>
        <source>I have read this: go on</source>
        <translation>قرأت هذا: متابعة</translation>
    </message>
    <message>
        <source>If this laptop has signed something that only somebody has who has not answered, it would sign a second thing at the same place. Everybody would see both, and what it signs in that room would never count again: it would have to be admitted anew.</source>
        <translation>إذا كان هذا الحاسوب المحمول قد وقّع شيئاً ليس إلا لدى من لم يُجب بعد، فإنه سيوقّع شيئاً ثانياً في الموضع نفسه. وسيرى الجميع كليهما، ولن يُحتسب أبداً بعد ذلك ما يوقّعه في تلك الغرفة: إذ يلزم ضمّه من جديد.</translation>
    </message>
    <message>
        <source>Is this the newest state of this vault?</source>
        <translation>هل هذه أحدث حالة لهذه الخزنة؟</translation>
    </message>
    <message>
        <source>Make a backup now, close Valise, and run valise doctor --salvage.</source>
        <translation>أعدّوا نسخة احتياطية الآن، وأغلقوا Valise، وشغّلوا valise doctor --salvage.</translation>
    </message>
    <message>
        <source>No keyring answers on this computer; other laptops repeat what they last heard from this one.</source>
        <translation>لا تجيب سلسلة مفاتيح على هذا الحاسوب؛ وتعيد الحواسيب المحمولة الأخرى آخر ما بلغها من هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Not checked yet. It is checked a little after each exchange, and once a day as a whole.</source>
        <translation>لم يجرِ التحقق بعد. يجري التحقق جزئياً بعد كل تبادل، وكلياً مرة في اليوم.</translation>
    </message>
    <message>
        <source>Progress of the check</source>
        <translation>تقدم التحقق</translation>
    </message>
    <message>
        <source>Signed here too early, and not sent: {0}. Look for it in your rooms, and say it again.</source>
        <translation>ما وُقّع هنا قبل الأوان ولم يُرسل: {0}. ابحثوا عنه في غرفكم وأعيدوا قوله.</translation>
    </message>
    <message>
        <source>The keyring of this computer keeps its count beside the vault, and other laptops repeat what they heard.</source>
        <translation>تحتفظ سلسلة مفاتيح هذا الحاسوب بعدّادها بجانب الخزنة، وتعيد الحواسيب المحمولة الأخرى ما بلغها.</translation>
    </message>
    <message>
        <source>There is no sign that a copy of another laptop&apos;s vault is in use.</source>
        <translation>لا توجد علامة على أن نسخة من خزنة حاسوب محمول آخر قيد الاستخدام.</translation>
    </message>
    <message>
        <source>This is an older copy of this laptop&apos;s vault, noticed on {0}. Nothing is lost: what it had said since is asked of the others. Connect; it goes on by itself.</source>
        <translation>هذه نسخة أقدم من خزنة هذا الحاسوب المحمول، لوحظت في {0}. لم يضع شيء: فما كان قد قاله منذ ذلك الحين يُطلب من الآخرين. أقيموا الاتصال؛ ويتواصل العمل تلقائياً.</translation>
    </message>
    <message>
        <source>This vault was rescued from a damaged one; kinds of entries of which some were lost: {0}.</source>
        <translation>أُنقذت هذه الخزنة من خزنة تالفة؛ وأنواع القيود التي فُقد بعضها: {0}.</translation>
    </message>
    <message>
        <source>What stands on the disk</source>
        <translation>ما هو على القرص</translation>
    </message>
</context>
<context>
    <name>Chips</name>
    <message>
        <source>Take out: {0}</source>
        <translation>إخراج: {0}</translation>
    </message>
</context>
<context>
    <name>ChoiceEditor</name>
    <message>
        <source>Nothing entered</source>
        <translation>لم يُملأ</translation>
    </message>
    <message>
        <source>–</source>
        <translation>–</translation>
    </message>
</context>
<context>
    <name>CloseSilence</name>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Close the procedure</source>
        <translation>إغلاق الإجراء</translation>
    </message>
    <message>
        <source>Close the silence procedure</source>
        <translation>إغلاق إجراء الموافقة الصامتة</translation>
    </message>
    <message>
        <source>Nobody broke the silence: {0} then stands as agreed. Exchange first, so that a break that is under way is known here.</source>
        <translation>لم يكسر أحد الصمت: وعندئذ يُعد {0} متفقاً عليه. أجروا تبادلاً أولاً ليُعلم هنا بأي كسر في الطريق.</translation>
    </message>
    <message>
        <source>{0} was not agreed: the silence was broken. Closing says so and makes room for another procedure.</source>
        <translation>لم يُتفق على {0}: فقد كُسر الصمت. والإغلاق يعلن ذلك ويفسح المجال لإجراء آخر.</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Choose an amendment first (Alt+Down).</source>
        <translation>اختاروا أولاً تعديلاً (Alt+الأسفل).</translation>
    </message>
    <message>
        <source>Choose an amendment of another delegation first (Alt+Down).</source>
        <translation>اختاروا أولاً تعديلاً لوفد آخر (Alt+الأسفل).</translation>
    </message>
    <message>
        <source>Choose one of your own amendments first.</source>
        <translation>اختاروا أولاً أحد تعديلاتكم.</translation>
    </message>
    <message>
        <source>Copied with brackets and attributions.</source>
        <translation>نُسخ مع الأقواس وأسماء أصحاب المقترحات.</translation>
    </message>
    <message>
        <source>Letters are acts here, so these were not taken.</source>
        <translation>الحروف هنا إجراءات، ولذلك لم تُقبل هذه.</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>إعادة الفتح</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>سحب</translation>
    </message>
    <message>
        <source>That is your position already.</source>
        <translation>هذا موقفكم من قبل.</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>تُفرَّغ الحافظة خلال عشر ثوانٍ.</translation>
    </message>
    <message>
        <source>To write, press Enter on an open paragraph.</source>
        <translation>للكتابة اضغطوا Enter على فقرة مفتوحة.</translation>
    </message>
    <message>
        <source>Your delegation sponsors {0} too.</source>
        <translation>وفدكم الآن من مقدّمي {0} أيضاً.</translation>
    </message>
    <message>
        <source>Your position on {0} for {2}: {1}.</source>
        <translation>موقفكم من {0} باسم {2}: {1}.</translation>
    </message>
    <message>
        <source>Your position on {0}: {1}.</source>
        <translation>موقفكم من {0}: {1}.</translation>
    </message>
    <message>
        <source>{0} is agreed ad ref.</source>
        <translation>{0}: متفق عليها بشرط الاستشارة.</translation>
    </message>
    <message>
        <source>{0} is {1}: nothing can be proposed until the pen reopens it.</source>
        <translation>{0}: {1}؛ لا يمكن اقتراح شيء إلى أن يعيد القلم فتحها.</translation>
    </message>
</context>
<context>
    <name>CommitmentList</name>
    <message>
        <source>Commitments</source>
        <translation>الالتزامات</translation>
    </message>
    <message>
        <source>Enter goes to the page</source>
        <translation>Enter للانتقال إلى الصفحة</translation>
    </message>
    <message>
        <source>Norms and measures</source>
        <translation>المعايير والتدابير</translation>
    </message>
    <message>
        <source>Word, letter or symbol</source>
        <translation>كلمة أو حرف أو رمز</translation>
    </message>
</context>
<context>
    <name>CommitmentsScreen</name>
    <message>
        <source>No norms or measures are here</source>
        <translation>لا توجد معايير أو تدابير هنا</translation>
    </message>
    <message>
        <source>Their registers come with the program.</source>
        <translation>تأتي سجلاتها مع البرنامج.</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <source>By everybody</source>
        <translation>من الجميع</translation>
    </message>
    <message>
        <source>By {0}</source>
        <translation>من {0}</translation>
    </message>
    <message>
        <source>Choose other revisions, another delegation, or look at every paragraph.</source>
        <translation>اختاروا تنقيحين آخرين، أو وفداً آخر، أو انظروا في كل فقرة.</translation>
    </message>
    <message>
        <source>Compare from</source>
        <translation>المقارنة من</translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation>المقارنة مع</translation>
    </message>
    <message>
        <source>Copied. The clipboard is emptied in ten seconds.</source>
        <translation>نُسخ. تُفرَّغ الحافظة خلال عشر ثوانٍ.</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>نسخ كنص</translation>
    </message>
    <message>
        <source>From</source>
        <translation>من</translation>
    </message>
    <message>
        <source>No revision to compare with yet</source>
        <translation>لا يوجد تنقيح يُقارن به بعد</translation>
    </message>
    <message>
        <source>Nothing differs</source>
        <translation>لا اختلاف</translation>
    </message>
    <message>
        <source>Only what changed</source>
        <translation>ما تغيّر فقط</translation>
    </message>
    <message>
        <source>Only what this delegation brought about</source>
        <translation>ما أحدثه هذا الوفد فقط</translation>
    </message>
    <message>
        <source>Paragraphs compared</source>
        <translation>الفقرات المقارَنة</translation>
    </message>
    <message>
        <source>The pen-holder freezes the text as a revision; from then on you see here what changed since.</source>
        <translation>يجمّد حامل القلم النص في شكل تنقيح؛ وبعد ذلك ترون هنا ما تغيّر منذئذ.</translation>
    </message>
    <message>
        <source>to</source>
        <translation>إلى</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Attach files</source>
        <translation>إرفاق ملفات</translation>
    </message>
    <message>
        <source>Attach files (or drop them here)</source>
        <translation>إرفاق ملفات (أو أفلتوها هنا)</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>Decide in Contacts</source>
        <translation>اتخاذ القرار في جهات التراسل</translation>
    </message>
    <message>
        <source>Draft not saved</source>
        <translation>لم تُحفظ المسودة</translation>
    </message>
    <message>
        <source>Draft saved {time}</source>
        <translation>حُفظت المسودة {time}</translation>
    </message>
    <message>
        <source>For the record (signed)</source>
        <translation>للمحضر (موقّعة)</translation>
    </message>
    <message>
        <source>Kept in the vault as you type</source>
        <translation>تُحفظ في الخزنة وأنتم تكتبون</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>الرسالة</translation>
    </message>
    <message>
        <source>Not signed: members know it is from you, but cannot prove it to others.</source>
        <translation>غير موقّعة: يعرف الأعضاء أنها منكم، ولكن لا يستطيعون إثبات ذلك لغيرهم.</translation>
    </message>
    <message>
        <source>Seal and send</source>
        <translation>ختم وإرسال</translation>
    </message>
    <message>
        <source>Sealing…</source>
        <translation>جارٍ الختم…</translation>
    </message>
    <message>
        <source>Signed: every member can prove later, to anybody, that your delegation wrote this.</source>
        <translation>موقّعة: يستطيع كل عضو أن يثبت لاحقاً، لأي كان، أن وفدكم كتبها.</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>الموضوع</translation>
    </message>
    <message>
        <source>Subject of the new thread</source>
        <translation>موضوع سلسلة الرسائل الجديدة</translation>
    </message>
    <message>
        <source>Write to your own delegation. Nothing here can be sent to another.</source>
        <translation>الكتابة إلى وفدكم. لا يمكن إرسال أي شيء هنا إلى وفد آخر.</translation>
    </message>
    <message>
        <source>Write to {room}. Drafts are kept in the vault.</source>
        <translation>الكتابة إلى {room}. المسودات محفوظة في الخزنة.</translation>
    </message>
</context>
<context>
    <name>Confirm</name>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>ترك الأمر كما هو</translation>
    </message>
    <message>
        <source>Please confirm</source>
        <translation>يُرجى التأكيد</translation>
    </message>
</context>
<context>
    <name>ConfirmDialog</name>
    <message>
        <source>Passphrase</source>
        <translation>عبارة المرور</translation>
    </message>
</context>
<context>
    <name>ContactsScreen</name>
    <message>
        <source>Ask a delegation for its card, then import the file or drop it here.</source>
        <translation>اطلبوا من أحد الوفود بطاقته، ثم استوردوا الملف أو أفلتوه هنا.</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>مقارنة</translation>
    </message>
    <message>
        <source>Compare with it, in person or by telephone.</source>
        <translation>قارنوا معه، حضورياً أو بالهاتف.</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>جهات التراسل</translation>
    </message>
    <message>
        <source>Delegations</source>
        <translation>الوفود</translation>
    </message>
    <message>
        <source>Delegations or points of contact</source>
        <translation>وفود أو جهات اتصال</translation>
    </message>
    <message>
        <source>Do it only while you stand together or speak on a line where you know the voice.</source>
        <translation>لا تفعلوا ذلك إلا وأنتما معاً أو تتحدثان عبر خط تعرفان فيه الصوت.</translation>
    </message>
    <message>
        <source>Find a delegation or an officer</source>
        <translation>البحث عن وفد أو موظف</translation>
    </message>
    <message>
        <source>Import a card…</source>
        <translation>استيراد بطاقة…</translation>
    </message>
    <message>
        <source>Import an identity card</source>
        <translation>استيراد بطاقة هوية</translation>
    </message>
    <message>
        <source>It is not verified yet: anybody could have made a card with this name.</source>
        <translation>لم يُتحقق منه بعد: بوسع أي كان أن يصنع بطاقة بهذا الاسم.</translation>
    </message>
    <message>
        <source>No other delegation yet</source>
        <translation>لا يوجد وفد آخر بعد</translation>
    </message>
    <message>
        <source>Nothing more is sent to it until you decide below.</source>
        <translation>لن يُرسل إليه شيء آخر إلى أن تتخذوا قراراً أدناه.</translation>
    </message>
    <message>
        <source>Points of contact</source>
        <translation>جهات الاتصال</translation>
    </message>
    <message>
        <source>Save our identity card</source>
        <translation>حفظ بطاقة هويتنا</translation>
    </message>
    <message>
        <source>Saved as {file}.</source>
        <translation>حُفظ باسم {file}.</translation>
    </message>
    <message>
        <source>The card of {who} is the one you know.</source>
        <translation>بطاقة {who} هي التي تعرفونها.</translation>
    </message>
    <message>
        <source>The card of {who} was received.</source>
        <translation>استُلمت بطاقة {who}.</translation>
    </message>
    <message>
        <source>The numbers differ: nothing more is sent to {who} until you decide.</source>
        <translation>الأرقام مختلفة: لن يُرسل شيء آخر إلى {who} إلى أن تتخذوا قراراً.</translation>
    </message>
    <message>
        <source>This card of {who} holds another identity than the one you know.</source>
        <translation>تحمل بطاقة {who} هذه هوية غير التي تعرفونها.</translation>
    </message>
    <message>
        <source>Verify now</source>
        <translation>التحقق الآن</translation>
    </message>
    <message>
        <source>{name} ({n})</source>
        <translation>{name} ({n})</translation>
    </message>
    <message>
        <source>{who} is verified in person.</source>
        <translation>جرى التحقق حضورياً من {who}.</translation>
    </message>
    <message>
        <source>{who} wants to compare words with you now.</source>
        <translation>طلب من {who} لمقارنة الكلمات معكم الآن.</translation>
    </message>
</context>
<context>
    <name>ConvergenceView</name>
    <message>
        <source>Columns</source>
        <translation>الأعمدة</translation>
    </message>
    <message>
        <source>Corner of the table</source>
        <translation>زاوية الجدول</translation>
    </message>
    <message>
        <source>Nothing to measure yet</source>
        <translation>لا يوجد ما يُقاس بعد</translation>
    </message>
    <message>
        <source>Revisions</source>
        <translation>التنقيحات</translation>
    </message>
    <message>
        <source>The text has no words. Once it has some, you see here how many stand outside brackets.</source>
        <translation>ليس في النص كلمات. ومتى صارت فيه كلمات ترون هنا كم منها خارج الأقواس.</translation>
    </message>
    <message>
        <source>With each revision the pen-holder freezes, another bar is added.</source>
        <translation>مع كل تنقيح يجمّده حامل القلم يُضاف شريط آخر.</translation>
    </message>
    <message>
        <source>Words outside brackets by revision</source>
        <translation>الكلمات خارج الأقواس بحسب التنقيح</translation>
    </message>
</context>
<context>
    <name>Conversation</name>
    <message>
        <source>A new thread</source>
        <translation>سلسلة رسائل جديدة</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>إقرار بالاستلام</translation>
    </message>
    <message>
        <source>Delivery</source>
        <translation>التسليم</translation>
    </message>
    <message>
        <source>Give it a subject below. Everybody in the room will see it.</source>
        <translation>أعطوها موضوعاً أدناه. سيراه كل من في الغرفة.</translation>
    </message>
    <message>
        <source>Messages {first} to {last} of {all}</source>
        <translation>الرسائل {first} إلى {last} من {all}</translation>
    </message>
    <message>
        <source>New thread</source>
        <translation>سلسلة جديدة</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>الأحدث</translation>
    </message>
    <message>
        <source>No subject</source>
        <translation>بلا موضوع</translation>
    </message>
    <message>
        <source>Oldest</source>
        <translation>الأقدم</translation>
    </message>
    <message>
        <source>Save file as</source>
        <translation>حفظ الملف باسم</translation>
    </message>
    <message>
        <source>Save {file} as…</source>
        <translation>حفظ {file} باسم…</translation>
    </message>
    <message>
        <source>Saved as {file}. Outside the vault it is no longer protected by it.</source>
        <translation>حُفظ باسم {file}. ولم يعد خارج الخزنة محمياً بها.</translation>
    </message>
    <message>
        <source>Show members</source>
        <translation>إظهار الأعضاء</translation>
    </message>
</context>
<context>
    <name>DateEditor</name>
    <message>
        <source>A day as 2026-11-22</source>
        <translation>يوم مثل 2026-11-22</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>اليوم</translation>
    </message>
    <message>
        <source>Up and Down change the day, with Ctrl the month; T is today</source>
        <translation>Up وDown لتغيير اليوم، ومع Ctrl لتغيير الشهر؛ وT لليوم الحالي</translation>
    </message>
    <message>
        <source>YYYY-MM-DD</source>
        <translation>YYYY-MM-DD</translation>
    </message>
    <message>
        <source>{0}: today</source>
        <translation>{0}: اليوم</translation>
    </message>
</context>
<context>
    <name>DeadlineField</name>
    <message>
        <source>Exact deadline in UTC, for example 2026-12-10 18:00</source>
        <translation>الموعد النهائي الدقيق بتوقيت UTC، مثلاً 2026-12-10 18:00</translation>
    </message>
    <message>
        <source>Exactly</source>
        <translation>موعد محدد</translation>
    </message>
    <message>
        <source>In {0}: {1}</source>
        <translation>خلال {0}: {1}</translation>
    </message>
    <message>
        <source>The deadline has to lie between one hour and one year ahead.</source>
        <translation>يجب أن يكون الموعد النهائي بين ساعة واحدة وسنة واحدة من الآن.</translation>
    </message>
    <message>
        <source>The new deadline has to be later than the one in force.</source>
        <translation>يجب أن يكون الموعد النهائي الجديد بعد الموعد الساري.</translation>
    </message>
    <message>
        <source>Write the time as year-month-day hour:minute in UTC, for example 2026-12-10 18:00.</source>
        <translation>اكتبوا الوقت على نحو سنة-شهر-يوم ساعة:دقيقة بتوقيت UTC، مثلاً 2026-12-10 18:00.</translation>
    </message>
</context>
<context>
    <name>DecideDialog</name>
    <message>
        <source>A computer of a delegation has signed two different histories.</source>
        <translation>وقّع حاسوب أحد الوفود تسلسلين مختلفين.</translation>
    </message>
    <message>
        <source>A laptop of {0} has two histories; its own delegation may say alone which one stands.</source>
        <translation>لحاسوب محمول لدى {0} تسلسلان؛ ولوفده وحده أن يقول أيهما القائم.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>إغلاق</translation>
    </message>
    <message>
        <source>Continuation {0}</source>
        <translation>التتمة {0}</translation>
    </message>
    <message>
        <source>Delegation that holds the pen from here on</source>
        <translation>الوفد الذي يحمل القلم من الآن فصاعداً</translation>
    </message>
    <message>
        <source>Give it the pen</source>
        <translation>منحه القلم</translation>
    </message>
    <message>
        <source>History {0}</source>
        <translation>التسلسل {0}</translation>
    </message>
    <message>
        <source>How this text goes on</source>
        <translation>كيف يستمر هذا النص</translation>
    </message>
    <message>
        <source>It changes no words.</source>
        <translation>لا يغيّر أي كلمات.</translation>
    </message>
    <message>
        <source>Or the pen goes to</source>
        <translation>أو ينتقل القلم إلى</translation>
    </message>
    <message>
        <source>Reason, which everybody in the room reads</source>
        <translation>السبب، ويقرؤه كل من في الغرفة</translation>
    </message>
    <message>
        <source>Said by nobody yet, {1} are needed.</source>
        <translation>لم يقل بذلك أحد بعد، ويلزم {1}.</translation>
    </message>
    <message>
        <source>Said by {0}, {1} are needed.</source>
        <translation>قال بذلك: {0}، ويلزم {1}.</translation>
    </message>
    <message>
        <source>The pen to {0}: said by {1}, {2} are needed.</source>
        <translation>القلم إلى {0}: قال بذلك {1}، ويلزم {2}.</translation>
    </message>
    <message>
        <source>This one stands</source>
        <translation>هذه هي القائمة</translation>
    </message>
    <message>
        <source>This text is not frozen.</source>
        <translation>هذا النص غير مجمَّد.</translation>
    </message>
    <message>
        <source>{0} stands</source>
        <translation>القائم: {0}</translation>
    </message>
</context>
<context>
    <name>Deciding</name>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Your delegation has said so; it leaves with the next exchange.</source>
        <translation>قال وفدكم ذلك؛ ويغادر مع التبادل التالي.</translation>
    </message>
</context>
<context>
    <name>DefineDialog</name>
    <message>
        <source>A register is a text file (TOML): its fields, their choices, its views. Every laptop of your delegation gets it. A file with the name of one you added before renews it; its rows stay.</source>
        <translation>السجل ملف نصي (TOML): حقوله وخياراتها وطرق عرضه. ويصل إلى كل حاسوب محمول لدى وفدكم. والملف الذي يحمل اسم سجل أضفتموه من قبل يجدده؛ وتبقى صفوفه.</translation>
    </message>
    <message>
        <source>Add a register</source>
        <translation>إضافة سجل</translation>
    </message>
    <message>
        <source>Add a register from a file</source>
        <translation>إضافة سجل من ملف</translation>
    </message>
    <message>
        <source>Choose the file…</source>
        <translation>اختيار الملف…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>إغلاق</translation>
    </message>
    <message>
        <source>Definitions (*.toml)</source>
        <translation>تعريفات (*.toml)</translation>
    </message>
    <message>
        <source>the file is not text in UTF-8</source>
        <translation>الملف ليس نصاً بترميز UTF-8</translation>
    </message>
</context>
<context>
    <name>DelegationPage</name>
    <message>
        <source>A code is two or three Latin letters, such as XA.</source>
        <translation>الرمز حرفان لاتينيان أو ثلاثة، مثل XA.</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>الرمز</translation>
    </message>
    <message>
        <source>Join our delegation: another laptop of ours already has Valise</source>
        <translation>الانضمام إلى وفدنا: حاسوب محمول آخر لدينا عليه Valise من قبل</translation>
    </message>
    <message>
        <source>Name of the delegation</source>
        <translation>اسم الوفد</translation>
    </message>
    <message>
        <source>Off: the unlock page shows nothing about whose vault this is.</source>
        <translation>عند الإيقاف: لا تُظهر صفحة فتح القفل شيئاً عن صاحب هذه الخزنة.</translation>
    </message>
    <message>
        <source>Officer</source>
        <translation>الموظف</translation>
    </message>
    <message>
        <source>Our delegation is new to Valise</source>
        <translation>وفدنا جديد على Valise</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>الوظيفة</translation>
    </message>
    <message>
        <source>Show the delegation&apos;s name on the unlock page</source>
        <translation>إظهار اسم الوفد في صفحة فتح القفل</translation>
    </message>
    <message>
        <source>This makes a vault on this laptop. Nothing is registered anywhere and nothing is sent.</source>
        <translation>تُنشأ بهذا خزنة على هذا الحاسوب المحمول. ولا يُسجَّل شيء في أي مكان ولا يُرسل شيء.</translation>
    </message>
    <message>
        <source>Your delegation</source>
        <translation>وفدكم</translation>
    </message>
    <message>
        <source>as others should see it</source>
        <translation>كما ينبغي أن يراه الآخرون</translation>
    </message>
    <message>
        <source>for example: Delegate, Legal adviser</source>
        <translation>مثلاً: مندوب، مستشار قانوني</translation>
    </message>
    <message>
        <source>two or three letters, as on the name plate</source>
        <translation>حرفان أو ثلاثة، كما على لوحة الاسم</translation>
    </message>
    <message>
        <source>who works on this laptop</source>
        <translation>من يعمل على هذا الحاسوب المحمول</translation>
    </message>
</context>
<context>
    <name>DelegationRow</name>
    <message>
        <source>Somebody who takes this laptop and its passphrase can also open what this laptop was sent from there since {0}.</source>
        <translation>من يأخذ هذا الحاسوب المحمول وعبارة مروره يستطيع أيضاً فتح ما أُرسل من هناك إلى هذا الحاسوب منذ {0}.</translation>
    </message>
    <message>
        <source>What is replaced by now is destroyed by {0}.</source>
        <translation>ما استُبدل حتى الآن يُتلف بحلول {0}.</translation>
    </message>
    <message>
        <source>{0}: nothing exchanged yet.</source>
        <translation>{0}: لم يُتبادل شيء بعد.</translation>
    </message>
    <message>
        <source>{0}: under both systems since {1}; last moved on {2}.</source>
        <translation>{0}: بالنظامين كليهما منذ {1}؛ وآخر تجديد {2}.</translation>
    </message>
    <message>
        <source>{0}: under both systems since {1}; no answer to a newer key yet.</source>
        <translation>{0}: بالنظامين كليهما منذ {1}؛ ولا جواب بعد على مفتاح أحدث.</translation>
    </message>
</context>
<context>
    <name>DelegationsPane</name>
    <message>
        <source>Arrows move; Enter or the menu key chooses the way; A, R, F and C choose it at once</source>
        <translation>الأسهم للتنقل؛ وEnter أو مفتاح القائمة لاختيار السبيل؛ والمفاتيح A وR وF وC تختاره مباشرة</translation>
    </message>
    <message>
        <source>Choose the way for this delegation</source>
        <translation>اختيار السبيل لهذا الوفد</translation>
    </message>
    <message>
        <source>Choose the way…</source>
        <translation>اختيار السبيل…</translation>
    </message>
    <message>
        <source>Delegation</source>
        <translation>الوفد</translation>
    </message>
    <message>
        <source>Go to Contacts</source>
        <translation>الانتقال إلى جهات التراسل</translation>
    </message>
    <message>
        <source>How each delegation is reached</source>
        <translation>كيف يُبلَغ كل وفد</translation>
    </message>
    <message>
        <source>Last heard</source>
        <translation>آخر خبر</translation>
    </message>
    <message>
        <source>Make a bundle…</source>
        <translation>إعداد رزمة…</translation>
    </message>
    <message>
        <source>Next step</source>
        <translation>الخطوة التالية</translation>
    </message>
    <message>
        <source>Open an identity card under Contacts; then it stands here how that delegation is reached.</source>
        <translation>افتحوا بطاقة هوية في «جهات التراسل»؛ فيظهر هنا كيف يُبلَغ ذلك الوفد.</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>ما ينتظر</translation>
    </message>
    <message>
        <source>Way</source>
        <translation>السبيل</translation>
    </message>
    <message>
        <source>Way for {0}</source>
        <translation>السبيل إلى {0}</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>السبب</translation>
    </message>
    <message>
        <source>You know no delegation yet</source>
        <translation>لا تعرفون أي وفد بعد</translation>
    </message>
    <message>
        <source>our other laptops</source>
        <translation>حواسيبنا المحمولة الأخرى</translation>
    </message>
    <message>
        <source>since {0}</source>
        <translation>منذ {0}</translation>
    </message>
</context>
<context>
    <name>DeliveryPane</name>
    <message>
        <source>Acknowledged by you {time}</source>
        <translation>أقررتم باستلامها {time}</translation>
    </message>
    <message>
        <source>Choose a message to see what became of it.</source>
        <translation>اختاروا رسالة لمعرفة ما آلت إليه.</translation>
    </message>
    <message>
        <source>Delivery</source>
        <translation>التسليم</translation>
    </message>
    <message>
        <source>Delivery to each device</source>
        <translation>التسليم إلى كل جهاز</translation>
    </message>
    <message>
        <source>Received here {time}</source>
        <translation>استُلمت هنا {time}</translation>
    </message>
    <message>
        <source>Sent {time}</source>
        <translation>أُرسلت {time}</translation>
    </message>
</context>
<context>
    <name>DestroyDialog</name>
    <message>
        <source>Also destroy the delegation&apos;s key file, which still lies beside the vault</source>
        <translation>إتلاف ملف مفتاح الوفد أيضاً، وهو ما زال بجانب الخزنة</translation>
    </message>
    <message>
        <source>Destroy it</source>
        <translation>إتلافها</translation>
    </message>
    <message>
        <source>Destroy this vault</source>
        <translation>إتلاف هذه الخزنة</translation>
    </message>
    <message>
        <source>Everything in this vault on this laptop is gone for good. No passphrase and no recovery share opens it any more.</source>
        <translation>يزول نهائياً كل ما في هذه الخزنة على هذا الحاسوب المحمول. ولا تفتحها بعد ذلك أي عبارة مرور ولا أي حصة استرداد.</translation>
    </message>
    <message>
        <source>The keys are overwritten before the files are removed. The storage of a laptop or stick may keep old blocks for a while; what is in them is sealed under the keys that are gone.</source>
        <translation>تُمحى المفاتيح بالكتابة فوقها قبل إزالة الملفات. وقد تحتفظ وحدة تخزين الحاسوب أو الذاكرة المحمولة بكتل قديمة بعض الوقت؛ وما فيها مختوم بالمفاتيح التي زالت.</translation>
    </message>
    <message>
        <source>There is no backup of this vault.</source>
        <translation>لا توجد نسخة احتياطية من هذه الخزنة.</translation>
    </message>
    <message>
        <source>Type the code of your delegation, {0}, to confirm</source>
        <translation>اكتبوا رمز وفدكم، {0}، للتأكيد</translation>
    </message>
    <message>
        <source>What remains: your backups, your other laptops, the key file and its shares where they are kept, and what the other delegations hold. They are not told; have this laptop revoked.</source>
        <translation>وما يبقى: نسخكم الاحتياطية، وحواسيبكم المحمولة الأخرى، وملف المفتاح وحصصه حيث هي محفوظة، وما لدى الوفود الأخرى. ولا تُبلَّغ تلك الوفود؛ فاطلبوا إبطال هذا الحاسوب المحمول.</translation>
    </message>
    <message>
        <source>Without it and without its shares no laptop can ever be admitted again.</source>
        <translation>بدونه وبدون حصصه لا يمكن أبداً ضمّ أي حاسوب محمول بعد ذلك.</translation>
    </message>
</context>
<context>
    <name>Detail</name>
    <message>
        <source>Accept the new</source>
        <translation>قبول الجديدة</translation>
    </message>
    <message>
        <source>Accept the new identity of {who}?</source>
        <translation>هل تُقبل الهوية الجديدة لـ {who}؟</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>البصمة</translation>
    </message>
    <message>
        <source>Held here:</source>
        <translation>الموجود هنا:</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>إبقاء</translation>
    </message>
    <message>
        <source>Keep stopped</source>
        <translation>إبقاء الإرسال موقوفاً</translation>
    </message>
    <message>
        <source>Keep the identity of {who} that you have?</source>
        <translation>هل يُبقى على هوية {who} التي لديكم؟</translation>
    </message>
    <message>
        <source>Keep the old</source>
        <translation>الإبقاء على القديمة</translation>
    </message>
    <message>
        <source>Keep the old identity of {who}?</source>
        <translation>هل يُبقى على الهوية القديمة لـ {who}؟</translation>
    </message>
    <message>
        <source>Keep the one we have…</source>
        <translation>الإبقاء على التي لدينا…</translation>
    </message>
    <message>
        <source>Laptops</source>
        <translation>الحواسيب المحمولة</translation>
    </message>
    <message>
        <source>No laptop is known yet.</source>
        <translation>لا يُعرف أي حاسوب محمول بعد.</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>استئناف الإرسال</translation>
    </message>
    <message>
        <source>Send again…</source>
        <translation>استئناف الإرسال…</translation>
    </message>
    <message>
        <source>Send to {who} again?</source>
        <translation>هل يُستأنف الإرسال إلى {who}؟</translation>
    </message>
    <message>
        <source>Sending goes on, sealed to the new keys. Trust falls to “not verified yet”: compare the safety number next.</source>
        <translation>يُستأنف الإرسال مختوماً بالمفاتيح الجديدة. وتنخفض درجة الثقة إلى «لم يُتحقق منها بعد»: قارنوا رقم الأمان بعد ذلك.</translation>
    </message>
    <message>
        <source>Sending goes on. The custodian&apos;s word is kept in the history and asked about no more.</source>
        <translation>يُستأنف الإرسال. وتُحفظ شهادة الوفد المؤتمَن في تاريخ التغييرات ولا يُسأل عنها بعد ذلك.</translation>
    </message>
    <message>
        <source>The new card is set aside and sending goes on, sealed to the keys you know.</source>
        <translation>تُنحّى البطاقة الجديدة جانباً ويُستأنف الإرسال مختوماً بالمفاتيح التي تعرفونها.</translation>
    </message>
    <message>
        <source>The whole fingerprint of the delegation&apos;s root key, for comparing in writing.</source>
        <translation>البصمة الكاملة للمفتاح الجذري للوفد، للمقارنة كتابةً.</translation>
    </message>
    <message>
        <source>Trust falls to “not verified yet”. If somebody stands between you, they read what you send.</source>
        <translation>تنخفض درجة الثقة إلى «لم يُتحقق منها بعد». وإذا كان طرف ما يقف بينكما فإنه يقرأ ما ترسلونه.</translation>
    </message>
    <message>
        <source>Verify again…</source>
        <translation>التحقق مجدداً…</translation>
    </message>
    <message>
        <source>Verify {who}</source>
        <translation>التحقق من {who}</translation>
    </message>
    <message>
        <source>Verify…</source>
        <translation>التحقق…</translation>
    </message>
    <message>
        <source>Vouch for {who}</source>
        <translation>تزكية {who}</translation>
    </message>
    <message>
        <source>Vouch…</source>
        <translation>تزكية…</translation>
    </message>
    <message>
        <source>What changed, and since when</source>
        <translation>ما الذي تغيّر، ومنذ متى</translation>
    </message>
    <message>
        <source>{said} Since {date}.</source>
        <translation>{said} منذ {date}.</translation>
    </message>
    <message>
        <source>{who} vouches for this one, since {date}:</source>
        <translation>{who}: تزكية لهذا الوفد منذ {date}:</translation>
    </message>
</context>
<context>
    <name>DirectoryPage</name>
    <message>
        <source>All categories</source>
        <translation>جميع الفئات</translation>
    </message>
    <message>
        <source>All entries</source>
        <translation>جميع القيود</translation>
    </message>
    <message>
        <source>Asked of us</source>
        <translation>أسئلة موجهة إلينا</translation>
    </message>
    <message>
        <source>Asked of us ({n})</source>
        <translation>أسئلة موجهة إلينا ({n})</translation>
    </message>
    <message>
        <source>Enter a point of contact…</source>
        <translation>إدخال جهة اتصال…</translation>
    </message>
    <message>
        <source>Enter one, or import contact cards. A role before a person: it stays when people move on.</source>
        <translation>أدخلوا جهة اتصال أو استوردوا بطاقات اتصال. والوظيفة قبل الشخص: فهي تبقى حين ينتقل الأشخاص.</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>القيد</translation>
    </message>
    <message>
        <source>Find a State, a role, an office, a language</source>
        <translation>البحث عن دولة أو وظيفة أو مكتب أو لغة</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>بحاجة إلى عناية</translation>
    </message>
    <message>
        <source>New point of contact</source>
        <translation>جهة اتصال جديدة</translation>
    </message>
    <message>
        <source>New point of contact (Ctrl+N)</source>
        <translation>جهة اتصال جديدة (Ctrl+N)</translation>
    </message>
    <message>
        <source>No point of contact yet</source>
        <translation>لا توجد جهة اتصال بعد</translation>
    </message>
    <message>
        <source>Ping rounds</source>
        <translation>جولات اختبار الاتصال</translation>
    </message>
    <message>
        <source>Points of contact</source>
        <translation>جهات الاتصال</translation>
    </message>
    <message>
        <source>Reachability</source>
        <translation>إمكانية الوصول</translation>
    </message>
    <message>
        <source>What is shown beside</source>
        <translation>ما يظهر في الجانب</translation>
    </message>
</context>
<context>
    <name>DispositionList</name>
    <message>
        <source>Choose…</source>
        <translation>اختيار…</translation>
    </message>
    <message>
        <source>Kept as alternative</source>
        <translation>يُبقى بديلاً</translation>
    </message>
    <message>
        <source>Nobody&apos;s words are lost: say what becomes of each amendment.</source>
        <translation>لا تضيع كلمات أحد: بيّنوا ما يؤول إليه كل تعديل.</translation>
    </message>
    <message>
        <source>Not taken</source>
        <translation>لا يؤخذ به</translation>
    </message>
    <message>
        <source>Replaced by these words</source>
        <translation>تحل محله هذه الكلمات</translation>
    </message>
    <message>
        <source>Stays open, carried over</source>
        <translation>يبقى مفتوحاً ويُنقل</translation>
    </message>
    <message>
        <source>Taken as it stands</source>
        <translation>يؤخذ به كما هو</translation>
    </message>
    <message>
        <source>Taken with changes</source>
        <translation>يؤخذ به مع تغييرات</translation>
    </message>
    <message>
        <source>What becomes of {0} by {1}</source>
        <translation>ما يؤول إليه {0}، من {1}</translation>
    </message>
</context>
<context>
    <name>DocumentsPane</name>
    <message>
        <source>By language</source>
        <translation>بحسب اللغة</translation>
    </message>
    <message>
        <source>By symbol</source>
        <translation>بحسب الرمز</translation>
    </message>
    <message>
        <source>By title</source>
        <translation>بحسب العنوان</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>الوثائق</translation>
    </message>
    <message>
        <source>Enter shows the document</source>
        <translation>Enter لإظهار الوثيقة</translation>
    </message>
    <message>
        <source>Imported last</source>
        <translation>آخر ما استُورد</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>الأحدث أولاً</translation>
    </message>
    <message>
        <source>Order of the documents</source>
        <translation>ترتيب الوثائق</translation>
    </message>
    <message>
        <source>Symbol, title or language</source>
        <translation>رمز أو عنوان أو لغة</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} من {1}</translation>
    </message>
</context>
<context>
    <name>Doing</name>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Caps Lock seems to be on.</source>
        <translation>يبدو أن Caps Lock مفعَّل.</translation>
    </message>
</context>
<context>
    <name>DropDialog</name>
    <message>
        <source>Stop using it</source>
        <translation>وقف استخدامه</translation>
    </message>
    <message>
        <source>Stop using the folder</source>
        <translation>وقف استخدام المجلد</translation>
    </message>
    <message>
        <source>What waits here is kept and goes another way. The sealed envelopes in the folder stay there.</source>
        <translation>ما ينتظر هنا محفوظ ويذهب بسبيل آخر. وتبقى المغلفات المختومة التي في المجلد حيث هي.</translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message>
        <source>Choose a document</source>
        <translation>اختيار مستند</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>اختيار ملف…</translation>
    </message>
    <message>
        <source>Drop a document here (Word, UN XML, text), or choose one</source>
        <translation>أفلتوا مستنداً هنا (Word أو UN XML أو نص)، أو اختاروا مستنداً</translation>
    </message>
    <message>
        <source>Texts (*.docx *.xml *.akn *.md *.txt *.text *.html *.htm *.pdf);;All files (*)</source>
        <translation>نصوص (*.docx *.xml *.akn *.md *.txt *.text *.html *.htm *.pdf);;جميع الملفات (*)</translation>
    </message>
</context>
<context>
    <name>Editor</name>
    <message>
        <source>{0}, required</source>
        <translation>{0}، مطلوب</translation>
    </message>
</context>
<context>
    <name>EnrolPage</name>
    <message>
        <source>Carry its request to your delegation&apos;s first laptop, and open the answer here.</source>
        <translation>انقلوا طلبه إلى الحاسوب المحمول الأول لدى وفدكم، وافتحوا الجواب هنا.</translation>
    </message>
    <message>
        <source>Choose the answer…</source>
        <translation>اختيار الجواب…</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>إنهاء</translation>
    </message>
    <message>
        <source>Open the answer</source>
        <translation>فتح الجواب</translation>
    </message>
    <message>
        <source>Passphrase of this laptop</source>
        <translation>عبارة مرور هذا الحاسوب المحمول</translation>
    </message>
    <message>
        <source>Save the request</source>
        <translation>حفظ الطلب</translation>
    </message>
    <message>
        <source>Save the request again…</source>
        <translation>حفظ الطلب من جديد…</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>حُفظ باسم {0}</translation>
    </message>
    <message>
        <source>Show the check code</source>
        <translation>إظهار رمز التحقق</translation>
    </message>
    <message>
        <source>This laptop waits to be admitted</source>
        <translation>هذا الحاسوب المحمول ينتظر ضمّه</translation>
    </message>
    <message>
        <source>Type the passphrase of this laptop first; the request is kept in its vault.</source>
        <translation>اكتبوا أولاً عبارة مرور هذا الحاسوب المحمول؛ فالطلب محفوظ في خزنته.</translation>
    </message>
    <message>
        <source>Waiting to be admitted</source>
        <translation>بانتظار الضم</translation>
    </message>
</context>
<context>
    <name>EntryDetail</name>
    <message>
        <source>Card…</source>
        <translation>بطاقة…</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>تغيير…</translation>
    </message>
    <message>
        <source>Copy: {what}</source>
        <translation>نسخ: {what}</translation>
    </message>
    <message>
        <source>Entered or changed {when} by {who}</source>
        <translation>أُدخل أو تغيّر {when}: {who}</translation>
    </message>
    <message>
        <source>How to reach it</source>
        <translation>كيفية الوصول إليها</translation>
    </message>
    <message>
        <source>Its review was due {when}.</source>
        <translation>كان موعد مراجعته {when}.</translation>
    </message>
    <message>
        <source>Last confirmed: {when}</source>
        <translation>آخر تأكيد: {when}</translation>
    </message>
    <message>
        <source>Memberships of the State</source>
        <translation>عضويات الدولة</translation>
    </message>
    <message>
        <source>No round has asked this contact yet.</source>
        <translation>لم تُسأل جهة الاتصال هذه في أي جولة بعد.</translation>
    </message>
    <message>
        <source>Note verbale…</source>
        <translation>مذكرة شفوية…</translation>
    </message>
    <message>
        <source>Ping rounds</source>
        <translation>جولات اختبار الاتصال</translation>
    </message>
    <message>
        <source>Show the round {title}</source>
        <translation>إظهار الجولة {title}</translation>
    </message>
    <message>
        <source>This entry names a person only: it ends when the person moves on. Prefer a role.</source>
        <translation>لا يسمي هذا القيد إلا شخصاً: فهو ينتهي بانتقال الشخص. يُستحسن ذكر الوظيفة.</translation>
    </message>
    <message>
        <source>Two laptops of your delegation say different things in this entry. Change it to settle that.</source>
        <translation>يرد في هذا القيد كلام مختلف من حاسوبين محمولين لوفدكم. غيّروه لحسم ذلك.</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>ما هو</translation>
    </message>
    <message>
        <source>Where this comes from</source>
        <translation>مصدر هذه المعلومات</translation>
    </message>
    <message>
        <source>asked at {clock} there</source>
        <translation>سُئلت في {clock} بتوقيتها</translation>
    </message>
</context>
<context>
    <name>EventCard</name>
    <message>
        <source>Put back</source>
        <translation>إعادة</translation>
    </message>
    <message>
        <source>Taken out</source>
        <translation>المُخرَجة</translation>
    </message>
    <message>
        <source>Undo: {0}</source>
        <translation>التراجع عن: {0}</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>لا شيء</translation>
    </message>
    <message>
        <source>{0} (undone)</source>
        <translation>{0} (جرى التراجع عنه)</translation>
    </message>
</context>
<context>
    <name>Evidence</name>
    <message>
        <source>A file</source>
        <translation>ملف</translation>
    </message>
    <message>
        <source>A file that is not here yet</source>
        <translation>ملف لم يصل إلى هنا بعد</translation>
    </message>
    <message>
        <source>Add a file as evidence</source>
        <translation>إضافة ملف ضمن الأدلة</translation>
    </message>
    <message>
        <source>Save a copy; outside the vault it is not protected</source>
        <translation>حفظ نسخة؛ وهي خارج الخزنة غير محمية</translation>
    </message>
</context>
<context>
    <name>EvidenceEditor</name>
    <message>
        <source>A file</source>
        <translation>ملف</translation>
    </message>
    <message>
        <source>Add a file…</source>
        <translation>إضافة ملف…</translation>
    </message>
    <message>
        <source>Save a copy of {0}</source>
        <translation>حفظ نسخة من {0}</translation>
    </message>
    <message>
        <source>{0}: add a file</source>
        <translation>{0}: إضافة ملف</translation>
    </message>
</context>
<context>
    <name>EvidenceSection</name>
    <message>
        <source>A file that proves to anybody who said what: texts, amendments, positions, revisions, joint statements, and messages sent for the record. The conversation is signed for nobody and is never in it; neither are your internal notes.</source>
        <translation>ملف يثبت لأي كان من قال ماذا: النصوص والتعديلات والمواقف والتنقيحات والبيانات المشتركة والرسائل المرسلة للمحضر. أما المحادثة فلا تُوقَّع لأحد ولا ترد فيه أبداً؛ وكذلك ملاحظاتكم الداخلية.</translation>
    </message>
    <message>
        <source>Any evidence file, also of talks you took no part in. It is read by a process that holds no keys. Outside Valise the command valise verify does the same.</source>
        <translation>أي ملف أدلة، حتى من محادثات لم تشاركوا فيها. تقرؤه عملية لا تحمل مفاتيح. وخارج Valise يؤدي الأمر valise verify الغرض نفسه.</translation>
    </message>
    <message>
        <source>Check a file</source>
        <translation>التحقق من ملف</translation>
    </message>
    <message>
        <source>Check a file…</source>
        <translation>التحقق من ملف…</translation>
    </message>
    <message>
        <source>Check an evidence file</source>
        <translation>التحقق من ملف أدلة</translation>
    </message>
    <message>
        <source>Evidence (*{0});;All files (*)</source>
        <translation>أدلة (*{0});;جميع الملفات (*)</translation>
    </message>
    <message>
        <source>I want an archive of our own internal notes. I will hand it to nobody.</source>
        <translation>أريد أرشيفاً لملاحظاتنا الداخلية نحن. ولن أسلّمه إلى أحد.</translation>
    </message>
    <message>
        <source>Internal room</source>
        <translation>غرفة داخلية</translation>
    </message>
    <message>
        <source>It holds messages with a marking ({0}): see that you may pass them on.</source>
        <translation>فيه رسائل تحمل علامة تداول ({0}): تأكدوا من جواز نقلها إلى غيركم.</translation>
    </message>
    <message>
        <source>It holds what was said of other delegations&apos; identities ({0}).</source>
        <translation>فيه ما قيل عن هويات وفود أخرى ({0}).</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>الغرفة</translation>
    </message>
    <message>
        <source>Save as evidence…</source>
        <translation>حفظ ضمن الأدلة…</translation>
    </message>
    <message>
        <source>Save the record as evidence</source>
        <translation>حفظ المحضر ضمن الأدلة</translation>
    </message>
    <message>
        <source>Saved as {0}, read back and sound: {1} entries. SHA-256 of the file: {2}</source>
        <translation>حُفظ باسم {0}، وقُرئ مجدداً وهو سليم: عدد القيود {1}. قيمة SHA-256 للملف: {2}</translation>
    </message>
    <message>
        <source>The record of a room, for others</source>
        <translation>محضر غرفة، للآخرين</translation>
    </message>
    <message>
        <source>There is no room yet. Open one in Messages; its record can be written here.</source>
        <translation>لا توجد غرفة بعد. افتحوا غرفة في «الرسائل»؛ ويمكن كتابة محضرها هنا.</translation>
    </message>
    <message>
        <source>These are your delegation&apos;s own notes and red lines. The file says so in its first line.</source>
        <translation>هذه ملاحظات وفدكم وخطوطه الحمراء. وينص الملف على ذلك في سطره الأول.</translation>
    </message>
    <message>
        <source>Whoever gets the file can read all of it, with the names of these delegations and officers, and pass it on.</source>
        <translation>من يحصل على الملف يمكنه قراءته كله، مع أسماء هذه الوفود والموظفين، ونقله إلى غيره.</translation>
    </message>
    <message>
        <source>own archive only</source>
        <translation>أرشيف خاص فقط</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}: {1}</translation>
    </message>
</context>
<context>
    <name>ExchangeCard</name>
    <message>
        <source>Exchange</source>
        <translation>التبادل</translation>
    </message>
    <message>
        <source>Sealed envelopes travel through a relay, a shared folder, or by courier on a stick. Whoever looks after one of these sees only sealed envelopes, their sizes and times.</source>
        <translation>تنتقل المغلفات المختومة عبر محطة ترحيل أو مجلد مشترك أو مع حامل الحقيبة على ذاكرة محمولة. ولا يرى من يتولى أياً منها إلا مغلفات مختومة وأحجامها وأوقاتها.</translation>
    </message>
    <message>
        <source>Ways of exchange…</source>
        <translation>سبل التبادل…</translation>
    </message>
</context>
<context>
    <name>ExchangePage</name>
    <message>
        <source>Change…</source>
        <translation>تغيير…</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>اختيار مجلد…</translation>
    </message>
    <message>
        <source>Choose the exchange folder</source>
        <translation>اختيار مجلد التبادل</translation>
    </message>
    <message>
        <source>Correspondents with whom you share a bilateral room are sent permission to write, sealed.</source>
        <translation>يُرسل إذن الكتابة مختوماً إلى المراسلين الذين تجمعكم بكل منهم غرفة ثنائية.</translation>
    </message>
    <message>
        <source>Delegations and permissions</source>
        <translation>الوفود والأذون</translation>
    </message>
    <message>
        <source>Hand your card with permission to those with whom you do not exchange yet.</source>
        <translation>سلّموا بطاقتكم مع الإذن إلى من لا تتبادلون معهم بعد.</translation>
    </message>
    <message>
        <source>How each is reached</source>
        <translation>كيف يُبلَغ كل منها</translation>
    </message>
    <message>
        <source>Leave…</source>
        <translation>ترك…</translation>
    </message>
    <message>
        <source>Make a bundle…</source>
        <translation>إعداد رزمة…</translation>
    </message>
    <message>
        <source>Open bundles…</source>
        <translation>فتح رزم…</translation>
    </message>
    <message>
        <source>Open the new file…</source>
        <translation>فتح الملف الجديد…</translation>
    </message>
    <message>
        <source>Save the revocations…</source>
        <translation>حفظ الإبطالات…</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>الإعدادات</translation>
    </message>
    <message>
        <source>Stop…</source>
        <translation>وقف…</translation>
    </message>
    <message>
        <source>Take it by courier…</source>
        <translation>نقله مع حامل الحقيبة…</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>اختبار</translation>
    </message>
    <message>
        <source>The folder is in use from now on.</source>
        <translation>المجلد مستخدم من الآن فصاعداً.</translation>
    </message>
    <message>
        <source>The folder is no longer used.</source>
        <translation>لم يعد المجلد مستخدماً.</translation>
    </message>
    <message>
        <source>The relay is no longer used.</source>
        <translation>لم تعد محطة الترحيل مستخدمة.</translation>
    </message>
    <message>
        <source>This laptop uses the relay {0} from now on.</source>
        <translation>يستخدم هذا الحاسوب المحمول محطة الترحيل {0} من الآن فصاعداً.</translation>
    </message>
    <message>
        <source>Ways of exchange</source>
        <translation>سبل التبادل</translation>
    </message>
    <message>
        <source>What waits here is kept.</source>
        <translation>ما ينتظر هنا محفوظ.</translation>
    </message>
    <message>
        <source>What waits is kept. You can take it by courier.</source>
        <translation>ما ينتظر محفوظ. ويمكنكم نقله مع حامل الحقيبة.</translation>
    </message>
    <message>
        <source>Where we may write</source>
        <translation>إلى أين يجوز لنا الكتابة</translation>
    </message>
    <message>
        <source>Who may write to us</source>
        <translation>من يجوز له الكتابة إلينا</translation>
    </message>
</context>
<context>
    <name>ExerciseBanner</name>
    <message>
        <source>This is an exercise. Nothing of it is real.</source>
        <translation>هذا تمرين. لا شيء فيه حقيقي.</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>A file of this name is there already. What it holds now is lost.</source>
        <translation>يوجد هناك ملف بهذا الاسم. وسيضيع ما فيه الآن.</translation>
    </message>
    <message>
        <source>A note verbale nominates one entry: choose its row first.</source>
        <translation>تسمي المذكرة الشفوية قيداً واحداً: اختاروا صفه أولاً.</translation>
    </message>
    <message>
        <source>A note verbale nominates the entry one is at. To whom it goes is asked next; it gets the next running number and is entered as sent in the correspondence.</source>
        <translation>تسمي المذكرة الشفوية القيد الحالي. ويُسأل بعد ذلك عن المرسل إليه؛ وتأخذ الرقم المتسلسل التالي وتُقيَّد ضمن الصادر في المراسلات.</translation>
    </message>
    <message>
        <source>All rows of this side</source>
        <translation>جميع صفوف هذا الجانب</translation>
    </message>
    <message>
        <source>Arrows move; Space ticks</source>
        <translation>الأسهم للتنقل؛ وSpace للتأشير</translation>
    </message>
    <message>
        <source>As it stands now</source>
        <translation>كما هو الآن</translation>
    </message>
    <message>
        <source>Built from the room&apos;s record alone: no internal note, no draft, nothing that has not left. Authors are delegations; no officer is named.</source>
        <translation>يُبنى من محضر الغرفة وحده: بلا ملاحظات داخلية ولا مسودات ولا أي شيء لم يغادر. وأصحاب النص هم الوفود؛ ولا يُذكر اسم أي موظف.</translation>
    </message>
    <message>
        <source>Bundle {0} is ready</source>
        <translation>الرزمة {0} جاهزة</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Choose a stick or a folder</source>
        <translation>اختيار ذاكرة محمولة أو مجلد</translation>
    </message>
    <message>
        <source>Choose the stick or folder…</source>
        <translation>اختيار الذاكرة المحمولة أو المجلد…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>إغلاق</translation>
    </message>
    <message>
        <source>Delegation</source>
        <translation>الوفد</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>تم</translation>
    </message>
    <message>
        <source>Eject the stick before you take it out. When they have opened it, have a bundle brought back: it confirms what came.</source>
        <translation>أخرجوا الذاكرة المحمولة من النظام قبل نزعها. وحين يفتحونها اطلبوا أن تعود إليكم رزمة: فهي تؤكد ما وصل.</translation>
    </message>
    <message>
        <source>Everything still waits here.</source>
        <translation>كل شيء ما زال ينتظر هنا.</translation>
    </message>
    <message>
        <source>Export rows</source>
        <translation>تصدير صفوف</translation>
    </message>
    <message>
        <source>Export the text</source>
        <translation>تصدير النص</translation>
    </message>
    <message>
        <source>Export the text as a file</source>
        <translation>تصدير النص في ملف</translation>
    </message>
    <message>
        <source>Export: {0}</source>
        <translation>تصدير: {0}</translation>
    </message>
    <message>
        <source>For whom</source>
        <translation>لمن</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>الشكل</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>الصيغة</translation>
    </message>
    <message>
        <source>Go on…</source>
        <translation>متابعة…</translation>
    </message>
    <message>
        <source>It is for: {0}</source>
        <translation>وهي موجهة إلى: {0}</translation>
    </message>
    <message>
        <source>Language of the headings</source>
        <translation>لغة العناوين</translation>
    </message>
    <message>
        <source>Last bundle</source>
        <translation>آخر رزمة</translation>
    </message>
    <message>
        <source>Make a bundle for the courier</source>
        <translation>إعداد رزمة لحامل الحقيبة</translation>
    </message>
    <message>
        <source>Make the bundle</source>
        <translation>إعداد الرزمة</translation>
    </message>
    <message>
        <source>Marking</source>
        <translation>علامة التداول</translation>
    </message>
    <message>
        <source>None chosen</source>
        <translation>لم يُختر شيء</translation>
    </message>
    <message>
        <source>Nothing left this device unsealed.</source>
        <translation>لم يغادر هذا الجهاز شيء غير مختوم.</translation>
    </message>
    <message>
        <source>One sealed file with what the ticked delegations have not confirmed. Nobody else can open it, and no name stands on it.</source>
        <translation>ملف مختوم واحد فيه ما لم تؤكده الوفود المؤشَّر عليها. لا يستطيع أحد سواها فتحه، ولا يرد عليه أي اسم.</translation>
    </message>
    <message>
        <source>Open the identity card of a delegation under Contacts first.</source>
        <translation>افتحوا أولاً بطاقة هوية وفد في «جهات التراسل».</translation>
    </message>
    <message>
        <source>Replace it</source>
        <translation>استبداله</translation>
    </message>
    <message>
        <source>Replace {0}?</source>
        <translation>هل يُستبدل {0}؟</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>الصفوف</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>حفظ باسم…</translation>
    </message>
    <message>
        <source>Save the file</source>
        <translation>حفظ الملف</translation>
    </message>
    <message>
        <source>Save the note verbale</source>
        <translation>حفظ المذكرة الشفوية</translation>
    </message>
    <message>
        <source>Save the rows</source>
        <translation>حفظ الصفوف</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>توقف</translation>
    </message>
    <message>
        <source>Stopped. No bundle was made.</source>
        <translation>أُوقفت العملية. ولم تُعدّ أي رزمة.</translation>
    </message>
    <message>
        <source>Stopped. No file was written.</source>
        <translation>أُوقفت العملية. ولم يُكتب أي ملف.</translation>
    </message>
    <message>
        <source>Table (CSV), as it is on the screen</source>
        <translation>جدول (CSV)، كما هو على الشاشة</translation>
    </message>
    <message>
        <source>The file is not encrypted: whoever has it can read it.</source>
        <translation>الملف غير مشفَّر: من حازه أمكنه قراءته.</translation>
    </message>
    <message>
        <source>The rows shown: {0}</source>
        <translation>الصفوف الظاهرة: {0}</translation>
    </message>
    <message>
        <source>There is nobody to make a bundle for</source>
        <translation>لا يوجد من تُعدّ له رزمة</translation>
    </message>
    <message>
        <source>These are our own assessments. The file says “internal” in its name; nothing keeps it from being passed on.</source>
        <translation>هذه تقييماتنا نحن. ويرد في اسم الملف «internal»؛ ولا شيء يمنع تناقله.</translation>
    </message>
    <message>
        <source>This format has no changes of its own: brackets show them. To bring a file back, take Word.</source>
        <translation>ليس لهذه الصيغة تغييرات خاصة بها: بل تبيّنها الأقواس. لإعادة ملف استخدموا Word.</translation>
    </message>
    <message>
        <source>This format keeps changes and remarks as such: it can be brought back without loss.</source>
        <translation>تحفظ هذه الصيغة التغييرات والملاحظات على حالها: ويمكن إعادتها دون فقدان شيء.</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>التنقيح</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>ما ينتظر</translation>
    </message>
    <message>
        <source>What is in it</source>
        <translation>ما فيه</translation>
    </message>
    <message>
        <source>What is in that file now is lost.</source>
        <translation>يضيع ما في ذلك الملف الآن.</translation>
    </message>
    <message>
        <source>What is in the file</source>
        <translation>ما في الملف</translation>
    </message>
    <message>
        <source>What leaves: a card for each entry, without authority, escalation, review, source and status.</source>
        <translation>ما يغادر: بطاقة لكل قيد، بلا صلاحيات ولا تصعيد ولا مراجعة ولا مصدر ولا حالة.</translation>
    </message>
    <message>
        <source>What leaves: {0}</source>
        <translation>ما يغادر: {0}</translation>
    </message>
    <message>
        <source>Which state of the text</source>
        <translation>أي حالة من النص</translation>
    </message>
    <message>
        <source>Which text</source>
        <translation>أي نص</translation>
    </message>
    <message>
        <source>Written as {0} and entered as sent under number {1}.</source>
        <translation>كُتب باسم {0} وقُيّد ضمن الصادر برقم {1}.</translation>
    </message>
    <message>
        <source>Written: {0}, to {1}</source>
        <translation>كُتب: {0}، إلى {1}</translation>
    </message>
    <message>
        <source>as it stands</source>
        <translation>كما هو</translation>
    </message>
    <message>
        <source>{0} (.{1})</source>
        <translation>{0} (.{1})</translation>
    </message>
</context>
<context>
    <name>ExtendSilence</name>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Everybody is told. Who has broken the silence already need not do so again.</source>
        <translation>يُبلَّغ الجميع. ومن كسر الصمت من قبل لا يلزمه كسره من جديد.</translation>
    </message>
    <message>
        <source>Extend</source>
        <translation>تمديد</translation>
    </message>
    <message>
        <source>Extend the deadline</source>
        <translation>تمديد الموعد النهائي</translation>
    </message>
    <message>
        <source>In force on {0}: {1}</source>
        <translation>الساري بشأن {0}: {1}</translation>
    </message>
</context>
<context>
    <name>EyePane</name>
    <message>
        <source>Digits: {digits}</source>
        <translation>الأرقام: {digits}</translation>
    </message>
    <message>
        <source>Read the words or the digits to each other, face to face or over a line where you know the voice. Both sides see the same. Valise never sends them.</source>
        <translation>اقرأوا الكلمات أو الأرقام أحدكما للآخر، وجهاً لوجه أو عبر خط تعرفون فيه الصوت. يرى الطرفان الشيء نفسه. ولا يرسلها Valise أبداً.</translation>
    </message>
    <message>
        <source>They differ</source>
        <translation>مختلفة</translation>
    </message>
    <message>
        <source>They match</source>
        <translation>متطابقة</translation>
    </message>
    <message>
        <source>Words: {words}</source>
        <translation>الكلمات: {words}</translation>
    </message>
</context>
<context>
    <name>FieldLine</name>
    <message>
        <source>Settle…</source>
        <translation>حسم…</translation>
    </message>
    <message>
        <source>{0} Different values stand</source>
        <translation>{0} توجد قيم مختلفة</translation>
    </message>
    <message>
        <source>{0} This is not what the field asks for</source>
        <translation>{0} ليس هذا ما يطلبه الحقل</translation>
    </message>
    <message>
        <source>{0}: settle which value stands</source>
        <translation>{0}: حسم أي القيم هي القائمة</translation>
    </message>
</context>
<context>
    <name>FileChoice</name>
    <message>
        <source>None chosen</source>
        <translation>لم يُختر شيء</translation>
    </message>
</context>
<context>
    <name>FileTray</name>
    <message>
        <source>file attached earlier</source>
        <translation>ملف أُرفق من قبل</translation>
    </message>
    <message>
        <source>sealing</source>
        <translation>جارٍ الختم</translation>
    </message>
</context>
<context>
    <name>FilesBench</name>
    <message>
        <source>A second officer of your delegation releases them, paragraph by paragraph.</source>
        <translation>يجيزها موظف ثانٍ من وفدكم، فقرة فقرة.</translation>
    </message>
    <message>
        <source>Copied with brackets and attributions: {0}.</source>
        <translation>نُسخ مع الأقواس وأسماء أصحاب المقترحات: {0}.</translation>
    </message>
    <message>
        <source>It is not encrypted: whoever has the file can read it.</source>
        <translation>الملف غير مشفَّر: من حازه أمكنه قراءته.</translation>
    </message>
    <message>
        <source>Proposals from the file that wait: {0}.</source>
        <translation>مقترحات من الملف تنتظر: {0}.</translation>
    </message>
    <message>
        <source>Proposed from the file: {0}.</source>
        <translation>اقتُرح من الملف: {0}.</translation>
    </message>
    <message>
        <source>Remarks stay: they cannot be taken back.</source>
        <translation>تبقى الملاحظات: ولا يمكن سحبها.</translation>
    </message>
    <message>
        <source>Remarks to the room: {0}.</source>
        <translation>ملاحظات موجهة إلى الغرفة: {0}.</translation>
    </message>
    <message>
        <source>Saved: {0}.</source>
        <translation>حُفظ: {0}.</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>سحب</translation>
    </message>
    <message>
        <source>Taken back.</source>
        <translation>سُحبت.</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>تُفرَّغ الحافظة خلال عشر ثوانٍ.</translation>
    </message>
    <message>
        <source>They leave with the next exchange.</source>
        <translation>تغادر مع التبادل التالي.</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Filter by what fields say (Ctrl+Shift+F)</source>
        <translation>التصفية بحسب ما تقوله الحقول (Ctrl+Shift+F)</translation>
    </message>
    <message>
        <source>Filters under a name</source>
        <translation>عوامل تصفية محفوظة باسم</translation>
    </message>
    <message>
        <source>Keep this filter…</source>
        <translation>حفظ عامل التصفية هذا…</translation>
    </message>
    <message>
        <source>Kept filters</source>
        <translation>عوامل التصفية المحفوظة</translation>
    </message>
    <message>
        <source>Only rows where different values stand</source>
        <translation>الصفوف التي فيها قيم مختلفة فقط</translation>
    </message>
    <message>
        <source>Only rows whose review is due</source>
        <translation>الصفوف المستحقة المراجعة فقط</translation>
    </message>
    <message>
        <source>Rows that were taken out, instead of those that stand</source>
        <translation>الصفوف التي أُخرجت، بدلاً من القائمة</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>إخراج</translation>
    </message>
    <message>
        <source>Take this filter away</source>
        <translation>إزالة عامل التصفية هذا</translation>
    </message>
    <message>
        <source>Take this filter away: {0}</source>
        <translation>إزالة عامل التصفية هذا: {0}</translation>
    </message>
    <message>
        <source>Taken out</source>
        <translation>المُخرَجة</translation>
    </message>
    <message>
        <source>Words in any field</source>
        <translation>كلمات في أي حقل</translation>
    </message>
    <message>
        <source>{0} Differences</source>
        <translation>{0} اختلافات</translation>
    </message>
    <message>
        <source>{0} Review due</source>
        <translation>{0} مراجعة مستحقة</translation>
    </message>
</context>
<context>
    <name>FilterDialog</name>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>تصفية</translation>
    </message>
    <message>
        <source>Filter by</source>
        <translation>التصفية بحسب</translation>
    </message>
    <message>
        <source>Nothing entered</source>
        <translation>لم يُملأ</translation>
    </message>
    <message>
        <source>Possible values</source>
        <translation>ما يمكن أن يكون</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>إظهار</translation>
    </message>
    <message>
        <source>Show rows with</source>
        <translation>إظهار الصفوف التي فيها</translation>
    </message>
    <message>
        <source>Space ticks</source>
        <translation>Space للتأشير</translation>
    </message>
    <message>
        <source>Take all ticks away</source>
        <translation>إزالة كل التأشيرات</translation>
    </message>
    <message>
        <source>{0}, ticked: {1}</source>
        <translation>{0}، المؤشَّر عليه: {1}</translation>
    </message>
</context>
<context>
    <name>Fingerprint</name>
    <message>
        <source>Fingerprint: {digits}</source>
        <translation>البصمة: {digits}</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>Back</source>
        <translation>رجوع</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>متابعة</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>تم</translation>
    </message>
    <message>
        <source>First run</source>
        <translation>التشغيل الأول</translation>
    </message>
    <message>
        <source>I have a backup…</source>
        <translation>لديّ نسخة احتياطية…</translation>
    </message>
    <message>
        <source>Make the vault</source>
        <translation>إنشاء الخزنة</translation>
    </message>
    <message>
        <source>Open the vault</source>
        <translation>فتح الخزنة</translation>
    </message>
    <message>
        <source>Practise first…</source>
        <translation>التدرب أولاً…</translation>
    </message>
    <message>
        <source>Step {0} of {1}</source>
        <translation>الخطوة {0} من {1}</translation>
    </message>
</context>
<context>
    <name>FolderChoice</name>
    <message>
        <source>Choose a stick or a folder</source>
        <translation>اختيار ذاكرة محمولة أو مجلد</translation>
    </message>
    <message>
        <source>Choose the place…</source>
        <translation>اختيار المكان…</translation>
    </message>
    <message>
        <source>None chosen</source>
        <translation>لم يُختر شيء</translation>
    </message>
</context>
<context>
    <name>FormField</name>
    <message>
        <source>Level</source>
        <translation>الدرجة</translation>
    </message>
    <message>
        <source>Name of the scale</source>
        <translation>اسم المقياس</translation>
    </message>
    <message>
        <source>Not stated here</source>
        <translation>لم يُذكر هنا</translation>
    </message>
    <message>
        <source>One a line</source>
        <translation>واحد في كل سطر</translation>
    </message>
    <message>
        <source>One a line. {0}</source>
        <translation>واحد في كل سطر. {0}</translation>
    </message>
    <message>
        <source>required</source>
        <translation>مطلوب</translation>
    </message>
    <message>
        <source>year-month-day hour:minute</source>
        <translation>سنة-شهر-يوم ساعة:دقيقة</translation>
    </message>
    <message>
        <source>{0}, in UTC, for example 2026-12-10 18:00</source>
        <translation>{0}، بتوقيت UTC، مثلاً 2026-12-10 18:00</translation>
    </message>
    <message>
        <source>{0}: level</source>
        <translation>{0}: الدرجة</translation>
    </message>
    <message>
        <source>{0}: name of the scale</source>
        <translation>{0}: اسم المقياس</translation>
    </message>
</context>
<context>
    <name>Front</name>
    <message>
        <source>Guide</source>
        <translation>دليل الاستخدام</translation>
    </message>
    <message>
        <source>Valise</source>
        <translation>Valise</translation>
    </message>
</context>
<context>
    <name>FrozenStrip</name>
    <message>
        <source>A computer of a delegation has signed two different histories.</source>
        <translation>وقّع حاسوب أحد الوفود تسلسلين مختلفين.</translation>
    </message>
    <message>
        <source>Decide…</source>
        <translation>اتخاذ قرار…</translation>
    </message>
    <message>
        <source>Everybody sees the last common state. Nothing is lost and nothing leaks; the delegations decide together how it goes on.</source>
        <translation>يرى الجميع آخر حالة مشتركة. ولا يضيع شيء ولا يتسرب شيء؛ وتقرر الوفود معاً كيف يستمر النص.</translation>
    </message>
    <message>
        <source>What it sent since then is not counted until its delegation has settled it. Computers concerned: {0}.</source>
        <translation>لا يُحتسب ما أرسله منذ ذلك الحين إلى أن يحسم وفده الأمر. الحواسيب المعنية: {0}.</translation>
    </message>
</context>
<context>
    <name>GiveDialog</name>
    <message>
        <source>Delegation</source>
        <translation>الوفد</translation>
    </message>
    <message>
        <source>Every delegation you know has one already, or sending to it is stopped.</source>
        <translation>كل وفد تعرفونه لديه إذن، أو أن الإرسال إليه موقوف.</translation>
    </message>
    <message>
        <source>Give it</source>
        <translation>منحه</translation>
    </message>
    <message>
        <source>Give permission to write</source>
        <translation>منح إذن بالكتابة</translation>
    </message>
    <message>
        <source>The delegation can then put sealed envelopes into your mailbox at the relay, and nothing else. The permission is sent to it sealed; it ends by itself and you can take it back.</source>
        <translation>يستطيع الوفد عندئذ إيداع مغلفات مختومة في صندوق بريدكم لدى محطة الترحيل، ولا شيء غير ذلك. ويُرسل الإذن إليه مختوماً؛ وهو ينتهي من تلقاء نفسه ويمكنكم سحبه.</translation>
    </message>
</context>
<context>
    <name>GoTo</name>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Go</source>
        <translation>انتقال</translation>
    </message>
    <message>
        <source>Go to paragraph</source>
        <translation>الانتقال إلى فقرة</translation>
    </message>
    <message>
        <source>No paragraph has this number.</source>
        <translation>لا توجد فقرة بهذا الرقم.</translation>
    </message>
    <message>
        <source>Number of the paragraph, for example OP 3 bis</source>
        <translation>رقم الفقرة، مثلاً OP 3 bis</translation>
    </message>
    <message>
        <source>OP 3 bis, PP 5, 12 …</source>
        <translation>OP 3 bis, PP 5, 12 …</translation>
    </message>
</context>
<context>
    <name>GrantsPane</name>
    <message>
        <source>Arrows move; Delete revokes</source>
        <translation>الأسهم للتنقل؛ وDelete للإبطال</translation>
    </message>
    <message>
        <source>Given</source>
        <translation>مُنح</translation>
    </message>
    <message>
        <source>How it reached them</source>
        <translation>كيف وصل إليهم</translation>
    </message>
    <message>
        <source>It ends on {0} and renews by itself while you share a room with it alone; you can take it back.</source>
        <translation>ينتهي في {0} ويتجدد من تلقاء نفسه ما دامت تجمعكما وحدكما غرفة؛ ويمكنكم سحبه.</translation>
    </message>
    <message>
        <source>It is not saved yet.</source>
        <translation>لم يُحفظ بعد.</translation>
    </message>
    <message>
        <source>No relay, no permissions</source>
        <translation>لا محطة ترحيل، فلا أذون</translation>
    </message>
    <message>
        <source>Nobody has a permission yet. Give one, or hand over a card with one.</source>
        <translation>ليس لدى أحد إذن بعد. امنحوا إذناً، أو سلّموا بطاقة فيها إذن.</translation>
    </message>
    <message>
        <source>Nothing more is taken with it.</source>
        <translation>لا يُقبل به شيء بعد الآن.</translation>
    </message>
    <message>
        <source>Our mailbox at {0}: {1}</source>
        <translation>صندوق بريدنا لدى {0}: {1}</translation>
    </message>
    <message>
        <source>Permission</source>
        <translation>الإذن</translation>
    </message>
    <message>
        <source>Permissions to write to us</source>
        <translation>أذون الكتابة إلينا</translation>
    </message>
    <message>
        <source>Revoking: the relay has not confirmed yet.</source>
        <translation>الإبطال جارٍ: لم تؤكده محطة الترحيل بعد.</translation>
    </message>
    <message>
        <source>Save it elsewhere…</source>
        <translation>حفظها في مكان آخر…</translation>
    </message>
    <message>
        <source>Save it…</source>
        <translation>حفظها…</translation>
    </message>
    <message>
        <source>Save the card</source>
        <translation>حفظ البطاقة</translation>
    </message>
    <message>
        <source>Save the revocations</source>
        <translation>حفظ الإبطالات</translation>
    </message>
    <message>
        <source>Save the revocations…</source>
        <translation>حفظ الإبطالات…</translation>
    </message>
    <message>
        <source>The card is saved as {0}. Hand it over like a key, to that correspondent alone.</source>
        <translation>حُفظت البطاقة باسم {0}. سلّموها كما يُسلَّم المفتاح، إلى ذلك المراسِل وحده.</translation>
    </message>
    <message>
        <source>The old one ends by itself.</source>
        <translation>وينتهي القديم من تلقاء نفسه.</translation>
    </message>
    <message>
        <source>The permission goes to it sealed, with the next exchange.</source>
        <translation>يذهب الإذن إليه مختوماً مع التبادل التالي.</translation>
    </message>
    <message>
        <source>The permission is revoked and the relay has confirmed it.</source>
        <translation>أُبطل الإذن وأكدت محطة الترحيل ذلك.</translation>
    </message>
    <message>
        <source>The revocations are saved as {0}. Give the file to the operator of the relay.</source>
        <translation>حُفظت الإبطالات باسم {0}. سلّموا الملف إلى مشغّل محطة الترحيل.</translation>
    </message>
    <message>
        <source>This laptop may not give permissions; another one of your delegation does.</source>
        <translation>لا يجوز لهذا الحاسوب المحمول منح الأذون؛ ويجوز ذلك لحاسوب آخر لدى وفدكم.</translation>
    </message>
    <message>
        <source>Use a relay…</source>
        <translation>استخدام محطة ترحيل…</translation>
    </message>
    <message>
        <source>Who may write to us</source>
        <translation>من يجوز له الكتابة إلينا</translation>
    </message>
    <message>
        <source>With a relay you say who may write to you there, one correspondent at a time.</source>
        <translation>مع محطة الترحيل تحددون من يجوز له الكتابة إليكم فيها، مراسِلاً بعد آخر.</translation>
    </message>
    <message>
        <source>{0} gets a new permission, until {1}.</source>
        <translation>يُمنح {0} إذناً جديداً، حتى {1}.</translation>
    </message>
    <message>
        <source>{0} may write to you through the relay.</source>
        <translation>يجوز لـ {0} الكتابة إليكم عبر محطة الترحيل.</translation>
    </message>
</context>
<context>
    <name>Grid</name>
    <message>
        <source>Arrows move, Enter goes to the paragraph</source>
        <translation>الأسهم للتنقل، وEnter للانتقال إلى الفقرة</translation>
    </message>
    <message>
        <source>Corner of the table</source>
        <translation>زاوية الجدول</translation>
    </message>
    <message>
        <source>Delegations</source>
        <translation>الوفود</translation>
    </message>
    <message>
        <source>Paragraphs</source>
        <translation>الفقرات</translation>
    </message>
    <message>
        <source>Who stands where</source>
        <translation>من يقف أين</translation>
    </message>
</context>
<context>
    <name>GridModel</name>
    <message>
        <source>{0} (amendment {1})</source>
        <translation>{0} (التعديل {1})</translation>
    </message>
    <message>
        <source>{0} (an amendment)</source>
        <translation>{0} (تعديل)</translation>
    </message>
    <message>
        <source>{0} amendment {1}</source>
        <translation>{0}، التعديل {1}</translation>
    </message>
    <message>
        <source>{0}, for {1}</source>
        <translation>{0}، باسم {1}</translation>
    </message>
    <message>
        <source>{0}, {1}: said nothing</source>
        <translation>{0}، {1}: لم يُقل شيء</translation>
    </message>
    <message>
        <source>{0}, {1}: {2}</source>
        <translation>{0}، {1}: {2}</translation>
    </message>
</context>
<context>
    <name>GuideWindow</name>
    <message>
        <source>Contents</source>
        <translation>المحتويات</translation>
    </message>
    <message>
        <source>Found in the guide</source>
        <translation>ما عُثر عليه في دليل الاستخدام</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>دليل الاستخدام</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>المفاتيح</translation>
    </message>
    <message>
        <source>Nothing in the guide has all of these words.</source>
        <translation>لا شيء في دليل الاستخدام يتضمن هذه الكلمات كلها.</translation>
    </message>
    <message>
        <source>Search the guide</source>
        <translation>البحث في دليل الاستخدام</translation>
    </message>
    <message>
        <source>This page is not there in the language of the window yet; it is shown in English.</source>
        <translation>هذه الصفحة غير متاحة بعد بلغة النافذة؛ وهي معروضة بالإنكليزية.</translation>
    </message>
    <message>
        <source>{0} – Guide</source>
        <translation>{0} – دليل الاستخدام</translation>
    </message>
</context>
<context>
    <name>HandOverDialog</name>
    <message>
        <source>A laptop that is still to be admitted</source>
        <translation>حاسوب محمول لم يُضمّ بعد</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>المتابعة إلى المفتاح الجذري…</translation>
    </message>
    <message>
        <source>Hand over an office</source>
        <translation>تسليم منصب</translation>
    </message>
    <message>
        <source>The officer at this very laptop is handed over on the successor&apos;s, once it is admitted there.</source>
        <translation>الموظف الذي يعمل على هذا الحاسوب المحمول نفسه يُسلَّم منصبه من الحاسوب المحمول للخلف، متى ضُمّ هناك.</translation>
    </message>
    <message>
        <source>The successor gets the rights and the old laptop gets nothing any more, by one signature. Notes, red lines and the record stay with the delegation: the successor&apos;s laptop receives them.</source>
        <translation>يحصل الخلف على الحقوق ولا يصل الحاسوبَ المحمول القديم شيء بعد ذلك، بتوقيع واحد. وتبقى الملاحظات والخطوط الحمراء والمحاضر لدى الوفد: ويستلمها الحاسوب المحمول للخلف.</translation>
    </message>
    <message>
        <source>Who follows</source>
        <translation>من يخلفه</translation>
    </message>
    <message>
        <source>Who leaves</source>
        <translation>من يغادر</translation>
    </message>
</context>
<context>
    <name>HashBox</name>
    <message>
        <source>Copy the hash</source>
        <translation>نسخ قيمة التجزئة</translation>
    </message>
    <message>
        <source>Hash that is signed: {0}</source>
        <translation>قيمة التجزئة التي تُوقَّع: {0}</translation>
    </message>
</context>
<context>
    <name>Headline</name>
    <message>
        <source>Files and copies of the text</source>
        <translation>ملفات النص ونسخه</translation>
    </message>
    <message>
        <source>The text from further away</source>
        <translation>النص من مسافة أبعد</translation>
    </message>
    <message>
        <source>amendments: {0}</source>
        <translation>التعديلات: {0}</translation>
    </message>
    <message>
        <source>not complete yet, waiting for {0}</source>
        <translation>لم يكتمل بعد، بانتظار {0}</translation>
    </message>
    <message>
        <source>your delegation holds the pen on another computer</source>
        <translation>يحمل وفدكم القلم على حاسوب آخر</translation>
    </message>
    <message>
        <source>{0} holds the pen</source>
        <translation>القلم لدى {0}</translation>
    </message>
    <message>
        <source>{0} of {1} open</source>
        <translation>المفتوح {0} من {1}</translation>
    </message>
</context>
<context>
    <name>HeldCard</name>
    <message>
        <source>Reason: {0}</source>
        <translation>السبب: {0}</translation>
    </message>
    <message>
        <source>Release</source>
        <translation>إجازة</translation>
    </message>
    <message>
        <source>Release this draft to the room of the text</source>
        <translation>إجازة هذه المسودة لتغادر إلى غرفة النص</translation>
    </message>
    <message>
        <source>Return this draft to its author, with the reason</source>
        <translation>إعادة هذه المسودة إلى صاحبها مع السبب</translation>
    </message>
    <message>
        <source>Returned by {0}</source>
        <translation>أعادها {0}</translation>
    </message>
    <message>
        <source>Returned by {0}: {1}</source>
        <translation>أعادها {0}: {1}</translation>
    </message>
    <message>
        <source>Return…</source>
        <translation>إعادة…</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>سحب</translation>
    </message>
    <message>
        <source>Take this draft back</source>
        <translation>سحب هذه المسودة</translation>
    </message>
    <message>
        <source>Take this draft back and go on writing it</source>
        <translation>سحب هذه المسودة ومتابعة كتابتها</translation>
    </message>
    <message>
        <source>Write again</source>
        <translation>كتابتها من جديد</translation>
    </message>
    <message>
        <source>⧗ Draft, {0}</source>
        <translation>⧗ مسودة، {0}</translation>
    </message>
</context>
<context>
    <name>HistoryPane</name>
    <message>
        <source>Choose a paragraph in the text; what happened to it stands here.</source>
        <translation>اختاروا فقرة في النص؛ فيظهر هنا ما جرى لها.</translation>
    </message>
    <message>
        <source>History</source>
        <translation>تاريخ التغييرات</translation>
    </message>
    <message>
        <source>History of the paragraph</source>
        <translation>تاريخ تغييرات الفقرة</translation>
    </message>
    <message>
        <source>History of the row</source>
        <translation>تاريخ تغييرات الصف</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>الأحدث أولاً</translation>
    </message>
    <message>
        <source>Nothing to tell yet</source>
        <translation>لا يوجد ما يُروى بعد</translation>
    </message>
    <message>
        <source>Nothing was changed here yet.</source>
        <translation>لم يتغيّر شيء هنا بعد.</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>الأقدم أولاً</translation>
    </message>
    <message>
        <source>Order of the history</source>
        <translation>ترتيب تاريخ التغييرات</translation>
    </message>
</context>
<context>
    <name>HowMany</name>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>المتابعة إلى المفتاح الجذري…</translation>
    </message>
    <message>
        <source>Recovery shares of the delegation</source>
        <translation>حصص استرداد الوفد</translation>
    </message>
    <message>
        <source>Sheets made before stay valid: collect and burn them when these take their place.</source>
        <translation>الأوراق المعدّة من قبل تبقى صالحة: اجمعوها وأحرقوها حين تحل هذه محلها.</translation>
    </message>
    <message>
        <source>Sheets of paper for several people or safes. As many together as you say give the root key back when the key file or its passphrase is lost; fewer tell nothing about it. Three sheets of which two are needed suit most.</source>
        <translation>أوراق لعدة أشخاص أو خزائن مأمونة. يعيد منها العدد الذي تحددونه معاً المفتاح الجذري إذا فُقد ملف المفتاح أو عبارة مروره؛ وما دون ذلك لا يكشف عنه شيئاً. وثلاث أوراق يلزم منها اثنتان تناسب معظم الوفود.</translation>
    </message>
</context>
<context>
    <name>HygieneSection</name>
    <message>
        <source>Everything passes: {0} of {0}.</source>
        <translation>كل شيء مستوفٍ: {0} من {0}.</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>النظر من جديد</translation>
    </message>
</context>
<context>
    <name>IdentityCard</name>
    <message>
        <source>Fingerprint</source>
        <translation>البصمة</translation>
    </message>
    <message>
        <source>Hand the card to other delegations. It holds no secret; the code lets them compare it.</source>
        <translation>سلّموا البطاقة إلى الوفود الأخرى. وهي لا تحوي سراً؛ ويتيح لها الرمز مقارنتها.</translation>
    </message>
    <message>
        <source>QR code of your fingerprint</source>
        <translation>رمز QR لبصمتكم</translation>
    </message>
    <message>
        <source>Save the card…</source>
        <translation>حفظ البطاقة…</translation>
    </message>
    <message>
        <source>Save the identity card</source>
        <translation>حفظ بطاقة الهوية</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>حُفظ باسم {0}</translation>
    </message>
    <message>
        <source>This laptop may: {0}.</source>
        <translation>صلاحيات هذا الحاسوب المحمول: {0}.</translation>
    </message>
    <message>
        <source>Your identity</source>
        <translation>هويتكم</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>A State, by its name or its two letters</source>
        <translation>دولة، باسمها أو بحرفيها</translation>
    </message>
    <message>
        <source>A day as 2026-11-22</source>
        <translation>يوم مثل 2026-11-22</translation>
    </message>
    <message>
        <source>A moment as 2026-11-22 14:05 UTC</source>
        <translation>وقت بهذا الشكل: 2026-11-22 14:05 UTC</translation>
    </message>
    <message>
        <source>A number as +41 22 000 00 00</source>
        <translation>رقم بهذا الشكل: +41 22 000 00 00</translation>
    </message>
    <message>
        <source>A number, for example 12 or 3.5</source>
        <translation>رقم، مثلاً 12 أو 3.5</translation>
    </message>
    <message>
        <source>A time zone as Europe/Zurich</source>
        <translation>منطقة زمنية بهذا الشكل: Europe/Zurich</translation>
    </message>
    <message>
        <source>After</source>
        <translation>بعد</translation>
    </message>
    <message>
        <source>An address as office@example.org</source>
        <translation>عنوان مثل office@example.org</translation>
    </message>
    <message>
        <source>An address of the web as https://example.org</source>
        <translation>عنوان على الويب بهذا الشكل: https://example.org</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>قبل</translation>
    </message>
    <message>
        <source>Choose files…</source>
        <translation>اختيار ملفات…</translation>
    </message>
    <message>
        <source>Choose the files on the stick, or drop them here. Everything in them is verified before it counts, and nothing is changed on the stick.</source>
        <translation>اختاروا الملفات على الذاكرة المحمولة، أو أفلتوها هنا. يُتحقق من كل ما فيها قبل الاعتداد به، ولا يتغير شيء على الذاكرة المحمولة.</translation>
    </message>
    <message>
        <source>Choose the file…</source>
        <translation>اختيار الملف…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>إغلاق</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>العمود</translation>
    </message>
    <message>
        <source>Faults</source>
        <translation>الأخطاء</translation>
    </message>
    <message>
        <source>Faults: {0}. Mend the file and choose it again; nothing was taken.</source>
        <translation>الأخطاء: {0}. أصلحوا الملف واختاروه من جديد؛ ولم يُدخل شيء.</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>الحقل</translation>
    </message>
    <message>
        <source>First you see what would change. Nothing is taken while there is a fault, and then all of it or nothing.</source>
        <translation>ترون أولاً ما سيتغيّر. ولا يُدخل شيء ما دام هناك خطأ، وبعد ذلك يُدخل الكل أو لا شيء.</translation>
    </message>
    <message>
        <source>Import rows</source>
        <translation>استيراد صفوف</translation>
    </message>
    <message>
        <source>Import: {0}</source>
        <translation>استيراد: {0}</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>السطر</translation>
    </message>
    <message>
        <source>New: {0}</source>
        <translation>جديد: {0}</translation>
    </message>
    <message>
        <source>One of these: {0}</source>
        <translation>أحد هذه الخيارات: {0}</translation>
    </message>
    <message>
        <source>Open bundles</source>
        <translation>فتح رزم</translation>
    </message>
    <message>
        <source>Open bundles of a courier</source>
        <translation>فتح رزم وردت مع حامل الحقيبة</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>الصف</translation>
    </message>
    <message>
        <source>Rows ({0})</source>
        <translation>الصفوف ({0})</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>توقف</translation>
    </message>
    <message>
        <source>Take all of it</source>
        <translation>إدخال الكل</translation>
    </message>
    <message>
        <source>The file has {0}. Changes: {1}. Equal already: {2}.</source>
        <translation>في الملف {0}. التغييرات: {1}. المطابق من قبل: {2}.</translation>
    </message>
    <message>
        <source>The file has {0}; all of it stands here already.</source>
        <translation>في الملف {0}؛ وكل ذلك موجود هنا من قبل.</translation>
    </message>
    <message>
        <source>The first {0} are shown.</source>
        <translation>تُعرض الأوائل وعددها {0}.</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>موضع الخطأ</translation>
    </message>
    <message>
        <source>What stands there</source>
        <translation>ما ورد هناك</translation>
    </message>
    <message>
        <source>What would change</source>
        <translation>ما سيتغيّر</translation>
    </message>
    <message>
        <source>Yes or no</source>
        <translation>نعم أو لا</translation>
    </message>
</context>
<context>
    <name>ImportReport</name>
    <message>
        <source>Close</source>
        <translation>إغلاق</translation>
    </message>
    <message>
        <source>Files that could not be read</source>
        <translation>الملفات التي تعذرت قراءتها</translation>
    </message>
    <message>
        <source>What could not be read</source>
        <translation>ما تعذرت قراءته</translation>
    </message>
</context>
<context>
    <name>IncidentPage</name>
    <message>
        <source>Copy the hash of the record</source>
        <translation>نسخ قيمة تجزئة المحضر</translation>
    </message>
    <message>
        <source>Embargo: not to be sent on before {0}.</source>
        <translation>حظر: لا تجوز الإحالة قبل {0}.</translation>
    </message>
    <message>
        <source>Record, the same at every delegation:</source>
        <translation>المحضر، وهو نفسه لدى كل وفد:</translation>
    </message>
    <message>
        <source>Reported by {0}</source>
        <translation>أبلغ به {0}</translation>
    </message>
    <message>
        <source>SHA-256 of the record: {0}</source>
        <translation>قيمة SHA-256 للمحضر: {0}</translation>
    </message>
    <message>
        <source>The incident</source>
        <translation>الحادث</translation>
    </message>
    <message>
        <source>We reported it</source>
        <translation>نحن أبلغنا به</translation>
    </message>
    <message>
        <source>We reported it to {0}</source>
        <translation>نحن أبلغنا به {0}</translation>
    </message>
    <message>
        <source>a room you are no longer in</source>
        <translation>غرفة لم تعودوا فيها</translation>
    </message>
    <message>
        <source>{0}.</source>
        <translation>{0}.</translation>
    </message>
    <message>
        <source>{who} in {room}, {when}. Reference {reference}.</source>
        <translation>{who} في {room}، {when}. المرجع {reference}.</translation>
    </message>
    <message>
        <source>{who}, {when}. Reference {reference}.</source>
        <translation>{who}، {when}. المرجع {reference}.</translation>
    </message>
</context>
<context>
    <name>IncidentsList</name>
    <message>
        <source>Incidents and requests, open ones first</source>
        <translation>الحوادث والطلبات، والمفتوحة منها أولاً</translation>
    </message>
</context>
<context>
    <name>IncidentsModel</name>
    <message>
        <source>not looked at yet</source>
        <translation>لم يُنظر فيه بعد</translation>
    </message>
    <message>
        <source>we</source>
        <translation>نحن</translation>
    </message>
</context>
<context>
    <name>IncidentsScreen</name>
    <message>
        <source>Choose an incident</source>
        <translation>اختاروا حادثاً</translation>
    </message>
    <message>
        <source>Go on with a draft</source>
        <translation>متابعة مسودة</translation>
    </message>
    <message>
        <source>Go on with a draft ({0})</source>
        <translation>متابعة مسودة ({0})</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>الحوادث</translation>
    </message>
    <message>
        <source>It is on its way: sealed now, sent with the next exchange.</source>
        <translation>هو في الطريق: خُتم الآن، ويُرسل مع التبادل التالي.</translation>
    </message>
    <message>
        <source>No incident has been reported</source>
        <translation>لم يُبلَّغ عن أي حادث</translation>
    </message>
    <message>
        <source>Report an incident or ask for help (Ctrl+N)</source>
        <translation>الإبلاغ عن حادث أو طلب المساعدة (Ctrl+N)</translation>
    </message>
    <message>
        <source>Report an incident, or ask for help, to a delegation or to a group. What others report to you stands here too.</source>
        <translation>أبلغوا عن حادث أو اطلبوا المساعدة من وفد أو مجموعة. وما يبلغكم به الآخرون يظهر هنا أيضاً.</translation>
    </message>
    <message>
        <source>Report or ask for help…</source>
        <translation>الإبلاغ أو طلب المساعدة…</translation>
    </message>
    <message>
        <source>What needs you stands first.</source>
        <translation>ما يحتاج إليكم يأتي أولاً.</translation>
    </message>
</context>
<context>
    <name>Inside</name>
    <message>
        <source>Bring it back</source>
        <translation>إرجاعها</translation>
    </message>
    <message>
        <source>No draft of another officer waits on this paragraph.</source>
        <translation>لا تنتظر مسودة لموظف آخر على هذه الفقرة.</translation>
    </message>
    <message>
        <source>Returned to {0}. It did not leave.</source>
        <translation>أُعيدت إلى {0}. ولم تغادر.</translation>
    </message>
    <message>
        <source>Taken back. It did not leave.</source>
        <translation>سُحبت. ولم تغادر.</translation>
    </message>
    <message>
        <source>The note is struck out.</source>
        <translation>شُطبت الملاحظة.</translation>
    </message>
    <message>
        <source>The paragraph has changed. Your draft said: {0}</source>
        <translation>تغيّرت الفقرة. وكان في مسودتكم: {0}</translation>
    </message>
</context>
<context>
    <name>InternalPane</name>
    <message>
        <source>Alt+1 to Alt+4 while writing</source>
        <translation>Alt+1 إلى Alt+4 في أثناء الكتابة</translation>
    </message>
    <message>
        <source>Changes the note; Esc keeps it as it was.</source>
        <translation>يغيّر الملاحظة؛ وEsc يبقيها كما كانت.</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>For your delegation only</source>
        <translation>لوفدكم وحده</translation>
    </message>
    <message>
        <source>Internal remark, never leaves your delegation</source>
        <translation>ملاحظة داخلية، لا تغادر وفدكم أبداً</translation>
    </message>
    <message>
        <source>Internal remarks on the paragraph</source>
        <translation>ملاحظات داخلية على الفقرة</translation>
    </message>
    <message>
        <source>Internal, stays in your delegation</source>
        <translation>داخلي، يبقى في وفدكم</translation>
    </message>
    <message>
        <source>Keep internally</source>
        <translation>حفظ داخلياً</translation>
    </message>
    <message>
        <source>Kind of internal remark</source>
        <translation>نوع الملاحظة الداخلية</translation>
    </message>
    <message>
        <source>Red lines, fallbacks and notes from the room.</source>
        <translation>الخطوط الحمراء والصيغ الاحتياطية والملاحظات من القاعة.</translation>
    </message>
</context>
<context>
    <name>ItemPage</name>
    <message>
        <source>All States and all items at once (Ctrl+M)</source>
        <translation>جميع الدول وجميع البنود معاً (Ctrl+M)</translation>
    </message>
    <message>
        <source>Choose a State in the matrix to note what it has said, with its date and who said it.</source>
        <translation>اختاروا دولة في المصفوفة لتدوين ما قالته وتاريخه ومن قاله.</translation>
    </message>
    <message>
        <source>Every field of what our State has said and done (Ctrl+Shift+W)</source>
        <translation>كل حقل مما قالته دولتنا وما فعلته (Ctrl+Shift+W)</translation>
    </message>
    <message>
        <source>In our words</source>
        <translation>بصياغتنا</translation>
    </message>
    <message>
        <source>In the order of the States&apos; names; Enter opens the row</source>
        <translation>بترتيب أسماء الدول؛ وEnter لفتح الصف</translation>
    </message>
    <message>
        <source>Last changed by {0}</source>
        <translation>آخر تغيير: {0}</translation>
    </message>
    <message>
        <source>Look in the library</source>
        <translation>البحث في المكتبة</translation>
    </message>
    <message>
        <source>Matrix</source>
        <translation>المصفوفة</translation>
    </message>
    <message>
        <source>Nobody&apos;s statement is noted yet</source>
        <translation>لم يُدوَّن بيان لأي دولة بعد</translation>
    </message>
    <message>
        <source>Nothing is written about our own State yet. Open our row to begin.</source>
        <translation>لم يُكتب شيء عن دولتنا بعد. افتحوا صفنا للبدء.</translation>
    </message>
    <message>
        <source>Only reviews due: {0}</source>
        <translation>المراجعات المستحقة فقط: {0}</translation>
    </message>
    <message>
        <source>Open our row</source>
        <translation>فتح صفنا</translation>
    </message>
    <message>
        <source>Our own implementation</source>
        <translation>تنفيذنا نحن</translation>
    </message>
    <message>
        <source>Reviews due</source>
        <translation>مراجعات مستحقة</translation>
    </message>
    <message>
        <source>Reviews due: {0}</source>
        <translation>المراجعات المستحقة: {0}</translation>
    </message>
    <message>
        <source>To the matrix</source>
        <translation>إلى المصفوفة</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>ما هو</translation>
    </message>
    <message>
        <source>Who has stated what</source>
        <translation>من أعلن ماذا</translation>
    </message>
</context>
<context>
    <name>JoinDialog</name>
    <message>
        <source>A relay keeps sealed envelopes until your laptops fetch them, wherever they are. Its operator gives you a file for this laptop; it is handed over like a key.</source>
        <translation>تحتفظ محطة الترحيل بالمغلفات المختومة إلى أن تجلبها حواسيبكم المحمولة أينما كانت. ويعطيكم مشغّلها ملفاً لهذا الحاسوب المحمول؛ ويُسلَّم كما يُسلَّم المفتاح.</translation>
    </message>
    <message>
        <source>Every delegation with which you share a bilateral room gets permission to write to you there. Keep the file where keys are kept, or delete it once it has been used.</source>
        <translation>كل وفد تجمعكم به غرفة ثنائية يُمنح إذناً بالكتابة إليكم فيها. احفظوا الملف حيث تُحفظ المفاتيح، أو احذفوه بعد استخدامه.</translation>
    </message>
    <message>
        <source>Files of a relay (*.valise-relay);;All files (*)</source>
        <translation>ملفات محطة ترحيل (*.valise-relay);;جميع الملفات (*)</translation>
    </message>
    <message>
        <source>Open the file of a relay</source>
        <translation>فتح ملف محطة ترحيل</translation>
    </message>
    <message>
        <source>Open the operator&apos;s file…</source>
        <translation>فتح ملف المشغّل…</translation>
    </message>
    <message>
        <source>Use a relay</source>
        <translation>استخدام محطة ترحيل</translation>
    </message>
    <message>
        <source>Use this relay</source>
        <translation>استخدام محطة الترحيل هذه</translation>
    </message>
    <message>
        <source>What its operator calls it, in words of theirs:</source>
        <translation>ما يسميها به مشغّلها، بعبارته:</translation>
    </message>
</context>
<context>
    <name>JointBench</name>
    <message>
        <source>Copied, one name a line: {0}.</source>
        <translation>نُسخت، اسم في كل سطر: {0}.</translation>
    </message>
    <message>
        <source>Everybody in the room is told with the next exchange (Ctrl+R exchanges at once).</source>
        <translation>يُبلَّغ كل من في الغرفة مع التبادل التالي (Ctrl+R للتبادل فوراً).</translation>
    </message>
    <message>
        <source>It is a plain file: who has it reads the words.</source>
        <translation>هو ملف عادي: من حازه قرأ الكلمات.</translation>
    </message>
    <message>
        <source>Joint statements</source>
        <translation>البيانات المشتركة</translation>
    </message>
    <message>
        <source>Joint statements and lists of co-sponsors</source>
        <translation>البيانات المشتركة وقوائم المشاركين في التقديم</translation>
    </message>
    <message>
        <source>Joint statements and lists of co-sponsors (Ctrl+J)</source>
        <translation>البيانات المشتركة وقوائم المشاركين في التقديم (Ctrl+J)</translation>
    </message>
    <message>
        <source>Our delegation has signed on.</source>
        <translation>انضم وفدنا.</translation>
    </message>
    <message>
        <source>Our delegation&apos;s name is taken back.</source>
        <translation>سُحب اسم وفدنا.</translation>
    </message>
    <message>
        <source>Save the words</source>
        <translation>حفظ الكلمات</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>تُفرَّغ الحافظة خلال عشر ثوانٍ.</translation>
    </message>
    <message>
        <source>The list is closed.</source>
        <translation>أُغلقت القائمة.</translation>
    </message>
    <message>
        <source>The whole hash is on the clipboard for ten seconds.</source>
        <translation>قيمة التجزئة الكاملة في الحافظة لعشر ثوانٍ.</translation>
    </message>
    <message>
        <source>The words are saved. The sha256sum of the file is the hash: {0} …</source>
        <translation>حُفظت الكلمات. وقيمة sha256sum للملف هي قيمة التجزئة: {0} …</translation>
    </message>
    <message>
        <source>Who signs on later waits for you to admit it.</source>
        <translation>من ينضم بعد ذلك ينتظر قبولكم له.</translation>
    </message>
    <message>
        <source>{0} stands on the list.</source>
        <translation>أُدرج في القائمة: {0}.</translation>
    </message>
</context>
<context>
    <name>JointPage</name>
    <message>
        <source>Back to the texts</source>
        <translation>العودة إلى النصوص</translation>
    </message>
    <message>
        <source>Back to the texts (Escape)</source>
        <translation>العودة إلى النصوص (Escape)</translation>
    </message>
    <message>
        <source>Co-sponsors sign the plain text of this revision. Look at the text in the workbench, or save the revision as a file.</source>
        <translation>يوقّع المشاركون في التقديم النص العادي لهذا التنقيح. انظروا في النص على منضدة الصياغة، أو احفظوا التنقيح في ملف.</translation>
    </message>
    <message>
        <source>Joint statements and co-sponsors</source>
        <translation>البيانات المشتركة والمشاركون في التقديم</translation>
    </message>
    <message>
        <source>No joint statement yet</source>
        <translation>لا يوجد بيان مشترك بعد</translation>
    </message>
    <message>
        <source>Open a joint statement (Ctrl+N)</source>
        <translation>فتح بيان مشترك (Ctrl+N)</translation>
    </message>
    <message>
        <source>Open a joint statement for the delegations of a room to sign on to, all of them to the same words. A list of co-sponsors is opened beside a revision of a text (Ctrl+Shift+N).</source>
        <translation>افتحوا بياناً مشتركاً تنضم إليه وفود غرفة ما، وكلها إلى الكلمات نفسها. أما قائمة المشاركين في التقديم فتُفتح بجانب تنقيح لنص (Ctrl+Shift+N).</translation>
    </message>
    <message>
        <source>Open a joint statement…</source>
        <translation>فتح بيان مشترك…</translation>
    </message>
    <message>
        <source>The text of this revision is not on this laptop, so it cannot be looked at or signed here.</source>
        <translation>نص هذا التنقيح غير موجود على هذا الحاسوب المحمول، فلا يمكن الاطلاع عليه أو توقيعه هنا.</translation>
    </message>
    <message>
        <source>This laptop has no right to sign on for the delegation; another officer may have it.</source>
        <translation>ليس لهذا الحاسوب المحمول حق الانضمام باسم الوفد؛ وقد يكون هذا الحق لموظف آخر.</translation>
    </message>
    <message>
        <source>its room</source>
        <translation>غرفتها</translation>
    </message>
</context>
<context>
    <name>JourneyDialog</name>
    <message>
        <source>A passphrase for the journey, other than that of this vault</source>
        <translation>عبارة مرور للسفر، غير عبارة مرور هذه الخزنة</translation>
    </message>
    <message>
        <source>A vault for a journey</source>
        <translation>خزنة للسفر</translation>
    </message>
    <message>
        <source>Internal room of our delegation</source>
        <translation>الغرفة الداخلية لوفدنا</translation>
    </message>
    <message>
        <source>It holds only the rooms you choose and the contacts concerned. On the travel laptop choose “I have a backup”; that laptop is then admitted for these rooms alone.</source>
        <translation>لا تحوي إلا الغرف التي تختارونها وجهات التراسل المعنية. على حاسوب السفر اختاروا «لديّ نسخة احتياطية»؛ ثم يُضمّ ذلك الحاسوب لهذه الغرف وحدها.</translation>
    </message>
    <message>
        <source>Make it</source>
        <translation>إنشاؤها</translation>
    </message>
    <message>
        <source>Rooms it takes along</source>
        <translation>الغرف التي تأخذها معها</translation>
    </message>
    <message>
        <source>Space takes a room along or leaves it here</source>
        <translation>Space لأخذ الغرفة أو تركها هنا</translation>
    </message>
    <message>
        <source>Take the library of agreed language along</source>
        <translation>أخذ مكتبة الصيغ المتفق عليها</translation>
    </message>
    <message>
        <source>With {0}</source>
        <translation>مع {0}</translation>
    </message>
    <message>
        <source>Your internal room goes along: instructions, red lines and fallbacks will be on a laptop that crosses borders. Leave it here unless you cannot work without it.</source>
        <translation>ترافقكم غرفتكم الداخلية: فتكون التعليمات والخطوط الحمراء والصيغ الاحتياطية على حاسوب محمول يعبر الحدود. اتركوها هنا ما لم يتعذر عليكم العمل بدونها.</translation>
    </message>
</context>
<context>
    <name>Keeping</name>
    <message>
        <source>Keep this filter</source>
        <translation>حفظ عامل التصفية هذا</translation>
    </message>
    <message>
        <source>The filter is kept.</source>
        <translation>حُفظ عامل التصفية.</translation>
    </message>
    <message>
        <source>The filter {0} was taken out.</source>
        <translation>أُزيل عامل التصفية {0}.</translation>
    </message>
    <message>
        <source>Under which name?</source>
        <translation>بأي اسم؟</translation>
    </message>
</context>
<context>
    <name>KeyFile</name>
    <message>
        <source>Choose the key file…</source>
        <translation>اختيار ملف المفتاح…</translation>
    </message>
    <message>
        <source>Key file</source>
        <translation>ملف المفتاح</translation>
    </message>
    <message>
        <source>Open the key file</source>
        <translation>فتح ملف المفتاح</translation>
    </message>
    <message>
        <source>Passphrase of the key file</source>
        <translation>عبارة مرور ملف المفتاح</translation>
    </message>
</context>
<context>
    <name>KeysPage</name>
    <message>
        <source> or </source>
        <translation> أو </translation>
    </message>
    <message>
        <source>Close</source>
        <translation>إغلاق</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>في كل مكان</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>دليل الاستخدام</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>المفاتيح</translation>
    </message>
    <message>
        <source>List of keys</source>
        <translation>قائمة المفاتيح</translation>
    </message>
</context>
<context>
    <name>KeysSection</name>
    <message>
        <source>First contact</source>
        <translation>الاتصال الأول</translation>
    </message>
    <message>
        <source>Give your newest card to those who have never written to you before.</source>
        <translation>أعطوا أحدث بطاقة لديكم لمن لم يكتب إليكم قط من قبل.</translation>
    </message>
    <message>
        <source>How long replaced keys are kept</source>
        <translation>مدة حفظ المفاتيح المستبدَلة</translation>
    </message>
    <message>
        <source>Makes new keys for first contact now, and new ones for each room when you next send there. Do it after a laptop was out of your sight. It is complete with a delegation once it has answered.</source>
        <translation>يُنشئ الآن مفاتيح جديدة للاتصال الأول، ومفاتيح جديدة لكل غرفة حين ترسلون فيها في المرة المقبلة. افعلوا ذلك بعد أن يكون حاسوب محمول قد غاب عن أنظاركم. ويكتمل ذلك مع كل وفد متى أجاب.</translation>
    </message>
    <message>
        <source>Move the keys on now</source>
        <translation>تجديد المفاتيح الآن</translation>
    </message>
    <message>
        <source>Older cards still work until {0}. Until then, somebody who takes this laptop and its passphrase can also open first contacts that were sealed to those cards since {1}.</source>
        <translation>البطاقات الأقدم تظل صالحة حتى {0}. وحتى ذلك الحين، من يأخذ هذا الحاسوب المحمول وعبارة مروره يستطيع أيضاً فتح الاتصالات الأولى التي خُتمت بتلك البطاقات منذ {1}.</translation>
    </message>
    <message>
        <source>Rooms move on when you next send there; delegations when they have answered.</source>
        <translation>تتجدد الغرف حين ترسلون فيها في المرة المقبلة؛ والوفود حين تجيب.</translation>
    </message>
    <message>
        <source>Somebody uses a card of yours that is too old ({0}).</source>
        <translation>يستخدم أحدهم بطاقة لكم أقدم من اللازم ({0}).</translation>
    </message>
    <message>
        <source>Something sealed to a replaced key may still be under way, so it is kept for a while and then destroyed. Shorter is safer; what comes later than that is asked for again.</source>
        <translation>قد يكون شيء مختوم بمفتاح مستبدَل ما زال في الطريق، ولذلك يُحفظ المفتاح مدة ثم يُتلف. والمدة الأقصر أكثر أماناً؛ وما يأتي بعدها يُطلب من جديد.</translation>
    </message>
    <message>
        <source>The keys for first contact are new.</source>
        <translation>مفاتيح الاتصال الأول جديدة.</translation>
    </message>
    <message>
        <source>The keys on your card are as they were made with this vault.</source>
        <translation>المفاتيح على بطاقتكم هي التي أُنشئت مع هذه الخزنة.</translation>
    </message>
    <message>
        <source>The keys on your card are of {0}.</source>
        <translation>أُنشئت المفاتيح التي على بطاقتكم في {0}.</translation>
    </message>
    <message>
        <source>They are replaced every week, and the day after somebody used them. No older ones are kept.</source>
        <translation>تُستبدل كل أسبوع، وفي اليوم التالي لاستخدام أحد لها. ولا تُحفظ مفاتيح أقدم.</translation>
    </message>
    <message>
        <source>What is sent to this laptop is sealed under two systems together, one of them made to withstand a quantum computer, to a key that is replaced with every answer. A laptop broken into today does not open what was sent before its keys moved on, and heals after one round trip with each delegation.</source>
        <translation>ما يُرسل إلى هذا الحاسوب المحمول مختوم بنظامين معاً، أُعدّ أحدهما للصمود أمام حاسوب كمومي، بمفتاح يُستبدل مع كل جواب. والحاسوب المحمول المخترَق اليوم لا يفتح ما أُرسل قبل تجديد مفاتيحه، ويتعافى بعد دورة ذهاب وإياب واحدة مع كل وفد.</translation>
    </message>
    <message>
        <source>What was sealed to it stays closed; its keys were destroyed when their time was over.</source>
        <translation>ما كان مختوماً به يبقى مغلقاً؛ فقد أُتلفت مفاتيحه حين انقضت مدتها.</translation>
    </message>
    <message>
        <source>With each delegation</source>
        <translation>مع كل وفد</translation>
    </message>
    <message>
        <source>You know no other laptop yet.</source>
        <translation>لا تعرفون أي حاسوب محمول آخر بعد.</translation>
    </message>
</context>
<context>
    <name>Lane</name>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}، {1}</translation>
    </message>
</context>
<context>
    <name>LaptopRow</name>
    <message>
        <source>Change…</source>
        <translation>تغيير…</translation>
    </message>
    <message>
        <source>May {0}</source>
        <translation>الصلاحيات: {0}</translation>
    </message>
    <message>
        <source>Renew…</source>
        <translation>تجديد…</translation>
    </message>
    <message>
        <source>Revoke…</source>
        <translation>إبطال…</translation>
    </message>
    <message>
        <source>this laptop</source>
        <translation>هذا الحاسوب المحمول</translation>
    </message>
</context>
<context>
    <name>LaptopsSection</name>
    <message>
        <source>A laptop without an exchange reads it from the identity card, saved under Contacts.</source>
        <translation>الحاسوب المحمول الذي ليس له تبادل يقرؤه من بطاقة الهوية المحفوظة من «جهات التراسل».</translation>
    </message>
    <message>
        <source>Admit…</source>
        <translation>ضمّ…</translation>
    </message>
    <message>
        <source>Every key file made before still opens with its old passphrase.</source>
        <translation>كل ملف مفتاح أُعدّ من قبل ما زال يُفتح بعبارة مروره القديمة.</translation>
    </message>
    <message>
        <source>Give it back, or erase its vault. If this is a mistake, ask to be admitted as a new laptop.</source>
        <translation>أعيدوه، أو امحوا خزنته. وإن كان ذلك خطأً فاطلبوا ضمّه بوصفه حاسوباً محمولاً جديداً.</translation>
    </message>
    <message>
        <source>Hand over an office…</source>
        <translation>تسليم منصب…</translation>
    </message>
    <message>
        <source>It sends nothing any more and gets nothing. What it holds stays readable here.</source>
        <translation>لا يرسل شيئاً ولا يصله شيء بعد الآن. وما فيه يبقى مقروءاً هنا.</translation>
    </message>
    <message>
        <source>Make it and close the root key</source>
        <translation>إعداده وإغلاق المفتاح الجذري</translation>
    </message>
    <message>
        <source>Make them and close the root key</source>
        <translation>إعدادها وإغلاق المفتاح الجذري</translation>
    </message>
    <message>
        <source>Offices handed over</source>
        <translation>المناصب المسلَّمة</translation>
    </message>
    <message>
        <source>Open the identity card of your delegation</source>
        <translation>فتح بطاقة هوية وفدكم</translation>
    </message>
    <message>
        <source>Passed: {0}.</source>
        <translation>ما انتقل: {0}.</translation>
    </message>
    <message>
        <source>Put the key file back where it is locked away.</source>
        <translation>أعيدوا ملف المفتاح إلى المكان المقفل.</translation>
    </message>
    <message>
        <source>Read a newer identity card of ours…</source>
        <translation>قراءة بطاقة هوية أحدث لوفدنا…</translation>
    </message>
    <message>
        <source>Revoke the laptop of {0}: from now on it gets nothing.</source>
        <translation>إبطال الحاسوب المحمول للموظف {0}: لا يصله شيء من الآن فصاعداً.</translation>
    </message>
    <message>
        <source>Save it elsewhere…</source>
        <translation>حفظها في مكان آخر…</translation>
    </message>
    <message>
        <source>Save it…</source>
        <translation>حفظها…</translation>
    </message>
    <message>
        <source>Save the answer</source>
        <translation>حفظ الجواب</translation>
    </message>
    <message>
        <source>Save the new key file</source>
        <translation>حفظ ملف المفتاح الجديد</translation>
    </message>
    <message>
        <source>Signed: identity card number {0} of your delegation.</source>
        <translation>وُقّعت: بطاقة هوية وفدكم رقم {0}.</translation>
    </message>
    <message>
        <source>Take the stick out and lock it away; then destroy the old key files.</source>
        <translation>انزعوا الذاكرة المحمولة واحفظوها في مكان مقفل؛ ثم أتلفوا ملفات المفتاح القديمة.</translation>
    </message>
    <message>
        <source>The answer is not saved yet.</source>
        <translation>لم يُحفظ الجواب بعد.</translation>
    </message>
    <message>
        <source>The identity card was read.</source>
        <translation>قُرئت بطاقة الهوية.</translation>
    </message>
    <message>
        <source>The new key file is not saved yet.</source>
        <translation>لم يُحفظ ملف المفتاح الجديد بعد.</translation>
    </message>
    <message>
        <source>The new key file is saved as {0}. It opens with the new passphrase.</source>
        <translation>حُفظ ملف المفتاح الجديد باسم {0}. ويُفتح بعبارة المرور الجديدة.</translation>
    </message>
    <message>
        <source>The other laptop is admitted. Carry {0} back to it.</source>
        <translation>ضُمّ الحاسوب المحمول الآخر. انقلوا {0} إليه.</translation>
    </message>
    <message>
        <source>These sheets give the root key of your delegation.</source>
        <translation>هذه الأوراق تعطي المفتاح الجذري لوفدكم.</translation>
    </message>
    <message>
        <source>This laptop was revoked by your delegation.</source>
        <translation>أبطل وفدكم هذا الحاسوب المحمول.</translation>
    </message>
    <message>
        <source>Type the sheets from the paper. They are compared with the root key and forgotten; nothing is changed.</source>
        <translation>اكتبوا ما على الأوراق. تُقارن بالمفتاح الجذري ثم تُنسى؛ ولا يتغير شيء.</translation>
    </message>
    <message>
        <source>Until it is, only the old one opens the root key.</source>
        <translation>وإلى أن يُحفظ، لا يفتح المفتاح الجذري إلا القديم.</translation>
    </message>
    <message>
        <source>Without it the other laptop cannot begin.</source>
        <translation>وبدونه لا يستطيع الحاسوب المحمول الآخر البدء.</translation>
    </message>
    <message>
        <source>Write the key file anew, under the new passphrase.</source>
        <translation>كتابة ملف المفتاح من جديد، بعبارة المرور الجديدة.</translation>
    </message>
    <message>
        <source>Your counterparts see the change with the next exchange.</source>
        <translation>يرى نظراؤكم التغيير مع التبادل التالي.</translation>
    </message>
    <message>
        <source>Your counterparts will see it as a new laptop of yours.</source>
        <translation>سيراه نظراؤكم حاسوباً محمولاً جديداً لديكم.</translation>
    </message>
    <message>
        <source>share of the root key of {0}, made on {1}</source>
        <translation>حصة من المفتاح الجذري لـ {0}، أُعدّت في {1}</translation>
    </message>
    <message>
        <source>{0} to {1}, {2}</source>
        <translation>{0} إلى {1}، {2}</translation>
    </message>
</context>
<context>
    <name>LeaveDialog</name>
    <message>
        <source>Leave it</source>
        <translation>تركها</translation>
    </message>
    <message>
        <source>Leave the relay</source>
        <translation>ترك محطة الترحيل</translation>
    </message>
    <message>
        <source>To come back you need the operator&apos;s file again.</source>
        <translation>للعودة إليها يلزمكم ملف المشغّل من جديد.</translation>
    </message>
    <message>
        <source>Use {0} no longer?</source>
        <translation>هل يُوقف استخدام {0}؟</translation>
    </message>
    <message>
        <source>What waits here is kept: it goes by the folder where one is shared, and else by courier.</source>
        <translation>ما ينتظر هنا محفوظ: يذهب عبر المجلد حيثما وُجد مجلد مشترك، وإلا فمع حامل الحقيبة.</translation>
    </message>
    <message>
        <source>Your correspondents are told to use another way; until they have heard it, what they send there waits there.</source>
        <translation>يُبلَّغ مراسلوكم باستخدام سبيل آخر؛ وإلى أن يبلغهم ذلك ينتظر هناك ما يرسلونه إليها.</translation>
    </message>
</context>
<context>
    <name>LeavingDialog</name>
    <message>
        <source>Back to the form</source>
        <translation>العودة إلى الاستمارة</translation>
    </message>
    <message>
        <source>Everything that leaves</source>
        <translation>كل ما يغادر</translation>
    </message>
    <message>
        <source>Internal notes and tasks do not leave. What was sent cannot be taken back; it can be corrected.</source>
        <translation>لا تغادر الملاحظات الداخلية والمهام. وما أُرسل لا يمكن سحبه؛ ويمكن تصويبه.</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>علامة التداول</translation>
    </message>
    <message>
        <source>Nobody may send it on before {0}.</source>
        <translation>لا يجوز لأحد إحالته قبل {0}.</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>إرسال</translation>
    </message>
    <message>
        <source>This leaves</source>
        <translation>هذا ما يغادر</translation>
    </message>
    <message>
        <source>To {0}, sealed for {1}. Nobody else reads it.</source>
        <translation>إلى {0}، مختوم لـ {1}. لا يقرؤه أحد سواهم.</translation>
    </message>
    <message>
        <source>You took away the sentence that this message attributes nothing to anybody.</source>
        <translation>أزلتم الجملة التي تقول إن هذه الرسالة لا تُسند شيئاً إلى أحد.</translation>
    </message>
</context>
<context>
    <name>LibraryScreen</name>
    <message>
        <source>All files</source>
        <translation>جميع الملفات</translation>
    </message>
    <message>
        <source>An import is under way.</source>
        <translation>هناك استيراد جارٍ.</translation>
    </message>
    <message>
        <source>Choose a paragraph first.</source>
        <translation>اختاروا فقرة أولاً.</translation>
    </message>
    <message>
        <source>Copied: {0}.</source>
        <translation>نُسخ: {0}.</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>الوثائق</translation>
    </message>
    <message>
        <source>Enter goes to the passage in its document</source>
        <translation>Enter للانتقال إلى المقطع في وثيقته</translation>
    </message>
    <message>
        <source>Found as written: {0}</source>
        <translation>عُثر عليه كما كُتب: {0}</translation>
    </message>
    <message>
        <source>Found as written: {0}. Much like it: {1}; underlined is what you asked for, struck what stands in the document.</source>
        <translation>عُثر عليه كما كُتب: {0}. وما يشبهه كثيراً: {1}؛ وما تحته خط هو ما طلبتموه، والمشطوب هو ما ورد في الوثيقة.</translation>
    </message>
    <message>
        <source>Import a folder into the library</source>
        <translation>استيراد مجلد إلى المكتبة</translation>
    </message>
    <message>
        <source>Import files (Ctrl+N)</source>
        <translation>استيراد ملفات (Ctrl+N)</translation>
    </message>
    <message>
        <source>Import files…</source>
        <translation>استيراد ملفات…</translation>
    </message>
    <message>
        <source>Import into the library</source>
        <translation>استيراد إلى المكتبة</translation>
    </message>
    <message>
        <source>Its words are no longer found here. Your drafts and texts stay as they are; the file it came from is not touched and can be imported again.</source>
        <translation>لن يُعثر على كلماتها هنا بعد الآن. وتبقى مسوداتكم ونصوصكم كما هي؛ ولا يُمس الملف الذي جاءت منه ويمكن استيراده من جديد.</translation>
    </message>
    <message>
        <source>Looking for documents…</source>
        <translation>جارٍ البحث عن وثائق…</translation>
    </message>
    <message>
        <source>No document that can be read is there.</source>
        <translation>لا توجد هناك وثيقة يمكن قراءتها.</translation>
    </message>
    <message>
        <source>Nothing in the library is like these words.</source>
        <translation>لا شيء في المكتبة يشبه هذه الكلمات.</translation>
    </message>
    <message>
        <source>Nothing you type leaves this laptop.</source>
        <translation>لا يغادر هذا الحاسوبَ المحمول شيء مما تكتبونه.</translation>
    </message>
    <message>
        <source>Passages found</source>
        <translation>المقاطع التي عُثر عليها</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>توقف</translation>
    </message>
    <message>
        <source>Take it out</source>
        <translation>إخراجها</translation>
    </message>
    <message>
        <source>Take {0} out of the library?</source>
        <translation>هل تُخرج {0} من المكتبة؟</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>تُفرَّغ الحافظة خلال عشر ثوانٍ.</translation>
    </message>
    <message>
        <source>The library is empty</source>
        <translation>المكتبة فارغة</translation>
    </message>
    <message>
        <source>Valise brings no official text with it. Import the documents your delegation works with, for example resolutions and reports as the United Nations publishes them. They stay on this laptop, in the vault, and are found by their words, also while you write. A whole folder: Ctrl+O.</source>
        <translation>لا يأتي Valise بأي نص رسمي. استوردوا الوثائق التي يعمل بها وفدكم، كالقرارات والتقارير كما تنشرها الأمم المتحدة. وهي تبقى على هذا الحاسوب المحمول، في الخزنة، ويُعثر عليها بكلماتها، وفي أثناء الكتابة أيضاً. ولاستيراد مجلد كامل: Ctrl+O.</translation>
    </message>
    <message>
        <source>Wait for it, or stop it first.</source>
        <translation>انتظروا انتهاءه، أو أوقفوه أولاً.</translation>
    </message>
    <message>
        <source>What could not be read</source>
        <translation>ما تعذرت قراءته</translation>
    </message>
    <message>
        <source>Words of a draft, or A/70/174 13 (f)</source>
        <translation>كلمات من مشروع نص، أو A/70/174 13 (f)</translation>
    </message>
    <message>
        <source>{0} is no longer in the library.</source>
        <translation>لم تعد {0} في المكتبة.</translation>
    </message>
</context>
<context>
    <name>LineEditor</name>
    <message>
        <source>A number, for example 12 or 3.5</source>
        <translation>رقم، مثلاً 12 أو 3.5</translation>
    </message>
    <message>
        <source>An address as office@example.org</source>
        <translation>عنوان مثل office@example.org</translation>
    </message>
</context>
<context>
    <name>Lines</name>
    <message>
        <source>Headings</source>
        <translation>العناوين</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>الصفوف</translation>
    </message>
</context>
<context>
    <name>LinkEditor</name>
    <message>
        <source>Choose…</source>
        <translation>اختيار…</translation>
    </message>
    <message>
        <source>Go to {0}</source>
        <translation>الانتقال إلى {0}</translation>
    </message>
    <message>
        <source>Something that is not here</source>
        <translation>شيء غير موجود هنا</translation>
    </message>
    <message>
        <source>{0}: choose</source>
        <translation>{0}: اختيار</translation>
    </message>
</context>
<context>
    <name>LongEditor</name>
    <message>
        <source>One on each line</source>
        <translation>واحد في كل سطر</translation>
    </message>
    <message>
        <source>Too long</source>
        <translation>أطول من اللازم</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Go to Contacts</source>
        <translation>الانتقال إلى جهات التراسل</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>الشاشة</translation>
    </message>
    <message>
        <source>Valise</source>
        <translation>Valise</translation>
    </message>
    <message>
        <source>Ways of exchange</source>
        <translation>سبل التبادل</translation>
    </message>
</context>
<context>
    <name>MarkingChoice</name>
    <message>
        <source>A marking in your delegation&apos;s own words</source>
        <translation>علامة تداول بعبارة وفدكم</translation>
    </message>
    <message>
        <source>Marking</source>
        <translation>علامة التداول</translation>
    </message>
    <message>
        <source>National marking</source>
        <translation>علامة تداول وطنية</translation>
    </message>
    <message>
        <source>National marking…</source>
        <translation>علامة تداول وطنية…</translation>
    </message>
    <message>
        <source>No marking</source>
        <translation>بلا علامة تداول</translation>
    </message>
    <message>
        <source>e.g. AURELIA CONFIDENTIAL</source>
        <translation>مثلاً: AURELIA CONFIDENTIAL</translation>
    </message>
</context>
<context>
    <name>MarkingLabel</name>
    <message>
        <source>Marking: {0}</source>
        <translation>علامة التداول: {0}</translation>
    </message>
</context>
<context>
    <name>Matches</name>
    <message>
        <source>Enter opens the row</source>
        <translation>Enter لفتح الصف</translation>
    </message>
    <message>
        <source>Needs that go with this offer: {0}</source>
        <translation>الاحتياجات التي توافق هذا العرض: {0}</translation>
    </message>
    <message>
        <source>Offers that go with this need: {0}</source>
        <translation>العروض التي توافق هذا الاحتياج: {0}</translation>
    </message>
    <message>
        <source>They need a topic in common, and no region or form that says otherwise; the offer has to be open.</source>
        <translation>يلزم أن يشتركا في موضوع، وألا تخالف ذلك منطقة أو شكل؛ ويجب أن يكون العرض مفتوحاً.</translation>
    </message>
    <message>
        <source>What goes together</source>
        <translation>ما يتوافق معاً</translation>
    </message>
</context>
<context>
    <name>MatrixLook</name>
    <message>
        <source>Matrix</source>
        <translation>المصفوفة</translation>
    </message>
    <message>
        <source>More at once (Ctrl+Minus)</source>
        <translation>عرض المزيد معاً (Ctrl+Minus)</translation>
    </message>
    <message>
        <source>Nearer (Ctrl+Plus)</source>
        <translation>تقريب (Ctrl+Plus)</translation>
    </message>
    <message>
        <source>different values stand</source>
        <translation>توجد قيم مختلفة</translation>
    </message>
</context>
<context>
    <name>MatrixMap</name>
    <message>
        <source>Arrows move, Enter opens the cell, Ctrl+Plus shows fewer and larger</source>
        <translation>الأسهم للتنقل، وEnter لفتح الخانة، وCtrl+Plus لعرض عدد أقل بحجم أكبر</translation>
    </message>
    <message>
        <source>The whole matrix</source>
        <translation>المصفوفة كاملة</translation>
    </message>
</context>
<context>
    <name>MatrixModel</name>
    <message>
        <source>different values stand</source>
        <translation>توجد قيم مختلفة</translation>
    </message>
    <message>
        <source>evidence: {0}</source>
        <translation>الأدلة: {0}</translation>
    </message>
    <message>
        <source>nothing said</source>
        <translation>لم يُقل شيء</translation>
    </message>
    <message>
        <source>review due</source>
        <translation>مراجعة مستحقة</translation>
    </message>
    <message>
        <source>{0}, {1}: {2}</source>
        <translation>{0}، {1}: {2}</translation>
    </message>
</context>
<context>
    <name>MatrixTable</name>
    <message>
        <source>Arrows move, Enter opens the cell, Ctrl+Minus shows more at once</source>
        <translation>الأسهم للتنقل، وEnter لفتح الخانة، وCtrl+Minus لعرض المزيد معاً</translation>
    </message>
    <message>
        <source>Corner of the table</source>
        <translation>زاوية الجدول</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>البنود</translation>
    </message>
    <message>
        <source>States</source>
        <translation>الدول</translation>
    </message>
</context>
<context>
    <name>MembersPane</name>
    <message>
        <source>Add</source>
        <translation>إضافة</translation>
    </message>
    <message>
        <source>Add a delegation</source>
        <translation>إضافة وفد</translation>
    </message>
    <message>
        <source>Add {who} to this room?</source>
        <translation>هل يُضاف {who} إلى هذه الغرفة؟</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>إضافة…</translation>
    </message>
    <message>
        <source>Every delegation you know is in this room</source>
        <translation>كل وفد تعرفونه موجود في هذه الغرفة</translation>
    </message>
    <message>
        <source>It is given everything signed for the record in this room, and what is sent from now on.</source>
        <translation>يُعطى كل ما وُقّع للمحضر في هذه الغرفة، وما يُرسل من الآن فصاعداً.</translation>
    </message>
    <message>
        <source>It keeps what it has received and gets nothing that is sent from now on. Everyone sees this.</source>
        <translation>يحتفظ بما استلمه ولا يصله شيء مما يُرسل من الآن فصاعداً. ويرى الجميع ذلك.</translation>
    </message>
    <message>
        <source>Its identity is not verified: compare the safety number first if you can.</source>
        <translation>لم يُتحقق من هويته: قارنوا رقم الأمان أولاً إن أمكنكم ذلك.</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>الأعضاء</translation>
    </message>
    <message>
        <source>Members of the room</source>
        <translation>أعضاء الغرفة</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>إزالة</translation>
    </message>
    <message>
        <source>Remove the chosen delegation</source>
        <translation>إزالة الوفد المختار</translation>
    </message>
    <message>
        <source>Remove {who} from this room?</source>
        <translation>هل يُزال {who} من هذه الغرفة؟</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>إزالة…</translation>
    </message>
    <message>
        <source>{who} holds the chair and decides who is in this room.</source>
        <translation>الرئاسة بيد {who}، ولها أن تقرر من يكون في هذه الغرفة.</translation>
    </message>
</context>
<context>
    <name>MessagesScreen</name>
    <message>
        <source>Rooms</source>
        <translation>الغرف</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>سلاسل الرسائل</translation>
    </message>
</context>
<context>
    <name>MomentEditor</name>
    <message>
        <source>A day and a time as 2026-11-22 14:05, in UTC</source>
        <translation>يوم ووقت مثل 2026-11-22 14:05، بتوقيت UTC</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>الآن</translation>
    </message>
    <message>
        <source>UTC</source>
        <translation>UTC</translation>
    </message>
    <message>
        <source>YYYY-MM-DD HH:MM</source>
        <translation>YYYY-MM-DD HH:MM</translation>
    </message>
    <message>
        <source>{0}: now</source>
        <translation>{0}: الآن</translation>
    </message>
</context>
<context>
    <name>MomentField</name>
    <message>
        <source>This is no time: write it like 2026-12-10 18:00.</source>
        <translation>هذا ليس وقتاً: اكتبوه بهذا الشكل: 2026-12-10 18:00.</translation>
    </message>
    <message>
        <source>{0}, in UTC, for example 2026-12-10 18:00</source>
        <translation>{0}، بتوقيت UTC، مثلاً 2026-12-10 18:00</translation>
    </message>
</context>
<context>
    <name>MonthGrid</name>
    <message>
        <source>nothing</source>
        <translation>لا شيء</translation>
    </message>
    <message>
        <source>{0} more</source>
        <translation>وأيضاً: {0}</translation>
    </message>
    <message>
        <source>{0}, today</source>
        <translation>{0}، اليوم</translation>
    </message>
    <message>
        <source>{day}: {what}</source>
        <translation>{day}: {what}</translation>
    </message>
</context>
<context>
    <name>NameEditor</name>
    <message>
        <source>Choose one of the list</source>
        <translation>اختيار واحد من القائمة</translation>
    </message>
</context>
<context>
    <name>NamesEditor</name>
    <message>
        <source>Add</source>
        <translation>إضافة</translation>
    </message>
    <message>
        <source>Add to {0}</source>
        <translation>إضافة إلى {0}</translation>
    </message>
</context>
<context>
    <name>NewKeyFileDialog</name>
    <message>
        <source>A new passphrase for the key file</source>
        <translation>عبارة مرور جديدة لملف المفتاح</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Every key file made before still opens with its old passphrase. Destroy each copy once the new one is safe.</source>
        <translation>كل ملف مفتاح أُعدّ من قبل ما زال يُفتح بعبارة مروره القديمة. أتلفوا كل نسخة متى صار الجديد في مأمن.</translation>
    </message>
    <message>
        <source>Every key file made before still opens with its old passphrase. Destroy the old ones once the new one is safe: the one beside the vault, and each copy on a stick.</source>
        <translation>كل ملف مفتاح أُعدّ من قبل ما زال يُفتح بعبارة مروره القديمة. أتلفوا الملفات القديمة متى صار الجديد في مأمن: الملف الذي بجانب الخزنة، وكل نسخة على ذاكرة محمولة.</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>المتابعة إلى المفتاح الجذري…</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>عبارة المرور الجديدة</translation>
    </message>
    <message>
        <source>The delegation&apos;s key is written into a new key file under the new passphrase. The key itself stays the same, so nothing changes for other delegations.</source>
        <translation>يُكتب مفتاح الوفد في ملف مفتاح جديد بعبارة المرور الجديدة. ويبقى المفتاح نفسه كما هو، فلا يتغير شيء بالنسبة إلى الوفود الأخرى.</translation>
    </message>
    <message>
        <source>The new passphrase again</source>
        <translation>عبارة المرور الجديدة مرة أخرى</translation>
    </message>
</context>
<context>
    <name>NewPassphrase</name>
    <message>
        <source>Caps Lock seems to be on.</source>
        <translation>يبدو أن Caps Lock مفعَّل.</translation>
    </message>
    <message>
        <source>The same passphrase again</source>
        <translation>عبارة المرور نفسها مرة أخرى</translation>
    </message>
    <message>
        <source>The two are not the same.</source>
        <translation>العبارتان غير متطابقتين.</translation>
    </message>
</context>
<context>
    <name>NewRoom</name>
    <message>
        <source>Bilateral</source>
        <translation>ثنائية</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Delegations in the room</source>
        <translation>الوفود في الغرفة</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>مجموعة</translation>
    </message>
    <message>
        <source>Internal</source>
        <translation>داخلية</translation>
    </message>
    <message>
        <source>New room</source>
        <translation>غرفة جديدة</translation>
    </message>
    <message>
        <source>Not verified in person: {who}. One false identity in a group reads everything in it; compare safety numbers first if you can.</source>
        <translation>لم يُتحقق حضورياً من: {who}. والهوية الزائفة الواحدة في مجموعة تقرأ كل ما فيها؛ قارنوا أرقام الأمان أولاً إن أمكنكم ذلك.</translation>
    </message>
    <message>
        <source>Open the room</source>
        <translation>فتح الغرفة</translation>
    </message>
    <message>
        <source>Title of the room</source>
        <translation>عنوان الغرفة</translation>
    </message>
    <message>
        <source>Title, e.g. Drafting group on points of contact</source>
        <translation>العنوان، مثلاً: فريق الصياغة المعني بجهات الاتصال</translation>
    </message>
    <message>
        <source>You know no other delegation yet. Import its card in Contacts first.</source>
        <translation>لا تعرفون أي وفد آخر بعد. استوردوا بطاقته في «جهات التراسل» أولاً.</translation>
    </message>
</context>
<context>
    <name>News</name>
    <message>
        <source>Show them</source>
        <translation>إظهارها</translation>
    </message>
    <message>
        <source>Since I last looked ({0})</source>
        <translation>منذ آخر اطلاع لي ({0})</translation>
    </message>
    <message>
        <source>Since {0}</source>
        <translation>منذ {0}</translation>
    </message>
</context>
<context>
    <name>Nominating</name>
    <message>
        <source>Addressed to</source>
        <translation>المرسل إليه</translation>
    </message>
    <message>
        <source>Addressed to, as it stands in the sentence (“the Secretariat of …”)</source>
        <translation>المرسل إليه، كما يرد في الجملة («أمانة …»)</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>التاريخ</translation>
    </message>
    <message>
        <source>In place of</source>
        <translation>بدلاً من</translation>
    </message>
    <message>
        <source>In place of (optional)</source>
        <translation>بدلاً من (اختياري)</translation>
    </message>
    <message>
        <source>It gets the next running number and is entered as sent in the correspondence, with the file.</source>
        <translation>تأخذ الرقم المتسلسل التالي وتُقيَّد ضمن الصادر في المراسلات مع الملف.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>اللغة</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>ترك الأمر كما هو</translation>
    </message>
    <message>
        <source>Marking</source>
        <translation>علامة التداول</translation>
    </message>
    <message>
        <source>Nominate {who}</source>
        <translation>تسمية {who}</translation>
    </message>
    <message>
        <source>Note verbale</source>
        <translation>مذكرة شفوية</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>المكان</translation>
    </message>
    <message>
        <source>Write it…</source>
        <translation>كتابتها…</translation>
    </message>
    <message>
        <source>none</source>
        <translation>لا يوجد</translation>
    </message>
</context>
<context>
    <name>NoteCard</name>
    <message>
        <source>Change</source>
        <translation>تغيير</translation>
    </message>
    <message>
        <source>Change this note: {0}</source>
        <translation>تغيير هذه الملاحظة: {0}</translation>
    </message>
    <message>
        <source>Strike out</source>
        <translation>شطب</translation>
    </message>
    <message>
        <source>Strike out this note: {0}</source>
        <translation>شطب هذه الملاحظة: {0}</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Close this notice</source>
        <translation>إغلاق هذا التنبيه</translation>
    </message>
    <message>
        <source>Notice</source>
        <translation>تنبيه</translation>
    </message>
</context>
<context>
    <name>NumbersModel</name>
    <message>
        <source>All words</source>
        <translation>جميع الكلمات</translation>
    </message>
    <message>
        <source>As it stands</source>
        <translation>كما هو الآن</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>التاريخ</translation>
    </message>
    <message>
        <source>Outside brackets</source>
        <translation>خارج الأقواس</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>التنقيح</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>النسبة</translation>
    </message>
</context>
<context>
    <name>OpenSilence</name>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Deadline</source>
        <translation>موعد نهائي</translation>
    </message>
    <message>
        <source>Every delegation is told that {0} stands as agreed unless one of them breaks the silence, with its reason, by {1}. The deadline can be extended, not shortened. After it your computer closes the procedure by itself.</source>
        <translation>يُبلَّغ كل وفد بأن {0} يُعد متفقاً عليه ما لم يكسر أحد الوفود الصمت، مع ذكر السبب، في موعد أقصاه {1}. ويمكن تمديد الموعد لا تقصيره. وبعده يغلق حاسوبكم الإجراء تلقائياً.</translation>
    </message>
    <message>
        <source>Open a silence procedure</source>
        <translation>فتح إجراء موافقة صامتة</translation>
    </message>
    <message>
        <source>Open the procedure</source>
        <translation>فتح الإجراء</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>التنقيح</translation>
    </message>
    <message>
        <source>Revision to put under silence</source>
        <translation>التنقيح الذي يُخضع للإجراء</translation>
    </message>
    <message>
        <source>Silence procedure</source>
        <translation>إجراء الموافقة الصامتة</translation>
    </message>
    <message>
        <source>What it covers (may stay empty: the whole revision)</source>
        <translation>ما يشمله (يجوز تركه فارغاً: التنقيح كله)</translation>
    </message>
    <message>
        <source>What the silence covers</source>
        <translation>ما يشمله الإجراء</translation>
    </message>
    <message>
        <source>for example: OP 1 to OP 4</source>
        <translation>مثلاً: OP 1 إلى OP 4</translation>
    </message>
</context>
<context>
    <name>OpenSponsors</name>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Co-sponsors</source>
        <translation>المشاركون في التقديم</translation>
    </message>
    <message>
        <source>Everybody in {0} can sign on to this revision and to no other; a later revision needs a list of its own. Opening the list does not sign your own delegation on.</source>
        <translation>يستطيع كل من في {0} الانضمام إلى هذا التنقيح دون سواه؛ وأي تنقيح لاحق يحتاج إلى قائمة خاصة به. ولا يعني فتح القائمة انضمام وفدكم.</translation>
    </message>
    <message>
        <source>Open a list of co-sponsors</source>
        <translation>فتح قائمة للمشاركين في التقديم</translation>
    </message>
    <message>
        <source>Open the list</source>
        <translation>فتح القائمة</translation>
    </message>
    <message>
        <source>Revision to be co-sponsored</source>
        <translation>التنقيح المراد المشاركة في تقديمه</translation>
    </message>
</context>
<context>
    <name>OpenStatement</name>
    <message>
        <source>Arabic</source>
        <translation>العربية</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>رجوع</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>الصينية</translation>
    </message>
    <message>
        <source>Continue…</source>
        <translation>متابعة…</translation>
    </message>
    <message>
        <source>English</source>
        <translation>الإنكليزية</translation>
    </message>
    <message>
        <source>Everybody in {0} reads these words and can sign on to them. They cannot be changed afterwards: other words are a new statement in their place, which everybody signs anew. Opening does not sign your own delegation on.</source>
        <translation>يقرأ كل من في {0} هذه الكلمات ويستطيع الانضمام إليها. ولا يمكن تغييرها بعد ذلك: فالكلمات الأخرى بيان جديد يحل محلها ويوقّعه الجميع من جديد. ولا يعني الفتح انضمام وفدكم.</translation>
    </message>
    <message>
        <source>French</source>
        <translation>الفرنسية</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>قيمة التجزئة</translation>
    </message>
    <message>
        <source>Joint statement</source>
        <translation>بيان مشترك</translation>
    </message>
    <message>
        <source>Kept in the vault as you type</source>
        <translation>تُحفظ في الخزنة وأنتم تكتبون</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>اللغة</translation>
    </message>
    <message>
        <source>Language of the statement</source>
        <translation>لغة البيان</translation>
    </message>
    <message>
        <source>Names on the old words: {0}; none of them goes along.</source>
        <translation>الأسماء على الكلمات القديمة: {0}؛ ولا ينتقل أي منها.</translation>
    </message>
    <message>
        <source>Open a joint statement</source>
        <translation>فتح بيان مشترك</translation>
    </message>
    <message>
        <source>Open for sign-on</source>
        <translation>الفتح للانضمام</translation>
    </message>
    <message>
        <source>Open other words in its place</source>
        <translation>فتح كلمات أخرى مكانها</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>الغرفة</translation>
    </message>
    <message>
        <source>Room whose delegations can sign on</source>
        <translation>الغرفة التي يمكن لوفودها الانضمام</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>الروسية</translation>
    </message>
    <message>
        <source>Spaces at the ends of lines and empty lines around the words were left out.</source>
        <translation>حُذفت المسافات في أواخر الأسطر والأسطر الفارغة حول الكلمات.</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>الإسبانية</translation>
    </message>
    <message>
        <source>Start anew</source>
        <translation>البدء من جديد</translation>
    </message>
    <message>
        <source>The words as they will be signed</source>
        <translation>الكلمات كما ستُوقَّع</translation>
    </message>
    <message>
        <source>The words of the statement</source>
        <translation>كلمات البيان</translation>
    </message>
    <message>
        <source>The words. Everybody signs them exactly as they stand here.</source>
        <translation>الكلمات. يوقّعها الجميع كما ترد هنا بالضبط.</translation>
    </message>
    <message>
        <source>This is what will be signed:</source>
        <translation>هذا ما سيُوقَّع:</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>العنوان</translation>
    </message>
    <message>
        <source>Title of the statement</source>
        <translation>عنوان البيان</translation>
    </message>
    <message>
        <source>What you write is kept in the vault until it is opened.</source>
        <translation>ما تكتبونه محفوظ في الخزنة إلى أن يُفتح البيان.</translation>
    </message>
    <message>
        <source>What you wrote before is here again. Look at the language and the date: they are not kept.</source>
        <translation>عاد إلى هنا ما كتبتموه من قبل. انظروا في اللغة والتاريخ: فهما لا يُحفظان.</translation>
    </message>
</context>
<context>
    <name>OpenTextDialog</name>
    <message>
        <source>Arabic</source>
        <translation>العربية</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>الصينية</translation>
    </message>
    <message>
        <source>Comments: {0}, kept as remarks that the room reads.</source>
        <translation>التعليقات: {0}، ويُبقى عليها ملاحظات تقرؤها الغرفة.</translation>
    </message>
    <message>
        <source>English</source>
        <translation>الإنكليزية</translation>
    </message>
    <message>
        <source>French</source>
        <translation>الفرنسية</translation>
    </message>
    <message>
        <source>From a file</source>
        <translation>من ملف</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>اللغة</translation>
    </message>
    <message>
        <source>Language of the text</source>
        <translation>لغة النص</translation>
    </message>
    <message>
        <source>Open a text</source>
        <translation>فتح نص</translation>
    </message>
    <message>
        <source>Open a text for negotiation</source>
        <translation>فتح نص للتفاوض</translation>
    </message>
    <message>
        <source>Open the text</source>
        <translation>فتح النص</translation>
    </message>
    <message>
        <source>Paragraphs found</source>
        <translation>الفقرات التي عُثر عليها</translation>
    </message>
    <message>
        <source>Paragraphs found: {0}.</source>
        <translation>الفقرات التي عُثر عليها: {0}.</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>لصق</translation>
    </message>
    <message>
        <source>Paste the text. Paragraphs such as “OP 3 bis …” and the notation of brackets are recognised.</source>
        <translation>ألصقوا النص. ويُتعرف على الفقرات مثل “OP 3 bis …” وعلى رموز الأقواس.</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>قراءة</translation>
    </message>
    <message>
        <source>Read: {0}</source>
        <translation>قُرئ: {0}</translation>
    </message>
    <message>
        <source>Reading {0}…</source>
        <translation>جارٍ قراءة {0}…</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>الغرفة</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>الروسية</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>الإسبانية</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>الرمز</translation>
    </message>
    <message>
        <source>The words of the text, pasted</source>
        <translation>كلمات النص، ملصقة</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>العنوان</translation>
    </message>
    <message>
        <source>Title of the text</source>
        <translation>عنوان النص</translation>
    </message>
    <message>
        <source>Tracked changes: {0}; each becomes a proposal of your delegation.</source>
        <translation>التغييرات المتعقَّبة: {0}؛ ويصبح كل منها مقترحاً لوفدكم.</translation>
    </message>
    <message>
        <source>What was found is shown here before anything is opened.</source>
        <translation>يُعرض هنا ما عُثر عليه قبل فتح أي شيء.</translation>
    </message>
    <message>
        <source>Where the words come from</source>
        <translation>من أين تأتي الكلمات</translation>
    </message>
    <message>
        <source>You will hold the pen. Everybody in the room can read the text and propose.</source>
        <translation>ستحملون القلم. ويستطيع كل من في الغرفة قراءة النص والاقتراح.</translation>
    </message>
    <message>
        <source>optional</source>
        <translation>اختياري</translation>
    </message>
    <message>
        <source>{0} could not be read. Choose another file.</source>
        <translation>تعذرت قراءة {0}. اختاروا ملفاً آخر.</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <source>A list of co-sponsors of this revision is open already.</source>
        <translation>توجد من قبل قائمة مفتوحة للمشاركين في تقديم هذا التنقيح.</translation>
    </message>
    <message>
        <source>All</source>
        <translation>الكل</translation>
    </message>
    <message>
        <source>Answers by (UTC)</source>
        <translation>موعد الأجوبة (UTC)</translation>
    </message>
    <message>
        <source>Ask now</source>
        <translation>طرح السؤال الآن</translation>
    </message>
    <message>
        <source>Ask points of contact to confirm their entry</source>
        <translation>سؤال جهات الاتصال تأكيد قيودها</translation>
    </message>
    <message>
        <source>Each delegation is asked alone, and reads the name of the round, the date, and its own entry. Nobody sees who else is asked.</source>
        <translation>يُسأل كل وفد على حدة، ويقرأ اسم الجولة والتاريخ وقيده هو. ولا يرى أحد من سُئل غيره.</translation>
    </message>
    <message>
        <source>Everybody in the room is told with the next exchange. Your own delegation has not signed on yet.</source>
        <translation>يُبلَّغ كل من في الغرفة مع التبادل التالي. ولم ينضم وفدكم بعد.</translation>
    </message>
    <message>
        <source>Forum or directory</source>
        <translation>المحفل أو الدليل</translation>
    </message>
    <message>
        <source>Forum or directory (optional)</source>
        <translation>المحفل أو الدليل (اختياري)</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>ترك الأمر كما هو</translation>
    </message>
    <message>
        <source>Make a room under Messages first (Ctrl+5).</source>
        <translation>أنشئوا غرفة في «الرسائل» أولاً (Ctrl+5).</translation>
    </message>
    <message>
        <source>Name of the round</source>
        <translation>اسم الجولة</translation>
    </message>
    <message>
        <source>Name of the round, as those asked read it</source>
        <translation>اسم الجولة، كما يقرؤه من يُسألون</translation>
    </message>
    <message>
        <source>None</source>
        <translation>لا أحد</translation>
    </message>
    <message>
        <source>Open a ping round</source>
        <translation>فتح جولة اختبار اتصال</translation>
    </message>
    <message>
        <source>Round {n}</source>
        <translation>الجولة {n}</translation>
    </message>
    <message>
        <source>Sign on…</source>
        <translation>انضمام…</translation>
    </message>
    <message>
        <source>The list of co-sponsors is open.</source>
        <translation>قائمة المشاركين في التقديم مفتوحة.</translation>
    </message>
    <message>
        <source>The statement is open for sign-on.</source>
        <translation>البيان مفتوح للانضمام.</translation>
    </message>
    <message>
        <source>There is no room yet in which delegations could sign on.</source>
        <translation>لا توجد بعدُ غرفة يمكن للوفود الانضمام فيها.</translation>
    </message>
    <message>
        <source>This is an exercise</source>
        <translation>هذا تمرين</translation>
    </message>
    <message>
        <source>This is an exercise: every question says so</source>
        <translation>هذا تمرين: وكل سؤال ينص على ذلك</translation>
    </message>
    <message>
        <source>Who is asked</source>
        <translation>من يُسأل</translation>
    </message>
    <message>
        <source>our own</source>
        <translation>قيودنا نحن</translation>
    </message>
    <message>
        <source>real: not in a vault for practice</source>
        <translation>حقيقية: لا تُسأل من خزنة التدريب</translation>
    </message>
    <message>
        <source>superseded or removed</source>
        <translation>حلّ محلها غيرها أو محذوفة</translation>
    </message>
</context>
<context>
    <name>OutlinePane</name>
    <message>
        <source>Agreed</source>
        <translation>متفق عليه</translation>
    </message>
    <message>
        <source>All</source>
        <translation>الكل</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>تصفية</translation>
    </message>
    <message>
        <source>Filter paragraphs by their words</source>
        <translation>تصفية الفقرات بكلماتها</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>فقراتي</translation>
    </message>
    <message>
        <source>No paragraph matches.</source>
        <translation>لا توجد فقرة مطابقة.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>المفتوحة</translation>
    </message>
    <message>
        <source>Outline of the text</source>
        <translation>مخطط النص</translation>
    </message>
    <message>
        <source>Parked</source>
        <translation>مُرجأة</translation>
    </message>
    <message>
        <source>Which paragraphs</source>
        <translation>أي فقرات</translation>
    </message>
</context>
<context>
    <name>OverviewScreen</name>
    <message>
        <source>Calendar</source>
        <translation>التقويم</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>التدريب</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>اليوم</translation>
    </message>
    <message>
        <source>Views of the overview</source>
        <translation>طرق عرض النظرة العامة</translation>
    </message>
</context>
<context>
    <name>OwnCard</name>
    <message>
        <source>Custodians…</source>
        <translation>الوفود المؤتمَنة…</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>البصمة</translation>
    </message>
    <message>
        <source>Handing it over</source>
        <translation>تسليمها</translation>
    </message>
    <message>
        <source>Import their card in the same way.</source>
        <translation>استوردوا بطاقته بالطريقة نفسها.</translation>
    </message>
    <message>
        <source>Nobody&apos;s word counts yet: a delegation is verified only by comparing with it.</source>
        <translation>لا يُعتد بتزكية أحد بعد: ولا يُتحقق من أي وفد إلا بالمقارنة معه.</translation>
    </message>
    <message>
        <source>Our identity card as a QR code</source>
        <translation>بطاقة هويتنا في شكل رمز QR</translation>
    </message>
    <message>
        <source>Our identity card: {who}</source>
        <translation>بطاقة هويتنا: {who}</translation>
    </message>
    <message>
        <source>Save our identity card…</source>
        <translation>حفظ بطاقة هويتنا…</translation>
    </message>
    <message>
        <source>Save the card as a file and give it to the other delegation on a stick.</source>
        <translation>احفظوا البطاقة في ملف وسلموها إلى الوفد الآخر على ذاكرة محمولة.</translation>
    </message>
    <message>
        <source>The card says who we are and holds only public keys. It may be handed to anybody.</source>
        <translation>تبيّن البطاقة من نحن ولا تحوي إلا مفاتيح عامة. ويجوز تسليمها إلى أي كان.</translation>
    </message>
    <message>
        <source>Then compare: let them take a picture of this code, and take one of theirs,</source>
        <translation>ثم قارنوا: دعوهم يلتقطون صورة لهذا الرمز، والتقطوا صورة لرمزهم،</translation>
    </message>
    <message>
        <source>What changed, and since when</source>
        <translation>ما الذي تغيّر، ومنذ متى</translation>
    </message>
    <message>
        <source>Whose word counts</source>
        <translation>من يُعتد بتزكيتهم</translation>
    </message>
    <message>
        <source>or press “Verify…” and follow what both screens say.</source>
        <translation>أو اضغطوا «التحقق…» واتبعوا ما تقوله الشاشتان.</translation>
    </message>
    <message>
        <source>{who}; {needed} have to agree.</source>
        <translation>{who}؛ وعدد من يلزم اتفاقهم: {needed}.</translation>
    </message>
</context>
<context>
    <name>PartedLine</name>
    <message>
        <source>Keep it</source>
        <translation>إبقاء</translation>
    </message>
    <message>
        <source>One laptop took this row out while another changed it. Both are in the history; say which holds.</source>
        <translation>أخرج أحد الحواسيب المحمولة هذا الصف بينما غيّره حاسوب آخر. وكلا الأمرين في تاريخ التغييرات؛ قولوا أيهما يسري.</translation>
    </message>
    <message>
        <source>Take it out</source>
        <translation>إخراجها</translation>
    </message>
</context>
<context>
    <name>PassPenDialog</name>
    <message>
        <source>Choose a delegation…</source>
        <translation>اختيار وفد…</translation>
    </message>
    <message>
        <source>Delegation that will hold the pen</source>
        <translation>الوفد الذي سيحمل القلم</translation>
    </message>
    <message>
        <source>From then on only {0} changes the text. You can propose like everybody else, and only {0} can give the pen back.</source>
        <translation>من ذلك الحين لا يغيّر النص إلا {0}. ويمكنكم الاقتراح كغيركم، ولا يستطيع إعادة القلم إلا {0}.</translation>
    </message>
    <message>
        <source>Keep the pen</source>
        <translation>الاحتفاظ بالقلم</translation>
    </message>
    <message>
        <source>Only the pen changes the text; everybody else proposes.</source>
        <translation>القلم وحده يغيّر النص؛ وكل من سواه يقترح.</translation>
    </message>
    <message>
        <source>Pass the pen</source>
        <translation>تسليم القلم</translation>
    </message>
    <message>
        <source>Pass the pen to another delegation</source>
        <translation>تسليم القلم إلى وفد آخر</translation>
    </message>
    <message>
        <source>You have not verified {0}: compare the safety words first.</source>
        <translation>لم تتحققوا من {0}: قارنوا كلمات الأمان أولاً.</translation>
    </message>
</context>
<context>
    <name>PassagePicker</name>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Enter inserts the words</source>
        <translation>Enter لإدراج الكلمات</translation>
    </message>
    <message>
        <source>Insert</source>
        <translation>إدراج</translation>
    </message>
    <message>
        <source>Insert from the library</source>
        <translation>إدراج من المكتبة</translation>
    </message>
    <message>
        <source>Nothing in the library is like these words.</source>
        <translation>لا شيء في المكتبة يشبه هذه الكلمات.</translation>
    </message>
    <message>
        <source>Passages found</source>
        <translation>المقاطع التي عُثر عليها</translation>
    </message>
    <message>
        <source>The words go where the cursor is, their source into the reason.</source>
        <translation>تُدرج الكلمات في موضع المؤشر، ومصدرها في خانة السبب.</translation>
    </message>
    <message>
        <source>Words, or a symbol and paragraph: A/70/174 13 (f)</source>
        <translation>كلمات، أو رمز وفقرة: A/70/174 13 (f)</translation>
    </message>
</context>
<context>
    <name>PassingCard</name>
    <message>
        <source>For another laptop or a colleague. No secret goes into the file: no key, no name, no folder, no password of a proxy. Before a file changes anything here you see what it would change.</source>
        <translation>لحاسوب محمول آخر أو لأحد الزملاء. لا يدخل الملفَ أي سر: لا مفتاح ولا اسم ولا مجلد ولا كلمة سر لخادم وكيل. وقبل أن يغيّر أي ملف شيئاً هنا ترون ما سيغيّره.</translation>
    </message>
    <message>
        <source>Save the settings</source>
        <translation>حفظ الإعدادات</translation>
    </message>
    <message>
        <source>Save the settings…</source>
        <translation>حفظ الإعدادات…</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>حُفظ باسم {0}</translation>
    </message>
    <message>
        <source>Settings in a file</source>
        <translation>الإعدادات في ملف</translation>
    </message>
    <message>
        <source>Settings of Valise ({0})</source>
        <translation>إعدادات Valise ({0})</translation>
    </message>
    <message>
        <source>Take settings from a file</source>
        <translation>إدخال إعدادات من ملف</translation>
    </message>
    <message>
        <source>Take settings from a file…</source>
        <translation>إدخال إعدادات من ملف…</translation>
    </message>
</context>
<context>
    <name>PassphraseEntry</name>
    <message>
        <source>Hide the passphrase</source>
        <translation>إخفاء عبارة المرور</translation>
    </message>
    <message>
        <source>Show the passphrase</source>
        <translation>إظهار عبارة المرور</translation>
    </message>
</context>
<context>
    <name>PassphrasePage</name>
    <message>
        <source>It opens the vault on this laptop. It is never stored and never sent.</source>
        <translation>تفتح الخزنة على هذا الحاسوب المحمول. ولا تُخزَّن أبداً ولا تُرسل أبداً.</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>عبارة المرور</translation>
    </message>
</context>
<context>
    <name>PenBench</name>
    <message>
        <source>You hold the pen</source>
        <translation>القلم لديكم</translation>
    </message>
</context>
<context>
    <name>PickDialog</name>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>اختيار</translation>
    </message>
    <message>
        <source>Choose a paragraph</source>
        <translation>اختيار فقرة</translation>
    </message>
    <message>
        <source>Choose a row</source>
        <translation>اختيار صف</translation>
    </message>
    <message>
        <source>Some of its words</source>
        <translation>بعض كلماته</translation>
    </message>
    <message>
        <source>There is nothing to choose from yet.</source>
        <translation>لا يوجد ما يُختار منه بعد.</translation>
    </message>
    <message>
        <source>What can be chosen</source>
        <translation>ما يمكن اختياره</translation>
    </message>
</context>
<context>
    <name>Picker</name>
    <message>
        <source> ≈ nearly alike ({0})</source>
        <translation> ≈ متشابهة تقريباً ({0})</translation>
    </message>
    <message>
        <source>As it would read</source>
        <translation>كما ستُقرأ</translation>
    </message>
    <message>
        <source>Nobody&apos;s words are dropped unsaid.</source>
        <translation>لا تسقط كلمات أحد دون بيان.</translation>
    </message>
    <message>
        <source>Other words at this place</source>
        <translation>كلمات أخرى في هذا الموضع</translation>
    </message>
    <message>
        <source>Other words:</source>
        <translation>كلمات أخرى:</translation>
    </message>
    <message>
        <source>Place {0}</source>
        <translation>الموضع {0}</translation>
    </message>
    <message>
        <source>Stays as it is: {0}</source>
        <translation>يبقى كما هو: {0}</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>العنوان</translation>
    </message>
    <message>
        <source>What becomes of each amendment</source>
        <translation>ما يؤول إليه كل تعديل</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>لا شيء</translation>
    </message>
    <message>
        <source>without these words</source>
        <translation>بدون هذه الكلمات</translation>
    </message>
    <message>
        <source>{0}  ({1}; {2}){3}</source>
        <translation>{0}  ({1}؛ {2}){3}</translation>
    </message>
</context>
<context>
    <name>PlacesField</name>
    <message>
        <source>Add an address</source>
        <translation>إضافة عنوان</translation>
    </message>
</context>
<context>
    <name>Plot</name>
    <message>
        <source>Words outside brackets: {0}</source>
        <translation>الكلمات خارج الأقواس: {0}</translation>
    </message>
    <message>
        <source>now</source>
        <translation>الآن</translation>
    </message>
    <message>
        <source>words in brackets</source>
        <translation>كلمات بين الأقواس</translation>
    </message>
    <message>
        <source>words outside brackets</source>
        <translation>كلمات خارج الأقواس</translation>
    </message>
</context>
<context>
    <name>PracticeBanner</name>
    <message>
        <source>Fictional delegations only. Nothing here is real, and nothing leaves this vault.</source>
        <translation>وفود خيالية فقط. لا شيء هنا حقيقي، ولا يغادر هذه الخزنة شيء.</translation>
    </message>
</context>
<context>
    <name>PracticePage</name>
    <message>
        <source>Nothing here is real and nothing leaves this vault&apos;s folder. Keys, signatures and envelopes are the same as in your own vault.</source>
        <translation>لا شيء هنا حقيقي ولا يغادر شيء مجلد هذه الخزنة. والمفاتيح والتوقيعات والمغلفات هي نفسها كما في خزنتكم.</translation>
    </message>
    <message>
        <source>Practice with fictional delegations</source>
        <translation>التدريب مع وفود خيالية</translation>
    </message>
    <message>
        <source>Record of practice</source>
        <translation>محضر التدريب</translation>
    </message>
    <message>
        <source>Save the record</source>
        <translation>حفظ المحضر</translation>
    </message>
    <message>
        <source>Save the record…</source>
        <translation>حفظ المحضر…</translation>
    </message>
    <message>
        <source>Saved as {file}.</source>
        <translation>حُفظ باسم {file}.</translation>
    </message>
    <message>
        <source>What Borovia&apos;s laptop shows for your delegation</source>
        <translation>ما يعرضه الحاسوب المحمول لبوروفيا بشأن وفدكم</translation>
    </message>
</context>
<context>
    <name>PractisePage</name>
    <message>
        <source>A passphrase for practice</source>
        <translation>عبارة مرور للتدريب</translation>
    </message>
    <message>
        <source>A vault of its own beside yours, with two invented partners who answer. It takes in no real contact and carries nothing beyond its folder.</source>
        <translation>خزنة قائمة بذاتها بجانب خزنتكم، مع شريكين متخيَّلين يجيبان. لا تُدخل أي جهة تراسل حقيقية ولا تحمل شيئاً إلى خارج مجلدها.</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>رجوع</translation>
    </message>
    <message>
        <source>Making the vault and its partners. This takes a moment on purpose.</source>
        <translation>جارٍ إنشاء الخزنة وشريكيها. يستغرق ذلك لحظة عن قصد.</translation>
    </message>
    <message>
        <source>Passphrase of the vault for practice</source>
        <translation>عبارة مرور خزنة التدريب</translation>
    </message>
    <message>
        <source>Practise</source>
        <translation>تدريب</translation>
    </message>
    <message>
        <source>Practise with fictional delegations</source>
        <translation>التدرب مع وفود خيالية</translation>
    </message>
</context>
<context>
    <name>PreviewDialog</name>
    <message>
        <source>A STIX bundle</source>
        <translation>حزمة STIX</translation>
    </message>
    <message>
        <source>A draft for you to look at. Nothing is sent, and nothing of it is executed. Taken in: {0}; kept out: {1}.</source>
        <translation>مسودة لتطّلعوا عليها. لا يُرسل شيء ولا يُنفَّذ شيء منها. ما أُدخل: {0}؛ وما استُبعد: {1}.</translation>
    </message>
    <message>
        <source>Kept out: patterns that name more than one address</source>
        <translation>استُبعد: الأنماط التي تسمي أكثر من عنوان واحد</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>تركها</translation>
    </message>
    <message>
        <source>Make a draft of it</source>
        <translation>إعداد مسودة منها</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>علامة التداول</translation>
    </message>
    <message>
        <source>To be filled in by you: {0}</source>
        <translation>عليكم ملء: {0}</translation>
    </message>
    <message>
        <source>What the bundle holds</source>
        <translation>ما في الحزمة</translation>
    </message>
    <message>
        <source>What this bundle would become</source>
        <translation>ما ستصير إليه هذه الحزمة</translation>
    </message>
</context>
<context>
    <name>ProgressLine</name>
    <message>
        <source>Progress</source>
        <translation>التقدم</translation>
    </message>
</context>
<context>
    <name>ProposalCard</name>
    <message>
        <source>Admit</source>
        <translation>قبول</translation>
    </message>
    <message>
        <source>Co-sponsor</source>
        <translation>مشاركة في التقديم</translation>
    </message>
    <message>
        <source>Co-sponsor {0}</source>
        <translation>المشاركة في تقديم {0}</translation>
    </message>
    <message>
        <source>Do not take {0}</source>
        <translation>عدم الأخذ بـ {0}</translation>
    </message>
    <message>
        <source>Keep as alternative</source>
        <translation>الإبقاء عليه بديلاً</translation>
    </message>
    <message>
        <source>Keep {0} as an alternative</source>
        <translation>الإبقاء على {0} بديلاً</translation>
    </message>
    <message>
        <source>Reason: {0}</source>
        <translation>السبب: {0}</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>رفض</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>ملاحظة</translation>
    </message>
    <message>
        <source>Remark to the room on {0}</source>
        <translation>ملاحظة موجهة إلى الغرفة بشأن {0}</translation>
    </message>
    <message>
        <source>Take</source>
        <translation>الأخذ به</translation>
    </message>
    <message>
        <source>Take {0} back into the talks</source>
        <translation>إعادة {0} إلى المحادثات</translation>
    </message>
    <message>
        <source>Take {0} into the text</source>
        <translation>أخذ {0} في النص</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>سحب</translation>
    </message>
    <message>
        <source>Withdraw {0}</source>
        <translation>سحب {0}</translation>
    </message>
    <message>
        <source>with {0}</source>
        <translation>مع {0}</translation>
    </message>
</context>
<context>
    <name>QShortcut</name>
    <message>
        <source>Backspace</source>
        <translation>Backspace</translation>
    </message>
    <message>
        <source>Ctrl</source>
        <translation>Ctrl</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Del</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>الأسفل</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>اليسار</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>اليمين</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Shift</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>الأعلى</translation>
    </message>
</context>
<context>
    <name>QuestionCard</name>
    <message>
        <source>It has changed…</source>
        <translation>تغيّر القيد…</translation>
    </message>
    <message>
        <source>The entry is right</source>
        <translation>القيد صحيح</translation>
    </message>
    <message>
        <source>Wrong contact…</source>
        <translation>جهة اتصال غير صحيحة…</translation>
    </message>
    <message>
        <source>You confirmed it</source>
        <translation>أكدتموه</translation>
    </message>
    <message>
        <source>You said that it has changed</source>
        <translation>قلتم إنه تغيّر</translation>
    </message>
    <message>
        <source>You said that it is the wrong contact</source>
        <translation>قلتم إنها ليست جهة الاتصال الصحيحة</translation>
    </message>
    <message>
        <source>asked {when}, answer by {due}</source>
        <translation>سُئل {when}، والجواب مطلوب في موعد أقصاه {due}</translation>
    </message>
    <message>
        <source>{told}: {officer}, {when}</source>
        <translation>{told}: {officer}، {when}</translation>
    </message>
    <message>
        <source>{who} asks: is this entry right?</source>
        <translation>سؤال من {who}: هل هذا القيد صحيح؟</translation>
    </message>
</context>
<context>
    <name>ReachView</name>
    <message>
        <source>Contacts: {contacts} · rounds: {rounds}</source>
        <translation>جهات الاتصال: {contacts} · الجولات: {rounds}</translation>
    </message>
    <message>
        <source>Exercises too</source>
        <translation>مع التمارين</translation>
    </message>
    <message>
        <source>Nothing to show yet</source>
        <translation>لا يوجد ما يُعرض بعد</translation>
    </message>
    <message>
        <source>Once a round was opened, you see here what came of it.</source>
        <translation>بعد فتح جولة ترون هنا ما أسفرت عنه.</translation>
    </message>
    <message>
        <source>Reachability by contact and round</source>
        <translation>إمكانية الوصول بحسب جهة الاتصال والجولة</translation>
    </message>
    <message>
        <source>The bar is the time to the answer, on a scale from a minute to thirty days on which each step is a multiple of the one before. Hatched: asked outside their hours or on a public holiday there. States stand by name; no order is a ranking. Results of others stay here.</source>
        <translation>يمثل الشريط المدة حتى الجواب، على مقياس من دقيقة إلى ثلاثين يوماً تكون فيه كل درجة مضاعفاً للدرجة السابقة. والمخطط بخطوط مائلة: سؤال طُرح خارج ساعات العمل هناك أو في عطلة رسمية. والدول مرتبة بأسمائها؛ ولا يعني أي ترتيب مفاضلة. وتبقى نتائج الآخرين هنا.</translation>
    </message>
</context>
<context>
    <name>ReadingList</name>
    <message>
        <source>Enter goes to the paragraph</source>
        <translation>Enter للانتقال إلى الفقرة</translation>
    </message>
</context>
<context>
    <name>ReadingPane</name>
    <message>
        <source>Choose a result or a document: it is shown here where it stands.</source>
        <translation>اختاروا نتيجة أو وثيقة: فتظهر هنا في موضعها.</translation>
    </message>
    <message>
        <source>Enter on the first or last line shows more</source>
        <translation>Enter على السطر الأول أو الأخير لإظهار المزيد</translation>
    </message>
    <message>
        <source>Nothing chosen</source>
        <translation>لم يُختر شيء</translation>
    </message>
    <message>
        <source>Paragraphs of the document</source>
        <translation>فقرات الوثيقة</translation>
    </message>
</context>
<context>
    <name>ReasonDialog</name>
    <message>
        <source>Leave as it is</source>
        <translation>ترك الأمر كما هو</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>السبب</translation>
    </message>
    <message>
        <source>Reason, kept in the history</source>
        <translation>السبب، ويُحفظ في تاريخ التغييرات</translation>
    </message>
</context>
<context>
    <name>Recording</name>
    <message>
        <source>Answered or found out at (UTC)</source>
        <translation>وقت الجواب أو المعرفة (UTC)</translation>
    </message>
    <message>
        <source>Asked at (UTC)</source>
        <translation>وقت السؤال (UTC)</translation>
    </message>
    <message>
        <source>By which way</source>
        <translation>بأي وسيلة</translation>
    </message>
    <message>
        <source>It cannot answer before it was asked.</source>
        <translation>لا يمكن أن يأتي الجواب قبل السؤال.</translation>
    </message>
    <message>
        <source>It stands in the record as your word, told apart from an answer they signed.</source>
        <translation>تُقيَّد في المحضر بوصفها قولكم أنتم، متميزةً من جواب موقّع من تلك الجهة.</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>ترك الأمر كما هو</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>ملاحظة</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>النتيجة</translation>
    </message>
    <message>
        <source>Record an outcome</source>
        <translation>تسجيل نتيجة</translation>
    </message>
    <message>
        <source>Record it</source>
        <translation>تسجيلها</translation>
    </message>
    <message>
        <source>The note is longer than 2,000 characters.</source>
        <translation>تتجاوز الملاحظة 2,000 حرف.</translation>
    </message>
    <message>
        <source>What came of asking {who}?</source>
        <translation>ماذا كانت نتيجة سؤال {who}؟</translation>
    </message>
</context>
<context>
    <name>RecoverPage</name>
    <message>
        <source>Back</source>
        <translation>رجوع</translation>
    </message>
    <message>
        <source>Change and open</source>
        <translation>التغيير والفتح</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>عبارة المرور الجديدة</translation>
    </message>
    <message>
        <source>Open with recovery shares</source>
        <translation>الفتح بحصص الاسترداد</translation>
    </message>
    <message>
        <source>Open, keep the passphrase</source>
        <translation>الفتح مع الإبقاء على عبارة المرور</translation>
    </message>
    <message>
        <source>The shares open this vault. Choose the passphrase that opens it from now on; the one before opens nothing any more, and no keyring is needed beside it.</source>
        <translation>تفتح الحصص هذه الخزنة. اختاروا عبارة المرور التي تفتحها من الآن فصاعداً؛ والسابقة لا تفتح شيئاً بعد ذلك، ولا تلزم معها سلسلة مفاتيح.</translation>
    </message>
</context>
<context>
    <name>RegisterList</name>
    <message>
        <source>Enter goes to the rows</source>
        <translation>Enter للانتقال إلى الصفوف</translation>
    </message>
    <message>
        <source>Find a register</source>
        <translation>البحث عن سجل</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>السجلات</translation>
    </message>
</context>
<context>
    <name>RegisterPage</name>
    <message>
        <source>A first row</source>
        <translation>صف أول</translation>
    </message>
    <message>
        <source>A further row (Ctrl+N)</source>
        <translation>صف آخر (Ctrl+N)</translation>
    </message>
    <message>
        <source>Further acts</source>
        <translation>إجراءات أخرى</translation>
    </message>
    <message>
        <source>New</source>
        <translation>جديد</translation>
    </message>
    <message>
        <source>No row belongs here now</source>
        <translation>لا صف يندرج هنا الآن</translation>
    </message>
    <message>
        <source>No row passes this filter</source>
        <translation>لا صف يجتاز عامل التصفية هذا</translation>
    </message>
    <message>
        <source>Nothing is in this register yet</source>
        <translation>لا شيء في هذا السجل بعد</translation>
    </message>
    <message>
        <source>Show every row</source>
        <translation>إظهار كل الصفوف</translation>
    </message>
</context>
<context>
    <name>RegisterTable</name>
    <message>
        <source>Arrows move, Enter opens the row, F2 changes the cell</source>
        <translation>الأسهم للتنقل، وEnter لفتح الصف، وF2 لتغيير الخانة</translation>
    </message>
    <message>
        <source>Corner of the table</source>
        <translation>زاوية الجدول</translation>
    </message>
    <message>
        <source>Headings</source>
        <translation>العناوين</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>الصفوف</translation>
    </message>
</context>
<context>
    <name>RegistersScreen</name>
    <message>
        <source>Commitments</source>
        <translation>الالتزامات</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>جهات التراسل</translation>
    </message>
</context>
<context>
    <name>RehearseDialog</name>
    <message>
        <source>Close</source>
        <translation>إغلاق</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>تم</translation>
    </message>
    <message>
        <source>Look for the sheets with the name of your delegation on them, or make new ones.</source>
        <translation>ابحثوا عن الأوراق التي عليها اسم وفدكم، أو أعدّوا أوراقاً جديدة.</translation>
    </message>
    <message>
        <source>Put every sheet back to its keeper.</source>
        <translation>أعيدوا كل ورقة إلى حافظها.</translation>
    </message>
    <message>
        <source>Rehearse the recovery</source>
        <translation>التمرّن على الاسترداد</translation>
    </message>
    <message>
        <source>The day of the rehearsal is kept.</source>
        <translation>حُفظ يوم التمرّن.</translation>
    </message>
    <message>
        <source>These sheets belong to something else.</source>
        <translation>هذه الأوراق تخص شيئاً آخر.</translation>
    </message>
</context>
<context>
    <name>ReleaseCard</name>
    <message>
        <source>Ask to lift the rule</source>
        <translation>طلب رفع القاعدة</translation>
    </message>
    <message>
        <source>Keep the rule</source>
        <translation>الإبقاء على القاعدة</translation>
    </message>
    <message>
        <source>Off. No second officer of your delegation has a laptop that may propose amendments.</source>
        <translation>غير مفعَّلة. لا يوجد في وفدكم موظف ثانٍ لديه حاسوب محمول يجوز له اقتراح التعديلات.</translation>
    </message>
    <message>
        <source>Off: proposals leave at once.</source>
        <translation>غير مفعَّلة: تغادر المقترحات فوراً.</translation>
    </message>
    <message>
        <source>On. You asked to lift it; it is lifted when a second officer asks too.</source>
        <translation>مفعَّلة. طلبتم رفعها؛ وتُرفع حين يطلب ذلك موظف ثانٍ أيضاً.</translation>
    </message>
    <message>
        <source>On. {0} asks to lift it; it is lifted when you ask too.</source>
        <translation>مفعَّلة. طلب رفعها من {0}؛ وتُرفع حين تطلبون ذلك أيضاً.</translation>
    </message>
    <message>
        <source>On: every proposal waits for a second officer.</source>
        <translation>مفعَّلة: ينتظر كل مقترح موظفاً ثانياً.</translation>
    </message>
    <message>
        <source>Release by a second officer</source>
        <translation>الإجازة من موظف ثانٍ</translation>
    </message>
    <message>
        <source>Wait for a second officer</source>
        <translation>انتظار موظف ثانٍ</translation>
    </message>
    <message>
        <source>With this rule a proposal stays in your delegation until another officer, on another laptop, releases it. It holds for proposals; positions, remarks to the room and what the pen writes leave at once. A laptop that has not heard of the rule yet does not keep it.</source>
        <translation>بهذه القاعدة يبقى المقترح في وفدكم إلى أن يجيزه موظف آخر، على حاسوب محمول آخر. وهي تسري على المقترحات؛ أما المواقف والملاحظات الموجهة إلى الغرفة وما يكتبه القلم فتغادر فوراً. والحاسوب المحمول الذي لم تبلغه القاعدة بعد لا يراعيها.</translation>
    </message>
</context>
<context>
    <name>ReleaseDialog</name>
    <message>
        <source>A release of Valise</source>
        <translation>إصدار من Valise</translation>
    </message>
    <message>
        <source>Check a package</source>
        <translation>التحقق من حزمة</translation>
    </message>
    <message>
        <source>Check a package…</source>
        <translation>التحقق من حزمة…</translation>
    </message>
    <message>
        <source>Checksum of {0}: {1}</source>
        <translation>المجموع الاختباري لـ {0}: {1}</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>إغلاق</translation>
    </message>
    <message>
        <source>From the file {0}</source>
        <translation>من الملف {0}</translation>
    </message>
    <message>
        <source>Not checked yet. Nothing is installed from here: install only a package that passed.</source>
        <translation>لم يجرِ التحقق بعد. لا يُثبَّت أي شيء من هنا: لا تثبّتوا إلا حزمة اجتازت التحقق.</translation>
    </message>
    <message>
        <source>The package that came with it</source>
        <translation>الحزمة المرفقة به</translation>
    </message>
    <message>
        <source>The signature holds: it was signed with the key of this program&apos;s publisher, and nothing was changed since.</source>
        <translation>التوقيع صحيح: وُقّع بمفتاح ناشر هذا البرنامج ولم يتغير شيء منذ ذلك الحين.</translation>
    </message>
    <message>
        <source>This package is exactly the one released: {0}.</source>
        <translation>هذه الحزمة هي بالضبط ما صدر: {0}.</translation>
    </message>
    <message>
        <source>Valise {0} of {1}</source>
        <translation>الإصدار {0} من Valise بتاريخ {1}</translation>
    </message>
    <message>
        <source>What belongs to it and what is said about it</source>
        <translation>ما يتضمنه وما قيل عنه</translation>
    </message>
    <message>
        <source>What belongs to it: name, size and checksum (SHA-256)</source>
        <translation>ما يتضمنه: الاسم والحجم والمجموع الاختباري (SHA-256)</translation>
    </message>
    <message>
        <source>What its publisher says about it</source>
        <translation>ما يقوله ناشره عنه</translation>
    </message>
    <message>
        <source>{0} did not pass.</source>
        <translation>لم يجتز {0} التحقق.</translation>
    </message>
</context>
<context>
    <name>RenewDialog</name>
    <message>
        <source>Change officer or rights</source>
        <translation>تغيير الموظف أو الحقوق</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>المتابعة إلى المفتاح الجذري…</translation>
    </message>
    <message>
        <source>Its keys stay the same; the term begins anew. Fewer rights hold from now on: what it signed before stands. A laptop you no longer trust is not changed but revoked.</source>
        <translation>تبقى مفاتيحه كما هي؛ وتبدأ المدة من جديد. وإذا قُلّصت الحقوق سرى ذلك من الآن فصاعداً: وما وقّعه من قبل يبقى سارياً. والحاسوب المحمول الذي لم تعودوا تثقون به لا يُغيَّر بل يُبطل.</translation>
    </message>
    <message>
        <source>Renew the certificate</source>
        <translation>تجديد الشهادة</translation>
    </message>
</context>
<context>
    <name>ReportPage</name>
    <message>
        <source>A police or judicial matter: mutual legal assistance, extradition, evidence for a court</source>
        <translation>مسألة شرطية أو قضائية: المساعدة القانونية المتبادلة، تسليم المطلوبين، أدلة للمحكمة</translation>
    </message>
    <message>
        <source>Agreed</source>
        <translation>متفق عليه</translation>
    </message>
    <message>
        <source>An ICT incident between States</source>
        <translation>حادث متعلق بتكنولوجيا المعلومات والاتصالات بين الدول</translation>
    </message>
    <message>
        <source>And {0} more: the command valise verify shows them all.</source>
        <translation>وغيرها: {0}؛ ويُظهرها الأمر valise verify كلها.</translation>
    </message>
    <message>
        <source>Attach a file</source>
        <translation>إرفاق ملف</translation>
    </message>
    <message>
        <source>Attach a file…</source>
        <translation>إرفاق ملف…</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>رجوع</translation>
    </message>
    <message>
        <source>Certified from {0} to {1}.</source>
        <translation>الشهادة سارية من {0} إلى {1}.</translation>
    </message>
    <message>
        <source>Checkpoint with both signature algorithms: everything up to {0}.</source>
        <translation>نقطة تحقق بخوارزميتي التوقيع كلتيهما: كل شيء حتى {0}.</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>مغلق</translation>
    </message>
    <message>
        <source>Confirmed by {0}.</source>
        <translation>أكده: {0}.</translation>
    </message>
    <message>
        <source>Contradicted by {0}.</source>
        <translation>عارضه: {0}.</translation>
    </message>
    <message>
        <source>Drop the draft</source>
        <translation>التخلي عن المسودة</translation>
    </message>
    <message>
        <source>Entries</source>
        <translation>القيود</translation>
    </message>
    <message>
        <source>Everybody in this room reads it: {0}. TLP:RED is not for a group.</source>
        <translation>يقرؤه كل من في هذه الغرفة: {0}. ولا تصلح TLP:RED لمجموعة.</translation>
    </message>
    <message>
        <source>Everything required is filled in. What you write is kept in the vault.</source>
        <translation>مُلئ كل ما هو مطلوب. وما تكتبونه محفوظ في الخزنة.</translation>
    </message>
    <message>
        <source>Files are sealed for one room: attach them again for this one.</source>
        <translation>تُختم الملفات لغرفة واحدة: أرفقوها من جديد لهذه الغرفة.</translation>
    </message>
    <message>
        <source>Fill in: {0}</source>
        <translation>املأوا: {0}</translation>
    </message>
    <message>
        <source>Filled in by the delegations that answer.</source>
        <translation>تملؤه الوفود التي تجيب.</translation>
    </message>
    <message>
        <source>Filled in by you when it is over.</source>
        <translation>تملؤونه أنتم حين ينتهي الأمر.</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>البصمة</translation>
    </message>
    <message>
        <source>Laptop of</source>
        <translation>الحاسوب المحمول لـ</translation>
    </message>
    <message>
        <source>Look at what leaves and to whom; nothing is sent before (Ctrl+Enter)</source>
        <translation>الاطلاع على ما يغادر وإلى من؛ ولا يُرسل شيء قبل ذلك (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>Look at what leaves…</source>
        <translation>الاطلاع على ما يغادر…</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>الأعضاء</translation>
    </message>
    <message>
        <source>Messages for the record: {0}.</source>
        <translation>الرسائل للمحضر: {0}.</translation>
    </message>
    <message>
        <source>No longer members</source>
        <translation>لم يعودوا أعضاء</translation>
    </message>
    <message>
        <source>Not to be sent on to others before (embargo)</source>
        <translation>لا تجوز إحالته إلى آخرين قبل (حظر)</translation>
    </message>
    <message>
        <source>Only {0} reads it.</source>
        <translation>لا يقرؤه إلا {0}.</translation>
    </message>
    <message>
        <source>Own archive of an internal room: not to be handed to anybody.</source>
        <translation>أرشيف خاص لغرفة داخلية: لا يُسلَّم إلى أحد.</translation>
    </message>
    <message>
        <source>Report an incident or ask for help</source>
        <translation>الإبلاغ عن حادث أو طلب المساعدة</translation>
    </message>
    <message>
        <source>Result of the check</source>
        <translation>نتيجة التحقق</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>التنقيح</translation>
    </message>
    <message>
        <source>Revoked {0}.</source>
        <translation>أُبطل {0}.</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>الغرفة</translation>
    </message>
    <message>
        <source>Room in which it is reported; everybody in it reads it</source>
        <translation>الغرفة التي يُبلَّغ فيها؛ ويقرؤه كل من فيها</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>SHA-256 of its words</source>
        <translation>قيمة SHA-256 لكلماته</translation>
    </message>
    <message>
        <source>SHA-256 that is signed on to</source>
        <translation>قيمة SHA-256 التي يُنضم إليها</translation>
    </message>
    <message>
        <source>Say what is observed, not who did it. Use is voluntary: only what is marked as required must be filled in. All times are UTC.</source>
        <translation>اذكروا ما لوحظ، لا من فعله. والاستخدام طوعي: لا يلزم ملء سوى ما يحمل كلمة «مطلوب». وجميع الأوقات بتوقيت UTC.</translation>
    </message>
    <message>
        <source>Still required: {0}</source>
        <translation>ما زال مطلوباً: {0}</translation>
    </message>
    <message>
        <source>Such matters keep their own channels and are not sent here. Use your central authority for mutual legal assistance, the 24/7 network of the treaty that applies, or INTERPOL through your national central bureau.</source>
        <translation>لهذه المسائل قنواتها الخاصة ولا تُرسل من هنا. استخدموا سلطتكم المركزية المعنية بالمساعدة القانونية المتبادلة، أو شبكة 24/7 المنشأة بموجب المعاهدة المنطبقة، أو الإنتربول عن طريق مكتبكم المركزي الوطني.</translation>
    </message>
    <message>
        <source>The time of the embargo cannot be understood: write it like 2026-12-10 18:00.</source>
        <translation>تعذّر فهم وقت الحظر: اكتبوه بهذا الشكل: 2026-12-10 18:00.</translation>
    </message>
    <message>
        <source>There is no room with another delegation yet. Make one under Messages (Ctrl+5).</source>
        <translation>لا توجد غرفة مع وفد آخر بعد. أنشئوا واحدة في «الرسائل» (Ctrl+5).</translation>
    </message>
    <message>
        <source>This is the first entry that does not hold; others may follow.</source>
        <translation>هذا أول قيد لا يصح؛ وقد تليه قيود أخرى.</translation>
    </message>
    <message>
        <source>This matter is not sent here: use the channel named above.</source>
        <translation>لا تُرسل هذه المسألة من هنا: استخدموا القناة المذكورة أعلاه.</translation>
    </message>
    <message>
        <source>To whom?</source>
        <translation>إلى من؟</translation>
    </message>
    <message>
        <source>Two histories at {0}: {1}</source>
        <translation>تسلسلان مختلفان عند {0}: {1}</translation>
    </message>
    <message>
        <source>What is it about?</source>
        <translation>ما موضوعه؟</translation>
    </message>
    <message>
        <source>What is not proved</source>
        <translation>ما هو غير مثبت</translation>
    </message>
    <message>
        <source>What is proved</source>
        <translation>ما هو مثبت</translation>
    </message>
    <message>
        <source>What verifies and still has to be known</source>
        <translation>ما هو صحيح ولكن تلزم معرفته</translation>
    </message>
    <message>
        <source>Written by</source>
        <translation>كتبه</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>لا أحد</translation>
    </message>
    <message>
        <source>{0} is NOT sound. Do not rely on it.</source>
        <translation>{0}: غير سليم. لا تعتمدوا عليه.</translation>
    </message>
    <message>
        <source>{0} is sound: every entry verifies.</source>
        <translation>{0}: سليم، وكل قيد فيه صحيح.</translation>
    </message>
</context>
<context>
    <name>RequestPage</name>
    <message>
        <source>Ask to be admitted</source>
        <translation>طلب الضم</translation>
    </message>
    <message>
        <source>Back here: unlock Valise with your passphrase and open the answer.</source>
        <translation>ثم هنا: افتحوا قفل Valise بعبارة مروركم وافتحوا الجواب.</translation>
    </message>
    <message>
        <source>On the first laptop: Security, “Our laptops”, Admit…, open the request, compare the code, save the answer.</source>
        <translation>على الحاسوب المحمول الأول: «الأمن»، «حواسيبنا المحمولة»، «ضمّ…»، افتحوا الطلب وقارنوا الرمز واحفظوا الجواب.</translation>
    </message>
    <message>
        <source>Save the request</source>
        <translation>حفظ الطلب</translation>
    </message>
    <message>
        <source>Save the request on a stick. It holds no secret.</source>
        <translation>احفظوا الطلب على ذاكرة محمولة. وهو لا يحوي سراً.</translation>
    </message>
    <message>
        <source>Save the request…</source>
        <translation>حفظ الطلب…</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>حُفظ باسم {0}</translation>
    </message>
    <message>
        <source>Your delegation&apos;s first laptop decides what this one may do.</source>
        <translation>الحاسوب المحمول الأول لدى وفدكم هو الذي يحدد ما يجوز لهذا الحاسوب فعله.</translation>
    </message>
</context>
<context>
    <name>RequestPart</name>
    <message>
        <source>Choose the request…</source>
        <translation>اختيار الطلب…</translation>
    </message>
    <message>
        <source>If they differ, do not go on: the request was exchanged on its way. Carry it yourself.</source>
        <translation>إذا اختلفا فلا تتابعوا: فقد استُبدل الطلب في الطريق. انقلوه بأنفسكم.</translation>
    </message>
    <message>
        <source>Open the request</source>
        <translation>فتح الطلب</translation>
    </message>
    <message>
        <source>Read this code aloud; the other laptop shows its own. They must be the same.</source>
        <translation>اقرأوا هذا الرمز بصوت مسموع؛ ويعرض الحاسوب المحمول الآخر رمزه. ويجب أن يكونا متطابقين.</translation>
    </message>
    <message>
        <source>The codes are the same</source>
        <translation>الرمزان متطابقان</translation>
    </message>
</context>
<context>
    <name>RestorePage</name>
    <message>
        <source>A passphrase for this laptop</source>
        <translation>عبارة مرور لهذا الحاسوب المحمول</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>رجوع</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Everything in the backup can be read at once. This becomes a new laptop of your delegation: it sends nothing before it is admitted, and the old one can be revoked in the same step.</source>
        <translation>يمكن قراءة كل ما في النسخة الاحتياطية فوراً. ويصبح هذا حاسوباً محمولاً جديداً لوفدكم: لا يرسل شيئاً قبل ضمّه، ويمكن إبطال القديم في الخطوة نفسها.</translation>
    </message>
    <message>
        <source>From a backup</source>
        <translation>من نسخة احتياطية</translation>
    </message>
    <message>
        <source>Passphrase of the backup</source>
        <translation>عبارة مرور النسخة الاحتياطية</translation>
    </message>
    <message>
        <source>Reading and proving everything that was signed. Nothing is believed because it is in a backup.</source>
        <translation>جارٍ قراءة كل ما وُقّع والتحقق منه. لا يُصدَّق شيء لمجرد وروده في نسخة احتياطية.</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>استعادة</translation>
    </message>
    <message>
        <source>The new vault opens with the same passphrase; it can be changed afterwards.</source>
        <translation>تُفتح الخزنة الجديدة بعبارة المرور نفسها؛ ويمكن تغييرها بعد ذلك.</translation>
    </message>
</context>
<context>
    <name>RestoredCard</name>
    <message>
        <source>A vault for a journey</source>
        <translation>خزنة للسفر</translation>
    </message>
    <message>
        <source>Admit it with the key file…</source>
        <translation>ضمّه بملف المفتاح…</translation>
    </message>
    <message>
        <source>Check code, read aloud: both laptops show the same</source>
        <translation>رمز التحقق، يُقرأ بصوت مسموع: يعرض الحاسوبان المحمولان الرمز نفسه</translation>
    </message>
    <message>
        <source>If another laptop of yours is in use, let it admit this one:</source>
        <translation>إذا كان لديكم حاسوب محمول آخر قيد الاستخدام فدعوه يضمّ هذا الحاسوب:</translation>
    </message>
    <message>
        <source>If it was your only one, admit this laptop here:</source>
        <translation>إذا كان هو الوحيد لديكم فضُمّوا هذا الحاسوب المحمول هنا:</translation>
    </message>
    <message>
        <source>It is for: {0}.</source>
        <translation>وهي موجهة إلى: {0}.</translation>
    </message>
    <message>
        <source>Open the answer</source>
        <translation>فتح الجواب</translation>
    </message>
    <message>
        <source>Open the answer…</source>
        <translation>فتح الجواب…</translation>
    </message>
    <message>
        <source>Restored from a backup</source>
        <translation>مستعاد من نسخة احتياطية</translation>
    </message>
    <message>
        <source>Save the identity card</source>
        <translation>حفظ بطاقة الهوية</translation>
    </message>
    <message>
        <source>Save the new identity card…</source>
        <translation>حفظ بطاقة الهوية الجديدة…</translation>
    </message>
    <message>
        <source>Save the request</source>
        <translation>حفظ الطلب</translation>
    </message>
    <message>
        <source>Save the request…</source>
        <translation>حفظ الطلب…</translation>
    </message>
    <message>
        <source>This laptop was made from a backup of {0} and is admitted. Hand its new identity card to every delegation: they send nothing to it, and cannot read what it sends, before they have looked at it.</source>
        <translation>أُنشئ هذا الحاسوب المحمول من نسخة احتياطية أُعدّت في {0} وقد ضُمّ. سلّموا بطاقة هويته الجديدة إلى كل وفد: فالوفود لا ترسل إليه شيئاً، ولا تستطيع قراءة ما يرسله، قبل أن تطّلع عليها.</translation>
    </message>
    <message>
        <source>This laptop was made from a backup of {0} and waits to be admitted. You can read everything; nothing is sent or fetched before that.</source>
        <translation>أُنشئ هذا الحاسوب المحمول من نسخة احتياطية أُعدّت في {0} وينتظر ضمّه. يمكنكم قراءة كل شيء؛ ولا يُرسل شيء ولا يُجلب قبل ذلك.</translation>
    </message>
    <message>
        <source>What was said for the record since the backup comes back from the other delegations.</source>
        <translation>ما قيل للمحضر منذ إعداد النسخة الاحتياطية يعود من الوفود الأخرى.</translation>
    </message>
</context>
<context>
    <name>ReturnDialog</name>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>It does not leave. Your delegation reads the reason; nobody else does.</source>
        <translation>لا تغادر. ويقرأ وفدكم السبب؛ ولا يقرؤه أحد سواه.</translation>
    </message>
    <message>
        <source>Reason, for your delegation only</source>
        <translation>السبب، لوفدكم وحده</translation>
    </message>
    <message>
        <source>Return it</source>
        <translation>إعادتها</translation>
    </message>
    <message>
        <source>Return the draft</source>
        <translation>إعادة المسودة</translation>
    </message>
    <message>
        <source>Return the draft to {0}</source>
        <translation>إعادة المسودة إلى {0}</translation>
    </message>
</context>
<context>
    <name>ReturnedDialog</name>
    <message>
        <source>A file comes back</source>
        <translation>ملف عائد</translation>
    </message>
    <message>
        <source>A file of this text comes back</source>
        <translation>ملف عائد لهذا النص</translation>
    </message>
    <message>
        <source>Author in the file: {0}.</source>
        <translation>المؤلف في الملف: {0}.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Cannot be proposed: {0}; each says why.</source>
        <translation>لا يمكن اقتراحه: {0}؛ ويُذكر السبب عند كل منها.</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>نُسخ.</translation>
    </message>
    <message>
        <source>Copy the words</source>
        <translation>نسخ الكلمات</translation>
    </message>
    <message>
        <source>New first paragraph</source>
        <translation>فقرة أولى جديدة</translation>
    </message>
    <message>
        <source>New paragraph after {0}</source>
        <translation>فقرة جديدة بعد {0}</translation>
    </message>
    <message>
        <source>No author in the file: typed over.</source>
        <translation>لا مؤلف في الملف: كُتب فوق النص.</translation>
    </message>
    <message>
        <source>Propose</source>
        <translation>اقتراح</translation>
    </message>
    <message>
        <source>Propose what is ticked (Ctrl+Enter in the list)</source>
        <translation>اقتراح ما أُشّر عليه (Ctrl+Enter في القائمة)</translation>
    </message>
    <message>
        <source>Read against the text as it stands.</source>
        <translation>قُرئ بالمقارنة مع النص كما هو الآن.</translation>
    </message>
    <message>
        <source>Read against {0}, which it changes least.</source>
        <translation>قُرئ بالمقارنة مع {0}، وهو الأقل تغيّراً به.</translation>
    </message>
    <message>
        <source>Read it again</source>
        <translation>قراءته من جديد</translation>
    </message>
    <message>
        <source>Read: {0}</source>
        <translation>قُرئ: {0}</translation>
    </message>
    <message>
        <source>Reading {0}…</source>
        <translation>جارٍ قراءة {0}…</translation>
    </message>
    <message>
        <source>Remark on {0}</source>
        <translation>ملاحظة على {0}</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>توقف</translation>
    </message>
    <message>
        <source>Stopped. Choose a file, or drop it here.</source>
        <translation>أُوقفت العملية. اختاروا ملفاً، أو أفلتوه هنا.</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>تُفرَّغ الحافظة خلال عشر ثوانٍ.</translation>
    </message>
    <message>
        <source>This file changes nothing.</source>
        <translation>لا يغيّر هذا الملف شيئاً.</translation>
    </message>
    <message>
        <source>Tick all</source>
        <translation>التأشير على الكل</translation>
    </message>
    <message>
        <source>Tick none</source>
        <translation>إزالة كل التأشيرات</translation>
    </message>
    <message>
        <source>What the file changes</source>
        <translation>ما الذي يغيّره الملف</translation>
    </message>
    <message>
        <source>What was changed in it, tracked or typed over, is shown here. What you leave ticked becomes proposals of your delegation; nothing else of the file leaves this laptop.</source>
        <translation>يظهر هنا ما تغيّر فيه، متعقَّباً كان أم مكتوباً فوق النص. وما تتركون التأشير عليه يصبح مقترحات من وفدكم؛ ولا يغادر هذا الحاسوبَ المحمول شيء آخر من الملف.</translation>
    </message>
    <message>
        <source>a paragraph</source>
        <translation>فقرة</translation>
    </message>
    <message>
        <source>{0} could not be read. Choose another file.</source>
        <translation>تعذرت قراءة {0}. اختاروا ملفاً آخر.</translation>
    </message>
    <message>
        <source>{0}: delete the paragraph</source>
        <translation>{0}: حذف الفقرة</translation>
    </message>
    <message>
        <source>{0}: move after {1}</source>
        <translation>{0}: نقلها إلى ما بعد {1}</translation>
    </message>
    <message>
        <source>{0}: move to the start</source>
        <translation>{0}: نقلها إلى البداية</translation>
    </message>
    <message>
        <source>{0}: other words</source>
        <translation>{0}: صياغة أخرى</translation>
    </message>
</context>
<context>
    <name>RevisionDialog</name>
    <message>
        <source>Amendments still open: {0}. They stay in the text as brackets.</source>
        <translation>التعديلات التي ما زالت مفتوحة: {0}. وتبقى في النص بين أقواس.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>إغلاق</translation>
    </message>
    <message>
        <source>Every delegation computes the hash of this text for itself and tells the others that it found the same.</source>
        <translation>يحسب كل وفد بنفسه قيمة تجزئة هذا النص ويبلغ الآخرين بأنه وجد القيمة نفسها.</translation>
    </message>
    <message>
        <source>Freeze</source>
        <translation>تجميد</translation>
    </message>
    <message>
        <source>Freeze the text as a revision</source>
        <translation>تجميد النص في شكل تنقيح</translation>
    </message>
    <message>
        <source>New revision</source>
        <translation>تنقيح جديد</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>الرمز</translation>
    </message>
    <message>
        <source>Symbol of the revision</source>
        <translation>رمز التنقيح</translation>
    </message>
    <message>
        <source>{0} is frozen. Its hash begins:</source>
        <translation>{0} مجمَّد. وتبدأ قيمة تجزئته بما يلي:</translation>
    </message>
</context>
<context>
    <name>RevisionsPane</name>
    <message>
        <source>Co-sponsors…</source>
        <translation>المشاركون في التقديم…</translation>
    </message>
    <message>
        <source>Computed something else: {0}</source>
        <translation>حسب قيمة أخرى: {0}</translation>
    </message>
    <message>
        <source>Computed the same: {0}</source>
        <translation>القيمة نفسها لدى: {0}</translation>
    </message>
    <message>
        <source>Copy the whole hash</source>
        <translation>نسخ قيمة التجزئة كاملة</translation>
    </message>
    <message>
        <source>Copy the whole hash of {0}</source>
        <translation>نسخ قيمة تجزئة {0} كاملة</translation>
    </message>
    <message>
        <source>Hash of the text: {0}</source>
        <translation>قيمة تجزئة النص: {0}</translation>
    </message>
    <message>
        <source>No revision yet</source>
        <translation>لا يوجد تنقيح بعد</translation>
    </message>
    <message>
        <source>Nobody has confirmed the hash yet.</source>
        <translation>لم يؤكد أحد قيمة التجزئة بعد.</translation>
    </message>
    <message>
        <source>Open a list of co-sponsors for {0}</source>
        <translation>فتح قائمة للمشاركين في تقديم {0}</translation>
    </message>
    <message>
        <source>Put under silence…</source>
        <translation>إخضاع للموافقة الصامتة…</translation>
    </message>
    <message>
        <source>Put {0} under silence</source>
        <translation>إخضاع {0} للموافقة الصامتة</translation>
    </message>
    <message>
        <source>Revisions</source>
        <translation>التنقيحات</translation>
    </message>
    <message>
        <source>SHA-256 of the plain text file</source>
        <translation>قيمة SHA-256 لملف النص العادي</translation>
    </message>
    <message>
        <source>Silence until {0}: {1}</source>
        <translation>الصمت حتى {0}: {1}</translation>
    </message>
    <message>
        <source>The pen-holder freezes the text as a revision when delegations may refer to it. Everybody computes the same hash.</source>
        <translation>يجمّد حامل القلم النص في شكل تنقيح حين يراد للوفود أن تشير إليه. ويحسب الجميع قيمة التجزئة نفسها.</translation>
    </message>
    <message>
        <source>This computer computes another text than the pen-holder signed. Do not rely on this revision; compare the hash by telephone.</source>
        <translation>يحسب هذا الحاسوب نصاً غير الذي وقّعه حامل القلم. لا تعتمدوا على هذا التنقيح؛ وقارنوا قيمة التجزئة بالهاتف.</translation>
    </message>
</context>
<context>
    <name>RevokeDialog</name>
    <message>
        <source>As soon as the relay confirms, it takes nothing more with this permission. What it holds already still comes.</source>
        <translation>حالما تؤكد محطة الترحيل ذلك لا تقبل شيئاً بعده بهذا الإذن. وما هو لديها الآن يصل مع ذلك.</translation>
    </message>
    <message>
        <source>From the next exchange on nobody seals anything for it, and nothing it sends is taken. What it signed before stands. This cannot be taken back: a laptop that is found again asks to be admitted anew.</source>
        <translation>اعتباراً من التبادل التالي لا يختم له أحد شيئاً، ولا يُقبل شيء مما يرسله. وما وقّعه من قبل يبقى سارياً. ولا يمكن الرجوع عن هذا: فالحاسوب المحمول الذي يُعثر عليه يلزم طلب ضمّه من جديد.</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>المتابعة إلى المفتاح الجذري…</translation>
    </message>
    <message>
        <source>Revoke a laptop</source>
        <translation>إبطال حاسوب محمول</translation>
    </message>
    <message>
        <source>Revoke a permission</source>
        <translation>إبطال إذن</translation>
    </message>
    <message>
        <source>Revoke it</source>
        <translation>إبطاله</translation>
    </message>
    <message>
        <source>Revoke the laptop of {0}</source>
        <translation>إبطال الحاسوب المحمول للموظف {0}</translation>
    </message>
    <message>
        <source>Take the permission of {0} back?</source>
        <translation>هل يُسحب إذن {0}؟</translation>
    </message>
    <message>
        <source>The delegation reaches you by the folder or by courier meanwhile.</source>
        <translation>يصل إليكم الوفد في هذه الأثناء عبر المجلد أو مع حامل الحقيبة.</translation>
    </message>
    <message>
        <source>This cannot be undone; you can give a new permission at any time.</source>
        <translation>لا يمكن التراجع عن هذا؛ ويمكنكم منح إذن جديد في أي وقت.</translation>
    </message>
    <message>
        <source>What it still holds can be read by whoever has it and its passphrase. If it was lost unlocked, tell your counterparts.</source>
        <translation>ما بقي فيه يستطيع قراءته كل من حازه وحاز عبارة مروره. وإذا فُقد وقفله مفتوح فأبلغوا نظراءكم.</translation>
    </message>
    <message>
        <source>Why? This stays on this laptop.</source>
        <translation>لماذا؟ يبقى هذا على هذا الحاسوب المحمول.</translation>
    </message>
</context>
<context>
    <name>RootCard</name>
    <message>
        <source>1. Copy the key file to a stick…</source>
        <translation>1. نسخ ملف المفتاح إلى ذاكرة محمولة…</translation>
    </message>
    <message>
        <source>2. Remove it here</source>
        <translation>2. إزالته من هنا</translation>
    </message>
    <message>
        <source>A disk may keep traces of removed files; the file was sealed under its passphrase all the time.</source>
        <translation>قد يحتفظ القرص بآثار للملفات المُزالة؛ وكان الملف مختوماً بعبارة مروره طوال الوقت.</translation>
    </message>
    <message>
        <source>Copied to {0} and read back: it is the same.</source>
        <translation>نُسخ إلى {0} وقُرئ مجدداً: وهو مطابق.</translation>
    </message>
    <message>
        <source>Copy the key file to a stick</source>
        <translation>نسخ ملف المفتاح إلى ذاكرة محمولة</translation>
    </message>
    <message>
        <source>It says which laptops are yours, and nothing else. It belongs on a stick in a safe and is opened only to admit, renew or revoke a laptop.</source>
        <translation>يبيّن أي الحواسيب المحمولة لكم، ولا شيء غير ذلك. ومكانه ذاكرة محمولة في خزانة مأمونة، ولا يُفتح إلا لضمّ حاسوب محمول أو تجديده أو إبطاله.</translation>
    </message>
    <message>
        <source>Its key file is not on this laptop.</source>
        <translation>ملف مفتاحه ليس على هذا الحاسوب المحمول.</translation>
    </message>
    <message>
        <source>Its key file still lies beside the vault: whoever takes this laptop takes both. Move it to a stick now.</source>
        <translation>ما زال ملف مفتاحه بجانب الخزنة: من يأخذ هذا الحاسوب المحمول يأخذ كليهما. انقلوه الآن إلى ذاكرة محمولة.</translation>
    </message>
    <message>
        <source>Make a second copy for another safe if you like, then remove it here.</source>
        <translation>أعدّوا نسخة ثانية لخزانة مأمونة أخرى إن شئتم، ثم أزيلوه من هنا.</translation>
    </message>
    <message>
        <source>Make recovery shares…</source>
        <translation>إعداد حصص استرداد…</translation>
    </message>
    <message>
        <source>New passphrase for the key file…</source>
        <translation>عبارة مرور جديدة لملف المفتاح…</translation>
    </message>
    <message>
        <source>No recovery shares can be made of it: this delegation was founded by the first version. Keep two copies of the key file in two safes.</source>
        <translation>لا يمكن إعداد حصص استرداد له: فقد أُسّس هذا الوفد بالإصدار الأول. احتفظوا بنسختين من ملف المفتاح في خزانتين مأمونتين.</translation>
    </message>
    <message>
        <source>No recovery shares were made here. If file or passphrase is lost, no laptop can be admitted or revoked.</source>
        <translation>لم تُعدّ هنا حصص استرداد. وإذا فُقد الملف أو عبارة المرور فلا يمكن ضمّ أي حاسوب محمول أو إبطاله.</translation>
    </message>
    <message>
        <source>Rehearse the recovery…</source>
        <translation>التمرّن على الاسترداد…</translation>
    </message>
    <message>
        <source>Take the stick out and lock it away. Make recovery shares if there are none.</source>
        <translation>انزعوا الذاكرة المحمولة واحفظوها في مكان مقفل. وأعدّوا حصص استرداد إن لم توجد.</translation>
    </message>
    <message>
        <source>The delegation&apos;s root key</source>
        <translation>المفتاح الجذري للوفد</translation>
    </message>
    <message>
        <source>The key file is no longer beside the vault.</source>
        <translation>لم يعد ملف المفتاح بجانب الخزنة.</translation>
    </message>
</context>
<context>
    <name>RoundModel</name>
    <message>
        <source>Answered, their clock</source>
        <translation>وقت الجواب بساعتهم</translation>
    </message>
    <message>
        <source>Asked, time there</source>
        <translation>وقت السؤال بتوقيتهم</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>المدة حتى الجواب</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>ملاحظة</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>النتيجة</translation>
    </message>
    <message>
        <source>Point of contact</source>
        <translation>جهة الاتصال</translation>
    </message>
    <message>
        <source>Received, our clock</source>
        <translation>وقت الاستلام بساعتنا</translation>
    </message>
    <message>
        <source>State</source>
        <translation>الدولة</translation>
    </message>
</context>
<context>
    <name>RoundsView</name>
    <message>
        <source>A round asks points of contact to confirm their entry, and nothing else. Every six months is usual.</source>
        <translation>تسأل الجولة جهات الاتصال تأكيد قيودها، ولا شيء غير ذلك. والمعتاد جولة كل ستة أشهر.</translation>
    </message>
    <message>
        <source>Close the round</source>
        <translation>إغلاق الجولة</translation>
    </message>
    <message>
        <source>Close the round…</source>
        <translation>إغلاق الجولة…</translation>
    </message>
    <message>
        <source>Close this round?</source>
        <translation>هل تُغلق هذه الجولة؟</translation>
    </message>
    <message>
        <source>Contacts of the round</source>
        <translation>جهات الاتصال في الجولة</translation>
    </message>
    <message>
        <source>For one State only</source>
        <translation>لدولة واحدة فقط</translation>
    </message>
    <message>
        <source>Last confirmed: {when}</source>
        <translation>آخر تأكيد: {when}</translation>
    </message>
    <message>
        <source>Latency is taken from the signed times, and the time of an answer is that of their clock. That a question was delivered or read is no answer.</source>
        <translation>تُحسب المدة من الأوقات الموقّعة، ووقت الجواب هو وقت ساعة المجيب. وتسليم السؤال أو قراءته ليس جواباً.</translation>
    </message>
    <message>
        <source>No round yet</source>
        <translation>لا توجد جولة بعد</translation>
    </message>
    <message>
        <source>Note as confirmed…</source>
        <translation>التدوين كمؤكدة…</translation>
    </message>
    <message>
        <source>Open a round…</source>
        <translation>فتح جولة…</translation>
    </message>
    <message>
        <source>Opened {when} by {who}</source>
        <translation>فُتحت {when}: {who}</translation>
    </message>
    <message>
        <source>Pages (PDF)…</source>
        <translation>صفحات (PDF)…</translation>
    </message>
    <message>
        <source>Record an outcome…</source>
        <translation>تسجيل نتيجة…</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>التقرير</translation>
    </message>
    <message>
        <source>Round</source>
        <translation>الجولة</translation>
    </message>
    <message>
        <source>Round: {title}</source>
        <translation>الجولة: {title}</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>حفظ التقرير</translation>
    </message>
    <message>
        <source>Show the entry</source>
        <translation>إظهار القيد</translation>
    </message>
    <message>
        <source>Table (CSV)…</source>
        <translation>جدول (CSV)…</translation>
    </message>
    <message>
        <source>Take into the entry…</source>
        <translation>الإدخال في القيد…</translation>
    </message>
    <message>
        <source>Take it</source>
        <translation>إدخال</translation>
    </message>
    <message>
        <source>Take the correction…</source>
        <translation>إدخال التصويب…</translation>
    </message>
    <message>
        <source>Take this into the entry of {who}?</source>
        <translation>هل يُدخل هذا في قيد {who}؟</translation>
    </message>
    <message>
        <source>Taken into the entry</source>
        <translation>أُخذ في القيد</translation>
    </message>
    <message>
        <source>Taken into the entry.</source>
        <translation>أُدخل في القيد.</translation>
    </message>
    <message>
        <source>Who has not answered is noted as “no reply”. An answer that comes later still counts, as late if it was.</source>
        <translation>من لم يجب يُدوَّن أمامه «لا رد». والجواب الذي يأتي لاحقاً يُحتسب أيضاً، ويُعد متأخراً إن كان كذلك.</translation>
    </message>
</context>
<context>
    <name>RowForm</name>
    <message>
        <source>Evidence and links</source>
        <translation>الأدلة والروابط</translation>
    </message>
    <message>
        <source>Fields of the row</source>
        <translation>حقول الصف</translation>
    </message>
    <message>
        <source>Further</source>
        <translation>الأخرى</translation>
    </message>
    <message>
        <source>Internal to our delegation</source>
        <translation>داخلي لوفدنا</translation>
    </message>
    <message>
        <source>Needed</source>
        <translation>اللازمة</translation>
    </message>
    <message>
        <source>Written by the program</source>
        <translation>يكتبه البرنامج</translation>
    </message>
    <message>
        <source>{0} is changed only together with: {1}</source>
        <translation>{0}: لا يتغيّر إلا مع: {1}</translation>
    </message>
    <message>
        <source>{0} is needed.</source>
        <translation>{0}: حقل لازم.</translation>
    </message>
    <message>
        <source>{0} is new, but {1} is still {2}. Change it, or keep again if it holds.</source>
        <translation>{0}: قيمة جديدة، ولكن {1} ما زال {2}. غيّروه، أو احفظوا من جديد إن كان سارياً.</translation>
    </message>
    <message>
        <source>{0}: nothing said yet</source>
        <translation>{0}: لم يُقل شيء بعد</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}: {1}</translation>
    </message>
</context>
<context>
    <name>RowPage</name>
    <message>
        <source>Back</source>
        <translation>رجوع</translation>
    </message>
    <message>
        <source>Back to the rows (Escape)</source>
        <translation>العودة إلى الصفوف (Escape)</translation>
    </message>
    <message>
        <source>Go on writing</source>
        <translation>متابعة الكتابة</translation>
    </message>
    <message>
        <source>History of the row (Ctrl+Shift+H)</source>
        <translation>تاريخ تغييرات الصف (Ctrl+Shift+H)</translation>
    </message>
    <message>
        <source>It is no longer shown among the rows and in no export. Its values and history stay; it can be put back.</source>
        <translation>لا يظهر بعد ذلك بين الصفوف ولا في أي تصدير. وتبقى قيمه وتاريخ تغييراته؛ ويمكن إعادته.</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>حفظ</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>إبقاء</translation>
    </message>
    <message>
        <source>Keep what was changed (Ctrl+S)</source>
        <translation>حفظ ما تغيّر (Ctrl+S)</translation>
    </message>
    <message>
        <source>Kept.</source>
        <translation>حُفظ.</translation>
    </message>
    <message>
        <source>Last changed by {0} · {1}</source>
        <translation>آخر تغيير: {0} · {1}</translation>
    </message>
    <message>
        <source>Leave it for later</source>
        <translation>تركه لوقت لاحق</translation>
    </message>
    <message>
        <source>New: {0}</source>
        <translation>جديد: {0}</translation>
    </message>
    <message>
        <source>Not kept yet.</source>
        <translation>لم يُحفظ بعد.</translation>
    </message>
    <message>
        <source>Nothing written yet</source>
        <translation>لم يُكتب شيء بعد</translation>
    </message>
    <message>
        <source>Put back</source>
        <translation>إعادة</translation>
    </message>
    <message>
        <source>Settled.</source>
        <translation>حُسم.</translation>
    </message>
    <message>
        <source>Take it out</source>
        <translation>إخراجها</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>إخراج</translation>
    </message>
    <message>
        <source>Take out…</source>
        <translation>إخراج…</translation>
    </message>
    <message>
        <source>Take this row out?</source>
        <translation>هل يُخرج هذا الصف؟</translation>
    </message>
    <message>
        <source>The row is kept.</source>
        <translation>حُفظ الصف.</translation>
    </message>
    <message>
        <source>The row stands again.</source>
        <translation>عاد الصف قائماً.</translation>
    </message>
    <message>
        <source>The row was taken out.</source>
        <translation>أُخرج الصف.</translation>
    </message>
    <message>
        <source>Throw it away</source>
        <translation>التخلص منه</translation>
    </message>
    <message>
        <source>Undo the last change of your delegation in this row (Ctrl+Z)</source>
        <translation>التراجع عن آخر تغيير لوفدكم في هذا الصف (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Undone; both stay in the history.</source>
        <translation>جرى التراجع؛ ويبقى كلاهما في تاريخ التغييرات.</translation>
    </message>
    <message>
        <source>What you had begun here is back; it is not kept yet.</source>
        <translation>عاد إلى هنا ما كنتم قد بدأتموه؛ ولم يُحفظ بعد.</translation>
    </message>
</context>
<context>
    <name>RowsModel</name>
    <message>
        <source>sorted downwards</source>
        <translation>مرتب تنازلياً</translation>
    </message>
    <message>
        <source>sorted upwards</source>
        <translation>مرتب تصاعدياً</translation>
    </message>
</context>
<context>
    <name>Saving</name>
    <message>
        <source>Leave as it is</source>
        <translation>ترك الأمر كما هو</translation>
    </message>
    <message>
        <source>Only entries marked no more strictly than</source>
        <translation>القيود التي لا تتجاوز علامة تداولها في التشدد</translation>
    </message>
    <message>
        <source>Save contact cards</source>
        <translation>حفظ بطاقات الاتصال</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>حفظ…</translation>
    </message>
    <message>
        <source>The file lies outside the vault and is not sealed. What is ours alone (authority, escalation, source, review) is in no card.</source>
        <translation>يقع الملف خارج الخزنة وليس مختوماً. ولا يرد في أي بطاقة ما يخصنا وحدنا (الصلاحيات والتصعيد والمصدر والمراجعة).</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>الإصدار</translation>
    </message>
    <message>
        <source>vCard 3.0, for older programs</source>
        <translation>vCard 3.0، للبرامج الأقدم</translation>
    </message>
    <message>
        <source>vCard 4.0</source>
        <translation>vCard 4.0</translation>
    </message>
</context>
<context>
    <name>SayDialog</name>
    <message>
        <source>Attach a file</source>
        <translation>إرفاق ملف</translation>
    </message>
    <message>
        <source>Attach a file…</source>
        <translation>إرفاق ملف…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Everybody in {0} reads it.</source>
        <translation>يقرؤه كل من في {0}.</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>علامة التداول</translation>
    </message>
    <message>
        <source>Only {0} reads it.</source>
        <translation>لا يقرؤه إلا {0}.</translation>
    </message>
    <message>
        <source>This stays inside your delegation.</source>
        <translation>يبقى هذا داخل وفدكم.</translation>
    </message>
    <message>
        <source>What you wrote before is here again.</source>
        <translation>عاد إلى هنا ما كتبتموه من قبل.</translation>
    </message>
</context>
<context>
    <name>SearchBox</name>
    <message>
        <source>Clear</source>
        <translation>مسح</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>بحث</translation>
    </message>
</context>
<context>
    <name>SearchPalette</name>
    <message>
        <source>Amendment</source>
        <translation>تعديل</translation>
    </message>
    <message>
        <source>Commitment</source>
        <translation>التزام</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>جهة تراسل</translation>
    </message>
    <message>
        <source>Found: {0}</source>
        <translation>عُثر على: {0}</translation>
    </message>
    <message>
        <source>Internal remark</source>
        <translation>ملاحظة داخلية</translation>
    </message>
    <message>
        <source>Joint statement</source>
        <translation>بيان مشترك</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>الرسالة</translation>
    </message>
    <message>
        <source>Nothing found in the vault.</source>
        <translation>لم يُعثر على شيء في الخزنة.</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>النتائج</translation>
    </message>
    <message>
        <source>Row of a register</source>
        <translation>صف في سجل</translation>
    </message>
    <message>
        <source>Search everything</source>
        <translation>البحث في كل شيء</translation>
    </message>
    <message>
        <source>Search texts, messages, contacts and actions</source>
        <translation>البحث في النصوص والرسائل وجهات التراسل والإجراءات</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>نص</translation>
    </message>
    <message>
        <source>Type to search the vault. Nothing you type leaves this device.</source>
        <translation>اكتبوا للبحث في الخزنة. لا يغادر هذا الجهازَ شيء مما تكتبونه.</translation>
    </message>
</context>
<context>
    <name>SecretBox</name>
    <message>
        <source>Recovery shares</source>
        <translation>حصص الاسترداد</translation>
    </message>
    <message>
        <source>Use recovery shares instead…</source>
        <translation>استخدام حصص الاسترداد بدلاً من ذلك…</translation>
    </message>
    <message>
        <source>Use the passphrase instead</source>
        <translation>استخدام عبارة المرور بدلاً من ذلك</translation>
    </message>
</context>
<context>
    <name>SecurityScreen</name>
    <message>
        <source>Section</source>
        <translation>القسم</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>الأقسام</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>الأمن</translation>
    </message>
</context>
<context>
    <name>SeeingBench</name>
    <message>
        <source>It counts from now; it is sent with the next exchange (Ctrl+R exchanges at once).</source>
        <translation>يُحتسب من الآن؛ ويُرسل مع التبادل التالي (Ctrl+R للتبادل فوراً).</translation>
    </message>
    <message>
        <source>It is a plain file: who has it reads the symbol {0} and the deadline.</source>
        <translation>هو ملف عادي: من حازه قرأ الرمز {0} والموعد النهائي.</translation>
    </message>
    <message>
        <source>Save calendar entry</source>
        <translation>حفظ القيد في تقويم</translation>
    </message>
    <message>
        <source>Silence ends: {0}</source>
        <translation>انتهاء الصمت: {0}</translation>
    </message>
    <message>
        <source>That is decided.</source>
        <translation>جرى البت في ذلك.</translation>
    </message>
    <message>
        <source>The calendar entry is saved.</source>
        <translation>حُفظ قيد التقويم.</translation>
    </message>
    <message>
        <source>The deadline is extended.</source>
        <translation>مُدّد الموعد النهائي.</translation>
    </message>
    <message>
        <source>The other delegations are told with the next exchange.</source>
        <translation>تُبلَّغ الوفود الأخرى مع التبادل التالي.</translation>
    </message>
    <message>
        <source>The silence procedure is closed.</source>
        <translation>أُغلق إجراء الموافقة الصامتة.</translation>
    </message>
    <message>
        <source>The silence procedure is open.</source>
        <translation>إجراء الموافقة الصامتة مفتوح.</translation>
    </message>
    <message>
        <source>This paragraph is no longer in the text as it stands.</source>
        <translation>لم تعد هذه الفقرة في النص كما هو الآن.</translation>
    </message>
    <message>
        <source>Unless a delegation breaks the silence before, the revision stands as agreed.</source>
        <translation>ما لم يكسر وفد الصمت قبل ذلك، يُعد التنقيح متفقاً عليه.</translation>
    </message>
    <message>
        <source>Your delegation has broken the silence.</source>
        <translation>كسر وفدكم الصمت.</translation>
    </message>
</context>
<context>
    <name>SeeingPage</name>
    <message>
        <source>Back to the text</source>
        <translation>العودة إلى النص</translation>
    </message>
    <message>
        <source>Back to the text (Escape)</source>
        <translation>العودة إلى النص (Escape)</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>مقارنة</translation>
    </message>
    <message>
        <source>Convergence</source>
        <translation>التقارب</translation>
    </message>
    <message>
        <source>Sent. Paragraphs the pen has set: {0}.</source>
        <translation>أُرسل. الفقرات التي أثبتها القلم: {0}.</translation>
    </message>
    <message>
        <source>Slips</source>
        <translation>الهفوات</translation>
    </message>
    <message>
        <source>Streamlining</source>
        <translation>التبسيط</translation>
    </message>
    <message>
        <source>Views of the text</source>
        <translation>طرق عرض النص</translation>
    </message>
    <message>
        <source>Who stands where</source>
        <translation>من يقف أين</translation>
    </message>
</context>
<context>
    <name>SeeingView</name>
    <message>
        <source>As it stands</source>
        <translation>كما هو الآن</translation>
    </message>
</context>
<context>
    <name>SettingsScreen</name>
    <message>
        <source>Locking closes the vault and ends the process that held its keys. Notifications never show a word of a message or a text.</source>
        <translation>القفل يغلق الخزنة وينهي العملية التي كانت تحمل مفاتيحها. ولا تُظهر الإشعارات أبداً كلمة من رسالة أو نص.</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>الصفحة</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>الإعدادات</translation>
    </message>
    <message>
        <source>This device</source>
        <translation>هذا الجهاز</translation>
    </message>
</context>
<context>
    <name>SettleDialog</name>
    <message>
        <source>Different values were written without knowing of each other. Both stand until a person decides; who wrote what stays in the history.</source>
        <translation>كُتبت قيم مختلفة دون علم بعضها ببعض. وتبقى كلها قائمة إلى أن يقرر شخص ما؛ ويبقى من كتب ماذا في تاريخ التغييرات.</translation>
    </message>
    <message>
        <source>Leave both standing</source>
        <translation>ترك القيمتين قائمتين</translation>
    </message>
    <message>
        <source>Let this stand</source>
        <translation>اعتماد هذه القيمة</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>السبب</translation>
    </message>
    <message>
        <source>Reason, kept in the history</source>
        <translation>السبب، ويُحفظ في تاريخ التغييرات</translation>
    </message>
    <message>
        <source>Settle a difference</source>
        <translation>حسم اختلاف</translation>
    </message>
    <message>
        <source>Something else</source>
        <translation>شيء آخر</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>فارغ</translation>
    </message>
</context>
<context>
    <name>SettleSilence</name>
    <message>
        <source>A delegation broke the silence before the deadline, by its own clock, but this arrived only after you had closed the procedure. No computer can tell which clock was right; you decide, and everybody sees it.</source>
        <translation>كسر وفد الصمت قبل الموعد النهائي، بحسب ساعته، ولكن ذلك لم يصل إلا بعد أن أغلقتم الإجراء. ولا يستطيع أي حاسوب أن يعرف أي ساعة كانت صحيحة؛ فأنتم تقررون، ويرى الجميع ذلك.</translation>
    </message>
    <message>
        <source>Decide</source>
        <translation>اتخاذ قرار</translation>
    </message>
    <message>
        <source>Decide later</source>
        <translation>البت لاحقاً</translation>
    </message>
    <message>
        <source>Decide the contested silence</source>
        <translation>البت في الصمت المتنازع فيه</translation>
    </message>
    <message>
        <source>It was broken</source>
        <translation>كُسر</translation>
    </message>
    <message>
        <source>It was kept</source>
        <translation>لم يُكسر</translation>
    </message>
    <message>
        <source>The revision is not agreed. The talks on it go on.</source>
        <translation>التنقيح غير متفق عليه. وتستمر المحادثات بشأنه.</translation>
    </message>
    <message>
        <source>The revision stands as agreed. The break is shown as late, without effect; the delegation may well object.</source>
        <translation>يبقى التنقيح متفقاً عليه. ويُعرض الكسر على أنه متأخر وبلا أثر؛ وللوفد أن يعترض.</translation>
    </message>
    <message>
        <source>Was the silence on {0} broken in time?</source>
        <translation>هل كُسر الصمت بشأن {0} في الموعد؟</translation>
    </message>
    <message>
        <source>Who broke the silence, and why</source>
        <translation>من كسر الصمت، ولماذا</translation>
    </message>
</context>
<context>
    <name>ShareSheets</name>
    <message>
        <source>All are on paper</source>
        <translation>كلها على الورق</translation>
    </message>
    <message>
        <source>It is on paper: next sheet</source>
        <translation>صارت على الورق: الورقة التالية</translation>
    </message>
    <message>
        <source>Keep it locked away, apart from the others. Four letters tell a word.</source>
        <translation>احفظوها في مكان مقفل، بعيداً عن الأوراق الأخرى. وأربعة أحرف تكفي لمعرفة الكلمة.</translation>
    </message>
    <message>
        <source>Print all sheets…</source>
        <translation>طباعة جميع الأوراق…</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>حصص الاسترداد</translation>
    </message>
    <message>
        <source>Sheet before</source>
        <translation>الورقة السابقة</translation>
    </message>
    <message>
        <source>Sheet {0} of {1}; any {2} of them are enough</source>
        <translation>الورقة {0} من {1}؛ ويكفي منها أي عدد قدره {2}</translation>
    </message>
    <message>
        <source>The printer did not take it. Write the sheets down by hand.</source>
        <translation>لم تقبلها الطابعة. اكتبوا الأوراق بخط اليد.</translation>
    </message>
    <message>
        <source>These sheets are never shown again. Close once more to leave; then make new shares another time.</source>
        <translation>لا تُعرض هذه الأوراق مرة أخرى أبداً. اضغطوا الإغلاق مرة أخرى للمغادرة؛ ثم أعدّوا حصصاً جديدة في وقت آخر.</translation>
    </message>
    <message>
        <source>Words of this sheet</source>
        <translation>كلمات هذه الورقة</translation>
    </message>
    <message>
        <source>Write each sheet down by hand, or print them on a printer that keeps nothing. They are shown this once and kept nowhere. Give each to another person, or lock each away in another place.</source>
        <translation>اكتبوا كل ورقة بخط اليد، أو اطبعوها على طابعة لا تحتفظ بشيء. تُعرض هذه المرة فقط ولا تُحفظ في أي مكان. أعطوا كلاً منها لشخص مختلف، أو احفظوا كلاً منها في مكان مقفل مختلف.</translation>
    </message>
</context>
<context>
    <name>SharesDialog</name>
    <message>
        <source>Make the shares</source>
        <translation>إعداد الحصص</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>عبارة المرور</translation>
    </message>
    <message>
        <source>Recovery shares of this vault</source>
        <translation>حصص استرداد هذه الخزنة</translation>
    </message>
    <message>
        <source>Sheets of paper for several people or safes. As many together as you say open this vault when the passphrase is lost; fewer tell nothing about it. Three sheets of which two are needed suit most.</source>
        <translation>أوراق لعدة أشخاص أو خزائن مأمونة. يفتح منها العدد الذي تحددونه معاً هذه الخزنة إذا فُقدت عبارة المرور؛ وما دون ذلك لا يكشف عنها شيئاً. وثلاث أوراق يلزم منها اثنتان تناسب معظم الحالات.</translation>
    </message>
    <message>
        <source>The sheets made before open this vault no longer. Collect and burn them.</source>
        <translation>الأوراق المعدّة من قبل لم تعد تفتح هذه الخزنة. اجمعوها وأحرقوها.</translation>
    </message>
</context>
<context>
    <name>SharesEntry</name>
    <message>
        <source>A word of this share is wrong or in the wrong place. Compare each with the paper; the Left key and a click lead back to a word.</source>
        <translation>إحدى كلمات هذه الحصة خاطئة أو في غير موضعها. قارنوا كلاً منها بالورق؛ والمفتاح Left أو النقر يعيدكم إلى كلمة.</translation>
    </message>
    <message>
        <source>Begin this share again</source>
        <translation>بدء هذه الحصة من جديد</translation>
    </message>
    <message>
        <source>First share</source>
        <translation>الحصة الأولى</translation>
    </message>
    <message>
        <source>Perhaps: {0}</source>
        <translation>لعلها: {0}</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>حصص الاسترداد</translation>
    </message>
    <message>
        <source>Several words begin with {0}: type one letter more.</source>
        <translation>عدة كلمات تبدأ بـ {0}: اكتبوا حرفاً آخر.</translation>
    </message>
    <message>
        <source>Share {0} of {1}</source>
        <translation>الحصة {0} من {1}</translation>
    </message>
    <message>
        <source>Share {0} of {1} is right. These are enough.</source>
        <translation>الحصة {0} من {1} صحيحة. وهذه كافية.</translation>
    </message>
    <message>
        <source>Shares are typed, not pasted: other programs read what lies on the clipboard.</source>
        <translation>تُكتب الحصص ولا تُلصق: فالبرامج الأخرى تقرأ ما في الحافظة.</translation>
    </message>
    <message>
        <source>This share is right by itself and belongs to another set. Take one of the same set.</source>
        <translation>هذه الحصة صحيحة في ذاتها وتنتمي إلى مجموعة أخرى. خذوا واحدة من المجموعة نفسها.</translation>
    </message>
    <message>
        <source>This share is whole, but Valise did not make it.</source>
        <translation>هذه الحصة كاملة، ولكن لم يُعدّها Valise.</translation>
    </message>
    <message>
        <source>This share was entered before. Take another one of the set.</source>
        <translation>أُدخلت هذه الحصة من قبل. خذوا غيرها من المجموعة.</translation>
    </message>
    <message>
        <source>Type the words as they stand on paper; four letters of a word are enough, then Space.</source>
        <translation>اكتبوا الكلمات كما هي على الورق؛ وتكفي أربعة أحرف من الكلمة، ثم Space.</translation>
    </message>
    <message>
        <source>Word {0} of {1}</source>
        <translation>الكلمة {0} من {1}</translation>
    </message>
    <message>
        <source>Words of this share</source>
        <translation>كلمات هذه الحصة</translation>
    </message>
    <message>
        <source>{0} is not in the list of words.</source>
        <translation>{0} ليست في قائمة الكلمات.</translation>
    </message>
    <message>
        <source>{0}, word {1} of {2}</source>
        <translation>{0}، الكلمة {1} من {2}</translation>
    </message>
</context>
<context>
    <name>SharesPage</name>
    <message>
        <source>Enter the shares on paper one after the other. Each is checked as soon as it is whole.</source>
        <translation>أدخلوا الحصص المكتوبة على الورق واحدة بعد أخرى. يُتحقق من كل منها فور اكتمالها.</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>حصص الاسترداد</translation>
    </message>
</context>
<context>
    <name>SheetCount</name>
    <message>
        <source>How many are needed</source>
        <translation>كم ورقة يلزم منها</translation>
    </message>
    <message>
        <source>How many sheets</source>
        <translation>عدد الأوراق</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Screens</source>
        <translation>الشاشات</translation>
    </message>
    <message>
        <source>Valise</source>
        <translation>Valise</translation>
    </message>
</context>
<context>
    <name>SignDialog</name>
    <message>
        <source>It is signed with both algorithms, the usual one and one that is meant to withstand quantum computers, so that it can still be shown in many years who signed what.</source>
        <translation>يُوقَّع بخوارزميتين معاً، المعتادة وأخرى يُراد لها أن تصمد أمام الحواسيب الكمومية، ليظل ممكناً بعد سنوات كثيرة إظهار من وقّع ماذا.</translation>
    </message>
    <message>
        <source>Sign on</source>
        <translation>انضمام</translation>
    </message>
    <message>
        <source>The date until which it was to be open has passed.</source>
        <translation>انقضى التاريخ الذي كان مقرراً أن تبقى مفتوحة حتى حلوله.</translation>
    </message>
    <message>
        <source>The list is closed: your name waits until {0} admits it.</source>
        <translation>القائمة مغلقة: ينتظر اسمكم إلى أن يرد القبول من {0}.</translation>
    </message>
    <message>
        <source>You can take the name back later; everybody then sees that you did.</source>
        <translation>يمكنكم سحب الاسم لاحقاً؛ ويرى الجميع عندئذ أنكم سحبتموه.</translation>
    </message>
    <message>
        <source>You say for your delegation that it co-sponsors exactly this revision, to everybody in {0}.</source>
        <translation>تعلنون عن وفدكم أنه يشارك في تقديم هذا التنقيح بعينه، أمام كل من في {0}.</translation>
    </message>
    <message>
        <source>You say for your delegation that it joins exactly these words, to everybody in {0}.</source>
        <translation>تعلنون عن وفدكم أنه ينضم إلى هذه الكلمات بعينها، أمام كل من في {0}.</translation>
    </message>
    <message>
        <source>opened by {0}</source>
        <translation>فتحها: {0}</translation>
    </message>
</context>
<context>
    <name>SignersList</name>
    <message>
        <source>Who has signed on</source>
        <translation>من انضم</translation>
    </message>
</context>
<context>
    <name>SilenceStrip</name>
    <message>
        <source>(extended)</source>
        <translation>(مُدّد)</translation>
    </message>
    <message>
        <source>Deadline: {0}</source>
        <translation>الموعد النهائي: {0}</translation>
    </message>
    <message>
        <source>It covers: {0}</source>
        <translation>يشمل: {0}</translation>
    </message>
    <message>
        <source>The deadline of the silence on {0} has passed. It is over once the pen-holder&apos;s computer closes it.</source>
        <translation>انقضى الموعد النهائي للصمت بشأن {0}. وينتهي متى أغلقه حاسوب حامل القلم.</translation>
    </message>
    <message>
        <source>The silence on {0} is contested: a break made in time arrived only after you closed the procedure. You decide.</source>
        <translation>الصمت بشأن {0} متنازع فيه: فقد وصل كسر في الموعد، ولكن بعد أن أغلقتم الإجراء. والقرار لكم.</translation>
    </message>
    <message>
        <source>The silence on {0} is contested: a break made in time reached the pen-holder only after the procedure was closed. The pen-holder decides.</source>
        <translation>الصمت بشأن {0} متنازع فيه: فقد وصل إلى حامل القلم كسر في الموعد، ولكن بعد إغلاق الإجراء. ويقرر حامل القلم.</translation>
    </message>
    <message>
        <source>The silence on {0} was broken: it is not agreed.</source>
        <translation>كُسر الصمت بشأن {0}: فهو غير متفق عليه.</translation>
    </message>
    <message>
        <source>{0} is under silence: it stands as agreed unless a delegation breaks the silence.</source>
        <translation>{0} قيد إجراء الموافقة الصامتة: يُعد متفقاً عليه ما لم يكسر وفد الصمت.</translation>
    </message>
    <message>
        <source>{0} left, until {1}</source>
        <translation>المتبقي {0}، حتى {1}</translation>
    </message>
</context>
<context>
    <name>SlipsView</name>
    <message>
        <source>No slips found</source>
        <translation>لم يُعثر على هفوات</translation>
    </message>
    <message>
        <source>Numbers, brackets, opening verbs and signs at the end are as usual. Read it once more anyway.</source>
        <translation>الأرقام والأقواس وأفعال الاستهلال وعلامات الختام كما هو معتاد. ومع ذلك اقرأوه مرة أخرى.</translation>
    </message>
    <message>
        <source>Slips</source>
        <translation>الهفوات</translation>
    </message>
    <message>
        <source>{0} found. They are hints and stop nothing; Enter goes to the paragraph.</source>
        <translation>عُثر على: {0}. وهي تنبيهات لا توقف شيئاً؛ وEnter للانتقال إلى الفقرة.</translation>
    </message>
</context>
<context>
    <name>StandingView</name>
    <message>
        <source>As of</source>
        <translation>حتى</translation>
    </message>
    <message>
        <source>No paragraph is open</source>
        <translation>لا فقرة مفتوحة</translation>
    </message>
    <message>
        <source>Nobody has an amendment or a reservation pending. Take the tick away to see every paragraph.</source>
        <translation>ليس لأحد تعديل أو تحفظ معلق. أزيلوا التأشير لرؤية كل فقرة.</translation>
    </message>
    <message>
        <source>Only open paragraphs</source>
        <translation>الفقرات المفتوحة فقط</translation>
    </message>
    <message>
        <source>Positions as of</source>
        <translation>المواقف حتى</translation>
    </message>
</context>
<context>
    <name>StateNameDialog</name>
    <message>
        <source>Another name</source>
        <translation>اسم آخر</translation>
    </message>
    <message>
        <source>As the United Nations have it</source>
        <translation>كما هو لدى الأمم المتحدة</translation>
    </message>
    <message>
        <source>It is shown on the screens of this vault alone. It never leaves: files, messages and whatever others receive carry the name of the United Nations.</source>
        <translation>يظهر على شاشات هذه الخزنة وحدها. ولا يغادرها أبداً: فالملفات والرسائل وكل ما يستلمه الآخرون تحمل اسم الأمم المتحدة.</translation>
    </message>
    <message>
        <source>Its code alone</source>
        <translation>رمزها وحده</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>ترك الأمر كما هو</translation>
    </message>
    <message>
        <source>Name shown for a State</source>
        <translation>الاسم الذي يظهر للدولة</translation>
    </message>
    <message>
        <source>Show it so</source>
        <translation>إظهارها هكذا</translation>
    </message>
    <message>
        <source>State</source>
        <translation>الدولة</translation>
    </message>
    <message>
        <source>The other name</source>
        <translation>الاسم الآخر</translation>
    </message>
</context>
<context>
    <name>StatementPane</name>
    <message>
        <source>Nobody has signed on yet.</source>
        <translation>لم ينضم أحد بعد.</translation>
    </message>
    <message>
        <source>SHA-256 of the saved file, as sha256sum computes it.</source>
        <translation>قيمة SHA-256 للملف المحفوظ، كما يحسبها sha256sum.</translation>
    </message>
    <message>
        <source>Signed on</source>
        <translation>المنضمون</translation>
    </message>
    <message>
        <source>Signed on: {0}</source>
        <translation>المنضمون: {0}</translation>
    </message>
    <message>
        <source>The hash that everybody signs</source>
        <translation>قيمة التجزئة التي يوقّعها الجميع</translation>
    </message>
    <message>
        <source>The revision</source>
        <translation>التنقيح</translation>
    </message>
    <message>
        <source>The words</source>
        <translation>الكلمات</translation>
    </message>
    <message>
        <source>The words that are signed</source>
        <translation>الكلمات التي تُوقَّع</translation>
    </message>
    <message>
        <source>opened by {0}, {1}</source>
        <translation>فتحها: {0}، {1}</translation>
    </message>
</context>
<context>
    <name>StatementsList</name>
    <message>
        <source>Joint statements and lists of co-sponsors</source>
        <translation>البيانات المشتركة وقوائم المشاركين في التقديم</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Lock now</source>
        <translation>القفل الآن</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>الحالة</translation>
    </message>
    <message>
        <source>Ways of exchange</source>
        <translation>سبل التبادل</translation>
    </message>
    <message>
        <source>does not lock by itself</source>
        <translation>لا قفل تلقائياً</translation>
    </message>
    <message>
        <source>last exchange {0}</source>
        <translation>آخر تبادل {0}</translation>
    </message>
    <message>
        <source>locks in {0}</source>
        <translation>القفل خلال {0}</translation>
    </message>
    <message>
        <source>nothing waiting</source>
        <translation>لا شيء ينتظر</translation>
    </message>
    <message>
        <source>received but not yet readable: {0}</source>
        <translation>ما استُلم ولا يمكن قراءته بعد: {0}</translation>
    </message>
    <message>
        <source>waiting to be delivered: {0}</source>
        <translation>ما ينتظر التسليم: {0}</translation>
    </message>
    <message>
        <source>· working…</source>
        <translation>· جارٍ العمل…</translation>
    </message>
</context>
<context>
    <name>StepsSection</name>
    <message>
        <source>All of this is done. Rehearse the shares once a year, and make a backup at the end of every day of talks.</source>
        <translation>أُنجز كل ذلك. تمرّنوا على الحصص مرة في السنة، وأعدّوا نسخة احتياطية في نهاية كل يوم من المحادثات.</translation>
    </message>
    <message>
        <source>In this order, today if you can. It takes a quarter of an hour, a stick and a printer or a pen.</source>
        <translation>بهذا الترتيب، واليوم إن أمكنكم ذلك. ويستغرق ربع ساعة، ويلزم له ذاكرة محمولة وطابعة أو قلم.</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>لاحقاً</translation>
    </message>
</context>
<context>
    <name>StreamlineView</name>
    <message>
        <source>No amendment changes words of a paragraph at present. New ones appear here when they come.</source>
        <translation>لا يغيّر أي تعديل كلمات فقرة في الوقت الحاضر. وتظهر الجديدة هنا حين تصل.</translation>
    </message>
    <message>
        <source>Nothing to streamline</source>
        <translation>لا يوجد ما يُبسَّط</translation>
    </message>
    <message>
        <source>Only who holds the pen can send; you can look.</source>
        <translation>لا يستطيع الإرسال إلا من يحمل القلم؛ ويمكنكم الاطلاع.</translation>
    </message>
    <message>
        <source>Paragraphs with open amendments</source>
        <translation>الفقرات التي عليها تعديلات مفتوحة</translation>
    </message>
    <message>
        <source>Paragraphs with open amendments: {0}. Pick a reading, say what becomes of the others; nothing is sent before you send it, and nobody&apos;s words are dropped without an answer.</source>
        <translation>الفقرات التي عليها تعديلات مفتوحة: {0}. اختاروا قراءة وبيّنوا ما تؤول إليه الأخرى؛ ولا يُرسل شيء قبل أن ترسلوه، ولا تسقط كلمات أحد دون جواب.</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>إرسال</translation>
    </message>
    <message>
        <source>Take back this paragraph</source>
        <translation>التراجع عن هذه الفقرة</translation>
    </message>
    <message>
        <source>What is proposed, and what becomes of it</source>
        <translation>ما هو مقترح، وما يؤول إليه</translation>
    </message>
    <message>
        <source>Without an answer: {0}</source>
        <translation>بلا جواب: {0}</translation>
    </message>
    <message>
        <source>{0} · picked, not sent</source>
        <translation>{0} · اختيرت ولم تُرسل</translation>
    </message>
    <message>
        <source>{0}, some nearly alike</source>
        <translation>{0}، وبعضها متشابه تقريباً</translation>
    </message>
</context>
<context>
    <name>Sure</name>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
</context>
<context>
    <name>Table</name>
    <message>
        <source>Corner of the table</source>
        <translation>زاوية الجدول</translation>
    </message>
    <message>
        <source>Headings</source>
        <translation>العناوين</translation>
    </message>
</context>
<context>
    <name>TableLook</name>
    <message>
        <source>Rows</source>
        <translation>الصفوف</translation>
    </message>
</context>
<context>
    <name>TakeDialog</name>
    <message>
        <source>Calendars (*.ics);;All files (*)</source>
        <translation>تقاويم (*.ics);;جميع الملفات (*)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Change nothing</source>
        <translation>عدم تغيير شيء</translation>
    </message>
    <message>
        <source>Choose a calendar</source>
        <translation>اختيار تقويم</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>اختيار ملف…</translation>
    </message>
    <message>
        <source>Entries of whole days: {0}. Here they begin at 00:00 UTC; as events they keep their days.</source>
        <translation>إدخالات ليوم كامل: {0}. تبدأ هنا في الساعة 00:00 بالتوقيت العالمي المنسق؛ وتحتفظ بأيامها إذا أُخذت كفعاليات.</translation>
    </message>
    <message>
        <source>Entries that name no time zone: {0}. Their hours are taken as UTC.</source>
        <translation>إدخالات بلا منطقة زمنية: {0}. تُحسب ساعاتها بالتوقيت العالمي المنسق.</translation>
    </message>
    <message>
        <source>Entries that repeat: {0}. Only the first time of each is taken in.</source>
        <translation>إدخالات متكررة: {0}. لا يؤخذ من كل منها إلا المرة الأولى.</translation>
    </message>
    <message>
        <source>Entry {0}, {1}: {2}</source>
        <translation>القيد {0}، {1}: {2}</translation>
    </message>
    <message>
        <source>Events of a calendar file (.ics) become rows of a register. You see what changes before anything does.</source>
        <translation>تصبح فعاليات ملف تقويم (‎.ics) صفوفاً في سجل. وترون ما يتغيّر قبل أن يتغيّر أي شيء.</translation>
    </message>
    <message>
        <source>Everything in this file is as it is here already.</source>
        <translation>كل ما في هذا الملف مطابق لما هو هنا بالفعل.</translation>
    </message>
    <message>
        <source>Everything in this file is there already.</source>
        <translation>كل ما في هذا الملف موجود من قبل.</translation>
    </message>
    <message>
        <source>New rows: {0}. Changed fields: {1}. Unchanged: {2}.</source>
        <translation>صفوف جديدة: {0}. حقول تغيّرت: {1}. لم يتغيّر: {2}.</translation>
    </message>
    <message>
        <source>Nothing can be taken in yet; places to mend: {0}.</source>
        <translation>لا يمكن إدخال شيء بعد؛ المواضع التي يلزم إصلاحها: {0}.</translation>
    </message>
    <message>
        <source>Protects less than now.</source>
        <translation>يوفر حماية أقل من الآن.</translation>
    </message>
    <message>
        <source>Read a calendar</source>
        <translation>قراءة تقويم</translation>
    </message>
    <message>
        <source>Settings from a file</source>
        <translation>إعدادات من ملف</translation>
    </message>
    <message>
        <source>Take it in</source>
        <translation>إدخاله</translation>
    </message>
    <message>
        <source>Take these settings</source>
        <translation>إدخال هذه الإعدادات</translation>
    </message>
    <message>
        <source>What it would change</source>
        <translation>ما سيغيّره</translation>
    </message>
    <message>
        <source>What would change</source>
        <translation>ما سيتغيّر</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>فارغ</translation>
    </message>
    <message>
        <source>{0}: {1}, now {2}</source>
        <translation>{0}: {1}، والآن {2}</translation>
    </message>
    <message>
        <source>{row}: {field} {before} → {after}</source>
        <translation>{row}: {field} {before} → {after}</translation>
    </message>
</context>
<context>
    <name>Taking</name>
    <message>
        <source>Begin an entry with what the chosen card says</source>
        <translation>بدء قيد بما تذكره البطاقة المختارة</translation>
    </message>
    <message>
        <source>Card says</source>
        <translation>ما تقوله البطاقة</translation>
    </message>
    <message>
        <source>Cards and what they would change</source>
        <translation>البطاقات وما ستغيّره</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>الأعمدة</translation>
    </message>
    <message>
        <source>Contact cards</source>
        <translation>بطاقات اتصال</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>الحقل</translation>
    </message>
    <message>
        <source>Fill in by hand…</source>
        <translation>الملء يدوياً…</translation>
    </message>
    <message>
        <source>Left out: no place in an entry</source>
        <translation>تُرك: لا مكان له في القيد</translation>
    </message>
    <message>
        <source>New entries need the document that nominated them.</source>
        <translation>تحتاج القيود الجديدة إلى الوثيقة التي سمّتها.</translation>
    </message>
    <message>
        <source>Note verbale no. and date</source>
        <translation>رقم المذكرة الشفوية وتاريخها</translation>
    </message>
    <message>
        <source>Nothing is taken that is not ticked. A card never empties a field.</source>
        <translation>لا يُدخل شيء لم يُؤشَّر عليه. ولا تُفرغ البطاقة أي حقل أبداً.</translation>
    </message>
    <message>
        <source>Source document of new entries</source>
        <translation>وثيقة مصدر القيود الجديدة</translation>
    </message>
    <message>
        <source>Stands now</source>
        <translation>القيمة الحالية</translation>
    </message>
    <message>
        <source>Still missing</source>
        <translation>ما زال ناقصاً</translation>
    </message>
    <message>
        <source>Take nothing</source>
        <translation>عدم إدخال شيء</translation>
    </message>
    <message>
        <source>Take the ticked ones</source>
        <translation>إدخال المؤشَّر عليها</translation>
    </message>
    <message>
        <source>What these cards would change</source>
        <translation>ما ستغيّره هذه البطاقات</translation>
    </message>
    <message>
        <source>{title}: a new entry</source>
        <translation>{title}: قيد جديد</translation>
    </message>
    <message>
        <source>{title}: changes an entry</source>
        <translation>{title}: تغيّر قيداً</translation>
    </message>
    <message>
        <source>{title}: says nothing new</source>
        <translation>{title}: لا تقول شيئاً جديداً</translation>
    </message>
</context>
<context>
    <name>TermsForm</name>
    <message>
        <source>It may</source>
        <translation>صلاحياته</translation>
    </message>
    <message>
        <source>Office</source>
        <translation>المنصب</translation>
    </message>
    <message>
        <source>Officer</source>
        <translation>الموظف</translation>
    </message>
    <message>
        <source>Rights chosen one by one</source>
        <translation>حقوق تُختار واحداً واحداً</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>الوظيفة</translation>
    </message>
    <message>
        <source>The laptop may: {0}</source>
        <translation>صلاحيات الحاسوب المحمول: {0}</translation>
    </message>
    <message>
        <source>Valid for</source>
        <translation>مدة الصلاحية</translation>
    </message>
</context>
<context>
    <name>TextDialog</name>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>حفظ</translation>
    </message>
</context>
<context>
    <name>TextView</name>
    <message>
        <source>The text</source>
        <translation>النص</translation>
    </message>
</context>
<context>
    <name>TextsModel</name>
    <message>
        <source>pen: {0}</source>
        <translation>القلم: {0}</translation>
    </message>
    <message>
        <source>{0} of {1} open</source>
        <translation>المفتوح {0} من {1}</translation>
    </message>
</context>
<context>
    <name>TextsScreen</name>
    <message>
        <source>Agree ad ref</source>
        <translation>اتفاق بشرط الاستشارة</translation>
    </message>
    <message>
        <source>Amendments</source>
        <translation>التعديلات</translation>
    </message>
    <message>
        <source>Amendments ({0})</source>
        <translation>التعديلات ({0})</translation>
    </message>
    <message>
        <source>Amendments and revisions</source>
        <translation>التعديلات والتنقيحات</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>تحرير</translation>
    </message>
    <message>
        <source>History</source>
        <translation>تاريخ التغييرات</translation>
    </message>
    <message>
        <source>No text yet</source>
        <translation>لا يوجد نص بعد</translation>
    </message>
    <message>
        <source>Open a text from a document or from the clipboard. You hold its pen; everybody in the room can propose amendments.</source>
        <translation>افتحوا نصاً من مستند أو من الحافظة. القلم لديكم؛ ويستطيع كل من في الغرفة اقتراح تعديلات.</translation>
    </message>
    <message>
        <source>Open a text…</source>
        <translation>فتح نص…</translation>
    </message>
    <message>
        <source>Park</source>
        <translation>إرجاء</translation>
    </message>
    <message>
        <source>Pass</source>
        <translation>تسليم</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>إعادة الفتح</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>التنقيح</translation>
    </message>
    <message>
        <source>Revisions</source>
        <translation>التنقيحات</translation>
    </message>
    <message>
        <source>Revisions ({0})</source>
        <translation>التنقيحات ({0})</translation>
    </message>
    <message>
        <source>The whole hash is on the clipboard for ten seconds.</source>
        <translation>قيمة التجزئة الكاملة في الحافظة لعشر ثوانٍ.</translation>
    </message>
</context>
<context>
    <name>TextsSide</name>
    <message>
        <source>Open a text, Ctrl+N</source>
        <translation>فتح نص، Ctrl+N</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>النصوص</translation>
    </message>
</context>
<context>
    <name>TickList</name>
    <message>
        <source>Space ticks an entry, Ctrl+C copies its words</source>
        <translation>Space للتأشير على القيد، وCtrl+C لنسخ كلماته</translation>
    </message>
</context>
<context>
    <name>TickModel</name>
    <message>
        <source>not ticked</source>
        <translation>غير مؤشَّر عليه</translation>
    </message>
    <message>
        <source>ticked</source>
        <translation>مؤشَّر عليه</translation>
    </message>
</context>
<context>
    <name>TimelineLook</name>
    <message>
        <source>Along the time</source>
        <translation>على امتداد الزمن</translation>
    </message>
    <message>
        <source>Arrows move, Enter opens the row</source>
        <translation>الأسهم للتنقل، وEnter لفتح الصف</translation>
    </message>
</context>
<context>
    <name>TodayPage</name>
    <message>
        <source>Cannot wait</source>
        <translation>لا يحتمل الانتظار</translation>
    </message>
    <message>
        <source>Exchange</source>
        <translation>التبادل</translation>
    </message>
    <message>
        <source>Exchange now</source>
        <translation>التبادل الآن</translation>
    </message>
    <message>
        <source>In the next days</source>
        <translation>في الأيام القادمة</translation>
    </message>
    <message>
        <source>Nothing needs you now</source>
        <translation>لا شيء يحتاج إليكم الآن</translation>
    </message>
    <message>
        <source>Rooms and what they have received</source>
        <translation>الغرف وما استلمته</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>اليوم</translation>
    </message>
    <message>
        <source>Ways of exchange…</source>
        <translation>سبل التبادل…</translation>
    </message>
    <message>
        <source>What arrives at the next exchange and needs you is shown here.</source>
        <translation>ما يصل في التبادل التالي ويحتاج إليكم يظهر هنا.</translation>
    </message>
    <message>
        <source>Who answers</source>
        <translation>من يجيب</translation>
    </message>
</context>
<context>
    <name>Totals</name>
    <message>
        <source>Amount</source>
        <translation>المبلغ</translation>
    </message>
    <message>
        <source>Currency</source>
        <translation>العملة</translation>
    </message>
    <message>
        <source>Donor</source>
        <translation>الجهة المانحة</translation>
    </message>
    <message>
        <source>Projects</source>
        <translation>المشاريع</translation>
    </message>
    <message>
        <source>Totals by donor, over the projects that were not given up</source>
        <translation>المجاميع بحسب الجهة المانحة، للمشاريع التي لم يُتخلَّ عنها</translation>
    </message>
    <message>
        <source>none told</source>
        <translation>لم يُذكر</translation>
    </message>
</context>
<context>
    <name>UnlockPage</name>
    <message>
        <source>Asking the keyring of this computer.</source>
        <translation>جارٍ سؤال سلسلة مفاتيح هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Caps Lock seems to be on.</source>
        <translation>يبدو أن Caps Lock مفعَّل.</translation>
    </message>
    <message>
        <source>Locked after a time without activity. Drafts are kept in the vault.</source>
        <translation>جرى القفل بعد مدة بلا نشاط. المسودات محفوظة في الخزنة.</translation>
    </message>
    <message>
        <source>Locked because the computer went to sleep. Drafts are kept in the vault.</source>
        <translation>جرى القفل لأن الحاسوب دخل في وضع السكون. المسودات محفوظة في الخزنة.</translation>
    </message>
    <message>
        <source>Locked together with your session. Drafts are kept in the vault.</source>
        <translation>جرى القفل مع قفل جلستكم. المسودات محفوظة في الخزنة.</translation>
    </message>
    <message>
        <source>Locked. Drafts are kept in the vault.</source>
        <translation>جرى القفل. المسودات محفوظة في الخزنة.</translation>
    </message>
    <message>
        <source>Opening the vault. This takes a moment on purpose.</source>
        <translation>جارٍ فتح الخزنة. يستغرق ذلك لحظة عن قصد.</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>عبارة المرور</translation>
    </message>
    <message>
        <source>Passphrase and the keyring of this computer open it together.</source>
        <translation>تفتحها عبارة المرور وسلسلة مفاتيح هذا الحاسوب معاً.</translation>
    </message>
    <message>
        <source>Practise with fictional delegations…</source>
        <translation>التدرب مع وفود خيالية…</translation>
    </message>
    <message>
        <source>Reading what verifies, row by row. The damaged files are kept.</source>
        <translation>جارٍ قراءة ما يصح التحقق منه، صفاً بعد صف. والملفات التالفة محفوظة.</translation>
    </message>
    <message>
        <source>Rescue what verifies</source>
        <translation>إنقاذ ما يصح التحقق منه</translation>
    </message>
    <message>
        <source>The damaged files are kept beside the vault. Unlock it: it asks the others for what is missing.</source>
        <translation>الملفات التالفة محفوظة بجانب الخزنة. افتحوا قفلها: فهي تطلب من الآخرين ما ينقص.</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>فتح القفل</translation>
    </message>
    <message>
        <source>Unlock Valise</source>
        <translation>فتح قفل Valise</translation>
    </message>
    <message>
        <source>Unlock with this computer&apos;s keyring</source>
        <translation>فتح القفل بسلسلة مفاتيح هذا الحاسوب</translation>
    </message>
    <message>
        <source>Use recovery shares…</source>
        <translation>استخدام حصص الاسترداد…</translation>
    </message>
</context>
<context>
    <name>UnlockingSection</name>
    <message>
        <source>A copy of this vault opens on no other computer, even for somebody who knows the passphrase. If the keyring is lost (a new computer, another desktop, a reset account), only the recovery shares open this vault.</source>
        <translation>لا تُفتح نسخة من هذه الخزنة على أي حاسوب آخر، حتى لمن يعرف عبارة المرور. وإذا فُقدت سلسلة المفاتيح (حاسوب جديد، أو بيئة مكتب أخرى، أو حساب أُعيد ضبطه) فلا يفتح هذه الخزنة إلا حصص الاسترداد.</translation>
    </message>
    <message>
        <source>A key for this vault is put into the keyring of this computer. It is as safe as your account is while you are logged in. The system may ask for the keyring&apos;s own password.</source>
        <translation>يوضع مفتاح لهذه الخزنة في سلسلة مفاتيح هذا الحاسوب. وأمانه من أمان حسابكم وأنتم مسجّلو الدخول. وقد يطلب النظام كلمة السر الخاصة بسلسلة المفاتيح.</translation>
    </message>
    <message>
        <source>Any {0} of {1}, made on {2}.</source>
        <translation>أي {0} من {1}، أُعدّت في {2}.</translation>
    </message>
    <message>
        <source>Both can be demanded once recovery shares are made and rehearsed.</source>
        <translation>يمكن اشتراط الاثنتين بعد إعداد حصص الاسترداد والتمرّن عليها.</translation>
    </message>
    <message>
        <source>Change the passphrase…</source>
        <translation>تغيير عبارة المرور…</translation>
    </message>
    <message>
        <source>Demand both</source>
        <translation>اشتراط الاثنتين</translation>
    </message>
    <message>
        <source>Demand both…</source>
        <translation>اشتراط الاثنتين…</translation>
    </message>
    <message>
        <source>Demand passphrase and keyring</source>
        <translation>اشتراط عبارة المرور وسلسلة المفاتيح</translation>
    </message>
    <message>
        <source>Guessing is made slow: every try takes a computer {0} passes over {1} MiB of memory (Argon2id).</source>
        <translation>جُعل التخمين بطيئاً: فكل محاولة تُلزم الحاسوب بالمرور على {1} MiB من الذاكرة، وعدد مرات المرور {0}‏ (Argon2id).</translation>
    </message>
    <message>
        <source>Keyring of this computer</source>
        <translation>سلسلة مفاتيح هذا الحاسوب</translation>
    </message>
    <message>
        <source>Let it open alone</source>
        <translation>جعلها تفتح وحدها</translation>
    </message>
    <message>
        <source>Let the passphrase open alone</source>
        <translation>جعل عبارة المرور تفتح وحدها</translation>
    </message>
    <message>
        <source>Let the passphrase open alone…</source>
        <translation>جعل عبارة المرور تفتح وحدها…</translation>
    </message>
    <message>
        <source>Let the shares open nothing</source>
        <translation>جعل الحصص لا تفتح شيئاً</translation>
    </message>
    <message>
        <source>Let them open nothing</source>
        <translation>جعلها لا تفتح شيئاً</translation>
    </message>
    <message>
        <source>Let them open nothing…</source>
        <translation>جعلها لا تفتح شيئاً…</translation>
    </message>
    <message>
        <source>Make new shares…</source>
        <translation>إعداد حصص جديدة…</translation>
    </message>
    <message>
        <source>Make shares…</source>
        <translation>إعداد حصص…</translation>
    </message>
    <message>
        <source>Needed together with the passphrase.</source>
        <translation>لازمة مع عبارة المرور.</translation>
    </message>
    <message>
        <source>Never rehearsed. Only a rehearsal shows that what is on paper opens the vault.</source>
        <translation>لم يجرِ التمرّن عليها قط. والتمرّن وحده يبيّن أن ما على الورق يفتح الخزنة.</translation>
    </message>
    <message>
        <source>Not used.</source>
        <translation>غير مستخدمة.</translation>
    </message>
    <message>
        <source>Open without typing</source>
        <translation>الفتح دون كتابة</translation>
    </message>
    <message>
        <source>Open without typing…</source>
        <translation>الفتح دون كتابة…</translation>
    </message>
    <message>
        <source>Opens the vault without typing.</source>
        <translation>تفتح الخزنة دون كتابة.</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>عبارة المرور</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>حصص الاسترداد</translation>
    </message>
    <message>
        <source>Rehearsed on {0}.</source>
        <translation>جرى التمرّن عليها في {0}.</translation>
    </message>
    <message>
        <source>Rehearse…</source>
        <translation>تمرّن…</translation>
    </message>
    <message>
        <source>Stop using the keyring</source>
        <translation>وقف استخدام سلسلة المفاتيح</translation>
    </message>
    <message>
        <source>The keyring is not needed any more; a copy of the vault then opens anywhere with the passphrase.</source>
        <translation>لا تعود سلسلة المفاتيح لازمة؛ وعندئذ تُفتح نسخة من الخزنة في أي مكان بعبارة المرور.</translation>
    </message>
    <message>
        <source>The keyring is where this computer keeps what belongs to your account. It can open the vault in place of typing, which is convenient and weaker, or be demanded beside the passphrase, which is stronger.</source>
        <translation>سلسلة المفاتيح هي المكان الذي يحفظ فيه هذا الحاسوب ما يخص حسابكم. ويمكن أن تفتح الخزنة بدلاً من الكتابة، وهذا أيسر وأضعف، أو أن تُشترط مع عبارة المرور، وهذا أقوى.</translation>
    </message>
    <message>
        <source>The same since {0}.</source>
        <translation>لم تتغير منذ {0}.</translation>
    </message>
    <message>
        <source>The sheets open this vault no longer. Only the passphrase does, until new shares are made.</source>
        <translation>لم تعد الأوراق تفتح هذه الخزنة. ولا تفتحها إلا عبارة المرور، إلى أن تُعدّ حصص جديدة.</translation>
    </message>
    <message>
        <source>The vault opens only on this computer, under your account, with the passphrase. Should the keyring ever be lost, the recovery shares are the one way in: keep them where you can reach them.</source>
        <translation>لا تُفتح الخزنة إلا على هذا الحاسوب، بحسابكم، وبعبارة المرور. وإذا فُقدت سلسلة المفاتيح يوماً كانت حصص الاسترداد هي السبيل الوحيد إلى الدخول: احفظوها حيث يمكنكم الوصول إليها.</translation>
    </message>
    <message>
        <source>There are none. A forgotten passphrase would be the end of this vault.</source>
        <translation>لا توجد. ونسيان عبارة المرور يعني نهاية هذه الخزنة.</translation>
    </message>
    <message>
        <source>These sheets open your vault.</source>
        <translation>هذه الأوراق تفتح خزنتكم.</translation>
    </message>
    <message>
        <source>Type the sheets from the paper. They are tried on this vault and forgotten; nothing is changed.</source>
        <translation>اكتبوا ما على الأوراق. تُجرَّب على هذه الخزنة ثم تُنسى؛ ولا يتغير شيء.</translation>
    </message>
    <message>
        <source>Use the keyring</source>
        <translation>استخدام سلسلة المفاتيح</translation>
    </message>
    <message>
        <source>Whoever sits at this computer while you are logged in opens the vault, and so can any program running under your account. The passphrase goes on opening it too.</source>
        <translation>من يجلس إلى هذا الحاسوب وأنتم مسجّلو الدخول يفتح الخزنة، وكذلك يستطيع أي برنامج يعمل بحسابكم. وتظل عبارة المرور تفتحها أيضاً.</translation>
    </message>
    <message>
        <source>Words on paper, held by several people or in several places. Some of them together open this vault when the passphrase is forgotten. Whoever brings that many together opens it too: choose keepers who would not meet by chance.</source>
        <translation>كلمات على الورق، لدى عدة أشخاص أو في عدة أماكن. يفتح بعضها معاً هذه الخزنة إذا نُسيت عبارة المرور. ومن جمع هذا العدد فتحها أيضاً: اختاروا لحفظها أشخاصاً لا يجتمعون مصادفةً.</translation>
    </message>
    <message>
        <source>share of a vault of {0}, made on {1}</source>
        <translation>حصة من خزنة {0}، أُعدّت في {1}</translation>
    </message>
</context>
<context>
    <name>UntilField</name>
    <message>
        <source>People read the date; it closes nothing by itself</source>
        <translation>يقرأ الناس التاريخ؛ ولا يُغلق به شيء تلقائياً</translation>
    </message>
    <message>
        <source>People read the date; the list stays open until you close it.</source>
        <translation>يقرأ الناس التاريخ؛ وتبقى القائمة مفتوحة إلى أن تغلقوها.</translation>
    </message>
    <message>
        <source>Say until when it is open</source>
        <translation>بيان التاريخ الذي تبقى مفتوحة حتى حلوله</translation>
    </message>
</context>
<context>
    <name>Verify</name>
    <message>
        <source>Compare the number by eye</source>
        <translation>مقارنة الرقم بالعين</translation>
    </message>
    <message>
        <source>Compare with {who}</source>
        <translation>المقارنة مع {who}</translation>
    </message>
    <message>
        <source>Compare words now</source>
        <translation>مقارنة الكلمات الآن</translation>
    </message>
    <message>
        <source>If they differ</source>
        <translation>إذا اختلفت</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>لاحقاً</translation>
    </message>
    <message>
        <source>Read their code from a picture</source>
        <translation>قراءة رمزهم من صورة</translation>
    </message>
    <message>
        <source>You are comparing the new identity: if it is the same, it is accepted.</source>
        <translation>تقارنون الهوية الجديدة: فإذا تطابقت قُبلت.</translation>
    </message>
</context>
<context>
    <name>VersionCard</name>
    <message>
        <source>Check a release file</source>
        <translation>التحقق من ملف إصدار</translation>
    </message>
    <message>
        <source>Check a release file…</source>
        <translation>التحقق من ملف إصدار…</translation>
    </message>
    <message>
        <source>Key of the publisher whose releases this program believes</source>
        <translation>مفتاح الناشر الذي يثق هذا البرنامج بإصداراته</translation>
    </message>
    <message>
        <source>Key of the publisher: {0}</source>
        <translation>مفتاح الناشر: {0}</translation>
    </message>
    <message>
        <source>This is a demonstration key with which nobody can sign: whoever handed out this copy has put no key of its own there, so no release file will pass.</source>
        <translation>هذا مفتاح للعرض لا يستطيع أحد أن يوقّع به: من سلّم هذه النسخة لم يضع مفتاحه الخاص فيها، ولذلك لن يجتاز أي ملف إصدار التحقق.</translation>
    </message>
    <message>
        <source>This version</source>
        <translation>هذا الإصدار</translation>
    </message>
    <message>
        <source>Valise never looks for a newer version and connects nowhere for one. A publisher hands out a release file with each version: open it here before anything of it is installed.</source>
        <translation>لا يبحث Valise أبداً عن إصدار أحدث ولا يتصل بأي جهة لأجل ذلك. ويسلّم الناشر مع كل إصدار ملف إصدار: افتحوه هنا قبل تثبيت أي شيء منه.</translation>
    </message>
    <message>
        <source>Valise {0} of {1}.</source>
        <translation>الإصدار {0} من Valise بتاريخ {1}.</translation>
    </message>
</context>
<context>
    <name>ViewTabs</name>
    <message>
        <source>Alt+{0}</source>
        <translation>Alt+{0}</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>جدول</translation>
    </message>
    <message>
        <source>Views of the register</source>
        <translation>طرق عرض السجل</translation>
    </message>
</context>
<context>
    <name>Where</name>
    <message>
        <source>In a room with others each delegation writes the rows of its own State; all see them</source>
        <translation>في غرفة مع آخرين يكتب كل وفد صفوف دولته هو؛ ويراها الجميع</translation>
    </message>
    <message>
        <source>Where the rows are kept</source>
        <translation>مكان حفظ الصفوف</translation>
    </message>
    <message>
        <source>Within our delegation</source>
        <translation>داخل وفدنا</translation>
    </message>
</context>
<context>
    <name>WipeDialog</name>
    <message>
        <source>Delete it</source>
        <translation>حذفها</translation>
    </message>
    <message>
        <source>Delete the bundle from the stick</source>
        <translation>حذف الرزمة من الذاكرة المحمولة</translation>
    </message>
    <message>
        <source>Everything in it is in your vault. The file itself was sealed; a stick may keep its old blocks for a while.</source>
        <translation>كل ما فيها صار في خزنتكم. وكان الملف نفسه مختوماً؛ وقد تحتفظ الذاكرة المحمولة بكتلها القديمة بعض الوقت.</translation>
    </message>
    <message>
        <source>Nobody else of our delegation has to open this file</source>
        <translation>لا يلزم أحداً آخر من وفدنا أن يفتح هذا الملف</translation>
    </message>
</context>
<context>
    <name>Writing</name>
    <message>
        <source>After {0}  {1}</source>
        <translation>بعد {0}  {1}</translation>
    </message>
    <message>
        <source>At the start</source>
        <translation>في البداية</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>اختيار…</translation>
    </message>
    <message>
        <source>Copy them</source>
        <translation>نسخها</translation>
    </message>
    <message>
        <source>Go on writing</source>
        <translation>متابعة الكتابة</translation>
    </message>
    <message>
        <source>It stands under the paragraph, on the internal side.</source>
        <translation>ترد تحت الفقرة، في الجانب الداخلي.</translation>
    </message>
    <message>
        <source>Kept in your delegation: a second officer releases it.</source>
        <translation>محفوظ في وفدكم: يجيزه موظف ثانٍ.</translation>
    </message>
    <message>
        <source>No phrase of these words stands in the library.</source>
        <translation>لا ترد في المكتبة أي عبارة من هذه الكلمات.</translation>
    </message>
    <message>
        <source>Nothing to propose: the words are the same.</source>
        <translation>لا يوجد ما يُقترح: الكلمات هي نفسها.</translation>
    </message>
    <message>
        <source>Press Enter on an open paragraph first, or A for a new one.</source>
        <translation>اضغطوا أولاً Enter على فقرة مفتوحة، أو A لفقرة جديدة.</translation>
    </message>
    <message>
        <source>Proposed: {0}.</source>
        <translation>اقتُرح: {0}.</translation>
    </message>
    <message>
        <source>The pen took out the paragraph you were writing on. Your words are kept in the vault.</source>
        <translation>أخرج القلم الفقرة التي كنتم تكتبون عليها. وكلماتكم محفوظة في الخزنة.</translation>
    </message>
    <message>
        <source>The words are set.</source>
        <translation>أُثبتت الكلمات.</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>سحب</translation>
    </message>
    <message>
        <source>Withdrawn.</source>
        <translation>سُحب.</translation>
    </message>
    <message>
        <source>Words of the library go where you write.</source>
        <translation>تُدرج كلمات المكتبة حيث تكتبون.</translation>
    </message>
    <message>
        <source>Your proposal is made.</source>
        <translation>قُدّم مقترحكم.</translation>
    </message>
    <message>
        <source>Your remark is for everybody in the room.</source>
        <translation>ملاحظتكم لكل من في الغرفة.</translation>
    </message>
    <message>
        <source>Your words are kept on this paragraph and were not sent.</source>
        <translation>كلماتكم محفوظة على هذه الفقرة ولم تُرسل.</translation>
    </message>
</context>
<context>
    <name>_Bars</name>
    <message>
        <source>Strength: {0} of {1}</source>
        <translation>القوة: {0} من {1}</translation>
    </message>
</context>
<context>
    <name>_Line</name>
    <message>
        <source>Address, domain or AS</source>
        <translation>عنوان أو نطاق أو AS</translation>
    </message>
    <message>
        <source>Remove this address</source>
        <translation>إزالة هذا العنوان</translation>
    </message>
    <message>
        <source>Remove {file}</source>
        <translation>إزالة {file}</translation>
    </message>
    <message>
        <source>Sealing {file}</source>
        <translation>جارٍ ختم {file}</translation>
    </message>
    <message>
        <source>from 2026-12-10 18:00</source>
        <translation>من 2026-12-10 18:00</translation>
    </message>
    <message>
        <source>until</source>
        <translation>حتى</translation>
    </message>
    <message>
        <source>{0}: address, domain or network</source>
        <translation>{0}: عنوان أو نطاق أو شبكة</translation>
    </message>
    <message>
        <source>{0}: from, in UTC</source>
        <translation>{0}: من، بتوقيت UTC</translation>
    </message>
    <message>
        <source>{0}: until, in UTC</source>
        <translation>{0}: حتى، بتوقيت UTC</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>A file comes back</source>
        <translation>ملف عائد</translation>
    </message>
    <message>
        <source>A new permission in place of this one</source>
        <translation>إذن جديد بدلاً من هذا</translation>
    </message>
    <message>
        <source>A note of your own delegation; it never leaves</source>
        <translation>ملاحظة لوفدكم وحده؛ لا تغادره أبداً</translation>
    </message>
    <message>
        <source>A task of your own delegation; it never leaves</source>
        <translation>مهمة لوفدكم وحده؛ لا تغادره أبداً</translation>
    </message>
    <message>
        <source>Accept laptops</source>
        <translation>قبول الحواسيب المحمولة</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>إقرار بالاستلام</translation>
    </message>
    <message>
        <source>Acknowledge (in the list)</source>
        <translation>إقرار بالاستلام (في القائمة)</translation>
    </message>
    <message>
        <source>Acknowledge receipt…</source>
        <translation>الإقرار بالاستلام…</translation>
    </message>
    <message>
        <source>Add a register from a file</source>
        <translation>إضافة سجل من ملف</translation>
    </message>
    <message>
        <source>Admit</source>
        <translation>قبول</translation>
    </message>
    <message>
        <source>Agree ad ref</source>
        <translation>اتفاق بشرط الاستشارة</translation>
    </message>
    <message>
        <source>Answer…</source>
        <translation>إجابة…</translation>
    </message>
    <message>
        <source>Ask points of contact to confirm their entry, each alone</source>
        <translation>سؤال جهات الاتصال تأكيد قيودها، كل على حدة</translation>
    </message>
    <message>
        <source>Asked of us</source>
        <translation>أسئلة موجهة إلينا</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>إرفاق ملفات</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>تلقائي</translation>
    </message>
    <message>
        <source>Back to the page before</source>
        <translation>العودة إلى الصفحة السابقة</translation>
    </message>
    <message>
        <source>Back to the settings</source>
        <translation>العودة إلى الإعدادات</translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation>إعداد نسخة احتياطية الآن</translation>
    </message>
    <message>
        <source>Between the delegations and the directory of points of contact</source>
        <translation>التبديل بين الوفود ودليل جهات الاتصال</translation>
    </message>
    <message>
        <source>Break the silence</source>
        <translation>كسر الصمت</translation>
    </message>
    <message>
        <source>By courier only</source>
        <translation>مع حامل الحقيبة فقط</translation>
    </message>
    <message>
        <source>By the folder only</source>
        <translation>عبر المجلد فقط</translation>
    </message>
    <message>
        <source>By the relay only</source>
        <translation>عبر محطة الترحيل فقط</translation>
    </message>
    <message>
        <source>Calendar</source>
        <translation>التقويم</translation>
    </message>
    <message>
        <source>Call a State otherwise on the screens of this vault, or show its code alone</source>
        <translation>تسمية دولة باسم آخر على شاشات هذه الخزنة، أو إظهار رمزها وحده</translation>
    </message>
    <message>
        <source>Can go along</source>
        <translation>عدم ممانعة</translation>
    </message>
    <message>
        <source>Card with permission…</source>
        <translation>بطاقة مع إذن…</translation>
    </message>
    <message>
        <source>Change between what is stated and what our delegation thinks</source>
        <translation>التبديل بين ما هو مُعلن وما يراه وفدنا</translation>
    </message>
    <message>
        <source>Change the entry</source>
        <translation>تغيير القيد</translation>
    </message>
    <message>
        <source>Check a backup</source>
        <translation>التحقق من نسخة احتياطية</translation>
    </message>
    <message>
        <source>Check an evidence file</source>
        <translation>التحقق من ملف أدلة</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>اختيار مجلد…</translation>
    </message>
    <message>
        <source>Choose offers…</source>
        <translation>اختيار العروض…</translation>
    </message>
    <message>
        <source>Choose the delegations whose word counts</source>
        <translation>اختيار الوفود التي يُعتد بتزكيتها</translation>
    </message>
    <message>
        <source>Choose the next amendment to this paragraph</source>
        <translation>اختيار التعديل التالي على هذه الفقرة</translation>
    </message>
    <message>
        <source>Choose the previous amendment, or the paragraph</source>
        <translation>اختيار التعديل السابق، أو الفقرة</translation>
    </message>
    <message>
        <source>Choose what fields must say for a row to be shown</source>
        <translation>اختيار ما يجب أن تقوله الحقول ليظهر الصف</translation>
    </message>
    <message>
        <source>Close at once</source>
        <translation>الإغلاق فوراً</translation>
    </message>
    <message>
        <source>Close the list</source>
        <translation>إغلاق القائمة</translation>
    </message>
    <message>
        <source>Close the paragraph</source>
        <translation>إغلاق الفقرة</translation>
    </message>
    <message>
        <source>Close the procedure</source>
        <translation>إغلاق الإجراء</translation>
    </message>
    <message>
        <source>Close the vault and end the program; nothing is left on the screen</source>
        <translation>إغلاق الخزنة وإنهاء البرنامج؛ ولا يبقى شيء على الشاشة</translation>
    </message>
    <message>
        <source>Close the vault and quit</source>
        <translation>إغلاق الخزنة وإنهاء البرنامج</translation>
    </message>
    <message>
        <source>Close the vault and show the unlock page</source>
        <translation>إغلاق الخزنة وإظهار صفحة فتح القفل</translation>
    </message>
    <message>
        <source>Close…</source>
        <translation>إغلاق…</translation>
    </message>
    <message>
        <source>Co-sponsor</source>
        <translation>مشاركة في التقديم</translation>
    </message>
    <message>
        <source>Commitments</source>
        <translation>الالتزامات</translation>
    </message>
    <message>
        <source>Compare by eye</source>
        <translation>المقارنة بالعين</translation>
    </message>
    <message>
        <source>Compare four words with the chosen delegation, both at the same time</source>
        <translation>مقارنة أربع كلمات مع الوفد المختار، في الوقت نفسه لدى الطرفين</translation>
    </message>
    <message>
        <source>Compare revisions</source>
        <translation>مقارنة التنقيحات</translation>
    </message>
    <message>
        <source>Compare the number of the chosen delegation by eye</source>
        <translation>مقارنة رقم الوفد المختار بالعين</translation>
    </message>
    <message>
        <source>Compare the safety number with the chosen delegation</source>
        <translation>مقارنة رقم الأمان مع الوفد المختار</translation>
    </message>
    <message>
        <source>Compare words now</source>
        <translation>مقارنة الكلمات الآن</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>جهات التراسل</translation>
    </message>
    <message>
        <source>Contents of the guide</source>
        <translation>محتويات دليل الاستخدام</translation>
    </message>
    <message>
        <source>Convergence</source>
        <translation>التقارب</translation>
    </message>
    <message>
        <source>Copy in notation</source>
        <translation>نسخ برموز التفاوض</translation>
    </message>
    <message>
        <source>Copy the address of the chosen point of contact for ten seconds; nothing is sent</source>
        <translation>نسخ عنوان جهة الاتصال المختارة لعشر ثوانٍ؛ ولا يُرسل شيء</translation>
    </message>
    <message>
        <source>Copy the chosen paragraph and where it stands; forgotten after ten seconds</source>
        <translation>نسخ الفقرة المختارة وموضعها؛ وتُنسى بعد عشر ثوانٍ</translation>
    </message>
    <message>
        <source>Copy the e-mail address</source>
        <translation>نسخ عنوان البريد الإلكتروني</translation>
    </message>
    <message>
        <source>Copy the hash</source>
        <translation>نسخ قيمة التجزئة</translation>
    </message>
    <message>
        <source>Copy the list</source>
        <translation>نسخ القائمة</translation>
    </message>
    <message>
        <source>Copy the number of the chosen point of contact for ten seconds; nothing is dialled</source>
        <translation>نسخ رقم جهة الاتصال المختارة لعشر ثوانٍ؛ ولا يُطلب أي رقم</translation>
    </message>
    <message>
        <source>Copy the paragraph</source>
        <translation>نسخ الفقرة</translation>
    </message>
    <message>
        <source>Copy the telephone number</source>
        <translation>نسخ رقم الهاتف</translation>
    </message>
    <message>
        <source>Copy the text with its brackets and attributions; forgotten after ten seconds</source>
        <translation>نسخ النص مع أقواسه وأسماء أصحاب المقترحات؛ ويُنسى بعد عشر ثوانٍ</translation>
    </message>
    <message>
        <source>Copy this paragraph with its brackets and attributions; forgotten after ten seconds</source>
        <translation>نسخ هذه الفقرة مع أقواسها وأسماء أصحاب المقترحات؛ وتُنسى بعد عشر ثوانٍ</translation>
    </message>
    <message>
        <source>Copy with source</source>
        <translation>نسخ مع المصدر</translation>
    </message>
    <message>
        <source>Correct or add; what stood before stays in the record</source>
        <translation>تصويب أو إضافة؛ ويبقى ما كان من قبل في المحضر</translation>
    </message>
    <message>
        <source>Custodians</source>
        <translation>الوفود المؤتمَنة</translation>
    </message>
    <message>
        <source>Decide the contested silence</source>
        <translation>البت في الصمت المتنازع فيه</translation>
    </message>
    <message>
        <source>Decide which of several standing values holds</source>
        <translation>تقرير أي القيم القائمة هي السارية</translation>
    </message>
    <message>
        <source>Delivery</source>
        <translation>التسليم</translation>
    </message>
    <message>
        <source>Edit the words in place; the difference becomes the proposal (Enter does the same)</source>
        <translation>تحرير الكلمات في موضعها؛ ويصبح الفرق هو المقترح (وEnter يفعل الشيء نفسه)</translation>
    </message>
    <message>
        <source>Edit with the pen</source>
        <translation>التحرير بالقلم</translation>
    </message>
    <message>
        <source>Enter a reservation</source>
        <translation>إبداء تحفظ</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>القيد</translation>
    </message>
    <message>
        <source>Everything about the chosen point of contact</source>
        <translation>كل شيء عن جهة الاتصال المختارة</translation>
    </message>
    <message>
        <source>Everything the delegations said, both markings on every page</source>
        <translation>كل ما قالته الوفود، مع العلامتين في كل صفحة</translation>
    </message>
    <message>
        <source>Exchange now</source>
        <translation>التبادل الآن</translation>
    </message>
    <message>
        <source>Export as a file</source>
        <translation>تصدير في ملف</translation>
    </message>
    <message>
        <source>Export rows</source>
        <translation>تصدير صفوف</translation>
    </message>
    <message>
        <source>Export the calendar</source>
        <translation>تصدير التقويم</translation>
    </message>
    <message>
        <source>Extend the deadline</source>
        <translation>تمديد الموعد النهائي</translation>
    </message>
    <message>
        <source>Fifth view</source>
        <translation>العرض الخامس</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>تصفية</translation>
    </message>
    <message>
        <source>Filters that were kept under a name</source>
        <translation>عوامل التصفية التي حُفظت باسم</translation>
    </message>
    <message>
        <source>Find a document</source>
        <translation>البحث عن وثيقة</translation>
    </message>
    <message>
        <source>Find here</source>
        <translation>البحث هنا</translation>
    </message>
    <message>
        <source>Find it in the library</source>
        <translation>البحث عنه في المكتبة</translation>
    </message>
    <message>
        <source>First view</source>
        <translation>العرض الأول</translation>
    </message>
    <message>
        <source>For the operator of a relay that takes them by hand</source>
        <translation>لمشغّل محطة ترحيل يُدخل الإبطالات يدوياً</translation>
    </message>
    <message>
        <source>Forward again</source>
        <translation>التقدم من جديد</translation>
    </message>
    <message>
        <source>Fourth view</source>
        <translation>العرض الرابع</translation>
    </message>
    <message>
        <source>From a norm or measure to the matrix of States, and back to the page of the cell one is at</source>
        <translation>من المعيار أو التدبير إلى مصفوفة الدول، والعودة إلى صفحة الخانة الحالية</translation>
    </message>
    <message>
        <source>Give permission…</source>
        <translation>منح إذن…</translation>
    </message>
    <message>
        <source>Give the pen to another delegation</source>
        <translation>منح القلم لوفد آخر</translation>
    </message>
    <message>
        <source>Go to a paragraph by its number</source>
        <translation>الانتقال إلى فقرة برقمها</translation>
    </message>
    <message>
        <source>Go to hygiene, unlocking, laptops, backups, keys, evidence and checks</source>
        <translation>الانتقال إلى النظافة الرقمية وفتح القفل والحواسيب المحمولة والنسخ الاحتياطية والمفاتيح والأدلة وعمليات التحقق</translation>
    </message>
    <message>
        <source>Go to paragraph</source>
        <translation>الانتقال إلى فقرة</translation>
    </message>
    <message>
        <source>Go to the commitments</source>
        <translation>الانتقال إلى الالتزامات</translation>
    </message>
    <message>
        <source>Go to the contacts</source>
        <translation>الانتقال إلى جهات التراسل</translation>
    </message>
    <message>
        <source>Go to the incidents</source>
        <translation>الانتقال إلى الحوادث</translation>
    </message>
    <message>
        <source>Go to the library</source>
        <translation>الانتقال إلى المكتبة</translation>
    </message>
    <message>
        <source>Go to the messages</source>
        <translation>الانتقال إلى الرسائل</translation>
    </message>
    <message>
        <source>Go to the next pane of this screen</source>
        <translation>الانتقال إلى الجزء التالي من هذه الشاشة</translation>
    </message>
    <message>
        <source>Go to the overview</source>
        <translation>الانتقال إلى النظرة العامة</translation>
    </message>
    <message>
        <source>Go to the page of the next one</source>
        <translation>الانتقال إلى صفحة التالي</translation>
    </message>
    <message>
        <source>Go to the page of the one before</source>
        <translation>الانتقال إلى صفحة السابق</translation>
    </message>
    <message>
        <source>Go to the previous pane of this screen</source>
        <translation>الانتقال إلى الجزء السابق من هذه الشاشة</translation>
    </message>
    <message>
        <source>Go to the registers</source>
        <translation>الانتقال إلى السجلات</translation>
    </message>
    <message>
        <source>Go to the search box of this screen</source>
        <translation>الانتقال إلى خانة البحث في هذه الشاشة</translation>
    </message>
    <message>
        <source>Go to the settings</source>
        <translation>الانتقال إلى الإعدادات</translation>
    </message>
    <message>
        <source>Go to the texts</source>
        <translation>الانتقال إلى النصوص</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>دليل الاستخدام</translation>
    </message>
    <message>
        <source>History of the entry</source>
        <translation>تاريخ تغييرات القيد</translation>
    </message>
    <message>
        <source>History of the paragraph</source>
        <translation>تاريخ تغييرات الفقرة</translation>
    </message>
    <message>
        <source>History of the row</source>
        <translation>تاريخ تغييرات الصف</translation>
    </message>
    <message>
        <source>How a frozen text goes on</source>
        <translation>كيف يستمر نص مجمَّد</translation>
    </message>
    <message>
        <source>Import a card</source>
        <translation>استيراد بطاقة</translation>
    </message>
    <message>
        <source>Import a folder</source>
        <translation>استيراد مجلد</translation>
    </message>
    <message>
        <source>Import contact cards</source>
        <translation>استيراد بطاقات اتصال</translation>
    </message>
    <message>
        <source>Import rows</source>
        <translation>استيراد صفوف</translation>
    </message>
    <message>
        <source>In an open entry: put back what stood before your last change; both stay in the history</source>
        <translation>في قيد مفتوح: إعادة ما كان قبل آخر تغيير أجريتموه؛ ويبقى كلاهما في تاريخ التغييرات</translation>
    </message>
    <message>
        <source>In an open entry: take it out with a reason, or put it back</source>
        <translation>في قيد مفتوح: إخراجه مع ذكر السبب، أو إعادته</translation>
    </message>
    <message>
        <source>In an open entry: what was changed, by whom and when</source>
        <translation>في قيد مفتوح: ما الذي تغيّر ومن غيّره ومتى</translation>
    </message>
    <message>
        <source>Incident and indicators as a bundle for technical teams</source>
        <translation>الحادث والمؤشرات في حزمة للأفرقة التقنية</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>الحوادث</translation>
    </message>
    <message>
        <source>Insert from the library</source>
        <translation>إدراج من المكتبة</translation>
    </message>
    <message>
        <source>Internal remark</source>
        <translation>ملاحظة داخلية</translation>
    </message>
    <message>
        <source>Joint statements</source>
        <translation>البيانات المشتركة</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>حفظ</translation>
    </message>
    <message>
        <source>Keep as alternative</source>
        <translation>الإبقاء عليه بديلاً</translation>
    </message>
    <message>
        <source>Keep what was changed in the row</source>
        <translation>حفظ ما تغيّر في الصف</translation>
    </message>
    <message>
        <source>Kept filters</source>
        <translation>عوامل التصفية المحفوظة</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>المفاتيح</translation>
    </message>
    <message>
        <source>Leave the relay…</source>
        <translation>ترك محطة الترحيل…</translation>
    </message>
    <message>
        <source>Let a delegation write to us through our relay</source>
        <translation>السماح لوفد بالكتابة إلينا عبر محطة الترحيل التي نستخدمها</translation>
    </message>
    <message>
        <source>Let another officer&apos;s draft on this paragraph leave to the room</source>
        <translation>السماح لمسودة موظف آخر على هذه الفقرة بالمغادرة إلى الغرفة</translation>
    </message>
    <message>
        <source>Let delegations co-sponsor the newest revision of this text</source>
        <translation>إتاحة المشاركة للوفود في تقديم أحدث تنقيح لهذا النص</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>المكتبة</translation>
    </message>
    <message>
        <source>Lock now</source>
        <translation>القفل الآن</translation>
    </message>
    <message>
        <source>Look at a bundle and make a draft of it; nothing is sent</source>
        <translation>الاطلاع على حزمة وإعداد مسودة منها؛ ولا يُرسل شيء</translation>
    </message>
    <message>
        <source>Look at the laptop that was added to the delegation shown, and accept it</source>
        <translation>الاطلاع على الحاسوب المحمول الذي أُضيف إلى الوفد المعروض، وقبوله</translation>
    </message>
    <message>
        <source>Look at the text</source>
        <translation>الاطلاع على النص</translation>
    </message>
    <message>
        <source>Look for its symbol in the documents of the library</source>
        <translation>البحث عن رمزه في وثائق المكتبة</translation>
    </message>
    <message>
        <source>Look for slips of drafting: numbers, brackets, opening verbs, signs at the end</source>
        <translation>البحث عن هفوات الصياغة: الأرقام والأقواس وأفعال الاستهلال وعلامات الختام</translation>
    </message>
    <message>
        <source>Make a bundle for the courier</source>
        <translation>إعداد رزمة لحامل الحقيبة</translation>
    </message>
    <message>
        <source>Make a vault for a journey</source>
        <translation>إنشاء خزنة للسفر</translation>
    </message>
    <message>
        <source>Matrix and page</source>
        <translation>المصفوفة والصفحة</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>الأعضاء</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>الرسائل</translation>
    </message>
    <message>
        <source>More at once</source>
        <translation>عرض المزيد معاً</translation>
    </message>
    <message>
        <source>Name shown for a State</source>
        <translation>الاسم الذي يظهر للدولة</translation>
    </message>
    <message>
        <source>Narrow the list of documents by symbol, title or language</source>
        <translation>تضييق قائمة الوثائق بالرمز أو العنوان أو اللغة</translation>
    </message>
    <message>
        <source>Nearer</source>
        <translation>تقريب</translation>
    </message>
    <message>
        <source>New</source>
        <translation>جديد</translation>
    </message>
    <message>
        <source>New internal note…</source>
        <translation>ملاحظة داخلية جديدة…</translation>
    </message>
    <message>
        <source>New revision</source>
        <translation>تنقيح جديد</translation>
    </message>
    <message>
        <source>New room</source>
        <translation>غرفة جديدة</translation>
    </message>
    <message>
        <source>New task…</source>
        <translation>مهمة جديدة…</translation>
    </message>
    <message>
        <source>New thread</source>
        <translation>سلسلة جديدة</translation>
    </message>
    <message>
        <source>Next amendment</source>
        <translation>التعديل التالي</translation>
    </message>
    <message>
        <source>Next norm or measure</source>
        <translation>المعيار أو التدبير التالي</translation>
    </message>
    <message>
        <source>Next pane</source>
        <translation>الجزء التالي</translation>
    </message>
    <message>
        <source>Next phrase of agreed language</source>
        <translation>العبارة التالية من الصيغ المتفق عليها</translation>
    </message>
    <message>
        <source>No position</source>
        <translation>بلا موقف</translation>
    </message>
    <message>
        <source>Nominate by note verbale</source>
        <translation>التسمية بمذكرة شفوية</translation>
    </message>
    <message>
        <source>Offer assistance…</source>
        <translation>عرض مساعدة…</translation>
    </message>
    <message>
        <source>Offer help to the delegation that asks</source>
        <translation>عرض المساعدة على الوفد الطالب</translation>
    </message>
    <message>
        <source>On a joint statement or list: copy the hash that is signed; forgotten after ten seconds</source>
        <translation>على بيان مشترك أو قائمة: نسخ قيمة التجزئة التي تُوقَّع؛ وتُنسى بعد عشر ثوانٍ</translation>
    </message>
    <message>
        <source>On a joint statement or list: copy the names, one a line; forgotten after ten seconds</source>
        <translation>على بيان مشترك أو قائمة: نسخ الأسماء، اسم في كل سطر؛ وتُنسى بعد عشر ثوانٍ</translation>
    </message>
    <message>
        <source>On a joint statement or list: save the words as the file whose sha256sum is the hash</source>
        <translation>على بيان مشترك أو قائمة: حفظ الكلمات في الملف الذي قيمة sha256sum له هي قيمة التجزئة</translation>
    </message>
    <message>
        <source>On a joint statement or list: sign on for our delegation</source>
        <translation>على بيان مشترك أو قائمة: الانضمام باسم وفدنا</translation>
    </message>
    <message>
        <source>On a joint statement or list: take the name of our delegation back</source>
        <translation>على بيان مشترك أو قائمة: سحب اسم وفدنا</translation>
    </message>
    <message>
        <source>On a list of co-sponsors: go to the text</source>
        <translation>على قائمة المشاركين في التقديم: الانتقال إلى النص</translation>
    </message>
    <message>
        <source>On a list we closed: admit a delegation that signed on late</source>
        <translation>على قائمة أغلقناها: قبول وفد انضم متأخراً</translation>
    </message>
    <message>
        <source>On a list we opened: close it with the names that stand on it now</source>
        <translation>على قائمة فتحناها: إغلاقها بالأسماء المدرجة فيها الآن</translation>
    </message>
    <message>
        <source>On a statement that was replaced: go to the words in its place</source>
        <translation>على بيان استُعيض عنه: الانتقال إلى الكلمات التي حلت محله</translation>
    </message>
    <message>
        <source>On a statement we opened: open other words in its place</source>
        <translation>على بيان فتحناه: فتح كلمات أخرى في مكانه</translation>
    </message>
    <message>
        <source>Open a closed incident again</source>
        <translation>إعادة فتح حادث مغلق</translation>
    </message>
    <message>
        <source>Open a list of co-sponsors</source>
        <translation>فتح قائمة للمشاركين في التقديم</translation>
    </message>
    <message>
        <source>Open a ping round</source>
        <translation>فتح جولة اختبار اتصال</translation>
    </message>
    <message>
        <source>Open a room with one delegation, a group, or your own</source>
        <translation>فتح غرفة مع وفد واحد أو مجموعة أو مع وفدكم</translation>
    </message>
    <message>
        <source>Open a silence procedure</source>
        <translation>فتح إجراء موافقة صامتة</translation>
    </message>
    <message>
        <source>Open again…</source>
        <translation>إعادة الفتح…</translation>
    </message>
    <message>
        <source>Open bundles of a courier</source>
        <translation>فتح رزم وردت مع حامل الحقيبة</translation>
    </message>
    <message>
        <source>Open in its place</source>
        <translation>الفتح في مكانه</translation>
    </message>
    <message>
        <source>Open the chosen point of contact as a form</source>
        <translation>فتح جهة الاتصال المختارة في استمارة</translation>
    </message>
    <message>
        <source>Open the file of the relay&apos;s operator</source>
        <translation>فتح ملف مشغّل محطة الترحيل</translation>
    </message>
    <message>
        <source>Open the guide at the page about what is on the screen</source>
        <translation>فتح دليل الاستخدام عند الصفحة الخاصة بما هو معروض على الشاشة</translation>
    </message>
    <message>
        <source>Open the row</source>
        <translation>فتح الصف</translation>
    </message>
    <message>
        <source>Oppose</source>
        <translation>معارضة</translation>
    </message>
    <message>
        <source>Oppose the chosen amendment, or the paragraph</source>
        <translation>معارضة التعديل المختار، أو الفقرة</translation>
    </message>
    <message>
        <source>Our assessment – internal</source>
        <translation>تقييمنا – داخلي</translation>
    </message>
    <message>
        <source>Our card</source>
        <translation>بطاقتنا</translation>
    </message>
    <message>
        <source>Our identity card with permission to write, for one correspondent alone</source>
        <translation>بطاقة هويتنا مع إذن بالكتابة، لمراسِل واحد بعينه</translation>
    </message>
    <message>
        <source>Our own row</source>
        <translation>صف دولتنا</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>نظرة عامة</translation>
    </message>
    <message>
        <source>Park</source>
        <translation>إرجاء</translation>
    </message>
    <message>
        <source>Pass the pen</source>
        <translation>تسليم القلم</translation>
    </message>
    <message>
        <source>Ping rounds</source>
        <translation>جولات اختبار الاتصال</translation>
    </message>
    <message>
        <source>Points of contact</source>
        <translation>جهات الاتصال</translation>
    </message>
    <message>
        <source>Previous amendment</source>
        <translation>التعديل السابق</translation>
    </message>
    <message>
        <source>Previous norm or measure</source>
        <translation>المعيار أو التدبير السابق</translation>
    </message>
    <message>
        <source>Previous pane</source>
        <translation>الجزء السابق</translation>
    </message>
    <message>
        <source>Propose a new paragraph after this one</source>
        <translation>اقتراح فقرة جديدة بعد هذه</translation>
    </message>
    <message>
        <source>Propose a paragraph</source>
        <translation>اقتراح فقرة</translation>
    </message>
    <message>
        <source>Propose an alternative</source>
        <translation>اقتراح بديل</translation>
    </message>
    <message>
        <source>Propose another place for this paragraph</source>
        <translation>اقتراح موضع آخر لهذه الفقرة</translation>
    </message>
    <message>
        <source>Propose by editing</source>
        <translation>الاقتراح بالتحرير</translation>
    </message>
    <message>
        <source>Propose deletion</source>
        <translation>اقتراح الحذف</translation>
    </message>
    <message>
        <source>Propose other words for the whole paragraph, beside it</source>
        <translation>اقتراح صياغة أخرى للفقرة كلها، بجانبها</translation>
    </message>
    <message>
        <source>Propose to delete this paragraph</source>
        <translation>اقتراح حذف هذه الفقرة</translation>
    </message>
    <message>
        <source>Propose to move</source>
        <translation>اقتراح النقل</translation>
    </message>
    <message>
        <source>Put back what stood before your last change; both stay in the history</source>
        <translation>إعادة ما كان قبل آخر تغيير أجريتموه؛ ويبقى كلاهما في تاريخ التغييرات</translation>
    </message>
    <message>
        <source>Put our delegation&apos;s name to the chosen amendment</source>
        <translation>إضافة اسم وفدنا إلى التعديل المختار</translation>
    </message>
    <message>
        <source>Put two revisions side by side, or one and the text as it stands</source>
        <translation>وضع تنقيحين جنباً إلى جنب، أو تنقيح والنص كما هو الآن</translation>
    </message>
    <message>
        <source>Questions of other delegations about our entries</source>
        <translation>أسئلة الوفود الأخرى عن قيودنا</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>إنهاء</translation>
    </message>
    <message>
        <source>Reachability</source>
        <translation>إمكانية الوصول</translation>
    </message>
    <message>
        <source>Read a STIX bundle…</source>
        <translation>قراءة حزمة STIX…</translation>
    </message>
    <message>
        <source>Read a backup to its end and prove it; nothing of it enters this vault</source>
        <translation>قراءة نسخة احتياطية حتى نهايتها والتحقق من صحتها؛ ولا يدخل هذه الخزنة شيء منها</translation>
    </message>
    <message>
        <source>Read a calendar</source>
        <translation>قراءة تقويم</translation>
    </message>
    <message>
        <source>Read a file of this text that somebody changed, and propose what it changes</source>
        <translation>قراءة ملف لهذا النص غيّره أحدهم، واقتراح ما يغيّره</translation>
    </message>
    <message>
        <source>Read contact cards from a file and see what they would change</source>
        <translation>قراءة بطاقات اتصال من ملف والاطلاع على ما ستغيّره</translation>
    </message>
    <message>
        <source>Read rows from a file; what would change is shown first</source>
        <translation>قراءة صفوف من ملف؛ ويُعرض أولاً ما سيتغيّر</translation>
    </message>
    <message>
        <source>Read the card of another delegation from a file</source>
        <translation>قراءة بطاقة وفد آخر من ملف</translation>
    </message>
    <message>
        <source>Read the code of the chosen delegation from a picture</source>
        <translation>قراءة رمز الوفد المختار من صورة</translation>
    </message>
    <message>
        <source>Read the definition of a further register</source>
        <translation>قراءة تعريف سجل آخر</translation>
    </message>
    <message>
        <source>Read their code</source>
        <translation>قراءة رمزهم</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>السجلات</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>رفض</translation>
    </message>
    <message>
        <source>Relay, folder and courier: which way serves which delegation, and what waits</source>
        <translation>محطة الترحيل والمجلد وحامل الحقيبة: أي سبيل يخدم أي وفد، وما الذي ينتظر</translation>
    </message>
    <message>
        <source>Release the draft</source>
        <translation>إجازة المسودة</translation>
    </message>
    <message>
        <source>Remark to the room</source>
        <translation>ملاحظة موجهة إلى الغرفة</translation>
    </message>
    <message>
        <source>Renew</source>
        <translation>تجديد</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>إعادة الفتح</translation>
    </message>
    <message>
        <source>Report it in another room, with its markings, where its source allows that</source>
        <translation>الإبلاغ به في غرفة أخرى، مع علامات تداوله، حيثما يسمح مصدره بذلك</translation>
    </message>
    <message>
        <source>Reserve</source>
        <translation>تحفظ</translation>
    </message>
    <message>
        <source>Reserve until the capital has looked at it</source>
        <translation>التحفظ إلى أن تنظر العاصمة في الأمر</translation>
    </message>
    <message>
        <source>Return another officer&apos;s draft on this paragraph, with the reason</source>
        <translation>إعادة مسودة موظف آخر على هذه الفقرة، مع السبب</translation>
    </message>
    <message>
        <source>Return the draft</source>
        <translation>إعادة المسودة</translation>
    </message>
    <message>
        <source>Revoke…</source>
        <translation>إبطال…</translation>
    </message>
    <message>
        <source>Rounds that ask points of contact to confirm their entry</source>
        <translation>الجولات التي تُسأل فيها جهات الاتصال تأكيد قيودها</translation>
    </message>
    <message>
        <source>Save as PDF…</source>
        <translation>حفظ بصيغة PDF…</translation>
    </message>
    <message>
        <source>Save as STIX 2.1…</source>
        <translation>حفظ بصيغة STIX 2.1…</translation>
    </message>
    <message>
        <source>Save calendar entry</source>
        <translation>حفظ القيد في تقويم</translation>
    </message>
    <message>
        <source>Save contact cards</source>
        <translation>حفظ بطاقات الاتصال</translation>
    </message>
    <message>
        <source>Save files as</source>
        <translation>حفظ الملفات باسم</translation>
    </message>
    <message>
        <source>Save our card</source>
        <translation>حفظ بطاقتنا</translation>
    </message>
    <message>
        <source>Save our own card as a file; in an open point of contact: keep what was changed</source>
        <translation>حفظ بطاقتنا في ملف؛ وفي جهة اتصال مفتوحة: حفظ ما تغيّر</translation>
    </message>
    <message>
        <source>Save the deadline of the silence procedure as a calendar file</source>
        <translation>حفظ الموعد النهائي لإجراء الموافقة الصامتة في ملف تقويم</translation>
    </message>
    <message>
        <source>Save the entries shown as contact cards (.vcf)</source>
        <translation>حفظ القيود الظاهرة كبطاقات اتصال (‎.vcf)</translation>
    </message>
    <message>
        <source>Save the files of the chosen message; nothing is ever opened from here</source>
        <translation>حفظ ملفات الرسالة المختارة؛ ولا يُفتح شيء من هنا أبداً</translation>
    </message>
    <message>
        <source>Save the record of a room as evidence</source>
        <translation>حفظ محضر غرفة ضمن الأدلة</translation>
    </message>
    <message>
        <source>Save the record…</source>
        <translation>حفظ المحضر…</translation>
    </message>
    <message>
        <source>Save the revocations…</source>
        <translation>حفظ الإبطالات…</translation>
    </message>
    <message>
        <source>Save the text as a Word document, PDF or another file, from the room&apos;s record alone</source>
        <translation>حفظ النص بصيغة مستند Word أو PDF أو ملف آخر، من محضر الغرفة وحده</translation>
    </message>
    <message>
        <source>Save the words</source>
        <translation>حفظ الكلمات</translation>
    </message>
    <message>
        <source>Say how it ended and close it</source>
        <translation>بيان كيف انتهى وإغلاقه</translation>
    </message>
    <message>
        <source>Say that it was received; it accepts no fact and agrees with nothing</source>
        <translation>القول إنه استُلم؛ وذلك لا يقبل أي واقعة ولا يوافق على شيء</translation>
    </message>
    <message>
        <source>Say that the delegation can go along</source>
        <translation>القول إن الوفد لا يمانع</translation>
    </message>
    <message>
        <source>Say what an evidence file proves and what it does not</source>
        <translation>بيان ما يثبته ملف الأدلة وما لا يثبته</translation>
    </message>
    <message>
        <source>Say whether you can help and what was done</source>
        <translation>بيان هل يمكنكم المساعدة وما الذي جرى فعله</translation>
    </message>
    <message>
        <source>Say which of two continuations stands, or who has the pen from here on</source>
        <translation>بيان أي التتمتين هي القائمة، أو من يحمل القلم من الآن فصاعداً</translation>
    </message>
    <message>
        <source>Say which offers your delegation takes</source>
        <translation>بيان أي العروض يقبلها وفدكم</translation>
    </message>
    <message>
        <source>Say, with the reason, that our delegation does not agree; it cannot be taken back</source>
        <translation>القول، مع ذكر السبب، إن وفدنا لا يوافق؛ ولا يمكن الرجوع عنه</translation>
    </message>
    <message>
        <source>Scrutiny reservation</source>
        <translation>تحفظ للدراسة</translation>
    </message>
    <message>
        <source>Seal and send</source>
        <translation>ختم وإرسال</translation>
    </message>
    <message>
        <source>Seal files into the vault and send them with the message</source>
        <translation>ختم ملفات داخل الخزنة وإرسالها مع الرسالة</translation>
    </message>
    <message>
        <source>Seal what you wrote and send it at the next exchange</source>
        <translation>ختم ما كتبتموه وإرساله في التبادل التالي</translation>
    </message>
    <message>
        <source>Search everything</source>
        <translation>البحث في كل شيء</translation>
    </message>
    <message>
        <source>Search texts, amendments, messages, contacts, commitments and registers</source>
        <translation>البحث في النصوص والتعديلات والرسائل وجهات التراسل والالتزامات والسجلات</translation>
    </message>
    <message>
        <source>Second view</source>
        <translation>العرض الثاني</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>الأمن</translation>
    </message>
    <message>
        <source>See less of the matrix, larger</source>
        <translation>رؤية جزء أصغر من المصفوفة، مكبّراً</translation>
    </message>
    <message>
        <source>See more of the matrix at once</source>
        <translation>رؤية جزء أكبر من المصفوفة معاً</translation>
    </message>
    <message>
        <source>Send on to others…</source>
        <translation>إحالة إلى آخرين…</translation>
    </message>
    <message>
        <source>Send what waits and fetch what has come</source>
        <translation>إرسال ما ينتظر وجلب ما ورد</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>الإعدادات</translation>
    </message>
    <message>
        <source>Settle a difference</source>
        <translation>حسم اختلاف</translation>
    </message>
    <message>
        <source>Show every date as a calendar; in the month: arrows, Page Up, Page Down, Home</source>
        <translation>إظهار جميع التواريخ في تقويم؛ وفي الشهر: الأسهم، وPage Up، وPage Down، وHome</translation>
    </message>
    <message>
        <source>Show every field of the row</source>
        <translation>إظهار كل حقل في الصف</translation>
    </message>
    <message>
        <source>Show every key</source>
        <translation>إظهار جميع المفاتيح</translation>
    </message>
    <message>
        <source>Show how many words stand outside brackets, revision by revision</source>
        <translation>إظهار عدد الكلمات خارج الأقواس، تنقيحاً بعد تنقيح</translation>
    </message>
    <message>
        <source>Show joint statements and lists of co-sponsors, and who has signed on</source>
        <translation>إظهار البيانات المشتركة وقوائم المشاركين في التقديم، ومن انضم</translation>
    </message>
    <message>
        <source>Show our own card, to hand over or save</source>
        <translation>إظهار بطاقتنا لتسليمها أو حفظها</translation>
    </message>
    <message>
        <source>Show the fifth view of the register</source>
        <translation>إظهار العرض الخامس للسجل</translation>
    </message>
    <message>
        <source>Show the first view of the register</source>
        <translation>إظهار العرض الأول للسجل</translation>
    </message>
    <message>
        <source>Show the fourth view of the register</source>
        <translation>إظهار العرض الرابع للسجل</translation>
    </message>
    <message>
        <source>Show the new words</source>
        <translation>إظهار الكلمات الجديدة</translation>
    </message>
    <message>
        <source>Show the second view of the register</source>
        <translation>إظهار العرض الثاني للسجل</translation>
    </message>
    <message>
        <source>Show the sixth view of the register</source>
        <translation>إظهار العرض السادس للسجل</translation>
    </message>
    <message>
        <source>Show the third view of the register</source>
        <translation>إظهار العرض الثالث للسجل</translation>
    </message>
    <message>
        <source>Show what every delegation says at every paragraph</source>
        <translation>إظهار ما يقوله كل وفد عند كل فقرة</translation>
    </message>
    <message>
        <source>Show what happened to this paragraph</source>
        <translation>إظهار ما جرى لهذه الفقرة</translation>
    </message>
    <message>
        <source>Show what needs you now</source>
        <translation>إظهار ما يحتاج إليكم الآن</translation>
    </message>
    <message>
        <source>Show what our State has said and done about it</source>
        <translation>إظهار ما قالته دولتنا وما فعلته بشأنه</translation>
    </message>
    <message>
        <source>Show when each device received and acknowledged the message</source>
        <translation>إظهار متى استلم كل جهاز الرسالة ومتى أُقرّ باستلامها</translation>
    </message>
    <message>
        <source>Show who is in this room</source>
        <translation>إظهار من في هذه الغرفة</translation>
    </message>
    <message>
        <source>Sign on</source>
        <translation>انضمام</translation>
    </message>
    <message>
        <source>Sixth view</source>
        <translation>العرض السادس</translation>
    </message>
    <message>
        <source>Slips</source>
        <translation>الهفوات</translation>
    </message>
    <message>
        <source>Sort by this column</source>
        <translation>الفرز بهذا العمود</translation>
    </message>
    <message>
        <source>Sort the table by the column one is at; again turns it round</source>
        <translation>فرز الجدول بالعمود الحالي؛ والتكرار يعكس الترتيب</translation>
    </message>
    <message>
        <source>Speak for a group</source>
        <translation>التحدث باسم مجموعة</translation>
    </message>
    <message>
        <source>Start a new thread in this room</source>
        <translation>بدء سلسلة رسائل جديدة في هذه الغرفة</translation>
    </message>
    <message>
        <source>Start something new on this screen</source>
        <translation>بدء شيء جديد في هذه الشاشة</translation>
    </message>
    <message>
        <source>Stop importing; what was taken in stays, and the same import again goes on from there</source>
        <translation>وقف الاستيراد؛ ويبقى ما أُدخل، وإذا أُعيد الاستيراد نفسه واصل من حيث توقف</translation>
    </message>
    <message>
        <source>Stop the backup; what was begun is taken away again</source>
        <translation>وقف النسخ الاحتياطي؛ ويُزال ما بُدئ به</translation>
    </message>
    <message>
        <source>Stop the import</source>
        <translation>وقف الاستيراد</translation>
    </message>
    <message>
        <source>Stop using the folder…</source>
        <translation>وقف استخدام المجلد…</translation>
    </message>
    <message>
        <source>Stop what is being written</source>
        <translation>وقف ما تجري كتابته</translation>
    </message>
    <message>
        <source>Streamlining bench</source>
        <translation>منضدة التبسيط</translation>
    </message>
    <message>
        <source>Support</source>
        <translation>تأييد</translation>
    </message>
    <message>
        <source>Support the chosen amendment, or the paragraph</source>
        <translation>تأييد التعديل المختار، أو الفقرة</translation>
    </message>
    <message>
        <source>Take</source>
        <translation>الأخذ به</translation>
    </message>
    <message>
        <source>Take a permission back: nothing more is taken with it</source>
        <translation>إبطال إذن: لا يُقبل به شيء بعد ذلك</translation>
    </message>
    <message>
        <source>Take events or consultations from a calendar file (.ics)</source>
        <translation>إدخال فعاليات أو مشاورات من ملف تقويم (‎.ics)</translation>
    </message>
    <message>
        <source>Take every document of a folder into the library; what is there already is passed over</source>
        <translation>إدخال كل وثيقة في مجلد إلى المكتبة؛ ويُتجاوز ما هو موجود فيها من قبل</translation>
    </message>
    <message>
        <source>Take in what a courier brought on a stick</source>
        <translation>إدخال ما أتى به حامل الحقيبة على ذاكرة محمولة</translation>
    </message>
    <message>
        <source>Take it higher…</source>
        <translation>تصعيد…</translation>
    </message>
    <message>
        <source>Take our name back</source>
        <translation>سحب اسمنا</translation>
    </message>
    <message>
        <source>Take out of the library</source>
        <translation>إخراج من المكتبة</translation>
    </message>
    <message>
        <source>Take out or put back</source>
        <translation>الإخراج أو الإعادة</translation>
    </message>
    <message>
        <source>Take positions on behalf of a group; empty = for our own delegation</source>
        <translation>اتخاذ المواقف باسم مجموعة؛ وفارغ = باسم وفدنا</translation>
    </message>
    <message>
        <source>Take the chosen document out of the library of this laptop</source>
        <translation>إخراج الوثيقة المختارة من مكتبة هذا الحاسوب المحمول</translation>
    </message>
    <message>
        <source>Take the position back</source>
        <translation>سحب الموقف</translation>
    </message>
    <message>
        <source>Take the row out with a reason, or put it back</source>
        <translation>إخراج الصف مع ذكر السبب، أو إعادته</translation>
    </message>
    <message>
        <source>Tell other delegations that you have verified the chosen one</source>
        <translation>إبلاغ وفود أخرى بأنكم تحققتم من الوفد المختار</translation>
    </message>
    <message>
        <source>Tell the author, signed, that this message has been read here</source>
        <translation>إبلاغ صاحب الرسالة، بتوقيع، أن هذه الرسالة قُرئت هنا</translation>
    </message>
    <message>
        <source>Test the folder</source>
        <translation>اختبار المجلد</translation>
    </message>
    <message>
        <source>Test the relay</source>
        <translation>اختبار محطة الترحيل</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>النصوص</translation>
    </message>
    <message>
        <source>The record whose SHA-256 is shown; it is the same at every delegation</source>
        <translation>المحضر الذي تظهر قيمة SHA-256 الخاصة به؛ وهو نفسه لدى كل وفد</translation>
    </message>
    <message>
        <source>The relay where there is one, else the folder</source>
        <translation>محطة الترحيل حيثما وُجدت، وإلا فالمجلد</translation>
    </message>
    <message>
        <source>The same with one key while the list of messages has the focus</source>
        <translation>الشيء نفسه بمفتاح واحد حين تكون قائمة الرسائل هي النشطة</translation>
    </message>
    <message>
        <source>Third view</source>
        <translation>العرض الثالث</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>اليوم</translation>
    </message>
    <message>
        <source>Undo the last change</source>
        <translation>التراجع عن آخر تغيير</translation>
    </message>
    <message>
        <source>Update…</source>
        <translation>تحديث…</translation>
    </message>
    <message>
        <source>Use a relay…</source>
        <translation>استخدام محطة ترحيل…</translation>
    </message>
    <message>
        <source>Use the next channel of the ladder</source>
        <translation>استخدام القناة التالية في سلّم التصعيد</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>التحقق</translation>
    </message>
    <message>
        <source>Vouch</source>
        <translation>تزكية</translation>
    </message>
    <message>
        <source>Ways of exchange</source>
        <translation>سبل التبادل</translation>
    </message>
    <message>
        <source>What came of each contact over the rounds</source>
        <translation>ما أسفرت عنه الجولات لكل جهة اتصال</translation>
    </message>
    <message>
        <source>What was changed in the row, by whom and when</source>
        <translation>ما الذي تغيّر في الصف ومن غيّره ومتى</translation>
    </message>
    <message>
        <source>While writing: go to the next words that stand in the library, and see where</source>
        <translation>في أثناء الكتابة: الانتقال إلى الكلمات التالية الواردة في المكتبة، ورؤية موضعها</translation>
    </message>
    <message>
        <source>While writing: take words of agreed language, with their source; selected words are searched</source>
        <translation>في أثناء الكتابة: أخذ كلمات من صيغة متفق عليها، مع مصدرها؛ ويُبحث عن الكلمات المحددة</translation>
    </message>
    <message>
        <source>Who stands where</source>
        <translation>من يقف أين</translation>
    </message>
    <message>
        <source>With the pen: a revision stands as agreed unless somebody breaks the silence</source>
        <translation>بالقلم: يُعد التنقيح متفقاً عليه ما لم يكسر أحد الصمت</translation>
    </message>
    <message>
        <source>With the pen: do not take the chosen amendment</source>
        <translation>بالقلم: عدم الأخذ بالتعديل المختار</translation>
    </message>
    <message>
        <source>With the pen: freeze the text as a revision</source>
        <translation>بالقلم: تجميد النص في شكل تنقيح</translation>
    </message>
    <message>
        <source>With the pen: give the silence procedure a later deadline</source>
        <translation>بالقلم: تحديد موعد نهائي لاحق لإجراء الموافقة الصامتة</translation>
    </message>
    <message>
        <source>With the pen: go through what is open, like amendments together, and send all answers at once</source>
        <translation>بالقلم: المرور على ما هو مفتوح، مع جمع التعديلات المتماثلة، وإرسال جميع الأجوبة دفعة واحدة</translation>
    </message>
    <message>
        <source>With the pen: keep the chosen amendment as an alternative</source>
        <translation>بالقلم: الإبقاء على التعديل المختار بديلاً</translation>
    </message>
    <message>
        <source>With the pen: open this paragraph again</source>
        <translation>بالقلم: إعادة فتح هذه الفقرة</translation>
    </message>
    <message>
        <source>With the pen: say whether the silence was kept or broken</source>
        <translation>بالقلم: بيان هل كُسر الصمت أم لم يُكسر</translation>
    </message>
    <message>
        <source>With the pen: set the words and say what becomes of each amendment</source>
        <translation>بالقلم: إثبات الكلمات وبيان ما يؤول إليه كل تعديل</translation>
    </message>
    <message>
        <source>With the pen: set this paragraph aside</source>
        <translation>بالقلم: إرجاء هذه الفقرة</translation>
    </message>
    <message>
        <source>With the pen: take a late amendment, or one to earlier words, back into the talks</source>
        <translation>بالقلم: إعادة تعديل متأخر، أو تعديل على كلمات سابقة، إلى المحادثات</translation>
    </message>
    <message>
        <source>With the pen: take the chosen amendment</source>
        <translation>بالقلم: الأخذ بالتعديل المختار</translation>
    </message>
    <message>
        <source>With the pen: the silence procedure is over</source>
        <translation>بالقلم: انتهى إجراء الموافقة الصامتة</translation>
    </message>
    <message>
        <source>With the pen: this paragraph is agreed ad ref</source>
        <translation>بالقلم: هذه الفقرة متفق عليها بشرط الاستشارة</translation>
    </message>
    <message>
        <source>With the pen: this paragraph is closed, not reopened without the chair&apos;s consent</source>
        <translation>بالقلم: هذه الفقرة مغلقة، ولا يُعاد فتحها دون موافقة الرئاسة</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>سحب</translation>
    </message>
    <message>
        <source>Withdraw our chosen amendment</source>
        <translation>سحب تعديلنا المختار</translation>
    </message>
    <message>
        <source>Write a backup of this vault to a stick or folder, and read it again</source>
        <translation>كتابة نسخة احتياطية من هذه الخزنة على ذاكرة محمولة أو في مجلد، ثم قراءتها من جديد</translation>
    </message>
    <message>
        <source>Write a note verbale that nominates the chosen point of contact</source>
        <translation>كتابة مذكرة شفوية بتسمية جهة الاتصال المختارة</translation>
    </message>
    <message>
        <source>Write a remark on the chosen amendment, or the paragraph, for everybody in the room</source>
        <translation>كتابة ملاحظة على التعديل المختار، أو على الفقرة، لكل من في الغرفة</translation>
    </message>
    <message>
        <source>Write a remark that stays in our delegation</source>
        <translation>كتابة ملاحظة تبقى في وفدنا</translation>
    </message>
    <message>
        <source>Write a vault with only the rooms you choose, for a laptop that travels</source>
        <translation>كتابة خزنة ليس فيها إلا الغرف التي تختارونها، لحاسوب محمول يسافر</translation>
    </message>
    <message>
        <source>Write rows as a file</source>
        <translation>كتابة الصفوف في ملف</translation>
    </message>
    <message>
        <source>Write the dates that are shown as a calendar file (.ics)</source>
        <translation>كتابة التواريخ الظاهرة في ملف تقويم (‎.ics)</translation>
    </message>
    <message>
        <source>Write the signed record of the chosen room into a file others can check</source>
        <translation>كتابة المحضر الموقّع للغرفة المختارة في ملف يمكن للآخرين التحقق منه</translation>
    </message>
    <message>
        <source>Write what waits as one sealed file on a stick</source>
        <translation>كتابة ما ينتظر في ملف مختوم واحد على ذاكرة محمولة</translation>
    </message>
</context>
<context>
    <name>advice</name>
    <message>
        <source>Accepted. One or two more words would make it much harder to guess.</source>
        <translation>مقبولة. وكلمة أخرى أو كلمتان تجعل تخمينها أصعب بكثير.</translation>
    </message>
    <message>
        <source>Long enough, as long as it is not a known quotation and is used nowhere else.</source>
        <translation>طويلة بما يكفي، ما لم تكن اقتباساً معروفاً ولم تُستخدم في أي مكان آخر.</translation>
    </message>
    <message>
        <source>Take four or five words that have nothing to do with each other, or a sentence nobody else would say. Nobody can reset it; only recovery shares, if you make them, open the vault without it.</source>
        <translation>خذوا أربع كلمات أو خمساً لا علاقة لبعضها ببعض، أو جملة لا يقولها غيركم. لا يستطيع أحد إعادة ضبطها؛ ولا يفتح الخزنة بدونها إلا حصص الاسترداد، إن أعددتموها.</translation>
    </message>
    <message>
        <source>Too easy to guess: it is made of common words, names, dates or rows of keys. Add a word or two.</source>
        <translation>سهلة التخمين جداً: فهي مكونة من كلمات شائعة أو أسماء أو تواريخ أو صفوف من المفاتيح. أضيفوا كلمة أو كلمتين.</translation>
    </message>
    <message>
        <source>Too short: at least twelve characters, not the same few again and again.</source>
        <translation>قصيرة جداً: اثنا عشر حرفاً على الأقل، لا الأحرف القليلة نفسها مراراً وتكراراً.</translation>
    </message>
</context>
<context>
    <name>backups</name>
    <message numerus="yes">
        <source>%n contacts</source>
        <translation>
            <numerusform>لا جهات تراسل</numerusform>
            <numerusform>جهة تراسل واحدة</numerusform>
            <numerusform>جهتا تراسل</numerusform>
            <numerusform>%n جهات تراسل</numerusform>
            <numerusform>%n جهة تراسل</numerusform>
            <numerusform>%n جهة تراسل</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>لا قيود</numerusform>
            <numerusform>قيد واحد</numerusform>
            <numerusform>قيدان</numerusform>
            <numerusform>%n قيود</numerusform>
            <numerusform>%n قيداً</numerusform>
            <numerusform>%n قيد</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>لا ملفات</numerusform>
            <numerusform>ملف واحد</numerusform>
            <numerusform>ملفان</numerusform>
            <numerusform>%n ملفات</numerusform>
            <numerusform>%n ملفاً</numerusform>
            <numerusform>%n ملف</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items have not left yet: they are kept in the backup as part of the record and the conversation.</source>
        <translation>
            <numerusform>لا بنود لم تغادر بعد.</numerusform>
            <numerusform>بند واحد لم يغادر بعد: وهو محفوظ في النسخة الاحتياطية بوصفه جزءاً من المحضر والمراسلة.</numerusform>
            <numerusform>بندان لم يغادرا بعد: وهما محفوظان في النسخة الاحتياطية بوصفهما جزءاً من المحضر والمراسلة.</numerusform>
            <numerusform>%n بنود لم تغادر بعد: وهي محفوظة في النسخة الاحتياطية بوصفها جزءاً من المحضر والمراسلة.</numerusform>
            <numerusform>%n بنداً لم تغادر بعد: وهي محفوظة في النسخة الاحتياطية بوصفها جزءاً من المحضر والمراسلة.</numerusform>
            <numerusform>%n بند لم تغادر بعد: وهي محفوظة في النسخة الاحتياطية بوصفها جزءاً من المحضر والمراسلة.</numerusform>
        </translation>
    </message>
    <message>
        <source>As of {0}: {1}, {2}, {3}; digest {4}.</source>
        <translation>حتى {0}: {1}، {2}، {3}؛ والخلاصة {4}.</translation>
    </message>
    <message numerus="yes">
        <source>Backed up %n days ago.</source>
        <translation>
            <numerusform>أُعدّت نسخة احتياطية اليوم.</numerusform>
            <numerusform>أُعدّت نسخة احتياطية قبل يوم واحد.</numerusform>
            <numerusform>أُعدّت نسخة احتياطية قبل يومين.</numerusform>
            <numerusform>أُعدّت نسخة احتياطية قبل %n أيام.</numerusform>
            <numerusform>أُعدّت نسخة احتياطية قبل %n يوماً.</numerusform>
            <numerusform>أُعدّت نسخة احتياطية قبل %n يوم.</numerusform>
        </translation>
    </message>
    <message>
        <source>Backed up today.</source>
        <translation>أُعدّت نسخة احتياطية اليوم.</translation>
    </message>
    <message>
        <source>Backed up yesterday.</source>
        <translation>أُعدّت نسخة احتياطية أمس.</translation>
    </message>
    <message>
        <source>Backups ({0})</source>
        <translation>نسخ احتياطية ({0})</translation>
    </message>
    <message>
        <source>Choose the backup…</source>
        <translation>اختيار النسخة الاحتياطية…</translation>
    </message>
    <message>
        <source>Entries written or received since: {0}.</source>
        <translation>القيود المكتوبة أو المستلمة منذ ذلك الحين: {0}.</translation>
    </message>
    <message>
        <source>It was not written by this vault, or before the vault was restored.</source>
        <translation>لم تُكتب من هذه الخزنة، أو كُتبت قبل استعادة الخزنة.</translation>
    </message>
    <message>
        <source>It was written by this vault.</source>
        <translation>كُتبت من هذه الخزنة.</translation>
    </message>
    <message>
        <source>Messages of conversations that only the old laptop could open: {0}. Ask for what you need of them.</source>
        <translation>رسائل من محادثات لم يكن يستطيع فتحها إلا الحاسوب القديم: {0}. اطلبوا منها ما تحتاجون إليه.</translation>
    </message>
    <message>
        <source>Never finished, and no backup: {0}. It can be deleted.</source>
        <translation>لم تكتمل قط، وليست نسخة احتياطية: {0}. ويمكن حذفها.</translation>
    </message>
    <message>
        <source>Nothing was written or received since.</source>
        <translation>لم يُكتب شيء ولم يُستلم شيء منذ ذلك الحين.</translation>
    </message>
    <message>
        <source>Of these in conversations: {0}; another laptop cannot send them, so say them again there.</source>
        <translation>من المحادثات: {0}؛ ولا يستطيع حاسوب محمول آخر إرسالها، فأعيدوا قولها هناك.</translation>
    </message>
    <message>
        <source>Open a backup</source>
        <translation>فتح نسخة احتياطية</translation>
    </message>
    <message>
        <source>There is no backup of this vault yet.</source>
        <translation>لا توجد نسخة احتياطية من هذه الخزنة بعد.</translation>
    </message>
    <message>
        <source>This backup is whole and verifies.</source>
        <translation>هذه النسخة الاحتياطية كاملة وصحيحة.</translation>
    </message>
    <message>
        <source>This vault for a journey is whole and verifies.</source>
        <translation>خزنة السفر هذه كاملة وصحيحة.</translation>
    </message>
    <message>
        <source>a bilateral room</source>
        <translation>غرفة ثنائية</translation>
    </message>
    <message>
        <source>{0} in {1}: {2}</source>
        <translation>{0} في {1}: {2}</translation>
    </message>
    <message>
        <source>{0}, in {1}, {2}. Read again after writing; digest {3}.</source>
        <translation>{0}، في {1}، {2}. قُرئت من جديد بعد الكتابة؛ والخلاصة {3}.</translation>
    </message>
</context>
<context>
    <name>calendar</name>
    <message>
        <source>Consultation</source>
        <translation>مشاورة</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>التاريخ</translation>
    </message>
    <message>
        <source>Deadline</source>
        <translation>موعد نهائي</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>فعالية</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>مراجعة</translation>
    </message>
    <message>
        <source>Sign-on closes</source>
        <translation>إغلاق باب الانضمام</translation>
    </message>
    <message>
        <source>Silence ends</source>
        <translation>انتهاء الصمت</translation>
    </message>
    <message>
        <source>assessed by us, internal</source>
        <translation>بتقييمنا نحن، داخلي</translation>
    </message>
    <message>
        <source>done</source>
        <translation>تم</translation>
    </message>
</context>
<context>
    <name>capture</name>
    <message>
        <source>Nothing keeps other programs of this session from capturing this window (X11 cannot do so).</source>
        <translation>لا شيء يمنع البرامج الأخرى في هذه الجلسة من التقاط صورة لهذه النافذة (لا يستطيع X11 ذلك).</translation>
    </message>
    <message>
        <source>The desktop asks you before a program may capture the screen; Valise cannot forbid it.</source>
        <translation>تسألكم بيئة سطح المكتب قبل السماح لأي برنامج بالتقاط الشاشة؛ ولا يستطيع Valise منع ذلك.</translation>
    </message>
    <message>
        <source>Windows leaves these windows out of screenshots and recordings while the setting is on (version 2004 or later). A camera is not kept out.</source>
        <translation>يستبعد Windows هذه النوافذ من صور الشاشة وتسجيلاتها ما دام الإعداد مفعَّلاً (الإصدار 2004 أو ما بعده). ولا يمنع ذلك الكاميرا.</translation>
    </message>
    <message>
        <source>macOS is asked to leave these windows out of captures while the setting is on; newer versions let some programs capture them all the same. A camera is not kept out.</source>
        <translation>يُطلب من macOS استبعاد هذه النوافذ من الالتقاط ما دام الإعداد مفعَّلاً؛ والإصدارات الأحدث تسمح لبعض البرامج بالتقاطها مع ذلك. ولا يمنع ذلك الكاميرا.</translation>
    </message>
</context>
<context>
    <name>checks</name>
    <message>
        <source>A log does not reach as far as its entries do.</source>
        <translation>لا يمتد تسلسل القيود إلى حيث تمتد قيوده.</translation>
    </message>
    <message>
        <source>A part of the database file was an older version of itself.</source>
        <translation>كان جزء من ملف قاعدة البيانات إصداراً أقدم منه.</translation>
    </message>
    <message>
        <source>A room of two</source>
        <translation>غرفة ثنائية</translation>
    </message>
    <message>
        <source>A row refers to something that is not there.</source>
        <translation>صف يشير إلى شيء غير موجود.</translation>
    </message>
    <message>
        <source>A table or an index is damaged.</source>
        <translation>جدول أو فهرس تالف.</translation>
    </message>
    <message>
        <source>An old copy of this laptop&apos;s vault was put back; it says so itself, and goes on.</source>
        <translation>أُعيدت نسخة قديمة من خزنة هذا الحاسوب المحمول؛ وهو نفسه يقول ذلك، ويواصل العمل.</translation>
    </message>
    <message>
        <source>Another laptop had heard more from this one than is in this vault.</source>
        <translation>كان حاسوب محمول آخر قد بلغه من هذا الحاسوب أكثر مما في هذه الخزنة.</translation>
    </message>
    <message>
        <source>It was rescued from a damaged database.</source>
        <translation>أُنقذت من قاعدة بيانات تالفة.</translation>
    </message>
    <message>
        <source>Noticed {when}. Both signed statements are kept as evidence.</source>
        <translation>لوحظ {when}. والقولان الموقّعان كلاهما محفوظان ضمن الأدلة.</translation>
    </message>
    <message>
        <source>Some pages do not verify: the file was damaged on the disk.</source>
        <translation>بعض الصفحات لا تجتاز التحقق: تلف الملف على القرص.</translation>
    </message>
    <message>
        <source>Something this laptop had signed came back from another.</source>
        <translation>عاد من حاسوب آخر شيء كان هذا الحاسوب المحمول قد وقّعه.</translation>
    </message>
    <message>
        <source>The keyring of this computer remembered a later state.</source>
        <translation>تذكّرت سلسلة مفاتيح هذا الحاسوب حالة لاحقة.</translation>
    </message>
    <message>
        <source>The search index does not fit the data.</source>
        <translation>فهرس البحث لا يطابق البيانات.</translation>
    </message>
    <message>
        <source>Two copies of this laptop&apos;s vault are in use. Ask its delegation; until it has admitted a new laptop in its place, rely on neither.</source>
        <translation>نسختان من خزنة هذا الحاسوب المحمول قيد الاستخدام. اسألوا وفده؛ وإلى أن يضمّ حاسوباً محمولاً جديداً بدلاً منه، لا تعتمدوا على أي منهما.</translation>
    </message>
    <message>
        <source>What came from this laptop does not fit together: an old copy was put back, or two copies are in use. It becomes clear at the next exchanges.</source>
        <translation>ما جاء من هذا الحاسوب المحمول لا يتسق بعضه مع بعض: إما أن نسخة قديمة أُعيدت، وإما أن نسختين قيد الاستخدام. ويتضح ذلك في التبادلات المقبلة.</translation>
    </message>
    <message>
        <source>What was written beside the database at its last closing names a later state.</source>
        <translation>ما كُتب بجانب قاعدة البيانات عند آخر إغلاق لها يذكر حالة لاحقة.</translation>
    </message>
    <message>
        <source>{room}: waiting for an answer of {names}.</source>
        <translation>{room}: بانتظار جواب {names}.</translation>
    </message>
    <message>
        <source>{room}: what this laptop had signed is on its way back.</source>
        <translation>{room}: ما كان هذا الحاسوب المحمول قد وقّعه في طريق العودة.</translation>
    </message>
    <message>
        <source>{room}: what was said before has still to reach somebody.</source>
        <translation>{room}: ما قيل من قبل لم يبلغ أحد الأطراف بعد.</translation>
    </message>
</context>
<context>
    <name>commitments</name>
    <message>
        <source>From memory, not compared with {0}: not the official wording, and not to be quoted.</source>
        <translation>من الذاكرة، ولم يُقارن بالوثيقة {0}: ليس هذا النص الرسمي ولا يجوز الاستشهاد به.</translation>
    </message>
    <message>
        <source>From {0}.</source>
        <translation>من {0}.</translation>
    </message>
    <message>
        <source>Official text</source>
        <translation>النص الرسمي</translation>
    </message>
    <message>
        <source>Summary of the text</source>
        <translation>ملخص النص</translation>
    </message>
    <message>
        <source>The official text is not on this laptop. Import {0} into the library to read it.</source>
        <translation>النص الرسمي غير موجود على هذا الحاسوب المحمول. استوردوا {0} إلى المكتبة لقراءته.</translation>
    </message>
    <message>
        <source>the document</source>
        <translation>الوثيقة</translation>
    </message>
</context>
<context>
    <name>contacts</name>
    <message numerus="yes">
        <source>%n are enough.</source>
        <translation>
            <numerusform>ولا يلزم أي وفد.</numerusform>
            <numerusform>ويكفي وفد واحد.</numerusform>
            <numerusform>ويكفي وفدان.</numerusform>
            <numerusform>وتكفي %n وفود.</numerusform>
            <numerusform>ويكفي %n وفداً.</numerusform>
            <numerusform>ويكفي %n وفد.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n are needed.</source>
        <translation>
            <numerusform>ولا يلزم أي وفد.</numerusform>
            <numerusform>ويلزم وفد واحد.</numerusform>
            <numerusform>ويلزم وفدان.</numerusform>
            <numerusform>وتلزم %n وفود.</numerusform>
            <numerusform>ويلزم %n وفداً.</numerusform>
            <numerusform>ويلزم %n وفد.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n laptops</source>
        <translation>
            <numerusform>%n حاسوب محمول</numerusform>
            <numerusform>حاسوب محمول واحد</numerusform>
            <numerusform>حاسوبان محمولان</numerusform>
            <numerusform>%n حواسيب محمولة</numerusform>
            <numerusform>%n حاسوباً محمولاً</numerusform>
            <numerusform>%n حاسوب محمول</numerusform>
        </translation>
    </message>
    <message>
        <source>.</source>
        <translation>.</translation>
    </message>
    <message>
        <source>1. On their laptop, {who} opens Contacts and then “Our card”.</source>
        <translation>1. على الحاسوب المحمول لدى {who}، تُفتح «جهات التراسل» ثم «بطاقتنا».</translation>
    </message>
    <message>
        <source>2. Take a photograph or a screenshot of the code there, you yourself and not somebody by mail.</source>
        <translation>2. التقطوا هناك صورة فوتوغرافية للرمز أو صورة للشاشة، على أن تلتقطوها بأنفسكم لا أن يرسلها أحد بالبريد.</translation>
    </message>
    <message>
        <source>3. Choose that picture here. Valise says whether it is the same.</source>
        <translation>3. اختاروا تلك الصورة هنا، فيبيّن Valise هل الرمز هو نفسه.</translation>
    </message>
    <message>
        <source>A card with another identity came on {date}.</source>
        <translation>وردت بطاقة بهوية أخرى في {date}.</translation>
    </message>
    <message>
        <source>A card with another identity came; sending stopped.</source>
        <translation>وردت بطاقة بهوية أخرى؛ فأُوقف الإرسال.</translation>
    </message>
    <message>
        <source>A custodian vouches for another identity of {who}. Sending is stopped until you decide.</source>
        <translation>يزكّي وفد مؤتمَن هوية أخرى لـ {who}. الإرسال موقوف إلى أن تتخذوا قراراً.</translation>
    </message>
    <message>
        <source>A laptop its delegation has revoked went on writing on {date}; nothing was taken from it.</source>
        <translation>واصل حاسوب محمول أبطله وفده الكتابة في {date}؛ ولم يُؤخذ منه شيء.</translation>
    </message>
    <message>
        <source>A laptop was added to your own delegation, not by this one. Nothing is sent until you decide.</source>
        <translation>أُضيف حاسوب محمول إلى وفدكم أنتم، ولم يُضف من هذا الحاسوب. لن يُرسل شيء إلى أن تتخذوا قراراً.</translation>
    </message>
    <message>
        <source>A new laptop was added on {date}.</source>
        <translation>أُضيف حاسوب محمول جديد في {date}.</translation>
    </message>
    <message>
        <source>A second, different list of its laptops came; sending stopped.</source>
        <translation>وردت قائمة ثانية مختلفة بحواسيبه المحمولة؛ فأُوقف الإرسال.</translation>
    </message>
    <message>
        <source>A second, different list of laptops came on {date}.</source>
        <translation>وردت قائمة ثانية مختلفة بالحواسيب المحمولة في {date}.</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>قبول</translation>
    </message>
    <message>
        <source>Accept the laptop of your own delegation?</source>
        <translation>هل يُقبل الحاسوب المحمول الذي أُضيف إلى وفدكم؟</translation>
    </message>
    <message>
        <source>Accept the new laptop of {who}?</source>
        <translation>هل يُقبل الحاسوب المحمول الجديد لدى {who}؟</translation>
    </message>
    <message>
        <source>Accept…</source>
        <translation>قبول…</translation>
    </message>
    <message>
        <source>An old copy of one of its vaults was put back; it says so itself since {date}, and goes on.</source>
        <translation>أُعيدت نسخة قديمة من إحدى خزناته؛ وهو نفسه يقول ذلك منذ {date}، ويواصل العمل.</translation>
    </message>
    <message>
        <source>An older copy of this laptop&apos;s vault was put back on {date}.</source>
        <translation>أُعيدت نسخة أقدم من خزنة هذا الحاسوب المحمول في {date}.</translation>
    </message>
    <message>
        <source>Both of you sit at your laptops, in one room or on the telephone, and both are connected. It takes half a minute.</source>
        <translation>يجلس كل منكما إلى حاسوبه المحمول، في غرفة واحدة أو على الهاتف، وكلاهما متصل. ويستغرق ذلك نصف دقيقة.</translation>
    </message>
    <message>
        <source>Choose that delegation in the list, or read the code from the right screen.</source>
        <translation>اختاروا ذلك الوفد من القائمة، أو اقرأوا الرمز من الشاشة الصحيحة.</translation>
    </message>
    <message>
        <source>Choose the picture…</source>
        <translation>اختيار الصورة…</translation>
    </message>
    <message>
        <source>Choose these</source>
        <translation>اختيار هذه الوفود</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>مقارنة</translation>
    </message>
    <message>
        <source>Compare again</source>
        <translation>المقارنة من جديد</translation>
    </message>
    <message>
        <source>Compare four words, both at the same time</source>
        <translation>مقارنة أربع كلمات، في الوقت نفسه لدى الطرفين</translation>
    </message>
    <message>
        <source>Compare in one of the other two ways.</source>
        <translation>قارنوا بإحدى الطريقتين الأخريين.</translation>
    </message>
    <message>
        <source>Compare now</source>
        <translation>المقارنة الآن</translation>
    </message>
    <message>
        <source>Compare once more by another way, best in person, and check that you both chose each other.</source>
        <translation>قارنوا مرة أخرى بطريقة أخرى، والأفضل حضورياً، وتأكدوا من أن كلاً منكما اختار الآخر.</translation>
    </message>
    <message>
        <source>Compared {how} on {date}</source>
        <translation>جرت المقارنة {how} في {date}</translation>
    </message>
    <message>
        <source>Compared {how} on {date} by {officer}</source>
        <translation>جرت المقارنة {how} في {date}: {officer}</translation>
    </message>
    <message>
        <source>Custodians are delegations you compared with in person. When enough of them vouch for the very identity you hold of another delegation, it counts as vouched for.</source>
        <translation>الوفود المؤتمَنة وفود قارنتم معها حضورياً. فإذا زكّى عدد كافٍ منها الهوية عينها التي لديكم لوفد آخر، عُدّ ذلك الوفد مزكّى.</translation>
    </message>
    <message>
        <source>Custodians you chose say that this identity is genuine. Compare with it yourself when you can.</source>
        <translation>تقول وفود مؤتمَنة اخترتموها إن هذه الهوية حقيقية. قارنوا معه بأنفسكم متى أمكنكم ذلك.</translation>
    </message>
    <message>
        <source>Decide below which identity to keep.</source>
        <translation>قرروا أدناه أي هوية تُبقون عليها.</translation>
    </message>
    <message>
        <source>Different</source>
        <translation>مختلفة</translation>
    </message>
    <message>
        <source>Each delegation you tick is told, signed by you and for good, that you have compared with {who}: its identity, the number of its card, how and when.</source>
        <translation>كل وفد تؤشّرون عليه يُبلَّغ، بتوقيعكم وبصفة دائمة، بأنكم قارنتم مع {who}: هويته ورقم بطاقته وكيف ومتى.</translation>
    </message>
    <message>
        <source>Either a backup was restored there, or its root key is in other hands: ask it, by another way.</source>
        <translation>إما أن نسخة احتياطية استُعيدت هناك، وإما أن مفتاحه الجذري في أيدٍ أخرى: اسألوه بوسيلة أخرى.</translation>
    </message>
    <message>
        <source>Either another officer works there now, or its root key is in other hands: ask it, by another way. What you write waits; what it sends is received.</source>
        <translation>إما أن موظفاً آخر يعمل هناك الآن، وإما أن مفتاحه الجذري في أيدٍ أخرى: اسألوه بوسيلة أخرى. ينتظر ما تكتبونه؛ ويُستلم ما يرسله.</translation>
    </message>
    <message>
        <source>Either it set up its keys anew, or somebody is trying to take its place: ask it, by another way.</source>
        <translation>إما أنه أنشأ مفاتيحه من جديد، وإما أن طرفاً ما يحاول أن يحل محله: اسألوه بوسيلة أخرى.</translation>
    </message>
    <message>
        <source>Either the wrong one was read, or somebody stands between you: compare once more, best in person.</source>
        <translation>إما أن الرقم الذي قُرئ ليس الصحيح، وإما أن طرفاً ما يقف بينكما: قارنوا مرة أخرى، والأفضل حضورياً.</translation>
    </message>
    <message>
        <source>Either the wrong screen was read, or somebody stands between you.</source>
        <translation>إما أن الشاشة التي قُرئت ليست الشاشة الصحيحة، وإما أن طرفاً ما يقف بينكما.</translation>
    </message>
    <message>
        <source>Everything you send from now on, and what waits, can be read there too.</source>
        <translation>كل ما ترسلونه من الآن فصاعداً، وما ينتظر الإرسال، يمكن قراءته هناك أيضاً.</translation>
    </message>
    <message>
        <source>Exchange once more, or import its card, and read the code again.</source>
        <translation>أجروا تبادلاً مرة أخرى، أو استوردوا بطاقته، ثم اقرأوا الرمز من جديد.</translation>
    </message>
    <message>
        <source>First seen {seen}, valid until {until}</source>
        <translation>أول ظهور {seen}، وصالح حتى {until}</translation>
    </message>
    <message>
        <source>Have to agree:</source>
        <translation>عدد من يلزم اتفاقهم:</translation>
    </message>
    <message>
        <source>How many of them have to agree</source>
        <translation>كم منها يلزم أن يتفق</translation>
    </message>
    <message>
        <source>If they differ again, tell your security officer, and ask for a new card handed over in person.</source>
        <translation>إذا اختلفت من جديد فأبلغوا مسؤول الأمن لديكم، واطلبوا بطاقة جديدة تُسلَّم حضورياً.</translation>
    </message>
    <message>
        <source>It learns that you are in touch with {who}. {who} is not told, nor is anybody else. Without the tick, your word is taken back.</source>
        <translation>وسيعلم ذلك الوفد أنكم على اتصال مع {who}. ولا يُبلَّغ {who} ولا أي طرف آخر. وإذا أُزيل التأشير سُحبت شهادتكم.</translation>
    </message>
    <message>
        <source>It was put off. Start again when both of you have time.</source>
        <translation>أُرجئت المقارنة. ابدأوا من جديد حين يتسع وقت كليكما.</translation>
    </message>
    <message>
        <source>Its card was first seen here.</source>
        <translation>ظهرت بطاقته هنا أول مرة.</translation>
    </message>
    <message>
        <source>Its card was received, but nobody here has compared with it yet.</source>
        <translation>استُلمت بطاقته، ولكن لم يقارن معه أحد هنا بعد.</translation>
    </message>
    <message>
        <source>Its card was renewed (number {value}).</source>
        <translation>جُددت بطاقته (رقم {value}).</translation>
    </message>
    <message>
        <source>Keep stopped</source>
        <translation>إبقاء الإرسال موقوفاً</translation>
    </message>
    <message>
        <source>Laptop of {officer}</source>
        <translation>الحاسوب المحمول للموظف {officer}</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>ترك الأمر كما هو</translation>
    </message>
    <message>
        <source>May {rights}</source>
        <translation>الصلاحيات: {rights}</translation>
    </message>
    <message>
        <source>No card of this delegation is held here.</source>
        <translation>لا توجد هنا بطاقة لهذا الوفد.</translation>
    </message>
    <message>
        <source>No delegation has been compared on this laptop yet. Compare with some first.</source>
        <translation>لم تجرِ المقارنة مع أي وفد على هذا الحاسوب المحمول بعد. قارنوا مع بعض الوفود أولاً.</translation>
    </message>
    <message>
        <source>Nobody&apos;s word counts.</source>
        <translation>لا يُعتد بتزكية أحد.</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>ليس الآن</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>لم يتغير شيء.</translation>
    </message>
    <message>
        <source>On the other laptop open Contacts, then “Our card”, and read the code there.</source>
        <translation>على الحاسوب المحمول الآخر افتحوا «جهات التراسل» ثم «بطاقتنا»، واقرأوا الرمز هناك.</translation>
    </message>
    <message>
        <source>One more card under this code came on {date}; it was set aside while a decision is open.</source>
        <translation>وردت بطاقة أخرى بهذا الرمز في {date}؛ ونُحّيت جانباً ما دام هناك قرار لم يُتخذ.</translation>
    </message>
    <message>
        <source>One of the two is not what it says: ask the delegation and the custodian, by another way.</source>
        <translation>أحد الاثنين ليس ما يدّعيه: اسألوا الوفد والوفد المؤتمَن بوسيلة أخرى.</translation>
    </message>
    <message>
        <source>One of you reads, the other says whether all four are the same, in the same order. Do it face to face, or over a line where you know the voice. In place of the words you can read the numbers.</source>
        <translation>يقرأ أحدكما، ويقول الآخر هل الكلمات الأربع كلها هي نفسها وبالترتيب نفسه. افعلوا ذلك وجهاً لوجه، أو عبر خط تعرفون فيه الصوت. ويمكن قراءة الأرقام بدلاً من الكلمات.</translation>
    </message>
    <message>
        <source>One word alone is never enough: choose two or more, or none.</source>
        <translation>لا تكفي شهادة واحدة وحدها أبداً: اختاروا اثنين أو أكثر، أو لا تختاروا أحداً.</translation>
    </message>
    <message>
        <source>Our code</source>
        <translation>رمزنا</translation>
    </message>
    <message>
        <source>Our code, for them</source>
        <translation>رمزنا، لهم</translation>
    </message>
    <message>
        <source>Pictures ({endings})</source>
        <translation>الصور ({endings})</translation>
    </message>
    <message>
        <source>Read it once more from their screen; if it differs again, tell your security officer.</source>
        <translation>اقرأوا الرمز مرة أخرى من شاشتهم؛ وإذا اختلف من جديد فأبلغوا مسؤول الأمن لديكم.</translation>
    </message>
    <message>
        <source>Read the code from the other screen.</source>
        <translation>اقرأوا الرمز من الشاشة الأخرى.</translation>
    </message>
    <message>
        <source>Read these words to each other</source>
        <translation>اقرأوا هذه الكلمات أحدكما للآخر</translation>
    </message>
    <message>
        <source>Revoked: nothing from this laptop is accepted any more.</source>
        <translation>أُبطل: لا يُقبل أي شيء من هذا الحاسوب المحمول بعد الآن.</translation>
    </message>
    <message>
        <source>Say that they differ: nothing more is sent to this delegation until you decide.</source>
        <translation>إعلان الاختلاف: لن يُرسل إلى هذا الوفد شيء آخر إلى أن تتخذوا قراراً.</translation>
    </message>
    <message>
        <source>Sign and tell</source>
        <translation>توقيع وإبلاغ</translation>
    </message>
    <message>
        <source>Somebody between you would have to guess the words: one chance in 17 million million, and one guess.</source>
        <translation>من يقف بينكما يلزمه تخمين الكلمات: واحتمال نجاحه واحد من 17 مليون مليون، وله تخمين واحد.</translation>
    </message>
    <message>
        <source>Somebody here</source>
        <translation>أحد الموظفين هنا</translation>
    </message>
    <message>
        <source>Somebody here compared with this delegation.</source>
        <translation>أجرى أحد الموظفين هنا المقارنة مع هذا الوفد.</translation>
    </message>
    <message>
        <source>Something about it changed.</source>
        <translation>تغيّر شيء ما بشأنه.</translation>
    </message>
    <message>
        <source>Something about this delegation changed on {date}.</source>
        <translation>تغيّر شيء ما بشأن هذا الوفد في {date}.</translation>
    </message>
    <message>
        <source>Take a new picture of the code on their screen as it is now.</source>
        <translation>التقطوا صورة جديدة للرمز كما يظهر الآن على شاشتهم.</translation>
    </message>
    <message>
        <source>Take it again: straight, sharp, and with the whole code and its white edge.</source>
        <translation>التقطوها من جديد: مستقيمة وواضحة وتضم الرمز كاملاً مع حافته البيضاء.</translation>
    </message>
    <message>
        <source>Ten minutes have passed. Start again when both of you have time.</source>
        <translation>مضت عشر دقائق. ابدأوا من جديد حين يتسع وقت كليكما.</translation>
    </message>
    <message>
        <source>The certificate of the laptop of {laptop} was renewed.</source>
        <translation>جُددت شهادة الحاسوب المحمول: {laptop}.</translation>
    </message>
    <message>
        <source>The code is not that of the {who} you hold: nothing more is sent to it until you decide.</source>
        <translation>ليس الرمز رمز {who} كما هو محفوظ لديكم: لن يُرسل إلى هذا الوفد شيء آخر إلى أن تتخذوا قراراً.</translation>
    </message>
    <message>
        <source>The code is the same: {who} is verified in person.</source>
        <translation>الرمز مطابق: جرى التحقق حضورياً من هوية {who}.</translation>
    </message>
    <message>
        <source>The comparison did not come to an end</source>
        <translation>لم تكتمل المقارنة</translation>
    </message>
    <message>
        <source>The identity of {who} changed. Sending is stopped until you decide.</source>
        <translation>تغيّرت هوية {who}. الإرسال موقوف إلى أن تتخذوا قراراً.</translation>
    </message>
    <message>
        <source>The keys of one of its laptops cannot be used since {date}: that laptop receives nothing.</source>
        <translation>لا يمكن استخدام مفاتيح أحد حواسيبه المحمولة منذ {date}: ذلك الحاسوب لا يستلم شيئاً.</translation>
    </message>
    <message>
        <source>The laptop of {laptop} was added.</source>
        <translation>أُضيف الحاسوب المحمول: {laptop}.</translation>
    </message>
    <message>
        <source>The laptop of {laptop} was revoked.</source>
        <translation>أُبطل الحاسوب المحمول: {laptop}.</translation>
    </message>
    <message>
        <source>The laptop shows another certificate than the one known here. Exchange once more, then start again.</source>
        <translation>يُظهر الحاسوب المحمول شهادة غير الشهادة المعروفة هنا. أجروا تبادلاً مرة أخرى، ثم ابدأوا من جديد.</translation>
    </message>
    <message>
        <source>The numbers compared with {who} differ. Sending is stopped until you decide.</source>
        <translation>الأرقام التي قورنت مع {who} مختلفة. الإرسال موقوف إلى أن تتخذوا قراراً.</translation>
    </message>
    <message>
        <source>The numbers were compared and differed on {date}.</source>
        <translation>قورنت الأرقام واختلفت في {date}.</translation>
    </message>
    <message>
        <source>The picture is read in a process of its own that holds no key. Valise does not use the camera of this laptop.</source>
        <translation>تُقرأ الصورة في عملية مستقلة لا تحمل أي مفتاح. ولا يستخدم Valise كاميرا هذا الحاسوب المحمول.</translation>
    </message>
    <message>
        <source>The picture of their code</source>
        <translation>صورة رمزهم</translation>
    </message>
    <message>
        <source>The same</source>
        <translation>متطابقة</translation>
    </message>
    <message>
        <source>Their code, from a picture</source>
        <translation>رمزهم، من صورة</translation>
    </message>
    <message>
        <source>Their word never replaces comparing, and the word of a delegation that is only vouched for never counts. Nobody is told whom you choose. It holds for this laptop.</source>
        <translation>لا تغني شهادتها أبداً عن المقارنة، ولا يُعتد أبداً بشهادة وفد مزكّى فحسب. ولا يُبلَّغ أحد بمن تختارون. ويسري ذلك على هذا الحاسوب المحمول.</translation>
    </message>
    <message>
        <source>There is no code in this picture that can be read.</source>
        <translation>لا يوجد في هذه الصورة رمز يمكن قراءته.</translation>
    </message>
    <message>
        <source>There is no other delegation to tell.</source>
        <translation>لا يوجد وفد آخر يمكن إبلاغه.</translation>
    </message>
    <message>
        <source>This code belongs to a newer card of {who} than the one here.</source>
        <translation>هذا الرمز لبطاقة {who} أحدث من البطاقة الموجودة هنا.</translation>
    </message>
    <message>
        <source>This code was not made by Valise.</source>
        <translation>هذا الرمز لم يصدر عن Valise.</translation>
    </message>
    <message>
        <source>This is an older code of {who}: its card has been renewed since.</source>
        <translation>هذا رمز أقدم لـ {who}: فقد جُددت بطاقته منذ ذلك الحين.</translation>
    </message>
    <message>
        <source>This is the code of {name}, not of {who}.</source>
        <translation>هذا رمز {name} وليس رمز {who}.</translation>
    </message>
    <message>
        <source>This is the number both screens show, which says nothing when read from one of them.</source>
        <translation>هذا هو الرقم الذي تعرضه الشاشتان كلتاهما، وهو لا يدل على شيء إذا قُرئ من إحداهما.</translation>
    </message>
    <message>
        <source>This is your own code.</source>
        <translation>هذا رمزكم أنتم.</translation>
    </message>
    <message>
        <source>This is your own delegation.</source>
        <translation>هذا وفدكم أنتم.</translation>
    </message>
    <message>
        <source>Two copies of one of its vaults are in use since {date}: ask it, and rely on neither until it has decided.</source>
        <translation>نسختان من إحدى خزناته قيد الاستخدام منذ {date}: اسألوه، ولا تعتمدوا على أي منهما إلى أن يتخذ قراراً.</translation>
    </message>
    <message>
        <source>Two different lists of laptops came from {who}. Sending is stopped until you decide.</source>
        <translation>وردت قائمتان مختلفتان بالحواسيب المحمولة من {who}. الإرسال موقوف إلى أن تتخذوا قراراً.</translation>
    </message>
    <message>
        <source>Two different messages came in one place on {date}; both are kept as evidence.</source>
        <translation>وردت رسالتان مختلفتان في موضع واحد في {date}؛ وكلتاهما محفوظة ضمن الأدلة.</translation>
    </message>
    <message>
        <source>Two laptops answered at once. Agree which one compares, and start again.</source>
        <translation>أجاب حاسوبان محمولان معاً. اتفقوا على أيهما يقارن، وابدأوا من جديد.</translation>
    </message>
    <message>
        <source>Vouch for {who}</source>
        <translation>تزكية {who}</translation>
    </message>
    <message numerus="yes">
        <source>Vouched for by {count} of %n custodians: {who}. {enough}</source>
        <translation>
            <numerusform>عدد المزكّين {count} من أصل %n من الوفود المؤتمَنة: {who}. {enough}</numerusform>
            <numerusform>عدد المزكّين {count} من أصل وفد مؤتمَن واحد: {who}. {enough}</numerusform>
            <numerusform>عدد المزكّين {count} من أصل وفدين مؤتمَنين: {who}. {enough}</numerusform>
            <numerusform>عدد المزكّين {count} من أصل %n وفود مؤتمَنة: {who}. {enough}</numerusform>
            <numerusform>عدد المزكّين {count} من أصل %n وفداً مؤتمَناً: {who}. {enough}</numerusform>
            <numerusform>عدد المزكّين {count} من أصل %n وفد مؤتمَن: {who}. {enough}</numerusform>
        </translation>
    </message>
    <message>
        <source>Waiting for {who}</source>
        <translation>بانتظار {who}</translation>
    </message>
    <message>
        <source>We have vouched for it to {who}.</source>
        <translation>زكّيناه لدى {who}.</translation>
    </message>
    <message>
        <source>What came back was not what was promised: somebody may stand between you. Compare in person, by a code.</source>
        <translation>ما عاد ليس ما جرى التعهد به: قد يقف طرف ما بينكما. قارنوا حضورياً، برمز.</translation>
    </message>
    <message>
        <source>Whoever has the delegation key can do this: ask who admitted it. It reads what is sent to your delegation. What you write waits; what others send is received.</source>
        <translation>يستطيع فعل ذلك كل من لديه مفتاح الوفد: اسألوا من الذي ضمّه. وهو يقرأ ما يُرسل إلى وفدكم. ينتظر ما تكتبونه؛ ويُستلم ما يرسله الآخرون.</translation>
    </message>
    <message>
        <source>Whose word counts</source>
        <translation>من يُعتد بتزكيتهم</translation>
    </message>
    <message>
        <source>Word {number}: {word}, {digits}</source>
        <translation>الكلمة {number}: {word}، {digits}</translation>
    </message>
    <message>
        <source>Words: {words}</source>
        <translation>الكلمات: {words}</translation>
    </message>
    <message>
        <source>a delegation that is not known here</source>
        <translation>وفد غير معروف هنا</translation>
    </message>
    <message>
        <source>a laptop was added: sending stopped</source>
        <translation>أُضيف حاسوب محمول: الإرسال موقوف</translation>
    </message>
    <message>
        <source>admit other laptops</source>
        <translation>ضمّ حواسيب محمولة أخرى</translation>
    </message>
    <message>
        <source>another identity vouched for: sending stopped</source>
        <translation>تزكية لهوية أخرى: الإرسال موقوف</translation>
    </message>
    <message>
        <source>by the number, compared by eye</source>
        <translation>بمطابقة الرقم بالعين</translation>
    </message>
    <message>
        <source>by words compared live</source>
        <translation>بكلمات قورنت مباشرة</translation>
    </message>
    <message>
        <source>enter commitments</source>
        <translation>إدخال الالتزامات</translation>
    </message>
    <message>
        <source>hold the pen</source>
        <translation>حمل القلم</translation>
    </message>
    <message>
        <source>in person, by a code read from its screen</source>
        <translation>حضورياً، برمز قُرئ من شاشته</translation>
    </message>
    <message>
        <source>none</source>
        <translation>لا يوجد</translation>
    </message>
    <message numerus="yes">
        <source>of %n custodians</source>
        <translation>
            <numerusform>من أصل %n من الوفود المؤتمَنة</numerusform>
            <numerusform>من أصل وفد مؤتمَن واحد</numerusform>
            <numerusform>من أصل وفدين مؤتمَنين</numerusform>
            <numerusform>من أصل %n وفود مؤتمَنة</numerusform>
            <numerusform>من أصل %n وفداً مؤتمَناً</numerusform>
            <numerusform>من أصل %n وفد مؤتمَن</numerusform>
        </translation>
    </message>
    <message>
        <source>propose amendments</source>
        <translation>اقتراح التعديلات</translation>
    </message>
    <message>
        <source>read</source>
        <translation>القراءة</translation>
    </message>
    <message>
        <source>received {date}, not verified</source>
        <translation>وردت في {date}، ولم يُتحقق منها</translation>
    </message>
    <message>
        <source>somebody</source>
        <translation>أحد ما</translation>
    </message>
    <message>
        <source>unknown delegation</source>
        <translation>وفد غير معروف</translation>
    </message>
    <message>
        <source>write messages</source>
        <translation>كتابة الرسائل</translation>
    </message>
    <message>
        <source>{date}: {what}</source>
        <translation>{date}: {what}</translation>
    </message>
    <message>
        <source>{may}. Added {date}</source>
        <translation>{may}. أُضيف {date}</translation>
    </message>
    <message>
        <source>{officer} accepted the laptop of {laptop}.</source>
        <translation>{officer}: قُبل الحاسوب المحمول {laptop}.</translation>
    </message>
    <message>
        <source>{officer} accepted this identity in place of the one before.</source>
        <translation>{officer}: قُبلت هذه الهوية بدلاً من السابقة.</translation>
    </message>
    <message>
        <source>{officer} admitted the laptop of {laptop} from this one.</source>
        <translation>{officer}: ضُمّ الحاسوب المحمول {laptop} من هذا الحاسوب.</translation>
    </message>
    <message>
        <source>{officer} chose it as a custodian.</source>
        <translation>{officer}: اختير وفداً مؤتمَناً.</translation>
    </message>
    <message>
        <source>{officer} compared, and it differed; sending stopped.</source>
        <translation>{officer}: جرت المقارنة فظهر اختلاف؛ وأُوقف الإرسال.</translation>
    </message>
    <message>
        <source>{officer} kept this identity and set the other aside.</source>
        <translation>{officer}: أُبقي على هذه الهوية ونُحّيت الأخرى جانباً.</translation>
    </message>
    <message>
        <source>{officer} let sending go on, not verified.</source>
        <translation>{officer}: استُؤنف الإرسال دون تحقق.</translation>
    </message>
    <message>
        <source>{officer} looked at a custodian&apos;s other word and kept sending stopped.</source>
        <translation>{officer}: اطُّلع على الشهادة المغايرة لوفد مؤتمَن وأُبقي الإرسال موقوفاً.</translation>
    </message>
    <message>
        <source>{officer} looked at a custodian&apos;s other word and kept this identity.</source>
        <translation>{officer}: اطُّلع على الشهادة المغايرة لوفد مؤتمَن وأُبقي على هذه الهوية.</translation>
    </message>
    <message>
        <source>{officer} looked at the laptop of {laptop} and kept sending stopped.</source>
        <translation>{officer}: اطُّلع على الحاسوب المحمول {laptop} وأُبقي الإرسال موقوفاً.</translation>
    </message>
    <message>
        <source>{officer} replaced this identity by another.</source>
        <translation>{officer}: استُعيض عن هذه الهوية بأخرى.</translation>
    </message>
    <message>
        <source>{officer} took back our word for it to {value}.</source>
        <translation>{officer}: سُحبت تزكيتنا له لدى {value}.</translation>
    </message>
    <message>
        <source>{officer} took it off the list of custodians.</source>
        <translation>{officer}: أُخرج من قائمة الوفود المؤتمَنة.</translation>
    </message>
    <message>
        <source>{officer} verified it by the number, compared by eye.</source>
        <translation>{officer}: جرى التحقق منه بمطابقة الرقم بالعين.</translation>
    </message>
    <message>
        <source>{officer} verified it by words compared live.</source>
        <translation>{officer}: جرى التحقق منه بكلمات قورنت مباشرة.</translation>
    </message>
    <message>
        <source>{officer} verified it in person, by a code read from its screen.</source>
        <translation>{officer}: جرى التحقق منه حضورياً، برمز قُرئ من شاشته.</translation>
    </message>
    <message>
        <source>{officer} vouched for it to {value}.</source>
        <translation>{officer}: زُكّي لدى {value}.</translation>
    </message>
    <message>
        <source>{trust} since {date}</source>
        <translation>{trust} منذ {date}</translation>
    </message>
    <message>
        <source>{who} added a laptop. Nothing is sent to it until you decide.</source>
        <translation>أُضيف حاسوب محمول لدى {who}. لن يُرسل إلى هذا الوفد شيء إلى أن تتخذوا قراراً.</translation>
    </message>
    <message>
        <source>{who} has to press “Compare” on its laptop. Both screens then show four words.</source>
        <translation>يجب الضغط على «مقارنة» في الحاسوب المحمول لدى {who}. وعندئذ تعرض الشاشتان أربع كلمات.</translation>
    </message>
    <message>
        <source>{who} wants to compare words with you now</source>
        <translation>طلب من {who} لمقارنة الكلمات معكم الآن</translation>
    </message>
</context>
<context>
    <name>directory</name>
    <message numerus="yes">
        <source>%n are asked now; {outside} an officer calls or writes to.</source>
        <translation>
            <numerusform>لا تُسأل الآن أي جهة اتصال؛ ويتصل موظف هاتفياً أو يكتب إلى: {outside}.</numerusform>
            <numerusform>تُسأل الآن جهة اتصال واحدة؛ ويتصل موظف هاتفياً أو يكتب إلى: {outside}.</numerusform>
            <numerusform>تُسأل الآن جهتا اتصال؛ ويتصل موظف هاتفياً أو يكتب إلى: {outside}.</numerusform>
            <numerusform>تُسأل الآن %n جهات اتصال؛ ويتصل موظف هاتفياً أو يكتب إلى: {outside}.</numerusform>
            <numerusform>تُسأل الآن %n جهة اتصال؛ ويتصل موظف هاتفياً أو يكتب إلى: {outside}.</numerusform>
            <numerusform>تُسأل الآن %n جهة اتصال؛ ويتصل موظف هاتفياً أو يكتب إلى: {outside}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n asked: {counts}</source>
        <translation>
            <numerusform>لم تُسأل أي جهة اتصال: {counts}</numerusform>
            <numerusform>سُئلت جهة اتصال واحدة: {counts}</numerusform>
            <numerusform>سُئلت جهتا اتصال: {counts}</numerusform>
            <numerusform>سُئلت %n جهات اتصال: {counts}</numerusform>
            <numerusform>سُئلت %n جهة اتصال: {counts}</numerusform>
            <numerusform>سُئلت %n جهة اتصال: {counts}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cards saved as {file}.</source>
        <translation>
            <numerusform>لم تُحفظ أي بطاقة باسم {file}.</numerusform>
            <numerusform>حُفظت بطاقة واحدة باسم {file}.</numerusform>
            <numerusform>حُفظت بطاقتان باسم {file}.</numerusform>
            <numerusform>حُفظت %n بطاقات باسم {file}.</numerusform>
            <numerusform>حُفظت %n بطاقة باسم {file}.</numerusform>
            <numerusform>حُفظت %n بطاقة باسم {file}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cards were taken.</source>
        <translation>
            <numerusform>لم تُدخل أي بطاقة.</numerusform>
            <numerusform>أُدخلت بطاقة واحدة.</numerusform>
            <numerusform>أُدخلت بطاقتان.</numerusform>
            <numerusform>أُدخلت %n بطاقات.</numerusform>
            <numerusform>أُدخلت %n بطاقة.</numerusform>
            <numerusform>أُدخلت %n بطاقة.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n يوم</numerusform>
            <numerusform>يوم واحد</numerusform>
            <numerusform>يومان</numerusform>
            <numerusform>%n أيام</numerusform>
            <numerusform>%n يوماً</numerusform>
            <numerusform>%n يوم</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>لا قيود</numerusform>
            <numerusform>قيد واحد</numerusform>
            <numerusform>قيدان</numerusform>
            <numerusform>%n قيود</numerusform>
            <numerusform>%n قيداً</numerusform>
            <numerusform>%n قيد</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n were left out because of their marking.</source>
        <translation>
            <numerusform>لم تُترك أي بطاقة بسبب علامة تداولها.</numerusform>
            <numerusform>وتُركت بطاقة واحدة بسبب علامة تداولها.</numerusform>
            <numerusform>وتُركت بطاقتان بسبب علامة تداولهما.</numerusform>
            <numerusform>وتُركت %n بطاقات بسبب علامة تداولها.</numerusform>
            <numerusform>وتُركت %n بطاقة بسبب علامة تداولها.</numerusform>
            <numerusform>وتُركت %n بطاقة بسبب علامة تداولها.</numerusform>
        </translation>
    </message>
    <message>
        <source>Alternative e-mail</source>
        <translation>بريد إلكتروني بديل</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>الفئة</translation>
    </message>
    <message>
        <source>Confirmed how</source>
        <translation>طريقة التأكيد</translation>
    </message>
    <message>
        <source>Directory</source>
        <translation>الدليل</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>البريد الإلكتروني</translation>
    </message>
    <message>
        <source>Form of address</source>
        <translation>صيغة المخاطبة</translation>
    </message>
    <message>
        <source>Full name</source>
        <translation>الاسم الكامل</translation>
    </message>
    <message>
        <source>Function</source>
        <translation>المهام</translation>
    </message>
    <message>
        <source>Hours</source>
        <translation>ساعات العمل</translation>
    </message>
    <message>
        <source>Institution</source>
        <translation>المؤسسة</translation>
    </message>
    <message>
        <source>It answered: the entry is right</source>
        <translation>وصل الجواب: القيد صحيح</translation>
    </message>
    <message>
        <source>Key verified</source>
        <translation>التحقق من المفتاح</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>اللغات</translation>
    </message>
    <message>
        <source>Last confirmed</source>
        <translation>آخر تأكيد</translation>
    </message>
    <message>
        <source>Marking</source>
        <translation>علامة التداول</translation>
    </message>
    <message>
        <source>Next contact</source>
        <translation>جهة الاتصال التالية</translation>
    </message>
    <message>
        <source>No reply</source>
        <translation>لا رد</translation>
    </message>
    <message>
        <source>Official position</source>
        <translation>المنصب الرسمي</translation>
    </message>
    <message>
        <source>Preferred channels</source>
        <translation>القنوات المفضلة</translation>
    </message>
    <message>
        <source>Public key</source>
        <translation>المفتاح العام</translation>
    </message>
    <message>
        <source>Review due</source>
        <translation>موعد المراجعة</translation>
    </message>
    <message>
        <source>Role or person</source>
        <translation>وظيفة أم شخص</translation>
    </message>
    <message numerus="yes">
        <source>Save %n entries as contact cards?</source>
        <translation>
            <numerusform>لا قيود لحفظها كبطاقات اتصال.</numerusform>
            <numerusform>هل يُحفظ قيد واحد كبطاقة اتصال؟</numerusform>
            <numerusform>هل يُحفظ قيدان كبطاقتي اتصال؟</numerusform>
            <numerusform>هل تُحفظ %n قيود كبطاقات اتصال؟</numerusform>
            <numerusform>هل يُحفظ %n قيداً كبطاقات اتصال؟</numerusform>
            <numerusform>هل يُحفظ %n قيد كبطاقات اتصال؟</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Saved as {file}: %Ln contacts.</source>
        <translation>
            <numerusform>حُفظ باسم {file}: لا جهات اتصال.</numerusform>
            <numerusform>حُفظ باسم {file}: جهة اتصال واحدة.</numerusform>
            <numerusform>حُفظ باسم {file}: جهتا اتصال.</numerusform>
            <numerusform>حُفظ باسم {file}: %Ln جهات اتصال.</numerusform>
            <numerusform>حُفظ باسم {file}: %Ln جهة اتصال.</numerusform>
            <numerusform>حُفظ باسم {file}: %Ln جهة اتصال.</numerusform>
        </translation>
    </message>
    <message>
        <source>Source document</source>
        <translation>الوثيقة المصدر</translation>
    </message>
    <message>
        <source>State</source>
        <translation>الدولة</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>الحالة</translation>
    </message>
    <message>
        <source>Telephone</source>
        <translation>الهاتف</translation>
    </message>
    <message>
        <source>Telephone at all hours</source>
        <translation>هاتف على مدار الساعة</translation>
    </message>
    <message>
        <source>The letter or call bounced</source>
        <translation>ارتدت الرسالة أو تعذرت المكالمة</translation>
    </message>
    <message>
        <source>Time zone</source>
        <translation>المنطقة الزمنية</translation>
    </message>
    <message>
        <source>Valid from</source>
        <translation>صالحة اعتباراً من</translation>
    </message>
    <message>
        <source>What it may decide</source>
        <translation>ما يجوز لها البت فيه</translation>
    </message>
    <message>
        <source>Wrong contact</source>
        <translation>جهة اتصال غير صحيحة</translation>
    </message>
    <message>
        <source>answers by {when}</source>
        <translation>الأجوبة مطلوبة في موعد أقصاه {when}</translation>
    </message>
    <message>
        <source>answers in this program</source>
        <translation>الإجابة في هذا البرنامج</translation>
    </message>
    <message>
        <source>answers were due {when}</source>
        <translation>كان موعد الأجوبة {when}</translation>
    </message>
    <message>
        <source>asked outside their hours</source>
        <translation>سُئلت خارج ساعات عملها</translation>
    </message>
    <message>
        <source>asked within their hours</source>
        <translation>سُئلت في أثناء ساعات عملها</translation>
    </message>
    <message>
        <source>at a meeting</source>
        <translation>في اجتماع</translation>
    </message>
    <message>
        <source>bounced</source>
        <translation>ارتدت</translation>
    </message>
    <message>
        <source>by a call</source>
        <translation>بمكالمة</translation>
    </message>
    <message>
        <source>by a signed answer</source>
        <translation>بجواب موقّع</translation>
    </message>
    <message>
        <source>by note</source>
        <translation>بمذكرة</translation>
    </message>
    <message>
        <source>closed {when}</source>
        <translation>أُغلقت {when}</translation>
    </message>
    <message>
        <source>confirmed</source>
        <translation>مؤكدة</translation>
    </message>
    <message>
        <source>confirmed late</source>
        <translation>تأكيد متأخر</translation>
    </message>
    <message>
        <source>correction: {n}</source>
        <translation>التصويبات: {n}</translation>
    </message>
    <message>
        <source>e-mail</source>
        <translation>بريد إلكتروني</translation>
    </message>
    <message>
        <source>meeting</source>
        <translation>اجتماع</translation>
    </message>
    <message>
        <source>never asked</source>
        <translation>لم تُسأل قط</translation>
    </message>
    <message>
        <source>never asked in a round</source>
        <translation>لم تُسأل قط في جولة</translation>
    </message>
    <message>
        <source>never confirmed</source>
        <translation>لم تُؤكَّد قط</translation>
    </message>
    <message>
        <source>no answer yet</source>
        <translation>لا جواب بعد</translation>
    </message>
    <message>
        <source>no reply</source>
        <translation>لا رد</translation>
    </message>
    <message>
        <source>no time zone known</source>
        <translation>المنطقة الزمنية غير معروفة</translation>
    </message>
    <message>
        <source>not asked</source>
        <translation>لم تُسأل</translation>
    </message>
    <message>
        <source>note</source>
        <translation>مذكرة</translation>
    </message>
    <message>
        <source>other</source>
        <translation>غير ذلك</translation>
    </message>
    <message>
        <source>our own entry</source>
        <translation>قيدنا نحن</translation>
    </message>
    <message>
        <source>outside their hours</source>
        <translation>خارج ساعات العمل</translation>
    </message>
    <message>
        <source>public holiday: {name}</source>
        <translation>عطلة رسمية: {name}</translation>
    </message>
    <message>
        <source>reached by telephone or letter</source>
        <translation>الوصول إليها بالهاتف أو بالرسائل</translation>
    </message>
    <message>
        <source>recorded by an officer</source>
        <translation>سجّلها موظف</translation>
    </message>
    <message>
        <source>recorded by an officer: {channel}</source>
        <translation>سجّلها موظف: {channel}</translation>
    </message>
    <message>
        <source>review is due</source>
        <translation>المراجعة مستحقة</translation>
    </message>
    <message>
        <source>signed answer</source>
        <translation>جواب موقّع</translation>
    </message>
    <message>
        <source>telephone</source>
        <translation>هاتف</translation>
    </message>
    <message>
        <source>the question has not left yet</source>
        <translation>لم يغادر السؤال بعد</translation>
    </message>
    <message>
        <source>the question lies on a laptop of theirs; nobody has answered</source>
        <translation>وصل السؤال إلى حاسوب محمول لديهم؛ ولم يُجب أحد</translation>
    </message>
    <message>
        <source>the question was sent</source>
        <translation>أُرسل السؤال</translation>
    </message>
    <message>
        <source>their clock was behind ours</source>
        <translation>كانت ساعتهم متأخرة عن ساعتنا</translation>
    </message>
    <message>
        <source>values differ</source>
        <translation>القيم مختلفة</translation>
    </message>
    <message>
        <source>within their hours</source>
        <translation>في أثناء ساعات العمل</translation>
    </message>
    <message>
        <source>wrong contact</source>
        <translation>جهة اتصال غير صحيحة</translation>
    </message>
    <message>
        <source>{clock} there now, {day}</source>
        <translation>الساعة هناك الآن {clock}، {day}</translation>
    </message>
    <message>
        <source>{h} h {m:02d}</source>
        <translation>{h} س {m:02d} د</translation>
    </message>
    <message>
        <source>{latency}, late</source>
        <translation>{latency}، متأخر</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} د</translation>
    </message>
    <message>
        <source>{n} {outcome}</source>
        <translation>{outcome}: {n}</translation>
    </message>
    <message>
        <source>{outcome} in {round}</source>
        <translation>{outcome} في {round}</translation>
    </message>
    <message>
        <source>{outcome}; what was said differs</source>
        <translation>{outcome}؛ والأقوال مختلفة</translation>
    </message>
    <message>
        <source>{told} · holiday</source>
        <translation>{told} · عطلة</translation>
    </message>
    <message>
        <source>{told} · off hours</source>
        <translation>{told} · خارج ساعات العمل</translation>
    </message>
    <message>
        <source>{when}, {how}</source>
        <translation>{when}، {how}</translation>
    </message>
</context>
<context>
    <name>errors</name>
    <message>
        <source>A backup opens with the passphrase of the day it was made. Check Caps Lock, then try an earlier one.</source>
        <translation>تُفتح النسخة الاحتياطية بعبارة المرور المستخدمة يوم إعدادها. تحققوا من Caps Lock ثم جرّبوا عبارة سابقة.</translation>
    </message>
    <message>
        <source>A calendar cannot be read into this register.</source>
        <translation>لا يمكن قراءة تقويم في هذا السجل.</translation>
    </message>
    <message>
        <source>A certificate holds for at least a day and at most three years.</source>
        <translation>تسري الشهادة يوماً على الأقل وثلاث سنوات على الأكثر.</translation>
    </message>
    <message>
        <source>A column of the file is none of this register.</source>
        <translation>أحد أعمدة الملف ليس من أعمدة هذا السجل.</translation>
    </message>
    <message>
        <source>A contact card holds control characters, which no name or number has.</source>
        <translation>في بطاقة اتصال أحرف تحكم لا ترد في أي اسم أو رقم.</translation>
    </message>
    <message>
        <source>A contact card in this file holds something else inside.</source>
        <translation>بطاقة اتصال في هذا الملف فيها شيء آخر في داخلها.</translation>
    </message>
    <message>
        <source>A contact card in this file is not whole or not built as the standard says.</source>
        <translation>بطاقة اتصال في هذا الملف غير كاملة أو ليست على النحو الذي يقضي به المعيار التقني.</translation>
    </message>
    <message>
        <source>A contact card in this file is of a version that is not read.</source>
        <translation>بطاقة اتصال في هذا الملف بإصدار لا يُقرأ.</translation>
    </message>
    <message>
        <source>A contact card in this file names nobody.</source>
        <translation>بطاقة اتصال في هذا الملف لا تسمي أحداً.</translation>
    </message>
    <message>
        <source>A custodian must be a delegation that was compared on this laptop.</source>
        <translation>يجب أن يكون الوفد المؤتمَن وفداً جرت المقارنة معه على هذا الحاسوب المحمول.</translation>
    </message>
    <message>
        <source>A custodian vouches for another identity of a delegation concerned.</source>
        <translation>يزكّي وفد مؤتمَن هوية أخرى لأحد الوفود المعنية.</translation>
    </message>
    <message>
        <source>A delegation concerned added a laptop that nobody here has looked at.</source>
        <translation>أضاف أحد الوفود المعنية حاسوباً محمولاً لم ينظر فيه أحد هنا.</translation>
    </message>
    <message>
        <source>A delegation concerned showed two different lists of its laptops.</source>
        <translation>أظهر أحد الوفود المعنية قائمتين مختلفتين بحواسيبه المحمولة.</translation>
    </message>
    <message>
        <source>A delegation nominates its own points of contact, and this one is of another State.</source>
        <translation>يسمي كل وفد جهات الاتصال الخاصة به، وجهة الاتصال هذه تابعة لدولة أخرى.</translation>
    </message>
    <message>
        <source>A delegation that breaks the silence says why.</source>
        <translation>الوفد الذي يكسر الصمت يذكر السبب.</translation>
    </message>
    <message>
        <source>A field that a row cannot be without is empty.</source>
        <translation>حقل لا يمكن أن يخلو منه الصف فارغ.</translation>
    </message>
    <message>
        <source>A file in the exchange folder is not one of Valise.</source>
        <translation>ملف في مجلد التبادل ليس من ملفات Valise.</translation>
    </message>
    <message>
        <source>A file in the exchange folder is torn or still being copied.</source>
        <translation>ملف في مجلد التبادل ممزق أو ما زال نسخه جارياً.</translation>
    </message>
    <message>
        <source>A filter needs a name, of at most 100 letters.</source>
        <translation>يحتاج عامل التصفية إلى اسم لا يتجاوز 100 حرف.</translation>
    </message>
    <message>
        <source>A folder of Valise cannot be made, or belongs to somebody else.</source>
        <translation>لا يمكن إنشاء أحد مجلدات Valise، أو أنه يخص شخصاً آخر.</translation>
    </message>
    <message>
        <source>A font for the script of this text is missing on this computer. No page was made.</source>
        <translation>ينقص هذا الحاسوبَ خط لكتابة هذا النص. ولم تُعدّ أي صفحة.</translation>
    </message>
    <message>
        <source>A group needs a title.</source>
        <translation>تحتاج المجموعة إلى عنوان.</translation>
    </message>
    <message>
        <source>A joint statement needs a title and words.</source>
        <translation>يحتاج البيان المشترك إلى عنوان وكلمات.</translation>
    </message>
    <message>
        <source>A keyring can be demanded only when recovery shares were made and tried.</source>
        <translation>لا يمكن اشتراط سلسلة المفاتيح إلا بعد إعداد حصص الاسترداد وتجربتها.</translation>
    </message>
    <message>
        <source>A laptop cannot revoke itself: nobody would hear of it.</source>
        <translation>لا يستطيع حاسوب محمول إبطال نفسه: فلن يعلم بذلك أحد.</translation>
    </message>
    <message>
        <source>A laptop on this card is not certified by its delegation.</source>
        <translation>على هذه البطاقة حاسوب محمول لم يصدّق عليه وفده.</translation>
    </message>
    <message>
        <source>A laptop was added to your own delegation, not by this one, and nobody here has looked at it.</source>
        <translation>أُضيف حاسوب محمول إلى وفدكم أنتم، ولم يُضف من هذا الحاسوب، ولم ينظر فيه أحد هنا.</translation>
    </message>
    <message>
        <source>A newer certificate of this laptop exists already.</source>
        <translation>توجد من قبل شهادة أحدث لهذا الحاسوب المحمول.</translation>
    </message>
    <message>
        <source>A note verbale is addressed to somebody and gets a number; it is not written with other rows.</source>
        <translation>المذكرة الشفوية موجهة إلى جهة وتأخذ رقماً؛ فلا تُكتب مع صفوف أخرى.</translation>
    </message>
    <message>
        <source>A part of the file does not open: it was changed on its way.</source>
        <translation>جزء من الملف لا يُفتح: فقد غُيّر في الطريق.</translation>
    </message>
    <message>
        <source>A passphrase always opens the vault; it cannot be taken away.</source>
        <translation>عبارة المرور تفتح الخزنة دائماً؛ ولا يمكن نزعها.</translation>
    </message>
    <message>
        <source>A pattern in the bundle is longer or deeper than is read.</source>
        <translation>أحد الأنماط في الحزمة أطول أو أعمق مما يُقرأ.</translation>
    </message>
    <message>
        <source>A point of contact was chosen twice.</source>
        <translation>اختيرت جهة اتصال مرتين.</translation>
    </message>
    <message>
        <source>A relay needs the address it gave you, a folder has to be chosen; the courier is always possible.</source>
        <translation>تحتاج محطة الترحيل إلى العنوان الذي أعطاكم إياه، ويلزم اختيار مجلد؛ أما حامل الحقيبة فممكن دائماً.</translation>
    </message>
    <message>
        <source>A reply may not allow more than the label of the incident it answers.</source>
        <translation>لا يجوز أن يسمح الرد بأكثر مما تسمح به علامة الحادث الذي يجيب عنه.</translation>
    </message>
    <message>
        <source>A report begins with a notification or a request.</source>
        <translation>يبدأ البلاغ بإشعار أو بطلب.</translation>
    </message>
    <message>
        <source>A report of what a laptop holds is not valid.</source>
        <translation>تقرير عما لدى حاسوب محمول غير صالح.</translation>
    </message>
    <message>
        <source>A request asks for something.</source>
        <translation>الطلب يطلب شيئاً.</translation>
    </message>
    <message>
        <source>A revision needs a symbol of its own.</source>
        <translation>يحتاج التنقيح إلى رمز خاص به.</translation>
    </message>
    <message>
        <source>A round asks at most 400 points of contact.</source>
        <translation>لا تسأل الجولة أكثر من 400 جهة اتصال.</translation>
    </message>
    <message>
        <source>A round is written as a table or as pages.</source>
        <translation>تُكتب الجولة جدولاً أو صفحات.</translation>
    </message>
    <message>
        <source>A round needs a name of at most 200 characters.</source>
        <translation>تحتاج الجولة إلى اسم لا يتجاوز 200 حرف.</translation>
    </message>
    <message>
        <source>A rule of the talks or of this vault does not allow this.</source>
        <translation>لا تسمح بهذا قاعدة من قواعد المحادثات أو من قواعد هذه الخزنة.</translation>
    </message>
    <message>
        <source>A sealed envelope does not open.</source>
        <translation>أحد المغلفات المختومة لا يُفتح.</translation>
    </message>
    <message>
        <source>A sealed envelope is not valid inside.</source>
        <translation>أحد المغلفات المختومة غير صالح من داخله.</translation>
    </message>
    <message>
        <source>A sealed envelope is not valid.</source>
        <translation>أحد المغلفات المختومة غير صالح.</translation>
    </message>
    <message>
        <source>A sealed message could not be opened with the keys that are here.</source>
        <translation>تعذر فتح رسالة مختومة بالمفاتيح الموجودة هنا.</translation>
    </message>
    <message>
        <source>A secret cannot be shared among so many.</source>
        <translation>لا يمكن تقسيم سر على هذا العدد.</translation>
    </message>
    <message>
        <source>A signature does not verify.</source>
        <translation>أحد التوقيعات لا يجتاز التحقق.</translation>
    </message>
    <message>
        <source>A silence procedure is running on this text already, or has to be closed first.</source>
        <translation>هناك إجراء موافقة صامتة جارٍ من قبل على هذا النص، أو يلزم إغلاقه أولاً.</translation>
    </message>
    <message>
        <source>A stored state of the text does not verify any more.</source>
        <translation>حالة مخزَّنة للنص لم تعد تجتاز التحقق.</translation>
    </message>
    <message>
        <source>A time of the ladder is not possible.</source>
        <translation>إحدى مهل سلّم التصعيد غير ممكنة.</translation>
    </message>
    <message>
        <source>A value in a contact card is longer than 2,000 characters.</source>
        <translation>إحدى القيم في بطاقة اتصال تتجاوز 2,000 حرف.</translation>
    </message>
    <message>
        <source>A value of the form is not one that can be sent.</source>
        <translation>إحدى قيم الاستمارة مما لا يمكن إرساله.</translation>
    </message>
    <message>
        <source>A vault for practice carries nothing beyond its own folder.</source>
        <translation>لا تحمل خزنة التدريب شيئاً إلى خارج مجلدها.</translation>
    </message>
    <message>
        <source>A vault for practice keeps to fictional delegations and to its own folder.</source>
        <translation>تقتصر خزنة التدريب على الوفود الخيالية وعلى مجلدها.</translation>
    </message>
    <message>
        <source>A vault for practice uses no relay.</source>
        <translation>لا تستخدم خزنة التدريب محطة ترحيل.</translation>
    </message>
    <message>
        <source>A vault is being destroyed here and something could not be removed yet. Nobody can open it any more.</source>
        <translation>يجري هنا إتلاف خزنة ولم تتسنَّ إزالة شيء ما بعد. ولا يستطيع أحد فتحها بعد الآن.</translation>
    </message>
    <message>
        <source>Accept or reject some of them in the program it was written with, then try again.</source>
        <translation>اقبلوا بعضها أو ارفضوه في البرنامج الذي كُتب به، ثم أعيدوا المحاولة.</translation>
    </message>
    <message>
        <source>Acknowledge first; it accepts no fact and agrees with nothing.</source>
        <translation>أقرّوا بالاستلام أولاً؛ فذلك لا يقبل أي واقعة ولا يوافق على شيء.</translation>
    </message>
    <message>
        <source>Add the delegation with the history of the room.</source>
        <translation>أضيفوا الوفد مع ماضي الغرفة.</translation>
    </message>
    <message>
        <source>Admit a second officer&apos;s laptop first, with the right to propose amendments.</source>
        <translation>ضمّوا أولاً الحاسوب المحمول لموظف ثانٍ، مع حق اقتراح التعديلات.</translation>
    </message>
    <message>
        <source>Admit delegations that signed on late one by one.</source>
        <translation>اقبلوا الوفود التي انضمت متأخرة واحداً واحداً.</translation>
    </message>
    <message>
        <source>Amendments to this paragraph are still open.</source>
        <translation>ما زالت هناك تعديلات مفتوحة على هذه الفقرة.</translation>
    </message>
    <message>
        <source>An amendment that these words touch has no answer yet.</source>
        <translation>ليس هناك جواب بعد عن تعديل تمسّه هذه الكلمات.</translation>
    </message>
    <message>
        <source>An amendment was answered twice, or with an answer that does not exist.</source>
        <translation>أُجيب عن تعديل مرتين، أو بجواب لا وجود له.</translation>
    </message>
    <message>
        <source>An answer comes after the acknowledgement of receipt.</source>
        <translation>يأتي الجواب بعد الإقرار بالاستلام.</translation>
    </message>
    <message>
        <source>An empty passphrase protects nothing.</source>
        <translation>عبارة المرور الفارغة لا تحمي شيئاً.</translation>
    </message>
    <message>
        <source>An entry of the calendar ends before it begins.</source>
        <translation>أحد قيود التقويم ينتهي قبل أن يبدأ.</translation>
    </message>
    <message>
        <source>An entry of the calendar has a text longer than 20,000 characters.</source>
        <translation>في أحد قيود التقويم نص يتجاوز 20,000 حرف.</translation>
    </message>
    <message>
        <source>An entry of the calendar has no date, or one that does not exist.</source>
        <translation>أحد قيود التقويم بلا تاريخ، أو بتاريخ لا وجود له.</translation>
    </message>
    <message>
        <source>An entry of the calendar holds control characters.</source>
        <translation>في أحد قيود التقويم أحرف تحكم.</translation>
    </message>
    <message>
        <source>An entry of the record is not valid.</source>
        <translation>أحد قيود المحضر غير صالح.</translation>
    </message>
    <message>
        <source>An envelope came that was sealed to keys of this laptop which have been destroyed.</source>
        <translation>ورد مغلّف مختوم بمفاتيح لهذا الحاسوب المحمول أُتلفت.</translation>
    </message>
    <message>
        <source>An exercise message must be marked as an exercise.</source>
        <translation>يجب أن تحمل رسالة التمرين ما يفيد أنها تمرين.</translation>
    </message>
    <message>
        <source>An internal room is not written for others.</source>
        <translation>لا تُكتب غرفة داخلية للآخرين.</translation>
    </message>
    <message>
        <source>Another computer holds the pen.</source>
        <translation>حاسوب آخر يحمل القلم.</translation>
    </message>
    <message>
        <source>Another copy of this laptop&apos;s vault has signed something different.</source>
        <translation>وقّعت نسخة أخرى من خزنة هذا الحاسوب المحمول شيئاً مختلفاً.</translation>
    </message>
    <message>
        <source>Another laptop of your delegation may have made it: exchange, or install the newer version.</source>
        <translation>قد يكون حاسوب محمول آخر لدى وفدكم هو الذي أنشأه: أجروا تبادلاً، أو ثبّتوا الإصدار الأحدث.</translation>
    </message>
    <message>
        <source>Another line of the file is about the same row.</source>
        <translation>في الملف سطر آخر عن الصف نفسه.</translation>
    </message>
    <message>
        <source>Another window has this vault open.</source>
        <translation>هذه الخزنة مفتوحة في نافذة أخرى.</translation>
    </message>
    <message>
        <source>Answers that come still count; nothing needs to be done.</source>
        <translation>الأجوبة التي تصل تُحتسب مع ذلك؛ ولا يلزم فعل شيء.</translation>
    </message>
    <message>
        <source>Ask a second officer of your delegation, on another laptop.</source>
        <translation>اطلبوا ذلك من موظف ثانٍ في وفدكم، على حاسوب محمول آخر.</translation>
    </message>
    <message>
        <source>Ask for a bundle of STIX 2.1.</source>
        <translation>اطلبوا حزمة STIX 2.1.</translation>
    </message>
    <message>
        <source>Ask for a card with a name, or enter the contact by hand.</source>
        <translation>اطلبوا بطاقة فيها اسم، أو أدخلوا جهة الاتصال يدوياً.</translation>
    </message>
    <message>
        <source>Ask for it again, best as a Word document.</source>
        <translation>اطلبوه من جديد، والأفضل بصيغة مستند Word.</translation>
    </message>
    <message>
        <source>Ask for it again, or open it in the program it was made with and save it anew.</source>
        <translation>اطلبوه من جديد، أو افتحوه في البرنامج الذي أُعدّ به واحفظوه من جديد.</translation>
    </message>
    <message>
        <source>Ask for it as vCard 3.0 or 4.0.</source>
        <translation>اطلبوها بصيغة vCard 3.0 أو 4.0.</translation>
    </message>
    <message>
        <source>Ask for it in STIX 2.1.</source>
        <translation>اطلبوها بإصدار STIX 2.1.</translation>
    </message>
    <message>
        <source>Ask for it in smaller parts, or keep it as an attachment.</source>
        <translation>اطلبوها في أجزاء أصغر، أو احتفظوا بها مرفقاً.</translation>
    </message>
    <message>
        <source>Ask for smaller files (at most 2,000 cards).</source>
        <translation>اطلبوا ملفات أصغر (2,000 بطاقة على الأكثر).</translation>
    </message>
    <message>
        <source>Ask for the bundle as a .json file.</source>
        <translation>اطلبوا الحزمة في ملف .json.</translation>
    </message>
    <message>
        <source>Ask for the card alone.</source>
        <translation>اطلبوا البطاقة وحدها.</translation>
    </message>
    <message>
        <source>Ask for the card once more, as vCard 3.0 or 4.0.</source>
        <translation>اطلبوا البطاقة مرة أخرى، بصيغة vCard 3.0 أو 4.0.</translation>
    </message>
    <message>
        <source>Ask for the text itself, best as a Word document.</source>
        <translation>اطلبوا النص نفسه، والأفضل بصيغة مستند Word.</translation>
    </message>
    <message>
        <source>Ask for them once more, as vCard 3.0 or 4.0.</source>
        <translation>اطلبوها مرة أخرى، بصيغة vCard 3.0 أو 4.0.</translation>
    </message>
    <message>
        <source>Ask in a round that is meant in earnest.</source>
        <translation>اسألوا في جولة حقيقية.</translation>
    </message>
    <message>
        <source>Ask it by another way, then decide in Contacts.</source>
        <translation>اسألوه بوسيلة أخرى، ثم اتخذوا القرار في «جهات التراسل».</translation>
    </message>
    <message>
        <source>Ask it for its card again.</source>
        <translation>اطلبوا منه بطاقته من جديد.</translation>
    </message>
    <message>
        <source>Ask it for its identity card and open it in Contacts.</source>
        <translation>اطلبوا منه بطاقة هويته وافتحوها في «جهات التراسل».</translation>
    </message>
    <message>
        <source>Ask it. Its label, and what it allows beyond the label, stand on the page of the incident.</source>
        <translation>اسألوه. وعلامته، وما يسمح به زيادةً عليها، واردان في صفحة الحادث.</translation>
    </message>
    <message>
        <source>Ask its operator, or for a correspondent&apos;s relay ask that delegation. What waits is kept.</source>
        <translation>اسألوا مشغّلها، وإن كانت محطة ترحيل لمراسِل فاسألوا ذلك الوفد. ما ينتظر محفوظ.</translation>
    </message>
    <message>
        <source>Ask its sender for a new one; nothing was taken in.</source>
        <translation>اطلبوا من مرسلها حزمة جديدة؛ ولم يُدخل شيء.</translation>
    </message>
    <message>
        <source>Ask its sender for a smaller one.</source>
        <translation>اطلبوا من مرسله ملفاً أصغر.</translation>
    </message>
    <message>
        <source>Ask its sender for one that is; nothing was taken in.</source>
        <translation>اطلبوا من مرسلها حزمة مستوفية لذلك؛ ولم يُدخل شيء.</translation>
    </message>
    <message>
        <source>Ask its sender how it may be shared; nothing was taken in.</source>
        <translation>اسألوا مرسلها كيف يجوز تداولها؛ ولم يُدخل شيء.</translation>
    </message>
    <message>
        <source>Ask its sender to send it again.</source>
        <translation>اطلبوا من مرسله إرساله من جديد.</translation>
    </message>
    <message>
        <source>Ask its sender to send it again; if it recurs, compare identities.</source>
        <translation>اطلبوا من مرسله إرساله من جديد؛ وإذا تكرر ذلك فقارنوا الهويتين.</translation>
    </message>
    <message>
        <source>Ask its sender to send it again; if it recurs, tell your security officer.</source>
        <translation>اطلبوا من مرسله إرساله من جديد؛ وإذا تكرر ذلك فأبلغوا مسؤول الأمن لديكم.</translation>
    </message>
    <message>
        <source>Ask that delegation by another way before sending anything.</source>
        <translation>اسألوا ذلك الوفد بوسيلة أخرى قبل إرسال أي شيء.</translation>
    </message>
    <message>
        <source>Ask that delegation for its newest card.</source>
        <translation>اطلبوا من ذلك الوفد أحدث بطاقة له.</translation>
    </message>
    <message>
        <source>Ask that delegation for its newest card; until then it is kept sealed.</source>
        <translation>اطلبوا من ذلك الوفد أحدث بطاقة له؛ وحتى ذلك الحين يُحفظ مختوماً.</translation>
    </message>
    <message>
        <source>Ask the delegation for its card again, best handed over in person.</source>
        <translation>اطلبوا من الوفد بطاقته من جديد، والأفضل أن تُسلَّم حضورياً.</translation>
    </message>
    <message>
        <source>Ask the delegation for its card again.</source>
        <translation>اطلبوا من الوفد بطاقته من جديد.</translation>
    </message>
    <message>
        <source>Ask the delegation for its newest card.</source>
        <translation>اطلبوا من الوفد أحدث بطاقة له.</translation>
    </message>
    <message>
        <source>Ask the delegation that chairs the room.</source>
        <translation>اطلبوا ذلك من الوفد الذي يرأس الغرفة.</translation>
    </message>
    <message>
        <source>Ask the first laptop for it again, carried by hand.</source>
        <translation>اطلبوه من الحاسوب المحمول الأول من جديد، منقولاً باليد.</translation>
    </message>
    <message>
        <source>Ask the first laptop for the answer to the request made here.</source>
        <translation>اطلبوا من الحاسوب المحمول الأول الجواب عن الطلب المعدّ هنا.</translation>
    </message>
    <message>
        <source>Ask the officer who admits laptops in your delegation.</source>
        <translation>اسألوا الموظف الذي يضمّ الحواسيب المحمولة في وفدكم.</translation>
    </message>
    <message>
        <source>Ask the operator of the relay for a new file. What waits is kept; a courier can take it.</source>
        <translation>اطلبوا من مشغّل محطة الترحيل ملفاً جديداً. ما ينتظر محفوظ؛ ويمكن لحامل الحقيبة نقله.</translation>
    </message>
    <message>
        <source>Ask the operator of the relay for the file again; it begins with VALISE-RELAY-1.</source>
        <translation>اطلبوا الملف من جديد من مشغّل محطة الترحيل؛ وهو يبدأ بعبارة VALISE-RELAY-1.</translation>
    </message>
    <message>
        <source>Ask the pen to reopen it.</source>
        <translation>اطلبوا من القلم إعادة فتحها.</translation>
    </message>
    <message>
        <source>Ask the publisher which version to take first.</source>
        <translation>اسألوا الناشر عن الإصدار الذي يُؤخذ أولاً.</translation>
    </message>
    <message>
        <source>Ask whoever sent it for a plain copy.</source>
        <translation>اطلبوا ممن أرسله نسخة عادية.</translation>
    </message>
    <message>
        <source>At least two custodians have to agree, and no more than there are.</source>
        <translation>يلزم أن يتفق اثنان على الأقل من الوفود المؤتمَنة، ولا يتجاوز العدد ما هو موجود منها.</translation>
    </message>
    <message>
        <source>Attach it here once more.</source>
        <translation>أرفقوه هنا مرة أخرى.</translation>
    </message>
    <message>
        <source>Begin again and compare every word with the paper.</source>
        <translation>ابدأوا من جديد وقارنوا كل كلمة بالورق.</translation>
    </message>
    <message>
        <source>Begin the form anew.</source>
        <translation>ابدأوا الاستمارة من جديد.</translation>
    </message>
    <message>
        <source>Bring both laptops to the same version, then ask for the answer again.</source>
        <translation>وحّدوا الإصدار على الحاسوبين المحمولين، ثم اطلبوا الجواب من جديد.</translation>
    </message>
    <message>
        <source>Bring both laptops to the same version, then make the request again.</source>
        <translation>وحّدوا الإصدار على الحاسوبين المحمولين، ثم أعدّوا الطلب من جديد.</translation>
    </message>
    <message>
        <source>Bring both to the same version, then ask for the card again.</source>
        <translation>وحّدوا الإصدار لدى الطرفين، ثم اطلبوا البطاقة من جديد.</translation>
    </message>
    <message>
        <source>Cards of other delegations are read under Contacts.</source>
        <translation>تُقرأ بطاقات الوفود الأخرى في «جهات التراسل».</translation>
    </message>
    <message>
        <source>Change it and keep the row again. Dates are written 2026-11-22, times 2026-11-22 10:00 UTC.</source>
        <translation>غيّروه واحفظوا الصف من جديد. تُكتب التواريخ 2026-11-22 والأوقات 2026-11-22 10:00 UTC.</translation>
    </message>
    <message>
        <source>Change what has changed, or attach a file.</source>
        <translation>غيّروا ما تغيّر، أو أرفقوا ملفاً.</translation>
    </message>
    <message>
        <source>Check Caps Lock and the keyboard&apos;s language, then type it again.</source>
        <translation>تحققوا من Caps Lock ومن لغة لوحة المفاتيح، ثم اكتبوها من جديد.</translation>
    </message>
    <message>
        <source>Check that it is still there and that you may read it.</source>
        <translation>تحققوا من أنه ما زال موجوداً هناك ومن أن قراءته مسموحة لكم.</translation>
    </message>
    <message>
        <source>Check that it opens elsewhere, or save it anew and open that.</source>
        <translation>تحققوا من أنه يُفتح في مكان آخر، أو احفظوه من جديد وافتحوا المحفوظ.</translation>
    </message>
    <message>
        <source>Check that there is room and that you may write there.</source>
        <translation>تحققوا من وجود سعة ومن أن الكتابة هناك مسموحة لكم.</translation>
    </message>
    <message>
        <source>Check that you chose the right file.</source>
        <translation>تحققوا من أنكم اخترتم الملف الصحيح.</translation>
    </message>
    <message>
        <source>Check the disk and that you may write there, then try again.</source>
        <translation>تحققوا من القرص ومن أن الكتابة فيه مسموحة لكم، ثم أعيدوا المحاولة.</translation>
    </message>
    <message>
        <source>Check the disk and the exchange folder, then try again.</source>
        <translation>تحققوا من القرص ومجلد التبادل، ثم أعيدوا المحاولة.</translation>
    </message>
    <message>
        <source>Check the disk, then do it again.</source>
        <translation>تحققوا من القرص، ثم أعيدوا ما فعلتموه.</translation>
    </message>
    <message>
        <source>Check the drive, the share or the network; what waits is kept and sent then.</source>
        <translation>تحققوا من القرص أو المجلد المشترك أو الشبكة؛ وما ينتظر محفوظ ويُرسل بعد ذلك.</translation>
    </message>
    <message>
        <source>Check the rights of your home folder, then start again.</source>
        <translation>تحققوا من صلاحيات مجلدكم الرئيسي، ثم شغّلوا البرنامج من جديد.</translation>
    </message>
    <message>
        <source>Check what you wrote for unusual characters, then try again.</source>
        <translation>ابحثوا فيما كتبتموه عن أحرف غير معتادة، ثم أعيدوا المحاولة.</translation>
    </message>
    <message>
        <source>Checking took too long or needed too much memory.</source>
        <translation>استغرق التحقق وقتاً طويلاً أو احتاج إلى ذاكرة أكثر مما ينبغي.</translation>
    </message>
    <message>
        <source>Choose a backup you know the way of, and tell your security officer.</source>
        <translation>اختاروا نسخة احتياطية تعرفون مسارها، وأبلغوا مسؤول الأمن لديكم.</translation>
    </message>
    <message>
        <source>Choose a document.</source>
        <translation>اختاروا مستنداً.</translation>
    </message>
    <message>
        <source>Choose a file as the United Nations publishes it, or save the text as .docx.</source>
        <translation>اختاروا ملفاً كما تنشره الأمم المتحدة، أو احفظوا النص بصيغة ‎.docx.</translation>
    </message>
    <message>
        <source>Choose a file in version 3.0, or save the text as .docx.</source>
        <translation>اختاروا ملفاً بالإصدار 3.0، أو احفظوا النص بصيغة ‎.docx.</translation>
    </message>
    <message>
        <source>Choose a file that ends in .vcf.</source>
        <translation>اختاروا ملفاً ينتهي بـ ‎.vcf.</translation>
    </message>
    <message>
        <source>Choose a file whose name ends in .valise-backup.</source>
        <translation>اختاروا ملفاً ينتهي اسمه بـ .valise-backup.</translation>
    </message>
    <message>
        <source>Choose a higher channel.</source>
        <translation>اختاروا قناة أعلى.</translation>
    </message>
    <message>
        <source>Choose a later one.</source>
        <translation>اختاروا موعداً لاحقاً.</translation>
    </message>
    <message>
        <source>Choose a marking of the list, or write a shorter one.</source>
        <translation>اختاروا علامة من القائمة، أو اكتبوا علامة أقصر.</translation>
    </message>
    <message>
        <source>Choose a member of the room.</source>
        <translation>اختاروا عضواً في الغرفة.</translation>
    </message>
    <message>
        <source>Choose a paragraph or an amendment that stands.</source>
        <translation>اختاروا فقرة قائمة أو تعديلاً قائماً.</translation>
    </message>
    <message>
        <source>Choose a photograph or a screenshot as PNG, JPEG, BMP or WebP.</source>
        <translation>اختاروا صورة فوتوغرافية أو صورة شاشة بصيغة PNG أو JPEG أو BMP أو WebP.</translation>
    </message>
    <message>
        <source>Choose a reason.</source>
        <translation>اختاروا سبباً.</translation>
    </message>
    <message>
        <source>Choose a room with another delegation in it, or make one under Messages.</source>
        <translation>اختاروا غرفة فيها وفد آخر، أو أنشئوا واحدة في «الرسائل».</translation>
    </message>
    <message>
        <source>Choose a room with one delegation, or another label.</source>
        <translation>اختاروا غرفة مع وفد واحد، أو علامة أخرى.</translation>
    </message>
    <message>
        <source>Choose a shorter one.</source>
        <translation>اختاروا اسماً أقصر.</translation>
    </message>
    <message>
        <source>Choose a shorter time and try again.</source>
        <translation>اختاروا مدة أقصر وأعيدوا المحاولة.</translation>
    </message>
    <message>
        <source>Choose a stick, or a folder on another disk.</source>
        <translation>اختاروا ذاكرة محمولة، أو مجلداً على قرص آخر.</translation>
    </message>
    <message>
        <source>Choose a whole number of hours or days under Settings.</source>
        <translation>اختاروا عدداً صحيحاً من الساعات أو الأيام في «الإعدادات».</translation>
    </message>
    <message>
        <source>Choose an entry of your own State.</source>
        <translation>اختاروا قيداً لدولتكم أنتم.</translation>
    </message>
    <message>
        <source>Choose another answer for it, or leave its words standing.</source>
        <translation>اختاروا له جواباً آخر، أو اتركوا كلماته قائمة.</translation>
    </message>
    <message>
        <source>Choose another delegation to tell.</source>
        <translation>اختاروا وفداً آخر لإبلاغه.</translation>
    </message>
    <message>
        <source>Choose another delegation, or ask it to admit a laptop with that right.</source>
        <translation>اختاروا وفداً آخر، أو اطلبوا منه ضمّ حاسوب محمول له هذا الحق.</translation>
    </message>
    <message>
        <source>Choose another delegation.</source>
        <translation>اختاروا وفداً آخر.</translation>
    </message>
    <message>
        <source>Choose another file or another time.</source>
        <translation>اختاروا ملفاً آخر أو مدة أخرى.</translation>
    </message>
    <message>
        <source>Choose another file, or save the page again from the browser.</source>
        <translation>اختاروا ملفاً آخر، أو احفظوا الصفحة من جديد من المتصفح.</translation>
    </message>
    <message>
        <source>Choose another marking, or write to one delegation.</source>
        <translation>اختاروا علامة تداول أخرى، أو اكتبوا إلى وفد واحد.</translation>
    </message>
    <message>
        <source>Choose another one, and do not trust that stick with the next.</source>
        <translation>اختاروا نسخة أخرى، ولا تأتمنوا تلك الذاكرة المحمولة على النسخة التالية.</translation>
    </message>
    <message>
        <source>Choose another one, or make a new one in another place.</source>
        <translation>اختاروا نسخة أخرى، أو أعدّوا نسخة جديدة في مكان آخر.</translation>
    </message>
    <message>
        <source>Choose another one.</source>
        <translation>اختاروا نسخة أخرى.</translation>
    </message>
    <message>
        <source>Choose another one; nothing was written.</source>
        <translation>اختاروا غرفة أخرى؛ ولم يُكتب شيء.</translation>
    </message>
    <message>
        <source>Choose another term.</source>
        <translation>اختاروا مدة أخرى.</translation>
    </message>
    <message>
        <source>Choose another text in the list.</source>
        <translation>اختاروا نصاً آخر من القائمة.</translation>
    </message>
    <message>
        <source>Choose another type of message.</source>
        <translation>اختاروا نوعاً آخر من الرسائل.</translation>
    </message>
    <message>
        <source>Choose another value.</source>
        <translation>اختاروا قيمة أخرى.</translation>
    </message>
    <message>
        <source>Choose at least one.</source>
        <translation>اختاروا غرفة واحدة على الأقل.</translation>
    </message>
    <message>
        <source>Choose consultations or events.</source>
        <translation>اختاروا المشاورات أو الفعاليات.</translation>
    </message>
    <message>
        <source>Choose each of them once.</source>
        <translation>اختاروا كلاً منها مرة واحدة.</translation>
    </message>
    <message>
        <source>Choose fewer rows with a filter, or write it as CSV.</source>
        <translation>اختاروا صفوفاً أقل بعامل تصفية، أو اكتبوه بصيغة CSV.</translation>
    </message>
    <message>
        <source>Choose one answer for each amendment.</source>
        <translation>اختاروا جواباً واحداً لكل تعديل.</translation>
    </message>
    <message>
        <source>Choose one from the list.</source>
        <translation>اختاروا واحدة من القائمة.</translation>
    </message>
    <message>
        <source>Choose one of the six.</source>
        <translation>اختاروا واحدة من الست.</translation>
    </message>
    <message>
        <source>Choose one of the two.</source>
        <translation>اختاروا أحد الاثنين.</translation>
    </message>
    <message>
        <source>Choose one of those offered.</source>
        <translation>اختاروا واحداً مما هو معروض.</translation>
    </message>
    <message>
        <source>Choose one other delegation for a bilateral room, at least one for a group.</source>
        <translation>اختاروا وفداً آخر واحداً لغرفة ثنائية، ووفداً واحداً على الأقل لمجموعة.</translation>
    </message>
    <message>
        <source>Choose preamble, operative part, annex or other.</source>
        <translation>اختاروا الديباجة أو المنطوق أو المرفق أو غير ذلك.</translation>
    </message>
    <message>
        <source>Choose support, can go along, reserve, scrutiny reservation or oppose.</source>
        <translation>اختاروا التأييد أو عدم الممانعة أو التحفظ أو التحفظ للدراسة أو المعارضة.</translation>
    </message>
    <message>
        <source>Choose the State, the delegation or the item first.</source>
        <translation>اختاروا أولاً الدولة أو الوفد أو البند.</translation>
    </message>
    <message>
        <source>Choose the document itself.</source>
        <translation>اختاروا المستند نفسه.</translation>
    </message>
    <message>
        <source>Choose the file named delegation.key, usually on a stick.</source>
        <translation>اختاروا الملف المسمى delegation.key، وهو عادةً على ذاكرة محمولة.</translation>
    </message>
    <message>
        <source>Choose the file that ends in .release, or get it again from the publisher.</source>
        <translation>اختاروا الملف الذي ينتهي بـ ‎.release، أو احصلوا عليه من الناشر من جديد.</translation>
    </message>
    <message>
        <source>Choose the file that the first laptop saved.</source>
        <translation>اختاروا الملف الذي حفظه الحاسوب المحمول الأول.</translation>
    </message>
    <message>
        <source>Choose the file that the other laptop saved.</source>
        <translation>اختاروا الملف الذي حفظه الحاسوب المحمول الآخر.</translation>
    </message>
    <message>
        <source>Choose the file the other delegation gave you.</source>
        <translation>اختاروا الملف الذي أعطاكم إياه الوفد الآخر.</translation>
    </message>
    <message>
        <source>Choose the key file of your own delegation.</source>
        <translation>اختاروا ملف مفتاح وفدكم.</translation>
    </message>
    <message>
        <source>Choose the other side, or the register within your delegation.</source>
        <translation>اختاروا الجانب الآخر، أو السجل الذي داخل وفدكم.</translation>
    </message>
    <message>
        <source>Choose the same label or a narrower one.</source>
        <translation>اختاروا العلامة نفسها أو علامة أضيق.</translation>
    </message>
    <message>
        <source>Choose two or more delegations, or none.</source>
        <translation>اختاروا وفدين أو أكثر، أو لا تختاروا أحداً.</translation>
    </message>
    <message>
        <source>Choose what is requested, or send a notification instead.</source>
        <translation>اختاروا ما هو مطلوب، أو أرسلوا إشعاراً بدلاً من ذلك.</translation>
    </message>
    <message>
        <source>Close other programs and try again, or compare the number by eye.</source>
        <translation>أغلقوا البرامج الأخرى وأعيدوا المحاولة، أو قارنوا الرقم بالعين.</translation>
    </message>
    <message>
        <source>Close other programs and try again; if it happens again, run valise doctor.</source>
        <translation>أغلقوا البرامج الأخرى وأعيدوا المحاولة؛ وإذا تكرر ذلك فشغّلوا valise doctor.</translation>
    </message>
    <message>
        <source>Close other programs, then try again.</source>
        <translation>أغلقوا البرامج الأخرى، ثم أعيدوا المحاولة.</translation>
    </message>
    <message>
        <source>Compare again in one of the ways shown.</source>
        <translation>قارنوا من جديد بإحدى الطرق المبيّنة.</translation>
    </message>
    <message>
        <source>Compare once more, best in person, then decide in Contacts.</source>
        <translation>قارنوا مرة أخرى، والأفضل حضورياً، ثم اتخذوا القرار في «جهات التراسل».</translation>
    </message>
    <message>
        <source>Compare the words with the paper; perhaps they are for another vault.</source>
        <translation>قارنوا الكلمات بالورق؛ فلعلها لخزنة أخرى.</translation>
    </message>
    <message>
        <source>Compare with it first, then choose it.</source>
        <translation>قارنوا معه أولاً، ثم اختاروه.</translation>
    </message>
    <message>
        <source>Compare with it first, then vouch for it.</source>
        <translation>قارنوا معه أولاً، ثم زكّوه.</translation>
    </message>
    <message>
        <source>Compare with it in person, then decide in Contacts.</source>
        <translation>قارنوا معه حضورياً، ثم اتخذوا القرار في «جهات التراسل».</translation>
    </message>
    <message>
        <source>Compare with that delegation in person before sending anything.</source>
        <translation>قارنوا مع ذلك الوفد حضورياً قبل إرسال أي شيء.</translation>
    </message>
    <message>
        <source>Connect the disk they are on, or restore a backup.</source>
        <translation>صِلوا القرص الذي هي عليه، أو استعيدوا نسخة احتياطية.</translation>
    </message>
    <message>
        <source>Connect; it goes on by itself.</source>
        <translation>أقيموا الاتصال؛ ويتواصل العمل تلقائياً.</translation>
    </message>
    <message>
        <source>Copy it onto this computer and choose it there.</source>
        <translation>انسخه إلى هذا الحاسوب واختره من هناك.</translation>
    </message>
    <message>
        <source>Correct the times; they are UTC.</source>
        <translation>صوّبوا الأوقات؛ وهي بتوقيت UTC.</translation>
    </message>
    <message>
        <source>Cut it to the code, or take a smaller one (at most 24 MiB).</source>
        <translation>اقتطعوا منها الرمز، أو خذوا صورة أصغر (24 MiB على الأكثر).</translation>
    </message>
    <message>
        <source>Decide each of them first, then agree the paragraph.</source>
        <translation>بتّوا في كل منها أولاً، ثم اتفقوا على الفقرة.</translation>
    </message>
    <message>
        <source>Divide it and import the parts.</source>
        <translation>قسّموها واستوردوا الأجزاء.</translation>
    </message>
    <message>
        <source>Divide the document and import the parts.</source>
        <translation>قسّموا المستند واستوردوا الأجزاء.</translation>
    </message>
    <message>
        <source>Divide the text, or save it as a Word document.</source>
        <translation>قسّموا النص، أو احفظوه بصيغة مستند Word.</translation>
    </message>
    <message>
        <source>Do it in several steps, a few paragraphs each.</source>
        <translation>أجروه على عدة خطوات، بضع فقرات في كل منها.</translation>
    </message>
    <message>
        <source>Do it in several steps.</source>
        <translation>أجروه على عدة خطوات.</translation>
    </message>
    <message>
        <source>Do not install it. Choose a package that is named here, or the release file that came with this one.</source>
        <translation>لا تثبّتوها. اختاروا حزمة مذكورة هنا، أو ملف الإصدار الذي جاء مع هذه الحزمة.</translation>
    </message>
    <message>
        <source>Do not open it with another program; ask its sender.</source>
        <translation>لا تفتحوها ببرنامج آخر؛ واسألوا مرسلها.</translation>
    </message>
    <message>
        <source>Do not rely on the file; use the command valise verify on another machine.</source>
        <translation>لا تعتمدوا على الملف؛ واستخدموا الأمر valise verify على جهاز آخر.</translation>
    </message>
    <message>
        <source>Do not sign on. Ask the delegation that opened it, in person or by telephone.</source>
        <translation>لا تنضموا. اسألوا الوفد الذي فتحه، حضورياً أو بالهاتف.</translation>
    </message>
    <message>
        <source>Do not type the passphrase. Restore the file from a backup.</source>
        <translation>لا تكتبوا عبارة المرور. استعيدوا الملف من نسخة احتياطية.</translation>
    </message>
    <message>
        <source>Do not use it. Ask both delegations for their cards by another way.</source>
        <translation>لا تستخدموها. اطلبوا من الوفدين بطاقتيهما بوسيلة أخرى.</translation>
    </message>
    <message>
        <source>Do not use it. Ask the delegation for its card by another way.</source>
        <translation>لا تستخدموها. اطلبوا من الوفد بطاقته بوسيلة أخرى.</translation>
    </message>
    <message>
        <source>Do not use it; take the one made when the delegation was founded.</source>
        <translation>لا تستخدموه؛ وخذوا الملف المعدّ عند تأسيس الوفد.</translation>
    </message>
    <message>
        <source>Do not use this file; ask for the card by another way.</source>
        <translation>لا تستخدموا هذا الملف؛ واطلبوا البطاقة بوسيلة أخرى.</translation>
    </message>
    <message>
        <source>Each share says on paper how many of its set it takes.</source>
        <translation>تبيّن كل حصة على الورق كم يلزم من مجموعتها.</translation>
    </message>
    <message>
        <source>Edit the words first.</source>
        <translation>حرّروا الكلمات أولاً.</translation>
    </message>
    <message>
        <source>Exchange first (Ctrl+R), then begin again.</source>
        <translation>أجروا تبادلاً أولاً (Ctrl+R)، ثم ابدأوا من جديد.</translation>
    </message>
    <message>
        <source>Exchange once more and look again.</source>
        <translation>أجروا تبادلاً مرة أخرى وانظروا من جديد.</translation>
    </message>
    <message>
        <source>Exchange once more, so that its newest card comes, and try again; or take its card in person.</source>
        <translation>أجروا تبادلاً مرة أخرى لتصل أحدث بطاقة له، وأعيدوا المحاولة؛ أو خذوا بطاقته حضورياً.</translation>
    </message>
    <message>
        <source>Exchange once more; it may still be under way.</source>
        <translation>أجروا تبادلاً مرة أخرى؛ فقد يكون ما زال في الطريق.</translation>
    </message>
    <message>
        <source>Fill in the marked field as well, then keep both.</source>
        <translation>املأوا الحقل المعلَّم أيضاً، ثم احفظوا كليهما.</translation>
    </message>
    <message>
        <source>Fill in the marked field, then keep the row again.</source>
        <translation>املأوا الحقل المعلَّم، ثم احفظوا الصف من جديد.</translation>
    </message>
    <message>
        <source>Fill in the time, or choose another urgency.</source>
        <translation>املأوا الوقت، أو اختاروا درجة استعجال أخرى.</translation>
    </message>
    <message>
        <source>First let the passphrase open alone.</source>
        <translation>اجعلوا أولاً عبارة المرور تفتح وحدها.</translation>
    </message>
    <message>
        <source>Free some space there, or take another stick; what waits is kept and sent then.</source>
        <translation>أفسحوا بعض السعة هناك، أو خذوا ذاكرة محمولة أخرى؛ وما ينتظر محفوظ ويُرسل بعد ذلك.</translation>
    </message>
    <message>
        <source>Free some space, then do it again.</source>
        <translation>أفسحوا بعض السعة، ثم أعيدوا ما فعلتموه.</translation>
    </message>
    <message>
        <source>Give another laptop the right to admit laptops first.</source>
        <translation>امنحوا أولاً حاسوباً محمولاً آخر حق ضمّ الحواسيب المحمولة.</translation>
    </message>
    <message>
        <source>Give it a name and keep it again.</source>
        <translation>أعطوه اسماً واحفظوه من جديد.</translation>
    </message>
    <message>
        <source>Give it a short name; those asked read it.</source>
        <translation>أعطوها اسماً قصيراً؛ فمن يُسألون يقرؤونه.</translation>
    </message>
    <message>
        <source>Give it one that every member will understand.</source>
        <translation>أعطوها عنواناً يفهمه كل عضو.</translation>
    </message>
    <message>
        <source>Give it one, then open it.</source>
        <translation>أعطوه عنواناً، ثم افتحوه.</translation>
    </message>
    <message>
        <source>Give one that no earlier revision has, for example ending in Rev.3.</source>
        <translation>أعطوه رمزاً ليس لأي تنقيح سابق، كأن ينتهي بـ Rev.3.</translation>
    </message>
    <message>
        <source>Give the delegation a new one.</source>
        <translation>امنحوا الوفد إذناً جديداً.</translation>
    </message>
    <message>
        <source>Give your own register another id in its file.</source>
        <translation>أعطوا سجلكم معرّفاً آخر في ملفه.</translation>
    </message>
    <message>
        <source>Go to Contacts, compare with that delegation and decide.</source>
        <translation>انتقلوا إلى «جهات التراسل» وقارنوا مع ذلك الوفد واتخذوا قراراً.</translation>
    </message>
    <message>
        <source>Go to that window, or close it and try again.</source>
        <translation>انتقلوا إلى تلك النافذة، أو أغلقوها وأعيدوا المحاولة.</translation>
    </message>
    <message>
        <source>Hand the stick on. Whoever is the last may delete the file.</source>
        <translation>سلّموا الذاكرة المحمولة إلى من يليكم. ولآخر من يستلمها أن يحذف الملف.</translation>
    </message>
    <message>
        <source>Have a laptop that is in use admit this one, and ask who signed the other list.</source>
        <translation>دعوا حاسوباً محمولاً قيد الاستخدام يضمّ هذا الحاسوب، واسألوا من الذي وقّع القائمة الأخرى.</translation>
    </message>
    <message>
        <source>How the identities were compared was not said.</source>
        <translation>لم تُذكر كيفية مقارنة الهويتين.</translation>
    </message>
    <message>
        <source>If nobody moved it, look for the copy in your safe.</source>
        <translation>إذا لم ينقله أحد فابحثوا عن النسخة في خزانتكم المأمونة.</translation>
    </message>
    <message>
        <source>If you expected it, open the sender&apos;s newest identity card first, then the bundle again.</source>
        <translation>إذا كنتم تتوقعونها فافتحوا أولاً أحدث بطاقة هوية للمرسل، ثم الرزمة من جديد.</translation>
    </message>
    <message>
        <source>If you want an archive of your own, say so above. Nothing was written.</source>
        <translation>إذا أردتم أرشيفاً خاصاً بكم فبيّنوا ذلك أعلاه. ولم يُكتب شيء.</translation>
    </message>
    <message>
        <source>In a room with others each delegation writes the rows of its own State only.</source>
        <translation>في غرفة مع آخرين لا يكتب كل وفد إلا صفوف دولته هو.</translation>
    </message>
    <message>
        <source>Install Valise anew; the vault itself is untouched.</source>
        <translation>ثبّتوا Valise من جديد؛ والخزنة نفسها لم تُمس.</translation>
    </message>
    <message>
        <source>Install nothing of it. Ask the publisher, by another way, whether its key is another one now.</source>
        <translation>لا تثبّتوا شيئاً منه. اسألوا الناشر بطريقة أخرى هل تغيّر مفتاحه.</translation>
    </message>
    <message>
        <source>Install nothing of it. Get both again from the publisher, by another way.</source>
        <translation>لا تثبّتوا شيئاً منه. احصلوا على الاثنين من جديد من الناشر، بطريقة أخرى.</translation>
    </message>
    <message>
        <source>Install the Noto fonts (fonts-noto-core and fonts-noto-cjk), then try again.</source>
        <translation>ثبّتوا خطوط Noto (fonts-noto-core وfonts-noto-cjk)، ثم أعيدوا المحاولة.</translation>
    </message>
    <message>
        <source>Install the newer version on this device.</source>
        <translation>ثبّتوا الإصدار الأحدث على هذا الجهاز.</translation>
    </message>
    <message>
        <source>Install the newer version, then try again.</source>
        <translation>ثبّتوا الإصدار الأحدث، ثم أعيدوا المحاولة.</translation>
    </message>
    <message>
        <source>It did not leave. Look at it again after the next exchange.</source>
        <translation>لم تغادر. انظروا فيها من جديد بعد التبادل التالي.</translation>
    </message>
    <message>
        <source>It is computed again from the signed entries; there is nothing to do.</source>
        <translation>تُحسب من جديد انطلاقاً من القيود الموقّعة؛ ولا يلزم فعل شيء.</translation>
    </message>
    <message>
        <source>It is kept sealed, and its keys have been asked for again.</source>
        <translation>هي محفوظة مختومةً، وطُلبت مفاتيحها من جديد.</translation>
    </message>
    <message>
        <source>It is not chosen what this row is about.</source>
        <translation>لم يُحدَّد موضوع هذا الصف.</translation>
    </message>
    <message>
        <source>It is of the first version: keep two copies of its key file in two safes.</source>
        <translation>هو من الإصدار الأول: احتفظوا بنسختين من ملف مفتاحه في خزانتين مأمونتين.</translation>
    </message>
    <message>
        <source>It is tried again at each exchange; there is nothing to do.</source>
        <translation>تُعاد المحاولة في كل تبادل؛ ولا يلزم فعل شيء.</translation>
    </message>
    <message>
        <source>It is tried again at the next exchange; there is nothing to do.</source>
        <translation>تُعاد المحاولة في التبادل التالي؛ ولا يلزم فعل شيء.</translation>
    </message>
    <message>
        <source>It lists every laptop there ever was. Renew a laptop for another officer instead of admitting one.</source>
        <translation>فهي تدرج كل حاسوب محمول وُجد يوماً. جدّدوا حاسوباً محمولاً لموظف آخر بدلاً من ضمّ حاسوب.</translation>
    </message>
    <message>
        <source>It may still be under way: wait for the next exchange.</source>
        <translation>قد يكون ما زال في الطريق: انتظروا التبادل التالي.</translation>
    </message>
    <message>
        <source>It sends nothing and gets nothing any more; what it holds can still be read here.</source>
        <translation>لا يرسل شيئاً ولا يصله شيء بعد الآن؛ وما فيه يمكن قراءته هنا مع ذلك.</translation>
    </message>
    <message>
        <source>It was left as it was. Run valise doctor.</source>
        <translation>تُركت كما كانت. شغّلوا valise doctor.</translation>
    </message>
    <message>
        <source>It was never finished, or the copy was cut short. Choose another one.</source>
        <translation>لم تكتمل قط، أو بُتر النسخ. اختاروا نسخة أخرى.</translation>
    </message>
    <message>
        <source>It was refused whole; nothing of it entered the vault.</source>
        <translation>رُفض كله؛ ولم يدخل الخزنة شيء منه.</translation>
    </message>
    <message>
        <source>Its missing parts have been asked for again.</source>
        <translation>طُلبت أجزاؤه الناقصة من جديد.</translation>
    </message>
    <message>
        <source>Its operator has to bring it up to date. What waits is kept; a courier can take it.</source>
        <translation>على مشغّلها تحديثها. ما ينتظر محفوظ؛ ويمكن لحامل الحقيبة نقله.</translation>
    </message>
    <message>
        <source>Its sender sends it again; give your newest card to those who never wrote to you before.</source>
        <translation>يعيد مرسله إرساله؛ أعطوا أحدث بطاقة لديكم لمن لم يكتب إليكم قط من قبل.</translation>
    </message>
    <message>
        <source>Its vault was put back from an older copy, or it is in use twice. Ask that delegation.</source>
        <translation>أُعيدت خزنته من نسخة أقدم، أو أنها مستخدمة مرتين. اسألوا ذلك الوفد.</translation>
    </message>
    <message>
        <source>Keep the row without choosing a room.</source>
        <translation>احفظوا الصف دون اختيار غرفة.</translation>
    </message>
    <message>
        <source>Keys came from a laptop under a key that was given to another one.</source>
        <translation>وردت من حاسوب محمول مفاتيح بمفتاح أُعطي لغيره.</translation>
    </message>
    <message>
        <source>Keys that came from another laptop are not valid.</source>
        <translation>مفاتيح وردت من حاسوب محمول آخر غير صالحة.</translation>
    </message>
    <message>
        <source>Laying out the pages took more time or memory than is allowed.</source>
        <translation>استغرق تنسيق الصفحات وقتاً أو ذاكرة أكثر من المسموح به.</translation>
    </message>
    <message>
        <source>Leave it as it is; it follows from what happens.</source>
        <translation>اتركوه كما هو؛ فهو ينتج مما يحدث.</translation>
    </message>
    <message>
        <source>Leave the folder as it is and run valise doctor.</source>
        <translation>اتركوا المجلد كما هو وشغّلوا valise doctor.</translation>
    </message>
    <message>
        <source>Leave them out of the round.</source>
        <translation>استبعدوها من الجولة.</translation>
    </message>
    <message>
        <source>Let it ask to be admitted anew.</source>
        <translation>دعوه يطلب ضمّه من جديد.</translation>
    </message>
    <message>
        <source>Let the other laptop make its request again, and carry it by hand.</source>
        <translation>دعوا الحاسوب المحمول الآخر يعدّ طلبه من جديد، وانقلوه باليد.</translation>
    </message>
    <message>
        <source>Let the other laptop make its request again.</source>
        <translation>دعوا الحاسوب المحمول الآخر يعدّ طلبه من جديد.</translation>
    </message>
    <message>
        <source>Let the passphrase open alone, make and rehearse new shares, then demand the keyring again.</source>
        <translation>اجعلوا عبارة المرور تفتح وحدها، وأعدّوا حصصاً جديدة وتمرّنوا عليها، ثم اشترطوا سلسلة المفاتيح من جديد.</translation>
    </message>
    <message>
        <source>Lock, and choose “Practise with fictional delegations” on the unlock page.</source>
        <translation>اقفلوا، واختاروا «التدرب مع وفود خيالية» في صفحة فتح القفل.</translation>
    </message>
    <message>
        <source>Look at Ways of exchange in Settings.</source>
        <translation>انظروا في «سبل التبادل» في «الإعدادات».</translation>
    </message>
    <message>
        <source>Look at both in Contacts, ask by another way, then decide.</source>
        <translation>انظروا في كلتيهما في «جهات التراسل»، واسألوا بوسيلة أخرى، ثم اتخذوا قراراً.</translation>
    </message>
    <message>
        <source>Look at it again after the next exchange.</source>
        <translation>انظروا فيها من جديد بعد التبادل التالي.</translation>
    </message>
    <message>
        <source>Look at it in Contacts and decide; what you write waits until then.</source>
        <translation>انظروا فيه في «جهات التراسل» واتخذوا قراراً؛ وينتظر ما تكتبونه حتى ذلك الحين.</translation>
    </message>
    <message>
        <source>Look at its newest state, then try again.</source>
        <translation>انظروا في أحدث حالة له، ثم أعيدوا المحاولة.</translation>
    </message>
    <message>
        <source>Look at its status; it may have been agreed or reopened meanwhile.</source>
        <translation>انظروا في حالتها؛ فقد يكون اتُّفق عليها أو أُعيد فتحها في هذه الأثناء.</translation>
    </message>
    <message>
        <source>Look at the contact&apos;s page.</source>
        <translation>انظروا في صفحة جهة التراسل.</translation>
    </message>
    <message>
        <source>Look at the contact, or make the bundle for the others alone.</source>
        <translation>انظروا في جهة التراسل، أو أعدّوا الرزمة للآخرين وحدهم.</translation>
    </message>
    <message>
        <source>Look at the entries for unusual characters and try again.</source>
        <translation>ابحثوا في القيود عن أحرف غير معتادة وأعيدوا المحاولة.</translation>
    </message>
    <message>
        <source>Look at the entry and the round again; choose something that was confirmed, or a wider marking.</source>
        <translation>انظروا في القيد والجولة من جديد؛ واختاروا شيئاً جرى تأكيده، أو علامة تداول أوسع.</translation>
    </message>
    <message>
        <source>Look at the fields again; choose from what is offered.</source>
        <translation>انظروا في الحقول من جديد؛ واختاروا مما هو معروض.</translation>
    </message>
    <message>
        <source>Look at the fields marked as required.</source>
        <translation>انظروا في الحقول التي تحمل كلمة «مطلوب».</translation>
    </message>
    <message>
        <source>Look at the history of the row again after the next exchange.</source>
        <translation>انظروا في تاريخ تغييرات الصف من جديد بعد التبادل التالي.</translation>
    </message>
    <message>
        <source>Look at the list again.</source>
        <translation>انظروا في القائمة من جديد.</translation>
    </message>
    <message>
        <source>Look at the list again. Only States and items that the register has can have rows.</source>
        <translation>انظروا في القائمة من جديد. لا تكون الصفوف إلا للدول والبنود الموجودة في السجل.</translation>
    </message>
    <message>
        <source>Look at the list again: it may have taken its name back.</source>
        <translation>انظروا في القائمة من جديد: فقد يكون سحب اسمه.</translation>
    </message>
    <message>
        <source>Look at the list of members.</source>
        <translation>انظروا في قائمة الأعضاء.</translation>
    </message>
    <message>
        <source>Look at the newest state of the paragraph, then try again.</source>
        <translation>انظروا في أحدث حالة للفقرة، ثم أعيدوا المحاولة.</translation>
    </message>
    <message>
        <source>Look at the newest state of the paragraph.</source>
        <translation>انظروا في أحدث حالة للفقرة.</translation>
    </message>
    <message>
        <source>Look at the newest state of the text; it may have been taken out or put together with another.</source>
        <translation>انظروا في أحدث حالة للنص؛ فقد تكون أُخرجت أو ضُمّت إلى أخرى.</translation>
    </message>
    <message>
        <source>Look at the offers again after the next exchange.</source>
        <translation>انظروا في العروض من جديد بعد التبادل التالي.</translation>
    </message>
    <message>
        <source>Look at the paragraph as it stands now.</source>
        <translation>انظروا في الفقرة كما هي الآن.</translation>
    </message>
    <message>
        <source>Look at the proxy under Settings, Exchange, with whoever looks after this network.</source>
        <translation>انظروا في الخادم الوكيل في «الإعدادات»، «التبادل»، مع من يتولى هذه الشبكة.</translation>
    </message>
    <message>
        <source>Look at what the pen decided, then propose anew if needed.</source>
        <translation>انظروا في ما قرره القلم، ثم قدّموا مقترحاً جديداً إن لزم.</translation>
    </message>
    <message>
        <source>Look at “Our card” in Contacts and decide; what you write waits until then.</source>
        <translation>انظروا في «بطاقتنا» في «جهات التراسل» واتخذوا قراراً؛ وينتظر ما تكتبونه حتى ذلك الحين.</translation>
    </message>
    <message>
        <source>Look for a paragraph that begins with a very long mark, and mend it.</source>
        <translation>ابحثوا عن فقرة تبدأ بعلامة طويلة جداً، وأصلحوها.</translation>
    </message>
    <message>
        <source>Look for the sheets that say Valise.</source>
        <translation>ابحثوا عن الأوراق المكتوب عليها Valise.</translation>
    </message>
    <message>
        <source>Make one under Messages, or hand over your card with a permission.</source>
        <translation>أنشئوا واحدة في «الرسائل»، أو سلّموا بطاقتكم مع إذن.</translation>
    </message>
    <message>
        <source>Make recovery shares and rehearse them; a keyring that vanishes then locks nobody out.</source>
        <translation>أعدّوا حصص استرداد وتمرّنوا عليها؛ فلا يُمنع أحد من الدخول إذا اختفت سلسلة المفاتيح.</translation>
    </message>
    <message>
        <source>Make room there or choose another place. Earlier backups are as they were.</source>
        <translation>أفسحوا سعة هناك أو اختاروا مكاناً آخر. والنسخ الاحتياطية السابقة على حالها.</translation>
    </message>
    <message>
        <source>Mend the lines that are listed, then read the file again.</source>
        <translation>أصلحوا الأسطر المدرجة، ثم اقرأوا الملف من جديد.</translation>
    </message>
    <message>
        <source>More shares are needed.</source>
        <translation>يلزم مزيد من الحصص.</translation>
    </message>
    <message>
        <source>No laptop of that delegation may hold the pen.</source>
        <translation>لا يجوز لأي حاسوب محمول لذلك الوفد حمل القلم.</translation>
    </message>
    <message>
        <source>No laptop would be left that may admit others and is in every room.</source>
        <translation>لن يبقى حاسوب محمول يجوز له ضمّ غيره وهو في كل الغرف.</translation>
    </message>
    <message>
        <source>No recovery shares can be made of this root key.</source>
        <translation>لا يمكن إعداد حصص استرداد لهذا المفتاح الجذري.</translation>
    </message>
    <message>
        <source>No room was chosen for the journey.</source>
        <translation>لم تُختر أي غرفة للسفر.</translation>
    </message>
    <message>
        <source>No second officer of your delegation could release anything.</source>
        <translation>لا يوجد في وفدكم موظف ثانٍ يستطيع إجازة شيء.</translation>
    </message>
    <message>
        <source>Nobody can be told there.</source>
        <translation>لا يمكن إبلاغ أحد هناك.</translation>
    </message>
    <message>
        <source>Nobody is chosen for this round.</source>
        <translation>لم يُختر أحد لهذه الجولة.</translation>
    </message>
    <message>
        <source>Nobody vouches for himself, or to the delegation he vouches for.</source>
        <translation>لا أحد يزكّي نفسه، ولا يزكّي وفداً لدى ذلك الوفد عينه.</translation>
    </message>
    <message>
        <source>Not everything in this bundle is in the vault, so it stays on the stick.</source>
        <translation>ليس كل ما في هذه الرزمة موجوداً في الخزنة، ولذلك تبقى على الذاكرة المحمولة.</translation>
    </message>
    <message>
        <source>Nothing about this silence procedure is contested any more.</source>
        <translation>لم يعد في إجراء الموافقة الصامتة هذا شيء متنازع فيه.</translation>
    </message>
    <message>
        <source>Nothing is lost here. Take another stick and make the bundle again; the bad file has no bundle&apos;s name.</source>
        <translation>لم يضع شيء هنا. خذوا ذاكرة محمولة أخرى وأعدّوا الرزمة من جديد؛ والملف المعيب لا يحمل اسم رزمة.</translation>
    </message>
    <message>
        <source>Nothing is lost. Connect; it goes on by itself. See Security, Checks.</source>
        <translation>لم يضع شيء. أقيموا الاتصال؛ ويتواصل العمل تلقائياً. انظروا «الأمن»، «عمليات التحقق».</translation>
    </message>
    <message>
        <source>Nothing is lost. How it ended stands above the text; there is nothing to decide.</source>
        <translation>لم يضع شيء. وكيفية انتهائه واردة فوق النص؛ ولا يوجد ما يُبت فيه.</translation>
    </message>
    <message>
        <source>Nothing is lost. It is fetched with the next exchange; look again then.</source>
        <translation>لم يضع شيء. وهو يُجلب مع التبادل التالي؛ انظروا من جديد عندئذ.</translation>
    </message>
    <message>
        <source>Nothing is lost. Say what your delegation thinks as an amendment or a remark; the pen-holder can open another procedure.</source>
        <translation>لم يضع شيء. عبّروا عن رأي وفدكم بتعديل أو ملاحظة؛ ويستطيع حامل القلم فتح إجراء آخر.</translation>
    </message>
    <message>
        <source>Nothing is lost. The delegations decide together how it goes on.</source>
        <translation>لم يضع شيء. وتقرر الوفود معاً كيف يستمر النص.</translation>
    </message>
    <message>
        <source>Nothing is said about the file. Use the command valise verify with more time.</source>
        <translation>لا يُقال شيء عن الملف. استخدموا الأمر valise verify مع وقت أطول.</translation>
    </message>
    <message>
        <source>Nothing is suspended here.</source>
        <translation>لا شيء معلَّق هنا.</translation>
    </message>
    <message>
        <source>Nothing left and nothing was read. Practise with the partners that are here.</source>
        <translation>لم يغادر شيء ولم يُقرأ شيء. تدربوا مع الشركاء الموجودين هنا.</translation>
    </message>
    <message>
        <source>Nothing left this device unsealed.</source>
        <translation>لم يغادر هذا الجهاز شيء غير مختوم.</translation>
    </message>
    <message>
        <source>Nothing needs to be done; the history shows who undid it.</source>
        <translation>لا يلزم فعل شيء؛ ويبيّن تاريخ التغييرات من تراجع عنه.</translation>
    </message>
    <message>
        <source>Nothing new was said.</source>
        <translation>لم يُقل شيء جديد.</translation>
    </message>
    <message>
        <source>Nothing to do here. If it happens again, ask that delegation in person.</source>
        <translation>لا يلزم فعل شيء هنا. وإذا تكرر ذلك فاسألوا ذلك الوفد حضورياً.</translation>
    </message>
    <message>
        <source>Nothing to do here; it is repeated at the next exchange.</source>
        <translation>لا يلزم فعل شيء هنا؛ فهو يتكرر في التبادل التالي.</translation>
    </message>
    <message>
        <source>Nothing to do here; its sender sends it again.</source>
        <translation>لا يلزم فعل شيء هنا؛ ويعيد مرسله إرساله.</translation>
    </message>
    <message>
        <source>Nothing to do here; its sender&apos;s laptop should be looked at.</source>
        <translation>لا يلزم فعل شيء هنا؛ وينبغي النظر في الحاسوب المحمول لمرسله.</translation>
    </message>
    <message>
        <source>Nothing to do here; keep other files out of that folder.</source>
        <translation>لا يلزم فعل شيء هنا؛ أبقوا الملفات الأخرى خارج ذلك المجلد.</translation>
    </message>
    <message>
        <source>Nothing was added. Mend the line that is named and read the file again.</source>
        <translation>لم يُضف شيء. أصلحوا السطر المذكور واقرأوا الملف من جديد.</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>لم يتغير شيء.</translation>
    </message>
    <message>
        <source>Nothing was changed. Ask whoever made it for a new one.</source>
        <translation>لم يتغير شيء. اطلبوا ملفاً جديداً ممن أعدّه.</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose a State of the list, and a name of at most 100 letters.</source>
        <translation>لم يتغير شيء. اختاروا دولة من القائمة، واسماً لا يتجاوز 100 حرف.</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose a State of the list.</source>
        <translation>لم يتغير شيء. اختاروا دولة من القائمة.</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose a time between one hour and one year ahead, and later than the deadline in force.</source>
        <translation>لم يتغير شيء. اختاروا وقتاً بين ساعة واحدة وسنة واحدة من الآن، ولاحقاً للموعد الساري.</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose consultations or events.</source>
        <translation>لم يتغير شيء. اختاروا المشاورات أو الفعاليات.</translation>
    </message>
    <message>
        <source>Nothing was changed. Do this in your own vault if it is meant in earnest.</source>
        <translation>لم يتغير شيء. افعلوا ذلك في خزنتكم إن كان المقصود به الواقع.</translation>
    </message>
    <message>
        <source>Nothing was changed. Export it again from the program it comes from.</source>
        <translation>لم يتغير شيء. صدّروه من جديد من البرنامج الذي جاء منه.</translation>
    </message>
    <message>
        <source>Nothing was changed. Export the settings again where the file comes from.</source>
        <translation>لم يتغير شيء. صدّروا الإعدادات من جديد من حيث أتى الملف.</translation>
    </message>
    <message>
        <source>Nothing was changed. Look at the row again; somebody may have changed it meanwhile.</source>
        <translation>لم يتغير شيء. انظروا في الصف من جديد؛ فقد يكون أحدهم غيّره في هذه الأثناء.</translation>
    </message>
    <message>
        <source>Nothing was changed. Mend the file where it is named, and choose it again.</source>
        <translation>لم يتغير شيء. أصلحوا الملف في الموضع المذكور، واختاروه من جديد.</translation>
    </message>
    <message>
        <source>Nothing was changed. Mend the place that is named and try again.</source>
        <translation>لم يتغير شيء. أصلحوا الموضع المذكور وأعيدوا المحاولة.</translation>
    </message>
    <message>
        <source>Nothing was changed. Restore a backup: it makes this a new laptop of your delegation.</source>
        <translation>لم يتغير شيء. استعيدوا نسخة احتياطية: فيصبح هذا حاسوباً محمولاً جديداً لوفدكم.</translation>
    </message>
    <message>
        <source>Nothing was changed. Take another one.</source>
        <translation>لم يتغير شيء. خذوا عبارة أخرى.</translation>
    </message>
    <message>
        <source>Nothing was changed. Try again, or use the command valise verify.</source>
        <translation>لم يتغير شيء. أعيدوا المحاولة، أو استخدموا الأمر valise verify.</translation>
    </message>
    <message>
        <source>Nothing was changed. Wait for the deadline; the procedure is then closed by itself.</source>
        <translation>لم يتغير شيء. انتظروا الموعد النهائي؛ ثم يُغلق الإجراء تلقائياً.</translation>
    </message>
    <message>
        <source>Nothing was changed. Wait until it is over, or extend it; then open the next one.</source>
        <translation>لم يتغير شيء. انتظروا حتى ينتهي، أو مدّدوه؛ ثم افتحوا التالي.</translation>
    </message>
    <message>
        <source>Nothing was changed. Write a name of at most 100 letters.</source>
        <translation>لم يتغير شيء. اكتبوا اسماً لا يتجاوز 100 حرف.</translation>
    </message>
    <message>
        <source>Nothing was changed; choose another way.</source>
        <translation>لم يتغير شيء؛ اختاروا طريقة أخرى.</translation>
    </message>
    <message>
        <source>Nothing was erased. Type the passphrase once more to rescue what verifies, or restore a backup.</source>
        <translation>لم يُمحَ شيء. اكتبوا عبارة المرور مرة أخرى لإنقاذ ما يصح التحقق منه، أو استعيدوا نسخة احتياطية.</translation>
    </message>
    <message>
        <source>Nothing was given to it. Something on the way may answer in its place: ask its operator by another way.</source>
        <translation>لم يُعطَ شيئاً. وقد يجيب شيء في الطريق بدلاً منها: اسألوا مشغّلها بوسيلة أخرى.</translation>
    </message>
    <message>
        <source>Nothing was kept. Open the register again; its definition may have changed.</source>
        <translation>لم يُحفظ شيء. افتحوا السجل من جديد؛ فقد يكون تعريفه تغيّر.</translation>
    </message>
    <message>
        <source>Nothing was read. Cut it into several files.</source>
        <translation>لم يُقرأ شيء. قسّموه إلى عدة ملفات.</translation>
    </message>
    <message>
        <source>Nothing was removed. Copy it again, to another stick if need be.</source>
        <translation>لم يُزل شيء. انسخوه من جديد، إلى ذاكرة محمولة أخرى إن لزم.</translation>
    </message>
    <message>
        <source>Nothing was sent. Look at it again after the next exchange.</source>
        <translation>لم يُرسل شيء. انظروا فيه من جديد بعد التبادل التالي.</translation>
    </message>
    <message>
        <source>Nothing was sent. Write a sentence for the other delegations, then break it.</source>
        <translation>لم يُرسل شيء. اكتبوا جملة للوفود الأخرى، ثم اكسروا الصمت.</translation>
    </message>
    <message>
        <source>Nothing was signed and the root key is closed. Look at the list and begin again.</source>
        <translation>لم يُوقَّع شيء والمفتاح الجذري مغلق. انظروا في القائمة وابدأوا من جديد.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Ask for the card of the real delegation.</source>
        <translation>لم يُدخل شيء. اطلبوا بطاقة الوفد الحقيقي.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Ask its sender for another one.</source>
        <translation>لم يُدخل شيء. اطلبوا من مرسلها حزمة أخرى.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Change to the side the file was written from.</source>
        <translation>لم يُدخل شيء. انتقلوا إلى الجانب الذي كُتب الملف منه.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Choose a file whose name ends in .valise.</source>
        <translation>لم يُدخل شيء. اختاروا ملفاً ينتهي اسمه بـ .valise.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Cut it into several files.</source>
        <translation>لم يُدخل شيء. قسّموه إلى عدة ملفات.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Decide which of the two lines is right and delete the other.</source>
        <translation>لم يُدخل شيء. قرروا أي السطرين هو الصحيح واحذفوا الآخر.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Delete one of them from the file.</source>
        <translation>لم يُدخل شيء. احذفوا أحدهما من الملف.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Export the calendar again as .ics from the program it comes from.</source>
        <translation>لم يُدخل شيء. صدّروا التقويم من جديد بصيغة ‎.ics من البرنامج الذي جاء منه.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Export the register first and fill in that file.</source>
        <translation>لم يُدخل شيء. صدّروا السجل أولاً واملأوا ذلك الملف.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Install the newer version, then open the bundle again.</source>
        <translation>لم يُدخل شيء. ثبّتوا الإصدار الأحدث، ثم افتحوا الرزمة من جديد.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Leave the cell empty for a new row.</source>
        <translation>لم يُدخل شيء. اتركوا الخانة فارغة إذا كان الصف جديداً.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Look for a comma or a quotation mark too many in that line.</source>
        <translation>لم يُدخل شيء. ابحثوا في ذلك السطر عن فاصلة أو علامة اقتباس زائدة.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Mend that place and read the file again.</source>
        <translation>لم يُدخل شيء. أصلحوا ذلك الموضع واقرأوا الملف من جديد.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Name the column as the register does, or delete it from the file.</source>
        <translation>لم يُدخل شيء. سمّوا العمود كما يسميه السجل، أو احذفوه من الملف.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Practise with the partners that are here; real contacts belong into your own vault.</source>
        <translation>لم يُدخل شيء. تدربوا مع الشركاء الموجودين هنا؛ فجهات التراسل الحقيقية مكانها خزنتكم.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Put back what stood there, or delete the column from the file.</source>
        <translation>لم يُدخل شيء. أعيدوا ما كان هناك، أو احذفوا العمود من الملف.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Read the file again: what it changes now is shown.</source>
        <translation>لم يُدخل شيء. اقرأوا الملف من جديد: فيُعرض ما يغيّره الآن.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Write the key in this cell: the last column of an exported file has it.</source>
        <translation>لم يُدخل شيء. اكتبوا المفتاح في هذه الخانة: وهو في العمود الأخير من الملف المصدَّر.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Write the name as the register shows it, or its code.</source>
        <translation>لم يُدخل شيء. اكتبوا الاسم كما يُظهره السجل، أو رمزه.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Write the title as the register shows it, or enter that row first.</source>
        <translation>لم يُدخل شيء. اكتبوا العنوان كما يُظهره السجل، أو أدخلوا ذلك الصف أولاً.</translation>
    </message>
    <message>
        <source>Nothing was written. Choose one of the fictional delegations; real States belong into your own vault.</source>
        <translation>لم يُكتب شيء. اختاروا أحد الوفود الخيالية؛ فالدول الحقيقية مكانها خزنتكم.</translation>
    </message>
    <message>
        <source>Nothing was written. Choose one of the forms that are offered.</source>
        <translation>لم يُكتب شيء. اختاروا أحد الأشكال المعروضة.</translation>
    </message>
    <message>
        <source>Nothing was written. Open the entry in the directory and choose the note verbale there.</source>
        <translation>لم يُكتب شيء. افتحوا القيد في الدليل واختاروا المذكرة الشفوية هناك.</translation>
    </message>
    <message>
        <source>Nothing was written. Tell whoever looks after Valise with you.</source>
        <translation>لم يُكتب شيء. أبلغوا من يتولى Valise لديكم.</translation>
    </message>
    <message>
        <source>Nothing was written. Try another format, and tell whoever looks after Valise with you.</source>
        <translation>لم يُكتب شيء. جرّبوا صيغة أخرى، وأبلغوا من يتولى Valise لديكم.</translation>
    </message>
    <message>
        <source>Nothing would change.</source>
        <translation>لن يتغير شيء.</translation>
    </message>
    <message>
        <source>One cell of this row is longer than 200,000 characters.</source>
        <translation>إحدى خانات هذا الصف تتجاوز 200,000 حرف.</translation>
    </message>
    <message>
        <source>One entry of this vault is larger than a backup can hold.</source>
        <translation>أحد قيود هذه الخزنة أكبر مما تتسع له نسخة احتياطية.</translation>
    </message>
    <message>
        <source>One line of this file is longer than any table has.</source>
        <translation>أحد أسطر هذا الملف أطول مما في أي جدول.</translation>
    </message>
    <message>
        <source>One paragraph of the document is too long.</source>
        <translation>إحدى فقرات المستند أطول من اللازم.</translation>
    </message>
    <message>
        <source>One share was entered twice.</source>
        <translation>أُدخلت إحدى الحصص مرتين.</translation>
    </message>
    <message>
        <source>Only a delegation that was compared on this laptop can be vouched for.</source>
        <translation>لا يمكن تزكية وفد إلا إذا جرت المقارنة معه على هذا الحاسوب المحمول.</translation>
    </message>
    <message>
        <source>Only an answer that the entry has changed says what has changed.</source>
        <translation>لا يبيّن ما الذي تغيّر إلا جواب بأن القيد تغيّر.</translation>
    </message>
    <message>
        <source>Only its author can withdraw it.</source>
        <translation>لا يستطيع سحبه إلا صاحبه.</translation>
    </message>
    <message>
        <source>Only its recipients can acknowledge it.</source>
        <translation>لا يستطيع الإقرار باستلامها إلا متلقوها.</translation>
    </message>
    <message>
        <source>Only tables as CSV are read into a register, and calendars into one with dates.</source>
        <translation>لا تُقرأ في السجل إلا الجداول بصيغة CSV، والتقاويم في سجل فيه تواريخ.</translation>
    </message>
    <message>
        <source>Only the chair of this room can change its members.</source>
        <translation>لا يستطيع تغيير أعضاء هذه الغرفة إلا رئاستها.</translation>
    </message>
    <message>
        <source>Only the delegation that opened the incident may do that.</source>
        <translation>لا يجوز ذلك إلا للوفد الذي فتح الحادث.</translation>
    </message>
    <message>
        <source>Only the delegation that opened this list may do that.</source>
        <translation>لا يجوز ذلك إلا للوفد الذي فتح هذه القائمة.</translation>
    </message>
    <message>
        <source>Open a room with the delegation first, or leave it out.</source>
        <translation>افتحوا غرفة مع الوفد أولاً، أو استبعدوه.</translation>
    </message>
    <message>
        <source>Open it again from its key file or from recovery shares.</source>
        <translation>افتحوه من جديد من ملف مفتاحه أو من حصص الاسترداد.</translation>
    </message>
    <message>
        <source>Open it in the program it was made with and save it as .docx.</source>
        <translation>افتحوه في البرنامج الذي أُعدّ به واحفظوه بصيغة ‎.docx.</translation>
    </message>
    <message>
        <source>Open it with its passphrase, or choose a later backup.</source>
        <translation>افتحوها بعبارة مرورها، أو اختاروا نسخة احتياطية لاحقة.</translation>
    </message>
    <message>
        <source>Open its identity card first.</source>
        <translation>افتحوا بطاقة هويته أولاً.</translation>
    </message>
    <message>
        <source>Open that row and change it.</source>
        <translation>افتحوا ذلك الصف وغيّروه.</translation>
    </message>
    <message>
        <source>Open the answer that the first laptop made.</source>
        <translation>افتحوا الجواب الذي أعدّه الحاسوب المحمول الأول.</translation>
    </message>
    <message>
        <source>Open the bundle first; if it is damaged, ask for another one.</source>
        <translation>افتحوا الرزمة أولاً؛ وإن كانت تالفة فاطلبوا غيرها.</translation>
    </message>
    <message>
        <source>Open the card that the other delegation gave you.</source>
        <translation>افتحوا البطاقة التي أعطاكم إياها الوفد الآخر.</translation>
    </message>
    <message>
        <source>Open the keyring of this computer and try again, or use the recovery shares.</source>
        <translation>افتحوا سلسلة مفاتيح هذا الحاسوب وأعيدوا المحاولة، أو استخدموا حصص الاسترداد.</translation>
    </message>
    <message>
        <source>Open the operator&apos;s file under Ways of exchange first.</source>
        <translation>افتحوا ملف المشغّل في «سبل التبادل» أولاً.</translation>
    </message>
    <message>
        <source>Open the request again and compare its code with the other laptop&apos;s screen.</source>
        <translation>افتحوا الطلب من جديد وقارنوا رمزه بشاشة الحاسوب المحمول الآخر.</translation>
    </message>
    <message>
        <source>Open two rounds instead.</source>
        <translation>افتحوا جولتين بدلاً من ذلك.</translation>
    </message>
    <message>
        <source>Opening this vault would demand more than a computer should give: the file was changed.</source>
        <translation>يتطلب فتح هذه الخزنة أكثر مما ينبغي أن يقدمه حاسوب: فقد غُيّر الملف.</translation>
    </message>
    <message>
        <source>Passphrase and keyring are needed together, so neither may open alone.</source>
        <translation>عبارة المرور وسلسلة المفاتيح لازمتان معاً، فلا يجوز أن تفتح أي منهما وحدها.</translation>
    </message>
    <message>
        <source>Plug it in again and try once more. Earlier backups are as they were; an unfinished one is named as such.</source>
        <translation>صِلوه من جديد وحاولوا مرة أخرى. والنسخ الاحتياطية السابقة على حالها؛ وتُسمى النسخة غير المكتملة كذلك.</translation>
    </message>
    <message>
        <source>Police and judicial matters are not sent here: mutual legal assistance, extradition, warrants and evidence for a court have channels of their own.</source>
        <translation>لا تُرسل المسائل الشرطية والقضائية من هنا: فللمساعدة القانونية المتبادلة وتسليم المطلوبين والأوامر القضائية والأدلة الموجهة إلى محكمة قنواتها الخاصة.</translation>
    </message>
    <message>
        <source>Press “Compare now” and wait until four words are shown.</source>
        <translation>اضغطوا «المقارنة الآن» وانتظروا حتى تظهر أربع كلمات.</translation>
    </message>
    <message>
        <source>Propose it anew if you wish.</source>
        <translation>اقترحوه من جديد إن شئتم.</translation>
    </message>
    <message>
        <source>Propose the change instead, or ask for the pen.</source>
        <translation>اقترحوا التغيير بدلاً من ذلك، أو اطلبوا القلم.</translation>
    </message>
    <message>
        <source>Put the vault into a folder that stays on this device.</source>
        <translation>ضعوا الخزنة في مجلد يبقى على هذا الجهاز.</translation>
    </message>
    <message>
        <source>Read everything meanwhile. Security, Backups and travel, says how it is admitted.</source>
        <translation>يمكنكم في هذه الأثناء قراءة كل شيء. ويرد في «الأمن»، «النسخ الاحتياطية والسفر»، كيف يُضمّ.</translation>
    </message>
    <message>
        <source>Read it again.</source>
        <translation>اقرأوه من جديد.</translation>
    </message>
    <message>
        <source>Read the file again: what can still be proposed is shown.</source>
        <translation>اقرأوا الملف من جديد: فيُعرض ما لا يزال ممكناً اقتراحه.</translation>
    </message>
    <message>
        <source>Read the file again: what it would change now is shown.</source>
        <translation>اقرأوا الملف من جديد: فيُعرض ما سيغيّره الآن.</translation>
    </message>
    <message>
        <source>Reading this picture took too long, and was stopped.</source>
        <translation>استغرقت قراءة هذه الصورة وقتاً طويلاً فأُوقفت.</translation>
    </message>
    <message>
        <source>Release it, or return it with the reason.</source>
        <translation>أجيزوها، أو أعيدوها مع السبب.</translation>
    </message>
    <message>
        <source>Remove them; they are often pasted in by accident.</source>
        <translation>أزيلوها؛ فكثيراً ما تُلصق سهواً.</translation>
    </message>
    <message>
        <source>Restore both from the same backup.</source>
        <translation>استعيدوا كليهما من النسخة الاحتياطية نفسها.</translation>
    </message>
    <message>
        <source>Restore it from a backup; somebody may have changed it.</source>
        <translation>استعيدوه من نسخة احتياطية؛ فقد يكون أحدهم غيّره.</translation>
    </message>
    <message>
        <source>Restore it from a backup; the vault itself may be whole.</source>
        <translation>استعيدوه من نسخة احتياطية؛ وقد تكون الخزنة نفسها سليمة.</translation>
    </message>
    <message>
        <source>Restore it from a backup; without it the vault stays closed.</source>
        <translation>استعيدوه من نسخة احتياطية؛ فالخزنة تبقى مغلقة بدونه.</translation>
    </message>
    <message>
        <source>Restore the file from a backup.</source>
        <translation>استعيدوا الملف من نسخة احتياطية.</translation>
    </message>
    <message>
        <source>Restore the file from a backup; the vault itself may be whole.</source>
        <translation>استعيدوا الملف من نسخة احتياطية؛ وقد تكون الخزنة نفسها سليمة.</translation>
    </message>
    <message>
        <source>Retire contacts that are no longer needed, then try again.</source>
        <translation>أوقفوا العمل بجهات التراسل التي لم تعد لازمة، ثم أعيدوا المحاولة.</translation>
    </message>
    <message>
        <source>Return it, so that its author writes it for the words as they stand now.</source>
        <translation>أعيدوها ليكتبها صاحبها للكلمات كما هي الآن.</translation>
    </message>
    <message>
        <source>Revoke it and admit it anew.</source>
        <translation>أبطلوه وضمّوه من جديد.</translation>
    </message>
    <message>
        <source>Revoke it on another laptop of your delegation that may admit laptops.</source>
        <translation>أبطلوه من حاسوب محمول آخر لدى وفدكم يجوز له ضمّ الحواسيب المحمولة.</translation>
    </message>
    <message>
        <source>Run valise doctor and report what it says.</source>
        <translation>شغّلوا valise doctor وأبلغوا عما يقوله.</translation>
    </message>
    <message>
        <source>Run valise doctor; nothing was thrown away.</source>
        <translation>شغّلوا valise doctor؛ ولم يُرمَ شيء.</translation>
    </message>
    <message>
        <source>Run valise doctor; the program may have to be installed again.</source>
        <translation>شغّلوا valise doctor؛ وقد يلزم تثبيت البرنامج من جديد.</translation>
    </message>
    <message>
        <source>Save it anew as plain text, then open that.</source>
        <translation>احفظوه من جديد نصاً عادياً، ثم افتحوا المحفوظ.</translation>
    </message>
    <message>
        <source>Save it anew in a simpler form, then open that.</source>
        <translation>احفظوه من جديد بشكل أبسط، ثم افتحوا المحفوظ.</translation>
    </message>
    <message>
        <source>Save it as UTF-8 and try again.</source>
        <translation>احفظوه بترميز UTF-8 وأعيدوا المحاولة.</translation>
    </message>
    <message>
        <source>Save it as plain text in UTF-8, then open that.</source>
        <translation>احفظوه نصاً عادياً بترميز UTF-8، ثم افتحوا المحفوظ.</translation>
    </message>
    <message>
        <source>Save it as plain text, then open that.</source>
        <translation>احفظوه نصاً عادياً، ثم افتحوا المحفوظ.</translation>
    </message>
    <message>
        <source>Save it once more as CSV, UTF-8, in the program it comes from, and read it again.</source>
        <translation>احفظوه مرة أخرى بصيغة CSV وبترميز UTF-8 في البرنامج الذي جاء منه، واقرأوه من جديد.</translation>
    </message>
    <message>
        <source>Save it without one, then try again; here it will be sealed.</source>
        <translation>احفظوه بدونها، ثم أعيدوا المحاولة؛ فهو يُختم هنا.</translation>
    </message>
    <message>
        <source>Save the document as plain text, then open that.</source>
        <translation>احفظوا المستند نصاً عادياً، ثم افتحوا المحفوظ.</translation>
    </message>
    <message>
        <source>Save the file of revocations and give it to the operator of the relay.</source>
        <translation>احفظوا ملف الإبطالات وسلّموه إلى مشغّل محطة الترحيل.</translation>
    </message>
    <message>
        <source>Save the table as CSV in UTF-8 and choose that file. Contact cards are read on the page of contacts.</source>
        <translation>احفظوا الجدول بصيغة CSV وبترميز UTF-8 واختاروا ذلك الملف. أما بطاقات الاتصال فتُقرأ في صفحة جهات التراسل.</translation>
    </message>
    <message>
        <source>Say it again if it is for everybody who is there now.</source>
        <translation>أعيدوا قوله إن كان موجهاً إلى كل من هو موجود الآن.</translation>
    </message>
    <message>
        <source>Say what becomes of each amendment, then set the words.</source>
        <translation>بيّنوا ما يؤول إليه كل تعديل، ثم أثبتوا الكلمات.</translation>
    </message>
    <message>
        <source>Say what is otherwise, or that the entry is right.</source>
        <translation>بيّنوا ما هو مختلف، أو أن القيد صحيح.</translation>
    </message>
    <message>
        <source>Security, Backups and travel, says how it is admitted.</source>
        <translation>يرد في «الأمن»، «النسخ الاحتياطية والسفر»، كيف يُضمّ.</translation>
    </message>
    <message>
        <source>Send a smaller file, or carry it on a stick.</source>
        <translation>أرسلوا ملفاً أصغر، أو انقلوه على ذاكرة محمولة.</translation>
    </message>
    <message>
        <source>Send the incident as it is; look at its words for signs that cannot be seen.</source>
        <translation>أرسلوا الحادث كما هو؛ وابحثوا في كلماته عن علامات لا تُرى.</translation>
    </message>
    <message>
        <source>Sending is stopped: the identity of a delegation changed.</source>
        <translation>الإرسال موقوف: تغيّرت هوية أحد الوفود.</translation>
    </message>
    <message>
        <source>Sending to one of these delegations is stopped until a person decides.</source>
        <translation>الإرسال إلى أحد هذه الوفود موقوف إلى أن يقرر شخص ما.</translation>
    </message>
    <message>
        <source>Sending to this delegation is still stopped.</source>
        <translation>ما زال الإرسال إلى هذا الوفد موقوفاً.</translation>
    </message>
    <message>
        <source>Set the relay up in your own vault.</source>
        <translation>هيّئوا محطة الترحيل في خزنتكم.</translation>
    </message>
    <message>
        <source>Several rows, States or delegations are called so, and nobody can tell which one is meant.</source>
        <translation>عدة صفوف أو دول أو وفود تسمى هكذا، ولا يمكن معرفة أيها المقصود.</translation>
    </message>
    <message>
        <source>Shorten it, or attach it as a file.</source>
        <translation>اختصروه، أو أرفقوه ملفاً.</translation>
    </message>
    <message>
        <source>Shorten it, or attach the longer text as a file.</source>
        <translation>اختصروه، أو أرفقوا النص الأطول في ملف.</translation>
    </message>
    <message>
        <source>Shorten it, or enter the contact by hand.</source>
        <translation>اختصروها، أو أدخلوا جهة الاتصال يدوياً.</translation>
    </message>
    <message>
        <source>Shorten it.</source>
        <translation>اختصروها.</translation>
    </message>
    <message>
        <source>Shorten them, or open a text and a list of its co-sponsors.</source>
        <translation>اختصروها، أو افتحوا نصاً وقائمة للمشاركين في تقديمه.</translation>
    </message>
    <message>
        <source>Show the rows that were taken out, put it back, then change it.</source>
        <translation>أظهروا الصفوف التي أُخرجت، وأعيدوه، ثم غيّروه.</translation>
    </message>
    <message>
        <source>Somebody joined this conversation before this could be sent.</source>
        <translation>انضم أحدهم إلى هذه المحادثة قبل أن يتسنى إرسال هذا.</translation>
    </message>
    <message>
        <source>Something in the bundle is not as STIX 2.1 asks.</source>
        <translation>شيء في الحزمة ليس كما يقضي به STIX 2.1.</translation>
    </message>
    <message>
        <source>Something in this backup was not signed by whom it names. Somebody may have made it to deceive you.</source>
        <translation>شيء في هذه النسخة الاحتياطية لم يوقّعه من تسميه. وقد يكون أحدهم صنعها لخداعكم.</translation>
    </message>
    <message>
        <source>Something in this vault is damaged. Run valise doctor.</source>
        <translation>شيء في هذه الخزنة تالف. شغّلوا valise doctor.</translation>
    </message>
    <message>
        <source>Something outside Valise did not do its part.</source>
        <translation>شيء خارج Valise لم يؤدِّ دوره.</translation>
    </message>
    <message>
        <source>Something stored here no longer verifies.</source>
        <translation>شيء مخزَّن هنا لم يعد يجتاز التحقق.</translation>
    </message>
    <message>
        <source>Something that must be filled in is empty.</source>
        <translation>شيء يجب ملؤه فارغ.</translation>
    </message>
    <message>
        <source>Something this needs has not arrived yet.</source>
        <translation>شيء يحتاج إليه هذا لم يصل بعد.</translation>
    </message>
    <message>
        <source>Something went wrong inside Valise.</source>
        <translation>حدث خطأ داخل Valise.</translation>
    </message>
    <message>
        <source>Split it into several paragraphs, then open it again.</source>
        <translation>قسّموها إلى عدة فقرات، ثم افتحوه من جديد.</translation>
    </message>
    <message>
        <source>Split it into smaller ones.</source>
        <translation>قسّموه إلى مستندات أصغر.</translation>
    </message>
    <message>
        <source>Split them into several paragraphs.</source>
        <translation>قسّموها إلى عدة فقرات.</translation>
    </message>
    <message>
        <source>Start Valise again: it goes on. If it stops again, look at the disk.</source>
        <translation>شغّلوا Valise من جديد: فيواصل العمل. وإذا توقف من جديد فانظروا في القرص.</translation>
    </message>
    <message>
        <source>Start it again, or compare the number by eye.</source>
        <translation>ابدأوها من جديد، أو قارنوا الرقم بالعين.</translation>
    </message>
    <message>
        <source>Stop working here, and tell the officer who admits laptops.</source>
        <translation>توقفوا عن العمل هنا، وأبلغوا الموظف الذي يضمّ الحواسيب المحمولة.</translation>
    </message>
    <message>
        <source>TLP:RED is for named recipients only, not for a group.</source>
        <translation>TLP:RED لمتلقين مسمَّين فقط، لا لمجموعة.</translation>
    </message>
    <message>
        <source>TLP:RED is for the eyes of named recipients: it does not go to a group.</source>
        <translation>TLP:RED لأعين متلقين مسمَّين: فلا تُرسل إلى مجموعة.</translation>
    </message>
    <message>
        <source>Take a picture with the one code only that you want to compare.</source>
        <translation>التقطوا صورة ليس فيها إلا الرمز الذي تريدون مقارنته.</translation>
    </message>
    <message>
        <source>Take another picture of the whole code, or compare the number by eye.</source>
        <translation>التقطوا صورة أخرى للرمز كاملاً، أو قارنوا الرقم بالعين.</translation>
    </message>
    <message>
        <source>Take another picture, with the code large and nothing else beside it.</source>
        <translation>التقطوا صورة أخرى يكون فيها الرمز كبيراً ولا شيء بجانبه.</translation>
    </message>
    <message>
        <source>Take another share of the same set.</source>
        <translation>خذوا حصة أخرى من المجموعة نفسها.</translation>
    </message>
    <message>
        <source>Take four or five words that have nothing to do with each other.</source>
        <translation>خذوا أربع كلمات أو خمساً لا علاقة لبعضها ببعض.</translation>
    </message>
    <message>
        <source>Take shares that were made together.</source>
        <translation>خذوا حصصاً أُعدّت معاً.</translation>
    </message>
    <message>
        <source>Take the newest set; those made before it open nothing any more.</source>
        <translation>خذوا أحدث مجموعة؛ فما أُعدّ قبلها لا يفتح شيئاً بعد الآن.</translation>
    </message>
    <message>
        <source>That cannot be done with this ping round now.</source>
        <translation>لا يمكن فعل ذلك الآن بجولة اختبار الاتصال هذه.</translation>
    </message>
    <message>
        <source>That cannot be done with this statement now.</source>
        <translation>لا يمكن فعل ذلك الآن بهذا البيان.</translation>
    </message>
    <message>
        <source>That card and the one in the backup are two different lists of your laptops.</source>
        <translation>تلك البطاقة والبطاقة التي في النسخة الاحتياطية قائمتان مختلفتان بحواسيبكم المحمولة.</translation>
    </message>
    <message>
        <source>That delegation is a member of this room already.</source>
        <translation>ذلك الوفد عضو في هذه الغرفة من قبل.</translation>
    </message>
    <message>
        <source>That delegation is not a member of this room.</source>
        <translation>ليس ذلك الوفد عضواً في هذه الغرفة.</translation>
    </message>
    <message>
        <source>That delegation is not among your contacts.</source>
        <translation>ليس ذلك الوفد من جهات التراسل لديكم.</translation>
    </message>
    <message>
        <source>That does not open this backup.</source>
        <translation>هذا لا يفتح هذه النسخة الاحتياطية.</translation>
    </message>
    <message>
        <source>That folder is inside the vault itself: whatever destroys one would destroy the other.</source>
        <translation>ذلك المجلد داخل الخزنة نفسها: فما يُتلف أحدهما يُتلف الآخر.</translation>
    </message>
    <message>
        <source>That is not the passphrase of the key file.</source>
        <translation>ليست هذه عبارة مرور ملف المفتاح.</translation>
    </message>
    <message>
        <source>That is not the passphrase of this vault.</source>
        <translation>ليست هذه عبارة مرور هذه الخزنة.</translation>
    </message>
    <message>
        <source>That stick or disk is failing. Use another one.</source>
        <translation>تلك الذاكرة المحمولة أو ذلك القرص آخذ في التعطل. استخدموا غيره.</translation>
    </message>
    <message>
        <source>The STIX bundle could not be read.</source>
        <translation>تعذرت قراءة حزمة STIX.</translation>
    </message>
    <message>
        <source>The beginning of this backup is damaged, so that nothing opens it.</source>
        <translation>أول هذه النسخة الاحتياطية تالف، فلا شيء يفتحها.</translation>
    </message>
    <message>
        <source>The beginning of this text has not arrived yet.</source>
        <translation>لم تصل بداية هذا النص بعد.</translation>
    </message>
    <message>
        <source>The bundle could not be made or taken in.</source>
        <translation>تعذر إعداد الرزمة أو إدخالها.</translation>
    </message>
    <message>
        <source>The bundle could not be read back as it was written, so no file was made.</source>
        <translation>تعذرت قراءة الحزمة مجدداً كما كُتبت، فلم يُنشأ أي ملف.</translation>
    </message>
    <message>
        <source>The bundle holds more than 5,000 objects.</source>
        <translation>في الحزمة أكثر من 5,000 عنصر.</translation>
    </message>
    <message>
        <source>The bundle holds no incident and no indicator.</source>
        <translation>ليس في الحزمة حادث ولا مؤشر.</translation>
    </message>
    <message>
        <source>The bundle is larger than 8 MiB.</source>
        <translation>الحزمة أكبر من 8 MiB.</translation>
    </message>
    <message>
        <source>The bundle is of another version than STIX 2.1.</source>
        <translation>الحزمة بإصدار غير STIX 2.1.</translation>
    </message>
    <message>
        <source>The bundle was written, but reads back differently: the stick or disk is failing.</source>
        <translation>كُتبت الرزمة، ولكنها تُقرأ مجدداً على نحو مختلف: الذاكرة المحمولة أو القرص آخذ في التعطل.</translation>
    </message>
    <message>
        <source>The calendar has more than 10,000 entries.</source>
        <translation>في التقويم أكثر من 10,000 قيد.</translation>
    </message>
    <message>
        <source>The calendar is larger than 16 MiB.</source>
        <translation>التقويم أكبر من 16 MiB.</translation>
    </message>
    <message>
        <source>The card of this delegation does not hold a key that can be compared.</source>
        <translation>ليس على بطاقة هذا الوفد مفتاح يمكن مقارنته.</translation>
    </message>
    <message>
        <source>The card of your delegation does not list both laptops.</source>
        <translation>لا تدرج بطاقة وفدكم الحاسوبين المحمولين كليهما.</translation>
    </message>
    <message>
        <source>The card of your delegation would be too large to travel.</source>
        <translation>ستكون بطاقة وفدكم أكبر من أن تنتقل.</translation>
    </message>
    <message>
        <source>The certificate of a laptop is not valid.</source>
        <translation>شهادة حاسوب محمول غير صالحة.</translation>
    </message>
    <message>
        <source>The check code is not the one that was compared.</source>
        <translation>ليس رمز التحقق هو الرمز الذي جرت مقارنته.</translation>
    </message>
    <message>
        <source>The comparison did not come to an end.</source>
        <translation>لم تكتمل المقارنة.</translation>
    </message>
    <message>
        <source>The contact cards could not be read back as they were written, so no file was made.</source>
        <translation>تعذرت قراءة بطاقات الاتصال مجدداً كما كُتبت، فلم يُنشأ أي ملف.</translation>
    </message>
    <message>
        <source>The contact cards could not be read or written.</source>
        <translation>تعذرت قراءة بطاقات الاتصال أو كتابتها.</translation>
    </message>
    <message>
        <source>The copy is not the same as the key file beside the vault.</source>
        <translation>النسخة غير مطابقة لملف المفتاح الذي بجانب الخزنة.</translation>
    </message>
    <message>
        <source>The damaged part holds the keys of this laptop itself.</source>
        <translation>الجزء التالف فيه مفاتيح هذا الحاسوب المحمول نفسه.</translation>
    </message>
    <message>
        <source>The database of the vault is not protected as it must be.</source>
        <translation>قاعدة بيانات الخزنة ليست محمية كما يجب.</translation>
    </message>
    <message>
        <source>The date for answers lies in the past.</source>
        <translation>موعد الأجوبة يقع في الماضي.</translation>
    </message>
    <message>
        <source>The deadline has not passed yet and nobody has broken the silence.</source>
        <translation>لم ينقضِ الموعد النهائي بعد ولم يكسر أحد الصمت.</translation>
    </message>
    <message>
        <source>The delegation that opened it can open it again.</source>
        <translation>يستطيع الوفد الذي فتحه أن يعيد فتحه.</translation>
    </message>
    <message>
        <source>The delegation that sent this does not allow you to send it on to others.</source>
        <translation>الوفد الذي أرسل هذا لا يسمح لكم بإحالته إلى آخرين.</translation>
    </message>
    <message>
        <source>The directory has changed since this file was read.</source>
        <translation>تغيّر الدليل منذ قراءة هذا الملف.</translation>
    </message>
    <message>
        <source>The disk did not store the last change.</source>
        <translation>لم يخزّن القرص التغيير الأخير.</translation>
    </message>
    <message>
        <source>The disk is full; the last change was not stored.</source>
        <translation>القرص ممتلئ؛ ولم يُخزَّن التغيير الأخير.</translation>
    </message>
    <message>
        <source>The document could not be read.</source>
        <translation>تعذرت قراءة المستند.</translation>
    </message>
    <message>
        <source>The document has too many paragraphs.</source>
        <translation>في المستند فقرات أكثر من اللازم.</translation>
    </message>
    <message>
        <source>The document is too large.</source>
        <translation>المستند أكبر من اللازم.</translation>
    </message>
    <message>
        <source>The document took too long to read or needed too much memory.</source>
        <translation>استغرقت قراءة المستند وقتاً طويلاً أو احتاجت إلى ذاكرة أكثر مما ينبغي.</translation>
    </message>
    <message>
        <source>The embargo on this has not ended, so it was not sent on.</source>
        <translation>لم ينتهِ الحظر المفروض على هذا، فلم يُحَل.</translation>
    </message>
    <message>
        <source>The evidence could not be written or checked.</source>
        <translation>تعذرت كتابة الأدلة أو التحقق منها.</translation>
    </message>
    <message>
        <source>The exchange did not succeed.</source>
        <translation>لم ينجح التبادل.</translation>
    </message>
    <message>
        <source>The file cannot be opened.</source>
        <translation>لا يمكن فتح الملف.</translation>
    </message>
    <message>
        <source>The file cannot be read.</source>
        <translation>تتعذر قراءة الملف.</translation>
    </message>
    <message>
        <source>The file could not be read or written.</source>
        <translation>تعذرت قراءة الملف أو كتابته.</translation>
    </message>
    <message>
        <source>The file could not be read.</source>
        <translation>تعذرت قراءة الملف.</translation>
    </message>
    <message>
        <source>The file could not be written.</source>
        <translation>تعذرت كتابة الملف.</translation>
    </message>
    <message>
        <source>The file did not arrive as it was sent.</source>
        <translation>لم يصل الملف كما أُرسل.</translation>
    </message>
    <message>
        <source>The file has faults, and a file is taken as a whole or not at all.</source>
        <translation>في الملف أخطاء، والملف يُدخل كله أو لا يُدخل أبداً.</translation>
    </message>
    <message>
        <source>The file holds control characters that no text has.</source>
        <translation>في الملف أحرف تحكم لا ترد في أي نص.</translation>
    </message>
    <message>
        <source>The file holds no words.</source>
        <translation>ليس في الملف كلمات.</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>الملف فارغ.</translation>
    </message>
    <message>
        <source>The file is larger than 256 MiB.</source>
        <translation>الملف أكبر من 256 MiB.</translation>
    </message>
    <message>
        <source>The file is larger than such a file can be.</source>
        <translation>الملف أكبر مما يمكن أن يكون عليه ملف كهذا.</translation>
    </message>
    <message>
        <source>The file is not a STIX 2.1 bundle.</source>
        <translation>الملف ليس حزمة STIX 2.1.</translation>
    </message>
    <message>
        <source>The file is not as long as its sender announced.</source>
        <translation>طول الملف ليس ما أعلنه مرسله.</translation>
    </message>
    <message>
        <source>The file is not readable as text.</source>
        <translation>لا يمكن قراءة الملف على أنه نص.</translation>
    </message>
    <message>
        <source>The file is not written as STIX is (JSON).</source>
        <translation>الملف غير مكتوب كما يُكتب STIX (أي JSON).</translation>
    </message>
    <message>
        <source>The file lacks a column that says what each row is about, or has nothing but that.</source>
        <translation>ينقص الملفَ عمود يبيّن موضوع كل صف، أو ليس فيه غير ذلك.</translation>
    </message>
    <message>
        <source>The file or entry is torn or was changed on its way.</source>
        <translation>الملف أو القيد ممزق أو غُيّر في الطريق.</translation>
    </message>
    <message>
        <source>The file reads back otherwise than it was written, so it was not kept.</source>
        <translation>يُقرأ الملف مجدداً على غير ما كُتب، فلم يُحفظ.</translation>
    </message>
    <message>
        <source>The file that arrived is not the one its sender announced.</source>
        <translation>الملف الذي وصل ليس الملف الذي أعلنه مرسله.</translation>
    </message>
    <message>
        <source>The file that opens the vault and the vault do not belong together.</source>
        <translation>الملف الذي يفتح الخزنة والخزنة لا يعود أحدهما إلى الآخر.</translation>
    </message>
    <message>
        <source>The file that opens the vault is damaged.</source>
        <translation>الملف الذي يفتح الخزنة تالف.</translation>
    </message>
    <message>
        <source>The file that opens the vault is missing.</source>
        <translation>الملف الذي يفتح الخزنة مفقود.</translation>
    </message>
    <message>
        <source>The file that opens the vault is not as it must be.</source>
        <translation>الملف الذي يفتح الخزنة ليس كما يجب أن يكون.</translation>
    </message>
    <message>
        <source>The file that was looked at is not at hand any more.</source>
        <translation>الملف الذي جرى الاطلاع عليه لم يعد متاحاً.</translation>
    </message>
    <message>
        <source>The folder, stick or relay cannot be reached.</source>
        <translation>لا يمكن الوصول إلى المجلد أو الذاكرة المحمولة أو محطة الترحيل.</translation>
    </message>
    <message>
        <source>The form holds something that does not belong to it.</source>
        <translation>في الاستمارة شيء لا ينتمي إليها.</translation>
    </message>
    <message>
        <source>The identity of a delegation concerned changed and nobody has decided yet.</source>
        <translation>تغيّرت هوية أحد الوفود المعنية ولم يقرر أحد بعد.</translation>
    </message>
    <message>
        <source>The identity of a laptop is not as it must be.</source>
        <translation>هوية حاسوب محمول ليست كما يجب أن تكون.</translation>
    </message>
    <message>
        <source>The identity of this delegation changed and nobody has decided yet.</source>
        <translation>تغيّرت هوية هذا الوفد ولم يقرر أحد بعد.</translation>
    </message>
    <message>
        <source>The incident is closed.</source>
        <translation>الحادث مغلق.</translation>
    </message>
    <message>
        <source>The incident is open.</source>
        <translation>الحادث مفتوح.</translation>
    </message>
    <message>
        <source>The key file no longer lies beside the vault.</source>
        <translation>لم يعد ملف المفتاح بجانب الخزنة.</translation>
    </message>
    <message>
        <source>The key of the vault is not as it must be.</source>
        <translation>مفتاح الخزنة ليس كما يجب أن يكون.</translation>
    </message>
    <message>
        <source>The keyring of this computer could not be used.</source>
        <translation>تعذر استخدام سلسلة مفاتيح هذا الحاسوب.</translation>
    </message>
    <message>
        <source>The keyring of this computer does not answer.</source>
        <translation>سلسلة مفاتيح هذا الحاسوب لا تجيب.</translation>
    </message>
    <message>
        <source>The keyring of this computer no longer holds what opens this vault.</source>
        <translation>لم تعد سلسلة مفاتيح هذا الحاسوب تحفظ ما يفتح هذه الخزنة.</translation>
    </message>
    <message>
        <source>The keys in this request are not possible.</source>
        <translation>المفاتيح الواردة في هذا الطلب غير ممكنة.</translation>
    </message>
    <message>
        <source>The keys of a laptop on this card do not verify.</source>
        <translation>مفاتيح حاسوب محمول على هذه البطاقة لا تجتاز التحقق.</translation>
    </message>
    <message>
        <source>The ladder goes up only.</source>
        <translation>سلّم التصعيد صاعد فقط.</translation>
    </message>
    <message>
        <source>The language is not one of the six official languages of the United Nations.</source>
        <translation>ليست اللغة إحدى اللغات الرسمية الست للأمم المتحدة.</translation>
    </message>
    <message>
        <source>The laptop that asks shows another certificate than the one known here.</source>
        <translation>يُظهر الحاسوب المحمول السائل شهادة غير الشهادة المعروفة هنا.</translation>
    </message>
    <message>
        <source>The laptop that made this answer may not admit others.</source>
        <translation>لا يجوز للحاسوب المحمول الذي أعدّ هذا الجواب أن يضمّ غيره.</translation>
    </message>
    <message>
        <source>The laptop that made this bundle has numbered two different ones alike.</source>
        <translation>الحاسوب المحمول الذي أعدّ هذه الرزمة أعطى رزمتين مختلفتين رقماً واحداً.</translation>
    </message>
    <message>
        <source>The last column of this line names no row that this register can have.</source>
        <translation>العمود الأخير في هذا السطر لا يسمي صفاً يمكن أن يكون في هذا السجل.</translation>
    </message>
    <message>
        <source>The marking in the bundle contradicts itself.</source>
        <translation>علامة التداول في الحزمة تناقض نفسها.</translation>
    </message>
    <message>
        <source>The message is empty.</source>
        <translation>الرسالة فارغة.</translation>
    </message>
    <message>
        <source>The message is too long.</source>
        <translation>الرسالة أطول من اللازم.</translation>
    </message>
    <message>
        <source>The name of this State cannot be changed so.</source>
        <translation>لا يمكن تغيير اسم هذه الدولة على هذا النحو.</translation>
    </message>
    <message>
        <source>The new passphrase is the old one.</source>
        <translation>عبارة المرور الجديدة هي القديمة نفسها.</translation>
    </message>
    <message>
        <source>The new passphrase is too short.</source>
        <translation>عبارة المرور الجديدة أقصر من اللازم.</translation>
    </message>
    <message>
        <source>The note is longer than 2,000 characters.</source>
        <translation>تتجاوز الملاحظة 2,000 حرف.</translation>
    </message>
    <message>
        <source>The number of a paragraph is too long to be one.</source>
        <translation>رقم إحدى الفقرات أطول من أن يكون رقماً.</translation>
    </message>
    <message>
        <source>The numbers compared with a delegation concerned differ.</source>
        <translation>الأرقام التي قورنت مع أحد الوفود المعنية مختلفة.</translation>
    </message>
    <message>
        <source>The pages of this PDF are pictures: they hold no words that can be read.</source>
        <translation>صفحات ملف PDF هذا صور: وليس فيها كلمات يمكن قراءتها.</translation>
    </message>
    <message>
        <source>The paragraph does not stand so that this could be done.</source>
        <translation>وضع الفقرة لا يسمح بفعل ذلك.</translation>
    </message>
    <message>
        <source>The paragraph has changed since this draft was written; it did not leave.</source>
        <translation>تغيّرت الفقرة منذ كتابة هذه المسودة؛ فلم تغادر.</translation>
    </message>
    <message>
        <source>The paragraph is agreed; its words cannot be changed.</source>
        <translation>الفقرة متفق عليها؛ ولا يمكن تغيير كلماتها.</translation>
    </message>
    <message>
        <source>The paragraph is no longer in the text.</source>
        <translation>لم تعد الفقرة في النص.</translation>
    </message>
    <message>
        <source>The part of the vault that answers to a passphrase is damaged.</source>
        <translation>جزء الخزنة الذي يستجيب لعبارة المرور تالف.</translation>
    </message>
    <message>
        <source>The part that encrypts the database is missing.</source>
        <translation>الجزء الذي يشفّر قاعدة البيانات مفقود.</translation>
    </message>
    <message>
        <source>The parts of the bundle are nested deeper than those of any honest one.</source>
        <translation>أجزاء الحزمة متداخلة بعمق يتجاوز ما في أي حزمة سليمة القصد.</translation>
    </message>
    <message>
        <source>The parts of the document are not built as expected.</source>
        <translation>أجزاء المستند ليست مبنية كما هو متوقع.</translation>
    </message>
    <message>
        <source>The parts of this file are nested deeper than those of any text.</source>
        <translation>أجزاء هذا الملف متداخلة بعمق يتجاوز ما في أي نص.</translation>
    </message>
    <message>
        <source>The parts of this page are nested deeper than those of any text. It was not read.</source>
        <translation>أجزاء هذه الصفحة متداخلة بعمق يتجاوز ما في أي نص. ولم تُقرأ.</translation>
    </message>
    <message>
        <source>The passphrase is empty.</source>
        <translation>عبارة المرور فارغة.</translation>
    </message>
    <message>
        <source>The passphrase of the key file is empty.</source>
        <translation>عبارة مرور ملف المفتاح فارغة.</translation>
    </message>
    <message>
        <source>The passphrase of this vault is protected less than it must be: somebody may have changed the file.</source>
        <translation>حماية عبارة مرور هذه الخزنة أقل مما يجب: فقد يكون أحدهم غيّر الملف.</translation>
    </message>
    <message>
        <source>The pen can only go to a delegation that takes part in this text.</source>
        <translation>لا يمكن أن ينتقل القلم إلا إلى وفد يشارك في هذا النص.</translation>
    </message>
    <message>
        <source>The pen has already decided on this amendment.</source>
        <translation>قرر القلم من قبل بشأن هذا التعديل.</translation>
    </message>
    <message>
        <source>The permission to use the relay has ended.</source>
        <translation>انتهى الإذن باستخدام محطة الترحيل.</translation>
    </message>
    <message>
        <source>The picture could not be read.</source>
        <translation>تعذرت قراءة الصورة.</translation>
    </message>
    <message>
        <source>The place of the amendment in the new words is missing.</source>
        <translation>موضع التعديل في الكلمات الجديدة ناقص.</translation>
    </message>
    <message>
        <source>The process that checks evidence could not be started.</source>
        <translation>تعذر تشغيل العملية التي تتحقق من الأدلة.</translation>
    </message>
    <message>
        <source>The process that checks evidence gave no usable answer.</source>
        <translation>لم تعطِ العملية التي تتحقق من الأدلة جواباً صالحاً.</translation>
    </message>
    <message>
        <source>The program has a register with this id already.</source>
        <translation>لدى البرنامج من قبل سجل بهذا المعرّف.</translation>
    </message>
    <message>
        <source>The proxy of this network did not let Valise through to the relay.</source>
        <translation>لم يسمح الخادم الوكيل لهذه الشبكة بوصول Valise إلى محطة الترحيل.</translation>
    </message>
    <message>
        <source>The public name is too long or holds control characters.</source>
        <translation>الاسم العلني أطول من اللازم أو فيه أحرف تحكم.</translation>
    </message>
    <message>
        <source>The quotation marks of the table do not match in this row.</source>
        <translation>علامات الاقتباس في الجدول غير متطابقة في هذا الصف.</translation>
    </message>
    <message>
        <source>The reader for documents could not be started.</source>
        <translation>تعذر تشغيل قارئ المستندات.</translation>
    </message>
    <message>
        <source>The recovery shares are needed while passphrase and keyring open together only.</source>
        <translation>حصص الاسترداد لازمة ما دامت الخزنة لا تُفتح إلا بعبارة المرور وسلسلة المفاتيح معاً.</translation>
    </message>
    <message>
        <source>The recovery shares could not be used.</source>
        <translation>تعذر استخدام حصص الاسترداد.</translation>
    </message>
    <message>
        <source>The register was changed since the file was read.</source>
        <translation>تغيّر السجل منذ قراءة الملف.</translation>
    </message>
    <message>
        <source>The relay did not do what it was asked.</source>
        <translation>لم تفعل محطة الترحيل ما طُلب منها.</translation>
    </message>
    <message>
        <source>The relay does not accept the permission of this laptop, or no longer.</source>
        <translation>لا تقبل محطة الترحيل إذن هذا الحاسوب المحمول، أو لم تعد تقبله.</translation>
    </message>
    <message>
        <source>The relay runs a version that is too old to be relied on.</source>
        <translation>تعمل محطة الترحيل بإصدار أقدم من أن يُعتمد عليه.</translation>
    </message>
    <message>
        <source>The relay takes no revocations by itself.</source>
        <translation>لا تقبل محطة الترحيل الإبطالات تلقائياً.</translation>
    </message>
    <message>
        <source>The rights of this laptop were changed too often.</source>
        <translation>تغيّرت حقوق هذا الحاسوب المحمول مرات أكثر من اللازم.</translation>
    </message>
    <message>
        <source>The root key of your delegation cannot be used for this now.</source>
        <translation>لا يمكن استخدام المفتاح الجذري لوفدكم لهذا الغرض الآن.</translation>
    </message>
    <message>
        <source>The root key of your delegation is not open; nothing was signed.</source>
        <translation>المفتاح الجذري لوفدكم غير مفتوح؛ ولم يُوقَّع شيء.</translation>
    </message>
    <message>
        <source>The root key of your delegation was closed in the meantime; nothing was signed.</source>
        <translation>أُغلق المفتاح الجذري لوفدكم في هذه الأثناء؛ ولم يُوقَّع شيء.</translation>
    </message>
    <message>
        <source>The row was changed again since, so this change cannot be undone by itself.</source>
        <translation>تغيّر الصف من جديد بعد ذلك، فلا يمكن التراجع عن هذا التغيير وحده.</translation>
    </message>
    <message>
        <source>The rows of this file cannot be taken in.</source>
        <translation>لا يمكن إدخال صفوف هذا الملف.</translation>
    </message>
    <message>
        <source>The search could not be done.</source>
        <translation>تعذر إجراء البحث.</translation>
    </message>
    <message>
        <source>The separate process that reads pictures could not be started.</source>
        <translation>تعذر تشغيل العملية المستقلة التي تقرأ الصور.</translation>
    </message>
    <message>
        <source>The separate program that lays out pages could not be started.</source>
        <translation>تعذر تشغيل البرنامج المستقل الذي ينسّق الصفحات.</translation>
    </message>
    <message>
        <source>The separate program that lays out pages gave no usable answer.</source>
        <translation>لم يعطِ البرنامج المستقل الذي ينسّق الصفحات جواباً صالحاً.</translation>
    </message>
    <message>
        <source>The separate reader of documents gave no usable answer.</source>
        <translation>لم يعطِ القارئ المستقل للمستندات جواباً صالحاً.</translation>
    </message>
    <message>
        <source>The shares stay as they are while passphrase and keyring are needed together.</source>
        <translation>تبقى الحصص كما هي ما دامت عبارة المرور وسلسلة المفاتيح لازمتين معاً.</translation>
    </message>
    <message>
        <source>The signature of this answer does not verify.</source>
        <translation>توقيع هذا الجواب لا يجتاز التحقق.</translation>
    </message>
    <message>
        <source>The signature of this card does not verify: it was changed, or it is a forgery.</source>
        <translation>توقيع هذه البطاقة لا يجتاز التحقق: فقد غُيّرت، أو أنها مزورة.</translation>
    </message>
    <message>
        <source>The signature of this release file does not hold: the file was changed on its way.</source>
        <translation>توقيع ملف الإصدار هذا غير صحيح: غُيّر الملف في طريقه.</translation>
    </message>
    <message>
        <source>The signature of this request does not verify.</source>
        <translation>توقيع هذا الطلب لا يجتاز التحقق.</translation>
    </message>
    <message>
        <source>The stick or disk of the backup does not answer, or cannot be written.</source>
        <translation>الذاكرة المحمولة أو القرص المخصص للنسخة الاحتياطية لا يجيب، أو لا يمكن الكتابة عليه.</translation>
    </message>
    <message>
        <source>The system did not allow what is needed.</source>
        <translation>لم يسمح النظام بما يلزم.</translation>
    </message>
    <message>
        <source>The table could not be written: its rows are not of one length.</source>
        <translation>تعذرت كتابة الجدول: فصفوفه ليست بطول واحد.</translation>
    </message>
    <message>
        <source>The table has more rows than are read at once.</source>
        <translation>في الجدول صفوف أكثر مما يُقرأ دفعة واحدة.</translation>
    </message>
    <message>
        <source>The table has more than 20,000 rows, too many for one printed file.</source>
        <translation>في الجدول أكثر من 20,000 صف، وهو أكثر مما يتسع له ملف مطبوع واحد.</translation>
    </message>
    <message>
        <source>The table has no row of headings.</source>
        <translation>ليس في الجدول صف عناوين.</translation>
    </message>
    <message>
        <source>The table holds control characters that no cell has.</source>
        <translation>في الجدول أحرف تحكم لا ترد في أي خانة.</translation>
    </message>
    <message>
        <source>The table is not written in UTF-8, so its letters cannot be told.</source>
        <translation>الجدول غير مكتوب بترميز UTF-8، فلا يمكن معرفة حروفه.</translation>
    </message>
    <message>
        <source>The tasks are in the vault for practice, and this is a real one.</source>
        <translation>المهام في خزنة التدريب، وهذه خزنة حقيقية.</translation>
    </message>
    <message>
        <source>The text has changed since this file was read; nothing was proposed.</source>
        <translation>تغيّر النص منذ قراءة هذا الملف؛ ولم يُقترح شيء.</translation>
    </message>
    <message>
        <source>The text has no title.</source>
        <translation>ليس للنص عنوان.</translation>
    </message>
    <message>
        <source>The text is frozen: two different continuations were written with the pen.</source>
        <translation>النص مجمَّد: كُتبت بالقلم تتمتان مختلفتان.</translation>
    </message>
    <message>
        <source>The text of this room can only be read with its past.</source>
        <translation>لا يمكن قراءة نص هذه الغرفة إلا مع ماضيه.</translation>
    </message>
    <message>
        <source>The title or the words hold signs that cannot be seen and could show other words.</source>
        <translation>في العنوان أو الكلمات علامات لا تُرى وقد تُظهر كلمات أخرى.</translation>
    </message>
    <message>
        <source>The unlock page could not be started.</source>
        <translation>تعذر تشغيل صفحة فتح القفل.</translation>
    </message>
    <message>
        <source>The vault could not be brought to this version.</source>
        <translation>تعذر نقل الخزنة إلى هذا الإصدار.</translation>
    </message>
    <message>
        <source>The vault could not be opened or written.</source>
        <translation>تعذر فتح الخزنة أو الكتابة فيها.</translation>
    </message>
    <message>
        <source>The vault is closed. Start Valise again.</source>
        <translation>الخزنة مغلقة. شغّلوا Valise من جديد.</translation>
    </message>
    <message>
        <source>The vault stays sealed.</source>
        <translation>تبقى الخزنة مختومة.</translation>
    </message>
    <message>
        <source>The vault was closed meanwhile.</source>
        <translation>أُغلقت الخزنة في هذه الأثناء.</translation>
    </message>
    <message>
        <source>The vault&apos;s database is damaged.</source>
        <translation>قاعدة بيانات الخزنة تالفة.</translation>
    </message>
    <message>
        <source>The vault&apos;s database is damaged: a part of it does not verify any more.</source>
        <translation>قاعدة بيانات الخزنة تالفة: جزء منها لم يعد يجتاز التحقق.</translation>
    </message>
    <message>
        <source>The vault&apos;s files are not where they were.</source>
        <translation>ملفات الخزنة ليست حيث كانت.</translation>
    </message>
    <message>
        <source>The words are too long for one paragraph.</source>
        <translation>الكلمات أطول مما يصلح لفقرة واحدة.</translation>
    </message>
    <message>
        <source>The words contain characters that a text cannot hold.</source>
        <translation>في الكلمات أحرف لا يمكن أن ترد في نص.</translation>
    </message>
    <message>
        <source>The words of the form that come with the program are damaged.</source>
        <translation>كلمات الاستمارة التي تأتي مع البرنامج تالفة.</translation>
    </message>
    <message>
        <source>The words of this statement do not have the hash that would be signed.</source>
        <translation>كلمات هذا البيان ليست لها قيمة التجزئة التي ستُوقَّع.</translation>
    </message>
    <message>
        <source>The words or the title are too long for a joint statement.</source>
        <translation>الكلمات أو العنوان أطول مما يصلح لبيان مشترك.</translation>
    </message>
    <message>
        <source>The words this refers to never stood in the text.</source>
        <translation>الكلمات التي يشير إليها هذا لم ترد قط في النص.</translation>
    </message>
    <message>
        <source>There are no words on both screens to be compared now.</source>
        <translation>لا توجد الآن على الشاشتين كلمات للمقارنة.</translation>
    </message>
    <message>
        <source>There are no words.</source>
        <translation>لا توجد كلمات.</translation>
    </message>
    <message>
        <source>There are too many contacts for one answer.</source>
        <translation>جهات التراسل أكثر مما يتسع له جواب واحد.</translation>
    </message>
    <message>
        <source>There is a row about this already.</source>
        <translation>يوجد من قبل صف بهذا الشأن.</translation>
    </message>
    <message>
        <source>There is a vault in this folder already.</source>
        <translation>توجد خزنة في هذا المجلد من قبل.</translation>
    </message>
    <message>
        <source>There is more than one code of a delegation in this picture.</source>
        <translation>في هذه الصورة أكثر من رمز واحد لوفد.</translation>
    </message>
    <message>
        <source>There is no State of this code.</source>
        <translation>لا توجد دولة بهذا الرمز.</translation>
    </message>
    <message>
        <source>There is no card of that delegation yet.</source>
        <translation>لا توجد بطاقة لذلك الوفد بعد.</translation>
    </message>
    <message>
        <source>There is no contact card in this file.</source>
        <translation>لا توجد بطاقة اتصال في هذا الملف.</translation>
    </message>
    <message>
        <source>There is no event and no task in this calendar.</source>
        <translation>ليس في هذا التقويم فعالية ولا مهمة.</translation>
    </message>
    <message>
        <source>There is no room left in the folder, on the stick or at the relay.</source>
        <translation>لم تبقَ سعة في المجلد أو على الذاكرة المحمولة أو لدى محطة الترحيل.</translation>
    </message>
    <message>
        <source>There is no room that you share with this delegation alone, to send it the permission in.</source>
        <translation>لا توجد غرفة تجمعكم بهذا الوفد وحده ليُرسل إليه الإذن فيها.</translation>
    </message>
    <message>
        <source>There is no such kind of export.</source>
        <translation>لا يوجد هذا النوع من التصدير.</translation>
    </message>
    <message>
        <source>There is no such offer any more.</source>
        <translation>لم يعد هناك عرض كهذا.</translation>
    </message>
    <message>
        <source>There is no such part of a text.</source>
        <translation>لا يوجد جزء كهذا في النص.</translation>
    </message>
    <message>
        <source>There is no such position.</source>
        <translation>لا يوجد موقف كهذا.</translation>
    </message>
    <message>
        <source>There is no such setting.</source>
        <translation>لا يوجد إعداد كهذا.</translation>
    </message>
    <message>
        <source>There is nobody to make this bundle for: no laptop of a chosen delegation shares a room with you.</source>
        <translation>لا يوجد من تُعدّ له هذه الرزمة: لا يوجد لأي وفد مختار حاسوب محمول يشارككم غرفة.</translation>
    </message>
    <message>
        <source>There is not enough memory to open the key file.</source>
        <translation>لا تكفي الذاكرة لفتح ملف المفتاح.</translation>
    </message>
    <message>
        <source>There is not enough memory to open the vault.</source>
        <translation>لا تكفي الذاكرة لفتح الخزنة.</translation>
    </message>
    <message>
        <source>There is not enough room for the backup. What was begun was taken away again.</source>
        <translation>لا توجد سعة كافية للنسخة الاحتياطية. وأُزيل ما كان قد بُدئ به.</translation>
    </message>
    <message>
        <source>There is nothing here that could be taken or written.</source>
        <translation>لا يوجد هنا ما يمكن إدخاله أو كتابته.</translation>
    </message>
    <message>
        <source>There is nothing here to speak to.</source>
        <translation>لا يوجد هنا ما يُعبَّر عن موقف منه.</translation>
    </message>
    <message>
        <source>There is nothing in it to take in.</source>
        <translation>لا يوجد فيها ما يُدخل.</translation>
    </message>
    <message>
        <source>There is nothing more to do.</source>
        <translation>لا يلزم فعل شيء آخر.</translation>
    </message>
    <message>
        <source>There is nothing to compare with this delegation.</source>
        <translation>لا يوجد ما يُقارن مع هذا الوفد.</translation>
    </message>
    <message>
        <source>There is nothing to decide about this delegation.</source>
        <translation>لا يوجد ما يُقرَّر بشأن هذا الوفد.</translation>
    </message>
    <message>
        <source>There is nothing to do.</source>
        <translation>لا يلزم فعل شيء.</translation>
    </message>
    <message>
        <source>There is nothing to do: it counts, with the reason that was given.</source>
        <translation>لا يلزم فعل شيء: فهو محتسب، بالسبب الذي ذُكر.</translation>
    </message>
    <message>
        <source>There is nothing to open again.</source>
        <translation>لا يوجد ما يُعاد فتحه.</translation>
    </message>
    <message>
        <source>There is nothing to take back.</source>
        <translation>لا يوجد ما يُسحب.</translation>
    </message>
    <message>
        <source>There is something wrong with this backup.</source>
        <translation>هناك خلل في هذه النسخة الاحتياطية.</translation>
    </message>
    <message>
        <source>These shares are not of one set.</source>
        <translation>هذه الحصص ليست من مجموعة واحدة.</translation>
    </message>
    <message>
        <source>These shares belong to another set than the one that opens this vault.</source>
        <translation>تنتمي هذه الحصص إلى مجموعة غير التي تفتح هذه الخزنة.</translation>
    </message>
    <message>
        <source>These shares fit together and do not open this vault.</source>
        <translation>هذه الحصص متوافقة فيما بينها ولا تفتح هذه الخزنة.</translation>
    </message>
    <message>
        <source>These words are a share that Valise did not make.</source>
        <translation>هذه الكلمات حصة لم يُعدّها Valise.</translation>
    </message>
    <message>
        <source>They can be made under Security, Unlocking, while the vault is open.</source>
        <translation>يمكن إعدادها في «الأمن»، «فتح القفل»، والخزنة مفتوحة.</translation>
    </message>
    <message>
        <source>They have been asked for again; wait for the next exchanges.</source>
        <translation>طُلبت من جديد؛ انتظروا التبادلات المقبلة.</translation>
    </message>
    <message>
        <source>This PDF has more pages than can be read at once.</source>
        <translation>في ملف PDF هذا صفحات أكثر مما يمكن قراءته دفعة واحدة.</translation>
    </message>
    <message>
        <source>This PDF is protected with a password of its own.</source>
        <translation>ملف PDF هذا محمي بكلمة سر خاصة به.</translation>
    </message>
    <message>
        <source>This XML file is not a document in Akoma Ntoso.</source>
        <translation>ملف XML هذا ليس مستنداً بصيغة Akoma Ntoso.</translation>
    </message>
    <message>
        <source>This amendment is not in the text.</source>
        <translation>هذا التعديل ليس في النص.</translation>
    </message>
    <message>
        <source>This amendment was withdrawn.</source>
        <translation>سُحب هذا التعديل.</translation>
    </message>
    <message>
        <source>This answer does not certify this laptop.</source>
        <translation>هذا الجواب لا يصدّق على هذا الحاسوب المحمول.</translation>
    </message>
    <message>
        <source>This answer was made by another version of Valise.</source>
        <translation>أُعدّ هذا الجواب بإصدار آخر من Valise.</translation>
    </message>
    <message>
        <source>This answer was made for another laptop, or was changed on its way.</source>
        <translation>أُعدّ هذا الجواب لحاسوب محمول آخر، أو غُيّر في الطريق.</translation>
    </message>
    <message>
        <source>This backup is not whole: its end is missing.</source>
        <translation>هذه النسخة الاحتياطية غير كاملة: نهايتها مفقودة.</translation>
    </message>
    <message>
        <source>This backup was changed after it was written, or its medium is failing.</source>
        <translation>غُيّرت هذه النسخة الاحتياطية بعد كتابتها، أو أن وسيطها آخذ في التعطل.</translation>
    </message>
    <message>
        <source>This backup was made when the vault had no recovery shares.</source>
        <translation>أُعدّت هذه النسخة الاحتياطية حين لم تكن للخزنة حصص استرداد.</translation>
    </message>
    <message>
        <source>This backup was written by a newer Valise than this one.</source>
        <translation>كُتبت هذه النسخة الاحتياطية بإصدار من Valise أحدث من هذا.</translation>
    </message>
    <message>
        <source>This bundle is for other laptops too, so it stays on the stick.</source>
        <translation>هذه الرزمة موجهة إلى حواسيب محمولة أخرى أيضاً، ولذلك تبقى على الذاكرة المحمولة.</translation>
    </message>
    <message>
        <source>This bundle was written by a newer Valise than this one.</source>
        <translation>كُتبت هذه الرزمة بإصدار من Valise أحدث من هذا.</translation>
    </message>
    <message>
        <source>This calendar could not be read or written.</source>
        <translation>تعذرت قراءة هذا التقويم أو كتابته.</translation>
    </message>
    <message>
        <source>This came from a laptop whose card is not here yet.</source>
        <translation>جاء هذا من حاسوب محمول لم تصل بطاقته إلى هنا بعد.</translation>
    </message>
    <message>
        <source>This can only be changed together with what it rests on, such as its date.</source>
        <translation>لا يمكن تغيير هذا إلا مع ما يستند إليه، كتاريخه.</translation>
    </message>
    <message>
        <source>This cannot be done in this room.</source>
        <translation>لا يمكن فعل ذلك في هذه الغرفة.</translation>
    </message>
    <message>
        <source>This cannot be done with the text as it stands now.</source>
        <translation>لا يمكن فعل ذلك بالنص كما هو الآن.</translation>
    </message>
    <message>
        <source>This cannot be done with these dates.</source>
        <translation>لا يمكن فعل ذلك بهذه التواريخ.</translation>
    </message>
    <message>
        <source>This cannot be done with this amendment.</source>
        <translation>لا يمكن فعل ذلك بهذا التعديل.</translation>
    </message>
    <message>
        <source>This cannot be done with this contact.</source>
        <translation>لا يمكن فعل ذلك بجهة التراسل هذه.</translation>
    </message>
    <message>
        <source>This cannot be done with this incident now.</source>
        <translation>لا يمكن فعل ذلك الآن بهذا الحادث.</translation>
    </message>
    <message>
        <source>This cannot be done with this message.</source>
        <translation>لا يمكن فعل ذلك بهذه الرسالة.</translation>
    </message>
    <message>
        <source>This cannot be done with this register now.</source>
        <translation>لا يمكن فعل ذلك الآن بهذا السجل.</translation>
    </message>
    <message>
        <source>This cannot be signed for a laptop of your delegation.</source>
        <translation>لا يمكن توقيع هذا لحاسوب محمول لدى وفدكم.</translation>
    </message>
    <message>
        <source>This card and one you hold name different laptops of the same delegation.</source>
        <translation>تذكر هذه البطاقة وبطاقة لديكم حواسيب محمولة مختلفة للوفد نفسه.</translation>
    </message>
    <message>
        <source>This card claims a laptop that belongs to another delegation.</source>
        <translation>تدّعي هذه البطاقة حاسوباً محمولاً يخص وفداً آخر.</translation>
    </message>
    <message>
        <source>This card names a delegation you know, with another identity.</source>
        <translation>تسمي هذه البطاقة وفداً تعرفونه، بهوية أخرى.</translation>
    </message>
    <message>
        <source>This card was made by another version of Valise.</source>
        <translation>أُعدّت هذه البطاقة بإصدار آخر من Valise.</translation>
    </message>
    <message>
        <source>This cell names a row that is not here.</source>
        <translation>تسمي هذه الخانة صفاً غير موجود هنا.</translation>
    </message>
    <message>
        <source>This change is not in the record here.</source>
        <translation>هذا التغيير ليس في المحضر هنا.</translation>
    </message>
    <message>
        <source>This change of the text is not possible.</source>
        <translation>هذا التغيير في النص غير ممكن.</translation>
    </message>
    <message>
        <source>This change was undone already.</source>
        <translation>جرى التراجع عن هذا التغيير من قبل.</translation>
    </message>
    <message>
        <source>This deadline is not possible.</source>
        <translation>هذا الموعد النهائي غير ممكن.</translation>
    </message>
    <message>
        <source>This delegation cannot be reached in that way now.</source>
        <translation>لا يمكن بلوغ هذا الوفد بهذا السبيل الآن.</translation>
    </message>
    <message>
        <source>This delegation does not wait to be admitted any more.</source>
        <translation>لم يعد هذا الوفد ينتظر القبول.</translation>
    </message>
    <message>
        <source>This document holds more tracked changes and comments than can be read at once.</source>
        <translation>في هذا المستند من التغييرات المتعقَّبة والتعليقات أكثر مما يمكن قراءته دفعة واحدة.</translation>
    </message>
    <message>
        <source>This document is of the old kind (.doc).</source>
        <translation>هذا المستند من النوع القديم (.doc).</translation>
    </message>
    <message>
        <source>This document is protected with a password of its own.</source>
        <translation>هذا المستند محمي بكلمة سر خاصة به.</translation>
    </message>
    <message>
        <source>This draft could not be released, returned or taken back.</source>
        <translation>تعذرت إجازة هذه المسودة أو إعادتها أو سحبها.</translation>
    </message>
    <message>
        <source>This draft is of another officer, who alone can take it back.</source>
        <translation>هذه المسودة لموظف آخر، وهو وحده يستطيع سحبها.</translation>
    </message>
    <message>
        <source>This draft is your own: another officer releases or returns it.</source>
        <translation>هذه المسودة مسودتكم أنتم: ويجيزها أو يعيدها موظف آخر.</translation>
    </message>
    <message>
        <source>This draft was decided meanwhile.</source>
        <translation>بُتّ في هذه المسودة في هذه الأثناء.</translation>
    </message>
    <message>
        <source>This field belongs to what you assess, and never stands beside what a State says of itself.</source>
        <translation>ينتمي هذا الحقل إلى ما تقدّرونه، ولا يقف أبداً بجانب ما تقوله الدولة عن نفسها.</translation>
    </message>
    <message>
        <source>This field does not take what was written: its help says what it asks for.</source>
        <translation>لا يقبل هذا الحقل ما كُتب: وتبيّن مساعدته ما يطلبه.</translation>
    </message>
    <message>
        <source>This field is written by the program itself.</source>
        <translation>يكتب البرنامج نفسه هذا الحقل.</translation>
    </message>
    <message>
        <source>This file declares a document type, which no text needs and which can do harm. It was not read.</source>
        <translation>يعلن هذا الملف نوعاً للمستند، وهو ما لا يحتاج إليه أي نص وقد يسبب ضرراً. ولم يُقرأ.</translation>
    </message>
    <message>
        <source>This file does not define a register: line and column say where it goes wrong.</source>
        <translation>لا يعرّف هذا الملف سجلاً: ويبيّن السطر والعمود موضع الخطأ.</translation>
    </message>
    <message>
        <source>This file has more parts than can be read at once.</source>
        <translation>في هذا الملف أجزاء أكثر مما يمكن قراءته دفعة واحدة.</translation>
    </message>
    <message>
        <source>This file has not arrived whole yet.</source>
        <translation>لم يصل هذا الملف كاملاً بعد.</translation>
    </message>
    <message>
        <source>This file holds more than any directory has.</source>
        <translation>في هذا الملف أكثر مما في أي دليل.</translation>
    </message>
    <message>
        <source>This file holds no Word document.</source>
        <translation>ليس في هذا الملف مستند Word.</translation>
    </message>
    <message>
        <source>This file holds the other side of the register: what you assess and what States say never mix.</source>
        <translation>في هذا الملف الجانب الآخر من السجل: وما تقدّرونه وما تقوله الدول لا يختلطان أبداً.</translation>
    </message>
    <message>
        <source>This file is damaged, or built as no document is built. It was not read.</source>
        <translation>هذا الملف تالف، أو مبني على نحو لا يُبنى به أي مستند. ولم يُقرأ.</translation>
    </message>
    <message>
        <source>This file is damaged: it is not well-formed XML.</source>
        <translation>هذا الملف تالف: ليس XML سليم البنية.</translation>
    </message>
    <message>
        <source>This file is empty or too large to be sent.</source>
        <translation>هذا الملف فارغ أو أكبر من أن يُرسل.</translation>
    </message>
    <message>
        <source>This file is in a version of Akoma Ntoso that is not known here.</source>
        <translation>هذا الملف بإصدار من Akoma Ntoso غير معروف هنا.</translation>
    </message>
    <message>
        <source>This file is larger than can be received.</source>
        <translation>هذا الملف أكبر مما يمكن استلامه.</translation>
    </message>
    <message>
        <source>This file is no backup of Valise.</source>
        <translation>هذا الملف ليس نسخة احتياطية من Valise.</translation>
    </message>
    <message>
        <source>This file is not a PDF, or it is damaged.</source>
        <translation>هذا الملف ليس PDF، أو هو تالف.</translation>
    </message>
    <message>
        <source>This file is not a calendar, or it is damaged.</source>
        <translation>هذا الملف ليس تقويماً، أو هو تالف.</translation>
    </message>
    <message>
        <source>This file is not a picture that can be read.</source>
        <translation>هذا الملف ليس صورة يمكن قراءتها.</translation>
    </message>
    <message>
        <source>This file is not a request of another laptop, or not a whole one.</source>
        <translation>هذا الملف ليس طلباً من حاسوب محمول آخر، أو ليس طلباً كاملاً.</translation>
    </message>
    <message>
        <source>This file is not a request of another laptop.</source>
        <translation>هذا الملف ليس طلباً من حاسوب محمول آخر.</translation>
    </message>
    <message>
        <source>This file is not a web page.</source>
        <translation>هذا الملف ليس صفحة ويب.</translation>
    </message>
    <message>
        <source>This file is not an identity card, or not a whole one.</source>
        <translation>هذا الملف ليس بطاقة هوية، أو ليس بطاقة كاملة.</translation>
    </message>
    <message>
        <source>This file is not an identity card.</source>
        <translation>هذا الملف ليس بطاقة هوية.</translation>
    </message>
    <message>
        <source>This file is not in the vault.</source>
        <translation>هذا الملف ليس في الخزنة.</translation>
    </message>
    <message>
        <source>This file is not the answer to a request, or not a whole one.</source>
        <translation>هذا الملف ليس جواباً عن طلب، أو ليس جواباً كاملاً.</translation>
    </message>
    <message>
        <source>This file is not the answer to a request.</source>
        <translation>هذا الملف ليس جواباً عن طلب.</translation>
    </message>
    <message>
        <source>This file is not written in UTF-8.</source>
        <translation>هذا الملف غير مكتوب بترميز UTF-8.</translation>
    </message>
    <message>
        <source>This file is too large to be an identity card.</source>
        <translation>هذا الملف أكبر من أن يكون بطاقة هوية.</translation>
    </message>
    <message>
        <source>This file unpacks to more than any document holds. It was not read.</source>
        <translation>يتسع هذا الملف عند فك ضغطه لأكثر مما في أي مستند. ولم يُقرأ.</translation>
    </message>
    <message>
        <source>This file was attached in another room and is sealed for its members.</source>
        <translation>أُرفق هذا الملف في غرفة أخرى وهو مختوم لأعضائها.</translation>
    </message>
    <message>
        <source>This folder is copied elsewhere by a synchronising program.</source>
        <translation>ينسخ برنامج مزامنة هذا المجلد إلى مكان آخر.</translation>
    </message>
    <message>
        <source>This identity was replaced by another one of the same delegation.</source>
        <translation>استُعيض عن هذه الهوية بهوية أخرى للوفد نفسه.</translation>
    </message>
    <message>
        <source>This incident is not here.</source>
        <translation>هذا الحادث غير موجود هنا.</translation>
    </message>
    <message>
        <source>This internal note could not be kept.</source>
        <translation>تعذر حفظ هذه الملاحظة الداخلية.</translation>
    </message>
    <message>
        <source>This is a real State, and this vault is for practice: it was refused.</source>
        <translation>هذه دولة حقيقية، وهذه الخزنة للتدريب: فرُفضت الدولة.</translation>
    </message>
    <message>
        <source>This is a travel laptop, and it is not for this room.</source>
        <translation>هذا حاسوب محمول للسفر، وليس مخصصاً لهذه الغرفة.</translation>
    </message>
    <message>
        <source>This is an older copy of this laptop&apos;s vault: what it had said since is asked of the others.</source>
        <translation>هذه نسخة أقدم من خزنة هذا الحاسوب المحمول: وما كان قد قاله منذ ذلك الحين يُطلب من الآخرين.</translation>
    </message>
    <message>
        <source>This is for the delegations the incident was sent to.</source>
        <translation>هذا للوفود التي أُرسل إليها الحادث.</translation>
    </message>
    <message>
        <source>This is longer than one change of a register can be.</source>
        <translation>هذا أطول مما يتسع له تغيير واحد في سجل.</translation>
    </message>
    <message>
        <source>This is no file of settings that can be read here.</source>
        <translation>هذا ليس ملف إعدادات تمكن قراءته هنا.</translation>
    </message>
    <message>
        <source>This is not a bundle of Valise.</source>
        <translation>ليست هذه رزمة من Valise.</translation>
    </message>
    <message>
        <source>This is not a card of your delegation.</source>
        <translation>ليست هذه بطاقة وفدكم.</translation>
    </message>
    <message>
        <source>This is not a key file of a delegation, or it was changed.</source>
        <translation>ليس هذا ملف مفتاح لوفد، أو أنه غُيّر.</translation>
    </message>
    <message>
        <source>This is not a key file of a delegation.</source>
        <translation>ليس هذا ملف مفتاح لوفد.</translation>
    </message>
    <message>
        <source>This is not a release file of Valise, or it is damaged.</source>
        <translation>هذا ليس ملف إصدار من Valise، أو أنه تالف.</translation>
    </message>
    <message>
        <source>This is not a valid answer for this laptop.</source>
        <translation>ليس هذا جواباً صالحاً لهذا الحاسوب المحمول.</translation>
    </message>
    <message>
        <source>This is not a valid identity card.</source>
        <translation>ليست هذه بطاقة هوية صالحة.</translation>
    </message>
    <message>
        <source>This is not a valid key file of a delegation.</source>
        <translation>ليس هذا ملف مفتاح صالحاً لوفد.</translation>
    </message>
    <message>
        <source>This is not a valid request of another laptop.</source>
        <translation>ليس هذا طلباً صالحاً من حاسوب محمول آخر.</translation>
    </message>
    <message>
        <source>This is not an ordinary file.</source>
        <translation>ليس هذا ملفاً عادياً.</translation>
    </message>
    <message>
        <source>This is not the file of a relay, or it is torn.</source>
        <translation>ليس هذا ملف محطة ترحيل، أو هو ممزق.</translation>
    </message>
    <message>
        <source>This is the card of a delegation from a vault for practice: it was refused.</source>
        <translation>هذه بطاقة وفد من خزنة تدريب: فرُفضت.</translation>
    </message>
    <message>
        <source>This is the card of a real delegation, and this vault is for practice: it was refused.</source>
        <translation>هذه بطاقة وفد حقيقي، وهذه الخزنة للتدريب: فرُفضت البطاقة.</translation>
    </message>
    <message>
        <source>This is too much for one act of the pen.</source>
        <translation>هذا أكثر مما يتسع له إجراء واحد للقلم.</translation>
    </message>
    <message>
        <source>This is too much for one entry of the record.</source>
        <translation>هذا أكثر مما يتسع له قيد واحد في المحضر.</translation>
    </message>
    <message>
        <source>This is your own card.</source>
        <translation>هذه بطاقتكم أنتم.</translation>
    </message>
    <message>
        <source>This is your own identity: there is nothing to compare.</source>
        <translation>هذه هويتكم أنتم: فلا يوجد ما يُقارن.</translation>
    </message>
    <message>
        <source>This is your own message.</source>
        <translation>هذه رسالتكم أنتم.</translation>
    </message>
    <message>
        <source>This key file belongs to another delegation.</source>
        <translation>ملف المفتاح هذا يخص وفداً آخر.</translation>
    </message>
    <message>
        <source>This key file is protected less than it must be.</source>
        <translation>حماية ملف المفتاح هذا أقل مما يجب.</translation>
    </message>
    <message>
        <source>This key file was written by another version of Valise.</source>
        <translation>كُتب ملف المفتاح هذا بإصدار آخر من Valise.</translation>
    </message>
    <message>
        <source>This kind of document cannot be read.</source>
        <translation>لا يمكن قراءة هذا النوع من المستندات.</translation>
    </message>
    <message>
        <source>This laptop does not have the right to do this.</source>
        <translation>ليس لهذا الحاسوب المحمول حق فعل ذلك.</translation>
    </message>
    <message>
        <source>This laptop does not hold the same text under that revision.</source>
        <translation>ليس على هذا الحاسوب المحمول النص نفسه لذلك التنقيح.</translation>
    </message>
    <message>
        <source>This laptop does not wait to be admitted.</source>
        <translation>هذا الحاسوب المحمول لا ينتظر ضمّه.</translation>
    </message>
    <message>
        <source>This laptop has already been admitted.</source>
        <translation>ضُمّ هذا الحاسوب المحمول من قبل.</translation>
    </message>
    <message>
        <source>This laptop has been admitted already.</source>
        <translation>ضُمّ هذا الحاسوب المحمول من قبل.</translation>
    </message>
    <message>
        <source>This laptop has not been admitted to its delegation yet.</source>
        <translation>لم يُضمّ هذا الحاسوب المحمول إلى وفده بعد.</translation>
    </message>
    <message>
        <source>This laptop was made from a backup and waits to be admitted.</source>
        <translation>أُنشئ هذا الحاسوب المحمول من نسخة احتياطية وينتظر ضمّه.</translation>
    </message>
    <message>
        <source>This laptop was made from a backup, and this cannot be done with it now.</source>
        <translation>أُنشئ هذا الحاسوب المحمول من نسخة احتياطية، ولا يمكن فعل ذلك به الآن.</translation>
    </message>
    <message>
        <source>This laptop was revoked by its delegation.</source>
        <translation>أُبطل هذا الحاسوب المحمول من قِبل وفده.</translation>
    </message>
    <message>
        <source>This laptop was revoked; that cannot be taken back.</source>
        <translation>أُبطل هذا الحاسوب المحمول؛ ولا يمكن الرجوع عن ذلك.</translation>
    </message>
    <message>
        <source>This line changes a field that the program writes itself.</source>
        <translation>يغيّر هذا السطر حقلاً يكتبه البرنامج نفسه.</translation>
    </message>
    <message>
        <source>This line has more or fewer cells than there are headings.</source>
        <translation>في هذا السطر خانات أكثر أو أقل من العناوين.</translation>
    </message>
    <message>
        <source>This line names no State, delegation or item of this register.</source>
        <translation>لا يسمي هذا السطر دولة أو وفداً أو بنداً من هذا السجل.</translation>
    </message>
    <message>
        <source>This list is closed already.</source>
        <translation>هذه القائمة مغلقة من قبل.</translation>
    </message>
    <message>
        <source>This list of members is not possible for such a room.</source>
        <translation>قائمة الأعضاء هذه غير ممكنة لغرفة كهذه.</translation>
    </message>
    <message>
        <source>This marking is not possible.</source>
        <translation>علامة التداول هذه غير ممكنة.</translation>
    </message>
    <message>
        <source>This message is not in the vault.</source>
        <translation>هذه الرسالة ليست في الخزنة.</translation>
    </message>
    <message>
        <source>This name is too long, or has signs in it that cannot be shown.</source>
        <translation>هذا الاسم أطول من اللازم، أو فيه علامات لا يمكن إظهارها.</translation>
    </message>
    <message>
        <source>This outcome or way is not one of those that are known.</source>
        <translation>هذه النتيجة أو الوسيلة ليست من المعروف منها.</translation>
    </message>
    <message>
        <source>This package does not belong to this release.</source>
        <translation>هذه الحزمة لا تنتمي إلى هذا الإصدار.</translation>
    </message>
    <message>
        <source>This package has the name of a released one and another content: it was changed on its way.</source>
        <translation>تحمل هذه الحزمة اسم حزمة صادرة ومحتوى مختلفاً: غُيّرت في طريقها.</translation>
    </message>
    <message>
        <source>This page has more parts than can be read at once.</source>
        <translation>في هذه الصفحة أجزاء أكثر مما يمكن قراءته دفعة واحدة.</translation>
    </message>
    <message>
        <source>This permission was taken back, or is not known here.</source>
        <translation>سُحب هذا الإذن، أو هو غير معروف هنا.</translation>
    </message>
    <message>
        <source>This picture is too large to be read.</source>
        <translation>هذه الصورة أكبر من أن تُقرأ.</translation>
    </message>
    <message>
        <source>This register does not have that side here. What you assess stays within your delegation.</source>
        <translation>ليس لهذا السجل ذلك الجانب هنا. فما تقدّرونه يبقى داخل وفدكم.</translation>
    </message>
    <message>
        <source>This register has no such field.</source>
        <translation>ليس لهذا السجل حقل كهذا.</translation>
    </message>
    <message>
        <source>This register is kept within your delegation alone, not in a room with others.</source>
        <translation>يُحفظ هذا السجل داخل وفدكم وحده، لا في غرفة مع آخرين.</translation>
    </message>
    <message>
        <source>This register is not known here.</source>
        <translation>هذا السجل غير معروف هنا.</translation>
    </message>
    <message>
        <source>This register is not written in that kind of file.</source>
        <translation>لا يُكتب هذا السجل في هذا النوع من الملفات.</translation>
    </message>
    <message>
        <source>This release file has a form that only a newer version reads.</source>
        <translation>لملف الإصدار هذا شكل لا يقرؤه إلا إصدار أحدث.</translation>
    </message>
    <message>
        <source>This release file was signed by somebody else than the publisher of this program.</source>
        <translation>وقّع ملف الإصدار هذا شخص غير ناشر هذا البرنامج.</translation>
    </message>
    <message>
        <source>This release file, or the package with it, is not what the publisher signed.</source>
        <translation>ملف الإصدار هذا، أو الحزمة المرفقة به، ليس ما وقّعه الناشر.</translation>
    </message>
    <message>
        <source>This request was made by another version of Valise.</source>
        <translation>أُعدّ هذا الطلب بإصدار آخر من Valise.</translation>
    </message>
    <message>
        <source>This revision has not arrived yet.</source>
        <translation>لم يصل هذا التنقيح بعد.</translation>
    </message>
    <message>
        <source>This revision is not here, or this laptop computes it differently.</source>
        <translation>هذا التنقيح غير موجود هنا، أو يحسبه هذا الحاسوب المحمول على نحو مختلف.</translation>
    </message>
    <message>
        <source>This room is not here.</source>
        <translation>هذه الغرفة غير موجودة هنا.</translation>
    </message>
    <message>
        <source>This room is not in the vault.</source>
        <translation>هذه الغرفة ليست في الخزنة.</translation>
    </message>
    <message>
        <source>This round is closed already.</source>
        <translation>هذه الجولة مغلقة من قبل.</translation>
    </message>
    <message>
        <source>This round was an exercise: nothing of it is taken into an entry.</source>
        <translation>كانت هذه الجولة تمريناً: لا يُدخل منها شيء في أي قيد.</translation>
    </message>
    <message>
        <source>This round, question or contact is not known here.</source>
        <translation>هذه الجولة أو هذا السؤال أو جهة الاتصال هذه غير معروفة هنا.</translation>
    </message>
    <message>
        <source>This row has more than 500 columns.</source>
        <translation>في هذا الصف أكثر من 500 عمود.</translation>
    </message>
    <message>
        <source>This row is not in the register.</source>
        <translation>هذا الصف ليس في السجل.</translation>
    </message>
    <message>
        <source>This row was taken out of the register.</source>
        <translation>أُخرج هذا الصف من السجل.</translation>
    </message>
    <message>
        <source>This setting is kept inside the vault only.</source>
        <translation>لا يُحفظ هذا الإعداد إلا داخل الخزنة.</translation>
    </message>
    <message>
        <source>This silence procedure has not arrived here.</source>
        <translation>لم يصل إجراء الموافقة الصامتة هذا إلى هنا.</translation>
    </message>
    <message>
        <source>This silence procedure is over.</source>
        <translation>انتهى إجراء الموافقة الصامتة هذا.</translation>
    </message>
    <message>
        <source>This statement is not on this laptop.</source>
        <translation>هذا البيان ليس على هذا الحاسوب المحمول.</translation>
    </message>
    <message>
        <source>This table could not be read or written.</source>
        <translation>تعذرت قراءة هذا الجدول أو كتابته.</translation>
    </message>
    <message>
        <source>This task or note is done, or no longer holds.</source>
        <translation>هذه المهمة أو الملاحظة أُنجزت، أو لم تعد سارية.</translation>
    </message>
    <message>
        <source>This text is no longer in the vault.</source>
        <translation>لم يعد هذا النص في الخزنة.</translation>
    </message>
    <message>
        <source>This text is not in the vault.</source>
        <translation>هذا النص ليس في الخزنة.</translation>
    </message>
    <message>
        <source>This time cannot be: an answer comes after the question, and not in the future.</source>
        <translation>لا يمكن أن يكون هذا الوقت: فالجواب يأتي بعد السؤال، لا في المستقبل.</translation>
    </message>
    <message>
        <source>This value is not possible for this setting.</source>
        <translation>هذه القيمة غير ممكنة لهذا الإعداد.</translation>
    </message>
    <message>
        <source>This vault does not use a keyring.</source>
        <translation>لا تستخدم هذه الخزنة سلسلة مفاتيح.</translation>
    </message>
    <message>
        <source>This vault has no recovery shares.</source>
        <translation>ليس لهذه الخزنة حصص استرداد.</translation>
    </message>
    <message>
        <source>This vault opens in a way that this version does not know.</source>
        <translation>تُفتح هذه الخزنة بطريقة لا يعرفها هذا الإصدار.</translation>
    </message>
    <message>
        <source>This vault wants passphrase and keyring together, and the keyring&apos;s half is not here.</source>
        <translation>تشترط هذه الخزنة عبارة المرور وسلسلة المفاتيح معاً، ونصف سلسلة المفاتيح غير موجود هنا.</translation>
    </message>
    <message>
        <source>This vault was made by a newer Valise.</source>
        <translation>أُنشئت هذه الخزنة بإصدار أحدث من Valise.</translation>
    </message>
    <message>
        <source>This vault was written by a newer Valise.</source>
        <translation>كُتبت هذه الخزنة بإصدار أحدث من Valise.</translation>
    </message>
    <message>
        <source>This way of exchange cannot be used now.</source>
        <translation>لا يمكن استخدام سبيل التبادل هذا الآن.</translation>
    </message>
    <message>
        <source>This way of exchange is not known to this version.</source>
        <translation>سبيل التبادل هذا غير معروف لهذا الإصدار.</translation>
    </message>
    <message>
        <source>Tick at least one point of contact.</source>
        <translation>أشّروا على جهة اتصال واحدة على الأقل.</translation>
    </message>
    <message>
        <source>Tick the exercise box, or choose another type of message.</source>
        <translation>أشّروا على خانة التمرين، أو اختاروا نوعاً آخر من الرسائل.</translation>
    </message>
    <message>
        <source>Too much of this bundle cannot be opened here, and nobody known vouches for it. The rest was left alone.</source>
        <translation>في هذه الرزمة ما لا يمكن فتحه هنا بقدر يتجاوز الحد، ولا يزكّيه طرف معروف. وتُرك الباقي دون مساس.</translation>
    </message>
    <message>
        <source>Try again, or use the command valise verify.</source>
        <translation>أعيدوا المحاولة، أو استخدموا الأمر valise verify.</translation>
    </message>
    <message>
        <source>Try again. If it happens again, run valise doctor.</source>
        <translation>أعيدوا المحاولة. وإذا تكرر ذلك فشغّلوا valise doctor.</translation>
    </message>
    <message>
        <source>Try again; if it happens again, run valise doctor.</source>
        <translation>أعيدوا المحاولة؛ وإذا تكرر ذلك فشغّلوا valise doctor.</translation>
    </message>
    <message>
        <source>Try again; if it happens again, save the text as a Word document.</source>
        <translation>أعيدوا المحاولة؛ وإذا تكرر ذلك فاحفظوا النص بصيغة مستند Word.</translation>
    </message>
    <message>
        <source>Try other words.</source>
        <translation>جرّبوا كلمات أخرى.</translation>
    </message>
    <message>
        <source>Two columns of the file have the same name.</source>
        <translation>عمودان في الملف يحملان الاسم نفسه.</translation>
    </message>
    <message>
        <source>Two entries of the calendar have the same identifier.</source>
        <translation>قيدان في التقويم يحملان المعرّف نفسه.</translation>
    </message>
    <message>
        <source>Two things in the bundle bear the same identifier.</source>
        <translation>في الحزمة شيئان يحملان المعرّف نفسه.</translation>
    </message>
    <message>
        <source>Two to sixteen shares can be made, of which two or more are needed.</source>
        <translation>يمكن إعداد ما بين حصتين وست عشرة حصة، يلزم منها اثنتان أو أكثر.</translation>
    </message>
    <message>
        <source>Type a passphrase.</source>
        <translation>اكتبوا عبارة مرور.</translation>
    </message>
    <message>
        <source>Type it.</source>
        <translation>اكتبوها.</translation>
    </message>
    <message>
        <source>Type the code as it stands on your name plate.</source>
        <translation>اكتبوا الرمز كما هو على لوحة اسمكم.</translation>
    </message>
    <message>
        <source>Type the passphrase the delegation was founded with.</source>
        <translation>اكتبوا عبارة المرور التي أُسّس بها الوفد.</translation>
    </message>
    <message>
        <source>Undo the later change first, or write the value you want.</source>
        <translation>تراجعوا أولاً عن التغيير اللاحق، أو اكتبوا القيمة التي تريدونها.</translation>
    </message>
    <message>
        <source>Unlock it and do it again.</source>
        <translation>افتحوا قفلها وأعيدوا ما فعلتموه.</translation>
    </message>
    <message>
        <source>Unlock it with its passphrase.</source>
        <translation>افتحوا قفله بعبارة مروره.</translation>
    </message>
    <message>
        <source>Unlock it, or choose another folder.</source>
        <translation>افتحوا قفلها، أو اختاروا مجلداً آخر.</translation>
    </message>
    <message>
        <source>Unlock the vault to change it.</source>
        <translation>افتحوا قفل الخزنة لتغييره.</translation>
    </message>
    <message>
        <source>Unlock with your passphrase.</source>
        <translation>افتحوا القفل بعبارة مروركم.</translation>
    </message>
    <message>
        <source>Unlock with your passphrase; everything works without a keyring.</source>
        <translation>افتحوا القفل بعبارة مروركم؛ فكل شيء يعمل بدون سلسلة مفاتيح.</translation>
    </message>
    <message>
        <source>Unlock with your passphrase; the keyring can be set up again under Security, Unlocking.</source>
        <translation>افتحوا القفل بعبارة مروركم؛ ويمكن تهيئة سلسلة المفاتيح من جديد في «الأمن»، «فتح القفل».</translation>
    </message>
    <message>
        <source>Until it is settled, do not rely on who is at the other end.</source>
        <translation>إلى أن يُحسم ذلك، لا تعتمدوا على من هو في الطرف الآخر.</translation>
    </message>
    <message>
        <source>Use the key file or the recovery shares of your delegation.</source>
        <translation>استخدموا ملف المفتاح أو حصص الاسترداد لوفدكم.</translation>
    </message>
    <message>
        <source>Use the newer contact.</source>
        <translation>استخدموا جهة التراسل الأحدث.</translation>
    </message>
    <message>
        <source>Use the version it was made with, or a newer one.</source>
        <translation>استخدموا الإصدار الذي أُعدّ به، أو إصداراً أحدث.</translation>
    </message>
    <message>
        <source>Use your central authority for mutual legal assistance, the 24/7 network of the treaty that applies, or INTERPOL through your national central bureau. If you ask for nothing of the kind, say so in the words.</source>
        <translation>استخدموا سلطتكم المركزية المعنية بالمساعدة القانونية المتبادلة، أو شبكة 24/7 المنشأة بموجب المعاهدة المنطبقة، أو الإنتربول عن طريق مكتبكم المركزي الوطني. وإذا لم تطلبوا شيئاً من هذا القبيل فبيّنوا ذلك في الكلمات.</translation>
    </message>
    <message>
        <source>Use your passphrase. If the keyring is locked, open it in the system&apos;s settings and try again.</source>
        <translation>استخدموا عبارة مروركم. وإذا كانت سلسلة المفاتيح مقفلة فافتحوها من إعدادات النظام وأعيدوا المحاولة.</translation>
    </message>
    <message>
        <source>Wait for the next exchange, or ask its chair.</source>
        <translation>انتظروا التبادل التالي، أو اسألوا رئاستها.</translation>
    </message>
    <message>
        <source>Wait for the next exchange, or ask its room.</source>
        <translation>انتظروا التبادل التالي، أو اسألوا غرفته.</translation>
    </message>
    <message>
        <source>Wait for the next exchange, or freeze a new revision.</source>
        <translation>انتظروا التبادل التالي، أو جمّدوا تنقيحاً جديداً.</translation>
    </message>
    <message>
        <source>Wait for the next exchange.</source>
        <translation>انتظروا التبادل التالي.</translation>
    </message>
    <message>
        <source>Wait for the next exchange; everything before it is fetched by itself.</source>
        <translation>انتظروا التبادل التالي؛ ويُجلب كل ما قبله تلقائياً.</translation>
    </message>
    <message>
        <source>Wait for the next exchange; if it stays so, compare the hash with the opener.</source>
        <translation>انتظروا التبادل التالي؛ وإذا بقي الأمر كذلك فقارنوا قيمة التجزئة مع من فتحه.</translation>
    </message>
    <message>
        <source>Wait for their answers, or send an update.</source>
        <translation>انتظروا أجوبتها، أو أرسلوا تحديثاً.</translation>
    </message>
    <message>
        <source>Wait until enough others have spoken.</source>
        <translation>انتظروا حتى يتكلم عدد كافٍ من الآخرين.</translation>
    </message>
    <message>
        <source>Wait until then; or give the reason why it cannot wait, which is kept in your internal record.</source>
        <translation>انتظروا حتى ذلك الحين؛ أو اذكروا السبب في أن الأمر لا يحتمل الانتظار، ويُحفظ في محضركم الداخلي.</translation>
    </message>
    <message>
        <source>What answers at the relay&apos;s address cannot prove that it is the relay.</source>
        <translation>ما يجيب على عنوان محطة الترحيل لا يستطيع أن يثبت أنه محطة الترحيل.</translation>
    </message>
    <message>
        <source>What came from outside is not valid.</source>
        <translation>ما جاء من الخارج غير صالح.</translation>
    </message>
    <message>
        <source>What is immediate says by when a reply is requested.</source>
        <translation>ما هو فوري يبيّن الموعد الذي يُطلب الرد فيه.</translation>
    </message>
    <message>
        <source>What this backup holds does not fit together.</source>
        <translation>ما في هذه النسخة الاحتياطية لا يتسق بعضه مع بعض.</translation>
    </message>
    <message>
        <source>What this bundle says of itself cannot be read or is not valid.</source>
        <translation>ما تقوله هذه الرزمة عن نفسها لا يمكن قراءته أو غير صالح.</translation>
    </message>
    <message>
        <source>What this file wants otherwise cannot be proposed now.</source>
        <translation>ما يريده هذا الملف على نحو آخر لا يمكن اقتراحه الآن.</translation>
    </message>
    <message>
        <source>What this laptop said before it was put back is not all known yet.</source>
        <translation>ما قاله هذا الحاسوب المحمول قبل إعادته إلى حالة سابقة لم يُعرف كله بعد.</translation>
    </message>
    <message>
        <source>What this says about a relay cannot be right.</source>
        <translation>ما يقوله هذا عن محطة ترحيل لا يمكن أن يكون صحيحاً.</translation>
    </message>
    <message>
        <source>What verifies in it came in all the same. Ask its sender for a new one.</source>
        <translation>ما صح التحقق منه فيها أُدخل مع ذلك. اطلبوا من مرسلها رزمة جديدة.</translation>
    </message>
    <message>
        <source>What waits is kept and sent at the next exchange.</source>
        <translation>ما ينتظر محفوظ ويُرسل في التبادل التالي.</translation>
    </message>
    <message>
        <source>What waits is kept. Look at Ways of exchange.</source>
        <translation>ما ينتظر محفوظ. انظروا في «سبل التبادل».</translation>
    </message>
    <message>
        <source>What waits is kept. Look at Ways of exchange; a courier can take it.</source>
        <translation>ما ينتظر محفوظ. انظروا في «سبل التبادل»؛ ويمكن لحامل الحقيبة نقله.</translation>
    </message>
    <message>
        <source>What waits is kept. Try again, best with another stick.</source>
        <translation>ما ينتظر محفوظ. أعيدوا المحاولة، والأفضل بذاكرة محمولة أخرى.</translation>
    </message>
    <message>
        <source>What was announced about the file is impossible.</source>
        <translation>ما أُعلن عن الملف مستحيل.</translation>
    </message>
    <message>
        <source>What was given is not the secret of a root key.</source>
        <translation>ما قُدّم ليس سر مفتاح جذري.</translation>
    </message>
    <message>
        <source>What was read back is not what was written, so this is no backup. It was taken away again.</source>
        <translation>ما قُرئ مجدداً ليس ما كُتب، فليست هذه نسخة احتياطية. وقد أُزيلت.</translation>
    </message>
    <message>
        <source>What was received stays readable; write in another room.</source>
        <translation>ما استُلم يبقى مقروءاً؛ اكتبوا في غرفة أخرى.</translation>
    </message>
    <message>
        <source>What was sent so far may not be protected as it should be.</source>
        <translation>قد لا يكون ما أُرسل حتى الآن محمياً كما ينبغي.</translation>
    </message>
    <message>
        <source>What was to be signed is not possible in the record.</source>
        <translation>ما أُريد توقيعه غير ممكن في المحضر.</translation>
    </message>
    <message>
        <source>What was typed is not the code of your delegation. Nothing was destroyed.</source>
        <translation>ما كُتب ليس رمز وفدكم. ولم يُتلف شيء.</translation>
    </message>
    <message>
        <source>What was written does not verify, so it was not kept.</source>
        <translation>ما كُتب لا يجتاز التحقق، فلم يُحفظ.</translation>
    </message>
    <message>
        <source>What you wrote is longer than one message can be.</source>
        <translation>ما كتبتموه أطول مما تتسع له رسالة واحدة.</translation>
    </message>
    <message>
        <source>Who does not act says why, or that the reason is not stated.</source>
        <translation>من لا يتخذ إجراءً يذكر السبب، أو يذكر أن السبب غير مُعلن.</translation>
    </message>
    <message>
        <source>Write a sentence.</source>
        <translation>اكتبوا جملة.</translation>
    </message>
    <message>
        <source>Write both, then open it for sign-on.</source>
        <translation>اكتبوا كليهما، ثم افتحوه للانضمام.</translation>
    </message>
    <message>
        <source>Write it in the register within your delegation, or ask the other delegation.</source>
        <translation>اكتبوه في السجل الذي داخل وفدكم، أو اطلبوا ذلك من الوفد الآخر.</translation>
    </message>
    <message>
        <source>Write it on a laptop at home, or in one of the rooms this one was made for.</source>
        <translation>اكتبوه على حاسوب محمول في مقركم، أو في إحدى الغرف التي أُعدّ لها هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Write it on the assessed side.</source>
        <translation>اكتبوه في جانب التقييم.</translation>
    </message>
    <message>
        <source>Write or paste the words as plain text, then try again.</source>
        <translation>اكتبوا الكلمات أو ألصقوها نصاً عادياً، ثم أعيدوا المحاولة.</translation>
    </message>
    <message>
        <source>Write something or attach a file.</source>
        <translation>اكتبوا شيئاً أو أرفقوا ملفاً.</translation>
    </message>
    <message>
        <source>Write to it.</source>
        <translation>اكتبوا إليه.</translation>
    </message>
    <message>
        <source>You already have a newer card of that delegation.</source>
        <translation>لديكم من قبل بطاقة أحدث لذلك الوفد.</translation>
    </message>
    <message>
        <source>Your delegation cannot vouch for this one.</source>
        <translation>لا يستطيع وفدكم تزكية هذا الوفد.</translation>
    </message>
    <message>
        <source>Your delegation does not sponsor this amendment.</source>
        <translation>ليس وفدكم من مقدّمي هذا التعديل.</translation>
    </message>
    <message>
        <source>Your delegation does not stand on this list.</source>
        <translation>ليس وفدكم مدرجاً في هذه القائمة.</translation>
    </message>
    <message>
        <source>Your delegation has acknowledged this already.</source>
        <translation>أقرّ وفدكم باستلام هذا من قبل.</translation>
    </message>
    <message>
        <source>Your delegation has broken this silence already.</source>
        <translation>كسر وفدكم هذا الصمت من قبل.</translation>
    </message>
    <message>
        <source>Your delegation has said that already.</source>
        <translation>قال وفدكم ذلك من قبل.</translation>
    </message>
    <message>
        <source>Your delegation has signed on already.</source>
        <translation>انضم وفدكم من قبل.</translation>
    </message>
    <message>
        <source>Your delegation is no longer a member of this room.</source>
        <translation>لم يعد وفدكم عضواً في هذه الغرفة.</translation>
    </message>
    <message>
        <source>Your delegation sponsors this amendment already.</source>
        <translation>وفدكم من مقدّمي هذا التعديل من قبل.</translation>
    </message>
    <message>
        <source>Your delegation uses no relay, or this laptop may not give permissions for it.</source>
        <translation>لا يستخدم وفدكم محطة ترحيل، أو لا يجوز لهذا الحاسوب المحمول منح أذون لها.</translation>
    </message>
    <message>
        <source>Your own points of contact cannot be asked by yourself.</source>
        <translation>لا يمكنكم أن تسألوا جهات الاتصال لديكم أنتم.</translation>
    </message>
    <message>
        <source>Your words are still in the field; change them and try again.</source>
        <translation>كلماتكم ما زالت في الحقل؛ غيّروها وأعيدوا المحاولة.</translation>
    </message>
</context>
<context>
    <name>evidence</name>
    <message numerus="yes">
        <source>%n entries: texts {0}, joint statements {1}, messages for the record {2}, attached files {3} (name, size and hash).</source>
        <translation>
            <numerusform>لا قيود: النصوص {0}، البيانات المشتركة {1}، الرسائل للمحضر {2}، الملفات المرفقة {3} (الاسم والحجم وقيمة التجزئة).</numerusform>
            <numerusform>قيد واحد: النصوص {0}، البيانات المشتركة {1}، الرسائل للمحضر {2}، الملفات المرفقة {3} (الاسم والحجم وقيمة التجزئة).</numerusform>
            <numerusform>قيدان: النصوص {0}، البيانات المشتركة {1}، الرسائل للمحضر {2}، الملفات المرفقة {3} (الاسم والحجم وقيمة التجزئة).</numerusform>
            <numerusform>%n قيود: النصوص {0}، البيانات المشتركة {1}، الرسائل للمحضر {2}، الملفات المرفقة {3} (الاسم والحجم وقيمة التجزئة).</numerusform>
            <numerusform>%n قيداً: النصوص {0}، البيانات المشتركة {1}، الرسائل للمحضر {2}، الملفات المرفقة {3} (الاسم والحجم وقيمة التجزئة).</numerusform>
            <numerusform>%n قيد: النصوص {0}، البيانات المشتركة {1}، الرسائل للمحضر {2}، الملفات المرفقة {3} (الاسم والحجم وقيمة التجزئة).</numerusform>
        </translation>
    </message>
    <message>
        <source>A delegation says that it computed other hashes for a revision.</source>
        <translation>يقول وفد إنه حسب قيم تجزئة أخرى لتنقيح.</translation>
    </message>
    <message>
        <source>A delegation signed lists of its laptops that contradict each other.</source>
        <translation>وقّع وفد قوائم متناقضة بحواسيبه المحمولة.</translation>
    </message>
    <message>
        <source>A laptop has a certificate and stands on no list of its delegation in this file.</source>
        <translation>حاسوب محمول لديه شهادة وليس مدرجاً في أي قائمة لوفده في هذا الملف.</translation>
    </message>
    <message>
        <source>A laptop signed two entries for one place of its log. What it says from there on decides nothing.</source>
        <translation>وقّع حاسوب محمول قيدين لموضع واحد من تسلسله. وما يقوله بعد ذلك لا يحسم شيئاً.</translation>
    </message>
    <message>
        <source>A laptop that did not hold the pen wrote into a text; what it wrote does not count.</source>
        <translation>كتب في نص حاسوب محمول لا يحمل القلم؛ ولا يُحتسب ما كتبه.</translation>
    </message>
    <message>
        <source>Anything about the conversation: it is signed for nobody and is in no such file.</source>
        <translation>أي شيء عن المحادثة: فهي لا تُوقَّع لأحد ولا ترد في أي ملف كهذا.</translation>
    </message>
    <message>
        <source>Changes of membership by somebody who had no authority; they count for nothing.</source>
        <translation>تغييرات في العضوية ممن ليست له صلاحية؛ ولا تُحتسب بشيء.</translation>
    </message>
    <message>
        <source>Checking took longer than allowed.</source>
        <translation>استغرق التحقق وقتاً أطول من المسموح به.</translation>
    </message>
    <message>
        <source>Checkpoints that do not say what their own place says; they prove nothing.</source>
        <translation>نقاط تحقق لا تقول ما يقوله موضعها؛ ولا تثبت شيئاً.</translation>
    </message>
    <message>
        <source>Each entry verifies, but the file as a whole is not what was signed: its first line was changed.</source>
        <translation>كل قيد صحيح، ولكن الملف في مجمله ليس ما وُقّع: فقد غُيّر سطره الأول.</translation>
    </message>
    <message>
        <source>Entries of a delegation that knew of its own removal; they count for nothing.</source>
        <translation>قيود لوفد كان يعلم بإزالته؛ ولا تُحتسب بشيء.</translation>
    </message>
    <message>
        <source>Entries of kinds this version does not know: signed as they should be, not read.</source>
        <translation>قيود من أنواع لا يعرفها هذا الإصدار: موقّعة كما ينبغي، ولم تُقرأ.</translation>
    </message>
    <message>
        <source>Entries that name something else as the one before them.</source>
        <translation>قيود تسمي شيئاً آخر بوصفه السابق لها.</translation>
    </message>
    <message>
        <source>Entries that others name and that are not in this file.</source>
        <translation>قيود تسميها قيود أخرى وليست في هذا الملف.</translation>
    </message>
    <message>
        <source>Entries that, by their author&apos;s own clock, lie outside the term of the laptop&apos;s certificate.</source>
        <translation>قيود تقع، بحسب ساعة صاحبها، خارج مدة شهادة الحاسوب المحمول.</translation>
    </message>
    <message>
        <source>Entries that, by their author&apos;s own clock, were made after the laptop was revoked.</source>
        <translation>قيود أُعدّت، بحسب ساعة صاحبها، بعد إبطال الحاسوب المحمول.</translation>
    </message>
    <message>
        <source>First in line {0}.</source>
        <translation>أولها في السطر {0}.</translation>
    </message>
    <message>
        <source>It belongs to another room.</source>
        <translation>ينتمي إلى غرفة أخرى.</translation>
    </message>
    <message>
        <source>It does not stand where the one order of such a file puts it.</source>
        <translation>ليس في الموضع الذي يقتضيه الترتيب الوحيد لملف كهذا.</translation>
    </message>
    <message>
        <source>It gives a laptop other keys than its earlier certificate.</source>
        <translation>ينسب إلى حاسوب محمول مفاتيح غير التي في شهادته السابقة.</translation>
    </message>
    <message>
        <source>It holds a key that must not be used.</source>
        <translation>فيه مفتاح يجب ألا يُستخدم.</translation>
    </message>
    <message>
        <source>It holds an internal room and is not marked as an own archive, or the other way round.</source>
        <translation>فيه غرفة داخلية ولا يحمل ما يفيد أنه أرشيف خاص، أو العكس.</translation>
    </message>
    <message>
        <source>It is larger than an evidence file may be.</source>
        <translation>هو أكبر مما يجوز أن يكون عليه ملف أدلة.</translation>
    </message>
    <message>
        <source>It is not in the one form that is signed.</source>
        <translation>ليس بالشكل الوحيد الذي يُوقَّع.</translation>
    </message>
    <message>
        <source>It names another delegation than the certificate of its laptop.</source>
        <translation>يسمي وفداً غير المذكور في شهادة حاسوبه المحمول.</translation>
    </message>
    <message>
        <source>It stands in the file twice.</source>
        <translation>يرد في الملف مرتين.</translation>
    </message>
    <message>
        <source>It was written by a later version of Valise.</source>
        <translation>كُتب بإصدار لاحق من Valise.</translation>
    </message>
    <message>
        <source>Its author was never a member of the room.</source>
        <translation>لم يكن صاحبه قط عضواً في الغرفة.</translation>
    </message>
    <message>
        <source>Its content is not that of such an entry.</source>
        <translation>محتواه ليس محتوى قيد من هذا النوع.</translation>
    </message>
    <message>
        <source>Its fields are not those of such an entry.</source>
        <translation>حقوله ليست حقول قيد من هذا النوع.</translation>
    </message>
    <message>
        <source>Its identifier is not the hash of its bytes.</source>
        <translation>معرّفه ليس قيمة تجزئة بايتاته.</translation>
    </message>
    <message>
        <source>Its line number does not fit: a line was removed, added, doubled or moved.</source>
        <translation>رقم سطره غير متسق: فقد أُزيل سطر أو أُضيف أو كُرر أو نُقل.</translation>
    </message>
    <message>
        <source>Its log is complete from 1 to {0}.</source>
        <translation>تسلسله كامل من 1 إلى {0}.</translation>
    </message>
    <message>
        <source>Its log reaches {0} and has two histories.</source>
        <translation>يصل تسلسله إلى {0}، وله تسلسلان مختلفان.</translation>
    </message>
    <message>
        <source>Its log reaches {0}; missing: {1}.</source>
        <translation>يصل تسلسله إلى {0}؛ والناقص: {1}.</translation>
    </message>
    <message>
        <source>Its signature does not verify.</source>
        <translation>توقيعه لا يجتاز التحقق.</translation>
    </message>
    <message>
        <source>Its words were computed again from the entries: NOT the same.</source>
        <translation>حُسبت كلماته من جديد انطلاقاً من القيود: غير مطابقة.</translation>
    </message>
    <message>
        <source>Its words were computed again from the entries: the same.</source>
        <translation>حُسبت كلماته من جديد انطلاقاً من القيود: مطابقة.</translation>
    </message>
    <message>
        <source>Its words were not computed again.</source>
        <translation>لم تُحسب كلماته من جديد.</translation>
    </message>
    <message>
        <source>Line {0}, {1}. {2}</source>
        <translation>السطر {0}، {1}. {2}</translation>
    </message>
    <message>
        <source>Line {0}. {1}</source>
        <translation>السطر {0}. {1}</translation>
    </message>
    <message>
        <source>Number: {0}.</source>
        <translation>العدد: {0}.</translation>
    </message>
    <message>
        <source>Place {0} of its log.</source>
        <translation>الموضع {0} من تسلسله.</translation>
    </message>
    <message>
        <source>Said nothing in this room.</source>
        <translation>لم يقل شيئاً في هذه الغرفة.</translation>
    </message>
    <message>
        <source>Something follows the signed last line.</source>
        <translation>هناك ما يلي السطر الأخير الموقّع.</translation>
    </message>
    <message>
        <source>That nobody withheld the newest entries. Up to a checkpoint nothing can be missing without showing above.</source>
        <translation>أن أحداً لم يحجب أحدث القيود. أما حتى نقطة تحقق فلا يمكن أن ينقص شيء دون أن يظهر ذلك أعلاه.</translation>
    </message>
    <message>
        <source>The certificate of its laptop does not give the right to it.</source>
        <translation>شهادة حاسوبه المحمول لا تخوّله هذا الحق.</translation>
    </message>
    <message>
        <source>The content of attached files: only their names, sizes and SHA-256 are here.</source>
        <translation>محتوى الملفات المرفقة: لا يوجد هنا إلا أسماؤها وأحجامها وقيم SHA-256 الخاصة بها.</translation>
    </message>
    <message>
        <source>The file holds no card of its delegation.</source>
        <translation>ليس في الملف بطاقة لوفده.</translation>
    </message>
    <message>
        <source>The file holds no certificate of the laptop that is named as its author.</source>
        <translation>ليس في الملف شهادة للحاسوب المحمول المذكور بوصفه صاحبه.</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>الملف فارغ.</translation>
    </message>
    <message>
        <source>The first line counts other entries than there are.</source>
        <translation>يعدّ السطر الأول قيوداً غير الموجودة.</translation>
    </message>
    <message>
        <source>The line is not ended: the file was cut or is still being written.</source>
        <translation>السطر غير مكتمل: بُتر الملف أو ما زالت كتابته جارية.</translation>
    </message>
    <message>
        <source>The newest changes of membership do not know of each other; removal counts.</source>
        <translation>أحدث التغييرات في العضوية لا يعلم بعضها ببعض؛ والعبرة بالإزالة.</translation>
    </message>
    <message>
        <source>The pen of a text was recovered or settled by votes: its words were not computed again.</source>
        <translation>استُرد قلم نص أو حُسم أمره بالتصويت: فلم تُحسب كلماته من جديد.</translation>
    </message>
    <message>
        <source>The signed last line is missing: the file was cut.</source>
        <translation>السطر الأخير الموقّع مفقود: فقد بُتر الملف.</translation>
    </message>
    <message>
        <source>The words of a joint statement do not have the hash that is signed on to.</source>
        <translation>كلمات بيان مشترك ليست لها قيمة التجزئة التي يُنضم إليها.</translation>
    </message>
    <message>
        <source>The words of a revision, computed again, do not have the hash that was signed.</source>
        <translation>كلمات تنقيح، محسوبة من جديد، ليست لها قيمة التجزئة التي وُقّعت.</translation>
    </message>
    <message>
        <source>This is not an evidence file of Valise.</source>
        <translation>ليس هذا ملف أدلة من Valise.</translation>
    </message>
    <message>
        <source>Two delegations certified one laptop.</source>
        <translation>صدّق وفدان على حاسوب محمول واحد.</translation>
    </message>
    <message>
        <source>Two versions of a text were written from one: its words were computed up to there only.</source>
        <translation>كُتبت صيغتان من نص انطلاقاً من صيغة واحدة: فحُسبت كلماته إلى ذلك الموضع فقط.</translation>
    </message>
    <message>
        <source>What founded the room had no authority to.</source>
        <translation>ما أسّس الغرفة لم تكن له صلاحية ذلك.</translation>
    </message>
    <message>
        <source>What founded the room is not in the file.</source>
        <translation>ما أسّس الغرفة غير موجود في الملف.</translation>
    </message>
    <message>
        <source>When anything was said: the times are what each author&apos;s own clock claimed.</source>
        <translation>متى قيل أي شيء: فالأوقات هي ما ادّعته ساعة كل صاحب قول.</translation>
    </message>
    <message>
        <source>Who stands behind a fingerprint: compare it with one you had from that delegation by another way.</source>
        <translation>من يقف وراء بصمة: قارنوها ببصمة حصلتم عليها من ذلك الوفد بوسيلة أخرى.</translation>
    </message>
    <message>
        <source>a card</source>
        <translation>بطاقة</translation>
    </message>
    <message>
        <source>a certificate</source>
        <translation>شهادة</translation>
    </message>
    <message>
        <source>an entry of the record</source>
        <translation>قيد في المحضر</translation>
    </message>
    <message>
        <source>signed on</source>
        <translation>منضم</translation>
    </message>
    <message>
        <source>signed on late, admitted</source>
        <translation>منضم متأخراً، وقد قُبل</translation>
    </message>
    <message>
        <source>signed on late, not admitted</source>
        <translation>منضم متأخراً، ولم يُقبل</translation>
    </message>
    <message>
        <source>signed other words</source>
        <translation>وقّع كلمات أخرى</translation>
    </message>
    <message>
        <source>the file</source>
        <translation>الملف</translation>
    </message>
    <message>
        <source>the first line</source>
        <translation>السطر الأول</translation>
    </message>
    <message>
        <source>the last line</source>
        <translation>السطر الأخير</translation>
    </message>
    <message>
        <source>took its name back</source>
        <translation>سُحب الاسم</translation>
    </message>
</context>
<context>
    <name>exchange</name>
    <message numerus="yes">
        <source>%n envelopes are kept sealed until their keys come.</source>
        <translation>
            <numerusform>لا مغلّفات محفوظة مختومةً.</numerusform>
            <numerusform>مغلّف واحد محفوظ مختوماً إلى أن يصل مفتاحه.</numerusform>
            <numerusform>مغلّفان محفوظان مختومين إلى أن يصل مفتاحاهما.</numerusform>
            <numerusform>%n مغلّفات محفوظة مختومةً إلى أن تصل مفاتيحها.</numerusform>
            <numerusform>%n مغلّفاً محفوظة مختومةً إلى أن تصل مفاتيحها.</numerusform>
            <numerusform>%n مغلّف محفوظة مختومةً إلى أن تصل مفاتيحها.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>لا ملفات</numerusform>
            <numerusform>ملف واحد</numerusform>
            <numerusform>ملفان</numerusform>
            <numerusform>%n ملفات</numerusform>
            <numerusform>%n ملفاً</numerusform>
            <numerusform>%n ملف</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items</source>
        <translation>
            <numerusform>لا بنود</numerusform>
            <numerusform>بند واحد</numerusform>
            <numerusform>بندان</numerusform>
            <numerusform>%n بنود</numerusform>
            <numerusform>%n بنداً</numerusform>
            <numerusform>%n بند</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items wait</source>
        <translation>
            <numerusform>لا بنود تنتظر</numerusform>
            <numerusform>بند واحد ينتظر</numerusform>
            <numerusform>بندان ينتظران</numerusform>
            <numerusform>%n بنود تنتظر</numerusform>
            <numerusform>%n بنداً ينتظر</numerusform>
            <numerusform>%n بند ينتظر</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new things came.</source>
        <translation>
            <numerusform>لم يرد شيء جديد.</numerusform>
            <numerusform>ورد شيء جديد واحد.</numerusform>
            <numerusform>ورد شيئان جديدان.</numerusform>
            <numerusform>وردت %n أشياء جديدة.</numerusform>
            <numerusform>ورد %n شيئاً جديداً.</numerusform>
            <numerusform>ورد %n شيء جديد.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n things in it were new.</source>
        <translation>
            <numerusform>لا جديد فيها.</numerusform>
            <numerusform>فيها شيء جديد واحد.</numerusform>
            <numerusform>فيها شيئان جديدان.</numerusform>
            <numerusform>فيها %n أشياء جديدة.</numerusform>
            <numerusform>فيها %n شيئاً جديداً.</numerusform>
            <numerusform>فيها %n شيء جديد.</numerusform>
        </translation>
    </message>
    <message>
        <source>A relay without an agent never confirms by itself: save the revocations for its operator.</source>
        <translation>محطة الترحيل التي ليس لها وكيل آلي لا تؤكد من تلقاء نفسها أبداً: احفظوا الإبطالات لمشغّلها.</translation>
    </message>
    <message>
        <source>A sealed file on a stick</source>
        <translation>ملف مختوم على ذاكرة محمولة</translation>
    </message>
    <message numerus="yes">
        <source>All %Ln envelopes verified.</source>
        <translation>
            <numerusform>لا مغلّفات للتحقق من صحتها.</numerusform>
            <numerusform>المغلّف الوحيد صحيح.</numerusform>
            <numerusform>المغلّفان كلاهما صحيح.</numerusform>
            <numerusform>المغلفات كلها صحيحة، وعددها %Ln.</numerusform>
            <numerusform>المغلفات كلها صحيحة، وعددها %Ln.</numerusform>
            <numerusform>المغلفات كلها صحيحة، وعددها %Ln.</numerusform>
        </translation>
    </message>
    <message>
        <source>Always possible</source>
        <translation>ممكن دائماً</translation>
    </message>
    <message>
        <source>Another way</source>
        <translation>سبيل آخر</translation>
    </message>
    <message>
        <source>Ask for the bundle once more; what came in is kept.</source>
        <translation>اطلبوا الرزمة مرة أخرى؛ وما أُدخل محفوظ.</translation>
    </message>
    <message>
        <source>Ask its operator for a new file and open it here. What waits is kept; a courier can take it.</source>
        <translation>اطلبوا من مشغّلها ملفاً جديداً وافتحوه هنا. ما ينتظر محفوظ؛ ويمكن لحامل الحقيبة نقله.</translation>
    </message>
    <message>
        <source>Bundles (*.valise);;All files (*)</source>
        <translation>رزم (*.valise);;جميع الملفات (*)</translation>
    </message>
    <message numerus="yes">
        <source>Bundles {0} of {1} have not come.</source>
        <translation>
            <numerusform>لم تصل الرزم {0} من {1}.</numerusform>
            <numerusform>لم تصل الرزمة {0} من {1}.</numerusform>
            <numerusform>لم تصل الرزمتان {0} من {1}.</numerusform>
            <numerusform>لم تصل الرزم {0} من {1}.</numerusform>
            <numerusform>لم تصل الرزم {0} من {1}.</numerusform>
            <numerusform>لم تصل الرزم {0} من {1}.</numerusform>
        </translation>
    </message>
    <message>
        <source>Cannot be reached</source>
        <translation>لا يمكن الوصول إليه</translation>
    </message>
    <message>
        <source>Connecting to the relay…</source>
        <translation>جارٍ الاتصال بمحطة الترحيل…</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>جارٍ الاتصال…</translation>
    </message>
    <message>
        <source>Courier</source>
        <translation>حامل الحقيبة</translation>
    </message>
    <message numerus="yes">
        <source>Damaged or cut off: {0} of %n envelopes were whole and came in.</source>
        <translation>
            <numerusform>تالفة أو مبتورة: المغلفات السليمة التي أُدخلت {0} من أصل %n مغلّف.</numerusform>
            <numerusform>تالفة أو مبتورة: المغلفات السليمة التي أُدخلت {0} من أصل مغلّف واحد.</numerusform>
            <numerusform>تالفة أو مبتورة: المغلفات السليمة التي أُدخلت {0} من أصل مغلّفين.</numerusform>
            <numerusform>تالفة أو مبتورة: المغلفات السليمة التي أُدخلت {0} من أصل %n مغلّفات.</numerusform>
            <numerusform>تالفة أو مبتورة: المغلفات السليمة التي أُدخلت {0} من أصل %n مغلّفاً.</numerusform>
            <numerusform>تالفة أو مبتورة: المغلفات السليمة التي أُدخلت {0} من أصل %n مغلّف.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Drop them to open %n bundles</source>
        <translation>
            <numerusform>لا رزم لفتحها</numerusform>
            <numerusform>أفلتوها لفتح الرزمة</numerusform>
            <numerusform>أفلتوهما لفتح الرزمتين</numerusform>
            <numerusform>أفلتوها لفتح %n رزم</numerusform>
            <numerusform>أفلتوها لفتح %n رزمة</numerusform>
            <numerusform>أفلتوها لفتح %n رزمة</numerusform>
        </translation>
    </message>
    <message>
        <source>Ends soon</source>
        <translation>ينتهي قريباً</translation>
    </message>
    <message>
        <source>Exchange folder connected</source>
        <translation>مجلد التبادل متصل</translation>
    </message>
    <message>
        <source>Exchange folder not reachable</source>
        <translation>لا يمكن الوصول إلى مجلد التبادل</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>المجلد</translation>
    </message>
    <message numerus="yes">
        <source>For %n delegations</source>
        <translation>
            <numerusform>لا وفود موجهة إليها</numerusform>
            <numerusform>إلى وفد واحد</numerusform>
            <numerusform>إلى وفدين</numerusform>
            <numerusform>إلى %n وفود</numerusform>
            <numerusform>إلى %n وفداً</numerusform>
            <numerusform>إلى %n وفد</numerusform>
        </translation>
    </message>
    <message>
        <source>For laptops that share a drive.</source>
        <translation>للحواسيب المحمولة التي تتشارك قرصاً.</translation>
    </message>
    <message>
        <source>For the next bundle</source>
        <translation>للرزمة التالية</translation>
    </message>
    <message>
        <source>From {0}</source>
        <translation>من {0}</translation>
    </message>
    <message>
        <source>Has ended</source>
        <translation>انتهى</translation>
    </message>
    <message>
        <source>If that stick still comes, open it too; if not, take a bundle back: it asks for what was in it.</source>
        <translation>إذا وصلت تلك الذاكرة المحمولة بعدُ فافتحوها أيضاً؛ وإلا فأرجعوا رزمة: فهي تطلب ما كان فيها.</translation>
    </message>
    <message>
        <source>In trouble</source>
        <translation>به خلل</translation>
    </message>
    <message>
        <source>It can lose, hold back or stop. Nothing is lost by that: what is not confirmed stays here and is sent again.</source>
        <translation>يمكن أن تفقد شيئاً أو تحجبه أو تتوقف. ولا يضيع بذلك شيء: فما لم يُؤكَّد يبقى هنا ويُرسل من جديد.</translation>
    </message>
    <message>
        <source>It does not see: any word, title or file, who signed what, or what a delegation is called here.</source>
        <translation>ما لا تراه: أي كلمة أو عنوان أو ملف، ومن وقّع ماذا، وما يسمى به الوفد هنا.</translation>
    </message>
    <message>
        <source>It is tried again by itself. You can take it by courier meanwhile.</source>
        <translation>تُعاد المحاولة تلقائياً. ويمكنكم في هذه الأثناء نقله مع حامل الحقيبة.</translation>
    </message>
    <message>
        <source>It sees: that your laptops and those of your correspondents connect, from where, when, and how much they send.</source>
        <translation>ما تراه: أن حواسيبكم المحمولة وحواسيب مراسليكم تتصل، ومن أين ومتى وكم ترسل.</translation>
    </message>
    <message>
        <source>It took {0} ms.</source>
        <translation>استغرق ذلك {0} ملّي ثانية.</translation>
    </message>
    <message>
        <source>It took {0} ms; the relay runs version {1}.</source>
        <translation>استغرق ذلك {0} ملّي ثانية؛ ومحطة الترحيل تعمل بالإصدار {1}.</translation>
    </message>
    <message>
        <source>Its relay cannot be reached</source>
        <translation>لا يمكن الوصول إلى محطة الترحيل الخاصة به</translation>
    </message>
    <message>
        <source>Its relay cannot be reached.</source>
        <translation>لا يمكن الوصول إلى محطة الترحيل الخاصة به.</translation>
    </message>
    <message>
        <source>Its relay is too old</source>
        <translation>محطة الترحيل الخاصة به قديمة جداً</translation>
    </message>
    <message>
        <source>Last bundle {0}</source>
        <translation>آخر رزمة {0}</translation>
    </message>
    <message>
        <source>Last exchange {0}</source>
        <translation>آخر تبادل {0}</translation>
    </message>
    <message>
        <source>Look at it under Contacts.</source>
        <translation>انظروا في ذلك في «جهات التراسل».</translation>
    </message>
    <message>
        <source>Looking at the folder…</source>
        <translation>جارٍ النظر في المجلد…</translation>
    </message>
    <message>
        <source>Made before another one that came already: it filled a gap.</source>
        <translation>أُعدّت قبل رزمة أخرى وصلت من قبل: وقد سدّت ثغرة.</translation>
    </message>
    <message>
        <source>Make a bundle, or open one that was brought.</source>
        <translation>أعدّوا رزمة، أو افتحوا رزمة أُتي بها.</translation>
    </message>
    <message>
        <source>Make a bundle; it stays listed here until {0} has confirmed it.</source>
        <translation>أعدّوا رزمة؛ ويبقى ذلك مدرجاً هنا إلى أن يرد التأكيد من {0}.</translation>
    </message>
    <message>
        <source>May write</source>
        <translation>يجوز له الكتابة</translation>
    </message>
    <message>
        <source>New, and taken in.</source>
        <translation>جديدة، وقد أُدخلت.</translation>
    </message>
    <message>
        <source>Next try {0}</source>
        <translation>المحاولة التالية {0}</translation>
    </message>
    <message>
        <source>No bundle made yet</source>
        <translation>لم تُعدّ رزمة بعد</translation>
    </message>
    <message>
        <source>No exchange yet</source>
        <translation>لا تبادل بعد</translation>
    </message>
    <message>
        <source>No folder is chosen</source>
        <translation>لم يُختر مجلد</translation>
    </message>
    <message>
        <source>No relay is used</source>
        <translation>لا تُستخدم محطة ترحيل</translation>
    </message>
    <message>
        <source>No room is left there</source>
        <translation>لم تبقَ سعة هناك</translation>
    </message>
    <message>
        <source>No way leads to {0}: it gave no address of a relay, and no folder is shared with it.</source>
        <translation>لا سبيل يؤدي إلى {0}: لم يرد منه عنوان محطة ترحيل، ولا يوجد مجلد مشترك معه.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>لا أحد</translation>
    </message>
    <message>
        <source>Not proved to be its relay</source>
        <translation>لم يثبت أنها محطة الترحيل الخاصة به</translation>
    </message>
    <message>
        <source>Not set up</source>
        <translation>غير مهيأ</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>لا شيء</translation>
    </message>
    <message>
        <source>Nothing has to be reached for the courier: it takes a sealed file.</source>
        <translation>لا يلزم الاتصال بشيء من أجل حامل الحقيبة: فهو يأخذ ملفاً مختوماً.</translation>
    </message>
    <message>
        <source>Nothing is lost if the stick is: everything in it stays listed as waiting here until it is confirmed.</source>
        <translation>لا يضيع شيء بضياع الذاكرة المحمولة: فكل ما فيها يبقى مدرجاً هنا بوصفه منتظراً إلى أن يُؤكَّد.</translation>
    </message>
    <message>
        <source>Nothing left this device unsealed.</source>
        <translation>لم يغادر هذا الجهاز شيء غير مختوم.</translation>
    </message>
    <message>
        <source>Nothing reaches it</source>
        <translation>لا سبيل إلى بلوغه</translation>
    </message>
    <message>
        <source>Nothing to do: it confirms by itself when it is connected next.</source>
        <translation>لا يلزم فعل شيء: يؤكد الوفد من تلقاء نفسه حين يتصل في المرة المقبلة.</translation>
    </message>
    <message>
        <source>Nothing waits</source>
        <translation>لا شيء ينتظر</translation>
    </message>
    <message>
        <source>On its way, not yet confirmed</source>
        <translation>في الطريق، ولم يُؤكَّد بعد</translation>
    </message>
    <message>
        <source>Only relays of correspondents</source>
        <translation>محطات ترحيل المراسلين فقط</translation>
    </message>
    <message>
        <source>Put at {0} for {1}; it has not confirmed it yet.</source>
        <translation>أُودع لدى {0} من أجل {1}؛ ولم يرد التأكيد بعد.</translation>
    </message>
    <message>
        <source>Relay</source>
        <translation>محطة الترحيل</translation>
    </message>
    <message>
        <source>Relay and exchange folder connected</source>
        <translation>محطة الترحيل ومجلد التبادل متصلان</translation>
    </message>
    <message>
        <source>Relay and exchange folder not reachable</source>
        <translation>لا يمكن الوصول إلى محطة الترحيل ولا إلى مجلد التبادل</translation>
    </message>
    <message>
        <source>Relay connected</source>
        <translation>محطة الترحيل متصلة</translation>
    </message>
    <message>
        <source>Relay not reachable</source>
        <translation>لا يمكن الوصول إلى محطة الترحيل</translation>
    </message>
    <message>
        <source>Revoked</source>
        <translation>أُبطل</translation>
    </message>
    <message>
        <source>Revoking</source>
        <translation>جارٍ الإبطال</translation>
    </message>
    <message>
        <source>Sealed, only on this device: no relay and no folder is set</source>
        <translation>مختوم، على هذا الجهاز فقط: لم تُحدَّد محطة ترحيل ولا مجلد</translation>
    </message>
    <message>
        <source>Stopped at the proxy</source>
        <translation>أوقفه الخادم الوكيل</translation>
    </message>
    <message>
        <source>Stopped until you decide</source>
        <translation>موقوف إلى أن تتخذوا قراراً</translation>
    </message>
    <message>
        <source>Take what waits by courier, choose a shared folder, or ask it for a card with permission to write to its relay.</source>
        <translation>انقلوا ما ينتظر مع حامل الحقيبة، أو اختاروا مجلداً مشتركاً، أو اطلبوا منه بطاقة فيها إذن بالكتابة إلى محطة الترحيل الخاصة به.</translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation>سُحب</translation>
    </message>
    <message>
        <source>The exchange folder cannot be reached since {0}.</source>
        <translation>لا يمكن الوصول إلى مجلد التبادل منذ {0}.</translation>
    </message>
    <message>
        <source>The exchange folder could not be reached yet.</source>
        <translation>لم يتسنَّ الوصول إلى مجلد التبادل بعد.</translation>
    </message>
    <message>
        <source>The exchange folder works.</source>
        <translation>مجلد التبادل يعمل.</translation>
    </message>
    <message>
        <source>The folder cannot be reached</source>
        <translation>لا يمكن الوصول إلى المجلد</translation>
    </message>
    <message>
        <source>The folder cannot be reached.</source>
        <translation>لا يمكن الوصول إلى المجلد.</translation>
    </message>
    <message>
        <source>The permission has ended</source>
        <translation>انتهى الإذن</translation>
    </message>
    <message>
        <source>The relay cannot be reached since {0}.</source>
        <translation>لا يمكن الوصول إلى محطة الترحيل منذ {0}.</translation>
    </message>
    <message>
        <source>The relay could not be reached yet.</source>
        <translation>لم يتسنَّ الوصول إلى محطة الترحيل بعد.</translation>
    </message>
    <message>
        <source>The relay has not confirmed what was revoked; it is asked again by itself.</source>
        <translation>لم تؤكد محطة الترحيل ما أُبطل؛ ويُعاد سؤالها تلقائياً.</translation>
    </message>
    <message>
        <source>The relay refuses it</source>
        <translation>محطة الترحيل ترفضه</translation>
    </message>
    <message>
        <source>The relay works.</source>
        <translation>محطة الترحيل تعمل.</translation>
    </message>
    <message>
        <source>This bundle came before; nothing in it is new.</source>
        <translation>وصلت هذه الرزمة من قبل؛ وليس فيها جديد.</translation>
    </message>
    <message>
        <source>This bundle is for somebody else. It cannot be opened here and was not changed.</source>
        <translation>هذه الرزمة لغيركم. لا يمكن فتحها هنا ولم تتغير.</translation>
    </message>
    <message>
        <source>This is not a bundle of Valise.</source>
        <translation>ليست هذه رزمة من Valise.</translation>
    </message>
    <message>
        <source>This laptop&apos;s delegation made this bundle: it is for those it was made for.</source>
        <translation>أعدّ هذه الرزمةَ وفدُ هذا الحاسوب المحمول: وهي لمن أُعدّت لهم.</translation>
    </message>
    <message>
        <source>This laptop&apos;s permission to use the relay ended on {0}.</source>
        <translation>انتهى إذن هذا الحاسوب المحمول باستخدام محطة الترحيل في {0}.</translation>
    </message>
    <message>
        <source>This laptop&apos;s permission to use the relay ends on {0}.</source>
        <translation>ينتهي إذن هذا الحاسوب المحمول باستخدام محطة الترحيل في {0}.</translation>
    </message>
    <message>
        <source>Tick at least one delegation.</source>
        <translation>أشّروا على وفد واحد على الأقل.</translation>
    </message>
    <message>
        <source>Tried just now: {0}.</source>
        <translation>جرت المحاولة للتو: {0}.</translation>
    </message>
    <message>
        <source>Until it does, something may still be put there with that permission.</source>
        <translation>إلى أن تؤكده، يظل من الممكن إيداع شيء فيها بذلك الإذن.</translation>
    </message>
    <message>
        <source>We may write</source>
        <translation>يجوز لنا الكتابة</translation>
    </message>
    <message>
        <source>What is for {0} waits since {1} for the next bundle.</source>
        <translation>ما هو موجه إلى {0} ينتظر الرزمة التالية منذ {1}.</translation>
    </message>
    <message>
        <source>What you write to {0} waits since {1}: sending is stopped until you decide.</source>
        <translation>ما تكتبونه إلى {0} ينتظر منذ {1}: الإرسال موقوف إلى أن تتخذوا قراراً.</translation>
    </message>
    <message>
        <source>Works</source>
        <translation>يعمل</translation>
    </message>
    <message>
        <source>Written to the end, read back from there, and equal.</source>
        <translation>كُتب حتى نهايته، وقُرئ من هناك مجدداً، فجاء مطابقاً.</translation>
    </message>
    <message>
        <source>You need the file of an operator.</source>
        <translation>يلزمكم ملف من أحد المشغّلين.</translation>
    </message>
    <message>
        <source>about {0}</source>
        <translation>نحو {0}</translation>
    </message>
    <message>
        <source>ask it for a new one</source>
        <translation>اطلبوا منه إذناً جديداً</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>تلقائي</translation>
    </message>
    <message>
        <source>bundle {0}</source>
        <translation>رزمة {0}</translation>
    </message>
    <message>
        <source>chosen by you</source>
        <translation>من اختياركم</translation>
    </message>
    <message>
        <source>connecting to the relay</source>
        <translation>جارٍ الاتصال بمحطة الترحيل</translation>
    </message>
    <message>
        <source>folder connected</source>
        <translation>المجلد متصل</translation>
    </message>
    <message>
        <source>given {0}</source>
        <translation>مُنح {0}</translation>
    </message>
    <message>
        <source>in a card handed over</source>
        <translation>في بطاقة سُلّمت</translation>
    </message>
    <message>
        <source>it answered</source>
        <translation>أجابت</translation>
    </message>
    <message>
        <source>it proved that it is the relay</source>
        <translation>أثبتت أنها محطة الترحيل</translation>
    </message>
    <message>
        <source>it was read back and is equal</source>
        <translation>قُرئ مجدداً فجاء مطابقاً</translation>
    </message>
    <message>
        <source>it was taken away again</source>
        <translation>أُزيل من جديد</translation>
    </message>
    <message>
        <source>known by its own key</source>
        <translation>معروفة بمفتاحها هي</translation>
    </message>
    <message>
        <source>known by the authorities of this computer</source>
        <translation>معروفة لدى سلطات التصديق في هذا الحاسوب</translation>
    </message>
    <message>
        <source>last bundle {0}</source>
        <translation>آخر رزمة {0}</translation>
    </message>
    <message>
        <source>last heard {0}</source>
        <translation>آخر خبر {0}</translation>
    </message>
    <message>
        <source>looking at the folder</source>
        <translation>جارٍ النظر في المجلد</translation>
    </message>
    <message>
        <source>made {0}</source>
        <translation>أُعدّت {0}</translation>
    </message>
    <message>
        <source>never</source>
        <translation>أبداً</translation>
    </message>
    <message>
        <source>not sent yet</source>
        <translation>لم يُرسل بعد</translation>
    </message>
    <message>
        <source>noted by you; no answer yet</source>
        <translation>دوّنتموه؛ ولا جواب بعد</translation>
    </message>
    <message>
        <source>nothing more is taken with it</source>
        <translation>لا يُقبل به شيء بعد الآن</translation>
    </message>
    <message>
        <source>our mailbox is there</source>
        <translation>صندوق بريدنا موجود هناك</translation>
    </message>
    <message>
        <source>relay connected</source>
        <translation>محطة الترحيل متصلة</translation>
    </message>
    <message>
        <source>sealed, over the exchange</source>
        <translation>مختوماً، عبر التبادل</translation>
    </message>
    <message>
        <source>since {0}</source>
        <translation>منذ {0}</translation>
    </message>
    <message>
        <source>something was written</source>
        <translation>كُتب شيء</translation>
    </message>
    <message>
        <source>the relay has not confirmed yet</source>
        <translation>لم تؤكد محطة الترحيل بعد</translation>
    </message>
    <message>
        <source>through the proxy</source>
        <translation>عبر الخادم الوكيل</translation>
    </message>
    <message>
        <source>until {0}</source>
        <translation>حتى {0}</translation>
    </message>
    <message>
        <source>waiting: {0}, since {1}</source>
        <translation>ما ينتظر: {0}، منذ {1}</translation>
    </message>
    <message>
        <source>without an end</source>
        <translation>بلا نهاية محددة</translation>
    </message>
    <message>
        <source>{0} What is for {1} waits since {2} and is kept.</source>
        <translation>{0} ما هو موجه إلى {1} ينتظر منذ {2} وهو محفوظ.</translation>
    </message>
    <message>
        <source>{0} has confirmed everything.</source>
        <translation>كل شيء مؤكَّد من {0}.</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n envelopes verified.</source>
        <translation>
            <numerusform>المغلفات الصحيحة: {0} من أصل %n مغلّف.</numerusform>
            <numerusform>المغلفات الصحيحة: {0} من أصل مغلّف واحد.</numerusform>
            <numerusform>المغلفات الصحيحة: {0} من أصل مغلّفين.</numerusform>
            <numerusform>المغلفات الصحيحة: {0} من أصل %n مغلّفات.</numerusform>
            <numerusform>المغلفات الصحيحة: {0} من أصل %n مغلّفاً.</numerusform>
            <numerusform>المغلفات الصحيحة: {0} من أصل %n مغلّف.</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} of {1} confirmed</source>
        <translation>أُكّد {0} من {1}</translation>
    </message>
    <message>
        <source>{0}, everything stays sealed on this device</source>
        <translation>{0}، ويبقى كل شيء مختوماً على هذا الجهاز</translation>
    </message>
    <message>
        <source>{0}, with trouble</source>
        <translation>{0}، مع خلل</translation>
    </message>
    <message numerus="yes">
        <source>{0}, {1}, %Ln sealed envelopes</source>
        <translation>
            <numerusform>{0}، {1}، لا مغلّفات مختومة</numerusform>
            <numerusform>{0}، {1}، مغلّف مختوم واحد</numerusform>
            <numerusform>{0}، {1}، مغلّفان مختومان</numerusform>
            <numerusform>{0}، {1}، %Ln مغلّفات مختومة</numerusform>
            <numerusform>{0}، {1}، %Ln مغلّفاً مختوماً</numerusform>
            <numerusform>{0}، {1}، %Ln مغلّف مختوم</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}: nothing but the word of what came from there.</source>
        <translation>{0}: لا شيء سوى الإشعار بما وصل من هناك.</translation>
    </message>
    <message>
        <source>{0}: {1}, about {2}.</source>
        <translation>{0}: {1}، نحو {2}.</translation>
    </message>
</context>
<context>
    <name>files</name>
    <message>
        <source>A program that reads the file back does not find exactly: {0}.</source>
        <translation>البرنامج الذي يعيد قراءة الملف لا يجد على وجه الدقة: {0}.</translation>
    </message>
    <message>
        <source>Another format</source>
        <translation>صيغة أخرى</translation>
    </message>
    <message>
        <source>As found in the file, by {0}.</source>
        <translation>كما ورد في الملف، عن {0}.</translation>
    </message>
    <message>
        <source>As found in the file.</source>
        <translation>كما ورد في الملف.</translation>
    </message>
    <message>
        <source>By delegation</source>
        <translation>بحسب الوفد</translation>
    </message>
    <message>
        <source>Cannot be proposed on the text as it stands now.</source>
        <translation>لا يمكن اقتراحه على النص كما هو الآن.</translation>
    </message>
    <message>
        <source>Cannot be proposed: the pen has changed this paragraph since the file was made.</source>
        <translation>لا يمكن اقتراحه: غيّر القلم هذه الفقرة بعد إعداد الملف.</translation>
    </message>
    <message>
        <source>Cannot be proposed: this paragraph is agreed or closed.</source>
        <translation>لا يمكن اقتراحه: هذه الفقرة متفق عليها أو مغلقة.</translation>
    </message>
    <message>
        <source>Cannot be proposed: this paragraph is no longer in the text.</source>
        <translation>لا يمكن اقتراحه: لم تعد هذه الفقرة في النص.</translation>
    </message>
    <message>
        <source>Clean</source>
        <translation>نص خالٍ من العلامات</translation>
    </message>
    <message>
        <source>Compilation</source>
        <translation>تجميع</translation>
    </message>
    <message>
        <source>Every proposed change under its delegation; positions and remarks beside the text.</source>
        <translation>كل تغيير مقترح تحت اسم وفده؛ والمواقف والملاحظات بجانب النص.</translation>
    </message>
    <message>
        <source>Every proposed change written into the words, in brackets with its delegations.</source>
        <translation>كل تغيير مقترح مكتوب ضمن النص، بين قوسين معقوفين مع أسماء وفوده.</translation>
    </message>
    <message numerus="yes">
        <source>Make %n remarks</source>
        <translation>
            <numerusform>دون إبداء أي ملاحظة</numerusform>
            <numerusform>إبداء ملاحظة واحدة</numerusform>
            <numerusform>إبداء ملاحظتين</numerusform>
            <numerusform>إبداء %n ملاحظات</numerusform>
            <numerusform>إبداء %n ملاحظة</numerusform>
            <numerusform>إبداء %n ملاحظة</numerusform>
        </translation>
    </message>
    <message>
        <source>No proposed change</source>
        <translation>لا تغيير مقترح</translation>
    </message>
    <message>
        <source>Notation of negotiation, as text</source>
        <translation>رموز التفاوض، كنص</translation>
    </message>
    <message>
        <source>PDF, to print and to read</source>
        <translation>PDF، للطباعة والقراءة</translation>
    </message>
    <message>
        <source>Paragraphs: {0}</source>
        <translation>الفقرات: {0}</translation>
    </message>
    <message>
        <source>Plain text</source>
        <translation>نص عادي</translation>
    </message>
    <message>
        <source>Positions and remarks left out: {0}</source>
        <translation>المواقف والملاحظات التي تُركت: {0}</translation>
    </message>
    <message>
        <source>Positions and remarks: {0}</source>
        <translation>المواقف والملاحظات: {0}</translation>
    </message>
    <message numerus="yes">
        <source>Propose %n changes</source>
        <translation>
            <numerusform>دون اقتراح أي تغيير</numerusform>
            <numerusform>اقتراح تغيير واحد</numerusform>
            <numerusform>اقتراح تغييرين</numerusform>
            <numerusform>اقتراح %n تغييرات</numerusform>
            <numerusform>اقتراح %n تغييراً</numerusform>
            <numerusform>اقتراح %n تغيير</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Propose %n changes, {remarks}</source>
        <translation>
            <numerusform>دون اقتراح أي تغيير، {remarks}</numerusform>
            <numerusform>اقتراح تغيير واحد، {remarks}</numerusform>
            <numerusform>اقتراح تغييرين، {remarks}</numerusform>
            <numerusform>اقتراح %n تغييرات، {remarks}</numerusform>
            <numerusform>اقتراح %n تغييراً، {remarks}</numerusform>
            <numerusform>اقتراح %n تغيير، {remarks}</numerusform>
        </translation>
    </message>
    <message>
        <source>Proposed changes left out: {0}</source>
        <translation>التغييرات المقترحة التي تُركت: {0}</translation>
    </message>
    <message>
        <source>Proposed changes: {0}, by delegations: {1}</source>
        <translation>التغييرات المقترحة: {0}، بحسب الوفود: {1}</translation>
    </message>
    <message>
        <source>The words as they stand: no proposed change, no status, no remark.</source>
        <translation>الكلمات كما هي: بلا تغيير مقترح ولا حالة ولا ملاحظة.</translation>
    </message>
    <message>
        <source>Tracked changes</source>
        <translation>تغييرات متعقَّبة</translation>
    </message>
    <message>
        <source>UN XML (Akoma Ntoso)</source>
        <translation>UN XML (Akoma Ntoso)</translation>
    </message>
    <message>
        <source>Under each delegation the paragraphs it wants otherwise, with its own changes.</source>
        <translation>تحت كل وفد الفقرات التي يريدها على نحو آخر، مع تغييراته هو.</translation>
    </message>
    <message>
        <source>Web page</source>
        <translation>صفحة ويب</translation>
    </message>
    <message>
        <source>Word document</source>
        <translation>مستند Word</translation>
    </message>
    <message numerus="yes">
        <source>make %n remarks</source>
        <translation>
            <numerusform>ودون إبداء أي ملاحظة</numerusform>
            <numerusform>وإبداء ملاحظة واحدة</numerusform>
            <numerusform>وإبداء ملاحظتين</numerusform>
            <numerusform>وإبداء %n ملاحظات</numerusform>
            <numerusform>وإبداء %n ملاحظة</numerusform>
            <numerusform>وإبداء %n ملاحظة</numerusform>
        </translation>
    </message>
    <message>
        <source>proposed changes</source>
        <translation>التغييرات المقترحة</translation>
    </message>
    <message>
        <source>remarks</source>
        <translation>الملاحظات</translation>
    </message>
    <message>
        <source>the language</source>
        <translation>اللغة</translation>
    </message>
    <message>
        <source>the numbers of paragraphs</source>
        <translation>أرقام الفقرات</translation>
    </message>
    <message>
        <source>the title</source>
        <translation>العنوان</translation>
    </message>
    <message>
        <source>what is agreed and what is open</source>
        <translation>ما اتُّفق عليه وما لا يزال مفتوحاً</translation>
    </message>
    <message>
        <source>where some paragraphs begin and end</source>
        <translation>موضع بداية بعض الفقرات ونهايتها</translation>
    </message>
</context>
<context>
    <name>fonts</name>
    <message>
        <source>Add the fonts of these languages in the settings of the system, then start Valise again.</source>
        <translation>أضيفوا خطوط هذه اللغات في إعدادات النظام، ثم شغّلوا Valise من جديد.</translation>
    </message>
    <message>
        <source>Arabic</source>
        <translation>العربية</translation>
    </message>
    <message>
        <source>Armenian</source>
        <translation>الأرمنية</translation>
    </message>
    <message>
        <source>Ask who looks after this computer to install {0} (Debian, Ubuntu), then start Valise again. What is stored and sent is not touched by this.</source>
        <translation>اطلبوا ممن يتولى هذا الحاسوب تثبيت {0} (Debian، Ubuntu)، ثم شغّلوا Valise من جديد. ولا يمس هذا ما يُحفظ وما يُرسل.</translation>
    </message>
    <message>
        <source>Bengali</source>
        <translation>البنغالية</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>الصينية</translation>
    </message>
    <message>
        <source>Cyrillic</source>
        <translation>السيريلية</translation>
    </message>
    <message>
        <source>Devanagari</source>
        <translation>الديفاناغارية</translation>
    </message>
    <message>
        <source>Georgian</source>
        <translation>الجورجية</translation>
    </message>
    <message>
        <source>Greek</source>
        <translation>اليونانية</translation>
    </message>
    <message>
        <source>Hebrew</source>
        <translation>العبرية</translation>
    </message>
    <message>
        <source>Japanese</source>
        <translation>اليابانية</translation>
    </message>
    <message>
        <source>Korean</source>
        <translation>الكورية</translation>
    </message>
    <message>
        <source>Thai</source>
        <translation>التايلندية</translation>
    </message>
    <message>
        <source>This computer has no letters for: {0}. Such text is shown as boxes.</source>
        <translation>لا توجد على هذا الحاسوب أحرف لما يلي: {0}. ويظهر مثل هذا النص على شكل مربعات.</translation>
    </message>
</context>
<context>
    <name>guide</name>
    <message>
        <source> or </source>
        <translation> أو </translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>في كل مكان</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>دليل الاستخدام</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}: {1}</translation>
    </message>
</context>
<context>
    <name>hygiene</name>
    <message>
        <source>A second laptop</source>
        <translation>حاسوب محمول ثانٍ</translation>
    </message>
    <message>
        <source>About Valise…</source>
        <translation>حول Valise…</translation>
    </message>
    <message>
        <source>Back up…</source>
        <translation>نسخ احتياطي…</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>نسخة احتياطية</translation>
    </message>
    <message>
        <source>Change it…</source>
        <translation>تغييرها…</translation>
    </message>
    <message>
        <source>Check now…</source>
        <translation>التحقق الآن…</translation>
    </message>
    <message>
        <source>Check of this vault</source>
        <translation>التحقق من هذه الخزنة</translation>
    </message>
    <message>
        <source>Compare…</source>
        <translation>مقارنة…</translation>
    </message>
    <message>
        <source>Contacts compared</source>
        <translation>المقارنة مع جهات التراسل</translation>
    </message>
    <message>
        <source>Delegations nobody has compared yet: {n}.</source>
        <translation>الوفود التي لم يقارن معها أحد بعد: {n}.</translation>
    </message>
    <message>
        <source>Does not pass</source>
        <translation>غير مستوفٍ</translation>
    </message>
    <message>
        <source>Every delegation you exchange with was compared or is vouched for.</source>
        <translation>كل وفد تتبادلون معه جرت المقارنة معه أو زُكّي.</translation>
    </message>
    <message>
        <source>Everything verified {when}.</source>
        <translation>جرى التحقق من كل شيء {when}، وهو صحيح.</translation>
    </message>
    <message>
        <source>In use since {when}, for more than two years.</source>
        <translation>مستخدمة منذ {when}، أي منذ أكثر من سنتين.</translation>
    </message>
    <message>
        <source>It does not lie beside the vault.</source>
        <translation>ليس بجانب الخزنة.</translation>
    </message>
    <message>
        <source>It ended on {when}: ask its operator for a new file.</source>
        <translation>انتهى في {when}: اطلبوا من مشغّلها ملفاً جديداً.</translation>
    </message>
    <message>
        <source>It ends on {when}: ask its operator for a new file.</source>
        <translation>ينتهي في {when}: اطلبوا من مشغّلها ملفاً جديداً.</translation>
    </message>
    <message>
        <source>It holds until {when}.</source>
        <translation>يسري حتى {when}.</translation>
    </message>
    <message>
        <source>It is protected less than it should be: change it once, and it is sealed anew.</source>
        <translation>حمايتها أقل مما ينبغي: غيّروها مرة واحدة فتُختم من جديد.</translation>
    </message>
    <message>
        <source>It still lies beside the vault: whoever takes this laptop takes both.</source>
        <translation>ما زال بجانب الخزنة: من يأخذ هذا الحاسوب المحمول يأخذ كليهما.</translation>
    </message>
    <message>
        <source>Key file of the delegation</source>
        <translation>ملف مفتاح الوفد</translation>
    </message>
    <message>
        <source>Laptops of your delegation in use: {n}.</source>
        <translation>الحواسيب المحمولة المستخدمة لدى وفدكم: {n}.</translation>
    </message>
    <message>
        <source>Last checked {when}, more than a week ago.</source>
        <translation>جرى آخر تحقق {when}، أي منذ أكثر من أسبوع.</translation>
    </message>
    <message>
        <source>Last rehearsed {when}, more than a year ago.</source>
        <translation>جرى آخر تمرّن عليها {when}، أي منذ أكثر من سنة.</translation>
    </message>
    <message>
        <source>Locking by itself</source>
        <translation>القفل التلقائي</translation>
    </message>
    <message>
        <source>Made, and last rehearsed {when}.</source>
        <translation>أُعدّت، وجرى آخر تمرّن عليها {when}.</translation>
    </message>
    <message>
        <source>Made, and never rehearsed: only a rehearsal shows that the paper is right.</source>
        <translation>أُعدّت ولم يجرِ التمرّن عليها قط: والتمرّن وحده يبيّن أن ما على الورق صحيح.</translation>
    </message>
    <message>
        <source>Move it…</source>
        <translation>نقله…</translation>
    </message>
    <message>
        <source>None was made: what is only here goes with this laptop.</source>
        <translation>لم تُعدّ أي نسخة: ما لا يوجد إلا هنا يضيع بضياع هذا الحاسوب المحمول.</translation>
    </message>
    <message>
        <source>Not checked yet.</source>
        <translation>لم يجرِ التحقق بعد.</translation>
    </message>
    <message>
        <source>Our laptops…</source>
        <translation>حواسيبنا المحمولة…</translation>
    </message>
    <message>
        <source>Passes</source>
        <translation>مستوفٍ</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>عبارة المرور</translation>
    </message>
    <message>
        <source>Permission to use the relay</source>
        <translation>إذن استخدام محطة الترحيل</translation>
    </message>
    <message>
        <source>Protected as it should be; in use since {when}.</source>
        <translation>محمية كما ينبغي؛ ومستخدمة منذ {when}.</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>حصص الاسترداد</translation>
    </message>
    <message>
        <source>Shorten it…</source>
        <translation>تقصير المدة…</translation>
    </message>
    <message>
        <source>Software</source>
        <translation>البرنامج</translation>
    </message>
    <message>
        <source>The check found something wrong.</source>
        <translation>وجد التحقق خللاً.</translation>
    </message>
    <message>
        <source>The last one is of {when}, and there is news since.</source>
        <translation>آخرها بتاريخ {when}، وقد جدّ جديد منذ ذلك الحين.</translation>
    </message>
    <message>
        <source>The last one is of {when}.</source>
        <translation>آخرها بتاريخ {when}.</translation>
    </message>
    <message numerus="yes">
        <source>The vault locks after %n minutes without a key or the mouse.</source>
        <translation>
            <numerusform>تُقفل الخزنة بعد %n دقيقة دون استخدام المفاتيح أو الفأرة.</numerusform>
            <numerusform>تُقفل الخزنة بعد دقيقة واحدة دون استخدام المفاتيح أو الفأرة.</numerusform>
            <numerusform>تُقفل الخزنة بعد دقيقتين دون استخدام المفاتيح أو الفأرة.</numerusform>
            <numerusform>تُقفل الخزنة بعد %n دقائق دون استخدام المفاتيح أو الفأرة.</numerusform>
            <numerusform>تُقفل الخزنة بعد %n دقيقة دون استخدام المفاتيح أو الفأرة.</numerusform>
            <numerusform>تُقفل الخزنة بعد %n دقيقة دون استخدام المفاتيح أو الفأرة.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The vault stays open for %n minutes when nobody is there; ten are enough.</source>
        <translation>
            <numerusform>تبقى الخزنة مفتوحة %n دقيقة حين لا يكون أحد حاضراً؛ وتكفي عشر.</numerusform>
            <numerusform>تبقى الخزنة مفتوحة دقيقة واحدة حين لا يكون أحد حاضراً؛ وتكفي عشر.</numerusform>
            <numerusform>تبقى الخزنة مفتوحة دقيقتين حين لا يكون أحد حاضراً؛ وتكفي عشر.</numerusform>
            <numerusform>تبقى الخزنة مفتوحة %n دقائق حين لا يكون أحد حاضراً؛ وتكفي عشر.</numerusform>
            <numerusform>تبقى الخزنة مفتوحة %n دقيقة حين لا يكون أحد حاضراً؛ وتكفي عشر.</numerusform>
            <numerusform>تبقى الخزنة مفتوحة %n دقيقة حين لا يكون أحد حاضراً؛ وتكفي عشر.</numerusform>
        </translation>
    </message>
    <message>
        <source>There are none: when the passphrase is forgotten, nobody can open this vault.</source>
        <translation>لا توجد: إذا نُسيت عبارة المرور فلن يستطيع أحد فتح هذه الخزنة.</translation>
    </message>
    <message>
        <source>This does not pass.</source>
        <translation>هذا غير مستوفٍ.</translation>
    </message>
    <message>
        <source>This is the only one: if it is lost, the delegation cannot write until another is admitted.</source>
        <translation>هذا هو الوحيد: فإذا فُقد لم يستطع الوفد الكتابة إلى أن يُضمّ آخر.</translation>
    </message>
    <message>
        <source>To the shares…</source>
        <translation>إلى الحصص…</translation>
    </message>
    <message>
        <source>Version {text} of {when} is more than half a year old: ask who installs it for a newer one.</source>
        <translation>مضى على الإصدار {text} بتاريخ {when} أكثر من نصف سنة: اطلبوا إصداراً أحدث ممن يثبّته.</translation>
    </message>
    <message>
        <source>Version {text} of {when}.</source>
        <translation>الإصدار {text} بتاريخ {when}.</translation>
    </message>
    <message>
        <source>Ways of exchange…</source>
        <translation>سبل التبادل…</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n pass. Each of the others has a button that leads to where it is put right.</source>
        <translation>
            <numerusform>المستوفي {0} من %n. ولكل مما عداه زر يؤدي إلى إصلاحه.</numerusform>
            <numerusform>المستوفي {0} من %n. ولكل مما عداه زر يؤدي إلى إصلاحه.</numerusform>
            <numerusform>المستوفي {0} من %n. ولكل مما عداه زر يؤدي إلى إصلاحه.</numerusform>
            <numerusform>المستوفي {0} من %n. ولكل مما عداه زر يؤدي إلى إصلاحه.</numerusform>
            <numerusform>المستوفي {0} من %n. ولكل مما عداه زر يؤدي إلى إصلاحه.</numerusform>
            <numerusform>المستوفي {0} من %n. ولكل مما عداه زر يؤدي إلى إصلاحه.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>incidents</name>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>لا ملفات</numerusform>
            <numerusform>ملف واحد</numerusform>
            <numerusform>ملفان</numerusform>
            <numerusform>%n ملفات</numerusform>
            <numerusform>%n ملفاً</numerusform>
            <numerusform>%n ملف</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n laptops</source>
        <translation>
            <numerusform>%n حاسوب محمول</numerusform>
            <numerusform>حاسوب محمول واحد</numerusform>
            <numerusform>حاسوبين محمولين</numerusform>
            <numerusform>%n حواسيب محمولة</numerusform>
            <numerusform>%n حاسوباً محمولاً</numerusform>
            <numerusform>%n حاسوب محمول</numerusform>
        </translation>
    </message>
    <message>
        <source>A reply is requested by {0}.</source>
        <translation>يُطلب الرد في موعد أقصاه {0}.</translation>
    </message>
    <message>
        <source>Acknowledge receipt</source>
        <translation>الإقرار بالاستلام</translation>
    </message>
    <message>
        <source>Acknowledgements</source>
        <translation>الإقرارات بالاستلام</translation>
    </message>
    <message>
        <source>An acknowledgement says that it was received. It accepts no fact and agrees with nothing (norm 13 (c)).</source>
        <translation>الإقرار يعني أنه استُلم. وهو لا يقبل أي واقعة ولا يوافق على شيء (المعيار 13 (c)).</translation>
    </message>
    <message>
        <source>An answer is due in {left}, at {when}.</source>
        <translation>الجواب مستحق خلال {left}، في {when}.</translation>
    </message>
    <message>
        <source>An offer is taken</source>
        <translation>قُبل عرض</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>إجابة</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>تمت الإجابة</translation>
    </message>
    <message>
        <source>Answered: no time runs.</source>
        <translation>تمت الإجابة: لا تُحتسب أي مهلة.</translation>
    </message>
    <message>
        <source>Arabic</source>
        <translation>العربية</translation>
    </message>
    <message>
        <source>Before the embargo ended ({0}), because: {1}</source>
        <translation>قبل انتهاء الحظر ({0})، والسبب: {1}</translation>
    </message>
    <message>
        <source>Channel and time</source>
        <translation>القناة والوقت</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>الصينية</translation>
    </message>
    <message>
        <source>Choose among the offers</source>
        <translation>اختاروا من بين العروض</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>مغلق</translation>
    </message>
    <message>
        <source>Correction or addition</source>
        <translation>تصويب أو إضافة</translation>
    </message>
    <message>
        <source>Done…</source>
        <translation>أُنجزت…</translation>
    </message>
    <message>
        <source>English</source>
        <translation>الإنكليزية</translation>
    </message>
    <message>
        <source>French</source>
        <translation>الفرنسية</translation>
    </message>
    <message>
        <source>From the directory</source>
        <translation>من الدليل</translation>
    </message>
    <message>
        <source>Help is offered</source>
        <translation>عُرضت المساعدة</translation>
    </message>
    <message>
        <source>Inside our delegation</source>
        <translation>داخل وفدنا</translation>
    </message>
    <message>
        <source>It has ended: close it</source>
        <translation>انتهى: أغلقوه</translation>
    </message>
    <message>
        <source>No longer holds</source>
        <translation>لم يعد سارياً</translation>
    </message>
    <message>
        <source>No time runs at {tier}: it is as agreed in this case.</source>
        <translation>لا تُحتسب مهلة عند {tier}: بل كما يُتفق عليه في هذه الحالة.</translation>
    </message>
    <message>
        <source>Nobody answered until {when}, and there is no higher channel. Speak to them.</source>
        <translation>لم يُجب أحد حتى {when}، ولا توجد قناة أعلى. تحدثوا إليهم.</translation>
    </message>
    <message>
        <source>Nobody answered until {when}. {tier} is proposed: nothing happens unless you take it there.</source>
        <translation>لم يُجب أحد حتى {when}. ويُقترح {tier}: ولا يحدث شيء ما لم تصعّدوه إليه.</translation>
    </message>
    <message>
        <source>Not seen when the incident was closed: it was under way, or said afterwards.</source>
        <translation>لم يُرَ حين أُغلق الحادث: كان في الطريق، أو قيل بعد ذلك.</translation>
    </message>
    <message>
        <source>Offer of assistance</source>
        <translation>عرض مساعدة</translation>
    </message>
    <message>
        <source>Offer taken back</source>
        <translation>سُحب العرض</translation>
    </message>
    <message>
        <source>Offers of assistance</source>
        <translation>عروض المساعدة</translation>
    </message>
    <message>
        <source>Offers of assistance taken</source>
        <translation>قُبلت عروض المساعدة</translation>
    </message>
    <message>
        <source>Only your own delegation&apos;s laptops have this. It never leaves.</source>
        <translation>لا يوجد هذا إلا على الحواسيب المحمولة لوفدكم. ولا يغادرها أبداً.</translation>
    </message>
    <message>
        <source>Opened again</source>
        <translation>أُعيد فتحه</translation>
    </message>
    <message>
        <source>Points of contact</source>
        <translation>جهات الاتصال</translation>
    </message>
    <message>
        <source>Receipt acknowledged</source>
        <translation>جرى الإقرار بالاستلام</translation>
    </message>
    <message>
        <source>Receipt acknowledged: it accepts no fact and agrees with nothing</source>
        <translation>جرى الإقرار بالاستلام: لا يقبل ذلك أي واقعة ولا يوافق على شيء</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>التقرير</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>الروسية</translation>
    </message>
    <message>
        <source>Save {0}…</source>
        <translation>حفظ {0}…</translation>
    </message>
    <message>
        <source>Sent on: {where}, {when}</source>
        <translation>أُحيل: {where}، {when}</translation>
    </message>
    <message>
        <source>Sent, not acknowledged yet</source>
        <translation>أُرسل ولم يُقَرّ باستلامه بعد</translation>
    </message>
    <message>
        <source>Something this version does not know</source>
        <translation>شيء لا يعرفه هذا الإصدار</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>الإسبانية</translation>
    </message>
    <message numerus="yes">
        <source>Still required: {0} (and %n more)</source>
        <translation>
            <numerusform>ما زال مطلوباً: {0} (ولا حقول أخرى)</numerusform>
            <numerusform>ما زال مطلوباً: {0} (وحقل آخر)</numerusform>
            <numerusform>ما زال مطلوباً: {0} (وحقلان آخران)</numerusform>
            <numerusform>ما زال مطلوباً: {0} (و%n حقول أخرى)</numerusform>
            <numerusform>ما زال مطلوباً: {0} (و%n حقلاً آخر)</numerusform>
            <numerusform>ما زال مطلوباً: {0} (و%n حقل آخر)</numerusform>
        </translation>
    </message>
    <message>
        <source>Take it back…</source>
        <translation>سحبه…</translation>
    </message>
    <message>
        <source>Take it to {0}…</source>
        <translation>التصعيد إلى {0}…</translation>
    </message>
    <message>
        <source>Taken to {tier}</source>
        <translation>جرى التصعيد إلى {tier}</translation>
    </message>
    <message>
        <source>The delegation that reported it takes it higher.</source>
        <translation>يصعّده الوفد الذي أبلغ به.</translation>
    </message>
    <message>
        <source>The same at every delegation in the room. Times are those of the laptop that said it.</source>
        <translation>هو نفسه لدى كل وفد في الغرفة. والأوقات هي أوقات الحاسوب المحمول الذي صدر عنه القول.</translation>
    </message>
    <message>
        <source>This does not count: it is not for that delegation to say. It stays in the record.</source>
        <translation>لا يُحتسب هذا: فليس لذلك الوفد أن يقوله. وهو يبقى في المحضر.</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>الخط الزمني</translation>
    </message>
    <message>
        <source>Two laptops said different things, unseen by each other: {0}. The delegation that reported it settles it with an update.</source>
        <translation>صدرت عن حاسوبين محمولين أقوال مختلفة دون أن يرى أحدهما الآخر: {0}. ويحسم ذلك الوفد الذي أبلغ به بتحديث.</translation>
    </message>
    <message>
        <source>Unanswered in time: decide</source>
        <translation>لا جواب في الموعد: اتخذوا قراراً</translation>
    </message>
    <message>
        <source>We ({officer})</source>
        <translation>نحن ({officer})</translation>
    </message>
    <message>
        <source>What is reported</source>
        <translation>ما يُبلَّغ به</translation>
    </message>
    <message>
        <source>answered</source>
        <translation>تمت الإجابة</translation>
    </message>
    <message>
        <source>done {0}</source>
        <translation>أُنجزت {0}</translation>
    </message>
    <message>
        <source>due {0}</source>
        <translation>الموعد {0}</translation>
    </message>
    <message>
        <source>now {0}</source>
        <translation>الآن {0}</translation>
    </message>
    <message>
        <source>open</source>
        <translation>مفتوح</translation>
    </message>
    <message>
        <source>or</source>
        <translation>أو</translation>
    </message>
    <message>
        <source>still under way</source>
        <translation>ما زال في الطريق</translation>
    </message>
    <message>
        <source>taken</source>
        <translation>مقبول</translation>
    </message>
    <message>
        <source>taken back</source>
        <translation>مسحوب</translation>
    </message>
    <message>
        <source>taken back, though it was taken</source>
        <translation>مسحوب، مع أنه كان مقبولاً</translation>
    </message>
    <message>
        <source>{0}, it stands here</source>
        <translation>{0}، وموضعه هنا</translation>
    </message>
    <message>
        <source>{0}: choose from the directory of points of contact</source>
        <translation>{0}: الاختيار من دليل جهات الاتصال</translation>
    </message>
    <message>
        <source>{name} ({code}), {officer}</source>
        <translation>{name} ({code})، {officer}</translation>
    </message>
    <message>
        <source>{sign} {who}: {state}</source>
        <translation>{sign} {who}: {state}</translation>
    </message>
    <message>
        <source>{utc} ({local} here)</source>
        <translation>{utc} ({local} هنا)</translation>
    </message>
    <message>
        <source>{when} there</source>
        <translation>{when} هناك</translation>
    </message>
    <message>
        <source>… {who}: not yet</source>
        <translation>… {who}: ليس بعد</translation>
    </message>
    <message>
        <source>✓ {who}: {role}, {when}</source>
        <translation>✓ {who}: {role}، {when}</translation>
    </message>
</context>
<context>
    <name>joint</name>
    <message numerus="yes">
        <source>%n delegations</source>
        <translation>
            <numerusform>لا وفود</numerusform>
            <numerusform>وفد واحد</numerusform>
            <numerusform>وفدان</numerusform>
            <numerusform>%n وفود</numerusform>
            <numerusform>%n وفداً</numerusform>
            <numerusform>%n وفد</numerusform>
        </translation>
    </message>
    <message>
        <source>Admit</source>
        <translation>قبول</translation>
    </message>
    <message>
        <source>Admit a late delegation</source>
        <translation>قبول وفد متأخر</translation>
    </message>
    <message>
        <source>Close the list</source>
        <translation>إغلاق القائمة</translation>
    </message>
    <message>
        <source>Co-sponsors</source>
        <translation>المشاركون في التقديم</translation>
    </message>
    <message>
        <source>Do not rely on them and do not sign. Ask {0} in person or by telephone for its words and its hash; it can open them anew.</source>
        <translation>لا تعتمدوا عليها ولا توقّعوا. اطلبوا من {0} حضورياً أو بالهاتف الكلمات وقيمة التجزئة؛ فبوسعه فتحها من جديد.</translation>
    </message>
    <message>
        <source>Everybody in the room sees it. You cannot take it back; the delegation itself can.</source>
        <translation>يرى ذلك كل من في الغرفة. ولا يمكنكم الرجوع عنه؛ ويمكن ذلك للوفد نفسه.</translation>
    </message>
    <message>
        <source>Everybody in {0} sees that your delegation no longer stands on the list.</source>
        <translation>يرى كل من في {0} أن وفدكم لم يعد مدرجاً في القائمة.</translation>
    </message>
    <message>
        <source>Exchange first (Ctrl+R), so that names that are under way are here: who is not on the list now counts as late.</source>
        <translation>أجروا تبادلاً أولاً (Ctrl+R) لتكون هنا الأسماء التي في الطريق: فمن ليس في القائمة الآن يُعد متأخراً.</translation>
    </message>
    <message>
        <source>It cannot be opened again. You can still admit each late delegation.</source>
        <translation>لا يمكن فتحها من جديد. ويمكنكم مع ذلك قبول كل وفد متأخر.</translation>
    </message>
    <message>
        <source>It signed the same words after you had closed the list. Admitted, it stands on the list as the others do.</source>
        <translation>وقّع الوفد الكلمات نفسها بعد أن أغلقتم القائمة. فإذا قُبل أُدرج في القائمة كغيره.</translation>
    </message>
    <message>
        <source>It was to be open until {0}.</source>
        <translation>كان مقرراً أن تبقى مفتوحة حتى {0}.</translation>
    </message>
    <message>
        <source>Joint statement</source>
        <translation>بيان مشترك</translation>
    </message>
    <message>
        <source>On the list: {0}.</source>
        <translation>في القائمة: {0}.</translation>
    </message>
    <message>
        <source>Open for sign-on for another {0}: until {1}.</source>
        <translation>مفتوح للانضمام لمدة {0} أخرى: حتى {1}.</translation>
    </message>
    <message>
        <source>Open for sign-on, without a date.</source>
        <translation>مفتوح للانضمام، بلا تاريخ.</translation>
    </message>
    <message>
        <source>Other words stand in the place of these.</source>
        <translation>حلّت كلمات أخرى محل هذه الكلمات.</translation>
    </message>
    <message>
        <source>Our delegation has not signed on.</source>
        <translation>لم ينضم وفدنا.</translation>
    </message>
    <message>
        <source>Our delegation has signed on.</source>
        <translation>انضم وفدنا.</translation>
    </message>
    <message>
        <source>Our delegation has taken its name back.</source>
        <translation>سحب وفدنا اسمه.</translation>
    </message>
    <message>
        <source>Our delegation signed other words: that does not count here.</source>
        <translation>وقّع وفدنا كلمات أخرى: ولا يُحتسب ذلك هنا.</translation>
    </message>
    <message>
        <source>Our name came later: it waits until {0} admits it.</source>
        <translation>جاء اسمنا متأخراً: ينتظر إلى أن يرد القبول من {0}.</translation>
    </message>
    <message>
        <source>Sign on as a co-sponsor</source>
        <translation>الانضمام إلى المشاركين في التقديم</translation>
    </message>
    <message>
        <source>Sign on to the joint statement</source>
        <translation>الانضمام إلى البيان المشترك</translation>
    </message>
    <message>
        <source>Take our name back</source>
        <translation>سحب اسمنا</translation>
    </message>
    <message>
        <source>The list stays open until {0} closes it.</source>
        <translation>تبقى القائمة مفتوحة إلى أن يغلقها {0}.</translation>
    </message>
    <message>
        <source>The list was closed {0}: {1}.</source>
        <translation>أُغلقت القائمة {0}: {1}.</translation>
    </message>
    <message>
        <source>The text differs: this laptop does not compute that hash for the revision.</source>
        <translation>النص مختلف: لا يحسب هذا الحاسوب المحمول تلك القيمة للتنقيح.</translation>
    </message>
    <message>
        <source>The words differ: they do not have the hash that would be signed.</source>
        <translation>الكلمات مختلفة: فليست لها قيمة التجزئة التي ستُوقَّع.</translation>
    </message>
    <message numerus="yes">
        <source>Too long by %n characters.</source>
        <translation>
            <numerusform>أطول من اللازم بمقدار %n حرف.</numerusform>
            <numerusform>أطول من اللازم بحرف واحد.</numerusform>
            <numerusform>أطول من اللازم بحرفين.</numerusform>
            <numerusform>أطول من اللازم بمقدار %n أحرف.</numerusform>
            <numerusform>أطول من اللازم بمقدار %n حرفاً.</numerusform>
            <numerusform>أطول من اللازم بمقدار %n حرف.</numerusform>
        </translation>
    </message>
    <message>
        <source>Who signed on later waits for you: {0}. Admit each, or leave it as it is.</source>
        <translation>من انضم لاحقاً ينتظركم: {0}. اقبلوا كلاً منهم، أو اتركوا الأمر كما هو.</translation>
    </message>
    <message>
        <source>Who signed these words has not signed the new ones.</source>
        <translation>من وقّع هذه الكلمات لم يوقّع الجديدة.</translation>
    </message>
    <message>
        <source>Who signs on now waits to be admitted.</source>
        <translation>من ينضم الآن ينتظر القبول.</translation>
    </message>
    <message>
        <source>You can sign on again. Once the list is closed, the name then waits to be admitted.</source>
        <translation>يمكنكم الانضمام من جديد. وإذا أُغلقت القائمة فإن الاسم ينتظر عندئذ قبوله.</translation>
    </message>
    <message>
        <source>You cannot sign on. Exchange once more (Ctrl+R), since the revision may still be under way. If it stays so, compare the hash with {0} by telephone.</source>
        <translation>لا يمكنكم الانضمام. أجروا تبادلاً مرة أخرى (Ctrl+R)، فقد يكون التنقيح ما زال في الطريق. وإذا بقي الأمر كذلك فقارنوا قيمة التجزئة مع {0} بالهاتف.</translation>
    </message>
    <message>
        <source>You close the list.</source>
        <translation>أنتم من يغلق القائمة.</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>مغلق</translation>
    </message>
    <message>
        <source>closed, {0} waiting</source>
        <translation>مغلق، والمنتظرون: {0}</translation>
    </message>
    <message>
        <source>late, admitted</source>
        <translation>متأخر، قُبل</translation>
    </message>
    <message>
        <source>late, waits to be admitted</source>
        <translation>متأخر، ينتظر القبول</translation>
    </message>
    <message>
        <source>nobody has signed on</source>
        <translation>لم ينضم أحد</translation>
    </message>
    <message>
        <source>open</source>
        <translation>مفتوح</translation>
    </message>
    <message>
        <source>open until {0}</source>
        <translation>مفتوح حتى {0}</translation>
    </message>
    <message>
        <source>open, its date has passed</source>
        <translation>مفتوح، وقد انقضى تاريخه</translation>
    </message>
    <message>
        <source>other words, does not count</source>
        <translation>كلمات أخرى، لا يُحتسب</translation>
    </message>
    <message>
        <source>replaced</source>
        <translation>استُعيض عنه</translation>
    </message>
    <message>
        <source>signed</source>
        <translation>موقّع</translation>
    </message>
    <message>
        <source>text differs</source>
        <translation>النص مختلف</translation>
    </message>
    <message>
        <source>took its name back</source>
        <translation>سُحب الاسم</translation>
    </message>
    <message>
        <source>we have not signed</source>
        <translation>لم نوقّع</translation>
    </message>
    <message>
        <source>we signed</source>
        <translation>وقّعنا</translation>
    </message>
    <message>
        <source>we took our name back</source>
        <translation>سحبنا اسمنا</translation>
    </message>
    <message>
        <source>we wait</source>
        <translation>نحن ننتظر</translation>
    </message>
    <message>
        <source>words differ</source>
        <translation>الكلمات مختلفة</translation>
    </message>
</context>
<context>
    <name>keys</name>
    <message numerus="yes">
        <source>By courier, or not heard lately: replaced keys are kept %n days.</source>
        <translation>
            <numerusform>مع حامل الحقيبة، أو من لم يرد منه خبر مؤخراً: لا تُحفظ المفاتيح المستبدَلة.</numerusform>
            <numerusform>مع حامل الحقيبة، أو من لم يرد منه خبر مؤخراً: تُحفظ المفاتيح المستبدَلة يوماً واحداً.</numerusform>
            <numerusform>مع حامل الحقيبة، أو من لم يرد منه خبر مؤخراً: تُحفظ المفاتيح المستبدَلة يومين.</numerusform>
            <numerusform>مع حامل الحقيبة، أو من لم يرد منه خبر مؤخراً: تُحفظ المفاتيح المستبدَلة %n أيام.</numerusform>
            <numerusform>مع حامل الحقيبة، أو من لم يرد منه خبر مؤخراً: تُحفظ المفاتيح المستبدَلة %n يوماً.</numerusform>
            <numerusform>مع حامل الحقيبة، أو من لم يرد منه خبر مؤخراً: تُحفظ المفاتيح المستبدَلة %n يوم.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Connected: replaced keys are kept %n hours.</source>
        <translation>
            <numerusform>المتصلون: لا تُحفظ المفاتيح المستبدَلة.</numerusform>
            <numerusform>المتصلون: تُحفظ المفاتيح المستبدَلة ساعة واحدة.</numerusform>
            <numerusform>المتصلون: تُحفظ المفاتيح المستبدَلة ساعتين.</numerusform>
            <numerusform>المتصلون: تُحفظ المفاتيح المستبدَلة %n ساعات.</numerusform>
            <numerusform>المتصلون: تُحفظ المفاتيح المستبدَلة %n ساعة.</numerusform>
            <numerusform>المتصلون: تُحفظ المفاتيح المستبدَلة %n ساعة.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>laptops</name>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n يوم</numerusform>
            <numerusform>يوم واحد</numerusform>
            <numerusform>يومان</numerusform>
            <numerusform>%n أيام</numerusform>
            <numerusform>%n يوماً</numerusform>
            <numerusform>%n يوم</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n notes and red lines</source>
        <translation>
            <numerusform>لا ملاحظات ولا خطوط حمراء</numerusform>
            <numerusform>ملاحظة أو خط أحمر</numerusform>
            <numerusform>%n من الملاحظات والخطوط الحمراء</numerusform>
            <numerusform>%n من الملاحظات والخطوط الحمراء</numerusform>
            <numerusform>%n من الملاحظات والخطوط الحمراء</numerusform>
            <numerusform>%n من الملاحظات والخطوط الحمراء</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recovery shares since {0}, any {1} are enough. Not rehearsed yet.</source>
        <translation>
            <numerusform>لا حصص استرداد منذ {0}، ويكفي منها أي عدد قدره {1}. لم يجرِ التمرّن عليها بعد.</numerusform>
            <numerusform>حصة استرداد واحدة منذ {0}، ويكفي منها أي عدد قدره {1}. لم يجرِ التمرّن عليها بعد.</numerusform>
            <numerusform>حصتا استرداد منذ {0}، ويكفي منهما أي عدد قدره {1}. لم يجرِ التمرّن عليهما بعد.</numerusform>
            <numerusform>%n حصص استرداد منذ {0}، ويكفي منها أي عدد قدره {1}. لم يجرِ التمرّن عليها بعد.</numerusform>
            <numerusform>%n حصة استرداد منذ {0}، ويكفي منها أي عدد قدره {1}. لم يجرِ التمرّن عليها بعد.</numerusform>
            <numerusform>%n حصة استرداد منذ {0}، ويكفي منها أي عدد قدره {1}. لم يجرِ التمرّن عليها بعد.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recovery shares since {0}, any {1} are enough. Rehearsed on {2}.</source>
        <translation>
            <numerusform>لا حصص استرداد منذ {0}، ويكفي منها أي عدد قدره {1}. جرى التمرّن عليها في {2}.</numerusform>
            <numerusform>حصة استرداد واحدة منذ {0}، ويكفي منها أي عدد قدره {1}. جرى التمرّن عليها في {2}.</numerusform>
            <numerusform>حصتا استرداد منذ {0}، ويكفي منهما أي عدد قدره {1}. جرى التمرّن عليهما في {2}.</numerusform>
            <numerusform>%n حصص استرداد منذ {0}، ويكفي منها أي عدد قدره {1}. جرى التمرّن عليها في {2}.</numerusform>
            <numerusform>%n حصة استرداد منذ {0}، ويكفي منها أي عدد قدره {1}. جرى التمرّن عليها في {2}.</numerusform>
            <numerusform>%n حصة استرداد منذ {0}، ويكفي منها أي عدد قدره {1}. جرى التمرّن عليها في {2}.</numerusform>
        </translation>
    </message>
    <message>
        <source>Admit a laptop (check code {0}): {1}</source>
        <translation>ضمّ حاسوب محمول (رمز التحقق {0}): {1}</translation>
    </message>
    <message>
        <source>Adviser</source>
        <translation>مستشار</translation>
    </message>
    <message>
        <source>Another laptop takes its place</source>
        <translation>حلّ محله حاسوب محمول آخر</translation>
    </message>
    <message>
        <source>Expired on {0}: nothing is sealed for it. Renew it.</source>
        <translation>انتهت صلاحيته في {0}: لا يُختم له شيء. جدّدوه.</translation>
    </message>
    <message numerus="yes">
        <source>Expires in %n days, on {0}. Renew it.</source>
        <translation>
            <numerusform>تنتهي صلاحيته خلال أقل من يوم، في {0}. جدّدوه.</numerusform>
            <numerusform>تنتهي صلاحيته بعد يوم واحد، في {0}. جدّدوه.</numerusform>
            <numerusform>تنتهي صلاحيته بعد يومين، في {0}. جدّدوه.</numerusform>
            <numerusform>تنتهي صلاحيته بعد %n أيام، في {0}. جدّدوه.</numerusform>
            <numerusform>تنتهي صلاحيته بعد %n يوماً، في {0}. جدّدوه.</numerusform>
            <numerusform>تنتهي صلاحيته بعد %n يوم، في {0}. جدّدوه.</numerusform>
        </translation>
    </message>
    <message>
        <source>Head of delegation</source>
        <translation>رئيس الوفد</translation>
    </message>
    <message numerus="yes">
        <source>It holds the record of {0} of %n rooms.</source>
        <translation>
            <numerusform>لديه محاضر {0} من %n غرفة.</numerusform>
            <numerusform>لديه محاضر {0} من غرفة واحدة.</numerusform>
            <numerusform>لديه محاضر {0} من غرفتين.</numerusform>
            <numerusform>لديه محاضر {0} من %n غرف.</numerusform>
            <numerusform>لديه محاضر {0} من %n غرفة.</numerusform>
            <numerusform>لديه محاضر {0} من %n غرفة.</numerusform>
        </translation>
    </message>
    <message>
        <source>It was lost or stolen</source>
        <translation>فُقد أو سُرق</translation>
    </message>
    <message>
        <source>Its officer has left</source>
        <translation>غادر الموظف الذي يستخدمه</translation>
    </message>
    <message numerus="yes">
        <source>Make %n recovery shares, of which any {0} give the root key back.</source>
        <translation>
            <numerusform>إعداد %n حصة استرداد، يكفي منها أي عدد قدره {0} لاسترداد المفتاح الجذري.</numerusform>
            <numerusform>إعداد حصة استرداد واحدة، يكفي منها أي عدد قدره {0} لاسترداد المفتاح الجذري.</numerusform>
            <numerusform>إعداد حصتي استرداد، يكفي منهما أي عدد قدره {0} لاسترداد المفتاح الجذري.</numerusform>
            <numerusform>إعداد %n حصص استرداد، يكفي منها أي عدد قدره {0} لاسترداد المفتاح الجذري.</numerusform>
            <numerusform>إعداد %n حصة استرداد، يكفي منها أي عدد قدره {0} لاسترداد المفتاح الجذري.</numerusform>
            <numerusform>إعداد %n حصة استرداد، يكفي منها أي عدد قدره {0} لاسترداد المفتاح الجذري.</numerusform>
        </translation>
    </message>
    <message>
        <source>Negotiator</source>
        <translation>مفاوض</translation>
    </message>
    <message>
        <source>Observer</source>
        <translation>مراقب</translation>
    </message>
    <message>
        <source>Pen holder</source>
        <translation>حامل القلم</translation>
    </message>
    <message>
        <source>Point of contact</source>
        <translation>جهة الاتصال</translation>
    </message>
    <message>
        <source>Renew the laptop of {0}: {1}</source>
        <translation>تجديد الحاسوب المحمول للموظف {0}: {1}</translation>
    </message>
    <message>
        <source>Revoke the laptop of {0}: from now on it gets nothing.</source>
        <translation>إبطال الحاسوب المحمول للموظف {0}: لا يصله شيء من الآن فصاعداً.</translation>
    </message>
    <message>
        <source>Revoked on {0}: it gets nothing any more. What it signed stands.</source>
        <translation>أُبطل في {0}: لا يصله شيء بعد الآن. وما وقّعه يبقى سارياً.</translation>
    </message>
    <message>
        <source>Since {0}, until {1}</source>
        <translation>منذ {0}، حتى {1}</translation>
    </message>
    <message numerus="yes">
        <source>Stayed with the delegation: the record of %n rooms, of which the successor&apos;s laptop holds {0}; {1}. Conversations before it was admitted, and the library of this laptop, do not pass by themselves.</source>
        <translation>
            <numerusform>ما بقي لدى الوفد: محاضر %n غرفة، ومنها على الحاسوب المحمول للخلف {0}؛ و{1}. ولا تنتقل من تلقاء نفسها المحادثات السابقة لضمّه ولا مكتبة هذا الحاسوب المحمول.</numerusform>
            <numerusform>ما بقي لدى الوفد: محضر غرفة واحدة، ومنها على الحاسوب المحمول للخلف {0}؛ و{1}. ولا تنتقل من تلقاء نفسها المحادثات السابقة لضمّه ولا مكتبة هذا الحاسوب المحمول.</numerusform>
            <numerusform>ما بقي لدى الوفد: محضرا غرفتين، ومنهما على الحاسوب المحمول للخلف {0}؛ و{1}. ولا تنتقل من تلقاء نفسها المحادثات السابقة لضمّه ولا مكتبة هذا الحاسوب المحمول.</numerusform>
            <numerusform>ما بقي لدى الوفد: محاضر %n غرف، ومنها على الحاسوب المحمول للخلف {0}؛ و{1}. ولا تنتقل من تلقاء نفسها المحادثات السابقة لضمّه ولا مكتبة هذا الحاسوب المحمول.</numerusform>
            <numerusform>ما بقي لدى الوفد: محاضر %n غرفة، ومنها على الحاسوب المحمول للخلف {0}؛ و{1}. ولا تنتقل من تلقاء نفسها المحادثات السابقة لضمّه ولا مكتبة هذا الحاسوب المحمول.</numerusform>
            <numerusform>ما بقي لدى الوفد: محاضر %n غرفة، ومنها على الحاسوب المحمول للخلف {0}؛ و{1}. ولا تنتقل من تلقاء نفسها المحادثات السابقة لضمّه ولا مكتبة هذا الحاسوب المحمول.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Travel laptop: only %n rooms</source>
        <translation>
            <numerusform>حاسوب سفر: دون أي غرفة</numerusform>
            <numerusform>حاسوب سفر: غرفة واحدة فقط</numerusform>
            <numerusform>حاسوب سفر: غرفتان فقط</numerusform>
            <numerusform>حاسوب سفر: %n غرف فقط</numerusform>
            <numerusform>حاسوب سفر: %n غرفة فقط</numerusform>
            <numerusform>حاسوب سفر: %n غرفة فقط</numerusform>
        </translation>
    </message>
    <message>
        <source>one year</source>
        <translation>سنة واحدة</translation>
    </message>
    <message>
        <source>three months</source>
        <translation>ثلاثة أشهر</translation>
    </message>
    <message>
        <source>three years</source>
        <translation>ثلاث سنوات</translation>
    </message>
    <message>
        <source>two years</source>
        <translation>سنتان</translation>
    </message>
    <message>
        <source>{officer} may {rights}, for {term}.</source>
        <translation>{officer}: {rights}، لمدة {term}.</translation>
    </message>
</context>
<context>
    <name>library</name>
    <message numerus="yes">
        <source>%n more paragraphs after</source>
        <translation>
            <numerusform>لا فقرات أخرى بعدها</numerusform>
            <numerusform>فقرة أخرى بعدها</numerusform>
            <numerusform>فقرتان أخريان بعدها</numerusform>
            <numerusform>%n فقرات أخرى بعدها</numerusform>
            <numerusform>%n فقرة أخرى بعدها</numerusform>
            <numerusform>%n فقرة أخرى بعدها</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more paragraphs before</source>
        <translation>
            <numerusform>لا فقرات أخرى قبلها</numerusform>
            <numerusform>فقرة أخرى قبلها</numerusform>
            <numerusform>فقرتان أخريان قبلها</numerusform>
            <numerusform>%n فقرات أخرى قبلها</numerusform>
            <numerusform>%n فقرة أخرى قبلها</numerusform>
            <numerusform>%n فقرة أخرى قبلها</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n paragraphs</source>
        <translation>
            <numerusform>لا فقرات</numerusform>
            <numerusform>فقرة واحدة</numerusform>
            <numerusform>فقرتان</numerusform>
            <numerusform>%n فقرات</numerusform>
            <numerusform>%n فقرة</numerusform>
            <numerusform>%n فقرة</numerusform>
        </translation>
    </message>
    <message>
        <source>Arabic</source>
        <translation>العربية</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>الصينية</translation>
    </message>
    <message>
        <source>Could not be read: {0}.</source>
        <translation>تعذرت قراءته: {0}.</translation>
    </message>
    <message>
        <source>Document without a symbol</source>
        <translation>وثيقة بلا رمز</translation>
    </message>
    <message>
        <source>Documents added: {0}.</source>
        <translation>الوثائق المضافة: {0}.</translation>
    </message>
    <message>
        <source>English</source>
        <translation>الإنكليزية</translation>
    </message>
    <message>
        <source>French</source>
        <translation>الفرنسية</translation>
    </message>
    <message>
        <source>Here already: {0}.</source>
        <translation>موجود هنا من قبل: {0}.</translation>
    </message>
    <message numerus="yes">
        <source>Importing: {0} of %n files</source>
        <translation>
            <numerusform>جارٍ الاستيراد: {0} من %n ملف</numerusform>
            <numerusform>جارٍ الاستيراد: {0} من ملف واحد</numerusform>
            <numerusform>جارٍ الاستيراد: {0} من ملفين</numerusform>
            <numerusform>جارٍ الاستيراد: {0} من %n ملفات</numerusform>
            <numerusform>جارٍ الاستيراد: {0} من %n ملفاً</numerusform>
            <numerusform>جارٍ الاستيراد: {0} من %n ملف</numerusform>
        </translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>الروسية</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>الإسبانية</translation>
    </message>
    <message>
        <source>Vote: {0}</source>
        <translation>التصويت: {0}</translation>
    </message>
    <message>
        <source>You stopped the import. Import the same again to go on where it stopped.</source>
        <translation>أوقفتم الاستيراد. استوردوا الشيء نفسه من جديد للمواصلة من حيث توقف.</translation>
    </message>
    <message>
        <source>a document without a symbol</source>
        <translation>وثيقة بلا رمز</translation>
    </message>
    <message>
        <source>{0} per cent alike</source>
        <translation>التشابه {0} في المائة</translation>
    </message>
</context>
<context>
    <name>messages</name>
    <message numerus="yes">
        <source>%n delegations</source>
        <translation>
            <numerusform>لا وفود</numerusform>
            <numerusform>وفد واحد</numerusform>
            <numerusform>وفدان</numerusform>
            <numerusform>%n وفود</numerusform>
            <numerusform>%n وفداً</numerusform>
            <numerusform>%n وفد</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n devices</source>
        <translation>
            <numerusform>%n حاسوب محمول</numerusform>
            <numerusform>حاسوب محمول واحد</numerusform>
            <numerusform>حاسوبان محمولان</numerusform>
            <numerusform>%n حواسيب محمولة</numerusform>
            <numerusform>%n حاسوباً محمولاً</numerusform>
            <numerusform>%n حاسوب محمول</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items waiting in outbox</source>
        <translation>
            <numerusform>لا بنود تنتظر في صندوق الصادر</numerusform>
            <numerusform>بند واحد ينتظر في صندوق الصادر</numerusform>
            <numerusform>بندان ينتظران في صندوق الصادر</numerusform>
            <numerusform>%n بنود تنتظر في صندوق الصادر</numerusform>
            <numerusform>%n بنداً ينتظر في صندوق الصادر</numerusform>
            <numerusform>%n بند ينتظر في صندوق الصادر</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n messages</source>
        <translation>
            <numerusform>لا رسائل</numerusform>
            <numerusform>رسالة واحدة</numerusform>
            <numerusform>رسالتان</numerusform>
            <numerusform>%n رسائل</numerusform>
            <numerusform>%n رسالة</numerusform>
            <numerusform>%n رسالة</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unread</source>
        <translation>
            <numerusform>لا رسائل غير مقروءة</numerusform>
            <numerusform>رسالة واحدة غير مقروءة</numerusform>
            <numerusform>رسالتان غير مقروءتين</numerusform>
            <numerusform>%n رسائل غير مقروءة</numerusform>
            <numerusform>%n رسالة غير مقروءة</numerusform>
            <numerusform>%n رسالة غير مقروءة</numerusform>
        </translation>
    </message>
    <message>
        <source>A custodian vouches for another identity of a delegation in this room. Sending is stopped until you decide.</source>
        <translation>يزكّي وفد مؤتمَن هوية أخرى لأحد الوفود في هذه الغرفة. الإرسال موقوف إلى أن تتخذوا قراراً.</translation>
    </message>
    <message>
        <source>A delegation in this room added a laptop. What you write waits until you have looked at it.</source>
        <translation>أضاف أحد الوفود في هذه الغرفة حاسوباً محمولاً. ما تكتبونه ينتظر إلى أن تنظروا فيه.</translation>
    </message>
    <message>
        <source>A delegation in this room showed two lists of its devices. Sending is stopped until you decide.</source>
        <translation>أظهر أحد الوفود في هذه الغرفة قائمتين بأجهزته. الإرسال موقوف إلى أن تتخذوا قراراً.</translation>
    </message>
    <message>
        <source>A drafting group of several delegations. You become its chair.</source>
        <translation>فريق صياغة من عدة وفود. وتتولون رئاسته.</translation>
    </message>
    <message>
        <source>A laptop was added to your own delegation. What you write waits until you have looked at it.</source>
        <translation>أُضيف حاسوب محمول إلى وفدكم أنتم. ما تكتبونه ينتظر إلى أن تنظروا فيه.</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>إقرار بالاستلام</translation>
    </message>
    <message>
        <source>Between two delegations.</source>
        <translation>بين وفدين.</translation>
    </message>
    <message>
        <source>Bilateral</source>
        <translation>الثنائية</translation>
    </message>
    <message>
        <source>For the eyes and ears of the individual recipients only</source>
        <translation>لأعين المتلقين الأفراد وآذانهم فقط</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>المجموعات</translation>
    </message>
    <message>
        <source>Internal</source>
        <translation>الداخلية</translation>
    </message>
    <message>
        <source>May be shared with everybody</source>
        <translation>يجوز تبادلها مع الجميع</translation>
    </message>
    <message>
        <source>May be shared within the community, not publicly</source>
        <translation>يجوز تبادلها داخل الجماعة المعنية، لا علناً</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>الرسائل</translation>
    </message>
    <message>
        <source>Need to know, within the organization and its clients</source>
        <translation>بقدر الحاجة إلى المعرفة، داخل المنظمة ولدى عملائها</translation>
    </message>
    <message>
        <source>Need to know, within the organization only</source>
        <translation>بقدر الحاجة إلى المعرفة، داخل المنظمة فقط</translation>
    </message>
    <message>
        <source>No marking</source>
        <translation>بلا علامة تداول</translation>
    </message>
    <message>
        <source>Not everybody sees the same members: another list is seen by {who}.</source>
        <translation>لا يرى الجميع الأعضاء أنفسهم: فهناك قائمة أخرى لدى {who}.</translation>
    </message>
    <message>
        <source>Our delegation</source>
        <translation>وفدنا</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>حفظ باسم…</translation>
    </message>
    <message>
        <source>Sending in this room is stopped until you decide.</source>
        <translation>الإرسال في هذه الغرفة موقوف إلى أن تتخذوا قراراً.</translation>
    </message>
    <message>
        <source>The identity of a delegation in this room changed. Sending is stopped until you decide.</source>
        <translation>تغيّرت هوية أحد الوفود في هذه الغرفة. الإرسال موقوف إلى أن تتخذوا قراراً.</translation>
    </message>
    <message>
        <source>The numbers compared with a delegation in this room differ. Sending is stopped until you decide.</source>
        <translation>الأرقام التي قورنت مع أحد الوفود في هذه الغرفة مختلفة. الإرسال موقوف إلى أن تتخذوا قراراً.</translation>
    </message>
    <message>
        <source>This is a travel laptop, and it is not for this room.</source>
        <translation>هذا حاسوب محمول للسفر، وليس مخصصاً لهذه الغرفة.</translation>
    </message>
    <message>
        <source>This laptop was revoked by your delegation: it sends nothing any more.</source>
        <translation>أبطل وفدكم هذا الحاسوب المحمول: فلا يرسل شيئاً بعد الآن.</translation>
    </message>
    <message>
        <source>You</source>
        <translation>أنتم</translation>
    </message>
    <message>
        <source>Your delegation is no longer in this room: you can read, not write.</source>
        <translation>لم يعد وفدكم في هذه الغرفة: يمكنكم القراءة لا الكتابة.</translation>
    </message>
    <message>
        <source>Your own delegation only. Nothing in it can be sent to another.</source>
        <translation>وفدكم وحده. لا يمكن إرسال أي شيء فيها إلى وفد آخر.</translation>
    </message>
    <message>
        <source>acknowledged</source>
        <translation>أُقرّ باستلامها</translation>
    </message>
    <message>
        <source>acknowledged by {count} of {all}</source>
        <translation>أُقرّ باستلامها من {count} من أصل {all}</translation>
    </message>
    <message>
        <source>acknowledged {time}</source>
        <translation>أُقرّ باستلامها {time}</translation>
    </message>
    <message>
        <source>arriving</source>
        <translation>في الوصول</translation>
    </message>
    <message>
        <source>chair</source>
        <translation>الرئاسة</translation>
    </message>
    <message>
        <source>delivered</source>
        <translation>سُلّمت</translation>
    </message>
    <message>
        <source>delivered to {count} of {all}</source>
        <translation>سُلّمت إلى {count} من أصل {all}</translation>
    </message>
    <message>
        <source>file {name}, {size}</source>
        <translation>الملف {name}، {size}</translation>
    </message>
    <message>
        <source>for the record</source>
        <translation>للمحضر</translation>
    </message>
    <message>
        <source>never leaves your delegation</source>
        <translation>لا يغادر وفدكم أبداً</translation>
    </message>
    <message>
        <source>no longer a member</source>
        <translation>لم يعد عضواً</translation>
    </message>
    <message>
        <source>no subject</source>
        <translation>بلا موضوع</translation>
    </message>
    <message>
        <source>not acknowledged yet</source>
        <translation>لم يُقَرّ باستلامها بعد</translation>
    </message>
    <message>
        <source>not everybody sees the same members</source>
        <translation>لا يرى الجميع الأعضاء أنفسهم</translation>
    </message>
    <message>
        <source>not received yet</source>
        <translation>لم تُستلم بعد</translation>
    </message>
    <message>
        <source>received {time}</source>
        <translation>استُلمت {time}</translation>
    </message>
    <message>
        <source>sending stopped</source>
        <translation>الإرسال موقوف</translation>
    </message>
    <message>
        <source>sent, not yet delivered</source>
        <translation>أُرسلت ولم تُسلَّم بعد</translation>
    </message>
    <message>
        <source>waiting in outbox</source>
        <translation>تنتظر في صندوق الصادر</translation>
    </message>
    <message>
        <source>waiting in outbox, next exchange {time}</source>
        <translation>تنتظر في صندوق الصادر، والتبادل التالي {time}</translation>
    </message>
    <message>
        <source>you acknowledged {time}</source>
        <translation>أقررتم باستلامها {time}</translation>
    </message>
    <message>
        <source>{members}, all verified</source>
        <translation>{members}، جرى التحقق منهم جميعاً</translation>
    </message>
    <message>
        <source>{members}, not all verified</source>
        <translation>{members}، لم يُتحقق منهم جميعاً</translation>
    </message>
    <message>
        <source>{who}, revoked</source>
        <translation>{who}، أُبطل</translation>
    </message>
    <message>
        <source>{who}, valid until {date}</source>
        <translation>{who}، صالح حتى {date}</translation>
    </message>
</context>
<context>
    <name>notice</name>
    <message numerus="yes">
        <source>Valise: %n items</source>
        <translation>
            <numerusform>Valise: لا بنود</numerusform>
            <numerusform>Valise: بند واحد</numerusform>
            <numerusform>Valise: بندان</numerusform>
            <numerusform>Valise: %n بنود</numerusform>
            <numerusform>Valise: %n بنداً</numerusform>
            <numerusform>Valise: %n بند</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>overview</name>
    <message numerus="yes">
        <source>%n entries in {register} are due for review</source>
        <translation>
            <numerusform>لا قيود في {register} مستحقة المراجعة</numerusform>
            <numerusform>قيد واحد في {register} مستحق المراجعة</numerusform>
            <numerusform>قيدان في {register} مستحقا المراجعة</numerusform>
            <numerusform>%n قيود في {register} مستحقة المراجعة</numerusform>
            <numerusform>%n قيداً في {register} مستحقة المراجعة</numerusform>
            <numerusform>%n قيد في {register} مستحقة المراجعة</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n envelopes are kept sealed until their keys come; they have been asked for.</source>
        <translation>
            <numerusform>لا مغلّفات محفوظة مختومةً.</numerusform>
            <numerusform>مغلّف واحد محفوظ مختوماً إلى أن يصل مفتاحه؛ وقد طُلب المفتاح.</numerusform>
            <numerusform>مغلّفان محفوظان مختومين إلى أن يصل مفتاحاهما؛ وقد طُلب المفتاحان.</numerusform>
            <numerusform>%n مغلّفات محفوظة مختومةً إلى أن تصل مفاتيحها؛ وقد طُلبت المفاتيح.</numerusform>
            <numerusform>%n مغلّفاً محفوظة مختومةً إلى أن تصل مفاتيحها؛ وقد طُلبت المفاتيح.</numerusform>
            <numerusform>%n مغلّف محفوظة مختومةً إلى أن تصل مفاتيحها؛ وقد طُلبت المفاتيح.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n internal dates were left out.</source>
        <translation>
            <numerusform>لم يُترك أي تاريخ داخلي.</numerusform>
            <numerusform>تُرك تاريخ داخلي واحد.</numerusform>
            <numerusform>تُرك تاريخان داخليان.</numerusform>
            <numerusform>تُركت %n تواريخ داخلية.</numerusform>
            <numerusform>تُرك %n تاريخاً داخلياً.</numerusform>
            <numerusform>تُرك %n تاريخ داخلي.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items are waiting for their receipts.</source>
        <translation>
            <numerusform>لا بنود تنتظر تأكيد استلامها.</numerusform>
            <numerusform>بند واحد ينتظر تأكيد استلامه.</numerusform>
            <numerusform>بندان ينتظران تأكيد استلامهما.</numerusform>
            <numerusform>%n بنود تنتظر تأكيد استلامها.</numerusform>
            <numerusform>%n بنداً تنتظر تأكيد استلامها.</numerusform>
            <numerusform>%n بند تنتظر تأكيد استلامها.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items not yet received by everybody</source>
        <translation>
            <numerusform>لا بنود لم يستلمها الجميع بعد</numerusform>
            <numerusform>بند واحد لم يستلمه الجميع بعد</numerusform>
            <numerusform>بندان لم يستلمهما الجميع بعد</numerusform>
            <numerusform>%n بنود لم يستلمها الجميع بعد</numerusform>
            <numerusform>%n بنداً لم يستلمها الجميع بعد</numerusform>
            <numerusform>%n بند لم يستلمها الجميع بعد</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new proposals in {title}</source>
        <translation>
            <numerusform>لا مقترحات جديدة في {title}</numerusform>
            <numerusform>مقترح جديد واحد في {title}</numerusform>
            <numerusform>مقترحان جديدان في {title}</numerusform>
            <numerusform>%n مقترحات جديدة في {title}</numerusform>
            <numerusform>%n مقترحاً جديداً في {title}</numerusform>
            <numerusform>%n مقترح جديد في {title}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n things need you</source>
        <translation>
            <numerusform>لا شيء يحتاج إليكم</numerusform>
            <numerusform>شيء واحد يحتاج إليكم</numerusform>
            <numerusform>شيئان يحتاجان إليكم</numerusform>
            <numerusform>%n أشياء تحتاج إليكم</numerusform>
            <numerusform>%n شيئاً يحتاج إليكم</numerusform>
            <numerusform>%n شيء يحتاج إليكم</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unread messages in {room}</source>
        <translation>
            <numerusform>لا رسائل غير مقروءة في {room}</numerusform>
            <numerusform>رسالة واحدة غير مقروءة في {room}</numerusform>
            <numerusform>رسالتان غير مقروءتين في {room}</numerusform>
            <numerusform>%n رسائل غير مقروءة في {room}</numerusform>
            <numerusform>%n رسالة غير مقروءة في {room}</numerusform>
            <numerusform>%n رسالة غير مقروءة في {room}</numerusform>
        </translation>
    </message>
    <message>
        <source>A copy of the laptop of {officer} is in use too: what it signs in {room} no longer counts. Stop using it and tell your delegation</source>
        <translation>هناك أيضاً نسخة من الحاسوب المحمول للموظف {officer} قيد الاستخدام: لم يعد يُحتسب ما يوقّعه في {room}. أوقفوا استخدامه وأبلغوا وفدكم</translation>
    </message>
    <message>
        <source>A custodian vouches for another identity of {who}: sending is stopped until you decide</source>
        <translation>يزكّي وفد مؤتمَن هوية أخرى لـ {who}: الإرسال موقوف إلى أن تتخذوا قراراً</translation>
    </message>
    <message>
        <source>A delegation signed on late to {title}: admit it or not</source>
        <translation>انضم وفد متأخراً إلى {title}: اقبلوه أو لا تقبلوه</translation>
    </message>
    <message>
        <source>A draft of {officer} on {title} waits for your release</source>
        <translation>مسودة من {officer} بشأن {title} تنتظر إجازتكم</translation>
    </message>
    <message>
        <source>A laptop was added to your own delegation: everything you send waits until you have looked at it</source>
        <translation>أُضيف حاسوب محمول إلى وفدكم أنتم: كل ما ترسلونه ينتظر إلى أن تنظروا فيه</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>إقرار بالاستلام</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>إجابة</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>اختيار</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>إغلاق</translation>
    </message>
    <message>
        <source>Commitments</source>
        <translation>الالتزامات</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>مقارنة</translation>
    </message>
    <message>
        <source>Compare the safety number with {who}</source>
        <translation>قارنوا رقم الأمان مع {who}</translation>
    </message>
    <message>
        <source>Consultation: {title}, {when}</source>
        <translation>مشاورة: {title}، {when}</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>جهات التراسل</translation>
    </message>
    <message>
        <source>Decide</source>
        <translation>اتخاذ قرار</translation>
    </message>
    <message numerus="yes">
        <source>Different values stand in %n entries of {register}</source>
        <translation>
            <numerusform>لا توجد قيم مختلفة في قيود {register}</numerusform>
            <numerusform>توجد قيم مختلفة في قيد واحد من {register}</numerusform>
            <numerusform>توجد قيم مختلفة في قيدين من {register}</numerusform>
            <numerusform>توجد قيم مختلفة في %n قيود من {register}</numerusform>
            <numerusform>توجد قيم مختلفة في %n قيداً من {register}</numerusform>
            <numerusform>توجد قيم مختلفة في %n قيد من {register}</numerusform>
        </translation>
    </message>
    <message>
        <source>Further dates in {register} that are due: {count}</source>
        <translation>تواريخ أخرى مستحقة في {register}: {count}</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>الحوادث</translation>
    </message>
    <message>
        <source>Last exchange {time}</source>
        <translation>آخر تبادل {time}</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>اطلاع</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>الرسائل</translation>
    </message>
    <message>
        <source>No exchange yet</source>
        <translation>لا تبادل بعد</translation>
    </message>
    <message>
        <source>No round of pings was made yet</source>
        <translation>لم تُجرَ أي جولة اختبار اتصال بعد</translation>
    </message>
    <message>
        <source>No way of exchange is set up yet: nothing is sent or received but by courier</source>
        <translation>لم يُهيأ أي سبيل للتبادل بعد: لا يُرسل شيء ولا يُستلم إلا مع حامل الحقيبة</translation>
    </message>
    <message>
        <source>Not everybody in {room} sees the same members: look at {who}</source>
        <translation>لا يرى الجميع في {room} الأعضاء أنفسهم: انظروا في {who}</translation>
    </message>
    <message>
        <source>Nothing has been exchanged: no relay is used and no folder is chosen.</source>
        <translation>لم يُتبادل شيء: لا تُستخدم محطة ترحيل ولم يُختر مجلد.</translation>
    </message>
    <message>
        <source>Open one</source>
        <translation>فتح جولة</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>قراءة</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>السجلات</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>مراجعة</translation>
    </message>
    <message>
        <source>Set one up</source>
        <translation>تهيئة سبيل</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>الإعدادات</translation>
    </message>
    <message>
        <source>Settle</source>
        <translation>حسم</translation>
    </message>
    <message>
        <source>Silence on {title} until {when}: break it if your delegation does not agree</source>
        <translation>إجراء الصمت بشأن {title} حتى {when}: اكسروا الصمت إذا كان وفدكم لا يوافق</translation>
    </message>
    <message>
        <source>Something in {place} needs you</source>
        <translation>شيء في {place} يحتاج إليكم</translation>
    </message>
    <message>
        <source>Something in {place} needs you: {what}</source>
        <translation>شيء في {place} يحتاج إليكم: {what}</translation>
    </message>
    <message>
        <source>Task “{0}” of {1} is due</source>
        <translation>المهمة «{0}» في {1} مستحقة</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>النصوص</translation>
    </message>
    <message numerus="yes">
        <source>The certificate of {officer}&apos;s laptop expires in %n days</source>
        <translation>
            <numerusform>تنتهي صلاحية شهادة الحاسوب المحمول للموظف {officer} خلال أقل من يوم</numerusform>
            <numerusform>تنتهي صلاحية شهادة الحاسوب المحمول للموظف {officer} بعد يوم واحد</numerusform>
            <numerusform>تنتهي صلاحية شهادة الحاسوب المحمول للموظف {officer} بعد يومين</numerusform>
            <numerusform>تنتهي صلاحية شهادة الحاسوب المحمول للموظف {officer} بعد %n أيام</numerusform>
            <numerusform>تنتهي صلاحية شهادة الحاسوب المحمول للموظف {officer} بعد %n يوماً</numerusform>
            <numerusform>تنتهي صلاحية شهادة الحاسوب المحمول للموظف {officer} بعد %n يوم</numerusform>
        </translation>
    </message>
    <message>
        <source>The certificate of {officer}&apos;s laptop has expired: nothing is sealed for it</source>
        <translation>انتهت صلاحية شهادة الحاسوب المحمول للموظف {officer}: لا يُختم له شيء</translation>
    </message>
    <message>
        <source>The check of this vault found something wrong</source>
        <translation>وجد التحقق من هذه الخزنة خللاً</translation>
    </message>
    <message>
        <source>The identity of {who} changed: sending is stopped until you decide</source>
        <translation>تغيّرت هوية {who}: الإرسال موقوف إلى أن تتخذوا قراراً</translation>
    </message>
    <message>
        <source>The key file of your delegation still lies beside the vault: move it to a stick</source>
        <translation>ما زال ملف مفتاح وفدكم بجانب الخزنة: انقلوه إلى ذاكرة محمولة</translation>
    </message>
    <message>
        <source>The laptop of {officer}, {who}, has signed two different things at one place in {room}: what it signs there no longer counts. Ask {who}</source>
        <translation>وقّع الحاسوب المحمول للموظف {officer}، {who}، شيئين مختلفين في موضع واحد في {room}: لم يعد يُحتسب ما يوقّعه هناك. اسألوا {who}</translation>
    </message>
    <message>
        <source>The last round of pings was on {when}: it is time for another one</source>
        <translation>كانت آخر جولة اختبار اتصال في {when}: حان وقت جولة أخرى</translation>
    </message>
    <message>
        <source>The oldest since {when}</source>
        <translation>أقدمها منذ {when}</translation>
    </message>
    <message numerus="yes">
        <source>The permission of {who} to write to you ends in %n days and cannot renew by itself</source>
        <translation>
            <numerusform>ينتهي إذن {who} بالكتابة إليكم خلال أقل من يوم، ولا يمكن أن يتجدد من تلقاء نفسه</numerusform>
            <numerusform>ينتهي إذن {who} بالكتابة إليكم بعد يوم واحد، ولا يمكن أن يتجدد من تلقاء نفسه</numerusform>
            <numerusform>ينتهي إذن {who} بالكتابة إليكم بعد يومين، ولا يمكن أن يتجدد من تلقاء نفسه</numerusform>
            <numerusform>ينتهي إذن {who} بالكتابة إليكم بعد %n أيام، ولا يمكن أن يتجدد من تلقاء نفسه</numerusform>
            <numerusform>ينتهي إذن {who} بالكتابة إليكم بعد %n يوماً، ولا يمكن أن يتجدد من تلقاء نفسه</numerusform>
            <numerusform>ينتهي إذن {who} بالكتابة إليكم بعد %n يوم، ولا يمكن أن يتجدد من تلقاء نفسه</numerusform>
        </translation>
    </message>
    <message>
        <source>The round {title} is over; not confirmed: {count}</source>
        <translation>انتهت الجولة {title}؛ غير المؤكدة: {count}</translation>
    </message>
    <message>
        <source>The silence on {title} was broken</source>
        <translation>كُسر الصمت بشأن {title}</translation>
    </message>
    <message>
        <source>The silence on {title} was broken in time by its own word, but heard of only after it ended: decide</source>
        <translation>كُسر الصمت بشأن {title} في الموعد بحسب إفادة من كسره، ولكن لم يُعلم به إلا بعد انتهائه: اتخذوا قراراً</translation>
    </message>
    <message>
        <source>This is an older copy of this laptop&apos;s vault: nothing is lost; connect, and it goes on by itself</source>
        <translation>هذه نسخة أقدم من خزنة هذا الحاسوب المحمول: لم يضع شيء؛ أقيموا الاتصال فيتواصل العمل تلقائياً</translation>
    </message>
    <message>
        <source>This laptop was revoked by your delegation: it sends nothing and gets nothing any more</source>
        <translation>أبطل وفدكم هذا الحاسوب المحمول: فلا يرسل شيئاً ولا يصله شيء بعد الآن</translation>
    </message>
    <message>
        <source>This vault has not been checked for more than a week</source>
        <translation>لم يجرِ التحقق من هذه الخزنة منذ أكثر من أسبوع</translation>
    </message>
    <message>
        <source>Two copies of the vault of {officer}, {who}, are in use: ask {who}</source>
        <translation>نسختان من خزنة {officer}، {who}، قيد الاستخدام: اسألوا {who}</translation>
    </message>
    <message>
        <source>Valise</source>
        <translation>Valise</translation>
    </message>
    <message>
        <source>Your draft on {title} cannot leave: the paragraph has changed</source>
        <translation>لا يمكن أن تغادر مسودتكم بشأن {title}: لقد تغيّرت الفقرة</translation>
    </message>
    <message>
        <source>Your draft on {title} was returned</source>
        <translation>أُعيدت مسودتكم بشأن {title}</translation>
    </message>
    <message numerus="yes">
        <source>Your permission to use the relay {host} ends in %n days</source>
        <translation>
            <numerusform>ينتهي إذنكم باستخدام محطة الترحيل {host} خلال أقل من يوم</numerusform>
            <numerusform>ينتهي إذنكم باستخدام محطة الترحيل {host} بعد يوم واحد</numerusform>
            <numerusform>ينتهي إذنكم باستخدام محطة الترحيل {host} بعد يومين</numerusform>
            <numerusform>ينتهي إذنكم باستخدام محطة الترحيل {host} بعد %n أيام</numerusform>
            <numerusform>ينتهي إذنكم باستخدام محطة الترحيل {host} بعد %n يوماً</numerusform>
            <numerusform>ينتهي إذنكم باستخدام محطة الترحيل {host} بعد %n يوم</numerusform>
        </translation>
    </message>
    <message>
        <source>Your permission to use the relay {host} has ended: what waits goes another way</source>
        <translation>انتهى إذنكم باستخدام محطة الترحيل {host}: ما ينتظر يذهب بسبيل آخر</translation>
    </message>
    <message>
        <source>again within a minute</source>
        <translation>من جديد في غضون دقيقة</translation>
    </message>
    <message>
        <source>has received everything</source>
        <translation>استلم كل شيء</translation>
    </message>
    <message>
        <source>next {time}</source>
        <translation>التالي {time}</translation>
    </message>
    <message>
        <source>{0} has ended: close it</source>
        <translation>{0}: انتهى؛ أغلقوه</translation>
    </message>
    <message>
        <source>{0} is unanswered at {1}</source>
        <translation>{0}: لا جواب عند {1}</translation>
    </message>
    <message>
        <source>{0} is unanswered at {1}: {2} is proposed</source>
        <translation>{0}: لا جواب عند {1}؛ ويُقترح {2}</translation>
    </message>
    <message>
        <source>{0}: offers of help to choose from: {1}</source>
        <translation>{0}: عروض مساعدة يُختار منها: {1}</translation>
    </message>
    <message>
        <source>{0}: {1} reports an incident; nobody has acknowledged it</source>
        <translation>{0}: إبلاغ عن حادث من {1}؛ ولم يُقرّ أحد باستلامه</translation>
    </message>
    <message>
        <source>{contact}, {state}: the answer corrects the entry</source>
        <translation>{contact}، {state}: الجواب يصوّب القيد</translation>
    </message>
    <message>
        <source>{contact}, {state}: the answer says that this is the wrong contact</source>
        <translation>{contact}، {state}: يقول الجواب إنها ليست جهة الاتصال الصحيحة</translation>
    </message>
    <message>
        <source>{title} begins {when}</source>
        <translation>{title}: البداية {when}</translation>
    </message>
    <message>
        <source>{title} goes on; it began {when}</source>
        <translation>{title}: ما زال جارياً؛ وكانت البداية {when}</translation>
    </message>
    <message>
        <source>{title} is open for sign-on</source>
        <translation>{title}: مفتوح للانضمام</translation>
    </message>
    <message>
        <source>{title} is open for sign-on until {when}</source>
        <translation>{title}: مفتوح للانضمام حتى {when}</translation>
    </message>
    <message>
        <source>{title}: {who} asks for an answer</source>
        <translation>{title}: طلب جواب من {who}</translation>
    </message>
    <message>
        <source>{title}: {who} asks for an answer by {when}</source>
        <translation>{title}: طلب جواب من {who} في موعد أقصاه {when}</translation>
    </message>
    <message>
        <source>{title}: “{what}” is {when}</source>
        <translation>{title}: «{what}» موعده {when}</translation>
    </message>
    <message>
        <source>{title}: “{what}” was {when}</source>
        <translation>{title}: «{what}» كان موعده {when}</translation>
    </message>
    <message>
        <source>{who} added a laptop: what you send to it waits until you have looked at it</source>
        <translation>أُضيف حاسوب محمول لدى {who}: ما ترسلونه إلى هذا الوفد ينتظر إلى أن تنظروا فيه</translation>
    </message>
    <message>
        <source>{who} asks you to confirm a point of contact by {when}</source>
        <translation>طلب من {who} لتأكيد جهة اتصال في موعد أقصاه {when}</translation>
    </message>
    <message>
        <source>{who} cannot be reached: what waits is kept</source>
        <translation>لا يمكن الوصول إلى {who}: ما ينتظر محفوظ</translation>
    </message>
    <message>
        <source>{who} wants to compare words with you now</source>
        <translation>طلب من {who} لمقارنة الكلمات معكم الآن</translation>
    </message>
    <message>
        <source>{who}: {what} What waits is kept</source>
        <translation>{who}: {what} ما ينتظر محفوظ</translation>
    </message>
</context>
<context>
    <name>practice</name>
    <message>
        <source>Acknowledge a message</source>
        <translation>أقرّوا باستلام رسالة</translation>
    </message>
    <message>
        <source>Answer a ping</source>
        <translation>أجيبوا عن اختبار اتصال</translation>
    </message>
    <message>
        <source>Borovia asks whether your point of contact is still right. Answer under Contacts. Reading it is no answer.</source>
        <translation>تسأل بوروفيا هل جهة الاتصال لديكم ما زالت صحيحة. أجيبوا في «جهات التراسل». فالقراءة ليست جواباً.</translation>
    </message>
    <message>
        <source>Borovia has sent you a message. Read it and acknowledge it: delivery alone tells nobody that a person has read it.</source>
        <translation>أرسلت إليكم بوروفيا رسالة. اقرأوها وأقرّوا باستلامها: فالتسليم وحده لا يُعلم أحداً بأن شخصاً قرأها.</translation>
    </message>
    <message>
        <source>Compare the safety number with Borovia</source>
        <translation>قارنوا رقم الأمان مع بوروفيا</translation>
    </message>
    <message>
        <source>Done {when}.</source>
        <translation>أُنجز {when}.</translation>
    </message>
    <message>
        <source>Not done yet.</source>
        <translation>لم يُنجز بعد.</translation>
    </message>
    <message>
        <source>Open Borovia under Contacts and compare the number by eye. In life somebody of Borovia reads the words to you; here they stand below, as Borovia&apos;s own laptop shows them. Say that they match only when every one does.</source>
        <translation>افتحوا بوروفيا في «جهات التراسل» وقارنوا الرقم بالعين. في الواقع يقرأ عليكم الكلمات أحد من بوروفيا؛ وهنا ترد أدناه كما يعرضها الحاسوب المحمول لبوروفيا نفسها. لا تقولوا إنها متطابقة إلا إذا تطابقت كل واحدة منها.</translation>
    </message>
    <message>
        <source>Open a new incident, tick that it is an exercise, fill in what the form asks for and send it to Borovia.</source>
        <translation>افتحوا حادثاً جديداً، وأشّروا على أنه تمرين، واملأوا ما تطلبه الاستمارة وأرسلوه إلى بوروفيا.</translation>
    </message>
    <message>
        <source>Open the text of the practice group, choose a paragraph that is still open, change some words and propose them.</source>
        <translation>افتحوا نص مجموعة التدريب، واختاروا فقرة ما زالت مفتوحة، وغيّروا بعض الكلمات واقترحوها.</translation>
    </message>
    <message>
        <source>Propose an amendment</source>
        <translation>اقترحوا تعديلاً</translation>
    </message>
    <message>
        <source>Report an incident, as an exercise</source>
        <translation>أبلغوا عن حادث، على سبيل التمرين</translation>
    </message>
    <message>
        <source>To Borovia</source>
        <translation>إلى بوروفيا</translation>
    </message>
    <message>
        <source>To the contacts</source>
        <translation>إلى جهات التراسل</translation>
    </message>
    <message>
        <source>To the incidents</source>
        <translation>إلى الحوادث</translation>
    </message>
    <message>
        <source>To the messages</source>
        <translation>إلى الرسائل</translation>
    </message>
    <message>
        <source>To the texts</source>
        <translation>إلى النصوص</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n tasks done</source>
        <translation>
            <numerusform>أُنجز {0} من %n مهمة</numerusform>
            <numerusform>أُنجز {0} من مهمة واحدة</numerusform>
            <numerusform>أُنجز {0} من مهمتين</numerusform>
            <numerusform>أُنجز {0} من %n مهام</numerusform>
            <numerusform>أُنجز {0} من %n مهمة</numerusform>
            <numerusform>أُنجز {0} من %n مهمة</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>registers</name>
    <message>
        <source> and {0} more</source>
        <translation> وغيرها: {0}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln States</source>
        <translation>
            <numerusform>لا دول</numerusform>
            <numerusform>دولة واحدة</numerusform>
            <numerusform>دولتان</numerusform>
            <numerusform>%Ln دول</numerusform>
            <numerusform>%Ln دولة</numerusform>
            <numerusform>%Ln دولة</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows</source>
        <translation>
            <numerusform>لا صفوف</numerusform>
            <numerusform>صف واحد</numerusform>
            <numerusform>صفان</numerusform>
            <numerusform>%Ln صفوف</numerusform>
            <numerusform>%Ln صفاً</numerusform>
            <numerusform>%Ln صف</numerusform>
        </translation>
    </message>
    <message>
        <source>All States</source>
        <translation>جميع الدول</translation>
    </message>
    <message>
        <source>As stated</source>
        <translation>كما أُعلن</translation>
    </message>
    <message>
        <source>No</source>
        <translation>لا</translation>
    </message>
    <message>
        <source>Our assessment – internal</source>
        <translation>تقييمنا – داخلي</translation>
    </message>
    <message>
        <source>Review due</source>
        <translation>موعد المراجعة</translation>
    </message>
    <message>
        <source>Taken in: {0}.</source>
        <translation>أُدخل: {0}.</translation>
    </message>
    <message>
        <source>Taken out</source>
        <translation>المُخرَجة</translation>
    </message>
    <message>
        <source>That file is not protected any more.</source>
        <translation>لم يعد ذلك الملف محمياً.</translation>
    </message>
    <message>
        <source>The name is shown so from now on, in this vault alone.</source>
        <translation>يظهر الاسم هكذا من الآن فصاعداً، في هذه الخزنة وحدها.</translation>
    </message>
    <message>
        <source>The register {0} is there.</source>
        <translation>السجل {0} موجود الآن.</translation>
    </message>
    <message>
        <source>What a State says of itself, or a fact with its source.</source>
        <translation>ما تقوله الدولة عن نفسها، أو واقعة مع مصدرها.</translation>
    </message>
    <message>
        <source>What our delegation thinks. It stays on our own laptops and is in no message and no export of the other side.</source>
        <translation>ما يراه وفدنا. يبقى على حواسيبنا المحمولة ولا يرد في أي رسالة ولا في أي تصدير للجانب الآخر.</translation>
    </message>
    <message>
        <source>Written: {0}, to {1}</source>
        <translation>كُتب: {0}، إلى {1}</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>نعم</translation>
    </message>
    <message>
        <source>different values stand</source>
        <translation>توجد قيم مختلفة</translation>
    </message>
    <message>
        <source>due</source>
        <translation>مستحق</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>فارغ</translation>
    </message>
    <message>
        <source>not what the field asks for</source>
        <translation>ليس ما يطلبه الحقل</translation>
    </message>
    <message>
        <source>taken out and changed at the same time</source>
        <translation>أُخرج وغُيّر في الوقت نفسه</translation>
    </message>
    <message>
        <source>{0} Differences</source>
        <translation>{0} اختلافات</translation>
    </message>
    <message>
        <source>{0} Different values stand: {1}</source>
        <translation>{0} توجد قيم مختلفة: {1}</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}: {1}</translation>
    </message>
</context>
<context>
    <name>rights</name>
    <message>
        <source>admit other laptops</source>
        <translation>ضمّ حواسيب محمولة أخرى</translation>
    </message>
    <message>
        <source>enter commitments</source>
        <translation>إدخال الالتزامات</translation>
    </message>
    <message>
        <source>hold the pen</source>
        <translation>حمل القلم</translation>
    </message>
    <message>
        <source>propose amendments and state positions</source>
        <translation>اقتراح التعديلات وبيان المواقف</translation>
    </message>
    <message>
        <source>read</source>
        <translation>القراءة</translation>
    </message>
    <message>
        <source>write messages</source>
        <translation>كتابة الرسائل</translation>
    </message>
</context>
<context>
    <name>screens</name>
    <message>
        <source>Commitments</source>
        <translation>الالتزامات</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>جهات التراسل</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>الحوادث</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>المكتبة</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>الرسائل</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>نظرة عامة</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>السجلات</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>الأمن</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>الإعدادات</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>النصوص</translation>
    </message>
</context>
<context>
    <name>security</name>
    <message>
        <source>Backups and travel</source>
        <translation>النسخ الاحتياطية والسفر</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>عمليات التحقق</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>الأدلة</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>الخطوات الأولى</translation>
    </message>
    <message>
        <source>Hygiene</source>
        <translation>النظافة الرقمية</translation>
    </message>
    <message>
        <source>Keys that move on</source>
        <translation>المفاتيح المتجددة</translation>
    </message>
    <message>
        <source>Our laptops</source>
        <translation>حواسيبنا المحمولة</translation>
    </message>
    <message>
        <source>Unlocking</source>
        <translation>فتح القفل</translation>
    </message>
</context>
<context>
    <name>seeing</name>
    <message>
        <source> (contested)</source>
        <translation> (متنازع فيه)</translation>
    </message>
    <message>
        <source> (too late, without effect)</source>
        <translation> (متأخر جداً، بلا أثر)</translation>
    </message>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n يوم</numerusform>
            <numerusform>يوم واحد</numerusform>
            <numerusform>يومان</numerusform>
            <numerusform>%n أيام</numerusform>
            <numerusform>%n يوماً</numerusform>
            <numerusform>%n يوم</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hours</source>
        <translation>
            <numerusform>%n ساعة</numerusform>
            <numerusform>ساعة واحدة</numerusform>
            <numerusform>ساعتان</numerusform>
            <numerusform>%n ساعات</numerusform>
            <numerusform>%n ساعة</numerusform>
            <numerusform>%n ساعة</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hours longer</source>
        <translation>
            <numerusform>تمديد لمدة %n ساعة</numerusform>
            <numerusform>تمديد لمدة ساعة واحدة</numerusform>
            <numerusform>تمديد لمدة ساعتين</numerusform>
            <numerusform>تمديد لمدة %n ساعات</numerusform>
            <numerusform>تمديد لمدة %n ساعة</numerusform>
            <numerusform>تمديد لمدة %n ساعة</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n readings</source>
        <translation>
            <numerusform>لا قراءات</numerusform>
            <numerusform>قراءة واحدة</numerusform>
            <numerusform>قراءتان</numerusform>
            <numerusform>%n قراءات</numerusform>
            <numerusform>%n قراءة</numerusform>
            <numerusform>%n قراءة</numerusform>
        </translation>
    </message>
    <message>
        <source>A bracket is opened or closed without its other half</source>
        <translation>قوس فُتح أو أُغلق دون نصفه الآخر</translation>
    </message>
    <message>
        <source>A resolution is one sentence. Usually a preambular paragraph ends with a comma, an operative one with a semicolon, and the last with a full stop.</source>
        <translation>القرار جملة واحدة. والمعتاد أن تنتهي فقرة الديباجة بفاصلة، وفقرة المنطوق بفاصلة منقوطة، والأخيرة بنقطة.</translation>
    </message>
    <message>
        <source>Agreed, but a bracket is still open in it</source>
        <translation>متفق عليها، ولكن فيها قوساً ما زال مفتوحاً</translation>
    </message>
    <message>
        <source>Another paragraph has the same number: {0}</source>
        <translation>لفقرة أخرى الرقم نفسه: {0}</translation>
    </message>
    <message>
        <source>Broken by {0}, {1}{2}: {3}</source>
        <translation>كسره {0}، {1}{2}: {3}</translation>
    </message>
    <message>
        <source>Delegations refer to paragraphs by number and would speak of different ones. Usually the later one becomes “bis”, or the next revision numbers anew.</source>
        <translation>تشير الوفود إلى الفقرات بأرقامها فيكون حديثها عن فقرات مختلفة. والمعتاد أن تصير اللاحقة «bis»، أو أن يُعاد الترقيم في التنقيح التالي.</translation>
    </message>
    <message>
        <source>Geneva</source>
        <translation>جنيف</translation>
    </message>
    <message>
        <source>It seems to name a person: {0}</source>
        <translation>يبدو أنها تسمي شخصاً: {0}</translation>
    </message>
    <message>
        <source>Nairobi</source>
        <translation>نيروبي</translation>
    </message>
    <message>
        <source>New York</source>
        <translation>نيويورك</translation>
    </message>
    <message>
        <source>Nobody can tell which words are still open. Usually the missing bracket is put where the disputed words begin or end.</source>
        <translation>لا يستطيع أحد أن يعرف أي الكلمات ما زالت مفتوحة. والمعتاد وضع القوس الناقص حيث تبدأ الكلمات المتنازع فيها أو تنتهي.</translation>
    </message>
    <message>
        <source>Paragraph without number</source>
        <translation>فقرة بلا رقم</translation>
    </message>
    <message>
        <source>Repeating the bare verb reads as if the earlier paragraph had been forgotten. The second time “also” is usual, from the third “further”.</source>
        <translation>تكرار الفعل مجرداً يوحي بأن الفقرة السابقة نُسيت. والمعتاد في المرة الثانية «أيضاً»، ومن الثالثة «كذلك».</translation>
    </message>
    <message numerus="yes">
        <source>Send %n paragraphs</source>
        <translation>
            <numerusform>لا فقرات لإرسالها</numerusform>
            <numerusform>إرسال فقرة واحدة</numerusform>
            <numerusform>إرسال فقرتين</numerusform>
            <numerusform>إرسال %n فقرات</numerusform>
            <numerusform>إرسال %n فقرة</numerusform>
            <numerusform>إرسال %n فقرة</numerusform>
        </translation>
    </message>
    <message>
        <source>Singapore</source>
        <translation>سنغافورة</translation>
    </message>
    <message>
        <source>Texts speak of functions, which outlast those who hold them. Usual are “the Chair”, “the Special Rapporteur” or “the delegation of …”.</source>
        <translation>تتحدث النصوص عن الوظائف، وهي أبقى من شاغليها. والمعتاد «الرئيس» أو «المقرر الخاص» أو «وفد …».</translation>
    </message>
    <message>
        <source>The adverb stands in the wrong place; usual would be “{0}”</source>
        <translation>الظرف في غير موضعه؛ والمعتاد «{0}»</translation>
    </message>
    <message>
        <source>The usual sign at its end is missing</source>
        <translation>العلامة المعتادة في آخرها ناقصة</translation>
    </message>
    <message>
        <source>The verb has opened a paragraph before; usual would be “{0}”</source>
        <translation>افتتح الفعل فقرة من قبل؛ والمعتاد «{0}»</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>العنوان</translation>
    </message>
    <message numerus="yes">
        <source>Too long by %n characters.</source>
        <translation>
            <numerusform>أطول من اللازم بمقدار %n حرف.</numerusform>
            <numerusform>أطول من اللازم بحرف واحد.</numerusform>
            <numerusform>أطول من اللازم بحرفين.</numerusform>
            <numerusform>أطول من اللازم بمقدار %n أحرف.</numerusform>
            <numerusform>أطول من اللازم بمقدار %n حرفاً.</numerusform>
            <numerusform>أطول من اللازم بمقدار %n حرف.</numerusform>
        </translation>
    </message>
    <message>
        <source>Usually the verb comes first in the preamble (“Recalling also”), and in the operative part the adverb does (“Also requests”). Editors change it anyway, and later than one would like.</source>
        <translation>المعتاد أن يأتي الفعل أولاً في الديباجة (“Recalling also”)، وأن يأتي الظرف أولاً في المنطوق (“Also requests”). والمحررون يغيّرونه على أي حال، وفي وقت متأخر عما يُستحب.</translation>
    </message>
    <message>
        <source>Vienna</source>
        <translation>فيينا</translation>
    </message>
    <message>
        <source>What stands in brackets is not agreed, so the two contradict each other. Usually the brackets are decided first, or the paragraph is reopened.</source>
        <translation>ما بين القوسين غير متفق عليه، فالأمران متناقضان. والمعتاد البت في الأقواس أولاً، أو إعادة فتح الفقرة.</translation>
    </message>
    <message>
        <source>agreed ad ref</source>
        <translation>متفق عليها بشرط الاستشارة</translation>
    </message>
    <message>
        <source>also written by the pen itself</source>
        <translation>كتبها القلم نفسه أيضاً</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>ولا غيرها</numerusform>
            <numerusform>وواحد غيرها</numerusform>
            <numerusform>واثنان غيرها</numerusform>
            <numerusform>و%n غيرها</numerusform>
            <numerusform>و%n غيرها</numerusform>
            <numerusform>و%n غيرها</numerusform>
        </translation>
    </message>
    <message>
        <source>became a sponsor of an amendment</source>
        <translation>انضم إلى مقدّمي تعديل</translation>
    </message>
    <message>
        <source>came into the text</source>
        <translation>دخلت النص</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>تغيّرت</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>مغلق</translation>
    </message>
    <message>
        <source>dropped</source>
        <translation>أُسقطت</translation>
    </message>
    <message>
        <source>from {0}</source>
        <translation>من {0}</translation>
    </message>
    <message>
        <source>here</source>
        <translation>هنا</translation>
    </message>
    <message>
        <source>its number became {0}</source>
        <translation>صار رقمها {0}</translation>
    </message>
    <message>
        <source>moved</source>
        <translation>نُقلت</translation>
    </message>
    <message>
        <source>new</source>
        <translation>جديدة</translation>
    </message>
    <message>
        <source>number: {0}, was {1}</source>
        <translation>الرقم: {0}، وكان {1}</translation>
    </message>
    <message>
        <source>parked</source>
        <translation>أُرجئت</translation>
    </message>
    <message>
        <source>proposed: {0}</source>
        <translation>اقتُرح: {0}</translation>
    </message>
    <message>
        <source>remarked</source>
        <translation>أُبديت ملاحظة</translation>
    </message>
    <message>
        <source>reopened</source>
        <translation>أُعيد فتحها</translation>
    </message>
    <message>
        <source>same words</source>
        <translation>الكلمات نفسها</translation>
    </message>
    <message>
        <source>stands in revision {0}</source>
        <translation>ترد في التنقيح {0}</translation>
    </message>
    <message>
        <source>the pen admitted an amendment</source>
        <translation>قبِل القلم تعديلاً للنظر فيه</translation>
    </message>
    <message>
        <source>the pen moved it</source>
        <translation>نقلها القلم</translation>
    </message>
    <message>
        <source>the pen on an amendment: {0}</source>
        <translation>قرار القلم بشأن تعديل: {0}</translation>
    </message>
    <message>
        <source>the pen set new words</source>
        <translation>أثبت القلم كلمات جديدة</translation>
    </message>
    <message>
        <source>the pen took it out</source>
        <translation>أخرجها القلم</translation>
    </message>
    <message>
        <source>withdrew from an amendment</source>
        <translation>انسحب من تعديل</translation>
    </message>
    <message>
        <source>written by the pen itself</source>
        <translation>كتبها القلم نفسه</translation>
    </message>
    <message>
        <source>{0} h</source>
        <translation>{0} س</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} س {1} د</translation>
    </message>
    <message>
        <source>{0} min {1} s</source>
        <translation>{0} د {1} ث</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n amendments have their answer.</source>
        <translation>
            <numerusform>التعديلات التي لها جواب: {0} من %n تعديل.</numerusform>
            <numerusform>التعديلات التي لها جواب: {0} من تعديل واحد.</numerusform>
            <numerusform>التعديلات التي لها جواب: {0} من تعديلين.</numerusform>
            <numerusform>التعديلات التي لها جواب: {0} من %n تعديلات.</numerusform>
            <numerusform>التعديلات التي لها جواب: {0} من %n تعديلاً.</numerusform>
            <numerusform>التعديلات التي لها جواب: {0} من %n تعديل.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n paragraphs differ. Struck words are gone, underlined ones are new.</source>
        <translation>
            <numerusform>الفقرات المختلفة: {0} من %n فقرة. والكلمات المشطوبة زالت، وما تحته خط جديد.</numerusform>
            <numerusform>الفقرات المختلفة: {0} من فقرة واحدة. والكلمات المشطوبة زالت، وما تحته خط جديد.</numerusform>
            <numerusform>الفقرات المختلفة: {0} من فقرتين. والكلمات المشطوبة زالت، وما تحته خط جديد.</numerusform>
            <numerusform>الفقرات المختلفة: {0} من %n فقرات. والكلمات المشطوبة زالت، وما تحته خط جديد.</numerusform>
            <numerusform>الفقرات المختلفة: {0} من %n فقرة. والكلمات المشطوبة زالت، وما تحته خط جديد.</numerusform>
            <numerusform>الفقرات المختلفة: {0} من %n فقرة. والكلمات المشطوبة زالت، وما تحته خط جديد.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n words stand outside brackets: {1} %.</source>
        <translation>
            <numerusform>الكلمات خارج الأقواس {0} من %n كلمة: {1} %.</numerusform>
            <numerusform>الكلمات خارج الأقواس {0} من كلمة واحدة: {1} %.</numerusform>
            <numerusform>الكلمات خارج الأقواس {0} من كلمتين: {1} %.</numerusform>
            <numerusform>الكلمات خارج الأقواس {0} من %n كلمات: {1} %.</numerusform>
            <numerusform>الكلمات خارج الأقواس {0} من %n كلمة: {1} %.</numerusform>
            <numerusform>الكلمات خارج الأقواس {0} من %n كلمة: {1} %.</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}, for {1}</source>
        <translation>{0}، باسم {1}</translation>
    </message>
    <message>
        <source>{0}, on an amendment</source>
        <translation>{0}، على تعديل</translation>
    </message>
    <message>
        <source>{0}, on the paragraph</source>
        <translation>{0}، على الفقرة</translation>
    </message>
    <message>
        <source>{0}, was {1}</source>
        <translation>{0}، وكان {1}</translation>
    </message>
    <message>
        <source>“Also” and “further” refer back to an earlier paragraph with the same verb. Usually the first such paragraph has the verb alone.</source>
        <translation>«أيضاً» و«كذلك» تحيلان إلى فقرة سابقة بالفعل نفسه. والمعتاد أن يرد الفعل وحده في أول فقرة من هذا القبيل.</translation>
    </message>
    <message>
        <source>“{0}” although the verb has not opened a paragraph before</source>
        <translation>«{0}» مع أن الفعل لم يفتتح فقرة من قبل</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message numerus="yes">
        <source>%n lines mean nothing here and are left out: perhaps of another version.</source>
        <translation>
            <numerusform>لا سطر بلا معنى هنا، ولم يُترك شيء.</numerusform>
            <numerusform>سطر واحد لا معنى له هنا وتُرك: ربما كان من إصدار آخر.</numerusform>
            <numerusform>سطران لا معنى لهما هنا وتُركا: ربما كانا من إصدار آخر.</numerusform>
            <numerusform>%n أسطر لا معنى لها هنا وتُركت: ربما كانت من إصدار آخر.</numerusform>
            <numerusform>%n سطراً لا معنى لها هنا وتُركت: ربما كانت من إصدار آخر.</numerusform>
            <numerusform>%n سطر لا معنى لها هنا وتُركت: ربما كانت من إصدار آخر.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them would protect less than now; they stand first.</source>
        <translation>
            <numerusform>لن يوفر أي منها حماية أقل من الآن.</numerusform>
            <numerusform>سيوفر واحد منها حماية أقل من الآن؛ وهو في المقدمة.</numerusform>
            <numerusform>سيوفر اثنان منها حماية أقل من الآن؛ وهما في المقدمة.</numerusform>
            <numerusform>ستوفر %n منها حماية أقل من الآن؛ وهي في المقدمة.</numerusform>
            <numerusform>ستوفر %n منها حماية أقل من الآن؛ وهي في المقدمة.</numerusform>
            <numerusform>ستوفر %n منها حماية أقل من الآن؛ وهي في المقدمة.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n settings were taken from the file.</source>
        <translation>
            <numerusform>لم يُدخل أي إعداد من الملف.</numerusform>
            <numerusform>أُدخل إعداد واحد من الملف.</numerusform>
            <numerusform>أُدخل إعدادان من الملف.</numerusform>
            <numerusform>أُدخلت %n إعدادات من الملف.</numerusform>
            <numerusform>أُدخل %n إعداداً من الملف.</numerusform>
            <numerusform>أُدخل %n إعداد من الملف.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n settings would change. Nothing has changed yet.</source>
        <translation>
            <numerusform>لن يتغير أي إعداد. ولم يتغير شيء بعد.</numerusform>
            <numerusform>سيتغير إعداد واحد. ولم يتغير شيء بعد.</numerusform>
            <numerusform>سيتغير إعدادان. ولم يتغير شيء بعد.</numerusform>
            <numerusform>ستتغير %n إعدادات. ولم يتغير شيء بعد.</numerusform>
            <numerusform>سيتغير %n إعداداً. ولم يتغير شيء بعد.</numerusform>
            <numerusform>سيتغير %n إعداد. ولم يتغير شيء بعد.</numerusform>
        </translation>
    </message>
    <message>
        <source>A crash leaves no image of the memory behind.</source>
        <translation>لا يخلّف توقف البرنامج المفاجئ صورة للذاكرة.</translation>
    </message>
    <message>
        <source>A crash may leave an image of the memory on the disk: turn that off in the system.</source>
        <translation>قد يخلّف توقف البرنامج المفاجئ صورة للذاكرة على القرص: أوقفوا ذلك في النظام.</translation>
    </message>
    <message>
        <source>A delegation that shares the exchange folder is then reached through it, until the relay answers again. Not for a delegation for which you chose a way yourself.</source>
        <translation>يُبلَغ عندئذ الوفد الذي يشارككم مجلد التبادل عبر هذا المجلد، إلى أن تجيب محطة الترحيل من جديد. ولا يسري ذلك على وفد اخترتم له سبيلاً بأنفسكم.</translation>
    </message>
    <message>
        <source>A notification says how many items came, at most once a minute, and nothing else: no name, no word.</source>
        <translation>يبيّن الإشعار عدد البنود التي وصلت، مرة في الدقيقة على الأكثر، ولا شيء غير ذلك: لا اسم ولا كلمة.</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>المظهر</translation>
    </message>
    <message>
        <source>As on this computer</source>
        <translation>كما في هذا الحاسوب</translation>
    </message>
    <message>
        <source>Clocks of the talks</source>
        <translation>ساعات المحادثات</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>داكن</translation>
    </message>
    <message>
        <source>Empty the clipboard after</source>
        <translation>تفريغ الحافظة بعد</translation>
    </message>
    <message>
        <source>English</source>
        <translation>الإنكليزية</translation>
    </message>
    <message>
        <source>Español</source>
        <translation>Español</translation>
    </message>
    <message>
        <source>Exchange</source>
        <translation>التبادل</translation>
    </message>
    <message>
        <source>Exchange every</source>
        <translation>التبادل كل</translation>
    </message>
    <message>
        <source>Exchange folder</source>
        <translation>مجلد التبادل</translation>
    </message>
    <message>
        <source>Français</source>
        <translation>Français</translation>
    </message>
    <message>
        <source>General</source>
        <translation>عام</translation>
    </message>
    <message>
        <source>Hours after which you are reminded that nobody answered. 0 = as agreed in each case.</source>
        <translation>الساعات التي تُذكَّرون بعدها بأن أحداً لم يجب. 0 = كما يُتفق عليه في كل حالة.</translation>
    </message>
    <message>
        <source>Hours without an answer after which T2 is proposed to you. Nothing is sent by itself. 0 = nothing is proposed.</source>
        <translation>الساعات التي تمضي بلا جواب ثم يُقترح عليكم T2. ولا يُرسل شيء تلقائياً. 0 = لا يُقترح شيء.</translation>
    </message>
    <message>
        <source>Hours without an answer after which T3 is proposed to you. Nothing is sent by itself. 0 = nothing is proposed.</source>
        <translation>الساعات التي تمضي بلا جواب ثم يُقترح عليكم T3. ولا يُرسل شيء تلقائياً. 0 = لا يُقترح شيء.</translation>
    </message>
    <message>
        <source>How long a replaced key is kept for envelopes still under way. Somebody who takes this laptop and opens the vault within that time can also open what was sent to the replaced key.</source>
        <translation>مدة حفظ المفتاح المستبدَل من أجل المغلفات التي ما زالت في الطريق. ومن يأخذ هذا الحاسوب المحمول ويفتح الخزنة خلال هذه المدة يستطيع أيضاً فتح ما أُرسل إلى المفتاح المستبدَل.</translation>
    </message>
    <message>
        <source>How often the ways of exchange are looked at. A relay says by itself when something has come.</source>
        <translation>معدل النظر في سبل التبادل. ومحطة الترحيل تُعلم من تلقاء نفسها حين يصل شيء.</translation>
    </message>
    <message>
        <source>Incidents: wait at T0 (routine)</source>
        <translation>الحوادث: الانتظار عند T0 (روتيني)</translation>
    </message>
    <message>
        <source>Incidents: wait at T1 (technical to technical)</source>
        <translation>الحوادث: الانتظار عند T1 (تقني إلى تقني)</translation>
    </message>
    <message>
        <source>Incidents: wait at T2 (diplomatic to diplomatic)</source>
        <translation>الحوادث: الانتظار عند T2 (دبلوماسي إلى دبلوماسي)</translation>
    </message>
    <message>
        <source>Incidents: wait at T3 (policy level)</source>
        <translation>الحوادث: الانتظار عند T3 (المستوى السياسي)</translation>
    </message>
    <message>
        <source>It is newer than the version that runs, {0}.</source>
        <translation>هو أحدث من الإصدار العامل، {0}.</translation>
    </message>
    <message>
        <source>It is older than the version that runs, {0}. Going back brings back faults that are mended since.</source>
        <translation>هو أقدم من الإصدار العامل، {0}. الرجوع إليه يعيد عيوباً أُصلحت منذ ذلك الحين.</translation>
    </message>
    <message>
        <source>It is the version that runs.</source>
        <translation>هو الإصدار العامل.</translation>
    </message>
    <message>
        <source>Keep old keys, by courier</source>
        <translation>حفظ المفاتيح القديمة، مع حامل الحقيبة</translation>
    </message>
    <message>
        <source>Keep old keys, connected</source>
        <translation>حفظ المفاتيح القديمة، للمتصلين</translation>
    </message>
    <message>
        <source>Keep windows out of screenshots</source>
        <translation>استبعاد النوافذ من صور الشاشة</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>المفاتيح</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>اللغة</translation>
    </message>
    <message>
        <source>Letters, signs and buttons grow together, up to twice their size; what no longer fits can be scrolled. It holds from the next time you unlock.</source>
        <translation>تكبر الأحرف والعلامات والأزرار معاً، حتى ضعف حجمها؛ وما لم يعد يتسع له المكان يمكن تمريره. ويسري ذلك اعتباراً من المرة التالية التي تفتحون فيها القفل.</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>فاتح</translation>
    </message>
    <message>
        <source>Light or dark</source>
        <translation>فاتح أو داكن</translation>
    </message>
    <message>
        <source>Lock after</source>
        <translation>القفل بعد</translation>
    </message>
    <message>
        <source>Locking</source>
        <translation>القفل</translation>
    </message>
    <message>
        <source>Movement</source>
        <translation>الحركة</translation>
    </message>
    <message>
        <source>Nothing in the window moves by itself: menus open at once, and what takes long says so without moving.</source>
        <translation>لا يتحرك شيء في النافذة من تلقاء نفسه: تُفتح القوائم فوراً، وما يستغرق وقتاً يبيّن ذلك دون حركة.</translation>
    </message>
    <message>
        <source>Nothing moves</source>
        <translation>لا شيء يتحرك</translation>
    </message>
    <message>
        <source>Other programs of your account cannot read the memory of Valise.</source>
        <translation>لا تستطيع البرامج الأخرى في حسابكم قراءة ذاكرة Valise.</translation>
    </message>
    <message>
        <source>Other programs of your account could read the memory of Valise: install only what you trust.</source>
        <translation>يمكن للبرامج الأخرى في حسابكم قراءة ذاكرة Valise: لا تثبّتوا إلا ما تثقون به.</translation>
    </message>
    <message>
        <source>Proxy to the relay</source>
        <translation>الخادم الوكيل إلى محطة الترحيل</translation>
    </message>
    <message>
        <source>Release files of Valise ({0})</source>
        <translation>ملفات إصدار Valise‏ ({0})</translation>
    </message>
    <message>
        <source>Send again after</source>
        <translation>إعادة الإرسال بعد</translation>
    </message>
    <message>
        <source>Show the public name when locked</source>
        <translation>إظهار الاسم العلني عند القفل</translation>
    </message>
    <message>
        <source>Size of everything</source>
        <translation>حجم كل شيء</translation>
    </message>
    <message>
        <source>Stop until I decide</source>
        <translation>التوقف إلى أن أتخذ قراراً</translation>
    </message>
    <message>
        <source>Tell me and go on</source>
        <translation>إعلامي والمتابعة</translation>
    </message>
    <message>
        <source>Tell the desktop when something came</source>
        <translation>إشعار سطح المكتب حين يصل شيء</translation>
    </message>
    <message>
        <source>The colours of the window. Both can be read by those who see contrasts poorly.</source>
        <translation>ألوان النافذة. ويستطيع قراءة المظهرين كليهما من يصعب عليهم تمييز التباين.</translation>
    </message>
    <message>
        <source>The language of the window. Texts and messages stay as they were written.</source>
        <translation>لغة النافذة. وتبقى النصوص والرسائل كما كُتبت.</translation>
    </message>
    <message>
        <source>The same for delegations reached by courier: longer than the longest way of a stick.</source>
        <translation>الشيء نفسه للوفود التي تُبلَغ مع حامل الحقيبة: مدة أطول من أطول طريق تقطعه ذاكرة محمولة.</translation>
    </message>
    <message>
        <source>The shared folder through which sealed envelopes travel. Whoever can open it sees sizes and times, never a name or a word.</source>
        <translation>المجلد المشترك الذي تنتقل عبره المغلفات المختومة. ومن يستطيع فتحه يرى الأحجام والأوقات، ولا يرى أبداً اسماً أو كلمة.</translation>
    </message>
    <message>
        <source>The system decides who may read what Valise writes: keep this account to yourself.</source>
        <translation>النظام هو الذي يقرر من يجوز له قراءة ما يكتبه Valise: أبقوا هذا الحساب لأنفسكم.</translation>
    </message>
    <message>
        <source>The unlock page shows the name you made public. Anybody who sees the screen can read it.</source>
        <translation>تُظهر صفحة فتح القفل الاسم الذي جعلتموه علنياً. ويستطيع قراءته كل من يرى الشاشة.</translation>
    </message>
    <message>
        <source>The vault locks after this long without a key or the mouse. It also locks when the computer sleeps.</source>
        <translation>تُقفل الخزنة بعد هذه المدة دون استخدام المفاتيح أو الفأرة. وتُقفل أيضاً حين يدخل الحاسوب في وضع السكون.</translation>
    </message>
    <message>
        <source>Time zones in which a deadline is also shown, separated by commas, for example Asia/Singapore. UTC and the time of this computer are always there.</source>
        <translation>المناطق الزمنية التي يُعرض بها الموعد النهائي أيضاً، مفصولةً بفواصل، مثلاً Asia/Singapore. وتوقيت UTC وتوقيت هذا الحاسوب يظهران دائماً.</translation>
    </message>
    <message>
        <source>Use the folder when the relay cannot be reached</source>
        <translation>استخدام المجلد حين لا يمكن الوصول إلى محطة الترحيل</translation>
    </message>
    <message>
        <source>What Valise writes can be read by your account only.</source>
        <translation>ما يكتبه Valise لا يمكن قراءته إلا من حسابكم.</translation>
    </message>
    <message>
        <source>What a recipient has not confirmed after this long is sent once more, and then less and less often.</source>
        <translation>ما لم يؤكده المتلقي بعد هذه المدة يُرسل مرة أخرى، ثم على فترات متباعدة أكثر فأكثر.</translation>
    </message>
    <message>
        <source>What was copied from here is removed from the clipboard after this long, and when the vault locks.</source>
        <translation>ما نُسخ من هنا يُزال من الحافظة بعد هذه المدة، وحين تُقفل الخزنة.</translation>
    </message>
    <message>
        <source>When a delegation adds a laptop</source>
        <translation>حين يضيف وفد حاسوباً محمولاً</translation>
    </message>
    <message>
        <source>Where the system can leave windows out of screenshots and recordings, it is asked to. This device, below, says what holds here.</source>
        <translation>حيثما يستطيع النظام استبعاد النوافذ من صور الشاشة وتسجيلاتها، يُطلب منه ذلك. ويبيّن «هذا الجهاز» أدناه ما يسري هنا.</translation>
    </message>
    <message>
        <source>Where this network lets nothing out but a proxy: http://host:port, or http://name:password@host:port. It is kept in the vault only, and the password is not shown again. The proxy sees which relay is used, never what is sent.</source>
        <translation>حيث لا تسمح هذه الشبكة بالخروج إلا عبر خادم وكيل: http://host:port، أو http://name:password@host:port. ويُحفظ في الخزنة فقط، ولا تُعرض كلمة السر مرة أخرى. ويرى الخادم الوكيل أي محطة ترحيل تُستخدم، ولا يرى أبداً ما يُرسل.</translation>
    </message>
    <message>
        <source>Whoever holds a delegation&apos;s key can admit a laptop that then reads what is sent to it. Nothing more is sent to that delegation, or from ours when the laptop is our own, until somebody here has looked at it.</source>
        <translation>من لديه مفتاح وفد يستطيع ضمّ حاسوب محمول يقرأ بعد ذلك ما يُرسل إلى الوفد. ولا يُرسل إلى ذلك الوفد شيء آخر، ولا من وفدنا إن كان الحاسوب لنا، إلى أن ينظر فيه أحد هنا.</translation>
    </message>
    <message>
        <source>Working days without an answer after which the next channel is proposed to you. 0 = nothing is proposed.</source>
        <translation>أيام العمل التي تمضي بلا جواب ثم تُقترح عليكم القناة التالية. 0 = لا يُقترح شيء.</translation>
    </message>
    <message>
        <source>days</source>
        <translation>يوماً</translation>
    </message>
    <message>
        <source>hours</source>
        <translation>س</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>د</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>لا شيء</translation>
    </message>
    <message>
        <source>off</source>
        <translation>غير مفعّل</translation>
    </message>
    <message>
        <source>on</source>
        <translation>مفعّل</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>ث</translation>
    </message>
    <message>
        <source>Русский</source>
        <translation>Русский</translation>
    </message>
    <message>
        <source>العربية</source>
        <translation>العربية</translation>
    </message>
    <message>
        <source>中文</source>
        <translation>中文</translation>
    </message>
</context>
<context>
    <name>shares</name>
    <message numerus="yes">
        <source>All %n shares are right</source>
        <translation>
            <numerusform>لا حصص</numerusform>
            <numerusform>الحصة الوحيدة صحيحة</numerusform>
            <numerusform>الحصتان كلتاهما صحيحة</numerusform>
            <numerusform>كل الحصص صحيحة، وعددها %n</numerusform>
            <numerusform>كل الحصص صحيحة، وعددها %n</numerusform>
            <numerusform>كل الحصص صحيحة، وعددها %n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Share {0} of {1} is right. %n more.</source>
        <translation>
            <numerusform>الحصة {0} من {1} صحيحة. ولا يلزم المزيد.</numerusform>
            <numerusform>الحصة {0} من {1} صحيحة. وتلزم حصة واحدة أخرى.</numerusform>
            <numerusform>الحصة {0} من {1} صحيحة. وتلزم حصتان أخريان.</numerusform>
            <numerusform>الحصة {0} من {1} صحيحة. وتلزم %n حصص أخرى.</numerusform>
            <numerusform>الحصة {0} من {1} صحيحة. وتلزم %n حصة أخرى.</numerusform>
            <numerusform>الحصة {0} من {1} صحيحة. وتلزم %n حصة أخرى.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>steps</name>
    <message>
        <source>A laptop can be lost or break. A backup on a stick, kept apart from it, brings back what you wrote and received.</source>
        <translation>قد يُفقد الحاسوب المحمول أو يتعطل. والنسخة الاحتياطية على ذاكرة محمولة، المحفوظة بعيداً عنه، تعيد ما كتبتموه واستلمتموه.</translation>
    </message>
    <message>
        <source>Back up…</source>
        <translation>نسخ احتياطي…</translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>تم.</translation>
    </message>
    <message>
        <source>It says which laptops belong to your delegation. While it lies beside the vault, whoever takes this laptop takes both; only its passphrase is then in the way.</source>
        <translation>يبيّن أي الحواسيب المحمولة لوفدكم. وما دام بجانب الخزنة فإن من يأخذ هذا الحاسوب المحمول يأخذ كليهما؛ ولا يحول دونه عندئذ إلا عبارة مروره.</translation>
    </message>
    <message>
        <source>Made, and never rehearsed: only a rehearsal shows that the paper is right.</source>
        <translation>أُعدّت ولم يجرِ التمرّن عليها قط: والتمرّن وحده يبيّن أن ما على الورق صحيح.</translation>
    </message>
    <message>
        <source>Make a backup</source>
        <translation>إعداد نسخة احتياطية</translation>
    </message>
    <message>
        <source>Make recovery shares of the delegation</source>
        <translation>إعداد حصص استرداد للوفد</translation>
    </message>
    <message>
        <source>Make recovery shares of this vault</source>
        <translation>إعداد حصص استرداد لهذه الخزنة</translation>
    </message>
    <message>
        <source>Make shares…</source>
        <translation>إعداد حصص…</translation>
    </message>
    <message>
        <source>Move it…</source>
        <translation>نقله…</translation>
    </message>
    <message>
        <source>Move the key file to a stick</source>
        <translation>نقل ملف المفتاح إلى ذاكرة محمولة</translation>
    </message>
    <message>
        <source>Not done yet.</source>
        <translation>لم يُنجز بعد.</translation>
    </message>
    <message>
        <source>Rehearse…</source>
        <translation>تمرّن…</translation>
    </message>
    <message>
        <source>Words on paper for several people. Some of them together open this vault when the passphrase is forgotten. Without them nobody can.</source>
        <translation>كلمات على الورق لعدة أشخاص. يفتح بعضهم معاً هذه الخزنة إذا نُسيت عبارة المرور. وبدونها لا يستطيع أحد ذلك.</translation>
    </message>
    <message>
        <source>Words on paper that give the delegation&apos;s key back when the key file or its passphrase is lost. Without it no laptop can be admitted or revoked.</source>
        <translation>كلمات على الورق تعيد مفتاح الوفد إذا فُقد ملف المفتاح أو عبارة مروره. وبدونه لا يمكن ضمّ أي حاسوب محمول أو إبطاله.</translation>
    </message>
</context>
<context>
    <name>texts</name>
    <message numerus="yes">
        <source>%n amendments</source>
        <translation>
            <numerusform>لا تعديلات</numerusform>
            <numerusform>تعديل واحد</numerusform>
            <numerusform>تعديلان</numerusform>
            <numerusform>%n تعديلات</numerusform>
            <numerusform>%n تعديلاً</numerusform>
            <numerusform>%n تعديل</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n brackets</source>
        <translation>
            <numerusform>لا أقواس</numerusform>
            <numerusform>قوس واحد</numerusform>
            <numerusform>قوسان</numerusform>
            <numerusform>%n أقواس</numerusform>
            <numerusform>%n قوساً</numerusform>
            <numerusform>%n قوس</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n brackets are still open in it.</source>
        <translation>
            <numerusform>لم يبقَ فيها أي قوس مفتوح.</numerusform>
            <numerusform>ما زال فيها قوس واحد مفتوح.</numerusform>
            <numerusform>ما زال فيها قوسان مفتوحان.</numerusform>
            <numerusform>ما زالت فيها %n أقواس مفتوحة.</numerusform>
            <numerusform>ما زال فيها %n قوساً مفتوحاً.</numerusform>
            <numerusform>ما زال فيها %n قوس مفتوح.</numerusform>
        </translation>
    </message>
    <message>
        <source>A PDF does not keep the order of right-to-left words: read closely where Latin words or figures stand.</source>
        <translation>لا يحفظ PDF ترتيب الكلمات المكتوبة من اليمين إلى اليسار: اقرأوا بإمعان حيث ترد كلمات لاتينية أو أرقام.</translation>
    </message>
    <message>
        <source>A bracket is opened or closed without its partner.</source>
        <translation>قوس فُتح أو أُغلق دون قرينه.</translation>
    </message>
    <message>
        <source>A field has no end; all its letters were kept.</source>
        <translation>حقل بلا نهاية؛ وأُبقي على حروفه كلها.</translation>
    </message>
    <message>
        <source>A marked change could not be placed at the words it is about.</source>
        <translation>تعذر وضع تغيير معلَّم عند الكلمات التي يتعلق بها.</translation>
    </message>
    <message>
        <source>A number stands at two paragraphs.</source>
        <translation>رقم يرد عند فقرتين.</translation>
    </message>
    <message>
        <source>A paragraph cut in two is proposed as a deletion and a new paragraph.</source>
        <translation>الفقرة المقسومة إلى اثنتين تُقترح حذفاً وفقرة جديدة.</translation>
    </message>
    <message>
        <source>A reference to a note was left out.</source>
        <translation>تُركت إحالة إلى حاشية.</translation>
    </message>
    <message>
        <source>Addresses behind words were left out, the words kept. None was followed.</source>
        <translation>تُركت العناوين الكامنة وراء الكلمات وأُبقي على الكلمات. ولم يُتبع أي منها.</translation>
    </message>
    <message>
        <source>Agreed at the table, subject to confirmation by capitals; not reopened meanwhile.</source>
        <translation>متفق عليها إلى الطاولة، رهناً بتأكيد العواصم؛ ولا يُعاد فتحها في هذه الأثناء.</translation>
    </message>
    <message>
        <source>Broken lines were joined into paragraphs.</source>
        <translation>ضُمّت الأسطر المقطوعة في فقرات.</translation>
    </message>
    <message>
        <source>Changes by others inside words that were moved or joined were left out.</source>
        <translation>تُركت تغييرات الآخرين داخل كلمات نُقلت أو ضُمّت.</translation>
    </message>
    <message>
        <source>Characters that reverse the order of reading were found: read closely.</source>
        <translation>عُثر على أحرف تعكس ترتيب القراءة: اقرأوا بإمعان.</translation>
    </message>
    <message>
        <source>Elements that are not known were read as plain paragraphs.</source>
        <translation>قُرئت العناصر غير المعروفة بوصفها فقرات عادية.</translation>
    </message>
    <message>
        <source>Embedded objects were left out and not opened.</source>
        <translation>تُركت العناصر المضمَّنة ولم تُفتح.</translation>
    </message>
    <message>
        <source>Endnotes were kept as remarks.</source>
        <translation>أُبقي على التعليقات الختامية بوصفها ملاحظات.</translation>
    </message>
    <message>
        <source>Fallback</source>
        <translation>صيغة احتياطية</translation>
    </message>
    <message>
        <source>Fields were read as the result they show.</source>
        <translation>قُرئت الحقول بالنتيجة التي تُظهرها.</translation>
    </message>
    <message>
        <source>Footnotes were kept as remarks.</source>
        <translation>أُبقي على الحواشي بوصفها ملاحظات.</translation>
    </message>
    <message>
        <source>Forms and their fields were left out.</source>
        <translation>تُركت الاستمارات وحقولها.</translation>
    </message>
    <message>
        <source>Formulas were left out.</source>
        <translation>تُركت المعادلات.</translation>
    </message>
    <message>
        <source>Formulas were read by their letters; their shape is lost.</source>
        <translation>قُرئت المعادلات بحروفها؛ وضاع شكلها.</translation>
    </message>
    <message>
        <source>Go along</source>
        <translation>عدم ممانعة</translation>
    </message>
    <message>
        <source>Headers and footers were left out.</source>
        <translation>تُركت رؤوس الصفحات وتذييلاتها.</translation>
    </message>
    <message>
        <source>Hidden control characters were taken out.</source>
        <translation>أُزيلت أحرف تحكم خفية.</translation>
    </message>
    <message>
        <source>Hidden words were left out.</source>
        <translation>تُركت الكلمات الخفية.</translation>
    </message>
    <message>
        <source>Instruction</source>
        <translation>تعليمات</translation>
    </message>
    <message>
        <source>It belongs to a continuation that was not the one taken.</source>
        <translation>ينتمي إلى تتمة غير التي أُخذ بها.</translation>
    </message>
    <message>
        <source>It came after its computer was taken out of the talks.</source>
        <translation>جاء بعد إخراج حاسوبه من المحادثات.</translation>
    </message>
    <message>
        <source>It is without effect by the rules of the text.</source>
        <translation>هو بلا أثر بموجب قواعد النص.</translation>
    </message>
    <message>
        <source>It refers to a paragraph that is not in the text.</source>
        <translation>يشير إلى فقرة ليست في النص.</translation>
    </message>
    <message>
        <source>It refers to a version of the paragraph that never stood.</source>
        <translation>يشير إلى صيغة للفقرة لم ترد قط.</translation>
    </message>
    <message>
        <source>It refers to an amendment that is not in the text.</source>
        <translation>يشير إلى تعديل ليس في النص.</translation>
    </message>
    <message>
        <source>It refers to something that is not in the text.</source>
        <translation>يشير إلى شيء ليس في النص.</translation>
    </message>
    <message>
        <source>It would change nothing.</source>
        <translation>لن يغيّر شيئاً.</translation>
    </message>
    <message>
        <source>Its computer did not hold the pen.</source>
        <translation>لم يكن حاسوبه يحمل القلم.</translation>
    </message>
    <message>
        <source>Its computer signed two different histories.</source>
        <translation>وقّع حاسوبه تسلسلين مختلفين.</translation>
    </message>
    <message>
        <source>Its paragraph was agreed at that time.</source>
        <translation>كانت فقرته متفقاً عليها في ذلك الوقت.</translation>
    </message>
    <message>
        <source>Its place in the new words could not be found.</source>
        <translation>تعذر العثور على موضعه في الكلمات الجديدة.</translation>
    </message>
    <message>
        <source>Lines were joined into paragraphs: look where one begins.</source>
        <translation>ضُمّت الأسطر في فقرات: انظروا أين تبدأ كل منها.</translation>
    </message>
    <message>
        <source>Marks for right-to-left words were kept.</source>
        <translation>أُبقي على علامات الكلمات المكتوبة من اليمين إلى اليسار.</translation>
    </message>
    <message>
        <source>Menus of the page were left out.</source>
        <translation>تُركت قوائم الصفحة.</translation>
    </message>
    <message>
        <source>No numbered paragraphs were recognised.</source>
        <translation>لم يُتعرف على فقرات مرقمة.</translation>
    </message>
    <message>
        <source>No title was found: give one.</source>
        <translation>لم يُعثر على عنوان: أعطوه عنواناً.</translation>
    </message>
    <message>
        <source>Not reopened without the chair&apos;s consent.</source>
        <translation>لا يُعاد فتحها دون موافقة الرئاسة.</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>ملاحظة</translation>
    </message>
    <message>
        <source>Numbers were given to paragraphs that had none.</source>
        <translation>أُعطيت أرقام لفقرات لم تكن مرقمة.</translation>
    </message>
    <message>
        <source>Of the page the words were read; its look, tables and marks are lost.</source>
        <translation>قُرئت كلمات الصفحة؛ وضاع شكلها وجداولها وعلاماتها.</translation>
    </message>
    <message>
        <source>Of the pages the words were read; their look, tables and strokes are lost.</source>
        <translation>قُرئت كلمات الصفحات؛ وضاع شكلها وجداولها وخطوط الشطب فيها.</translation>
    </message>
    <message>
        <source>Oppose</source>
        <translation>معارضة</translation>
    </message>
    <message>
        <source>Page breaks were left out.</source>
        <translation>تُركت فواصل الصفحات.</translation>
    </message>
    <message>
        <source>Page numbers and lines repeated on the pages were left out.</source>
        <translation>تُركت أرقام الصفحات والأسطر المكررة عليها.</translation>
    </message>
    <message>
        <source>Parts that come from other documents were left out.</source>
        <translation>تُركت الأجزاء الآتية من مستندات أخرى.</translation>
    </message>
    <message>
        <source>Pictures were left out, with any words in them.</source>
        <translation>تُركت الصور وما فيها من كلمات.</translation>
    </message>
    <message>
        <source>Pictures were left out.</source>
        <translation>تُركت الصور.</translation>
    </message>
    <message numerus="yes">
        <source>Proposes %n changes:</source>
        <translation>
            <numerusform>لا يقترح أي تغيير:</numerusform>
            <numerusform>يقترح تغييراً واحداً:</numerusform>
            <numerusform>يقترح تغييرين:</numerusform>
            <numerusform>يقترح %n تغييرات:</numerusform>
            <numerusform>يقترح %n تغييراً:</numerusform>
            <numerusform>يقترح %n تغيير:</numerusform>
        </translation>
    </message>
    <message>
        <source>Reading guides above characters were left out.</source>
        <translation>تُركت إرشادات القراءة الواردة فوق الأحرف.</translation>
    </message>
    <message>
        <source>Red line</source>
        <translation>خط أحمر</translation>
    </message>
    <message numerus="yes">
        <source>Released: %n proposals leave with the next exchange.</source>
        <translation>
            <numerusform>لم يُجَز شيء: لا يغادر أي مقترح مع التبادل التالي.</numerusform>
            <numerusform>أُجيز: يغادر المقترح مع التبادل التالي.</numerusform>
            <numerusform>أُجيزا: يغادر المقترحان مع التبادل التالي.</numerusform>
            <numerusform>أُجيزت: تغادر %n مقترحات مع التبادل التالي.</numerusform>
            <numerusform>أُجيزت: يغادر %n مقترحاً مع التبادل التالي.</numerusform>
            <numerusform>أُجيزت: يغادر %n مقترح مع التبادل التالي.</numerusform>
        </translation>
    </message>
    <message>
        <source>Reserve</source>
        <translation>تحفظ</translation>
    </message>
    <message>
        <source>Set aside until later.</source>
        <translation>مُنحّاة إلى وقت لاحق.</translation>
    </message>
    <message>
        <source>Signs of a symbol font that have no letter were left out.</source>
        <translation>تُركت علامات خط رموز ليس لها حرف مقابل.</translation>
    </message>
    <message numerus="yes">
        <source>Since you last looked: %n paragraphs changed or spoken to, by {0}.</source>
        <translation>
            <numerusform>منذ آخر اطلاع لكم: لم تتغير أي فقرة ولم يُبدَ رأي بشأن أي فقرة، من: {0}.</numerusform>
            <numerusform>منذ آخر اطلاع لكم: تغيّرت فقرة واحدة أو أُبدي رأي بشأنها، من: {0}.</numerusform>
            <numerusform>منذ آخر اطلاع لكم: تغيّرت فقرتان أو أُبدي رأي بشأنهما، من: {0}.</numerusform>
            <numerusform>منذ آخر اطلاع لكم: تغيّرت %n فقرات أو أُبدي رأي بشأنها، من: {0}.</numerusform>
            <numerusform>منذ آخر اطلاع لكم: تغيّرت %n فقرة أو أُبدي رأي بشأنها، من: {0}.</numerusform>
            <numerusform>منذ آخر اطلاع لكم: تغيّرت %n فقرة أو أُبدي رأي بشأنها، من: {0}.</numerusform>
        </translation>
    </message>
    <message>
        <source>Some comments stand at no words.</source>
        <translation>بعض التعليقات لا يرتبط بأي كلمات.</translation>
    </message>
    <message>
        <source>Some pages are pictures: nothing of them was read.</source>
        <translation>بعض الصفحات صور: ولم يُقرأ منها شيء.</translation>
    </message>
    <message>
        <source>Some paragraphs carry no number.</source>
        <translation>بعض الفقرات لا يحمل رقماً.</translation>
    </message>
    <message>
        <source>Something in the document was read differently than it was written: read closely.</source>
        <translation>قُرئ شيء في المستند على غير ما كُتب: اقرأوا بإمعان.</translation>
    </message>
    <message>
        <source>Support</source>
        <translation>تأييد</translation>
    </message>
    <message>
        <source>Tables were read cell by cell as paragraphs.</source>
        <translation>قُرئت الجداول خانة بعد خانة بوصفها فقرات.</translation>
    </message>
    <message>
        <source>Tables were read row by row as paragraphs.</source>
        <translation>قُرئت الجداول صفاً بعد صف بوصفها فقرات.</translation>
    </message>
    <message>
        <source>Text boxes were read as paragraphs.</source>
        <translation>قُرئت مربعات النص بوصفها فقرات.</translation>
    </message>
    <message>
        <source>The document holds macros. They were not read.</source>
        <translation>في المستند وحدات ماكرو. ولم تُقرأ.</translation>
    </message>
    <message>
        <source>The document refers to files or addresses elsewhere. None was followed.</source>
        <translation>يشير المستند إلى ملفات أو عناوين في أماكن أخرى. ولم يُتبع أي منها.</translation>
    </message>
    <message>
        <source>The file names another language than its words are in.</source>
        <translation>يسمي الملف لغة غير اللغة المكتوبة بها كلماته.</translation>
    </message>
    <message>
        <source>The language was not recognised: choose it.</source>
        <translation>لم يُتعرف على اللغة: اختاروها.</translation>
    </message>
    <message>
        <source>The numbering of its computer&apos;s entries is broken.</source>
        <translation>انقطع تسلسل ترقيم قيود حاسوبه.</translation>
    </message>
    <message>
        <source>The page holds scripts. They were not read and did not run.</source>
        <translation>في الصفحة برامج نصية. ولم تُقرأ ولم تُشغَّل.</translation>
    </message>
    <message>
        <source>The page refers to pages or files elsewhere. None was fetched.</source>
        <translation>تشير الصفحة إلى صفحات أو ملفات في أماكن أخرى. ولم يُجلب أي منها.</translation>
    </message>
    <message>
        <source>The pen carried this over to another place than this computer would have. Read both again.</source>
        <translation>نقل القلم هذا إلى موضع غير الذي كان سينقله إليه هذا الحاسوب. اقرأوا الموضعين من جديد.</translation>
    </message>
    <message>
        <source>The words it quotes are not those of the text.</source>
        <translation>الكلمات التي يستشهد بها ليست كلمات النص.</translation>
    </message>
    <message>
        <source>This paragraph</source>
        <translation>هذه الفقرة</translation>
    </message>
    <message>
        <source>This text is frozen: nobody can write on.</source>
        <translation>هذا النص مجمَّد: لا يستطيع أحد مواصلة الكتابة.</translation>
    </message>
    <message>
        <source>This text is frozen: the computer that holds the pen signed two different histories.</source>
        <translation>هذا النص مجمَّد: وقّع الحاسوب الذي يحمل القلم تسلسلين مختلفين.</translation>
    </message>
    <message>
        <source>This text is frozen: the delegations recovered the pen in two different ways.</source>
        <translation>هذا النص مجمَّد: استردت الوفود القلم بطريقتين مختلفتين.</translation>
    </message>
    <message>
        <source>This text is frozen: the pen wrote two different continuations.</source>
        <translation>هذا النص مجمَّد: كتب القلم تتمتين مختلفتين.</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>العنوان</translation>
    </message>
    <message>
        <source>Tracked changes inside notes, headers or comments were left out.</source>
        <translation>تُركت التغييرات المتعقَّبة داخل الحواشي أو الرؤوس أو التعليقات.</translation>
    </message>
    <message>
        <source>Tracked changes of look alone were left out.</source>
        <translation>تُركت التغييرات المتعقَّبة في الشكل وحده.</translation>
    </message>
    <message>
        <source>Tracked changes of numbers or statuses were left out.</source>
        <translation>تُركت التغييرات المتعقَّبة في الأرقام أو الحالات.</translation>
    </message>
    <message>
        <source>Tracked rows or cells of tables were read as changes of their words.</source>
        <translation>قُرئت الصفوف أو الخانات المتعقَّبة في الجداول بوصفها تغييرات في كلماتها.</translation>
    </message>
    <message>
        <source>Two paragraphs made one are proposed as new words and a deletion.</source>
        <translation>الفقرتان المجعولتان واحدة تُقترحان كلمات جديدة وحذفاً.</translation>
    </message>
    <message>
        <source>Under negotiation.</source>
        <translation>قيد التفاوض.</translation>
    </message>
    <message>
        <source>Words divided at the end of a line were joined: look at their hyphens.</source>
        <translation>ضُمّت الكلمات المقسومة في آخر السطر: انظروا في واصلاتها.</translation>
    </message>
    <message>
        <source>Words in parts that are not known here were left out or read plainly.</source>
        <translation>الكلمات الواردة في أجزاء غير معروفة هنا تُركت أو قُرئت كنص عادي.</translation>
    </message>
    <message>
        <source>Words inserted and struck by the same author were left out.</source>
        <translation>تُركت الكلمات التي أدرجها وشطبها المؤلف نفسه.</translation>
    </message>
    <message>
        <source>Words marked as inserted or struck were kept in the text, without who marked them.</source>
        <translation>الكلمات المعلَّمة بأنها مدرجة أو مشطوبة أُبقي عليها في النص، دون ذكر من علّمها.</translation>
    </message>
    <message>
        <source>Words moved inside paragraphs are proposed as deletions and insertions.</source>
        <translation>الكلمات المنقولة داخل الفقرات تُقترح حذفاً وإضافة.</translation>
    </message>
    <message>
        <source>Words that one inserted and another struck were kept as remarks.</source>
        <translation>الكلمات التي أدرجها أحدهم وشطبها آخر أُبقي عليها بوصفها ملاحظات.</translation>
    </message>
    <message>
        <source>agreed ad ref</source>
        <translation>متفق عليها بشرط الاستشارة</translation>
    </message>
    <message>
        <source>alternative to the paragraph</source>
        <translation>بديل للفقرة</translation>
    </message>
    <message>
        <source>came after the paragraph was agreed; the pen decides whether to admit it</source>
        <translation>جاء بعد الاتفاق على الفقرة؛ ويقرر القلم هل يُقبل للنظر فيه</translation>
    </message>
    <message>
        <source>can go along</source>
        <translation>عدم ممانعة</translation>
    </message>
    <message>
        <source>cannot leave: the paragraph has changed since it was written</source>
        <translation>لا يمكن أن تغادر: تغيّرت الفقرة منذ كتابتها</translation>
    </message>
    <message>
        <source>change of title</source>
        <translation>تغيير في العنوان</translation>
    </message>
    <message>
        <source>change of words</source>
        <translation>تغيير في الكلمات</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>مغلق</translation>
    </message>
    <message>
        <source>contested: the pen decides whether the silence was broken in time</source>
        <translation>متنازع فيه: يقرر القلم هل كُسر الصمت في الموعد</translation>
    </message>
    <message>
        <source>delete the paragraph</source>
        <translation>حذف الفقرة</translation>
    </message>
    <message>
        <source>its paragraph is no longer in the text</source>
        <translation>لم تعد فقرته في النص</translation>
    </message>
    <message>
        <source>kept as an alternative</source>
        <translation>أُبقي بديلاً</translation>
    </message>
    <message>
        <source>move the paragraph</source>
        <translation>نقل الفقرة</translation>
    </message>
    <message>
        <source>new paragraph</source>
        <translation>فقرة جديدة</translation>
    </message>
    <message>
        <source>no position</source>
        <translation>بلا موقف</translation>
    </message>
    <message>
        <source>not taken</source>
        <translation>لم يؤخذ به</translation>
    </message>
    <message>
        <source>open</source>
        <translation>مفتوح</translation>
    </message>
    <message>
        <source>open, carried over to the new words by the pen</source>
        <translation>مفتوح، نقله القلم إلى الكلمات الجديدة</translation>
    </message>
    <message>
        <source>opposes</source>
        <translation>معارضة</translation>
    </message>
    <message>
        <source>parked</source>
        <translation>أُرجئت</translation>
    </message>
    <message>
        <source>proposes</source>
        <translation>اقتراح</translation>
    </message>
    <message>
        <source>released</source>
        <translation>أُجيزت</translation>
    </message>
    <message>
        <source>replaced by a later proposal</source>
        <translation>حلّ محله مقترح لاحق</translation>
    </message>
    <message>
        <source>reserves</source>
        <translation>تحفظ</translation>
    </message>
    <message>
        <source>returned</source>
        <translation>أُعيدت</translation>
    </message>
    <message>
        <source>scrutiny reservation</source>
        <translation>تحفظ للدراسة</translation>
    </message>
    <message>
        <source>silence broken: it is not agreed</source>
        <translation>كُسر الصمت: غير متفق عليه</translation>
    </message>
    <message>
        <source>silence kept: it stands as agreed</source>
        <translation>لم يُكسر الصمت: يُعد متفقاً عليه</translation>
    </message>
    <message>
        <source>supports</source>
        <translation>تأييد</translation>
    </message>
    <message>
        <source>taken back</source>
        <translation>مسحوب</translation>
    </message>
    <message>
        <source>taken into the text</source>
        <translation>أُخذ في النص</translation>
    </message>
    <message>
        <source>taken with changes</source>
        <translation>أُخذ به مع تغييرات</translation>
    </message>
    <message>
        <source>under silence</source>
        <translation>قيد إجراء الموافقة الصامتة</translation>
    </message>
    <message>
        <source>waits for release by a second officer</source>
        <translation>تنتظر إجازة موظف ثانٍ</translation>
    </message>
    <message>
        <source>withdrawn by its sponsor</source>
        <translation>سحبه مقدّمه</translation>
    </message>
    <message>
        <source>without effect</source>
        <translation>بلا أثر</translation>
    </message>
    <message>
        <source>written for earlier words; the pen decides whether to admit it</source>
        <translation>كُتب لكلمات سابقة؛ ويقرر القلم هل يُقبل للنظر فيه</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n delegations decide; no clock does. What you say here is signed and stays.</source>
        <translation>
            <numerusform>يقرر {0} من %n وفد؛ ولا تقرر أي ساعة. وما تقولونه هنا يُوقَّع ويبقى.</numerusform>
            <numerusform>يقرر {0} من وفد واحد؛ ولا تقرر أي ساعة. وما تقولونه هنا يُوقَّع ويبقى.</numerusform>
            <numerusform>يقرر {0} من وفدين؛ ولا تقرر أي ساعة. وما تقولونه هنا يُوقَّع ويبقى.</numerusform>
            <numerusform>يقرر {0} من %n وفود؛ ولا تقرر أي ساعة. وما تقولونه هنا يُوقَّع ويبقى.</numerusform>
            <numerusform>يقرر {0} من %n وفداً؛ ولا تقرر أي ساعة. وما تقولونه هنا يُوقَّع ويبقى.</numerusform>
            <numerusform>يقرر {0} من %n وفد؛ ولا تقرر أي ساعة. وما تقولونه هنا يُوقَّع ويبقى.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %n more paragraphs</source>
        <translation>
            <numerusform>… ولا فقرات أخرى</numerusform>
            <numerusform>… وفقرة أخرى</numerusform>
            <numerusform>… وفقرتان أخريان</numerusform>
            <numerusform>… و%n فقرات أخرى</numerusform>
            <numerusform>… و%n فقرة أخرى</numerusform>
            <numerusform>… و%n فقرة أخرى</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>times</name>
    <message>
        <source>Today</source>
        <translation>اليوم</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>أمس</translation>
    </message>
    <message>
        <source>never</source>
        <translation>أبداً</translation>
    </message>
    <message>
        <source>{day}, {clock}</source>
        <translation>{day}، {clock}</translation>
    </message>
</context>
<context>
    <name>trust</name>
    <message>
        <source>identity changed</source>
        <translation>تغيّرت الهوية</translation>
    </message>
    <message>
        <source>not verified yet</source>
        <translation>لم يُتحقق منها بعد</translation>
    </message>
    <message>
        <source>our own</source>
        <translation>وفدنا</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>غير معروف</translation>
    </message>
    <message>
        <source>verified in person</source>
        <translation>جرى التحقق حضورياً</translation>
    </message>
    <message>
        <source>vouched for</source>
        <translation>مزكّاة</translation>
    </message>
</context>
<context>
    <name>unlock</name>
    <message numerus="yes">
        <source>%n rows were rescued, {lost} lost.</source>
        <translation>
            <numerusform>لم يُنقذ أي صف، وعدد ما فُقد {lost}.</numerusform>
            <numerusform>أُنقذ صف واحد، وعدد ما فُقد {lost}.</numerusform>
            <numerusform>أُنقذ صفان، وعدد ما فُقد {lost}.</numerusform>
            <numerusform>أُنقذت %n صفوف، وعدد ما فُقد {lost}.</numerusform>
            <numerusform>أُنقذ %n صفاً، وعدد ما فُقد {lost}.</numerusform>
            <numerusform>أُنقذ %n صف، وعدد ما فُقد {lost}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rows were rescued; how many were lost cannot be told.</source>
        <translation>
            <numerusform>لم يُنقذ أي صف؛ ولا يمكن معرفة عدد ما فُقد.</numerusform>
            <numerusform>أُنقذ صف واحد؛ ولا يمكن معرفة عدد ما فُقد.</numerusform>
            <numerusform>أُنقذ صفان؛ ولا يمكن معرفة عدد ما فُقد.</numerusform>
            <numerusform>أُنقذت %n صفوف؛ ولا يمكن معرفة عدد ما فُقد.</numerusform>
            <numerusform>أُنقذ %n صفاً؛ ولا يمكن معرفة عدد ما فُقد.</numerusform>
            <numerusform>أُنقذ %n صف؛ ولا يمكن معرفة عدد ما فُقد.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Everything that was there verifies: %n rows were rescued.</source>
        <translation>
            <numerusform>كل ما كان هناك صحيح: لم يُنقذ أي صف.</numerusform>
            <numerusform>كل ما كان هناك صحيح: أُنقذ صف واحد.</numerusform>
            <numerusform>كل ما كان هناك صحيح: أُنقذ صفان.</numerusform>
            <numerusform>كل ما كان هناك صحيح: أُنقذت %n صفوف.</numerusform>
            <numerusform>كل ما كان هناك صحيح: أُنقذ %n صفاً.</numerusform>
            <numerusform>كل ما كان هناك صحيح: أُنقذ %n صف.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>widgets</name>
    <message numerus="yes">
        <source>{0}, %n need you</source>
        <translation>
            <numerusform>{0}، لا شيء يحتاج إليكم</numerusform>
            <numerusform>{0}، شيء واحد يحتاج إليكم</numerusform>
            <numerusform>{0}، شيئان يحتاجان إليكم</numerusform>
            <numerusform>{0}، %n أشياء تحتاج إليكم</numerusform>
            <numerusform>{0}، %n شيئاً يحتاج إليكم</numerusform>
            <numerusform>{0}، %n شيء يحتاج إليكم</numerusform>
        </translation>
    </message>
</context>
</TS>
