"""What is read from Word files made by hand: every trap on its own, then a whole text by three authors."""

from __future__ import annotations

import pytest
from test_formats_docx_build import NUMBERING, changed, comments, gone, ins, mark, p, package, parts, t, word

from valise.formats.abc import TITLE, Change, Comment, Document
from valise.formats.docx import Docx
from valise.formats.docx.names import OFFICE, WORD

ITALIC = "<w:i/>"
PP = p(t("Recalling", ITALIC), " its mandate,")
OP = p("1. Decides it;")


def read(*body: str, **more: str) -> Document:
    return Docx().read(word(*body, **more))


def notes(document: Document) -> dict[str, int]:
    return {note.code: note.count for note in document.notes if note.code.startswith("docx.")}


def one(*inner: str, **more: str) -> Document:
    """A paragraph of interest between others."""
    return read(p("Draft"), PP, p(*inner), OP, **more)


def words_of(change: Change, document: Document) -> str:
    """The paragraph of a change of words as it would then stand."""
    old = document.paragraphs[change.paragraph].words
    return old[: change.span[0]] + change.words + old[change.span[1] :]


def test_a_plain_text() -> None:
    document = read(
        p("Draft decision"), p(t("The Global Mechanism,", ITALIC)), PP, p("Noting that,"),
        p("1. Decides it;"), p("2 bis. ", t("Requests", ITALIC), " that:"), p("(a)", "<w:r><w:tab/></w:r>", "one;"),
        p("(b) two."), p("OP 3 alt 1 (XB)", "<w:r><w:tab/></w:r>", "Invites ", t("(open)", ITALIC)),
    )  # fmt: skip
    assert (document.title, document.formula, document.language) == ("Draft decision", "The Global Mechanism,", "en")
    assert [(para.label, para.words, para.parent, para.status) for para in document.paragraphs] == [
        ("PP 1", "*Recalling* its mandate,", "", ""), ("PP 2", "Noting that,", "", ""),
        ("OP 1", "Decides it;", "", ""), ("OP 2 bis", "*Requests* that:", "", ""),
        ("OP 2 bis (a)", "one;", "OP 2 bis", ""), ("OP 2 bis (b)", "two.", "OP 2 bis", ""),
        ("OP 3 alt 1 (XB)", "Invites", "", "open"),
    ]  # fmt: skip


def test_automatic_numbering_counts_as_written() -> None:
    document = read(
        PP, p("Decides:", number=(1, 0)), p("one;", number=(1, 1)), p("two:", number=(1, 1)), p("deep;", number=(1, 2)),
        p("Requests it;", number=(1, 0)), p("again;", number=(1, 1)), p("Seven;", number=(4, 0)),
        p("point;", number=(2, 0)), p("chapter;", number=(3, 0)), numbering=NUMBERING,
    )  # fmt: skip
    assert [(para.label, para.words) for para in document.paragraphs][1:] == [
        ("OP 1", "Decides:"), ("OP 1 (a)", "one;"), ("OP 1 (b)", "two:"), ("OP 1 (b) (i)", "deep;"),
        ("OP 2", "Requests it;"), ("OP 2 (a)", "again;"), ("OP 7", "Seven;"),
        ("OP 8", "• point;"), ("OP 9", "Part I chapter;"),
    ]  # fmt: skip


def test_numbering_of_a_style_and_of_none() -> None:
    styles = (
        f'<w:styles xmlns:w="{WORD}"><w:style w:type="paragraph" w:styleId="O"><w:name w:val="op"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="O2"><w:name w:val="x"/>'
        '<w:basedOn w:val="O"/></w:style></w:styles>'
    )
    document = read(PP, p("Decides;", style="O2"), p("Invites;", style="O"), p("No list;", style="O", number=(0, 0)),
                    numbering=NUMBERING, styles=styles)  # fmt: skip
    assert [para.label for para in document.paragraphs] == ["PP 1", "OP 1", "OP 2", "OP 3"]


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        (t("a") + t("b") + t("c"), "abc"),
        ("<w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:cr/><w:t>c</w:t></w:r>", "a\nb\nc"),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:noBreakHyphen/><w:softHyphen/><w:t>c</w:t></w:r>", "a\tb\u2011\xadc"),
        (t("a\u00a0b"), "a\u00a0b"),
        ("<w:r><w:t> a </w:t></w:r>" + t(" b"), "a b"),
        ('<w:r><w:sym w:font="Symbol" w:char="F061"/><w:sym w:font="Arial" w:char="00A7"/></w:r>', "α§"),
        (t("Wide ") + t(" so ", ITALIC) + t("x"), "Wide  *so* x"),
        (t("a", ITALIC) + t("b", '<w:i w:val="true"/>') + t("c", '<w:i w:val="0"/>'), "*ab*c"),
        ('<w:hyperlink r:id="x"><w:r><w:t>linked</w:t></w:r></w:hyperlink>', "linked"),
        ('<w:smartTag w:element="x">' + t("tag") + "</w:smartTag>", "tag"),
        ("<w:sdt><w:sdtPr/><w:sdtContent>" + t("control") + "</w:sdtContent></w:sdt>", "control"),
        ('<w:fldSimple w:instr=" REF x ">' + t("4") + "</w:fldSimple>", "4"),
        ("<w:bdo w:val='rtl'>" + t("over") + "</w:bdo>", "over"),
        ("<w:ruby><w:rt>" + t("guide") + "</w:rt><w:rubyBase>" + t("base") + "</w:rubyBase></w:ruby>", "base"),
        ("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>", "x=1"),
    ],
)  # fmt: skip
def test_letters(inner: str, words: str) -> None:
    assert one(inner).paragraphs[1].words == words


