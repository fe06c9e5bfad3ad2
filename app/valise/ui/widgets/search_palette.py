"""Ctrl+K: one box that finds texts, amendments, messages, contacts and actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from valise.desk.views import Hit
from valise.ui import actions, icons, theme
from valise.ui.language import listed
from valise.ui.models.paged import Index
from valise.ui.text_safe import FSI, PDI, clean, shorten, unmarked
from valise.ui.widgets.asking import Dialog
from valise.ui.widgets.buttons import SearchBox
from valise.ui.widgets.labels import named, small
from valise.ui.widgets.times import moment

SCREEN_OF = {"text": "texts", "proposal": "texts", "note": "texts", "joint": "texts", "message": "messages", "contact": "contacts",
             "incident": "incidents", "item": "commitments", "register": "registers"}  # fmt: skip
_ICON_OF = {"text": "texts", "proposal": "edit", "note": "eye-off", "joint": "support", "message": "messages", "contact": "contacts",
            "incident": "incidents", "item": "commitments", "register": "registers"}  # fmt: skip
_ROW = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class Found:
    """A line: a hit (`screen`, `ref`) or an action (`run`), whose key stands `beside` it."""

    icon: str
    title: str
    excerpt: str
    beside: str
    screen: str = ""
    ref: str = ""
    run: Callable[[], object] | None = None


class _Model(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[Found] = []

    def put(self, rows: list[Found]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        found = self.rows[index.row()]
        if role == _ROW:
            return found
        if role in (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)):
            return listed(one for one in (found.title, found.excerpt, found.beside) if one)
        return None


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        found = index.data(_ROW)
        return QSize(200, 52 if found is not None and found.excerpt else 36)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        found: Found = index.data(_ROW)
        area: QRect = option.rect.adjusted(4, 1, -4, -1)
        way = option.direction
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("selected"))
            painter.drawRoundedRect(area, 7, 7)
        where = QStyle.visualAlignment(way, Qt.AlignmentFlag.AlignLeading) | Qt.AlignmentFlag.AlignVCenter
        device = painter.device()
        dpr = device.devicePixelRatioF() if device is not None else 1.0
        spot = QRect(area.left() + 10, area.center().y() - 8, 18, 18)
        painter.drawPixmap(QStyle.visualRect(way, area, spot), icons.pixmap(found.icon, theme.tokens().muted, 18, dpr))
        left = area.left() + 40
        painter.setFont(theme.font(theme.SMALL_PX))
        wide = painter.fontMetrics().horizontalAdvance(found.beside) + 8 if found.beside else 0
        first = QRect(left, area.top() + (5 if found.excerpt else 0), area.right() - left - wide - 10,
                      20 if found.excerpt else area.height())  # fmt: skip
        if found.beside:
            painter.setPen(theme.colour("muted"))
            beside = QRect(first.right(), first.top(), wide, first.height())
            painter.drawText(QStyle.visualRect(way, area, beside), int(where), found.beside)
        painter.setFont(theme.font(bold=bool(found.excerpt)))
        painter.setPen(theme.colour("text"))
        self._line(painter, QStyle.visualRect(way, area, first), where, found.title)
        if found.excerpt:
            painter.setFont(theme.font(theme.SMALL_PX + 1))
            painter.setPen(theme.colour("muted"))
            second = QRect(left, area.top() + 26, area.right() - left - 10, 20)
            self._line(painter, QStyle.visualRect(way, area, second), where, found.excerpt)
        painter.restore()

    @staticmethod
    def _line(painter: QPainter, area: QRect, where: Qt.AlignmentFlag, text: str) -> None:
        cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(where), f"{FSI}{cut}{PDI}")


class SearchPalette(Dialog):
    """`open()` it. `chosen(screen, ref)` for a hit; an action runs after it has closed."""

    chosen = Signal(str, str)

    def __init__(
        self, search: Callable[[str], list[Hit]], commands: list[Found], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("palette")
        self.setWindowTitle(self.tr("Search everything"))
        named(self, self.tr("Search everything"))
        self._search = search
        self._commands = [replace(one, beside=actions.native(one.beside)) for one in commands]
        self.resize(620, 440)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.SPACE.m, theme.SPACE.m, theme.SPACE.m, theme.SPACE.s)
        self.box = SearchBox(self.tr("Search texts, messages, contacts and actions"), self)
        self.list = QListView(self)
        named(self.list, self.tr("Results"))
        self.list.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.list.setItemDelegate(_Delegate(self.list))
        self.model = _Model(self)
        self.list.setModel(self.model)
        self.said = small("", self)
        box.addWidget(self.box)
        box.addWidget(self.list, 1)
        box.addWidget(self.said)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(60)
        self._wait.timeout.connect(self.look)
        self.box.textChanged.connect(lambda _text: self._wait.start())
        self.box.moved.connect(self._step)
        self.box.left.connect(self.reject)
        self.box.returnPressed.connect(self._take)
        self.list.clicked.connect(lambda _index: self._take())
        self.look()
        self.box.setFocus()

    def look(self) -> None:
        """Search for what is in the box now."""
        self._wait.stop()
        words = self.box.text().strip()
        folded = words.casefold()
        rows: list[Found] = []
        if words:
            rows = [
                Found(
                    _ICON_OF.get(hit.kind, "file"),
                    clean(hit.title, lines=False) or self._kind(hit.kind),
                    shorten(unmarked(clean(hit.excerpt, lines=False)), 160),
                    moment(hit.at) if hit.at else "",
                    SCREEN_OF.get(hit.kind, "overview"),
                    hit.ref,
                )
                for hit in self._search(words)
            ]
        count = len(rows)
        rows += [one for one in self._commands if folded in one.title.casefold()]
        self.model.put(rows)
        if rows:
            self.list.setCurrentIndex(self.model.index(0))
        if words:
            self.said.setText(self.tr("Found: {0}").format(count) if count else self.tr("Nothing found in the vault."))
        else:
            self.said.setText(self.tr("Type to search the vault. Nothing you type leaves this device."))

    def _kind(self, kind: str) -> str:
        return {
            "text": self.tr("Text"),
            "proposal": self.tr("Amendment"),
            "note": self.tr("Internal remark"),
            "joint": self.tr("Joint statement"),
            "message": self.tr("Message"),
            "contact": self.tr("Contact"),
            "item": self.tr("Commitment"),
            "register": self.tr("Row of a register"),
        }.get(kind, "")

    def _step(self, step: int) -> None:
        count = self.model.rowCount()
        if count:
            row = (self.list.currentIndex().row() + step) % count
            self.list.setCurrentIndex(self.model.index(row))

    def _take(self) -> None:
        if self._wait.isActive():
            self.look()
        index = self.list.currentIndex()
        if not index.isValid():
            return
        found: Found = index.data(_ROW)
        self.accept()
        if found.run is not None:
            found.run()
        else:
            self.chosen.emit(found.screen, found.ref)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return  # the box has taken it
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.list.viewport().update()
