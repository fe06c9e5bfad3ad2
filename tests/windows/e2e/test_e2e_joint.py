"""A joint statement between whole delegations: opened in one window, signed in others, closed, a late one admitted."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from hands import CTRL, SHIFT, Table, drain, press, type_words
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog

from valise.ui.joint import bench as joint_bench
from valise.ui.joint import confirm
from valise.ui.joint.writing import OpenStatement
from valise.ui.overview.screen import OverviewScreen
from valise.ui.seeing import deadline

K = Qt.Key
WORDS = "We, the undersigned, answer within a day.  \n\nنجيب في غضون يوم واحد."


def asked(kind: type[QDialog], table: Table) -> Any:
    """The dialog of this kind that is open."""

    def there() -> list[QDialog]:
        return [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]

    table.qtbot.waitUntil(lambda: bool(there()))
    return there()[0]


def page(table: Table, code: str, statement: str = "") -> Any:
    """The page of a delegation, by its key, at a statement."""
    screen = table.screen(code, "texts")
    if not screen.far.joint.looking():
        press(K.Key_J, CTRL)
        table.settle()
    made = screen.far.joint.page
    if statement:
        made.list.choose(statement)
    made.list.setFocus()
    return made


def act(table: Table, code: str, statement: str, key: Qt.Key, kind: type[QDialog] = confirm.Confirm) -> Any:
    """Press a key on a statement and say yes."""
    made = page(table, code, statement)
    press(key)
    press(K.Key_Return, widget=asked(kind, table).go)
    table.settle()
    return made


def states(made: Any) -> list[tuple[str, str]]:
    return [(one.code, one.sign.state) for one in made.pane.signers.entries.lines]


def copied(table: Table, code: str, statement: str) -> str:
    page(table, code, statement)
    press(K.Key_L)
    table.settle()
    return QGuiApplication.clipboard().text()


def test_a_statement_is_opened_signed_closed_and_a_late_one_admitted(
    table: Table, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(deadline, "now", lambda: table.world.clock.at)
    table.world.room()
    table.exchange()
    # Aurelia writes, sees what will be signed, opens and signs
    made = page(table, "XA")
    assert made.stack.currentWidget() is made.empty
    press(K.Key_Return, widget=made.empty.step)
    box = asked(OpenStatement, table)
    box.title.setFocus()
    type_words("Joint statement on answering")
    box.words.setPlainText(WORDS)
    press(K.Key_Space, widget=box.until.dated)
    press(K.Key_Return, CTRL, widget=box)
    seen = "".join(box.hash.digits.plain().split())
    press(K.Key_Return, widget=box.go)
    table.settle()
    made = page(table, "XA")
    row = made.row()
    assert row.hash == seen and row.words == WORDS.replace("  \n", "\n") and row.until and row.signs == ()
    act(table, "XA", row.id, K.Key_S, confirm.SignDialog)
    table.exchange()
    # Borovia is led to it from its overview
    window = table.front("XB")
    window.show_screen("overview", focus=True)
    overview = window.made("overview")
    assert isinstance(overview, OverviewScreen)
    (due,) = [one for one in table.world["XB"].overview().due if one.line == "joint.open"]
    window.go(due.screen, due.ref)
    table.settle()
    made = window.made("texts").far.joint.page
    assert (
        window.made("texts").far.joint.looking()
        and made.row().id == row.id
        and "not signed on" in made.pane.more.plain()
    )
    act(table, "XB", row.id, K.Key_S, confirm.SignDialog)
    table.exchange()
    assert states(page(table, "XA", row.id)) == [("XA", "signed"), ("XB", "signed")]
    # Aurelia closes; Gallia Minor comes late and waits
    act(table, "XA", row.id, K.Key_X)
    table.exchange()
    late = act(table, "XG", row.id, K.Key_S, confirm.SignDialog)
    assert "waits until XA Aurelia admits it" in late.pane.more.plain()
    table.exchange()
    for code in ("XA", "XB", "XG"):
        assert states(page(table, code, row.id)) == [("XA", "signed"), ("XB", "signed"), ("XG", "late")]
        assert copied(table, code, row.id) == "Aurelia\nBorovia\n"
    assert not table.screen("XB", "texts").acts["joint-admit"].isEnabled()
    act(table, "XA", row.id, K.Key_I)
    table.exchange()
    for code in ("XA", "XB", "XG"):
        assert states(page(table, code, row.id)) == [("XA", "signed"), ("XB", "signed"), ("XG", "admitted")]
        assert copied(table, code, row.id) == "Aurelia\nBorovia\nGallia Minor\n"
    # what each of them saves is the file that was signed
    for code in ("XA", "XB", "XG"):
        path = tmp_path / f"{code}.txt"
        monkeypatch.setattr(joint_bench.files, "pick_place", lambda _w, _t, _n, slot, path=path: slot(path))
        page(table, code, row.id)
        press(K.Key_F)
        table.settle()
        assert hashlib.sha256(path.read_bytes()).hexdigest() == seen


def test_a_list_of_co_sponsors_holds_the_hash_of_the_revision(table: Table, tmp_path: Path) -> None:
    text = table.text()
    revision = table.world["XA"].texts.revision(text, "FICT/CRP.1/Rev.1")
    table.exchange()
    table.at("XB", text, "OP 1")
    press(K.Key_N, CTRL | SHIFT)
    table.settle()
    press(K.Key_Return, widget=asked(confirm.OpenSponsors, table).go)
    table.exchange()
    row = page(table, "XB").row()
    assert (row.purpose, row.hash, row.sound) == ("co-sponsorship", revision.text_hash, True)
    for code in ("XB", "XA"):
        act(table, code, row.id, K.Key_S, confirm.SignDialog)
        table.exchange()
    made = page(table, "XG", row.id)
    assert made.pane.symbol.plain() == "FICT/CRP.1/Rev.1" and states(made) == [("XA", "signed"), ("XB", "signed")]
    path = tmp_path / "revision.txt"
    table.screen("XG", "texts").far.joint.write_words(path, made.row())
    table.settle()
    assert hashlib.sha256(path.read_bytes()).hexdigest() == revision.text_hash
    press(K.Key_T, widget=made.list)
    assert not table.screen("XG", "texts").far.looking() and table.screen("XG", "texts").text == text


def test_words_being_written_survive_the_closing_of_the_vault(table: Table) -> None:
    table.world.room()
    table.exchange()
    made = page(table, "XA")
    press(K.Key_Return, widget=made.empty.step)
    box = asked(OpenStatement, table)
    box.title.setText("Half a title")
    box.words.setPlainText("Half a sentence")
    window = table.windows.pop("XA")
    window.made("texts").save()  # as the lock does, while the dialog is open
    table.qtbot.waitUntil(lambda: window.runner.idle)
    window.close()
    window.deleteLater()
    drain()
    table.world.reopen("XA")
    made = page(table, "XA")
    press(K.Key_Return, widget=made.empty.step)
    box = asked(OpenStatement, table)
    assert (box.title.text(), box.words.toPlainText()) == ("Half a title", "Half a sentence")
    box.reject()
