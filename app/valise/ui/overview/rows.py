"""How a row of the overview is painted: sign, sentence, time, and what one goes there to do."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from valise.desk.views import Due, RoomView
from valise.ui import theme
from valise.ui.contacts import trust
from valise.ui.contacts.trust import Names
from valise.ui.messages.listing import ITEM, Listing
from valise.ui.messages.paint import Place, sign_at
from valise.ui.messages.rooms import RowDelegate, room_level, room_name
from valise.ui.overview import lines, lines_work
from valise.ui.widgets.labels import named

Index = QModelIndex | QPersistentModelIndex


class DueDelegate(RowDelegate):
    TALL = 60

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(120, self.TALL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        due, t = index.data(ITEM), theme.tokens()
        if not isinstance(due, Due):
            return
        painter.save()
        place = Place(option.rect, option.direction)
        self.ground(painter, option, place)
        sign_at(painter, place(QRect(20, 19, 22, 22)), lines.icon(due), getattr(t, lines.tone(due)))
        sign_at(painter, place(QRect(place.width - 34, 22, 16, 16)), "chevron-right", t.accent)
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(QColor(t.accent))
        step = lines.step(due)
        wide = painter.fontMetrics().horizontalAdvance(step) + 2
        place.text(painter, QRect(place.width - 40 - wide, 20, wide, 20), step)
        when = lines_work.when(due)
        area = QRect(58, 10 if when else 19, place.width - 58 - 54 - wide, 21)
        painter.setFont(theme.font(theme.BODY_PX))
        painter.setPen(QColor(t.text))
        place.text(painter, area, lines.sentence(due))
        painter.setFont(theme.font(theme.SMALL_PX))
        painter.setPen(QColor(t.muted))
        place.text(painter, area.translated(0, 20), when)
        painter.restore()


class AnswerDelegate(RowDelegate):
    TALL = 40

    def __init__(self, names: Names, parent: QWidget) -> None:
        super().__init__(parent)
        self._names = names

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(120, self.TALL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        room, t = index.data(ITEM), theme.tokens()
        if not isinstance(room, RoomView):
            return
        painter.save()
        place = Place(option.rect, option.direction)
        self.ground(painter, option, place)
        level = room_level(room, self._names)
        sign_at(painter, place(QRect(22, 11, 18, 18)), trust.icon(level), getattr(t, trust.colour(level)))
        half = (place.width - 58 - 24) // 2
        painter.setFont(theme.font(theme.BODY_PX))
        painter.setPen(QColor(t.text))
        place.text(painter, QRect(58, 10, half - 12, 20), room_name(room, self._names))
        wrong = room.blocked or room.disagreement
        name = "warning" if wrong else "outbox" if room.waiting else "check-double"
        ink = t.bad if room.blocked else t.warn if wrong else t.muted if room.waiting else t.good
        sign_at(painter, place(QRect(58 + half, 12, 16, 16)), name, ink)
        painter.setFont(theme.font(13))
        painter.setPen(QColor(ink if wrong else t.muted))
        place.text(painter, QRect(58 + half + 24, 10, half - 24, 20), lines.answers(room))
        painter.restore()


class TallList(QListView):
    """A list as tall as its rows, on a page that scrolls. One click or Enter is enough: `opened(item)`."""

    opened = Signal(object)

    def __init__(self, name: str, rows: Listing, painter: QStyledItemDelegate, tall: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._tall = tall
        named(self, name)
        self.setModel(rows)
        self.setItemDelegate(painter)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.setStyleSheet("QListView { background: transparent; }")
        self.clicked.connect(self._open)
        rows.rowsInserted.connect(self.fit)
        rows.rowsRemoved.connect(self.fit)
        self.fit()

    def fit(self) -> None:
        """As tall as the rows are."""
        self.setFixedHeight(max(1, self.model().rowCount()) * self._tall)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(ITEM))
