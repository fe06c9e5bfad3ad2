"""Somebody who knows nothing yet finds help by keys alone, in a real window over a real vault, and does what it says."""

from __future__ import annotations

from typing import Any

from hands import ALT, CTRL, SHIFT, Table, press, type_words
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog

from valise.ui import screens
from valise.ui.guide import places
from valise.ui.guide.book import CONTENTS
from valise.ui.guide.window import GuideWindow
from valise.ui.texts.open_dialog import OpenTextDialog

K = Qt.Key
KEYS = {1: "overview", 2: "texts", 3: "commitments", 4: "contacts", 5: "messages", 6: "incidents", 7: "library", 8: "registers", 9: "settings",
        0: "security"}  # fmt: skip


def in_front(table: Table, kind: type[QDialog]) -> Any:
    """That window, once it has the keyboard."""
    table.qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), kind) and QApplication.focusWidget() is not None)
    return QApplication.activeWindow()


def leave(table: Table, guide: GuideWindow) -> None:
    """Escape, and the window behind is in front again, as a window manager does."""
    guide.reader.setFocus()
    press(K.Key_Escape)
    table.qtbot.waitUntil(lambda: not any(isinstance(one, GuideWindow) and one.isVisible() for one in QApplication.topLevelWidgets()))
    table.front("XA")


def test_every_screen_has_its_page(table: Table) -> None:
    table.text()
    window = table.front("XA")
    shown = {}
    for number, name in KEYS.items():
        press(K(K.Key_0.value + number), CTRL, QApplication.focusWidget() or window)
        table.settle()
        press(K.Key_F1)
        guide = in_front(table, GuideWindow)
        shown[name] = guide.shown
        leave(table, guide)
    assert shown.pop("security") == places.SHOWN["StepsSection"]
    assert shown == {name: page for name, page in places.SCREENS.items() if name != "security"}
    assert CONTENTS not in shown.values()


def test_what_is_looked_for_is_found_read_and_done(table: Table) -> None:
    text = table.text()
    window = table.front("XA")
    table.screen("XA", "texts")
    press(K.Key_F1)
    guide = in_front(table, GuideWindow)
    press(K.Key_F, CTRL)
    type_words("lock now")
    press(K.Key_Return)
    assert "Lock now" in guide.reader.toPlainText()
    press(K.Key_Left, ALT)
    assert guide.shown == places.SCREENS["texts"]
    press(K.Key_Tab)
    been = []
    for _ in range(20):  # the links of the page, one after the other
        been.append(guide.reader.textCursor().selectedText())
        if been[-1] == "Let a second officer release proposals":
            break
        press(K.Key_Tab)
    assert been[-1].startswith("Let a second"), been
    press(K.Key_Return)
    assert guide.shown == "12-second-officer"
    # a dialog has its own page, and the guide can be used beside it
    leave(table, guide)
    press(K.Key_N, CTRL)
    in_front(table, OpenTextDialog)
    press(K.Key_F1)
    guide = in_front(table, GuideWindow)
    assert guide.shown == "08-open-a-text"
    press(K.Key_PageDown)
    # and the key that locks reaches over both
    with table.qtbot.waitSignal(window.locked) as heard:
        press(K.Key_L, CTRL)
    assert heard.args == ["asked"]
    assert not [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    table.windows.pop("XA").deleteLater()
    assert text


def test_the_keys_and_the_contents_are_reached_from_it(table: Table) -> None:
    table.front("XA")
    press(K.Key_F1)
    guide = in_front(table, GuideWindow)
    press(K.Key_F1, CTRL)
    table.qtbot.waitUntil(lambda: QApplication.activeWindow() is not guide)
    press(K.Key_Escape, widget=QApplication.activeWindow())
    guide.activateWindow()
    in_front(table, GuideWindow)
    press(K.Key_F6)
    assert guide.list.hasFocus()
    press(K.Key_End)
    press(K.Key_Return)
    assert guide.shown == guide.book.names[-1]
    press(K.Key_F6, SHIFT)
    assert guide.reader.hasFocus()
    leave(table, guide)
    assert len(screens.shown()) == len(KEYS)
