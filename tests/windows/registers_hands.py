"""A person at the registers' screen on a fake door."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fake_door import FakeDoor
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QDialog, QWidget

from valise.ui.screens import Screen
from valise.ui.tasks import Runner
from valise.ui.window import EVERYTHING

CTRL, ALT, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)  # fmt: skip
K = Qt.Key


@dataclass
class Hands:
    """A screen, shown, with the keyboard in it."""

    qtbot: Any
    door: FakeDoor
    runner: Runner
    screen: Any

    @property
    def page(self) -> Any:
        return self.screen.page

    def key(self, key: Qt.Key, modifiers: Any = NONE, widget: QWidget | None = None) -> None:
        target = widget or QApplication.focusWidget()
        assert target is not None, "nothing has the keyboard"
        QTest.keyClick(target, key, modifiers)
        QCoreApplication.processEvents()

    def settled(self) -> None:
        """Every command is done and shown."""
        for _ in range(3):
            self.qtbot.waitUntil(lambda: self.runner.idle)
            QCoreApplication.processEvents()

    def filtered(self) -> None:
        """What was typed has been looked for."""
        self.qtbot.waitUntil(lambda: not self.page.filters.waiting)
        self.settled()

    def register(self, name: str) -> None:
        """Go to a register, with the keyboard in its rows."""
        assert self.screen.list.go(name)
        self.settled()
        self.page.first().setFocus()

    def dialog(self, kind: type[QDialog]) -> Any:
        """The dialog that was opened."""
        def there() -> QDialog | None:
            return next((one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()), None)

        self.qtbot.waitUntil(lambda: there() is not None)
        return there()

    @staticmethod
    def spoken(view: QAbstractItemView, row: int) -> str:
        return str(view.model().index(row, 0).data(int(Qt.ItemDataRole.AccessibleTextRole)))


def open_registers(qtbot: Any, door: FakeDoor, kind: type[Screen] | None = None) -> Iterator[Hands]:
    from valise.ui.registers import RegistersScreen

    runner = Runner()
    screen = (kind or RegistersScreen)(door, runner)
    screen.resize(1100, 760)
    runner.changed.connect(screen.refresh)
    stop = door.subscribe(runner.announce)
    screen.show()
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    screen.refresh(EVERYTHING)
    hands = Hands(qtbot, door, runner, screen)
    hands.settled()
    screen.focus_first()
    yield hands
    stop()
    runner.close()
    for widget in QApplication.topLevelWidgets():
        if widget is screen or isinstance(widget, QDialog):  # not the lists of completers: they belong to these
            widget.close()
            widget.deleteLater()
    runner.deleteLater()
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QCoreApplication.processEvents()
