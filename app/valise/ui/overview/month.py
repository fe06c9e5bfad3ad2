"""A month, painted: six weeks of days, what each day holds, steered by arrow keys; mirrored where one reads from the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QDate, QEvent, QLocale, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from valise.desk.door_today import Dated
from valise.ui import access_cells, dates, theme
from valise.ui.language import semicolons
from valise.ui.messages.paint import sign_at
from valise.ui.overview import terms
from valise.ui.text_safe import FSI, PDI, clean, isolate

DAYS, WEEKS = 7, 6
HEAD = 26
LEAST = 34  # pixels of a week; then a day says how many it holds
LINE = 17


class MonthGrid(QWidget):
    """`moved(day)` when another day is chosen, `opened(day)` for Enter or a double click; `turned()` when that day lies in
    another month. Days are QDate by the calendar of UTC."""

    moved = Signal(QDate)
    opened = Signal(QDate)
    turned = Signal()

    def __init__(self, today: QDate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.today = today
        self.day = today
        self._held: Mapping[str, Sequence[Dated]] = {}
        self.cells = access_cells.Cells(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.current().changed.connect(self.update)
        self._say()

    def first(self) -> QDate:
        """The day in the first place of the first week."""
        first = QDate(self.day.year(), self.day.month(), 1)
        back = (first.dayOfWeek() - QLocale().firstDayOfWeek().value) % DAYS
        return first.addDays(-back)

    def last(self) -> QDate:
        """The day in the last place."""
        return self.first().addDays(DAYS * WEEKS - 1)

    def hold(self, dates: Mapping[str, Sequence[Dated]]) -> None:
        """What the days hold, by YYYY-MM-DD."""
        self._held = dates
        self._say()
        self.update()

    def choose(self, day: QDate) -> None:
        """Go to a day; another month is turned to."""
        if not day.isValid() or day == self.day:
            return
        other = (day.year(), day.month()) != (self.day.year(), self.day.month())
        self.day = day
        if other:
            self.turned.emit()
        self._say()
        self.moved.emit(day)
        self.update()

    def held(self, day: QDate) -> Sequence[Dated]:
        """What a day holds."""
        return self._held.get(day.toString(Qt.DateFormat.ISODate), ())

    def title(self) -> str:
        """The month and the year."""
        return dates.month(self.day)

    def spoken(self, day: QDate | None = None) -> str:
        """A day and what it holds; the chosen one by itself."""
        which = day or self.day
        here = self.held(which)
        said = dates.whole(which)
        if which == self.today:
            said = self.tr("{0}, today").format(said)
        names = semicolons(f"{terms.sort(one.sort)[0]}: {isolate(one.title)}" for one in here[:8])
        return self.tr("{day}: {what}").format(day=said, what=names or self.tr("nothing"))

    def _say(self) -> None:
        self.setAccessibleName(self.spoken())
        self.cells.moved()

    # for who hears it: each day is a cell

    def shape_of_cells(self) -> tuple[int, int]:
        return WEEKS, DAYS

    def words_of_cell(self, row: int, column: int) -> str:
        return self.spoken(self.first().addDays(row * DAYS + column))

    def place_of_cell(self, row: int, column: int) -> QRect:
        return self.place(row, column)

    def cell_here(self) -> tuple[int, int]:
        week, day = divmod(self.first().daysTo(self.day), DAYS)
        return week, day

    def open_here(self) -> None:
        self.opened.emit(self.day)

    def sizeHint(self) -> QSize:
        return QSize(640, HEAD + WEEKS * 56)  # it takes what there is; a page as high as this needs no scrolling

    def minimumSizeHint(self) -> QSize:
        return QSize(300, HEAD + WEEKS * LEAST)

    # keys and the mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        onward = -1 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 1
        day, key = self.day, event.key()
        steps = {Qt.Key.Key_Right: onward, Qt.Key.Key_Left: -onward, Qt.Key.Key_Down: DAYS, Qt.Key.Key_Up: -DAYS}
        if key in steps:
            self.choose(day.addDays(steps[Qt.Key(key)]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.choose(day.addMonths(-1 if key == Qt.Key.Key_PageUp else 1))
        elif key == Qt.Key.Key_Home:
            self.choose(self.today)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(day)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self.at(event.position().toPoint().x(), event.position().toPoint().y())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.choose(found)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(self.day)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()
        self.cells.moved()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self.update()

    # painting

    def place(self, week: int, day: int) -> QRect:
        """Where a day is on the screen."""
        wide, high = self.width() / DAYS, max(1.0, (self.height() - HEAD) / WEEKS)
        left, top = round(day * wide), HEAD + round(week * high)
        one = QRect(left, top, round((day + 1) * wide) - left, HEAD + round((week + 1) * high) - top)
        return QStyle.visualRect(self.layoutDirection(), self.rect(), one)

    def at(self, x: int, y: int) -> QDate | None:
        """The day at a point of the widget."""
        first = self.first()
        for number in range(DAYS * WEEKS):
            if self.place(number // DAYS, number % DAYS).contains(x, y):
                return first.addDays(number)
        return None

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(self.layoutDirection())
        locale, first = QLocale(), self.first()
        painter.setFont(theme.font(theme.SMALL_PX, bold=True))
        painter.setPen(QColor(t.muted))
        for day in range(DAYS):
            spot = self.place(0, day)
            head = QRect(spot.left(), 0, spot.width(), HEAD)
            name = locale.dayName(first.addDays(day).dayOfWeek(), QLocale.FormatType.ShortFormat)
            painter.drawText(head, Qt.AlignmentFlag.AlignCenter, name)
        for number in range(DAYS * WEEKS):
            self._day(painter, first.addDays(number), self.place(number // DAYS, number % DAYS))
        painter.end()

    def _day(self, painter: QPainter, day: QDate, spot: QRect) -> None:
        t = theme.tokens()
        inside = day.month() == self.day.month()
        painter.setPen(QPen(QColor(t.line), 1))
        painter.setBrush(QColor(t.raised if inside else t.bar))
        painter.drawRect(spot.adjusted(0, 0, -1, -1))
        if day == self.day:
            painter.setPen(QPen(QColor(t.accent), 2 if self.hasFocus() else 1))
            painter.setBrush(QColor(t.selected))
            painter.drawRect(spot.adjusted(1, 1, -2, -2))
        here = self.held(day)
        painter.setFont(theme.font(13, bold=day == self.today))
        number = QLocale().toString(day.day())
        corner = self._within(spot, QRect(6, 4, max(20, painter.fontMetrics().horizontalAdvance(number) + 10), 19))
        if day == self.today:  # the day is ringed and bold: not told by its colour alone
            painter.setPen(QPen(QColor(t.accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(corner, 9, 9)
        painter.setPen(QColor(t.accent if day == self.today else t.text if inside else t.muted))
        painter.drawText(corner, Qt.AlignmentFlag.AlignCenter, number)
        room = max(0, (spot.height() - 28) // LINE)
        shown = here if len(here) <= room else here[: max(0, room - 1)]
        for place, one in enumerate(shown):
            self._line(painter, spot, 26 + place * LINE, one)
        if here and not room:  # no line fits: how many, beside the number of the day
            painter.setFont(theme.font(11, bold=True))
            painter.setPen(QColor(t.accent))
            beside = self._within(spot, QRect(corner.width() + 10, 4, spot.width() - corner.width() - 14, 19))
            painter.drawText(beside, self._leading(), f"({QLocale().toString(len(here))})")
        elif len(shown) < len(here):
            painter.setFont(theme.font(11))
            painter.setPen(QColor(t.muted))
            area = self._within(spot, QRect(7, 26 + len(shown) * LINE, spot.width() - 12, LINE))
            more = self.tr("{0} more").format(QLocale().toString(len(here) - len(shown)))
            painter.drawText(area, self._leading(), more)

    def _line(self, painter: QPainter, spot: QRect, top: int, one: Dated) -> None:
        t = theme.tokens()
        _, icon, tone = terms.sort(one.sort)
        sign_at(painter, self._within(spot, QRect(6, top + 2, 12, 12)), icon, getattr(t, "muted" if one.settled else tone))
        painter.setFont(theme.font(11))
        painter.setPen(QColor(t.muted if one.settled else t.text))
        area = self._within(spot, QRect(21, top, spot.width() - 26, LINE))
        words = f"{one.time} {clean(one.title, lines=False)}" if one.time else clean(one.title, lines=False)
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, self._leading(), f"{FSI}{shown}{PDI}")

    def _leading(self) -> int:
        side = QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return int(side | Qt.AlignmentFlag.AlignAbsolute) | int(Qt.TextFlag.TextSingleLine)

    def _within(self, spot: QRect, inner: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), spot, inner.translated(spot.topLeft()))


access_cells.speaks(MonthGrid)
