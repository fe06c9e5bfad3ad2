"""The incidents on the left: title, who reported it and how far it has come, what it needs; an exercise by its stripes too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from valise.desk.door_incidents import IncidentRow
from valise.ui import icons, theme
from valise.ui.incidents import said
from valise.ui.language import listed
from valise.ui.models.paged import Index
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.texts.texts_list import paint_ground
from valise.ui.widgets.badge import marking_colours, paint_pill
from valise.ui.widgets.labels import named
from valise.ui.widgets.times import moment

ENTRY = int(Qt.ItemDataRole.UserRole) + 1
TALL, LINE, EDGE, MARK = 84, 19, 12, 32
_ROOT = QModelIndex()


class IncidentsModel(QAbstractListModel):
    """One row an incident, in the order the desk gives."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[IncidentRow, ...] = ()

    def show(self, rows: Sequence[IncidentRow]) -> None:
        """Replace everything; nothing moves where nothing changed."""
        if tuple(rows) != self.rows:
            self.beginResetModel()
            self.rows = tuple(rows)
            self.endResetModel()

    def place(self, incident: str) -> int:
        """Row of an incident, -1 if it is not here."""
        return next((n for n, one in enumerate(self.rows) if one.id == incident), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        one = self.rows[index.row()]
        if role == ENTRY:
            return one
        if role == Qt.ItemDataRole.DisplayRole:
            return clean(said.title(one), lines=False)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = [
                said.title(one), self.tr("not looked at yet") if one.unseen else "", said.needs(one), said.state(one)[0],
                self.who(one), one.tlp, one.national, one.tier,
            ]  # fmt: skip
            return listed(clean(part, lines=False) for part in parts if part)
        return None

    def who(self, one: IncidentRow) -> str:
        """Who reported it, and when it last changed."""
        name = self.tr("we") if one.own else f"{one.opener.name} ({one.opener.code})"
        return f"{isolate(name)} · {one.tier} · {moment(one.changed_at)}"


class IncidentsDelegate(QStyledItemDelegate):
    """Title, who and when, state or what it needs; the label of TLP at the end."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, TALL + (LINE if index.data(ENTRY).exercise else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, one = index.model(), index.data(ENTRY)
        if not isinstance(model, IncidentsModel):
            return
        way, area = option.direction, option.rect.adjusted(6, 2, -6, -2)
        align = QStyle.visualAlignment(way, Qt.AlignmentFlag.AlignLeading) | Qt.AlignmentFlag.AlignVCenter
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, area, option.state)
        top = 7
        device = painter.device()
        dpr = device.devicePixelRatioF() if device is not None else 1.0

        def place(left: int, above: int, width: int, tall: int = LINE) -> QRect:
            return QStyle.visualRect(way, area, QRect(area.left() + left, area.top() + above, width, tall))

        def line(words: str, above: int, end: int = EDGE) -> None:
            where = place(MARK, above, area.width() - MARK - end)
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, where.width())
            painter.drawText(where, int(align), shown)

        tone = said.state(one)[1]
        icon = "warning" if one.late else "check-circle" if one.state == "closed" else "incidents"
        colour = theme.colour("bad" if one.needs else tone)
        painter.drawPixmap(place(8, top + 1, 17, 17), icons.pixmap(icon, colour.name(), 17, dpr))
        if one.exercise:
            painter.setFont(theme.font(theme.SMALL_PX, bold=True))
            wide = painter.fontMetrics().horizontalAdvance(said.EXERCISE) + 16
            fill = (theme.colour("text"), theme.colour("warn_soft"))
            paint_pill(painter, place(MARK, top, min(wide, area.width() - MARK - EDGE)), said.EXERCISE, "", fill, way)
            top += LINE + 2
        painter.setFont(theme.font(theme.SMALL_PX, bold=True))
        wide = painter.fontMetrics().horizontalAdvance(one.tlp) + 16
        below = top + 2 * LINE + 3
        paint_pill(painter, place(area.width() - wide - 8, below, wide), one.tlp, "", marking_colours(one.tlp), way)
        painter.setFont(theme.font(14, bold=one.unseen))
        painter.setPen(theme.colour("text"))
        line(isolate(shorten(clean(one.title, lines=False), 160)), top)
        painter.setFont(theme.font(theme.SMALL_PX))
        painter.setPen(theme.colour("muted"))
        line(model.who(one), top + LINE + 2)
        need = said.needs(one)
        painter.setFont(theme.font(theme.SMALL_PX, bold=bool(need)))
        painter.setPen(theme.colour("bad" if need else tone))
        arrow = "→" if way == Qt.LayoutDirection.LeftToRight else "←"
        line(f"{arrow} {need}" if need else said.state(one)[0], below, wide + 16)
        painter.restore()


class IncidentsList(QListView):
    """`chosen(id)` when another is looked at; `wanted()` when Enter asks for its page."""

    chosen = Signal(str)
    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries = IncidentsModel(self)
        self.setModel(self.entries)
        self.setItemDelegate(IncidentsDelegate(self))
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        named(self, self.tr("Incidents and requests, open ones first"))
        self._quiet = False
        self.selectionModel().currentChanged.connect(self._changed)
        self.clicked.connect(lambda index: self.chosen.emit(index.data(ENTRY).id))
        theme.current().changed.connect(self.viewport().update)

    def show_rows(self, rows: Sequence[IncidentRow], chosen: str) -> None:
        """Replace the rows; the chosen one stays chosen."""
        self._quiet = True
        self.entries.show(rows)
        place = self.entries.place(chosen)
        if place >= 0:
            self.setCurrentIndex(self.entries.index(place))
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        self._quiet = False

    def current(self) -> IncidentRow | None:
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
