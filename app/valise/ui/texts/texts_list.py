"""The list of texts: room, symbol, revision, what is open, who holds the pen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from valise.desk.views import TextRow
from valise.ui import icons, theme
from valise.ui.language import listed
from valise.ui.text_safe import clean, isolate, tip
from valise.ui.texts.headline import revision_name
from valise.ui.texts.paragraphs import Index

ENTRY = int(Qt.ItemDataRole.UserRole) + 1
_ROOT = QModelIndex()


class TextsModel(QAbstractListModel):
    """One row per text, in the order the desk gives."""

    def __init__(self, room_of: Callable[[str], str], holder_of: Callable[[str], str], parent: QObject) -> None:
        super().__init__(parent)
        self._room_of = room_of
        self._holder_of = holder_of
        self.entries: list[TextRow] = []

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        one = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return clean(one.title, lines=False)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return listed([clean(one.title, lines=False), *(clean(part, lines=False) for part in self.parts(one))])
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip("\n".join((isolate(one.title), *self.lines(one))))
        if role == ENTRY:
            return one
        return None

    def parts(self, one: TextRow) -> list[str]:
        """Revision, what is open, who holds the pen; then room and symbol."""
        revision = revision_name(one.revision, one.symbol) if one.revision else ""
        first = [
            revision,
            self.tr("{0} of {1} open").format(one.open_paragraphs, one.paragraphs),
            self.tr("pen: {0}").format(self._holder_of(one.pen_delegation)),
        ]
        return [part for part in (*first, self._room_of(one.room), one.symbol) if part]

    def lines(self, one: TextRow) -> tuple[str, str]:
        """The same on two lines, each part isolated."""
        parts = [isolate(part) for part in self.parts(one)]
        rest = len([part for part in (self._room_of(one.room), one.symbol) if part])
        cut = len(parts) - rest
        return " · ".join(parts[:cut]), " · ".join(parts[cut:])

    def place(self, text: str) -> int:
        """Row of a text id, -1 if it is not there."""
        return next((place for place, one in enumerate(self.entries) if one.id == text), -1)

    def show(self, entries: list[TextRow]) -> None:
        """Bring the list up to date; rows that kept their place are repainted only where they changed."""
        if [one.id for one in entries] == [one.id for one in self.entries]:
            old, self.entries = self.entries, list(entries)
            for place, (before, after) in enumerate(zip(old, entries, strict=True)):
                if before != after:
                    self.dataChanged.emit(self.index(place), self.index(place))
            return
        self.beginResetModel()
        self.entries = list(entries)
        self.endResetModel()

    def repaint(self) -> None:
        """Names of rooms or delegations changed."""
        if self.entries:
            self.dataChanged.emit(self.index(0), self.index(len(self.entries) - 1))


SECOND = 28  # pixels of the second line of a title: Arabic is higher than Latin


class TextDelegate(QStyledItemDelegate):
    """Two lines and the number of open amendments."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        one: TextRow = index.data(ENTRY)
        return QSize(160, 62 + (SECOND if self._long(one, self._room(option)) else 0))

    @staticmethod
    def _room(option: QStyleOptionViewItem) -> int:
        """Pixels of a line of the title."""
        view = option.widget
        return (view.viewport().width() if isinstance(view, QAbstractItemView) else option.rect.width()) - 12 - 34 - 44

    @staticmethod
    def _long(one: TextRow, room: int) -> bool:
        return QFontMetrics(theme.font(14, bold=True)).horizontalAdvance(clean(one.title, lines=False)) > room

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        one: TextRow = index.data(ENTRY)
        if not isinstance(model, TextsModel):
            return
        side = option.direction
        area = option.rect.adjusted(6, 1, -6, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, area, option.state)
        align = QStyle.visualAlignment(side, Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter

        def line(top: int, left: int, right: int, height: int = 18) -> QRect:
            return QStyle.visualRect(
                side, area, QRect(area.left() + left, area.top() + top, area.width() - left - right, height)
            )

        painter.drawPixmap(
            line(10, 8, area.width() - 26),
            icons.pixmap("texts", theme.tokens().accent if chosen else theme.tokens().muted, 18, _dpr(painter)),
        )
        badge = str(one.open_proposals) if one.open_proposals else ""
        painter.setFont(theme.font(14, bold=True))
        painter.setPen(theme.colour("text"))
        two = area.height() > 70
        down = SECOND if two else 0
        where = line(7, 34, 44, 20 + down)
        title = painter.fontMetrics().elidedText(
            isolate(one.title), Qt.TextElideMode.ElideRight, where.width() * (2 if two else 1) - (40 if two else 0)
        )
        painter.drawText(where, int(align | Qt.TextFlag.TextWordWrap), title)
        painter.setFont(theme.font(12))
        painter.setPen(theme.colour("muted"))
        for top, words in zip((25, 41), model.lines(one), strict=True):
            where = line(top + down, 34, 8, 17)
            painter.drawText(
                where, int(align), painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, where.width())
            )
        if badge:
            painter.setFont(theme.font(12, bold=True))
            width = max(24, painter.fontMetrics().horizontalAdvance(badge) + 14)
            pill = QStyle.visualRect(side, area, QRect(area.right() - width - 6, area.top() + 8, width, 19))
            paint_pill(painter, pill, badge, chosen)
        painter.restore()


def _dpr(painter: QPainter) -> float:
    device = painter.device()
    return device.devicePixelRatioF() if device is not None else 1.0


def paint_ground(painter: QPainter, area: QRect, state: Any) -> None:
    """The ground of a chosen or hovered row, and the ring of the keyboard."""
    chosen = bool(state & QStyle.StateFlag.State_Selected)
    if chosen or state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("selected" if chosen else "hover"))
        painter.drawRoundedRect(QRectF(area), 7, 7)
    if chosen and state & QStyle.StateFlag.State_HasFocus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(theme.colour("accent"))
        painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)


def paint_pill(painter: QPainter, pill: QRect, words: str, loud: bool) -> None:
    """A count."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("accent_fill" if loud else "neutral_soft"))
    painter.drawRoundedRect(QRectF(pill), pill.height() / 2, pill.height() / 2)
    painter.setPen(theme.colour("on_accent" if loud else "text"))
    painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), words)
