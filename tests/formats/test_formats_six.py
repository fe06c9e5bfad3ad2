"""Fictional texts in the six official languages, and the sample, for the formats that are looked at and printed."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files

import pytest

from valise.formats import abc
from valise.formats.abc import Change, Comment, Document, Para
from valise.formats.kinds import KINDS

SAMPLE = abc.by_name("notation").read(
    files("valise.resources").joinpath("reference", "sample_text.md").read_bytes()
)  # fmt: skip
HEADER = ("Symbol: FICT/GM/2026/7", "Handling: TLP:AMBER", "Date: 8 December 2026")


def text(code: str, title: str, formula: str, pps: tuple[str, ...], ops: tuple[str, ...]) -> Document:
    paras = [Para("PP", f"PP {at}", words, "open" if at == 1 else "", number=at) for at, words in enumerate(pps, 1)]
    paras += [Para("OP", f"OP {at}", words, number=at) for at, words in enumerate(ops, 1)]
    return Document(title, tuple(paras), code, "rtl" if code == "ar" else "ltr", formula, header=HEADER)


SIX = {
    "ar": text(
        "ar", "مشروع مقرر بشأن جهات الاتصال في حالات الحوادث", "إن الآلية العالمية،",
        ("*إذ تشير* إلى ولايتها وإلى العناصر المعتمدة لإنشائها،",
         "*وإذ تؤكد من جديد* الإطار التراكمي للسلوك المسؤول للدول [XA, XB: في ميدان الاتصالات السلكية واللاسلكية] الوارد في "
         "القرار 75/240 وفي الوثيقة A/70/174 الفقرة 13، ولا سيما الأمن الدولي لأعضائها والإنسانية والآليات،"),
        ("*تقرر* أن يجري اختبار جهات الاتصال كل [ستة (XA) / اثني عشر (XB)] شهرا (XC: reserves)؛",
         "*تطلب* إلى الأمانة أن تعد تقريرا عن ذلك [~~وأن تنشره~~ – XD: delete]."),
    ),
    "zh": text(
        "zh", "关于信通技术事件联络点的决定草案", "全球机制，",
        ("*回顾*其任务规定以及为其设立所通过的各项要素，",
         "*重申*累积和不断发展的国家负责任行为框架，[XA: 包括民用和户外用途的信息通信技术，]并注意到第75/240号决议所载内容，"
         "以及各会员国在建立信任措施方面所取得的进展和所提出的建议，"),
        ("*决定*每[六个(XA) / 十二个(XB)]月对联络点进行一次测试；", "*请*秘书处就此提出报告。"),
    ),
    "fr": text(
        "fr", "Projet de décision sur les points de contact en cas d’incident", "Le Mécanisme mondial,",
        ("*Rappelant* son mandat et les éléments adoptés en vue de sa création,",
         "*Réaffirmant* le cadre cumulatif [XA : y compris l’intégrité des infrastructures œuvrant à l’échelle régionale,]"),
        ("*Décide* que les points de contact seront mis à l’épreuve tous les [six (XA) / douze (XB)] mois ;",
         "*Prie* le secrétariat d’en rendre compte."),
    ),
    "ru": text(
        "ru", "Проект решения о контактных пунктах на случай инцидентов", "Глобальный механизм,",
        ("*ссылаясь* на свой мандат и элементы, принятые для его учреждения,",
         "*подтверждая* систему ответственного поведения государств [XA: включая объекты критической инфраструктуры],"),
        ("*постановляет*, что контактные пункты будут проверяться каждые [шесть (XA) / двенадцать (XB)] месяцев;",
         "*просит* секретариат представить доклад."),
    ),
    "es": text(
        "es", "Proyecto de decisión sobre los puntos de contacto en caso de incidentes", "El Mecanismo Mundial,",
        ("*Recordando* su mandato y los elementos aprobados para su establecimiento,",
         "*Reafirmando* el marco acumulativo del comportamiento responsable [XA: incluida la señalización,]"),
        ("*Decide* que los puntos de contacto se pondrán a prueba cada [seis (XA) / doce (XB)] meses;",
         "*Pide* a la secretaría que informe al respecto."),
    ),
    "en": text(
        "en", "Draft decision on points of contact", "The Global Mechanism,",
        ("*Recalling* its mandate and the elements adopted for its establishment,",
         "*Reaffirming* the framework [XA: including the difficult offices that fill the final affliction,]"),
        ("*Decides* that points of contact will be tested every [six (XA) / twelve (XB)] months;",
         "*Requests* the secretariat to report."),
    ),
}  # fmt: skip
MARKED = replace(
    SIX["en"],
    changes=(Change("words", 2, (40, 46), "shall be", "XE"), Change("paragraph", after=3, words="*Invites* replies.",
                                                                    author="XF", section="OP", label="OP 3"),
             Change("delete", 1, author="XG"), Change("move", 0, author="XH", after=1)),
    comments=(Comment(0, (0, 11), "Which mandate?", "XA"),),
)  # fmt: skip
PAGES = pytest.mark.parametrize("name", ["html", "pdf"])


@PAGES
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_sample_reads_back_word_for_word(name: str, kind: str) -> None:
    made = KINDS[kind](SAMPLE)
    back = abc.by_name(name).read(abc.by_name(name).write(made))
    assert (back.title, back.formula, back.paragraphs) == (made.title, made.formula, made.paragraphs)
    assert back.symbol == "FICT/GM/2026/DTG.1/CRP.3/Rev.2"
    assert "TLP:AMBER" in back.fields["Handling"]
    assert back.lossy and back.notes[0].code == f"{name}.text_only"


@PAGES
@pytest.mark.parametrize("code", SIX)
def test_six_languages_read_back_word_for_word(name: str, code: str) -> None:
    back = abc.by_name(name).read(abc.by_name(name).write(SIX[code]))
    assert (back.title, back.formula, back.paragraphs) == (SIX[code].title, SIX[code].formula, SIX[code].paragraphs)
    assert (back.language, back.direction, back.header) == (code, SIX[code].direction, HEADER)


@PAGES
def test_a_settled_text_is_numbered_as_an_adopted_one(name: str) -> None:
    made = Document("Decision", (
        Para("PP", "PP 1", "*Recalling* its mandate,", number=1), Para("OP", "OP 1", "*Decides* that each State:", number=1),
        Para("OP", "OP 1 (a)", "answers in time;", parent="OP 1", number=1), Para("OP", "OP 2", "*Requests* a report.", number=2),
    ), "en", formula="The Committee,")  # fmt: skip
    data = abc.by_name(name).write(made)
    assert abc.by_name(name).read(data).paragraphs == made.paragraphs
    assert b"PP 1</span>" not in data


@PAGES
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nobodys_words_are_left_out(name: str, kind: str) -> None:
    made = KINDS[kind](MARKED)
    back = abc.by_name(name).read(abc.by_name(name).write(made))
    said = " ".join((*(para.words for para in back.paragraphs), *(one.words for one in back.comments)))
    wanted = ("shall be", "(XE)", "[XF: *Invites* replies.]", "XG: delete", "XH: move")
    assert all((words in said) == (kind != "clean") for words in wanted if kind != "by-delegation")
    assert kind != "by-delegation" or ("shall be (XE)" in said and "XG: delete" in said)
    assert ("Which mandate?" in said) == (kind in ("tracked", "compilation"))


@PAGES
def test_the_same_text_gives_the_same_bytes_and_tells_nothing_else(name: str) -> None:
    one, other = (abc.by_name(name).write(SIX["en"]) for _ in range(2))
    assert one == other
    for told in (b"/root", b"/home", b"/tmp", b"CreationDate", b"ModDate", b"CreateDate", b"/Author", b"Qt ", b"uuid:"):
        assert told not in one
