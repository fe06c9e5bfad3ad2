"""Akoma Ntoso as others write it: what becomes of each part, and that no word is lost."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from valise.domain.errors import Refused
from valise.formats import abc, child, confined
from valise.formats.abc import TITLE, Change, Comment, Document
from valise.formats.akn import AkomaNtoso

CORPUS = Path(__file__).parents[1] / "corpus"
AKN = AkomaNtoso()
NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
READ = ["akn_resolution.xml", "akn_collection.xml", "akn_amended.xml", "akn_utf16.xml"]
REFUSED = {
    "akn_laughs.xml": "format.xml_dtd",
    "akn_entity.xml": "format.xml_dtd",
    "akn_namespace.xml": "format.akn_namespace",
    "akn_root.xml": "format.akn_root",
    "akn_broken.xml": "format.xml",
    "akn_latin1.xml": "format.encoding",
    "akn_latin1_lie.xml": "format.encoding",
}
HEADINGS = ("Symbol: ", "Number: ", "Adopted: ")  # what we put before lines of the header
JOINED = frozenset(["span", "a", "i", "sup"])  # elements that do not end a word


def read(name: str) -> Document:
    return AKN.read((CORPUS / name).read_bytes())


def body(inside: str, more: str = "") -> Document:
    """A document with `inside` as its main body."""
    return AKN.read(
        f'<akomaNtoso xmlns="{NAMESPACE}"><statement name="x"><meta/>{more}<mainBody>{inside}</mainBody></statement>'
        "</akomaNtoso>".encode()
    )


def words_of(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text.replace("*", ""))))


def words_in_file(data: bytes) -> Counter[str]:
    """Every word outside meta, by another parser than ours."""
    found: list[str] = []

    def visit(element: ElementTree.Element) -> None:
        name = element.tag.rpartition("}")[2]
        if name == "meta":
            return
        gap = "" if name in JOINED else " "
        if name == "authorialNote":  # stands inside a word's punctuation, is read apart
            kept = found[:]
            found.clear()
            for one in element:
                visit(one)
            apart.update(words_of("".join(found)))
            found[:] = kept
            return
        found.extend((gap, element.text or ""))
        for one in element:
            visit(one)
            found.append(one.tail or "")
        found.append(gap)

    apart: Counter[str] = Counter()
    visit(ElementTree.fromstring(data))  # noqa: S314  our own files
    return words_of("".join(found)) + apart


def words_in_document(document: Document) -> Counter[str]:
    """Every word read; numbers that became labels count, those we made do not."""
    made: Counter[str] = Counter()
    for line in document.header:
        heading = next((one for one in HEADINGS if line.startswith(one)), "")
        made += words_of(line.removeprefix(heading))
    made += words_of(document.title) + words_of(document.formula)
    for para in document.paragraphs:
        made += words_of(para.words)
        if para.parent:
            made += words_of(para.label.removeprefix(para.parent))
        elif para.section != "PP":
            made += words_of(para.label.partition(" ")[2])
    for one in (*document.comments, *document.changes):
        made += words_of(one.words)
    made -= Counter({"1": sum(note.count for note in document.notes if note.code == "akn.labels_made")})
    return made


@pytest.mark.parametrize("name", READ)
def test_no_word_is_lost_and_none_is_made(name: str) -> None:
    assert words_in_document(read(name)) == words_in_file((CORPUS / name).read_bytes())


def test_the_count_of_words_would_notice() -> None:
    """The check above fails where a word is missing."""
    data = (CORPUS / "akn_resolution.xml").read_bytes()
    less = AKN.read(data.replace(b"Submarine cables", b"Submarine"))
    assert words_in_file(data) - words_in_document(less) == Counter({"cables": 1})


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    data = (CORPUS / name).read_bytes()
    with pytest.raises(Refused) as refusal:
        child.read(name, data)
    assert refusal.value.code == REFUSED[name]


@pytest.mark.parametrize("name", [*READ, "akn_laughs.xml", "akn_root.xml"])
def test_the_child_reads_the_same(name: str) -> None:
    data = (CORPUS / name).read_bytes()
    if name in REFUSED:
        with pytest.raises(Refused) as refusal:
            confined.read(name, data)
        assert refusal.value.code == REFUSED[name]
    else:
        assert confined.read(name, data) == read(name)


def test_a_resolution() -> None:
    document = read("akn_resolution.xml")
    assert document.title == "Points of contact and ports"
    assert (document.formula, document.language, document.direction) == ("The Mechanism,", "en", "ltr")
    assert document.symbol == "FICT/RES/3/7"
    assert document.fields["Adopted"] == "9th meeting 8 December 2026"
    assert [(para.section, para.label, para.parent) for para in document.paragraphs if para.label] == [
        ("PP", "PP 1", ""),
        ("PP", "PP 2", ""),
        ("PP", "PP 2 (a)", "PP 2"),
        ("PP", "PP 2 (b)", "PP 2"),
        ("OP", "OP 1", ""),
        ("OP", "OP 2", ""),
        ("OP", "OP 2 (a)", "OP 2"),
        ("OP", "OP 2 (a) (i)", "OP 2 (a)"),
        ("OP", "OP 2 (a) (ii)", "OP 2 (a)"),
        ("OP", "OP 2 (b)", "OP 2"),
        ("OP", "OP 3 bis", ""),
        ("PP", "PP 3", ""),
        ("OP", "OP 4", ""),
        ("annex", "Annex 1", ""),
        ("annex", "Annex 1 (a)", "Annex 1"),
    ]
    said = {para.label: para.words for para in document.paragraphs}
    assert said["PP 1"] == (
        "*Recalling* its decision FICT/2/4 of 3 March 2025, and the co\u2011operation it began with"
        " 1.5\u00a0million in funds,".replace(" 1.5", "\u00a01.5")
    )
    assert said["PP 2"] == "*Noting also* that ports depend on:"
    assert said["OP 1"] == "*Decides* that the report² stands;"
    assert said["OP 3 bis"] == "*Invites* the observers;"
    assert [para.words for para in document.paragraphs if not para.label] == [
        "* * *", "Measures in ports", "Unknown elements keep their words", "Port | Contacts", "North Haven | 4a", "I",
        "Funds", "Terms of reference", "I. Establishment", "It closes in 2030.",
    ]  # fmt: skip
    assert document.comments == (
        Comment(TITLE, (27, 27), "Reissued for technical reasons.", ""),
        Comment(0, (50, 50), "See Records of the Mechanism, No. 12.", ""),
        Comment(11, (7, 7), "In writing.", ""),
    )
    assert [(note.code, note.count, note.lossy) for note in document.notes] == [
        ("akn.footnotes", 3, False),
        ("akn.table", 1, True),
        ("akn.unknown_element", 2, False),
    ]


def test_the_parts_of_a_collection_count_their_paragraphs_anew() -> None:
    document = read("akn_collection.xml")
    assert (document.title, document.language, document.formula) == ("Câbles sous-marins", "fr", "")
    assert [para.label or para.words for para in document.paragraphs] == [
        "A Protection des câbles", "Le Mécanisme,", "PP 1", "OP 1", "OP 1 (a)", "B", "Le Mécanisme,", "PP 1", "OP 1",
    ]  # fmt: skip
    assert [note.code for note in document.notes] == ["akn.labels_made", "text.duplicate_label", "text.duplicate_label"]


def test_insertions_and_deletions_of_others_are_changes() -> None:
    document = read("akn_amended.xml")
    assert document.title == "On the ports"
    assert [para.words for para in document.paragraphs] == [
        "*Decides* that States should answer at once;",
        "Remains seized.",
    ]
    assert document.changes == (
        Change("paragraph", words="Requests a report;", author="Borovia", after=0, section="OP"),
        Change("words", TITLE, (3, 3), "all ", "XA"),
        Change("words", 0, (22, 28), "shall", "XA"),
        Change("words", 0, (35, 43), "", "Borovia"),
        Change("words", 1, (0, 15), "", "Borovia"),
    )


def test_a_language_filed_wrongly_is_recognised() -> None:
    meta = (
        "<mainBody><p>Le Mécanisme décide que les ports et la mer sont dans les mains des États du nord.</p></mainBody>"
    )
    data = (
        f'<akomaNtoso xmlns="{NAMESPACE}"><statement name="x"><meta><identification source="#x"><FRBRExpression>'
        f'<FRBRlanguage language="spa"/></FRBRExpression></identification></meta>{meta}</statement></akomaNtoso>'
    ).encode()
    document = AKN.read(data)
    assert document.language == "fr"
    assert "akn.language_differs" in [note.code for note in document.notes]


@pytest.mark.parametrize(
    ("said", "labels"),
    [
        ("<paragraph><num>\t12.</num><content><p>x</p></content></paragraph>", ["OP 12"]),
        ("<paragraph><num>3 -</num><content><p>x</p></content></paragraph>", ["OP 3"]),
        ("<paragraph><content><p>٣ - نص</p></content></paragraph>", ["OP 3"]),
        ("<paragraph><num>2 ter.</num><content><p>x</p></content></paragraph>", ["OP 2 ter"]),
        ("<paragraph><num>IV.</num><content><p>x</p></content></paragraph>", [""]),
        ("<paragraph><num>1.1</num><content><p>x</p></content></paragraph>", [""]),
        ("<paragraph><num>a)</num><content><p>x</p></content></paragraph>", [""]),
        ('<paragraph class="H1"><num>1.</num><content><p>x</p></content></paragraph>', [""]),
        (
            "<paragraph><num>1.</num><content><p>x</p></content></paragraph><paragraph><num>a)</num><content>"
            "<p>y</p></content></paragraph><paragraph><num>i)</num><content><p>z</p></content></paragraph>",
            ["OP 1", "OP 1 (a)", "OP 1 (a) (i)"],
        ),
        (
            "<paragraph><num>1.</num><content><p>x</p></content></paragraph><paragraph><content><p>y</p></content>"
            "</paragraph><paragraph><num>(a)</num><content><p>z</p></content></paragraph>",
            ["OP 1", "", ""],
        ),
    ],
)
def test_numbers(said: str, labels: list[str]) -> None:
    assert [para.label for para in body(said).paragraphs] == labels


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("a <span class='italic'>b </span>c", "a *b* c"),
        ("<i>a</i><b> b</b> c", "*a b* c"),
        ("<i>a*b</i> c", "a*b c"),
        ("<i>a [b</i> c]", "a [b c]"),
        ("<i>all of it</i>", "all of it"),
        ("<i>- a</i> b", "- *a* b"),
        ("m<sup>2</sup> n<sup>o</sup> CO<sub>2</sub>", "m² no CO₂"),
        ("a<eol/>b\n\t c\u00a0\u00a0d ", "a b c\u00a0\u00a0d"),
        ("a <ref href='/x'>b</ref>, <quotedText>c</quotedText>", "a b, c"),
        ("a <new:thing xmlns:new='urn:x'>b</new:thing> c", "a b c"),
    ],
)
def test_what_stands_in_a_line(inside: str, words: str) -> None:
    assert [para.words for para in body(f"<p>x</p><paragraph><num>1.</num><content><p>{inside}</p></content></paragraph>")
            .paragraphs] == ["x", words]  # fmt: skip


def test_every_note_is_one_a_program_can_name() -> None:
    document = body("<p>a <img src='x'/><noteRef href='#n' marker='1'/>b</p><table><tr><td>c</td></tr></table>")
    assert {note.code: note.lossy for note in document.notes} == {
        "akn.picture": True,
        "akn.note_reference": True,
        "akn.table": True,
        "text.no_title": False,
        "text.language_unknown": False,
    }


def test_an_act_has_no_operative_paragraphs() -> None:
    data = (
        f'<akomaNtoso xmlns="{NAMESPACE}"><act name="act"><meta/><body><article><num>Article 1</num><heading>Scope'
        "</heading><paragraph><num>1.</num><content><p>Ports.</p></content></paragraph></article></body></act>"
        "</akomaNtoso>"
    )
    assert [para.words for para in AKN.read(data.encode()).paragraphs] == ["Article 1 Scope", "1. Ports."]


def test_sniffing() -> None:
    start = f'<akomaNtoso xmlns="{NAMESPACE}">'
    assert AKN.sniff(start.encode())
    assert AKN.sniff(b"\xef\xbb\xbf  <?xml version='1.0'?><x:akomaNtoso ")
    assert AKN.sniff(("\ufeff" + start).encode("utf-16-le"))
    assert not AKN.sniff(b"the word <akomaNtoso> in a sentence")
    assert not AKN.sniff(b"<?xml version='1.0'?><!DOCTYPE html><html xmlns='x'>")
    assert not AKN.sniff(b"\xff\xfe\0\xd8")
    assert abc.detect("draft.bin", start.encode()).name == "akn"
