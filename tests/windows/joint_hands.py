"""Going about the page of joint statements, for its tests."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QListView, QWidget
from test_texts_bench import CTRL, Bench
from walk import nameless

from valise.ui.joint import confirm
from valise.ui.widgets.labels import SafeLabel

K = Qt.Key


def page(bench: Bench, statement: str = "") -> Any:
    """The page, by its key, at a statement."""
    if not bench.screen.far.joint.looking():
        bench.key(K.Key_J, CTRL)
        bench.settled()
    assert bench.screen.far.joint.looking()
    made = bench.screen.far.joint.page
    if statement:
        made.list.choose(statement)
    return made


def offered(bench: Bench) -> list[str]:
    buttons = bench.screen.far.joint.page.pane.buttons
    return [one.defaultAction().objectName().removeprefix("texts.joint-") for one in buttons if one.isVisible()]


def dialog(bench: Bench, kind: type[QDialog] = confirm.Confirm) -> Any:
    (found,) = [one for one in bench.screen.findChildren(kind) if one.isVisible()]
    assert nameless(found) == []
    return found


def words_of(box: QWidget) -> str:
    return " ".join(one.plain() for one in box.findChildren(SafeLabel))


def spoken(view: QListView) -> list[str]:
    model = view.model()
    role = int(Qt.ItemDataRole.AccessibleTextRole)
    return [str(model.index(n, 0).data(role)) for n in range(model.rowCount())]


def yes(bench: Bench, box: Any) -> None:
    """The dialog's own button."""
    bench.key(K.Key_Return, widget=box.go)
    back(bench)


def back(bench: Bench) -> None:
    """What was asked is done, and the window is in front again."""
    bench.settled()
    bench.settled()
    bench.screen.activateWindow()
    bench.qtbot.waitUntil(bench.screen.isActiveWindow)
