"""A text leaves by the window as a file, LibreOffice reads it, somebody in a capital changes it, and it comes back."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hands import CTRL, SHIFT, Table, drain, press
from lxml import etree
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLineEdit

from valise.formats import child
from valise.ui.files import said
from valise.ui.files.export import ExportDialog
from valise.ui.files.returned import ReturnedDialog
from valise.ui.texts.open_dialog import OpenTextDialog

K = Qt.Key
ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "resources" / "reference" / "sample_text.md"
OFFICE = shutil.which("soffice") or "soffice"  # of packaging/system-packages.txt; without it these tests fail
RED = "wainscot persimmon quarrel"
PERSON = "Somebody Unmistakable"
OFFICERS = ("Officer",)
ODF = {"text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0", "dc": "http://purl.org/dc/elements/1.1/",
       "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0"}  # fmt: skip


def office(folder: Path, to: str, *files: Path) -> list[Path]:
    """These files as LibreOffice saves them in another format."""
    into = folder / "office"
    subprocess.run(
        [OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore", "--convert-to", to,
         "--outdir", str(into), *map(str, files)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return [into / f"{one.stem}.{to.partition(':')[0]}" for one in files]


def tracked_words(root: etree._Element) -> set[tuple[str, str | None, str]]:
    """(insertion or deletion, author, words) as LibreOffice holds them, those of one author beside each other as one."""
    kinds = {
        region.get(f"{{{ODF['text']}}}id"): (etree.QName(kind).localname, kind.findtext(".//dc:creator", namespaces=ODF))
        for region in root.iterfind(".//text:tracked-changes/text:changed-region", ODF)
        for kind in region
    }
    words: dict[tuple[str, str | None], str] = {}
    under: list[str] = []

    def walk(element: etree._Element) -> None:
        name, mark = etree.QName(element).localname, element.get(f"{{{ODF['text']}}}change-id")
        if name == "change-start":
            under.append(mark)
        elif name == "change-end":
            under.remove(mark)
        elif name not in ("tracked-changes", "annotation"):
            take(element.text)
            for inner in element:
                walk(inner)
                take(inner.tail)

    def take(text: str | None) -> None:
        for mark in under:
            words[kinds[mark]] = words.get(kinds[mark], "") + (text or "")

    for inner in root.find(".//office:text", ODF):
        walk(inner)
    return {(*kind, " ".join(said.split())) for kind, said in words.items()}


def wait(table: Table, dialog: Any) -> None:
    """What goes on beside the window has ended."""
    table.qtbot.waitUntil(lambda: not dialog._work.busy, timeout=60_000)
    drain()


def pick(picking: QFileDialog, path: Path) -> None:
    """The place put into the file dialog as a whole (typed, it would offer completions), and Enter."""
    name = picking.findChild(QLineEdit, "fileNameEdit")
    assert name is not None
    name.setText(str(path))
    press(K.Key_Return, widget=name)


def ahead(table: Table, bench: Any, key: Qt.Key) -> None:
    """The workbench in front again, and a key of it."""
    bench.window().activateWindow()
    table.qtbot.waitUntil(bench.window().isActiveWindow)
    bench.list.setFocus()
    press(key, CTRL, bench.list)


def export(table: Table, bench: Any, kind: str, path: Path) -> None:
    """Ctrl+S, the kind by arrow keys, Save, the place: nothing but keys."""
    ahead(table, bench, K.Key_S)
    dialog = bench.findChild(ExportDialog)
    assert dialog is not None and dialog.format.hasFocus() and dialog.offer().name == "docx"
    for _ in range(12):
        if dialog.focusWidget() is dialog.kinds["tracked"]:
            break
        press(K.Key_Tab, widget=dialog.focusWidget())
    for _ in range(said.KINDS.index(kind)):
        press(K.Key_Down, widget=dialog.focusWidget())
    assert dialog.kind() == kind
    for _ in range(12):
        if dialog.focusWidget() is dialog.go:
            break
        press(K.Key_Tab, widget=dialog.focusWidget())
    press(K.Key_Return, widget=dialog.go)
    pick(dialog.picking, path)
    table.qtbot.waitUntil(path.exists, timeout=60_000)
    table.qtbot.waitUntil(lambda: bench.findChild(ExportDialog) is None, timeout=10_000)
    assert "not encrypted" in bench.bar.confidentiality.plain()


@pytest.fixture
def text(table: Table) -> str:
    """Amendments of two delegations, a position, a remark, and what is nobody else's business."""
    made = table.text()
    a, b, g = (table.world[code] for code in ("XA", "XB", "XG"))
    ids = {row.label: row.id for row in a.texts.outline(made)}
    two = b.texts.propose_words(made, ids["OP 1"], "*Decides* that States should designate points of contact within six months;")[0]
    g.texts.propose_paragraph(made, ids["OP 2"], "OP", "*Thanks* the Chair.")
    g.texts.propose_delete(made, ids["OP 2"], "not needed")
    table.exchange()
    a.texts.position(made, two, "reserve")
    a.texts.comment(made, ids["OP 2"], "Who tests them?")
    for paragraph in ids.values():
        a.internal.write(made, paragraph, RED, "red line")
    table.exchange()
    return made


