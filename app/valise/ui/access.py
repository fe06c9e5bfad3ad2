"""What assistive technology is told where Qt by itself says too little, or too much.

A class is named once, beside its code: `access.speaks(MonthGrid, _heard)`. Qt asks for the interface of a widget when
somebody listens, and throws it away with the widget; nothing here keeps either alive.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLoggingCategory, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleInterface
from shiboken6 import isValid

from valise.ui.widgets.labels import SafeLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractItemView, QComboBox

Maker = Callable[[Any], QAccessibleInterface | None]

PRESS = "Press"  # as QAccessibleActionInterface.pressAction() has it
_MET = "valiseMet"
_makers: dict[type, Maker] = {}
_installed = False


def speaks(kind: type, maker: Maker) -> None:
    """From now on `maker(object)` makes what is told of objects of exactly this class; None leaves it to Qt."""
    _makers[kind] = maker


def install() -> None:
    """Once the application is there: who is asked last comes first, and Qt has its own for what is its own."""
    global _installed
    if not _installed:
        _installed = True
        QAccessible.installFactory(_made)
        QLoggingCategory.setFilterRules("qt.accessibility.atspi.warning=false")  # a line for each letter of a passphrase


def _made(_name: str, about: QObject | None) -> QAccessibleInterface | None:
    maker = _makers.get(type(about))
    if maker is not None:
        return maker(about)
    if about is None:
        return None
    if about.inherits("QAbstractItemView") and _first(about):
        QTimer.singleShot(0, about, partial(_attend, about))  # it may have no model yet
    elif about.inherits("QComboBox") and _first(about):
        QTimer.singleShot(0, about, partial(_label, about))  # nor a name
    return None


def _first(about: QObject) -> bool:
    known = bool(about.property(_MET))
    about.setProperty(_MET, True)
    return not known


def _label(box: QComboBox) -> None:
    """On Linux the name of a choice is what is chosen, and what it is about is said by a label of it."""
    if box.parentWidget() is None or not box.accessibleName():
        return
    label = SafeLabel(box.accessibleName(), parent=box.parentWidget())
    label.setBuddy(box)
    label.hide()


def _attend(view: QAbstractItemView) -> None:
    chosen = view.selectionModel()
    if chosen is not None:
        chosen.selectionChanged.connect(partial(_follow, view), Qt.ConnectionType.QueuedConnection)


def _follow(view: QAbstractItemView, *_changes: object) -> None:
    """What assistive technology selects is where one is: Qt selects it and leaves the keyboard, and the screen, elsewhere."""
    chosen = view.selectionModel().selectedIndexes() if isValid(view) else []
    if len({one.row() for one in chosen}) == 1 and view.currentIndex() not in chosen:
        view.setCurrentIndex(chosen[0])