def test_fields_show_their_result() -> None:
    def char(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    inner = (char("begin"), "<w:r><w:instrText>REF </w:instrText></w:r>", char("begin"), t("inner code"),
             char("separate"), t("x"), char("end"), char("separate"), t("shown"), char("end"), t(" after"))  # fmt: skip
    document = one(*inner)
    assert document.paragraphs[1].words == "shown after"
    assert notes(document)["docx.fields"] == 2
    broken = one(t("a "), char("begin"), t("not lost"))
    assert broken.paragraphs[1].words == "a not lost"
    assert notes(broken)["docx.broken_fields"] == 1


def test_alternate_content_is_read_once_and_boxes_are_named() -> None:
    box = f"<w:txbxContent>{p('in a box')}</w:txbxContent>"
    inner = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing>'
        f"</mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    document = one(t("beside"), inner)
    assert [para.words for para in document.paragraphs].count("in a box") == 1
    assert [para.section for para in document.paragraphs] == ["PP", "PP", "other", "OP"]
    assert notes(document)["docx.text_boxes"] == 1
    strange = '<w:r><mc:AlternateContent><mc:Choice Requires="zz"/><mc:Fallback><w:t>old</w:t></mc:Fallback></mc:AlternateContent></w:r>'
    assert one(strange).paragraphs[1].words == "old"


def test_tables_are_paragraphs_and_rows_are_proposals() -> None:
    def row(properties: str, *cells: str) -> str:
        return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"

    nested = f"<w:tbl>{row('', p('nested'))}</w:tbl>" + p("")
    table = f"<w:tbl>{row('', p('1. cell'), nested)}{row(mark('ins', 'Ana'), p('new'))}{row(mark('del', 'Ben'), p('old'))}</w:tbl>"
    document = read(PP, table, OP)
    assert [(para.section, para.words) for para in document.paragraphs] == [
        ("PP", "*Recalling* its mandate,"), ("other", "1. cell"), ("other", "nested"), ("other", "old"),
        ("OP", "Decides it;"),
    ]  # fmt: skip
    assert document.changes == (
        Change("paragraph", words="new", author="Ana", after=2), Change("delete", 3, author="Ben"),
    )  # fmt: skip
    assert (notes(document)["docx.tables"], notes(document)["docx.table_changes"]) == (2, 2)


def test_pieces_by_one_author_are_one_change() -> None:
    document = one("Noting ", gone("Ana", "the "), ins("Ana", "an"), gone("Ana", "old"), ins("Ana", " act"), " ends,")
    (change,) = document.changes
    assert (change.kind, change.author, change.span, change.words) == ("words", "Ana", (7, 14), "an act")
    assert words_of(change, document) == "Noting an act ends,"


def test_several_authors_at_one_place() -> None:
    document = one("Noting ", gone("Ana", "that"), ins("Ben", "this"), ins("Cleo", "these"), " end,")
    assert [(change.author, change.span, change.words) for change in document.changes] == [
        ("Ana", (7, 11), ""), ("Ben", (11, 11), "this"), ("Cleo", (11, 11), "these"),
    ]  # fmt: skip


def test_words_inserted_by_one_and_struck_by_another() -> None:
    for nested in (
        ins("Ana", t("new "), gone("Ben", "not ")),
        ins("Ana", t("new ")) + gone("Ben", ins("Ana", t("not "))),
    ):
        document = one("Noting ", nested, "it,")
        (change,) = document.changes
        assert (change.author, change.words) == ("Ana", "new not ")
        assert document.comments == (Comment(1, (7, 7), "[Ana: [~~not~~ – Ben: delete]]", "Ben"),)
        assert notes(document)["docx.struck_insertions"] == 1
    assert notes(one("a", ins("Ana", gone("Ana", "b"))))["docx.withdrawn"] == 1


def test_emphasis_is_never_left_half_open() -> None:
    half = one(t("Deeply ", ITALIC), gone("Ana", t("con", ITALIC, "delText"), t("cern", name="delText")), "ed,")
    assert half.paragraphs[1].words == "*Deeply con*cerned,"
    assert words_of(half.changes[0], half) == "*Deeply *ed,"
    whole = one(gone("Ana", t("Noting", ITALIC, "delText")), ins("Ana", t("Recalling", ITALIC)), " it,")
    assert words_of(whole.changes[0], whole) == "*Recalling* it,"
    inner = one(t("Noting ", ITALIC), ins("Ana", t("also ", ITALIC)), t("with", ITALIC), " it,")
    assert words_of(inner.changes[0], inner) == "*Noting also with* it,"


def test_new_paragraphs() -> None:
    document = read(
        p("Draft"), PP,
        p(ins("Ana", "PP 1 bis Noting more,"), mark=mark("ins", "Ana")),
        p("Noting,", mark=mark("ins", "Ben")), p(ins("Ben", "Noting that too,")),
        OP, p(ins("Cleo", "2. Requests it;"), mark=mark("ins", "Cleo")),
    )  # fmt: skip
    assert [para.words for para in document.paragraphs] == ["*Recalling* its mandate,", "Noting,", "Decides it;"]
    assert document.changes == (
        Change("paragraph", words="Noting more,", author="Ana", after=0, section="PP", label="PP 1 bis"),
        Change("paragraph", words="Noting that too,", author="Ben", after=1, section="PP"),
        Change("paragraph", words="Requests it;", author="Cleo", after=2, section="OP", label="OP 2"),
    )


def test_a_paragraph_cut_in_two() -> None:
    document = read(PP, p("Noting this, ", mark=mark("ins", "Ana")), p("and ", ins("Ben", "also "), "that,"), OP)
    assert document.paragraphs[1].words == "Noting this, and that,"
    assert document.changes == (
        Change("words", 1, (13, 22), "", "Ana"),
        Change("paragraph", words="and also that,", author="Ana", after=1, section="PP"),
    )
    assert notes(document) == {"docx.labels_made": 1, "docx.splits": 1, "docx.changes_within": 1}


def test_two_paragraphs_made_one() -> None:
    document = read(
        p("1. One ", gone("Ana", "tail;"), mark=mark("del", "Ana")), p(gone("Ana", "2. Two;"), mark=mark("del", "Ana")),
        p(gone("Ana", "3. "), "three;"), p("4. Four;"),
    )  # fmt: skip
    assert [para.label for para in document.paragraphs] == ["OP 1", "OP 2", "OP 3", "OP 4"]
    kinds = [(change.kind, change.paragraph) for change in document.changes]
    assert kinds == [("words", 0), ("delete", 1), ("delete", 2)]
    assert words_of(document.changes[0], document) == "One three;"
    assert notes(document)["docx.joins"] == 1


def test_moves() -> None:
    def side(kind: str, name: str, author: str, text: str) -> str:
        start = f'<w:move{kind}RangeStart w:id="9" w:name="{name}"/>'
        body = f'<w:move{kind} w:id="1" w:author="{author}">{t(text)}</w:move{kind}>'
        return p(start, body, f'<w:move{kind}RangeEnd w:id="9"/>', mark=mark(f"move{kind}", author))

    for first, second in (("m1", "m1"), ("", "other")):
        document = read(
            side("From", first, "Ana", "1. One;"), p("2. Two;"), side("To", second, "Ana", "1. One;"), p("3. Three;")
        )
        assert document.changes == (Change("move", 0, author="Ana", after=1),)
    edited = read(side("From", "m1", "Ana", "1. One;"), p("2. Two;"), side("To", "m1", "Ana", "1. Once;"))
    assert [(change.kind, change.words) for change in edited.changes] == [("delete", ""), ("paragraph", "Once;")]
    within = one("a ", f'<w:moveFrom w:id="1" w:author="Ana">{t("b ")}</w:moveFrom>', "c ",
                 f'<w:moveTo w:id="1" w:author="Ana">{t("b ")}</w:moveTo>', "d")  # fmt: skip
    assert [(change.span, change.words) for change in within.changes] == [((2, 4), ""), ((6, 6), "b ")]
    assert notes(within)["docx.moves_within"] == 2


def test_comments_and_notes_at_their_places() -> None:
    start, end = (
        '<w:commentRangeStart w:id="{}"/>',
        '<w:commentRangeEnd w:id="{}"/><w:r><w:commentReference w:id="{}"/></w:r>',
    )
    document = one(
        "PP 2 Noting ", start.format(0), "that", end.format(0, 0), t(" and", ITALIC), '<w:r><w:footnoteReference w:id="7"/></w:r>',
        '<w:r><w:commentReference w:id="1"/></w:r>',
        comments=comments(("0", "Ana", "why?"), ("1", "Ben", "here"), ("2", "Cleo", "nowhere")),
        footnotes=f'<w:footnotes xmlns:w="{WORD}"><w:footnote w:type="separator" w:id="0"/><w:footnote w:id="7">{p("See A/1.")}</w:footnote></w:footnotes>',
    )  # fmt: skip
    assert document.paragraphs[1].words == "Noting that *and*"
    assert document.comments == (
        Comment(1, (7, 11), "why?", "Ana"), Comment(1, (17, 17), "Footnote: See A/1.", ""), Comment(1, (17, 17), "here", "Ben"),
        Comment(TITLE, (0, 0), "nowhere", "Cleo"),
    )  # fmt: skip
    assert (notes(document)["docx.footnotes"], notes(document)["docx.loose_comments"]) == (1, 1)


def test_a_comment_over_two_paragraphs_and_on_a_new_one() -> None:
    document = read(
        p('<w:commentRangeStart w:id="0"/>', "1. One;"), p("2. ", "Two", '<w:commentRangeEnd w:id="0"/>', ";"),
        p('<w:commentRangeStart w:id="1"/>', ins("Ana", "3. New;"), '<w:commentRangeEnd w:id="1"/>', mark=mark("ins", "Ana")),
        comments=comments(("0", "Ana", "both"), ("1", "Ben", "new")),
    )  # fmt: skip
    assert document.comments == (Comment(0, (0, 4), "both", "Ana"), Comment(1, (4, 4), "new", "Ben"))


def test_what_is_only_named() -> None:
    look = "<w:rPrChange w:id='1' w:author='Ana'><w:rPr/></w:rPrChange>"
    document = one(
        t("hidden", "<w:vanish/>"), t("shown", look), "<w:r><w:drawing/></w:r>", "<w:r><w:object/></w:r>",
        '<w:unheard>words</w:unheard>',
        header=f'<w:hdr xmlns:w="{WORD}">{p("running")}</w:hdr>',
        links=f'<Relationship Id="x" Type="{OFFICE}/hyperlink" Target="http://far.example/" TargetMode="External"/>'
        f'<Relationship Id="y" Type="{OFFICE}/attachedTemplate" Target="file://far/x.dotm" TargetMode="External"/>',
        vbaProject="",
    )  # fmt: skip
    assert document.paragraphs[1].words == "shown"
    assert {code: lossy for code, lossy in ((note.code, note.lossy) for note in document.notes)} == {
        code: True for code in ("docx.formatting_changes", "docx.links", "docx.pictures", "docx.objects", "docx.outside",
                                "docx.headers_footers", "docx.hidden_text", "docx.unknown")
    } | {"docx.labels_made": False}  # fmt: skip


def test_macros_are_named() -> None:
    held = parts(PP, OP) | {"word/vbaProject.bin": b"\0macro", "word/embeddings/a.bin": b"\0"}
    found = notes(Docx().read(package(held)))
    assert (found["docx.macros"], found["docx.objects"]) == (1, 1)


def test_strict_files() -> None:
    data = word(p("Draft"), PP, p("Noting ", ins("Ana", "more "), "of it,"), OP)
    strict = changed(data, "word/document.xml", WORD, "http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert Docx().read(strict) == Docx().read(data)


def test_annex_headings_and_languages() -> None:
    document = read(p("مشروع قرار"), p("إذ تشير إلى ولايتها،"), p("1. تقرر ذلك؛"))
    assert (document.language, document.direction) == ("ar", "rtl")
    document = read(p("Draft"), PP, OP, p("Annex"), p("1. Item"), p("Text."))
    assert [(para.section, para.label, para.words) for para in document.paragraphs][2:] == [
        ("annex", "", "Annex"), ("annex", "", "1. Item"), ("annex", "", "Text."),
    ]  # fmt: skip


def test_what_somebody_adds_to_a_new_paragraph_is_named() -> None:
    document = read(PP, p(ins("Ana", "Noting "), ins("Ben", "also "), ins("Ana", "this,"), mark=mark("ins", "Ana")), OP)
    assert [(one.kind, one.words, one.author) for one in document.changes] == [
        ("paragraph", "Noting also this,", "Ana")
    ]
    assert notes(document)["docx.changes_within"] == 1


def test_an_author_is_a_plain_line() -> None:
    (change,) = one("Noting ", ins("A\u202en  a\n\u200bB" + "b" * 200, "this "), "it,").changes
    assert change.author == "An a B" + "b" * 114
