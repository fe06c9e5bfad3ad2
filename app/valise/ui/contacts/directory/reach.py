"""Reachability over the rounds, painted: a row for each contact, latency against round, hours and holidays beside it.

Rows stand by State and role, never by result, and every outcome has its sign: nothing depends on colour.
"""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QBrush, QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QHeaderView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from valise.desk.door import Door
from valise.desk.door_pings import Point, Reach
from valise.ui import theme
from valise.ui.contacts.directory import said
from valise.ui.contacts.directory.view import DirectoryView, plain_table
from valise.ui.language import listed, translate
from valise.ui.messages.paint import sign_at
from valise.ui.tasks import Runner
from valise.ui.text_safe import clean, isolate, shorten, tip
from valise.ui.widgets.buttons import row
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.labels import Words, named, small
from valise.ui.widgets.times import date

Index = QModelIndex | QPersistentModelIndex
POINT = int(Qt.ItemDataRole.UserRole) + 1
_ROOT = QModelIndex()
LEAST, MOST = 60_000, 30 * 86_400_000  # the scale of latency: a minute to thirty days, by its logarithm
HIGH, WIDE = 48, 215  # an exercise says so across the whole head


def share(latency: int | None) -> float:
    """Where a latency stands on the scale, 0 to 1; 0 for none."""
    if latency is None:
        return 0.0
    held = min(max(latency, LEAST), MOST)
    return math.log(held / LEAST) / math.log(MOST / LEAST)


def words(point: Point | None) -> str:
    """A cell as it is read out."""
    if point is None:
        return translate("directory", "not asked")
    parts = [said.outcome(point.outcome), said.latency(point.latency)]
    if point.holiday:
        parts.append(translate("directory", "public holiday: {name}").format(name=isolate(point.holiday)))
    if point.open is not None:
        parts.append(translate("directory", "asked within their hours") if point.open else translate("directory", "asked outside their hours"))
    return listed(part for part in parts if part)


