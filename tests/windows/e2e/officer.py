"""Somebody who works with nothing but keys in the window of one delegation; the desk is asked, never told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hands import ALT, CTRL, PLAIN, SHIFT, Table, press, type_words
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QFileDialog, QLineEdit, QWidget

from valise.ui.files.export import ExportDialog
from valise.ui.texts.open_dialog import OpenTextDialog
from valise.ui.texts.outline import GoTo
from valise.ui.texts.pen import PassPenDialog, RevisionDialog

K = Qt.Key
TITLE, FORMULA = "title", "formula"  # the two that have no number


class Officer:
    """Somebody at the keyboard of one delegation's window."""

    def __init__(self, table: Table, code: str, text: str = "") -> None:
        self.table, self.code, self.text = table, code, text
        self.desk = table.world[code]  # asked, never told
        self.texts = self.desk.texts

    # where one is

    def sit(self) -> Any:
        """The window in front and its workbench, by Ctrl+2."""
        window = self.table.front(self.code)
        press(K.Key_2, CTRL, QApplication.focusWidget() or window)
        self.table.settle()
        bench = window.made("texts")
        bench.commands.guard.burst = 0.0  # these hands are faster than a person's
        return bench

    @property
    def bench(self) -> Any:
        return self.table[self.code].made("texts")

    @property
    def label(self) -> str:
        view = self.bench.view()
        return view.paragraph.label or (TITLE if view.paragraph.section == "title" else FORMULA)

    def rest(self) -> None:
        """Everything that was set off has happened, the right pane has followed."""
        self.table.settle()
        self.table.qtbot.waitUntil(lambda: not self.bench._soon.isActive())

    def go(self, label: str) -> Any:
        """To a paragraph: Home and Down, or Ctrl+G and its number."""
        bench = self.sit()
        assert bench.list.hasFocus()
        if label in (TITLE, FORMULA):
            press(K.Key_Home)
            if label == FORMULA:
                press(K.Key_Down)
        else:
            press(K.Key_G, CTRL)
            self.dialog(GoTo)
            type_words(label)
            press(K.Key_Return)
            self.back(bench.window())
            assert bench.list.hasFocus()
        self.rest()
        assert self.label == label
        return bench

    def dialog(self, kind: type[QDialog]) -> Any:
        """The dialog a key has opened, with the keyboard."""
        def there() -> QDialog | None:
            active = QApplication.activeWindow()
            return active if isinstance(active, kind) else None

        self.table.qtbot.waitUntil(lambda: there() is not None and QApplication.focusWidget() is not None)
        return there()

    def back(self, window: QWidget) -> None:
        """A dialog has closed: what was behind it is in front again, as a window manager does."""
        window.activateWindow()
        self.table.qtbot.waitUntil(lambda: window.isActiveWindow() and QApplication.focusWidget() is not None)

    def tab_to(self, there: Callable[[QWidget], bool], limit: int = 120) -> QWidget:
        """Tab, until the keyboard is where it should be."""
        for _ in range(limit):
            widget = QApplication.focusWidget()
            if widget is not None and there(widget):
                return widget
            press(K.Key_Tab)
        raise AssertionError("the keyboard does not get there")

    def choose(self, box: QComboBox, wanted: Callable[[int], bool]) -> None:
        """One of a list, by Home and Down."""
        press(K.Key_Home)
        for _ in range(box.count()):
            if wanted(box.currentIndex()):
                return
            press(K.Key_Down)
        raise AssertionError("the list does not offer it")

    def aim(self, proposal: str) -> None:
        """Alt+Down to an amendment, by its label; "" is the paragraph itself."""
        bench = self.bench
        labels = {card.proposal.id: card.proposal.label for card in bench.amendments.cards}
        for _ in labels:
            press(K.Key_Up, ALT)
        for _ in labels:
            if labels.get(bench.amendments.target, "") == proposal:
                break
            press(K.Key_Down, ALT)
        assert labels.get(bench.amendments.target, "") == proposal

    # writing

    def over(self, old: str, new: str) -> None:
        """In the editor: the cursor to these words, select them with Shift, type others over them."""
        field = self.bench.list.editor.words
        assert QApplication.focusWidget() is field
        place = field.toPlainText().index(old)
        QTest.keyClick(field, K.Key_Home, CTRL)
        for _ in range(place):
            QTest.keyClick(field, K.Key_Right)
        for _ in old:
            QTest.keyClick(field, K.Key_Right, SHIFT)
        assert field.textCursor().selectedText() == old
        type_words(new) if new else press(K.Key_Delete)

    def send(self) -> None:
        press(K.Key_Return, CTRL)
        self.rest()
        assert self.bench.list.editor is None, "the editor did not send"

    def proposals(self) -> set[str]:
        """Labels of those of this delegation: what others sent may come at any moment."""
        mine = self.bench.door.me().delegation
        return {one.label for one in self.bench.view().proposals if one.author == mine}

    def proposing(self, label: str, key: Qt.Key, write: Callable[[], object]) -> str:
        """Open an editor by its key, write, send; the label of the amendment it became."""
        self.go(label)
        before = self.proposals()
        press(key)
        write()
        self.send()
        (made,) = self.proposals() - before
        return made

    def amend(self, label: str, old: str, new: str, reason: str = "") -> str:
        def write() -> None:
            self.over(old, new)
            if reason:
                self.tab_to(lambda one: one is self.bench.list.editor.reason)
                type_words(reason)

        return self.proposing(label, K.Key_Return, write)

    def add(self, after: str, words: str) -> str:
        return self.proposing(after, K.Key_A, lambda: type_words(words))

    def instead(self, label: str, words: str) -> str:
        def write() -> None:
            press(K.Key_A, CTRL)
            type_words(words)

        return self.proposing(label, K.Key_L, write)

    def strike(self, label: str, reason: str) -> str:
        return self.proposing(label, K.Key_D, lambda: type_words(reason))

    def move(self, label: str, after: str) -> str:
        def write() -> None:
            box = self.bench.list.editor.section
            assert QApplication.focusWidget() is box
            rows = {row.id: row.label for row in self.texts.outline(self.text)}
            self.choose(box, lambda place: rows.get(box.itemData(place)) == after)

        return self.proposing(label, K.Key_M, write)

    # saying

    def say(self, label: str, proposal: str, key: Qt.Key, modifiers: Any = PLAIN) -> None:
        """A letter on an amendment, or on the paragraph."""
        self.go(label)
        self.aim(proposal)
        press(key, modifiers)
        self.rest()

    def speak_for(self, group: str) -> None:
        self.sit()
        press(K.Key_B)
        type_words(group) if group else press(K.Key_Delete)
        press(K.Key_Return)
        assert self.bench.list.hasFocus() and self.bench.amendments.behalf() == group

    def cosponsor(self, label: str, proposal: str) -> None:
        """By Tab and Space: the amendment's own button."""
        bench = self.go(label)
        card = next(card for card in bench.amendments.cards if card.proposal.label == proposal)
        self.tab_to(lambda one: one is card.chooser.buttons["cosponsor"])
        press(K.Key_Space)
        self.rest()

    # the pen

    def set_words(self, label: str, changes: list[tuple[str, str]], answers: dict[str, str] | None = None) -> None:
        """Ctrl+E, words typed over others, an answer for each amendment they touch, Ctrl+Enter from the last of them."""
        bench = self.go(label)
        press(K.Key_E, CTRL)
        for old, new in changes:
            self.over(old, new)
        names = {card.proposal.label: card.proposal.id for card in bench.amendments.cards}
        for proposal, outcome in (answers or {}).items():
            box = bench.writing._list._chosen[names[proposal]]
            self.tab_to(lambda one, box=box: one is box)
            press(K.Key_T)
            assert box.currentText().startswith("T"), "a letter in a list chooses there and is no act of the pen"
            self.choose(box, lambda place, box=box, outcome=outcome: box.itemData(place) == outcome)
        self.send()

    def agree(self, label: str) -> None:
        self.go(label)
        press(K.Key_A, CTRL | SHIFT)
        self.rest()

    def freeze(self, symbol: str, offered: str = "") -> None:
        """A revision under the symbol that is offered, or another typed over it."""
        self.sit()
        press(K.Key_R, CTRL | SHIFT)
        dialog = self.dialog(RevisionDialog)
        assert dialog.symbol.hasFocus() and dialog.symbol.text() == (offered or symbol)
        if offered:
            press(K.Key_A, CTRL)
            type_words(symbol)
        press(K.Key_Return)
        self.table.qtbot.waitUntil(dialog.freeze.isHidden)
        press(K.Key_Space)  # Close has the keyboard
        self.back(self.bench.window())
        self.rest()

    def hand_over(self, to: str) -> None:
        """The pen to another delegation."""
        self.sit()
        press(K.Key_H, CTRL | SHIFT)
        dialog = self.dialog(PassPenDialog)
        self.tab_to(lambda one: one is dialog.to)
        self.choose(dialog.to, lambda place: dialog.to.itemData(place) == self.table.world.id(to))
        self.tab_to(lambda one: one is dialog.give)
        press(K.Key_Space)
        self.back(self.bench.window())
        self.rest()

    # files

    def choose_file(self, picking: Any, path: Path) -> None:
        """The path handed to the chooser of files, which is not ours, and Enter."""
        name = picking.findChild(QLineEdit, "fileNameEdit")
        name.setText(str(path))
        press(K.Key_Return, widget=name)

    def open_file(self, path: Path, room: str) -> str:
        """Ctrl+N, the file, the room, Enter: the text."""
        before = {one.id for one in self.texts.all()}
        self.sit()
        press(K.Key_N, CTRL)
        dialog = self.dialog(OpenTextDialog)
        self.tab_to(lambda one: one is dialog.zone.choose)
        press(K.Key_Space)
        self.choose_file(self.dialog(QFileDialog), path)
        self.back(dialog)
        self.table.qtbot.waitUntil(dialog.go.isEnabled, timeout=30_000)
        self.tab_to(lambda one: one is dialog.room)
        self.choose(dialog.room, lambda place: dialog.room.itemData(place) == room)
        self.tab_to(lambda one: one is dialog.go)
        press(K.Key_Space)
        self.back(self.bench.window())
        self.table.qtbot.waitUntil(lambda: len(self.texts.all()) > len(before))
        self.rest()
        (self.text,) = {one.id for one in self.texts.all()} - before
        assert self.bench.text == self.text
        return self.text

    def export(self, kind: str, path: Path) -> None:
        """Ctrl+S, the kind by arrow keys, Save, the place."""
        self.sit()
        press(K.Key_S, CTRL)
        dialog = self.dialog(ExportDialog)
        assert dialog.offer().name == "docx"
        self.tab_to(lambda one: one in dialog.kinds.values())
        while dialog.kind() != kind:
            press(K.Key_Down)
        self.tab_to(lambda one: one is dialog.go)
        press(K.Key_Return)
        self.choose_file(dialog.picking, path)
        self.table.qtbot.waitUntil(path.exists, timeout=60_000)
        self.table.qtbot.waitUntil(lambda: self.bench.findChild(ExportDialog) is None, timeout=10_000)
        self.back(self.bench.window())
