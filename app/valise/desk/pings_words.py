"""Words of reports on pings in the six languages of the United Nations; what a window shows is in the window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

_LANGUAGES: Final = ("en", "fr", "es", "ru", "ar", "zh")
_TABLE: Final[Mapping[str, tuple[str, ...]]] = {
    "state": ("State", "État", "Estado", "Государство", "الدولة", "国家"),
    "contact": ("Point of contact", "Point de contact", "Punto de contacto", "Контактный пункт", "جهة الاتصال", "联络人"),
    "marking": ("Marking", "Marquage", "Marca", "Гриф", "علامة التداول", "标记"),
    "outcome": ("Outcome", "Résultat", "Resultado", "Результат", "النتيجة", "结果"),
    "how": ("Known from", "Source", "Fuente", "Источник", "المصدر", "依据"),
    "asked": ("Asked (UTC)", "Demandé (UTC)", "Consultado (UTC)", "Запрос (UTC)", "وقت السؤال (UTC)", "询问时间 (UTC)"),
    "there": ("Time there when asked", "Heure locale de la demande", "Hora local de la consulta", "Местное время запроса",
              "التوقيت المحلي عند السؤال", "询问时当地时间"),
    "answered": ("Answered by their clock (UTC)", "Réponse, à leur horloge (UTC)", "Respuesta, según su reloj (UTC)",
                 "Ответ, по их часам (UTC)", "وقت الجواب بساعتهم (UTC)", "答复时间（对方时钟，UTC）"),
    "received": ("Received by our clock (UTC)", "Reçu, à notre horloge (UTC)", "Recibido, según nuestro reloj (UTC)",
                 "Получено, по нашим часам (UTC)", "وقت التسلم بساعتنا (UTC)", "收到时间（我方时钟，UTC）"),
    "latency": ("Latency (minutes)", "Délai (minutes)", "Demora (minutos)", "Задержка (минуты)", "زمن الاستجابة (دقائق)", "时延（分钟）"),
    "note": ("Note", "Note", "Nota", "Примечание", "ملاحظة", "备注"),
    "changes": ("Correction received", "Correction reçue", "Corrección recibida", "Полученное исправление", "التصويب الوارد", "收到的更正"),
    "waiting": ("no answer yet", "pas encore de réponse", "aún sin respuesta", "ответа пока нет", "لا جواب بعد", "尚未答复"),
    "confirmed": ("confirmed", "confirmé", "confirmado", "подтверждено", "تم التأكيد", "已确认"),
    "late": ("confirmed late", "confirmé en retard", "confirmado con retraso", "подтверждено с опозданием", "تأكيد متأخر", "逾期确认"),
    "no reply": ("no reply", "sans réponse", "sin respuesta", "нет ответа", "لا رد", "未答复"),
    "bounced": ("bounced", "non distribué", "devuelto", "не доставлено", "لم يصل", "退回"),
    "wrong contact": ("wrong contact", "mauvais contact", "contacto erróneo", "неверный контакт", "جهة غير صحيحة", "联络人有误"),
    "signed": ("signed answer", "réponse signée", "respuesta firmada", "подписанный ответ", "جواب موقع", "签名答复"),
    "recorded": ("recorded by an officer", "consigné par un agent", "registrado por un funcionario", "записано сотрудником",
                 "سجله موظف", "由官员记录"),
    "telephone": ("telephone", "téléphone", "teléfono", "телефон", "هاتف", "电话"),
    "e-mail": ("e-mail", "courriel", "correo electrónico", "электронная почта", "بريد إلكتروني", "电子邮件"),
    "meeting": ("meeting", "réunion", "reunión", "встреча", "اجتماع", "会晤"),
    "by note": ("note", "note", "nota", "нота", "مذكرة", "照会"),
    "other": ("other", "autre", "otro", "иное", "غير ذلك", "其他"),
    "differs": ("what was said differs", "les réponses divergent", "las respuestas difieren", "ответы расходятся", "الأجوبة متباينة",
                "答复不一"),
    "doubt": ("their clock was behind ours", "leur horloge retardait sur la nôtre", "su reloj iba atrasado respecto del nuestro",
              "их часы отставали от наших", "ساعتهم متأخرة عن ساعتنا", "对方时钟慢于我方"),
    "open": ("within their hours", "pendant leurs heures", "dentro de su horario", "в рабочие часы", "ضمن ساعات عملهم", "办公时间内"),
    "closed": ("outside their hours", "hors de leurs heures", "fuera de su horario", "в нерабочие часы", "خارج ساعات عملهم", "办公时间外"),
    "holiday": ("public holiday: {0}", "jour férié : {0}", "día festivo: {0}", "праздничный день: {0}", "عطلة رسمية: {0}", "公共假日：{0}"),
    "round": ("Ping round: {0}", "Essai de communication : {0}", "Prueba de comunicación: {0}", "Проверка связи: {0}",
              "اختبار الاتصال: {0}", "联络测试：{0}"),
    "opened": ("Opened {0}, answers by {1}", "Ouvert le {0}, réponses avant le {1}", "Abierto el {0}, respuestas hasta el {1}",
               "Начата {0}, ответы до {1}", "بدأ في {0}، والأجوبة حتى {1}", "{0} 开始，{1} 前答复"),
    "exercise": ("EXERCISE", "EXERCICE", "EJERCICIO", "УЧЕНИЯ", "تمرين", "演习"),
    "internal": ("Internal: results of others stay with us", "Interne : les résultats des autres restent chez nous",
                 "Interno: los resultados de otros quedan en nuestra delegación", "Для внутреннего пользования: результаты других не передаются",
                 "داخلي: نتائج الآخرين تبقى لدينا", "内部：他方结果不外传"),
    "clock": ("Latency is taken from the signed times; the time of an answer is that of their clock.",
              "Le délai est tiré des heures signées ; l’heure d’une réponse est celle de leur horloge.",
              "La demora se calcula con las horas firmadas; la hora de la respuesta es la de su reloj.",
              "Задержка определена по подписанному времени; время ответа взято по их часам.",
              "يحسب زمن الاستجابة من الأوقات الموقعة، ووقت الجواب هو وقت ساعتهم.",
              "时延依据签名时间计算；答复时间以对方时钟为准。"),
    "left": ("Entries left out because of their marking: {0}", "Entrées omises en raison de leur marquage : {0}",
             "Entradas omitidas por su marca: {0}", "Записи, опущенные из-за грифа: {0}", "قيود أغفلت بسبب علامتها: {0}",
             "因标记而略去的条目：{0}"),
    "ar": ("Arabic", "arabe", "árabe", "арабский", "العربية", "阿拉伯文"),
    "zh": ("Chinese", "chinois", "chino", "китайский", "الصينية", "中文"),
    "en": ("English", "anglais", "inglés", "английский", "الإنكليزية", "英文"),
    "fr": ("French", "français", "francés", "французский", "الفرنسية", "法文"),
    "ru": ("Russian", "russe", "ruso", "русский", "الروسية", "俄文"),
    "es": ("Spanish", "espagnol", "español", "испанский", "الإسبانية", "西班牙文"),
    "delegation": ("The delegation of {0}", "La délégation ({0})", "La delegación ({0})", "Делегация ({0})", "وفد {0}", "{0}代表团"),
    "nomination": ("Nomination of a point of contact: {0}", "Désignation d’un point de contact : {0}",
                   "Designación de un punto de contacto: {0}", "Назначение контактного пункта: {0}", "تسمية جهة اتصال: {0}",
                   "提名联络人：{0}"),
}  # fmt: skip


def word(key: str, language: str, *values: object) -> str:
    """A word in a language, English where there is none."""
    place = _LANGUAGES.index(language) if language in _LANGUAGES else 0
    return _TABLE[key][place].format(*values)


def tongue(tag: str, language: str) -> str:
    """A language (BCP 47 tag) by its name in another; by its own name where it is none of the six, as it stands where unknown."""
    from valise.desk import reference

    return word(tag, language) if tag in _LANGUAGES else dict(reference.languages()).get(tag, tag)


def tongues(tags: Iterable[str], language: str) -> str:
    """Languages as they are read, in their order."""
    return ("、" if language == "zh" else "، " if language == "ar" else ", ").join(tongue(one, language) for one in tags)
