"""Web pages: what we write stands alone and says everything in words; what others write is read as text."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from test_formats_six import SAMPLE, SIX

from valise.domain.errors import Refused
from valise.formats import abc, child, confined
from valise.formats.abc import Comment, Document, Para
from valise.formats.html import Html
from valise.formats.html.parsing import MAX_ELEMENTS
from valise.formats.html.sheet import dressed, spelled
from valise.formats.kinds import compilation

HTML = Html()
EVIL = '"><script>alert(1)</script><img src=http://x.example/ onerror=alert(1)>&\'</style>{}'


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def words(data: bytes) -> list[str]:
    return [para.words for para in HTML.read(data).paragraphs]


def code(data: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        HTML.read(data)
    assert refusal.value.code in abc.LINES
    return refusal.value.code


@pytest.mark.parametrize("document", [*SIX.values(), compilation(SAMPLE)], ids=lambda one: one.language)
def test_a_page_stands_alone(document: Document) -> None:
    text = HTML.write(document).decode()
    root = html.document_fromstring(text)
    assert root.get("lang") == document.language and root.get("dir") == document.direction
    assert not root.xpath("//script|//link|//img|//iframe|//object|//embed|//base|//form|//@*[starts-with(name(),'on')]")
    assert not root.xpath("//@src|//@href[not(starts-with(., '#'))]|//@style")
    assert not re.search(r"url\(|@import|https?:", text)
    assert "default-src 'none'" in text
    assert root.findtext(".//title")


def test_every_printed_page_has_marking_symbol_and_number() -> None:
    root = html.document_fromstring(HTML.write(SIX["en"]).decode())
    head, foot = root.find(".//thead"), root.find(".//tfoot")
    assert head.text_content() == "TLP:AMBERFICT/GM/2026/7" and foot.text_content() == "TLP:AMBER"
    assert 'counter(page) "/" counter(pages)' in root.findtext(".//style")


def test_who_wants_what_is_said_in_words_and_lines_not_in_colours() -> None:
    root = html.document_fromstring(HTML.write(compilation(SAMPLE)).decode())
    for one in root.xpath("//ins|//del"):
        assert one.get("data-by")
        assert one.get("data-by").split(", ")[0] in one.getparent().text_content()
    assert root.xpath("//del") and root.xpath("//ins") and root.xpath("//b[.='[']")
    style = root.findtext(".//style")
    assert "ins { text-decoration: underline" in style and "del { text-decoration: line-through" in style
    assert "square brackets" in root.xpath("//footer")[0].text_content()


def test_latin_words_in_arabic_are_isolated() -> None:
    root = html.document_fromstring(HTML.write(SIX["ar"]).decode())
    isolated = [one.text for one in root.xpath("//main//bdi[@dir='ltr']")]
    assert "A/70/174" in isolated and "PP 1" in isolated and "XA" in isolated and "75/240" not in isolated


def test_whatever_a_text_says_stays_text() -> None:
    made = Document(EVIL, (Para("OP", "OP 1", EVIL, number=1), Para("other", "", EVIL)), "en", formula=EVIL,
                    header=(f"Symbol: {EVIL}", f"Handling: {EVIL}", f"Date: {EVIL}"),
                    comments=(Comment(0, (0, 4), EVIL, "XA"),))  # fmt: skip
    data = HTML.write(made)
    root = html.document_fromstring(data.decode())
    assert not root.xpath("//script|//img|//@onerror|//@src")
    back = HTML.read(data)
    assert (back.title, [para.words for para in back.paragraphs]) == (EVIL, [EVIL, EVIL])
    assert back.comments == (Comment(0, (4, 4), EVIL, "XA"),)


def test_what_is_seen_decides_over_what_is_hidden() -> None:
    data = HTML.write(SIX["en"]).replace(b'data-label="OP 1"', b'data-label="OP 9"')
    back = HTML.read(data)
    assert [para.label for para in back.paragraphs if para.label][:4] == ["PP 1", "PP 2", "OP 1", "OP 2"]


def test_headings_lists_and_tables_of_others() -> None:
    made = HTML.read(page(
        "<nav>Menu</nav><h1>Draft decision on contacts</h1><p>The General Assembly,</p><p><i>Recalling</i> its\n mandate,</p>"
        "<ol><li><em>Decides</em> that each State:<ol><li>answers;</li><li>asks;</li></ol></li><li>Requests a report.</li></ol>"
    ))  # fmt: skip
    assert (made.title, made.formula) == ("Draft decision on contacts", "The General Assembly,")
    assert [(para.label, para.words) for para in made.paragraphs] == [
        ("PP 1", "*Recalling* its mandate,"), ("OP 1", "*Decides* that each State:"), ("OP 1 (a)", "answers;"),
        ("OP 1 (b)", "asks;"), ("OP 2", "Requests a report."),
    ]  # fmt: skip
    assert {"html.text_only", "html.navigation"} <= {note.code for note in made.notes if note.lossy}


def test_links_scripts_and_pictures_are_counted_never_followed() -> None:
    made = HTML.read(page(
        '<script src="http://x.example/a.js">evil()</script><p>1. Decides <a href="javascript:evil()">this</a> and '
        '<a href="http://x.example/">that</a>; <img src="file:///etc/passwd"><iframe src="http://x.example/"></iframe></p>'
        '<p style="display:none">hidden</p><p onclick="evil()">2. Requests it.</p><object data="x"></object>'
        '<svg><text>no</text></svg><textarea>no</textarea>', '<base href="http://x.example/"><meta http-equiv="refresh" content="0">'
    ))  # fmt: skip
    assert [para.words for para in made.paragraphs] == ["Decides this and that;", "Requests it."]
    counted = {note.code: note.count for note in made.notes}
    assert counted["html.links"] == 2 and counted["html.outside"] == 2 and counted["html.pictures"] == 2
    assert counted["html.scripts"] == counted["html.hidden"] == counted["html.forms"] == 1
    written = HTML.write(replace(made, notes=())).lower()
    assert b"javascript" not in written and b"x.example" not in written and b"passwd" not in written


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("<html><meta charset=windows-1251><p>1. просит</p>".encode("cp1251"), "просит"),
        ("<html><meta http-equiv='Content-Type' content='text/html; charset=gb2312'><p>1. 决定；</p>".encode("gb18030"), "决定；"),
        ("<html><p>1. Décide ;</p>".encode("utf-16"), "Décide ;"),
        (b"\xef\xbb\xbf" + "<html><p>1. تقرر؛</p>".encode(), "تقرر؛"),
        ("<html><meta charset=iso-8859-1><p>1. It’s</p>".encode("cp1252"), "It’s"),
    ],
)  # fmt: skip
def test_encodings(data: bytes, said: str) -> None:
    assert words(data) == [said]
    assert [para.words for para in confined.read("a.html", data).paragraphs] == [said]


def test_an_encoding_that_is_not_what_it_says_is_refused() -> None:
    assert code("<html><meta charset=utf-8><p>1. просит</p>".encode("cp1251")) == "format.encoding"
    assert code(b"<html><meta charset=utf-7><p>+ADw-script+AD4-</p>") == "format.encoding"
    assert code(b"<html><p>a\0b</p>") == "format.control"
    assert code(b"<html><body></body></html>") == "format.empty"
    assert code(b"Not a page.") == "format.html"


def test_hostile_pages_end_with_a_clear_error() -> None:
    assert code(b"<html>" + b"<p>a" * (MAX_ELEMENTS + 1)) == "format.html_big"
    assert code(page("<div>" * 2_000 + "x" + "</div>" * 2_000)) == "format.html_deep"
    assert code(b"<html>" + b"a" * (abc.MAX_BYTES + 1)) == "format.too_big"
    assert code(page("<p>" + "a" * (abc.MAX_WORDS + 1) + "</p>")) == "format.too_long"
    assert code(page("<p>1. a;</p>" * (abc.MAX_PARAGRAPHS + 3))) == "format.too_many"
    bomb = b'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><html><p>1. &b;</p></html>'
    assert "aaaa" not in "".join(words(bomb))
    with pytest.raises(Refused) as refusal:
        confined.read("a.html", b"<html>" + b"<b>" * 5_000_000)
    assert refusal.value.code in ("format.html_big", "format.html_deep", "format.too_hard")


PIECES = ["<p>", "</p>", "<b>", "<i>", "</i>", "<del>", "</del>", "<ol><li>", "</ol>", "<table><tr><td>", "&amp;", "&#0;", "&x;",
          "<!--", "-->", "<script>", "</script>", "PP 1 ", "1. ", "(a) ", "Noting,", "*", "~~", "[XA: x]", " ", "\n", "نص", "国",
          "<br>", "<h1>", "</h1>", "<![CDATA[", "<sup>", "\u202e", "<main class='text'>", "<meta name='generator' content='Valise'>"]  # fmt: skip


@settings(max_examples=200, database=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_generated_pages(body: str) -> None:
    try:
        document = child.read("a.html", b"<html><body>" + body.encode())
    except Refused as refusal:
        assert refusal.code in abc.LINES
        return
    HTML.write(document)


MARKS = st.lists(st.sampled_from(["*", "~~", "[", "]", "XA: ", " – XB: delete", "(XC)", " / ", " ", "a", "نص", "国", "\u00a0", "\n",
                                  "(", ")", "<", "&", "**"]), min_size=1, max_size=14)  # fmt: skip


@settings(max_examples=400, database=None)
@given(MARKS.map("".join))
def test_any_words_come_back_as_they_were(said: str) -> None:
    assert spelled(dressed(said, [])) == said
    made = Document("T", (Para("OP", "OP 1", said, number=1),), "en")
    assert [para.words for para in HTML.read(HTML.write(made)).paragraphs] == [said]


def test_an_office_program_reads_the_same_words(tmp_path: Path) -> None:
    source = tmp_path / "a.html"
    source.write_bytes(HTML.write(compilation(SAMPLE)))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--norestore", "--convert-to",
         "txt:Text (encoded):UTF8", "--outdir", str(tmp_path), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    text = " ".join((tmp_path / "a.txt").read_text("utf-8-sig").split())
    assert "FICT/GM/2026/DTG.1/CRP.3/Rev.2" in text and "TLP:AMBER" in text
    assert "[by State and non-State actors – XI, XJ: delete] (XA, ALP: retain), (open)" in text
