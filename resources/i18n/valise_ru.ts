<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru_RU" sourcelanguage="en">
<context>
    <name>Acting</name>
    <message>
        <source>Contact cards (*.vcf);;All files (*)</source>
        <translation>Карточки контактов (*.vcf);;Все файлы (*)</translation>
    </message>
    <message>
        <source>Import contact cards</source>
        <translation>Импорт карточек контактов</translation>
    </message>
    <message>
        <source>Note verbale</source>
        <translation>Вербальная нота</translation>
    </message>
    <message>
        <source>Save contact cards</source>
        <translation>Сохранить карточки контактов</translation>
    </message>
    <message>
        <source>Save the note verbale</source>
        <translation>Сохранить вербальную ноту</translation>
    </message>
    <message>
        <source>Written as {file} and entered as sent under number {number}.</source>
        <translation>Записано в файл {file} и внесено как исходящее под номером {number}.</translation>
    </message>
    <message>
        <source>{what} copied. The clipboard forgets it after a few seconds.</source>
        <translation>Скопировано: {what}. Через несколько секунд буфер обмена будет очищен.</translation>
    </message>
</context>
<context>
    <name>Acts</name>
    <message>
        <source>Acknowledge receipt</source>
        <translation>Подтвердить получение</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Ответ</translation>
    </message>
    <message>
        <source>Change what has changed. What stood before stays in the record, and everybody sees both.</source>
        <translation>Измените то, что изменилось. Прежнее остается в протоколе, и каждый видит и то и другое.</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>Канал</translation>
    </message>
    <message>
        <source>Choose offers</source>
        <translation>Выбрать предложения</translation>
    </message>
    <message>
        <source>Close it</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Close the incident</source>
        <translation>Закрыть инцидент</translation>
    </message>
    <message>
        <source>Everybody in the room sees that you now use that channel. Speak to your counterparts there as well.</source>
        <translation>Каждый в комнате видит, что теперь вы используете этот канал. Обратитесь к вашим партнерам и по нему.</translation>
    </message>
    <message>
        <source>Everybody in the room sees which offers your delegation takes.</source>
        <translation>Каждый в комнате видит, какие предложения принимает ваша делегация.</translation>
    </message>
    <message>
        <source>Everybody in the room that you choose reads it.</source>
        <translation>Это читает каждый в комнате, которую вы выберете.</translation>
    </message>
    <message>
        <source>Everybody reads how it ended. Exchange first (Ctrl+R), so that what is under way is here.</source>
        <translation>Каждый читает, чем он завершился. Сначала проведите обмен (Ctrl+R), чтобы то, что находится в пути, поступило сюда.</translation>
    </message>
    <message>
        <source>It is closed.</source>
        <translation>Инцидент закрыт.</translation>
    </message>
    <message>
        <source>It is done</source>
        <translation>Выполнено</translation>
    </message>
    <message>
        <source>It is open again.</source>
        <translation>Инцидент вновь открыт.</translation>
    </message>
    <message>
        <source>It is reported there in the name of your delegation, with its markings word for word, and what its source allows. Internal notes do not go along.</source>
        <translation>Сообщение делается там от имени вашей делегации, с дословными пометками и в пределах того, что разрешает его источник. Внутренние заметки не передаются.</translation>
    </message>
    <message>
        <source>It is said which offers you take.</source>
        <translation>Сообщено, какие предложения вы принимаете.</translation>
    </message>
    <message>
        <source>It is sent on.</source>
        <translation>Переслано.</translation>
    </message>
    <message>
        <source>It is taken higher.</source>
        <translation>Передано на уровень выше.</translation>
    </message>
    <message>
        <source>Keep the note</source>
        <translation>Сохранить заметку</translation>
    </message>
    <message>
        <source>Keep the task</source>
        <translation>Сохранить задачу</translation>
    </message>
    <message>
        <source>New internal note</source>
        <translation>Новая внутренняя заметка</translation>
    </message>
    <message>
        <source>New task</source>
        <translation>Новая задача</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Примечание</translation>
    </message>
    <message>
        <source>Offer assistance</source>
        <translation>Предложить помощь</translation>
    </message>
    <message>
        <source>Offers</source>
        <translation>Предложения</translation>
    </message>
    <message>
        <source>Open it again</source>
        <translation>Открыть вновь</translation>
    </message>
    <message>
        <source>Read a STIX bundle</source>
        <translation>Прочитать набор STIX</translation>
    </message>
    <message>
        <source>Receipt is acknowledged.</source>
        <translation>Получение подтверждено.</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>Комната</translation>
    </message>
    <message>
        <source>STIX bundles (*.json)</source>
        <translation>Наборы STIX (*.json)</translation>
    </message>
    <message>
        <source>Save as STIX 2.1</source>
        <translation>Сохранить в формате STIX 2.1</translation>
    </message>
    <message>
        <source>Save it all the same</source>
        <translation>Всё равно сохранить</translation>
    </message>
    <message>
        <source>Save the file</source>
        <translation>Сохранить файл</translation>
    </message>
    <message>
        <source>Send it on</source>
        <translation>Переслать</translation>
    </message>
    <message>
        <source>Send on to others</source>
        <translation>Переслать другим</translation>
    </message>
    <message>
        <source>Send the answer</source>
        <translation>Отправить ответ</translation>
    </message>
    <message>
        <source>Send the offer</source>
        <translation>Отправить предложение</translation>
    </message>
    <message>
        <source>Send the update</source>
        <translation>Отправить дополнение</translation>
    </message>
    <message>
        <source>Take it back</source>
        <translation>Взять назад</translation>
    </message>
    <message>
        <source>Take it higher</source>
        <translation>Передать на уровень выше</translation>
    </message>
    <message>
        <source>Take it there</source>
        <translation>Передать</translation>
    </message>
    <message>
        <source>Take the offer back</source>
        <translation>Взять предложение назад</translation>
    </message>
    <message>
        <source>Take these offers</source>
        <translation>Принять эти предложения</translation>
    </message>
    <message>
        <source>Task done</source>
        <translation>Задача выполнена</translation>
    </message>
    <message>
        <source>The answer is on its way.</source>
        <translation>Ответ в пути.</translation>
    </message>
    <message>
        <source>The file is saved.</source>
        <translation>Файл сохранен.</translation>
    </message>
    <message>
        <source>The file lies outside the vault and is not sealed.</source>
        <translation>Файл находится вне хранилища и не запечатан.</translation>
    </message>
    <message>
        <source>The note is kept.</source>
        <translation>Заметка сохранена.</translation>
    </message>
    <message>
        <source>The offer is on its way.</source>
        <translation>Предложение в пути.</translation>
    </message>
    <message>
        <source>The offer is taken back.</source>
        <translation>Предложение взято назад.</translation>
    </message>
    <message>
        <source>The task is done.</source>
        <translation>Задача выполнена.</translation>
    </message>
    <message>
        <source>The task is kept.</source>
        <translation>Задача сохранена.</translation>
    </message>
    <message>
        <source>The update is on its way.</source>
        <translation>Дополнение в пути.</translation>
    </message>
    <message>
        <source>There is an embargo until {0}.</source>
        <translation>Действует эмбарго до {0}.</translation>
    </message>
    <message>
        <source>There is no other room with another delegation.</source>
        <translation>Другой комнаты с другой делегацией нет.</translation>
    </message>
    <message>
        <source>Until when (optional)</source>
        <translation>До какого времени (необязательно)</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>Дополнить</translation>
    </message>
    <message>
        <source>What came of it (optional)</source>
        <translation>Чем это закончилось (необязательно)</translation>
    </message>
    <message>
        <source>What is to be done</source>
        <translation>Что нужно сделать</translation>
    </message>
    <message>
        <source>Who (optional)</source>
        <translation>Кто (необязательно)</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Почему</translation>
    </message>
    <message>
        <source>Why (optional)</source>
        <translation>Почему (необязательно)</translation>
    </message>
    <message>
        <source>Why it cannot wait (kept in your internal record)</source>
        <translation>Почему это не может ждать (сохраняется в вашем внутреннем протоколе)</translation>
    </message>
    <message>
        <source>Words with it (optional)</source>
        <translation>Сопроводительные слова (необязательно)</translation>
    </message>
    <message>
        <source>You say that your delegation received it, and nothing else: this accepts no fact, admits nothing and agrees with nothing (norm 13 (c)).</source>
        <translation>Вы сообщаете, что ваша делегация это получила, и ничего более: это не означает ни признания какого-либо факта, ни какого-либо признания, ни согласия с чем-либо (норма 13 c)).</translation>
    </message>
</context>
<context>
    <name>AddressesPane</name>
    <message>
        <source>A delegation with a relay sends you one sealed, or hands you a card with permission: open it under Contacts.</source>
        <translation>Делегация, у которой есть ретранслятор, отправляет вам адрес в запечатанном виде или передает карточку с разрешением: откройте ее в разделе «Контакты».</translation>
    </message>
    <message>
        <source>Addresses others gave us</source>
        <translation>Адреса, которые нам дали другие</translation>
    </message>
    <message>
        <source>Its relay</source>
        <translation>Ее ретранслятор</translation>
    </message>
    <message>
        <source>Nobody has given you an address yet</source>
        <translation>Адреса вам пока никто не дал</translation>
    </message>
    <message>
        <source>Permission</source>
        <translation>Разрешение</translation>
    </message>
    <message>
        <source>Where we may write</source>
        <translation>Куда мы можем писать</translation>
    </message>
</context>
<context>
    <name>AdmitDialog</name>
    <message>
        <source>Admit another laptop</source>
        <translation>Допустить другой ноутбук</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>Далее, к корневому ключу…</translation>
    </message>
    <message>
        <source>The other laptop makes a request: first start, “Join our delegation”.</source>
        <translation>Запрос создает другой ноутбук: первый запуск, «Присоединиться к нашей делегации».</translation>
    </message>
</context>
<context>
    <name>AdmitHereDialog</name>
    <message>
        <source>A newer identity card of ours…</source>
        <translation>Более новая карточка нашей делегации…</translation>
    </message>
    <message>
        <source>Admit this laptop</source>
        <translation>Допустить этот ноутбук</translation>
    </message>
    <message>
        <source>Admit this laptop with the key file</source>
        <translation>Допустить этот ноутбук с файлом ключа</translation>
    </message>
    <message>
        <source>Do this only when no other laptop of your delegation is in use: two laptops that each sign a list of laptops make two lists, and then nobody can tell which is yours.</source>
        <translation>Делайте это, только если никакой другой ноутбук вашей делегации не используется: два ноутбука, каждый из которых подписывает список ноутбуков, создают два списка, и тогда никто не может определить, какой из них ваш.</translation>
    </message>
    <message>
        <source>Laptops that are lost or given up, revoked in the same step</source>
        <translation>Утраченные или оставленные ноутбуки, допуск которых аннулируется тем же действием</translation>
    </message>
    <message>
        <source>Needed when laptops were admitted or revoked since the backup: any delegation can give it to you.</source>
        <translation>Требуется, если со времени создания резервной копии допускались ноутбуки или аннулировался их допуск: дать ее вам может любая делегация.</translation>
    </message>
    <message>
        <source>Nothing is sent to it any more, and nothing it signs is sent on.</source>
        <translation>Ему больше ничего не отправляется, и ничто из подписанного им не передается дальше.</translation>
    </message>
    <message>
        <source>Open our identity card</source>
        <translation>Открыть карточку нашей делегации</translation>
    </message>
    <message>
        <source>{0} (the backup was made on it)</source>
        <translation>{0} (на нем создана резервная копия)</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}, {1}</translation>
    </message>
</context>
<context>
    <name>Agenda</name>
    <message>
        <source>Dates</source>
        <translation>Даты</translation>
    </message>
</context>
<context>
    <name>Agreed</name>
    <message>
        <source>Agreed language: {0}</source>
        <translation>Согласованная формулировка: {0}</translation>
    </message>
    <message>
        <source>Agreed language: {0}. No difference.</source>
        <translation>Согласованная формулировка: {0}. Отличий нет.</translation>
    </message>
    <message>
        <source>Dotted: agreed language, {0}. F3 goes to the next place.</source>
        <translation>Пунктиром: согласованная формулировка, {0}. F3 переходит к следующему месту.</translation>
    </message>
</context>
<context>
    <name>AmendmentsPane</name>
    <message>
        <source>Amendments to the paragraph</source>
        <translation>Поправки к пункту</translation>
    </message>
    <message>
        <source>Go on with your unsent words</source>
        <translation>Продолжить неотправленное</translation>
    </message>
    <message>
        <source>No amendments are open.</source>
        <translation>Открытых поправок нет.</translation>
    </message>
    <message>
        <source>No amendments. Enter edits the words and makes a proposal.</source>
        <translation>Поправок нет. Enter открывает слова для изменения и создает предложение.</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>Замечание</translation>
    </message>
    <message>
        <source>Remark to the room on {0}</source>
        <translation>Замечание для комнаты по {0}</translation>
    </message>
    <message>
        <source>Settled</source>
        <translation>Решенные</translation>
    </message>
    <message>
        <source>Speaking for: your delegation, or the name of a group</source>
        <translation>От чьего имени: ваша делегация или название группы</translation>
    </message>
    <message>
        <source>The keys S, G, R, O and N speak to {0}</source>
        <translation>Клавиши S, G, R, O и N: {0}</translation>
    </message>
    <message>
        <source>for ourselves</source>
        <translation>от своего имени</translation>
    </message>
</context>
<context>
    <name>AskedView</name>
    <message>
        <source>Answer only what you know: that this entry of your delegation is right, has changed, or is not the right contact. The answer is signed and goes to the delegation that asks, to nobody else.</source>
        <translation>Отвечайте только то, что знаете: запись вашей делегации верна, изменилась или это не тот контакт. Ответ подписывается и поступает только делегации, которая спрашивает, и никому другому.</translation>
    </message>
    <message>
        <source>Answered. It leaves with the next exchange.</source>
        <translation>Ответ дан. Он уйдет при следующем обмене.</translation>
    </message>
    <message>
        <source>Nobody asks</source>
        <translation>Никто не спрашивает</translation>
    </message>
    <message>
        <source>When another delegation tests how it reaches you, its question stands here.</source>
        <translation>Когда другая делегация проверяет, как с вами связаться, ее вопрос стоит здесь.</translation>
    </message>
</context>
<context>
    <name>AuthorsTable</name>
    <message>
        <source>Authors named in the file</source>
        <translation>Авторы, указанные в файле</translation>
    </message>
    <message>
        <source>Everybody in the room reads what stands beside each choice. Choices are remembered on this laptop.</source>
        <translation>Каждый в комнате читает то, что стоит рядом с каждым вариантом. Выбор запоминается на этом ноутбуке.</translation>
    </message>
    <message>
        <source>Further authors, not named to others: {0}.</source>
        <translation>Прочие авторы, которые другим не называются: {0}.</translation>
    </message>
    <message>
        <source>Named as found in the file</source>
        <translation>Назвать как в файле</translation>
    </message>
    <message>
        <source>Not named to others</source>
        <translation>Другим не называть</translation>
    </message>
    <message>
        <source>Who the authors in the file are</source>
        <translation>Кто такие авторы, указанные в файле</translation>
    </message>
    <message>
        <source>Who {0} is</source>
        <translation>Кто это: {0}</translation>
    </message>
</context>
<context>
    <name>BackupDialog</name>
    <message>
        <source>Back up now</source>
        <translation>Создать резервную копию</translation>
    </message>
    <message>
        <source>Back up this vault</source>
        <translation>Резервное копирование этого хранилища</translation>
    </message>
    <message>
        <source>Passphrase of this vault</source>
        <translation>Парольная фраза этого хранилища</translation>
    </message>
    <message>
        <source>The backup is one file, sealed under your passphrase. It holds everything you can read here, and none of the keys of this laptop: whoever restores it gets a new laptop that has to be admitted.</source>
        <translation>Резервная копия — один файл, запечатанный вашей парольной фразой. В ней всё, что вы можете прочитать здесь, и нет ключей этого ноутбука: тот, кто ее восстанавливает, получает новый ноутбук, который нужно допустить.</translation>
    </message>
</context>
<context>
    <name>BackupsSection</name>
    <message>
        <source>Back up now…</source>
        <translation>Создать резервную копию…</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>Резервная копия</translation>
    </message>
    <message>
        <source>Before a laptop is given away, or when it must not be found with what is in it.</source>
        <translation>Прежде чем отдать ноутбук или когда он не должен быть найден со всем, что на нем есть.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Cancelled. What was begun was taken away again; earlier backups are as they were.</source>
        <translation>Отменено. Начатое снова убрано; прежние резервные копии остались без изменений.</translation>
    </message>
    <message>
        <source>Carry it and its passphrase apart from each other.</source>
        <translation>Перевозите накопитель и парольную фразу отдельно друг от друга.</translation>
    </message>
    <message>
        <source>Check a backup…</source>
        <translation>Проверить резервную копию…</translation>
    </message>
    <message>
        <source>Close Valise</source>
        <translation>Закрыть Valise</translation>
    </message>
    <message>
        <source>Destroy this vault</source>
        <translation>Уничтожить это хранилище</translation>
    </message>
    <message>
        <source>Destroy this vault…</source>
        <translation>Уничтожить это хранилище…</translation>
    </message>
    <message>
        <source>For a journey</source>
        <translation>Для поездки</translation>
    </message>
    <message>
        <source>It opens nothing any more.</source>
        <translation>Она больше ничего не открывает.</translation>
    </message>
    <message>
        <source>Keep a stick for it, apart from this laptop, and make one at the end of every day of talks.</source>
        <translation>Держите для этого накопитель отдельно от ноутбука и создавайте копию в конце каждого дня переговоров.</translation>
    </message>
    <message>
        <source>Keep it apart from this laptop.</source>
        <translation>Храните ее отдельно от этого ноутбука.</translation>
    </message>
    <message>
        <source>Make a vault for a journey…</source>
        <translation>Создать дорожное хранилище…</translation>
    </message>
    <message>
        <source>On the travel laptop start Valise and choose “I have a backup”.</source>
        <translation>На дорожном ноутбуке запустите Valise и выберите «У меня есть резервная копия».</translation>
    </message>
    <message>
        <source>Save its new identity card and hand it to every delegation.</source>
        <translation>Сохраните новую карточку делегации и передайте ее каждой делегации.</translation>
    </message>
    <message>
        <source>The backup is written, was read again and verifies: {0}.</source>
        <translation>Резервная копия записана, прочитана обратно и проходит проверку: {0}.</translation>
    </message>
    <message>
        <source>The vault for the journey is written and verified: {0}.</source>
        <translation>Дорожное хранилище записано и проверено: {0}.</translation>
    </message>
    <message>
        <source>The vault is destroyed. An entry of it in the keyring of this computer could not be removed.</source>
        <translation>Хранилище уничтожено. Убрать его запись из связки ключей этого компьютера не удалось.</translation>
    </message>
    <message>
        <source>This laptop is admitted and exchanges from now on.</source>
        <translation>Этот ноутбук допущен и с этого момента ведет обмен.</translation>
    </message>
    <message>
        <source>What is not on a laptop cannot be taken from it at a border. A vault for a journey holds only the rooms you choose, under a passphrase of its own, on a laptop that is admitted for these rooms alone.</source>
        <translation>Чего на ноутбуке нет, того с него на границе и не забрать. Дорожное хранилище содержит только выбранные вами комнаты, открывается собственной парольной фразой и предназначено для ноутбука, допущенного только к этим комнатам.</translation>
    </message>
</context>
<context>
    <name>BeginDialog</name>
    <message>
        <source>A further row</source>
        <translation>Новая строка</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Продолжить</translation>
    </message>
</context>
<context>
    <name>BeginPage</name>
    <message>
        <source>Begin with an empty vault</source>
        <translation>Начать с пустого хранилища</translation>
    </message>
    <message>
        <source>Both can be changed later.</source>
        <translation>И то и другое можно изменить позднее.</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Выбрать папку…</translation>
    </message>
    <message>
        <source>Choose the exchange folder</source>
        <translation>Выбрать папку обмена</translation>
    </message>
    <message>
        <source>Files of a relay (*.valise-relay);;All files (*)</source>
        <translation>Файлы ретранслятора (*.valise-relay);;Все файлы (*)</translation>
    </message>
    <message>
        <source>How sealed envelopes travel</source>
        <translation>Как передаются запечатанные конверты</translation>
    </message>
    <message>
        <source>How to begin</source>
        <translation>С чего начать</translation>
    </message>
    <message>
        <source>If the passphrase is ever lost</source>
        <translation>Если парольная фраза будет утрачена</translation>
    </message>
    <message>
        <source>Later, or by courier</source>
        <translation>Позже или с курьером</translation>
    </message>
    <message>
        <source>Look around first, with invented talks of invented delegations</source>
        <translation>Сначала осмотреться: вымышленные переговоры вымышленных делегаций</translation>
    </message>
    <message>
        <source>Make recovery shares soon: words on paper for several people, of whom some together can open the vault. You find them under Security, Unlocking. Without them nobody can help, and neither can we.</source>
        <translation>Как можно скорее подготовьте доли восстановления: слова на бумаге для нескольких человек, часть которых вместе может открыть хранилище. Они находятся в разделе «Безопасность», «Разблокировка». Без них помочь не может никто, и мы тоже.</translation>
    </message>
    <message>
        <source>Open the file of a relay</source>
        <translation>Открыть файл ретранслятора</translation>
    </message>
    <message>
        <source>Open the file…</source>
        <translation>Открыть файл…</translation>
    </message>
    <message>
        <source>Through a relay, with its operator&apos;s file</source>
        <translation>Через ретранслятор, с файлом его оператора</translation>
    </message>
    <message>
        <source>Through a shared folder</source>
        <translation>Через общую папку</translation>
    </message>
    <message>
        <source>Whoever looks after the folder or the relay sees only sealed envelopes, their sizes and times. With none of them everything stays on this laptop, and a courier can take it on a stick.</source>
        <translation>Тот, кто обслуживает папку или ретранслятор, видит только запечатанные конверты, их размер и время. Если нет ни того ни другого, всё остается на этом ноутбуке, и курьер может доставить это на USB-накопителе.</translation>
    </message>
    <message>
        <source>{0}, called “{1}” by its operator</source>
        <translation>{0}, оператор называет его «{1}»</translation>
    </message>
</context>
<context>
    <name>BoardLook</name>
    <message>
        <source>Arrow keys go from card to card, Enter opens one. Ctrl with an arrow moves it.</source>
        <translation>Стрелки — переход между карточками, Enter — открыть, Ctrl и стрелка — переместить карточку.</translation>
    </message>
    <message>
        <source>Asked for then: {0}.</source>
        <translation>Тогда запрашивается: {0}.</translation>
    </message>
    <message>
        <source>Nothing entered</source>
        <translation>Не заполнено</translation>
    </message>
</context>
<context>
    <name>BreakSilence</name>
    <message>
        <source>A sentence is enough. A reason is needed.</source>
        <translation>Достаточно одного предложения. Причина обязательна.</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Назад</translation>
    </message>
    <message>
        <source>Break the silence</source>
        <translation>Заявить возражение</translation>
    </message>
    <message>
        <source>Break the silence on {0}</source>
        <translation>Заявить возражение: {0}</translation>
    </message>
    <message>
        <source>Continue…</source>
        <translation>Продолжить…</translation>
    </message>
    <message>
        <source>Keep silent</source>
        <translation>Не возражать</translation>
    </message>
    <message>
        <source>Reason, read by all delegations</source>
        <translation>Причина, которую читают все делегации</translation>
    </message>
    <message>
        <source>This cannot be taken back. The revision is then not agreed by silence.</source>
        <translation>Взять это назад нельзя. Редакция в этом случае не считается согласованной в порядке отсутствия возражений.</translation>
    </message>
    <message>
        <source>You say for your delegation that it does not agree. All delegations in the room read the reason.</source>
        <translation>Вы сообщаете от имени своей делегации, что она не согласна. Причину читают все делегации в комнате.</translation>
    </message>
</context>
<context>
    <name>Bundle</name>
    <message>
        <source>Being opened…</source>
        <translation>Открывается…</translation>
    </message>
    <message>
        <source>Delete from the stick…</source>
        <translation>Удалить с накопителя…</translation>
    </message>
    <message>
        <source>Delete {0} from the stick</source>
        <translation>Удалить {0} с накопителя</translation>
    </message>
    <message>
        <source>Stopped. What came in by then is kept; open it again for the rest.</source>
        <translation>Остановлено. То, что уже поступило, сохранено; чтобы получить остальное, откройте пакет еще раз.</translation>
    </message>
    <message>
        <source>Take a bundle back, so that {0} knows it arrived.</source>
        <translation>Передайте ответный пакет, чтобы другая сторона знала о получении: {0}.</translation>
    </message>
    <message>
        <source>Take a bundle back…</source>
        <translation>Передать ответный пакет…</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Попробовать снова</translation>
    </message>
    <message>
        <source>Waits its turn</source>
        <translation>Ожидает очереди</translation>
    </message>
    <message>
        <source>{0}, deleted from the stick</source>
        <translation>{0}, удалено с накопителя</translation>
    </message>
</context>
<context>
    <name>CalendarPage</name>
    <message>
        <source>Dates written: {0}.</source>
        <translation>Записано дат: {0}.</translation>
    </message>
    <message>
        <source>Days and times are those of UTC.</source>
        <translation>Дни и время указаны по UTC.</translation>
    </message>
    <message>
        <source>Entries taken in: {0}.</source>
        <translation>Принято записей: {0}.</translation>
    </message>
    <message>
        <source>Events, consultations, deadlines and reviews stand here by themselves once they have a date.</source>
        <translation>Мероприятия, консультации, сроки и пересмотры появляются здесь сами, как только у них есть дата.</translation>
    </message>
    <message>
        <source>Every date</source>
        <translation>Все даты</translation>
    </message>
    <message>
        <source>Every date of this month is internal: what your delegation assessed is not exported.</source>
        <translation>Все даты этого месяца внутренние: то, что оценила ваша делегация, не экспортируется.</translation>
    </message>
    <message>
        <source>Export the calendar</source>
        <translation>Экспорт календаря</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Экспорт…</translation>
    </message>
    <message>
        <source>Month after</source>
        <translation>Следующий месяц</translation>
    </message>
    <message>
        <source>Month before</source>
        <translation>Предыдущий месяц</translation>
    </message>
    <message>
        <source>No date of this sort in this month</source>
        <translation>В этом месяце дат такого вида нет</translation>
    </message>
    <message>
        <source>No dates in this month</source>
        <translation>В этом месяце дат нет</translation>
    </message>
    <message>
        <source>Note an event</source>
        <translation>Записать мероприятие</translation>
    </message>
    <message>
        <source>Read a calendar…</source>
        <translation>Прочитать календарь…</translation>
    </message>
    <message>
        <source>Show every date</source>
        <translation>Показать все даты</translation>
    </message>
    <message>
        <source>There is nothing to export in this month.</source>
        <translation>В этом месяце экспортировать нечего.</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Сегодня</translation>
    </message>
    <message>
        <source>Which dates</source>
        <translation>Какие даты</translation>
    </message>
</context>
<context>
    <name>CardDelegate</name>
    <message>
        <source>Annex</source>
        <translation>Приложение</translation>
    </message>
    <message>
        <source>Operative paragraphs</source>
        <translation>Пункты постановляющей части</translation>
    </message>
    <message>
        <source>Preamble</source>
        <translation>Преамбула</translation>
    </message>
    <message>
        <source>ad ref</source>
        <translation>ad ref</translation>
    </message>
</context>
<context>
    <name>CardDialog</name>
    <message>
        <source>Card with permission to write</source>
        <translation>Карточка с разрешением писать</translation>
    </message>
    <message>
        <source>For whom? Kept here only, for example the code of the delegation</source>
        <translation>Для кого? Хранится только здесь, например код делегации</translation>
    </message>
    <message>
        <source>Give it from hand to hand. If it goes astray, revoke it here.</source>
        <translation>Передавайте его из рук в руки. Если он пропадет, аннулируйте его здесь.</translation>
    </message>
    <message>
        <source>Make the card…</source>
        <translation>Подготовить карточку…</translation>
    </message>
    <message>
        <source>This file is handed over like a key.</source>
        <translation>Этот файл передают так, как передают ключ.</translation>
    </message>
    <message>
        <source>Whoever has it can write to you there in that correspondent&apos;s name; it opens nothing you send or receive.</source>
        <translation>Тот, у кого он есть, может писать вам туда от имени этого партнера; он не открывает ничего из того, что вы отправляете или получаете.</translation>
    </message>
    <message>
        <source>Your identity card, and in it a permission to write to you through the relay: for one correspondent alone, with whom you do not exchange yet.</source>
        <translation>Карточка вашей делегации, а в ней разрешение писать вам через ретранслятор: только для одного партнера, с которым вы еще не ведете обмен.</translation>
    </message>
</context>
<context>
    <name>CardEditor</name>
    <message>
        <source>A remark on {0} that everybody in the room reads. It changes no word of the text.</source>
        <translation>Замечание по {0}, которое читает каждый в комнате. Ни одного слова текста оно не изменяет.</translation>
    </message>
    <message>
        <source>Annex</source>
        <translation>Приложение</translation>
    </message>
    <message>
        <source>Becomes a proposal for a new paragraph after this one.</source>
        <translation>Становится предложением о новом пункте после этого.</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>It differs from the paragraph here:</source>
        <translation>Отличается от пункта здесь:</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>Выйти</translation>
    </message>
    <message>
        <source>Leave without sending, Escape</source>
        <translation>Выйти без отправки, Escape</translation>
    </message>
    <message>
        <source>No words are left. To delete the paragraph, leave and press D.</source>
        <translation>Слов не осталось. Чтобы предложить исключение пункта, выйдите и нажмите D.</translation>
    </message>
    <message>
        <source>Operative paragraph</source>
        <translation>Пункт постановляющей части</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Другое</translation>
    </message>
    <message>
        <source>Other words for the whole paragraph</source>
        <translation>Другие слова для всего пункта</translation>
    </message>
    <message>
        <source>Preambular paragraph</source>
        <translation>Пункт преамбулы</translation>
    </message>
    <message>
        <source>Propose</source>
        <translation>Предложить</translation>
    </message>
    <message>
        <source>Propose alternative</source>
        <translation>Предложить альтернативу</translation>
    </message>
    <message>
        <source>Propose deletion</source>
        <translation>Предложить исключение</translation>
    </message>
    <message>
        <source>Propose move</source>
        <translation>Предложить перенос</translation>
    </message>
    <message>
        <source>Propose paragraph</source>
        <translation>Предложить пункт</translation>
    </message>
    <message>
        <source>Proposes to delete the paragraph:</source>
        <translation>Предлагается исключить пункт:</translation>
    </message>
    <message>
        <source>Proposes to move the paragraph after:</source>
        <translation>Предлагается перенести пункт после:</translation>
    </message>
    <message>
        <source>Proposes:</source>
        <translation>Предлагается:</translation>
    </message>
    <message>
        <source>Reason (optional, read by everybody in the room)</source>
        <translation>Обоснование (необязательно; читают все)</translation>
    </message>
    <message>
        <source>Reason, read by everybody in the room</source>
        <translation>Обоснование, которое читает каждый в комнате</translation>
    </message>
    <message>
        <source>Remark, read by everybody in the room</source>
        <translation>Замечание, которое читает каждый в комнате</translation>
    </message>
    <message>
        <source>Say it to the room</source>
        <translation>Сказать в комнате</translation>
    </message>
    <message>
        <source>Section of the new paragraph</source>
        <translation>Раздел нового пункта</translation>
    </message>
    <message>
        <source>Set the words</source>
        <translation>Установить слова</translation>
    </message>
    <message>
        <source>The paragraph after which it should stand</source>
        <translation>Пункт, после которого он должен стоять</translation>
    </message>
    <message>
        <source>The paragraph as it should read</source>
        <translation>Пункт, как он должен читаться</translation>
    </message>
    <message>
        <source>The paragraph as the pen will set it</source>
        <translation>Пункт, как его установит перо</translation>
    </message>
    <message>
        <source>The pen changed this paragraph while you were writing. Your words are kept; look at the difference again.</source>
        <translation>Пока вы писали, перо изменило этот пункт. Ваши слова сохранены; посмотрите разницу еще раз.</translation>
    </message>
    <message>
        <source>The text will change here:</source>
        <translation>Текст изменится здесь:</translation>
    </message>
    <message>
        <source>The words hold a hidden control character. Write that place again.</source>
        <translation>В словах есть скрытый управляющий знак. Напишите это место заново.</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>Слова</translation>
    </message>
    <message>
        <source>Words of the new paragraph</source>
        <translation>Слова нового пункта</translation>
    </message>
    <message>
        <source>Write other words for the whole paragraph; they will stand beside it.</source>
        <translation>Напишите другие слова для всего пункта; они будут стоять рядом с ним.</translation>
    </message>
    <message>
        <source>Write the paragraph as it should read. The difference becomes the proposal.</source>
        <translation>Напишите пункт так, как он должен читаться. Разница становится предложением.</translation>
    </message>
</context>
<context>
    <name>CardPage</name>
    <message>
        <source>Beside the vault, in {0}, stands the key file of your delegation. Move it to a stick and keep that locked away: it is needed to admit another laptop, and whoever has it and the passphrase can do so.</source>
        <translation>Рядом с хранилищем, в {0}, находится файл ключа вашей делегации. Перенесите его на USB-накопитель и держите под замком: он нужен, чтобы допустить другой ноутбук, и сделать это может каждый, у кого есть этот файл и парольная фраза.</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>Отпечаток</translation>
    </message>
    <message>
        <source>Other delegations need this card to seal anything for you. It holds no secret: hand the file over on a stick or send it by any way, and let them compare the code below with you in person.</source>
        <translation>Эта карточка нужна другим делегациям, чтобы запечатать что-либо для вас. Секретов в ней нет: передайте файл на USB-накопителе или отправьте любым путем и пусть код ниже сверят с вами лично.</translation>
    </message>
    <message>
        <source>QR code of your fingerprint</source>
        <translation>QR-код вашего отпечатка</translation>
    </message>
    <message>
        <source>Save the card…</source>
        <translation>Сохранить карточку…</translation>
    </message>
    <message>
        <source>Save the identity card</source>
        <translation>Сохранить карточку делегации</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>Сохранено в файл {0}</translation>
    </message>
    <message>
        <source>Your identity card</source>
        <translation>Карточка вашей делегации</translation>
    </message>
</context>
<context>
    <name>CellDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>For example: Ministry of Foreign Affairs, statement in the working group</source>
        <translation>Например: Министерство иностранных дел, в рабочей группе</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Сохранить</translation>
    </message>
    <message>
        <source>Nothing has been said here yet.</source>
        <translation>Здесь пока ничего не сказано.</translation>
    </message>
    <message>
        <source>Said by, or seen where</source>
        <translation>Кто сообщил или где замечено</translation>
    </message>
    <message>
        <source>Stands: {0} — {1}</source>
        <translation>Стоит: {0} — {1}</translation>
    </message>
    <message>
        <source>Still needed: {0}</source>
        <translation>Еще требуется: {0}</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Почему</translation>
    </message>
    <message>
        <source>Why (may stay empty)</source>
        <translation>Почему (можно не заполнять)</translation>
    </message>
    <message>
        <source>one of the choices</source>
        <translation>один из вариантов</translation>
    </message>
    <message>
        <source>who says it, or where it was seen</source>
        <translation>кто сообщает или где замечено</translation>
    </message>
</context>
<context>
    <name>CeremonyDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Close it without signing</source>
        <translation>Закрыть без подписания</translation>
    </message>
    <message>
        <source>Close it, do nothing</source>
        <translation>Закрыть, ничего не делать</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Готово</translation>
    </message>
    <message>
        <source>Every counterpart sees the change with the next exchange.</source>
        <translation>Каждый партнер увидит изменение при следующем обмене.</translation>
    </message>
    <message>
        <source>From its key file and passphrase</source>
        <translation>Из файла ключа с парольной фразой</translation>
    </message>
    <message>
        <source>From recovery shares on paper</source>
        <translation>Из долей восстановления на бумаге</translation>
    </message>
    <message>
        <source>It is used for this, and nothing else:</source>
        <translation>Он используется для следующего, и ни для чего более:</translation>
    </message>
    <message>
        <source>It will sign this, and nothing else:</source>
        <translation>Он подпишет следующее, и ничего более:</translation>
    </message>
    <message>
        <source>Only the root key can say which laptops are yours. It is needed for a minute; then it goes back to where it is locked away.</source>
        <translation>Только корневой ключ может определить, какие ноутбуки ваши. Он нужен на минуту; затем он возвращается туда, где хранится под замком.</translation>
    </message>
    <message>
        <source>Open the root key</source>
        <translation>Открыть корневой ключ</translation>
    </message>
    <message>
        <source>Sign and close the root key</source>
        <translation>Подписать и закрыть корневой ключ</translation>
    </message>
    <message>
        <source>Take the stick with the key file out now and lock it away. What this program held of the key has been overwritten; copies the system made go when Valise is locked or closed.</source>
        <translation>Теперь извлеките накопитель с файлом ключа и уберите его под замок. То, что эта программа держала от ключа, перезаписано; копии, сделанные системой, исчезают, когда Valise блокируется или закрывается.</translation>
    </message>
    <message>
        <source>The delegation&apos;s root key</source>
        <translation>Корневой ключ делегации</translation>
    </message>
    <message>
        <source>The root key is closed again.</source>
        <translation>Корневой ключ снова закрыт.</translation>
    </message>
    <message>
        <source>The root key is open.</source>
        <translation>Корневой ключ открыт.</translation>
    </message>
    <message>
        <source>What will be signed</source>
        <translation>Что будет подписано</translation>
    </message>
</context>
<context>
    <name>ChangeDialog</name>
    <message>
        <source>Change it</source>
        <translation>Изменить</translation>
    </message>
    <message>
        <source>Change the passphrase</source>
        <translation>Изменение парольной фразы</translation>
    </message>
    <message>
        <source>Current passphrase</source>
        <translation>Текущая парольная фраза</translation>
    </message>
    <message>
        <source>From then on only the new one opens this vault. Copies of the vault made before, backups among them, keep what opened them then.</source>
        <translation>С этого момента только новая открывает это хранилище. Копии хранилища, созданные ранее, в том числе резервные, открываются тем же, чем открывались тогда.</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>Новая парольная фраза</translation>
    </message>
    <message>
        <source>The new passphrase again</source>
        <translation>Новая парольная фраза еще раз</translation>
    </message>
</context>
<context>
    <name>Changed</name>
    <message>
        <source>It has changed</source>
        <translation>Запись изменилась</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Оставить как есть</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Примечание</translation>
    </message>
    <message>
        <source>Note (optional)</source>
        <translation>Примечание (необязательно)</translation>
    </message>
    <message>
        <source>Only what differs is sent. Several values stand between semicolons.</source>
        <translation>Отправляется только то, что отличается. Несколько значений разделяются точкой с запятой.</translation>
    </message>
    <message>
        <source>Sign and answer</source>
        <translation>Подписать и ответить</translation>
    </message>
    <message>
        <source>Tell {who} that this is the wrong contact</source>
        <translation>Сообщить, что это не тот контакт. Получатель: {who}</translation>
    </message>
    <message>
        <source>What should {who} write into its entry?</source>
        <translation>Что следует внести в запись? Спрашивает {who}</translation>
    </message>
    <message>
        <source>Wrong contact</source>
        <translation>Не тот контакт</translation>
    </message>
    <message>
        <source>You may say whom to ask instead.</source>
        <translation>Можно указать, к кому обратиться вместо этого контакта.</translation>
    </message>
</context>
<context>
    <name>Changing</name>
    <message>
        <source>Kept. Ctrl+Z takes it back.</source>
        <translation>Сохранено. Ctrl+Z отменяет.</translation>
    </message>
    <message>
        <source>No different values stand in this row.</source>
        <translation>Разных значений в этой строке нет.</translation>
    </message>
    <message>
        <source>Nothing to take back here. A new row is taken out, and every change of a row can be undone in its history.</source>
        <translation>Здесь нечего брать назад. Новую строку можно исключить, а каждое изменение строки — отменить в ее истории.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Открыть</translation>
    </message>
    <message>
        <source>Put back</source>
        <translation>Вернуть</translation>
    </message>
    <message>
        <source>Settle the difference…</source>
        <translation>Устранить расхождение…</translation>
    </message>
    <message>
        <source>Take out…</source>
        <translation>Исключить…</translation>
    </message>
    <message>
        <source>Undone; both stay in the history.</source>
        <translation>Отменено; и то и другое остается в истории.</translation>
    </message>
    <message>
        <source>What can be done with the row</source>
        <translation>Что можно сделать со строкой</translation>
    </message>
    <message>
        <source>{0}: what was begun is taken back.</source>
        <translation>{0}: начатое отменено.</translation>
    </message>
</context>
<context>
    <name>CheckCode</name>
    <message>
        <source>Check code</source>
        <translation>Проверочный код</translation>
    </message>
    <message>
        <source>Check code: {0}</source>
        <translation>Проверочный код: {0}</translation>
    </message>
    <message>
        <source>QR code of the request</source>
        <translation>QR-код запроса</translation>
    </message>
    <message>
        <source>The first laptop shows a code too, when it opens the request. Admit only when they are the same.</source>
        <translation>Первый ноутбук тоже показывает код, когда открывает запрос. Допускайте, только если коды совпадают.</translation>
    </message>
</context>
<context>
    <name>CheckDialog</name>
    <message>
        <source>Check a backup</source>
        <translation>Проверить резервную копию</translation>
    </message>
    <message>
        <source>Check it</source>
        <translation>Проверить</translation>
    </message>
    <message>
        <source>It is read to its end and proved; nothing of it enters this vault.</source>
        <translation>Она читается до конца и проверяется; в это хранилище из нее ничего не попадает.</translation>
    </message>
    <message>
        <source>Passphrase of the backup</source>
        <translation>Парольная фраза резервной копии</translation>
    </message>
</context>
<context>
    <name>ChecksSection</name>
    <message>
        <source>A copy of {0}, every page verified, is kept beside the vault, sealed as the vault is.</source>
        <translation>Копия {0}, каждая страница которой проверена, хранится рядом с хранилищем, запечатанная так же, как хранилище.</translation>
    </message>
    <message>
        <source>A verified copy is kept beside the vault after the first check.</source>
        <translation>После первой проверки рядом с хранилищем сохраняется проверенная копия.</translation>
    </message>
    <message>
        <source>An older copy was put back; noticed on {0} and healed.</source>
        <translation>Была восстановлена более старая копия; замечено {0} и исправлено.</translation>
    </message>
    <message>
        <source>As far as anybody here knows, yes.</source>
        <translation>Насколько здесь кому-либо известно, да.</translation>
    </message>
    <message>
        <source>Check now</source>
        <translation>Проверить сейчас</translation>
    </message>
    <message>
        <source>Checked {0}: everything verifies.</source>
        <translation>Проверено {0}: всё проходит проверку.</translation>
    </message>
    <message>
        <source>Checked {0}: something is wrong.</source>
        <translation>Проверено {0}: обнаружена неполадка.</translation>
    </message>
    <message>
        <source>Copies of other laptops</source>
        <translation>Копии других ноутбуков</translation>
    </message>
    <message>
        <source>Go on without waiting</source>
        <translation>Продолжить без ожидания</translation>
    </message>
    <message>
        <source>I have read this: go on</source>
        <translation>Я прочитал(а) это: продолжить</translation>
    </message>
    <message>
        <source>If this laptop has signed something that only somebody has who has not answered, it would sign a second thing at the same place. Everybody would see both, and what it signs in that room would never count again: it would have to be admitted anew.</source>
        <translation>Если этот ноутбук подписал нечто, имеющееся только у того, кто не ответил, он подписал бы на том же месте вторую запись. Каждый увидел бы обе, и то, что он подписывает в этой комнате, больше никогда бы не учитывалось: его пришлось бы допускать заново.</translation>
    </message>
    <message>
        <source>Is this the newest state of this vault?</source>
        <translation>Новейшее ли это состояние хранилища?</translation>
    </message>
    <message>
        <source>Make a backup now, close Valise, and run valise doctor --salvage.</source>
        <translation>Сейчас же создайте резервную копию, закройте Valise и выполните valise doctor --salvage.</translation>
    </message>
    <message>
        <source>No keyring answers on this computer; other laptops repeat what they last heard from this one.</source>
        <translation>На этом компьютере связка ключей не отвечает; другие ноутбуки повторяют то, что в последний раз получили от этого.</translation>
    </message>
    <message>
        <source>Not checked yet. It is checked a little after each exchange, and once a day as a whole.</source>
        <translation>Еще не проверено. Понемногу проверяется после каждого обмена, а целиком — раз в день.</translation>
    </message>
    <message>
        <source>Progress of the check</source>
        <translation>Ход проверки</translation>
    </message>
    <message>
        <source>Signed here too early, and not sent: {0}. Look for it in your rooms, and say it again.</source>
        <translation>Подписано здесь слишком рано и не отправлено: {0}. Найдите это в своих комнатах и скажите еще раз.</translation>
    </message>
    <message>
        <source>The keyring of this computer keeps its count beside the vault, and other laptops repeat what they heard.</source>
        <translation>Связка ключей этого компьютера ведет свой счет рядом с хранилищем, а другие ноутбуки повторяют то, что получили.</translation>
    </message>
    <message>
        <source>There is no sign that a copy of another laptop&apos;s vault is in use.</source>
        <translation>Признаков того, что используется копия хранилища другого ноутбука, нет.</translation>
    </message>
    <message>
        <source>This is an older copy of this laptop&apos;s vault, noticed on {0}. Nothing is lost: what it had said since is asked of the others. Connect; it goes on by itself.</source>
        <translation>Это более старая копия хранилища этого ноутбука, замечено {0}. Ничего не потеряно: сказанное с тех пор запрашивается у других. Подключитесь; работа продолжится сама собой.</translation>
    </message>
    <message>
        <source>This vault was rescued from a damaged one; kinds of entries of which some were lost: {0}.</source>
        <translation>Это хранилище спасено из поврежденного; видов записей, часть которых утрачена: {0}.</translation>
    </message>
    <message>
        <source>What stands on the disk</source>
        <translation>Что находится на диске</translation>
    </message>
</context>
<context>
    <name>Chips</name>
    <message>
        <source>Take out: {0}</source>
        <translation>Исключить: {0}</translation>
    </message>
</context>
<context>
    <name>ChoiceEditor</name>
    <message>
        <source>Nothing entered</source>
        <translation>Не заполнено</translation>
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
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Close the procedure</source>
        <translation>Закрыть процедуру</translation>
    </message>
    <message>
        <source>Close the silence procedure</source>
        <translation>Закрыть процедуру отсутствия возражений</translation>
    </message>
    <message>
        <source>Nobody broke the silence: {0} then stands as agreed. Exchange first, so that a break that is under way is known here.</source>
        <translation>Возражений никто не заявил: {0} тогда считается согласованным документом. Сначала проведите обмен, чтобы возражение, которое находится в пути, стало известно здесь.</translation>
    </message>
    <message>
        <source>{0} was not agreed: the silence was broken. Closing says so and makes room for another procedure.</source>
        <translation>{0}: не согласовано, заявлено возражение. Закрытие сообщает об этом и позволяет открыть другую процедуру.</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Choose an amendment first (Alt+Down).</source>
        <translation>Сначала выберите поправку (Alt+Вниз).</translation>
    </message>
    <message>
        <source>Choose an amendment of another delegation first (Alt+Down).</source>
        <translation>Сначала выберите поправку другой делегации (Alt+Вниз).</translation>
    </message>
    <message>
        <source>Choose one of your own amendments first.</source>
        <translation>Сначала выберите одну из собственных поправок.</translation>
    </message>
    <message>
        <source>Copied with brackets and attributions.</source>
        <translation>Скопировано со скобками и указанием авторов.</translation>
    </message>
    <message>
        <source>Letters are acts here, so these were not taken.</source>
        <translation>Буквы здесь — действия, поэтому они не приняты.</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>Открыть вновь</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Взять назад</translation>
    </message>
    <message>
        <source>That is your position already.</source>
        <translation>Это уже ваша позиция.</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>Буфер обмена будет очищен через десять секунд.</translation>
    </message>
    <message>
        <source>To write, press Enter on an open paragraph.</source>
        <translation>Чтобы писать, нажмите Enter на открытом пункте.</translation>
    </message>
    <message>
        <source>Your delegation sponsors {0} too.</source>
        <translation>Ваша делегация теперь тоже среди авторов {0}.</translation>
    </message>
    <message>
        <source>Your position on {0} for {2}: {1}.</source>
        <translation>Ваша позиция по {0} от имени {2}: {1}.</translation>
    </message>
    <message>
        <source>Your position on {0}: {1}.</source>
        <translation>Ваша позиция по {0}: {1}.</translation>
    </message>
    <message>
        <source>{0} is agreed ad ref.</source>
        <translation>{0}: согласовано ad ref.</translation>
    </message>
    <message>
        <source>{0} is {1}: nothing can be proposed until the pen reopens it.</source>
        <translation>{0}: {1}; ничего нельзя предложить, пока перо не откроет пункт вновь.</translation>
    </message>
</context>
<context>
    <name>CommitmentList</name>
    <message>
        <source>Commitments</source>
        <translation>Обязательства</translation>
    </message>
    <message>
        <source>Enter goes to the page</source>
        <translation>Enter открывает страницу</translation>
    </message>
    <message>
        <source>Norms and measures</source>
        <translation>Нормы и меры</translation>
    </message>
    <message>
        <source>Word, letter or symbol</source>
        <translation>Слово или обозначение</translation>
    </message>
</context>
<context>
    <name>CommitmentsScreen</name>
    <message>
        <source>No norms or measures are here</source>
        <translation>Здесь нет ни норм, ни мер</translation>
    </message>
    <message>
        <source>Their registers come with the program.</source>
        <translation>Их реестры поставляются вместе с программой.</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <source>By everybody</source>
        <translation>Все авторы</translation>
    </message>
    <message>
        <source>By {0}</source>
        <translation>Автор: {0}</translation>
    </message>
    <message>
        <source>Choose other revisions, another delegation, or look at every paragraph.</source>
        <translation>Выберите другие редакции, другую делегацию или просмотрите все пункты.</translation>
    </message>
    <message>
        <source>Compare from</source>
        <translation>Сравнить с (исходная)</translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation>Сравнить с (новая)</translation>
    </message>
    <message>
        <source>Copied. The clipboard is emptied in ten seconds.</source>
        <translation>Скопировано. Буфер обмена будет очищен через десять секунд.</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>Скопировать как текст</translation>
    </message>
    <message>
        <source>From</source>
        <translation>От</translation>
    </message>
    <message>
        <source>No revision to compare with yet</source>
        <translation>Пока нет редакции для сравнения</translation>
    </message>
    <message>
        <source>Nothing differs</source>
        <translation>Отличий нет</translation>
    </message>
    <message>
        <source>Only what changed</source>
        <translation>Только изменения</translation>
    </message>
    <message>
        <source>Only what this delegation brought about</source>
        <translation>Только то, чего добилась эта делегация</translation>
    </message>
    <message>
        <source>Paragraphs compared</source>
        <translation>Сравниваемые пункты</translation>
    </message>
    <message>
        <source>The pen-holder freezes the text as a revision; from then on you see here what changed since.</source>
        <translation>Держатель пера фиксирует текст как редакцию; с этого момента здесь видно, что с тех пор изменилось.</translation>
    </message>
    <message>
        <source>to</source>
        <translation>до</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Attach files</source>
        <translation>Приложить файлы</translation>
    </message>
    <message>
        <source>Attach files (or drop them here)</source>
        <translation>Приложить файлы (или перетащите их сюда)</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>Decide in Contacts</source>
        <translation>Решить в «Контактах»</translation>
    </message>
    <message>
        <source>Draft not saved</source>
        <translation>Черновик не сохранен</translation>
    </message>
    <message>
        <source>Draft saved {time}</source>
        <translation>Черновик сохранен {time}</translation>
    </message>
    <message>
        <source>For the record (signed)</source>
        <translation>Для протокола (с подписью)</translation>
    </message>
    <message>
        <source>Kept in the vault as you type</source>
        <translation>Сохраняется в хранилище по мере ввода</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Сообщение</translation>
    </message>
    <message>
        <source>Not signed: members know it is from you, but cannot prove it to others.</source>
        <translation>Без подписи: участники знают, что это от вас, но не могут доказать этого другим.</translation>
    </message>
    <message>
        <source>Seal and send</source>
        <translation>Запечатать и отправить</translation>
    </message>
    <message>
        <source>Sealing…</source>
        <translation>Запечатывается…</translation>
    </message>
    <message>
        <source>Signed: every member can prove later, to anybody, that your delegation wrote this.</source>
        <translation>С подписью: каждый участник сможет потом доказать кому угодно, что это написала ваша делегация.</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>Тема</translation>
    </message>
    <message>
        <source>Subject of the new thread</source>
        <translation>Тема нового обсуждения</translation>
    </message>
    <message>
        <source>Write to your own delegation. Nothing here can be sent to another.</source>
        <translation>Напишите своей собственной делегации. Отправить что-либо отсюда другой делегации нельзя.</translation>
    </message>
    <message>
        <source>Write to {room}. Drafts are kept in the vault.</source>
        <translation>Напишите в {room}. Черновики сохраняются в хранилище.</translation>
    </message>
</context>
<context>
    <name>Confirm</name>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Оставить как есть</translation>
    </message>
    <message>
        <source>Please confirm</source>
        <translation>Пожалуйста, подтвердите</translation>
    </message>
</context>
<context>
    <name>ConfirmDialog</name>
    <message>
        <source>Passphrase</source>
        <translation>Парольная фраза</translation>
    </message>
</context>
<context>
    <name>ContactsScreen</name>
    <message>
        <source>Ask a delegation for its card, then import the file or drop it here.</source>
        <translation>Попросите у делегации ее карточку, затем импортируйте файл или перетащите его сюда.</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Сверить</translation>
    </message>
    <message>
        <source>Compare with it, in person or by telephone.</source>
        <translation>Проведите сверку с этой делегацией лично или по телефону.</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>Контакты</translation>
    </message>
    <message>
        <source>Delegations</source>
        <translation>Делегации</translation>
    </message>
    <message>
        <source>Delegations or points of contact</source>
        <translation>Делегации или контактные пункты</translation>
    </message>
    <message>
        <source>Do it only while you stand together or speak on a line where you know the voice.</source>
        <translation>Делайте это, только находясь рядом или разговаривая по линии связи, где вам знаком голос.</translation>
    </message>
    <message>
        <source>Find a delegation or an officer</source>
        <translation>Найти делегацию или сотрудника</translation>
    </message>
    <message>
        <source>Import a card…</source>
        <translation>Импортировать карточку…</translation>
    </message>
    <message>
        <source>Import an identity card</source>
        <translation>Импорт карточки делегации</translation>
    </message>
    <message>
        <source>It is not verified yet: anybody could have made a card with this name.</source>
        <translation>Еще не проверено: карточку с таким названием мог изготовить кто угодно.</translation>
    </message>
    <message>
        <source>No other delegation yet</source>
        <translation>Других делегаций пока нет</translation>
    </message>
    <message>
        <source>Nothing more is sent to it until you decide below.</source>
        <translation>Туда ничего больше не отправляется, пока вы не примете решение ниже.</translation>
    </message>
    <message>
        <source>Points of contact</source>
        <translation>Контактные пункты</translation>
    </message>
    <message>
        <source>Save our identity card</source>
        <translation>Сохранить карточку нашей делегации</translation>
    </message>
    <message>
        <source>Saved as {file}.</source>
        <translation>Сохранено в файл {file}.</translation>
    </message>
    <message>
        <source>The card of {who} is the one you know.</source>
        <translation>Это уже известная вам карточка: {who}.</translation>
    </message>
    <message>
        <source>The card of {who} was received.</source>
        <translation>Карточка получена: {who}.</translation>
    </message>
    <message>
        <source>The numbers differ: nothing more is sent to {who} until you decide.</source>
        <translation>Номера не совпадают: туда ({who}) ничего больше не отправляется, пока вы не примете решение.</translation>
    </message>
    <message>
        <source>This card of {who} holds another identity than the one you know.</source>
        <translation>В этой карточке ({who}) другое удостоверение, чем известное вам.</translation>
    </message>
    <message>
        <source>Verify now</source>
        <translation>Проверить сейчас</translation>
    </message>
    <message>
        <source>{name} ({n})</source>
        <translation>{name} ({n})</translation>
    </message>
    <message>
        <source>{who} is verified in person.</source>
        <translation>Проверено лично: {who}.</translation>
    </message>
    <message>
        <source>{who} wants to compare words with you now.</source>
        <translation>Просьба сверить слова сейчас: {who}.</translation>
    </message>
</context>
<context>
    <name>ConvergenceView</name>
    <message>
        <source>Columns</source>
        <translation>Столбцы</translation>
    </message>
    <message>
        <source>Corner of the table</source>
        <translation>Угол таблицы</translation>
    </message>
    <message>
        <source>Nothing to measure yet</source>
        <translation>Измерять пока нечего</translation>
    </message>
    <message>
        <source>Revisions</source>
        <translation>Редакции</translation>
    </message>
    <message>
        <source>The text has no words. Once it has some, you see here how many stand outside brackets.</source>
        <translation>В тексте нет слов. Когда они появятся, здесь будет видно, сколько их стоит вне скобок.</translation>
    </message>
    <message>
        <source>With each revision the pen-holder freezes, another bar is added.</source>
        <translation>С каждой редакцией, которую фиксирует держатель пера, добавляется еще один столбец.</translation>
    </message>
    <message>
        <source>Words outside brackets by revision</source>
        <translation>Слова вне скобок по редакциям</translation>
    </message>
</context>
<context>
    <name>Conversation</name>
    <message>
        <source>A new thread</source>
        <translation>Новое обсуждение</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Подтвердить</translation>
    </message>
    <message>
        <source>Delivery</source>
        <translation>Доставка</translation>
    </message>
    <message>
        <source>Give it a subject below. Everybody in the room will see it.</source>
        <translation>Укажите тему ниже. Ее увидит каждый в комнате.</translation>
    </message>
    <message>
        <source>Messages {first} to {last} of {all}</source>
        <translation>Сообщения {first}–{last} из {all}</translation>
    </message>
    <message>
        <source>New thread</source>
        <translation>Новое обсуждение</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>Самые новые</translation>
    </message>
    <message>
        <source>No subject</source>
        <translation>Без темы</translation>
    </message>
    <message>
        <source>Oldest</source>
        <translation>Самые старые</translation>
    </message>
    <message>
        <source>Save file as</source>
        <translation>Сохранить файл как</translation>
    </message>
    <message>
        <source>Save {file} as…</source>
        <translation>Сохранить {file} как…</translation>
    </message>
    <message>
        <source>Saved as {file}. Outside the vault it is no longer protected by it.</source>
        <translation>Сохранено в файл {file}. Вне хранилища файл больше не защищен.</translation>
    </message>
    <message>
        <source>Show members</source>
        <translation>Показать участников</translation>
    </message>
</context>
<context>
    <name>DateEditor</name>
    <message>
        <source>A day as 2026-11-22</source>
        <translation>День вида 2026-11-22</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Сегодня</translation>
    </message>
    <message>
        <source>Up and Down change the day, with Ctrl the month; T is today</source>
        <translation>Вверх и Вниз меняют день, с Ctrl — месяц; T — сегодня</translation>
    </message>
    <message>
        <source>YYYY-MM-DD</source>
        <translation>ГГГГ-ММ-ДД</translation>
    </message>
    <message>
        <source>{0}: today</source>
        <translation>{0}: сегодня</translation>
    </message>
</context>
<context>
    <name>DeadlineField</name>
    <message>
        <source>Exact deadline in UTC, for example 2026-12-10 18:00</source>
        <translation>Точный срок в UTC, например 2026-12-10 18:00</translation>
    </message>
    <message>
        <source>Exactly</source>
        <translation>Точный срок</translation>
    </message>
    <message>
        <source>In {0}: {1}</source>
        <translation>Через {0}: {1}</translation>
    </message>
    <message>
        <source>The deadline has to lie between one hour and one year ahead.</source>
        <translation>Срок должен наступать не ранее чем через час и не позднее чем через год.</translation>
    </message>
    <message>
        <source>The new deadline has to be later than the one in force.</source>
        <translation>Новый срок должен быть позже действующего.</translation>
    </message>
    <message>
        <source>Write the time as year-month-day hour:minute in UTC, for example 2026-12-10 18:00.</source>
        <translation>Укажите время в виде год-месяц-день час:минута в UTC, например 2026-12-10 18:00.</translation>
    </message>
</context>
<context>
    <name>DecideDialog</name>
    <message>
        <source>A computer of a delegation has signed two different histories.</source>
        <translation>Компьютер одной из делегаций подписал две разные истории.</translation>
    </message>
    <message>
        <source>A laptop of {0} has two histories; its own delegation may say alone which one stands.</source>
        <translation>У ноутбука делегации {0} две истории; какая из них действует, может решить одна только его делегация.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Continuation {0}</source>
        <translation>Продолжение {0}</translation>
    </message>
    <message>
        <source>Delegation that holds the pen from here on</source>
        <translation>Делегация, которая держит перо с этого места</translation>
    </message>
    <message>
        <source>Give it the pen</source>
        <translation>Передать ей перо</translation>
    </message>
    <message>
        <source>History {0}</source>
        <translation>История {0}</translation>
    </message>
    <message>
        <source>How this text goes on</source>
        <translation>Как продолжается этот текст</translation>
    </message>
    <message>
        <source>It changes no words.</source>
        <translation>Слов это не изменяет.</translation>
    </message>
    <message>
        <source>Or the pen goes to</source>
        <translation>Или перо переходит к</translation>
    </message>
    <message>
        <source>Reason, which everybody in the room reads</source>
        <translation>Причина, которую читает каждый в комнате</translation>
    </message>
    <message>
        <source>Said by nobody yet, {1} are needed.</source>
        <translation>Пока никто не высказался; требуется: {1}.</translation>
    </message>
    <message>
        <source>Said by {0}, {1} are needed.</source>
        <translation>Высказались: {0}; требуется: {1}.</translation>
    </message>
    <message>
        <source>The pen to {0}: said by {1}, {2} are needed.</source>
        <translation>Перо переходит к {0}: высказались {1}; требуется: {2}.</translation>
    </message>
    <message>
        <source>This one stands</source>
        <translation>Действует это</translation>
    </message>
    <message>
        <source>This text is not frozen.</source>
        <translation>Этот текст не заморожен.</translation>
    </message>
    <message>
        <source>{0} stands</source>
        <translation>Действует {0}</translation>
    </message>
</context>
<context>
    <name>Deciding</name>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Your delegation has said so; it leaves with the next exchange.</source>
        <translation>Ваша делегация высказалась; это уйдет при следующем обмене.</translation>
    </message>
</context>
<context>
    <name>DefineDialog</name>
    <message>
        <source>A register is a text file (TOML): its fields, their choices, its views. Every laptop of your delegation gets it. A file with the name of one you added before renews it; its rows stay.</source>
        <translation>Реестр — это текстовый файл (TOML): его поля, варианты значений, виды. Его получает каждый ноутбук вашей делегации. Файл с названием ранее добавленного реестра обновляет его; строки остаются.</translation>
    </message>
    <message>
        <source>Add a register</source>
        <translation>Добавить реестр</translation>
    </message>
    <message>
        <source>Add a register from a file</source>
        <translation>Добавить реестр из файла</translation>
    </message>
    <message>
        <source>Choose the file…</source>
        <translation>Выбрать файл…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Definitions (*.toml)</source>
        <translation>Определения (*.toml)</translation>
    </message>
    <message>
        <source>the file is not text in UTF-8</source>
        <translation>файл не является текстом в UTF-8</translation>
    </message>
</context>
<context>
    <name>DelegationPage</name>
    <message>
        <source>A code is two or three Latin letters, such as XA.</source>
        <translation>Код состоит из двух или трех латинских букв, например XA.</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Код</translation>
    </message>
    <message>
        <source>Join our delegation: another laptop of ours already has Valise</source>
        <translation>Присоединиться к нашей делегации: на другом нашем ноутбуке Valise уже есть</translation>
    </message>
    <message>
        <source>Name of the delegation</source>
        <translation>Название делегации</translation>
    </message>
    <message>
        <source>Off: the unlock page shows nothing about whose vault this is.</source>
        <translation>Выключено: страница разблокировки не показывает, чье это хранилище.</translation>
    </message>
    <message>
        <source>Officer</source>
        <translation>Сотрудник</translation>
    </message>
    <message>
        <source>Our delegation is new to Valise</source>
        <translation>Наша делегация впервые использует Valise</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Должность</translation>
    </message>
    <message>
        <source>Show the delegation&apos;s name on the unlock page</source>
        <translation>Показывать название делегации на странице разблокировки</translation>
    </message>
    <message>
        <source>This makes a vault on this laptop. Nothing is registered anywhere and nothing is sent.</source>
        <translation>На этом ноутбуке создается хранилище. Нигде ничего не регистрируется и ничего не отправляется.</translation>
    </message>
    <message>
        <source>Your delegation</source>
        <translation>Ваша делегация</translation>
    </message>
    <message>
        <source>as others should see it</source>
        <translation>каким его должны видеть другие</translation>
    </message>
    <message>
        <source>for example: Delegate, Legal adviser</source>
        <translation>например: делегат, юрисконсульт</translation>
    </message>
    <message>
        <source>two or three letters, as on the name plate</source>
        <translation>две или три буквы, как на табличке с названием</translation>
    </message>
    <message>
        <source>who works on this laptop</source>
        <translation>кто работает на этом ноутбуке</translation>
    </message>
</context>
<context>
    <name>DelegationRow</name>
    <message>
        <source>Somebody who takes this laptop and its passphrase can also open what this laptop was sent from there since {0}.</source>
        <translation>Тот, кто возьмет этот ноутбук и парольную фразу, сможет открыть и то, что было отправлено этому ноутбуку оттуда с {0}.</translation>
    </message>
    <message>
        <source>What is replaced by now is destroyed by {0}.</source>
        <translation>Замененное к настоящему времени уничтожается до {0}.</translation>
    </message>
    <message>
        <source>{0}: nothing exchanged yet.</source>
        <translation>{0}: обмена еще не было.</translation>
    </message>
    <message>
        <source>{0}: under both systems since {1}; last moved on {2}.</source>
        <translation>{0}: обе системы с {1}; последняя смена {2}.</translation>
    </message>
    <message>
        <source>{0}: under both systems since {1}; no answer to a newer key yet.</source>
        <translation>{0}: обе системы с {1}; ответа на более новый ключ еще нет.</translation>
    </message>
</context>
<context>
    <name>DelegationsPane</name>
    <message>
        <source>Arrows move; Enter or the menu key chooses the way; A, R, F and C choose it at once</source>
        <translation>Стрелки — перемещение; Enter или клавиша меню — выбор пути; A, R, F и C выбирают его сразу</translation>
    </message>
    <message>
        <source>Choose the way for this delegation</source>
        <translation>Выбрать путь для этой делегации</translation>
    </message>
    <message>
        <source>Choose the way…</source>
        <translation>Выбрать путь…</translation>
    </message>
    <message>
        <source>Delegation</source>
        <translation>Делегация</translation>
    </message>
    <message>
        <source>Go to Contacts</source>
        <translation>Перейти к контактам</translation>
    </message>
    <message>
        <source>How each delegation is reached</source>
        <translation>Путь обмена с каждой делегацией</translation>
    </message>
    <message>
        <source>Last heard</source>
        <translation>Последняя связь</translation>
    </message>
    <message>
        <source>Make a bundle…</source>
        <translation>Подготовить пакет…</translation>
    </message>
    <message>
        <source>Next step</source>
        <translation>Следующий шаг</translation>
    </message>
    <message>
        <source>Open an identity card under Contacts; then it stands here how that delegation is reached.</source>
        <translation>Откройте карточку делегации в разделе «Контакты»; тогда здесь будет указано, как до этой делегации доходит обмен.</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Ожидает</translation>
    </message>
    <message>
        <source>Way</source>
        <translation>Путь</translation>
    </message>
    <message>
        <source>Way for {0}</source>
        <translation>Путь для: {0}</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Почему</translation>
    </message>
    <message>
        <source>You know no delegation yet</source>
        <translation>Вам пока не известна ни одна делегация</translation>
    </message>
    <message>
        <source>our other laptops</source>
        <translation>наши другие ноутбуки</translation>
    </message>
    <message>
        <source>since {0}</source>
        <translation>с {0}</translation>
    </message>
</context>
<context>
    <name>DeliveryPane</name>
    <message>
        <source>Acknowledged by you {time}</source>
        <translation>Подтверждено вами {time}</translation>
    </message>
    <message>
        <source>Choose a message to see what became of it.</source>
        <translation>Выберите сообщение, чтобы увидеть, что с ним стало.</translation>
    </message>
    <message>
        <source>Delivery</source>
        <translation>Доставка</translation>
    </message>
    <message>
        <source>Delivery to each device</source>
        <translation>Доставка на каждый ноутбук</translation>
    </message>
    <message>
        <source>Received here {time}</source>
        <translation>Получено здесь {time}</translation>
    </message>
    <message>
        <source>Sent {time}</source>
        <translation>Отправлено {time}</translation>
    </message>
</context>
<context>
    <name>DestroyDialog</name>
    <message>
        <source>Also destroy the delegation&apos;s key file, which still lies beside the vault</source>
        <translation>Уничтожить также файл ключа делегации, который всё еще находится рядом с хранилищем</translation>
    </message>
    <message>
        <source>Destroy it</source>
        <translation>Уничтожить</translation>
    </message>
    <message>
        <source>Destroy this vault</source>
        <translation>Уничтожить это хранилище</translation>
    </message>
    <message>
        <source>Everything in this vault on this laptop is gone for good. No passphrase and no recovery share opens it any more.</source>
        <translation>Всё, что есть в этом хранилище на этом ноутбуке, исчезает навсегда. Его больше не откроет ни одна парольная фраза и ни одна доля восстановления.</translation>
    </message>
    <message>
        <source>The keys are overwritten before the files are removed. The storage of a laptop or stick may keep old blocks for a while; what is in them is sealed under the keys that are gone.</source>
        <translation>Прежде чем файлы убираются, ключи перезаписываются. Накопитель ноутбука или USB-накопитель может некоторое время хранить старые блоки; то, что в них находится, запечатано ключами, которых больше нет.</translation>
    </message>
    <message>
        <source>There is no backup of this vault.</source>
        <translation>Резервной копии этого хранилища нет.</translation>
    </message>
    <message>
        <source>Type the code of your delegation, {0}, to confirm</source>
        <translation>Для подтверждения введите код вашей делегации, {0}</translation>
    </message>
    <message>
        <source>What remains: your backups, your other laptops, the key file and its shares where they are kept, and what the other delegations hold. They are not told; have this laptop revoked.</source>
        <translation>Что остается: ваши резервные копии, другие ваши ноутбуки, файл ключа и его доли там, где они хранятся, и то, что есть у других делегаций. Им не сообщается; позаботьтесь о том, чтобы допуск этого ноутбука был аннулирован.</translation>
    </message>
    <message>
        <source>Without it and without its shares no laptop can ever be admitted again.</source>
        <translation>Без него и без его долей никогда больше нельзя будет допустить ни один ноутбук.</translation>
    </message>
</context>
<context>
    <name>Detail</name>
    <message>
        <source>Accept the new</source>
        <translation>Принять новое</translation>
    </message>
    <message>
        <source>Accept the new identity of {who}?</source>
        <translation>Принять новое удостоверение ({who})?</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>Отпечаток</translation>
    </message>
    <message>
        <source>Held here:</source>
        <translation>Имеется здесь:</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Сохранить</translation>
    </message>
    <message>
        <source>Keep stopped</source>
        <translation>Не возобновлять</translation>
    </message>
    <message>
        <source>Keep the identity of {who} that you have?</source>
        <translation>Оставить имеющееся у вас удостоверение ({who})?</translation>
    </message>
    <message>
        <source>Keep the old</source>
        <translation>Оставить прежнее</translation>
    </message>
    <message>
        <source>Keep the old identity of {who}?</source>
        <translation>Оставить прежнее удостоверение ({who})?</translation>
    </message>
    <message>
        <source>Keep the one we have…</source>
        <translation>Оставить имеющееся…</translation>
    </message>
    <message>
        <source>Laptops</source>
        <translation>Ноутбуки</translation>
    </message>
    <message>
        <source>No laptop is known yet.</source>
        <translation>Пока не известно ни одного ноутбука.</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>Отправлять снова</translation>
    </message>
    <message>
        <source>Send again…</source>
        <translation>Отправлять снова…</translation>
    </message>
    <message>
        <source>Send to {who} again?</source>
        <translation>Отправлять снова? Получатель: {who}</translation>
    </message>
    <message>
        <source>Sending goes on, sealed to the new keys. Trust falls to “not verified yet”: compare the safety number next.</source>
        <translation>Отправка продолжается, данные запечатываются новыми ключами. Уровень доверия понижается до «еще не проверено»: следующим шагом сверьте номер безопасности.</translation>
    </message>
    <message>
        <source>Sending goes on. The custodian&apos;s word is kept in the history and asked about no more.</source>
        <translation>Отправка продолжается. Слово поручителя остается в истории, и вопрос о нем больше не задается.</translation>
    </message>
    <message>
        <source>The new card is set aside and sending goes on, sealed to the keys you know.</source>
        <translation>Новая карточка отложена, отправка продолжается, данные запечатываются известными вам ключами.</translation>
    </message>
    <message>
        <source>The whole fingerprint of the delegation&apos;s root key, for comparing in writing.</source>
        <translation>Полный отпечаток корневого ключа делегации для сверки в письменном виде.</translation>
    </message>
    <message>
        <source>Trust falls to “not verified yet”. If somebody stands between you, they read what you send.</source>
        <translation>Уровень доверия понижается до «еще не проверено». Если кто-то стоит между вами, он читает то, что вы отправляете.</translation>
    </message>
    <message>
        <source>Verify again…</source>
        <translation>Проверить еще раз…</translation>
    </message>
    <message>
        <source>Verify {who}</source>
        <translation>Проверить: {who}</translation>
    </message>
    <message>
        <source>Verify…</source>
        <translation>Проверить…</translation>
    </message>
    <message>
        <source>Vouch for {who}</source>
        <translation>Поручиться: {who}</translation>
    </message>
    <message>
        <source>Vouch…</source>
        <translation>Поручиться…</translation>
    </message>
    <message>
        <source>What changed, and since when</source>
        <translation>Что изменилось и с какого времени</translation>
    </message>
    <message>
        <source>{said} Since {date}.</source>
        <translation>{said} С {date}.</translation>
    </message>
    <message>
        <source>{who} vouches for this one, since {date}:</source>
        <translation>Поручительство за это удостоверение: {who}, с {date}:</translation>
    </message>
</context>
<context>
    <name>DirectoryPage</name>
    <message>
        <source>All categories</source>
        <translation>Все категории</translation>
    </message>
    <message>
        <source>All entries</source>
        <translation>Все записи</translation>
    </message>
    <message>
        <source>Asked of us</source>
        <translation>Вопросы к нам</translation>
    </message>
    <message>
        <source>Asked of us ({n})</source>
        <translation>Вопросы к нам ({n})</translation>
    </message>
    <message>
        <source>Enter a point of contact…</source>
        <translation>Внести контактный пункт…</translation>
    </message>
    <message>
        <source>Enter one, or import contact cards. A role before a person: it stays when people move on.</source>
        <translation>Внесите контактный пункт или импортируйте карточки контактов. Лучше указать должность, чем лицо: она остается, когда люди меняют работу.</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>Запись</translation>
    </message>
    <message>
        <source>Find a State, a role, an office, a language</source>
        <translation>Государство, пост, ведомство, язык</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>Требует внимания</translation>
    </message>
    <message>
        <source>New point of contact</source>
        <translation>Новый контактный пункт</translation>
    </message>
    <message>
        <source>New point of contact (Ctrl+N)</source>
        <translation>Новый контактный пункт (Ctrl+N)</translation>
    </message>
    <message>
        <source>No point of contact yet</source>
        <translation>Контактных пунктов пока нет</translation>
    </message>
    <message>
        <source>Ping rounds</source>
        <translation>Раунды проверки связи</translation>
    </message>
    <message>
        <source>Points of contact</source>
        <translation>Контактные пункты</translation>
    </message>
    <message>
        <source>Reachability</source>
        <translation>Доступность</translation>
    </message>
    <message>
        <source>What is shown beside</source>
        <translation>Что показывать рядом</translation>
    </message>
</context>
<context>
    <name>DispositionList</name>
    <message>
        <source>Choose…</source>
        <translation>Выбрать…</translation>
    </message>
    <message>
        <source>Kept as alternative</source>
        <translation>Сохранена как альтернатива</translation>
    </message>
    <message>
        <source>Nobody&apos;s words are lost: say what becomes of each amendment.</source>
        <translation>Ничьи слова не теряются: укажите, что становится с каждой поправкой.</translation>
    </message>
    <message>
        <source>Not taken</source>
        <translation>Не принята</translation>
    </message>
    <message>
        <source>Replaced by these words</source>
        <translation>Заменена этими словами</translation>
    </message>
    <message>
        <source>Stays open, carried over</source>
        <translation>Остается открытой, перенесена</translation>
    </message>
    <message>
        <source>Taken as it stands</source>
        <translation>Принята без изменений</translation>
    </message>
    <message>
        <source>Taken with changes</source>
        <translation>Принята с изменениями</translation>
    </message>
    <message>
        <source>What becomes of {0} by {1}</source>
        <translation>Что становится с {0}; автор: {1}</translation>
    </message>
</context>
<context>
    <name>DocumentsPane</name>
    <message>
        <source>By language</source>
        <translation>По языку</translation>
    </message>
    <message>
        <source>By symbol</source>
        <translation>По обозначению</translation>
    </message>
    <message>
        <source>By title</source>
        <translation>По названию</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>Документы</translation>
    </message>
    <message>
        <source>Enter shows the document</source>
        <translation>Enter показывает документ</translation>
    </message>
    <message>
        <source>Imported last</source>
        <translation>По времени импорта</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Сначала новые</translation>
    </message>
    <message>
        <source>Order of the documents</source>
        <translation>Порядок документов</translation>
    </message>
    <message>
        <source>Symbol, title or language</source>
        <translation>Обозначение или название</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} из {1}</translation>
    </message>
</context>
<context>
    <name>Doing</name>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Caps Lock seems to be on.</source>
        <translation>Похоже, включен Caps Lock.</translation>
    </message>
</context>
<context>
    <name>DropDialog</name>
    <message>
        <source>Stop using it</source>
        <translation>Прекратить</translation>
    </message>
    <message>
        <source>Stop using the folder</source>
        <translation>Прекращение использования папки</translation>
    </message>
    <message>
        <source>What waits here is kept and goes another way. The sealed envelopes in the folder stay there.</source>
        <translation>То, что ожидает здесь, сохраняется и уходит другим путем. Запечатанные конверты в папке остаются в ней.</translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message>
        <source>Choose a document</source>
        <translation>Выберите документ</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>Выбрать файл…</translation>
    </message>
    <message>
        <source>Drop a document here (Word, UN XML, text), or choose one</source>
        <translation>Перетащите сюда документ (Word, UN XML, текст) или выберите его</translation>
    </message>
    <message>
        <source>Texts (*.docx *.xml *.akn *.md *.txt *.text *.html *.htm *.pdf);;All files (*)</source>
        <translation>Тексты (*.docx *.xml *.akn *.md *.txt *.text *.html *.htm *.pdf);;Все файлы (*)</translation>
    </message>
</context>
<context>
    <name>Editor</name>
    <message>
        <source>{0}, required</source>
        <translation>{0}, обязательно</translation>
    </message>
</context>
<context>
    <name>EnrolPage</name>
    <message>
        <source>Carry its request to your delegation&apos;s first laptop, and open the answer here.</source>
        <translation>Отнесите его запрос к первому ноутбуку вашей делегации и откройте ответ здесь.</translation>
    </message>
    <message>
        <source>Choose the answer…</source>
        <translation>Выбрать ответ…</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>Завершить</translation>
    </message>
    <message>
        <source>Open the answer</source>
        <translation>Открыть ответ</translation>
    </message>
    <message>
        <source>Passphrase of this laptop</source>
        <translation>Парольная фраза этого ноутбука</translation>
    </message>
    <message>
        <source>Save the request</source>
        <translation>Сохранить запрос</translation>
    </message>
    <message>
        <source>Save the request again…</source>
        <translation>Сохранить запрос еще раз…</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>Сохранено в файл {0}</translation>
    </message>
    <message>
        <source>Show the check code</source>
        <translation>Показать проверочный код</translation>
    </message>
    <message>
        <source>This laptop waits to be admitted</source>
        <translation>Этот ноутбук ожидает допуска</translation>
    </message>
    <message>
        <source>Type the passphrase of this laptop first; the request is kept in its vault.</source>
        <translation>Сначала введите парольную фразу этого ноутбука; запрос хранится в его хранилище.</translation>
    </message>
    <message>
        <source>Waiting to be admitted</source>
        <translation>Ожидание допуска</translation>
    </message>
</context>
<context>
    <name>EntryDetail</name>
    <message>
        <source>Card…</source>
        <translation>Карточка…</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>Изменить…</translation>
    </message>
    <message>
        <source>Copy: {what}</source>
        <translation>Скопировать: {what}</translation>
    </message>
    <message>
        <source>Entered or changed {when} by {who}</source>
        <translation>Внесено или изменено {when}: {who}</translation>
    </message>
    <message>
        <source>How to reach it</source>
        <translation>Как связаться</translation>
    </message>
    <message>
        <source>Its review was due {when}.</source>
        <translation>Срок пересмотра истек {when}.</translation>
    </message>
    <message>
        <source>Last confirmed: {when}</source>
        <translation>Последнее подтверждение: {when}</translation>
    </message>
    <message>
        <source>Memberships of the State</source>
        <translation>Членство государства</translation>
    </message>
    <message>
        <source>No round has asked this contact yet.</source>
        <translation>Ни в одном раунде этот контакт еще не опрашивали.</translation>
    </message>
    <message>
        <source>Note verbale…</source>
        <translation>Вербальная нота…</translation>
    </message>
    <message>
        <source>Ping rounds</source>
        <translation>Раунды проверки связи</translation>
    </message>
    <message>
        <source>Show the round {title}</source>
        <translation>Показать раунд {title}</translation>
    </message>
    <message>
        <source>This entry names a person only: it ends when the person moves on. Prefer a role.</source>
        <translation>В этой записи указано только лицо: она теряет силу, когда это лицо меняет работу. Предпочтительнее указать должность.</translation>
    </message>
    <message>
        <source>Two laptops of your delegation say different things in this entry. Change it to settle that.</source>
        <translation>Два ноутбука вашей делегации указывают в этой записи разное. Чтобы устранить расхождение, измените ее.</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>Что это такое</translation>
    </message>
    <message>
        <source>Where this comes from</source>
        <translation>Откуда эти сведения</translation>
    </message>
    <message>
        <source>asked at {clock} there</source>
        <translation>запрошено, местное время там {clock}</translation>
    </message>
</context>
<context>
    <name>EventCard</name>
    <message>
        <source>Put back</source>
        <translation>Вернуть</translation>
    </message>
    <message>
        <source>Taken out</source>
        <translation>Исключено</translation>
    </message>
    <message>
        <source>Undo: {0}</source>
        <translation>Отменить: {0}</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>ничего</translation>
    </message>
    <message>
        <source>{0} (undone)</source>
        <translation>{0} (отменено)</translation>
    </message>
</context>
<context>
    <name>Evidence</name>
    <message>
        <source>A file</source>
        <translation>Файл</translation>
    </message>
    <message>
        <source>A file that is not here yet</source>
        <translation>Файл, которого здесь еще нет</translation>
    </message>
    <message>
        <source>Add a file as evidence</source>
        <translation>Добавить файл как подтверждающий материал</translation>
    </message>
    <message>
        <source>Save a copy; outside the vault it is not protected</source>
        <translation>Сохранить копию; вне хранилища она не защищена</translation>
    </message>
</context>
<context>
    <name>EvidenceEditor</name>
    <message>
        <source>A file</source>
        <translation>Файл</translation>
    </message>
    <message>
        <source>Add a file…</source>
        <translation>Добавить файл…</translation>
    </message>
    <message>
        <source>Save a copy of {0}</source>
        <translation>Сохранить копию {0}</translation>
    </message>
    <message>
        <source>{0}: add a file</source>
        <translation>{0}: добавить файл</translation>
    </message>
</context>
<context>
    <name>EvidenceSection</name>
    <message>
        <source>A file that proves to anybody who said what: texts, amendments, positions, revisions, joint statements, and messages sent for the record. The conversation is signed for nobody and is never in it; neither are your internal notes.</source>
        <translation>Файл, который доказывает кому угодно, кто что сказал: тексты, поправки, позиции, редакции, совместные заявления и сообщения, отправленные для протокола. Переписка ни для кого не подписана и никогда в него не входит; не входят и ваши внутренние заметки.</translation>
    </message>
    <message>
        <source>Any evidence file, also of talks you took no part in. It is read by a process that holds no keys. Outside Valise the command valise verify does the same.</source>
        <translation>Любой файл доказательств, в том числе о переговорах, в которых вы не участвовали. Его читает процесс, у которого нет ключей. Вне Valise то же самое делает команда valise verify.</translation>
    </message>
    <message>
        <source>Check a file</source>
        <translation>Проверка файла</translation>
    </message>
    <message>
        <source>Check a file…</source>
        <translation>Проверить файл…</translation>
    </message>
    <message>
        <source>Check an evidence file</source>
        <translation>Проверить файл доказательств</translation>
    </message>
    <message>
        <source>Evidence (*{0});;All files (*)</source>
        <translation>Доказательства (*{0});;Все файлы (*)</translation>
    </message>
    <message>
        <source>I want an archive of our own internal notes. I will hand it to nobody.</source>
        <translation>Мне нужен архив наших собственных внутренних заметок. Я никому его не передам.</translation>
    </message>
    <message>
        <source>Internal room</source>
        <translation>Внутренняя комната</translation>
    </message>
    <message>
        <source>It holds messages with a marking ({0}): see that you may pass them on.</source>
        <translation>В нем есть сообщения с пометкой ({0}): убедитесь, что вам разрешено их передавать.</translation>
    </message>
    <message>
        <source>It holds what was said of other delegations&apos; identities ({0}).</source>
        <translation>В нем есть сказанное об удостоверениях других делегаций ({0}).</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>Комната</translation>
    </message>
    <message>
        <source>Save as evidence…</source>
        <translation>Сохранить как доказательство…</translation>
    </message>
    <message>
        <source>Save the record as evidence</source>
        <translation>Сохранить протокол как доказательство</translation>
    </message>
    <message>
        <source>Saved as {0}, read back and sound: {1} entries. SHA-256 of the file: {2}</source>
        <translation>Сохранено в файл {0}, прочитано обратно, файл исправен: записей {1}. SHA-256 файла: {2}</translation>
    </message>
    <message>
        <source>The record of a room, for others</source>
        <translation>Протокол комнаты, для других</translation>
    </message>
    <message>
        <source>There is no room yet. Open one in Messages; its record can be written here.</source>
        <translation>Комнат пока нет. Откройте комнату в разделе «Сообщения»; ее протокол можно записать здесь.</translation>
    </message>
    <message>
        <source>These are your delegation&apos;s own notes and red lines. The file says so in its first line.</source>
        <translation>Это собственные заметки и красные линии вашей делегации. Об этом говорится в первой строке файла.</translation>
    </message>
    <message>
        <source>Whoever gets the file can read all of it, with the names of these delegations and officers, and pass it on.</source>
        <translation>Тот, кто получит файл, может прочитать его целиком, с названиями этих делегаций и именами сотрудников, и передать его дальше.</translation>
    </message>
    <message>
        <source>own archive only</source>
        <translation>только собственный архив</translation>
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
        <translation>Обмен</translation>
    </message>
    <message>
        <source>Sealed envelopes travel through a relay, a shared folder, or by courier on a stick. Whoever looks after one of these sees only sealed envelopes, their sizes and times.</source>
        <translation>Запечатанные конверты передаются через ретранслятор, общую папку или с курьером на USB-накопителе. Тот, кто обслуживает любой из этих путей, видит только запечатанные конверты, их размер и время.</translation>
    </message>
    <message>
        <source>Ways of exchange…</source>
        <translation>Пути обмена…</translation>
    </message>
</context>
<context>
    <name>ExchangePage</name>
    <message>
        <source>Change…</source>
        <translation>Изменить…</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Выбрать папку…</translation>
    </message>
    <message>
        <source>Choose the exchange folder</source>
        <translation>Выбрать папку обмена</translation>
    </message>
    <message>
        <source>Correspondents with whom you share a bilateral room are sent permission to write, sealed.</source>
        <translation>Партнерам по обмену, с которыми у вас есть двусторонняя комната, разрешение писать отправляется в запечатанном виде.</translation>
    </message>
    <message>
        <source>Delegations and permissions</source>
        <translation>Делегации и разрешения</translation>
    </message>
    <message>
        <source>Hand your card with permission to those with whom you do not exchange yet.</source>
        <translation>Тем, с кем вы еще не ведете обмен, передайте вашу карточку с разрешением.</translation>
    </message>
    <message>
        <source>How each is reached</source>
        <translation>Путь к каждой делегации</translation>
    </message>
    <message>
        <source>Leave…</source>
        <translation>Отказаться…</translation>
    </message>
    <message>
        <source>Make a bundle…</source>
        <translation>Подготовить пакет…</translation>
    </message>
    <message>
        <source>Open bundles…</source>
        <translation>Открыть пакеты…</translation>
    </message>
    <message>
        <source>Open the new file…</source>
        <translation>Открыть новый файл…</translation>
    </message>
    <message>
        <source>Save the revocations…</source>
        <translation>Сохранить аннулирования…</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>Stop…</source>
        <translation>Прекратить…</translation>
    </message>
    <message>
        <source>Take it by courier…</source>
        <translation>Передать курьером…</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Проверить</translation>
    </message>
    <message>
        <source>The folder is in use from now on.</source>
        <translation>С этого момента используется папка.</translation>
    </message>
    <message>
        <source>The folder is no longer used.</source>
        <translation>Папка больше не используется.</translation>
    </message>
    <message>
        <source>The relay is no longer used.</source>
        <translation>Ретранслятор больше не используется.</translation>
    </message>
    <message>
        <source>This laptop uses the relay {0} from now on.</source>
        <translation>С этого момента этот ноутбук использует ретранслятор {0}.</translation>
    </message>
    <message>
        <source>Ways of exchange</source>
        <translation>Пути обмена</translation>
    </message>
    <message>
        <source>What waits here is kept.</source>
        <translation>То, что ожидает здесь, сохраняется.</translation>
    </message>
    <message>
        <source>What waits is kept. You can take it by courier.</source>
        <translation>Ожидающее сохраняется. Его можно передать курьером.</translation>
    </message>
    <message>
        <source>Where we may write</source>
        <translation>Куда мы можем писать</translation>
    </message>
    <message>
        <source>Who may write to us</source>
        <translation>Кто может писать нам</translation>
    </message>
</context>
<context>
    <name>ExerciseBanner</name>
    <message>
        <source>This is an exercise. Nothing of it is real.</source>
        <translation>Это учения. Ничего реального здесь нет.</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>A file of this name is there already. What it holds now is lost.</source>
        <translation>Файл с таким именем там уже есть. Его нынешнее содержимое будет утрачено.</translation>
    </message>
    <message>
        <source>A note verbale nominates one entry: choose its row first.</source>
        <translation>Вербальная нота назначает по одной записи: сначала выберите ее строку.</translation>
    </message>
    <message>
        <source>A note verbale nominates the entry one is at. To whom it goes is asked next; it gets the next running number and is entered as sent in the correspondence.</source>
        <translation>Вербальная нота назначает по выбранной записи. Адресат запрашивается следующим шагом; нота получает следующий порядковый номер и вносится в переписку как исходящая.</translation>
    </message>
    <message>
        <source>All rows of this side</source>
        <translation>Все строки этой стороны</translation>
    </message>
    <message>
        <source>Arrows move; Space ticks</source>
        <translation>Стрелки — перемещение; пробел — отметить</translation>
    </message>
    <message>
        <source>As it stands now</source>
        <translation>В нынешнем виде</translation>
    </message>
    <message>
        <source>Built from the room&apos;s record alone: no internal note, no draft, nothing that has not left. Authors are delegations; no officer is named.</source>
        <translation>Составляется только по протоколу комнаты: ни внутренних заметок, ни черновиков, ничего из того, что не было отправлено. Авторы — делегации; сотрудники не называются.</translation>
    </message>
    <message>
        <source>Bundle {0} is ready</source>
        <translation>Пакет {0} готов</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Choose a stick or a folder</source>
        <translation>Выберите накопитель или папку</translation>
    </message>
    <message>
        <source>Choose the stick or folder…</source>
        <translation>Выбрать накопитель или папку…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Delegation</source>
        <translation>Делегация</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Готово</translation>
    </message>
    <message>
        <source>Eject the stick before you take it out. When they have opened it, have a bundle brought back: it confirms what came.</source>
        <translation>Прежде чем извлечь накопитель, отключите его. Когда пакет откроют, пусть вам передадут ответный пакет: он подтверждает, что поступило.</translation>
    </message>
    <message>
        <source>Everything still waits here.</source>
        <translation>Всё по-прежнему ожидает здесь.</translation>
    </message>
    <message>
        <source>Export rows</source>
        <translation>Экспортировать строки</translation>
    </message>
    <message>
        <source>Export the text</source>
        <translation>Экспорт текста</translation>
    </message>
    <message>
        <source>Export the text as a file</source>
        <translation>Экспортировать текст в файл</translation>
    </message>
    <message>
        <source>Export: {0}</source>
        <translation>Экспорт: {0}</translation>
    </message>
    <message>
        <source>For whom</source>
        <translation>Для кого</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>Форма</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Формат</translation>
    </message>
    <message>
        <source>Go on…</source>
        <translation>Далее…</translation>
    </message>
    <message>
        <source>It is for: {0}</source>
        <translation>Кому: {0}</translation>
    </message>
    <message>
        <source>Language of the headings</source>
        <translation>Язык заголовков</translation>
    </message>
    <message>
        <source>Last bundle</source>
        <translation>Последний пакет</translation>
    </message>
    <message>
        <source>Make a bundle for the courier</source>
        <translation>Подготовить пакет для курьера</translation>
    </message>
    <message>
        <source>Make the bundle</source>
        <translation>Подготовить пакет</translation>
    </message>
    <message>
        <source>Marking</source>
        <translation>Пометка</translation>
    </message>
    <message>
        <source>None chosen</source>
        <translation>Не выбрано</translation>
    </message>
    <message>
        <source>Nothing left this device unsealed.</source>
        <translation>Ничто не покинуло этот ноутбук незапечатанным.</translation>
    </message>
    <message>
        <source>One sealed file with what the ticked delegations have not confirmed. Nobody else can open it, and no name stands on it.</source>
        <translation>Один запечатанный файл с тем, что отмеченные делегации не подтвердили. Никто другой не может его открыть, и имен на нем нет.</translation>
    </message>
    <message>
        <source>Open the identity card of a delegation under Contacts first.</source>
        <translation>Сначала откройте карточку какой-либо делегации в разделе «Контакты».</translation>
    </message>
    <message>
        <source>Replace it</source>
        <translation>Заменить</translation>
    </message>
    <message>
        <source>Replace {0}?</source>
        <translation>Заменить {0}?</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Строки</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Сохранить как…</translation>
    </message>
    <message>
        <source>Save the file</source>
        <translation>Сохранить файл</translation>
    </message>
    <message>
        <source>Save the note verbale</source>
        <translation>Сохранить вербальную ноту</translation>
    </message>
    <message>
        <source>Save the rows</source>
        <translation>Сохранить строки</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Остановить</translation>
    </message>
    <message>
        <source>Stopped. No bundle was made.</source>
        <translation>Остановлено. Пакет не подготовлен.</translation>
    </message>
    <message>
        <source>Stopped. No file was written.</source>
        <translation>Остановлено. Файл не записан.</translation>
    </message>
    <message>
        <source>Table (CSV), as it is on the screen</source>
        <translation>Таблица (CSV), как на экране</translation>
    </message>
    <message>
        <source>The file is not encrypted: whoever has it can read it.</source>
        <translation>Файл не зашифрован: прочитать его может каждый, у кого он есть.</translation>
    </message>
    <message>
        <source>The rows shown: {0}</source>
        <translation>Показанные строки: {0}</translation>
    </message>
    <message>
        <source>There is nobody to make a bundle for</source>
        <translation>Подготовить пакет не для кого</translation>
    </message>
    <message>
        <source>These are our own assessments. The file says “internal” in its name; nothing keeps it from being passed on.</source>
        <translation>Это наши собственные оценки. В имени файла стоит «internal»; передать его дальше ничто не мешает.</translation>
    </message>
    <message>
        <source>This format has no changes of its own: brackets show them. To bring a file back, take Word.</source>
        <translation>В этом формате нет собственных средств для изменений: они показаны скобками. Чтобы файл можно было принять обратно, выберите Word.</translation>
    </message>
    <message>
        <source>This format keeps changes and remarks as such: it can be brought back without loss.</source>
        <translation>Этот формат сохраняет изменения и замечания как таковые: файл можно принять обратно без потерь.</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Редакция</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Ожидает</translation>
    </message>
    <message>
        <source>What is in it</source>
        <translation>Что в нем</translation>
    </message>
    <message>
        <source>What is in that file now is lost.</source>
        <translation>Нынешнее содержимое этого файла будет утрачено.</translation>
    </message>
    <message>
        <source>What is in the file</source>
        <translation>Что войдет в файл</translation>
    </message>
    <message>
        <source>What leaves: a card for each entry, without authority, escalation, review, source and status.</source>
        <translation>Что будет передано: карточка для каждой записи, без полномочий, эскалации, пересмотра, источника и состояния.</translation>
    </message>
    <message>
        <source>What leaves: {0}</source>
        <translation>Что будет передано: {0}</translation>
    </message>
    <message>
        <source>Which state of the text</source>
        <translation>Какая редакция текста</translation>
    </message>
    <message>
        <source>Which text</source>
        <translation>Какой текст</translation>
    </message>
    <message>
        <source>Written as {0} and entered as sent under number {1}.</source>
        <translation>Записано в файл {0} и внесено как исходящее под номером {1}.</translation>
    </message>
    <message>
        <source>Written: {0}, to {1}</source>
        <translation>Записано: {0}, в {1}</translation>
    </message>
    <message>
        <source>as it stands</source>
        <translation>в нынешнем виде</translation>
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
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Everybody is told. Who has broken the silence already need not do so again.</source>
        <translation>Об этом сообщается всем. Тем, кто уже заявил возражение, повторять его не нужно.</translation>
    </message>
    <message>
        <source>Extend</source>
        <translation>Продлить</translation>
    </message>
    <message>
        <source>Extend the deadline</source>
        <translation>Продлить срок</translation>
    </message>
    <message>
        <source>In force on {0}: {1}</source>
        <translation>Действует для {0}: {1}</translation>
    </message>
</context>
<context>
    <name>EyePane</name>
    <message>
        <source>Digits: {digits}</source>
        <translation>Цифры: {digits}</translation>
    </message>
    <message>
        <source>Read the words or the digits to each other, face to face or over a line where you know the voice. Both sides see the same. Valise never sends them.</source>
        <translation>Прочитайте слова или цифры друг другу, лицом к лицу или по линии связи, где вам знаком голос. Обе стороны видят одно и то же. Valise никогда их не отправляет.</translation>
    </message>
    <message>
        <source>They differ</source>
        <translation>Отличаются</translation>
    </message>
    <message>
        <source>They match</source>
        <translation>Совпадают</translation>
    </message>
    <message>
        <source>Words: {words}</source>
        <translation>Слова: {words}</translation>
    </message>
</context>
<context>
    <name>FieldLine</name>
    <message>
        <source>Settle…</source>
        <translation>Устранить…</translation>
    </message>
    <message>
        <source>{0} Different values stand</source>
        <translation>{0} Стоят разные значения</translation>
    </message>
    <message>
        <source>{0} This is not what the field asks for</source>
        <translation>{0} Это не то, что требует поле</translation>
    </message>
    <message>
        <source>{0}: settle which value stands</source>
        <translation>{0}: выбрать действующее значение</translation>
    </message>
</context>
<context>
    <name>FileChoice</name>
    <message>
        <source>None chosen</source>
        <translation>Не выбрано</translation>
    </message>
</context>
<context>
    <name>FileTray</name>
    <message>
        <source>file attached earlier</source>
        <translation>файл, приложенный ранее</translation>
    </message>
    <message>
        <source>sealing</source>
        <translation>запечатывается</translation>
    </message>
</context>
<context>
    <name>FilesBench</name>
    <message>
        <source>A second officer of your delegation releases them, paragraph by paragraph.</source>
        <translation>Их отправку разрешает второй сотрудник вашей делегации, по каждому пункту.</translation>
    </message>
    <message>
        <source>Copied with brackets and attributions: {0}.</source>
        <translation>Скопировано со скобками и указанием авторов: {0}.</translation>
    </message>
    <message>
        <source>It is not encrypted: whoever has the file can read it.</source>
        <translation>Файл не зашифрован: прочитать его может каждый, у кого он есть.</translation>
    </message>
    <message>
        <source>Proposals from the file that wait: {0}.</source>
        <translation>Предложения из файла, которые ожидают: {0}.</translation>
    </message>
    <message>
        <source>Proposed from the file: {0}.</source>
        <translation>Предложено из файла: {0}.</translation>
    </message>
    <message>
        <source>Remarks stay: they cannot be taken back.</source>
        <translation>Замечания остаются: взять их назад нельзя.</translation>
    </message>
    <message>
        <source>Remarks to the room: {0}.</source>
        <translation>Замечания для комнаты: {0}.</translation>
    </message>
    <message>
        <source>Saved: {0}.</source>
        <translation>Сохранено: {0}.</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Взять назад</translation>
    </message>
    <message>
        <source>Taken back.</source>
        <translation>Взято назад.</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>Буфер обмена будет очищен через десять секунд.</translation>
    </message>
    <message>
        <source>They leave with the next exchange.</source>
        <translation>Они уйдут при следующем обмене.</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Filter by what fields say (Ctrl+Shift+F)</source>
        <translation>Фильтр по значениям полей (Ctrl+Shift+F)</translation>
    </message>
    <message>
        <source>Filters under a name</source>
        <translation>Фильтры под названием</translation>
    </message>
    <message>
        <source>Keep this filter…</source>
        <translation>Сохранить этот фильтр…</translation>
    </message>
    <message>
        <source>Kept filters</source>
        <translation>Сохраненные фильтры</translation>
    </message>
    <message>
        <source>Only rows where different values stand</source>
        <translation>Только строки с разными значениями</translation>
    </message>
    <message>
        <source>Only rows whose review is due</source>
        <translation>Только строки, подлежащие пересмотру</translation>
    </message>
    <message>
        <source>Rows that were taken out, instead of those that stand</source>
        <translation>Исключенные строки вместо действующих</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>Исключить</translation>
    </message>
    <message>
        <source>Take this filter away</source>
        <translation>Снять этот фильтр</translation>
    </message>
    <message>
        <source>Take this filter away: {0}</source>
        <translation>Снять этот фильтр: {0}</translation>
    </message>
    <message>
        <source>Taken out</source>
        <translation>Исключено</translation>
    </message>
    <message>
        <source>Words in any field</source>
        <translation>Слова в любом поле</translation>
    </message>
    <message>
        <source>{0} Differences</source>
        <translation>{0} Расхождения</translation>
    </message>
    <message>
        <source>{0} Review due</source>
        <translation>{0} Подлежит пересмотру</translation>
    </message>
</context>
<context>
    <name>FilterDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Фильтр</translation>
    </message>
    <message>
        <source>Filter by</source>
        <translation>Фильтр по</translation>
    </message>
    <message>
        <source>Nothing entered</source>
        <translation>Не заполнено</translation>
    </message>
    <message>
        <source>Possible values</source>
        <translation>Возможные значения</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Показать</translation>
    </message>
    <message>
        <source>Show rows with</source>
        <translation>Показать строки со значением</translation>
    </message>
    <message>
        <source>Space ticks</source>
        <translation>Пробел — отметить</translation>
    </message>
    <message>
        <source>Take all ticks away</source>
        <translation>Снять все отметки</translation>
    </message>
    <message>
        <source>{0}, ticked: {1}</source>
        <translation>{0}, отмечено: {1}</translation>
    </message>
</context>
<context>
    <name>Fingerprint</name>
    <message>
        <source>Fingerprint: {digits}</source>
        <translation>Отпечаток: {digits}</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>Back</source>
        <translation>Назад</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Продолжить</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Готово</translation>
    </message>
    <message>
        <source>First run</source>
        <translation>Первый запуск</translation>
    </message>
    <message>
        <source>I have a backup…</source>
        <translation>У меня есть резервная копия…</translation>
    </message>
    <message>
        <source>Make the vault</source>
        <translation>Создать хранилище</translation>
    </message>
    <message>
        <source>Open the vault</source>
        <translation>Открыть хранилище</translation>
    </message>
    <message>
        <source>Practise first…</source>
        <translation>Сначала потренироваться…</translation>
    </message>
    <message>
        <source>Step {0} of {1}</source>
        <translation>Шаг {0} из {1}</translation>
    </message>
</context>
<context>
    <name>FolderChoice</name>
    <message>
        <source>Choose a stick or a folder</source>
        <translation>Выберите накопитель или папку</translation>
    </message>
    <message>
        <source>Choose the place…</source>
        <translation>Выбрать место…</translation>
    </message>
    <message>
        <source>None chosen</source>
        <translation>Не выбрано</translation>
    </message>
</context>
<context>
    <name>FormField</name>
    <message>
        <source>Level</source>
        <translation>Уровень</translation>
    </message>
    <message>
        <source>Name of the scale</source>
        <translation>Название шкалы</translation>
    </message>
    <message>
        <source>Not stated here</source>
        <translation>Здесь не указано</translation>
    </message>
    <message>
        <source>One a line</source>
        <translation>По одному в строке</translation>
    </message>
    <message>
        <source>One a line. {0}</source>
        <translation>По одному в строке. {0}</translation>
    </message>
    <message>
        <source>required</source>
        <translation>обязательно</translation>
    </message>
    <message>
        <source>year-month-day hour:minute</source>
        <translation>год-месяц-день час:минута</translation>
    </message>
    <message>
        <source>{0}, in UTC, for example 2026-12-10 18:00</source>
        <translation>{0}, в UTC, например 2026-12-10 18:00</translation>
    </message>
    <message>
        <source>{0}: level</source>
        <translation>{0}: уровень</translation>
    </message>
    <message>
        <source>{0}: name of the scale</source>
        <translation>{0}: название шкалы</translation>
    </message>
</context>
<context>
    <name>Front</name>
    <message>
        <source>Guide</source>
        <translation>Руководство</translation>
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
        <translation>Компьютер одной из делегаций подписал две разные истории.</translation>
    </message>
    <message>
        <source>Decide…</source>
        <translation>Решить…</translation>
    </message>
    <message>
        <source>Everybody sees the last common state. Nothing is lost and nothing leaks; the delegations decide together how it goes on.</source>
        <translation>Каждый видит последнее общее состояние. Ничего не потеряно, и ничто не утекает; как текст продолжается, делегации решают вместе.</translation>
    </message>
    <message>
        <source>What it sent since then is not counted until its delegation has settled it. Computers concerned: {0}.</source>
        <translation>То, что отправлено с тех пор, не учитывается, пока вопрос не решит эта делегация. Компьютеры, о которых идет речь: {0}.</translation>
    </message>
</context>
<context>
    <name>GiveDialog</name>
    <message>
        <source>Delegation</source>
        <translation>Делегация</translation>
    </message>
    <message>
        <source>Every delegation you know has one already, or sending to it is stopped.</source>
        <translation>У каждой известной вам делегации разрешение уже есть либо отправка ей приостановлена.</translation>
    </message>
    <message>
        <source>Give it</source>
        <translation>Дать</translation>
    </message>
    <message>
        <source>Give permission to write</source>
        <translation>Дать разрешение писать</translation>
    </message>
    <message>
        <source>The delegation can then put sealed envelopes into your mailbox at the relay, and nothing else. The permission is sent to it sealed; it ends by itself and you can take it back.</source>
        <translation>После этого делегация может помещать запечатанные конверты в ваш почтовый ящик на ретрансляторе, и ничего более. Разрешение отправляется ей в запечатанном виде; срок его истекает сам собой, и вы можете взять его назад.</translation>
    </message>
</context>
<context>
    <name>GoTo</name>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Go</source>
        <translation>Перейти</translation>
    </message>
    <message>
        <source>Go to paragraph</source>
        <translation>Перейти к пункту</translation>
    </message>
    <message>
        <source>No paragraph has this number.</source>
        <translation>Пункта с таким номером нет.</translation>
    </message>
    <message>
        <source>Number of the paragraph, for example OP 3 bis</source>
        <translation>Номер пункта, например OP 3 bis</translation>
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
        <translation>Стрелки — перемещение; Delete — аннулировать</translation>
    </message>
    <message>
        <source>Given</source>
        <translation>Дано</translation>
    </message>
    <message>
        <source>How it reached them</source>
        <translation>Как передано</translation>
    </message>
    <message>
        <source>It ends on {0} and renews by itself while you share a room with it alone; you can take it back.</source>
        <translation>Срок истекает {0} и продлевается сам собой, пока у вас есть двусторонняя комната с этой делегацией; разрешение можно взять назад.</translation>
    </message>
    <message>
        <source>It is not saved yet.</source>
        <translation>Еще не сохранено.</translation>
    </message>
    <message>
        <source>No relay, no permissions</source>
        <translation>Нет ретранслятора — нет разрешений</translation>
    </message>
    <message>
        <source>Nobody has a permission yet. Give one, or hand over a card with one.</source>
        <translation>Разрешения пока ни у кого нет. Дайте разрешение или передайте карточку с разрешением.</translation>
    </message>
    <message>
        <source>Nothing more is taken with it.</source>
        <translation>По нему больше ничего не принимается.</translation>
    </message>
    <message>
        <source>Our mailbox at {0}: {1}</source>
        <translation>Наш почтовый ящик на {0}: {1}</translation>
    </message>
    <message>
        <source>Permission</source>
        <translation>Разрешение</translation>
    </message>
    <message>
        <source>Permissions to write to us</source>
        <translation>Разрешения писать нам</translation>
    </message>
    <message>
        <source>Revoking: the relay has not confirmed yet.</source>
        <translation>Аннулирование: ретранслятор еще не подтвердил.</translation>
    </message>
    <message>
        <source>Save it elsewhere…</source>
        <translation>Сохранить в другом месте…</translation>
    </message>
    <message>
        <source>Save it…</source>
        <translation>Сохранить…</translation>
    </message>
    <message>
        <source>Save the card</source>
        <translation>Сохранить карточку</translation>
    </message>
    <message>
        <source>Save the revocations</source>
        <translation>Сохранить аннулирования</translation>
    </message>
    <message>
        <source>Save the revocations…</source>
        <translation>Сохранить аннулирования…</translation>
    </message>
    <message>
        <source>The card is saved as {0}. Hand it over like a key, to that correspondent alone.</source>
        <translation>Карточка сохранена в файл {0}. Передайте ее так, как передают ключ, только этому партнеру по обмену.</translation>
    </message>
    <message>
        <source>The old one ends by itself.</source>
        <translation>Срок прежнего истекает сам собой.</translation>
    </message>
    <message>
        <source>The permission goes to it sealed, with the next exchange.</source>
        <translation>Разрешение уходит в запечатанном виде при следующем обмене.</translation>
    </message>
    <message>
        <source>The permission is revoked and the relay has confirmed it.</source>
        <translation>Разрешение аннулировано, и ретранслятор это подтвердил.</translation>
    </message>
    <message>
        <source>The revocations are saved as {0}. Give the file to the operator of the relay.</source>
        <translation>Аннулирования сохранены в файл {0}. Передайте этот файл оператору ретранслятора.</translation>
    </message>
    <message>
        <source>This laptop may not give permissions; another one of your delegation does.</source>
        <translation>Этот ноутбук не вправе давать разрешения; это делает другой ноутбук вашей делегации.</translation>
    </message>
    <message>
        <source>Use a relay…</source>
        <translation>Использовать ретранслятор…</translation>
    </message>
    <message>
        <source>Who may write to us</source>
        <translation>Кто может писать нам</translation>
    </message>
    <message>
        <source>With a relay you say who may write to you there, one correspondent at a time.</source>
        <translation>При наличии ретранслятора вы сами определяете, кто может писать вам через него, для каждого партнера по обмену отдельно.</translation>
    </message>
    <message>
        <source>{0} gets a new permission, until {1}.</source>
        <translation>Новое разрешение: {0}, до {1}.</translation>
    </message>
    <message>
        <source>{0} may write to you through the relay.</source>
        <translation>Может писать вам через ретранслятор: {0}.</translation>
    </message>
</context>
<context>
    <name>Grid</name>
    <message>
        <source>Arrows move, Enter goes to the paragraph</source>
        <translation>Стрелки — перемещение, Enter — перейти к пункту</translation>
    </message>
    <message>
        <source>Corner of the table</source>
        <translation>Угол таблицы</translation>
    </message>
    <message>
        <source>Delegations</source>
        <translation>Делегации</translation>
    </message>
    <message>
        <source>Paragraphs</source>
        <translation>Пункты</translation>
    </message>
    <message>
        <source>Who stands where</source>
        <translation>Позиции делегаций</translation>
    </message>
</context>
<context>
    <name>GridModel</name>
    <message>
        <source>{0} (amendment {1})</source>
        <translation>{0} (поправка {1})</translation>
    </message>
    <message>
        <source>{0} (an amendment)</source>
        <translation>{0} (поправка)</translation>
    </message>
    <message>
        <source>{0} amendment {1}</source>
        <translation>{0} поправку {1}</translation>
    </message>
    <message>
        <source>{0}, for {1}</source>
        <translation>{0}, от имени: {1}</translation>
    </message>
    <message>
        <source>{0}, {1}: said nothing</source>
        <translation>{0}, {1}: ничего не сказано</translation>
    </message>
    <message>
        <source>{0}, {1}: {2}</source>
        <translation>{0}, {1}: {2}</translation>
    </message>
</context>
<context>
    <name>GuideWindow</name>
    <message>
        <source>Contents</source>
        <translation>Содержание</translation>
    </message>
    <message>
        <source>Found in the guide</source>
        <translation>Найдено в руководстве</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>Руководство</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Клавиши</translation>
    </message>
    <message>
        <source>Nothing in the guide has all of these words.</source>
        <translation>В руководстве нет ничего, что содержало бы все эти слова.</translation>
    </message>
    <message>
        <source>Search the guide</source>
        <translation>Поиск по руководству</translation>
    </message>
    <message>
        <source>This page is not there in the language of the window yet; it is shown in English.</source>
        <translation>Этой страницы еще нет на языке окна; она показана на английском.</translation>
    </message>
    <message>
        <source>{0} – Guide</source>
        <translation>{0} – Руководство</translation>
    </message>
</context>
<context>
    <name>HandOverDialog</name>
    <message>
        <source>A laptop that is still to be admitted</source>
        <translation>Ноутбук, который еще предстоит допустить</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>Далее, к корневому ключу…</translation>
    </message>
    <message>
        <source>Hand over an office</source>
        <translation>Передача должности</translation>
    </message>
    <message>
        <source>The officer at this very laptop is handed over on the successor&apos;s, once it is admitted there.</source>
        <translation>Должность сотрудника, который работает на этом самом ноутбуке, передается на ноутбуке преемника, когда тот там допущен.</translation>
    </message>
    <message>
        <source>The successor gets the rights and the old laptop gets nothing any more, by one signature. Notes, red lines and the record stay with the delegation: the successor&apos;s laptop receives them.</source>
        <translation>Одной подписью преемник получает права, а старый ноутбук больше ничего не получает. Заметки, красные линии и протокол остаются у делегации: их получает ноутбук преемника.</translation>
    </message>
    <message>
        <source>Who follows</source>
        <translation>Кто приходит на смену</translation>
    </message>
    <message>
        <source>Who leaves</source>
        <translation>Кто уходит</translation>
    </message>
</context>
<context>
    <name>HashBox</name>
    <message>
        <source>Copy the hash</source>
        <translation>Скопировать хеш</translation>
    </message>
    <message>
        <source>Hash that is signed: {0}</source>
        <translation>Подписываемый хеш: {0}</translation>
    </message>
</context>
<context>
    <name>Headline</name>
    <message>
        <source>Files and copies of the text</source>
        <translation>Файлы и копии текста</translation>
    </message>
    <message>
        <source>The text from further away</source>
        <translation>Текст на расстоянии</translation>
    </message>
    <message>
        <source>amendments: {0}</source>
        <translation>поправок: {0}</translation>
    </message>
    <message>
        <source>not complete yet, waiting for {0}</source>
        <translation>еще не полностью, ожидание: {0}</translation>
    </message>
    <message>
        <source>your delegation holds the pen on another computer</source>
        <translation>ваша делегация держит перо на другом компьютере</translation>
    </message>
    <message>
        <source>{0} holds the pen</source>
        <translation>перо держит {0}</translation>
    </message>
    <message>
        <source>{0} of {1} open</source>
        <translation>открыто {0} из {1}</translation>
    </message>
</context>
<context>
    <name>HeldCard</name>
    <message>
        <source>Reason: {0}</source>
        <translation>Причина: {0}</translation>
    </message>
    <message>
        <source>Release</source>
        <translation>Разрешить отправку</translation>
    </message>
    <message>
        <source>Release this draft to the room of the text</source>
        <translation>Разрешить отправку этого черновика в комнату текста</translation>
    </message>
    <message>
        <source>Return this draft to its author, with the reason</source>
        <translation>Вернуть этот черновик автору с указанием причины</translation>
    </message>
    <message>
        <source>Returned by {0}</source>
        <translation>Возвращено ({0})</translation>
    </message>
    <message>
        <source>Returned by {0}: {1}</source>
        <translation>Возвращено ({0}): {1}</translation>
    </message>
    <message>
        <source>Return…</source>
        <translation>Вернуть…</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Взять назад</translation>
    </message>
    <message>
        <source>Take this draft back</source>
        <translation>Взять этот черновик назад</translation>
    </message>
    <message>
        <source>Take this draft back and go on writing it</source>
        <translation>Взять этот черновик назад и продолжить его писать</translation>
    </message>
    <message>
        <source>Write again</source>
        <translation>Написать снова</translation>
    </message>
    <message>
        <source>⧗ Draft, {0}</source>
        <translation>⧗ Черновик, {0}</translation>
    </message>
</context>
<context>
    <name>HistoryPane</name>
    <message>
        <source>Choose a paragraph in the text; what happened to it stands here.</source>
        <translation>Выберите пункт в тексте; здесь указано, что с ним происходило.</translation>
    </message>
    <message>
        <source>History</source>
        <translation>История</translation>
    </message>
    <message>
        <source>History of the paragraph</source>
        <translation>История пункта</translation>
    </message>
    <message>
        <source>History of the row</source>
        <translation>История строки</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Сначала новые</translation>
    </message>
    <message>
        <source>Nothing to tell yet</source>
        <translation>Пока рассказывать нечего</translation>
    </message>
    <message>
        <source>Nothing was changed here yet.</source>
        <translation>Здесь пока ничего не изменялось.</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>Сначала старые</translation>
    </message>
    <message>
        <source>Order of the history</source>
        <translation>Порядок истории</translation>
    </message>
</context>
<context>
    <name>HowMany</name>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>Далее, к корневому ключу…</translation>
    </message>
    <message>
        <source>Recovery shares of the delegation</source>
        <translation>Доли восстановления делегации</translation>
    </message>
    <message>
        <source>Sheets made before stay valid: collect and burn them when these take their place.</source>
        <translation>Листы, подготовленные ранее, остаются действительными: когда эти их заменят, соберите их и сожгите.</translation>
    </message>
    <message>
        <source>Sheets of paper for several people or safes. As many together as you say give the root key back when the key file or its passphrase is lost; fewer tell nothing about it. Three sheets of which two are needed suit most.</source>
        <translation>Листы бумаги для нескольких человек или сейфов. Указанное вами число листов вместе возвращает корневой ключ, если утрачены файл ключа или его парольная фраза; меньшее число ничего о нем не раскрывает. В большинстве случаев подходят три листа, из которых нужны два.</translation>
    </message>
</context>
<context>
    <name>HygieneSection</name>
    <message>
        <source>Everything passes: {0} of {0}.</source>
        <translation>Всё в порядке: {0} из {0}.</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Посмотреть снова</translation>
    </message>
</context>
<context>
    <name>IdentityCard</name>
    <message>
        <source>Fingerprint</source>
        <translation>Отпечаток</translation>
    </message>
    <message>
        <source>Hand the card to other delegations. It holds no secret; the code lets them compare it.</source>
        <translation>Передавайте карточку другим делегациям. Секретов в ней нет; код позволяет им сверить ее.</translation>
    </message>
    <message>
        <source>QR code of your fingerprint</source>
        <translation>QR-код вашего отпечатка</translation>
    </message>
    <message>
        <source>Save the card…</source>
        <translation>Сохранить карточку…</translation>
    </message>
    <message>
        <source>Save the identity card</source>
        <translation>Сохранить карточку делегации</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>Сохранено в файл {0}</translation>
    </message>
    <message>
        <source>This laptop may: {0}.</source>
        <translation>Права этого ноутбука: {0}.</translation>
    </message>
    <message>
        <source>Your identity</source>
        <translation>Ваше удостоверение</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>A State, by its name or its two letters</source>
        <translation>Государство: название или две буквы его кода</translation>
    </message>
    <message>
        <source>A day as 2026-11-22</source>
        <translation>День вида 2026-11-22</translation>
    </message>
    <message>
        <source>A moment as 2026-11-22 14:05 UTC</source>
        <translation>Момент времени вида 2026-11-22 14:05 UTC</translation>
    </message>
    <message>
        <source>A number as +41 22 000 00 00</source>
        <translation>Номер вида +41 22 000 00 00</translation>
    </message>
    <message>
        <source>A number, for example 12 or 3.5</source>
        <translation>Число, например 12 или 3.5</translation>
    </message>
    <message>
        <source>A time zone as Europe/Zurich</source>
        <translation>Часовой пояс вида Europe/Zurich</translation>
    </message>
    <message>
        <source>After</source>
        <translation>После</translation>
    </message>
    <message>
        <source>An address as office@example.org</source>
        <translation>Адрес вида office@example.org</translation>
    </message>
    <message>
        <source>An address of the web as https://example.org</source>
        <translation>Адрес в интернете вида https://example.org</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>До</translation>
    </message>
    <message>
        <source>Choose files…</source>
        <translation>Выбрать файлы…</translation>
    </message>
    <message>
        <source>Choose the files on the stick, or drop them here. Everything in them is verified before it counts, and nothing is changed on the stick.</source>
        <translation>Выберите файлы на накопителе или перетащите их сюда. Всё в них проверяется, прежде чем учитываться, а на накопителе ничего не меняется.</translation>
    </message>
    <message>
        <source>Choose the file…</source>
        <translation>Выбрать файл…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>Столбец</translation>
    </message>
    <message>
        <source>Faults</source>
        <translation>Ошибки</translation>
    </message>
    <message>
        <source>Faults: {0}. Mend the file and choose it again; nothing was taken.</source>
        <translation>Ошибок: {0}. Исправьте файл и выберите его снова; ничего не принято.</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Поле</translation>
    </message>
    <message>
        <source>First you see what would change. Nothing is taken while there is a fault, and then all of it or nothing.</source>
        <translation>Сначала вы видите, что изменится. Пока есть ошибка, ничего не принимается, а затем принимается всё или ничего.</translation>
    </message>
    <message>
        <source>Import rows</source>
        <translation>Импортировать строки</translation>
    </message>
    <message>
        <source>Import: {0}</source>
        <translation>Импорт: {0}</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>Строка файла</translation>
    </message>
    <message>
        <source>New: {0}</source>
        <translation>Новое: {0}</translation>
    </message>
    <message>
        <source>One of these: {0}</source>
        <translation>Одно из следующего: {0}</translation>
    </message>
    <message>
        <source>Open bundles</source>
        <translation>Открыть пакеты</translation>
    </message>
    <message>
        <source>Open bundles of a courier</source>
        <translation>Открыть пакеты курьера</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>Строка</translation>
    </message>
    <message>
        <source>Rows ({0})</source>
        <translation>Строки ({0})</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Остановить</translation>
    </message>
    <message>
        <source>Take all of it</source>
        <translation>Принять всё</translation>
    </message>
    <message>
        <source>The file has {0}. Changes: {1}. Equal already: {2}.</source>
        <translation>В файле {0}. Изменений: {1}. Уже совпадает: {2}.</translation>
    </message>
    <message>
        <source>The file has {0}; all of it stands here already.</source>
        <translation>В файле {0}; всё это здесь уже есть.</translation>
    </message>
    <message>
        <source>The first {0} are shown.</source>
        <translation>Показаны первые {0}.</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Что неверно</translation>
    </message>
    <message>
        <source>What stands there</source>
        <translation>Что там стоит</translation>
    </message>
    <message>
        <source>What would change</source>
        <translation>Что изменится</translation>
    </message>
    <message>
        <source>Yes or no</source>
        <translation>Да или нет</translation>
    </message>
</context>
<context>
    <name>ImportReport</name>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Files that could not be read</source>
        <translation>Файлы, которые не удалось прочитать</translation>
    </message>
    <message>
        <source>What could not be read</source>
        <translation>Что не удалось прочитать</translation>
    </message>
</context>
<context>
    <name>IncidentPage</name>
    <message>
        <source>Copy the hash of the record</source>
        <translation>Скопировать хеш протокола</translation>
    </message>
    <message>
        <source>Embargo: not to be sent on before {0}.</source>
        <translation>Эмбарго: не пересылать ранее {0}.</translation>
    </message>
    <message>
        <source>Record, the same at every delegation:</source>
        <translation>Протокол, одинаковый у каждой делегации:</translation>
    </message>
    <message>
        <source>Reported by {0}</source>
        <translation>Сообщила делегация: {0}</translation>
    </message>
    <message>
        <source>SHA-256 of the record: {0}</source>
        <translation>SHA-256 протокола: {0}</translation>
    </message>
    <message>
        <source>The incident</source>
        <translation>Инцидент</translation>
    </message>
    <message>
        <source>We reported it</source>
        <translation>Сообщили мы</translation>
    </message>
    <message>
        <source>We reported it to {0}</source>
        <translation>Мы сообщили: {0}</translation>
    </message>
    <message>
        <source>a room you are no longer in</source>
        <translation>комната, в которой вы больше не состоите</translation>
    </message>
    <message>
        <source>{0}.</source>
        <translation>{0}.</translation>
    </message>
    <message>
        <source>{who} in {room}, {when}. Reference {reference}.</source>
        <translation>{who}, комната {room}, {when}. Номер {reference}.</translation>
    </message>
    <message>
        <source>{who}, {when}. Reference {reference}.</source>
        <translation>{who}, {when}. Номер {reference}.</translation>
    </message>
</context>
<context>
    <name>IncidentsList</name>
    <message>
        <source>Incidents and requests, open ones first</source>
        <translation>Инциденты и запросы, сначала открытые</translation>
    </message>
</context>
<context>
    <name>IncidentsModel</name>
    <message>
        <source>not looked at yet</source>
        <translation>еще не просмотрено</translation>
    </message>
    <message>
        <source>we</source>
        <translation>мы</translation>
    </message>
</context>
<context>
    <name>IncidentsScreen</name>
    <message>
        <source>Choose an incident</source>
        <translation>Выберите инцидент</translation>
    </message>
    <message>
        <source>Go on with a draft</source>
        <translation>Продолжить черновик</translation>
    </message>
    <message>
        <source>Go on with a draft ({0})</source>
        <translation>Продолжить черновик ({0})</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>Инциденты</translation>
    </message>
    <message>
        <source>It is on its way: sealed now, sent with the next exchange.</source>
        <translation>Сообщение в пути: оно запечатано сейчас и будет отправлено при следующем обмене.</translation>
    </message>
    <message>
        <source>No incident has been reported</source>
        <translation>Об инцидентах не сообщалось</translation>
    </message>
    <message>
        <source>Report an incident or ask for help (Ctrl+N)</source>
        <translation>Сообщить об инциденте или попросить о помощи (Ctrl+N)</translation>
    </message>
    <message>
        <source>Report an incident, or ask for help, to a delegation or to a group. What others report to you stands here too.</source>
        <translation>Сообщите об инциденте или попросите о помощи делегацию или группу. То, о чем другие сообщают вам, тоже стоит здесь.</translation>
    </message>
    <message>
        <source>Report or ask for help…</source>
        <translation>Сообщить или попросить о помощи…</translation>
    </message>
    <message>
        <source>What needs you stands first.</source>
        <translation>Сначала стоит то, что требует вашего участия.</translation>
    </message>
</context>
<context>
    <name>Inside</name>
    <message>
        <source>Bring it back</source>
        <translation>Вернуть обратно</translation>
    </message>
    <message>
        <source>No draft of another officer waits on this paragraph.</source>
        <translation>На этом пункте нет ожидающих черновиков других сотрудников.</translation>
    </message>
    <message>
        <source>Returned to {0}. It did not leave.</source>
        <translation>Возвращено: {0}. Это не отправлено.</translation>
    </message>
    <message>
        <source>Taken back. It did not leave.</source>
        <translation>Взято назад. Это не отправлено.</translation>
    </message>
    <message>
        <source>The note is struck out.</source>
        <translation>Заметка вычеркнута.</translation>
    </message>
    <message>
        <source>The paragraph has changed. Your draft said: {0}</source>
        <translation>Пункт изменился. В вашем черновике было: {0}</translation>
    </message>
</context>
<context>
    <name>InternalPane</name>
    <message>
        <source>Alt+1 to Alt+4 while writing</source>
        <translation>Alt+1–Alt+4 во время ввода</translation>
    </message>
    <message>
        <source>Changes the note; Esc keeps it as it was.</source>
        <translation>Изменяет заметку; Esc оставляет ее как было.</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>For your delegation only</source>
        <translation>Только для вашей делегации</translation>
    </message>
    <message>
        <source>Internal remark, never leaves your delegation</source>
        <translation>Внутреннее замечание, никогда не покидает вашу делегацию</translation>
    </message>
    <message>
        <source>Internal remarks on the paragraph</source>
        <translation>Внутренние замечания к пункту</translation>
    </message>
    <message>
        <source>Internal, stays in your delegation</source>
        <translation>Внутреннее, остается в вашей делегации</translation>
    </message>
    <message>
        <source>Keep internally</source>
        <translation>Сохранить для себя</translation>
    </message>
    <message>
        <source>Kind of internal remark</source>
        <translation>Вид внутреннего замечания</translation>
    </message>
    <message>
        <source>Red lines, fallbacks and notes from the room.</source>
        <translation>Красные линии, запасные варианты и заметки из зала.</translation>
    </message>
</context>
<context>
    <name>ItemPage</name>
    <message>
        <source>All States and all items at once (Ctrl+M)</source>
        <translation>Все государства и все пункты сразу (Ctrl+M)</translation>
    </message>
    <message>
        <source>Choose a State in the matrix to note what it has said, with its date and who said it.</source>
        <translation>Выберите государство в матрице, чтобы отметить, что оно заявило, с датой и указанием того, кто это сказал.</translation>
    </message>
    <message>
        <source>Every field of what our State has said and done (Ctrl+Shift+W)</source>
        <translation>Все поля о том, что наше государство заявило и сделало (Ctrl+Shift+W)</translation>
    </message>
    <message>
        <source>In our words</source>
        <translation>Нашими словами</translation>
    </message>
    <message>
        <source>In the order of the States&apos; names; Enter opens the row</source>
        <translation>В порядке названий государств; Enter открывает строку</translation>
    </message>
    <message>
        <source>Last changed by {0}</source>
        <translation>Последнее изменение: {0}</translation>
    </message>
    <message>
        <source>Look in the library</source>
        <translation>Искать в библиотеке</translation>
    </message>
    <message>
        <source>Matrix</source>
        <translation>Матрица</translation>
    </message>
    <message>
        <source>Nobody&apos;s statement is noted yet</source>
        <translation>Заявления пока не отмечены</translation>
    </message>
    <message>
        <source>Nothing is written about our own State yet. Open our row to begin.</source>
        <translation>О нашем государстве пока ничего не записано. Чтобы начать, откройте нашу строку.</translation>
    </message>
    <message>
        <source>Only reviews due: {0}</source>
        <translation>Только подлежащее пересмотру: {0}</translation>
    </message>
    <message>
        <source>Open our row</source>
        <translation>Открыть нашу строку</translation>
    </message>
    <message>
        <source>Our own implementation</source>
        <translation>Осуществление у нас</translation>
    </message>
    <message>
        <source>Reviews due</source>
        <translation>Подлежит пересмотру</translation>
    </message>
    <message>
        <source>Reviews due: {0}</source>
        <translation>Подлежит пересмотру: {0}</translation>
    </message>
    <message>
        <source>To the matrix</source>
        <translation>К матрице</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>Что это такое</translation>
    </message>
    <message>
        <source>Who has stated what</source>
        <translation>Кто что заявил</translation>
    </message>
</context>
<context>
    <name>JoinDialog</name>
    <message>
        <source>A relay keeps sealed envelopes until your laptops fetch them, wherever they are. Its operator gives you a file for this laptop; it is handed over like a key.</source>
        <translation>Ретранслятор хранит запечатанные конверты, пока ваши ноутбуки не заберут их, где бы они ни находились. Его оператор дает вам файл для этого ноутбука; файл передают так, как передают ключ.</translation>
    </message>
    <message>
        <source>Every delegation with which you share a bilateral room gets permission to write to you there. Keep the file where keys are kept, or delete it once it has been used.</source>
        <translation>Каждая делегация, с которой у вас есть двусторонняя комната, получает разрешение писать вам туда. Храните файл там, где хранят ключи, или удалите его после использования.</translation>
    </message>
    <message>
        <source>Files of a relay (*.valise-relay);;All files (*)</source>
        <translation>Файлы ретранслятора (*.valise-relay);;Все файлы (*)</translation>
    </message>
    <message>
        <source>Open the file of a relay</source>
        <translation>Открыть файл ретранслятора</translation>
    </message>
    <message>
        <source>Open the operator&apos;s file…</source>
        <translation>Открыть файл оператора…</translation>
    </message>
    <message>
        <source>Use a relay</source>
        <translation>Использовать ретранслятор</translation>
    </message>
    <message>
        <source>Use this relay</source>
        <translation>Использовать этот ретранслятор</translation>
    </message>
    <message>
        <source>What its operator calls it, in words of theirs:</source>
        <translation>Как его называет оператор, его словами:</translation>
    </message>
</context>
<context>
    <name>JointBench</name>
    <message>
        <source>Copied, one name a line: {0}.</source>
        <translation>Скопировано, по одному названию в строке: {0}.</translation>
    </message>
    <message>
        <source>Everybody in the room is told with the next exchange (Ctrl+R exchanges at once).</source>
        <translation>Всем в комнате это будет сообщено при следующем обмене (Ctrl+R — обмен сразу).</translation>
    </message>
    <message>
        <source>It is a plain file: who has it reads the words.</source>
        <translation>Это обычный файл: слова прочитает тот, у кого он есть.</translation>
    </message>
    <message>
        <source>Joint statements</source>
        <translation>Совместные заявления</translation>
    </message>
    <message>
        <source>Joint statements and lists of co-sponsors</source>
        <translation>Совместные заявления и списки соавторов</translation>
    </message>
    <message>
        <source>Joint statements and lists of co-sponsors (Ctrl+J)</source>
        <translation>Совместные заявления и списки соавторов (Ctrl+J)</translation>
    </message>
    <message>
        <source>Our delegation has signed on.</source>
        <translation>Наша делегация присоединилась.</translation>
    </message>
    <message>
        <source>Our delegation&apos;s name is taken back.</source>
        <translation>Название нашей делегации взято назад.</translation>
    </message>
    <message>
        <source>Save the words</source>
        <translation>Сохранить слова</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>Буфер обмена будет очищен через десять секунд.</translation>
    </message>
    <message>
        <source>The list is closed.</source>
        <translation>Список закрыт.</translation>
    </message>
    <message>
        <source>The whole hash is on the clipboard for ten seconds.</source>
        <translation>Полный хеш находится в буфере обмена десять секунд.</translation>
    </message>
    <message>
        <source>The words are saved. The sha256sum of the file is the hash: {0} …</source>
        <translation>Слова сохранены. sha256sum этого файла и есть хеш: {0} …</translation>
    </message>
    <message>
        <source>Who signs on later waits for you to admit it.</source>
        <translation>Те, кто присоединится позднее, ожидают, пока вы их допустите.</translation>
    </message>
    <message>
        <source>{0} stands on the list.</source>
        <translation>Теперь в списке: {0}.</translation>
    </message>
</context>
<context>
    <name>JointPage</name>
    <message>
        <source>Back to the texts</source>
        <translation>Назад к текстам</translation>
    </message>
    <message>
        <source>Back to the texts (Escape)</source>
        <translation>Назад к текстам (Escape)</translation>
    </message>
    <message>
        <source>Co-sponsors sign the plain text of this revision. Look at the text in the workbench, or save the revision as a file.</source>
        <translation>Соавторы подписывают простой текст этой редакции. Посмотрите текст в рабочем окне или сохраните редакцию в файл.</translation>
    </message>
    <message>
        <source>Joint statements and co-sponsors</source>
        <translation>Совместные заявления и соавторы</translation>
    </message>
    <message>
        <source>No joint statement yet</source>
        <translation>Совместных заявлений пока нет</translation>
    </message>
    <message>
        <source>Open a joint statement (Ctrl+N)</source>
        <translation>Открыть совместное заявление (Ctrl+N)</translation>
    </message>
    <message>
        <source>Open a joint statement for the delegations of a room to sign on to, all of them to the same words. A list of co-sponsors is opened beside a revision of a text (Ctrl+Shift+N).</source>
        <translation>Откройте совместное заявление, чтобы делегации комнаты могли присоединиться к нему, все к одним и тем же словам. Список соавторов открывается рядом с редакцией текста (Ctrl+Shift+N).</translation>
    </message>
    <message>
        <source>Open a joint statement…</source>
        <translation>Открыть совместное заявление…</translation>
    </message>
    <message>
        <source>The text of this revision is not on this laptop, so it cannot be looked at or signed here.</source>
        <translation>Текста этой редакции на этом ноутбуке нет, поэтому посмотреть или подписать его здесь нельзя.</translation>
    </message>
    <message>
        <source>This laptop has no right to sign on for the delegation; another officer may have it.</source>
        <translation>У этого ноутбука нет права присоединяться от имени делегации; оно может быть у другого сотрудника.</translation>
    </message>
    <message>
        <source>its room</source>
        <translation>его комната</translation>
    </message>
</context>
<context>
    <name>JourneyDialog</name>
    <message>
        <source>A passphrase for the journey, other than that of this vault</source>
        <translation>Парольная фраза для поездки, иная, чем у этого хранилища</translation>
    </message>
    <message>
        <source>A vault for a journey</source>
        <translation>Дорожное хранилище</translation>
    </message>
    <message>
        <source>Internal room of our delegation</source>
        <translation>Внутренняя комната нашей делегации</translation>
    </message>
    <message>
        <source>It holds only the rooms you choose and the contacts concerned. On the travel laptop choose “I have a backup”; that laptop is then admitted for these rooms alone.</source>
        <translation>Оно содержит только выбранные вами комнаты и относящиеся к ним контакты. На дорожном ноутбуке выберите «У меня есть резервная копия»; этот ноутбук затем допускается только к этим комнатам.</translation>
    </message>
    <message>
        <source>Make it</source>
        <translation>Создать</translation>
    </message>
    <message>
        <source>Rooms it takes along</source>
        <translation>Комнаты, которые оно берет с собой</translation>
    </message>
    <message>
        <source>Space takes a room along or leaves it here</source>
        <translation>Пробел — взять комнату с собой или оставить здесь</translation>
    </message>
    <message>
        <source>Take the library of agreed language along</source>
        <translation>Взять с собой библиотеку согласованных формулировок</translation>
    </message>
    <message>
        <source>With {0}</source>
        <translation>Комната с {0}</translation>
    </message>
    <message>
        <source>Your internal room goes along: instructions, red lines and fallbacks will be on a laptop that crosses borders. Leave it here unless you cannot work without it.</source>
        <translation>Берется и внутренняя комната: указания, красные линии и запасные варианты окажутся на ноутбуке, который пересекает границы. Оставьте ее здесь, если можете работать без нее.</translation>
    </message>
</context>
<context>
    <name>Keeping</name>
    <message>
        <source>Keep this filter</source>
        <translation>Сохранить этот фильтр</translation>
    </message>
    <message>
        <source>The filter is kept.</source>
        <translation>Фильтр сохранен.</translation>
    </message>
    <message>
        <source>The filter {0} was taken out.</source>
        <translation>Фильтр {0} исключен.</translation>
    </message>
    <message>
        <source>Under which name?</source>
        <translation>Под каким названием?</translation>
    </message>
</context>
<context>
    <name>KeyFile</name>
    <message>
        <source>Choose the key file…</source>
        <translation>Выбрать файл ключа…</translation>
    </message>
    <message>
        <source>Key file</source>
        <translation>Файл ключа</translation>
    </message>
    <message>
        <source>Open the key file</source>
        <translation>Открыть файл ключа</translation>
    </message>
    <message>
        <source>Passphrase of the key file</source>
        <translation>Парольная фраза файла ключа</translation>
    </message>
</context>
<context>
    <name>KeysPage</name>
    <message>
        <source> or </source>
        <translation> или </translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>Везде</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>Руководство</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Клавиши</translation>
    </message>
    <message>
        <source>List of keys</source>
        <translation>Список клавиш</translation>
    </message>
</context>
<context>
    <name>KeysSection</name>
    <message>
        <source>First contact</source>
        <translation>Первый контакт</translation>
    </message>
    <message>
        <source>Give your newest card to those who have never written to you before.</source>
        <translation>Дайте вашу новейшую карточку тем, кто вам еще не писал.</translation>
    </message>
    <message>
        <source>How long replaced keys are kept</source>
        <translation>Сколько хранятся замененные ключи</translation>
    </message>
    <message>
        <source>Makes new keys for first contact now, and new ones for each room when you next send there. Do it after a laptop was out of your sight. It is complete with a delegation once it has answered.</source>
        <translation>Сейчас создаются новые ключи для первого контакта, а для каждой комнаты — когда вы в следующий раз туда отправите. Делайте это, если ноутбук был вне вашего поля зрения. Для каждой делегации смена завершается, как только она ответит.</translation>
    </message>
    <message>
        <source>Move the keys on now</source>
        <translation>Сменить ключи сейчас</translation>
    </message>
    <message>
        <source>Older cards still work until {0}. Until then, somebody who takes this laptop and its passphrase can also open first contacts that were sealed to those cards since {1}.</source>
        <translation>Более старые карточки действуют до {0}. До тех пор тот, кто возьмет этот ноутбук и парольную фразу, сможет открыть и первые контакты, запечатанные на эти карточки с {1}.</translation>
    </message>
    <message>
        <source>Rooms move on when you next send there; delegations when they have answered.</source>
        <translation>В комнатах ключи сменятся, когда вы в следующий раз туда отправите; для делегаций — когда они ответят.</translation>
    </message>
    <message>
        <source>Somebody uses a card of yours that is too old ({0}).</source>
        <translation>Кто-то использует слишком старую вашу карточку ({0}).</translation>
    </message>
    <message>
        <source>Something sealed to a replaced key may still be under way, so it is kept for a while and then destroyed. Shorter is safer; what comes later than that is asked for again.</source>
        <translation>То, что запечатано на замененный ключ, может быть еще в пути, поэтому он некоторое время хранится, а затем уничтожается. Чем короче срок, тем надежнее; то, что поступит позднее, запрашивается снова.</translation>
    </message>
    <message>
        <source>The keys for first contact are new.</source>
        <translation>Ключи для первого контакта новые.</translation>
    </message>
    <message>
        <source>The keys on your card are as they were made with this vault.</source>
        <translation>Ключи в вашей карточке те же, что созданы вместе с этим хранилищем.</translation>
    </message>
    <message>
        <source>The keys on your card are of {0}.</source>
        <translation>Ключи в вашей карточке от {0}.</translation>
    </message>
    <message>
        <source>They are replaced every week, and the day after somebody used them. No older ones are kept.</source>
        <translation>Они заменяются каждую неделю и на следующий день после того, как кто-либо ими воспользовался. Более старые не хранятся.</translation>
    </message>
    <message>
        <source>What is sent to this laptop is sealed under two systems together, one of them made to withstand a quantum computer, to a key that is replaced with every answer. A laptop broken into today does not open what was sent before its keys moved on, and heals after one round trip with each delegation.</source>
        <translation>То, что отправляется этому ноутбуку, запечатывается двумя системами сразу, одна из которых рассчитана на устойчивость к квантовому компьютеру, на ключ, заменяемый с каждым ответом. Ноутбук, взломанный сегодня, не открывает того, что было отправлено до смены его ключей, и восстанавливает защиту после одного обмена в обе стороны с каждой делегацией.</translation>
    </message>
    <message>
        <source>What was sealed to it stays closed; its keys were destroyed when their time was over.</source>
        <translation>То, что было запечатано на нее, остается закрытым; ее ключи уничтожены по истечении срока.</translation>
    </message>
    <message>
        <source>With each delegation</source>
        <translation>С каждой делегацией</translation>
    </message>
    <message>
        <source>You know no other laptop yet.</source>
        <translation>Вам пока не известен ни один другой ноутбук.</translation>
    </message>
</context>
<context>
    <name>Lane</name>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}, {1}</translation>
    </message>
</context>
<context>
    <name>LaptopRow</name>
    <message>
        <source>Change…</source>
        <translation>Изменить…</translation>
    </message>
    <message>
        <source>May {0}</source>
        <translation>Имеет право: {0}</translation>
    </message>
    <message>
        <source>Renew…</source>
        <translation>Обновить…</translation>
    </message>
    <message>
        <source>Revoke…</source>
        <translation>Аннулировать…</translation>
    </message>
    <message>
        <source>this laptop</source>
        <translation>этот ноутбук</translation>
    </message>
</context>
<context>
    <name>LaptopsSection</name>
    <message>
        <source>A laptop without an exchange reads it from the identity card, saved under Contacts.</source>
        <translation>Ноутбук без обмена прочитает его из карточки делегации, сохраненной в разделе «Контакты».</translation>
    </message>
    <message>
        <source>Admit…</source>
        <translation>Допустить…</translation>
    </message>
    <message>
        <source>Every key file made before still opens with its old passphrase.</source>
        <translation>Каждый файл ключа, созданный ранее, по-прежнему открывается своей старой парольной фразой.</translation>
    </message>
    <message>
        <source>Give it back, or erase its vault. If this is a mistake, ask to be admitted as a new laptop.</source>
        <translation>Верните его или сотрите его хранилище. Если это ошибка, запросите допуск как новый ноутбук.</translation>
    </message>
    <message>
        <source>Hand over an office…</source>
        <translation>Передать должность…</translation>
    </message>
    <message>
        <source>It sends nothing any more and gets nothing. What it holds stays readable here.</source>
        <translation>Он больше ничего не отправляет и не получает. То, что на нем есть, по-прежнему можно прочитать здесь.</translation>
    </message>
    <message>
        <source>Make it and close the root key</source>
        <translation>Создать и закрыть корневой ключ</translation>
    </message>
    <message>
        <source>Make them and close the root key</source>
        <translation>Создать их и закрыть корневой ключ</translation>
    </message>
    <message>
        <source>Offices handed over</source>
        <translation>Переданные должности</translation>
    </message>
    <message>
        <source>Open the identity card of your delegation</source>
        <translation>Открыть карточку вашей делегации</translation>
    </message>
    <message>
        <source>Passed: {0}.</source>
        <translation>Передано: {0}.</translation>
    </message>
    <message>
        <source>Put the key file back where it is locked away.</source>
        <translation>Верните файл ключа туда, где он хранится под замком.</translation>
    </message>
    <message>
        <source>Read a newer identity card of ours…</source>
        <translation>Прочитать более новую карточку нашей делегации…</translation>
    </message>
    <message>
        <source>Revoke the laptop of {0}: from now on it gets nothing.</source>
        <translation>Аннулировать допуск ноутбука {0}: с этого момента он ничего не получает.</translation>
    </message>
    <message>
        <source>Save it elsewhere…</source>
        <translation>Сохранить в другом месте…</translation>
    </message>
    <message>
        <source>Save it…</source>
        <translation>Сохранить…</translation>
    </message>
    <message>
        <source>Save the answer</source>
        <translation>Сохранить ответ</translation>
    </message>
    <message>
        <source>Save the new key file</source>
        <translation>Сохранить новый файл ключа</translation>
    </message>
    <message>
        <source>Signed: identity card number {0} of your delegation.</source>
        <translation>Подписано: карточка вашей делегации номер {0}.</translation>
    </message>
    <message>
        <source>Take the stick out and lock it away; then destroy the old key files.</source>
        <translation>Извлеките накопитель и уберите его под замок; затем уничтожьте старые файлы ключа.</translation>
    </message>
    <message>
        <source>The answer is not saved yet.</source>
        <translation>Ответ еще не сохранен.</translation>
    </message>
    <message>
        <source>The identity card was read.</source>
        <translation>Карточка делегации прочитана.</translation>
    </message>
    <message>
        <source>The new key file is not saved yet.</source>
        <translation>Новый файл ключа еще не сохранен.</translation>
    </message>
    <message>
        <source>The new key file is saved as {0}. It opens with the new passphrase.</source>
        <translation>Новый файл ключа сохранен: {0}. Он открывается новой парольной фразой.</translation>
    </message>
    <message>
        <source>The other laptop is admitted. Carry {0} back to it.</source>
        <translation>Другой ноутбук допущен. Отнесите {0} обратно к нему.</translation>
    </message>
    <message>
        <source>These sheets give the root key of your delegation.</source>
        <translation>Эти листы дают корневой ключ вашей делегации.</translation>
    </message>
    <message>
        <source>This laptop was revoked by your delegation.</source>
        <translation>Допуск этого ноутбука аннулирован вашей делегацией.</translation>
    </message>
    <message>
        <source>Type the sheets from the paper. They are compared with the root key and forgotten; nothing is changed.</source>
        <translation>Введите листы с бумаги. Они сравниваются с корневым ключом и забываются; ничего не изменяется.</translation>
    </message>
    <message>
        <source>Until it is, only the old one opens the root key.</source>
        <translation>Пока он не сохранен, корневой ключ открывает только старый.</translation>
    </message>
    <message>
        <source>Without it the other laptop cannot begin.</source>
        <translation>Без него другой ноутбук не может начать работу.</translation>
    </message>
    <message>
        <source>Write the key file anew, under the new passphrase.</source>
        <translation>Записать файл ключа заново, под новой парольной фразой.</translation>
    </message>
    <message>
        <source>Your counterparts see the change with the next exchange.</source>
        <translation>Ваши партнеры увидят изменение при следующем обмене.</translation>
    </message>
    <message>
        <source>Your counterparts will see it as a new laptop of yours.</source>
        <translation>Ваши партнеры увидят его как ваш новый ноутбук.</translation>
    </message>
    <message>
        <source>share of the root key of {0}, made on {1}</source>
        <translation>доля корневого ключа {0}, создана {1}</translation>
    </message>
    <message>
        <source>{0} to {1}, {2}</source>
        <translation>{0} → {1}, {2}</translation>
    </message>
</context>
<context>
    <name>LeaveDialog</name>
    <message>
        <source>Leave it</source>
        <translation>Отказаться</translation>
    </message>
    <message>
        <source>Leave the relay</source>
        <translation>Отказ от ретранслятора</translation>
    </message>
    <message>
        <source>To come back you need the operator&apos;s file again.</source>
        <translation>Чтобы вернуться, вам снова понадобится файл оператора.</translation>
    </message>
    <message>
        <source>Use {0} no longer?</source>
        <translation>Больше не использовать {0}?</translation>
    </message>
    <message>
        <source>What waits here is kept: it goes by the folder where one is shared, and else by courier.</source>
        <translation>То, что ожидает здесь, сохраняется: оно уходит через общую папку, где она есть, а в остальных случаях с курьером.</translation>
    </message>
    <message>
        <source>Your correspondents are told to use another way; until they have heard it, what they send there waits there.</source>
        <translation>Вашим партнерам по обмену сообщается, что следует использовать другой путь; пока это сообщение до них не дошло, отправленное ими туда ожидает там.</translation>
    </message>
</context>
<context>
    <name>LeavingDialog</name>
    <message>
        <source>Back to the form</source>
        <translation>Назад к форме</translation>
    </message>
    <message>
        <source>Everything that leaves</source>
        <translation>Всё, что будет отправлено</translation>
    </message>
    <message>
        <source>Internal notes and tasks do not leave. What was sent cannot be taken back; it can be corrected.</source>
        <translation>Внутренние заметки и задачи не отправляются. То, что отправлено, нельзя взять назад; его можно исправить.</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>Пометка</translation>
    </message>
    <message>
        <source>Nobody may send it on before {0}.</source>
        <translation>Никто не вправе пересылать это ранее {0}.</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Отправить</translation>
    </message>
    <message>
        <source>This leaves</source>
        <translation>Это будет отправлено</translation>
    </message>
    <message>
        <source>To {0}, sealed for {1}. Nobody else reads it.</source>
        <translation>Кому: {0}, запечатано: {1}. Никто другой этого не прочитает.</translation>
    </message>
    <message>
        <source>You took away the sentence that this message attributes nothing to anybody.</source>
        <translation>Вы убрали фразу о том, что это сообщение никому ничего не приписывает.</translation>
    </message>
</context>
<context>
    <name>LibraryScreen</name>
    <message>
        <source>All files</source>
        <translation>Все файлы</translation>
    </message>
    <message>
        <source>An import is under way.</source>
        <translation>Импорт уже идет.</translation>
    </message>
    <message>
        <source>Choose a paragraph first.</source>
        <translation>Сначала выберите пункт.</translation>
    </message>
    <message>
        <source>Copied: {0}.</source>
        <translation>Скопировано: {0}.</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>Документы</translation>
    </message>
    <message>
        <source>Enter goes to the passage in its document</source>
        <translation>Enter переходит к месту в документе</translation>
    </message>
    <message>
        <source>Found as written: {0}</source>
        <translation>Найдено дословно: {0}</translation>
    </message>
    <message>
        <source>Found as written: {0}. Much like it: {1}; underlined is what you asked for, struck what stands in the document.</source>
        <translation>Найдено дословно: {0}. Похоже: {1}; подчеркнуто то, что вы искали, зачеркнуто то, что стоит в документе.</translation>
    </message>
    <message>
        <source>Import a folder into the library</source>
        <translation>Импорт папки в библиотеку</translation>
    </message>
    <message>
        <source>Import files (Ctrl+N)</source>
        <translation>Импортировать файлы (Ctrl+N)</translation>
    </message>
    <message>
        <source>Import files…</source>
        <translation>Импортировать файлы…</translation>
    </message>
    <message>
        <source>Import into the library</source>
        <translation>Импорт в библиотеку</translation>
    </message>
    <message>
        <source>Its words are no longer found here. Your drafts and texts stay as they are; the file it came from is not touched and can be imported again.</source>
        <translation>Его слова больше здесь не находятся. Ваши проекты и тексты остаются как есть; файл, из которого он взят, не затронут и может быть импортирован снова.</translation>
    </message>
    <message>
        <source>Looking for documents…</source>
        <translation>Поиск документов…</translation>
    </message>
    <message>
        <source>No document that can be read is there.</source>
        <translation>Документов, которые можно прочитать, там нет.</translation>
    </message>
    <message>
        <source>Nothing in the library is like these words.</source>
        <translation>Похожего на эти слова в библиотеке нет.</translation>
    </message>
    <message>
        <source>Nothing you type leaves this laptop.</source>
        <translation>Ничто из введенного вами не покидает этот ноутбук.</translation>
    </message>
    <message>
        <source>Passages found</source>
        <translation>Найденные места</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Остановить</translation>
    </message>
    <message>
        <source>Take it out</source>
        <translation>Исключить</translation>
    </message>
    <message>
        <source>Take {0} out of the library?</source>
        <translation>Исключить {0} из библиотеки?</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>Буфер обмена будет очищен через десять секунд.</translation>
    </message>
    <message>
        <source>The library is empty</source>
        <translation>Библиотека пуста</translation>
    </message>
    <message>
        <source>Valise brings no official text with it. Import the documents your delegation works with, for example resolutions and reports as the United Nations publishes them. They stay on this laptop, in the vault, and are found by their words, also while you write. A whole folder: Ctrl+O.</source>
        <translation>Valise не поставляется с официальными текстами. Импортируйте документы, с которыми работает ваша делегация, например резолюции и доклады в том виде, в каком их публикует Организация Объединенных Наций. Они остаются на этом ноутбуке, в хранилище, и находятся по словам, в том числе во время работы над текстом. Целая папка: Ctrl+O.</translation>
    </message>
    <message>
        <source>Wait for it, or stop it first.</source>
        <translation>Дождитесь его окончания или сначала остановите его.</translation>
    </message>
    <message>
        <source>What could not be read</source>
        <translation>Что не удалось прочитать</translation>
    </message>
    <message>
        <source>Words of a draft, or A/70/174 13 (f)</source>
        <translation>Слова проекта или A/70/174 13 (f)</translation>
    </message>
    <message>
        <source>{0} is no longer in the library.</source>
        <translation>{0}: в библиотеке больше нет.</translation>
    </message>
</context>
<context>
    <name>LineEditor</name>
    <message>
        <source>A number, for example 12 or 3.5</source>
        <translation>Число, например 12 или 3.5</translation>
    </message>
    <message>
        <source>An address as office@example.org</source>
        <translation>Адрес вида office@example.org</translation>
    </message>
</context>
<context>
    <name>Lines</name>
    <message>
        <source>Headings</source>
        <translation>Заголовки</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Строки</translation>
    </message>
</context>
<context>
    <name>LinkEditor</name>
    <message>
        <source>Choose…</source>
        <translation>Выбрать…</translation>
    </message>
    <message>
        <source>Go to {0}</source>
        <translation>Перейти к {0}</translation>
    </message>
    <message>
        <source>Something that is not here</source>
        <translation>То, чего здесь нет</translation>
    </message>
    <message>
        <source>{0}: choose</source>
        <translation>{0}: выбрать</translation>
    </message>
</context>
<context>
    <name>LongEditor</name>
    <message>
        <source>One on each line</source>
        <translation>По одному в каждой строке</translation>
    </message>
    <message>
        <source>Too long</source>
        <translation>Слишком длинно</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Go to Contacts</source>
        <translation>Перейти к контактам</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>Экран</translation>
    </message>
    <message>
        <source>Valise</source>
        <translation>Valise</translation>
    </message>
    <message>
        <source>Ways of exchange</source>
        <translation>Пути обмена</translation>
    </message>
</context>
<context>
    <name>MarkingChoice</name>
    <message>
        <source>A marking in your delegation&apos;s own words</source>
        <translation>Пометка, сформулированная вашей делегацией</translation>
    </message>
    <message>
        <source>Marking</source>
        <translation>Пометка</translation>
    </message>
    <message>
        <source>National marking</source>
        <translation>Национальная пометка</translation>
    </message>
    <message>
        <source>National marking…</source>
        <translation>Национальная пометка…</translation>
    </message>
    <message>
        <source>No marking</source>
        <translation>Без пометки</translation>
    </message>
    <message>
        <source>e.g. AURELIA CONFIDENTIAL</source>
        <translation>например, AURELIA CONFIDENTIAL</translation>
    </message>
</context>
<context>
    <name>MarkingLabel</name>
    <message>
        <source>Marking: {0}</source>
        <translation>Пометка: {0}</translation>
    </message>
</context>
<context>
    <name>Matches</name>
    <message>
        <source>Enter opens the row</source>
        <translation>Enter открывает строку</translation>
    </message>
    <message>
        <source>Needs that go with this offer: {0}</source>
        <translation>Потребности, подходящие к этому предложению: {0}</translation>
    </message>
    <message>
        <source>Offers that go with this need: {0}</source>
        <translation>Предложения, подходящие к этой потребности: {0}</translation>
    </message>
    <message>
        <source>They need a topic in common, and no region or form that says otherwise; the offer has to be open.</source>
        <translation>Для этого нужна общая тема и чтобы регион и форма не противоречили друг другу; предложение должно быть открыто.</translation>
    </message>
    <message>
        <source>What goes together</source>
        <translation>Что подходит друг другу</translation>
    </message>
</context>
<context>
    <name>MatrixLook</name>
    <message>
        <source>Matrix</source>
        <translation>Матрица</translation>
    </message>
    <message>
        <source>More at once (Ctrl+Minus)</source>
        <translation>Больше сразу (Ctrl+Минус)</translation>
    </message>
    <message>
        <source>Nearer (Ctrl+Plus)</source>
        <translation>Ближе (Ctrl+Плюс)</translation>
    </message>
    <message>
        <source>different values stand</source>
        <translation>стоят разные значения</translation>
    </message>
</context>
<context>
    <name>MatrixMap</name>
    <message>
        <source>Arrows move, Enter opens the cell, Ctrl+Plus shows fewer and larger</source>
        <translation>Стрелки — перемещение, Enter — открыть ячейку, Ctrl+Плюс — меньше и крупнее</translation>
    </message>
    <message>
        <source>The whole matrix</source>
        <translation>Вся матрица</translation>
    </message>
</context>
<context>
    <name>MatrixModel</name>
    <message>
        <source>different values stand</source>
        <translation>стоят разные значения</translation>
    </message>
    <message>
        <source>evidence: {0}</source>
        <translation>подтверждающие материалы: {0}</translation>
    </message>
    <message>
        <source>nothing said</source>
        <translation>не заполнено</translation>
    </message>
    <message>
        <source>review due</source>
        <translation>подлежит пересмотру</translation>
    </message>
    <message>
        <source>{0}, {1}: {2}</source>
        <translation>{0}, {1}: {2}</translation>
    </message>
</context>
<context>
    <name>MatrixTable</name>
    <message>
        <source>Arrows move, Enter opens the cell, Ctrl+Minus shows more at once</source>
        <translation>Стрелки — перемещение, Enter — открыть ячейку, Ctrl+Минус — больше сразу</translation>
    </message>
    <message>
        <source>Corner of the table</source>
        <translation>Угол таблицы</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>Позиции реестра</translation>
    </message>
    <message>
        <source>States</source>
        <translation>Государства</translation>
    </message>
</context>
<context>
    <name>MembersPane</name>
    <message>
        <source>Add</source>
        <translation>Добавить</translation>
    </message>
    <message>
        <source>Add a delegation</source>
        <translation>Добавить делегацию</translation>
    </message>
    <message>
        <source>Add {who} to this room?</source>
        <translation>Добавить в эту комнату? Делегация: {who}</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>Добавить…</translation>
    </message>
    <message>
        <source>Every delegation you know is in this room</source>
        <translation>Все известные вам делегации состоят в этой комнате</translation>
    </message>
    <message>
        <source>It is given everything signed for the record in this room, and what is sent from now on.</source>
        <translation>Эта делегация получает всё, что подписано для протокола в этой комнате, и то, что отправляется начиная с этого момента.</translation>
    </message>
    <message>
        <source>It keeps what it has received and gets nothing that is sent from now on. Everyone sees this.</source>
        <translation>У нее остается то, что она получила, и она не получает ничего из того, что отправляется начиная с этого момента. Это видит каждый.</translation>
    </message>
    <message>
        <source>Its identity is not verified: compare the safety number first if you can.</source>
        <translation>Удостоверение этой делегации не проверено: если можете, сначала сверьте номер безопасности.</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>Участники</translation>
    </message>
    <message>
        <source>Members of the room</source>
        <translation>Участники комнаты</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Убрать</translation>
    </message>
    <message>
        <source>Remove the chosen delegation</source>
        <translation>Убрать выбранную делегацию</translation>
    </message>
    <message>
        <source>Remove {who} from this room?</source>
        <translation>Убрать из этой комнаты? Делегация: {who}</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Убрать…</translation>
    </message>
    <message>
        <source>{who} holds the chair and decides who is in this room.</source>
        <translation>Председательствует и решает, кто состоит в этой комнате: {who}.</translation>
    </message>
</context>
<context>
    <name>MessagesScreen</name>
    <message>
        <source>Rooms</source>
        <translation>Комнаты</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>Обсуждения</translation>
    </message>
</context>
<context>
    <name>MomentEditor</name>
    <message>
        <source>A day and a time as 2026-11-22 14:05, in UTC</source>
        <translation>День и время вида 2026-11-22 14:05, в UTC</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Сейчас</translation>
    </message>
    <message>
        <source>UTC</source>
        <translation>UTC</translation>
    </message>
    <message>
        <source>YYYY-MM-DD HH:MM</source>
        <translation>ГГГГ-ММ-ДД ЧЧ:ММ</translation>
    </message>
    <message>
        <source>{0}: now</source>
        <translation>{0}: сейчас</translation>
    </message>
</context>
<context>
    <name>MomentField</name>
    <message>
        <source>This is no time: write it like 2026-12-10 18:00.</source>
        <translation>Это не время: укажите его в виде 2026-12-10 18:00.</translation>
    </message>
    <message>
        <source>{0}, in UTC, for example 2026-12-10 18:00</source>
        <translation>{0}, в UTC, например 2026-12-10 18:00</translation>
    </message>
</context>
<context>
    <name>MonthGrid</name>
    <message>
        <source>nothing</source>
        <translation>ничего</translation>
    </message>
    <message>
        <source>{0} more</source>
        <translation>еще {0}</translation>
    </message>
    <message>
        <source>{0}, today</source>
        <translation>{0}, сегодня</translation>
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
        <translation>Выберите из списка</translation>
    </message>
</context>
<context>
    <name>NamesEditor</name>
    <message>
        <source>Add</source>
        <translation>Добавить</translation>
    </message>
    <message>
        <source>Add to {0}</source>
        <translation>Добавить: {0}</translation>
    </message>
</context>
<context>
    <name>NewKeyFileDialog</name>
    <message>
        <source>A new passphrase for the key file</source>
        <translation>Новая парольная фраза для файла ключа</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Every key file made before still opens with its old passphrase. Destroy each copy once the new one is safe.</source>
        <translation>Каждый файл ключа, созданный ранее, по-прежнему открывается своей старой парольной фразой. Уничтожьте каждую копию, как только новый будет в надежном месте.</translation>
    </message>
    <message>
        <source>Every key file made before still opens with its old passphrase. Destroy the old ones once the new one is safe: the one beside the vault, and each copy on a stick.</source>
        <translation>Каждый файл ключа, созданный ранее, по-прежнему открывается своей старой парольной фразой. Уничтожьте старые, как только новый будет в надежном месте: тот, что рядом с хранилищем, и каждую копию на накопителях.</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>Далее, к корневому ключу…</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>Новая парольная фраза</translation>
    </message>
    <message>
        <source>The delegation&apos;s key is written into a new key file under the new passphrase. The key itself stays the same, so nothing changes for other delegations.</source>
        <translation>Ключ делегации записывается в новый файл ключа под новой парольной фразой. Сам ключ остается прежним, поэтому для других делегаций ничего не меняется.</translation>
    </message>
    <message>
        <source>The new passphrase again</source>
        <translation>Новая парольная фраза еще раз</translation>
    </message>
</context>
<context>
    <name>NewPassphrase</name>
    <message>
        <source>Caps Lock seems to be on.</source>
        <translation>Похоже, включен Caps Lock.</translation>
    </message>
    <message>
        <source>The same passphrase again</source>
        <translation>Та же парольная фраза еще раз</translation>
    </message>
    <message>
        <source>The two are not the same.</source>
        <translation>Они не совпадают.</translation>
    </message>
</context>
<context>
    <name>NewRoom</name>
    <message>
        <source>Bilateral</source>
        <translation>Двусторонняя</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Delegations in the room</source>
        <translation>Делегации в комнате</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Группа</translation>
    </message>
    <message>
        <source>Internal</source>
        <translation>Внутренняя</translation>
    </message>
    <message>
        <source>New room</source>
        <translation>Новая комната</translation>
    </message>
    <message>
        <source>Not verified in person: {who}. One false identity in a group reads everything in it; compare safety numbers first if you can.</source>
        <translation>Не проверено лично: {who}. Одно ложное удостоверение в группе читает в ней всё; если можете, сначала сверьте номера безопасности.</translation>
    </message>
    <message>
        <source>Open the room</source>
        <translation>Открыть комнату</translation>
    </message>
    <message>
        <source>Title of the room</source>
        <translation>Название комнаты</translation>
    </message>
    <message>
        <source>Title, e.g. Drafting group on points of contact</source>
        <translation>Название, например «Контактные пункты»</translation>
    </message>
    <message>
        <source>You know no other delegation yet. Import its card in Contacts first.</source>
        <translation>Вам пока не известна ни одна другая делегация. Сначала импортируйте ее карточку в разделе «Контакты».</translation>
    </message>
</context>
<context>
    <name>News</name>
    <message>
        <source>Show them</source>
        <translation>Показать их</translation>
    </message>
    <message>
        <source>Since I last looked ({0})</source>
        <translation>С моего последнего просмотра ({0})</translation>
    </message>
    <message>
        <source>Since {0}</source>
        <translation>С {0}</translation>
    </message>
</context>
<context>
    <name>Nominating</name>
    <message>
        <source>Addressed to</source>
        <translation>Кому адресовано</translation>
    </message>
    <message>
        <source>Addressed to, as it stands in the sentence (“the Secretariat of …”)</source>
        <translation>Кому адресовано, в той форме, в какой стоит в предложении («Секретариату …»)</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Дата</translation>
    </message>
    <message>
        <source>In place of</source>
        <translation>Вместо</translation>
    </message>
    <message>
        <source>In place of (optional)</source>
        <translation>Вместо (необязательно)</translation>
    </message>
    <message>
        <source>It gets the next running number and is entered as sent in the correspondence, with the file.</source>
        <translation>Нота получает следующий порядковый номер и вносится в переписку как исходящая вместе с файлом.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Язык</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Оставить как есть</translation>
    </message>
    <message>
        <source>Marking</source>
        <translation>Пометка</translation>
    </message>
    <message>
        <source>Nominate {who}</source>
        <translation>Назначить: {who}</translation>
    </message>
    <message>
        <source>Note verbale</source>
        <translation>Вербальная нота</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Место</translation>
    </message>
    <message>
        <source>Write it…</source>
        <translation>Составить…</translation>
    </message>
    <message>
        <source>none</source>
        <translation>нет</translation>
    </message>
</context>
<context>
    <name>NoteCard</name>
    <message>
        <source>Change</source>
        <translation>Изменить</translation>
    </message>
    <message>
        <source>Change this note: {0}</source>
        <translation>Изменить эту заметку: {0}</translation>
    </message>
    <message>
        <source>Strike out</source>
        <translation>Вычеркнуть</translation>
    </message>
    <message>
        <source>Strike out this note: {0}</source>
        <translation>Вычеркнуть эту заметку: {0}</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Close this notice</source>
        <translation>Закрыть это уведомление</translation>
    </message>
    <message>
        <source>Notice</source>
        <translation>Уведомление</translation>
    </message>
</context>
<context>
    <name>NumbersModel</name>
    <message>
        <source>All words</source>
        <translation>Все слова</translation>
    </message>
    <message>
        <source>As it stands</source>
        <translation>В нынешнем виде</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Дата</translation>
    </message>
    <message>
        <source>Outside brackets</source>
        <translation>Вне скобок</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>Редакция</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>Доля</translation>
    </message>
</context>
<context>
    <name>OpenSilence</name>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Deadline</source>
        <translation>Срок</translation>
    </message>
    <message>
        <source>Every delegation is told that {0} stands as agreed unless one of them breaks the silence, with its reason, by {1}. The deadline can be extended, not shortened. After it your computer closes the procedure by itself.</source>
        <translation>Каждой делегации сообщается, что {0} считается согласованным документом, если ни одна из них не заявит возражение с указанием причины до {1}. Срок можно продлить, но не сократить. По его истечении ваш компьютер сам закроет процедуру.</translation>
    </message>
    <message>
        <source>Open a silence procedure</source>
        <translation>Открыть процедуру отсутствия возражений</translation>
    </message>
    <message>
        <source>Open the procedure</source>
        <translation>Открыть процедуру</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>Редакция</translation>
    </message>
    <message>
        <source>Revision to put under silence</source>
        <translation>Редакция, которая выносится на процедуру отсутствия возражений</translation>
    </message>
    <message>
        <source>Silence procedure</source>
        <translation>Процедура отсутствия возражений</translation>
    </message>
    <message>
        <source>What it covers (may stay empty: the whole revision)</source>
        <translation>Что она охватывает (можно не заполнять: вся редакция)</translation>
    </message>
    <message>
        <source>What the silence covers</source>
        <translation>Что охватывает процедура</translation>
    </message>
    <message>
        <source>for example: OP 1 to OP 4</source>
        <translation>например: OP 1–OP 4</translation>
    </message>
</context>
<context>
    <name>OpenSponsors</name>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Co-sponsors</source>
        <translation>Соавторы</translation>
    </message>
    <message>
        <source>Everybody in {0} can sign on to this revision and to no other; a later revision needs a list of its own. Opening the list does not sign your own delegation on.</source>
        <translation>Каждый в комнате {0} может присоединиться к этой редакции и ни к какой другой; для последующей редакции нужен свой список. Открытие списка не присоединяет вашу собственную делегацию.</translation>
    </message>
    <message>
        <source>Open a list of co-sponsors</source>
        <translation>Открыть список соавторов</translation>
    </message>
    <message>
        <source>Open the list</source>
        <translation>Открыть список</translation>
    </message>
    <message>
        <source>Revision to be co-sponsored</source>
        <translation>Редакция, для которой открывается список соавторов</translation>
    </message>
</context>
<context>
    <name>OpenStatement</name>
    <message>
        <source>Arabic</source>
        <translation>Арабский</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Назад</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Китайский</translation>
    </message>
    <message>
        <source>Continue…</source>
        <translation>Продолжить…</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Английский</translation>
    </message>
    <message>
        <source>Everybody in {0} reads these words and can sign on to them. They cannot be changed afterwards: other words are a new statement in their place, which everybody signs anew. Opening does not sign your own delegation on.</source>
        <translation>Каждый в комнате {0} читает эти слова и может к ним присоединиться. Изменить их потом нельзя: другие слова — это новое заявление вместо этого, которое каждый подписывает заново. Открытие не присоединяет вашу собственную делегацию.</translation>
    </message>
    <message>
        <source>French</source>
        <translation>Французский</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>Хеш</translation>
    </message>
    <message>
        <source>Joint statement</source>
        <translation>Совместное заявление</translation>
    </message>
    <message>
        <source>Kept in the vault as you type</source>
        <translation>Сохраняется в хранилище по мере ввода</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Язык</translation>
    </message>
    <message>
        <source>Language of the statement</source>
        <translation>Язык заявления</translation>
    </message>
    <message>
        <source>Names on the old words: {0}; none of them goes along.</source>
        <translation>Названия под прежними словами: {0}; ни одно из них не переносится.</translation>
    </message>
    <message>
        <source>Open a joint statement</source>
        <translation>Открыть совместное заявление</translation>
    </message>
    <message>
        <source>Open for sign-on</source>
        <translation>Открыть для присоединения</translation>
    </message>
    <message>
        <source>Open other words in its place</source>
        <translation>Открыть вместо него другие слова</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>Комната</translation>
    </message>
    <message>
        <source>Room whose delegations can sign on</source>
        <translation>Комната, делегации которой могут присоединиться</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>Русский</translation>
    </message>
    <message>
        <source>Spaces at the ends of lines and empty lines around the words were left out.</source>
        <translation>Пробелы в конце строк и пустые строки вокруг слов убраны.</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>Испанский</translation>
    </message>
    <message>
        <source>Start anew</source>
        <translation>Начать заново</translation>
    </message>
    <message>
        <source>The words as they will be signed</source>
        <translation>Слова в том виде, в каком они будут подписаны</translation>
    </message>
    <message>
        <source>The words of the statement</source>
        <translation>Слова заявления</translation>
    </message>
    <message>
        <source>The words. Everybody signs them exactly as they stand here.</source>
        <translation>Слова. Каждый подписывает их точно в том виде, в каком они стоят здесь.</translation>
    </message>
    <message>
        <source>This is what will be signed:</source>
        <translation>Вот что будет подписано:</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Заголовок</translation>
    </message>
    <message>
        <source>Title of the statement</source>
        <translation>Название заявления</translation>
    </message>
    <message>
        <source>What you write is kept in the vault until it is opened.</source>
        <translation>То, что вы пишете, сохраняется в хранилище, пока заявление не открыто.</translation>
    </message>
    <message>
        <source>What you wrote before is here again. Look at the language and the date: they are not kept.</source>
        <translation>Написанное вами ранее снова здесь. Проверьте язык и дату: они не сохраняются.</translation>
    </message>
</context>
<context>
    <name>OpenTextDialog</name>
    <message>
        <source>Arabic</source>
        <translation>Арабский</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Китайский</translation>
    </message>
    <message>
        <source>Comments: {0}, kept as remarks that the room reads.</source>
        <translation>Примечаний: {0}; они сохраняются как замечания, которые читает комната.</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Английский</translation>
    </message>
    <message>
        <source>French</source>
        <translation>Французский</translation>
    </message>
    <message>
        <source>From a file</source>
        <translation>Из файла</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Язык</translation>
    </message>
    <message>
        <source>Language of the text</source>
        <translation>Язык текста</translation>
    </message>
    <message>
        <source>Open a text</source>
        <translation>Открыть текст</translation>
    </message>
    <message>
        <source>Open a text for negotiation</source>
        <translation>Открыть текст для переговоров</translation>
    </message>
    <message>
        <source>Open the text</source>
        <translation>Открыть текст</translation>
    </message>
    <message>
        <source>Paragraphs found</source>
        <translation>Найденные пункты</translation>
    </message>
    <message>
        <source>Paragraphs found: {0}.</source>
        <translation>Найдено пунктов: {0}.</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Вставить</translation>
    </message>
    <message>
        <source>Paste the text. Paragraphs such as “OP 3 bis …” and the notation of brackets are recognised.</source>
        <translation>Вставьте текст. Распознаются пункты вида «OP 3 bis …» и запись со скобками.</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Прочитать</translation>
    </message>
    <message>
        <source>Read: {0}</source>
        <translation>Прочитано: {0}</translation>
    </message>
    <message>
        <source>Reading {0}…</source>
        <translation>Чтение {0}…</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>Комната</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>Русский</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>Испанский</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>Обозначение</translation>
    </message>
    <message>
        <source>The words of the text, pasted</source>
        <translation>Слова текста, вставленные</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Заголовок</translation>
    </message>
    <message>
        <source>Title of the text</source>
        <translation>Заголовок текста</translation>
    </message>
    <message>
        <source>Tracked changes: {0}; each becomes a proposal of your delegation.</source>
        <translation>Исправлений: {0}; каждое становится предложением вашей делегации.</translation>
    </message>
    <message>
        <source>What was found is shown here before anything is opened.</source>
        <translation>Найденное показывается здесь, прежде чем что-либо открывается.</translation>
    </message>
    <message>
        <source>Where the words come from</source>
        <translation>Откуда взяты слова</translation>
    </message>
    <message>
        <source>You will hold the pen. Everybody in the room can read the text and propose.</source>
        <translation>Перо будете держать вы. Каждый в комнате может читать текст и вносить предложения.</translation>
    </message>
    <message>
        <source>optional</source>
        <translation>необязательно</translation>
    </message>
    <message>
        <source>{0} could not be read. Choose another file.</source>
        <translation>Не удалось прочитать {0}. Выберите другой файл.</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <source>A list of co-sponsors of this revision is open already.</source>
        <translation>Список соавторов этой редакции уже открыт.</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Все</translation>
    </message>
    <message>
        <source>Answers by (UTC)</source>
        <translation>Ответы до (UTC)</translation>
    </message>
    <message>
        <source>Ask now</source>
        <translation>Опросить</translation>
    </message>
    <message>
        <source>Ask points of contact to confirm their entry</source>
        <translation>Попросить контактные пункты подтвердить свою запись</translation>
    </message>
    <message>
        <source>Each delegation is asked alone, and reads the name of the round, the date, and its own entry. Nobody sees who else is asked.</source>
        <translation>Каждая делегация опрашивается отдельно и видит название раунда, дату и собственную запись. Никто не видит, кого еще опрашивают.</translation>
    </message>
    <message>
        <source>Everybody in the room is told with the next exchange. Your own delegation has not signed on yet.</source>
        <translation>Всем в комнате это будет сообщено при следующем обмене. Ваша собственная делегация еще не присоединилась.</translation>
    </message>
    <message>
        <source>Forum or directory</source>
        <translation>Форум или реестр</translation>
    </message>
    <message>
        <source>Forum or directory (optional)</source>
        <translation>Форум или реестр (необязательно)</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Оставить как есть</translation>
    </message>
    <message>
        <source>Make a room under Messages first (Ctrl+5).</source>
        <translation>Сначала создайте комнату в разделе «Сообщения» (Ctrl+5).</translation>
    </message>
    <message>
        <source>Name of the round</source>
        <translation>Название раунда</translation>
    </message>
    <message>
        <source>Name of the round, as those asked read it</source>
        <translation>Название раунда, как его увидят те, кого опрашивают</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Нет</translation>
    </message>
    <message>
        <source>Open a ping round</source>
        <translation>Открыть раунд проверки связи</translation>
    </message>
    <message>
        <source>Round {n}</source>
        <translation>Раунд {n}</translation>
    </message>
    <message>
        <source>Sign on…</source>
        <translation>Присоединиться…</translation>
    </message>
    <message>
        <source>The list of co-sponsors is open.</source>
        <translation>Список соавторов открыт.</translation>
    </message>
    <message>
        <source>The statement is open for sign-on.</source>
        <translation>Заявление открыто для присоединения.</translation>
    </message>
    <message>
        <source>There is no room yet in which delegations could sign on.</source>
        <translation>Комнаты, в которой делегации могли бы присоединиться, пока нет.</translation>
    </message>
    <message>
        <source>This is an exercise</source>
        <translation>Это учения</translation>
    </message>
    <message>
        <source>This is an exercise: every question says so</source>
        <translation>Это учения: об этом сказано в каждом вопросе</translation>
    </message>
    <message>
        <source>Who is asked</source>
        <translation>Кого опрашивают</translation>
    </message>
    <message>
        <source>our own</source>
        <translation>наша</translation>
    </message>
    <message>
        <source>real: not in a vault for practice</source>
        <translation>реальная: не для учебного хранилища</translation>
    </message>
    <message>
        <source>superseded or removed</source>
        <translation>заменена или исключена</translation>
    </message>
</context>
<context>
    <name>OutlinePane</name>
    <message>
        <source>Agreed</source>
        <translation>Согласовано</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Все</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Поиск</translation>
    </message>
    <message>
        <source>Filter paragraphs by their words</source>
        <translation>Отобрать пункты по словам</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>Мои</translation>
    </message>
    <message>
        <source>No paragraph matches.</source>
        <translation>Подходящих пунктов нет.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Открытые</translation>
    </message>
    <message>
        <source>Outline of the text</source>
        <translation>Структура текста</translation>
    </message>
    <message>
        <source>Parked</source>
        <translation>Отложено</translation>
    </message>
    <message>
        <source>Which paragraphs</source>
        <translation>Какие пункты</translation>
    </message>
</context>
<context>
    <name>OverviewScreen</name>
    <message>
        <source>Calendar</source>
        <translation>Календарь</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>Тренировка</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Сегодня</translation>
    </message>
    <message>
        <source>Views of the overview</source>
        <translation>Виды обзора</translation>
    </message>
</context>
<context>
    <name>OwnCard</name>
    <message>
        <source>Custodians…</source>
        <translation>Поручители…</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>Отпечаток</translation>
    </message>
    <message>
        <source>Handing it over</source>
        <translation>Передача карточки</translation>
    </message>
    <message>
        <source>Import their card in the same way.</source>
        <translation>Таким же образом импортируйте их карточку.</translation>
    </message>
    <message>
        <source>Nobody&apos;s word counts yet: a delegation is verified only by comparing with it.</source>
        <translation>Пока не учитывается ничье слово: проверить делегацию можно, только проведя сверку с ней.</translation>
    </message>
    <message>
        <source>Our identity card as a QR code</source>
        <translation>Карточка нашей делегации в виде QR-кода</translation>
    </message>
    <message>
        <source>Our identity card: {who}</source>
        <translation>Карточка нашей делегации: {who}</translation>
    </message>
    <message>
        <source>Save our identity card…</source>
        <translation>Сохранить карточку нашей делегации…</translation>
    </message>
    <message>
        <source>Save the card as a file and give it to the other delegation on a stick.</source>
        <translation>Сохраните карточку в файл и передайте другой делегации на USB-накопителе.</translation>
    </message>
    <message>
        <source>The card says who we are and holds only public keys. It may be handed to anybody.</source>
        <translation>Карточка сообщает, кто мы, и содержит только открытые ключи. Ее можно передать кому угодно.</translation>
    </message>
    <message>
        <source>Then compare: let them take a picture of this code, and take one of theirs,</source>
        <translation>Затем проведите сверку: пусть они сделают снимок этого кода, а вы — снимок их кода,</translation>
    </message>
    <message>
        <source>What changed, and since when</source>
        <translation>Что изменилось и с какого времени</translation>
    </message>
    <message>
        <source>Whose word counts</source>
        <translation>Чье слово учитывается</translation>
    </message>
    <message>
        <source>or press “Verify…” and follow what both screens say.</source>
        <translation>или нажмите «Проверить…» и следуйте указаниям на обоих экранах.</translation>
    </message>
    <message>
        <source>{who}; {needed} have to agree.</source>
        <translation>{who}; должны сойтись: {needed}.</translation>
    </message>
</context>
<context>
    <name>PartedLine</name>
    <message>
        <source>Keep it</source>
        <translation>Сохранить</translation>
    </message>
    <message>
        <source>One laptop took this row out while another changed it. Both are in the history; say which holds.</source>
        <translation>Один ноутбук исключил эту строку, а другой изменил ее. И то и другое в истории; укажите, что действует.</translation>
    </message>
    <message>
        <source>Take it out</source>
        <translation>Исключить</translation>
    </message>
</context>
<context>
    <name>PassPenDialog</name>
    <message>
        <source>Choose a delegation…</source>
        <translation>Выберите делегацию…</translation>
    </message>
    <message>
        <source>Delegation that will hold the pen</source>
        <translation>Делегация, которая будет держать перо</translation>
    </message>
    <message>
        <source>From then on only {0} changes the text. You can propose like everybody else, and only {0} can give the pen back.</source>
        <translation>С этого момента текст изменяет только {0}. Вы можете вносить предложения, как и все остальные, и вернуть перо может только {0}.</translation>
    </message>
    <message>
        <source>Keep the pen</source>
        <translation>Оставить перо у себя</translation>
    </message>
    <message>
        <source>Only the pen changes the text; everybody else proposes.</source>
        <translation>Текст изменяет только перо; все остальные предлагают.</translation>
    </message>
    <message>
        <source>Pass the pen</source>
        <translation>Передать перо</translation>
    </message>
    <message>
        <source>Pass the pen to another delegation</source>
        <translation>Передать перо другой делегации</translation>
    </message>
    <message>
        <source>You have not verified {0}: compare the safety words first.</source>
        <translation>Вы не проверили эту делегацию ({0}): сначала сверьте слова безопасности.</translation>
    </message>
</context>
<context>
    <name>PassagePicker</name>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Enter inserts the words</source>
        <translation>Enter вставляет слова</translation>
    </message>
    <message>
        <source>Insert</source>
        <translation>Вставить</translation>
    </message>
    <message>
        <source>Insert from the library</source>
        <translation>Вставить из библиотеки</translation>
    </message>
    <message>
        <source>Nothing in the library is like these words.</source>
        <translation>Похожего на эти слова в библиотеке нет.</translation>
    </message>
    <message>
        <source>Passages found</source>
        <translation>Найденные места</translation>
    </message>
    <message>
        <source>The words go where the cursor is, their source into the reason.</source>
        <translation>Слова вставляются на место курсора, их источник — в обоснование.</translation>
    </message>
    <message>
        <source>Words, or a symbol and paragraph: A/70/174 13 (f)</source>
        <translation>Слова либо обозначение и пункт: A/70/174 13 (f)</translation>
    </message>
</context>
<context>
    <name>PassingCard</name>
    <message>
        <source>For another laptop or a colleague. No secret goes into the file: no key, no name, no folder, no password of a proxy. Before a file changes anything here you see what it would change.</source>
        <translation>Для другого ноутбука или коллеги. Ничего тайного в файл не попадает: ни ключа, ни имени, ни папки, ни пароля прокси. Прежде чем файл что-либо здесь изменит, вы увидите, что он изменил бы.</translation>
    </message>
    <message>
        <source>Save the settings</source>
        <translation>Сохранить настройки</translation>
    </message>
    <message>
        <source>Save the settings…</source>
        <translation>Сохранить настройки…</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>Сохранено в файл {0}</translation>
    </message>
    <message>
        <source>Settings in a file</source>
        <translation>Настройки в файле</translation>
    </message>
    <message>
        <source>Settings of Valise ({0})</source>
        <translation>Настройки Valise ({0})</translation>
    </message>
    <message>
        <source>Take settings from a file</source>
        <translation>Принять настройки из файла</translation>
    </message>
    <message>
        <source>Take settings from a file…</source>
        <translation>Принять настройки из файла…</translation>
    </message>
</context>
<context>
    <name>PassphraseEntry</name>
    <message>
        <source>Hide the passphrase</source>
        <translation>Скрыть парольную фразу</translation>
    </message>
    <message>
        <source>Show the passphrase</source>
        <translation>Показать парольную фразу</translation>
    </message>
</context>
<context>
    <name>PassphrasePage</name>
    <message>
        <source>It opens the vault on this laptop. It is never stored and never sent.</source>
        <translation>Она открывает хранилище на этом ноутбуке. Она нигде не сохраняется и никуда не отправляется.</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Парольная фраза</translation>
    </message>
</context>
<context>
    <name>PenBench</name>
    <message>
        <source>You hold the pen</source>
        <translation>Перо держите вы</translation>
    </message>
</context>
<context>
    <name>PickDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>Выбрать</translation>
    </message>
    <message>
        <source>Choose a paragraph</source>
        <translation>Выберите пункт</translation>
    </message>
    <message>
        <source>Choose a row</source>
        <translation>Выберите строку</translation>
    </message>
    <message>
        <source>Some of its words</source>
        <translation>Несколько слов из текста</translation>
    </message>
    <message>
        <source>There is nothing to choose from yet.</source>
        <translation>Выбирать пока не из чего.</translation>
    </message>
    <message>
        <source>What can be chosen</source>
        <translation>Что можно выбрать</translation>
    </message>
</context>
<context>
    <name>Picker</name>
    <message>
        <source> ≈ nearly alike ({0})</source>
        <translation> ≈ почти совпадают ({0})</translation>
    </message>
    <message>
        <source>As it would read</source>
        <translation>Как это будет читаться</translation>
    </message>
    <message>
        <source>Nobody&apos;s words are dropped unsaid.</source>
        <translation>Ничьи слова не отбрасываются молча.</translation>
    </message>
    <message>
        <source>Other words at this place</source>
        <translation>Другие слова в этом месте</translation>
    </message>
    <message>
        <source>Other words:</source>
        <translation>Другие слова:</translation>
    </message>
    <message>
        <source>Place {0}</source>
        <translation>Место {0}</translation>
    </message>
    <message>
        <source>Stays as it is: {0}</source>
        <translation>Остается как есть: {0}</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Заголовок</translation>
    </message>
    <message>
        <source>What becomes of each amendment</source>
        <translation>Что становится с каждой поправкой</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>ничего</translation>
    </message>
    <message>
        <source>without these words</source>
        <translation>без этих слов</translation>
    </message>
    <message>
        <source>{0}  ({1}; {2}){3}</source>
        <translation>{0}  ({1}; {2}){3}</translation>
    </message>
</context>
<context>
    <name>PlacesField</name>
    <message>
        <source>Add an address</source>
        <translation>Добавить адрес</translation>
    </message>
</context>
<context>
    <name>Plot</name>
    <message>
        <source>Words outside brackets: {0}</source>
        <translation>Слов вне скобок: {0}</translation>
    </message>
    <message>
        <source>now</source>
        <translation>сейчас</translation>
    </message>
    <message>
        <source>words in brackets</source>
        <translation>слов в скобках</translation>
    </message>
    <message>
        <source>words outside brackets</source>
        <translation>слов вне скобок</translation>
    </message>
</context>
<context>
    <name>PracticeBanner</name>
    <message>
        <source>Fictional delegations only. Nothing here is real, and nothing leaves this vault.</source>
        <translation>Только вымышленные делегации. Здесь нет ничего реального, и ничто не покидает это хранилище.</translation>
    </message>
</context>
<context>
    <name>PracticePage</name>
    <message>
        <source>Nothing here is real and nothing leaves this vault&apos;s folder. Keys, signatures and envelopes are the same as in your own vault.</source>
        <translation>Здесь нет ничего реального, и ничто не покидает папку этого хранилища. Ключи, подписи и конверты такие же, как в вашем собственном хранилище.</translation>
    </message>
    <message>
        <source>Practice with fictional delegations</source>
        <translation>Тренировка с вымышленными делегациями</translation>
    </message>
    <message>
        <source>Record of practice</source>
        <translation>Запись тренировки</translation>
    </message>
    <message>
        <source>Save the record</source>
        <translation>Сохранить запись тренировки</translation>
    </message>
    <message>
        <source>Save the record…</source>
        <translation>Сохранить запись тренировки…</translation>
    </message>
    <message>
        <source>Saved as {file}.</source>
        <translation>Сохранено в файл {file}.</translation>
    </message>
    <message>
        <source>What Borovia&apos;s laptop shows for your delegation</source>
        <translation>Что ноутбук делегации Borovia показывает о вашей делегации</translation>
    </message>
</context>
<context>
    <name>PractisePage</name>
    <message>
        <source>A passphrase for practice</source>
        <translation>Парольная фраза для тренировки</translation>
    </message>
    <message>
        <source>A vault of its own beside yours, with two invented partners who answer. It takes in no real contact and carries nothing beyond its folder.</source>
        <translation>Отдельное хранилище рядом с вашим, с двумя вымышленными партнерами, которые отвечают. Оно не принимает реальных контактов и ничего не передает за пределы своей папки.</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Назад</translation>
    </message>
    <message>
        <source>Making the vault and its partners. This takes a moment on purpose.</source>
        <translation>Создаются хранилище и партнеры. Это намеренно занимает некоторое время.</translation>
    </message>
    <message>
        <source>Passphrase of the vault for practice</source>
        <translation>Парольная фраза учебного хранилища</translation>
    </message>
    <message>
        <source>Practise</source>
        <translation>Тренировка</translation>
    </message>
    <message>
        <source>Practise with fictional delegations</source>
        <translation>Тренировка с вымышленными делегациями</translation>
    </message>
</context>
<context>
    <name>PreviewDialog</name>
    <message>
        <source>A STIX bundle</source>
        <translation>Набор STIX</translation>
    </message>
    <message>
        <source>A draft for you to look at. Nothing is sent, and nothing of it is executed. Taken in: {0}; kept out: {1}.</source>
        <translation>Черновик для вашего рассмотрения. Ничего не отправляется, и ничто из набора не выполняется. Принято: {0}; не принято: {1}.</translation>
    </message>
    <message>
        <source>Kept out: patterns that name more than one address</source>
        <translation>Не принято: шаблоны, в которых указано более одного адреса</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>Отказаться</translation>
    </message>
    <message>
        <source>Make a draft of it</source>
        <translation>Составить по нему черновик</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>Пометка</translation>
    </message>
    <message>
        <source>To be filled in by you: {0}</source>
        <translation>Вам нужно заполнить: {0}</translation>
    </message>
    <message>
        <source>What the bundle holds</source>
        <translation>Что содержит набор</translation>
    </message>
    <message>
        <source>What this bundle would become</source>
        <translation>Что получилось бы из этого набора</translation>
    </message>
</context>
<context>
    <name>ProgressLine</name>
    <message>
        <source>Progress</source>
        <translation>Ход выполнения</translation>
    </message>
</context>
<context>
    <name>ProposalCard</name>
    <message>
        <source>Admit</source>
        <translation>Допустить</translation>
    </message>
    <message>
        <source>Co-sponsor</source>
        <translation>Стать соавтором</translation>
    </message>
    <message>
        <source>Co-sponsor {0}</source>
        <translation>Стать соавтором {0}</translation>
    </message>
    <message>
        <source>Do not take {0}</source>
        <translation>Не принимать {0}</translation>
    </message>
    <message>
        <source>Keep as alternative</source>
        <translation>Сохранить как альтернативу</translation>
    </message>
    <message>
        <source>Keep {0} as an alternative</source>
        <translation>Сохранить {0} как альтернативу</translation>
    </message>
    <message>
        <source>Reason: {0}</source>
        <translation>Причина: {0}</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>Отклонить</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>Замечание</translation>
    </message>
    <message>
        <source>Remark to the room on {0}</source>
        <translation>Замечание для комнаты по {0}</translation>
    </message>
    <message>
        <source>Take</source>
        <translation>Принять</translation>
    </message>
    <message>
        <source>Take {0} back into the talks</source>
        <translation>Вернуть {0} в переговоры</translation>
    </message>
    <message>
        <source>Take {0} into the text</source>
        <translation>Принять {0} в текст</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>Отозвать</translation>
    </message>
    <message>
        <source>Withdraw {0}</source>
        <translation>Отозвать {0}</translation>
    </message>
    <message>
        <source>with {0}</source>
        <translation>вместе с {0}</translation>
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
        <translation>Вниз</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Влево</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Вправо</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Shift</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Вверх</translation>
    </message>
</context>
<context>
    <name>QuestionCard</name>
    <message>
        <source>It has changed…</source>
        <translation>Изменилась…</translation>
    </message>
    <message>
        <source>The entry is right</source>
        <translation>Запись верна</translation>
    </message>
    <message>
        <source>Wrong contact…</source>
        <translation>Не тот контакт…</translation>
    </message>
    <message>
        <source>You confirmed it</source>
        <translation>Вы подтвердили запись</translation>
    </message>
    <message>
        <source>You said that it has changed</source>
        <translation>Вы ответили, что запись изменилась</translation>
    </message>
    <message>
        <source>You said that it is the wrong contact</source>
        <translation>Вы ответили, что это не тот контакт</translation>
    </message>
    <message>
        <source>asked {when}, answer by {due}</source>
        <translation>запрошено {when}, ответить до {due}</translation>
    </message>
    <message>
        <source>{told}: {officer}, {when}</source>
        <translation>{told}: {officer}, {when}</translation>
    </message>
    <message>
        <source>{who} asks: is this entry right?</source>
        <translation>Спрашивает {who}: верна ли эта запись?</translation>
    </message>
</context>
<context>
    <name>ReachView</name>
    <message>
        <source>Contacts: {contacts} · rounds: {rounds}</source>
        <translation>Контактов: {contacts} · раундов: {rounds}</translation>
    </message>
    <message>
        <source>Exercises too</source>
        <translation>Включая учения</translation>
    </message>
    <message>
        <source>Nothing to show yet</source>
        <translation>Пока показывать нечего</translation>
    </message>
    <message>
        <source>Once a round was opened, you see here what came of it.</source>
        <translation>После первого открытого раунда здесь будут видны его результаты.</translation>
    </message>
    <message>
        <source>Reachability by contact and round</source>
        <translation>Доступность по контактам и раундам</translation>
    </message>
    <message>
        <source>The bar is the time to the answer, on a scale from a minute to thirty days on which each step is a multiple of the one before. Hatched: asked outside their hours or on a public holiday there. States stand by name; no order is a ranking. Results of others stay here.</source>
        <translation>Полоса показывает время до ответа по шкале от минуты до тридцати дней, каждый шаг которой кратен предыдущему. Штриховка: запрос пришелся на нерабочее время или государственный праздник в месте получения. Государства перечислены по названию; порядок не означает места в рейтинге. Результаты других остаются здесь.</translation>
    </message>
</context>
<context>
    <name>ReadingList</name>
    <message>
        <source>Enter goes to the paragraph</source>
        <translation>Enter переходит к пункту</translation>
    </message>
</context>
<context>
    <name>ReadingPane</name>
    <message>
        <source>Choose a result or a document: it is shown here where it stands.</source>
        <translation>Выберите результат или документ: он показывается здесь на своем месте.</translation>
    </message>
    <message>
        <source>Enter on the first or last line shows more</source>
        <translation>Enter на первой или последней строке показывает больше</translation>
    </message>
    <message>
        <source>Nothing chosen</source>
        <translation>Ничего не выбрано</translation>
    </message>
    <message>
        <source>Paragraphs of the document</source>
        <translation>Пункты документа</translation>
    </message>
</context>
<context>
    <name>ReasonDialog</name>
    <message>
        <source>Leave as it is</source>
        <translation>Оставить как есть</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Причина</translation>
    </message>
    <message>
        <source>Reason, kept in the history</source>
        <translation>Причина, сохраняется в истории</translation>
    </message>
</context>
<context>
    <name>Recording</name>
    <message>
        <source>Answered or found out at (UTC)</source>
        <translation>Ответ получен или выяснено (UTC)</translation>
    </message>
    <message>
        <source>Asked at (UTC)</source>
        <translation>Запрошено (UTC)</translation>
    </message>
    <message>
        <source>By which way</source>
        <translation>Каким путем</translation>
    </message>
    <message>
        <source>It cannot answer before it was asked.</source>
        <translation>Ответ не может быть дан раньше запроса.</translation>
    </message>
    <message>
        <source>It stands in the record as your word, told apart from an answer they signed.</source>
        <translation>В записи это значится с ваших слов, отдельно от подписанного ими ответа.</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Оставить как есть</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Примечание</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Результат</translation>
    </message>
    <message>
        <source>Record an outcome</source>
        <translation>Записать результат</translation>
    </message>
    <message>
        <source>Record it</source>
        <translation>Записать</translation>
    </message>
    <message>
        <source>The note is longer than 2,000 characters.</source>
        <translation>Примечание длиннее 2000 знаков.</translation>
    </message>
    <message>
        <source>What came of asking {who}?</source>
        <translation>Каков результат запроса? Контакт: {who}</translation>
    </message>
</context>
<context>
    <name>RecoverPage</name>
    <message>
        <source>Back</source>
        <translation>Назад</translation>
    </message>
    <message>
        <source>Change and open</source>
        <translation>Изменить и открыть</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>Новая парольная фраза</translation>
    </message>
    <message>
        <source>Open with recovery shares</source>
        <translation>Открыть долями восстановления</translation>
    </message>
    <message>
        <source>Open, keep the passphrase</source>
        <translation>Открыть, парольную фразу оставить</translation>
    </message>
    <message>
        <source>The shares open this vault. Choose the passphrase that opens it from now on; the one before opens nothing any more, and no keyring is needed beside it.</source>
        <translation>Доли открывают это хранилище. Выберите парольную фразу, которая будет открывать его впредь; прежняя больше ничего не открывает, и связка ключей рядом с ней не нужна.</translation>
    </message>
</context>
<context>
    <name>RegisterList</name>
    <message>
        <source>Enter goes to the rows</source>
        <translation>Enter переходит к строкам</translation>
    </message>
    <message>
        <source>Find a register</source>
        <translation>Найти реестр</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>Реестры</translation>
    </message>
</context>
<context>
    <name>RegisterPage</name>
    <message>
        <source>A first row</source>
        <translation>Первая строка</translation>
    </message>
    <message>
        <source>A further row (Ctrl+N)</source>
        <translation>Новая строка (Ctrl+N)</translation>
    </message>
    <message>
        <source>Further acts</source>
        <translation>Другие действия</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Создать</translation>
    </message>
    <message>
        <source>No row belongs here now</source>
        <translation>Сейчас сюда не относится ни одна строка</translation>
    </message>
    <message>
        <source>No row passes this filter</source>
        <translation>Ни одна строка не проходит этот фильтр</translation>
    </message>
    <message>
        <source>Nothing is in this register yet</source>
        <translation>В этом реестре пока ничего нет</translation>
    </message>
    <message>
        <source>Show every row</source>
        <translation>Показать все строки</translation>
    </message>
</context>
<context>
    <name>RegisterTable</name>
    <message>
        <source>Arrows move, Enter opens the row, F2 changes the cell</source>
        <translation>Стрелки — перемещение, Enter — открыть строку, F2 — изменить ячейку</translation>
    </message>
    <message>
        <source>Corner of the table</source>
        <translation>Угол таблицы</translation>
    </message>
    <message>
        <source>Headings</source>
        <translation>Заголовки</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Строки</translation>
    </message>
</context>
<context>
    <name>RegistersScreen</name>
    <message>
        <source>Commitments</source>
        <translation>Обязательства</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>Контакты</translation>
    </message>
</context>
<context>
    <name>RehearseDialog</name>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Готово</translation>
    </message>
    <message>
        <source>Look for the sheets with the name of your delegation on them, or make new ones.</source>
        <translation>Найдите листы с названием вашей делегации или подготовьте новые.</translation>
    </message>
    <message>
        <source>Put every sheet back to its keeper.</source>
        <translation>Верните каждый лист тому, кто его хранит.</translation>
    </message>
    <message>
        <source>Rehearse the recovery</source>
        <translation>Опробовать восстановление</translation>
    </message>
    <message>
        <source>The day of the rehearsal is kept.</source>
        <translation>День пробы сохраняется.</translation>
    </message>
    <message>
        <source>These sheets belong to something else.</source>
        <translation>Эти листы относятся к чему-то другому.</translation>
    </message>
</context>
<context>
    <name>ReleaseCard</name>
    <message>
        <source>Ask to lift the rule</source>
        <translation>Просить об отмене правила</translation>
    </message>
    <message>
        <source>Keep the rule</source>
        <translation>Оставить правило</translation>
    </message>
    <message>
        <source>Off. No second officer of your delegation has a laptop that may propose amendments.</source>
        <translation>Выключено. Ни у одного второго сотрудника вашей делегации нет ноутбука с правом предлагать поправки.</translation>
    </message>
    <message>
        <source>Off: proposals leave at once.</source>
        <translation>Выключено: предложения уходят сразу.</translation>
    </message>
    <message>
        <source>On. You asked to lift it; it is lifted when a second officer asks too.</source>
        <translation>Включено. Вы просили его отменить; оно отменяется, когда об этом попросит и второй сотрудник.</translation>
    </message>
    <message>
        <source>On. {0} asks to lift it; it is lifted when you ask too.</source>
        <translation>Включено. Об отмене просит {0}; правило отменяется, когда попросите и вы.</translation>
    </message>
    <message>
        <source>On: every proposal waits for a second officer.</source>
        <translation>Включено: каждое предложение ожидает второго сотрудника.</translation>
    </message>
    <message>
        <source>Release by a second officer</source>
        <translation>Разрешение на отправку вторым сотрудником</translation>
    </message>
    <message>
        <source>Wait for a second officer</source>
        <translation>Ожидать второго сотрудника</translation>
    </message>
    <message>
        <source>With this rule a proposal stays in your delegation until another officer, on another laptop, releases it. It holds for proposals; positions, remarks to the room and what the pen writes leave at once. A laptop that has not heard of the rule yet does not keep it.</source>
        <translation>При этом правиле предложение остается в вашей делегации, пока другой сотрудник на другом ноутбуке не разрешит его отправку. Правило действует для предложений; позиции, замечания для комнаты и то, что пишет перо, уходят сразу. Ноутбук, до которого правило еще не дошло, его не соблюдает.</translation>
    </message>
</context>
<context>
    <name>ReleaseDialog</name>
    <message>
        <source>A release of Valise</source>
        <translation>Выпуск Valise</translation>
    </message>
    <message>
        <source>Check a package</source>
        <translation>Проверить пакет</translation>
    </message>
    <message>
        <source>Check a package…</source>
        <translation>Проверить пакет…</translation>
    </message>
    <message>
        <source>Checksum of {0}: {1}</source>
        <translation>Контрольная сумма {0}: {1}</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>From the file {0}</source>
        <translation>Из файла {0}</translation>
    </message>
    <message>
        <source>Not checked yet. Nothing is installed from here: install only a package that passed.</source>
        <translation>Еще не проверено. Отсюда ничего не устанавливается: устанавливайте только пакет, прошедший проверку.</translation>
    </message>
    <message>
        <source>The package that came with it</source>
        <translation>Приложенный к нему пакет</translation>
    </message>
    <message>
        <source>The signature holds: it was signed with the key of this program&apos;s publisher, and nothing was changed since.</source>
        <translation>Подпись действительна: файл подписан ключом издателя этой программы, и с тех пор ничего не изменилось.</translation>
    </message>
    <message>
        <source>This package is exactly the one released: {0}.</source>
        <translation>Это в точности выпущенный пакет: {0}.</translation>
    </message>
    <message>
        <source>Valise {0} of {1}</source>
        <translation>Valise {0} от {1}</translation>
    </message>
    <message>
        <source>What belongs to it and what is said about it</source>
        <translation>Что в него входит и что о нем сказано</translation>
    </message>
    <message>
        <source>What belongs to it: name, size and checksum (SHA-256)</source>
        <translation>Что в него входит: имя, размер и контрольная сумма (SHA-256)</translation>
    </message>
    <message>
        <source>What its publisher says about it</source>
        <translation>Что говорит о нем издатель</translation>
    </message>
    <message>
        <source>{0} did not pass.</source>
        <translation>{0}: проверка не пройдена.</translation>
    </message>
</context>
<context>
    <name>RenewDialog</name>
    <message>
        <source>Change officer or rights</source>
        <translation>Изменить сотрудника или права</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>Далее, к корневому ключу…</translation>
    </message>
    <message>
        <source>Its keys stay the same; the term begins anew. Fewer rights hold from now on: what it signed before stands. A laptop you no longer trust is not changed but revoked.</source>
        <translation>Его ключи остаются прежними; срок начинается заново. Сокращенные права действуют с этого момента: подписанное ранее остается в силе. Допуск ноутбука, которому вы больше не доверяете, не изменяют, а аннулируют.</translation>
    </message>
    <message>
        <source>Renew the certificate</source>
        <translation>Обновить сертификат</translation>
    </message>
</context>
<context>
    <name>ReportPage</name>
    <message>
        <source>A police or judicial matter: mutual legal assistance, extradition, evidence for a court</source>
        <translation>Полицейское или судебное дело: взаимная правовая помощь, выдача, доказательства для суда</translation>
    </message>
    <message>
        <source>Agreed</source>
        <translation>Согласовано</translation>
    </message>
    <message>
        <source>An ICT incident between States</source>
        <translation>Инцидент в сфере ИКТ между государствами</translation>
    </message>
    <message>
        <source>And {0} more: the command valise verify shows them all.</source>
        <translation>И еще {0}: все показывает команда valise verify.</translation>
    </message>
    <message>
        <source>Attach a file</source>
        <translation>Приложить файл</translation>
    </message>
    <message>
        <source>Attach a file…</source>
        <translation>Приложить файл…</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Назад</translation>
    </message>
    <message>
        <source>Certified from {0} to {1}.</source>
        <translation>Сертификат действует с {0} до {1}.</translation>
    </message>
    <message>
        <source>Checkpoint with both signature algorithms: everything up to {0}.</source>
        <translation>Контрольная отметка с обоими алгоритмами подписи: всё до {0}.</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>Закрыто</translation>
    </message>
    <message>
        <source>Confirmed by {0}.</source>
        <translation>Подтвердили: {0}.</translation>
    </message>
    <message>
        <source>Contradicted by {0}.</source>
        <translation>Опровергают: {0}.</translation>
    </message>
    <message>
        <source>Drop the draft</source>
        <translation>Отбросить черновик</translation>
    </message>
    <message>
        <source>Entries</source>
        <translation>Записей</translation>
    </message>
    <message>
        <source>Everybody in this room reads it: {0}. TLP:RED is not for a group.</source>
        <translation>Это читает каждый в этой комнате: {0}. TLP:RED не предназначено для группы.</translation>
    </message>
    <message>
        <source>Everything required is filled in. What you write is kept in the vault.</source>
        <translation>Всё обязательное заполнено. То, что вы пишете, сохраняется в хранилище.</translation>
    </message>
    <message>
        <source>Files are sealed for one room: attach them again for this one.</source>
        <translation>Файлы запечатываются для одной комнаты: приложите их для этой комнаты заново.</translation>
    </message>
    <message>
        <source>Fill in: {0}</source>
        <translation>Заполните: {0}</translation>
    </message>
    <message>
        <source>Filled in by the delegations that answer.</source>
        <translation>Заполняют делегации, которые отвечают.</translation>
    </message>
    <message>
        <source>Filled in by you when it is over.</source>
        <translation>Заполняете вы по завершении.</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>Отпечаток</translation>
    </message>
    <message>
        <source>Laptop of</source>
        <translation>Ноутбук</translation>
    </message>
    <message>
        <source>Look at what leaves and to whom; nothing is sent before (Ctrl+Enter)</source>
        <translation>Посмотреть, что и кому будет отправлено; до этого ничего не отправляется (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>Look at what leaves…</source>
        <translation>Посмотреть, что будет отправлено…</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>Участники</translation>
    </message>
    <message>
        <source>Messages for the record: {0}.</source>
        <translation>Сообщений для протокола: {0}.</translation>
    </message>
    <message>
        <source>No longer members</source>
        <translation>Больше не участвуют</translation>
    </message>
    <message>
        <source>Not to be sent on to others before (embargo)</source>
        <translation>Не пересылать другим ранее (эмбарго)</translation>
    </message>
    <message>
        <source>Only {0} reads it.</source>
        <translation>Это читает только {0}.</translation>
    </message>
    <message>
        <source>Own archive of an internal room: not to be handed to anybody.</source>
        <translation>Собственный архив внутренней комнаты: никому не передавать.</translation>
    </message>
    <message>
        <source>Report an incident or ask for help</source>
        <translation>Сообщить об инциденте или попросить о помощи</translation>
    </message>
    <message>
        <source>Result of the check</source>
        <translation>Результат проверки</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>Редакция</translation>
    </message>
    <message>
        <source>Revoked {0}.</source>
        <translation>Допуск аннулирован {0}.</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>Комната</translation>
    </message>
    <message>
        <source>Room in which it is reported; everybody in it reads it</source>
        <translation>Комната, в которой об этом сообщается; ее читает каждый, кто в ней состоит</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>SHA-256 of its words</source>
        <translation>SHA-256 ее слов</translation>
    </message>
    <message>
        <source>SHA-256 that is signed on to</source>
        <translation>SHA-256, к которому присоединяются</translation>
    </message>
    <message>
        <source>Say what is observed, not who did it. Use is voluntary: only what is marked as required must be filled in. All times are UTC.</source>
        <translation>Указывайте то, что наблюдается, а не кто это сделал. Использование добровольное: нужно заполнить только то, что отмечено как обязательное. Всё время указано в UTC.</translation>
    </message>
    <message>
        <source>Still required: {0}</source>
        <translation>Еще обязательно заполнить: {0}</translation>
    </message>
    <message>
        <source>Such matters keep their own channels and are not sent here. Use your central authority for mutual legal assistance, the 24/7 network of the treaty that applies, or INTERPOL through your national central bureau.</source>
        <translation>Для таких дел есть свои каналы, и отсюда они не отправляются. Обратитесь к вашему центральному органу по взаимной правовой помощи, к сети 24/7 применимого договора или в ИНТЕРПОЛ через ваше национальное центральное бюро.</translation>
    </message>
    <message>
        <source>The time of the embargo cannot be understood: write it like 2026-12-10 18:00.</source>
        <translation>Время окончания эмбарго непонятно: укажите его в виде 2026-12-10 18:00.</translation>
    </message>
    <message>
        <source>There is no room with another delegation yet. Make one under Messages (Ctrl+5).</source>
        <translation>Комнаты с другой делегацией пока нет. Создайте ее в разделе «Сообщения» (Ctrl+5).</translation>
    </message>
    <message>
        <source>This is the first entry that does not hold; others may follow.</source>
        <translation>Это первая запись, которая не проходит проверку; за ней могут быть и другие.</translation>
    </message>
    <message>
        <source>This matter is not sent here: use the channel named above.</source>
        <translation>Это дело отсюда не отправляется: используйте указанный выше канал.</translation>
    </message>
    <message>
        <source>To whom?</source>
        <translation>Кому?</translation>
    </message>
    <message>
        <source>Two histories at {0}: {1}</source>
        <translation>Две истории на месте {0}: {1}</translation>
    </message>
    <message>
        <source>What is it about?</source>
        <translation>О чем речь?</translation>
    </message>
    <message>
        <source>What is not proved</source>
        <translation>Что не доказано</translation>
    </message>
    <message>
        <source>What is proved</source>
        <translation>Что доказано</translation>
    </message>
    <message>
        <source>What verifies and still has to be known</source>
        <translation>Что проходит проверку и всё же должно быть известно</translation>
    </message>
    <message>
        <source>Written by</source>
        <translation>Кем записан</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>никто</translation>
    </message>
    <message>
        <source>{0} is NOT sound. Do not rely on it.</source>
        <translation>{0} НЕИСПРАВЕН. Не полагайтесь на него.</translation>
    </message>
    <message>
        <source>{0} is sound: every entry verifies.</source>
        <translation>{0} исправен: каждая запись проходит проверку.</translation>
    </message>
</context>
<context>
    <name>RequestPage</name>
    <message>
        <source>Ask to be admitted</source>
        <translation>Запросить допуск</translation>
    </message>
    <message>
        <source>Back here: unlock Valise with your passphrase and open the answer.</source>
        <translation>Затем здесь: разблокируйте Valise своей парольной фразой и откройте ответ.</translation>
    </message>
    <message>
        <source>On the first laptop: Security, “Our laptops”, Admit…, open the request, compare the code, save the answer.</source>
        <translation>На первом ноутбуке: «Безопасность», «Наши ноутбуки», «Допустить…», откройте запрос, сверьте код, сохраните ответ.</translation>
    </message>
    <message>
        <source>Save the request</source>
        <translation>Сохранить запрос</translation>
    </message>
    <message>
        <source>Save the request on a stick. It holds no secret.</source>
        <translation>Сохраните запрос на USB-накопитель. Секретов в нем нет.</translation>
    </message>
    <message>
        <source>Save the request…</source>
        <translation>Сохранить запрос…</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>Сохранено в файл {0}</translation>
    </message>
    <message>
        <source>Your delegation&apos;s first laptop decides what this one may do.</source>
        <translation>Первый ноутбук вашей делегации решает, что может делать этот.</translation>
    </message>
</context>
<context>
    <name>RequestPart</name>
    <message>
        <source>Choose the request…</source>
        <translation>Выбрать запрос…</translation>
    </message>
    <message>
        <source>If they differ, do not go on: the request was exchanged on its way. Carry it yourself.</source>
        <translation>Если они отличаются, не продолжайте: запрос подменен в пути. Перенесите его сами.</translation>
    </message>
    <message>
        <source>Open the request</source>
        <translation>Открыть запрос</translation>
    </message>
    <message>
        <source>Read this code aloud; the other laptop shows its own. They must be the same.</source>
        <translation>Прочитайте этот код вслух; другой ноутбук показывает свой. Они должны совпадать.</translation>
    </message>
    <message>
        <source>The codes are the same</source>
        <translation>Коды совпадают</translation>
    </message>
</context>
<context>
    <name>RestorePage</name>
    <message>
        <source>A passphrase for this laptop</source>
        <translation>Парольная фраза для этого ноутбука</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Назад</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Everything in the backup can be read at once. This becomes a new laptop of your delegation: it sends nothing before it is admitted, and the old one can be revoked in the same step.</source>
        <translation>Всё, что есть в резервной копии, можно прочитать сразу. Это будет новый ноутбук вашей делегации: до допуска он ничего не отправляет, а допуск старого можно аннулировать тем же действием.</translation>
    </message>
    <message>
        <source>From a backup</source>
        <translation>Из резервной копии</translation>
    </message>
    <message>
        <source>Passphrase of the backup</source>
        <translation>Парольная фраза резервной копии</translation>
    </message>
    <message>
        <source>Reading and proving everything that was signed. Nothing is believed because it is in a backup.</source>
        <translation>Чтение и проверка всего, что было подписано. Ничто не принимается на веру лишь потому, что находится в резервной копии.</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Восстановить</translation>
    </message>
    <message>
        <source>The new vault opens with the same passphrase; it can be changed afterwards.</source>
        <translation>Новое хранилище открывается той же парольной фразой; впоследствии ее можно изменить.</translation>
    </message>
</context>
<context>
    <name>RestoredCard</name>
    <message>
        <source>A vault for a journey</source>
        <translation>Дорожное хранилище</translation>
    </message>
    <message>
        <source>Admit it with the key file…</source>
        <translation>Допустить с файлом ключа…</translation>
    </message>
    <message>
        <source>Check code, read aloud: both laptops show the same</source>
        <translation>Проверочный код, прочитать вслух: оба ноутбука показывают одинаковый</translation>
    </message>
    <message>
        <source>If another laptop of yours is in use, let it admit this one:</source>
        <translation>Если используется другой ваш ноутбук, пусть этот допустит он:</translation>
    </message>
    <message>
        <source>If it was your only one, admit this laptop here:</source>
        <translation>Если этот ноутбук был у вас единственным, допустите его здесь:</translation>
    </message>
    <message>
        <source>It is for: {0}.</source>
        <translation>Предназначено для: {0}.</translation>
    </message>
    <message>
        <source>Open the answer</source>
        <translation>Открыть ответ</translation>
    </message>
    <message>
        <source>Open the answer…</source>
        <translation>Открыть ответ…</translation>
    </message>
    <message>
        <source>Restored from a backup</source>
        <translation>Восстановлено из резервной копии</translation>
    </message>
    <message>
        <source>Save the identity card</source>
        <translation>Сохранить карточку делегации</translation>
    </message>
    <message>
        <source>Save the new identity card…</source>
        <translation>Сохранить новую карточку делегации…</translation>
    </message>
    <message>
        <source>Save the request</source>
        <translation>Сохранить запрос</translation>
    </message>
    <message>
        <source>Save the request…</source>
        <translation>Сохранить запрос…</translation>
    </message>
    <message>
        <source>This laptop was made from a backup of {0} and is admitted. Hand its new identity card to every delegation: they send nothing to it, and cannot read what it sends, before they have looked at it.</source>
        <translation>Этот ноутбук создан из резервной копии {0} и допущен. Передайте его новую карточку каждой делегации: пока они ее не просмотрят, они ничего ему не отправляют и не могут прочитать то, что отправляет он.</translation>
    </message>
    <message>
        <source>This laptop was made from a backup of {0} and waits to be admitted. You can read everything; nothing is sent or fetched before that.</source>
        <translation>Этот ноутбук создан из резервной копии {0} и ожидает допуска. Вы можете прочитать всё; до допуска ничего не отправляется и не принимается.</translation>
    </message>
    <message>
        <source>What was said for the record since the backup comes back from the other delegations.</source>
        <translation>То, что со времени создания резервной копии сказано для протокола, возвращается от других делегаций.</translation>
    </message>
</context>
<context>
    <name>ReturnDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>It does not leave. Your delegation reads the reason; nobody else does.</source>
        <translation>Он не отправляется. Причину читает ваша делегация, и никто другой.</translation>
    </message>
    <message>
        <source>Reason, for your delegation only</source>
        <translation>Причина, только для вашей делегации</translation>
    </message>
    <message>
        <source>Return it</source>
        <translation>Вернуть</translation>
    </message>
    <message>
        <source>Return the draft</source>
        <translation>Вернуть черновик</translation>
    </message>
    <message>
        <source>Return the draft to {0}</source>
        <translation>Вернуть черновик: {0}</translation>
    </message>
</context>
<context>
    <name>ReturnedDialog</name>
    <message>
        <source>A file comes back</source>
        <translation>Вернувшийся файл</translation>
    </message>
    <message>
        <source>A file of this text comes back</source>
        <translation>Вернулся файл этого текста</translation>
    </message>
    <message>
        <source>Author in the file: {0}.</source>
        <translation>Автор в файле: {0}.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Cannot be proposed: {0}; each says why.</source>
        <translation>Нельзя предложить: {0}; причина указана у каждого.</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Скопировано.</translation>
    </message>
    <message>
        <source>Copy the words</source>
        <translation>Скопировать слова</translation>
    </message>
    <message>
        <source>New first paragraph</source>
        <translation>Новый первый пункт</translation>
    </message>
    <message>
        <source>New paragraph after {0}</source>
        <translation>Новый пункт после {0}</translation>
    </message>
    <message>
        <source>No author in the file: typed over.</source>
        <translation>В файле автор не указан: изменено поверх текста.</translation>
    </message>
    <message>
        <source>Propose</source>
        <translation>Предложить</translation>
    </message>
    <message>
        <source>Propose what is ticked (Ctrl+Enter in the list)</source>
        <translation>Предложить отмеченное (Ctrl+Enter в списке)</translation>
    </message>
    <message>
        <source>Read against the text as it stands.</source>
        <translation>Сопоставлено с текстом в нынешнем виде.</translation>
    </message>
    <message>
        <source>Read against {0}, which it changes least.</source>
        <translation>Сопоставлено с {0}: изменений относительно этого текста меньше всего.</translation>
    </message>
    <message>
        <source>Read it again</source>
        <translation>Прочитать заново</translation>
    </message>
    <message>
        <source>Read: {0}</source>
        <translation>Прочитано: {0}</translation>
    </message>
    <message>
        <source>Reading {0}…</source>
        <translation>Чтение {0}…</translation>
    </message>
    <message>
        <source>Remark on {0}</source>
        <translation>Замечание: {0}</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Остановить</translation>
    </message>
    <message>
        <source>Stopped. Choose a file, or drop it here.</source>
        <translation>Остановлено. Выберите файл или перетащите его сюда.</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>Буфер обмена будет очищен через десять секунд.</translation>
    </message>
    <message>
        <source>This file changes nothing.</source>
        <translation>Этот файл ничего не изменяет.</translation>
    </message>
    <message>
        <source>Tick all</source>
        <translation>Отметить всё</translation>
    </message>
    <message>
        <source>Tick none</source>
        <translation>Снять все отметки</translation>
    </message>
    <message>
        <source>What the file changes</source>
        <translation>Что изменяет файл</translation>
    </message>
    <message>
        <source>What was changed in it, tracked or typed over, is shown here. What you leave ticked becomes proposals of your delegation; nothing else of the file leaves this laptop.</source>
        <translation>Здесь показано, что в нем изменено в режиме исправлений или поверх текста. То, что вы оставите отмеченным, становится предложениями вашей делегации; ничто другое из файла этот ноутбук не покидает.</translation>
    </message>
    <message>
        <source>a paragraph</source>
        <translation>пункт</translation>
    </message>
    <message>
        <source>{0} could not be read. Choose another file.</source>
        <translation>Не удалось прочитать {0}. Выберите другой файл.</translation>
    </message>
    <message>
        <source>{0}: delete the paragraph</source>
        <translation>{0}: исключить пункт</translation>
    </message>
    <message>
        <source>{0}: move after {1}</source>
        <translation>{0}: перенести после {1}</translation>
    </message>
    <message>
        <source>{0}: move to the start</source>
        <translation>{0}: перенести в начало</translation>
    </message>
    <message>
        <source>{0}: other words</source>
        <translation>{0}: другая формулировка</translation>
    </message>
</context>
<context>
    <name>RevisionDialog</name>
    <message>
        <source>Amendments still open: {0}. They stay in the text as brackets.</source>
        <translation>Еще открытых поправок: {0}. Они остаются в тексте в виде скобок.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Every delegation computes the hash of this text for itself and tells the others that it found the same.</source>
        <translation>Каждая делегация сама вычисляет хеш этого текста и сообщает другим, что получила тот же.</translation>
    </message>
    <message>
        <source>Freeze</source>
        <translation>Зафиксировать</translation>
    </message>
    <message>
        <source>Freeze the text as a revision</source>
        <translation>Зафиксировать текст как редакцию</translation>
    </message>
    <message>
        <source>New revision</source>
        <translation>Новая редакция</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>Обозначение</translation>
    </message>
    <message>
        <source>Symbol of the revision</source>
        <translation>Обозначение редакции</translation>
    </message>
    <message>
        <source>{0} is frozen. Its hash begins:</source>
        <translation>{0}: редакция зафиксирована. Начало ее хеша:</translation>
    </message>
</context>
<context>
    <name>RevisionsPane</name>
    <message>
        <source>Co-sponsors…</source>
        <translation>Соавторы…</translation>
    </message>
    <message>
        <source>Computed something else: {0}</source>
        <translation>Вычислили иное: {0}</translation>
    </message>
    <message>
        <source>Computed the same: {0}</source>
        <translation>Вычислили то же: {0}</translation>
    </message>
    <message>
        <source>Copy the whole hash</source>
        <translation>Скопировать полный хеш</translation>
    </message>
    <message>
        <source>Copy the whole hash of {0}</source>
        <translation>Скопировать полный хеш {0}</translation>
    </message>
    <message>
        <source>Hash of the text: {0}</source>
        <translation>Хеш текста: {0}</translation>
    </message>
    <message>
        <source>No revision yet</source>
        <translation>Редакций пока нет</translation>
    </message>
    <message>
        <source>Nobody has confirmed the hash yet.</source>
        <translation>Хеш пока никто не подтвердил.</translation>
    </message>
    <message>
        <source>Open a list of co-sponsors for {0}</source>
        <translation>Открыть список соавторов {0}</translation>
    </message>
    <message>
        <source>Put under silence…</source>
        <translation>Отсутствие возражений…</translation>
    </message>
    <message>
        <source>Put {0} under silence</source>
        <translation>Вынести {0} на процедуру отсутствия возражений</translation>
    </message>
    <message>
        <source>Revisions</source>
        <translation>Редакции</translation>
    </message>
    <message>
        <source>SHA-256 of the plain text file</source>
        <translation>SHA-256 файла с простым текстом</translation>
    </message>
    <message>
        <source>Silence until {0}: {1}</source>
        <translation>Процедура отсутствия возражений до {0}: {1}</translation>
    </message>
    <message>
        <source>The pen-holder freezes the text as a revision when delegations may refer to it. Everybody computes the same hash.</source>
        <translation>Держатель пера фиксирует текст как редакцию, когда делегации могут на него ссылаться. Все вычисляют один и тот же хеш.</translation>
    </message>
    <message>
        <source>This computer computes another text than the pen-holder signed. Do not rely on this revision; compare the hash by telephone.</source>
        <translation>Этот компьютер получает не тот текст, который подписал держатель пера. Не полагайтесь на эту редакцию; сверьте хеш по телефону.</translation>
    </message>
</context>
<context>
    <name>RevokeDialog</name>
    <message>
        <source>As soon as the relay confirms, it takes nothing more with this permission. What it holds already still comes.</source>
        <translation>Как только ретранслятор подтвердит, он больше ничего не принимает по этому разрешению. То, что у него уже есть, всё же поступит.</translation>
    </message>
    <message>
        <source>From the next exchange on nobody seals anything for it, and nothing it sends is taken. What it signed before stands. This cannot be taken back: a laptop that is found again asks to be admitted anew.</source>
        <translation>Начиная со следующего обмена для него никто ничего не запечатывает и ничто из отправленного им не принимается. Подписанное им ранее остается в силе. Взять это назад нельзя: найденный ноутбук запрашивает допуск заново.</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>Далее, к корневому ключу…</translation>
    </message>
    <message>
        <source>Revoke a laptop</source>
        <translation>Аннулировать допуск ноутбука</translation>
    </message>
    <message>
        <source>Revoke a permission</source>
        <translation>Аннулировать разрешение</translation>
    </message>
    <message>
        <source>Revoke it</source>
        <translation>Аннулировать</translation>
    </message>
    <message>
        <source>Revoke the laptop of {0}</source>
        <translation>Аннулировать допуск ноутбука {0}</translation>
    </message>
    <message>
        <source>Take the permission of {0} back?</source>
        <translation>Взять разрешение назад? Кому оно дано: {0}</translation>
    </message>
    <message>
        <source>The delegation reaches you by the folder or by courier meanwhile.</source>
        <translation>До тех пор делегация обращается к вам через папку или с курьером.</translation>
    </message>
    <message>
        <source>This cannot be undone; you can give a new permission at any time.</source>
        <translation>Отменить это нельзя; новое разрешение можно дать в любое время.</translation>
    </message>
    <message>
        <source>What it still holds can be read by whoever has it and its passphrase. If it was lost unlocked, tell your counterparts.</source>
        <translation>То, что на нем еще есть, может прочитать тот, у кого есть он и его парольная фраза. Если он утрачен незаблокированным, сообщите своим партнерам.</translation>
    </message>
    <message>
        <source>Why? This stays on this laptop.</source>
        <translation>Почему? Это остается на этом ноутбуке.</translation>
    </message>
</context>
<context>
    <name>RootCard</name>
    <message>
        <source>1. Copy the key file to a stick…</source>
        <translation>1. Скопировать файл ключа на USB-накопитель…</translation>
    </message>
    <message>
        <source>2. Remove it here</source>
        <translation>2. Убрать его отсюда</translation>
    </message>
    <message>
        <source>A disk may keep traces of removed files; the file was sealed under its passphrase all the time.</source>
        <translation>На диске могут остаться следы убранных файлов; файл всё время был запечатан своей парольной фразой.</translation>
    </message>
    <message>
        <source>Copied to {0} and read back: it is the same.</source>
        <translation>Скопировано на {0} и прочитано обратно: совпадает.</translation>
    </message>
    <message>
        <source>Copy the key file to a stick</source>
        <translation>Копирование файла ключа на USB-накопитель</translation>
    </message>
    <message>
        <source>It says which laptops are yours, and nothing else. It belongs on a stick in a safe and is opened only to admit, renew or revoke a laptop.</source>
        <translation>Он определяет, какие ноутбуки ваши, и ничего более. Его место — на накопителе в сейфе, и открывают его только для того, чтобы допустить ноутбук, обновить его сертификат или аннулировать допуск.</translation>
    </message>
    <message>
        <source>Its key file is not on this laptop.</source>
        <translation>Его файла на этом ноутбуке нет.</translation>
    </message>
    <message>
        <source>Its key file still lies beside the vault: whoever takes this laptop takes both. Move it to a stick now.</source>
        <translation>Его файл всё еще находится рядом с хранилищем: тот, кто заберет этот ноутбук, заберет и то и другое. Перенесите его на USB-накопитель сейчас.</translation>
    </message>
    <message>
        <source>Make a second copy for another safe if you like, then remove it here.</source>
        <translation>При желании создайте вторую копию для другого сейфа, затем уберите файл отсюда.</translation>
    </message>
    <message>
        <source>Make recovery shares…</source>
        <translation>Подготовить доли восстановления…</translation>
    </message>
    <message>
        <source>New passphrase for the key file…</source>
        <translation>Новая парольная фраза для файла ключа…</translation>
    </message>
    <message>
        <source>No recovery shares can be made of it: this delegation was founded by the first version. Keep two copies of the key file in two safes.</source>
        <translation>Доли восстановления из него подготовить нельзя: эта делегация основана первой версией. Храните две копии файла ключа в двух сейфах.</translation>
    </message>
    <message>
        <source>No recovery shares were made here. If file or passphrase is lost, no laptop can be admitted or revoked.</source>
        <translation>Доли восстановления здесь не подготовлены. Если утрачены файл или парольная фраза, ни один ноутбук нельзя будет ни допустить, ни лишить допуска.</translation>
    </message>
    <message>
        <source>Rehearse the recovery…</source>
        <translation>Опробовать восстановление…</translation>
    </message>
    <message>
        <source>Take the stick out and lock it away. Make recovery shares if there are none.</source>
        <translation>Извлеките накопитель и уберите его под замок. Подготовьте доли восстановления, если их нет.</translation>
    </message>
    <message>
        <source>The delegation&apos;s root key</source>
        <translation>Корневой ключ делегации</translation>
    </message>
    <message>
        <source>The key file is no longer beside the vault.</source>
        <translation>Файла ключа рядом с хранилищем больше нет.</translation>
    </message>
</context>
<context>
    <name>RoundModel</name>
    <message>
        <source>Answered, their clock</source>
        <translation>Ответ, по их часам</translation>
    </message>
    <message>
        <source>Asked, time there</source>
        <translation>Запрошено, время там</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>Время отклика</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Примечание</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Результат</translation>
    </message>
    <message>
        <source>Point of contact</source>
        <translation>Контактный пункт</translation>
    </message>
    <message>
        <source>Received, our clock</source>
        <translation>Получено, по нашим часам</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Государство</translation>
    </message>
</context>
<context>
    <name>RoundsView</name>
    <message>
        <source>A round asks points of contact to confirm their entry, and nothing else. Every six months is usual.</source>
        <translation>В ходе раунда контактные пункты просят подтвердить свою запись, и ничего более. Обычно это делается каждые шесть месяцев.</translation>
    </message>
    <message>
        <source>Close the round</source>
        <translation>Закрыть раунд</translation>
    </message>
    <message>
        <source>Close the round…</source>
        <translation>Закрыть раунд…</translation>
    </message>
    <message>
        <source>Close this round?</source>
        <translation>Закрыть этот раунд?</translation>
    </message>
    <message>
        <source>Contacts of the round</source>
        <translation>Контакты раунда</translation>
    </message>
    <message>
        <source>For one State only</source>
        <translation>Только для одного государства</translation>
    </message>
    <message>
        <source>Last confirmed: {when}</source>
        <translation>Последнее подтверждение: {when}</translation>
    </message>
    <message>
        <source>Latency is taken from the signed times, and the time of an answer is that of their clock. That a question was delivered or read is no answer.</source>
        <translation>Время до ответа определяется по подписанным отметкам времени, а время ответа указывается по часам отвечающей стороны. Доставка или прочтение вопроса ответом не считаются.</translation>
    </message>
    <message>
        <source>No round yet</source>
        <translation>Раундов пока нет</translation>
    </message>
    <message>
        <source>Note as confirmed…</source>
        <translation>Отметить как подтвержденное…</translation>
    </message>
    <message>
        <source>Open a round…</source>
        <translation>Открыть раунд…</translation>
    </message>
    <message>
        <source>Opened {when} by {who}</source>
        <translation>Открыт {when}, открывший сотрудник: {who}</translation>
    </message>
    <message>
        <source>Pages (PDF)…</source>
        <translation>Страницы (PDF)…</translation>
    </message>
    <message>
        <source>Record an outcome…</source>
        <translation>Записать результат…</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Отчет</translation>
    </message>
    <message>
        <source>Round</source>
        <translation>Раунд</translation>
    </message>
    <message>
        <source>Round: {title}</source>
        <translation>Раунд: {title}</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Сохранить отчет</translation>
    </message>
    <message>
        <source>Show the entry</source>
        <translation>Показать запись</translation>
    </message>
    <message>
        <source>Table (CSV)…</source>
        <translation>Таблица (CSV)…</translation>
    </message>
    <message>
        <source>Take into the entry…</source>
        <translation>Внести в запись…</translation>
    </message>
    <message>
        <source>Take it</source>
        <translation>Внести</translation>
    </message>
    <message>
        <source>Take the correction…</source>
        <translation>Принять исправление…</translation>
    </message>
    <message>
        <source>Take this into the entry of {who}?</source>
        <translation>Внести это в запись? Контакт: {who}</translation>
    </message>
    <message>
        <source>Taken into the entry</source>
        <translation>Внесено в запись</translation>
    </message>
    <message>
        <source>Taken into the entry.</source>
        <translation>Внесено в запись.</translation>
    </message>
    <message>
        <source>Who has not answered is noted as “no reply”. An answer that comes later still counts, as late if it was.</source>
        <translation>Для тех, кто не ответил, отмечается «нет ответа». Ответ, поступивший позднее, всё равно учитывается, при опоздании — как запоздавший.</translation>
    </message>
</context>
<context>
    <name>RowForm</name>
    <message>
        <source>Evidence and links</source>
        <translation>Подтверждающие материалы и ссылки</translation>
    </message>
    <message>
        <source>Fields of the row</source>
        <translation>Поля строки</translation>
    </message>
    <message>
        <source>Further</source>
        <translation>Прочие</translation>
    </message>
    <message>
        <source>Internal to our delegation</source>
        <translation>Внутреннее, для нашей делегации</translation>
    </message>
    <message>
        <source>Needed</source>
        <translation>Обязательные</translation>
    </message>
    <message>
        <source>Written by the program</source>
        <translation>Записывается программой</translation>
    </message>
    <message>
        <source>{0} is changed only together with: {1}</source>
        <translation>{0}: изменяется только вместе с полем: {1}</translation>
    </message>
    <message>
        <source>{0} is needed.</source>
        <translation>Требуется: {0}.</translation>
    </message>
    <message>
        <source>{0} is new, but {1} is still {2}. Change it, or keep again if it holds.</source>
        <translation>Новое значение: {0}, а {1} по-прежнему {2}. Измените и это или сохраните еще раз, если оно верно.</translation>
    </message>
    <message>
        <source>{0}: nothing said yet</source>
        <translation>{0}: пока не заполнено</translation>
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
        <translation>Назад</translation>
    </message>
    <message>
        <source>Back to the rows (Escape)</source>
        <translation>Назад к строкам (Escape)</translation>
    </message>
    <message>
        <source>Go on writing</source>
        <translation>Продолжить писать</translation>
    </message>
    <message>
        <source>History of the row (Ctrl+Shift+H)</source>
        <translation>История строки (Ctrl+Shift+H)</translation>
    </message>
    <message>
        <source>It is no longer shown among the rows and in no export. Its values and history stay; it can be put back.</source>
        <translation>Она больше не показывается среди строк и не входит ни в один экспорт. Ее значения и история остаются; ее можно вернуть.</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Сохранить</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Сохранить</translation>
    </message>
    <message>
        <source>Keep what was changed (Ctrl+S)</source>
        <translation>Сохранить изменения (Ctrl+S)</translation>
    </message>
    <message>
        <source>Kept.</source>
        <translation>Сохранено.</translation>
    </message>
    <message>
        <source>Last changed by {0} · {1}</source>
        <translation>Последнее изменение: {0} · {1}</translation>
    </message>
    <message>
        <source>Leave it for later</source>
        <translation>Оставить на потом</translation>
    </message>
    <message>
        <source>New: {0}</source>
        <translation>Новое: {0}</translation>
    </message>
    <message>
        <source>Not kept yet.</source>
        <translation>Еще не сохранено.</translation>
    </message>
    <message>
        <source>Nothing written yet</source>
        <translation>Пока ничего не написано</translation>
    </message>
    <message>
        <source>Put back</source>
        <translation>Вернуть</translation>
    </message>
    <message>
        <source>Settled.</source>
        <translation>Расхождение устранено.</translation>
    </message>
    <message>
        <source>Take it out</source>
        <translation>Исключить</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>Исключить</translation>
    </message>
    <message>
        <source>Take out…</source>
        <translation>Исключить…</translation>
    </message>
    <message>
        <source>Take this row out?</source>
        <translation>Исключить эту строку?</translation>
    </message>
    <message>
        <source>The row is kept.</source>
        <translation>Строка сохранена.</translation>
    </message>
    <message>
        <source>The row stands again.</source>
        <translation>Строка снова действует.</translation>
    </message>
    <message>
        <source>The row was taken out.</source>
        <translation>Строка исключена.</translation>
    </message>
    <message>
        <source>Throw it away</source>
        <translation>Отбросить</translation>
    </message>
    <message>
        <source>Undo the last change of your delegation in this row (Ctrl+Z)</source>
        <translation>Отменить последнее изменение вашей делегации в этой строке (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Undone; both stay in the history.</source>
        <translation>Отменено; и то и другое остается в истории.</translation>
    </message>
    <message>
        <source>What you had begun here is back; it is not kept yet.</source>
        <translation>Начатое вами здесь восстановлено; оно еще не сохранено.</translation>
    </message>
</context>
<context>
    <name>RowsModel</name>
    <message>
        <source>sorted downwards</source>
        <translation>по убыванию</translation>
    </message>
    <message>
        <source>sorted upwards</source>
        <translation>по возрастанию</translation>
    </message>
</context>
<context>
    <name>Saving</name>
    <message>
        <source>Leave as it is</source>
        <translation>Оставить как есть</translation>
    </message>
    <message>
        <source>Only entries marked no more strictly than</source>
        <translation>Только записи с пометкой не строже, чем</translation>
    </message>
    <message>
        <source>Save contact cards</source>
        <translation>Сохранить карточки контактов</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>Сохранить…</translation>
    </message>
    <message>
        <source>The file lies outside the vault and is not sealed. What is ours alone (authority, escalation, source, review) is in no card.</source>
        <translation>Файл находится вне хранилища и не запечатан. То, что принадлежит только нам (полномочия, эскалация, источник, пересмотр), ни в одну карточку не входит.</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Версия</translation>
    </message>
    <message>
        <source>vCard 3.0, for older programs</source>
        <translation>vCard 3.0, для более старых программ</translation>
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
        <translation>Приложить файл</translation>
    </message>
    <message>
        <source>Attach a file…</source>
        <translation>Приложить файл…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Everybody in {0} reads it.</source>
        <translation>Это читает каждый в комнате {0}.</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>Пометка</translation>
    </message>
    <message>
        <source>Only {0} reads it.</source>
        <translation>Это читает только {0}.</translation>
    </message>
    <message>
        <source>This stays inside your delegation.</source>
        <translation>Это остается внутри вашей делегации.</translation>
    </message>
    <message>
        <source>What you wrote before is here again.</source>
        <translation>Написанное вами ранее снова здесь.</translation>
    </message>
</context>
<context>
    <name>SearchBox</name>
    <message>
        <source>Clear</source>
        <translation>Очистить</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Поиск</translation>
    </message>
</context>
<context>
    <name>SearchPalette</name>
    <message>
        <source>Amendment</source>
        <translation>Поправка</translation>
    </message>
    <message>
        <source>Commitment</source>
        <translation>Обязательство</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>Контакт</translation>
    </message>
    <message>
        <source>Found: {0}</source>
        <translation>Найдено: {0}</translation>
    </message>
    <message>
        <source>Internal remark</source>
        <translation>Внутреннее замечание</translation>
    </message>
    <message>
        <source>Joint statement</source>
        <translation>Совместное заявление</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Сообщение</translation>
    </message>
    <message>
        <source>Nothing found in the vault.</source>
        <translation>В хранилище ничего не найдено.</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Результаты</translation>
    </message>
    <message>
        <source>Row of a register</source>
        <translation>Строка реестра</translation>
    </message>
    <message>
        <source>Search everything</source>
        <translation>Поиск везде</translation>
    </message>
    <message>
        <source>Search texts, messages, contacts and actions</source>
        <translation>Поиск по текстам, сообщениям, контактам и действиям</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Текст</translation>
    </message>
    <message>
        <source>Type to search the vault. Nothing you type leaves this device.</source>
        <translation>Введите слова для поиска в хранилище. Ничто из введенного вами не покидает этот ноутбук.</translation>
    </message>
</context>
<context>
    <name>SecretBox</name>
    <message>
        <source>Recovery shares</source>
        <translation>Доли восстановления</translation>
    </message>
    <message>
        <source>Use recovery shares instead…</source>
        <translation>Использовать доли восстановления…</translation>
    </message>
    <message>
        <source>Use the passphrase instead</source>
        <translation>Использовать парольную фразу</translation>
    </message>
</context>
<context>
    <name>SecurityScreen</name>
    <message>
        <source>Section</source>
        <translation>Раздел</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>Разделы</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>Безопасность</translation>
    </message>
</context>
<context>
    <name>SeeingBench</name>
    <message>
        <source>It counts from now; it is sent with the next exchange (Ctrl+R exchanges at once).</source>
        <translation>Оно учитывается с этого момента; оно отправляется при следующем обмене (Ctrl+R — обмен сразу).</translation>
    </message>
    <message>
        <source>It is a plain file: who has it reads the symbol {0} and the deadline.</source>
        <translation>Это обычный файл: обозначение {0} и срок прочитает тот, у кого он есть.</translation>
    </message>
    <message>
        <source>Save calendar entry</source>
        <translation>Сохранить запись календаря</translation>
    </message>
    <message>
        <source>Silence ends: {0}</source>
        <translation>Окончание процедуры отсутствия возражений: {0}</translation>
    </message>
    <message>
        <source>That is decided.</source>
        <translation>Решение принято.</translation>
    </message>
    <message>
        <source>The calendar entry is saved.</source>
        <translation>Запись календаря сохранена.</translation>
    </message>
    <message>
        <source>The deadline is extended.</source>
        <translation>Срок продлен.</translation>
    </message>
    <message>
        <source>The other delegations are told with the next exchange.</source>
        <translation>Другим делегациям это будет сообщено при следующем обмене.</translation>
    </message>
    <message>
        <source>The silence procedure is closed.</source>
        <translation>Процедура отсутствия возражений закрыта.</translation>
    </message>
    <message>
        <source>The silence procedure is open.</source>
        <translation>Процедура отсутствия возражений открыта.</translation>
    </message>
    <message>
        <source>This paragraph is no longer in the text as it stands.</source>
        <translation>Этого пункта больше нет в тексте в его нынешнем виде.</translation>
    </message>
    <message>
        <source>Unless a delegation breaks the silence before, the revision stands as agreed.</source>
        <translation>Если ни одна делегация до этого не заявит возражение, редакция считается согласованной.</translation>
    </message>
    <message>
        <source>Your delegation has broken the silence.</source>
        <translation>Ваша делегация заявила возражение.</translation>
    </message>
</context>
<context>
    <name>SeeingPage</name>
    <message>
        <source>Back to the text</source>
        <translation>Назад к тексту</translation>
    </message>
    <message>
        <source>Back to the text (Escape)</source>
        <translation>Назад к тексту (Escape)</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Сверить</translation>
    </message>
    <message>
        <source>Convergence</source>
        <translation>Сближение</translation>
    </message>
    <message>
        <source>Sent. Paragraphs the pen has set: {0}.</source>
        <translation>Отправлено. Пунктов, изложенных пером: {0}.</translation>
    </message>
    <message>
        <source>Slips</source>
        <translation>Погрешности</translation>
    </message>
    <message>
        <source>Streamlining</source>
        <translation>Упорядочение</translation>
    </message>
    <message>
        <source>Views of the text</source>
        <translation>Виды текста</translation>
    </message>
    <message>
        <source>Who stands where</source>
        <translation>Позиции делегаций</translation>
    </message>
</context>
<context>
    <name>SeeingView</name>
    <message>
        <source>As it stands</source>
        <translation>В нынешнем виде</translation>
    </message>
</context>
<context>
    <name>SettingsScreen</name>
    <message>
        <source>Locking closes the vault and ends the process that held its keys. Notifications never show a word of a message or a text.</source>
        <translation>Блокировка закрывает хранилище и завершает процесс, в котором были его ключи. Уведомления никогда не показывают ни слова из сообщений и текстов.</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>Страница</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>This device</source>
        <translation>Это устройство</translation>
    </message>
</context>
<context>
    <name>SettleDialog</name>
    <message>
        <source>Different values were written without knowing of each other. Both stand until a person decides; who wrote what stays in the history.</source>
        <translation>Разные значения записаны независимо друг от друга. Оба стоят, пока не решит человек; кто что записал, остается в истории.</translation>
    </message>
    <message>
        <source>Leave both standing</source>
        <translation>Оставить оба</translation>
    </message>
    <message>
        <source>Let this stand</source>
        <translation>Оставить это</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Причина</translation>
    </message>
    <message>
        <source>Reason, kept in the history</source>
        <translation>Причина, сохраняется в истории</translation>
    </message>
    <message>
        <source>Settle a difference</source>
        <translation>Устранить расхождение</translation>
    </message>
    <message>
        <source>Something else</source>
        <translation>Другое</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>пусто</translation>
    </message>
</context>
<context>
    <name>SettleSilence</name>
    <message>
        <source>A delegation broke the silence before the deadline, by its own clock, but this arrived only after you had closed the procedure. No computer can tell which clock was right; you decide, and everybody sees it.</source>
        <translation>Одна из делегаций, по собственным часам, заявила возражение до истечения срока, но оно поступило лишь после того, как вы закрыли процедуру. Чьи часы верны, не может определить ни один компьютер; решаете вы, и это видят все.</translation>
    </message>
    <message>
        <source>Decide</source>
        <translation>Решить</translation>
    </message>
    <message>
        <source>Decide later</source>
        <translation>Решить позже</translation>
    </message>
    <message>
        <source>Decide the contested silence</source>
        <translation>Решить вопрос о спорном возражении</translation>
    </message>
    <message>
        <source>It was broken</source>
        <translation>Возражение заявлено в срок</translation>
    </message>
    <message>
        <source>It was kept</source>
        <translation>Возражений в срок не было</translation>
    </message>
    <message>
        <source>The revision is not agreed. The talks on it go on.</source>
        <translation>Редакция не согласована. Переговоры по ней продолжаются.</translation>
    </message>
    <message>
        <source>The revision stands as agreed. The break is shown as late, without effect; the delegation may well object.</source>
        <translation>Редакция считается согласованной. Возражение показано как запоздавшее, без последствий; делегация вполне может возразить.</translation>
    </message>
    <message>
        <source>Was the silence on {0} broken in time?</source>
        <translation>Заявлено ли возражение по {0} в срок?</translation>
    </message>
    <message>
        <source>Who broke the silence, and why</source>
        <translation>Кто заявил возражение и почему</translation>
    </message>
</context>
<context>
    <name>ShareSheets</name>
    <message>
        <source>All are on paper</source>
        <translation>Все на бумаге</translation>
    </message>
    <message>
        <source>It is on paper: next sheet</source>
        <translation>Лист на бумаге: следующий лист</translation>
    </message>
    <message>
        <source>Keep it locked away, apart from the others. Four letters tell a word.</source>
        <translation>Держите его под замком, отдельно от других. Слово определяется по четырем буквам.</translation>
    </message>
    <message>
        <source>Print all sheets…</source>
        <translation>Распечатать все листы…</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>Доли восстановления</translation>
    </message>
    <message>
        <source>Sheet before</source>
        <translation>Предыдущий лист</translation>
    </message>
    <message>
        <source>Sheet {0} of {1}; any {2} of them are enough</source>
        <translation>Лист {0} из {1}; достаточно любых {2}</translation>
    </message>
    <message>
        <source>The printer did not take it. Write the sheets down by hand.</source>
        <translation>Принтер не принял задание. Перепишите листы от руки.</translation>
    </message>
    <message>
        <source>These sheets are never shown again. Close once more to leave; then make new shares another time.</source>
        <translation>Эти листы больше никогда не будут показаны. Чтобы выйти, закройте еще раз; тогда подготовьте новые доли в другой раз.</translation>
    </message>
    <message>
        <source>Words of this sheet</source>
        <translation>Слова этого листа</translation>
    </message>
    <message>
        <source>Write each sheet down by hand, or print them on a printer that keeps nothing. They are shown this once and kept nowhere. Give each to another person, or lock each away in another place.</source>
        <translation>Перепишите каждый лист от руки или распечатайте на принтере, который ничего не хранит. Листы показываются только в этот раз и нигде не сохраняются. Отдайте каждый другому человеку или заприте каждый в другом месте.</translation>
    </message>
</context>
<context>
    <name>SharesDialog</name>
    <message>
        <source>Make the shares</source>
        <translation>Подготовить доли</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Парольная фраза</translation>
    </message>
    <message>
        <source>Recovery shares of this vault</source>
        <translation>Доли восстановления этого хранилища</translation>
    </message>
    <message>
        <source>Sheets of paper for several people or safes. As many together as you say open this vault when the passphrase is lost; fewer tell nothing about it. Three sheets of which two are needed suit most.</source>
        <translation>Листы бумаги для нескольких человек или сейфов. Указанное вами число листов вместе открывает это хранилище, если утрачена парольная фраза; меньшее число ничего о ней не раскрывает. В большинстве случаев подходят три листа, из которых нужны два.</translation>
    </message>
    <message>
        <source>The sheets made before open this vault no longer. Collect and burn them.</source>
        <translation>Листы, подготовленные ранее, больше не открывают это хранилище. Соберите их и сожгите.</translation>
    </message>
</context>
<context>
    <name>SharesEntry</name>
    <message>
        <source>A word of this share is wrong or in the wrong place. Compare each with the paper; the Left key and a click lead back to a word.</source>
        <translation>Одно из слов этой доли неверно или стоит не на своем месте. Сверьте каждое с бумагой; клавиша «Влево» или щелчок возвращает к слову.</translation>
    </message>
    <message>
        <source>Begin this share again</source>
        <translation>Начать эту долю заново</translation>
    </message>
    <message>
        <source>First share</source>
        <translation>Первая доля</translation>
    </message>
    <message>
        <source>Perhaps: {0}</source>
        <translation>Возможно: {0}</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>Доли восстановления</translation>
    </message>
    <message>
        <source>Several words begin with {0}: type one letter more.</source>
        <translation>С {0} начинается несколько слов: введите еще одну букву.</translation>
    </message>
    <message>
        <source>Share {0} of {1}</source>
        <translation>Доля {0} из {1}</translation>
    </message>
    <message>
        <source>Share {0} of {1} is right. These are enough.</source>
        <translation>Доля {0} из {1} верна. Этого достаточно.</translation>
    </message>
    <message>
        <source>Shares are typed, not pasted: other programs read what lies on the clipboard.</source>
        <translation>Доли вводят, а не вставляют: другие программы читают то, что находится в буфере обмена.</translation>
    </message>
    <message>
        <source>This share is right by itself and belongs to another set. Take one of the same set.</source>
        <translation>Сама по себе эта доля верна, но относится к другому набору. Возьмите долю того же набора.</translation>
    </message>
    <message>
        <source>This share is whole, but Valise did not make it.</source>
        <translation>Эта доля полна, но подготовила ее не программа Valise.</translation>
    </message>
    <message>
        <source>This share was entered before. Take another one of the set.</source>
        <translation>Эта доля уже введена. Возьмите другую из набора.</translation>
    </message>
    <message>
        <source>Type the words as they stand on paper; four letters of a word are enough, then Space.</source>
        <translation>Вводите слова так, как они стоят на бумаге; достаточно четырех букв слова, затем пробел.</translation>
    </message>
    <message>
        <source>Word {0} of {1}</source>
        <translation>Слово {0} из {1}</translation>
    </message>
    <message>
        <source>Words of this share</source>
        <translation>Слова этой доли</translation>
    </message>
    <message>
        <source>{0} is not in the list of words.</source>
        <translation>{0}: такого слова в списке нет.</translation>
    </message>
    <message>
        <source>{0}, word {1} of {2}</source>
        <translation>{0}, слово {1} из {2}</translation>
    </message>
</context>
<context>
    <name>SharesPage</name>
    <message>
        <source>Enter the shares on paper one after the other. Each is checked as soon as it is whole.</source>
        <translation>Вводите доли с бумаги одну за другой. Каждая проверяется, как только она введена полностью.</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>Доли восстановления</translation>
    </message>
</context>
<context>
    <name>SheetCount</name>
    <message>
        <source>How many are needed</source>
        <translation>Сколько нужно</translation>
    </message>
    <message>
        <source>How many sheets</source>
        <translation>Сколько листов</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Screens</source>
        <translation>Экраны</translation>
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
        <translation>Подписывается обоими алгоритмами, обычным и тем, который рассчитан на устойчивость к квантовым компьютерам, чтобы и через много лет можно было показать, кто что подписал.</translation>
    </message>
    <message>
        <source>Sign on</source>
        <translation>Присоединиться</translation>
    </message>
    <message>
        <source>The date until which it was to be open has passed.</source>
        <translation>Дата, до которой список должен был оставаться открытым, прошла.</translation>
    </message>
    <message>
        <source>The list is closed: your name waits until {0} admits it.</source>
        <translation>Список закрыт: ваше название ожидает допуска. Решает: {0}.</translation>
    </message>
    <message>
        <source>You can take the name back later; everybody then sees that you did.</source>
        <translation>Позднее вы можете взять название назад; тогда каждый видит, что вы это сделали.</translation>
    </message>
    <message>
        <source>You say for your delegation that it co-sponsors exactly this revision, to everybody in {0}.</source>
        <translation>Вы сообщаете от имени своей делегации, что она становится соавтором именно этой редакции, каждому в комнате {0}.</translation>
    </message>
    <message>
        <source>You say for your delegation that it joins exactly these words, to everybody in {0}.</source>
        <translation>Вы сообщаете от имени своей делегации, что она присоединяется именно к этим словам, каждому в комнате {0}.</translation>
    </message>
    <message>
        <source>opened by {0}</source>
        <translation>открывшая делегация: {0}</translation>
    </message>
</context>
<context>
    <name>SignersList</name>
    <message>
        <source>Who has signed on</source>
        <translation>Кто присоединился</translation>
    </message>
</context>
<context>
    <name>SilenceStrip</name>
    <message>
        <source>(extended)</source>
        <translation>(срок продлен)</translation>
    </message>
    <message>
        <source>Deadline: {0}</source>
        <translation>Срок: {0}</translation>
    </message>
    <message>
        <source>It covers: {0}</source>
        <translation>Охватывает: {0}</translation>
    </message>
    <message>
        <source>The deadline of the silence on {0} has passed. It is over once the pen-holder&apos;s computer closes it.</source>
        <translation>Срок процедуры отсутствия возражений по {0} истек. Она завершится, когда ее закроет компьютер держателя пера.</translation>
    </message>
    <message>
        <source>The silence on {0} is contested: a break made in time arrived only after you closed the procedure. You decide.</source>
        <translation>По {0} возражение спорно: заявленное в срок возражение поступило лишь после того, как вы закрыли процедуру. Решаете вы.</translation>
    </message>
    <message>
        <source>The silence on {0} is contested: a break made in time reached the pen-holder only after the procedure was closed. The pen-holder decides.</source>
        <translation>По {0} возражение спорно: заявленное в срок возражение дошло до держателя пера лишь после закрытия процедуры. Решает держатель пера.</translation>
    </message>
    <message>
        <source>The silence on {0} was broken: it is not agreed.</source>
        <translation>По {0} заявлено возражение: текст не согласован.</translation>
    </message>
    <message>
        <source>{0} is under silence: it stands as agreed unless a delegation breaks the silence.</source>
        <translation>По {0} идет процедура отсутствия возражений: текст считается согласованным, если ни одна делегация не заявит возражение.</translation>
    </message>
    <message>
        <source>{0} left, until {1}</source>
        <translation>Осталось {0}, до {1}</translation>
    </message>
</context>
<context>
    <name>SlipsView</name>
    <message>
        <source>No slips found</source>
        <translation>Погрешностей не найдено</translation>
    </message>
    <message>
        <source>Numbers, brackets, opening verbs and signs at the end are as usual. Read it once more anyway.</source>
        <translation>Номера, скобки, начальные глаголы и знаки в конце — как обычно. Всё равно прочитайте еще раз.</translation>
    </message>
    <message>
        <source>Slips</source>
        <translation>Погрешности</translation>
    </message>
    <message>
        <source>{0} found. They are hints and stop nothing; Enter goes to the paragraph.</source>
        <translation>Найдено: {0}. Это подсказки, они ничему не препятствуют; Enter переходит к пункту.</translation>
    </message>
</context>
<context>
    <name>StandingView</name>
    <message>
        <source>As of</source>
        <translation>По состоянию на</translation>
    </message>
    <message>
        <source>No paragraph is open</source>
        <translation>Открытых пунктов нет</translation>
    </message>
    <message>
        <source>Nobody has an amendment or a reservation pending. Take the tick away to see every paragraph.</source>
        <translation>Нерешенных поправок и оговорок ни у кого нет. Снимите отметку, чтобы видеть все пункты.</translation>
    </message>
    <message>
        <source>Only open paragraphs</source>
        <translation>Только открытые пункты</translation>
    </message>
    <message>
        <source>Positions as of</source>
        <translation>Позиции по состоянию на</translation>
    </message>
</context>
<context>
    <name>StateNameDialog</name>
    <message>
        <source>Another name</source>
        <translation>Другое название</translation>
    </message>
    <message>
        <source>As the United Nations have it</source>
        <translation>Как в Организации Объединенных Наций</translation>
    </message>
    <message>
        <source>It is shown on the screens of this vault alone. It never leaves: files, messages and whatever others receive carry the name of the United Nations.</source>
        <translation>Название показывается только на экранах этого хранилища. Оно никогда его не покидает: в файлах, сообщениях и во всем, что получают другие, стоит название, принятое в Организации Объединенных Наций.</translation>
    </message>
    <message>
        <source>Its code alone</source>
        <translation>Только его код</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Оставить как есть</translation>
    </message>
    <message>
        <source>Name shown for a State</source>
        <translation>Показываемое название государства</translation>
    </message>
    <message>
        <source>Show it so</source>
        <translation>Показывать так</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Государство</translation>
    </message>
    <message>
        <source>The other name</source>
        <translation>Это другое название</translation>
    </message>
</context>
<context>
    <name>StatementPane</name>
    <message>
        <source>Nobody has signed on yet.</source>
        <translation>Пока никто не присоединился.</translation>
    </message>
    <message>
        <source>SHA-256 of the saved file, as sha256sum computes it.</source>
        <translation>SHA-256 сохраненного файла, вычисленный как sha256sum.</translation>
    </message>
    <message>
        <source>Signed on</source>
        <translation>Присоединились</translation>
    </message>
    <message>
        <source>Signed on: {0}</source>
        <translation>Присоединились: {0}</translation>
    </message>
    <message>
        <source>The hash that everybody signs</source>
        <translation>Хеш, который подписывает каждый</translation>
    </message>
    <message>
        <source>The revision</source>
        <translation>Редакция</translation>
    </message>
    <message>
        <source>The words</source>
        <translation>Слова</translation>
    </message>
    <message>
        <source>The words that are signed</source>
        <translation>Слова, которые подписываются</translation>
    </message>
    <message>
        <source>opened by {0}, {1}</source>
        <translation>открывшая делегация: {0}, {1}</translation>
    </message>
</context>
<context>
    <name>StatementsList</name>
    <message>
        <source>Joint statements and lists of co-sponsors</source>
        <translation>Совместные заявления и списки соавторов</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Lock now</source>
        <translation>Заблокировать</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Состояние</translation>
    </message>
    <message>
        <source>Ways of exchange</source>
        <translation>Пути обмена</translation>
    </message>
    <message>
        <source>does not lock by itself</source>
        <translation>сам не блокируется</translation>
    </message>
    <message>
        <source>last exchange {0}</source>
        <translation>последний обмен {0}</translation>
    </message>
    <message>
        <source>locks in {0}</source>
        <translation>блокировка через {0}</translation>
    </message>
    <message>
        <source>nothing waiting</source>
        <translation>ничего не ожидает</translation>
    </message>
    <message>
        <source>received but not yet readable: {0}</source>
        <translation>получено, но пока не читается: {0}</translation>
    </message>
    <message>
        <source>waiting to be delivered: {0}</source>
        <translation>ожидает доставки: {0}</translation>
    </message>
    <message>
        <source>· working…</source>
        <translation>· идет работа…</translation>
    </message>
</context>
<context>
    <name>StepsSection</name>
    <message>
        <source>All of this is done. Rehearse the shares once a year, and make a backup at the end of every day of talks.</source>
        <translation>Всё это сделано. Раз в год опробуйте доли и создавайте резервную копию в конце каждого дня переговоров.</translation>
    </message>
    <message>
        <source>In this order, today if you can. It takes a quarter of an hour, a stick and a printer or a pen.</source>
        <translation>В этом порядке и, если можете, сегодня. Потребуется четверть часа, USB-накопитель и принтер или ручка.</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Позже</translation>
    </message>
</context>
<context>
    <name>StreamlineView</name>
    <message>
        <source>No amendment changes words of a paragraph at present. New ones appear here when they come.</source>
        <translation>Сейчас ни одна поправка не изменяет слов какого-либо пункта. Новые поправки появляются здесь по мере поступления.</translation>
    </message>
    <message>
        <source>Nothing to streamline</source>
        <translation>Упорядочивать нечего</translation>
    </message>
    <message>
        <source>Only who holds the pen can send; you can look.</source>
        <translation>Отправить может только тот, кто держит перо; вы можете посмотреть.</translation>
    </message>
    <message>
        <source>Paragraphs with open amendments</source>
        <translation>Пункты с открытыми поправками</translation>
    </message>
    <message>
        <source>Paragraphs with open amendments: {0}. Pick a reading, say what becomes of the others; nothing is sent before you send it, and nobody&apos;s words are dropped without an answer.</source>
        <translation>Пунктов с открытыми поправками: {0}. Выберите вариант и укажите, что становится с остальными; ничего не отправляется, пока вы не отправите, и ничьи слова не отбрасываются без ответа.</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Отправить</translation>
    </message>
    <message>
        <source>Take back this paragraph</source>
        <translation>Отменить выбор по этому пункту</translation>
    </message>
    <message>
        <source>What is proposed, and what becomes of it</source>
        <translation>Что предложено и что с этим становится</translation>
    </message>
    <message>
        <source>Without an answer: {0}</source>
        <translation>Без ответа: {0}</translation>
    </message>
    <message>
        <source>{0} · picked, not sent</source>
        <translation>{0} · выбрано, не отправлено</translation>
    </message>
    <message>
        <source>{0}, some nearly alike</source>
        <translation>{0}, некоторые почти совпадают</translation>
    </message>
</context>
<context>
    <name>Sure</name>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
</context>
<context>
    <name>Table</name>
    <message>
        <source>Corner of the table</source>
        <translation>Угол таблицы</translation>
    </message>
    <message>
        <source>Headings</source>
        <translation>Заголовки</translation>
    </message>
</context>
<context>
    <name>TableLook</name>
    <message>
        <source>Rows</source>
        <translation>Строки</translation>
    </message>
</context>
<context>
    <name>TakeDialog</name>
    <message>
        <source>Calendars (*.ics);;All files (*)</source>
        <translation>Календари (*.ics);;Все файлы (*)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Change nothing</source>
        <translation>Ничего не менять</translation>
    </message>
    <message>
        <source>Choose a calendar</source>
        <translation>Выберите календарь</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>Выбрать файл…</translation>
    </message>
    <message>
        <source>Entries of whole days: {0}. Here they begin at 00:00 UTC; as events they keep their days.</source>
        <translation>Записи на целые дни: {0}. Здесь они начинаются в 00:00 UTC; как мероприятия они сохраняют свои дни.</translation>
    </message>
    <message>
        <source>Entries that name no time zone: {0}. Their hours are taken as UTC.</source>
        <translation>Записи без часового пояса: {0}. Их время считается временем UTC.</translation>
    </message>
    <message>
        <source>Entries that repeat: {0}. Only the first time of each is taken in.</source>
        <translation>Повторяющиеся записи: {0}. От каждой принимается только первый раз.</translation>
    </message>
    <message>
        <source>Entry {0}, {1}: {2}</source>
        <translation>Запись {0}, {1}: {2}</translation>
    </message>
    <message>
        <source>Events of a calendar file (.ics) become rows of a register. You see what changes before anything does.</source>
        <translation>События из файла календаря (.ics) становятся строками реестра. Вы видите, что изменится, прежде чем что-либо меняется.</translation>
    </message>
    <message>
        <source>Everything in this file is as it is here already.</source>
        <translation>Всё в этом файле уже такое же, как здесь.</translation>
    </message>
    <message>
        <source>Everything in this file is there already.</source>
        <translation>Всё, что есть в этом файле, уже имеется.</translation>
    </message>
    <message>
        <source>New rows: {0}. Changed fields: {1}. Unchanged: {2}.</source>
        <translation>Новых строк: {0}. Измененных полей: {1}. Без изменений: {2}.</translation>
    </message>
    <message>
        <source>Nothing can be taken in yet; places to mend: {0}.</source>
        <translation>Пока ничего принять нельзя; мест, требующих исправления: {0}.</translation>
    </message>
    <message>
        <source>Protects less than now.</source>
        <translation>Защищает слабее, чем сейчас.</translation>
    </message>
    <message>
        <source>Read a calendar</source>
        <translation>Прочитать календарь</translation>
    </message>
    <message>
        <source>Settings from a file</source>
        <translation>Настройки из файла</translation>
    </message>
    <message>
        <source>Take it in</source>
        <translation>Принять</translation>
    </message>
    <message>
        <source>Take these settings</source>
        <translation>Принять эти настройки</translation>
    </message>
    <message>
        <source>What it would change</source>
        <translation>Что он изменил бы</translation>
    </message>
    <message>
        <source>What would change</source>
        <translation>Что изменится</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>пусто</translation>
    </message>
    <message>
        <source>{0}: {1}, now {2}</source>
        <translation>{0}: {1}, сейчас {2}</translation>
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
        <translation>Начать запись с того, что указано в выбранной карточке</translation>
    </message>
    <message>
        <source>Card says</source>
        <translation>В карточке</translation>
    </message>
    <message>
        <source>Cards and what they would change</source>
        <translation>Карточки и что они изменили бы</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Столбцы</translation>
    </message>
    <message>
        <source>Contact cards</source>
        <translation>Карточки контактов</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Поле</translation>
    </message>
    <message>
        <source>Fill in by hand…</source>
        <translation>Заполнить вручную…</translation>
    </message>
    <message>
        <source>Left out: no place in an entry</source>
        <translation>Не вошло: в записи нет такого поля</translation>
    </message>
    <message>
        <source>New entries need the document that nominated them.</source>
        <translation>Для новых записей нужен документ об их назначении.</translation>
    </message>
    <message>
        <source>Note verbale no. and date</source>
        <translation>Номер и дата вербальной ноты</translation>
    </message>
    <message>
        <source>Nothing is taken that is not ticked. A card never empties a field.</source>
        <translation>Принимается только то, что отмечено. Карточка никогда не очищает поле.</translation>
    </message>
    <message>
        <source>Source document of new entries</source>
        <translation>Документ-источник новых записей</translation>
    </message>
    <message>
        <source>Stands now</source>
        <translation>Сейчас</translation>
    </message>
    <message>
        <source>Still missing</source>
        <translation>Еще не хватает</translation>
    </message>
    <message>
        <source>Take nothing</source>
        <translation>Ничего не принимать</translation>
    </message>
    <message>
        <source>Take the ticked ones</source>
        <translation>Принять отмеченное</translation>
    </message>
    <message>
        <source>What these cards would change</source>
        <translation>Что изменили бы эти карточки</translation>
    </message>
    <message>
        <source>{title}: a new entry</source>
        <translation>{title}: новая запись</translation>
    </message>
    <message>
        <source>{title}: changes an entry</source>
        <translation>{title}: изменяет запись</translation>
    </message>
    <message>
        <source>{title}: says nothing new</source>
        <translation>{title}: ничего нового</translation>
    </message>
</context>
<context>
    <name>TermsForm</name>
    <message>
        <source>It may</source>
        <translation>Имеет право</translation>
    </message>
    <message>
        <source>Office</source>
        <translation>Роль</translation>
    </message>
    <message>
        <source>Officer</source>
        <translation>Сотрудник</translation>
    </message>
    <message>
        <source>Rights chosen one by one</source>
        <translation>Права, выбранные по отдельности</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Должность</translation>
    </message>
    <message>
        <source>The laptop may: {0}</source>
        <translation>Права ноутбука: {0}</translation>
    </message>
    <message>
        <source>Valid for</source>
        <translation>Срок действия</translation>
    </message>
</context>
<context>
    <name>TextDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Сохранить</translation>
    </message>
</context>
<context>
    <name>TextView</name>
    <message>
        <source>The text</source>
        <translation>Текст</translation>
    </message>
</context>
<context>
    <name>TextsModel</name>
    <message>
        <source>pen: {0}</source>
        <translation>перо: {0}</translation>
    </message>
    <message>
        <source>{0} of {1} open</source>
        <translation>открыто {0} из {1}</translation>
    </message>
</context>
<context>
    <name>TextsScreen</name>
    <message>
        <source>Agree ad ref</source>
        <translation>Согласовать ad ref</translation>
    </message>
    <message>
        <source>Amendments</source>
        <translation>Поправки</translation>
    </message>
    <message>
        <source>Amendments ({0})</source>
        <translation>Поправки ({0})</translation>
    </message>
    <message>
        <source>Amendments and revisions</source>
        <translation>Поправки и редакции</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Изменить слова</translation>
    </message>
    <message>
        <source>History</source>
        <translation>История</translation>
    </message>
    <message>
        <source>No text yet</source>
        <translation>Текстов пока нет</translation>
    </message>
    <message>
        <source>Open a text from a document or from the clipboard. You hold its pen; everybody in the room can propose amendments.</source>
        <translation>Откройте текст из документа или из буфера обмена. Его перо держите вы; предлагать поправки может каждый в комнате.</translation>
    </message>
    <message>
        <source>Open a text…</source>
        <translation>Открыть текст…</translation>
    </message>
    <message>
        <source>Park</source>
        <translation>Отложить</translation>
    </message>
    <message>
        <source>Pass</source>
        <translation>Передать</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>Открыть вновь</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>Редакция</translation>
    </message>
    <message>
        <source>Revisions</source>
        <translation>Редакции</translation>
    </message>
    <message>
        <source>Revisions ({0})</source>
        <translation>Редакции ({0})</translation>
    </message>
    <message>
        <source>The whole hash is on the clipboard for ten seconds.</source>
        <translation>Полный хеш находится в буфере обмена десять секунд.</translation>
    </message>
</context>
<context>
    <name>TextsSide</name>
    <message>
        <source>Open a text, Ctrl+N</source>
        <translation>Открыть текст, Ctrl+N</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>Тексты</translation>
    </message>
</context>
<context>
    <name>TickList</name>
    <message>
        <source>Space ticks an entry, Ctrl+C copies its words</source>
        <translation>Пробел отмечает запись, Ctrl+C копирует ее текст</translation>
    </message>
</context>
<context>
    <name>TickModel</name>
    <message>
        <source>not ticked</source>
        <translation>не отмечено</translation>
    </message>
    <message>
        <source>ticked</source>
        <translation>отмечено</translation>
    </message>
</context>
<context>
    <name>TimelineLook</name>
    <message>
        <source>Along the time</source>
        <translation>По времени</translation>
    </message>
    <message>
        <source>Arrows move, Enter opens the row</source>
        <translation>Стрелки — перемещение, Enter — открыть строку</translation>
    </message>
</context>
<context>
    <name>TodayPage</name>
    <message>
        <source>Cannot wait</source>
        <translation>Неотложное</translation>
    </message>
    <message>
        <source>Exchange</source>
        <translation>Обмен</translation>
    </message>
    <message>
        <source>Exchange now</source>
        <translation>Провести обмен</translation>
    </message>
    <message>
        <source>In the next days</source>
        <translation>В ближайшие дни</translation>
    </message>
    <message>
        <source>Nothing needs you now</source>
        <translation>Сейчас ничто не требует вашего участия</translation>
    </message>
    <message>
        <source>Rooms and what they have received</source>
        <translation>Комнаты и что ими получено</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Сегодня</translation>
    </message>
    <message>
        <source>Ways of exchange…</source>
        <translation>Пути обмена…</translation>
    </message>
    <message>
        <source>What arrives at the next exchange and needs you is shown here.</source>
        <translation>То, что поступит при следующем обмене и потребует вашего участия, показывается здесь.</translation>
    </message>
    <message>
        <source>Who answers</source>
        <translation>Кто отвечает</translation>
    </message>
</context>
<context>
    <name>Totals</name>
    <message>
        <source>Amount</source>
        <translation>Сумма</translation>
    </message>
    <message>
        <source>Currency</source>
        <translation>Валюта</translation>
    </message>
    <message>
        <source>Donor</source>
        <translation>Донор</translation>
    </message>
    <message>
        <source>Projects</source>
        <translation>Проекты</translation>
    </message>
    <message>
        <source>Totals by donor, over the projects that were not given up</source>
        <translation>Итоги по донорам, по проектам, которые не отменены</translation>
    </message>
    <message>
        <source>none told</source>
        <translation>не указано</translation>
    </message>
</context>
<context>
    <name>UnlockPage</name>
    <message>
        <source>Asking the keyring of this computer.</source>
        <translation>Обращение к связке ключей этого компьютера.</translation>
    </message>
    <message>
        <source>Caps Lock seems to be on.</source>
        <translation>Похоже, включен Caps Lock.</translation>
    </message>
    <message>
        <source>Locked after a time without activity. Drafts are kept in the vault.</source>
        <translation>Заблокировано после времени бездействия. Черновики сохранены в хранилище.</translation>
    </message>
    <message>
        <source>Locked because the computer went to sleep. Drafts are kept in the vault.</source>
        <translation>Заблокировано, поскольку компьютер перешел в спящий режим. Черновики сохранены в хранилище.</translation>
    </message>
    <message>
        <source>Locked together with your session. Drafts are kept in the vault.</source>
        <translation>Заблокировано вместе с вашим сеансом. Черновики сохранены в хранилище.</translation>
    </message>
    <message>
        <source>Locked. Drafts are kept in the vault.</source>
        <translation>Заблокировано. Черновики сохранены в хранилище.</translation>
    </message>
    <message>
        <source>Opening the vault. This takes a moment on purpose.</source>
        <translation>Хранилище открывается. Это намеренно занимает некоторое время.</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Парольная фраза</translation>
    </message>
    <message>
        <source>Passphrase and the keyring of this computer open it together.</source>
        <translation>Хранилище открывают вместе парольная фраза и связка ключей этого компьютера.</translation>
    </message>
    <message>
        <source>Practise with fictional delegations…</source>
        <translation>Тренировка с вымышленными делегациями…</translation>
    </message>
    <message>
        <source>Reading what verifies, row by row. The damaged files are kept.</source>
        <translation>Чтение того, что проходит проверку, строка за строкой. Поврежденные файлы сохраняются.</translation>
    </message>
    <message>
        <source>Rescue what verifies</source>
        <translation>Спасти то, что проходит проверку</translation>
    </message>
    <message>
        <source>The damaged files are kept beside the vault. Unlock it: it asks the others for what is missing.</source>
        <translation>Поврежденные файлы сохраняются рядом с хранилищем. Разблокируйте его: оно запросит недостающее у других.</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Разблокировать</translation>
    </message>
    <message>
        <source>Unlock Valise</source>
        <translation>Разблокировка Valise</translation>
    </message>
    <message>
        <source>Unlock with this computer&apos;s keyring</source>
        <translation>Разблокировать связкой ключей этого компьютера</translation>
    </message>
    <message>
        <source>Use recovery shares…</source>
        <translation>Использовать доли восстановления…</translation>
    </message>
</context>
<context>
    <name>UnlockingSection</name>
    <message>
        <source>A copy of this vault opens on no other computer, even for somebody who knows the passphrase. If the keyring is lost (a new computer, another desktop, a reset account), only the recovery shares open this vault.</source>
        <translation>Копия этого хранилища не открывается ни на каком другом компьютере, даже тому, кто знает парольную фразу. Если связка ключей утрачена (новый компьютер, другая рабочая среда, сброшенная учетная запись), это хранилище открывают только доли восстановления.</translation>
    </message>
    <message>
        <source>A key for this vault is put into the keyring of this computer. It is as safe as your account is while you are logged in. The system may ask for the keyring&apos;s own password.</source>
        <translation>Ключ от этого хранилища помещается в связку ключей этого компьютера. Он защищен так же, как ваша учетная запись, пока вы в системе. Система может запросить собственный пароль связки ключей.</translation>
    </message>
    <message>
        <source>Any {0} of {1}, made on {2}.</source>
        <translation>Любые {0} из {1}, подготовлены {2}.</translation>
    </message>
    <message>
        <source>Both can be demanded once recovery shares are made and rehearsed.</source>
        <translation>Требовать и то и другое можно после того, как доли восстановления подготовлены и опробованы.</translation>
    </message>
    <message>
        <source>Change the passphrase…</source>
        <translation>Изменить парольную фразу…</translation>
    </message>
    <message>
        <source>Demand both</source>
        <translation>Требовать и то и другое</translation>
    </message>
    <message>
        <source>Demand both…</source>
        <translation>Требовать и то и другое…</translation>
    </message>
    <message>
        <source>Demand passphrase and keyring</source>
        <translation>Требовать парольную фразу и связку ключей</translation>
    </message>
    <message>
        <source>Guessing is made slow: every try takes a computer {0} passes over {1} MiB of memory (Argon2id).</source>
        <translation>Подбор намеренно замедлен: число проходов по памяти на каждую попытку — {0}, объем памяти — {1} МиБ (Argon2id).</translation>
    </message>
    <message>
        <source>Keyring of this computer</source>
        <translation>Связка ключей этого компьютера</translation>
    </message>
    <message>
        <source>Let it open alone</source>
        <translation>Разрешить открывать ею одной</translation>
    </message>
    <message>
        <source>Let the passphrase open alone</source>
        <translation>Разрешить открывать одной парольной фразой</translation>
    </message>
    <message>
        <source>Let the passphrase open alone…</source>
        <translation>Разрешить открывать одной парольной фразой…</translation>
    </message>
    <message>
        <source>Let the shares open nothing</source>
        <translation>Лишить доли действия</translation>
    </message>
    <message>
        <source>Let them open nothing</source>
        <translation>Лишить действия</translation>
    </message>
    <message>
        <source>Let them open nothing…</source>
        <translation>Лишить их действия…</translation>
    </message>
    <message>
        <source>Make new shares…</source>
        <translation>Подготовить новые доли…</translation>
    </message>
    <message>
        <source>Make shares…</source>
        <translation>Подготовить доли…</translation>
    </message>
    <message>
        <source>Needed together with the passphrase.</source>
        <translation>Требуется вместе с парольной фразой.</translation>
    </message>
    <message>
        <source>Never rehearsed. Only a rehearsal shows that what is on paper opens the vault.</source>
        <translation>Не опробовано. Только проба показывает, что написанное на бумаге открывает хранилище.</translation>
    </message>
    <message>
        <source>Not used.</source>
        <translation>Не используется.</translation>
    </message>
    <message>
        <source>Open without typing</source>
        <translation>Открытие без ввода</translation>
    </message>
    <message>
        <source>Open without typing…</source>
        <translation>Открывать без ввода…</translation>
    </message>
    <message>
        <source>Opens the vault without typing.</source>
        <translation>Открывает хранилище без ввода.</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Парольная фраза</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>Доли восстановления</translation>
    </message>
    <message>
        <source>Rehearsed on {0}.</source>
        <translation>Опробовано {0}.</translation>
    </message>
    <message>
        <source>Rehearse…</source>
        <translation>Опробовать…</translation>
    </message>
    <message>
        <source>Stop using the keyring</source>
        <translation>Прекратить использовать связку ключей</translation>
    </message>
    <message>
        <source>The keyring is not needed any more; a copy of the vault then opens anywhere with the passphrase.</source>
        <translation>Связка ключей больше не требуется; копия хранилища тогда открывается парольной фразой где угодно.</translation>
    </message>
    <message>
        <source>The keyring is where this computer keeps what belongs to your account. It can open the vault in place of typing, which is convenient and weaker, or be demanded beside the passphrase, which is stronger.</source>
        <translation>Связка ключей — это место, где компьютер хранит то, что относится к вашей учетной записи. Она может открывать хранилище вместо ввода, что удобнее и слабее, или требоваться вместе с парольной фразой, что надежнее.</translation>
    </message>
    <message>
        <source>The same since {0}.</source>
        <translation>Не менялась с {0}.</translation>
    </message>
    <message>
        <source>The sheets open this vault no longer. Only the passphrase does, until new shares are made.</source>
        <translation>Листы больше не открывают это хранилище. Его открывает только парольная фраза, пока не подготовлены новые доли.</translation>
    </message>
    <message>
        <source>The vault opens only on this computer, under your account, with the passphrase. Should the keyring ever be lost, the recovery shares are the one way in: keep them where you can reach them.</source>
        <translation>Хранилище открывается только на этом компьютере, под вашей учетной записью, с парольной фразой. Если связка ключей когда-либо будет утрачена, доли восстановления останутся единственным способом открыть его: держите их там, где вы можете до них добраться.</translation>
    </message>
    <message>
        <source>There are none. A forgotten passphrase would be the end of this vault.</source>
        <translation>Их нет. Забытая парольная фраза означала бы конец этого хранилища.</translation>
    </message>
    <message>
        <source>These sheets open your vault.</source>
        <translation>Эти листы открывают ваше хранилище.</translation>
    </message>
    <message>
        <source>Type the sheets from the paper. They are tried on this vault and forgotten; nothing is changed.</source>
        <translation>Введите листы с бумаги. Они опробуются на этом хранилище и забываются; ничего не изменяется.</translation>
    </message>
    <message>
        <source>Use the keyring</source>
        <translation>Использовать связку ключей</translation>
    </message>
    <message>
        <source>Whoever sits at this computer while you are logged in opens the vault, and so can any program running under your account. The passphrase goes on opening it too.</source>
        <translation>Хранилище открывает любой, кто сидит за этим компьютером, пока вы в системе, и то же может любая программа, работающая под вашей учетной записью. Парольная фраза по-прежнему тоже его открывает.</translation>
    </message>
    <message>
        <source>Words on paper, held by several people or in several places. Some of them together open this vault when the passphrase is forgotten. Whoever brings that many together opens it too: choose keepers who would not meet by chance.</source>
        <translation>Слова на бумаге, которые хранят несколько человек или в нескольких местах. Часть из них вместе открывает это хранилище, если парольная фраза забыта. Его откроет и любой, кто соберет такое их число: выберите хранителей, которые не встретились бы случайно.</translation>
    </message>
    <message>
        <source>share of a vault of {0}, made on {1}</source>
        <translation>доля хранилища {0}, создана {1}</translation>
    </message>
</context>
<context>
    <name>UntilField</name>
    <message>
        <source>People read the date; it closes nothing by itself</source>
        <translation>Дату читают люди; сама по себе она ничего не закрывает</translation>
    </message>
    <message>
        <source>People read the date; the list stays open until you close it.</source>
        <translation>Дату читают люди; список остается открытым, пока вы его не закроете.</translation>
    </message>
    <message>
        <source>Say until when it is open</source>
        <translation>Указать, до какого времени открыто</translation>
    </message>
</context>
<context>
    <name>Verify</name>
    <message>
        <source>Compare the number by eye</source>
        <translation>Сверить номер визуально</translation>
    </message>
    <message>
        <source>Compare with {who}</source>
        <translation>Сверка: {who}</translation>
    </message>
    <message>
        <source>Compare words now</source>
        <translation>Сверить слова сейчас</translation>
    </message>
    <message>
        <source>If they differ</source>
        <translation>Если они отличаются</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Позже</translation>
    </message>
    <message>
        <source>Read their code from a picture</source>
        <translation>Считать их код со снимка</translation>
    </message>
    <message>
        <source>You are comparing the new identity: if it is the same, it is accepted.</source>
        <translation>Вы сверяете новое удостоверение: если оно совпадает, оно принимается.</translation>
    </message>
</context>
<context>
    <name>VersionCard</name>
    <message>
        <source>Check a release file</source>
        <translation>Проверить файл выпуска</translation>
    </message>
    <message>
        <source>Check a release file…</source>
        <translation>Проверить файл выпуска…</translation>
    </message>
    <message>
        <source>Key of the publisher whose releases this program believes</source>
        <translation>Ключ издателя, выпускам которого доверяет эта программа</translation>
    </message>
    <message>
        <source>Key of the publisher: {0}</source>
        <translation>Ключ издателя: {0}</translation>
    </message>
    <message>
        <source>This is a demonstration key with which nobody can sign: whoever handed out this copy has put no key of its own there, so no release file will pass.</source>
        <translation>Это демонстрационный ключ, которым никто не может подписывать: передавший эту копию не вложил в нее собственного ключа, поэтому ни один файл выпуска проверки не пройдет.</translation>
    </message>
    <message>
        <source>This version</source>
        <translation>Эта версия</translation>
    </message>
    <message>
        <source>Valise never looks for a newer version and connects nowhere for one. A publisher hands out a release file with each version: open it here before anything of it is installed.</source>
        <translation>Valise никогда не ищет новую версию и никуда для этого не подключается. С каждой версией издатель передает файл выпуска: откройте его здесь, прежде чем что-либо из нее устанавливать.</translation>
    </message>
    <message>
        <source>Valise {0} of {1}.</source>
        <translation>Valise {0} от {1}.</translation>
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
        <translation>Таблица</translation>
    </message>
    <message>
        <source>Views of the register</source>
        <translation>Виды реестра</translation>
    </message>
</context>
<context>
    <name>Where</name>
    <message>
        <source>In a room with others each delegation writes the rows of its own State; all see them</source>
        <translation>В комнате с другими каждая делегация пишет строки своего государства; видят их все</translation>
    </message>
    <message>
        <source>Where the rows are kept</source>
        <translation>Где хранятся строки</translation>
    </message>
    <message>
        <source>Within our delegation</source>
        <translation>Внутри нашей делегации</translation>
    </message>
</context>
<context>
    <name>WipeDialog</name>
    <message>
        <source>Delete it</source>
        <translation>Удалить</translation>
    </message>
    <message>
        <source>Delete the bundle from the stick</source>
        <translation>Удалить пакет с накопителя</translation>
    </message>
    <message>
        <source>Everything in it is in your vault. The file itself was sealed; a stick may keep its old blocks for a while.</source>
        <translation>Всё его содержимое находится в вашем хранилище. Сам файл был запечатан; накопитель может некоторое время хранить старые блоки.</translation>
    </message>
    <message>
        <source>Nobody else of our delegation has to open this file</source>
        <translation>Никому больше из нашей делегации не нужно открывать этот файл</translation>
    </message>
</context>
<context>
    <name>Writing</name>
    <message>
        <source>After {0}  {1}</source>
        <translation>После {0}  {1}</translation>
    </message>
    <message>
        <source>At the start</source>
        <translation>В начале</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Выбрать…</translation>
    </message>
    <message>
        <source>Copy them</source>
        <translation>Скопировать их</translation>
    </message>
    <message>
        <source>Go on writing</source>
        <translation>Продолжить писать</translation>
    </message>
    <message>
        <source>It stands under the paragraph, on the internal side.</source>
        <translation>Стоит под пунктом, на внутренней стороне.</translation>
    </message>
    <message>
        <source>Kept in your delegation: a second officer releases it.</source>
        <translation>Остается в вашей делегации: отправку разрешает второй сотрудник.</translation>
    </message>
    <message>
        <source>No phrase of these words stands in the library.</source>
        <translation>Согласованных формулировок с этими словами в библиотеке нет.</translation>
    </message>
    <message>
        <source>Nothing to propose: the words are the same.</source>
        <translation>Предлагать нечего: слова те же.</translation>
    </message>
    <message>
        <source>Press Enter on an open paragraph first, or A for a new one.</source>
        <translation>Сначала нажмите Enter на открытом пункте или A для нового.</translation>
    </message>
    <message>
        <source>Proposed: {0}.</source>
        <translation>Предложено: {0}.</translation>
    </message>
    <message>
        <source>The pen took out the paragraph you were writing on. Your words are kept in the vault.</source>
        <translation>Перо исключило пункт, в котором вы писали. Ваши слова сохранены в хранилище.</translation>
    </message>
    <message>
        <source>The words are set.</source>
        <translation>Слова установлены.</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>Отозвать</translation>
    </message>
    <message>
        <source>Withdrawn.</source>
        <translation>Отозвано.</translation>
    </message>
    <message>
        <source>Words of the library go where you write.</source>
        <translation>Слова из библиотеки вставляются туда, где вы пишете.</translation>
    </message>
    <message>
        <source>Your proposal is made.</source>
        <translation>Ваше предложение внесено.</translation>
    </message>
    <message>
        <source>Your remark is for everybody in the room.</source>
        <translation>Ваше замечание предназначено для всех в комнате.</translation>
    </message>
    <message>
        <source>Your words are kept on this paragraph and were not sent.</source>
        <translation>Ваши слова сохранены на этом пункте и не отправлены.</translation>
    </message>
</context>
<context>
    <name>_Bars</name>
    <message>
        <source>Strength: {0} of {1}</source>
        <translation>Стойкость: {0} из {1}</translation>
    </message>
</context>
<context>
    <name>_Line</name>
    <message>
        <source>Address, domain or AS</source>
        <translation>Адрес, домен или AS</translation>
    </message>
    <message>
        <source>Remove this address</source>
        <translation>Убрать этот адрес</translation>
    </message>
    <message>
        <source>Remove {file}</source>
        <translation>Убрать {file}</translation>
    </message>
    <message>
        <source>Sealing {file}</source>
        <translation>Запечатывается {file}</translation>
    </message>
    <message>
        <source>from 2026-12-10 18:00</source>
        <translation>с 2026-12-10 18:00</translation>
    </message>
    <message>
        <source>until</source>
        <translation>до</translation>
    </message>
    <message>
        <source>{0}: address, domain or network</source>
        <translation>{0}: адрес, домен или сеть</translation>
    </message>
    <message>
        <source>{0}: from, in UTC</source>
        <translation>{0}: с, в UTC</translation>
    </message>
    <message>
        <source>{0}: until, in UTC</source>
        <translation>{0}: до, в UTC</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>A file comes back</source>
        <translation>Вернувшийся файл</translation>
    </message>
    <message>
        <source>A new permission in place of this one</source>
        <translation>Новое разрешение вместо этого</translation>
    </message>
    <message>
        <source>A note of your own delegation; it never leaves</source>
        <translation>Заметка вашей собственной делегации; она никогда не отправляется</translation>
    </message>
    <message>
        <source>A task of your own delegation; it never leaves</source>
        <translation>Задача вашей собственной делегации; она никогда не отправляется</translation>
    </message>
    <message>
        <source>Accept laptops</source>
        <translation>Принять ноутбуки</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Подтвердить</translation>
    </message>
    <message>
        <source>Acknowledge (in the list)</source>
        <translation>Подтвердить получение (в списке)</translation>
    </message>
    <message>
        <source>Acknowledge receipt…</source>
        <translation>Подтвердить получение…</translation>
    </message>
    <message>
        <source>Add a register from a file</source>
        <translation>Добавить реестр из файла</translation>
    </message>
    <message>
        <source>Admit</source>
        <translation>Допустить</translation>
    </message>
    <message>
        <source>Agree ad ref</source>
        <translation>Согласовать ad ref</translation>
    </message>
    <message>
        <source>Answer…</source>
        <translation>Ответить…</translation>
    </message>
    <message>
        <source>Ask points of contact to confirm their entry, each alone</source>
        <translation>Попросить контактные пункты подтвердить свою запись, каждый в отдельности</translation>
    </message>
    <message>
        <source>Asked of us</source>
        <translation>Вопросы к нам</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>Приложить файлы</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Автоматически</translation>
    </message>
    <message>
        <source>Back to the page before</source>
        <translation>Назад к предыдущей странице</translation>
    </message>
    <message>
        <source>Back to the settings</source>
        <translation>Назад к настройкам</translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation>Создать резервную копию</translation>
    </message>
    <message>
        <source>Between the delegations and the directory of points of contact</source>
        <translation>Между делегациями и реестром контактных пунктов</translation>
    </message>
    <message>
        <source>Break the silence</source>
        <translation>Заявить возражение</translation>
    </message>
    <message>
        <source>By courier only</source>
        <translation>Только курьером</translation>
    </message>
    <message>
        <source>By the folder only</source>
        <translation>Только через папку</translation>
    </message>
    <message>
        <source>By the relay only</source>
        <translation>Только через ретранслятор</translation>
    </message>
    <message>
        <source>Calendar</source>
        <translation>Календарь</translation>
    </message>
    <message>
        <source>Call a State otherwise on the screens of this vault, or show its code alone</source>
        <translation>Называть государство на экранах этого хранилища иначе или показывать только его код</translation>
    </message>
    <message>
        <source>Can go along</source>
        <translation>Готовность согласиться</translation>
    </message>
    <message>
        <source>Card with permission…</source>
        <translation>Карточка с разрешением…</translation>
    </message>
    <message>
        <source>Change between what is stated and what our delegation thinks</source>
        <translation>Переключить между тем, что заявлено, и тем, что думает наша делегация</translation>
    </message>
    <message>
        <source>Change the entry</source>
        <translation>Изменить запись</translation>
    </message>
    <message>
        <source>Check a backup</source>
        <translation>Проверить резервную копию</translation>
    </message>
    <message>
        <source>Check an evidence file</source>
        <translation>Проверить файл доказательств</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Выбрать папку…</translation>
    </message>
    <message>
        <source>Choose offers…</source>
        <translation>Выбрать предложения…</translation>
    </message>
    <message>
        <source>Choose the delegations whose word counts</source>
        <translation>Выбрать делегации, слово которых учитывается</translation>
    </message>
    <message>
        <source>Choose the next amendment to this paragraph</source>
        <translation>Выбрать следующую поправку к этому пункту</translation>
    </message>
    <message>
        <source>Choose the previous amendment, or the paragraph</source>
        <translation>Выбрать предыдущую поправку или пункт</translation>
    </message>
    <message>
        <source>Choose what fields must say for a row to be shown</source>
        <translation>Выбрать, какие значения полей нужны, чтобы строка показывалась</translation>
    </message>
    <message>
        <source>Close at once</source>
        <translation>Закрыть немедленно</translation>
    </message>
    <message>
        <source>Close the list</source>
        <translation>Закрыть список</translation>
    </message>
    <message>
        <source>Close the paragraph</source>
        <translation>Закрыть пункт</translation>
    </message>
    <message>
        <source>Close the procedure</source>
        <translation>Закрыть процедуру</translation>
    </message>
    <message>
        <source>Close the vault and end the program; nothing is left on the screen</source>
        <translation>Закрыть хранилище и завершить программу; на экране ничего не остается</translation>
    </message>
    <message>
        <source>Close the vault and quit</source>
        <translation>Закрыть хранилище и выйти</translation>
    </message>
    <message>
        <source>Close the vault and show the unlock page</source>
        <translation>Закрыть хранилище и показать страницу разблокировки</translation>
    </message>
    <message>
        <source>Close…</source>
        <translation>Закрыть…</translation>
    </message>
    <message>
        <source>Co-sponsor</source>
        <translation>Стать соавтором</translation>
    </message>
    <message>
        <source>Commitments</source>
        <translation>Обязательства</translation>
    </message>
    <message>
        <source>Compare by eye</source>
        <translation>Сверить визуально</translation>
    </message>
    <message>
        <source>Compare four words with the chosen delegation, both at the same time</source>
        <translation>Сверить четыре слова с выбранной делегацией, обе стороны одновременно</translation>
    </message>
    <message>
        <source>Compare revisions</source>
        <translation>Сравнить редакции</translation>
    </message>
    <message>
        <source>Compare the number of the chosen delegation by eye</source>
        <translation>Визуально сверить номер выбранной делегации</translation>
    </message>
    <message>
        <source>Compare the safety number with the chosen delegation</source>
        <translation>Сверить номер безопасности с выбранной делегацией</translation>
    </message>
    <message>
        <source>Compare words now</source>
        <translation>Сверить слова сейчас</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>Контакты</translation>
    </message>
    <message>
        <source>Contents of the guide</source>
        <translation>Содержание руководства</translation>
    </message>
    <message>
        <source>Convergence</source>
        <translation>Сближение</translation>
    </message>
    <message>
        <source>Copy in notation</source>
        <translation>Скопировать в переговорной записи</translation>
    </message>
    <message>
        <source>Copy the address of the chosen point of contact for ten seconds; nothing is sent</source>
        <translation>Скопировать адрес выбранного контактного пункта на десять секунд; ничего не отправляется</translation>
    </message>
    <message>
        <source>Copy the chosen paragraph and where it stands; forgotten after ten seconds</source>
        <translation>Скопировать выбранный абзац и его место; через десять секунд буфер обмена очищается</translation>
    </message>
    <message>
        <source>Copy the e-mail address</source>
        <translation>Скопировать адрес электронной почты</translation>
    </message>
    <message>
        <source>Copy the hash</source>
        <translation>Скопировать хеш</translation>
    </message>
    <message>
        <source>Copy the list</source>
        <translation>Скопировать список</translation>
    </message>
    <message>
        <source>Copy the number of the chosen point of contact for ten seconds; nothing is dialled</source>
        <translation>Скопировать номер выбранного контактного пункта на десять секунд; звонок не производится</translation>
    </message>
    <message>
        <source>Copy the paragraph</source>
        <translation>Скопировать пункт</translation>
    </message>
    <message>
        <source>Copy the telephone number</source>
        <translation>Скопировать номер телефона</translation>
    </message>
    <message>
        <source>Copy the text with its brackets and attributions; forgotten after ten seconds</source>
        <translation>Скопировать текст со скобками и указанием авторов; через десять секунд буфер обмена очищается</translation>
    </message>
    <message>
        <source>Copy this paragraph with its brackets and attributions; forgotten after ten seconds</source>
        <translation>Скопировать этот пункт со скобками и указанием авторов; через десять секунд буфер обмена очищается</translation>
    </message>
    <message>
        <source>Copy with source</source>
        <translation>Скопировать с источником</translation>
    </message>
    <message>
        <source>Correct or add; what stood before stays in the record</source>
        <translation>Исправить или дополнить; прежнее остается в протоколе</translation>
    </message>
    <message>
        <source>Custodians</source>
        <translation>Поручители</translation>
    </message>
    <message>
        <source>Decide the contested silence</source>
        <translation>Решить вопрос о спорном возражении</translation>
    </message>
    <message>
        <source>Decide which of several standing values holds</source>
        <translation>Решить, какое из нескольких стоящих значений действует</translation>
    </message>
    <message>
        <source>Delivery</source>
        <translation>Доставка</translation>
    </message>
    <message>
        <source>Edit the words in place; the difference becomes the proposal (Enter does the same)</source>
        <translation>Изменить слова на месте; разница становится предложением (то же делает Enter)</translation>
    </message>
    <message>
        <source>Edit with the pen</source>
        <translation>Изменить пером</translation>
    </message>
    <message>
        <source>Enter a reservation</source>
        <translation>Внести оговорку</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>Запись</translation>
    </message>
    <message>
        <source>Everything about the chosen point of contact</source>
        <translation>Всё о выбранном контактном пункте</translation>
    </message>
    <message>
        <source>Everything the delegations said, both markings on every page</source>
        <translation>Всё, что сказали делегации, с обеими пометками на каждой странице</translation>
    </message>
    <message>
        <source>Exchange now</source>
        <translation>Провести обмен</translation>
    </message>
    <message>
        <source>Export as a file</source>
        <translation>Экспортировать в файл</translation>
    </message>
    <message>
        <source>Export rows</source>
        <translation>Экспортировать строки</translation>
    </message>
    <message>
        <source>Export the calendar</source>
        <translation>Экспорт календаря</translation>
    </message>
    <message>
        <source>Extend the deadline</source>
        <translation>Продлить срок</translation>
    </message>
    <message>
        <source>Fifth view</source>
        <translation>Пятый вид</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Фильтр</translation>
    </message>
    <message>
        <source>Filters that were kept under a name</source>
        <translation>Фильтры, сохраненные под названием</translation>
    </message>
    <message>
        <source>Find a document</source>
        <translation>Найти документ</translation>
    </message>
    <message>
        <source>Find here</source>
        <translation>Найти здесь</translation>
    </message>
    <message>
        <source>Find it in the library</source>
        <translation>Найти в библиотеке</translation>
    </message>
    <message>
        <source>First view</source>
        <translation>Первый вид</translation>
    </message>
    <message>
        <source>For the operator of a relay that takes them by hand</source>
        <translation>Для оператора ретранслятора, который вносит их вручную</translation>
    </message>
    <message>
        <source>Forward again</source>
        <translation>Снова вперед</translation>
    </message>
    <message>
        <source>Fourth view</source>
        <translation>Четвертый вид</translation>
    </message>
    <message>
        <source>From a norm or measure to the matrix of States, and back to the page of the cell one is at</source>
        <translation>От нормы или меры к матрице государств и обратно к странице выбранной ячейки</translation>
    </message>
    <message>
        <source>Give permission…</source>
        <translation>Дать разрешение…</translation>
    </message>
    <message>
        <source>Give the pen to another delegation</source>
        <translation>Передать перо другой делегации</translation>
    </message>
    <message>
        <source>Go to a paragraph by its number</source>
        <translation>Перейти к пункту по его номеру</translation>
    </message>
    <message>
        <source>Go to hygiene, unlocking, laptops, backups, keys, evidence and checks</source>
        <translation>Перейти к гигиене, разблокировке, ноутбукам, резервным копиям, ключам, доказательствам и проверкам</translation>
    </message>
    <message>
        <source>Go to paragraph</source>
        <translation>Перейти к пункту</translation>
    </message>
    <message>
        <source>Go to the commitments</source>
        <translation>Перейти к обязательствам</translation>
    </message>
    <message>
        <source>Go to the contacts</source>
        <translation>Перейти к контактам</translation>
    </message>
    <message>
        <source>Go to the incidents</source>
        <translation>Перейти к инцидентам</translation>
    </message>
    <message>
        <source>Go to the library</source>
        <translation>Перейти к библиотеке</translation>
    </message>
    <message>
        <source>Go to the messages</source>
        <translation>Перейти к сообщениям</translation>
    </message>
    <message>
        <source>Go to the next pane of this screen</source>
        <translation>Перейти к следующей области этого экрана</translation>
    </message>
    <message>
        <source>Go to the overview</source>
        <translation>Перейти к обзору</translation>
    </message>
    <message>
        <source>Go to the page of the next one</source>
        <translation>Перейти к странице следующей</translation>
    </message>
    <message>
        <source>Go to the page of the one before</source>
        <translation>Перейти к странице предыдущей</translation>
    </message>
    <message>
        <source>Go to the previous pane of this screen</source>
        <translation>Перейти к предыдущей области этого экрана</translation>
    </message>
    <message>
        <source>Go to the registers</source>
        <translation>Перейти к реестрам</translation>
    </message>
    <message>
        <source>Go to the search box of this screen</source>
        <translation>Перейти к строке поиска этого экрана</translation>
    </message>
    <message>
        <source>Go to the settings</source>
        <translation>Перейти к настройкам</translation>
    </message>
    <message>
        <source>Go to the texts</source>
        <translation>Перейти к текстам</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>Руководство</translation>
    </message>
    <message>
        <source>History of the entry</source>
        <translation>История записи</translation>
    </message>
    <message>
        <source>History of the paragraph</source>
        <translation>История пункта</translation>
    </message>
    <message>
        <source>History of the row</source>
        <translation>История строки</translation>
    </message>
    <message>
        <source>How a frozen text goes on</source>
        <translation>Как продолжается замороженный текст</translation>
    </message>
    <message>
        <source>Import a card</source>
        <translation>Импортировать карточку</translation>
    </message>
    <message>
        <source>Import a folder</source>
        <translation>Импортировать папку</translation>
    </message>
    <message>
        <source>Import contact cards</source>
        <translation>Импорт карточек контактов</translation>
    </message>
    <message>
        <source>Import rows</source>
        <translation>Импортировать строки</translation>
    </message>
    <message>
        <source>In an open entry: put back what stood before your last change; both stay in the history</source>
        <translation>В открытой записи: вернуть то, что было до вашего последнего изменения; и то и другое остается в истории</translation>
    </message>
    <message>
        <source>In an open entry: take it out with a reason, or put it back</source>
        <translation>В открытой записи: исключить ее с указанием причины или вернуть</translation>
    </message>
    <message>
        <source>In an open entry: what was changed, by whom and when</source>
        <translation>В открытой записи: что, кем и когда было изменено</translation>
    </message>
    <message>
        <source>Incident and indicators as a bundle for technical teams</source>
        <translation>Инцидент и индикаторы в виде набора для технических групп</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>Инциденты</translation>
    </message>
    <message>
        <source>Insert from the library</source>
        <translation>Вставить из библиотеки</translation>
    </message>
    <message>
        <source>Internal remark</source>
        <translation>Внутреннее замечание</translation>
    </message>
    <message>
        <source>Joint statements</source>
        <translation>Совместные заявления</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Сохранить</translation>
    </message>
    <message>
        <source>Keep as alternative</source>
        <translation>Сохранить как альтернативу</translation>
    </message>
    <message>
        <source>Keep what was changed in the row</source>
        <translation>Сохранить то, что изменено в строке</translation>
    </message>
    <message>
        <source>Kept filters</source>
        <translation>Сохраненные фильтры</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Клавиши</translation>
    </message>
    <message>
        <source>Leave the relay…</source>
        <translation>Отказаться от ретранслятора…</translation>
    </message>
    <message>
        <source>Let a delegation write to us through our relay</source>
        <translation>Позволить делегации писать нам через наш ретранслятор</translation>
    </message>
    <message>
        <source>Let another officer&apos;s draft on this paragraph leave to the room</source>
        <translation>Разрешить отправку в комнату черновика другого сотрудника по этому пункту</translation>
    </message>
    <message>
        <source>Let delegations co-sponsor the newest revision of this text</source>
        <translation>Позволить делегациям стать соавторами новейшей редакции этого текста</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Библиотека</translation>
    </message>
    <message>
        <source>Lock now</source>
        <translation>Заблокировать</translation>
    </message>
    <message>
        <source>Look at a bundle and make a draft of it; nothing is sent</source>
        <translation>Посмотреть набор и составить по нему черновик; ничего не отправляется</translation>
    </message>
    <message>
        <source>Look at the laptop that was added to the delegation shown, and accept it</source>
        <translation>Посмотреть ноутбук, добавленный к показанной делегации, и принять его</translation>
    </message>
    <message>
        <source>Look at the text</source>
        <translation>Посмотреть текст</translation>
    </message>
    <message>
        <source>Look for its symbol in the documents of the library</source>
        <translation>Искать ее обозначение в документах библиотеки</translation>
    </message>
    <message>
        <source>Look for slips of drafting: numbers, brackets, opening verbs, signs at the end</source>
        <translation>Искать погрешности составления: номера, скобки, начальные глаголы, знаки в конце</translation>
    </message>
    <message>
        <source>Make a bundle for the courier</source>
        <translation>Подготовить пакет для курьера</translation>
    </message>
    <message>
        <source>Make a vault for a journey</source>
        <translation>Создать дорожное хранилище</translation>
    </message>
    <message>
        <source>Matrix and page</source>
        <translation>Матрица и страница</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>Участники</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Сообщения</translation>
    </message>
    <message>
        <source>More at once</source>
        <translation>Больше сразу</translation>
    </message>
    <message>
        <source>Name shown for a State</source>
        <translation>Показываемое название государства</translation>
    </message>
    <message>
        <source>Narrow the list of documents by symbol, title or language</source>
        <translation>Сузить список документов по обозначению, названию или языку</translation>
    </message>
    <message>
        <source>Nearer</source>
        <translation>Ближе</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Создать</translation>
    </message>
    <message>
        <source>New internal note…</source>
        <translation>Новая внутренняя заметка…</translation>
    </message>
    <message>
        <source>New revision</source>
        <translation>Новая редакция</translation>
    </message>
    <message>
        <source>New room</source>
        <translation>Новая комната</translation>
    </message>
    <message>
        <source>New task…</source>
        <translation>Новая задача…</translation>
    </message>
    <message>
        <source>New thread</source>
        <translation>Новое обсуждение</translation>
    </message>
    <message>
        <source>Next amendment</source>
        <translation>Следующая поправка</translation>
    </message>
    <message>
        <source>Next norm or measure</source>
        <translation>Следующая норма или мера</translation>
    </message>
    <message>
        <source>Next pane</source>
        <translation>Следующая область</translation>
    </message>
    <message>
        <source>Next phrase of agreed language</source>
        <translation>Следующая согласованная формулировка</translation>
    </message>
    <message>
        <source>No position</source>
        <translation>Без позиции</translation>
    </message>
    <message>
        <source>Nominate by note verbale</source>
        <translation>Назначить вербальной нотой</translation>
    </message>
    <message>
        <source>Offer assistance…</source>
        <translation>Предложить помощь…</translation>
    </message>
    <message>
        <source>Offer help to the delegation that asks</source>
        <translation>Предложить помощь делегации, которая о ней просит</translation>
    </message>
    <message>
        <source>On a joint statement or list: copy the hash that is signed; forgotten after ten seconds</source>
        <translation>В совместном заявлении или списке: скопировать подписываемый хеш; через десять секунд буфер обмена очищается</translation>
    </message>
    <message>
        <source>On a joint statement or list: copy the names, one a line; forgotten after ten seconds</source>
        <translation>В совместном заявлении или списке: скопировать названия, по одному в строке; через десять секунд буфер обмена очищается</translation>
    </message>
    <message>
        <source>On a joint statement or list: save the words as the file whose sha256sum is the hash</source>
        <translation>В совместном заявлении или списке: сохранить слова в файл, sha256sum которого и есть хеш</translation>
    </message>
    <message>
        <source>On a joint statement or list: sign on for our delegation</source>
        <translation>В совместном заявлении или списке: присоединить нашу делегацию</translation>
    </message>
    <message>
        <source>On a joint statement or list: take the name of our delegation back</source>
        <translation>В совместном заявлении или списке: взять название нашей делегации назад</translation>
    </message>
    <message>
        <source>On a list of co-sponsors: go to the text</source>
        <translation>В списке соавторов: перейти к тексту</translation>
    </message>
    <message>
        <source>On a list we closed: admit a delegation that signed on late</source>
        <translation>В закрытом нами списке: допустить делегацию, которая присоединилась с опозданием</translation>
    </message>
    <message>
        <source>On a list we opened: close it with the names that stand on it now</source>
        <translation>В открытом нами списке: закрыть его с названиями, которые стоят в нем сейчас</translation>
    </message>
    <message>
        <source>On a statement that was replaced: go to the words in its place</source>
        <translation>В замененном заявлении: перейти к словам, которые стоят вместо него</translation>
    </message>
    <message>
        <source>On a statement we opened: open other words in its place</source>
        <translation>В открытом нами заявлении: открыть вместо него другие слова</translation>
    </message>
    <message>
        <source>Open a closed incident again</source>
        <translation>Открыть вновь закрытый инцидент</translation>
    </message>
    <message>
        <source>Open a list of co-sponsors</source>
        <translation>Открыть список соавторов</translation>
    </message>
    <message>
        <source>Open a ping round</source>
        <translation>Открыть раунд проверки связи</translation>
    </message>
    <message>
        <source>Open a room with one delegation, a group, or your own</source>
        <translation>Открыть комнату с одной делегацией, с группой или для своей делегации</translation>
    </message>
    <message>
        <source>Open a silence procedure</source>
        <translation>Открыть процедуру отсутствия возражений</translation>
    </message>
    <message>
        <source>Open again…</source>
        <translation>Открыть вновь…</translation>
    </message>
    <message>
        <source>Open bundles of a courier</source>
        <translation>Открыть пакеты курьера</translation>
    </message>
    <message>
        <source>Open in its place</source>
        <translation>Открыть вместо него</translation>
    </message>
    <message>
        <source>Open the chosen point of contact as a form</source>
        <translation>Открыть выбранный контактный пункт как форму</translation>
    </message>
    <message>
        <source>Open the file of the relay&apos;s operator</source>
        <translation>Открыть файл оператора ретранслятора</translation>
    </message>
    <message>
        <source>Open the guide at the page about what is on the screen</source>
        <translation>Открыть руководство на странице о том, что сейчас на экране</translation>
    </message>
    <message>
        <source>Open the row</source>
        <translation>Открыть строку</translation>
    </message>
    <message>
        <source>Oppose</source>
        <translation>Выступить против</translation>
    </message>
    <message>
        <source>Oppose the chosen amendment, or the paragraph</source>
        <translation>Выступить против выбранной поправки или пункта</translation>
    </message>
    <message>
        <source>Our assessment – internal</source>
        <translation>Наша оценка — внутренняя</translation>
    </message>
    <message>
        <source>Our card</source>
        <translation>Наша карточка</translation>
    </message>
    <message>
        <source>Our identity card with permission to write, for one correspondent alone</source>
        <translation>Карточка нашей делегации с разрешением писать, только для одного партнера по обмену</translation>
    </message>
    <message>
        <source>Our own row</source>
        <translation>Наша строка</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Обзор</translation>
    </message>
    <message>
        <source>Park</source>
        <translation>Отложить</translation>
    </message>
    <message>
        <source>Pass the pen</source>
        <translation>Передать перо</translation>
    </message>
    <message>
        <source>Ping rounds</source>
        <translation>Раунды проверки связи</translation>
    </message>
    <message>
        <source>Points of contact</source>
        <translation>Контактные пункты</translation>
    </message>
    <message>
        <source>Previous amendment</source>
        <translation>Предыдущая поправка</translation>
    </message>
    <message>
        <source>Previous norm or measure</source>
        <translation>Предыдущая норма или мера</translation>
    </message>
    <message>
        <source>Previous pane</source>
        <translation>Предыдущая область</translation>
    </message>
    <message>
        <source>Propose a new paragraph after this one</source>
        <translation>Предложить новый пункт после этого</translation>
    </message>
    <message>
        <source>Propose a paragraph</source>
        <translation>Предложить пункт</translation>
    </message>
    <message>
        <source>Propose an alternative</source>
        <translation>Предложить альтернативу</translation>
    </message>
    <message>
        <source>Propose another place for this paragraph</source>
        <translation>Предложить другое место для этого пункта</translation>
    </message>
    <message>
        <source>Propose by editing</source>
        <translation>Предложить, изменив слова</translation>
    </message>
    <message>
        <source>Propose deletion</source>
        <translation>Предложить исключение</translation>
    </message>
    <message>
        <source>Propose other words for the whole paragraph, beside it</source>
        <translation>Предложить другие слова для всего пункта, рядом с ним</translation>
    </message>
    <message>
        <source>Propose to delete this paragraph</source>
        <translation>Предложить исключить этот пункт</translation>
    </message>
    <message>
        <source>Propose to move</source>
        <translation>Предложить перенос</translation>
    </message>
    <message>
        <source>Put back what stood before your last change; both stay in the history</source>
        <translation>Вернуть то, что было до вашего последнего изменения; и то и другое остается в истории</translation>
    </message>
    <message>
        <source>Put our delegation&apos;s name to the chosen amendment</source>
        <translation>Поставить название нашей делегации под выбранной поправкой</translation>
    </message>
    <message>
        <source>Put two revisions side by side, or one and the text as it stands</source>
        <translation>Показать рядом две редакции или редакцию и текст в нынешнем виде</translation>
    </message>
    <message>
        <source>Questions of other delegations about our entries</source>
        <translation>Вопросы других делегаций о наших записях</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Выйти</translation>
    </message>
    <message>
        <source>Reachability</source>
        <translation>Доступность</translation>
    </message>
    <message>
        <source>Read a STIX bundle…</source>
        <translation>Прочитать набор STIX…</translation>
    </message>
    <message>
        <source>Read a backup to its end and prove it; nothing of it enters this vault</source>
        <translation>Прочитать резервную копию до конца и проверить ее; в это хранилище из нее ничего не попадает</translation>
    </message>
    <message>
        <source>Read a calendar</source>
        <translation>Прочитать календарь</translation>
    </message>
    <message>
        <source>Read a file of this text that somebody changed, and propose what it changes</source>
        <translation>Прочитать файл этого текста, который кто-то изменил, и предложить его изменения</translation>
    </message>
    <message>
        <source>Read contact cards from a file and see what they would change</source>
        <translation>Прочитать карточки контактов из файла и посмотреть, что они изменили бы</translation>
    </message>
    <message>
        <source>Read rows from a file; what would change is shown first</source>
        <translation>Прочитать строки из файла; сначала показывается, что изменится</translation>
    </message>
    <message>
        <source>Read the card of another delegation from a file</source>
        <translation>Прочитать карточку другой делегации из файла</translation>
    </message>
    <message>
        <source>Read the code of the chosen delegation from a picture</source>
        <translation>Считать код выбранной делегации со снимка</translation>
    </message>
    <message>
        <source>Read the definition of a further register</source>
        <translation>Прочитать определение нового реестра</translation>
    </message>
    <message>
        <source>Read their code</source>
        <translation>Считать их код</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>Реестры</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>Отклонить</translation>
    </message>
    <message>
        <source>Relay, folder and courier: which way serves which delegation, and what waits</source>
        <translation>Ретранслятор, папка и курьер: какой путь служит какой делегации и что ожидает отправки</translation>
    </message>
    <message>
        <source>Release the draft</source>
        <translation>Разрешить отправку черновика</translation>
    </message>
    <message>
        <source>Remark to the room</source>
        <translation>Замечание для комнаты</translation>
    </message>
    <message>
        <source>Renew</source>
        <translation>Обновить</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>Открыть вновь</translation>
    </message>
    <message>
        <source>Report it in another room, with its markings, where its source allows that</source>
        <translation>Сообщить об этом в другой комнате, с пометками, если это разрешает источник</translation>
    </message>
    <message>
        <source>Reserve</source>
        <translation>Внести оговорку</translation>
    </message>
    <message>
        <source>Reserve until the capital has looked at it</source>
        <translation>Сделать оговорку до рассмотрения столицей</translation>
    </message>
    <message>
        <source>Return another officer&apos;s draft on this paragraph, with the reason</source>
        <translation>Вернуть черновик другого сотрудника по этому пункту с указанием причины</translation>
    </message>
    <message>
        <source>Return the draft</source>
        <translation>Вернуть черновик</translation>
    </message>
    <message>
        <source>Revoke…</source>
        <translation>Аннулировать…</translation>
    </message>
    <message>
        <source>Rounds that ask points of contact to confirm their entry</source>
        <translation>Раунды, в которых контактные пункты просят подтвердить свою запись</translation>
    </message>
    <message>
        <source>Save as PDF…</source>
        <translation>Сохранить в формате PDF…</translation>
    </message>
    <message>
        <source>Save as STIX 2.1…</source>
        <translation>Сохранить в формате STIX 2.1…</translation>
    </message>
    <message>
        <source>Save calendar entry</source>
        <translation>Сохранить запись календаря</translation>
    </message>
    <message>
        <source>Save contact cards</source>
        <translation>Сохранить карточки контактов</translation>
    </message>
    <message>
        <source>Save files as</source>
        <translation>Сохранить файлы как</translation>
    </message>
    <message>
        <source>Save our card</source>
        <translation>Сохранить нашу карточку</translation>
    </message>
    <message>
        <source>Save our own card as a file; in an open point of contact: keep what was changed</source>
        <translation>Сохранить нашу карточку в файл; в открытом контактном пункте — сохранить изменения</translation>
    </message>
    <message>
        <source>Save the deadline of the silence procedure as a calendar file</source>
        <translation>Сохранить срок процедуры отсутствия возражений как файл календаря</translation>
    </message>
    <message>
        <source>Save the entries shown as contact cards (.vcf)</source>
        <translation>Сохранить показанные записи как карточки контактов (.vcf)</translation>
    </message>
    <message>
        <source>Save the files of the chosen message; nothing is ever opened from here</source>
        <translation>Сохранить файлы выбранного сообщения; отсюда никогда ничего не открывается</translation>
    </message>
    <message>
        <source>Save the record of a room as evidence</source>
        <translation>Сохранить протокол комнаты как доказательство</translation>
    </message>
    <message>
        <source>Save the record…</source>
        <translation>Сохранить протокол…</translation>
    </message>
    <message>
        <source>Save the revocations…</source>
        <translation>Сохранить аннулирования…</translation>
    </message>
    <message>
        <source>Save the text as a Word document, PDF or another file, from the room&apos;s record alone</source>
        <translation>Сохранить текст как документ Word, PDF или другой файл, только по протоколу комнаты</translation>
    </message>
    <message>
        <source>Save the words</source>
        <translation>Сохранить слова</translation>
    </message>
    <message>
        <source>Say how it ended and close it</source>
        <translation>Сообщить, чем завершился инцидент, и закрыть его</translation>
    </message>
    <message>
        <source>Say that it was received; it accepts no fact and agrees with nothing</source>
        <translation>Сообщить, что это получено; это не означает ни признания какого-либо факта, ни согласия с чем-либо</translation>
    </message>
    <message>
        <source>Say that the delegation can go along</source>
        <translation>Сообщить, что делегация готова согласиться</translation>
    </message>
    <message>
        <source>Say what an evidence file proves and what it does not</source>
        <translation>Сообщить, что доказывает файл доказательств и чего он не доказывает</translation>
    </message>
    <message>
        <source>Say whether you can help and what was done</source>
        <translation>Сообщить, можете ли вы помочь и что сделано</translation>
    </message>
    <message>
        <source>Say which of two continuations stands, or who has the pen from here on</source>
        <translation>Сообщить, какое из двух продолжений действует или у кого перо с этого места</translation>
    </message>
    <message>
        <source>Say which offers your delegation takes</source>
        <translation>Сообщить, какие предложения принимает ваша делегация</translation>
    </message>
    <message>
        <source>Say, with the reason, that our delegation does not agree; it cannot be taken back</source>
        <translation>Сообщить с указанием причины, что наша делегация не согласна; взять это назад нельзя</translation>
    </message>
    <message>
        <source>Scrutiny reservation</source>
        <translation>Оговорка до изучения</translation>
    </message>
    <message>
        <source>Seal and send</source>
        <translation>Запечатать и отправить</translation>
    </message>
    <message>
        <source>Seal files into the vault and send them with the message</source>
        <translation>Запечатать файлы в хранилище и отправить их вместе с сообщением</translation>
    </message>
    <message>
        <source>Seal what you wrote and send it at the next exchange</source>
        <translation>Запечатать написанное и отправить при следующем обмене</translation>
    </message>
    <message>
        <source>Search everything</source>
        <translation>Поиск везде</translation>
    </message>
    <message>
        <source>Search texts, amendments, messages, contacts, commitments and registers</source>
        <translation>Поиск по текстам, поправкам, сообщениям, контактам, обязательствам и реестрам</translation>
    </message>
    <message>
        <source>Second view</source>
        <translation>Второй вид</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>Безопасность</translation>
    </message>
    <message>
        <source>See less of the matrix, larger</source>
        <translation>Видеть меньшую часть матрицы, крупнее</translation>
    </message>
    <message>
        <source>See more of the matrix at once</source>
        <translation>Видеть сразу большую часть матрицы</translation>
    </message>
    <message>
        <source>Send on to others…</source>
        <translation>Переслать другим…</translation>
    </message>
    <message>
        <source>Send what waits and fetch what has come</source>
        <translation>Отправить то, что ожидает, и получить то, что поступило</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>Settle a difference</source>
        <translation>Устранить расхождение</translation>
    </message>
    <message>
        <source>Show every date as a calendar; in the month: arrows, Page Up, Page Down, Home</source>
        <translation>Показать все даты в виде календаря; в месяце: стрелки, Page Up, Page Down, Home</translation>
    </message>
    <message>
        <source>Show every field of the row</source>
        <translation>Показать все поля строки</translation>
    </message>
    <message>
        <source>Show every key</source>
        <translation>Показать все клавиши</translation>
    </message>
    <message>
        <source>Show how many words stand outside brackets, revision by revision</source>
        <translation>Показать, сколько слов стоит вне скобок, редакция за редакцией</translation>
    </message>
    <message>
        <source>Show joint statements and lists of co-sponsors, and who has signed on</source>
        <translation>Показать совместные заявления и списки соавторов и кто присоединился</translation>
    </message>
    <message>
        <source>Show our own card, to hand over or save</source>
        <translation>Показать нашу карточку, чтобы передать или сохранить ее</translation>
    </message>
    <message>
        <source>Show the fifth view of the register</source>
        <translation>Показать пятый вид реестра</translation>
    </message>
    <message>
        <source>Show the first view of the register</source>
        <translation>Показать первый вид реестра</translation>
    </message>
    <message>
        <source>Show the fourth view of the register</source>
        <translation>Показать четвертый вид реестра</translation>
    </message>
    <message>
        <source>Show the new words</source>
        <translation>Показать новые слова</translation>
    </message>
    <message>
        <source>Show the second view of the register</source>
        <translation>Показать второй вид реестра</translation>
    </message>
    <message>
        <source>Show the sixth view of the register</source>
        <translation>Показать шестой вид реестра</translation>
    </message>
    <message>
        <source>Show the third view of the register</source>
        <translation>Показать третий вид реестра</translation>
    </message>
    <message>
        <source>Show what every delegation says at every paragraph</source>
        <translation>Показать, что каждая делегация говорит по каждому пункту</translation>
    </message>
    <message>
        <source>Show what happened to this paragraph</source>
        <translation>Показать, что происходило с этим пунктом</translation>
    </message>
    <message>
        <source>Show what needs you now</source>
        <translation>Показать, что сейчас требует вашего участия</translation>
    </message>
    <message>
        <source>Show what our State has said and done about it</source>
        <translation>Показать, что наше государство заявило и сделало по этому вопросу</translation>
    </message>
    <message>
        <source>Show when each device received and acknowledged the message</source>
        <translation>Показать, когда каждый ноутбук получил сообщение и подтвердил получение</translation>
    </message>
    <message>
        <source>Show who is in this room</source>
        <translation>Показать, кто состоит в этой комнате</translation>
    </message>
    <message>
        <source>Sign on</source>
        <translation>Присоединиться</translation>
    </message>
    <message>
        <source>Sixth view</source>
        <translation>Шестой вид</translation>
    </message>
    <message>
        <source>Slips</source>
        <translation>Погрешности</translation>
    </message>
    <message>
        <source>Sort by this column</source>
        <translation>Сортировать по этому столбцу</translation>
    </message>
    <message>
        <source>Sort the table by the column one is at; again turns it round</source>
        <translation>Сортировать таблицу по текущему столбцу; повторно — в обратном порядке</translation>
    </message>
    <message>
        <source>Speak for a group</source>
        <translation>Говорить от имени группы</translation>
    </message>
    <message>
        <source>Start a new thread in this room</source>
        <translation>Начать новое обсуждение в этой комнате</translation>
    </message>
    <message>
        <source>Start something new on this screen</source>
        <translation>Начать на этом экране что-то новое</translation>
    </message>
    <message>
        <source>Stop importing; what was taken in stays, and the same import again goes on from there</source>
        <translation>Прекратить импорт; принятое остается, и такой же импорт продолжится с этого места</translation>
    </message>
    <message>
        <source>Stop the backup; what was begun is taken away again</source>
        <translation>Остановить резервное копирование; начатое снова убирается</translation>
    </message>
    <message>
        <source>Stop the import</source>
        <translation>Остановить импорт</translation>
    </message>
    <message>
        <source>Stop using the folder…</source>
        <translation>Прекратить использовать папку…</translation>
    </message>
    <message>
        <source>Stop what is being written</source>
        <translation>Остановить запись</translation>
    </message>
    <message>
        <source>Streamlining bench</source>
        <translation>Упорядочение текста</translation>
    </message>
    <message>
        <source>Support</source>
        <translation>Поддержать</translation>
    </message>
    <message>
        <source>Support the chosen amendment, or the paragraph</source>
        <translation>Поддержать выбранную поправку или пункт</translation>
    </message>
    <message>
        <source>Take</source>
        <translation>Принять</translation>
    </message>
    <message>
        <source>Take a permission back: nothing more is taken with it</source>
        <translation>Взять разрешение назад: по нему больше ничего не принимается</translation>
    </message>
    <message>
        <source>Take events or consultations from a calendar file (.ics)</source>
        <translation>Принять мероприятия или консультации из файла календаря (.ics)</translation>
    </message>
    <message>
        <source>Take every document of a folder into the library; what is there already is passed over</source>
        <translation>Принять в библиотеку все документы папки; то, что там уже есть, пропускается</translation>
    </message>
    <message>
        <source>Take in what a courier brought on a stick</source>
        <translation>Принять то, что курьер доставил на USB-накопителе</translation>
    </message>
    <message>
        <source>Take it higher…</source>
        <translation>Передать на уровень выше…</translation>
    </message>
    <message>
        <source>Take our name back</source>
        <translation>Взять наше название назад</translation>
    </message>
    <message>
        <source>Take out of the library</source>
        <translation>Исключить из библиотеки</translation>
    </message>
    <message>
        <source>Take out or put back</source>
        <translation>Исключить или вернуть</translation>
    </message>
    <message>
        <source>Take positions on behalf of a group; empty = for our own delegation</source>
        <translation>Занимать позиции от имени группы; пусто = от имени нашей собственной делегации</translation>
    </message>
    <message>
        <source>Take the chosen document out of the library of this laptop</source>
        <translation>Исключить выбранный документ из библиотеки этого ноутбука</translation>
    </message>
    <message>
        <source>Take the position back</source>
        <translation>Взять позицию назад</translation>
    </message>
    <message>
        <source>Take the row out with a reason, or put it back</source>
        <translation>Исключить строку с указанием причины или вернуть ее</translation>
    </message>
    <message>
        <source>Tell other delegations that you have verified the chosen one</source>
        <translation>Сообщить другим делегациям, что вы проверили выбранную</translation>
    </message>
    <message>
        <source>Tell the author, signed, that this message has been read here</source>
        <translation>Сообщить автору, с подписью, что это сообщение здесь прочитано</translation>
    </message>
    <message>
        <source>Test the folder</source>
        <translation>Проверить папку</translation>
    </message>
    <message>
        <source>Test the relay</source>
        <translation>Проверить ретранслятор</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>Тексты</translation>
    </message>
    <message>
        <source>The record whose SHA-256 is shown; it is the same at every delegation</source>
        <translation>Протокол, SHA-256 которого показан; он одинаков у каждой делегации</translation>
    </message>
    <message>
        <source>The relay where there is one, else the folder</source>
        <translation>Ретранслятор, если он есть, иначе папка</translation>
    </message>
    <message>
        <source>The same with one key while the list of messages has the focus</source>
        <translation>То же одной клавишей, пока выбран список сообщений</translation>
    </message>
    <message>
        <source>Third view</source>
        <translation>Третий вид</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Сегодня</translation>
    </message>
    <message>
        <source>Undo the last change</source>
        <translation>Отменить последнее изменение</translation>
    </message>
    <message>
        <source>Update…</source>
        <translation>Дополнить…</translation>
    </message>
    <message>
        <source>Use a relay…</source>
        <translation>Использовать ретранслятор…</translation>
    </message>
    <message>
        <source>Use the next channel of the ladder</source>
        <translation>Использовать следующий канал лестницы эскалации</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>Проверить</translation>
    </message>
    <message>
        <source>Vouch</source>
        <translation>Поручиться</translation>
    </message>
    <message>
        <source>Ways of exchange</source>
        <translation>Пути обмена</translation>
    </message>
    <message>
        <source>What came of each contact over the rounds</source>
        <translation>Результаты по каждому контакту за все раунды</translation>
    </message>
    <message>
        <source>What was changed in the row, by whom and when</source>
        <translation>Что, кем и когда было изменено в строке</translation>
    </message>
    <message>
        <source>While writing: go to the next words that stand in the library, and see where</source>
        <translation>Во время ввода: перейти к следующим словам, которые есть в библиотеке, и увидеть, где именно</translation>
    </message>
    <message>
        <source>While writing: take words of agreed language, with their source; selected words are searched</source>
        <translation>Во время ввода: взять слова согласованной формулировки вместе с источником; поиск ведется по выделенным словам</translation>
    </message>
    <message>
        <source>Who stands where</source>
        <translation>Позиции делегаций</translation>
    </message>
    <message>
        <source>With the pen: a revision stands as agreed unless somebody breaks the silence</source>
        <translation>Пером: редакция считается согласованной, если никто не заявит возражение</translation>
    </message>
    <message>
        <source>With the pen: do not take the chosen amendment</source>
        <translation>Пером: не принимать выбранную поправку</translation>
    </message>
    <message>
        <source>With the pen: freeze the text as a revision</source>
        <translation>Пером: зафиксировать текст как редакцию</translation>
    </message>
    <message>
        <source>With the pen: give the silence procedure a later deadline</source>
        <translation>Пером: установить для процедуры отсутствия возражений более поздний срок</translation>
    </message>
    <message>
        <source>With the pen: go through what is open, like amendments together, and send all answers at once</source>
        <translation>Пером: просмотреть всё открытое, сходные поправки вместе, и отправить все ответы сразу</translation>
    </message>
    <message>
        <source>With the pen: keep the chosen amendment as an alternative</source>
        <translation>Пером: сохранить выбранную поправку как альтернативу</translation>
    </message>
    <message>
        <source>With the pen: open this paragraph again</source>
        <translation>Пером: вновь открыть этот пункт</translation>
    </message>
    <message>
        <source>With the pen: say whether the silence was kept or broken</source>
        <translation>Пером: сообщить, было ли возражение заявлено в срок</translation>
    </message>
    <message>
        <source>With the pen: set the words and say what becomes of each amendment</source>
        <translation>Пером: установить слова и указать, что становится с каждой поправкой</translation>
    </message>
    <message>
        <source>With the pen: set this paragraph aside</source>
        <translation>Пером: отложить этот пункт</translation>
    </message>
    <message>
        <source>With the pen: take a late amendment, or one to earlier words, back into the talks</source>
        <translation>Пером: вернуть в переговоры опоздавшую поправку или поправку к прежним словам</translation>
    </message>
    <message>
        <source>With the pen: take the chosen amendment</source>
        <translation>Пером: принять выбранную поправку</translation>
    </message>
    <message>
        <source>With the pen: the silence procedure is over</source>
        <translation>Пером: процедура отсутствия возражений завершена</translation>
    </message>
    <message>
        <source>With the pen: this paragraph is agreed ad ref</source>
        <translation>Пером: этот пункт согласован ad ref</translation>
    </message>
    <message>
        <source>With the pen: this paragraph is closed, not reopened without the chair&apos;s consent</source>
        <translation>Пером: этот пункт закрыт и вновь не открывается без согласия председателя</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>Отозвать</translation>
    </message>
    <message>
        <source>Withdraw our chosen amendment</source>
        <translation>Отозвать нашу выбранную поправку</translation>
    </message>
    <message>
        <source>Write a backup of this vault to a stick or folder, and read it again</source>
        <translation>Записать резервную копию этого хранилища на USB-накопитель или в папку и прочитать ее обратно</translation>
    </message>
    <message>
        <source>Write a note verbale that nominates the chosen point of contact</source>
        <translation>Составить вербальную ноту о назначении выбранного контактного пункта</translation>
    </message>
    <message>
        <source>Write a remark on the chosen amendment, or the paragraph, for everybody in the room</source>
        <translation>Написать замечание по выбранной поправке или пункту для всех в комнате</translation>
    </message>
    <message>
        <source>Write a remark that stays in our delegation</source>
        <translation>Написать замечание, которое остается в нашей делегации</translation>
    </message>
    <message>
        <source>Write a vault with only the rooms you choose, for a laptop that travels</source>
        <translation>Записать хранилище только с выбранными вами комнатами, для ноутбука, который берут в поездку</translation>
    </message>
    <message>
        <source>Write rows as a file</source>
        <translation>Записать строки в файл</translation>
    </message>
    <message>
        <source>Write the dates that are shown as a calendar file (.ics)</source>
        <translation>Записать показанные даты в файл календаря (.ics)</translation>
    </message>
    <message>
        <source>Write the signed record of the chosen room into a file others can check</source>
        <translation>Записать подписанный протокол выбранной комнаты в файл, который могут проверить другие</translation>
    </message>
    <message>
        <source>Write what waits as one sealed file on a stick</source>
        <translation>Записать то, что ожидает отправки, одним запечатанным файлом на USB-накопитель</translation>
    </message>
</context>
<context>
    <name>advice</name>
    <message>
        <source>Accepted. One or two more words would make it much harder to guess.</source>
        <translation>Принято. Еще одно-два слова намного затруднили бы подбор.</translation>
    </message>
    <message>
        <source>Long enough, as long as it is not a known quotation and is used nowhere else.</source>
        <translation>Достаточно длинно, если это не известная цитата и не используется больше нигде.</translation>
    </message>
    <message>
        <source>Take four or five words that have nothing to do with each other, or a sentence nobody else would say. Nobody can reset it; only recovery shares, if you make them, open the vault without it.</source>
        <translation>Возьмите четыре или пять слов, никак не связанных друг с другом, или предложение, которого не сказал бы никто другой. Сбросить ее не может никто; без нее хранилище открывают только доли восстановления, если вы их подготовите.</translation>
    </message>
    <message>
        <source>Too easy to guess: it is made of common words, names, dates or rows of keys. Add a word or two.</source>
        <translation>Слишком легко угадать: состоит из обычных слов, имен, дат или рядов клавиш. Добавьте одно-два слова.</translation>
    </message>
    <message>
        <source>Too short: at least twelve characters, not the same few again and again.</source>
        <translation>Слишком коротко: не менее двенадцати знаков, а не одни и те же снова и снова.</translation>
    </message>
</context>
<context>
    <name>backups</name>
    <message numerus="yes">
        <source>%n contacts</source>
        <translation>
            <numerusform>%n контакт</numerusform>
            <numerusform>%n контакта</numerusform>
            <numerusform>%n контактов</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>%n запись</numerusform>
            <numerusform>%n записи</numerusform>
            <numerusform>%n записей</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n файл</numerusform>
            <numerusform>%n файла</numerusform>
            <numerusform>%n файлов</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items have not left yet: they are kept in the backup as part of the record and the conversation.</source>
        <translation>
            <numerusform>%n элемент еще не отправлен: он сохранен в резервной копии как часть протокола и переписки.</numerusform>
            <numerusform>%n элемента еще не отправлены: они сохранены в резервной копии как часть протокола и переписки.</numerusform>
            <numerusform>%n элементов еще не отправлены: они сохранены в резервной копии как часть протокола и переписки.</numerusform>
        </translation>
    </message>
    <message>
        <source>As of {0}: {1}, {2}, {3}; digest {4}.</source>
        <translation>По состоянию на {0}: {1}, {2}, {3}; контрольная сумма {4}.</translation>
    </message>
    <message numerus="yes">
        <source>Backed up %n days ago.</source>
        <translation>
            <numerusform>Резервная копия создана %n день назад.</numerusform>
            <numerusform>Резервная копия создана %n дня назад.</numerusform>
            <numerusform>Резервная копия создана %n дней назад.</numerusform>
        </translation>
    </message>
    <message>
        <source>Backed up today.</source>
        <translation>Резервная копия создана сегодня.</translation>
    </message>
    <message>
        <source>Backed up yesterday.</source>
        <translation>Резервная копия создана вчера.</translation>
    </message>
    <message>
        <source>Backups ({0})</source>
        <translation>Резервные копии ({0})</translation>
    </message>
    <message>
        <source>Choose the backup…</source>
        <translation>Выбрать резервную копию…</translation>
    </message>
    <message>
        <source>Entries written or received since: {0}.</source>
        <translation>Записей, сделанных или полученных с тех пор: {0}.</translation>
    </message>
    <message>
        <source>It was not written by this vault, or before the vault was restored.</source>
        <translation>Она записана не этим хранилищем или до его восстановления.</translation>
    </message>
    <message>
        <source>It was written by this vault.</source>
        <translation>Она записана этим хранилищем.</translation>
    </message>
    <message>
        <source>Messages of conversations that only the old laptop could open: {0}. Ask for what you need of them.</source>
        <translation>Сообщений переписки, которые мог открыть только старый ноутбук: {0}. Запросите те из них, которые вам нужны.</translation>
    </message>
    <message>
        <source>Never finished, and no backup: {0}. It can be deleted.</source>
        <translation>Не завершено и резервной копией не является: {0}. Файл можно удалить.</translation>
    </message>
    <message>
        <source>Nothing was written or received since.</source>
        <translation>С тех пор ничего не написано и не получено.</translation>
    </message>
    <message>
        <source>Of these in conversations: {0}; another laptop cannot send them, so say them again there.</source>
        <translation>Из них в переписке: {0}; другой ноутбук такие сообщения отправить не может, напишите их там заново.</translation>
    </message>
    <message>
        <source>Open a backup</source>
        <translation>Открыть резервную копию</translation>
    </message>
    <message>
        <source>There is no backup of this vault yet.</source>
        <translation>Резервной копии этого хранилища пока нет.</translation>
    </message>
    <message>
        <source>This backup is whole and verifies.</source>
        <translation>Эта резервная копия цела и проходит проверку.</translation>
    </message>
    <message>
        <source>This vault for a journey is whole and verifies.</source>
        <translation>Это дорожное хранилище цело и проходит проверку.</translation>
    </message>
    <message>
        <source>a bilateral room</source>
        <translation>двусторонняя комната</translation>
    </message>
    <message>
        <source>{0} in {1}: {2}</source>
        <translation>{0} в {1}: {2}</translation>
    </message>
    <message>
        <source>{0}, in {1}, {2}. Read again after writing; digest {3}.</source>
        <translation>{0}, в {1}, {2}. После записи прочитано обратно; контрольная сумма {3}.</translation>
    </message>
</context>
<context>
    <name>calendar</name>
    <message>
        <source>Consultation</source>
        <translation>Консультации</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Дата</translation>
    </message>
    <message>
        <source>Deadline</source>
        <translation>Срок</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>Мероприятие</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Пересмотр</translation>
    </message>
    <message>
        <source>Sign-on closes</source>
        <translation>Окончание присоединения</translation>
    </message>
    <message>
        <source>Silence ends</source>
        <translation>Окончание процедуры отсутствия возражений</translation>
    </message>
    <message>
        <source>assessed by us, internal</source>
        <translation>оценено нами, внутреннее</translation>
    </message>
    <message>
        <source>done</source>
        <translation>выполнено</translation>
    </message>
</context>
<context>
    <name>capture</name>
    <message>
        <source>Nothing keeps other programs of this session from capturing this window (X11 cannot do so).</source>
        <translation>Ничто не мешает другим программам этого сеанса захватывать изображение этого окна (X11 этого не умеет).</translation>
    </message>
    <message>
        <source>The desktop asks you before a program may capture the screen; Valise cannot forbid it.</source>
        <translation>Рабочая среда спрашивает вас, прежде чем программа сможет захватывать экран; запретить это Valise не может.</translation>
    </message>
    <message>
        <source>Windows leaves these windows out of screenshots and recordings while the setting is on (version 2004 or later). A camera is not kept out.</source>
        <translation>Пока настройка включена, Windows не показывает эти окна на снимках экрана и в записях (версия 2004 или новее). От камеры это не защищает.</translation>
    </message>
    <message>
        <source>macOS is asked to leave these windows out of captures while the setting is on; newer versions let some programs capture them all the same. A camera is not kept out.</source>
        <translation>Пока настройка включена, macOS получает просьбу не показывать эти окна при захвате экрана; более новые версии всё же позволяют некоторым программам захватывать их. От камеры это не защищает.</translation>
    </message>
</context>
<context>
    <name>checks</name>
    <message>
        <source>A log does not reach as far as its entries do.</source>
        <translation>Журнал короче, чем его записи.</translation>
    </message>
    <message>
        <source>A part of the database file was an older version of itself.</source>
        <translation>Часть файла базы данных была его более старой версией.</translation>
    </message>
    <message>
        <source>A room of two</source>
        <translation>Комната двух делегаций</translation>
    </message>
    <message>
        <source>A row refers to something that is not there.</source>
        <translation>Строка ссылается на то, чего нет.</translation>
    </message>
    <message>
        <source>A table or an index is damaged.</source>
        <translation>Повреждена таблица или индекс.</translation>
    </message>
    <message>
        <source>An old copy of this laptop&apos;s vault was put back; it says so itself, and goes on.</source>
        <translation>Восстановлена старая копия хранилища этого ноутбука; он сам об этом сообщает и продолжает работу.</translation>
    </message>
    <message>
        <source>Another laptop had heard more from this one than is in this vault.</source>
        <translation>Другой ноутбук получил от этого больше, чем есть в этом хранилище.</translation>
    </message>
    <message>
        <source>It was rescued from a damaged database.</source>
        <translation>Оно спасено из поврежденной базы данных.</translation>
    </message>
    <message>
        <source>Noticed {when}. Both signed statements are kept as evidence.</source>
        <translation>Замечено {when}. Оба подписанных утверждения сохранены как доказательства.</translation>
    </message>
    <message>
        <source>Some pages do not verify: the file was damaged on the disk.</source>
        <translation>Некоторые страницы не проходят проверку: файл был поврежден на диске.</translation>
    </message>
    <message>
        <source>Something this laptop had signed came back from another.</source>
        <translation>Нечто подписанное этим ноутбуком вернулось от другого.</translation>
    </message>
    <message>
        <source>The keyring of this computer remembered a later state.</source>
        <translation>Связка ключей этого компьютера помнила более позднее состояние.</translation>
    </message>
    <message>
        <source>The search index does not fit the data.</source>
        <translation>Поисковый индекс не соответствует данным.</translation>
    </message>
    <message>
        <source>Two copies of this laptop&apos;s vault are in use. Ask its delegation; until it has admitted a new laptop in its place, rely on neither.</source>
        <translation>Используются две копии хранилища этого ноутбука. Запросите его делегацию; пока она не допустит вместо него новый ноутбук, не полагайтесь ни на одну из них.</translation>
    </message>
    <message>
        <source>What came from this laptop does not fit together: an old copy was put back, or two copies are in use. It becomes clear at the next exchanges.</source>
        <translation>То, что поступило от этого ноутбука, не согласуется между собой: восстановлена старая копия или используются две копии. Это выяснится при следующих обменах.</translation>
    </message>
    <message>
        <source>What was written beside the database at its last closing names a later state.</source>
        <translation>В том, что записано рядом с базой данных при последнем закрытии, указано более позднее состояние.</translation>
    </message>
    <message>
        <source>{room}: waiting for an answer of {names}.</source>
        <translation>{room}: ожидание ответа: {names}.</translation>
    </message>
    <message>
        <source>{room}: what this laptop had signed is on its way back.</source>
        <translation>{room}: подписанное этим ноутбуком находится на обратном пути.</translation>
    </message>
    <message>
        <source>{room}: what was said before has still to reach somebody.</source>
        <translation>{room}: сказанное ранее дошло еще не до всех.</translation>
    </message>
</context>
<context>
    <name>commitments</name>
    <message>
        <source>From memory, not compared with {0}: not the official wording, and not to be quoted.</source>
        <translation>По памяти, без сверки с {0}: это не официальная формулировка, цитировать ее нельзя.</translation>
    </message>
    <message>
        <source>From {0}.</source>
        <translation>Из {0}.</translation>
    </message>
    <message>
        <source>Official text</source>
        <translation>Официальный текст</translation>
    </message>
    <message>
        <source>Summary of the text</source>
        <translation>Краткое изложение текста</translation>
    </message>
    <message>
        <source>The official text is not on this laptop. Import {0} into the library to read it.</source>
        <translation>Официального текста на этом ноутбуке нет. Чтобы прочитать его, импортируйте {0} в библиотеку.</translation>
    </message>
    <message>
        <source>the document</source>
        <translation>документ</translation>
    </message>
</context>
<context>
    <name>contacts</name>
    <message numerus="yes">
        <source>%n are enough.</source>
        <translation>
            <numerusform>Достаточно %n.</numerusform>
            <numerusform>Достаточно %n.</numerusform>
            <numerusform>Достаточно %n.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n are needed.</source>
        <translation>
            <numerusform>Требуется %n.</numerusform>
            <numerusform>Требуется %n.</numerusform>
            <numerusform>Требуется %n.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n laptops</source>
        <translation>
            <numerusform>%n ноутбук</numerusform>
            <numerusform>%n ноутбука</numerusform>
            <numerusform>%n ноутбуков</numerusform>
        </translation>
    </message>
    <message>
        <source>.</source>
        <translation>.</translation>
    </message>
    <message>
        <source>1. On their laptop, {who} opens Contacts and then “Our card”.</source>
        <translation>1. На том ноутбуке ({who}) открывают «Контакты», затем «Наша карточка».</translation>
    </message>
    <message>
        <source>2. Take a photograph or a screenshot of the code there, you yourself and not somebody by mail.</source>
        <translation>2. Сфотографируйте код на том экране или сделайте снимок экрана сами, а не получайте его от кого-либо по почте.</translation>
    </message>
    <message>
        <source>3. Choose that picture here. Valise says whether it is the same.</source>
        <translation>3. Выберите этот снимок здесь. Valise скажет, совпадает ли код.</translation>
    </message>
    <message>
        <source>A card with another identity came on {date}.</source>
        <translation>{date} поступила карточка с другим удостоверением.</translation>
    </message>
    <message>
        <source>A card with another identity came; sending stopped.</source>
        <translation>Поступила карточка с другим удостоверением; отправка приостановлена.</translation>
    </message>
    <message>
        <source>A custodian vouches for another identity of {who}. Sending is stopped until you decide.</source>
        <translation>Поручитель ручается за другое удостоверение: {who}. Отправка приостановлена, пока вы не примете решение.</translation>
    </message>
    <message>
        <source>A laptop its delegation has revoked went on writing on {date}; nothing was taken from it.</source>
        <translation>Ноутбук, допуск которого аннулирован его делегацией, {date} продолжал писать; от него ничего не принято.</translation>
    </message>
    <message>
        <source>A laptop was added to your own delegation, not by this one. Nothing is sent until you decide.</source>
        <translation>К вашей собственной делегации добавлен ноутбук, причем не с этого ноутбука. Ничего не отправляется, пока вы не примете решение.</translation>
    </message>
    <message>
        <source>A new laptop was added on {date}.</source>
        <translation>{date} добавлен новый ноутбук.</translation>
    </message>
    <message>
        <source>A second, different list of its laptops came; sending stopped.</source>
        <translation>Поступил второй, отличающийся список ноутбуков этой делегации; отправка приостановлена.</translation>
    </message>
    <message>
        <source>A second, different list of laptops came on {date}.</source>
        <translation>{date} поступил второй, отличающийся список ноутбуков.</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Принять</translation>
    </message>
    <message>
        <source>Accept the laptop of your own delegation?</source>
        <translation>Принять ноутбук вашей собственной делегации?</translation>
    </message>
    <message>
        <source>Accept the new laptop of {who}?</source>
        <translation>Принять новый ноутбук ({who})?</translation>
    </message>
    <message>
        <source>Accept…</source>
        <translation>Принять…</translation>
    </message>
    <message>
        <source>An old copy of one of its vaults was put back; it says so itself since {date}, and goes on.</source>
        <translation>На одном из ноутбуков этой делегации восстановлена старая копия хранилища; с {date} он сам об этом сообщает и продолжает работу.</translation>
    </message>
    <message>
        <source>An older copy of this laptop&apos;s vault was put back on {date}.</source>
        <translation>{date} восстановлена более старая копия хранилища этого ноутбука.</translation>
    </message>
    <message>
        <source>Both of you sit at your laptops, in one room or on the telephone, and both are connected. It takes half a minute.</source>
        <translation>Вы оба находитесь за своими ноутбуками, в одном помещении или на связи по телефону, и оба ноутбука подключены. Это занимает полминуты.</translation>
    </message>
    <message>
        <source>Choose that delegation in the list, or read the code from the right screen.</source>
        <translation>Выберите эту делегацию в списке или считайте код с нужного экрана.</translation>
    </message>
    <message>
        <source>Choose the picture…</source>
        <translation>Выбрать снимок…</translation>
    </message>
    <message>
        <source>Choose these</source>
        <translation>Выбрать этих</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Сверить</translation>
    </message>
    <message>
        <source>Compare again</source>
        <translation>Сверить еще раз</translation>
    </message>
    <message>
        <source>Compare four words, both at the same time</source>
        <translation>Сверить четыре слова, обе стороны одновременно</translation>
    </message>
    <message>
        <source>Compare in one of the other two ways.</source>
        <translation>Проведите сверку одним из двух других способов.</translation>
    </message>
    <message>
        <source>Compare now</source>
        <translation>Сверить сейчас</translation>
    </message>
    <message>
        <source>Compare once more by another way, best in person, and check that you both chose each other.</source>
        <translation>Проведите сверку еще раз другим путем, лучше всего лично, и убедитесь, что вы оба выбрали друг друга.</translation>
    </message>
    <message>
        <source>Compared {how} on {date}</source>
        <translation>Сверено {how}, {date}</translation>
    </message>
    <message>
        <source>Compared {how} on {date} by {officer}</source>
        <translation>Сверено {how}, {date}, сотрудник: {officer}</translation>
    </message>
    <message>
        <source>Custodians are delegations you compared with in person. When enough of them vouch for the very identity you hold of another delegation, it counts as vouched for.</source>
        <translation>Поручители — это делегации, с которыми вы провели сверку лично. Когда достаточное их число ручается за то самое удостоверение другой делегации, которое есть у вас, считается, что за нее есть поручительство.</translation>
    </message>
    <message>
        <source>Custodians you chose say that this identity is genuine. Compare with it yourself when you can.</source>
        <translation>Выбранные вами поручители подтверждают подлинность этого удостоверения. При возможности проведите сверку сами.</translation>
    </message>
    <message>
        <source>Decide below which identity to keep.</source>
        <translation>Решите ниже, какое удостоверение оставить.</translation>
    </message>
    <message>
        <source>Different</source>
        <translation>Отличаются</translation>
    </message>
    <message>
        <source>Each delegation you tick is told, signed by you and for good, that you have compared with {who}: its identity, the number of its card, how and when.</source>
        <translation>Каждой отмеченной делегации сообщается, за вашей подписью и навсегда, что вы провели сверку ({who}): удостоверение, номер карточки, как и когда.</translation>
    </message>
    <message>
        <source>Either a backup was restored there, or its root key is in other hands: ask it, by another way.</source>
        <translation>Либо там восстановлена резервная копия, либо корневой ключ в чужих руках: запросите эту делегацию другим путем.</translation>
    </message>
    <message>
        <source>Either another officer works there now, or its root key is in other hands: ask it, by another way. What you write waits; what it sends is received.</source>
        <translation>Либо там теперь работает другой сотрудник, либо корневой ключ в чужих руках: запросите эту делегацию другим путем. То, что вы пишете, ожидает; то, что она отправляет, поступает.</translation>
    </message>
    <message>
        <source>Either it set up its keys anew, or somebody is trying to take its place: ask it, by another way.</source>
        <translation>Либо там заново созданы ключи, либо кто-то пытается занять место этой делегации: запросите ее другим путем.</translation>
    </message>
    <message>
        <source>Either the wrong one was read, or somebody stands between you: compare once more, best in person.</source>
        <translation>Либо был прочитан не тот номер, либо кто-то стоит между вами: сверьте еще раз, лучше всего лично.</translation>
    </message>
    <message>
        <source>Either the wrong screen was read, or somebody stands between you.</source>
        <translation>Либо считан не тот экран, либо кто-то стоит между вами.</translation>
    </message>
    <message>
        <source>Everything you send from now on, and what waits, can be read there too.</source>
        <translation>Всё, что вы отправите начиная с этого момента, и всё, что ожидает отправки, можно будет прочитать и там.</translation>
    </message>
    <message>
        <source>Exchange once more, or import its card, and read the code again.</source>
        <translation>Проведите обмен еще раз или импортируйте карточку и снова считайте код.</translation>
    </message>
    <message>
        <source>First seen {seen}, valid until {until}</source>
        <translation>Впервые замечен {seen}, действителен до {until}</translation>
    </message>
    <message>
        <source>Have to agree:</source>
        <translation>Должны сойтись:</translation>
    </message>
    <message>
        <source>How many of them have to agree</source>
        <translation>Сколько поручителей должны сойтись</translation>
    </message>
    <message>
        <source>If they differ again, tell your security officer, and ask for a new card handed over in person.</source>
        <translation>Если они снова отличаются, сообщите сотруднику по вопросам безопасности и попросите передать новую карточку лично.</translation>
    </message>
    <message>
        <source>It learns that you are in touch with {who}. {who} is not told, nor is anybody else. Without the tick, your word is taken back.</source>
        <translation>Она узнаёт, что вы поддерживаете связь с этой делегацией ({who}). Самой этой делегации ({who}) не сообщается, как и никому другому. Если отметку снять, ваше слово берется назад.</translation>
    </message>
    <message>
        <source>It was put off. Start again when both of you have time.</source>
        <translation>Сверка отложена. Начните заново, когда у обоих будет время.</translation>
    </message>
    <message>
        <source>Its card was first seen here.</source>
        <translation>Карточка впервые появилась здесь.</translation>
    </message>
    <message>
        <source>Its card was received, but nobody here has compared with it yet.</source>
        <translation>Карточка получена, но сверку с этой делегацией здесь еще никто не проводил.</translation>
    </message>
    <message>
        <source>Its card was renewed (number {value}).</source>
        <translation>Карточка обновлена (номер {value}).</translation>
    </message>
    <message>
        <source>Keep stopped</source>
        <translation>Не возобновлять</translation>
    </message>
    <message>
        <source>Laptop of {officer}</source>
        <translation>Ноутбук: {officer}</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Оставить как есть</translation>
    </message>
    <message>
        <source>May {rights}</source>
        <translation>Имеет право: {rights}</translation>
    </message>
    <message>
        <source>No card of this delegation is held here.</source>
        <translation>Карточки этой делегации здесь нет.</translation>
    </message>
    <message>
        <source>No delegation has been compared on this laptop yet. Compare with some first.</source>
        <translation>На этом ноутбуке еще не проведена сверка ни с одной делегацией. Сначала проведите сверку с несколькими.</translation>
    </message>
    <message>
        <source>Nobody&apos;s word counts.</source>
        <translation>Ничье слово не учитывается.</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Не сейчас</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>Ничего не изменено.</translation>
    </message>
    <message>
        <source>On the other laptop open Contacts, then “Our card”, and read the code there.</source>
        <translation>На другом ноутбуке откройте «Контакты», затем «Наша карточка» и считайте код там.</translation>
    </message>
    <message>
        <source>One more card under this code came on {date}; it was set aside while a decision is open.</source>
        <translation>{date} поступила еще одна карточка под этим кодом; она отложена до принятия решения.</translation>
    </message>
    <message>
        <source>One of the two is not what it says: ask the delegation and the custodian, by another way.</source>
        <translation>Одно из двух не то, за что себя выдает: запросите делегацию и поручителя другим путем.</translation>
    </message>
    <message>
        <source>One of you reads, the other says whether all four are the same, in the same order. Do it face to face, or over a line where you know the voice. In place of the words you can read the numbers.</source>
        <translation>Один из вас читает, другой говорит, совпадают ли все четыре слова и их порядок. Делайте это лицом к лицу или по линии связи, где вам знаком голос. Вместо слов можно читать числа.</translation>
    </message>
    <message>
        <source>One word alone is never enough: choose two or more, or none.</source>
        <translation>Одного слова недостаточно никогда: выберите двух или более либо никого.</translation>
    </message>
    <message>
        <source>Our code</source>
        <translation>Наш код</translation>
    </message>
    <message>
        <source>Our code, for them</source>
        <translation>Наш код, для них</translation>
    </message>
    <message>
        <source>Pictures ({endings})</source>
        <translation>Изображения ({endings})</translation>
    </message>
    <message>
        <source>Read it once more from their screen; if it differs again, tell your security officer.</source>
        <translation>Считайте код с того экрана еще раз; если он снова отличается, сообщите сотруднику по вопросам безопасности.</translation>
    </message>
    <message>
        <source>Read the code from the other screen.</source>
        <translation>Считайте код с другого экрана.</translation>
    </message>
    <message>
        <source>Read these words to each other</source>
        <translation>Прочитайте эти слова друг другу</translation>
    </message>
    <message>
        <source>Revoked: nothing from this laptop is accepted any more.</source>
        <translation>Допуск аннулирован: от этого ноутбука больше ничего не принимается.</translation>
    </message>
    <message>
        <source>Say that they differ: nothing more is sent to this delegation until you decide.</source>
        <translation>Сообщить, что они отличаются: этой делегации ничего больше не отправляется, пока вы не примете решение.</translation>
    </message>
    <message>
        <source>Sign and tell</source>
        <translation>Подписать и сообщить</translation>
    </message>
    <message>
        <source>Somebody between you would have to guess the words: one chance in 17 million million, and one guess.</source>
        <translation>Тому, кто стоит между вами, пришлось бы угадать слова: один шанс из 17 миллионов миллионов, и только одна попытка.</translation>
    </message>
    <message>
        <source>Somebody here</source>
        <translation>Кто-то из наших сотрудников</translation>
    </message>
    <message>
        <source>Somebody here compared with this delegation.</source>
        <translation>Кто-то из ваших сотрудников провел сверку с этой делегацией.</translation>
    </message>
    <message>
        <source>Something about it changed.</source>
        <translation>Что-то изменилось в сведениях об этой делегации.</translation>
    </message>
    <message>
        <source>Something about this delegation changed on {date}.</source>
        <translation>{date} что-то изменилось в сведениях об этой делегации.</translation>
    </message>
    <message>
        <source>Take a new picture of the code on their screen as it is now.</source>
        <translation>Сделайте новый снимок кода, который показан на том экране сейчас.</translation>
    </message>
    <message>
        <source>Take it again: straight, sharp, and with the whole code and its white edge.</source>
        <translation>Сделайте снимок еще раз: прямо, резко, чтобы был виден весь код с белыми полями.</translation>
    </message>
    <message>
        <source>Ten minutes have passed. Start again when both of you have time.</source>
        <translation>Прошло десять минут. Начните заново, когда у обоих будет время.</translation>
    </message>
    <message>
        <source>The certificate of the laptop of {laptop} was renewed.</source>
        <translation>Сертификат ноутбука обновлен: {laptop}.</translation>
    </message>
    <message>
        <source>The code is not that of the {who} you hold: nothing more is sent to it until you decide.</source>
        <translation>Код не совпадает с имеющимся у вас ({who}): туда ничего больше не отправляется, пока вы не примете решение.</translation>
    </message>
    <message>
        <source>The code is the same: {who} is verified in person.</source>
        <translation>Код совпадает. Проверено лично: {who}.</translation>
    </message>
    <message>
        <source>The comparison did not come to an end</source>
        <translation>Сверка не завершена</translation>
    </message>
    <message>
        <source>The identity of {who} changed. Sending is stopped until you decide.</source>
        <translation>Удостоверение изменилось: {who}. Отправка приостановлена, пока вы не примете решение.</translation>
    </message>
    <message>
        <source>The keys of one of its laptops cannot be used since {date}: that laptop receives nothing.</source>
        <translation>С {date} ключи одного из ноутбуков этой делегации непригодны: этот ноутбук ничего не получает.</translation>
    </message>
    <message>
        <source>The laptop of {laptop} was added.</source>
        <translation>Добавлен ноутбук: {laptop}.</translation>
    </message>
    <message>
        <source>The laptop of {laptop} was revoked.</source>
        <translation>Допуск ноутбука аннулирован: {laptop}.</translation>
    </message>
    <message>
        <source>The laptop shows another certificate than the one known here. Exchange once more, then start again.</source>
        <translation>Ноутбук показывает не тот сертификат, который известен здесь. Проведите обмен еще раз и начните заново.</translation>
    </message>
    <message>
        <source>The numbers compared with {who} differ. Sending is stopped until you decide.</source>
        <translation>Сверенные номера не совпадают: {who}. Отправка приостановлена, пока вы не примете решение.</translation>
    </message>
    <message>
        <source>The numbers were compared and differed on {date}.</source>
        <translation>{date} номера сверены и не совпали.</translation>
    </message>
    <message>
        <source>The picture is read in a process of its own that holds no key. Valise does not use the camera of this laptop.</source>
        <translation>Снимок читается в отдельном процессе, у которого нет ключей. Valise не использует камеру этого ноутбука.</translation>
    </message>
    <message>
        <source>The picture of their code</source>
        <translation>Снимок их кода</translation>
    </message>
    <message>
        <source>The same</source>
        <translation>Совпадают</translation>
    </message>
    <message>
        <source>Their code, from a picture</source>
        <translation>Их код, по снимку</translation>
    </message>
    <message>
        <source>Their word never replaces comparing, and the word of a delegation that is only vouched for never counts. Nobody is told whom you choose. It holds for this laptop.</source>
        <translation>Их слово никогда не заменяет сверку, а слово делегации, за которую лишь есть поручительство, не учитывается никогда. Никому не сообщается, кого вы выбрали. Выбор действует для этого ноутбука.</translation>
    </message>
    <message>
        <source>There is no code in this picture that can be read.</source>
        <translation>На этом снимке нет кода, который можно прочитать.</translation>
    </message>
    <message>
        <source>There is no other delegation to tell.</source>
        <translation>Нет другой делегации, которой можно сообщить.</translation>
    </message>
    <message>
        <source>This code belongs to a newer card of {who} than the one here.</source>
        <translation>Этот код относится к более новой карточке ({who}), чем имеющаяся здесь.</translation>
    </message>
    <message>
        <source>This code was not made by Valise.</source>
        <translation>Этот код создан не программой Valise.</translation>
    </message>
    <message>
        <source>This is an older code of {who}: its card has been renewed since.</source>
        <translation>Это более старый код ({who}): карточка с тех пор обновлена.</translation>
    </message>
    <message>
        <source>This is the code of {name}, not of {who}.</source>
        <translation>Это код другой делегации: {name}, а не {who}.</translation>
    </message>
    <message>
        <source>This is the number both screens show, which says nothing when read from one of them.</source>
        <translation>Это номер, который показывают оба экрана; если его считать с одного из них, он ничего не доказывает.</translation>
    </message>
    <message>
        <source>This is your own code.</source>
        <translation>Это ваш собственный код.</translation>
    </message>
    <message>
        <source>This is your own delegation.</source>
        <translation>Это ваша собственная делегация.</translation>
    </message>
    <message>
        <source>Two copies of one of its vaults are in use since {date}: ask it, and rely on neither until it has decided.</source>
        <translation>С {date} используются две копии одного из хранилищ этой делегации: запросите ее и не полагайтесь ни на одну из них, пока она не примет решение.</translation>
    </message>
    <message>
        <source>Two different lists of laptops came from {who}. Sending is stopped until you decide.</source>
        <translation>Поступили два разных списка ноутбуков: {who}. Отправка приостановлена, пока вы не примете решение.</translation>
    </message>
    <message>
        <source>Two different messages came in one place on {date}; both are kept as evidence.</source>
        <translation>{date} на одно и то же место поступили два разных сообщения; оба сохранены как доказательства.</translation>
    </message>
    <message>
        <source>Two laptops answered at once. Agree which one compares, and start again.</source>
        <translation>Ответили сразу два ноутбука. Договоритесь, какой из них проводит сверку, и начните заново.</translation>
    </message>
    <message>
        <source>Vouch for {who}</source>
        <translation>Поручиться: {who}</translation>
    </message>
    <message numerus="yes">
        <source>Vouched for by {count} of %n custodians: {who}. {enough}</source>
        <translation>
            <numerusform>Поручительств: {count} (всего %n поручитель); поручились: {who}. {enough}</numerusform>
            <numerusform>Поручительств: {count} (всего %n поручителя); поручились: {who}. {enough}</numerusform>
            <numerusform>Поручительств: {count} (всего %n поручителей); поручились: {who}. {enough}</numerusform>
        </translation>
    </message>
    <message>
        <source>Waiting for {who}</source>
        <translation>Ожидание: {who}</translation>
    </message>
    <message>
        <source>We have vouched for it to {who}.</source>
        <translation>Мы дали поручительство за эту делегацию. Кому: {who}.</translation>
    </message>
    <message>
        <source>What came back was not what was promised: somebody may stand between you. Compare in person, by a code.</source>
        <translation>Полученное не соответствует обещанному: возможно, кто-то стоит между вами. Проведите сверку лично, по коду.</translation>
    </message>
    <message>
        <source>Whoever has the delegation key can do this: ask who admitted it. It reads what is sent to your delegation. What you write waits; what others send is received.</source>
        <translation>Это может сделать любой, у кого есть ключ делегации: выясните, кто его допустил. Этот ноутбук читает то, что отправляется вашей делегации. То, что вы пишете, ожидает; то, что отправляют другие, поступает.</translation>
    </message>
    <message>
        <source>Whose word counts</source>
        <translation>Чье слово учитывается</translation>
    </message>
    <message>
        <source>Word {number}: {word}, {digits}</source>
        <translation>Слово {number}: {word}, {digits}</translation>
    </message>
    <message>
        <source>Words: {words}</source>
        <translation>Слова: {words}</translation>
    </message>
    <message>
        <source>a delegation that is not known here</source>
        <translation>делегация, которая здесь неизвестна</translation>
    </message>
    <message>
        <source>a laptop was added: sending stopped</source>
        <translation>новый ноутбук: отправка остановлена</translation>
    </message>
    <message>
        <source>admit other laptops</source>
        <translation>допускать другие ноутбуки</translation>
    </message>
    <message>
        <source>another identity vouched for: sending stopped</source>
        <translation>поручительство за другое удостоверение: отправка приостановлена</translation>
    </message>
    <message>
        <source>by the number, compared by eye</source>
        <translation>по номеру, сверенному визуально</translation>
    </message>
    <message>
        <source>by words compared live</source>
        <translation>по словам, сверенным в прямой связи</translation>
    </message>
    <message>
        <source>enter commitments</source>
        <translation>вносить обязательства</translation>
    </message>
    <message>
        <source>hold the pen</source>
        <translation>держать перо</translation>
    </message>
    <message>
        <source>in person, by a code read from its screen</source>
        <translation>лично, по коду, считанному с экрана</translation>
    </message>
    <message>
        <source>none</source>
        <translation>нет</translation>
    </message>
    <message numerus="yes">
        <source>of %n custodians</source>
        <translation>
            <numerusform>из %n поручителя</numerusform>
            <numerusform>из %n поручителей</numerusform>
            <numerusform>из %n поручителей</numerusform>
        </translation>
    </message>
    <message>
        <source>propose amendments</source>
        <translation>предлагать поправки</translation>
    </message>
    <message>
        <source>read</source>
        <translation>читать</translation>
    </message>
    <message>
        <source>received {date}, not verified</source>
        <translation>получено {date}, не проверено</translation>
    </message>
    <message>
        <source>somebody</source>
        <translation>кто-то</translation>
    </message>
    <message>
        <source>unknown delegation</source>
        <translation>неизвестная делегация</translation>
    </message>
    <message>
        <source>write messages</source>
        <translation>писать сообщения</translation>
    </message>
    <message>
        <source>{date}: {what}</source>
        <translation>{date}: {what}</translation>
    </message>
    <message>
        <source>{may}. Added {date}</source>
        <translation>{may}. Добавлен {date}</translation>
    </message>
    <message>
        <source>{officer} accepted the laptop of {laptop}.</source>
        <translation>Ноутбук принят: {laptop}; принявший сотрудник: {officer}.</translation>
    </message>
    <message>
        <source>{officer} accepted this identity in place of the one before.</source>
        <translation>Это удостоверение принято вместо прежнего: {officer}.</translation>
    </message>
    <message>
        <source>{officer} admitted the laptop of {laptop} from this one.</source>
        <translation>С этого ноутбука допущен ноутбук: {laptop}; допуск дал сотрудник: {officer}.</translation>
    </message>
    <message>
        <source>{officer} chose it as a custodian.</source>
        <translation>Делегация выбрана поручителем: {officer}.</translation>
    </message>
    <message>
        <source>{officer} compared, and it differed; sending stopped.</source>
        <translation>При сверке обнаружено расхождение ({officer}); отправка приостановлена.</translation>
    </message>
    <message>
        <source>{officer} kept this identity and set the other aside.</source>
        <translation>Это удостоверение оставлено, другое отложено: {officer}.</translation>
    </message>
    <message>
        <source>{officer} let sending go on, not verified.</source>
        <translation>Отправка продолжена без проверки: {officer}.</translation>
    </message>
    <message>
        <source>{officer} looked at a custodian&apos;s other word and kept sending stopped.</source>
        <translation>Другое слово поручителя рассмотрено, отправка оставлена приостановленной: {officer}.</translation>
    </message>
    <message>
        <source>{officer} looked at a custodian&apos;s other word and kept this identity.</source>
        <translation>Другое слово поручителя рассмотрено, это удостоверение оставлено: {officer}.</translation>
    </message>
    <message>
        <source>{officer} looked at the laptop of {laptop} and kept sending stopped.</source>
        <translation>Ноутбук просмотрен: {laptop}; отправка оставлена приостановленной: {officer}.</translation>
    </message>
    <message>
        <source>{officer} replaced this identity by another.</source>
        <translation>Это удостоверение заменено другим: {officer}.</translation>
    </message>
    <message>
        <source>{officer} took back our word for it to {value}.</source>
        <translation>Наше поручительство за эту делегацию взято назад; кому давалось: {value}; сотрудник: {officer}.</translation>
    </message>
    <message>
        <source>{officer} took it off the list of custodians.</source>
        <translation>Делегация исключена из списка поручителей: {officer}.</translation>
    </message>
    <message>
        <source>{officer} verified it by the number, compared by eye.</source>
        <translation>Проверено по номеру, сверенному визуально: {officer}.</translation>
    </message>
    <message>
        <source>{officer} verified it by words compared live.</source>
        <translation>Проверено по словам, сверенным в прямой связи: {officer}.</translation>
    </message>
    <message>
        <source>{officer} verified it in person, by a code read from its screen.</source>
        <translation>Проверено лично, по коду, считанному с экрана: {officer}.</translation>
    </message>
    <message>
        <source>{officer} vouched for it to {value}.</source>
        <translation>Дано поручительство за эту делегацию; кому: {value}; сотрудник: {officer}.</translation>
    </message>
    <message>
        <source>{trust} since {date}</source>
        <translation>{trust} с {date}</translation>
    </message>
    <message>
        <source>{who} added a laptop. Nothing is sent to it until you decide.</source>
        <translation>Добавлен ноутбук: {who}. Туда ничего не отправляется, пока вы не примете решение.</translation>
    </message>
    <message>
        <source>{who} has to press “Compare” on its laptop. Both screens then show four words.</source>
        <translation>На том ноутбуке ({who}) нужно нажать «Сверить». Затем на обоих экранах появятся четыре слова.</translation>
    </message>
    <message>
        <source>{who} wants to compare words with you now</source>
        <translation>Просьба сверить слова сейчас: {who}</translation>
    </message>
</context>
<context>
    <name>directory</name>
    <message numerus="yes">
        <source>%n are asked now; {outside} an officer calls or writes to.</source>
        <translation>
            <numerusform>Опрашивается сразу: %n; звонок или письмо от сотрудника: {outside}.</numerusform>
            <numerusform>Опрашивается сразу: %n; звонок или письмо от сотрудника: {outside}.</numerusform>
            <numerusform>Опрашивается сразу: %n; звонок или письмо от сотрудника: {outside}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n asked: {counts}</source>
        <translation>
            <numerusform>Опрошен %n: {counts}</numerusform>
            <numerusform>Опрошено %n: {counts}</numerusform>
            <numerusform>Опрошено %n: {counts}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cards saved as {file}.</source>
        <translation>
            <numerusform>%n карточка сохранена в файл {file}.</numerusform>
            <numerusform>%n карточки сохранены в файл {file}.</numerusform>
            <numerusform>%n карточек сохранено в файл {file}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cards were taken.</source>
        <translation>
            <numerusform>Принята %n карточка.</numerusform>
            <numerusform>Приняты %n карточки.</numerusform>
            <numerusform>Принято %n карточек.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n день</numerusform>
            <numerusform>%n дня</numerusform>
            <numerusform>%n дней</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>%n запись</numerusform>
            <numerusform>%n записи</numerusform>
            <numerusform>%n записей</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n were left out because of their marking.</source>
        <translation>
            <numerusform>Из-за пометки не вошла %n карточка.</numerusform>
            <numerusform>Из-за пометки не вошли %n карточки.</numerusform>
            <numerusform>Из-за пометки не вошло %n карточек.</numerusform>
        </translation>
    </message>
    <message>
        <source>Alternative e-mail</source>
        <translation>Другая электронная почта</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Категория</translation>
    </message>
    <message>
        <source>Confirmed how</source>
        <translation>Как подтверждено</translation>
    </message>
    <message>
        <source>Directory</source>
        <translation>Реестр</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>Электронная почта</translation>
    </message>
    <message>
        <source>Form of address</source>
        <translation>Форма обращения</translation>
    </message>
    <message>
        <source>Full name</source>
        <translation>Полное имя</translation>
    </message>
    <message>
        <source>Function</source>
        <translation>Функции</translation>
    </message>
    <message>
        <source>Hours</source>
        <translation>Часы работы</translation>
    </message>
    <message>
        <source>Institution</source>
        <translation>Учреждение</translation>
    </message>
    <message>
        <source>It answered: the entry is right</source>
        <translation>Ответ: запись верна</translation>
    </message>
    <message>
        <source>Key verified</source>
        <translation>Ключ проверен</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Языки</translation>
    </message>
    <message>
        <source>Last confirmed</source>
        <translation>Последнее подтверждение</translation>
    </message>
    <message>
        <source>Marking</source>
        <translation>Пометка</translation>
    </message>
    <message>
        <source>Next contact</source>
        <translation>Следующий контакт</translation>
    </message>
    <message>
        <source>No reply</source>
        <translation>Нет ответа</translation>
    </message>
    <message>
        <source>Official position</source>
        <translation>Официальная должность</translation>
    </message>
    <message>
        <source>Preferred channels</source>
        <translation>Предпочтительные каналы</translation>
    </message>
    <message>
        <source>Public key</source>
        <translation>Открытый ключ</translation>
    </message>
    <message>
        <source>Review due</source>
        <translation>Срок пересмотра</translation>
    </message>
    <message>
        <source>Role or person</source>
        <translation>Должность или лицо</translation>
    </message>
    <message numerus="yes">
        <source>Save %n entries as contact cards?</source>
        <translation>
            <numerusform>Сохранить %n запись как карточку контакта?</numerusform>
            <numerusform>Сохранить %n записи как карточки контактов?</numerusform>
            <numerusform>Сохранить %n записей как карточки контактов?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Saved as {file}: %Ln contacts.</source>
        <translation>
            <numerusform>Сохранено в файл {file}: %Ln контакт.</numerusform>
            <numerusform>Сохранено в файл {file}: %Ln контакта.</numerusform>
            <numerusform>Сохранено в файл {file}: %Ln контактов.</numerusform>
        </translation>
    </message>
    <message>
        <source>Source document</source>
        <translation>Документ-источник</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Государство</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Состояние</translation>
    </message>
    <message>
        <source>Telephone</source>
        <translation>Телефон</translation>
    </message>
    <message>
        <source>Telephone at all hours</source>
        <translation>Круглосуточный телефон</translation>
    </message>
    <message>
        <source>The letter or call bounced</source>
        <translation>Письмо вернулось или звонок не прошел</translation>
    </message>
    <message>
        <source>Time zone</source>
        <translation>Часовой пояс</translation>
    </message>
    <message>
        <source>Valid from</source>
        <translation>Действует с</translation>
    </message>
    <message>
        <source>What it may decide</source>
        <translation>Что он вправе решать</translation>
    </message>
    <message>
        <source>Wrong contact</source>
        <translation>Не тот контакт</translation>
    </message>
    <message>
        <source>answers by {when}</source>
        <translation>ответы до {when}</translation>
    </message>
    <message>
        <source>answers in this program</source>
        <translation>отвечает в этой программе</translation>
    </message>
    <message>
        <source>answers were due {when}</source>
        <translation>срок ответов истек {when}</translation>
    </message>
    <message>
        <source>asked outside their hours</source>
        <translation>запрошено в нерабочее время</translation>
    </message>
    <message>
        <source>asked within their hours</source>
        <translation>запрошено в рабочее время</translation>
    </message>
    <message>
        <source>at a meeting</source>
        <translation>на встрече</translation>
    </message>
    <message>
        <source>bounced</source>
        <translation>не дошло</translation>
    </message>
    <message>
        <source>by a call</source>
        <translation>звонком</translation>
    </message>
    <message>
        <source>by a signed answer</source>
        <translation>подписанным ответом</translation>
    </message>
    <message>
        <source>by note</source>
        <translation>нотой</translation>
    </message>
    <message>
        <source>closed {when}</source>
        <translation>закрыт {when}</translation>
    </message>
    <message>
        <source>confirmed</source>
        <translation>подтверждено</translation>
    </message>
    <message>
        <source>confirmed late</source>
        <translation>с опозданием</translation>
    </message>
    <message>
        <source>correction: {n}</source>
        <translation>исправлений: {n}</translation>
    </message>
    <message>
        <source>e-mail</source>
        <translation>электронная почта</translation>
    </message>
    <message>
        <source>meeting</source>
        <translation>встреча</translation>
    </message>
    <message>
        <source>never asked</source>
        <translation>еще не опрашивался</translation>
    </message>
    <message>
        <source>never asked in a round</source>
        <translation>в раундах еще не опрашивался</translation>
    </message>
    <message>
        <source>never confirmed</source>
        <translation>еще не подтверждено</translation>
    </message>
    <message>
        <source>no answer yet</source>
        <translation>ответа пока нет</translation>
    </message>
    <message>
        <source>no reply</source>
        <translation>нет ответа</translation>
    </message>
    <message>
        <source>no time zone known</source>
        <translation>часовой пояс неизвестен</translation>
    </message>
    <message>
        <source>not asked</source>
        <translation>не опрашивался</translation>
    </message>
    <message>
        <source>note</source>
        <translation>нота</translation>
    </message>
    <message>
        <source>other</source>
        <translation>другое</translation>
    </message>
    <message>
        <source>our own entry</source>
        <translation>наша собственная запись</translation>
    </message>
    <message>
        <source>outside their hours</source>
        <translation>в нерабочее время</translation>
    </message>
    <message>
        <source>public holiday: {name}</source>
        <translation>праздник: {name}</translation>
    </message>
    <message>
        <source>reached by telephone or letter</source>
        <translation>связь по телефону или письмом</translation>
    </message>
    <message>
        <source>recorded by an officer</source>
        <translation>записано сотрудником</translation>
    </message>
    <message>
        <source>recorded by an officer: {channel}</source>
        <translation>записано сотрудником: {channel}</translation>
    </message>
    <message>
        <source>review is due</source>
        <translation>подлежит пересмотру</translation>
    </message>
    <message>
        <source>signed answer</source>
        <translation>подписанный ответ</translation>
    </message>
    <message>
        <source>telephone</source>
        <translation>телефон</translation>
    </message>
    <message>
        <source>the question has not left yet</source>
        <translation>вопрос еще не отправлен</translation>
    </message>
    <message>
        <source>the question lies on a laptop of theirs; nobody has answered</source>
        <translation>вопрос находится на их ноутбуке; никто не ответил</translation>
    </message>
    <message>
        <source>the question was sent</source>
        <translation>вопрос отправлен</translation>
    </message>
    <message>
        <source>their clock was behind ours</source>
        <translation>их часы отставали от наших</translation>
    </message>
    <message>
        <source>values differ</source>
        <translation>значения расходятся</translation>
    </message>
    <message>
        <source>within their hours</source>
        <translation>в рабочее время</translation>
    </message>
    <message>
        <source>wrong contact</source>
        <translation>не тот контакт</translation>
    </message>
    <message>
        <source>{clock} there now, {day}</source>
        <translation>там сейчас {clock}, {day}</translation>
    </message>
    <message>
        <source>{h} h {m:02d}</source>
        <translation>{h} ч {m:02d}</translation>
    </message>
    <message>
        <source>{latency}, late</source>
        <translation>{latency}, с опозданием</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} мин</translation>
    </message>
    <message>
        <source>{n} {outcome}</source>
        <translation>{outcome}: {n}</translation>
    </message>
    <message>
        <source>{outcome} in {round}</source>
        <translation>{outcome}: {round}</translation>
    </message>
    <message>
        <source>{outcome}; what was said differs</source>
        <translation>{outcome}; сказанное отличается</translation>
    </message>
    <message>
        <source>{told} · holiday</source>
        <translation>{told} · праздник</translation>
    </message>
    <message>
        <source>{told} · off hours</source>
        <translation>{told} · нерабочее время</translation>
    </message>
    <message>
        <source>{when}, {how}</source>
        <translation>{when}, {how}</translation>
    </message>
</context>
<context>
    <name>errors</name>
    <message>
        <source>A backup opens with the passphrase of the day it was made. Check Caps Lock, then try an earlier one.</source>
        <translation>Резервная копия открывается той парольной фразой, которая действовала в день ее создания. Проверьте Caps Lock, затем попробуйте прежнюю.</translation>
    </message>
    <message>
        <source>A calendar cannot be read into this register.</source>
        <translation>В этот реестр прочитать календарь нельзя.</translation>
    </message>
    <message>
        <source>A certificate holds for at least a day and at most three years.</source>
        <translation>Сертификат действует не менее одного дня и не более трех лет.</translation>
    </message>
    <message>
        <source>A column of the file is none of this register.</source>
        <translation>Одного из столбцов файла в этом реестре нет.</translation>
    </message>
    <message>
        <source>A contact card holds control characters, which no name or number has.</source>
        <translation>В карточке контакта есть управляющие знаки, которых нет ни в одном имени или номере.</translation>
    </message>
    <message>
        <source>A contact card in this file holds something else inside.</source>
        <translation>Карточка контакта в этом файле содержит внутри нечто другое.</translation>
    </message>
    <message>
        <source>A contact card in this file is not whole or not built as the standard says.</source>
        <translation>Карточка контакта в этом файле неполна или построена не по стандарту.</translation>
    </message>
    <message>
        <source>A contact card in this file is of a version that is not read.</source>
        <translation>Карточка контакта в этом файле имеет версию, которая не читается.</translation>
    </message>
    <message>
        <source>A contact card in this file names nobody.</source>
        <translation>Карточка контакта в этом файле никого не называет.</translation>
    </message>
    <message>
        <source>A custodian must be a delegation that was compared on this laptop.</source>
        <translation>Поручителем может быть только делегация, сверка с которой проведена на этом ноутбуке.</translation>
    </message>
    <message>
        <source>A custodian vouches for another identity of a delegation concerned.</source>
        <translation>Поручитель ручается за другое удостоверение одной из этих делегаций.</translation>
    </message>
    <message>
        <source>A delegation concerned added a laptop that nobody here has looked at.</source>
        <translation>Одна из этих делегаций добавила ноутбук, который здесь никто не просмотрел.</translation>
    </message>
    <message>
        <source>A delegation concerned showed two different lists of its laptops.</source>
        <translation>Одна из этих делегаций показала два разных списка своих ноутбуков.</translation>
    </message>
    <message>
        <source>A delegation nominates its own points of contact, and this one is of another State.</source>
        <translation>Делегация назначает собственные контактные пункты, а этот относится к другому государству.</translation>
    </message>
    <message>
        <source>A delegation that breaks the silence says why.</source>
        <translation>Делегация, которая заявляет возражение, указывает почему.</translation>
    </message>
    <message>
        <source>A field that a row cannot be without is empty.</source>
        <translation>Пусто поле, без которого строки быть не может.</translation>
    </message>
    <message>
        <source>A file in the exchange folder is not one of Valise.</source>
        <translation>Файл в папке обмена не относится к Valise.</translation>
    </message>
    <message>
        <source>A file in the exchange folder is torn or still being copied.</source>
        <translation>Файл в папке обмена обрывается или еще копируется.</translation>
    </message>
    <message>
        <source>A filter needs a name, of at most 100 letters.</source>
        <translation>Фильтру нужно название не длиннее 100 букв.</translation>
    </message>
    <message>
        <source>A folder of Valise cannot be made, or belongs to somebody else.</source>
        <translation>Папку Valise нельзя создать, или она принадлежит кому-то другому.</translation>
    </message>
    <message>
        <source>A font for the script of this text is missing on this computer. No page was made.</source>
        <translation>На этом компьютере нет шрифта для письменности этого текста. Ни одна страница не создана.</translation>
    </message>
    <message>
        <source>A group needs a title.</source>
        <translation>Группе нужно название.</translation>
    </message>
    <message>
        <source>A joint statement needs a title and words.</source>
        <translation>Совместному заявлению нужны название и слова.</translation>
    </message>
    <message>
        <source>A keyring can be demanded only when recovery shares were made and tried.</source>
        <translation>Связку ключей можно требовать, только если доли восстановления подготовлены и опробованы.</translation>
    </message>
    <message>
        <source>A laptop cannot revoke itself: nobody would hear of it.</source>
        <translation>Ноутбук не может аннулировать свой собственный допуск: никто бы об этом не узнал.</translation>
    </message>
    <message>
        <source>A laptop on this card is not certified by its delegation.</source>
        <translation>У одного из ноутбуков в этой карточке нет сертификата его делегации.</translation>
    </message>
    <message>
        <source>A laptop was added to your own delegation, not by this one, and nobody here has looked at it.</source>
        <translation>К вашей собственной делегации добавлен ноутбук, причем не с этого ноутбука, и здесь его никто не просмотрел.</translation>
    </message>
    <message>
        <source>A newer certificate of this laptop exists already.</source>
        <translation>Более новый сертификат этого ноутбука уже есть.</translation>
    </message>
    <message>
        <source>A note verbale is addressed to somebody and gets a number; it is not written with other rows.</source>
        <translation>Вербальная нота кому-то адресуется и получает номер; с другими строками она не записывается.</translation>
    </message>
    <message>
        <source>A part of the file does not open: it was changed on its way.</source>
        <translation>Часть файла не открывается: она изменена в пути.</translation>
    </message>
    <message>
        <source>A passphrase always opens the vault; it cannot be taken away.</source>
        <translation>Парольная фраза открывает хранилище всегда; убрать ее нельзя.</translation>
    </message>
    <message>
        <source>A pattern in the bundle is longer or deeper than is read.</source>
        <translation>Один из шаблонов набора длиннее или глубже, чем читается.</translation>
    </message>
    <message>
        <source>A point of contact was chosen twice.</source>
        <translation>Один контактный пункт выбран дважды.</translation>
    </message>
    <message>
        <source>A relay needs the address it gave you, a folder has to be chosen; the courier is always possible.</source>
        <translation>Для ретранслятора нужен адрес, который она вам дала, папку нужно выбрать; курьер возможен всегда.</translation>
    </message>
    <message>
        <source>A reply may not allow more than the label of the incident it answers.</source>
        <translation>Ответ не может разрешать больше, чем пометка инцидента, на который он дается.</translation>
    </message>
    <message>
        <source>A report begins with a notification or a request.</source>
        <translation>Сообщение об инциденте начинается с уведомления или запроса.</translation>
    </message>
    <message>
        <source>A report of what a laptop holds is not valid.</source>
        <translation>Сообщение о том, что имеется на ноутбуке, недействительно.</translation>
    </message>
    <message>
        <source>A request asks for something.</source>
        <translation>Запрос должен о чем-то просить.</translation>
    </message>
    <message>
        <source>A revision needs a symbol of its own.</source>
        <translation>Редакции нужно собственное обозначение.</translation>
    </message>
    <message>
        <source>A round asks at most 400 points of contact.</source>
        <translation>В одном раунде опрашивается не более 400 контактных пунктов.</translation>
    </message>
    <message>
        <source>A round is written as a table or as pages.</source>
        <translation>Раунд записывается как таблица или как страницы.</translation>
    </message>
    <message>
        <source>A round needs a name of at most 200 characters.</source>
        <translation>Раунду нужно название не длиннее 200 знаков.</translation>
    </message>
    <message>
        <source>A rule of the talks or of this vault does not allow this.</source>
        <translation>Этого не позволяет правило переговоров или этого хранилища.</translation>
    </message>
    <message>
        <source>A sealed envelope does not open.</source>
        <translation>Запечатанный конверт не открывается.</translation>
    </message>
    <message>
        <source>A sealed envelope is not valid inside.</source>
        <translation>Содержимое запечатанного конверта недействительно.</translation>
    </message>
    <message>
        <source>A sealed envelope is not valid.</source>
        <translation>Запечатанный конверт недействителен.</translation>
    </message>
    <message>
        <source>A sealed message could not be opened with the keys that are here.</source>
        <translation>Запечатанное сообщение не удалось открыть имеющимися здесь ключами.</translation>
    </message>
    <message>
        <source>A secret cannot be shared among so many.</source>
        <translation>Разделить секрет на столько долей нельзя.</translation>
    </message>
    <message>
        <source>A signature does not verify.</source>
        <translation>Подпись не проходит проверку.</translation>
    </message>
    <message>
        <source>A silence procedure is running on this text already, or has to be closed first.</source>
        <translation>По этому тексту уже идет процедура отсутствия возражений, или ее нужно сначала закрыть.</translation>
    </message>
    <message>
        <source>A stored state of the text does not verify any more.</source>
        <translation>Сохраненное состояние текста больше не проходит проверку.</translation>
    </message>
    <message>
        <source>A time of the ladder is not possible.</source>
        <translation>Одно из времен лестницы эскалации невозможно.</translation>
    </message>
    <message>
        <source>A value in a contact card is longer than 2,000 characters.</source>
        <translation>Одно из значений в карточке контакта длиннее 2000 знаков.</translation>
    </message>
    <message>
        <source>A value of the form is not one that can be sent.</source>
        <translation>Одно из значений формы нельзя отправить.</translation>
    </message>
    <message>
        <source>A vault for practice carries nothing beyond its own folder.</source>
        <translation>Учебное хранилище ничего не передает за пределы своей папки.</translation>
    </message>
    <message>
        <source>A vault for practice keeps to fictional delegations and to its own folder.</source>
        <translation>Учебное хранилище ограничивается вымышленными делегациями и собственной папкой.</translation>
    </message>
    <message>
        <source>A vault for practice uses no relay.</source>
        <translation>Учебное хранилище не использует ретранслятор.</translation>
    </message>
    <message>
        <source>A vault is being destroyed here and something could not be removed yet. Nobody can open it any more.</source>
        <translation>Здесь уничтожается хранилище, и что-то еще не удалось убрать. Открыть его больше не может никто.</translation>
    </message>
    <message>
        <source>Accept or reject some of them in the program it was written with, then try again.</source>
        <translation>Примите или отклоните часть из них в программе, в которой он написан, и попробуйте снова.</translation>
    </message>
    <message>
        <source>Acknowledge first; it accepts no fact and agrees with nothing.</source>
        <translation>Сначала подтвердите получение; это не означает ни признания какого-либо факта, ни согласия с чем-либо.</translation>
    </message>
    <message>
        <source>Add the delegation with the history of the room.</source>
        <translation>Добавьте делегацию вместе с историей комнаты.</translation>
    </message>
    <message>
        <source>Admit a second officer&apos;s laptop first, with the right to propose amendments.</source>
        <translation>Сначала допустите ноутбук второго сотрудника с правом предлагать поправки.</translation>
    </message>
    <message>
        <source>Admit delegations that signed on late one by one.</source>
        <translation>Опоздавшие делегации допускайте по одной.</translation>
    </message>
    <message>
        <source>Amendments to this paragraph are still open.</source>
        <translation>По этому пункту еще есть открытые поправки.</translation>
    </message>
    <message>
        <source>An amendment that these words touch has no answer yet.</source>
        <translation>На одну из поправок, которых касаются эти слова, ответа еще нет.</translation>
    </message>
    <message>
        <source>An amendment was answered twice, or with an answer that does not exist.</source>
        <translation>На одну из поправок ответ дан дважды или дан несуществующий ответ.</translation>
    </message>
    <message>
        <source>An answer comes after the acknowledgement of receipt.</source>
        <translation>Ответ следует за подтверждением получения.</translation>
    </message>
    <message>
        <source>An empty passphrase protects nothing.</source>
        <translation>Пустая парольная фраза ничего не защищает.</translation>
    </message>
    <message>
        <source>An entry of the calendar ends before it begins.</source>
        <translation>Одна из записей календаря заканчивается раньше, чем начинается.</translation>
    </message>
    <message>
        <source>An entry of the calendar has a text longer than 20,000 characters.</source>
        <translation>В одной из записей календаря есть текст длиннее 20 000 знаков.</translation>
    </message>
    <message>
        <source>An entry of the calendar has no date, or one that does not exist.</source>
        <translation>У одной из записей календаря нет даты или указана несуществующая.</translation>
    </message>
    <message>
        <source>An entry of the calendar holds control characters.</source>
        <translation>В одной из записей календаря есть управляющие знаки.</translation>
    </message>
    <message>
        <source>An entry of the record is not valid.</source>
        <translation>Запись протокола недействительна.</translation>
    </message>
    <message>
        <source>An envelope came that was sealed to keys of this laptop which have been destroyed.</source>
        <translation>Поступил конверт, запечатанный на ключи этого ноутбука, которые уничтожены.</translation>
    </message>
    <message>
        <source>An exercise message must be marked as an exercise.</source>
        <translation>Учебное сообщение должно быть отмечено как учения.</translation>
    </message>
    <message>
        <source>An internal room is not written for others.</source>
        <translation>Внутренняя комната для других не записывается.</translation>
    </message>
    <message>
        <source>Another computer holds the pen.</source>
        <translation>Перо у другого компьютера.</translation>
    </message>
    <message>
        <source>Another copy of this laptop&apos;s vault has signed something different.</source>
        <translation>Другая копия хранилища этого ноутбука подписала нечто иное.</translation>
    </message>
    <message>
        <source>Another laptop of your delegation may have made it: exchange, or install the newer version.</source>
        <translation>Возможно, его создал другой ноутбук вашей делегации: проведите обмен или установите более новую версию.</translation>
    </message>
    <message>
        <source>Another line of the file is about the same row.</source>
        <translation>Другая строка файла относится к той же строке реестра.</translation>
    </message>
    <message>
        <source>Another window has this vault open.</source>
        <translation>Это хранилище открыто в другом окне.</translation>
    </message>
    <message>
        <source>Answers that come still count; nothing needs to be done.</source>
        <translation>Поступающие ответы по-прежнему учитываются; делать ничего не нужно.</translation>
    </message>
    <message>
        <source>Ask a second officer of your delegation, on another laptop.</source>
        <translation>Попросите второго сотрудника вашей делегации, на другом ноутбуке.</translation>
    </message>
    <message>
        <source>Ask for a bundle of STIX 2.1.</source>
        <translation>Попросите набор STIX 2.1.</translation>
    </message>
    <message>
        <source>Ask for a card with a name, or enter the contact by hand.</source>
        <translation>Попросите карточку с именем или внесите контакт вручную.</translation>
    </message>
    <message>
        <source>Ask for it again, best as a Word document.</source>
        <translation>Попросите его еще раз, лучше всего в виде документа Word.</translation>
    </message>
    <message>
        <source>Ask for it again, or open it in the program it was made with and save it anew.</source>
        <translation>Попросите его еще раз или откройте в программе, в которой он создан, и сохраните заново.</translation>
    </message>
    <message>
        <source>Ask for it as vCard 3.0 or 4.0.</source>
        <translation>Попросите ее в формате vCard 3.0 или 4.0.</translation>
    </message>
    <message>
        <source>Ask for it in STIX 2.1.</source>
        <translation>Попросите его в STIX 2.1.</translation>
    </message>
    <message>
        <source>Ask for it in smaller parts, or keep it as an attachment.</source>
        <translation>Попросите его меньшими частями или сохраните как приложение.</translation>
    </message>
    <message>
        <source>Ask for smaller files (at most 2,000 cards).</source>
        <translation>Попросите файлы меньшего размера (не более 2000 карточек).</translation>
    </message>
    <message>
        <source>Ask for the bundle as a .json file.</source>
        <translation>Попросите набор в виде файла .json.</translation>
    </message>
    <message>
        <source>Ask for the card alone.</source>
        <translation>Попросите одну только карточку.</translation>
    </message>
    <message>
        <source>Ask for the card once more, as vCard 3.0 or 4.0.</source>
        <translation>Попросите карточку еще раз, в формате vCard 3.0 или 4.0.</translation>
    </message>
    <message>
        <source>Ask for the text itself, best as a Word document.</source>
        <translation>Попросите сам текст, лучше всего в виде документа Word.</translation>
    </message>
    <message>
        <source>Ask for them once more, as vCard 3.0 or 4.0.</source>
        <translation>Попросите их еще раз, в формате vCard 3.0 или 4.0.</translation>
    </message>
    <message>
        <source>Ask in a round that is meant in earnest.</source>
        <translation>Спросите в раунде, который проводится всерьез.</translation>
    </message>
    <message>
        <source>Ask it by another way, then decide in Contacts.</source>
        <translation>Запросите ее другим путем, затем примите решение в разделе «Контакты».</translation>
    </message>
    <message>
        <source>Ask it for its card again.</source>
        <translation>Попросите у нее карточку еще раз.</translation>
    </message>
    <message>
        <source>Ask it for its identity card and open it in Contacts.</source>
        <translation>Попросите у нее карточку и откройте ее в разделе «Контакты».</translation>
    </message>
    <message>
        <source>Ask it. Its label, and what it allows beyond the label, stand on the page of the incident.</source>
        <translation>Спросите ее. Ее пометка и то, что она разрешает сверх пометки, указаны на странице инцидента.</translation>
    </message>
    <message>
        <source>Ask its operator, or for a correspondent&apos;s relay ask that delegation. What waits is kept.</source>
        <translation>Обратитесь к его оператору, а если это ретранслятор партнера — к этой делегации. Ожидающее сохраняется.</translation>
    </message>
    <message>
        <source>Ask its sender for a new one; nothing was taken in.</source>
        <translation>Попросите у отправителя новый; ничего не принято.</translation>
    </message>
    <message>
        <source>Ask its sender for a smaller one.</source>
        <translation>Попросите у отправителя файл меньшего размера.</translation>
    </message>
    <message>
        <source>Ask its sender for one that is; nothing was taken in.</source>
        <translation>Попросите у отправителя правильный; ничего не принято.</translation>
    </message>
    <message>
        <source>Ask its sender how it may be shared; nothing was taken in.</source>
        <translation>Спросите отправителя, кому его можно передавать; ничего не принято.</translation>
    </message>
    <message>
        <source>Ask its sender to send it again.</source>
        <translation>Попросите отправителя отправить его еще раз.</translation>
    </message>
    <message>
        <source>Ask its sender to send it again; if it recurs, compare identities.</source>
        <translation>Попросите отправителя отправить это снова; если повторится, сверьте удостоверения.</translation>
    </message>
    <message>
        <source>Ask its sender to send it again; if it recurs, tell your security officer.</source>
        <translation>Попросите отправителя отправить его снова; если повторится, сообщите сотруднику по вопросам безопасности.</translation>
    </message>
    <message>
        <source>Ask that delegation by another way before sending anything.</source>
        <translation>Прежде чем что-либо отправлять, запросите эту делегацию другим путем.</translation>
    </message>
    <message>
        <source>Ask that delegation for its newest card.</source>
        <translation>Попросите у этой делегации ее новейшую карточку.</translation>
    </message>
    <message>
        <source>Ask that delegation for its newest card; until then it is kept sealed.</source>
        <translation>Попросите у этой делегации ее новейшую карточку; до тех пор это хранится запечатанным.</translation>
    </message>
    <message>
        <source>Ask the delegation for its card again, best handed over in person.</source>
        <translation>Попросите у делегации ее карточку еще раз, лучше всего переданную лично.</translation>
    </message>
    <message>
        <source>Ask the delegation for its card again.</source>
        <translation>Попросите у делегации ее карточку еще раз.</translation>
    </message>
    <message>
        <source>Ask the delegation for its newest card.</source>
        <translation>Попросите у делегации ее новейшую карточку.</translation>
    </message>
    <message>
        <source>Ask the delegation that chairs the room.</source>
        <translation>Обратитесь к делегации, которая председательствует в комнате.</translation>
    </message>
    <message>
        <source>Ask the first laptop for it again, carried by hand.</source>
        <translation>Попросите его у первого ноутбука еще раз, с передачей из рук в руки.</translation>
    </message>
    <message>
        <source>Ask the first laptop for the answer to the request made here.</source>
        <translation>Попросите у первого ноутбука ответ на запрос, созданный здесь.</translation>
    </message>
    <message>
        <source>Ask the officer who admits laptops in your delegation.</source>
        <translation>Обратитесь к сотруднику вашей делегации, который допускает ноутбуки.</translation>
    </message>
    <message>
        <source>Ask the operator of the relay for a new file. What waits is kept; a courier can take it.</source>
        <translation>Попросите новый файл у оператора ретранслятора. Ожидающее сохраняется; его может доставить курьер.</translation>
    </message>
    <message>
        <source>Ask the operator of the relay for the file again; it begins with VALISE-RELAY-1.</source>
        <translation>Попросите файл у оператора ретранслятора еще раз; он начинается с VALISE-RELAY-1.</translation>
    </message>
    <message>
        <source>Ask the pen to reopen it.</source>
        <translation>Попросите держателя пера вновь открыть его.</translation>
    </message>
    <message>
        <source>Ask the publisher which version to take first.</source>
        <translation>Спросите издателя, какую версию взять сначала.</translation>
    </message>
    <message>
        <source>Ask whoever sent it for a plain copy.</source>
        <translation>Попросите того, кто его прислал, о простой копии.</translation>
    </message>
    <message>
        <source>At least two custodians have to agree, and no more than there are.</source>
        <translation>Сойтись должны не менее двух поручителей и не более, чем их есть.</translation>
    </message>
    <message>
        <source>Attach it here once more.</source>
        <translation>Приложите его здесь еще раз.</translation>
    </message>
    <message>
        <source>Begin again and compare every word with the paper.</source>
        <translation>Начните снова и сверьте каждое слово с бумагой.</translation>
    </message>
    <message>
        <source>Begin the form anew.</source>
        <translation>Начните форму заново.</translation>
    </message>
    <message>
        <source>Bring both laptops to the same version, then ask for the answer again.</source>
        <translation>Приведите оба ноутбука к одной версии, затем попросите ответ еще раз.</translation>
    </message>
    <message>
        <source>Bring both laptops to the same version, then make the request again.</source>
        <translation>Приведите оба ноутбука к одной версии, затем создайте запрос еще раз.</translation>
    </message>
    <message>
        <source>Bring both to the same version, then ask for the card again.</source>
        <translation>Приведите обе к одной версии, затем попросите карточку еще раз.</translation>
    </message>
    <message>
        <source>Cards of other delegations are read under Contacts.</source>
        <translation>Карточки других делегаций читаются в разделе «Контакты».</translation>
    </message>
    <message>
        <source>Change it and keep the row again. Dates are written 2026-11-22, times 2026-11-22 10:00 UTC.</source>
        <translation>Измените и сохраните строку снова. Даты пишутся так: 2026-11-22, время: 2026-11-22 10:00 UTC.</translation>
    </message>
    <message>
        <source>Change what has changed, or attach a file.</source>
        <translation>Измените то, что изменилось, или приложите файл.</translation>
    </message>
    <message>
        <source>Check Caps Lock and the keyboard&apos;s language, then type it again.</source>
        <translation>Проверьте Caps Lock и язык клавиатуры, затем введите ее еще раз.</translation>
    </message>
    <message>
        <source>Check that it is still there and that you may read it.</source>
        <translation>Проверьте, на месте ли он и есть ли у вас право его читать.</translation>
    </message>
    <message>
        <source>Check that it opens elsewhere, or save it anew and open that.</source>
        <translation>Проверьте, открывается ли он в другой программе, или сохраните его заново и откройте сохраненный.</translation>
    </message>
    <message>
        <source>Check that there is room and that you may write there.</source>
        <translation>Проверьте, есть ли место и право записи.</translation>
    </message>
    <message>
        <source>Check that you chose the right file.</source>
        <translation>Проверьте, тот ли файл вы выбрали.</translation>
    </message>
    <message>
        <source>Check the disk and that you may write there, then try again.</source>
        <translation>Проверьте диск и есть ли у вас право записи, затем попробуйте снова.</translation>
    </message>
    <message>
        <source>Check the disk and the exchange folder, then try again.</source>
        <translation>Проверьте диск и папку обмена и попробуйте снова.</translation>
    </message>
    <message>
        <source>Check the disk, then do it again.</source>
        <translation>Проверьте диск и сделайте это снова.</translation>
    </message>
    <message>
        <source>Check the drive, the share or the network; what waits is kept and sent then.</source>
        <translation>Проверьте диск, общий ресурс или сеть; ожидающее сохраняется и будет отправлено тогда.</translation>
    </message>
    <message>
        <source>Check the rights of your home folder, then start again.</source>
        <translation>Проверьте права на вашу домашнюю папку и запустите снова.</translation>
    </message>
    <message>
        <source>Check what you wrote for unusual characters, then try again.</source>
        <translation>Проверьте, нет ли в написанном необычных знаков, и попробуйте снова.</translation>
    </message>
    <message>
        <source>Checking took too long or needed too much memory.</source>
        <translation>Проверка длилась слишком долго или потребовала слишком много памяти.</translation>
    </message>
    <message>
        <source>Choose a backup you know the way of, and tell your security officer.</source>
        <translation>Выберите резервную копию, путь которой вам известен, и сообщите сотруднику по вопросам безопасности.</translation>
    </message>
    <message>
        <source>Choose a document.</source>
        <translation>Выберите документ.</translation>
    </message>
    <message>
        <source>Choose a file as the United Nations publishes it, or save the text as .docx.</source>
        <translation>Выберите файл в том виде, в каком его публикует Организация Объединенных Наций, или сохраните текст в формате .docx.</translation>
    </message>
    <message>
        <source>Choose a file in version 3.0, or save the text as .docx.</source>
        <translation>Выберите файл версии 3.0 или сохраните текст в формате .docx.</translation>
    </message>
    <message>
        <source>Choose a file that ends in .vcf.</source>
        <translation>Выберите файл, который оканчивается на .vcf.</translation>
    </message>
    <message>
        <source>Choose a file whose name ends in .valise-backup.</source>
        <translation>Выберите файл, имя которого оканчивается на .valise-backup.</translation>
    </message>
    <message>
        <source>Choose a higher channel.</source>
        <translation>Выберите канал более высокого уровня.</translation>
    </message>
    <message>
        <source>Choose a later one.</source>
        <translation>Выберите более позднюю.</translation>
    </message>
    <message>
        <source>Choose a marking of the list, or write a shorter one.</source>
        <translation>Выберите пометку из списка или напишите более короткую.</translation>
    </message>
    <message>
        <source>Choose a member of the room.</source>
        <translation>Выберите участника комнаты.</translation>
    </message>
    <message>
        <source>Choose a paragraph or an amendment that stands.</source>
        <translation>Выберите действующий пункт или поправку.</translation>
    </message>
    <message>
        <source>Choose a photograph or a screenshot as PNG, JPEG, BMP or WebP.</source>
        <translation>Выберите фотографию или снимок экрана в формате PNG, JPEG, BMP или WebP.</translation>
    </message>
    <message>
        <source>Choose a reason.</source>
        <translation>Выберите причину.</translation>
    </message>
    <message>
        <source>Choose a room with another delegation in it, or make one under Messages.</source>
        <translation>Выберите комнату, в которой есть другая делегация, или создайте ее в разделе «Сообщения».</translation>
    </message>
    <message>
        <source>Choose a room with one delegation, or another label.</source>
        <translation>Выберите комнату с одной делегацией или другую пометку.</translation>
    </message>
    <message>
        <source>Choose a shorter one.</source>
        <translation>Выберите более короткое.</translation>
    </message>
    <message>
        <source>Choose a shorter time and try again.</source>
        <translation>Выберите более короткое время и попробуйте снова.</translation>
    </message>
    <message>
        <source>Choose a stick, or a folder on another disk.</source>
        <translation>Выберите USB-накопитель или папку на другом диске.</translation>
    </message>
    <message>
        <source>Choose a whole number of hours or days under Settings.</source>
        <translation>Выберите в «Настройках» целое число часов или дней.</translation>
    </message>
    <message>
        <source>Choose an entry of your own State.</source>
        <translation>Выберите запись своего государства.</translation>
    </message>
    <message>
        <source>Choose another answer for it, or leave its words standing.</source>
        <translation>Выберите для нее другой ответ или оставьте ее слова.</translation>
    </message>
    <message>
        <source>Choose another delegation to tell.</source>
        <translation>Выберите, какой другой делегации сообщить.</translation>
    </message>
    <message>
        <source>Choose another delegation, or ask it to admit a laptop with that right.</source>
        <translation>Выберите другую делегацию или попросите эту допустить ноутбук с таким правом.</translation>
    </message>
    <message>
        <source>Choose another delegation.</source>
        <translation>Выберите другую делегацию.</translation>
    </message>
    <message>
        <source>Choose another file or another time.</source>
        <translation>Выберите другой файл или другое время.</translation>
    </message>
    <message>
        <source>Choose another file, or save the page again from the browser.</source>
        <translation>Выберите другой файл или сохраните страницу из браузера заново.</translation>
    </message>
    <message>
        <source>Choose another marking, or write to one delegation.</source>
        <translation>Выберите другую пометку или напишите одной делегации.</translation>
    </message>
    <message>
        <source>Choose another one, and do not trust that stick with the next.</source>
        <translation>Выберите другую и не доверяйте этому накопителю следующую.</translation>
    </message>
    <message>
        <source>Choose another one, or make a new one in another place.</source>
        <translation>Выберите другую или создайте новую в другом месте.</translation>
    </message>
    <message>
        <source>Choose another one.</source>
        <translation>Выберите другую.</translation>
    </message>
    <message>
        <source>Choose another one; nothing was written.</source>
        <translation>Выберите другую; ничего не записано.</translation>
    </message>
    <message>
        <source>Choose another term.</source>
        <translation>Выберите другой срок.</translation>
    </message>
    <message>
        <source>Choose another text in the list.</source>
        <translation>Выберите другой текст в списке.</translation>
    </message>
    <message>
        <source>Choose another type of message.</source>
        <translation>Выберите другой вид сообщения.</translation>
    </message>
    <message>
        <source>Choose another value.</source>
        <translation>Выберите другое значение.</translation>
    </message>
    <message>
        <source>Choose at least one.</source>
        <translation>Выберите хотя бы одну.</translation>
    </message>
    <message>
        <source>Choose consultations or events.</source>
        <translation>Выберите консультации или мероприятия.</translation>
    </message>
    <message>
        <source>Choose each of them once.</source>
        <translation>Выберите каждый по одному разу.</translation>
    </message>
    <message>
        <source>Choose fewer rows with a filter, or write it as CSV.</source>
        <translation>Выберите меньше строк фильтром или запишите ее как CSV.</translation>
    </message>
    <message>
        <source>Choose one answer for each amendment.</source>
        <translation>Выберите по одному ответу для каждой поправки.</translation>
    </message>
    <message>
        <source>Choose one from the list.</source>
        <translation>Выберите из списка.</translation>
    </message>
    <message>
        <source>Choose one of the six.</source>
        <translation>Выберите один из шести.</translation>
    </message>
    <message>
        <source>Choose one of the two.</source>
        <translation>Выберите одно из двух.</translation>
    </message>
    <message>
        <source>Choose one of those offered.</source>
        <translation>Выберите из предлагаемых.</translation>
    </message>
    <message>
        <source>Choose one other delegation for a bilateral room, at least one for a group.</source>
        <translation>Для двусторонней комнаты выберите одну другую делегацию, для группы — хотя бы одну.</translation>
    </message>
    <message>
        <source>Choose preamble, operative part, annex or other.</source>
        <translation>Выберите преамбулу, постановляющую часть, приложение или другое.</translation>
    </message>
    <message>
        <source>Choose support, can go along, reserve, scrutiny reservation or oppose.</source>
        <translation>Выберите: поддержка, готовность согласиться, оговорка, оговорка до изучения или возражение.</translation>
    </message>
    <message>
        <source>Choose the State, the delegation or the item first.</source>
        <translation>Сначала выберите государство, делегацию или позицию реестра.</translation>
    </message>
    <message>
        <source>Choose the document itself.</source>
        <translation>Выберите сам документ.</translation>
    </message>
    <message>
        <source>Choose the file named delegation.key, usually on a stick.</source>
        <translation>Выберите файл с именем delegation.key, обычно на USB-накопителе.</translation>
    </message>
    <message>
        <source>Choose the file that ends in .release, or get it again from the publisher.</source>
        <translation>Выберите файл с окончанием .release или получите его у издателя заново.</translation>
    </message>
    <message>
        <source>Choose the file that the first laptop saved.</source>
        <translation>Выберите файл, который сохранил первый ноутбук.</translation>
    </message>
    <message>
        <source>Choose the file that the other laptop saved.</source>
        <translation>Выберите файл, который сохранил другой ноутбук.</translation>
    </message>
    <message>
        <source>Choose the file the other delegation gave you.</source>
        <translation>Выберите файл, который вам дала другая делегация.</translation>
    </message>
    <message>
        <source>Choose the key file of your own delegation.</source>
        <translation>Выберите файл ключа своей собственной делегации.</translation>
    </message>
    <message>
        <source>Choose the other side, or the register within your delegation.</source>
        <translation>Выберите другую сторону или реестр внутри вашей делегации.</translation>
    </message>
    <message>
        <source>Choose the same label or a narrower one.</source>
        <translation>Выберите ту же пометку или более узкую.</translation>
    </message>
    <message>
        <source>Choose two or more delegations, or none.</source>
        <translation>Выберите две или более делегаций либо ни одной.</translation>
    </message>
    <message>
        <source>Choose what is requested, or send a notification instead.</source>
        <translation>Выберите, о чем просите, или отправьте вместо этого уведомление.</translation>
    </message>
    <message>
        <source>Close other programs and try again, or compare the number by eye.</source>
        <translation>Закройте другие программы и попробуйте снова или сверьте номер визуально.</translation>
    </message>
    <message>
        <source>Close other programs and try again; if it happens again, run valise doctor.</source>
        <translation>Закройте другие программы и попробуйте снова; если это повторится, выполните valise doctor.</translation>
    </message>
    <message>
        <source>Close other programs, then try again.</source>
        <translation>Закройте другие программы и попробуйте снова.</translation>
    </message>
    <message>
        <source>Compare again in one of the ways shown.</source>
        <translation>Проведите сверку снова одним из показанных способов.</translation>
    </message>
    <message>
        <source>Compare once more, best in person, then decide in Contacts.</source>
        <translation>Сверьте еще раз, лучше всего лично, затем примите решение в разделе «Контакты».</translation>
    </message>
    <message>
        <source>Compare the words with the paper; perhaps they are for another vault.</source>
        <translation>Сверьте слова с бумагой; возможно, они от другого хранилища.</translation>
    </message>
    <message>
        <source>Compare with it first, then choose it.</source>
        <translation>Сначала проведите с ней сверку, затем выберите ее.</translation>
    </message>
    <message>
        <source>Compare with it first, then vouch for it.</source>
        <translation>Сначала проведите с ней сверку, затем поручитесь за нее.</translation>
    </message>
    <message>
        <source>Compare with it in person, then decide in Contacts.</source>
        <translation>Проведите с ней сверку лично, затем примите решение в разделе «Контакты».</translation>
    </message>
    <message>
        <source>Compare with that delegation in person before sending anything.</source>
        <translation>Прежде чем что-либо отправлять, проведите сверку с этой делегацией лично.</translation>
    </message>
    <message>
        <source>Connect the disk they are on, or restore a backup.</source>
        <translation>Подключите диск, на котором они находятся, или восстановите резервную копию.</translation>
    </message>
    <message>
        <source>Connect; it goes on by itself.</source>
        <translation>Подключитесь; работа продолжится сама собой.</translation>
    </message>
    <message>
        <source>Copy it onto this computer and choose it there.</source>
        <translation>Скопируйте его на этот компьютер и выберите там.</translation>
    </message>
    <message>
        <source>Correct the times; they are UTC.</source>
        <translation>Исправьте время; оно указывается в UTC.</translation>
    </message>
    <message>
        <source>Cut it to the code, or take a smaller one (at most 24 MiB).</source>
        <translation>Обрежьте его до кода или сделайте снимок меньшего размера (не более 24 МиБ).</translation>
    </message>
    <message>
        <source>Decide each of them first, then agree the paragraph.</source>
        <translation>Сначала решите по каждой из них, затем согласуйте пункт.</translation>
    </message>
    <message>
        <source>Divide it and import the parts.</source>
        <translation>Разделите ее и импортируйте части.</translation>
    </message>
    <message>
        <source>Divide the document and import the parts.</source>
        <translation>Разделите документ и импортируйте части.</translation>
    </message>
    <message>
        <source>Divide the text, or save it as a Word document.</source>
        <translation>Разделите текст или сохраните его как документ Word.</translation>
    </message>
    <message>
        <source>Do it in several steps, a few paragraphs each.</source>
        <translation>Сделайте это в несколько шагов, по нескольку пунктов в каждом.</translation>
    </message>
    <message>
        <source>Do it in several steps.</source>
        <translation>Сделайте это в несколько шагов.</translation>
    </message>
    <message>
        <source>Do not install it. Choose a package that is named here, or the release file that came with this one.</source>
        <translation>Не устанавливайте его. Выберите названный здесь пакет или тот файл выпуска, который прилагался к этому.</translation>
    </message>
    <message>
        <source>Do not open it with another program; ask its sender.</source>
        <translation>Не открывайте его другой программой; запросите отправителя.</translation>
    </message>
    <message>
        <source>Do not rely on the file; use the command valise verify on another machine.</source>
        <translation>Не полагайтесь на этот файл; используйте команду valise verify на другом компьютере.</translation>
    </message>
    <message>
        <source>Do not sign on. Ask the delegation that opened it, in person or by telephone.</source>
        <translation>Не присоединяйтесь. Запросите делегацию, которая его открыла, лично или по телефону.</translation>
    </message>
    <message>
        <source>Do not type the passphrase. Restore the file from a backup.</source>
        <translation>Не вводите парольную фразу. Восстановите файл из резервной копии.</translation>
    </message>
    <message>
        <source>Do not use it. Ask both delegations for their cards by another way.</source>
        <translation>Не используйте ее. Попросите у обеих делегаций карточки другим путем.</translation>
    </message>
    <message>
        <source>Do not use it. Ask the delegation for its card by another way.</source>
        <translation>Не используйте ее. Попросите у делегации карточку другим путем.</translation>
    </message>
    <message>
        <source>Do not use it; take the one made when the delegation was founded.</source>
        <translation>Не используйте его; возьмите созданный при основании делегации.</translation>
    </message>
    <message>
        <source>Do not use this file; ask for the card by another way.</source>
        <translation>Не используйте этот файл; попросите карточку другим путем.</translation>
    </message>
    <message>
        <source>Each share says on paper how many of its set it takes.</source>
        <translation>На бумаге каждой доли указано, сколько долей ее набора требуется.</translation>
    </message>
    <message>
        <source>Edit the words first.</source>
        <translation>Сначала измените слова.</translation>
    </message>
    <message>
        <source>Exchange first (Ctrl+R), then begin again.</source>
        <translation>Сначала проведите обмен (Ctrl+R), затем начните снова.</translation>
    </message>
    <message>
        <source>Exchange once more and look again.</source>
        <translation>Проведите обмен еще раз и посмотрите снова.</translation>
    </message>
    <message>
        <source>Exchange once more, so that its newest card comes, and try again; or take its card in person.</source>
        <translation>Проведите обмен еще раз, чтобы поступила новейшая карточка, и попробуйте снова; или возьмите карточку лично.</translation>
    </message>
    <message>
        <source>Exchange once more; it may still be under way.</source>
        <translation>Проведите обмен еще раз; возможно, оно еще в пути.</translation>
    </message>
    <message>
        <source>Fill in the marked field as well, then keep both.</source>
        <translation>Заполните и отмеченное поле, затем сохраните оба.</translation>
    </message>
    <message>
        <source>Fill in the marked field, then keep the row again.</source>
        <translation>Заполните отмеченное поле и сохраните строку снова.</translation>
    </message>
    <message>
        <source>Fill in the time, or choose another urgency.</source>
        <translation>Укажите время или выберите другую срочность.</translation>
    </message>
    <message>
        <source>First let the passphrase open alone.</source>
        <translation>Сначала разрешите открывать одной парольной фразой.</translation>
    </message>
    <message>
        <source>Free some space there, or take another stick; what waits is kept and sent then.</source>
        <translation>Освободите там место или возьмите другой накопитель; ожидающее сохраняется и будет отправлено тогда.</translation>
    </message>
    <message>
        <source>Free some space, then do it again.</source>
        <translation>Освободите место и сделайте это снова.</translation>
    </message>
    <message>
        <source>Give another laptop the right to admit laptops first.</source>
        <translation>Сначала дайте другому ноутбуку право допускать ноутбуки.</translation>
    </message>
    <message>
        <source>Give it a name and keep it again.</source>
        <translation>Дайте ему название и сохраните снова.</translation>
    </message>
    <message>
        <source>Give it a short name; those asked read it.</source>
        <translation>Дайте ему короткое название; его читают те, кого опрашивают.</translation>
    </message>
    <message>
        <source>Give it one that every member will understand.</source>
        <translation>Дайте ей такое, которое поймет каждый участник.</translation>
    </message>
    <message>
        <source>Give it one, then open it.</source>
        <translation>Дайте ему заголовок, затем откройте его.</translation>
    </message>
    <message>
        <source>Give one that no earlier revision has, for example ending in Rev.3.</source>
        <translation>Дайте такое, какого нет ни у одной прежней редакции, например оканчивающееся на Rev.3.</translation>
    </message>
    <message>
        <source>Give the delegation a new one.</source>
        <translation>Дайте делегации новое.</translation>
    </message>
    <message>
        <source>Give your own register another id in its file.</source>
        <translation>Дайте своему реестру другой идентификатор в его файле.</translation>
    </message>
    <message>
        <source>Go to Contacts, compare with that delegation and decide.</source>
        <translation>Перейдите в раздел «Контакты», проведите сверку с этой делегацией и примите решение.</translation>
    </message>
    <message>
        <source>Go to that window, or close it and try again.</source>
        <translation>Перейдите в то окно или закройте его и попробуйте снова.</translation>
    </message>
    <message>
        <source>Hand the stick on. Whoever is the last may delete the file.</source>
        <translation>Передайте накопитель дальше. Удалить файл может тот, кто окажется последним.</translation>
    </message>
    <message>
        <source>Have a laptop that is in use admit this one, and ask who signed the other list.</source>
        <translation>Пусть этот ноутбук допустит один из используемых, и выясните, кто подписал другой список.</translation>
    </message>
    <message>
        <source>How the identities were compared was not said.</source>
        <translation>Не указано, как сверены удостоверения.</translation>
    </message>
    <message>
        <source>If nobody moved it, look for the copy in your safe.</source>
        <translation>Если его никто не перенес, поищите копию в своем сейфе.</translation>
    </message>
    <message>
        <source>If you expected it, open the sender&apos;s newest identity card first, then the bundle again.</source>
        <translation>Если вы его ожидали, сначала откройте новейшую карточку отправителя, а затем снова пакет.</translation>
    </message>
    <message>
        <source>If you want an archive of your own, say so above. Nothing was written.</source>
        <translation>Если вам нужен собственный архив, укажите это выше. Ничего не записано.</translation>
    </message>
    <message>
        <source>In a room with others each delegation writes the rows of its own State only.</source>
        <translation>В комнате с другими каждая делегация пишет только строки своего государства.</translation>
    </message>
    <message>
        <source>Install Valise anew; the vault itself is untouched.</source>
        <translation>Установите Valise заново; само хранилище не затронуто.</translation>
    </message>
    <message>
        <source>Install nothing of it. Ask the publisher, by another way, whether its key is another one now.</source>
        <translation>Ничего из этого не устанавливайте. Спросите издателя другим путем, не сменился ли его ключ.</translation>
    </message>
    <message>
        <source>Install nothing of it. Get both again from the publisher, by another way.</source>
        <translation>Ничего из этого не устанавливайте. Получите оба файла у издателя заново, другим путем.</translation>
    </message>
    <message>
        <source>Install the Noto fonts (fonts-noto-core and fonts-noto-cjk), then try again.</source>
        <translation>Установите шрифты Noto (fonts-noto-core и fonts-noto-cjk) и попробуйте снова.</translation>
    </message>
    <message>
        <source>Install the newer version on this device.</source>
        <translation>Установите более новую версию на этом устройстве.</translation>
    </message>
    <message>
        <source>Install the newer version, then try again.</source>
        <translation>Установите более новую версию и попробуйте снова.</translation>
    </message>
    <message>
        <source>It did not leave. Look at it again after the next exchange.</source>
        <translation>Он не отправлен. Посмотрите его снова после следующего обмена.</translation>
    </message>
    <message>
        <source>It is computed again from the signed entries; there is nothing to do.</source>
        <translation>Оно вычисляется заново по подписанным записям; делать ничего не нужно.</translation>
    </message>
    <message>
        <source>It is kept sealed, and its keys have been asked for again.</source>
        <translation>Оно хранится запечатанным, ключи к нему запрошены снова.</translation>
    </message>
    <message>
        <source>It is not chosen what this row is about.</source>
        <translation>Не выбрано, к чему относится эта строка.</translation>
    </message>
    <message>
        <source>It is of the first version: keep two copies of its key file in two safes.</source>
        <translation>Он относится к первой версии: храните две копии его файла в двух сейфах.</translation>
    </message>
    <message>
        <source>It is tried again at each exchange; there is nothing to do.</source>
        <translation>При каждом обмене попытка повторяется; делать ничего не нужно.</translation>
    </message>
    <message>
        <source>It is tried again at the next exchange; there is nothing to do.</source>
        <translation>При следующем обмене попытка повторится; делать ничего не нужно.</translation>
    </message>
    <message>
        <source>It lists every laptop there ever was. Renew a laptop for another officer instead of admitting one.</source>
        <translation>В ней перечислены все ноутбуки, которые когда-либо были. Вместо допуска нового обновите сертификат одного из ноутбуков для другого сотрудника.</translation>
    </message>
    <message>
        <source>It may still be under way: wait for the next exchange.</source>
        <translation>Возможно, он еще в пути: дождитесь следующего обмена.</translation>
    </message>
    <message>
        <source>It sends nothing and gets nothing any more; what it holds can still be read here.</source>
        <translation>Он больше ничего не отправляет и не получает; то, что на нем есть, по-прежнему можно прочитать здесь.</translation>
    </message>
    <message>
        <source>It was left as it was. Run valise doctor.</source>
        <translation>Оно осталось как было. Выполните valise doctor.</translation>
    </message>
    <message>
        <source>It was never finished, or the copy was cut short. Choose another one.</source>
        <translation>Она не была завершена или копирование прервалось. Выберите другую.</translation>
    </message>
    <message>
        <source>It was refused whole; nothing of it entered the vault.</source>
        <translation>Отклонено целиком; в хранилище ничего из этого не попало.</translation>
    </message>
    <message>
        <source>Its missing parts have been asked for again.</source>
        <translation>Недостающие части запрошены снова.</translation>
    </message>
    <message>
        <source>Its operator has to bring it up to date. What waits is kept; a courier can take it.</source>
        <translation>Его должен обновить оператор. Ожидающее сохраняется; его может доставить курьер.</translation>
    </message>
    <message>
        <source>Its sender sends it again; give your newest card to those who never wrote to you before.</source>
        <translation>Отправитель отправит его снова; дайте вашу новейшую карточку тем, кто вам еще не писал.</translation>
    </message>
    <message>
        <source>Its vault was put back from an older copy, or it is in use twice. Ask that delegation.</source>
        <translation>Его хранилище восстановлено из более старой копии или используется дважды. Запросите эту делегацию.</translation>
    </message>
    <message>
        <source>Keep the row without choosing a room.</source>
        <translation>Сохраните строку, не выбирая комнату.</translation>
    </message>
    <message>
        <source>Keys came from a laptop under a key that was given to another one.</source>
        <translation>От ноутбука поступили ключи под ключом, который был дан другому.</translation>
    </message>
    <message>
        <source>Keys that came from another laptop are not valid.</source>
        <translation>Ключи, поступившие от другого ноутбука, недействительны.</translation>
    </message>
    <message>
        <source>Laying out the pages took more time or memory than is allowed.</source>
        <translation>Верстка страниц потребовала больше времени или памяти, чем допустимо.</translation>
    </message>
    <message>
        <source>Leave it as it is; it follows from what happens.</source>
        <translation>Оставьте его как есть; оно определяется тем, что происходит.</translation>
    </message>
    <message>
        <source>Leave the folder as it is and run valise doctor.</source>
        <translation>Оставьте папку как есть и выполните valise doctor.</translation>
    </message>
    <message>
        <source>Leave them out of the round.</source>
        <translation>Не включайте их в раунд.</translation>
    </message>
    <message>
        <source>Let it ask to be admitted anew.</source>
        <translation>Пусть он запросит допуск заново.</translation>
    </message>
    <message>
        <source>Let the other laptop make its request again, and carry it by hand.</source>
        <translation>Пусть другой ноутбук создаст запрос еще раз; передайте его из рук в руки.</translation>
    </message>
    <message>
        <source>Let the other laptop make its request again.</source>
        <translation>Пусть другой ноутбук создаст запрос еще раз.</translation>
    </message>
    <message>
        <source>Let the passphrase open alone, make and rehearse new shares, then demand the keyring again.</source>
        <translation>Разрешите открывать одной парольной фразой, подготовьте и опробуйте новые доли, затем снова потребуйте связку ключей.</translation>
    </message>
    <message>
        <source>Lock, and choose “Practise with fictional delegations” on the unlock page.</source>
        <translation>Заблокируйте хранилище и выберите на странице разблокировки «Тренировка с вымышленными делегациями».</translation>
    </message>
    <message>
        <source>Look at Ways of exchange in Settings.</source>
        <translation>Посмотрите «Пути обмена» в «Настройках».</translation>
    </message>
    <message>
        <source>Look at both in Contacts, ask by another way, then decide.</source>
        <translation>Посмотрите оба в разделе «Контакты», уточните другим путем, затем примите решение.</translation>
    </message>
    <message>
        <source>Look at it again after the next exchange.</source>
        <translation>Посмотрите снова после следующего обмена.</translation>
    </message>
    <message>
        <source>Look at it in Contacts and decide; what you write waits until then.</source>
        <translation>Посмотрите его в разделе «Контакты» и примите решение; до тех пор то, что вы пишете, ожидает.</translation>
    </message>
    <message>
        <source>Look at its newest state, then try again.</source>
        <translation>Посмотрите ее новейшее состояние и попробуйте снова.</translation>
    </message>
    <message>
        <source>Look at its status; it may have been agreed or reopened meanwhile.</source>
        <translation>Посмотрите его статус; возможно, тем временем он согласован или вновь открыт.</translation>
    </message>
    <message>
        <source>Look at the contact&apos;s page.</source>
        <translation>Посмотрите страницу контакта.</translation>
    </message>
    <message>
        <source>Look at the contact, or make the bundle for the others alone.</source>
        <translation>Посмотрите контакт или подготовьте пакет только для остальных.</translation>
    </message>
    <message>
        <source>Look at the entries for unusual characters and try again.</source>
        <translation>Проверьте, нет ли в записях необычных знаков, и попробуйте снова.</translation>
    </message>
    <message>
        <source>Look at the entry and the round again; choose something that was confirmed, or a wider marking.</source>
        <translation>Посмотрите запись и раунд еще раз; выберите то, что подтверждено, или более широкую пометку.</translation>
    </message>
    <message>
        <source>Look at the fields again; choose from what is offered.</source>
        <translation>Посмотрите поля еще раз; выберите из предложенного.</translation>
    </message>
    <message>
        <source>Look at the fields marked as required.</source>
        <translation>Посмотрите поля, отмеченные как обязательные.</translation>
    </message>
    <message>
        <source>Look at the history of the row again after the next exchange.</source>
        <translation>Посмотрите историю строки снова после следующего обмена.</translation>
    </message>
    <message>
        <source>Look at the list again.</source>
        <translation>Посмотрите список снова.</translation>
    </message>
    <message>
        <source>Look at the list again. Only States and items that the register has can have rows.</source>
        <translation>Посмотрите список снова. Строки могут быть только у тех государств и позиций, которые есть в реестре.</translation>
    </message>
    <message>
        <source>Look at the list again: it may have taken its name back.</source>
        <translation>Посмотрите список снова: возможно, она взяла свое название назад.</translation>
    </message>
    <message>
        <source>Look at the list of members.</source>
        <translation>Посмотрите список участников.</translation>
    </message>
    <message>
        <source>Look at the newest state of the paragraph, then try again.</source>
        <translation>Посмотрите новейшее состояние пункта и попробуйте снова.</translation>
    </message>
    <message>
        <source>Look at the newest state of the paragraph.</source>
        <translation>Посмотрите новейшее состояние пункта.</translation>
    </message>
    <message>
        <source>Look at the newest state of the text; it may have been taken out or put together with another.</source>
        <translation>Посмотрите новейшее состояние текста; возможно, пункт исключен или объединен с другим.</translation>
    </message>
    <message>
        <source>Look at the offers again after the next exchange.</source>
        <translation>Посмотрите предложения снова после следующего обмена.</translation>
    </message>
    <message>
        <source>Look at the paragraph as it stands now.</source>
        <translation>Посмотрите пункт в его нынешнем виде.</translation>
    </message>
    <message>
        <source>Look at the proxy under Settings, Exchange, with whoever looks after this network.</source>
        <translation>Посмотрите прокси в разделе «Настройки», «Обмен», вместе с тем, кто обслуживает эту сеть.</translation>
    </message>
    <message>
        <source>Look at what the pen decided, then propose anew if needed.</source>
        <translation>Посмотрите, что решило перо, и при необходимости предложите заново.</translation>
    </message>
    <message>
        <source>Look at “Our card” in Contacts and decide; what you write waits until then.</source>
        <translation>Посмотрите «Наша карточка» в разделе «Контакты» и примите решение; до тех пор то, что вы пишете, ожидает.</translation>
    </message>
    <message>
        <source>Look for a paragraph that begins with a very long mark, and mend it.</source>
        <translation>Найдите пункт, который начинается с очень длинной метки, и исправьте его.</translation>
    </message>
    <message>
        <source>Look for the sheets that say Valise.</source>
        <translation>Найдите листы, на которых написано Valise.</translation>
    </message>
    <message>
        <source>Make one under Messages, or hand over your card with a permission.</source>
        <translation>Создайте ее в разделе «Сообщения» или передайте вашу карточку с разрешением.</translation>
    </message>
    <message>
        <source>Make recovery shares and rehearse them; a keyring that vanishes then locks nobody out.</source>
        <translation>Подготовьте доли восстановления и опробуйте их; тогда исчезнувшая связка ключей никого не оставит без доступа.</translation>
    </message>
    <message>
        <source>Make room there or choose another place. Earlier backups are as they were.</source>
        <translation>Освободите там место или выберите другое. Прежние резервные копии остались без изменений.</translation>
    </message>
    <message>
        <source>Mend the lines that are listed, then read the file again.</source>
        <translation>Исправьте перечисленные строки и прочитайте файл снова.</translation>
    </message>
    <message>
        <source>More shares are needed.</source>
        <translation>Нужны еще доли.</translation>
    </message>
    <message>
        <source>No laptop of that delegation may hold the pen.</source>
        <translation>Ни один ноутбук этой делегации не вправе держать перо.</translation>
    </message>
    <message>
        <source>No laptop would be left that may admit others and is in every room.</source>
        <translation>Не осталось бы ни одного ноутбука, который вправе допускать другие и состоит во всех комнатах.</translation>
    </message>
    <message>
        <source>No recovery shares can be made of this root key.</source>
        <translation>Из этого корневого ключа доли восстановления подготовить нельзя.</translation>
    </message>
    <message>
        <source>No room was chosen for the journey.</source>
        <translation>Для поездки не выбрано ни одной комнаты.</translation>
    </message>
    <message>
        <source>No second officer of your delegation could release anything.</source>
        <translation>Второго сотрудника вашей делегации, который мог бы разрешать отправку, нет.</translation>
    </message>
    <message>
        <source>Nobody can be told there.</source>
        <translation>Там некому сообщить.</translation>
    </message>
    <message>
        <source>Nobody is chosen for this round.</source>
        <translation>Для этого раунда никто не выбран.</translation>
    </message>
    <message>
        <source>Nobody vouches for himself, or to the delegation he vouches for.</source>
        <translation>Никто не ручается за самого себя или перед той делегацией, за которую ручается.</translation>
    </message>
    <message>
        <source>Not everything in this bundle is in the vault, so it stays on the stick.</source>
        <translation>Не всё содержимое этого пакета находится в хранилище, поэтому он остается на накопителе.</translation>
    </message>
    <message>
        <source>Nothing about this silence procedure is contested any more.</source>
        <translation>В этой процедуре отсутствия возражений больше нет ничего спорного.</translation>
    </message>
    <message>
        <source>Nothing is lost here. Take another stick and make the bundle again; the bad file has no bundle&apos;s name.</source>
        <translation>Здесь ничего не потеряно. Возьмите другой накопитель и подготовьте пакет заново; у негодного файла имя не такое, как у пакета.</translation>
    </message>
    <message>
        <source>Nothing is lost. Connect; it goes on by itself. See Security, Checks.</source>
        <translation>Ничего не потеряно. Подключитесь; работа продолжится сама собой. См. «Безопасность», «Проверки».</translation>
    </message>
    <message>
        <source>Nothing is lost. How it ended stands above the text; there is nothing to decide.</source>
        <translation>Ничего не потеряно. Чем она завершилась, сказано над текстом; решать нечего.</translation>
    </message>
    <message>
        <source>Nothing is lost. It is fetched with the next exchange; look again then.</source>
        <translation>Ничего не потеряно. Она будет получена при следующем обмене; посмотрите снова тогда.</translation>
    </message>
    <message>
        <source>Nothing is lost. Say what your delegation thinks as an amendment or a remark; the pen-holder can open another procedure.</source>
        <translation>Ничего не потеряно. Выскажите мнение вашей делегации в виде поправки или замечания; держатель пера может открыть другую процедуру.</translation>
    </message>
    <message>
        <source>Nothing is lost. The delegations decide together how it goes on.</source>
        <translation>Ничего не потеряно. Как он продолжается, делегации решают вместе.</translation>
    </message>
    <message>
        <source>Nothing is said about the file. Use the command valise verify with more time.</source>
        <translation>О файле ничего не сказано. Используйте команду valise verify, отведя больше времени.</translation>
    </message>
    <message>
        <source>Nothing is suspended here.</source>
        <translation>Здесь ничто не приостановлено.</translation>
    </message>
    <message>
        <source>Nothing left and nothing was read. Practise with the partners that are here.</source>
        <translation>Ничего не отправлено и ничего не прочитано. Тренируйтесь с имеющимися здесь партнерами.</translation>
    </message>
    <message>
        <source>Nothing left this device unsealed.</source>
        <translation>Ничто не покинуло этот ноутбук незапечатанным.</translation>
    </message>
    <message>
        <source>Nothing needs to be done; the history shows who undid it.</source>
        <translation>Делать ничего не нужно; в истории видно, кто его отменил.</translation>
    </message>
    <message>
        <source>Nothing new was said.</source>
        <translation>Ничего нового не сказано.</translation>
    </message>
    <message>
        <source>Nothing to do here. If it happens again, ask that delegation in person.</source>
        <translation>Здесь делать ничего не нужно. Если это повторится, запросите эту делегацию лично.</translation>
    </message>
    <message>
        <source>Nothing to do here; it is repeated at the next exchange.</source>
        <translation>Здесь делать ничего не нужно; при следующем обмене оно повторится.</translation>
    </message>
    <message>
        <source>Nothing to do here; its sender sends it again.</source>
        <translation>Здесь делать ничего не нужно; отправитель отправит его снова.</translation>
    </message>
    <message>
        <source>Nothing to do here; its sender&apos;s laptop should be looked at.</source>
        <translation>Здесь делать ничего не нужно; следует проверить ноутбук отправителя.</translation>
    </message>
    <message>
        <source>Nothing to do here; keep other files out of that folder.</source>
        <translation>Здесь делать ничего не нужно; не помещайте в эту папку других файлов.</translation>
    </message>
    <message>
        <source>Nothing was added. Mend the line that is named and read the file again.</source>
        <translation>Ничего не добавлено. Исправьте указанную строку и прочитайте файл снова.</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>Ничего не изменено.</translation>
    </message>
    <message>
        <source>Nothing was changed. Ask whoever made it for a new one.</source>
        <translation>Ничего не изменено. Попросите новый у того, кто это создал.</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose a State of the list, and a name of at most 100 letters.</source>
        <translation>Ничего не изменено. Выберите государство из списка и название не длиннее 100 букв.</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose a State of the list.</source>
        <translation>Ничего не изменено. Выберите государство из списка.</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose a time between one hour and one year ahead, and later than the deadline in force.</source>
        <translation>Ничего не изменено. Выберите время не ранее чем через час, не позднее чем через год и позже действующего срока.</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose consultations or events.</source>
        <translation>Ничего не изменено. Выберите консультации или мероприятия.</translation>
    </message>
    <message>
        <source>Nothing was changed. Do this in your own vault if it is meant in earnest.</source>
        <translation>Ничего не изменено. Если это всерьез, сделайте это в своем собственном хранилище.</translation>
    </message>
    <message>
        <source>Nothing was changed. Export it again from the program it comes from.</source>
        <translation>Ничего не изменено. Экспортируйте его снова из программы, в которой он создан.</translation>
    </message>
    <message>
        <source>Nothing was changed. Export the settings again where the file comes from.</source>
        <translation>Ничего не изменено. Экспортируйте настройки снова там, откуда взят файл.</translation>
    </message>
    <message>
        <source>Nothing was changed. Look at the row again; somebody may have changed it meanwhile.</source>
        <translation>Ничего не изменено. Посмотрите строку снова; возможно, тем временем ее кто-то изменил.</translation>
    </message>
    <message>
        <source>Nothing was changed. Mend the file where it is named, and choose it again.</source>
        <translation>Ничего не изменено. Исправьте файл в указанном месте и выберите его снова.</translation>
    </message>
    <message>
        <source>Nothing was changed. Mend the place that is named and try again.</source>
        <translation>Ничего не изменено. Исправьте указанное место и попробуйте снова.</translation>
    </message>
    <message>
        <source>Nothing was changed. Restore a backup: it makes this a new laptop of your delegation.</source>
        <translation>Ничего не изменено. Восстановите резервную копию: это станет новым ноутбуком вашей делегации.</translation>
    </message>
    <message>
        <source>Nothing was changed. Take another one.</source>
        <translation>Ничего не изменено. Выберите другую.</translation>
    </message>
    <message>
        <source>Nothing was changed. Try again, or use the command valise verify.</source>
        <translation>Ничего не изменено. Попробуйте снова или используйте команду valise verify.</translation>
    </message>
    <message>
        <source>Nothing was changed. Wait for the deadline; the procedure is then closed by itself.</source>
        <translation>Ничего не изменено. Дождитесь срока; тогда процедура закроется сама собой.</translation>
    </message>
    <message>
        <source>Nothing was changed. Wait until it is over, or extend it; then open the next one.</source>
        <translation>Ничего не изменено. Дождитесь ее окончания или продлите ее; затем откройте следующую.</translation>
    </message>
    <message>
        <source>Nothing was changed. Write a name of at most 100 letters.</source>
        <translation>Ничего не изменено. Напишите название не длиннее 100 букв.</translation>
    </message>
    <message>
        <source>Nothing was changed; choose another way.</source>
        <translation>Ничего не изменено; выберите другой путь.</translation>
    </message>
    <message>
        <source>Nothing was erased. Type the passphrase once more to rescue what verifies, or restore a backup.</source>
        <translation>Ничего не стерто. Введите парольную фразу еще раз, чтобы спасти то, что проходит проверку, или восстановите резервную копию.</translation>
    </message>
    <message>
        <source>Nothing was given to it. Something on the way may answer in its place: ask its operator by another way.</source>
        <translation>Ему ничего не передано. Возможно, вместо него отвечает что-то в пути: обратитесь к оператору другим путем.</translation>
    </message>
    <message>
        <source>Nothing was kept. Open the register again; its definition may have changed.</source>
        <translation>Ничего не сохранено. Откройте реестр снова; возможно, его определение изменилось.</translation>
    </message>
    <message>
        <source>Nothing was read. Cut it into several files.</source>
        <translation>Ничего не прочитано. Разделите его на несколько файлов.</translation>
    </message>
    <message>
        <source>Nothing was removed. Copy it again, to another stick if need be.</source>
        <translation>Ничего не убрано. Скопируйте его снова, при необходимости на другой накопитель.</translation>
    </message>
    <message>
        <source>Nothing was sent. Look at it again after the next exchange.</source>
        <translation>Ничего не отправлено. Посмотрите его снова после следующего обмена.</translation>
    </message>
    <message>
        <source>Nothing was sent. Write a sentence for the other delegations, then break it.</source>
        <translation>Ничего не отправлено. Напишите предложение для других делегаций, затем заявите возражение.</translation>
    </message>
    <message>
        <source>Nothing was signed and the root key is closed. Look at the list and begin again.</source>
        <translation>Ничего не подписано, и корневой ключ закрыт. Посмотрите список и начните снова.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Ask for the card of the real delegation.</source>
        <translation>Ничего не принято. Попросите карточку реальной делегации.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Ask its sender for another one.</source>
        <translation>Ничего не принято. Попросите у отправителя другой.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Change to the side the file was written from.</source>
        <translation>Ничего не принято. Переключитесь на ту сторону, с которой записан файл.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Choose a file whose name ends in .valise.</source>
        <translation>Ничего не принято. Выберите файл, имя которого оканчивается на .valise.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Cut it into several files.</source>
        <translation>Ничего не принято. Разделите ее на несколько файлов.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Decide which of the two lines is right and delete the other.</source>
        <translation>Ничего не принято. Решите, какая из двух строк верна, и удалите другую.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Delete one of them from the file.</source>
        <translation>Ничего не принято. Удалите один из них из файла.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Export the calendar again as .ics from the program it comes from.</source>
        <translation>Ничего не принято. Экспортируйте календарь снова как .ics из программы, в которой он создан.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Export the register first and fill in that file.</source>
        <translation>Ничего не принято. Сначала экспортируйте реестр и заполните полученный файл.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Install the newer version, then open the bundle again.</source>
        <translation>Ничего не принято. Установите более новую версию, затем откройте пакет снова.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Leave the cell empty for a new row.</source>
        <translation>Ничего не принято. Для новой строки оставьте ячейку пустой.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Look for a comma or a quotation mark too many in that line.</source>
        <translation>Ничего не принято. Найдите в этой строке лишнюю запятую или кавычку.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Mend that place and read the file again.</source>
        <translation>Ничего не принято. Исправьте это место и прочитайте файл снова.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Name the column as the register does, or delete it from the file.</source>
        <translation>Ничего не принято. Назовите столбец так, как он назван в реестре, или удалите его из файла.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Practise with the partners that are here; real contacts belong into your own vault.</source>
        <translation>Ничего не принято. Тренируйтесь с имеющимися здесь партнерами; реальным контактам место в вашем собственном хранилище.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Put back what stood there, or delete the column from the file.</source>
        <translation>Ничего не принято. Верните то, что там стояло, или удалите столбец из файла.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Read the file again: what it changes now is shown.</source>
        <translation>Ничего не принято. Прочитайте файл снова: будет показано, что он изменяет теперь.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Write the key in this cell: the last column of an exported file has it.</source>
        <translation>Ничего не принято. Запишите в эту ячейку ключ: он стоит в последнем столбце экспортированного файла.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Write the name as the register shows it, or its code.</source>
        <translation>Ничего не принято. Напишите название так, как его показывает реестр, или его код.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Write the title as the register shows it, or enter that row first.</source>
        <translation>Ничего не принято. Напишите название так, как его показывает реестр, или сначала внесите ту строку.</translation>
    </message>
    <message>
        <source>Nothing was written. Choose one of the fictional delegations; real States belong into your own vault.</source>
        <translation>Ничего не записано. Выберите одну из вымышленных делегаций; реальным государствам место в вашем собственном хранилище.</translation>
    </message>
    <message>
        <source>Nothing was written. Choose one of the forms that are offered.</source>
        <translation>Ничего не записано. Выберите одну из предлагаемых форм.</translation>
    </message>
    <message>
        <source>Nothing was written. Open the entry in the directory and choose the note verbale there.</source>
        <translation>Ничего не записано. Откройте запись в реестре контактных пунктов и выберите вербальную ноту там.</translation>
    </message>
    <message>
        <source>Nothing was written. Tell whoever looks after Valise with you.</source>
        <translation>Ничего не записано. Сообщите тому, кто у вас обслуживает Valise.</translation>
    </message>
    <message>
        <source>Nothing was written. Try another format, and tell whoever looks after Valise with you.</source>
        <translation>Ничего не записано. Попробуйте другой формат и сообщите тому, кто у вас обслуживает Valise.</translation>
    </message>
    <message>
        <source>Nothing would change.</source>
        <translation>Ничего бы не изменилось.</translation>
    </message>
    <message>
        <source>One cell of this row is longer than 200,000 characters.</source>
        <translation>Одна из ячеек этой строки длиннее 200 000 знаков.</translation>
    </message>
    <message>
        <source>One entry of this vault is larger than a backup can hold.</source>
        <translation>Одна из записей этого хранилища больше, чем может вместить резервная копия.</translation>
    </message>
    <message>
        <source>One line of this file is longer than any table has.</source>
        <translation>Одна из строк этого файла длиннее, чем бывает в таблицах.</translation>
    </message>
    <message>
        <source>One paragraph of the document is too long.</source>
        <translation>Один из пунктов документа слишком длинен.</translation>
    </message>
    <message>
        <source>One share was entered twice.</source>
        <translation>Одна доля введена дважды.</translation>
    </message>
    <message>
        <source>Only a delegation that was compared on this laptop can be vouched for.</source>
        <translation>Поручиться можно только за делегацию, сверка с которой проведена на этом ноутбуке.</translation>
    </message>
    <message>
        <source>Only an answer that the entry has changed says what has changed.</source>
        <translation>О том, что изменилось, сообщает только ответ «запись изменилась».</translation>
    </message>
    <message>
        <source>Only its author can withdraw it.</source>
        <translation>Отозвать ее может только автор.</translation>
    </message>
    <message>
        <source>Only its recipients can acknowledge it.</source>
        <translation>Подтвердить получение могут только его получатели.</translation>
    </message>
    <message>
        <source>Only tables as CSV are read into a register, and calendars into one with dates.</source>
        <translation>В реестр читаются только таблицы CSV, а в реестр с датами — календари.</translation>
    </message>
    <message>
        <source>Only the chair of this room can change its members.</source>
        <translation>Изменять состав участников этой комнаты может только ее председатель.</translation>
    </message>
    <message>
        <source>Only the delegation that opened the incident may do that.</source>
        <translation>Это может сделать только делегация, открывшая инцидент.</translation>
    </message>
    <message>
        <source>Only the delegation that opened this list may do that.</source>
        <translation>Это может сделать только делегация, открывшая этот список.</translation>
    </message>
    <message>
        <source>Open a room with the delegation first, or leave it out.</source>
        <translation>Сначала откройте комнату с этой делегацией или не включайте ее.</translation>
    </message>
    <message>
        <source>Open it again from its key file or from recovery shares.</source>
        <translation>Откройте его снова из файла ключа или долями восстановления.</translation>
    </message>
    <message>
        <source>Open it in the program it was made with and save it as .docx.</source>
        <translation>Откройте его в программе, в которой он создан, и сохраните в формате .docx.</translation>
    </message>
    <message>
        <source>Open it with its passphrase, or choose a later backup.</source>
        <translation>Откройте ее парольной фразой или выберите более позднюю резервную копию.</translation>
    </message>
    <message>
        <source>Open its identity card first.</source>
        <translation>Сначала откройте ее карточку.</translation>
    </message>
    <message>
        <source>Open that row and change it.</source>
        <translation>Откройте эту строку и измените ее.</translation>
    </message>
    <message>
        <source>Open the answer that the first laptop made.</source>
        <translation>Откройте ответ, созданный первым ноутбуком.</translation>
    </message>
    <message>
        <source>Open the bundle first; if it is damaged, ask for another one.</source>
        <translation>Сначала откройте пакет; если он поврежден, запросите другой.</translation>
    </message>
    <message>
        <source>Open the card that the other delegation gave you.</source>
        <translation>Откройте карточку, которую вам дала другая делегация.</translation>
    </message>
    <message>
        <source>Open the keyring of this computer and try again, or use the recovery shares.</source>
        <translation>Откройте связку ключей этого компьютера и попробуйте снова или используйте доли восстановления.</translation>
    </message>
    <message>
        <source>Open the operator&apos;s file under Ways of exchange first.</source>
        <translation>Сначала откройте файл оператора в разделе «Пути обмена».</translation>
    </message>
    <message>
        <source>Open the request again and compare its code with the other laptop&apos;s screen.</source>
        <translation>Откройте запрос снова и сверьте его код с экраном другого ноутбука.</translation>
    </message>
    <message>
        <source>Open two rounds instead.</source>
        <translation>Откройте вместо этого два раунда.</translation>
    </message>
    <message>
        <source>Opening this vault would demand more than a computer should give: the file was changed.</source>
        <translation>Открытие этого хранилища потребовало бы больше, чем следует отдавать компьютеру: файл изменен.</translation>
    </message>
    <message>
        <source>Passphrase and keyring are needed together, so neither may open alone.</source>
        <translation>Парольная фраза и связка ключей требуются вместе, поэтому ни то ни другое в отдельности не открывает.</translation>
    </message>
    <message>
        <source>Plug it in again and try once more. Earlier backups are as they were; an unfinished one is named as such.</source>
        <translation>Подключите его снова и попробуйте еще раз. Прежние резервные копии остались без изменений; незавершенная так и названа.</translation>
    </message>
    <message>
        <source>Police and judicial matters are not sent here: mutual legal assistance, extradition, warrants and evidence for a court have channels of their own.</source>
        <translation>Полицейские и судебные дела отсюда не отправляются: для взаимной правовой помощи, выдачи, ордеров и доказательств для суда есть свои каналы.</translation>
    </message>
    <message>
        <source>Press “Compare now” and wait until four words are shown.</source>
        <translation>Нажмите «Сверить сейчас» и дождитесь, пока появятся четыре слова.</translation>
    </message>
    <message>
        <source>Propose it anew if you wish.</source>
        <translation>При желании предложите ее заново.</translation>
    </message>
    <message>
        <source>Propose the change instead, or ask for the pen.</source>
        <translation>Предложите изменение или попросите перо.</translation>
    </message>
    <message>
        <source>Put the vault into a folder that stays on this device.</source>
        <translation>Поместите хранилище в папку, которая остается на этом устройстве.</translation>
    </message>
    <message>
        <source>Read everything meanwhile. Security, Backups and travel, says how it is admitted.</source>
        <translation>Тем временем читайте всё. О том, как его допускают, сказано в разделе «Безопасность», «Резервные копии и поездки».</translation>
    </message>
    <message>
        <source>Read it again.</source>
        <translation>Прочитайте его снова.</translation>
    </message>
    <message>
        <source>Read the file again: what can still be proposed is shown.</source>
        <translation>Прочитайте файл снова: будет показано, что еще можно предложить.</translation>
    </message>
    <message>
        <source>Read the file again: what it would change now is shown.</source>
        <translation>Прочитайте файл снова: будет показано, что он изменил бы теперь.</translation>
    </message>
    <message>
        <source>Reading this picture took too long, and was stopped.</source>
        <translation>Чтение этого снимка длилось слишком долго и остановлено.</translation>
    </message>
    <message>
        <source>Release it, or return it with the reason.</source>
        <translation>Разрешите отправку или верните черновик с указанием причины.</translation>
    </message>
    <message>
        <source>Remove them; they are often pasted in by accident.</source>
        <translation>Уберите их; часто они попадают при вставке случайно.</translation>
    </message>
    <message>
        <source>Restore both from the same backup.</source>
        <translation>Восстановите оба из одной и той же резервной копии.</translation>
    </message>
    <message>
        <source>Restore it from a backup; somebody may have changed it.</source>
        <translation>Восстановите его из резервной копии; возможно, его кто-то изменил.</translation>
    </message>
    <message>
        <source>Restore it from a backup; the vault itself may be whole.</source>
        <translation>Восстановите его из резервной копии; само хранилище может быть целым.</translation>
    </message>
    <message>
        <source>Restore it from a backup; without it the vault stays closed.</source>
        <translation>Восстановите его из резервной копии; без него хранилище остается закрытым.</translation>
    </message>
    <message>
        <source>Restore the file from a backup.</source>
        <translation>Восстановите файл из резервной копии.</translation>
    </message>
    <message>
        <source>Restore the file from a backup; the vault itself may be whole.</source>
        <translation>Восстановите файл из резервной копии; само хранилище может быть целым.</translation>
    </message>
    <message>
        <source>Retire contacts that are no longer needed, then try again.</source>
        <translation>Уберите контакты, которые больше не нужны, и попробуйте снова.</translation>
    </message>
    <message>
        <source>Return it, so that its author writes it for the words as they stand now.</source>
        <translation>Верните его, чтобы автор написал его к словам в их нынешнем виде.</translation>
    </message>
    <message>
        <source>Revoke it and admit it anew.</source>
        <translation>Аннулируйте его допуск и допустите его заново.</translation>
    </message>
    <message>
        <source>Revoke it on another laptop of your delegation that may admit laptops.</source>
        <translation>Аннулируйте его на другом ноутбуке вашей делегации, который вправе допускать ноутбуки.</translation>
    </message>
    <message>
        <source>Run valise doctor and report what it says.</source>
        <translation>Выполните valise doctor и сообщите, что выводит команда.</translation>
    </message>
    <message>
        <source>Run valise doctor; nothing was thrown away.</source>
        <translation>Выполните valise doctor; ничего не выброшено.</translation>
    </message>
    <message>
        <source>Run valise doctor; the program may have to be installed again.</source>
        <translation>Выполните valise doctor; возможно, программу придется установить заново.</translation>
    </message>
    <message>
        <source>Save it anew as plain text, then open that.</source>
        <translation>Сохраните его заново как простой текст и откройте сохраненный.</translation>
    </message>
    <message>
        <source>Save it anew in a simpler form, then open that.</source>
        <translation>Сохраните его заново в более простом виде и откройте сохраненный.</translation>
    </message>
    <message>
        <source>Save it as UTF-8 and try again.</source>
        <translation>Сохраните его в UTF-8 и попробуйте снова.</translation>
    </message>
    <message>
        <source>Save it as plain text in UTF-8, then open that.</source>
        <translation>Сохраните его как простой текст в UTF-8 и откройте сохраненный.</translation>
    </message>
    <message>
        <source>Save it as plain text, then open that.</source>
        <translation>Сохраните его как простой текст и откройте сохраненный.</translation>
    </message>
    <message>
        <source>Save it once more as CSV, UTF-8, in the program it comes from, and read it again.</source>
        <translation>Сохраните ее еще раз как CSV, UTF-8, в программе, в которой она создана, и прочитайте снова.</translation>
    </message>
    <message>
        <source>Save it without one, then try again; here it will be sealed.</source>
        <translation>Сохраните его без пароля и попробуйте снова; здесь он будет запечатан.</translation>
    </message>
    <message>
        <source>Save the document as plain text, then open that.</source>
        <translation>Сохраните документ как простой текст и откройте сохраненный.</translation>
    </message>
    <message>
        <source>Save the file of revocations and give it to the operator of the relay.</source>
        <translation>Сохраните файл аннулирований и передайте его оператору ретранслятора.</translation>
    </message>
    <message>
        <source>Save the table as CSV in UTF-8 and choose that file. Contact cards are read on the page of contacts.</source>
        <translation>Сохраните таблицу как CSV в UTF-8 и выберите этот файл. Карточки контактов читаются на странице контактов.</translation>
    </message>
    <message>
        <source>Say it again if it is for everybody who is there now.</source>
        <translation>Скажите это еще раз, если оно предназначено для всех, кто там сейчас.</translation>
    </message>
    <message>
        <source>Say what becomes of each amendment, then set the words.</source>
        <translation>Укажите, что становится с каждой поправкой, затем установите слова.</translation>
    </message>
    <message>
        <source>Say what is otherwise, or that the entry is right.</source>
        <translation>Укажите, что теперь иначе, или что запись верна.</translation>
    </message>
    <message>
        <source>Security, Backups and travel, says how it is admitted.</source>
        <translation>О том, как его допускают, сказано в разделе «Безопасность», «Резервные копии и поездки».</translation>
    </message>
    <message>
        <source>Send a smaller file, or carry it on a stick.</source>
        <translation>Отправьте файл меньшего размера или перевезите его на USB-накопителе.</translation>
    </message>
    <message>
        <source>Send the incident as it is; look at its words for signs that cannot be seen.</source>
        <translation>Отправьте инцидент как есть; проверьте, нет ли в его словах невидимых знаков.</translation>
    </message>
    <message>
        <source>Sending is stopped: the identity of a delegation changed.</source>
        <translation>Отправка приостановлена: удостоверение одной из делегаций изменилось.</translation>
    </message>
    <message>
        <source>Sending to one of these delegations is stopped until a person decides.</source>
        <translation>Отправка одной из этих делегаций приостановлена, пока не решит человек.</translation>
    </message>
    <message>
        <source>Sending to this delegation is still stopped.</source>
        <translation>Отправка этой делегации всё еще приостановлена.</translation>
    </message>
    <message>
        <source>Set the relay up in your own vault.</source>
        <translation>Настройте ретранслятор в своем собственном хранилище.</translation>
    </message>
    <message>
        <source>Several rows, States or delegations are called so, and nobody can tell which one is meant.</source>
        <translation>Так называются несколько строк, государств или делегаций, и определить, что имеется в виду, нельзя.</translation>
    </message>
    <message>
        <source>Shorten it, or attach it as a file.</source>
        <translation>Сократите его или приложите в виде файла.</translation>
    </message>
    <message>
        <source>Shorten it, or attach the longer text as a file.</source>
        <translation>Сократите его или приложите более длинный текст в виде файла.</translation>
    </message>
    <message>
        <source>Shorten it, or enter the contact by hand.</source>
        <translation>Сократите его или внесите контакт вручную.</translation>
    </message>
    <message>
        <source>Shorten it.</source>
        <translation>Сократите его.</translation>
    </message>
    <message>
        <source>Shorten them, or open a text and a list of its co-sponsors.</source>
        <translation>Сократите их или откройте текст и список его соавторов.</translation>
    </message>
    <message>
        <source>Show the rows that were taken out, put it back, then change it.</source>
        <translation>Покажите исключенные строки, верните ее, затем измените.</translation>
    </message>
    <message>
        <source>Somebody joined this conversation before this could be sent.</source>
        <translation>Кто-то присоединился к этой переписке, прежде чем это удалось отправить.</translation>
    </message>
    <message>
        <source>Something in the bundle is not as STIX 2.1 asks.</source>
        <translation>Что-то в наборе не соответствует STIX 2.1.</translation>
    </message>
    <message>
        <source>Something in this backup was not signed by whom it names. Somebody may have made it to deceive you.</source>
        <translation>Что-то в этой резервной копии подписано не тем, кто в ней указан. Возможно, кто-то изготовил ее, чтобы ввести вас в заблуждение.</translation>
    </message>
    <message>
        <source>Something in this vault is damaged. Run valise doctor.</source>
        <translation>Что-то в этом хранилище повреждено. Выполните valise doctor.</translation>
    </message>
    <message>
        <source>Something outside Valise did not do its part.</source>
        <translation>Что-то вне Valise не выполнило свою часть.</translation>
    </message>
    <message>
        <source>Something stored here no longer verifies.</source>
        <translation>Что-то хранящееся здесь больше не проходит проверку.</translation>
    </message>
    <message>
        <source>Something that must be filled in is empty.</source>
        <translation>Одно из обязательных полей пусто.</translation>
    </message>
    <message>
        <source>Something this needs has not arrived yet.</source>
        <translation>Что-то необходимое для этого еще не поступило.</translation>
    </message>
    <message>
        <source>Something went wrong inside Valise.</source>
        <translation>Внутри Valise произошел сбой.</translation>
    </message>
    <message>
        <source>Split it into several paragraphs, then open it again.</source>
        <translation>Разделите его на несколько пунктов и откройте снова.</translation>
    </message>
    <message>
        <source>Split it into smaller ones.</source>
        <translation>Разделите его на меньшие.</translation>
    </message>
    <message>
        <source>Split them into several paragraphs.</source>
        <translation>Разделите их на несколько пунктов.</translation>
    </message>
    <message>
        <source>Start Valise again: it goes on. If it stops again, look at the disk.</source>
        <translation>Запустите Valise снова: уничтожение продолжится. Если оно снова остановится, проверьте диск.</translation>
    </message>
    <message>
        <source>Start it again, or compare the number by eye.</source>
        <translation>Начните ее снова или сверьте номер визуально.</translation>
    </message>
    <message>
        <source>Stop working here, and tell the officer who admits laptops.</source>
        <translation>Прекратите работу здесь и сообщите сотруднику, который допускает ноутбуки.</translation>
    </message>
    <message>
        <source>TLP:RED is for named recipients only, not for a group.</source>
        <translation>TLP:RED предназначено только для названных получателей, а не для группы.</translation>
    </message>
    <message>
        <source>TLP:RED is for the eyes of named recipients: it does not go to a group.</source>
        <translation>TLP:RED предназначено только для названных получателей: группе оно не отправляется.</translation>
    </message>
    <message>
        <source>Take a picture with the one code only that you want to compare.</source>
        <translation>Сделайте снимок только с тем кодом, который хотите сверить.</translation>
    </message>
    <message>
        <source>Take another picture of the whole code, or compare the number by eye.</source>
        <translation>Сделайте другой снимок всего кода или сверьте номер визуально.</translation>
    </message>
    <message>
        <source>Take another picture, with the code large and nothing else beside it.</source>
        <translation>Сделайте другой снимок, с крупным кодом и без ничего лишнего рядом.</translation>
    </message>
    <message>
        <source>Take another share of the same set.</source>
        <translation>Возьмите другую долю того же набора.</translation>
    </message>
    <message>
        <source>Take four or five words that have nothing to do with each other.</source>
        <translation>Возьмите четыре или пять слов, никак не связанных друг с другом.</translation>
    </message>
    <message>
        <source>Take shares that were made together.</source>
        <translation>Возьмите доли, подготовленные вместе.</translation>
    </message>
    <message>
        <source>Take the newest set; those made before it open nothing any more.</source>
        <translation>Возьмите новейший набор; подготовленные до него больше ничего не открывают.</translation>
    </message>
    <message>
        <source>That cannot be done with this ping round now.</source>
        <translation>С этим раундом проверки связи сейчас этого сделать нельзя.</translation>
    </message>
    <message>
        <source>That cannot be done with this statement now.</source>
        <translation>С этим заявлением сейчас этого сделать нельзя.</translation>
    </message>
    <message>
        <source>That card and the one in the backup are two different lists of your laptops.</source>
        <translation>Эта карточка и карточка в резервной копии — два разных списка ваших ноутбуков.</translation>
    </message>
    <message>
        <source>That delegation is a member of this room already.</source>
        <translation>Эта делегация уже состоит в этой комнате.</translation>
    </message>
    <message>
        <source>That delegation is not a member of this room.</source>
        <translation>Эта делегация не состоит в этой комнате.</translation>
    </message>
    <message>
        <source>That delegation is not among your contacts.</source>
        <translation>Этой делегации нет среди ваших контактов.</translation>
    </message>
    <message>
        <source>That does not open this backup.</source>
        <translation>Этим резервная копия не открывается.</translation>
    </message>
    <message>
        <source>That folder is inside the vault itself: whatever destroys one would destroy the other.</source>
        <translation>Эта папка находится внутри самого хранилища: то, что уничтожит одно, уничтожит и другое.</translation>
    </message>
    <message>
        <source>That is not the passphrase of the key file.</source>
        <translation>Это не парольная фраза файла ключа.</translation>
    </message>
    <message>
        <source>That is not the passphrase of this vault.</source>
        <translation>Это не парольная фраза этого хранилища.</translation>
    </message>
    <message>
        <source>That stick or disk is failing. Use another one.</source>
        <translation>Этот накопитель или диск выходит из строя. Используйте другой.</translation>
    </message>
    <message>
        <source>The STIX bundle could not be read.</source>
        <translation>Набор STIX не удалось прочитать.</translation>
    </message>
    <message>
        <source>The beginning of this backup is damaged, so that nothing opens it.</source>
        <translation>Начало этой резервной копии повреждено, поэтому ее ничто не открывает.</translation>
    </message>
    <message>
        <source>The beginning of this text has not arrived yet.</source>
        <translation>Начало этого текста еще не поступило.</translation>
    </message>
    <message>
        <source>The bundle could not be made or taken in.</source>
        <translation>Пакет не удалось подготовить или принять.</translation>
    </message>
    <message>
        <source>The bundle could not be read back as it was written, so no file was made.</source>
        <translation>Набор не удалось прочитать обратно в том виде, в каком он записан, поэтому файл не создан.</translation>
    </message>
    <message>
        <source>The bundle holds more than 5,000 objects.</source>
        <translation>В наборе больше 5000 объектов.</translation>
    </message>
    <message>
        <source>The bundle holds no incident and no indicator.</source>
        <translation>В наборе нет ни инцидента, ни индикатора.</translation>
    </message>
    <message>
        <source>The bundle is larger than 8 MiB.</source>
        <translation>Набор больше 8 МиБ.</translation>
    </message>
    <message>
        <source>The bundle is of another version than STIX 2.1.</source>
        <translation>Версия набора отличается от STIX 2.1.</translation>
    </message>
    <message>
        <source>The bundle was written, but reads back differently: the stick or disk is failing.</source>
        <translation>Пакет записан, но читается обратно иначе: накопитель или диск выходит из строя.</translation>
    </message>
    <message>
        <source>The calendar has more than 10,000 entries.</source>
        <translation>В календаре больше 10 000 записей.</translation>
    </message>
    <message>
        <source>The calendar is larger than 16 MiB.</source>
        <translation>Календарь больше 16 МиБ.</translation>
    </message>
    <message>
        <source>The card of this delegation does not hold a key that can be compared.</source>
        <translation>В карточке этой делегации нет ключа, который можно сверить.</translation>
    </message>
    <message>
        <source>The card of your delegation does not list both laptops.</source>
        <translation>В карточке вашей делегации указаны не оба ноутбука.</translation>
    </message>
    <message>
        <source>The card of your delegation would be too large to travel.</source>
        <translation>Карточка вашей делегации была бы слишком велика для передачи.</translation>
    </message>
    <message>
        <source>The certificate of a laptop is not valid.</source>
        <translation>Сертификат ноутбука недействителен.</translation>
    </message>
    <message>
        <source>The check code is not the one that was compared.</source>
        <translation>Проверочный код не тот, который был сверен.</translation>
    </message>
    <message>
        <source>The comparison did not come to an end.</source>
        <translation>Сверка не завершена.</translation>
    </message>
    <message>
        <source>The contact cards could not be read back as they were written, so no file was made.</source>
        <translation>Карточки контактов не удалось прочитать обратно в том виде, в каком они записаны, поэтому файл не создан.</translation>
    </message>
    <message>
        <source>The contact cards could not be read or written.</source>
        <translation>Карточки контактов не удалось прочитать или записать.</translation>
    </message>
    <message>
        <source>The copy is not the same as the key file beside the vault.</source>
        <translation>Копия не совпадает с файлом ключа рядом с хранилищем.</translation>
    </message>
    <message>
        <source>The damaged part holds the keys of this laptop itself.</source>
        <translation>В поврежденной части находятся ключи самого этого ноутбука.</translation>
    </message>
    <message>
        <source>The database of the vault is not protected as it must be.</source>
        <translation>База данных хранилища защищена не так, как должна.</translation>
    </message>
    <message>
        <source>The date for answers lies in the past.</source>
        <translation>Дата для ответов уже прошла.</translation>
    </message>
    <message>
        <source>The deadline has not passed yet and nobody has broken the silence.</source>
        <translation>Срок еще не истек, и никто не заявил возражение.</translation>
    </message>
    <message>
        <source>The delegation that opened it can open it again.</source>
        <translation>Вновь открыть его может делегация, которая его открыла.</translation>
    </message>
    <message>
        <source>The delegation that sent this does not allow you to send it on to others.</source>
        <translation>Делегация, которая это отправила, не разрешает вам пересылать это другим.</translation>
    </message>
    <message>
        <source>The directory has changed since this file was read.</source>
        <translation>Реестр изменился с тех пор, как был прочитан этот файл.</translation>
    </message>
    <message>
        <source>The disk did not store the last change.</source>
        <translation>Диск не сохранил последнее изменение.</translation>
    </message>
    <message>
        <source>The disk is full; the last change was not stored.</source>
        <translation>Диск заполнен; последнее изменение не сохранено.</translation>
    </message>
    <message>
        <source>The document could not be read.</source>
        <translation>Документ не удалось прочитать.</translation>
    </message>
    <message>
        <source>The document has too many paragraphs.</source>
        <translation>В документе слишком много пунктов.</translation>
    </message>
    <message>
        <source>The document is too large.</source>
        <translation>Документ слишком велик.</translation>
    </message>
    <message>
        <source>The document took too long to read or needed too much memory.</source>
        <translation>Документ читался слишком долго или потребовал слишком много памяти.</translation>
    </message>
    <message>
        <source>The embargo on this has not ended, so it was not sent on.</source>
        <translation>Срок эмбарго не истек, поэтому ничего не переслано.</translation>
    </message>
    <message>
        <source>The evidence could not be written or checked.</source>
        <translation>Доказательства не удалось записать или проверить.</translation>
    </message>
    <message>
        <source>The exchange did not succeed.</source>
        <translation>Обмен не удался.</translation>
    </message>
    <message>
        <source>The file cannot be opened.</source>
        <translation>Файл не открывается.</translation>
    </message>
    <message>
        <source>The file cannot be read.</source>
        <translation>Файл не читается.</translation>
    </message>
    <message>
        <source>The file could not be read or written.</source>
        <translation>Файл не удалось прочитать или записать.</translation>
    </message>
    <message>
        <source>The file could not be read.</source>
        <translation>Файл не удалось прочитать.</translation>
    </message>
    <message>
        <source>The file could not be written.</source>
        <translation>Файл не удалось записать.</translation>
    </message>
    <message>
        <source>The file did not arrive as it was sent.</source>
        <translation>Файл поступил не таким, каким был отправлен.</translation>
    </message>
    <message>
        <source>The file has faults, and a file is taken as a whole or not at all.</source>
        <translation>В файле есть ошибки, а файл принимается целиком или не принимается вовсе.</translation>
    </message>
    <message>
        <source>The file holds control characters that no text has.</source>
        <translation>В файле есть управляющие знаки, которых в тексте не бывает.</translation>
    </message>
    <message>
        <source>The file holds no words.</source>
        <translation>В файле нет слов.</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>Файл пуст.</translation>
    </message>
    <message>
        <source>The file is larger than 256 MiB.</source>
        <translation>Файл больше 256 МиБ.</translation>
    </message>
    <message>
        <source>The file is larger than such a file can be.</source>
        <translation>Файл больше, чем может быть такой файл.</translation>
    </message>
    <message>
        <source>The file is not a STIX 2.1 bundle.</source>
        <translation>Файл не является набором STIX 2.1.</translation>
    </message>
    <message>
        <source>The file is not as long as its sender announced.</source>
        <translation>Длина файла не та, о которой сообщил отправитель.</translation>
    </message>
    <message>
        <source>The file is not readable as text.</source>
        <translation>Файл не читается как текст.</translation>
    </message>
    <message>
        <source>The file is not written as STIX is (JSON).</source>
        <translation>Файл записан не так, как STIX (JSON).</translation>
    </message>
    <message>
        <source>The file lacks a column that says what each row is about, or has nothing but that.</source>
        <translation>В файле нет столбца, который указывает, к чему относится каждая строка, или нет ничего, кроме него.</translation>
    </message>
    <message>
        <source>The file or entry is torn or was changed on its way.</source>
        <translation>Файл или запись обрывается или изменены в пути.</translation>
    </message>
    <message>
        <source>The file reads back otherwise than it was written, so it was not kept.</source>
        <translation>Файл читается обратно иначе, чем записан, поэтому он не сохранен.</translation>
    </message>
    <message>
        <source>The file that arrived is not the one its sender announced.</source>
        <translation>Поступивший файл не тот, о котором сообщил отправитель.</translation>
    </message>
    <message>
        <source>The file that opens the vault and the vault do not belong together.</source>
        <translation>Файл, который открывает хранилище, и хранилище не соответствуют друг другу.</translation>
    </message>
    <message>
        <source>The file that opens the vault is damaged.</source>
        <translation>Файл, который открывает хранилище, поврежден.</translation>
    </message>
    <message>
        <source>The file that opens the vault is missing.</source>
        <translation>Файла, который открывает хранилище, нет.</translation>
    </message>
    <message>
        <source>The file that opens the vault is not as it must be.</source>
        <translation>Файл, который открывает хранилище, не такой, каким должен быть.</translation>
    </message>
    <message>
        <source>The file that was looked at is not at hand any more.</source>
        <translation>Файла, который был просмотрен, больше нет под рукой.</translation>
    </message>
    <message>
        <source>The folder, stick or relay cannot be reached.</source>
        <translation>Папка, накопитель или ретранслятор недоступны.</translation>
    </message>
    <message>
        <source>The form holds something that does not belong to it.</source>
        <translation>В форме есть нечто, что к ней не относится.</translation>
    </message>
    <message>
        <source>The identity of a delegation concerned changed and nobody has decided yet.</source>
        <translation>Удостоверение одной из этих делегаций изменилось, и решение еще никто не принял.</translation>
    </message>
    <message>
        <source>The identity of a laptop is not as it must be.</source>
        <translation>Удостоверение ноутбука не такое, каким должно быть.</translation>
    </message>
    <message>
        <source>The identity of this delegation changed and nobody has decided yet.</source>
        <translation>Удостоверение этой делегации изменилось, и решение еще никто не принял.</translation>
    </message>
    <message>
        <source>The incident is closed.</source>
        <translation>Инцидент закрыт.</translation>
    </message>
    <message>
        <source>The incident is open.</source>
        <translation>Инцидент открыт.</translation>
    </message>
    <message>
        <source>The key file no longer lies beside the vault.</source>
        <translation>Файла ключа рядом с хранилищем больше нет.</translation>
    </message>
    <message>
        <source>The key of the vault is not as it must be.</source>
        <translation>Ключ хранилища не такой, каким должен быть.</translation>
    </message>
    <message>
        <source>The keyring of this computer could not be used.</source>
        <translation>Связку ключей этого компьютера не удалось использовать.</translation>
    </message>
    <message>
        <source>The keyring of this computer does not answer.</source>
        <translation>Связка ключей этого компьютера не отвечает.</translation>
    </message>
    <message>
        <source>The keyring of this computer no longer holds what opens this vault.</source>
        <translation>В связке ключей этого компьютера больше нет того, что открывает это хранилище.</translation>
    </message>
    <message>
        <source>The keys in this request are not possible.</source>
        <translation>Таких ключей, как в этом запросе, быть не может.</translation>
    </message>
    <message>
        <source>The keys of a laptop on this card do not verify.</source>
        <translation>Ключи одного из ноутбуков в этой карточке не проходят проверку.</translation>
    </message>
    <message>
        <source>The ladder goes up only.</source>
        <translation>По лестнице эскалации передают только вверх.</translation>
    </message>
    <message>
        <source>The language is not one of the six official languages of the United Nations.</source>
        <translation>Этот язык не входит в число шести официальных языков Организации Объединенных Наций.</translation>
    </message>
    <message>
        <source>The laptop that asks shows another certificate than the one known here.</source>
        <translation>Обратившийся ноутбук показывает не тот сертификат, который известен здесь.</translation>
    </message>
    <message>
        <source>The laptop that made this answer may not admit others.</source>
        <translation>Ноутбук, создавший этот ответ, не вправе допускать другие.</translation>
    </message>
    <message>
        <source>The laptop that made this bundle has numbered two different ones alike.</source>
        <translation>Ноутбук, подготовивший этот пакет, дал двум разным пакетам одинаковый номер.</translation>
    </message>
    <message>
        <source>The last column of this line names no row that this register can have.</source>
        <translation>В последнем столбце этой строки указана строка, которой в этом реестре быть не может.</translation>
    </message>
    <message>
        <source>The marking in the bundle contradicts itself.</source>
        <translation>Пометка в наборе противоречит сама себе.</translation>
    </message>
    <message>
        <source>The message is empty.</source>
        <translation>Сообщение пусто.</translation>
    </message>
    <message>
        <source>The message is too long.</source>
        <translation>Сообщение слишком длинно.</translation>
    </message>
    <message>
        <source>The name of this State cannot be changed so.</source>
        <translation>Название этого государства так изменить нельзя.</translation>
    </message>
    <message>
        <source>The new passphrase is the old one.</source>
        <translation>Новая парольная фраза совпадает со старой.</translation>
    </message>
    <message>
        <source>The new passphrase is too short.</source>
        <translation>Новая парольная фраза слишком коротка.</translation>
    </message>
    <message>
        <source>The note is longer than 2,000 characters.</source>
        <translation>Примечание длиннее 2000 знаков.</translation>
    </message>
    <message>
        <source>The number of a paragraph is too long to be one.</source>
        <translation>Номер одного из пунктов слишком длинен для номера.</translation>
    </message>
    <message>
        <source>The numbers compared with a delegation concerned differ.</source>
        <translation>Номера, сверенные с одной из этих делегаций, не совпадают.</translation>
    </message>
    <message>
        <source>The pages of this PDF are pictures: they hold no words that can be read.</source>
        <translation>Страницы этого PDF — изображения: слов, которые можно прочитать, в них нет.</translation>
    </message>
    <message>
        <source>The paragraph does not stand so that this could be done.</source>
        <translation>Состояние пункта этого не позволяет.</translation>
    </message>
    <message>
        <source>The paragraph has changed since this draft was written; it did not leave.</source>
        <translation>Пункт изменился с тех пор, как написан этот черновик; он не отправлен.</translation>
    </message>
    <message>
        <source>The paragraph is agreed; its words cannot be changed.</source>
        <translation>Пункт согласован; его слова изменить нельзя.</translation>
    </message>
    <message>
        <source>The paragraph is no longer in the text.</source>
        <translation>Пункта больше нет в тексте.</translation>
    </message>
    <message>
        <source>The part of the vault that answers to a passphrase is damaged.</source>
        <translation>Та часть хранилища, которая отвечает на парольную фразу, повреждена.</translation>
    </message>
    <message>
        <source>The part that encrypts the database is missing.</source>
        <translation>Нет той части, которая шифрует базу данных.</translation>
    </message>
    <message>
        <source>The parts of the bundle are nested deeper than those of any honest one.</source>
        <translation>Части набора вложены глубже, чем в любом добросовестном.</translation>
    </message>
    <message>
        <source>The parts of the document are not built as expected.</source>
        <translation>Части документа построены не так, как ожидалось.</translation>
    </message>
    <message>
        <source>The parts of this file are nested deeper than those of any text.</source>
        <translation>Части этого файла вложены глубже, чем в любом тексте.</translation>
    </message>
    <message>
        <source>The parts of this page are nested deeper than those of any text. It was not read.</source>
        <translation>Части этой страницы вложены глубже, чем в любом тексте. Она не прочитана.</translation>
    </message>
    <message>
        <source>The passphrase is empty.</source>
        <translation>Парольная фраза пуста.</translation>
    </message>
    <message>
        <source>The passphrase of the key file is empty.</source>
        <translation>Парольная фраза файла ключа пуста.</translation>
    </message>
    <message>
        <source>The passphrase of this vault is protected less than it must be: somebody may have changed the file.</source>
        <translation>Парольная фраза этого хранилища защищена слабее, чем должна: возможно, кто-то изменил файл.</translation>
    </message>
    <message>
        <source>The pen can only go to a delegation that takes part in this text.</source>
        <translation>Перо можно передать только делегации, которая участвует в этом тексте.</translation>
    </message>
    <message>
        <source>The pen has already decided on this amendment.</source>
        <translation>Перо уже приняло решение по этой поправке.</translation>
    </message>
    <message>
        <source>The permission to use the relay has ended.</source>
        <translation>Срок разрешения использовать ретранслятор истек.</translation>
    </message>
    <message>
        <source>The picture could not be read.</source>
        <translation>Снимок не удалось прочитать.</translation>
    </message>
    <message>
        <source>The place of the amendment in the new words is missing.</source>
        <translation>Не указано место поправки в новых словах.</translation>
    </message>
    <message>
        <source>The process that checks evidence could not be started.</source>
        <translation>Процесс проверки доказательств не удалось запустить.</translation>
    </message>
    <message>
        <source>The process that checks evidence gave no usable answer.</source>
        <translation>Процесс проверки доказательств не дал пригодного ответа.</translation>
    </message>
    <message>
        <source>The program has a register with this id already.</source>
        <translation>В программе уже есть реестр с этим идентификатором.</translation>
    </message>
    <message>
        <source>The proxy of this network did not let Valise through to the relay.</source>
        <translation>Прокси этой сети не пропустил Valise к ретранслятору.</translation>
    </message>
    <message>
        <source>The public name is too long or holds control characters.</source>
        <translation>Открытое название слишком длинно или содержит управляющие знаки.</translation>
    </message>
    <message>
        <source>The quotation marks of the table do not match in this row.</source>
        <translation>В этой строке таблицы кавычки не парные.</translation>
    </message>
    <message>
        <source>The reader for documents could not be started.</source>
        <translation>Программу чтения документов не удалось запустить.</translation>
    </message>
    <message>
        <source>The recovery shares are needed while passphrase and keyring open together only.</source>
        <translation>Пока парольная фраза и связка ключей открывают только вместе, доли восстановления нужны.</translation>
    </message>
    <message>
        <source>The recovery shares could not be used.</source>
        <translation>Доли восстановления не удалось использовать.</translation>
    </message>
    <message>
        <source>The register was changed since the file was read.</source>
        <translation>Реестр изменен с тех пор, как был прочитан файл.</translation>
    </message>
    <message>
        <source>The relay did not do what it was asked.</source>
        <translation>Ретранслятор не выполнил то, о чем его просили.</translation>
    </message>
    <message>
        <source>The relay does not accept the permission of this laptop, or no longer.</source>
        <translation>Ретранслятор не принимает или больше не принимает разрешение этого ноутбука.</translation>
    </message>
    <message>
        <source>The relay runs a version that is too old to be relied on.</source>
        <translation>Версия ретранслятора слишком старая, чтобы на него полагаться.</translation>
    </message>
    <message>
        <source>The relay takes no revocations by itself.</source>
        <translation>Сам ретранслятор аннулирований не принимает.</translation>
    </message>
    <message>
        <source>The rights of this laptop were changed too often.</source>
        <translation>Права этого ноутбука менялись слишком часто.</translation>
    </message>
    <message>
        <source>The root key of your delegation cannot be used for this now.</source>
        <translation>Корневой ключ вашей делегации сейчас для этого использовать нельзя.</translation>
    </message>
    <message>
        <source>The root key of your delegation is not open; nothing was signed.</source>
        <translation>Корневой ключ вашей делегации не открыт; ничего не подписано.</translation>
    </message>
    <message>
        <source>The root key of your delegation was closed in the meantime; nothing was signed.</source>
        <translation>Корневой ключ вашей делегации тем временем закрыт; ничего не подписано.</translation>
    </message>
    <message>
        <source>The row was changed again since, so this change cannot be undone by itself.</source>
        <translation>С тех пор строка снова изменена, поэтому отменить одно это изменение нельзя.</translation>
    </message>
    <message>
        <source>The rows of this file cannot be taken in.</source>
        <translation>Строки этого файла принять нельзя.</translation>
    </message>
    <message>
        <source>The search could not be done.</source>
        <translation>Поиск выполнить не удалось.</translation>
    </message>
    <message>
        <source>The separate process that reads pictures could not be started.</source>
        <translation>Отдельный процесс чтения снимков не удалось запустить.</translation>
    </message>
    <message>
        <source>The separate program that lays out pages could not be started.</source>
        <translation>Отдельную программу верстки страниц не удалось запустить.</translation>
    </message>
    <message>
        <source>The separate program that lays out pages gave no usable answer.</source>
        <translation>Отдельная программа верстки страниц не дала пригодного ответа.</translation>
    </message>
    <message>
        <source>The separate reader of documents gave no usable answer.</source>
        <translation>Отдельная программа чтения документов не дала пригодного ответа.</translation>
    </message>
    <message>
        <source>The shares stay as they are while passphrase and keyring are needed together.</source>
        <translation>Пока парольная фраза и связка ключей требуются вместе, доли остаются прежними.</translation>
    </message>
    <message>
        <source>The signature of this answer does not verify.</source>
        <translation>Подпись этого ответа не проходит проверку.</translation>
    </message>
    <message>
        <source>The signature of this card does not verify: it was changed, or it is a forgery.</source>
        <translation>Подпись этой карточки не проходит проверку: карточка изменена или поддельная.</translation>
    </message>
    <message>
        <source>The signature of this release file does not hold: the file was changed on its way.</source>
        <translation>Подпись этого файла выпуска недействительна: файл был изменен в пути.</translation>
    </message>
    <message>
        <source>The signature of this request does not verify.</source>
        <translation>Подпись этого запроса не проходит проверку.</translation>
    </message>
    <message>
        <source>The stick or disk of the backup does not answer, or cannot be written.</source>
        <translation>Накопитель или диск резервной копии не отвечает, или на него нельзя записать.</translation>
    </message>
    <message>
        <source>The system did not allow what is needed.</source>
        <translation>Система не разрешила того, что требуется.</translation>
    </message>
    <message>
        <source>The table could not be written: its rows are not of one length.</source>
        <translation>Таблицу не удалось записать: ее строки разной длины.</translation>
    </message>
    <message>
        <source>The table has more rows than are read at once.</source>
        <translation>В таблице больше строк, чем читается за один раз.</translation>
    </message>
    <message>
        <source>The table has more than 20,000 rows, too many for one printed file.</source>
        <translation>В таблице больше 20 000 строк, для одного печатного файла это слишком много.</translation>
    </message>
    <message>
        <source>The table has no row of headings.</source>
        <translation>В таблице нет строки заголовков.</translation>
    </message>
    <message>
        <source>The table holds control characters that no cell has.</source>
        <translation>В таблице есть управляющие знаки, которых в ячейках не бывает.</translation>
    </message>
    <message>
        <source>The table is not written in UTF-8, so its letters cannot be told.</source>
        <translation>Таблица записана не в UTF-8, поэтому ее буквы определить нельзя.</translation>
    </message>
    <message>
        <source>The tasks are in the vault for practice, and this is a real one.</source>
        <translation>Задания находятся в учебном хранилище, а это — настоящее.</translation>
    </message>
    <message>
        <source>The text has changed since this file was read; nothing was proposed.</source>
        <translation>Текст изменился с тех пор, как был прочитан этот файл; ничего не предложено.</translation>
    </message>
    <message>
        <source>The text has no title.</source>
        <translation>У текста нет заголовка.</translation>
    </message>
    <message>
        <source>The text is frozen: two different continuations were written with the pen.</source>
        <translation>Текст заморожен: пером написаны два разных продолжения.</translation>
    </message>
    <message>
        <source>The text of this room can only be read with its past.</source>
        <translation>Текст этой комнаты можно прочитать только вместе с ее прошлым.</translation>
    </message>
    <message>
        <source>The title or the words hold signs that cannot be seen and could show other words.</source>
        <translation>В названии или словах есть невидимые знаки, из-за которых могут показываться другие слова.</translation>
    </message>
    <message>
        <source>The unlock page could not be started.</source>
        <translation>Страницу разблокировки не удалось запустить.</translation>
    </message>
    <message>
        <source>The vault could not be brought to this version.</source>
        <translation>Хранилище не удалось перевести на эту версию.</translation>
    </message>
    <message>
        <source>The vault could not be opened or written.</source>
        <translation>Хранилище не удалось открыть или записать.</translation>
    </message>
    <message>
        <source>The vault is closed. Start Valise again.</source>
        <translation>Хранилище закрыто. Запустите Valise снова.</translation>
    </message>
    <message>
        <source>The vault stays sealed.</source>
        <translation>Хранилище остается запечатанным.</translation>
    </message>
    <message>
        <source>The vault was closed meanwhile.</source>
        <translation>Тем временем хранилище закрыто.</translation>
    </message>
    <message>
        <source>The vault&apos;s database is damaged.</source>
        <translation>База данных хранилища повреждена.</translation>
    </message>
    <message>
        <source>The vault&apos;s database is damaged: a part of it does not verify any more.</source>
        <translation>База данных хранилища повреждена: часть ее больше не проходит проверку.</translation>
    </message>
    <message>
        <source>The vault&apos;s files are not where they were.</source>
        <translation>Файлов хранилища нет там, где они были.</translation>
    </message>
    <message>
        <source>The words are too long for one paragraph.</source>
        <translation>Слова слишком длинны для одного пункта.</translation>
    </message>
    <message>
        <source>The words contain characters that a text cannot hold.</source>
        <translation>В словах есть знаки, которых в тексте быть не может.</translation>
    </message>
    <message>
        <source>The words of the form that come with the program are damaged.</source>
        <translation>Слова формы, поставляемые с программой, повреждены.</translation>
    </message>
    <message>
        <source>The words of this statement do not have the hash that would be signed.</source>
        <translation>Слова этого заявления не имеют того хеша, который подписывался бы.</translation>
    </message>
    <message>
        <source>The words or the title are too long for a joint statement.</source>
        <translation>Слова или название слишком длинны для совместного заявления.</translation>
    </message>
    <message>
        <source>The words this refers to never stood in the text.</source>
        <translation>Слов, к которым это относится, в тексте никогда не было.</translation>
    </message>
    <message>
        <source>There are no words on both screens to be compared now.</source>
        <translation>На обоих экранах сейчас нет слов для сверки.</translation>
    </message>
    <message>
        <source>There are no words.</source>
        <translation>Слов нет.</translation>
    </message>
    <message>
        <source>There are too many contacts for one answer.</source>
        <translation>Для одного ответа контактов слишком много.</translation>
    </message>
    <message>
        <source>There is a row about this already.</source>
        <translation>Строка об этом уже есть.</translation>
    </message>
    <message>
        <source>There is a vault in this folder already.</source>
        <translation>В этой папке уже есть хранилище.</translation>
    </message>
    <message>
        <source>There is more than one code of a delegation in this picture.</source>
        <translation>На этом снимке больше одного кода делегации.</translation>
    </message>
    <message>
        <source>There is no State of this code.</source>
        <translation>Государства с таким кодом нет.</translation>
    </message>
    <message>
        <source>There is no card of that delegation yet.</source>
        <translation>Карточки этой делегации пока нет.</translation>
    </message>
    <message>
        <source>There is no contact card in this file.</source>
        <translation>В этом файле нет карточки контакта.</translation>
    </message>
    <message>
        <source>There is no event and no task in this calendar.</source>
        <translation>В этом календаре нет ни событий, ни задач.</translation>
    </message>
    <message>
        <source>There is no room left in the folder, on the stick or at the relay.</source>
        <translation>В папке, на накопителе или на ретрансляторе не осталось места.</translation>
    </message>
    <message>
        <source>There is no room that you share with this delegation alone, to send it the permission in.</source>
        <translation>Нет двусторонней комнаты с этой делегацией, в которой ей можно отправить разрешение.</translation>
    </message>
    <message>
        <source>There is no such kind of export.</source>
        <translation>Такого вида экспорта нет.</translation>
    </message>
    <message>
        <source>There is no such offer any more.</source>
        <translation>Такого предложения больше нет.</translation>
    </message>
    <message>
        <source>There is no such part of a text.</source>
        <translation>Такой части текста нет.</translation>
    </message>
    <message>
        <source>There is no such position.</source>
        <translation>Такой позиции нет.</translation>
    </message>
    <message>
        <source>There is no such setting.</source>
        <translation>Такой настройки нет.</translation>
    </message>
    <message>
        <source>There is nobody to make this bundle for: no laptop of a chosen delegation shares a room with you.</source>
        <translation>Подготовить этот пакет не для кого: ни один ноутбук выбранных делегаций не состоит с вами в общей комнате.</translation>
    </message>
    <message>
        <source>There is not enough memory to open the key file.</source>
        <translation>Для открытия файла ключа недостаточно памяти.</translation>
    </message>
    <message>
        <source>There is not enough memory to open the vault.</source>
        <translation>Для открытия хранилища недостаточно памяти.</translation>
    </message>
    <message>
        <source>There is not enough room for the backup. What was begun was taken away again.</source>
        <translation>Для резервной копии недостаточно места. Начатое снова убрано.</translation>
    </message>
    <message>
        <source>There is nothing here that could be taken or written.</source>
        <translation>Здесь нет ничего, что можно принять или записать.</translation>
    </message>
    <message>
        <source>There is nothing here to speak to.</source>
        <translation>Здесь не о чем высказываться.</translation>
    </message>
    <message>
        <source>There is nothing in it to take in.</source>
        <translation>Принимать из него нечего.</translation>
    </message>
    <message>
        <source>There is nothing more to do.</source>
        <translation>Больше делать ничего не нужно.</translation>
    </message>
    <message>
        <source>There is nothing to compare with this delegation.</source>
        <translation>С этой делегацией сверять нечего.</translation>
    </message>
    <message>
        <source>There is nothing to decide about this delegation.</source>
        <translation>По этой делегации решать нечего.</translation>
    </message>
    <message>
        <source>There is nothing to do.</source>
        <translation>Делать ничего не нужно.</translation>
    </message>
    <message>
        <source>There is nothing to do: it counts, with the reason that was given.</source>
        <translation>Делать ничего не нужно: оно учитывается, с указанной причиной.</translation>
    </message>
    <message>
        <source>There is nothing to open again.</source>
        <translation>Открывать вновь нечего.</translation>
    </message>
    <message>
        <source>There is nothing to take back.</source>
        <translation>Брать назад нечего.</translation>
    </message>
    <message>
        <source>There is something wrong with this backup.</source>
        <translation>С этой резервной копией что-то не так.</translation>
    </message>
    <message>
        <source>These shares are not of one set.</source>
        <translation>Эти доли из разных наборов.</translation>
    </message>
    <message>
        <source>These shares belong to another set than the one that opens this vault.</source>
        <translation>Эти доли относятся к другому набору, не к тому, который открывает это хранилище.</translation>
    </message>
    <message>
        <source>These shares fit together and do not open this vault.</source>
        <translation>Эти доли подходят друг к другу, но это хранилище не открывают.</translation>
    </message>
    <message>
        <source>These words are a share that Valise did not make.</source>
        <translation>Эти слова — доля, которую подготовила не программа Valise.</translation>
    </message>
    <message>
        <source>They can be made under Security, Unlocking, while the vault is open.</source>
        <translation>Их можно подготовить в разделе «Безопасность», «Разблокировка», пока хранилище открыто.</translation>
    </message>
    <message>
        <source>They have been asked for again; wait for the next exchanges.</source>
        <translation>Они запрошены снова; дождитесь следующих обменов.</translation>
    </message>
    <message>
        <source>This PDF has more pages than can be read at once.</source>
        <translation>В этом PDF больше страниц, чем можно прочитать сразу.</translation>
    </message>
    <message>
        <source>This PDF is protected with a password of its own.</source>
        <translation>Этот PDF защищен собственным паролем.</translation>
    </message>
    <message>
        <source>This XML file is not a document in Akoma Ntoso.</source>
        <translation>Этот файл XML не является документом в формате Akoma Ntoso.</translation>
    </message>
    <message>
        <source>This amendment is not in the text.</source>
        <translation>Этой поправки в тексте нет.</translation>
    </message>
    <message>
        <source>This amendment was withdrawn.</source>
        <translation>Эта поправка отозвана.</translation>
    </message>
    <message>
        <source>This answer does not certify this laptop.</source>
        <translation>Этот ответ не дает сертификата этому ноутбуку.</translation>
    </message>
    <message>
        <source>This answer was made by another version of Valise.</source>
        <translation>Этот ответ создан другой версией Valise.</translation>
    </message>
    <message>
        <source>This answer was made for another laptop, or was changed on its way.</source>
        <translation>Этот ответ создан для другого ноутбука или изменен в пути.</translation>
    </message>
    <message>
        <source>This backup is not whole: its end is missing.</source>
        <translation>Эта резервная копия не цела: нет ее конца.</translation>
    </message>
    <message>
        <source>This backup was changed after it was written, or its medium is failing.</source>
        <translation>Эта резервная копия изменена после записи, или ее носитель выходит из строя.</translation>
    </message>
    <message>
        <source>This backup was made when the vault had no recovery shares.</source>
        <translation>Эта резервная копия создана, когда у хранилища не было долей восстановления.</translation>
    </message>
    <message>
        <source>This backup was written by a newer Valise than this one.</source>
        <translation>Эта резервная копия записана более новой версией Valise, чем эта.</translation>
    </message>
    <message>
        <source>This bundle is for other laptops too, so it stays on the stick.</source>
        <translation>Этот пакет предназначен и для других ноутбуков, поэтому он остается на накопителе.</translation>
    </message>
    <message>
        <source>This bundle was written by a newer Valise than this one.</source>
        <translation>Этот пакет записан более новой версией Valise, чем эта.</translation>
    </message>
    <message>
        <source>This calendar could not be read or written.</source>
        <translation>Этот календарь не удалось прочитать или записать.</translation>
    </message>
    <message>
        <source>This came from a laptop whose card is not here yet.</source>
        <translation>Это поступило от ноутбука, карточки которого здесь еще нет.</translation>
    </message>
    <message>
        <source>This can only be changed together with what it rests on, such as its date.</source>
        <translation>Это можно изменить только вместе с тем, на чем оно основано, например с датой.</translation>
    </message>
    <message>
        <source>This cannot be done in this room.</source>
        <translation>В этой комнате этого сделать нельзя.</translation>
    </message>
    <message>
        <source>This cannot be done with the text as it stands now.</source>
        <translation>С текстом в его нынешнем виде этого сделать нельзя.</translation>
    </message>
    <message>
        <source>This cannot be done with these dates.</source>
        <translation>С этими датами этого сделать нельзя.</translation>
    </message>
    <message>
        <source>This cannot be done with this amendment.</source>
        <translation>С этой поправкой этого сделать нельзя.</translation>
    </message>
    <message>
        <source>This cannot be done with this contact.</source>
        <translation>С этим контактом этого сделать нельзя.</translation>
    </message>
    <message>
        <source>This cannot be done with this incident now.</source>
        <translation>С этим инцидентом сейчас этого сделать нельзя.</translation>
    </message>
    <message>
        <source>This cannot be done with this message.</source>
        <translation>С этим сообщением этого сделать нельзя.</translation>
    </message>
    <message>
        <source>This cannot be done with this register now.</source>
        <translation>С этим реестром сейчас этого сделать нельзя.</translation>
    </message>
    <message>
        <source>This cannot be signed for a laptop of your delegation.</source>
        <translation>Для ноутбука вашей делегации это подписать нельзя.</translation>
    </message>
    <message>
        <source>This card and one you hold name different laptops of the same delegation.</source>
        <translation>В этой карточке и в имеющейся у вас названы разные ноутбуки одной и той же делегации.</translation>
    </message>
    <message>
        <source>This card claims a laptop that belongs to another delegation.</source>
        <translation>В этой карточке заявлен ноутбук, который принадлежит другой делегации.</translation>
    </message>
    <message>
        <source>This card names a delegation you know, with another identity.</source>
        <translation>В этой карточке названа известная вам делегация, но с другим удостоверением.</translation>
    </message>
    <message>
        <source>This card was made by another version of Valise.</source>
        <translation>Эта карточка создана другой версией Valise.</translation>
    </message>
    <message>
        <source>This cell names a row that is not here.</source>
        <translation>В этой ячейке указана строка, которой здесь нет.</translation>
    </message>
    <message>
        <source>This change is not in the record here.</source>
        <translation>Этого изменения здесь в протоколе нет.</translation>
    </message>
    <message>
        <source>This change of the text is not possible.</source>
        <translation>Такое изменение текста невозможно.</translation>
    </message>
    <message>
        <source>This change was undone already.</source>
        <translation>Это изменение уже отменено.</translation>
    </message>
    <message>
        <source>This deadline is not possible.</source>
        <translation>Такой срок невозможен.</translation>
    </message>
    <message>
        <source>This delegation cannot be reached in that way now.</source>
        <translation>Этим путем с этой делегацией сейчас связаться нельзя.</translation>
    </message>
    <message>
        <source>This delegation does not wait to be admitted any more.</source>
        <translation>Эта делегация больше не ожидает допуска.</translation>
    </message>
    <message>
        <source>This document holds more tracked changes and comments than can be read at once.</source>
        <translation>В этом документе больше исправлений и примечаний, чем можно прочитать сразу.</translation>
    </message>
    <message>
        <source>This document is of the old kind (.doc).</source>
        <translation>Этот документ в старом формате (.doc).</translation>
    </message>
    <message>
        <source>This document is protected with a password of its own.</source>
        <translation>Этот документ защищен собственным паролем.</translation>
    </message>
    <message>
        <source>This draft could not be released, returned or taken back.</source>
        <translation>Не удалось разрешить отправку этого черновика, вернуть его или взять назад.</translation>
    </message>
    <message>
        <source>This draft is of another officer, who alone can take it back.</source>
        <translation>Это черновик другого сотрудника; взять его назад может только он.</translation>
    </message>
    <message>
        <source>This draft is your own: another officer releases or returns it.</source>
        <translation>Это ваш собственный черновик: разрешает отправку или возвращает его другой сотрудник.</translation>
    </message>
    <message>
        <source>This draft was decided meanwhile.</source>
        <translation>По этому черновику тем временем принято решение.</translation>
    </message>
    <message>
        <source>This field belongs to what you assess, and never stands beside what a State says of itself.</source>
        <translation>Это поле относится к вашим оценкам и никогда не стоит рядом с тем, что государство говорит о себе.</translation>
    </message>
    <message>
        <source>This field does not take what was written: its help says what it asks for.</source>
        <translation>Это поле не принимает написанного: в его справке сказано, что требуется.</translation>
    </message>
    <message>
        <source>This field is written by the program itself.</source>
        <translation>Это поле записывает сама программа.</translation>
    </message>
    <message>
        <source>This file declares a document type, which no text needs and which can do harm. It was not read.</source>
        <translation>В этом файле объявлен тип документа, который не нужен ни одному тексту и может причинить вред. Файл не прочитан.</translation>
    </message>
    <message>
        <source>This file does not define a register: line and column say where it goes wrong.</source>
        <translation>Этот файл не определяет реестр: строка и столбец указывают, где ошибка.</translation>
    </message>
    <message>
        <source>This file has more parts than can be read at once.</source>
        <translation>В этом файле больше частей, чем можно прочитать сразу.</translation>
    </message>
    <message>
        <source>This file has not arrived whole yet.</source>
        <translation>Этот файл поступил еще не целиком.</translation>
    </message>
    <message>
        <source>This file holds more than any directory has.</source>
        <translation>В этом файле больше, чем бывает в каком-либо реестре.</translation>
    </message>
    <message>
        <source>This file holds no Word document.</source>
        <translation>В этом файле нет документа Word.</translation>
    </message>
    <message>
        <source>This file holds the other side of the register: what you assess and what States say never mix.</source>
        <translation>В этом файле другая сторона реестра: ваши оценки и заявления государств никогда не смешиваются.</translation>
    </message>
    <message>
        <source>This file is damaged, or built as no document is built. It was not read.</source>
        <translation>Этот файл поврежден или построен так, как документы не строятся. Он не прочитан.</translation>
    </message>
    <message>
        <source>This file is damaged: it is not well-formed XML.</source>
        <translation>Этот файл поврежден: это неправильно построенный XML.</translation>
    </message>
    <message>
        <source>This file is empty or too large to be sent.</source>
        <translation>Этот файл пуст или слишком велик для отправки.</translation>
    </message>
    <message>
        <source>This file is in a version of Akoma Ntoso that is not known here.</source>
        <translation>Версия Akoma Ntoso этого файла здесь неизвестна.</translation>
    </message>
    <message>
        <source>This file is larger than can be received.</source>
        <translation>Этот файл больше, чем можно получить.</translation>
    </message>
    <message>
        <source>This file is no backup of Valise.</source>
        <translation>Этот файл не является резервной копией Valise.</translation>
    </message>
    <message>
        <source>This file is not a PDF, or it is damaged.</source>
        <translation>Этот файл не является PDF или поврежден.</translation>
    </message>
    <message>
        <source>This file is not a calendar, or it is damaged.</source>
        <translation>Этот файл не является календарем или поврежден.</translation>
    </message>
    <message>
        <source>This file is not a picture that can be read.</source>
        <translation>Этот файл не является снимком, который можно прочитать.</translation>
    </message>
    <message>
        <source>This file is not a request of another laptop, or not a whole one.</source>
        <translation>Этот файл не является запросом другого ноутбука или неполон.</translation>
    </message>
    <message>
        <source>This file is not a request of another laptop.</source>
        <translation>Этот файл не является запросом другого ноутбука.</translation>
    </message>
    <message>
        <source>This file is not a web page.</source>
        <translation>Этот файл не является веб-страницей.</translation>
    </message>
    <message>
        <source>This file is not an identity card, or not a whole one.</source>
        <translation>Этот файл не является карточкой делегации или неполон.</translation>
    </message>
    <message>
        <source>This file is not an identity card.</source>
        <translation>Этот файл не является карточкой делегации.</translation>
    </message>
    <message>
        <source>This file is not in the vault.</source>
        <translation>Этого файла в хранилище нет.</translation>
    </message>
    <message>
        <source>This file is not the answer to a request, or not a whole one.</source>
        <translation>Этот файл не является ответом на запрос или неполон.</translation>
    </message>
    <message>
        <source>This file is not the answer to a request.</source>
        <translation>Этот файл не является ответом на запрос.</translation>
    </message>
    <message>
        <source>This file is not written in UTF-8.</source>
        <translation>Этот файл записан не в UTF-8.</translation>
    </message>
    <message>
        <source>This file is too large to be an identity card.</source>
        <translation>Этот файл слишком велик для карточки делегации.</translation>
    </message>
    <message>
        <source>This file unpacks to more than any document holds. It was not read.</source>
        <translation>При распаковке в этом файле больше данных, чем в любом документе. Он не прочитан.</translation>
    </message>
    <message>
        <source>This file was attached in another room and is sealed for its members.</source>
        <translation>Этот файл приложен в другой комнате и запечатан для ее участников.</translation>
    </message>
    <message>
        <source>This folder is copied elsewhere by a synchronising program.</source>
        <translation>Эту папку копирует в другое место программа синхронизации.</translation>
    </message>
    <message>
        <source>This identity was replaced by another one of the same delegation.</source>
        <translation>Это удостоверение заменено другим удостоверением той же делегации.</translation>
    </message>
    <message>
        <source>This incident is not here.</source>
        <translation>Этого инцидента здесь нет.</translation>
    </message>
    <message>
        <source>This internal note could not be kept.</source>
        <translation>Эту внутреннюю заметку не удалось сохранить.</translation>
    </message>
    <message>
        <source>This is a real State, and this vault is for practice: it was refused.</source>
        <translation>Это реальное государство, а хранилище здесь учебное: государство отклонено.</translation>
    </message>
    <message>
        <source>This is a travel laptop, and it is not for this room.</source>
        <translation>Это дорожный ноутбук, и он не предназначен для этой комнаты.</translation>
    </message>
    <message>
        <source>This is an older copy of this laptop&apos;s vault: what it had said since is asked of the others.</source>
        <translation>Это более старая копия хранилища этого ноутбука: то, что он сказал с тех пор, запрашивается у других.</translation>
    </message>
    <message>
        <source>This is for the delegations the incident was sent to.</source>
        <translation>Это могут сделать делегации, которым отправлен инцидент.</translation>
    </message>
    <message>
        <source>This is longer than one change of a register can be.</source>
        <translation>Это длиннее, чем может быть одно изменение реестра.</translation>
    </message>
    <message>
        <source>This is no file of settings that can be read here.</source>
        <translation>Это не файл настроек, который можно здесь прочитать.</translation>
    </message>
    <message>
        <source>This is not a bundle of Valise.</source>
        <translation>Это не пакет Valise.</translation>
    </message>
    <message>
        <source>This is not a card of your delegation.</source>
        <translation>Это не карточка вашей делегации.</translation>
    </message>
    <message>
        <source>This is not a key file of a delegation, or it was changed.</source>
        <translation>Это не файл ключа делегации, или он изменен.</translation>
    </message>
    <message>
        <source>This is not a key file of a delegation.</source>
        <translation>Это не файл ключа делегации.</translation>
    </message>
    <message>
        <source>This is not a release file of Valise, or it is damaged.</source>
        <translation>Это не файл выпуска Valise, или он поврежден.</translation>
    </message>
    <message>
        <source>This is not a valid answer for this laptop.</source>
        <translation>Это недействительный ответ для этого ноутбука.</translation>
    </message>
    <message>
        <source>This is not a valid identity card.</source>
        <translation>Это недействительная карточка делегации.</translation>
    </message>
    <message>
        <source>This is not a valid key file of a delegation.</source>
        <translation>Это недействительный файл ключа делегации.</translation>
    </message>
    <message>
        <source>This is not a valid request of another laptop.</source>
        <translation>Это недействительный запрос другого ноутбука.</translation>
    </message>
    <message>
        <source>This is not an ordinary file.</source>
        <translation>Это не обычный файл.</translation>
    </message>
    <message>
        <source>This is not the file of a relay, or it is torn.</source>
        <translation>Это не файл ретранслятора, или он обрывается.</translation>
    </message>
    <message>
        <source>This is the card of a delegation from a vault for practice: it was refused.</source>
        <translation>Это карточка делегации из учебного хранилища: она отклонена.</translation>
    </message>
    <message>
        <source>This is the card of a real delegation, and this vault is for practice: it was refused.</source>
        <translation>Это карточка реальной делегации, а это хранилище учебное: она отклонена.</translation>
    </message>
    <message>
        <source>This is too much for one act of the pen.</source>
        <translation>Для одного действия пера это слишком много.</translation>
    </message>
    <message>
        <source>This is too much for one entry of the record.</source>
        <translation>Для одной записи протокола это слишком много.</translation>
    </message>
    <message>
        <source>This is your own card.</source>
        <translation>Это ваша собственная карточка.</translation>
    </message>
    <message>
        <source>This is your own identity: there is nothing to compare.</source>
        <translation>Это ваше собственное удостоверение: сверять нечего.</translation>
    </message>
    <message>
        <source>This is your own message.</source>
        <translation>Это ваше собственное сообщение.</translation>
    </message>
    <message>
        <source>This key file belongs to another delegation.</source>
        <translation>Этот файл ключа принадлежит другой делегации.</translation>
    </message>
    <message>
        <source>This key file is protected less than it must be.</source>
        <translation>Этот файл ключа защищен слабее, чем должен.</translation>
    </message>
    <message>
        <source>This key file was written by another version of Valise.</source>
        <translation>Этот файл ключа записан другой версией Valise.</translation>
    </message>
    <message>
        <source>This kind of document cannot be read.</source>
        <translation>Документы такого вида не читаются.</translation>
    </message>
    <message>
        <source>This laptop does not have the right to do this.</source>
        <translation>У этого ноутбука нет права это делать.</translation>
    </message>
    <message>
        <source>This laptop does not hold the same text under that revision.</source>
        <translation>Под этой редакцией на этом ноутбуке другой текст.</translation>
    </message>
    <message>
        <source>This laptop does not wait to be admitted.</source>
        <translation>Этот ноутбук не ожидает допуска.</translation>
    </message>
    <message>
        <source>This laptop has already been admitted.</source>
        <translation>Этот ноутбук уже допущен.</translation>
    </message>
    <message>
        <source>This laptop has been admitted already.</source>
        <translation>Этот ноутбук уже допущен.</translation>
    </message>
    <message>
        <source>This laptop has not been admitted to its delegation yet.</source>
        <translation>Этот ноутбук еще не допущен к своей делегации.</translation>
    </message>
    <message>
        <source>This laptop was made from a backup and waits to be admitted.</source>
        <translation>Этот ноутбук создан из резервной копии и ожидает допуска.</translation>
    </message>
    <message>
        <source>This laptop was made from a backup, and this cannot be done with it now.</source>
        <translation>Этот ноутбук создан из резервной копии, и сейчас с ним этого сделать нельзя.</translation>
    </message>
    <message>
        <source>This laptop was revoked by its delegation.</source>
        <translation>Допуск этого ноутбука аннулирован его делегацией.</translation>
    </message>
    <message>
        <source>This laptop was revoked; that cannot be taken back.</source>
        <translation>Допуск этого ноутбука аннулирован; взять это назад нельзя.</translation>
    </message>
    <message>
        <source>This line changes a field that the program writes itself.</source>
        <translation>Эта строка изменяет поле, которое записывает сама программа.</translation>
    </message>
    <message>
        <source>This line has more or fewer cells than there are headings.</source>
        <translation>В этой строке больше или меньше ячеек, чем заголовков.</translation>
    </message>
    <message>
        <source>This line names no State, delegation or item of this register.</source>
        <translation>В этой строке не указано ни государство, ни делегация, ни позиция этого реестра.</translation>
    </message>
    <message>
        <source>This list is closed already.</source>
        <translation>Этот список уже закрыт.</translation>
    </message>
    <message>
        <source>This list of members is not possible for such a room.</source>
        <translation>Для такой комнаты этот список участников невозможен.</translation>
    </message>
    <message>
        <source>This marking is not possible.</source>
        <translation>Такая пометка невозможна.</translation>
    </message>
    <message>
        <source>This message is not in the vault.</source>
        <translation>Этого сообщения в хранилище нет.</translation>
    </message>
    <message>
        <source>This name is too long, or has signs in it that cannot be shown.</source>
        <translation>Это название слишком длинно или содержит знаки, которые нельзя показать.</translation>
    </message>
    <message>
        <source>This outcome or way is not one of those that are known.</source>
        <translation>Такой результат или путь не входит в число известных.</translation>
    </message>
    <message>
        <source>This package does not belong to this release.</source>
        <translation>Этот пакет не относится к этому выпуску.</translation>
    </message>
    <message>
        <source>This package has the name of a released one and another content: it was changed on its way.</source>
        <translation>У этого пакета имя выпущенного, но другое содержание: он был изменен в пути.</translation>
    </message>
    <message>
        <source>This page has more parts than can be read at once.</source>
        <translation>На этой странице больше частей, чем можно прочитать сразу.</translation>
    </message>
    <message>
        <source>This permission was taken back, or is not known here.</source>
        <translation>Это разрешение взято назад или здесь неизвестно.</translation>
    </message>
    <message>
        <source>This picture is too large to be read.</source>
        <translation>Этот снимок слишком велик для чтения.</translation>
    </message>
    <message>
        <source>This register does not have that side here. What you assess stays within your delegation.</source>
        <translation>В этом реестре здесь нет этой стороны. Ваши оценки остаются внутри вашей делегации.</translation>
    </message>
    <message>
        <source>This register has no such field.</source>
        <translation>Такого поля в этом реестре нет.</translation>
    </message>
    <message>
        <source>This register is kept within your delegation alone, not in a room with others.</source>
        <translation>Этот реестр ведется только внутри вашей делегации, а не в комнате с другими.</translation>
    </message>
    <message>
        <source>This register is not known here.</source>
        <translation>Этот реестр здесь неизвестен.</translation>
    </message>
    <message>
        <source>This register is not written in that kind of file.</source>
        <translation>В файл такого вида этот реестр не записывается.</translation>
    </message>
    <message>
        <source>This release file has a form that only a newer version reads.</source>
        <translation>У этого файла выпуска такой вид, который читает только более новая версия.</translation>
    </message>
    <message>
        <source>This release file was signed by somebody else than the publisher of this program.</source>
        <translation>Этот файл выпуска подписан не издателем этой программы.</translation>
    </message>
    <message>
        <source>This release file, or the package with it, is not what the publisher signed.</source>
        <translation>Этот файл выпуска или приложенный к нему пакет — не то, что подписал издатель.</translation>
    </message>
    <message>
        <source>This request was made by another version of Valise.</source>
        <translation>Этот запрос создан другой версией Valise.</translation>
    </message>
    <message>
        <source>This revision has not arrived yet.</source>
        <translation>Эта редакция еще не поступила.</translation>
    </message>
    <message>
        <source>This revision is not here, or this laptop computes it differently.</source>
        <translation>Этой редакции здесь нет, или этот ноутбук вычисляет ее иначе.</translation>
    </message>
    <message>
        <source>This room is not here.</source>
        <translation>Этой комнаты здесь нет.</translation>
    </message>
    <message>
        <source>This room is not in the vault.</source>
        <translation>Этой комнаты в хранилище нет.</translation>
    </message>
    <message>
        <source>This round is closed already.</source>
        <translation>Этот раунд уже закрыт.</translation>
    </message>
    <message>
        <source>This round was an exercise: nothing of it is taken into an entry.</source>
        <translation>Этот раунд был учениями: ничего из него в запись не принимается.</translation>
    </message>
    <message>
        <source>This round, question or contact is not known here.</source>
        <translation>Этот раунд, вопрос или контакт здесь неизвестен.</translation>
    </message>
    <message>
        <source>This row has more than 500 columns.</source>
        <translation>В этой строке больше 500 столбцов.</translation>
    </message>
    <message>
        <source>This row is not in the register.</source>
        <translation>Этой строки в реестре нет.</translation>
    </message>
    <message>
        <source>This row was taken out of the register.</source>
        <translation>Эта строка исключена из реестра.</translation>
    </message>
    <message>
        <source>This setting is kept inside the vault only.</source>
        <translation>Эта настройка хранится только внутри хранилища.</translation>
    </message>
    <message>
        <source>This silence procedure has not arrived here.</source>
        <translation>Эта процедура отсутствия возражений сюда не поступила.</translation>
    </message>
    <message>
        <source>This silence procedure is over.</source>
        <translation>Эта процедура отсутствия возражений завершена.</translation>
    </message>
    <message>
        <source>This statement is not on this laptop.</source>
        <translation>Этого заявления на этом ноутбуке нет.</translation>
    </message>
    <message>
        <source>This table could not be read or written.</source>
        <translation>Эту таблицу не удалось прочитать или записать.</translation>
    </message>
    <message>
        <source>This task or note is done, or no longer holds.</source>
        <translation>Эта задача или заметка выполнена или больше не действует.</translation>
    </message>
    <message>
        <source>This text is no longer in the vault.</source>
        <translation>Этого текста в хранилище больше нет.</translation>
    </message>
    <message>
        <source>This text is not in the vault.</source>
        <translation>Этого текста в хранилище нет.</translation>
    </message>
    <message>
        <source>This time cannot be: an answer comes after the question, and not in the future.</source>
        <translation>Такого времени быть не может: ответ следует за вопросом и не относится к будущему.</translation>
    </message>
    <message>
        <source>This value is not possible for this setting.</source>
        <translation>Такое значение для этой настройки невозможно.</translation>
    </message>
    <message>
        <source>This vault does not use a keyring.</source>
        <translation>Это хранилище не использует связку ключей.</translation>
    </message>
    <message>
        <source>This vault has no recovery shares.</source>
        <translation>У этого хранилища нет долей восстановления.</translation>
    </message>
    <message>
        <source>This vault opens in a way that this version does not know.</source>
        <translation>Это хранилище открывается способом, которого эта версия не знает.</translation>
    </message>
    <message>
        <source>This vault wants passphrase and keyring together, and the keyring&apos;s half is not here.</source>
        <translation>Этому хранилищу нужны парольная фраза и связка ключей вместе, а половины, которая была в связке ключей, здесь нет.</translation>
    </message>
    <message>
        <source>This vault was made by a newer Valise.</source>
        <translation>Это хранилище создано более новой версией Valise.</translation>
    </message>
    <message>
        <source>This vault was written by a newer Valise.</source>
        <translation>Это хранилище записано более новой версией Valise.</translation>
    </message>
    <message>
        <source>This way of exchange cannot be used now.</source>
        <translation>Этот путь обмена сейчас использовать нельзя.</translation>
    </message>
    <message>
        <source>This way of exchange is not known to this version.</source>
        <translation>Этот путь обмена этой версии неизвестен.</translation>
    </message>
    <message>
        <source>Tick at least one point of contact.</source>
        <translation>Отметьте хотя бы один контактный пункт.</translation>
    </message>
    <message>
        <source>Tick the exercise box, or choose another type of message.</source>
        <translation>Отметьте, что это учения, или выберите другой вид сообщения.</translation>
    </message>
    <message>
        <source>Too much of this bundle cannot be opened here, and nobody known vouches for it. The rest was left alone.</source>
        <translation>Слишком многое в этом пакете здесь нельзя открыть, и никто из известных за это не ручается. Остальное оставлено нетронутым.</translation>
    </message>
    <message>
        <source>Try again, or use the command valise verify.</source>
        <translation>Попробуйте снова или используйте команду valise verify.</translation>
    </message>
    <message>
        <source>Try again. If it happens again, run valise doctor.</source>
        <translation>Попробуйте снова. Если это повторится, выполните valise doctor.</translation>
    </message>
    <message>
        <source>Try again; if it happens again, run valise doctor.</source>
        <translation>Попробуйте снова; если это повторится, выполните valise doctor.</translation>
    </message>
    <message>
        <source>Try again; if it happens again, save the text as a Word document.</source>
        <translation>Попробуйте снова; если это повторится, сохраните текст как документ Word.</translation>
    </message>
    <message>
        <source>Try other words.</source>
        <translation>Попробуйте другие слова.</translation>
    </message>
    <message>
        <source>Two columns of the file have the same name.</source>
        <translation>Два столбца файла имеют одинаковое название.</translation>
    </message>
    <message>
        <source>Two entries of the calendar have the same identifier.</source>
        <translation>У двух записей календаря один и тот же идентификатор.</translation>
    </message>
    <message>
        <source>Two things in the bundle bear the same identifier.</source>
        <translation>Две вещи в наборе имеют один и тот же идентификатор.</translation>
    </message>
    <message>
        <source>Two to sixteen shares can be made, of which two or more are needed.</source>
        <translation>Можно подготовить от двух до шестнадцати долей, из которых требуются две или более.</translation>
    </message>
    <message>
        <source>Type a passphrase.</source>
        <translation>Введите парольную фразу.</translation>
    </message>
    <message>
        <source>Type it.</source>
        <translation>Введите ее.</translation>
    </message>
    <message>
        <source>Type the code as it stands on your name plate.</source>
        <translation>Введите код так, как он стоит на вашей табличке с названием.</translation>
    </message>
    <message>
        <source>Type the passphrase the delegation was founded with.</source>
        <translation>Введите парольную фразу, с которой основана делегация.</translation>
    </message>
    <message>
        <source>Undo the later change first, or write the value you want.</source>
        <translation>Сначала отмените более позднее изменение или запишите нужное вам значение.</translation>
    </message>
    <message>
        <source>Unlock it and do it again.</source>
        <translation>Разблокируйте его и сделайте это снова.</translation>
    </message>
    <message>
        <source>Unlock it with its passphrase.</source>
        <translation>Разблокируйте его парольной фразой.</translation>
    </message>
    <message>
        <source>Unlock it, or choose another folder.</source>
        <translation>Разблокируйте его или выберите другую папку.</translation>
    </message>
    <message>
        <source>Unlock the vault to change it.</source>
        <translation>Чтобы изменить ее, разблокируйте хранилище.</translation>
    </message>
    <message>
        <source>Unlock with your passphrase.</source>
        <translation>Разблокируйте парольной фразой.</translation>
    </message>
    <message>
        <source>Unlock with your passphrase; everything works without a keyring.</source>
        <translation>Разблокируйте парольной фразой; без связки ключей всё работает.</translation>
    </message>
    <message>
        <source>Unlock with your passphrase; the keyring can be set up again under Security, Unlocking.</source>
        <translation>Разблокируйте парольной фразой; связку ключей можно настроить снова в разделе «Безопасность», «Разблокировка».</translation>
    </message>
    <message>
        <source>Until it is settled, do not rely on who is at the other end.</source>
        <translation>Пока это не выяснено, не полагайтесь на то, кто на другой стороне.</translation>
    </message>
    <message>
        <source>Use the key file or the recovery shares of your delegation.</source>
        <translation>Используйте файл ключа или доли восстановления вашей делегации.</translation>
    </message>
    <message>
        <source>Use the newer contact.</source>
        <translation>Используйте более новый контакт.</translation>
    </message>
    <message>
        <source>Use the version it was made with, or a newer one.</source>
        <translation>Используйте версию, которой он создан, или более новую.</translation>
    </message>
    <message>
        <source>Use your central authority for mutual legal assistance, the 24/7 network of the treaty that applies, or INTERPOL through your national central bureau. If you ask for nothing of the kind, say so in the words.</source>
        <translation>Обратитесь к вашему центральному органу по взаимной правовой помощи, к сети 24/7 применимого договора или в ИНТЕРПОЛ через ваше национальное центральное бюро. Если вы ни о чем подобном не просите, скажите об этом в тексте.</translation>
    </message>
    <message>
        <source>Use your passphrase. If the keyring is locked, open it in the system&apos;s settings and try again.</source>
        <translation>Используйте парольную фразу. Если связка ключей заблокирована, откройте ее в настройках системы и попробуйте снова.</translation>
    </message>
    <message>
        <source>Wait for the next exchange, or ask its chair.</source>
        <translation>Дождитесь следующего обмена или обратитесь к ее председателю.</translation>
    </message>
    <message>
        <source>Wait for the next exchange, or ask its room.</source>
        <translation>Дождитесь следующего обмена или спросите в его комнате.</translation>
    </message>
    <message>
        <source>Wait for the next exchange, or freeze a new revision.</source>
        <translation>Дождитесь следующего обмена или зафиксируйте новую редакцию.</translation>
    </message>
    <message>
        <source>Wait for the next exchange.</source>
        <translation>Дождитесь следующего обмена.</translation>
    </message>
    <message>
        <source>Wait for the next exchange; everything before it is fetched by itself.</source>
        <translation>Дождитесь следующего обмена; всё, что предшествует, запрашивается само собой.</translation>
    </message>
    <message>
        <source>Wait for the next exchange; if it stays so, compare the hash with the opener.</source>
        <translation>Дождитесь следующего обмена; если ничего не изменится, сверьте хеш с открывшей делегацией.</translation>
    </message>
    <message>
        <source>Wait for their answers, or send an update.</source>
        <translation>Дождитесь их ответов или отправьте дополнение.</translation>
    </message>
    <message>
        <source>Wait until enough others have spoken.</source>
        <translation>Дождитесь, пока выскажется достаточно других.</translation>
    </message>
    <message>
        <source>Wait until then; or give the reason why it cannot wait, which is kept in your internal record.</source>
        <translation>Дождитесь этого времени или укажите, почему это не может ждать; причина сохраняется в вашем внутреннем протоколе.</translation>
    </message>
    <message>
        <source>What answers at the relay&apos;s address cannot prove that it is the relay.</source>
        <translation>То, что отвечает по адресу ретранслятора, не может доказать, что это ретранслятор.</translation>
    </message>
    <message>
        <source>What came from outside is not valid.</source>
        <translation>То, что поступило извне, недействительно.</translation>
    </message>
    <message>
        <source>What is immediate says by when a reply is requested.</source>
        <translation>При срочности «Немедленная» указывается, до какого времени просят ответить.</translation>
    </message>
    <message>
        <source>What this backup holds does not fit together.</source>
        <translation>Содержимое этой резервной копии не согласуется между собой.</translation>
    </message>
    <message>
        <source>What this bundle says of itself cannot be read or is not valid.</source>
        <translation>То, что этот пакет сообщает о себе, не читается или недействительно.</translation>
    </message>
    <message>
        <source>What this file wants otherwise cannot be proposed now.</source>
        <translation>То, что меняет этот файл, сейчас предложить нельзя.</translation>
    </message>
    <message>
        <source>What this laptop said before it was put back is not all known yet.</source>
        <translation>Еще не всё известно о том, что этот ноутбук сказал до восстановления копии.</translation>
    </message>
    <message>
        <source>What this says about a relay cannot be right.</source>
        <translation>То, что здесь сказано о ретрансляторе, не может быть верным.</translation>
    </message>
    <message>
        <source>What verifies in it came in all the same. Ask its sender for a new one.</source>
        <translation>То, что в нем проходит проверку, всё же принято. Попросите у отправителя новый.</translation>
    </message>
    <message>
        <source>What waits is kept and sent at the next exchange.</source>
        <translation>Ожидающее сохраняется и будет отправлено при следующем обмене.</translation>
    </message>
    <message>
        <source>What waits is kept. Look at Ways of exchange.</source>
        <translation>Ожидающее сохраняется. Посмотрите «Пути обмена».</translation>
    </message>
    <message>
        <source>What waits is kept. Look at Ways of exchange; a courier can take it.</source>
        <translation>Ожидающее сохраняется. Посмотрите «Пути обмена»; его может доставить курьер.</translation>
    </message>
    <message>
        <source>What waits is kept. Try again, best with another stick.</source>
        <translation>Ожидающее сохраняется. Попробуйте снова, лучше всего с другим накопителем.</translation>
    </message>
    <message>
        <source>What was announced about the file is impossible.</source>
        <translation>То, что сообщено о файле, невозможно.</translation>
    </message>
    <message>
        <source>What was given is not the secret of a root key.</source>
        <translation>Предоставленное не является секретом корневого ключа.</translation>
    </message>
    <message>
        <source>What was read back is not what was written, so this is no backup. It was taken away again.</source>
        <translation>Прочитанное обратно отличается от записанного, поэтому это не резервная копия. Она снова убрана.</translation>
    </message>
    <message>
        <source>What was received stays readable; write in another room.</source>
        <translation>Полученное по-прежнему можно читать; пишите в другой комнате.</translation>
    </message>
    <message>
        <source>What was sent so far may not be protected as it should be.</source>
        <translation>То, что уже отправлено, возможно, защищено не так, как должно быть.</translation>
    </message>
    <message>
        <source>What was to be signed is not possible in the record.</source>
        <translation>То, что предстояло подписать, в протоколе невозможно.</translation>
    </message>
    <message>
        <source>What was typed is not the code of your delegation. Nothing was destroyed.</source>
        <translation>Введенное не является кодом вашей делегации. Ничего не уничтожено.</translation>
    </message>
    <message>
        <source>What was written does not verify, so it was not kept.</source>
        <translation>Записанное не проходит проверку, поэтому оно не сохранено.</translation>
    </message>
    <message>
        <source>What you wrote is longer than one message can be.</source>
        <translation>Написанное вами длиннее, чем может быть одно сообщение.</translation>
    </message>
    <message>
        <source>Who does not act says why, or that the reason is not stated.</source>
        <translation>Кто не принимает мер, указывает почему или что причина не указана.</translation>
    </message>
    <message>
        <source>Write a sentence.</source>
        <translation>Напишите предложение.</translation>
    </message>
    <message>
        <source>Write both, then open it for sign-on.</source>
        <translation>Напишите и то и другое, затем откройте его для присоединения.</translation>
    </message>
    <message>
        <source>Write it in the register within your delegation, or ask the other delegation.</source>
        <translation>Запишите это в реестре внутри вашей делегации или попросите другую делегацию.</translation>
    </message>
    <message>
        <source>Write it on a laptop at home, or in one of the rooms this one was made for.</source>
        <translation>Напишите это на ноутбуке, который остался дома, или в одной из комнат, для которых создан этот.</translation>
    </message>
    <message>
        <source>Write it on the assessed side.</source>
        <translation>Запишите это на стороне оценок.</translation>
    </message>
    <message>
        <source>Write or paste the words as plain text, then try again.</source>
        <translation>Напишите или вставьте слова как простой текст и попробуйте снова.</translation>
    </message>
    <message>
        <source>Write something or attach a file.</source>
        <translation>Напишите что-нибудь или приложите файл.</translation>
    </message>
    <message>
        <source>Write to it.</source>
        <translation>Напишите ей.</translation>
    </message>
    <message>
        <source>You already have a newer card of that delegation.</source>
        <translation>У вас уже есть более новая карточка этой делегации.</translation>
    </message>
    <message>
        <source>Your delegation cannot vouch for this one.</source>
        <translation>Ваша делегация не может поручиться за эту.</translation>
    </message>
    <message>
        <source>Your delegation does not sponsor this amendment.</source>
        <translation>Вашей делегации нет среди авторов этой поправки.</translation>
    </message>
    <message>
        <source>Your delegation does not stand on this list.</source>
        <translation>Вашей делегации нет в этом списке.</translation>
    </message>
    <message>
        <source>Your delegation has acknowledged this already.</source>
        <translation>Ваша делегация уже подтвердила получение.</translation>
    </message>
    <message>
        <source>Your delegation has broken this silence already.</source>
        <translation>Ваша делегация уже заявила возражение в этой процедуре.</translation>
    </message>
    <message>
        <source>Your delegation has said that already.</source>
        <translation>Ваша делегация это уже сказала.</translation>
    </message>
    <message>
        <source>Your delegation has signed on already.</source>
        <translation>Ваша делегация уже присоединилась.</translation>
    </message>
    <message>
        <source>Your delegation is no longer a member of this room.</source>
        <translation>Ваша делегация больше не состоит в этой комнате.</translation>
    </message>
    <message>
        <source>Your delegation sponsors this amendment already.</source>
        <translation>Ваша делегация уже среди авторов этой поправки.</translation>
    </message>
    <message>
        <source>Your delegation uses no relay, or this laptop may not give permissions for it.</source>
        <translation>Ваша делегация не использует ретранслятор, или этот ноутбук не вправе давать для него разрешения.</translation>
    </message>
    <message>
        <source>Your own points of contact cannot be asked by yourself.</source>
        <translation>Собственные контактные пункты вы сами опросить не можете.</translation>
    </message>
    <message>
        <source>Your words are still in the field; change them and try again.</source>
        <translation>Ваши слова еще в поле; измените их и попробуйте снова.</translation>
    </message>
</context>
<context>
    <name>evidence</name>
    <message numerus="yes">
        <source>%n entries: texts {0}, joint statements {1}, messages for the record {2}, attached files {3} (name, size and hash).</source>
        <translation>
            <numerusform>%n запись: текстов {0}, совместных заявлений {1}, сообщений для протокола {2}, приложенных файлов {3} (имя, размер и хеш).</numerusform>
            <numerusform>%n записи: текстов {0}, совместных заявлений {1}, сообщений для протокола {2}, приложенных файлов {3} (имя, размер и хеш).</numerusform>
            <numerusform>%n записей: текстов {0}, совместных заявлений {1}, сообщений для протокола {2}, приложенных файлов {3} (имя, размер и хеш).</numerusform>
        </translation>
    </message>
    <message>
        <source>A delegation says that it computed other hashes for a revision.</source>
        <translation>Одна из делегаций сообщает, что получила для редакции другие хеши.</translation>
    </message>
    <message>
        <source>A delegation signed lists of its laptops that contradict each other.</source>
        <translation>Одна из делегаций подписала списки своих ноутбуков, которые противоречат друг другу.</translation>
    </message>
    <message>
        <source>A laptop has a certificate and stands on no list of its delegation in this file.</source>
        <translation>У ноутбука есть сертификат, но в этом файле его нет ни в одном списке его делегации.</translation>
    </message>
    <message>
        <source>A laptop signed two entries for one place of its log. What it says from there on decides nothing.</source>
        <translation>Ноутбук подписал две записи на одном месте своего журнала. То, что он говорит начиная с этого места, ничего не решает.</translation>
    </message>
    <message>
        <source>A laptop that did not hold the pen wrote into a text; what it wrote does not count.</source>
        <translation>Ноутбук, у которого не было пера, писал в текст; написанное им не учитывается.</translation>
    </message>
    <message>
        <source>Anything about the conversation: it is signed for nobody and is in no such file.</source>
        <translation>Что-либо о переписке: она ни для кого не подписана и ни в один такой файл не входит.</translation>
    </message>
    <message>
        <source>Changes of membership by somebody who had no authority; they count for nothing.</source>
        <translation>Изменения состава, сделанные тем, у кого не было полномочий; они не учитываются.</translation>
    </message>
    <message>
        <source>Checking took longer than allowed.</source>
        <translation>Проверка длилась дольше допустимого.</translation>
    </message>
    <message>
        <source>Checkpoints that do not say what their own place says; they prove nothing.</source>
        <translation>Контрольные отметки, в которых сказано не то, что говорит их собственное место; они ничего не доказывают.</translation>
    </message>
    <message>
        <source>Each entry verifies, but the file as a whole is not what was signed: its first line was changed.</source>
        <translation>Каждая запись проходит проверку, но файл в целом не тот, что был подписан: его первая строка изменена.</translation>
    </message>
    <message>
        <source>Entries of a delegation that knew of its own removal; they count for nothing.</source>
        <translation>Записи делегации, которой было известно, что ее убрали; они не учитываются.</translation>
    </message>
    <message>
        <source>Entries of kinds this version does not know: signed as they should be, not read.</source>
        <translation>Записи видов, которых эта версия не знает: подписаны как следует, не прочитаны.</translation>
    </message>
    <message>
        <source>Entries that name something else as the one before them.</source>
        <translation>Записи, в которых предыдущей названа другая запись.</translation>
    </message>
    <message>
        <source>Entries that others name and that are not in this file.</source>
        <translation>Записи, которые названы в других и которых нет в этом файле.</translation>
    </message>
    <message>
        <source>Entries that, by their author&apos;s own clock, lie outside the term of the laptop&apos;s certificate.</source>
        <translation>Записи, которые, по собственным часам автора, выходят за срок действия сертификата ноутбука.</translation>
    </message>
    <message>
        <source>Entries that, by their author&apos;s own clock, were made after the laptop was revoked.</source>
        <translation>Записи, которые, по собственным часам автора, сделаны после аннулирования допуска ноутбука.</translation>
    </message>
    <message>
        <source>First in line {0}.</source>
        <translation>Впервые в строке {0}.</translation>
    </message>
    <message>
        <source>It belongs to another room.</source>
        <translation>Относится к другой комнате.</translation>
    </message>
    <message>
        <source>It does not stand where the one order of such a file puts it.</source>
        <translation>Стоит не там, где должно стоять в единственном порядке такого файла.</translation>
    </message>
    <message>
        <source>It gives a laptop other keys than its earlier certificate.</source>
        <translation>Дает ноутбуку другие ключи, чем его более ранний сертификат.</translation>
    </message>
    <message>
        <source>It holds a key that must not be used.</source>
        <translation>Содержит ключ, который использовать нельзя.</translation>
    </message>
    <message>
        <source>It holds an internal room and is not marked as an own archive, or the other way round.</source>
        <translation>В нем внутренняя комната, но он не отмечен как собственный архив, или наоборот.</translation>
    </message>
    <message>
        <source>It is larger than an evidence file may be.</source>
        <translation>Он больше, чем может быть файл доказательств.</translation>
    </message>
    <message>
        <source>It is not in the one form that is signed.</source>
        <translation>Не соблюдена единственная форма, которая подписывается.</translation>
    </message>
    <message>
        <source>It names another delegation than the certificate of its laptop.</source>
        <translation>Указана другая делегация, чем в сертификате ноутбука.</translation>
    </message>
    <message>
        <source>It stands in the file twice.</source>
        <translation>Стоит в файле дважды.</translation>
    </message>
    <message>
        <source>It was written by a later version of Valise.</source>
        <translation>Он записан более поздней версией Valise.</translation>
    </message>
    <message>
        <source>Its author was never a member of the room.</source>
        <translation>Автор никогда не состоял в комнате.</translation>
    </message>
    <message>
        <source>Its content is not that of such an entry.</source>
        <translation>Содержание не то, что должно быть у такой записи.</translation>
    </message>
    <message>
        <source>Its fields are not those of such an entry.</source>
        <translation>Поля не те, что должны быть у такой записи.</translation>
    </message>
    <message>
        <source>Its identifier is not the hash of its bytes.</source>
        <translation>Идентификатор не является хешем своих байтов.</translation>
    </message>
    <message>
        <source>Its line number does not fit: a line was removed, added, doubled or moved.</source>
        <translation>Номер строки не подходит: строка убрана, добавлена, удвоена или перемещена.</translation>
    </message>
    <message>
        <source>Its log is complete from 1 to {0}.</source>
        <translation>Его журнал полон с 1 по {0}.</translation>
    </message>
    <message>
        <source>Its log reaches {0} and has two histories.</source>
        <translation>Его журнал доходит до {0} и имеет две истории.</translation>
    </message>
    <message>
        <source>Its log reaches {0}; missing: {1}.</source>
        <translation>Его журнал доходит до {0}; отсутствует: {1}.</translation>
    </message>
    <message>
        <source>Its signature does not verify.</source>
        <translation>Подпись не проходит проверку.</translation>
    </message>
    <message>
        <source>Its words were computed again from the entries: NOT the same.</source>
        <translation>Слова вычислены заново по записям: НЕ совпадают.</translation>
    </message>
    <message>
        <source>Its words were computed again from the entries: the same.</source>
        <translation>Слова вычислены заново по записям: совпадают.</translation>
    </message>
    <message>
        <source>Its words were not computed again.</source>
        <translation>Слова заново не вычислялись.</translation>
    </message>
    <message>
        <source>Line {0}, {1}. {2}</source>
        <translation>Строка {0}, {1}. {2}</translation>
    </message>
    <message>
        <source>Line {0}. {1}</source>
        <translation>Строка {0}. {1}</translation>
    </message>
    <message>
        <source>Number: {0}.</source>
        <translation>Количество: {0}.</translation>
    </message>
    <message>
        <source>Place {0} of its log.</source>
        <translation>Место {0} в журнале.</translation>
    </message>
    <message>
        <source>Said nothing in this room.</source>
        <translation>С него в этой комнате ничего не сказано.</translation>
    </message>
    <message>
        <source>Something follows the signed last line.</source>
        <translation>За подписанной последней строкой что-то следует.</translation>
    </message>
    <message>
        <source>That nobody withheld the newest entries. Up to a checkpoint nothing can be missing without showing above.</source>
        <translation>Что никто не скрыл новейшие записи. До контрольной отметки ничто не может отсутствовать, не обнаружившись выше.</translation>
    </message>
    <message>
        <source>The certificate of its laptop does not give the right to it.</source>
        <translation>Сертификат ноутбука не дает на это права.</translation>
    </message>
    <message>
        <source>The content of attached files: only their names, sizes and SHA-256 are here.</source>
        <translation>Содержание приложенных файлов: здесь есть только их имена, размеры и SHA-256.</translation>
    </message>
    <message>
        <source>The file holds no card of its delegation.</source>
        <translation>В файле нет карточки делегации.</translation>
    </message>
    <message>
        <source>The file holds no certificate of the laptop that is named as its author.</source>
        <translation>В файле нет сертификата ноутбука, который указан как его автор.</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>Файл пуст.</translation>
    </message>
    <message>
        <source>The first line counts other entries than there are.</source>
        <translation>Число записей в первой строке не соответствует имеющимся.</translation>
    </message>
    <message>
        <source>The line is not ended: the file was cut or is still being written.</source>
        <translation>Строка не завершена: файл обрезан или еще записывается.</translation>
    </message>
    <message>
        <source>The newest changes of membership do not know of each other; removal counts.</source>
        <translation>Новейшие изменения состава сделаны независимо друг от друга; учитывается исключение участника.</translation>
    </message>
    <message>
        <source>The pen of a text was recovered or settled by votes: its words were not computed again.</source>
        <translation>Перо текста было восстановлено или вопрос о нем решен голосами: слова заново не вычислялись.</translation>
    </message>
    <message>
        <source>The signed last line is missing: the file was cut.</source>
        <translation>Нет подписанной последней строки: файл обрезан.</translation>
    </message>
    <message>
        <source>The words of a joint statement do not have the hash that is signed on to.</source>
        <translation>Слова совместного заявления не имеют того хеша, к которому присоединяются.</translation>
    </message>
    <message>
        <source>The words of a revision, computed again, do not have the hash that was signed.</source>
        <translation>Слова редакции, вычисленные заново, не имеют того хеша, который был подписан.</translation>
    </message>
    <message>
        <source>This is not an evidence file of Valise.</source>
        <translation>Это не файл доказательств Valise.</translation>
    </message>
    <message>
        <source>Two delegations certified one laptop.</source>
        <translation>Две делегации выдали сертификат одному ноутбуку.</translation>
    </message>
    <message>
        <source>Two versions of a text were written from one: its words were computed up to there only.</source>
        <translation>Две версии текста написаны от одной: слова вычислены лишь до этого места.</translation>
    </message>
    <message>
        <source>What founded the room had no authority to.</source>
        <translation>То, чем основана комната, не имело на это полномочий.</translation>
    </message>
    <message>
        <source>What founded the room is not in the file.</source>
        <translation>В файле нет того, чем была основана комната.</translation>
    </message>
    <message>
        <source>When anything was said: the times are what each author&apos;s own clock claimed.</source>
        <translation>Когда что-либо было сказано: время указано по собственным часам каждого автора.</translation>
    </message>
    <message>
        <source>Who stands behind a fingerprint: compare it with one you had from that delegation by another way.</source>
        <translation>Кто стоит за отпечатком: сравните его с тем, который вы получили от этой делегации другим путем.</translation>
    </message>
    <message>
        <source>a card</source>
        <translation>карточка</translation>
    </message>
    <message>
        <source>a certificate</source>
        <translation>сертификат</translation>
    </message>
    <message>
        <source>an entry of the record</source>
        <translation>запись протокола</translation>
    </message>
    <message>
        <source>signed on</source>
        <translation>присоединение</translation>
    </message>
    <message>
        <source>signed on late, admitted</source>
        <translation>присоединение с опозданием, допущено</translation>
    </message>
    <message>
        <source>signed on late, not admitted</source>
        <translation>присоединение с опозданием, без допуска</translation>
    </message>
    <message>
        <source>signed other words</source>
        <translation>подписаны другие слова</translation>
    </message>
    <message>
        <source>the file</source>
        <translation>файл</translation>
    </message>
    <message>
        <source>the first line</source>
        <translation>первая строка</translation>
    </message>
    <message>
        <source>the last line</source>
        <translation>последняя строка</translation>
    </message>
    <message>
        <source>took its name back</source>
        <translation>название взято назад</translation>
    </message>
</context>
<context>
    <name>exchange</name>
    <message numerus="yes">
        <source>%n envelopes are kept sealed until their keys come.</source>
        <translation>
            <numerusform>%n конверт остается запечатанным, пока не поступит ключ к нему.</numerusform>
            <numerusform>%n конверта остаются запечатанными, пока не поступят ключи к ним.</numerusform>
            <numerusform>%n конвертов остаются запечатанными, пока не поступят ключи к ним.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n файл</numerusform>
            <numerusform>%n файла</numerusform>
            <numerusform>%n файлов</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items</source>
        <translation>
            <numerusform>%n элемент</numerusform>
            <numerusform>%n элемента</numerusform>
            <numerusform>%n элементов</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items wait</source>
        <translation>
            <numerusform>ожидает %n элемент</numerusform>
            <numerusform>ожидают %n элемента</numerusform>
            <numerusform>ожидает %n элементов</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new things came.</source>
        <translation>
            <numerusform>Поступил %n новый элемент.</numerusform>
            <numerusform>Поступили %n новых элемента.</numerusform>
            <numerusform>Поступило %n новых элементов.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n things in it were new.</source>
        <translation>
            <numerusform>В нем оказался %n новый элемент.</numerusform>
            <numerusform>В нем оказалось %n новых элемента.</numerusform>
            <numerusform>В нем оказалось %n новых элементов.</numerusform>
        </translation>
    </message>
    <message>
        <source>A relay without an agent never confirms by itself: save the revocations for its operator.</source>
        <translation>Ретранслятор без агента сам никогда не подтверждает: сохраните аннулирования для его оператора.</translation>
    </message>
    <message>
        <source>A sealed file on a stick</source>
        <translation>Запечатанный файл на USB-накопителе</translation>
    </message>
    <message numerus="yes">
        <source>All %Ln envelopes verified.</source>
        <translation>
            <numerusform>Прошел проверку %Ln конверт из %Ln.</numerusform>
            <numerusform>Все %Ln конверта прошли проверку.</numerusform>
            <numerusform>Все %Ln конвертов прошли проверку.</numerusform>
        </translation>
    </message>
    <message>
        <source>Always possible</source>
        <translation>Возможно всегда</translation>
    </message>
    <message>
        <source>Another way</source>
        <translation>Другой путь</translation>
    </message>
    <message>
        <source>Ask for the bundle once more; what came in is kept.</source>
        <translation>Запросите пакет еще раз; то, что поступило, сохранено.</translation>
    </message>
    <message>
        <source>Ask its operator for a new file and open it here. What waits is kept; a courier can take it.</source>
        <translation>Запросите у его оператора новый файл и откройте его здесь. Ожидающее сохраняется; его может доставить курьер.</translation>
    </message>
    <message>
        <source>Bundles (*.valise);;All files (*)</source>
        <translation>Пакеты (*.valise);;Все файлы (*)</translation>
    </message>
    <message numerus="yes">
        <source>Bundles {0} of {1} have not come.</source>
        <translation>
            <numerusform>Не поступил пакет {0}; отправитель: {1}.</numerusform>
            <numerusform>Не поступили пакеты {0}; отправитель: {1}.</numerusform>
            <numerusform>Не поступили пакеты {0}; отправитель: {1}.</numerusform>
        </translation>
    </message>
    <message>
        <source>Cannot be reached</source>
        <translation>Нет связи</translation>
    </message>
    <message>
        <source>Connecting to the relay…</source>
        <translation>Подключение к ретранслятору…</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>Подключение…</translation>
    </message>
    <message>
        <source>Courier</source>
        <translation>Курьер</translation>
    </message>
    <message numerus="yes">
        <source>Damaged or cut off: {0} of %n envelopes were whole and came in.</source>
        <translation>
            <numerusform>Пакет поврежден или обрезан. Целых и принятых конвертов: {0} из %n.</numerusform>
            <numerusform>Пакет поврежден или обрезан. Целых и принятых конвертов: {0} из %n.</numerusform>
            <numerusform>Пакет поврежден или обрезан. Целых и принятых конвертов: {0} из %n.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Drop them to open %n bundles</source>
        <translation>
            <numerusform>Отпустите, чтобы открыть %n пакет</numerusform>
            <numerusform>Отпустите, чтобы открыть %n пакета</numerusform>
            <numerusform>Отпустите, чтобы открыть %n пакетов</numerusform>
        </translation>
    </message>
    <message>
        <source>Ends soon</source>
        <translation>Срок скоро истекает</translation>
    </message>
    <message>
        <source>Exchange folder connected</source>
        <translation>Папка обмена подключена</translation>
    </message>
    <message>
        <source>Exchange folder not reachable</source>
        <translation>Папка обмена недоступна</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Папка</translation>
    </message>
    <message numerus="yes">
        <source>For %n delegations</source>
        <translation>
            <numerusform>Для %n делегации</numerusform>
            <numerusform>Для %n делегаций</numerusform>
            <numerusform>Для %n делегаций</numerusform>
        </translation>
    </message>
    <message>
        <source>For laptops that share a drive.</source>
        <translation>Для ноутбуков с общим диском.</translation>
    </message>
    <message>
        <source>For the next bundle</source>
        <translation>Для следующего пакета</translation>
    </message>
    <message>
        <source>From {0}</source>
        <translation>От кого: {0}</translation>
    </message>
    <message>
        <source>Has ended</source>
        <translation>Срок истек</translation>
    </message>
    <message>
        <source>If that stick still comes, open it too; if not, take a bundle back: it asks for what was in it.</source>
        <translation>Если тот накопитель всё же поступит, откройте и его; если нет, передайте ответный пакет: он запрашивает то, что там было.</translation>
    </message>
    <message>
        <source>In trouble</source>
        <translation>Сбой</translation>
    </message>
    <message>
        <source>It can lose, hold back or stop. Nothing is lost by that: what is not confirmed stays here and is sent again.</source>
        <translation>Он может потерять, задержать или остановиться. Ничего от этого не теряется: то, что не подтверждено, остается здесь и отправляется снова.</translation>
    </message>
    <message>
        <source>It does not see: any word, title or file, who signed what, or what a delegation is called here.</source>
        <translation>Он не видит: ни слова, ни названия, ни файла, ни того, кто что подписал, ни того, как делегация называется здесь.</translation>
    </message>
    <message>
        <source>It is tried again by itself. You can take it by courier meanwhile.</source>
        <translation>Попытка повторяется сама собой. Тем временем можно передать с курьером.</translation>
    </message>
    <message>
        <source>It sees: that your laptops and those of your correspondents connect, from where, when, and how much they send.</source>
        <translation>Он видит: что ваши ноутбуки и ноутбуки ваших партнеров подключаются, откуда, когда и сколько отправляют.</translation>
    </message>
    <message>
        <source>It took {0} ms.</source>
        <translation>Время: {0} мс.</translation>
    </message>
    <message>
        <source>It took {0} ms; the relay runs version {1}.</source>
        <translation>Время: {0} мс; версия ретранслятора {1}.</translation>
    </message>
    <message>
        <source>Its relay cannot be reached</source>
        <translation>С ее ретранслятором нет связи</translation>
    </message>
    <message>
        <source>Its relay cannot be reached.</source>
        <translation>С ее ретранслятором нет связи.</translation>
    </message>
    <message>
        <source>Its relay is too old</source>
        <translation>Ее ретранслятор слишком старой версии</translation>
    </message>
    <message>
        <source>Last bundle {0}</source>
        <translation>Последний пакет {0}</translation>
    </message>
    <message>
        <source>Last exchange {0}</source>
        <translation>Последний обмен {0}</translation>
    </message>
    <message>
        <source>Look at it under Contacts.</source>
        <translation>Посмотрите в разделе «Контакты».</translation>
    </message>
    <message>
        <source>Looking at the folder…</source>
        <translation>Проверка папки…</translation>
    </message>
    <message>
        <source>Made before another one that came already: it filled a gap.</source>
        <translation>Подготовлен раньше другого, уже поступившего: он заполнил пробел.</translation>
    </message>
    <message>
        <source>Make a bundle, or open one that was brought.</source>
        <translation>Подготовьте пакет или откройте доставленный.</translation>
    </message>
    <message>
        <source>Make a bundle; it stays listed here until {0} has confirmed it.</source>
        <translation>Подготовьте пакет; он остается здесь в списке, пока не будет подтверждено получение: {0}.</translation>
    </message>
    <message>
        <source>May write</source>
        <translation>Может писать</translation>
    </message>
    <message>
        <source>New, and taken in.</source>
        <translation>Новый, принят.</translation>
    </message>
    <message>
        <source>Next try {0}</source>
        <translation>Следующая попытка {0}</translation>
    </message>
    <message>
        <source>No bundle made yet</source>
        <translation>Пакетов еще не было</translation>
    </message>
    <message>
        <source>No exchange yet</source>
        <translation>Обмена еще не было</translation>
    </message>
    <message>
        <source>No folder is chosen</source>
        <translation>Папка не выбрана</translation>
    </message>
    <message>
        <source>No relay is used</source>
        <translation>Ретранслятор не используется</translation>
    </message>
    <message>
        <source>No room is left there</source>
        <translation>Там не осталось места</translation>
    </message>
    <message>
        <source>No way leads to {0}: it gave no address of a relay, and no folder is shared with it.</source>
        <translation>Туда не ведет ни один путь ({0}): адрес ретранслятора не дан и общей папки нет.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Нет</translation>
    </message>
    <message>
        <source>Not proved to be its relay</source>
        <translation>Не доказано, что это ее ретранслятор</translation>
    </message>
    <message>
        <source>Not set up</source>
        <translation>Не настроено</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>Ничего</translation>
    </message>
    <message>
        <source>Nothing has to be reached for the courier: it takes a sealed file.</source>
        <translation>Для курьера ни с чем связываться не нужно: он везет запечатанный файл.</translation>
    </message>
    <message>
        <source>Nothing is lost if the stick is: everything in it stays listed as waiting here until it is confirmed.</source>
        <translation>При утрате накопителя ничего не теряется: всё его содержимое остается здесь в списке ожидающего, пока не будет подтверждено.</translation>
    </message>
    <message>
        <source>Nothing left this device unsealed.</source>
        <translation>Ничто не покинуло этот ноутбук незапечатанным.</translation>
    </message>
    <message>
        <source>Nothing reaches it</source>
        <translation>Пути к ней нет</translation>
    </message>
    <message>
        <source>Nothing to do: it confirms by itself when it is connected next.</source>
        <translation>Делать ничего не нужно: эта делегация подтвердит сама при следующем подключении.</translation>
    </message>
    <message>
        <source>Nothing waits</source>
        <translation>Ничего не ожидает</translation>
    </message>
    <message>
        <source>On its way, not yet confirmed</source>
        <translation>В пути, еще не подтверждено</translation>
    </message>
    <message>
        <source>Only relays of correspondents</source>
        <translation>Только ретрансляторы партнеров</translation>
    </message>
    <message>
        <source>Put at {0} for {1}; it has not confirmed it yet.</source>
        <translation>Помещено на {0}, получатель: {1}; подтверждения пока нет.</translation>
    </message>
    <message>
        <source>Relay</source>
        <translation>Ретранслятор</translation>
    </message>
    <message>
        <source>Relay and exchange folder connected</source>
        <translation>Ретранслятор и папка обмена подключены</translation>
    </message>
    <message>
        <source>Relay and exchange folder not reachable</source>
        <translation>Ретранслятор и папка обмена недоступны</translation>
    </message>
    <message>
        <source>Relay connected</source>
        <translation>Ретранслятор подключен</translation>
    </message>
    <message>
        <source>Relay not reachable</source>
        <translation>Нет связи с ретранслятором</translation>
    </message>
    <message>
        <source>Revoked</source>
        <translation>Аннулировано</translation>
    </message>
    <message>
        <source>Revoking</source>
        <translation>Аннулируется</translation>
    </message>
    <message>
        <source>Sealed, only on this device: no relay and no folder is set</source>
        <translation>Запечатано, только на этом ноутбуке: не задан ни ретранслятор, ни папка</translation>
    </message>
    <message>
        <source>Stopped at the proxy</source>
        <translation>Остановлено на прокси</translation>
    </message>
    <message>
        <source>Stopped until you decide</source>
        <translation>Остановлено до вашего решения</translation>
    </message>
    <message>
        <source>Take what waits by courier, choose a shared folder, or ask it for a card with permission to write to its relay.</source>
        <translation>Передайте ожидающее с курьером, выберите общую папку или попросите у этой делегации карточку с разрешением писать на ее ретранслятор.</translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation>Взято назад</translation>
    </message>
    <message>
        <source>The exchange folder cannot be reached since {0}.</source>
        <translation>Папка обмена недоступна с {0}.</translation>
    </message>
    <message>
        <source>The exchange folder could not be reached yet.</source>
        <translation>Доступа к папке обмена пока не было.</translation>
    </message>
    <message>
        <source>The exchange folder works.</source>
        <translation>Папка обмена работает.</translation>
    </message>
    <message>
        <source>The folder cannot be reached</source>
        <translation>Папка недоступна</translation>
    </message>
    <message>
        <source>The folder cannot be reached.</source>
        <translation>Папка недоступна.</translation>
    </message>
    <message>
        <source>The permission has ended</source>
        <translation>Срок разрешения истек</translation>
    </message>
    <message>
        <source>The relay cannot be reached since {0}.</source>
        <translation>С ретранслятором нет связи с {0}.</translation>
    </message>
    <message>
        <source>The relay could not be reached yet.</source>
        <translation>Связи с ретранслятором пока не было.</translation>
    </message>
    <message>
        <source>The relay has not confirmed what was revoked; it is asked again by itself.</source>
        <translation>Ретранслятор не подтвердил аннулированное; запрос повторяется автоматически.</translation>
    </message>
    <message>
        <source>The relay refuses it</source>
        <translation>Ретранслятор его отклоняет</translation>
    </message>
    <message>
        <source>The relay works.</source>
        <translation>Ретранслятор работает.</translation>
    </message>
    <message>
        <source>This bundle came before; nothing in it is new.</source>
        <translation>Этот пакет уже поступал; в нем нет ничего нового.</translation>
    </message>
    <message>
        <source>This bundle is for somebody else. It cannot be opened here and was not changed.</source>
        <translation>Этот пакет предназначен другому. Здесь его нельзя открыть, и он не изменен.</translation>
    </message>
    <message>
        <source>This is not a bundle of Valise.</source>
        <translation>Это не пакет Valise.</translation>
    </message>
    <message>
        <source>This laptop&apos;s delegation made this bundle: it is for those it was made for.</source>
        <translation>Этот пакет подготовила делегация этого ноутбука: он предназначен тем, для кого подготовлен.</translation>
    </message>
    <message>
        <source>This laptop&apos;s permission to use the relay ended on {0}.</source>
        <translation>Разрешение этого ноутбука использовать ретранслятор истекло {0}.</translation>
    </message>
    <message>
        <source>This laptop&apos;s permission to use the relay ends on {0}.</source>
        <translation>Разрешение этого ноутбука использовать ретранслятор истекает {0}.</translation>
    </message>
    <message>
        <source>Tick at least one delegation.</source>
        <translation>Отметьте хотя бы одну делегацию.</translation>
    </message>
    <message>
        <source>Tried just now: {0}.</source>
        <translation>Только что проверено: {0}.</translation>
    </message>
    <message>
        <source>Until it does, something may still be put there with that permission.</source>
        <translation>Пока он не подтвердит, по этому разрешению туда еще может что-то поступить.</translation>
    </message>
    <message>
        <source>We may write</source>
        <translation>Мы можем писать</translation>
    </message>
    <message>
        <source>What is for {0} waits since {1} for the next bundle.</source>
        <translation>То, что предназначено для {0}, ожидает с {1} следующего пакета.</translation>
    </message>
    <message>
        <source>What you write to {0} waits since {1}: sending is stopped until you decide.</source>
        <translation>То, что вы пишете ({0}), ожидает с {1}: отправка приостановлена, пока вы не примете решение.</translation>
    </message>
    <message>
        <source>Works</source>
        <translation>Работает</translation>
    </message>
    <message>
        <source>Written to the end, read back from there, and equal.</source>
        <translation>Записано до конца, прочитано обратно и совпадает.</translation>
    </message>
    <message>
        <source>You need the file of an operator.</source>
        <translation>Нужен файл от оператора.</translation>
    </message>
    <message>
        <source>about {0}</source>
        <translation>около {0}</translation>
    </message>
    <message>
        <source>ask it for a new one</source>
        <translation>запросить у нее новое</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>автоматически</translation>
    </message>
    <message>
        <source>bundle {0}</source>
        <translation>пакет {0}</translation>
    </message>
    <message>
        <source>chosen by you</source>
        <translation>выбрано вами</translation>
    </message>
    <message>
        <source>connecting to the relay</source>
        <translation>подключение к ретранслятору</translation>
    </message>
    <message>
        <source>folder connected</source>
        <translation>папка подключена</translation>
    </message>
    <message>
        <source>given {0}</source>
        <translation>дано {0}</translation>
    </message>
    <message>
        <source>in a card handed over</source>
        <translation>в переданной карточке</translation>
    </message>
    <message>
        <source>it answered</source>
        <translation>ответ получен</translation>
    </message>
    <message>
        <source>it proved that it is the relay</source>
        <translation>доказано, что это нужный ретранслятор</translation>
    </message>
    <message>
        <source>it was read back and is equal</source>
        <translation>она прочитана обратно и совпадает</translation>
    </message>
    <message>
        <source>it was taken away again</source>
        <translation>она снова убрана</translation>
    </message>
    <message>
        <source>known by its own key</source>
        <translation>опознается по собственному ключу</translation>
    </message>
    <message>
        <source>known by the authorities of this computer</source>
        <translation>опознается через удостоверяющие центры этого компьютера</translation>
    </message>
    <message>
        <source>last bundle {0}</source>
        <translation>последний пакет: {0}</translation>
    </message>
    <message>
        <source>last heard {0}</source>
        <translation>последняя связь {0}</translation>
    </message>
    <message>
        <source>looking at the folder</source>
        <translation>проверка папки</translation>
    </message>
    <message>
        <source>made {0}</source>
        <translation>подготовлен {0}</translation>
    </message>
    <message>
        <source>never</source>
        <translation>никогда</translation>
    </message>
    <message>
        <source>not sent yet</source>
        <translation>еще не отправлено</translation>
    </message>
    <message>
        <source>noted by you; no answer yet</source>
        <translation>отмечено вами; ответа пока нет</translation>
    </message>
    <message>
        <source>nothing more is taken with it</source>
        <translation>по нему больше ничего не принимается</translation>
    </message>
    <message>
        <source>our mailbox is there</source>
        <translation>наш почтовый ящик там есть</translation>
    </message>
    <message>
        <source>relay connected</source>
        <translation>ретранслятор подключен</translation>
    </message>
    <message>
        <source>sealed, over the exchange</source>
        <translation>запечатано, при обмене</translation>
    </message>
    <message>
        <source>since {0}</source>
        <translation>с {0}</translation>
    </message>
    <message>
        <source>something was written</source>
        <translation>пробная запись сделана</translation>
    </message>
    <message>
        <source>the relay has not confirmed yet</source>
        <translation>ретранслятор еще не подтвердил</translation>
    </message>
    <message>
        <source>through the proxy</source>
        <translation>через прокси</translation>
    </message>
    <message>
        <source>until {0}</source>
        <translation>до {0}</translation>
    </message>
    <message>
        <source>waiting: {0}, since {1}</source>
        <translation>ожидает: {0}, с {1}</translation>
    </message>
    <message>
        <source>without an end</source>
        <translation>без срока</translation>
    </message>
    <message>
        <source>{0} What is for {1} waits since {2} and is kept.</source>
        <translation>{0} То, что предназначено для {1}, ожидает с {2} и сохраняется.</translation>
    </message>
    <message>
        <source>{0} has confirmed everything.</source>
        <translation>Всё подтверждено: {0}.</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n envelopes verified.</source>
        <translation>
            <numerusform>Прошли проверку конверты: {0} из %n.</numerusform>
            <numerusform>Прошли проверку конверты: {0} из %n.</numerusform>
            <numerusform>Прошли проверку конверты: {0} из %n.</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} of {1} confirmed</source>
        <translation>подтверждено {0} из {1}</translation>
    </message>
    <message>
        <source>{0}, everything stays sealed on this device</source>
        <translation>{0}, всё остается запечатанным на этом ноутбуке</translation>
    </message>
    <message>
        <source>{0}, with trouble</source>
        <translation>{0}, со сбоями</translation>
    </message>
    <message numerus="yes">
        <source>{0}, {1}, %Ln sealed envelopes</source>
        <translation>
            <numerusform>{0}, {1}, %Ln запечатанный конверт</numerusform>
            <numerusform>{0}, {1}, %Ln запечатанных конверта</numerusform>
            <numerusform>{0}, {1}, %Ln запечатанных конвертов</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}: nothing but the word of what came from there.</source>
        <translation>{0}: ничего, кроме сведений о том, что поступило оттуда.</translation>
    </message>
    <message>
        <source>{0}: {1}, about {2}.</source>
        <translation>{0}: {1}, около {2}.</translation>
    </message>
</context>
<context>
    <name>files</name>
    <message>
        <source>A program that reads the file back does not find exactly: {0}.</source>
        <translation>Программа, которая читает файл обратно, находит неточно: {0}.</translation>
    </message>
    <message>
        <source>Another format</source>
        <translation>Другой формат</translation>
    </message>
    <message>
        <source>As found in the file, by {0}.</source>
        <translation>Как в файле; автор: {0}.</translation>
    </message>
    <message>
        <source>As found in the file.</source>
        <translation>Как в файле.</translation>
    </message>
    <message>
        <source>By delegation</source>
        <translation>По делегациям</translation>
    </message>
    <message>
        <source>Cannot be proposed on the text as it stands now.</source>
        <translation>Нельзя предложить к тексту в его нынешнем виде.</translation>
    </message>
    <message>
        <source>Cannot be proposed: the pen has changed this paragraph since the file was made.</source>
        <translation>Нельзя предложить: после создания файла перо изменило этот пункт.</translation>
    </message>
    <message>
        <source>Cannot be proposed: this paragraph is agreed or closed.</source>
        <translation>Нельзя предложить: этот пункт согласован или закрыт.</translation>
    </message>
    <message>
        <source>Cannot be proposed: this paragraph is no longer in the text.</source>
        <translation>Нельзя предложить: этого пункта больше нет в тексте.</translation>
    </message>
    <message>
        <source>Clean</source>
        <translation>Чистый текст</translation>
    </message>
    <message>
        <source>Compilation</source>
        <translation>Сводный текст предложений</translation>
    </message>
    <message>
        <source>Every proposed change under its delegation; positions and remarks beside the text.</source>
        <translation>Каждое предлагаемое изменение под именем своей делегации; позиции и замечания рядом с текстом.</translation>
    </message>
    <message>
        <source>Every proposed change written into the words, in brackets with its delegations.</source>
        <translation>Каждое предлагаемое изменение вписано в текст, в скобках и с указанием делегаций.</translation>
    </message>
    <message numerus="yes">
        <source>Make %n remarks</source>
        <translation>
            <numerusform>Сделать %n замечание</numerusform>
            <numerusform>Сделать %n замечания</numerusform>
            <numerusform>Сделать %n замечаний</numerusform>
        </translation>
    </message>
    <message>
        <source>No proposed change</source>
        <translation>Предлагаемых изменений нет</translation>
    </message>
    <message>
        <source>Notation of negotiation, as text</source>
        <translation>Переговорная запись в виде текста</translation>
    </message>
    <message>
        <source>PDF, to print and to read</source>
        <translation>PDF для печати и чтения</translation>
    </message>
    <message>
        <source>Paragraphs: {0}</source>
        <translation>Пунктов: {0}</translation>
    </message>
    <message>
        <source>Plain text</source>
        <translation>Простой текст</translation>
    </message>
    <message>
        <source>Positions and remarks left out: {0}</source>
        <translation>Позиции и замечания, которые не вошли: {0}</translation>
    </message>
    <message>
        <source>Positions and remarks: {0}</source>
        <translation>Позиций и замечаний: {0}</translation>
    </message>
    <message numerus="yes">
        <source>Propose %n changes</source>
        <translation>
            <numerusform>Предложить %n изменение</numerusform>
            <numerusform>Предложить %n изменения</numerusform>
            <numerusform>Предложить %n изменений</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Propose %n changes, {remarks}</source>
        <translation>
            <numerusform>Предложить %n изменение, {remarks}</numerusform>
            <numerusform>Предложить %n изменения, {remarks}</numerusform>
            <numerusform>Предложить %n изменений, {remarks}</numerusform>
        </translation>
    </message>
    <message>
        <source>Proposed changes left out: {0}</source>
        <translation>Предлагаемые изменения, которые не вошли: {0}</translation>
    </message>
    <message>
        <source>Proposed changes: {0}, by delegations: {1}</source>
        <translation>Предлагаемых изменений: {0}, делегаций: {1}</translation>
    </message>
    <message>
        <source>The words as they stand: no proposed change, no status, no remark.</source>
        <translation>Текст в нынешнем виде: без предлагаемых изменений, статуса и замечаний.</translation>
    </message>
    <message>
        <source>Tracked changes</source>
        <translation>Режим исправлений</translation>
    </message>
    <message>
        <source>UN XML (Akoma Ntoso)</source>
        <translation>XML Организации Объединенных Наций (Akoma Ntoso)</translation>
    </message>
    <message>
        <source>Under each delegation the paragraphs it wants otherwise, with its own changes.</source>
        <translation>Под каждой делегацией — пункты, которые она желает изменить, с ее собственными изменениями.</translation>
    </message>
    <message>
        <source>Web page</source>
        <translation>Веб-страница</translation>
    </message>
    <message>
        <source>Word document</source>
        <translation>Документ Word</translation>
    </message>
    <message numerus="yes">
        <source>make %n remarks</source>
        <translation>
            <numerusform>сделать %n замечание</numerusform>
            <numerusform>сделать %n замечания</numerusform>
            <numerusform>сделать %n замечаний</numerusform>
        </translation>
    </message>
    <message>
        <source>proposed changes</source>
        <translation>предлагаемые изменения</translation>
    </message>
    <message>
        <source>remarks</source>
        <translation>замечания</translation>
    </message>
    <message>
        <source>the language</source>
        <translation>язык</translation>
    </message>
    <message>
        <source>the numbers of paragraphs</source>
        <translation>номера пунктов</translation>
    </message>
    <message>
        <source>the title</source>
        <translation>заголовок</translation>
    </message>
    <message>
        <source>what is agreed and what is open</source>
        <translation>что согласовано и что открыто</translation>
    </message>
    <message>
        <source>where some paragraphs begin and end</source>
        <translation>где начинаются и заканчиваются некоторые пункты</translation>
    </message>
</context>
<context>
    <name>fonts</name>
    <message>
        <source>Add the fonts of these languages in the settings of the system, then start Valise again.</source>
        <translation>Добавьте шрифты этих языков в настройках системы, затем запустите Valise снова.</translation>
    </message>
    <message>
        <source>Arabic</source>
        <translation>Арабский</translation>
    </message>
    <message>
        <source>Armenian</source>
        <translation>Армянский</translation>
    </message>
    <message>
        <source>Ask who looks after this computer to install {0} (Debian, Ubuntu), then start Valise again. What is stored and sent is not touched by this.</source>
        <translation>Попросите того, кто обслуживает этот компьютер, установить {0} (Debian, Ubuntu), затем запустите Valise снова. На то, что хранится и отправляется, это не влияет.</translation>
    </message>
    <message>
        <source>Bengali</source>
        <translation>Бенгальский</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Китайский</translation>
    </message>
    <message>
        <source>Cyrillic</source>
        <translation>Кириллица</translation>
    </message>
    <message>
        <source>Devanagari</source>
        <translation>Деванагари</translation>
    </message>
    <message>
        <source>Georgian</source>
        <translation>Грузинский</translation>
    </message>
    <message>
        <source>Greek</source>
        <translation>Греческий</translation>
    </message>
    <message>
        <source>Hebrew</source>
        <translation>Иврит</translation>
    </message>
    <message>
        <source>Japanese</source>
        <translation>Японский</translation>
    </message>
    <message>
        <source>Korean</source>
        <translation>Корейский</translation>
    </message>
    <message>
        <source>Thai</source>
        <translation>Тайский</translation>
    </message>
    <message>
        <source>This computer has no letters for: {0}. Such text is shown as boxes.</source>
        <translation>На этом компьютере нет букв следующих языков и письменностей: {0}. Такой текст отображается квадратиками.</translation>
    </message>
</context>
<context>
    <name>guide</name>
    <message>
        <source> or </source>
        <translation> или </translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>Везде</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>Руководство</translation>
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
        <translation>Второй ноутбук</translation>
    </message>
    <message>
        <source>About Valise…</source>
        <translation>О программе Valise…</translation>
    </message>
    <message>
        <source>Back up…</source>
        <translation>Создать копию…</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>Резервная копия</translation>
    </message>
    <message>
        <source>Change it…</source>
        <translation>Изменить…</translation>
    </message>
    <message>
        <source>Check now…</source>
        <translation>Проверить сейчас…</translation>
    </message>
    <message>
        <source>Check of this vault</source>
        <translation>Проверка этого хранилища</translation>
    </message>
    <message>
        <source>Compare…</source>
        <translation>Провести сверку…</translation>
    </message>
    <message>
        <source>Contacts compared</source>
        <translation>Сверка с контактами</translation>
    </message>
    <message>
        <source>Delegations nobody has compared yet: {n}.</source>
        <translation>Делегаций, сверка с которыми еще не проведена: {n}.</translation>
    </message>
    <message>
        <source>Does not pass</source>
        <translation>Не в порядке</translation>
    </message>
    <message>
        <source>Every delegation you exchange with was compared or is vouched for.</source>
        <translation>С каждой делегацией, с которой вы ведете обмен, проведена сверка или за нее есть поручительство.</translation>
    </message>
    <message>
        <source>Everything verified {when}.</source>
        <translation>Всё прошло проверку {when}.</translation>
    </message>
    <message>
        <source>In use since {when}, for more than two years.</source>
        <translation>Используется с {when}, больше двух лет.</translation>
    </message>
    <message>
        <source>It does not lie beside the vault.</source>
        <translation>Рядом с хранилищем его нет.</translation>
    </message>
    <message>
        <source>It ended on {when}: ask its operator for a new file.</source>
        <translation>Истекло {when}: попросите у оператора новый файл.</translation>
    </message>
    <message>
        <source>It ends on {when}: ask its operator for a new file.</source>
        <translation>Истекает {when}: попросите у оператора новый файл.</translation>
    </message>
    <message>
        <source>It holds until {when}.</source>
        <translation>Действует до {when}.</translation>
    </message>
    <message>
        <source>It is protected less than it should be: change it once, and it is sealed anew.</source>
        <translation>Защищена слабее, чем следует: измените ее один раз, и она будет запечатана заново.</translation>
    </message>
    <message>
        <source>It still lies beside the vault: whoever takes this laptop takes both.</source>
        <translation>Всё еще находится рядом с хранилищем: тот, кто заберет этот ноутбук, заберет и то и другое.</translation>
    </message>
    <message>
        <source>Key file of the delegation</source>
        <translation>Файл ключа делегации</translation>
    </message>
    <message>
        <source>Laptops of your delegation in use: {n}.</source>
        <translation>Используемых ноутбуков вашей делегации: {n}.</translation>
    </message>
    <message>
        <source>Last checked {when}, more than a week ago.</source>
        <translation>Последняя проверка {when}, больше недели назад.</translation>
    </message>
    <message>
        <source>Last rehearsed {when}, more than a year ago.</source>
        <translation>Последняя проба {when}, больше года назад.</translation>
    </message>
    <message>
        <source>Locking by itself</source>
        <translation>Автоматическая блокировка</translation>
    </message>
    <message>
        <source>Made, and last rehearsed {when}.</source>
        <translation>Подготовлены, последняя проба {when}.</translation>
    </message>
    <message>
        <source>Made, and never rehearsed: only a rehearsal shows that the paper is right.</source>
        <translation>Подготовлены, но не опробованы: только проба показывает, что на бумаге всё верно.</translation>
    </message>
    <message>
        <source>Move it…</source>
        <translation>Перенести…</translation>
    </message>
    <message>
        <source>None was made: what is only here goes with this laptop.</source>
        <translation>Ни одной не создано: то, что есть только здесь, пропадает вместе с этим ноутбуком.</translation>
    </message>
    <message>
        <source>Not checked yet.</source>
        <translation>Еще не проверено.</translation>
    </message>
    <message>
        <source>Our laptops…</source>
        <translation>Наши ноутбуки…</translation>
    </message>
    <message>
        <source>Passes</source>
        <translation>В порядке</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Парольная фраза</translation>
    </message>
    <message>
        <source>Permission to use the relay</source>
        <translation>Разрешение использовать ретранслятор</translation>
    </message>
    <message>
        <source>Protected as it should be; in use since {when}.</source>
        <translation>Защищена как следует; используется с {when}.</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>Доли восстановления</translation>
    </message>
    <message>
        <source>Shorten it…</source>
        <translation>Сократить…</translation>
    </message>
    <message>
        <source>Software</source>
        <translation>Программа</translation>
    </message>
    <message>
        <source>The check found something wrong.</source>
        <translation>Проверка обнаружила неполадку.</translation>
    </message>
    <message>
        <source>The last one is of {when}, and there is news since.</source>
        <translation>Последняя создана {when}, и с тех пор есть новое.</translation>
    </message>
    <message>
        <source>The last one is of {when}.</source>
        <translation>Последняя создана {when}.</translation>
    </message>
    <message numerus="yes">
        <source>The vault locks after %n minutes without a key or the mouse.</source>
        <translation>
            <numerusform>Хранилище блокируется, если %n минуту не нажимается ни одна клавиша и не движется мышь.</numerusform>
            <numerusform>Хранилище блокируется, если %n минуты не нажимается ни одна клавиша и не движется мышь.</numerusform>
            <numerusform>Хранилище блокируется, если %n минут не нажимается ни одна клавиша и не движется мышь.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The vault stays open for %n minutes when nobody is there; ten are enough.</source>
        <translation>
            <numerusform>Хранилище остается открытым %n минуту, когда никого нет; достаточно десяти.</numerusform>
            <numerusform>Хранилище остается открытым %n минуты, когда никого нет; достаточно десяти.</numerusform>
            <numerusform>Хранилище остается открытым %n минут, когда никого нет; достаточно десяти.</numerusform>
        </translation>
    </message>
    <message>
        <source>There are none: when the passphrase is forgotten, nobody can open this vault.</source>
        <translation>Их нет: если парольная фраза забыта, никто не сможет открыть это хранилище.</translation>
    </message>
    <message>
        <source>This does not pass.</source>
        <translation>Не в порядке.</translation>
    </message>
    <message>
        <source>This is the only one: if it is lost, the delegation cannot write until another is admitted.</source>
        <translation>Этот единственный: если он утрачен, делегация не может писать, пока не допущен другой.</translation>
    </message>
    <message>
        <source>To the shares…</source>
        <translation>К долям…</translation>
    </message>
    <message>
        <source>Version {text} of {when} is more than half a year old: ask who installs it for a newer one.</source>
        <translation>Версии {text} от {when} больше полугода: попросите того, кто ее устанавливает, о более новой.</translation>
    </message>
    <message>
        <source>Version {text} of {when}.</source>
        <translation>Версия {text} от {when}.</translation>
    </message>
    <message>
        <source>Ways of exchange…</source>
        <translation>Пути обмена…</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n pass. Each of the others has a button that leads to where it is put right.</source>
        <translation>
            <numerusform>В порядке {0} из %n. У каждого из остальных есть кнопка, которая ведет к исправлению.</numerusform>
            <numerusform>В порядке {0} из %n. У каждого из остальных есть кнопка, которая ведет к исправлению.</numerusform>
            <numerusform>В порядке {0} из %n. У каждого из остальных есть кнопка, которая ведет к исправлению.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>incidents</name>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n файл</numerusform>
            <numerusform>%n файла</numerusform>
            <numerusform>%n файлов</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n laptops</source>
        <translation>
            <numerusform>%n ноутбук</numerusform>
            <numerusform>%n ноутбука</numerusform>
            <numerusform>%n ноутбуков</numerusform>
        </translation>
    </message>
    <message>
        <source>A reply is requested by {0}.</source>
        <translation>Просьба ответить до {0}.</translation>
    </message>
    <message>
        <source>Acknowledge receipt</source>
        <translation>Подтвердить получение</translation>
    </message>
    <message>
        <source>Acknowledgements</source>
        <translation>Подтверждения получения</translation>
    </message>
    <message>
        <source>An acknowledgement says that it was received. It accepts no fact and agrees with nothing (norm 13 (c)).</source>
        <translation>Подтверждение означает, что сообщение получено. Оно не означает ни признания какого-либо факта, ни согласия с чем-либо (норма 13 c)).</translation>
    </message>
    <message>
        <source>An answer is due in {left}, at {when}.</source>
        <translation>Срок ответа через {left}, {when}.</translation>
    </message>
    <message>
        <source>An offer is taken</source>
        <translation>Предложение принято</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Ответ</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>Дан ответ</translation>
    </message>
    <message>
        <source>Answered: no time runs.</source>
        <translation>Ответ дан: срок не отсчитывается.</translation>
    </message>
    <message>
        <source>Arabic</source>
        <translation>Арабский</translation>
    </message>
    <message>
        <source>Before the embargo ended ({0}), because: {1}</source>
        <translation>До окончания эмбарго ({0}), по причине: {1}</translation>
    </message>
    <message>
        <source>Channel and time</source>
        <translation>Канал и время</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Китайский</translation>
    </message>
    <message>
        <source>Choose among the offers</source>
        <translation>Выберите из предложений</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>Закрыто</translation>
    </message>
    <message>
        <source>Correction or addition</source>
        <translation>Исправление или дополнение</translation>
    </message>
    <message>
        <source>Done…</source>
        <translation>Выполнено…</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Английский</translation>
    </message>
    <message>
        <source>French</source>
        <translation>Французский</translation>
    </message>
    <message>
        <source>From the directory</source>
        <translation>Из реестра</translation>
    </message>
    <message>
        <source>Help is offered</source>
        <translation>Предложена помощь</translation>
    </message>
    <message>
        <source>Inside our delegation</source>
        <translation>Внутри нашей делегации</translation>
    </message>
    <message>
        <source>It has ended: close it</source>
        <translation>Завершился: закройте его</translation>
    </message>
    <message>
        <source>No longer holds</source>
        <translation>Больше не действует</translation>
    </message>
    <message>
        <source>No time runs at {tier}: it is as agreed in this case.</source>
        <translation>На уровне {tier} срок не отсчитывается: как условлено в данном случае.</translation>
    </message>
    <message>
        <source>Nobody answered until {when}, and there is no higher channel. Speak to them.</source>
        <translation>До {when} никто не ответил, и канала выше нет. Свяжитесь с ними.</translation>
    </message>
    <message>
        <source>Nobody answered until {when}. {tier} is proposed: nothing happens unless you take it there.</source>
        <translation>До {when} никто не ответил. Предлагается {tier}: ничего не произойдет, если вы сами не передадите туда.</translation>
    </message>
    <message>
        <source>Not seen when the incident was closed: it was under way, or said afterwards.</source>
        <translation>Не было известно при закрытии инцидента: находилось в пути или было сказано позднее.</translation>
    </message>
    <message>
        <source>Offer of assistance</source>
        <translation>Предложение помощи</translation>
    </message>
    <message>
        <source>Offer taken back</source>
        <translation>Предложение взято назад</translation>
    </message>
    <message>
        <source>Offers of assistance</source>
        <translation>Предложения помощи</translation>
    </message>
    <message>
        <source>Offers of assistance taken</source>
        <translation>Предложения помощи приняты</translation>
    </message>
    <message>
        <source>Only your own delegation&apos;s laptops have this. It never leaves.</source>
        <translation>Это есть только на ноутбуках вашей собственной делегации. Это никогда не отправляется.</translation>
    </message>
    <message>
        <source>Opened again</source>
        <translation>Открыто вновь</translation>
    </message>
    <message>
        <source>Points of contact</source>
        <translation>Контактные пункты</translation>
    </message>
    <message>
        <source>Receipt acknowledged</source>
        <translation>Получение подтверждено</translation>
    </message>
    <message>
        <source>Receipt acknowledged: it accepts no fact and agrees with nothing</source>
        <translation>Получение подтверждено: это не означает ни признания какого-либо факта, ни согласия с чем-либо</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Отчет</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>Русский</translation>
    </message>
    <message>
        <source>Save {0}…</source>
        <translation>Сохранить {0}…</translation>
    </message>
    <message>
        <source>Sent on: {where}, {when}</source>
        <translation>Переслано: {where}, {when}</translation>
    </message>
    <message>
        <source>Sent, not acknowledged yet</source>
        <translation>Отправлено, получение еще не подтверждено</translation>
    </message>
    <message>
        <source>Something this version does not know</source>
        <translation>Нечто, чего эта версия не знает</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>Испанский</translation>
    </message>
    <message numerus="yes">
        <source>Still required: {0} (and %n more)</source>
        <translation>
            <numerusform>Еще обязательно заполнить: {0} (и&#xa0;еще&#xa0;%n)</numerusform>
            <numerusform>Еще обязательно заполнить: {0} (и&#xa0;еще&#xa0;%n)</numerusform>
            <numerusform>Еще обязательно заполнить: {0} (и&#xa0;еще&#xa0;%n)</numerusform>
        </translation>
    </message>
    <message>
        <source>Take it back…</source>
        <translation>Взять назад…</translation>
    </message>
    <message>
        <source>Take it to {0}…</source>
        <translation>Передать на {0}…</translation>
    </message>
    <message>
        <source>Taken to {tier}</source>
        <translation>Передано на {tier}</translation>
    </message>
    <message>
        <source>The delegation that reported it takes it higher.</source>
        <translation>Сообщившая об инциденте делегация передает его на уровень выше.</translation>
    </message>
    <message>
        <source>The same at every delegation in the room. Times are those of the laptop that said it.</source>
        <translation>Одинаково у каждой делегации в комнате. Время указано по ноутбуку, который это сообщил.</translation>
    </message>
    <message>
        <source>This does not count: it is not for that delegation to say. It stays in the record.</source>
        <translation>Это не учитывается: эта делегация не вправе об этом сообщать. Это остается в протоколе.</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Хронология</translation>
    </message>
    <message>
        <source>Two laptops said different things, unseen by each other: {0}. The delegation that reported it settles it with an update.</source>
        <translation>Два ноутбука сообщили разное, не видя друг друга: {0}. Делегация, которая сообщила об инциденте, устраняет расхождение дополнением.</translation>
    </message>
    <message>
        <source>Unanswered in time: decide</source>
        <translation>В срок ответа нет: решите</translation>
    </message>
    <message>
        <source>We ({officer})</source>
        <translation>Мы ({officer})</translation>
    </message>
    <message>
        <source>What is reported</source>
        <translation>О чем сообщается</translation>
    </message>
    <message>
        <source>answered</source>
        <translation>дан ответ</translation>
    </message>
    <message>
        <source>done {0}</source>
        <translation>выполнено {0}</translation>
    </message>
    <message>
        <source>due {0}</source>
        <translation>срок {0}</translation>
    </message>
    <message>
        <source>now {0}</source>
        <translation>сейчас {0}</translation>
    </message>
    <message>
        <source>open</source>
        <translation>открыто</translation>
    </message>
    <message>
        <source>or</source>
        <translation>или</translation>
    </message>
    <message>
        <source>still under way</source>
        <translation>еще в пути</translation>
    </message>
    <message>
        <source>taken</source>
        <translation>принято</translation>
    </message>
    <message>
        <source>taken back</source>
        <translation>взято назад</translation>
    </message>
    <message>
        <source>taken back, though it was taken</source>
        <translation>взято назад, хотя было принято</translation>
    </message>
    <message>
        <source>{0}, it stands here</source>
        <translation>{0}, стоит здесь</translation>
    </message>
    <message>
        <source>{0}: choose from the directory of points of contact</source>
        <translation>{0}: выбрать из реестра контактных пунктов</translation>
    </message>
    <message>
        <source>{name} ({code}), {officer}</source>
        <translation>{name} ({code}), {officer}</translation>
    </message>
    <message>
        <source>{sign} {who}: {state}</source>
        <translation>{sign} {who}: {state}</translation>
    </message>
    <message>
        <source>{utc} ({local} here)</source>
        <translation>{utc} (здесь {local})</translation>
    </message>
    <message>
        <source>{when} there</source>
        <translation>там {when}</translation>
    </message>
    <message>
        <source>… {who}: not yet</source>
        <translation>… {who}: пока нет</translation>
    </message>
    <message>
        <source>✓ {who}: {role}, {when}</source>
        <translation>✓ {who}: {role}, {when}</translation>
    </message>
</context>
<context>
    <name>joint</name>
    <message numerus="yes">
        <source>%n delegations</source>
        <translation>
            <numerusform>%n делегация</numerusform>
            <numerusform>%n делегации</numerusform>
            <numerusform>%n делегаций</numerusform>
        </translation>
    </message>
    <message>
        <source>Admit</source>
        <translation>Допустить</translation>
    </message>
    <message>
        <source>Admit a late delegation</source>
        <translation>Допустить опоздавшую делегацию</translation>
    </message>
    <message>
        <source>Close the list</source>
        <translation>Закрыть список</translation>
    </message>
    <message>
        <source>Co-sponsors</source>
        <translation>Соавторы</translation>
    </message>
    <message>
        <source>Do not rely on them and do not sign. Ask {0} in person or by telephone for its words and its hash; it can open them anew.</source>
        <translation>Не полагайтесь на них и не подписывайте. Запросите слова и хеш лично или по телефону: {0}; эта делегация может открыть их заново.</translation>
    </message>
    <message>
        <source>Everybody in the room sees it. You cannot take it back; the delegation itself can.</source>
        <translation>Это видит каждый в комнате. Вы не можете взять это назад; сама делегация — может.</translation>
    </message>
    <message>
        <source>Everybody in {0} sees that your delegation no longer stands on the list.</source>
        <translation>Каждый в комнате {0} видит, что вашей делегации больше нет в списке.</translation>
    </message>
    <message>
        <source>Exchange first (Ctrl+R), so that names that are under way are here: who is not on the list now counts as late.</source>
        <translation>Сначала проведите обмен (Ctrl+R), чтобы названия, которые находятся в пути, поступили сюда: те, кого сейчас нет в списке, считаются опоздавшими.</translation>
    </message>
    <message>
        <source>It cannot be opened again. You can still admit each late delegation.</source>
        <translation>Открыть его вновь нельзя. Вы по-прежнему можете допустить каждую опоздавшую делегацию.</translation>
    </message>
    <message>
        <source>It signed the same words after you had closed the list. Admitted, it stands on the list as the others do.</source>
        <translation>Она подписала те же слова после того, как вы закрыли список. После допуска она стоит в списке наравне с другими.</translation>
    </message>
    <message>
        <source>It was to be open until {0}.</source>
        <translation>Список должен был оставаться открытым до {0}.</translation>
    </message>
    <message>
        <source>Joint statement</source>
        <translation>Совместное заявление</translation>
    </message>
    <message>
        <source>On the list: {0}.</source>
        <translation>В списке: {0}.</translation>
    </message>
    <message>
        <source>Open for sign-on for another {0}: until {1}.</source>
        <translation>Открыто для присоединения еще {0}: до {1}.</translation>
    </message>
    <message>
        <source>Open for sign-on, without a date.</source>
        <translation>Открыто для присоединения, без даты.</translation>
    </message>
    <message>
        <source>Other words stand in the place of these.</source>
        <translation>Вместо этих слов стоят другие.</translation>
    </message>
    <message>
        <source>Our delegation has not signed on.</source>
        <translation>Наша делегация не присоединилась.</translation>
    </message>
    <message>
        <source>Our delegation has signed on.</source>
        <translation>Наша делегация присоединилась.</translation>
    </message>
    <message>
        <source>Our delegation has taken its name back.</source>
        <translation>Наша делегация взяла свое название назад.</translation>
    </message>
    <message>
        <source>Our delegation signed other words: that does not count here.</source>
        <translation>Наша делегация подписала другие слова: здесь это не учитывается.</translation>
    </message>
    <message>
        <source>Our name came later: it waits until {0} admits it.</source>
        <translation>Наше название поступило позднее: оно ожидает допуска. Решает: {0}.</translation>
    </message>
    <message>
        <source>Sign on as a co-sponsor</source>
        <translation>Стать соавтором</translation>
    </message>
    <message>
        <source>Sign on to the joint statement</source>
        <translation>Присоединиться к совместному заявлению</translation>
    </message>
    <message>
        <source>Take our name back</source>
        <translation>Взять наше название назад</translation>
    </message>
    <message>
        <source>The list stays open until {0} closes it.</source>
        <translation>Список остается открытым, пока его не закроет делегация: {0}.</translation>
    </message>
    <message>
        <source>The list was closed {0}: {1}.</source>
        <translation>Список закрыт {0}: {1}.</translation>
    </message>
    <message>
        <source>The text differs: this laptop does not compute that hash for the revision.</source>
        <translation>Текст отличается: этот ноутбук не получает такой хеш для этой редакции.</translation>
    </message>
    <message>
        <source>The words differ: they do not have the hash that would be signed.</source>
        <translation>Слова отличаются: у них не тот хеш, который подписывался бы.</translation>
    </message>
    <message numerus="yes">
        <source>Too long by %n characters.</source>
        <translation>
            <numerusform>Превышение: %n знак.</numerusform>
            <numerusform>Превышение: %n знака.</numerusform>
            <numerusform>Превышение: %n знаков.</numerusform>
        </translation>
    </message>
    <message>
        <source>Who signed on later waits for you: {0}. Admit each, or leave it as it is.</source>
        <translation>Присоединившиеся позднее ожидают вашего решения: {0}. Допустите каждую делегацию или оставьте как есть.</translation>
    </message>
    <message>
        <source>Who signed these words has not signed the new ones.</source>
        <translation>Подписавшие эти слова не подписали новые.</translation>
    </message>
    <message>
        <source>Who signs on now waits to be admitted.</source>
        <translation>Те, кто присоединяется теперь, ожидают допуска.</translation>
    </message>
    <message>
        <source>You can sign on again. Once the list is closed, the name then waits to be admitted.</source>
        <translation>Вы можете присоединиться снова. После закрытия списка название тогда ожидает допуска.</translation>
    </message>
    <message>
        <source>You cannot sign on. Exchange once more (Ctrl+R), since the revision may still be under way. If it stays so, compare the hash with {0} by telephone.</source>
        <translation>Присоединиться нельзя. Проведите обмен еще раз (Ctrl+R): возможно, редакция еще в пути. Если ничего не изменится, сверьте хеш по телефону: {0}.</translation>
    </message>
    <message>
        <source>You close the list.</source>
        <translation>Список закрываете вы.</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>закрыто</translation>
    </message>
    <message>
        <source>closed, {0} waiting</source>
        <translation>закрыто, ожидают: {0}</translation>
    </message>
    <message>
        <source>late, admitted</source>
        <translation>с опозданием, допущено</translation>
    </message>
    <message>
        <source>late, waits to be admitted</source>
        <translation>с опозданием, ожидает допуска</translation>
    </message>
    <message>
        <source>nobody has signed on</source>
        <translation>никто не присоединился</translation>
    </message>
    <message>
        <source>open</source>
        <translation>открыто</translation>
    </message>
    <message>
        <source>open until {0}</source>
        <translation>открыто до {0}</translation>
    </message>
    <message>
        <source>open, its date has passed</source>
        <translation>открыто, дата прошла</translation>
    </message>
    <message>
        <source>other words, does not count</source>
        <translation>другие слова, не учитывается</translation>
    </message>
    <message>
        <source>replaced</source>
        <translation>заменено</translation>
    </message>
    <message>
        <source>signed</source>
        <translation>подписано</translation>
    </message>
    <message>
        <source>text differs</source>
        <translation>текст отличается</translation>
    </message>
    <message>
        <source>took its name back</source>
        <translation>название взято назад</translation>
    </message>
    <message>
        <source>we have not signed</source>
        <translation>мы не подписали</translation>
    </message>
    <message>
        <source>we signed</source>
        <translation>мы подписали</translation>
    </message>
    <message>
        <source>we took our name back</source>
        <translation>мы взяли название назад</translation>
    </message>
    <message>
        <source>we wait</source>
        <translation>мы ожидаем</translation>
    </message>
    <message>
        <source>words differ</source>
        <translation>слова отличаются</translation>
    </message>
</context>
<context>
    <name>keys</name>
    <message numerus="yes">
        <source>By courier, or not heard lately: replaced keys are kept %n days.</source>
        <translation>
            <numerusform>С курьером или при долгом отсутствии связи: замененные ключи хранятся %n день.</numerusform>
            <numerusform>С курьером или при долгом отсутствии связи: замененные ключи хранятся %n дня.</numerusform>
            <numerusform>С курьером или при долгом отсутствии связи: замененные ключи хранятся %n дней.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Connected: replaced keys are kept %n hours.</source>
        <translation>
            <numerusform>При подключении: замененные ключи хранятся %n час.</numerusform>
            <numerusform>При подключении: замененные ключи хранятся %n часа.</numerusform>
            <numerusform>При подключении: замененные ключи хранятся %n часов.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>laptops</name>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n день</numerusform>
            <numerusform>%n дня</numerusform>
            <numerusform>%n дней</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n notes and red lines</source>
        <translation>
            <numerusform>%n заметка или красная линия</numerusform>
            <numerusform>%n заметки и красные линии</numerusform>
            <numerusform>%n заметок и красных линий</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recovery shares since {0}, any {1} are enough. Not rehearsed yet.</source>
        <translation>
            <numerusform>%n доля восстановления, с {0}; достаточно любых {1}. Еще не опробовано.</numerusform>
            <numerusform>%n доли восстановления, с {0}; достаточно любых {1}. Еще не опробовано.</numerusform>
            <numerusform>%n долей восстановления, с {0}; достаточно любых {1}. Еще не опробовано.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recovery shares since {0}, any {1} are enough. Rehearsed on {2}.</source>
        <translation>
            <numerusform>%n доля восстановления, с {0}; достаточно любых {1}. Опробовано {2}.</numerusform>
            <numerusform>%n доли восстановления, с {0}; достаточно любых {1}. Опробовано {2}.</numerusform>
            <numerusform>%n долей восстановления, с {0}; достаточно любых {1}. Опробовано {2}.</numerusform>
        </translation>
    </message>
    <message>
        <source>Admit a laptop (check code {0}): {1}</source>
        <translation>Допустить ноутбук (проверочный код {0}): {1}</translation>
    </message>
    <message>
        <source>Adviser</source>
        <translation>Советник</translation>
    </message>
    <message>
        <source>Another laptop takes its place</source>
        <translation>Его заменяет другой ноутбук</translation>
    </message>
    <message>
        <source>Expired on {0}: nothing is sealed for it. Renew it.</source>
        <translation>Срок истек {0}: для него ничего не запечатывается. Обновите его сертификат.</translation>
    </message>
    <message numerus="yes">
        <source>Expires in %n days, on {0}. Renew it.</source>
        <translation>
            <numerusform>Срок истекает через %n день, {0}. Обновите его сертификат.</numerusform>
            <numerusform>Срок истекает через %n дня, {0}. Обновите его сертификат.</numerusform>
            <numerusform>Срок истекает через %n дней, {0}. Обновите его сертификат.</numerusform>
        </translation>
    </message>
    <message>
        <source>Head of delegation</source>
        <translation>Глава делегации</translation>
    </message>
    <message numerus="yes">
        <source>It holds the record of {0} of %n rooms.</source>
        <translation>
            <numerusform>Имеется протокол {0} из %n комнаты.</numerusform>
            <numerusform>Имеется протокол {0} из %n комнат.</numerusform>
            <numerusform>Имеется протокол {0} из %n комнат.</numerusform>
        </translation>
    </message>
    <message>
        <source>It was lost or stolen</source>
        <translation>Утрачен или украден</translation>
    </message>
    <message>
        <source>Its officer has left</source>
        <translation>Сотрудник покинул делегацию</translation>
    </message>
    <message numerus="yes">
        <source>Make %n recovery shares, of which any {0} give the root key back.</source>
        <translation>
            <numerusform>Создать %n долю восстановления, из которых для возврата корневого ключа достаточно любых {0}.</numerusform>
            <numerusform>Создать %n доли восстановления, из которых для возврата корневого ключа достаточно любых {0}.</numerusform>
            <numerusform>Создать %n долей восстановления, из которых для возврата корневого ключа достаточно любых {0}.</numerusform>
        </translation>
    </message>
    <message>
        <source>Negotiator</source>
        <translation>Переговорщик</translation>
    </message>
    <message>
        <source>Observer</source>
        <translation>Наблюдатель</translation>
    </message>
    <message>
        <source>Pen holder</source>
        <translation>Держатель пера</translation>
    </message>
    <message>
        <source>Point of contact</source>
        <translation>Контактный пункт</translation>
    </message>
    <message>
        <source>Renew the laptop of {0}: {1}</source>
        <translation>Обновить сертификат ноутбука {0}: {1}</translation>
    </message>
    <message>
        <source>Revoke the laptop of {0}: from now on it gets nothing.</source>
        <translation>Аннулировать допуск ноутбука {0}: с этого момента он ничего не получает.</translation>
    </message>
    <message>
        <source>Revoked on {0}: it gets nothing any more. What it signed stands.</source>
        <translation>Допуск аннулирован {0}: больше ничего не получает. Подписанное им остается в силе.</translation>
    </message>
    <message>
        <source>Since {0}, until {1}</source>
        <translation>С {0} до {1}</translation>
    </message>
    <message numerus="yes">
        <source>Stayed with the delegation: the record of %n rooms, of which the successor&apos;s laptop holds {0}; {1}. Conversations before it was admitted, and the library of this laptop, do not pass by themselves.</source>
        <translation>
            <numerusform>Осталось у делегации: протокол %n комнаты (из них на ноутбуке преемника: {0}); {1}. Переписка до его допуска и библиотека этого ноутбука сами собой не передаются.</numerusform>
            <numerusform>Осталось у делегации: протокол %n комнат (из них на ноутбуке преемника: {0}); {1}. Переписка до его допуска и библиотека этого ноутбука сами собой не передаются.</numerusform>
            <numerusform>Осталось у делегации: протокол %n комнат (из них на ноутбуке преемника: {0}); {1}. Переписка до его допуска и библиотека этого ноутбука сами собой не передаются.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Travel laptop: only %n rooms</source>
        <translation>
            <numerusform>Дорожный ноутбук: только %n комната</numerusform>
            <numerusform>Дорожный ноутбук: только %n комнаты</numerusform>
            <numerusform>Дорожный ноутбук: только %n комнат</numerusform>
        </translation>
    </message>
    <message>
        <source>one year</source>
        <translation>один год</translation>
    </message>
    <message>
        <source>three months</source>
        <translation>три месяца</translation>
    </message>
    <message>
        <source>three years</source>
        <translation>три года</translation>
    </message>
    <message>
        <source>two years</source>
        <translation>два года</translation>
    </message>
    <message>
        <source>{officer} may {rights}, for {term}.</source>
        <translation>{officer}: {rights}; срок: {term}.</translation>
    </message>
</context>
<context>
    <name>library</name>
    <message numerus="yes">
        <source>%n more paragraphs after</source>
        <translation>
            <numerusform>Еще %n пункт ниже</numerusform>
            <numerusform>Еще %n пункта ниже</numerusform>
            <numerusform>Еще %n пунктов ниже</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more paragraphs before</source>
        <translation>
            <numerusform>Еще %n пункт выше</numerusform>
            <numerusform>Еще %n пункта выше</numerusform>
            <numerusform>Еще %n пунктов выше</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n paragraphs</source>
        <translation>
            <numerusform>%n пункт</numerusform>
            <numerusform>%n пункта</numerusform>
            <numerusform>%n пунктов</numerusform>
        </translation>
    </message>
    <message>
        <source>Arabic</source>
        <translation>Арабский</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Китайский</translation>
    </message>
    <message>
        <source>Could not be read: {0}.</source>
        <translation>Не удалось прочитать: {0}.</translation>
    </message>
    <message>
        <source>Document without a symbol</source>
        <translation>Документ без обозначения</translation>
    </message>
    <message>
        <source>Documents added: {0}.</source>
        <translation>Добавлено документов: {0}.</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Английский</translation>
    </message>
    <message>
        <source>French</source>
        <translation>Французский</translation>
    </message>
    <message>
        <source>Here already: {0}.</source>
        <translation>Уже здесь: {0}.</translation>
    </message>
    <message numerus="yes">
        <source>Importing: {0} of %n files</source>
        <translation>
            <numerusform>Импорт: {0} из %n файла</numerusform>
            <numerusform>Импорт: {0} из %n файлов</numerusform>
            <numerusform>Импорт: {0} из %n файлов</numerusform>
        </translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>Русский</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>Испанский</translation>
    </message>
    <message>
        <source>Vote: {0}</source>
        <translation>Голосование: {0}</translation>
    </message>
    <message>
        <source>You stopped the import. Import the same again to go on where it stopped.</source>
        <translation>Вы остановили импорт. Повторите тот же импорт, чтобы продолжить с места остановки.</translation>
    </message>
    <message>
        <source>a document without a symbol</source>
        <translation>документ без обозначения</translation>
    </message>
    <message>
        <source>{0} per cent alike</source>
        <translation>сходство {0} процентов</translation>
    </message>
</context>
<context>
    <name>messages</name>
    <message numerus="yes">
        <source>%n delegations</source>
        <translation>
            <numerusform>%n делегация</numerusform>
            <numerusform>%n делегации</numerusform>
            <numerusform>%n делегаций</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n devices</source>
        <translation>
            <numerusform>%n ноутбук</numerusform>
            <numerusform>%n ноутбука</numerusform>
            <numerusform>%n ноутбуков</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items waiting in outbox</source>
        <translation>
            <numerusform>в исходящих ожидает %n элемент</numerusform>
            <numerusform>в исходящих ожидают %n элемента</numerusform>
            <numerusform>в исходящих ожидает %n элементов</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n messages</source>
        <translation>
            <numerusform>%n сообщение</numerusform>
            <numerusform>%n сообщения</numerusform>
            <numerusform>%n сообщений</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unread</source>
        <translation>
            <numerusform>%n непрочитанное</numerusform>
            <numerusform>%n непрочитанных</numerusform>
            <numerusform>%n непрочитанных</numerusform>
        </translation>
    </message>
    <message>
        <source>A custodian vouches for another identity of a delegation in this room. Sending is stopped until you decide.</source>
        <translation>Поручитель ручается за другое удостоверение одной из делегаций этой комнаты. Отправка приостановлена, пока вы не примете решение.</translation>
    </message>
    <message>
        <source>A delegation in this room added a laptop. What you write waits until you have looked at it.</source>
        <translation>Одна из делегаций этой комнаты добавила ноутбук. То, что вы пишете, ожидает, пока вы его не просмотрите.</translation>
    </message>
    <message>
        <source>A delegation in this room showed two lists of its devices. Sending is stopped until you decide.</source>
        <translation>Одна из делегаций этой комнаты показала два списка своих ноутбуков. Отправка приостановлена, пока вы не примете решение.</translation>
    </message>
    <message>
        <source>A drafting group of several delegations. You become its chair.</source>
        <translation>Редакционная группа из нескольких делегаций. Вы становитесь ее председателем.</translation>
    </message>
    <message>
        <source>A laptop was added to your own delegation. What you write waits until you have looked at it.</source>
        <translation>К вашей собственной делегации добавлен ноутбук. То, что вы пишете, ожидает, пока вы его не просмотрите.</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Подтвердить</translation>
    </message>
    <message>
        <source>Between two delegations.</source>
        <translation>Между двумя делегациями.</translation>
    </message>
    <message>
        <source>Bilateral</source>
        <translation>Двусторонние</translation>
    </message>
    <message>
        <source>For the eyes and ears of the individual recipients only</source>
        <translation>Только для лично указанных получателей</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>Группы</translation>
    </message>
    <message>
        <source>Internal</source>
        <translation>Внутренняя</translation>
    </message>
    <message>
        <source>May be shared with everybody</source>
        <translation>Можно делиться со всеми</translation>
    </message>
    <message>
        <source>May be shared within the community, not publicly</source>
        <translation>Можно делиться внутри сообщества, но не публично</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Сообщения</translation>
    </message>
    <message>
        <source>Need to know, within the organization and its clients</source>
        <translation>По служебной необходимости, внутри организации и с ее клиентами</translation>
    </message>
    <message>
        <source>Need to know, within the organization only</source>
        <translation>По служебной необходимости, только внутри организации</translation>
    </message>
    <message>
        <source>No marking</source>
        <translation>Без пометки</translation>
    </message>
    <message>
        <source>Not everybody sees the same members: another list is seen by {who}.</source>
        <translation>Не все видят один и тот же состав участников; другой список: {who}.</translation>
    </message>
    <message>
        <source>Our delegation</source>
        <translation>Наша делегация</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Сохранить как…</translation>
    </message>
    <message>
        <source>Sending in this room is stopped until you decide.</source>
        <translation>Отправка в этой комнате приостановлена, пока вы не примете решение.</translation>
    </message>
    <message>
        <source>The identity of a delegation in this room changed. Sending is stopped until you decide.</source>
        <translation>Удостоверение одной из делегаций этой комнаты изменилось. Отправка приостановлена, пока вы не примете решение.</translation>
    </message>
    <message>
        <source>The numbers compared with a delegation in this room differ. Sending is stopped until you decide.</source>
        <translation>Номера, сверенные с одной из делегаций этой комнаты, не совпадают. Отправка приостановлена, пока вы не примете решение.</translation>
    </message>
    <message>
        <source>This is a travel laptop, and it is not for this room.</source>
        <translation>Это дорожный ноутбук, и он не предназначен для этой комнаты.</translation>
    </message>
    <message>
        <source>This laptop was revoked by your delegation: it sends nothing any more.</source>
        <translation>Допуск этого ноутбука аннулирован вашей делегацией: он больше ничего не отправляет.</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Вы</translation>
    </message>
    <message>
        <source>Your delegation is no longer in this room: you can read, not write.</source>
        <translation>Ваша делегация больше не состоит в этой комнате: вы можете читать, но не писать.</translation>
    </message>
    <message>
        <source>Your own delegation only. Nothing in it can be sent to another.</source>
        <translation>Только ваша собственная делегация. Отправить что-либо отсюда другой делегации нельзя.</translation>
    </message>
    <message>
        <source>acknowledged</source>
        <translation>получение подтверждено</translation>
    </message>
    <message>
        <source>acknowledged by {count} of {all}</source>
        <translation>получение подтвердили {count} из {all}</translation>
    </message>
    <message>
        <source>acknowledged {time}</source>
        <translation>подтверждено {time}</translation>
    </message>
    <message>
        <source>arriving</source>
        <translation>поступает</translation>
    </message>
    <message>
        <source>chair</source>
        <translation>председатель</translation>
    </message>
    <message>
        <source>delivered</source>
        <translation>доставлено</translation>
    </message>
    <message>
        <source>delivered to {count} of {all}</source>
        <translation>доставлено {count} из {all}</translation>
    </message>
    <message>
        <source>file {name}, {size}</source>
        <translation>файл {name}, {size}</translation>
    </message>
    <message>
        <source>for the record</source>
        <translation>для протокола</translation>
    </message>
    <message>
        <source>never leaves your delegation</source>
        <translation>никогда не покидает вашу делегацию</translation>
    </message>
    <message>
        <source>no longer a member</source>
        <translation>больше не участвует</translation>
    </message>
    <message>
        <source>no subject</source>
        <translation>без темы</translation>
    </message>
    <message>
        <source>not acknowledged yet</source>
        <translation>еще не подтверждено</translation>
    </message>
    <message>
        <source>not everybody sees the same members</source>
        <translation>не все видят один и тот же состав участников</translation>
    </message>
    <message>
        <source>not received yet</source>
        <translation>еще не получено</translation>
    </message>
    <message>
        <source>received {time}</source>
        <translation>получено {time}</translation>
    </message>
    <message>
        <source>sending stopped</source>
        <translation>отправка приостановлена</translation>
    </message>
    <message>
        <source>sent, not yet delivered</source>
        <translation>отправлено, еще не доставлено</translation>
    </message>
    <message>
        <source>waiting in outbox</source>
        <translation>ожидает в исходящих</translation>
    </message>
    <message>
        <source>waiting in outbox, next exchange {time}</source>
        <translation>ожидает в исходящих, следующий обмен {time}</translation>
    </message>
    <message>
        <source>you acknowledged {time}</source>
        <translation>вы подтвердили {time}</translation>
    </message>
    <message>
        <source>{members}, all verified</source>
        <translation>{members}, все проверены</translation>
    </message>
    <message>
        <source>{members}, not all verified</source>
        <translation>{members}, проверены не все</translation>
    </message>
    <message>
        <source>{who}, revoked</source>
        <translation>{who}, допуск аннулирован</translation>
    </message>
    <message>
        <source>{who}, valid until {date}</source>
        <translation>{who}, действует до {date}</translation>
    </message>
</context>
<context>
    <name>notice</name>
    <message numerus="yes">
        <source>Valise: %n items</source>
        <translation>
            <numerusform>Valise: %n элемент</numerusform>
            <numerusform>Valise: %n элемента</numerusform>
            <numerusform>Valise: %n элементов</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>overview</name>
    <message numerus="yes">
        <source>%n entries in {register} are due for review</source>
        <translation>
            <numerusform>Подлежит пересмотру %n запись в реестре {register}</numerusform>
            <numerusform>Подлежат пересмотру %n записи в реестре {register}</numerusform>
            <numerusform>Подлежат пересмотру %n записей в реестре {register}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n envelopes are kept sealed until their keys come; they have been asked for.</source>
        <translation>
            <numerusform>%n конверт остается запечатанным, пока не поступит ключ к нему; ключ запрошен.</numerusform>
            <numerusform>%n конверта остаются запечатанными, пока не поступят ключи к ним; ключи запрошены.</numerusform>
            <numerusform>%n конвертов остаются запечатанными, пока не поступят ключи к ним; ключи запрошены.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n internal dates were left out.</source>
        <translation>
            <numerusform>%n внутренняя дата не включена.</numerusform>
            <numerusform>%n внутренние даты не включены.</numerusform>
            <numerusform>%n внутренних дат не включено.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items are waiting for their receipts.</source>
        <translation>
            <numerusform>%n элемент ожидает подтверждения получения.</numerusform>
            <numerusform>%n элемента ожидают подтверждения получения.</numerusform>
            <numerusform>%n элементов ожидают подтверждения получения.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items not yet received by everybody</source>
        <translation>
            <numerusform>%n элемент получен еще не всеми</numerusform>
            <numerusform>%n элемента получены еще не всеми</numerusform>
            <numerusform>%n элементов получены еще не всеми</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new proposals in {title}</source>
        <translation>
            <numerusform>%n новое предложение в тексте {title}</numerusform>
            <numerusform>%n новых предложения в тексте {title}</numerusform>
            <numerusform>%n новых предложений в тексте {title}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n things need you</source>
        <translation>
            <numerusform>Требует вашего участия: %n</numerusform>
            <numerusform>Требует вашего участия: %n</numerusform>
            <numerusform>Требует вашего участия: %n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unread messages in {room}</source>
        <translation>
            <numerusform>%n непрочитанное сообщение в комнате {room}</numerusform>
            <numerusform>%n непрочитанных сообщения в комнате {room}</numerusform>
            <numerusform>%n непрочитанных сообщений в комнате {room}</numerusform>
        </translation>
    </message>
    <message>
        <source>A copy of the laptop of {officer} is in use too: what it signs in {room} no longer counts. Stop using it and tell your delegation</source>
        <translation>Используется также копия этого ноутбука ({officer}): то, что он подписывает в комнате {room}, больше не учитывается. Прекратите им пользоваться и сообщите своей делегации</translation>
    </message>
    <message>
        <source>A custodian vouches for another identity of {who}: sending is stopped until you decide</source>
        <translation>Поручитель ручается за другое удостоверение: {who}; отправка приостановлена, пока вы не примете решение</translation>
    </message>
    <message>
        <source>A delegation signed on late to {title}: admit it or not</source>
        <translation>Одна из делегаций присоединилась с опозданием к {title}: допустите ее или нет</translation>
    </message>
    <message>
        <source>A draft of {officer} on {title} waits for your release</source>
        <translation>Ожидает вашего разрешения на отправку черновик по {title}: {officer}</translation>
    </message>
    <message>
        <source>A laptop was added to your own delegation: everything you send waits until you have looked at it</source>
        <translation>К вашей собственной делегации добавлен ноутбук: всё, что вы отправляете, ожидает, пока вы его не просмотрите</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Подтвердить</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Ответ</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>Выбрать</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Commitments</source>
        <translation>Обязательства</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Сверить</translation>
    </message>
    <message>
        <source>Compare the safety number with {who}</source>
        <translation>Сверьте номер безопасности: {who}</translation>
    </message>
    <message>
        <source>Consultation: {title}, {when}</source>
        <translation>Консультации: {title}, {when}</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>Контакты</translation>
    </message>
    <message>
        <source>Decide</source>
        <translation>Решить</translation>
    </message>
    <message numerus="yes">
        <source>Different values stand in %n entries of {register}</source>
        <translation>
            <numerusform>Разные значения стоят в %n записи реестра {register}</numerusform>
            <numerusform>Разные значения стоят в %n записях реестра {register}</numerusform>
            <numerusform>Разные значения стоят в %n записях реестра {register}</numerusform>
        </translation>
    </message>
    <message>
        <source>Further dates in {register} that are due: {count}</source>
        <translation>Прочих наступивших сроков в реестре {register}: {count}</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>Инциденты</translation>
    </message>
    <message>
        <source>Last exchange {time}</source>
        <translation>Последний обмен {time}</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Посмотреть</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Сообщения</translation>
    </message>
    <message>
        <source>No exchange yet</source>
        <translation>Обмена еще не было</translation>
    </message>
    <message>
        <source>No round of pings was made yet</source>
        <translation>Раундов проверки связи еще не было</translation>
    </message>
    <message>
        <source>No way of exchange is set up yet: nothing is sent or received but by courier</source>
        <translation>Ни один путь обмена пока не настроен: без курьера ничего не отправляется и не поступает</translation>
    </message>
    <message>
        <source>Not everybody in {room} sees the same members: look at {who}</source>
        <translation>Не все в комнате {room} видят один и тот же состав участников: посмотрите {who}</translation>
    </message>
    <message>
        <source>Nothing has been exchanged: no relay is used and no folder is chosen.</source>
        <translation>Обмена не было: ретранслятор не используется и папка не выбрана.</translation>
    </message>
    <message>
        <source>Open one</source>
        <translation>Открыть раунд</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Прочитать</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>Реестры</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Пересмотр</translation>
    </message>
    <message>
        <source>Set one up</source>
        <translation>Настроить</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>Settle</source>
        <translation>Урегулировать</translation>
    </message>
    <message>
        <source>Silence on {title} until {when}: break it if your delegation does not agree</source>
        <translation>Процедура отсутствия возражений по {title} до {when}: если ваша делегация не согласна, заявите возражение</translation>
    </message>
    <message>
        <source>Something in {place} needs you</source>
        <translation>Требует вашего участия: {place}</translation>
    </message>
    <message>
        <source>Something in {place} needs you: {what}</source>
        <translation>Требует вашего участия ({place}): {what}</translation>
    </message>
    <message>
        <source>Task “{0}” of {1} is due</source>
        <translation>Наступил срок задачи «{0}» ({1})</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>Тексты</translation>
    </message>
    <message numerus="yes">
        <source>The certificate of {officer}&apos;s laptop expires in %n days</source>
        <translation>
            <numerusform>Срок сертификата ноутбука истекает через %n день: {officer}</numerusform>
            <numerusform>Срок сертификата ноутбука истекает через %n дня: {officer}</numerusform>
            <numerusform>Срок сертификата ноутбука истекает через %n дней: {officer}</numerusform>
        </translation>
    </message>
    <message>
        <source>The certificate of {officer}&apos;s laptop has expired: nothing is sealed for it</source>
        <translation>Срок сертификата ноутбука истек: {officer}; для него ничего не запечатывается</translation>
    </message>
    <message>
        <source>The check of this vault found something wrong</source>
        <translation>Проверка этого хранилища обнаружила неполадку</translation>
    </message>
    <message>
        <source>The identity of {who} changed: sending is stopped until you decide</source>
        <translation>Удостоверение изменилось: {who}; отправка приостановлена, пока вы не примете решение</translation>
    </message>
    <message>
        <source>The key file of your delegation still lies beside the vault: move it to a stick</source>
        <translation>Файл ключа вашей делегации всё еще находится рядом с хранилищем: перенесите его на USB-накопитель</translation>
    </message>
    <message>
        <source>The laptop of {officer}, {who}, has signed two different things at one place in {room}: what it signs there no longer counts. Ask {who}</source>
        <translation>Ноутбук ({officer}, {who}) подписал две разные записи на одном месте в комнате {room}: то, что он там подписывает, больше не учитывается. Запросите делегацию: {who}</translation>
    </message>
    <message>
        <source>The last round of pings was on {when}: it is time for another one</source>
        <translation>Последний раунд проверки связи был {when}: пора провести следующий</translation>
    </message>
    <message>
        <source>The oldest since {when}</source>
        <translation>Самое давнее — с {when}</translation>
    </message>
    <message numerus="yes">
        <source>The permission of {who} to write to you ends in %n days and cannot renew by itself</source>
        <translation>
            <numerusform>Разрешение писать вам истекает через %n день и не может продлиться само собой: {who}</numerusform>
            <numerusform>Разрешение писать вам истекает через %n дня и не может продлиться само собой: {who}</numerusform>
            <numerusform>Разрешение писать вам истекает через %n дней и не может продлиться само собой: {who}</numerusform>
        </translation>
    </message>
    <message>
        <source>The round {title} is over; not confirmed: {count}</source>
        <translation>Раунд {title} завершен; не подтверждено: {count}</translation>
    </message>
    <message>
        <source>The silence on {title} was broken</source>
        <translation>В процедуре отсутствия возражений по {title} заявлено возражение</translation>
    </message>
    <message>
        <source>The silence on {title} was broken in time by its own word, but heard of only after it ended: decide</source>
        <translation>По {title} возражение, если верить его отметке времени, заявлено в срок, но стало известно лишь после окончания процедуры: решите</translation>
    </message>
    <message>
        <source>This is an older copy of this laptop&apos;s vault: nothing is lost; connect, and it goes on by itself</source>
        <translation>Это более старая копия хранилища этого ноутбука: ничего не потеряно; подключитесь, и работа продолжится сама собой</translation>
    </message>
    <message>
        <source>This laptop was revoked by your delegation: it sends nothing and gets nothing any more</source>
        <translation>Допуск этого ноутбука аннулирован вашей делегацией: он больше ничего не отправляет и не получает</translation>
    </message>
    <message>
        <source>This vault has not been checked for more than a week</source>
        <translation>Это хранилище не проверялось больше недели</translation>
    </message>
    <message>
        <source>Two copies of the vault of {officer}, {who}, are in use: ask {who}</source>
        <translation>Используются две копии хранилища ({officer}, {who}): запросите делегацию: {who}</translation>
    </message>
    <message>
        <source>Valise</source>
        <translation>Valise</translation>
    </message>
    <message>
        <source>Your draft on {title} cannot leave: the paragraph has changed</source>
        <translation>Ваш черновик по {title} не может быть отправлен: пункт изменился</translation>
    </message>
    <message>
        <source>Your draft on {title} was returned</source>
        <translation>Ваш черновик по {title} возвращен</translation>
    </message>
    <message numerus="yes">
        <source>Your permission to use the relay {host} ends in %n days</source>
        <translation>
            <numerusform>Ваше разрешение использовать ретранслятор {host} истекает через %n день</numerusform>
            <numerusform>Ваше разрешение использовать ретранслятор {host} истекает через %n дня</numerusform>
            <numerusform>Ваше разрешение использовать ретранслятор {host} истекает через %n дней</numerusform>
        </translation>
    </message>
    <message>
        <source>Your permission to use the relay {host} has ended: what waits goes another way</source>
        <translation>Ваше разрешение использовать ретранслятор {host} истекло: ожидающее уходит другим путем</translation>
    </message>
    <message>
        <source>again within a minute</source>
        <translation>снова в течение минуты</translation>
    </message>
    <message>
        <source>has received everything</source>
        <translation>всё получено</translation>
    </message>
    <message>
        <source>next {time}</source>
        <translation>следующий {time}</translation>
    </message>
    <message>
        <source>{0} has ended: close it</source>
        <translation>{0}: инцидент завершился, закройте его</translation>
    </message>
    <message>
        <source>{0} is unanswered at {1}</source>
        <translation>{0}: нет ответа на уровне {1}</translation>
    </message>
    <message>
        <source>{0} is unanswered at {1}: {2} is proposed</source>
        <translation>{0}: нет ответа на уровне {1}; предлагается {2}</translation>
    </message>
    <message>
        <source>{0}: offers of help to choose from: {1}</source>
        <translation>{0}: предложения помощи на выбор: {1}</translation>
    </message>
    <message>
        <source>{0}: {1} reports an incident; nobody has acknowledged it</source>
        <translation>{0}: об инциденте сообщает {1}; получение никто не подтвердил</translation>
    </message>
    <message>
        <source>{contact}, {state}: the answer corrects the entry</source>
        <translation>{contact}, {state}: ответ исправляет запись</translation>
    </message>
    <message>
        <source>{contact}, {state}: the answer says that this is the wrong contact</source>
        <translation>{contact}, {state}: в ответе сказано, что это не тот контакт</translation>
    </message>
    <message>
        <source>{title} begins {when}</source>
        <translation>{title}: начало {when}</translation>
    </message>
    <message>
        <source>{title} goes on; it began {when}</source>
        <translation>{title}: продолжается; начало {when}</translation>
    </message>
    <message>
        <source>{title} is open for sign-on</source>
        <translation>Открыто для присоединения: {title}</translation>
    </message>
    <message>
        <source>{title} is open for sign-on until {when}</source>
        <translation>Открыто для присоединения до {when}: {title}</translation>
    </message>
    <message>
        <source>{title}: {who} asks for an answer</source>
        <translation>{title}: ответа просит {who}</translation>
    </message>
    <message>
        <source>{title}: {who} asks for an answer by {when}</source>
        <translation>{title}: ответа до {when} просит {who}</translation>
    </message>
    <message>
        <source>{title}: “{what}” is {when}</source>
        <translation>{title}: срок «{what}» — {when}</translation>
    </message>
    <message>
        <source>{title}: “{what}” was {when}</source>
        <translation>{title}: срок «{what}» был {when}</translation>
    </message>
    <message>
        <source>{who} added a laptop: what you send to it waits until you have looked at it</source>
        <translation>Добавлен ноутбук: {who}; то, что вы отправляете туда, ожидает, пока вы его не просмотрите</translation>
    </message>
    <message>
        <source>{who} asks you to confirm a point of contact by {when}</source>
        <translation>Просьба подтвердить контактный пункт до {when}: {who}</translation>
    </message>
    <message>
        <source>{who} cannot be reached: what waits is kept</source>
        <translation>Нет связи: {who}; ожидающее сохраняется</translation>
    </message>
    <message>
        <source>{who} wants to compare words with you now</source>
        <translation>Просьба сверить слова сейчас: {who}</translation>
    </message>
    <message>
        <source>{who}: {what} What waits is kept</source>
        <translation>{who}: {what} Ожидающее сохраняется</translation>
    </message>
</context>
<context>
    <name>practice</name>
    <message>
        <source>Acknowledge a message</source>
        <translation>Подтвердите получение сообщения</translation>
    </message>
    <message>
        <source>Answer a ping</source>
        <translation>Ответьте на проверку связи</translation>
    </message>
    <message>
        <source>Borovia asks whether your point of contact is still right. Answer under Contacts. Reading it is no answer.</source>
        <translation>Borovia спрашивает, верны ли по-прежнему сведения о вашем контактном пункте. Ответьте в разделе «Контакты». Прочтение вопроса ответом не считается.</translation>
    </message>
    <message>
        <source>Borovia has sent you a message. Read it and acknowledge it: delivery alone tells nobody that a person has read it.</source>
        <translation>Borovia отправила вам сообщение. Прочитайте его и подтвердите получение: сама по себе доставка никому не говорит, что его прочитал человек.</translation>
    </message>
    <message>
        <source>Compare the safety number with Borovia</source>
        <translation>Сверьте номер безопасности с Borovia</translation>
    </message>
    <message>
        <source>Done {when}.</source>
        <translation>Сделано {when}.</translation>
    </message>
    <message>
        <source>Not done yet.</source>
        <translation>Еще не сделано.</translation>
    </message>
    <message>
        <source>Open Borovia under Contacts and compare the number by eye. In life somebody of Borovia reads the words to you; here they stand below, as Borovia&apos;s own laptop shows them. Say that they match only when every one does.</source>
        <translation>Откройте Borovia в разделе «Контакты» и сверьте номер визуально. В жизни слова вам читает кто-либо из делегации Borovia; здесь они стоят ниже, как их показывает ее ноутбук. Указывайте, что они совпадают, только если совпадает каждое.</translation>
    </message>
    <message>
        <source>Open a new incident, tick that it is an exercise, fill in what the form asks for and send it to Borovia.</source>
        <translation>Откройте новый инцидент, отметьте, что это учения, заполните то, что требует форма, и отправьте его делегации Borovia.</translation>
    </message>
    <message>
        <source>Open the text of the practice group, choose a paragraph that is still open, change some words and propose them.</source>
        <translation>Откройте текст учебной группы, выберите пункт, который еще открыт, измените несколько слов и предложите их.</translation>
    </message>
    <message>
        <source>Propose an amendment</source>
        <translation>Предложите поправку</translation>
    </message>
    <message>
        <source>Report an incident, as an exercise</source>
        <translation>Сообщите об инциденте, в порядке учений</translation>
    </message>
    <message>
        <source>To Borovia</source>
        <translation>К Borovia</translation>
    </message>
    <message>
        <source>To the contacts</source>
        <translation>К контактам</translation>
    </message>
    <message>
        <source>To the incidents</source>
        <translation>К инцидентам</translation>
    </message>
    <message>
        <source>To the messages</source>
        <translation>К сообщениям</translation>
    </message>
    <message>
        <source>To the texts</source>
        <translation>К текстам</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n tasks done</source>
        <translation>
            <numerusform>Выполнено задач: {0} из %n</numerusform>
            <numerusform>Выполнено задач: {0} из %n</numerusform>
            <numerusform>Выполнено задач: {0} из %n</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>registers</name>
    <message>
        <source> and {0} more</source>
        <translation> и еще {0}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln States</source>
        <translation>
            <numerusform>%Ln государство</numerusform>
            <numerusform>%Ln государства</numerusform>
            <numerusform>%Ln государств</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows</source>
        <translation>
            <numerusform>%Ln строка</numerusform>
            <numerusform>%Ln строки</numerusform>
            <numerusform>%Ln строк</numerusform>
        </translation>
    </message>
    <message>
        <source>All States</source>
        <translation>Все государства</translation>
    </message>
    <message>
        <source>As stated</source>
        <translation>Как заявлено</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Нет</translation>
    </message>
    <message>
        <source>Our assessment – internal</source>
        <translation>Наша оценка — внутренняя</translation>
    </message>
    <message>
        <source>Review due</source>
        <translation>Срок пересмотра</translation>
    </message>
    <message>
        <source>Taken in: {0}.</source>
        <translation>Принято: {0}.</translation>
    </message>
    <message>
        <source>Taken out</source>
        <translation>Исключено</translation>
    </message>
    <message>
        <source>That file is not protected any more.</source>
        <translation>Этот файл больше не защищен.</translation>
    </message>
    <message>
        <source>The name is shown so from now on, in this vault alone.</source>
        <translation>Название с этого момента показывается так, только в этом хранилище.</translation>
    </message>
    <message>
        <source>The register {0} is there.</source>
        <translation>Реестр {0} добавлен.</translation>
    </message>
    <message>
        <source>What a State says of itself, or a fact with its source.</source>
        <translation>Что государство говорит о себе само, или факт с указанием источника.</translation>
    </message>
    <message>
        <source>What our delegation thinks. It stays on our own laptops and is in no message and no export of the other side.</source>
        <translation>Что думает наша делегация. Это остается на наших собственных ноутбуках и не входит ни в одно сообщение и ни в один экспорт другой стороны.</translation>
    </message>
    <message>
        <source>Written: {0}, to {1}</source>
        <translation>Записано: {0}, в {1}</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Да</translation>
    </message>
    <message>
        <source>different values stand</source>
        <translation>стоят разные значения</translation>
    </message>
    <message>
        <source>due</source>
        <translation>срок наступил</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>пусто</translation>
    </message>
    <message>
        <source>not what the field asks for</source>
        <translation>не то, что требует поле</translation>
    </message>
    <message>
        <source>taken out and changed at the same time</source>
        <translation>одновременно исключено и изменено</translation>
    </message>
    <message>
        <source>{0} Differences</source>
        <translation>{0} Расхождения</translation>
    </message>
    <message>
        <source>{0} Different values stand: {1}</source>
        <translation>{0} Стоят разные значения: {1}</translation>
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
        <translation>допускать другие ноутбуки</translation>
    </message>
    <message>
        <source>enter commitments</source>
        <translation>вносить обязательства</translation>
    </message>
    <message>
        <source>hold the pen</source>
        <translation>держать перо</translation>
    </message>
    <message>
        <source>propose amendments and state positions</source>
        <translation>предлагать поправки и заявлять позиции</translation>
    </message>
    <message>
        <source>read</source>
        <translation>читать</translation>
    </message>
    <message>
        <source>write messages</source>
        <translation>писать сообщения</translation>
    </message>
</context>
<context>
    <name>screens</name>
    <message>
        <source>Commitments</source>
        <translation>Обязательства</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>Контакты</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>Инциденты</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Библиотека</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Сообщения</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Обзор</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>Реестры</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>Безопасность</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>Тексты</translation>
    </message>
</context>
<context>
    <name>security</name>
    <message>
        <source>Backups and travel</source>
        <translation>Резервные копии и поездки</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>Проверки</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>Доказательства</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>Первые шаги</translation>
    </message>
    <message>
        <source>Hygiene</source>
        <translation>Гигиена</translation>
    </message>
    <message>
        <source>Keys that move on</source>
        <translation>Сменяемые ключи</translation>
    </message>
    <message>
        <source>Our laptops</source>
        <translation>Наши ноутбуки</translation>
    </message>
    <message>
        <source>Unlocking</source>
        <translation>Разблокировка</translation>
    </message>
</context>
<context>
    <name>seeing</name>
    <message>
        <source> (contested)</source>
        <translation> (спорно)</translation>
    </message>
    <message>
        <source> (too late, without effect)</source>
        <translation> (слишком поздно, без последствий)</translation>
    </message>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n день</numerusform>
            <numerusform>%n дня</numerusform>
            <numerusform>%n дней</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hours</source>
        <translation>
            <numerusform>%n час</numerusform>
            <numerusform>%n часа</numerusform>
            <numerusform>%n часов</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hours longer</source>
        <translation>
            <numerusform>на %n час дольше</numerusform>
            <numerusform>на %n часа дольше</numerusform>
            <numerusform>на %n часов дольше</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n readings</source>
        <translation>
            <numerusform>%n вариант</numerusform>
            <numerusform>%n варианта</numerusform>
            <numerusform>%n вариантов</numerusform>
        </translation>
    </message>
    <message>
        <source>A bracket is opened or closed without its other half</source>
        <translation>Скобка открыта или закрыта без парной</translation>
    </message>
    <message>
        <source>A resolution is one sentence. Usually a preambular paragraph ends with a comma, an operative one with a semicolon, and the last with a full stop.</source>
        <translation>Резолюция — одно предложение. Обычно пункт преамбулы оканчивается запятой, пункт постановляющей части — точкой с запятой, а последний — точкой.</translation>
    </message>
    <message>
        <source>Agreed, but a bracket is still open in it</source>
        <translation>Согласовано, но в пункте еще открыта скобка</translation>
    </message>
    <message>
        <source>Another paragraph has the same number: {0}</source>
        <translation>Тот же номер у другого пункта: {0}</translation>
    </message>
    <message>
        <source>Broken by {0}, {1}{2}: {3}</source>
        <translation>Возражение: {0}, {1}{2}: {3}</translation>
    </message>
    <message>
        <source>Delegations refer to paragraphs by number and would speak of different ones. Usually the later one becomes “bis”, or the next revision numbers anew.</source>
        <translation>Делегации ссылаются на пункты по номерам и говорили бы о разных. Обычно более поздний становится «bis» или номера меняются в следующей редакции.</translation>
    </message>
    <message>
        <source>Geneva</source>
        <translation>Женева</translation>
    </message>
    <message>
        <source>It seems to name a person: {0}</source>
        <translation>По-видимому, названо лицо: {0}</translation>
    </message>
    <message>
        <source>Nairobi</source>
        <translation>Найроби</translation>
    </message>
    <message>
        <source>New York</source>
        <translation>Нью-Йорк</translation>
    </message>
    <message>
        <source>Nobody can tell which words are still open. Usually the missing bracket is put where the disputed words begin or end.</source>
        <translation>Никто не может определить, какие слова еще открыты. Обычно недостающую скобку ставят там, где спорные слова начинаются или заканчиваются.</translation>
    </message>
    <message>
        <source>Paragraph without number</source>
        <translation>Пункт без номера</translation>
    </message>
    <message>
        <source>Repeating the bare verb reads as if the earlier paragraph had been forgotten. The second time “also” is usual, from the third “further”.</source>
        <translation>Повторение одного глагола читается так, будто о предыдущем пункте забыли. Во второй раз обычно добавляют «также», с третьего — «далее».</translation>
    </message>
    <message numerus="yes">
        <source>Send %n paragraphs</source>
        <translation>
            <numerusform>Отправить %n пункт</numerusform>
            <numerusform>Отправить %n пункта</numerusform>
            <numerusform>Отправить %n пунктов</numerusform>
        </translation>
    </message>
    <message>
        <source>Singapore</source>
        <translation>Сингапур</translation>
    </message>
    <message>
        <source>Texts speak of functions, which outlast those who hold them. Usual are “the Chair”, “the Special Rapporteur” or “the delegation of …”.</source>
        <translation>В текстах говорится о должностях, которые переживают тех, кто их занимает. Обычно пишут «Председатель», «Специальный докладчик» или «делегация …».</translation>
    </message>
    <message>
        <source>The adverb stands in the wrong place; usual would be “{0}”</source>
        <translation>Наречие стоит не на том месте; обычно пишут «{0}»</translation>
    </message>
    <message>
        <source>The usual sign at its end is missing</source>
        <translation>Нет обычного знака в конце</translation>
    </message>
    <message>
        <source>The verb has opened a paragraph before; usual would be “{0}”</source>
        <translation>Этот глагол уже открывал пункт; обычно пишут «{0}»</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Заголовок</translation>
    </message>
    <message numerus="yes">
        <source>Too long by %n characters.</source>
        <translation>
            <numerusform>Превышение: %n знак.</numerusform>
            <numerusform>Превышение: %n знака.</numerusform>
            <numerusform>Превышение: %n знаков.</numerusform>
        </translation>
    </message>
    <message>
        <source>Usually the verb comes first in the preamble (“Recalling also”), and in the operative part the adverb does (“Also requests”). Editors change it anyway, and later than one would like.</source>
        <translation>Обычно в преамбуле сначала идет глагол («Recalling also»), а в постановляющей части — наречие («Also requests»). Редакторы всё равно это изменят, и позже, чем хотелось бы.</translation>
    </message>
    <message>
        <source>Vienna</source>
        <translation>Вена</translation>
    </message>
    <message>
        <source>What stands in brackets is not agreed, so the two contradict each other. Usually the brackets are decided first, or the paragraph is reopened.</source>
        <translation>То, что стоит в скобках, не согласовано, поэтому одно противоречит другому. Обычно сначала решают вопрос о скобках или вновь открывают пункт.</translation>
    </message>
    <message>
        <source>agreed ad ref</source>
        <translation>согласовано ad ref</translation>
    </message>
    <message>
        <source>also written by the pen itself</source>
        <translation>внесено также держателем пера</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>и еще %n</numerusform>
            <numerusform>и еще %n</numerusform>
            <numerusform>и еще %n</numerusform>
        </translation>
    </message>
    <message>
        <source>became a sponsor of an amendment</source>
        <translation>присоединение к авторам поправки</translation>
    </message>
    <message>
        <source>came into the text</source>
        <translation>появилось в тексте</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>изменено</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>закрыто</translation>
    </message>
    <message>
        <source>dropped</source>
        <translation>исключено</translation>
    </message>
    <message>
        <source>from {0}</source>
        <translation>от {0}</translation>
    </message>
    <message>
        <source>here</source>
        <translation>здесь</translation>
    </message>
    <message>
        <source>its number became {0}</source>
        <translation>новый номер: {0}</translation>
    </message>
    <message>
        <source>moved</source>
        <translation>перенесено</translation>
    </message>
    <message>
        <source>new</source>
        <translation>новое</translation>
    </message>
    <message>
        <source>number: {0}, was {1}</source>
        <translation>номер: {0}, был {1}</translation>
    </message>
    <message>
        <source>parked</source>
        <translation>отложено</translation>
    </message>
    <message>
        <source>proposed: {0}</source>
        <translation>предложено: {0}</translation>
    </message>
    <message>
        <source>remarked</source>
        <translation>сделано замечание</translation>
    </message>
    <message>
        <source>reopened</source>
        <translation>вновь открыто</translation>
    </message>
    <message>
        <source>same words</source>
        <translation>те же слова</translation>
    </message>
    <message>
        <source>stands in revision {0}</source>
        <translation>стоит в редакции {0}</translation>
    </message>
    <message>
        <source>the pen admitted an amendment</source>
        <translation>перо допустило поправку</translation>
    </message>
    <message>
        <source>the pen moved it</source>
        <translation>перо перенесло пункт</translation>
    </message>
    <message>
        <source>the pen on an amendment: {0}</source>
        <translation>перо о поправке: {0}</translation>
    </message>
    <message>
        <source>the pen set new words</source>
        <translation>перо установило новые слова</translation>
    </message>
    <message>
        <source>the pen took it out</source>
        <translation>перо исключило пункт</translation>
    </message>
    <message>
        <source>withdrew from an amendment</source>
        <translation>отказ от авторства поправки</translation>
    </message>
    <message>
        <source>written by the pen itself</source>
        <translation>внесено держателем пера</translation>
    </message>
    <message>
        <source>{0} h</source>
        <translation>{0} ч</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} ч {1} мин</translation>
    </message>
    <message>
        <source>{0} min {1} s</source>
        <translation>{0} мин {1} с</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n amendments have their answer.</source>
        <translation>
            <numerusform>Ответ есть у {0} из %n поправки.</numerusform>
            <numerusform>Ответ есть у {0} из %n поправок.</numerusform>
            <numerusform>Ответ есть у {0} из %n поправок.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n paragraphs differ. Struck words are gone, underlined ones are new.</source>
        <translation>
            <numerusform>Отличается пунктов: {0} из %n. Зачеркнутые слова исключены, подчеркнутые — новые.</numerusform>
            <numerusform>Отличается пунктов: {0} из %n. Зачеркнутые слова исключены, подчеркнутые — новые.</numerusform>
            <numerusform>Отличается пунктов: {0} из %n. Зачеркнутые слова исключены, подчеркнутые — новые.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n words stand outside brackets: {1} %.</source>
        <translation>
            <numerusform>Вне скобок {0} из %n слова: {1} %.</numerusform>
            <numerusform>Вне скобок {0} из %n слов: {1} %.</numerusform>
            <numerusform>Вне скобок {0} из %n слов: {1} %.</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}, for {1}</source>
        <translation>{0}, от имени: {1}</translation>
    </message>
    <message>
        <source>{0}, on an amendment</source>
        <translation>{0}, по поправке</translation>
    </message>
    <message>
        <source>{0}, on the paragraph</source>
        <translation>{0}, по пункту</translation>
    </message>
    <message>
        <source>{0}, was {1}</source>
        <translation>{0}, раньше: {1}</translation>
    </message>
    <message>
        <source>“Also” and “further” refer back to an earlier paragraph with the same verb. Usually the first such paragraph has the verb alone.</source>
        <translation>«Также» и «далее» отсылают к предыдущему пункту с тем же глаголом. Обычно в первом таком пункте стоит один глагол.</translation>
    </message>
    <message>
        <source>“{0}” although the verb has not opened a paragraph before</source>
        <translation>«{0}», хотя этот глагол раньше не открывал пункт</translation>
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
            <numerusform>%n строка ничего здесь не означает и опущена: возможно, из другой версии.</numerusform>
            <numerusform>%n строки ничего здесь не означают и опущены: возможно, из другой версии.</numerusform>
            <numerusform>%n строк ничего здесь не означают и опущены: возможно, из другой версии.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them would protect less than now; they stand first.</source>
        <translation>
            <numerusform>%n из них защищала бы слабее, чем сейчас; такие настройки стоят первыми.</numerusform>
            <numerusform>%n из них защищали бы слабее, чем сейчас; они стоят первыми.</numerusform>
            <numerusform>%n из них защищали бы слабее, чем сейчас; они стоят первыми.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n settings were taken from the file.</source>
        <translation>
            <numerusform>Из файла принята %n настройка.</numerusform>
            <numerusform>Из файла приняты %n настройки.</numerusform>
            <numerusform>Из файла принято %n настроек.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n settings would change. Nothing has changed yet.</source>
        <translation>
            <numerusform>Изменилась бы %n настройка. Пока ничего не изменено.</numerusform>
            <numerusform>Изменились бы %n настройки. Пока ничего не изменено.</numerusform>
            <numerusform>Изменилось бы %n настроек. Пока ничего не изменено.</numerusform>
        </translation>
    </message>
    <message>
        <source>A crash leaves no image of the memory behind.</source>
        <translation>При сбое образ памяти не остается.</translation>
    </message>
    <message>
        <source>A crash may leave an image of the memory on the disk: turn that off in the system.</source>
        <translation>При сбое на диске может остаться образ памяти: отключите это в системе.</translation>
    </message>
    <message>
        <source>A delegation that shares the exchange folder is then reached through it, until the relay answers again. Not for a delegation for which you chose a way yourself.</source>
        <translation>До делегации, у которой есть доступ к папке обмена, обмен тогда доходит через папку, пока ретранслятор снова не ответит. Не для делегации, для которой вы сами выбрали путь.</translation>
    </message>
    <message>
        <source>A notification says how many items came, at most once a minute, and nothing else: no name, no word.</source>
        <translation>В уведомлении говорится, сколько элементов поступило, не чаще раза в минуту, и ничего более: ни имени, ни слова.</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Оформление</translation>
    </message>
    <message>
        <source>As on this computer</source>
        <translation>Как на этом компьютере</translation>
    </message>
    <message>
        <source>Clocks of the talks</source>
        <translation>Часы переговоров</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Темное</translation>
    </message>
    <message>
        <source>Empty the clipboard after</source>
        <translation>Очищать буфер обмена через</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Английский</translation>
    </message>
    <message>
        <source>Español</source>
        <translation>Español</translation>
    </message>
    <message>
        <source>Exchange</source>
        <translation>Обмен</translation>
    </message>
    <message>
        <source>Exchange every</source>
        <translation>Обмен каждые</translation>
    </message>
    <message>
        <source>Exchange folder</source>
        <translation>Папка обмена</translation>
    </message>
    <message>
        <source>Français</source>
        <translation>Français</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Общие</translation>
    </message>
    <message>
        <source>Hours after which you are reminded that nobody answered. 0 = as agreed in each case.</source>
        <translation>Часы, после которых вам напоминают, что никто не ответил. 0 = как условлено в каждом случае.</translation>
    </message>
    <message>
        <source>Hours without an answer after which T2 is proposed to you. Nothing is sent by itself. 0 = nothing is proposed.</source>
        <translation>Часы без ответа, после которых вам предлагается T2. Само собой ничего не отправляется. 0 = ничего не предлагается.</translation>
    </message>
    <message>
        <source>Hours without an answer after which T3 is proposed to you. Nothing is sent by itself. 0 = nothing is proposed.</source>
        <translation>Часы без ответа, после которых вам предлагается T3. Само собой ничего не отправляется. 0 = ничего не предлагается.</translation>
    </message>
    <message>
        <source>How long a replaced key is kept for envelopes still under way. Somebody who takes this laptop and opens the vault within that time can also open what was sent to the replaced key.</source>
        <translation>Сколько хранится замененный ключ для конвертов, которые еще в пути. Тот, кто за это время возьмет этот ноутбук и откроет хранилище, сможет открыть и то, что было отправлено на замененный ключ.</translation>
    </message>
    <message>
        <source>How often the ways of exchange are looked at. A relay says by itself when something has come.</source>
        <translation>Как часто проверяются пути обмена. Ретранслятор сам сообщает, когда что-то поступило.</translation>
    </message>
    <message>
        <source>Incidents: wait at T0 (routine)</source>
        <translation>Инциденты: ожидание на T0 (обычный)</translation>
    </message>
    <message>
        <source>Incidents: wait at T1 (technical to technical)</source>
        <translation>Инциденты: ожидание на T1 (между техническими службами)</translation>
    </message>
    <message>
        <source>Incidents: wait at T2 (diplomatic to diplomatic)</source>
        <translation>Инциденты: ожидание на T2 (по дипломатической линии)</translation>
    </message>
    <message>
        <source>Incidents: wait at T3 (policy level)</source>
        <translation>Инциденты: ожидание на T3 (политический уровень)</translation>
    </message>
    <message>
        <source>It is newer than the version that runs, {0}.</source>
        <translation>Он новее работающей версии {0}.</translation>
    </message>
    <message>
        <source>It is older than the version that runs, {0}. Going back brings back faults that are mended since.</source>
        <translation>Он старее работающей версии {0}. Возврат к нему вернет уже исправленные ошибки.</translation>
    </message>
    <message>
        <source>It is the version that runs.</source>
        <translation>Это работающая версия.</translation>
    </message>
    <message>
        <source>Keep old keys, by courier</source>
        <translation>Хранить старые ключи при обмене с курьером</translation>
    </message>
    <message>
        <source>Keep old keys, connected</source>
        <translation>Хранить старые ключи при подключении</translation>
    </message>
    <message>
        <source>Keep windows out of screenshots</source>
        <translation>Не показывать окна на снимках экрана</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Ключи</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Язык</translation>
    </message>
    <message>
        <source>Letters, signs and buttons grow together, up to twice their size; what no longer fits can be scrolled. It holds from the next time you unlock.</source>
        <translation>Буквы, значки и кнопки увеличиваются вместе, не более чем вдвое; то, что больше не помещается, можно прокрутить. Действует со следующей разблокировки.</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Светлое</translation>
    </message>
    <message>
        <source>Light or dark</source>
        <translation>Светлое или темное</translation>
    </message>
    <message>
        <source>Lock after</source>
        <translation>Блокировать через</translation>
    </message>
    <message>
        <source>Locking</source>
        <translation>Блокировка</translation>
    </message>
    <message>
        <source>Movement</source>
        <translation>Движение</translation>
    </message>
    <message>
        <source>Nothing in the window moves by itself: menus open at once, and what takes long says so without moving.</source>
        <translation>В окне ничто не движется само собой: меню открываются сразу, а о том, что длится долго, сообщается без движения.</translation>
    </message>
    <message>
        <source>Nothing moves</source>
        <translation>Ничто не движется</translation>
    </message>
    <message>
        <source>Other programs of your account cannot read the memory of Valise.</source>
        <translation>Другие программы вашей учетной записи не могут читать память Valise.</translation>
    </message>
    <message>
        <source>Other programs of your account could read the memory of Valise: install only what you trust.</source>
        <translation>Другие программы вашей учетной записи могли бы читать память Valise: устанавливайте только то, чему доверяете.</translation>
    </message>
    <message>
        <source>Proxy to the relay</source>
        <translation>Прокси для ретранслятора</translation>
    </message>
    <message>
        <source>Release files of Valise ({0})</source>
        <translation>Файлы выпусков Valise ({0})</translation>
    </message>
    <message>
        <source>Send again after</source>
        <translation>Отправлять снова через</translation>
    </message>
    <message>
        <source>Show the public name when locked</source>
        <translation>Показывать открытое название при блокировке</translation>
    </message>
    <message>
        <source>Size of everything</source>
        <translation>Размер всего</translation>
    </message>
    <message>
        <source>Stop until I decide</source>
        <translation>Остановить, пока я не решу</translation>
    </message>
    <message>
        <source>Tell me and go on</source>
        <translation>Сообщить мне и продолжать</translation>
    </message>
    <message>
        <source>Tell the desktop when something came</source>
        <translation>Сообщать рабочей среде о поступлениях</translation>
    </message>
    <message>
        <source>The colours of the window. Both can be read by those who see contrasts poorly.</source>
        <translation>Цвета окна. Оба варианта могут читать и те, кто плохо различает контрасты.</translation>
    </message>
    <message>
        <source>The language of the window. Texts and messages stay as they were written.</source>
        <translation>Язык окна. Тексты и сообщения остаются такими, какими написаны.</translation>
    </message>
    <message>
        <source>The same for delegations reached by courier: longer than the longest way of a stick.</source>
        <translation>То же для делегаций, обмен с которыми идет с курьером: дольше самого долгого пути накопителя.</translation>
    </message>
    <message>
        <source>The shared folder through which sealed envelopes travel. Whoever can open it sees sizes and times, never a name or a word.</source>
        <translation>Общая папка, через которую передаются запечатанные конверты. Тот, кто может ее открыть, видит размер и время, но никогда ни имени, ни слова.</translation>
    </message>
    <message>
        <source>The system decides who may read what Valise writes: keep this account to yourself.</source>
        <translation>Кто может прочитать то, что записывает Valise, решает система: никого не пускайте в эту учетную запись.</translation>
    </message>
    <message>
        <source>The unlock page shows the name you made public. Anybody who sees the screen can read it.</source>
        <translation>На странице разблокировки показывается название, которое вы сделали открытым. Его может прочитать каждый, кто видит экран.</translation>
    </message>
    <message>
        <source>The vault locks after this long without a key or the mouse. It also locks when the computer sleeps.</source>
        <translation>Хранилище блокируется, если столько времени не нажимается ни одна клавиша и не движется мышь. Оно блокируется и тогда, когда компьютер переходит в спящий режим.</translation>
    </message>
    <message>
        <source>Time zones in which a deadline is also shown, separated by commas, for example Asia/Singapore. UTC and the time of this computer are always there.</source>
        <translation>Часовые пояса, в которых дополнительно показывается срок, через запятую, например Asia/Singapore. UTC и время этого компьютера есть всегда.</translation>
    </message>
    <message>
        <source>Use the folder when the relay cannot be reached</source>
        <translation>Использовать папку, когда с ретранслятором нет связи</translation>
    </message>
    <message>
        <source>What Valise writes can be read by your account only.</source>
        <translation>То, что записывает Valise, может прочитать только ваша учетная запись.</translation>
    </message>
    <message>
        <source>What a recipient has not confirmed after this long is sent once more, and then less and less often.</source>
        <translation>То, что получатель не подтвердил за это время, отправляется еще раз, а затем всё реже.</translation>
    </message>
    <message>
        <source>What was copied from here is removed from the clipboard after this long, and when the vault locks.</source>
        <translation>Скопированное отсюда убирается из буфера обмена через это время и при блокировке хранилища.</translation>
    </message>
    <message>
        <source>When a delegation adds a laptop</source>
        <translation>Когда делегация добавляет ноутбук</translation>
    </message>
    <message>
        <source>Where the system can leave windows out of screenshots and recordings, it is asked to. This device, below, says what holds here.</source>
        <translation>Там, где система может не показывать окна на снимках экрана и в записях, ее об этом просят. Что действует здесь, сказано ниже, в разделе «Это устройство».</translation>
    </message>
    <message>
        <source>Where this network lets nothing out but a proxy: http://host:port, or http://name:password@host:port. It is kept in the vault only, and the password is not shown again. The proxy sees which relay is used, never what is sent.</source>
        <translation>Если эта сеть выпускает наружу только через прокси: http://host:port или http://name:password@host:port. Хранится только в хранилище, и пароль больше не показывается. Прокси видит, какой ретранслятор используется, но никогда — что отправляется.</translation>
    </message>
    <message>
        <source>Whoever holds a delegation&apos;s key can admit a laptop that then reads what is sent to it. Nothing more is sent to that delegation, or from ours when the laptop is our own, until somebody here has looked at it.</source>
        <translation>Тот, у кого есть ключ делегации, может допустить ноутбук, который затем читает то, что ей отправляется. Этой делегации, а если ноутбук наш собственный — от нашей, ничего больше не отправляется, пока кто-либо из наших сотрудников его не просмотрит.</translation>
    </message>
    <message>
        <source>Working days without an answer after which the next channel is proposed to you. 0 = nothing is proposed.</source>
        <translation>Рабочие дни без ответа, после которых вам предлагается следующий канал. 0 = ничего не предлагается.</translation>
    </message>
    <message>
        <source>days</source>
        <translation>дн.</translation>
    </message>
    <message>
        <source>hours</source>
        <translation>ч</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>мин</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>ничего</translation>
    </message>
    <message>
        <source>off</source>
        <translation>выключено</translation>
    </message>
    <message>
        <source>on</source>
        <translation>включено</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>с</translation>
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
            <numerusform>Верна %n доля из %n</numerusform>
            <numerusform>Все %n доли верны</numerusform>
            <numerusform>Все %n долей верны</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Share {0} of {1} is right. %n more.</source>
        <translation>
            <numerusform>Доля {0} из {1} верна. Нужна еще %n.</numerusform>
            <numerusform>Доля {0} из {1} верна. Нужны еще %n.</numerusform>
            <numerusform>Доля {0} из {1} верна. Нужно еще %n.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>steps</name>
    <message>
        <source>A laptop can be lost or break. A backup on a stick, kept apart from it, brings back what you wrote and received.</source>
        <translation>Ноутбук может потеряться или сломаться. Резервная копия на накопителе, который хранится отдельно от него, возвращает то, что вы написали и получили.</translation>
    </message>
    <message>
        <source>Back up…</source>
        <translation>Создать копию…</translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>Сделано.</translation>
    </message>
    <message>
        <source>It says which laptops belong to your delegation. While it lies beside the vault, whoever takes this laptop takes both; only its passphrase is then in the way.</source>
        <translation>Он определяет, какие ноутбуки принадлежат вашей делегации. Пока он находится рядом с хранилищем, тот, кто заберет этот ноутбук, заберет и то и другое; тогда ему мешает только парольная фраза файла.</translation>
    </message>
    <message>
        <source>Made, and never rehearsed: only a rehearsal shows that the paper is right.</source>
        <translation>Подготовлены, но не опробованы: только проба показывает, что на бумаге всё верно.</translation>
    </message>
    <message>
        <source>Make a backup</source>
        <translation>Создайте резервную копию</translation>
    </message>
    <message>
        <source>Make recovery shares of the delegation</source>
        <translation>Подготовьте доли восстановления делегации</translation>
    </message>
    <message>
        <source>Make recovery shares of this vault</source>
        <translation>Подготовьте доли восстановления этого хранилища</translation>
    </message>
    <message>
        <source>Make shares…</source>
        <translation>Подготовить доли…</translation>
    </message>
    <message>
        <source>Move it…</source>
        <translation>Перенести…</translation>
    </message>
    <message>
        <source>Move the key file to a stick</source>
        <translation>Перенесите файл ключа на USB-накопитель</translation>
    </message>
    <message>
        <source>Not done yet.</source>
        <translation>Еще не сделано.</translation>
    </message>
    <message>
        <source>Rehearse…</source>
        <translation>Опробовать…</translation>
    </message>
    <message>
        <source>Words on paper for several people. Some of them together open this vault when the passphrase is forgotten. Without them nobody can.</source>
        <translation>Слова на бумаге для нескольких человек. Часть из них вместе открывает это хранилище, если парольная фраза забыта. Без них этого не может сделать никто.</translation>
    </message>
    <message>
        <source>Words on paper that give the delegation&apos;s key back when the key file or its passphrase is lost. Without it no laptop can be admitted or revoked.</source>
        <translation>Слова на бумаге, которые возвращают ключ делегации, если утрачены файл ключа или его парольная фраза. Без него ни один ноутбук нельзя ни допустить, ни лишить допуска.</translation>
    </message>
</context>
<context>
    <name>texts</name>
    <message numerus="yes">
        <source>%n amendments</source>
        <translation>
            <numerusform>%n поправка</numerusform>
            <numerusform>%n поправки</numerusform>
            <numerusform>%n поправок</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n brackets</source>
        <translation>
            <numerusform>%n скобка</numerusform>
            <numerusform>%n скобки</numerusform>
            <numerusform>%n скобок</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n brackets are still open in it.</source>
        <translation>
            <numerusform>В нем еще открыта %n скобка.</numerusform>
            <numerusform>В нем еще открыты %n скобки.</numerusform>
            <numerusform>В нем еще открыто %n скобок.</numerusform>
        </translation>
    </message>
    <message>
        <source>A PDF does not keep the order of right-to-left words: read closely where Latin words or figures stand.</source>
        <translation>PDF не сохраняет порядок слов, пишущихся справа налево: читайте внимательно там, где стоят слова латиницей или цифры.</translation>
    </message>
    <message>
        <source>A bracket is opened or closed without its partner.</source>
        <translation>Скобка открыта или закрыта без парной.</translation>
    </message>
    <message>
        <source>A field has no end; all its letters were kept.</source>
        <translation>У одного из полей нет конца; все его буквы сохранены.</translation>
    </message>
    <message>
        <source>A marked change could not be placed at the words it is about.</source>
        <translation>Отмеченное изменение не удалось поместить к словам, к которым оно относится.</translation>
    </message>
    <message>
        <source>A number stands at two paragraphs.</source>
        <translation>Один номер стоит у двух пунктов.</translation>
    </message>
    <message>
        <source>A paragraph cut in two is proposed as a deletion and a new paragraph.</source>
        <translation>Пункт, разделенный надвое, предложен как исключение и новый пункт.</translation>
    </message>
    <message>
        <source>A reference to a note was left out.</source>
        <translation>Ссылка на сноску опущена.</translation>
    </message>
    <message>
        <source>Addresses behind words were left out, the words kept. None was followed.</source>
        <translation>Адреса за словами опущены, слова сохранены. Ни по одному адресу перехода не было.</translation>
    </message>
    <message>
        <source>Agreed at the table, subject to confirmation by capitals; not reopened meanwhile.</source>
        <translation>Согласовано за столом переговоров при условии подтверждения столицами; до тех пор вновь не открывается.</translation>
    </message>
    <message>
        <source>Broken lines were joined into paragraphs.</source>
        <translation>Разорванные строки соединены в пункты.</translation>
    </message>
    <message>
        <source>Changes by others inside words that were moved or joined were left out.</source>
        <translation>Изменения других внутри перенесенных или соединенных слов опущены.</translation>
    </message>
    <message>
        <source>Characters that reverse the order of reading were found: read closely.</source>
        <translation>Найдены знаки, меняющие порядок чтения на обратный: читайте внимательно.</translation>
    </message>
    <message>
        <source>Elements that are not known were read as plain paragraphs.</source>
        <translation>Неизвестные элементы прочитаны как обычные пункты.</translation>
    </message>
    <message>
        <source>Embedded objects were left out and not opened.</source>
        <translation>Внедренные объекты опущены и не открывались.</translation>
    </message>
    <message>
        <source>Endnotes were kept as remarks.</source>
        <translation>Концевые сноски сохранены как замечания.</translation>
    </message>
    <message>
        <source>Fallback</source>
        <translation>Запасной вариант</translation>
    </message>
    <message>
        <source>Fields were read as the result they show.</source>
        <translation>Поля прочитаны как показываемый ими результат.</translation>
    </message>
    <message>
        <source>Footnotes were kept as remarks.</source>
        <translation>Сноски сохранены как замечания.</translation>
    </message>
    <message>
        <source>Forms and their fields were left out.</source>
        <translation>Формы и их поля опущены.</translation>
    </message>
    <message>
        <source>Formulas were left out.</source>
        <translation>Формулы опущены.</translation>
    </message>
    <message>
        <source>Formulas were read by their letters; their shape is lost.</source>
        <translation>Формулы прочитаны по буквам; их вид утрачен.</translation>
    </message>
    <message>
        <source>Go along</source>
        <translation>Готовы согласиться</translation>
    </message>
    <message>
        <source>Headers and footers were left out.</source>
        <translation>Колонтитулы опущены.</translation>
    </message>
    <message>
        <source>Hidden control characters were taken out.</source>
        <translation>Скрытые управляющие знаки убраны.</translation>
    </message>
    <message>
        <source>Hidden words were left out.</source>
        <translation>Скрытые слова опущены.</translation>
    </message>
    <message>
        <source>Instruction</source>
        <translation>Указание</translation>
    </message>
    <message>
        <source>It belongs to a continuation that was not the one taken.</source>
        <translation>Относится к продолжению, которое не было принято.</translation>
    </message>
    <message>
        <source>It came after its computer was taken out of the talks.</source>
        <translation>Поступило после того, как этот компьютер был выведен из переговоров.</translation>
    </message>
    <message>
        <source>It is without effect by the rules of the text.</source>
        <translation>По правилам текста это без последствий.</translation>
    </message>
    <message>
        <source>It refers to a paragraph that is not in the text.</source>
        <translation>Ссылка на пункт, которого нет в тексте.</translation>
    </message>
    <message>
        <source>It refers to a version of the paragraph that never stood.</source>
        <translation>Ссылка на вариант пункта, которого никогда не было.</translation>
    </message>
    <message>
        <source>It refers to an amendment that is not in the text.</source>
        <translation>Ссылка на поправку, которой нет в тексте.</translation>
    </message>
    <message>
        <source>It refers to something that is not in the text.</source>
        <translation>Ссылка на нечто, чего нет в тексте.</translation>
    </message>
    <message>
        <source>It would change nothing.</source>
        <translation>Это ничего бы не изменило.</translation>
    </message>
    <message>
        <source>Its computer did not hold the pen.</source>
        <translation>У этого компьютера не было пера.</translation>
    </message>
    <message>
        <source>Its computer signed two different histories.</source>
        <translation>Этот компьютер подписал две разные истории.</translation>
    </message>
    <message>
        <source>Its paragraph was agreed at that time.</source>
        <translation>Пункт в то время был согласован.</translation>
    </message>
    <message>
        <source>Its place in the new words could not be found.</source>
        <translation>Место в новых словах найти не удалось.</translation>
    </message>
    <message>
        <source>Lines were joined into paragraphs: look where one begins.</source>
        <translation>Строки соединены в пункты: проверьте, где начинается каждый.</translation>
    </message>
    <message>
        <source>Marks for right-to-left words were kept.</source>
        <translation>Метки для слов, пишущихся справа налево, сохранены.</translation>
    </message>
    <message>
        <source>Menus of the page were left out.</source>
        <translation>Меню страницы опущены.</translation>
    </message>
    <message>
        <source>No numbered paragraphs were recognised.</source>
        <translation>Нумерованные пункты не распознаны.</translation>
    </message>
    <message>
        <source>No title was found: give one.</source>
        <translation>Заголовок не найден: укажите его.</translation>
    </message>
    <message>
        <source>Not reopened without the chair&apos;s consent.</source>
        <translation>Вновь не открывается без согласия председателя.</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Примечание</translation>
    </message>
    <message>
        <source>Numbers were given to paragraphs that had none.</source>
        <translation>Пунктам без номера номера присвоены.</translation>
    </message>
    <message>
        <source>Of the page the words were read; its look, tables and marks are lost.</source>
        <translation>Из страницы прочитаны слова; ее оформление, таблицы и метки утрачены.</translation>
    </message>
    <message>
        <source>Of the pages the words were read; their look, tables and strokes are lost.</source>
        <translation>Из страниц прочитаны слова; их оформление, таблицы и линии утрачены.</translation>
    </message>
    <message>
        <source>Oppose</source>
        <translation>Выступить против</translation>
    </message>
    <message>
        <source>Page breaks were left out.</source>
        <translation>Разрывы страниц опущены.</translation>
    </message>
    <message>
        <source>Page numbers and lines repeated on the pages were left out.</source>
        <translation>Номера страниц и строки, повторяющиеся на страницах, опущены.</translation>
    </message>
    <message>
        <source>Parts that come from other documents were left out.</source>
        <translation>Части, поступающие из других документов, опущены.</translation>
    </message>
    <message>
        <source>Pictures were left out, with any words in them.</source>
        <translation>Изображения опущены вместе со словами в них.</translation>
    </message>
    <message>
        <source>Pictures were left out.</source>
        <translation>Изображения опущены.</translation>
    </message>
    <message numerus="yes">
        <source>Proposes %n changes:</source>
        <translation>
            <numerusform>Предлагается %n изменение:</numerusform>
            <numerusform>Предлагаются %n изменения:</numerusform>
            <numerusform>Предлагается %n изменений:</numerusform>
        </translation>
    </message>
    <message>
        <source>Reading guides above characters were left out.</source>
        <translation>Подсказки чтения над знаками опущены.</translation>
    </message>
    <message>
        <source>Red line</source>
        <translation>Красная линия</translation>
    </message>
    <message numerus="yes">
        <source>Released: %n proposals leave with the next exchange.</source>
        <translation>
            <numerusform>Отправка разрешена: %n предложение уйдет при следующем обмене.</numerusform>
            <numerusform>Отправка разрешена: %n предложения уйдут при следующем обмене.</numerusform>
            <numerusform>Отправка разрешена: %n предложений уйдут при следующем обмене.</numerusform>
        </translation>
    </message>
    <message>
        <source>Reserve</source>
        <translation>Внести оговорку</translation>
    </message>
    <message>
        <source>Set aside until later.</source>
        <translation>Отложено на более позднее время.</translation>
    </message>
    <message>
        <source>Signs of a symbol font that have no letter were left out.</source>
        <translation>Знаки символьного шрифта, у которых нет буквы, опущены.</translation>
    </message>
    <message numerus="yes">
        <source>Since you last looked: %n paragraphs changed or spoken to, by {0}.</source>
        <translation>
            <numerusform>С вашего последнего просмотра: %n пункт с изменениями или высказываниями; делегации: {0}.</numerusform>
            <numerusform>С вашего последнего просмотра: %n пункта с изменениями или высказываниями; делегации: {0}.</numerusform>
            <numerusform>С вашего последнего просмотра: %n пунктов с изменениями или высказываниями; делегации: {0}.</numerusform>
        </translation>
    </message>
    <message>
        <source>Some comments stand at no words.</source>
        <translation>Некоторые примечания не стоят ни при каких словах.</translation>
    </message>
    <message>
        <source>Some pages are pictures: nothing of them was read.</source>
        <translation>Некоторые страницы — изображения: из них ничего не прочитано.</translation>
    </message>
    <message>
        <source>Some paragraphs carry no number.</source>
        <translation>У некоторых пунктов нет номера.</translation>
    </message>
    <message>
        <source>Something in the document was read differently than it was written: read closely.</source>
        <translation>Что-то в документе прочитано иначе, чем написано: читайте внимательно.</translation>
    </message>
    <message>
        <source>Support</source>
        <translation>Поддержать</translation>
    </message>
    <message>
        <source>Tables were read cell by cell as paragraphs.</source>
        <translation>Таблицы прочитаны по ячейкам как пункты.</translation>
    </message>
    <message>
        <source>Tables were read row by row as paragraphs.</source>
        <translation>Таблицы прочитаны построчно как пункты.</translation>
    </message>
    <message>
        <source>Text boxes were read as paragraphs.</source>
        <translation>Надписи прочитаны как пункты.</translation>
    </message>
    <message>
        <source>The document holds macros. They were not read.</source>
        <translation>В документе есть макросы. Они не прочитаны.</translation>
    </message>
    <message>
        <source>The document refers to files or addresses elsewhere. None was followed.</source>
        <translation>Документ ссылается на файлы или адреса в других местах. Ни по одной ссылке перехода не было.</translation>
    </message>
    <message>
        <source>The file names another language than its words are in.</source>
        <translation>В файле указан не тот язык, на котором написаны слова.</translation>
    </message>
    <message>
        <source>The language was not recognised: choose it.</source>
        <translation>Язык не распознан: выберите его.</translation>
    </message>
    <message>
        <source>The numbering of its computer&apos;s entries is broken.</source>
        <translation>Нумерация записей этого компьютера нарушена.</translation>
    </message>
    <message>
        <source>The page holds scripts. They were not read and did not run.</source>
        <translation>На странице есть скрипты. Они не прочитаны и не выполнялись.</translation>
    </message>
    <message>
        <source>The page refers to pages or files elsewhere. None was fetched.</source>
        <translation>Страница ссылается на страницы или файлы в других местах. Ничего из них не загружено.</translation>
    </message>
    <message>
        <source>The pen carried this over to another place than this computer would have. Read both again.</source>
        <translation>Перо перенесло это на другое место, чем перенес бы этот компьютер. Перечитайте и то и другое.</translation>
    </message>
    <message>
        <source>The words it quotes are not those of the text.</source>
        <translation>Приведенных слов в тексте нет.</translation>
    </message>
    <message>
        <source>This paragraph</source>
        <translation>Этот пункт</translation>
    </message>
    <message>
        <source>This text is frozen: nobody can write on.</source>
        <translation>Этот текст заморожен: продолжать писать не может никто.</translation>
    </message>
    <message>
        <source>This text is frozen: the computer that holds the pen signed two different histories.</source>
        <translation>Этот текст заморожен: компьютер, у которого перо, подписал две разные истории.</translation>
    </message>
    <message>
        <source>This text is frozen: the delegations recovered the pen in two different ways.</source>
        <translation>Этот текст заморожен: делегации восстановили перо двумя разными способами.</translation>
    </message>
    <message>
        <source>This text is frozen: the pen wrote two different continuations.</source>
        <translation>Этот текст заморожен: пером написаны два разных продолжения.</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Заголовок</translation>
    </message>
    <message>
        <source>Tracked changes inside notes, headers or comments were left out.</source>
        <translation>Исправления внутри сносок, колонтитулов и примечаний опущены.</translation>
    </message>
    <message>
        <source>Tracked changes of look alone were left out.</source>
        <translation>Исправления, касающиеся только оформления, опущены.</translation>
    </message>
    <message>
        <source>Tracked changes of numbers or statuses were left out.</source>
        <translation>Исправления номеров и статусов опущены.</translation>
    </message>
    <message>
        <source>Tracked rows or cells of tables were read as changes of their words.</source>
        <translation>Исправления строк или ячеек таблиц прочитаны как изменения их слов.</translation>
    </message>
    <message>
        <source>Two paragraphs made one are proposed as new words and a deletion.</source>
        <translation>Два пункта, объединенные в один, предложены как новые слова и исключение.</translation>
    </message>
    <message>
        <source>Under negotiation.</source>
        <translation>На стадии переговоров.</translation>
    </message>
    <message>
        <source>Words divided at the end of a line were joined: look at their hyphens.</source>
        <translation>Слова, перенесенные в конце строки, соединены: проверьте их дефисы.</translation>
    </message>
    <message>
        <source>Words in parts that are not known here were left out or read plainly.</source>
        <translation>Слова в частях, которые здесь неизвестны, опущены или прочитаны как простой текст.</translation>
    </message>
    <message>
        <source>Words inserted and struck by the same author were left out.</source>
        <translation>Слова, вставленные и вычеркнутые одним и тем же автором, опущены.</translation>
    </message>
    <message>
        <source>Words marked as inserted or struck were kept in the text, without who marked them.</source>
        <translation>Слова, отмеченные как вставленные или вычеркнутые, оставлены в тексте без указания того, кто их отметил.</translation>
    </message>
    <message>
        <source>Words moved inside paragraphs are proposed as deletions and insertions.</source>
        <translation>Слова, перенесенные внутри пунктов, предложены как исключения и вставки.</translation>
    </message>
    <message>
        <source>Words that one inserted and another struck were kept as remarks.</source>
        <translation>Слова, которые один вставил, а другой вычеркнул, сохранены как замечания.</translation>
    </message>
    <message>
        <source>agreed ad ref</source>
        <translation>согласовано ad ref</translation>
    </message>
    <message>
        <source>alternative to the paragraph</source>
        <translation>альтернатива пункту</translation>
    </message>
    <message>
        <source>came after the paragraph was agreed; the pen decides whether to admit it</source>
        <translation>поступила после согласования пункта; допустить ли ее, решает перо</translation>
    </message>
    <message>
        <source>can go along</source>
        <translation>готова согласиться</translation>
    </message>
    <message>
        <source>cannot leave: the paragraph has changed since it was written</source>
        <translation>не может быть отправлено: пункт изменился с тех пор, как это написано</translation>
    </message>
    <message>
        <source>change of title</source>
        <translation>изменение заголовка</translation>
    </message>
    <message>
        <source>change of words</source>
        <translation>изменение слов</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>закрыто</translation>
    </message>
    <message>
        <source>contested: the pen decides whether the silence was broken in time</source>
        <translation>спорно: перо решает, заявлено ли возражение в срок</translation>
    </message>
    <message>
        <source>delete the paragraph</source>
        <translation>исключить пункт</translation>
    </message>
    <message>
        <source>its paragraph is no longer in the text</source>
        <translation>ее пункта больше нет в тексте</translation>
    </message>
    <message>
        <source>kept as an alternative</source>
        <translation>сохранена как альтернатива</translation>
    </message>
    <message>
        <source>move the paragraph</source>
        <translation>перенести пункт</translation>
    </message>
    <message>
        <source>new paragraph</source>
        <translation>новый пункт</translation>
    </message>
    <message>
        <source>no position</source>
        <translation>без позиции</translation>
    </message>
    <message>
        <source>not taken</source>
        <translation>не принята</translation>
    </message>
    <message>
        <source>open</source>
        <translation>открыто</translation>
    </message>
    <message>
        <source>open, carried over to the new words by the pen</source>
        <translation>открыта, перенесена пером к новым словам</translation>
    </message>
    <message>
        <source>opposes</source>
        <translation>выступает против</translation>
    </message>
    <message>
        <source>parked</source>
        <translation>отложено</translation>
    </message>
    <message>
        <source>proposes</source>
        <translation>предлагает</translation>
    </message>
    <message>
        <source>released</source>
        <translation>отправка разрешена</translation>
    </message>
    <message>
        <source>replaced by a later proposal</source>
        <translation>заменена более поздним предложением</translation>
    </message>
    <message>
        <source>reserves</source>
        <translation>вносит оговорку</translation>
    </message>
    <message>
        <source>returned</source>
        <translation>возвращено</translation>
    </message>
    <message>
        <source>scrutiny reservation</source>
        <translation>оговорка до изучения</translation>
    </message>
    <message>
        <source>silence broken: it is not agreed</source>
        <translation>заявлено возражение: не согласовано</translation>
    </message>
    <message>
        <source>silence kept: it stands as agreed</source>
        <translation>возражений не было: считается согласованным</translation>
    </message>
    <message>
        <source>supports</source>
        <translation>поддерживает</translation>
    </message>
    <message>
        <source>taken back</source>
        <translation>взято назад</translation>
    </message>
    <message>
        <source>taken into the text</source>
        <translation>принята в текст</translation>
    </message>
    <message>
        <source>taken with changes</source>
        <translation>принята с изменениями</translation>
    </message>
    <message>
        <source>under silence</source>
        <translation>идет процедура отсутствия возражений</translation>
    </message>
    <message>
        <source>waits for release by a second officer</source>
        <translation>ожидает разрешения на отправку от второго сотрудника</translation>
    </message>
    <message>
        <source>withdrawn by its sponsor</source>
        <translation>отозвана автором</translation>
    </message>
    <message>
        <source>without effect</source>
        <translation>без последствий</translation>
    </message>
    <message>
        <source>written for earlier words; the pen decides whether to admit it</source>
        <translation>написана к прежним словам; допустить ли ее, решает перо</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n delegations decide; no clock does. What you say here is signed and stays.</source>
        <translation>
            <numerusform>Решают делегации: {0} из %n; часы не решают. То, что вы скажете здесь, подписывается и остается.</numerusform>
            <numerusform>Решают делегации: {0} из %n; часы не решают. То, что вы скажете здесь, подписывается и остается.</numerusform>
            <numerusform>Решают делегации: {0} из %n; часы не решают. То, что вы скажете здесь, подписывается и остается.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %n more paragraphs</source>
        <translation>
            <numerusform>… и еще %n пункт</numerusform>
            <numerusform>… и еще %n пункта</numerusform>
            <numerusform>… и еще %n пунктов</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>times</name>
    <message>
        <source>Today</source>
        <translation>Сегодня</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Вчера</translation>
    </message>
    <message>
        <source>never</source>
        <translation>никогда</translation>
    </message>
    <message>
        <source>{day}, {clock}</source>
        <translation>{day}, {clock}</translation>
    </message>
</context>
<context>
    <name>trust</name>
    <message>
        <source>identity changed</source>
        <translation>удостоверение изменилось</translation>
    </message>
    <message>
        <source>not verified yet</source>
        <translation>еще не проверено</translation>
    </message>
    <message>
        <source>our own</source>
        <translation>наша</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>неизвестно</translation>
    </message>
    <message>
        <source>verified in person</source>
        <translation>проверено лично</translation>
    </message>
    <message>
        <source>vouched for</source>
        <translation>есть поручительство</translation>
    </message>
</context>
<context>
    <name>unlock</name>
    <message numerus="yes">
        <source>%n rows were rescued, {lost} lost.</source>
        <translation>
            <numerusform>Спасена %n строка, утрачено: {lost}.</numerusform>
            <numerusform>Спасены %n строки, утрачено: {lost}.</numerusform>
            <numerusform>Спасено %n строк, утрачено: {lost}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rows were rescued; how many were lost cannot be told.</source>
        <translation>
            <numerusform>Спасена %n строка; сколько утрачено, определить нельзя.</numerusform>
            <numerusform>Спасены %n строки; сколько утрачено, определить нельзя.</numerusform>
            <numerusform>Спасено %n строк; сколько утрачено, определить нельзя.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Everything that was there verifies: %n rows were rescued.</source>
        <translation>
            <numerusform>Всё, что там было, проходит проверку: спасена %n строка.</numerusform>
            <numerusform>Всё, что там было, проходит проверку: спасены %n строки.</numerusform>
            <numerusform>Всё, что там было, проходит проверку: спасено %n строк.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>widgets</name>
    <message numerus="yes">
        <source>{0}, %n need you</source>
        <translation>
            <numerusform>{0}, требует вашего участия: %n</numerusform>
            <numerusform>{0}, требуют вашего участия: %n</numerusform>
            <numerusform>{0}, требуют вашего участия: %n</numerusform>
        </translation>
    </message>
</context>
</TS>