class ReachModel(QAbstractTableModel):
    """Contacts down, rounds across, oldest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reach = Reach((), ())

    def show(self, reach: Reach) -> None:
        """Replace everything."""
        self.beginResetModel()
        self.reach = reach
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.reach.tracks)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.reach.rounds)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        track = self.reach.tracks[index.row()]
        point = track.points[index.column()]
        if role == POINT:
            return point
        if role == Qt.ItemDataRole.AccessibleTextRole:
            head = self.reach.rounds[index.column()]
            told = said.titled(isolate(head.title), head.exercise)
            return f"{isolate(f'{track.state} {track.state_name}')}, {isolate(track.label)}, {told}: {words(point)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(words(point))
        return None

    def headerData(self, section: int, way: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            if way == Qt.Orientation.Horizontal:
                head = self.reach.rounds[section]
                title = shorten(clean(head.title, lines=False), 20)
                return "\n".join(([said.EXERCISE] if head.exercise else []) + [isolate(title), isolate(date(head.at))])
            track = self.reach.tracks[section]
            return f"{isolate(f'{track.state} {shorten(clean(track.state_name, lines=False), 22)}')}\n{isolate(shorten(track.label, 40))}"
        if role == Qt.ItemDataRole.FontRole and way == Qt.Orientation.Vertical:
            return theme.font(theme.SMALL_PX)
        if role == Qt.ItemDataRole.TextAlignmentRole and way == Qt.Orientation.Vertical:
            return Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        return None


class PointDelegate(QStyledItemDelegate):
    """A bar for the latency, the sign of the outcome where it ends, words beside; hatched where it was asked outside hours."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(WIDE, HIGH)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        point, t = index.data(POINT), theme.tokens()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = option.rect.adjusted(6, 5, -6, -5)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(t.accent), 1.4))
            painter.setBrush(QColor(t.selected))
            painter.drawRoundedRect(QRectF(option.rect.adjusted(1, 1, -2, -2)), 5, 5)
        if isinstance(point, Point):
            self._paint(painter, area, point, option.direction)
        painter.restore()

    def _paint(self, painter: QPainter, area: QRect, point: Point, way: Qt.LayoutDirection) -> None:
        t = theme.tokens()
        lane = QRect(area.left(), area.top(), area.width() - 18, 14)  # room for the sign where the bar ends
        if point.open is False or point.holiday:
            painter.fillRect(QStyle.visualRect(way, area, QRect(area.left(), area.top(), area.width(), 14)),
                             QBrush(QColor(t.line), Qt.BrushStyle.BDiagPattern))  # fmt: skip
        painter.setPen(QPen(QColor(t.line), 1))
        middle = lane.top() + 7
        painter.drawLine(area.left(), middle, area.right(), middle)
        long = round(lane.width() * share(point.latency))
        if point.latency is not None:
            bar = QStyle.visualRect(way, area, QRect(lane.left(), middle - 3, max(2, long), 6))
            painter.fillRect(bar, QColor(t.accent_fill))
        spot = QRect(lane.left() + (long if point.latency is not None else 0), middle - 8, 16, 16)
        sign_at(painter, QStyle.visualRect(way, area, spot), said.ICONS[point.outcome], t.text)
        painter.setPen(QColor(t.text))
        painter.setFont(theme.font(11))
        below = QRect(area.left(), area.top() + 17, area.width(), 18)
        told = said.latency(point.latency) or said.outcome(point.outcome)
        if point.outcome == "late":
            told = translate("directory", "{latency}, late").format(latency=told)
        if point.holiday:
            told = translate("directory", "{told} · holiday").format(told=told)
        elif point.open is False:
            told = translate("directory", "{told} · off hours").format(told=told)
        shown = painter.fontMetrics().elidedText(told, Qt.TextElideMode.ElideRight, below.width())
        where = QStyle.visualAlignment(way, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(below, int(where | Qt.AlignmentFlag.AlignAbsolute | Qt.TextFlag.TextSingleLine), isolate(shown))


class ReachView(DirectoryView):
    """The plot of all contacts over the rounds. `entry_asked(contact)`."""

    entry_asked = Signal(str)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self.told = Words("", "", self)
        self.exercises = QCheckBox(self.tr("Exercises too"), self)
        named(self.exercises, self.tr("Exercises too"))
        self.exercises.toggled.connect(lambda _on: self.read())
        line = row(self.told, self.exercises)
        line.setStretch(0, 1)
        self.column.addLayout(line)
        self.column.addWidget(self.progress)
        self.stack = QStackedWidget(self)
        self.table = plain_table(self.stack, self.tr("Reachability by contact and round"))
        self.model = ReachModel(self)
        self.table.setModel(self.model)
        self.table.setItemDelegate(PointDelegate(self.table))
        self.table.setShowGrid(False)
        self.table.setMouseTracking(True)
        self.table.setHorizontalScrollMode(self.table.ScrollMode.ScrollPerPixel)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.verticalHeader().setDefaultSectionSize(HIGH)
        self.table.verticalHeader().setMinimumWidth(230)
        self.table.verticalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setDefaultSectionSize(WIDE)
        self.table.activated.connect(lambda index: self.entry_asked.emit(self.model.reach.tracks[index.row()].contact))
        self.none = EmptyState("chart", self.tr("Nothing to show yet"), self.tr("Once a round was opened, you see here what came of it."),
                               parent=self.stack)  # fmt: skip
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.none)
        self.column.addWidget(self.stack, 1)
        self.scale = small(self.tr(
            "The bar is the time to the answer, on a scale from a minute to thirty days on which each step is a multiple of the one"
            " before. Hatched: asked outside their hours or on a public holiday there. States stand by name; no order is a ranking."
            " Results of others stay here."), self)  # fmt: skip
        self.column.addWidget(self.scale)
        theme.current().changed.connect(self.table.viewport().update)

    def read(self) -> None:
        exercises, language = self.exercises.isChecked(), said.language()
        self.ask(lambda: self.door.pings.reach(exercises=exercises, language=language), self.show_reach)

    def show_reach(self, reach: Reach) -> None:
        """Contacts by State, rounds oldest first."""
        self.model.show(reach)
        self.stack.setCurrentWidget(self.table if reach.tracks else self.none)
        self.told.setText(self.tr("Contacts: {contacts} · rounds: {rounds}").format(contacts=len(reach.tracks), rounds=len(reach.rounds)))
        self.told.setVisible(bool(reach.tracks))
        self.scale.setVisible(bool(reach.tracks))
        if reach.tracks:
            self.table.setCurrentIndex(self.model.index(0, len(reach.rounds) - 1))

    def first(self) -> QWidget:
        return self.table if self.stack.currentWidget() is self.table else self.exercises
