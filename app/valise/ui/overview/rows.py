"""How a row of the overview is painted: sign, sentence, time, and what one goes there to do."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from valise.desk.views import Due, RoomView
from valise.ui import theme
from valise.ui.contacts import trust
from valise.ui.contacts.trust import Names
from valise.ui.folding import Folded
from valise.ui.messages.listing import ITEM, Listing
from valise.ui.messages.paint import Place, sign_at
from valise.ui.messages.rooms import RowDelegate, room_level, room_name
from valise.ui.overview import lines, lines_work
from valise.ui.widgets.labels import named

Index = QModelIndex | QPersistentModelIndex


class DueDelegate(RowDelegate):
    """A sentence takes the lines it needs: what it is about may stand at its end."""

    TALL, LINE, MOST = 60, 21, 3

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        due, view = index.data(ITEM), option.widget
        if not isinstance(due, Due):
            return QSize(120, self.TALL)
        wide = view.viewport().width() if isinstance(view, QAbstractItemView) else option.rect.width()
        said = self.sentence(due, wide, option.direction).tall()
        return QSize(120, max(self.TALL, said + (20 if lines_work.when(due) else 0) + 18))

    def sentence(self, due: Due, wide: int, way: Qt.LayoutDirection) -> Folded:
        """What is due, as it stands in a row so wide."""
        step = QFontMetrics(theme.font(13, bold=True)).horizontalAdvance(lines.step(due)) + 2
        return Folded(lines.sentence(due), theme.font(theme.BODY_PX), wide - 58 - 54 - step, self.MOST, self.LINE, way)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        due, t = index.data(ITEM), theme.tokens()
        if not isinstance(due, Due):
            return
        painter.save()
        place = Place(option.rect, option.direction)
        self.ground(painter, option, place)
        middle = option.rect.height() // 2
        sign_at(painter, place(QRect(20, middle - 11, 22, 22)), lines.icon(due), getattr(t, lines.tone(due)))
        sign_at(painter, place(QRect(place.width - 34, middle - 8, 16, 16)), "chevron-right", t.accent)
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(QColor(t.accent))
        step = lines.step(due)
        wide = painter.fontMetrics().horizontalAdvance(step) + 2
        place.text(painter, QRect(place.width - 40 - wide, middle - 10, wide, 20), step)
        when, said = lines_work.when(due), self.sentence(due, place.width, option.direction)
        top = (option.rect.height() - said.tall() - (20 if when else 0)) // 2
        painter.setPen(QColor(t.text))
        said.paint(painter, place(QRect(58, top, said.width, said.tall())))
        painter.setFont(theme.font(theme.SMALL_PX))
        painter.setPen(QColor(t.muted))
        place.text(painter, QRect(58, top + said.tall() - 1, said.width, 20), when)
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
    """A list as tall as its rows, each as tall as its painter says at this width, on a page that scrolls. One click or Enter is
    enough: `opened(item)`."""

    opened = Signal(object)

    def __init__(self, name: str, rows: Listing, painter: QStyledItemDelegate, parent: QWidget) -> None:
        super().__init__(parent)
        named(self, name)
        self.setModel(rows)
        self.setItemDelegate(painter)
        self.setMouseTracking(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.setStyleSheet("QListView { background: transparent; }")
        self.clicked.connect(self._open)
        rows.rowsInserted.connect(self.fit)
        rows.rowsRemoved.connect(self.fit)
        rows.dataChanged.connect(self.fit)
        theme.current().changed.connect(self.fit)
        self.fit()

    def fit(self) -> None:
        """As tall as the rows are."""
        self.setFixedHeight(max(1, sum(self.sizeHintForRow(row) for row in range(self.model().rowCount()))))
        self.scheduleDelayedItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(ITEM))
