"""A text leaves as a file: what is chosen, what is said of it, and that it is written whole, once, or not at all."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import fake_data as d
import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog
from test_texts_bench import CTRL, Bench, K, bench, mirrored  # noqa: F401
from test_texts_safe import _unnamed

from valise.domain.errors import Refused
from valise.formats.abc import all_formats
from valise.ui.contacts.confirm import Confirm
from valise.ui.files import said
from valise.ui.files.beside import Beside
from valise.ui.files.export import ExportDialog
from valise.ui.widgets.files import forgetful


def dialog(bench: Bench) -> ExportDialog:  # noqa: F811
    bench.at("OP 3")
    bench.key(K.Key_S, CTRL)
    made = bench.screen.findChild(ExportDialog)
    assert made is not None
    bench.qtbot.waitUntil(lambda: made.list.count() > 0)
    return made


def gone(bench: Bench, made: ExportDialog) -> None:  # noqa: F811
    bench.qtbot.waitUntil(lambda: not made._work.busy)
    QCoreApplication.processEvents()


def choose(made: ExportDialog, format_name: str, kind: str) -> None:
    made.format.setCurrentIndex(made.format.findData(format_name))
    made.kinds[kind].click()


def lines(made: ExportDialog) -> list[str]:
    return [made.list.item(n).text() for n in range(made.list.count())]


def test_everything_is_said_in_words_and_has_a_name(bench: Bench) -> None:  # noqa: F811
    made = dialog(bench)
    shown = [made.format.itemText(n) for n in range(made.format.count())]
    assert shown[:4] == ["Word document (.docx)", "PDF, to print and to read (.pdf)", "Web page (.html)", "UN XML (Akoma Ntoso) (.xml)"]
    assert [made.revision.itemText(n) for n in range(made.revision.count())] == ["As it stands now", "Rev.2", "Rev.1"]
    assert _unnamed(made) == []
    assert made.kinds["clean"].accessibleDescription() == said.kind_means("clean")
    assert made.kind() == "tracked"
    assert lines(made)[:3] == ["Paragraphs: 15", "Proposed changes: 7, by delegations: 3", "    \u2068XB\u2069: 4"]
    assert lines(made)[-1] == "Positions and remarks: 3"
    made.kinds["clean"].click()
    assert lines(made) == ["Paragraphs: 15", "Proposed changes left out: 7", "Positions and remarks left out: 3"]
    made.kinds["by-delegation"].click()
    assert "Paragraphs: 15" not in lines(made) and lines(made)[-1] == "Positions and remarks left out: 3"
    made.revision.setCurrentIndex(2)
    bench.qtbot.waitUntil(lambda: lines(made)[:1] == ["No proposed change"])
    assert bench.door.called("export.leaving")[-1][0] == (d.TEXT, d.ident("rev 1"))
    made.reject()


def test_the_button_above_the_text_opens_a_menu_of_what_leaves_and_comes_back(bench: Bench) -> None:  # noqa: F811
    bench.at("OP 3")
    menu = bench.screen.headline.leaving.menu()
    assert [one.objectName() for one in menu.actions()] == [
        "texts.export", "texts.returned", "texts.passage", "texts.copy"]  # fmt: skip
    assert all(one.isEnabled() for one in menu.actions()) and menu.accessibleName()
    menu.actions()[0].trigger()
    made = bench.screen.findChild(ExportDialog)
    assert made is not None and made.isVisible()
    made.reject()


def test_every_format_that_can_be_written_has_words(bench: Bench) -> None:  # noqa: F811
    assert {one.name for one in all_formats()} <= set(said._FORMATS)
    assert set(said._LOST) == {"title", "words", "labels", "statuses", "changes", "comments", "language"}


def test_a_format_without_changes_of_its_own_offers_brackets(bench: Bench) -> None:  # noqa: F811
    made = dialog(bench)
    choose(made, "pdf", "compilation")
    assert not made.kinds["tracked"].isEnabled() and made.kind() == "compilation"
    assert "brackets" in made.keeps.plain()
    made.format.setCurrentIndex(made.format.findData("akn"))
    assert made.kinds["tracked"].isEnabled()
    made.kinds["tracked"].click()
    made.format.setCurrentIndex(made.format.findData("plain"))
    assert made.kind() == "compilation"
    made.reject()


def test_a_file_is_saved_with_what_was_chosen_and_its_losses_told(bench: Bench, tmp_path: Path) -> None:  # noqa: F811
    made = dialog(bench)
    bench.door.export.lost = ("labels", "statuses")
    choose(made, "notation", "by-delegation")
    made.revision.setCurrentIndex(1)
    made.marking.set_marking("TLP:AMBER")
    assert made.name() == "Rev.2 by delegation.md"
    made.take_place(tmp_path / "out")
    gone(bench, made)
    bench.qtbot.waitUntil(bench.screen.bar.isVisible)
    assert [one.name for one in tmp_path.iterdir()] == ["out.md"]  # its ending, and nothing beside it
    assert (tmp_path / "out.md").read_text() == f"notation by-delegation {d.ident('rev 2')} TLP:AMBER"
    assert (tmp_path / "out.md").stat().st_mode & 0o077 == 0
    assert "out.md" in bench.screen.bar.happened.plain() and str(tmp_path) not in bench.screen.bar.happened.plain()
    assert "not encrypted" in bench.screen.bar.confidentiality.plain()
    assert "the numbers of paragraphs, what is agreed" in bench.screen.bar.todo.plain()
    assert all(
        thread == "file" for (name, _, _), thread in zip(bench.door.calls, bench.door.threads, strict=True)
        if name in ("export.made", "export.leaving", "export.save")
    )  # fmt: skip


def test_nothing_is_replaced_without_asking(bench: Bench, tmp_path: Path) -> None:  # noqa: F811
    made = dialog(bench)
    old = tmp_path / "a.docx"
    old.write_bytes(b"old")
    made.take_place(old)
    ask = made.findChild(Confirm)
    assert ask is not None and "a.docx" in ask.question.plain() and not made._work.busy
    ask.leave.click()
    assert old.read_bytes() == b"old" and made.isVisible() and bench.door.called("export.made") == []
    QCoreApplication.processEvents()
    # one that comes while the file is made
    bench.door.export.hold = threading.Event()
    made.take_place(tmp_path / "b.docx")
    (tmp_path / "b.docx").write_bytes(b"came meanwhile")
    bench.door.export.hold.set()
    bench.qtbot.waitUntil(lambda: any(one.isVisible() for one in made.findChildren(Confirm)))
    assert (tmp_path / "b.docx").read_bytes() == b"came meanwhile"
    ask = next(one for one in made.findChildren(Confirm) if one.isVisible())
    ask.do_it.click()
    bench.qtbot.waitUntil(bench.screen.bar.isVisible)
    assert (tmp_path / "b.docx").read_bytes().startswith(b"docx tracked")


@pytest.mark.parametrize("close", [False, True])
def test_stopped_means_no_file(bench: Bench, tmp_path: Path, close: bool) -> None:  # noqa: F811
    made = dialog(bench)
    bench.door.export.hold = threading.Event()
    made.take_place(tmp_path / "a.docx")
    assert made._work.busy and made.progress.isVisible() and made.cancel.text() == "Stop" and not made.go.isEnabled()
    if close:
        bench.key(K.Key_Escape, widget=made)
        assert not made.isVisible()
    else:
        made.cancel.click()
        assert made.isVisible() and "No file" in made.bar.happened.plain() and made.go.isEnabled()
    bench.door.export.hold.set()
    bench.qtbot.waitUntil(lambda: not any(one.name == "file" for one in threading.enumerate()))
    QCoreApplication.processEvents()
    assert list(tmp_path.iterdir()) == [] and bench.door.called("export.save") == []


def test_what_cannot_be_made_or_saved_is_told_where_it_was_asked(bench: Bench, tmp_path: Path) -> None:  # noqa: F811
    made = dialog(bench)
    bench.door.fail("export.made", Refused("format.fonts"))
    made.take_place(tmp_path / "a.docx")
    bench.qtbot.waitUntil(made.bar.isVisible)
    assert "font" in made.bar.happened.plain() and made.go.isEnabled()
    made.take_place(tmp_path / "absent" / "a.docx")
    gone(bench, made)
    bench.qtbot.waitUntil(lambda: "font" not in made.bar.happened.plain() and made.bar.isVisible())
    assert list(tmp_path.iterdir()) == []
    made.reject()


@pytest.mark.parametrize(
    ("symbol", "title", "expected"),
    [
        ("A/C.1/79/L.5/Rev.2", "x", "A-C.1-79-L.5-Rev.2 clean.docx"),
        ("", "Draft: decision <on> \"contacts\"?", "Draft- decision on contacts clean.docx"),
        ("../../etc/passwd", "", "etc-passwd clean.docx"),
        ("", "مشروع قرار", "مشروع قرار clean.docx"),
        ("CON.1", "", "_CON.1 clean.docx"),
        ("", "a\u202eb\x00c\n", "abc clean.docx"),
        ("", "", "text clean.docx"),
        ("S" * 300, "", "S" * 75 + " clean.docx"),
    ],
)
def test_the_suggested_name_is_one_that_every_system_takes(symbol: str, title: str, expected: str) -> None:
    assert said.file_name(symbol, title, "Clean", ".docx") == expected


def test_the_folder_is_kept_for_the_session_and_nowhere_else(bench: Bench, tmp_path: Path) -> None:  # noqa: F811
    def stored() -> Any:
        return QSettings(QSettings.Scope.UserScope, "QtProject").value("FileDialog/lastVisited")

    before = stored()
    made = dialog(bench)
    made.go.click()
    picking = made.picking
    assert picking is not None and picking.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    picking.setDirectory(str(tmp_path))
    picking.fileSelected.emit(str(tmp_path / "a.docx"))
    picking.reject()
    bench.qtbot.waitUntil(bench.screen.bar.isVisible)
    again = bench.screen.files._places.ask(bench.screen, "Save", "b.docx", lambda _path: None)
    assert again.directory().absolutePath() == str(tmp_path)
    again.reject()
    bench.qtbot.waitUntil(lambda: not shiboken6.isValid(again))
    assert stored() == before
    # Qt alone would have kept it, and what it kept before for others is left to them
    plain = QFileDialog(bench.screen, "Save", str(tmp_path))
    plain.deleteLater()
    bench.qtbot.waitUntil(lambda: not shiboken6.isValid(plain))
    kept = stored()
    assert tmp_path.name in str(kept)
    watched = QFileDialog(bench.screen, "Save", str(tmp_path.parent))
    forgetful(watched)
    watched.deleteLater()
    bench.qtbot.waitUntil(lambda: not shiboken6.isValid(watched))
    assert stored() == kept
    settings = QSettings(QSettings.Scope.UserScope, "QtProject")
    settings.remove("FileDialog/lastVisited") if before is None else settings.setValue("FileDialog/lastVisited", before)


def test_a_paragraph_on_the_clipboard_has_its_brackets_and_forgets(bench: Bench) -> None:  # noqa: F811
    bench.at("OP 2")
    bench.key(K.Key_C, CTRL)
    board = QGuiApplication.clipboard()
    words = board.text()
    assert words.startswith("**OP 2** [Encourages / Calls upon (XB, XA, XC)") and words.endswith("*(open)*")
    assert board.mimeData().data("x-kde-passwordManagerHint") == b"secret"
    assert not any(note.words in words for note in bench.door.internal.rows)
    assert "ten seconds" in bench.screen.bar.confidentiality.plain()
    # where somebody writes, the key is that of his own words
    bench.screen.focus_remark()
    bench.screen.internal.words.setPlainText("ours alone")
    bench.screen.internal.words.selectAll()
    bench.key(K.Key_C, CTRL, QApplication.focusWidget())
    assert board.text() == "ours alone"


def test_it_mirrors(mirrored: Bench) -> None:  # noqa: F811
    made = dialog(mirrored)
    assert made.kinds["clean"].layoutDirection() == Qt.LayoutDirection.RightToLeft
    made.reject()


# beside the window


def test_a_call_beside_the_window_is_heard_once_or_not_at_all(bench: Bench) -> None:  # noqa: F811
    heard: list[Any] = []
    one = Beside(bench.screen)
    first, second = threading.Event(), threading.Event()
    one.run(lambda: first.wait(10) and "first", heard.append, heard.append)
    one.run(lambda: second.wait(10) and "second", heard.append, heard.append)  # the first is forgotten
    first.set()
    second.set()
    bench.qtbot.waitUntil(lambda: not one.busy)
    assert heard == ["second"]

    def panic() -> None:
        raise RuntimeError("words of a peer")

    one.run(panic, heard.append, heard.append)
    bench.qtbot.waitUntil(lambda: not one.busy)
    assert heard[1].code == "internal" and "peer" not in str(heard[1])
    one.run(lambda: "third", heard.append, heard.append)
    one.stop()
    bench.qtbot.waitUntil(lambda: not any(each.name == "file" for each in threading.enumerate()))
    QCoreApplication.processEvents()
    assert len(heard) == 2