def test_every_kind_leaves_by_keys_and_libreoffice_sees_the_same(table: Table, text: str, tmp_path: Path) -> None:
    bench = table.at("XA", text, "OP 1")
    out = tmp_path / "out"
    out.mkdir()
    for kind in said.KINDS:
        export(table, bench, kind, out / f"{kind}.docx")
    assert sorted(one.name for one in out.iterdir()) == sorted(f"{kind}.docx" for kind in said.KINDS)
    (tracked,) = office(tmp_path, "fodt", out / "tracked.docx")
    root = etree.parse(tracked).getroot()
    assert tracked_words(root) == {
        ("deletion", "XB", "twelve"), ("insertion", "XB", "six"), ("insertion", "XG", "Thanks the Chair."),
        ("deletion", "XG", "OP 2Invites States to test them every year. (open)"),  # the whole paragraph
    }  # fmt: skip
    remarks = {(one.findtext("dc:creator", namespaces=ODF), " ".join("".join(one.itertext("{*}p", "{*}span")).split()))
               for one in root.iterfind(".//office:annotation", ODF)}  # fmt: skip
    assert remarks == {("XA", "reserve (XB/1)"), ("XA", "Who tests them?")}
    found = office(tmp_path, "txt:Text (encoded):UTF8", *(out / f"{kind}.docx" for kind in said.KINDS[1:]))
    compiled, by, clean = (one.read_text("utf-8-sig") for one in found)
    assert re.search(r"within \[.*twelve.*six \(XB\)\] months", compiled) and "[XG: Thanks the Chair.]" in compiled
    assert "– XG: delete]" in compiled and "(XA: Who tests them?)" in compiled
    assert by.index("XB") < by.index("six") < by.index("XG") < by.index("Thanks the Chair.")
    assert "within twelve months;" in clean and not any(word in clean for word in ("six", "XB", "XG", "Chair", "?"))


