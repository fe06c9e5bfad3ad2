"""Plain text in six languages. The sentences are our own; the public sample is read beside the repository."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valise.domain.errors import Refused
from valise.formats.abc import Document, Note
from valise.formats.languages import language, languages, recognise, side
from valise.formats.notation import Notation
from valise.formats.plain import Plain, from_parts

PLAIN = Plain()
PUBLIC = Path(__file__).parents[3] / "shared" / "facts" / "un_multilingual_sample.json"

# (title, preambular, operative) in our own words; fictional.
OWN = {
    "en": ("Use of points of contact", ["Recalling its mandate,", "Deeply concerned about silence,"],
           ["Also decides to test each contact;", "Encourages all to answer."]),
    "fr": ("Emploi des points de contact", ["Rappelant son mandat,", "Profondément préoccupée par le silence,"],
           ["Décide de vérifier chaque contact ;", "Engage chacun à répondre."]),
    "es": ("Uso de los puntos de contacto", ["Recordando su mandato,", "Profundamente preocupada por el silencio,"],
           ["Decide verificar cada contacto;", "Alienta a todos a responder."]),
    "ru": ("Использование контактных пунктов", ["ссылаясь на свой мандат,", "будучи обеспокоена молчанием,"],
           ["постановляет проверять каждый пункт;", "настоятельно призывает всех отвечать."]),
    "ar": ("استخدام نقاط الاتصال", ["إذ تشير إلى ولايتها،", "وإذ يساورها القلق إزاء الصمت،"],
           ["تقرِّر اختبار كل نقطة اتصال؛", "تشجع الجميع على الرد."]),
    "zh": ("联络点的使用", ["回顾其任务授权，", "又注意到沉默的风险，"],
           ["决定测试每个联络点；", "又请各方作出答复。"]),
}  # fmt: skip
LABELS = ["PP 1", "PP 2", "OP 1", "OP 2"]


def read(text: str) -> Document:
    return PLAIN.read(text.encode())


def labelled(document: Document) -> list[tuple[str, str]]:
    return [(para.label, para.words) for para in document.paragraphs]


def _halves(words: str) -> tuple[str, str]:
    """Cut at the last space, in Chinese before the last three characters."""
    start, space, end = words.rpartition(" ")
    return (start, end) if space else (words[:-3], words[-3:])


@pytest.mark.parametrize("code", OWN)
@pytest.mark.parametrize("layout", ["blank lines", "numbered", "labelled", "written out", "lines"])
def test_six_languages_in_five_layouts(code: str, layout: str) -> None:
    title, pp, op = OWN[code]
    names = language(code).labels
    blocks = {
        "blank lines": [*pp, *op],
        "numbered": [*pp, *(f"{at}. {words}" for at, words in enumerate(op, 1))],
        "labelled": [f"{label}. {words}" for label, words in zip(LABELS, [*pp, *op], strict=True)],
        "written out": [
            f"{names[label[:2]][0].capitalize()} {label[3]}: {words}"
            for label, words in zip(LABELS, [*pp, *op], strict=True)
        ],
        "lines": [*pp, *op],
    }[layout]
    if layout == "lines":
        filler = f"{title} " * 7
        blocks = [f"{start} {filler}{end}" for start, end in (_halves(words) for words in blocks)]
        document = read("\n".join([title, *blocks]))
        pp, op = blocks[:2], blocks[2:]
    else:
        document = read("\n\n".join([title, *blocks]))
    assert labelled(document) == list(zip(LABELS, [*pp, *op], strict=True))
    assert document.title == title
    assert document.language == code
    assert document.direction == ("rtl" if code == "ar" else "ltr")
    assert not document.lossy


@pytest.mark.parametrize("code", OWN)
def test_known_parts_become_a_document_and_survive_every_format(code: str) -> None:
    title, pp, op = OWN[code]
    for name in (code, *language(code).names):
        document = from_parts(title, pp, op, name)
        assert labelled(document) == list(zip(LABELS, [*pp, *op], strict=True))
        assert (document.language, document.direction) == (code, language(code).direction)
    for one in (PLAIN, Notation()):
        again = one.read(one.write(document))
        assert labelled(again) == labelled(document)
        assert (again.title, again.language, again.direction) == (title, code, document.direction)


@pytest.mark.skipif(not PUBLIC.exists(), reason="the public six-language sample is not beside this repository")
def test_the_public_sample_opens_in_each_language() -> None:
    for name, parts in json.loads(PUBLIC.read_text("utf-8"))["languages"].items():
        document = from_parts(parts["title"], parts["pp"], parts["op"], name)
        assert [para.words for para in document.paragraphs] == [*parts["pp"], *parts["op"]]
        assert document.direction == ("rtl" if name == "Arabic" else "ltr")
        blocks = [parts["title"], *parts["pp"], *parts["op"]]
        found = read("\n\n".join(blocks))
        assert labelled(found) == labelled(document)
        assert (found.title, found.language, found.direction) == (
            document.title, document.language, document.direction,
        )  # fmt: skip
        if name != "Chinese":  # wrapped where there are spaces
            wrapped = "\n\n".join(textwrap.fill(block, 70, break_on_hyphens=False) for block in blocks)
            assert labelled(read(wrapped)) == labelled(document)


def test_nested_parts() -> None:
    document = from_parts(
        "T",
        [],
        [{"words": "Decides:", "sub": ["a;", {"text": "b:", "items": ["one;", "two;"]}]}, ["Asks:", "c."]],
        "en",
    )
    assert labelled(document) == [
        ("OP 1", "Decides:"), ("OP 1 (a)", "a;"), ("OP 1 (b)", "b:"), ("OP 1 (b) (i)", "one;"),
        ("OP 1 (b) (ii)", "two;"), ("OP 2", "Asks:"), ("OP 2 (a)", "c."),
    ]  # fmt: skip
    assert [para.parent for para in document.paragraphs][3] == "OP 1 (b)"


@pytest.mark.parametrize(
    ("op", "spoken", "code"),
    [
        ([1], "en", "format.structure"),
        ("Decides", "en", "format.structure"),
        ([{"sub": []}], "en", "format.structure"),
        ([["a", ["b", ["c", ["d", ["e"]]]]]], "en", "format.structure"),
        (["a"], "Klingon", "format.language"),
        (["\ud800"], "en", "format.encoding"),
        (["a" * 20_001], "en", "format.too_long"),
    ],
)
def test_parts_that_are_not_as_expected(op: Any, spoken: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        from_parts("T", [], op, spoken)
    assert refusal.value.code == code


def test_labels_numbers_and_marks() -> None:
    document = read(
        "Draft\n\nThe Global Mechanism,\n\nPP1bis: Noting it,\n\nPP 2 alt 1 (XA) Noting more,\n\n"
        "3. Decides:\n\n(a) one;\n\nb) two:\n\n(i) deep;\n\nOP 4 (a) ter Said alone;\n\nOP 5 (b) alt (XB) Said so;\n\n"
        "Requests nothing.\n"
    )
    assert document.formula == "The Global Mechanism,"
    assert [para.label for para in document.paragraphs] == [
        "PP 1 bis", "PP 2 alt 1 (XA)", "OP 3", "OP 3 (a)", "OP 3 (b)", "OP 3 (b) (i)", "OP 4 (a) ter",
        "OP 5 (b) alt (XB)", "OP 4",
    ]  # fmt: skip
    assert [para.parent for para in document.paragraphs][3:8] == ["OP 3", "OP 3", "OP 3 (b)", "OP 4", "OP 5"]


def test_position_decides_where_the_opening_says_nothing() -> None:
    document = read("Draft\n\nNoting it,\n\nOf no known opening,\n\nDecides;\n\nAlso of none.\n")
    assert [para.label for para in document.paragraphs] == ["PP 1", "PP 2", "OP 1", "OP 2"]


def test_wrapped_lines_are_joined_and_that_is_a_loss() -> None:
    document = read("Draft\n\nRecalling the long\nand winding mandate,\nrecalling in particular this,\nNoting that,\n")
    assert labelled(document) == [
        ("PP 1", "Recalling the long and winding mandate, recalling in particular this,"), ("PP 2", "Noting that,"),
    ]  # fmt: skip
    assert Note("plain.lines_joined", count=2, lossy=True) in document.notes


def test_text_without_structure_is_kept_as_it_is() -> None:
    document = read("A title\n\nSome prose. And more.\n\nStill prose.\n")
    assert document.title == "A title"
    assert [(para.section, para.words) for para in document.paragraphs] == [
        ("other", "Some prose. And more."), ("other", "Still prose."),
    ]  # fmt: skip
    assert "plain.no_structure" in {note.code for note in document.notes}


@settings(max_examples=150, database=None)
@given(
    st.lists(
        st.sampled_from(["word", "Decides", "Noting", "1.", "(a)", "OP 3", "PP 2 bis", ",", ";", "\n", "\n\n",
                         "[XA: x]", "国", "决定", "تقرر", "؛", "\f", "The", "ссылаясь", "(XB)", "12.5", "a)",
                         "Title:"]),
        min_size=1, max_size=40,
    )
)  # fmt: skip
def test_no_word_is_ever_dropped(parts: list[str]) -> None:
    text = " ".join(parts)
    try:
        document = read(text)
    except Refused as refusal:
        assert refusal.code == "format.empty"
        assert not text.strip()
        return
    kept = [document.title, document.formula]
    for para in document.paragraphs:
        kept += [para.label, para.words]
    letters = Counter("".join(text.split()))
    have = Counter("".join("".join(kept).split()))
    for sign in ".)(":  # of "1." and "a)"; they are in the labels
        letters.pop(sign, None)
    missing = {sign: count for sign, count in (letters - have).items() if not sign.isdigit()}
    assert not missing, (text, missing)


def test_openings_and_languages() -> None:
    assert side("Recalling also its mandate,", "en") == "PP"
    assert side("Recalls also its mandate;", "en") == "OP"
    assert side("Once again strongly urges all;", "en") == "OP"
    assert side("Decidedly odd", "en") == ""
    assert side("回顾其决议，", "zh") == "PP"
    assert side("回顾其决议；", "zh") == "OP"
    assert side("Recalling", "und") == ""
    assert recognise("") == "und"
    assert recognise("zzz qqq") == "und"
    for code, one in languages().items():
        assert one.openings["PP"]
        assert one.openings["OP"]
        if code != "zh":
            assert not one.openings["PP"] & one.openings["OP"]
