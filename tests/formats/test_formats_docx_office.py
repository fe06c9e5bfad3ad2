"""The same files in LibreOffice: what we write it understands, what it writes we read."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree
from test_formats_docx_build import comments, gone, ins, mark, p, t, word
from test_formats_docx_writing import COMMENTS, FULL, same

from valise.formats.abc import Document, Para
from valise.formats.docx import Docx
from valise.formats.kinds import clean, compilation

OFFICE = shutil.which("soffice") or "soffice"  # of packaging/system-packages.txt; without it these tests fail
ODF = {"office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0", "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
       "dc": "http://purl.org/dc/elements/1.1/"}  # fmt: skip


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("office")


def converted(profile: Path, data: bytes, to: str, name: str = "in.docx") -> bytes:
    """One conversion at a time, in a profile of this test run alone."""
    into = profile / "out"
    into.mkdir(exist_ok=True)
    source = profile / name
    source.write_bytes(data)
    subprocess.run(
        [OFFICE, f"-env:UserInstallation=file://{profile}/profile", "--headless", "--norestore", "--convert-to", to,
         "--outdir", str(into), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    made = into / f"{Path(name).stem}.{to.partition(':')[0]}"
    found = made.read_bytes()
    made.unlink()
    return found


def test_every_change_and_comment_arrives_under_its_delegation(profile: Path) -> None:
    root = etree.fromstring(converted(profile, Docx().write(FULL), "fodt"))
    regions = Counter(
        (etree.QName(kind).localname, kind.findtext(".//dc:creator", namespaces=ODF))
        for kind in root.iterfind(".//text:tracked-changes/text:changed-region/*", ODF)
    )
    assert {author for _, author in regions} == {"XA", "XB", "XC", "XD", "XE"}
    assert regions["insertion", "XB"] == 1
    assert regions["deletion", "XB"] == 0
    assert regions["deletion", "XD"] >= 1
    assert regions["insertion", "XD"] == 0
    assert regions["insertion", "XA"] == 2
    assert regions["deletion", "XA"] == 2
    remarks = [
        (one.findtext("dc:creator", namespaces=ODF), "".join(one.itertext("{*}p", "{*}span")))
        for one in root.iterfind(".//office:annotation", ODF)
    ]
    assert sorted(author for author, _ in remarks) == sorted(one.author for one in COMMENTS)


def test_its_text_is_ours(profile: Path) -> None:
    text = converted(profile, Docx().write(clean(FULL)), "txt:Text (encoded):UTF8").decode("utf-8-sig")
    lines = [line for line in text.splitlines() if line.strip()]
    assert lines == [
        "Draft decision on contacts", "The Global Mechanism,", "Recalling its mandate,", "Noting that the Group met,",
        "1.\tDecides that each State:", "(a)\tanswers in time;", "2.\tRequests a report.",
    ]  # fmt: skip
    text = converted(profile, Docx().write(compilation(FULL)), "txt:Text (encoded):UTF8").decode("utf-8-sig")
    assert "PP 2 bis\t[XC: Noting also more,] (open)" in text.splitlines()


def test_opened_and_saved_there_it_is_still_the_same(profile: Path) -> None:
    """The round trip of an untouched file: not a word, not a label, not a change differs."""
    made = Docx().read(converted(profile, Docx().write(FULL), "docx"))
    same(made, FULL)
    assert made.header == FULL.header
    assert not made.lossy


@pytest.mark.parametrize(
    ("language", "direction", "title", "pp", "op"),
    [
        ("ar", "rtl", "مشروع قرار", "*إذ تشير* إلى \u2068Valise\u2069 وولايتها،", "تقرر ذلك؛"),
        ("zh", "ltr", "决定草案", "*回顾*其任务规定，", "决定如此。"),
    ],
)
def test_other_scripts(profile: Path, language: str, direction: str, title: str, pp: str, op: str) -> None:
    document = Document(title, (Para("PP", "PP 1", pp, "open", number=1), Para("OP", "OP 1", op, number=1)), language,
                        "rtl" if direction == "rtl" else "ltr")  # fmt: skip
    root = etree.fromstring(converted(profile, Docx().write(document), "fodt"))
    text = "".join(root.find(".//office:body", ODF).itertext())
    assert pp.replace("*", "") in text
    raw = etree.tostring(root).decode()
    assert ("rl-tb" in raw) is (direction == "rtl")
    same(Docx().read(converted(profile, Docx().write(document), "docx")), document)


def test_tracked_changes_of_three_authors_made_there(profile: Path) -> None:
    """A file by hand, opened and saved by LibreOffice, so that every mark is written its way: all of it arrives."""
    body = (
        p("Draft decision"), p("Recalling its mandate,"),
        p("Noting ", gone("Ana", "the "), ins("Ana", "an"), gone("Ana", "old"), " report ", ins("Ben", "of 2025"), ","),
        p(ins("Cleo", "Noting also more,"), mark=mark("ins", "Cleo")),
        p('<w:commentRangeStart w:id="0"/>', "1. Decides it;", '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'),
        p(gone("Ben", "2. Requests it;"), mark=mark("del", "Ben")), p("3. Invites it;"),
        f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc>{p('in a cell ', ins('Ana', 'now'))}</w:tc></w:tr></w:tbl>",
        p(t("The end.")),
    )  # fmt: skip
    data = word(*body, comments=comments(("0", "Cleo", "Why?")))
    by_hand = Docx().read(data)
    there = Docx().read(converted(profile, data, "docx"))
    assert there.paragraphs == by_hand.paragraphs
    assert there.changes == by_hand.changes
    assert there.comments == by_hand.comments
    assert [(one.kind, one.author) for one in there.changes] == [
        ("words", "Ana"), ("words", "Ben"), ("paragraph", "Cleo"), ("delete", "Ben"), ("words", "Ana"),
    ]  # fmt: skip


def test_a_text_made_in_opendocument_with_numbering_notes_and_fields(profile: Path) -> None:
    """LibreOffice writes the .docx: automatic numbers, a footnote, a page field, a table, emphasis of a style."""
    odt = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
        ' office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text"><office:automatic-styles>'
        '<style:style style:name="I" style:family="text"><style:text-properties fo:font-style="italic"/></style:style>'
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-suffix="." style:num-format="1"/>'
        '<text:list-level-style-number text:level="2" style:num-prefix="(" style:num-suffix=")" style:num-format="a"/></text:list-style>'
        "</office:automatic-styles><office:body><office:text><text:p>Draft decision</text:p>"
        '<text:p><text:span text:style-name="I">Recalling</text:span> its mandate,<text:note text:note-class="footnote">'
        "<text:note-citation>1</text:note-citation><text:note-body><text:p>See A/RES/1.</text:p></text:note-body></text:note></text:p>"
        '<text:list text:style-name="L"><text:list-item><text:p>Decides:</text:p><text:list><text:list-item><text:p>one;</text:p>'
        "</text:list-item><text:list-item><text:p>two;</text:p></text:list-item></text:list></text:list-item><text:list-item>"
        "<text:p>Requests page <text:page-number>1</text:page-number>.</text:p></text:list-item></text:list>"
        "<table:table><table:table-column/><table:table-row><table:table-cell><text:p>cell</text:p></table:table-cell>"
        "</table:table-row></table:table><text:p/></office:text></office:body></office:document>"
    )
    made = Docx().read(converted(profile, odt.encode(), "docx", "in.fodt"))
    assert made.title == "Draft decision"
    assert [(para.section, para.label, para.words) for para in made.paragraphs] == [
        ("PP", "PP 1", "*Recalling* its mandate,"), ("OP", "OP 1", "Decides:"), ("OP", "OP 1 (a)", "one;"),
        ("OP", "OP 1 (b)", "two;"), ("OP", "OP 2", "Requests page 1."), ("other", "", "cell"),
    ]  # fmt: skip
    assert [(one.paragraph, re.sub(r"\s+", " ", one.words)) for one in made.comments] == [(0, "Footnote: See A/RES/1.")]
    assert {"docx.footnotes", "docx.fields", "docx.tables"} <= {note.code for note in made.notes}