def edited(data: bytes) -> bytes:
    """As somebody's Word leaves it: words typed over in one paragraph, tracked in another."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "word/document.xml":
                typed = part.replace(b" its mandate,", b" its mandate and its report,")
                tracked = typed.replace(
                    b"States to test them every year.",
                    b'States to test them</w:t></w:r><w:ins w:id="9001" w:author="' + PERSON.encode() + b'"><w:r>'
                    b'<w:t xml:space="preserve"> in good time</w:t></w:r></w:ins><w:r><w:t xml:space="preserve"> every year.')  # fmt: skip
                assert part != typed != tracked
                part = tracked
            new.writestr(name, part)
    return made.getvalue()


@pytest.mark.parametrize("through_office", [False, True])
def test_a_changed_file_comes_back_and_reaches_the_peer(table: Table, tmp_path: Path, through_office: bool) -> None:
    text = table.text([{"section": "PP", "label": "PP 1", "words": "*Recalling* its mandate,", "status": "open"},
                       {"section": "OP", "label": "OP 1", "words": "*Invites* States to test them every year.", "status": "open"}])  # fmt: skip
    bench = table.at("XB", text, "OP 1")
    export(table, bench, "tracked", tmp_path / "sent.docx")
    back = tmp_path / "back.docx"
    back.write_bytes(edited((tmp_path / "sent.docx").read_bytes()))
    if through_office:
        (back,) = office(tmp_path, "docx", back)
    ahead(table, bench, K.Key_O)
    dialog = bench.findChild(ReturnedDialog)
    assert dialog is not None
    dialog.take_file(str(back))
    wait(table, dialog)
    told = [(one.kind, one.label, one.author, one.held) for one in dialog._read.changes]
    assert told == [("words", "PP 1", "", ""), ("words", "OP 1", PERSON, "")]
    assert dialog.list.hasFocus() and dialog.go.text() == "Propose 2 changes"
    assert list(dialog.authors.choices) == [PERSON]
    for _ in range(12):
        if dialog.focusWidget() is dialog.go:
            break
        press(K.Key_Tab, widget=dialog.focusWidget())
    press(K.Key_Return, widget=dialog.go)
    table.exchange()
    assert "Proposed from the file: 2." in bench.bar.happened.plain()
    a = table.world["XA"]
    rows = {row.label: row.id for row in a.texts.outline(text)}
    (typed,) = a.texts.paragraph(text, rows["PP 1"]).proposals
    (tracked,) = a.texts.paragraph(text, rows["OP 1"]).proposals
    assert "report" in typed.words and "in good time" in tracked.words
    assert typed.reason == tracked.reason == "As found in the file."
    assert [typed.author, tracked.author] == [table.world.id("XB")] * 2
    # one notice takes both back
    bench.bar.step().click()
    table.exchange()
    assert all(a.texts.paragraph(text, one).proposals[0].state == "withdrawn" for one in rows.values() if a.texts.paragraph(text, one).proposals)
    # the file as it was sent changes nothing
    ahead(table, bench, K.Key_O)
    dialog = next(one for one in bench.findChildren(ReturnedDialog) if one.isVisible())
    dialog.take_file(str(tmp_path / "sent.docx"))
    wait(table, dialog)
    assert "This file changes nothing." in dialog.found.plain()
    dialog.reject()


def opened(table: Table, code: str, room: str, path: Path) -> str:
    """A text opened from a file by the dialog; its id."""
    bench = table.screen(code, "texts")
    before = {one.id for one in table.world[code].texts.all()}
    bench.new()
    dialog = bench.findChild(OpenTextDialog)
    assert dialog is not None
    dialog.take_file(str(path))
    table.qtbot.waitUntil(dialog.go.isEnabled, timeout=30_000)
    dialog.room.setCurrentIndex(dialog.room.findData(room))
    dialog.go.click()
    table.settle()
    (made,) = {one.id for one in table.world[code].texts.all()} - before
    return made


def test_what_was_exported_and_opened_again_has_the_same_hash(table: Table, tmp_path: Path) -> None:
    room = table.world.room()
    table.exchange()
    first = opened(table, "XA", room, SAMPLE)
    table.exchange()
    a, b = table.world["XA"], table.world["XB"]
    row = next(one for one in a.texts.outline(first) if one.status == "open" and one.section == "OP")
    words = b.texts.paragraph(first, row.id).paragraph.words
    b.texts.propose_words(first, row.id, words.rstrip(";.,") + ", in good time;", "sooner")
    b.texts.comment(first, row.id, "Who pays?")
    a.internal.write(first, row.id, RED, "red line")
    table.exchange()
    symbol = a.texts.head(first).symbol
    frozen = a.texts.revision(first, f"{symbol}/again")
    bench = table.at("XA", first, row.label)
    export(table, bench, "tracked", tmp_path / "sample.docx")
    second = opened(table, "XB", room, tmp_path / "sample.docx")
    again = b.texts.revision(second, f"{symbol}/again")
    assert b.texts.plain(second) == a.texts.plain(first)
    assert again.text_hash == frozen.text_hash
    place = [one.id for one in b.texts.outline(second)][[one.id for one in a.texts.outline(first)].index(row.id)]
    (proposal,) = b.texts.paragraph(second, place).proposals
    assert "in good time" in proposal.words and proposal.reason == "As found in the file, by Borovia."
    assert [one.words for one in b.texts.comments(second, place)] == ["As found in the file, by Borovia. Who pays?"]


def plain(path: Path) -> bytes:
    """Everything in a file that somebody could dig out of it."""
    data = path.read_bytes()
    if path.suffix == ".docx":
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    if path.suffix == ".pdf":
        reader = PdfReader(BytesIO(data))
        pages = "".join(page.extract_text() for page in reader.pages)
        streams = b"".join(one.get_data() for n in range(1, len(reader.xref[0]) + 1)
                           if hasattr(one := reader.get_object(n), "get_data"))  # fmt: skip
        return data + pages.encode() + streams + repr(reader.metadata).encode()
    return data


def test_no_internal_word_is_in_any_file_or_on_the_clipboard(table: Table, text: str, tmp_path: Path) -> None:
    bench = table.at("XA", text, "OP 1")
    bench.internal.words.setPlainText(RED)  # what is being written internally stays too
    table.world["XA"].texts.save_draft(_draft(text, bench.view().paragraph.id))
    offers = table.world["XA"].export.offers()
    assert {one.name for one in offers} == {"docx", "pdf", "html", "akn", "notation", "plain"}
    for offer in offers:
        for kind in said.KINDS:
            if kind == "tracked" and not offer.marks:
                continue
            bench.files.export()
            dialog = next(one for one in bench.findChildren(ExportDialog) if one.isVisible())
            dialog.format.setCurrentIndex(dialog.format.findData(offer.name))
            dialog.kinds[kind].click()
            dialog.marking.set_marking("TLP:AMBER")
            dialog.take_place(tmp_path / f"{kind}{offer.ending}")
            wait(table, dialog)
            wait(table, dialog)
    files = sorted(one for one in tmp_path.iterdir() if one.suffix in {each.ending for each in offers})
    assert len(files) == 2 * 4 + 4 * 3
    for file in files:
        found = plain(file)
        assert not any(word.encode() in found for word in (*RED.split(), *OFFICERS)), file.name
        assert str(tmp_path).encode() not in found
        told = child.read(file.name, file.read_bytes())
        assert not any(word in repr(told) for word in RED.split())
        assert ("six" in repr(told)) is (file.stem != "clean")  # that is what one would have found it by
        assert file.suffix != ".pdf" or (b"six" in found) is (file.stem != "clean")
    board = QGuiApplication.clipboard()
    for place in range(bench.model.rowCount()):
        bench.list.go(place)
        ahead(table, bench, K.Key_C)
        assert board.mimeData().hasFormat("x-kde-passwordManagerHint")  # ours, which forgets
        assert bench.view().paragraph.words[:9] in board.text() and not any(word in board.text() for word in RED.split())
    press(K.Key_C, CTRL | SHIFT, bench.list)
    table.settle()
    assert "six" in board.text() and not any(word in board.text() for word in RED.split())


def test_a_lock_while_a_file_is_made_leaves_no_file(table: Table, text: str, tmp_path: Path) -> None:
    bench = table.at("XA", text, "OP 1")
    bench.files.export()
    dialog = bench.findChild(ExportDialog)
    dialog.format.setCurrentIndex(dialog.format.findData("pdf"))
    out = tmp_path / "out"
    out.mkdir()
    dialog.take_place(out / "a.pdf")
    window = table.windows.pop("XA")
    with table.qtbot.waitSignal(window.locked, timeout=30_000):
        window.lock("asked")
    window.deleteLater()
    table.qtbot.waitUntil(lambda: not any(one.name == "file" for one in threading.enumerate()), timeout=60_000)
    drain()
    assert list(out.iterdir()) == []


def _draft(text: str, paragraph: str) -> Any:
    from valise.desk.views import TextDraft

    return TextDraft(text, paragraph, "words", RED, RED)
