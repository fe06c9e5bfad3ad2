"""Rows along a line of time: the month where it begins, the day, a dot, what happened; today is a line across."""

from __future__ import annotations

from array import array
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QLocale, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from valise.desk.door import Door
from valise.desk.door_registers import Place as RowPlace
from valise.desk.door_registers import Row
from valise.ui import dates, theme
from valise.ui.messages.paint import Place
from valise.ui.registers import said
from valise.ui.registers.cards import MORE, ROW, CardList, CardModel, Index
from valise.ui.registers.look import Names, RegisterView, cell_of
from valise.ui.tasks import Runner
from valise.ui.text_safe import clean, isolate

TALL, GUTTER, SPINE = 52, 150, 176  # px


def day_of(row: Row | None, by: str) -> str:
    """The day of a row, "" when it has none."""
    cell = row.cells.get(by) if row is not None else None
    return cell.values[0][:10] if cell is not None and cell.values else ""


def _qdate(day: str) -> QDate | None:
    try:
        when = date.fromisoformat(day)
    except ValueError:
        return None
    return QDate(when.year, when.month, when.day)


class LinePainter(QStyledItemDelegate):
    """Paints one row on the line. `by` is the column of the date."""

    by = ""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, TALL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW)
        if row is None:
            return
        t, area = theme.tokens(), option.rect
        place = Place(area, option.direction)
        before = index.siblingAtColumn(0).model().index(index.row() - 1, 0).data(ROW) if index.row() else None
        day, last = day_of(row, self.by), day_of(before, self.by)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.selected if chosen else t.hover))
            painter.drawRoundedRect(place(QRect(SPINE + 14, 3, area.width() - SPINE - 24, TALL - 6)), 7, 7)
        today = said.today()
        if before is not None and (last >= today) != (day >= today):
            painter.setPen(QPen(QColor(t.accent), 1, Qt.PenStyle.DashLine))
            painter.drawLine(area.topLeft(), area.topRight())
        when = _qdate(day)
        if when is not None:
            if day[:7] != last[:7]:
                painter.setFont(theme.font(theme.SMALL_PX, bold=True))
                painter.setPen(QColor(t.text))
                place.text(painter, QRect(16, 6, SPINE - 26, 18), dates.month(when))
            painter.setFont(theme.font(13))
            painter.setPen(QColor(t.muted))
            top = 25 if day[:7] != last[:7] else (TALL - 20) // 2
            place.text(painter, QRect(16, top, GUTTER - 30, 20), QLocale().toString(when, "ddd d"))
        painter.setPen(QPen(QColor(t.line), 2))
        line = place(QRect(SPINE, 0, 1, TALL))
        painter.drawLine(line.topLeft(), line.bottomLeft())
        ahead = day >= today
        painter.setPen(QPen(QColor(t.accent), 2))
        painter.setBrush(QColor(t.surface if ahead else t.accent))
        painter.drawEllipse(place(QRect(SPINE - 5, TALL // 2 - 5, 10, 10)))
        start = SPINE + 26
        painter.setFont(theme.font(theme.BODY_PX, bold=True))
        if row.differs:
            painter.setPen(QColor(t.warn))
            painter.drawText(place(QRect(start, 7, 14, 20)), Qt.AlignmentFlag.AlignCenter, said.DIFFERS)
            start += 20
        painter.setPen(QColor(t.text))
        place.text(painter, QRect(start, 7, area.width() - start - 20, 20), clean(row.title, lines=False))
        painter.setFont(theme.font(theme.SMALL_PX))
        painter.setPen(QColor(t.muted))
        place.text(painter, QRect(SPINE + 26, 27, area.width() - SPINE - 46, 18), clean(str(index.data(MORE) or ""), lines=False))
        painter.restore()


class TimelineLook(RegisterView):
    """By the date or moment of the view."""

    def __init__(self, door: Door, runner: Runner, names: Names, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, names, parent)
        self.painter = LinePainter(self)
        self.list = CardList(self.tr("Along the time"), CardModel(self.fetch, self._more, self), self, painter=self.painter)
        self.list.setAccessibleDescription(self.tr("Arrows move, Enter opens the row"))
        self.column.addWidget(self.list)
        self.list.opened.connect(lambda row: self.opened.emit(row.place))

    def read(self) -> None:
        if self.look is None or self.view is None:
            return
        look, view = self.look, self.view
        sort = look.sort or view.sort or f"-{view.by}"
        self.painter.by = view.by
        language = said.language()
        self.ask(lambda: self.door.registers.ids(look.id, look.side, filter=look.filter, sort=sort, room=look.room, language=language),
                 self._came)  # fmt: skip

    def _more(self, row: Row) -> str:
        if self.look is None or self.view is None:
            return ""
        parts = [said.day_words(day_of(row, self.view.by))]
        for id in self.view.columns:
            column = self.look.definition.column(id)
            if column is not None and id != self.view.by and id not in self.look.definition.title_columns:
                shown: Any = cell_of(column)(row)
                if shown.words:
                    parts.append(isolate(f"{shown.sign} {shown.words}".strip()))
        return " · ".join(one for one in parts if one)

    def _came(self, ids: array[int]) -> None:
        held = self.list.row()
        self.list.cards.show(ids)
        self.list.settle(held.id if held is not None else 0)
        self.counted.emit(len(ids))

    def first(self) -> QWidget:
        return self.list

    def place(self) -> RowPlace | None:
        row = self.list.row()
        return row.place if row is not None else None

    def ids(self) -> list[int] | None:
        return list(self.list.cards.pages.ids)
