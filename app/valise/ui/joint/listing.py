"""The statements on the left: title, purpose and room, where each stands, how many signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from valise.desk.views import JointRow
from valise.ui import theme
from valise.ui.joint import said
from valise.ui.language import listed
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.texts.paragraphs import Index
from valise.ui.texts.texts_list import paint_ground, paint_pill
from valise.ui.widgets.labels import named

ENTRY = int(Qt.ItemDataRole.UserRole) + 1
TITLE = 160  # characters shown; about two lines
EDGE, MARK, LINE = 12, 30, 19
_ROOT = QModelIndex()


class StatementsModel(QAbstractListModel):
    """One row per statement or list, in the order the desk gives. `rooms`: id -> name."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[JointRow, ...] = ()
        self.rooms: dict[str, str] = {}

    def show(self, rows: Sequence[JointRow], rooms: dict[str, str]) -> None:
        """Replace everything; nothing moves where nothing changed."""
        if (tuple(rows), rooms) == (self.rows, self.rooms):
            return
        self.beginResetModel()
        self.rows, self.rooms = tuple(rows), rooms
        self.endResetModel()

    def place(self, statement: str) -> int:
        """Row of a statement, -1 if it is not here."""
        return next((n for n, one in enumerate(self.rows) if one.id == statement), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def lines(self, one: JointRow) -> tuple[str, str]:
        """Purpose and room; where it stands and where we stand. Each part isolated."""
        room = self.rooms.get(one.room, "")
        first = [said.purpose(one), *([room] if room else [])]
        stands = said.standing(one)
        second = [f"{stands.sign} {stands.words}", *([said.ours(one)] if said.ours(one) else [])]
        return " · ".join(isolate(part) for part in first), " · ".join(isolate(part) for part in second)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        one = self.rows[index.row()]
        if role == ENTRY:
            return one
        if role == Qt.ItemDataRole.DisplayRole:
            return clean(one.title, lines=False)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            stands = said.standing(one).words
            parts = [
                one.title,
                said.purpose(one),
                self.rooms.get(one.room, ""),
                stands,
                said.count(one),
                said.ours(one),
            ]
            return listed(clean(part, lines=False) for part in parts if part)
        return None


class StatementsDelegate(QStyledItemDelegate):
    """Title on one or two lines, then two lines of facts; the number of names at the end."""

    @staticmethod
    def _two(one: JointRow, width: int) -> bool:
        words = QFontMetrics(theme.font(14, bold=True)).horizontalAdvance(shorten(clean(one.title, lines=False), TITLE))
        return words > width - 2 * EDGE - MARK - 44

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = option.widget
        width = view.viewport().width() if isinstance(view, QAbstractItemView) else option.rect.width()
        return QSize(160, 14 + LINE * (4 if self._two(index.data(ENTRY), width) else 3))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, one = index.model(), index.data(ENTRY)
        if not isinstance(model, StatementsModel):
            return
        way, area = option.direction, option.rect.adjusted(6, 1, -6, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        stands = said.standing(one)
        two = self._two(one, option.rect.width())
        align = QStyle.visualAlignment(way, Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter

        def line(top: int, lines: int = 1, end: int = EDGE) -> QRect:
            inner = QRect(area.left() + MARK, area.top() + top, area.width() - MARK - end, LINE * lines)
            return QStyle.visualRect(way, area, inner)

        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, area, option.state)
        painter.setFont(theme.font(theme.HEADING_PX, bold=True))
        painter.setPen(theme.colour(stands.tone))
        box = QStyle.visualRect(way, area, QRect(area.left() + 4, area.top() + 6, MARK - 6, LINE))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), stands.sign)
        painter.setFont(theme.font(14, bold=True))
        painter.setPen(theme.colour("text"))
        where = line(6, 2 if two else 1, 44)
        title = shorten(clean(one.title, lines=False), TITLE)
        room = where.width() * (2 if two else 1) - (40 if two else 0)
        title = painter.fontMetrics().elidedText(isolate(title), Qt.TextElideMode.ElideRight, room)
        painter.drawText(where, int(align | Qt.TextFlag.TextWordWrap), title)
        painter.setFont(theme.font(theme.SMALL_PX))
        top = 6 + LINE * (2 if two else 1)
        for number, words in enumerate(model.lines(one)):
            painter.setPen(theme.colour(stands.tone if number else "muted"))
            where = line(top + number * LINE)
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, where.width())
            painter.drawText(where, int(align), shown)
        number = len(said.listed(one))
        if number:
            painter.setFont(theme.font(theme.SMALL_PX, bold=True))
            wide = max(24, painter.fontMetrics().horizontalAdvance(str(number)) + 14)
            pill = QStyle.visualRect(way, area, QRect(area.right() - wide - 6, area.top() + 7, wide, 19))
            paint_pill(painter, pill, str(number), chosen)
        painter.restore()


class StatementsList(QListView):
    """`chosen(id)` when another is looked at; `wanted()` when Enter asks for its words."""

    chosen = Signal(str)
    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries = StatementsModel(self)
        self.setModel(self.entries)
        self.setItemDelegate(StatementsDelegate(self))
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        named(self, self.tr("Joint statements and lists of co-sponsors"))
        self._quiet = False
        self.selectionModel().currentChanged.connect(self._changed)
        theme.current().changed.connect(self.viewport().update)

    def show_rows(self, rows: Sequence[JointRow], rooms: dict[str, str], chosen: str) -> None:
        """Replace the rows; the chosen one stays, else the first is."""
        self._quiet = True
        self.entries.show(rows, rooms)
        if rows:
            self.setCurrentIndex(self.entries.index(max(0, self.entries.place(chosen))))
        self._quiet = False

    def choose(self, statement: str) -> None:
        """Go to one."""
        place = self.entries.place(statement)
        if place >= 0:
            self.setCurrentIndex(self.entries.index(place))

    def current(self) -> JointRow | None:
        """The one that is looked at."""
        place = self.currentIndex().row()
        return self.entries.rows[place] if 0 <= place < len(self.entries.rows) else None

    def _changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid() and not self._quiet:
            self.chosen.emit(now.data(ENTRY).id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.wanted.emit()
            return
        super().keyPressEvent(event)
